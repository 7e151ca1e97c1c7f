/* Proves: events that are none of the engine's are logged and seen again, in their place among the others; what is no
 * note, or comes before its time, is refused; whoever does not know notes passes them over, the program's own commands
 * included. */
#include "story.h"

#include "../store/scratch.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MINUTE CALENDAR_US_PER_MINUTE

/* What an observer has seen, one event a line. */
struct witness {
    struct buffer seen;
    int64_t refuse; /* the event that it does not like */
};

static bool observe(void *context, const struct session_entry *entry, struct failure *failure) {
    struct witness *witness = context;
    buffer_print(&witness->seen, "%" PRId64 " at %" PRId64 " incident %" PRIu32, entry->sequence,
                 (entry->at - STORY_START) / MINUTE, entry->incident);
    for (size_t i = 0; i < entry->count; i++) {
        struct text value = text_cut(entry->fields[i].value, 100);
        buffer_print(&witness->seen, " %.*s=%.*s", TEXT_PRINT(entry->fields[i].name), TEXT_PRINT(value));
    }
    buffer_append_string(&witness->seen, "\n");
    return entry->sequence != witness->refuse || failure_set(failure, "the witness will not have it");
}

static void note(struct session *session, int64_t at, const char *text) {
    struct failure failure = {0};
    check(story_note(session, at, text, &failure), "%s", failure.message);
}

static void play(struct session *session) {
    story_begin(session);
    note(session, STORY_START + MINUTE, "烟很大");
    struct engine_event event = story_report(session, STORY_START + 2 * MINUTE, 1);
    story_accept(session, &event);
    note(session, STORY_START + 2 * MINUTE, "two");
    note(session, STORY_START + 90 * MINUTE, "late");
}

static const char *find_line(const struct witness *witness, const char *start) {
    const char *found = strstr(witness->seen.bytes, start);
    check(found != NULL, "\"%s\" is not in:\n%s", start, witness->seen.bytes);
    return found;
}

static void end(struct witness *witness) {
    buffer_append(&witness->seen, "", 1);
    witness->seen.length--;
    assert_false(witness->seen.failed);
}

static void test_seen(void **state) {
    struct witness live = {0};
    struct witness later = {0};
    struct session *session = story_open(*state, observe, &live);
    play(session);
    end(&live);
    int64_t count = session_event_count(session);
    struct session *reader = story_open_reader(*state);
    story_check_same_state(session, reader);
    session_close(reader);
    session_close(session);
    /* Each once and in order, the incident that is opened and the note's own fields among them. */
    (void)find_line(&live, "1 at 0 incident 0 kind=adopt");
    (void)find_line(&live, "\n2 at 0 incident 2 kind=open");
    (void)find_line(&live, "\n3 at 1 incident 0 kind=desk.call at=2022-08-20T06:01:00");
    (void)find_line(&live, "text=烟很大\n4 at 2 incident 2 kind=report");
    (void)find_line(&live, "\n5 at 2 incident 0 kind=desk.call");
    /* What came due before the last note stands before it. */
    const char *time = find_line(&live, "kind=time");
    assert_true(time < find_line(&live, "text=late"));
    assert_true(time > find_line(&live, "text=two"));
    session = story_open(*state, observe, &later);
    end(&later);
    assert_int_equal(session_event_count(session), count);
    assert_string_equal(live.seen.bytes, later.seen.bytes);
    session_close(session);
    buffer_release(&live.seen);
    buffer_release(&later.seen);
}

static void test_refused(void **state) {
    struct session *session = story_open(*state, NULL, NULL);
    play(session);
    int64_t count = session_event_count(session);
    struct failure failure = {0};
    assert_false(story_note(session, STORY_START + 2 * MINUTE, "before the engine's now", &failure));
    assert_non_null(strstr(failure.message, "backwards"));
    const struct store_field kind = {TEXT("kind"), TEXT("desk.call"), false};
    const struct store_field at = {TEXT("at"), TEXT("2022-08-20T09:00:00+00:00"), false};
    const struct store_field when = {TEXT("when"), TEXT("2022-08-20T09:00:00+00:00"), false};
    const struct store_field foreign = {TEXT("kind"), TEXT("report"), false};
    const struct store_field likely = {TEXT("kind"), TEXT("desk"), false};
    const struct store_field bad = {TEXT("text"), TEXT("\xff"), false};
    const struct {
        struct store_field fields[3];
        size_t count;
    } cases[] = {
        {{kind}, 0},        {{kind}, 1},       {{kind, when}, 2}, {{at, kind}, 2},
        {{foreign, at}, 2}, {{likely, at}, 2}, {{bad, at}, 2},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        failure = (struct failure){0};
        check(!session_note(session, STORY_START + 180 * MINUTE, cases[i].fields, cases[i].count, NULL, NULL, &failure),
              "case %zu", i);
        check(failure.set, "case %zu", i);
    }
    assert_int_equal(session_event_count(session), count);
    assert_int_equal(story_count_logged(*state), count);
    assert_false(session_has_failed(session));
    /* In a batch a text that the log cannot hold is refused alone. */
    const struct store_field broken[] = {kind, at, bad};
    session_hold(session);
    note(session, STORY_START + 180 * MINUTE, "good");
    assert_false(session_note(session, STORY_START + 180 * MINUTE, broken, 3, NULL, NULL, &failure));
    assert_false(session_has_failed(session));
    note(session, STORY_START + 180 * MINUTE, "good again");
    failure = (struct failure){0};
    check(session_release(session, &failure), "%s", failure.message);
    session_close(session);
    session = story_open_reader(*state);
    failure = (struct failure){0};
    assert_false(story_note(session, STORY_START + 300 * MINUTE, "a reader", &failure));
    assert_non_null(strstr(failure.message, "only reads"));
    session_close(session);
}

/* The note's instant is said twice, to the session and in its field "at": they must be the same, however it is spelt. */
static void test_instant(void **state) {
    static const struct {
        const char *at;
        bool is_taken;
    } cases[] = {
        {"2022-08-20T08:00:00.000001+00:00", false}, {"2022-08-20T07:59:59+00:00", false},
        {"2022-08-20T16:00:00+00:00", false}, /* another zone's */
        {"2022-08-21T08:00:00+00:00", false},        {"yesterday", false},
        {"2022-08-20T08:00:00+00:00", true},         {"2022-08-20T08:00:00Z", true},
        {"2022-08-20T16:00:00+08:00", true},
    };
    struct session *session = story_open(*state, NULL, NULL);
    play(session);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct failure failure = {0};
        const struct store_field fields[] = {
            {TEXT("kind"), TEXT("desk.call"), false},
            {TEXT("at"), text_of(cases[i].at), false},
        };
        int64_t count = session_event_count(session);
        bool is_taken = session_note(session, STORY_START + 120 * MINUTE, fields, 2, NULL, NULL, &failure);
        check(is_taken == cases[i].is_taken, "\"%s\": %s", cases[i].at, failure.message);
        check(is_taken || failure.set, "\"%s\": no reason is given", cases[i].at);
        check((session_event_count(session) > count) == is_taken, "\"%s\"", cases[i].at);
        assert_false(session_has_failed(session));
    }
    struct failure failure = {0};
    const struct store_field other[] = {{TEXT("kind"), TEXT("desk.call"), false},
                                        {TEXT("at"), TEXT("2022-08-20T08:00:01+00:00"), false}};
    assert_false(session_note(session, STORY_START + 120 * MINUTE, other, 2, NULL, NULL, &failure));
    assert_string_equal(failure.field, "at");
    session_close(session);
}

/* An observer that fails: the session says so, and the log does not open with it. */
static void test_observer_fails(void **state) {
    struct witness witness = {.refuse = 3};
    struct failure failure = {0};
    struct session *session = story_open(*state, observe, &witness);
    story_begin(session);
    assert_false(session_has_failed(session));
    assert_false(story_note(session, STORY_START + MINUTE, "three", &failure));
    assert_non_null(strstr(failure.message, "the witness"));
    assert_true(session_has_failed(session));
    session_close(session);
    failure = (struct failure){0};
    const struct session_options options = {.directory = *state, .observe = observe, .observe_context = &witness};
    assert_null(session_open(&options, &failure));
    assert_non_null(strstr(failure.message, "the witness"));
    buffer_release(&witness.seen);
}

/* Up to an event, up to an instant: notes count, and end the reading like any other event. */
static void test_moments(void **state) {
    struct failure failure = {0};
    struct witness witness = {0};
    struct session *session = story_open(*state, NULL, NULL);
    play(session);
    session_close(session);
    struct session_options options = {.directory = *state, .read_only = true, .last_sequence = 3};
    options.observe = observe;
    options.observe_context = &witness;
    session = session_open(&options, &failure);
    check(session != NULL, "%s", failure.message);
    assert_int_equal(session_event_count(session), 3);
    end(&witness);
    (void)find_line(&witness, "text=烟很大");
    assert_null(strstr(witness.seen.bytes, "kind=report"));
    session_close(session);
    buffer_clear(&witness.seen);
    options.last_sequence = 0;
    options.has_last_at = true;
    options.last_at = STORY_START + MINUTE - 1;
    session = session_open(&options, &failure);
    check(session != NULL, "%s", failure.message);
    assert_int_equal(session_event_count(session), 2);
    end(&witness);
    assert_null(strstr(witness.seen.bytes, "desk.call"));
    session_close(session);
    buffer_release(&witness.seen);
}

/* ---- the program's own commands --------------------------------------------------------------------------- */

#define OUTPUT_ROOM 65536
#define ARGUMENTS_ROOM 8

/* Runs `pinyue …` and gives its exit status; `output` is what it printed on both streams. */
static int run_program(const char *const *arguments, char output[OUTPUT_ROOM]) {
    int ends[2];
    int status = 0;
    size_t length = 0;
    const char *program = getenv("PINYUE"); /* NOLINT(concurrency-mt-unsafe) one thread */
    check(program != NULL, "PINYUE is not set; run it with meson test");
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)dup2(ends[1], STDOUT_FILENO);
        (void)dup2(ends[1], STDERR_FILENO);
        (void)close(ends[0]);
        (void)close(ends[1]);
        char *copies[ARGUMENTS_ROOM] = {NULL};
        for (size_t i = 0; arguments[i] != NULL; i++) {
            copies[i] = strdup(arguments[i]);
        }
        (void)execv(program, copies);
        _exit(127);
    }
    (void)close(ends[1]);
    ssize_t got = 0;
    while (length < OUTPUT_ROOM - 1 && (got = read(ends[0], output + length, OUTPUT_ROOM - 1 - length)) > 0) {
        length += (size_t)got;
    }
    output[length] = '\0';
    (void)close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_commands(void **state) {
    static char output[OUTPUT_ROOM];
    const char *directory = *state;
    struct session *session = story_open(directory, NULL, NULL);
    play(session);
    session_close(session);
    const struct {
        const char *arguments[ARGUMENTS_ROOM];
        const char *expected; /* is printed */
    } cases[] = {
        {{"pinyue", "replay", "--data", directory}, "Smoke"},
        {{"pinyue", "replay", "--data", directory, "--at", "2022-08-20T14:01:30"}, "Smoke"},
        {{"pinyue", "explain", "--data", directory, "2"}, "Bonfire"},
        {{"pinyue", "log", "verify", "--data", directory}, ""},
        {{"pinyue", "log", "show", "--data", directory}, "烟很大"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int code = run_program(cases[i].arguments, output);
        check(code == 0, "%s %s: %d: %s", cases[i].arguments[1], cases[i].arguments[2], code, output);
        check(strstr(output, cases[i].expected) != NULL, "%s: \"%s\" is not in: %s", cases[i].arguments[1],
              cases[i].expected, output);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_seen, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_refused, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_instant, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_observer_fails, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_moments, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_commands, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
