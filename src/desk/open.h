/* open — what is open on the desk, gathered once for whoever lists it: the desk, its further pages, the to-call list, the
 * hand-over. For src/desk alone.
 *
 * What it is for: on a bad day ten thousand clocks run and as many calls wait. All of them count, and are handed over by
 * their numbers; what a page is told at once is bounded, and the rest of it comes page by page.
 * Owns nothing but the lists that it makes. Gathering looks at everything that is open, and describes nothing of it.
 */
#ifndef PINYUE_DESK_OPEN_H
#define PINYUE_DESK_OPEN_H

#include "base/buffer.h"
#include "desk/state.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OPEN_LISTED 300U   /* of a kind, on the desk and on each page */
#define OPEN_HANDED 1000U  /* of a kind, as the hand-over shows it */
#define OPEN_ALL SIZE_MAX  /* as it is logged */
#define OPEN_PAGE_MAX 4000 /* the last page that can be asked for */

enum open_kind { OPEN_INCIDENTS, OPEN_CLOCKS, OPEN_CALLS, OPEN_NOTICES, OPEN_SPOKEN, OPEN_UNBOUND, OPEN_KINDS };

struct open_incident {
    uint32_t number;
    int64_t soonest; /* of its clocks; ENGINE_NEVER */
    int64_t overdue, open_proposals;
};

/* A clock that runs. */
struct open_clock {
    int64_t due_at;
    uint32_t incident, item;
    enum engine_item_kind kind;
    uint16_t who, recipient;
    struct text what;
    bool overdue, acknowledged;
};

/* A row of the to-call list. */
struct open_notice {
    int64_t due_at;
    uint32_t incident, number;
};

/* A scale on which nobody who may order is bound. */
struct open_scale {
    uint32_t incident;
    uint16_t scale;
};

/* Of each kind those that stand foremost, at most `most` of them, and how many there are. Incidents: the newest first;
 * clocks: the soonest first, those of the year's duties behind those of incidents; calls (numbers), spoken orders (indexes of the fold), scales: the newest, the oldest of them
 * first; rows of the to-call list: likewise those soonest due, in the order in which they arose. */
struct open_matters {
    size_t most;
    size_t totals[OPEN_KINDS];
    struct buffer
        lists[OPEN_KINDS]; /* of struct open_incident, open_clock, uint32_t, open_notice, size_t, open_scale */
    size_t overdue;        /* of the clocks */
    size_t to_call, to_call_overdue; /* rows that are not about what is owed all the year round */
};

/* Gathers what `kinds` has a bit for (1U << kind; incidents and clocks together). False when memory is exhausted. To be
 * released in any case. */
bool open_gather(const struct turn *turn, unsigned int kinds, size_t most, struct open_matters *open);
void open_release(struct open_matters *open);

/* The name of a kind as openapi.json has it; OPEN_KINDS for any other. */
const char *open_name_kind(enum open_kind kind);
enum open_kind open_find_kind(struct text name);

/* What has been gathered of a kind, from a place in its list on, as openapi.json has it. */
json_t *open_describe(const struct turn *turn, const struct open_matters *open, enum open_kind kind, size_t from);

/* Sets what `told` has a bit for in a body, by the names of its kinds, and "totals" of them. */
void open_set(const struct turn *turn, const struct open_matters *open, unsigned int told, json_t *body);

/* Writes the reference numbers of all that has been gathered of a kind, with blanks between them. */
void open_print(const struct turn *turn, const struct open_matters *open, enum open_kind kind, struct buffer *out);

#endif
