/* Letters of a chart, by Pango. */
#include "chart/type.h"

#include "letters/letters.h"

#include <pango/pangocairo.h>
#include <stdlib.h>

/* The first of these that the machine has; whatever character it lacks is taken from any other font. One family for both
 * scripts, so that figures stand alike in both. */
#define FAMILIES "Noto Sans CJK SC, Source Han Sans SC, WenQuanYi Micro Hei, Droid Sans Fallback, sans-serif"

struct chart_type {
    struct letters *letters;
    PangoContext *context; /* the letters' */
};

struct chart_type *type_open(struct text language, struct failure *failure) {
    struct chart_type *type = calloc(1, sizeof *type);
    struct letters *letters = letters_create();
    if (type == NULL || letters == NULL) {
        (void)failure_set(failure, "memory is exhausted");
        letters_destroy(letters);
        free(type);
        return NULL;
    }
    type->letters = letters;
    type->context = letters_get_context(letters);
    bool chinese = text_starts_with(language, TEXT("zh"));
    pango_context_set_language(type->context, pango_language_from_string(chinese ? "zh-cn" : "en"));
    return type;
}

void type_close(struct chart_type *type) {
    if (type == NULL) {
        return;
    }
    letters_destroy(type->letters);
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

/* ---- drawing ----------------------------------------------------------------------------------------------- */

static void draw_layout(struct chart_type *type, cairo_t *cairo, PangoLayout *layout) {
    PangoLayoutIter *place = pango_layout_get_iter(layout);
    do {
        PangoGlyphItem *run = pango_layout_iter_get_run_readonly(place);
        PangoRectangle extents;
        pango_layout_iter_get_run_extents(place, NULL, &extents);
        if (run != NULL) {
            letters_draw_run(type->letters, cairo, run, pango_layout_get_text(layout), (double)extents.x / PANGO_SCALE,
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
