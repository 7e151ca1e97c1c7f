/* Parties that an account or a token is made for: each is one of a plan in force. */
#include "desk/state.h"

#include <string.h>

/* Whether a plan in force has the name; where none has, the nearest names of all of them. */
static bool is_known(const struct desk *desk, struct text name, struct suggestion *suggestion) {
    for (size_t i = 0; i < fold_plan_count(desk->fold); i++) {
        const struct plan *plan = engine_plan_in_force(session_engine(desk->session), fold_find_plan(desk->fold, i));
        if (plan == NULL) {
            continue;
        }
        if (plan_find_party(plan, name) != PLAN_NONE) {
            return true;
        }
        plan_suggest_party(plan, suggestion);
    }
    return false;
}

static bool refuse_name(struct desk_reply *reply, struct text name, const struct suggestion *suggestion) {
    struct failure *failure = &reply->failure;
    struct text shown = text_cut(name, 100);
    reply->outcome = DESK_REFUSED;
    if (suggestion->count > 0) {
        char room[SUGGESTION_ROOM];
        return failure_say_field(failure, "parties", "no plan has \"%.*s\"; did you mean %s?",
                                 "预案中没有“%.*s”，是不是%s？", TEXT_PRINT(shown),
                                 suggestion_print(suggestion, suggestion_style_of(failure->chinese), room));
    }
    return failure_say_field(failure, "parties", "no plan has \"%.*s\"", "预案中没有“%.*s”", TEXT_PRINT(shown));
}

bool desk_check_parties(const struct desk *desk, const struct desk_request *request, struct desk_reply *reply) {
    const json_t *parties = json_object_get(request->body, "parties");
    size_t index = 0;
    json_t *party = NULL;
    json_array_foreach((json_t *)parties, index, party) {
        const struct text name = {json_string_value(party), json_string_length(party)};
        struct suggestion suggestion = suggestion_begin(name);
        /* What is no name at all is refused by whoever reads the rest. */
        if (name.length > 0 && !is_known(desk, name, &suggestion)) {
            return refuse_name(reply, name, &suggestion);
        }
    }
    return true;
}
