/* Offices to which nobody is bound: nobody can decide on the page what they must decide. */
#include "desk/state.h"
#include "desk/view.h"

static bool has_account(const struct turn *turn, const struct plan_party *party) {
    bool found = delegations_has_bound(turn->desk->delegations, party->name, turn->request->at);
    for (uint16_t i = 0; i < party->alias_count && !found; i++) {
        found = delegations_has_bound(turn->desk->delegations, party->aliases[i], turn->request->at);
    }
    return found;
}

/* An office, or a unit, which stands for its offices: one of them is enough. */
static bool is_bound(const struct turn *turn, const struct plan *plan, uint16_t party) {
    bool found = has_account(turn, &plan->parties[party]);
    for (uint32_t i = 0; i < plan->party_count && !found; i++) {
        found = plan->parties[i].kind == PLAN_OFFICE && plan->parties[i].of == party &&
                has_account(turn, &plan->parties[i]);
    }
    return found;
}

/* Lists whoever may order on a scale, each once; false when one of them is bound, and then it is nobody's trouble. */
static bool list_orderers(const struct turn *turn, const struct plan *plan, const struct plan_scale *scale,
                          json_t *list) {
    for (uint16_t i = 0; i < scale->orderer_count; i++) {
        struct plan_list parties = scale->orderers[i].parties;
        for (uint16_t k = 0; k < parties.count && !scale->orderers[i].raise_only; k++) {
            uint16_t party = plan->lists[parties.first + k];
            if (is_bound(turn, plan, party)) {
                return false;
            }
            bool is_new = true;
            for (size_t n = 0; n < json_array_size(list); n++) {
                is_new = is_new &&
                         !text_equals_string(plan->parties[party].name, json_string_value(json_array_get(list, n)));
            }
            if (is_new) {
                view_add(list, view_party(plan, party));
            }
        }
    }
    return json_array_size(list) > 0;
}

bool desk_is_unbound(const struct turn *turn, const struct plan *plan, uint16_t scale) {
    json_t *parties = json_array();
    bool found = !turn->desk->is_exercise && /* who has no player there is played by the script */
                 plan->scales[scale].ordered && list_orderers(turn, plan, &plan->scales[scale], parties);
    json_decref(parties);
    return found;
}

/* From when the incident is open it takes as long as a decision may take until this is late. */
json_t *desk_describe_unbound(const struct turn *turn, const struct engine_incident_view *incident, uint16_t index) {
    const struct plan_scale *scale = &incident->plan->scales[index];
    json_t *parties = json_array();
    int64_t due_at = scale->decide_within_us > 0 ? incident->opened_at + scale->decide_within_us : ENGINE_NEVER;
    (void)list_orderers(turn, incident->plan, scale, parties);
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o}", "incident", (json_int_t)incident->number, "scale",
                     view_text(scale->name), "parties", parties, "owner",
                     view_party(incident->plan, scale->proposed_by), "since", view_instant(incident->opened_at),
                     "due_at", view_some_instant(due_at));
}
