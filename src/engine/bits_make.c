/* Puts a scale into bits, once, when the program is made. */

#include "engine/bits.h"

#include <string.h>

#define LIST_MAX 128 /* conjunctions of one condition in one cell */

struct maker {
    struct decide_program *program;
    struct scale_program *scale;
    struct bits *bits;
    uint8_t chosen[BITS_CHOICES_MAX]; /* a value of each choice: the cell being written out */
    uint8_t class_of[BITS_CHOICES_MAX][PLAN_CHOICES_MAX];
    uint8_t class_value[BITS_CHOICES_MAX][PLAN_CHOICES_MAX]; /* one value of each class */
    uint8_t class_count[BITS_CHOICES_MAX];
};

struct list {
    uint32_t count;
    uint64_t items[LIST_MAX];
};

/* ---- leaves ----------------------------------------------------------------------------------------------- */

static uint64_t slots_of(const struct decide_program *program, const struct step *step) {
    uint64_t slots = 0;
    for (uint8_t k = 0; k < step->slot_count; k++) {
        slots |= UINT64_C(1) << program->slots[step->first_slot + k];
    }
    return slots;
}

static bool is_number(const struct step *step) {
    return step->kind == PLAN_AT_LEAST || step->kind == PLAN_AT_MOST;
}

static bool is_same_leaf(const struct decide_program *program, const struct step *left, const struct step *right) {
    return left->kind == right->kind && slots_of(program, left) == slots_of(program, right) &&
           left->bound == right->bound && left->days == right->days && left->forward == right->forward &&
           left->low == right->low && left->high == right->high;
}

/* The choice that a leaf looks at, among those that pull both ways; choice_count if none. */
static uint32_t choice_of(const struct bits *bits, const struct step *step) {
    uint32_t choice = 0;
    while (choice < bits->choice_count && (step->kind != PLAN_AMONG || bits->choices[choice] != step->slot)) {
        choice++;
    }
    return choice;
}

static uint32_t find_leaf(const struct maker *maker, const struct step *step) {
    uint32_t leaf = 0;
    while (leaf < maker->bits->leaf_count &&
           !is_same_leaf(maker->program, &maker->program->steps[maker->bits->steps[leaf]], step)) {
        leaf++;
    }
    return leaf;
}

/* Calls `visit` for every leaf of the scale; false as soon as it says so. */
static bool visit_leaves(struct maker *maker, bool (*visit)(struct maker *, uint32_t)) {
    const struct scale_program *scale = maker->scale;
    for (uint32_t i = 0; i <= scale->rule_count; i++) {
        uint32_t condition = i == scale->rule_count ? scale->given : scale->rules[i];
        uint32_t at = condition == PROGRAM_NONE ? 0 : maker->program->conditions[condition].start;
        uint32_t end = condition == PROGRAM_NONE ? 0 : maker->program->steps[at].end;
        for (; at < end; at++) {
            uint8_t kind = maker->program->steps[at].kind;
            if (kind != PLAN_ALL && kind != PLAN_ANY && !visit(maker, at)) {
                return false;
            }
        }
    }
    return true;
}

static bool add_leaf(struct maker *maker, uint32_t at) {
    struct bits *bits = maker->bits;
    const struct step *step = &maker->program->steps[at];
    if (choice_of(bits, step) < bits->choice_count || find_leaf(maker, step) < bits->leaf_count) {
        return true;
    }
    if (bits->leaf_count == BITS_MAX || step->slot_count == 0) {
        return false;
    }
    bits->steps[bits->leaf_count++] = at;
    return true;
}

static bool add_single(struct maker *maker, uint32_t at) {
    const struct step *step = &maker->program->steps[at];
    if (step->kind != PLAN_AT_LEAST || step->slot_count != 1) {
        return true;
    }
    bool fine = add_leaf(maker, at);
    uint32_t leaf = find_leaf(maker, step);
    if (fine) {
        maker->bits->single[leaf] = (struct bits_single){.bound = step->bound, .slot = step->slot};
        maker->bits->single_count = maker->bits->leaf_count;
    }
    return fine;
}

static bool implies(const struct decide_program *program, const struct step *left, const struct step *right) {
    if (!is_number(left) || left->kind != right->kind || slots_of(program, left) != slots_of(program, right)) {
        return false;
    }
    return left->kind == PLAN_AT_LEAST ? left->bound >= right->bound : left->bound <= right->bound;
}

static void relate_leaves(struct maker *maker) {
    const struct decide_program *program = maker->program;
    struct bits *bits = maker->bits;
    for (uint32_t i = 0; i < bits->leaf_count; i++) {
        const struct step *step = &program->steps[bits->steps[i]];
        for (uint32_t k = 0; k < bits->leaf_count; k++) {
            if (k == i || implies(program, step, &program->steps[bits->steps[k]])) {
                bits->implies[i] |= UINT64_C(1) << k;
                bits->implied_by[k] |= UINT64_C(1) << i;
            }
        }
        for (uint64_t rest = slots_of(program, step); rest != 0; rest &= rest - 1) {
            bits->slot_leaves[__builtin_ctzll(rest)] |= UINT64_C(1) << i;
        }
        bits->sums |= step->slot_count > 1 ? UINT64_C(1) << i : 0;
    }
}

/* A fact's leaves are alike when there is one, or when all compare the same sum in the same direction. */
static bool are_alike(const struct maker *maker, uint64_t leaves) {
    const struct decide_program *program = maker->program;
    const struct step *first = &program->steps[maker->bits->steps[__builtin_ctzll(leaves)]];
    for (uint64_t rest = leaves & (leaves - 1); rest != 0; rest &= rest - 1) {
        const struct step *step = &program->steps[maker->bits->steps[__builtin_ctzll(rest)]];
        if (!is_number(step) || step->kind != first->kind || slots_of(program, step) != slots_of(program, first)) {
            return false;
        }
    }
    return true;
}

static void mark_leaves(struct maker *maker, uint16_t subject) {
    struct bits *bits = maker->bits;
    const struct plan *plan = maker->program->plan;
    for (uint16_t slot = 0; slot < plan->subjects[subject].fact_count; slot++) {
        uint64_t leaves = bits->slot_leaves[slot];
        const struct plan_fact *fact = &plan->facts[plan->subjects[subject].facts[slot]];
        if (leaves == 0) {
            continue;
        }
        if ((maker->scale->mixed >> slot & 1) != 0) {
            bits->both_ways |= leaves;
        }
        if (!are_alike(maker, leaves) || (fact->type == PLAN_TIME && (leaves & bits->sums) != 0)) {
            bits->unlike |= leaves;
        }
    }
    bits->unlike |= bits->both_ways;
}

/* ---- cells ------------------------------------------------------------------------------------------------ */

static bool find_choices(struct maker *maker, uint16_t subject) {
    struct bits *bits = maker->bits;
    const struct plan *plan = maker->program->plan;
    for (uint64_t rest = maker->scale->mixed; rest != 0; rest &= rest - 1) {
        uint8_t slot = (uint8_t)__builtin_ctzll(rest);
        if (plan->facts[plan->subjects[subject].facts[slot]].type == PLAN_CHOICE) {
            if (bits->choice_count == BITS_CHOICES_MAX) {
                return false;
            }
            bits->choices[bits->choice_count++] = slot;
        }
    }
    return true;
}

/* Parts the values of a choice that a leaf tells apart. */
static bool part_values(struct maker *maker, uint32_t at) {
    const struct step *step = &maker->program->steps[at];
    uint32_t choice = choice_of(maker->bits, step);
    if (choice == maker->bits->choice_count) {
        return true;
    }
    uint8_t *class_of = maker->class_of[choice];
    for (uint8_t class = 0; class < PLAN_CHOICES_MAX; class ++) {
        uint32_t inside = 0;
        uint32_t outside = 0;
        bool used[PLAN_CHOICES_MAX] = {false};
        for (uint32_t value = 0; value < PLAN_CHOICES_MAX; value++) {
            used[class_of[value]] = true;
            uint32_t bit = class_of[value] == class ? UINT32_C(1) << value : 0;
            inside |= bit & (uint32_t)step->bound;
            outside |= bit & ~(uint32_t)step->bound;
        }
        uint8_t fresh = 0;
        while (fresh < PLAN_CHOICES_MAX - 1 && used[fresh]) {
            fresh++;
        }
        for (uint32_t value = 0; value < PLAN_CHOICES_MAX && inside != 0 && outside != 0; value++) {
            class_of[value] = (outside >> value & 1) != 0 ? fresh : class_of[value];
        }
    }
    return true;
}

/* Numbers the classes of the values that there are. */
static void number_classes(struct maker *maker, uint32_t choice, uint16_t value_count) {
    uint8_t numbers[PLAN_CHOICES_MAX];
    memset(numbers, UINT8_MAX, sizeof numbers);
    for (uint16_t value = 0; value < value_count; value++) {
        uint8_t *number = &numbers[maker->class_of[choice][value]];
        if (*number == UINT8_MAX) {
            *number = maker->class_count[choice]++;
            maker->class_value[choice][*number] = (uint8_t)value;
        }
        maker->class_of[choice][value] = *number;
    }
}

static uint32_t class_in(const struct maker *maker, uint32_t cell, uint32_t choice) {
    for (uint32_t before = 0; before < choice; before++) {
        cell /= maker->class_count[before];
    }
    return cell % maker->class_count[choice];
}

static bool make_cells(struct maker *maker, uint16_t subject) {
    struct bits *bits = maker->bits;
    const struct plan *plan = maker->program->plan;
    (void)visit_leaves(maker, part_values);
    bits->cell_count = 1;
    for (uint32_t choice = 0; choice < bits->choice_count; choice++) {
        number_classes(maker, choice, plan->facts[plan->subjects[subject].facts[bits->choices[choice]]].choice_count);
        bits->cell_count *= maker->class_count[choice];
        if (bits->cell_count > BITS_MAX) {
            return false;
        }
    }
    for (uint32_t cell = 0; cell < bits->cell_count; cell++) {
        uint32_t stride = 1;
        for (uint32_t choice = 0; choice < bits->choice_count; choice++) {
            uint32_t class = class_in(maker, cell, choice);
            for (uint32_t value = 0; value < PLAN_CHOICES_MAX; value++) {
                bool within = maker->class_of[choice][value] == class;
                bits->cells_with[choice][value] |= within ? UINT64_C(1) << cell : 0;
            }
            for (uint32_t other = 0; other < maker->class_count[choice]; other++) {
                bits->neighbours[choice][cell] |=
                    other == class ? 0 : UINT64_C(1) << (cell + other * stride - class * stride);
            }
            stride *= maker->class_count[choice];
        }
    }
    return true;
}

/* ---- conditions in a cell --------------------------------------------------------------------------------- */

static uint64_t close_over(const struct bits *bits, uint64_t leaves) {
    uint64_t closed = 0;
    for (uint64_t rest = leaves; rest != 0; rest &= rest - 1) {
        closed |= bits->implies[__builtin_ctzll(rest)];
    }
    return closed;
}

/* Adds a conjunction unless another one is implied by it; takes out those that imply it. */
static bool list_add(const struct bits *bits, struct list *list, uint64_t item) {
    for (uint64_t rest = item; rest != 0; rest &= rest - 1) { /* leaves that others of it imply say nothing */
        int leaf = __builtin_ctzll(rest);
        if ((bits->implied_by[leaf] & item & ~(UINT64_C(1) << leaf)) != 0) {
            item &= ~(UINT64_C(1) << leaf);
        }
    }
    uint64_t closed = close_over(bits, item);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        if ((list->items[i] & ~closed) == 0) {
            return true;
        }
    }
    for (uint32_t i = 0; i < list->count; i++) {
        if ((item & ~close_over(bits, list->items[i])) != 0) {
            list->items[kept++] = list->items[i];
        }
    }
    list->count = kept;
    if (list->count == LIST_MAX) {
        return false;
    }
    list->items[list->count++] = item;
    return true;
}

static bool expand(const struct maker *maker, uint32_t at, struct list *list);

static bool expand_all(const struct maker *maker, uint32_t at, struct list *list) {
    const struct step *steps = maker->program->steps;
    *list = (struct list){.count = 1};
    for (uint32_t child = at + 1; child < steps[at].end; child = steps[child].end) {
        struct list part;
        struct list product = {0};
        if (!expand(maker, child, &part)) {
            return false;
        }
        for (uint32_t i = 0; i < list->count; i++) {
            for (uint32_t k = 0; k < part.count; k++) {
                if (!list_add(maker->bits, &product, list->items[i] | part.items[k])) {
                    return false;
                }
            }
        }
        *list = product;
    }
    return true;
}

/* Writes a condition out as conjunctions of leaves, the choices being what they are in the maker's cell. */
static bool expand(const struct maker *maker, uint32_t at, struct list *list) {
    const struct step *steps = maker->program->steps;
    const struct step *step = &steps[at];
    list->count = 0;
    if (step->kind == PLAN_ALL) {
        return expand_all(maker, at, list);
    }
    if (step->kind != PLAN_ANY) {
        uint32_t choice = choice_of(maker->bits, step);
        if (choice == maker->bits->choice_count) {
            list->items[list->count++] = UINT64_C(1) << find_leaf(maker, step);
        } else if ((step->bound >> maker->chosen[choice] & 1) != 0) {
            list->items[list->count++] = 0;
        }
        return true;
    }
    for (uint32_t child = at + 1; child < step->end; child = steps[child].end) {
        struct list part;
        if (!expand(maker, child, &part)) {
            return false;
        }
        for (uint32_t i = 0; i < part.count; i++) {
            if (!list_add(maker->bits, list, part.items[i])) {
                return false;
            }
        }
    }
    return true;
}

/* Takes one conjunction into the rules; *clauses has room for those of several leaves. */
static void add_item(const struct bits *bits, struct bits_rules *rules, uint8_t rule, uint8_t level, uint64_t item) {
    rules->rule_count = rule + 1U > rules->rule_count ? rule + 1U : rules->rule_count;
    if (item == 0) {
        rules->always |= UINT64_C(1) << rule;
    } else if ((item & (item - 1)) == 0) {
        int leaf = __builtin_ctzll(item);
        rules->any[rule] |= item;
        rules->leaf_rules[leaf] |= UINT64_C(1) << rule;
        for (uint32_t below = 0; below <= level; below++) {
            rules->reach.any[below] |= item;
            rules->reach.up[below] |= bits->implied_by[leaf];
        }
    } else {
        rules->clauses[rules->clause_count++] = (struct bits_clause){item, rule, level};
    }
}

static bool add_condition(struct maker *maker, struct bits_rules *rules, uint32_t condition, uint8_t rule,
                          uint8_t level) {
    struct list list = {.count = 1};
    if (condition != PROGRAM_NONE && !expand(maker, maker->program->conditions[condition].start, &list)) {
        return false;
    }
    uint32_t more = rules->clause_count + list.count;
    struct bits_clause *clauses = arena_allocate_array(maker->program->arena, more + 1, sizeof *clauses);
    if (clauses == NULL) {
        return false;
    }
    if (rules->clause_count > 0) {
        memcpy(clauses, rules->clauses, rules->clause_count * sizeof *clauses);
    }
    rules->clauses = clauses;
    for (uint32_t i = 0; i < list.count; i++) {
        add_item(maker->bits, rules, rule, level, list.items[i]);
    }
    return true;
}

static bool is_same_clauses(const struct bits_rules *left, const struct bits_rules *right) {
    bool same = left->clause_count == right->clause_count;
    for (uint32_t i = 0; same && i < left->clause_count; i++) {
        same = left->clauses[i].leaves == right->clauses[i].leaves && left->clauses[i].rule == right->clauses[i].rule;
    }
    return same;
}

/* The number of equal rules among those there are, or a new one. */
static uint8_t keep_rules(struct bits_rules *all, uint32_t *count, const struct bits_rules *rules) {
    uint8_t number = 0;
    while (number < *count && !(all[number].always == rules->always && is_same_clauses(&all[number], rules) &&
                                memcmp(all[number].any, rules->any, sizeof rules->any) == 0)) {
        number++;
    }
    if (number == *count) {
        all[(*count)++] = *rules;
    }
    return number;
}

static bool make_kind(struct maker *maker, uint32_t cell) {
    struct bits *bits = maker->bits;
    const struct scale_program *scale = maker->scale;
    struct bits_rules given = {0};
    struct bits_rules rules = {0};
    for (uint32_t choice = 0; choice < bits->choice_count; choice++) {
        maker->chosen[choice] = maker->class_value[choice][class_in(maker, cell, choice)];
    }
    if (!add_condition(maker, &given, scale->given, 0, 1)) {
        return false;
    }
    for (uint8_t rule = 0; rule < scale->rule_count && given.rule_count > 0; rule++) { /* else none matters */
        if (!add_condition(maker, &rules, scale->rules[rule], rule, scale->rule_level[rule])) {
            return false;
        }
    }
    uint8_t given_number = keep_rules(bits->givens, &bits->given_count, &given);
    uint8_t rules_number = keep_rules(bits->rules, &bits->rules_count, &rules);
    uint8_t kind = 0;
    while (kind < bits->kind_count &&
           (bits->kind_given[kind] != given_number || bits->kind_rules[kind] != rules_number)) {
        kind++;
    }
    bits->kind_given[kind] = given_number;
    bits->kind_rules[kind] = rules_number;
    bits->kind_count += kind == bits->kind_count;
    bits->cell_kind[cell] = kind;
    return true;
}

static bool make_kinds(struct maker *maker) {
    struct bits *bits = maker->bits;
    bits->givens = arena_allocate_array(maker->program->arena, bits->cell_count, sizeof *bits->givens);
    bits->rules = arena_allocate_array(maker->program->arena, bits->cell_count, sizeof *bits->rules);
    bool fine = bits->givens != NULL && bits->rules != NULL;
    for (uint32_t cell = 0; cell < bits->cell_count && fine; cell++) {
        fine = make_kind(maker, cell);
    }
    return fine;
}

bool bits_make(struct decide_program *program, struct scale_program *scale, uint16_t subject) {
    struct bits *bits = arena_allocate(program->arena, sizeof *bits);
    if (bits == NULL) {
        return false;
    }
    struct maker maker = {.program = program, .scale = scale, .bits = bits};
    for (uint8_t rule = 0; rule < scale->rule_count; rule++) {
        bits->top = scale->rule_level[rule] > bits->top ? scale->rule_level[rule] : bits->top;
    }
    if (find_choices(&maker, subject) && visit_leaves(&maker, add_single) && visit_leaves(&maker, add_leaf)) {
        relate_leaves(&maker);
        mark_leaves(&maker, subject);
        if (make_cells(&maker, subject) && make_kinds(&maker)) {
            scale->bits = bits;
        }
    }
    return !arena_is_exhausted(program->arena);
}
