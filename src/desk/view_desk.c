/* The desk at a glance: open incidents, running clocks, calls that belong to no incident yet. */
#include "desk/state.h"
#include "desk/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* A clock that runs. */
struct running {
    int64_t due_at;
    uint32_t incident, item;
    enum engine_item_kind kind;
    uint16_t who, recipient;
    struct text what;
    bool overdue, acknowledged;
};

struct clocks {
    struct buffer items; /* of struct running */
    int64_t soonest;     /* of the incident that is being looked at */
    int64_t overdue;
    int64_t open_proposals;
};

static void add_clock(struct clocks *clocks, const struct running *running) {
    clocks->soonest = running->due_at < clocks->soonest ? running->due_at : clocks->soonest;
    clocks->overdue += running->overdue;
    buffer_append(&clocks->items, running, sizeof *running);
}

static void add_duties(const struct engine *engine, const struct engine_incident_view *incident,
                       struct clocks *clocks) {
    for (uint32_t number = 1; number <= incident->duty_count; number++) {
        struct engine_duty_view duty;
        if (!engine_view_duty(engine, incident->number, number, &duty) || duty.status != ENGINE_OWED ||
            duty.due_at == ENGINE_NEVER) {
            continue;
        }
        const struct plan_duty *said = &incident->plan->duties[duty.duty];
        if (said->kind == PLAN_DUTY || said->kind == PLAN_DECISION) {
            const struct running running = {
                .due_at = duty.due_at,
                .incident = incident->number,
                .item = number,
                .kind = ENGINE_ITEM_DUTY,
                .who = duty.bearer == PLAN_NONE ? duty.bearer_role : duty.bearer,
                .recipient = duty.recipient == PLAN_NONE ? duty.recipient_role : duty.recipient,
                .what = said->name,
                .overdue = duty.overdue,
                .acknowledged = duty.acknowledged_at != ENGINE_NEVER,
            };
            add_clock(clocks, &running);
        }
    }
}

static void add_proposals(const struct engine *engine, const struct engine_incident_view *incident,
                          struct clocks *clocks) {
    for (uint32_t number = 1; number <= incident->proposal_count; number++) {
        struct engine_proposal_view proposal;
        if (!engine_view_proposal(engine, incident->number, number, &proposal) ||
            proposal.status != ENGINE_PROPOSAL_OPEN) {
            continue;
        }
        clocks->open_proposals++;
        const struct plan_scale *scale = &incident->plan->scales[proposal.scale];
        uint16_t who = scale->orderer_count > 0 && scale->orderers[0].parties.count > 0
                           ? incident->plan->lists[scale->orderers[0].parties.first]
                           : PLAN_NONE;
        if (proposal.due_at != ENGINE_NEVER) {
            const struct running running = {
                .due_at = proposal.due_at,
                .incident = incident->number,
                .item = number,
                .kind = ENGINE_ITEM_PROPOSAL,
                .who = who,
                .recipient = PLAN_NONE,
                .what = scale->name,
                .overdue = proposal.overdue,
                .acknowledged = proposal.acknowledged_at != ENGINE_NEVER,
            };
            add_clock(clocks, &running);
        }
    }
}

static void add_findings(const struct engine *engine, const struct engine_incident_view *incident,
                         struct clocks *clocks) {
    for (uint32_t number = 1; number <= incident->finding_count; number++) {
        struct engine_finding_view finding;
        if (!engine_view_finding(engine, incident->number, number, &finding) || finding.closed_at != ENGINE_NEVER ||
            finding.due_at == ENGINE_NEVER) {
            continue;
        }
        struct text what = finding.party < incident->plan->party_count ? incident->plan->parties[finding.party].name
                                                                       : (struct text){0};
        const struct running running = {
            .due_at = finding.due_at,
            .incident = incident->number,
            .item = number,
            .kind = ENGINE_ITEM_FINDING,
            .who = finding.owner,
            .recipient = PLAN_NONE,
            .what = what,
            .overdue = finding.overdue,
            .acknowledged = finding.acknowledged_at != ENGINE_NEVER,
        };
        add_clock(clocks, &running);
    }
}

static int compare_clocks(const void *left, const void *right) {
    const struct running *one = left;
    const struct running *other = right;
    if (one->due_at != other->due_at) {
        return one->due_at < other->due_at ? -1 : 1;
    }
    if (one->incident != other->incident) {
        return one->incident < other->incident ? -1 : 1;
    }
    return one->item < other->item ? -1 : one->item > other->item;
}

/* A standing subject has no title of its own. */
struct text desk_find_title(const struct engine_incident_view *incident) {
    return incident->title.length > 0 ? incident->title : incident->plan->subjects[incident->subject].name;
}

static json_t *list_clocks(const struct engine *engine, struct clocks *clocks) {
    struct running *items = (struct running *)(void *)clocks->items.bytes;
    size_t count = clocks->items.length / sizeof *items;
    json_t *list = json_array();
    if (count > 0) {
        qsort(items, count, sizeof *items, compare_clocks);
    }
    for (size_t i = 0; i < count; i++) {
        struct engine_incident_view incident;
        if (engine_view_incident(engine, items[i].incident, &incident)) {
            bool has_party = items[i].who < incident.plan->party_count;
            view_add(list,
                     json_pack("{s:s, s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:b, s:b}", "kind",
                               view_item_kind(items[i].kind), "id", view_item(items[i].incident, items[i].item),
                               "incident", (json_int_t)items[i].incident, "title",
                               view_text(desk_find_title(&incident)), "what", view_text(items[i].what), "who",
                               has_party ? view_party(incident.plan, items[i].who) : json_string(""), "recipient",
                               view_party(incident.plan, items[i].recipient), "due_at", view_instant(items[i].due_at),
                               "overdue", items[i].overdue, "acknowledged", items[i].acknowledged));
        }
    }
    return list;
}

/* ---- incidents -------------------------------------------------------------------------------------------- */

json_t *desk_list_levels(const struct engine *engine, const struct engine_incident_view *incident) {
    const struct plan_subject *subject = &incident->plan->subjects[incident->subject];
    json_t *list = json_array();
    for (uint16_t i = 0; i < subject->scale_count; i++) {
        const struct plan_scale *scale = &incident->plan->scales[subject->scales[i]];
        struct engine_scale_view state = {0};
        (void)engine_view_scale(engine, incident->number, subject->scales[i], &state);
        view_add(list,
                 json_pack("{s:o, s:b, s:o, s:o, s:o, s:b}", "name", view_text(scale->name), "ordered", scale->ordered,
                           "level", view_level(scale, state.level), "may", view_level(scale, state.may), "order",
                           view_level(scale, state.order), "undetermined", state.level == 0 && state.may > 0));
    }
    return list;
}

static json_t *describe_incident(const struct engine *engine, const struct engine_incident_view *incident,
                                 const struct clocks *clocks) {
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:I, s:I, s:o, s:o}", "number", (json_int_t)incident->number, "title",
                     view_text(incident->title), "plan", view_text(incident->plan->name), "subject",
                     view_text(incident->plan->subjects[incident->subject].name), "opened_at",
                     view_instant(incident->opened_at), "open_proposals", (json_int_t)clocks->open_proposals, "overdue",
                     (json_int_t)clocks->overdue, "next_due_at", view_some_instant(clocks->soonest), "scales",
                     desk_list_levels(engine, incident));
}

/* Newest first; clocks of all of them, those of standing subjects too, on the way. */
static json_t *list_incidents(const struct engine *engine, struct clocks *clocks) {
    json_t *list = json_array();
    for (uint32_t number = engine_next_incident(engine) - 1; number >= 1; number--) {
        struct engine_incident_view incident;
        if (!engine_view_incident(engine, number, &incident) || incident.status != ENGINE_OPENED) {
            continue;
        }
        clocks->soonest = ENGINE_NEVER;
        clocks->overdue = 0;
        clocks->open_proposals = 0;
        add_duties(engine, &incident, clocks);
        add_proposals(engine, &incident, clocks);
        add_findings(engine, &incident, clocks);
        if (!incident.plan->subjects[incident.subject].standing) {
            view_add(list, describe_incident(engine, &incident, clocks));
        }
    }
    return list;
}

/* ---- all of it -------------------------------------------------------------------------------------------- */

static json_t *list_plans(const struct turn *turn) {
    json_t *list = json_array();
    for (size_t i = 0; i < fold_plan_count(turn->desk->fold); i++) {
        const struct plan *plan = engine_plan_in_force(turn->engine, fold_find_plan(turn->desk->fold, i));
        json_t *subjects = json_array();
        for (uint32_t k = 0; plan != NULL && k < plan->subject_count; k++) {
            if (!plan->subjects[k].standing) {
                view_add(subjects, view_text(plan->subjects[k].name));
            }
        }
        if (plan == NULL) {
            json_decref(subjects);
            continue;
        }
        view_add(list, json_pack("{s:o, s:o, s:o, s:o, s:o, s:I}", "name", view_text(plan->name), "version",
                                 view_text(plan->version), "title", view_text(plan->title), "language",
                                 view_text(plan->language), "subjects", subjects, "directory",
                                 (json_int_t)directory_count_changes(turn->desk->directory)));
    }
    return list;
}

static json_t *list_loose_calls(const struct fold *fold) {
    json_t *list = json_array();
    for (uint32_t number = 1; number <= fold_call_count(fold); number++) {
        const struct fold_call *call = fold_find_call(fold, number);
        if (call->incident == 0) {
            view_add(list, desk_describe_call(call));
        }
    }
    return list;
}

/* What somebody has still to confirm or dispute, and what is in dispute until another order is given. */
static json_t *list_unsettled(const struct turn *turn) {
    const struct fold *fold = turn->desk->fold;
    json_t *list = json_array();
    for (size_t i = 0; i < fold_spoken_count(fold); i++) {
        const struct fold_spoken *spoken = fold_find_spoken(fold, i);
        if (spoken->settled == FOLD_UNSETTLED || desk_is_in_dispute(turn, spoken)) {
            view_add(list, desk_describe_spoken(spoken));
        }
    }
    return list;
}

void desk_set_open_matters(struct turn *turn, json_t *body) {
    struct clocks clocks = {0};
    view_set(body, "incidents", list_incidents(turn->engine, &clocks));
    view_set(body, "clocks", list_clocks(turn->engine, &clocks));
    view_set(body, "spoken", list_unsettled(turn));
    view_set(body, "calls", list_loose_calls(turn->desk->fold));
    buffer_release(&clocks.items);
}

bool desk_show_desk(struct turn *turn) {
    int64_t sequence = session_event_count(turn->desk->session);
    json_t *body = json_object();
    view_set(body, "sequence", json_integer((json_int_t)sequence));
    view_set(body, "plans", list_plans(turn));
    view_set(body, "duty_room", desk_describe_duty_room(turn->desk, turn->request->at));
    view_set(body, "delegations", desk_list_standing_delegations(turn->desk->delegations, turn->request->at));
    view_set(body, "unbound", view_unbound(turn));
    desk_set_open_matters(turn, body);
    turn->reply->body = body;
    return body != NULL;
}
