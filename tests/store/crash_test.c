/* On a disk that loses, tears and refuses: whatever was acknowledged is there afterwards, whole and in order; what was
 * not acknowledged is there whole or not at all. Every run follows from its seed alone; a failure names it. */
#include "scratch.h"

#include "sim/disk.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEEDS 400
#define LIVES 6        /* openings in one run */
#define APPENDS_MAX 40 /* in one life */
#define VALUE_MAX 9000 /* some events span several pages */
#define DIRECTORY "data"

struct world {
    struct disk *disk;
    uint64_t seed;
    uint64_t random;
    int64_t acknowledged;
    int64_t attempted; /* the number that was last tried without an answer, or acknowledged */
    char *value;
};

static uint64_t draw(struct world *world, uint64_t below) {
    world->random = world->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (world->random >> 33) % below;
}

static bool fill_random(void *context, uint8_t *bytes, size_t length) {
    struct world *world = context;
    for (size_t i = 0; i < length; i++) {
        bytes[i] = (uint8_t)draw(world, 256);
    }
    return true;
}

/* The event with this number: its number, and a value whose length and bytes follow from it. */
static void make_fields(const struct world *world, int64_t number, char name[32], struct store_field fields[2]) {
    uint64_t mixed = (uint64_t)number * UINT64_C(0x9e3779b97f4a7c15);
    size_t length = mixed % 5 == 0 ? (size_t)(mixed >> 32) % VALUE_MAX : (size_t)(mixed >> 32) % 60;
    (void)snprintf(name, 32, "%" PRId64, number);
    fields[0] = (struct store_field){TEXT("number"), text_of(name), false};
    fields[1] = (struct store_field){TEXT("value"), {world->value, length}, false};
}

static struct store *open_world(struct world *world, bool read_only, struct failure *failure) {
    struct store_options options = {.create = !read_only,
                                    .read_only = read_only,
                                    .vfs = disk_name(world->disk),
                                    .fill_random = fill_random,
                                    .random_context = world};
    return store_open(DIRECTORY, &options, failure);
}

static bool append_number(struct world *world, struct store *store, int64_t number, struct failure *failure) {
    char name[32];
    struct store_field fields[2];
    int64_t sequence = 0;
    make_fields(world, number, name, fields);
    world->attempted = number;
    if (!store_append(store, fields, 2, &sequence, failure)) {
        return false;
    }
    assert_int_equal(sequence, number);
    world->acknowledged = number;
    return true;
}

struct check {
    const struct world *world;
    int64_t next;
    bool right;
};

static bool check_record(void *context, const struct store_record *record) {
    struct check *check = context;
    char name[32];
    struct store_field fields[2];
    make_fields(check->world, check->next, name, fields);
    check->right = check->right && record->sequence == check->next && record->count == 2 && !record->withheld;
    for (size_t i = 0; check->right && i < 2; i++) {
        check->right =
            text_equal(record->fields[i].name, fields[i].name) && text_equal(record->fields[i].value, fields[i].value);
    }
    check->next++;
    return check->right;
}

/* All acknowledged events are there; at most the one that was under way besides. Returns how many there are. */
static int64_t check_content(const struct world *world, struct store *store) {
    struct failure failure = {0};
    struct check check = {world, 1, true};
    if (!store_read(store, 1, true, check_record, &check, &failure)) {
        fail_msg("seed %" PRIu64 ": %s", world->seed, failure.message);
    }
    int64_t count = check.next - 1;
    if (!check.right || count < world->acknowledged || count > world->attempted) {
        fail_msg("seed %" PRIu64 ": %" PRId64 " events, %" PRId64 " acknowledged, %" PRId64 " attempted, %s",
                 world->seed, count, world->acknowledged, world->attempted, check.right ? "right" : "wrong content");
    }
    return count;
}

static void begin_world(struct world *world, uint64_t seed) {
    char name[32];
    *world = (struct world){.seed = seed, .random = seed * 2 + 1};
    (void)snprintf(name, sizeof name, "disk-%" PRIu64, seed);
    world->disk = disk_create(seed, name);
    world->value = malloc(VALUE_MAX);
    assert_non_null(world->disk);
    assert_non_null(world->value);
    memset(world->value, 'v', VALUE_MAX);
}

static void end_world(struct world *world) {
    disk_destroy(world->disk);
    free(world->value);
}

/* ---- power cuts and every other fault, by seed ---- */

static void choose_faults(struct world *world) {
    struct disk_faults faults = {0};
    uint64_t kind = draw(world, 8);
    if (kind <= 4) {
        faults.crash_in = 1 + draw(world, kind == 0 ? 30 : 400);
    }
    if (kind == 4 || kind == 5) {
        faults.fail_sync_in = 1 + draw(world, 40);
    }
    if (kind == 6) {
        faults.fail_write_in = 1 + draw(world, 200);
    }
    if (kind == 7) {
        faults.fail_read_in = 1 + draw(world, 60);
    }
    disk_set_faults(world->disk, &faults);
    disk_set_room(world->disk, draw(world, 6) == 0 ? disk_used_bytes(world->disk) + (int64_t)draw(world, 60000) : -1);
}

/* Appends until something fails for good or enough is done. A store that did not refuse for good must go on working. */
static void append_for_a_while(struct world *world, struct store *store) {
    uint64_t appends = draw(world, APPENDS_MAX);
    for (uint64_t i = 0; i < appends && !disk_has_crashed(world->disk); i++) {
        struct failure failure = {0};
        struct store_head head;
        assert_true(store_find_head(store, &head, NULL));
        bool done = append_number(world, store, head.sequence + 1, &failure);
        if (!done && failure.message[0] == '\0') {
            fail_msg("seed %" PRIu64 ": a failure without a cause", world->seed);
        }
        if (!done && disk_has_crashed(world->disk)) {
            return;
        }
        if (!done && store_refusal(store) != NULL) {
            assert_false(store_append(store, NULL, 1, NULL, NULL));
            return;
        }
        if (!done) {
            disk_set_room(world->disk, -1); /* somebody freed some room */
        }
    }
}

static void live_once(struct world *world) {
    struct failure failure = {0};
    choose_faults(world);
    struct store *store = open_world(world, false, &failure);
    if (store != NULL) {
        append_for_a_while(world, store);
        store_close(store);
    }
    if (disk_has_crashed(world->disk) || draw(world, 3) == 0) {
        disk_crash(world->disk);
        disk_restart(world->disk);
    } else {
        disk_restart_program(world->disk);
    }
}

/* What a reader sees first, then what a writer sees after recovery: both must hold all that was acknowledged. */
static void check_world(struct world *world) {
    struct failure failure = {0};
    disk_set_room(world->disk, -1);
    struct store *store = open_world(world, false, &failure);
    if (store == NULL) {
        fail_msg("seed %" PRIu64 ": %s", world->seed, failure.message);
    }
    int64_t count = check_content(world, store);
    world->acknowledged = count; /* it was read and will be built upon: from now on it counts */
    world->attempted = count;
    struct store *reader = open_world(world, true, &failure);
    assert_non_null(reader);
    assert_int_equal(check_content(world, reader), count);
    store_close(reader);
    store_close(store);
}

static void nothing_acknowledged_is_lost_and_nothing_is_half_there(void **state) {
    int64_t total = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct world world;
        begin_world(&world, seed);
        for (int life = 0; life < LIVES; life++) {
            live_once(&world);
            check_world(&world);
        }
        total += world.acknowledged;
        end_world(&world);
    }
    assert_true(total > (int64_t)SEEDS * LIVES); /* the faults left room for something to be tested */
}

/* ---- one power cut at every single change of a short life ---- */

static void a_power_cut_at_any_change_is_survived(void **state) {
    uint64_t changes = 1;
    (void)state;
    for (uint64_t at = 1; at <= changes; at++) {
        struct world world;
        begin_world(&world, 1000 + at);
        disk_set_faults(world.disk, &(struct disk_faults){.crash_in = at});
        struct store *store = open_world(&world, false, NULL);
        for (int64_t number = 1; store != NULL && number <= 8; number++) {
            if (!append_number(&world, store, number, NULL)) {
                break;
            }
        }
        store_close(store);
        changes = disk_has_crashed(world.disk) ? at + 1 : 0;
        disk_crash(world.disk);
        disk_restart(world.disk);
        check_world(&world);
        end_world(&world);
    }
}

/* Long enough that pages are moved from the WAL into the database in between; a fault comes up somewhere in it. */
static void moving_pages_into_the_database_is_survived(void **state) {
    int64_t refused_after_success = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct world world;
        struct disk_faults faults = {0};
        begin_world(&world, seed);
        struct store *store = open_world(&world, false, NULL);
        faults.crash_in = seed % 2 == 0 ? 1 + draw(&world, 5000) : 0;
        faults.fail_sync_in = seed % 2 != 0 ? 300 + draw(&world, 200) : 0;
        disk_set_faults(world.disk, &faults);
        for (int64_t number = 1; number <= 700; number++) {
            if (!append_number(&world, store, number, NULL)) {
                break;
            }
            refused_after_success += store_refusal(store) != NULL ? 1 : 0;
        }
        disk_crash(world.disk);
        store_close(store);
        disk_restart(world.disk);
        check_world(&world);
        end_world(&world);
    }
    /* The sync that failed was the database's in some runs: that event counts, the next one is refused. */
    assert_true(refused_after_success > 0);
}

/* ---- each kind of failure by itself ---- */

static void after_a_failed_sync_appends_are_refused_and_reading_goes_on(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct world world;
        struct failure failure = {0};
        struct failure again = {0};
        begin_world(&world, seed);
        struct store *store = open_world(&world, false, &failure);
        for (int64_t number = 1; number <= 5; number++) {
            assert_true(append_number(&world, store, number, &failure));
        }
        disk_set_faults(world.disk, &(struct disk_faults){.fail_sync_in = 1});
        assert_false(append_number(&world, store, 6, &failure));
        assert_non_null(strstr(failure.message, "did not confirm a sync"));
        assert_non_null(store_refusal(store));
        assert_false(append_number(&world, store, 6, &again));
        assert_non_null(strstr(again.message, "until it is closed and opened anew"));
        assert_int_equal(check_content(&world, store), 5);
        store_close(store);
        disk_restart_program(world.disk); /* the service is started again; the machine's page cache is the old one */
        store = open_world(&world, false, NULL);
        assert_non_null(store);
        int64_t count = check_content(&world, store);
        assert_true(append_number(&world, store, count + 1, NULL));
        assert_true(append_number(&world, store, count + 2, NULL));
        store_close(store);
        disk_crash(world.disk); /* and now the power goes: what the failed sync lost must not take those with it */
        disk_restart(world.disk);
        check_world(&world);
        end_world(&world);
    }
}

/* The same, but the power goes without an orderly close: what was acknowledged after reopening stands in the WAL behind
 * the event whose sync failed. */
static void what_follows_a_failed_sync_does_not_depend_on_it(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct world world;
        begin_world(&world, seed);
        struct store *store = open_world(&world, false, NULL);
        assert_true(append_number(&world, store, 1, NULL));
        disk_set_faults(world.disk, &(struct disk_faults){.fail_sync_in = 1});
        assert_false(append_number(&world, store, 2, NULL));
        store_close(store);
        disk_restart_program(world.disk);
        store = open_world(&world, false, NULL);
        int64_t count = check_content(&world, store);
        for (int64_t i = 1; i <= 5; i++) {
            assert_true(append_number(&world, store, count + i, NULL));
        }
        disk_crash(world.disk);
        store_close(store);
        disk_restart(world.disk);
        check_world(&world);
        end_world(&world);
    }
}

static void a_full_disk_refuses_and_then_goes_on(void **state) {
    struct world world;
    struct failure failure = {0};
    (void)state;
    begin_world(&world, 5);
    struct store *store = open_world(&world, false, &failure);
    for (int64_t number = 1; number <= 5; number++) {
        assert_true(append_number(&world, store, number, &failure));
    }
    int64_t used = disk_used_bytes(world.disk);
    for (int64_t room = 0; room < 4000; room += 700) {
        struct failure full = {0};
        disk_set_room(world.disk, used + room);
        assert_false(append_number(&world, store, 6, &full));
        assert_non_null(strstr(full.message, "the disk is full"));
        assert_null(store_refusal(store));
        assert_int_equal(check_content(&world, store), 5);
    }
    disk_set_room(world.disk, -1);
    assert_true(append_number(&world, store, 6, &failure));
    assert_int_equal(check_content(&world, store), 6);
    store_close(store);
    check_world(&world);
    end_world(&world);
}

static void a_failed_write_or_read_is_reported_and_passes(void **state) {
    (void)state;
    for (uint64_t at = 1; at <= 6; at++) {
        struct world world;
        struct failure failure = {0};
        begin_world(&world, 70 + at);
        struct store *store = open_world(&world, false, &failure);
        assert_true(append_number(&world, store, 1, &failure));
        disk_set_faults(world.disk, &(struct disk_faults){.fail_write_in = at});
        for (int64_t number = 2; number <= 8; number++) {
            struct failure passing = {0};
            if (!append_number(&world, store, number, &passing)) {
                assert_non_null(strstr(passing.message, "failed"));
                assert_true(append_number(&world, store, number, &failure));
            }
        }
        store_close(store);
        check_world(&world);
        assert_int_equal(world.acknowledged, 8);
        end_world(&world);
    }
}

static void a_failed_read_fails_the_reading_with_its_cause(void **state) {
    struct world world;
    struct failure failure = {0};
    struct store_report report;
    struct check check;
    (void)state;
    begin_world(&world, 9);
    struct store *store = open_world(&world, false, NULL);
    for (int64_t number = 1; number <= 300; number++) {
        assert_true(append_number(&world, store, number, NULL));
    }
    store_close(store);
    store = open_world(&world, true, NULL);
    check = (struct check){&world, 1, true};
    disk_set_faults(world.disk, &(struct disk_faults){.fail_read_in = 20});
    assert_false(store_read(store, 1, true, check_record, &check, &failure));
    assert_non_null(strstr(failure.message, "I/O error"));
    store_close(store);
    store = open_world(&world, true, NULL);
    failure = (struct failure){0};
    disk_set_faults(world.disk, &(struct disk_faults){.fail_read_in = 20});
    assert_false(store_verify(store, NULL, &report, &failure)); /* a passing fault is no damage */
    store_close(store);
    check_world(&world);
    end_world(&world);
}

/* Each single read, write and sync of a life fails once, in turn. Nothing may be taken for damage, and nothing lost. */
static void each_call_fails_once_in_turn(void **state) {
    (void)state;
    for (uint64_t at = 1; at <= 240; at++) {
        struct world world;
        struct disk_faults faults = {0};
        begin_world(&world, 5000 + at);
        struct store *store = open_world(&world, false, NULL);
        for (int64_t number = 1; number <= 20; number++) {
            assert_true(append_number(&world, store, number, NULL));
        }
        store_close(store);
        faults.fail_read_in = at % 3 == 0 ? at / 3 + 1 : 0;
        faults.fail_write_in = at % 3 == 1 ? at / 3 + 1 : 0;
        faults.fail_sync_in = at % 3 == 2 ? at / 3 + 1 : 0;
        disk_set_faults(world.disk, &faults);
        store = open_world(&world, false, NULL);
        for (int64_t number = 21; store != NULL && number <= 40; number++) {
            struct failure failure = {0};
            struct store_report report;
            if (!append_number(&world, store, number, &failure) && store_refusal(store) != NULL) {
                break;
            }
            if (world.acknowledged != number) {
                assert_true(append_number(&world, store, number, &failure)); /* the fault has passed */
            }
            assert_true(!store_verify(store, NULL, &report, NULL) || report.damage_count == 0);
        }
        store_close(store);
        disk_crash(world.disk);
        disk_restart(world.disk);
        check_world(&world);
        end_world(&world);
    }
}

/* The transaction of several is all there or not at all, also when it is larger than SQLite's cache. */
static void several_together_survive_together(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct world world;
        char names[500][32];
        struct store_field fields[500][2];
        struct store_event events[500];
        begin_world(&world, seed);
        struct store *store = open_world(&world, false, NULL);
        for (int i = 0; i < 500; i++) {
            make_fields(&world, i + 1, names[i], fields[i]);
            events[i] = (struct store_event){fields[i], 2};
        }
        disk_set_faults(world.disk, &(struct disk_faults){.crash_in = 1 + draw(&world, 1400)});
        bool done = store_append_many(store, events, 500, NULL, NULL);
        disk_crash(world.disk);
        store_close(store);
        disk_restart(world.disk);
        world.acknowledged = done ? 500 : 0;
        world.attempted = 500;
        store = open_world(&world, false, NULL);
        int64_t count = check_content(&world, store);
        assert_true(count == 0 || count == 500);
        store_close(store);
        end_world(&world);
    }
}

static void a_second_writer_on_the_same_disk_cannot_append_out_of_order(void **state) {
    struct world world;
    struct failure failure = {0};
    (void)state;
    begin_world(&world, 3);
    struct store *store = open_world(&world, false, NULL);
    struct store *other = open_world(&world, false, NULL); /* outside the VFS there is no lock to keep it away */
    assert_non_null(other);
    assert_true(append_number(&world, store, 1, NULL));
    assert_false(append_number(&world, other, 1, &failure));
    assert_int_equal(check_content(&world, store), 1);
    store_close(other);
    store_close(store);
    end_world(&world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_acknowledged_is_lost_and_nothing_is_half_there),
        cmocka_unit_test(a_power_cut_at_any_change_is_survived),
        cmocka_unit_test(moving_pages_into_the_database_is_survived),
        cmocka_unit_test(after_a_failed_sync_appends_are_refused_and_reading_goes_on),
        cmocka_unit_test(what_follows_a_failed_sync_does_not_depend_on_it),
        cmocka_unit_test(a_full_disk_refuses_and_then_goes_on),
        cmocka_unit_test(a_failed_write_or_read_is_reported_and_passes),
        cmocka_unit_test(a_failed_read_fails_the_reading_with_its_cause),
        cmocka_unit_test(each_call_fails_once_in_turn),
        cmocka_unit_test(several_together_survive_together),
        cmocka_unit_test(a_second_writer_on_the_same_disk_cannot_append_out_of_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
