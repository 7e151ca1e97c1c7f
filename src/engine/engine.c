/* The engine's life, its heap of clocks, its pool of texts, and the step itself. */

#include "engine/state.h"

#include <stdlib.h>
#include <string.h>

/* ---- memory ----------------------------------------------------------------------------------------------- */

void *state_allocate(struct engine *engine, size_t size) {
    void *block = memory_allocate_zeroed(&engine->memory, size);
    engine->broken = engine->broken || block == NULL;
    return block;
}

void state_free(struct engine *engine, void *block, size_t size) {
    memory_free(&engine->memory, block, size);
}

bool state_reserve(struct engine *engine, void **items, uint32_t *room, uint32_t count, size_t size) {
    return state_reserve_many(engine, items, room, count, 1, size);
}

/* 2, 4, 8, 16, 24, 32, 48, 64, and from there on by a quarter of the power of two: 80, 96, 112, 128, 160 … Copying a little more
 * often costs less than memory that lies empty: what is not there need not be fetched. */
static uint32_t grow(uint32_t room) {
    if (room < 16) {
        return room == 0 ? 2 : room * 2;
    }
    if (room > UINT32_MAX / 4) {
        return 0;
    }
    uint32_t power = UINT32_C(1) << (31 - __builtin_clz(room));
    return room + (room < 64 ? power / 2 : power / 4);
}

bool state_reserve_many(struct engine *engine, void **items, uint32_t *room, uint32_t count, uint32_t more,
                        size_t size) {
    if (count < *room && more <= *room - count) {
        return true;
    }
    uint32_t larger = grow(*room);
    while (larger != 0 && (count > larger || more > larger - count)) {
        larger = grow(larger);
    }
    void *grown = larger == 0 ? NULL : memory_allocate(&engine->memory, larger * size);
    if (grown == NULL) {
        engine->broken = true;
        return false;
    }
    if (*room > 0) {
        memcpy(grown, *items, *room * size);
        memory_free(&engine->memory, *items, *room * size);
    }
    *items = grown;
    *room = larger;
    return true;
}

/* ---- texts ------------------------------------------------------------------------------------------------ */

static bool grow_pool_table(struct engine *engine) {
    uint32_t room = engine->pool_table_room == 0 ? 1024 : engine->pool_table_room * 2;
    uint32_t *table = calloc(room, sizeof *table);
    if (table == NULL) {
        engine->broken = true;
        return false;
    }
    for (uint32_t i = 1; i < engine->pool_count; i++) {
        uint32_t at = (uint32_t)engine->pool[i].hash & (room - 1);
        while (table[at] != 0) {
            at = (at + 1) & (room - 1);
        }
        table[at] = i;
    }
    free(engine->pool_table);
    engine->pool_table = table;
    engine->pool_table_room = room;
    return true;
}

uint32_t state_pool_text(struct engine *engine, struct text text) {
    if (text.length == 0 || engine->broken) {
        return 0;
    }
    if (engine->pool_count * 2 >= engine->pool_table_room && !grow_pool_table(engine)) {
        return 0;
    }
    uint64_t hash = text_hash(text);
    uint32_t at = (uint32_t)hash & (engine->pool_table_room - 1);
    while (engine->pool_table[at] != 0) {
        const struct pool_entry *entry = &engine->pool[engine->pool_table[at]];
        if (entry->hash == hash && entry->length == text.length && memcmp(entry->bytes, text.bytes, text.length) == 0) {
            return engine->pool_table[at];
        }
        at = (at + 1) & (engine->pool_table_room - 1);
    }
    char *bytes = arena_copy_text(engine->texts, text.bytes, text.length);
    if (bytes == NULL ||
        !state_reserve(engine, (void **)&engine->pool, &engine->pool_room, engine->pool_count, sizeof *engine->pool)) {
        engine->broken = true;
        return 0;
    }
    engine->pool[engine->pool_count] =
        (struct pool_entry){.bytes = bytes, .length = (uint32_t)text.length, .hash = hash};
    engine->pool_table[at] = engine->pool_count;
    return engine->pool_count++;
}

struct text state_text(const struct engine *engine, uint32_t pooled) {
    const struct pool_entry *entry = &engine->pool[pooled];
    return (struct text){entry->bytes, entry->length};
}

/* ---- life ------------------------------------------------------------------------------------------------- */

struct engine *engine_create(void) {
    struct engine *engine = calloc(1, sizeof *engine);
    if (engine == NULL) {
        return NULL;
    }
    engine->now = INT64_MIN;
    engine->instant = INT64_MIN;
    engine->texts = arena_create((size_t)4 << 30);
    engine->pool = state_allocate(engine, 16 * sizeof *engine->pool);
    engine->pool_room = 16;
    engine->pool_count = 1; /* [0] stays the empty text */
    if (engine->texts == NULL || engine->pool == NULL || !grow_pool_table(engine)) {
        engine_destroy(engine);
        return NULL;
    }
    engine->pool[0].bytes = "";
    return engine;
}

void engine_destroy(struct engine *engine) {
    if (engine == NULL) {
        return;
    }
    for (uint32_t i = 0; i < engine->incident_count; i++) {
        if (engine->incidents[i] != NULL) {
            incident_release(engine, engine->incidents[i]);
        }
    }
    while (engine->editions != NULL) {
        struct edition *edition = engine->editions;
        engine->editions = edition->next;
        edition_destroy(edition);
    }
    state_free(engine, engine->incidents, engine->incident_room * sizeof(void *));
    state_free(engine, engine->plans, engine->plans_room * sizeof(const struct plan *));
    state_free(engine, engine->heap_places, engine->heap_places_room * sizeof *engine->heap_places);
    state_free(engine, engine->heap, engine->heap_room * sizeof *engine->heap);
    state_free(engine, engine->pool, engine->pool_room * sizeof *engine->pool);
    memory_release(&engine->memory);
    free(engine->pool_table);
    arena_destroy(engine->texts);
    free(engine);
}

struct incident *state_incident(const struct engine *engine, uint32_t number) {
    return number == 0 || number > engine->incident_count ? NULL : engine->incidents[number - 1];
}

struct edition *state_edition_in_force(const struct engine *engine, struct text name) {
    for (struct edition *edition = engine->editions; edition != NULL; edition = edition->next) {
        if (text_equal(edition->plan->name, name)) {
            return edition;
        }
    }
    return NULL;
}

const struct plan *engine_plan_in_force(const struct engine *engine, struct text name) {
    const struct edition *edition = state_edition_in_force(engine, name);
    return edition == NULL ? NULL : edition->plan;
}

const struct plan *engine_plan_of(const struct engine *engine, uint32_t incident) {
    return incident == 0 || incident > engine->incident_count ? NULL : engine->plans[incident - 1];
}

int64_t engine_now(const struct engine *engine) {
    return engine->now;
}

uint32_t engine_next_incident(const struct engine *engine) {
    return engine->incident_count + 1;
}

int64_t engine_next_instant(const struct engine *engine) {
    return engine->heap_count == 0 ? ENGINE_NEVER : engine->heap[0].next_at;
}

uint64_t engine_memory_bytes(const struct engine *engine) {
    return engine->memory.bytes;
}

/* ---- the heap of incidents by next instant ---------------------------------------------------------------- */

static bool earlier(const struct heap_entry *left, const struct heap_entry *right) {
    return left->next_at != right->next_at ? left->next_at < right->next_at : left->number < right->number;
}

static void place(struct engine *engine, struct heap_entry entry, uint32_t index) {
    engine->heap[index] = entry;
    engine->heap_places[entry.number - 1] = index;
}

/* Four children each: with many incidents the heap is half as deep, and siblings lie together. */
static void sift(struct engine *engine, struct heap_entry entry, uint32_t index) {
    while (index > 0 && earlier(&entry, &engine->heap[(index - 1) / STATE_HEAP_CHILDREN])) {
        uint32_t parent = (index - 1) / STATE_HEAP_CHILDREN;
        place(engine, engine->heap[parent], index);
        index = parent;
    }
    for (;;) {
        uint32_t first = STATE_HEAP_CHILDREN * index + 1;
        uint32_t end = first + STATE_HEAP_CHILDREN;
        end = end < engine->heap_count ? end : engine->heap_count;
        uint32_t next = first;
        for (uint32_t child = first + 1; child < end; child++) {
            next = earlier(&engine->heap[child], &engine->heap[next]) ? child : next;
        }
        if (next >= engine->heap_count || !earlier(&engine->heap[next], &entry)) {
            break;
        }
        place(engine, engine->heap[next], index);
        index = next;
    }
    place(engine, entry, index);
}

static void leave_heap(struct engine *engine, struct incident *incident) {
    uint32_t index = engine->heap_places[incident->number - 1];
    if (index == STATE_NOT_IN_HEAP) {
        return;
    }
    engine->heap_places[incident->number - 1] = STATE_NOT_IN_HEAP;
    struct heap_entry last = engine->heap[--engine->heap_count];
    if (last.number != incident->number) {
        sift(engine, last, index);
    }
}

/* Of the four kinds of clocks the incident remembers the earliest, so that mostly none need be looked at. These look at
 * all of a kind again, where the earliest may have moved on. */

static void rescan_duties(struct incident *incident) {
    incident->duty_rescan = false;
    incident->duty_next_at = ENGINE_NEVER;
    for (uint32_t i = 0; i < incident->duty_count; i++) {
        int64_t clock = incident->duty_clocks[i];
        incident->duty_next_at = clock < incident->duty_next_at ? clock : incident->duty_next_at;
    }
}

static void rescan_proposals(struct incident *incident) {
    incident->proposal_rescan = false;
    incident->proposal_next_at = ENGINE_NEVER;
    for (uint32_t i = 0; i < incident->proposal_count; i++) {
        int64_t clock = incident->proposals[i].next_at;
        incident->proposal_next_at = clock < incident->proposal_next_at ? clock : incident->proposal_next_at;
    }
}

static void rescan_findings(struct incident *incident) {
    incident->finding_rescan = false;
    incident->finding_next_at = ENGINE_NEVER;
    for (uint32_t i = 0; i < incident->finding_count; i++) {
        int64_t clock = incident->findings[i].next_at;
        incident->finding_next_at = clock < incident->finding_next_at ? clock : incident->finding_next_at;
    }
}

static int64_t find_next(const struct engine *engine, struct incident *incident) {
    if (incident->status != ENGINE_OPENED) {
        return ENGINE_NEVER;
    }
    if (incident->turn_rescan || incident->turn_next_at <= engine->instant) {
        incident->turn_rescan = false;
        incident->turn_next_at = belief_next_turn(engine, incident, engine->instant);
    }
    if (incident->duty_rescan) {
        rescan_duties(incident);
    }
    if (incident->proposal_rescan) {
        rescan_proposals(incident);
    }
    if (incident->finding_rescan) {
        rescan_findings(incident);
    }
    int64_t next = incident->turn_next_at;
    next = incident->duty_next_at < next ? incident->duty_next_at : next;
    next = incident->proposal_next_at < next ? incident->proposal_next_at : next;
    next = incident->finding_next_at < next ? incident->finding_next_at : next;
    /* What had come due before it came to stand (a date long past; a duty told apart again) is handled next of all, and
     * time never runs backwards. */
    return next <= engine->instant ? engine->instant + 1 : next;
}

void state_schedule(struct engine *engine, struct incident *incident) {
    if (engine->broken) {
        return;
    }
    int64_t next = find_next(engine, incident);
    if (next == incident->next_at) {
        return;
    }
    incident->next_at = next;
    if (next == ENGINE_NEVER) {
        leave_heap(engine, incident);
        return;
    }
    uint32_t *place_of = &engine->heap_places[incident->number - 1];
    if (*place_of == STATE_NOT_IN_HEAP) {
        if (!state_reserve(engine, (void **)&engine->heap, &engine->heap_room, engine->heap_count,
                           sizeof *engine->heap)) {
            return;
        }
        *place_of = engine->heap_count++;
    }
    sift(engine, (struct heap_entry){next, incident->number}, *place_of);
}

/* ---- the step --------------------------------------------------------------------------------------------- */

void state_emit(struct engine *engine, const struct incident *incident, struct engine_output output) {
    if (engine->sink == NULL) {
        return;
    }
    output.incident = incident->number;
    output.at = engine->handled_at;
    if (output.due_at == 0) {
        output.due_at = engine->instant;
    }
    engine->sink(engine->context, &output);
}

/* Everything of one incident that comes due at this instant: facts first, then proposals, duties, findings. */
static void fire(struct engine *engine, struct incident *incident) {
    int64_t instant = incident->next_at;
    engine->instant = instant;
    uint64_t turned = incident->turn_next_at == instant
                          ? incident->edition->derived_slots[incident->subject] | belief_turn_day(engine, incident)
                          : 0;
    if (turned != 0) {
        react_settle(engine, incident, turned, 0);
    }
    bool proposals_due = incident->proposal_next_at <= instant;
    for (uint32_t i = 0; proposals_due && i < incident->proposal_count && !engine->broken; i++) {
        if (incident->proposals[i].next_at <= instant) {
            proposal_fire(engine, incident, &incident->proposals[i], instant);
        }
    }
    bool duties_due = incident->duty_next_at <= instant;
    for (uint32_t i = 0; duties_due && i < incident->duty_count && !engine->broken; i++) {
        if (incident->duty_clocks[i] <= instant) {
            duty_fire(engine, incident, i + 1, instant);
        }
    }
    bool findings_due = incident->finding_next_at <= instant;
    for (uint32_t i = 0; findings_due && i < incident->finding_count && !engine->broken; i++) {
        if (incident->findings[i].next_at <= instant) {
            finding_fire(engine, incident, i + 1, instant);
        }
    }
    state_schedule(engine, incident);
}

static void catch_up(struct engine *engine, int64_t at) {
    engine->sequence = 0;
    while (engine->heap_count > 0 && engine->heap[0].next_at <= at && !engine->broken) {
        fire(engine, state_incident(engine, engine->heap[0].number));
    }
    engine->instant = at;
}

static void take_report(struct engine *engine, struct incident *incident, const struct engine_event *event) {
    const struct plan_fact *fact = &incident->edition->plan->facts[event->fact];
    struct claim claim = {.low = event->low,
                          .high = event->high,
                          .as_of = event->as_of,
                          .heard_at = event->at,
                          .sequence = event->sequence,
                          .source = state_pool_text(engine, event->source),
                          .slot = fact->slot,
                          .basis = (uint8_t)event->basis};
    const struct fate fate = {.ended_at = ENGINE_NEVER, .day = event->day};
    uint32_t number = belief_add_claim(engine, incident, &claim, &fate);
    if (number == 0) {
        return;
    }
    uint64_t changed = belief_settle(engine, incident, fact->slot, event->as_of, false);
    if (fact->never_falls) {
        finding_settle_contradictions(engine, incident, number);
    }
    react_settle(engine, incident, changed, 0);
}

static void take_correction(struct engine *engine, struct incident *incident, const struct engine_event *event) {
    struct claim new = incident->claims[event->claim - 1];
    struct fate fate = *belief_fate(incident, &new);
    int64_t earlier = new.as_of;
    fate.replaces = event->claim;
    fate.replaced_by = 0;
    if (event->as_of != 0) {
        new.as_of = event->as_of;
        earlier = new.as_of < earlier ? new.as_of : earlier;
    }
    new.low = event->low;
    new.high = event->high;
    new.heard_at = event->at;
    new.sequence = event->sequence;
    new.source = state_pool_text(engine, event->source);
    uint32_t number = belief_add_claim(engine, incident, &new, &fate);
    if (number == 0) {
        return;
    }
    belief_strike(engine, incident, event->claim, number, event->at);
    uint64_t changed = belief_settle(engine, incident, new.slot, earlier, true);
    finding_settle_contradictions(engine, incident, number);
    react_settle(engine, incident, changed, 0);
}

static void take_withdrawal(struct engine *engine, struct incident *incident, const struct engine_event *event) {
    const struct claim *claim = &incident->claims[event->claim - 1];
    belief_strike(engine, incident, event->claim, 0, event->at);
    uint64_t changed = belief_settle(engine, incident, claim->slot, claim->as_of, true);
    finding_settle_contradictions(engine, incident, 0);
    react_settle(engine, incident, changed, 0);
}

static void take_acknowledgement(struct engine *engine, struct incident *incident, const struct engine_event *event) {
    if (event->item_kind == ENGINE_ITEM_DUTY) {
        duty_take_event(engine, incident, event);
    } else if (event->item_kind == ENGINE_ITEM_PROPOSAL) {
        struct proposal *proposal = &incident->proposals[event->item - 1];
        if (event->kind == ENGINE_ACKNOWLEDGE) {
            if (proposal->acknowledged_at == ENGINE_NEVER) {
                proposal->acknowledged_at = event->at;
                proposal->acknowledger = state_pool_text(engine, event->source);
            }
            proposal->escalating = false;
            proposal_plan_next(incident, proposal);
            state_emit(engine, incident,
                       (struct engine_output){.kind = ENGINE_PROPOSAL_ACKNOWLEDGED,
                                              .scale = proposal->scale,
                                              .item_kind = ENGINE_ITEM_PROPOSAL,
                                              .item = event->item});
            finding_close_chain(engine, incident, ENGINE_ITEM_PROPOSAL, event->item);
        }
    } else if (event->kind == ENGINE_ACKNOWLEDGE) {
        finding_acknowledge(engine, incident, event->item, state_pool_text(engine, event->source));
    }
}

static void take_binding(struct engine *engine, struct incident *incident, const struct engine_event *event) {
    if (event->kind == ENGINE_UNBIND) {
        for (uint32_t i = 0; i < incident->binding_count; i++) {
            if (incident->bindings[i].role == event->role && incident->bindings[i].unit == event->unit) {
                memmove(&incident->bindings[i], &incident->bindings[i + 1],
                        (incident->binding_count - i - 1) * sizeof *incident->bindings);
                incident->binding_count--;
                break;
            }
        }
        duty_unbind(engine, incident, event->role, event->unit);
        return;
    }
    if (!state_reserve(engine, (void **)&incident->bindings, &incident->binding_room, incident->binding_count,
                       sizeof *incident->bindings)) {
        return;
    }
    incident->bindings[incident->binding_count++] = (struct binding){event->role, event->unit, 0};
    finding_close_role(engine, incident, event->role);
    duty_bind(engine, incident, event->role, event->unit);
}

static void take_opening(struct engine *engine, const struct engine_event *event) {
    struct edition *edition = state_edition_in_force(engine, event->plan->name);
    struct incident *incident =
        incident_open(engine, edition, event->subject, event, state_pool_text(engine, event->title));
    if (incident != NULL) {
        state_schedule(engine, incident);
    }
}

static void take(struct engine *engine, const struct engine_event *event) {
    struct incident *incident = state_incident(engine, event->incident);
    switch (event->kind) {
    case ENGINE_OPEN:
        take_opening(engine, event);
        return;
    case ENGINE_REPORT:
        take_report(engine, incident, event);
        break;
    case ENGINE_CORRECT:
        take_correction(engine, incident, event);
        break;
    case ENGINE_WITHDRAW:
        take_withdrawal(engine, incident, event);
        break;
    case ENGINE_BIND:
    case ENGINE_UNBIND:
        take_binding(engine, incident, event);
        break;
    case ENGINE_ORDER:
        proposal_take_order(engine, incident, event);
        break;
    case ENGINE_REFUSE:
        proposal_take_refusal(engine, incident, event);
        break;
    case ENGINE_RECONSIDER:
        proposal_reconsider(engine, incident, event);
        break;
    case ENGINE_NOTIFY:
    case ENGINE_ACKNOWLEDGE:
        take_acknowledgement(engine, incident, event);
        break;
    case ENGINE_DONE:
    case ENGINE_DECLINE:
    case ENGINE_BREACH:
        duty_take_event(engine, incident, event);
        break;
    case ENGINE_MERGE:
        incident_merge(engine, incident, state_incident(engine, event->other));
        break;
    case ENGINE_SPLIT:
        incident_split(engine, incident);
        break;
    case ENGINE_MOVE:
        incident_move(engine, incident, state_edition_in_force(engine, incident->edition->plan->name));
        break;
    case ENGINE_CLOSE:
        incident_close(engine, incident);
        break;
    case ENGINE_REOPEN:
        incident_reopen(engine, incident);
        break;
    default:
        break;
    }
    if (incident != NULL) {
        state_schedule(engine, incident);
    }
}

bool engine_step(struct engine *engine, const struct engine_event *event, engine_sink *sink, void *context,
                 struct failure *failure) {
    if (!check_time(engine, event, failure)) {
        return false;
    }
    engine->sink = sink;
    engine->context = context;
    engine->handled_at = event->at;
    catch_up(engine, event->at);
    engine->now = event->at;
    engine->sequence = event->sequence;
    bool fine = engine_check(engine, event, failure);
    if (!fine) {
        engine->sink = NULL;
        return false;
    }
    if (event->kind == ENGINE_ADOPT) {
        fine = incident_adopt(engine, event, failure);
    } else if (!engine->broken) {
        take(engine, event);
    }
    engine->sink = NULL;
    if (engine->broken) {
        return failure_say(failure, "out of memory: the engine must be rebuilt from the log",
                           "内存不足，须从日志重新恢复");
    }
    return fine;
}
