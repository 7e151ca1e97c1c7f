/* The result depends on the events alone: not on how often time was handed in, on what was refused, on what else the
 * memory has held. And between any two events the invariants hold. Stories at random, from seeds. */

#include "invariants.h"
#include "play.h"
#include "random_pack.h"
#include "story.h"

#include <stdio.h>
#include <string.h>

#define EVENTS 200

static struct plan *plans[2];

struct tape {
    struct engine_output *items;
    size_t count, room;
    struct engine *engine;
    bool look; /* compare with the views */
};

struct story {
    struct engine_event events[EVENTS];
    size_t count;
};

/* What an output says must be what the views say. */
static void look(const struct tape *tape, const struct engine_output *output) {
    struct engine_duty_view duty = {0};
    struct engine_proposal_view proposal = {0};
    struct engine_finding_view finding = {0};
    struct engine_scale_view scale = {0};
    if (output->kind == ENGINE_LEVEL_CHANGED) {
        assert_true(engine_view_scale(tape->engine, output->incident, output->scale, &scale));
        check(scale.level == output->level && scale.may == output->may, "a level that is not so");
        return;
    }
    if (output->kind == ENGINE_ORDER_CHANGED) {
        assert_true(engine_view_scale(tape->engine, output->incident, output->scale, &scale));
        check(scale.order == output->level, "an order that is not in force");
        return;
    }
    if (output->kind >= ENGINE_INCIDENT_OPENED) {
        return;
    }
    bool there = output->item_kind == ENGINE_ITEM_DUTY
                     ? engine_view_duty(tape->engine, output->incident, output->item, &duty)
                 : output->item_kind == ENGINE_ITEM_PROPOSAL
                     ? engine_view_proposal(tape->engine, output->incident, output->item, &proposal)
                     : engine_view_finding(tape->engine, output->incident, output->item, &finding);
    check(there, "output %d about what is not there", output->kind);
    check(output->kind != ENGINE_DUTY_DONE || duty.status == ENGINE_DONE_STATUS, "not done");
    check(output->kind != ENGINE_DUTY_LAPSED || duty.status == ENGINE_LAPSED, "not lapsed");
    check(output->kind != ENGINE_DUTY_RAISED || duty.status == ENGINE_OWED, "not owed");
    check(output->kind != ENGINE_DUTY_OVERDUE || (duty.overdue && duty.due_at < output->at), "not overdue");
    check(output->kind != ENGINE_PROPOSAL_ENDED || proposal.status != ENGINE_PROPOSAL_OPEN, "not ended");
    check(output->kind != ENGINE_FINDING_CLOSED || finding.closed_at != ENGINE_NEVER, "not closed");
}

static void keep(void *context, const struct engine_output *output) {
    struct tape *tape = context;
    if (tape->count == tape->room) {
        tape->room = tape->room == 0 ? 1024 : tape->room * 2;
        struct engine_output *items = realloc(tape->items, tape->room * sizeof *items);
        assert_non_null(items);
        tape->items = items;
    }
    check(output->due_at <= output->at, "a consequence before its time");
    if (tape->look) {
        look(tape, output);
    }
    tape->items[tape->count++] = *output;
}

static void begin(struct tape *tape) {
    struct failure failure = {0};
    *tape = (struct tape){.engine = engine_create(), .look = true};
    struct engine_event event = {
        .kind = ENGINE_ADOPT, .at = play_start_instant(), .sequence = 1, .by = PLAN_NONE, .plan = plans[0]};
    assert_non_null(tape->engine);
    check(engine_step(tape->engine, &event, keep, tape, &failure), "%s", failure.message);
}

static void end(struct tape *tape) {
    engine_destroy(tape->engine);
    free(tape->items);
}

static void hand_in_time(struct tape *tape, int64_t at) {
    struct failure failure = {0};
    struct engine_event event = {.kind = ENGINE_TIME, .at = at, .by = PLAN_NONE};
    check(engine_step(tape->engine, &event, keep, tape, &failure), "%s", failure.message);
}

static void write_state(const struct tape *tape, struct buffer *out) {
    buffer_clear(out);
    engine_write_state(tape->engine, out);
    assert_false(out->failed);
}

/* The first line in which two states differ. */
static void check_equal(const struct buffer *left, const struct buffer *right, unsigned long long seed,
                        const char *what) {
    if (left->length == right->length && memcmp(left->bytes, right->bytes, left->length) == 0) {
        return;
    }
    size_t at = 0;
    size_t line = 0;
    while (at < left->length && at < right->length && left->bytes[at] == right->bytes[at]) {
        at++;
        line = left->bytes[at - 1] == '\n' ? at : line;
    }
    print_error("seed %llu: %s\n%.600s\n---\n%.600s\n", seed, what, left->bytes + line, right->bytes + line);
    fail();
}

/* Makes a story by playing it; refused events must change nothing but time. */
static void make_story(struct story *story, unsigned long long seed, bool wild, struct tape *tape) {
    uint64_t state = seed;
    struct buffer before = {0};
    struct buffer after = {0};
    char where[64];
    story->count = 0;
    begin(tape);
    for (uint32_t i = 0; story->count < EVENTS && i < 3 * EVENTS; i++) {
        struct engine_event event;
        struct failure failure = {0};
        (void)snprintf(where, sizeof where, "seed %llu, event %u", seed, i);
        story_next(&state, tape->engine, (const struct plan *const *)plans, wild, &event);
        event.sequence = i + 2;
        hand_in_time(tape, event.at);
        bool valid = engine_check(tape->engine, &event, &failure);
        bool compared = !valid && i % 5 == 0; /* writing the whole state is slow */
        if (compared) {
            write_state(tape, &before);
        }
        size_t outputs = tape->count;
        bool taken = engine_step(tape->engine, &event, keep, tape, &failure);
        check(taken == valid, "%s: checked %d, taken %d: %s", where, valid, taken, failure.message);
        check(valid || failure.message[0] != '\0', "%s: refused without a word", where);
        invariants_check(tape->engine, where);
        if (taken) {
            story->events[story->count++] = event;
            continue;
        }
        if (compared) {
            write_state(tape, &after);
            check_equal(&before, &after, seed, "a refused event changed something");
        }
        check(tape->count == outputs, "%s: a refused event had consequences", where);
    }
    buffer_release(&before);
    buffer_release(&after);
}

enum pace { NEVER, NOW_AND_THEN, EVERY_INSTANT, ALL_AT_ONCE };

static void play_again(struct tape *tape, const struct story *story, enum pace pace, uint64_t seed) {
    begin(tape);
    if (pace == ALL_AT_ONCE) {
        struct failure failure = {0};
        check(engine_step_many(tape->engine, story->events, story->count, keep, tape, &failure) == story->count,
              "refused: %s", failure.message);
        return;
    }
    for (size_t i = 0; i < story->count; i++) {
        struct failure failure = {0};
        int64_t at = story->events[i].at;
        if (pace == EVERY_INSTANT) {
            while (engine_next_instant(tape->engine) <= at) {
                hand_in_time(tape, engine_next_instant(tape->engine));
            }
        }
        while (pace == NOW_AND_THEN && story_below(&seed, 3) != 0) {
            int64_t now = engine_now(tape->engine);
            hand_in_time(tape, now + (int64_t)(story_below(&seed, 1000) * (uint64_t)(at - now) / 1000));
        }
        check(engine_step(tape->engine, &story->events[i], keep, tape, &failure), "event %zu refused: %s", i,
              failure.message);
    }
}

/* Outputs are the same apart from `at`. */
static void check_same_outputs(const struct tape *left, const struct tape *right, unsigned long long seed) {
    check(left->count == right->count, "seed %llu: %zu consequences and %zu", seed, left->count, right->count);
    for (size_t i = 0; i < left->count; i++) {
        struct engine_output one = left->items[i];
        struct engine_output other = right->items[i];
        check(one.kind == other.kind && one.incident == other.incident && one.due_at == other.due_at &&
                  one.item_kind == other.item_kind && one.item == other.item && one.scale == other.scale &&
                  one.level == other.level && one.may == other.may && one.party == other.party &&
                  one.step == other.step,
              "seed %llu: consequence %zu: kind %d and %d, incident %u and %u, item %u and %u", seed, i, one.kind,
              other.kind, one.incident, other.incident, one.item, other.item);
    }
}

/* A notice is the same when incident, kind and number of item, step and addressee are. */
static int compare_notices(const void *left, const void *right) {
    const struct engine_output *one = left;
    const struct engine_output *other = right;
    uint64_t keys[2][3] = {
        {one->incident, (uint64_t)one->item_kind << 32 | one->item, (uint64_t)one->step << 16 | one->party},
        {other->incident, (uint64_t)other->item_kind << 32 | other->item, (uint64_t)other->step << 16 | other->party}};
    for (int i = 0; i < 3; i++) {
        if (keys[0][i] != keys[1][i]) {
            return keys[0][i] < keys[1][i] ? -1 : 1;
        }
    }
    return 0;
}

static void check_notices_once(const struct tape *tape, unsigned long long seed) {
    struct engine_output *notices = calloc(tape->count + 1, sizeof *notices);
    size_t count = 0;
    assert_non_null(notices);
    for (size_t i = 0; i < tape->count; i++) {
        if (tape->items[i].kind == ENGINE_NOTICE) {
            notices[count++] = tape->items[i];
        }
    }
    qsort(notices, count, sizeof *notices, compare_notices);
    for (size_t i = 1; i < count; i++) {
        check(compare_notices(&notices[i - 1], &notices[i]) != 0,
              "seed %llu: incident %u, kind %d, item %u, step %u: told twice", seed, notices[i].incident,
              notices[i].item_kind, notices[i].item, notices[i].step);
    }
    free(notices);
}

static void run_seed(unsigned long long seed, bool wild) {
    static struct story story;
    struct tape first;
    struct buffer state = {0};
    struct buffer other = {0};
    make_story(&story, seed, wild, &first);
    write_state(&first, &state);
    check_notices_once(&first, seed);
    for (int pace = NEVER; pace <= ALL_AT_ONCE; pace++) {
        struct tape again;
        play_again(&again, &story, (enum pace)pace, seed);
        /* The first player let time pass for refused events too: bring both to one instant. */
        int64_t now = engine_now(first.engine);
        if (pace == EVERY_INSTANT) {
            while (engine_next_instant(again.engine) <= now) {
                hand_in_time(&again, engine_next_instant(again.engine));
            }
        }
        hand_in_time(&again, now);
        write_state(&again, &other);
        check_equal(&state, &other, seed, pace == NEVER ? "without time" : "with more time");
        check_same_outputs(&first, &again, seed);
        end(&again);
    }
    end(&first);
    buffer_release(&state);
    buffer_release(&other);
}

static void stories_of_people(void **state) {
    (void)state;
    for (unsigned long long seed = 1; seed <= random_count_seeds(30); seed++) {
        run_seed(seed, false);
    }
}

static void stories_with_nonsense(void **state) {
    (void)state;
    for (unsigned long long seed = 100001; seed < 100001 + random_count_seeds(30); seed++) {
        run_seed(seed, true);
    }
}

/* A refused event ends the row: those before it have been taken, it and those behind it have not. */
static void many_until_refused(void **state) {
    (void)state;
    static struct story story;
    for (unsigned long long seed = 300001; seed < 300001 + random_count_seeds(5); seed++) {
        struct tape first;
        struct tape second;
        struct tape third;
        struct buffer one = {0};
        struct buffer other = {0};
        struct failure failure = {0};
        make_story(&story, seed, false, &first);
        size_t bad = story.count * (seed % 5) / 5;
        size_t whole = story.count;
        story.events[bad].kind = ENGINE_EVENT_KINDS;
        begin(&second);
        check(engine_step_many(second.engine, story.events, whole, keep, &second, &failure) == bad, "seed %llu", seed);
        assert_true(failure.set);
        story.count = bad;
        play_again(&third, &story, NEVER, seed);
        hand_in_time(&third, story.events[bad].at);
        write_state(&second, &one);
        write_state(&third, &other);
        check_equal(&one, &other, seed, "taken after a refusal");
        end(&first);
        end(&second);
        end(&third);
        buffer_release(&one);
        buffer_release(&other);
    }
}

/* The same events on an engine whose memory has held other things. */
static void used_memory(void **state) {
    (void)state;
    static struct story story;
    for (unsigned long long seed = 200001; seed < 200001 + random_count_seeds(5); seed++) {
        struct tape first;
        struct tape second;
        struct tape noise;
        struct buffer one = {0};
        struct buffer other = {0};
        make_story(&story, seed, false, &first);
        write_state(&first, &one);
        static struct story unrelated;
        make_story(&unrelated, seed + 77, true, &noise);
        play_again(&second, &story, NEVER, seed);
        end(&noise);
        hand_in_time(&second, engine_now(first.engine));
        write_state(&second, &other);
        check_equal(&one, &other, seed, "in used memory");
        end(&first);
        end(&second);
        buffer_release(&one);
        buffer_release(&other);
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
        cmocka_unit_test(stories_of_people),
        cmocka_unit_test(stories_with_nonsense),
        cmocka_unit_test(many_until_refused),
        cmocka_unit_test(used_memory),
    };
    return cmocka_run_group_tests(tests, compile_plans, destroy_plans);
}
