/* What of an incident is late at a moment, and by how much: duties, acknowledgements, decisions, findings. */
#include "base/calendar.h"
#include "desk/state.h"
#include "desk/view.h"

/* One thing that had to happen by an instant. */
struct late {
    int64_t due_at;
    int64_t ended_at; /* when it happened, or needed to no more; ENGINE_NEVER: it is open still */
    const char *kind, *what;
    struct text title;
    uint32_t number;
    bool is_cut_off;    /* nobody did it: the incident was closed over it */
    uint16_t recipient; /* to whom it had to be done; PLAN_NONE: to nobody in particular */
};

/* Adds it where it was late by then, with whose it is and the clauses that ask for it; both are taken over. */
static void add_late(const struct turn *turn, const struct plan *plan, json_t *list, const struct late *late,
                     json_t *owners, json_t *clauses) {
    int64_t until = late->ended_at < turn->request->at ? late->ended_at : turn->request->at;
    if (late->due_at == ENGINE_NEVER || until <= late->due_at) {
        json_decref(owners);
        json_decref(clauses);
        return;
    }
    view_add(list, json_pack("{s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:I, s:b, s:o}", "id",
                             view_item(turn->request->incident, late->number), "kind", late->kind, "what", late->what,
                             "title", view_text(late->title), "owners", owners, "recipient",
                             view_party(plan, late->recipient), "due_at", view_instant(late->due_at), "ended_at",
                             late->ended_at <= turn->request->at ? view_instant(late->ended_at) : json_null(),
                             "late_seconds", (json_int_t)((until - late->due_at) / CALENDAR_US_PER_SECOND), "cut_off",
                             late->is_cut_off, "clauses", clauses));
}

static json_t *list_one(json_t *name) {
    json_t *list = json_array();
    if (json_is_null(name)) {
        json_decref(name);
    } else {
        view_add(list, name);
    }
    return list;
}

static json_t *list_bearer(const struct plan *plan, const struct engine_duty_view *duty) {
    return list_one(view_party(plan, duty->bearer == PLAN_NONE ? duty->bearer_role : duty->bearer));
}

static void add_duty(const struct turn *turn, const struct plan *plan, const struct engine_duty_view *duty,
                     json_t *list) {
    const struct plan_duty *said = &plan->duties[duty->duty];
    struct late late = {.due_at = duty->due_at,
                        .ended_at = duty->done_at != ENGINE_NEVER ? duty->done_at : duty->ended_at,
                        .kind = "duty",
                        .what = "done",
                        .title = said->action,
                        .number = duty->number,
                        .recipient = duty->recipient == PLAN_NONE ? duty->recipient_role : duty->recipient,
                        .is_cut_off = duty->status == ENGINE_LAPSED && duty->lapse == ENGINE_INCIDENT_ENDED};
    add_late(turn, plan, list, &late, list_bearer(plan, duty), view_clauses(plan, said->cites));
    if (duty->unacknowledged && duty->notified_at != ENGINE_NEVER && said->acknowledge_within_us >= 0) {
        int64_t answered = duty->acknowledged_at < late.ended_at ? duty->acknowledged_at : late.ended_at;
        late.due_at = duty->notified_at + said->acknowledge_within_us;
        late.ended_at = answered;
        late.is_cut_off = late.is_cut_off && duty->acknowledged_at == ENGINE_NEVER;
        late.what = "acknowledged";
        add_late(turn, plan, list, &late, list_bearer(plan, duty), view_clauses(plan, said->cites));
    }
}

static void add_proposal(const struct turn *turn, const struct plan *plan, const struct engine_proposal_view *proposal,
                         json_t *list) {
    const struct plan_scale *scale = &plan->scales[proposal->scale];
    const struct late late = {.due_at = proposal->due_at,
                              .ended_at = proposal->ended_at,
                              .kind = "proposal",
                              .what = "decided",
                              .title = scale->name,
                              .number = proposal->number,
                              .recipient = PLAN_NONE};
    add_late(turn, plan, list, &late, desk_list_deciders(plan, scale, proposal->to), json_array());
}

static void add_finding(const struct turn *turn, const struct plan *plan, const struct engine_finding_view *finding,
                        json_t *list) {
    const struct late late = {.due_at = finding->due_at,
                              .ended_at = finding->closed_at,
                              .kind = "finding",
                              .what = "settled",
                              .title =
                                  finding->party < plan->party_count ? plan->parties[finding->party].name : TEXT(""),
                              .number = finding->number,
                              .recipient = PLAN_NONE};
    add_late(turn, plan, list, &late, list_one(view_party(plan, finding->owner)), json_array());
}

json_t *view_late(const struct turn *turn, const struct engine_incident_view *incident) {
    json_t *list = json_array();
    for (uint32_t number = 1; number <= incident->duty_count; number++) {
        struct engine_duty_view duty;
        if (engine_view_duty(turn->engine, incident->number, number, &duty) && duty.duty != PLAN_NONE) {
            add_duty(turn, incident->plan, &duty, list);
        }
    }
    for (uint32_t number = 1; number <= incident->proposal_count; number++) {
        struct engine_proposal_view proposal;
        if (engine_view_proposal(turn->engine, incident->number, number, &proposal) && proposal.scale != PLAN_NONE) {
            add_proposal(turn, incident->plan, &proposal, list);
        }
    }
    for (uint32_t number = 1; number <= incident->finding_count; number++) {
        struct engine_finding_view finding;
        if (engine_view_finding(turn->engine, incident->number, number, &finding)) {
            add_finding(turn, incident->plan, &finding, list);
        }
    }
    return list;
}
