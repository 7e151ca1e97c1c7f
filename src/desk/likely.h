/* likely — to which incident a call may belong, and which unit its place names.
 *
 * What it is for: several people report one fire. What a call and an incident have in common (the telephone, signs of the
 * place, words of what was said, the time) is counted, and told with it, so that a person can judge. Nothing is decided here.
 * Owns nothing.
 */
#ifndef PINYUE_DESK_LIKELY_H
#define PINYUE_DESK_LIKELY_H

#include "base/text.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stdint.h>

/* Longer texts are compared by their beginning. */
#define LIKELY_SIGNS_MAX 120

/* What is compared of a call, or of an incident: its title, opening and calls, each by itself. */
struct likely_said {
    struct text place, text, phone;
    int64_t at;
};

/* What two of them have in common. */
struct likely_match {
    uint32_t weight;         /* the more the likelier; 0: nothing that would say so */
    struct text place, text; /* the longest run that both have, within the first one's; empty where it says nothing */
    bool same_phone;
    int64_t apart_us; /* in time */
};

/* Compares. */
void likely_compare(const struct likely_said *one, const struct likely_said *other, struct likely_match *match);

/* The longest run of signs that stands in both, within `one`; runs of fewer than two signs, and of fewer than four where
 * they are Latin letters and figures alone, are none. */
struct text likely_find_run(struct text one, struct text other);

/* The unit among a group's that a text names: by its whole name or an alias, else by the beginning of its name (two signs
 * or more that are no Latin letters). PLAN_NONE where none is named, or two are equally. *named is the piece of the text. */
uint16_t likely_find_unit(const struct plan *plan, uint16_t group, struct text text, struct text *named);

#endif
