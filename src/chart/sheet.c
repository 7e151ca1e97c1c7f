/* Sheets: what stands at the head and the foot of each, and where things go between. */
#include "chart/maker.h"

#define HEAD_HEIGHT 46.0
#define FOOT_HEIGHT 36.0
#define SCALE_MOST 1.6 /* larger would look odd beside the other sheets */

struct area sheet_area(bool landscape) {
    double width = landscape ? CHART_A4_LONG : CHART_A4_SHORT;
    double height = landscape ? CHART_A4_SHORT : CHART_A4_LONG;
    return (struct area){CHART_MARGIN, CHART_MARGIN + HEAD_HEIGHT, width - 2 * CHART_MARGIN,
                         height - 2 * CHART_MARGIN - HEAD_HEIGHT - FOOT_HEIGHT};
}

struct chart_sheet *sheet_add(struct maker *maker, struct text title, bool landscape) {
    if (maker->chart->sheet_count >= MAKER_SHEETS_MAX) {
        (void)failure_set(maker->failure, "the plan needs more than %u sheets", MAKER_SHEETS_MAX);
        return NULL;
    }
    struct chart_sheet *sheet = maker_grow(maker, &maker->chart->sheets, &maker->chart->sheet_count, sizeof *sheet);
    if (sheet != NULL) {
        sheet->title = title;
        sheet->width = landscape ? CHART_A4_LONG : CHART_A4_SHORT;
        sheet->height = landscape ? CHART_A4_SHORT : CHART_A4_LONG;
    }
    return sheet;
}

struct text sheet_continue(struct maker *maker, struct text title, uint32_t part) {
    if (part <= 1) {
        return title;
    }
    return words_print(maker, "%.*s%s%u%s", TEXT_PRINT(title), say(maker, " (cont. ", "（续 "), part - 1,
                       say(maker, ")", "）"));
}

void sheet_place(struct maker *maker, struct chart_sheet *sheet, const struct card *card, double x, double y) {
    struct chart_box *box = maker_grow(maker, &sheet->boxes, &sheet->box_count, sizeof *box);
    if (box == NULL) {
        return;
    }
    *box =
        (struct chart_box){card->shape, x, y, card->width, card->height, sheet->text_count, 0, sheet->meaning_count, 0};
    for (uint32_t i = 0; i < card->text_count; i++) {
        struct chart_text *text = maker_grow(maker, &sheet->texts, &sheet->text_count, sizeof *text);
        if (text == NULL) {
            return;
        }
        *text = card->texts[i];
        text->x += x;
        text->y += y;
        box->text_count++;
    }
    for (uint32_t i = 0; i < card->meaning_count; i++) {
        struct chart_meaning *meaning = maker_grow(maker, &sheet->meanings, &sheet->meaning_count, sizeof *meaning);
        if (meaning == NULL) {
            return;
        }
        *meaning = card->meanings[i];
        box->meaning_count++;
    }
}

void sheet_draw(struct maker *maker, struct chart_sheet *sheet, struct chart_line line) {
    double *points = arena_allocate_array(maker->arena, line.point_count, 2 * sizeof *points);
    struct chart_line *drawn = maker_grow(maker, &sheet->lines, &sheet->line_count, sizeof *drawn);
    if (points == NULL || drawn == NULL) {
        (void)failure_set(maker->failure, "memory is exhausted");
        return;
    }
    for (uint32_t i = 0; i < 2 * line.point_count; i++) {
        points[i] = line.points[i];
    }
    *drawn = line;
    drawn->points = points;
}

/* ---- enlarging --------------------------------------------------------------------------------------------- */

static void stretch(struct area *bounds, double x, double y, double width, double height) {
    double right = bounds->x + bounds->width, bottom = bounds->y + bounds->height;
    right = x + width > right ? x + width : right;
    bottom = y + height > bottom ? y + height : bottom;
    bounds->x = x < bounds->x ? x : bounds->x;
    bounds->y = y < bounds->y ? y : bounds->y;
    bounds->width = right - bounds->x;
    bounds->height = bottom - bounds->y;
}

/* What the boxes and lines of a sheet take up. */
static struct area find_bounds(const struct chart_sheet *sheet) {
    struct area bounds = {sheet->boxes[0].x, sheet->boxes[0].y, 0, 0};
    for (uint32_t i = 0; i < sheet->box_count; i++) {
        stretch(&bounds, sheet->boxes[i].x, sheet->boxes[i].y, sheet->boxes[i].width, sheet->boxes[i].height);
    }
    for (uint32_t i = 0; i < sheet->line_count; i++) {
        for (uint32_t k = 0; k < sheet->lines[i].point_count; k++) {
            stretch(&bounds, sheet->lines[i].points[2 * (size_t)k], sheet->lines[i].points[2 * (size_t)k + 1], 0, 0);
        }
    }
    return bounds;
}

/* Moves a length from the old place to the new one. */
static double move(double value, double from, double scale, double to) {
    return (value - from) * scale + to;
}

/* Makes all of it as large as the sheet allows, and puts it in its middle. */
static void enlarge(struct chart_sheet *sheet) {
    struct area area = sheet_area(sheet->width > sheet->height);
    if (sheet->box_count == 0) {
        return;
    }
    struct area bounds = find_bounds(sheet);
    double scale = area.width / bounds.width < area.height / bounds.height ? area.width / bounds.width
                                                                           : area.height / bounds.height;
    scale = scale < 1 ? 1 : scale > SCALE_MOST ? SCALE_MOST : scale;
    double x = area.x + (area.width - bounds.width * scale) / 2;
    double y = area.y + (area.height - bounds.height * scale) / 4; /* above the middle */
    for (uint32_t i = 0; i < sheet->box_count; i++) {
        struct chart_box *box = &sheet->boxes[i];
        box->x = move(box->x, bounds.x, scale, x);
        box->y = move(box->y, bounds.y, scale, y);
        box->width *= scale;
        box->height *= scale;
    }
    for (uint32_t i = 0; i < sheet->text_count; i++) {
        struct chart_text *text = &sheet->texts[i];
        text->x = move(text->x, bounds.x, scale, x);
        text->y = move(text->y, bounds.y, scale, y);
        text->width *= scale;
        text->height *= scale;
        text->size *= scale;
        text->scale *= scale;
    }
    for (uint32_t i = 0; i < sheet->line_count; i++) {
        double *points = sheet->lines[i].points;
        for (size_t k = 0; k < sheet->lines[i].point_count; k++) {
            points[2 * k] = move(points[2 * k], bounds.x, scale, x);
            points[2 * k + 1] = move(points[2 * k + 1], bounds.y, scale, y);
        }
    }
}

/* ---- head and foot ----------------------------------------------------------------------------------------- */

static void write_text(struct maker *maker, struct chart_sheet *sheet, struct chart_text text) {
    struct chart_text *written = maker_grow(maker, &sheet->texts, &sheet->text_count, sizeof *written);
    if (written != NULL) {
        *written = text;
        written->scale = 1;
        (void)type_measure(maker->type, written, NULL, maker->failure);
    }
}

static void write_box(struct maker *maker, struct chart_sheet *sheet, struct chart_box box) {
    struct chart_box *written = maker_grow(maker, &sheet->boxes, &sheet->box_count, sizeof *written);
    if (written != NULL) {
        *written = box;
    }
}

static struct text name_document(struct maker *maker) {
    const struct plan *plan = maker->plan;
    struct text title = words_cut(maker, plan->title.length > 0 ? plan->title : plan->name, 60);
    return plan->document.length == 0
               ? title
               : words_print(maker, "%.*s%s%.*s%s", TEXT_PRINT(title), say(maker, " (", "（"),
                             TEXT_PRINT(words_cut(maker, plan->document, 40)), say(maker, ")", "）"));
}

/* How wide a text is on one line. */
static double measure_line(struct maker *maker, struct text string, double size, bool bold) {
    struct chart_text text = {.string = string, .width = 4000, .size = size, .scale = 1, .bold = bold};
    double used = 0;
    (void)type_measure(maker->type, &text, &used, maker->failure);
    return used;
}

/* A text on one line: smaller where it is long, cut where it would be too small. */
static void write_line(struct maker *maker, struct chart_sheet *sheet, struct text string, double y, double size,
                       bool bold, double room) {
    double width = sheet->width - 2 * CHART_MARGIN - room;
    double used = measure_line(maker, string, size, bold);
    double fitting = used > width ? size * width / used * 0.99 : size;
    fitting = fitting < CHART_TEXT_LEAST ? CHART_TEXT_LEAST : fitting;
    struct text cut = string;
    for (size_t most = (size_t)(width / fitting) + 1; most > 0; most--) {
        if (measure_line(maker, cut, fitting, bold) <= width - 0.5) {
            break;
        }
        cut = words_cut(maker, string, most);
    }
    write_text(maker, sheet,
               (struct chart_text){.string = cut,
                                   .x = CHART_MARGIN,
                                   .y = y + (size - fitting) * 0.8,
                                   .width = width,
                                   .size = fitting,
                                   .bold = bold});
}

static void write_head(struct maker *maker, struct chart_sheet *sheet, uint32_t number) {
    double y = CHART_MARGIN + HEAD_HEIGHT - 10;
    double rule[] = {CHART_MARGIN, y, sheet->width - CHART_MARGIN, y};
    write_line(maker, sheet, sheet->title, CHART_MARGIN - 7, 16, true, 0);
    write_line(maker, sheet, name_document(maker), CHART_MARGIN + 17, 9, false, 110);
    write_text(maker, sheet,
               (struct chart_text){.string = words_print(maker, "%s%u%s%u%s", say(maker, "sheet ", "第 "), number,
                                                         say(maker, " of ", " 张，共 "), maker->chart->sheet_count,
                                                         say(maker, "", " 张")),
                                   .x = sheet->width - CHART_MARGIN - 110,
                                   .y = CHART_MARGIN + 17,
                                   .width = 110,
                                   .size = 9,
                                   .align = CHART_RIGHT});
    sheet_draw(maker, sheet, (struct chart_line){.points = rule, .point_count = 2});
}

static const char *const legends[CHART_SHAPES][2] = {
    [CHART_PARTY] = {"party", "单位、职务"},
    [CHART_CAUSE] = {"when", "情形"},
    [CHART_DUTY] = {"must be done", "必须做"},
    [CHART_OPTION] = {"may be done", "可以做"},
    [CHART_FORBID] = {"must not be done", "不得做"},
    [CHART_NOTICE] = {"to be known", "须知"},
    [CHART_DECIDE] = {"to be decided", "须决定"},
    [CHART_LEVEL] = {"level", "等级"},
    [CHART_STEP] = {"when, and what is then to be done", "何时、做什么"},
    [CHART_GROUP] = {"group, team", "工作组、队伍"},
    [CHART_LINK] = {"goes on elsewhere", "接其他张"},
};

/* The shapes that stand on the sheet and what they mean, on one line at the foot. */
static void write_legend(struct maker *maker, struct chart_sheet *sheet, double y) {
    bool used[CHART_SHAPES] = {false};
    uint32_t box_count = sheet->box_count;
    double x = CHART_MARGIN;
    for (uint32_t i = 0; i < box_count; i++) {
        used[sheet->boxes[i].shape] = true;
    }
    for (uint32_t shape = 0; shape < CHART_SHAPES; shape++) {
        if (!used[shape] || legends[shape][0] == NULL) {
            continue;
        }
        struct chart_text text = {.string = text_of(say(maker, legends[shape][0], legends[shape][1])),
                                  .x = x + 26,
                                  .y = y,
                                  .width = 400,
                                  .size = CHART_TEXT_LEAST,
                                  .scale = 1};
        double width = 0;
        (void)type_measure(maker->type, &text, &width, maker->failure);
        text.width = width + 1;
        write_box(maker, sheet,
                  (struct chart_box){.shape = (enum chart_shape)shape, .x = x, .y = y + 1, .width = 22, .height = 9});
        write_text(maker, sheet, text);
        x += 26 + width + 14;
    }
}

static void write_foot(struct maker *maker, struct chart_sheet *sheet) {
    const struct plan *plan = maker->plan;
    double y = sheet->height - CHART_MARGIN - FOOT_HEIGHT + 8;
    double rule[] = {CHART_MARGIN, y, sheet->width - CHART_MARGIN, y};
    sheet_draw(maker, sheet, (struct chart_line){.points = rule, .point_count = 2});
    write_legend(maker, sheet, y + 3);
    struct text note =
        words_print(maker, "%s%s%.*s%s",
                    say(maker, "Lower right: clauses of the document. (local): set locally, by no clause.",
                        "框内右下角为条款号；“本地”为本地设定的时限，条款未给出。"),
                    say(maker, " Pack version ", "据规则包第 "), TEXT_PRINT(words_cut(maker, plan->version, 20)),
                    say(maker, ".", " 版的规则绘制。"));
    write_line(maker, sheet, note, y + 16, CHART_TEXT_LEAST, false, 0);
}

void sheet_finish(struct maker *maker) {
    for (uint32_t i = 0; i < maker->chart->sheet_count; i++) {
        struct chart_sheet *sheet = &maker->chart->sheets[i];
        enlarge(sheet);
        write_foot(maker, sheet);
        write_head(maker, sheet, i + 1);
    }
}
