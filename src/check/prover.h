/* prover — a plan's conditions put to Z3. Internal to src/check and its tests.
 *
 * Quantities and counts are whole numbers of base units within their declared range, flags are booleans, choices and
 * days of a series small whole numbers, derived durations whole numbers from 0 on.
 * Owns one Z3 context, freed by prover_destroy; what it hands out lives as long. Must never be asked by wall time: one
 * question may take so many of Z3's own steps, then it is "unknown".
 */
#ifndef PINYUE_CHECK_PROVER_H
#define PINYUE_CHECK_PROVER_H

#include "base/failure.h"
#include "check/space.h"

#include <z3.h>

enum answer { ANSWER_NO, ANSWER_YES, ANSWER_UNKNOWN };

struct prover {
    const struct space *space;
    Z3_context z3;
    Z3_solver solver;
    Z3_sort integer, boolean;
    Z3_ast *levels; /* by scale of the plan: where it stands, for triggers; NULL until prover_declare_levels */
    uint32_t effort_max;
    uint32_t name_count;
    uint64_t questions;
    struct arena *arena;
};

/* A change of one connective of a condition, for the other ways to read it. */
struct variant {
    uint32_t node; /* the connective */
    int child;     /* the one part of it that is taken alone; -1: its and is read as or, its or as and */
};

/* NULL with a failure when Z3 or memory cannot be had. The caller destroys it. */
struct prover *prover_create(const struct space *space, uint32_t effort_max, struct arena *arena,
                             struct failure *failure);
void prover_destroy(struct prover *prover);

/* A case nothing of which is known: a variable for each axis, held to its range from now on. NULL when memory is
 * exhausted. */
Z3_ast *prover_declare_case(struct prover *prover);

/* One more variable for an axis, held to its range until the next prover_pop. */
Z3_ast prover_declare_value(struct prover *prover, uint32_t axis);

/* A case that differs from another in one axis. */
Z3_ast *prover_copy_case(struct prover *prover, const Z3_ast *from, uint32_t axis, Z3_ast value);

/* Declares where the scales of the subject stand: any level where there are orders, else the level that the case
 * reaches. */
bool prover_declare_levels(struct prover *prover, const Z3_ast *from);

/* The value of an axis as a term. */
Z3_ast prover_number(struct prover *prover, uint32_t axis, int64_t value);

/* value = number; left is below right; left is worse than right: more so, where the
 * axis does not say which direction is worse. */
Z3_ast prover_equals(struct prover *prover, uint32_t axis, Z3_ast value, int64_t number);
Z3_ast prover_is_below(struct prover *prover, uint32_t axis, Z3_ast left, Z3_ast right);
Z3_ast prover_is_worse(struct prover *prover, uint32_t axis, Z3_ast left, Z3_ast right);

/* value lies within low … high; for axes that are no flags. */
Z3_ast prover_is_within(struct prover *prover, Z3_ast value, int64_t low, int64_t high);

/* A condition of a case; `variant` may be NULL. PLAN_NO_NODE always holds. */
Z3_ast prover_condition(struct prover *prover, const Z3_ast *of, uint32_t node, const struct variant *variant);

/* A scale gives a case this level or a higher one, by its literal rules or by what runs. */
Z3_ast prover_reaches(struct prover *prover, const Z3_ast *of, const struct plan_scale *scale, bool literal,
                      uint8_t level);

Z3_ast prover_not(struct prover *prover, Z3_ast of);
Z3_ast prover_both(struct prover *prover, Z3_ast left, Z3_ast right);
Z3_ast prover_either(struct prover *prover, Z3_ast left, Z3_ast right);

/* What is assumed between push and pop; whether all of it can hold. */
void prover_push(struct prover *prover);
void prover_pop(struct prover *prover);
void prover_assume(struct prover *prover, Z3_ast that);
enum answer prover_ask(struct prover *prover);

/* True for a child of an all that a listing names as a danger: it holds in the worse direction somewhere. The others
 * (an exclusion, a choice) are the circumstances in which the listing is meant. */
bool prover_is_danger(const struct space *space, uint32_t node);

#endif
