#include "run/session.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "run/batch.h"
#include "run/editions.h"
#include "run/event_codec.h"
#include "run/feed.h"
#include "store/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a decider sees, as texts; the clauses stand one after the other in `clauses`. */
struct seen_room {
    struct event_seen seen;
    struct buffer because;
    struct buffer open;
};

struct session {
    struct store *store; /* NULL in memory */
    struct engine *engine;
    struct event_codec *codec;
    struct editions *editions; /* its own, or lent to a part */
    struct event_fields fields;
    struct seen_room seen;
    bool read_only;
    bool failed;       /* the log or the engine has, not an event */
    bool is_part;      /* its store and editions are lent */
    engine_sink *sink; /* gets the consequences of what is replayed */
    void *sink_context;
    session_observe *observe;
    void *observe_context;
    struct batch *batch; /* what waits to be durable */
    bool is_held;
    bool is_ahead; /* the engine has taken what could not be logged */
    int64_t event_count;
    size_t difference_count;
    struct session_difference differences[SESSION_DIFFERENCES_LISTED];

    /* while replaying */
    const struct session_options *options;
    struct failure *failure;
    struct feed *feed;
    int64_t refused; /* number of an event given to the feed that the engine refused, 0 none */
    bool replay_failed;
};

const struct engine *session_engine(const struct session *session) {
    return session->engine;
}

bool session_has_failed(const struct session *session) {
    return session->failed;
}

int64_t session_event_count(const struct session *session) {
    return session->event_count;
}

size_t session_count_differences(const struct session *session) {
    return session->difference_count;
}

const struct session_difference *session_list_differences(const struct session *session, size_t *count) {
    *count =
        session->difference_count < SESSION_DIFFERENCES_LISTED ? session->difference_count : SESSION_DIFFERENCES_LISTED;
    return session->differences;
}

/* ---- plans ------------------------------------------------------------------------------------------------ */

bool session_find_zone(const struct session *session, int32_t *zone_minutes) {
    return editions_find_zone(session->editions, zone_minutes);
}

struct text session_find_pack(const struct session *session, const struct plan *plan) {
    return editions_find_source(session->editions, plan);
}

/* ---- what a decider sees ---------------------------------------------------------------------------------- */

static void add_clauses(const struct plan *plan, struct plan_span cites, struct buffer *out) {
    for (uint16_t i = 0; i < cites.count; i++) {
        buffer_append_string(out, out->length == 0 ? "" : " ");
        buffer_append_text(out, plan->cites[cites.first + i]);
    }
}

/* Fills in what the state shows about a scale. */
static bool look(const struct engine *engine, uint32_t incident, uint16_t scale_index, struct seen_room *room) {
    struct engine_incident_view view;
    struct engine_scale_view state;
    const struct decide_program *program = NULL;
    struct decide_box box;
    struct decide_level level;
    buffer_clear(&room->because);
    buffer_clear(&room->open);
    if (!engine_view_incident(engine, incident, &view) || !engine_view_scale(engine, incident, scale_index, &state) ||
        !engine_view_box(engine, incident, &box, &program)) {
        return false;
    }
    decide_scale(program, scale_index, &box, &level);
    const struct plan_scale *scale = &view.plan->scales[scale_index];
    for (uint16_t i = 0; i < scale->rule_count; i++) {
        const struct plan_rule *rule = &view.plan->rules[scale->first_rule + i];
        if ((state.because & UINT64_C(1) << i) != 0) {
            add_clauses(view.plan, rule->cites, &room->because);
        } else if ((level.open & UINT64_C(1) << i) != 0) {
            add_clauses(view.plan, rule->cites, &room->open);
        }
    }
    room->seen = (struct event_seen){true,
                                     view.plan->version,
                                     scale->levels[state.order],
                                     scale->levels[state.level],
                                     scale->levels[state.may],
                                     buffer_text(&room->because),
                                     buffer_text(&room->open)};
    return !room->because.failed && !room->open.failed;
}

static bool has_seen(enum engine_event_kind kind) {
    return kind == ENGINE_ORDER || kind == ENGINE_REFUSE;
}

static void note_difference(struct session *session, int64_t sequence, const char *what, struct text logged,
                            struct text found) {
    if (text_equal(logged, found)) {
        return;
    }
    if (session->difference_count < SESSION_DIFFERENCES_LISTED) {
        struct session_difference *difference = &session->differences[session->difference_count];
        difference->sequence = sequence;
        (void)snprintf(difference->text, sizeof difference->text, "%s: the log says \"%.*s\", replay finds \"%.*s\"",
                       what, TEXT_PRINT(text_cut(logged, 100)), TEXT_PRINT(text_cut(found, 100)));
    }
    session->difference_count++;
}

/* Holds what the log says that the decider saw against what replay shows at the same moment. */
static void compare_seen(struct session *session, const struct engine_event *event, const struct event_seen *logged) {
    if (!logged->given || !look(session->engine, event->incident, event->scale, &session->seen)) {
        return;
    }
    const struct event_seen *found = &session->seen.seen;
    int64_t sequence = (int64_t)event->sequence;
    note_difference(session, sequence, "plan version", logged->version, found->version);
    note_difference(session, sequence, "order in force", logged->order, found->order);
    note_difference(session, sequence, "level", logged->level, found->level);
    note_difference(session, sequence, "possible level", logged->may, found->may);
    note_difference(session, sequence, "deciding clauses", logged->because, found->because);
    note_difference(session, sequence, "open clauses", logged->open, found->open);
}

/* ---- replay ----------------------------------------------------------------------------------------------- */

static void compare_before(void *context, const struct engine_event *event, const struct event_seen *seen) {
    compare_seen(context, event, seen);
}

/* Kinds that the engine takes in its own time, while what comes behind them is read. A new version changes what is in
 * force, and a correction is read with the claim before one's eyes. */
static bool can_wait(enum engine_event_kind kind) {
    return kind != ENGINE_ADOPT && kind != ENGINE_CORRECT && kind != ENGINE_EVENT_KINDS;
}

static bool drain(struct session *session, struct failure *failure) {
    return feed_drain(session->feed, &session->refused, failure);
}

/* Hands an event over, to be taken in the engine's own time. */
static bool give(struct session *session, const struct engine_event *event, const struct event_extra *extra,
                 struct failure *failure) {
    if (event->kind == ENGINE_OPEN && !event_codec_open_ahead(session->codec, event->plan)) {
        return failure_say(failure, "memory is exhausted", "内存不足");
    }
    if (event->kind == ENGINE_MOVE) {
        event_codec_move_ahead(session->codec, session->engine, event->incident);
    }
    return feed_give(session->feed, event, has_seen(event->kind) ? &extra->seen : NULL) || drain(session, failure);
}

/* Has an event taken at once; everything before it has been. */
static bool take(struct session *session, struct engine_event *event, const struct event_extra *extra,
                 struct failure *failure) {
    if (event->kind == ENGINE_ADOPT) {
        event->plan = editions_find(session->editions, extra->pack.file, extra->pack.source, failure);
        if (event->plan == NULL) {
            return false;
        }
    }
    if (!engine_step(session->engine, event, session->sink, session->sink_context, failure)) {
        return false;
    }
    return session->is_part || event->kind != ENGINE_ADOPT || event_codec_read_ahead(session->codec, session->engine) ||
           failure_say(failure, "memory is exhausted", "内存不足");
}

static bool show_entry(const struct session *session, const struct session_entry *entry, struct failure *failure) {
    return session->observe == NULL || session->observe(session->observe_context, entry, failure);
}

/* The incident that an event opens or is about; while the log is replayed the engine may be behind what has been read. */
static uint32_t find_incident(const struct session *session, const struct engine_event *event) {
    return event->kind == ENGINE_OPEN ? event_codec_next_incident(session->codec, session->engine) : event->incident;
}

static bool is_note(const struct store_field *fields, size_t count) {
    return count >= 2 && text_equal(fields[0].name, TEXT("kind")) && text_equal(fields[1].name, TEXT("at")) &&
           text_starts_with(fields[0].value, TEXT(SESSION_NOTE_PREFIX));
}

/* An event that the engine does not know: only shown. */
static bool replay_note(struct session *session, const struct store_record *record, bool *is_past,
                        struct failure *failure) {
    struct session_entry entry = {.sequence = record->sequence, .fields = record->fields, .count = record->count};
    if (!calendar_parse_instant(record->fields[1].value, 0, &entry.at, failure)) {
        return false;
    }
    *is_past = session->options->has_last_at && entry.at > session->options->last_at;
    /* Whoever sees it must have been told the consequences of all that stands before it. */
    return *is_past || (drain(session, failure) && show_entry(session, &entry, failure));
}

static bool replay_record(struct session *session, const struct store_record *record, bool *is_past,
                          struct failure *failure) {
    struct engine_event event;
    struct event_extra extra;
    if (record->withheld) {
        return failure_set(failure, "the event is withheld: this copy cannot be replayed");
    }
    if (is_note(record->fields, record->count)) {
        return replay_note(session, record, is_past, failure);
    }
    bool waits = can_wait(event_find_kind(record->fields, record->count));
    if (!waits && !drain(session, failure)) {
        return false;
    }
    if (!event_decode(session->codec, session->engine, record->fields, record->count, &event, &extra, failure)) {
        return false;
    }
    *is_past = session->options->has_last_at && event.at > session->options->last_at;
    if (*is_past) {
        return true;
    }
    event.sequence = (uint64_t)record->sequence;
    const struct session_entry entry = {.sequence = record->sequence,
                                        .at = event.at,
                                        .incident = find_incident(session, &event),
                                        .fields = record->fields,
                                        .count = record->count};
    if (!show_entry(session, &entry, failure)) {
        return false;
    }
    return waits ? give(session, &event, &extra, failure) : take(session, &event, &extra, failure);
}

static void fail_replay(struct session *session, int64_t sequence, const struct failure *inner) {
    char text[sizeof inner->message + sizeof inner->field + sizeof inner->file + 64];
    failure_print(inner, text, sizeof text);
    (void)failure_set(session->failure, "event %" PRId64 ": %s", session->refused != 0 ? session->refused : sequence,
                      text);
    session->replay_failed = true;
}

static bool visit_record(void *context, const struct store_record *record) {
    struct session *session = context;
    struct failure inner = {0};
    bool is_past = false;
    if (session->options->last_sequence != 0 && record->sequence > session->options->last_sequence) {
        return false;
    }
    if (!replay_record(session, record, &is_past, &inner)) {
        (void)drain(session, &inner); /* what was refused before it is the fault, however far the engine had come */
        fail_replay(session, record->sequence, &inner);
        return false;
    }
    if (!is_past) {
        session->event_count = record->sequence;
    }
    return !is_past;
}

static void end_replay(struct session *session) {
    feed_destroy(session->feed);
    session->feed = NULL;
    event_codec_read_along(session->codec);
}

static bool open_log(struct session *session, const struct session_options *options, struct failure *failure) {
    const struct store_options store_options = {.read_only = options->read_only, .create = options->create};
    session->store = store_open(options->directory, &store_options, failure);
    if (session->store == NULL) {
        return false;
    }
    session->options = options;
    session->failure = failure;
    session->feed = feed_create(session->engine, compare_before, session, options->sink, options->sink_context);
    if (session->feed == NULL || !event_codec_read_ahead(session->codec, session->engine)) {
        return failure_say(failure, "memory is exhausted", "内存不足");
    }
    bool is_read = store_read(session->store, 1, true, visit_record, session, failure);
    struct failure inner = {0};
    if (!session->replay_failed && !drain(session, &inner)) { /* comes before what the store may have to say */
        fail_replay(session, session->refused, &inner);
    }
    end_replay(session);
    session->options = NULL;
    session->failure = NULL;
    return is_read && !session->replay_failed;
}

/* A session with nothing in it; NULL when memory is exhausted. */
static struct session *create_session(const struct session_options *options, struct failure *failure) {
    struct session *session = calloc(1, sizeof *session);
    if (session != NULL) {
        session->engine = engine_create();
        session->codec = event_codec_create();
        session->batch = batch_create();
        session->read_only = options->read_only;
        session->sink = options->sink;
        session->sink_context = options->sink_context;
        session->observe = options->observe;
        session->observe_context = options->observe_context;
    }
    if (session == NULL || session->engine == NULL || session->codec == NULL || session->batch == NULL) {
        (void)failure_say(failure, "memory is exhausted", "内存不足");
        session_close(session);
        return NULL;
    }
    return session;
}

struct session *session_open(const struct session_options *options, struct failure *failure) {
    struct session *session = create_session(options, failure);
    if (session == NULL) {
        return NULL;
    }
    session->editions = editions_create();
    if (session->editions == NULL) {
        (void)failure_say(failure, "memory is exhausted", "内存不足");
        session_close(session);
        return NULL;
    }
    if (options->directory != NULL && !open_log(session, options, failure)) {
        session_close(session);
        return NULL;
    }
    return session;
}

void session_close(struct session *session) {
    if (session == NULL) {
        return;
    }
    feed_destroy(session->feed);
    engine_destroy(session->engine);
    event_codec_destroy(session->codec);
    batch_destroy(session->batch);
    event_fields_release(&session->fields);
    buffer_release(&session->seen.because);
    buffer_release(&session->seen.open);
    if (!session->is_part) {
        editions_destroy(session->editions);
        store_close(session->store);
    }
    free(session);
}

/* ---- a part of a log -------------------------------------------------------------------------------------- */

struct session *session_open_part(struct store *store, struct editions *editions, const struct session_options *options,
                                  struct failure *failure) {
    struct session *session = create_session(options, failure);
    if (session != NULL) {
        session->is_part = true;
        session->read_only = true;
        session->store = store;
        session->editions = editions;
    }
    return session;
}

/* Whether an event is about an incident, or a plan, that the part has not. */
static bool is_elsewhere(const struct session *session, const struct store_record *record, uint32_t incident) {
    enum engine_event_kind kind = event_find_kind(record->fields, record->count);
    if (kind == ENGINE_OPEN) {
        for (size_t i = 0; i < record->count; i++) {
            if (text_equal(record->fields[i].name, TEXT("plan"))) {
                return engine_plan_in_force(session->engine, record->fields[i].value) == NULL;
            }
        }
    }
    return kind != ENGINE_ADOPT && engine_plan_of(session->engine, incident) == NULL;
}

bool session_retell(struct session *session, const struct store_record *record, const struct session_entry *entry,
                    struct failure *failure) {
    struct engine_event event;
    struct event_extra extra;
    struct session_entry shown = *entry;
    enum engine_event_kind kind = event_find_kind(record->fields, record->count);
    session->event_count = record->sequence;
    shown.incident = kind == ENGINE_OPEN ? entry->number : entry->incident;
    if (is_note(record->fields, record->count) || is_elsewhere(session, record, entry->incident)) {
        return show_entry(session, &shown, failure);
    }
    if ((kind == ENGINE_ADOPT || kind == ENGINE_OPEN) && entry->number != 0 &&
        !engine_skip_incidents(session->engine, entry->number, failure)) {
        return false;
    }
    if (!event_decode(session->codec, session->engine, record->fields, record->count, &event, &extra, failure)) {
        return false;
    }
    event.sequence = (uint64_t)record->sequence;
    shown.incident = find_incident(session, &event);
    return show_entry(session, &shown, failure) && take(session, &event, &extra, failure);
}

/* ---- accepting -------------------------------------------------------------------------------------------- */

/* The event as the next opening will read it from the fields that are to be logged. What does not read back, or would
 * not be taken then, is refused now, while somebody is there to hear of it. */
static bool read_back(struct session *session, const struct engine_event *event, struct engine_event *logged,
                      struct failure *failure) {
    struct event_extra extra;
    if (!event_decode(session->codec, session->engine, session->fields.items, session->fields.count, logged, &extra,
                      failure)) {
        return false;
    }
    if (event->kind == ENGINE_ADOPT) {
        logged->plan = event->plan;
    }
    return engine_check(session->engine, logged, failure);
}

/* Makes an event durable, or lets it wait for the end of the batch. *sequence is its number. */
static bool log_fields(struct session *session, const struct store_field *fields, size_t count, int64_t *sequence,
                       struct failure *failure) {
    *sequence = session->event_count + 1;
    if (session->store == NULL) {
        return true;
    }
    if (session->is_held) {
        return batch_add(session->batch, fields, count, failure);
    }
    if (!store_append(session->store, fields, count, sequence, failure)) {
        session->failed = true;
        return false;
    }
    return true;
}

/* Logs an event and hands it over; it has been found acceptable. The engine gets what the log says, not what was handed
 * in: so that what it does now is what replay will do. */
static bool log_and_step(struct session *session, const struct engine_event *event, const struct event_extra *extra,
                         engine_sink *sink, void *context, struct failure *failure) {
    struct engine_event logged;
    int64_t sequence = 0;
    if (!event_encode(session->engine, event, extra, &session->fields, failure) ||
        !read_back(session, event, &logged, failure) ||
        !log_fields(session, session->fields.items, session->fields.count, &sequence, failure)) {
        return false;
    }
    session->event_count = sequence;
    logged.sequence = (uint64_t)sequence;
    const struct session_entry entry = {.sequence = sequence,
                                        .at = logged.at,
                                        .incident = find_incident(session, &logged),
                                        .fields = session->fields.items,
                                        .count = session->fields.count};
    bool taken = show_entry(session, &entry, failure) && engine_step(session->engine, &logged, sink, context, failure);
    session->failed = session->failed || !taken;
    return taken;
}

static bool refuse_writing(const struct session *session, struct failure *failure) {
    if (session->is_ahead) {
        return failure_say(failure, "the log could not take what came before; it must be opened anew",
                           "日志此前未能写入，须重新打开");
    }
    return !session->read_only || failure_say(failure, "this session only reads", "只能查看，不能登记");
}

void session_hold(struct session *session) {
    session->is_held = true;
}

bool session_release(struct session *session, struct failure *failure) {
    session->is_held = false;
    if (batch_count(session->batch) > 0 && !batch_append(session->batch, session->store, failure)) {
        session->failed = true;
        session->is_ahead = true;
        return false;
    }
    return true;
}

bool session_catch_up(struct session *session, int64_t at, engine_sink *sink, void *context, struct failure *failure) {
    if (!refuse_writing(session, failure)) {
        return false;
    }
    if (engine_next_instant(session->engine) > at) {
        return true;
    }
    struct engine_event event = event_start(ENGINE_TIME, at, 0);
    return engine_check(session->engine, &event, failure) &&
           log_and_step(session, &event, NULL, sink, context, failure);
}

bool session_accept(struct session *session, const struct engine_event *event, engine_sink *sink, void *context,
                    struct failure *failure) {
    return session_accept_entry(session, event, &(struct event_entry){0}, sink, context, failure);
}

bool session_accept_entry(struct session *session, const struct engine_event *event, const struct event_entry *entry,
                          engine_sink *sink, void *context, struct failure *failure) {
    struct event_extra extra = {.entry = *entry};
    if (!refuse_writing(session, failure)) {
        return false;
    }
    if (event->kind == ENGINE_ADOPT) {
        return failure_set(failure, "a plan is put in force with its text");
    }
    if (event->kind != ENGINE_TIME && !session_catch_up(session, event->at, sink, context, failure)) {
        return false;
    }
    if (!engine_check(session->engine, event, failure)) {
        return false;
    }
    if (has_seen(event->kind)) {
        if (!look(session->engine, event->incident, event->scale, &session->seen)) {
            return failure_say(failure, "memory is exhausted", "内存不足");
        }
        extra.seen = session->seen.seen;
    }
    return log_and_step(session, event, &extra, sink, context, failure);
}

bool session_try(struct session *session, const struct engine_event *event, const struct event_entry *entry,
                 struct failure *failure) {
    const struct event_extra extra = {.entry = *entry};
    struct engine_event logged;
    return refuse_writing(session, failure) && engine_check(session->engine, event, failure) &&
           event_encode(session->engine, event, &extra, &session->fields, failure) &&
           read_back(session, event, &logged, failure);
}

bool session_adopt(struct session *session, int64_t at, struct text source, struct text file, struct text pack,
                   engine_sink *sink, void *context, const struct plan **plan, struct failure *failure) {
    struct engine_event event = event_start(ENGINE_ADOPT, at, 0);
    if (!session_catch_up(session, at, sink, context, failure)) {
        return false;
    }
    event.source = source;
    event.plan = editions_find(session->editions, file, pack, failure);
    if (event.plan == NULL || !engine_check(session->engine, &event, failure)) {
        return false;
    }
    const struct event_extra extra = {.pack = {file, event.plan->name, event.plan->version, pack}};
    if (plan != NULL) {
        *plan = event.plan;
    }
    return log_and_step(session, &event, &extra, sink, context, failure);
}

bool session_advance(struct session *session, int64_t at, engine_sink *sink, void *context, struct failure *failure) {
    if (!session->read_only && session->store != NULL) {
        return failure_set(failure, "a writer logs the passing of time");
    }
    struct engine_event event = event_start(ENGINE_TIME, at, 0);
    return engine_step(session->engine, &event, sink, context, failure);
}

bool session_note(struct session *session, int64_t at, const struct store_field *fields, size_t count,
                  engine_sink *sink, void *context, struct failure *failure) {
    struct session_entry entry = {.at = at, .fields = fields, .count = count};
    if (!is_note(fields, count)) {
        return failure_set(failure, "an event that is none of the engine's begins with its kind, %s…, and its instant",
                           SESSION_NOTE_PREFIX);
    }
    int64_t said = 0;
    if (!calendar_parse_instant(fields[1].value, 0, &said, failure) || said != at) {
        return failure_say_field(failure, "at", "must be the event's instant", "须与记录的时间一致");
    }
    if (at < engine_now(session->engine)) {
        return failure_say(failure, "time goes backwards", "时间倒退了");
    }
    if (!session_catch_up(session, at, sink, context, failure) ||
        !log_fields(session, fields, count, &entry.sequence, failure)) {
        return false;
    }
    session->event_count = entry.sequence;
    if (!show_entry(session, &entry, failure)) {
        session->failed = true;
        return false;
    }
    return true;
}

bool session_read(struct session *session, int64_t from_sequence, store_visit *visit, void *context,
                  struct failure *failure) {
    return session->store == NULL || store_read(session->store, from_sequence, false, visit, context, failure);
}

bool session_find_head(struct session *session, struct store_head *head, struct failure *failure) {
    *head = (struct store_head){0};
    return session->store == NULL || store_find_head(session->store, head, failure);
}
