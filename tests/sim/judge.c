#include "judge.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define KINDS 3 /* of items: duties, proposals, findings */

enum standing { NEVER_HEARD, STANDS, ENDED };

/* A duty, proposal or finding as its consequences tell it. */
struct account {
    uint8_t standing;
    bool quiet;   /* acknowledged, and nothing has come due since: it must not be told again */
    bool overdue; /* has been called overdue, which happens once */
    int64_t
        told_at; /* when its bearer was told, ENGINE_NEVER before that and where another version has its own clock */
};

/* A refusal, or an order against the facts, that keeps a proposal from coming back. */
struct refusal {
    bool given;
    bool stirred; /* the level has moved since, and perhaps back: the proposal may come again */
    uint8_t target;
    uint64_t basis;
};

struct dossier {
    struct account *items[KINDS];
    uint32_t count[KINDS], room[KINDS];
    struct refusal refusals[PLAN_SCALES_MAX];
    uint8_t status;
};

struct judge {
    struct dossier *dossiers; /* by incident - 1 */
    uint32_t dossier_count, dossier_room;
    uint64_t *keys; /* of notices; open addressing, 0 empty */
    uint32_t key_count, key_room;
    uint64_t last_sequence;
    int64_t last_due_at;
    int64_t last_instant; /* at which something of `last_incident` was raised or ended by time alone */
    uint32_t last_incident;
};

struct judge *judge_create(void) {
    struct judge *judge = calloc(1, sizeof *judge);
    if (judge != NULL) {
        judge->key_room = 4096;
        judge->keys = calloc(judge->key_room, sizeof *judge->keys);
        if (judge->keys == NULL) {
            free(judge);
            return NULL;
        }
    }
    return judge;
}

void judge_destroy(struct judge *judge) {
    if (judge == NULL) {
        return;
    }
    for (uint32_t i = 0; i < judge->dossier_count; i++) {
        for (int kind = 0; kind < KINDS; kind++) {
            free(judge->dossiers[i].items[kind]);
        }
    }
    free(judge->dossiers);
    free(judge->keys);
    free(judge);
}

/* ---- notices ---------------------------------------------------------------------------------------------- */

static bool insert_key(uint64_t *keys, uint32_t room, uint64_t key) {
    uint32_t at = (uint32_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 33) & (room - 1);
    while (keys[at] != 0) {
        if (keys[at] == key) {
            return false;
        }
        at = (at + 1) & (room - 1);
    }
    keys[at] = key;
    return true;
}

/* Remembers a notice's key; false when the same one has been told before. */
static bool remember_key(struct judge *judge, const struct engine_output *output, struct failure *fault) {
    uint64_t key = UINT64_C(1) << 63 | (uint64_t)output->incident << 50 | (uint64_t)output->item_kind << 48 |
                   (uint64_t)output->item << 24 | (uint64_t)output->step << 16 | output->party;
    if (judge->key_count * 2 >= judge->key_room) {
        uint64_t *grown = calloc((size_t)judge->key_room * 2, sizeof *grown);
        if (grown == NULL) {
            return failure_set(fault, "the simulator is out of memory");
        }
        for (uint32_t i = 0; i < judge->key_room; i++) {
            if (judge->keys[i] != 0) {
                (void)insert_key(grown, judge->key_room * 2, judge->keys[i]);
            }
        }
        free(judge->keys);
        judge->keys = grown;
        judge->key_room *= 2;
    }
    judge->key_count++;
    return insert_key(judge->keys, judge->key_room, key) ||
           failure_set(fault, "incident %" PRIu32 ", item %d/%" PRIu32 ": step %u is told to party %u a second time",
                       output->incident, (int)output->item_kind, output->item, output->step, output->party);
}

static bool hear_notice(struct judge *judge, const struct told *told, struct account *account, struct failure *fault) {
    const struct engine_output *output = &told->output;
    bool moved_around = told->by == ENGINE_BIND || told->by == ENGINE_UNBIND || told->by == ENGINE_MERGE ||
                        told->by == ENGINE_SPLIT || told->by == ENGINE_MOVE || told->by == ENGINE_ADOPT;
    if (account->standing != STANDS) {
        return failure_set(fault, "incident %" PRIu32 ", item %d/%" PRIu32 ": told of when it no longer stands",
                           output->incident, (int)output->item_kind, output->item);
    }
    if (account->quiet && !moved_around) {
        return failure_set(fault, "incident %" PRIu32 ", item %d/%" PRIu32 ": told of again after it was acknowledged",
                           output->incident, (int)output->item_kind, output->item);
    }
    if (output->step == 0 || moved_around) { /* to the bearer: he has his own time to answer */
        account->told_at = output->due_at;
        account->quiet = false;
    }
    return remember_key(judge, output, fault);
}

/* ---- the account ------------------------------------------------------------------------------------------ */

static struct dossier *open_dossier(struct judge *judge, uint32_t incident, struct failure *fault) {
    if (incident != judge->dossier_count + 1) {
        (void)failure_set(fault, "incident %" PRIu32 " is opened after incident %" PRIu32, incident,
                          judge->dossier_count);
        return NULL;
    }
    if (judge->dossier_count == judge->dossier_room) {
        uint32_t room = judge->dossier_room == 0 ? 16 : judge->dossier_room * 2;
        struct dossier *grown = realloc(judge->dossiers, room * sizeof *grown);
        if (grown == NULL) {
            (void)failure_set(fault, "the simulator is out of memory");
            return NULL;
        }
        judge->dossiers = grown;
        judge->dossier_room = room;
    }
    judge->dossiers[judge->dossier_count] = (struct dossier){.status = ENGINE_OPENED};
    return &judge->dossiers[judge->dossier_count++];
}

/* The account of an item; a new one is opened when the item is raised. NULL with a fault where the numbers jump. */
static struct account *find_account(struct dossier *dossier, const struct engine_output *output, bool raised,
                                    struct failure *fault) {
    unsigned kind = (unsigned)output->item_kind;
    uint32_t expected = dossier->count[kind] + 1;
    if (!raised && output->item > 0 && output->item < expected) {
        return &dossier->items[kind][output->item - 1];
    }
    if (!raised || output->item != expected) {
        (void)failure_set(fault, "incident %" PRIu32 ", item %u/%" PRIu32 ": %s", output->incident, kind, output->item,
                          raised ? "raised out of turn" : "spoken of and never raised");
        return NULL;
    }
    if (dossier->count[kind] == dossier->room[kind]) {
        uint32_t room = dossier->room[kind] == 0 ? 64 : dossier->room[kind] * 2;
        struct account *grown = realloc(dossier->items[kind], room * sizeof *grown);
        if (grown == NULL) {
            (void)failure_set(fault, "the simulator is out of memory");
            return NULL;
        }
        dossier->items[kind] = grown;
        dossier->room[kind] = room;
    }
    dossier->items[kind][dossier->count[kind]++] = (struct account){.standing = NEVER_HEARD, .told_at = ENGINE_NEVER};
    return &dossier->items[kind][output->item - 1];
}

static bool become(struct account *account, uint8_t from, uint8_t to, const struct engine_output *output,
                   struct failure *fault) {
    bool fine = account->standing == from;
    account->standing = to;
    return fine || failure_set(fault, "incident %" PRIu32 ", item %d/%" PRIu32 ": consequence %d is out of place",
                               output->incident, (int)output->item_kind, output->item, (int)output->kind);
}

static bool become_overdue(struct account *account, const struct engine_output *output, struct failure *fault) {
    bool again = account->overdue;
    account->overdue = true;
    account->quiet = false;
    if (again) {
        return failure_set(fault, "incident %" PRIu32 ", duty %" PRIu32 ": called overdue a second time",
                           output->incident, output->item);
    }
    if (output->due_at >= output->at) {
        return failure_set(fault, "incident %" PRIu32 ", duty %" PRIu32 ": called overdue before its time",
                           output->incident, output->item);
    }
    return become(account, STANDS, STANDS, output, fault);
}

static bool hear_item(struct judge *judge, struct dossier *dossier, const struct told *told, struct failure *fault) {
    const struct engine_output *output = &told->output;
    bool raised = output->kind == ENGINE_DUTY_RAISED || output->kind == ENGINE_PROPOSAL_RAISED ||
                  output->kind == ENGINE_FINDING_RAISED;
    struct account *account = find_account(dossier, output, raised, fault);
    if (account == NULL) {
        return false;
    }
    switch (output->kind) {
    case ENGINE_DUTY_RAISED:
    case ENGINE_PROPOSAL_RAISED:
    case ENGINE_FINDING_RAISED:
        return become(account, NEVER_HEARD, STANDS, output, fault);
    case ENGINE_DUTY_DONE:
    case ENGINE_DUTY_DECLINED:
    case ENGINE_DUTY_LAPSED:
    case ENGINE_PROPOSAL_ENDED:
    case ENGINE_FINDING_CLOSED:
        return become(account, STANDS, ENDED, output, fault);
    case ENGINE_DUTY_RESTORED:
        return become(account, ENDED, STANDS, output, fault);
    case ENGINE_DUTY_ACKNOWLEDGED:
        account->quiet = true;
        return become(account, STANDS, STANDS, output, fault);
    case ENGINE_DUTY_BREACHED:
        return become(account, STANDS, STANDS, output, fault);
    case ENGINE_DUTY_OVERDUE:
        return become_overdue(account, output, fault);
    case ENGINE_NOTICE:
        return hear_notice(judge, told, account, fault);
    default:
        return true;
    }
}

/* Consequences of one event come in the order in which they came due. A deadline is handled one microsecond after it,
 * so instants may step back by that much; what was due before the event before is late for another reason (it stands
 * again after a split, or its clock was moved back). */
static bool judge_order(struct judge *judge, const struct told *told, int64_t previous_at, struct failure *fault) {
    const struct engine_output *output = &told->output;
    if (output->due_at > output->at) {
        return failure_set(fault, "event %" PRIu64 ": a consequence before it is due", told->sequence);
    }
    if (told->sequence != judge->last_sequence) {
        judge->last_sequence = told->sequence;
        judge->last_due_at = INT64_MIN;
    }
    if (output->due_at < previous_at) {
        return true;
    }
    if (output->due_at + 1 < judge->last_due_at) {
        return failure_set(fault, "event %" PRIu64 ": incident %" PRIu32 ", consequence %d: out of the order of time",
                           told->sequence, output->incident, (int)output->kind);
    }
    judge->last_due_at = output->due_at > judge->last_due_at ? output->due_at : judge->last_due_at;
    return true;
}

/* What time itself does at one instant, it does in the order of the incidents' numbers. */
static bool judge_turn(struct judge *judge, const struct told *told, int64_t previous_at, struct failure *fault) {
    const struct engine_output *output = &told->output;
    bool dated =
        output->kind == ENGINE_NOTICE || output->kind == ENGINE_DUTY_OVERDUE; /* with due instants of their own */
    if (told->by != ENGINE_TIME || dated || output->due_at <= previous_at) {
        return true;
    }
    bool back = output->due_at == judge->last_instant && output->incident < judge->last_incident;
    judge->last_instant = output->due_at;
    judge->last_incident = output->incident;
    return !back || failure_set(fault, "event %" PRIu64 ": incident %" PRIu32 " is out of turn", told->sequence,
                                output->incident);
}

bool judge_hear(struct judge *judge, const struct told *told, int64_t previous_at, struct failure *fault) {
    const struct engine_output *output = &told->output;
    if (!judge_order(judge, told, previous_at, fault) || !judge_turn(judge, told, previous_at, fault)) {
        return false;
    }
    if (output->kind == ENGINE_INCIDENT_OPENED) {
        return open_dossier(judge, output->incident, fault) != NULL;
    }
    if (output->incident == 0 || output->incident > judge->dossier_count) {
        return failure_set(fault, "event %" PRIu64 ": a consequence for incident %" PRIu32 ", which is not open",
                           told->sequence, output->incident);
    }
    struct dossier *dossier = &judge->dossiers[output->incident - 1];
    switch (output->kind) {
    case ENGINE_INCIDENT_MERGED:
        dossier->status = ENGINE_MERGED;
        return true;
    case ENGINE_INCIDENT_SPLIT:
    case ENGINE_INCIDENT_REOPENED:
        dossier->status = ENGINE_OPENED;
        return true;
    case ENGINE_INCIDENT_CLOSED:
        dossier->status = ENGINE_CLOSED;
        return true;
    case ENGINE_INCIDENT_MOVED:
        memset(dossier->refusals, 0, sizeof dossier->refusals);
        for (uint32_t i = 0; i < dossier->count[ENGINE_ITEM_DUTY]; i++) {
            dossier->items[ENGINE_ITEM_DUTY][i].told_at = ENGINE_NEVER;
        }
        return true;
    case ENGINE_LEVEL_CHANGED:
        for (unsigned i = 0; i < PLAN_SCALES_MAX; i++) {
            dossier->refusals[i].stirred = true;
        }
        return true;
    case ENGINE_ORDER_CHANGED:
        return true;
    default:
        return hear_item(judge, dossier, told, fault);
    }
}

/* ---- orders and proposals --------------------------------------------------------------------------------- */

struct target {
    struct decide_level level;
    bool ends;
    uint8_t order;  /* what ought to be in force */
    uint64_t basis; /* why: the deciding rules, or the end alone */
};

static bool find_target(const struct engine *engine, const struct engine_incident_view *view, uint16_t scale,
                        struct target *target) {
    struct decide_box box;
    const struct decide_program *program = NULL;
    bool possible = false;
    if (!engine_view_box(engine, view->number, &box, &program)) {
        return false;
    }
    decide_scale(program, scale, &box, &target->level);
    target->ends = false;
    if (view->plan->scales[scale].ends_when != PLAN_NO_NODE) {
        decide_condition(program, view->plan->scales[scale].ends_when, &box, &target->ends, &possible);
    }
    target->order = target->ends ? 0 : target->level.level;
    target->basis = target->ends ? UINT64_MAX : target->level.because;
    return true;
}

void judge_note_decision(struct judge *judge, const struct engine *engine, const struct engine_event *event) {
    struct engine_incident_view view;
    struct target target;
    if (!engine_view_incident(engine, event->incident, &view) || event->incident > judge->dossier_count ||
        event->scale >= view.plan->scale_count || !find_target(engine, &view, event->scale, &target)) {
        return;
    }
    /* What is reconsidered has been refused by nobody. */
    struct refusal *refusal = &judge->dossiers[event->incident - 1].refusals[view.plan->scales[event->scale].position];
    *refusal = (struct refusal){event->kind != ENGINE_RECONSIDER &&
                                    (event->kind == ENGINE_REFUSE || event->level != target.order),
                                false, target.order, target.basis};
}

static bool judge_proposal(const struct engine *engine, const struct engine_incident_view *view,
                           const struct engine_scale_view *scale, const struct target *target, struct failure *fault) {
    struct engine_proposal_view proposal;
    if (!engine_view_proposal(engine, view->number, scale->proposal, &proposal) ||
        proposal.status != ENGINE_PROPOSAL_OPEN) {
        return failure_set(fault, "incident %" PRIu32 ": the open proposal is not open", view->number);
    }
    if (proposal.from != scale->order || proposal.to != target->order || proposal.to == proposal.from) {
        return failure_set(fault,
                           "incident %" PRIu32 ", proposal %" PRIu32 ": from %u to %u, where %u is in force and the "
                           "facts give %u",
                           view->number, proposal.number, proposal.from, proposal.to, scale->order, target->order);
    }
    if (proposal.due_at != ENGINE_NEVER && (proposal.due_at < engine_now(engine)) != proposal.overdue) {
        return failure_set(fault, "incident %" PRIu32 ", proposal %" PRIu32 ": overdue is wrong", view->number,
                           proposal.number);
    }
    return true;
}

/* What was refused does not come back while nothing has changed. (What reopens a scale answers the refusal too.) */
static bool judge_return(const struct engine *engine, const struct engine_incident_view *view,
                         const struct plan_scale *plan_scale, const struct refusal *refusal, struct failure *fault) {
    bool reopens = false;
    bool possible = false;
    if (!refusal->given || refusal->stirred) {
        return true;
    }
    if (plan_scale->reopens_when != PLAN_NO_NODE) {
        (void)engine_view_condition(engine, view->number, plan_scale->reopens_when, &reopens, &possible);
    }
    return reopens || failure_set(fault, "incident %" PRIu32 ", scale %u: what was refused is proposed again",
                                  view->number, plan_scale->position);
}

/* Where order and facts differ and nothing is proposed, somebody has said so, and nothing has changed since. */
static bool judge_silence(const struct dossier *dossier, const struct engine_incident_view *view,
                          const struct plan_scale *plan_scale, const struct engine_scale_view *scale,
                          const struct target *target, struct failure *fault) {
    const struct refusal *refusal = &dossier->refusals[plan_scale->position];
    bool wanted = target->order != scale->order && !(scale->ended && target->order > scale->order);
    bool refused = refusal->given && refusal->target == target->order && refusal->basis == target->basis;
    return !wanted || refused ||
           failure_set(fault,
                       "incident %" PRIu32 ", scale %u: %u is in force, the facts give %u, and nothing is proposed",
                       view->number, plan_scale->position, scale->order, target->order);
}

/* A level needs facts: with nothing standing it is what the empty box gives. */
static bool judge_nothing_known(const struct engine *engine, const struct engine_incident_view *view, uint16_t index,
                                const struct engine_scale_view *scale, struct failure *fault) {
    struct decide_box box;
    struct decide_box empty;
    struct decide_level level;
    const struct decide_program *program = NULL;
    for (uint32_t i = 1; i <= view->claim_count; i++) {
        struct engine_claim_view claim;
        if (engine_view_claim(engine, view->number, i, &claim) && !claim.corrected && !claim.withdrawn) {
            return true;
        }
    }
    (void)engine_view_box(engine, view->number, &box, &program);
    decide_box_clear(&empty, view->plan, view->subject);
    decide_scale(program, index, &empty, &level);
    return scale->level <= level.level ||
           failure_set(fault, "incident %" PRIu32 ", scale %u: level %u with nothing known", view->number, index,
                       scale->level);
}

static bool judge_scale(struct judge *judge, const struct engine *engine, const struct engine_incident_view *view,
                        uint16_t index, struct failure *fault) {
    struct engine_scale_view scale;
    struct target target;
    const struct plan_scale *plan_scale = &view->plan->scales[index];
    if (!engine_view_scale(engine, view->number, index, &scale) || !find_target(engine, view, index, &target)) {
        return failure_set(fault, "incident %" PRIu32 ", scale %u: cannot be looked at", view->number, index);
    }
    if (scale.level != target.level.level || scale.may != target.level.may || scale.because != target.level.because) {
        return failure_set(fault,
                           "incident %" PRIu32 ", scale %u: level %u, may %u is kept and %u, %u follows from the facts",
                           view->number, index, scale.level, scale.may, target.level.level, target.level.may);
    }
    if (!judge_nothing_known(engine, view, index, &scale, fault)) {
        return false;
    }
    struct refusal *refusal = &judge->dossiers[view->number - 1].refusals[plan_scale->position];
    if (refusal->given && (refusal->target != target.order || refusal->basis != target.basis)) {
        refusal->given = false;
    }
    if (!plan_scale->ordered) {
        return true;
    }
    return scale.proposal != 0
               ? judge_proposal(engine, view, &scale, &target, fault) &&
                     judge_return(engine, view, plan_scale, refusal, fault)
               : judge_silence(&judge->dossiers[view->number - 1], view, plan_scale, &scale, &target, fault);
}

/* ---- duties ----------------------------------------------------------------------------------------------- */

/* Clocks of what stood still while the incident was merged, or whose limit a new version has moved into the past, are
 * handled in the very next instant. */
static bool is_behind(const struct engine *engine) {
    return engine_next_instant(engine) <= engine_now(engine) + 1;
}

static bool judge_duty(const struct engine *engine, const struct engine_incident_view *view,
                       const struct engine_duty_view *duty, struct account *account, struct failure *fault) {
    int64_t now = engine_now(engine);
    if ((duty->status == ENGINE_OWED) != (account->standing == STANDS)) {
        return failure_set(fault, "incident %" PRIu32 ", duty %" PRIu32 ": its state was never told", view->number,
                           duty->number);
    }
    if (duty->status != ENGINE_OWED || duty->duty == PLAN_NONE) {
        return true;
    }
    if (duty->bearer == PLAN_NONE) { /* whoever answered for it bears it no longer */
        account->quiet = false;
    }
    bool late = duty->due_at != ENGINE_NEVER && duty->due_at < now;
    if (late != duty->overdue && !is_behind(engine)) {
        return failure_set(fault, "incident %" PRIu32 ", duty %" PRIu32 ": due %" PRId64 ", now %" PRId64 ", %s",
                           view->number, duty->number, duty->due_at, now, late ? "and not overdue" : "and overdue");
    }
    int64_t within = view->plan->duties[duty->duty].acknowledge_within_us;
    int64_t from = account->told_at;
    from = duty->notified_at != ENGINE_NEVER && duty->notified_at > from ? duty->notified_at : from;
    if (within >= 0 && duty->bearer != PLAN_NONE && from != ENGINE_NEVER && from + within < now &&
        duty->acknowledged_at == ENGINE_NEVER && !duty->unacknowledged && !is_behind(engine)) {
        return failure_set(fault, "incident %" PRIu32 ", duty %" PRIu32 ": its time to be acknowledged went by unseen",
                           view->number, duty->number);
    }
    return true;
}

/* A cause that holds has raised its actions; an action whose cause does not hold has lapsed. */
static bool judge_causes(const struct engine *engine, const struct engine_incident_view *view, const uint32_t *raised,
                         const uint32_t *owed, struct failure *fault) {
    const struct plan *plan = view->plan;
    bool holds[PLAN_TRIGGERS_MAX] = {false};
    bool replaced[4096] = {false};
    bool possible = false;
    for (uint32_t i = 0; i < plan->trigger_count; i++) {
        if (plan->triggers[i].subject == view->subject && plan->triggers[i].kind == PLAN_WHILE) {
            (void)engine_view_condition(engine, view->number, plan->triggers[i].condition, &holds[i], &possible);
        }
    }
    for (uint32_t i = 0; i < plan->duty_count; i++) {
        const struct plan_duty *duty = &plan->duties[i];
        for (uint16_t k = 0; k < duty->replaces.count && (holds[duty->trigger] || owed[i] > 0 || raised[i] > 0); k++) {
            replaced[plan->lists[duty->replaces.first + k]] = true;
        }
    }
    for (uint32_t i = 0; i < plan->duty_count; i++) {
        const struct plan_duty *duty = &plan->duties[i];
        const struct plan_trigger *trigger = &plan->triggers[duty->trigger];
        if (trigger->subject != view->subject || trigger->kind != PLAN_WHILE) {
            continue;
        }
        if (holds[duty->trigger] && raised[i] == 0 && !replaced[i]) {
            return failure_set(fault,
                               "incident %" PRIu32 ", action %" PRIu32 " of the plan: its cause holds and it was "
                               "never raised",
                               view->number, i);
        }
        if (!holds[duty->trigger] && owed[i] > 0 && !duty->continues) {
            return failure_set(fault,
                               "incident %" PRIu32 ", action %" PRIu32 " of the plan: still owed without its cause",
                               view->number, i);
        }
    }
    return true;
}

/* A duty that is nobody's because its role is not bound: somebody has been told to see to it. */
static bool judge_unbound(const struct engine *engine, const struct engine_incident_view *view,
                          const struct engine_duty_view *duty, struct failure *fault) {
    if (duty->status != ENGINE_OWED || duty->bearer != PLAN_NONE || duty->bearer_role == PLAN_NONE) {
        return true;
    }
    for (uint32_t i = 1; i <= view->finding_count; i++) {
        struct engine_finding_view finding;
        if (engine_view_finding(engine, view->number, i, &finding) && finding.kind == ENGINE_ROLE_UNBOUND &&
            finding.party == duty->bearer_role && finding.closed_at == ENGINE_NEVER) {
            return true;
        }
    }
    return failure_set(fault, "incident %" PRIu32 ", duty %" PRIu32 ": nobody's, and no finding says so", view->number,
                       duty->number);
}

static bool judge_duties(const struct dossier *dossier, const struct engine *engine,
                         const struct engine_incident_view *view, struct failure *fault) {
    uint32_t raised[4096] = {0};
    uint32_t owed[4096] = {0};
    if (view->duty_count != dossier->count[ENGINE_ITEM_DUTY]) {
        return failure_set(fault, "incident %" PRIu32 ": %" PRIu32 " duties, %" PRIu32 " were told", view->number,
                           view->duty_count, dossier->count[ENGINE_ITEM_DUTY]);
    }
    for (uint32_t i = 1; i <= view->duty_count; i++) {
        struct engine_duty_view duty;
        if (!engine_view_duty(engine, view->number, i, &duty) ||
            !judge_duty(engine, view, &duty, &dossier->items[ENGINE_ITEM_DUTY][i - 1], fault) ||
            !judge_unbound(engine, view, &duty, fault)) {
            return failure_set(fault, "incident %" PRIu32 ": duty %" PRIu32 " cannot be looked at", view->number, i);
        }
        if (duty.duty < 4096) {
            raised[duty.duty]++;
            owed[duty.duty] += duty.status == ENGINE_OWED;
        }
    }
    return judge_causes(engine, view, raised, owed, fault);
}

/* ---- proposals and findings ------------------------------------------------------------------------------- */

static bool judge_proposals(const struct dossier *dossier, const struct engine *engine,
                            const struct engine_incident_view *view, struct failure *fault) {
    uint8_t open[UINT8_MAX + 1] = {0};
    for (uint32_t i = 1; i <= view->proposal_count; i++) {
        struct engine_proposal_view proposal;
        if (!engine_view_proposal(engine, view->number, i, &proposal) || i > dossier->count[ENGINE_ITEM_PROPOSAL]) {
            return failure_set(fault, "incident %" PRIu32 ": proposal %" PRIu32 " was never told", view->number, i);
        }
        bool stands = dossier->items[ENGINE_ITEM_PROPOSAL][i - 1].standing == STANDS;
        if ((proposal.status == ENGINE_PROPOSAL_OPEN) != stands) {
            return failure_set(fault, "incident %" PRIu32 ": the end of proposal %" PRIu32 " was never told",
                               view->number, i);
        }
        if (stands && ++open[proposal.scale & UINT8_MAX] > 1) {
            return failure_set(fault, "incident %" PRIu32 ": two open proposals for scale %u", view->number,
                               proposal.scale);
        }
    }
    return true;
}

/* Whether some finding says of this claim that it contradicts, and is open or has been acknowledged. */
static bool is_told(const struct engine *engine, const struct engine_incident_view *view, uint32_t claim) {
    for (uint32_t i = 1; i <= view->finding_count; i++) {
        struct engine_finding_view finding;
        if (engine_view_finding(engine, view->number, i, &finding) && finding.kind == ENGINE_CONTRADICTION &&
            finding.item == claim && (finding.closed_at == ENGINE_NEVER || finding.acknowledged_at != ENGINE_NEVER)) {
            return true;
        }
    }
    return false;
}

/* Whether a standing report of an earlier moment has what never falls worse than this claim can be. */
static bool contradicts(const struct engine *engine, const struct engine_incident_view *view, uint32_t number) {
    struct engine_claim_view claim;
    struct engine_claim_view other;
    if (!engine_view_claim(engine, view->number, number, &claim) || claim.fact == PLAN_NONE || claim.corrected ||
        claim.withdrawn || claim.basis == ENGINE_PREDICTED || !view->plan->facts[claim.fact].never_falls) {
        return false;
    }
    for (uint32_t i = 1; i <= view->claim_count; i++) {
        if (engine_view_claim(engine, view->number, i, &other) && other.fact == claim.fact && !other.corrected &&
            !other.withdrawn && other.basis != ENGINE_PREDICTED && other.as_of < claim.as_of &&
            (view->plan->facts[claim.fact].worse > 0 ? other.low > claim.high : other.high < claim.low)) {
            return true;
        }
    }
    return false;
}

/* A contradiction is open until it is resolved or somebody has acknowledged it, also over a merge, a split, a closing. */
static bool judge_contradictions(const struct engine *engine, const struct engine_incident_view *view,
                                 struct failure *fault) {
    for (uint32_t i = 1; view->status == ENGINE_OPENED && i <= view->finding_count; i++) {
        struct engine_finding_view finding;
        if (engine_view_finding(engine, view->number, i, &finding) && finding.kind == ENGINE_CONTRADICTION &&
            finding.closed_at != ENGINE_NEVER && contradicts(engine, view, finding.item) &&
            !is_told(engine, view, finding.item)) {
            return failure_set(fault,
                               "incident %" PRIu32 ": claim %" PRIu32 " contradicts, and nobody is told any more",
                               view->number, finding.item);
        }
    }
    return true;
}

static bool judge_findings(const struct dossier *dossier, const struct engine *engine,
                           const struct engine_incident_view *view, struct failure *fault) {
    for (uint32_t i = 1; i <= view->finding_count; i++) {
        struct engine_finding_view finding;
        if (!engine_view_finding(engine, view->number, i, &finding) || i > dossier->count[ENGINE_ITEM_FINDING]) {
            return failure_set(fault, "incident %" PRIu32 ": finding %" PRIu32 " was never told", view->number, i);
        }
        bool stands = dossier->items[ENGINE_ITEM_FINDING][i - 1].standing == STANDS;
        if ((finding.closed_at == ENGINE_NEVER) != stands) {
            return failure_set(fault, "incident %" PRIu32 ": the end of finding %" PRIu32 " was never told",
                               view->number, i);
        }
        bool late = stands && finding.due_at < engine_now(engine) && finding.acknowledged_at == ENGINE_NEVER;
        if (late && !finding.overdue) {
            return failure_set(fault, "incident %" PRIu32 ": finding %" PRIu32 " came due unseen", view->number, i);
        }
    }
    return judge_contradictions(engine, view, fault);
}

/* ---- what was said ----------------------------------------------------------------------------------------- */

static bool judge_claim(const struct engine *engine, const struct engine_incident_view *view,
                        const struct engine_event *event) {
    struct engine_claim_view claim;
    struct engine_claim_view old;
    bool correction = event->kind == ENGINE_CORRECT;
    if (!engine_view_claim(engine, view->number, view->claim_count, &claim)) {
        return false;
    }
    if (correction && (!engine_view_claim(engine, view->number, event->claim, &old) || !old.corrected ||
                       old.replaced_by != claim.number || old.fact != claim.fact ||
                       claim.as_of != (event->as_of != 0 ? event->as_of : old.as_of) || old.basis != claim.basis ||
                       old.day != claim.day)) {
        return false;
    }
    const struct plan_fact *fact = &view->plan->facts[claim.fact];
    return (correction || (claim.fact == event->fact && claim.as_of == event->as_of && claim.basis == event->basis)) &&
           claim.replaces == (correction ? event->claim : 0) && claim.low == event->low &&
           (fact->type == PLAN_CHOICE || claim.high == event->high) && claim.heard_at == event->at &&
           text_equal(claim.source, event->source) &&
           (fact->type != PLAN_SERIES || correction || claim.day == event->day);
}

static bool judge_done(const struct engine *engine, const struct engine_event *event) {
    struct engine_duty_view duty;
    if (!engine_view_duty(engine, event->incident, event->item, &duty)) {
        return false;
    }
    int64_t done_at = event->as_of < duty.since ? duty.since : event->as_of;
    return duty.status == (event->kind == ENGINE_DONE ? ENGINE_DONE_STATUS : ENGINE_DECLINED) &&
           duty.done_at == done_at && duty.overdue == (duty.done_at > duty.due_at) &&
           text_equal(duty.proof, event->reason) && text_equal(duty.source, event->source);
}

static bool judge_order_given(const struct engine *engine, const struct engine_incident_view *view,
                              const struct engine_event *event) {
    for (uint32_t i = view->order_count; i > 0; i--) {
        struct engine_order_view order;
        if (engine_view_order(engine, view->number, i - 1, &order) && order.by == event->by && order.at == event->at &&
            order.scale == event->scale) {
            return order.level == event->level && text_equal(order.reason, event->reason) &&
                   text_equal(order.source, event->source);
        }
    }
    return false;
}

static bool same_claim(const struct engine_claim_view *one, const struct engine_claim_view *two) {
    return one->fact == two->fact && one->basis == two->basis && one->low == two->low && one->high == two->high &&
           one->day == two->day && one->as_of == two->as_of && one->heard_at == two->heard_at &&
           one->sequence == two->sequence && text_equal(one->source, two->source);
}

/* How many standing claims of an incident came from another one by a merge and say the same as `like` (NULL: anything). */
static uint32_t count_claims(const struct engine *engine, const struct engine_incident_view *view, uint32_t origin,
                             const struct engine_claim_view *like) {
    uint32_t count = 0;
    for (uint32_t i = 1; i <= view->claim_count; i++) {
        struct engine_claim_view claim;
        count += engine_view_claim(engine, view->number, i, &claim) && claim.origin == origin && !claim.corrected &&
                 !claim.withdrawn && (like == NULL || same_claim(&claim, like));
    }
    return count;
}

/* Every standing claim of the incident that was merged counts in the other one, and where they contradict each other there,
 * that is told. */
static bool judge_merged(const struct engine *engine, const struct engine_incident_view *view, uint32_t other) {
    struct engine_incident_view into;
    bool fine = engine_view_incident(engine, other, &into) && view->status == ENGINE_MERGED;
    for (uint32_t i = 1; fine && i <= view->claim_count; i++) {
        struct engine_claim_view claim;
        fine = engine_view_claim(engine, view->number, i, &claim) &&
               (claim.corrected || claim.withdrawn || count_claims(engine, &into, view->number, &claim) > 0);
    }
    for (uint32_t i = 1; fine && i <= into.claim_count; i++) {
        fine = !contradicts(engine, &into, i) || is_told(engine, &into, i);
    }
    return fine;
}

/* Told apart again, none of its claims counts anywhere else as its own. */
static bool judge_told_apart(const struct engine *engine, const struct engine_incident_view *view) {
    bool fine = view->status == ENGINE_OPENED;
    for (uint32_t i = 1; fine && i < engine_next_incident(engine); i++) {
        struct engine_incident_view other;
        fine = engine_view_incident(engine, i, &other) && count_claims(engine, &other, view->number, NULL) == 0;
    }
    return fine;
}

bool judge_taken(const struct engine *engine, const struct engine_event *event, struct failure *fault) {
    struct engine_incident_view view;
    bool fine = true;
    if (!engine_view_incident(engine, event->incident, &view)) {
        return true;
    }
    switch (event->kind) {
    case ENGINE_REPORT:
    case ENGINE_CORRECT:
        fine = judge_claim(engine, &view, event);
        break;
    case ENGINE_DONE:
    case ENGINE_DECLINE:
        fine = judge_done(engine, event);
        break;
    case ENGINE_ORDER:
        fine = judge_order_given(engine, &view, event);
        break;
    case ENGINE_MERGE:
        fine = judge_merged(engine, &view, event->other);
        break;
    case ENGINE_SPLIT:
        fine = judge_told_apart(engine, &view);
        break;
    default:
        break;
    }
    return fine || failure_set(fault, "incident %" PRIu32 ": what was said does not stand there as it was said",
                               event->incident);
}

/* ---- the whole state -------------------------------------------------------------------------------------- */

static bool look_at(struct judge *judge, const struct engine *engine, uint32_t number, struct failure *fault) {
    struct engine_incident_view view;
    const struct dossier *dossier = &judge->dossiers[number - 1];
    if (!engine_view_incident(engine, number, &view) || view.status != dossier->status) {
        return failure_set(fault, "incident %" PRIu32 ": its standing was never told", number);
    }
    if (!judge_proposals(dossier, engine, &view, fault) || !judge_findings(dossier, engine, &view, fault)) {
        return false;
    }
    if (view.status != ENGINE_OPENED) {
        return true;
    }
    const struct plan_subject *subject = &view.plan->subjects[view.subject];
    for (uint16_t i = 0; i < subject->scale_count; i++) {
        if (!judge_scale(judge, engine, &view, subject->scales[i], fault)) {
            return false;
        }
    }
    return judge_duties(dossier, engine, &view, fault);
}

bool judge_look(struct judge *judge, const struct engine *engine, struct failure *fault) {
    if (engine_next_incident(engine) != judge->dossier_count + 1) {
        return failure_set(fault, "an incident was opened and never told");
    }
    if (engine_next_instant(engine) <= engine_now(engine) && engine_now(engine) != INT64_MIN) {
        return failure_set(fault, "the next instant %" PRId64 " is not after now, %" PRId64,
                           engine_next_instant(engine), engine_now(engine));
    }
    for (uint32_t number = 1; number <= judge->dossier_count; number++) {
        if (!look_at(judge, engine, number, fault)) {
            return false;
        }
    }
    return true;
}
