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

/* In three rounds, each of which knows where to look by what the one before has brought. */

/* The slot of the fact that an event reports, of no fact where it is not one of the incident's: the event has not been
 * checked yet. */
static uint8_t find_slot(const struct incident *incident, const struct engine_event *event) {
    const struct plan *plan = incident->edition->plan;
    bool reports = event->kind == ENGINE_REPORT && event->fact < plan->fact_count &&
                   plan->facts[event->fact].subject == incident->subject;
    return reports ? plan->facts[event->fact].slot : STATE_NO_SLOT;
}

/* Where the incident stands in the heap, and what an event of this kind looks at first. The head must have come. */
static void fetch_parts(const struct engine *engine, const struct incident *incident,
                        const struct engine_event *event) {
    uint8_t slot = find_slot(incident, event);
    fetch(&engine->heap_places[incident->number - 1], 0);
    if (event->item != 0 && event->item <= incident->duty_count) {
        fetch(&incident->duties[event->item - 1], 0);
        fetch(&incident->duty_clocks[event->item - 1], 0);
    }
    if (slot != STATE_NO_SLOT) {
        fetch(&incident->low[slot], 0);
        fetch(&incident->high[slot], 0);
        fetch(&incident->latest[slot], 0);
        fetch(&incident->latest_predicted[slot], 0);
    }
}

/* What has come of the duty, or where it will be noted; all clocks where the earliest may move on. */
static void fetch_duty_rest(const struct incident *incident, uint32_t number) {
    const struct duty *duty = &incident->duties[number - 1];
    size_t course = duty->course == 0 ? incident->course_count : duty->course - 1;
    fetch(&incident->moments[duty->raised], 0);
    if (course < incident->course_room) {
        fetch(&incident->courses[course], 0);
    }
    if (incident->duty_clocks[number - 1] == incident->duty_next_at) {
        fetch_clocks(incident);
    }
}

/* The claims that a new one is held against, and its own place. */
static void fetch_claims(const struct incident *incident, uint8_t slot) {
    uint32_t latest = incident->latest[slot];
    uint32_t predicted = incident->latest_predicted[slot];
    fetch(&incident->claims[latest == 0 ? 0 : latest - 1], 0);
    fetch(&incident->claims[predicted == 0 ? 0 : predicted - 1], 0);
    fetch(&incident->claims[incident->claim_count < incident->claim_room ? incident->claim_count : 0], 0);
}

/* What is weighed when a fact is no longer what it was. */
static void fetch_box(const struct incident *incident) {
    fetch_all(incident->low,
              (size_t)2 * incident->type->fact_count * sizeof *incident->low); /* with `high` behind it */
    fetch_all(incident->scales, incident->type->scale_count * sizeof *incident->scales);
}

static void fetch_rest(const struct engine *engine, const struct incident *incident, const struct engine_event *event) {
    uint8_t slot = find_slot(incident, event);
    uint32_t place = engine->heap_places[incident->number - 1];
    if (place != STATE_NOT_IN_HEAP) {
        fetch(&engine->heap[place], 0);
        size_t child = STATE_HEAP_CHILDREN * (size_t)place + 1;
        fetch(&engine->heap[child < engine->heap_count ? child : place], 0);
    }
    if (event->item != 0 && event->item <= incident->duty_count) {
        fetch_duty_rest(incident, event->item);
    }
    if (slot != STATE_NO_SLOT && incident->claim_room > 0) {
        fetch_claims(incident, slot);
    }
    if (slot != STATE_NO_SLOT && (event->low != incident->low[slot] || event->high != incident->high[slot])) {
        fetch_box(incident);
    }
}

static void fetch_events(const struct engine *engine, const struct engine_event *events, size_t count) {
    const struct incident *incidents[AHEAD];
    size_t found[AHEAD];
    size_t there = 0;
    for (size_t i = 0; i < count; i++) {
        incidents[there] = state_incident(engine, events[i].incident);
        found[there] = i;
        there += incidents[there] != NULL;
    }
    for (size_t i = 0; i < there; i++) {
        fetch_head(incidents[i]);
    }
    for (size_t i = 0; i < there; i++) {
        fetch_parts(engine, incidents[i], &events[found[i]]);
    }
    for (size_t i = 0; i < there; i++) {
        fetch_rest(engine, incidents[i], &events[found[i]]);
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
        due->incidents[due->count++] = state_incident(engine, engine->heap[index].number);
        for (uint32_t i = 1; i <= STATE_HEAP_CHILDREN; i++) {
            gather_due(engine, STATE_HEAP_CHILDREN * index + i, due);
        }
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
