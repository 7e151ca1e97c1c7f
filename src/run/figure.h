/* figure — numbers as people say and type them: 三四亩, 十二, 一个半小时, 二十多, 约20分钟, three or four, half an hour, 三点半.
 *
 * What it is for: one grammar of spoken figures, for what is typed as a fact's value (fact_value) and for what is heard in a
 * call (hearing). How far "about" may be off comes from the plan; that is all it takes from one.
 * Owns nothing, never allocates, reads no clock ("now" is told). Exact: what cannot be held exactly is no figure. Each
 * reading looks at a bounded number of characters, so that no text makes it slow.
 */
#ifndef PINYUE_RUN_FIGURE_H
#define PINYUE_RUN_FIGURE_H

#include "base/quantity.h"
#include "base/text.h"
#include "plan/plan.h"
#include "run/figure_manner.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a plan says about "about" for one fact, and where its days begin. */
struct figure_setting {
    struct figure_manner
        outside;     /* what words that stand apart from the figure make of it; none as the plan gives it */
    int64_t percent; /* of the figure, either way; 0: not said */
    int64_t fixed;   /* base units either way, instead of the percentage; 0: none */
    int64_t time_us; /* either way of a time of the day; 0: not said */
    int32_t zone_minutes;
};

struct figure_setting figure_find_setting(const struct plan *plan, uint16_t fact);

struct figure {
    enum figure_comparison comparison;
    int64_t low, high; /* base units, or instants; with a comparison the bound that it names (low for least and more) */
    bool is_about;     /* the plan's spread is in low and high already */
    bool is_undeclared; /* "about" was said and the plan does not say what it means; low and high lack it */
    bool is_vague;      /* the bound came of words that do not say whether the number is included */
    bool is_guess;      /* morning or evening, or the day, was not said */
    size_t end;         /* offset behind it */
    struct text unit;   /* as it is written, or empty where no single one spells it; of a count what is counted */
    int64_t factor;     /* base units in one */
};

#define FIGURE_READINGS 3

/* Reads a quantity that begins at an offset: the readings, shortest first (of a count with and without what it counts: 3, 3个,
 * 3人). A bare number is read for counts only. Returns how many there are. */
size_t figure_read_quantity(const struct figure_setting *setting, enum quantity_dimension dimension, struct text text,
                            size_t at, struct figure readings[FIGURE_READINGS]);

/* Reads a time that begins at an offset, seen from `now`: a time of the day (the latest one that is not after now), or a
 * length of time before now (20分钟, 20分钟前, 2 hours ago). */
size_t figure_read_time(const struct figure_setting *setting, int64_t now, struct text text, size_t at,
                        struct figure readings[FIGURE_READINGS]);

#endif
