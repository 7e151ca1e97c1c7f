/* Proves: what has been accepted is there after a restart, to the last byte of the state; a decision's reasons are held
 * against replay; a second version, merges and roles survive; a refused event leaves nothing behind. */
#include "run/session.h"

#include "run/event_codec.h"
#include "small_pack.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define START INT64_C(1660975200000000) /* 2022-08-20T14:00+08:00 */
#define MINUTE CALENDAR_US_PER_MINUTE
#define HOUR CALENDAR_US_PER_HOUR

static int set_up(void **state) {
    char *directory = strdup("/tmp/pinyue-session-XXXXXX");
    *state = directory;
    return directory != NULL && mkdtemp(directory) != NULL ? 0 : -1;
}

static int tear_down(void **state) {
    char *directory = *state;
    static const char *const files[] = {"log.db", "log.db-wal", "log.db-shm", "log.db-journal", "log.lock"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[600];
        (void)snprintf(path, sizeof path, "%s/%s", directory, files[i]);
        (void)unlink(path);
    }
    (void)rmdir(directory);
    free(directory);
    return 0;
}

static struct session *open_session(const char *directory, bool read_only) {
    struct failure failure = {0};
    const struct session_options options = {.directory = directory, .create = !read_only, .read_only = read_only};
    struct session *session = session_open(&options, &failure);
    if (session == NULL) {
        fail_msg("%s", failure.message);
    }
    return session;
}

static void accept(struct session *session, const struct engine_event *event) {
    struct failure failure = {0};
    if (!session_accept(session, event, NULL, NULL, &failure)) {
        fail_msg("%.*s: %s: %s", TEXT_PRINT(event_kind_name(event->kind)), failure.field, failure.message);
    }
}

static const struct plan *adopt(struct session *session, int64_t at, struct text pack) {
    struct failure failure = {0};
    const struct plan *plan = NULL;
    if (!session_adopt(session, at, TEXT("test"), TEXT("small.plan.md"), pack, NULL, NULL, &plan, &failure)) {
        fail_msg("%s", failure.message);
    }
    return plan;
}

static void report(struct session *session, int64_t at, uint32_t incident, const char *name, int64_t low,
                   int64_t high) {
    struct engine_incident_view view;
    assert_true(engine_view_incident(session_engine(session), incident, &view));
    struct engine_event event = event_start(ENGINE_REPORT, at, incident);
    event.fact = plan_find_fact(view.plan, text_of(name));
    event.low = low;
    event.high = high;
    event.source = TEXT("观察员");
    accept(session, &event);
}

/* A story that touches every kind of event but one version's change. */
static void play(struct session *session) {
    const struct plan *plan = adopt(session, START, TEXT(SMALL_PACK));
    struct engine_event event = event_start(ENGINE_OPEN, START, 0);
    event.plan = plan;
    event.subject = plan_find_subject(plan, TEXT("Bonfire"));
    event.title = TEXT("Smoke");
    accept(session, &event);
    event.at = START + MINUTE;
    event.as_of = START + MINUTE;
    event.title = TEXT("More smoke");
    accept(session, &event);
    report(session, START + 2 * MINUTE, 2, "Lit", START - HOUR, START - 30 * MINUTE);
    report(session, START + 2 * MINUTE, 2, "Kind", 2, 0);
    report(session, START + 3 * MINUTE, 3, "Hurt", 1, 10000000);
    report(session, START + 3 * MINUTE, 3, "Kind", 2, 0);
    event = event_start(ENGINE_BIND, START + 4 * MINUTE, 2);
    event.role = plan_find_party(plan, TEXT("Town"));
    event.unit = plan_find_party(plan, TEXT("Northtown"));
    accept(session, &event);
    event = event_start(ENGINE_CORRECT, START + 5 * MINUTE, 3);
    event.claim = 1;
    event.low = 1;
    event.high = 1;
    accept(session, &event);
    event = event_start(ENGINE_ORDER, START + 3 * HOUR, 2);
    event.scale = plan_find_scale(plan, TEXT("Alarm"));
    event.level = 1;
    event.by = plan_find_party(plan, TEXT("Warden"));
    event.source = TEXT("Jones");
    accept(session, &event);
    event = event_start(ENGINE_ACKNOWLEDGE, START + 3 * HOUR + MINUTE, 2);
    event.item = 3;
    event.by = plan_find_party(plan, TEXT("Fire Watch"));
    accept(session, &event);
    event = event_start(ENGINE_REFUSE, START + 3 * HOUR + MINUTE, 3);
    event.scale = plan_find_scale(plan, TEXT("Alarm"));
    event.by = plan_find_party(plan, TEXT("Warden"));
    event.reason = TEXT("the doctor is there");
    accept(session, &event);
    event = event_start(ENGINE_MERGE, START + 3 * HOUR + 2 * MINUTE, 3);
    event.other = 2;
    accept(session, &event);
    event = event_start(ENGINE_SPLIT, START + 3 * HOUR + 3 * MINUTE, 3);
    accept(session, &event);
    event = event_start(ENGINE_TIME, START + 5 * HOUR, 0);
    accept(session, &event);
}

static void assert_same_state(const struct session *left, const struct session *right) {
    struct buffer one = {0};
    struct buffer two = {0};
    engine_write_state(session_engine(left), &one);
    engine_write_state(session_engine(right), &two);
    assert_true(one.length > 1000);
    assert_int_equal(one.length, two.length);
    assert_memory_equal(one.bytes, two.bytes, one.length);
    buffer_release(&one);
    buffer_release(&two);
}

static void test_restart(void **state) {
    struct session *memory = open_session(NULL, false);
    play(memory);
    struct session *session = open_session(*state, false);
    play(session);
    assert_same_state(memory, session);
    int64_t count = session_event_count(session);
    assert_int_equal(count, session_event_count(memory));
    session_close(session);
    for (int i = 0; i < 2; i++) {
        session = open_session(*state, i == 0);
        assert_int_equal(session_event_count(session), count);
        assert_int_equal(session_count_differences(session), 0);
        assert_same_state(memory, session);
        session_close(session);
    }
    /* It goes on where it stopped. */
    session = open_session(*state, false);
    report(session, START + 6 * HOUR, 2, "Spreading", 1, 1);
    report(memory, START + 6 * HOUR, 2, "Spreading", 1, 1);
    assert_same_state(memory, session);
    session_close(session);
    session_close(memory);
}

/* Far more events than replay reads ahead, with texts of every length. */
static void test_many(void **state) {
    static char words[20000];
    struct session *session = open_session(*state, false);
    play(session);
    memset(words, 'w', sizeof words);
    for (int i = 0; i < 2000; i++) {
        struct engine_event event =
            event_start(ENGINE_REPORT, START + 6 * HOUR + i * CALENDAR_US_PER_SECOND, 2 + (uint32_t)(i % 2));
        struct engine_incident_view view;
        assert_true(engine_view_incident(session_engine(session), event.incident, &view));
        event.fact = plan_find_fact(view.plan, TEXT("Hurt"));
        event.low = event.high = 1 + i / 100;
        event.source = (struct text){words, i == 150 ? sizeof words : (size_t)(i * 37 % 500) + 1};
        accept(session, &event);
    }
    struct session *again = open_session(*state, true);
    assert_same_state(session, again);
    session_close(again);
    session_close(session);
}

/* The small pack as a second version in which every fact has another number. */
static struct text make_second(char *room, size_t size) {
    const char *pack = SMALL_PACK_VERSIONED("2");
    const char *first = strstr(pack, "  fact Lit");
    assert_non_null(first);
    int length = snprintf(room, size, "%.*s  fact Wind: count, more is worse\n%s", (int)(first - pack), pack, first);
    assert_in_range(length, 1, size - 1);
    return (struct text){room, (size_t)length};
}

/* Openings, moves, decisions and corrections among many events: what is read of one depends on those before it, which the
 * engine is yet to take. */
static void test_ahead(void **state) {
    char room[8192];
    struct session *session = open_session(*state, false);
    play(session);
    const struct plan *second = adopt(session, START + 6 * HOUR, make_second(room, sizeof room));
    uint32_t incident = 2;
    for (int i = 0; i < 3000; i++) {
        int64_t at = START + 6 * HOUR + i * CALENDAR_US_PER_SECOND;
        if (i == 900 || i == 2000) {
            struct engine_event event = event_start(ENGINE_MOVE, at, i == 900 ? 2 : 3);
            accept(session, &event);
        } else if (i % 70 == 0) {
            struct engine_event event = event_start(ENGINE_OPEN, at, 0);
            event.plan = second;
            event.subject = plan_find_subject(second, TEXT("Bonfire"));
            accept(session, &event);
            incident = engine_next_incident(session_engine(session)) - 1;
        } else if (i == 1500) {
            struct engine_event event = event_start(ENGINE_CORRECT, at, incident);
            event.claim = 1;
            event.low = event.high = 0;
            accept(session, &event);
        } else {
            report(session, at, i % 3 == 0 ? incident : 2 + (uint32_t)(i % 2), i % 5 == 0 ? "Area" : "Hurt",
                   1 + i / 100, 1 + i / 50);
        }
    }
    struct session *again = open_session(*state, true);
    assert_same_state(session, again);
    session_close(again);
    session_close(session);
}

/* Adds events behind the session's back: readings that replay takes, and two faults among them, `apart` events from each
 * other: a report to an incident that has been closed, which the engine refuses, and a kind that cannot be read. */
static void add_faults(const char *directory, int before, int apart, int64_t at) {
    struct failure failure = {0};
    const struct store_options options = {0};
    struct store *store = store_open(directory, &options, &failure);
    assert_non_null(store);
    char instant[CALENDAR_INSTANT_ROOM];
    calendar_print_instant(at, 0, instant);
    for (int i = 0; i < before + apart + 2; i++) {
        bool strange = i == before + apart + 1;
        struct store_field fields[] = {
            {.name = TEXT("kind"), .value = strange ? TEXT("strange") : TEXT("report")},
            {.name = TEXT("at"), .value = text_of(instant)},
            {.name = TEXT("incident"), .value = i == before ? TEXT("3") : TEXT("2")},
            {.name = TEXT("fact"), .value = TEXT("Hurt")},
            {.name = TEXT("value"), .value = TEXT("1")},
        };
        assert_true(store_append(store, fields, sizeof fields / sizeof *fields, NULL, &failure));
    }
    store_close(store);
}

static void check_faults(const char *directory, int before, int apart) {
    struct session *session = open_session(directory, false);
    play(session);
    struct engine_event event = event_start(ENGINE_CLOSE, START + 6 * HOUR, 3);
    event.reason = TEXT("the same fire");
    accept(session, &event);
    int64_t count = session_event_count(session);
    session_close(session);
    add_faults(directory, before, apart, START + 7 * HOUR);
    char expected[64];
    struct failure failure = {0};
    const struct session_options options = {.directory = directory, .read_only = true};
    (void)snprintf(expected, sizeof expected, "event %d: incident: the incident is closed", (int)count + before + 1);
    assert_null(session_open(&options, &failure));
    assert_string_equal(failure.message, expected);
}

/* The first fault in the log is the one that is named, wherever the engine has come to when the second is read. */
static void test_faults(void **state) {
    static const int counts[][2] = {{0, 0}, {3, 5}, {250, 3}, {700, 40}, {1500, 900}, {300, 2000}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        char directory[600];
        (void)snprintf(directory, sizeof directory, "%s/%zu", (const char *)*state, i);
        check_faults(directory, counts[i][0], counts[i][1]);
        void *inner = strdup(directory);
        (void)tear_down(&inner);
    }
}

static void test_versions(void **state) {
    struct session *session = open_session(*state, false);
    play(session);
    const struct plan *second = adopt(session, START + 6 * HOUR, TEXT(SMALL_PACK_VERSIONED("2")));
    struct engine_event event = event_start(ENGINE_MOVE, START + 6 * HOUR, 2);
    accept(session, &event);
    struct engine_incident_view view;
    assert_true(engine_view_incident(session_engine(session), 2, &view));
    assert_ptr_equal(view.plan, second);
    assert_true(text_equal(session_find_pack(session, second), TEXT(SMALL_PACK_VERSIONED("2"))));
    struct session *again = open_session(*state, true);
    assert_same_state(session, again);
    session_close(again);
    session_close(session);
}

static void test_refused(void **state) {
    struct session *session = open_session(*state, false);
    play(session);
    int64_t count = session_event_count(session);
    struct failure failure = {0};
    struct engine_event event = event_start(ENGINE_TIME, START, 0);
    assert_false(session_accept(session, &event, NULL, NULL, &failure));
    failure = (struct failure){0};
    event = event_start(ENGINE_REPORT, START + 5 * HOUR, 99);
    assert_false(session_accept(session, &event, NULL, NULL, &failure));
    failure = (struct failure){0};
    assert_false(session_adopt(session, START + 5 * HOUR, TEXT(""), TEXT("bad.md"), TEXT("```plan\nplan\n```\n"), NULL,
                               NULL, NULL, &failure));
    assert_string_equal(failure.file, "bad.md");
    assert_true(failure.line > 0);
    assert_int_equal(session_event_count(session), count);
    session_close(session);
    session = open_session(*state, true);
    assert_int_equal(session_event_count(session), count);
    failure = (struct failure){0};
    event = event_start(ENGINE_TIME, START + 9 * HOUR, 0);
    assert_false(session_accept(session, &event, NULL, NULL, &failure));
    assert_true(session_advance(session, START + 9 * HOUR, NULL, NULL, &failure));
    session_close(session);
}

/* Up to an event, up to an instant. */
static void test_moments(void **state) {
    struct session *session = open_session(*state, false);
    struct failure failure = {0};
    struct engine_scale_view scale;
    play(session);
    session_close(session);
    struct session_options options = {.directory = *state, .read_only = true, .last_sequence = 2};
    session = session_open(&options, &failure);
    assert_non_null(session);
    assert_int_equal(session_event_count(session), 2);
    assert_int_equal(engine_next_incident(session_engine(session)), 3);
    session_close(session);
    options = (struct session_options){
        .directory = *state, .read_only = true, .has_last_at = true, .last_at = START + 3 * HOUR - 1};
    session = session_open(&options, &failure);
    assert_non_null(session);
    assert_true(engine_view_scale(session_engine(session), 2, 0, &scale));
    assert_int_equal(scale.order, 0);
    session_close(session);
    options.last_at = START + 3 * HOUR;
    session = session_open(&options, &failure);
    assert_true(engine_view_scale(session_engine(session), 2, 0, &scale));
    assert_int_equal(scale.order, 1);
    session_close(session);
}

/* Copies a log, with what the decider of the first order saw changed. */
struct forging {
    struct store *to;
    bool forged;
};

static bool forge(void *context, const struct store_record *record) {
    struct forging *forging = context;
    struct store_field fields[STORE_FIELDS_MAX];
    struct failure failure = {0};
    for (size_t i = 0; i < record->count; i++) {
        fields[i] = record->fields[i];
        if (!forging->forged && text_equal(fields[i].name, TEXT("saw_level"))) {
            fields[i].value = TEXT("Red");
            forging->forged = true;
        }
    }
    return store_append(forging->to, fields, record->count, NULL, &failure);
}

static void test_reasons(void **state) {
    char forged[600];
    struct failure failure = {0};
    struct session *session = open_session(*state, false);
    play(session);
    session_close(session);
    (void)snprintf(forged, sizeof forged, "%s/forged", (const char *)*state);
    struct store_options options = {.create = true};
    struct store *from = store_open(*state, &(struct store_options){.read_only = true}, &failure);
    struct forging forging = {store_open(forged, &options, &failure), false};
    assert_non_null(from);
    assert_non_null(forging.to);
    assert_true(store_read(from, 1, true, forge, &forging, &failure));
    assert_true(forging.forged);
    store_close(from);
    store_close(forging.to);
    session = open_session(forged, true);
    size_t count = 0;
    const struct session_difference *differences = session_list_differences(session, &count);
    assert_int_equal(count, 1);
    assert_non_null(strstr(differences[0].text, "level"));
    assert_non_null(strstr(differences[0].text, "Red"));
    assert_non_null(strstr(differences[0].text, "Yellow"));
    session_close(session);
    char *inner = strdup(forged);
    void *inner_state = inner;
    (void)tear_down(&inner_state);
}

/* Of the whole story, told without incident 2: what its events are about is only shown, incident 3 has its own number, and
 * time goes on. */
struct part {
    struct session *session;
    size_t shown;
    struct failure failure;
};

static bool count_entry(void *context, const struct session_entry *entry, struct failure *failure) {
    struct part *part = context;
    (void)entry;
    (void)failure;
    part->shown++;
    return true;
}

static uint32_t read_number(const struct store_record *record, const char *name) {
    for (size_t i = 0; i < record->count; i++) {
        if (text_equals_string(record->fields[i].name, name)) {
            return (uint32_t)strtoul(record->fields[i].value.bytes, NULL, 10);
        }
    }
    return 0;
}

/* Up to the merge; event 2 opens incident 2, event 3 incident 3. */
static bool retell(void *context, const struct store_record *record) {
    struct part *part = context;
    struct session_entry entry = {.sequence = record->sequence,
                                  .incident = read_number(record, "incident"),
                                  .fields = record->fields,
                                  .count = record->count,
                                  .number = record->sequence == 1   ? 1
                                            : record->sequence == 3 ? 3
                                                                    : 0};
    if (read_number(record, "other") != 0 || record->sequence == 2) {
        return record->sequence == 2;
    }
    if (!session_retell(part->session, record, &entry, &part->failure)) {
        fail_msg("event %d: %s", (int)record->sequence, part->failure.message);
    }
    return true;
}

static void test_part(void **state) {
    struct failure failure = {0};
    struct session *session = open_session(*state, false);
    play(session);
    session_close(session);
    const struct store_options only_read = {.read_only = true};
    struct store *store = store_open(*state, &only_read, &failure);
    struct editions *editions = editions_create();
    struct part part = {0};
    const struct session_options options = {.observe = count_entry, .observe_context = &part};
    part.session = session_open_part(store, editions, &options, &failure);
    assert_non_null(part.session);
    assert_true(store_read(store, 1, false, retell, &part, &failure));
    struct engine_incident_view view;
    const struct engine *engine = session_engine(part.session);
    assert_true(part.shown > 5);
    assert_true(engine_view_incident(engine, 1, &view));
    assert_false(engine_view_incident(engine, 2, &view));
    assert_null(engine_plan_of(engine, 2));
    assert_true(engine_view_incident(engine, 3, &view));
    assert_true(text_equals_string(view.title, "More smoke"));
    assert_true(view.claim_count >= 2);
    assert_int_equal(engine_next_incident(engine), 4);
    struct engine_event event = event_start(ENGINE_TIME, START + 9 * HOUR, 0);
    assert_false(session_accept(part.session, &event, NULL, NULL, &failure)); /* it takes nothing */
    assert_true(session_advance(part.session, START + 9 * HOUR, NULL, NULL, &failure));
    session_close(part.session);
    editions_destroy(editions);
    store_close(store);
    /* Numbers only go up. */
    struct engine *alone = engine_create();
    assert_true(engine_skip_incidents(alone, 1, &failure));
    assert_true(engine_skip_incidents(alone, 500, &failure));
    assert_true(engine_skip_incidents(alone, 500, &failure));
    assert_int_equal(engine_next_incident(alone), 500);
    assert_false(engine_view_incident(alone, 499, &view));
    assert_false(engine_skip_incidents(alone, 499, &failure));
    engine_destroy(alone);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_part, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_restart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ahead, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_faults, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_versions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_moments, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_reasons, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
