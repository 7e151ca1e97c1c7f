/* Every kind of damage, done to a log of 12 events by SQL, and what verification must say of it. */
#include "scratch.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define EVENTS 12
#define WANTED_MAX 6

/* Changes the last byte of a body, which is the end of the last value; or one in the middle of the first salt. */
#define NEW_VALUE "UPDATE event SET body=CAST(substr(body,1,length(body)-1)||x'7a' AS BLOB) WHERE sequence="
#define NEW_SALT "UPDATE event SET body=CAST(substr(body,1,10)||x'0102'||substr(body,13) AS BLOB) WHERE sequence="
#define NEW_CHAIN "UPDATE event SET chain=randomblob(32) WHERE sequence="
#define SWAP(a, b)                                                                                                     \
    "UPDATE event SET sequence=-1 WHERE sequence=" #a "; UPDATE event SET sequence=" #a " WHERE sequence=" #b          \
    "; UPDATE event SET sequence=" #b " WHERE sequence=-1"
/* Numbers everything from `from` on up or down by `by`, over a detour, since numbers are unique. */
#define RENUMBER(from, by)                                                                                             \
    "UPDATE event SET sequence=-(sequence+(" #by ")) WHERE sequence>=" #from                                           \
    "; UPDATE event SET sequence=-sequence WHERE sequence<0"
#define COPY_OF(from, to) "INSERT INTO event SELECT " #to ",body,chain FROM event WHERE sequence=" #from

struct damage_case {
    const char *name;
    const char *sql;
    size_t count;
    struct store_damage wanted[WANTED_MAX];
};

static const struct damage_case cases[] = {
    {"value changed", NEW_VALUE "5", 1, {{STORE_DAMAGE_BODY, 5, 5, 0}}},
    {"value of the first changed", NEW_VALUE "1", 1, {{STORE_DAMAGE_BODY, 1, 1, 0}}},
    {"value of the last changed", NEW_VALUE "12", 1, {{STORE_DAMAGE_CHANGED, 12, 12, 0}}},
    {"salt changed", NEW_SALT "7", 1, {{STORE_DAMAGE_BODY, 7, 7, 0}}},
    {"two neighbours changed",
     NEW_VALUE "5;" NEW_VALUE "6",
     2,
     {{STORE_DAMAGE_CHANGED, 5, 5, 0}, {STORE_DAMAGE_UNVERIFIABLE, 6, 6, 0}}},
    {"two apart changed", NEW_VALUE "3;" NEW_SALT "9", 2, {{STORE_DAMAGE_BODY, 3, 3, 0}, {STORE_DAMAGE_BODY, 9, 9, 0}}},
    {"chain value changed", NEW_CHAIN "5", 1, {{STORE_DAMAGE_CHAIN, 5, 5, 0}}},
    {"first chain value changed", NEW_CHAIN "1", 1, {{STORE_DAMAGE_CHAIN, 1, 1, 0}}},
    {"last chain value changed", NEW_CHAIN "12", 1, {{STORE_DAMAGE_CHANGED, 12, 12, 0}}},
    {"two chain values in a row changed",
     NEW_CHAIN "5;" NEW_CHAIN "6",
     2,
     {{STORE_DAMAGE_CHAIN, 5, 5, 0}, {STORE_DAMAGE_CHAIN, 6, 6, 0}}},
    {"body and chain value changed",
     NEW_VALUE "5;" NEW_CHAIN "5",
     2,
     {{STORE_DAMAGE_CHANGED, 5, 5, 0}, {STORE_DAMAGE_UNVERIFIABLE, 6, 6, 0}}},
    {"chain value too short", "UPDATE event SET chain=x'00' WHERE sequence=4", 1, {{STORE_DAMAGE_CHAIN, 4, 4, 0}}},
    {"body no event", "UPDATE event SET body=x'' WHERE sequence=4", 1, {{STORE_DAMAGE_BODY, 4, 4, 0}}},
    {"body longer",
     "UPDATE event SET body=CAST(body||x'00' AS BLOB) WHERE sequence=4",
     1,
     {{STORE_DAMAGE_BODY, 4, 4, 0}}},
    {"body of another event",
     "UPDATE event SET body=(SELECT body FROM event WHERE sequence=9) WHERE sequence=4",
     1,
     {{STORE_DAMAGE_BODY, 4, 4, 0}}},
    {"one removed",
     "DELETE FROM event WHERE sequence=6",
     2,
     {{STORE_DAMAGE_MISSING, 6, 6, 0}, {STORE_DAMAGE_UNVERIFIABLE, 7, 7, 0}}},
    {"three removed",
     "DELETE FROM event WHERE sequence BETWEEN 4 AND 6",
     2,
     {{STORE_DAMAGE_MISSING, 4, 6, 0}, {STORE_DAMAGE_UNVERIFIABLE, 7, 7, 0}}},
    {"first removed",
     "DELETE FROM event WHERE sequence=1",
     2,
     {{STORE_DAMAGE_MISSING, 1, 1, 0}, {STORE_DAMAGE_UNVERIFIABLE, 2, 2, 0}}},
    {"two apart removed",
     "DELETE FROM event WHERE sequence IN(3,8)",
     4,
     {{STORE_DAMAGE_MISSING, 3, 3, 0},
      {STORE_DAMAGE_UNVERIFIABLE, 4, 4, 0},
      {STORE_DAMAGE_MISSING, 8, 8, 0},
      {STORE_DAMAGE_UNVERIFIABLE, 9, 9, 0}}},
    {"all but the last removed",
     "DELETE FROM event WHERE sequence<12",
     2,
     {{STORE_DAMAGE_MISSING, 1, 11, 0}, {STORE_DAMAGE_UNVERIFIABLE, 12, 12, 0}}},
    {"neighbours swapped", SWAP(5, 6), 1, {{STORE_DAMAGE_SWAPPED, 5, 5, 6}}},
    {"first two swapped", SWAP(1, 2), 1, {{STORE_DAMAGE_SWAPPED, 1, 1, 2}}},
    {"last two swapped", SWAP(11, 12), 1, {{STORE_DAMAGE_SWAPPED, 11, 11, 12}}},
    {"two apart swapped", SWAP(3, 9), 1, {{STORE_DAMAGE_SWAPPED, 3, 3, 9}}},
    {"first and last swapped", SWAP(1, 12), 1, {{STORE_DAMAGE_SWAPPED, 1, 1, 12}}},
    {"two pairs swapped",
     SWAP(2, 3) ";" SWAP(7, 10),
     2,
     {{STORE_DAMAGE_SWAPPED, 2, 2, 3}, {STORE_DAMAGE_SWAPPED, 7, 7, 10}}},
    {"one moved to the end", "UPDATE event SET sequence=100 WHERE sequence=5", 1, {{STORE_DAMAGE_MOVED, 5, 5, 100}}},
    {"one removed and the rest numbered down",
     "DELETE FROM event WHERE sequence=5;" RENUMBER(6, -1),
     1,
     {{STORE_DAMAGE_RENUMBERED, 5, 5, 1}}},
    {"first removed and the rest numbered down",
     "DELETE FROM event WHERE sequence=1;" RENUMBER(2, -1),
     1,
     {{STORE_DAMAGE_RENUMBERED, 1, 1, 1}}},
    {"three removed and the rest numbered down",
     "DELETE FROM event WHERE sequence BETWEEN 5 AND 7;" RENUMBER(8, -3),
     1,
     {{STORE_DAMAGE_RENUMBERED, 5, 5, 3}}},
    {"one inserted and the rest numbered up", RENUMBER(5, 1) ";" COPY_OF(2, 5), 1, {{STORE_DAMAGE_INSERTED, 5, 5, 0}}},
    {"one inserted at the start", RENUMBER(1, 1) ";" COPY_OF(5, 1), 1, {{STORE_DAMAGE_INSERTED, 1, 1, 0}}},
    {"two inserted and the rest numbered up",
     RENUMBER(5, 2) ";" COPY_OF(2, 5) ";" COPY_OF(3, 6),
     2,
     {{STORE_DAMAGE_INSERTED, 5, 5, 0}, {STORE_DAMAGE_INSERTED, 6, 6, 0}}},
    {"last one doubled and the rest numbered up",
     RENUMBER(5, 1) ";" COPY_OF(4, 5),
     1,
     {{STORE_DAMAGE_INSERTED, 5, 5, 0}}},
    {"one inserted at the end", COPY_OF(3, 13), 1, {{STORE_DAMAGE_CHANGED, 13, 13, 0}}},
    {"one inserted before the last", RENUMBER(12, 1) ";" COPY_OF(3, 12), 1, {{STORE_DAMAGE_INSERTED, 12, 12, 0}}},
    {"three in a ring",
     "UPDATE event SET sequence=-sequence WHERE sequence IN(3,6,9);"
     "UPDATE event SET sequence=CASE sequence WHEN -3 THEN 6 WHEN -6 THEN 9 ELSE 3 END "
     "WHERE sequence<0",
     3,
     {{STORE_DAMAGE_MOVED, 3, 3, 6}, {STORE_DAMAGE_MOVED, 6, 6, 9}, {STORE_DAMAGE_MOVED, 9, 9, 3}}},
    {"one put over another",
     "DELETE FROM event WHERE sequence=9; UPDATE event SET sequence=9 WHERE sequence=4",
     3,
     {{STORE_DAMAGE_MOVED, 4, 4, 9}, {STORE_DAMAGE_MISSING, 9, 9, 0}, {STORE_DAMAGE_UNVERIFIABLE, 10, 10, 0}}},
    {"one inserted before the first",
     COPY_OF(3, 0) ";" COPY_OF(3, -7),
     2,
     {{STORE_DAMAGE_INSERTED, -7, -7, 0}, {STORE_DAMAGE_INSERTED, 0, 0, 0}}},
    {"one inserted at the last number of all",
     COPY_OF(3, 9223372036854775807),
     1,
     {{STORE_DAMAGE_INSERTED, INT64_MAX, INT64_MAX, 0}}},
    {"another identity",
     "UPDATE meta SET value=replace(value,substr(value,1,2),'zz') WHERE name='kind' AND 0;"
     "UPDATE meta SET value=lower(hex(randomblob(32))) WHERE name='identity'",
     1,
     {{STORE_DAMAGE_BODY, 1, 1, 0}}},
    {"withheld in an original",
     "UPDATE event SET body=CAST(x'02'||chain AS BLOB) WHERE sequence=5",
     2,
     {{STORE_DAMAGE_BODY, 5, 5, 0}, {STORE_DAMAGE_HIDDEN, 5, 5, 0}}},
    {"changed, removed and swapped",
     NEW_VALUE "2; DELETE FROM event WHERE sequence=5;" SWAP(8, 9),
     4,
     {{STORE_DAMAGE_BODY, 2, 2, 0},
      {STORE_DAMAGE_MISSING, 5, 5, 0},
      {STORE_DAMAGE_UNVERIFIABLE, 6, 6, 0},
      {STORE_DAMAGE_SWAPPED, 8, 8, 9}}},
};

static bool same_damage(const struct store_damage *left, const struct store_damage *right) {
    return left->kind == right->kind && left->sequence == right->sequence && left->last == right->last &&
           (left->other == right->other || left->kind == STORE_DAMAGE_SWAPPED);
}

static void print_found(const char *name, const struct store_report *report) {
    char sentence[STORE_DAMAGE_ROOM];
    print_error("%s: %" PRId64 " damages\n", name, report->damage_count);
    for (size_t i = 0; i < report->damage_listed; i++) {
        store_print_damage(&report->damages[i], sentence);
        print_error("  %s: %s\n", store_damage_name(report->damages[i].kind), sentence);
    }
}

/* Case by case in a directory of its own. Returns false after saying what was found instead. */
static bool check_case(const char *directory, const struct damage_case *wanted) {
    struct store_report report;
    scratch_make_log(directory, EVENTS);
    scratch_execute(directory, wanted->sql);
    scratch_verify(directory, NULL, &report);
    bool right = report.damage_count == (int64_t)wanted->count && report.damage_listed == wanted->count;
    for (size_t i = 0; right && i < wanted->count; i++) {
        right = same_damage(&report.damages[i], &wanted->wanted[i]);
    }
    if (!right) {
        print_found(wanted->name, &report);
    }
    return right;
}

static void each_damage_is_found_and_named(void **state) {
    bool right = true;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char name[16];
        char directory[SCRATCH_PATH_ROOM];
        (void)snprintf(name, sizeof name, "%zu", i);
        right = check_case(scratch_join(*state, name, directory), &cases[i]) && right;
    }
    assert_true(right);
}

static bool count_event(void *context, const struct store_record *record) {
    int64_t *last = context;
    *last = record->sequence;
    return true;
}

/* Reading stops before the first damage and names it; it never hands out what does not verify. */
static void reading_stops_at_each_damage(void **state) {
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char name[16];
        char number[32];
        char directory[SCRATCH_PATH_ROOM];
        struct failure failure = {0};
        int64_t last = 0;
        int64_t first_damaged = cases[i].wanted[0].sequence;
        (void)snprintf(name, sizeof name, "%zu", i);
        if (first_damaged < 1 || first_damaged > EVENTS + 1) {
            continue; /* numbers that no event has are not read */
        }
        scratch_make_log(scratch_join(*state, name, directory), EVENTS);
        scratch_execute(directory, cases[i].sql);
        struct store *store = scratch_open_reader(directory);
        bool done = store_read(store, 1, true, count_event, &last, &failure);
        (void)snprintf(number, sizeof number, "vent %" PRId64, first_damaged);
        if (done || last != first_damaged - 1 || strstr(failure.message, number) == NULL) {
            fail_msg("%s: read up to %" PRId64 ", %s", cases[i].name, last, failure.message);
        }
        store_close(store);
    }
}

static void a_sound_log_is_sound(void **state) {
    struct store_report report;
    struct store_head head = scratch_make_log(*state, EVENTS);
    scratch_verify(*state, &head, &report);
    assert_int_equal(report.damage_count, 0);
    assert_int_equal(report.event_count, EVENTS);
    assert_true(report.expected_found);
    assert_int_equal(report.expected_sequence, EVENTS);
    assert_int_equal(report.head.sequence, EVENTS);
    assert_memory_equal(report.head.hash.bytes, head.hash.bytes, STORE_HASH_BYTES);
    assert_int_equal(report.masked_field_count, 0);
    assert_int_equal(report.withheld_event_count, 0);
}

/* ---- heads ---- */

static void a_cut_tail_is_found_with_a_head_alone(void **state) {
    struct store_report report;
    char sentence[STORE_DAMAGE_ROOM];
    struct store_head head = scratch_make_log(*state, EVENTS);
    struct store_head hash_only = {0, head.hash};
    scratch_execute(*state, "DELETE FROM event WHERE sequence>9");
    scratch_verify(*state, NULL, &report);
    assert_int_equal(report.damage_count, 0);
    scratch_verify(*state, &head, &report);
    assert_int_equal(report.damage_count, 1);
    assert_false(report.expected_found);
    assert_int_equal(report.damages[0].kind, STORE_DAMAGE_TAIL);
    store_print_damage(&report.damages[0], sentence);
    assert_non_null(strstr(sentence, "stops at event 9"));
    assert_non_null(strstr(sentence, "event 12"));
    scratch_verify(*state, &hash_only, &report);
    assert_int_equal(report.damage_count, 1);
    assert_int_equal(report.damages[0].kind, STORE_DAMAGE_TAIL);
}

static void an_emptied_log_is_found_with_a_head(void **state) {
    struct store_report report;
    struct store_head head = scratch_make_log(*state, EVENTS);
    scratch_execute(*state, "DELETE FROM event");
    scratch_verify(*state, NULL, &report);
    assert_int_equal(report.damage_count, 0);
    scratch_verify(*state, &head, &report);
    assert_int_equal(report.damages[0].kind, STORE_DAMAGE_TAIL);
}

static void a_log_that_grew_still_has_its_old_head(void **state) {
    struct store_report report;
    struct store_head first = scratch_make_log(*state, 0);
    struct store_head old = scratch_make_log(*state, 4);
    struct store *store = scratch_open(*state);
    scratch_append(store, 5);
    scratch_append(store, 6);
    store_close(store);
    scratch_verify(*state, &old, &report);
    assert_int_equal(report.damage_count, 0);
    assert_true(report.expected_found);
    assert_int_equal(report.expected_sequence, 4);
    assert_int_equal(report.head.sequence, 6);
    scratch_verify(*state, &first, &report); /* the head of the log when it was empty */
    assert_true(report.expected_found);
    assert_int_equal(report.expected_sequence, 0);
}

static void a_rewritten_history_is_found_with_a_head(void **state) {
    char one[SCRATCH_PATH_ROOM];
    struct store_report report;
    struct store_head head = scratch_make_log(scratch_join(*state, "one", one), EVENTS);
    scratch_execute(one, "DELETE FROM event WHERE sequence>5");
    struct store *store = scratch_open(one);
    for (int64_t number = 6; number <= EVENTS; number++) {
        scratch_append(store, number); /* same fields, other salts: a forger cannot get the same hashes */
    }
    store_close(store);
    scratch_verify(one, NULL, &report);
    assert_int_equal(report.damage_count, 0);
    scratch_verify(one, &head, &report);
    assert_int_equal(report.damage_count, 1);
    assert_int_equal(report.damages[0].kind, STORE_DAMAGE_TAIL);
}

/* With the head kept elsewhere, what was done to the last event can be told. */
static void a_head_tells_body_from_chain_in_the_last_event(void **state) {
    static const struct {
        const char *sql;
        enum store_damage_kind kind;
    } last_cases[] = {{NEW_VALUE "12", STORE_DAMAGE_BODY}, {NEW_CHAIN "12", STORE_DAMAGE_CHAIN}};
    for (size_t i = 0; i < 2; i++) {
        char name[16];
        char directory[SCRATCH_PATH_ROOM];
        struct store_report report;
        (void)snprintf(name, sizeof name, "%zu", i);
        struct store_head head = scratch_make_log(scratch_join(*state, name, directory), EVENTS);
        scratch_execute(directory, last_cases[i].sql);
        scratch_verify(directory, &head, &report);
        assert_int_equal(report.damage_count, 1);
        assert_int_equal(report.damages[0].kind, last_cases[i].kind);
        assert_true(report.expected_found);
    }
}

/* ---- much damage, broken files ---- */

static void much_damage_is_counted_and_the_list_is_bounded(void **state) {
    struct store_report report;
    scratch_make_log(*state, 400);
    scratch_execute(*state, "UPDATE event SET body=x'0102' WHERE sequence%2=0");
    scratch_verify(*state, NULL, &report);
    assert_int_equal(report.damage_count, 200);
    assert_int_equal(report.damage_listed, STORE_DAMAGES_LISTED);
    assert_int_equal(report.damages[0].sequence, 2);
    assert_false(report.damage_search_cut);
}

static void damage_without_end_stops_the_search_and_says_so(void **state) {
    struct store_report report;
    scratch_make_log(*state, 1500);
    scratch_execute(*state, "UPDATE event SET body=randomblob(40), chain=randomblob(32)");
    scratch_verify(*state, NULL, &report);
    assert_true(report.damage_search_cut);
    assert_int_equal(report.damage_count, 1500);
}

static void the_last_place_in_a_full_list_is_for_the_tail(void **state) {
    struct store_report report;
    struct store_head head = scratch_make_log(*state, 400);
    scratch_execute(*state, "UPDATE event SET body=x'0102' WHERE sequence%2=0; DELETE FROM event WHERE sequence>390");
    scratch_verify(*state, &head, &report);
    assert_int_equal(report.damages[report.damage_listed - 1].kind, STORE_DAMAGE_TAIL);
    assert_int_equal(report.damage_count, 196);
}

#define WITH_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_SCRATCH(a_sound_log_is_sound),
        WITH_SCRATCH(each_damage_is_found_and_named),
        WITH_SCRATCH(reading_stops_at_each_damage),
        WITH_SCRATCH(a_cut_tail_is_found_with_a_head_alone),
        WITH_SCRATCH(an_emptied_log_is_found_with_a_head),
        WITH_SCRATCH(a_log_that_grew_still_has_its_old_head),
        WITH_SCRATCH(a_rewritten_history_is_found_with_a_head),
        WITH_SCRATCH(a_head_tells_body_from_chain_in_the_last_event),
        WITH_SCRATCH(much_damage_is_counted_and_the_list_is_bounded),
        WITH_SCRATCH(damage_without_end_stops_the_search_and_says_so),
        WITH_SCRATCH(the_last_place_in_a_full_list_is_for_the_tail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
