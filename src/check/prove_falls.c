/* Cases made worse in one fact that get a lower level, and holes: cases without a level between two that have one. */
#include "check/prove.h"

#include <string.h>

/* A rule and one axis that it looks at: what is asked of the two. */
struct pair {
    uint16_t rule;
    uint32_t axis;
};

/* ---- what is assumed -------------------------------------------------------------------------------------- */

/* In the literal rules only cases are looked at in which the reading holds as well: those that the reading has taken
 * out altogether (a fire in another district) are no longer the rule's business. */
static void assume_rule(struct prove_job *job, uint16_t at) {
    struct prover *prover = job->prover;
    prover_assume(prover, prover_condition(prover, job->base, job->scale->given, NULL));
    prover_assume(prover, prover_condition(prover, job->base, prove_root(job, at), NULL));
    prover_assume(prover, prover_condition(prover, job->base, prove_rule(job, at)->condition, NULL));
}

static Z3_ast reaches(struct prove_job *job, const Z3_ast *of, uint8_t level) {
    return prover_reaches(job->prover, of, job->scale, job->literal, level);
}

static void assume_not(struct prove_job *job, Z3_ast that) {
    prover_assume(job->prover, prover_not(job->prover, that));
}

/* ---- words ------------------------------------------------------------------------------------------------ */

static uint8_t find_level(const struct prove_job *job, uint32_t axis, int64_t value) {
    int64_t kept = job->values[axis];
    job->values[axis] = value;
    uint8_t level = space_level(job->space, job->scale, job->literal, job->values);
    job->values[axis] = kept;
    return level;
}

static void add_case(struct prove_job *job, struct check_finding *finding, uint32_t axis, int64_t value) {
    int64_t kept = job->values[axis];
    uint8_t level = find_level(job, axis, value);
    job->values[axis] = value;
    report_add_case(job->reporter, finding, job->space, job->values, job->looked_at, axis, job->scale, level);
    job->values[axis] = kept;
}

/* The rules that would take the worse case as they run, and do not as they literally stand. */
static void add_missed_rules(struct prove_job *job, struct check_finding *finding, struct pair pair, int64_t worse) {
    int64_t kept = job->values[pair.axis];
    job->values[pair.axis] = worse;
    for (uint16_t i = 0; i < job->scale->rule_count && job->literal; i++) {
        const struct plan_rule *rule = prove_rule(job, i);
        if (i != pair.rule && rule->literal != PLAN_NO_NODE &&
            space_holds(job->space, rule->condition, job->values, NULL) &&
            !space_holds(job->space, rule->literal, job->values, NULL)) {
            report_add_with(job->reporter, finding, rule->cites);
        }
    }
    job->values[pair.axis] = kept;
}

static void write_missed(const struct prove_job *job, const struct check_finding *finding, struct buffer *words) {
    if (finding->with_count == 0) {
        return;
    }
    buffer_append_string(words, job->reporter->is_chinese
                                    ? "；照读法管得住而照字面管不住的是"
                                    : "; as it is read, but not as it literally stands, this takes the case:");
    for (uint16_t i = 0; i < finding->with_count; i++) {
        buffer_append_string(words, " @");
        buffer_append_text(words, finding->with[i]);
    }
}

/* A hole in a fact that gets worse is a fall as well: a note of either kind accepts it. */
static void accept(struct prove_job *job, struct check_finding *finding, struct pair pair) {
    struct opposite opposite = {finding->with, finding->with_count};
    struct plan_span notes = prove_rule(job, pair.rule)->notes;
    if (!prove_may_accept(job, pair.rule)) {
        return;
    }
    report_accept(job->reporter, finding, notes, opposite);
    if (finding->kind == CHECK_GAP && job->space->axes[pair.axis].worse != 0) {
        report_accept_as(job->reporter, finding, CHECK_FALLS, notes, opposite);
    }
}

/* ---- falls and holes ------------------------------------------------------------------------------------------------ */

static void report_fall(struct prove_job *job, struct pair pair, const struct witness *witness) {
    int64_t worse = witness->other_values[0];
    struct check_finding *finding = prove_report(job, CHECK_FALLS, pair.rule);
    struct buffer words = {0};
    add_case(job, finding, pair.axis, job->values[pair.axis]);
    add_case(job, finding, pair.axis, worse);
    add_missed_rules(job, finding, pair, worse);
    if (job->reporter->is_chinese) {
        buffer_append_string(&words, "情形加重，级别反降：");
        space_write_name(job->space, pair.axis, &words);
        buffer_append_string(&words, "变坏，本条不再成立，也没有同级或更高级的规则接手");
    } else {
        buffer_append_string(&words, "a worse case gets a lower level: as ");
        space_write_name(job->space, pair.axis, &words);
        buffer_append_string(&words, " gets worse this rule lets go, and none of its level or a higher one takes over");
    }
    write_missed(job, finding, &words);
    report_say(job->reporter, finding, &words);
    accept(job, finding, pair);
}

/* A hole (two further cases), or where neither direction is worse a case that a bound or a `not` shuts out (one). */
static void report_gap(struct prove_job *job, struct pair pair, const struct witness *witness) {
    struct check_finding *finding = prove_report(job, CHECK_GAP, pair.rule);
    struct buffer words = {0};
    bool is_hole = witness->other_count == 2;
    bool is_chinese = job->reporter->is_chinese;
    add_case(job, finding, pair.axis, job->values[pair.axis]);
    for (uint32_t i = 0; i < witness->other_count; i++) {
        add_case(job, finding, pair.axis, witness->other_values[i]);
    }
    add_missed_rules(job, finding, pair, witness->other_values[0]);
    buffer_append_string(&words, is_hole && !is_chinese ? "a hole in " : "");
    space_write_name(job->space, pair.axis, &words);
    if (is_hole) {
        buffer_append_string(&words, is_chinese ? "有空档：两边都有级别，中间没有"
                                                : ": there is a level on both sides of it, and none in it");
    } else {
        buffer_append_string(&words, is_chinese ? "：本条以上限或“非”排除的情形没有级别（没有写明哪边为重）"
                                                : ": what this rule shuts out by a bound or a not has no level (which "
                                                  "end is worse is not said)");
    }
    write_missed(job, finding, &words);
    report_say(job->reporter, finding, &words);
    accept(job, finding, pair);
}

/* A hole that a worse value of the same fact closes again is a gap and not told twice. */
static void assume_no_hole(struct prove_job *job, const Z3_ast *worse, uint32_t axis) {
    const struct axis *of = &job->space->axes[axis];
    struct prover *prover = job->prover;
    Z3_ast *worst =
        prover_copy_case(prover, job->base, axis, prover_number(prover, axis, of->worse < 0 ? of->low : of->high));
    if (worst != NULL) {
        prover_assume(prover,
                      prover_either(prover, reaches(job, worse, 1), prover_not(prover, reaches(job, worst, 1))));
    }
}

/* Tells what came of looking for a fall or a hole. True when there is one. */
static bool conclude(struct prove_job *job, struct pair pair, enum check_kind kind, enum answer answer,
                     const struct witness *witness) {
    const struct plan_rule *rule = prove_rule(job, pair.rule);
    uint8_t here = find_level(job, pair.axis, job->values[pair.axis]);
    uint8_t worse = find_level(job, pair.axis, witness->other_values[0]);
    bool is_borne_out = answer == ANSWER_YES && here >= rule->level && worse < (kind == CHECK_GAP ? 1 : rule->level);
    if (answer == ANSWER_NO) {
        return false;
    }
    if (!is_borne_out) {
        prove_report_open(job, kind, pair.rule);
    } else if (prove_is_new(job, (struct prove_key){kind, pair.rule, UINT32_MAX - witness->other_count, pair.axis})) {
        if (kind == CHECK_GAP) {
            report_gap(job, pair, witness);
        } else {
            report_fall(job, pair, witness);
        }
    }
    return is_borne_out;
}

/* A fact made worse, the rule lets go, and none of its level or a higher one takes over. Where neither direction is
 * worse, only a case that then has no level at all: what is shut out by an upper bound or a `not`. */
static bool look_for_fall(struct prove_job *job, struct pair pair) {
    struct prover *prover = job->prover;
    struct witness witness = {.axis = pair.axis, .other_count = 1};
    bool is_fall = job->space->axes[pair.axis].worse != 0;
    enum answer answer = ANSWER_NO;
    prover_push(prover);
    Z3_ast value = prover_declare_value(prover, pair.axis);
    Z3_ast *worse = prover_copy_case(prover, job->base, pair.axis, value);
    if (worse != NULL) {
        assume_rule(job, pair.rule);
        prover_assume(prover, prover_is_worse(prover, pair.axis, value, job->base[pair.axis]));
        prover_assume(prover, prover_condition(prover, worse, job->scale->given, NULL));
        assume_not(job, reaches(job, worse, is_fall ? prove_rule(job, pair.rule)->level : 1));
        assume_no_hole(job, worse, pair.axis);
        witness.others[0] = value;
        answer = prove_find(job, &witness);
    }
    prover_pop(prover);
    return conclude(job, pair, is_fall ? CHECK_FALLS : CHECK_GAP, answer, &witness);
}

static bool look_for_hole(struct prove_job *job, struct pair pair) {
    struct prover *prover = job->prover;
    struct witness witness = {.axis = pair.axis, .other_count = 2};
    enum answer answer = ANSWER_NO;
    bool downward = job->space->axes[pair.axis].worse < 0;
    prover_push(prover);
    Z3_ast here = job->base[pair.axis];
    Z3_ast inside = prover_declare_value(prover, pair.axis);
    Z3_ast beyond = prover_declare_value(prover, pair.axis);
    Z3_ast *hole = prover_copy_case(prover, job->base, pair.axis, inside);
    Z3_ast *other_side = prover_copy_case(prover, job->base, pair.axis, beyond);
    if (hole != NULL && other_side != NULL) {
        assume_rule(job, pair.rule);
        prover_assume(prover, prover_is_below(prover, pair.axis, downward ? inside : here, downward ? here : inside));
        prover_assume(prover,
                      prover_is_below(prover, pair.axis, downward ? beyond : inside, downward ? inside : beyond));
        prover_assume(prover, prover_condition(prover, hole, job->scale->given, NULL));
        assume_not(job, reaches(job, hole, 1));
        prover_assume(prover, reaches(job, other_side, 1));
        witness.others[0] = inside;
        witness.others[1] = beyond;
        answer = prove_find(job, &witness);
    }
    prover_pop(prover);
    return conclude(job, pair, CHECK_GAP, answer, &witness);
}

/* ---- falls of what a scale presupposes -------------------------------------------------------------------- */

static void report_given(struct prove_job *job, uint32_t axis, enum answer answer, const struct witness *witness) {
    struct buffer words = {0};
    bool is_chinese = job->reporter->is_chinese;
    struct check_finding *finding =
        report_add(job->reporter, (struct check_finding){.kind = answer == ANSWER_YES ? CHECK_FALLS : CHECK_UNDECIDED,
                                                         .scope = CHECK_READING,
                                                         .scale = job->scale->name,
                                                         .place = job->space->plan->nodes[job->scale->given].place,
                                                         .cites = job->scale->given_cites});
    if (answer == ANSWER_YES) {
        add_case(job, finding, axis, job->values[axis]);
        add_case(job, finding, axis, witness->other_values[0]);
        buffer_append_string(
            &words, is_chinese ? "情形加重，级别反降：前提不再成立，于是没有级别"
                               : "a worse case gets a lower level: what the scale presupposes (given) no longer "
                                 "holds, and there is no level");
    } else {
        buffer_append_string(
            &words, is_chinese ? "未能判定前提会不会因情形加重而不再成立"
                               : "could not be decided: whether what the scale presupposes ends as things get worse");
    }
    report_say(job->reporter, finding, &words);
    report_accept(job->reporter, finding, job->scale->notes, (struct opposite){NULL, 0});
}

static void look_for_fall_of_given(struct prove_job *job, uint32_t axis) {
    struct prover *prover = job->prover;
    prover_push(prover);
    Z3_ast value = prover_declare_value(prover, axis);
    Z3_ast *worse = prover_copy_case(prover, job->base, axis, value);
    if (worse != NULL) {
        prover_assume(prover, reaches(job, job->base, 1));
        prover_assume(prover, prover_is_worse(prover, axis, value, job->base[axis]));
        assume_not(job, prover_condition(prover, worse, job->scale->given, NULL));
        struct witness witness = {.axis = axis, .others = {value}, .other_count = 1};
        enum answer answer = prove_find(job, &witness);
        if (answer != ANSWER_NO) {
            report_given(job, axis, answer, &witness);
        }
    }
    prover_pop(prover);
}

/* ---- choices ---------------------------------------------------------------------------------------------- */

static enum answer ask_choice(struct prove_job *job, uint32_t axis, int64_t value, uint8_t level) {
    struct prover *prover = job->prover;
    prover_push(prover);
    prover_assume(prover, prover_equals(prover, axis, job->base[axis], value));
    prover_assume(prover, level > 0 ? reaches(job, job->base, level)
                                    : prover_condition(prover, job->base, job->scale->given, NULL));
    enum answer answer = prover_ask(prover);
    prover_pop(prover);
    return answer;
}

static void report_choice(struct prove_job *job, uint32_t axis, int64_t value) {
    struct buffer words = {0};
    bool is_chinese = job->reporter->is_chinese;
    const struct plan_fact *fact = &job->space->plan->facts[job->space->axes[axis].fact];
    struct check_finding *finding =
        report_add(job->reporter, (struct check_finding){.kind = CHECK_GAP,
                                                         .scope = job->literal ? CHECK_LITERAL : CHECK_READING,
                                                         .scale = job->scale->name,
                                                         .place = fact->place,
                                                         .cites = fact->cites});
    for (uint32_t i = 0; i < job->space->count; i++) {
        job->values[i] = i == axis ? value : job->space->axes[i].usual;
    }
    report_add_case(job->reporter, finding, job->space, job->values, job->looked_at, axis, job->scale, 0);
    space_write_name(job->space, axis, &words);
    buffer_append_string(&words, " = ");
    space_write_value(job->space, axis, value, &words);
    buffer_append_string(&words, is_chinese
                                     ? "：前提成立，但不论其他事实如何，都没有级别"
                                     : ": what the scale presupposes holds, but whatever else is so, no level applies");
    report_say(job->reporter, finding, &words);
    report_accept(job->reporter, finding, fact->notes, (struct opposite){NULL, 0});
    report_accept(job->reporter, finding, job->scale->notes, (struct opposite){NULL, 0});
}

/* A value of a choice that the scale looks at, for which it presupposes all it does and never gives a level. */
static void look_for_choices(struct prove_job *job, uint32_t axis) {
    const struct axis *of = &job->space->axes[axis];
    bool any_level = false;
    for (int64_t value = 0; value <= of->high; value++) {
        any_level = any_level || ask_choice(job, axis, value, 1) != ANSWER_NO;
    }
    for (int64_t value = 0; value <= of->high && any_level; value++) {
        if (ask_choice(job, axis, value, 0) == ANSWER_YES && ask_choice(job, axis, value, 1) == ANSWER_NO &&
            prove_is_new(job, (struct prove_key){CHECK_GAP, UINT32_MAX, UINT32_MAX - 1 - (uint32_t)value, axis})) {
            job->choice_told[axis * PLAN_CHOICES_MAX + (uint32_t)value] = true;
            report_choice(job, axis, value);
        }
    }
}

/* ---- all of a scale --------------------------------------------------------------------------------------- */

/* Calls `look` for each rule and each axis that it looks at; of the days of a series only up to the first of which there
 * is something to tell. */
static void for_each_pair(struct prove_job *job, bool (*look)(struct prove_job *, struct pair),
                          bool (*is_wanted)(const struct prove_job *, uint32_t)) {
    bool *looked_at = arena_allocate_array(job->prover->arena, job->space->count, sizeof *looked_at);
    if (looked_at == NULL) {
        job->reporter->exhausted = true;
        return;
    }
    for (uint16_t rule = 0; rule < job->scale->rule_count; rule++) {
        memset(looked_at, 0, job->space->count * sizeof *looked_at);
        space_mark(job->space, prove_root(job, rule), looked_at);
        uint16_t told = PLAN_NONE;
        for (uint32_t axis = 0; axis < job->space->count; axis++) {
            uint16_t fact = job->space->axes[axis].fact;
            if (looked_at[axis] && is_wanted(job, axis) && fact != told && look(job, (struct pair){rule, axis})) {
                told = fact;
            }
        }
    }
}

static bool has_direction(const struct prove_job *job, uint32_t axis) {
    return job->space->axes[axis].worse != 0;
}

/* All but choices: their values have no order. */
static bool has_order(const struct prove_job *job, uint32_t axis) {
    return job->space->plan->facts[job->space->axes[axis].fact].type != PLAN_CHOICE;
}

static bool has_between(const struct prove_job *job, uint32_t axis) {
    const struct axis *of = &job->space->axes[axis];
    return !of->is_flag && has_order(job, axis) && of->high - of->low >= 2;
}

void prove_falls(struct prove_job *job) {
    for_each_pair(job, look_for_fall, has_order);
    if (job->literal || job->scale->given == PLAN_NO_NODE) {
        return;
    }
    bool *looked_at = arena_allocate_array(job->prover->arena, job->space->count, sizeof *looked_at);
    if (looked_at == NULL) {
        job->reporter->exhausted = true;
        return;
    }
    space_mark(job->space, job->scale->given, looked_at);
    for (uint32_t axis = 0; axis < job->space->count; axis++) {
        if (looked_at[axis] && has_direction(job, axis)) {
            look_for_fall_of_given(job, axis);
        }
    }
}

void prove_gaps(struct prove_job *job) {
    for_each_pair(job, look_for_hole, has_between);
    for (uint32_t axis = 0; axis < job->space->count; axis++) {
        if (job->looked_at[axis] && job->space->plan->facts[job->space->axes[axis].fact].type == PLAN_CHOICE) {
            look_for_choices(job, axis);
        }
    }
}
