/* Orders and decisions on proposals: given on the page by who holds the office, or spoken by telephone and recorded. */
#include "desk/state.h"

/* Who spoke, and from which number; false in `given` when the request does not say so. */
struct spoken {
    bool given;
    struct text who, from;
};

static bool read_spoken(struct turn *turn, const json_t *body, struct spoken *spoken) {
    struct form form;
    if (body == NULL) {
        return true;
    }
    form_begin(&form, body, &turn->reply->failure);
    spoken->given = true;
    spoken->who = form_text(&form, "who", true, FORM_TEXT_BYTES);
    spoken->from = form_text(&form, "from", true, FORM_TEXT_BYTES);
    return form_end(&form) || turn_refuse_as_set(turn, DESK_REFUSED);
}

/* Hands in an ORDER or REFUSE of an office. */
static bool accept_decision(struct turn *turn, const struct plan *plan, struct engine_event *event,
                            const struct spoken *spoken) {
    if (!turn_may(turn, plan, event->by, spoken->given)) {
        return false;
    }
    if (spoken->given) {
        event->source = spoken->who;
        turn->entry.spoken_by = spoken->who;
        turn->entry.spoken_from = spoken->from;
    }
    return turn_accept(turn, event);
}

static bool find_level(struct turn *turn, const struct plan_scale *scale, struct text name, uint8_t *level) {
    *level = name.length == 0 ? 0 : plan_find_level(scale, name);
    if (name.length == 0 || *level != 0) {
        return true;
    }
    (void)failure_set_field(&turn->reply->failure, "level", "the scale has no level \"%.*s\"",
                            TEXT_PRINT(text_cut(name, 100)));
    return turn_refuse_as_set(turn, DESK_REFUSED);
}

bool desk_give_order(struct turn *turn) {
    struct form form;
    struct spoken spoken = {0};
    struct engine_incident_view view;
    struct engine_event event = turn_start(turn, ENGINE_ORDER);
    form_begin(&form, turn->request->body, &turn->reply->failure);
    struct text scale = form_text(&form, "scale", true, FORM_TEXT_BYTES);
    struct text by = form_text(&form, "by", true, FORM_TEXT_BYTES);
    const json_t *level_given = form_any(&form, "level", true);
    struct text level = json_is_null(level_given) ? (struct text){0} : form_text(&form, "level", true, FORM_TEXT_BYTES);
    const json_t *spoken_given = form_any(&form, "spoken", false);
    event.reason = form_text(&form, "reason", false, FORM_TEXT_BYTES);
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    if (!turn_find_incident(turn, &view) || !read_spoken(turn, spoken_given, &spoken) ||
        !turn_find_party(turn, view.plan, "by", by, &event.by)) {
        return false;
    }
    event.scale = plan_find_scale(view.plan, scale);
    if (event.scale == PLAN_NONE || view.plan->scales[event.scale].subject != view.subject) {
        (void)failure_set_field(&turn->reply->failure, "scale", "the incident has no scale \"%.*s\"",
                                TEXT_PRINT(text_cut(scale, 100)));
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    return find_level(turn, &view.plan->scales[event.scale], level, &event.level) &&
           accept_decision(turn, view.plan, &event, &spoken);
}

bool desk_decide_proposal(struct turn *turn) {
    static const char *const decisions[] = {"accept", "refuse", NULL};
    struct form form;
    struct spoken spoken = {0};
    struct engine_incident_view view;
    struct engine_proposal_view proposal;
    form_begin(&form, turn->request->body, &turn->reply->failure);
    int decision = form_word(&form, "decision", true, decisions);
    struct text by = form_text(&form, "by", true, FORM_TEXT_BYTES);
    const json_t *spoken_given = form_any(&form, "spoken", false);
    struct engine_event event = turn_start(turn, decision == 0 ? ENGINE_ORDER : ENGINE_REFUSE);
    event.reason = form_text(&form, "reason", false, FORM_TEXT_BYTES);
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    if (!turn_find_incident(turn, &view) || !read_spoken(turn, spoken_given, &spoken) ||
        !turn_find_party(turn, view.plan, "by", by, &event.by)) {
        return false;
    }
    if (!engine_view_proposal(turn->engine, view.number, turn->request->item, &proposal)) {
        return turn_refuse(turn, DESK_NOT_FOUND, "the incident has no such proposal");
    }
    event.scale = proposal.scale;
    event.level = decision == 0 ? proposal.to : 0;
    if (!turn_may(turn, view.plan, event.by, spoken.given)) {
        return false;
    }
    if (proposal.status != ENGINE_PROPOSAL_OPEN) {
        return turn_refuse(turn, DESK_CONFLICT, "the proposal is no longer open; look at the incident again");
    }
    return accept_decision(turn, view.plan, &event, &spoken);
}
