#include "retell.h"

#include "run/event_codec.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define INSTANTS_MAX 200000 /* between two events; more is an engine that does not come on */

/* ---- lists of consequences -------------------------------------------------------------------------------- */

void told_add(struct told_list *list, const struct told *told) {
    if (list->count == list->room) {
        uint32_t room = list->room == 0 ? 256 : list->room * 2;
        struct told *grown = realloc(list->items, room * sizeof *grown);
        if (grown == NULL) {
            list->failed = true;
            return;
        }
        list->items = grown;
        list->room = room;
    }
    list->items[list->count++] = *told;
}

void told_release(struct told_list *list) {
    free(list->items);
    *list = (struct told_list){0};
}

bool told_equal(const struct told *left, const struct told *right, bool late) {
    const struct engine_output *one = &left->output;
    const struct engine_output *two = &right->output;
    return left->sequence == right->sequence && one->kind == two->kind && one->incident == two->incident &&
           (late || one->at == two->at) && one->due_at == two->due_at && one->item_kind == two->item_kind &&
           one->item == two->item && one->scale == two->scale && one->level == two->level && one->may == two->may &&
           one->party == two->party && one->step == two->step;
}

/* ---- plans ------------------------------------------------------------------------------------------------ */

/* Compiled once for all runs: the text of a pack is the same wherever it comes from. */
struct kept_plan {
    struct kept_plan *next;
    struct plan *plan;
    uint64_t hash;
    size_t length;
};

static struct kept_plan *kept_plans;

static const struct plan *find_plan(struct text source, struct failure *fault) {
    uint64_t hash = text_hash(source);
    for (const struct kept_plan *kept = kept_plans; kept != NULL; kept = kept->next) {
        if (kept->hash == hash && kept->length == source.length) {
            return kept->plan;
        }
    }
    struct kept_plan *kept = calloc(1, sizeof *kept);
    struct plan_messages messages = {0};
    if (kept != NULL) {
        kept->plan = plan_compile(TEXT("logged"), source, &messages);
    }
    plan_messages_release(&messages);
    if (kept == NULL || kept->plan == NULL) {
        free(kept);
        (void)failure_set(fault, "a pack in the log does not compile");
        return NULL;
    }
    kept->hash = hash;
    kept->length = source.length;
    kept->next = kept_plans;
    kept_plans = kept;
    return kept->plan;
}

void retell_forget_plans(void) {
    while (kept_plans != NULL) {
        struct kept_plan *next = kept_plans->next;
        plan_destroy(kept_plans->plan);
        free(kept_plans);
        kept_plans = next;
    }
}

/* ---- telling ---------------------------------------------------------------------------------------------- */

struct listener {
    struct engine *engine;
    struct told_list *told;
    uint64_t sequence;
    enum engine_event_kind by;
};

struct teller {
    struct machine *machine;
    struct event_codec *codec;
    struct listener plain, patient;
    struct told_list patiently_told;
    struct retelling *out;
    int64_t earlier_sequence;
    struct failure *fault;
    bool with_patient;
    bool fine;
};

static void hear(void *context, const struct engine_output *output) {
    struct listener *listener = context;
    told_add(listener->told, &(struct told){listener->sequence, listener->by, *output});
}

static bool tell(struct listener *listener, const struct engine_event *event, uint64_t sequence,
                 struct failure *fault) {
    struct failure inner = {0};
    listener->sequence = sequence;
    listener->by = event->kind;
    return engine_step(listener->engine, event, hear, listener, &inner) ||
           failure_set(fault, "event %" PRIu64 " was accepted and is refused when it is told again: %s", sequence,
                       inner.message);
}

/* Hands in the time at every single instant up to the event's. */
static bool tell_patiently(struct listener *listener, const struct engine_event *event, struct failure *fault) {
    uint32_t count = 0;
    int64_t next = 0;
    while ((next = engine_next_instant(listener->engine)) <= event->at) {
        const struct engine_event time = event_start(ENGINE_TIME, next, 0);
        if (next <= engine_now(listener->engine) && engine_now(listener->engine) != INT64_MIN) {
            return failure_set(fault, "the next instant %" PRId64 " is not after now", next);
        }
        if (count++ > INSTANTS_MAX) {
            return failure_set(fault, "event %" PRIu64 ": the clocks before it have no end", event->sequence);
        }
        if (!tell(listener, &time, event->sequence, fault)) {
            return false;
        }
    }
    return tell(listener, event, event->sequence, fault);
}

static bool tell_record(struct teller *teller, const struct store_record *record) {
    struct engine_event event;
    struct event_extra extra;
    struct failure inner = {0};
    if (!machine_judge_record(teller->machine, record, teller->fault)) {
        return false;
    }
    if (!event_decode(teller->codec, teller->plain.engine, record->fields, record->count, &event, &extra, &inner)) {
        return failure_set(teller->fault, "event %" PRId64 " cannot be read: %s", record->sequence, inner.message);
    }
    event.sequence = (uint64_t)record->sequence;
    if (event.kind == ENGINE_ADOPT) {
        event.plan = find_plan(extra.pack.source, teller->fault);
        if (event.plan == NULL) {
            return false;
        }
    }
    if (!tell(&teller->plain, &event, event.sequence, teller->fault) ||
        (teller->with_patient && !tell_patiently(&teller->patient, &event, teller->fault))) {
        return false;
    }
    teller->out->event_count = record->sequence;
    teller->out->last_kind = event.kind;
    if (record->sequence == teller->earlier_sequence) {
        engine_write_state(teller->plain.engine, &teller->out->earlier);
    }
    return true;
}

static bool visit(void *context, const struct store_record *record) {
    struct teller *teller = context;
    teller->fine = tell_record(teller, record);
    return teller->fine;
}

/* What the patient engine has heard and come to must be what the plain one has. */
static bool compare_patience(struct teller *teller) {
    const struct told_list *plain = teller->plain.told;
    const struct told_list *patient = teller->patient.told;
    for (uint32_t i = 0; i < plain->count || i < patient->count; i++) {
        if (i >= plain->count || i >= patient->count || !told_equal(&plain->items[i], &patient->items[i], true)) {
            const struct told *told = i < plain->count ? &plain->items[i] : &patient->items[i];
            return failure_set(teller->fault,
                               "consequence %" PRIu32 ", of event %" PRIu64 " (kind %d, incident %" PRIu32
                               ", item %" PRIu32 "): another one when the clock is handed in at every instant",
                               i, told->sequence, (int)told->output.kind, told->output.incident, told->output.item);
        }
    }
    struct buffer state = {0};
    engine_write_state(teller->patient.engine, &state);
    bool same = !state.failed && text_equal(buffer_text(&state), buffer_text(&teller->out->state));
    buffer_release(&state);
    return same || failure_set(teller->fault, "another state when the clock is handed in at every instant");
}

static bool tell_all(struct teller *teller, struct store *reader) {
    struct failure inner = {0};
    teller->fine = true;
    if (!store_read(reader, 1, true, visit, teller, &inner)) {
        return failure_set(teller->fault, "the log cannot be read: %s", inner.message);
    }
    if (!teller->fine) {
        return false;
    }
    engine_write_state(teller->plain.engine, &teller->out->state);
    if (teller->out->event_count < teller->machine->acknowledged) {
        return failure_set(teller->fault, "the log ends at event %" PRId64 ", event %" PRId64 " was acknowledged",
                           teller->out->event_count, teller->machine->acknowledged);
    }
    return !teller->with_patient || compare_patience(teller);
}

bool retell_log(struct machine *machine, struct store *reader, int64_t earlier_sequence, bool patient,
                struct retelling *retelling, struct failure *fault) {
    struct teller teller = {.machine = machine,
                            .codec = event_codec_create(),
                            .out = retelling,
                            .earlier_sequence = earlier_sequence,
                            .fault = fault,
                            .with_patient = patient};
    *retelling = (struct retelling){0};
    teller.plain = (struct listener){.engine = engine_create(), .told = &retelling->told};
    teller.patient = (struct listener){.engine = engine_create(), .told = &teller.patiently_told};
    bool fine = teller.codec != NULL && teller.plain.engine != NULL && teller.patient.engine != NULL;
    if (!fine) {
        (void)failure_set(fault, "the simulator is out of memory");
    } else if (earlier_sequence == 0) {
        engine_write_state(teller.plain.engine, &retelling->earlier);
    }
    fine = fine && tell_all(&teller, reader);
    engine_destroy(teller.plain.engine);
    engine_destroy(teller.patient.engine);
    event_codec_destroy(teller.codec);
    told_release(&teller.patiently_told);
    return fine;
}

void retelling_release(struct retelling *retelling) {
    told_release(&retelling->told);
    buffer_release(&retelling->state);
    buffer_release(&retelling->earlier);
}
