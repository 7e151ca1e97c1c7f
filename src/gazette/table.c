/* Tables: a cell a line, each behind a tab, rows parted by blank lines; or a row a line, its cells parted by tabs. Cells
 * may have several lines, cells that were merged come empty, or without their tab and repeated. */
#include "gazette/reader.h"

#include <stdio.h>
#include <string.h>

#define SIGNATURE_LINES_MAX 4
#define ORPHAN_LINES_MAX 80 /* a merged cell may be repeated over as many lines */

struct raw_row {
    struct text *cells; /* lines within a cell parted by line feeds */
    uint32_t count;
    uint32_t line;
    struct text merged; /* text of a merged cell that stands before the row without a tab, or empty */
    bool is_too_wide;
};

struct scan {
    struct reader *reader;
    uint32_t at, end;
    struct raw_row *rows;
    uint32_t row_count;
    bool is_open;     /* the last row is still being read */
    uint32_t columns; /* cells of the header: the first row of more than one cell; 0 until it has been seen */
    uint32_t header;  /* its row, once it has been seen */
    bool has_dates;   /* some line of a cell has a date in it */
};

/* ---- reading rows ----------------------------------------------------------------------------------------- */

static struct raw_row *last_row(struct scan *scan) {
    return &scan->rows[scan->row_count - 1];
}

static void finish_row(struct scan *scan) {
    if (scan->is_open && scan->columns == 0 && last_row(scan)->count > 1) {
        scan->columns = last_row(scan)->count;
        scan->header = scan->row_count - 1;
    }
    scan->is_open = false;
}

static void note_date(struct scan *scan, struct text line) {
    int32_t day = 0;
    bool is_alone = false;
    scan->has_dates = scan->has_dates || date_find(line, &day, &is_alone);
}

static void add_cell(struct scan *scan, const struct line *line) {
    note_date(scan, line->text);
    if (!scan->is_open) {
        uint32_t before = scan->row_count;
        struct raw_row row = {.line = line->number, .merged = TEXT("")};
        READER_PUSH(scan->reader, scan->rows, scan->row_count, row);
        if (scan->row_count == before) {
            return;
        }
        scan->is_open = true;
    }
    struct raw_row *row = last_row(scan);
    if (row->count < GAZETTE_COLUMNS_MAX) {
        READER_PUSH(scan->reader, row->cells, row->count, line->text);
    } else {
        row->is_too_wide = true;
    }
}

static struct text join_lines(struct reader *reader, struct text left, struct text right) {
    struct buffer out = {0};
    if (left.length == 0 || right.length == 0) {
        return left.length == 0 ? right : left;
    }
    buffer_append_text(&out, left);
    buffer_append_string(&out, "\n");
    buffer_append_text(&out, right);
    return reader_keep(reader, &out);
}

static uint32_t count_cells(const struct reader *reader, uint32_t at, uint32_t end) {
    uint32_t count = 0;
    while (at < end && reader->lines[at].kind != LINE_BLANK) {
        count += reader->lines[at].kind == LINE_CELL ? 1 : 0;
        bool is_last = reader->lines[at].is_last_of_row;
        at++;
        if (is_last) {
            break;
        }
    }
    return count;
}

/* Lines without a tab behind the end of a row. They belong to the table when they are one text, repeated or not, and the
 * row behind them lacks a cell. Returns where that row begins, or 0. */
static uint32_t find_orphan_end(const struct scan *scan, struct text *text) {
    const struct reader *reader = scan->reader;
    *text = reader->lines[scan->at].text;
    for (uint32_t at = scan->at; at < scan->end && at < scan->at + ORPHAN_LINES_MAX; at++) {
        const struct line *line = &reader->lines[at];
        if (line->kind == LINE_CELL) {
            uint32_t cells = count_cells(reader, at, scan->end);
            return cells > 1 && cells < scan->columns ? at : 0;
        }
        if (line->kind == LINE_TEXT && !text_equal(line->text, *text)) {
            return 0;
        }
    }
    return 0;
}

/* The text also stands at the end of the last cell before, where the row had no blank line behind it. */
static void cut_repeated(struct raw_row *row, struct text text) {
    struct text *cell = &row->cells[row->count - 1];
    if (cell->length > text.length + 1 && cell->bytes[cell->length - text.length - 1] == '\n' &&
        memcmp(cell->bytes + cell->length - text.length, text.bytes, text.length) == 0) {
        cell->length -= text.length + 1;
    }
}

/* Whether a date may be meant for the cell that has been read last: its column asks for one, or other cells have some. */
static bool may_hold_date(const struct scan *scan) {
    static const char *const words[] = {"时间", "时限", "期限", "日期", "date", "deadline", "due", "when"};
    uint32_t column = scan->rows[scan->row_count - 1].count - 1;
    for (size_t i = 0; column < scan->columns && i < sizeof words / sizeof words[0]; i++) {
        if (glyph_has_term(scan->rows[scan->header].cells[column], words[i])) {
            return true;
        }
    }
    return scan->has_dates;
}

/* Who signs, if anybody does, and alone on the last line behind a table the date. */
static bool is_signature(const struct scan *scan) {
    const struct reader *reader = scan->reader;
    uint32_t at = scan->at;
    int32_t day = 0;
    bool is_alone = false;
    while (at < scan->end && at < scan->at + SIGNATURE_LINES_MAX && reader->lines[at].kind == LINE_TEXT &&
           line_is_signer(reader->lines[at].text)) {
        at++;
    }
    if (at == scan->end || reader->lines[at].kind != LINE_TEXT || !date_find(reader->lines[at].text, &day, &is_alone) ||
        !is_alone || scan->row_count == 0 || (at == scan->at && may_hold_date(scan))) {
        return false;
    }
    do {
        at++;
    } while (at < scan->end && reader->lines[at].kind == LINE_BLANK);
    return at == scan->end || reader->lines[at].kind != LINE_CELL;
}

/* Takes lines without a tab; false when the table ends before them. */
static bool take_text(struct scan *scan) {
    struct line *line = &scan->reader->lines[scan->at];
    if (is_signature(scan)) {
        return false;
    }
    if (scan->is_open && last_row(scan)->count > 0) {
        struct text *cell = &last_row(scan)->cells[last_row(scan)->count - 1];
        *cell = join_lines(scan->reader, *cell, line->text);
        note_date(scan, line->text);
        scan->at++;
        return true;
    }
    struct raw_row *last = scan->row_count == 0 ? NULL : last_row(scan);
    struct text text;
    uint32_t next = find_orphan_end(scan, &text);
    if (last == NULL || last->count == 0 || next == 0) {
        return false;
    }
    uint32_t cells = count_cells(scan->reader, next, scan->end);
    if (last->count < scan->columns && last->count > 1 && last->count + cells == scan->columns) {
        struct text *cell = &last->cells[last->count - 1]; /* a blank line within a cell */
        *cell = join_lines(scan->reader, *cell, text);
        scan->is_open = true;
    } else {
        cut_repeated(last, text);
        add_cell(scan, &scan->reader->lines[next]);
        if (scan->is_open) {
            last_row(scan)->merged = text;
            last_row(scan)->line = line->number;
            next++;
        }
    }
    scan->at = next;
    return true;
}

/* Blank lines end a row; after more than one the next cell may begin another table. */
static bool take_blank(struct scan *scan) {
    uint32_t blanks = 0;
    finish_row(scan);
    while (scan->at < scan->end && scan->reader->lines[scan->at].kind == LINE_BLANK) {
        scan->at++;
        blanks++;
    }
    if (scan->at >= scan->end) {
        return false;
    }
    struct number number;
    const struct line *line = &scan->reader->lines[scan->at];
    if (line->kind == LINE_CELL && number_read(line->text, &number) && number.form == FORM_BOX) {
        return false;
    }
    return blanks < 2 || line->kind != LINE_CELL || count_cells(scan->reader, scan->at, scan->end) == scan->columns;
}

static void read_rows(struct scan *scan) {
    while (scan->at < scan->end) {
        const struct line *line = &scan->reader->lines[scan->at];
        if (line->kind == LINE_CELL) {
            if (line->is_first_of_row) {
                finish_row(scan);
            }
            add_cell(scan, line);
            if (line->is_last_of_row) {
                finish_row(scan);
            }
            scan->at++;
        } else if (line->kind == LINE_TEXT ? !take_text(scan) : !take_blank(scan)) {
            break;
        }
        if (arena_is_exhausted(scan->reader->arena)) {
            break;
        }
    }
    finish_row(scan);
}

/* ---- cells ------------------------------------------------------------------------------------------------ */

static bool has_clause_mark(struct text text) {
    return glyph_contains(text, "，") || glyph_contains(text, "。");
}

/* What stands between two lines of one cell. */
static const char *find_glue(struct text before, struct text after, bool is_list) {
    struct number number;
    uint32_t last = glyph_last(before);
    if (number_read(after, &number) && number.form != FORM_DECIMAL) {
        return "\n";
    }
    if (last == 0x3001 || last == 0xFF0C || last == 0xFF1A || last == ',') {
        return "";
    }
    bool is_latin = !glyph_is_wide(last) && !glyph_is_wide(glyph_first(after));
    if (is_list && !has_clause_mark(before) && !has_clause_mark(after)) {
        uint32_t first = glyph_first(after);
        bool begins_small = first >= 'a' && first <= 'z'; /* goes on; a capital begins the next name */
        bool begins_great = first >= 'A' && first <= 'Z';
        return is_latin && begins_great ? ", " : is_latin && begins_small ? " " : "、";
    }
    return is_latin ? " " : "";
}

static struct text join_cell(struct reader *reader, struct text raw, bool is_list) {
    if (raw.length == 0 || memchr(raw.bytes, '\n', raw.length) == NULL) {
        return glyph_trim(raw);
    }
    struct buffer out = {0};
    struct text before = {NULL, 0};
    for (size_t start = 0; start < raw.length;) {
        const char *found = memchr(raw.bytes + start, '\n', raw.length - start);
        size_t end = found == NULL ? raw.length : (size_t)(found - raw.bytes);
        struct text piece = glyph_trim((struct text){raw.bytes + start, end - start});
        if (piece.length > 0) {
            if (before.length > 0) {
                buffer_append_string(&out, find_glue(before, piece, is_list));
            }
            buffer_append_text(&out, piece);
            before = piece;
        }
        start = end + 1;
    }
    return reader_keep(reader, &out);
}

static bool is_bare_number(struct text cell) {
    size_t at = 0;
    uint32_t value = 0;
    return glyph_read_digits(cell, &at, 6, &value) && at == cell.length;
}

/* How ill a cell fits a column: a number or telephone number in the wrong place. */
static uint32_t measure_misfit(const struct gazette_table *table, uint32_t column, struct text cell) {
    if (cell.length == 0) {
        return 0;
    }
    bool wants_number = column == table->number_column;
    bool wants_phone = glyph_has_term(table->columns[column], "电话") ||
                       glyph_has_term(table->columns[column], "传真") ||
                       glyph_has_term(table->columns[column], "phone") || glyph_has_term(table->columns[column], "fax");
    uint32_t misfit = wants_number != is_bare_number(cell) && (wants_number || column == 0) ? 2 : 0;
    return misfit + (wants_phone != cell_is_phone(cell) ? 1 : 0);
}

/* A row that lacks cells: where the gap fits best; the rightmost such place. */
static uint32_t find_gap(const struct gazette_table *table, const struct raw_row *row) {
    uint32_t missing = table->column_count - row->count;
    uint32_t best = UINT32_MAX;
    uint32_t best_at = row->count;
    for (uint32_t gap = 0; gap <= row->count; gap++) {
        uint32_t misfit = 0;
        for (uint32_t i = 0; i < row->count; i++) {
            misfit += measure_misfit(table, i < gap ? i : i + missing, row->cells[i]);
        }
        if (misfit <= best) {
            best = misfit;
            best_at = gap;
        }
    }
    return best_at;
}

/* ---- building the table ----------------------------------------------------------------------------------- */

struct build {
    struct reader *reader;
    struct gazette_table *table;
    struct text group;
    uint32_t group_line;
    uint32_t group_first; /* first row of the group */
    struct gazette_row *last;
};

/* Places the cells of a raw row into columns. */
static void place_cells(struct build *build, const struct raw_row *raw, struct text *cells) {
    struct gazette_table *table = build->table;
    uint32_t missing = raw->count < table->column_count ? table->column_count - raw->count : 0;
    uint32_t gap = raw->count;
    if (missing > 0 && raw->merged.length > 0) {
        gap = 0;
        cells[missing - 1] = raw->merged;
    } else if (missing > 0) {
        gap = find_gap(table, raw);
        reader_warn(build->reader, raw->line, "this row has %u cells, the header %u: column \"%.*s\" is left empty",
                    raw->count, table->column_count, TEXT_PRINT(table->columns[gap]));
    } else if (raw->count > table->column_count || raw->is_too_wide) {
        reader_warn(build->reader, raw->line, "this row has %u cells, the header %u: the last ones are joined",
                    raw->count, table->column_count);
    }
    for (uint32_t i = 0; i < raw->count; i++) {
        uint32_t column = i < gap ? i : i + missing;
        if (column < table->column_count) {
            cells[column] = join_cell(build->reader, raw->cells[i], column_is_list(table->columns[column]));
        } else {
            struct text *last = &cells[table->column_count - 1];
            *last = join_cell(build->reader, join_lines(build->reader, *last, raw->cells[i]), true);
        }
    }
}

/* Cells left of the first that is not empty were merged with those above. */
static void carry_down(const struct build *build, struct text *cells) {
    if (build->last == NULL) {
        return;
    }
    for (uint32_t i = 0; i + 1 < build->table->column_count && cells[i].length == 0; i++) {
        cells[i] = build->last->cells[i];
    }
}

static struct text print_number(struct reader *reader, uint32_t value) {
    char digits[16];
    int length = snprintf(digits, sizeof digits, "%u", value);
    char *copy = arena_copy_text(reader->arena, digits, (size_t)length);
    return copy == NULL ? TEXT("") : (struct text){copy, (size_t)length};
}

/* A merged row whose number the text has lost: one more than the row before. */
static void infer_number(struct build *build, const struct raw_row *raw, struct text *cells) {
    uint32_t column = build->table->number_column;
    size_t at = 0;
    uint32_t value = 0;
    if (column == GAZETTE_NONE || raw->merged.length == 0 || cells[column].length > 0 || build->last == NULL ||
        !glyph_read_digits(build->last->cells[column], &at, 6, &value)) {
        return;
    }
    cells[column] = print_number(build->reader, value + 1);
    reader_warn(build->reader, raw->line, "this row has no number; by the row before it is %u", value + 1);
}

static void warn_number(const struct build *build, const struct gazette_row *row) {
    uint32_t before = 0;
    uint32_t now = 0;
    size_t at = 0;
    size_t end = 0;
    if (build->last != NULL && glyph_read_digits(build->last->number, &at, 6, &before) &&
        glyph_read_digits(row->number, &end, 6, &now) && now != before && now != before + 1) {
        reader_warn(build->reader, row->line, "row %u follows row %u", now, before);
    }
}

static void add_row(struct build *build, const struct raw_row *raw) {
    struct gazette_table *table = build->table;
    struct text *cells = arena_allocate_array(build->reader->arena, table->column_count, sizeof *cells);
    if (cells == NULL) {
        return;
    }
    for (uint32_t i = 0; i < table->column_count; i++) {
        cells[i] = TEXT("");
    }
    place_cells(build, raw, cells);
    infer_number(build, raw, cells);
    if (raw->merged.length == 0) {
        carry_down(build, cells);
    }
    struct gazette_row row = {
        .cells = cells, .name = TEXT(""), .number = TEXT(""), .group = build->group, .line = raw->line};
    if (table->name_column != GAZETTE_NONE) {
        row.name = cells[table->name_column];
    }
    if (table->number_column != GAZETTE_NONE) {
        row.number = cells[table->number_column];
    }
    warn_number(build, &row);
    READER_PUSH(build->reader, table->rows, table->row_count, row);
    build->last = table->row_count == 0 ? NULL : &table->rows[table->row_count - 1];
}

/* A line across the table: one cell, or the same text in each. */
static bool is_group(const struct gazette_table *table, const struct raw_row *raw) {
    if (table->column_count < 2 || raw->merged.length > 0 || raw->cells[0].length == 0 || raw->is_too_wide) {
        return false;
    }
    for (uint32_t i = 1; i < raw->count; i++) {
        if (!text_equal(raw->cells[i], raw->cells[0])) {
            return false;
        }
    }
    return raw->count == 1 ||
           (raw->count == table->column_count && !cell_is_phone(raw->cells[0]) && !is_bare_number(raw->cells[0]));
}

/* "（6项）" at the end of a group's line, or 0. */
static uint32_t read_announced(struct text group) {
    for (size_t at = 0; at + 3 < group.length; at++) {
        size_t end = at;
        uint32_t value = 0;
        if ((at == 0 || glyph_ends_with((struct text){group.bytes, at}, "（") ||
             glyph_ends_with((struct text){group.bytes, at}, "(")) &&
            glyph_read_digits(group, &end, 3, &value) && text_starts_with(glyph_skip(group, end), TEXT("项"))) {
            return value;
        }
    }
    return 0;
}

/* Holds the number of items that a group's line announces against those that stand under it. */
static void check_group(const struct build *build) {
    const struct gazette_table *table = build->table;
    uint32_t announced = read_announced(build->group);
    uint32_t found = 0;
    for (uint32_t i = build->group_first; i < table->row_count; i++) {
        found += i == build->group_first || !text_equal(table->rows[i].name, table->rows[i - 1].name) ? 1 : 0;
    }
    if (announced > 0 && announced != found) {
        reader_warn(build->reader, build->group_line, "\"%.*s\" announces %u items, %u stand there",
                    TEXT_PRINT(build->group), announced, found);
    }
}

static bool is_header_again(const struct raw_row *header, const struct raw_row *row) {
    bool is_same = header->count == row->count;
    for (uint32_t i = 0; is_same && i < row->count; i++) {
        is_same = text_equal(header->cells[i], row->cells[i]);
    }
    return is_same;
}

/* A header has words in all its cells and no numbers. */
static bool is_header(const struct raw_row *row) {
    for (uint32_t i = 0; i < row->count; i++) {
        if (row->cells[i].length == 0 || is_bare_number(row->cells[i]) || cell_is_phone(row->cells[i])) {
            return false;
        }
    }
    return true;
}

/* The name of a column; a name that is there already, or none, becomes "column 3". */
static struct text name_column(struct reader *reader, const struct gazette_table *table, struct text raw) {
    struct text name = join_cell(reader, raw, false);
    bool is_new = name.length > 0;
    for (uint32_t i = 0; i < table->column_count; i++) {
        is_new = is_new && !text_equal(table->columns[i], name);
    }
    if (is_new) {
        return name;
    }
    struct buffer out = {0};
    buffer_print(&out, "%.*s%scolumn %u", TEXT_PRINT(name), name.length > 0 ? " " : "", table->column_count + 1);
    return reader_keep(reader, &out);
}

static void build_header(struct build *build, const struct raw_row *header, bool is_there) {
    struct gazette_table *table = build->table;
    table->columns = arena_allocate_array(build->reader->arena, header->count, sizeof *table->columns);
    for (uint32_t i = 0; table->columns != NULL && i < header->count; i++) {
        struct text name = name_column(build->reader, table, is_there ? header->cells[i] : TEXT(""));
        table->columns[table->column_count++] = name;
    }
    table->line = header->line;
    table_classify(table);
    if (!is_there) {
        reader_warn(build->reader, header->line, "this table has no header; its columns are numbered");
    }
}

static void number_names(struct gazette_table *table) {
    for (uint32_t i = 0; i < table->row_count; i++) {
        struct gazette_row *row = &table->rows[i];
        bool is_next = i > 0 && text_equal(row->name, table->rows[i - 1].name);
        row->ordinal = is_next ? table->rows[i - 1].ordinal + 1 : 1;
    }
}

static void build_table(struct scan *scan, uint32_t first, uint32_t header, struct gazette_table *table) {
    struct build build = {.reader = scan->reader, .table = table, .group = TEXT("")};
    bool is_there = is_header(&scan->rows[header]);
    build_header(&build, &scan->rows[header], is_there);
    if (table->columns == NULL) {
        return;
    }
    for (uint32_t i = first; i < scan->row_count; i++) {
        const struct raw_row *raw = &scan->rows[i];
        if ((i == header && is_there) || (i > header && is_there && is_header_again(&scan->rows[header], raw))) {
            continue;
        }
        if (is_group(table, raw)) {
            check_group(&build);
            build.group = join_cell(scan->reader, raw->cells[0], false);
            build.group_line = raw->line;
            build.group_first = table->row_count;
            build.last = NULL;
        } else {
            add_row(&build, raw);
        }
    }
    check_group(&build);
    number_names(table);
}

/* Paragraphs that begin with a tab look like the cells of one row. */
static bool has_sentence(const struct raw_row *row) {
    for (uint32_t i = 0; i < row->count; i++) {
        if (line_is_sentence(row->cells[i])) {
            return true;
        }
    }
    return false;
}

struct table_result table_read(struct reader *reader, uint32_t at, uint32_t end, struct gazette_table *table) {
    struct scan scan = {.reader = reader, .at = at, .end = end};
    struct number number;
    struct table_result result = {.next = at + 1};
    read_rows(&scan);
    result.next = scan.at > at ? scan.at : at + 1;
    if (scan.row_count == 0 || arena_is_exhausted(reader->arena)) {
        return result;
    }
    uint32_t header = 0;
    while (header < scan.row_count && scan.rows[header].count < 2) {
        header++;
    }
    struct text first = scan.rows[0].cells[0];
    bool is_box = header > 0 && number_read(first, &number) && number.form == FORM_BOX;
    if (is_box) {
        result.box = first;
        result.box_line = at;
    }
    if (header == scan.row_count || (scan.row_count == 1 && has_sentence(&scan.rows[0]))) {
        result.is_text = !is_box;
    } else {
        *table =
            (struct gazette_table){.clause = GAZETTE_NONE, .name_column = GAZETTE_NONE, .number_column = GAZETTE_NONE};
        build_table(&scan, is_box ? 1 : 0, header, table);
        result.is_table = table->columns != NULL;
    }
    return result;
}
