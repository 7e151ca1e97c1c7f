#include "chart/charted.h"

#include <stdio.h>
#include <string.h>

static struct plan *compile(const char *name, struct text source) {
    struct plan_messages messages = {0};
    struct buffer printed = {0};
    struct plan *plan = plan_compile(text_of(name), source, &messages);
    plan_messages_print(&messages, text_of(name), &printed);
    check(plan != NULL, "%s does not compile: %s", name, printed.bytes);
    plan_messages_release(&messages);
    buffer_release(&printed);
    return plan;
}

struct plan *charted_compile(const char *source) {
    return compile("test.plan.md", text_of(source));
}

struct plan *charted_read(const char *path) {
    char whole[512];
    struct buffer source = {0};
    struct failure failure = {0};
    const char *top = getenv("PINYUE_SOURCES"); /* NOLINT(concurrency-mt-unsafe): the test has one thread */
    (void)snprintf(whole, sizeof whole, "%s/%s", top == NULL ? "." : top, path);
    check(buffer_read_file(&source, whole, (size_t)1 << 24, &failure), "%s", failure.message);
    struct plan *plan = compile(whole, buffer_text(&source));
    buffer_release(&source);
    return plan;
}

struct chart *charted_build(const struct plan *plan) {
    struct failure failure = {0};
    struct chart *chart = chart_build(plan, &failure);
    check(chart != NULL, "%s", failure.message);
    return chart;
}

static bool contains(struct text whole, struct text part) {
    for (size_t at = 0; at + part.length <= whole.length; at++) {
        if (memcmp(whole.bytes + at, part.bytes, part.length) == 0) {
            return true;
        }
    }
    return false;
}

bool charted_says(const struct chart *chart, const struct chart_sheet *sheet, struct text words) {
    for (uint32_t i = 0; i < chart->sheet_count; i++) {
        const struct chart_sheet *one = &chart->sheets[i];
        for (uint32_t k = 0; (sheet == NULL || sheet == one) && k < one->text_count; k++) {
            if (contains(one->texts[k].string, words)) {
                return true;
            }
        }
    }
    return false;
}

const struct chart_sheet *charted_find(const struct chart *chart, const char *words) {
    for (uint32_t i = 0; i < chart->sheet_count; i++) {
        if (contains(chart->sheets[i].title, text_of(words))) {
            return &chart->sheets[i];
        }
    }
    return NULL;
}
