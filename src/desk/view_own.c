/* What one account's parties owe and decide, over all open incidents: the units' own page, light enough for a telephone. */
#include "desk/state.h"
#include "desk/view.h"

/* Owed, or answered by people: what has lapsed asks nothing of anybody. */
static void add_duties(const struct turn *turn, const struct engine_incident_view *incident, json_t *list) {
    for (uint32_t number = 1; number <= incident->duty_count; number++) {
        struct engine_duty_view duty;
        if (!engine_view_duty(turn->engine, incident->number, number, &duty) || duty.status == ENGINE_LAPSED ||
            !(turn_is_own(turn, incident->plan, duty.bearer) || turn_is_own(turn, incident->plan, duty.bearer_role))) {
            continue;
        }
        view_add(list, desk_describe_duty(turn, incident, &duty));
    }
}

/* Whether a party of the account's is one of those who may order the level that is proposed. */
static bool is_orderer(const struct turn *turn, const struct plan *plan, const struct plan_orderer *orderer) {
    bool found = false;
    for (uint16_t k = 0; k < orderer->parties.count && !found; k++) {
        found = turn_is_own(turn, plan, plan->lists[orderer->parties.first + k]);
    }
    return found;
}

static bool decides(const struct turn *turn, const struct plan *plan, const struct engine_proposal_view *proposal) {
    const struct plan_scale *scale = &plan->scales[proposal->scale];
    for (uint16_t i = 0; i < scale->orderer_count; i++) {
        const struct plan_orderer *orderer = &scale->orderers[i];
        if (proposal->to >= orderer->low && proposal->to <= orderer->high && is_orderer(turn, plan, orderer)) {
            return true;
        }
    }
    return false;
}

/* Whether a party of the account's may give some order in the incident. */
static bool may_order(const struct turn *turn, const struct engine_incident_view *incident) {
    const struct plan_subject *subject = &incident->plan->subjects[incident->subject];
    for (uint16_t i = 0; i < subject->scale_count; i++) {
        const struct plan_scale *scale = &incident->plan->scales[subject->scales[i]];
        for (uint16_t k = 0; k < scale->orderer_count && scale->ordered; k++) {
            if (is_orderer(turn, incident->plan, &scale->orderers[k])) {
                return true;
            }
        }
    }
    return false;
}

/* Whether a party of the account's holds a role of the incident. */
static bool is_bound(const struct turn *turn, const struct engine_incident_view *incident) {
    bool found = false;
    for (uint32_t i = 0; i < incident->binding_count && !found; i++) {
        uint16_t role = PLAN_NONE;
        uint16_t unit = PLAN_NONE;
        found = engine_view_binding(turn->engine, incident->number, i, &role, &unit) &&
                turn_is_own(turn, incident->plan, unit);
    }
    return found;
}

static void add_proposals(const struct turn *turn, const struct engine_incident_view *incident, json_t *list) {
    for (uint32_t number = 1; number <= incident->proposal_count; number++) {
        struct engine_proposal_view proposal;
        if (engine_view_proposal(turn->engine, incident->number, number, &proposal) &&
            proposal.status == ENGINE_PROPOSAL_OPEN && decides(turn, incident->plan, &proposal)) {
            view_add(list, desk_describe_proposal(turn, incident, &proposal));
        }
    }
}

/* Spoken orders of a party of the account's that nobody has confirmed or disputed yet. */
static json_t *list_spoken(const struct turn *turn) {
    const struct fold *fold = turn->desk->fold;
    json_t *list = json_array();
    for (size_t i = 0; i < fold_spoken_count(fold); i++) {
        const struct fold_spoken *spoken = fold_find_spoken(fold, i);
        struct engine_incident_view incident;
        if (spoken->settled == FOLD_UNSETTLED && engine_view_incident(turn->engine, spoken->incident, &incident) &&
            turn_is_own(turn, incident.plan, plan_find_party(incident.plan, spoken->by))) {
            view_add(list, desk_describe_spoken(spoken));
        }
    }
    return list;
}

/* Where it is: what the first call that names a place says. */
static struct text find_place(const struct fold *fold, uint32_t incident) {
    for (uint32_t number = 1; number <= fold_call_count(fold); number++) {
        const struct fold_call *call = fold_find_call(fold, number);
        if (call->incident == incident && call->place.length > 0) {
            return call->place;
        }
    }
    return (struct text){0};
}

/* `has_items`: something in it is owed or decided by a party of the account's, or has been. */
static json_t *describe_incident(const struct turn *turn, const struct engine_incident_view *incident, bool has_items) {
    bool orders = may_order(turn, incident);
    bool takes_part = has_items || orders || is_bound(turn, incident);
    char tag[DESK_ETAG_ROOM];
    desk_find_etag(turn->desk, DESK_SHOW_INCIDENT, incident->number, (struct text){0}, turn->at, tag);
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:s}", "number", (json_int_t)incident->number,
                     "title", view_text(desk_find_title(incident)), "place",
                     view_text(find_place(turn->desk->fold, incident->number)), "plan",
                     view_text(incident->plan->title), "zone", view_zone(incident->plan), "opened_at",
                     view_instant(incident->opened_at), "scales", desk_list_levels(turn->engine, incident),
                     "takes_part", takes_part, "orders", orders, "tag", tag);
}

bool desk_show_own(struct turn *turn) {
    json_t *incidents = json_array();
    json_t *duties = json_array();
    json_t *proposals = json_array();
    for (uint32_t number = 1; number < engine_next_incident(turn->engine); number++) {
        struct engine_incident_view incident;
        if (!engine_view_incident(turn->engine, number, &incident) || incident.status != ENGINE_OPENED) {
            continue;
        }
        size_t before = json_array_size(duties) + json_array_size(proposals);
        add_duties(turn, &incident, duties);
        add_proposals(turn, &incident, proposals);
        bool has_items = json_array_size(duties) + json_array_size(proposals) > before;
        if (!incident.plan->subjects[incident.subject].standing || has_items) {
            view_add(incidents, describe_incident(turn, &incident, has_items));
        }
    }
    json_t *body = json_object();
    view_set(body, "sequence", json_integer((json_int_t)session_event_count(turn->desk->session)));
    view_set(body, "incidents", incidents);
    view_set(body, "duties", duties);
    view_set(body, "proposals", proposals);
    view_set(body, "spoken", list_spoken(turn));
    view_set(body, "delegations", desk_list_standing_delegations(turn->desk->delegations, turn->at));
    turn->reply->body = body;
    return body != NULL;
}
