/* What a plan's facts are in the text of a call: offers, which a person takes or leaves. Writes nothing. */
#include "desk/state.h"
#include "desk/view.h"

#include "run/hearing.h"

#include <stdlib.h>
#include <string.h>

/* What is looked for and where. */
struct listener {
    struct turn *turn;
    struct text text;
    int64_t called_at;
    uint32_t incident; /* 0: what is known counts for nothing */
    struct hearing hearing;
    json_t *offers;
};

/* Whether the incident knows just that already. */
static bool is_known(const struct listener *listener, const struct hearing_offer *offer) {
    int64_t low = 0;
    int64_t high = 0;
    return listener->incident != 0 &&
           engine_view_fact(listener->turn->engine, listener->incident, offer->fact, &low, &high) &&
           low == offer->low && high == offer->high;
}

static void add_offer(struct listener *listener, const struct plan *plan, const struct hearing_offer *offer) {
    struct text before = {listener->text.bytes, offer->from};
    struct text heard = {listener->text.bytes + offer->from, offer->to - offer->from};
    json_int_t from = (json_int_t)text_count_code_points(before);
    json_int_t length = (json_int_t)text_count_code_points(heard);
    const struct plan_fact *fact = &plan->facts[offer->fact];
    view_add(listener->offers,
             json_pack("{s:o, s:o, s:o, s:s, s:o, s:I, s:I, s:b, s:b}", "plan", view_text(plan->name), "subject",
                       view_text(plan->subjects[fact->subject].name), "fact", view_text(fact->name), "value",
                       offer->value, "words", view_text(heard), "from", from, "to", from + length, "negated",
                       (int)offer->is_negated, "uncertain", (int)offer->is_uncertain));
}

static bool listen(struct listener *listener, const struct plan *plan, uint16_t subject) {
    struct hearing *hearing = &listener->hearing;
    hearing_find(plan, subject, listener->called_at, listener->text, hearing);
    for (size_t i = 0; i < hearing->count; i++) {
        if (!is_known(listener, &hearing->offers[i])) {
            add_offer(listener, plan, &hearing->offers[i]);
        }
    }
    return !hearing->is_exhausted;
}

static bool listen_for_plan(struct listener *listener, const struct plan *plan) {
    bool is_good = true;
    for (uint32_t i = 0; is_good && i < plan->subject_count; i++) {
        is_good = plan->subjects[i].standing || listen(listener, plan, (uint16_t)i);
    }
    return is_good;
}

/* All plans in force, or the one that is named. */
static bool listen_for_plans(struct listener *listener, struct text name) {
    struct turn *turn = listener->turn;
    bool is_good = true;
    if (name.length > 0) {
        const struct plan *plan = engine_plan_in_force(turn->engine, name);
        if (plan == NULL) {
            (void)failure_say_field(&turn->reply->failure, "plan", "there is no plan \"%.*s\" in force",
                                    "没有施行中的预案“%.*s”", TEXT_PRINT(text_cut(name, 100)));
            return turn_refuse_as_set(turn, DESK_NOT_FOUND);
        }
        is_good = listen_for_plan(listener, plan);
    }
    for (size_t i = 0; is_good && name.length == 0 && i < fold_plan_count(turn->desk->fold); i++) {
        const struct plan *plan = engine_plan_in_force(turn->engine, fold_find_plan(turn->desk->fold, i));
        is_good = plan == NULL || listen_for_plan(listener, plan);
    }
    return is_good || turn_refuse(turn, DESK_UNAVAILABLE, "memory is exhausted", "内存不足");
}

static bool listen_for_incident(struct listener *listener) {
    struct engine_incident_view view;
    struct turn *turn = listener->turn;
    if (!engine_view_incident(turn->engine, listener->incident, &view)) {
        (void)failure_say_field(&turn->reply->failure, "incident", "there is no incident %u", "没有第 %u 号事件",
                                (unsigned)listener->incident);
        return turn_refuse_as_set(turn, DESK_NOT_FOUND);
    }
    return listen(listener, view.plan, view.subject) ||
           turn_refuse(turn, DESK_UNAVAILABLE, "memory is exhausted", "内存不足");
}

static bool read_request(struct listener *listener, struct text *plan) {
    struct turn *turn = listener->turn;
    struct form form;
    form_begin(&form, turn->request->body, &turn->reply->failure);
    listener->text = form_text(&form, "text", true, HEARING_TEXT_MAX);
    listener->called_at = form_instant(&form, "called_at", turn->at, turn->at);
    *plan = form_text(&form, "plan", false, FORM_TEXT_BYTES);
    listener->incident = form_number(&form, "incident", false);
    if (!turn_may(turn, NULL, PLAN_NONE, false)) {
        return false;
    }
    if (form.is_good && plan->length > 0 && listener->incident != 0) {
        (void)failure_say_field(&turn->reply->failure, "plan", "an incident has its plan; name one of the two",
                                "事件已有预案，两者只填一个");
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    return form_end(&form) || turn_refuse_as_set(turn, DESK_REFUSED);
}

bool desk_hear_text(struct turn *turn) {
    struct text plan = {0};
    struct listener *listener = calloc(1, sizeof *listener);
    if (listener == NULL) {
        return turn_refuse(turn, DESK_UNAVAILABLE, "memory is exhausted", "内存不足");
    }
    listener->turn = turn;
    listener->offers = json_array();
    bool is_good = read_request(listener, &plan) &&
                   (listener->incident != 0 ? listen_for_incident(listener) : listen_for_plans(listener, plan));
    if (is_good) {
        turn->reply->body = json_pack("{s:O}", "offers", listener->offers);
    }
    json_decref(listener->offers);
    free(listener);
    return is_good;
}
