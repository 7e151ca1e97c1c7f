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

/* Draws a text at its place. */
void type_draw(struct chart_type *type, cairo_t *cairo, const struct chart_text *text);

#endif
