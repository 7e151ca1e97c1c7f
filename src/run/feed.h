/* feed — events on their way from whoever reads the log to the engine.
 *
 * What it is for: replay reads, verifies and decodes on one processor while the engine takes events on another. The
 * events go over in batches, each a message that belongs to one thread at a time; they are taken in the order in which
 * they were given, so the state is the same as if each had been taken at once. The thread is begun when the first batch
 * is full: a short log has none. Where the system gives no thread, the batches are taken by whoever gives them.
 * Borrows the engine. While events are under way the giver may ask the engine for nothing but the versions of plans in
 * force, and gives no ADOPT, which changes them; after feed_drain he may ask for anything.
 *
 * A `struct feed` belongs to one thread.
 */
#ifndef PINYUE_RUN_FEED_H
#define PINYUE_RUN_FEED_H

#include "engine/engine.h"
#include "run/event_codec.h"

#include <stdbool.h>
#include <stdint.h>

struct feed;

/* Called directly before the engine takes a decision for which it was said what its taker saw. The engine is in the
 * state in which he saw it; only its views may be called. On whichever thread the engine runs. */
typedef void feed_before(void *context, const struct engine_event *event, const struct event_seen *seen);

/* NULL when memory is exhausted. `sink` (or NULL) gets what the engine says, on whichever thread it runs. */
struct feed *feed_create(struct engine *engine, feed_before *before, void *context, engine_sink *sink,
                         void *sink_context);

/* Takes what is still under way, ends the thread, frees. NULL is allowed. */
void feed_destroy(struct feed *feed);

/* Gives an event; its texts, and those of `seen` (NULL where the event is no decision), are copied. False when the
 * engine has refused an event that was given earlier: feed_drain says why. */
bool feed_give(struct feed *feed, const struct engine_event *event, const struct event_seen *seen);

/* Waits until the engine has taken everything that was given. False with the engine's failure when it refused one;
 * *refused is then that event's number in the log, and nothing behind it has been taken. */
bool feed_drain(struct feed *feed, int64_t *refused, struct failure *failure);

#endif
