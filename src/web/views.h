/* views — what has been shown before and still holds, so that reading does not wait for the writer.
 *
 * What it is for: many pages ask for the same desk and the same incidents; what the writer has rendered once is given to
 * all who may see it, until an event has changed it. Each entry carries the ETag under which it was rendered; after every
 * batch, and before that is answered, the writer drops those whose ETag is another now: whoever has been told that his
 * write is saved never sees what was before it.
 * Owns the texts; a text that is being sent lives until it has been sent. Locks itself.
 */
#ifndef PINYUE_WEB_VIEWS_H
#define PINYUE_WEB_VIEWS_H

#include "base/text.h"
#include "desk/desk.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How long durations that run may stand as they were rendered, microseconds. */
#define VIEWS_AGE_US INT64_C(20000000)

struct views;

/* What is asked for. */
struct views_key {
    enum desk_action action;
    bool is_hidden; /* for those who do not see what is personal */
    uint32_t incident;
    struct text plan;
};

/* A text that several threads may hold. */
struct views_text {
    atomic_int holders;
    char etag[DESK_ETAG_ROOM];
    size_t length;
    char bytes[];
};

/* NULL when memory is exhausted. */
struct views *views_create(void);
void views_destroy(struct views *views);

/* The text for a key, to be given back by views_give_back; NULL when there is none, or it is too old at `boot`. */
struct views_text *views_take(struct views *views, const struct views_key *key, int64_t boot);
void views_give_back(struct views_text *text);

/* Keeps a copy of a text. Forgets others when there are too many. */
void views_keep(struct views *views, const struct views_key *key, const char *etag, struct text text, int64_t boot);

/* Drops every text whose ETag is no longer what `find` gives for its key. */
typedef void views_find_etag(void *context, const struct views_key *key, char etag[DESK_ETAG_ROOM]);
void views_refresh(struct views *views, views_find_etag *find, void *context);

#endif
