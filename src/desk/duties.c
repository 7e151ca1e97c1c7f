/* Duties: acknowledged, done, declined, broken; by who owes them, or by the desk for who never signs in. */
#include "desk/state.h"

/* Finds the duty that the request is about, and who does it: whoever the request names, else who owes it. */
static bool find_duty(struct turn *turn, struct text by, struct engine_incident_view *view,
                      struct engine_duty_view *duty, struct engine_event *event) {
    if (!turn_find_incident(turn, view)) {
        return false;
    }
    if (!engine_view_duty(turn->engine, view->number, turn->request->item, duty)) {
        return turn_refuse(turn, DESK_NOT_FOUND, "the incident has no such duty", "这一事件没有这项职责");
    }
    event->item_kind = ENGINE_ITEM_DUTY;
    event->item = turn->request->item;
    event->by = duty->bearer;
    if (by.length > 0 && !turn_find_party(turn, view->plan, "by", by, &event->by)) {
        return false;
    }
    return turn_may(turn, view->plan, duty->bearer, false);
}

bool desk_acknowledge_duty(struct turn *turn) {
    struct form form;
    struct engine_incident_view view;
    struct engine_duty_view duty;
    struct engine_event event = turn_start(turn, ENGINE_ACKNOWLEDGE);
    form_begin(&form, turn->request->body, &turn->reply->failure);
    struct text by = form_text(&form, "by", false, FORM_TEXT_BYTES);
    struct text source = form_text(&form, "source", false, FORM_TEXT_BYTES);
    event.reason = form_text(&form, "note", false, FORM_TEXT_BYTES);
    event.source = source.length > 0 ? source : event.source;
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    return find_duty(turn, by, &view, &duty, &event) && turn_accept(turn, &event);
}

bool desk_complete_duty(struct turn *turn) {
    static const char *const outcomes[] = {"done", "declined", "broken", NULL};
    static const enum engine_event_kind kinds[] = {ENGINE_DONE, ENGINE_DECLINE, ENGINE_BREACH};
    struct form form;
    struct engine_incident_view view;
    struct engine_duty_view duty;
    form_begin(&form, turn->request->body, &turn->reply->failure);
    int outcome = form_word(&form, "outcome", true, outcomes);
    struct engine_event event = turn_start(turn, kinds[outcome < 0 ? 0 : outcome]);
    struct text by = form_text(&form, "by", false, FORM_TEXT_BYTES);
    struct text source = form_text(&form, "source", false, FORM_TEXT_BYTES);
    event.reason = form_text(&form, "proof", false, FORM_TEXT_BYTES);
    event.as_of = form_instant(&form, "as_of", turn->at, turn->at);
    event.source = source.length > 0 ? source : event.source;
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    return find_duty(turn, by, &view, &duty, &event) && turn_accept(turn, &event);
}
