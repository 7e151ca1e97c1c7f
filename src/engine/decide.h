/* decide — what follows from a set of facts, without incident or log: level, may, because, open, ask.
 *
 * What it is for: `pinyue decide`, the desk's "what if", explanations, and the engine itself, which keeps level, may and
 * because by the same functions. Owns nothing but its scratch. Must never keep anything between calls, read a clock, or
 * use floating point.
 */
#ifndef PINYUE_ENGINE_DECIDE_H
#define PINYUE_ENGINE_DECIDE_H

#include "base/arena.h"
#include "base/failure.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stdint.h>

#define DECIDE_DAYS 16 /* days of a series that windows may look back or ahead, and a box keeps */

/* What is known of a series: the values of the days around the anchor. Value indexes; unknown is the whole range. */
struct decide_series {
    uint8_t past_low[DECIDE_DAYS], past_high[DECIDE_DAYS];     /* [0] is the anchor day, [1] the day before … */
    uint8_t future_low[DECIDE_DAYS], future_high[DECIDE_DAYS]; /* [0] is the day after the anchor … */
};

/* What is known: a range for each fact of one subject, by slot. Choices: low is the set of possible values. */
struct decide_box {
    const struct plan *plan;
    uint16_t subject;
    int64_t low[PLAN_FACTS_MAX], high[PLAN_FACTS_MAX];
    struct decide_series *series[PLAN_FACTS_MAX];                    /* for series facts; NULL: nothing known */
    uint8_t level_low[PLAN_SCALES_MAX], level_high[PLAN_SCALES_MAX]; /* for triggers: where each scale stands */
};

/* A plan made ready for evaluation: compact condition programs with what each depends on. */
struct decide_program;

/* Compiles a plan's conditions. The program borrows the plan. NULL with a failure when memory is exhausted or a
 * condition is too tangled to be weighed exactly (the message names it). */
struct decide_program *decide_program_create(const struct plan *plan, struct failure *failure);
void decide_program_destroy(struct decide_program *program);

/* Sets a box to "nothing known" for a subject of the plan. */
void decide_box_clear(struct decide_box *box, const struct plan *plan, uint16_t subject);

struct decide_level {
    uint8_t level, may; /* 0: none */
    uint64_t because;   /* rules of the level that are certain, by position in the scale */
    uint64_t open;      /* rules above the level that are possible and not certain */
};

/* Level, may, because and open of a scale (its index in the plan). Exact over all completions of the box. */
void decide_scale(const struct decide_program *program, uint16_t index, const struct decide_box *box,
                  struct decide_level *result);

/* The facts worth asking, most telling first; slots of the subject. Returns how many. */
uint32_t decide_ask(const struct decide_program *program, uint16_t index, const struct decide_box *box,
                    const struct decide_level *level, uint8_t slots[PLAN_FACTS_MAX]);

/* decide_scale and decide_ask together, which is faster than one after the other. */
uint32_t decide_all(const struct decide_program *program, uint16_t index, const struct decide_box *box,
                    struct decide_level *level, uint8_t slots[PLAN_FACTS_MAX]);

/* Whether a condition is certain, possible. */
void decide_condition(const struct decide_program *program, uint32_t node, const struct decide_box *box, bool *certain,
                      bool *possible);

#endif
