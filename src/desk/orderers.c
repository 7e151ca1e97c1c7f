/* Under which names an account may order: what a second factor can be required of. */
#include "desk/state.h"

static void add_name(struct buffer *out, struct text name) {
    buffer_print(out, "%.*s\n", TEXT_PRINT(name));
}

/* As turn_is_own: each of its names; a team's unit acts for it too. */
static void add_party(const struct plan *plan, uint16_t index, struct buffer *out) {
    const struct plan_party *party = &plan->parties[index];
    add_name(out, party->name);
    for (uint16_t i = 0; i < party->alias_count; i++) {
        add_name(out, party->aliases[i]);
    }
    if (party->kind == PLAN_TEAM && party->of < plan->party_count) {
        add_name(out, plan->parties[party->of].name);
    }
}

static void add_scale(const struct plan *plan, const struct plan_scale *scale, struct buffer *out) {
    for (uint16_t i = 0; i < scale->orderer_count && scale->ordered; i++) {
        for (uint16_t k = 0; k < scale->orderers[i].parties.count; k++) {
            add_party(plan, plan->lists[scale->orderers[i].parties.first + k], out);
        }
    }
}

void desk_list_orderers(const struct desk *desk, struct buffer *out) {
    for (size_t i = 0; i < fold_plan_count(desk->fold); i++) {
        const struct plan *plan = engine_plan_in_force(session_engine(desk->session), fold_find_plan(desk->fold, i));
        for (uint32_t k = 0; plan != NULL && k < plan->scale_count; k++) {
            add_scale(plan, &plan->scales[k], out);
        }
    }
}
