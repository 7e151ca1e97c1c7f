/* Parties, local settings and chains: their names, members, units. */
#include "plan/resolve.h"

/* ---- names ------------------------------------------------------------------------------------------------ */

static void declare_aliases(struct compiler *compiler, struct party_draft *draft) {
    if (draft->aliases.count == 0) {
        return;
    }
    draft->party.aliases = arena_allocate_array(compiler->kept, draft->aliases.count, sizeof(struct text));
    for (uint32_t i = 0; i < draft->aliases.count && draft->party.aliases != NULL; i++) {
        struct word alias = draft->aliases.items[i];
        if (i >= UINT16_MAX) {
            report(compiler, alias.place, "a party has at most %u aliases", "又称最多 %u 个", (unsigned)UINT16_MAX);
            return;
        }
        names_add(compiler, &compiler->party_names, alias.text, NAME_PARTY, draft->index, alias.place);
        draft->party.aliases[i] = alias.text;
        draft->party.alias_count++;
    }
}

void declare_parties(struct compiler *compiler) {
    for (uint32_t i = 0; i < compiler->parties.count && !compiler_is_exhausted(compiler); i++) {
        struct party_draft *draft = compiler->parties.items[i];
        draft->index = (uint16_t)i;
        names_add(compiler, &compiler->party_names, draft->party.name, NAME_PARTY, i, draft->party.place);
    }
    for (uint32_t i = 0; i < compiler->parties.count && !compiler_is_exhausted(compiler); i++) {
        declare_aliases(compiler, compiler->parties.items[i]);
    }
}

/* ---- parties ---------------------------------------------------------------------------------------------- */

static void keep_phones(struct compiler *compiler, struct party_draft *draft) {
    uint32_t count = draft->phones.count;
    if (count == 0) {
        return;
    }
    if (count > UINT16_MAX) {
        report(compiler, draft->party.place, "a party has at most %u telephone numbers", "电话号码最多 %u 个",
               (unsigned)UINT16_MAX);
        return;
    }
    draft->party.phones = arena_allocate_array(compiler->kept, count, sizeof(struct plan_phone));
    for (uint32_t i = 0; i < count && draft->party.phones != NULL; i++) {
        draft->party.phones[i] = draft->phones.items[i];
        draft->party.phone_count++;
    }
}

/* The unit of an office or a team. */
static void resolve_of(struct compiler *compiler, struct party_draft *draft) {
    uint16_t of = resolve_party(compiler, draft->of);
    if (of == PLAN_NONE) {
        return;
    }
    enum plan_party_kind kind = compiler->parties.items[of]->party.kind;
    if (kind != PLAN_UNIT && kind != PLAN_COMMAND && kind != PLAN_WORK_GROUP && kind != PLAN_ROLE) {
        report(compiler, draft->of.place, "%.*s is no unit: an office or a team belongs to a unit",
               "“%.*s”不是单位：职务和队伍属于单位", TEXT_PRINT(clip(draft->of.text)));
    }
    draft->party.of = of;
}

/* The group of a role that the place binds. */
static void resolve_placed_among(struct compiler *compiler, struct party_draft *draft) {
    uint16_t among = resolve_party(compiler, draft->placed_among);
    if (among != PLAN_NONE && compiler->parties.items[among]->party.kind != PLAN_GROUP) {
        report(compiler, draft->placed_among.place, "%.*s is no group: the place names one of a group of units",
               "“%.*s”不是单位组：按地点认定的是一组单位中的一个", TEXT_PRINT(clip(draft->placed_among.text)));
    }
    draft->party.placed_among = among;
}

static void resolve_one_party(struct compiler *compiler, struct party_draft *draft) {
    struct plan_party *party = &draft->party;
    struct text setting = {NULL, 0};
    if (draft->of.text.length > 0) {
        resolve_of(compiler, draft);
    }
    resolve_placed_among(compiler, draft);
    party->bound_by = resolve_party(compiler, draft->bound_by);
    party->bind_within_us = resolve_time(compiler, &draft->bind_within, 0, &setting);
    party->members = resolve_parties(compiler, &draft->members, false);
    party->lead = resolve_party(compiler, draft->lead);
    party->description = draft->tail.text;
    keep_phones(compiler, draft);
    party->cites = add_cites(compiler, &draft->tail.clauses);
    party->notes = add_notes(compiler, &draft->tail);
}

/* ---- groups within groups --------------------------------------------------------------------------------- */

enum visit { NOT_VISITED, VISITING, VISITED };

/* Depth-first; a group met again while it is being looked through holds itself. */
static void check_group(struct compiler *compiler, uint16_t index, uint8_t *visits, uint32_t depth) {
    const struct plan_party *party = &compiler->parties.items[index]->party;
    if (party->kind != PLAN_GROUP || visits[index] == VISITED) {
        return;
    }
    if (visits[index] == VISITING) {
        report(compiler, party->place, "the group %.*s holds itself, directly or through other groups",
               "单位组“%.*s”直接或间接包含了自己", TEXT_PRINT(clip(party->name)));
        return;
    }
    if (depth > GROUP_DEPTH_MAX) {
        report(compiler, party->place, "groups stand within groups more than %u deep", "单位组嵌套超过 %u 层",
               GROUP_DEPTH_MAX);
        return;
    }
    visits[index] = VISITING;
    for (uint16_t i = 0; i < party->members.count; i++) {
        check_group(compiler, compiler->lists.items[party->members.first + i], visits, depth + 1);
    }
    visits[index] = VISITED;
}

static void check_groups(struct compiler *compiler) {
    uint8_t *visits = compiler_allocate(compiler, compiler->parties.count + 1U);
    for (uint32_t i = 0; i < compiler->parties.count && visits != NULL; i++) {
        check_group(compiler, (uint16_t)i, visits, 0);
    }
}

void resolve_all_parties(struct compiler *compiler) {
    for (uint32_t i = 0; i < compiler->parties.count && !compiler_is_exhausted(compiler); i++) {
        struct party_draft *draft = compiler->parties.items[i];
        if (!draft->broken) {
            resolve_one_party(compiler, draft);
        }
    }
    check_groups(compiler);
}

/* ---- local settings and chains ---------------------------------------------------------------------------- */

void resolve_settings(struct compiler *compiler) {
    for (uint32_t i = 0; i < compiler->settings.count; i++) {
        const struct setting_draft *draft = compiler->settings.items[i];
        names_add(compiler, &compiler->setting_names, draft->name.text, NAME_SETTING, i, draft->name.place);
        struct plan_setting setting = {draft->name.text, draft->value.value, draft->reason, draft->name.place};
        VECTOR_PUSH(compiler, &compiler->built_settings, setting);
    }
}

void declare_chains(struct compiler *compiler) {
    for (uint32_t i = 0; i < compiler->chains.count; i++) {
        const struct chain_draft *draft = compiler->chains.items[i];
        names_add(compiler, &compiler->chain_names, draft->name.text, NAME_CHAIN, i, draft->name.place);
    }
}

void resolve_chains(struct compiler *compiler) {
    for (uint32_t i = 0; i < compiler->chains.count; i++) {
        const struct chain_draft *draft = compiler->chains.items[i];
        struct text setting = {NULL, 0};
        struct plan_chain chain = {.name = draft->name.text, .reason = draft->reason, .place = draft->name.place};
        if (!draft->broken) {
            chain.steps = resolve_parties(compiler, &draft->steps, false);
            chain.every_us = resolve_time(compiler, &draft->every, 0, &setting);
            if (chain.every_us <= 0 && draft->every.setting.text.length == 0) {
                report(compiler, draft->every.place, "the steps of a chain need some time between them",
                       "上报链各步之间要有间隔时间");
            }
        }
        VECTOR_PUSH(compiler, &compiler->built_chains, chain);
    }
}
