/* program — a plan's conditions made ready for evaluation. Internal to src/engine.
 *
 * What it is for: the compiled plan's trees are made to be read; these are made to be run millions of times a second.
 * Each condition becomes a run of small steps in pre-order, with facts as slots of their subject; beside it stands what
 * it depends on and which facts are mixed in it (docs/engine-model.md, "Ranges and three-valued conditions").
 * Owns its arrays, in one arena. Borrows the plan. Never changes once made.
 */
#ifndef PINYUE_ENGINE_PROGRAM_H
#define PINYUE_ENGINE_PROGRAM_H

#include "engine/decide.h"

#define PROGRAM_NONE UINT32_MAX
#define PROGRAM_TERMS_MAX 20000 /* conjunctions of one scale; more is too tangled for a plan that people must read */
#define PROGRAM_TERM_LEAVES_MAX 24
#define PROGRAM_SUM_CELLS_MAX 512 /* whole numbers tried for a mixed count within a sum */

/* One step: a leaf, or the head of an all/any whose children are the steps up to `end`. */
struct step {
    uint8_t kind;       /* enum plan_node_kind */
    uint8_t slot;       /* leaf of one fact: its slot; LEVEL: the scale's position in its subject */
    uint8_t slot_count; /* sums: number of slots */
    uint8_t days;
    bool forward;
    uint8_t low, high;
    uint32_t first_slot; /* in program.slots: the leaf's slots (also where there is only one) */
    uint32_t end;        /* index one past this step's own subtree */
    int64_t bound;       /* AT_LEAST, AT_MOST: the bound; AMONG: the set of values */
};

/* A condition: a run of steps and what it depends on. */
struct condition {
    uint32_t start;
    uint16_t subject; /* slots are its */
    uint64_t slots;   /* facts that it looks at */
    uint8_t scales;   /* positions of the scales that it looks at */
    uint64_t mixed;   /* facts that pull both ways within it */
};

/* A conjunction of leaves that suffices for a rule, the scale's `given` included. */
struct term {
    uint8_t rule;
    uint8_t level;
    uint8_t leaf_count;
    uint32_t first_leaf; /* in program.leaves: indexes of steps */
    uint64_t slots;
};

struct bits;

struct scale_program {
    uint32_t given;     /* condition, PROGRAM_NONE */
    uint32_t rules[64]; /* conditions, by position */
    uint8_t rule_level[64];
    uint8_t rule_count;
    uint64_t slots;                            /* facts that the scale looks at */
    uint64_t mixed;                            /* facts that pull both ways within the whole scale */
    uint64_t falling;                          /* facts of which less makes rules true; the others: more does */
    uint64_t level_rules[PLAN_LEVELS_MAX + 1]; /* rules of each level */
    uint64_t slot_rules[PLAN_FACTS_MAX];       /* rules that look at each fact */
    uint64_t given_slots;
    uint32_t first_term, term_count;
    uint32_t ends_when, reopens_when; /* conditions, PROGRAM_NONE */
    uint64_t side_slots;              /* facts that those two look at */
    const struct bits *bits;          /* the scale as tests of words (bits.h), NULL where it cannot be put so */
};

/* A duration threshold that some condition compares a derived fact with: time itself turns the condition there. */
struct threshold {
    uint8_t slot;
    int64_t bound; /* turns when the duration reaches this */
};

struct decide_program {
    struct arena *arena;
    const struct plan *plan;
    struct step *steps;
    uint8_t *slots;
    uint32_t step_count, slot_count;
    struct condition *conditions;
    uint32_t condition_count;
    uint32_t *condition_of;       /* plan node (a root) → condition, PROGRAM_NONE */
    struct scale_program *scales; /* by index in the plan */
    struct term *terms;
    uint32_t *leaves;
    uint32_t term_count, leaf_count;
    struct threshold *thresholds; /* sorted by subject, slot, bound */
    uint32_t *threshold_first;    /* by subject: first threshold; one more entry at the end */
    uint32_t threshold_count;
};

enum { TRUTH_POSSIBLE = 1, TRUTH_CERTAIN = 2, TRUTH_BOTH = 3 };

/* Weighs the steps from `start` leaf by leaf: certain and possible as two bits. Exact where no mixed fact is unknown. */
unsigned program_weigh(const struct decide_program *program, uint32_t start, const struct decide_box *box);

/* Weighs a rule together with the scale's `given`: certain and possible as two bits, exact over all completions. */
unsigned program_weigh_rule(const struct decide_program *program, const struct scale_program *scale, uint8_t rule,
                            const struct decide_box *box);

/* What the rules of a scale came to when they were last weighed, so that only those that look at a changed fact need be
 * weighed again. Zeroed: nothing has been weighed yet. */
struct scale_memory {
    uint64_t certain, possible; /* rules, without the scale's `given` */
    uint8_t given;              /* truth of `given` */
    bool valid;
};

/* As decide_scale, for a box of which only `changed` facts differ from when `memory` was last used. */
void program_update_scale(const struct decide_program *program, uint16_t index, const struct decide_box *box,
                          uint64_t changed, struct scale_memory *memory, struct decide_level *result);

/* Which facts among `slots` are not exactly known in the box. */
uint64_t program_find_unknown(const struct decide_program *program, const struct decide_box *box, uint64_t slots);

/* True when a range of this fact is a single value. */
bool program_fact_is_known(const struct plan_fact *fact, int64_t low, int64_t high);

/* The facts of the box's subject by slot. */
const struct plan_fact *program_fact(const struct decide_box *box, uint8_t slot);

/* Fills `points` with values of a mixed, unknown fact between which nothing turns that looks at it, given what the box
 * knows of the others; at most `room`, returns how many, 0 when they do not fit. Choices give value indexes. */
uint32_t program_find_cells(const struct decide_program *program, const struct decide_box *box, uint8_t slot,
                            uint64_t still_mixed, int64_t *points, uint32_t room);

/* Fixes a fact of the box at one value. */
void program_fix(struct decide_box *box, uint8_t slot, int64_t point);

/* The level at a box that is one point (or whose unknown facts are not mixed: then the certain level). */
uint8_t program_find_level(const struct decide_program *program, const struct scale_program *scale,
                           const struct decide_box *box);

#endif
