/* type — letters: which font has them, how much space they take, how they are drawn. No other layer includes this. */
#ifndef PINYUE_CHART_TYPE_H
#define PINYUE_CHART_TYPE_H

#include "base/failure.h"
#include "chart/chart.h"

#include <cairo.h>

/* Opens the fonts of this machine. `language` is the plan's. NULL with a failure. */
struct chart_type *type_open(struct text language, struct failure *failure);
void type_close(struct chart_type *type);

/* Breaks a text into lines of its width and fills in its height, and in *used the width of its longest line (NULL: not
 * wanted). False with a failure when no font has one of its characters. */
bool type_measure(struct chart_type *type, struct chart_text *text, double *used, struct failure *failure);

/* Breaks a text into its lines, first to last: what stands on it without blanks at its end, where it begins, how wide it
 * is. */
struct type_line {
    struct text string;
    double x, baseline, width;
};
typedef void type_take_line(void *context, const struct type_line *line);
void type_break(struct chart_type *type, const struct chart_text *text, type_take_line *take, void *context);

/* Draws a text at its place. */
void type_draw(struct chart_type *type, cairo_t *cairo, const struct chart_text *text);

#endif
