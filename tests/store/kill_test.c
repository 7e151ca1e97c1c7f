/* The real thing: a process that writes to a real directory is killed (SIGKILL) at a random moment, 200 times over the
 * same log. Whatever it had acknowledged on its pipe before is there, and the log opens and verifies each time.
 * (A killed process loses nothing that the system has; power cuts are the business of crash_test.c.) */
#include "scratch.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define KILLS 200
#define SEED 20220820
#define LIFE_US_MAX 20000

static uint64_t draw(uint64_t *random, uint64_t below) {
    *random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*random >> 33) % below;
}

/* Appends without end; after each success writes its number to the pipe. */
static void write_until_killed(const char *directory, int pipe_out) {
    struct store_options options = {.create = true};
    struct store *store = store_open(directory, &options, NULL);
    for (int64_t number = 1; store != NULL; number++) {
        char text[32];
        int64_t sequence = 0;
        (void)snprintf(text, sizeof text, "%" PRId64, number);
        struct store_field fields[] = {{TEXT("kind"), TEXT("报告"), false}, {TEXT("number"), text_of(text), false}};
        if (!store_append(store, fields, 2, &sequence, NULL) ||
            write(pipe_out, &sequence, sizeof sequence) != (ssize_t)sizeof sequence) {
            break;
        }
    }
    _exit(1);
}

/* The last number that came through the pipe before it broke; what was acknowledged before stays acknowledged. */
static int64_t read_acknowledged(int pipe_in, int64_t acknowledged) {
    int64_t sequence;
    while (read(pipe_in, &sequence, sizeof sequence) == (ssize_t)sizeof sequence) {
        acknowledged = sequence;
    }
    return acknowledged;
}

static void sleep_us(uint64_t microseconds) {
    struct timespec time = {0, (long)microseconds * 1000};
    (void)nanosleep(&time, NULL);
}

static int64_t kill_one(const char *directory, uint64_t *random, int64_t acknowledged) {
    int ends[2];
    int status = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)close(ends[0]);
        write_until_killed(directory, ends[1]);
    }
    (void)close(ends[1]);
    /* Three of four lives last beyond the first acknowledgement, however slow the machine; the fourth may end anywhere,
     * also while the log is opened. */
    int64_t first;
    if (draw(random, 4) != 0 && read(ends[0], &first, sizeof first) == (ssize_t)sizeof first) {
        acknowledged = first;
    }
    sleep_us(draw(random, LIFE_US_MAX));
    assert_int_equal(kill(child, SIGKILL), 0);
    acknowledged = read_acknowledged(ends[0], acknowledged);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status)); /* it had not ended by itself */
    (void)close(ends[0]);
    return acknowledged;
}

/* Returns how many events there are: at least what was acknowledged, at most one more. */
static int64_t check_log(const char *directory, int64_t acknowledged) {
    struct store_report report;
    struct failure failure = {0};
    struct store *store = scratch_open(directory);
    if (!store_verify(store, NULL, &report, &failure)) {
        fail_msg("%s", failure.message);
    }
    store_close(store);
    assert_int_equal(report.damage_count, 0);
    assert_in_range(report.event_count, acknowledged, acknowledged + 1);
    return report.event_count;
}

static void what_was_acknowledged_survives_a_kill(void **state) {
    uint64_t random = SEED;
    int64_t acknowledged = 0;
    for (int i = 0; i < KILLS; i++) {
        acknowledged = kill_one(*state, &random, acknowledged);
        acknowledged = check_log(*state, acknowledged);
    }
    assert_true(acknowledged > KILLS / 2); /* the writers lived long enough to write */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_acknowledged_survives_a_kill, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
