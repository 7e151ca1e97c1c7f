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
        !read_one_text(compiler, &phone.label, "the name of the part in double quotes, such as \"east\"")) {
        return false;
    }
    if (!read_one_text(compiler, &phone.number, "a telephone number in double quotes")) {
        return false;
    }
    VECTOR_PUSH(compiler, &draft->phones, phone);
    while (peek_token(compiler)->kind == TOKEN_TEXT || at_mark(compiler, MARK_COMMA)) {
        take_mark(compiler, MARK_COMMA);
        if (!read_one_text(compiler, &phone.number, "another telephone number in double quotes")) {
            return false;
        }
        VECTOR_PUSH(compiler, &draft->phones, phone);
    }
    return true;
}

static bool parse_strength(struct compiler *compiler, struct party_draft *draft) {
    const struct token *token = peek_token(compiler);
    if (token->kind == TOKEN_TEXT) {
        return read_text(compiler, &draft->party.strength_text, "the strength");
    }
    if (token->kind != TOKEN_NUMBER) {
        return report_expected(compiler, "a number of persons, or the document's own words in double quotes", NULL);
    }
    enum quantity_dimension dimension;
    if (!read_quantity(compiler, &draft->party.strength, &dimension)) {
        return false;
    }
    if (dimension != QUANTITY_COUNT) {
        return report(compiler, token->place, "a strength is a number of persons, not a value of %s",
                      quantity_dimension_name(dimension));
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
        return read_text(compiler, &draft->party.team_kind, "the kind of team in double quotes");
    }
    if (is_team && take_keyword(compiler, KEYWORD_STRENGTH)) {
        return parse_strength(compiler, draft);
    }
    return report_no_item(compiler,
                          is_team ? "kind, strength, office-phone, duty-phone, fax or phone"
                                  : "office-phone, duty-phone, fax or phone",
                          phone_keywords);
}

/* { … } behind a party, which may be left out unless `needed`. */
static bool parse_party_block(struct compiler *compiler, struct party_draft *draft, bool needed) {
    struct plan_place opened = peek_token(compiler)->place;
    if (!take_mark(compiler, MARK_OPEN_BRACE)) {
        return !needed || report_expected(compiler, "{ and telephone numbers, such as { phone \"119\" }", NULL);
    }
    while (block_goes_on(compiler, opened, phone_keywords)) {
        uint32_t before = compiler->at;
        if (!parse_party_item(compiler, draft)) {
            draft->broken = true;
            block_recover(compiler, before, phone_keywords);
        }
    }
    if (needed && draft->phones.count == 0 && !draft->broken) {
        report(compiler, opened, "a contact needs a telephone number, such as { phone \"119\" }");
    }
    return true;
}

/* ---- parties ---------------------------------------------------------------------------------------------- */

/* Takes the keyword and the name, and enters the party. NULL after a message. */
static struct party_draft *begin_party(struct compiler *compiler, enum keyword keyword, enum plan_party_kind kind,
                                       const char *what) {
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
    draft->party.bound_by = PLAN_NONE;
    draft->broken = true; /* until it has been read to its end */
    VECTOR_PUSH(compiler, &compiler->parties, draft);
    return draft;
}

static bool parse_alias(struct compiler *compiler, struct party_draft *draft) {
    return !take_keyword(compiler, KEYWORD_ALIAS) ||
           read_names(compiler, &draft->aliases, "another name of the party", KEYWORD_NONE);
}

/* The clauses that end a party; what was read is sound when the braces were. */
static bool end_party(struct compiler *compiler, struct party_draft *draft, bool block_was_sound, const char *what) {
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
    struct party_draft *draft = begin_party(compiler, KEYWORD_UNIT, PLAN_UNIT, "the unit's name");
    bool sound;
    return draft != NULL && parse_alias(compiler, draft) && read_block(compiler, draft, false, &sound) &&
           end_party(compiler, draft, sound, "a unit");
}

bool parse_contact(struct compiler *compiler) {
    struct party_draft *draft = begin_party(compiler, KEYWORD_CONTACT, PLAN_CONTACT, "the contact's name");
    bool sound;
    return draft != NULL && parse_alias(compiler, draft) && read_block(compiler, draft, true, &sound) &&
           end_party(compiler, draft, sound, "a contact");
}

static bool parse_of(struct compiler *compiler, struct party_draft *draft) {
    return !take_keyword(compiler, KEYWORD_OF) || read_name(compiler, &draft->of, "the name of a unit");
}

bool parse_office(struct compiler *compiler) {
    struct party_draft *draft = begin_party(compiler, KEYWORD_OFFICE, PLAN_OFFICE, "the office's name");
    if (draft == NULL || !parse_alias(compiler, draft) || !parse_of(compiler, draft)) {
        return false;
    }
    if (take_keyword(compiler, KEYWORD_HELD_BY) &&
        !read_one_text(compiler, &draft->party.held_by, "in double quotes who holds the office")) {
        return false;
    }
    return end_party(compiler, draft, true, "an office");
}

bool parse_team(struct compiler *compiler) {
    struct party_draft *draft = begin_party(compiler, KEYWORD_TEAM, PLAN_TEAM, "the team's name");
    bool sound;
    return draft != NULL && parse_alias(compiler, draft) && parse_of(compiler, draft) &&
           read_block(compiler, draft, false, &sound) && end_party(compiler, draft, sound, "a team");
}

bool parse_group(struct compiler *compiler) {
    struct party_draft *draft = begin_party(compiler, KEYWORD_GROUP, PLAN_GROUP, "the group's name");
    return draft != NULL && parse_alias(compiler, draft) &&
           read_mark(compiler, MARK_EQUAL, "= and the parties of the group") &&
           read_names(compiler, &draft->members, "a party of the group", KEYWORD_NONE) &&
           end_party(compiler, draft, true, "a group");
}

bool parse_role(struct compiler *compiler) {
    struct party_draft *draft = begin_party(compiler, KEYWORD_ROLE, PLAN_ROLE, "the role's name");
    if (draft == NULL || !parse_alias(compiler, draft)) {
        return false;
    }
    draft->party.many = take_keyword(compiler, KEYWORD_MANY);
    if (take_keyword(compiler, KEYWORD_BOUND_BY) &&
        !(read_name(compiler, &draft->bound_by, "the party that says which unit it is") &&
          read_keyword(compiler, KEYWORD_WITHIN) && read_time(compiler, &draft->bind_within))) {
        return false;
    }
    return end_party(compiler, draft, true, "a role");
}

/* ---- local settings and chains ---------------------------------------------------------------------------- */

/* A local setting and a chain never cite a clause. */
static bool refuse_clause(struct compiler *compiler, const char *what) {
    const struct token *token = peek_token(compiler);
    if (token->kind != TOKEN_CLAUSE) {
        return true;
    }
    report(compiler, token->place, "%s never cites a clause: it states its reason, because no clause gives it", what);
    words ignored = {0};
    take_clauses(compiler, &ignored);
    return true;
}

static bool read_reason(struct compiler *compiler, struct text *reason, const char *what) {
    return read_keyword(compiler, KEYWORD_BECAUSE) &&
           read_text(compiler, reason, "a text in double quotes that gives the reason") &&
           refuse_clause(compiler, what);
}

bool parse_setting(struct compiler *compiler) {
    take_keyword(compiler, KEYWORD_SETTING);
    struct setting_draft *draft = compiler_allocate(compiler, sizeof *draft);
    if (draft == NULL || !read_name(compiler, &draft->name, "the local setting's name")) {
        return false;
    }
    draft->broken = true;
    VECTOR_PUSH(compiler, &compiler->settings, draft);
    if (!read_mark(compiler, MARK_EQUAL, "= and a length of time")) {
        return false;
    }
    if (peek_token(compiler)->kind != TOKEN_NUMBER) {
        return report_expected(compiler, "a length of time, such as 30 min", NULL);
    }
    if (!read_time(compiler, &draft->value) || !read_reason(compiler, &draft->reason, "a local setting")) {
        return false;
    }
    draft->broken = false;
    return true;
}

bool parse_chain(struct compiler *compiler) {
    take_keyword(compiler, KEYWORD_CHAIN);
    struct chain_draft *draft = compiler_allocate(compiler, sizeof *draft);
    if (draft == NULL || !read_name(compiler, &draft->name, "the chain's name")) {
        return false;
    }
    draft->broken = true;
    VECTOR_PUSH(compiler, &compiler->chains, draft);
    if (!read_mark(compiler, MARK_EQUAL, "= and the parties to tell, one after the other") ||
        !read_names(compiler, &draft->steps, "a party of the chain", KEYWORD_NONE) ||
        !read_keyword(compiler, KEYWORD_EVERY) || !read_time(compiler, &draft->every) ||
        !read_reason(compiler, &draft->reason, "a chain")) {
        return false;
    }
    draft->broken = false;
    return true;
}
