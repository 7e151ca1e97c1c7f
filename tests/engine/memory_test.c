/* Memory that runs out: each allocation of a story refused in turn. The engine says so, stays whole enough to be looked at
 * and given back, and either takes the event when it is tried again or takes none any more. */

#include "base/failing_memory.h"
#include "play.h"
#include "story.h"

#include <string.h>

#define EVENTS 120

static struct plan *plans[2];
static struct engine_event events[EVENTS];
static size_t event_count;

static void make_story(uint64_t state, struct buffer *out) {
    struct engine *engine = engine_create();
    assert_non_null(engine);
    events[0] = (struct engine_event){
        .kind = ENGINE_ADOPT, .at = play_start_instant(), .sequence = 1, .by = PLAN_NONE, .plan = plans[0]};
    assert_true(engine_step(engine, &events[0], NULL, NULL, NULL));
    for (event_count = 1; event_count < EVENTS;) {
        struct engine_event event;
        story_next(&state, engine, (const struct plan *const *)plans, false, &event);
        struct engine_event change = {.at = engine_now(engine), .by = PLAN_NONE};
        if (event_count == 40) { /* a change of version, and moves to it */
            change.kind = ENGINE_ADOPT;
            change.plan = plans[1];
        } else if (event_count > 40 && event_count < 44) {
            change.kind = ENGINE_MOVE;
            change.incident = (uint32_t)event_count - 39;
        }
        if (change.kind != ENGINE_TIME && engine_check(engine, &change, NULL)) {
            event = change;
        }
        event.sequence = event_count + 1;
        if (engine_step(engine, &event, NULL, NULL, NULL)) {
            events[event_count++] = event;
        }
    }
    engine_write_state(engine, out);
    assert_false(out->failed);
    engine_destroy(engine);
}

/* Looks at everything there is to see. */
static void look_around(const struct engine *engine) {
    struct buffer out = {0};
    engine_write_state(engine, &out);
    buffer_release(&out);
    for (uint32_t i = 1; i < engine_next_incident(engine); i++) {
        struct engine_incident_view incident;
        assert_true(engine_view_incident(engine, i, &incident));
        const struct plan_subject *subject = &incident.plan->subjects[incident.subject];
        for (uint16_t slot = 0; slot < subject->fact_count; slot++) {
            int64_t low = 0;
            int64_t high = 0;
            assert_true(engine_view_fact(engine, i, subject->facts[slot], &low, &high));
        }
        for (uint16_t scale = 0; scale < subject->scale_count; scale++) {
            struct engine_scale_view view;
            assert_true(engine_view_scale(engine, i, subject->scales[scale], &view));
        }
    }
}

/* Plays the story with `allowed` allocations; true when nothing was refused. */
static bool play_with(size_t allowed, const struct buffer *expected) {
    struct failure failure = {0};
    bool complete = true;
    size_t next = 0;
    failing_memory_allow(allowed);
    struct engine *engine = engine_create();
    if (engine == NULL) {
        failing_memory_stop();
        return false;
    }
    while (next < event_count && engine_step(engine, &events[next], NULL, NULL, &failure)) {
        next++;
    }
    failing_memory_stop();
    if (next < event_count) {
        complete = false;
        check(strstr(failure.message, "memory") != NULL, "after %zu allocations, event %zu: %s: %s", allowed, next,
              failure.field, failure.message);
        look_around(engine);
        failure = (struct failure){0};
        while (next < event_count && engine_step(engine, &events[next], NULL, NULL, &failure)) {
            next++;
        }
        check(next == event_count || strstr(failure.message, "rebuilt from the log") != NULL,
              "after %zu allocations, event %zu again: %s: %s", allowed, next, failure.field, failure.message);
        if (next < event_count) {
            check(!engine_check(engine, &events[next], NULL), "a broken engine takes an event");
        }
    }
    if (next == event_count) {
        struct buffer out = {0};
        engine_write_state(engine, &out);
        check(out.length == expected->length && memcmp(out.bytes, expected->bytes, out.length) == 0,
              "after %zu allocations: another state", allowed);
        buffer_release(&out);
    }
    engine_destroy(engine);
    return complete;
}

static void each_allocation_refused_in_turn(void **state) {
    (void)state;
    for (uint64_t seed = 4711; seed < 4714; seed++) {
        struct buffer expected = {0};
        size_t allowed = 0;
        make_story(seed, &expected);
        while (!play_with(allowed, &expected)) {
            allowed++;
        }
        check(allowed > 20, "only %zu allocations", allowed);
        buffer_release(&expected);
    }
}

static int compile_plans(void **state) {
    (void)state;
    plans[0] = play_compile(STORY_PACKS[0], 1);
    plans[1] = play_compile(STORY_PACKS[1], 2);
    return 0;
}

static int destroy_plans(void **state) {
    (void)state;
    plan_destroy(plans[0]);
    plan_destroy(plans[1]);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_allocation_refused_in_turn),
    };
    return cmocka_run_group_tests(tests, compile_plans, destroy_plans);
}
