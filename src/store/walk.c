/* Streaming the rows of a log, decoded and, when asked for, held against the chain.
 *
 * With verification the rows are copied into a ring of batches. While this thread lets the database fill one, and hands
 * out the events of older ones, a second thread decodes and hashes those between, many at once: no hash waits for
 * another, since each chain value is computed from the stored one before it. Directly before an event is handed out the
 * computed value is held against its stored one; the first where they differ ends the walk, so a callback never sees what
 * was not verified, and what was computed from a wrong value never counts. A batch that the second thread
 * has not come to when its turn is there is hashed here: a busy processor, or a system that gives us no thread, makes it
 * slower and nothing else. The second thread is begun when the first batch is full, so a short read has none. It touches
 * nothing but the batch that it has taken.
 */
#include "store/backend.h"
#include "store/digest.h"

#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define RING 4 /* batches */
#define BATCH_ROWS 256
#define BATCH_BYTES ((size_t)256 * 1024) /* a batch is full from here on; a large event makes one of its own */

/* A row of a batch: where its body and chain value lie in the batch's bytes, and what hashing it gave. */
struct walk_row {
    int64_t sequence;
    size_t offset; /* of the body; the chain value follows it */
    size_t body_length;
    size_t chain_length;
    const char *wrong; /* why the body is no event, or NULL */
    uint8_t content[STORE_HASH_BYTES];
    uint8_t chain[STORE_HASH_BYTES]; /* what its chain value ought to be after the stored one before it */
};

enum walk_state {
    BATCH_FILLING, /* empty, or being filled */
    BATCH_FULL,    /* waits to be hashed */
    BATCH_TAKEN,   /* belongs to the thread that hashes it */
    BATCH_HASHED   /* waits to be handed out */
};

struct walk_batch {
    enum walk_state state; /* changed and read under the ring's mutex, once there is a second thread */
    struct walk_row rows[BATCH_ROWS];
    size_t count;
    struct buffer bytes;
    uint8_t previous[STORE_HASH_BYTES]; /* the stored chain value before the first row */
};

/* What a thread needs to hash a batch. */
struct walk_room {
    struct record_view views[RECORD_HASHED_TOGETHER];
    struct record_hashing hashing;
};

struct walk_ring {
    struct walk_batch batches[RING];
    struct walk_room here, there; /* of the thread that hands out, and of the second one */
    size_t oldest;                /* all from here on to the one that is being filled are full, in order */
    size_t filling;
    pthread_t thread;
    bool running;
    bool refused; /* the system gave us no thread */
    bool ending;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
};

struct walk {
    store_walk_visit *visit;
    void *context;
    struct failure *failure;
    bool stopped; /* by the callback or a failure: nothing more is handed out */
    bool failed;
    int64_t next;                       /* number that the next row must have */
    uint8_t previous[STORE_HASH_BYTES]; /* the stored chain value of the row collected last */
    struct record_view view;
    struct walk_ring *ring; /* NULL without verification */
};

static bool fail_walk(struct walk *walk) {
    walk->failed = true;
    walk->stopped = true;
    return false;
}

/* ---- hashing, on either thread ---- */

static struct record_slice body_of(const struct walk_batch *batch, const struct walk_row *row) {
    return (struct record_slice){(const uint8_t *)batch->bytes.bytes + row->offset, row->body_length};
}

static const uint8_t *stored_chain(const struct walk_batch *batch, const struct walk_row *row) {
    return (const uint8_t *)batch->bytes.bytes + row->offset + row->body_length;
}

/* The rows from `first` on, as many as are hashed together. Returns how many those are. */
static size_t hash_contents(struct walk_batch *batch, struct walk_room *room, size_t first) {
    uint8_t *outs[RECORD_HASHED_TOGETHER];
    size_t good = 0;
    size_t end = first + RECORD_HASHED_TOGETHER < batch->count ? first + RECORD_HASHED_TOGETHER : batch->count;
    for (size_t i = first; i < end; i++) {
        struct walk_row *row = &batch->rows[i];
        row->wrong = record_decode(body_of(batch, row), &room->views[good]);
        if (row->wrong == NULL) {
            outs[good++] = row->content;
        }
    }
    record_hash_many(&room->hashing, room->views, good, outs);
    return end - first;
}

/* What the chain values ought to be. A stored one of another length is found when its row's turn comes, and ends the
 * walk: no matter what is computed from it. */
static void hash_chains(struct walk_batch *batch) {
    uint8_t chained[BATCH_ROWS][DIGEST_CHAIN_BYTES];
    struct digest_input inputs[BATCH_ROWS];
    static const uint8_t none[STORE_HASH_BYTES] = {0};
    const uint8_t *previous = batch->previous;
    for (size_t i = 0; i < batch->count; i++) {
        struct walk_row *row = &batch->rows[i];
        digest_lay_out_chain(previous, row->sequence, row->wrong == NULL ? row->content : none, chained[i]);
        inputs[i] = (struct digest_input){chained[i], DIGEST_CHAIN_BYTES, row->chain};
        previous = row->chain_length == STORE_HASH_BYTES ? stored_chain(batch, row) : none;
    }
    digest_make_many(inputs, batch->count);
}

static void hash_batch(struct walk_batch *batch, struct walk_room *room) {
    for (size_t done = 0; done < batch->count;) {
        done += hash_contents(batch, room, done);
    }
    hash_chains(batch);
}

/* ---- the second thread ---- */

static void lock(struct walk_ring *ring) {
    (void)pthread_mutex_lock(&ring->mutex);
}

static void unlock(struct walk_ring *ring) {
    (void)pthread_mutex_unlock(&ring->mutex);
}

/* Takes the oldest full batch; NULL when there is none. Under the mutex. */
static struct walk_batch *take_full(struct walk_ring *ring) {
    for (size_t i = 0; i < RING; i++) {
        struct walk_batch *batch = &ring->batches[(ring->oldest + i) % RING];
        if (batch->state == BATCH_FULL) {
            batch->state = BATCH_TAKEN;
            return batch;
        }
    }
    return NULL;
}

static void *run_worker(void *context) {
    struct walk_ring *ring = context;
    lock(ring);
    while (!ring->ending) {
        struct walk_batch *batch = take_full(ring);
        if (batch == NULL) {
            (void)pthread_cond_wait(&ring->changed, &ring->mutex);
            continue;
        }
        unlock(ring);
        hash_batch(batch, &ring->there);
        lock(ring);
        batch->state = BATCH_HASHED;
        (void)pthread_cond_signal(&ring->changed);
    }
    unlock(ring);
    return NULL;
}

/* Signals are for the program's own threads: this one takes none. */
static void begin_worker(struct walk_ring *ring) {
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    bool masked = pthread_sigmask(SIG_SETMASK, &all, &before) == 0;
    ring->running = masked && pthread_create(&ring->thread, NULL, run_worker, ring) == 0;
    ring->refused = !ring->running;
    if (masked) {
        (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
}

static void end_worker(struct walk_ring *ring) {
    if (!ring->running) {
        return;
    }
    lock(ring);
    ring->ending = true;
    (void)pthread_cond_signal(&ring->changed);
    unlock(ring);
    (void)pthread_join(ring->thread, NULL);
    ring->running = false;
}

/* Sees to it that a batch is hashed: by the other thread if that has begun, else here. */
static void finish_hashing(struct walk_ring *ring, struct walk_batch *batch) {
    lock(ring);
    bool mine = batch->state == BATCH_FULL;
    if (mine) {
        batch->state = BATCH_TAKEN;
    }
    while (!mine && batch->state == BATCH_TAKEN) {
        (void)pthread_cond_wait(&ring->changed, &ring->mutex);
    }
    unlock(ring);
    if (mine) {
        hash_batch(batch, &ring->here);
    }
}

/* ---- checking and handing out ---- */

static bool check_sequence(struct walk *walk, int64_t sequence) {
    if (sequence == walk->next) {
        return true;
    }
    failure_set(walk->failure, "Event %" PRId64 " is missing from the log (after it comes %" PRId64 ").", walk->next,
                sequence);
    return fail_walk(walk);
}

static bool check_form(struct walk *walk, int64_t sequence, const char *wrong, size_t chain_length) {
    if (wrong == NULL && chain_length != STORE_HASH_BYTES) {
        wrong = "its chain value has an impossible length";
    }
    if (wrong == NULL) {
        return true;
    }
    failure_set(walk->failure, "Event %" PRId64 " cannot be decoded: %s.", sequence, wrong);
    return fail_walk(walk);
}

static bool check_chain(struct walk *walk, const struct walk_batch *batch, const struct walk_row *row) {
    if (memcmp(row->chain, stored_chain(batch, row), STORE_HASH_BYTES) != 0) {
        failure_set(walk->failure,
                    "The chain is broken at event %" PRId64 ": what is stored does not match its chain value.",
                    row->sequence);
        return fail_walk(walk);
    }
    walk->next = row->sequence < INT64_MAX ? row->sequence + 1 : INT64_MAX;
    return true;
}

static bool hand_out_row(struct walk *walk, const struct walk_batch *batch, const struct walk_row *stored) {
    struct record_slice body = body_of(batch, stored);
    struct store_row row = {stored->sequence, body, {body.bytes + body.length, stored->chain_length}};
    struct store_walk_step step = {&row, &walk->view, stored->content};
    if (!check_sequence(walk, row.sequence) || !check_form(walk, row.sequence, stored->wrong, stored->chain_length) ||
        !check_chain(walk, batch, stored)) {
        return false;
    }
    record_decode_again(body, &walk->view);
    return walk->visit(walk->context, &step);
}

/* The oldest batch: hashed, handed out, and ready to be filled anew. */
static void hand_out_oldest(struct walk *walk) {
    struct walk_ring *ring = walk->ring;
    struct walk_batch *batch = &ring->batches[ring->oldest];
    finish_hashing(ring, batch);
    for (size_t i = 0; i < batch->count && !walk->stopped; i++) {
        walk->stopped = !hand_out_row(walk, batch, &batch->rows[i]) || walk->stopped;
    }
    batch->count = 0;
    buffer_clear(&batch->bytes);
    lock(ring);
    batch->state = BATCH_FILLING;
    ring->oldest = (ring->oldest + 1) % RING;
    unlock(ring);
}

/* The batch that was filled waits to be hashed, and the next one is filled; when that is still full, it is the oldest. */
static void turn_over(struct walk *walk) {
    struct walk_ring *ring = walk->ring;
    if (!ring->running && !ring->refused) {
        begin_worker(ring);
    }
    lock(ring);
    ring->batches[ring->filling].state = BATCH_FULL;
    (void)pthread_cond_signal(&ring->changed);
    unlock(ring);
    ring->filling = (ring->filling + 1) % RING;
    if (ring->filling == ring->oldest) {
        hand_out_oldest(walk);
    }
}

static void finish_batches(struct walk *walk) {
    struct walk_ring *ring = walk->ring;
    lock(ring);
    ring->batches[ring->filling].state = BATCH_FULL;
    unlock(ring);
    for (size_t i = 0; i < RING && !walk->stopped; i++) {
        hand_out_oldest(walk);
    }
}

/* ---- rows from the database ---- */

static bool collect_row(void *context, const struct store_row *row) {
    struct walk *walk = context;
    struct walk_batch *batch = &walk->ring->batches[walk->ring->filling];
    struct walk_row *stored = &batch->rows[batch->count];
    if (batch->count == 0) {
        memcpy(batch->previous, walk->previous, STORE_HASH_BYTES);
    }
    stored->sequence = row->sequence;
    stored->offset = batch->bytes.length;
    stored->body_length = row->body.length;
    stored->chain_length = row->chain.length;
    buffer_append(&batch->bytes, row->body.bytes, row->body.length);
    buffer_append(&batch->bytes, row->chain.bytes, row->chain.length);
    if (batch->bytes.failed) {
        failure_set(walk->failure, "Out of memory while reading event %" PRId64 ".", row->sequence);
        return fail_walk(walk);
    }
    if (row->chain.length == STORE_HASH_BYTES) {
        memcpy(walk->previous, row->chain.bytes, STORE_HASH_BYTES);
    }
    batch->count++;
    if (batch->count == BATCH_ROWS || batch->bytes.length >= BATCH_BYTES) {
        turn_over(walk);
    }
    return !walk->stopped;
}

/* Without verification: straight from the database's memory. */
static bool pass_row(void *context, const struct store_row *row) {
    struct walk *walk = context;
    struct store_walk_step step = {row, &walk->view, NULL};
    const char *wrong = record_decode(row->body, &walk->view);
    return check_form(walk, row->sequence, wrong, row->chain.length) && walk->visit(walk->context, &step);
}

struct found_row {
    bool found;
    bool sound;
    uint8_t chain[STORE_HASH_BYTES];
};

static bool visit_previous_row(void *context, const struct store_row *row) {
    struct found_row *previous = context;
    previous->found = true;
    previous->sound = row->chain.length == STORE_HASH_BYTES;
    if (previous->sound) {
        memcpy(previous->chain, row->chain.bytes, STORE_HASH_BYTES);
    }
    return true;
}

/* The chain value that the event `from` follows: the stored one of the event before, or the log's origin. */
static bool find_previous(struct store *store, int64_t from, uint8_t previous[STORE_HASH_BYTES],
                          struct failure *failure) {
    struct found_row row = {0};
    if (from == 1) {
        memcpy(previous, store->origin.bytes, STORE_HASH_BYTES);
        return true;
    }
    if (!store->operations->scan(store, from - 1, from - 1, visit_previous_row, &row, NULL, failure)) {
        return false;
    }
    if (!row.found || !row.sound) {
        return failure_set(failure, "Event %" PRId64 " is %s, so the ones from %" PRId64 " on cannot be verified.",
                           from - 1, row.found ? "damaged" : "missing from the log", from);
    }
    memcpy(previous, row.chain, STORE_HASH_BYTES);
    return true;
}

/* What has been collected is handed out also when the database then fails: it verifies, and comes before the fault. */
static bool scan_verified(struct store *store, struct walk *walk, int64_t from, int64_t to) {
    struct failure found = {0};
    bool scanned = store->operations->scan(store, from, to, collect_row, walk, NULL, &found);
    finish_batches(walk);
    if (!scanned && !walk->failed) {
        failure_set(walk->failure, "%s", found.message);
    }
    return scanned && !walk->failed;
}

static void free_ring(struct walk_ring *ring) {
    (void)pthread_cond_destroy(&ring->changed);
    (void)pthread_mutex_destroy(&ring->mutex);
    for (size_t i = 0; i < RING; i++) {
        buffer_release(&ring->batches[i].bytes);
    }
    free(ring);
}

static bool walk_verified(struct store *store, struct walk *walk, int64_t from, int64_t to) {
    struct walk_ring *ring = calloc(1, sizeof *ring);
    if (ring == NULL) {
        return failure_set(walk->failure, "Out of memory while reading the log.");
    }
    walk->ring = ring;
    /* With default attributes neither can fail on Linux. */
    (void)pthread_mutex_init(&ring->mutex, NULL);
    (void)pthread_cond_init(&ring->changed, NULL);
    bool done = find_previous(store, from, walk->previous, walk->failure) && scan_verified(store, walk, from, to);
    end_worker(ring);
    free_ring(ring);
    return done;
}

bool store_walk(struct store *store, int64_t from, bool verify, store_walk_visit *visit, void *context,
                struct failure *failure) {
    struct walk walk = {.visit = visit, .context = context, .failure = failure, .next = from};
    struct store_head head;
    if (from < 1) {
        return failure_set(failure, "Events are numbered from 1; there is no event %" PRId64 ".", from);
    }
    if (!store_find_head(store, &head, failure)) {
        return false;
    }
    if (from > head.sequence) {
        return true;
    }
    if (verify) {
        return walk_verified(store, &walk, from, head.sequence);
    }
    return store->operations->scan(store, from, head.sequence, pass_row, &walk, NULL, failure) && !walk.failed;
}
