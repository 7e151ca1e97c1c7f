/* Logs kept from earlier versions, whole, cut and corrupt (tests/store/files/README.md), are read as they were then. */
#include "scratch.h"

#include <inttypes.h>
#include <string.h>

#define HEAD "f706eec78763bce3474ce5c7d1fb1e279a94dbb8a0a72c667e5a00b428c95b8d"
#define FILES "tests/store/files/"

static struct store_head known_head(void) {
    struct store_head head = {60, {{0}}};
    assert_true(store_parse_hash(TEXT(HEAD), &head.hash));
    return head;
}

static void a_log_of_format_1_is_read_and_written_on(void **state) {
    struct store_report report;
    struct store_head head = known_head();
    scratch_copy_file(FILES "sound-1.db", *state);
    scratch_verify(*state, &head, &report);
    assert_int_equal(report.damage_count, 0);
    assert_int_equal(report.expected_sequence, 60);
    struct store *store = scratch_open(*state);
    scratch_check_events(store, 1, 60);
    scratch_append(store, 61);
    store_close(store);
    scratch_verify(*state, &head, &report);
    assert_int_equal(report.damage_count, 0);
    assert_int_equal(report.head.sequence, 61);
}

static void a_copy_of_format_1_verifies(void **state) {
    struct store_report report;
    struct store_head head = known_head();
    scratch_copy_file(FILES "masked-1.db", *state);
    scratch_verify(*state, &head, &report);
    assert_int_equal(report.damage_count, 0);
    assert_int_equal(report.masked_field_count, 30);
    assert_int_equal(report.withheld_event_count, 30);
}

static void a_cut_file_is_refused_with_its_cause(void **state) {
    const struct store_options ways[] = {{.read_only = true}, {.create = true}, {0}};
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        struct failure failure = {0};
        scratch_copy_file(FILES "cut-1.db", *state);
        assert_null(store_open(*state, &ways[i], &failure));
        assert_non_null(strstr(failure.message, "damaged or cut off"));
    }
}

static bool count(void *context, const struct store_record *record) {
    int64_t *last = context;
    *last = record->sequence;
    return true;
}

static void a_corrupt_page_is_damage_and_what_is_before_it_is_read(void **state) {
    struct store_report report;
    struct failure failure = {0};
    int64_t last = 0;
    scratch_copy_file(FILES "corrupt-1.db", *state);
    scratch_verify(*state, NULL, &report);
    assert_int_equal(report.damage_count, 1);
    assert_int_equal(report.damages[0].kind, STORE_DAMAGE_UNREADABLE);
    assert_int_equal(report.damages[0].sequence, 46);
    assert_non_null(strstr(report.unreadable_cause, "damaged"));
    struct store *store = scratch_open_reader(*state);
    assert_false(store_read(store, 1, true, count, &last, &failure));
    assert_non_null(strstr(failure.message, "damaged"));
    store_close(store);
    assert_null(store_open(*state, NULL, &failure)); /* nothing is written behind what cannot be read */
}

static void a_newer_format_is_refused_and_left_alone(void **state) {
    const struct store_options ways[] = {{.read_only = true}, {.create = true}, {0}};
    scratch_copy_file(FILES "newer-2.db", *state);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        struct failure failure = {0};
        assert_null(store_open(*state, &ways[i], &failure));
        assert_non_null(strstr(failure.message, "has format 2"));
    }
}

#define WITH_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_SCRATCH(a_log_of_format_1_is_read_and_written_on),
        WITH_SCRATCH(a_copy_of_format_1_verifies),
        WITH_SCRATCH(a_cut_file_is_refused_with_its_cause),
        WITH_SCRATCH(a_corrupt_page_is_damage_and_what_is_before_it_is_read),
        WITH_SCRATCH(a_newer_format_is_refused_and_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
