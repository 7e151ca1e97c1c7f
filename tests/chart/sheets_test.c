/* Proves of every sheet, for packs of both languages and for one that is larger than any: it is A4, nothing is set below
 * 8 points, every box lies within the margins, no two boxes lie on one another, every text lies in its box; and that
 * nothing of the plan is left out. */
#include "chart/charted.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const packs[] = {
    "plans/forest-fire.plan.md",
    "plans/reservoir-flood.plan.md",
    "tests/plan/good/every-english.plan.md",
    "tests/plan/good/every-chinese.plan.md",
    "tests/coverage/texts/bonfire.plan.md",
    "tests/sim/district-1.plan.md",
};

#define HAIR 0.02 /* points that rounding may cost */

/* ---- geometry ---------------------------------------------------------------------------------------------- */

static bool is_within(const struct area *inner, const struct area *outer) {
    return inner->x >= outer->x - HAIR && inner->y >= outer->y - HAIR &&
           inner->x + inner->width <= outer->x + outer->width + HAIR &&
           inner->y + inner->height <= outer->y + outer->height + HAIR;
}

static bool overlap(const struct area *left, const struct area *right) {
    return left->x < right->x + right->width - HAIR && right->x < left->x + left->width - HAIR &&
           left->y < right->y + right->height - HAIR && right->y < left->y + left->height - HAIR;
}

static struct area of_box(const struct chart_box *box) {
    return (struct area){box->x, box->y, box->width, box->height};
}

static struct area of_text(const struct chart_text *text) {
    return (struct area){text->x, text->y, text->width, text->height};
}

static void check_size(const struct chart_sheet *sheet, const char *name) {
    bool upright = fabs(sheet->width - 595.276) < 0.01 && fabs(sheet->height - 841.89) < 0.01;
    bool across = fabs(sheet->width - 841.89) < 0.01 && fabs(sheet->height - 595.276) < 0.01;
    check(upright || across, "%s: %.*s: %f x %f is not A4", name, TEXT_PRINT(sheet->title), sheet->width,
          sheet->height);
}

static void check_texts(const struct chart_sheet *sheet, const char *name) {
    struct area page = {28, 20, sheet->width - 56, sheet->height - 40};
    for (uint32_t i = 0; i < sheet->text_count; i++) {
        const struct chart_text *text = &sheet->texts[i];
        struct area area = of_text(text);
        check(text->size >= 8.0 - 1e-9, "%s: %.*s: %.*s is %f points", name, TEXT_PRINT(sheet->title),
              TEXT_PRINT(text->string), text->size);
        check(text->scale >= 1.0, "%s: %.*s is made smaller", name, TEXT_PRINT(text->string));
        check(text->string.length > 0 && is_within(&area, &page), "%s: %.*s: %.*s at %f %f is %f x %f", name,
              TEXT_PRINT(sheet->title), TEXT_PRINT(text->string), area.x, area.y, area.width, area.height);
    }
}

static void check_boxes(const struct chart_sheet *sheet, const char *name) {
    struct area page = {28.35, 28.35, sheet->width - 56.7, sheet->height - 56.7};
    for (uint32_t i = 0; i < sheet->box_count; i++) {
        struct area area = of_box(&sheet->boxes[i]);
        check(is_within(&area, &page), "%s: %.*s: box %u at %f %f is %f x %f", name, TEXT_PRINT(sheet->title), i,
              area.x, area.y, area.width, area.height);
        for (uint32_t k = 0; k < i; k++) {
            struct area other = of_box(&sheet->boxes[k]);
            check(!overlap(&area, &other), "%s: %.*s: boxes %u and %u", name, TEXT_PRINT(sheet->title), k, i);
        }
        double bottom = area.y;
        for (uint32_t k = 0; k < sheet->boxes[i].text_count; k++) {
            const struct chart_text *text = &sheet->texts[sheet->boxes[i].first_text + k];
            struct area inner = of_text(text);
            check(is_within(&inner, &area), "%s: %.*s: %.*s sticks out", name, TEXT_PRINT(sheet->title),
                  TEXT_PRINT(text->string));
            check(inner.y >= bottom - HAIR, "%s: %.*s lies on the text above", name, TEXT_PRINT(text->string));
            bottom = inner.y + inner.height;
        }
    }
}

/* Head and foot stand in no box and on none. */
static void check_loose_texts(const struct chart_sheet *sheet, const char *name) {
    bool *boxed = calloc(sheet->text_count + 1U, sizeof *boxed);
    assert_non_null(boxed);
    for (uint32_t i = 0; i < sheet->box_count; i++) {
        for (uint32_t k = 0; k < sheet->boxes[i].text_count; k++) {
            boxed[sheet->boxes[i].first_text + k] = true;
        }
    }
    for (uint32_t i = 0; i < sheet->text_count; i++) {
        struct area area = of_text(&sheet->texts[i]);
        for (uint32_t k = 0; !boxed[i] && k < sheet->box_count; k++) {
            struct area box = of_box(&sheet->boxes[k]);
            check(!overlap(&area, &box), "%s: %.*s lies on a box", name, TEXT_PRINT(sheet->texts[i].string));
        }
        for (uint32_t k = 0; !boxed[i] && k < i; k++) {
            struct area other = of_text(&sheet->texts[k]);
            check(boxed[k] || !overlap(&area, &other), "%s: %.*s and %.*s", name, TEXT_PRINT(sheet->texts[i].string),
                  TEXT_PRINT(sheet->texts[k].string));
        }
    }
    free(boxed);
}

static void check_lines(const struct chart_sheet *sheet, const char *name) {
    for (uint32_t i = 0; i < sheet->line_count; i++) {
        for (uint32_t k = 0; k < sheet->lines[i].point_count; k++) {
            double x = sheet->lines[i].points[2 * (size_t)k], y = sheet->lines[i].points[2 * (size_t)k + 1];
            check(x >= 28.3 && y >= 28.3 && x <= sheet->width - 28.3 && y <= sheet->height - 28.3,
                  "%s: %.*s: a line leads to %f %f", name, TEXT_PRINT(sheet->title), x, y);
        }
    }
}

static void check_sheets(const struct chart *chart, const char *name) {
    check(chart->sheet_count > 0, "%s", name);
    for (uint32_t i = 0; i < chart->sheet_count; i++) {
        const struct chart_sheet *sheet = &chart->sheets[i];
        check(sheet->title.length > 0 && sheet->box_count > 0, "%s: sheet %u says nothing", name, i);
        check_size(sheet, name);
        check_texts(sheet, name);
        check_boxes(sheet, name);
        check_loose_texts(sheet, name);
        check_lines(sheet, name);
    }
}

/* ---- completeness ------------------------------------------------------------------------------------------ */

static void check_said(const struct chart *chart, struct text words, const char *name) {
    check(charted_says(chart, NULL, words), "%s: %.*s is left out", name, TEXT_PRINT(words));
}

/* A text that a box shows, if only its start where it is long. */
static struct text begin(struct text words) {
    return text_cut(words, 40);
}

static void check_whole(const struct chart *chart, const char *name) {
    const struct plan *plan = chart->plan;
    for (uint32_t i = 0; i < plan->duty_count; i++) {
        bool generated = text_starts_with(plan->duties[i].name, TEXT("notice@"));
        check_said(chart, begin(generated ? plan->duties[i].action : plan->duties[i].name), name);
        check_said(chart, begin(plan->duties[i].action), name);
    }
    for (uint32_t i = 0; i < plan->scale_count; i++) {
        check_said(chart, plan->scales[i].name, name);
        for (uint8_t level = 1; level <= plan->scales[i].level_count; level++) {
            check_said(chart, plan->scales[i].levels[level], name);
        }
    }
    for (uint32_t i = 0; i < plan->party_count; i++) {
        enum plan_party_kind kind = plan->parties[i].kind;
        if (kind != PLAN_UNIT && kind != PLAN_ROLE && kind != PLAN_CONTACT) {
            check_said(chart, begin(plan->parties[i].name), name);
        }
    }
    for (uint32_t i = 0; i < plan->position_count; i++) {
        check_said(chart, plan->positions[i].name, name);
    }
    for (uint32_t i = 0; i < plan->setting_count; i++) {
        check_said(chart, plan->settings[i].name, name);
    }
}

static void test_packs(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(packs); i++) {
        struct plan *plan = charted_read(packs[i]);
        struct chart *chart = charted_build(plan);
        check_sheets(chart, packs[i]);
        check_whole(chart, packs[i]);
        chart_destroy(chart);
        plan_destroy(plan);
    }
}

/* Every rule of a scale stands on the sheet of its levels, with its clause. */
static void test_rules_cited(void **state) {
    (void)state;
    struct plan *plan = charted_read(packs[0]);
    struct chart *chart = charted_build(plan);
    for (uint32_t i = 0; i < plan->rule_count; i++) {
        struct text clause = plan->cites[plan->rules[i].cites.first];
        const char *mark = memchr(clause.bytes, '#', clause.length);
        clause.length = mark == NULL ? clause.length : (size_t)(mark - clause.bytes);
        check_said(chart, clause, packs[0]);
    }
    chart_destroy(chart);
    plan_destroy(plan);
}

/* ---- larger than any --------------------------------------------------------------------------------------- */

#define LONG_NAME "averyveryverylongnamethatgoesonandonandonandonandonandonandonandonandonandonandonandon"

/* Fifteen levels with twenty rules each, three hundred duties, texts of two thousand characters, eighty recipients. */
static void write_large(struct buffer *pack) {
    buffer_append_string(pack, "```plan\nplan Large { version \"1\" zone +00:00 language en title \"");
    for (int i = 0; i < 60; i++) {
        buffer_append_string(pack, "a long title ");
    }
    buffer_append_string(pack, "\" }\n");
    for (int i = 0; i < 80; i++) {
        buffer_print(pack,
                     "unit U%d_" LONG_NAME " { phone \"%d\" } @1\noffice O%d of U%d_" LONG_NAME " held by \"x\" @1\n",
                     i, i, i, i);
    }
    buffer_append_string(pack, "chain Up = O1, O2 every 5 min because \"none is given\"\nincident Fire {\n");
    for (int i = 0; i < 20; i++) {
        buffer_print(pack, "fact F%d_" LONG_NAME ": count, more is worse \"?\" @2\n", i);
    }
    buffer_append_string(pack, "fact Flag: flag }\nscale S of Fire { levels ");
    for (int level = 1; level <= 15; level++) {
        buffer_print(pack, "%sL%d", level == 1 ? "" : " < ", level);
    }
    buffer_append_string(pack, " @3 proposed by O1 @3 ordered by O2 @3 decide within 5 min chain Up\n");
    for (int level = 1; level <= 15; level++) {
        buffer_print(pack, "L%d when any @4.%d {\n", level, level);
        for (int i = 0; i < 20; i++) {
            buffer_print(pack, "F%d_" LONG_NAME " >= %d @(%d)\n", i, level * 3, i);
        }
        buffer_append_string(pack, "}\n");
    }
    buffer_append_string(pack, "}\n");
    for (int i = 0; i < 100; i++) {
        buffer_print(pack, i % 2 == 0 ? "at S >= L%d {\n" : "when Flag and F1_" LONG_NAME " >= %d {\n", i % 15 + 1);
        for (int k = 0; k < 3; k++) {
            buffer_print(pack, "duty D%d_%d_" LONG_NAME " of O%d to ", i, k, i % 80);
            for (int to = 0; to < (i == 0 ? 80 : 6); to++) {
                buffer_print(pack, "%sU%d_" LONG_NAME, to == 0 ? "" : ", ", (i + to) % 80);
            }
            buffer_append_string(pack,
                                 " via \"a letter, sealed, by a messenger on a horse\" within 10 min chain Up \"");
            for (int words = 0; words < (k == 0 ? 400 : 4); words++) {
                buffer_append_string(pack, "word ");
            }
            buffer_print(pack, "\" @5.%d @6 @7 @8 @9\n", i);
        }
        buffer_append_string(pack, "}\n");
    }
    buffer_append_string(pack, "```\n");
}

static void test_large(void **state) {
    (void)state;
    struct buffer pack = {0};
    write_large(&pack);
    assert_false(pack.failed);
    struct plan *plan = charted_compile(pack.bytes);
    struct chart *chart = charted_build(plan);
    check_sheets(chart, "large");
    check_whole(chart, "large");
    chart_destroy(chart);
    plan_destroy(plan);
    buffer_release(&pack);
}

/* A pack that says next to nothing still says what it is. */
static void test_small(void **state) {
    (void)state;
    struct plan *plan = charted_compile("```plan\nplan P { version \"1\" zone +00:00 }\nunit U @1\n```\n");
    struct failure failure = {0};
    struct chart *chart = chart_build(plan, &failure);
    assert_null(chart);
    check(strstr(failure.message, "nothing to draw") != NULL, "%s", failure.message);
    plan_destroy(plan);
}

/* ---- drawing ----------------------------------------------------------------------------------------------- */

static void draw(const char *pack, bool (*to)(const struct chart *, struct buffer *, struct failure *),
                 struct buffer *out) {
    struct failure failure = {0};
    struct plan *plan = charted_read(pack);
    struct chart *chart = charted_build(plan);
    check(to(chart, out, &failure), "%s", failure.message);
    chart_destroy(chart);
    plan_destroy(plan);
}

static void test_same_bytes(void **state) {
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct buffer pdf[2] = {{0}, {0}}, svg[2] = {{0}, {0}};
        for (int k = 0; k < 2; k++) {
            draw(packs[i], chart_draw_pdf, &pdf[k]);
            draw(packs[i], chart_draw_svg, &svg[k]);
        }
        check(text_equal(buffer_text(&pdf[0]), buffer_text(&pdf[1])), "%s: two PDFs", packs[i]);
        check(text_equal(buffer_text(&svg[0]), buffer_text(&svg[1])), "%s: two SVGs", packs[i]);
        assert_memory_equal(pdf[0].bytes, "%PDF-", 5);
        assert_null(strstr(svg[0].bytes, "<text"));
        for (int k = 0; k < 2; k++) {
            buffer_release(&pdf[k]);
            buffer_release(&svg[k]);
        }
    }
}

/* A character that no font has is named, and nothing is drawn in its place. */
static void test_no_letter(void **state) {
    (void)state;
    struct plan *plan = charted_compile("```plan\nplan P { version \"1\" zone +00:00 }\nunit U @1\n"
                                        "office \xF3\xB0\x80\x80 of U @1\n```\n"); /* U+F0000: for private use */
    struct failure failure = {0};
    assert_null(chart_build(plan, &failure));
    check(strstr(failure.message, "\xF3\xB0\x80\x80") != NULL && strstr(failure.message, "fonts-noto-cjk") != NULL,
          "%s", failure.message);
    plan_destroy(plan);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_packs), cmocka_unit_test(test_rules_cited), cmocka_unit_test(test_large),
        cmocka_unit_test(test_small), cmocka_unit_test(test_same_bytes),  cmocka_unit_test(test_no_letter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
