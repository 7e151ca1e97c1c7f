/* What one account's parties owe and decide, over all open incidents: the units' own page, light enough for a telephone. On
 * a bad day there is more than that page, or the writer, can bear: then what presses most is listed, and all is counted. */
#include "desk/foremost.h"
#include "desk/state.h"
#include "desk/view.h"

#include <stdlib.h>

#define INCIDENTS_LISTED 300U /* besides those of which a duty or a proposal is listed */
#define DUTIES_LISTED 300U
#define PROPOSALS_LISTED 100U
#define SPOKEN_LISTED 100U
#define PLANS_REMEMBERED 8U

/* ---- whose it is ------------------------------------------------------------------------------------------- */

/* Which parties of a plan are one's own: asked once for each, and not for each duty. */
struct own_plan {
    const struct plan *plan;
    struct buffer known; /* by party: 0 not asked yet, 1 no, 2 yes */
};

/* A duty, or a proposal. */
struct own_item {
    bool is_answered;
    int64_t due_at; /* of what is answered: how long ago, so that the newest stands first */
    uint32_t incident, number;
};

struct owning {
    struct turn *turn;
    struct own_plan plans[PLANS_REMEMBERED];
    struct buffer duties, proposals; /* of struct own_item */
    struct buffer touched;           /* the first of each incident that has some, listed or not */
    struct foremost first_duties, first_proposals;
    size_t incident_count, duty_count, proposal_count, spoken_count;
};

static bool is_own(struct owning *owning, const struct plan *plan, uint16_t party) {
    size_t at = 0;
    while (at < PLANS_REMEMBERED && owning->plans[at].plan != NULL && owning->plans[at].plan != plan) {
        at++;
    }
    if (at == PLANS_REMEMBERED || party >= plan->party_count) {
        return turn_is_own(owning->turn, plan, party);
    }
    struct buffer *known = &owning->plans[at].known;
    owning->plans[at].plan = plan;
    while (known->length < plan->party_count && !known->failed) {
        buffer_append(known, "", 1);
    }
    if (known->failed) {
        return turn_is_own(owning->turn, plan, party);
    }
    if (known->bytes[party] == 0) {
        known->bytes[party] = turn_is_own(owning->turn, plan, party) ? 2 : 1;
    }
    return known->bytes[party] == 2;
}

static int compare_items(const void *left, const void *right) {
    const struct own_item *one = left;
    const struct own_item *other = right;
    if (one->is_answered != other->is_answered) {
        return one->is_answered ? 1 : -1;
    }
    if (one->due_at != other->due_at) {
        return one->due_at < other->due_at ? -1 : 1;
    }
    if (one->incident != other->incident) {
        return one->incident < other->incident ? -1 : 1;
    }
    return one->number < other->number ? -1 : one->number > other->number;
}

static int compare_places(const void *left, const void *right) {
    const struct own_item *one = left;
    const struct own_item *other = right;
    if (one->incident != other->incident) {
        return one->incident < other->incident ? -1 : 1;
    }
    return one->number < other->number ? -1 : one->number > other->number;
}

/* ---- what there is ----------------------------------------------------------------------------------------- */

/* Owed, or answered by people: what has lapsed asks nothing of anybody. */
static void add_duties(struct owning *owning, const struct engine_incident_view *incident) {
    for (uint32_t number = 1; number <= incident->duty_count; number++) {
        struct engine_duty_view duty;
        if (!engine_view_duty(owning->turn->engine, incident->number, number, &duty) || duty.status == ENGINE_LAPSED ||
            duty.duty == PLAN_NONE ||
            !(is_own(owning, incident->plan, duty.bearer) || is_own(owning, incident->plan, duty.bearer_role))) {
            continue;
        }
        bool is_answered = duty.status != ENGINE_OWED;
        const struct own_item item = {is_answered, is_answered ? -duty.since : duty.due_at, incident->number, number};
        owning->duty_count++;
        foremost_keep(&owning->first_duties, &item);
    }
}

/* Whether a party of the account's is one of those who may order the level that is proposed. */
static bool is_orderer(struct owning *owning, const struct plan *plan, const struct plan_orderer *orderer) {
    bool found = false;
    for (uint16_t k = 0; k < orderer->parties.count && !found; k++) {
        found = is_own(owning, plan, plan->lists[orderer->parties.first + k]);
    }
    return found;
}

static bool decides(struct owning *owning, const struct plan *plan, const struct engine_proposal_view *proposal) {
    const struct plan_scale *scale = &plan->scales[proposal->scale];
    for (uint16_t i = 0; i < scale->orderer_count; i++) {
        const struct plan_orderer *orderer = &scale->orderers[i];
        if (proposal->to >= orderer->low && proposal->to <= orderer->high && is_orderer(owning, plan, orderer)) {
            return true;
        }
    }
    return false;
}

/* Whether a party of the account's may give some order in the incident. */
static bool may_order(struct owning *owning, const struct engine_incident_view *incident) {
    const struct plan_subject *subject = &incident->plan->subjects[incident->subject];
    for (uint16_t i = 0; i < subject->scale_count; i++) {
        const struct plan_scale *scale = &incident->plan->scales[subject->scales[i]];
        for (uint16_t k = 0; k < scale->orderer_count && scale->ordered; k++) {
            if (is_orderer(owning, incident->plan, &scale->orderers[k])) {
                return true;
            }
        }
    }
    return false;
}

/* Whether a party of the account's holds a role of the incident. */
static bool is_bound(struct owning *owning, const struct engine_incident_view *incident) {
    bool found = false;
    for (uint32_t i = 0; i < incident->binding_count && !found; i++) {
        uint16_t role = PLAN_NONE;
        uint16_t unit = PLAN_NONE;
        found = engine_view_binding(owning->turn->engine, incident->number, i, &role, &unit) &&
                is_own(owning, incident->plan, unit);
    }
    return found;
}

static void add_proposals(struct owning *owning, const struct engine_incident_view *incident) {
    for (uint32_t number = 1; number <= incident->proposal_count; number++) {
        struct engine_proposal_view proposal;
        if (engine_view_proposal(owning->turn->engine, incident->number, number, &proposal) &&
            proposal.status == ENGINE_PROPOSAL_OPEN && decides(owning, incident->plan, &proposal)) {
            const struct own_item item = {false, proposal.due_at, incident->number, number};
            owning->proposal_count++;
            foremost_keep(&owning->first_proposals, &item);
        }
    }
}

/* Spoken orders of a party of the account's that nobody has confirmed or disputed yet. */
static json_t *list_spoken(struct owning *owning) {
    struct turn *turn = owning->turn;
    const struct fold *fold = turn->desk->fold;
    json_t *list = json_array();
    for (size_t i = 0; i < fold_spoken_count(fold); i++) {
        const struct fold_spoken *spoken = fold_find_spoken(fold, i);
        struct engine_incident_view incident;
        if (spoken->settled == FOLD_UNSETTLED && engine_view_incident(turn->engine, spoken->incident, &incident) &&
            is_own(owning, incident.plan, plan_find_party(incident.plan, spoken->by)) &&
            owning->spoken_count++ < SPOKEN_LISTED) {
            view_add(list, desk_describe_spoken(spoken));
        }
    }
    return list;
}

/* ---- as it is told ----------------------------------------------------------------------------------------- */

/* `has_items`: something in it is owed or decided by a party of the account's, or has been. */
static json_t *describe_incident(struct owning *owning, const struct engine_incident_view *incident, bool has_items) {
    const struct turn *turn = owning->turn;
    bool orders = may_order(owning, incident);
    bool takes_part = has_items || orders || is_bound(owning, incident);
    char tag[DESK_ETAG_ROOM];
    desk_find_etag(turn->desk, DESK_SHOW_INCIDENT, incident->number, (struct text){0}, turn->at, tag);
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:s}", "number", (json_int_t)incident->number,
                     "title", desk_describe_title(turn->desk, incident), "place",
                     view_text(desk_find_place(turn->desk, incident->number)), "plan", view_text(incident->plan->title),
                     "zone", view_zone(incident->plan), "opened_at", view_instant(incident->opened_at), "scales",
                     desk_list_levels(turn->engine, incident), "takes_part", takes_part, "orders", orders, "tag", tag);
}

/* Puts a list in the order of the incidents, in which it is told. */
static size_t arrange(struct buffer *list) {
    size_t count = list->length / sizeof(struct own_item);
    if (count > 0) {
        qsort(list->bytes, count, sizeof(struct own_item), compare_places);
    }
    return count;
}

static json_t *list_duties(struct owning *owning) {
    const struct turn *turn = owning->turn;
    size_t count = arrange(&owning->duties);
    const struct own_item *items = (const struct own_item *)(const void *)owning->duties.bytes;
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        struct engine_incident_view incident;
        struct engine_duty_view duty;
        if (engine_view_incident(turn->engine, items[i].incident, &incident) &&
            engine_view_duty(turn->engine, items[i].incident, items[i].number, &duty)) {
            view_add(list, desk_describe_duty(turn, &incident, &duty));
        }
    }
    return list;
}

static json_t *list_proposals(struct owning *owning) {
    const struct turn *turn = owning->turn;
    size_t count = arrange(&owning->proposals);
    const struct own_item *items = (const struct own_item *)(const void *)owning->proposals.bytes;
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        struct engine_incident_view incident;
        struct engine_proposal_view proposal;
        if (engine_view_incident(turn->engine, items[i].incident, &incident) &&
            engine_view_proposal(turn->engine, items[i].incident, items[i].number, &proposal)) {
            view_add(list, desk_describe_proposal(turn, &incident, &proposal));
        }
    }
    return list;
}

/* Whether something of an incident is in a list that has been arranged. */
static bool has_incident(const struct buffer *list, uint32_t incident) {
    const struct own_item *items = (const struct own_item *)(const void *)list->bytes;
    size_t low = 0;
    size_t high = list->length / sizeof *items;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (items[middle].incident == incident) {
            return true;
        }
        if (items[middle].incident < incident) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

/* The newest ones, and those of which something is listed, in the order in which they were opened. */
static json_t *list_incidents(struct owning *owning) {
    const struct turn *turn = owning->turn;
    json_t *list = json_array();
    size_t others = 0;
    for (uint32_t number = engine_next_incident(turn->engine) - 1; number >= 1; number--) {
        struct engine_incident_view incident;
        if (!engine_view_incident(turn->engine, number, &incident) || incident.status != ENGINE_OPENED) {
            continue;
        }
        bool has_items = has_incident(&owning->touched, number);
        bool is_listed = has_incident(&owning->duties, number) || has_incident(&owning->proposals, number);
        bool is_standing = incident.plan->subjects[incident.subject].standing;
        owning->incident_count += has_items || !is_standing;
        if (is_listed || (!is_standing && others++ < INCIDENTS_LISTED)) {
            (void)json_array_insert_new(list, 0, describe_incident(owning, &incident, has_items));
        }
    }
    return list;
}

static void gather(struct owning *owning) {
    const struct engine *engine = owning->turn->engine;
    for (uint32_t number = 1; number < engine_next_incident(engine); number++) {
        struct engine_incident_view incident;
        if (engine_view_incident(engine, number, &incident) && incident.status == ENGINE_OPENED) {
            size_t before = owning->duty_count + owning->proposal_count;
            add_duties(owning, &incident);
            add_proposals(owning, &incident);
            if (owning->duty_count + owning->proposal_count > before) {
                const struct own_item touched = {.incident = number};
                buffer_append(&owning->touched, &touched, sizeof touched);
            }
        }
    }
    foremost_cut(&owning->first_duties);
    foremost_cut(&owning->first_proposals);
}

static json_t *describe_own(struct owning *owning) {
    struct turn *turn = owning->turn;
    json_t *body = json_object();
    size_t signatures = 0;
    view_set(body, "sequence", json_integer((json_int_t)session_event_count(turn->desk->session)));
    view_set(body, "duty_room", desk_describe_duty_room(turn->desk, turn->request->at));
    view_set(body, "duties", list_duties(owning));
    view_set(body, "proposals", list_proposals(owning));
    view_set(body, "incidents", list_incidents(owning));
    view_set(body, "spoken", list_spoken(owning));
    view_set(body, "signatures", desk_list_signatures(turn, true, &signatures));
    view_set(body, "delegations", desk_list_standing_delegations(turn->desk->delegations, turn->at));
    size_t received = 0;
    view_set(body, "documents", desk_list_received(turn, &received));
    view_set(body, "totals",
             json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "documents", (json_int_t)received, "incidents",
                       (json_int_t)owning->incident_count, "duties", (json_int_t)owning->duty_count, "proposals",
                       (json_int_t)owning->proposal_count, "spoken", (json_int_t)owning->spoken_count, "signatures",
                       (json_int_t)signatures));
    return body;
}

bool desk_show_own(struct turn *turn) {
    struct owning owning = {.turn = turn};
    owning.first_duties =
        (struct foremost){&owning.duties, sizeof(struct own_item), DUTIES_LISTED, compare_items, .is_cut = false};
    owning.first_proposals =
        (struct foremost){&owning.proposals, sizeof(struct own_item), PROPOSALS_LISTED, compare_items, .is_cut = false};
    gather(&owning);
    if (!owning.duties.failed && !owning.proposals.failed && !owning.touched.failed) {
        turn->reply->body = describe_own(&owning);
    }
    for (size_t i = 0; i < PLANS_REMEMBERED; i++) {
        buffer_release(&owning.plans[i].known);
    }
    buffer_release(&owning.duties);
    buffer_release(&owning.proposals);
    buffer_release(&owning.touched);
    return turn->reply->body != NULL || turn_refuse(turn, DESK_UNAVAILABLE, "memory is exhausted", "内存不足");
}
