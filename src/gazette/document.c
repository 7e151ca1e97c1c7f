/* Where documents begin: the block of title lines and the line of their number, or a title with a date under it. */
#include "gazette/reader.h"

#include <string.h>

#define TITLE_LINES_MAX 8
#define HEAD_BLANKS_MAX 3
#define DASH_LINES_MAX 4
#define SIGNER_COLUMNS_MAX 40

struct head {
    uint32_t first;                  /* where the document before it ends */
    uint32_t title_first, title_end; /* lines of the title */
    uint32_t body;                   /* the line behind the head */
    uint32_t number_line;            /* or GAZETTE_NONE */
    struct text number;
    bool has_date; /* a report: the date stands under the title */
    int32_t day;
};

struct heads {
    struct head *items;
    uint32_t count;
    bool has_numbers; /* a line led by a number has been seen since the last head */
};

/* ---- what lines are --------------------------------------------------------------------------------------- */

static bool ends_with_any(struct text line, const char *const *ends, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (glyph_ends_with(line, ends[i])) {
            return true;
        }
    }
    return false;
}

bool line_is_issuer(struct text line) {
    static const char *const ends[] = {"政府", "办公室", "办公厅", "委员会",     "指挥部",  "局",
                                       "厅",   "部",     "院",     "总队",       "支队",    "管委会",
                                       "中心", "处",     "公司",   "人大常委会", "领导小组"};
    static const char *const words[] = {"government", "council", "authority", "office",      "ministry",
                                        "department", "board",   "agency",    "committee",   "commission",
                                        "county",     "parish",  "district",  "municipality"};
    if (line_is_sentence(line) || glyph_columns(line) > 80 || line.length == 0 || glyph_contains(line, "关于")) {
        return false;
    }
    if (ends_with_any(line, ends, sizeof ends / sizeof ends[0])) {
        return !glyph_contains(line, "，") && !glyph_contains(line, "、");
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (glyph_has_term(line, words[i])) {
            return true;
        }
    }
    return false;
}

bool line_is_signer(struct text line) {
    static const char *const ends[] = {"办", "委", "协会", "联合会", "大队", "派出所"};
    return line_is_issuer(line) ||
           (ends_with_any(line, ends, sizeof ends / sizeof ends[0]) && glyph_columns(line) <= SIGNER_COLUMNS_MAX &&
            !line_is_sentence(line) && !glyph_contains(line, "，") && !glyph_contains(line, "、"));
}

bool line_is_imprint(struct text line) {
    int32_t day = 0;
    bool is_alone = false;
    uint32_t first = glyph_fold(glyph_first(line));
    uint32_t last = glyph_fold(glyph_last(line));
    if (first == '(' && last == ')' && (glyph_contains(line, "此件") || glyph_contains(line, "公开发布"))) {
        return true;
    }
    return text_starts_with(line, TEXT("特此通知")) || text_starts_with(line, TEXT("特此公告")) ||
           text_starts_with(line, TEXT("特此通告")) || text_starts_with(line, TEXT("抄送")) ||
           text_starts_with(line, TEXT("主题词")) ||
           (glyph_ends_with(line, "印发") && date_find(line, &day, &is_alone) && !line_is_sentence(line));
}

/* The last words of a title, without what stands in brackets behind them. */
static bool is_document_title(struct text line) {
    static const char *const ends[] = {"通知", "决定", "意见", "办法", "公告", "通告", "批复", "函",
                                       "令",   "规定", "方案", "预案", "报告", "通报", "规划", "纲要",
                                       "计划", "条例", "细则", "要点", "规则", "制度", "清单", "讲话",
                                       "公报", "指南", "标准", "命令", "纪要", "名单", "手册"};
    static const char *const words[] = {"plan",        "notice",    "report",    "order",     "rules",
                                        "regulations", "programme", "bylaw",     "programme", "procedures",
                                        "policy",      "act",       "guidelines"};
    uint32_t last = glyph_fold(glyph_last(line));
    if (last == ')') {
        for (size_t i = line.length; i > 0; i--) {
            size_t size = 0;
            if (((unsigned char)line.bytes[i - 1] & 0xC0U) != 0x80U &&
                glyph_fold(text_read_code_point(line, i - 1, &size)) == '(') {
                line = glyph_trim((struct text){line.bytes, i - 1});
                break;
            }
        }
    }
    if (ends_with_any(line, ends, sizeof ends / sizeof ends[0])) {
        return true;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (glyph_has_term(line, words[i])) {
            return true;
        }
    }
    return false;
}

static bool is_section(struct text line) {
    return glyph_first(line) == 0x3010 && glyph_last(line) == 0x3011;
}

/* ---- numbers of documents --------------------------------------------------------------------------------- */

static bool is_open_bracket(uint32_t code_point) {
    return glyph_fold(code_point) == '(' && code_point != 0x3010;
}

/* 沙府办发〔2022〕16号: letters, a year in brackets, a number, 号; behind it may stand who signed, or the date. */
static bool is_chinese_number(struct text line, size_t *end) {
    size_t at = 0;
    size_t size = 0;
    uint32_t letters = 0;
    uint32_t year = 0;
    uint32_t number = 0;
    for (;; at += size, letters++) {
        uint32_t code_point = text_read_code_point(line, at, &size);
        if (size == 0 || letters > 30) {
            return false;
        }
        if (letters > 0 && is_open_bracket(code_point)) {
            break;
        }
        if (!glyph_is_word(code_point)) {
            return false;
        }
    }
    at += size;
    if (!(glyph_read_digits(line, &at, 4, &year) || glyph_read_han_number(line, &at, &year)) || year < 1000) {
        return false;
    }
    if (glyph_fold(text_read_code_point(line, at, &size)) != ')') {
        return false;
    }
    at += size;
    struct text rest = glyph_trim(glyph_skip(line, at));
    at = text_starts_with(rest, TEXT("第")) ? strlen("第") : 0;
    if (!glyph_read_digits(rest, &at, 5, &number) && !glyph_read_han_number(rest, &at, &number)) {
        return false;
    }
    struct text tail = glyph_trim(glyph_skip(rest, at));
    if (!text_starts_with(tail, TEXT("号"))) {
        return false;
    }
    *end = (size_t)(tail.bytes - line.bytes) + strlen("号");
    tail = glyph_trim(glyph_skip(tail, strlen("号")));
    int32_t day = 0;
    bool is_alone = false;
    return tail.length == 0 || text_starts_with(tail, TEXT("签发人")) || (date_find(tail, &day, &is_alone) && is_alone);
}

static bool take_word(struct text *line, const char *word) {
    if (!text_starts_with(*line, text_of(word))) {
        return false;
    }
    *line = glyph_trim(glyph_skip(*line, strlen(word)));
    return true;
}

/* "No. MB 4/2026", "Document MB 4/2026": capital letters, a number, a slash, a year. */
static bool is_english_number(struct text *line) {
    struct text rest = *line;
    bool is_led = take_word(&rest, "Document number") || take_word(&rest, "Document No.") ||
                  take_word(&rest, "Document") || take_word(&rest, "Number") || take_word(&rest, "No.") ||
                  take_word(&rest, "No ") || take_word(&rest, "Reference") || take_word(&rest, "Ref.");
    (void)take_word(&rest, ":");
    uint32_t letters = 0;
    uint32_t digits = 0;
    uint32_t marks = 0;
    for (size_t i = 0; i < rest.length; i++) {
        char byte = rest.bytes[i];
        if (byte >= 'A' && byte <= 'Z') {
            letters++;
        } else if (byte >= '0' && byte <= '9') {
            digits++;
        } else if (byte == '/' || byte == '-') {
            marks++;
        } else if (byte != ' ' && byte != '.' && !(is_led && byte >= 'a' && byte <= 'z')) {
            return false;
        }
    }
    if (rest.length > 40 || letters == 0 || digits < 2 || marks == 0 || (!is_led && digits < 5)) {
        return false;
    }
    *line = rest;
    return true;
}

/* The number of a document, when the line is nothing else; brackets around the whole are left out. */
static bool read_document_number(struct text line, struct text *number) {
    if (glyph_fold(glyph_first(line)) == '(' && glyph_fold(glyph_last(line)) == ')') {
        size_t size = 0;
        (void)text_read_code_point(line, 0, &size);
        struct text inner = glyph_skip(line, size);
        inner.length -= glyph_last(line) < 0x80 ? 1 : 3;
        line = glyph_trim(inner);
    }
    size_t end = 0;
    *number = line;
    if (is_chinese_number(line, &end)) {
        number->length = end;
        return true;
    }
    return is_english_number(number);
}

/* 第12号 under a title that ends in 令 or 公告. */
static bool is_order_number(const struct reader *reader, uint32_t at) {
    struct text line = reader->lines[at].text;
    size_t end = strlen("第");
    uint32_t number = 0;
    if (!text_starts_with(line, TEXT("第"))) {
        return false;
    }
    while (end < line.length && line.bytes[end] == ' ') {
        end++;
    }
    if (!glyph_read_digits(line, &end, 5, &number) && !glyph_read_han_number(line, &end, &number)) {
        return false;
    }
    if (!text_equals_string(glyph_trim(glyph_skip(line, end)), "号")) {
        return false;
    }
    for (uint32_t i = at; i > 0 && at - i < HEAD_BLANKS_MAX; i--) {
        const struct line *before = &reader->lines[i - 1];
        if (before->kind == LINE_TEXT) {
            return glyph_ends_with(before->text, "令") || glyph_ends_with(before->text, "公告");
        }
    }
    return false;
}

/* ---- titles ----------------------------------------------------------------------------------------------- */

static bool may_be_title(const struct line *line) {
    struct text rest;
    char name[96];
    return line->kind == LINE_TEXT && !line_is_sentence(line->text) && !is_section(line->text) &&
           !line_is_imprint(line->text) && !number_read_annex(line->text, &rest, name);
}

/* The title lines that end above line `at`, over few blank lines. */
static void find_title_above(const struct reader *reader, uint32_t at, struct head *head) {
    uint32_t blanks = 0;
    uint32_t end = at;
    while (end > 0 && reader->lines[end - 1].kind == LINE_BLANK && blanks < HEAD_BLANKS_MAX) {
        end--;
        blanks++;
    }
    uint32_t first = end;
    while (first > 0 && end - first < TITLE_LINES_MAX && may_be_title(&reader->lines[first - 1])) {
        first--;
    }
    head->title_first = first;
    head->title_end = end;
}

static void find_title_below(const struct reader *reader, uint32_t at, struct head *head) {
    while (at < reader->line_count && reader->lines[at].kind == LINE_BLANK) {
        at++;
    }
    uint32_t end = at;
    struct number number;
    while (end < reader->line_count && end - at < TITLE_LINES_MAX && may_be_title(&reader->lines[end]) &&
           !number_read(reader->lines[end].text, &number)) {
        end++;
    }
    head->title_first = at;
    head->title_end = end;
    head->body = end;
}

/* A block that says what a document is about. */
static bool is_title(const struct reader *reader, const struct head *head) {
    for (uint32_t i = head->title_first; i < head->title_end; i++) {
        if (glyph_contains(reader->lines[i].text, "关于")) {
            return true;
        }
    }
    return head->title_end > head->title_first && is_document_title(reader->lines[head->title_end - 1].text);
}

static struct head make_head(const struct reader *reader, uint32_t at, struct text number) {
    struct head above = {.number_line = at, .number = number, .body = at + 1};
    bool is_alone = false;
    struct text line = reader->lines[at].text;
    size_t behind = (size_t)(number.bytes - line.bytes) + number.length; /* the date may stand on the same line */
    above.has_date = date_find(glyph_skip(line, behind), &above.day, &is_alone) && is_alone;
    struct head below = above;
    find_title_above(reader, at, &above);
    find_title_below(reader, at + 1, &below);
    above.first = above.title_first;
    below.first = above.title_first < above.title_end ? above.title_first : at;
    /* "…文件", "…令": the head of the paper, not what the document is about */
    bool is_paper_head =
        above.title_end == above.title_first + 1 && (glyph_ends_with(reader->lines[above.title_first].text, "令") ||
                                                     glyph_ends_with(reader->lines[above.title_first].text, "公告"));
    return (is_paper_head || !is_title(reader, &above)) && is_title(reader, &below) ? below : above;
}

/* ---- finding heads ---------------------------------------------------------------------------------------- */

/* "——2022年1月7日在…" or "（2009年11月18日…通过）": under a title. */
static bool is_dated(struct text line, int32_t *day) {
    uint32_t first = glyph_first(line);
    bool is_alone = false;
    return (first == 0x2014 || first == 0x2500 || glyph_fold(first) == '(') && date_find(line, day, &is_alone);
}

/* Whether the line above a title is the heading of an annex, so that the title is the annex's. */
static bool is_annex_title(const struct reader *reader, uint32_t first) {
    struct text rest;
    char name[96];
    for (uint32_t i = first; i > 0; i--) {
        if (reader->lines[i - 1].kind == LINE_TEXT) {
            return number_read_annex(reader->lines[i - 1].text, &rest, name);
        }
    }
    return false;
}

/* A report: a title, and under it a line with its date, to which the lines up to a blank one belong. */
static bool read_report(const struct reader *reader, uint32_t at, const struct heads *heads, struct head *head) {
    /* a title between clauses begins another document; without any the title is that of what a notice issues */
    if (heads->count > 0 && !heads->has_numbers) {
        return false;
    }
    int32_t day = 0;
    if (!is_dated(reader->lines[at].text, &day)) {
        return false;
    }
    *head =
        (struct head){.number_line = GAZETTE_NONE, .number = TEXT(""), .body = at + 1, .has_date = true, .day = day};
    find_title_above(reader, at, head);
    head->first = head->title_first;
    if (!is_title(reader, head) || is_annex_title(reader, head->title_first)) {
        return false;
    }
    struct number number;
    for (uint32_t i = 0; i < DASH_LINES_MAX && head->body < reader->line_count; i++) {
        const struct line *line = &reader->lines[head->body];
        if (line->kind != LINE_TEXT || line_is_sentence(line->text) || number_read(line->text, &number)) {
            break;
        }
        head->body++;
    }
    return true;
}

static void add_head(struct reader *reader, struct heads *heads, struct head head) {
    if (heads->count > 0 && head.first < heads->items[heads->count - 1].body) {
        head.first = head.body - 1;
        head.title_first = head.first;
        head.title_end = head.first;
    }
    READER_PUSH(reader, heads->items, heads->count, head);
    heads->has_numbers = false;
}

static void find_heads(struct reader *reader, struct heads *heads) {
    for (uint32_t at = 0; at < reader->line_count && !arena_is_exhausted(reader->arena); at++) {
        struct text text;
        struct head head;
        struct number number;
        if (reader->lines[at].kind != LINE_TEXT || (heads->count > 0 && at < heads->items[heads->count - 1].body)) {
            continue;
        }
        if (is_order_number(reader, at)) {
            add_head(reader, heads, make_head(reader, at, reader->lines[at].text));
        } else if (read_document_number(reader->lines[at].text, &text)) {
            add_head(reader, heads, make_head(reader, at, text));
        } else if (read_report(reader, at, heads, &head)) {
            add_head(reader, heads, head);
        }
        heads->has_numbers = heads->has_numbers || number_read(reader->lines[at].text, &number);
    }
}

/* The text before the first head, or all of it where there is none: a document of its own. */
static struct head make_first_head(const struct reader *reader, uint32_t at) {
    struct head head = {
        .first = at, .number_line = GAZETTE_NONE, .number = TEXT(""), .title_first = at, .title_end = at};
    struct number number;
    while (head.title_end < reader->line_count && head.title_end - at < TITLE_LINES_MAX &&
           may_be_title(&reader->lines[head.title_end]) && !number_read(reader->lines[head.title_end].text, &number)) {
        int32_t day = 0;
        bool is_alone = false;
        if (date_find(reader->lines[head.title_end].text, &day, &is_alone) && is_alone) {
            break;
        }
        head.title_end++;
    }
    head.body = head.title_end;
    return head;
}

/* A masthead, or the name of the issuer set apart: lines before the first head of which none is a sentence, a number or
 * a cell. The last of them that names a body is the first document's issuer where that has none. */
static bool is_masthead(const struct reader *reader, uint32_t first, uint32_t end, struct text *issuer) {
    struct number number;
    *issuer = TEXT("");
    for (uint32_t i = first; i < end; i++) {
        const struct line *line = &reader->lines[i];
        if (line->kind == LINE_CELL ||
            (line->kind == LINE_TEXT && (line_is_sentence(line->text) || number_read(line->text, &number)))) {
            return false;
        }
        if (line->kind == LINE_TEXT && line_is_issuer(line->text)) {
            *issuer = line->text;
        }
    }
    return true;
}

/* ---- reading documents ------------------------------------------------------------------------------------ */

static struct text join_title(struct reader *reader, uint32_t first, uint32_t end) {
    struct text title = TEXT("");
    for (uint32_t i = first; i < end; i++) {
        if (reader->lines[i].kind == LINE_TEXT) {
            title = title.length == 0 ? reader->lines[i].text : reader_join(reader, title, reader->lines[i].text);
        }
    }
    return title;
}

/* The issuers: the lines above the one that begins with what the document is about; or what stands before it. */
static struct text find_issuer(struct reader *reader, const struct head *head) {
    struct text issuer = TEXT("");
    for (uint32_t i = head->title_first; i + 1 < head->title_end; i++) {
        struct text line = reader->lines[i].text;
        if (!line_is_issuer(line)) {
            break;
        }
        issuer = issuer.length == 0 ? line : reader_join(reader, issuer, line);
    }
    if (issuer.length > 0 || head->title_first == head->title_end) {
        return issuer;
    }
    struct text line = reader->lines[head->title_first].text;
    for (size_t at = 0; at < line.length; at++) {
        struct text before = glyph_trim((struct text){line.bytes, at});
        bool is_cut = text_starts_with(glyph_skip(line, at), TEXT("关于")) ||
                      text_starts_with(glyph_skip(line, at), TEXT("工作报告"));
        if (is_cut) {
            return line_is_issuer(before) ? before : TEXT("");
        }
    }
    return issuer;
}

/* The heading of the gazette that stands over a document, on the last line that is not blank above it. */
static struct text find_section(const struct reader *reader, uint32_t first) {
    for (uint32_t i = first; i > 0; i--) {
        if (reader->lines[i - 1].kind != LINE_BLANK) {
            return is_section(reader->lines[i - 1].text) ? reader->lines[i - 1].text : TEXT("");
        }
    }
    return TEXT("");
}

static void read_document(struct reader *reader, const struct head *head, uint32_t end, struct text *section,
                          struct text issuer) {
    struct gazette_document document = {.number = head->number, .subject = TEXT(""), .notice = TEXT("")};
    document.title = join_title(reader, head->title_first, head->title_end);
    document.issuer = find_issuer(reader, head);
    document.issuer = document.issuer.length == 0 ? issuer : document.issuer;
    struct text found = find_section(reader, head->first);
    *section = found.length > 0 ? found : *section;
    document.section = *section;
    document.has_issued = head->has_date;
    document.issued_day = head->day;
    document.line = reader->lines[head->first].number;
    if (document.title.length == 0) {
        reader_warn(reader, document.line, "this document has no title");
    }
    while (end > head->body && (reader->lines[end - 1].kind == LINE_BLANK || is_section(reader->lines[end - 1].text))) {
        if (end == reader->line_count && reader->lines[end - 1].kind != LINE_BLANK) {
            break;
        }
        end--;
    }
    body_read(reader, &document, head->body, end);
    names_give(reader, &document);
    sentences_read(reader, &document);
    READER_PUSH(reader, reader->gazette->documents, reader->gazette->document_count, document);
}

void documents_read(struct reader *reader) {
    struct heads heads = {0};
    struct text section = TEXT("");
    uint32_t first = 0;
    while (first < reader->line_count && reader->lines[first].text.length == 0) {
        first++;
    }
    if (first == reader->line_count) {
        return;
    }
    find_heads(reader, &heads);
    uint32_t next = first;
    while (next < reader->line_count &&
           (reader->lines[next].kind == LINE_BLANK || is_section(reader->lines[next].text))) {
        next++;
    }
    struct text issuer = TEXT("");
    if (heads.count == 0 ||
        (next < heads.items[0].first && !is_masthead(reader, next, heads.items[0].first, &issuer))) {
        struct head head = make_first_head(reader, first);
        issuer = TEXT("");
        read_document(reader, &head, heads.count == 0 ? reader->line_count : heads.items[0].first, &section, issuer);
    }
    for (uint32_t i = 0; i < heads.count && !arena_is_exhausted(reader->arena); i++) {
        uint32_t end = i + 1 < heads.count ? heads.items[i + 1].first : reader->line_count;
        read_document(reader, &heads.items[i], end, &section, i == 0 ? issuer : TEXT(""));
    }
}
