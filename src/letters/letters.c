/* The fonts of the machine, measured as they are drawn; letters of a PDF as shapes, each font once. */
#include "letters/letters.h"

#include <stdbool.h>
#include <stdlib.h>

/* The letters of one font; see drawn_face. */
struct letters_font {
    hb_face_t *file; /* what is told apart: the file of the font, and how heavy it is drawn */
    PangoWeight weight;
    cairo_font_face_t *face;
};

#define LETTERS_MAX 32U

struct letters {
    PangoFontMap *map; /* of its own, so that closing it leaves nothing behind */
    PangoContext *context;
    struct letters_font items[LETTERS_MAX];
    uint32_t count;
};

struct letters *letters_create(void) {
    struct letters *letters = calloc(1, sizeof *letters);
    if (letters == NULL) {
        return NULL;
    }
    letters->map = pango_cairo_font_map_new();
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(letters->map), 72.0);
    letters->context = pango_font_map_create_context(letters->map);
    /* Measured as drawn: no rounding to the pixels of some screen. */
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(letters->context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(letters->context, FALSE);
    return letters;
}

void letters_destroy(struct letters *letters) {
    if (letters == NULL) {
        return;
    }
    for (uint32_t i = 0; i < letters->count; i++) {
        cairo_font_face_destroy(letters->items[i].face);
        hb_face_destroy(letters->items[i].file);
    }
    g_object_unref(letters->context);
    g_object_unref(letters->map);
    free(letters);
}

PangoContext *letters_get_context(const struct letters *letters) {
    return letters->context;
}

uint32_t letters_count_fonts(const struct letters *letters) {
    return letters->count;
}

hb_face_t *letters_get_font(const struct letters *letters, uint32_t index) {
    return letters->items[index].file;
}

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
static cairo_font_face_t *drawn_face(struct letters *letters, PangoFont *font) {
    hb_face_t *file = hb_font_get_face(pango_font_get_hb_font(font));
    PangoFontDescription *description = pango_font_describe(font);
    PangoWeight weight = pango_font_description_get_weight(description);
    pango_font_description_free(description);
    for (uint32_t i = 0; i < letters->count; i++) {
        if (letters->items[i].file == file && letters->items[i].weight == weight) {
            return letters->items[i].face;
        }
    }
    if (letters->count == LETTERS_MAX) {
        return NULL;
    }
    struct letters_font *made = &letters->items[letters->count++];
    *made = (struct letters_font){hb_face_reference(file), weight, make_drawn_face(font)};
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

void letters_draw_run(struct letters *letters, cairo_t *cairo, PangoGlyphItem *run, const char *text, double x,
                      double y) {
    int room = run->glyphs->num_glyphs, piece_count = 0;
    const char *words = text + run->item->offset;
    cairo_font_face_t *face = drawn_face(letters, run->item->analysis.font);
    cairo_glyph_t *glyphs = cairo_glyph_allocate(room);
    cairo_text_cluster_t *pieces = cairo_text_cluster_allocate(room);
    if (glyphs == NULL || pieces == NULL || face == NULL) {
        cairo_move_to(cairo, x, y);
        pango_cairo_glyph_string_path(cairo, run->item->analysis.font, run->glyphs);
        cairo_fill(cairo);
    } else {
        int count = take_letters(run, x, y, glyphs, pieces, &piece_count);
        choose_letters(cairo, face, run->item->analysis.font);
        if (run->item->analysis.level % 2 == 1) { /* from right to left: its pieces run against the text */
            cairo_show_glyphs(cairo, glyphs, count);
        } else {
            cairo_show_text_glyphs(cairo, words, run->item->length, glyphs, count, pieces, piece_count, 0);
        }
    }
    cairo_glyph_free(glyphs);
    cairo_text_cluster_free(pieces);
}
