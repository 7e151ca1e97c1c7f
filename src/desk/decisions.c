/* Orders and decisions on proposals: given on the page by who holds the office, or spoken by telephone and recorded. */
#include "desk/second_factor.h"
#include "desk/state.h"
#include "desk/view.h"

#include <inttypes.h>
#include <stdio.h>

bool turn_read_spoken(struct turn *turn, const json_t *body, struct turn_spoken *spoken) {
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

/* Whoever acts for a party in his own right is asked for a second factor when he signs in; by delegation it is found here. */
static bool check_factor(struct turn *turn) {
    struct account_book *accounts = turn->request->accounts;
    if (turn->delegation[0] == '\0' || accounts == NULL ||
        !account_book_orders_without_factor(accounts, text_of(turn->request->account.name))) {
        return true;
    }
    return turn_refuse(turn, DESK_FORBIDDEN, "who orders must have a second factor; set one up under my account first",
                       "下命令的人须启用两步验证，请先在“我的账号”里启用");
}

/* Hands in an ORDER or REFUSE of an office. */
static bool accept_decision(struct turn *turn, const struct plan *plan, struct engine_event *event,
                            const struct turn_spoken *spoken) {
    if (!turn_may(turn, plan, event->by, spoken->given) || !check_factor(turn)) {
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
    (void)failure_say_field(&turn->reply->failure, "level", "the scale has no level \"%.*s\"", "没有“%.*s”这个级别",
                            TEXT_PRINT(text_cut(name, 100)));
    return turn_refuse_as_set(turn, DESK_REFUSED);
}

bool desk_give_order(struct turn *turn) {
    struct form form;
    struct turn_spoken spoken = {0};
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
    if (!turn_find_incident(turn, &view) || !turn_read_spoken(turn, spoken_given, &spoken) ||
        !turn_find_party(turn, view.plan, "by", by, &event.by)) {
        return false;
    }
    event.scale = plan_find_scale(view.plan, scale);
    if (event.scale == PLAN_NONE || view.plan->scales[event.scale].subject != view.subject) {
        (void)failure_say_field(&turn->reply->failure, "scale", "the incident has no scale \"%.*s\"",
                                "这一事件没有“%.*s”这个等级", TEXT_PRINT(text_cut(scale, 100)));
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    return find_level(turn, &view.plan->scales[event.scale], level, &event.level) &&
           accept_decision(turn, view.plan, &event, &spoken);
}

bool desk_decide_proposal(struct turn *turn) {
    static const char *const decisions[] = {"accept", "refuse", NULL};
    struct form form;
    struct turn_spoken spoken = {0};
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
    if (!turn_find_incident(turn, &view) || !turn_read_spoken(turn, spoken_given, &spoken) ||
        !turn_find_party(turn, view.plan, "by", by, &event.by)) {
        return false;
    }
    if (!engine_view_proposal(turn->engine, view.number, turn->request->item, &proposal)) {
        return turn_refuse(turn, DESK_NOT_FOUND, "the incident has no such proposal", "这一事件没有这项建议");
    }
    event.scale = proposal.scale;
    event.level = decision == 0 ? proposal.to : 0;
    if (!turn_may(turn, view.plan, event.by, spoken.given)) {
        return false;
    }
    if (proposal.status != ENGINE_PROPOSAL_OPEN) {
        return turn_refuse(turn, DESK_CONFLICT, "the proposal is no longer open; look at the incident again",
                           "这项建议已经不用决定，请重新查看事件");
    }
    return accept_decision(turn, view.plan, &event, &spoken);
}

/* ---- what was spoken -------------------------------------------------------------------------------------- */

json_t *desk_describe_spoken(const struct fold_spoken *spoken) {
    static const char *const kinds[] = {"order", "refuse", "document"};
    static const char *const states[] = {"open", "confirmed", "disputed"};
    json_t *json = json_object();
    view_set(json, "order", json_integer((json_int_t)spoken->sequence));
    view_set(json, "incident", json_integer(spoken->incident));
    view_set(json, "at", view_instant(spoken->at));
    view_set(json, "kind", json_string(kinds[spoken->kind]));
    view_set(json, "scale", view_text(spoken->scale));
    view_set(json, "level", view_some_text(spoken->level));
    view_set(json, "title", view_some_text(spoken->title));
    view_set(json, "sha256", view_some_text(spoken->sha256));
    view_set(json, "by", view_text(spoken->by));
    view_set(json, "who", view_text(spoken->who));
    view_set(json, "from", view_text(spoken->from));
    view_set(json, "recorded_by", view_text(spoken->recorder));
    view_set(json, "reason", view_text(spoken->reason));
    view_set(json, "status", json_string(states[spoken->settled]));
    view_set(json, "settled_at", spoken->settled == FOLD_UNSETTLED ? json_null() : view_instant(spoken->settled_at));
    view_set(json, "settled_by", view_some_text(spoken->settler));
    view_set(json, "remark", view_text(spoken->remark));
    return json;
}

/* A merge carries an order over: nobody has given it then. */
static bool is_merge(const struct turn *turn, uint64_t sequence) {
    const struct fold *fold = turn->desk->fold;
    for (size_t i = 0; i < fold_merge_count(fold); i++) {
        if ((uint64_t)fold_find_merge(fold, i)->sequence == sequence) {
            return true;
        }
    }
    return false;
}

static bool is_ordered_since(const struct turn *turn, const struct fold_spoken *spoken,
                             const struct engine_incident_view *view, uint16_t scale) {
    for (uint32_t i = 0; i < view->order_count; i++) {
        struct engine_order_view order;
        if (engine_view_order(turn->engine, view->number, i, &order) && order.scale == scale &&
            order.sequence > (uint64_t)spoken->sequence && !is_merge(turn, order.sequence)) {
            return true;
        }
    }
    return false;
}

static bool is_refused_since(const struct turn *turn, const struct fold_spoken *spoken,
                             const struct engine_incident_view *view, uint16_t scale) {
    for (uint32_t number = 1; number <= view->proposal_count; number++) {
        struct engine_proposal_view proposal;
        if (engine_view_proposal(turn->engine, view->number, number, &proposal) && proposal.scale == scale &&
            proposal.status == ENGINE_PROPOSAL_REFUSED && proposal.ended_at > spoken->at) {
            return true;
        }
    }
    return false;
}

/* Whether the facts ask for nothing on the scale that could be decided, nor would without a refusal. */
static bool is_nothing_asked(const struct turn *turn, const struct engine_incident_view *view, uint16_t scale) {
    struct engine_scale_view state;
    return view->status == ENGINE_OPENED && engine_view_scale(turn->engine, view->number, scale, &state) &&
           state.proposal == 0 && !state.refused;
}

/* What ended with its plan's version is never opened again; nor can be decided on what the plan has no more. */
static bool is_past_deciding(const struct engine_incident_view *view, uint16_t scale) {
    return scale == PLAN_NONE || (view->plan->subjects[view->subject].standing && view->status == ENGINE_CLOSED);
}

/* Whether it has been decided anew on its scale in this incident, or cannot be any more. */
static bool is_decided_in(const struct turn *turn, const struct fold_spoken *spoken,
                          const struct engine_incident_view *view) {
    uint16_t scale = plan_find_scale(view->plan, spoken->scale);
    return is_past_deciding(view, scale) || is_ordered_since(turn, spoken, view, scale) ||
           (spoken->kind == FOLD_SPOKEN_REFUSAL &&
            (is_refused_since(turn, spoken, view, scale) || is_nothing_asked(turn, view, scale)));
}

/* Whether it has been decided anew since, in its incident or where that goes on; of a document, whether another has taken
 * its place. */
static bool is_overtaken(const struct turn *turn, const struct fold_spoken *spoken) {
    struct engine_incident_view view;
    uint32_t incident = spoken->incident;
    if (spoken->kind == FOLD_SPOKEN_DOCUMENT) {
        return documents_find_successor(turn->desk->documents, spoken->sequence) != NULL;
    }
    while (engine_view_incident(turn->engine, incident, &view)) {
        if (is_decided_in(turn, spoken, &view)) {
            return true;
        }
        if (view.status != ENGINE_MERGED) {
            break;
        }
        incident = view.merged_into;
    }
    return false;
}

bool desk_is_in_dispute(const struct turn *turn, const struct fold_spoken *spoken) {
    return spoken->settled == FOLD_DISPUTED && !is_overtaken(turn, spoken);
}

/* Proposes again what was refused, where that is in dispute and the refusal still holds it back. */
static bool reconsider(struct turn *turn, const struct fold_spoken *spoken) {
    struct engine_incident_view view;
    struct engine_event event = turn_start(turn, ENGINE_RECONSIDER);
    struct failure unsaid = {0};
    if (spoken->kind != FOLD_SPOKEN_REFUSAL || !desk_is_in_dispute(turn, spoken) ||
        !engine_view_incident(turn->engine, spoken->incident, &view)) {
        return true;
    }
    event.incident = spoken->incident;
    event.scale = plan_find_scale(view.plan, spoken->scale);
    event.reason = spoken->remark;
    return event.scale == PLAN_NONE || !engine_check(turn->engine, &event, &unsaid) || turn_accept(turn, &event);
}

bool desk_reconsider_refusals(struct turn *turn, uint32_t incident) {
    const struct fold *fold = turn->desk->fold;
    bool is_taken = true;
    for (size_t i = 0; i < fold_spoken_count(fold) && is_taken; i++) {
        const struct fold_spoken *spoken = fold_find_spoken(fold, i);
        is_taken = (incident != 0 && spoken->incident != incident) || reconsider(turn, spoken);
    }
    return is_taken;
}

static bool log_settlement(struct turn *turn, const struct fold_spoken *spoken, const char *outcome,
                           struct text reason) {
    struct note note;
    char incident[16];
    char order[16];
    (void)snprintf(incident, sizeof incident, "%" PRIu32, spoken->incident);
    (void)snprintf(order, sizeof order, "%" PRIu32, turn->request->item);
    note_begin(&note, turn, "desk.settlement");
    note_add(&note, "incident", text_of(incident));
    note_add(&note, "order", text_of(order));
    note_add(&note, "outcome", text_of(outcome));
    note_add(&note, "reason", reason);
    return turn_log(turn, &note);
}

bool desk_settle_order(struct turn *turn) {
    static const char *const outcomes[] = {"confirmed", "disputed", NULL};
    struct form form;
    struct engine_incident_view view;
    const struct fold_spoken *spoken = fold_find_spoken_of(turn->desk->fold, turn->request->item);
    form_begin(&form, turn->request->body, &turn->reply->failure);
    int outcome = form_word(&form, "outcome", true, outcomes);
    struct text reason = form_text(&form, "reason", outcome == 1, FORM_TEXT_BYTES);
    if (spoken == NULL || !engine_view_incident(turn->engine, spoken->incident, &view)) {
        turn->reply->failure = (struct failure){.chinese = turn->request->chinese};
        return turn_may(turn, NULL, PLAN_NONE, false) &&
               turn_refuse(turn, DESK_NOT_FOUND, "there is no such spoken order or signature",
                           "没有这条电话指令或电话签发");
    }
    if (!turn_may(turn, view.plan, plan_find_party(view.plan, spoken->by), false) || !check_factor(turn)) {
        return false;
    }
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    if (spoken->settled != FOLD_UNSETTLED) {
        return turn_refuse(turn, DESK_CONFLICT, "this has been settled already", "这一条本人已经答复过");
    }
    return log_settlement(turn, spoken, outcomes[outcome], reason) && desk_reconsider_refusals(turn, view.number);
}
