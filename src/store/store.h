/* store — the event log: what was accepted, in order, durable and provable.
 *
 * Owns one log in one data directory. An event is a list of named fields; the store never knows what they mean, never
 * changes or deletes an event, never reads the clock, never ends the process. Every event is chained to the one before
 * by hash, so that a change is found; every field is hashed with its own salt, so that a copy can hide a value or a
 * whole event and still be verified. What stands behind the opaque type is a table of operations (backend.h); SQLite
 * (sqlite.c) is one. docs/log.md describes the promises, the schema, the encoding and the formulas.
 *
 * A `struct store` is used by one thread at a time. One writer per directory; any number of readers beside it, each with
 * a store of its own.
 */
#ifndef PINYUE_STORE_STORE_H
#define PINYUE_STORE_STORE_H

#include "base/failure.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORE_FORMAT 1                                    /* the format that this program writes */
#define STORE_FIELDS_MAX 64                               /* fields of one event */
#define STORE_NAME_MAX_BYTES 64                           /* a field's name */
#define STORE_VALUE_MAX_BYTES ((size_t)16 * 1024 * 1024)  /* a field's value */
#define STORE_EVENT_MAX_BYTES ((size_t)256 * 1024 * 1024) /* an event as stored, all fields together */
#define STORE_HASH_BYTES 32                               /* SHA-256 */
#define STORE_HASH_ROOM 65                                /* bytes that store_print_hash needs */
#define STORE_HEAD_ROOM (STORE_HASH_ROOM + 24)            /* bytes that store_print_head needs */
#define STORE_DAMAGE_ROOM 256                             /* bytes that store_print_damage needs */
#define STORE_DAMAGES_LISTED 64                           /* damages that a report lists; all are counted */

struct store;

struct store_hash {
    uint8_t bytes[STORE_HASH_BYTES];
};

struct store_field {
    struct text name;  /* 1 to STORE_NAME_MAX_BYTES bytes of UTF-8; a name may come more than once */
    struct text value; /* up to STORE_VALUE_MAX_BYTES bytes of UTF-8; empty when masked */
    bool masked;       /* true only when read from a copy that hides this value */
};

struct store_event {
    const struct store_field *fields;
    size_t count; /* 1 to STORE_FIELDS_MAX */
};

/* An event as read. Everything in it points into memory of the store and is valid during the callback alone. */
struct store_record {
    int64_t sequence; /* from 1 */
    bool withheld;    /* true in a copy that hides the whole event: it has no fields then */
    size_t count;
    const struct store_field *fields;
    struct store_hash chain; /* the chain hash, that is the log's head as of this event */
};

/* The head of a log: its last event and that event's chain hash. An empty log has sequence 0 and its origin hash. */
struct store_head {
    int64_t sequence;
    struct store_hash hash;
};

struct store_options {
    bool read_only;  /* opens without the writer's lock; every append is refused */
    bool create;     /* makes the directory (its last part) and the log when there is none */
    const char *vfs; /* for tests: an SQLite VFS by name, NULL for the real one. With a name, the directory is only a
                        part of the file's name: nothing of it is made, checked or locked outside the VFS */
    /* For tests: fills salts and the log's identity instead of OpenSSL's generator; false when it cannot. */
    bool (*fill_random)(void *context, uint8_t *bytes, size_t length);
    void *random_context;
};

/* Opens the log in `directory` (file log.db). Opening for writing takes the directory's lock (file log.lock), recovers
 * what a crash left, and first of all moves everything recovered into the database and syncs it. Fails, with the files
 * untouched, when another writer has the lock, when the format is newer than STORE_FORMAT, or when log.db is not a log
 * of ours. A masked or withheld copy opens read-only alone. `options` may be NULL: an existing log, for writing.
 * The store is owned by the caller: store_close. NULL with a failure otherwise. */
struct store *store_open(const char *directory, const struct store_options *options, struct failure *failure);

/* Closes, gives up the lock, frees. NULL is allowed. */
void store_close(struct store *store);

/* Appends one event and returns true when it is durable on the disk, and only then. *sequence (may be NULL) is its
 * number. The fields are copied.
 * On false the event is not in the log as this store reads it. Three kinds of failure: bad input or a full disk leave
 * the store usable; after a failed sync (or when the outcome cannot be known) every further append is refused until the
 * log has been closed and opened anew, while reading goes on. An event whose append failed in a sync may be there,
 * whole, after reopening: who repeats an append needs a key of his own in it. */
bool store_append(struct store *store, const struct store_field *fields, size_t count, int64_t *sequence,
                  struct failure *failure);

/* As store_append for several events in one transaction: all of them or none. *first_sequence (may be NULL) is the
 * first one's number, the others follow without a hole. For imports and benchmarks; count 0 does nothing. */
bool store_append_many(struct store *store, const struct store_event *events, size_t count, int64_t *first_sequence,
                       struct failure *failure);

/* Whether the log could hold an event of these fields: number of fields, lengths, UTF-8. What it refuses store_append
 * refuses too. */
bool store_check(const struct store_field *fields, size_t count, struct failure *failure);

/* Why appends are refused until the log is reopened, or NULL when they are not. */
const char *store_refusal(const struct store *store);

/* Called for each record; false stops the reading, which is no failure. May append to the same store. */
typedef bool store_visit(void *context, const struct store_record *record);

/* Streams the events from `from_sequence` (at least 1) to the head as of the call, in order, without allocating per
 * event. With `verify` each event is hashed and held against its chain value before the callback sees it; a broken
 * chain, a hole or a body that is no event is a failure that names the sequence. Reading from the middle trusts the
 * chain value of the event before. */
bool store_read(struct store *store, int64_t from_sequence, bool verify, store_visit *visit, void *context,
                struct failure *failure);

/* The head now. */
bool store_find_head(struct store *store, struct store_head *head, struct failure *failure);

/* True when the log is a copy in which something may be masked or withheld. */
bool store_is_copy(const struct store *store);

enum store_damage_kind {
    STORE_DAMAGE_BODY,         /* the stored fields are not those that were logged; the chain value is confirmed */
    STORE_DAMAGE_CHAIN,        /* the stored chain value was changed; the fields are confirmed */
    STORE_DAMAGE_CHANGED,      /* fields or chain value or both were changed; the data cannot tell which */
    STORE_DAMAGE_MISSING,      /* events `sequence` to `last` are not there */
    STORE_DAMAGE_MOVED,        /* event `sequence` stands under the number `other` */
    STORE_DAMAGE_SWAPPED,      /* events `sequence` and `other` stand in each other's place */
    STORE_DAMAGE_INSERTED,     /* what stands under `sequence` was never logged there */
    STORE_DAMAGE_RENUMBERED,   /* `other` events before `sequence` were removed and the later ones numbered down */
    STORE_DAMAGE_UNVERIFIABLE, /* cannot be checked, because the chain value before it is lost */
    STORE_DAMAGE_HIDDEN,       /* a field is masked or the event withheld, though the log is no copy */
    STORE_DAMAGE_UNREADABLE,   /* the database file is broken after `sequence` */
    STORE_DAMAGE_TAIL          /* the expected head is no event of this log: cut off at the end, or rewritten */
};

struct store_damage {
    enum store_damage_kind kind;
    int64_t sequence; /* as stored in the table */
    int64_t last;     /* end of a range; the same as `sequence` otherwise */
    int64_t other;
};

struct store_report {
    int64_t event_count;
    struct store_head head; /* the last stored event's, whether sound or not */
    int64_t masked_field_count;
    int64_t withheld_event_count;
    bool copy;                 /* the log says of itself that it is a copy */
    bool expected_found;       /* the expected head is an event of this log (or its origin) … */
    int64_t expected_sequence; /* … namely this one */
    int64_t damage_count;      /* 0 when the log is sound */
    size_t damage_listed;      /* how many of them follow, in order of sequence as far as known */
    bool damage_search_cut; /* so much is broken that the search for causes stopped early; the counts are a minimum */
    struct store_damage damages[STORE_DAMAGES_LISTED];
    char unreadable_cause[640]; /* what the database says of STORE_DAMAGE_UNREADABLE */
};

/* Reads the whole log and fills the report. `expected` (may be NULL) is a head that was kept elsewhere; its sequence may
 * be 0 when only the hash is known. Returns false only when the log cannot be read at all or memory runs out; damage is
 * no failure: ask report->damage_count. */
bool store_verify(struct store *store, const struct store_head *expected, struct store_report *report,
                  struct failure *failure);

/* One English sentence about a damage. */
void store_print_damage(const struct store_damage *damage, char out[STORE_DAMAGE_ROOM]);

/* A word for the kind: "body", "chain", "changed", "missing", "moved", … */
const char *store_damage_name(enum store_damage_kind kind);

/* What a copy hides. Either function may be NULL: nothing of the kind is hidden. */
struct store_copy_rules {
    bool (*mask)(void *context, const struct store_record *record, const struct store_field *field);
    bool (*withhold)(void *context, const struct store_record *record);
    void *context;
};

/* Copies the log into `directory` (made when it is missing; must hold no log yet), verifying on the way; a log that is
 * not sound is not copied. The copy keeps the identity, the sequences and the chain values. With both rules NULL it is
 * a full backup that can be written on; otherwise it is marked as a copy and only read. What is hidden is not in the
 * copy's bytes. On failure nothing is left behind. *count (may be NULL) is the number of events copied. */
bool store_copy(struct store *store, const char *directory, const struct store_copy_rules *rules, int64_t *count,
                struct failure *failure);

/* Lower-case hex of a hash, and back (64 hex digits, either case; false otherwise). */
void store_print_hash(const struct store_hash *hash, char out[STORE_HASH_ROOM]);
bool store_parse_hash(struct text input, struct store_hash *hash);

/* NUMBER:HASH, as people keep a head and as `pinyue log verify --head` takes it. */
void store_print_head(const struct store_head *head, char out[STORE_HEAD_ROOM]);

#endif
