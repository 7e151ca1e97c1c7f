/* Proves: UTF-8 is checked as RFC 3629 says, byte by byte; every code point survives writing and reading; slices are
 * compared, cut and trimmed as documented; the edit distance counts in characters. */
#include "base/text.h"

#include "check.h"

#include <stdbool.h>
#include <string.h>

struct utf8_case {
    const char *name;
    struct text input;
    int64_t invalid_at;
};

static void test_find_invalid_utf8(void **state) {
    (void)state;
    static const struct utf8_case cases[] = {
        {"empty", TEXT_INITIAL(""), -1},
        {"ascii", TEXT_INITIAL("abc\x7F"), -1},
        {"NUL is a character", TEXT_INITIAL("a\0b"), -1},
        {"least of two bytes", TEXT_INITIAL("\xC2\x80"), -1},
        {"largest of two bytes", TEXT_INITIAL("\xDF\xBF"), -1},
        {"least of three bytes", TEXT_INITIAL("\xE0\xA0\x80"), -1},
        {"last before the surrogates", TEXT_INITIAL("\xED\x9F\xBF"), -1},
        {"first after the surrogates", TEXT_INITIAL("\xEE\x80\x80"), -1},
        {"largest of three bytes", TEXT_INITIAL("\xEF\xBF\xBF"), -1},
        {"least of four bytes", TEXT_INITIAL("\xF0\x90\x80\x80"), -1},
        {"U+10FFFF", TEXT_INITIAL("\xF4\x8F\xBF\xBF"), -1},
        {"Chinese", TEXT_INITIAL("塞上烽火品约"), -1},
        {"a continuation alone", TEXT_INITIAL("\x80"), 0},
        {"largest continuation alone", TEXT_INITIAL("ab\xBF"), 2},
        {"C0 is overlong", TEXT_INITIAL("\xC0\x80"), 0},
        {"C1 is overlong", TEXT_INITIAL("\xC1\xBF"), 0},
        {"overlong of three", TEXT_INITIAL("\xE0\x9F\xBF"), 0},
        {"overlong of four", TEXT_INITIAL("\xF0\x8F\xBF\xBF"), 0},
        {"first surrogate", TEXT_INITIAL("a\xED\xA0\x80"), 1},
        {"last surrogate", TEXT_INITIAL("\xED\xBF\xBF"), 0},
        {"past U+10FFFF", TEXT_INITIAL("\xF4\x90\x80\x80"), 0},
        {"F5", TEXT_INITIAL("\xF5\x80\x80\x80"), 0},
        {"FE", TEXT_INITIAL("\xFE"), 0},
        {"FF", TEXT_INITIAL("品\xFF"), 3},
        {"two bytes cut", TEXT_INITIAL("\xC2"), 0},
        {"three bytes cut to one", TEXT_INITIAL("品\xE5"), 3},
        {"three bytes cut to two", TEXT_INITIAL("品\xE5\x93"), 3},
        {"four bytes cut", TEXT_INITIAL("\xF0\x9F\x94"), 0},
        {"lead before ascii", TEXT_INITIAL("\xC2 a"), 0},
        {"second byte wrong", TEXT_INITIAL("\xE5\x41\x81"), 0},
        {"third byte wrong", TEXT_INITIAL("\xE5\x93\x41"), 0},
        {"third byte a lead", TEXT_INITIAL("\xE5\x93\xC3"), 0},
        {"fourth byte wrong", TEXT_INITIAL("\xF0\x9F\x94\x41"), 0},
        {"GB 18030 bytes of 火险", TEXT_INITIAL("\xBB\xF0\xCF\xD5"), 0},
        {"GB 18030 bytes of 品约 happen to be valid", TEXT_INITIAL("\xC6\xB7\xD4\xBC"), -1},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t found = text_find_invalid_utf8(cases[i].input);
        check(found == cases[i].invalid_at, "%s: %lld", cases[i].name, (long long)found);
    }
}

/* All 1114112 numbers: those that are characters are written, valid, and read back; the surrogates are not. */
static void test_every_code_point_survives(void **state) {
    (void)state;
    for (uint32_t point = 0; point <= 0x110000; point++) {
        char bytes[4];
        size_t written = text_write_code_point(point, bytes);
        bool is_character = point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
        size_t expected = !is_character ? 0 : point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
        check(written == expected, "U+%04X takes %zu", point, written);
        if (is_character) {
            struct text text = {bytes, written};
            size_t size = 0;
            check(text_find_invalid_utf8(text) == -1, "U+%04X", point);
            check(text_read_code_point(text, 0, &size) == point && size == written, "U+%04X", point);
            check(text_count_code_points(text) == 1, "U+%04X", point);
        }
    }
    char bytes[4];
    assert_int_equal(text_write_code_point(UINT32_MAX, bytes), 0);
}

static void test_read_code_point_at_the_end_and_in_bad_text(void **state) {
    (void)state;
    size_t size = 9;
    assert_int_equal(text_read_code_point(TEXT("品"), 3, &size), 0);
    assert_int_equal(size, 0);
    assert_int_equal(text_read_code_point(TEXT("品"), SIZE_MAX, &size), 0);
    assert_int_equal(size, 0);
    assert_int_equal(text_read_code_point(TEXT("品"), 1, &size), TEXT_REPLACEMENT);
    assert_int_equal(size, 1);
    assert_int_equal(text_read_code_point((struct text){"品", 2}, 0, &size), TEXT_REPLACEMENT); /* cut: no overread */
    assert_int_equal(size, 1);
    assert_int_equal(text_read_code_point((struct text){NULL, 0}, 0, &size), 0);
}

static void test_count_code_points(void **state) {
    (void)state;
    assert_int_equal(text_count_code_points(TEXT("")), 0);
    assert_int_equal(text_count_code_points((struct text){NULL, 0}), 0);
    assert_int_equal(text_count_code_points(TEXT("a品é\xF0\x9F\x94\xA5")), 4);
}

static void test_equality_and_order(void **state) {
    (void)state;
    assert_true(text_equal(TEXT("品约"), text_of("品约")));
    assert_false(text_equal(TEXT("品约"), TEXT("品")));
    assert_false(text_equal(TEXT("ab"), TEXT("aB")));
    assert_true(text_equal((struct text){NULL, 0}, TEXT("")));
    assert_true(text_equal(text_of(NULL), TEXT("")));
    assert_non_null(text_of(NULL).bytes);
    assert_true(text_equals_string(TEXT("x"), "x"));
    assert_true(text_equals_string(TEXT(""), NULL));
    assert_false(text_equal(TEXT("a\0b"), TEXT("a\0c")));
    assert_true(text_starts_with(TEXT("火险等级"), TEXT("火险")));
    assert_true(text_starts_with(TEXT("x"), TEXT("")));
    assert_true(text_starts_with((struct text){NULL, 0}, (struct text){NULL, 0}));
    assert_false(text_starts_with(TEXT("火"), TEXT("火险")));
    assert_false(text_starts_with(TEXT("水火"), TEXT("火")));

    assert_int_equal(text_compare(TEXT("abc"), TEXT("abc")), 0);
    assert_int_equal(text_compare((struct text){NULL, 0}, TEXT("")), 0);
    assert_true(text_compare(TEXT("ab"), TEXT("abc")) < 0);
    assert_true(text_compare(TEXT("abc"), TEXT("ab")) > 0);
    assert_true(text_compare(TEXT(""), TEXT("a")) < 0);
    assert_true(text_compare(TEXT("b"), TEXT("abc")) > 0);
    assert_true(text_compare(TEXT("z"), TEXT("品")) < 0); /* bytes compare as unsigned */
}

struct cut_case {
    struct text input;
    size_t largest;
    const char *result;
};

static void test_cut(void **state) {
    (void)state;
    static const struct cut_case cases[] = {
        {TEXT_INITIAL("品约"), 100, "品约"}, {TEXT_INITIAL("品约"), 6, "品约"}, {TEXT_INITIAL("品约"), 5, "品"},
        {TEXT_INITIAL("品约"), 4, "品"},     {TEXT_INITIAL("品约"), 3, "品"},   {TEXT_INITIAL("品约"), 2, ""},
        {TEXT_INITIAL("品约"), 0, ""},       {TEXT_INITIAL("abc"), 2, "ab"},    {TEXT_INITIAL(""), 0, ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct text cut = text_cut(cases[i].input, cases[i].largest);
        check(text_equals_string(cut, cases[i].result), "row %zu: %.*s", i, TEXT_PRINT(cut));
    }
}

struct trim_case {
    struct text input;
    const char *result;
};

static void test_trim(void **state) {
    (void)state;
    static const struct trim_case cases[] = {
        {TEXT_INITIAL(""), ""},
        {TEXT_INITIAL("a"), "a"},
        {TEXT_INITIAL(" \t\n\v\f\r a b \r\n"), "a b"},
        {TEXT_INITIAL("\xE3\x80\x80品\xE3\x80\x80约\xE3\x80\x80 \xE3\x80\x80"), "品\xE3\x80\x80约"},
        {TEXT_INITIAL("\xE3\x80\x80\xE3\x80\x80"), ""},
        {TEXT_INITIAL(" \n "), ""},
        {TEXT_INITIAL("\xE3\x80\x81"), "\xE3\x80\x81"}, /* 、 differs from the ideographic space in one byte */
        {TEXT_INITIAL("\xC2\xA0x"), "\xC2\xA0x"},       /* a no-break space is there on purpose */
        {TEXT_INITIAL("\x1Fx\x08"), "\x1Fx\x08"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct text trimmed = text_trim(cases[i].input);
        check(text_equals_string(trimmed, cases[i].result), "row %zu: %.*s", i, TEXT_PRINT(trimmed));
    }
    assert_int_equal(text_trim((struct text){NULL, 0}).length, 0);
}

struct distance_case {
    struct text left;
    struct text right;
    uint32_t limit;
    uint32_t distance;
};

static void test_distance(void **state) {
    (void)state;
    static const struct distance_case cases[] = {
        {TEXT_INITIAL(""), TEXT_INITIAL(""), 2, 0},
        {TEXT_INITIAL(""), TEXT_INITIAL("ab"), 2, 2},
        {TEXT_INITIAL("ab"), TEXT_INITIAL(""), 2, 2},
        {TEXT_INITIAL("abc"), TEXT_INITIAL(""), 2, 3},
        {TEXT_INITIAL("level"), TEXT_INITIAL("level"), 2, 0},
        {TEXT_INITIAL("level"), TEXT_INITIAL("leve"), 2, 1},
        {TEXT_INITIAL("level"), TEXT_INITIAL("xlevel"), 2, 1},
        {TEXT_INITIAL("level"), TEXT_INITIAL("lexel"), 2, 1},
        {TEXT_INITIAL("level"), TEXT_INITIAL("elvel"), 2, 1}, /* a swap is one */
        {TEXT_INITIAL("level"), TEXT_INITIAL("elevl"), 2, 2}, /* two swaps */
        {TEXT_INITIAL("ca"), TEXT_INITIAL("abc"), 9, 3},      /* no letter is touched twice: not 2 */
        {TEXT_INITIAL("kitten"), TEXT_INITIAL("sitting"), 9, 3},
        {TEXT_INITIAL("kitten"), TEXT_INITIAL("sitting"), 3, 3},
        {TEXT_INITIAL("kitten"), TEXT_INITIAL("sitting"), 2, 3},
        {TEXT_INITIAL("abcdefgh"), TEXT_INITIAL("ijklmnop"), 2, 3},
        {TEXT_INITIAL("abcdefgh"), TEXT_INITIAL("ijklmnop"), 0, 1},
        {TEXT_INITIAL("abcdefgh"), TEXT_INITIAL("ijklmnop"), UINT32_MAX, 8},
        {TEXT_INITIAL("火险等级"), TEXT_INITIAL("火警等级"), 2, 1}, /* characters, not bytes */
        {TEXT_INITIAL("小时"), TEXT_INITIAL("时小"), 2, 1},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct distance_case *row = &cases[i];
        uint32_t distance = text_measure_distance(row->left, row->right, row->limit);
        uint32_t mirrored = text_measure_distance(row->right, row->left, row->limit);
        check(distance == row->distance && mirrored == distance, "row %zu: %u and %u", i, distance, mirrored);
    }
}

static void test_distance_of_long_texts(void **state) {
    (void)state;
    char long_bytes[65 * 3];
    for (size_t i = 0; i < 65; i++) {
        memcpy(long_bytes + 3 * i, "品", 3);
    }
    struct text of_64 = {long_bytes, (size_t)64 * 3};
    struct text of_65 = {long_bytes, (size_t)65 * 3};
    assert_int_equal(text_measure_distance(of_64, of_64, 2), 0);
    assert_int_equal(text_measure_distance(of_64, TEXT(""), 100), 64);
    assert_int_equal(text_measure_distance(of_65, of_65, 2), 3);
    assert_int_equal(text_measure_distance(of_64, of_65, 70), 71);
    assert_int_equal(text_measure_distance(of_65, of_64, UINT32_MAX), UINT32_MAX);
}

static void test_hash(void **state) {
    (void)state;
    /* The test values that the authors of FNV publish for 64-bit FNV-1a. */
    assert_int_equal(text_hash(TEXT("")), UINT64_C(0xcbf29ce484222325));
    assert_int_equal(text_hash(TEXT("a")), UINT64_C(0xaf63dc4c8601ec8c));
    assert_int_equal(text_hash(TEXT("foobar")), UINT64_C(0x85944171f73967e8));
}

/* Lines in turn, without their ends; an empty one counts, the last one needs no end, and nothing is left behind it. */
static void test_take_line(void **state) {
    struct text rest = TEXT("one\n\nthree");
    (void)state;
    assert_true(text_equals_string(text_take_line(&rest), "one"));
    assert_true(text_equals_string(text_take_line(&rest), ""));
    assert_true(text_equals_string(text_take_line(&rest), "three"));
    assert_int_equal(rest.length, 0);
    assert_int_equal(text_take_line(&rest).length, 0);
    rest = TEXT("end\n");
    assert_true(text_equals_string(text_take_line(&rest), "end"));
    assert_int_equal(rest.length, 0);
}

static void test_ends_and_parts(void **state) {
    static const struct {
        struct text whole, part;
        bool ends, stands;
    } cases[] = {
        {TEXT_INITIAL(""), TEXT_INITIAL(""), true, true},
        {TEXT_INITIAL("山火"), TEXT_INITIAL(""), true, true},
        {TEXT_INITIAL(""), TEXT_INITIAL("火"), false, false},
        {TEXT_INITIAL("山火"), TEXT_INITIAL("火"), true, true},
        {TEXT_INITIAL("山火"), TEXT_INITIAL("山"), false, true},
        {TEXT_INITIAL("山火"), TEXT_INITIAL("山火"), true, true},
        {TEXT_INITIAL("火"), TEXT_INITIAL("山火"), false, false},
        {TEXT_INITIAL("aab"), TEXT_INITIAL("ab"), true, true}, /* the first a begins nothing */
        {TEXT_INITIAL("aba"), TEXT_INITIAL("bb"), false, false},
        {TEXT_INITIAL("Ab"), TEXT_INITIAL("ab"), false, false}, /* no folding */
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        check(text_ends_with(cases[i].whole, cases[i].part) == cases[i].ends, "row %zu: its end", i);
        check(text_contains(cases[i].whole, cases[i].part) == cases[i].stands, "row %zu: its part", i);
    }
    struct text cut = {"山火", 3}; /* what lies behind is not its */
    assert_false(text_contains(cut, TEXT("火")));
    assert_false(text_ends_with(cut, TEXT("火")));
    assert_true(text_ends_with((struct text){NULL, 0}, TEXT("")));
}

/* Characters of one to four bytes, from the end to the beginning; there it stays. */
static void test_step_back(void **state) {
    static const size_t beginnings[] = {6, 3, 1, 0, 0};
    struct text whole = TEXT("a\u00e9\u54c1\U00020bb7");
    size_t at = whole.length;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(beginnings); i++) {
        at = text_step_back(whole, at);
        check(at == beginnings[i], "step %zu: %zu", i, at);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_take_line),
        cmocka_unit_test(test_find_invalid_utf8),
        cmocka_unit_test(test_every_code_point_survives),
        cmocka_unit_test(test_read_code_point_at_the_end_and_in_bad_text),
        cmocka_unit_test(test_count_code_points),
        cmocka_unit_test(test_equality_and_order),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_trim),
        cmocka_unit_test(test_ends_and_parts),
        cmocka_unit_test(test_step_back),
        cmocka_unit_test(test_distance),
        cmocka_unit_test(test_distance_of_long_texts),
        cmocka_unit_test(test_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
