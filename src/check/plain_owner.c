/* Roles that nobody is to bind, scales that nobody proposes or decides. */
#include "check/plain.h"

/* True when the party bears the duty, by itself or through a group. */
static bool bears(const struct plan *plan, const struct plan_duty *duty, uint16_t party) {
    for (uint16_t i = 0; i < duty->bearers.count; i++) {
        uint16_t bearer = plan->lists[duty->bearers.first + i];
        if (bearer < plan->party_count && plan_party_includes(plan, bearer, party)) {
            return true;
        }
    }
    return false;
}

/* The first duty that a role owes; NULL where it owes none. */
static const struct plan_duty *find_owed(const struct plan *plan, uint16_t role) {
    for (uint32_t i = 0; i < plan->duty_count; i++) {
        if (bears(plan, &plan->duties[i], role)) {
            return &plan->duties[i];
        }
    }
    return NULL;
}

static bool leads(const struct plan *plan, uint16_t role) {
    for (uint32_t i = 0; i < plan->party_count; i++) {
        if (plan->parties[i].kind == PLAN_WORK_GROUP && plan->parties[i].lead == role) {
            return true;
        }
    }
    return false;
}

static void find_unbound_roles(struct reporter *reporter) {
    const struct plan *plan = reporter->plan;
    for (uint16_t i = 0; i < plan->party_count; i++) {
        const struct plan_party *party = &plan->parties[i];
        const struct plan_duty *duty =
            party->kind == PLAN_ROLE && party->bound_by == PLAN_NONE ? find_owed(plan, i) : NULL;
        bool is_lead = party->kind == PLAN_ROLE && party->bound_by == PLAN_NONE && leads(plan, i);
        if (duty == NULL && !is_lead) {
            continue;
        }
        struct buffer words = {0};
        struct check_finding *finding = report_add(
            reporter, (struct check_finding){
                          .kind = CHECK_OWNER, .scope = CHECK_PLAN, .place = party->place, .cites = party->cites});
        buffer_print(
            &words,
            reporter->is_chinese
                ? "角色“%.*s”没有指定者（指定者 … 限 …），它承担的职责没有主人"
                : "nobody is to bind the role %.*s (bound by PARTY within TIME), so that what it owes has no owner",
            TEXT_PRINT(party->name));
        if (duty != NULL) {
            buffer_print(&words, reporter->is_chinese ? "，例如“%.*s”" : ": %.*s, for one", TEXT_PRINT(duty->name));
        }
        report_say(reporter, finding, &words);
        report_accept(reporter, finding, party->notes, (struct opposite){NULL, 0});
    }
}

static bool is_automatic(const struct plan_scale *scale, uint8_t level) {
    return scale->automatic_high > 0 && level >= scale->automatic_low && level <= scale->automatic_high;
}

static bool is_decided(const struct plan_scale *scale, uint8_t level) {
    for (uint16_t i = 0; i < scale->orderer_count; i++) {
        const struct plan_orderer *orderer = &scale->orderers[i];
        if (!orderer->raise_only && orderer->parties.count > 0 && level >= orderer->low && level <= orderer->high) {
            return true;
        }
    }
    return false;
}

static void tell_scale(struct reporter *reporter, const struct plan_scale *scale, struct buffer *words) {
    struct check_finding *finding = report_add(reporter, (struct check_finding){.kind = CHECK_OWNER,
                                                                                .scope = CHECK_PLAN,
                                                                                .scale = scale->name,
                                                                                .place = scale->place,
                                                                                .cites = scale->cites});
    report_say(reporter, finding, words);
    report_accept(reporter, finding, scale->notes, (struct opposite){NULL, 0});
}

/* A level that is not automatic has to be proposed by somebody and decided by somebody. */
static void examine_scale(struct reporter *reporter, const struct plan_scale *scale) {
    bool needs_person = false;
    for (uint8_t level = 1; level <= scale->level_count; level++) {
        if (is_automatic(scale, level)) {
            continue;
        }
        needs_person = true;
        if (!is_decided(scale, level)) {
            struct buffer words = {0};
            buffer_print(&words,
                         reporter->is_chinese ? "%.*s没有决定者，也不自动执行"
                                              : "nobody decides on %.*s, and it is not automatic",
                         TEXT_PRINT(scale->levels[level]));
            tell_scale(reporter, scale, &words);
        }
    }
    if (needs_person && scale->proposed_by == PLAN_NONE) {
        struct buffer words = {0};
        buffer_append_string(&words, reporter->is_chinese ? "没有提请者" : "nobody proposes its levels");
        tell_scale(reporter, scale, &words);
    }
}

void plain_find_ownerless(struct reporter *reporter) {
    find_unbound_roles(reporter);
    for (uint32_t i = 0; i < reporter->plan->scale_count; i++) {
        if (reporter->plan->scales[i].ordered) {
            examine_scale(reporter, &reporter->plan->scales[i]);
        }
    }
}
