/* Builds a chart: all sheets in their order. */
#include "chart/maker.h"

#include <stdlib.h>
#include <string.h>

#define CHART_BYTES_MAX ((size_t)256 << 20)

void *maker_grow(struct maker *maker, void *items_pointer, uint32_t *count, size_t size) {
    char *items = NULL;
    memcpy(&items, items_pointer, sizeof items);
    if ((*count & (*count - 1U)) == 0) { /* full: the room is the power of two that the count has reached */
        size_t room = *count == 0 ? 1 : 2 * (size_t)*count;
        char *grown = arena_allocate_array(maker->arena, room, size);
        if (grown == NULL) {
            (void)failure_set(maker->failure, "memory is exhausted");
            return NULL;
        }
        if (*count > 0) {
            memcpy(grown, items, *count * size);
        }
        items = grown;
        memcpy(items_pointer, &items, sizeof items);
    }
    return items + (*count)++ * size;
}

/* What draws the sheets of each kind, and the kind's name. */
static const struct {
    const char *name;
    bool (*build)(struct maker *maker);
} kinds[CHART_KINDS] = {
    [CHART_OF_FLOW] = {"flow", flow_build},          [CHART_OF_LADDER] = {"ladder", ladder_build},
    [CHART_OF_REPORT] = {"report", report_build},    [CHART_OF_MEASURE] = {"measure", measure_build},
    [CHART_OF_COMMAND] = {"command", command_build}, [CHART_OF_TERMS] = {"terms", terms_build},
};

const char *chart_kind_name(enum chart_kind kind) {
    return kinds[kind].name;
}

static bool build(struct maker *maker) {
    for (uint32_t kind = 0; kind < CHART_KINDS; kind++) {
        uint32_t first = maker->chart->sheet_count;
        if (!kinds[kind].build(maker)) {
            return false;
        }
        for (uint32_t i = first; i < maker->chart->sheet_count; i++) {
            maker->chart->sheets[i].kind = (enum chart_kind)kind;
        }
    }
    if (maker->chart->sheet_count == 0) {
        return failure_set(maker->failure, "there is nothing to draw: the plan has no incident, scale, duty or office");
    }
    sheet_finish(maker);
    return !maker->failure->set;
}

struct chart *chart_build(const struct plan *plan, struct failure *failure) {
    struct failure unheard = {0};
    struct chart *chart = calloc(1, sizeof *chart);
    failure = failure == NULL ? &unheard : failure;
    if (chart == NULL) {
        (void)failure_set(failure, "memory is exhausted");
        return NULL;
    }
    chart->plan = plan;
    chart->arena = arena_create(CHART_BYTES_MAX);
    chart->type = type_open(plan->language, failure);
    struct maker maker = {.plan = plan,
                          .chart = chart,
                          .arena = chart->arena,
                          .type = chart->type,
                          .failure = failure,
                          .chinese = text_starts_with(plan->language, TEXT("zh"))};
    bool good = chart->arena != NULL && chart->type != NULL && graph_open(&maker) && build(&maker);
    graph_close(&maker);
    if (!good) {
        (void)failure_set(failure, "memory is exhausted");
        chart_destroy(chart);
        return NULL;
    }
    return chart;
}

void chart_destroy(struct chart *chart) {
    if (chart == NULL) {
        return;
    }
    type_close(chart->type);
    arena_destroy(chart->arena);
    free(chart);
}
