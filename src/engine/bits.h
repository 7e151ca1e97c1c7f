/* bits — a scale as tests of single machine words. Internal to src/engine.
 *
 * What it is for: speed. Each distinct leaf of a scale is one bit; a box gives two words, the leaves that are certain and
 * those that are possible. The choices that pull both ways are decided beforehand: for every combination of values that
 * some leaf tells apart (a cell) the conditions are written out without them, and equal ones are kept once. What is left
 * is monotone in its leaves, so level, may, because and open are a few tests of words for each kind of cell, and what a
 * fact can move is read from the same words (bits.c says how).
 *
 * Not every scale and every box can be weighed so; then the functions say so, and evaluate.c and ask.c do it step by
 * step: more than 64 leaves or cells; a number that pulls both ways and is not known; for asking also facts whose leaves
 * do not imply one another, and conjunctions of which several leaves are open.
 * Made by bits_make.c in the program's arena. Never changes once made. */
#ifndef PINYUE_ENGINE_BITS_H
#define PINYUE_ENGINE_BITS_H

#include "engine/program.h"

#define BITS_MAX 64        /* leaves; cells; kinds of cells */
#define BITS_CHOICES_MAX 6 /* choices that pull both ways */

/* A conjunction of several leaves that suffices for a rule. */
struct bits_clause {
    uint64_t leaves;
    uint8_t rule, level;
};

/* Leaves that suffice for some rule of a level or of a higher one, and leaves that imply one of those. */
struct bits_reach {
    uint64_t any[PLAN_LEVELS_MAX + 2], up[PLAN_LEVELS_MAX + 2];
};

/* The rules of a scale in one or more cells. The scale's `given` is kept in the same form, as one rule of level 1. */
struct bits_rules {
    uint64_t always;               /* rules that hold without any leaf */
    uint64_t any[BITS_MAX];        /* by rule: leaves of which each suffices */
    uint64_t leaf_rules[BITS_MAX]; /* by leaf: rules for which it suffices */
    struct bits_reach reach;
    uint32_t rule_count; /* rules that can hold have numbers below this */
    struct bits_clause *clauses;
    uint32_t clause_count;
};

struct bits_single {
    int64_t bound;
    uint8_t slot;
};

struct bits {
    uint32_t leaf_count, single_count;    /* the first leaves say that one fact reaches a bound; */
    struct bits_single single[BITS_MAX];  /* what they compare, */
    uint32_t steps[BITS_MAX];             /* and the step of each leaf */
    uint64_t implies[BITS_MAX];           /* leaves that hold when this one does, itself included */
    uint64_t implied_by[BITS_MAX];        /* the other way round */
    uint64_t slot_leaves[PLAN_FACTS_MAX]; /* leaves that look at each fact */
    uint64_t sums;                        /* leaves that look at several facts */
    uint64_t both_ways;                   /* leaves that look at a number that pulls both ways */
    uint64_t unlike;                      /* leaves of facts whose leaves do not imply one another */
    uint32_t choice_count;
    uint8_t choices[BITS_CHOICES_MAX];                       /* slots */
    uint64_t cells_with[BITS_CHOICES_MAX][PLAN_CHOICES_MAX]; /* by choice and value */
    uint64_t neighbours[BITS_CHOICES_MAX][BITS_MAX];         /* cells that differ in this choice alone */
    uint32_t cell_count;
    uint8_t cell_kind[BITS_MAX];
    uint32_t kind_count;
    uint8_t kind_given[BITS_MAX], kind_rules[BITS_MAX];
    struct bits_rules *givens, *rules;
    uint32_t given_count, rules_count;
    uint8_t top; /* the highest level that has a rule */
};

/* Makes the scale's bits, where it can be put so; false only when memory is exhausted. */
bool bits_make(struct decide_program *program, struct scale_program *scale, uint16_t subject);

/* Level, may, because and open; false when this box must be weighed step by step. */
bool bits_weigh(const struct decide_program *program, const struct scale_program *scale, const struct decide_box *box,
                struct decide_level *result);

/* The facts worth asking, as decide_ask; false when they must be found step by step. */
bool bits_ask(const struct decide_program *program, const struct scale_program *scale, const struct decide_box *box,
              const struct decide_level *level, uint8_t slots[PLAN_FACTS_MAX], uint32_t *count);

/* Both at once, the leaves weighed once. */
bool bits_decide(const struct decide_program *program, const struct scale_program *scale, const struct decide_box *box,
                 struct decide_level *level, uint8_t slots[PLAN_FACTS_MAX], uint32_t *count);

#endif
