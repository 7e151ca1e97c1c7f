/* The timeline: what happened, what the plan then required, of whom, by when, by which clause; and the judgement. */
#include "run/drill_state.h"

#include "run/fact_value.h"
#include "run/show.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_COLUMNS 18U

/* A line being made: its words and the same for tools. */
struct telling {
    const char *label_english, *label_chinese;
    struct buffer body;
    json_t *json;
};

/* The parts of a line that grows while things of one kind happen at one instant. */
struct growing {
    struct text item, tail;
    uint64_t group;
};

/* ---- words ------------------------------------------------------------------------------------------------ */

const char *drill_finding_word(const struct drill *drill, enum engine_finding_kind kind) {
    switch (kind) {
    case ENGINE_ROLE_UNBOUND:
        return drill_say(drill, "role unbound", "角色未指定");
    case ENGINE_CHAIN_EXHAUSTED:
        return drill_say(drill, "chain exhausted", "上报链无人应答");
    case ENGINE_CONTRADICTION:
        return drill_say(drill, "contradiction", "前后矛盾");
    case ENGINE_MOVE_LOST:
        break;
    }
    return drill_say(drill, "lost in the move", "换版遗失");
}

void drill_show_holders(const struct plan *plan, const struct engine_duty_view *duty, struct buffer *out) {
    if (duty->bearer != PLAN_NONE || duty->bearer_role != PLAN_NONE) {
        show_party(plan, duty->bearer, duty->bearer_role, out);
    }
    if (duty->recipient != PLAN_NONE || duty->recipient_role != PLAN_NONE) {
        buffer_append_string(out, " → ");
        show_party(plan, duty->recipient, duty->recipient_role, out);
    }
}

static const char *lapse_word(const struct drill *drill, enum engine_lapse lapse) {
    switch (lapse) {
    case ENGINE_CAUSE_ENDED:
        return drill_say(drill, "its cause ended", "起因已消失");
    case ENGINE_REPLACED:
        return drill_say(drill, "replaced", "已被取代");
    case ENGINE_ABSORBED:
        return drill_say(drill, "absorbed by a merge", "并案吸收");
    case ENGINE_INCIDENT_ENDED:
        return drill_say(drill, "the incident was closed", "事件已结");
    case ENGINE_PLAN_MOVED:
        break;
    }
    return drill_say(drill, "the plan's version changed", "预案换版");
}

/* Appends a word and an instant. */
static void show_when(const struct drill *drill, const char *english, const char *chinese, int64_t at,
                      struct buffer *out) {
    buffer_append_string(out, drill_say(drill, english, chinese));
    buffer_append_string(out, " ");
    if (calendar_find_day(at, drill->clock.zone_minutes) != calendar_find_day(drill->now, drill->clock.zone_minutes)) {
        show_instant(at, drill->clock.zone_minutes, out);
    } else {
        show_time_of_day(at, drill->clock.zone_minutes, out);
    }
}

void drill_show_state(const struct drill *drill, const struct plan *plan, const struct engine_duty_view *duty,
                      struct buffer *out) {
    bool has_due = duty->due_at != ENGINE_NEVER;
    drill_show_holders(plan, duty, out);
    buffer_append_string(out, drill_say(drill, ": ", "："));
    switch (duty->status) {
    case ENGINE_DONE_STATUS:
        show_when(drill,
                  duty->overdue ? "done late at"
                  : has_due     ? "done in time at"
                                : "done at",
                  duty->overdue ? "逾期办结于"
                  : has_due     ? "按时办结于"
                                : "办结于",
                  duty->done_at, out);
        break;
    case ENGINE_DECLINED:
        show_when(drill, "declined at", "谢绝于", duty->done_at, out);
        break;
    case ENGINE_LAPSED:
        show_when(drill, "lapsed at", "失效于", duty->ended_at, out);
        buffer_print(out, drill_say(drill, " (%s)", "（%s）"), lapse_word(drill, duty->lapse));
        break;
    case ENGINE_OWED:
        buffer_append_string(out, drill_say(drill, "owed", "待办"));
        if (duty->acknowledged_at != ENGINE_NEVER) {
            show_when(drill, ", acknowledged at", "，签收于", duty->acknowledged_at, out);
        } else if (duty->notified_at != ENGINE_NEVER) {
            show_when(drill, ", notified at", "，送达于", duty->notified_at, out);
        }
        if (duty->unacknowledged && duty->acknowledged_at == ENGINE_NEVER) {
            buffer_append_string(out, drill_say(drill, ", unacknowledged too long", "，逾期未签收"));
        }
        if (duty->overdue) {
            buffer_append_string(out, drill_say(drill, ", overdue", "，已逾期"));
        }
        break;
    }
    if (has_due) {
        show_when(drill, ", due", "，限", duty->due_at, out);
    }
    if (duty->step > 1) {
        buffer_print(out, drill_say(drill, ", %u notices given", "，已通知 %u 次"), duty->step);
    }
    if (duty->breaches > 0) {
        buffer_print(out, drill_say(drill, ", breached %u times", "，违反 %u 次"), duty->breaches);
    }
}

void drill_show_proposal(const struct drill *drill, const struct plan *plan, const struct engine_proposal_view *view,
                         struct buffer *out) {
    const struct plan_scale *scale = &plan->scales[view->scale];
    buffer_append_text(out, scale->name);
    if (view->kind == ENGINE_END) {
        buffer_append_string(out, drill_say(drill, ": end", "：终止"));
        return;
    }
    buffer_print(out, "%s%.*s",
                 view->kind == ENGINE_RAISE ? drill_say(drill, ": raise to ", "：提级至 ")
                                            : drill_say(drill, ": lower to ", "：降级至 "),
                 TEXT_PRINT(show_level(plan, scale, view->to)));
}

/* ---- JSON pieces ------------------------------------------------------------------------------------------ */

static json_t *json_text(struct text text) {
    return json_stringn_nocheck(text.bytes == NULL ? "" : text.bytes, text.length);
}

static json_t *json_instant(const struct drill *drill, int64_t at) {
    char shown[CALENDAR_INSTANT_ROOM];
    if (at == ENGINE_NEVER) {
        return json_null();
    }
    calendar_print_instant(at, drill->clock.zone_minutes, shown);
    return json_string(shown);
}

static json_t *json_party(const struct plan *plan, uint16_t party) {
    return party < plan->party_count ? json_text(plan->parties[party].name) : json_null();
}

static json_t *json_clauses(const struct plan *plan, struct plan_span cites) {
    json_t *list = json_array();
    for (uint16_t i = 0; i < cites.count; i++) {
        (void)json_array_append_new(list, json_text(plan->cites[cites.first + i]));
    }
    return list;
}

static json_t *json_duty(const struct drill *drill, const struct plan *plan, uint32_t number,
                         const struct engine_duty_view *duty) {
    json_t *json = json_object();
    (void)json_object_set_new(json, "duty", json_integer(number));
    if (duty->duty != PLAN_NONE) {
        const struct plan_duty *template = &plan->duties[duty->duty];
        (void)json_object_set_new(json, "name", json_text(template->name));
        (void)json_object_set_new(json, "action", json_text(template->action));
        (void)json_object_set_new(json, "clauses", json_clauses(plan, template->cites));
        (void)json_object_set_new(
            json, "setting", template->within_setting.length > 0 ? json_text(template->within_setting) : json_null());
    }
    (void)json_object_set_new(json, "bearer", json_party(plan, duty->bearer));
    (void)json_object_set_new(json, "role", json_party(plan, duty->bearer_role));
    (void)json_object_set_new(json, "recipient", json_party(plan, duty->recipient));
    (void)json_object_set_new(json, "due", json_instant(drill, duty->due_at));
    return json;
}

/* ---- entries ---------------------------------------------------------------------------------------------- */

static struct telling begin_telling(const char *english, const char *chinese) {
    return (struct telling){english, chinese, {0}, json_object()};
}

static bool is_crowded(const struct drill *drill) {
    uint32_t shown = 0;
    for (uint32_t i = 0; i < drill->handles.count; i++) {
        shown++;
    }
    return shown > 1;
}

/* Adds an item to the last line of the timeline. */
static void grow_last(struct drill *drill, struct text item, json_t *instance) {
    struct drill_entry *last = &drill->entries.items[drill->entries.count - 1];
    struct buffer whole = {0};
    buffer_append_text(&whole, last->items);
    buffer_append_string(&whole, item.length == 0 ? "" : drill_say(drill, ", ", "、"));
    buffer_append_text(&whole, item);
    last->items = drill_keep(drill, buffer_text(&whole));
    buffer_release(&whole);
    json_t *entry = json_array_get(drill->timeline, json_array_size(drill->timeline) - 1);
    (void)json_array_append_new(json_object_get(entry, "instances"), instance);
}

static bool can_grow(const struct drill *drill, uint64_t group, int64_t at) {
    const struct drill_entry *last = drill->entries.count == 0 ? NULL : &drill->entries.items[drill->entries.count - 1];
    return last != NULL && last->group == group && last->at == at;
}

/* Finishes a line and puts it on the timeline; `growing` may be NULL. */
static void end_telling(struct drill *drill, struct telling *telling, const char *event, uint32_t incident, int64_t at,
                        const struct growing *growing) {
    struct buffer whole = {0};
    if (incident != 0 && is_crowded(drill)) {
        struct text name = drill_name_of(drill, incident);
        buffer_print(&whole, drill_say(drill, "[%.*s] ", "【%.*s】"), TEXT_PRINT(name));
    }
    buffer_append_text(&whole, buffer_text(&telling->body));
    struct text label = text_of(drill_say(drill, telling->label_english, telling->label_chinese));
    struct drill_entry entry = {.at = at, .label = label, .head = drill_keep(drill, buffer_text(&whole))};
    if (growing != NULL) {
        entry.items = growing->item;
        entry.tail = growing->tail;
        entry.group = growing->group;
    }
    DRILL_PUSH(drill, &drill->entries, entry);
    json_t *json = json_object();
    (void)json_object_set_new(json, "at", json_instant(drill, at));
    (void)json_object_set_new(json, "event", json_string(event));
    (void)json_object_set_new(json, "incident", incident == 0 ? json_null() : json_integer(incident));
    (void)json_object_update(json, telling->json);
    (void)json_array_append_new(drill->timeline, json);
    json_decref(telling->json);
    buffer_release(&whole);
    buffer_release(&telling->body);
}

struct text drill_flatten(struct drill *drill, const struct drill_line *line) {
    struct drill_cursor cursor = {line, 0, drill->path, drill->failure};
    struct text raw = drill_raw(&cursor, 0, line->count);
    char *bytes = arena_allocate(drill->arena, raw.length + 1);
    size_t length = 0;
    if (bytes == NULL) {
        drill->is_broken = true;
        return (struct text){0};
    }
    for (size_t i = 0; i < raw.length; i++) {
        bool is_blank = raw.bytes[i] == '\n' || raw.bytes[i] == '\r' || raw.bytes[i] == '\t' || raw.bytes[i] == ' ';
        if (!is_blank) {
            bytes[length++] = raw.bytes[i];
        } else if (length > 0 && bytes[length - 1] != ' ') {
            bytes[length++] = ' ';
        }
    }
    return (struct text){bytes, length};
}

void drill_tell_statement(struct drill *drill, const struct drill_line *line) {
    if (drill->stage != NULL) {
        return;
    }
    struct telling telling = begin_telling("●", "●");
    struct text statement = drill_flatten(drill, line);
    buffer_append_text(&telling.body, statement);
    (void)json_object_set_new(telling.json, "statement", json_text(statement));
    (void)json_object_set_new(telling.json, "line", json_integer(line->line));
    end_telling(drill, &telling, "statement", 0, drill->now, NULL);
}

/* ---- levels, orders, proposals ---------------------------------------------------------------------------- */

static void show_cited(const struct plan *plan, struct plan_span cites, struct buffer *out, json_t *list) {
    buffer_append_string(out, " ");
    show_clauses(plan, cites, out);
    for (uint16_t k = 0; k < cites.count; k++) {
        (void)json_array_append_new(list, json_text(plan->cites[cites.first + k]));
    }
}

static void show_rules(const struct plan *plan, const struct plan_scale *scale, uint64_t rules, struct buffer *out,
                       json_t *list) {
    for (uint16_t i = 0; i < scale->rule_count; i++) {
        if ((rules & UINT64_C(1) << i) != 0) {
            show_cited(plan, plan->rules[scale->first_rule + i].cites, out, list);
        }
    }
}

static void tell_level(struct drill *drill, const struct engine_output *output) {
    const struct plan *plan = drill_plan_of(drill, output->incident);
    const struct plan_scale *scale = &plan->scales[output->scale];
    struct telling telling = begin_telling("level", "等级");
    struct engine_scale_view state = {0};
    json_t *clauses = json_array();
    (void)engine_view_scale(drill->engine, output->incident, output->scale, &state);
    show_column(scale->name, NAME_COLUMNS, &telling.body);
    buffer_append_text(&telling.body, show_level(plan, scale, output->level));
    if (output->may != output->level) {
        buffer_print(&telling.body, drill_say(drill, ", may come to %.*s", "，可能达到 %.*s"),
                     TEXT_PRINT(show_level(plan, scale, output->may)));
    }
    if (state.level == output->level && state.because != 0) {
        buffer_append_string(&telling.body, " ");
        show_rules(plan, scale, state.because, &telling.body, clauses);
    }
    (void)json_object_set_new(telling.json, "scale", json_text(scale->name));
    (void)json_object_set_new(telling.json, "level",
                              output->level == 0 ? json_null() : json_text(scale->levels[output->level]));
    (void)json_object_set_new(telling.json, "may",
                              output->may == 0 ? json_null() : json_text(scale->levels[output->may]));
    (void)json_object_set_new(telling.json, "because", clauses);
    end_telling(drill, &telling, "level_changed", output->incident, output->due_at, NULL);
}

static void tell_order(struct drill *drill, const struct engine_output *output) {
    const struct plan *plan = drill_plan_of(drill, output->incident);
    const struct plan_scale *scale = &plan->scales[output->scale];
    struct telling telling = begin_telling("order", "命令");
    struct engine_incident_view incident = {0};
    struct engine_order_view order = {0};
    show_column(scale->name, NAME_COLUMNS, &telling.body);
    if (output->level == 0) {
        buffer_append_string(&telling.body, drill_say(drill, "ended", "终止"));
    } else {
        buffer_append_text(&telling.body, scale->levels[output->level]);
    }
    (void)engine_view_incident(drill->engine, output->incident, &incident);
    for (uint32_t i = incident.order_count; i-- > 0;) {
        if (engine_view_order(drill->engine, output->incident, i, &order) && order.scale == output->scale) {
            break;
        }
    }
    if (order.by < plan->party_count) {
        buffer_print(&telling.body, drill_say(drill, ", by %.*s", "，%.*s 决定"),
                     TEXT_PRINT(plan->parties[order.by].name));
    } else {
        buffer_append_string(&telling.body, drill_say(drill, ", by the plan itself", "，按预案自动执行"));
    }
    if (order.override) {
        buffer_append_string(&telling.body, drill_say(drill, ", against the facts", "，与事实不同"));
    }
    if (order.reason.length > 0) {
        buffer_print(&telling.body, drill_say(drill, ": %.*s", "：%.*s"), TEXT_PRINT(order.reason));
    }
    (void)json_object_set_new(telling.json, "scale", json_text(scale->name));
    (void)json_object_set_new(telling.json, "order",
                              output->level == 0 ? json_null() : json_text(scale->levels[output->level]));
    (void)json_object_set_new(telling.json, "by", json_party(plan, order.by));
    (void)json_object_set_new(telling.json, "override", json_boolean(order.override));
    (void)json_object_set_new(telling.json, "reason", json_text(order.reason));
    end_telling(drill, &telling, "order_changed", output->incident, output->due_at, NULL);
}

static const char *proposal_status(const struct drill *drill, enum engine_proposal_status status) {
    switch (status) {
    case ENGINE_PROPOSAL_OPEN:
        return drill_say(drill, "open", "待决");
    case ENGINE_PROPOSAL_ACCEPTED:
        return drill_say(drill, "accepted", "已同意");
    case ENGINE_PROPOSAL_REFUSED:
        return drill_say(drill, "refused", "已驳回");
    case ENGINE_PROPOSAL_SUPERSEDED:
        return drill_say(drill, "superseded", "已被新情况取代");
    case ENGINE_PROPOSAL_LAPSED:
        break;
    }
    return drill_say(drill, "lapsed", "已失效");
}

static void show_due(const struct drill *drill, int64_t due_at, struct text setting, struct buffer *out) {
    if (due_at == ENGINE_NEVER || due_at == 0) {
        return;
    }
    show_when(drill, ", by", "，限", due_at, out);
    if (setting.length > 0) {
        buffer_print(out, drill_say(drill, " (local: %.*s)", "（本地设定·%.*s）"), TEXT_PRINT(setting));
    }
}

static void tell_proposal(struct drill *drill, const struct engine_output *output, bool is_raised) {
    const struct plan *plan = drill_plan_of(drill, output->incident);
    struct engine_proposal_view view;
    if (!engine_view_proposal(drill->engine, output->incident, output->item, &view)) {
        return;
    }
    const struct plan_scale *scale = &plan->scales[view.scale];
    struct telling telling = begin_telling("proposal", "建议");
    json_t *clauses = json_array();
    drill_show_proposal(drill, plan, &view, &telling.body);
    if (is_raised) {
        show_due(drill, view.due_at, scale->decide_setting, &telling.body);
        struct plan_span end = show_end_cites(drill->engine, output->incident, scale, &view);
        buffer_append_string(&telling.body, view.because == 0 && end.count == 0 ? "" : " ");
        if (end.count > 0) {
            show_cited(plan, end, &telling.body, clauses);
        } else {
            show_rules(plan, scale, view.because, &telling.body, clauses);
        }
    } else {
        buffer_print(&telling.body, drill_say(drill, ", %s", "，%s"), proposal_status(drill, view.status));
        if (view.reason.length > 0) {
            buffer_print(&telling.body, drill_say(drill, ": %.*s", "：%.*s"), TEXT_PRINT(view.reason));
        }
    }
    static const char *const kinds[] = {"raise", "lower", "end"};
    static const char *const statuses[] = {"open", "accepted", "refused", "superseded", "lapsed"};
    (void)json_object_set_new(telling.json, "proposal", json_integer(output->item));
    (void)json_object_set_new(telling.json, "scale", json_text(scale->name));
    (void)json_object_set_new(telling.json, "kind", json_string(kinds[view.kind]));
    (void)json_object_set_new(telling.json, "to", view.to == 0 ? json_null() : json_text(scale->levels[view.to]));
    (void)json_object_set_new(telling.json, "status", json_string(statuses[view.status]));
    (void)json_object_set_new(telling.json, "because", clauses);
    (void)json_object_set_new(telling.json, "due", view.due_at == 0 ? json_null() : json_instant(drill, view.due_at));
    end_telling(drill, &telling, is_raised ? "proposal_raised" : "proposal_ended", output->incident, output->due_at,
                NULL);
}

/* ---- duties ----------------------------------------------------------------------------------------------- */

static bool view_duty(const struct drill *drill, const struct engine_output *output, struct engine_duty_view *duty) {
    return engine_view_duty(drill->engine, output->incident, output->item, duty) && duty->duty != PLAN_NONE;
}

/* Names, each once, joined by commas. */
struct name_list {
    struct text names[DRILL_NAMES_MAX];
    uint32_t count;
    bool more;
};

static void add_name(struct drill *drill, const struct plan *plan, uint16_t party, uint16_t role,
                     struct name_list *list) {
    struct buffer shown = {0};
    if (party == PLAN_NONE && role == PLAN_NONE) {
        return;
    }
    show_party(plan, party, role, &shown);
    for (uint32_t i = 0; i < list->count; i++) {
        if (text_equal(list->names[i], buffer_text(&shown))) {
            buffer_release(&shown);
            return;
        }
    }
    if (list->count < DRILL_NAMES_MAX) {
        list->names[list->count++] = drill_keep(drill, buffer_text(&shown));
    } else {
        list->more = true;
    }
    buffer_release(&shown);
}

static void show_names(const struct drill *drill, const struct name_list *list, struct buffer *out) {
    for (uint32_t i = 0; i < list->count; i++) {
        buffer_append_string(out, i == 0 ? "" : drill_say(drill, ", ", "、"));
        buffer_append_text(out, list->names[i]);
    }
    buffer_append_string(out, list->more ? " …" : "");
}

struct kind_words {
    const char *english, *chinese;
};

static const struct kind_words duty_words[] = {
    [PLAN_DUTY] = {"duty", "职责"},     [PLAN_OPTION] = {"option", "可选"},   [PLAN_FORBID] = {"forbid", "禁止"},
    [PLAN_NOTICE] = {"notice", "提示"}, [PLAN_DECISION] = {"decide", "待决"},
};

/* Several instances of one duty in one step are told in one line. Marks those that it told. */
static void tell_duties(struct drill *drill, uint32_t first, bool *told, const char *event,
                        const struct kind_words *words, bool is_raised) {
    const struct engine_output *output = &drill->outputs.items[first];
    const struct plan *plan = drill_plan_of(drill, output->incident);
    struct name_list bearers = {0};
    struct name_list recipients = {0};
    struct engine_duty_view leader;
    if (!view_duty(drill, output, &leader)) {
        return;
    }
    const struct plan_duty *template = &plan->duties[leader.duty];
    json_t *instances = json_array();
    for (uint32_t i = first; i < drill->outputs.count; i++) {
        struct engine_duty_view duty;
        const struct engine_output *other = &drill->outputs.items[i];
        if (other->kind != output->kind || other->incident != output->incident || other->due_at != output->due_at ||
            !view_duty(drill, other, &duty) || duty.duty != leader.duty || duty.due_at != leader.due_at ||
            duty.lapse != leader.lapse) {
            continue;
        }
        told[i] = true;
        add_name(drill, plan, duty.bearer, duty.bearer_role, &bearers);
        add_name(drill, plan, duty.recipient, duty.recipient_role, &recipients);
        (void)json_array_append_new(instances, json_duty(drill, plan, other->item, &duty));
    }
    struct telling telling = begin_telling(words->english, words->chinese);
    bool is_generated = memchr(template->name.bytes, '@', template->name.length) != NULL;
    if (template->kind == PLAN_NOTICE && is_raised) {
        buffer_append_text(&telling.body, template->action);
    } else {
        show_column(is_generated ? TEXT("") : template->name, NAME_COLUMNS, &telling.body);
    }
    show_names(drill, &bearers, &telling.body);
    if (recipients.count > 0) {
        buffer_append_string(&telling.body, " → ");
        show_names(drill, &recipients, &telling.body);
    }
    if (is_raised) {
        show_due(drill, leader.due_at, template->within_setting, &telling.body);
        buffer_append_string(&telling.body, "  ");
        show_clauses(plan, template->cites, &telling.body);
    } else if (output->kind == ENGINE_DUTY_LAPSED) {
        buffer_print(&telling.body, drill_say(drill, " (%s)", "（%s）"), lapse_word(drill, leader.lapse));
    }
    (void)json_object_set_new(telling.json, "instances", instances);
    end_telling(drill, &telling, event, output->incident, output->due_at, NULL);
}

/* Acknowledgements of one instant go into one line. */
static void tell_acknowledgement(struct drill *drill, const struct engine_output *output) {
    const struct plan *plan = drill_plan_of(drill, output->incident);
    struct engine_duty_view duty;
    if (!view_duty(drill, output, &duty)) {
        return;
    }
    struct growing growing = {{0}, {0}, 1 + (uint64_t)output->incident * 2};
    json_t *json = json_duty(drill, plan, output->item, &duty);
    if (duty.acknowledger.length > 0) {
        (void)json_object_set_new(json, "acknowledged_by",
                                  json_stringn(duty.acknowledger.bytes, duty.acknowledger.length));
    }
    if (can_grow(drill, growing.group, output->due_at)) {
        grow_last(drill, growing.item, json);
    } else {
        struct telling telling = begin_telling("ack", "签收");
        (void)json_object_set_new(telling.json, "instances", json_pack("[o]", json));
        end_telling(drill, &telling, "duty_acknowledged", output->incident, output->due_at, &growing);
    }
}

/* What stands behind the holders of a duty that something happened to. */
static void show_outcome(const struct drill *drill, const struct plan *plan, const struct engine_output *output,
                         const struct engine_duty_view *duty, struct buffer *out) {
    const struct plan_duty *template = &plan->duties[duty->duty];
    bool is_done = output->kind == ENGINE_DUTY_DONE;
    if (is_done && duty->due_at != ENGINE_NEVER) {
        buffer_append_string(out, duty->overdue ? drill_say(drill, ", late", "，逾期")
                                                : drill_say(drill, ", in time", "，按时"));
    }
    if (is_done && duty->done_at != output->due_at) {
        show_when(drill, ", done at", "，实际于", duty->done_at, out);
    }
    if (is_done || output->kind == ENGINE_DUTY_OVERDUE) {
        show_due(drill, duty->due_at, template->within_setting, out);
    }
    if (output->kind == ENGINE_DUTY_OVERDUE || output->kind == ENGINE_DUTY_BREACHED) {
        buffer_append_string(out, "  ");
        show_clauses(plan, template->cites, out);
    }
}

/* The same thing happening to several instances of one duty at one instant is told in one line. */
static void tell_duty(struct drill *drill, const struct engine_output *output, const struct kind_words *words,
                      const char *event) {
    const struct plan *plan = drill_plan_of(drill, output->incident);
    struct engine_duty_view duty;
    if (!view_duty(drill, output, &duty)) {
        return;
    }
    const struct plan_duty *template = &plan->duties[duty.duty];
    struct buffer item = {0};
    struct buffer tail = {0};
    drill_show_holders(plan, &duty, &item);
    show_outcome(drill, plan, output, &duty, &tail);
    uint64_t group =
        text_hash(template->name) ^ text_hash(buffer_text(&tail)) ^ ((uint64_t)output->kind << 56) ^ output->incident;
    struct growing growing = {drill_keep(drill, buffer_text(&item)), drill_keep(drill, buffer_text(&tail)), group};
    json_t *json = json_duty(drill, plan, output->item, &duty);
    (void)json_object_set_new(json, "in_time",
                              output->kind == ENGINE_DUTY_DONE ? json_boolean(!duty.overdue) : json_null());
    if (can_grow(drill, growing.group, output->due_at)) {
        grow_last(drill, growing.item, json);
    } else {
        struct telling telling = begin_telling(words->english, words->chinese);
        show_column(template->name, NAME_COLUMNS, &telling.body);
        (void)json_object_set_new(telling.json, "instances", json_pack("[o]", json));
        end_telling(drill, &telling, event, output->incident, output->due_at, &growing);
    }
    buffer_release(&item);
    buffer_release(&tail);
}

/* ---- notices, findings, incidents ------------------------------------------------------------------------- */

/* What a notice, or a chain's finding, is about. */
static void show_item(const struct drill *drill, uint32_t incident, enum engine_item_kind kind, uint32_t item,
                      struct buffer *out) {
    const struct plan *plan = drill_plan_of(drill, incident);
    struct engine_duty_view duty;
    struct engine_proposal_view proposal;
    struct engine_finding_view finding;
    if (kind == ENGINE_ITEM_DUTY && engine_view_duty(drill->engine, incident, item, &duty) && duty.duty != PLAN_NONE) {
        buffer_append_text(out, plan->duties[duty.duty].name);
        buffer_append_string(out, drill_say(drill, " (", "（"));
        drill_show_holders(plan, &duty, out);
        buffer_append_string(out, drill_say(drill, ")", "）"));
    } else if (kind == ENGINE_ITEM_PROPOSAL && engine_view_proposal(drill->engine, incident, item, &proposal)) {
        drill_show_proposal(drill, plan, &proposal, out);
    } else if (kind == ENGINE_ITEM_FINDING && engine_view_finding(drill->engine, incident, item, &finding)) {
        buffer_append_string(out, drill_finding_word(drill, finding.kind));
    }
}

/* Notices to bearer, decider and owner are part of what is raised; those of a chain are told. */
static void tell_notice(struct drill *drill, const struct engine_output *output) {
    const struct plan *plan = drill_plan_of(drill, output->incident);
    struct engine_duty_view duty;
    bool is_duty = output->item_kind == ENGINE_ITEM_DUTY;
    if (output->item_kind == ENGINE_ITEM_FINDING || (!is_duty && output->step == 0) ||
        (is_duty && (!view_duty(drill, output, &duty) || output->party == duty.bearer))) {
        return;
    }
    struct telling telling = begin_telling("told", "上报");
    struct buffer name = {0};
    show_party(plan, output->party, PLAN_NONE, &name);
    show_column(buffer_text(&name), NAME_COLUMNS, &telling.body);
    show_item(drill, output->incident, output->item_kind, output->item, &telling.body);
    (void)json_object_set_new(telling.json, "to", json_party(plan, output->party));
    (void)json_object_set_new(telling.json, "step", json_integer(output->step));
    static const char *const kinds[] = {"duty", "proposal", "finding"};
    (void)json_object_set_new(telling.json, kinds[output->item_kind], json_integer(output->item));
    end_telling(drill, &telling, "notice", output->incident, output->due_at, NULL);
    buffer_release(&name);
}

static void tell_finding(struct drill *drill, const struct engine_output *output, bool is_raised) {
    const struct plan *plan = drill_plan_of(drill, output->incident);
    struct engine_finding_view finding;
    if (!engine_view_finding(drill->engine, output->incident, output->item, &finding)) {
        return;
    }
    struct telling telling = is_raised ? begin_telling("finding", "发现") : begin_telling("settled", "消除");
    buffer_append_string(&telling.body, drill_finding_word(drill, finding.kind));
    buffer_append_string(&telling.body, drill_say(drill, ": ", "："));
    if (finding.kind == ENGINE_CHAIN_EXHAUSTED) {
        show_item(drill, output->incident, finding.item_kind, finding.item, &telling.body);
    } else if (finding.kind == ENGINE_CONTRADICTION) {
        struct engine_claim_view claim;
        if (engine_view_claim(drill->engine, output->incident, finding.item, &claim)) {
            buffer_append_text(&telling.body, plan->facts[claim.fact].name);
            buffer_append_string(&telling.body, " = ");
            plan_print_value(plan, claim.fact, claim.low, claim.high, &telling.body);
        }
    } else if (finding.party < plan->party_count) {
        buffer_append_text(&telling.body, plan->parties[finding.party].name);
    }
    if (is_raised && finding.owner < plan->party_count) {
        buffer_print(&telling.body, drill_say(drill, ", to be settled by %.*s", "，由 %.*s 处理"),
                     TEXT_PRINT(plan->parties[finding.owner].name));
        show_due(drill, finding.due_at, TEXT(""), &telling.body);
    }
    static const char *const kinds[] = {"role_unbound", "chain_exhausted", "contradiction", "move_lost"};
    (void)json_object_set_new(telling.json, "finding", json_integer(output->item));
    (void)json_object_set_new(telling.json, "kind", json_string(kinds[finding.kind]));
    (void)json_object_set_new(telling.json, "party", json_party(plan, finding.party));
    (void)json_object_set_new(telling.json, "owner", json_party(plan, finding.owner));
    end_telling(drill, &telling, is_raised ? "finding_raised" : "finding_closed", output->incident, output->due_at,
                NULL);
}

static void tell_incident(struct drill *drill, const struct engine_output *output, const char *english,
                          const char *chinese, const char *event) {
    struct telling telling = begin_telling("incident", "事件");
    struct engine_incident_view view = {0};
    (void)engine_view_incident(drill->engine, output->incident, &view);
    buffer_print(&telling.body, "%u ", output->incident);
    buffer_append_text(&telling.body, view.title.length > 0 ? view.title : view.plan->subjects[view.subject].name);
    buffer_append_string(&telling.body, drill_say(drill, english, chinese));
    if (output->kind == ENGINE_INCIDENT_MERGED || output->kind == ENGINE_INCIDENT_SPLIT) {
        buffer_print(&telling.body, " %u", output->item);
        (void)json_object_set_new(telling.json, "other", json_integer(output->item));
    }
    (void)json_object_set_new(telling.json, "title", json_text(view.title));
    (void)json_object_set_new(telling.json, "version", json_text(view.plan->version));
    end_telling(drill, &telling, event, output->incident, output->due_at, NULL);
}

static void tell_output(struct drill *drill, uint32_t index, bool *told) {
    static const struct kind_words done = {"done", "办结"};
    static const struct kind_words declined = {"declined", "谢绝"};
    static const struct kind_words overdue = {"overdue", "逾期"};
    static const struct kind_words lapsed = {"lapsed", "失效"};
    static const struct kind_words restored = {"restored", "恢复"};
    static const struct kind_words breached = {"breach", "违反"};
    const struct engine_output *output = &drill->outputs.items[index];
    const struct plan *plan = drill_plan_of(drill, output->incident);
    struct engine_duty_view duty;
    switch (output->kind) {
    case ENGINE_LEVEL_CHANGED:
        tell_level(drill, output);
        break;
    case ENGINE_ORDER_CHANGED:
        tell_order(drill, output);
        break;
    case ENGINE_PROPOSAL_RAISED:
    case ENGINE_PROPOSAL_ENDED:
        tell_proposal(drill, output, output->kind == ENGINE_PROPOSAL_RAISED);
        break;
    case ENGINE_DUTY_RAISED:
        if (view_duty(drill, output, &duty)) {
            tell_duties(drill, index, told, "duty_raised", &duty_words[plan->duties[duty.duty].kind], true);
        }
        break;
    case ENGINE_DUTY_ACKNOWLEDGED:
        tell_acknowledgement(drill, output);
        break;
    case ENGINE_DUTY_DONE:
        tell_duty(drill, output, &done, "duty_done");
        break;
    case ENGINE_DUTY_DECLINED:
        tell_duty(drill, output, &declined, "duty_declined");
        break;
    case ENGINE_DUTY_OVERDUE:
        tell_duty(drill, output, &overdue, "duty_overdue");
        break;
    case ENGINE_DUTY_LAPSED:
        tell_duties(drill, index, told, "duty_lapsed", &lapsed, false);
        break;
    case ENGINE_DUTY_RESTORED:
        tell_duties(drill, index, told, "duty_restored", &restored, false);
        break;
    case ENGINE_DUTY_BREACHED:
        tell_duty(drill, output, &breached, "duty_breached");
        break;
    case ENGINE_NOTICE:
        tell_notice(drill, output);
        break;
    case ENGINE_FINDING_RAISED:
    case ENGINE_FINDING_CLOSED:
        tell_finding(drill, output, output->kind == ENGINE_FINDING_RAISED);
        break;
    case ENGINE_INCIDENT_OPENED:
        tell_incident(drill, output, " opened", " 立案", "incident_opened");
        break;
    case ENGINE_INCIDENT_MERGED:
        tell_incident(drill, output, " merged into", " 并入事件", "incident_merged");
        break;
    case ENGINE_INCIDENT_SPLIT:
        tell_incident(drill, output, " told apart from", " 分出自事件", "incident_split");
        break;
    case ENGINE_INCIDENT_MOVED:
        tell_incident(drill, output, " moved to the version in force", " 改用现行版本", "incident_moved");
        break;
    case ENGINE_INCIDENT_CLOSED:
        tell_incident(drill, output, " closed", " 结案", "incident_closed");
        break;
    case ENGINE_INCIDENT_REOPENED:
        tell_incident(drill, output, " reopened", " 重新打开", "incident_reopened");
        break;
    case ENGINE_PROPOSAL_ACKNOWLEDGED:
    case ENGINE_OUTPUT_KINDS:
        break;
    }
}

void drill_tell_outputs(struct drill *drill) {
    bool *told = drill->outputs.count == 0 ? NULL : calloc(drill->outputs.count, sizeof *told);
    if (told == NULL) {
        drill->is_broken = drill->is_broken || drill->outputs.count > 0;
        return;
    }
    for (uint32_t i = 0; i < drill->outputs.count; i++) {
        if (!told[i] && drill_is_told(drill, drill->outputs.items[i].incident)) {
            tell_output(drill, i, told);
        }
    }
    free(told);
}

/* ---- the whole -------------------------------------------------------------------------------------------- */

/* A text of one acknowledged duty; "" where it has none. */
static const char *get_acknowledged(const json_t *instances, size_t index, const char *key) {
    const char *text = json_string_value(json_object_get(json_array_get(instances, index), key));
    return text == NULL ? "" : text;
}

/* Who acknowledged, and for whom where that is another; where nobody is named, the bearer. */
static void write_acknowledger(const struct drill *drill, const char *by, const char *bearer, struct buffer *out) {
    const char *bearer_shown = bearer[0] == '\0' ? drill_say(drill, "nobody", "未指定") : bearer;
    if (by[0] == '\0' || strcmp(by, bearer) == 0) {
        buffer_print(out, bearer[0] == '\0' ? drill_say(drill, "(%s)", "（%s）") : "%s", bearer_shown);
    } else {
        buffer_print(out, drill_say(drill, "%s (for %s)", "%s（代 %s）"), by, bearer_shown);
    }
}

/* Who acknowledged how many: the single duties are in the JSON. */
static void write_acknowledgements(const struct drill *drill, const json_t *instances, struct buffer *out) {
    for (size_t i = 0; i < json_array_size(instances); i++) {
        const char *bearer = get_acknowledged(instances, i, "bearer");
        const char *by = get_acknowledged(instances, i, "acknowledged_by");
        uint32_t count = 0;
        bool is_first = true;
        for (size_t k = 0; k < json_array_size(instances); k++) {
            bool is_same = strcmp(bearer, get_acknowledged(instances, k, "bearer")) == 0 &&
                           strcmp(by, get_acknowledged(instances, k, "acknowledged_by")) == 0;
            count += is_same ? 1 : 0;
            is_first = is_first && (!is_same || k >= i);
        }
        if (!is_first) {
            continue;
        }
        buffer_append_string(out, i == 0 ? "" : drill_say(drill, ", ", "、"));
        write_acknowledger(drill, by, bearer, out);
        if (count > 1) {
            buffer_print(out, drill_say(drill, " (%u)", " %u 项"), count);
        }
    }
}

static void write_timeline(struct drill *drill, struct buffer *out) {
    int32_t zone = drill->clock.zone_minutes;
    int32_t day = INT32_MIN;
    int64_t last = INT64_MIN;
    struct buffer cell = {0};
    for (uint32_t i = 0; i < drill->entries.count; i++) {
        const struct drill_entry *entry = &drill->entries.items[i];
        if (calendar_find_day(entry->at, zone) != day) {
            char date[CALENDAR_DATE_ROOM];
            day = calendar_find_day(entry->at, zone);
            calendar_print_date(day, date);
            buffer_print(out, "—— %s ——\n", date);
        }
        buffer_clear(&cell);
        if (entry->at != last) {
            show_time_of_day(entry->at, zone, &cell);
        }
        show_column(buffer_text(&cell), 9, out);
        buffer_clear(&cell);
        if (entry->at != last) {
            show_offset(entry->at - drill->clock.start, &cell);
        }
        show_column(buffer_text(&cell), 10, out);
        show_column(entry->label, 9, out);
        buffer_append_text(out, entry->head);
        buffer_append_text(out, entry->items);
        buffer_append_text(out, entry->tail);
        const json_t *json = json_array_get(drill->timeline, i); /* lines and objects go side by side */
        const char *event = json_string_value(json_object_get(json, "event"));
        if (event != NULL && strcmp(event, "duty_acknowledged") == 0) {
            write_acknowledgements(drill, json_object_get(json, "instances"), out);
        }
        buffer_append_string(out, "\n");
        last = entry->at;
    }
    buffer_release(&cell);
}

static void write_judgements(struct drill *drill, struct buffer *out) {
    struct buffer cell = {0};
    for (uint32_t i = 0; i < drill->judgements.count; i++) {
        const struct drill_judgement *judgement = &drill->judgements.items[i];
        buffer_append_string(out, judgement->passed ? drill_say(drill, "passed  ", "通过  ")
                                                    : drill_say(drill, "FAILED  ", "未过  "));
        buffer_clear(&cell);
        show_offset(judgement->at - drill->clock.start, &cell);
        show_column(buffer_text(&cell), 10, out);
        buffer_clear(&cell);
        buffer_print(&cell, drill_say(drill, "line %u", "第 %u 行"), judgement->line);
        show_column(buffer_text(&cell), 10, out);
        buffer_append_text(out, judgement->statement);
        if (!judgement->passed) {
            buffer_print(out, drill_say(drill, "\n        really: %.*s", "\n      实际：%.*s"),
                         TEXT_PRINT(judgement->actual));
        }
        buffer_append_string(out, "\n");
    }
    buffer_release(&cell);
}

static json_t *json_judgements(const struct drill *drill) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < drill->judgements.count; i++) {
        const struct drill_judgement *judgement = &drill->judgements.items[i];
        json_t *json = json_object();
        (void)json_object_set_new(json, "at", json_instant(drill, judgement->at));
        (void)json_object_set_new(json, "line", json_integer(judgement->line));
        (void)json_object_set_new(json, "expectation", json_text(judgement->statement));
        (void)json_object_set_new(json, "passed", json_boolean(judgement->passed));
        (void)json_object_set_new(json, "actual", json_text(judgement->actual));
        (void)json_array_append_new(list, json);
    }
    return list;
}

void drill_tell_result(struct drill *drill) {
    struct buffer *out = &drill->result->text;
    uint32_t passed = 0;
    for (uint32_t i = 0; i < drill->judgements.count; i++) {
        passed += drill->judgements.items[i].passed ? 1 : 0;
    }
    uint32_t failed = drill->judgements.count - passed;
    buffer_print(out,
                 drill_say(drill, "Drill: %.*s (plan %.*s, version %.*s, seed %" PRIu64 ")\n",
                           "演练：%.*s（预案 %.*s 版本 %.*s，种子 %" PRIu64 "）\n"),
                 TEXT_PRINT(drill->title), TEXT_PRINT(drill->plan->name), TEXT_PRINT(drill->plan->version),
                 drill->seed);
    write_timeline(drill, out);
    buffer_append_string(out, "\n");
    write_judgements(drill, out);
    buffer_print(out, drill_say(drill, "%s: %u passed, %u failed\n", "%s：%u 项通过，%u 项未过\n"),
                 failed == 0 ? drill_say(drill, "The drill is passed", "演练通过")
                             : drill_say(drill, "The drill is FAILED", "演练未通过"),
                 passed, failed);
    json_t *json = json_object();
    (void)json_object_set_new(json, "drill", json_text(drill->title));
    (void)json_object_set_new(json, "file", json_string(drill->path));
    (void)json_object_set_new(json, "plan", json_text(drill->plan->name));
    (void)json_object_set_new(json, "version", json_text(drill->plan->version));
    (void)json_object_set_new(json, "seed", json_integer((json_int_t)drill->seed));
    (void)json_object_set_new(json, "start", json_instant(drill, drill->clock.start));
    (void)json_object_set_new(json, "timeline", json_incref(drill->timeline));
    (void)json_object_set_new(json, "expectations", json_judgements(drill));
    (void)json_object_set_new(json, "passed", json_integer(passed));
    (void)json_object_set_new(json, "failed", json_integer(failed));
    drill->result->json = json;
    drill->result->expectations = drill->judgements.count;
    drill->result->failed = failed;
}
