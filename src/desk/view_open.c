/* What is open, as pages show it and as the hand-over logs it: on the desk what stands foremost, then page by page. */
#include "desk/open.h"
#include "desk/view.h"

#include <inttypes.h>
#include <stdlib.h>

/* ---- one of each kind -------------------------------------------------------------------------------------- */

static json_t *describe_clock(const struct turn *turn, const void *item) {
    const struct open_clock *clock = item;
    struct engine_incident_view incident;
    if (!engine_view_incident(turn->engine, clock->incident, &incident)) {
        return NULL;
    }
    bool has_party = clock->who < incident.plan->party_count;
    return json_pack("{s:s, s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:b, s:b}", "kind", view_item_kind(clock->kind), "id",
                     view_item(clock->incident, clock->item), "incident", (json_int_t)clock->incident, "title",
                     desk_describe_title(turn->desk, &incident), "what", view_text(clock->what), "who",
                     has_party ? view_party(incident.plan, clock->who) : json_string(""), "recipient",
                     view_party(incident.plan, clock->recipient), "due_at", view_instant(clock->due_at), "overdue",
                     clock->overdue, "acknowledged", clock->acknowledged);
}

static json_t *describe_incident(const struct turn *turn, const void *item) {
    const struct open_incident *open = item;
    struct engine_incident_view incident;
    if (!engine_view_incident(turn->engine, open->number, &incident)) {
        return NULL;
    }
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:I, s:I, s:o, s:o}", "number", (json_int_t)open->number, "title",
                     view_text(incident.title), "plan", view_text(incident.plan->name), "subject",
                     view_text(incident.plan->subjects[incident.subject].name), "opened_at",
                     view_instant(incident.opened_at), "open_proposals", (json_int_t)open->open_proposals, "overdue",
                     (json_int_t)open->overdue, "next_due_at", view_some_instant(open->soonest), "scales",
                     desk_list_levels(turn->engine, &incident));
}

static json_t *describe_call(const struct turn *turn, const void *item) {
    return desk_describe_call(fold_find_call(turn->desk->fold, *(const uint32_t *)item));
}

static json_t *describe_notice(const struct turn *turn, const void *item) {
    const struct open_notice *row = item;
    struct engine_incident_view incident;
    const struct notice *notice = notices_find(turn->desk->notices, row->incident, row->number);
    return engine_view_incident(turn->engine, row->incident, &incident) ? desk_describe_notice(turn, &incident, notice)
                                                                        : NULL;
}

static json_t *describe_spoken(const struct turn *turn, const void *item) {
    return desk_describe_spoken(fold_find_spoken(turn->desk->fold, *(const size_t *)item));
}

static json_t *describe_unbound(const struct turn *turn, const void *item) {
    const struct open_scale *scale = item;
    struct engine_incident_view incident;
    return engine_view_incident(turn->engine, scale->incident, &incident)
               ? desk_describe_unbound(turn, &incident, scale->scale)
               : NULL;
}

static void print_clock(const struct turn *turn, const void *item, struct buffer *out) {
    const struct open_clock *clock = item;
    (void)turn;
    buffer_print(out, "%s-%" PRIu32 ".%" PRIu32, view_item_kind(clock->kind), clock->incident, clock->item);
}

static void print_incident(const struct turn *turn, const void *item, struct buffer *out) {
    (void)turn;
    buffer_print(out, "%" PRIu32, ((const struct open_incident *)item)->number);
}

static void print_call(const struct turn *turn, const void *item, struct buffer *out) {
    (void)turn;
    buffer_print(out, "%" PRIu32, *(const uint32_t *)item);
}

static void print_notice(const struct turn *turn, const void *item, struct buffer *out) {
    const struct open_notice *row = item;
    (void)turn;
    buffer_print(out, "%" PRIu32 ".%" PRIu32, row->incident, row->number);
}

static void print_spoken(const struct turn *turn, const void *item, struct buffer *out) {
    buffer_print(out, "%" PRId64, fold_find_spoken(turn->desk->fold, *(const size_t *)item)->sequence);
}

/* How a kind is told. Lists have what stands foremost first; those that are told backwards end with it. */
static const struct {
    size_t size;
    bool is_backwards;
    json_t *(*describe)(const struct turn *turn, const void *item);
    void (*print)(const struct turn *turn, const void *item, struct buffer *out);
} kinds[OPEN_KINDS] = {
    [OPEN_INCIDENTS] = {sizeof(struct open_incident), false, describe_incident, print_incident},
    [OPEN_CLOCKS] = {sizeof(struct open_clock), false, describe_clock, print_clock},
    [OPEN_CALLS] = {sizeof(uint32_t), true, describe_call, print_call},
    [OPEN_NOTICES] = {sizeof(struct open_notice), false, describe_notice, print_notice},
    [OPEN_SPOKEN] = {sizeof(size_t), true, describe_spoken, print_spoken},
    [OPEN_UNBOUND] = {sizeof(struct open_scale), true, describe_unbound, NULL},
};

/* ---- lists ------------------------------------------------------------------------------------------------- */

static int compare_arising(const void *left, const void *right) {
    const struct open_notice *one = left;
    const struct open_notice *other = right;
    if (one->incident != other->incident) {
        return one->incident < other->incident ? -1 : 1;
    }
    return one->number < other->number ? -1 : one->number > other->number;
}

/* Rows stand in the order in which they arose, whichever of them are told. */
static void arrange(const struct open_matters *open, enum open_kind kind, size_t from, size_t count) {
    if (kind == OPEN_NOTICES && from < count) {
        qsort(open->lists[kind].bytes + from * kinds[kind].size, count - from, kinds[kind].size, compare_arising);
    }
}

json_t *open_describe(const struct turn *turn, const struct open_matters *open, enum open_kind kind, size_t from) {
    size_t count = open->lists[kind].length / kinds[kind].size;
    json_t *list = json_array();
    arrange(open, kind, from, count);
    for (size_t i = from; i < count; i++) {
        size_t at = kinds[kind].is_backwards ? count - 1 - (i - from) : i;
        json_t *described = kinds[kind].describe(turn, open->lists[kind].bytes + at * kinds[kind].size);
        if (described != NULL) {
            view_add(list, described);
        }
    }
    return list;
}

void open_print(const struct turn *turn, const struct open_matters *open, enum open_kind kind, struct buffer *out) {
    size_t count = open->lists[kind].length / kinds[kind].size;
    arrange(open, kind, 0, count);
    for (size_t i = 0; i < count; i++) {
        size_t at = kinds[kind].is_backwards ? count - 1 - i : i;
        buffer_append_string(out, i == 0 ? "" : " ");
        kinds[kind].print(turn, open->lists[kind].bytes + at * kinds[kind].size, out);
    }
}

/* ---- pages ------------------------------------------------------------------------------------------------- */

bool desk_list_open(struct turn *turn) {
    struct open_matters open;
    enum open_kind kind = open_find_kind(turn->request->plan);
    size_t page = turn->request->item;
    if (!turn_may(turn, NULL, PLAN_NONE, false)) {
        return false;
    }
    if (kind == OPEN_KINDS || page > OPEN_PAGE_MAX) {
        return turn_refuse(turn, DESK_NOT_FOUND, "there is no such list, or it has no such page",
                           "没有这个列表或这一页");
    }
    bool is_whole = open_gather(turn, 1U << kind, page * OPEN_LISTED, &open);
    if (is_whole) {
        turn->reply->body =
            json_pack("{s:I, s:I, s:o}", "page", (json_int_t)page, "total", (json_int_t)open.totals[kind],
                      open_name_kind(kind), open_describe(turn, &open, kind, (page - 1) * OPEN_LISTED));
    }
    open_release(&open);
    return turn->reply->body != NULL || turn_refuse(turn, DESK_UNAVAILABLE, "memory is exhausted", "内存不足");
}

void open_set(const struct turn *turn, const struct open_matters *open, unsigned int told, json_t *body) {
    json_t *totals = json_object();
    view_set(totals, "overdue", json_integer((json_int_t)open->overdue));
    for (int kind = 0; kind < OPEN_KINDS; kind++) {
        if ((told & 1U << (unsigned int)kind) != 0) {
            view_set(body, open_name_kind((enum open_kind)kind), open_describe(turn, open, (enum open_kind)kind, 0));
            view_set(totals, open_name_kind((enum open_kind)kind), json_integer((json_int_t)open->totals[kind]));
        }
    }
    view_set(body, "totals", totals);
}
