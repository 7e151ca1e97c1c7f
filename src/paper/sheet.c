/* Setting a document: every line on its row of the grid, pages, page numbers, the log's head. */
#include "paper/sheet.h"

#include "base/calendar.h"
#include "letters/letters.h"
#include "paper/paper.h"
#include "paper/title.h"

#include <cairo-pdf.h>
#include <hb-ot.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POINTS_PER_MM (72.0 / 25.4)
#define PAGE_WIDTH (210 * POINTS_PER_MM)
#define PAGE_HEIGHT (297 * POINTS_PER_MM)
#define LEFT (28 * POINTS_PER_MM)
#define TOP (37 * POINTS_PER_MM)
#define WIDTH (156 * POINTS_PER_MM)
#define HEIGHT (225 * POINTS_PER_MM)
#define PITCH (HEIGHT / SHEET_ROWS)
#define CELL (WIDTH / SHEET_COLUMNS) /* 15.79 pt: letters of 16 pt stand a little closer than they are wide */
#define BODY_SIZE 16.0
#define TITLE_SIZE 22.0
#define SENDER_SIZE 30.0
#define NUMBER_SIZE 14.0 /* of the page */
#define SMALL_SIZE 8.0
#define NUMBER_DROP (7 * POINTS_PER_MM) /* of the page number below the last row */
#define HEAD_DROP (14 * POINTS_PER_MM)  /* of the log's head */
#define CENTRE 0.38                     /* how far the middle of a letter stands above its baseline, in letters */
#define CODES_MOST 200U                 /* different characters that are told of */
#define CODE_POINTS 0x110000U
#define MARKS_MOST 6U /* on one letter: more of them would be printed over other rows */
/* Pango's time is as the square of what it breaks into rows at once: about thirty rows. */
#define PIECE_BYTES ((size_t)2048)

enum style { STYLE_BODY, STYLE_HEADING, STYLE_TITLE, STYLE_SENDER, STYLE_SMALL, STYLE_NUMBER };

/* One row of the grid: a line of a layout, or nothing. */
struct row {
    PangoLayout *layout; /* a reference of its own; NULL: empty */
    int line;
    double x, size;
    bool red, ruled; /* a red line stands below it */
};

enum found { FOUND_NOT_YET, FOUND_SOMEWHERE, FOUND_NOWHERE };

struct press {
    struct sheet_fonts fonts;
    struct letters *letters;
    PangoContext *context;               /* the letters' */
    PangoFont *chosen[STYLE_NUMBER + 1]; /* what each style is to be printed in */
    unsigned char *found;                /* of each code point that a chosen font lacks: an enum found */
};

/* Code points, each once. */
struct codes {
    uint32_t items[CODES_MOST];
    uint32_t count;
};

/* A sheet on its way. */
struct setting {
    struct press *press;
    const struct sheet *sheet;
    struct buffer rows;             /* of struct row */
    struct codes missing, borrowed; /* what cannot be printed; what the chosen font lacks and another one has */
};

/* ---- fonts that were used ----------------------------------------------------------------------------------- */

static void read_name(hb_face_t *face, hb_ot_name_id_t id, char out[SHEET_FONT_ROOM]) {
    unsigned int room = SHEET_FONT_ROOM;
    out[0] = '\0';
    (void)hb_ot_name_get_utf8(face, id, HB_LANGUAGE_INVALID, &room, out);
}

uint32_t press_count_fonts(const struct press *press) {
    return letters_count_fonts(press->letters);
}

void press_describe_font(const struct press *press, uint32_t index, struct sheet_used_font *font) {
    hb_face_t *face = letters_get_font(press->letters, index);
    hb_blob_t *file = hb_face_reference_blob(face);
    unsigned int length = 0;
    read_name(face, HB_OT_NAME_ID_FULL_NAME, font->name);
    read_name(face, HB_OT_NAME_ID_VERSION_STRING, font->version);
    font->file = hb_blob_get_data(file, &length);
    font->length = length;
    hb_blob_destroy(file); /* the font, which the press has, holds it */
}

void sheet_describe_libraries(struct buffer *out) {
    buffer_print(out, "cairo %s, Pango %s, HarfBuzz %s", cairo_version_string(), pango_version_string(),
                 hb_version_string());
}

/* ---- layouts ---------------------------------------------------------------------------------------------- */

static double find_size(enum style style) {
    static const double sizes[] = {BODY_SIZE, BODY_SIZE, TITLE_SIZE, SENDER_SIZE, SMALL_SIZE, NUMBER_SIZE};
    return sizes[style];
}

/* `others`: families for what the chosen one does not have, beginning with a comma; or "". */
static PangoFontDescription *describe_font(const struct press *press, enum style style, const char *others) {
    bool is_title = style == STYLE_TITLE || style == STYLE_SENDER;
    char families[2 * SHEET_FONT_ROOM];
    (void)snprintf(families, sizeof families, "%s%s",
                   is_title                 ? press->fonts.title
                   : style == STYLE_HEADING ? press->fonts.heading
                                            : press->fonts.body,
                   others);
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family(font, families);
    pango_font_description_set_absolute_size(font, find_size(style) * PANGO_SCALE);
    pango_font_description_set_weight(font, is_title ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    return font;
}

static PangoLayout *make_layout(const struct press *press, struct text text, enum style style, bool chinese) {
    PangoLayout *layout = pango_layout_new(press->context);
    PangoFontDescription *font = describe_font(press, style, ", Noto Serif CJK SC");
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_single_paragraph_mode(layout, TRUE);
    PangoAttrList *attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes, pango_attr_language_new(pango_language_from_string(chinese ? "zh-cn" : "en")));
    if (chinese && (style == STYLE_BODY || style == STYLE_HEADING)) {
        pango_attr_list_insert(attributes, pango_attr_letter_spacing_new((int)((CELL - BODY_SIZE) * PANGO_SCALE)));
    }
    /* A hyphen of Pango's own could not be told from one of the text: of a sum, of a number. */
    pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
    pango_layout_set_text(layout, text.length == 0 ? "" : text.bytes, (int)text.length);
    return layout;
}

/* ---- a press ---------------------------------------------------------------------------------------------- */

struct press *press_open(const struct sheet_fonts *fonts) {
    struct press *press = calloc(1, sizeof *press);
    struct letters *letters = letters_create();
    unsigned char *found = calloc(CODE_POINTS, 1);
    if (press == NULL || letters == NULL || found == NULL) {
        letters_destroy(letters);
        free(found);
        free(press);
        return NULL;
    }
    press->found = found;
    press->fonts = *fonts;
    press->letters = letters;
    press->context = letters_get_context(letters);
    for (enum style style = STYLE_BODY; style <= STYLE_NUMBER; style++) {
        PangoFontDescription *font = describe_font(press, style, "");
        press->chosen[style] = pango_context_load_font(press->context, font);
        pango_font_description_free(font);
    }
    return press;
}

void press_close(struct press *press) {
    if (press == NULL) {
        return;
    }
    for (enum style style = STYLE_BODY; style <= STYLE_NUMBER; style++) {
        if (press->chosen[style] != NULL) {
            g_object_unref(press->chosen[style]);
        }
    }
    letters_destroy(press->letters);
    free(press->found);
    free(press);
}

/* ---- characters that cannot be printed, or only in another font -------------------------------------------- */

static bool has_code(const struct codes *codes, uint32_t code) {
    for (uint32_t i = 0; i < codes->count; i++) {
        if (codes->items[i] == code) {
            return true;
        }
    }
    return false;
}

static void add_code(struct codes *codes, uint32_t code) {
    if (codes->count < CODES_MOST && !has_code(codes, code)) {
        codes->items[codes->count++] = code;
    }
}

/* Tabs and ends of lines. */
static bool is_blank(uint32_t code) {
    return (code >= '\t' && code <= '\r') || code == 0x85 || code == 0x2028 || code == 0x2029;
}

/* What would change the text or be lost in it, and nobody who reads the paper could see that it is there. */
static bool is_unseen(uint32_t code) {
    GUnicodeType type = g_unichar_type(code);
    return type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT || pango_is_zero_width(code);
}

/* Pango would take it from another font and say nothing. */
static bool is_borrowed(const struct setting *setting, enum style style, uint32_t code) {
    PangoFont *chosen = setting->press->chosen[style];
    return chosen != NULL && !pango_font_has_char(chosen, code);
}

/* True when no font has it: it would be printed as a box. */
static bool is_nowhere(struct setting *setting, uint32_t code, struct text letter) {
    if (setting->press->found[code] == FOUND_NOT_YET) {
        PangoLayout *layout = make_layout(setting->press, letter, STYLE_BODY, setting->sheet->chinese);
        setting->press->found[code] =
            pango_layout_get_unknown_glyphs_count(layout) > 0 ? FOUND_NOWHERE : FOUND_SOMEWHERE;
        g_object_unref(layout);
    }
    return setting->press->found[code] == FOUND_NOWHERE;
}

/* A copy of the text in which what cannot be printed is written out by its number. */
static void write_out(struct setting *setting, struct text text, enum style style, struct buffer *out) {
    size_t size = 0;
    uint32_t marks = 0; /* one after the other */
    for (size_t at = 0; at < text.length; at += size) {
        uint32_t code = text_read_code_point(text, at, &size);
        const struct text letter = {text.bytes + at, size};
        bool is_other = !is_blank(code) && is_borrowed(setting, style, code);
        marks = g_unichar_ismark(code) ? marks + 1 : 0;
        if (is_blank(code)) {
            buffer_append_string(out, " ");
        } else if (is_unseen(code) || marks > MARKS_MOST || (is_other && is_nowhere(setting, code, letter))) {
            buffer_print(out, "〔U+%04X〕", (unsigned)code);
            add_code(&setting->missing, code);
        } else {
            buffer_append_text(out, letter);
            if (is_other) {
                add_code(&setting->borrowed, code);
            }
        }
    }
}

/* ---- rows ------------------------------------------------------------------------------------------------- */

static void add_row(struct setting *setting, struct row row) {
    if (row.layout != NULL) {
        g_object_ref(row.layout);
    }
    buffer_append(&setting->rows, &row, sizeof row);
    if (setting->rows.failed && row.layout != NULL) {
        g_object_unref(row.layout);
    }
}

static void add_empty(struct setting *setting) {
    add_row(setting, (struct row){.layout = NULL});
}

enum place { PLACE_PARAGRAPH, PLACE_LEFT, PLACE_CENTRE, PLACE_RIGHT };

static double line_width(PangoLayout *layout, int line) {
    PangoRectangle logical;
    pango_layout_line_get_extents(pango_layout_get_line_readonly(layout, line), NULL, &logical);
    return (double)logical.width / PANGO_SCALE;
}

static double find_x(PangoLayout *layout, int line, enum place place) {
    double rest = WIDTH - line_width(layout, line);
    switch (place) {
    case PLACE_PARAGRAPH:
        return line == 0 ? 2 * CELL : 0;
    case PLACE_CENTRE:
        return rest / 2;
    case PLACE_RIGHT:
        return rest > 4 * CELL ? rest - 4 * CELL : 0;
    case PLACE_LEFT:
        return 0;
    }
    return 0;
}

/* The sender stands on one row, in smaller letters where it is long. */
static double fit_size(PangoLayout *layout, double size) {
    double width = line_width(layout, 0);
    if (width <= WIDTH) {
        return size;
    }
    PangoFontDescription *font = pango_font_description_copy(pango_layout_get_font_description(layout));
    size = size * WIDTH / width;
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    return size;
}

/* Whether it cannot be printed any more; what comes is not laid out. */
static bool is_too_long(const struct setting *setting) {
    return setting->rows.length / sizeof(struct row) > (size_t)SHEET_PAGES_MOST * SHEET_ROWS;
}

/* How rows are set. */
struct look {
    enum style style;
    enum place place;
    bool red;
};

/* Adds the rows of a piece and returns how much of it they take: where more follows, its last row is no full one. */
static size_t add_piece(struct setting *setting, struct text piece, const struct look *look, bool is_first,
                        bool is_last) {
    PangoLayout *layout = make_layout(setting->press, piece, look->style, setting->sheet->chinese);
    double usual = find_size(look->style);
    double size = look->style == STYLE_SENDER ? fit_size(layout, usual) : usual;
    pango_layout_set_width(layout, (int)((WIDTH + 0.5) * PANGO_SCALE)); /* the last letter's spacing stands outside */
    if (look->place == PLACE_PARAGRAPH) {
        pango_layout_set_indent(layout, is_first ? (int)(2 * CELL * PANGO_SCALE) : 0);
        pango_layout_set_justify(layout, setting->sheet->chinese && !setting->sheet->ragged);
    }
    int count = pango_layout_get_line_count(layout);
    int taken = is_last || count < 2 ? count : count - 1;
    for (int line = 0; line < taken; line++) {
        enum place place = look->place == PLACE_PARAGRAPH && !is_first ? PLACE_LEFT : look->place;
        add_row(setting, (struct row){layout, line, find_x(layout, line, place), size, look->red, false});
    }
    size_t length = taken == count ? piece.length : (size_t)pango_layout_get_line_readonly(layout, taken)->start_index;
    g_object_unref(layout);
    return length;
}

/* Words that are written out already, on as many rows as they need. */
static void add_words(struct setting *setting, struct text words, const struct look *look) {
    bool is_first = true;
    do {
        struct text piece = text_cut(words, PIECE_BYTES);
        size_t taken = add_piece(setting, piece, look, is_first, piece.length == words.length);
        words = (struct text){words.bytes + taken, words.length - taken};
        is_first = false;
    } while (words.length > 0 && !is_too_long(setting));
}

static void add_text(struct setting *setting, struct text text, enum style style, enum place place, bool red) {
    struct buffer words = {0};
    const struct look look = {style, place, red};
    write_out(setting, text, style, &words);
    add_words(setting, buffer_text(&words), &look);
    setting->rows.failed = setting->rows.failed || words.failed;
    buffer_release(&words);
}

/* A title's letters, and where each ends; false when there are too many to be balanced. */
static bool measure_title(const struct setting *setting, struct text words, struct title_letter *letters, size_t *ends,
                          size_t *count) {
    PangoLayout *layout = make_layout(setting->press, words, STYLE_TITLE, setting->sheet->chinese);
    PangoLayoutLine *line = pango_layout_get_line_readonly(layout, 0);
    int places = 0, from = 0, to = 0;
    const PangoLogAttr *attributes = pango_layout_get_log_attrs_readonly(layout, &places);
    size_t size = 0;
    *count = 0;
    for (size_t at = 0; at < words.length && *count < TITLE_LETTERS_MOST; at += size, (*count)++) {
        letters[*count].code = text_read_code_point(words, at, &size);
        pango_layout_line_index_to_x(line, (int)at, FALSE, &from);
        pango_layout_line_index_to_x(line, (int)at, TRUE, &to);
        letters[*count].width = fabs((double)(to - from)) / PANGO_SCALE;
        letters[*count].may_break = (int)*count + 1 < places && attributes[*count + 1].is_line_break;
        ends[*count] = at + size;
    }
    g_object_unref(layout);
    title_find_words(words, setting->sheet->body, letters, *count);
    return *count > 0 && ends[*count - 1] == words.length;
}

static void add_title(struct setting *setting) {
    const struct look look = {STYLE_TITLE, PLACE_CENTRE, false};
    struct title_letter letters[TITLE_LETTERS_MOST];
    size_t ends[TITLE_LETTERS_MOST], breaks[TITLE_LINES_MOST];
    size_t count = 0;
    struct buffer words = {0};
    write_out(setting, setting->sheet->title, STYLE_TITLE, &words);
    struct text title = text_trim(buffer_text(&words));
    size_t lines =
        measure_title(setting, title, letters, ends, &count) ? title_break(letters, count, WIDTH, breaks) : 0;
    for (size_t line = 0, begin = 0; line < lines; line++) {
        size_t end = ends[breaks[line] - 1];
        add_words(setting, text_trim((struct text){title.bytes + begin, end - begin}), &look);
        begin = end;
    }
    if (lines == 0) {
        add_words(setting, title, &look);
    }
    setting->rows.failed = setting->rows.failed || words.failed;
    buffer_release(&words);
}

/* Up to the end of a line: of Unix, of Windows, or of old machines. */
static size_t measure_paragraph(struct text text) {
    size_t length = 0;
    while (length < text.length && text.bytes[length] != '\n' && text.bytes[length] != '\r') {
        length++;
    }
    return length;
}

static void add_body(struct setting *setting) {
    struct text rest = setting->sheet->body;
    struct text mark = TEXT(PAPER_HEADING);
    while (rest.length > 0 && !is_too_long(setting)) {
        size_t length = measure_paragraph(rest);
        struct text line = text_trim((struct text){rest.bytes, length});
        bool is_heading = text_starts_with(line, mark);
        if (is_heading) {
            line = text_trim((struct text){line.bytes + mark.length, line.length - mark.length});
        }
        if (line.length > 0) {
            add_text(setting, line, is_heading ? STYLE_HEADING : STYLE_BODY, PLACE_PARAGRAPH, false);
        }
        size_t taken = length + (length == rest.length ? 0 : 1);
        rest = (struct text){rest.bytes + taken, rest.length - taken};
    }
}

/* The last two lines never stand alone on a page: a row of the text goes with them. */
static void keep_together(struct setting *setting, uint32_t tail) {
    uint32_t count = (uint32_t)(setting->rows.length / sizeof(struct row));
    uint32_t left = (SHEET_ROWS - count % SHEET_ROWS) % SHEET_ROWS;
    if (left >= tail || count < 2) {
        return;
    }
    struct row *last = (struct row *)(void *)setting->rows.bytes + (count - 1);
    struct row moved = *last;
    *last = (struct row){.layout = NULL};
    for (uint32_t i = 0; i < left; i++) {
        add_empty(setting);
    }
    buffer_append(&setting->rows, &moved, sizeof moved);
}

static void add_signature(struct setting *setting) {
    const struct sheet *sheet = setting->sheet;
    if (sheet->signer.length == 0) {
        return;
    }
    keep_together(setting, sheet->remark.length > 0 ? 4 : 3);
    add_empty(setting);
    add_text(setting, sheet->signer, STYLE_BODY, PLACE_RIGHT, false);
    add_text(setting, sheet->date, STYLE_BODY, PLACE_RIGHT, false);
    if (sheet->remark.length > 0) {
        add_text(setting, sheet->remark, STYLE_BODY, PLACE_PARAGRAPH, false);
    }
}

static void add_all(struct setting *setting) {
    const struct sheet *sheet = setting->sheet;
    if (sheet->sender.length > 0) {
        add_text(setting, sheet->sender, STYLE_SENDER, PLACE_CENTRE, true);
        add_row(setting, (struct row){.ruled = true});
    }
    add_empty(setting);
    add_title(setting);
    add_empty(setting);
    if (sheet->addressees.length > 0) {
        struct buffer line = {0};
        buffer_append_text(&line, sheet->addressees);
        buffer_append_string(&line, sheet->chinese ? "：" : ":");
        add_text(setting, buffer_text(&line), STYLE_BODY, PLACE_LEFT, false);
        setting->rows.failed = setting->rows.failed || line.failed;
        buffer_release(&line);
    }
    add_body(setting);
    add_signature(setting);
}

/* ---- drawing ---------------------------------------------------------------------------------------------- */

static void draw_line(struct press *press, cairo_t *cairo, PangoLayout *layout, int line, double x, double baseline) {
    const char *text = pango_layout_get_text(layout);
    PangoLayoutLine *at = pango_layout_get_line_readonly(layout, line);
    for (GSList *link = at->runs; link != NULL; link = link->next) {
        PangoGlyphItem *run = link->data;
        letters_draw_run(press->letters, cairo, run, text, x, baseline);
        x += (double)pango_glyph_string_get_width(run->glyphs) / PANGO_SCALE;
    }
}

static void draw_row(struct press *press, cairo_t *cairo, const struct row *row, uint32_t index) {
    double middle = TOP + (index + 0.5) * PITCH;
    cairo_set_source_rgb(cairo, row->red ? 0.85 : 0, 0, 0);
    if (row->layout != NULL) {
        draw_line(press, cairo, row->layout, row->line, LEFT + row->x, middle + CENTRE * row->size);
    }
    if (row->ruled) {
        cairo_set_source_rgb(cairo, 0.85, 0, 0);
        cairo_set_line_width(cairo, 1.5);
        cairo_move_to(cairo, LEFT, middle);
        cairo_line_to(cairo, LEFT + WIDTH, middle);
        cairo_stroke(cairo);
    }
}

/* A single line outside the grid. */
static void draw_apart(struct setting *setting, cairo_t *cairo, struct text text, enum style style, double x,
                       double baseline) {
    PangoLayout *layout = make_layout(setting->press, text, style, setting->sheet->chinese);
    draw_line(setting->press, cairo, layout, 0, x < 0 ? LEFT + WIDTH + x - line_width(layout, 0) : LEFT + x, baseline);
    g_object_unref(layout);
}

/* The number stands outside: to the right on odd pages, to the left on even ones, a character in. */
static void draw_margins(struct setting *setting, cairo_t *cairo, uint32_t page) {
    char number[32];
    double below = TOP + HEIGHT + NUMBER_DROP;
    (void)snprintf(number, sizeof number, "— %u —", (unsigned)page);
    cairo_set_source_rgb(cairo, 0, 0, 0);
    draw_apart(setting, cairo, text_of(number), STYLE_NUMBER, page % 2 == 1 ? -CELL : CELL, below);
    if (setting->sheet->head.length > 0) {
        struct buffer line = {0};
        buffer_append_string(&line, setting->sheet->chinese ? "日志首部 " : "Head of the log ");
        buffer_append_text(&line, setting->sheet->head);
        draw_apart(setting, cairo, buffer_text(&line), STYLE_SMALL, 0, TOP + HEIGHT + HEAD_DROP);
        buffer_release(&line);
    }
    if (setting->sheet->draft.length > 0) {
        cairo_set_source_rgb(cairo, 0.85, 0, 0);
        draw_apart(setting, cairo, setting->sheet->draft, STYLE_NUMBER, 0, TOP - NUMBER_DROP);
    }
}

static cairo_status_t take_bytes(void *context, const unsigned char *bytes, unsigned int length) {
    struct buffer *out = context;
    buffer_append(out, bytes, length);
    return out->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void set_metadata(cairo_surface_t *surface, const struct setting *setting) {
    char at[CALENDAR_INSTANT_ROOM];
    struct buffer title = {0};
    calendar_print_instant(setting->sheet->at - setting->sheet->at % CALENDAR_US_PER_SECOND, 0, at);
    buffer_append_text(&title, setting->sheet->title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title.bytes == NULL ? "" : title.bytes);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, at);
    buffer_release(&title);
}

static bool draw_pages(struct setting *setting, uint32_t pages, struct buffer *pdf) {
    const struct row *rows = (const struct row *)(const void *)setting->rows.bytes;
    uint32_t count = (uint32_t)(setting->rows.length / sizeof *rows);
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(take_bytes, pdf, PAGE_WIDTH, PAGE_HEIGHT);
    cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5);
    set_metadata(surface, setting);
    cairo_t *cairo = cairo_create(surface);
    for (uint32_t page = 1; page <= pages; page++) {
        for (uint32_t i = 0; i < SHEET_ROWS && (page - 1) * SHEET_ROWS + i < count; i++) {
            draw_row(setting->press, cairo, &rows[(page - 1) * SHEET_ROWS + i], i);
        }
        draw_margins(setting, cairo, page);
        cairo_show_page(cairo);
    }
    bool good = cairo_status(cairo) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(cairo);
    cairo_surface_finish(surface);
    good = good && cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS && !pdf->failed;
    cairo_surface_destroy(surface);
    return good;
}

static void release_rows(struct setting *setting) {
    struct row *rows = (struct row *)(void *)setting->rows.bytes;
    for (size_t i = 0; i < setting->rows.length / sizeof *rows; i++) {
        if (rows[i].layout != NULL) {
            g_object_unref(rows[i].layout);
        }
    }
    buffer_release(&setting->rows);
}

static void list_codes(const struct codes *codes, struct buffer *out) {
    for (uint32_t i = 0; i < codes->count; i++) {
        buffer_print(out, "%sU+%04X", i == 0 ? "" : " ", (unsigned)codes->items[i]);
    }
}

bool press_set(struct press *press, const struct sheet *sheet, struct sheet_printed *printed, struct failure *failure) {
    struct setting setting = {.press = press, .sheet = sheet};
    *printed = (struct sheet_printed){.pages = 0};
    add_all(&setting);
    size_t count = setting.rows.length / sizeof(struct row);
    printed->pages = (uint32_t)((count + SHEET_ROWS - 1) / SHEET_ROWS);
    bool good = !setting.rows.failed;
    if (good && printed->pages > SHEET_PAGES_MOST) {
        good = failure_say_field(failure, "body", "it would have more than %u pages", "超过 %u 页", SHEET_PAGES_MOST);
    } else if (!good || !draw_pages(&setting, printed->pages, &printed->pdf)) {
        good = failure_say(failure, "memory is exhausted", "内存不足");
    }
    list_codes(&setting.missing, &printed->missing);
    list_codes(&setting.borrowed, &printed->borrowed);
    release_rows(&setting);
    bool is_whole = !printed->missing.failed && !printed->borrowed.failed;
    return good && (is_whole || failure_say(failure, "memory is exhausted", "内存不足"));
}

void sheet_release_printed(struct sheet_printed *printed) {
    buffer_release(&printed->pdf);
    buffer_release(&printed->missing);
    buffer_release(&printed->borrowed);
}
