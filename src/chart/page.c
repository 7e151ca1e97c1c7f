/* One sheet as an SVG for a page: texts as texts, boxes as groups that say what of the plan they stand for. chart.h has the
 * attributes. The letters are the browser's: each line is told how long it is, so that other letters take no other room. */
#include "chart/look.h"
#include "chart/type.h"

#include <math.h>

#define FAMILIES                                                                                                       \
    "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, WenQuanYi Micro Hei, Droid Sans Fallback, "   \
    "sans-serif"

struct page {
    const struct chart *chart;
    const struct chart_sheet *sheet;
    struct buffer *out;
};

static const char *const shape_names[CHART_SHAPES] = {
    [CHART_BARE] = "bare",     [CHART_HEAD] = "head",     [CHART_SECTION] = "section", [CHART_PARTY] = "party",
    [CHART_CAUSE] = "cause",   [CHART_DUTY] = "duty",     [CHART_OPTION] = "option",   [CHART_FORBID] = "forbid",
    [CHART_NOTICE] = "notice", [CHART_DECIDE] = "decide", [CHART_LEVEL] = "level",     [CHART_STEP] = "step",
    [CHART_GROUP] = "group",   [CHART_LINK] = "link",
};

/* ---- texts ------------------------------------------------------------------------------------------------- */

/* As the content of an element or, in quotes, of an attribute. What XML cannot hold is left out. */
static void write_escaped(struct buffer *out, struct text words) {
    for (size_t i = 0; i < words.length; i++) {
        char letter = words.bytes[i];
        switch (letter) {
        case '&':
            buffer_append_string(out, "&amp;");
            break;
        case '<':
            buffer_append_string(out, "&lt;");
            break;
        case '>':
            buffer_append_string(out, "&gt;");
            break;
        case '"':
            buffer_append_string(out, "&quot;");
            break;
        case '\n':
            buffer_append_string(out, "&#10;");
            break;
        default:
            if ((unsigned char)letter >= ' ') {
                buffer_append(out, &letter, 1);
            }
        }
    }
}

static void write_attribute(struct buffer *out, const char *name, struct text value) {
    buffer_print(out, " %s=\"", name);
    write_escaped(out, value);
    buffer_append_string(out, "\"");
}

struct lines {
    struct buffer *out;
    const struct chart_text *text;
};

/* A type_take_line; the context is the lines. */
static void write_line(void *context, const struct type_line *line) {
    const struct lines *lines = context;
    const struct chart_text *text = lines->text;
    buffer_print(lines->out, "<text x=\"%.2f\" y=\"%.2f\" font-size=\"%.2f\"", line->x, line->baseline, text->size);
    if (text_count_code_points(line->string) > 1) {
        buffer_print(lines->out, " textLength=\"%.2f\" lengthAdjust=\"spacingAndGlyphs\"", line->width);
    }
    buffer_append_string(lines->out, text->bold ? " font-weight=\"bold\"" : "");
    buffer_append_string(lines->out, text->reversed ? " fill=\"#fff\"" : "");
    buffer_append_string(lines->out, ">");
    write_escaped(lines->out, line->string);
    buffer_append_string(lines->out, "</text>");
}

static void write_text(const struct page *page, const struct chart_text *text) {
    struct lines lines = {page->out, text};
    type_break(page->chart->type, text, write_line, &lines);
}

/* ---- boxes ------------------------------------------------------------------------------------------------- */

static void write_paint(struct buffer *out, const struct look *look) {
    int shade = (int)(look->fill * 255 + 0.5);
    buffer_print(out, " fill=\"#%02x%02x%02x\" stroke=\"#000\" stroke-width=\"%.1f\"", shade, shade, shade,
                 look->border);
    if (look->dash > 0) {
        buffer_print(out, " stroke-dasharray=\"%.0f\"", look->dash);
    }
    buffer_append_string(out, " class=\"outline\"/>");
}

static void write_outline(struct buffer *out, const struct chart_box *box) {
    const struct look *look = look_of(box->shape);
    double right = box->x + box->width, bottom = box->y + box->height, middle = box->y + box->height / 2;
    if (look->outline == LOOK_NONE) {
        return;
    }
    if (look->outline == LOOK_POINTED) {
        buffer_print(out, "<path d=\"M%.2f %.2fH%.2fL%.2f %.2fL%.2f %.2fH%.2fL%.2f %.2fZ\"", box->x + LOOK_POINT,
                     box->y, right - LOOK_POINT, right, middle, right - LOOK_POINT, bottom, box->x + LOOK_POINT, box->x,
                     middle);
    } else {
        buffer_print(out, "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"", box->x, box->y, box->width,
                     box->height);
        if (look->outline == LOOK_ROUNDED) {
            buffer_print(out, " rx=\"%.0f\"", LOOK_RADIUS);
        }
    }
    write_paint(out, look);
    if (box->shape == CHART_FORBID) {
        buffer_print(out, "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.0f\" height=\"%.2f\"/>", box->x, box->y, LOOK_BAR,
                     box->height);
    }
    if (box->shape == CHART_DECIDE) {
        buffer_print(out,
                     "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"none\" stroke=\"#000\" "
                     "stroke-width=\"%.1f\"/>",
                     box->x + LOOK_DOUBLE, box->y + LOOK_DOUBLE, box->width - 2 * LOOK_DOUBLE,
                     box->height - 2 * LOOK_DOUBLE, look->border);
    }
}

/* ---- what a box stands for --------------------------------------------------------------------------------- */

static struct text name_meaning(const struct plan *plan, const struct chart_meaning *meaning) {
    return meaning->kind == CHART_MEANS_DUTY ? plan->duties[meaning->index].name : plan->parties[meaning->index].name;
}

/* All duties, or all parties, of a box: one a line. */
static void write_names(const struct page *page, const struct chart_box *box, enum chart_meaning_kind kind,
                        const char *attribute) {
    const struct chart_meaning *meanings = page->sheet->meanings + box->first_meaning;
    bool has_begun = false;
    for (uint32_t i = 0; i < box->meaning_count; i++) {
        if (meanings[i].kind == kind) {
            buffer_print(page->out, has_begun ? "%s" : " %s=\"", has_begun ? "&#10;" : attribute);
            write_escaped(page->out, name_meaning(page->chart->plan, &meanings[i]));
            has_begun = true;
        }
    }
    buffer_append_string(page->out, has_begun ? "\"" : "");
}

static void write_rule(const struct page *page, uint32_t rule) {
    const struct plan *plan = page->chart->plan;
    for (uint32_t i = 0; i < plan->scale_count; i++) {
        const struct plan_scale *scale = &plan->scales[i];
        if (rule >= scale->first_rule && rule - scale->first_rule < scale->rule_count) {
            write_attribute(page->out, "data-scale", scale->name);
            buffer_print(page->out, " data-rule=\"%u\"", rule - scale->first_rule + 1);
        }
    }
}

/* The positions of a box, all of one command, by their numbers in it. */
static void write_positions(const struct page *page, const struct chart_box *box) {
    const struct plan *plan = page->chart->plan;
    const struct chart_meaning *meanings = page->sheet->meanings + box->first_meaning;
    for (uint32_t i = 0; i < plan->command_count; i++) {
        const struct plan_command *command = &plan->commands[i];
        if (meanings[0].index < command->first_position ||
            meanings[0].index - command->first_position >= command->position_count) {
            continue;
        }
        write_attribute(page->out, "data-command", plan->parties[command->party].name);
        buffer_append_string(page->out, " data-positions=\"");
        for (uint32_t k = 0; k < box->meaning_count; k++) {
            buffer_print(page->out, k == 0 ? "%u" : "&#10;%u", meanings[k].index - command->first_position + 1);
        }
        buffer_append_string(page->out, "\"");
    }
}

/* A box stands for one level, rule or scale, for positions alone, or for any number of duties and parties. */
static void write_meanings(const struct page *page, const struct chart_box *box) {
    const struct plan *plan = page->chart->plan;
    if (box->meaning_count > 0) {
        const struct chart_meaning *first = &page->sheet->meanings[box->first_meaning];
        switch (first->kind) {
        case CHART_MEANS_LEVEL:
            write_attribute(page->out, "data-scale", plan->scales[first->index].name);
            write_attribute(page->out, "data-level", plan->scales[first->index].levels[first->level]);
            break;
        case CHART_MEANS_SCALE:
            write_attribute(page->out, "data-scale", plan->scales[first->index].name);
            break;
        case CHART_MEANS_RULE:
            write_rule(page, first->index);
            break;
        case CHART_MEANS_POSITION:
            write_positions(page, box);
            break;
        case CHART_MEANS_DUTY:
        case CHART_MEANS_PARTY:
            break;
        }
    }
    if (box->meaning_count > 0) {
        buffer_print(page->out, " data-place=\"%.2f %.2f %.2f %.2f\"", box->x, box->y, box->width, box->height);
    }
    write_names(page, box, CHART_MEANS_DUTY, "data-duties");
    write_names(page, box, CHART_MEANS_PARTY, "data-parties");
}

static void write_box(const struct page *page, uint32_t index) {
    const struct chart_box *box = &page->sheet->boxes[index];
    buffer_print(page->out, "<g id=\"b%u\" class=\"box %s\"", index + 1, shape_names[box->shape]);
    write_meanings(page, box);
    buffer_append_string(page->out, ">");
    write_outline(page->out, box);
    for (uint32_t i = 0; i < box->text_count; i++) {
        write_text(page, &page->sheet->texts[box->first_text + i]);
    }
    buffer_append_string(page->out, "</g>\n");
}

/* ---- lines ------------------------------------------------------------------------------------------------- */

static void write_arrow(struct buffer *out, const struct chart_line *line) {
    double corners[6];
    if (look_find_arrow(line, corners)) {
        buffer_print(out, "<path d=\"M%.2f %.2fL%.2f %.2fL%.2f %.2fZ\"/>", corners[0], corners[1], corners[2],
                     corners[3], corners[4], corners[5]);
    }
}

static void write_curve(struct buffer *out, const struct chart_line *line) {
    const double *points = line->points;
    if (line->point_count < 2) {
        return;
    }
    buffer_print(out, "<path fill=\"none\" stroke=\"#000\" stroke-width=\"%.1f\"%s d=\"M%.2f %.2f", LOOK_LINE,
                 line->dashed ? " stroke-dasharray=\"3\"" : "", points[0], points[1]);
    for (uint32_t i = 1; line->curved && i + 2 < line->point_count; i += 3) {
        const double *piece = points + (size_t)2 * i;
        buffer_print(out, "C%.2f %.2f %.2f %.2f %.2f %.2f", piece[0], piece[1], piece[2], piece[3], piece[4], piece[5]);
    }
    for (uint32_t i = 1; !line->curved && i < line->point_count; i++) {
        buffer_print(out, "L%.2f %.2f", points[2 * (size_t)i], points[2 * (size_t)i + 1]);
    }
    buffer_append_string(out, "\"/>");
    if (line->arrow) {
        write_arrow(out, line);
    }
    buffer_append_string(out, "\n");
}

/* ---- the sheet --------------------------------------------------------------------------------------------- */

/* Head, foot and legend: texts that belong to no box. The texts of boxes come first, those of each together. */
static void write_rest(const struct page *page) {
    const struct chart_sheet *sheet = page->sheet;
    uint32_t first = 0;
    for (uint32_t i = 0; i < sheet->box_count; i++) {
        uint32_t next = sheet->boxes[i].first_text + sheet->boxes[i].text_count;
        first = next > first ? next : first;
    }
    for (uint32_t i = first; i < sheet->text_count; i++) {
        write_text(page, &sheet->texts[i]);
        buffer_append_string(page->out, "\n");
    }
}

bool chart_draw_page(const struct chart *chart, uint32_t sheet, struct buffer *out, struct failure *failure) {
    const struct page page = {chart, &chart->sheets[sheet], out};
    buffer_print(out,
                 "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.2f\" height=\"%.2f\" viewBox=\"0 0 %.2f %.2f\"",
                 page.sheet->width, page.sheet->height, page.sheet->width, page.sheet->height);
    write_attribute(out, "aria-label", page.sheet->title);
    write_attribute(out, "lang", chart->plan->language);
    buffer_append_string(out, " role=\"group\" font-family=\"" FAMILIES "\">\n");
    buffer_print(out, "<rect class=\"paper\" width=\"%.2f\" height=\"%.2f\" fill=\"#fff\"/>\n", page.sheet->width,
                 page.sheet->height);
    for (uint32_t i = 0; i < page.sheet->line_count; i++) {
        write_curve(out, &page.sheet->lines[i]);
    }
    for (uint32_t i = 0; i < page.sheet->box_count; i++) {
        write_box(&page, i);
    }
    write_rest(&page);
    buffer_append_string(out, "</svg>\n");
    return !out->failed || failure_set(failure, "memory is exhausted");
}
