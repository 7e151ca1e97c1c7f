/* `pinyue log`: what it prints and how it ends, for sound, damaged, masked and missing logs. */
#include "scratch.h"

#include "base/buffer.h"
#include "cli/cli.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ARGUMENTS_MAX 12
#define EVENTS 10

/* Runs the subcommand with both outputs going to files in `directory`; what it printed is in *out, errors included. */
static int run(const char *directory, struct buffer *out, const char *const *arguments) {
    char path[SCRATCH_PATH_ROOM];
    char copies[ARGUMENTS_MAX + 1][SCRATCH_PATH_ROOM] = {"log"};
    char *argv[ARGUMENTS_MAX + 2] = {copies[0]};
    int argc = 1;
    for (; arguments[argc - 1] != NULL; argc++) {
        assert_in_range(snprintf(copies[argc], SCRATCH_PATH_ROOM, "%s", arguments[argc - 1]), 0, SCRATCH_PATH_ROOM - 1);
        argv[argc] = copies[argc];
    }
    (void)fflush(stdout);
    (void)fflush(stderr);
    int old_out = dup(STDOUT_FILENO);
    int old_error = dup(STDERR_FILENO);
    FILE *file = fopen(scratch_join(directory, "printed", path), "wbe");
    assert_non_null(file);
    (void)dup2(fileno(file), STDOUT_FILENO);
    (void)dup2(fileno(file), STDERR_FILENO);
    int status = cli_log.run(argc, argv);
    (void)fflush(stdout);
    (void)dup2(old_out, STDOUT_FILENO);
    (void)dup2(old_error, STDERR_FILENO);
    (void)close(old_out);
    (void)close(old_error);
    (void)fclose(file);
    buffer_clear(out);
    assert_true(buffer_read_file(out, path, 1 << 20, NULL));
    return status;
}

#define RUN(directory, out, ...) run(directory, out, (const char *const[]){__VA_ARGS__, NULL})

static void check_prints(const struct buffer *out, const char *wanted) {
    if (out->bytes == NULL || strstr(out->bytes, wanted) == NULL) {
        fail_msg("wanted \"%s\" in:\n%s", wanted, out->bytes == NULL ? "" : out->bytes);
    }
}

static void check_prints_not(const struct buffer *out, const char *unwanted) {
    if (out->bytes != NULL && strstr(out->bytes, unwanted) != NULL) {
        fail_msg("\"%s\" in:\n%s", unwanted, out->bytes);
    }
}

static const char *head_text(const struct store_head *head, char out[128]) {
    char hash[STORE_HASH_ROOM];
    store_print_hash(&head->hash, hash);
    (void)snprintf(out, 128, "%d:%s", (int)head->sequence, hash);
    return out;
}

static void a_sound_log_is_said_to_be_sound(void **state) {
    struct buffer out = {0};
    char head[128];
    char data[SCRATCH_PATH_ROOM];
    struct store_head made = scratch_make_log(scratch_join(*state, "data", data), EVENTS);
    assert_int_equal(RUN(*state, &out, "verify", "--data", data), 0);
    check_prints(&out, "The log is sound: 10 events");
    assert_int_equal(RUN(*state, &out, "head", "--data", data), 0);
    check_prints(&out, head_text(&made, head));
    assert_int_equal(RUN(*state, &out, "verify", "--data", data, "--head", head), 0);
    check_prints(&out, "that of its last event, number 10");
    assert_int_equal(RUN(*state, &out, "verify", "--data", data, "--head", strchr(head, ':') + 1), 0);
    check_prints(&out, "that of its last event, number 10");
    buffer_release(&out);
}

static void a_head_with_another_events_number_is_none(void **state) {
    struct buffer out = {0};
    char head[128];
    char data[SCRATCH_PATH_ROOM];
    struct store_head made = scratch_make_log(scratch_join(*state, "data", data), EVENTS);
    made.sequence++;
    assert_int_equal(RUN(*state, &out, "verify", "--data", data, "--head", head_text(&made, head)), 1);
    check_prints(&out, "bears the number 11, but its hash is that of event 10");
    check_prints_not(&out, "that of its last event");
    buffer_release(&out);
}

static void a_log_that_grew_is_sound_and_said_to_have_grown(void **state) {
    struct buffer out = {0};
    char head[128];
    char data[SCRATCH_PATH_ROOM];
    struct store_head made = scratch_make_log(scratch_join(*state, "data", data), EVENTS);
    struct store *store = scratch_open(data);
    scratch_append(store, 11);
    scratch_append(store, 12);
    store_close(store);
    assert_int_equal(RUN(*state, &out, "verify", "--data", data, "--head", head_text(&made, head)), 0);
    check_prints(&out, "that of event 10; the log has grown by 2 events since");
    buffer_release(&out);
}

static void damage_is_told_and_ends_with_1(void **state) {
    struct buffer out = {0};
    char head[128];
    char data[SCRATCH_PATH_ROOM];
    struct store_head made = scratch_make_log(scratch_join(*state, "data", data), EVENTS);
    scratch_execute(data, "UPDATE event SET chain=randomblob(32) WHERE sequence=4; DELETE FROM event WHERE sequence>8");
    assert_int_equal(RUN(*state, &out, "verify", "--data", data, "--head", head_text(&made, head)), 1);
    check_prints(&out, "The log is damaged; damages found: 2.");
    check_prints(&out, "- The chain value of event 4 was changed");
    check_prints(&out, "stops at event 8, and the head kept elsewhere is that of event 10");
    assert_int_equal(RUN(*state, &out, "show", "--data", data), 1);
    check_prints(&out, "Event 3");
    check_prints_not(&out, "Event 4\n");
    check_prints(&out, "broken at event 4");
    assert_int_equal(RUN(*state, &out, "show", "--data", data, "--from", "6"), 0);
    check_prints(&out, "Event 8");
    buffer_release(&out);
}

static void the_report_is_json_when_asked(void **state) {
    struct buffer out = {0};
    char data[SCRATCH_PATH_ROOM];
    scratch_make_log(scratch_join(*state, "data", data), EVENTS);
    scratch_execute(data, "DELETE FROM event WHERE sequence=4");
    assert_int_equal(RUN(*state, &out, "verify", "--data", data, "--json"), 1);
    json_t *report = json_loads(out.bytes, 0, NULL);
    assert_non_null(report);
    assert_true(json_is_false(json_object_get(report, "sound")));
    assert_int_equal(json_integer_value(json_object_get(report, "events")), 9);
    const json_t *damage = json_array_get(json_object_get(report, "damages"), 0);
    assert_string_equal(json_string_value(json_object_get(damage, "kind")), "missing");
    assert_int_equal(json_integer_value(json_object_get(damage, "sequence")), 4);
    json_decref(report);
    buffer_release(&out);
}

static void events_are_shown_as_text_and_as_json(void **state) {
    struct buffer out = {0};
    char data[SCRATCH_PATH_ROOM];
    scratch_make_log(scratch_join(*state, "data", data), EVENTS);
    assert_int_equal(RUN(*state, &out, "show", "--data", data, "--from", "10"), 0);
    assert_string_equal(out.bytes, "Event 10\n  number: 10\n  kind: 报告\n  incident: B\n  phone: secret-10\n");
    assert_int_equal(RUN(*state, &out, "show", "--data", data, "--from", "10", "--json"), 0);
    json_t *event = json_loads(out.bytes, 0, NULL);
    assert_non_null(event);
    assert_int_equal(json_integer_value(json_object_get(event, "sequence")), 10);
    const json_t *field = json_array_get(json_object_get(event, "fields"), 3);
    assert_string_equal(json_string_value(json_object_get(field, "value")), "secret-10");
    json_decref(event);
    buffer_release(&out);
}

static void control_characters_are_not_handed_to_the_terminal(void **state) {
    struct buffer out = {0};
    char data[SCRATCH_PATH_ROOM];
    const struct store_field field = {TEXT("na\nme"),
                                      TEXT("a\033[2Jb\r\nEvent 2\xc2\x9b"
                                           "c"),
                                      false};
    struct store *store = scratch_open(scratch_join(*state, "data", data));
    assert_true(store_append(store, &field, 1, NULL, NULL));
    store_close(store);
    assert_int_equal(RUN(*state, &out, "show", "--data", data), 0);
    assert_string_equal(out.bytes, "Event 1\n  na\\u000ame: a\\u001b[2Jb\\u000d\\u000aEvent 2\\u009bc\n");
    buffer_release(&out);
}

static void a_copy_masks_and_withholds(void **state) {
    struct buffer out = {0};
    char data[SCRATCH_PATH_ROOM];
    char copy[SCRATCH_PATH_ROOM];
    char head[128];
    const struct store_field plan = {TEXT("plan"), TEXT("in force"), false};
    scratch_make_log(scratch_join(*state, "data", data), EVENTS);
    struct store *store = scratch_open(data);
    struct store_head made;
    assert_true(store_append(store, &plan, 1, NULL, NULL));
    assert_true(store_find_head(store, &made, NULL));
    store_close(store);
    scratch_join(*state, "copy", copy);
    assert_int_equal(
        RUN(*state, &out, "copy", "--data", data, "--out", copy, "--mask", "kind,phone", "--incident", "B"), 0);
    check_prints(&out, "Copied 11 events");
    assert_int_equal(RUN(*state, &out, "verify", "--data", copy, "--head", head_text(&made, head)), 0);
    check_prints(&out, "It is a copy: 10 fields are masked and 5 events withheld.");
    assert_int_equal(RUN(*state, &out, "show", "--data", copy), 0);
    check_prints(&out, "Event 1 (withheld)");
    check_prints(&out, "Event 2\n  number: 2\n  kind: (masked)\n  incident: B\n  phone: (masked)");
    check_prints(&out, "Event 11\n  plan: in force");
    check_prints_not(&out, "secret");
    assert_int_equal(RUN(*state, &out, "copy", "--data", data, "--out", copy), 2);
    check_prints(&out, "is there already");
    buffer_release(&out);
}

static void wrong_usage_ends_with_2(void **state) {
    static const char *const cases[][ARGUMENTS_MAX] = {
        {NULL},
        {"frobnicate", "--data", "x"},
        {"verify"},
        {"verify", "--data"},
        {"verify", "--data", "/nowhere/at/all"},
        {"verify", "--data", "x", "--head", "12"},
        {"verify", "--data", "x", "--head", "x:00"},
        {"verify", "--data", "x", "--frobnicate"},
        {"verify", "--data", "x", "--from", "1"},
        {"show", "--data", "x", "--from", "0"},
        {"show", "--data", "x", "--from", "-1"},
        {"show", "--data", "x", "--head", "00"},
        {"copy", "--data", "x"},
        {"copy", "--data", "x", "--out", "y", "--mask", "a,,b"},
        {"head", "--data", "x", "--incident", "A"},
        {"head", "more", "--data", "x"},
    };
    struct buffer out = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int status = run(*state, &out, cases[i]);
        if (status != 2 || out.length == 0) {
            fail_msg("case %zu: status %d, %s", i, status, out.bytes == NULL ? "" : out.bytes);
        }
    }
    buffer_release(&out);
}

#define WITH_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_SCRATCH(a_sound_log_is_said_to_be_sound),
        WITH_SCRATCH(a_head_with_another_events_number_is_none),
        WITH_SCRATCH(a_log_that_grew_is_sound_and_said_to_have_grown),
        WITH_SCRATCH(damage_is_told_and_ends_with_1),
        WITH_SCRATCH(the_report_is_json_when_asked),
        WITH_SCRATCH(events_are_shown_as_text_and_as_json),
        WITH_SCRATCH(control_characters_are_not_handed_to_the_terminal),
        WITH_SCRATCH(a_copy_masks_and_withholds),
        WITH_SCRATCH(wrong_usage_ends_with_2),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
