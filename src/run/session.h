/* session — the single writer: one log, one engine, and the order in which they are used.
 *
 * What it is for: whoever drives the engine (drill, replay, explain, later the server) does it through a session, so
 * that there is one way in: checked, then durable in the log, then taken by the engine, then its consequences shown.
 * Owns: the store, the engine, every compiled plan and its pack's text, until session_close.
 * Must never: read a clock, print, or show a consequence of an event that is not yet durable.
 *
 * Belongs to one thread.
 */
#ifndef PINYUE_RUN_SESSION_H
#define PINYUE_RUN_SESSION_H

#include "base/failure.h"
#include "base/text.h"
#include "engine/engine.h"
#include "plan/plan.h"
#include "run/editions.h"
#include "run/event_codec.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SESSION_DIFFERENCES_LISTED 32

/* Kinds of events that begin so are none of the engine's: whoever keeps them (the desk) folds them itself. */
#define SESSION_NOTE_PREFIX "desk."

struct session;

/* An event as the log has it. */
struct session_entry {
    int64_t sequence;
    int64_t at;
    uint32_t incident; /* that the event opens or is about; 0: none, or the engine does not know it */
    const struct store_field *fields;
    size_t count;
    uint32_t number; /* in a part of a log: what this event's incident, or call, is numbered there; else 0 */
};

/* Sees every event of the log once, in order, while it is replayed and when it is accepted: before the engine takes it
 * (a note after the consequences of all that stands before it) and, within a batch, before it is durable. Must not look at the engine. False ends the opening, or marks the session as
 * failed. */
typedef bool session_observe(void *context, const struct session_entry *entry, struct failure *failure);

struct session_options {
    const char *directory; /* NULL: in memory alone, for drills and tests */
    bool create;           /* make the directory and the log when there are none */
    bool read_only;        /* replay and look; nothing is accepted, a writer may be at work beside */
    int64_t last_sequence; /* read-only: replay up to this event; 0 for all */
    bool has_last_at;      /* read-only: replay only events heard at or before last_at */
    int64_t last_at;
    engine_sink *sink; /* gets the consequences of what is replayed; may be NULL */
    void *sink_context;
    session_observe *observe; /* may be NULL */
    void *observe_context;
};

/* A decision of which replay finds other reasons than the log says its taker saw. */
struct session_difference {
    int64_t sequence;
    char text[320]; /* which part, what the log says, what replay finds */
};

/* Opens a log and replays it, verifying its chain. NULL with a failure that names the event at fault. */
struct session *session_open(const struct session_options *options, struct failure *failure);
void session_close(struct session *session);

/* A part of a log: an engine that is told some of the events alone, each by session_retell. Of the options only sink and
 * observe are looked at. The store (a reader's) and the editions are lent, and must outlive the session, which takes
 * nothing and writes nothing. NULL when memory is exhausted. */
struct session *session_open_part(struct store *store, struct editions *editions, const struct session_options *options,
                                  struct failure *failure);

/* Tells a part its next event, with its instant, the incident that it names, and, where it opens incidents, the first
 * one's number in the whole log. What is about an incident that the part has not been told of is only shown. */
bool session_retell(struct session *session, const struct store_record *record, const struct session_entry *entry,
                    struct failure *failure);

/* The engine, to read its state. */
const struct engine *session_engine(const struct session *session);

/* Number of events in the log so far (as far as replayed, for a read-only session). */
int64_t session_event_count(const struct session *session);

/* A batch: between session_hold and session_release events are checked and taken as ever, but become durable together,
 * in one transaction, when they are released. Nothing of them may be shown or answered before. When session_release
 * fails none of them is in the log; then the engine has taken what the log has not, and all that is left to do with this
 * session is to look at session_has_failed and close it. */
void session_hold(struct session *session);
bool session_release(struct session *session, struct failure *failure);

/* Takes an event: lets everything happen that came due before it (as a `time` event of its own, logged where something
 * did), checks it, appends it durably, hands it to the engine; the sink gets the consequences of both. event->sequence
 * is given by the session. False and nothing logged of the event itself when it cannot be taken; when the engine fails
 * after the append (memory), every later call fails, and the log has the event. For ORDER and REFUSE what the decider
 * has before his eyes is logged with it. ADOPT goes through session_adopt. */
bool session_accept(struct session *session, const struct engine_event *event, engine_sink *sink, void *context,
                    struct failure *failure);

/* As session_accept, logging how the event came in. */
bool session_accept_entry(struct session *session, const struct engine_event *event, const struct event_entry *entry,
                          engine_sink *sink, void *context, struct failure *failure);

/* Whether session_accept_entry would take an event now, once what came due before it has happened (session_catch_up);
 * nothing is taken. */
bool session_try(struct session *session, const struct engine_event *event, const struct event_entry *entry,
                 struct failure *failure);

/* Lets everything happen that came due by itself up to an instant, and logs it where something did. */
bool session_catch_up(struct session *session, int64_t at, engine_sink *sink, void *context, struct failure *failure);

/* Logs an event that is none of the engine's. Its first field is "kind", beginning with SESSION_NOTE_PREFIX, its second
 * "at", an instant not before the engine's now. What came due before it happens first. */
bool session_note(struct session *session, int64_t at, const struct store_field *fields, size_t count,
                  engine_sink *sink, void *context, struct failure *failure);

/* Streams the log's durable events from a number on, as store_read does. */
bool session_read(struct session *session, int64_t from_sequence, store_visit *visit, void *context,
                  struct failure *failure);

/* The log's head, what is held in a batch left out. */
bool session_find_head(struct session *session, struct store_head *head, struct failure *failure);

/* Puts a pack in force: compiles it, logs its whole text, hands it to the engine. *plan (may be NULL) is the compiled
 * plan, owned by the session. A pack that does not compile is a failure with the first message's place. */
bool session_adopt(struct session *session, int64_t at, struct text source, struct text file, struct text pack,
                   engine_sink *sink, void *context, const struct plan **plan, struct failure *failure);

/* Read-only and in-memory sessions: lets time pass without logging it. */
bool session_advance(struct session *session, int64_t at, engine_sink *sink, void *context, struct failure *failure);

/* The zone of all plans that the log puts in force (0 where there is none): false when they have several. */
bool session_find_zone(const struct session *session, int32_t *zone_minutes);

/* True once the log could not take an event, or the engine one that is logged (a full disk, a failed sync, no memory):
 * that an event was not taken then says nothing about the event. */
bool session_has_failed(const struct session *session);

/* The text of the pack from which a plan of this session was compiled. */
struct text session_find_pack(const struct session *session, const struct plan *plan);

/* Decisions whose reasons replay does not bear out: how many, and the first of them. */
size_t session_count_differences(const struct session *session);
const struct session_difference *session_list_differences(const struct session *session, size_t *count);

#endif
