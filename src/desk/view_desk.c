/* The desk at a glance: plans, who is on duty, and what is open. */
#include "desk/open.h"
#include "desk/view.h"

/* What is opened is marked as it is opened; a standing subject is there with its plan, under its own name. */
json_t *desk_describe_title(const struct desk *desk, const struct engine_incident_view *incident) {
    bool is_marked = !desk->is_exercise || text_starts_with(incident->title, TEXT(DESK_EXERCISE_MARK));
    return is_marked ? view_text(incident->title)
                     : json_sprintf(DESK_EXERCISE_MARK "%.*s", TEXT_PRINT(incident->title));
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

bool desk_show_desk(struct turn *turn) {
    static const unsigned int told =
        1U << OPEN_INCIDENTS | 1U << OPEN_CLOCKS | 1U << OPEN_CALLS | 1U << OPEN_SPOKEN | 1U << OPEN_UNBOUND;
    int64_t sequence = session_event_count(turn->desk->session);
    struct open_matters open;
    if (!open_gather(turn, told, OPEN_LISTED, &open)) {
        open_release(&open);
        return turn_refuse(turn, DESK_UNAVAILABLE, "memory is exhausted", "内存不足");
    }
    json_t *body = json_object();
    view_set(body, "sequence", json_integer((json_int_t)sequence));
    view_set(body, "plans", list_plans(turn));
    view_set(body, "duty_room", desk_describe_duty_room(turn->desk, turn->request->at));
    view_set(body, "delegations", desk_list_standing_delegations(turn->desk->delegations, turn->request->at));
    view_set(body, "signatures", desk_list_signatures(turn, false, NULL));
    open_set(turn, &open, told, body);
    open_release(&open);
    turn->reply->body = body;
    return body != NULL;
}
