/* fold — what the desk keeps from the log besides the engine's state.
 *
 * What it is for: calls, the keys of requests, which events concern which incident, which plans are in force. All of it
 * comes from the log's events, seen one after the other (fold_take), so that a restart knows what was known before.
 * Owns: all of that. Must never look at the engine, write, or read a clock.
 *
 * Kinds of events that are the desk's own: "desk.call" (call text, place, caller, phone, called_at, incident),
 * "desk.call-incident" (call, incident), "desk.settlement" (incident, order, outcome, reason), "desk.account" (name, display_name, rights, parties), "desk.attachment" (sha256, bytes, type, name). docs/desk.md lists them.
 */
#ifndef PINYUE_DESK_FOLD_H
#define PINYUE_DESK_FOLD_H

#include "base/arena.h"
#include "base/text.h"
#include "run/session.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A request's key is remembered at least this long after its request. */
#define FOLD_KEY_US (INT64_C(72) * 3600 * 1000000)

struct fold;

struct fold_call {
    uint32_t number;  /* from 1 */
    int64_t sequence; /* of its event */
    int64_t called_at, saved_at;
    struct text text, place, caller, phone, taken_by;
    uint32_t incident;         /* 0: none yet */
    int64_t assigned_sequence; /* of the event that gave it to its incident; 0: none yet */
};

/* An order, a refusal, or the signature of a document, that was spoken by telephone and recorded by another: open until who
 * holds the office has said whether it was so. */
enum fold_spoken_kind { FOLD_SPOKEN_ORDER, FOLD_SPOKEN_REFUSAL, FOLD_SPOKEN_DOCUMENT };
enum fold_settled { FOLD_UNSETTLED, FOLD_CONFIRMED, FOLD_DISPUTED };
struct fold_spoken {
    int64_t sequence; /* of the event that recorded it */
    uint32_t incident;
    int64_t at;
    enum fold_spoken_kind kind;
    struct text scale, level, by, who, from, recorder, reason;
    struct text title, sha256; /* of a document, whose scale is empty */
    enum fold_settled settled;
    int64_t settled_at;
    struct text settler, remark;
};

/* A file that somebody has sent ("desk.attachment": sha256, bytes, type, name). */
struct fold_attachment {
    int64_t sequence, at, bytes;
    struct text sha256, type, name, sender;
    bool proves; /* something in an incident names it */
};

/* What proves that a duty was done (or not): files by their SHA-256, with blanks between. */
struct fold_proof {
    uint32_t incident, duty;
    int64_t at;
    struct text attachments, actor;
};

/* From which number somebody acknowledged a duty by telephone. */
struct fold_answer {
    uint32_t incident, duty;
    int64_t at;
    struct text from;
};

/* That a unit was bound to a role in an incident, or (`ends`) no longer is. */
struct fold_binding {
    uint32_t incident;
    int64_t at;
    struct text role, unit;
    bool ends;
};

/* An incident that was said to be the same as another, whatever has become of that since. */
struct fold_merge {
    uint32_t from, into;
    int64_t sequence; /* of the event that said so */
};

/* A plan (version) that was put in force. */
struct fold_adoption {
    int64_t sequence;
    struct text plan; /* its name */
};

/* What became of a request. */
struct fold_key {
    int64_t sequence; /* of its first event */
    uint64_t mark;    /* of what was asked, as in the log */
    uint32_t incident, call;
};

/* NULL when memory is exhausted. */
struct fold *fold_create(void);
void fold_destroy(struct fold *fold);

/* A session_observe; the context is the fold. */
bool fold_take(void *context, const struct session_entry *entry, struct failure *failure);

/* The request of this actor and key; NULL when it is not known (any more). Valid until the next event. */
const struct fold_key *fold_find_key(const struct fold *fold, struct text actor, struct text key);

/* Writes a key as the log has it, with the mark of what was asked: "KEY 0123456789abcdef". */
#define FOLD_KEY_ROOM 96
void fold_write_key(const char *key, uint64_t mark, char out[FOLD_KEY_ROOM]);

/* Takes such a key apart; false where it is none. */
bool fold_read_key(struct text logged, struct text *key, uint64_t *mark);

/* Calls, by number from 1. In a part of a log not all numbers are there. The count is the highest number. */
uint32_t fold_call_count(const struct fold *fold);
const struct fold_call *fold_find_call(const struct fold *fold, uint32_t number);

/* The numbers of the calls that belong to an incident, or once did; oldest first. */
const uint32_t *fold_find_calls(const struct fold *fold, uint32_t incident, size_t *count);

/* What was spoken, oldest first, by index from 0. And what one event recorded; NULL when that is no such thing. */
size_t fold_spoken_count(const struct fold *fold);
const struct fold_spoken *fold_find_spoken(const struct fold *fold, size_t index);
const struct fold_spoken *fold_find_spoken_of(const struct fold *fold, int64_t sequence);

/* Files, the oldest first, by index from 0. */
size_t fold_attachment_count(const struct fold *fold);
const struct fold_attachment *fold_find_attachment(const struct fold *fold, size_t index);

/* The newest file of this content, `sender`'s own where he has sent it too; NULL where there is none. */
const struct fold_attachment *fold_find_content(const struct fold *fold, struct text sha256, struct text sender);

/* What proves duties, the oldest first, by index from 0. */
size_t fold_proof_count(const struct fold *fold);
const struct fold_proof *fold_find_proof(const struct fold *fold, size_t index);

/* From which number a duty was acknowledged at an instant; empty where that was not by telephone. */
struct text fold_find_answer(const struct fold *fold, uint32_t incident, uint32_t duty, int64_t at);

/* Who was bound to which role, in all incidents, the oldest first, by index from 0. */
size_t fold_binding_count(const struct fold *fold);
const struct fold_binding *fold_find_binding(const struct fold *fold, size_t index);

/* The numbers of the events that say something about an incident, oldest first. A merge, and the telling apart after it,
 * say something about both. */
const int64_t *fold_find_events(const struct fold *fold, uint32_t incident, size_t *count);

/* When an account was last shown what is personal in an incident (logged as "desk.personal-data-read"); INT64_MIN: never. */
int64_t fold_find_reading(const struct fold *fold, struct text account, uint32_t incident);

/* Merges and adoptions, the oldest first, by index from 0. */
size_t fold_merge_count(const struct fold *fold);
const struct fold_merge *fold_find_merge(const struct fold *fold, size_t index);
size_t fold_adoption_count(const struct fold *fold);
const struct fold_adoption *fold_find_adoption(const struct fold *fold, size_t index);

/* Names of the plans that have been put in force, in that order. */
size_t fold_plan_count(const struct fold *fold);
struct text fold_find_plan(const struct fold *fold, size_t index);

/* The instant of the last event. INT64_MIN at first. */
int64_t fold_last_at(const struct fold *fold);

/* A number from 1 on that this program has written; 0 for anything else. */
uint32_t fold_number(struct text text);

/* Takes the first word (behind blanks) off a text; empty when there is none any more. */
struct text fold_next_word(struct text *rest);

/* The value of a field by its name; empty when there is none. */
struct text fold_field(const struct store_field *fields, size_t count, const char *name);

/* The same of an event that a session shows: a copy of it in an arena; the number that it is (fold_number). */
struct text fold_keep(struct arena *arena, const struct session_entry *entry, const char *name);
uint32_t fold_read_number(const struct session_entry *entry, const char *name);

#endif
