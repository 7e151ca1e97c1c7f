/* story — a long, random but valid sequence of events for benchmarks.
 *
 * Incidents are opened, verified, facts reported, duties notified, acknowledged and done, proposals decided: a hundred
 * events an incident over two hours where there are a hundred times as many events as incidents. All incidents are open
 * at once and their events come in random order. Made by playing on an engine of its own, so that every event is one
 * that an engine in the same state takes. */
#ifndef PINYUE_BENCH_STORY_H
#define PINYUE_BENCH_STORY_H

#include "engine/engine.h"

struct story {
    struct engine *engine;
    const struct plan *plan;
    uint16_t subject;
    struct engine_event *events; /* the first puts the plan in force */
    size_t count, room;
    uint64_t random;
    int64_t now;
};

/* Makes `events` events over `incidents` incidents; false (with a message printed) when it cannot. */
bool story_make(struct story *story, const struct plan *plan, uint32_t incidents, size_t events);
void story_release(struct story *story);

/* Reads and compiles a pack; NULL with a message printed. */
struct plan *story_read_plan(const char *path, struct buffer *source);

/* Processor time of this thread, in seconds: one core's, whatever else the machine does. */
double story_seconds(void);

#endif
