/* charted — plans and their charts for the tests of this folder. */
#ifndef PINYUE_TESTS_CHART_CHARTED_H
#define PINYUE_TESTS_CHART_CHARTED_H

#include "check.h"

#include "chart/chart.h"
#include "chart/maker.h"

/* Compiles a pack; a failing one fails the test. */
struct plan *charted_compile(const char *source);

/* As charted_compile for a file, its path from the top folder of the sources. */
struct plan *charted_read(const char *path);

/* Lays out a plan's sheets; a failure fails the test. */
struct chart *charted_build(const struct plan *plan);

/* True when some text of the sheet, or of any sheet (NULL), has these words in it. */
bool charted_says(const struct chart *chart, const struct chart_sheet *sheet, struct text words);

/* The first sheet whose title has these words in it, or NULL. */
const struct chart_sheet *charted_find(const struct chart *chart, const char *words);

#endif
