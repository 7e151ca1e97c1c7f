/* Parties that an account or a token is made for: each is one of a plan in force. */
#include "desk/state.h"

#include <string.h>

/* The nearest name of any plan in force; `is_known` when it is the name itself. */
static struct text find_nearest(const struct desk *desk, struct text name, bool *is_known) {
    enum { FARTHEST = 64 };
    struct text nearest = {0};
    uint32_t distance = FARTHEST;
    *is_known = false;
    for (size_t i = 0; i < fold_plan_count(desk->fold) && !*is_known; i++) {
        const struct plan *plan = engine_plan_in_force(session_engine(desk->session), fold_find_plan(desk->fold, i));
        if (plan == NULL) {
            continue;
        }
        struct text suggested = plan_suggest_party(plan, name);
        uint32_t far = text_measure_distance(name, suggested, FARTHEST);
        *is_known = plan_find_party(plan, name) != PLAN_NONE;
        if (suggested.length > 0 && far < distance) {
            nearest = suggested;
            distance = far;
        }
    }
    return nearest;
}

static bool refuse_name(struct desk_reply *reply, struct text name, struct text nearest) {
    struct text shown = text_cut(name, 100);
    reply->outcome = DESK_REFUSED;
    if (nearest.length > 0) {
        return failure_say_field(&reply->failure, "parties", "no plan has \"%.*s\"; did you mean \"%.*s\"?",
                                 "预案中没有“%.*s”，是不是“%.*s”？", TEXT_PRINT(shown), TEXT_PRINT(nearest));
    }
    return failure_say_field(&reply->failure, "parties", "no plan has \"%.*s\"", "预案中没有“%.*s”", TEXT_PRINT(shown));
}

bool desk_check_parties(const struct desk *desk, const struct desk_request *request, struct desk_reply *reply) {
    const json_t *parties = json_object_get(request->body, "parties");
    size_t index = 0;
    json_t *party = NULL;
    json_array_foreach((json_t *)parties, index, party) {
        const struct text name = {json_string_value(party), json_string_length(party)};
        bool is_known = false;
        struct text nearest = name.length == 0 ? name : find_nearest(desk, name, &is_known);
        if (name.length > 0 && !is_known) { /* what is no name at all is refused by whoever reads the rest */
            return refuse_name(reply, name, nearest);
        }
    }
    return true;
}
