/* Proves: the time that is told follows the time since boot, small corrections of the wall clock included; a step, a start
 * before the log or long after it puts it in doubt until somebody has said what time it is; and it never goes back. */
#include "web/clock.h"

#include "check.h"

#define WALL INT64_C(1660975200000000)
#define BOOT INT64_C(7000000)
#define SECOND INT64_C(1000000)
#define HOUR (INT64_C(3600) * SECOND)
#define YEAR (INT64_C(8760) * HOUR)

static struct clock begin(int64_t last_event, bool has_open_clocks) {
    struct clock clock;
    clock_begin(&clock, WALL, BOOT, last_event, has_open_clocks);
    return clock;
}

static void test_begin(void **state) {
    static const struct {
        int64_t last_event;
        bool has_open_clocks;
        enum clock_state state;
        int64_t told;
    } cases[] = {
        {INT64_MIN, true, CLOCK_GOOD, WALL},
        {WALL, true, CLOCK_GOOD, WALL},
        {WALL - HOUR, true, CLOCK_GOOD, WALL},
        {WALL + 1, false, CLOCK_GOOD, WALL + 1}, /* it stands still until the wall clock has come up */
        {WALL + CLOCK_STEP_US, false, CLOCK_GOOD, WALL + CLOCK_STEP_US},
        {WALL + CLOCK_STEP_US + 1, false, CLOCK_BEFORE_LOG, WALL + CLOCK_STEP_US + 1},
        {WALL + YEAR, true, CLOCK_BEFORE_LOG, WALL + YEAR},
        {WALL - CLOCK_LONG_STOP_US, true, CLOCK_GOOD, WALL},
        {WALL - CLOCK_LONG_STOP_US - 1, true, CLOCK_LONG_STOP, WALL - CLOCK_LONG_STOP_US - 1},
        {WALL - CLOCK_LONG_STOP_US - 1, false, CLOCK_GOOD, WALL}, /* nothing would come due */
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct clock clock = begin(cases[i].last_event, cases[i].has_open_clocks);
        check(clock.state == cases[i].state, "case %zu: %s", i, clock_state_name(clock.state));
        check(clock_tell(&clock, WALL, BOOT) == cases[i].told, "case %zu", i);
        /* In doubt from the start it stands. */
        bool stands = cases[i].state != CLOCK_GOOD;
        int64_t later = clock_tell(&clock, WALL + HOUR, BOOT + HOUR);
        check(later == (stands ? cases[i].told : WALL + HOUR), "case %zu", i);
        check(clock.state == cases[i].state, "case %zu", i);
    }
}

static void test_runs(void **state) {
    (void)state;
    struct clock clock = begin(INT64_MIN, true);
    assert_true(clock_tell(&clock, WALL + HOUR, BOOT + HOUR) == WALL + HOUR);
    /* Corrected forward by what may be, and back: then it stands until the wall clock has come up. */
    assert_true(clock_tell(&clock, WALL + HOUR + CLOCK_STEP_US, BOOT + HOUR) == WALL + HOUR + CLOCK_STEP_US);
    assert_true(clock_tell(&clock, WALL + HOUR, BOOT + HOUR) == WALL + HOUR + CLOCK_STEP_US);
    assert_int_equal(clock.state, CLOCK_GOOD);
    assert_true(clock_tell(&clock, WALL + HOUR + SECOND, BOOT + HOUR + SECOND) == WALL + HOUR + CLOCK_STEP_US);
    assert_true(clock_tell(&clock, WALL + 2 * HOUR, BOOT + 2 * HOUR) == WALL + 2 * HOUR);
    /* A machine that has slept: both clocks went on. */
    assert_true(clock_tell(&clock, WALL + 90 * HOUR, BOOT + 90 * HOUR) == WALL + 90 * HOUR);
    assert_int_equal(clock.state, CLOCK_GOOD);
}

static void test_stepped(void **state) {
    static const int64_t steps[] = {CLOCK_STEP_US + 1, -CLOCK_STEP_US - 1, 24 * HOUR, -24 * HOUR};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        struct clock clock = begin(WALL, true);
        int64_t at = HOUR;
        /* Running time goes on, as if nothing had been set; also when the wall clock is put right again by itself. */
        check(clock_tell(&clock, WALL + at + steps[i], BOOT + at) == WALL + at, "step %zu", i);
        check(clock.state == CLOCK_STEPPED, "step %zu", i);
        at += SECOND;
        check(clock_tell(&clock, WALL + at, BOOT + at) == WALL + at, "step %zu", i);
        check(clock.state == CLOCK_STEPPED, "step %zu", i);
        assert_true(clock.seen_wall == WALL + at);
        /* Somebody accepts the wall clock; it runs from there, never back. */
        int64_t wall = WALL + at + steps[i];
        assert_true(clock_may_be_set(&clock));
        clock_set(&clock, wall, wall, BOOT + at);
        check(clock.state == CLOCK_GOOD && !clock_may_be_set(&clock), "step %zu", i);
        check(clock_tell(&clock, wall, BOOT + at) == (steps[i] > 0 ? wall : WALL + at), "step %zu", i);
        check(clock_tell(&clock, wall + 25 * HOUR, BOOT + at + 25 * HOUR) == wall + 25 * HOUR, "step %zu", i);
    }
}

/* Somebody says another time than the wall clock's: that is what runs on. */
static void test_set(void **state) {
    (void)state;
    struct clock clock = begin(WALL + 24 * HOUR, true);
    assert_int_equal(clock.state, CLOCK_BEFORE_LOG);
    int64_t right = WALL + 25 * HOUR;
    clock_set(&clock, right, WALL + SECOND, BOOT + SECOND);
    assert_int_equal(clock.state, CLOCK_GOOD);
    assert_true(clock_may_be_set(&clock)); /* he may have been wrong */
    assert_true(clock_tell(&clock, WALL + SECOND, BOOT + SECOND) == right);
    assert_true(clock_tell(&clock, WALL + HOUR + SECOND, BOOT + HOUR + SECOND) == right + HOUR);
    assert_int_equal(clock.state, CLOCK_GOOD);
    /* And a step of the wall clock is found as before. */
    (void)clock_tell(&clock, right + HOUR + SECOND, BOOT + HOUR + SECOND);
    assert_int_equal(clock.state, CLOCK_STEPPED);
}

static void test_names(void **state) {
    (void)state;
    assert_string_equal(clock_state_name(CLOCK_GOOD), "good");
    assert_string_equal(clock_state_name(CLOCK_STEPPED), "stepped");
    assert_string_equal(clock_state_name(CLOCK_BEFORE_LOG), "before-log");
    assert_string_equal(clock_state_name(CLOCK_LONG_STOP), "long-stop");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_begin), cmocka_unit_test(test_runs),  cmocka_unit_test(test_stepped),
        cmocka_unit_test(test_set),   cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
