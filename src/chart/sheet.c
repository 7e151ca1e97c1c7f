/* Sheets: what stands at the head and the foot of each, and where things go between. */
#include "chart/maker.h"

#define HEAD_HEIGHT 44.0
#define FOOT_HEIGHT 22.0

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

void sheet_place(struct maker *maker, struct chart_sheet *sheet, const struct card *card, double x, double y) {
    struct chart_box *box = maker_grow(maker, &sheet->boxes, &sheet->box_count, sizeof *box);
    if (box == NULL) {
        return;
    }
    *box = (struct chart_box){card->shape, x, y, card->width, card->height, sheet->text_count, 0};
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

/* ---- head and foot ----------------------------------------------------------------------------------------- */

static void write_text(struct maker *maker, struct chart_sheet *sheet, struct chart_text text) {
    struct chart_text *written = maker_grow(maker, &sheet->texts, &sheet->text_count, sizeof *written);
    if (written != NULL) {
        *written = text;
        (void)type_measure(maker->type, written, NULL, maker->failure);
    }
}

static struct text name_document(struct maker *maker) {
    const struct plan *plan = maker->plan;
    struct text title = plan->title.length > 0 ? plan->title : plan->name;
    return plan->document.length == 0 ? title
                                      : words_print(maker, "%.*s%s%.*s%s", TEXT_PRINT(title), say(maker, " (", "（"),
                                                    TEXT_PRINT(plan->document), say(maker, ")", "）"));
}

static void finish_one(struct maker *maker, struct chart_sheet *sheet, uint32_t number) {
    double width = sheet->width - 2 * CHART_MARGIN;
    write_text(maker, sheet,
               (struct chart_text){.string = sheet->title,
                                   .x = CHART_MARGIN,
                                   .y = CHART_MARGIN,
                                   .width = width - 110,
                                   .size = 16,
                                   .bold = true});
    write_text(maker, sheet,
               (struct chart_text){.string = name_document(maker),
                                   .x = CHART_MARGIN,
                                   .y = CHART_MARGIN + 25,
                                   .width = width - 110,
                                   .size = 9});
    write_text(maker, sheet,
               (struct chart_text){.string = words_print(maker, "%s%u%s%u%s", say(maker, "sheet ", "第 "), number,
                                                         say(maker, " of ", " 张，共 "), maker->chart->sheet_count,
                                                         say(maker, "", " 张")),
                                   .x = sheet->width - CHART_MARGIN - 110,
                                   .y = CHART_MARGIN + 25,
                                   .width = 110,
                                   .size = 9,
                                   .align = CHART_RIGHT});
    double y = CHART_MARGIN + HEAD_HEIGHT - 4;
    double rule[] = {CHART_MARGIN, y, sheet->width - CHART_MARGIN, y};
    sheet_draw(maker, sheet, (struct chart_line){.points = rule, .point_count = 2});
}

void sheet_finish(struct maker *maker) {
    for (uint32_t i = 0; i < maker->chart->sheet_count; i++) {
        finish_one(maker, &maker->chart->sheets[i], i + 1);
    }
}
