/* Proves: every unit spelling has its exact factor (15 亩 are 1 ha to the last third of a mm2), nothing is rounded on the
 * way in, what is unreasonable or of another kind is refused with the units that would be right, and what is printed
 * reads back as itself. */
#include "base/calendar.h"
#include "base/quantity.h"

#include "check.h"

#include <stdbool.h>
#include <string.h>

struct unit_case {
    const char *name;
    enum quantity_dimension dimension;
    int64_t factor;
};

#define HOUR_US INT64_C(3600000000)

static void test_every_unit_spelling(void **state) {
    (void)state;
    static const struct unit_case cases[] = {
        {"人", QUANTITY_COUNT, 1},
        {"名", QUANTITY_COUNT, 1},
        {"个", QUANTITY_COUNT, 1},
        {"起", QUANTITY_COUNT, 1},
        {"次", QUANTITY_COUNT, 1},
        {"处", QUANTITY_COUNT, 1},
        {"户", QUANTITY_COUNT, 1},
        {"辆", QUANTITY_COUNT, 1},
        {"台", QUANTITY_COUNT, 1},
        {"艘", QUANTITY_COUNT, 1},
        {"架", QUANTITY_COUNT, 1},
        {"套", QUANTITY_COUNT, 1},
        {"件", QUANTITY_COUNT, 1},
        {"支", QUANTITY_COUNT, 1},
        {"座", QUANTITY_COUNT, 1},
        {"项", QUANTITY_COUNT, 1},
        {"家", QUANTITY_COUNT, 1},
        {"例", QUANTITY_COUNT, 1},
        {"条", QUANTITY_COUNT, 1},
        {"份", QUANTITY_COUNT, 1},
        {"间", QUANTITY_COUNT, 1},
        {"栋", QUANTITY_COUNT, 1},
        {"头", QUANTITY_COUNT, 1},
        {"只", QUANTITY_COUNT, 1},
        {"people", QUANTITY_COUNT, 1},
        {"person", QUANTITY_COUNT, 1},
        {"persons", QUANTITY_COUNT, 1},
        {"ms", QUANTITY_DURATION, 1000},
        {"s", QUANTITY_DURATION, 1000000},
        {"秒", QUANTITY_DURATION, 1000000},
        {"sec", QUANTITY_DURATION, 1000000},
        {"second", QUANTITY_DURATION, 1000000},
        {"seconds", QUANTITY_DURATION, 1000000},
        {"min", QUANTITY_DURATION, 60000000},
        {"分钟", QUANTITY_DURATION, 60000000},
        {"分", QUANTITY_DURATION, 60000000},
        {"minute", QUANTITY_DURATION, 60000000},
        {"minutes", QUANTITY_DURATION, 60000000},
        {"h", QUANTITY_DURATION, HOUR_US},
        {"小时", QUANTITY_DURATION, HOUR_US},
        {"时", QUANTITY_DURATION, HOUR_US},
        {"hour", QUANTITY_DURATION, HOUR_US},
        {"hours", QUANTITY_DURATION, HOUR_US},
        {"d", QUANTITY_DURATION, 24 * HOUR_US},
        {"天", QUANTITY_DURATION, 24 * HOUR_US},
        {"日", QUANTITY_DURATION, 24 * HOUR_US},
        {"day", QUANTITY_DURATION, 24 * HOUR_US},
        {"days", QUANTITY_DURATION, 24 * HOUR_US},
        {"周", QUANTITY_DURATION, 168 * HOUR_US},
        {"week", QUANTITY_DURATION, 168 * HOUR_US},
        {"weeks", QUANTITY_DURATION, 168 * HOUR_US},
        {"m2", QUANTITY_AREA, 3000000},
        {"m²", QUANTITY_AREA, 3000000},
        {"㎡", QUANTITY_AREA, 3000000},
        {"平米", QUANTITY_AREA, 3000000},
        {"平方米", QUANTITY_AREA, 3000000},
        {"亩", QUANTITY_AREA, 2000000000},
        {"mu", QUANTITY_AREA, 2000000000},
        {"ha", QUANTITY_AREA, INT64_C(30000000000)},
        {"公顷", QUANTITY_AREA, INT64_C(30000000000)},
        {"hectare", QUANTITY_AREA, INT64_C(30000000000)},
        {"hectares", QUANTITY_AREA, INT64_C(30000000000)},
        {"km2", QUANTITY_AREA, INT64_C(3000000000000)},
        {"km²", QUANTITY_AREA, INT64_C(3000000000000)},
        {"㎢", QUANTITY_AREA, INT64_C(3000000000000)},
        {"平方公里", QUANTITY_AREA, INT64_C(3000000000000)},
        {"平方千米", QUANTITY_AREA, INT64_C(3000000000000)},
        {"mm", QUANTITY_LENGTH, 1000},
        {"毫米", QUANTITY_LENGTH, 1000},
        {"cm", QUANTITY_LENGTH, 10000},
        {"厘米", QUANTITY_LENGTH, 10000},
        {"m", QUANTITY_LENGTH, 1000000},
        {"米", QUANTITY_LENGTH, 1000000},
        {"km", QUANTITY_LENGTH, 1000000000},
        {"公里", QUANTITY_LENGTH, 1000000000},
        {"千米", QUANTITY_LENGTH, 1000000000},
        {"l", QUANTITY_VOLUME, 1000},
        {"升", QUANTITY_VOLUME, 1000},
        {"m3", QUANTITY_VOLUME, 1000000},
        {"m³", QUANTITY_VOLUME, 1000000},
        {"立方米", QUANTITY_VOLUME, 1000000},
        {"万m3", QUANTITY_VOLUME, INT64_C(10000000000)},
        {"万m³", QUANTITY_VOLUME, INT64_C(10000000000)},
        {"万立方米", QUANTITY_VOLUME, INT64_C(10000000000)},
        {"m3/s", QUANTITY_FLOW, 1000000},
        {"m³/s", QUANTITY_FLOW, 1000000},
        {"立方米每秒", QUANTITY_FLOW, 1000000},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        enum quantity_dimension dimension = QUANTITY_DIMENSIONS;
        int64_t factor = 0;
        check(quantity_find_unit(text_of(cases[i].name), &dimension, &factor), "%s", cases[i].name);
        check(dimension == cases[i].dimension && factor == cases[i].factor, "%s: %lld", cases[i].name,
              (long long)factor);
        check(text_equals_string(quantity_suggest_unit(text_of(cases[i].name)), cases[i].name), "%s", cases[i].name);
    }
}

static void test_case_of_letters(void **state) {
    (void)state;
    enum quantity_dimension dimension = QUANTITY_COUNT;
    int64_t factor = 0;
    static const char *const right[] = {"Hours", "Min", "Sec", "Hectare", "Day", "Weeks", "People"};
    for (size_t i = 0; i < COUNT_OF(right); i++) {
        check(quantity_find_unit(text_of(right[i]), &dimension, &factor), "%s", right[i]);
    }
    static const char *const wrong[] = {"",   "H",   "M",     "S",     "D",      "Ha", "HA", "Km",  "KM2", "M3/s",
                                        "Ms", "MIN", "hOurs", "HOURS", "hourss", " h", "h ", "人 ", "吨",  "@ours"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        check(!quantity_find_unit(text_of(wrong[i]), &dimension, &factor), "%s", wrong[i]);
    }
}

struct suggestion_case {
    const char *name;
    const char *nearest;
};

static void test_suggestions(void **state) {
    (void)state;
    static const struct suggestion_case cases[] = {
        {"hous", "hour"},     {"hors", "hours"}, {"minuts", "minute"}, {"hectars", "hectare"},
        {"hr", "h"},          {"小吋", "小时"},  {"平方", "平方米"},   {"公倾", "公顷"},
        {"k2", "m2"},         {"km", "km"},      {"m3|s", "m3/s"},     {"立方米/秒", "立方米每秒"},
        {"perosn", "person"}, {"x", ""},         {"吨", ""},           {"", ""},
        {"kilometres", ""},   {"xyz", ""},       {"qq", ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct text nearest = quantity_suggest_unit(text_of(cases[i].name));
        check(text_equals_string(nearest, cases[i].nearest), "%s: %.*s", cases[i].name, TEXT_PRINT(nearest));
    }
}

static void test_fifteen_mu_are_a_hectare(void **state) {
    (void)state;
    int64_t mu = 0;
    int64_t hectare = 0;
    assert_true(quantity_parse(TEXT("15 亩"), QUANTITY_AREA, &mu, NULL));
    assert_true(quantity_parse(TEXT("1 ha"), QUANTITY_AREA, &hectare, NULL));
    assert_int_equal(mu, hectare);
    assert_true(quantity_parse(TEXT("1亩"), QUANTITY_AREA, &mu, NULL));
    assert_true(quantity_parse(TEXT("666 平方米"), QUANTITY_AREA, &hectare, NULL));
    assert_true(hectare < mu);
    assert_true(quantity_parse(TEXT("667 平方米"), QUANTITY_AREA, &hectare, NULL));
    assert_true(hectare > mu);
    assert_true(quantity_parse(TEXT("1500 亩"), QUANTITY_AREA, &mu, NULL));
    assert_true(quantity_parse(TEXT("1 平方公里"), QUANTITY_AREA, &hectare, NULL));
    assert_int_equal(mu, hectare);
}

struct decimal_case {
    const char *number;
    int64_t factor;
    int64_t value;
    const char *refusal; /* NULL when it is taken */
};

static void test_scale_decimal(void **state) {
    (void)state;
    static const struct decimal_case cases[] = {
        {"0", 1, 0, NULL},
        {"12", 1, 12, NULL},
        {"007", 10, 70, NULL},
        {"0.5", 10, 5, NULL},
        {"0.50000000000000000000000000000000", 10, 5, NULL},
        {"1.0", 1, 1, NULL},
        {"0.0", 1, 0, NULL},
        {"0.125", 8, 1, NULL},
        {"0.2", 5, 1, NULL},
        {"2.5", 4, 10, NULL},
        {"0.04", 25, 1, NULL},
        {"0.000001", 1000000, 1, NULL},
        {"12.345678", 1000000, 12345678, NULL},
        {"9223372036854775807", 1, INT64_MAX, NULL},
        {"922337203685477580.7", 10, INT64_MAX, NULL},
        {"9223372036854.775807", 1000000, INT64_MAX, NULL},
        {"0000000000000000000000000000001", 1, 1, NULL},
        {"9223372036854775808", 1, 0, "too large"},
        {"9223372036854.775808", 1000000, 0, "too large"},
        {"18446744073709551615", 1, 0, "too large"},
        {"18446744073709551616", 1, 0, "too large"},
        {"99999999999999999999999999999", 1, 0, "too large"},
        {"2", INT64_MAX, 0, "too large"},
        {"0.5", 1, 0, "finer"},
        {"0.1", 5, 0, "finer"},
        {"0.3", 4, 0, "finer"},
        {"0.0000001", 1000000, 0, "finer"},
        {"1.00000000000000000000000001", 1000000, 0, "finer"},
        {"0.33333333333333333333333333333", 3, 0, "finer"},
        {"", 1, 0, "no number"},
        {".", 1, 0, "no number"},
        {".5", 10, 0, "no number"},
        {"5.", 10, 0, "no number"},
        {"1.2.3", 10, 0, "no number"},
        {"1..2", 10, 0, "no number"},
        {"+1", 10, 0, "no number"},
        {"-1", 10, 0, "no number"},
        {"1e3", 10, 0, "no number"},
        {"1,000", 10, 0, "no number"},
        {"0x10", 10, 0, "no number"},
        {" 1", 10, 0, "no number"},
        {"1 ", 10, 0, "no number"},
        {"１", 10, 0, "no number"},
        {"三", 10, 0, "no number"},
        {"inf", 10, 0, "no number"},
        {"nan", 10, 0, "no number"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t value = 77;
        struct failure failure = {0};
        bool taken = quantity_scale_decimal(text_of(cases[i].number), cases[i].factor, &value, &failure);
        check(taken == (cases[i].refusal == NULL), "%s * %lld", cases[i].number, (long long)cases[i].factor);
        if (taken) {
            check(value == cases[i].value, "%s: %lld", cases[i].number, (long long)value);
        } else {
            check(strstr(failure.message, cases[i].refusal) != NULL, "%s: %s", cases[i].number, failure.message);
            check(value == 77, "%s changed the result", cases[i].number);
        }
    }
}

struct parse_case {
    const char *input;
    enum quantity_dimension dimension;
    int64_t value;
};

static void test_parse(void **state) {
    (void)state;
    static const struct parse_case cases[] = {
        {"2 h", QUANTITY_DURATION, 2 * HOUR_US},
        {"2h", QUANTITY_DURATION, 2 * HOUR_US},
        {"  2\xE3\x80\x80小时 ", QUANTITY_DURATION, 2 * HOUR_US},
        {"1.5 h", QUANTITY_DURATION, 90 * (HOUR_US / 60)},
        {"0.5分钟", QUANTITY_DURATION, 30000000},
        {"0 s", QUANTITY_DURATION, 0},
        {"0.001 ms", QUANTITY_DURATION, 1},
        {"36525 d", QUANTITY_DURATION, 876600 * HOUR_US},
        {"0.5 公顷", QUANTITY_AREA, INT64_C(15000000000)},
        {"1000000 km2", QUANTITY_AREA, INT64_C(3000000000000000000)},
        {"175.0 m", QUANTITY_LENGTH, 175000000},
        {"0.001 mm", QUANTITY_LENGTH, 1},
        {"100000 km", QUANTITY_LENGTH, INT64_C(100000000000000)},
        {"393 万立方米", QUANTITY_VOLUME, INT64_C(3930000000000)},
        {"1000000000000 m3", QUANTITY_VOLUME, INT64_C(1000000000000000000)},
        {"12.5 m³/s", QUANTITY_FLOW, 12500000},
        {"3", QUANTITY_COUNT, 3},
        {"3人", QUANTITY_COUNT, 3},
        {"3.0 人", QUANTITY_COUNT, 3},
        {"10000000", QUANTITY_COUNT, 10000000},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t value = 0;
        struct failure failure = {0};
        check(quantity_parse(text_of(cases[i].input), cases[i].dimension, &value, &failure), "%s: %s", cases[i].input,
              failure.message);
        check(value == cases[i].value, "%s: %lld", cases[i].input, (long long)value);
    }
}

struct refused_case {
    const char *input;
    enum quantity_dimension dimension;
    const char *reason;
};

static void test_parse_refusals(void **state) {
    (void)state;
    static const struct refused_case cases[] = {
        {"", QUANTITY_DURATION, "is no duration"},
        {"   ", QUANTITY_AREA, "is no area"},
        {"h", QUANTITY_DURATION, "is no duration"},
        {"two h", QUANTITY_DURATION, "is no duration"},
        {"2", QUANTITY_DURATION, "has no unit; a duration needs one of s, min, h"},
        {"0", QUANTITY_AREA, "has no unit; an area needs one of m2, ha"},
        {"2 ha", QUANTITY_DURATION, "is an area, but a duration is needed here: s, min, h"},
        {"2 km2", QUANTITY_DURATION, "\"2 km2\" is an area, but a duration is needed here"},
        {"2 m3/s", QUANTITY_DURATION, "\"2 m3/s\" is a flow, but a duration is needed here"},
        {"2 人", QUANTITY_LENGTH, "is a count, but a length is needed here: mm, cm, m"},
        {"2 m3", QUANTITY_FLOW, "is a volume, but a flow is needed here: m3/s"},
        {"2 m3/s", QUANTITY_VOLUME, "is a flow, but a volume is needed here"},
        {"2 h", QUANTITY_COUNT, "is a duration, but a count is needed here"},
        {"2 huor", QUANTITY_DURATION, "perhaps hour"},
        {"2 公倾", QUANTITY_AREA, "perhaps 公顷"},
        {"2 吨", QUANTITY_AREA, "unknown unit; an area is written with m2"},
        {"2 h 30 m", QUANTITY_DURATION, "is a length"},
        {"2 h.", QUANTITY_DURATION, "unknown unit"},
        {"-2 h", QUANTITY_DURATION, "negative"},
        {"-1", QUANTITY_COUNT, "negative"},
        {"+2 h", QUANTITY_DURATION, "is no duration"},
        {".5 h", QUANTITY_DURATION, "is no duration"},
        {"1..5 h", QUANTITY_DURATION, "is no duration"},
        {"1. h", QUANTITY_DURATION, "is no duration"},
        {"2.5", QUANTITY_COUNT, "counts are whole"},
        {"2.5 人", QUANTITY_COUNT, "counts are whole"},
        {"0.0001 ms", QUANTITY_DURATION, "finer"},
        {"0.0001 m2", QUANTITY_AREA, NULL}, /* 300 thirds of a mm2 */
        {"0.0000001 m2", QUANTITY_AREA, "finer"},
        {"10000001", QUANTITY_COUNT, "out of all reason; a count is at most 10000000"},
        {"99999999999999999999999", QUANTITY_COUNT, "out of all reason"},
        {"36526 d", QUANTITY_DURATION, "out of all reason; a duration is at most 36525 d"},
        {"1000000.1 km2", QUANTITY_AREA, "out of all reason; an area is at most 1000000 km2"},
        {"9999999999 km2", QUANTITY_AREA, "out of all reason"},
        {"100001 km", QUANTITY_LENGTH, "out of all reason; a length is at most 100000 km"},
        {"1000000000001 m3", QUANTITY_VOLUME, "out of all reason; a volume is at most 1000000000000 m3"},
        {"1000000001 m3/s", QUANTITY_FLOW, "out of all reason; a flow is at most 1000000000 m3/s"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t value = 77;
        struct failure failure = {0};
        bool taken = quantity_parse(text_of(cases[i].input), cases[i].dimension, &value, &failure);
        if (cases[i].reason == NULL) {
            check(taken, "%s: %s", cases[i].input, failure.message);
            continue;
        }
        check(!taken && value == 77, "%s", cases[i].input);
        check(strstr(failure.message, cases[i].reason) != NULL, "%s: %s", cases[i].input, failure.message);
        struct failure other = {.chinese = true};
        check(!quantity_parse(text_of(cases[i].input), cases[i].dimension, &value, &other), "%s", cases[i].input);
        check(is_chinese_sentence(other.message), "%s: %s", cases[i].input, other.message);
    }
}

/* In Chinese the same things are named, each in its place. */
static void test_said_in_chinese(void **state) {
    static const struct {
        const char *input;
        enum quantity_dimension dimension;
        const char *message;
    } cases[] = {
        {"3", QUANTITY_AREA, "“3”没有单位；面积的单位可用 平方米、公顷、亩、平方公里"},
        {"3 h", QUANTITY_AREA, "“3 h”是时长，这里要填面积：平方米、公顷、亩、平方公里"},
        {"2 hectar", QUANTITY_AREA,
         "“2 hectar”的单位认不出（或许是 hectare）；面积的单位可用 平方米、公顷、亩、平方公里"},
        {"2.5", QUANTITY_COUNT, "“2.5”不是整数，个数须为整数"},
        {"-1", QUANTITY_COUNT, "“-1”是负数；个数不能小于 0"},
        {"36526 d", QUANTITY_DURATION, "“36526 d”大得不合常理；时长最大为 36525 d"},
        {"two", QUANTITY_LENGTH, "“two”不是长度；先写数字，如 12 或 0.5，再写 毫米、厘米、米、公里"},
        {"1 min 2 h", QUANTITY_DURATION, "“1 min 2 h”不是时长；大的单位在前，如 2小时30分钟"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t value = 77;
        struct failure failure = {.chinese = true};
        assert_false(quantity_parse(text_of(cases[i].input), cases[i].dimension, &value, &failure));
        assert_string_equal(failure.message, cases[i].message);
        assert_int_equal(value, 77);
    }
}

static void test_messages_stay_valid_text(void **state) {
    (void)state;
    char input[400] = "2 ";
    for (size_t i = 0; i < 100; i++) {
        memcpy(input + 2 + 3 * i, "顷", 4);
    }
    int64_t value = 0;
    for (size_t start = 0; start < 2; start++) {
        struct failure failure = {0};
        assert_false(quantity_parse(text_of(input + start), QUANTITY_AREA, &value, &failure));
        assert_int_equal(text_find_invalid_utf8(text_of(failure.message)), -1);
        assert_true(strlen(failure.message) < 200);
    }
}

static void test_largest_values_can_be_added(void **state) {
    (void)state;
    for (int i = 0; i < QUANTITY_DIMENSIONS; i++) {
        enum quantity_dimension dimension = (enum quantity_dimension)i;
        check(quantity_largest(dimension) > 0 && quantity_largest(dimension) <= INT64_MAX / 3, "dimension %d", i);
        check(strlen(quantity_dimension_name(dimension)) > 0, "dimension %d", i);
    }
    assert_string_equal(quantity_dimension_name(QUANTITY_AREA), "area");
    assert_string_equal(quantity_dimension_name(QUANTITY_FLOW), "flow");
}

struct print_case {
    const char *input;
    enum quantity_dimension dimension;
    const char *printed;
};

static void test_print(void **state) {
    (void)state;
    static const struct print_case cases[] = {
        {"0", QUANTITY_COUNT, "0"},
        {"3人", QUANTITY_COUNT, "3"},
        {"0 h", QUANTITY_DURATION, "0 min"},
        {"2 h", QUANTITY_DURATION, "2 h"},
        {"150 min", QUANTITY_DURATION, "150 min"},
        {"2.5 h", QUANTITY_DURATION, "150 min"},
        {"60 min", QUANTITY_DURATION, "1 h"},
        {"24 h", QUANTITY_DURATION, "1 d"},
        {"36 h", QUANTITY_DURATION, "36 h"},
        {"2 weeks", QUANTITY_DURATION, "14 d"},
        {"90 s", QUANTITY_DURATION, "90 s"},
        {"1.5 s", QUANTITY_DURATION, "1.5 s"},
        {"0.001 s", QUANTITY_DURATION, "1 ms"},
        {"3600.001 s", QUANTITY_DURATION, "3600.001 s"},
        {"3600000.001 ms", QUANTITY_DURATION, "3600000.001 ms"},
        {"0.001 ms", QUANTITY_DURATION, "0.001 ms"},
        {"0 m2", QUANTITY_AREA, "0 ha"},
        {"0.5 ha", QUANTITY_AREA, "0.5 ha"},
        {"5000 m2", QUANTITY_AREA, "0.5 ha"},
        {"999 m2", QUANTITY_AREA, "999 m2"},
        {"1000 m2", QUANTITY_AREA, "0.1 ha"},
        {"15 亩", QUANTITY_AREA, "1 ha"},
        {"1 亩", QUANTITY_AREA, "1 mu"},
        {"20.5 亩", QUANTITY_AREA, "20.5 mu"},
        {"1000 ha", QUANTITY_AREA, "1000 ha"},
        {"9999.999 ha", QUANTITY_AREA, "9999.999 ha"},
        {"10000 ha", QUANTITY_AREA, "100 km2"},
        {"1001.5 m2", QUANTITY_AREA, "1001.5 m2"},
        {"175.0 m", QUANTITY_LENGTH, "175 m"},
        {"0.5 m", QUANTITY_LENGTH, "0.5 m"},
        {"5 cm", QUANTITY_LENGTH, "50 mm"},
        {"1500 m", QUANTITY_LENGTH, "1.5 km"},
        {"1234.5 m", QUANTITY_LENGTH, "1234.5 m"},
        {"0.001 mm", QUANTITY_LENGTH, "0.001 mm"},
        {"393 万m3", QUANTITY_VOLUME, "3930000 m3"},
        {"0.5 m3", QUANTITY_VOLUME, "500 l"},
        {"12.5 m3/s", QUANTITY_FLOW, "12.5 m3/s"},
        {"0.000001 m3/s", QUANTITY_FLOW, "0.000001 m3/s"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t value = 0;
        struct failure failure = {0};
        check(quantity_parse(text_of(cases[i].input), cases[i].dimension, &value, &failure), "%s: %s", cases[i].input,
              failure.message);
        char printed[QUANTITY_ROOM];
        quantity_print(cases[i].dimension, value, printed);
        check(strcmp(printed, cases[i].printed) == 0, "%s: %s", cases[i].input, printed);
    }
}

struct print_value_case {
    enum quantity_dimension dimension;
    int64_t value;
    const char *printed;
};

static void test_print_values(void **state) {
    (void)state;
    static const struct print_value_case cases[] = {
        {QUANTITY_DURATION, INT64_MAX, "∞"},
        {QUANTITY_DURATION, INT64_MIN, "-∞"},
        {QUANTITY_COUNT, INT64_MAX, "∞"},
        {QUANTITY_COUNT, INT64_MAX - 1, "9223372036854775806"},
        {QUANTITY_COUNT, INT64_MIN + 1, "-9223372036854775807"},
        {QUANTITY_DURATION, -2 * HOUR_US, "-2 h"},
        {QUANTITY_AREA, -INT64_C(15000000000), "-0.5 ha"},
        {QUANTITY_AREA, 1, "≈0 m2"},
        {QUANTITY_AREA, 3, "0.000001 m2"},
        {QUANTITY_AREA, 1000001, "≈0.333 m2"},
        {QUANTITY_AREA, 1000000, "0.0005 mu"},
        {QUANTITY_AREA, 2000001, "0.666667 m2"},
        {QUANTITY_AREA, 2000000, "0.001 mu"},
        {QUANTITY_AREA, INT64_C(30000000001), "≈1 ha"},
        {QUANTITY_AREA, -INT64_C(30020000000), "-15.01 mu"},
        {QUANTITY_AREA, -INT64_C(30020000002), "≈-1.001 ha"},
        {QUANTITY_LENGTH, INT64_C(1234567891), "1234567.891 mm"},
        {QUANTITY_AREA, INT64_C(30001000001), "≈1 ha"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char printed[QUANTITY_ROOM];
        quantity_print(cases[i].dimension, cases[i].value, printed);
        check(strcmp(printed, cases[i].printed) == 0, "row %zu: %s", i, printed);
    }
}

/* Numbers spread over all magnitudes, the same in every run: what is printed without ≈ reads back as itself, and
 * nothing ever needs more than the room. */
static void test_printed_values_read_back(void **state) {
    (void)state;
    uint64_t random = 1;
    size_t exact = 0;
    for (int i = 0; i < 200000; i++) {
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        enum quantity_dimension dimension = (enum quantity_dimension)((random >> 60U) % QUANTITY_DIMENSIONS);
        int64_t largest = quantity_largest(dimension);
        int64_t value = (int64_t)(random >> (1U + (unsigned)i % 60U)) % (largest + 1);
        char printed[QUANTITY_ROOM];
        memset(printed, 'x', sizeof printed);
        quantity_print(dimension, value, printed);
        check(memchr(printed, '\0', sizeof printed) != NULL, "%lld", (long long)value);
        if (strncmp(printed, "≈", strlen("≈")) != 0) {
            int64_t again = -1;
            struct failure failure = {0};
            check(quantity_parse(text_of(printed), dimension, &again, &failure), "%s: %s", printed, failure.message);
            check(again == value, "%s: %lld", printed, (long long)value);
            exact++;
        }
        quantity_print(dimension, -value, printed);
        check(memchr(printed, '\0', sizeof printed) != NULL, "-%lld", (long long)value);
    }
    assert_true(exact > 50000);
}

static void durations_of_several_parts(void **state) {
    static const struct {
        const char *input;
        int64_t minutes; /* -1: refused */
    } cases[] = {
        {"2小时30分", 150}, {"2h30min", 150}, {"1 h 30 min", 90}, {"1d2h3min", 1563}, {"30min2h", -1},
        {"2h 90min", -1},   {"2h30", -1},     {"2h60min", -1},    {"2h-30min", -1},   {"36525d1min", -1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t value = 0;
        struct failure failure = {0};
        bool taken = quantity_parse(text_of(cases[i].input), QUANTITY_DURATION, &value, &failure);
        assert_int_equal(taken ? value / CALENDAR_US_PER_MINUTE : -1, cases[i].minutes);
        assert_true(taken || failure.set);
    }
}

static void says_how_a_range_is_written(void **state) {
    int64_t value = 0;
    struct failure failure = {0};
    (void)state;
    assert_false(quantity_parse(TEXT("2-4"), QUANTITY_COUNT, &value, &failure));
    assert_non_null(strstr(failure.message, "2..4"));
    failure = (struct failure){0};
    assert_false(quantity_parse(TEXT("1e9 h"), QUANTITY_DURATION, &value, &failure));
    assert_non_null(strstr(failure.message, "in digits"));
}

static void chinese_units_read_back(void **state) {
    static const struct {
        enum quantity_dimension dimension;
        const char *written;
    } cases[] = {
        {QUANTITY_COUNT, "3"},
        {QUANTITY_DURATION, "2 小时"},
        {QUANTITY_DURATION, "150 分钟"},
        {QUANTITY_DURATION, "3 天"},
        {QUANTITY_DURATION, "7 毫秒"},
        {QUANTITY_AREA, "0.5 公顷"},
        {QUANTITY_AREA, "200 平方公里"},
        {QUANTITY_AREA, "7 亩"},
        {QUANTITY_LENGTH, "175 米"},
        {QUANTITY_VOLUME, "12 立方米"},
        {QUANTITY_FLOW, "0.25 立方米每秒"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t value = 0;
        char printed[QUANTITY_ROOM];
        assert_true(quantity_parse(text_of(cases[i].written), cases[i].dimension, &value, NULL));
        quantity_print_in(cases[i].dimension, value, true, printed);
        assert_string_equal(printed, cases[i].written);
    }
}

/* "three mu to one hectare" stands in one unit, whatever it was said in. */
static void ranges_stand_in_one_unit(void **state) {
    static const struct {
        const char *low, *high, *shown_low, *shown_high;
        enum quantity_dimension dimension;
        bool is_chinese;
    } cases[] = {
        {"3 mu", "1 ha", "0.2 公顷", "1 公顷", QUANTITY_AREA, true},
        {"4 mu", "1 ha", "4 亩", "15 亩", QUANTITY_AREA, true},
        {"0 ha", "5 mu", "0 mu", "5 mu", QUANTITY_AREA, false},
        {"300 m2", "1 ha", "0.03 ha", "1 ha", QUANTITY_AREA, false},
        {"20 min", "2 h", "20 分钟", "120 分钟", QUANTITY_DURATION, true},
        {"1 h", "2 h", "1 h", "2 h", QUANTITY_DURATION, false},
        {"50 m", "2 km", "0.05 km", "2 km", QUANTITY_LENGTH, false},
        {"2", "4", "2", "4", QUANTITY_COUNT, true},
    };
    char low[QUANTITY_ROOM];
    char high[QUANTITY_ROOM];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t ends[2] = {0, 0};
        assert_true(quantity_parse(text_of(cases[i].low), cases[i].dimension, &ends[0], NULL));
        assert_true(quantity_parse(text_of(cases[i].high), cases[i].dimension, &ends[1], NULL));
        quantity_print_range_in(cases[i].dimension, ends[0], ends[1], cases[i].is_chinese, low, high);
        assert_string_equal(low, cases[i].shown_low);
        assert_string_equal(high, cases[i].shown_high);
    }
    quantity_print_range_in(QUANTITY_DURATION, INT64_MIN, INT64_C(3600000000), false, low, high);
    assert_string_equal(low, "-∞");
    assert_string_equal(high, "1 h");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_stand_in_one_unit),
        cmocka_unit_test(durations_of_several_parts),
        cmocka_unit_test(says_how_a_range_is_written),
        cmocka_unit_test(chinese_units_read_back),
        cmocka_unit_test(test_every_unit_spelling),
        cmocka_unit_test(test_case_of_letters),
        cmocka_unit_test(test_suggestions),
        cmocka_unit_test(test_fifteen_mu_are_a_hectare),
        cmocka_unit_test(test_scale_decimal),
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_parse_refusals),
        cmocka_unit_test(test_said_in_chinese),
        cmocka_unit_test(test_messages_stay_valid_text),
        cmocka_unit_test(test_largest_values_can_be_added),
        cmocka_unit_test(test_print),
        cmocka_unit_test(test_print_values),
        cmocka_unit_test(test_printed_values_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
