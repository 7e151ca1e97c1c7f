/* resolve — what the files share that give names their meaning and build the plan's arrays.
 *
 * Names are declared first, all of them, so that they may be used before their declaration; then each declaration is
 * looked through. Every function goes on after a mistake: what cannot be found becomes PLAN_NONE or an empty condition,
 * and the message already taken keeps the plan from being handed out.
 */
#ifndef PINYUE_PLAN_RESOLVE_H
#define PINYUE_PLAN_RESOLVE_H

#include "plan/compile.h"

/* ---- shared (resolve.c) ----------------------------------------------------------------------------------- */

struct plan_span add_cites(struct compiler *compiler, const words *clauses);
struct plan_span add_notes(struct compiler *compiler, const struct tail *tail);

/* Index of a party, or PLAN_NONE after a message; an empty word gives PLAN_NONE without one. */
uint16_t resolve_party(struct compiler *compiler, struct word name);

/* Parties of a list; `recipient_allowed` lets the keyword recipient stand for PLAN_BEARER_RECIPIENT. */
struct plan_list resolve_parties(struct compiler *compiler, const words *names, bool recipient_allowed);

uint16_t resolve_subject(struct compiler *compiler, struct word name);
uint16_t resolve_chain(struct compiler *compiler, struct word name);
uint16_t resolve_calling(struct compiler *compiler, struct word name);

/* Index of a fact (not of a condition), or PLAN_NONE after a message; `what` is what the message says is needed. */
uint16_t resolve_fact_name(struct compiler *compiler, struct word name, struct say what);

/* Index of a duty, option, decision, prohibition or notice, or PLAN_NONE after a message (resolve_duty.c). */
uint16_t resolve_duty_name(struct compiler *compiler, struct word name);

/* The length of time, `missing` where none was given; stores the local setting's name where there is one. */
int64_t resolve_time(struct compiler *compiler, const struct amount *amount, int64_t missing, struct text *setting);

/* Reports an unknown name with the nearest known one, or what else bears that name. Always false. */
bool report_unknown(struct compiler *compiler, struct word name, struct say what, const struct name_table *table);

/* Reports that what bears the name is of another subject. Always false. */
bool report_elsewhere(struct compiler *compiler, struct word name);

/* ---- conditions (condition.c) ----------------------------------------------------------------------------- */

/* What a condition may speak of. */
struct scope {
    uint16_t subject;    /* PLAN_NONE until the first fact or scale says it */
    bool scales_allowed; /* in triggers, not in scales and named conditions */
    uint32_t depth;
    bool faulty; /* a message was taken, or a part of it is known to be faulty */
};

/* The node of a condition; PLAN_NO_NODE for NULL. */
uint32_t resolve_condition(struct compiler *compiler, struct scope *scope, const struct expression *condition);

/* Looks through a named condition once, wherever it is used. */
void check_named_condition(struct compiler *compiler, struct named_condition *named, uint32_t depth);

/* A node that stands for a condition without parts: always true, or never. */
uint32_t add_constant(struct compiler *compiler, bool holds, struct plan_place place);

/* ---- declarations ----------------------------------------------------------------------------------------- */

void declare_parties(struct compiler *compiler); /* resolve_party.c */
void resolve_all_parties(struct compiler *compiler);
void resolve_settings(struct compiler *compiler); /* declares and builds */
void declare_chains(struct compiler *compiler);
void resolve_chains(struct compiler *compiler);
void declare_subjects(struct compiler *compiler); /* resolve_fact.c: facts and conditions too */
void resolve_subjects(struct compiler *compiler);

/* The words by which facts are recognised (resolve_phrase.c), once all facts are built. */
void resolve_phrases(struct compiler *compiler);
void declare_scales(struct compiler *compiler); /* resolve_scale.c */
void resolve_scales(struct compiler *compiler);
void declare_duties(struct compiler *compiler); /* resolve_duty.c */
void resolve_triggers(struct compiler *compiler);
void declare_callings(struct compiler *compiler); /* resolve_command.c */
void resolve_callings(struct compiler *compiler);
void declare_handlings(struct compiler *compiler); /* resolve_handling.c */
void resolve_handlings(struct compiler *compiler);
void declare_forms(struct compiler *compiler); /* resolve_form.c */
void resolve_forms(struct compiler *compiler);
void resolve_commands(struct compiler *compiler); /* adds the work groups' duties */

#endif
