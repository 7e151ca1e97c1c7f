/* Weighing a scale, and finding what to ask, with whole words of leaves.
 *
 * In one cell the scale is monotone in its leaves: with C the certain leaves and Q the open ones (possible, not certain),
 * what unknown facts can still do is to make some of Q hold, and those that they imply. A level is reached when `given`
 * and some rule of the level hold. A fact moves the level across a height in some completion exactly when one of its
 * leaves stands in a smallest set of open leaves that reaches the height. Where every open conjunction has one leaf, the
 * smallest sets are single leaves (that serve for both `given` and a rule, or for the one that is missing) and pairs of
 * one leaf for `given` and one for a rule; all are found at once by and-ing words. Which cell it is may be open too: a
 * choice moves the level when in two cells that differ in it alone a smallest set of the one does not reach in the
 * other. */

#include "engine/bits.h"

#include <string.h>

/* What a box comes to: leaves, and by kind of cell what holds in it. */
struct weighed {
    const struct bits *bits;
    uint64_t certain, possible, open;                           /* leaves */
    uint64_t cells;                                             /* that may be */
    uint64_t kinds;                                             /* of those */
    uint8_t given[BITS_MAX];                                    /* by number: truth */
    uint64_t rules_certain[BITS_MAX], rules_possible[BITS_MAX]; /* by number, without `given` */
};

/* ---- leaves and cells ------------------------------------------------------------------------------------- */

static void weigh_leaves(const struct decide_program *program, const struct bits *bits, const struct decide_box *box,
                         struct weighed *weighed) {
    uint64_t certain = 0;
    uint64_t possible = 0;
    for (uint32_t i = 0; i < bits->single_count; i++) {
        const struct bits_single *single = &bits->single[i];
        certain |= (uint64_t)(box->low[single->slot] >= single->bound) << i;
        possible |= (uint64_t)(box->high[single->slot] >= single->bound) << i;
    }
    for (uint32_t i = bits->single_count; i < bits->leaf_count; i++) {
        uint64_t truth = program_weigh(program, bits->steps[i], box);
        certain |= (truth >> 1) << i;
        possible |= (truth & TRUTH_POSSIBLE) << i;
    }
    weighed->bits = bits;
    weighed->certain = certain;
    weighed->possible = possible;
    weighed->open = possible & ~certain;
}

static void find_cells(const struct bits *bits, const struct decide_box *box, struct weighed *weighed) {
    uint64_t cells = bits->cell_count == 64 ? UINT64_MAX : (UINT64_C(1) << bits->cell_count) - 1;
    for (uint32_t choice = 0; choice < bits->choice_count; choice++) {
        uint64_t with = 0;
        for (uint32_t rest = (uint32_t)box->low[bits->choices[choice]]; rest != 0; rest &= rest - 1) {
            with |= bits->cells_with[choice][__builtin_ctz(rest)];
        }
        cells &= with;
    }
    weighed->cells = cells;
    weighed->kinds = 0;
    for (uint64_t rest = cells; rest != 0; rest &= rest - 1) {
        weighed->kinds |= UINT64_C(1) << bits->cell_kind[__builtin_ctzll(rest)];
    }
}

static uint64_t clauses_on(const struct bits_rules *rules, uint64_t leaves) {
    uint64_t on = 0;
    for (uint32_t i = 0; i < rules->clause_count; i++) {
        const struct bits_clause *clause = &rules->clauses[i];
        on |= (uint64_t)((clause->leaves & ~leaves) == 0) << clause->rule;
    }
    return on;
}

static uint64_t rules_on(const struct bits_rules *rules, uint64_t leaves) {
    uint64_t on = rules->always | clauses_on(rules, leaves);
    for (uint32_t rule = 0; rule < rules->rule_count; rule++) {
        on |= (uint64_t)((rules->any[rule] & leaves) != 0) << rule;
    }
    return on;
}

static inline bool given_on(const struct bits_rules *given, uint64_t leaves) {
    return (given->any[0] & leaves) != 0 || given->always != 0 ||
           (given->clause_count > 0 && clauses_on(given, leaves) != 0);
}

static void weigh_kinds(const struct bits *bits, struct weighed *weighed) {
    uint64_t givens = 0;
    uint64_t rules = 0;
    for (uint64_t rest = weighed->kinds; rest != 0; rest &= rest - 1) {
        int kind = __builtin_ctzll(rest);
        givens |= UINT64_C(1) << bits->kind_given[kind];
        rules |= UINT64_C(1) << bits->kind_rules[kind];
    }
    for (uint64_t rest = givens; rest != 0; rest &= rest - 1) {
        int number = __builtin_ctzll(rest);
        const struct bits_rules *given = &bits->givens[number];
        weighed->given[number] = (uint8_t)((given_on(given, weighed->certain) ? TRUTH_CERTAIN : 0) |
                                           (given_on(given, weighed->possible) ? TRUTH_POSSIBLE : 0));
    }
    for (uint64_t rest = rules; rest != 0; rest &= rest - 1) {
        int number = __builtin_ctzll(rest);
        weighed->rules_certain[number] = rules_on(&bits->rules[number], weighed->certain);
        weighed->rules_possible[number] = rules_on(&bits->rules[number], weighed->possible);
    }
}

static inline uint64_t kind_certain(const struct weighed *weighed, int kind) {
    const struct bits *bits = weighed->bits;
    bool given = (weighed->given[bits->kind_given[kind]] & TRUTH_CERTAIN) != 0;
    return given ? weighed->rules_certain[bits->kind_rules[kind]] : 0;
}

static inline uint64_t kind_possible(const struct weighed *weighed, int kind) {
    const struct bits *bits = weighed->bits;
    bool given = (weighed->given[bits->kind_given[kind]] & TRUTH_POSSIBLE) != 0;
    return given ? weighed->rules_possible[bits->kind_rules[kind]] : 0;
}

static inline uint8_t highest(const struct scale_program *scale, const struct bits *bits, uint64_t rules) {
    uint8_t level = rules == 0 ? 0 : bits->top;
    while (level > 0 && (scale->level_rules[level] & rules) == 0) {
        level--;
    }
    return level;
}

static uint64_t rules_from(const struct scale_program *scale, const struct bits *bits, uint32_t low) {
    uint64_t rules = 0;
    for (uint32_t level = low; level <= bits->top; level++) {
        rules |= scale->level_rules[level];
    }
    return rules;
}

/* False when this box must be weighed step by step. */
static bool weigh(const struct decide_program *program, const struct bits *bits, const struct decide_box *box,
                  struct weighed *weighed) {
    if (bits == NULL) {
        return false;
    }
    weigh_leaves(program, bits, box, weighed);
    find_cells(bits, box, weighed);
    if ((weighed->open & bits->both_ways) != 0 || weighed->cells == 0) {
        return false;
    }
    weigh_kinds(bits, weighed);
    return true;
}

static void find_level(const struct scale_program *scale, const struct weighed *weighed, struct decide_level *result) {
    const struct bits *bits = weighed->bits;
    uint64_t everywhere = UINT64_MAX;
    uint64_t somewhere = 0;
    uint64_t possible = 0;
    result->level = UINT8_MAX;
    for (uint64_t rest = weighed->kinds; rest != 0; rest &= rest - 1) {
        int kind = __builtin_ctzll(rest);
        uint64_t certain = kind_certain(weighed, kind);
        uint8_t level = highest(scale, bits, certain);
        everywhere &= certain;
        somewhere |= certain;
        possible |= kind_possible(weighed, kind);
        result->level = level < result->level ? level : result->level;
    }
    result->may = highest(scale, bits, possible);
    result->because = everywhere & scale->level_rules[result->level];
    if (result->level > 0 && result->because == 0) { /* by a different rule in each cell */
        result->because = somewhere & rules_from(scale, bits, result->level);
    }
    uint64_t open = possible & ~everywhere;
    result->open = open == 0 ? 0 : open & rules_from(scale, bits, result->level + 1U);
}

bool bits_weigh(const struct decide_program *program, const struct scale_program *scale, const struct decide_box *box,
                struct decide_level *result) {
    struct weighed weighed;
    if (!weigh(program, scale->bits, box, &weighed)) {
        return false;
    }
    find_level(scale, &weighed, result);
    return true;
}

/* ---- which facts matter ----------------------------------------------------------------------------------- */

/* A kind of cell at one level: whether `given`, a rule, is certain, and the open leaves that suffice for one. */
struct height {
    uint64_t given_any, given_up, rule_any, rule_up; /* open leaves that suffice for it; that imply one of those */
    bool given, rule;                                /* certain */
    bool can;                                        /* the level may be reached */
};

struct bits_asking {
    const struct decide_program *program;
    const struct scale_program *scale;
    const struct decide_box *box;
    const struct decide_level *level;
    struct weighed weighed;
    struct bits_reach *givens[BITS_MAX], *rules[BITS_MAX]; /* NULL: as they were made; else with what has become of */
    struct bits_reach room[4];                             /* their clauses */
    uint32_t room_used;
    uint64_t done; /* facts that are known to matter */
};

static int64_t add(int64_t left, int64_t right) {
    int64_t sum = 0;
    return __builtin_add_overflow(left, right, &sum) ? (left > 0 ? INT64_MAX : INT64_MIN) : sum;
}

/* Clauses of which one leaf is open are like single leaves; of which several are open, it is not for us. */
static bool reduce(struct bits_asking *asking, const struct bits_rules *rules, struct bits_reach **reach) {
    const struct weighed *weighed = &asking->weighed;
    *reach = NULL;
    for (uint32_t i = 0; i < rules->clause_count; i++) {
        const struct bits_clause *clause = &rules->clauses[i];
        uint64_t left = clause->leaves & ~weighed->certain;
        if (left == 0 || (left & ~weighed->possible) != 0) {
            continue;
        }
        if ((left & (left - 1)) != 0) {
            return false;
        }
        if (*reach == NULL) {
            if (asking->room_used == sizeof asking->room / sizeof *asking->room) {
                return false;
            }
            *reach = &asking->room[asking->room_used++];
            **reach = rules->reach;
        }
        for (uint32_t level = 0; level <= clause->level; level++) {
            (*reach)->any[level] |= left;
            (*reach)->up[level] |= weighed->bits->implied_by[__builtin_ctzll(left)];
        }
    }
    return true;
}

static bool reduce_all(struct bits_asking *asking) {
    const struct bits *bits = asking->weighed.bits;
    uint64_t givens = 0;
    uint64_t rules = 0;
    for (uint64_t rest = asking->weighed.kinds; rest != 0; rest &= rest - 1) {
        int kind = __builtin_ctzll(rest);
        uint8_t given = bits->kind_given[kind];
        uint8_t rule = bits->kind_rules[kind];
        if (((givens >> given & 1) == 0 && !reduce(asking, &bits->givens[given], &asking->givens[given])) ||
            ((rules >> rule & 1) == 0 && !reduce(asking, &bits->rules[rule], &asking->rules[rule]))) {
            return false;
        }
        givens |= UINT64_C(1) << given;
        rules |= UINT64_C(1) << rule;
    }
    return true;
}

static struct height height_of(const struct bits_asking *asking, int kind, uint32_t level, uint64_t from) {
    const struct weighed *weighed = &asking->weighed;
    uint8_t given = weighed->bits->kind_given[kind];
    uint8_t rules = weighed->bits->kind_rules[kind];
    const struct bits_reach *given_reach =
        asking->givens[given] != NULL ? asking->givens[given] : &weighed->bits->givens[given].reach;
    const struct bits_reach *rules_reach =
        asking->rules[rules] != NULL ? asking->rules[rules] : &weighed->bits->rules[rules].reach;
    return (struct height){
        .given = (weighed->given[given] & TRUTH_CERTAIN) != 0,
        .rule = (weighed->rules_certain[rules] & from) != 0,
        .can = (weighed->given[given] & TRUTH_POSSIBLE) != 0 && (weighed->rules_possible[rules] & from) != 0,
        .given_any = given_reach->any[1] & weighed->open,
        .given_up = given_reach->up[1] & weighed->open,
        .rule_any = rules_reach->any[level] & weighed->open,
        .rule_up = rules_reach->up[level] & weighed->open,
    };
}

/* A fact of a sum matters when the others can stand so that it alone takes the sum over the leaf's bound. */
static bool matters_in_sum(const struct bits_asking *asking, const struct step *step, uint8_t slot) {
    const struct decide_box *box = asking->box;
    int64_t low = 0; /* what the others come to */
    int64_t high = 0;
    for (uint8_t k = 0; k < step->slot_count; k++) {
        uint8_t other = asking->program->slots[step->first_slot + k];
        low = other == slot ? low : add(low, box->low[other]);
        high = other == slot ? high : add(high, box->high[other]);
    }
    int64_t bound = step->kind == PLAN_AT_LEAST ? step->bound : add(step->bound, 1);
    int64_t from = add(bound, -box->high[slot]);
    int64_t to = add(bound - 1, -box->low[slot]);
    return (from > low ? from : low) <= (to < high ? to : high);
}

/* The facts behind leaves of smallest sets; of leaves that imply one another the weakest counts. */
static uint64_t facts_behind(const struct bits_asking *asking, uint64_t leaves) {
    const struct bits *bits = asking->weighed.bits;
    uint64_t facts = 0;
    for (uint64_t rest = leaves & ~bits->sums; rest != 0; rest &= rest - 1) {
        facts |= UINT64_C(1) << asking->program->steps[bits->steps[__builtin_ctzll(rest)]].slot;
    }
    for (uint64_t rest = leaves & bits->sums; rest != 0; rest &= rest - 1) {
        int leaf = __builtin_ctzll(rest);
        if ((bits->implies[leaf] & leaves & ~(UINT64_C(1) << leaf)) != 0) {
            continue;
        }
        const struct step *step = &asking->program->steps[bits->steps[leaf]];
        for (uint8_t k = 0; k < step->slot_count; k++) {
            uint8_t slot = asking->program->slots[step->first_slot + k];
            facts |= (asking->done >> slot & 1) == 0 && matters_in_sum(asking, step, slot) ? UINT64_C(1) << slot : 0;
        }
    }
    return facts;
}

/* Facts that within one kind of cell move the level across this height. */
static uint64_t facts_within(const struct bits_asking *asking, const struct height *height) {
    if (!height->can || (height->given && height->rule)) {
        return 0;
    }
    if (height->given) {
        return facts_behind(asking, height->rule_any);
    }
    if (height->rule) {
        return facts_behind(asking, height->given_any);
    }
    uint64_t both = height->given_up & height->rule_up;
    uint64_t given = height->given_any & ~both;
    uint64_t rule = height->rule_any & ~both;
    uint64_t facts = facts_behind(asking, both);
    return given != 0 && rule != 0 ? facts | facts_behind(asking, given) | facts_behind(asking, rule) : facts;
}

/* Whether in some completion the one kind of cell reaches the height and the other does not. */
static bool parts_kinds(const struct height *reaches, const struct height *fails) {
    if (!reaches->can || (fails->given && fails->rule)) {
        return false;
    }
    if ((reaches->given && reaches->rule) || !fails->can) {
        return true;
    }
    uint64_t given = fails->given ? UINT64_MAX : fails->given_up; /* leaves that bring `given` about where it fails */
    uint64_t rule = fails->rule ? UINT64_MAX : fails->rule_up;
    if (reaches->given) {
        return (reaches->rule_any & ~(given & rule)) != 0;
    }
    if (reaches->rule) {
        return (reaches->given_any & ~(given & rule)) != 0;
    }
    return ((reaches->given_any & ~given) != 0 && (reaches->rule_any & ~given) != 0) ||
           ((reaches->given_any & ~rule) != 0 && (reaches->rule_any & ~rule) != 0);
}

static bool choice_matters(const struct bits_asking *asking, uint32_t choice, const struct height *heights) {
    const struct weighed *weighed = &asking->weighed;
    const struct bits *bits = weighed->bits;
    for (uint64_t rest = weighed->cells; rest != 0; rest &= rest - 1) {
        int cell = __builtin_ctzll(rest);
        uint8_t kind = bits->cell_kind[cell];
        if (!heights[kind].can) {
            continue;
        }
        for (uint64_t near = weighed->cells & bits->neighbours[choice][cell]; near != 0; near &= near - 1) {
            uint8_t other = bits->cell_kind[__builtin_ctzll(near)];
            if (other != kind && parts_kinds(&heights[kind], &heights[other])) {
                return true;
            }
        }
    }
    return false;
}

/* Facts that move the level across this height and no greater one. */
static uint64_t facts_at(const struct bits_asking *asking, uint32_t level, uint64_t from) {
    const struct weighed *weighed = &asking->weighed;
    struct height heights[BITS_MAX];
    uint64_t facts = 0;
    for (uint64_t rest = weighed->kinds; rest != 0; rest &= rest - 1) {
        int kind = __builtin_ctzll(rest);
        heights[kind] = height_of(asking, kind, level, from);
        facts |= facts_within(asking, &heights[kind]);
    }
    for (uint32_t choice = 0; choice < weighed->bits->choice_count; choice++) {
        uint64_t bit = UINT64_C(1) << weighed->bits->choices[choice];
        if ((asking->done & bit) == 0 && choice_matters(asking, choice, heights)) {
            facts |= bit;
        }
    }
    return facts & ~asking->done;
}

/* ---- settling --------------------------------------------------------------------------------------------- */

/* The fact's own two ends: leaves that its worst value makes certain, and that its best makes impossible. */
static void find_ends(const struct bits_asking *asking, uint8_t slot, uint64_t *on, uint64_t *off) {
    const struct bits *bits = asking->weighed.bits;
    uint64_t open = bits->slot_leaves[slot] & asking->weighed.open;
    *on = *off = open & ~bits->sums;
    for (uint64_t rest = open & bits->sums; rest != 0; rest &= rest - 1) {
        int leaf = __builtin_ctzll(rest);
        const struct step *step = &asking->program->steps[bits->steps[leaf]];
        bool up = step->kind == PLAN_AT_LEAST;
        int64_t most = 0; /* the sum where the fact does its best and all else its worst for the leaf, and opposite */
        int64_t least = 0;
        for (uint8_t k = 0; k < step->slot_count; k++) {
            uint8_t other = asking->program->slots[step->first_slot + k];
            most = add(most, (other == slot) == up ? asking->box->high[other] : asking->box->low[other]);
            least = add(least, (other == slot) == up ? asking->box->low[other] : asking->box->high[other]);
        }
        *on |= (uint64_t)(up ? most >= step->bound : most <= step->bound) << leaf;
        *off |= (uint64_t)(up ? least < step->bound : least > step->bound) << leaf;
    }
}

/* Rules that hold in every cell, in some cell, once these leaves are certain, and those impossible. */
struct settled {
    uint64_t everywhere, somewhere;
};

static uint64_t rules_with(const struct bits_rules *rules, uint64_t before, uint64_t leaves, uint64_t more) {
    if (rules->clause_count > 0) {
        return rules_on(rules, leaves);
    }
    for (uint64_t rest = more; rest != 0; rest &= rest - 1) {
        before |= rules->leaf_rules[__builtin_ctzll(rest)];
    }
    return before;
}

static uint64_t rules_without(const struct bits_rules *rules, uint64_t before, uint64_t leaves, uint64_t less) {
    if (rules->clause_count > 0) {
        return rules_on(rules, leaves);
    }
    uint64_t touched = 0;
    for (uint64_t rest = less; rest != 0; rest &= rest - 1) {
        touched |= rules->leaf_rules[__builtin_ctzll(rest)];
    }
    for (uint64_t rest = touched & ~rules->always; rest != 0; rest &= rest - 1) {
        int rule = __builtin_ctzll(rest);
        before &= ~((uint64_t)((rules->any[rule] & leaves) == 0) << rule);
    }
    return before;
}

static uint64_t settled_by_leaves(const struct bits_asking *asking, uint8_t slot) {
    const struct weighed *weighed = &asking->weighed;
    const struct bits *bits = weighed->bits;
    uint64_t on = 0;
    uint64_t off = 0;
    find_ends(asking, slot, &on, &off);
    uint64_t certain = weighed->certain | on;
    uint64_t possible = weighed->possible & ~off;
    uint64_t everywhere = asking->level->open;
    uint64_t somewhere = 0;
    for (uint64_t rest = weighed->kinds; rest != 0; rest &= rest - 1) {
        int kind = __builtin_ctzll(rest);
        uint8_t given = bits->kind_given[kind];
        uint8_t number = bits->kind_rules[kind];
        const struct bits_rules *rules = &bits->rules[number];
        if (everywhere != 0) {
            bool holds = (weighed->given[given] & TRUTH_CERTAIN) != 0 || given_on(&bits->givens[given], certain);
            everywhere &= holds ? rules_with(rules, weighed->rules_certain[number], certain, on) : 0;
        }
        bool can = (weighed->given[given] & TRUTH_CERTAIN) != 0 ||
                   ((weighed->given[given] & TRUTH_POSSIBLE) != 0 && given_on(&bits->givens[given], possible));
        somewhere |= can ? rules_without(rules, weighed->rules_possible[number], possible, off) : 0;
    }
    return asking->level->open & (everywhere | ~somewhere);
}

static uint64_t settled_by_choice(const struct bits_asking *asking, uint32_t choice) {
    const struct weighed *weighed = &asking->weighed;
    const struct bits *bits = weighed->bits;
    uint64_t settled = 0;
    for (uint32_t values = (uint32_t)asking->box->low[bits->choices[choice]]; values != 0; values &= values - 1) {
        uint64_t everywhere = UINT64_MAX;
        uint64_t somewhere = 0;
        uint64_t cells = weighed->cells & bits->cells_with[choice][__builtin_ctz(values)];
        for (; cells != 0; cells &= cells - 1) {
            uint8_t kind = bits->cell_kind[__builtin_ctzll(cells)];
            everywhere &= kind_certain(weighed, kind);
            somewhere |= kind_possible(weighed, kind);
        }
        settled |= everywhere | ~somewhere;
    }
    return settled & asking->level->open;
}

static uint8_t count_settled(const struct bits_asking *asking, uint8_t slot) {
    const struct bits *bits = asking->weighed.bits;
    uint32_t choice = 0;
    while (choice < bits->choice_count && bits->choices[choice] != slot) {
        choice++;
    }
    uint64_t settled =
        choice < bits->choice_count ? settled_by_choice(asking, choice) : settled_by_leaves(asking, slot);
    return (uint8_t)__builtin_popcountll(settled);
}

/* Puts facts that lift equally high behind those that lift higher: by how much they settle, then by declaration. */
static uint32_t line_up(const struct bits_asking *asking, uint64_t facts, uint32_t first, uint8_t *slots) {
    uint8_t settles[PLAN_FACTS_MAX];
    uint32_t count = first;
    if ((facts & (facts - 1)) == 0 && facts != 0) {
        slots[count++] = (uint8_t)__builtin_ctzll(facts);
        return count;
    }
    for (uint64_t rest = facts; rest != 0; rest &= rest - 1) {
        uint8_t slot = (uint8_t)__builtin_ctzll(rest);
        uint8_t settled = count_settled(asking, slot);
        uint32_t at = count++;
        for (; at > first && settles[at - 1] < settled; at--) {
            slots[at] = slots[at - 1];
            settles[at] = settles[at - 1];
        }
        slots[at] = slot;
        settles[at] = settled;
    }
    return count;
}

/* Finds the facts worth asking in what has been weighed; false when they must be found step by step. */
static bool ask(struct bits_asking *asking, uint8_t slots[PLAN_FACTS_MAX], uint32_t *count) {
    const struct bits *bits = asking->weighed.bits;
    const struct scale_program *scale = asking->scale;
    if ((asking->weighed.open & bits->unlike) != 0 || !reduce_all(asking)) {
        return false;
    }
    *count = 0;
    uint64_t from = rules_from(scale, bits, asking->level->may);
    for (uint32_t height = asking->level->may; height > 0; height--) {
        from |= scale->level_rules[height];
        uint64_t facts = facts_at(asking, height, from);
        asking->done |= facts;
        *count = line_up(asking, facts, *count, slots);
    }
    return true;
}

static void start(struct bits_asking *asking, const struct decide_program *program, const struct scale_program *scale,
                  const struct decide_box *box, const struct decide_level *level) {
    asking->program = program;
    asking->scale = scale;
    asking->box = box;
    asking->level = level;
    asking->room_used = 0;
    asking->done = 0;
}

bool bits_ask(const struct decide_program *program, const struct scale_program *scale, const struct decide_box *box,
              const struct decide_level *level, uint8_t slots[PLAN_FACTS_MAX], uint32_t *count) {
    struct bits_asking asking;
    start(&asking, program, scale, box, level);
    return weigh(program, scale->bits, box, &asking.weighed) && ask(&asking, slots, count);
}

bool bits_decide(const struct decide_program *program, const struct scale_program *scale, const struct decide_box *box,
                 struct decide_level *level, uint8_t slots[PLAN_FACTS_MAX], uint32_t *count) {
    struct bits_asking asking;
    if (!weigh(program, scale->bits, box, &asking.weighed)) {
        return false;
    }
    find_level(scale, &asking.weighed, level);
    *count = 0;
    if (level->may == level->level) {
        return true;
    }
    start(&asking, program, scale, box, level);
    return ask(&asking, slots, count);
}
