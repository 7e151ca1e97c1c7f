/* Which unknown facts are worth asking for.
 *
 * A fact matters when, for some value of everything else that is unknown, a change in it alone moves the level. For a
 * fact to matter, some conjunction that suffices for a rule (a term) must hold with it and fail without it, while
 * nothing else reaches as high. So it is enough to look, term by term, at the points where the term's other facts do
 * just what the term asks of them and all remaining facts are as harmless as they can be. */

#include "engine/bits.h"
#include "engine/program.h"

#include <string.h>

#define FILL_ALL_MAX 12 /* up to this number a fact of a sum takes every value on its way */

struct asking {
    const struct decide_program *program;
    const struct scale_program *scale;
    const struct decide_box *box; /* what is known */
    uint64_t unknown;
    uint8_t level; /* certain now */
    uint8_t may;
    uint8_t lift[PLAN_FACTS_MAX];
    uint8_t settles[PLAN_FACTS_MAX];
    struct decide_box point; /* the point being built */
    struct decide_series series[PLAN_FACTS_MAX];
    uint8_t fact; /* the fact whose worth is being tried */
    const struct term *term;
};

/* ---- points ----------------------------------------------------------------------------------------------- */

static void copy_series(struct asking *asking, uint8_t slot, bool harmless) {
    struct decide_series *to = &asking->series[slot];
    const struct decide_series *from = asking->box->series[slot];
    uint8_t top = (uint8_t)(program_fact(asking->box, slot)->choice_count - 1);
    bool low = harmless == ((asking->scale->falling >> slot & 1) == 0);
    for (uint8_t day = 0; day < DECIDE_DAYS; day++) {
        uint8_t past = from == NULL ? (low ? 0 : top) : low ? from->past_low[day] : from->past_high[day];
        uint8_t future = from == NULL ? (low ? 0 : top) : low ? from->future_low[day] : from->future_high[day];
        to->past_low[day] = to->past_high[day] = past;
        to->future_low[day] = to->future_high[day] = future;
    }
    asking->point.series[slot] = to;
}

/* Sets an unmixed fact to its most harmless or its worst value within what is known. */
static void set_corner(struct asking *asking, uint8_t slot, bool harmless) {
    const struct decide_box *box = asking->box;
    const struct plan_fact *fact = program_fact(box, slot);
    bool falling = (asking->scale->falling >> slot & 1) != 0;
    if (fact->type == PLAN_SERIES) {
        copy_series(asking, slot, harmless);
    } else if (fact->type != PLAN_CHOICE) {
        program_fix(&asking->point, slot, harmless != falling ? box->low[slot] : box->high[slot]);
    }
}

/* The set of values that the scale's only leaf on an unmixed choice asks for. */
static uint32_t wanted_choices(const struct asking *asking, uint8_t slot) {
    for (uint32_t i = asking->scale->first_term; i < asking->scale->first_term + asking->scale->term_count; i++) {
        const struct term *term = &asking->program->terms[i];
        for (uint8_t k = 0; k < term->leaf_count && (term->slots >> slot & 1) != 0; k++) {
            const struct step *step = &asking->program->steps[asking->program->leaves[term->first_leaf + k]];
            if (step->kind == PLAN_AMONG && step->slot == slot) {
                return (uint32_t)step->bound;
            }
        }
    }
    return 0;
}

static void set_harmless(struct asking *asking, uint8_t slot) {
    if (program_fact(asking->box, slot)->type != PLAN_CHOICE) {
        set_corner(asking, slot, true);
        return;
    }
    uint32_t possible = (uint32_t)asking->box->low[slot];
    uint32_t harmless = possible & ~wanted_choices(asking, slot);
    program_fix(&asking->point, slot, __builtin_ctz(harmless != 0 ? harmless : possible));
}

/* ---- trying ----------------------------------------------------------------------------------------------- */

/* The point is complete: does the fact alone move the level here? */
static void try_fact(struct asking *asking) {
    struct decide_box *point = &asking->point;
    uint8_t slot = asking->fact;
    uint8_t lowest = UINT8_MAX;
    uint8_t highest = 0;
    int64_t saved_low = point->low[slot];
    int64_t saved_high = point->high[slot];
    const struct plan_fact *fact = program_fact(asking->box, slot);
    int64_t points[PROGRAM_SUM_CELLS_MAX + 64];
    uint32_t count = 0;
    if (fact->type == PLAN_SERIES) {
        for (int worst = 0; worst < 2; worst++) {
            set_corner(asking, slot, worst == 0);
            uint8_t level = program_find_level(asking->program, asking->scale, point);
            lowest = level < lowest ? level : lowest;
            highest = level > highest ? level : highest;
        }
    } else {
        if (fact->type == PLAN_CHOICE || (asking->scale->mixed >> slot & 1) != 0) {
            struct decide_box box = *point;
            box.low[slot] = asking->box->low[slot];
            box.high[slot] = asking->box->high[slot];
            count = program_find_cells(asking->program, &box, slot, 0, points, sizeof points / sizeof *points);
        } else {
            points[count++] = asking->box->low[slot];
            points[count++] = asking->box->high[slot];
        }
        for (uint32_t i = 0; i < count; i++) {
            program_fix(point, slot, points[i]);
            uint8_t level = program_find_level(asking->program, asking->scale, point);
            lowest = level < lowest ? level : lowest;
            highest = level > highest ? level : highest;
        }
        point->low[slot] = saved_low;
        point->high[slot] = saved_high;
    }
    if (highest > lowest && highest > asking->lift[slot]) {
        asking->lift[slot] = highest;
    }
}

static void satisfy(struct asking *asking, uint8_t leaf);

/* What is still missing in a sum, and which of its facts have had their turn. */
struct filling {
    const struct step *step;
    uint8_t next_leaf;
    uint8_t at;
    int64_t need; /* above 0: raise; below 0: lower */
};

static void fill_rest(struct asking *asking, struct filling filling);

static void fill_with(struct asking *asking, struct filling filling, uint8_t slot, int64_t change) {
    int64_t value = asking->point.low[slot];
    program_fix(&asking->point, slot, value + change);
    filling.need -= change;
    fill_rest(asking, filling);
    program_fix(&asking->point, slot, value);
}

/* Changes of one fact, up to `most`, that take it just as far as some other leaf still lets it go without turning. */
static void fill_to_turns(struct asking *asking, struct filling filling, uint8_t slot, int64_t most) {
    const struct decide_program *program = asking->program;
    for (uint32_t i = 0; i < program->step_count; i++) {
        const struct step *step = &program->steps[i];
        bool up = step->kind == PLAN_AT_LEAST;
        bool within = false;
        int64_t others = 0;
        for (uint8_t k = 0; (up || step->kind == PLAN_AT_MOST) && k < step->slot_count; k++) {
            uint8_t other = program->slots[step->first_slot + k];
            within = within || other == slot;
            bool overflow = other != slot && __builtin_add_overflow(others, asking->point.low[other], &others);
            others = overflow ? INT64_MAX : others;
        }
        int64_t change = 0;
        if (within && up == (most > 0) && !__builtin_sub_overflow(step->bound, others, &change) &&
            !__builtin_sub_overflow(change, asking->point.low[slot] + (up ? 1 : -1), &change) &&
            (up ? change > 0 && change < most : change < 0 && change > most)) {
            fill_with(asking, filling, slot, change);
        }
    }
}

/* Raises (or lowers) the facts of a sum by no more than the leaf needs, in every way that may make a difference: small
 * numbers in all ways, large ones as far as each fact goes, or as far as other leaves let it. */
static void fill_rest(struct asking *asking, struct filling filling) {
    if (filling.need == 0) {
        satisfy(asking, filling.next_leaf);
        return;
    }
    if (filling.at == filling.step->slot_count || asking->lift[asking->fact] >= asking->term->level) {
        return;
    }
    uint8_t slot = asking->program->slots[filling.step->first_slot + filling.at++];
    if (slot == asking->fact || (asking->unknown >> slot & 1) == 0) {
        fill_rest(asking, filling);
        return;
    }
    int64_t need = filling.need;
    int64_t room = (need > 0 ? asking->box->high[slot] : asking->box->low[slot]) - asking->point.low[slot];
    int64_t most = need > 0 ? (room < need ? room : need) : (room > need ? room : need);
    int64_t one = need > 0 ? 1 : -1;
    fill_with(asking, filling, slot, most);
    if (most >= -FILL_ALL_MAX && most <= FILL_ALL_MAX) {
        for (int64_t change = most - one; change * one >= 0; change -= one) {
            fill_with(asking, filling, slot, change);
        }
        return;
    }
    fill_to_turns(asking, filling, slot, most);
    fill_with(asking, filling, slot, 0);
}

static void fill_sum(struct asking *asking, const struct step *step, uint8_t next_leaf) {
    int64_t need = step->bound;
    bool overflow = false;
    for (uint8_t k = 0; k < step->slot_count; k++) {
        int64_t value = asking->point.low[asking->program->slots[step->first_slot + k]];
        overflow = overflow || __builtin_sub_overflow(need, value, &need);
    }
    if (!overflow) {
        fill_rest(asking, (struct filling){.step = step, .next_leaf = next_leaf, .need = need});
    }
}

static void satisfy_days(struct asking *asking, const struct step *step, uint8_t next_leaf) {
    struct decide_series saved = asking->series[step->slot];
    struct decide_series *series = &asking->series[step->slot];
    const struct decide_series *known = asking->box->series[step->slot];
    uint8_t top = (uint8_t)(program_fact(asking->box, step->slot)->choice_count - 1);
    for (uint8_t day = 0; day < step->days && day < DECIDE_DAYS; day++) {
        uint8_t low = known == NULL ? 0 : step->forward ? known->future_low[day] : known->past_low[day];
        uint8_t high = known == NULL ? top : step->forward ? known->future_high[day] : known->past_high[day];
        uint8_t *value = step->forward ? &series->future_low[day] : &series->past_low[day];
        uint8_t set = *value < step->low ? step->low : *value > step->high ? step->high : *value;
        if (set >= low && set <= high) {
            *value = set;
            *(step->forward ? &series->future_high[day] : &series->past_high[day]) = set;
            if (step->kind == PLAN_SOME_DAY) {
                satisfy(asking, next_leaf); /* this day alone suffices; others are tried as well */
                *series = saved;
            }
        }
    }
    if (step->kind == PLAN_EVERY_DAY) {
        satisfy(asking, next_leaf);
    }
    *series = saved;
}

/* Makes the term's leaves true from number `leaf` on, in every minimal way, then tries the fact. */
static void satisfy(struct asking *asking, uint8_t leaf) {
    const struct decide_program *program = asking->program;
    const struct term *term = asking->term;
    struct decide_box *point = &asking->point;
    if (asking->lift[asking->fact] >= term->level) {
        return; /* known to matter that much already */
    }
    if (leaf == term->leaf_count) {
        try_fact(asking);
        return;
    }
    const struct step *step = &program->steps[program->leaves[term->first_leaf + leaf]];
    uint32_t at = (uint32_t)(step - program->steps);
    if ((program_weigh(program, at, point) & TRUTH_CERTAIN) != 0) {
        satisfy(asking, (uint8_t)(leaf + 1));
        return;
    }
    if (step->kind == PLAN_EVERY_DAY || step->kind == PLAN_SOME_DAY) {
        if (step->slot != asking->fact) {
            satisfy_days(asking, step, (uint8_t)(leaf + 1));
        }
    } else if (step->kind == PLAN_AMONG) {
        if (step->slot == asking->fact || (asking->unknown >> step->slot & 1) == 0) {
            return;
        }
        int64_t saved = point->low[step->slot];
        for (uint64_t set = (uint64_t)(asking->box->low[step->slot] & step->bound); set != 0; set &= set - 1) {
            program_fix(point, step->slot, __builtin_ctzll(set));
            satisfy(asking, (uint8_t)(leaf + 1));
        }
        point->low[step->slot] = saved;
    } else {
        fill_sum(asking, step, (uint8_t)(leaf + 1));
    }
}

/* Values of a mixed fact to be tried: of a small range all of them, else those between which nothing turns, given what
 * the mixed facts before it have been set to. */
static uint32_t find_points(const struct asking *asking, uint8_t slot, uint64_t still_mixed, int64_t *points,
                            uint32_t room) {
    const struct decide_box *known = asking->box;
    int64_t span = 0;
    if (program_fact(known, slot)->type != PLAN_CHOICE &&
        !__builtin_sub_overflow(known->high[slot], known->low[slot], &span) && span <= FILL_ALL_MAX) {
        for (int64_t i = 0; i <= span; i++) {
            points[i] = known->low[slot] + i;
        }
        return (uint32_t)span + 1;
    }
    struct decide_box box = *known;
    uint64_t set = asking->unknown & asking->scale->mixed & ~still_mixed & ~(UINT64_C(1) << slot);
    for (uint64_t rest = set; rest != 0; rest &= rest - 1) {
        uint8_t other = (uint8_t)__builtin_ctzll(rest);
        box.low[other] = asking->point.low[other];
        box.high[other] = asking->point.high[other];
    }
    return program_find_cells(asking->program, &box, slot, still_mixed, points, room);
}

/* Gives the fact each value with which the term may hold, then builds the rest of the point. */
static void try_term(struct asking *asking, const struct term *term, uint8_t slot) {
    const struct plan_fact *fact = program_fact(asking->box, slot);
    asking->fact = slot;
    asking->term = term;
    if (fact->type == PLAN_SERIES) {
        set_corner(asking, slot, false);
        satisfy(asking, 0);
        set_harmless(asking, slot);
        return;
    }
    int64_t points[PROGRAM_SUM_CELLS_MAX + 64];
    uint32_t count = 0;
    if (fact->type == PLAN_CHOICE || (asking->scale->mixed >> slot & 1) != 0) {
        count = find_points(asking, slot, 0, points, sizeof points / sizeof *points);
    } else {
        bool falling = (asking->scale->falling >> slot & 1) != 0;
        points[count++] = falling ? asking->box->low[slot] : asking->box->high[slot];
    }
    int64_t low = asking->point.low[slot];
    int64_t high = asking->point.high[slot];
    for (uint32_t i = 0; i < count; i++) {
        program_fix(&asking->point, slot, points[i]);
        satisfy(asking, 0);
    }
    asking->point.low[slot] = low;
    asking->point.high[slot] = high;
}

/* Terms that could lift the level, at one setting of the mixed facts that the terms do not mention. */
static void try_terms(struct asking *asking) {
    const struct decide_program *program = asking->program;
    const struct scale_program *scale = asking->scale;
    for (uint32_t i = scale->first_term + scale->term_count; i > scale->first_term; i--) {
        const struct term *term = &program->terms[i - 1];
        uint64_t worth = term->slots & asking->unknown;
        if (term->level <= asking->level || term->level > asking->may || worth == 0) {
            continue;
        }
        bool possible = true;
        uint64_t live = 0;
        for (uint8_t k = 0; k < term->leaf_count && possible; k++) {
            uint32_t at = program->leaves[term->first_leaf + k];
            unsigned truth = program_weigh(program, at, asking->box);
            possible = (truth & TRUTH_POSSIBLE) != 0;
            const struct step *step = &program->steps[at];
            for (uint8_t n = 0; n < step->slot_count && truth == TRUTH_POSSIBLE; n++) {
                live |= UINT64_C(1) << program->slots[step->first_slot + n];
            }
        }
        for (uint64_t rest = possible ? worth & live : 0; rest != 0; rest &= rest - 1) {
            uint8_t slot = (uint8_t)__builtin_ctzll(rest);
            if (asking->lift[slot] < term->level) {
                try_term(asking, term, slot);
            }
        }
    }
}

static void try_mixed(struct asking *asking, uint64_t mixed) {
    if (mixed == 0) {
        try_terms(asking);
        return;
    }
    uint8_t slot = (uint8_t)__builtin_ctzll(mixed);
    int64_t points[PROGRAM_SUM_CELLS_MAX + 64];
    uint32_t count = find_points(asking, slot, mixed & (mixed - 1), points, sizeof points / sizeof *points);
    for (uint32_t i = 0; i < count; i++) {
        program_fix(&asking->point, slot, points[i]);
        try_mixed(asking, mixed & (mixed - 1));
    }
}

/* ---- settling and order ----------------------------------------------------------------------------------- */

static bool settles_rule(const struct asking *asking, uint8_t rule, uint8_t slot) {
    const struct decide_program *program = asking->program;
    const struct scale_program *scale = asking->scale;
    const struct plan_fact *fact = program_fact(asking->box, slot);
    struct decide_box box = *asking->box;
    struct decide_series series;
    int64_t points[PROGRAM_SUM_CELLS_MAX + 64];
    uint32_t count = 2;
    if (fact->type != PLAN_SERIES) {
        count = program_find_cells(program, &box, slot, 0, points, sizeof points / sizeof *points);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (fact->type == PLAN_SERIES) {
            struct asking scratch = {.scale = scale, .box = asking->box};
            copy_series(&scratch, slot, i == 0);
            series = scratch.series[slot];
            box.series[slot] = &series;
        } else {
            program_fix(&box, slot, points[i]);
        }
        if (program_weigh_rule(program, scale, rule, &box) != TRUTH_POSSIBLE) {
            return true;
        }
    }
    return false;
}

static bool comes_before(const struct asking *asking, uint8_t left, uint8_t right) {
    if (asking->lift[left] != asking->lift[right]) {
        return asking->lift[left] > asking->lift[right];
    }
    if (asking->settles[left] != asking->settles[right]) {
        return asking->settles[left] > asking->settles[right];
    }
    return left < right;
}

/* As decide_ask, for any scale and any box. */
static uint32_t ask_by_steps(const struct decide_program *program, const struct scale_program *scale,
                             const struct decide_box *box, const struct decide_level *level,
                             uint8_t slots[PLAN_FACTS_MAX]) {
    struct asking asking = {.program = program, .scale = scale, .box = box, .level = level->level, .may = level->may};
    asking.unknown = program_find_unknown(program, box, scale->slots);
    asking.point = *box;
    for (uint64_t rest = asking.unknown; rest != 0; rest &= rest - 1) {
        set_harmless(&asking, (uint8_t)__builtin_ctzll(rest));
    }
    try_mixed(&asking, asking.unknown & scale->mixed);
    uint32_t count = 0;
    for (uint64_t rest = asking.unknown; rest != 0; rest &= rest - 1) {
        uint8_t slot = (uint8_t)__builtin_ctzll(rest);
        if (asking.lift[slot] == 0) {
            continue;
        }
        for (uint8_t rule = 0; rule < scale->rule_count; rule++) {
            if ((level->open >> rule & 1) != 0 && settles_rule(&asking, rule, slot)) {
                asking.settles[slot]++;
            }
        }
        uint32_t at = count++;
        for (; at > 0 && comes_before(&asking, slot, slots[at - 1]); at--) {
            slots[at] = slots[at - 1];
        }
        slots[at] = slot;
    }
    return count;
}

uint32_t decide_ask(const struct decide_program *program, uint16_t index, const struct decide_box *box,
                    const struct decide_level *level, uint8_t slots[PLAN_FACTS_MAX]) {
    if (level->may == level->level) {
        return 0;
    }
    const struct scale_program *scale = &program->scales[index];
    uint32_t count = 0;
    if (bits_ask(program, scale, box, level, slots, &count)) {
        return count;
    }
    return ask_by_steps(program, scale, box, level, slots);
}

uint32_t decide_all(const struct decide_program *program, uint16_t index, const struct decide_box *box,
                    struct decide_level *level, uint8_t slots[PLAN_FACTS_MAX]) {
    uint32_t count = 0;
    if (bits_decide(program, &program->scales[index], box, level, slots, &count)) {
        return count;
    }
    decide_scale(program, index, box, level);
    return decide_ask(program, index, box, level, slots);
}
