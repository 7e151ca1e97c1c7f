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

/* Who answers for a unit has spoken with somebody: the log says with whom, and under which number. For one's own parties,
 * and for a duty that nobody is bound to, there is nobody to have spoken with. */
static bool note_speaker(struct turn *turn, const struct plan *plan, const struct turn_spoken *spoken,
                         struct engine_event *event) {
    if (spoken->given) {
        event->source = spoken->who;
        turn->entry.spoken_from = spoken->from;
        return true;
    }
    return event->by == PLAN_NONE || turn_is_own(turn, plan, event->by) ||
           turn_refuse_field(
               turn, DESK_REFUSED, "spoken",
               "you do not act for who owes this: say who acknowledged it by telephone, and from which number",
               "你不代表承担单位：请写明是谁在电话里签收的、用的哪个号码");
}

bool desk_acknowledge_duty(struct turn *turn) {
    struct form form;
    struct turn_spoken spoken = {0};
    struct engine_incident_view view;
    struct engine_duty_view duty;
    struct engine_event event = turn_start(turn, ENGINE_ACKNOWLEDGE);
    form_begin(&form, turn->request->body, &turn->reply->failure);
    struct text by = form_text(&form, "by", false, FORM_TEXT_BYTES);
    struct text source = form_text(&form, "source", false, FORM_TEXT_BYTES);
    event.reason = form_text(&form, "note", false, FORM_TEXT_BYTES);
    const json_t *spoken_given = form_any(&form, "spoken", false);
    event.source = source.length > 0 ? source : event.source;
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    bool done = find_duty(turn, by, &view, &duty, &event) && turn_read_spoken(turn, spoken_given, &spoken) &&
                note_speaker(turn, view.plan, &spoken, &event) && turn_accept(turn, &event);
    turn->entry.spoken_from = (struct text){0};
    return done;
}

/* Where the plan says what proves that a duty was done, done without a word and without a file is not taken. */
static bool check_proof(struct turn *turn, const struct engine_incident_view *view, const struct engine_duty_view *duty,
                        const struct engine_event *event) {
    struct text asked = view->plan->duties[duty->duty].proof;
    if (event->kind != ENGINE_DONE || asked.length == 0 || text_trim(event->reason).length > 0 ||
        turn->entry.attachments.length > 0) {
        return true;
    }
    (void)failure_say_field(&turn->reply->failure, "proof",
                            "the plan asks for proof of this (%.*s): say it in words, or add a file",
                            "预案要求这一项有凭据（%.*s）：请写明，或附上文件", TEXT_PRINT(text_cut(asked, 200)));
    return turn_refuse_as_set(turn, DESK_REFUSED);
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
    const json_t *attachments = form_any(&form, "attachments", false);
    event.as_of = form_instant(&form, "as_of", turn->at, turn->at);
    event.source = source.length > 0 ? source : event.source;
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    struct buffer named = {0};
    bool done = find_duty(turn, by, &view, &duty, &event) && turn_read_attachments(turn, attachments, &named);
    turn->entry.attachments = buffer_text(&named);
    done = done && check_proof(turn, &view, &duty, &event) && turn_accept(turn, &event);
    turn->entry.attachments = (struct text){0};
    buffer_release(&named);
    return done;
}
