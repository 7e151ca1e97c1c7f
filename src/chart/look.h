/* look — how each shape of box is drawn, on paper and on a page. For src/chart alone. Owns nothing. */
#ifndef PINYUE_CHART_LOOK_H
#define PINYUE_CHART_LOOK_H

#include "chart/chart.h"

#define LOOK_RADIUS 4.0 /* of a rounded corner, in points, as all of these */
#define LOOK_POINT 6.0  /* by how much a pointed side comes in */
#define LOOK_BAR 4.0    /* the bar of what must not be done */
#define LOOK_DOUBLE 2.0 /* between the two lines of a double border */
#define LOOK_ARROW 6.0  /* an arrow's point is so long and 0.8 times as wide */
#define LOOK_LINE 0.7   /* how thick lines are */

enum look_outline { LOOK_NONE, LOOK_SQUARE, LOOK_ROUNDED, LOOK_POINTED };

struct look {
    double border, fill; /* fill: 1 is white, 0 black */
    enum look_outline outline;
    double dash; /* length of a stroke and of a gap; 0: whole */
};

const struct look *look_of(enum chart_shape shape);

/* The three corners (x, y) of the arrow at the end of a line, its point first; false where the line has no direction. */
bool look_find_arrow(const struct chart_line *line, double corners[6]);

#endif
