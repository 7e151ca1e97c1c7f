#include "run/drill_line.h"

#include "base/calendar.h"
#include "base/quantity.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define KEYWORD_WORDS_MAX 3U
#define SHOWN_LENGTH 48U

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* ---- keywords --------------------------------------------------------------------------------------------- */

struct keyword_spelling {
    enum drill_keyword keyword;
    const char *words[KEYWORD_WORDS_MAX];
};

/* Where one spelling begins another, the longer one stands first. The first spelling of a keyword is its name. */
static const struct keyword_spelling spellings[] = {
    {DRILL_TITLE, {"drill"}},
    {DRILL_TITLE, {"演练"}},
    {DRILL_PACK, {"pack"}},
    {DRILL_PACK, {"预案"}},
    {DRILL_VERSION, {"version"}},
    {DRILL_VERSION, {"版本"}},
    {DRILL_SEED, {"seed"}},
    {DRILL_SEED, {"种子"}},
    {DRILL_START, {"start"}},
    {DRILL_START, {"开始"}},
    {DRILL_PEOPLE, {"people"}},
    {DRILL_PEOPLE, {"人员"}},
    {DRILL_SILENT, {"silent"}},
    {DRILL_SILENT, {"无应答"}},
    {DRILL_NEVER, {"never"}},
    {DRILL_NEVER, {"从不"}},
    {DRILL_AT, {"at"}},
    {DRILL_AT, {"第"}},
    {DRILL_AT, {"于"}},
    {DRILL_AFTER, {"after"}},
    {DRILL_AFTER, {"再过"}},
    {DRILL_NOTE, {"note"}},
    {DRILL_NOTE, {"旁白"}},
    {DRILL_USE, {"use"}},
    {DRILL_USE, {"转到"}},
    {DRILL_OPEN, {"open"}},
    {DRILL_OPEN, {"开启"}},
    {DRILL_REPORT, {"report"}},
    {DRILL_REPORT, {"报告"}},
    {DRILL_CORRECT, {"correct"}},
    {DRILL_CORRECT, {"更正"}},
    {DRILL_WITHDRAW, {"withdraw"}},
    {DRILL_WITHDRAW, {"撤回"}},
    {DRILL_SERIES, {"series"}},
    {DRILL_SERIES, {"逐日"}},
    {DRILL_BIND, {"bind"}},
    {DRILL_BIND, {"指定"}},
    {DRILL_UNBIND, {"unbind"}},
    {DRILL_UNBIND, {"撤销指定"}},
    {DRILL_ORDER, {"order"}},
    {DRILL_ORDER, {"命令"}},
    {DRILL_END, {"end"}},
    {DRILL_END, {"终止"}},
    {DRILL_ACCEPT, {"accept"}},
    {DRILL_ACCEPT, {"同意"}},
    {DRILL_REFUSE, {"refuse"}},
    {DRILL_REFUSE, {"驳回"}},
    {DRILL_NOTIFY, {"notify"}},
    {DRILL_NOTIFY, {"送达"}},
    {DRILL_ACKNOWLEDGE, {"acknowledge"}},
    {DRILL_ACKNOWLEDGE, {"签收"}},
    {DRILL_PROVE, {"prove"}},
    {DRILL_PROVE, {"办结"}},
    {DRILL_TAKE, {"take"}},
    {DRILL_TAKE, {"采取"}},
    {DRILL_DECLINE, {"decline"}},
    {DRILL_DECLINE, {"不采取"}},
    {DRILL_BREACH, {"breach"}},
    {DRILL_BREACH, {"违反"}},
    {DRILL_MERGE, {"merge"}},
    {DRILL_MERGE, {"合并"}},
    {DRILL_SPLIT, {"split"}},
    {DRILL_SPLIT, {"分开"}},
    {DRILL_ADOPT, {"adopt"}},
    {DRILL_ADOPT, {"启用"}},
    {DRILL_MOVE, {"move"}},
    {DRILL_MOVE, {"改用"}},
    {DRILL_CLOSE, {"close"}},
    {DRILL_CLOSE, {"结案"}},
    {DRILL_EXPECT, {"expect"}},
    {DRILL_EXPECT, {"应当"}},
    {DRILL_REJECTED, {"rejected"}},
    {DRILL_REJECTED, {"应被拒绝"}},
    {DRILL_AS_OF, {"as", "of"}},
    {DRILL_AS_OF, {"截至"}},
    {DRILL_OF, {"of"}},
    {DRILL_OF, {"由"}},
    {DRILL_TO, {"to"}},
    {DRILL_TO, {"向"}},
    {DRILL_TO, {"至"}},
    {DRILL_BY, {"by"}},
    {DRILL_BY, {"由"}},
    {DRILL_INTO, {"into"}},
    {DRILL_INTO, {"到"}},
    {DRILL_PLACE, {"place"}},
    {DRILL_PLACE, {"地点"}},
    {DRILL_ON, {"on"}},
    {DRILL_ON, {"日期"}},
    {DRILL_SOURCE, {"source"}},
    {DRILL_SOURCE, {"来源"}},
    {DRILL_REASON, {"reason"}},
    {DRILL_REASON, {"理由"}},
    {DRILL_OBSERVED, {"observed"}},
    {DRILL_OBSERVED, {"实测"}},
    {DRILL_PREDICTED, {"predicted"}},
    {DRILL_PREDICTED, {"forecast"}},
    {DRILL_PREDICTED, {"预判"}},
    {DRILL_PREDICTED, {"预报"}},
    {DRILL_DECIDE, {"decide"}},
    {DRILL_DECIDE, {"决定"}},
    {DRILL_BECAUSE, {"because"}},
    {DRILL_BECAUSE, {"依据"}},
    {DRILL_ONLY, {"only"}},
    {DRILL_ONLY, {"仅"}},
    {DRILL_NOT, {"not"}},
    {DRILL_NOT, {"未"}},
    {DRILL_NOT, {"非"}},
    {DRILL_NO, {"no"}},
    {DRILL_NO, {"无"}},
    {DRILL_NO, {"没有"}},
    {DRILL_NONE, {"none"}},
    {DRILL_NONE, {"无"}},
    {DRILL_LEVEL, {"level"}},
    {DRILL_LEVEL, {"级别"}},
    {DRILL_MAY, {"may"}},
    {DRILL_MAY, {"可能"}},
    {DRILL_PROPOSAL, {"proposal"}},
    {DRILL_PROPOSAL, {"建议"}},
    {DRILL_LAST, {"last"}},
    {DRILL_LAST, {"上一"}},
    {DRILL_RAISE, {"raise"}},
    {DRILL_RAISE, {"提级"}},
    {DRILL_LOWER, {"lower"}},
    {DRILL_LOWER, {"降级"}},
    {DRILL_OVERRIDE, {"override"}},
    {DRILL_OVERRIDE, {"与事实不同"}},
    {DRILL_DUTY, {"duty"}},
    {DRILL_DUTY, {"duties"}},
    {DRILL_DUTY, {"职责"}},
    {DRILL_NOTICE, {"notice"}},
    {DRILL_NOTICE, {"notices"}},
    {DRILL_NOTICE, {"知会"}},
    {DRILL_ABOUT, {"about"}},
    {DRILL_ABOUT, {"关于"}},
    {DRILL_FINDING, {"finding"}},
    {DRILL_FINDING, {"findings"}},
    {DRILL_FINDING, {"发现"}},
    {DRILL_FACT, {"fact"}},
    {DRILL_FACT, {"事实"}},
    {DRILL_INCIDENT, {"incident"}},
    {DRILL_INCIDENT, {"事件"}},
    {DRILL_COUNT, {"count"}},
    {DRILL_COUNT, {"计数"}},
    {DRILL_OWED, {"owed"}},
    {DRILL_OWED, {"待办"}},
    {DRILL_NOTIFIED, {"notified"}},
    {DRILL_NOTIFIED, {"已送达"}},
    {DRILL_ACKNOWLEDGED, {"acknowledged"}},
    {DRILL_ACKNOWLEDGED, {"已签收"}},
    {DRILL_UNACKNOWLEDGED, {"unacknowledged"}},
    {DRILL_UNACKNOWLEDGED, {"逾期未签收"}},
    {DRILL_DONE_IN_TIME, {"done", "in", "time"}},
    {DRILL_DONE_IN_TIME, {"按时办结"}},
    {DRILL_DONE_LATE, {"done", "late"}},
    {DRILL_DONE_LATE, {"逾期办结"}},
    {DRILL_DONE, {"done"}},
    {DRILL_DONE, {"已办结"}},
    {DRILL_DECLINED, {"declined"}},
    {DRILL_DECLINED, {"已谢绝"}},
    {DRILL_OVERDUE, {"overdue"}},
    {DRILL_OVERDUE, {"逾期"}},
    {DRILL_ESCALATED, {"escalated", "to"}},
    {DRILL_ESCALATED, {"已上报"}},
    {DRILL_LAPSED, {"lapsed"}},
    {DRILL_LAPSED, {"已失效"}},
    {DRILL_ABSENT, {"absent"}},
    {DRILL_ABSENT, {"不存在"}},
    {DRILL_UNBOUND, {"unbound"}},
    {DRILL_UNBOUND, {"未指定"}},
    {DRILL_BREACHED, {"breached"}},
    {DRILL_BREACHED, {"已违反"}},
    {DRILL_ACCEPTED, {"accepted"}},
    {DRILL_ACCEPTED, {"已同意"}},
    {DRILL_REFUSED, {"refused"}},
    {DRILL_REFUSED, {"已驳回"}},
    {DRILL_SUPERSEDED, {"superseded"}},
    {DRILL_SUPERSEDED, {"已取代"}},
    {DRILL_EXHAUSTED, {"exhausted"}},
    {DRILL_EXHAUSTED, {"无人应答"}},
    {DRILL_CONTRADICTION, {"contradiction"}},
    {DRILL_CONTRADICTION, {"矛盾"}},
    {DRILL_LOST, {"lost"}},
    {DRILL_LOST, {"换版遗失"}},
    {DRILL_OPENED, {"open"}},
    {DRILL_OPENED, {"进行中"}},
    {DRILL_MERGED, {"merged"}},
    {DRILL_MERGED, {"已并入"}},
    {DRILL_CLOSED, {"closed"}},
    {DRILL_CLOSED, {"已结案"}},
};

const char *drill_keyword_name(enum drill_keyword keyword) {
    static char nothing[] = "";
    for (size_t i = 0; i < COUNT_OF(spellings); i++) {
        if (spellings[i].keyword == keyword) {
            return spellings[i].words[0];
        }
    }
    return nothing;
}

/* How many tokens from `at` on a spelling takes, 0 when it does not stand there. */
static uint32_t match_spelling(const struct drill_line *line, uint32_t at, const struct keyword_spelling *spelling) {
    uint32_t taken = 0;
    while (taken < KEYWORD_WORDS_MAX && spelling->words[taken] != NULL) {
        if (at + taken >= line->count || line->tokens[at + taken].kind != DRILL_WORD ||
            !text_equals_string(line->tokens[at + taken].text, spelling->words[taken])) {
            return 0;
        }
        taken++;
    }
    return taken;
}

enum drill_keyword drill_find_keyword(const struct drill_cursor *cursor, uint32_t *taken) {
    for (size_t i = 0; i < COUNT_OF(spellings); i++) {
        *taken = match_spelling(cursor->line, cursor->at, &spellings[i]);
        if (*taken > 0) {
            return spellings[i].keyword;
        }
    }
    return DRILL_NO_KEYWORD;
}

struct text drill_suggest_verb(struct text word) {
    struct text nearest = {0};
    uint32_t best = 3;
    for (size_t i = 0; i < COUNT_OF(spellings) && spellings[i].keyword <= DRILL_REJECTED; i++) {
        struct text known = text_of(spellings[i].words[0]);
        uint32_t distance = text_measure_distance(word, known, 2);
        if (distance < best && distance < text_count_code_points(known)) {
            best = distance;
            nearest = known;
        }
    }
    return nearest;
}

/* ---- words ------------------------------------------------------------------------------------------------ */

struct reader {
    struct arena *arena;
    const char *file;
    struct text source;
    size_t at;     /* offset in source */
    size_t end;    /* of the physical line */
    uint32_t line; /* number of the physical line */
    size_t line_start;
    struct drill_token *tokens; /* of all lines */
    uint32_t token_count;
    struct drill_lines *lines;
    struct failure *failure;
};

static uint32_t find_column(const struct reader *reader, size_t offset) {
    struct text before = {reader->source.bytes + reader->line_start, offset - reader->line_start};
    return (uint32_t)text_count_code_points(before) + 1;
}

/* The ASCII sign for one that ends a word, '\0' for every other character. */
static char find_mark(uint32_t code_point) {
    switch (code_point) {
    case 0xFF1A: /* ： */
        return ':';
    case 0xFF0C: /* ， */
    case 0x3001: /* 、 */
        return ',';
    case 0xFF1D: /* ＝ */
        return '=';
    case 0xFF0B: /* ＋ */
        return '+';
    case 0xFF1B: /* ； */
        return ';';
    case 0xFF1E: /* ＞ */
    case 0x2265: /* ≥ */
        return '>';
    case 0xFF1C: /* ＜ */
    case 0x2264: /* ≤ */
        return '<';
    default:
        return code_point < 128 && strchr(":,=+;()<>|{}", (int)code_point) != NULL && code_point != 0 ? (char)code_point
                                                                                                      : '\0';
    }
}

static bool is_blank(uint32_t code_point) {
    return code_point == ' ' || code_point == '\t' || code_point == '\r' || code_point == 0x3000;
}

static bool is_digit(const struct reader *reader, size_t offset) {
    return offset < reader->end && reader->source.bytes[offset] >= '0' && reader->source.bytes[offset] <= '9';
}

static bool is_word_end(const struct reader *reader, size_t offset, size_t start) {
    size_t size = 0;
    uint32_t code_point = text_read_code_point(reader->source, offset, &size);
    if (code_point == ':' && offset > start && is_digit(reader, offset - 1) && is_digit(reader, offset + 1)) {
        return false; /* 14:05 */
    }
    if (code_point == '+' && offset > start + 5 && is_digit(reader, offset - 1) && is_digit(reader, offset + 1) &&
        memchr(reader->source.bytes + start, ':', offset - start) != NULL) {
        return false; /* 14:05+08:00 */
    }
    return is_blank(code_point) || find_mark(code_point) != '\0' || code_point == '"' || code_point == 0x201C ||
           code_point == '\'' || code_point == '@';
}

static bool add_token(struct reader *reader, enum drill_token_kind kind, struct text text, size_t from) {
    if (reader->token_count == DRILL_TOKENS_MAX) {
        return failure_set_place(reader->failure, reader->file, reader->line, 0, "the drill is too long");
    }
    if (reader->token_count % 1024 == 0) {
        struct drill_token *grown =
            arena_allocate_array(reader->arena, reader->token_count + 1024, sizeof *reader->tokens);
        if (grown == NULL) {
            return failure_set(reader->failure, "memory is exhausted");
        }
        if (reader->token_count > 0) {
            memcpy(grown, reader->tokens, reader->token_count * sizeof *grown);
        }
        reader->tokens = grown;
    }
    struct text raw = {reader->source.bytes + from, reader->at - from};
    reader->tokens[reader->token_count++] =
        (struct drill_token){kind, text, raw, reader->line, find_column(reader, from)};
    return true;
}

/* Reads "…" or “…” from behind its first quote to behind its last; \" and \\ within "…" stand for themselves. */
static bool read_text(struct reader *reader, size_t from, bool is_plain) {
    char *bytes = arena_allocate(reader->arena, reader->end - reader->at + 1);
    size_t length = 0;
    if (bytes == NULL) {
        return failure_set(reader->failure, "memory is exhausted");
    }
    while (reader->at < reader->end) {
        size_t size = 0;
        uint32_t code_point = text_read_code_point(reader->source, reader->at, &size);
        reader->at += size;
        if (code_point == (is_plain ? (uint32_t)'"' : 0x201DU)) {
            return add_token(reader, DRILL_TEXT, (struct text){bytes, length}, from);
        }
        if (is_plain && code_point == '\\' && reader->at < reader->end) {
            size = 1;
            reader->at++;
        }
        memcpy(bytes + length, reader->source.bytes + reader->at - size, size);
        length += size;
    }
    return failure_set_place(reader->failure, reader->file, reader->line, find_column(reader, from),
                             "a text that begins here does not end on its line; close it with %s",
                             is_plain ? "\"" : "”");
}

static bool read_quoted(struct reader *reader, size_t from) {
    const char *end = memchr(reader->source.bytes + reader->at, '\'', reader->end - reader->at);
    if (end == NULL) {
        return failure_set_place(reader->failure, reader->file, reader->line, find_column(reader, from),
                                 "a name that begins here does not end on its line; close it with '");
    }
    struct text name = {reader->source.bytes + reader->at, (size_t)(end - reader->source.bytes) - reader->at};
    reader->at += name.length + 1;
    return add_token(reader, DRILL_QUOTED, name, from);
}

/* A clause goes to the next blank or list comma; its brackets belong to it. */
static bool read_clause(struct reader *reader, size_t from) {
    while (reader->at < reader->end) {
        size_t size = 0;
        uint32_t code_point = text_read_code_point(reader->source, reader->at, &size);
        if (is_blank(code_point) || find_mark(code_point) == ',') {
            break;
        }
        reader->at += size;
    }
    struct text clause = {reader->source.bytes + from + 1, reader->at - from - 1};
    return add_token(reader, DRILL_CLAUSE, clause, from);
}

/* 第, 再过 and 于 may stand before a number without a blank. */
static size_t measure_glued_keyword(const struct reader *reader, size_t from) {
    static const struct text glued[] = {TEXT_INITIAL("第"), TEXT_INITIAL("再过"), TEXT_INITIAL("于")};
    struct text rest = {reader->source.bytes + from, reader->end - from};
    for (size_t i = 0; i < COUNT_OF(glued); i++) {
        if (text_starts_with(rest, glued[i]) && is_digit(reader, from + glued[i].length)) {
            return glued[i].length;
        }
    }
    return 0;
}

static bool read_word(struct reader *reader, size_t from) {
    size_t glued = measure_glued_keyword(reader, from);
    if (glued > 0) {
        reader->at = from + glued;
    } else {
        while (reader->at < reader->end && !is_word_end(reader, reader->at, from)) {
            size_t size = 0;
            (void)text_read_code_point(reader->source, reader->at, &size);
            reader->at += size;
        }
    }
    struct text word = {reader->source.bytes + from, reader->at - from};
    return add_token(reader, DRILL_WORD, word, from);
}

/* The next token of the physical line; blanks have been skipped. */
static bool read_token(struct reader *reader) {
    size_t from = reader->at;
    size_t size = 0;
    uint32_t code_point = text_read_code_point(reader->source, from, &size);
    static const char marks[] = ":,=+;()<>|{}";
    if (code_point == '"' || code_point == 0x201C) {
        reader->at += size;
        return read_text(reader, from, code_point == '"');
    }
    if (code_point == '\'') {
        reader->at += size;
        return read_quoted(reader, from);
    }
    if (code_point == '@') {
        reader->at += size;
        return read_clause(reader, from);
    }
    char mark = find_mark(code_point);
    if (mark != '\0') {
        reader->at += size;
        return add_token(reader, DRILL_MARK, (struct text){strchr(marks, mark), 1}, from);
    }
    return read_word(reader, from);
}

static bool starts_remark(const struct reader *reader) {
    return reader->at + 1 < reader->end && reader->source.bytes[reader->at] == '/' &&
           reader->source.bytes[reader->at + 1] == '/';
}

/* Cuts one physical line of a block; begins a new statement unless the one before ended in a comma. */
static bool read_line(struct reader *reader) {
    uint32_t before = reader->token_count;
    while (reader->at < reader->end) {
        size_t size = 0;
        if (is_blank(text_read_code_point(reader->source, reader->at, &size))) {
            reader->at += size;
        } else if (starts_remark(reader)) {
            break;
        } else if (!read_token(reader)) {
            return false;
        }
    }
    if (reader->token_count == before) {
        return true;
    }
    bool goes_on = false;
    if (before > 0 && reader->lines->count > 0) {
        const struct drill_token *last = &reader->tokens[before - 1];
        goes_on = last->kind == DRILL_MARK && last->text.bytes[0] == ',';
    }
    if (goes_on) {
        reader->lines->items[reader->lines->count - 1].count += reader->token_count - before;
        return true;
    }
    if (reader->lines->count == DRILL_LINES_MAX) {
        return failure_set_place(reader->failure, reader->file, reader->line, 0, "the drill is too long");
    }
    reader->lines->items[reader->lines->count++] =
        (struct drill_line){NULL, reader->token_count - before, reader->line};
    return true;
}

/* Length of a fence (three or more backticks or tildes, indented by at most three blanks), 0 when the line is none. */
static size_t measure_fence(struct text line, char *sign, struct text *info) {
    size_t at = 0;
    while (at < line.length && at < 3 && line.bytes[at] == ' ') {
        at++;
    }
    size_t from = at;
    if (at >= line.length || (line.bytes[at] != '`' && line.bytes[at] != '~')) {
        return 0;
    }
    *sign = line.bytes[at];
    while (at < line.length && line.bytes[at] == *sign) {
        at++;
    }
    *info = text_trim((struct text){line.bytes + at, line.length - at});
    return at - from >= 3 ? at - from : 0;
}

static bool read_blocks(struct reader *reader) {
    size_t offset = 0;
    size_t open = 0; /* length of the fence that is open, 0 outside */
    char open_sign = '\0';
    bool is_drill = false;
    while (offset < reader->source.length) {
        const char *newline = memchr(reader->source.bytes + offset, '\n', reader->source.length - offset);
        size_t end = newline == NULL ? reader->source.length : (size_t)(newline - reader->source.bytes);
        struct text line = {reader->source.bytes + offset, end - offset};
        char sign = '\0';
        struct text info = {0};
        size_t fence = measure_fence(line, &sign, &info);
        reader->line++;
        if (open == 0 && fence > 0) {
            open = fence;
            open_sign = sign;
            size_t word = 0;
            while (word < info.length && info.bytes[word] != ' ') {
                word++;
            }
            is_drill = text_equal((struct text){info.bytes, word}, TEXT("drill"));
        } else if (open > 0 && fence >= open && sign == open_sign && info.length == 0) {
            open = 0;
            is_drill = false;
        } else if (is_drill) {
            reader->at = offset;
            reader->line_start = offset;
            reader->end = end;
            if (!read_line(reader)) {
                return false;
            }
        }
        offset = end + 1;
    }
    return true;
}

bool drill_lines_read(struct arena *arena, const char *file, struct text source, struct drill_lines *lines,
                      struct failure *failure) {
    struct reader reader = {.arena = arena, .file = file, .source = source, .lines = lines, .failure = failure};
    int64_t invalid = text_find_invalid_utf8(source);
    if (invalid >= 0) {
        return failure_set(failure, "%s is no valid UTF-8 (at byte %lld)", file, (long long)invalid);
    }
    lines->items = arena_allocate_array(arena, DRILL_LINES_MAX, sizeof *lines->items);
    lines->count = 0;
    if (lines->items == NULL) {
        return failure_set(failure, "memory is exhausted");
    }
    if (!read_blocks(&reader)) {
        return false;
    }
    const struct drill_token *next = reader.tokens;
    for (uint32_t i = 0; i < lines->count; i++) {
        lines->items[i].tokens = next;
        next += lines->items[i].count;
    }
    return lines->count > 0 || failure_set_place(failure, file, 1, 1, "there is no block marked ```drill in the file");
}

/* ---- reading a statement ---------------------------------------------------------------------------------- */

const struct drill_token *drill_peek(const struct drill_cursor *cursor) {
    return cursor->at < cursor->line->count ? &cursor->line->tokens[cursor->at] : NULL;
}

static bool refuse_at(const struct drill_cursor *cursor, uint32_t at, const char *format, va_list arguments)
    __attribute__((format(printf, 3, 0)));

static bool refuse_at(const struct drill_cursor *cursor, uint32_t at, const char *format, va_list arguments) {
    char message[sizeof cursor->failure->message];
    (void)vsnprintf(message, sizeof message, format, arguments);
    const struct drill_line *line = cursor->line;
    const struct drill_token *token = &line->tokens[at < line->count ? at : line->count - 1];
    uint32_t past = at < line->count ? 0 : (uint32_t)text_count_code_points(token->raw);
    return failure_set_place(cursor->failure, cursor->file, token->line, token->column + past, "%s", message);
}

bool drill_refuse(const struct drill_cursor *cursor, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    bool result = refuse_at(cursor, cursor->at, format, arguments);
    va_end(arguments);
    return result;
}

bool drill_refuse_last(const struct drill_cursor *cursor, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    bool result = refuse_at(cursor, cursor->at == 0 ? 0 : cursor->at - 1, format, arguments);
    va_end(arguments);
    return result;
}

bool drill_take(struct drill_cursor *cursor, enum drill_keyword keyword) {
    for (size_t i = 0; i < COUNT_OF(spellings); i++) {
        uint32_t taken = spellings[i].keyword == keyword ? match_spelling(cursor->line, cursor->at, &spellings[i]) : 0;
        if (taken > 0) {
            cursor->at += taken;
            return true;
        }
    }
    return false;
}

bool drill_take_mark(struct drill_cursor *cursor, char mark) {
    const struct drill_token *token = drill_peek(cursor);
    if (token == NULL || token->kind != DRILL_MARK || token->text.bytes[0] != mark) {
        return false;
    }
    cursor->at++;
    return true;
}

bool drill_take_text(struct drill_cursor *cursor, struct text *text) {
    const struct drill_token *token = drill_peek(cursor);
    if (token == NULL || token->kind != DRILL_TEXT) {
        return false;
    }
    *text = token->text;
    cursor->at++;
    return true;
}

bool drill_take_name(struct drill_cursor *cursor, struct text *name) {
    const struct drill_token *token = drill_peek(cursor);
    if (token == NULL || (token->kind != DRILL_WORD && token->kind != DRILL_QUOTED)) {
        return false;
    }
    *name = token->text;
    cursor->at++;
    return true;
}

/* What stands here, for a message. */
static void describe_here(const struct drill_cursor *cursor, char out[SHOWN_LENGTH + 32]) {
    const struct drill_token *token = drill_peek(cursor);
    if (token == NULL) {
        (void)snprintf(out, SHOWN_LENGTH + 32, "the line ends here");
        return;
    }
    (void)snprintf(out, SHOWN_LENGTH + 32, "%.*s stands here", TEXT_PRINT(text_cut(token->raw, SHOWN_LENGTH)));
}

bool drill_need(struct drill_cursor *cursor, enum drill_keyword keyword) {
    char here[SHOWN_LENGTH + 32];
    if (drill_take(cursor, keyword)) {
        return true;
    }
    describe_here(cursor, here);
    return drill_refuse(cursor, "%s, but \"%s\" was expected", here, drill_keyword_name(keyword));
}

bool drill_need_mark(struct drill_cursor *cursor, char mark) {
    char here[SHOWN_LENGTH + 32];
    if (drill_take_mark(cursor, mark)) {
        return true;
    }
    describe_here(cursor, here);
    return drill_refuse(cursor, "%s, but \"%c\" was expected", here, mark);
}

bool drill_need_text(struct drill_cursor *cursor, struct text *text, const char *what) {
    char here[SHOWN_LENGTH + 32];
    if (drill_take_text(cursor, text)) {
        return true;
    }
    describe_here(cursor, here);
    return drill_refuse(cursor, "%s, but %s, in quotes \"…\", was expected", here, what);
}

bool drill_need_name(struct drill_cursor *cursor, struct text *name, const char *what) {
    char here[SHOWN_LENGTH + 32];
    if (drill_take_name(cursor, name)) {
        return true;
    }
    describe_here(cursor, here);
    return drill_refuse(cursor, "%s, but %s was expected", here, what);
}

bool drill_need_end(struct drill_cursor *cursor) {
    char here[SHOWN_LENGTH + 32];
    if (drill_peek(cursor) == NULL) {
        return true;
    }
    describe_here(cursor, here);
    return drill_refuse(cursor, "%s, but the statement should have ended", here);
}

struct text drill_raw(const struct drill_cursor *cursor, uint32_t from, uint32_t to) {
    if (from >= to || to > cursor->line->count) {
        return (struct text){0};
    }
    const struct drill_token *first = &cursor->line->tokens[from];
    const struct drill_token *last = &cursor->line->tokens[to - 1];
    return (struct text){first->raw.bytes, (size_t)(last->raw.bytes + last->raw.length - first->raw.bytes)};
}

/* ---- instants and delays ---------------------------------------------------------------------------------- */

static bool is_ascii_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static bool starts_with_digit(struct text word) {
    return word.length > 0 && is_ascii_digit(word.bytes[0]);
}

static struct text skip(struct text word, size_t count) {
    return (struct text){word.bytes + count, word.length - count};
}

/* Length of the number at the start of a word. */
static size_t measure_number(struct text word) {
    size_t length = 0;
    while (length < word.length && (is_ascii_digit(word.bytes[length]) || word.bytes[length] == '.')) {
        length++;
    }
    return length;
}

/* One pair of number and unit; the unit may be the next word. */
static bool add_pair(struct drill_cursor *cursor, struct text *word, int64_t *us) {
    char whole[128];
    size_t digits = measure_number(*word);
    size_t end = digits;
    while (end < word->length && !is_ascii_digit(word->bytes[end])) {
        end++;
    }
    struct text number = {word->bytes, digits};
    struct text unit = {word->bytes + digits, end - digits};
    if (unit.length == 0 && !drill_take_name(cursor, &unit)) {
        return drill_refuse(cursor, "a unit is missing here; write \"2 h\", \"30 min\", \"2小时\", \"30分钟\"");
    }
    (void)snprintf(whole, sizeof whole, "%.*s %.*s", TEXT_PRINT(text_cut(number, 40)), TEXT_PRINT(text_cut(unit, 40)));
    int64_t value = 0;
    struct failure inner = {0};
    if (!quantity_parse(text_of(whole), QUANTITY_DURATION, &value, &inner)) {
        return drill_refuse_last(cursor, "%s", inner.message);
    }
    *word = skip(*word, end);
    *us += value;
    return *us <= quantity_largest(QUANTITY_DURATION) || drill_refuse_last(cursor, "this is out of all reason");
}

/* "14:05", "2022-08-20" begin no length of time. */
static bool is_clock_word(struct text word) {
    size_t digits = measure_number(word);
    return digits < word.length && (word.bytes[digits] == ':' || (digits == 4 && word.bytes[digits] == '-'));
}

/* True when another pair follows, with or without a "+" between. */
static bool goes_on(struct drill_cursor *cursor) {
    uint32_t before = cursor->at;
    (void)drill_take_mark(cursor, '+');
    const struct drill_token *token = drill_peek(cursor);
    if (token != NULL && token->kind == DRILL_WORD && starts_with_digit(token->text) && !is_clock_word(token->text)) {
        return true;
    }
    cursor->at = before;
    return false;
}

bool drill_take_duration(struct drill_cursor *cursor, int64_t *us) {
    *us = 0;
    const struct drill_token *token = drill_peek(cursor);
    if (token == NULL || token->kind != DRILL_WORD || !starts_with_digit(token->text)) {
        return drill_refuse(cursor, "a length of time was expected here, such as \"30 min\" or \"2小时\"");
    }
    do {
        struct text word = {0};
        (void)drill_take_name(cursor, &word);
        while (word.length > 0) {
            if (!starts_with_digit(word)) {
                return drill_refuse_last(cursor, "a length of time is numbers with units, such as \"1 h 30 min\"");
            }
            if (!add_pair(cursor, &word, us)) {
                return false;
            }
        }
    } while (goes_on(cursor));
    return true;
}

/* "14:05" on the day of the start, or on a given day. */
static bool read_time_of_day(const struct drill_cursor *cursor, const struct drill_clock *clock, int32_t day,
                             struct text word, int64_t *instant) {
    char date[CALENDAR_DATE_ROOM];
    char whole[96];
    struct failure inner = {0};
    calendar_print_date(day, date);
    (void)snprintf(whole, sizeof whole, "%sT%s%.*s", date, word.length > 1 && word.bytes[1] == ':' ? "0" : "",
                   TEXT_PRINT(text_cut(word, 48)));
    return calendar_parse_instant(text_of(whole), clock->zone_minutes, instant, &inner) ||
           drill_refuse_last(cursor, "%s", inner.message);
}

static bool read_date(struct drill_cursor *cursor, const struct drill_clock *clock, struct text word,
                      int64_t *instant) {
    struct failure inner = {0};
    int32_t day = 0;
    if (memchr(word.bytes, 'T', word.length) != NULL) {
        return calendar_parse_instant(word, clock->zone_minutes, instant, &inner) ||
               drill_refuse_last(cursor, "%s", inner.message);
    }
    if (!calendar_parse_date(word, &day, &inner)) {
        return drill_refuse_last(cursor, "%s", inner.message);
    }
    const struct drill_token *token = drill_peek(cursor);
    if (token == NULL || token->kind != DRILL_WORD || !is_clock_word(token->text)) {
        return drill_refuse(cursor, "a time of day is missing behind the date, such as 14:05");
    }
    cursor->at++;
    return read_time_of_day(cursor, clock, day, token->text, instant);
}

bool drill_take_instant(struct drill_cursor *cursor, const struct drill_clock *clock, int64_t *instant) {
    bool is_after = true;
    int64_t offset = 0;
    if (drill_take(cursor, DRILL_START)) {
        const struct drill_token *sign = drill_peek(cursor);
        bool is_minus = sign != NULL && text_equals_string(sign->text, "-");
        if (!is_minus && !drill_take_mark(cursor, '+')) {
            *instant = clock->start;
            return true;
        }
        cursor->at += is_minus ? 1 : 0;
        is_after = !is_minus;
    }
    const struct drill_token *token = drill_peek(cursor);
    if (token != NULL && token->kind == DRILL_WORD && is_clock_word(token->text)) {
        cursor->at++;
        if (memchr(token->text.bytes, '-', token->text.length) != NULL) {
            return read_date(cursor, clock, token->text, instant);
        }
        return read_time_of_day(cursor, clock, calendar_find_day(clock->start, clock->zone_minutes), token->text,
                                instant);
    }
    if (token != NULL && token->kind == DRILL_WORD && token->text.length > 1 && token->text.bytes[0] == '-') {
        /* A sign glued to its number: read the rest of the word as if it stood alone. */
        struct drill_token positive = *token;
        positive.text = skip(token->text, 1);
        struct drill_token two[2] = {positive, {0}};
        uint32_t count = 1;
        if (cursor->at + 1 < cursor->line->count) {
            two[count++] = cursor->line->tokens[cursor->at + 1];
        }
        struct drill_line line = {two, count, cursor->line->line};
        struct drill_cursor inner = {&line, 0, cursor->file, cursor->failure};
        if (!drill_take_duration(&inner, &offset)) {
            return false;
        }
        cursor->at += inner.at;
        *instant = clock->start - offset;
        return true;
    }
    if (!drill_take_duration(cursor, &offset)) {
        return false;
    }
    *instant = is_after ? clock->start + offset : clock->start - offset;
    return true;
}

/* One end of a delay; `unit` is taken where it has none. */
static bool read_delay_end(const struct drill_cursor *cursor, struct text end, struct text unit, int64_t *us) {
    char whole[128];
    struct failure inner = {0};
    size_t digits = measure_number(end);
    (void)snprintf(whole, sizeof whole, "%.*s %.*s", TEXT_PRINT(text_cut(end, 60)),
                   TEXT_PRINT(digits == end.length ? text_cut(unit, 40) : TEXT("")));
    return quantity_parse(text_trim(text_of(whole)), QUANTITY_DURATION, us, &inner) ||
           drill_refuse_last(cursor, "%s", inner.message);
}

bool drill_take_delay(struct drill_cursor *cursor, int64_t *low, int64_t *high) {
    if (drill_take(cursor, DRILL_NEVER)) {
        *low = -1;
        *high = -1;
        return true;
    }
    uint32_t from = cursor->at;
    const struct drill_token *token = drill_peek(cursor);
    if (token == NULL || token->kind != DRILL_WORD || !starts_with_digit(token->text)) {
        return drill_refuse(cursor, "a delay was expected here, such as \"5 min\", \"1..3 min\" or \"never\"");
    }
    while (token != NULL && token->kind == DRILL_WORD && cursor->at < from + 4) {
        cursor->at++;
        token = drill_peek(cursor);
    }
    struct text raw = drill_raw(cursor, from, cursor->at);
    struct text right = raw;
    size_t dots = 0;
    while (dots + 1 < raw.length && (raw.bytes[dots] != '.' || raw.bytes[dots + 1] != '.')) {
        dots++;
    }
    bool is_range = dots + 1 < raw.length;
    if (is_range) {
        right = text_trim(skip(raw, dots + 2));
    }
    if (!read_delay_end(cursor, right, TEXT(""), high)) {
        return false;
    }
    *low = *high;
    if (is_range) {
        struct text left = text_trim((struct text){raw.bytes, dots});
        if (!read_delay_end(cursor, left, text_trim(skip(right, measure_number(right))), low)) {
            return false;
        }
    }
    return *low <= *high || drill_refuse_last(cursor, "this range of delays is empty");
}
