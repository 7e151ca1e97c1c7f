/* Rules that never hold, and rules that never decide since others of their level or a higher one hold whenever they do. */
#include "check/prove.h"

enum life { LIFE_ALIVE, LIFE_NEVER_HOLDS, LIFE_NEVER_DECIDES };

/* What is known of the rules of one scale. */
struct lives {
    enum life *of;
    bool *covers; /* of rule A over rule B at [B * count + A]: A is one of those that always hold with B */
    uint16_t count;
};

/* Whether a rule holds while none of those in `covers` does. */
static enum answer ask_alone(struct prove_job *job, uint16_t at, const bool *covers) {
    prover_push(job->prover);
    prover_assume(job->prover, prover_condition(job->prover, job->base, job->scale->given, NULL));
    prover_assume(job->prover, prover_condition(job->prover, job->base, prove_root(job, at), NULL));
    for (uint16_t i = 0; i < job->scale->rule_count; i++) {
        if (covers[i]) {
            Z3_ast other = prover_condition(job->prover, job->base, prove_root(job, i), NULL);
            prover_assume(job->prover, prover_not(job->prover, other));
        }
    }
    enum answer answer = prover_ask(job->prover);
    prover_pop(job->prover);
    return answer;
}

/* Leaves out of the covers those without which the others still do. */
static void drop_needless(struct prove_job *job, uint16_t at, bool *covers) {
    for (uint16_t i = 0; i < job->scale->rule_count; i++) {
        if (covers[i]) {
            covers[i] = false;
            covers[i] = ask_alone(job, at, covers) != ANSWER_NO;
        }
    }
}

static void examine(struct prove_job *job, uint16_t at, struct lives *lives) {
    bool *covers = lives->covers + (size_t)at * lives->count;
    enum answer answer = ask_alone(job, at, covers);
    if (answer == ANSWER_NO) {
        lives->of[at] = LIFE_NEVER_HOLDS;
        return;
    }
    for (uint16_t i = 0; i < lives->count; i++) {
        covers[i] = i != at && lives->of[i] == LIFE_ALIVE && prove_rule(job, i)->level >= prove_rule(job, at)->level;
    }
    answer = answer == ANSWER_UNKNOWN ? answer : ask_alone(job, at, covers);
    if (answer == ANSWER_UNKNOWN) {
        prove_report_open(job, CHECK_DEAD, at);
    } else if (answer == ANSWER_NO) {
        lives->of[at] = LIFE_NEVER_DECIDES;
        drop_needless(job, at, covers);
    }
}

static bool level_is_lost(const struct prove_job *job, const struct lives *lives, uint8_t level) {
    for (uint16_t i = 0; i < lives->count; i++) {
        if (prove_rule(job, i)->level == level && lives->of[i] == LIFE_ALIVE) {
            return false;
        }
    }
    return true;
}

static void report_dead(struct prove_job *job, uint16_t at, const struct lives *lives) {
    bool is_chinese = job->reporter->is_chinese;
    const bool *covers = lives->covers + (size_t)at * lives->count;
    const struct plan_rule *rule = prove_rule(job, at);
    struct check_finding *finding = prove_report(job, CHECK_DEAD, at);
    struct buffer words = {0};
    if (lives->of[at] == LIFE_NEVER_HOLDS) {
        buffer_append_string(&words, is_chinese ? "这个条件永远不会成立" : "this condition can never hold");
    } else {
        buffer_append_string(
            &words, is_chinese
                        ? "这个条件从不起作用：它成立时，下列同级或更高级的规则总有一条也成立："
                        : "this condition never decides: whenever it holds, so does a rule of the same level or a "
                          "higher one:");
        for (uint16_t i = 0; i < lives->count; i++) {
            if (covers[i]) {
                buffer_append_string(&words, " ");
                report_write_clauses(job->reporter, prove_rule(job, i)->cites, &words);
                report_add_with(job->reporter, finding, prove_rule(job, i)->cites);
            }
        }
    }
    if (level_is_lost(job, lives, rule->level)) {
        buffer_print(&words, is_chinese ? "；因此永远到不了%.*s" : "; so %.*s is never reached",
                     TEXT_PRINT(job->scale->levels[rule->level]));
    }
    report_say(job->reporter, finding, &words);
    if (prove_may_accept(job, at)) {
        report_accept(job->reporter, finding, rule->notes, (struct opposite){finding->with, finding->with_count});
    }
}

/* A scale whose `given` never holds is told once. */
static bool is_given_dead(struct prove_job *job) {
    if (job->scale->given == PLAN_NO_NODE) {
        return false;
    }
    prover_push(job->prover);
    prover_assume(job->prover, prover_condition(job->prover, job->base, job->scale->given, NULL));
    enum answer answer = prover_ask(job->prover);
    prover_pop(job->prover);
    return answer == ANSWER_NO;
}

static void report_dead_given(struct prove_job *job) {
    struct buffer words = {0};
    struct check_finding *finding =
        report_add(job->reporter, (struct check_finding){.kind = CHECK_DEAD,
                                                         .scope = CHECK_READING,
                                                         .scale = job->scale->name,
                                                         .place = job->space->plan->nodes[job->scale->given].place,
                                                         .cites = job->scale->given_cites});
    buffer_append_string(&words, job->reporter->is_chinese ? "等级的前提永远不会成立，任何一级都到不了"
                                                           : "what the scale presupposes (given) can never hold: no "
                                                             "level is ever reached");
    report_say(job->reporter, finding, &words);
    report_accept(job->reporter, finding, job->scale->notes, (struct opposite){NULL, 0});
}

void prove_dead_rules(struct prove_job *job) {
    struct lives lives = {.count = job->scale->rule_count};
    if (is_given_dead(job)) {
        if (!job->literal) {
            report_dead_given(job);
        }
        return;
    }
    lives.of = arena_allocate_array(job->prover->arena, lives.count, sizeof *lives.of);
    lives.covers = arena_allocate_array(job->prover->arena, (size_t)lives.count * lives.count, sizeof(bool));
    if (lives.of == NULL || lives.covers == NULL) {
        job->reporter->exhausted = true;
        return;
    }
    /* From the last to the first: of two that say the same the later is the needless one. */
    for (uint16_t at = lives.count; at-- > 0;) {
        examine(job, at, &lives);
    }
    for (uint16_t at = 0; at < lives.count; at++) {
        if (lives.of[at] != LIFE_ALIVE &&
            prove_is_new(job, (struct prove_key){CHECK_DEAD, at, UINT32_MAX, UINT32_MAX})) {
            report_dead(job, at, &lives);
        }
    }
}
