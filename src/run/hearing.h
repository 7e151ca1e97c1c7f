/* hearing — what a plan's facts are in what somebody says: "起火约20分钟，过火三四亩，一人被困" becomes offers.
 *
 * What it is for: the words that a plan declares (`heard as`) are looked for in the text of a call; each place where they
 * stand, with the figure that belongs to them, is an offer, for a person to take or to leave. Must never take anything
 * itself. Deterministic: of what overlaps, those stand that cover most of the text, then the fewest, then the first.
 * Owns nothing; reads no clock: `now` is told.
 */
#ifndef PINYUE_RUN_HEARING_H
#define PINYUE_RUN_HEARING_H

#include "base/text.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEARING_TEXT_MAX ((size_t)4096) /* bytes of a text that is listened to: each takes some 40 microseconds */
#define HEARING_OFFERS_MAX 64U
#define HEARING_VALUE_ROOM 160U

struct hearing_offer {
    uint16_t fact; /* index in the plan */
    int64_t low, high;
    char value[HEARING_VALUE_ROOM]; /* as `decide` takes it */
    size_t from, to;                /* the words, in bytes of the text */
    bool is_negated;                /* it is no, or none, because the words are denied */
    bool is_uncertain;              /* 可能, 听说, maybe; or morning and evening were guessed */
};

struct hearing {
    struct hearing_offer offers
        [HEARING_OFFERS_MAX]; /* in the order of the text; the same fact and value once; some words give several facts */
    size_t count;
    bool is_exhausted; /* memory: nothing was found for that reason */
};

/* Finds the offers of a subject (index in the plan). `text` is valid UTF-8 of at most HEARING_TEXT_MAX bytes. */
void hearing_find(const struct plan *plan, uint16_t subject, int64_t now, struct text text, struct hearing *hearing);

#endif
