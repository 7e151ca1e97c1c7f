#include "run/feed.h"

#include "base/buffer.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#define BATCHES 4
#define BATCH_EVENTS 256
#define BATCH_DECISIONS 16 /* decisions of one batch that say what their takers saw */

/* A text of a batch: where its bytes begin in the batch's buffer, which may move while it grows. */
struct kept_text {
    struct text *text;
    size_t offset;
};

#define TEXTS_OF_EVENT 3 /* source, reason, title */
#define TEXTS_OF_SEEN 6
#define BATCH_TEXTS (BATCH_EVENTS * TEXTS_OF_EVENT + BATCH_DECISIONS * TEXTS_OF_SEEN)

struct decision {
    size_t index; /* of its event */
    struct event_seen seen;
};

/* Belongs to the giver while `full` is false, else to the engine's thread. */
struct load {
    bool full;
    struct engine_event events[BATCH_EVENTS];
    size_t count;
    struct decision decisions[BATCH_DECISIONS];
    size_t decision_count;
    struct buffer bytes;
    struct kept_text texts[BATCH_TEXTS];
    size_t text_count;
};

struct feed {
    struct engine *engine;
    feed_before *before;
    void *context;
    engine_sink *sink;
    void *sink_context;
    struct load batches[BATCHES];
    size_t filling; /* the giver's */
    bool under_way; /* the giver's: something has been given since all was taken */
    size_t oldest;  /* the taker's */

    pthread_t thread;
    bool running;
    bool alone; /* the system gave us no thread */
    pthread_mutex_t mutex;
    pthread_cond_t changed;

    /* under the mutex, as is `full` of each batch */
    bool ending;
    bool failed;
    int64_t refused;
    struct failure failure;
};

/* ---- taking, on either thread ---- */

/* The batch's events up to `end`. */
static bool step_to(struct feed *feed, struct load *batch, size_t *next, size_t end, struct failure *failure) {
    size_t wanted = end - *next;
    size_t taken =
        engine_step_many(feed->engine, &batch->events[*next], wanted, feed->sink, feed->sink_context, failure);
    *next += taken;
    return taken == wanted;
}

static bool take_batch(struct feed *feed, struct load *batch, int64_t *refused, struct failure *failure) {
    size_t next = 0;
    bool fine = true;
    for (size_t i = 0; i < batch->decision_count && fine; i++) {
        struct decision *decision = &batch->decisions[i];
        fine = step_to(feed, batch, &next, decision->index, failure);
        if (fine) {
            feed->before(feed->context, &batch->events[decision->index], &decision->seen);
        }
    }
    fine = fine && step_to(feed, batch, &next, batch->count, failure);
    *refused = fine ? 0 : (int64_t)batch->events[next].sequence;
    return fine;
}

/* Takes the oldest batch and gives it back. Under the mutex, which is let go meanwhile. */
static void take_oldest(struct feed *feed) {
    struct load *batch = &feed->batches[feed->oldest];
    struct failure failure = {0};
    int64_t refused = 0;
    bool failed = feed->failed;
    (void)pthread_mutex_unlock(&feed->mutex);
    bool fine = failed || take_batch(feed, batch, &refused, &failure);
    (void)pthread_mutex_lock(&feed->mutex);
    if (!fine) {
        feed->failed = true;
        feed->refused = refused;
        feed->failure = failure;
    }
    batch->full = false;
    feed->oldest = (feed->oldest + 1) % BATCHES;
    (void)pthread_cond_signal(&feed->changed);
}

static void *run_taker(void *context) {
    struct feed *feed = context;
    (void)pthread_mutex_lock(&feed->mutex);
    while (!feed->ending || feed->batches[feed->oldest].full) {
        if (feed->batches[feed->oldest].full) {
            take_oldest(feed);
        } else {
            (void)pthread_cond_wait(&feed->changed, &feed->mutex);
        }
    }
    (void)pthread_mutex_unlock(&feed->mutex);
    return NULL;
}

/* Signals are for the program's own threads: this one takes none. */
static void begin_taker(struct feed *feed) {
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    bool masked = pthread_sigmask(SIG_SETMASK, &all, &before) == 0;
    feed->running = masked && pthread_create(&feed->thread, NULL, run_taker, feed) == 0;
    feed->alone = !feed->running;
    if (masked) {
        (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
}

/* ---- giving ---- */

/* Copies a text; where it lies is settled when the batch is handed over. */
static void keep_text(struct load *batch, struct text *text) {
    batch->texts[batch->text_count++] = (struct kept_text){text, batch->bytes.length};
    buffer_append_text(&batch->bytes, *text);
}

static void keep_seen(struct load *batch, const struct event_seen *seen) {
    struct decision *decision = &batch->decisions[batch->decision_count++];
    *decision = (struct decision){batch->count, *seen};
    keep_text(batch, &decision->seen.version);
    keep_text(batch, &decision->seen.order);
    keep_text(batch, &decision->seen.level);
    keep_text(batch, &decision->seen.may);
    keep_text(batch, &decision->seen.because);
    keep_text(batch, &decision->seen.open);
}

static void settle_texts(struct load *batch) {
    for (size_t i = 0; i < batch->text_count; i++) {
        struct text *text = batch->texts[i].text;
        text->bytes = text->length == 0 ? "" : batch->bytes.bytes + batch->texts[i].offset;
    }
}

static void fail_for_memory(struct feed *feed, const struct load *batch) {
    if (!feed->failed) {
        feed->failed = true;
        feed->refused = (int64_t)batch->events[0].sequence;
        (void)failure_say(&feed->failure, "memory is exhausted", "内存不足");
    }
}

/* Until the engine has given a batch back; where it has no thread of its own, it is run here. Under the mutex. */
static void wait_for(struct feed *feed, const struct load *batch) {
    while (batch->full) {
        if (feed->running) {
            (void)pthread_cond_wait(&feed->changed, &feed->mutex);
        } else {
            take_oldest(feed);
        }
    }
}

/* Hands over the batch that has been filled, and waits until the next one may be, or until all have been taken. Returns
 * whether all is well so far. */
static bool turn_over(struct feed *feed, bool all) {
    struct load *filled = &feed->batches[feed->filling];
    feed->filling = (feed->filling + 1) % BATCHES;
    struct load *next = &feed->batches[feed->filling];
    settle_texts(filled);
    (void)pthread_mutex_lock(&feed->mutex);
    if (filled->bytes.failed) {
        fail_for_memory(feed, filled);
    }
    filled->full = true;
    (void)pthread_cond_signal(&feed->changed);
    wait_for(feed, all ? filled : next);
    bool fine = !feed->failed;
    (void)pthread_mutex_unlock(&feed->mutex);
    next->count = 0;
    next->decision_count = 0;
    next->text_count = 0;
    buffer_clear(&next->bytes);
    feed->under_way = !all;
    return fine;
}

bool feed_give(struct feed *feed, const struct engine_event *event, const struct event_seen *seen) {
    struct load *batch = &feed->batches[feed->filling];
    if (batch->count == BATCH_EVENTS || (seen != NULL && batch->decision_count == BATCH_DECISIONS)) {
        if (!feed->running && !feed->alone) {
            begin_taker(feed);
        }
        if (!turn_over(feed, false)) {
            return false;
        }
        batch = &feed->batches[feed->filling];
    }
    struct engine_event *kept = &batch->events[batch->count];
    *kept = *event;
    keep_text(batch, &kept->source);
    keep_text(batch, &kept->reason);
    keep_text(batch, &kept->title);
    if (seen != NULL) {
        keep_seen(batch, seen);
    }
    batch->count++;
    feed->under_way = true;
    return true;
}

bool feed_drain(struct feed *feed, int64_t *refused, struct failure *failure) {
    bool fine = feed->under_way ? turn_over(feed, true) : !feed->failed;
    if (fine) {
        return true;
    }
    *refused = feed->refused;
    *failure = feed->failure;
    return false;
}

/* ---- life ---- */

struct feed *feed_create(struct engine *engine, feed_before *before, void *context, engine_sink *sink,
                         void *sink_context) {
    struct feed *feed = calloc(1, sizeof *feed);
    if (feed == NULL) {
        return NULL;
    }
    feed->engine = engine;
    feed->before = before;
    feed->context = context;
    feed->sink = sink;
    feed->sink_context = sink_context;
    /* With default attributes neither can fail on Linux. */
    (void)pthread_mutex_init(&feed->mutex, NULL);
    (void)pthread_cond_init(&feed->changed, NULL);
    return feed;
}

void feed_destroy(struct feed *feed) {
    if (feed == NULL) {
        return;
    }
    if (feed->under_way) {
        (void)turn_over(feed, true);
    }
    if (feed->running) {
        (void)pthread_mutex_lock(&feed->mutex);
        feed->ending = true;
        (void)pthread_cond_signal(&feed->changed);
        (void)pthread_mutex_unlock(&feed->mutex);
        (void)pthread_join(feed->thread, NULL);
    }
    for (size_t i = 0; i < BATCHES; i++) {
        buffer_release(&feed->batches[i].bytes);
    }
    (void)pthread_cond_destroy(&feed->changed);
    (void)pthread_mutex_destroy(&feed->mutex);
    free(feed);
}
