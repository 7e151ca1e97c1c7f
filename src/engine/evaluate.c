/* Weighing conditions over a box: the part of the engine that runs most. */

#include "engine/bits.h"
#include "engine/program.h"

#include <string.h>

static int64_t add_bounds(int64_t left, int64_t right) {
    int64_t sum = 0;
    if (left == INT64_MAX || right == INT64_MAX) {
        return INT64_MAX;
    }
    if (left == INT64_MIN || right == INT64_MIN) {
        return INT64_MIN;
    }
    if (__builtin_add_overflow(left, right, &sum)) {
        return left > 0 ? INT64_MAX : INT64_MIN;
    }
    return sum;
}

const struct plan_fact *program_fact(const struct decide_box *box, uint8_t slot) {
    return &box->plan->facts[box->plan->subjects[box->subject].facts[slot]];
}

static unsigned weigh_sum(const struct decide_program *program, const struct step *step, const struct decide_box *box) {
    int64_t low = 0;
    int64_t high = 0;
    for (uint8_t k = 0; k < step->slot_count; k++) {
        uint8_t slot = program->slots[step->first_slot + k];
        low = add_bounds(low, box->low[slot]);
        high = add_bounds(high, box->high[slot]);
    }
    if (step->kind == PLAN_AT_LEAST) {
        return (low >= step->bound ? TRUTH_BOTH : 0U) | (high >= step->bound ? TRUTH_POSSIBLE : 0U);
    }
    return (high <= step->bound ? TRUTH_BOTH : 0U) | (low <= step->bound ? TRUTH_POSSIBLE : 0U);
}

static unsigned weigh_among(const struct step *step, const struct decide_box *box) {
    uint32_t possible = (uint32_t)box->low[step->slot];
    uint32_t wanted = (uint32_t)step->bound;
    return ((possible & ~wanted) == 0 ? TRUTH_BOTH : 0U) | ((possible & wanted) != 0 ? TRUTH_POSSIBLE : 0U);
}

static unsigned weigh_days(const struct step *step, const struct decide_box *box) {
    const struct decide_series *series = box->series[step->slot];
    uint8_t top = (uint8_t)(program_fact(box, step->slot)->choice_count - 1);
    unsigned every = TRUTH_BOTH;
    unsigned some = 0;
    for (uint8_t day = 0; day < step->days; day++) {
        uint8_t low = 0;
        uint8_t high = top;
        if (series != NULL && day < DECIDE_DAYS) {
            low = step->forward ? series->future_low[day] : series->past_low[day];
            high = step->forward ? series->future_high[day] : series->past_high[day];
        }
        unsigned truth = (low >= step->low && high <= step->high ? TRUTH_BOTH : 0U) |
                         (low <= step->high && high >= step->low ? TRUTH_POSSIBLE : 0U);
        every &= truth;
        some |= truth;
    }
    return step->kind == PLAN_EVERY_DAY ? every : some;
}

static unsigned weigh_level(const struct step *step, const struct decide_box *box) {
    uint8_t low = box->level_low[step->slot];
    uint8_t high = box->level_high[step->slot];
    return (low >= step->low && high <= step->high ? TRUTH_BOTH : 0U) |
           (low <= step->high && high >= step->low ? TRUTH_POSSIBLE : 0U);
}

static bool is_leaf(const struct step *step) {
    return step->kind != PLAN_ALL && step->kind != PLAN_ANY;
}

/* One fact held against a bound comes most often by far. */
static inline unsigned weigh_leaf(const struct decide_program *program, const struct step *step,
                                  const struct decide_box *box) {
    if (step->kind == PLAN_AT_LEAST && step->slot_count == 1) {
        return (box->low[step->slot] >= step->bound ? TRUTH_BOTH : 0U) |
               (box->high[step->slot] >= step->bound ? TRUTH_POSSIBLE : 0U);
    }
    switch (step->kind) {
    case PLAN_AMONG:
        return weigh_among(step, box);
    case PLAN_EVERY_DAY:
    case PLAN_SOME_DAY:
        return weigh_days(step, box);
    case PLAN_LEVEL:
        return weigh_level(step, box);
    default:
        return weigh_sum(program, step, box);
    }
}

unsigned program_weigh(const struct decide_program *program, uint32_t start, const struct decide_box *box) {
    const struct step *head = &program->steps[start];
    if (is_leaf(head)) {
        return weigh_leaf(program, head, box);
    }
    const struct step *end = &program->steps[head->end];
    unsigned settled = head->kind == PLAN_ALL ? 0U : TRUTH_BOTH; /* no other part changes anything */
    unsigned truth = settled ^ TRUTH_BOTH;
    for (const struct step *child = head + 1; child < end && truth != settled; child = &program->steps[child->end]) {
        unsigned part = is_leaf(child) ? weigh_leaf(program, child, box)
                                       : program_weigh(program, (uint32_t)(child - program->steps), box);
        truth = settled == 0 ? truth & part : truth | part;
    }
    return truth;
}

bool program_fact_is_known(const struct plan_fact *fact, int64_t low, int64_t high) {
    if (fact->type == PLAN_CHOICE) {
        return (low & (low - 1)) == 0;
    }
    return low == high;
}

static bool series_is_known(const struct decide_series *series) {
    return series != NULL && memcmp(series->past_low, series->past_high, sizeof series->past_low) == 0 &&
           memcmp(series->future_low, series->future_high, sizeof series->future_low) == 0;
}

uint64_t program_find_unknown(const struct decide_program *program, const struct decide_box *box, uint64_t slots) {
    uint64_t unknown = 0;
    (void)program;
    for (uint64_t rest = slots; rest != 0; rest &= rest - 1) {
        uint8_t slot = (uint8_t)__builtin_ctzll(rest);
        const struct plan_fact *fact = program_fact(box, slot);
        bool known = fact->type == PLAN_SERIES ? series_is_known(box->series[slot])
                                               : program_fact_is_known(fact, box->low[slot], box->high[slot]);
        if (!known) {
            unknown |= UINT64_C(1) << slot;
        }
    }
    return unknown;
}

void program_fix(struct decide_box *box, uint8_t slot, int64_t point) {
    bool choice = program_fact(box, slot)->type == PLAN_CHOICE;
    box->low[slot] = choice ? INT64_C(1) << point : point;
    box->high[slot] = choice ? 0 : point;
}

/* ---- mixed facts: splitting the box ----------------------------------------------------------------------- */

static bool add_point(int64_t point, int64_t low, int64_t high, int64_t *points, uint32_t *count, uint32_t room) {
    point = point < low ? low : point > high ? high : point;
    for (uint32_t i = 0; i < *count; i++) {
        if (points[i] == point) {
            return true;
        }
    }
    if (*count == room) {
        return false;
    }
    points[(*count)++] = point;
    return true;
}

/* Points around which one leaf turns in `slot`: its bound less what the others of its sum add, at both of their ends. */
static bool add_turns(const struct decide_program *program, const struct decide_box *box, const struct step *step,
                      uint8_t slot, uint64_t still_mixed, int64_t *points, uint32_t *count, uint32_t room) {
    int64_t others[2] = {0, 0};
    bool joined = false;
    for (uint8_t k = 0; k < step->slot_count; k++) {
        uint8_t other = program->slots[step->first_slot + k];
        if (other != slot) {
            others[0] = add_bounds(others[0], box->low[other]);
            others[1] = add_bounds(others[1], box->high[other]);
            joined = joined || (still_mixed >> other & 1) != 0;
        }
    }
    int64_t low = box->low[slot];
    int64_t high = box->high[slot];
    if (joined) { /* the partner is not fixed yet: every whole number up to where the leaf can no longer turn */
        int64_t last = step->bound + 1 < high ? step->bound + 1 : high;
        for (int64_t point = low; point <= last; point++) {
            if (!add_point(point, low, high, points, count, room)) {
                return false;
            }
        }
        return true;
    }
    for (int end = 0; end < 2; end++) {
        if (others[end] == INT64_MAX || others[end] == INT64_MIN) {
            continue;
        }
        for (int64_t shift = -1; shift <= 1; shift++) {
            if (!add_point(step->bound - others[end] + shift, low, high, points, count, room)) {
                return false;
            }
        }
    }
    return true;
}

uint32_t program_find_cells(const struct decide_program *program, const struct decide_box *box, uint8_t slot,
                            uint64_t still_mixed, int64_t *points, uint32_t room) {
    const struct plan_fact *fact = program_fact(box, slot);
    uint32_t count = 0;
    if (fact->type == PLAN_CHOICE) {
        for (uint8_t value = 0; value < fact->choice_count && count < room; value++) {
            if ((box->low[slot] >> value & 1) != 0) {
                points[count++] = value;
            }
        }
        return count;
    }
    bool fits = add_point(box->low[slot], box->low[slot], box->high[slot], points, &count, room) &&
                add_point(box->high[slot], box->low[slot], box->high[slot], points, &count, room);
    for (uint32_t c = 0; c < program->condition_count; c++) {
        const struct condition *condition = &program->conditions[c];
        bool looks = condition->subject == box->subject && (condition->slots >> slot & 1) != 0;
        uint32_t end = looks ? program->steps[condition->start].end : condition->start;
        for (uint32_t i = condition->start; i < end && fits; i++) {
            const struct step *step = &program->steps[i];
            bool sum = step->kind == PLAN_AT_LEAST || step->kind == PLAN_AT_MOST;
            for (uint8_t k = 0; sum && k < step->slot_count && fits; k++) {
                if (program->slots[step->first_slot + k] == slot) {
                    fits = add_turns(program, box, step, slot, still_mixed, points, &count, room);
                }
            }
        }
    }
    return fits ? count : 0;
}

/* Calls `visit` with the box fixed at every combination of cells of the mixed facts. */
static void split(const struct decide_program *program, struct decide_box *box, uint64_t mixed,
                  void (*visit)(void *, const struct decide_box *), void *context) {
    if (mixed == 0) {
        visit(context, box);
        return;
    }
    uint8_t slot = (uint8_t)__builtin_ctzll(mixed);
    uint64_t rest = mixed & (mixed - 1);
    int64_t low = box->low[slot];
    int64_t high = box->high[slot];
    int64_t points[PROGRAM_SUM_CELLS_MAX + 64];
    uint32_t count = program_find_cells(program, box, slot, rest, points, sizeof points / sizeof *points);
    for (uint32_t i = 0; i < count; i++) {
        program_fix(box, slot, points[i]);
        split(program, box, rest, visit, context);
    }
    box->low[slot] = low;
    box->high[slot] = high;
    if (count == 0) { /* cannot be split finely enough: weigh leaf by leaf, which errs towards "unknown" */
        split(program, box, rest, visit, context);
    }
}

/* ---- scales ----------------------------------------------------------------------------------------------- */

/* The highest level of which one of these rules holds. */
static uint8_t find_highest(const struct scale_program *scale, uint64_t rules) {
    uint8_t level = rules == 0 ? 0 : PLAN_LEVELS_MAX;
    while (level > 0 && (scale->level_rules[level] & rules) == 0) {
        level--;
    }
    return level;
}

static uint8_t weigh_given(const struct decide_program *program, const struct scale_program *scale,
                           const struct decide_box *box) {
    return scale->given == PROGRAM_NONE ? TRUTH_BOTH
                                        : (uint8_t)program_weigh(program, program->conditions[scale->given].start, box);
}

/* Weighs some of the rules, without `given`. */
static void weigh_rules(const struct decide_program *program, const struct scale_program *scale,
                        const struct decide_box *box, uint64_t rules, struct scale_memory *memory) {
    for (uint64_t rest = rules; rest != 0; rest &= rest - 1) {
        unsigned rule = (unsigned)__builtin_ctzll(rest);
        uint64_t bit = UINT64_C(1) << rule;
        unsigned truth = program_weigh(program, program->conditions[scale->rules[rule]].start, box);
        memory->certain = (truth & TRUTH_CERTAIN) != 0 ? memory->certain | bit : memory->certain & ~bit;
        memory->possible = (truth & TRUTH_POSSIBLE) != 0 ? memory->possible | bit : memory->possible & ~bit;
    }
}

static uint64_t all_rules(const struct scale_program *scale) {
    return scale->rule_count == 64 ? UINT64_MAX : (UINT64_C(1) << scale->rule_count) - 1;
}

static uint64_t rules_that_look_at(const struct scale_program *scale, uint64_t slots) {
    uint64_t rules = 0;
    for (uint64_t rest = slots & scale->slots; rest != 0; rest &= rest - 1) {
        rules |= scale->slot_rules[__builtin_ctzll(rest)];
    }
    return rules;
}

uint8_t program_find_level(const struct decide_program *program, const struct scale_program *scale,
                           const struct decide_box *box) {
    if ((weigh_given(program, scale, box) & TRUTH_CERTAIN) == 0) {
        return 0;
    }
    for (uint8_t level = PLAN_LEVELS_MAX; level > 0; level--) {
        for (uint64_t rest = scale->level_rules[level]; rest != 0; rest &= rest - 1) {
            uint32_t rule = scale->rules[__builtin_ctzll(rest)];
            if ((program_weigh(program, program->conditions[rule].start, box) & TRUTH_CERTAIN) != 0) {
                return level;
            }
        }
    }
    return 0;
}

/* What the cells of a split box come to, together. */
struct gather {
    const struct decide_program *program;
    const struct scale_program *scale;
    const struct scale_memory *memory; /* of the rules that look at no mixed fact: the same in every cell */
    uint64_t again;                    /* rules that do */
    bool given_again;
    uint64_t certain, possible, somewhere; /* rules certain in every cell; possible, certain in some cell */
    uint8_t level, may;
    bool any;
};

static void gather_cell(void *context, const struct decide_box *box) {
    struct gather *gather = context;
    struct scale_memory cell = *gather->memory;
    weigh_rules(gather->program, gather->scale, box, gather->again, &cell);
    if (gather->given_again) {
        cell.given = weigh_given(gather->program, gather->scale, box);
    }
    uint64_t certain = (cell.given & TRUTH_CERTAIN) != 0 ? cell.certain : 0;
    uint64_t possible = (cell.given & TRUTH_POSSIBLE) != 0 ? cell.possible : 0;
    uint8_t level = find_highest(gather->scale, certain);
    uint8_t may = find_highest(gather->scale, possible);
    gather->certain = gather->any ? gather->certain & certain : certain;
    gather->somewhere |= certain;
    gather->possible |= possible;
    gather->level = gather->any && gather->level < level ? gather->level : level;
    gather->may = gather->may > may ? gather->may : may;
    gather->any = true;
}

static uint64_t rules_from(const struct scale_program *scale, uint8_t low) {
    uint64_t rules = 0;
    for (uint32_t level = low; level <= PLAN_LEVELS_MAX; level++) {
        rules |= scale->level_rules[level];
    }
    return rules;
}

void program_update_scale(const struct decide_program *program, uint16_t index, const struct decide_box *box,
                          uint64_t changed, struct scale_memory *memory, struct decide_level *result) {
    const struct scale_program *scale = &program->scales[index];
    uint64_t again = memory->valid ? rules_that_look_at(scale, changed) : all_rules(scale);
    if (!memory->valid || (changed & scale->given_slots) != 0) {
        memory->given = weigh_given(program, scale, box);
    }
    weigh_rules(program, scale, box, again, memory);
    memory->valid = true;
    uint64_t mixed = scale->mixed == 0 ? 0 : program_find_unknown(program, box, scale->mixed);
    if (mixed != 0 && bits_weigh(program, scale, box, result)) {
        return;
    }
    struct gather gather = {.program = program, .scale = scale, .memory = memory};
    if (mixed == 0) {
        gather_cell(&gather, box);
    } else {
        gather.again = rules_that_look_at(scale, mixed);
        gather.given_again = (mixed & scale->given_slots) != 0;
        struct decide_box copy = *box;
        split(program, &copy, mixed, gather_cell, &gather);
    }
    result->level = gather.level;
    result->may = gather.may;
    result->because = gather.certain & scale->level_rules[gather.level];
    if (gather.level > 0 && result->because == 0) {
        /* Reached whatever the unknown is, but by a different rule each time. */
        result->because = gather.somewhere & rules_from(scale, gather.level);
    }
    uint64_t open = gather.possible & ~gather.certain;
    result->open = open == 0 ? 0 : open & rules_from(scale, (uint8_t)(gather.level + 1));
}

void decide_scale(const struct decide_program *program, uint16_t index, const struct decide_box *box,
                  struct decide_level *result) {
    if (!bits_weigh(program, &program->scales[index], box, result)) {
        struct scale_memory memory = {0};
        program_update_scale(program, index, box, UINT64_MAX, &memory, result);
    }
}

/* ---- single conditions ------------------------------------------------------------------------------------ */

struct truth_gather {
    const struct decide_program *program;
    uint32_t start, given; /* steps; PROGRAM_NONE */
    unsigned every, some;
};

static void gather_truth(void *context, const struct decide_box *box) {
    struct truth_gather *gather = context;
    unsigned truth = program_weigh(gather->program, gather->start, box);
    if (gather->given != PROGRAM_NONE) {
        truth &= program_weigh(gather->program, gather->given, box);
    }
    gather->every &= truth;
    gather->some |= truth;
}

/* Certain and possible, exactly: in every cell, in some cell. */
static unsigned gather_truths(struct truth_gather *gather, const struct decide_box *box, uint64_t mixed) {
    gather->every = TRUTH_BOTH;
    gather->some = 0;
    mixed = mixed == 0 ? 0 : program_find_unknown(gather->program, box, mixed);
    if (mixed == 0) {
        gather_truth(gather, box);
    } else {
        struct decide_box copy = *box;
        split(gather->program, &copy, mixed, gather_truth, gather);
    }
    return (gather->every & TRUTH_CERTAIN) | (gather->some & TRUTH_POSSIBLE);
}

unsigned program_weigh_rule(const struct decide_program *program, const struct scale_program *scale, uint8_t rule,
                            const struct decide_box *box) {
    const struct condition *condition = &program->conditions[scale->rules[rule]];
    struct truth_gather gather = {.program = program, .start = condition->start, .given = PROGRAM_NONE};
    if (scale->given != PROGRAM_NONE) {
        gather.given = program->conditions[scale->given].start;
    }
    return gather_truths(&gather, box, scale->mixed & (condition->slots | scale->given_slots));
}

void decide_condition(const struct decide_program *program, uint32_t node, const struct decide_box *box, bool *certain,
                      bool *possible) {
    const struct condition *condition = &program->conditions[program->condition_of[node]];
    unsigned truth = program_weigh(program, condition->start, box);
    if (truth == TRUTH_POSSIBLE && condition->mixed != 0) { /* certain and impossible are so for every completion */
        struct truth_gather gather = {.program = program, .start = condition->start, .given = PROGRAM_NONE};
        truth = gather_truths(&gather, box, condition->mixed);
    }
    *certain = (truth & TRUTH_CERTAIN) != 0;
    *possible = (truth & TRUTH_POSSIBLE) != 0;
}

void decide_box_clear(struct decide_box *box, const struct plan *plan, uint16_t subject) {
    *box = (struct decide_box){.plan = plan, .subject = subject};
    for (uint16_t slot = 0; slot < plan->subjects[subject].fact_count; slot++) {
        const struct plan_fact *fact = &plan->facts[plan->subjects[subject].facts[slot]];
        box->low[slot] = fact->low;
        box->high[slot] = fact->high;
        if (fact->type == PLAN_CHOICE) {
            box->low[slot] = (int64_t)((UINT64_C(1) << fact->choice_count) - 1);
            box->high[slot] = 0;
        }
    }
    for (uint16_t i = 0; i < plan->subjects[subject].scale_count; i++) {
        box->level_high[i] = plan->scales[plan->subjects[subject].scales[i]].level_count;
    }
}
