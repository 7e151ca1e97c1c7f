/* machine — the simulated computer of one run: a failing disk, one session on it, and what the session has promised.
 *
 * Owns the disk and the session. Stands between session.c and the store: session.c is compiled a second time for the
 * simulator with store_open and store_append renamed to the two functions at the end (tests/sim/meson.build), so that
 * the session runs unchanged on the simulated disk and every acknowledgement is written down here at the moment when it
 * is given. Only one machine runs at a time.
 */
#ifndef PINYUE_TESTS_SIM_MACHINE_H
#define PINYUE_TESTS_SIM_MACHINE_H

#include "chance.h"
#include "disk.h"

#include "base/failure.h"
#include "run/session.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

#define MACHINE_DIRECTORY "data"

struct machine {
    struct disk *disk;
    struct chance salts;
    struct session *session;     /* NULL while it is down */
    int64_t acknowledged;        /* number of the last event that was acknowledged, or found whole after a crash */
    uint64_t *digests;           /* of events 1 … acknowledged, at sequence - 1 */
    uint64_t digest_room;        /* allocated */
    struct store_head head;      /* as of the last acknowledgement */
    bool pending;                /* an append has failed since */
    bool pending_may_survive;    /* its outcome is not known: it may be there, whole, after reopening */
    uint64_t pending_digest;     /* what it was */
    bool refusing;               /* the store takes nothing until it is reopened */
    int64_t refused_after_count; /* appends that were refused for that reason */
    struct failure *fault;       /* first broken promise, owned by the caller */
};

/* Makes a machine with an empty disk. `fault` is where broken promises go. False when memory is exhausted. */
bool machine_begin(struct machine *machine, uint64_t seed, struct failure *fault);

/* Closes whatever is open and frees. */
void machine_end(struct machine *machine);

/* Starts the session on what the disk holds. False with a failure when it does not start. */
bool machine_start(struct machine *machine, struct failure *failure);

/* The process ends, by itself or because the disk is dead. */
void machine_stop(struct machine *machine);

/* A reader of the log beside the session; the caller closes it with store_close. */
struct store *machine_open_reader(struct machine *machine, struct failure *failure);

/* Holds one record of the log against what was acknowledged; what is there beyond it must be the pending event. A
 * broken promise goes to `fault`. */
bool machine_judge_record(const struct machine *machine, const struct store_record *record, struct failure *fault);

/* The log has been found sound with so many events; a pending one among them counts as acknowledged from now on. */
void machine_settle(struct machine *machine, int64_t event_count);

/* Verifies the whole log, its chain, and that the head of the last acknowledgement is in it. */
bool machine_verify(struct machine *machine, struct store *reader, struct failure *fault);

/* What session.c calls instead of the store's own functions. */
struct store *machine_store_open(const char *directory, const struct store_options *options, struct failure *failure);
bool machine_store_append(struct store *store, const struct store_field *fields, size_t count, int64_t *sequence,
                          struct failure *failure);

#endif
