/* Many events in a row: while one is taken, the next ones' incidents are on their way from memory. */

#include "engine/state.h"

#define AHEAD 32 /* events whose incidents are fetched together: their waits for memory overlap */
#define LINE 64

/* Reads one byte of a cache line. A read and no prefetch: processors drop a prefetch whose page they have to look up,
 * and with thousands of incidents open that is nearly every one. */
static void fetch(const void *block, size_t offset) {
    (void)*((const volatile char *)block + offset);
}

static void fetch_head(const struct incident *incident) {
    fetch(incident, 0);
    fetch(incident, LINE);
    fetch(incident, (size_t)2 * LINE);
}

/* The parts that an event of this kind looks at first. The head must have come. */
static void fetch_parts(const struct incident *incident, const struct engine_event *event) {
    fetch(incident->low, 0);
    if (incident->duty_count > 0) {
        fetch(incident->duty_clocks, 0);
        fetch(incident->duty_clocks, (incident->duty_count - 1) * sizeof *incident->duty_clocks);
    }
    if (event->item != 0 && event->item <= incident->duty_count) {
        fetch(&incident->duties[event->item - 1], 0);
        fetch(&incident->duties[event->item - 1], LINE);
    }
    if (event->kind == ENGINE_REPORT) {
        fetch(incident->low, LINE);
        fetch(incident->low, (size_t)2 * LINE);
        fetch(incident->high, 0);
        fetch(incident->high, LINE);
        fetch(incident->scales, 0);
        fetch(incident->latest, 0);
        if (incident->claim_count < incident->claim_room) {
            fetch(&incident->claims[incident->claim_count], 0);
        }
    }
}

static void fetch_ahead(const struct engine *engine, const struct engine_event *events, size_t count) {
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

size_t engine_step_many(struct engine *engine, const struct engine_event *events, size_t count, engine_sink *sink,
                        void *context, struct failure *failure) {
    for (size_t i = 0; i < count; i++) {
        if (i % AHEAD == 0) {
            fetch_ahead(engine, events + i, count - i < AHEAD ? count - i : AHEAD);
        }
        if (!engine_step(engine, &events[i], sink, context, failure)) {
            return i;
        }
    }
    return count;
}
