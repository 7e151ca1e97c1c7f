/* Proves: what is typed is found by any part of it, as written or as read (every reading of a character), and nowhere
 * else; a mark passes over no text that has it; how well it fits; nothing takes longer than its budget. */
#include "desk/match.h"

#include "base/pinyin.h"

#include "check.h"

#include <string.h>

struct expectation {
    const char *typed, *text;
    const char *hit; /* NULL: not found */
    unsigned int fit;
};

static const struct expectation expectations[] = {
    {"林场", "歌乐山林场", "林场", MATCH_INSIDE},
    {"场", "歌乐山林场", "场", MATCH_INSIDE},
    {"歌乐", "歌乐山林场", "歌乐", MATCH_START},
    {"歌乐山林场", "歌乐山林场", "歌乐山林场", MATCH_LINE},
    {"乐歌", "歌乐山林场", NULL, 0},
    {"林场", "歌乐山林\n场", NULL, 0}, /* not over a line's end */
    {"场 歌", "歌乐山林场", "场", MATCH_INSIDE + MATCH_START},
    {"场 湖", "歌乐山林场", NULL, 0},
    /* numbers */
    {"6822", "023-6822 1234", "6822", MATCH_INSIDE},
    {"68221", "023-6822 1234", "6822 1", MATCH_INSIDE},
    {"0236", "023-6822 1234", "023-6", MATCH_START},
    {"6822-1234", "68221234", "68221234", MATCH_LINE},
    {"２３", "023", "23", MATCH_INSIDE}, /* full-width */
    {"6822", "６８２２", "６８２２", MATCH_LINE},
    {"68", "6字8", NULL, 0},
    {"6.2.2.1", "6.2.2.1(3)", "6.2.2.1", MATCH_START},
    {"6.2.2.1", "6.2.21", NULL, 0},
    /* letters */
    {"north", "The North Gate", "North", MATCH_INSIDE},
    {"NORTH", "north", "north", MATCH_LINE},
    /* as read */
    {"gls", "歌乐山", "歌乐山", MATCH_READ_START},
    {"gys", "歌乐山", "歌乐山", MATCH_READ_START}, /* 乐 is yue too */
    {"ls", "歌乐山", "乐山", MATCH_READ_INSIDE},
    {"qjg", "覃家岗", "覃家岗", MATCH_READ_START},
    {"tjg", "覃家岗", "覃家岗", MATCH_READ_START},
    {"xjg", "覃家岗", NULL, 0},
    {"zj", "曾家镇", "曾家", MATCH_READ_START},
    {"cj", "曾家镇", "曾家", MATCH_READ_START},
    {"cq", "重庆", "重庆", MATCH_READ_START},
    {"zq", "重庆", "重庆", MATCH_READ_START},
    {"chongq", "重庆", "重庆", MATCH_READ_START},
    {"chq", "重庆", "重庆", MATCH_READ_START},
    {"chonq", "重庆", NULL, 0}, /* neither a syllable nor its first sound, and the word goes on */
    {"chon", "重庆", "重", MATCH_READ_START},
    {"zhongqing", "重庆", "重庆", MATCH_READ_START},
    {"lv", "绿", "绿", MATCH_READ_START},
    {"xian", "西安", "西安", MATCH_READ_START},
    {"xian", "先", "先", MATCH_READ_START},
    {"歌ls", "歌乐山", "歌乐山", MATCH_READ_START},
    {"g乐s", "歌乐山", "歌乐山", MATCH_READ_START},
    {"a队", "A队", "A队", MATCH_LINE},
    {"119zd", "119指导", "119指导", MATCH_READ_START},
    {"z", "重", "重", MATCH_READ_START},
    /* as written is better than as read, wherever it stands */
    {"ls", "歌乐山 LS", "LS", MATCH_INSIDE},
};

static void test_finding(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(expectations); i++) {
        const struct expectation *expected = &expectations[i];
        struct text text = text_of(expected->text);
        struct match_query query;
        struct match_mark mark;
        struct match_found found;
        uint64_t budget = 10000;
        assert_true(match_read_query(text_of(expected->typed), &query));
        match_mark_text(text, &mark);
        bool is_found = match_find(&query, text, &budget, &found);
        check(is_found == (expected->hit != NULL), "%s in %s: %d", expected->typed, expected->text, is_found);
        if (is_found) {
            struct text hit = {text.bytes + found.start, found.end - found.start};
            check(text_equals_string(hit, expected->hit), "%s in %s is %.*s", expected->typed, expected->text,
                  TEXT_PRINT(hit));
            check(found.fit == expected->fit, "%s in %s fits %u", expected->typed, expected->text, found.fit);
            check(match_may_fit(&query, &mark), "%s in %s is passed over", expected->typed, expected->text);
        }
    }
}

static void test_lines(void **state) {
    struct match_query query;
    struct match_found found;
    uint64_t budget = 1000;
    struct text text = TEXT("歌乐山\n冒烟\n王某");
    (void)state;
    assert_true(match_read_query(TEXT("烟"), &query));
    assert_true(match_find(&query, text, &budget, &found));
    assert_int_equal(found.line, 1);
    assert_true(
        text_equal((struct text){text.bytes + found.line_start, found.line_end - found.line_start}, TEXT("冒烟")));
}

static void test_marks(void **state) {
    struct match_query query;
    struct match_mark mark;
    (void)state;
    match_mark_text(TEXT("歌乐山林场冒烟"), &mark);
    assert_true(match_read_query(TEXT("水库"), &query));
    assert_false(match_may_fit(&query, &mark));
    assert_true(match_read_query(TEXT("p"), &query));
    assert_false(match_may_fit(&query, &mark));
}

static void test_queries(void **state) {
    struct match_query query;
    (void)state;
    assert_false(match_read_query(TEXT(""), &query));
    assert_false(match_read_query(TEXT(" \t　"), &query));
    assert_true(match_read_query(TEXT("a b c d e f g h i j"), &query));
    assert_int_equal(query.count, MATCH_WORDS_MAX);
    assert_true(match_read_query(TEXT("0123456789012345678901234567890123456789"), &query));
    assert_int_equal(query.words[0].count, MATCH_LETTERS_MAX);
}

/* A text and a query made to be tried in as many ways as there are. */
static void test_budget(void **state) {
    char text[3 * 400 + 1] = "";
    struct match_query query;
    struct match_found found;
    uint64_t budget = 5000;
    (void)state;
    for (int i = 0; i < 400; i++) {
        memcpy(text + (size_t)3 * (size_t)i, "重", 4);
    }
    assert_true(match_read_query(TEXT("chzhchzhchzhchzhchzhchzhchzhchx"), &query));
    assert_false(match_find(&query, text_of(text), &budget, &found));
    assert_int_equal(budget, 0);
    assert_true(match_read_query(TEXT("重"), &query));
    assert_false(match_find(&query, text_of(text), &budget, &found));
}

static void check_initials(const char *name, const char *expected) {
    char out[320];
    size_t length = match_write_initials(text_of(name), out, sizeof out);
    check(strcmp(out, expected) == 0 && length == strlen(expected), "%s gives %s", name, out);
}

static void test_initials(void **state) {
    char small[8];
    (void)state;
    check_initials("歌山", "gs");
    check_initials("曾家镇", "cjz zjz cgz zgz");
    check_initials("A队 2组", "ad2z");
    check_initials("", "");
    check_initials("（）", "");
    assert_int_equal(match_write_initials(TEXT("曾家镇"), small, 4), 3);
    assert_string_equal(small, "cjz");
}

static void test_readings(void **state) {
    (void)state;
    assert_true(strncmp(pinyin_find(0x91CD), "zhong,chong", 11) == 0);
    assert_string_equal(pinyin_find('a'), "");
    assert_string_equal(pinyin_find(0x20000), "");
    assert_int_equal(pinyin_find_initials(0x5C71), 1U << ('s' - 'a'));
    assert_int_equal(pinyin_find_initials(0xA000), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finding),  cmocka_unit_test(test_lines),  cmocka_unit_test(test_marks),
        cmocka_unit_test(test_queries),  cmocka_unit_test(test_budget), cmocka_unit_test(test_initials),
        cmocka_unit_test(test_readings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
