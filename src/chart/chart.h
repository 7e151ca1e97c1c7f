/* chart — a plan drawn from its own rules, on A4 sheets to be printed and hung on a wall.
 *
 * What it is for: `pinyue chart` and the sheets on the desk's page; docs/chart.md says which sheets there are. chart_build decides all of it: sheets with
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

/* What of the plan a box stands for, so that a page can show on it how that stands in an incident. */
enum chart_meaning_kind {
    CHART_MEANS_SCALE,    /* index in plan.scales */
    CHART_MEANS_LEVEL,    /* the same, and the level */
    CHART_MEANS_RULE,     /* index in plan.rules */
    CHART_MEANS_DUTY,     /* index in plan.duties */
    CHART_MEANS_PARTY,    /* index in plan.parties */
    CHART_MEANS_POSITION, /* index in plan.positions */
};

struct chart_meaning {
    enum chart_meaning_kind kind;
    uint32_t index;
    uint8_t level;
};

/* What a sheet is about; a part of the chart each. */
enum chart_kind {
    CHART_OF_FLOW,    /* how one thing leads to another */
    CHART_OF_LADDER,  /* what leads from one level to the next */
    CHART_OF_REPORT,  /* who reports to whom */
    CHART_OF_MEASURE, /* what each level adds, what is to be done when */
    CHART_OF_COMMAND, /* commands and work groups, offices, teams */
    CHART_OF_TERMS,   /* terms and settings */
    CHART_KINDS
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
    uint32_t first_text, text_count;       /* in the sheet's texts */
    uint32_t first_meaning, meaning_count; /* in the sheet's meanings */
};

/* A line of straight pieces, or of Bézier curves (a start and three points for each piece). */
struct chart_line {
    double *points; /* x and y in turn */
    uint32_t point_count;
    bool curved, arrow, dashed;
};

struct chart_sheet {
    struct text title;
    enum chart_kind kind;
    double width, height;
    struct chart_box *boxes;
    uint32_t box_count;
    struct chart_text *texts;
    uint32_t text_count;
    struct chart_line *lines;
    uint32_t line_count;
    struct chart_meaning *meanings;
    uint32_t meaning_count;
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

/* Appends one sheet as an SVG for a page: its texts are texts, so that they can be searched and read aloud; how things look
 * is said by attributes alone (no style, script or reference, which a strict policy would forbid); each box is a group with
 * an id (b1, b2, … in the order of the sheet) that says what it stands for:
 *   data-scale, data-level   names: a level, or (without a level) the scale
 *   data-rule                number among its scale's rules, from 1
 *   data-duties, data-parties   names, one a line
 *   data-command             name of a command, with data-positions, numbers among its positions, from 1, one a line
 *   data-place               x, y, width and height of a box that stands for something
 * False with a failure when memory is exhausted. */
bool chart_draw_page(const struct chart *chart, uint32_t sheet, struct buffer *out, struct failure *failure);

/* The word for a kind of sheets: "flow", "ladder", "report", "measure", "command", "terms". */
const char *chart_kind_name(enum chart_kind kind);

#endif
