/* Proves: what a person may write about a fact is read exactly, what he may not is refused with the fact's name, and
 * what the log writes reads back as it was. */
#include "run/fact_value.h"

#include "check.h"

#include "small_pack.h"

#include <string.h>

#define HOUR CALENDAR_US_PER_HOUR
#define MINUTE CALENDAR_US_PER_MINUTE
#define HECTARE INT64_C(30000000000)
#define MU INT64_C(2000000000)
#define CUBIC INT64_C(1000000)
#define METRE INT64_C(1000000)
#define WHOLE INT64_C(-77) /* the fact's own bound */

struct good_case {
    const char *fact, *input;
    int64_t low, high;
};

static const struct good_case good_cases[] = {
    /* counts */
    {"Hurt", "3", 3, 3},
    {"Hurt", "0", 0, 0},
    {"Hurt", " 3 ", 3, 3},
    {"Hurt", "3人", 3, 3},
    {"Hurt", "3 人", 3, 3},
    {"Hurt", "３", 3, 3},
    {"Hurt", "１２人", 12, 12},
    {"Hurt", "3 people", 3, 3},
    {"Hurt", "= 3", 3, 3},
    {"Hurt", ">= 2", 2, WHOLE},
    {"Hurt", ">=2", 2, WHOLE},
    {"Hurt", "≥2", 2, WHOLE},
    {"Hurt", "≧ 2", 2, WHOLE},
    {"Hurt", "＞＝２", 2, WHOLE},
    {"Hurt", "> 1", 2, WHOLE},
    {"Hurt", "＞1", 2, WHOLE},
    {"Hurt", "<= 3", WHOLE, 3},
    {"Hurt", "≤3", WHOLE, 3},
    {"Hurt", "< 3", WHOLE, 2},
    {"Hurt", "< 1", 0, 0},
    {"Hurt", "至少2", 2, WHOLE},
    {"Hurt", "至少 2 人", 2, WHOLE},
    {"Hurt", "至少２人", 2, WHOLE},
    {"Hurt", "最少2", 2, WHOLE},
    {"Hurt", "不少于2", 2, WHOLE},
    {"Hurt", "不低于2", 2, WHOLE},
    {"Hurt", "不小于2", 2, WHOLE},
    {"Hurt", "至多3", WHOLE, 3},
    {"Hurt", "最多3人", WHOLE, 3},
    {"Hurt", "不超过3", WHOLE, 3},
    {"Hurt", "不多于3", WHOLE, 3},
    {"Hurt", "不大于3", WHOLE, 3},
    {"Hurt", "超过2", 3, WHOLE},
    {"Hurt", "大于2", 3, WHOLE},
    {"Hurt", "多于2", 3, WHOLE},
    {"Hurt", "少于3", WHOLE, 2},
    {"Hurt", "小于3", WHOLE, 2},
    {"Hurt", "不足3", WHOLE, 2},
    {"Hurt", "不到3人", WHOLE, 2},
    {"Hurt", "at least 2", 2, WHOLE},
    {"Hurt", "At least 2", 2, WHOLE},
    {"Hurt", "no less than 2", 2, WHOLE},
    {"Hurt", "at most 3", WHOLE, 3},
    {"Hurt", "up to 3", WHOLE, 3},
    {"Hurt", "no more than 3", WHOLE, 3},
    {"Hurt", "more than 2", 3, WHOLE},
    {"Hurt", "less than 3", WHOLE, 2},
    {"Hurt", "two", 2, 2},
    {"Hurt", "三四个", 3, 4},
    {"Hurt", "三四个人", 3, 4},
    {"Hurt", "十几人", 11, 19},
    {"Hurt", "二十多", 21, 29},
    {"Hurt", "两三人", 2, 3},
    {"Hurt", "至少三四个", 3, WHOLE},
    {"Hurt", "three or four", 3, 4},
    {"Hurt", "at least two", 2, WHOLE},
    {"Hurt", "twenty-five people", 25, 25},
    {"Hurt", "没有", 0, 0},
    {"Area", "三四亩", 3 * MU, 4 * MU},
    {"Area", "半亩", MU / 2, MU / 2},
    {"Area", "一亩半", 3 * MU / 2, 3 * MU / 2},
    {"Area", "不到三亩", WHOLE, 3 * MU - 1},
    {"Burning", "两个半小时", 5 * HOUR / 2, 5 * HOUR / 2},
    {"Burning", "half an hour", HOUR / 2, HOUR / 2},
    {"Hurt", "2..4", 2, 4},
    {"Hurt", "2 .. 4", 2, 4},
    {"Hurt", "2..4人", 2, 4},
    {"Hurt", "2~4", 2, 4},
    {"Hurt", "2～4", 2, 4},
    {"Hurt", "2至4", 2, 4},
    {"Hurt", "2到4人", 2, 4},
    {"Hurt", "2 to 4", 2, 4},
    {"Hurt", "2..2", 2, 2},
    {"Hurt", "10000000", 10000000, 10000000},
    {"Hurt", "unknown", WHOLE, WHOLE},
    {"Hurt", "Unknown", WHOLE, WHOLE},
    {"Hurt", "不明", WHOLE, WHOLE},
    {"Hurt", "未知", WHOLE, WHOLE},
    /* durations; a derived fact is one */
    {"Burning", "2 h", 2 * HOUR, 2 * HOUR},
    {"Burning", "2h", 2 * HOUR, 2 * HOUR},
    {"Burning", "120 min", 2 * HOUR, 2 * HOUR},
    {"Burning", "2小时", 2 * HOUR, 2 * HOUR},
    {"Burning", "２小时", 2 * HOUR, 2 * HOUR},
    {"Burning", "30分钟", 30 * MINUTE, 30 * MINUTE},
    {"Burning", "1.5 h", 90 * MINUTE, 90 * MINUTE},
    {"Burning", "１．５ h", 90 * MINUTE, 90 * MINUTE},
    {"Burning", "> 1 h", HOUR + 1, WHOLE},
    {"Burning", "超过1小时", HOUR + 1, WHOLE},
    {"Burning", "< 1 h", WHOLE, HOUR - 1},
    {"Burning", ">= 2 h", 2 * HOUR, WHOLE},
    {"Burning", "30 min..2 h", 30 * MINUTE, 2 * HOUR},
    {"Burning", "1..2 h", HOUR, 2 * HOUR},
    {"Burning", "1至2小时", HOUR, 2 * HOUR},
    {"Burning", "1 天", 24 * HOUR, 24 * HOUR},
    {"Burning", "0 min", 0, 0},
    {"Burning", "unknown", WHOLE, WHOLE},
    /* areas */
    {"Area", "0.5 ha", HECTARE / 2, HECTARE / 2},
    {"Area", "0.5公顷", HECTARE / 2, HECTARE / 2},
    {"Area", "15 亩", HECTARE, HECTARE},
    {"Area", "7.5亩", HECTARE / 2, HECTARE / 2},
    {"Area", "10000 m2", HECTARE, HECTARE},
    {"Area", "1 km2", 100 * HECTARE, 100 * HECTARE},
    {"Area", "1平方公里", 100 * HECTARE, 100 * HECTARE},
    {"Area", "0.3..0.6 ha", HECTARE / 10 * 3, HECTARE / 10 * 6},
    {"Area", "0.3 .. 0.6公顷", HECTARE / 10 * 3, HECTARE / 10 * 6},
    {"Area", "7 亩..1 ha", 7 * MU, HECTARE},
    {"Area", "> 0.5 ha", HECTARE / 2 + 1, WHOLE},
    {"Area", "< 1 亩", WHOLE, MU - 1},
    {"Area", "不明", WHOLE, WHOLE},
    /* other dimensions */
    {"Reserve", "2 m3", 2 * CUBIC, 2 * CUBIC},
    {"Reserve", "500 l", CUBIC / 2, CUBIC / 2},
    {"Reserve", "1 万立方米", 10000 * CUBIC, 10000 * CUBIC},
    {"Level", "1.75 m", METRE / 4 * 7, METRE / 4 * 7},
    {"Level", "175 厘米", METRE / 4 * 7, METRE / 4 * 7},
    {"Level", ">= 20 m", 20 * METRE, 30 * METRE},
    {"Level", "<= 20 m", METRE, 20 * METRE},
    {"Level", "unknown", METRE, 30 * METRE},
    {"Stream", "5 m3/s", 5 * CUBIC, 5 * CUBIC},
    {"Stream", "5立方米每秒", 5 * CUBIC, 5 * CUBIC},
    /* flags */
    {"Spreading", "yes", 1, 1},
    {"Spreading", "Yes", 1, 1},
    {"Spreading", "true", 1, 1},
    {"Spreading", "是", 1, 1},
    {"Spreading", "no", 0, 0},
    {"Spreading", "false", 0, 0},
    {"Spreading", "否", 0, 0},
    {"Spreading", "unknown", 0, 1},
    {"Spreading", "不明", 0, 1},
    /* choices: low is the set */
    {"Kind", "Bonfire", 1, 0},
    {"Kind", "Wild fire", 2, 0},
    {"Kind", "'Wild fire'", 2, 0},
    {"Kind", " Wild fire ", 2, 0},
    {"Kind", "Bonfire|Wild fire", 3, 0},
    {"Kind", "Bonfire | Wild fire", 3, 0},
    {"Kind", "Bonfire或Wild fire", 3, 0},
    {"Kind", "Bonfire ｜ Wild fire", 3, 0},
    {"Kind", "Bonfire|Bonfire", 1, 0},
    {"Kind", "false|alarm", 4, 0},
    {"Kind", "'false|alarm'|Bonfire", 5, 0},
    {"Kind", "Unchecked", 7, 0},
    {"Kind", "unknown", 7, 0},
    {"Kind", "不明", 7, 0},
    /* series */
    {"Danger", "Low", 0, 0},
    {"Danger", "High", 2, 2},
    {"Danger", "Low..Middle", 0, 1},
    {"Danger", ">= Middle", 1, 2},
    {"Danger", "至少Middle", 1, 2},
    {"Danger", "< High", 0, 1},
    {"Danger", "unknown", 0, 2},
    /* times, zone +08:00 */
    {"Lit", "1970-01-01T08:00", 0, 0},
    {"Lit", "1970-01-01 08:00:01", 1000000, 1000000},
    {"Lit", "1970-01-01T00:00Z", 0, 0},
    {"Lit", "1970-01-01T08:00..1970-01-01T09:00", 0, HOUR},
    {"Lit", "<= 1970-01-01T08:00", INT64_MIN, 0},
    {"Lit", "不晚于1970-01-01T08:00", INT64_MIN, 0},
    {"Lit", ">= 1970-01-01T08:00", 0, INT64_MAX},
    {"Lit", "１９７０-01-01T０８：00", 0, 0},
    {"Lit", "unknown", INT64_MIN, INT64_MAX},
};

struct bad_case {
    const char *fact, *input, *message; /* a piece of it */
};

static const struct bad_case bad_cases[] = {
    {"Hurt", "", "empty"},
    {"Hurt", "   ", "empty"},
    {"Hurt", "-1", "-1"},
    {"Hurt", ">= -1", "-1"},
    {"Hurt", "2.5", "whole"},
    {"Hurt", "2.5 people", "whole"},
    {"Hurt", "tow", "tow"},
    {"Hurt", "约3", "2..4"},
    {"Hurt", "about 3", "2..4"},
    {"Hurt", "三左右", "2..4"},
    {"Hurt", "第三", "第三"},
    {"Hurt", "三四号", "三四号"},
    {"Hurt", "半个", "半个"},
    {"Area", "三四", "三四"},
    {"Level", "约五十米", "2..4"},
    {"Level", "三四十米", "out of"},
    {"Hurt", "3 h", "h"},
    {"Hurt", "3 persn", "person"},
    {"Hurt", "10000001", "out of"},
    {"Hurt", "99999999999999999999", "out of"},
    {"Hurt", "4..2", "empty range"},
    {"Hurt", "< 0", "empty range"},
    {"Hurt", "> 10000000", "empty range"},
    {"Hurt", "2..", "missing"},
    {"Hurt", "..2", ".."},
    {"Hurt", ">=", "missing"},
    {"Hurt", "至少", "missing"},
    {"Hurt", ">= 2..4", ".."},
    {"Hurt", "2以上", "至少"},
    {"Hurt", "3人以下", "至少"},
    {"Hurt", "yes", "yes"},
    {"Hurt", "1e3", "e"},
    {"Hurt", "2,5", ","},
    {"Burning", "2", "unit"},
    {"Burning", "2 ha", "ha"},
    {"Burning", "-2 h", "-"},
    {"Burning", "2 h..1 h", "empty range"},
    {"Burning", "2 h..4", "unit"},
    {"Burning", "101 year", "year"},
    {"Burning", "40000 d", "out of"},
    {"Burning", "< 0 h", "empty range"},
    {"Area", "0.4", "unit"},
    {"Area", "0.4 h", "h"},
    {"Area", "0.4 hectar", "hectare"},
    {"Area", "0.00000000001 m2", "exact"},
    {"Area", "2000000 km2", "out of"},
    {"Area", "0.6..0.3 ha", "empty range"},
    {"Level", "0.5 m", "out of range"},
    {"Level", "31 m", "out of range"},
    {"Level", "0.5..2 m", "out of range"},
    {"Level", "< 1 m", "empty range"},
    {"Spreading", "1", "neither"},
    {"Spreading", "maybe", "neither"},
    {"Spreading", ">= yes", "neither"},
    {"Kind", "Bonfier", "Bonfire"},
    {"Kind", "Forest", "Bonfire, Wild fire"},
    {"Kind", "Bonfire|", "none of its values"},
    {"Kind", "|Bonfire", "none of its values"},
    {"Kind", "Bonfire Wild fire", "none of its values"},
    {"Kind", "bonfire", "Bonfire"},
    {"Kind", "'Bonfire", "none of its values"},
    {"Danger", "Hihg", "High"},
    {"Danger", "High..Low", "empty range"},
    {"Danger", "> High", "empty range"},
    {"Danger", "Low..", "none of its values"},
    {"Lit", "14:05", "14:05"},
    {"Lit", "2022-02-30T10:00", "2022-02"},
    {"Lit", "2022-08-20", "time of day"},
    {"Lit", "2022-08-20T25:00", "hours"},
    {"Lit", "2022-08-20T15:00..2022-08-20T14:00", "empty range"},
    {"Lit", "> 9999-12-31T23:59:59.999999", "calendar"},
    {"Lit", "< 0001-01-01T00:00", "calendar"},
};

static int set_up(void **state) {
    struct plan_messages messages = {0};
    *state = plan_compile(TEXT("small"), TEXT(SMALL_PACK), &messages);
    if (*state == NULL) {
        struct buffer out = {0};
        plan_messages_print(&messages, TEXT("small"), &out);
        print_error("%s", out.bytes == NULL ? "no message" : out.bytes);
        buffer_release(&out);
    }
    plan_messages_release(&messages);
    return *state == NULL ? -1 : 0;
}

static int tear_down(void **state) {
    plan_destroy(*state);
    return 0;
}

static uint16_t find_fact(const struct plan *plan, const char *name) {
    uint16_t fact = plan_find_fact(plan, text_of(name));
    assert_int_not_equal(fact, PLAN_NONE);
    return fact;
}

/* Every good value, and the same after it has been written and read again. */
static void test_good(void **state) {
    const struct plan *plan = *state;
    struct buffer written = {0};
    for (size_t i = 0; i < sizeof good_cases / sizeof good_cases[0]; i++) {
        const struct good_case *good = &good_cases[i];
        uint16_t fact = find_fact(plan, good->fact);
        int64_t low = -1;
        int64_t high = -1;
        struct failure failure = {0};
        if (!fact_value_parse(plan, fact, text_of(good->input), &low, &high, &failure)) {
            fail_msg("%s = %s: %s", good->fact, good->input, failure.message);
        }
        int64_t wanted_low = good->low == WHOLE ? plan->facts[fact].low : good->low;
        int64_t wanted_high = good->high == WHOLE ? plan->facts[fact].high : good->high;
        if (low != wanted_low || high != wanted_high) {
            fail_msg("%s = %s gives %lld..%lld, not %lld..%lld", good->fact, good->input, (long long)low,
                     (long long)high, (long long)wanted_low, (long long)wanted_high);
        }
        buffer_clear(&written);
        fact_value_write(plan, fact, low, high, &written);
        int64_t again_low = -1;
        int64_t again_high = -1;
        if (!fact_value_parse(plan, fact, buffer_text(&written), &again_low, &again_high, &failure) ||
            again_low != low || again_high != high) {
            fail_msg("%s = %s is written as %s and does not read back", good->fact, good->input, written.bytes);
        }
    }
    buffer_release(&written);
}

static void test_bad(void **state) {
    const struct plan *plan = *state;
    for (size_t i = 0; i < sizeof bad_cases / sizeof bad_cases[0]; i++) {
        const struct bad_case *bad = &bad_cases[i];
        int64_t low = -5;
        int64_t high = -6;
        struct failure failure = {0};
        if (fact_value_parse(plan, find_fact(plan, bad->fact), text_of(bad->input), &low, &high, &failure)) {
            fail_msg("%s = %s is taken as %lld..%lld", bad->fact, bad->input, (long long)low, (long long)high);
        }
        assert_string_equal(failure.field, bad->fact);
        if (strstr(failure.message, bad->message) == NULL) {
            fail_msg("%s = %s: \"%s\" does not say \"%s\"", bad->fact, bad->input, failure.message, bad->message);
        }
        struct failure other = {.chinese = true};
        assert_false(fact_value_parse(plan, find_fact(plan, bad->fact), text_of(bad->input), &low, &high, &other));
        assert_string_equal(other.field, bad->fact);
        check(is_chinese_sentence(other.message), "%s = %s: %s", bad->fact, bad->input, other.message);
        assert_int_equal(low, -5);
        assert_int_equal(high, -6);
    }
}

/* In Chinese the same things are named, each in its place. */
static void test_chinese(void **state) {
    static const struct bad_case cases[] = {
        {"Hurt", "", "没有填写；不清楚的请填“不明”"},
        {"Hurt", "2.5", "“2.5”不是整数，个数须为整数"},
        {"Hurt", "3人以下", "“3人以下”没有说明是否含本数，请在数字前写至少、超过、至多或少于（>=、>、<=、<）"},
        {"Hurt", "4..2", "“4..2”是空的范围，没有任何取值"},
        {"Level", "31 m", "“31 m”超出范围，应在 1 m 至 30 m 之间"},
        {"Spreading", "maybe", "“maybe”既不是“是”也不是“否”，请填是、否或不明"},
        {"Kind", "Bonfier", "没有“Bonfier”这个取值，是不是“Bonfire”？"},
        {"Kind", "Forest", "没有“Forest”这个取值，可填：Bonfire、Wild fire、false|alarm"},
        {"Lit", "2022-02-30T10:00", "“2022-02-30T10:00”不是日期：2022-02 的日子为 01 至 28"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t low = 0;
        int64_t high = 0;
        struct failure failure = {.chinese = true};
        assert_false(
            fact_value_parse(*state, find_fact(*state, cases[i].fact), text_of(cases[i].input), &low, &high, &failure));
        assert_string_equal(failure.field, cases[i].fact);
        assert_string_equal(failure.message, cases[i].message);
    }
}

/* A count with a point or an exponent has been rounded by the JSON decoder before anybody can look at it. */
static void test_real_count(void **state) {
    static const char *const written[] = {"3.0", "2.99999999999999999999", "1e1", "2.5"};
    uint16_t fact = find_fact(*state, "Hurt");
    for (size_t i = 0; i < COUNT_OF(written); i++) {
        json_t *value = json_loads(written[i], JSON_DECODE_ANY, NULL);
        int64_t low = -5;
        int64_t high = -6;
        struct failure english = {0};
        struct failure chinese = {.chinese = true};
        assert_non_null(value);
        assert_false(fact_value_from_json(*state, fact, value, &low, &high, &english));
        assert_false(fact_value_from_json(*state, fact, value, &low, &high, &chinese));
        assert_string_equal(english.field, "Hurt");
        assert_string_equal(chinese.field, "Hurt");
        assert_string_equal(english.message,
                            "a count is a whole number, written without a point or an exponent, such as 3");
        assert_string_equal(chinese.message, "个数须为整数，不带小数点，也不用指数，如 3");
        assert_int_equal(low, -5);
        assert_int_equal(high, -6);
        json_decref(value);
    }
}

struct json_case {
    const char *fact, *json;
    bool good;
    int64_t low, high;
};

static const struct json_case json_cases[] = {
    {"Hurt", "3", true, 3, 3},
    {"Hurt", "0", true, 0, 0},
    {"Hurt", "null", true, WHOLE, WHOLE},
    {"Hurt", "\">= 2\"", true, 2, WHOLE},
    {"Hurt", "\"3\"", true, 3, 3},
    {"Hurt", "-1", false, 0, 0},
    {"Hurt", "2.5", false, 0, 0},
    {"Hurt", "3.0", false, 0, 0},
    {"Hurt", "3e0", false, 0, 0},
    {"Hurt", "2.99999999999999999999", false, 0, 0}, /* which a double holds as 3 */
    {"Hurt", "-0.0", false, 0, 0},
    {"Hurt", "true", false, 0, 0},
    {"Hurt", "[3]", false, 0, 0},
    {"Hurt", "{}", false, 0, 0},
    {"Hurt", "10000001", false, 0, 0},
    {"Area", "1", false, 0, 0},
    {"Area", "0.4", false, 0, 0},
    {"Area", "\"0.4 ha\"", true, HECTARE / 10 * 4, HECTARE / 10 * 4},
    {"Area", "{\"observed\": \"1 ha\"}", false, 0, 0},
    {"Spreading", "true", true, 1, 1},
    {"Spreading", "false", true, 0, 0},
    {"Spreading", "\"是\"", true, 1, 1},
    {"Spreading", "null", true, 0, 1},
    {"Spreading", "1", false, 0, 0},
    {"Kind", "\"Bonfire\"", true, 1, 0},
    {"Kind", "[\"Bonfire\", \"Wild fire\"]", true, 3, 0},
    {"Kind", "[]", false, 0, 0},
    {"Kind", "[1]", false, 0, 0},
    {"Kind", "[\"Nothing\"]", false, 0, 0},
    {"Kind", "null", true, 7, 0},
    {"Kind", "true", false, 0, 0},
    {"Lit", "\"1970-01-01T08:00\"", true, 0, 0},
    {"Lit", "0", false, 0, 0},
    {"Danger", "\"High\"", true, 2, 2},
    {"Danger", "2", false, 0, 0},
};

static void test_json(void **state) {
    const struct plan *plan = *state;
    for (size_t i = 0; i < sizeof json_cases / sizeof json_cases[0]; i++) {
        const struct json_case *item = &json_cases[i];
        uint16_t fact = find_fact(plan, item->fact);
        json_t *value = json_loads(item->json, JSON_DECODE_ANY, NULL);
        int64_t low = 0;
        int64_t high = 0;
        struct failure failure = {0};
        assert_non_null(value);
        bool good = fact_value_from_json(plan, fact, value, &low, &high, &failure);
        if (good != item->good) {
            fail_msg("%s = %s: %s", item->fact, item->json, good ? "taken" : failure.message);
        }
        if (good) {
            assert_int_equal(low, item->low == WHOLE ? plan->facts[fact].low : item->low);
            assert_int_equal(high, item->high == WHOLE ? plan->facts[fact].high : item->high);
        } else {
            struct failure other = {.chinese = true};
            assert_string_equal(failure.field, item->fact);
            assert_false(fact_value_from_json(plan, fact, value, &low, &high, &other));
            assert_string_equal(other.field, item->fact);
            check(is_chinese_sentence(other.message), "%s = %s: %s", item->fact, item->json, other.message);
        }
        json_decref(value);
    }
}

/* Any range that the engine can hold is written so that it reads back: a walk over awkward values. */
static void test_round_trip(void **state) {
    const struct plan *plan = *state;
    static const int64_t points[] = {0,           1,
                                     2,           3,
                                     7,           999,
                                     1000,        1000001,
                                     MINUTE,      MINUTE + 1,
                                     HOUR - 1,    HOUR,
                                     MU,          MU - 1,
                                     MU + 1,      HECTARE - 1,
                                     HECTARE + 1, 12345678,
                                     1234567891,  9999999999,
                                     10000000000, 123456789012345};
    struct buffer written = {0};
    size_t count = sizeof points / sizeof points[0];
    for (uint32_t f = 0; f < plan->fact_count; f++) {
        const struct plan_fact *fact = &plan->facts[f];
        for (size_t i = 0; i < count * count; i++) {
            int64_t low = points[i / count];
            int64_t high = points[i % count];
            int64_t again_low = 0;
            int64_t again_high = 0;
            struct failure failure = {0};
            bool is_range = fact->type == PLAN_QUANTITY || fact->type == PLAN_TIME;
            if (!is_range || low > high || low < fact->low || high > fact->high) {
                continue;
            }
            buffer_clear(&written);
            fact_value_write(plan, (uint16_t)f, low, high, &written);
            if (!fact_value_parse(plan, (uint16_t)f, buffer_text(&written), &again_low, &again_high, &failure) ||
                again_low != low || again_high != high) {
                fail_msg("%.*s %lld..%lld is written as %s", TEXT_PRINT(fact->name), (long long)low, (long long)high,
                         written.bytes);
            }
        }
    }
    buffer_release(&written);
}

static void test_too_long(void **state) {
    char input[2000];
    int64_t low = 0;
    int64_t high = 0;
    struct failure failure = {0};
    memset(input, '1', sizeof input);
    assert_false(
        fact_value_parse(*state, find_fact(*state, "Hurt"), (struct text){input, sizeof input}, &low, &high, &failure));
    assert_string_equal(failure.field, "Hurt");
    failure = (struct failure){0};
    assert_false(
        fact_value_parse(*state, find_fact(*state, "Hurt"), (struct text){"\xff\xfe", 2}, &low, &high, &failure));
    assert_non_null(strstr(failure.message, "UTF-8"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),       cmocka_unit_test(test_bad),  cmocka_unit_test(test_chinese),
        cmocka_unit_test(test_real_count), cmocka_unit_test(test_json), cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_too_long),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
