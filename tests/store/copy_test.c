/* Copies: whole ones can be written on, masked and withheld ones verify and do not hold what they hide. */
#include "scratch.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define EVENTS 30

static bool mask_phone(void *context, const struct store_record *record, const struct store_field *field) {
    (void)context;
    (void)record;
    return text_equals_string(field->name, "phone");
}

static bool mask_phone_of_seventh(void *context, const struct store_record *record, const struct store_field *field) {
    return record->sequence == 7 && mask_phone(context, record, field);
}

static bool withhold_other(void *context, const struct store_record *record) {
    (void)context;
    for (size_t i = 0; i < record->count; i++) {
        if (text_equals_string(record->fields[i].name, "incident")) {
            return !text_equals_string(record->fields[i].value, "A");
        }
    }
    return false;
}

static const char *make_copy(const char *directory, const char *name, const struct store_copy_rules *rules,
                             char out[SCRATCH_PATH_ROOM]) {
    struct failure failure = {0};
    int64_t count = 0;
    struct store *store = scratch_open_reader(directory);
    if (!store_copy(store, scratch_join(directory, name, out), rules, &count, &failure)) {
        fail_msg("%s", failure.message);
    }
    assert_int_equal(count, EVENTS);
    store_close(store);
    return out;
}

static void check_sound(const char *directory, const struct store_head *head, int64_t masked, int64_t withheld) {
    struct store_report report;
    scratch_verify(directory, head, &report);
    assert_int_equal(report.damage_count, 0);
    assert_int_equal(report.event_count, EVENTS);
    assert_int_equal(report.masked_field_count, masked);
    assert_int_equal(report.withheld_event_count, withheld);
    assert_true(report.expected_found);
    assert_memory_equal(report.head.hash.bytes, head->hash.bytes, STORE_HASH_BYTES);
}

static void a_whole_copy_is_a_backup_that_can_be_written_on(void **state) {
    char copy[SCRATCH_PATH_ROOM];
    struct store_head head = scratch_make_log(*state, EVENTS);
    make_copy(*state, "copy", &(struct store_copy_rules){0}, copy);
    check_sound(copy, &head, 0, 0);
    struct store *store = scratch_open(copy);
    assert_false(store_is_copy(store));
    scratch_append(store, EVENTS + 1);
    scratch_check_events(store, 1, EVENTS + 1);
    store_close(store);
}

static bool check_masked(void *context, const struct store_record *record) {
    int64_t *count = context;
    (*count)++;
    assert_int_equal(record->count, SCRATCH_FIELDS);
    for (size_t i = 0; i < record->count; i++) {
        bool phone = text_equals_string(record->fields[i].name, "phone");
        assert_int_equal(record->fields[i].masked, phone);
        assert_int_equal(record->fields[i].value.length == 0, phone);
    }
    return true;
}

static void a_masked_copy_verifies_and_does_not_hold_the_values(void **state) {
    char copy[SCRATCH_PATH_ROOM];
    int64_t count = 0;
    struct store_head head = scratch_make_log(*state, EVENTS);
    make_copy(*state, "copy", &(struct store_copy_rules){.mask = mask_phone}, copy);
    check_sound(copy, &head, EVENTS, 0);
    assert_false(scratch_contains(copy, "secret-"));
    assert_true(scratch_contains(copy, "phone"));
    struct store *store = scratch_open_reader(copy);
    assert_true(store_is_copy(store));
    assert_true(store_read(store, 1, true, check_masked, &count, NULL));
    assert_int_equal(count, EVENTS);
    store_close(store);
}

static void one_value_alone_can_be_masked(void **state) {
    char copy[SCRATCH_PATH_ROOM];
    struct store_head head = scratch_make_log(*state, EVENTS);
    make_copy(*state, "copy", &(struct store_copy_rules){.mask = mask_phone_of_seventh}, copy);
    check_sound(copy, &head, 1, 0);
    assert_false(scratch_contains(copy, "secret-7"));
    assert_true(scratch_contains(copy, "secret-8"));
}

static bool check_withheld(void *context, const struct store_record *record) {
    (void)context;
    assert_int_equal(record->withheld, record->sequence % 2 == 0);
    assert_int_equal(record->count, record->withheld ? 0 : SCRATCH_FIELDS);
    return true;
}

static void a_copy_for_one_incident_withholds_the_others(void **state) {
    char copy[SCRATCH_PATH_ROOM];
    struct store_head head = scratch_make_log(*state, EVENTS);
    make_copy(*state, "copy", &(struct store_copy_rules){.withhold = withhold_other}, copy);
    check_sound(copy, &head, 0, EVENTS / 2);
    assert_false(scratch_contains(copy, "secret-22"));
    assert_true(scratch_contains(copy, "secret-3"));
    struct store *store = scratch_open_reader(copy);
    assert_true(store_read(store, 1, true, check_withheld, NULL, NULL));
    store_close(store);
}

static void a_copy_of_a_copy_hides_more_and_still_verifies(void **state) {
    char copy[SCRATCH_PATH_ROOM];
    char second[SCRATCH_PATH_ROOM];
    char third[SCRATCH_PATH_ROOM];
    struct store_head head = scratch_make_log(*state, EVENTS);
    make_copy(*state, "copy", &(struct store_copy_rules){.withhold = withhold_other}, copy);
    make_copy(copy, "second", &(struct store_copy_rules){.mask = mask_phone}, second);
    check_sound(second, &head, EVENTS / 2, EVENTS / 2);
    make_copy(second, "third", &(struct store_copy_rules){0}, third);
    check_sound(third, &head, EVENTS / 2, EVENTS / 2);
    struct store *store = scratch_open_reader(third);
    assert_true(store_is_copy(store)); /* a backup of a copy is a copy */
    store_close(store);
}

static void a_copy_is_only_read(void **state) {
    char copy[SCRATCH_PATH_ROOM];
    struct failure failure = {0};
    scratch_make_log(*state, EVENTS);
    make_copy(*state, "copy", &(struct store_copy_rules){.mask = mask_phone}, copy);
    assert_null(store_open(copy, NULL, &failure));
    assert_non_null(strstr(failure.message, "only read"));
}

/* A copy is one file that can lie on anything: reading it makes no companion files. */
static void a_copy_is_one_file(void **state) {
    static const char *const names[] = {"log.db-wal", "log.db-shm", "log.db-journal", "log.lock"};
    char copy[SCRATCH_PATH_ROOM];
    struct store_head head = scratch_make_log(*state, EVENTS);
    make_copy(*state, "copy", &(struct store_copy_rules){.mask = mask_phone}, copy);
    uint64_t before = scratch_fingerprint(copy);
    check_sound(copy, &head, EVENTS, 0);
    assert_true(scratch_fingerprint(copy) == before);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[SCRATCH_PATH_ROOM];
        struct stat status;
        assert_int_equal(stat(scratch_join(copy, names[i], path), &status), -1);
    }
}

static void a_tampered_copy_is_found_out(void **state) {
    static const struct {
        const char *sql;
        enum store_damage_kind kind;
    } cases[] = {
        {"UPDATE event SET body=CAST(substr(body,1,length(body)-1)||x'7a' AS BLOB) WHERE sequence=5",
         STORE_DAMAGE_BODY},
        {"UPDATE event SET body=CAST(substr(body,1,31)||x'7a'||substr(body,33) AS BLOB) WHERE sequence=6",
         STORE_DAMAGE_BODY},
        {"UPDATE event SET body=CAST(replace(body,'phone','fhone') AS BLOB) WHERE sequence=7", STORE_DAMAGE_BODY},
        {"DELETE FROM event WHERE sequence=9", STORE_DAMAGE_MISSING},
        {"UPDATE meta SET value='original' WHERE name='kind'", STORE_DAMAGE_HIDDEN},
    };
    scratch_make_log(*state, EVENTS);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char copy[SCRATCH_PATH_ROOM];
        char name[16];
        struct store_report report;
        (void)snprintf(name, sizeof name, "%zu", i);
        make_copy(*state, name, &(struct store_copy_rules){.mask = mask_phone}, copy);
        scratch_execute(copy, cases[i].sql);
        scratch_verify(copy, NULL, &report);
        assert_true(report.damage_count > 0);
        assert_int_equal(report.damages[0].kind, cases[i].kind);
    }
}

static void check_refused(const char *from, const char *to, const char *message) {
    struct failure failure = {0};
    struct store *store = scratch_open_reader(from);
    assert_false(store_copy(store, to, &(struct store_copy_rules){0}, NULL, &failure));
    if (strstr(failure.message, message) == NULL) {
        fail_msg("wanted \"%s\", got \"%s\"", message, failure.message);
    }
    store_close(store);
}

static void a_copy_does_not_overwrite_a_log(void **state) {
    char other[SCRATCH_PATH_ROOM];
    scratch_make_log(*state, EVENTS);
    scratch_make_log(scratch_join(*state, "other", other), 3);
    uint64_t before = scratch_fingerprint(other);
    check_refused(*state, other, "is there already");
    check_refused(*state, *state, "is there already");
    assert_true(scratch_fingerprint(other) == before);
}

static void a_damaged_log_is_not_copied_and_nothing_is_left(void **state) {
    char copy[SCRATCH_PATH_ROOM];
    char path[SCRATCH_PATH_ROOM];
    struct stat status;
    scratch_make_log(*state, EVENTS);
    scratch_execute(*state, "UPDATE event SET chain=randomblob(32) WHERE sequence=20");
    check_refused(*state, scratch_join(*state, "copy", copy), "event 20");
    assert_int_equal(stat(scratch_join(copy, "log.db", path), &status), -1);
    assert_int_equal(stat(scratch_join(copy, "log.db-journal", path), &status), -1);
}

#define WITH_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_SCRATCH(a_whole_copy_is_a_backup_that_can_be_written_on),
        WITH_SCRATCH(a_masked_copy_verifies_and_does_not_hold_the_values),
        WITH_SCRATCH(one_value_alone_can_be_masked),
        WITH_SCRATCH(a_copy_for_one_incident_withholds_the_others),
        WITH_SCRATCH(a_copy_of_a_copy_hides_more_and_still_verifies),
        WITH_SCRATCH(a_copy_is_only_read),
        WITH_SCRATCH(a_copy_is_one_file),
        WITH_SCRATCH(a_tampered_copy_is_found_out),
        WITH_SCRATCH(a_copy_does_not_overwrite_a_log),
        WITH_SCRATCH(a_damaged_log_is_not_copied_and_nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
