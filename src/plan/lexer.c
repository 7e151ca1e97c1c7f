/* Cuts the blocks of a pack into words and marks.
 *
 * Columns count characters. A mistake here (a text without its end, a strange character) is reported and stepped over,
 * so that the parser still sees the rest.
 */
#include "plan/compile.h"

#include <string.h>

struct lexer {
    struct compiler *compiler;
    struct text text;
    size_t at;
    uint32_t line;   /* index in compiler->lines */
    uint32_t column; /* of the character at `at` */
    bool line_has_token;
};

/* ---- characters ------------------------------------------------------------------------------------------- */

static uint32_t peek_at(const struct lexer *lexer, size_t at, size_t *size) {
    return text_read_code_point(lexer->text, at, size);
}

static uint32_t peek(const struct lexer *lexer) {
    size_t size;
    return peek_at(lexer, lexer->at, &size);
}

static uint32_t peek_next(const struct lexer *lexer) {
    size_t size;
    peek_at(lexer, lexer->at, &size);
    return peek_at(lexer, lexer->at + size, &size);
}

static void advance(struct lexer *lexer) {
    size_t size;
    uint32_t code = peek_at(lexer, lexer->at, &size);
    lexer->at += size;
    lexer->column++;
    if (code == '\n') {
        lexer->line++;
        lexer->line_has_token = false;
        lexer->column =
            lexer->line < lexer->compiler->lines.count ? lexer->compiler->lines.items[lexer->line].column : 1;
    }
}

static void advance_to(struct lexer *lexer, size_t at) {
    while (lexer->at < at) {
        advance(lexer);
    }
}

static struct plan_place place_of(const struct lexer *lexer) {
    uint32_t count = lexer->compiler->lines.count;
    if (count == 0) {
        return (struct plan_place){1, 1};
    }
    if (lexer->line >= count) {
        return (struct plan_place){lexer->compiler->lines.items[count - 1].line + 1, 1};
    }
    return (struct plan_place){lexer->compiler->lines.items[lexer->line].line, lexer->column};
}

static bool is_blank(uint32_t code) {
    return code == ' ' || code == '\t' || code == '\n' || code == 0x3000 || code == 0xA0 || code == '\f' ||
           code == '\v' || code == 0xFEFF;
}

static bool is_digit(uint32_t code) {
    return code >= '0' && code <= '9';
}

static bool is_wide_digit(uint32_t code) {
    return code >= 0xFF10 && code <= 0xFF19;
}

/* Punctuation and signs beyond ASCII. Everything else beyond ASCII counts as a letter: scripts grow, and a name in one
 * that we have not heard of is still a name. */
static bool is_wide_mark(uint32_t code) {
    static const uint32_t ranges[][2] = {
        {0x80, 0xA9},     {0xAB, 0xB1},     {0xB4, 0xB4},     {0xB6, 0xB6},     {0xB8, 0xB9},     {0xBB, 0xBF},
        {0xD7, 0xD7},     {0xF7, 0xF7},     {0x2000, 0x206F}, {0x2190, 0x245F}, {0x2500, 0x2BFF}, {0x2E00, 0x2E7F},
        {0x3000, 0x3004}, {0x3008, 0x3020}, {0x3030, 0x3030}, {0xFE10, 0xFE6F}, {0xFEFF, 0xFEFF}, {0xFF01, 0xFF0F},
        {0xFF1A, 0xFF20}, {0xFF3B, 0xFF40}, {0xFF5B, 0xFF65}, {0xFFE0, 0xFFFF}};
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (code >= ranges[i][0] && code <= ranges[i][1]) {
            return code != 0xB2 && code != 0xB3;
        }
    }
    return false;
}

static bool is_letter(uint32_t code) {
    return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || code == '_' ||
           (code >= 0x80 && !is_wide_mark(code));
}

static bool is_name_part(uint32_t code) {
    return is_letter(code) || is_digit(code);
}

/* Chinese characters and the punctuation that goes with them: no blank stands between two of these. */
static bool is_chinese(uint32_t code) {
    return (code >= 0x2E80 && code <= 0x9FFF) || (code >= 0xF900 && code <= 0xFAFF) ||
           (code >= 0xFE30 && code <= 0xFE4F) || (code >= 0xFF01 && code <= 0xFFEF) ||
           (code >= 0x20000 && code <= 0x3FFFF) || (code >= 0x2018 && code <= 0x201D) || code == 0x2014 ||
           code == 0x2026;
}

/* ---- tokens ----------------------------------------------------------------------------------------------- */

static void push(struct lexer *lexer, struct token token) {
    token.end = place_of(lexer);
    VECTOR_PUSH(lexer->compiler, &lexer->compiler->tokens, token);
    lexer->line_has_token = true;
}

static struct token begin(const struct lexer *lexer, enum token_kind kind) {
    return (struct token){.kind = kind, .place = place_of(lexer), .starts_line = !lexer->line_has_token};
}

static struct text slice(const struct lexer *lexer, size_t from) {
    return (struct text){lexer->text.bytes + from, lexer->at - from};
}

static void push_mark(struct lexer *lexer, enum mark mark, size_t bytes) {
    struct token token = begin(lexer, TOKEN_MARK);
    size_t from = lexer->at;
    advance_to(lexer, from + bytes);
    token.mark = mark;
    token.text = slice(lexer, from);
    push(lexer, token);
}

/* ---- names ------------------------------------------------------------------------------------------------ */

/* The end of a full-width bracket that opens at `at` on this line, or `at` when it does not close. */
static size_t find_bracket_end(const struct lexer *lexer, size_t at) {
    size_t from = at;
    size_t size;
    for (uint32_t code = peek_at(lexer, at, &size); size > 0 && code != '\n'; code = peek_at(lexer, at, &size)) {
        at += size;
        if (code == 0xFF09) {
            return at;
        }
    }
    return from;
}

/* True when `word` begins something that may be followed by a bracket of its own. */
static bool is_keyword(struct text word) {
    uint8_t taken;
    return keyword_match(&word, 1, &taken) != KEYWORD_NONE;
}

/* The end of the name that begins at `from`; `from` when none does. */
static size_t find_name_end(const struct lexer *lexer, size_t from) {
    size_t at = from;
    while (true) {
        size_t size;
        uint32_t code = peek_at(lexer, at, &size);
        if (is_name_part(code) || code == 0xB7) {
            at += size;
        } else if (code == '-' && at > from) {
            size_t after;
            if (!is_name_part(peek_at(lexer, at + 1, &after))) {
                return at;
            }
            at += 1;
        } else if (code == 0xFF08 && at > from && !is_keyword((struct text){lexer->text.bytes + from, at - from})) {
            size_t end = find_bracket_end(lexer, at);
            if (end == at) {
                return at;
            }
            at = end;
        } else {
            return at;
        }
    }
}

static void read_name_token(struct lexer *lexer) {
    struct token token = begin(lexer, TOKEN_NAME);
    size_t from = lexer->at;
    advance_to(lexer, find_name_end(lexer, from));
    token.text = slice(lexer, from);
    push(lexer, token);
}

/* ---- texts ------------------------------------------------------------------------------------------------ */

/* The byte behind the closing quote of a text whose inside begins at `at`, or 0 when it is not closed in its block.
 * “ and ” may stand within one another. A straight quote that closes a text of several lines and has a word right
 * behind it opens another text, in truth: the closing one of ours is missing. */
static size_t find_text_end(const struct lexer *lexer, size_t at, uint32_t close) {
    const struct compiler *compiler = lexer->compiler;
    uint32_t line = lexer->line;
    uint32_t depth = 0;
    while (at < lexer->text.length) {
        size_t size;
        uint32_t code = peek_at(lexer, at, &size);
        at += size;
        if (code == close && depth > 0) {
            depth--;
        } else if (code == close) {
            return line > lexer->line && is_name_part(peek_at(lexer, at, &size)) ? 0 : at;
        } else if (code == 0x201C && close == 0x201D) {
            depth++;
        } else if (code == '\\' && close == '"' && at < lexer->text.length && lexer->text.bytes[at] != '\n') {
            peek_at(lexer, at, &size);
            at += size;
        } else if (code == '\n') {
            line++;
            if (line < compiler->lines.count && compiler->lines.items[line].starts_block) {
                return 0;
            }
        }
    }
    return 0;
}

/* Where something unclosed had better end: before a brace or a clause, at the latest at its line's end. */
static void skip_unclosed(struct lexer *lexer) {
    uint32_t code = peek(lexer);
    while (lexer->at < lexer->text.length && code != '\n' && code != '{' && code != '}' && code != '@') {
        advance(lexer);
        code = peek(lexer);
    }
}

static uint32_t code_before(struct text text) {
    size_t size;
    return text_read_code_point(text, text_step_back(text, text.length), &size);
}

static bool is_line_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\n';
}

/* Makes a line end within a text good: `at` stands at the first blank of a run that holds a line end. Returns where the
 * text goes on. */
static size_t join_lines(struct text raw, size_t at, struct buffer *out) {
    while (at < raw.length && is_line_blank(raw.bytes[at])) {
        at++;
    }
    size_t size;
    uint32_t after = text_read_code_point(raw, at, &size);
    bool is_edge = at == raw.length || out->length == 0;
    if (!is_edge && !(is_chinese(code_before(buffer_text(out))) && is_chinese(after))) {
        buffer_append_string(out, " ");
    }
    return at;
}

static bool begins_line_end(struct text raw, size_t at) {
    while (at < raw.length && (raw.bytes[at] == ' ' || raw.bytes[at] == '\t')) {
        at++;
    }
    return at < raw.length && raw.bytes[at] == '\n';
}

/* The text that stands between quotes, escapes and line ends made good. */
static struct text cook(struct lexer *lexer, struct text raw, bool has_escapes) {
    bool is_plain = memchr(raw.bytes, '\n', raw.length) == NULL;
    if (is_plain && (!has_escapes || memchr(raw.bytes, '\\', raw.length) == NULL)) {
        return raw;
    }
    struct buffer out = {0};
    size_t at = 0;
    while (at < raw.length) {
        if (begins_line_end(raw, at)) {
            at = join_lines(raw, at, &out);
        } else if (has_escapes && raw.bytes[at] == '\\' && at + 1 < raw.length &&
                   (raw.bytes[at + 1] == '"' || raw.bytes[at + 1] == '\\')) {
            buffer_append(&out, raw.bytes + at + 1, 1);
            at += 2;
        } else {
            buffer_append(&out, raw.bytes + at, 1);
            at++;
        }
    }
    struct text kept = compiler_keep_text(lexer->compiler, buffer_text(&out));
    lexer->compiler->exhausted = lexer->compiler->exhausted || out.failed;
    buffer_release(&out);
    return kept;
}

static void read_text_token(struct lexer *lexer, uint32_t close) {
    struct token token = begin(lexer, TOKEN_TEXT);
    size_t close_size = close == '"' ? 1 : 3;
    size_t end = find_text_end(lexer, lexer->at + close_size, close);
    advance(lexer);
    size_t from = lexer->at;
    if (end == 0) {
        report(lexer->compiler, token.place, "the text that opens here with %s is not closed: it ends with %s",
               "这里用 %s 开始的文字没有结束：要用 %s 结束", close == '"' ? "\"" : "“", close == '"' ? "\"" : "”");
        token.faulty = true;
        skip_unclosed(lexer);
        token.text = text_trim(slice(lexer, from));
    } else {
        advance_to(lexer, end - close_size);
        token.text = cook(lexer, slice(lexer, from), close == '"');
        advance(lexer);
    }
    push(lexer, token);
    /* A text may end lines below where it began. */
    lexer->line_has_token = true;
}

/* ---- quoted names --------------------------------------------------------------------------------------- */

/* A name in single quotes, straight or curly. It ends on its line. */
static void read_quoted(struct lexer *lexer, uint32_t close) {
    struct token token = begin(lexer, TOKEN_QUOTED);
    size_t size;
    advance(lexer);
    size_t from = lexer->at;
    size_t end = from;
    for (uint32_t code = peek_at(lexer, end, &size); size > 0 && code != close && code != '\n';
         code = peek_at(lexer, end, &size)) {
        end += size;
    }
    if (peek_at(lexer, end, &size) == close && size > 0) {
        advance_to(lexer, end);
        token.text = text_trim(slice(lexer, from));
        advance(lexer);
    } else {
        report(lexer->compiler, token.place, "the single quote that opens here is not closed on its line",
               "这里的单引号在本行没有结束");
        token.faulty = true;
        skip_unclosed(lexer);
        token.text = text_trim(slice(lexer, from));
    }
    if (token.text.length == 0) {
        report(lexer->compiler, token.place, "a name in single quotes is empty", "单引号里没有名称");
    }
    push(lexer, token);
}

/* ---- numbers, dates, zones -------------------------------------------------------------------------------- */

static size_t skip_digits(const struct lexer *lexer, size_t at) {
    while (at < lexer->text.length && is_digit((unsigned char)lexer->text.bytes[at])) {
        at++;
    }
    return at;
}

static bool has_byte(const struct lexer *lexer, size_t at, char byte) {
    return at < lexer->text.length && lexer->text.bytes[at] == byte;
}

static bool has_digit(const struct lexer *lexer, size_t at) {
    return at < lexer->text.length && is_digit((unsigned char)lexer->text.bytes[at]);
}

/* The end of a date 2022-02-25 that begins at `at`, or `at`. */
static size_t find_date_end(const struct lexer *lexer, size_t at) {
    size_t year = skip_digits(lexer, at);
    if (!has_byte(lexer, year, '-') || !has_digit(lexer, year + 1)) {
        return at;
    }
    size_t month = skip_digits(lexer, year + 1);
    if (!has_byte(lexer, month, '-') || !has_digit(lexer, month + 1)) {
        return at;
    }
    return skip_digits(lexer, month + 1);
}

static bool ends_clause(uint32_t code) {
    return is_blank(code) || code == ',' || code == 0x3001 || code == 0xFF0C || code == '{' || code == '}' ||
           code == 0xFF5B || code == 0xFF5D || code == ';' || code == 0xFF1B || code == '@' || code == 0xFF20 ||
           code == '"' || code == 0x201C;
}

static size_t find_clause_end(const struct lexer *lexer, size_t at) {
    size_t size;
    uint32_t code = peek_at(lexer, at, &size);
    while (size > 0 && !ends_clause(code) && !(code == '/' && has_byte(lexer, at + 1, '/'))) {
        at += size;
        code = peek_at(lexer, at, &size);
    }
    return at;
}

/* The end of a number that begins at `at`; stores whether it is rather a clause without its @: 6.2.2.1, 5(3). */
static size_t find_number_end(const struct lexer *lexer, size_t at, bool *is_clause) {
    size_t end = skip_digits(lexer, at);
    if (has_byte(lexer, end, '.') && has_digit(lexer, end + 1)) {
        end = skip_digits(lexer, end + 1);
    }
    bool goes_on = has_byte(lexer, end, '.') && has_digit(lexer, end + 1);
    *is_clause = goes_on || has_byte(lexer, end, '#') || (has_byte(lexer, end, '(') && has_digit(lexer, end + 1));
    return *is_clause ? find_clause_end(lexer, end) : end;
}

/* The end of a word that may be a unit: letters, digits, ² and ³, and a slash between letters. */
static size_t find_unit_end(const struct lexer *lexer, size_t at) {
    size_t from = at;
    while (true) {
        size_t size;
        uint32_t code = peek_at(lexer, at, &size);
        size_t after;
        if (code == 0xB2 || code == 0xB3 || is_letter(code) || (is_digit(code) && at > from)) {
            at += size;
        } else if (code == '/' && at > from && is_letter(peek_at(lexer, at + 1, &after))) {
            at++;
        } else {
            return at;
        }
    }
}

/* Takes the unit behind a number: a known one on the same line, or whatever is glued to the digits or has a slash. */
static struct text take_unit(struct lexer *lexer) {
    size_t at = lexer->at;
    while (has_byte(lexer, at, ' ') || has_byte(lexer, at, '\t')) {
        at++;
    }
    size_t end = find_unit_end(lexer, at);
    struct text unit = {lexer->text.bytes + at, end - at};
    enum quantity_dimension dimension;
    int64_t factor;
    bool has_slash = unit.length > 0 && memchr(unit.bytes, '/', unit.length) != NULL;
    if (at == lexer->at || has_slash || quantity_find_unit(unit, &dimension, &factor)) {
        advance_to(lexer, end);
        return unit;
    }
    return (struct text){NULL, 0};
}

static void read_number_token(struct lexer *lexer) {
    struct token token = begin(lexer, TOKEN_DATE);
    size_t from = lexer->at;
    size_t end = find_date_end(lexer, from);
    if (end == from) {
        bool is_clause;
        end = find_number_end(lexer, from, &is_clause);
        token.kind = is_clause ? TOKEN_BARE_CLAUSE : TOKEN_NUMBER;
    }
    advance_to(lexer, end);
    token.text = slice(lexer, from);
    if (token.kind == TOKEN_NUMBER) {
        token.unit = take_unit(lexer);
    }
    push(lexer, token);
}

static bool begins_zone(const struct lexer *lexer) {
    size_t at = lexer->at;
    return has_digit(lexer, at + 1) && has_digit(lexer, at + 2) && has_byte(lexer, at + 3, ':') &&
           has_digit(lexer, at + 4) && has_digit(lexer, at + 5);
}

static void read_zone_token(struct lexer *lexer) {
    struct token token = begin(lexer, TOKEN_ZONE);
    size_t from = lexer->at;
    advance_to(lexer, from + 6);
    token.text = slice(lexer, from);
    push(lexer, token);
}

/* Full-width digits: read as a name would be, said what is wrong. */
static void read_wide_number(struct lexer *lexer) {
    struct token token = begin(lexer, TOKEN_NUMBER);
    size_t from = lexer->at;
    char digits[32];
    size_t count = 0;
    while (is_wide_digit(peek(lexer))) {
        if (count < sizeof digits) {
            digits[count++] = (char)('0' + (peek(lexer) - 0xFF10));
        }
        advance(lexer);
    }
    report(lexer->compiler, token.place, "full-width digits %.*s are no number: write %.*s",
           "全角数字 %.*s 不能用：写 %.*s", TEXT_PRINT(clip(slice(lexer, from))), (int)count, digits);
    token.text = TEXT("0");
    token.unit = take_unit(lexer);
    push(lexer, token);
}

/* ---- clauses ---------------------------------------------------------------------------------------------- */

static void read_clause_token(struct lexer *lexer) {
    struct token token = begin(lexer, TOKEN_CLAUSE);
    advance(lexer);
    if (peek(lexer) == '\'') {
        read_quoted(lexer, '\'');
        struct compiler *compiler = lexer->compiler;
        if (compiler->tokens.count > 0) {
            struct token *last = &compiler->tokens.items[compiler->tokens.count - 1];
            last->kind = TOKEN_CLAUSE;
            last->place = token.place;
            last->starts_line = token.starts_line;
        }
        return;
    }
    size_t from = lexer->at;
    advance_to(lexer, find_clause_end(lexer, from));
    token.text = slice(lexer, from);
    if (token.text.length == 0) {
        report(lexer->compiler, token.place, "@ must be followed by a clause, without a blank: @12.4(3)",
               "@ 后面要紧跟条款号，不加空格：@12.4(3)");
        token.faulty = true;
        while (peek(lexer) == ' ' || peek(lexer) == '\t') {
            advance(lexer);
        }
        if (is_digit(peek(lexer))) {
            advance_to(lexer, find_clause_end(lexer, lexer->at));
        }
    }
    push(lexer, token);
}

/* ---- marks ------------------------------------------------------------------------------------------------ */

struct mark_spelling {
    const char *text;
    enum mark mark;
    const char *instead; /* what to write, where this is a mistake */
};

/* Longer spellings before their beginnings. */
static const struct mark_spelling mark_spellings[] = {
    {">=", MARK_AT_LEAST, NULL},   {"<=", MARK_AT_MOST, NULL},    {"!=", MARK_UNEQUAL, NULL},
    {"＞＝", MARK_AT_LEAST, NULL}, {"＜＝", MARK_AT_MOST, NULL},  {"！＝", MARK_UNEQUAL, NULL},
    {">＝", MARK_AT_LEAST, NULL},  {"<＝", MARK_AT_MOST, NULL},   {"＞=", MARK_AT_LEAST, NULL},
    {"＜=", MARK_AT_MOST, NULL},   {"！=", MARK_UNEQUAL, NULL},   {"》=", MARK_AT_LEAST, ">="},
    {"《=", MARK_AT_MOST, "<="},   {"》＝", MARK_AT_LEAST, ">="}, {"《＝", MARK_AT_MOST, "<="},
    {"=>", MARK_AT_LEAST, ">="},   {"=<", MARK_AT_MOST, "<="},    {"==", MARK_EQUAL, "="},
    {"<>", MARK_UNEQUAL, "!="},    {"》", MARK_MORE, ">"},        {"《", MARK_LESS, "<"},
    {"≥", MARK_AT_LEAST, NULL},    {"≤", MARK_AT_MOST, NULL},     {"≠", MARK_UNEQUAL, NULL},
    {"≧", MARK_AT_LEAST, NULL},    {"≦", MARK_AT_MOST, NULL},     {">", MARK_MORE, NULL},
    {"<", MARK_LESS, NULL},        {"＞", MARK_MORE, NULL},       {"＜", MARK_LESS, NULL},
    {"=", MARK_EQUAL, NULL},       {"＝", MARK_EQUAL, NULL},      {"{", MARK_OPEN_BRACE, NULL},
    {"}", MARK_CLOSE_BRACE, NULL}, {"｛", MARK_OPEN_BRACE, NULL}, {"｝", MARK_CLOSE_BRACE, NULL},
    {"(", MARK_OPEN, NULL},        {")", MARK_CLOSE, NULL},       {"（", MARK_OPEN, NULL},
    {"）", MARK_CLOSE, NULL},      {",", MARK_COMMA, NULL},       {"，", MARK_COMMA, NULL},
    {"、", MARK_COMMA, NULL},      {":", MARK_COLON, NULL},       {"：", MARK_COLON, NULL},
    {";", MARK_SEMICOLON, NULL},   {"；", MARK_SEMICOLON, NULL},  {"+", MARK_PLUS, NULL},
    {"＋", MARK_PLUS, NULL},       {"-", MARK_MINUS, NULL},       {"－", MARK_MINUS, NULL},
    {"−", MARK_MINUS, NULL},       {"–", MARK_MINUS, NULL},
};

/* Reads a mark; false when none begins here. */
static bool read_mark(struct lexer *lexer) {
    struct text rest = {lexer->text.bytes + lexer->at, lexer->text.length - lexer->at};
    for (size_t i = 0; i < sizeof mark_spellings / sizeof mark_spellings[0]; i++) {
        const struct mark_spelling *spelling = &mark_spellings[i];
        struct text text = text_of(spelling->text);
        if (text_starts_with(rest, text)) {
            if (spelling->instead != NULL) {
                report(lexer->compiler, place_of(lexer), "%s is no comparison: write %s", "%s 不是比较符号：写 %s",
                       spelling->text, spelling->instead);
            }
            push_mark(lexer, spelling->mark, text.length);
            return true;
        }
    }
    return false;
}

/* && and ||, said to be wrong and read as the words that are meant. */
static void read_sign_word(struct lexer *lexer) {
    struct token token = begin(lexer, TOKEN_NAME);
    size_t from = lexer->at;
    uint32_t code = peek(lexer);
    while (peek(lexer) == code) {
        advance(lexer);
    }
    enum keyword keyword = code == '&' ? KEYWORD_AND : KEYWORD_OR;
    token.text = text_of(keyword_name(keyword));
    report(lexer->compiler, token.place, "%.*s means nothing here: write %s", "这里不能用 %.*s：写“%s”",
           TEXT_PRINT(clip(slice(lexer, from))), keyword_words(lexer->compiler, keyword));
    push(lexer, token);
}

/* Steps over a character that begins nothing. */
static void skip_strange(struct lexer *lexer) {
    struct plan_place place = place_of(lexer);
    size_t from = lexer->at;
    uint32_t code = peek(lexer);
    advance(lexer);
    struct text shown = slice(lexer, from);
    if (code == '#') {
        report(lexer->compiler, place, "# means nothing here: a sentence is cited as @12.4#2, a remark begins with //",
               "这里不能用 #：引用某一句写 @12.4#2，注释以 // 开头");
    } else if (code < ' ' || code == 0x7F) {
        report(lexer->compiler, place, "a control character stands here: take it out", "这里有控制字符：请删去");
    } else if (code == 0x201D) {
        report(lexer->compiler, place, "” closes a text that nothing has opened: a text begins with “",
               "” 之前没有开始的 “：文字以 “ 开头");
    } else {
        report(lexer->compiler, place,
               "%.*s means nothing in a plan block: names with such characters stand in single "
               "quotes",
               "方案里不能用 %.*s：名称带有这种字符时要加单引号", TEXT_PRINT(clip(shown)));
    }
}

static void skip_remark(struct lexer *lexer) {
    while (lexer->at < lexer->text.length && peek(lexer) != '\n') {
        advance(lexer);
    }
}

static void read_token(struct lexer *lexer) {
    uint32_t code = peek(lexer);
    if (is_blank(code)) {
        advance(lexer);
    } else if (code == '/' && peek_next(lexer) == '/') {
        skip_remark(lexer);
    } else if (code == '"' || code == 0xFF02) {
        read_text_token(lexer, code == '"' ? '"' : 0xFF02);
    } else if (code == 0x201C) {
        read_text_token(lexer, 0x201D);
    } else if (code == '\'') {
        read_quoted(lexer, '\'');
    } else if (code == 0x2018) {
        read_quoted(lexer, 0x2019);
    } else if (code == '@' || code == 0xFF20) {
        read_clause_token(lexer);
    } else if (is_digit(code)) {
        read_number_token(lexer);
    } else if (is_wide_digit(code)) {
        read_wide_number(lexer);
    } else if ((code == '+' || code == '-') && begins_zone(lexer)) {
        read_zone_token(lexer);
    } else if (is_letter(code)) {
        read_name_token(lexer);
    } else if (code == '&' || code == '|') {
        read_sign_word(lexer);
    } else if (!read_mark(lexer)) {
        skip_strange(lexer);
    }
}

/* ---- keywords --------------------------------------------------------------------------------------------- */

/* Marks every word at which a keyword begins. */
static void find_keywords(struct compiler *compiler) {
    for (uint32_t i = 0; i < compiler->tokens.count; i++) {
        struct text phrase[KEYWORD_WORDS_MAX];
        uint32_t count = 0;
        while (count < KEYWORD_WORDS_MAX && i + count < compiler->tokens.count &&
               compiler->tokens.items[i + count].kind == TOKEN_NAME) {
            phrase[count] = compiler->tokens.items[i + count].text;
            count++;
        }
        if (count > 0) {
            compiler->tokens.items[i].keyword = keyword_match(phrase, count, &compiler->tokens.items[i].words);
        }
    }
}

void read_tokens(struct compiler *compiler) {
    struct lexer lexer = {.compiler = compiler, .text = compiler->text};
    lexer.column = compiler->lines.count > 0 ? compiler->lines.items[0].column : 1;
    while (lexer.at < lexer.text.length && !compiler_is_exhausted(compiler)) {
        if (compiler->tokens.count >= PACK_WORDS_MAX) {
            report(compiler, place_of(&lexer), "the pack is too long: it may have %u words and marks",
                   "方案太长：最多 %u 个词和符号", PACK_WORDS_MAX);
            break;
        }
        read_token(&lexer);
    }
    struct token end = begin(&lexer, TOKEN_END);
    end.end = end.place;
    end.starts_line = true;
    VECTOR_PUSH(compiler, &compiler->tokens, end);
    find_keywords(compiler);
}
