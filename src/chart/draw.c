/* Draws a chart by cairo: black, white and two greys, so that any printer does it justice. */
#include "chart/look.h"
#include "chart/type.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <string.h>

#define GREY 0.88
#define SHEET_GAP 12.0 /* between the sheets of an SVG */

/* ---- boxes ------------------------------------------------------------------------------------------------- */

static void trace_rounded(cairo_t *cairo, const struct chart_box *box, double radius) {
    double right = box->x + box->width, bottom = box->y + box->height;
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, right - radius, box->y + radius, radius, -M_PI / 2, 0);
    cairo_arc(cairo, right - radius, bottom - radius, radius, 0, M_PI / 2);
    cairo_arc(cairo, box->x + radius, bottom - radius, radius, M_PI / 2, M_PI);
    cairo_arc(cairo, box->x + radius, box->y + radius, radius, M_PI, 3 * M_PI / 2);
    cairo_close_path(cairo);
}

static void trace_pointed(cairo_t *cairo, const struct chart_box *box) {
    double cut = LOOK_POINT;
    cairo_move_to(cairo, box->x + cut, box->y);
    cairo_line_to(cairo, box->x + box->width - cut, box->y);
    cairo_line_to(cairo, box->x + box->width, box->y + box->height / 2);
    cairo_line_to(cairo, box->x + box->width - cut, box->y + box->height);
    cairo_line_to(cairo, box->x + cut, box->y + box->height);
    cairo_line_to(cairo, box->x, box->y + box->height / 2);
    cairo_close_path(cairo);
}

static const struct look looks[CHART_SHAPES] = {
    [CHART_BARE] = {0.0, 1.0, LOOK_NONE, 0},       [CHART_HEAD] = {1.0, 0.0, LOOK_SQUARE, 0},
    [CHART_SECTION] = {0.7, GREY, LOOK_SQUARE, 0}, [CHART_PARTY] = {1.5, 1.0, LOOK_SQUARE, 0},
    [CHART_CAUSE] = {0.7, GREY, LOOK_POINTED, 0},  [CHART_DUTY] = {0.7, 1.0, LOOK_ROUNDED, 0},
    [CHART_OPTION] = {0.7, 1.0, LOOK_ROUNDED, 3},  [CHART_FORBID] = {0.7, 1.0, LOOK_SQUARE, 0},
    [CHART_NOTICE] = {0.7, 1.0, LOOK_SQUARE, 1},   [CHART_DECIDE] = {0.7, 1.0, LOOK_SQUARE, 0},
    [CHART_LEVEL] = {1.8, GREY, LOOK_ROUNDED, 0},  [CHART_STEP] = {0.9, 1.0, LOOK_SQUARE, 0},
    [CHART_GROUP] = {0.7, 1.0, LOOK_SQUARE, 0},    [CHART_LINK] = {0.7, 1.0, LOOK_POINTED, 2},
};

const struct look *look_of(enum chart_shape shape) {
    return &looks[shape];
}

/* What some shapes have besides the outline. */
static void draw_marks(cairo_t *cairo, const struct chart_box *box) {
    if (box->shape == CHART_FORBID) {
        cairo_rectangle(cairo, box->x, box->y, LOOK_BAR, box->height);
        cairo_fill(cairo);
    }
    if (box->shape == CHART_DECIDE) {
        cairo_rectangle(cairo, box->x + LOOK_DOUBLE, box->y + LOOK_DOUBLE, box->width - 2 * LOOK_DOUBLE,
                        box->height - 2 * LOOK_DOUBLE);
        cairo_stroke(cairo);
    }
}

static void draw_box(cairo_t *cairo, const struct chart_box *box) {
    if (box->shape == CHART_BARE) {
        return;
    }
    double fill = looks[box->shape].fill, dash = looks[box->shape].dash;
    if (looks[box->shape].outline == LOOK_ROUNDED) {
        trace_rounded(cairo, box, LOOK_RADIUS);
    } else if (looks[box->shape].outline == LOOK_POINTED) {
        trace_pointed(cairo, box);
    } else {
        cairo_rectangle(cairo, box->x, box->y, box->width, box->height);
    }
    cairo_set_source_rgb(cairo, fill, fill, fill);
    cairo_fill_preserve(cairo);
    cairo_set_source_rgb(cairo, 0, 0, 0);
    cairo_set_line_width(cairo, looks[box->shape].border);
    cairo_set_dash(cairo, &dash, dash > 0 ? 1 : 0, 0);
    cairo_stroke(cairo);
    cairo_set_dash(cairo, NULL, 0, 0);
    draw_marks(cairo, box);
}

/* ---- lines ------------------------------------------------------------------------------------------------- */

static void draw_arrow(cairo_t *cairo, const struct chart_line *line) {
    double corners[6];
    if (!look_find_arrow(line, corners)) {
        return;
    }
    cairo_move_to(cairo, corners[0], corners[1]);
    cairo_line_to(cairo, corners[2], corners[3]);
    cairo_line_to(cairo, corners[4], corners[5]);
    cairo_close_path(cairo);
    cairo_fill(cairo);
}

static void draw_line(cairo_t *cairo, const struct chart_line *line) {
    const double *points = line->points;
    double dash = 3.0;
    if (line->point_count < 2) {
        return;
    }
    cairo_set_source_rgb(cairo, 0, 0, 0);
    cairo_set_line_width(cairo, LOOK_LINE);
    cairo_set_dash(cairo, &dash, line->dashed ? 1 : 0, 0);
    cairo_move_to(cairo, points[0], points[1]);
    for (uint32_t i = 1; line->curved && i + 2 < line->point_count; i += 3) {
        const double *piece = points + (size_t)2 * i;
        cairo_curve_to(cairo, piece[0], piece[1], piece[2], piece[3], piece[4], piece[5]);
    }
    for (uint32_t i = 1; !line->curved && i < line->point_count; i++) {
        cairo_line_to(cairo, points[2 * (size_t)i], points[2 * (size_t)i + 1]);
    }
    cairo_stroke(cairo);
    cairo_set_dash(cairo, NULL, 0, 0);
    if (line->arrow) {
        draw_arrow(cairo, line);
    }
}

static void draw_sheet(const struct chart *chart, const struct chart_sheet *sheet, cairo_t *cairo) {
    for (uint32_t i = 0; i < sheet->line_count; i++) {
        draw_line(cairo, &sheet->lines[i]);
    }
    for (uint32_t i = 0; i < sheet->box_count; i++) {
        draw_box(cairo, &sheet->boxes[i]);
    }
    for (uint32_t i = 0; i < sheet->text_count; i++) {
        type_draw(chart->type, cairo, &sheet->texts[i]);
    }
}

/* ---- files ------------------------------------------------------------------------------------------------- */

static cairo_status_t take_bytes(void *closure, const unsigned char *bytes, unsigned length) {
    struct buffer *out = closure;
    buffer_append(out, bytes, length);
    return out->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

/* Ends a drawing; what went wrong in between shows here. */
static bool finish(cairo_t *cairo, cairo_surface_t *surface, const struct buffer *out, struct failure *failure) {
    cairo_status_t status = cairo_status(cairo);
    cairo_destroy(cairo);
    cairo_surface_finish(surface);
    status = status == CAIRO_STATUS_SUCCESS ? cairo_surface_status(surface) : status;
    cairo_surface_destroy(surface);
    if (status != CAIRO_STATUS_SUCCESS || out->failed) {
        return failure_set(failure, "the chart cannot be drawn: %s", cairo_status_to_string(status));
    }
    return true;
}

/* The file must be the same each time: where cairo would write the hour, it gets the day on which the plan was issued. */
static void describe_pdf(cairo_surface_t *surface, const struct plan *plan) {
    char day[CALENDAR_DATE_ROOM];
    char moment[CALENDAR_DATE_ROOM + 16];
    char title[512];
    calendar_print_date(plan->has_issued ? plan->issued_day : 0, day);
    (void)snprintf(moment, sizeof moment, "%sT00:00:00Z", day);
    struct text name = text_cut(plan->title.length > 0 ? plan->title : plan->name, sizeof title - 1);
    (void)snprintf(title, sizeof title, "%.*s", TEXT_PRINT(name));
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "pinyue chart");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, moment);
}

bool chart_draw_pdf(const struct chart *chart, struct buffer *out, struct failure *failure) {
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(take_bytes, out, CHART_A4_SHORT, CHART_A4_LONG);
    describe_pdf(surface, chart->plan);
    cairo_t *cairo = cairo_create(surface);
    for (uint32_t i = 0; i < chart->sheet_count; i++) {
        cairo_pdf_surface_set_size(surface, chart->sheets[i].width, chart->sheets[i].height);
        draw_sheet(chart, &chart->sheets[i], cairo);
        cairo_show_page(cairo);
    }
    return finish(cairo, surface, out, failure);
}

/* cairo counts the surfaces of a process and writes the number into the file, where it means nothing: it becomes 0. */
static void forget_numbers(struct buffer *out, size_t from) {
    static const char mark[] = "id=\"surface";
    size_t written = from;
    for (size_t at = from; at < out->length;) {
        bool found = out->length - at > sizeof mark && memcmp(out->bytes + at, mark, sizeof mark - 1) == 0;
        size_t length = found ? sizeof mark - 1 : 1;
        memmove(out->bytes + written, out->bytes + at, length);
        written += length;
        at += length;
        if (found) {
            out->bytes[written++] = '0'; /* there was at least one digit */
            while (at < out->length && out->bytes[at] >= '0' && out->bytes[at] <= '9') {
                at++;
            }
        }
    }
    out->length = written;
    if (out->bytes != NULL) {
        out->bytes[written] = '\0';
    }
}

bool chart_draw_svg(const struct chart *chart, struct buffer *out, struct failure *failure) {
    size_t start = out->length;
    double width = CHART_A4_SHORT, height = 0;
    for (uint32_t i = 0; i < chart->sheet_count; i++) {
        width = chart->sheets[i].width > width ? chart->sheets[i].width : width;
        height += chart->sheets[i].height + (i > 0 ? SHEET_GAP : 0);
    }
    cairo_surface_t *surface = cairo_svg_surface_create_for_stream(take_bytes, out, width, height);
    cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PT);
    cairo_t *cairo = cairo_create(surface);
    double top = 0;
    for (uint32_t i = 0; i < chart->sheet_count; i++) {
        const struct chart_sheet *sheet = &chart->sheets[i];
        cairo_save(cairo);
        cairo_translate(cairo, (width - sheet->width) / 2, top);
        cairo_rectangle(cairo, 0, 0, sheet->width, sheet->height);
        cairo_set_source_rgb(cairo, 1, 1, 1);
        cairo_fill_preserve(cairo);
        cairo_set_source_rgb(cairo, 0.6, 0.6, 0.6);
        cairo_set_line_width(cairo, 0.5);
        cairo_stroke(cairo);
        draw_sheet(chart, sheet, cairo);
        cairo_restore(cairo);
        top += sheet->height + SHEET_GAP;
    }
    bool good = finish(cairo, surface, out, failure);
    if (good) {
        forget_numbers(out, start);
    }
    return good;
}

bool look_find_arrow(const struct chart_line *line, double corners[6]) {
    const double *points = line->points;
    size_t last = line->point_count - 1U, before = last;
    double x = points[2 * last], y = points[2 * last + 1], length = 0;
    while (before > 0 && length < 0.5) { /* the last points may lie on one another */
        before--;
        length = hypot(x - points[2 * before], y - points[2 * before + 1]);
    }
    if (length < 0.5) {
        return false;
    }
    double along_x = (x - points[2 * before]) / length, along_y = (y - points[2 * before + 1]) / length;
    corners[0] = x;
    corners[1] = y;
    corners[2] = x - LOOK_ARROW * along_x + 0.4 * LOOK_ARROW * along_y;
    corners[3] = y - LOOK_ARROW * along_y - 0.4 * LOOK_ARROW * along_x;
    corners[4] = x - LOOK_ARROW * along_x - 0.4 * LOOK_ARROW * along_y;
    corners[5] = y - LOOK_ARROW * along_y + 0.4 * LOOK_ARROW * along_x;
    return true;
}
