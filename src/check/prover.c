#include "check/prover.h"

#include <stdio.h>

/* ---- life ------------------------------------------------------------------------------------------------- */

static void set_limits(struct prover *prover) {
    Z3_params params = Z3_mk_params(prover->z3);
    Z3_params_inc_ref(prover->z3, params);
    Z3_params_set_uint(prover->z3, params, Z3_mk_string_symbol(prover->z3, "rlimit"), prover->effort_max);
    Z3_params_set_uint(prover->z3, params, Z3_mk_string_symbol(prover->z3, "random_seed"), 0);
    Z3_solver_set_params(prover->z3, prover->solver, params);
    Z3_params_dec_ref(prover->z3, params);
}

struct prover *prover_create(const struct space *space, uint32_t effort_max, struct arena *arena,
                             struct failure *failure) {
    struct prover *prover = arena_allocate(arena, sizeof *prover);
    Z3_config config = prover == NULL ? NULL : Z3_mk_config();
    if (config == NULL) {
        (void)failure_set(failure, "memory is exhausted");
        return NULL;
    }
    *prover = (struct prover){.space = space, .arena = arena, .effort_max = effort_max};
    prover->z3 = Z3_mk_context(config);
    Z3_del_config(config);
    if (prover->z3 == NULL) {
        (void)failure_set(failure, "the prover Z3 cannot be had");
        return NULL;
    }
    Z3_set_error_handler(prover->z3, NULL); /* its own would end the process */
    prover->solver = Z3_mk_simple_solver(prover->z3);
    Z3_solver_inc_ref(prover->z3, prover->solver);
    prover->integer = Z3_mk_int_sort(prover->z3);
    prover->boolean = Z3_mk_bool_sort(prover->z3);
    set_limits(prover);
    return prover;
}

void prover_destroy(struct prover *prover) {
    if (prover != NULL) {
        Z3_solver_dec_ref(prover->z3, prover->solver);
        Z3_del_context(prover->z3);
    }
}

/* ---- cases ------------------------------------------------------------------------------------------------ */

static Z3_ast declare_variable(struct prover *prover, Z3_sort sort) {
    char name[24];
    (void)snprintf(name, sizeof name, "v%u", (unsigned)prover->name_count++);
    return Z3_mk_const(prover->z3, Z3_mk_string_symbol(prover->z3, name), sort);
}

static Z3_ast make_integer(struct prover *prover, int64_t value) {
    return Z3_mk_int64(prover->z3, value, prover->integer);
}

Z3_ast prover_is_within(struct prover *prover, Z3_ast value, int64_t low, int64_t high) {
    return prover_both(prover, Z3_mk_ge(prover->z3, value, make_integer(prover, low)),
                       Z3_mk_le(prover->z3, value, make_integer(prover, high)));
}

Z3_ast prover_declare_value(struct prover *prover, uint32_t axis) {
    const struct axis *of = &prover->space->axes[axis];
    Z3_ast value = declare_variable(prover, of->is_flag ? prover->boolean : prover->integer);
    if (!of->is_flag) {
        prover_assume(prover, prover_is_within(prover, value, of->low, of->high));
    }
    return value;
}

/* Room for so many terms, which are pointers to Z3's own. */
static Z3_ast *allocate_terms(struct prover *prover, size_t count) {
    return arena_allocate_array(prover->arena, count, sizeof(void *));
}

Z3_ast *prover_declare_case(struct prover *prover) {
    Z3_ast *values = allocate_terms(prover, prover->space->count);
    for (uint32_t i = 0; values != NULL && i < prover->space->count; i++) {
        values[i] = prover_declare_value(prover, i);
    }
    return values;
}

Z3_ast *prover_copy_case(struct prover *prover, const Z3_ast *from, uint32_t axis, Z3_ast value) {
    Z3_ast *values = allocate_terms(prover, prover->space->count);
    for (uint32_t i = 0; values != NULL && i < prover->space->count; i++) {
        values[i] = i == axis ? value : from[i];
    }
    return values;
}

bool prover_declare_levels(struct prover *prover, const Z3_ast *from) {
    const struct plan *plan = prover->space->plan;
    const struct plan_subject *subject = &plan->subjects[prover->space->subject];
    prover->levels = allocate_terms(prover, plan->scale_count);
    if (prover->levels == NULL) {
        return false;
    }
    for (uint16_t i = 0; i < subject->scale_count; i++) {
        const struct plan_scale *scale = &plan->scales[subject->scales[i]];
        Z3_ast level = declare_variable(prover, prover->integer);
        prover->levels[subject->scales[i]] = level;
        prover_assume(prover, prover_is_within(prover, level, 0, scale->level_count));
        for (uint8_t at = 1; at <= scale->level_count && !scale->ordered; at++) {
            Z3_ast stands = Z3_mk_ge(prover->z3, level, make_integer(prover, at));
            prover_assume(prover, Z3_mk_iff(prover->z3, stands, prover_reaches(prover, from, scale, false, at)));
        }
    }
    return true;
}

/* ---- terms ------------------------------------------------------------------------------------------------ */

Z3_ast prover_not(struct prover *prover, Z3_ast of) {
    return Z3_mk_not(prover->z3, of);
}

Z3_ast prover_both(struct prover *prover, Z3_ast left, Z3_ast right) {
    Z3_ast parts[] = {left, right};
    return Z3_mk_and(prover->z3, 2, parts);
}

Z3_ast prover_either(struct prover *prover, Z3_ast left, Z3_ast right) {
    Z3_ast parts[] = {left, right};
    return Z3_mk_or(prover->z3, 2, parts);
}

static Z3_ast make_truth(struct prover *prover, bool holds) {
    return holds ? Z3_mk_true(prover->z3) : Z3_mk_false(prover->z3);
}

Z3_ast prover_number(struct prover *prover, uint32_t axis, int64_t value) {
    return prover->space->axes[axis].is_flag ? make_truth(prover, value != 0) : make_integer(prover, value);
}

Z3_ast prover_equals(struct prover *prover, uint32_t axis, Z3_ast value, int64_t number) {
    return Z3_mk_eq(prover->z3, value, prover_number(prover, axis, number));
}

Z3_ast prover_is_below(struct prover *prover, uint32_t axis, Z3_ast left, Z3_ast right) {
    if (prover->space->axes[axis].is_flag) {
        return prover_both(prover, prover_not(prover, left), right);
    }
    return Z3_mk_lt(prover->z3, left, right);
}

Z3_ast prover_is_worse(struct prover *prover, uint32_t axis, Z3_ast left, Z3_ast right) {
    bool falling = prover->space->axes[axis].worse < 0;
    return prover_is_below(prover, axis, falling ? left : right, falling ? right : left);
}

/* ---- conditions ------------------------------------------------------------------------------------------- */

/* A flag against a bound: 0 or 1 against a number. */
static Z3_ast encode_flag(struct prover *prover, const struct plan_node *node, Z3_ast flag) {
    bool when_no = node->kind == PLAN_AT_LEAST ? node->bound <= 0 : node->bound >= 0;
    bool when_yes = node->kind == PLAN_AT_LEAST ? node->bound <= 1 : node->bound >= 1;
    if (when_no == when_yes) {
        return make_truth(prover, when_yes);
    }
    return when_yes ? flag : prover_not(prover, flag);
}

static Z3_ast encode_sum(struct prover *prover, const Z3_ast *of, const struct plan_node *node) {
    const struct plan *plan = prover->space->plan;
    uint16_t fact = plan->lists[node->facts.first];
    uint32_t axis = space_find_axis(prover->space, fact, false, 0);
    if (prover->space->axes[axis].is_flag) {
        return encode_flag(prover, node, of[axis]);
    }
    Z3_ast sum = of[axis];
    for (uint16_t i = 1; i < node->facts.count; i++) {
        Z3_ast parts[] = {sum, of[space_find_axis(prover->space, plan->lists[node->facts.first + i], false, 0)]};
        sum = Z3_mk_add(prover->z3, 2, parts);
    }
    Z3_ast bound = make_integer(prover, node->bound);
    return node->kind == PLAN_AT_LEAST ? Z3_mk_ge(prover->z3, sum, bound) : Z3_mk_le(prover->z3, sum, bound);
}

static Z3_ast encode_among(struct prover *prover, const Z3_ast *of, const struct plan_node *node) {
    uint32_t axis = space_find_axis(prover->space, prover->space->plan->lists[node->facts.first], false, 0);
    Z3_ast any = make_truth(prover, false);
    for (int64_t value = 0; value <= prover->space->axes[axis].high; value++) {
        if ((node->choices >> (unsigned)value & 1U) != 0) {
            any = prover_either(prover, any, prover_equals(prover, axis, of[axis], value));
        }
    }
    return any;
}

static Z3_ast encode_days(struct prover *prover, const Z3_ast *of, const struct plan_node *node) {
    uint16_t fact = prover->space->plan->lists[node->facts.first];
    bool every = node->kind == PLAN_EVERY_DAY;
    Z3_ast whole = make_truth(prover, every);
    for (uint8_t day = 1; day <= node->days; day++) {
        uint32_t axis = space_find_axis(prover->space, fact, node->forward, day);
        Z3_ast within = prover_is_within(prover, of[axis], node->low, node->high);
        whole = every ? prover_both(prover, whole, within) : prover_either(prover, whole, within);
    }
    return whole;
}

/* An all or any; where the variant says so, one child alone, or the children joined the other way. Of an all that is
 * read as any, only the dangers are: what it excludes or presupposes stays. */
static Z3_ast encode_group(struct prover *prover, const Z3_ast *of, uint32_t index, const struct variant *variant) {
    const struct plan *plan = prover->space->plan;
    const struct plan_node *node = &plan->nodes[index];
    bool is_varied = variant != NULL && variant->node == index;
    bool every = node->kind == PLAN_ALL;
    if (is_varied && variant->child >= 0) {
        return prover_condition(prover, of, plan->node_lists[node->children.first + (unsigned)variant->child], NULL);
    }
    Z3_ast apart = make_truth(prover, every != is_varied);
    Z3_ast whole = make_truth(prover, true);
    for (uint16_t i = 0; i < node->children.count; i++) {
        uint32_t child = plan->node_lists[node->children.first + i];
        Z3_ast part = prover_condition(prover, of, child, variant);
        if (is_varied && every && !prover_is_danger(prover->space, child)) {
            whole = prover_both(prover, whole, part);
        } else {
            apart = every != is_varied ? prover_both(prover, apart, part) : prover_either(prover, apart, part);
        }
    }
    return prover_both(prover, whole, apart);
}

Z3_ast prover_condition(struct prover *prover, const Z3_ast *of, uint32_t node, const struct variant *variant) {
    if (node == PLAN_NO_NODE) {
        return make_truth(prover, true);
    }
    const struct plan_node *at = &prover->space->plan->nodes[node];
    switch (at->kind) {
    case PLAN_ALL:
    case PLAN_ANY:
        return encode_group(prover, of, node, variant);
    case PLAN_AT_LEAST:
    case PLAN_AT_MOST:
        return encode_sum(prover, of, at);
    case PLAN_AMONG:
        return encode_among(prover, of, at);
    case PLAN_EVERY_DAY:
    case PLAN_SOME_DAY:
        return encode_days(prover, of, at);
    case PLAN_LEVEL:
        break;
    }
    return prover_is_within(prover, prover->levels[at->scale], at->low, at->high);
}

Z3_ast prover_reaches(struct prover *prover, const Z3_ast *of, const struct plan_scale *scale, bool literal,
                      uint8_t level) {
    Z3_ast any = make_truth(prover, false);
    for (uint16_t i = 0; i < scale->rule_count; i++) {
        const struct plan_rule *rule = &prover->space->plan->rules[scale->first_rule + i];
        if (rule->level >= level) {
            any = prover_either(prover, any, prover_condition(prover, of, space_rule_root(rule, literal), NULL));
        }
    }
    return prover_both(prover, prover_condition(prover, of, scale->given, NULL), any);
}

/* True when a bound holds the more surely the worse things get, and not always. */
static bool is_danger_leaf(const struct space *space, const struct plan_node *node) {
    const struct plan_fact *fact = &space->plan->facts[space->plan->lists[node->facts.first]];
    bool at_least = node->kind == PLAN_AT_LEAST;
    bool holds_anyway = at_least ? node->bound <= fact->low : node->facts.count == 1 && node->bound >= fact->high;
    return !holds_anyway && (fact->worse == 0 || (fact->worse > 0) == at_least);
}

bool prover_is_danger(const struct space *space, uint32_t node) {
    const struct plan_node *at = &space->plan->nodes[node];
    switch (at->kind) {
    case PLAN_AT_LEAST:
    case PLAN_AT_MOST:
        return is_danger_leaf(space, at);
    case PLAN_EVERY_DAY:
    case PLAN_SOME_DAY:
        return true;
    case PLAN_AMONG:
    case PLAN_LEVEL:
        return false;
    case PLAN_ALL:
    case PLAN_ANY:
        break;
    }
    for (uint16_t i = 0; i < at->children.count; i++) {
        if (prover_is_danger(space, space->plan->node_lists[at->children.first + i])) {
            return true;
        }
    }
    return false;
}

/* ---- questions -------------------------------------------------------------------------------------------- */

void prover_push(struct prover *prover) {
    Z3_solver_push(prover->z3, prover->solver);
}

void prover_pop(struct prover *prover) {
    Z3_solver_pop(prover->z3, prover->solver, 1);
}

void prover_assume(struct prover *prover, Z3_ast that) {
    Z3_solver_assert(prover->z3, prover->solver, that);
}

enum answer prover_ask(struct prover *prover) {
    prover->questions++;
    if (Z3_get_error_code(prover->z3) != Z3_OK) {
        return ANSWER_UNKNOWN; /* a term could not be made: out of memory */
    }
    switch (Z3_solver_check(prover->z3, prover->solver)) {
    case Z3_L_TRUE:
        return ANSWER_YES;
    case Z3_L_FALSE:
        return ANSWER_NO;
    default:
        return ANSWER_UNKNOWN;
    }
}
