/* Incidents: opened, facts reported and corrected, roles bound, closed, reopened. */
#include "desk/state.h"

#include "base/calendar.h"
#include "run/fact_value.h"

#include <inttypes.h>
#include <stdio.h>

bool desk_open_incident(struct turn *turn) {
    struct form form;
    struct engine_event event = turn_start(turn, ENGINE_OPEN);
    form_begin(&form, turn->request->body, &turn->reply->failure);
    struct text plan_name = form_text(&form, "plan", true, FORM_TEXT_BYTES);
    struct text subject = form_text(&form, "subject", true, FORM_TEXT_BYTES);
    event.title = desk_mark_title(turn->desk, form_text(&form, "title", true, 1024));
    event.as_of = form_instant(&form, "first_sighted_at", turn->at, turn->at);
    uint32_t call = form_number(&form, "call", false);
    if (!turn_may(turn, NULL, PLAN_NONE, false)) {
        return false;
    }
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    event.plan = engine_plan_in_force(turn->engine, plan_name);
    if (event.plan == NULL) {
        (void)failure_say_field(&turn->reply->failure, "plan", "there is no plan \"%.*s\" in force",
                                "没有施行中的预案“%.*s”", TEXT_PRINT(text_cut(plan_name, 100)));
        return turn_refuse_as_set(turn, DESK_NOT_FOUND);
    }
    event.subject = plan_find_subject(event.plan, subject);
    if (event.subject == PLAN_NONE || event.plan->subjects[event.subject].standing) {
        (void)failure_say_field(&turn->reply->failure, "subject", "the plan has no kind of incident \"%.*s\"",
                                "预案中没有“%.*s”这类事件", TEXT_PRINT(text_cut(subject, 100)));
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    const struct fold_call *found = call == 0 ? NULL : fold_find_call(turn->desk->fold, call);
    if (call != 0 && found == NULL) {
        (void)failure_say_field(&turn->reply->failure, "call", "there is no call %" PRIu32, "没有第 %" PRIu32 " 号来电",
                                call);
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    if (found != NULL) {
        if (!desk_is_call_as_seen(turn, found)) {
            return false;
        }
        (void)snprintf(turn->call, sizeof turn->call, "%" PRIu32, call);
        turn->entry.call = text_of(turn->call);
    }
    event.incident = engine_next_incident(turn->engine); /* so that the log says it too */
    return turn_accept(turn, &event);
}

/* ---- facts ------------------------------------------------------------------------------------------------ */

static bool check_past(struct turn *turn, const struct engine_incident_view *view, uint16_t fact, const char *field,
                       const struct engine_event *event) {
    struct failure *failure = &turn->reply->failure;
    switch (fact_value_judge_time(&view->plan->facts[fact], event->low, event->high, turn->at, view->first_report_at)) {
    case FACT_TIME_FUTURE:
        (void)failure_say_field(failure, field, "lies in the future", "不能晚于现在");
        return turn_refuse_as_set(turn, DESK_REFUSED);
    case FACT_TIME_AFTER_REPORT:
        (void)failure_say_field(
            failure, field,
            "lies after the first report, when it had begun already; where that report's own time is "
            "wrong, correct it first",
            "不能晚于首次接报，那时已经发生；如是接报的时间有误，请先更正它");
        return turn_refuse_as_set(turn, DESK_REFUSED);
    case FACT_TIME_FINE:
        break;
    }
    return true;
}

static bool refuse_fact_name(struct turn *turn, const struct plan *plan, const char *name) {
    struct failure *failure = &turn->reply->failure;
    struct suggestion suggestion = suggestion_begin(text_of(name));
    plan_suggest_fact(plan, &suggestion);
    if (suggestion.count > 0) {
        char room[SUGGESTION_ROOM];
        (void)failure_say_field(failure, name, "the plan has no such fact; did you mean %s?",
                                "预案中没有这项事实，是不是%s？",
                                suggestion_print(&suggestion, suggestion_style_of(failure->chinese), room));
    } else {
        (void)failure_say_field(failure, name, "the plan has no such fact", "预案中没有这项事实");
    }
    return turn_refuse_as_set(turn, DESK_REFUSED);
}

/* Fills in fact and range of one statement; refuses what the plan does not know. */
static bool read_fact(struct turn *turn, const struct engine_incident_view *view, const char *name, const json_t *value,
                      struct engine_event *event) {
    const struct plan *plan = view->plan;
    uint16_t fact = plan_find_fact(plan, text_of(name));
    if (fact == PLAN_NONE || plan->facts[fact].subject != view->subject) {
        return refuse_fact_name(turn, plan, name);
    }
    event->fact = fact;
    if (!fact_value_from_json(plan, fact, value, &event->low, &event->high, &turn->reply->failure)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    return check_past(turn, view, fact, name, event);
}

/* All are looked at before the first is taken, so that all are taken or none. */
static bool take_facts(struct turn *turn, const struct engine_incident_view *view, const json_t *facts,
                       struct engine_event *event, bool is_trial) {
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach((json_t *)facts, name, value) {
        if (!read_fact(turn, view, name, value, event)) {
            return false;
        }
        if (is_trial && !session_try(turn->desk->session, event, &turn->entry, &turn->reply->failure)) {
            (void)snprintf(turn->reply->failure.field, sizeof turn->reply->failure.field, "%s", name);
            return turn_refuse_as_set(turn, DESK_REFUSED);
        }
        if (!is_trial && !turn_accept(turn, event)) {
            return false;
        }
    }
    return true;
}

/* The call in which the facts were heard; it must be one of the incident's. */
static bool note_call(struct turn *turn, uint32_t call, uint32_t incident) {
    const struct fold_call *found = fold_find_call(turn->desk->fold, call);
    if (found == NULL || found->incident != incident) {
        (void)failure_say_field(&turn->reply->failure, "call", "the incident has no call %" PRIu32,
                                "这一事件没有第 %" PRIu32 " 号来电", call);
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    (void)snprintf(turn->call, sizeof turn->call, "%" PRIu32, call);
    turn->entry.call = text_of(turn->call);
    return true;
}

bool desk_report_facts(struct turn *turn) {
    static const char *const bases[] = {"observed", "predicted", NULL};
    struct form form;
    struct engine_incident_view view;
    struct engine_event event = turn_start(turn, ENGINE_REPORT);
    form_begin(&form, turn->request->body, &turn->reply->failure);
    const json_t *facts = form_any(&form, "facts", true);
    event.source = form_text(&form, "source", true, FORM_TEXT_BYTES);
    event.as_of = form_instant(&form, "as_of", turn->at, turn->at);
    event.reason = form_text(&form, "reason", false, FORM_TEXT_BYTES);
    int basis = form_word(&form, "basis", false, bases);
    uint32_t call = form_number(&form, "call", false);
    event.basis = basis == 0 ? ENGINE_OBSERVED : basis == 1 ? ENGINE_PREDICTED : ENGINE_UNQUALIFIED;
    if ((event.source.length > 0 && !turn_may_report(turn, event.source)) || !turn_find_incident(turn, &view)) {
        return false;
    }
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    if (json_object_size(facts) == 0) {
        (void)failure_say_field(&turn->reply->failure, "facts", "must be an object with at least one fact",
                                "至少要填一项事实");
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    if (call != 0 && !note_call(turn, call, view.number)) {
        return false;
    }
    return take_facts(turn, &view, facts, &event, true) && take_facts(turn, &view, facts, &event, false);
}

bool desk_correct_claim(struct turn *turn) {
    struct form form;
    struct engine_incident_view view;
    struct engine_claim_view claim;
    form_begin(&form, turn->request->body, &turn->reply->failure);
    const json_t *value = form_any(&form, "value", false);
    int64_t as_of = form_instant(&form, "as_of", 0, turn->at);
    struct engine_event event = turn_start(turn, value == NULL && as_of == 0 ? ENGINE_WITHDRAW : ENGINE_CORRECT);
    event.source = form_text(&form, "source", true, FORM_TEXT_BYTES);
    event.reason = form_text(&form, "reason", false, FORM_TEXT_BYTES);
    event.as_of = as_of;
    event.claim = turn->request->item;
    if (!turn_may(turn, NULL, PLAN_NONE, false) || !turn_find_incident(turn, &view)) {
        return false;
    }
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    if (!engine_view_claim(turn->engine, view.number, event.claim, &claim) || claim.fact == PLAN_NONE) {
        return turn_refuse(turn, DESK_NOT_FOUND, "the incident has no such claim", "这一事件没有这条说法");
    }
    event.low = claim.low;
    event.high = claim.high;
    if (value != NULL &&
        !fact_value_from_json(view.plan, claim.fact, value, &event.low, &event.high, &turn->reply->failure)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    return (value == NULL || check_past(turn, &view, claim.fact, "value", &event)) && turn_accept(turn, &event);
}

/* ---- roles and the end ------------------------------------------------------------------------------------ */

bool desk_bind_role(struct turn *turn) {
    struct form form;
    struct engine_incident_view view;
    form_begin(&form, turn->request->body, &turn->reply->failure);
    struct engine_event event = turn_start(turn, form_flag(&form, "remove") ? ENGINE_UNBIND : ENGINE_BIND);
    struct text role = form_text(&form, "role", true, FORM_TEXT_BYTES);
    struct text unit = form_text(&form, "unit", true, FORM_TEXT_BYTES);
    event.reason = form_text(&form, "reason", false, FORM_TEXT_BYTES);
    if (!turn_may(turn, NULL, PLAN_NONE, false) || !turn_find_incident(turn, &view)) {
        return false;
    }
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    return turn_find_party(turn, view.plan, "role", role, &event.role) &&
           turn_find_party(turn, view.plan, "unit", unit, &event.unit) && turn_accept(turn, &event);
}

bool desk_goes_on_in(const struct turn *turn, uint32_t incident, uint32_t other) {
    struct engine_incident_view view;
    while (incident != other && engine_view_incident(turn->engine, incident, &view) && view.merged_into != 0) {
        incident = view.merged_into;
    }
    return incident == other;
}

/* An incident does not end while it is in dispute what has been ordered or signed in it, or in one that goes on in it. */
static bool check_undisputed(struct turn *turn) {
    const struct fold *fold = turn->desk->fold;
    for (size_t i = 0; i < fold_spoken_count(fold); i++) {
        const struct fold_spoken *spoken = fold_find_spoken(fold, i);
        if (!desk_goes_on_in(turn, spoken->incident, turn->request->incident) || !desk_is_in_dispute(turn, spoken)) {
            continue;
        }
        if (spoken->kind == FOLD_SPOKEN_DOCUMENT) {
            return turn_refuse(
                turn, DESK_CONFLICT,
                "a document recorded as signed by telephone is disputed: another must first be signed in "
                "its place",
                "有一份电话签发的文书被本人否认，请先重新签发一份替代它，再结束事件");
        }
        return turn_refuse(turn, DESK_CONFLICT,
                           "an order recorded as spoken is disputed: whoever holds the office must first give an "
                           "order that is in force",
                           "有一条电话指令被本人否认，请先由有权的人重新下达指令，再结束事件");
    }
    return true;
}

/* What somebody still has to do or to decide; whoever may take something or not is late with nothing. */
static bool is_to_be_done(const struct plan *plan, const struct engine_duty_view *duty) {
    return duty->status == ENGINE_OWED && duty->duty != PLAN_NONE &&
           (plan->duties[duty->duty].kind == PLAN_DUTY || plan->duties[duty->duty].kind == PLAN_DECISION);
}

#define OWED_NAMED_MOST 5U /* in the refusal; the incident has all */

static void name_owed(const struct turn *turn, const struct plan *plan, uint16_t bearer, uint16_t duty, bool is_first,
                      struct buffer *names) {
    buffer_append_string(names, is_first ? "" : turn->request->chinese ? "；" : "; ");
    buffer_append_text(names, bearer == PLAN_NONE ? (struct text){0} : text_cut(plan->parties[bearer].name, 40));
    buffer_append_string(names, turn->request->chinese ? "：" : ": ");
    buffer_append_text(names, text_cut(plan->duties[duty].name, 60));
}

/* Names what is owed, as far as it is to be said; returns how much it is. */
static uint32_t collect_owed(const struct turn *turn, const struct engine_incident_view *incident,
                             struct buffer *names) {
    const struct plan *plan = incident->plan;
    uint32_t count = 0;
    uint32_t named = 0;
    uint16_t last_duty = PLAN_NONE;
    uint16_t last_bearer = PLAN_NONE;
    for (uint32_t number = 1; number <= incident->duty_count; number++) {
        struct engine_duty_view duty;
        if (!engine_view_duty(turn->engine, incident->number, number, &duty) || !is_to_be_done(plan, &duty)) {
            continue;
        }
        count++;
        uint16_t bearer = duty.bearer == PLAN_NONE ? duty.bearer_role : duty.bearer;
        bool is_named = duty.duty == last_duty && bearer == last_bearer; /* the same, to another recipient */
        last_duty = duty.duty;
        last_bearer = bearer;
        if (!is_named && ++named <= OWED_NAMED_MOST) {
            name_owed(turn, plan, bearer, duty.duty, named == 1, names);
        }
    }
    buffer_append_string(names, named > OWED_NAMED_MOST ? " …" : "");
    return count;
}

/* What was spoken by telephone, in the incident or in one that goes on in it, and its office has neither confirmed nor
 * disputed yet. */
static uint32_t collect_unconfirmed(const struct turn *turn, uint32_t incident, struct buffer *names) {
    const struct fold *fold = turn->desk->fold;
    uint32_t count = 0;
    for (size_t i = 0; i < fold_spoken_count(fold); i++) {
        const struct fold_spoken *spoken = fold_find_spoken(fold, i);
        if (spoken->settled != FOLD_UNSETTLED || !desk_goes_on_in(turn, spoken->incident, incident)) {
            continue;
        }
        if (++count <= OWED_NAMED_MOST) {
            buffer_append_string(names, count == 1 ? "" : turn->request->chinese ? "；" : "; ");
            buffer_append_text(names, text_cut(spoken->by, 40));
            buffer_append_string(names, turn->request->chinese ? "：" : ": ");
            buffer_append_text(names,
                               text_cut(spoken->kind == FOLD_SPOKEN_DOCUMENT ? spoken->title : spoken->scale, 60));
        }
    }
    buffer_append_string(names, count > OWED_NAMED_MOST ? " …" : "");
    return count;
}

static void say_owed(struct turn *turn, uint32_t count, struct text names) {
    (void)failure_say_field(&turn->reply->failure, "lapse",
                            "%" PRIu32 " duties are still owed and would lapse by the closing; say that they may "
                            "(\"lapse\": true), or have them done first: %.*s",
                            "还有 %" PRIu32 " 项职责没有办完，结束事件会让它们停下；请确认（lapse），或先办完：%.*s",
                            count, TEXT_PRINT(names));
}

static void say_unconfirmed(struct turn *turn, uint32_t count, struct text names) {
    (void)failure_say_field(&turn->reply->failure, "lapse",
                            "%" PRIu32 " orders or signatures by telephone are not yet confirmed; say that it may be "
                            "closed all the same (\"lapse\": true), or have them confirmed first: %.*s",
                            "还有 %" PRIu32
                            " 条电话指令或电话签发没有经本人确认；请确认仍要结束（lapse），或先请本人确认：%.*s",
                            count, TEXT_PRINT(names));
}

/* What is owed lapses by the closing, and what was spoken is left unconfirmed: whoever closes must have said that he knows
 * it. */
static bool check_owed(struct turn *turn, const struct engine_incident_view *incident, bool may_lapse) {
    struct buffer duties = {0};
    struct buffer spoken = {0};
    uint32_t owed = may_lapse ? 0 : collect_owed(turn, incident, &duties);
    uint32_t unconfirmed = may_lapse ? 0 : collect_unconfirmed(turn, incident->number, &spoken);
    if (owed > 0) {
        if (unconfirmed > 0) {
            buffer_append_string(&duties, turn->request->chinese ? "；尚未经本人确认的电话指令或签发——"
                                                                 : "; spoken by telephone and not yet confirmed -- ");
            buffer_append_text(&duties, buffer_text(&spoken));
        }
        say_owed(turn, owed, buffer_text(&duties));
    } else if (unconfirmed > 0) {
        say_unconfirmed(turn, unconfirmed, buffer_text(&spoken));
    }
    buffer_release(&duties);
    buffer_release(&spoken);
    return (owed == 0 && unconfirmed == 0) || turn_refuse_as_set(turn, DESK_CONFLICT);
}

bool desk_close_incident(struct turn *turn) {
    struct form form;
    struct engine_incident_view view;
    struct engine_event event = turn_start(turn, ENGINE_CLOSE);
    form_begin(&form, turn->request->body, &turn->reply->failure);
    event.reason = form_text(&form, "reason", true, FORM_TEXT_BYTES);
    bool may_lapse = form_flag(&form, "lapse");
    if (!turn_may(turn, NULL, PLAN_NONE, false) || !turn_find_incident(turn, &view)) {
        return false;
    }
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    /* What the engine does not take is refused for that reason, whatever is owed. */
    struct failure unsaid = {0};
    return check_undisputed(turn) &&
           (!engine_check(turn->engine, &event, &unsaid) || check_owed(turn, &view, may_lapse)) &&
           turn_accept(turn, &event);
}

/* It was not over. */
bool desk_reopen_incident(struct turn *turn) {
    struct form form;
    struct engine_incident_view view;
    struct engine_event event = turn_start(turn, ENGINE_REOPEN);
    form_begin(&form, turn->request->body, &turn->reply->failure);
    event.reason = form_text(&form, "reason", true, FORM_TEXT_BYTES);
    if (!turn_may(turn, NULL, PLAN_NONE, false) || !turn_find_incident(turn, &view)) {
        return false;
    }
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    return turn_accept(turn, &event) && desk_reconsider_refusals(turn, view.number);
}

/* One fire, two reports: this incident goes on in another. */
bool desk_merge_incident(struct turn *turn) {
    struct form form;
    struct engine_incident_view view;
    struct engine_event event = turn_start(turn, ENGINE_MERGE);
    form_begin(&form, turn->request->body, &turn->reply->failure);
    event.other = form_number(&form, "into", true);
    event.reason = form_text(&form, "reason", false, FORM_TEXT_BYTES);
    if (!turn_may(turn, NULL, PLAN_NONE, false) || !turn_find_incident(turn, &view)) {
        return false;
    }
    return form_end(&form) ? turn_accept(turn, &event) : turn_refuse_as_set(turn, DESK_REFUSED);
}

/* It was not the same: told apart again. */
bool desk_split_incident(struct turn *turn) {
    struct form form;
    struct engine_incident_view view;
    struct engine_event event = turn_start(turn, ENGINE_SPLIT);
    form_begin(&form, turn->request->body, &turn->reply->failure);
    event.reason = form_text(&form, "reason", false, FORM_TEXT_BYTES);
    if (!turn_may(turn, NULL, PLAN_NONE, false) || !turn_find_incident(turn, &view)) {
        return false;
    }
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    return turn_accept(turn, &event) && desk_reconsider_refusals(turn, view.number);
}
