/* documents — what has been signed, and how it went to whom: kept from the log.
 *
 * What it is for: "desk.submission" is a text that has been handed over to be signed, "desk.submission-return" that an office
 * has sent it back; "desk.document" is a document that an office has signed off, with the hash of its file; "desk.dispatch" is
 * one way in which it, or a script, went to one recipient. Whether a duty is proved by it is said by an event of the engine.
 * Owns its texts; those of what was handed over only until it is settled, of which there is one for each form of an incident at
 * most: so memory is bounded however often texts are handed over. Must never: judge what is logged; that is for whoever logs it.
 */
#ifndef PINYUE_DESK_DOCUMENTS_H
#define PINYUE_DESK_DOCUMENTS_H

#include "base/failure.h"
#include "base/text.h"
#include "run/session.h"

#include <stddef.h>
#include <stdint.h>

struct document {
    int64_t sequence, at; /* of its event: by that number it is known */
    uint32_t incident, bytes, pages;
    uint32_t replaces;                   /* the number of the one that it takes the place of; 0: of none */
    struct text form, title, addressees; /* names, each with a line's end */
    struct text office, signer, phone;   /* phone: whence it was signed off by voice; else empty */
    struct text actor, head, sha256, missing;
};

/* A text that waits for a signature, has been sent back with a word, or is done with: signed, or another was handed over. What is
 * done with has no texts any more. */
enum submitted_state { SUBMITTED_WAITING, SUBMITTED_RETURNED, SUBMITTED_SETTLED };
struct submitted {
    int64_t sequence, at; /* of its event: by that number it is known */
    uint32_t incident;
    uint32_t replaces, events;                 /* as of a document; 0: none, nobody says */
    struct text form, title, body, addressees; /* as of a document */
    struct text drafted;                       /* the body of the draft from which it was made, to compare by */
    struct text drafted_title;                 /* its title and its addressees; empty: nobody says */
    struct text drafted_addressees;
    struct text basis; /* what the draft rested on from which it was made; empty: nobody says */
    struct text submitter;
    enum submitted_state state;
    int64_t returned_at;
    struct text returned_by, returner, reason; /* the office, the person, his word */
};

struct dispatch {
    int64_t sequence, at, as_of;
    int64_t document; /* 0: a script */
    uint32_t incident, duty;
    struct text form, party, way, spoken_with, phone, note, attachments, actor;
};

struct documents;

/* NULL when memory is exhausted. */
struct documents *documents_create(void);
void documents_destroy(struct documents *documents);

/* Takes an event in; others than these two kinds are passed over. */
bool documents_take(struct documents *documents, const struct session_entry *entry, struct failure *failure);

/* The oldest first, by index from 0. Valid until the next event. */
size_t documents_count(const struct documents *documents);
const struct document *documents_at(const struct documents *documents, size_t index);
size_t documents_dispatch_count(const struct documents *documents);
const struct dispatch *documents_dispatch_at(const struct documents *documents, size_t index);

/* The same of texts that were handed over. */
size_t documents_submitted_count(const struct documents *documents);
const struct submitted *documents_submitted_at(const struct documents *documents, size_t index);

/* Of a form of an incident the text that waits for a signature or has been sent back, of which there is one at most; and a
 * text by its event's number. NULL when there is none. */
const struct submitted *documents_find_submitted(const struct documents *documents, uint32_t incident,
                                                 struct text form);
const struct submitted *documents_find_submission(const struct documents *documents, int64_t sequence);

/* The newest document that takes the place of another; NULL while that one stands. */
const struct document *documents_find_successor(const struct documents *documents, int64_t sequence);

/* A signed document by its event's number; NULL when there is none. */
const struct document *documents_find(const struct documents *documents, int64_t sequence);

#endif
