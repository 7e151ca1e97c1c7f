/* Proves: the level filters, a message is one line whatever is in it, and long messages are cut at a whole character. */
#include "base/log.h"

#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char captured[8192];

/* Runs log_write with standard error going to a file, and reads the file into `captured`. */
static void capture(enum log_level level, const char *message) {
    char name[] = "/tmp/pinyue-log-test-XXXXXX";
    int file = mkstemp(name);
    assert_true(file >= 0);
    assert_int_equal(unlink(name), 0);
    int saved = dup(STDERR_FILENO);
    assert_true(saved >= 0);
    assert_int_equal(dup2(file, STDERR_FILENO), STDERR_FILENO);
    log_write(level, "%s", message);
    assert_int_equal(dup2(saved, STDERR_FILENO), STDERR_FILENO);
    assert_int_equal(close(saved), 0);
    ssize_t length = pread(file, captured, sizeof captured - 1, 0);
    assert_true(length >= 0);
    captured[length] = '\0';
    assert_int_equal(close(file), 0);
}

static void test_level_at_the_start_is_warning(void **state) {
    (void)state;
    assert_true(log_is_written(LOG_LEVEL_WARNING));
    assert_false(log_is_written(LOG_LEVEL_INFO));
}

static void test_levels_filter(void **state) {
    (void)state;
    static const char *const lines[] = {"pinyue: error: x\n", "pinyue: warning: x\n", "pinyue: info: x\n",
                                        "pinyue: debug: x\n"};
    for (int limit = LOG_LEVEL_ERROR; limit <= LOG_LEVEL_DEBUG; limit++) {
        log_set_level((enum log_level)limit);
        for (int level = LOG_LEVEL_ERROR; level <= LOG_LEVEL_DEBUG; level++) {
            capture((enum log_level)level, "x");
            check(strcmp(captured, level <= limit ? lines[level] : "") == 0, "%d at %d: %s", level, limit, captured);
            check(log_is_written((enum log_level)level) == (level <= limit), "%d at %d", level, limit);
        }
    }
    log_set_level(LOG_LEVEL_WARNING);
}

static void test_control_characters_cannot_forge_a_line(void **state) {
    (void)state;
    capture(LOG_LEVEL_ERROR, "a\npinyue: error: forged\r\x1B[2J\x7F\tz 品");
    assert_string_equal(captured, "pinyue: error: a pinyue: error: forged  [2J  z 品\n");
}

static void test_long_message_is_cut(void **state) {
    (void)state;
    char message[3001];
    for (size_t i = 0; i < 1000; i++) {
        memcpy(message + 3 * i, "品", 3);
    }
    message[3000] = '\0';
    for (size_t shift = 0; shift < 3; shift++) {
        if (shift > 0) {
            message[shift - 1] = 'x'; /* moves the place where the cut falls inside a character */
            memcpy(message + shift, "品", 3);
            for (size_t i = shift; i + 3 <= 3000; i += 3) {
                memcpy(message + i, "品", 3);
            }
        }
        capture(LOG_LEVEL_ERROR, message);
        size_t length = strlen(captured);
        assert_in_range(length, strlen("pinyue: error: \n") + 1997, strlen("pinyue: error: \n") + 2000);
        assert_int_equal(captured[length - 1], '\n');
        assert_int_equal(text_find_invalid_utf8(text_of(captured)), -1);
    }
}

static void test_parse_level(void **state) {
    (void)state;
    static const char *const names[] = {"error", "warning", "info", "debug"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        enum log_level level = LOG_LEVEL_ERROR;
        assert_true(log_parse_level(text_of(names[i]), &level));
        assert_int_equal(level, i);
    }
    static const char *const wrong[] = {"", "Error", "warn", "debug ", "5"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        enum log_level level = LOG_LEVEL_INFO;
        check(!log_parse_level(text_of(wrong[i]), &level) && level == LOG_LEVEL_INFO, "%s", wrong[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_level_at_the_start_is_warning),
        cmocka_unit_test(test_levels_filter),
        cmocka_unit_test(test_control_characters_cannot_forge_a_line),
        cmocka_unit_test(test_long_message_is_cut),
        cmocka_unit_test(test_parse_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
