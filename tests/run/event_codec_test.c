/* Proves: every kind of event survives the log exactly, goes by names, and what is no event is refused. */
#include "run/event_codec.h"

#include "small_pack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define START INT64_C(1660975200000000) /* 2022-08-20T14:00+08:00 */
#define MINUTE CALENDAR_US_PER_MINUTE

struct world {
    struct plan *plan;
    struct engine *engine;
    struct event_codec *codec;
    struct event_fields fields;
};

static void step(struct world *world, const struct engine_event *event) {
    struct failure failure = {0};
    if (!engine_step(world->engine, event, NULL, NULL, &failure)) {
        fail_msg("%s: %s", failure.field, failure.message);
    }
}

static uint16_t fact(const struct world *world, const char *name) {
    return plan_find_fact(world->plan, text_of(name));
}

static uint16_t party(const struct world *world, const char *name) {
    return plan_find_party(world->plan, text_of(name));
}

/* Season is incident 1, a bonfire with two claims incident 2. */
static int set_up(void **state) {
    static struct world world;
    struct plan_messages messages = {0};
    world = (struct world){.plan = plan_compile(TEXT("small"), TEXT(SMALL_PACK), &messages)};
    plan_messages_release(&messages);
    world.engine = engine_create();
    world.codec = event_codec_create();
    if (world.plan == NULL || world.engine == NULL || world.codec == NULL) {
        return -1;
    }
    struct engine_event event = event_start(ENGINE_ADOPT, START, 0);
    event.plan = world.plan;
    step(&world, &event);
    event = event_start(ENGINE_OPEN, START, 0);
    event.plan = world.plan;
    event.subject = plan_find_subject(world.plan, TEXT("Bonfire"));
    event.title = TEXT("Smoke");
    step(&world, &event);
    event = event_start(ENGINE_REPORT, START, 2);
    event.fact = fact(&world, "Hurt");
    event.low = 2;
    event.high = 2;
    step(&world, &event);
    event.fact = fact(&world, "Area");
    event.low = 5;
    event.high = 7;
    step(&world, &event);
    *state = &world;
    return 0;
}

static int tear_down(void **state) {
    struct world *world = *state;
    event_fields_release(&world->fields);
    event_codec_destroy(world->codec);
    engine_destroy(world->engine);
    plan_destroy(world->plan);
    return 0;
}

static void assert_same_text(struct text left, struct text right) {
    if (!text_equal(left, right)) {
        fail_msg("\"%.*s\" is not \"%.*s\"", TEXT_PRINT(left), TEXT_PRINT(right));
    }
}

/* All fields but the sequence. */
static void assert_same(const struct engine_event *left, const struct engine_event *right) {
    assert_int_equal(left->kind, right->kind);
    assert_int_equal(left->at, right->at);
    assert_int_equal(left->as_of, right->as_of);
    assert_int_equal(left->incident, right->incident);
    assert_same_text(left->source, right->source);
    assert_int_equal(left->by, right->by);
    assert_same_text(left->reason, right->reason);
    assert_int_equal(left->subject, right->subject);
    assert_same_text(left->title, right->title);
    assert_int_equal(left->fact, right->fact);
    assert_int_equal(left->basis, right->basis);
    assert_int_equal(left->low, right->low);
    assert_int_equal(left->high, right->high);
    assert_int_equal(left->day, right->day);
    assert_int_equal(left->claim, right->claim);
    assert_int_equal(left->role, right->role);
    assert_int_equal(left->unit, right->unit);
    assert_int_equal(left->scale, right->scale);
    assert_int_equal(left->level, right->level);
    assert_int_equal(left->item_kind, right->item_kind);
    assert_int_equal(left->item, right->item);
    assert_int_equal(left->other, right->other);
}

static struct event_extra round_trip(struct world *world, const struct engine_event *event,
                                     const struct event_extra *extra) {
    struct failure failure = {0};
    struct engine_event again;
    struct event_extra extra_again;
    if (!event_encode(world->engine, event, extra, &world->fields, &failure)) {
        fail_msg("%d: %s: %s", event->kind, failure.field, failure.message);
    }
    if (!event_decode(world->codec, world->engine, world->fields.items, world->fields.count, &again, &extra_again,
                      &failure)) {
        fail_msg("%d: %s: %s", event->kind, failure.field, failure.message);
    }
    assert_same(event, &again);
    return extra_again;
}

static const char *find_value(const struct world *world, const char *name) {
    static char shown[200];
    for (size_t i = 0; i < world->fields.count; i++) {
        if (text_equals_string(world->fields.items[i].name, name)) {
            (void)snprintf(shown, sizeof shown, "%.*s", TEXT_PRINT(world->fields.items[i].value));
            return shown;
        }
    }
    return NULL;
}

static void test_time(void **state) {
    struct world *world = *state;
    struct engine_event event = event_start(ENGINE_TIME, START, 0);
    (void)round_trip(world, &event, NULL);
    assert_int_equal(world->fields.count, 2);
    assert_string_equal(find_value(world, "at"), "2022-08-20T06:00:00Z");
    event.at = START + 1;
    (void)round_trip(world, &event, NULL);
    assert_string_equal(find_value(world, "at"), "2022-08-20T06:00:00.000001Z");
    event.at = -1;
    (void)round_trip(world, &event, NULL);
    assert_string_equal(find_value(world, "at"), "1969-12-31T23:59:59.999999Z");
}

static void test_adopt(void **state) {
    struct world *world = *state;
    struct engine_event event = event_start(ENGINE_ADOPT, START, 0);
    event.plan = world->plan;
    event.source = TEXT("administrator");
    const struct event_extra extra = {
        .pack = {TEXT("small.plan.md"), world->plan->name, world->plan->version, TEXT(SMALL_PACK)}};
    struct event_extra again = round_trip(world, &event, &extra);
    assert_same_text(again.pack.source, TEXT(SMALL_PACK));
    assert_same_text(again.pack.name, TEXT("Bonfire"));
    assert_same_text(again.pack.version, TEXT("1"));
    assert_same_text(again.pack.file, TEXT("small.plan.md"));
    struct failure failure = {0};
    assert_false(event_encode(world->engine, &event, NULL, &world->fields, &failure));
}

static void test_open(void **state) {
    struct world *world = *state;
    struct engine_event event = event_start(ENGINE_OPEN, START, 0);
    event.plan = world->plan;
    event.subject = plan_find_subject(world->plan, TEXT("Bonfire"));
    event.title = TEXT("烟");
    event.as_of = START - 5 * MINUTE;
    event.source = TEXT("a walker");
    (void)round_trip(world, &event, NULL);
    assert_string_equal(find_value(world, "plan"), "Bonfire");
    assert_string_equal(find_value(world, "subject"), "Bonfire");
    assert_string_equal(find_value(world, "as_of"), "2022-08-20T05:55:00Z");
    event.title = (struct text){0};
    event.as_of = event.at;
    (void)round_trip(world, &event, NULL);
    assert_null(find_value(world, "as_of"));
}

static void test_reports(void **state) {
    struct world *world = *state;
    static const struct {
        const char *fact;
        const char *value;
        int64_t low, high;
        int32_t day;
        enum engine_basis basis;
    } reports[] = {
        {"Hurt", "3", 3, 3, 0, ENGINE_UNQUALIFIED},
        {"Hurt", ">= 2", 2, 10000000, 0, ENGINE_OBSERVED},
        {"Area", "0.5 ha..1 ha", INT64_C(15000000000), INT64_C(30000000000), 0, ENGINE_PREDICTED},
        {"Area", "7.5000000005 亩", INT64_C(15000000001), INT64_C(15000000001), 0, ENGINE_OBSERVED},
        {"Spreading", "yes", 1, 1, 0, ENGINE_OBSERVED},
        {"Spreading", "unknown", 0, 1, 0, ENGINE_UNQUALIFIED},
        {"Kind", "Wild fire|'false|alarm'", 6, 0, 0, ENGINE_UNQUALIFIED},
        {"Lit", "2022-08-20T14:00:00+08:00", START, START, 0, ENGINE_UNQUALIFIED},
        {"Lit", "<= 2022-08-20T14:00:00+08:00", INT64_MIN, START, 0, ENGINE_UNQUALIFIED},
        {"Danger", "Middle..High", 1, 2, 19225, ENGINE_PREDICTED},
    };
    for (size_t i = 0; i < sizeof reports / sizeof reports[0]; i++) {
        bool is_series = strcmp(reports[i].fact, "Danger") == 0;
        struct engine_event event = event_start(ENGINE_REPORT, START, is_series ? 1 : 2);
        event.fact = fact(world, reports[i].fact);
        event.basis = reports[i].basis;
        event.low = reports[i].low;
        event.high = reports[i].high;
        event.day = reports[i].day;
        event.source = TEXT("说话人");
        event.by = party(world, "Mayor");
        (void)round_trip(world, &event, NULL);
        assert_string_equal(find_value(world, "value"), reports[i].value);
        assert_string_equal(find_value(world, "fact"), reports[i].fact);
        assert_string_equal(find_value(world, "by"), "Mayor");
    }
    assert_string_equal(find_value(world, "day"), "2022-08-21");
}

static void test_claims(void **state) {
    struct world *world = *state;
    struct engine_event event = event_start(ENGINE_CORRECT, START, 2);
    event.claim = 2;
    event.low = 6;
    event.high = 6;
    event.reason = TEXT("misheard");
    (void)round_trip(world, &event, NULL);
    assert_string_equal(find_value(world, "fact"), "Area");
    assert_null(find_value(world, "as_of"));
    event.as_of = START - MINUTE;
    (void)round_trip(world, &event, NULL);
    assert_string_equal(find_value(world, "as_of"), "2022-08-20T05:59:00Z");
    event = event_start(ENGINE_WITHDRAW, START, 2);
    event.claim = 1;
    event.as_of = START - 1; /* not used, but kept */
    (void)round_trip(world, &event, NULL);
    struct failure failure = {0};
    event = event_start(ENGINE_CORRECT, START, 2);
    event.claim = 9;
    assert_false(event_encode(world->engine, &event, NULL, &world->fields, &failure));
    assert_string_equal(failure.field, "claim");
}

static void test_roles(void **state) {
    struct world *world = *state;
    for (int i = 0; i < 2; i++) {
        struct engine_event event = event_start(i == 0 ? ENGINE_BIND : ENGINE_UNBIND, START, 2);
        event.role = party(world, "Town");
        event.unit = party(world, "Northtown");
        (void)round_trip(world, &event, NULL);
        assert_string_equal(find_value(world, "role"), "Town");
        assert_string_equal(find_value(world, "unit"), "Northtown");
    }
}

static void test_orders(void **state) {
    struct world *world = *state;
    struct engine_event event = event_start(ENGINE_ORDER, START, 2);
    event.scale = plan_find_scale(world->plan, TEXT("Alarm"));
    event.level = 2;
    event.by = party(world, "Warden");
    event.reason = TEXT("it \"looks\" bad\nvery");
    const struct event_extra extra = {
        .seen = {true, TEXT("1"), TEXT(""), TEXT("Yellow"), TEXT("Red"), TEXT("3.2(1) 3.2(2)"), TEXT("")}};
    struct event_extra again = round_trip(world, &event, &extra);
    assert_true(again.seen.given);
    assert_same_text(again.seen.version, TEXT("1"));
    assert_same_text(again.seen.order, TEXT(""));
    assert_same_text(again.seen.level, TEXT("Yellow"));
    assert_same_text(again.seen.may, TEXT("Red"));
    assert_same_text(again.seen.because, TEXT("3.2(1) 3.2(2)"));
    assert_same_text(again.seen.open, TEXT(""));
    assert_string_equal(find_value(world, "level"), "Red");
    event.level = 0;
    again = round_trip(world, &event, NULL);
    assert_false(again.seen.given);
    event = event_start(ENGINE_REFUSE, START, 2);
    event.scale = plan_find_scale(world->plan, TEXT("Alarm"));
    (void)round_trip(world, &event, &extra);
    event = event_start(ENGINE_RECONSIDER, START, 2);
    event.scale = plan_find_scale(world->plan, TEXT("Alarm"));
    event.by = party(world, "Mayor");
    event.reason = TEXT("I have not said so");
    (void)round_trip(world, &event, NULL);
}

static void test_items(void **state) {
    struct world *world = *state;
    static const enum engine_event_kind kinds[] = {ENGINE_NOTIFY, ENGINE_ACKNOWLEDGE, ENGINE_DONE, ENGINE_DECLINE,
                                                   ENGINE_BREACH};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        for (int item_kind = 0; item_kind < (i < 2 ? 3 : 1); item_kind++) {
            struct engine_event event = event_start(kinds[i], START, 2);
            event.item_kind = (enum engine_item_kind)item_kind;
            event.item = 4294967295U;
            event.by = party(world, "Mayor");
            event.source = TEXT("值班员");
            event.reason = i < 2 ? TEXT("") : TEXT("proof");
            (void)round_trip(world, &event, NULL);
        }
    }
}

static void test_incidents(void **state) {
    struct world *world = *state;
    static const enum engine_event_kind kinds[] = {ENGINE_MERGE, ENGINE_SPLIT, ENGINE_MOVE, ENGINE_CLOSE,
                                                   ENGINE_REOPEN};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct engine_event event = event_start(kinds[i], START, 2);
        event.other = kinds[i] == ENGINE_MERGE ? 1 : 0;
        event.reason = TEXT("over");
        (void)round_trip(world, &event, NULL);
    }
}

struct bad_event {
    const char *fields[12]; /* names and values by turns */
    const char *message;
};

static const struct bad_event bad_events[] = {
    {{"at", "2022-08-20T06:00:00Z"}, "kind"},
    {{"kind", "time"}, "\"at\""},
    {{"kind", "tim", "at", "2022-08-20T06:00:00Z"}, "no kind"},
    {{"kind", "time", "at", "2022-08-20"}, "no instant"},
    {{"kind", "time", "at", "2022-13-20T06:00:00Z"}, "no instant"},
    {{"kind", "time", "at", "2022-08-20T06:60:00Z"}, "no instant"},
    {{"kind", "time", "at", "2022-08-20T06:00:00Z", "at", "2022-08-20T06:00:00Z"}, "twice"},
    {{"kind", "time", "at", "2022-08-20T06:00:00Z", "colour", "red"}, "no field \"colour\""},
    {{"kind", "time", "at", "2022-08-20T06:00:00Z", "fact", "Hurt"}, "cannot have"},
    {{"kind", "report", "at", "2022-08-20T06:00:00Z", "incident", "2", "fact", "Hurt"}, "needs"},
    {{"kind", "report", "at", "2022-08-20T06:00:00Z", "incident", "9", "fact", "Hurt", "value", "3"}, "no incident"},
    {{"kind", "report", "at", "2022-08-20T06:00:00Z", "incident", "02", "fact", "Hurt", "value", "3"}, "no number"},
    {{"kind", "report", "at", "2022-08-20T06:00:00Z", "incident", "2", "fact", "Hrt", "value", "3"}, "no fact"},
    {{"kind", "report", "at", "2022-08-20T06:00:00Z", "incident", "2", "fact", "Hurt", "value", "x"}, "Hurt"},
    {{"kind", "report", "at", "2022-08-20T06:00:00Z", "incident", "1", "fact", "Danger", "value", "Low"}, "day"},
    {{"kind", "bind", "at", "2022-08-20T06:00:00Z", "incident", "2", "role", "Town", "unit", "Westtown"}, "no party"},
    {{"kind", "order", "at", "2022-08-20T06:00:00Z", "incident", "2", "scale", "Alarm", "level", "Pink"}, "no level"},
    {{"kind", "notify", "at", "2022-08-20T06:00:00Z", "incident", "2", "item", "dog", "number", "1"}, "neither"},
    {{"kind", "notify", "at", "2022-08-20T06:00:00Z", "incident", "2", "item", "duty", "number", "4294967296"},
     "too large"},
    {{"kind", "open", "at", "2022-08-20T06:00:00Z", "plan", "Flood", "subject", "Bonfire"}, "no plan"},
    {{"kind", "order", "at", "2022-08-20T06:00:00Z", "incident", "2", "scale", "Alarm", "saw_level", "Red"},
     "saw_version"},
    {{"kind", "correct", "at", "2022-08-20T06:00:00Z", "incident", "2", "fact", "Hurt", "claim", "2"}, "value"},
};

static void test_refused(void **state) {
    struct world *world = *state;
    for (size_t i = 0; i < sizeof bad_events / sizeof bad_events[0]; i++) {
        struct store_field fields[6] = {0};
        size_t count = 0;
        while (count < 6 && bad_events[i].fields[2 * count] != NULL) {
            fields[count].name = text_of(bad_events[i].fields[2 * count]);
            fields[count].value = text_of(bad_events[i].fields[2 * count + 1]);
            count++;
        }
        struct engine_event event;
        struct event_extra extra;
        struct failure failure = {0};
        if (event_decode(world->codec, world->engine, fields, count, &event, &extra, &failure)) {
            fail_msg("event %zu is taken", i);
        }
        if (strstr(failure.message, bad_events[i].message) == NULL) {
            fail_msg("event %zu: \"%s\" does not say \"%s\"", i, failure.message, bad_events[i].message);
        }
    }
    struct store_field masked[2] = {{TEXT("kind"), TEXT("time"), false}, {TEXT("at"), TEXT(""), true}};
    struct engine_event event;
    struct event_extra extra;
    struct failure failure = {0};
    assert_false(event_decode(world->codec, world->engine, masked, 2, &event, &extra, &failure));
    assert_non_null(strstr(failure.message, "masked"));
}

static void test_names(void **state) {
    (void)state;
    for (int kind = 0; kind < ENGINE_EVENT_KINDS; kind++) {
        assert_true(event_kind_name((enum engine_event_kind)kind).length > 0);
    }
}

/* A report must decode in well under a microsecond; printed, and held only against a slow machine's ten times that. */
static void test_speed(void **state) {
    struct world *world = *state;
    struct engine_event event = event_start(ENGINE_REPORT, START, 2);
    struct failure failure = {0};
    struct event_extra extra;
    event.fact = fact(world, "Area");
    event.low = INT64_C(15000000000);
    event.high = INT64_C(30000000000);
    event.as_of = START - MINUTE;
    event.source = TEXT("歌乐山街道值班室");
    event.by = party(world, "Northtown");
    assert_true(event_encode(world->engine, &event, NULL, &world->fields, &failure));
    struct timespec before;
    struct timespec after;
    const int rounds = 200000;
    (void)clock_gettime(CLOCK_MONOTONIC, &before);
    for (int i = 0; i < rounds; i++) {
        assert_true(event_decode(world->codec, world->engine, world->fields.items, world->fields.count, &event, &extra,
                                 &failure));
    }
    (void)clock_gettime(CLOCK_MONOTONIC, &after);
    double ns = ((double)(after.tv_sec - before.tv_sec) * 1e9 + (double)(after.tv_nsec - before.tv_nsec)) / rounds;
    print_message("decoding a report takes %.0f ns\n", ns);
    assert_true(ns < 10000 * 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time),    cmocka_unit_test(test_adopt),  cmocka_unit_test(test_open),
        cmocka_unit_test(test_reports), cmocka_unit_test(test_claims), cmocka_unit_test(test_roles),
        cmocka_unit_test(test_orders),  cmocka_unit_test(test_items),  cmocka_unit_test(test_incidents),
        cmocka_unit_test(test_refused), cmocka_unit_test(test_names),  cmocka_unit_test(test_speed),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
