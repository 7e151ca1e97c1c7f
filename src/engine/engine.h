/* engine — events in, consequences out: levels, proposals, duties, notices, findings.
 *
 * What it is for: the pure core. docs/engine-model.md is its model and must be read first.
 * Owns: the state of all incidents. Borrows: the compiled plans (the caller keeps them alive until engine_destroy).
 * Must never: read a clock, do input or output, draw a random number, depend on a pointer's value, use floating point,
 * or know the name of any plan. Same plans, same events: same state, same outputs, byte for byte.
 *
 * Not thread-safe: one engine belongs to one thread; readers on other threads get copies or messages.
 */
#ifndef PINYUE_ENGINE_ENGINE_H
#define PINYUE_ENGINE_ENGINE_H

#include "base/buffer.h"
#include "base/failure.h"
#include "base/text.h"
#include "engine/decide.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stdint.h>

#define ENGINE_NEVER INT64_MAX /* no such instant */

struct engine;

/* ---- events ----------------------------------------------------------------------------------------------- */

enum engine_event_kind {
    ENGINE_TIME,        /* the driver says what time it is; nothing else happened */
    ENGINE_ADOPT,       /* a plan (version) is put in force: opens its standing subjects, or moves them to it */
    ENGINE_OPEN,        /* an incident is opened under the version of its plan now in force */
    ENGINE_REPORT,      /* somebody reports a fact */
    ENGINE_CORRECT,     /* a claim never was so: it was this */
    ENGINE_WITHDRAW,    /* a claim cannot be upheld */
    ENGINE_BIND,        /* a role is bound to a unit */
    ENGINE_UNBIND,      /* a binding was wrong */
    ENGINE_ORDER,       /* an office puts a level in force, or ends it (level 0) */
    ENGINE_REFUSE,      /* an office refuses the open proposal of a scale */
    ENGINE_NOTIFY,      /* a duty's (or proposal's, finding's) notice has reached its addressee */
    ENGINE_ACKNOWLEDGE, /* somebody answers for a duty, proposal or finding: all its pending notices stop */
    ENGINE_DONE,        /* a duty is proved done, an option taken, a decision taken with yes */
    ENGINE_DECLINE,     /* a decision taken with no, an option declined */
    ENGINE_BREACH,      /* what is forbidden was done */
    ENGINE_MERGE,       /* this incident is the same fire as `other`: it goes on there */
    ENGINE_SPLIT,       /* it was not: told apart again */
    ENGINE_MOVE,        /* the incident goes over to the version of its plan now in force */
    ENGINE_CLOSE,       /* nothing more is expected: open duties lapse */
    ENGINE_REOPEN,      /* it was not over: what lapsed by the closing is owed again */
    ENGINE_RECONSIDER,  /* a scale's refusal does not stand: what was refused is proposed again */
    ENGINE_EVENT_KINDS
};

enum engine_basis { ENGINE_UNQUALIFIED, ENGINE_OBSERVED, ENGINE_PREDICTED };

/* What an event is about, within its incident. Numbers start at 1, in order of appearance, per incident and kind. */
enum engine_item_kind { ENGINE_ITEM_DUTY, ENGINE_ITEM_PROPOSAL, ENGINE_ITEM_FINDING };

/* A decoded event. Fields that its kind does not use are zero. Texts are borrowed for the call. */
/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding) ordered for the reader */
struct engine_event {
    enum engine_event_kind kind;
    int64_t at;         /* when we heard, us; never before the event handed in last */
    int64_t as_of;      /* when it was so: OPEN (first sighted), REPORT, DONE, DECLINE, BREACH; at most `at`.
                         * CORRECT: when it was so in truth; 0: the corrected claim had the moment right */
    uint64_t sequence;  /* number of the event in the log; 0 where there is none */
    uint32_t incident;  /* number of the incident, from 1 */
    struct text source; /* who says or does it: a person, a unit, a device */
    uint16_t by;        /* the party for which it is done (ORDER, REFUSE, ACKNOWLEDGE …), or PLAN_NONE */
    struct text reason; /* ORDER (override), REFUSE, CLOSE, BREACH, DONE (the proof): in words */

    const struct plan *plan;         /* ADOPT: the compiled version; OPEN: the version in force */
    uint16_t subject;                /* OPEN: index in its plan */
    struct text title;               /* OPEN */
    uint16_t fact;                   /* REPORT: index in the incident's plan */
    enum engine_basis basis;         /* REPORT */
    int64_t low, high;               /* REPORT, CORRECT: the range; choices: low is the set; series: value indexes */
    int32_t day;                     /* REPORT of a series: the civil day it speaks of */
    uint32_t claim;                  /* CORRECT, WITHDRAW */
    uint16_t role, unit;             /* BIND, UNBIND: parties */
    uint16_t scale;                  /* ORDER, REFUSE, RECONSIDER: index in the incident's plan */
    uint8_t level;                   /* ORDER: 0 ends */
    enum engine_item_kind item_kind; /* NOTIFY, ACKNOWLEDGE */
    uint32_t item;                   /* NOTIFY, ACKNOWLEDGE, DONE, DECLINE, BREACH: number of the item */
    uint32_t other;                  /* MERGE: the incident that goes on */
};

/* ---- consequences ----------------------------------------------------------------------------------------- */

enum engine_output_kind {
    ENGINE_LEVEL_CHANGED,         /* scale: level, may */
    ENGINE_ORDER_CHANGED,         /* scale: level is the order now in force (0: none); item: the proposal it answers */
    ENGINE_PROPOSAL_RAISED,       /* item */
    ENGINE_PROPOSAL_ACKNOWLEDGED, /* item */
    ENGINE_PROPOSAL_ENDED,        /* item; its status says how: accepted, refused, superseded, lapsed */
    ENGINE_DUTY_RAISED,           /* item */
    ENGINE_DUTY_ACKNOWLEDGED,     /* item */
    ENGINE_DUTY_DONE,             /* item; done late if its done instant is after its due instant */
    ENGINE_DUTY_DECLINED,         /* item */
    ENGINE_DUTY_OVERDUE,          /* item; due_at is its deadline */
    ENGINE_DUTY_LAPSED,           /* item */
    ENGINE_DUTY_RESTORED,         /* item: stands again after a split or a reopening */
    ENGINE_DUTY_BREACHED,         /* item */
    ENGINE_NOTICE,                /* say it to `party`: item_kind, item, step (0: the bearer, owner, decider) */
    ENGINE_FINDING_RAISED,        /* item */
    ENGINE_FINDING_CLOSED,        /* item */
    ENGINE_INCIDENT_OPENED,
    ENGINE_INCIDENT_MERGED, /* item: the incident it went into */
    ENGINE_INCIDENT_SPLIT,
    ENGINE_INCIDENT_MOVED,
    ENGINE_INCIDENT_CLOSED,
    ENGINE_INCIDENT_REOPENED,
    ENGINE_OUTPUT_KINDS
};

struct engine_output {
    enum engine_output_kind kind;
    uint32_t incident;
    int64_t at;     /* when it was handled: the instant of the event handed in */
    int64_t due_at; /* when it came due or to hold; before `at` when it is handled late. Exactly at a deadline is in
                         time, so a deadline is handled 1 us after it: then due_at is the deadline itself */
    enum engine_item_kind item_kind;
    uint32_t item;
    uint16_t scale;
    uint8_t level, may;
    uint16_t party; /* NOTICE: addressee; PLAN_NONE where the role is unbound */
    uint8_t step;   /* NOTICE */
};

/* Called for each consequence, in order. Must not call the engine. */
typedef void engine_sink(void *context, const struct engine_output *output);

/* ---- life ------------------------------------------------------------------------------------------------- */

/* NULL when memory is exhausted. */
struct engine *engine_create(void);
void engine_destroy(struct engine *engine);

/* Says whether an event can be taken now, without taking it: unknown incident, fact, claim, item; an office that may
 * not give this order; an override without a reason; time going backwards … The message is for the person at the
 * desk. Whoever keeps a log first hands in a TIME event for the event's instant (what came due may change what can be
 * taken), then calls this, then logs, then steps. */
bool engine_check(const struct engine *engine, const struct engine_event *event, struct failure *failure);

/* Takes one event: first everything that came due before or at its instant, then the event itself, then what follows
 * from it. Checks as engine_check once time has passed, and when that fails nothing but time has passed. Memory exhausted in the middle is
 * reported with the engine marked broken: every later call fails, the log still has everything. */
bool engine_step(struct engine *engine, const struct engine_event *event, engine_sink *sink, void *context,
                 struct failure *failure);

/* As engine_step for each in turn, quicker where very many incidents are open. Returns how many were taken: fewer than
 * `count` when one was refused, with its failure; none behind it has been looked at. */
size_t engine_step_many(struct engine *engine, const struct engine_event *events, size_t count, engine_sink *sink,
                        void *context, struct failure *failure);

/* The next instant at which anything changes by itself, ENGINE_NEVER when nothing will. */
int64_t engine_next_instant(const struct engine *engine);

/* The instant of the event handed in last (INT64_MIN at first). */
int64_t engine_now(const struct engine *engine);

/* Number that the next opened incident will get; incidents are numbered 1, 2, … without holes. */
uint32_t engine_next_incident(const struct engine *engine);

/* Lets the next opened incident have this number: those before it that have not been opened are not there (all views say
 * so). For whoever is told some incidents' events alone. False with a failure when a later incident is there already, or
 * memory is exhausted. */
bool engine_skip_incidents(struct engine *engine, uint32_t number, struct failure *failure);

/* The version of its plan that an incident is under; NULL when there is no such incident. */
const struct plan *engine_plan_of(const struct engine *engine, uint32_t incident);

/* The version of a plan that is in force, by the plan's name; NULL when none is. */
const struct plan *engine_plan_in_force(const struct engine *engine, struct text name);

/* ---- reading the state ------------------------------------------------------------------------------------ */
/* Pointers are into the engine's state: valid until the next engine_step. */

enum engine_incident_status { ENGINE_OPENED, ENGINE_MERGED, ENGINE_CLOSED };

struct engine_incident_view {
    uint32_t number;
    const struct plan *plan;
    uint16_t subject;
    struct text title;
    enum engine_incident_status status;
    uint32_t merged_into;
    int64_t opened_at, first_report_at;
    uint64_t sequence; /* of the event that opened it */
    uint32_t claim_count, duty_count, proposal_count, finding_count, binding_count, order_count;
};

struct engine_claim_view {
    uint32_t number;
    uint16_t fact; /* PLAN_NONE where the incident has moved to a version that does not know it */
    enum engine_basis basis;
    int64_t low, high;
    int32_t day;
    int64_t as_of, heard_at;
    struct text source;
    uint64_t sequence;
    bool corrected, withdrawn;
    int64_t ended_at;     /* when it was corrected or withdrawn; ENGINE_NEVER */
    uint32_t replaces;    /* the claim that it corrects, 0 */
    uint32_t replaced_by; /* the claim that corrects it, 0 */
    uint32_t origin;      /* the incident that it came from by a merge, 0 */
};

enum engine_proposal_kind { ENGINE_RAISE, ENGINE_LOWER, ENGINE_END };
enum engine_proposal_status {
    ENGINE_PROPOSAL_OPEN,
    ENGINE_PROPOSAL_ACCEPTED,
    ENGINE_PROPOSAL_REFUSED,
    ENGINE_PROPOSAL_SUPERSEDED, /* the target moved, or an order made it moot */
    ENGINE_PROPOSAL_LAPSED      /* its incident was merged or closed */
};

struct engine_proposal_view {
    uint32_t number;
    uint16_t scale;
    enum engine_proposal_kind kind;
    enum engine_proposal_status status;
    uint8_t from, to;   /* the order then in force, the level proposed (0: none) */
    uint8_t level, may; /* what the facts gave at that moment */
    uint64_t because;   /* set of the scale's rules (bit = position) that decided */
    int64_t raised_at, due_at, ended_at;
    bool overdue;
    uint8_t step; /* how many steps of the chain have been told */
    int64_t acknowledged_at;
    uint16_t by; /* who decided */
    struct text source, reason, acknowledger;
    uint64_t sequence; /* of the event that raised it; 0: time itself did, at raised_at */
};

enum engine_duty_status { ENGINE_OWED, ENGINE_DONE_STATUS, ENGINE_DECLINED, ENGINE_LAPSED };
enum engine_lapse { ENGINE_CAUSE_ENDED, ENGINE_REPLACED, ENGINE_ABSORBED, ENGINE_INCIDENT_ENDED, ENGINE_PLAN_MOVED };

struct engine_duty_view {
    uint32_t number;
    uint16_t duty;        /* index in the plan's duties */
    uint16_t bearer;      /* party that owes it; PLAN_NONE while its role is unbound */
    uint16_t bearer_role; /* the role through which it owes it, or PLAN_NONE */
    uint16_t recipient, recipient_role;
    enum engine_duty_status status;
    enum engine_lapse lapse;
    int64_t since, due_at;                                   /* due_at ENGINE_NEVER where there is no clock */
    int64_t notified_at, acknowledged_at, done_at, ended_at; /* ENGINE_NEVER where it has not happened */
    bool overdue;        /* its deadline has passed undone (it stays so when it is done late) */
    bool unacknowledged; /* its time to acknowledge has passed without */
    uint32_t breaches;
    uint8_t step;
    struct text source, proof, acknowledger;
    uint32_t parent;   /* duty whose doing raised this one, 0 */
    uint64_t sequence; /* of the event that raised it; 0: time itself did, at `since` */
};

enum engine_finding_kind { ENGINE_ROLE_UNBOUND, ENGINE_CHAIN_EXHAUSTED, ENGINE_CONTRADICTION, ENGINE_MOVE_LOST };

struct engine_finding_view {
    uint32_t number;
    enum engine_finding_kind kind;
    uint16_t party;                  /* the unbound role; the duty's or proposal's owner */
    uint16_t owner;                  /* who must see to it */
    enum engine_item_kind item_kind; /* CHAIN_EXHAUSTED: whose chain */
    uint32_t item; /* CHAIN_EXHAUSTED: the item; CONTRADICTION: the claim; MOVE_LOST: the claim or duty */
    int64_t raised_at, due_at, closed_at, acknowledged_at;
    struct text acknowledger;
    bool overdue;
    uint64_t sequence;
};

struct engine_order_view { /* history of orders, oldest first */
    uint16_t scale;
    uint8_t level; /* 0: ended */
    int64_t at;
    uint16_t by; /* PLAN_NONE: by the plan itself (automatic) */
    bool override;
    uint8_t facts_level, facts_may; /* what the facts gave then */
    struct text source, reason;
    uint32_t proposal; /* the proposal it answers, 0 */
    uint64_t sequence;
};

struct engine_scale_view {
    uint8_t level, may; /* certain and possible level; 0 none */
    uint64_t because;   /* certain rules of the level, by position */
    uint8_t order;      /* in force; 0 none */
    bool ended;         /* ended and not reopened */
    bool refused;       /* what the facts ask for has been refused or overruled, and nothing has changed since */
    uint32_t proposal;  /* the open one, 0 */
};

/* An incident by its number. All views return false, and leave *view alone, when there is no such thing. */
bool engine_view_incident(const struct engine *engine, uint32_t incident, struct engine_incident_view *view);
/* A claim by its number, struck out ones included. */
bool engine_view_claim(const struct engine *engine, uint32_t incident, uint32_t number, struct engine_claim_view *view);
/* A proposal by its number, whatever has become of it. */
bool engine_view_proposal(const struct engine *engine, uint32_t incident, uint32_t number,
                          struct engine_proposal_view *view);
/* A duty, option, decision, prohibition or standing notice by its number, whatever has become of it. */
bool engine_view_duty(const struct engine *engine, uint32_t incident, uint32_t number, struct engine_duty_view *view);
/* A finding by its number, closed ones included. */
bool engine_view_finding(const struct engine *engine, uint32_t incident, uint32_t number,
                         struct engine_finding_view *view);
/* An order of the history by its index, from 0. */
bool engine_view_order(const struct engine *engine, uint32_t incident, uint32_t index, struct engine_order_view *view);
/* A binding of a role by its index, from 0. */
bool engine_view_binding(const struct engine *engine, uint32_t incident, uint32_t index, uint16_t *role,
                         uint16_t *unit);
/* `scale` is the index in the incident's plan. */
bool engine_view_scale(const struct engine *engine, uint32_t incident, uint16_t scale, struct engine_scale_view *view);

/* The belief in a fact (index in the incident's plan), derived ones as of the engine's now. Not for series. */
bool engine_view_fact(const struct engine *engine, uint32_t incident, uint16_t fact, int64_t *low, int64_t *high);

/* The same, derived ones as of an instant that is not before the engine's now: what runs goes on running while nothing
 * comes due. */
bool engine_view_fact_at(const struct engine *engine, uint32_t incident, uint16_t fact, int64_t instant, int64_t *low,
                         int64_t *high);

/* What the incident's facts are now, as a box for decide_scale and decide_ask, and the program to weigh it with. The
 * box borrows the engine's state: valid until the next step. */
bool engine_view_box(const struct engine *engine, uint32_t incident, struct decide_box *box,
                     const struct decide_program **program);

/* The same with derived facts as of an instant, as engine_view_fact_at. */
bool engine_view_box_at(const struct engine *engine, uint32_t incident, int64_t instant, struct decide_box *box,
                        const struct decide_program **program);

/* Whether a condition of the incident's plan is certain or possible now. */
bool engine_view_condition(const struct engine *engine, uint32_t incident, uint32_t node, bool *certain,
                           bool *possible);

/* Bytes of memory that the engine holds for its incidents. */
uint64_t engine_memory_bytes(const struct engine *engine);

/* Appends the whole state as canonical text: one JSON object a line, incidents in order, keys in a fixed order, no
 * floats. Equal states give equal bytes. */
void engine_write_state(const struct engine *engine, struct buffer *out);

#endif
