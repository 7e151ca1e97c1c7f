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

static bool parse_position(struct compiler *compiler, struct command_draft *command) {
    struct position_draft position = {.condition = NULL};
    take_keyword(compiler, KEYWORD_POSITION);
    if (!read_name(compiler, &position.name, "the position's name") || !read_keyword(compiler, KEYWORD_HELD_BY)) {
        return false;
    }
    if (peek_token(compiler)->kind == TOKEN_TEXT) {
        read_text(compiler, &position.held_by, "who holds it");
    } else if (!read_names(compiler, &position.holders, "the name of a party, or a text in double quotes",
                           KEYWORD_NONE)) {
        return false;
    }
    if (take_keyword(compiler, KEYWORD_WHEN)) {
        position.condition = parse_condition(compiler);
        if (position.condition == NULL) {
            return false;
        }
    }
    if (!read_tail(compiler, &position.tail, TAIL_NOTES | TAIL_NEEDS_CLAUSE, "a position")) {
        return false;
    }
    VECTOR_PUSH(compiler, &command->positions, position);
    return true;
}

static bool parse_work_group(struct compiler *compiler, struct command_draft *command) {
    struct word name = {.keyword = KEYWORD_NONE};
    take_keyword(compiler, KEYWORD_WORK_GROUP);
    if (!read_name(compiler, &name, "the work group's name")) {
        return false;
    }
    struct party_draft *group = make_party(compiler, name, PLAN_WORK_GROUP);
    if (group == NULL) {
        return false;
    }
    VECTOR_PUSH(compiler, &command->groups, group);
    if (!read_keyword(compiler, KEYWORD_LED_BY) ||
        !read_name(compiler, &group->lead, "the name of the party that leads it")) {
        return false;
    }
    if (take_keyword(compiler, KEYWORD_WITH) &&
        !read_names(compiler, &group->members, "the name of a cooperating party", KEYWORD_NONE)) {
        return false;
    }
    if (!read_tail(compiler, &group->tail, TAIL_TEXT | TAIL_NOTES | TAIL_NEEDS_CLAUSE, "a work group")) {
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
    return report_no_item(compiler, "position or work-group", command_keywords);
}

/* of SUBJECT, when CONDITION, and the opening brace. */
static bool parse_command_head(struct compiler *compiler, struct command_draft *command) {
    if (take_keyword(compiler, KEYWORD_OF) &&
        !read_name(compiler, &command->subject, "the name of an incident type or standing subject")) {
        return false;
    }
    if (take_keyword(compiler, KEYWORD_WHEN)) {
        command->condition = parse_condition(compiler);
        if (command->condition == NULL) {
            return false;
        }
    }
    return read_mark(compiler, MARK_OPEN_BRACE, "{ and positions or work groups");
}

bool parse_command(struct compiler *compiler) {
    struct word name = {.keyword = KEYWORD_NONE};
    take_keyword(compiler, KEYWORD_COMMAND);
    if (!read_name(compiler, &name, "the command's name")) {
        return false;
    }
    struct command_draft *command = compiler_allocate(compiler, sizeof *command);
    struct party_draft *party = make_party(compiler, name, PLAN_COMMAND);
    if (command == NULL || party == NULL ||
        !(take_keyword(compiler, KEYWORD_ALIAS) ? read_names(compiler, &party->aliases, "another name", KEYWORD_NONE)
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
    if (!read_tail(compiler, &party->tail, TAIL_TEXT | TAIL_NOTES | TAIL_NEEDS_CLAUSE, "a command")) {
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
        if (!read_name(compiler, &call.party, "the name of a unit, group or role")) {
            return false;
        }
    } else if (take_keyword(compiler, KEYWORD_TEAM)) {
        if (!read_name(compiler, &call.party, "the name of a team")) {
            return false;
        }
    } else if (take_keyword(compiler, KEYWORD_REQUEST)) {
        call.is_request = true;
        if (!read_name(compiler, &call.party, "the name of the party that is asked") ||
            !read_text(compiler, &call.request, "a text in double quotes that says what is asked for")) {
            return false;
        }
    } else {
        return report_no_item(compiler, "team, teams of or request", calling_keywords);
    }
    if (!read_tail(compiler, &call.tail, TAIL_NOTES | TAIL_NEEDS_CLAUSE, "a call")) {
        return false;
    }
    VECTOR_PUSH(compiler, &calling->calls, call);
    return true;
}

bool parse_calling(struct compiler *compiler) {
    take_keyword(compiler, KEYWORD_CALLING);
    struct calling_draft *calling = compiler_allocate(compiler, sizeof *calling);
    if (calling == NULL || !read_name(compiler, &calling->name, "the calling order's name")) {
        return false;
    }
    calling->broken = true;
    VECTOR_PUSH(compiler, &compiler->callings, calling);
    if (!read_keyword(compiler, KEYWORD_OF) ||
        !read_name(compiler, &calling->subject, "the name of an incident type or standing subject")) {
        return false;
    }
    struct plan_place opened = peek_token(compiler)->place;
    if (!read_mark(compiler, MARK_OPEN_BRACE, "{ and the calls")) {
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
    if (!read_tail(compiler, &calling->tail, TAIL_NOTES | TAIL_NEEDS_CLAUSE, "a calling order")) {
        return false;
    }
    calling->broken = !sound;
    return true;
}
