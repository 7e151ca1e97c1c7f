/* space — what may be the case for one subject of a plan: an axis for each fact that conditions can look at, and for
 * each day of a series. Internal to src/check and its tests.
 *
 * Owns nothing but arrays in the caller's arena. Borrows the plan.
 */
#ifndef PINYUE_CHECK_SPACE_H
#define PINYUE_CHECK_SPACE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stdint.h>

#define SPACE_DAYS_MAX 16U /* days of a series that a condition can look back or ahead */

/* One axis. Flags run from 0 to 1, choices and days over the indexes of their values. */
struct axis {
    uint16_t fact;
    bool is_flag;
    bool forward; /* days: of the forecast */
    uint8_t day;  /* days: 1 is the latest observed one, or the first of the forecast; else 0 */
    int8_t worse; /* +1: more is worse, -1: less is, 0: neither */
    int64_t low, high;
    int64_t usual; /* what a witness leaves unsaid: the presumed value, else the best, else the lowest */
    int64_t *nice; /* values that a person would name, ascending, all within low … high */
    uint32_t nice_count;
};

struct space {
    const struct plan *plan;
    uint16_t subject;
    struct axis *axes;
    uint32_t count;
    uint32_t first[PLAN_FACTS_MAX];                               /* by slot: the fact's first axis */
    uint8_t past_days[PLAN_FACTS_MAX], next_days[PLAN_FACTS_MAX]; /* by slot: a series' days, latest first */
};

/* Lays out the axes of a subject: its facts in order of declaration, times left out since no condition asks for them.
 * False when the arena is exhausted. */
bool space_make(struct space *space, const struct plan *plan, uint16_t subject, struct arena *arena);

/* The axis of a fact, or of a series' day (1 …). */
uint32_t space_find_axis(const struct space *space, uint16_t fact, bool forward, uint8_t day);

/* Marks the axes that a condition looks at in `looked_at` (one for each axis). PLAN_NO_NODE marks none. */
void space_mark(const struct space *space, uint32_t node, bool *looked_at);

/* A case is one value for each axis; `levels` is where each scale of the plan stands, for triggers, or NULL. */
bool space_holds(const struct space *space, uint32_t node, const int64_t *values, const uint8_t *levels);

/* The condition of a rule: what it literally says, or what runs. */
uint32_t space_rule_root(const struct plan_rule *rule, bool literal);

/* The level that a scale gives a case, 0 for none. */
uint8_t space_level(const struct space *space, const struct plan_scale *scale, bool literal, const int64_t *values);

/* Appends an axis's name and a value on it, in the plan's words and units. */
void space_write_name(const struct space *space, uint32_t axis, struct buffer *out);
void space_write_value(const struct space *space, uint32_t axis, int64_t value, struct buffer *out);

/* True when the plan speaks Chinese: findings then do, too. */
bool space_is_chinese(const struct plan *plan);

#endif
