/* Proves that no letter of a PDF is lost on its way: where a letter stands when drawn on paper of our own, straight from its
 * font, another program that reads the PDF draws ink too. A blank letter fails this, whatever made it blank. */
#include "chart/charted.h"

#include <cairo.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DOTS 2        /* a point */
#define CELL 8        /* dots; a letter is at least twice as large, so that it covers one */
#define BLACK 255.0   /* ink of a dot */
#define LITTLE 0.08   /* of a cell; less than that may be the edge of a letter */
#define KEPT 0.3      /* of a cell's ink must be there */
#define SHEETS_MAX 64 /* of a test */

/* ---- paper ------------------------------------------------------------------------------------------------- */

struct paper {
    int width, height;
    unsigned char *ink; /* a byte a dot, 255: black */
};

/* The letters of a sheet alone, without those that stand white on black. */
static struct paper draw_letters(const struct chart *chart, const struct chart_sheet *sheet, int width, int height) {
    struct paper paper = {width, height, calloc((size_t)width, (size_t)height)};
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, width, height);
    cairo_t *cairo = cairo_create(surface);
    assert_non_null(paper.ink);
    cairo_scale(cairo, DOTS, DOTS);
    for (uint32_t i = 0; i < sheet->text_count; i++) {
        if (!sheet->texts[i].reversed) {
            type_draw(chart->type, cairo, &sheet->texts[i]);
        }
    }
    cairo_destroy(cairo);
    cairo_surface_flush(surface);
    for (int y = 0; y < height; y++) {
        memcpy(paper.ink + (size_t)y * (size_t)width,
               cairo_image_surface_get_data(surface) + (ptrdiff_t)y * cairo_image_surface_get_stride(surface),
               (size_t)width);
    }
    cairo_surface_destroy(surface);
    return paper;
}

/* The next page of what pdftoppm writes. */
static struct paper read_page(FILE *pages) {
    struct paper paper = {0};
    int most = 0;
    /* NOLINTNEXTLINE(cert-err34-c): the numbers are looked at below */
    check(fscanf(pages, "P5 %d %d %d", &paper.width, &paper.height, &most) == 3 && most == 255,
          "pdftoppm (poppler-utils) has drawn no page");
    check(paper.width > 0 && paper.width < 4000 && paper.height > 0 && paper.height < 4000, "%d x %d", paper.width,
          paper.height);
    (void)fgetc(pages);
    size_t size = (size_t)paper.width * (size_t)paper.height;
    paper.ink = malloc(size);
    assert_non_null(paper.ink);
    assert_int_equal(fread(paper.ink, 1, size, pages), size);
    for (size_t i = 0; i < size; i++) {
        paper.ink[i] = (unsigned char)(255 - paper.ink[i]);
    }
    return paper;
}

/* How black a square is, 0 to 1 of a cell; it may reach over the edge. */
static double ink_of(const struct paper *paper, int left, int top, int size) {
    double sum = 0;
    for (int y = top < 0 ? 0 : top; y < top + size && y < paper->height; y++) {
        for (int x = left < 0 ? 0 : left; x < left + size && x < paper->width; x++) {
            sum += paper->ink[(size_t)y * (size_t)paper->width + (size_t)x];
        }
    }
    return sum / BLACK / (CELL * CELL);
}

/* What is written around a place, for a message. */
static struct text find_text(const struct chart_sheet *sheet, double x, double y) {
    for (uint32_t i = 0; i < sheet->text_count; i++) {
        const struct chart_text *text = &sheet->texts[i];
        if (x >= text->x && x < text->x + text->width && y >= text->y && y < text->y + text->height) {
            return text->string;
        }
    }
    return TEXT("?");
}

static void compare(const struct chart_sheet *sheet, const struct paper *wanted, const struct paper *page) {
    for (int y = 0; y + CELL <= wanted->height; y += CELL / 2) {
        for (int x = 0; x + CELL <= wanted->width; x += CELL / 2) {
            double ink = ink_of(wanted, x, y, CELL);
            /* a dot more around, for the two draw with different roundings */
            double drawn = ink < LITTLE ? 1 : ink_of(page, x - 1, y - 1, CELL + 2);
            check(drawn >= ink * KEPT, "%.*s: %.0f %% of the ink at (%d, %d) is there: a letter of: %.*s",
                  TEXT_PRINT(sheet->title), 100 * drawn / ink, x / DOTS, y / DOTS,
                  TEXT_PRINT(find_text(sheet, (double)x / DOTS, (double)y / DOTS)));
        }
    }
}

/* ---- tests ------------------------------------------------------------------------------------------------- */

static void check_letters(const struct chart *chart) {
    struct buffer pdf = {0};
    struct failure failure = {0};
    char name[] = "/tmp/pinyue-letters-XXXXXX", command[128];
    check(chart_draw_pdf(chart, &pdf, &failure), "%s", failure.message);
    int file = mkstemp(name);
    assert_true(file >= 0);
    assert_int_equal(write(file, pdf.bytes, pdf.length), pdf.length);
    (void)close(file);
    buffer_release(&pdf);
    (void)snprintf(command, sizeof command, "pdftoppm -gray -r %d %s", 72 * DOTS, name);
    FILE *pages = popen(command, "r"); /* NOLINT(cert-env33-c): a fixed command and a name of our own */
    assert_non_null(pages);
    for (uint32_t i = 0; i < chart->sheet_count && i < SHEETS_MAX; i++) {
        struct paper page = read_page(pages);
        struct paper wanted = draw_letters(chart, &chart->sheets[i], page.width, page.height);
        compare(&chart->sheets[i], &wanted, &page);
        free(page.ink);
        free(wanted.ink);
    }
    assert_int_equal(pclose(pages), 0);
    (void)unlink(name);
}

static void check_pack(const char *path) {
    struct plan *plan = charted_read(path);
    struct chart *chart = charted_build(plan);
    check_letters(chart);
    chart_destroy(chart);
    plan_destroy(plan);
}

static void test_chinese(void **state) {
    (void)state;
    check_pack("plans/forest-fire.plan.md");
}

static void test_english(void **state) {
    (void)state;
    check_pack("plans/reservoir-flood.plan.md");
}

/* Letters that have been lost before, large and small, regular and bold. */
static void test_lost_before(void **state) {
    (void)state;
    struct plan *plan =
        charted_compile("```plan\n预案 甲 { 版本 \"1\" 时区 +08:00 语言 zh 标题 \"如期\" }\n单位 如 @1\n"
                        "职务 如长 由 如 @1\n事件 火 { 事实 灭 : 是否 }\n"
                        "当 灭 { 职责 如实上报 由 如 向 如长 \"确需如此的，如实写明。\" @1 }\n```\n");
    struct chart *chart = charted_build(plan);
    check_letters(chart);
    chart_destroy(chart);
    plan_destroy(plan);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lost_before),
        cmocka_unit_test(test_chinese),
        cmocka_unit_test(test_english),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
