/* prove — what is proved of the scales of a subject, each kind of finding in its own file. Internal to src/check. */
#ifndef PINYUE_CHECK_PROVE_H
#define PINYUE_CHECK_PROVE_H

#include "check/prover.h"
#include "check/report.h"
#include "check/witness.h"

/* A rule, another one and an axis: what a finding is about, so that it is told once where nothing literal is in it. */
struct prove_key {
    enum check_kind kind;
    uint32_t rule, other, axis;
};

/* One scale under proof, by its literal rules or by what runs. */
struct prove_job {
    struct reporter *reporter;
    struct prover *prover;
    const struct space *space;
    const struct plan_scale *scale;
    bool literal;
    bool *looked_at; /* axes that the scale looks at */
    Z3_ast *base;    /* a case of which nothing is known */
    int64_t *values; /* room for a witness */
    struct prove_key *keys;
    uint32_t key_count, key_room;
    bool *choice_told; /* by axis and value (PLAN_CHOICES_MAX an axis): said to have no level */
};

/* Proves all there is to prove of the subject. False when memory or Z3 is exhausted. */
bool prove_subject(struct reporter *reporter, uint16_t subject, uint32_t effort_max, struct failure *failure);

/* The rules of the job's scale that can never hold or never decide. */
void prove_dead_rules(struct prove_job *job);

/* Cases made worse in one fact that get a lower level; holes between two cases that have a level. */
void prove_falls(struct prove_job *job);
void prove_gaps(struct prove_job *job);

/* Conditions of a lower level that imply a higher one's when they are read another way. */
void prove_clashes(struct prove_job *job);

/* Triggers, positions and the like whose condition never holds; choices that nothing handles, those left out that
 * `choice_told` marks. */
void prove_triggers(struct reporter *reporter, struct prover *prover, const Z3_ast *base, const bool *choice_told);

/* ---- shared ---- */

const struct plan_rule *prove_rule(const struct prove_job *job, uint16_t at);
uint32_t prove_root(const struct prove_job *job, uint16_t at);

/* Remembers a key; false when it was there, from the readings, and no rule of it has a literal: told already. */
bool prove_is_new(struct prove_job *job, struct prove_key key);

/* True where nothing literal stands in the way of accepting: a reading that has a literal beside it may have no finding
 * of its own. */
bool prove_may_accept(const struct prove_job *job, uint16_t at);

/* A finding at a rule. */
struct check_finding *prove_report(struct prove_job *job, enum check_kind kind, uint16_t at);

/* A question that Z3 left open, about a rule. */
void prove_report_open(struct prove_job *job, enum check_kind kind, uint16_t at);

/* A witness for what the prover assumes, over the axes of the scale. */
enum answer prove_find(struct prove_job *job, struct witness *witness);

#endif
