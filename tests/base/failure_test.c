/* Proves: the first message stays, texts are cut at whole characters, and a failure prints as one line with its place
 * and field. */
#include "base/failure.h"
#include "base/text.h"

#include "check.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static void test_set_returns_false_and_keeps_the_message(void **state) {
    (void)state;
    struct failure failure = {0};
    assert_false(failure_set(&failure, "%d of %s", 3, "五"));
    assert_true(failure.set);
    assert_string_equal(failure.message, "3 of 五");
    assert_string_equal(failure.file, "");
    assert_string_equal(failure.field, "");
    assert_int_equal(failure.line, 0);
}

static void test_null_is_ignored(void **state) {
    (void)state;
    assert_false(failure_set(NULL, "lost"));
    assert_false(failure_set_field(NULL, "field", "lost"));
    assert_false(failure_set_place(NULL, "file", 1, 1, "lost"));
    assert_false(failure_say(NULL, "lost", "丢了"));
    assert_false(failure_say_field(NULL, "field", "lost", "丢了"));
}

/* Said in the language that is wanted, with the same arguments; the wish outlives the message, and the first stays. */
static void test_said_in_two_languages(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++) {
        bool chinese = i == 1;
        struct failure failure = {.chinese = chinese};
        assert_false(failure_say(&failure, "%d of %s are gone", "%d 个“%s”没有了", 3, "五"));
        assert_true(failure.set);
        assert_int_equal(failure.chinese, chinese);
        assert_string_equal(failure.message, chinese ? "3 个“五”没有了" : "3 of 五 are gone");
        assert_string_equal(failure.field, "");
        assert_false(failure_say(&failure, "second", "第二句"));
        assert_false(failure_say_field(&failure, "name", "third", "第三句"));
        assert_string_equal(failure.message, chinese ? "3 个“五”没有了" : "3 of 五 are gone");
        assert_string_equal(failure.field, "");
        failure.set = false;
        assert_false(failure_say_field(&failure, "age", "%s is %u", "%s为 %u", "x", 7U));
        assert_string_equal(failure.field, "age");
        assert_string_equal(failure.message, chinese ? "x为 7" : "x is 7");
        failure.set = false;
        assert_false(failure_say_field(&failure, NULL, "bad", "不对"));
        assert_string_equal(failure.field, "");
        assert_string_equal(failure.message, chinese ? "不对" : "bad");
        failure.set = false;
        assert_false(failure_set(&failure, "in English alone"));
        assert_int_equal(failure.chinese, chinese);
    }
}

static void test_first_message_stays(void **state) {
    (void)state;
    struct failure failure = {0};
    failure_set_place(&failure, "a.md", 7, 3, "first");
    failure_set(&failure, "second");
    failure_set_field(&failure, "name", "third");
    failure_set_place(&failure, "b.md", 8, 4, "fourth");
    char line[64];
    failure_print(&failure, line, sizeof line);
    assert_string_equal(line, "a.md:7:3: first");
}

/* A failure that was used before and only reset by `set = false` must not show its old place. */
static void test_set_forgets_what_stood_there(void **state) {
    (void)state;
    struct failure failure = {0};
    failure_set_place(&failure, "a.md", 7, 3, "first");
    failure.set = false;
    failure_set_field(&failure, "age", "second");
    char line[64];
    failure_print(&failure, line, sizeof line);
    assert_string_equal(line, "age: second");
}

static void test_null_names_are_empty(void **state) {
    (void)state;
    struct failure failure = {0};
    failure_set_place(&failure, NULL, 2, 0, "bad");
    char line[32];
    failure_print(&failure, line, sizeof line);
    assert_string_equal(line, "2: bad");
    struct failure other = {0};
    failure_set_field(&other, NULL, "bad");
    failure_print(&other, line, sizeof line);
    assert_string_equal(line, "bad");
}

struct print_case {
    const char *file;
    uint32_t line;
    uint32_t column;
    const char *field;
    const char *printed;
};

static void test_print(void **state) {
    (void)state;
    static const struct print_case cases[] = {
        {"", 0, 0, "", "wrong"},
        {"p.md", 0, 0, "", "p.md: wrong"},
        {"p.md", 12, 0, "", "p.md:12: wrong"},
        {"p.md", 12, 5, "", "p.md:12:5: wrong"},
        {"p.md", 12, 5, "level", "p.md:12:5: level: wrong"},
        {"p.md", 0, 5, "", "p.md: wrong"}, /* a column without a line says nothing */
        {"", 12, 5, "", "12:5: wrong"},
        {"", 0, 0, "level", "level: wrong"},
        {"p.md", 4294967295U, 4294967295U, "", "p.md:4294967295:4294967295: wrong"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct failure failure = {.set = true, .line = cases[i].line, .column = cases[i].column};
        (void)snprintf(failure.file, sizeof failure.file, "%s", cases[i].file);
        (void)snprintf(failure.field, sizeof failure.field, "%s", cases[i].field);
        (void)snprintf(failure.message, sizeof failure.message, "wrong");
        char line[128];
        failure_print(&failure, line, sizeof line);
        check(strcmp(line, cases[i].printed) == 0, "%s instead of %s", line, cases[i].printed);
    }
}

/* Every size of the output: always NUL-terminated, always valid UTF-8, always a start of the whole line. */
static void test_print_cuts_at_whole_characters(void **state) {
    (void)state;
    struct failure failure = {0};
    failure_set_place(&failure, "预案.md", 3, 4, "等级\xC3\xA9\xF0\x9F\x94\xA5 wrong");
    char whole[128];
    failure_print(&failure, whole, sizeof whole);
    for (size_t size = 1; size <= strlen(whole) + 1; size++) {
        char line[128];
        memset(line, 'x', sizeof line);
        failure_print(&failure, line, size);
        check(strlen(line) < size, "size %zu", size);
        check(text_find_invalid_utf8(text_of(line)) == -1, "size %zu: %s", size, line);
        check(strncmp(line, whole, strlen(line)) == 0, "size %zu: %s", size, line);
        check(strlen(line) + 4 >= size, "size %zu is used but for the last character: %s", size, line);
    }
    char untouched = 'x';
    failure_print(&failure, &untouched, 0);
    assert_int_equal(untouched, 'x');
}

static void test_long_texts_are_cut_at_whole_characters(void **state) {
    (void)state;
    char wide[3001];
    for (size_t i = 0; i < 1000; i++) {
        memcpy(wide + 3 * i, "品", 3);
    }
    wide[3000] = '\0';
    for (size_t shift = 0; shift < 3; shift++) { /* so that the cut falls on each byte of a character */
        struct failure failure = {0};
        failure_set_place(&failure, wide + 3 * shift, 1, 1, "%.*s%s", (int)shift, "abc", wide);
        assert_int_equal(text_find_invalid_utf8(text_of(failure.message)), -1);
        assert_in_range(strlen(failure.message), sizeof failure.message - 4, sizeof failure.message - 1);
        assert_int_equal(text_find_invalid_utf8(text_of(failure.file)), -1);
        assert_in_range(strlen(failure.file), sizeof failure.file - 4, sizeof failure.file - 1);
        struct failure other = {0};
        failure_set_field(&other, wide, "bad");
        assert_int_equal(text_find_invalid_utf8(text_of(other.field)), -1);
        assert_in_range(strlen(other.field), sizeof other.field - 4, sizeof other.field - 1);
    }
}

/* Bytes that were never UTF-8 are cut without running before the start of the text. */
static void test_cut_of_bytes_that_are_no_text(void **state) {
    (void)state;
    char bytes[1000];
    memset(bytes, 0x80, sizeof bytes - 1);
    bytes[sizeof bytes - 1] = '\0';
    struct failure failure = {0};
    failure_set(&failure, "%s", bytes);
    assert_int_equal(strlen(failure.message), sizeof failure.message - 1);
    char tiny[3];
    failure_print(&failure, tiny, sizeof tiny);
    assert_int_equal(strlen(tiny), 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set_returns_false_and_keeps_the_message),
        cmocka_unit_test(test_null_is_ignored),
        cmocka_unit_test(test_said_in_two_languages),
        cmocka_unit_test(test_first_message_stays),
        cmocka_unit_test(test_set_forgets_what_stood_there),
        cmocka_unit_test(test_null_names_are_empty),
        cmocka_unit_test(test_print),
        cmocka_unit_test(test_print_cuts_at_whole_characters),
        cmocka_unit_test(test_long_texts_are_cut_at_whole_characters),
        cmocka_unit_test(test_cut_of_bytes_that_are_no_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
