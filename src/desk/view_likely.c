/* What a call may belong to, and which unit a place names: offered with what speaks for it. */
#include "desk/likely.h"
#include "desk/state.h"
#include "desk/view.h"

#include "base/calendar.h"

#include <string.h>

#define OFFERED_MOST 5
#define LOOKED_AT_MOST 500U /* open incidents, the newest first */
#define COMPARED_MOST 1000U /* calls of theirs, all together: each takes some microseconds of the writer's */
#define COMPARED_OF_ONE 20U /* of an incident, the newest */
#define OFFERING_CALLS 20U  /* of an incident, the first, in which a unit is looked for */
#define UNITS_MOST 3

struct candidate {
    uint32_t incident;
    struct likely_match match;
};

/* The best first; of equals the newer one, which is looked at first. */
static void insert(struct candidate list[OFFERED_MOST], size_t *count, const struct candidate *found) {
    size_t at = *count;
    while (at > 0 && list[at - 1].match.weight < found->match.weight) {
        at--;
    }
    *count += *count < OFFERED_MOST ? 1U : 0U;
    if (at < OFFERED_MOST) {
        memmove(list + at + 1, list + at, (*count - 1 - at) * sizeof *list);
        list[at] = *found;
    }
}

static struct likely_said say_call(const struct fold_call *call) {
    return (struct likely_said){.place = call->place, .text = call->text, .phone = call->phone, .at = call->called_at};
}

/* What the call has most in common with: what the incident is called, or one of its calls. False when there are more of them
 * than are looked at; *left is how many still may be. */
static bool compare(const struct turn *turn, const struct likely_said *said, const struct engine_incident_view *view,
                    size_t *left, struct likely_match *best) {
    const struct fold *fold = turn->desk->fold;
    const struct likely_said named = {.place = view->title, .at = view->opened_at};
    likely_compare(said, &named, best);
    size_t count = 0;
    const uint32_t *calls = fold_find_calls(fold, view->number, &count);
    size_t most = *left < COMPARED_OF_ONE ? *left : COMPARED_OF_ONE;
    size_t from = count > most ? count - most : 0;
    *left -= count - from;
    for (size_t i = from; i < count; i++) {
        const struct fold_call *call = fold_find_call(fold, calls[i]);
        struct likely_match match;
        const struct likely_said other = say_call(call);
        if (call->incident != view->number) {
            continue; /* it has gone elsewhere since */
        }
        likely_compare(said, &other, &match);
        *best = match.weight > best->weight ? match : *best;
    }
    return from == 0;
}

static json_t *describe_candidate(const struct turn *turn, const struct candidate *found) {
    struct engine_incident_view view = {0};
    (void)engine_view_incident(turn->engine, found->incident, &view);
    return json_pack("{s:I, s:o, s:o, s:b, s:o, s:o, s:I}", "incident", (json_int_t)found->incident, "title",
                     view_text(view.title), "opened_at", view_instant(view.opened_at), "same_phone",
                     found->match.same_phone, "place", view_some_text(found->match.place), "text",
                     view_some_text(found->match.text), "minutes_apart",
                     (json_int_t)(found->match.apart_us / CALENDAR_US_PER_MINUTE));
}

bool desk_list_likely(struct turn *turn) {
    struct candidate list[OFFERED_MOST + 1];
    size_t count = 0;
    uint32_t looked_at = 0;
    size_t left = COMPARED_MOST;
    bool is_whole = true;
    const struct fold_call *call = fold_find_call(turn->desk->fold, turn->request->item);
    if (!turn_may(turn, NULL, PLAN_NONE, false)) {
        return false;
    }
    if (call == NULL) {
        return turn_refuse(turn, DESK_NOT_FOUND, "there is no such call", "没有这个来电");
    }
    const struct likely_said said = say_call(call);
    for (uint32_t number = engine_next_incident(turn->engine) - 1; number >= 1; number--) {
        struct engine_incident_view view;
        if (!engine_view_incident(turn->engine, number, &view) || view.status != ENGINE_OPENED ||
            view.plan->subjects[view.subject].standing || number == call->incident) {
            continue;
        }
        if (looked_at == LOOKED_AT_MOST) {
            is_whole = false;
            break;
        }
        struct candidate found = {.incident = number};
        is_whole = compare(turn, &said, &view, &left, &found.match) && is_whole;
        if (found.match.weight > 0) {
            insert(list, &count, &found);
        }
        looked_at++;
    }
    json_t *likely = json_array();
    for (size_t i = 0; i < count; i++) {
        view_add(likely, describe_candidate(turn, &list[i]));
    }
    turn->reply->body = json_pack("{s:o, s:b}", "likely", likely, "whole", (int)is_whole);
    return turn->reply->body != NULL;
}

/* ---- which unit a place names ----------------------------------------------------------------------------- */

struct offers {
    json_t *list;
    uint16_t units[UNITS_MOST];
    size_t count;
};

static void offer(struct offers *offers, const struct plan *plan, uint16_t group, struct text said) {
    struct text named = {0};
    uint16_t unit = likely_find_unit(plan, group, said, &named);
    bool is_known = unit == PLAN_NONE || offers->count == UNITS_MOST;
    for (size_t i = 0; i < offers->count; i++) {
        is_known = is_known || offers->units[i] == unit;
    }
    if (!is_known) {
        offers->units[offers->count++] = unit;
        view_add(offers->list, json_pack("{s:o, s:o, s:o}", "unit", view_party(plan, unit), "named", view_text(named),
                                         "said", view_text(text_cut(said, 200))));
    }
}

json_t *desk_list_offers(const struct turn *turn, const struct engine_incident_view *incident, uint16_t role) {
    const struct plan *plan = incident->plan;
    const struct fold *fold = turn->desk->fold;
    struct offers offers = {.list = json_array()};
    uint16_t group = plan->parties[role].placed_among;
    size_t count = 0;
    const uint32_t *calls = fold_find_calls(fold, incident->number, &count);
    if (group == PLAN_NONE) {
        return offers.list;
    }
    count = count < OFFERING_CALLS ? count : OFFERING_CALLS;
    for (int turn_of = 0; turn_of < 2; turn_of++) { /* what was said to be the place, then everything that was said */
        for (size_t i = 0; i < count; i++) {
            const struct fold_call *call = fold_find_call(fold, calls[i]);
            if (call->incident == incident->number) {
                offer(&offers, plan, group, turn_of == 0 ? call->place : call->text);
            }
        }
        if (turn_of == 0) {
            offer(&offers, plan, group, incident->title);
        }
    }
    return offers.list;
}
