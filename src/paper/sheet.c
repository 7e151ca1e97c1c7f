/* Setting a document: every line on its row of the grid, pages, page numbers, the log's head. */
#include "paper/sheet.h"

#include "base/calendar.h"
#include "letters/letters.h"
#include "paper/paper.h"

#include <cairo-pdf.h>
#include <hb-ot.h>
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
#define MISSING_MOST 200U               /* different characters that are looked for */

enum style { STYLE_BODY, STYLE_HEADING, STYLE_TITLE, STYLE_SENDER, STYLE_SMALL, STYLE_NUMBER };

/* One row of the grid: a line of a layout, or nothing. */
struct row {
    PangoLayout *layout; /* a reference of its own; NULL: empty */
    int line;
    double x, size;
    bool red, ruled; /* a red line stands below it */
};

struct press {
    struct sheet_fonts fonts;
    PangoFontMap *map;
    PangoContext *context;
    struct letters *letters;
};

/* A sheet on its way. */
struct setting {
    struct press *press;
    const struct sheet *sheet;
    struct buffer rows; /* of struct row */
    uint32_t missing[MISSING_MOST];
    uint32_t missing_count;
};

struct press *press_open(const struct sheet_fonts *fonts) {
    struct press *press = calloc(1, sizeof *press);
    if (press == NULL) {
        return NULL;
    }
    press->fonts = *fonts;
    press->letters = letters_create();
    if (press->letters == NULL) {
        free(press);
        return NULL;
    }
    press->map = pango_cairo_font_map_new();
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(press->map), 72.0);
    press->context = pango_font_map_create_context(press->map);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(press->context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(press->context, FALSE);
    return press;
}

void press_close(struct press *press) {
    if (press != NULL) {
        letters_destroy(press->letters);
        g_object_unref(press->context);
        g_object_unref(press->map);
        free(press);
    }
}

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

static PangoFontDescription *describe_font(const struct press *press, enum style style) {
    bool is_title = style == STYLE_TITLE || style == STYLE_SENDER;
    char families[2 * SHEET_FONT_ROOM];
    (void)snprintf(families, sizeof families, "%s, Noto Serif CJK SC",
                   is_title                 ? press->fonts.title
                   : style == STYLE_HEADING ? press->fonts.heading
                                            : press->fonts.body);
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family(font, families);
    pango_font_description_set_absolute_size(font, find_size(style) * PANGO_SCALE);
    pango_font_description_set_weight(font, is_title ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    return font;
}

static PangoLayout *make_layout(const struct press *press, struct text text, enum style style, bool chinese) {
    PangoLayout *layout = pango_layout_new(press->context);
    PangoFontDescription *font = describe_font(press, style);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_single_paragraph_mode(layout, TRUE);
    PangoAttrList *attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes, pango_attr_language_new(pango_language_from_string(chinese ? "zh-cn" : "en")));
    if (chinese && (style == STYLE_BODY || style == STYLE_HEADING)) {
        pango_attr_list_insert(attributes, pango_attr_letter_spacing_new((int)((CELL - BODY_SIZE) * PANGO_SCALE)));
    }
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
    pango_layout_set_text(layout, text.length == 0 ? "" : text.bytes, (int)text.length);
    return layout;
}

/* ---- characters that no font has -------------------------------------------------------------------------- */

static bool lacks(const struct setting *setting, struct text text) {
    PangoLayout *layout = make_layout(setting->press, text, STYLE_BODY, setting->sheet->chinese);
    bool unknown = pango_layout_get_unknown_glyphs_count(layout) > 0;
    g_object_unref(layout);
    return unknown;
}

static bool is_missing(const struct setting *setting, uint32_t code) {
    for (uint32_t i = 0; i < setting->missing_count; i++) {
        if (setting->missing[i] == code) {
            return true;
        }
    }
    return false;
}

/* Looks for them one by one, in a text of which something is missing. */
static void find_missing(struct setting *setting, struct text text) {
    size_t size = 0;
    for (size_t at = 0; at < text.length && setting->missing_count < MISSING_MOST; at += size) {
        uint32_t code = text_read_code_point(text, at, &size);
        if (code > 0x7E && !is_missing(setting, code) && lacks(setting, (struct text){text.bytes + at, size})) {
            setting->missing[setting->missing_count++] = code;
        }
    }
}

/* A copy of the text in which what no font has is written out by its number. */
static void write_out(struct setting *setting, struct text text, struct buffer *out) {
    size_t size = 0;
    if (text.length > 0 && lacks(setting, text)) {
        find_missing(setting, text);
    }
    for (size_t at = 0; at < text.length; at += size) {
        uint32_t code = text_read_code_point(text, at, &size);
        if (is_missing(setting, code)) {
            buffer_print(out, "〔U+%04X〕", (unsigned)code);
        } else if (code >= ' ' && code != 0x7F) {
            buffer_append(out, text.bytes + at, size);
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

/* A text on as many rows as it needs. */
static void add_text(struct setting *setting, struct text text, enum style style, enum place place, bool red) {
    struct buffer words = {0};
    write_out(setting, text, &words);
    PangoLayout *layout = make_layout(setting->press, buffer_text(&words), style, setting->sheet->chinese);
    double size = style == STYLE_SENDER ? fit_size(layout, find_size(style)) : find_size(style);
    pango_layout_set_width(layout, (int)((WIDTH + 0.5) * PANGO_SCALE)); /* the last letter's spacing stands outside */
    if (place == PLACE_PARAGRAPH) {
        pango_layout_set_indent(layout, (int)(2 * CELL * PANGO_SCALE));
        pango_layout_set_justify(layout, setting->sheet->chinese && !setting->sheet->ragged);
    }
    int count = pango_layout_get_line_count(layout);
    for (int line = 0; line < count; line++) {
        add_row(setting, (struct row){layout, line, find_x(layout, line, place), size, red, false});
    }
    setting->rows.failed = setting->rows.failed || words.failed;
    g_object_unref(layout);
    buffer_release(&words);
}

static void add_body(struct setting *setting) {
    struct text rest = setting->sheet->body;
    struct text mark = TEXT(PAPER_HEADING);
    /* What is too long to be set is not laid out to its end. */
    while (rest.length > 0 && setting->rows.length / sizeof(struct row) <= (size_t)SHEET_PAGES_MOST * SHEET_ROWS) {
        const char *end = memchr(rest.bytes, '\n', rest.length);
        size_t length = end == NULL ? rest.length : (size_t)(end - rest.bytes);
        struct text line = text_trim((struct text){rest.bytes, length});
        bool is_heading = text_starts_with(line, mark);
        if (is_heading) {
            line = text_trim((struct text){line.bytes + mark.length, line.length - mark.length});
        }
        if (line.length > 0) {
            add_text(setting, line, is_heading ? STYLE_HEADING : STYLE_BODY, PLACE_PARAGRAPH, false);
        }
        size_t taken = length + (end == NULL ? 0 : 1);
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
    add_text(setting, sheet->title, STYLE_TITLE, PLACE_CENTRE, false);
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

static void list_missing(const struct setting *setting, struct buffer *missing) {
    for (uint32_t i = 0; i < setting->missing_count; i++) {
        buffer_print(missing, "%sU+%04X", i == 0 ? "" : " ", (unsigned)setting->missing[i]);
    }
}

bool press_set(struct press *press, const struct sheet *sheet, struct buffer *pdf, struct buffer *missing,
               uint32_t *pages, struct failure *failure) {
    struct setting setting = {.press = press, .sheet = sheet};
    add_all(&setting);
    size_t count = setting.rows.length / sizeof(struct row);
    *pages = (uint32_t)((count + SHEET_ROWS - 1) / SHEET_ROWS);
    bool good = !setting.rows.failed;
    if (good && *pages > SHEET_PAGES_MOST) {
        good = failure_say_field(failure, "body", "it would have more than %u pages", "超过 %u 页", SHEET_PAGES_MOST);
    } else if (!good || !draw_pages(&setting, *pages, pdf)) {
        good = failure_say(failure, "memory is exhausted", "内存不足");
    }
    list_missing(&setting, missing);
    release_rows(&setting);
    return good && (!missing->failed || failure_say(failure, "memory is exhausted", "内存不足"));
}
