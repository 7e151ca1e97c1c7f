/* Proves: an exercise's time runs at its speed, stands still while it is paused, never leaps when the pace changes or goes on,
 * and whoever waits for an instant in it waits as long as it takes outside. */
#include "web/pace.h"

#include "check.h"

#define BASE INT64_C(1660975200000000)
#define BOOT INT64_C(7000000)
#define SECOND INT64_C(1000000)

static void test_pace(void **state) {
    struct pace pace = {.base = BASE, .boot = BOOT, .speed = 60};
    (void)state;
    assert_int_equal(pace_tell(&pace, BOOT), BASE);
    assert_int_equal(pace_tell(&pace, BOOT + SECOND), BASE + 60 * SECOND);
    assert_int_equal(pace_tell(&pace, BOOT - SECOND), BASE); /* never back */
    pace_set(&pace, BOOT + SECOND, 60, true);
    assert_int_equal(pace_tell(&pace, BOOT + SECOND), BASE + 60 * SECOND);
    assert_int_equal(pace_tell(&pace, BOOT + 100 * SECOND), BASE + 60 * SECOND);
    pace_set(&pace, BOOT + 100 * SECOND, 2, false); /* no leap by the time for which it stood still */
    assert_int_equal(pace_tell(&pace, BOOT + 100 * SECOND), BASE + 60 * SECOND);
    assert_int_equal(pace_tell(&pace, BOOT + 101 * SECOND), BASE + 62 * SECOND);
    pace_set(&pace, BOOT + 101 * SECOND, 600, false);
    assert_int_equal(pace_tell(&pace, BOOT + 101 * SECOND), BASE + 62 * SECOND);
}

static void test_wait(void **state) {
    struct pace pace = {.base = BASE, .boot = BOOT, .speed = 60};
    (void)state;
    assert_int_equal(pace_find_wait(&pace, BOOT, BASE, SECOND), 0);
    assert_int_equal(pace_find_wait(&pace, BOOT, BASE - 1, SECOND), 0);
    assert_int_equal(pace_find_wait(&pace, BOOT, BASE + 30 * SECOND, SECOND), SECOND / 2 + 1);
    assert_int_equal(pace_find_wait(&pace, BOOT, BASE + 61 * SECOND, SECOND), SECOND);
    assert_int_equal(pace_find_wait(&pace, BOOT, INT64_MAX, SECOND), SECOND); /* nothing will come */
    pace.is_paused = true;
    assert_int_equal(pace_find_wait(&pace, BOOT, BASE, SECOND), SECOND);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_pace), cmocka_unit_test(test_wait)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
