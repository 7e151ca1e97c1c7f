/* Finding things of a plan by name. */
#include "plan/compile.h"

#include <string.h>

#define SET_WORDS ((UINT16_MAX + 1U) / 64U)

static bool has_name(const struct plan_party *party, struct text name) {
    bool found = text_equal(party->name, name);
    for (uint16_t i = 0; i < party->alias_count && !found; i++) {
        found = text_equal(party->aliases[i], name);
    }
    return found;
}

uint16_t plan_find_party(const struct plan *plan, struct text name) {
    for (uint32_t i = 0; i < plan->party_count; i++) {
        if (has_name(&plan->parties[i], name)) {
            return (uint16_t)i;
        }
    }
    return PLAN_NONE;
}

uint16_t plan_find_fact(const struct plan *plan, struct text name) {
    for (uint32_t i = 0; i < plan->fact_count; i++) {
        if (text_equal(plan->facts[i].name, name)) {
            return (uint16_t)i;
        }
    }
    return PLAN_NONE;
}

uint16_t plan_find_scale(const struct plan *plan, struct text name) {
    for (uint32_t i = 0; i < plan->scale_count; i++) {
        if (text_equal(plan->scales[i].name, name)) {
            return (uint16_t)i;
        }
    }
    return PLAN_NONE;
}

uint16_t plan_find_duty(const struct plan *plan, struct text name) {
    for (uint32_t i = 0; i < plan->duty_count; i++) {
        if (text_equal(plan->duties[i].name, name)) {
            return (uint16_t)i;
        }
    }
    return PLAN_NONE;
}

uint16_t plan_find_subject(const struct plan *plan, struct text name) {
    for (uint32_t i = 0; i < plan->subject_count; i++) {
        if (text_equal(plan->subjects[i].name, name)) {
            return (uint16_t)i;
        }
    }
    return PLAN_NONE;
}

uint8_t plan_find_level(const struct plan_scale *scale, struct text name) {
    for (uint8_t i = 1; i <= scale->level_count; i++) {
        if (text_equal(scale->levels[i], name)) {
            return i;
        }
    }
    return 0;
}

int plan_find_choice(const struct plan_fact *fact, struct text name) {
    for (int i = 0; i < fact->choice_count; i++) {
        if (text_equal(fact->choices[i], name)) {
            return i;
        }
    }
    return -1;
}

/* ---- the nearest names ------------------------------------------------------------------------------------ */

void plan_suggest_party(const struct plan *plan, struct suggestion *suggestion) {
    for (uint32_t i = 0; i < plan->party_count; i++) {
        suggestion_consider(suggestion, plan->parties[i].name);
        for (uint16_t alias = 0; alias < plan->parties[i].alias_count; alias++) {
            suggestion_consider(suggestion, plan->parties[i].aliases[alias]);
        }
    }
}

void plan_suggest_fact(const struct plan *plan, struct suggestion *suggestion) {
    for (uint32_t i = 0; i < plan->fact_count; i++) {
        suggestion_consider(suggestion, plan->facts[i].name);
    }
}

void plan_suggest_scale(const struct plan *plan, struct suggestion *suggestion) {
    for (uint32_t i = 0; i < plan->scale_count; i++) {
        suggestion_consider(suggestion, plan->scales[i].name);
    }
}

void plan_suggest_duty(const struct plan *plan, struct suggestion *suggestion) {
    for (uint32_t i = 0; i < plan->duty_count; i++) {
        suggestion_consider(suggestion, plan->duties[i].name);
    }
}

/* ---- groups ----------------------------------------------------------------------------------------------- */

/* Groups may share members; each is looked into once. The compiler has bounded how deep they stand in one another. */
static bool includes(const struct plan *plan, uint16_t outer, uint16_t inner, uint64_t seen[SET_WORDS]) {
    if (outer == inner) {
        return true;
    }
    if (outer >= plan->party_count || plan->parties[outer].kind != PLAN_GROUP ||
        (seen[outer / 64U] & (UINT64_C(1) << (outer % 64U))) != 0) {
        return false;
    }
    seen[outer / 64U] |= UINT64_C(1) << (outer % 64U);
    struct plan_list members = plan->parties[outer].members;
    for (uint16_t i = 0; i < members.count; i++) {
        if (includes(plan, plan->lists[members.first + i], inner, seen)) {
            return true;
        }
    }
    return false;
}

bool plan_party_includes(const struct plan *plan, uint16_t outer, uint16_t inner) {
    if (outer == inner) {
        return true;
    }
    if (outer >= plan->party_count || plan->parties[outer].kind != PLAN_GROUP) {
        return false;
    }
    uint64_t seen[SET_WORDS];
    memset(seen, 0, sizeof seen);
    return includes(plan, outer, inner, seen);
}

const struct plan_fact *plan_first_fact(const struct plan *plan, const struct plan_node *node) {
    return &plan->facts[plan->lists[node->facts.first]];
}

bool plan_have_same_facts(const struct plan *plan, const struct plan_node *left, const struct plan_node *right) {
    return left->facts.count == right->facts.count &&
           memcmp(plan->lists + left->facts.first, plan->lists + right->facts.first,
                  left->facts.count * sizeof *plan->lists) == 0;
}
