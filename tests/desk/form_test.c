/* Proves: a form gives what a body says; what is missing, of another kind, too long, blank, no text, in the future or not
 * asked for is refused, by its name, the first of several. */
#include "desk/form.h"

#include "room.h"

#include <stdio.h>
#include <string.h>

#define NOW ROOM_START

static const char *const words[] = {"done", "declined", NULL};

/* What a form of every kind of field reads. */
struct read {
    struct text needed, loose;
    bool flag;
    uint32_t number, count;
    const json_t *any;
    int64_t when;
    int word;
    bool is_good;
    struct failure failure;
};

static struct read read_all(const json_t *body, bool chinese) {
    struct read read = {.failure.chinese = chinese};
    struct form form;
    form_begin(&form, body, &read.failure);
    read.needed = form_text(&form, "needed", true, 20);
    read.loose = form_text(&form, "loose", false, FORM_TEXT_BYTES);
    read.flag = form_flag(&form, "flag");
    read.number = form_number(&form, "number", true);
    read.count = form_number(&form, "count", false);
    read.any = form_any(&form, "any", true);
    read.when = form_instant(&form, "when", NOW, NOW);
    read.word = form_word(&form, "word", false, words);
    read.is_good = form_end(&form);
    return read;
}

static void test_good(void **state) {
    (void)state;
    json_t *body = room_read_json("{'needed': ' 烟 ', 'loose': 'x', 'flag': true, 'number': 4294967295, 'count': 1, "
                                  "'any': [1], 'when': '2022-08-20T05:00:00Z', 'word': 'declined'}");
    struct read read = read_all(body, false);
    check(read.is_good && !read.failure.set, "%s: %s", read.failure.field, read.failure.message);
    assert_true(text_equal(read.needed, TEXT(" 烟 ")));
    assert_true(text_equal(read.loose, TEXT("x")));
    assert_true(read.flag);
    assert_int_equal(read.number, UINT32_MAX);
    assert_int_equal(read.count, 1);
    assert_true(json_is_array(read.any));
    assert_int_equal(read.when, NOW - INT64_C(3600) * 1000000);
    assert_int_equal(read.word, 1);
    json_decref(body);
    /* What may be missing is missing, or null: which is the same. A text of exactly so many bytes is not too long, and
     * the latest instant that there may be is not too late. */
    static const char *const loose[] = {
        "{'needed': '12345678901234567890', 'number': 1, 'any': null}",
        "{'needed': 'x', 'number': 1, 'any': null, 'loose': null, 'flag': null, 'count': null, 'when': null, 'word': "
        "null}",
        "{'needed': 'x', 'number': 1, 'any': null, 'loose': '', 'flag': false, 'when': '2022-08-20T14:00:00+08:00', "
        "'word': ''}",
    };
    for (size_t i = 0; i < COUNT_OF(loose); i++) {
        body = room_read_json(loose[i]);
        read = read_all(body, false);
        check(read.is_good && !read.failure.set, "%s: %s: %s", loose[i], read.failure.field, read.failure.message);
        assert_int_equal(read.loose.length, 0);
        assert_false(read.flag);
        assert_int_equal(read.count, 0);
        assert_true(json_is_null(read.any));
        assert_int_equal(read.when, NOW);
        assert_int_equal(read.word, -1);
        json_decref(body);
    }
}

static void test_refused(void **state) {
    static const struct {
        const char *body, *field, *message;
    } cases[] = {
        {"[]", "", "object"},
        {"'text'", "", "object"},
        {"null", "", "object"},
        {"7", "", "object"},
        {"{'number': 1, 'any': 1}", "needed", "missing"},
        {"{'needed': null, 'number': 1, 'any': 1}", "needed", "missing"},
        {"{'needed': '', 'number': 1, 'any': 1}", "needed", "blank"},
        {"{'needed': ' \\t\\n', 'number': 1, 'any': 1}", "needed", "blank"},
        {"{'needed': 7, 'number': 1, 'any': 1}", "needed", "text"},
        {"{'needed': ['x'], 'number': 1, 'any': 1}", "needed", "text"},
        {"{'needed': '123456789012345678901', 'number': 1, 'any': 1}", "needed", "long"},
        {"{'needed': '一二三四五六七', 'number': 1, 'any': 1}", "needed", "long"},
        {"{'needed': 'a\\u0000b', 'number': 1, 'any': 1}", "needed", "U+0000"},
        {"{'needed': 'x', 'loose': '\\u0000', 'number': 1, 'any': 1}", "loose", "U+0000"},
        {"{'needed': 'x', 'loose': false, 'number': 1, 'any': 1}", "loose", "text"},
        {"{'needed': 'x', 'flag': 'true', 'number': 1, 'any': 1}", "flag", "true or false"},
        {"{'needed': 'x', 'flag': 1, 'number': 1, 'any': 1}", "flag", "true or false"},
        {"{'needed': 'x', 'any': 1}", "number", "missing"},
        {"{'needed': 'x', 'number': null, 'any': 1}", "number", "missing"},
        {"{'needed': 'x', 'number': 0, 'any': 1}", "number", "from 1"},
        {"{'needed': 'x', 'number': -1, 'any': 1}", "number", "from 1"},
        {"{'needed': 'x', 'number': 1.0, 'any': 1}", "number", "whole"},
        {"{'needed': 'x', 'number': '1', 'any': 1}", "number", "whole"},
        {"{'needed': 'x', 'number': 4294967296, 'any': 1}", "number", "whole"},
        {"{'needed': 'x', 'number': 4294967297, 'any': 1}", "number", "whole"},
        {"{'needed': 'x', 'number': 1, 'count': 0, 'any': 1}", "count", "from 1"},
        {"{'needed': 'x', 'number': 1}", "any", "missing"},
        {"{'needed': 'x', 'number': 1, 'any': 1, 'when': 1}", "when", "text"},
        {"{'needed': 'x', 'number': 1, 'any': 1, 'when': 'yesterday'}", "when", "instant"},
        {"{'needed': 'x', 'number': 1, 'any': 1, 'when': '2022-02-30T00:00:00Z'}", "when", "instant"},
        {"{'needed': 'x', 'number': 1, 'any': 1, 'when': '2022-08-20T06:00:00.000001Z'}", "when", "future"},
        {"{'needed': 'x', 'number': 1, 'any': 1, 'when': '2022-08-20T06:00:01Z'}", "when", "future"},
        {"{'needed': 'x', 'number': 1, 'any': 1, 'when': '9999-01-01T00:00:00Z'}", "when", "future"},
        {"{'needed': 'x', 'number': 1, 'any': 1, 'word': 'Done'}", "word", "done or declined"},
        {"{'needed': 'x', 'number': 1, 'any': 1, 'word': 1}", "word", "text"},
        {"{'needed': 'x', 'number': 1, 'any': 1, 'lose': 'x'}", "lose", "no field"},
        {"{'needed': 'x', 'number': 1, 'any': 1, 'Loose': 'x'}", "Loose", "no field"},
        {"{'needed': 'x', 'number': 1, 'any': 1, 'lose': null}", "lose", "no field"},
        {"{'needed': 'x', 'number': 1, 'any': 1, '': 'x'}", "", "no field"},
        /* The first of several. */
        {"{'lose': 'x', 'number': 'x'}", "needed", "missing"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        json_t *body = room_read_json(cases[i].body);
        struct read read = read_all(body, false);
        check(!read.is_good && read.failure.set, "%s is taken", cases[i].body);
        check(strcmp(read.failure.field, cases[i].field) == 0, "%s: field %s", cases[i].body, read.failure.field);
        check(strstr(read.failure.message, cases[i].message) != NULL, "%s: %s", cases[i].body, read.failure.message);
        struct read other = read_all(body, true);
        check(!other.is_good && strcmp(other.failure.field, cases[i].field) == 0, "%s: in Chinese: field %s",
              cases[i].body, other.failure.field);
        check(is_chinese_sentence(other.failure.message), "%s: %s", cases[i].body, other.failure.message);
        json_decref(body);
    }
    assert_false(read_all(NULL, false).is_good);
}

/* Texts that nobody says are shorter end at FORM_TEXT_BYTES. */
static void test_long(void **state) {
    static char text[FORM_TEXT_BYTES + 2];
    (void)state;
    memset(text, 'a', sizeof text - 1);
    for (int i = 0; i < 2; i++) {
        json_t *body = json_pack("{s:s, s:i, s:i, s:s#}", "needed", "x", "number", 1, "any", 1, "loose", text,
                                 (int)FORM_TEXT_BYTES + i);
        struct read read = read_all(body, false);
        check(read.is_good == (i == 0), "%s: %s", read.failure.field, read.failure.message);
        assert_string_equal(read.failure.field, i == 0 ? "" : "loose");
        assert_int_equal(read.loose.length, i == 0 ? FORM_TEXT_BYTES : 0);
        json_decref(body);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
