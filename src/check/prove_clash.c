/* Two levels that speak of the same case: a condition of a lower level that implies a higher one's, once a connective
 * of either is read in another way that the text allows. */
#include "check/prove.h"

/* One way to read a rule: as it stands (node PLAN_NO_NODE), or with one change. */
struct reading {
    struct variant variant;
    bool is_plain;
};

struct readings {
    struct reading *items;
    uint32_t count, room;
};

struct clash {
    uint16_t low, high; /* rules */
    struct reading low_reading, high_reading;
};

static Z3_ast read_rule(struct prove_job *job, uint16_t at, struct reading reading) {
    return prover_condition(job->prover, job->base, prove_root(job, at), reading.is_plain ? NULL : &reading.variant);
}

static Z3_ast given(struct prove_job *job) {
    return prover_condition(job->prover, job->base, job->scale->given, NULL);
}

/* Whether the two can hold together, within what the scale presupposes. */
static enum answer ask_both(struct prove_job *job, Z3_ast left, Z3_ast right) {
    prover_push(job->prover);
    prover_assume(job->prover, given(job));
    prover_assume(job->prover, left);
    prover_assume(job->prover, right);
    enum answer answer = prover_ask(job->prover);
    prover_pop(job->prover);
    return answer;
}

/* ---- ways to read a rule ---------------------------------------------------------------------------------- */

static void add_reading(struct prove_job *job, struct readings *readings, uint32_t node, int child) {
    if (readings->count == readings->room) {
        uint32_t room = readings->room * 2 + 8;
        struct reading *items = arena_allocate_array(job->prover->arena, room, sizeof *items);
        if (items == NULL) {
            job->reporter->exhausted = true;
            return;
        }
        for (uint32_t i = 0; i < readings->count; i++) {
            items[i] = readings->items[i];
        }
        readings->items = items;
        readings->room = room;
    }
    readings->items[readings->count++] = (struct reading){.variant = {node, child}, .is_plain = node == PLAN_NO_NODE};
}

/* X = 3 and X != 3 are kept as two bounds of one sum: that is one comparison and no connective. */
static bool is_comparison(const struct plan *plan, const struct plan_node *group) {
    uint16_t first = 0;
    for (uint16_t i = 0; i < group->children.count; i++) {
        const struct plan_node *child = &plan->nodes[plan->node_lists[group->children.first + i]];
        if ((child->kind != PLAN_AT_LEAST && child->kind != PLAN_AT_MOST) || child->facts.count != 1) {
            return false;
        }
        uint16_t fact = plan->lists[child->facts.first];
        if (i > 0 && fact != first) {
            return false;
        }
        first = fact;
    }
    return true;
}

/* Assumes that what one part of a listing looks at is as good as can be, but for what `spared` looks at too. */
static void assume_best(struct prove_job *job, uint32_t part, uint32_t spared) {
    const struct space *space = job->space;
    bool *looked_at = arena_allocate_array(job->prover->arena, space->count, sizeof *looked_at);
    bool *is_spared = arena_allocate_array(job->prover->arena, space->count, sizeof *is_spared);
    if (looked_at == NULL || is_spared == NULL) {
        job->reporter->exhausted = true;
        return;
    }
    space_mark(space, part, looked_at);
    space_mark(space, spared, is_spared);
    for (uint32_t i = 0; i < space->count; i++) {
        const struct axis *axis = &space->axes[i];
        if (looked_at[i] && !is_spared[i] && space->plan->facts[axis->fact].type != PLAN_CHOICE) {
            int64_t best = axis->worse < 0 ? axis->high : axis->low;
            prover_assume(job->prover, prover_equals(job->prover, i, job->base[i], best));
        }
    }
}

/* Whether what runs can hold while these parts of a listing, all but one or only one, are as good as can be. */
static bool can_run_without(struct prove_job *job, uint16_t at, const struct plan_node *group, uint16_t part,
                            bool all_others) {
    const uint32_t *children = job->space->plan->node_lists + group->children.first;
    prover_push(job->prover);
    prover_assume(job->prover, given(job));
    prover_assume(job->prover, prover_condition(job->prover, job->base, prove_rule(job, at)->condition, NULL));
    for (uint16_t i = 0; i < group->children.count; i++) {
        if ((i != part) == all_others) {
            assume_best(job, children[i], all_others ? children[part] : PLAN_NO_NODE);
        }
    }
    enum answer answer = prover_ask(job->prover);
    prover_pop(job->prover);
    return answer != ANSWER_NO;
}

/* Whether a listing of dangers joined by "and" is in doubt: what runs does without some of them. */
static bool is_doubtful_all(struct prove_job *job, uint16_t at, const struct plan_node *group) {
    unsigned dangers = 0;
    bool in_doubt = false;
    for (uint16_t i = 0; i < group->children.count; i++) {
        if (prover_is_danger(job->space, job->space->plan->node_lists[group->children.first + i])) {
            dangers++;
            in_doubt = in_doubt || can_run_without(job, at, group, i, false);
        }
    }
    return dangers >= 2 && in_doubt;
}

/* Whether a listing joined by "or" is in doubt: for some of its parts, that part alone does nothing in what runs. */
static bool is_doubtful_any(struct prove_job *job, uint16_t at, const struct plan_node *group) {
    for (uint16_t i = 0; i < group->children.count; i++) {
        if (!can_run_without(job, at, group, i, true)) {
            return true;
        }
    }
    return false;
}

/* Collects the connectives below a node that may be read another way. Of the lower rule those readings count that say
 * more than the plain one, of the higher rule those that say less: the others cannot make the one imply the other where
 * the plain reading does not. */
static void collect(struct prove_job *job, uint16_t at, uint32_t node, bool is_higher, struct readings *readings) {
    const struct plan *plan = job->space->plan;
    const struct plan_node *group = &plan->nodes[node];
    bool is_literal = job->literal && prove_rule(job, at)->literal != PLAN_NO_NODE;
    if ((group->kind != PLAN_ALL && group->kind != PLAN_ANY) || is_comparison(plan, group)) {
        return;
    }
    if (is_higher && is_literal && group->kind == PLAN_ALL && is_doubtful_all(job, at, group)) {
        add_reading(job, readings, node, -1);
    }
    if (!is_higher && group->kind == PLAN_ANY) {
        for (uint16_t i = 0; i < group->children.count; i++) {
            add_reading(job, readings, node, i);
        }
        if (is_literal && is_doubtful_any(job, at, group)) {
            add_reading(job, readings, node, -1);
        }
    }
    for (uint16_t i = 0; i < group->children.count; i++) {
        collect(job, at, plan->node_lists[group->children.first + i], is_higher, readings);
    }
}

/* ---- words ------------------------------------------------------------------------------------------------ */

/* A rule with its level, and in what way it is read: @6.2.4.1(4) (High, its "and" read as "or"). */
static void write_reading(struct prove_job *job, uint16_t at, struct reading reading, struct buffer *words) {
    const struct plan *plan = job->space->plan;
    bool is_chinese = job->reporter->is_chinese;
    report_write_clauses(job->reporter, prove_rule(job, at)->cites, words);
    buffer_print(words, is_chinese ? "（%.*s" : " (%.*s", TEXT_PRINT(job->scale->levels[prove_rule(job, at)->level]));
    if (!reading.is_plain) {
        const struct plan_node *group = &plan->nodes[reading.variant.node];
        if (reading.variant.child >= 0) {
            buffer_append_string(words, is_chinese ? "，只取“" : ", of it \"");
            plan_print_condition(plan, plan->node_lists[group->children.first + (unsigned)reading.variant.child],
                                 words);
            buffer_append_string(words, is_chinese ? "”一项" : "\" alone");
        } else if (group->kind == PLAN_ALL) {
            buffer_append_string(words, is_chinese ? "，“和”读作“或”" : ", its \"and\" read as \"or\"");
        } else {
            buffer_append_string(words, is_chinese ? "，“或”读作“和”" : ", its \"or\" read as \"and\"");
        }
    }
    buffer_append_string(words, is_chinese ? "）" : ")");
}

static void report_clash(struct prove_job *job, const struct clash *clash) {
    bool is_chinese = job->reporter->is_chinese;
    const struct plan_rule *low = prove_rule(job, clash->low);
    const struct plan_rule *high = prove_rule(job, clash->high);
    struct check_finding *finding = prove_report(job, CHECK_CLASH, clash->low);
    struct buffer words = {0};
    report_add_with(job->reporter, finding, high->cites);
    report_add_case(job->reporter, finding, job->space, job->values, job->looked_at, UINT32_MAX, job->scale,
                    space_level(job->space, job->scale, job->literal, job->values));
    buffer_append_string(&words, is_chinese ? "两级说的是同一情形：" : "two levels speak of the same case: ");
    write_reading(job, clash->low, clash->low_reading, &words);
    buffer_append_string(&words, is_chinese ? "成立，" : " implies ");
    write_reading(job, clash->high, clash->high_reading, &words);
    buffer_append_string(&words, is_chinese ? "也就成立" : "");
    report_say(job->reporter, finding, &words);
    if (prove_may_accept(job, clash->low)) {
        report_accept(job->reporter, finding, low->notes, report_opposite(job->reporter, high->cites));
    }
    if (prove_may_accept(job, clash->high)) {
        report_accept(job->reporter, finding, high->notes, report_opposite(job->reporter, low->cites));
    }
}

/* ---- implication ------------------------------------------------------------------------------------------ */

/* The smallest case in which both hold; best one in which nothing else gives the higher level anyway. */
static enum answer find_case(struct prove_job *job, const struct clash *clash) {
    struct prover *prover = job->prover;
    struct witness witness = {.other_count = 0};
    enum answer answer = ANSWER_NO;
    for (int only_so = 1; only_so >= 0 && answer != ANSWER_YES; only_so--) {
        prover_push(prover);
        prover_assume(prover, given(job));
        prover_assume(prover, read_rule(job, clash->low, clash->low_reading));
        prover_assume(prover, read_rule(job, clash->high, clash->high_reading));
        if (only_so == 1) {
            uint8_t level = prove_rule(job, clash->high)->level;
            prover_assume(prover,
                          prover_not(prover, prover_reaches(prover, job->base, job->scale, job->literal, level)));
        }
        answer = prove_find(job, &witness);
        prover_pop(prover);
    }
    return answer;
}

/* YES: in these readings the lower rule implies the higher one, and that says something: the lower one can hold, and the
 * higher one need not. */
static enum answer ask_clash(struct prove_job *job, const struct clash *clash) {
    Z3_ast low = read_rule(job, clash->low, clash->low_reading);
    Z3_ast without = prover_not(job->prover, read_rule(job, clash->high, clash->high_reading));
    enum answer apart = ask_both(job, low, without);
    if (apart != ANSWER_NO) {
        return apart == ANSWER_YES ? ANSWER_NO : ANSWER_UNKNOWN;
    }
    enum answer possible = ask_both(job, low, Z3_mk_true(job->prover->z3));
    enum answer needless = ask_both(job, without, Z3_mk_true(job->prover->z3));
    if (possible == ANSWER_NO || needless == ANSWER_NO) {
        return ANSWER_NO;
    }
    return possible == ANSWER_YES && needless == ANSWER_YES ? ANSWER_YES : ANSWER_UNKNOWN;
}

/* Tries every way to read the two, the plainest first. */
static void compare(struct prove_job *job, struct clash clash, const struct readings *lows,
                    const struct readings *highs) {
    bool is_open = false;
    for (uint32_t i = 0; i < lows->count; i++) {
        for (uint32_t k = 0; k < highs->count; k++) {
            clash.low_reading = lows->items[i];
            clash.high_reading = highs->items[k];
            enum answer answer = ask_clash(job, &clash);
            if (answer == ANSWER_YES && i == 0 && k == 0) {
                return; /* implied as it stands: a rule that never decides, told as such */
            }
            if (answer == ANSWER_YES && find_case(job, &clash) == ANSWER_YES) {
                if (prove_is_new(job, (struct prove_key){CHECK_CLASH, clash.low, clash.high, UINT32_MAX})) {
                    report_clash(job, &clash);
                }
                return;
            }
            is_open = is_open || answer != ANSWER_NO;
        }
    }
    if (is_open) {
        prove_report_open(job, CHECK_CLASH, clash.low);
    }
}

void prove_clashes(struct prove_job *job) {
    uint16_t count = job->scale->rule_count;
    struct readings *readings = arena_allocate_array(job->prover->arena, (size_t)count * 2, sizeof *readings);
    if (readings == NULL) {
        job->reporter->exhausted = true;
        return;
    }
    for (uint16_t at = 0; at < count; at++) {
        for (unsigned is_higher = 0; is_higher <= 1; is_higher++) {
            add_reading(job, &readings[at * 2U + is_higher], PLAN_NO_NODE, -1);
            collect(job, at, prove_root(job, at), is_higher == 1, &readings[at * 2U + is_higher]);
        }
    }
    for (uint16_t low = 0; low < count; low++) {
        for (uint16_t high = 0; high < count; high++) {
            if (prove_rule(job, low)->level < prove_rule(job, high)->level) {
                compare(job, (struct clash){.low = low, .high = high}, &readings[(size_t)low * 2],
                        &readings[(size_t)high * 2 + 1]);
            }
        }
    }
}
