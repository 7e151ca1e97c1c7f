/* Many events in a row: while one is taken, what the next ones look at is on its way from memory. */

#include "engine/state.h"

#define AHEAD 32     /* events whose incidents are fetched together: their waits for memory overlap */
#define AHEAD_DUE 64 /* and incidents whose clocks come due before the last of those events */
#define LINE 64

/* Reads one byte of a cache line. A read and no prefetch: processors drop a prefetch whose page they have to look up,
 * and with thousands of incidents open that is nearly every one. */
static void fetch(const void *block, size_t offset) {
    (void)*((const volatile char *)block + offset);
}

static void fetch_all(const void *block, size_t size) {
    for (size_t offset = 0; offset < size; offset += LINE) {
        fetch(block, offset);
    }
}

static void fetch_head(const struct incident *incident) {
    fetch(incident, 0);
    fetch(incident, LINE);
    fetch(incident, (size_t)2 * LINE);
}

static void fetch_clocks(const struct incident *incident) {
    fetch_all(incident->duty_clocks, incident->duty_count * sizeof *incident->duty_clocks);
}

/* ---- what the events are about ---------------------------------------------------------------------------- */

/* The parts that an event of this kind looks at first. The head must have come. */
static void fetch_parts(const struct incident *incident, const struct engine_event *event) {
    if (event->item != 0 && event->item <= incident->duty_count) {
        fetch(&incident->duties[event->item - 1], 0);
        fetch_clocks(incident);
    }
    if (event->kind == ENGINE_REPORT) {
        size_t slots = incident->type->fact_count;
        fetch_all(incident->low, 2 * slots * sizeof *incident->low); /* with `high` behind it */
        fetch_all(incident->scales, incident->type->scale_count * sizeof *incident->scales);
        fetch(incident->latest, 0);
        if (incident->claim_count < incident->claim_room) {
            fetch(&incident->claims[incident->claim_count], 0);
        }
    }
}

static void fetch_events(const struct engine *engine, const struct engine_event *events, size_t count) {
    const struct incident *incidents[AHEAD];
    for (size_t i = 0; i < count; i++) {
        incidents[i] = state_incident(engine, events[i].incident);
    }
    for (size_t i = 0; i < count; i++) {
        if (incidents[i] != NULL) {
            fetch_head(incidents[i]);
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (incidents[i] != NULL) {
            fetch_parts(incidents[i], &events[i]);
        }
    }
}

/* ---- what comes due meanwhile ----------------------------------------------------------------------------- */

/* Incidents with a clock that comes due by an instant. */
struct due {
    const struct incident *incidents[AHEAD_DUE];
    size_t count;
    int64_t by;
};

/* Gathers them from the part of the heap below `index`, which is no deeper than they are many. */
static void gather_due(const struct engine *engine, uint32_t index, struct due *due) {
    if (index < engine->heap_count && engine->heap[index].next_at <= due->by && due->count < AHEAD_DUE) {
        due->incidents[due->count++] = engine->heap[index].incident;
        gather_due(engine, 2 * index + 1, due);
        gather_due(engine, 2 * index + 2, due);
    }
}

static void fetch_due_duties(const struct incident *incident, int64_t by) {
    for (uint32_t i = 0; incident->duty_next_at <= by && i < incident->duty_count; i++) {
        if (incident->duty_clocks[i] <= by) {
            fetch(&incident->duties[i], 0);
        }
    }
}

static void fetch_due(const struct engine *engine, int64_t by) {
    struct due due;
    due.count = 0;
    due.by = by;
    gather_due(engine, 0, &due);
    for (size_t i = 0; i < due.count; i++) {
        fetch_head(due.incidents[i]);
    }
    for (size_t i = 0; i < due.count; i++) {
        fetch_clocks(due.incidents[i]);
    }
    for (size_t i = 0; i < due.count; i++) {
        fetch_due_duties(due.incidents[i], by);
    }
}

size_t engine_step_many(struct engine *engine, const struct engine_event *events, size_t count, engine_sink *sink,
                        void *context, struct failure *failure) {
    for (size_t i = 0; i < count; i++) {
        if (i % AHEAD == 0) {
            size_t together = count - i < AHEAD ? count - i : AHEAD;
            fetch_events(engine, events + i, together);
            fetch_due(engine, events[i + together - 1].at);
        }
        if (!engine_step(engine, &events[i], sink, context, failure)) {
            return i;
        }
    }
    return count;
}
