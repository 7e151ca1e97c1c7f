/* Commands, the duties of their work groups, and calling orders. */
#include "plan/resolve.h"

/* ---- calling orders --------------------------------------------------------------------------------------- */

void declare_callings(struct compiler *compiler) {
    for (uint32_t i = 0; i < compiler->callings.count; i++) {
        const struct calling_draft *draft = compiler->callings.items[i];
        names_add(compiler, &compiler->calling_names, draft->name.text, NAME_CALLING, i, draft->name.place);
    }
}

/* A call names a team, or somebody who has teams. */
static void check_call(struct compiler *compiler, const struct call_draft *draft, uint16_t party) {
    if (party == PLAN_NONE || draft->is_request) {
        return;
    }
    enum plan_party_kind kind = compiler->parties.items[party]->party.kind;
    struct text name = clip(draft->party.text);
    if (!draft->teams_of && kind != PLAN_TEAM) {
        report(compiler, draft->party.place, "%.*s is no team: write teams of %.*s for its teams",
               "“%.*s”不是队伍：要调它的队伍，写 所属队伍 %.*s", TEXT_PRINT(name), TEXT_PRINT(name));
    } else if (draft->teams_of && kind != PLAN_UNIT && kind != PLAN_GROUP && kind != PLAN_ROLE &&
               kind != PLAN_COMMAND) {
        report(compiler, draft->party.place, "%.*s has no teams: teams of is for a unit, a group or a role",
               "“%.*s”没有队伍：所属队伍 只用于单位、单位组或角色", TEXT_PRINT(name));
    }
}

static void add_call(struct compiler *compiler, const struct call_draft *draft) {
    struct plan_call call = {.teams_of = draft->teams_of, .request = draft->request, .place = draft->party.place};
    call.party = resolve_party(compiler, draft->party);
    check_call(compiler, draft, call.party);
    call.cites = add_cites(compiler, &draft->tail.clauses);
    call.notes = add_notes(compiler, &draft->tail);
    VECTOR_PUSH(compiler, &compiler->built_calls, call);
}

void resolve_callings(struct compiler *compiler) {
    for (uint32_t i = 0; i < compiler->callings.count && !compiler_is_exhausted(compiler); i++) {
        const struct calling_draft *draft = compiler->callings.items[i];
        struct plan_calling calling = {.name = draft->name.text, .place = draft->name.place};
        calling.subject = resolve_subject(compiler, draft->subject);
        calling.first_call = compiler->built_calls.count;
        if (draft->calls.count > PACK_ITEMS_MAX) {
            report(compiler, draft->name.place, "this calling order has more than %u calls", "这个调动顺序超过 %u 项",
                   PACK_ITEMS_MAX);
        }
        for (uint32_t call = 0; call < draft->calls.count && call < PACK_ITEMS_MAX; call++) {
            add_call(compiler, &draft->calls.items[call]);
        }
        if (draft->calls.count == 0 && !draft->broken) {
            report(compiler, draft->name.place, "the calling order %.*s calls nobody", "调动顺序“%.*s”没有调动任何人",
                   TEXT_PRINT(clip(draft->name.text)));
        }
        calling.call_count = (uint16_t)(compiler->built_calls.count - calling.first_call);
        calling.cites = add_cites(compiler, &draft->tail.clauses);
        calling.notes = add_notes(compiler, &draft->tail);
        VECTOR_PUSH(compiler, &compiler->built_callings, calling);
    }
}

/* ---- commands --------------------------------------------------------------------------------------------- */

static void add_positions(struct compiler *compiler, const struct command_draft *draft, struct plan_command *command) {
    command->first_position = compiler->built_positions.count;
    if (draft->positions.count > PACK_ITEMS_MAX) {
        report(compiler, draft->party->party.place, "this command has more than %u positions",
               "这个指挥机构的职位超过 %u 个", PACK_ITEMS_MAX);
        return;
    }
    for (uint32_t i = 0; i < draft->positions.count; i++) {
        const struct position_draft *from = &draft->positions.items[i];
        struct scope scope = {.subject = command->subject, .scales_allowed = true};
        struct plan_position position = {.name = from->name.text,
                                         .one_serves = from->one_serves,
                                         .held_by = from->held_by,
                                         .place = from->name.place};
        if (from->condition != NULL && draft->subject.text.length == 0) {
            report(compiler, from->condition->place,
                   "a command that belongs to no incident type has no conditions: write command NAME of INCIDENT { … }",
                   "不属于任何事件的指挥机构不能有条件：写 指挥机构 名称 由 事件 { … }");
        }
        position.holders = resolve_parties(compiler, &from->holders, false);
        position.condition = resolve_condition(compiler, &scope, from->condition);
        position.cites = add_cites(compiler, &from->tail.clauses);
        position.notes = add_notes(compiler, &from->tail);
        VECTOR_PUSH(compiler, &compiler->built_positions, position);
    }
    command->position_count = (uint16_t)draft->positions.count;
}

static void list_groups(struct compiler *compiler, const struct command_draft *draft, struct plan_command *command) {
    command->groups = (struct plan_list){compiler->lists.count, 0};
    for (uint32_t i = 0; i < draft->groups.count && i < UINT16_MAX; i++) {
        uint16_t group = draft->groups.items[i]->index;
        compiler->built_parties.items[group].of = command->party;
        VECTOR_PUSH(compiler, &compiler->lists, group);
    }
    command->groups.count = (uint16_t)(compiler->lists.count - command->groups.first);
}

/* What the command is about and while it stands: its trigger knows, where its work groups have given it one. */
static void resolve_standing(struct compiler *compiler, const struct command_draft *draft,
                             struct plan_command *command) {
    struct scope scope = {.subject = PLAN_NONE, .scales_allowed = true};
    if (draft->trigger != NULL) {
        command->subject = draft->trigger->trigger.subject;
        command->condition = draft->trigger->trigger.condition;
        return;
    }
    scope.subject = resolve_subject(compiler, draft->subject);
    command->condition = resolve_condition(compiler, &scope, draft->condition);
    command->subject = scope.subject;
}

void resolve_commands(struct compiler *compiler) {
    for (uint32_t i = 0; i < compiler->parties.count; i++) {
        VECTOR_PUSH(compiler, &compiler->built_parties, compiler->parties.items[i]->party);
    }
    for (uint32_t i = 0; i < compiler->commands.count && !compiler_is_exhausted(compiler); i++) {
        const struct command_draft *draft = compiler->commands.items[i];
        struct plan_command command = {.party = draft->party->index, .place = draft->party->party.place};
        if (draft->broken) {
            continue;
        }
        resolve_standing(compiler, draft, &command);
        command.cites = draft->party->party.cites;
        add_positions(compiler, draft, &command);
        list_groups(compiler, draft, &command);
        VECTOR_PUSH(compiler, &compiler->built_commands, command);
    }
}
