/* Proves: what is held becomes durable together or not at all, in order and with the numbers that were foreseen; a batch
 * owns what it holds; after a release that failed the session takes nothing more, and the log is as it was before. */
#include "story.h"

#include "../sim/disk.h"
#include "../store/scratch.h"
#include "run/batch.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#define MINUTE CALENDAR_US_PER_MINUTE

/* ---- the batch by itself ---------------------------------------------------------------------------------- */

/* Events of one to three fields, each written over the last one's bytes. */
static void add_numbered(struct batch *batch, int number) {
    char kind[24];
    char value[24];
    struct failure failure = {0};
    (void)snprintf(kind, sizeof kind, "kind-%d", number);
    (void)snprintf(value, sizeof value, "value-%d", number);
    const struct store_field fields[] = {
        {TEXT("kind"), text_of(kind), false},
        {TEXT("first"), text_of(value), false},
        {TEXT("second"), (struct text){0}, false},
    };
    check(batch_add(batch, fields, 1 + (size_t)number % 3, &failure), "%s", failure.message);
    memset(kind, 'x', sizeof kind);
    memset(value, 'x', sizeof value);
}

static bool check_numbered(void *context, const struct store_record *record) {
    int *expected = context;
    char kind[24];
    (*expected)++;
    (void)snprintf(kind, sizeof kind, "kind-%d", *expected);
    assert_int_equal(record->sequence, *expected);
    assert_int_equal(record->count, 1 + *expected % 3);
    assert_true(text_equals_string(record->fields[0].value, kind));
    if (record->count > 1) {
        (void)snprintf(kind, sizeof kind, "value-%d", *expected);
        assert_true(text_equals_string(record->fields[1].value, kind));
    }
    return true;
}

static void test_copies(void **state) {
    struct failure failure = {0};
    int seen = 0;
    struct batch *batch = batch_create();
    struct store *store = scratch_open(*state);
    assert_non_null(batch);
    for (int i = 1; i <= 300; i++) {
        add_numbered(batch, i);
        assert_int_equal(batch_count(batch), i);
    }
    check(batch_append(batch, store, &failure), "%s", failure.message);
    assert_int_equal(batch_count(batch), 0);
    /* It is used again for the next events. */
    add_numbered(batch, 301);
    check(batch_append(batch, store, &failure), "%s", failure.message);
    check(store_read(store, 1, true, check_numbered, &seen, &failure), "%s", failure.message);
    assert_int_equal(seen, 301);
    store_close(store);
    batch_destroy(batch);
}

/* What the log could not hold is refused at once, and harms nothing that waits beside it. */
static void test_refuses(void **state) {
    const struct store_field bad[] = {{TEXT("kind"), TEXT("kind-2"), false}, {TEXT("bad"), TEXT("\xff"), false}};
    struct failure failure = {0};
    int seen = 0;
    struct batch *batch = batch_create();
    struct store *store = scratch_open(*state);
    assert_non_null(batch);
    add_numbered(batch, 1);
    assert_false(batch_add(batch, bad, COUNT_OF(bad), &failure));
    assert_true(failure.set);
    assert_int_equal(batch_count(batch), 1);
    failure = (struct failure){0};
    assert_false(batch_add(batch, bad, 0, &failure));
    assert_true(failure.set);
    add_numbered(batch, 2);
    failure = (struct failure){0};
    check(batch_append(batch, store, &failure), "%s", failure.message);
    check(store_read(store, 1, true, check_numbered, &seen, &failure), "%s", failure.message);
    assert_int_equal(seen, 2);
    store_close(store);
    batch_destroy(batch);
}

static struct store *open_on_disk(const struct disk *disk) {
    struct failure failure = {0};
    const struct store_options options = {.create = true, .vfs = disk_name(disk)};
    struct store *store = store_open("data", &options, &failure);
    check(store != NULL, "%s", failure.message);
    return store;
}

static int64_t count_on_disk(struct store *store) {
    struct failure failure = {0};
    struct store_head head = {0};
    check(store_find_head(store, &head, &failure), "%s", failure.message);
    return head.sequence;
}

/* A disk with room for nothing, for a part of the batch, for all of it: all or none, also after reopening; and with room
 * made the log goes on. */
static void test_full_disk(void **state) {
    static char large[3000];
    (void)state;
    memset(large, 'a', sizeof large);
    int failed = 0;
    int done = 0;
    for (int64_t room = 0; room <= 60000; room += 2500) {
        char name[32];
        struct failure failure = {0};
        (void)snprintf(name, sizeof name, "batch-%" PRId64, room);
        struct disk *disk = disk_create(7, name);
        struct batch *batch = batch_create();
        assert_non_null(disk);
        assert_non_null(batch);
        struct store *store = open_on_disk(disk);
        scratch_append(store, 1);
        disk_set_room(disk, disk_used_bytes(disk) + room);
        for (int i = 0; i < 8; i++) {
            const struct store_field field = {TEXT("kind"), {large, sizeof large}, false};
            check(batch_add(batch, &field, 1, &failure), "%s", failure.message);
        }
        bool is_durable = batch_append(batch, store, &failure);
        failed += !is_durable;
        done += is_durable;
        assert_int_equal(failure.set, !is_durable);
        assert_int_equal(batch_count(batch), 0);
        assert_int_equal(count_on_disk(store), is_durable ? 9 : 1);
        store_close(store);
        disk_set_room(disk, -1);
        store = open_on_disk(disk);
        assert_int_equal(count_on_disk(store), is_durable ? 9 : 1);
        scratch_append(store, is_durable ? 10 : 2);
        store_close(store);
        batch_destroy(batch);
        disk_destroy(disk);
    }
    assert_true(failed > 3);
    assert_true(done > 3);
}

/* ---- held in a session ------------------------------------------------------------------------------------ */

/* A whole story, the fall of time, decisions and notes included. */
static void play(struct session *session) {
    struct failure failure = {0};
    story_begin(session);
    struct engine_event event = story_report(session, STORY_START + MINUTE, 1);
    story_accept(session, &event);
    check(story_note(session, STORY_START + 2 * MINUTE, "烟很大", &failure), "%s", failure.message);
    event = story_report(session, STORY_START + 90 * MINUTE, 2);
    story_accept(session, &event);
}

static void test_held(void **state) {
    char other[SCRATCH_PATH_ROOM];
    struct failure failure = {0};
    struct store_head head = {0};
    struct session *plain = story_open(scratch_join(*state, "plain", other), NULL, NULL);
    struct session *held = story_open(*state, NULL, NULL);
    play(plain);
    int64_t count = session_event_count(plain);
    session_close(plain);
    session_hold(held);
    play(held);
    assert_int_equal(session_event_count(held), count);
    assert_true(count > 5);
    assert_true(session_find_head(held, &head, &failure));
    assert_int_equal(head.sequence, 0);
    assert_int_equal(story_count_logged(*state), 0);
    check(session_release(held, &failure), "%s", failure.message);
    assert_false(session_has_failed(held));
    assert_int_equal(story_count_logged(*state), count);
    /* Without holding the very same events would have been logged. */
    struct buffer one = story_write_log(*state);
    struct buffer two = story_write_log(other);
    assert_string_equal(one.bytes, two.bytes);
    buffer_release(&one);
    buffer_release(&two);
    struct session *again = story_open_reader(*state);
    story_check_same_state(held, again);
    session_close(again);
    session_close(held);
}

/* One batch after the other, empty ones and single events between them: the numbers go on without a hole. */
static void test_sequences(void **state) {
    struct failure failure = {0};
    struct session *session = story_open(*state, NULL, NULL);
    story_begin(session);
    for (int i = 0; i < 6; i++) {
        session_hold(session);
        for (int k = 0; k < i; k++) {
            struct engine_event event = story_report(session, STORY_START + MINUTE, 1 + i);
            story_accept(session, &event);
        }
        assert_int_equal(story_count_logged(*state), session_event_count(session) - i);
        check(session_release(session, &failure), "%s", failure.message);
        struct engine_event event = story_report(session, STORY_START + MINUTE, 1 + i);
        story_accept(session, &event);
        assert_int_equal(story_count_logged(*state), session_event_count(session));
    }
    assert_int_equal(session_event_count(session), 2 + 15 + 6);
    /* What is refused in a batch is not in it. */
    session_hold(session);
    struct engine_event event = story_report(session, STORY_START + MINUTE, 1);
    event.incident = 99;
    assert_false(session_accept(session, &event, NULL, NULL, &failure));
    failure = (struct failure){0};
    check(session_release(session, &failure), "%s", failure.message);
    assert_int_equal(story_count_logged(*state), 23);
    session_close(session);
}

/* The file system takes not a byte more from this process. */
static bool release_on_full_disk(struct session *session, struct failure *failure) {
    struct rlimit usual;
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction before;
    assert_int_equal(sigaction(SIGXFSZ, &ignore, &before), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
    const struct rlimit none = {1, usual.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    bool done = session_release(session, failure);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
    assert_int_equal(sigaction(SIGXFSZ, &before, NULL), 0);
    return done;
}

static void check_refuses_all(struct session *session) {
    struct failure failure = {0};
    struct engine_event event = story_report(session, STORY_START + 3 * CALENDAR_US_PER_HOUR, 3);
    assert_false(session_accept(session, &event, NULL, NULL, &failure));
    assert_true(failure.set);
    assert_false(session_try(session, &event, &(struct event_entry){0}, &failure));
    assert_false(story_note(session, STORY_START + 3 * CALENDAR_US_PER_HOUR, "again", &failure));
    assert_false(session_catch_up(session, STORY_START + 3 * CALENDAR_US_PER_HOUR, NULL, NULL, &failure));
    assert_false(session_adopt(session, STORY_START + 3 * CALENDAR_US_PER_HOUR, TEXT(""), TEXT("x.md"), TEXT("x"), NULL,
                               NULL, NULL, &failure));
}

static void test_failing_release(void **state) {
    struct failure failure = {0};
    struct session *session = story_open(*state, NULL, NULL);
    story_begin(session);
    int64_t count = session_event_count(session);
    struct buffer before = story_state(session);
    session_hold(session);
    struct engine_event event = story_report(session, STORY_START + MINUTE, 1);
    story_accept(session, &event);
    check(story_note(session, STORY_START + 2 * MINUTE, "烟很大", &failure), "%s", failure.message);
    assert_false(release_on_full_disk(session, &failure));
    assert_true(failure.set);
    assert_true(session_has_failed(session));
    /* The disk has room again, but this session is ahead of its log for good. */
    check_refuses_all(session);
    session_hold(session);
    check_refuses_all(session);
    assert_int_equal(story_count_logged(*state), count);
    session_close(session);
    session = story_open(*state, NULL, NULL);
    assert_int_equal(session_event_count(session), count);
    struct buffer after = story_state(session);
    assert_int_equal(before.length, after.length);
    assert_memory_equal(before.bytes, after.bytes, before.length);
    buffer_release(&before);
    buffer_release(&after);
    story_accept(session, &event);
    assert_int_equal(story_count_logged(*state), count + 1);
    session_close(session);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_copies, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_refuses, scratch_set_up, scratch_tear_down),
        cmocka_unit_test(test_full_disk),
        cmocka_unit_test_setup_teardown(test_held, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_sequences, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_failing_release, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
