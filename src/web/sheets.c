#include "web/sheets.h"

#include "base/buffer.h"
#include "chart/chart.h"
#include "plan/plan.h"
#include "store/digest.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PACKS_KEPT 8 /* charts of packs; the one that was asked for longest ago makes room */

struct drawing {
    struct buffer text;
    char etag[DESK_ETAG_ROOM];
};

/* All of a pack's chart. */
struct drawn {
    struct buffer pack;       /* the text; nothing has been drawn where it is empty */
    struct drawing *drawings; /* the list first, then the sheets */
    uint32_t count;
    uint64_t asked; /* the number of the asking that was the last */
};

struct sheets {
    struct drawn drawn[PACKS_KEPT];
    uint64_t asked;
};

struct sheets *sheets_create(void) {
    return calloc(1, sizeof(struct sheets));
}

static void forget(struct drawn *drawn) {
    for (uint32_t i = 0; i < drawn->count; i++) {
        buffer_release(&drawn->drawings[i].text);
    }
    free(drawn->drawings);
    buffer_release(&drawn->pack);
    *drawn = (struct drawn){0};
}

void sheets_destroy(struct sheets *sheets) {
    for (size_t i = 0; sheets != NULL && i < PACKS_KEPT; i++) {
        forget(&sheets->drawn[i]);
    }
    free(sheets);
}

/* ---- the list ---------------------------------------------------------------------------------------------- */

static json_t *make_text(struct text text) {
    return json_stringn(text.bytes, text.length);
}

/* The levels that boxes of a sheet stand for, each once. */
static json_t *list_levels(const struct plan *plan, const struct chart_sheet *sheet) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < sheet->meaning_count; i++) {
        const struct chart_meaning *meaning = &sheet->meanings[i];
        if (meaning->kind == CHART_MEANS_LEVEL) {
            const struct plan_scale *scale = &plan->scales[meaning->index];
            (void)json_array_append_new(list, json_pack("{s:o, s:o}", "scale", make_text(scale->name), "level",
                                                        make_text(scale->levels[meaning->level])));
        }
    }
    return list;
}

static json_t *list_duties(const struct plan *plan, const struct chart_sheet *sheet) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < sheet->meaning_count; i++) {
        bool is_listed = false;
        for (uint32_t k = 0; k < i; k++) {
            is_listed = is_listed || (sheet->meanings[k].kind == CHART_MEANS_DUTY &&
                                      sheet->meanings[k].index == sheet->meanings[i].index);
        }
        if (sheet->meanings[i].kind == CHART_MEANS_DUTY && !is_listed) {
            (void)json_array_append_new(list, make_text(plan->duties[sheet->meanings[i].index].name));
        }
    }
    return list;
}

static json_t *describe_chart(const struct chart *chart) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < chart->sheet_count; i++) {
        const struct chart_sheet *sheet = &chart->sheets[i];
        (void)json_array_append_new(list, json_pack("{s:I, s:o, s:s, s:o, s:o}", "number", (json_int_t)i + 1, "title",
                                                    make_text(sheet->title), "kind", chart_kind_name(sheet->kind),
                                                    "levels", list_levels(chart->plan, sheet), "duties",
                                                    list_duties(chart->plan, sheet)));
    }
    return json_pack("{s:o, s:o, s:o}", "plan", make_text(chart->plan->name), "version",
                     make_text(chart->plan->version), "sheets", list);
}

static bool write_list(const struct chart *chart, struct buffer *out) {
    json_t *json = describe_chart(chart);
    char *text = json == NULL ? NULL : json_dumps(json, JSON_COMPACT);
    if (text != NULL) {
        buffer_append_string(out, text);
    }
    free(text);
    json_decref(json);
    return out->length > 0 && !out->failed;
}

/* ---- drawing ----------------------------------------------------------------------------------------------- */

/* Of the bytes themselves: another font, another version of this program may draw the same pack otherwise. */
static void make_etag(struct drawing *drawing) {
    uint8_t hash[STORE_HASH_BYTES];
    digest_make((const uint8_t *)drawing->text.bytes, drawing->text.length, hash);
    drawing->etag[0] = 's';
    for (size_t i = 0; i < 16; i++) {
        (void)snprintf(drawing->etag + 1 + 2 * i, 3, "%02x", hash[i]);
    }
}

static bool draw_all(const struct chart *chart, struct drawn *drawn, struct failure *failure) {
    drawn->drawings = calloc(chart->sheet_count + 1U, sizeof *drawn->drawings);
    if (drawn->drawings == NULL) {
        return failure_say(failure, "memory is exhausted", "内存不足");
    }
    drawn->count = chart->sheet_count + 1U;
    if (!write_list(chart, &drawn->drawings[0].text)) {
        return failure_say(failure, "memory is exhausted", "内存不足");
    }
    for (uint32_t i = 0; i < chart->sheet_count; i++) {
        if (!chart_draw_page(chart, i, &drawn->drawings[i + 1].text, NULL)) {
            return failure_say(failure, "memory is exhausted", "内存不足");
        }
    }
    for (uint32_t i = 0; i < drawn->count; i++) {
        make_etag(&drawn->drawings[i]);
    }
    return true;
}

static bool draw(struct text pack, struct drawn *drawn, struct failure *failure) {
    struct plan_messages messages = {0};
    struct failure inner = {0};
    struct plan *plan = plan_compile(TEXT("pack"), pack, &messages);
    struct chart *chart = plan == NULL ? NULL : chart_build(plan, &inner);
    bool good = chart != NULL && draw_all(chart, drawn, failure);
    if (chart == NULL) {
        (void)failure_say(failure, "this machine cannot draw the plan: %s", "这台服务器画不出这个预案的图（%s）",
                          plan == NULL ? "memory is exhausted" : inner.message);
    }
    buffer_append_text(&drawn->pack, pack);
    good = good && (!drawn->pack.failed || failure_say(failure, "memory is exhausted", "内存不足"));
    chart_destroy(chart);
    plan_messages_release(&messages);
    plan_destroy(plan);
    return good;
}

bool sheets_find(struct sheets *sheets, struct text pack, uint32_t number, struct sheets_answer *answer,
                 struct failure *failure) {
    struct drawn *found = NULL;
    struct drawn *oldest = &sheets->drawn[0];
    for (size_t i = 0; i < PACKS_KEPT; i++) {
        struct drawn *one = &sheets->drawn[i];
        found = one->count > 0 && text_equal(buffer_text(&one->pack), pack) ? one : found;
        oldest = one->asked < oldest->asked ? one : oldest;
    }
    if (found == NULL) {
        forget(oldest);
        if (!draw(pack, oldest, failure)) {
            forget(oldest);
            return false;
        }
        found = oldest;
    }
    found->asked = ++sheets->asked;
    *answer = (struct sheets_answer){0};
    if (number < found->count) {
        answer->text = buffer_text(&found->drawings[number].text);
        memcpy(answer->etag, found->drawings[number].etag, sizeof answer->etag);
    }
    return true;
}
