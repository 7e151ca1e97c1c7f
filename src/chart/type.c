/* Letters, by Pango on cairo's font map: of its own, so that closing it leaves nothing behind. */
#include "chart/type.h"

#include <hb.h>
#include <pango/pangocairo.h>
#include <stdlib.h>

/* The first of these that the machine has; whatever character it lacks is taken from any other font. One family for both
 * scripts, so that figures stand alike in both. */
#define FAMILIES "Noto Sans CJK SC, Source Han Sans SC, WenQuanYi Micro Hei, Droid Sans Fallback, sans-serif"

/* The letters of one font as shapes for a PDF; see drawn_face. */
struct letters {
    hb_face_t *file; /* what is told apart: the file of the font, and how heavy it is drawn */
    PangoWeight weight;
    cairo_font_face_t *face;
};

#define LETTERS_MAX 32U

struct chart_type {
    PangoFontMap *map;
    PangoContext *context;
    struct letters letters[LETTERS_MAX];
    uint32_t letter_count;
};

struct chart_type *type_open(struct text language, struct failure *failure) {
    struct chart_type *type = calloc(1, sizeof *type);
    if (type == NULL) {
        (void)failure_set(failure, "memory is exhausted");
        return NULL;
    }
    type->map = pango_cairo_font_map_new();
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(type->map), 72.0);
    type->context = pango_font_map_create_context(type->map);
    bool chinese = text_starts_with(language, TEXT("zh"));
    pango_context_set_language(type->context, pango_language_from_string(chinese ? "zh-cn" : "en"));
    /* Measured as drawn: no rounding to the pixels of some screen. */
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(type->context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(type->context, FALSE);
    return type;
}

void type_close(struct chart_type *type) {
    if (type == NULL) {
        return;
    }
    for (uint32_t i = 0; i < type->letter_count; i++) {
        cairo_font_face_destroy(type->letters[i].face);
        hb_face_destroy(type->letters[i].file);
    }
    g_object_unref(type->context);
    g_object_unref(type->map);
    free(type);
}

static PangoLayout *set_text(const struct chart_type *type, const struct chart_text *text) {
    static const PangoAlignment alignments[] = {PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT};
    PangoLayout *layout = pango_layout_new(type->context);
    PangoFontDescription *font = pango_font_description_from_string(FAMILIES);
    pango_font_description_set_size(font, (int)(text->size / text->scale * PANGO_SCALE + 0.5));
    pango_font_description_set_weight(font, text->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, (int)(text->width / text->scale * PANGO_SCALE + 0.5));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout, alignments[text->align]);
    pango_layout_set_text(layout, text->string.bytes, (int)text->string.length);
    return layout;
}

/* The first character for which the layout has no letter. */
static struct text find_unknown(const struct chart_type *type, const struct chart_text *text) {
    size_t size = 0;
    for (size_t at = 0; at < text->string.length; at += size) {
        (void)text_read_code_point(text->string, at, &size);
        struct chart_text one = *text;
        one.string = (struct text){text->string.bytes + at, size};
        PangoLayout *layout = set_text(type, &one);
        bool unknown = pango_layout_get_unknown_glyphs_count(layout) > 0;
        g_object_unref(layout);
        if (unknown) {
            return one.string;
        }
    }
    return text->string;
}

bool type_measure(struct chart_type *type, struct chart_text *text, double *used, struct failure *failure) {
    PangoLayout *layout = set_text(type, text);
    PangoRectangle logical;
    pango_layout_get_extents(layout, NULL, &logical);
    text->height = (double)logical.height / PANGO_SCALE * text->scale;
    if (used != NULL) {
        *used = (double)logical.width / PANGO_SCALE * text->scale;
    }
    bool known = pango_layout_get_unknown_glyphs_count(layout) == 0;
    g_object_unref(layout);
    if (known) {
        return true;
    }
    return failure_set(failure,
                       "no font on this machine has the character \"%.*s\"; install one that has it and try again, for "
                       "Chinese: apt-get install --no-install-recommends fonts-noto-cjk",
                       TEXT_PRINT(find_unknown(type, text)));
}

void type_break(struct chart_type *type, const struct chart_text *text, type_take_line *take, void *context) {
    PangoLayout *layout = set_text(type, text);
    PangoLayoutIter *place = pango_layout_get_iter(layout);
    do {
        const PangoLayoutLine *line = pango_layout_iter_get_line_readonly(place);
        PangoRectangle extents;
        pango_layout_iter_get_line_extents(place, NULL, &extents);
        size_t length = (size_t)line->length;
        while (length > 0 && text->string.bytes[(size_t)line->start_index + length - 1] == ' ') {
            length--;
        }
        const struct type_line taken = {.string = {text->string.bytes + line->start_index, length},
                                        .x = text->x + (double)extents.x / PANGO_SCALE * text->scale,
                                        .baseline = text->y + (double)pango_layout_iter_get_baseline(place) /
                                                                  PANGO_SCALE * text->scale,
                                        .width = (double)extents.width / PANGO_SCALE * text->scale};
        if (length > 0) {
            take(context, &taken);
        }
    } while (pango_layout_iter_next_line(place));
    pango_layout_iter_free(place);
    g_object_unref(layout);
}

/* ---- letters of a PDF -------------------------------------------------------------------------------------- */

/* cairo puts a part of each font into a PDF; cairo 1.16 damages single letters of fonts with CFF outlines on the way, so
 * that they are drawn nowhere. Therefore a PDF gets fonts of our own (Type 3), each letter of which is a shape to be filled:
 * written once a font, and still letters to whoever searches or copies text. */

#define LETTER_UNITS 1000.0 /* in an em; cairo keeps 8 binary places below one unit */

static void release_scaled(void *scaled) {
    cairo_scaled_font_destroy(scaled);
}

static const cairo_user_data_key_t scaled_key;

static cairo_scaled_font_t *drawn_from(cairo_scaled_font_t *drawn) {
    return cairo_font_face_get_user_data(cairo_scaled_font_get_font_face(drawn), &scaled_key);
}

static cairo_status_t begin_letters(cairo_scaled_font_t *drawn, cairo_t *cairo, cairo_font_extents_t *extents) {
    (void)cairo;
    cairo_scaled_font_extents(drawn_from(drawn), extents); /* cairo leaves out what lies beyond them */
    return CAIRO_STATUS_SUCCESS;
}

static cairo_status_t render_letter(cairo_scaled_font_t *drawn, unsigned long letter, cairo_t *cairo,
                                    cairo_text_extents_t *extents) {
    cairo_scaled_font_t *from = drawn_from(drawn);
    cairo_glyph_t glyph = {.index = letter};
    cairo_scaled_font_glyph_extents(from, &glyph, 1, extents);
    cairo_set_scaled_font(cairo, from);
    cairo_glyph_path(cairo, &glyph, 1);
    cairo_fill(cairo);
    return cairo_scaled_font_status(from);
}

static cairo_font_face_t *make_drawn_face(PangoFont *font) {
    cairo_matrix_t size, identity;
    cairo_matrix_init_scale(&size, LETTER_UNITS, LETTER_UNITS);
    cairo_matrix_init_identity(&identity);
    cairo_scaled_font_t *from = pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(font));
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_scaled_font_get_font_options(from, options);
    cairo_scaled_font_t *large =
        cairo_scaled_font_create(cairo_scaled_font_get_font_face(from), &size, &identity, options);
    cairo_font_options_destroy(options);
    cairo_font_face_t *face = cairo_user_font_face_create();
    cairo_user_font_face_set_init_func(face, begin_letters);
    cairo_user_font_face_set_render_glyph_func(face, render_letter);
    if (cairo_font_face_set_user_data(face, &scaled_key, large, release_scaled) != CAIRO_STATUS_SUCCESS) {
        cairo_scaled_font_destroy(large);
    }
    return face;
}

/* The drawn letters of a font, made where there are none; NULL when there are too many fonts. */
static cairo_font_face_t *drawn_face(struct chart_type *type, PangoFont *font) {
    hb_face_t *file = hb_font_get_face(pango_font_get_hb_font(font));
    PangoFontDescription *description = pango_font_describe(font);
    PangoWeight weight = pango_font_description_get_weight(description);
    pango_font_description_free(description);
    for (uint32_t i = 0; i < type->letter_count; i++) {
        if (type->letters[i].file == file && type->letters[i].weight == weight) {
            return type->letters[i].face;
        }
    }
    if (type->letter_count == LETTERS_MAX) {
        return NULL;
    }
    struct letters *made = &type->letters[type->letter_count++];
    *made = (struct letters){hb_face_reference(file), weight, make_drawn_face(font)};
    return made->face;
}
/* A run of letters, with its text, as cairo wants them. Both arrays have room for all of the run's letters. */
static int take_letters(const PangoGlyphItem *run, double x, double y, cairo_glyph_t *letters,
                        cairo_text_cluster_t *pieces, int *piece_count) {
    const PangoGlyphString *string = run->glyphs;
    int count = 0, along = 0;
    *piece_count = 0;
    for (int i = 0; i < string->num_glyphs; i++) {
        const PangoGlyphInfo *info = &string->glyphs[i];
        bool drawn = info->glyph != PANGO_GLYPH_EMPTY && (info->glyph & PANGO_GLYPH_UNKNOWN_FLAG) == 0;
        if (i == 0 || string->log_clusters[i] != string->log_clusters[i - 1]) { /* another piece of the text */
            int end = i + 1;
            while (end < string->num_glyphs && string->log_clusters[end] == string->log_clusters[i]) {
                end++;
            }
            int next = end < string->num_glyphs ? string->log_clusters[end] : run->item->length;
            pieces[(*piece_count)++] = (cairo_text_cluster_t){.num_bytes = next - string->log_clusters[i]};
        }
        if (drawn) {
            letters[count++] = (cairo_glyph_t){.index = info->glyph,
                                               .x = x + (double)(along + info->geometry.x_offset) / PANGO_SCALE,
                                               .y = y + (double)info->geometry.y_offset / PANGO_SCALE};
            pieces[*piece_count - 1].num_glyphs++;
        }
        along += info->geometry.width;
    }
    return count;
}

/* Sets cairo's font to the drawn letters of another, as large as it. */
static void choose_letters(cairo_t *cairo, cairo_font_face_t *face, PangoFont *font) {
    cairo_matrix_t size;
    cairo_scaled_font_get_font_matrix(pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(font)), &size);
    cairo_matrix_scale(&size, 1 / LETTER_UNITS, 1 / LETTER_UNITS);
    cairo_set_font_face(cairo, face);
    cairo_set_font_matrix(cairo, &size);
}

static void draw_run(struct chart_type *type, cairo_t *cairo, PangoGlyphItem *run, const char *text, double x,
                     double y) {
    int room = run->glyphs->num_glyphs, piece_count = 0;
    const char *words = text + run->item->offset;
    cairo_font_face_t *face = drawn_face(type, run->item->analysis.font);
    cairo_glyph_t *letters = cairo_glyph_allocate(room);
    cairo_text_cluster_t *pieces = cairo_text_cluster_allocate(room);
    if (letters == NULL || pieces == NULL || face == NULL) {
        cairo_move_to(cairo, x, y);
        pango_cairo_glyph_string_path(cairo, run->item->analysis.font, run->glyphs);
        cairo_fill(cairo);
    } else {
        int count = take_letters(run, x, y, letters, pieces, &piece_count);
        choose_letters(cairo, face, run->item->analysis.font);
        if (run->item->analysis.level % 2 == 1) { /* from right to left: its pieces run against the text */
            cairo_show_glyphs(cairo, letters, count);
        } else {
            cairo_show_text_glyphs(cairo, words, run->item->length, letters, count, pieces, piece_count, 0);
        }
    }
    cairo_glyph_free(letters);
    cairo_text_cluster_free(pieces);
}

static void draw_layout(struct chart_type *type, cairo_t *cairo, PangoLayout *layout) {
    PangoLayoutIter *place = pango_layout_get_iter(layout);
    do {
        PangoGlyphItem *run = pango_layout_iter_get_run_readonly(place);
        PangoRectangle extents;
        pango_layout_iter_get_run_extents(place, NULL, &extents);
        if (run != NULL) {
            draw_run(type, cairo, run, pango_layout_get_text(layout), (double)extents.x / PANGO_SCALE,
                     (double)pango_layout_iter_get_baseline(place) / PANGO_SCALE);
        }
    } while (pango_layout_iter_next_run(place));
    pango_layout_iter_free(place);
}

void type_draw(struct chart_type *type, cairo_t *cairo, const struct chart_text *text) {
    PangoLayout *layout = set_text(type, text);
    double shade = text->reversed ? 1.0 : 0.0;
    cairo_set_source_rgb(cairo, shade, shade, shade);
    cairo_save(cairo);
    cairo_translate(cairo, text->x, text->y);
    cairo_scale(cairo, text->scale, text->scale);
    if (cairo_surface_get_type(cairo_get_target(cairo)) == CAIRO_SURFACE_TYPE_PDF) {
        draw_layout(type, cairo, layout);
    } else { /* an SVG has each letter's outline once */
        cairo_move_to(cairo, 0, 0);
        pango_cairo_show_layout(cairo, layout);
    }
    cairo_restore(cairo);
    g_object_unref(layout);
}
