/* Calls, the clock that was set: what the desk logs without the engine. */
#include "desk/state.h"
#include "desk/view.h"

#include "base/calendar.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CALLS_LISTED 200U
#define CALL_TAG 'c'

json_t *desk_describe_call(const struct fold_call *call) {
    char tag[TURN_TAG_ROOM];
    turn_make_tag(CALL_TAG, call->assigned_sequence, tag);
    return json_pack("{s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "tag", tag, "number",
                     (json_int_t)call->number, "text", view_text(call->text), "place", view_text(call->place), "caller",
                     view_text(call->caller), "phone", view_text(call->phone), "called_at",
                     view_instant(call->called_at), "saved_at", view_instant(call->saved_at), "taken_by",
                     view_text(call->taken_by), "incident", view_some_number(call->incident));
}

bool desk_is_call_as_seen(struct turn *turn, const struct fold_call *call) {
    return turn_is_as_seen(turn, CALL_TAG, call->assigned_sequence);
}

bool desk_list_calls(struct turn *turn) {
    const struct fold *fold = turn->desk->fold;
    json_t *list = json_array();
    for (uint32_t number = fold_call_count(fold); number >= 1 && json_array_size(list) < CALLS_LISTED; number--) {
        (void)json_array_append_new(list, desk_describe_call(fold_find_call(fold, number)));
    }
    turn->reply->body = json_pack("{s:o}", "calls", list);
    return turn->reply->body != NULL;
}

bool desk_show_call(struct turn *turn) {
    const struct fold_call *call = fold_find_call(turn->desk->fold, turn->request->item);
    if (!turn_may(turn, NULL, PLAN_NONE, false)) {
        return false;
    }
    if (call == NULL) {
        return turn_refuse(turn, DESK_NOT_FOUND, "there is no such call", "没有这个来电");
    }
    turn->reply->body = desk_describe_call(call);
    return turn->reply->body != NULL;
}

/* Finds the incident that a request names; refuses what is none, or none to which calls belong. */
static bool find_incident(struct turn *turn, uint32_t incident, struct engine_incident_view *view) {
    struct failure *failure = &turn->reply->failure;
    if (!engine_view_incident(turn->engine, incident, view)) {
        (void)failure_say_field(failure, "incident", "there is no incident %" PRIu32, "没有第 %" PRIu32 " 号事件",
                                incident);
    } else if (view->plan->subjects[view->subject].standing) {
        (void)failure_say_field(failure, "incident",
                                "%" PRIu32 " is what is done all the year round; a call belongs to an incident",
                                "第 %" PRIu32 " 号是全年的日常工作，来电只能归属到事件", incident);
    } else {
        return true;
    }
    return turn_refuse_as_set(turn, DESK_REFUSED);
}

/* In an incident that is over nobody looks for new calls: none is given to it. */
static bool check_open(struct turn *turn, const struct engine_incident_view *view) {
    struct failure *failure = &turn->reply->failure;
    if (view->status == ENGINE_OPENED) {
        return true;
    }
    if (view->status == ENGINE_MERGED) {
        (void)failure_say_field(failure, "incident",
                                "incident %" PRIu32 " goes on in incident %" PRIu32 "; give the call to that one",
                                "第 %" PRIu32 " 号事件已经并入第 %" PRIu32 " 号事件，请把来电归属到那一件",
                                view->number, view->merged_into);
    } else {
        (void)failure_say_field(failure, "incident",
                                "incident %" PRIu32 " is closed; reopen it first, or open a new incident with the call",
                                "第 %" PRIu32 " 号事件已经结束；请先重新打开它，或者用这个来电新开事件", view->number);
    }
    return turn_refuse_as_set(turn, DESK_CONFLICT);
}

bool desk_save_call(struct turn *turn) {
    struct form form;
    struct note note;
    struct engine_incident_view view = {0};
    char called_at[CALENDAR_INSTANT_ROOM];
    char incident_text[16] = "";
    form_begin(&form, turn->request->body, &turn->reply->failure);
    struct text text = form_text(&form, "text", true, FORM_TEXT_BYTES);
    struct text place = form_text(&form, "place", false, FORM_TEXT_BYTES);
    struct text caller = form_text(&form, "caller", false, FORM_TEXT_BYTES);
    struct text phone = form_text(&form, "phone", false, FORM_TEXT_BYTES);
    calendar_print_instant(form_instant(&form, "called_at", turn->at, turn->at), 0, called_at);
    uint32_t incident = form_number(&form, "incident", false);
    if (!turn_may(turn, NULL, PLAN_NONE, false)) {
        return false;
    }
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    if (incident != 0 && !find_incident(turn, incident, &view)) {
        return false;
    }
    /* It may just have been closed: what was heard is saved all the same, and waits for an incident. */
    if (incident != 0 && view.status == ENGINE_OPENED) {
        (void)snprintf(incident_text, sizeof incident_text, "%" PRIu32, incident);
    }
    note_begin(&note, turn, "desk.call");
    note_add(&note, "incident", text_of(incident_text));
    note_add(&note, "text", text);
    note_add(&note, "place", place);
    note_add(&note, "caller", caller);
    note_add(&note, "phone", phone);
    note_add(&note, "called_at", text_of(called_at));
    return turn_log(turn, &note);
}

bool desk_link_call(struct turn *turn) {
    struct form form;
    struct note note;
    struct engine_incident_view view;
    char call_text[16];
    char incident_text[16];
    form_begin(&form, turn->request->body, &turn->reply->failure);
    uint32_t incident = form_number(&form, "incident", true);
    if (!turn_may(turn, NULL, PLAN_NONE, false)) {
        return false;
    }
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    const struct fold_call *call = fold_find_call(turn->desk->fold, turn->request->item);
    if (call == NULL) {
        return turn_refuse(turn, DESK_NOT_FOUND, "there is no such call", "没有这个来电");
    }
    if (!desk_is_call_as_seen(turn, call) || !find_incident(turn, incident, &view) || !check_open(turn, &view)) {
        return false;
    }
    (void)snprintf(call_text, sizeof call_text, "%" PRIu32, turn->request->item);
    (void)snprintf(incident_text, sizeof incident_text, "%" PRIu32, incident);
    note_begin(&note, turn, "desk.call-incident");
    note_add(&note, "call", text_of(call_text));
    note_add(&note, "incident", text_of(incident_text));
    return turn_log(turn, &note);
}

bool desk_set_clock(struct turn *turn) {
    struct form form;
    struct note note;
    if (!turn_may(turn, NULL, PLAN_NONE, false)) {
        return false;
    }
    form_begin(&form, turn->request->body, &turn->reply->failure);
    struct text state = form_text(&form, "state", true, FORM_TEXT_BYTES);
    struct text wall = form_text(&form, "wall", true, FORM_TEXT_BYTES);
    struct text time = form_text(&form, "time", true, FORM_TEXT_BYTES);
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    note_begin(&note, turn, "desk.clock");
    note_add(&note, "state", state);
    note_add(&note, "wall", wall);
    note_add(&note, "time", time);
    return turn_log(turn, &note);
}
