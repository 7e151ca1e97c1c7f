/* What is appended comes back, in order and verified; what breaks a limit is refused; who may write and who may read. */
#include "scratch.h"

#include "base/buffer.h"

#include <errno.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- round trip ---- */

static void events_come_back_as_they_were(void **state) {
    struct store_head written = scratch_make_log(*state, 300);
    struct store_head read;
    struct store *store = scratch_open(*state);
    scratch_check_events(store, 1, 300);
    scratch_check_events(store, 123, 300);
    scratch_append(store, 301);
    scratch_check_events(store, 299, 301);
    assert_int_equal(written.sequence, 300);
    assert_true(store_find_head(store, &read, NULL));
    assert_int_equal(read.sequence, 301);
    store_close(store);
}

static bool fail_when_called(void *context, const struct store_record *record) {
    (void)context;
    (void)record;
    fail();
    return false;
}

static void an_empty_log_has_a_head_and_no_events(void **state) {
    char other[SCRATCH_PATH_ROOM];
    struct store_head head;
    struct store_head other_head;
    struct store *store = scratch_open(*state);
    assert_true(store_read(store, 1, true, fail_when_called, NULL, NULL));
    assert_true(store_find_head(store, &head, NULL));
    assert_int_equal(head.sequence, 0);
    store_close(store);
    other_head = scratch_make_log(scratch_join(*state, "other", other), 0);
    assert_memory_not_equal(head.hash.bytes, other_head.hash.bytes, STORE_HASH_BYTES);
}

struct expected_event {
    const struct store_field *fields;
    size_t count;
};

static bool compare_event(void *context, const struct store_record *record) {
    const struct expected_event *expected = context;
    assert_int_equal(record->count, expected->count);
    for (size_t i = 0; i < record->count; i++) {
        assert_true(text_equal(record->fields[i].name, expected->fields[i].name));
        assert_true(text_equal(record->fields[i].value, expected->fields[i].value));
    }
    return true;
}

static void unusual_values_come_back(void **state) {
    const struct store_field fields[] = {
        {TEXT("empty"), {NULL, 0}, false},          {TEXT("名称"), TEXT("歌乐山镇 🔥"), false},
        {TEXT("nul"), TEXT("a\0b"), false},         {TEXT("same"), TEXT("1"), false},
        {TEXT("same"), TEXT("2"), false},           {TEXT("quote"), TEXT("'; DROP TABLE event; --"), false},
        {TEXT("line"), TEXT("a\nb\r\n\tc"), false},
    };
    struct expected_event expected = {fields, sizeof fields / sizeof fields[0]};
    struct store *store = scratch_open(*state);
    assert_true(store_append(store, fields, expected.count, NULL, NULL));
    assert_true(store_read(store, 1, true, compare_event, &expected, NULL));
    store_close(store);
}

static void the_largest_event_comes_back(void **state) {
    struct store_field fields[STORE_FIELDS_MAX];
    char name[STORE_NAME_MAX_BYTES];
    char *value = malloc(STORE_VALUE_MAX_BYTES);
    struct expected_event expected = {fields, STORE_FIELDS_MAX};
    assert_non_null(value);
    memset(name, 'n', sizeof name);
    memset(value, 'v', STORE_VALUE_MAX_BYTES);
    for (size_t i = 0; i < STORE_FIELDS_MAX; i++) {
        fields[i] = (struct store_field){{name, sizeof name}, {value, i == 0 ? STORE_VALUE_MAX_BYTES : i * 100}, false};
    }
    struct store *store = scratch_open(*state);
    assert_true(store_append(store, fields, STORE_FIELDS_MAX, NULL, NULL));
    store_close(store);
    store = scratch_open_reader(*state);
    assert_true(store_read(store, 1, true, compare_event, &expected, NULL));
    store_close(store);
    free(value);
}

/* ---- limits ---- */

static void what_breaks_a_limit_is_refused(void **state) {
    static char long_name[STORE_NAME_MAX_BYTES + 1];
    static char long_value[STORE_VALUE_MAX_BYTES + 1];
    static struct store_field many[STORE_FIELDS_MAX + 1];
    memset(long_name, 'n', sizeof long_name);
    memset(long_value, 'v', sizeof long_value);
    for (size_t i = 0; i < STORE_FIELDS_MAX + 1; i++) {
        many[i] = (struct store_field){TEXT("name"), TEXT("value"), false};
    }
    const struct store_field no_name = {{"", 0}, TEXT("value"), false};
    const struct store_field big_name = {{long_name, sizeof long_name}, TEXT("value"), false};
    const struct store_field big_value = {TEXT("name"), {long_value, sizeof long_value}, false};
    const struct store_field bad_name = {TEXT("\xff"), TEXT("value"), false};
    const struct store_field bad_value = {TEXT("name"), TEXT("\xe6\xad"), false};
    const struct store_field masked = {TEXT("name"), TEXT(""), true};
    const struct {
        const struct store_field *fields;
        size_t count;
        const char *message;
    } cases[] = {
        {many, 0, "0 fields"},
        {many, STORE_FIELDS_MAX + 1, "65 fields"},
        {&no_name, 1, "1 to 64 bytes"},
        {&big_name, 1, "65 bytes"},
        {&big_value, 1, "16777217 bytes"},
        {&bad_name, 1, "not valid UTF-8"},
        {&bad_value, 1, "not valid UTF-8"},
        {&masked, 1, "masked"},
    };
    struct store *store = scratch_open(*state);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct failure failure = {0};
        assert_false(store_append(store, cases[i].fields, cases[i].count, NULL, &failure));
        if (strstr(failure.message, cases[i].message) == NULL) {
            fail_msg("case %zu: %s", i, failure.message);
        }
    }
    scratch_append(store, 1); /* none of them took a number, and the store goes on */
    store_close(store);
}

static void an_event_over_the_whole_limit_is_refused(void **state) {
    struct store_field fields[17];
    struct failure failure = {0};
    char *value = calloc(1, STORE_VALUE_MAX_BYTES);
    assert_non_null(value);
    for (size_t i = 0; i < 17; i++) {
        fields[i] = (struct store_field){TEXT("name"), {value, STORE_VALUE_MAX_BYTES}, false};
    }
    struct store *store = scratch_open(*state);
    assert_false(store_append(store, fields, 17, NULL, &failure));
    assert_non_null(strstr(failure.message, "in all"));
    store_close(store);
    free(value);
}

static void several_events_are_appended_together_or_not_at_all(void **state) {
    const struct store_field good = {TEXT("name"), TEXT("value"), false};
    const struct store_field bad = {TEXT("name"), TEXT("\xff"), false};
    const struct store_event events[] = {{&good, 1}, {&good, 1}, {&good, 1}};
    const struct store_event mixed[] = {{&good, 1}, {&bad, 1}};
    struct store_head head;
    int64_t first = 0;
    struct store *store = scratch_open(*state);
    assert_false(store_append_many(store, mixed, 2, NULL, NULL));
    assert_true(store_append_many(store, events, 3, &first, NULL));
    assert_int_equal(first, 1);
    assert_true(store_append_many(store, events, 0, &first, NULL));
    assert_true(store_append_many(store, events, 3, &first, NULL));
    assert_int_equal(first, 4);
    assert_true(store_find_head(store, &head, NULL));
    assert_int_equal(head.sequence, 6);
    store_close(store);
}

static bool refuse_random(void *context, uint8_t *bytes, size_t length) {
    int *calls = context;
    memset(bytes, 7, length);
    return (*calls)-- > 0;
}

static void without_salt_nothing_is_appended(void **state) {
    int calls = 2; /* the identity and the first event */
    struct failure failure = {0};
    const struct store_field field = {TEXT("name"), TEXT("value"), false};
    struct store_options options = {.create = true, .fill_random = refuse_random, .random_context = &calls};
    struct store *store = store_open(*state, &options, NULL);
    assert_non_null(store);
    assert_true(store_append(store, &field, 1, NULL, NULL));
    assert_false(store_append(store, &field, 1, NULL, &failure));
    assert_non_null(strstr(failure.message, "salt"));
    calls = 1;
    assert_true(store_append(store, &field, 1, NULL, NULL));
    store_close(store);
}

/* ---- reading ---- */

static bool stop_at_third(void *context, const struct store_record *record) {
    int64_t *last = context;
    *last = record->sequence;
    return record->sequence < 3;
}

static void a_reader_can_stop(void **state) {
    int64_t last = 0;
    scratch_make_log(*state, 10);
    struct store *store = scratch_open_reader(*state);
    assert_true(store_read(store, 1, true, stop_at_third, &last, NULL));
    assert_int_equal(last, 3);
    store_close(store);
}

/* Long enough for the second thread, and for every batch to be used several times. */
static void a_long_log_is_read_in_order(void **state) {
    scratch_make_log(*state, 5000);
    struct store *store = scratch_open_reader(*state);
    scratch_check_events(store, 1, 5000);
    scratch_check_events(store, 2345, 5000);
    store_close(store);
}

static bool stop_at_4000(void *context, const struct store_record *record) {
    int64_t *last = context;
    *last = record->sequence;
    return record->sequence < 4000;
}

static void a_long_log_is_read_up_to_its_damage_or_to_where_the_reader_stops(void **state) {
    struct failure failure = {0};
    int64_t last = 0;
    scratch_make_log(*state, 5000);
    struct store *store = scratch_open_reader(*state);
    assert_true(store_read(store, 1, true, stop_at_4000, &last, NULL));
    assert_int_equal(last, 4000);
    store_close(store);
    scratch_execute(*state, "UPDATE event SET chain=randomblob(32) WHERE sequence=3210");
    store = scratch_open_reader(*state);
    assert_false(store_read(store, 1, true, stop_at_4000, &last, &failure));
    assert_int_equal(last, 3209);
    assert_non_null(strstr(failure.message, "event 3210"));
    store_close(store);
}

static bool compare_lengths(void *context, const struct store_record *record) {
    int64_t *next = context;
    assert_int_equal(record->sequence, (*next)++);
    assert_int_equal(record->fields[0].value.length, record->sequence % 7 == 0 ? 300000 : (size_t)record->sequence);
    return true;
}

static void large_events_among_small_ones_are_read(void **state) {
    char *value = calloc(1, 300000);
    int64_t next = 1;
    struct store *store = scratch_open(*state);
    assert_non_null(value);
    for (int64_t number = 1; number <= 60; number++) {
        size_t length = number % 7 == 0 ? 300000 : (size_t)number;
        const struct store_field field = {TEXT("name"), {value, length}, false};
        assert_true(store_append(store, &field, 1, NULL, NULL));
    }
    assert_true(store_read(store, 1, true, compare_lengths, &next, NULL));
    assert_int_equal(next, 61);
    store_close(store);
    free(value);
}

static bool append_another(void *context, const struct store_record *record) {
    struct store *store = context;
    scratch_append(store, record->sequence + 5);
    return true;
}

static void a_callback_may_append_and_is_not_called_for_that(void **state) {
    scratch_make_log(*state, 5);
    struct store *store = scratch_open(*state);
    assert_true(store_read(store, 1, true, append_another, store, NULL));
    scratch_check_events(store, 1, 10);
    store_close(store);
}

static void reading_starts_at_one_or_later(void **state) {
    struct failure failure = {0};
    scratch_make_log(*state, 5);
    struct store *store = scratch_open_reader(*state);
    assert_false(store_read(store, 0, true, fail_when_called, NULL, &failure));
    assert_non_null(strstr(failure.message, "numbered from 1"));
    assert_true(store_read(store, 6, true, fail_when_called, NULL, NULL));
    store_close(store);
}

static void readers_beside_the_writer_see_what_was_acknowledged(void **state) {
    struct store *writer = scratch_open(*state);
    scratch_append(writer, 1);
    struct store *reader = scratch_open_reader(*state);
    for (int64_t number = 2; number <= 50; number++) {
        scratch_append(writer, number);
        scratch_check_events(reader, 1, number);
    }
    store_close(writer);
    scratch_check_events(reader, 1, 50);
    store_close(reader);
}

static void a_reader_cannot_append(void **state) {
    struct failure failure = {0};
    const struct store_field field = {TEXT("name"), TEXT("value"), false};
    scratch_make_log(*state, 1);
    struct store *store = scratch_open_reader(*state);
    assert_false(store_append(store, &field, 1, NULL, &failure));
    assert_non_null(strstr(failure.message, "reading only"));
    store_close(store);
}

/* ---- who may open ---- */

static void check_refusal(const char *directory, const struct store_options *options, const char *message) {
    struct failure failure = {0};
    struct store *store = store_open(directory, options, &failure);
    assert_null(store);
    if (strstr(failure.message, message) == NULL) {
        fail_msg("wanted \"%s\", got \"%s\"", message, failure.message);
    }
}

static void a_second_writer_is_refused_by_name(void **state) {
    char number[32];
    struct store *store = scratch_open(*state);
    (void)snprintf(number, sizeof number, "process number %ld", (long)getpid());
    check_refusal(*state, NULL, number);
    store_close(store);
    store = scratch_open(*state);
    store_close(store);
}

static void a_second_writer_in_another_process_is_refused(void **state) {
    struct store *store = scratch_open(*state);
    pid_t child = fork();
    if (child == 0) {
        struct failure failure = {0};
        struct store *other = store_open(*state, NULL, &failure);
        _exit(other == NULL && strstr(failure.message, "one writer at a time") != NULL ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    scratch_append(store, 1);
    store_close(store);
}

static void what_is_not_there_is_not_opened(void **state) {
    char missing[SCRATCH_PATH_ROOM];
    char deep[SCRATCH_PATH_ROOM];
    const struct store_options read_only = {.read_only = true};
    const struct store_options create = {.create = true};
    const struct store_options both = {.read_only = true, .create = true};
    const struct store_options vfs = {.vfs = "no such vfs"};
    scratch_join(*state, "missing", missing);
    scratch_join(*state, "missing/deep", deep);
    check_refusal(missing, NULL, "There is no log");
    check_refusal(missing, &read_only, "There is no log");
    check_refusal(*state, NULL, "There is no log");
    check_refusal(deep, &create, "cannot be made");
    check_refusal(*state, &both, "cannot be created read-only");
    check_refusal("", NULL, "No data directory");
    check_refusal(*state, &vfs, "no such vfs");
}

static void an_odd_path_is_no_obstacle(void **state) {
    static const char *const names[] = {"a b", "日志?x=1", "100%41#frag", "-dash"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[SCRATCH_PATH_ROOM];
        char file[SCRATCH_PATH_ROOM];
        struct stat status;
        scratch_make_log(scratch_join(*state, names[i], path), 2);
        assert_int_equal(stat(scratch_join(path, "log.db", file), &status), 0);
        struct store *store = scratch_open_reader(path);
        scratch_check_events(store, 1, 2);
        store_close(store);
    }
}

/* As root every directory can be written, so this runs as nobody. */
static int read_as_nobody(const char *directory) {
    struct failure failure = {0};
    if (setgid(65534) != 0 || setuid(65534) != 0) {
        return 2;
    }
    struct store *writer = store_open(directory, NULL, &failure);
    if (writer != NULL || strstr(failure.message, "Permission denied") == NULL) {
        return 3;
    }
    struct store_options options = {.read_only = true};
    struct store *store = store_open(directory, &options, NULL);
    struct store_report report;
    if (store == NULL || !store_verify(store, NULL, &report, NULL)) {
        return 4;
    }
    store_close(store);
    return report.event_count == 20 && report.damage_count == 0 ? 0 : 5;
}

static void a_directory_that_cannot_be_written_can_be_read(void **state) {
    char file[SCRATCH_PATH_ROOM];
    char lock[SCRATCH_PATH_ROOM];
    if (getuid() != 0) {
        skip();
    }
    scratch_make_log(*state, 20);
    assert_int_equal(chmod(scratch_join(*state, "log.db", file), 0444), 0);
    assert_int_equal(chmod(scratch_join(*state, "log.lock", lock), 0444), 0);
    assert_int_equal(chmod(*state, 0555), 0);
    pid_t child = fork();
    if (child == 0) {
        _exit(read_as_nobody(*state));
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* ---- what is not ours ---- */

static void other_files_are_refused_and_left_alone(void **state) {
    static const struct {
        const char *sql;
        const char *message;
    } cases[] = {
        {"UPDATE meta SET value='2' WHERE name='format'", "has format 2"},
        {"UPDATE meta SET value='11' WHERE name='format'", "has format 11"},
        {"UPDATE meta SET value='newer' WHERE name='format'", "has format newer"},
        {"UPDATE meta SET value='xyz' WHERE name='identity'", "identity"},
        {"UPDATE meta SET value='xyz' WHERE name='kind'", "kind"},
        {"DELETE FROM meta WHERE name='identity'", "identity"},
        {"ALTER TABLE event ADD COLUMN more TEXT", "tables are not"},
        {"CREATE TRIGGER event AFTER INSERT ON event BEGIN UPDATE event SET body=x'00'; END", "tables are not"},
        {"CREATE VIEW other AS SELECT 1", "tables are not"},
        {"DROP TABLE event", "tables are not"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char directory[SCRATCH_PATH_ROOM];
        char name[16];
        const struct store_options read_only = {.read_only = true};
        (void)snprintf(name, sizeof name, "%zu", i);
        scratch_join(*state, name, directory);
        scratch_make_log(directory, 3);
        scratch_execute(directory, cases[i].sql);
        check_refusal(directory, NULL, cases[i].message);
        check_refusal(directory, &read_only, cases[i].message);
    }
}

static void a_newer_format_leaves_every_file_untouched(void **state) {
    const struct store_options read_only = {.read_only = true};
    scratch_make_log(*state, 3);
    scratch_execute(*state, "UPDATE meta SET value='2' WHERE name='format'");
    scratch_execute(*state, "ALTER TABLE event RENAME TO occurrence");
    uint64_t before = scratch_fingerprint(*state);
    check_refusal(*state, &read_only, "has format 2");
    check_refusal(*state, &(struct store_options){.create = true}, "has format 2");
    assert_true(scratch_fingerprint(*state) == before);
}

static void a_text_file_is_no_log(void **state) {
    char path[SCRATCH_PATH_ROOM];
    const struct store_options create = {.create = true};
    FILE *file = fopen(scratch_join(*state, "log.db", path), "wbe");
    assert_non_null(file);
    for (int i = 0; i < 500; i++) {
        assert_true(fputs("not a database\n", file) >= 0);
    }
    assert_int_equal(fclose(file), 0);
    check_refusal(*state, &create, "not a database");
    assert_true(scratch_contains(*state, "not a database"));
}

static void an_empty_file_becomes_a_log_only_when_asked(void **state) {
    char path[SCRATCH_PATH_ROOM];
    FILE *file = fopen(scratch_join(*state, "log.db", path), "wbe");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
    check_refusal(*state, NULL, "is empty");
    scratch_make_log(*state, 2);
}

static void files_are_not_for_everybody(void **state) {
    static const char *const names[] = {"log.db", "log.db-wal", "log.db-shm", "log.lock"};
    char directory[SCRATCH_PATH_ROOM];
    struct store *store = scratch_open(scratch_join(*state, "new", directory));
    scratch_append(store, 1);
    struct stat status;
    assert_int_equal(stat(directory, &status), 0);
    assert_int_equal(status.st_mode & 07, 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[SCRATCH_PATH_ROOM];
        assert_int_equal(stat(scratch_join(directory, names[i], path), &status), 0);
        assert_int_equal(status.st_mode & 07, 0);
    }
    store_close(store);
}

static void hashes_are_printed_and_parsed(void **state) {
    struct store_hash hash;
    struct store_hash parsed;
    char text[STORE_HASH_ROOM];
    (void)state;
    for (size_t i = 0; i < STORE_HASH_BYTES; i++) {
        hash.bytes[i] = (uint8_t)(i * 37 + 5);
    }
    store_print_hash(&hash, text);
    assert_true(store_parse_hash(text_of(text), &parsed));
    assert_memory_equal(hash.bytes, parsed.bytes, STORE_HASH_BYTES);
    text[0] = 'g';
    assert_false(store_parse_hash(text_of(text), &parsed));
    assert_false(store_parse_hash(TEXT("ab"), &parsed));
}

#define WITH_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_SCRATCH(events_come_back_as_they_were),
        WITH_SCRATCH(an_empty_log_has_a_head_and_no_events),
        WITH_SCRATCH(unusual_values_come_back),
        WITH_SCRATCH(the_largest_event_comes_back),
        WITH_SCRATCH(what_breaks_a_limit_is_refused),
        WITH_SCRATCH(an_event_over_the_whole_limit_is_refused),
        WITH_SCRATCH(several_events_are_appended_together_or_not_at_all),
        WITH_SCRATCH(without_salt_nothing_is_appended),
        WITH_SCRATCH(a_reader_can_stop),
        WITH_SCRATCH(a_long_log_is_read_in_order),
        WITH_SCRATCH(a_long_log_is_read_up_to_its_damage_or_to_where_the_reader_stops),
        WITH_SCRATCH(large_events_among_small_ones_are_read),
        WITH_SCRATCH(a_callback_may_append_and_is_not_called_for_that),
        WITH_SCRATCH(reading_starts_at_one_or_later),
        WITH_SCRATCH(readers_beside_the_writer_see_what_was_acknowledged),
        WITH_SCRATCH(a_reader_cannot_append),
        WITH_SCRATCH(a_second_writer_is_refused_by_name),
        WITH_SCRATCH(a_second_writer_in_another_process_is_refused),
        WITH_SCRATCH(what_is_not_there_is_not_opened),
        WITH_SCRATCH(an_odd_path_is_no_obstacle),
        WITH_SCRATCH(a_directory_that_cannot_be_written_can_be_read),
        WITH_SCRATCH(other_files_are_refused_and_left_alone),
        WITH_SCRATCH(a_newer_format_leaves_every_file_untouched),
        WITH_SCRATCH(a_text_file_is_no_log),
        WITH_SCRATCH(an_empty_file_becomes_a_log_only_when_asked),
        WITH_SCRATCH(files_are_not_for_everybody),
        WITH_SCRATCH(hashes_are_printed_and_parsed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
