/* Facts, roles, local settings and chains that nothing uses. */
#include "check/plain.h"

/* What is used, by index in the plan. */
struct uses {
    const struct plan *plan;
    bool *facts;
    bool *literal_facts; /* only what a text literally says looks at them */
    bool *parties;
    bool *chains;
    bool *settings;
};

/* ---- facts ------------------------------------------------------------------------------------------------ */

static void use_condition(const struct plan *plan, uint32_t node, bool *facts) {
    if (node == PLAN_NO_NODE) {
        return;
    }
    const struct plan_node *of = &plan->nodes[node];
    if (of->kind == PLAN_ALL || of->kind == PLAN_ANY) {
        for (uint16_t i = 0; i < of->children.count; i++) {
            use_condition(plan, plan->node_lists[of->children.first + i], facts);
        }
    } else if (of->kind != PLAN_LEVEL) {
        for (uint16_t i = 0; i < of->facts.count; i++) {
            facts[plan->lists[of->facts.first + i]] = true;
        }
    }
}

static void use_scale_facts(const struct uses *uses, const struct plan_scale *scale) {
    use_condition(uses->plan, scale->given, uses->facts);
    use_condition(uses->plan, scale->ends_when, uses->facts);
    use_condition(uses->plan, scale->reopens_when, uses->facts);
    for (uint16_t i = 0; i < scale->rule_count; i++) {
        const struct plan_rule *rule = &uses->plan->rules[scale->first_rule + i];
        use_condition(uses->plan, rule->condition, uses->facts);
        use_condition(uses->plan, rule->literal, uses->literal_facts);
    }
}

static void use_facts(const struct uses *uses) {
    const struct plan *plan = uses->plan;
    for (uint32_t i = 0; i < plan->scale_count; i++) {
        use_scale_facts(uses, &plan->scales[i]);
    }
    for (uint32_t i = 0; i < plan->trigger_count; i++) {
        if (plan->triggers[i].kind == PLAN_WHILE) {
            use_condition(plan, plan->triggers[i].condition, uses->facts);
        }
    }
    for (uint32_t i = 0; i < plan->duty_count; i++) {
        use_condition(plan, plan->duties[i].until, uses->facts);
    }
    for (uint32_t i = 0; i < plan->command_count; i++) {
        use_condition(plan, plan->commands[i].condition, uses->facts);
    }
    for (uint32_t i = 0; i < plan->position_count; i++) {
        use_condition(plan, plan->positions[i].condition, uses->facts);
    }
    for (uint32_t i = 0; i < plan->step_count; i++) {
        use_condition(plan, plan->steps[i].condition, uses->facts);
        use_condition(plan, plan->steps[i].done_when, uses->facts);
        use_condition(plan, plan->steps[i].until, uses->facts);
    }
    for (uint32_t i = 0; i < plan->fact_count; i++) {
        const struct plan_fact *fact = &plan->facts[i];
        if (uses->facts[i] && fact->from != PLAN_NONE) {
            uses->facts[fact->from] = true;
            if (fact->until != PLAN_NONE) {
                uses->facts[fact->until] = true;
            }
        }
    }
}

static void use_list(bool *used, const struct plan *plan, struct plan_list list) {
    for (uint16_t i = 0; i < list.count; i++) {
        used[plan->lists[list.first + i]] = true;
    }
}

static void use_pieces(const struct uses *uses, struct plan_span pieces) {
    for (uint16_t i = 0; i < pieces.count; i++) {
        const struct plan_piece *piece = &uses->plan->pieces[pieces.first + i];
        if (piece->kind == PLAN_PIECE_FACT || piece->kind == PLAN_PIECE_SINCE) {
            uses->facts[piece->index] = true;
        } else if (piece->kind == PLAN_PIECE_PARTY) {
            uses->parties[piece->index] = true;
        }
    }
}

/* What a document says is asked for. */
static void use_by_forms(const struct uses *uses) {
    const struct plan *plan = uses->plan;
    for (uint32_t i = 0; i < plan->form_count; i++) {
        use_pieces(uses, plan->forms[i].title);
        use_list(uses->parties, plan, plan->forms[i].recipients);
        use_list(uses->parties, plan, plan->forms[i].signers);
    }
    for (uint32_t i = 0; i < plan->form_item_count; i++) {
        use_condition(plan, plan->form_items[i].condition, uses->facts);
        use_list(uses->facts, plan, plan->form_items[i].facts);
        use_list(uses->facts, plan, plan->form_items[i].known);
        use_pieces(uses, plan->form_items[i].pieces);
    }
}

/* ---- parties and chains ----------------------------------------------------------------------------------- */

static void use_party(const struct uses *uses, uint16_t party) {
    if (party < uses->plan->party_count) {
        uses->parties[party] = true;
    }
}

static void use_parties(const struct uses *uses, struct plan_list list) {
    for (uint16_t i = 0; i < list.count; i++) {
        use_party(uses, uses->plan->lists[list.first + i]);
    }
}

static void use_chain(const struct uses *uses, uint16_t chain) {
    if (chain != PLAN_NONE) {
        uses->chains[chain] = true;
    }
}

static void use_by_duties(const struct uses *uses) {
    for (uint32_t i = 0; i < uses->plan->duty_count; i++) {
        const struct plan_duty *duty = &uses->plan->duties[i];
        use_parties(uses, duty->bearers);
        use_parties(uses, duty->partners);
        use_parties(uses, duty->recipients);
        use_chain(uses, duty->chain);
    }
}

static void use_by_scales(const struct uses *uses) {
    for (uint32_t i = 0; i < uses->plan->scale_count; i++) {
        const struct plan_scale *scale = &uses->plan->scales[i];
        use_party(uses, scale->proposed_by);
        use_chain(uses, scale->chain);
        for (uint16_t k = 0; k < scale->orderer_count; k++) {
            use_parties(uses, scale->orderers[k].parties);
        }
    }
}

static void use_by_others(const struct uses *uses) {
    const struct plan *plan = uses->plan;
    for (uint32_t i = 0; i < plan->party_count; i++) {
        use_parties(uses, plan->parties[i].members);
        use_party(uses, plan->parties[i].lead);
        use_party(uses, plan->parties[i].bound_by);
        use_party(uses, plan->parties[i].of);
    }
    for (uint32_t i = 0; i < plan->call_count; i++) {
        use_party(uses, plan->calls[i].party);
    }
    for (uint32_t i = 0; i < plan->position_count; i++) {
        use_parties(uses, plan->positions[i].holders);
    }
    for (uint32_t i = 0; i < plan->chain_count; i++) {
        use_parties(uses, plan->chains[i].steps);
    }
}

/* ---- settings --------------------------------------------------------------------------------------------- */

static void use_setting(const struct uses *uses, struct text name) {
    for (uint32_t i = 0; i < uses->plan->setting_count && name.length > 0; i++) {
        uses->settings[i] = uses->settings[i] || text_equal(uses->plan->settings[i].name, name);
    }
}

/* Who binds a role and how fast a chain goes on keep the length of time and not the setting's name: a setting of the
 * same length may be the one. */
static void use_length(const struct uses *uses, int64_t length_us) {
    for (uint32_t i = 0; i < uses->plan->setting_count; i++) {
        uses->settings[i] = uses->settings[i] || uses->plan->settings[i].value_us == length_us;
    }
}

static void use_settings(const struct uses *uses) {
    const struct plan *plan = uses->plan;
    for (uint32_t i = 0; i < plan->duty_count; i++) {
        use_setting(uses, plan->duties[i].within_setting);
        use_setting(uses, plan->duties[i].acknowledge_setting);
    }
    for (uint32_t i = 0; i < plan->scale_count; i++) {
        use_setting(uses, plan->scales[i].decide_setting);
    }
    for (uint32_t i = 0; i < plan->party_count; i++) {
        if (plan->parties[i].kind == PLAN_ROLE && plan->parties[i].bound_by != PLAN_NONE) {
            use_length(uses, plan->parties[i].bind_within_us);
        }
    }
    for (uint32_t i = 0; i < plan->chain_count; i++) {
        use_length(uses, plan->chains[i].every_us);
    }
}

/* ---- findings --------------------------------------------------------------------------------------------- */

/* What is said around a name, in both languages. */
struct frame {
    const char *chinese_before, *chinese_after, *english_before, *english_after;
};

static void tell(struct reporter *reporter, const struct frame *frame, struct text name, struct check_finding finding,
                 struct plan_span notes) {
    struct buffer words = {0};
    finding.kind = CHECK_UNUSED;
    finding.scope = CHECK_PLAN;
    struct check_finding *kept = report_add(reporter, finding);
    buffer_append_string(&words, reporter->is_chinese ? frame->chinese_before : frame->english_before);
    buffer_append_text(&words, name);
    buffer_append_string(&words, reporter->is_chinese ? frame->chinese_after : frame->english_after);
    report_say(reporter, kept, &words);
    report_accept(reporter, kept, notes, (struct opposite){NULL, 0});
}

static void tell_facts(struct reporter *reporter, const struct uses *uses) {
    static const struct frame literal_only = {"事实“", "”只见于字面，执行的规则都不问它",
                                              "no rule that runs asks for the fact ",
                                              ": it stands in literal conditions only"};
    static const struct frame unused = {"没有一条规则用到事实“", "”", "no rule asks for the fact ", ""};
    for (uint32_t i = 0; i < uses->plan->fact_count; i++) {
        const struct plan_fact *fact = &uses->plan->facts[i];
        if (!uses->facts[i]) {
            tell(reporter, uses->literal_facts[i] ? &literal_only : &unused, fact->name,
                 (struct check_finding){.place = fact->place, .cites = fact->cites}, fact->notes);
        }
    }
}

static void tell_others(struct reporter *reporter, const struct uses *uses) {
    static const struct frame role = {"没有一处用到角色“", "”", "nothing uses the role ", ""};
    static const struct frame setting = {"没有一处用到本地设定“", "”", "nothing uses the local setting ", ""};
    static const struct frame chain = {"没有一处用到上报链“", "”", "nothing uses the chain ", ""};
    const struct plan *plan = uses->plan;
    struct plan_span none = {0, 0};
    for (uint32_t i = 0; i < plan->party_count; i++) {
        const struct plan_party *party = &plan->parties[i];
        if (party->kind == PLAN_ROLE && !uses->parties[i]) {
            tell(reporter, &role, party->name, (struct check_finding){.place = party->place, .cites = party->cites},
                 party->notes);
        }
    }
    for (uint32_t i = 0; i < plan->setting_count; i++) {
        if (!uses->settings[i]) {
            tell(reporter, &setting, plan->settings[i].name, (struct check_finding){.place = plan->settings[i].place},
                 none);
        }
    }
    for (uint32_t i = 0; i < plan->chain_count; i++) {
        if (!uses->chains[i]) {
            tell(reporter, &chain, plan->chains[i].name, (struct check_finding){.place = plan->chains[i].place}, none);
        }
    }
}

void plain_find_unused(struct reporter *reporter) {
    const struct plan *plan = reporter->plan;
    struct arena *arena = reporter->report->arena;
    struct uses uses = {.plan = plan};
    uses.facts = arena_allocate_array(arena, plan->fact_count, sizeof(bool));
    uses.literal_facts = arena_allocate_array(arena, plan->fact_count, sizeof(bool));
    uses.parties = arena_allocate_array(arena, plan->party_count, sizeof(bool));
    uses.chains = arena_allocate_array(arena, plan->chain_count, sizeof(bool));
    uses.settings = arena_allocate_array(arena, plan->setting_count, sizeof(bool));
    if (arena_is_exhausted(arena)) {
        reporter->exhausted = true;
        return;
    }
    use_by_forms(&uses);
    use_facts(&uses);
    use_by_duties(&uses);
    use_by_scales(&uses);
    use_by_others(&uses);
    use_settings(&uses);
    tell_facts(reporter, &uses);
    tell_others(reporter, &uses);
}
