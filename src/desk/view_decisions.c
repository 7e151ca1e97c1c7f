/* What was decided about an incident, in order: by whom, why, what he had before him, how late. */
#include "base/buffer.h"
#include "base/calendar.h"
#include "desk/state.h"
#include "desk/view.h"

#include <stdlib.h>
#include <string.h>

/* A decision, and what it is sorted by. */
struct decision {
    int64_t at, sequence;
    json_t *json;
};

/* By when it had to be decided, and since when it was asked for. */
struct asking {
    uint32_t item; /* 0: nobody had asked */
    int64_t asked_at, due_at;
};

static json_t *copy_text(const json_t *object, const char *name) {
    return view_text(view_read_text(object, name));
}

static json_t *copy_some_text(const json_t *object, const char *name) {
    return view_some_text(view_read_text(object, name));
}

/* Clauses with blanks between them. */
static json_t *list_words(struct text rest) {
    json_t *list = json_array();
    for (struct text word = fold_next_word(&rest); word.length > 0; word = fold_next_word(&rest)) {
        view_add(list, view_text(word));
    }
    return list;
}

/* What the decider had before him, as the log says it. */
static json_t *describe_seen(const json_t *fields) {
    if (json_object_get(fields, "saw_version") == NULL) {
        return json_null();
    }
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "version", copy_text(fields, "saw_version"), "order",
                     copy_some_text(fields, "saw_order"), "level", copy_some_text(fields, "saw_level"), "may",
                     copy_some_text(fields, "saw_may"), "because", list_words(view_read_text(fields, "saw_because")),
                     "open", list_words(view_read_text(fields, "saw_open")));
}

/* Which fields of its event say who decided: a document has names of its own. */
struct decider {
    const char *by, *person, *who, *from;
    const char *title; /* of what was signed */
};

static const struct decider *find_decider(struct text kind) {
    static const struct decider document = {"office", "signer", "signer", "phone", "title"};
    static const struct decider other = {"by", "source", "spoken_by", "spoken_from", ""};
    return text_equals_string(kind, "desk.document") ? &document : &other;
}

static json_t *describe_spoken(const json_t *fields, const struct decider *decider) {
    if (view_read_text(fields, decider->from).length == 0) {
        return json_null();
    }
    return json_pack("{s:o, s:o}", "who", copy_text(fields, decider->who), "from", copy_text(fields, decider->from));
}

static json_t *describe_lateness(const struct asking *asking, int64_t at) {
    if (asking->item == 0 || asking->due_at == ENGINE_NEVER) {
        return json_null();
    }
    return json_integer(at > asking->due_at ? (json_int_t)((at - asking->due_at) / CALENDAR_US_PER_SECOND) : 0);
}

static void set_asking(json_t *json, uint32_t incident, const struct asking *asking, int64_t at) {
    bool was_asked = asking->item != 0;
    view_set(json, "item", was_asked ? view_item(incident, asking->item) : json_null());
    view_set(json, "asked_at", was_asked ? view_instant(asking->asked_at) : json_null());
    view_set(json, "due_at", was_asked ? view_some_instant(asking->due_at) : json_null());
    view_set(json, "late_seconds", describe_lateness(asking, at));
}

/* The proposal that an order has answered, or a refusal ended. */
static struct asking find_proposal(const struct turn *turn, const struct engine_incident_view *incident,
                                   struct text kind, int64_t sequence, int64_t at, struct text scale) {
    struct engine_proposal_view proposal;
    uint32_t found = 0;
    for (uint32_t i = 0; i < incident->order_count; i++) {
        struct engine_order_view order;
        if (engine_view_order(turn->engine, incident->number, i, &order) && order.sequence == (uint64_t)sequence) {
            found = order.proposal;
        }
    }
    for (uint32_t number = 1; number <= incident->proposal_count && text_equals_string(kind, "refuse"); number++) {
        if (engine_view_proposal(turn->engine, incident->number, number, &proposal) &&
            proposal.status == ENGINE_PROPOSAL_REFUSED && proposal.ended_at == at && proposal.scale != PLAN_NONE &&
            text_equal(incident->plan->scales[proposal.scale].name, scale)) {
            found = number;
        }
    }
    if (found == 0 || !engine_view_proposal(turn->engine, incident->number, found, &proposal)) {
        return (struct asking){0};
    }
    return (struct asking){found, proposal.raised_at, proposal.due_at};
}

/* The duty that was a decision to take, or an option; what is merely done is none. */
static struct asking find_choice(const struct turn *turn, const struct engine_incident_view *incident,
                                 struct text number) {
    struct engine_duty_view duty;
    if (!engine_view_duty(turn->engine, incident->number, fold_number(number), &duty) || duty.duty == PLAN_NONE) {
        return (struct asking){0};
    }
    enum plan_duty_kind kind = incident->plan->duties[duty.duty].kind;
    bool is_choice = kind == PLAN_DECISION || kind == PLAN_OPTION;
    return is_choice ? (struct asking){duty.number, duty.since, duty.due_at} : (struct asking){0};
}

static bool is_one_of(struct text word, const char *const *words) {
    while (*words != NULL && !text_equals_string(word, *words)) {
        words++;
    }
    return *words != NULL;
}

/* Whether an event decides something; of what it answers. */
static bool decides(const struct turn *turn, const struct engine_incident_view *incident, const json_t *event,
                    int64_t at, struct asking *asking) {
    static const char *const orders[] = {"order", "refuse", NULL};
    static const char *const choices[] = {"done", "decline", NULL};
    static const char *const others[] = {"close", "reopen",          "merge",         "split",
                                         "move",  "desk.settlement", "desk.document", NULL};
    struct text kind = view_read_text(event, "kind");
    const json_t *fields = json_object_get(event, "fields");
    *asking = (struct asking){0};
    if (is_one_of(kind, orders)) {
        *asking = find_proposal(turn, incident, kind, json_integer_value(json_object_get(event, "sequence")), at,
                                view_read_text(fields, "scale"));
        return true;
    }
    if (is_one_of(kind, choices)) {
        *asking = find_choice(turn, incident, view_read_text(fields, "number"));
        return asking->item != 0;
    }
    return is_one_of(kind, others);
}

static json_t *describe_event(const struct engine_incident_view *incident, const json_t *event,
                              const struct asking *asking, int64_t at) {
    const json_t *fields = json_object_get(event, "fields");
    struct text kind = view_read_text(event, "kind");
    const struct decider *decider = find_decider(kind);
    uint32_t settled = fold_number(view_read_text(fields, "order"));
    bool is_note = text_starts_with(kind, TEXT(SESSION_NOTE_PREFIX));
    size_t prefix = is_note ? sizeof SESSION_NOTE_PREFIX - 1 : 0;
    json_t *json = json_object();
    view_set(json, "sequence", json_incref(json_object_get(event, "sequence")));
    view_set(json, "at", json_incref(json_object_get(event, "at")));
    view_set(json, "kind", view_text((struct text){kind.bytes + prefix, kind.length - prefix}));
    view_set(json, "incident", json_incref(json_object_get(event, "incident")));
    view_set(json, "scale", copy_some_text(fields, "scale"));
    view_set(json, "level", copy_some_text(fields, "level"));
    view_set(json, "outcome", copy_some_text(fields, "outcome"));
    view_set(json, "title", copy_some_text(fields, decider->title));
    view_set(json, "settles", view_some_number(settled));
    view_set(json, "by", copy_some_text(fields, decider->by));
    view_set(json, "source", copy_text(fields, decider->person));
    view_set(json, "actor", json_incref(json_object_get(event, "actor")));
    view_set(json, "reason", copy_text(fields, "reason"));
    view_set(json, "delegated_by", copy_some_text(fields, "delegated_by"));
    view_set(json, "spoken", describe_spoken(fields, decider));
    view_set(json, "saw", describe_seen(fields));
    set_asking(json, incident->number, asking, at);
    return json;
}

/* An order that nobody gave: the plan itself, by what the facts said. */
static json_t *describe_automatic(const struct engine_incident_view *incident, const struct engine_order_view *order) {
    const struct plan_scale *scale = &incident->plan->scales[order->scale];
    const struct asking nobody = {0};
    json_t *json = json_pack("{s:o, s:o, s:s, s:i, s:o, s:o, s:n, s:n, s:n, s:n, s:s, s:s, s:s, s:n, s:n, s:n}",
                             "sequence", view_some_number((int64_t)order->sequence), "at", view_instant(order->at),
                             "kind", "automatic", "incident", (int)incident->number, "scale", view_text(scale->name),
                             "level", view_level(scale, order->level), "outcome", "title", "settles", "by", "source",
                             "", "actor", "", "reason", "", "delegated_by", "spoken", "saw");
    set_asking(json, incident->number, &nobody, order->at);
    return json;
}

static int compare_decisions(const void *left, const void *right) {
    const struct decision *one = left;
    const struct decision *other = right;
    if (one->at != other->at) {
        return one->at < other->at ? -1 : 1;
    }
    return one->sequence < other->sequence ? -1 : one->sequence > other->sequence;
}

/* Takes the JSON over. */
static void add_decision(struct buffer *found, struct decision decision) {
    buffer_append(found, &decision, sizeof decision);
    if (found->failed) {
        json_decref(decision.json);
    }
}

static void add_events(const struct turn *turn, const struct engine_incident_view *incident, const json_t *timeline,
                       struct buffer *found) {
    size_t index = 0;
    json_t *event = NULL;
    json_array_foreach((json_t *)timeline, index, event) {
        struct asking asking;
        struct decision decision = {.sequence = json_integer_value(json_object_get(event, "sequence"))};
        if (calendar_parse_instant(view_read_text(event, "at"), 0, &decision.at, NULL) &&
            decides(turn, incident, event, decision.at, &asking)) {
            decision.json = describe_event(incident, event, &asking, decision.at);
            add_decision(found, decision);
        }
    }
}

static void add_automatic(const struct turn *turn, const struct engine_incident_view *incident, struct buffer *found) {
    for (uint32_t i = 0; i < incident->order_count; i++) {
        struct engine_order_view order;
        if (engine_view_order(turn->engine, incident->number, i, &order) && order.by == PLAN_NONE &&
            order.source.length == 0 && order.scale != PLAN_NONE) {
            add_decision(found,
                         (struct decision){order.at, (int64_t)order.sequence, describe_automatic(incident, &order)});
        }
    }
}

json_t *view_decisions(const struct turn *turn, const struct engine_incident_view *incident, const json_t *timeline) {
    struct buffer found = {0};
    json_t *list = json_array();
    add_events(turn, incident, timeline, &found);
    add_automatic(turn, incident, &found);
    struct decision *decisions = (struct decision *)(void *)found.bytes;
    size_t count = found.length / sizeof *decisions;
    if (count > 0) {
        qsort(decisions, count, sizeof *decisions, compare_decisions);
    }
    for (size_t i = 0; i < count; i++) {
        view_add(list, decisions[i].json);
    }
    bool has_failed = found.failed;
    buffer_release(&found);
    if (has_failed) {
        json_decref(list);
        return NULL;
    }
    return list;
}
