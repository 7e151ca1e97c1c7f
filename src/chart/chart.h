/* chart — a plan drawn from its own rules, on A4 sheets to be printed and hung on a wall.
 *
 * What it is for: `pinyue chart`; docs/chart.md says which sheets there are. chart_build decides all of it: sheets with
 * boxes, lines and texts that have their places; drawing adds nothing. So a test can measure what people will see.
 * Owns one arena and the fonts. Lengths are points (1/72 inch) from the upper left corner of a sheet.
 * Must never: read a clock, write a file, set a text below CHART_TEXT_LEAST (what does not fit goes on more sheets), draw
 * a character that no font has, or know a name of any plan.
 */
#ifndef PINYUE_CHART_CHART_H
#define PINYUE_CHART_CHART_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/failure.h"
#include "base/text.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stdint.h>

#define CHART_A4_SHORT 595.276 /* 210 mm */
#define CHART_A4_LONG 841.890  /* 297 mm */
#define CHART_MARGIN 28.35     /* 10 mm: what any printer can do without */
#define CHART_TEXT_LEAST 8.0

/* How a box looks; the legend of a sheet explains those that stand on it. */
enum chart_shape {
    CHART_BARE,    /* text without a border */
    CHART_HEAD,    /* what the sheet is about: white on black */
    CHART_SECTION, /* what stands below it: grey */
    CHART_PARTY,   /* a party: a thick border */
    CHART_CAUSE,   /* a condition, an occasion: grey, with pointed sides */
    CHART_DUTY,    /* must be done */
    CHART_OPTION,  /* may be done: broken border */
    CHART_FORBID,  /* must not be done: a black bar at the left */
    CHART_NOTICE,  /* to be known: dotted border */
    CHART_DECIDE,  /* must be decided: a double border */
    CHART_LEVEL,   /* a level of a scale: rounded and thick */
    CHART_STEP,    /* an occasion and what is then to be done: rounded at the left */
    CHART_GROUP,   /* a work group or a team */
    CHART_LINK,    /* goes on on another sheet */
    CHART_SHAPES
};

enum chart_align { CHART_LEFT, CHART_CENTRE, CHART_RIGHT };

struct chart_text {
    struct text string;
    double x, y, width, height; /* the space that it takes, lines broken to `width` */
    double size;                /* of the letters */
    double scale;               /* laid out at size / scale, then enlarged, so that its lines break as measured */
    enum chart_align align;
    bool bold;
    bool reversed; /* white on black */
};

struct chart_box {
    enum chart_shape shape;
    double x, y, width, height;
    uint32_t first_text, text_count; /* in the sheet's texts */
};

/* A line of straight pieces, or of Bézier curves (a start and three points for each piece). */
struct chart_line {
    double *points; /* x and y in turn */
    uint32_t point_count;
    bool curved, arrow, dashed;
};

struct chart_sheet {
    struct text title;
    double width, height;
    struct chart_box *boxes;
    uint32_t box_count;
    struct chart_text *texts;
    uint32_t text_count;
    struct chart_line *lines;
    uint32_t line_count;
};

struct chart_type; /* fonts */

struct chart {
    struct arena *arena;
    struct chart_type *type;
    const struct plan *plan;
    struct chart_sheet *sheets;
    uint32_t sheet_count;
};

/* Lays out all sheets of a plan, borrowed for the life of the chart. NULL with a failure when memory is exhausted, a
 * part of the plan is larger than a sheet, or no font has one of its characters. The caller destroys the chart. */
struct chart *chart_build(const struct plan *plan, struct failure *failure);
void chart_destroy(struct chart *chart);

/* Appends the sheets as one PDF, a page for each, or as one SVG, each below the other. The same chart gives the same
 * bytes. False with a failure when memory is exhausted. */
bool chart_draw_pdf(const struct chart *chart, struct buffer *out, struct failure *failure);
bool chart_draw_svg(const struct chart *chart, struct buffer *out, struct failure *failure);

#endif
