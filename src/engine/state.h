/* state — what the engine remembers. Internal to src/engine.
 *
 * One incident owns its growing arrays; the engine owns incidents, editions (plan versions) and the pool of texts.
 * Everything that an incident's clocks need is in the incident; one heap over incidents, by next instant and number,
 * gives the next of all.
 */
#ifndef PINYUE_ENGINE_STATE_H
#define PINYUE_ENGINE_STATE_H

#include "engine/engine.h"
#include "engine/memory.h"
#include "engine/program.h"

#include <stddef.h>

#define STATE_EXPAND_MAX 256 /* parties that one list of bearers or recipients may come to */
#define STATE_NOT_IN_HEAP UINT32_MAX
#define STATE_HEAP_CHILDREN 4U
#define STATE_NO_SLOT UINT8_MAX /* of a claim whose fact a new version does not know */

/* In one cache line. */
struct claim {
    int64_t low, high;
    int64_t as_of, heard_at;
    uint64_t sequence;
    int64_t run;     /* over this claim and all older ones: the bound that never falls; flags: since when it is yes */
    uint32_t source; /* text in the pool */
    uint32_t older;  /* number of the next claim in its list, latest as_of first; 0 none */
    uint32_t fate;   /* number of its fate, 0 where there is nothing to say */
    uint8_t slot;
    uint8_t basis;
    bool corrected : 1, withdrawn : 1;
};
_Static_assert(sizeof(struct claim) == 64, "a claim is a cache line");

/* What few claims have: an end, ties to other claims, a day of a series. */
struct fate {
    int64_t ended_at;
    uint32_t replaces, replaced_by; /* claim numbers, 0 none */
    uint32_t origin;                /* incident that it came from by a merge, 0 none */
    int32_t day;
};

/* An instant at which something was raised, and the event that did it (0: time itself). What is raised at once shares
 * it. */
struct moment {
    int64_t at;
    uint64_t sequence;
};

/* A duty in one cache line: what it is, and all that clocks and people mostly ask of it. */
struct duty {
    int64_t due_at;
    int64_t answer_by; /* to be acknowledged by then, ENGINE_NEVER where nobody has been told or none is asked */
    int64_t step_at;   /* next step of the chain, ENGINE_NEVER when none is due */
    int64_t renew_at;  /* start of the next calendar period, ENGINE_NEVER */
    int64_t notified_at;
    uint32_t raised;   /* index of its moment */
    uint32_t course;   /* number of its course, 0 where nothing has come of it yet */
    uint16_t template; /* index in the plan's duties; PLAN_NONE after a move that lost it */
    uint16_t bearer, bearer_role, recipient, recipient_role;
    uint8_t status, lapse;
    uint8_t chain_position; /* steps of the chain told in the present run */
    uint8_t notices;        /* number of the next notice: 0 is the bearer's first, a chain's start at 1 */
    bool acknowledged : 1, overdue : 1, unacknowledged : 1, escalating : 1, exhausted : 1;
    bool past : 1; /* its cause has ended since it was raised: when it begins again, the same is owed again */
};
_Static_assert(sizeof(struct duty) == 64, "a duty is a cache line");

/* What has come of a duty. Most are owed for long without anything of this, so it is made when there is something to
 * say. */
struct course {
    int64_t acknowledged_at, done_at, ended_at;
    uint32_t source, proof; /* texts */
    uint32_t acknowledger;  /* a text: who it was */
    uint32_t breaches;
    uint32_t parent;
};

struct proposal {
    int64_t raised_at, due_at, ended_at, acknowledged_at;
    int64_t step_at, next_at;
    uint64_t because, sequence;
    uint32_t source, reason, acknowledger;
    uint16_t scale; /* index in the plan */
    uint16_t by;
    uint8_t kind, status, from, to, level, may;
    uint8_t chain_position, notices;
    bool overdue, escalating, exhausted;
};

struct finding {
    int64_t raised_at, due_at, closed_at, acknowledged_at, next_at;
    uint64_t sequence;
    uint32_t item;
    uint32_t acknowledger;
    uint16_t party, owner;
    uint8_t kind, item_kind;
    bool overdue;
    bool cut_off; /* it was open when its incident was closed or merged: it is raised anew when that goes on */
};

struct order {
    int64_t at;
    uint64_t sequence;
    uint32_t source, reason, proposal;
    uint16_t scale, by;
    uint8_t level, facts_level, facts_may;
    bool override;
};

struct binding {
    uint16_t role, unit;
    uint32_t origin; /* the incident that it came from by a merge, 0 none */
};

struct scale_state {
    struct scale_memory memory;
    uint64_t because;
    uint64_t refused_basis;
    uint32_t proposal; /* number of the open one, 0 */
    uint8_t level, may, order;
    uint8_t refused_target;
    bool refused;   /* a proposal of refused_target, on refused_basis, is not to come back */
    bool ended;     /* after an end, until it reopens */
    bool reopening; /* reopens_when held when last looked at */
};

/* A plan version, made ready. */
struct edition {
    const struct plan *plan;
    struct decide_program *program;
    struct edition *next;
    /* by slot: triggers that look at it; by scale position: the same; sets of 256 */
    uint64_t (*slot_triggers)[4];  /* [subject * PLAN_FACTS_MAX + slot] */
    uint64_t (*scale_triggers)[4]; /* [subject * PLAN_SCALES_MAX + position] */
    uint64_t (*replacing)[4];      /* by action: triggers of actions that replace it */
    uint64_t *until_slots;         /* by subject: facts that `until` conditions look at */
    uint8_t *until_scales;
    uint64_t *derived_slots;      /* by subject */
    uint64_t *stopping_slots;     /* by subject: flags that stop a derived fact */
    uint64_t *starting_slots;     /* by subject: times that a derived fact runs from */
    uint64_t *series_slots;       /* by subject */
    uint64_t *first_report_slots; /* by subject: times never later than the first report */
};

/* What every event looks at comes first, so that it lies in few cache lines. Of each kind of clock the earliest is kept,
 * unless its `rescan` says that it may have moved on. */
struct incident {
    struct edition *edition;
    int64_t next_at; /* the earliest of the four that follow; at least an instant that is still to come */
    int64_t turn_next_at, duty_next_at, proposal_next_at, finding_next_at; /* turn: a running duration, the day */
    int64_t *duty_clocks; /* beside each duty the earliest of its clocks, apart so that they are scanned quickly */
    struct duty *duties;

    uint32_t duty_count, number;
    uint16_t subject;
    uint8_t status;
    bool turn_rescan, duty_rescan, proposal_rescan, finding_rescan;
    bool contradicted;               /* some finding has ever been a contradiction: mostly none need be looked for */
    const struct plan_subject *type; /* in the edition's plan */
    struct claim *claims;
    int64_t *low; /* by slot; choices: low is the set. The block of this and the arrays down to `series` */
    int64_t *high;
    uint32_t *latest; /* by slot: number of the observed or unqualified claim with the latest as_of, 0 none */
    uint32_t claim_count, claim_room;

    struct scale_state *scales; /* by position */
    uint64_t *raised;           /* set of the actions that have ever been raised here: most are raised once */
    uint64_t
        *waiting; /* set of the actions with an `until` that may still be owed here; none that is owed is missing */
    uint64_t active[4];           /* triggers whose cause holds */
    int64_t *stopped_at;          /* by slot, derived facts: where they stand still, ENGINE_NEVER while they run */
    uint32_t *latest_predicted;   /* as latest, for predicted claims */
    struct decide_series *series; /* by slot, NULL when the subject has no series */
    struct finding *findings;
    struct proposal *proposals;
    struct order *orders;
    struct binding *bindings;
    struct fate *fates; /* by number - 1 */
    struct moment *moments;
    struct course *courses; /* by number - 1 */
    uint32_t finding_count, proposal_count;
    uint32_t fate_count, fate_room, moment_count, moment_room, course_count, course_room;
    uint32_t duty_room, clock_room, proposal_room, finding_room, order_count, order_room, binding_count, binding_room;
    uint32_t merged_into, title;
    int64_t opened_at, first_report_at;
    int64_t own_seen_at, seen_at; /* first sighted: itself; it or any that is merged into it */
    uint64_t sequence;
};
_Static_assert(offsetof(struct incident, duty_count) == 64 && offsetof(struct incident, scales) == 128,
               "what every event looks at lies in two cache lines, what a report looks at besides in a third");

struct pool_entry {
    const char *bytes;
    uint32_t length;
    uint64_t hash;
};

struct heap_entry {
    int64_t next_at; /* the incident's, here too: comparing must not touch the incident */
    uint32_t number;
};

struct engine {
    struct edition *editions;    /* every version ever adopted, newest first */
    struct incident **incidents; /* by number - 1 */
    uint32_t incident_count, incident_room;
    struct heap_entry *heap; /* incidents with a next instant */
    uint32_t heap_count, heap_room;
    const struct plan **plans; /* by incident number - 1, apart so that asking for it touches no incident */
    uint32_t plans_room;
    uint32_t *heap_places; /* by incident number - 1: index in the heap; apart, so that the heap touches no incident */
    uint32_t heap_places_room;
    struct arena *texts;     /* bytes of pooled texts */
    struct pool_entry *pool; /* [0] is the empty text */
    uint32_t pool_count, pool_room;
    uint32_t *pool_table; /* open addressing, power of two, 0 empty */
    uint32_t pool_table_room;
    struct memory memory; /* of incidents and everything in them */
    int64_t now;          /* of the event handed in last */
    bool broken;          /* memory ran out in the middle of a step */

    /* while a step runs */
    int64_t instant;    /* the instant at which things now happen: at most the event's */
    int64_t handled_at; /* the event's */
    uint64_t sequence;  /* the event's, 0 while clocks are caught up */
    engine_sink *sink;
    void *context;
    struct decide_box box; /* scratch */
    /* what is written where there was no memory for it; the engine is broken then */
    struct course spare_course;
    struct fate spare_fate;
};

/* ---- memory and texts (engine.c) -------------------------------------------------------------------------- */

/* Makes room for one more item in a growing array; false when memory is exhausted (the engine is then broken). */
bool state_reserve(struct engine *engine, void **items, uint32_t *room, uint32_t count, size_t size);
/* The same for `more` items. */
bool state_reserve_many(struct engine *engine, void **items, uint32_t *room, uint32_t count, uint32_t more,
                        size_t size);
uint32_t state_pool_text(struct engine *engine, struct text text);
struct text state_text(const struct engine *engine, uint32_t pooled);
struct incident *state_incident(const struct engine *engine, uint32_t number);
void *state_allocate(struct engine *engine, size_t size);
void state_free(struct engine *engine, void *block, size_t size);
void state_emit(struct engine *engine, const struct incident *incident, struct engine_output output);
/* Recomputes the incident's next instant and its place in the heap. */
void state_schedule(struct engine *engine, struct incident *incident);
struct edition *state_edition_in_force(const struct engine *engine, struct text name);

/* ---- what may be taken (check.c; engine_check itself is public) --------------------------------------------- */

bool check_time(const struct engine *engine, const struct engine_event *event, struct failure *failure);

/* ---- claims and belief (belief.c) ------------------------------------------------------------------------- */

/* Adds a claim with its fate (that of belief_fate where there is none); returns its number, 0 when memory is exhausted. */
uint32_t belief_add_claim(struct engine *engine, struct incident *incident, const struct claim *new,
                          const struct fate *fate);
/* A claim's fate: of most there is nothing to say, also then there is something to read. */
const struct fate *belief_fate(const struct incident *incident, const struct claim *claim);
/* Strikes a claim out at an instant: corrected by another claim (its number), or withdrawn (0). */
void belief_strike(struct engine *engine, struct incident *incident, uint32_t number, uint32_t corrected_by,
                   int64_t at);
/* Whether a claim says less of a fact that never falls than a claim of an earlier moment does. */
bool belief_claim_contradicts(const struct incident *incident, uint32_t number);
/* The claim that contradicts an earlier one now that this claim has come in: itself, or one of a later moment; 0 none. */
uint32_t belief_find_contradiction(const struct incident *incident, uint32_t number);
/* Recomputes what is believed of a fact from its standing claims, after a claim of this as_of has been added or struck
 * out; returns the slots whose range changed. */
uint64_t belief_settle(struct engine *engine, struct incident *incident, uint8_t slot, int64_t as_of, bool struck);
/* All facts anew, after a merge, a split, a move. */
uint64_t belief_settle_all(struct engine *engine, struct incident *incident);
/* Sets the scratch box to what is believed at `instant`. */
void belief_fill_box(const struct engine *engine, const struct incident *incident, int64_t instant,
                     struct decide_box *box);
/* A derived fact's range at an instant. */
void belief_find_derived(const struct incident *incident, uint8_t slot, int64_t instant, int64_t *low, int64_t *high);
/* The next instant after `instant` at which a running duration, or the change of day for a series, turns something. */
int64_t belief_next_turn(const struct engine *engine, const struct incident *incident, int64_t instant);
/* Takes the change of day into account; returns slots that changed. */
uint64_t belief_turn_day(struct engine *engine, struct incident *incident);

/* ---- consequences (react.c) ------------------------------------------------------------------------------- */

/* Brings levels, orders, proposals, triggers and duties up to what the facts now say. `slots`: facts whose range
 * changed (or which time has turned); `scales`: positions of scales whose standing has been changed from outside. */
void react_settle(struct engine *engine, struct incident *incident, uint64_t slots, uint8_t scales);
/* Finishes what is done by itself among the duties from this number on: they have been raised outside react_settle. */
void react_settle_until(struct engine *engine, struct incident *incident, uint32_t first);
/* Begins what an incident owes from its opening on. */
void react_begin_opened(struct engine *engine, struct incident *incident);
/* What a scale's order ought to be by the facts: the level, or 0 when it ends. */
/* What decides the target: the set of deciding rules, or UINT64_MAX where the end is reached. Both of these need the
 * scratch box to be filled. */
uint64_t react_find_basis(const struct engine *engine, const struct incident *incident, uint8_t position);
uint8_t react_find_target(const struct engine *engine, const struct incident *incident, uint8_t position);

/* ---- orders and proposals (proposal.c) -------------------------------------------------------------------- */

void proposal_compare(struct engine *engine, struct incident *incident, uint8_t position);
void proposal_end(struct engine *engine, struct incident *incident, uint32_t number, uint8_t status,
                  const struct engine_event *event);
void proposal_take_order(struct engine *engine, struct incident *incident, const struct engine_event *event);
void proposal_take_refusal(struct engine *engine, struct incident *incident, const struct engine_event *event);
/* A no does not stand any more: what the facts ask for is proposed again, by a clock of its own. */
void proposal_reconsider(struct engine *engine, struct incident *incident, const struct engine_event *event);
void proposal_fire(struct engine *engine, struct incident *incident, struct proposal *proposal, int64_t instant);
/* Sets the proposal's clock from what it waits for. */
void proposal_plan_next(struct incident *incident, struct proposal *proposal);
/* True when this party may order the change from the order in force to `level`. */
bool proposal_may_order(const struct incident *incident, const struct plan_scale *scale, uint16_t party, uint8_t from,
                        uint8_t level);

/* ---- duties (duty.c) -------------------------------------------------------------------------------------- */

/* What has come of a duty: of most nothing yet, also then there is something to read. */
const struct course *duty_course(const struct incident *incident, const struct duty *duty);
/* Since when it is owed, and which event raised it. */
const struct moment *duty_raised(const struct incident *incident, const struct duty *duty);
/* Remembers that this action has been raised here and may be owed (also for what a move carries over). */
void duty_note_raised(struct incident *incident, uint16_t template);
/* Makes room for this many more duties at once: they come in bursts, and growing step by step would copy them often. */
void duty_reserve(struct engine *engine, struct incident *incident, uint32_t more);
/* Raises an action for each bearer and recipient that does not owe it, or has done it, for the same cause already. */
void duty_raise(struct engine *engine, struct incident *incident, uint16_t template, uint32_t parent);
/* The cause of an action has ended: what continues stays owed, all else lapses; what is done is over. */
void duty_end_cause(struct engine *engine, struct incident *incident, uint16_t template);
/* Tells a party, a group's members, whoever a role is bound to; returns false when that is nobody. The notice says all
 * but the addressee. */
bool duty_tell(struct engine *engine, struct incident *incident, uint16_t party, struct engine_output notice);
void duty_lapse(struct engine *engine, struct incident *incident, uint32_t number, uint8_t lapse);
/* True when an active trigger raises something that replaces this action. */
bool duty_is_replaced(const struct incident *incident, uint16_t template);
void duty_lapse_template(struct engine *engine, struct incident *incident, uint16_t template, uint8_t lapse);
void duty_finish(struct engine *engine, struct incident *incident, uint32_t number, int64_t done_at, uint32_t source,
                 uint32_t proof);
void duty_restore(struct engine *engine, struct incident *incident, uint32_t number);
/* Raises a finding that nobody is bound to the role, unless there stands one. */
void duty_miss_role(struct engine *engine, struct incident *incident, uint16_t role);
void duty_fire(struct engine *engine, struct incident *incident, uint32_t number, int64_t instant);
/* Sets the duty's clock from what it waits for. */
void duty_plan_next(struct incident *incident, uint32_t number);
void duty_take_event(struct engine *engine, struct incident *incident, const struct engine_event *event);
void duty_bind(struct engine *engine, struct incident *incident, uint16_t role, uint16_t unit);
void duty_unbind(struct engine *engine, struct incident *incident, uint16_t role, uint16_t unit);

/* ---- findings (finding.c) --------------------------------------------------------------------------------- */

void finding_raise(struct engine *engine, struct incident *incident, struct finding finding, int64_t within_us);
void finding_close(struct engine *engine, struct incident *incident, uint32_t number);
void finding_close_role(struct engine *engine, struct incident *incident, uint16_t role);
/* Somebody has answered after all: closes what the end of the item's chain left open. */
void finding_close_chain(struct engine *engine, struct incident *incident, uint8_t item_kind, uint32_t item);
/* Raises a finding for a claim that contradicts what never falls; closes those that have been resolved. */
void finding_settle_contradictions(struct engine *engine, struct incident *incident, uint32_t claim);
/* Raises one for each claim that contradicts what never falls and of which nobody has been told here: after a merge, when
 * the claims of two incidents have come together. */
void finding_raise_contradictions(struct engine *engine, struct incident *incident);
/* Of one that is closed nothing comes. */
void finding_acknowledge(struct engine *engine, struct incident *incident, uint32_t number, uint32_t acknowledger);
bool finding_role_open(const struct incident *incident, uint16_t role);
void finding_fire(struct engine *engine, struct incident *incident, uint32_t number, int64_t instant);

/* ---- incidents (incident.c) ------------------------------------------------------------------------------- */

struct incident *incident_open(struct engine *engine, struct edition *edition, uint16_t subject,
                               const struct engine_event *event, uint32_t title);
bool incident_adopt(struct engine *engine, const struct engine_event *event, struct failure *failure);
void incident_merge(struct engine *engine, struct incident *from, struct incident *into);
void incident_split(struct engine *engine, struct incident *from);
void incident_move(struct engine *engine, struct incident *incident, struct edition *edition);
void incident_close(struct engine *engine, struct incident *incident);
void incident_reopen(struct engine *engine, struct incident *incident);
void incident_release(struct engine *engine, struct incident *incident);
void edition_destroy(struct edition *edition);
/* Makes a plan ready; NULL with a failure. */
struct edition *edition_create(struct engine *engine, const struct plan *plan, struct failure *failure);

#endif
