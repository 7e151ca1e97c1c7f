/* Parties (units, contacts, offices, teams, groups, roles), local settings and chains. */
#include "plan/parse.h"

#include <string.h>

/* ---- telephones and particulars --------------------------------------------------------------------------- */

static const enum keyword phone_keywords[] = {KEYWORD_OFFICE_PHONE, KEYWORD_DUTY_PHONE, KEYWORD_FAX, KEYWORD_PHONE,
                                              KEYWORD_KIND,         KEYWORD_STRENGTH,   KEYWORD_NONE};

/* Numbers behind office-phone, duty-phone, fax or phone, or phone part "east" "555 0101". */
static bool parse_phone(struct compiler *compiler, struct party_draft *draft) {
    const struct token *token = peek_token(compiler);
    struct plan_phone phone = {.kind = text_of(keyword_name(token->keyword))};
    take_keyword(compiler, token->keyword);
    if (take_keyword(compiler, KEYWORD_PART) &&
        !read_one_text(
            compiler, &phone.label,
            SAY("the name of the part in double quotes, such as \"east\"", "双引号里的分部名称，如 \"东区\""))) {
        return false;
    }
    if (!read_one_text(compiler, &phone.number, SAY("a telephone number in double quotes", "双引号里的电话号码"))) {
        return false;
    }
    VECTOR_PUSH(compiler, &draft->phones, phone);
    while (peek_token(compiler)->kind == TOKEN_TEXT || at_mark(compiler, MARK_COMMA)) {
        take_mark(compiler, MARK_COMMA);
        if (!read_one_text(compiler, &phone.number,
                           SAY("another telephone number in double quotes", "双引号里的另一个电话号码"))) {
            return false;
        }
        VECTOR_PUSH(compiler, &draft->phones, phone);
    }
    return true;
}

static bool parse_strength(struct compiler *compiler, struct party_draft *draft) {
    const struct token *token = peek_token(compiler);
    if (token->kind == TOKEN_TEXT) {
        return read_text(compiler, &draft->party.strength_text, SAY("the strength", "人数"));
    }
    if (token->kind != TOKEN_NUMBER) {
        return report_expected(
            compiler,
            SAY("a number of persons, or the document's own words in double quotes", "人数，或双引号里的原文"), NULL);
    }
    enum quantity_dimension dimension;
    if (!read_quantity(compiler, &draft->party.strength, &dimension)) {
        return false;
    }
    if (dimension != QUANTITY_COUNT) {
        return report(compiler, token->place, "a strength is a number of persons, not a value of %s",
                      "人数是人的数量，不能是%s", dimension_words(compiler, dimension));
    }
    return true;
}

static bool parse_party_item(struct compiler *compiler, struct party_draft *draft) {
    bool is_team = draft->party.kind == PLAN_TEAM;
    if (at_keyword(compiler, KEYWORD_OFFICE_PHONE) || at_keyword(compiler, KEYWORD_DUTY_PHONE) ||
        at_keyword(compiler, KEYWORD_FAX) || at_keyword(compiler, KEYWORD_PHONE)) {
        return parse_phone(compiler, draft);
    }
    if (is_team && take_keyword(compiler, KEYWORD_KIND)) {
        return read_text(compiler, &draft->party.team_kind,
                         SAY("the kind of team in double quotes", "双引号里的队伍类别"));
    }
    if (is_team && take_keyword(compiler, KEYWORD_STRENGTH)) {
        return parse_strength(compiler, draft);
    }
    return report_no_item(compiler,
                          is_team ? SAY("kind, strength, office-phone, duty-phone, fax or phone",
                                        "类别、人数、办公电话、值班电话、传真或电话号码")
                                  : SAY("office-phone, duty-phone, fax or phone", "办公电话、值班电话、传真或电话号码"),
                          phone_keywords);
}

/* { … } behind a party, which may be left out unless `needed`. */
static bool parse_party_block(struct compiler *compiler, struct party_draft *draft, bool needed) {
    struct plan_place opened = peek_token(compiler)->place;
    if (!take_mark(compiler, MARK_OPEN_BRACE)) {
        return !needed || report_expected(compiler,
                                          SAY("{ and telephone numbers, such as { phone \"119\" }",
                                              "{ 和电话号码，如 { 电话号码 \"119\" }"),
                                          NULL);
    }
    while (block_goes_on(compiler, opened, phone_keywords)) {
        uint32_t before = compiler->at;
        if (!parse_party_item(compiler, draft)) {
            draft->broken = true;
            block_recover(compiler, before, phone_keywords);
        }
    }
    if (needed && draft->phones.count == 0 && !draft->broken) {
        report(compiler, opened, "a contact needs a telephone number, such as { phone \"119\" }",
               "电话簿条目要有电话号码，如 { 电话号码 \"119\" }");
    }
    return true;
}

/* ---- parties ---------------------------------------------------------------------------------------------- */

/* Takes the keyword and the name, and enters the party. NULL after a message. */
static struct party_draft *begin_party(struct compiler *compiler, enum keyword keyword, enum plan_party_kind kind,
                                       struct say what) {
    take_keyword(compiler, keyword);
    struct word name = {.keyword = KEYWORD_NONE};
    if (!read_name(compiler, &name, what)) {
        return NULL;
    }
    struct party_draft *draft = compiler_allocate(compiler, sizeof *draft);
    if (draft == NULL) {
        return NULL;
    }
    draft->party.kind = kind;
    draft->party.name = name.text;
    draft->party.place = name.place;
    draft->party.strength = -1;
    draft->party.of = PLAN_NONE;
    draft->party.lead = PLAN_NONE;
    draft->party.placed_among = PLAN_NONE;
    draft->party.bound_by = PLAN_NONE;
    draft->broken = true; /* until it has been read to its end */
    VECTOR_PUSH(compiler, &compiler->parties, draft);
    return draft;
}

static bool parse_alias(struct compiler *compiler, struct party_draft *draft) {
    return !take_keyword(compiler, KEYWORD_ALIAS) ||
           read_names(compiler, &draft->aliases, SAY("another name of the party", "另一个名称"), KEYWORD_NONE);
}

/* The clauses that end a party; what was read is sound when the braces were. */
static bool end_party(struct compiler *compiler, struct party_draft *draft, bool block_was_sound, struct say what) {
    if (!read_tail(compiler, &draft->tail, TAIL_TEXT | TAIL_NOTES | TAIL_NEEDS_CLAUSE, what)) {
        return false;
    }
    draft->broken = !block_was_sound;
    return true;
}

/* Reads the party's braces; returns false after a mistake outside of them. */
static bool read_block(struct compiler *compiler, struct party_draft *draft, bool needed, bool *sound) {
    draft->broken = false;
    bool went_on = parse_party_block(compiler, draft, needed);
    *sound = !draft->broken;
    draft->broken = true;
    return went_on;
}

bool parse_unit(struct compiler *compiler) {
    struct party_draft *draft = begin_party(compiler, KEYWORD_UNIT, PLAN_UNIT, SAY("the unit's name", "单位的名称"));
    bool sound;
    return draft != NULL && parse_alias(compiler, draft) && read_block(compiler, draft, false, &sound) &&
           end_party(compiler, draft, sound, SAY("a unit", "单位"));
}

bool parse_contact(struct compiler *compiler) {
    struct party_draft *draft =
        begin_party(compiler, KEYWORD_CONTACT, PLAN_CONTACT, SAY("the contact's name", "电话簿条目的名称"));
    bool sound;
    return draft != NULL && parse_alias(compiler, draft) && read_block(compiler, draft, true, &sound) &&
           end_party(compiler, draft, sound, SAY("a contact", "电话簿条目"));
}

static bool parse_of(struct compiler *compiler, struct party_draft *draft) {
    return !take_keyword(compiler, KEYWORD_OF) ||
           read_name(compiler, &draft->of, SAY("the name of a unit", "单位的名称"));
}

bool parse_office(struct compiler *compiler) {
    struct party_draft *draft =
        begin_party(compiler, KEYWORD_OFFICE, PLAN_OFFICE, SAY("the office's name", "职务的名称"));
    if (draft == NULL || !parse_alias(compiler, draft) || !parse_of(compiler, draft)) {
        return false;
    }
    if (take_keyword(compiler, KEYWORD_HELD_BY) &&
        !read_one_text(compiler, &draft->party.held_by,
                       SAY("in double quotes who holds the office", "双引号里的任职者"))) {
        return false;
    }
    return end_party(compiler, draft, true, SAY("an office", "职务"));
}

bool parse_team(struct compiler *compiler) {
    struct party_draft *draft = begin_party(compiler, KEYWORD_TEAM, PLAN_TEAM, SAY("the team's name", "队伍的名称"));
    bool sound;
    return draft != NULL && parse_alias(compiler, draft) && parse_of(compiler, draft) &&
           read_block(compiler, draft, false, &sound) && end_party(compiler, draft, sound, SAY("a team", "队伍"));
}

bool parse_group(struct compiler *compiler) {
    struct party_draft *draft =
        begin_party(compiler, KEYWORD_GROUP, PLAN_GROUP, SAY("the group's name", "单位组的名称"));
    return draft != NULL && parse_alias(compiler, draft) &&
           read_mark(compiler, MARK_EQUAL, SAY("= and the parties of the group", "= 和组内各方")) &&
           read_names(compiler, &draft->members, SAY("a party of the group", "组内一方"), KEYWORD_NONE) &&
           end_party(compiler, draft, true, SAY("a group", "单位组"));
}

bool parse_role(struct compiler *compiler) {
    struct party_draft *draft = begin_party(compiler, KEYWORD_ROLE, PLAN_ROLE, SAY("the role's name", "角色的名称"));
    if (draft == NULL || !parse_alias(compiler, draft)) {
        return false;
    }
    draft->party.many = take_keyword(compiler, KEYWORD_MANY);
    if (take_keyword(compiler, KEYWORD_BY_PLACE_AMONG) &&
        !read_name(compiler, &draft->placed_among,
                   SAY("the group of units of which the place names one", "按地点认定的那组单位"))) {
        return false;
    }
    if (take_keyword(compiler, KEYWORD_BOUND_BY) &&
        !(read_name(compiler, &draft->bound_by, SAY("the party that says which unit it is", "指定该角色的一方")) &&
          read_keyword(compiler, KEYWORD_WITHIN) && read_time(compiler, &draft->bind_within))) {
        return false;
    }
    return end_party(compiler, draft, true, SAY("a role", "角色"));
}

/* ---- local settings and chains ---------------------------------------------------------------------------- */

/* A local setting and a chain never cite a clause. */
static bool refuse_clause(struct compiler *compiler, struct say what) {
    const struct token *token = peek_token(compiler);
    if (token->kind != TOKEN_CLAUSE) {
        return true;
    }
    report(compiler, token->place, "%s never cites a clause: it states its reason, because no clause gives it",
           "%s不引用条款：它自己写明理由，因为没有条款规定它", said(compiler, what));
    words ignored = {0};
    take_clauses(compiler, &ignored);
    return true;
}

static bool read_reason(struct compiler *compiler, struct text *reason, struct say what) {
    return read_keyword(compiler, KEYWORD_BECAUSE) &&
           read_text(compiler, reason, SAY("a text in double quotes that gives the reason", "双引号里的理由")) &&
           refuse_clause(compiler, what);
}

bool parse_setting(struct compiler *compiler) {
    take_keyword(compiler, KEYWORD_SETTING);
    struct setting_draft *draft = compiler_allocate(compiler, sizeof *draft);
    if (draft == NULL || !read_name(compiler, &draft->name, SAY("the local setting's name", "本地设定的名称"))) {
        return false;
    }
    draft->broken = true;
    VECTOR_PUSH(compiler, &compiler->settings, draft);
    if (!read_mark(compiler, MARK_EQUAL, SAY("= and a length of time", "= 和时长"))) {
        return false;
    }
    if (peek_token(compiler)->kind != TOKEN_NUMBER) {
        return report_expected(compiler, SAY("a length of time, such as 30 min", "时长，如 30 分钟"), NULL);
    }
    if (!read_time(compiler, &draft->value) ||
        !read_reason(compiler, &draft->reason, SAY("a local setting", "本地设定"))) {
        return false;
    }
    draft->broken = false;
    return true;
}

/* The whole number of a percentage, 1 to 99. */
static bool read_percent(struct compiler *compiler, uint8_t *percent) {
    const struct token *token = peek_token(compiler);
    struct text digits = token->text;
    bool is_number = token->kind == TOKEN_NUMBER && (digits.length == 1 || digits.length == 2);
    uint8_t found = 0;
    for (size_t i = 0; is_number && i < digits.length; i++) {
        is_number = digits.bytes[i] >= '0' && digits.bytes[i] <= '9';
        found = (uint8_t)(found * 10 + (digits.bytes[i] - '0'));
    }
    if (!is_number || found == 0) {
        return report_expected(compiler, SAY("a whole number from 1 to 99 and percent", "1 至 99 的整数和百分点"),
                               NULL);
    }
    *percent = found;
    skip_token(compiler);
    if (text_equals_string(token->unit, keyword_name(KEYWORD_PERCENT)) ||
        text_equals_string(token->unit, keyword_chinese_name(KEYWORD_PERCENT))) {
        return true;
    }
    return read_keyword(compiler, KEYWORD_PERCENT);
}

bool parse_about(struct compiler *compiler) {
    struct plan_about about = {.place = peek_token(compiler)->place};
    struct amount time = {.given = false};
    take_keyword(compiler, KEYWORD_ABOUT);
    if (!read_mark(compiler, MARK_EQUAL, SAY("= and a percentage", "= 和百分点")) ||
        !read_percent(compiler, &about.percent)) {
        return false;
    }
    if (take_mark(compiler, MARK_COMMA)) {
        if (peek_token(compiler)->kind != TOKEN_NUMBER) {
            return report_expected(compiler, SAY("a length of time, such as 15 min", "时长，如 15 分钟"), NULL);
        }
        if (!read_time(compiler, &time)) {
            return false;
        }
        about.time_us = time.value;
    }
    if (!read_reason(compiler, &about.reason, SAY("what about means", "约指"))) {
        return false;
    }
    if (compiler->plan->about.percent != 0) {
        return report(compiler, about.place, "what about means is said twice", "约指写了两次");
    }
    compiler->plan->about = about;
    return true;
}

bool parse_chain(struct compiler *compiler) {
    take_keyword(compiler, KEYWORD_CHAIN);
    struct chain_draft *draft = compiler_allocate(compiler, sizeof *draft);
    if (draft == NULL || !read_name(compiler, &draft->name, SAY("the chain's name", "上报链的名称"))) {
        return false;
    }
    draft->broken = true;
    VECTOR_PUSH(compiler, &compiler->chains, draft);
    if (!read_mark(compiler, MARK_EQUAL, SAY("= and the parties to tell, one after the other", "= 和依次上报的各方")) ||
        !read_names(compiler, &draft->steps, SAY("a party of the chain", "上报链上的一方"), KEYWORD_NONE) ||
        !read_keyword(compiler, KEYWORD_EVERY) || !read_time(compiler, &draft->every) ||
        !read_reason(compiler, &draft->reason, SAY("a chain", "上报链"))) {
        return false;
    }
    draft->broken = false;
    return true;
}
