/* Looking at the next word of a pack, taking it, and saying what was expected instead. */
#include "plan/parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- looking ---------------------------------------------------------------------------------------------- */

const struct token *peek_token(const struct compiler *compiler) {
    static const struct token nothing = {.kind = TOKEN_END, .place = {1, 1}, .end = {1, 1}};
    if (compiler->tokens.count == 0) {
        return &nothing;
    }
    uint32_t last = compiler->tokens.count - 1;
    return &compiler->tokens.items[compiler->at < last ? compiler->at : last];
}

bool at_mark(const struct compiler *compiler, enum mark mark) {
    const struct token *token = peek_token(compiler);
    return token->kind == TOKEN_MARK && token->mark == mark;
}

bool at_keyword(const struct compiler *compiler, enum keyword keyword) {
    const struct token *token = peek_token(compiler);
    return token->kind == TOKEN_NAME && token->keyword == keyword;
}

bool at_any_keyword(const struct compiler *compiler, const enum keyword *keywords) {
    const struct token *token = peek_token(compiler);
    if (token->kind != TOKEN_NAME || token->keyword == KEYWORD_NONE) {
        return false;
    }
    for (size_t i = 0; keywords[i] != KEYWORD_NONE; i++) {
        if (keywords[i] == token->keyword) {
            return true;
        }
    }
    return false;
}

bool at_name(const struct compiler *compiler) {
    const struct token *token = peek_token(compiler);
    return token->kind == TOKEN_QUOTED ||
           (token->kind == TOKEN_NAME && token->keyword == KEYWORD_NONE && !keyword_is_reserved(token->text));
}

/* ---- taking ----------------------------------------------------------------------------------------------- */

void skip_token(struct compiler *compiler) {
    if (compiler->at + 1 < compiler->tokens.count) {
        compiler->at++;
    }
}

bool take_mark(struct compiler *compiler, enum mark mark) {
    if (!at_mark(compiler, mark)) {
        return false;
    }
    skip_token(compiler);
    return true;
}

bool take_keyword(struct compiler *compiler, enum keyword keyword) {
    if (!at_keyword(compiler, keyword)) {
        return false;
    }
    for (uint8_t left = peek_token(compiler)->words; left > 0; left--) {
        skip_token(compiler);
    }
    return true;
}

/* ---- saying what is wrong --------------------------------------------------------------------------------- */

struct plan_place last_end(const struct compiler *compiler) {
    return compiler->at == 0 || compiler->tokens.count == 0 ? peek_token(compiler)->place
                                                            : compiler->tokens.items[compiler->at - 1].end;
}

struct plan_place missing_place(const struct compiler *compiler) {
    const struct token *token = peek_token(compiler);
    return token->starts_line ? last_end(compiler) : token->place;
}

#define SHOWN_ROOM 160

/* Writes a part of a message in the pack's language; returns how long it is. */
__attribute__((format(printf, 4, 6), format(printf, 5, 6))) static size_t
write_part(const struct compiler *compiler, char *room, size_t size, const char *english, const char *chinese, ...) {
    va_list arguments;
    va_start(arguments, chinese);
    int length = vsnprintf(room, size, compiler->messages->chinese ? chinese : english, arguments);
    va_end(arguments);
    return length < 0 ? 0 : (size_t)length < size ? (size_t)length : size - 1;
}

/* How a message names a token. */
static void show_token(const struct compiler *compiler, const struct token *token, char room[SHOWN_ROOM]) {
    struct text text = clip(token->text);
    switch (token->kind) {
    case TOKEN_END:
        (void)write_part(compiler, room, SHOWN_ROOM, "the end of the pack", "方案结束");
        break;
    case TOKEN_NAME:
        (void)write_part(compiler, room, SHOWN_ROOM, "%s%.*s", "%s“%.*s”",
                         token->keyword != KEYWORD_NONE ? said(compiler, SAY("the keyword ", "关键词")) : "",
                         TEXT_PRINT(text));
        break;
    case TOKEN_QUOTED:
        (void)write_part(compiler, room, SHOWN_ROOM, "the name '%.*s'", "名称“%.*s”", TEXT_PRINT(text));
        break;
    case TOKEN_TEXT:
        (void)write_part(compiler, room, SHOWN_ROOM, "the text \"%.*s\"", "文字“%.*s”", TEXT_PRINT(text));
        break;
    case TOKEN_NUMBER:
        (void)write_part(compiler, room, SHOWN_ROOM, "the number %.*s%s%.*s", "数字 %.*s%s%.*s", TEXT_PRINT(text),
                         token->unit.length > 0 ? " " : "", TEXT_PRINT(clip(token->unit)));
        break;
    case TOKEN_DATE:
        (void)write_part(compiler, room, SHOWN_ROOM, "the date %.*s", "日期 %.*s", TEXT_PRINT(text));
        break;
    case TOKEN_ZONE:
        (void)write_part(compiler, room, SHOWN_ROOM, "the zone %.*s", "时区 %.*s", TEXT_PRINT(text));
        break;
    case TOKEN_CLAUSE:
        (void)write_part(compiler, room, SHOWN_ROOM, "the clause @%.*s", "条款 @%.*s", TEXT_PRINT(text));
        break;
    case TOKEN_BARE_CLAUSE:
    case TOKEN_MARK:
        (void)write_part(compiler, room, SHOWN_ROOM, "%.*s", "“%.*s”", TEXT_PRINT(text));
        break;
    }
}

/* The token of which the next word, a bare name, may be the rest: the unquoted name Fire Watch, the clause @Annex A. NULL
 * when there is none on this line. */
static const struct token *find_split(const struct compiler *compiler) {
    const struct token *token = peek_token(compiler);
    if (compiler->at == 0 || token->kind != TOKEN_NAME || token->keyword != KEYWORD_NONE || token->starts_line) {
        return NULL;
    }
    const struct token *before = &compiler->tokens.items[compiler->at - 1];
    bool is_name = before->kind == TOKEN_NAME && before->keyword == KEYWORD_NONE;
    return is_name || before->kind == TOKEN_CLAUSE ? before : NULL;
}

#define HINT_ROOM (2 * SHOWN_ROOM + 64)

/* What is shown of the next words, and a hint behind the message, each perhaps empty. */
struct finding {
    char shown[SHOWN_ROOM];
    char hint[HINT_ROOM];
};

/* The next words of this line as one phrase, at most `count` of them; returns how many there were. */
static uint32_t join_phrase(const struct compiler *compiler, uint32_t count, char room[SHOWN_ROOM]) {
    size_t length = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct token *token = &compiler->tokens.items[compiler->at + i]; /* the last is no name */
        if (token->kind != TOKEN_NAME || (i > 0 && token->starts_line) ||
            length + token->text.length + 2 > SHOWN_ROOM) {
            return i;
        }
        length +=
            (size_t)snprintf(room + length, SHOWN_ROOM - length, "%s%.*s", i > 0 ? " " : "", TEXT_PRINT(token->text));
    }
    return count;
}

/* yes is wrose: the nearest keyword of several words. */
static bool find_phrase_hint(const struct compiler *compiler, const enum keyword *wanted, struct finding *finding) {
    for (uint32_t count = KEYWORD_WORDS_MAX; count > 1 && wanted != NULL; count--) {
        char phrase[SHOWN_ROOM];
        if (join_phrase(compiler, count, phrase) != count) {
            continue;
        }
        struct text nearest = keyword_suggest_phrase(text_of(phrase), count, wanted);
        if (nearest.length > 0) {
            (void)write_part(compiler, finding->shown, SHOWN_ROOM, "%s", "“%s”", phrase);
            (void)write_part(compiler, finding->hint, HINT_ROOM, ": did you mean \"%.*s\"?", "：是不是“%.*s”？",
                             TEXT_PRINT(nearest));
            return true;
        }
    }
    return false;
}

/* 有 where 由 should stand: one character has no nearest one, but few keywords are so short. */
static bool find_character_hint(const struct compiler *compiler, const enum keyword *wanted, struct finding *finding) {
    const struct token *token = peek_token(compiler);
    if (wanted == NULL || token->text.length < 2 || text_count_code_points(token->text) != 1) {
        return false;
    }
    size_t length = 0;
    for (; *wanted != KEYWORD_NONE && length + 32 < HINT_ROOM; wanted++) {
        struct text character = keyword_character(*wanted);
        if (character.length > 0) {
            length += write_part(compiler, finding->hint + length, HINT_ROOM - length, "%s%.*s", "%s“%.*s”",
                                 length > 0 ? said(compiler, SAY(", ", "、"))
                                            : said(compiler, SAY(": did you mean ", "：是不是")),
                                 TEXT_PRINT(character));
        }
    }
    if (length > 0) {
        (void)write_part(compiler, finding->hint + length, HINT_ROOM - length, "?", "？");
    }
    return length > 0;
}

/* 职责报告: a keyword with a name glued to it. Behind a name a keyword of one character may as well begin another. */
static bool find_glued_hint(const struct compiler *compiler, const enum keyword *wanted, struct finding *finding) {
    const struct token *token = peek_token(compiler);
    if (wanted == NULL) {
        return false;
    }
    struct text glued = keyword_glued(token->text, wanted);
    bool is_doubtful = text_count_code_points(glued) == 1 && wanted[1] != KEYWORD_NONE && find_split(compiler) != NULL;
    if (glued.length == 0 || is_doubtful) {
        return false;
    }
    (void)write_part(compiler, finding->hint, HINT_ROOM, ": is a blank missing behind %.*s?",
                     "：“%.*s”后面是不是缺空格？", TEXT_PRINT(glued));
    return true;
}

/* True when a keyword comes further on in this line, with nothing but names before it. */
static bool keyword_comes(const struct compiler *compiler, enum keyword keyword) {
    uint32_t at = compiler->at + 1;
    while (at < compiler->tokens.count && compiler->tokens.items[at].kind == TOKEN_NAME &&
           compiler->tokens.items[at].keyword == KEYWORD_NONE && !compiler->tokens.items[at].starts_line) {
        at++;
    }
    return at < compiler->tokens.count && compiler->tokens.items[at].keyword == keyword;
}

/* Fire Watch: a name, or a clause, that should stand in quotes; or a wrong word where one keyword alone may stand. */
static void find_split_hint(const struct compiler *compiler, const enum keyword *wanted, struct finding *finding) {
    const struct token *token = peek_token(compiler);
    const struct token *before = find_split(compiler);
    bool is_single = wanted != NULL && wanted[0] != KEYWORD_NONE && wanted[1] == KEYWORD_NONE;
    if (before == NULL) {
        return;
    }
    if (is_single && !keyword_comes(compiler, wanted[0])) {
        (void)write_part(compiler, finding->hint, HINT_ROOM, ": did you mean %s?", "：是不是“%s”？",
                         keyword_words(compiler, wanted[0]));
        return;
    }
    bool is_clause = before->kind == TOKEN_CLAUSE;
    (void)write_part(compiler, finding->hint, HINT_ROOM,
                     ": a %s with a blank in it stands in single quotes: %s'%.*s %.*s'",
                     "：%s中间有空格时要加单引号：%s'%.*s %.*s'",
                     said(compiler, is_clause ? SAY("clause", "条款") : SAY("name", "名称")), is_clause ? "@" : "",
                     TEXT_PRINT(clip(before->text)), TEXT_PRINT(clip(token->text)));
}

static void find_hint(const struct compiler *compiler, const enum keyword *wanted, struct finding *finding) {
    const struct token *token = peek_token(compiler);
    if (token->kind == TOKEN_BARE_CLAUSE) {
        (void)write_part(compiler, finding->hint, HINT_ROOM, ": a clause is written with @: @%.*s",
                         "：条款前要写 @：@%.*s", TEXT_PRINT(clip(token->text)));
        return;
    }
    if (token->kind != TOKEN_NAME || find_phrase_hint(compiler, wanted, finding) || token->keyword != KEYWORD_NONE) {
        return;
    }
    if (find_glued_hint(compiler, wanted, finding)) {
        return;
    }
    struct text nearest = keyword_suggest(token->text, wanted);
    if (nearest.length > 0) {
        const char *quote =
            !compiler->messages->chinese && memchr(nearest.bytes, ' ', nearest.length) != NULL ? "\"" : "";
        (void)write_part(compiler, finding->hint, HINT_ROOM, ": did you mean %s%.*s%s?", "：是不是“%s%.*s%s”？", quote,
                         TEXT_PRINT(nearest), quote);
        return;
    }
    if (!find_character_hint(compiler, wanted, finding)) {
        find_split_hint(compiler, wanted, finding);
    }
}

bool report_no_item(struct compiler *compiler, struct say what, const enum keyword *wanted) {
    struct finding finding = {.hint = ""};
    const struct token *token = peek_token(compiler);
    show_token(compiler, token, finding.shown);
    find_hint(compiler, wanted, &finding);
    return report(compiler, token->place, "expected %s, found %s%s", "这里应为%s，却是%s%s", said(compiler, what),
                  finding.shown, finding.hint);
}

bool report_expected(struct compiler *compiler, struct say what, const enum keyword *wanted) {
    struct finding finding = {.hint = ""};
    const struct token *token = peek_token(compiler);
    show_token(compiler, token, finding.shown);
    find_hint(compiler, wanted, &finding);
    if (finding.hint[0] != '\0' || !token->starts_line || compiler->at == 0) {
        return report(compiler, token->place, "expected %s, found %s%s", "这里应为%s，却是%s%s", said(compiler, what),
                      finding.shown, finding.hint);
    }
    if (token->kind == TOKEN_END) {
        return report(compiler, last_end(compiler), "expected %s, found the end of the pack",
                      "这里应为%s，方案却到此为止", said(compiler, what));
    }
    return report(compiler, last_end(compiler), "expected %s behind this, before %s in line %u",
                  "这里后面应为%s，却到了%s（第 %u 行）", said(compiler, what), finding.shown,
                  (unsigned)token->place.line);
}

/* ---- reading ---------------------------------------------------------------------------------------------- */

bool read_mark(struct compiler *compiler, enum mark mark, struct say what) {
    return take_mark(compiler, mark) || report_expected(compiler, what, NULL);
}

bool read_keyword(struct compiler *compiler, enum keyword keyword) {
    if (take_keyword(compiler, keyword)) {
        return true;
    }
    const enum keyword wanted[] = {keyword, KEYWORD_NONE};
    char quoted[SHOWN_ROOM];
    (void)snprintf(quoted, sizeof quoted, "“%s”", keyword_chinese_name(keyword));
    return report_expected(compiler, (struct say){keyword_name(keyword), quoted}, wanted);
}

static bool report_no_name(struct compiler *compiler, struct say what) {
    const struct token *token = peek_token(compiler);
    if (token->kind == TOKEN_NAME) {
        return report(compiler, token->place,
                      "expected %s, found the keyword %.*s: as a name it stands in single "
                      "quotes: '%.*s'",
                      "这里应为%s，却是关键词“%.*s”：用作名称时要加单引号：'%.*s'", said(compiler, what),
                      TEXT_PRINT(clip(token->text)), TEXT_PRINT(clip(token->text)));
    }
    if (token->kind == TOKEN_NUMBER && token->unit.length > 0) {
        return report(compiler, token->place,
                      "expected %s, found %.*s%.*s: a name that begins with a digit stands in "
                      "single quotes",
                      "这里应为%s，却是 %.*s%.*s：以数字开头的名称要加单引号", said(compiler, what),
                      TEXT_PRINT(clip(token->text)), TEXT_PRINT(clip(token->unit)));
    }
    if (token->kind == TOKEN_TEXT) {
        return report(compiler, token->place,
                      "expected %s, found the text \"%.*s\": a name stands in single quotes or "
                      "none, not in double ones",
                      "这里应为%s，却是文字“%.*s”：名称用单引号或不加引号，不用双引号", said(compiler, what),
                      TEXT_PRINT(clip(token->text)));
    }
    return report_expected(compiler, what, NULL);
}

bool read_name(struct compiler *compiler, struct word *name, struct say what) {
    if (!at_name(compiler)) {
        return report_no_name(compiler, what);
    }
    const struct token *token = peek_token(compiler);
    *name = (struct word){token->text, token->place, KEYWORD_NONE};
    skip_token(compiler);
    return true;
}

bool read_names(struct compiler *compiler, words *names, struct say what, enum keyword special) {
    do {
        struct word name = {.keyword = KEYWORD_NONE};
        const struct token *token = peek_token(compiler);
        if (special != KEYWORD_NONE && at_keyword(compiler, special)) {
            name = (struct word){token->text, token->place, special};
            take_keyword(compiler, special);
        } else if (!read_name(compiler, &name, what)) {
            return false;
        }
        VECTOR_PUSH(compiler, names, name);
    } while (take_mark(compiler, MARK_COMMA));
    return true;
}

bool read_one_text(struct compiler *compiler, struct text *text, struct say what) {
    const struct token *token = peek_token(compiler);
    if (token->kind != TOKEN_TEXT) {
        return report_expected(compiler, what, NULL);
    }
    *text = token->text;
    skip_token(compiler);
    return true;
}

bool read_text(struct compiler *compiler, struct text *text, struct say what) {
    if (!read_one_text(compiler, text, what)) {
        return false;
    }
    if (peek_token(compiler)->kind != TOKEN_TEXT) {
        return true;
    }
    struct buffer joined = {0};
    buffer_append_text(&joined, *text);
    while (peek_token(compiler)->kind == TOKEN_TEXT) {
        buffer_append_text(&joined, peek_token(compiler)->text);
        skip_token(compiler);
    }
    *text = compiler_keep_text(compiler, buffer_text(&joined));
    compiler->exhausted = compiler->exhausted || joined.failed;
    buffer_release(&joined);
    return true;
}

/* ---- quantities ------------------------------------------------------------------------------------------- */

/* 0.5公顷且死亡: the length of the unit or Chinese keyword with which the word behind a number begins, 0 for none. */
static size_t find_glued(struct text word) {
    enum quantity_dimension dimension;
    int64_t factor;
    size_t found = 0;
    size_t size = 0;
    for (size_t at = 0; at < word.length; at += size) {
        (void)text_read_code_point(word, at, &size);
        if (at + size < word.length && quantity_find_unit((struct text){word.bytes, at + size}, &dimension, &factor)) {
            found = at + size;
        }
    }
    size_t behind = keyword_chinese_start((struct text){word.bytes + found, word.length - found});
    return behind == 0 ? 0 : found > 0 ? found : behind;
}

static bool report_unit(struct compiler *compiler, const struct token *token) {
    enum quantity_dimension dimension;
    int64_t factor;
    size_t glued = find_glued(token->unit);
    if (glued > 0) {
        struct text first = {token->unit.bytes, glued};
        bool is_unit = quantity_find_unit(first, &dimension, &factor);
        struct text rest = {token->unit.bytes + (is_unit ? glued : 0), token->unit.length - (is_unit ? glued : 0)};
        return report(compiler, token->place, "a blank is missing behind %.*s, before %.*s",
                      "“%.*s”后面、“%.*s”前面缺少空格", TEXT_PRINT(is_unit ? first : clip(token->text)),
                      TEXT_PRINT(clip(rest)));
    }
    struct text nearest = quantity_suggest_unit(token->unit);
    bool is_rate = memchr(token->unit.bytes, '/', token->unit.length) != NULL; /* m/h is no misspelt h */
    if (nearest.length > 0 && (!is_rate || memchr(nearest.bytes, '/', nearest.length) != NULL)) {
        return report(compiler, token->place, "unknown unit %.*s: did you mean %.*s?",
                      "没有“%.*s”这个单位：是不是“%.*s”？", TEXT_PRINT(clip(token->unit)), TEXT_PRINT(clip(nearest)));
    }
    return report(
        compiler, token->place,
        "unknown unit %.*s behind the number %.*s: units are such as min, h, ha, mm, m, m3, m3/s, 人, 分钟, 小时, 公顷",
        "没有“%.*s”这个单位（数字 %.*s 后面）：单位如 人、分钟、小时、公顷、毫米、米、m3、m3/s",
        TEXT_PRINT(clip(token->unit)), TEXT_PRINT(clip(token->text)));
}

/* A bare word behind a number, on its line, can only be meant as a unit. */
static bool check_loose_unit(struct compiler *compiler, const struct token *number) {
    const struct token *token = peek_token(compiler);
    if (number->unit.length > 0 || !at_name(compiler) || token->kind != TOKEN_NAME || token->starts_line) {
        return true;
    }
    struct token with_unit = *number;
    with_unit.unit = token->text;
    with_unit.place = token->place;
    skip_token(compiler);
    return report_unit(compiler, &with_unit);
}

bool read_quantity(struct compiler *compiler, int64_t *value, enum quantity_dimension *dimension) {
    const struct token *token = peek_token(compiler);
    if (token->kind != TOKEN_NUMBER) {
        return report_expected(compiler, SAY("a number with its unit, such as 30 min", "带单位的数字，如 30 分钟"),
                               NULL);
    }
    skip_token(compiler);
    int64_t factor = 1;
    *dimension = QUANTITY_COUNT;
    if (token->unit.length > 0 && !quantity_find_unit(token->unit, dimension, &factor)) {
        return report_unit(compiler, token);
    }
    if (!check_loose_unit(compiler, token)) {
        return false;
    }
    struct failure failure = {0};
    if (*dimension == QUANTITY_COUNT && memchr(token->text.bytes, '.', token->text.length) != NULL) {
        return report(compiler, token->place,
                      "%.*s is no count: a count is a whole number, and anything else has its unit behind it",
                      "%.*s 不是数量：数量是整数，其他数值后面要写单位", TEXT_PRINT(clip(token->text)));
    }
    if (!quantity_scale_decimal(token->text, factor, value, &failure)) {
        return report(compiler, token->place, "%s", "%s",
                      said(compiler, (struct say){failure.message, "这个数字太大，或小数位太多"}));
    }
    if (*value > quantity_largest(*dimension)) {
        return report(compiler, token->place, "%.*s %.*s is out of all reason for a %s",
                      "%.*s %.*s 大得不合理，不能作%s", TEXT_PRINT(clip(token->text)), TEXT_PRINT(clip(token->unit)),
                      dimension_words(compiler, *dimension));
    }
    return true;
}

bool read_time(struct compiler *compiler, struct amount *amount) {
    amount->given = true;
    amount->place = peek_token(compiler)->place;
    amount->dimension = QUANTITY_DURATION;
    if (at_name(compiler)) {
        return read_name(compiler, &amount->setting, SAY("a length of time", "时长"));
    }
    if (peek_token(compiler)->kind != TOKEN_NUMBER) {
        return report_expected(compiler,
                               SAY("a length of time, such as 30 min, or the name of a local setting",
                                   "时长，如 30 分钟，或本地设定的名称"),
                               NULL);
    }
    if (!read_quantity(compiler, &amount->value, &amount->dimension)) {
        return false;
    }
    if (amount->dimension == QUANTITY_COUNT) {
        return report(compiler, amount->place, "a length of time needs its unit, such as 30 min or 2 h",
                      "时长要写单位，如 30 分钟 或 2 小时");
    }
    if (amount->dimension != QUANTITY_DURATION) {
        return report(compiler, amount->place, "expected a length of time such as 30 min, found a value of %s",
                      "这里应为时长，如 30 分钟，却是%s", dimension_words(compiler, amount->dimension));
    }
    return true;
}

bool read_date(struct compiler *compiler, int32_t *day) {
    const struct token *token = peek_token(compiler);
    if (token->kind != TOKEN_DATE) {
        return report_expected(compiler, SAY("a date such as 2022-02-25", "日期，如 2022-02-25"), NULL);
    }
    skip_token(compiler);
    struct failure failure = {0};
    if (!calendar_parse_date(token->text, day, &failure)) {
        return report(compiler, token->place, "%s", "%s",
                      said(compiler, (struct say){failure.message, "没有这一天：日期写作 2022-02-25"}));
    }
    return true;
}
