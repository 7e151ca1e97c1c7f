#include "check/prove.h"

#include <string.h>

/* ---- shared ----------------------------------------------------------------------------------------------- */

const struct plan_rule *prove_rule(const struct prove_job *job, uint16_t at) {
    return &job->space->plan->rules[job->scale->first_rule + at];
}

uint32_t prove_root(const struct prove_job *job, uint16_t at) {
    return space_rule_root(prove_rule(job, at), job->literal);
}

static bool has_literal(const struct prove_job *job, uint32_t at) {
    return at < job->scale->rule_count && prove_rule(job, (uint16_t)at)->literal != PLAN_NO_NODE;
}

bool prove_is_new(struct prove_job *job, struct prove_key key) {
    for (uint32_t i = 0; job->literal && i < job->key_count; i++) {
        const struct prove_key *known = &job->keys[i];
        if (known->kind == key.kind && known->rule == key.rule && known->other == key.other &&
            known->axis == key.axis && !has_literal(job, key.rule) && !has_literal(job, key.other)) {
            return false;
        }
    }
    if (job->literal) {
        return true;
    }
    if (job->key_count == job->key_room) {
        uint32_t room = job->key_room * 2 + 16;
        struct prove_key *keys = arena_allocate_array(job->prover->arena, room, sizeof *keys);
        if (keys == NULL) {
            job->reporter->exhausted = true;
            return true;
        }
        if (job->key_count > 0) {
            memcpy(keys, job->keys, job->key_count * sizeof *keys);
        }
        job->keys = keys;
        job->key_room = room;
    }
    job->keys[job->key_count++] = key;
    return true;
}

bool prove_may_accept(const struct prove_job *job, uint16_t at) {
    return job->literal || prove_rule(job, at)->literal == PLAN_NO_NODE;
}

struct check_finding *prove_report(struct prove_job *job, enum check_kind kind, uint16_t at) {
    const struct plan_rule *rule = prove_rule(job, at);
    return report_add(job->reporter, (struct check_finding){.kind = kind,
                                                            .scope = job->literal ? CHECK_LITERAL : CHECK_READING,
                                                            .scale = job->scale->name,
                                                            .place = rule->place,
                                                            .cites = rule->cites});
}

void prove_report_open(struct prove_job *job, enum check_kind kind, uint16_t at) {
    struct buffer words = {0};
    struct text name = report_kind_name(kind);
    struct check_finding *finding = prove_report(job, CHECK_UNDECIDED, at);
    buffer_print(&words,
                 job->reporter->is_chinese ? "未能判定本条有没有 %.*s：证明器在限定的步数内没有答案"
                                           : "could not be decided: whether there is a %.*s here; the prover found no "
                                             "answer within its limit of steps",
                 TEXT_PRINT(name));
    report_say(job->reporter, finding, &words);
}

enum answer prove_find(struct prove_job *job, struct witness *witness) {
    witness->base = job->base;
    witness->looked_at = job->looked_at;
    witness->values = job->values;
    return witness_find(job->prover, witness);
}

/* ---- scales ----------------------------------------------------------------------------------------------- */

static void mark_scale(struct prove_job *job) {
    memset(job->looked_at, 0, job->space->count * sizeof *job->looked_at);
    space_mark(job->space, job->scale->given, job->looked_at);
    for (uint16_t i = 0; i < job->scale->rule_count; i++) {
        space_mark(job->space, prove_rule(job, i)->condition, job->looked_at);
        space_mark(job->space, prove_rule(job, i)->literal, job->looked_at);
    }
}

static void prove_rules(struct prove_job *job) {
    prove_dead_rules(job);
    prove_falls(job);
    prove_gaps(job);
    prove_clashes(job);
}

static void prove_scale(struct prove_job *job) {
    bool any_literal = false;
    for (uint16_t i = 0; i < job->scale->rule_count; i++) {
        any_literal = any_literal || has_literal(job, i);
    }
    job->key_count = 0;
    mark_scale(job);
    job->literal = false;
    prove_rules(job);
    if (any_literal) {
        job->literal = true;
        prove_rules(job);
    }
}

/* ---- subjects --------------------------------------------------------------------------------------------- */

static bool prove_with(struct reporter *reporter, struct prover *prover, const struct space *space,
                       struct arena *arena) {
    struct prove_job job = {.reporter = reporter, .prover = prover, .space = space};
    const struct plan_subject *subject = &space->plan->subjects[space->subject];
    job.looked_at = arena_allocate_array(arena, space->count, sizeof *job.looked_at);
    job.values = arena_allocate_array(arena, space->count, sizeof *job.values);
    job.choice_told = arena_allocate_array(arena, (size_t)space->count * PLAN_CHOICES_MAX, sizeof(bool));
    job.base = prover_declare_case(prover);
    if (job.choice_told == NULL || job.looked_at == NULL || job.values == NULL || job.base == NULL) {
        return false;
    }
    for (uint16_t i = 0; i < subject->scale_count; i++) {
        job.scale = &space->plan->scales[subject->scales[i]];
        prove_scale(&job);
    }
    prove_triggers(reporter, prover, job.base, job.choice_told);
    return !reporter->exhausted && !arena_is_exhausted(arena);
}

#define PROVER_MEMORY_MAX ((size_t)256 << 20) /* for cases; a subject takes some hundred kilobytes */

bool prove_subject(struct reporter *reporter, uint16_t subject, uint32_t effort_max, struct failure *failure) {
    struct arena *arena = arena_create(PROVER_MEMORY_MAX);
    struct space space;
    struct prover *prover = NULL;
    bool done = false;
    if (arena != NULL && space_make(&space, reporter->plan, subject, arena)) {
        prover = prover_create(&space, effort_max, arena, failure);
        done = prover != NULL && prove_with(reporter, prover, &space, arena);
    }
    if (!done) {
        (void)failure_set(failure, "memory is exhausted");
    }
    if (prover != NULL) {
        reporter->report->questions += prover->questions;
    }
    prover_destroy(prover);
    arena_destroy(arena);
    return done;
}
