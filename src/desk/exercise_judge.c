/* The judgement of an exercise: by clause, what was met, late and missed. */
#include "desk/exercise_state.h"
#include "desk/view.h"

#include "base/calendar.h"

#include <stdlib.h>
#include <string.h>

struct judging {
    const struct exercise *exercise;
    int64_t at;
    json_t *rows;
    json_int_t met, late, missed, open;
};

enum outcome { MET, LATE, MISSED, OPEN_STILL, NOT_JUDGED };

static const char *const outcome_names[] = {"met", "late", "missed", "open", ""};

static void count(struct judging *judging, enum outcome outcome) {
    judging->met += outcome == MET;
    judging->late += outcome == LATE;
    judging->missed += outcome == MISSED;
    judging->open += outcome == OPEN_STILL;
}

/* How long after its deadline, in whole seconds; NULL where it was not. */
static json_t *describe_delay(enum outcome outcome, int64_t due_at, int64_t done_at) {
    return outcome == LATE ? json_integer((done_at - due_at) / CALENDAR_US_PER_SECOND) : json_null();
}

struct row {
    const struct plan *plan;
    uint32_t incident, item;
    const char *kind;
    struct plan_span cites;
    struct text what;
    uint16_t who, recipient;
    int64_t due_at, done_at;
    enum outcome outcome;
};

static void add_row(struct judging *judging, const struct row *row) {
    int64_t when = row->done_at != ENGINE_NEVER ? row->done_at : row->due_at < judging->at ? row->due_at : judging->at;
    const char *player = exercise_find_player_at(judging->exercise, row->plan, row->who, when);
    count(judging, row->outcome);
    json_t *json = json_object();
    view_set(json, "kind", json_string(row->kind));
    view_set(json, "id", view_item(row->incident, row->item));
    view_set(json, "incident", json_integer(row->incident));
    view_set(json, "clauses", view_clauses(row->plan, row->cites));
    view_set(json, "what", view_text(row->what));
    view_set(json, "who", view_party(row->plan, row->who));
    view_set(json, "recipient", view_party(row->plan, row->recipient));
    view_set(json, "played_by", player == NULL || row->who == PLAN_NONE ? json_null() : json_string(player));
    view_set(json, "due_at", view_some_instant(row->due_at));
    view_set(json, "done_at", view_some_instant(row->done_at));
    view_set(json, "outcome", json_string(outcome_names[row->outcome]));
    view_set(json, "late_seconds", describe_delay(row->outcome, row->due_at, row->done_at));
    view_add(judging->rows, json);
}

static enum outcome judge_duty(const struct engine_duty_view *duty, enum plan_duty_kind kind) {
    bool is_answered = duty->status == ENGINE_DONE_STATUS || duty->status == ENGINE_DECLINED;
    if (kind == PLAN_FORBID) {
        return duty->breaches > 0 ? MISSED : NOT_JUDGED;
    }
    if ((kind != PLAN_DUTY && kind != PLAN_DECISION) || (duty->status == ENGINE_LAPSED && !duty->overdue)) {
        return NOT_JUDGED;
    }
    if (is_answered) {
        int64_t done_at = duty->status == ENGINE_DONE_STATUS ? duty->done_at : duty->ended_at;
        return duty->due_at != ENGINE_NEVER && done_at > duty->due_at ? LATE : MET;
    }
    return duty->overdue ? MISSED : OPEN_STILL;
}

static void judge_duties(struct judging *judging, const struct engine_incident_view *incident) {
    for (uint32_t number = 1; number <= incident->duty_count; number++) {
        struct engine_duty_view duty;
        if (!engine_view_duty(judging->exercise->engine, incident->number, number, &duty) || duty.duty == PLAN_NONE) {
            continue;
        }
        const struct plan_duty *said = &incident->plan->duties[duty.duty];
        const struct row row = {.plan = incident->plan,
                                .incident = incident->number,
                                .item = number,
                                .kind = "duty",
                                .cites = said->cites,
                                .what = said->name,
                                .who = duty.bearer == PLAN_NONE ? duty.bearer_role : duty.bearer,
                                .recipient = duty.recipient == PLAN_NONE ? duty.recipient_role : duty.recipient,
                                .due_at = duty.due_at,
                                .done_at = duty.status == ENGINE_DECLINED ? duty.ended_at : duty.done_at,
                                .outcome = judge_duty(&duty, said->kind)};
        if (row.outcome != NOT_JUDGED) {
            add_row(judging, &row);
        }
    }
}

static void judge_proposals(struct judging *judging, const struct engine_incident_view *incident) {
    for (uint32_t number = 1; number <= incident->proposal_count; number++) {
        struct engine_proposal_view proposal;
        if (!engine_view_proposal(judging->exercise->engine, incident->number, number, &proposal) ||
            proposal.scale == PLAN_NONE || proposal.status == ENGINE_PROPOSAL_SUPERSEDED ||
            proposal.status == ENGINE_PROPOSAL_LAPSED) {
            continue;
        }
        const struct plan_scale *scale = &incident->plan->scales[proposal.scale];
        bool is_open = proposal.status == ENGINE_PROPOSAL_OPEN;
        bool is_late = proposal.due_at != ENGINE_NEVER && proposal.ended_at > proposal.due_at;
        bool has_orderer = scale->orderer_count > 0 && scale->orderers[0].parties.count > 0;
        uint16_t usual = has_orderer ? incident->plan->lists[scale->orderers[0].parties.first] : PLAN_NONE;
        const struct row row = {.plan = incident->plan,
                                .incident = incident->number,
                                .item = number,
                                .kind = "proposal",
                                .cites = scale->cites,
                                .what = scale->name,
                                .who = is_open || proposal.by == PLAN_NONE ? usual : proposal.by,
                                .recipient = PLAN_NONE,
                                .due_at = proposal.due_at,
                                .done_at = is_open ? ENGINE_NEVER : proposal.ended_at,
                                .outcome = !is_open           ? (is_late ? LATE : MET)
                                           : proposal.overdue ? MISSED
                                                              : OPEN_STILL};
        add_row(judging, &row);
    }
}

static json_t *judge_script(const struct exercise *exercise) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < drill_live_verdict_count(exercise->live); i++) {
        const struct drill_verdict verdict = drill_live_verdict(exercise->live, i);
        view_add(list, json_pack("{s:I, s:o, s:o, s:b, s:o}", "line", (json_int_t)verdict.line, "at",
                                 view_instant(verdict.at), "statement", view_text(verdict.statement), "passed",
                                 verdict.passed, "actual", view_text(verdict.actual)));
    }
    return list;
}

/* What was left to people: done by themselves, by the script's way, by the script in their stead, or not at all. */
static json_t *judge_offers(const struct exercise *exercise) {
    static const char *const outcomes[] = {"missed", "met", "met", "missed"};
    json_t *list = json_array();
    for (uint32_t i = 0; i < drill_live_offer_count(exercise->live); i++) {
        const struct drill_offer *offer = drill_live_offer(exercise->live, i);
        bool is_settled = offer->settled_at != ENGINE_NEVER;
        int64_t took = is_settled ? (offer->settled_at - offer->at) / CALENDAR_US_PER_SECOND : 0;
        view_add(list, json_pack("{s:I, s:o, s:o, s:o, s:s, s:o}", "number", (json_int_t)offer->number, "at",
                                 view_instant(offer->at), "party",
                                 offer->party.length == 0 ? json_string(EXERCISE_DUTY_ROOM) : view_text(offer->party),
                                 "statement", view_text(offer->statement), "outcome", outcomes[offer->outcome],
                                 "took_seconds", is_settled ? json_integer(took) : json_null()));
    }
    return list;
}

json_t *exercise_judge(const struct exercise *exercise, int64_t at) {
    struct judging judging = {.exercise = exercise, .at = at, .rows = json_array()};
    struct engine_incident_view incident;
    if (exercise->judgement != NULL) {
        json_decref(judging.rows);
        return json_incref(exercise->judgement);
    }
    for (uint32_t number = 1; number < engine_next_incident(exercise->engine); number++) {
        if (engine_view_incident(exercise->engine, number, &incident) &&
            !incident.plan->subjects[incident.subject].standing) {
            judge_duties(&judging, &incident);
            judge_proposals(&judging, &incident);
        }
    }
    return json_pack("{s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:o, s:o, s:o}", "title",
                     view_text(exercise_title(exercise)), "plan", view_text(drill_live_plan_name(exercise->live)),
                     "from", view_instant(exercise_start(exercise)), "until", view_instant(at), "met", judging.met,
                     "late", judging.late, "missed", judging.missed, "open", judging.open, "rows", judging.rows,
                     "script", judge_script(exercise), "offers", judge_offers(exercise));
}
