/* event_codec — an engine event as a list of named text fields, and back: how the log spells what happened.
 *
 * What it is for: the log must be readable without the program and must mean the same under a plan compiled anew, so
 * everything in it goes by name: facts, parties, scales, levels, roles, values with their units. docs/command-line.md
 * lists the fields.
 * Owns: a table of names for each plan that it has met, made once, keyed by the names themselves. Borrows the plans and
 * the engine. Both directions are exact: what has been encoded decodes to the same event. Decoding allocates nothing
 * (but for the first event of a plan).
 *
 * Belongs to one thread.
 */
#ifndef PINYUE_RUN_EVENT_CODEC_H
#define PINYUE_RUN_EVENT_CODEC_H

#include "base/buffer.h"
#include "base/failure.h"
#include "base/text.h"
#include "engine/engine.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>

#define EVENT_FIELDS_MAX 32

/* What an ADOPT event carries: the whole pack, so that the log needs no other file. */
struct event_pack {
    struct text file;    /* for messages */
    struct text name;    /* the plan's */
    struct text version; /* the plan's */
    struct text source;  /* the pack's text */
};

/* What somebody had before his eyes who gave or refused an order: texts, so that they can be compared as they are.
 * Clauses are joined by single blanks; levels are names, empty for none. */
struct event_seen {
    bool given;
    struct text version; /* of the plan */
    struct text order;   /* then in force */
    struct text level, may;
    struct text because, open; /* clauses */
};

/* How an event came in at a desk: texts that the engine does not need. All may be empty. */
struct event_entry {
    struct text actor;        /* the account of the person who entered it */
    struct text key;          /* by which a repeated request is known */
    struct text call;         /* the number of the call that it was heard in */
    struct text spoken_by;    /* who spoke it, where it was spoken by telephone and recorded by another … */
    struct text spoken_from;  /* … and from which number */
    struct text delegated_by; /* the account by whose delegation the actor acts for the party … */
    struct text delegation;   /* … and the delegation's number */
    struct text attachments;  /* SHA-256 of the files that prove it, with blanks between */
};

/* What stands in an event's fields beside the event itself. */
struct event_extra {
    struct event_pack pack; /* ADOPT */
    struct event_seen seen; /* ORDER, REFUSE */
    struct event_entry entry;
};

/* Fields ready for store_append. Values point into `written` or into the texts of the event. Initialise with {0};
 * event_fields_release frees. May be used again for the next event. */
struct event_fields {
    struct store_field items[EVENT_FIELDS_MAX];
    size_t count;
    struct buffer written;
};

void event_fields_release(struct event_fields *fields);

struct event_codec;

/* NULL when memory is exhausted. */
struct event_codec *event_codec_create(void);
void event_codec_destroy(struct event_codec *codec);

/* Reading ahead: events are decoded before the engine has taken those that come before them. The codec then keeps by
 * itself under which plan each incident stands, and asks the engine for nothing but the versions in force (and, for
 * CORRECT, the claim). Begins with what the engine knows; to be called again when the engine has taken an ADOPT, with
 * everything before it. False when memory is exhausted. */
bool event_codec_read_ahead(struct event_codec *codec, const struct engine *engine);
/* Reading ahead, an OPEN that has been read and that the engine is yet to take. False when memory is exhausted. */
bool event_codec_open_ahead(struct event_codec *codec, const struct plan *plan);
/* The same of a MOVE. */
void event_codec_move_ahead(struct event_codec *codec, const struct engine *engine, uint32_t incident);
/* The number that the next OPEN that is read will get. */
uint32_t event_codec_next_incident(const struct event_codec *codec, const struct engine *engine);
/* Ends reading ahead: the engine has taken everything. */
void event_codec_read_along(struct event_codec *codec);

/* The word by which the log names a kind of event: "time", "adopt", "open", "report" … */
struct text event_kind_name(enum engine_event_kind kind);

/* An event of a kind in which nothing is said yet: fields that the kind uses and that may be left out are at "not
 * given" (`by` at PLAN_NONE where a party may act), all others zero. `as_of` equals `at` where the kind uses it. */
struct engine_event event_start(enum engine_event_kind kind, int64_t at, uint32_t incident);

/* Writes an event. The engine must be in the state in which the event is to be taken (the incident's plan is found
 * there). `extra` may be NULL where the kind carries nothing. False when the event names what does not exist, when an
 * instant lies beyond the calendar, or memory runs out. */
bool event_encode(const struct engine *engine, const struct engine_event *event, const struct event_extra *extra,
                  struct event_fields *fields, struct failure *failure);

/* The kind of a logged event, before it is read; ENGINE_EVENT_KINDS where the fields do not say one. */
enum engine_event_kind event_find_kind(const struct store_field *fields, size_t count);

/* Reads an event; unless the codec reads ahead, the engine is in the state in which the event is to be taken. Texts of the event and of `extra` point into the fields. For ADOPT, event->plan stays NULL: the
 * caller compiles extra->pack. The failure names the field at fault. `sequence` is left 0. */
bool event_decode(struct event_codec *codec, const struct engine *engine, const struct store_field *fields,
                  size_t count, struct engine_event *event, struct event_extra *extra, struct failure *failure);

#endif
