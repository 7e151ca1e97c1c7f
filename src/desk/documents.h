/* documents — what has been signed, and how it went to whom: kept from the log.
 *
 * What it is for: "desk.document" is a document that an office has signed off, with the hash of its file; "desk.dispatch" is
 * one way in which it, or a script, went to one recipient. Whether a duty is proved by it is said by an event of the engine.
 * Owns its texts. Must never: judge what is logged; that is for whoever logs it.
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

/* The newest document that takes the place of another; NULL while that one stands. */
const struct document *documents_find_successor(const struct documents *documents, int64_t sequence);

/* A signed document by its event's number; NULL when there is none. */
const struct document *documents_find(const struct documents *documents, int64_t sequence);

#endif
