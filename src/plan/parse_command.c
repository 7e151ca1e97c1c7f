/* Command structures with their positions and work groups, and calling orders. */
#include "plan/parse.h"

#include <string.h>

static const enum keyword command_keywords[] = {KEYWORD_POSITION, KEYWORD_WORK_GROUP, KEYWORD_NONE};
static const enum keyword calling_keywords[] = {KEYWORD_TEAM, KEYWORD_TEAMS_OF, KEYWORD_REQUEST, KEYWORD_NONE};

static struct party_draft *make_party(struct compiler *compiler, struct word name, enum plan_party_kind kind) {
    struct party_draft *party = compiler_allocate(compiler, sizeof *party);
    if (party != NULL) {
        party->party.kind = kind;
        party->party.name = name.text;
        party->party.place = name.place;
        party->party.of = PLAN_NONE;
        party->party.lead = PLAN_NONE;
        party->party.bound_by = PLAN_NONE;
        party->party.strength = -1;
        party->broken = true;
        VECTOR_PUSH(compiler, &compiler->parties, party);
    }
    return party;
}

/* ---- commands --------------------------------------------------------------------------------------------- */

/* "A", "A, B", or with the word before the last name "A, B or C": one of these. */
static bool read_holders(struct compiler *compiler, struct position_draft *position) {
    struct say what = SAY("the name of a party, or a text in double quotes", "一方的名称，或双引号里的文字");
    struct word last = {.keyword = KEYWORD_NONE};
    if (!read_names(compiler, &position->holders, what, KEYWORD_NONE)) {
        return false;
    }
    while (take_keyword(compiler, KEYWORD_OR)) {
        if (!read_name(compiler, &last, SAY("the name of a party", "一方的名称"))) {
            return false;
        }
        position->one_serves = true;
        VECTOR_PUSH(compiler, &position->holders, last);
    }
    return true;
}

static bool parse_position(struct compiler *compiler, struct command_draft *command) {
    struct position_draft position = {.condition = NULL};
    take_keyword(compiler, KEYWORD_POSITION);
    if (!read_name(compiler, &position.name, SAY("the position's name", "职位的名称")) ||
        !read_keyword(compiler, KEYWORD_HELD_BY)) {
        return false;
    }
    if (peek_token(compiler)->kind == TOKEN_TEXT) {
        read_text(compiler, &position.held_by, SAY("who holds it", "由谁担任"));
    } else if (!read_holders(compiler, &position)) {
        return false;
    }
    if (take_keyword(compiler, KEYWORD_WHEN)) {
        position.condition = parse_condition(compiler);
        if (position.condition == NULL) {
            return false;
        }
    }
    if (!read_tail(compiler, &position.tail, TAIL_NOTES | TAIL_NEEDS_CLAUSE, SAY("a position", "职位"))) {
        return false;
    }
    VECTOR_PUSH(compiler, &command->positions, position);
    return true;
}

static bool parse_work_group(struct compiler *compiler, struct command_draft *command) {
    struct word name = {.keyword = KEYWORD_NONE};
    take_keyword(compiler, KEYWORD_WORK_GROUP);
    if (!read_name(compiler, &name, SAY("the work group's name", "工作组的名称"))) {
        return false;
    }
    struct party_draft *group = make_party(compiler, name, PLAN_WORK_GROUP);
    if (group == NULL) {
        return false;
    }
    VECTOR_PUSH(compiler, &command->groups, group);
    if (!read_keyword(compiler, KEYWORD_LED_BY) ||
        !read_name(compiler, &group->lead, SAY("the name of the party that leads it", "牵头方的名称"))) {
        return false;
    }
    if (take_keyword(compiler, KEYWORD_WITH) &&
        !read_names(compiler, &group->members, SAY("the name of a cooperating party", "会同方的名称"), KEYWORD_NONE)) {
        return false;
    }
    if (!read_tail(compiler, &group->tail, TAIL_TEXT | TAIL_NOTES | TAIL_NEEDS_CLAUSE, SAY("a work group", "工作组"))) {
        return false;
    }
    group->broken = false;
    return true;
}

static bool parse_command_item(struct compiler *compiler, struct command_draft *command) {
    if (at_keyword(compiler, KEYWORD_POSITION)) {
        return parse_position(compiler, command);
    }
    if (at_keyword(compiler, KEYWORD_WORK_GROUP)) {
        return parse_work_group(compiler, command);
    }
    return report_no_item(compiler, SAY("position or work-group", "职位或工作组"), command_keywords);
}

/* of SUBJECT, when CONDITION, and the opening brace. */
static bool parse_command_head(struct compiler *compiler, struct command_draft *command) {
    if (take_keyword(compiler, KEYWORD_OF) &&
        !read_name(compiler, &command->subject,
                   SAY("the name of an incident type or standing subject", "事件或常设对象的名称"))) {
        return false;
    }
    if (take_keyword(compiler, KEYWORD_WHEN)) {
        command->condition = parse_condition(compiler);
        if (command->condition == NULL) {
            return false;
        }
    }
    return read_mark(compiler, MARK_OPEN_BRACE, SAY("{ and positions or work groups", "{ 和职位或工作组"));
}

bool parse_command(struct compiler *compiler) {
    struct word name = {.keyword = KEYWORD_NONE};
    take_keyword(compiler, KEYWORD_COMMAND);
    if (!read_name(compiler, &name, SAY("the command's name", "指挥机构的名称"))) {
        return false;
    }
    struct command_draft *command = compiler_allocate(compiler, sizeof *command);
    struct party_draft *party = make_party(compiler, name, PLAN_COMMAND);
    if (command == NULL || party == NULL ||
        !(take_keyword(compiler, KEYWORD_ALIAS)
              ? read_names(compiler, &party->aliases, SAY("another name", "另一个名称"), KEYWORD_NONE)
              : true)) {
        return false;
    }
    command->party = party;
    command->broken = true;
    VECTOR_PUSH(compiler, &compiler->commands, command);
    if (!parse_command_head(compiler, command)) {
        return false;
    }
    struct plan_place opened = compiler->tokens.items[compiler->at - 1].place;
    command->broken = false;
    while (block_goes_on(compiler, opened, command_keywords)) {
        uint32_t before = compiler->at;
        if (!parse_command_item(compiler, command)) {
            block_recover(compiler, before, command_keywords);
        }
    }
    if (!read_tail(compiler, &party->tail, TAIL_TEXT | TAIL_NOTES | TAIL_NEEDS_CLAUSE, SAY("a command", "指挥机构"))) {
        return false;
    }
    party->broken = false;
    return add_command_trigger(compiler, command);
}

/* ---- calling orders --------------------------------------------------------------------------------------- */

static bool parse_call(struct compiler *compiler, struct calling_draft *calling) {
    struct call_draft call = {.teams_of = false};
    if (take_keyword(compiler, KEYWORD_TEAMS_OF)) {
        call.teams_of = true;
        if (!read_name(compiler, &call.party, SAY("the name of a unit, group or role", "单位、单位组或角色的名称"))) {
            return false;
        }
    } else if (take_keyword(compiler, KEYWORD_TEAM)) {
        if (!read_name(compiler, &call.party, SAY("the name of a team", "队伍的名称"))) {
            return false;
        }
    } else if (take_keyword(compiler, KEYWORD_REQUEST)) {
        call.is_request = true;
        if (!read_name(compiler, &call.party, SAY("the name of the party that is asked", "被请求方的名称")) ||
            !read_text(compiler, &call.request,
                       SAY("a text in double quotes that says what is asked for", "双引号里的文字，写明请求什么"))) {
            return false;
        }
    } else {
        return report_no_item(compiler, SAY("team, teams of or request", "队伍、所属队伍或请求"), calling_keywords);
    }
    if (!read_tail(compiler, &call.tail, TAIL_NOTES | TAIL_NEEDS_CLAUSE, SAY("a call", "一项调动"))) {
        return false;
    }
    VECTOR_PUSH(compiler, &calling->calls, call);
    return true;
}

bool parse_calling(struct compiler *compiler) {
    take_keyword(compiler, KEYWORD_CALLING);
    struct calling_draft *calling = compiler_allocate(compiler, sizeof *calling);
    if (calling == NULL || !read_name(compiler, &calling->name, SAY("the calling order's name", "调动顺序的名称"))) {
        return false;
    }
    calling->broken = true;
    VECTOR_PUSH(compiler, &compiler->callings, calling);
    if (!read_keyword(compiler, KEYWORD_OF) ||
        !read_name(compiler, &calling->subject,
                   SAY("the name of an incident type or standing subject", "事件或常设对象的名称"))) {
        return false;
    }
    struct plan_place opened = peek_token(compiler)->place;
    if (!read_mark(compiler, MARK_OPEN_BRACE, SAY("{ and the calls", "{ 和各项调动"))) {
        return false;
    }
    bool sound = true;
    while (block_goes_on(compiler, opened, calling_keywords)) {
        uint32_t before = compiler->at;
        if (!parse_call(compiler, calling)) {
            sound = false;
            block_recover(compiler, before, calling_keywords);
        }
    }
    if (!read_tail(compiler, &calling->tail, TAIL_NOTES | TAIL_NEEDS_CLAUSE, SAY("a calling order", "调动顺序"))) {
        return false;
    }
    calling->broken = !sound;
    return true;
}
