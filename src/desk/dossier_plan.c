#include "desk/dossier_plan.h"

#include "base/calendar.h"
#include "desk/dossier_words.h"
#include "desk/fold.h"
#include "run/session.h"
#include "run/show.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* An engine believes no leap of ten years; an incident may rest for longer. */
#define STRIDE_US (INT64_C(5) * 365 * CALENDAR_US_PER_DAY)
#define HIDDEN "***" /* in the place of a masked value: nothing of the engine's rests on these */

struct dossier_plan {
    const struct dossier *dossier;
    struct session *session;
    struct buffer outputs;  /* of struct engine_output: what is to be told of the last step */
    bool is_open, is_ended; /* the incident has been opened; nothing more can be told */
    bool is_ordering;       /* the event itself says which order is in force */
};

static bool is_told(const struct dossier_plan *telling, const struct engine_output *output) {
    return output->kind == ENGINE_LEVEL_CHANGED || output->kind == ENGINE_PROPOSAL_RAISED ||
           output->kind == ENGINE_DUTY_RAISED || output->kind == ENGINE_DUTY_OVERDUE ||
           (output->kind == ENGINE_ORDER_CHANGED && !telling->is_ordering);
}

/* An engine_sink. */
static void take_output(void *context, const struct engine_output *output) {
    struct dossier_plan *plan = context;
    if (output->incident == plan->dossier->incident && plan->is_open && is_told(plan, output)) {
        buffer_append(&plan->outputs, output, sizeof *output);
    }
}

struct dossier_plan *dossier_plan_open(struct store *copy, struct editions *editions, const struct dossier *dossier,
                                       struct failure *failure) {
    struct dossier_plan *plan = calloc(1, sizeof *plan);
    if (plan == NULL) {
        (void)failure_say(failure, "memory is exhausted", "内存不足");
        return NULL;
    }
    const struct session_options options = {.sink = take_output, .sink_context = plan};
    plan->dossier = dossier;
    plan->session = session_open_part(copy, editions, &options, failure);
    if (plan->session == NULL) {
        dossier_plan_close(plan);
        return NULL;
    }
    return plan;
}

void dossier_plan_close(struct dossier_plan *plan) {
    if (plan != NULL) {
        session_close(plan->session);
        buffer_release(&plan->outputs);
        free(plan);
    }
}

/* The plan under which the incident is, by what has been taken so far; NULL before it is opened. */
static const struct plan *find_plan(const struct dossier_plan *plan) {
    return plan->is_open ? engine_plan_of(session_engine(plan->session), plan->dossier->incident) : NULL;
}

/* ---- what came of it -------------------------------------------------------------------------------------- */

static const char *say(const struct plan *plan, const char *english, const char *chinese) {
    return show_is_chinese(plan) ? chinese : english;
}

static void write_instant(const struct plan *plan, int64_t at, struct buffer *out) {
    char shown[CALENDAR_INSTANT_ROOM];
    calendar_print_instant(at - at % CALENDAR_US_PER_SECOND, plan->zone_minutes, shown);
    buffer_append_string(out, shown);
}

static void write_due(const struct plan *plan, int64_t due_at, struct buffer *out) {
    if (due_at != ENGINE_NEVER) {
        buffer_append_string(out, say(plan, ", due ", "，限 "));
        write_instant(plan, due_at, out);
    }
}

static void write_clauses(const struct plan *plan, struct plan_span cites, struct buffer *out) {
    if (cites.count > 0) {
        buffer_append_string(out, " ");
        show_clauses(plan, cites, out);
    }
}

static void write_rules(const struct plan *plan, const struct plan_scale *scale, uint64_t rules, struct buffer *out) {
    for (uint16_t i = 0; i < scale->rule_count; i++) {
        if ((rules & UINT64_C(1) << i) != 0) {
            write_clauses(plan, plan->rules[scale->first_rule + i].cites, out);
        }
    }
}

static void write_level(const struct dossier_plan *telling, const struct plan *plan, const struct engine_output *output,
                        struct buffer *out) {
    const struct plan_scale *scale = &plan->scales[output->scale];
    struct engine_scale_view state = {0};
    buffer_append_text(out, scale->name);
    buffer_append_string(out, say(plan, ": reached ", "：达到 "));
    buffer_append_text(out, show_level(plan, scale, output->level));
    if (output->may != output->level) {
        buffer_append_string(out, say(plan, ", may come to ", "，可能达到 "));
        buffer_append_text(out, show_level(plan, scale, output->may));
    }
    if (engine_view_scale(session_engine(telling->session), output->incident, output->scale, &state) &&
        state.level == output->level) {
        write_rules(plan, scale, state.because, out);
    }
}

static void write_order(const struct plan *plan, const struct engine_output *output, struct buffer *out) {
    const struct plan_scale *scale = &plan->scales[output->scale];
    buffer_append_text(out, scale->name);
    buffer_append_string(out, say(plan, ": in force is ", "：生效的命令是 "));
    buffer_append_text(out, show_level(plan, scale, output->level));
}

static void write_proposal(const struct dossier_plan *telling, const struct plan *plan,
                           const struct engine_output *output, struct buffer *out) {
    const struct engine *engine = session_engine(telling->session);
    struct engine_proposal_view view;
    if (!engine_view_proposal(engine, output->incident, output->item, &view) || view.scale == PLAN_NONE) {
        return;
    }
    const struct plan_scale *scale = &plan->scales[view.scale];
    buffer_print(out, "%s %" PRIu32 "%s", say(plan, "proposal", "建议"), output->item, say(plan, ", ", "，"));
    buffer_append_text(out, scale->name);
    if (view.kind == ENGINE_END) {
        buffer_append_string(out, say(plan, ": end it", "：终止"));
        write_clauses(plan, show_end_cites(engine, output->incident, scale, &view), out);
    } else {
        buffer_append_string(out, view.kind == ENGINE_RAISE ? say(plan, ": raise it to ", "：提级至 ")
                                                            : say(plan, ": lower it to ", "：降级至 "));
        buffer_append_text(out, show_level(plan, scale, view.to));
        write_rules(plan, scale, view.because, out);
    }
    write_due(plan, view.due_at, out);
}

static bool view_duty(const struct dossier_plan *telling, const struct engine_output *output,
                      struct engine_duty_view *duty) {
    return (output->kind == ENGINE_DUTY_RAISED || output->kind == ENGINE_DUTY_OVERDUE) &&
           engine_view_duty(session_engine(telling->session), output->incident, output->item, duty) &&
           duty->duty != PLAN_NONE;
}

/* Whether the next one is the same thing, owed by or to somebody else: it goes on the same line. */
static bool is_same_duty(const struct dossier_plan *telling, const struct engine_output *one,
                         const struct engine_output *other) {
    struct engine_duty_view duty;
    struct engine_duty_view next;
    return one->kind == other->kind && one->due_at == other->due_at && view_duty(telling, one, &duty) &&
           view_duty(telling, other, &next) && duty.duty == next.duty && duty.due_at == next.due_at;
}

static void write_holders(const struct plan *plan, const struct engine_duty_view *duty, struct buffer *out) {
    if (duty->bearer != PLAN_NONE || duty->bearer_role != PLAN_NONE) {
        show_party(plan, duty->bearer, duty->bearer_role, out);
    }
    if (duty->recipient != PLAN_NONE || duty->recipient_role != PLAN_NONE) {
        buffer_append_string(out, " → ");
        show_party(plan, duty->recipient, duty->recipient_role, out);
    }
}

/* Without the stop at its end: more follows. */
static struct text drop_stop(struct text sentence) {
    static const char *const stops[] = {"。", "."};
    for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++) {
        struct text stop = text_of(stops[i]);
        if (sentence.length > stop.length &&
            memcmp(sentence.bytes + sentence.length - stop.length, stop.bytes, stop.length) == 0) {
            sentence.length -= stop.length;
        }
    }
    return sentence;
}

/* The same duty of several: `count` outputs. */
static void write_duties(const struct dossier_plan *telling, const struct plan *plan,
                         const struct engine_output *outputs, size_t count, struct buffer *out) {
    struct engine_duty_view duty;
    bool is_overdue = outputs->kind == ENGINE_DUTY_OVERDUE;
    buffer_append_string(out, is_overdue ? say(plan, "overdue: ", "逾期未完成：") : say(plan, "duty: ", "职责："));
    for (size_t i = 0; i < count; i++) {
        if (view_duty(telling, &outputs[i], &duty)) {
            buffer_print(out, "%s%" PRIu32 " ", i == 0 ? "" : say(plan, ", ", "、"), outputs[i].item);
            write_holders(plan, &duty, out);
        }
    }
    if (view_duty(telling, outputs, &duty)) {
        buffer_append_string(out, say(plan, ": ", "："));
        buffer_append_text(out, drop_stop(plan->duties[duty.duty].action));
        write_due(plan, is_overdue ? outputs->due_at : duty.due_at, out);
        write_clauses(plan, plan->duties[duty.duty].cites, out);
    }
}

static void write_output(const struct dossier_plan *telling, const struct plan *plan,
                         const struct engine_output *output, size_t count, struct buffer *out) {
    switch (output->kind) {
    case ENGINE_LEVEL_CHANGED:
        write_level(telling, plan, output, out);
        return;
    case ENGINE_ORDER_CHANGED:
        write_order(plan, output, out);
        return;
    case ENGINE_PROPOSAL_RAISED:
        write_proposal(telling, plan, output, out);
        return;
    case ENGINE_DUTY_RAISED:
    case ENGINE_DUTY_OVERDUE:
        write_duties(telling, plan, output, count, out);
        return;
    default:
        return;
    }
}

static void begin_line(const struct plan *plan, int64_t at, struct buffer *out) {
    buffer_append_string(out, "—  ");
    write_instant(plan, at, out);
    buffer_append_string(out, say(plan, "  What the plan made of it: ", "  预案推算："));
}

/* A line of its own for each, and for the same duty of several. */
static void write_outputs(struct dossier_plan *telling, struct buffer *out) {
    const struct plan *plan = find_plan(telling);
    const struct engine_output *outputs = (const struct engine_output *)(const void *)telling->outputs.bytes;
    size_t count = plan == NULL ? 0 : telling->outputs.length / sizeof *outputs;
    size_t taken = 1;
    for (size_t i = 0; i < count; i += taken) {
        struct buffer words = {0};
        taken = 1;
        while (i + taken < count && is_same_duty(telling, &outputs[i], &outputs[i + taken])) {
            taken++;
        }
        write_output(telling, plan, &outputs[i], taken, &words);
        begin_line(plan, outputs[i].due_at, out);
        dossier_write_flat(buffer_text(&words), out);
        buffer_append_string(out, "\n");
        out->failed = out->failed || words.failed;
        buffer_release(&words);
    }
    out->failed = out->failed || telling->outputs.failed;
    buffer_clear(&telling->outputs);
}

/* ---- telling the engine ----------------------------------------------------------------------------------- */

/* From here on the record does not have all that the plan looks at. */
static void end_telling(struct dossier_plan *telling, int64_t at, struct buffer *out) {
    const struct plan *plan = find_plan(telling);
    telling->is_ended = true;
    buffer_clear(&telling->outputs);
    if (plan != NULL) {
        begin_line(plan, at, out);
        buffer_append_string(out, say(plan,
                                      "from here on it is not told, for it rests on events that are not in this "
                                      "record\n",
                                      "此后不再列出，因为它取决于本案卷以外的记录\n"));
    }
}

void dossier_plan_pass(struct dossier_plan *plan, int64_t at, struct buffer *out) {
    struct failure ignored = {0};
    const struct engine *engine = session_engine(plan->session);
    bool is_good = true;
    plan->is_ordering = false;
    while (!plan->is_ended && is_good && engine_now(engine) != INT64_MIN && engine_now(engine) < at) {
        int64_t next = at - engine_now(engine) > STRIDE_US ? engine_now(engine) + STRIDE_US : at;
        is_good = session_advance(plan->session, next, take_output, plan, &ignored);
    }
    if (!is_good) {
        end_telling(plan, at, out);
    }
    write_outputs(plan, out);
}

/* Whether the engine needs it: the versions of the incident's plan, and what is about the incident itself. */
static bool is_needed(const struct dossier_plan *plan, const struct store_record *record, struct text kind) {
    struct text name = buffer_text(&plan->dossier->plan);
    if (text_equals_string(kind, "adopt")) {
        return name.length > 0 && text_equal(fold_field(record->fields, record->count, "plan"), name);
    }
    return !text_starts_with(kind, TEXT(SESSION_NOTE_PREFIX)) &&
           fold_number(fold_field(record->fields, record->count, "incident")) == plan->dossier->incident;
}

static bool retell(struct dossier_plan *plan, const struct store_record *record, bool is_opening, int64_t at) {
    struct failure ignored = {0};
    struct store_field fields[STORE_FIELDS_MAX];
    struct store_record shown = *record;
    shown.fields = fields;
    for (size_t i = 0; i < record->count; i++) {
        fields[i] = record->fields[i];
        fields[i].value = fields[i].masked ? TEXT(HIDDEN) : fields[i].value;
        fields[i].masked = false;
    }
    const struct session_entry entry = {.sequence = record->sequence,
                                        .at = at,
                                        .incident = fold_number(fold_field(fields, record->count, "incident")),
                                        .fields = fields,
                                        .count = record->count,
                                        .number = is_opening ? plan->dossier->incident : 0};
    return session_retell(plan->session, &shown, &entry, &ignored);
}

/* Whether another incident comes in, of which the record has nothing. */
static bool touches_other(const struct dossier_plan *plan, struct text kind) {
    return plan->is_open && (text_equals_string(kind, "merge") || text_equals_string(kind, "split"));
}

void dossier_plan_take(struct dossier_plan *plan, const struct store_record *record, int64_t at, struct buffer *out) {
    struct text kind = fold_field(record->fields, record->count, "kind");
    if (plan->is_ended) {
        return;
    }
    if (touches_other(plan, kind)) {
        end_telling(plan, at, out);
        return;
    }
    if (!is_needed(plan, record, kind)) {
        return;
    }
    bool is_opening = text_equals_string(kind, "open");
    plan->is_open = plan->is_open || is_opening;
    plan->is_ordering = text_equals_string(kind, "order");
    if (!retell(plan, record, is_opening, at)) {
        end_telling(plan, at, out);
        return;
    }
    write_outputs(plan, out);
}

void dossier_plan_end(const struct dossier_plan *plan, bool chinese, struct buffer *out) {
    if (!plan->is_open) {
        buffer_append_string(out, chinese ? "—  预案推算未列出：本案卷没有开设该事件的记录\n"
                                          : "—  What the plan made of it is not told: the record does not have the "
                                            "event by which the incident was opened\n");
    }
}
