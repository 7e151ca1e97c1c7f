/* Proves: how an event came in is logged with it and read back, whatever the event's kind; a log that says nothing of it
 * still reads; trying an event takes nothing. */
#include "story.h"

#include "../store/scratch.h"
#include "store/store.h"

#include <string.h>

#define MINUTE CALENDAR_US_PER_MINUTE

static const struct event_entry full = {
    TEXT_INITIAL("wang"),     TEXT_INITIAL("press-1 0123456789abcdef"),
    TEXT_INITIAL("7"),        TEXT_INITIAL("李指挥长"),
    TEXT_INITIAL("555 0101"), TEXT_INITIAL("head"),
    TEXT_INITIAL("3"),        TEXT_INITIAL("ab01 cd02"),
};

static void check_same_text(struct text left, struct text right) {
    check(text_equal(left, right), "\"%.*s\" is not \"%.*s\"", TEXT_PRINT(left), TEXT_PRINT(right));
}

static void check_same(const struct event_entry *left, const struct event_entry *right) {
    check_same_text(left->actor, right->actor);
    check_same_text(left->key, right->key);
    check_same_text(left->call, right->call);
    check_same_text(left->spoken_by, right->spoken_by);
    check_same_text(left->spoken_from, right->spoken_from);
    check_same_text(left->delegated_by, right->delegated_by);
    check_same_text(left->delegation, right->delegation);
    check_same_text(left->attachments, right->attachments);
}

/* Encodes an event and reads it back; the decoded entry must be the given one. */
static void check_round_trip(const struct session *session, const struct engine_event *event,
                             const struct event_extra *extra, const struct event_entry *expected) {
    struct failure failure = {0};
    struct event_fields fields = {0};
    struct engine_event again;
    struct event_extra extra_again;
    struct event_codec *codec = event_codec_create();
    assert_non_null(codec);
    check(event_encode(session_engine(session), event, extra, &fields, &failure), "%d: %s", event->kind,
          failure.message);
    check(event_decode(codec, session_engine(session), fields.items, fields.count, &again, &extra_again, &failure),
          "%d: %s: %s", event->kind, failure.field, failure.message);
    assert_int_equal(again.kind, event->kind);
    check_same(&extra_again.entry, expected);
    event_fields_release(&fields);
    event_codec_destroy(codec);
}

static void test_round_trip(void **state) {
    static const struct event_entry none = {{0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}};
    struct engine_incident_view view;
    (void)state;
    struct session *session = story_open(NULL, NULL, NULL);
    story_begin(session);
    assert_true(engine_view_incident(session_engine(session), STORY_BONFIRE, &view));
    struct engine_event open = event_start(ENGINE_OPEN, STORY_START, 0);
    open.plan = view.plan;
    open.subject = view.subject;
    struct engine_event order = event_start(ENGINE_ORDER, STORY_START, STORY_BONFIRE);
    order.level = 1;
    order.by = plan_find_party(view.plan, TEXT("Warden"));
    struct engine_event bind = event_start(ENGINE_BIND, STORY_START, STORY_BONFIRE);
    bind.role = plan_find_party(view.plan, TEXT("Town"));
    bind.unit = plan_find_party(view.plan, TEXT("Northtown"));
    struct engine_event acknowledge = event_start(ENGINE_ACKNOWLEDGE, STORY_START, STORY_BONFIRE);
    acknowledge.item = 1;
    const struct engine_event events[] = {
        open,
        order,
        bind,
        acknowledge,
        story_report(session, STORY_START, 1),
        event_start(ENGINE_TIME, STORY_START, 0),
        event_start(ENGINE_CLOSE, STORY_START, STORY_BONFIRE),
    };
    for (size_t i = 0; i < COUNT_OF(events); i++) {
        const struct event_extra extra = {.entry = full};
        check_round_trip(session, &events[i], &extra, &full);
        /* Some of it alone; nothing of it; no extra at all. */
        const struct event_extra part = {.entry = {.actor = full.actor, .spoken_from = full.spoken_from}};
        check_round_trip(session, &events[i], &part, &part.entry);
        const struct event_extra empty = {0};
        check_round_trip(session, &events[i], &empty, &none);
        check_round_trip(session, &events[i], NULL, &none);
    }
    session_close(session);
}

/* What one event of the log says, as the store has it. */
static bool look_at(void *context, const struct store_record *record) {
    struct buffer *out = context;
    for (size_t i = 0; i < record->count; i++) {
        buffer_print(out, "%.*s=%.*s\n", TEXT_PRINT(record->fields[i].name),
                     TEXT_PRINT(text_cut(record->fields[i].value, 100)));
    }
    buffer_append(out, "", 1);
    out->length--;
    return false;
}

static void check_logged(const char *directory, int64_t sequence, const char *const *there, const char *const *absent) {
    struct failure failure = {0};
    struct buffer shown = {0};
    struct store *store = scratch_open_reader(directory);
    check(store_read(store, sequence, false, look_at, &shown, &failure), "%s", failure.message);
    for (; *there != NULL; there++) {
        check(strstr(shown.bytes, *there) != NULL, "\"%s\" is not in:\n%s", *there, shown.bytes);
    }
    for (; *absent != NULL; absent++) {
        check(strstr(shown.bytes, *absent) == NULL, "\"%s\" is in:\n%s", *absent, shown.bytes);
    }
    buffer_release(&shown);
    store_close(store);
}

static void test_logged(void **state) {
    static const char *const entered[] = {"actor=wang\n",
                                          "key=press-1 0123456789abcdef\n",
                                          "call=7\n",
                                          "spoken_by=李指挥长\n",
                                          "spoken_from=555 0101\n",
                                          "saw_may=Red\n",
                                          NULL};
    static const char *const plain[] = {"kind=report\n", NULL};
    static const char *const fields[] = {"actor=", "key=", "call=", "spoken_by=", "spoken_from=", NULL};
    static const char *const none[] = {NULL};
    struct failure failure = {0};
    struct session *session = story_open(*state, NULL, NULL);
    story_begin(session);
    struct engine_event event = story_report(session, STORY_START + MINUTE, 1);
    story_accept(session, &event);
    struct engine_incident_view view;
    assert_true(engine_view_incident(session_engine(session), STORY_BONFIRE, &view));
    event = event_start(ENGINE_ORDER, STORY_START + MINUTE, STORY_BONFIRE);
    event.scale = plan_find_scale(view.plan, TEXT("Alarm"));
    event.level = 1;
    event.by = plan_find_party(view.plan, TEXT("Warden"));
    event.reason = TEXT("the wind turns");
    check(session_accept_entry(session, &event, &full, NULL, NULL, &failure), "%s", failure.message);
    /* What an order's taker saw is logged beside how the order came in. */
    check_logged(*state, 4, entered, none);
    /* An event without an entry is written as it always was, and so reads like one of an old log. */
    check_logged(*state, 3, plain, fields);
    struct session *again = story_open_reader(*state);
    story_check_same_state(session, again);
    assert_int_equal(session_count_differences(again), 0);
    session_close(again);
    session_close(session);
}

static void test_try(void **state) {
    struct failure failure = {0};
    struct session *session = story_open(*state, NULL, NULL);
    story_begin(session);
    int64_t count = session_event_count(session);
    struct buffer before = story_state(session);
    struct engine_event event = story_report(session, STORY_START + MINUTE, 1);
    check(session_try(session, &event, &full, &failure), "%s", failure.message);
    struct engine_event foreign = event;
    foreign.incident = 99;
    assert_false(session_try(session, &foreign, &full, &failure));
    assert_true(failure.set);
    struct engine_event early = event;
    early.at = STORY_START - MINUTE;
    early.as_of = early.at;
    failure = (struct failure){0};
    assert_false(session_try(session, &early, &full, &failure));
    assert_true(failure.set);
    /* Nothing of the three has been taken, logged, or held against the session. */
    struct buffer after = story_state(session);
    assert_int_equal(before.length, after.length);
    assert_memory_equal(before.bytes, after.bytes, before.length);
    buffer_release(&before);
    buffer_release(&after);
    assert_int_equal(session_event_count(session), count);
    assert_int_equal(story_count_logged(*state), count);
    assert_false(session_has_failed(session));
    story_accept(session, &event);
    session_close(session);
    session = story_open_reader(*state);
    failure = (struct failure){0};
    event = story_report(session, STORY_START + 2 * MINUTE, 1);
    assert_false(session_try(session, &event, &full, &failure));
    session_close(session);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test_setup_teardown(test_logged, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_try, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
