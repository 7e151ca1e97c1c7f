/* Proves of the sheets as pages show them, for the bundled plans and for packs with everything: each level, rule and
 * position, and each duty, is what some box stands for; a box stands for what a page can make out (one level, rule or scale,
 * or positions of one command, or duties and parties); the same plan gives the same text; names are escaped. */
#include "chart/charted.h"

#include <string.h>

static const char *const packs[] = {
    "plans/forest-fire.plan.md",
    "plans/reservoir-flood.plan.md",
    "tests/plan/good/every-english.plan.md",
    "tests/plan/good/every-chinese.plan.md",
};

static bool is_meant(const struct chart *chart, enum chart_meaning_kind kind, uint32_t index, uint8_t level) {
    for (uint32_t i = 0; i < chart->sheet_count; i++) {
        const struct chart_sheet *sheet = &chart->sheets[i];
        for (uint32_t k = 0; k < sheet->meaning_count; k++) {
            const struct chart_meaning *meaning = &sheet->meanings[k];
            if (meaning->kind == kind && meaning->index == index && meaning->level == level) {
                return true;
            }
        }
    }
    return false;
}

static void check_all_meant(const struct plan *plan, const struct chart *chart, const char *name) {
    for (uint32_t i = 0; i < plan->scale_count; i++) {
        for (uint8_t level = 1; level <= plan->scales[i].level_count; level++) {
            check(is_meant(chart, CHART_MEANS_LEVEL, i, level), "%s: level %u of %.*s", name, level,
                  TEXT_PRINT(plan->scales[i].name));
        }
    }
    for (uint32_t i = 0; i < plan->rule_count; i++) {
        check(is_meant(chart, CHART_MEANS_RULE, i, 0), "%s: rule %u", name, i);
    }
    for (uint32_t i = 0; i < plan->duty_count; i++) {
        check(is_meant(chart, CHART_MEANS_DUTY, i, 0), "%s: duty %.*s", name, TEXT_PRINT(plan->duties[i].name));
    }
    for (uint32_t i = 0; i < plan->position_count; i++) {
        check(is_meant(chart, CHART_MEANS_POSITION, i, 0), "%s: position %.*s", name,
              TEXT_PRINT(plan->positions[i].name));
    }
}

static bool is_of_names(enum chart_meaning_kind kind) {
    return kind == CHART_MEANS_DUTY || kind == CHART_MEANS_PARTY;
}

static void check_kinds(const struct chart_sheet *sheet, const char *name) {
    uint32_t next = 0;
    for (uint32_t i = 0; i < sheet->box_count; i++) {
        const struct chart_box *box = &sheet->boxes[i];
        const struct chart_meaning *meanings = sheet->meanings + box->first_meaning;
        check(box->meaning_count == 0 || box->first_meaning == next, "%s: box %u", name, i);
        next += box->meaning_count;
        for (uint32_t k = 1; k < box->meaning_count; k++) {
            bool fits = is_of_names(meanings[0].kind)
                            ? is_of_names(meanings[k].kind)
                            : meanings[0].kind == CHART_MEANS_POSITION && meanings[k].kind == CHART_MEANS_POSITION;
            check(fits, "%s: %.*s: box %u stands for what is no one thing", name, TEXT_PRINT(sheet->title), i);
        }
    }
    check(next == sheet->meaning_count, "%s: %.*s", name, TEXT_PRINT(sheet->title));
}

static void draw(const struct chart *chart, struct buffer *out) {
    struct failure failure = {0};
    for (uint32_t i = 0; i < chart->sheet_count; i++) {
        check(chart_draw_page(chart, i, out, &failure), "%s", failure.message);
    }
}

static void check_same(const struct plan *plan, const struct chart *chart, const char *name) {
    struct buffer first = {0}, second = {0};
    struct chart *again = charted_build(plan);
    draw(chart, &first);
    draw(again, &second);
    check(first.length > 1000 && text_equal(buffer_text(&first), buffer_text(&second)), "%s: drawn anew it differs",
          name);
    check(text_find_invalid_utf8(buffer_text(&first)) < 0, "%s: no UTF-8", name);
    buffer_release(&first);
    buffer_release(&second);
    chart_destroy(again);
}

static void test_everything_is_meant(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof packs / sizeof packs[0]; i++) {
        struct plan *plan = charted_read(packs[i]);
        struct chart *chart = charted_build(plan);
        check_all_meant(plan, chart, packs[i]);
        for (uint32_t k = 0; k < chart->sheet_count; k++) {
            check_kinds(&chart->sheets[k], packs[i]);
        }
        check_same(plan, chart, packs[i]);
        chart_destroy(chart);
        plan_destroy(plan);
    }
}

static void test_names_are_escaped(void **state) {
    (void)state;
    struct plan *plan = charted_compile("```plan\nplan P { version \"1\" zone +00:00 language en }\n"
                                        "unit 'Fire & <Rescue>' @1\nincident I {\nfact Out: flag\n}\n"
                                        "on open of I { duty '<script>alert(1)</script>' of 'Fire & <Rescue>' "
                                        "\"1 < 2 & 3\" @1 }\n```\n");
    struct chart *chart = charted_build(plan);
    struct buffer out = {0};
    draw(chart, &out);
    assert_non_null(out.bytes);
    check(strstr(out.bytes, "<script") == NULL && strstr(out.bytes, "<Rescue") == NULL, "not escaped");
    check(strstr(out.bytes, "data-duties=\"&lt;script&gt;alert(1)&lt;/script&gt;\"") != NULL, "the duty is not named");
    check(strstr(out.bytes, "Fire &amp; &lt;Rescue&gt;") != NULL, "the unit is not named");
    buffer_release(&out);
    chart_destroy(chart);
    plan_destroy(plan);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_everything_is_meant),
        cmocka_unit_test(test_names_are_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
