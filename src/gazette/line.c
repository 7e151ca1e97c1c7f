/* From a text to its lines: marks, page numbers and tables of contents left out, broken paragraphs whole again. */
#include "gazette/reader.h"

#include <string.h>

#define WRAP_COLUMNS_MAX 130 /* a text that has been broken at a fixed width has no line longer than this */
#define WRAP_COLUMNS_MIN 50
#define WRAPPED_LINES_MIN 3
#define WIDE_SLACK_COLUMNS 8    /* an indent of two characters that has been trimmed, marks that may not begin a line */
#define CONTENTS_MAX 64         /* tables of contents in a text */
#define CONTENTS_LINES_MAX 2000 /* of one */
#define CONTENTS_DISTANCE_MAX 5000 /* lines from an entry to its heading */

/* ---- marks ------------------------------------------------------------------------------------------------ */

/* Length of a mark "[bookmark: …]" or of its like at the start of `rest`, or 0: a lower-case word, a colon, a blank, a
 * name without blanks. */
static size_t measure_mark(struct text rest) {
    size_t at = 1;
    while (at < rest.length && rest.bytes[at] >= 'a' && rest.bytes[at] <= 'z') {
        at++;
    }
    if (at == 1 || rest.length - at < 3 || memcmp(rest.bytes + at, ": ", 2) != 0) {
        return 0;
    }
    at += 2;
    size_t name = at;
    while (at < rest.length && rest.bytes[at] != ']' && rest.bytes[at] != ' ' && rest.bytes[at] != '[') {
        at++;
    }
    return at > name && at < rest.length && rest.bytes[at] == ']' ? at + 1 : 0;
}

/* The line without marks; a copy only where there is one. */
static struct text remove_marks(struct reader *reader, struct text line) {
    if (line.length == 0 || memchr(line.bytes, '[', line.length) == NULL) {
        return line;
    }
    struct buffer out = {0};
    bool is_changed = false;
    for (size_t at = 0; at < line.length;) {
        size_t mark = line.bytes[at] == '[' ? measure_mark(glyph_skip(line, at)) : 0;
        is_changed = is_changed || mark > 0;
        if (mark > 0) {
            at += mark;
        } else {
            buffer_append(&out, line.bytes + at, 1);
            at++;
        }
    }
    if (!is_changed) {
        buffer_release(&out);
        return line;
    }
    return reader_keep(reader, &out);
}

/* ---- splitting -------------------------------------------------------------------------------------------- */

static void push_line(struct reader *reader, enum line_kind kind, struct text text, uint32_t number) {
    struct line line = {kind, text, number, false, false};
    READER_PUSH(reader, reader->lines, reader->line_count, line);
}

static uint32_t count_tabs(struct text text) {
    uint32_t count = 0;
    for (size_t i = 0; i < text.length; i++) {
        count += text.bytes[i] == '\t' ? 1 : 0;
    }
    return count;
}

/* How the row before is written that has a line of its own; no cells where the line before is none. */
struct row_shape {
    uint32_t cells;
    bool is_led; /* a tab stands before its first cell */
};

/* A line that holds a whole row, its cells parted by tabs. */
static struct row_shape push_row(struct reader *reader, struct text line, uint32_t number, bool is_led) {
    uint32_t first = reader->line_count;
    size_t start = is_led ? 1 : 0;
    struct row_shape shape = {0, is_led};
    for (size_t at = start; at <= line.length; at++) {
        if ((at == line.length || line.bytes[at] == '\t') && shape.cells++ <= GAZETTE_COLUMNS_MAX) {
            push_line(reader, LINE_CELL, glyph_trim((struct text){line.bytes + start, at - start}), number);
            start = at + 1;
        }
    }
    if (reader->line_count > first) {
        reader->lines[first].is_first_of_row = true;
        reader->lines[reader->line_count - 1].is_last_of_row = true;
    }
    return shape;
}

/* Whether a line behind a row has as many cells as that, empty ones included, or an empty one before the first. */
static bool has_shape(struct text line, struct row_shape before) {
    uint32_t tabs = count_tabs(line);
    bool is_led = before.is_led && line.bytes[0] == '\t';
    return tabs + (is_led ? 0U : 1U) == before.cells;
}

static bool is_row_like(struct text line, struct row_shape before) {
    struct text trimmed = glyph_trim(line);
    if (before.cells < 2 || trimmed.length == 0 || count_tabs(line) == 0) {
        return false;
    }
    bool begins_empty = before.is_led && line.length > 1 && line.bytes[0] == '\t' && line.bytes[1] == '\t';
    return begins_empty || (has_shape(line, before) && (before.cells > 2 || !line_is_sentence(trimmed)));
}

/* How many pieces of a line tabs part; what stands before the first and behind the last tab may be blank. */
static uint32_t count_inner_tabs(struct text line) {
    return count_tabs(glyph_trim(line));
}

/* The text without its last character. */
static struct text cut_last(struct text text) {
    uint32_t last = glyph_last(text);
    size_t length = last < 0x80 ? 1 : last < 0x800 ? 2 : last < 0x10000 ? 3 : 4; /* bytes of it in UTF-8 */
    return (struct text){text.bytes, text.length - length};
}

/* The text without the digits at its end, which may be full-width; *count: how many there were. */
static struct text cut_digits(struct text text, uint32_t *count) {
    *count = 0;
    while (text.length > 0 && glyph_fold(glyph_last(text)) >= '0' && glyph_fold(glyph_last(text)) <= '9') {
        text = cut_last(text);
        (*count)++;
    }
    return text;
}

/* "一级 TAB 1公顷": a row of two cells, if the line before or behind is one too; no entry of a table of contents. */
static bool may_be_pair(struct text line) {
    struct text trimmed = glyph_trim(line);
    if (count_tabs(trimmed) != 1) {
        return false;
    }
    uint32_t digits = 0;
    struct text head = cut_digits(trimmed, &digits);
    bool is_entry = digits > 0 && digits <= 3 && head.length > 0 && glyph_last(head) == '\t';
    struct number number;
    return !is_entry || !number_read(trimmed, &number);
}

/* `is_pair` says that the line has been found to be a row of two cells, *before how the line before is written. */
static void split_line(struct reader *reader, struct text line, uint32_t number, bool is_pair,
                       struct row_shape *before) {
    line = remove_marks(reader, line);
    struct text trimmed = glyph_trim(line);
    struct row_shape shape = {0, false};
    uint32_t inner = count_inner_tabs(line);
    bool is_led = line.length > 0 && line.bytes[0] == '\t';
    if (trimmed.length > 0 && (is_pair || (inner >= 1 && count_tabs(line) >= 2) || is_row_like(line, *before))) {
        bool begins_empty = is_led && before->cells > 1 && !before->is_led && has_shape(line, *before);
        shape = push_row(reader, line, number, is_led && !begins_empty);
    } else if (is_led && inner == 0) {
        push_line(reader, LINE_CELL, trimmed, number);
    } else if (trimmed.length == 0) {
        push_line(reader, LINE_BLANK, TEXT(""), number);
    } else {
        push_line(reader, LINE_TEXT, trimmed, number);
    }
    *before = shape;
}

/* Line ends are LF, CR LF or CR; form feeds end a line too. Moves *at behind the line and counts *number. */
static struct text next_line(struct text source, size_t *at, uint32_t *number) {
    size_t start = *at;
    size_t end = start;
    while (end < source.length && source.bytes[end] != '\n' && source.bytes[end] != '\r' && source.bytes[end] != '\f') {
        end++;
    }
    bool is_two = end + 1 < source.length && source.bytes[end] == '\r' && source.bytes[end + 1] == '\n';
    *number += end < source.length && source.bytes[end] == '\f' ? 0 : 1;
    *at = end >= source.length ? source.length : end + (is_two ? 2 : 1);
    return (struct text){source.bytes + start, end - start};
}

static void split(struct reader *reader, struct text source) {
    size_t at = 0;
    uint32_t number = 1;
    uint32_t next_number = 1;
    bool was_pair = false;
    struct row_shape before = {0, false};
    struct text line = next_line(source, &at, &next_number);
    bool is_last = source.length == 0;
    while (!is_last && !arena_is_exhausted(reader->arena)) {
        uint32_t this_number = number;
        struct text next = TEXT("");
        number = next_number;
        is_last = at >= source.length;
        if (!is_last) {
            next = next_line(source, &at, &next_number);
        }
        was_pair = may_be_pair(line) && (was_pair || may_be_pair(next));
        split_line(reader, line, this_number, was_pair, &before);
        line = next;
    }
}

/* ---- page numbers ----------------------------------------------------------------------------------------- */

static bool is_dash(uint32_t code_point) {
    return code_point == '-' || (code_point >= 0x2010 && code_point <= 0x2015) || code_point == 0x2500 ||
           code_point == 0xFF0D || code_point == 0x2212;
}

static size_t skip_dashes(struct text line, size_t at) {
    size_t size = 0;
    for (;;) {
        uint32_t code_point = text_read_code_point(line, at, &size);
        if (size == 0 || !(is_dash(code_point) || glyph_is_space(code_point))) {
            return at;
        }
        at += size;
    }
}

static bool take_word(struct text line, size_t *at, const char *word) {
    size_t length = strlen(word);
    if (line.length - *at < length || memcmp(line.bytes + *at, word, length) != 0) {
        return false;
    }
    *at = skip_dashes(line, *at + length);
    return true;
}

/* "12", "- 12 -", "第 3 页", "第3页 共20页", "3/20", "Page 3 of 20". */
static bool is_page_number(struct text line) {
    size_t at = skip_dashes(line, 0);
    uint32_t page = 0;
    (void)(take_word(line, &at, "第") || take_word(line, &at, "Page") || take_word(line, &at, "page"));
    if (!glyph_read_digits(line, &at, 4, &page)) {
        return false;
    }
    at = skip_dashes(line, at);
    (void)take_word(line, &at, "页");
    if (take_word(line, &at, "/") || take_word(line, &at, "of") || take_word(line, &at, "共") ||
        take_word(line, &at, "，共")) {
        if (!glyph_read_digits(line, &at, 4, &page)) {
            return false;
        }
        at = skip_dashes(line, at);
        (void)take_word(line, &at, "页");
    }
    return at == line.length;
}

/* ---- tables of contents ----------------------------------------------------------------------------------- */

/* The text without a page number at its end, which may stand in brackets: "3", "(3)", "（３）". */
static struct text cut_page(struct text text, uint32_t *digits) {
    bool is_closed = text.length > 0 && glyph_fold(glyph_last(text)) == ')';
    struct text head = cut_digits(is_closed ? cut_last(text) : text, digits);
    bool is_opened = head.length > 0 && glyph_fold(glyph_last(head)) == '(';
    if (is_closed && !is_opened) {
        *digits = 0;
        return text;
    }
    return is_closed ? cut_last(head) : head;
}

/* Dots, middle dots and ellipses in a row before a number that ends the line. */
static bool has_dot_leaders(struct text line) {
    uint32_t digits = 0;
    while (line.length > 0 && (line.bytes[line.length - 1] == ' ' || line.bytes[line.length - 1] == '-')) {
        line.length--;
    }
    struct text head = cut_page(line, &digits);
    while (head.length > 0 && (glyph_is_space(glyph_last(head)) || glyph_last(head) == '-')) {
        head = cut_last(head);
    }
    return digits > 0 &&
           (glyph_ends_with(head, "……") || glyph_ends_with(head, "....") || glyph_ends_with(head, ". . .") ||
            glyph_ends_with(head, "···") || glyph_ends_with(head, "．．．") || glyph_ends_with(head, "…."));
}

/* Dashes in a row before a page number that ends the line: "1 总则------3". */
static bool has_dash_leaders(struct text line) {
    uint32_t digits = 0, dashes = 0;
    struct text head = cut_page(line, &digits);
    while (head.length > 0 && (is_dash(glyph_last(head)) || glyph_is_space(glyph_last(head)))) {
        dashes += is_dash(glyph_last(head)) ? 1 : 0;
        head = cut_last(head);
    }
    return digits > 0 && digits <= 3 && dashes >= 3 && head.length > 0;
}

/* The text without blanks and without a page number at its end. */
static uint64_t hash_title(struct text line) {
    char folded[256];
    size_t length = 0;
    size_t size = 0;
    uint32_t digits = 0;
    struct text head = cut_digits(line, &digits);
    bool is_paged = digits > 0 && head.length > 0 && glyph_is_space(glyph_last(head));
    size_t end = is_paged ? head.length : line.length;
    for (size_t at = 0; at < end && length + 4 < sizeof folded; at += size) {
        uint32_t code_point = text_read_code_point(line, at, &size);
        if (!glyph_is_space(code_point)) {
            length += text_write_code_point(glyph_fold(code_point), folded + length);
        }
    }
    return text_hash((struct text){folded, length});
}

static bool is_contents_title(struct text line) {
    return hash_title(line) == text_hash(TEXT("目录")) || hash_title(line) == text_hash(TEXT("目次")) ||
           text_equals_string(line, "Contents") || text_equals_string(line, "CONTENTS") ||
           text_equals_string(line, "Table of contents") || text_equals_string(line, "Table of Contents");
}

static void drop(struct line *line) {
    line->kind = LINE_BLANK;
    line->text = TEXT("");
}

/* Whether a line with this title stands further down, within what a table of contents may be before its text. */
static bool stands_again(const struct reader *reader, const uint64_t *hashes, uint32_t at) {
    for (uint32_t i = at + 1; i < reader->line_count && i < at + CONTENTS_DISTANCE_MAX; i++) {
        if (reader->lines[i].kind == LINE_TEXT && hashes[i] == hashes[at]) {
            return true;
        }
    }
    return false;
}

/* Under a heading "目录": what has leaders, and what stands again below as a heading. */
static void drop_entries(struct reader *reader, const uint64_t *hashes, uint32_t first) {
    for (uint32_t i = first; i < reader->line_count && i < first + CONTENTS_LINES_MAX; i++) {
        struct line *entry = &reader->lines[i];
        if (entry->kind == LINE_CELL ||
            (entry->kind == LINE_TEXT && !has_dot_leaders(entry->text) && !has_dash_leaders(entry->text) &&
             !is_page_number(entry->text) && !stands_again(reader, hashes, i))) {
            return;
        }
        drop(entry);
    }
}

static void drop_contents(struct reader *reader) {
    uint32_t count = 0;
    uint64_t *hashes = arena_allocate_array(reader->arena, reader->line_count + 1, sizeof *hashes);
    for (uint32_t i = 0; hashes != NULL && i < reader->line_count; i++) {
        hashes[i] = hash_title(reader->lines[i].text);
    }
    for (uint32_t i = 0; hashes != NULL && i < reader->line_count; i++) {
        struct line *line = &reader->lines[i];
        struct number number;
        if (line->kind == LINE_TEXT && count < CONTENTS_MAX && is_contents_title(line->text)) {
            drop(line);
            drop_entries(reader, hashes, i + 1);
            count++;
        } else if (line->kind == LINE_TEXT && (has_dot_leaders(line->text) ||
                                               (has_dash_leaders(line->text) && number_read(line->text, &number)))) {
            drop(line);
        }
    }
}

/* ---- broken paragraphs ------------------------------------------------------------------------------------ */

/* The width at which the text has been broken, or 0 where it has not. */
static uint32_t find_wrap(const struct reader *reader) {
    uint32_t widest = 0;
    uint32_t texts = 0;
    uint32_t longer = 0;
    for (uint32_t i = 0; i < reader->line_count; i++) {
        if (reader->lines[i].kind == LINE_TEXT) {
            uint32_t columns = glyph_columns(reader->lines[i].text);
            texts++;
            longer += columns > WRAP_COLUMNS_MAX ? 1 : 0;
            widest = columns > widest && columns <= WRAP_COLUMNS_MAX ? columns : widest;
        }
    }
    return widest < WRAP_COLUMNS_MIN || longer * 50 > texts ? 0 : widest;
}

/* Columns that the first word of a line takes: what would not have fitted on the line before. */
static uint32_t measure_first_word(struct text line) {
    size_t size = 0;
    size_t at = 0;
    uint32_t first = text_read_code_point(line, 0, &size);
    if (glyph_is_wide(first)) {
        return 2;
    }
    while (at < line.length) {
        uint32_t code_point = text_read_code_point(line, at, &size);
        if (glyph_is_space(code_point) || glyph_is_wide(code_point)) {
            break;
        }
        at += size;
    }
    return glyph_columns((struct text){line.bytes, at}) + 1;
}

static bool is_full(struct text line, struct text next, uint32_t wrap) {
    uint32_t slack = glyph_is_wide(glyph_first(next)) ? WIDE_SLACK_COLUMNS : 0;
    return glyph_columns(line) + measure_first_word(next) + slack > wrap;
}

static bool ends_paragraph(struct text line) {
    uint32_t last = glyph_last(line);
    return glyph_ends_sentence(last, 0) || last == 0xFF1A || last == ':';
}

/* A number that leads a line, rather than one that happens to stand there: "30 minutes of …". */
static bool is_led(struct text line) {
    struct number number;
    struct text rest;
    char name[96];
    if (number_read_annex(line, &rest, name)) {
        return true;
    }
    return number_read(line, &number) && !(number.form == FORM_DECIMAL && number.depth == 1 && line_is_sentence(line));
}

/* Whether the next line goes on with the paragraph of this one. */
static bool goes_on(struct text line, struct text next, uint32_t wrap) {
    return is_full(line, next, wrap) && !ends_paragraph(line) && !is_led(next);
}

/* A line that ends in a comma is no end of a paragraph, at whatever width. */
static bool goes_on_behind_comma(struct text line, struct text next) {
    uint32_t last = glyph_last(line);
    return (last == 0xFF0C || last == 0x3001 || last == ',') && !is_led(next);
}

/* In Latin script a line that begins with a small letter goes on with the one before, at whatever width. */
static bool goes_on_small(struct text line, struct text next) {
    return next.length > 0 && next.bytes[0] >= 'a' && next.bytes[0] <= 'z' && !ends_paragraph(line) &&
           !glyph_is_wide(glyph_last(line)) && !is_led(next);
}

/* The line that would go on with line `at`: the next, or the first behind a page number and blanks. */
static uint32_t find_next(const struct reader *reader, uint32_t at, const bool *is_page) {
    uint32_t next = at + 1;
    bool passed = false;
    while (next < reader->line_count && reader->lines[next].kind == LINE_BLANK && next < at + 8) {
        passed = passed || is_page[next];
        next++;
    }
    return next == at + 1 || passed ? next : reader->line_count;
}

static uint32_t count_broken(const struct reader *reader, const bool *is_page, uint32_t wrap) {
    uint32_t broken = 0;
    for (uint32_t i = 0; i < reader->line_count; i++) {
        uint32_t next = find_next(reader, i, is_page);
        bool is_text =
            next < reader->line_count && reader->lines[i].kind == LINE_TEXT && reader->lines[next].kind == LINE_TEXT;
        broken += is_text && goes_on(reader->lines[i].text, reader->lines[next].text, wrap) ? 1 : 0;
    }
    return broken;
}

/* Joins to line `at` those that go on with it; returns the last of them. */
static uint32_t mend_line(struct reader *reader, uint32_t at, const bool *is_page, uint32_t wrap) {
    struct buffer whole = {0};
    struct text last = reader->lines[at].text;
    uint32_t first = at;
    buffer_append_text(&whole, last);
    for (;;) {
        uint32_t next = find_next(reader, at, is_page);
        if (next >= reader->line_count || reader->lines[next].kind != LINE_TEXT) {
            break;
        }
        struct text more = reader->lines[next].text;
        if (!goes_on_small(last, more) && !goes_on_behind_comma(last, more) &&
            (wrap == 0 || !goes_on(last, more, wrap))) {
            break;
        }
        if (!glyph_is_wide(glyph_last(last)) && !glyph_is_wide(glyph_first(more))) {
            buffer_append_string(&whole, " ");
        }
        buffer_append_text(&whole, more);
        drop(&reader->lines[next]);
        last = more;
        at = next;
    }
    if (at == first) {
        buffer_release(&whole);
    } else {
        reader->lines[first].text = reader_keep(reader, &whole);
    }
    return at;
}

static void mend(struct reader *reader, const bool *is_page) {
    uint32_t wrap = find_wrap(reader);
    bool is_in_table = false;
    wrap = wrap > 0 && count_broken(reader, is_page, wrap) >= WRAPPED_LINES_MIN ? wrap : 0;
    for (uint32_t i = 0; i < reader->line_count && !arena_is_exhausted(reader->arena); i++) {
        enum line_kind kind = reader->lines[i].kind;
        is_in_table = kind == LINE_CELL || (is_in_table && kind == LINE_TEXT);
        if (kind == LINE_TEXT && !is_in_table) {
            i = mend_line(reader, i, is_page, wrap);
        }
    }
}

void lines_read(struct reader *reader, struct text source) {
    split(reader, source);
    reader->is_cut =
        source.length > 0 && source.bytes[source.length - 1] != '\n' && source.bytes[source.length - 1] != '\r';
    bool *is_page = arena_allocate_array(reader->arena, reader->line_count + 1, sizeof *is_page);
    if (is_page == NULL) {
        return;
    }
    drop_contents(reader);
    for (uint32_t i = 0; i < reader->line_count; i++) {
        bool is_in_cell = i > 0 && reader->lines[i - 1].kind == LINE_CELL;
        if (reader->lines[i].kind == LINE_TEXT && !is_in_cell && is_page_number(reader->lines[i].text)) {
            is_page[i] = true;
            drop(&reader->lines[i]);
        }
    }
    mend(reader, is_page);
}
