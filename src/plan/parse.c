/* Reads a pack statement by statement, goes on at the next one after a mistake, and reads the header, prose and
 * findings. */
#include "plan/parse.h"

#include <string.h>

/* ---- statements ------------------------------------------------------------------------------------------- */

static bool parse_plan(struct compiler *compiler);

struct statement {
    enum keyword keyword;
    bool (*parse)(struct compiler *compiler);
};

static const struct statement statements[] = {
    {KEYWORD_PLAN, parse_plan},          {KEYWORD_UNIT, parse_unit},         {KEYWORD_CONTACT, parse_contact},
    {KEYWORD_OFFICE, parse_office},      {KEYWORD_TEAM, parse_team},         {KEYWORD_GROUP, parse_group},
    {KEYWORD_ROLE, parse_role},          {KEYWORD_SETTING, parse_setting},   {KEYWORD_ABOUT, parse_about},
    {KEYWORD_CHAIN, parse_chain},        {KEYWORD_INCIDENT, parse_incident}, {KEYWORD_STANDING, parse_standing},
    {KEYWORD_SCALE, parse_scale},        {KEYWORD_WHEN, parse_when},         {KEYWORD_ON_OPEN_OF, parse_on_open},
    {KEYWORD_ON_DONE_OF, parse_on_done}, {KEYWORD_COMMAND, parse_command},   {KEYWORD_CALLING, parse_calling},
    {KEYWORD_HANDLING, parse_handling},  {KEYWORD_FORM, parse_form},         {KEYWORD_PROSE, parse_prose},
    {KEYWORD_FINDING, parse_finding},
};
#define STATEMENT_COUNT (sizeof statements / sizeof statements[0])

/* The keywords that begin statements outside of all braces, for suggestions. */
static const enum keyword statement_keywords[] = {
    KEYWORD_PLAN,     KEYWORD_UNIT,    KEYWORD_CONTACT,    KEYWORD_OFFICE,     KEYWORD_TEAM,     KEYWORD_GROUP,
    KEYWORD_ROLE,     KEYWORD_SETTING, KEYWORD_ABOUT,      KEYWORD_CHAIN,      KEYWORD_INCIDENT, KEYWORD_STANDING,
    KEYWORD_SCALE,    KEYWORD_WHEN,    KEYWORD_ON_OPEN_OF, KEYWORD_ON_DONE_OF, KEYWORD_COMMAND,  KEYWORD_CALLING,
    KEYWORD_HANDLING, KEYWORD_FORM,    KEYWORD_PROSE,      KEYWORD_FINDING,    KEYWORD_NONE};

/* ---- blocks ----------------------------------------------------------------------------------------------- */

static bool holds_keyword(const enum keyword *keywords, enum keyword wanted) {
    while (*keywords != KEYWORD_NONE && *keywords != wanted) {
        keywords++;
    }
    return *keywords == wanted && wanted != KEYWORD_NONE;
}

bool block_goes_on(struct compiler *compiler, struct plan_place opened, const enum keyword *starters) {
    if (take_mark(compiler, MARK_CLOSE_BRACE) || compiler_is_exhausted(compiler)) {
        return false;
    }
    const struct token *token = peek_token(compiler);
    if (token->kind == TOKEN_END) {
        report(compiler, opened, "the { that opens here is not closed: a } is missing", "这里的 { 没有结束：缺少 }");
        return false;
    }
    if (token->starts_line && at_any_keyword(compiler, statement_keywords) &&
        !holds_keyword(starters, token->keyword)) {
        report(compiler, token->place, "a } is missing before %s: the { in line %u, column %u is not closed",
               "“%s”前面缺少 }：第 %u 行第 %u 列的 { 没有结束", keyword_words(compiler, token->keyword),
               (unsigned)opened.line, (unsigned)opened.column);
        return false;
    }
    return true;
}

/* True where a statement that stands outside of all braces plainly begins: at the left edge. */
static bool at_left_edge_statement(const struct compiler *compiler) {
    const struct token *token = peek_token(compiler);
    return token->starts_line && token->place.column == 1 && at_any_keyword(compiler, statement_keywords);
}

static bool at_left_edge_word(const struct compiler *compiler) {
    const struct token *token = peek_token(compiler);
    return token->starts_line && token->place.column == 1 && token->kind == TOKEN_NAME;
}

/* True where a rule of a scale begins: NAME when. */
static bool at_level_rule(const struct compiler *compiler) {
    uint32_t next = compiler->at + 1;
    return at_name(compiler) && next < compiler->tokens.count && compiler->tokens.items[next].keyword == KEYWORD_WHEN;
}

static bool at_block_statement(const struct compiler *compiler, const enum keyword *starters) {
    if (starters[0] == KEYWORD_NONE) {
        return peek_token(compiler)->starts_line;
    }
    return at_any_keyword(compiler, starters) || (starters[0] == KEYWORD_LEVELS && at_level_rule(compiler));
}

/* Remembers the names of a faulty statement, from its first word on. */
static void lose_names(struct compiler *compiler, uint32_t before) {
    for (uint32_t i = before; i < compiler->at; i++) {
        const struct token *token = &compiler->tokens.items[i];
        if (token->kind == TOKEN_NAME || token->kind == TOKEN_QUOTED) {
            names_lose(compiler, token->text);
        }
    }
}

static void skip_block_statement(struct compiler *compiler, uint32_t before, const enum keyword *starters) {
    uint32_t depth = 0;
    if (compiler->at == before) {
        depth = at_mark(compiler, MARK_OPEN_BRACE) ? 1 : 0;
        skip_token(compiler);
    }
    while (peek_token(compiler)->kind != TOKEN_END && !at_left_edge_statement(compiler)) {
        if (at_mark(compiler, MARK_OPEN_BRACE)) {
            depth++;
        } else if (at_mark(compiler, MARK_CLOSE_BRACE)) {
            if (depth == 0) {
                return;
            }
            depth--;
        } else if (depth == 0 && at_block_statement(compiler, starters)) {
            return;
        }
        skip_token(compiler);
    }
}

void block_recover(struct compiler *compiler, uint32_t before, const enum keyword *starters) {
    skip_block_statement(compiler, before, starters);
    lose_names(compiler, before);
}

/* True at a statement no further in than the faulty one: what stands further in may be what its lost brace held. */
static bool at_line_statement(const struct compiler *compiler, uint32_t column) {
    const struct token *token = peek_token(compiler);
    return token->starts_line && token->place.column <= column && at_any_keyword(compiler, statement_keywords);
}

/* Skips what is left of a faulty statement. */
static void skip_statement(struct compiler *compiler, uint32_t before) {
    uint32_t column = compiler->tokens.items[before].place.column;
    uint32_t depth = 0;
    bool is_closed = false; /* a brace at the left edge ends a statement, whatever was wrong with it */
    if (compiler->at == before) {
        depth = at_mark(compiler, MARK_OPEN_BRACE) ? 1 : 0;
        skip_token(compiler);
    }
    while (peek_token(compiler)->kind != TOKEN_END && !at_left_edge_statement(compiler)) {
        if (at_mark(compiler, MARK_OPEN_BRACE)) {
            depth++;
        } else if (at_mark(compiler, MARK_CLOSE_BRACE)) {
            depth = depth > 0 ? depth - 1 : 0;
            is_closed = is_closed || peek_token(compiler)->place.column == 1;
        } else if ((is_closed && at_left_edge_word(compiler)) || (depth == 0 && at_line_statement(compiler, column))) {
            return;
        }
        skip_token(compiler);
    }
}

/* Skips to the next statement outside of all braces and remembers what names were lost. */
static void recover(struct compiler *compiler, uint32_t before) {
    skip_statement(compiler, before);
    lose_names(compiler, before);
}

/* ---- header ----------------------------------------------------------------------------------------------- */

static const enum keyword header_keywords[] = {KEYWORD_VERSION, KEYWORD_DOCUMENT, KEYWORD_TITLE,    KEYWORD_ISSUER,
                                               KEYWORD_ISSUED,  KEYWORD_ZONE,     KEYWORD_LANGUAGE, KEYWORD_NONE};

static bool read_zone(struct compiler *compiler) {
    const struct token *token = peek_token(compiler);
    if (token->kind != TOKEN_ZONE) {
        return report_expected(compiler, SAY("a zone such as +08:00", "时区，如 +08:00"), NULL);
    }
    skip_token(compiler);
    struct failure failure = {0};
    if (!calendar_parse_zone(token->text, &compiler->plan->zone_minutes, &failure)) {
        return report(
            compiler, token->place, "%s", "%s",
            said(compiler, (struct say){failure.message, "这不是时区：写 +08:00 这样的时差（前后最多 14:00）或 Z"}));
    }
    compiler->plan->zone_name = token->text;
    return true;
}

static bool read_language(struct compiler *compiler) {
    const struct token *token = peek_token(compiler);
    if (token->kind != TOKEN_NAME ||
        !(text_equals_string(token->text, "zh") || text_equals_string(token->text, "en"))) {
        return report_expected(compiler, SAY("the language zh or en", "语言 zh 或 en"), NULL);
    }
    compiler->plan->language = token->text;
    skip_token(compiler);
    return true;
}

static bool read_header_text(struct compiler *compiler, struct text *text, struct say what) {
    struct plan_place place = peek_token(compiler)->place;
    if (text->length > 0) {
        return report(compiler, place, "%s stands here twice", "%s 在这里出现了两次", said(compiler, what));
    }
    return read_text(compiler, text, what);
}

static bool parse_header_item(struct compiler *compiler) {
    struct plan *plan = compiler->plan;
    if (take_keyword(compiler, KEYWORD_VERSION)) {
        return read_header_text(compiler, &plan->version,
                                SAY("a version in quotes, such as \"1\"", "带引号的版本，如 \"1\""));
    }
    if (take_keyword(compiler, KEYWORD_DOCUMENT)) {
        return read_header_text(compiler, &plan->document, SAY("the document's number in quotes", "带引号的文号"));
    }
    if (take_keyword(compiler, KEYWORD_TITLE)) {
        return read_header_text(compiler, &plan->title, SAY("the title in quotes", "带引号的标题"));
    }
    if (take_keyword(compiler, KEYWORD_ISSUER)) {
        return read_header_text(compiler, &plan->issuer, SAY("the issuer in quotes", "带引号的发文机关"));
    }
    if (take_keyword(compiler, KEYWORD_ISSUED)) {
        plan->has_issued = true;
        return read_date(compiler, &plan->issued_day);
    }
    if (take_keyword(compiler, KEYWORD_ZONE)) {
        return read_zone(compiler);
    }
    if (take_keyword(compiler, KEYWORD_LANGUAGE)) {
        return read_language(compiler);
    }
    return report_no_item(compiler,
                          SAY("version, document, title, issuer, issued, zone or language",
                              "版本、文号、标题、发文机关、印发、时区或语言"),
                          header_keywords);
}

static void check_header(struct compiler *compiler) {
    const struct plan *plan = compiler->plan;
    if (plan->version.length == 0) {
        report(compiler, plan->place, "the header has no version: add version \"1\"", "开头没有版本：加上 版本 \"1\"");
    } else if (plan->zone_name.length == 0) {
        report(compiler, plan->place, "the header has no zone, in which the plan's days begin: add zone +08:00",
               "开头没有时区（每天从何时算起）：加上 时区 +08:00");
    }
}

static bool parse_plan(struct compiler *compiler) {
    struct plan_place place = peek_token(compiler)->place;
    if (compiler->has_header) {
        return report(compiler, place, "a second header stands here: a pack has one",
                      "这里又有一个开头：一个方案只有一个");
    }
    compiler->has_header = true;
    compiler->plan->place = place;
    take_keyword(compiler, KEYWORD_PLAN);
    struct word name = {.keyword = KEYWORD_NONE};
    if (!read_name(compiler, &name, SAY("the plan's name", "预案的名称"))) {
        return false;
    }
    compiler->plan->name = name.text;
    struct plan_place opened = peek_token(compiler)->place;
    if (!read_mark(compiler, MARK_OPEN_BRACE,
                   SAY("{ and the header, such as { version \"1\" zone +08:00 }",
                       "{ 和开头各项，如 { 版本 \"1\" 时区 +08:00 }"))) {
        return false;
    }
    bool sound = true;
    while (block_goes_on(compiler, opened, header_keywords)) {
        uint32_t before = compiler->at;
        if (!parse_header_item(compiler)) {
            sound = false;
            block_recover(compiler, before, header_keywords);
        }
    }
    if (sound) {
        check_header(compiler);
    }
    return true;
}

/* ---- prose and findings ----------------------------------------------------------------------------------- */

bool parse_prose(struct compiler *compiler) {
    struct prose_draft prose = {.place = peek_token(compiler)->place};
    take_keyword(compiler, KEYWORD_PROSE);
    if (!read_tail(compiler, &prose.tail, TAIL_TEXT | TAIL_NEEDS_CLAUSE, SAY("prose", "说明"))) {
        return false;
    }
    if (!prose.tail.has_text) {
        return report(compiler, missing_place(compiler), "prose needs a text in quotes that says why it rules nothing",
                      "说明要有带引号的文字，写明为什么它不作规定");
    }
    VECTOR_PUSH(compiler, &compiler->prose, prose);
    return true;
}

bool parse_finding(struct compiler *compiler) {
    struct finding_draft finding = {.place = peek_token(compiler)->place};
    take_keyword(compiler, KEYWORD_FINDING);
    const struct token *kind = peek_token(compiler);
    if (kind->kind != TOKEN_NAME && kind->kind != TOKEN_QUOTED) {
        return report_expected(compiler,
                               SAY("a word for the kind of finding, such as gap, clash, count or naming",
                                   "问题种类的词，如 gap、clash、count 或 naming"),
                               NULL);
    }
    finding.kind = kind->text;
    skip_token(compiler);
    if (!read_tail(compiler, &finding.tail, TAIL_TEXT | TAIL_NEEDS_CLAUSE, SAY("a finding", "发现"))) {
        return false;
    }
    if (!finding.tail.has_text) {
        return report(compiler, missing_place(compiler), "a finding needs a text in quotes that says what is wrong",
                      "发现要有带引号的文字，写明问题是什么");
    }
    if (!read_keyword(compiler, KEYWORD_ACCEPT) ||
        !read_text(compiler, &finding.reason,
                   SAY("a text that says why it is accepted", "带引号的文字，写明为什么接受"))) {
        return false;
    }
    VECTOR_PUSH(compiler, &compiler->findings, finding);
    return true;
}

/* ---- the pack --------------------------------------------------------------------------------------------- */

static bool parse_statement(struct compiler *compiler) {
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        if (at_keyword(compiler, statements[i].keyword)) {
            return statements[i].parse(compiler);
        }
    }
    if (at_mark(compiler, MARK_CLOSE_BRACE)) {
        return report(compiler, peek_token(compiler)->place, "this } closes nothing: no { is open here",
                      "这个 } 没有对应的 {");
    }
    return report_no_item(compiler,
                          SAY("a statement (unit, office, incident, scale, when, prose …)",
                              "一条语句（单位、职务、事件、等级、当、说明等）"),
                          statement_keywords);
}

void parse_pack(struct compiler *compiler) {
    if (peek_token(compiler)->kind == TOKEN_END) {
        report(compiler, peek_token(compiler)->place,
               "the pack is empty: it begins with its header, plan NAME { version \"1\" zone +08:00 }",
               "方案是空的：开头要写 预案 名称 { 版本 \"1\" 时区 +08:00 }");
    } else if (!at_keyword(compiler, KEYWORD_PLAN)) {
        report_no_item(compiler,
                       SAY("the header first: plan NAME { version \"1\" zone +08:00 }",
                           "开头：预案 名称 { 版本 \"1\" 时区 +08:00 }"),
                       statement_keywords);
        compiler->has_header = true; /* it was said; one further down is read all the same */
    }
    while (peek_token(compiler)->kind != TOKEN_END && !compiler_is_exhausted(compiler)) {
        uint32_t before = compiler->at;
        set_relative(compiler, NULL);
        if (!parse_statement(compiler)) {
            recover(compiler, before);
        }
    }
}
