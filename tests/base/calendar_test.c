/* Proves: instants, dates and zones are read and written exactly, impossible ones are refused with a reason, and months
 * are added with the rounding that the header names, over every day of the calendar. */
#include "base/calendar.h"

#include "check.h"

#include <stdbool.h>
#include <string.h>

#define FIRST_DAY (-719162) /* 0001-01-01 */
#define LAST_DAY 2932896    /* 9999-12-31 */
#define SHANGHAI 480

struct date_case {
    const char *input;
    int32_t day;
};

static void test_dates(void **state) {
    (void)state;
    static const struct date_case cases[] = {
        {"1970-01-01", 0},         {"1969-12-31", -1},       {"2000-02-29", 11016},  {"2000-03-01", 11017},
        {"2022-08-20", 19224},     {"2024-02-29", 19782},    {"1900-02-28", -25509}, {"1900-03-01", -25508},
        {"0001-01-01", FIRST_DAY}, {"9999-12-31", LAST_DAY}, {"2400-02-29", 157113},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int32_t day = 0;
        struct failure failure = {0};
        check(calendar_parse_date(text_of(cases[i].input), &day, &failure), "%s: %s", cases[i].input, failure.message);
        check(day == cases[i].day, "%s: %d", cases[i].input, day);
        char printed[CALENDAR_DATE_ROOM];
        calendar_print_date(day, printed);
        assert_string_equal(printed, cases[i].input);
    }
}

struct refusal_case {
    const char *input;
    const char *reason;
};

static void test_refused_dates(void **state) {
    (void)state;
    static const struct refusal_case cases[] = {
        {"", "no date"},
        {"2022", "no date"},
        {"2022-2-25", "no date"},
        {"2022/02/25", "no date"},
        {"22-02-25", "no date"},
        {"+022-02-25", "no date"},
        {"-001-02-25", "no date"},
        {"2022-02-2", "no date"},
        {" 2022-02-25", "no date"},
        {"2022-02-25 ", "more than a date"},
        {"2022-02-250", "more than a date"},
        {"2022-02-25T10:00", "more than a date"},
        {"２０２２-02-25", "no date"}, /* full-width digits */
        {"0000-01-01", "years go from"},
        {"2022-00-10", "months go from"},
        {"2022-13-10", "months go from"},
        {"2022-02-00", "go from 01 to 28"},
        {"2022-02-29", "go from 01 to 28"},
        {"2024-02-30", "go from 01 to 29"},
        {"1900-02-29", "go from 01 to 28"},
        {"2000-02-30", "go from 01 to 29"},
        {"2022-04-31", "go from 01 to 30"},
        {"2022-06-31", "go from 01 to 30"},
        {"2022-09-31", "go from 01 to 30"},
        {"2022-11-31", "go from 01 to 30"},
        {"2022-01-32", "go from 01 to 31"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int32_t day = 77;
        struct failure failure = {0};
        check(!calendar_parse_date(text_of(cases[i].input), &day, &failure), "%s", cases[i].input);
        check(strstr(failure.message, cases[i].reason) != NULL, "%s: %s", cases[i].input, failure.message);
        check(day == 77, "%s changed the result", cases[i].input);
    }
}

static void test_every_day_of_the_calendar(void **state) {
    (void)state;
    int32_t expected_year = 1;
    int32_t expected_month = 1;
    int32_t expected_month_day = 1;
    static const int32_t month_lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (int32_t day = FIRST_DAY; day <= LAST_DAY; day++) { /* counts along by itself and compares */
        check(calendar_make_day(expected_year, expected_month, expected_month_day) == day, "day %d", day);
        bool is_leap = (expected_year % 4 == 0 && expected_year % 100 != 0) || expected_year % 400 == 0;
        int32_t length = expected_month == 2 && is_leap ? 29 : month_lengths[expected_month - 1];
        int32_t month_start = day - expected_month_day + 1;
        check(calendar_start_of_period(day, CALENDAR_MONTH) == month_start, "day %d", day);
        check(calendar_start_of_next_period(day, CALENDAR_MONTH) == month_start + length, "day %d", day);
        expected_month_day++;
        if (expected_month_day > length) {
            expected_month_day = 1;
            expected_year += expected_month == 12 ? 1 : 0;
            expected_month = expected_month % 12 + 1;
        }
    }
    assert_int_equal(expected_year, 10000);
}

struct make_case {
    int32_t year;
    int32_t month;
    int32_t month_day;
    const char *printed;
};

static void test_make_day(void **state) {
    (void)state;
    static const struct make_case cases[] = {
        {2022, 2, 25, "2022-02-25"},     {2022, 2, 29, "2022-02-28"},     {2024, 2, 31, "2024-02-29"},
        {2022, 4, 31, "2022-04-30"},     {2022, 1, 99, "2022-01-31"},     {2022, 0, 1, "2022-01-01"},
        {2022, 99, 1, "2022-12-01"},     {2022, 5, 0, "2022-05-01"},      {2022, 5, -7, "2022-05-01"},
        {0, 6, 6, "0001-01-01"},         {INT32_MIN, 6, 6, "0001-01-01"}, {10000, 1, 1, "9999-12-31"},
        {INT32_MAX, 1, 1, "9999-12-31"}, {2100, 2, 29, "2100-02-28"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char printed[CALENDAR_DATE_ROOM];
        calendar_print_date(calendar_make_day(cases[i].year, cases[i].month, cases[i].month_day), printed);
        check(strcmp(printed, cases[i].printed) == 0, "row %zu: %s", i, printed);
    }
}

struct month_case {
    const char *from;
    int32_t months;
    const char *to;
};

static void test_add_months(void **state) {
    (void)state;
    static const struct month_case cases[] = {
        {"2022-01-31", 0, "2022-01-31"},         {"2022-01-31", 1, "2022-02-28"},
        {"2024-01-31", 1, "2024-02-29"},         {"2022-01-31", 3, "2022-04-30"},
        {"2022-01-30", 1, "2022-02-28"},         {"2022-01-28", 1, "2022-02-28"},
        {"2022-02-28", 1, "2022-03-28"}, /* the day is not pulled to the end of a longer month */
        {"2022-12-31", 2, "2023-02-28"},         {"2022-12-15", 1, "2023-01-15"},
        {"2022-01-15", -1, "2021-12-15"},        {"2022-03-31", -1, "2022-02-28"},
        {"2024-02-29", 12, "2025-02-28"},        {"2024-02-29", 48, "2028-02-29"},
        {"2024-02-29", -12, "2023-02-28"},       {"2024-02-29", 1200, "2124-02-29"},
        {"2000-02-29", 1200, "2100-02-28"},      {"9999-12-31", 1, "9999-12-31"},
        {"9999-11-30", 1, "9999-12-30"},         {"9999-01-01", 12, "9999-12-31"},
        {"0001-01-31", -1, "0001-01-01"},        {"0001-02-28", -1, "0001-01-28"},
        {"2022-01-01", INT32_MAX, "9999-12-31"}, {"2022-01-01", INT32_MIN, "0001-01-01"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int32_t day = 0;
        assert_true(calendar_parse_date(text_of(cases[i].from), &day, NULL));
        char printed[CALENDAR_DATE_ROOM];
        calendar_print_date(calendar_add_months(day, cases[i].months), printed);
        check(strcmp(printed, cases[i].to) == 0, "%s + %d: %s", cases[i].from, cases[i].months, printed);
    }
}

struct period_case {
    const char *day;
    enum calendar_period period;
    const char *start;
    const char *next;
};

static void test_periods(void **state) {
    (void)state;
    static const struct period_case cases[] = {
        {"2022-02-25", CALENDAR_DAY, "2022-02-25", "2022-02-26"},
        {"2022-12-31", CALENDAR_DAY, "2022-12-31", "2023-01-01"},
        {"2022-02-28", CALENDAR_MONTH, "2022-02-01", "2022-03-01"},
        {"2022-12-31", CALENDAR_MONTH, "2022-12-01", "2023-01-01"},
        {"2022-01-01", CALENDAR_QUARTER, "2022-01-01", "2022-04-01"},
        {"2022-03-31", CALENDAR_QUARTER, "2022-01-01", "2022-04-01"},
        {"2022-04-01", CALENDAR_QUARTER, "2022-04-01", "2022-07-01"},
        {"2022-08-15", CALENDAR_QUARTER, "2022-07-01", "2022-10-01"},
        {"2022-12-31", CALENDAR_QUARTER, "2022-10-01", "2023-01-01"},
        {"2022-06-30", CALENDAR_HALF_YEAR, "2022-01-01", "2022-07-01"},
        {"2022-07-01", CALENDAR_HALF_YEAR, "2022-07-01", "2023-01-01"},
        {"2024-02-29", CALENDAR_YEAR, "2024-01-01", "2025-01-01"},
        {"2022-12-31", CALENDAR_YEAR, "2022-01-01", "2023-01-01"},
        {"0001-05-05", CALENDAR_YEAR, "0001-01-01", "0002-01-01"},
        {"9999-05-05", CALENDAR_MONTH, "9999-05-01", "9999-06-01"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int32_t day = 0;
        assert_true(calendar_parse_date(text_of(cases[i].day), &day, NULL));
        char start[CALENDAR_DATE_ROOM];
        char next[CALENDAR_DATE_ROOM];
        calendar_print_date(calendar_start_of_period(day, cases[i].period), start);
        calendar_print_date(calendar_start_of_next_period(day, cases[i].period), next);
        check(strcmp(start, cases[i].start) == 0 && strcmp(next, cases[i].next) == 0, "row %zu: %s to %s", i, start,
              next);
    }
}

/* The next period always starts later, also at the end of the calendar: a loop over periods comes to its end. */
static void test_next_period_is_later(void **state) {
    (void)state;
    static const enum calendar_period periods[] = {CALENDAR_DAY, CALENDAR_MONTH, CALENDAR_QUARTER, CALENDAR_HALF_YEAR,
                                                   CALENDAR_YEAR};
    for (size_t i = 0; i < COUNT_OF(periods); i++) {
        assert_int_equal(calendar_start_of_next_period(LAST_DAY, periods[i]), LAST_DAY + 1);
        assert_true(calendar_start_of_period(LAST_DAY, periods[i]) <= LAST_DAY);
        assert_int_equal(calendar_start_of_period(FIRST_DAY, periods[i]), FIRST_DAY);
        assert_int_equal(calendar_start_of_period(INT32_MIN, periods[i]), FIRST_DAY);
        assert_int_equal(calendar_start_of_next_period(INT32_MAX, periods[i]), LAST_DAY + 1);
    }
}

struct zone_case {
    const char *input;
    int32_t minutes;
};

static void test_zones(void **state) {
    (void)state;
    static const struct zone_case cases[] = {{"Z", 0},         {"+00:00", 0},   {"-00:00", 0},   {"+08:00", 480},
                                             {"-03:30", -210}, {"+05:45", 345}, {"+14:00", 840}, {"-14:00", -840}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int32_t minutes = 99;
        check(calendar_parse_zone(text_of(cases[i].input), &minutes, NULL), "%s", cases[i].input);
        check(minutes == cases[i].minutes, "%s: %d", cases[i].input, minutes);
    }
    static const char *const wrong[] = {"",      "z",      "08:00",  "+8:00",   "+0800",   "+08",
                                        "+08:0", "+08:60", "+14:01", "+15:00",  "+08:00 ", " Z",
                                        "UTC",   "+-8:00", "--8:00", "+08:000", "Z+08:00"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        int32_t minutes = 99;
        struct failure failure = {0};
        check(!calendar_parse_zone(text_of(wrong[i]), &minutes, &failure), "%s", wrong[i]);
        check(failure.set && minutes == 99, "%s", wrong[i]);
    }
}

struct instant_case {
    const char *input;
    int32_t zone;
    int64_t instant_us;
    const char *printed; /* in the same zone */
};

static void test_instants(void **state) {
    (void)state;
    static const struct instant_case cases[] = {
        {"1970-01-01T00:00:00Z", 0, 0, "1970-01-01T00:00:00+00:00"},
        {"1970-01-01 00:00", 0, 0, "1970-01-01T00:00:00+00:00"},
        {"1970-01-01T08:00", SHANGHAI, 0, "1970-01-01T08:00:00+08:00"},
        {"1969-12-31T23:59:59.999999Z", 0, -1, "1969-12-31T23:59:59.999999+00:00"},
        {"2022-08-20T14:05:09.250+08:00", 0, INT64_C(1660975509250000), "2022-08-20T06:05:09.250000+00:00"},
        {"2022-08-20T14:05:09.25", SHANGHAI, INT64_C(1660975509250000), "2022-08-20T14:05:09.250000+08:00"},
        {"2022-08-20T14:05:09+08:00", -210, INT64_C(1660975509000000), "2022-08-20T02:35:09-03:30"},
        {"2022-08-20T14:05+08:00", SHANGHAI, INT64_C(1660975500000000), "2022-08-20T14:05:00+08:00"},
        {"2022-08-20T14:05Z", SHANGHAI, INT64_C(1661004300000000), "2022-08-20T22:05:00+08:00"},
        {"2022-08-20 14:05:09.000001+08:00", SHANGHAI, INT64_C(1660975509000001), "2022-08-20T14:05:09.000001+08:00"},
        {"2022-08-20T23:59:59.1Z", 0, INT64_C(1661039999100000), "2022-08-20T23:59:59.100000+00:00"},
        {"2024-02-29T00:00:00+08:00", SHANGHAI, INT64_C(1709136000000000), "2024-02-29T00:00:00+08:00"},
        {"0001-01-01T00:00:00Z", 0, INT64_C(-62135596800000000), "0001-01-01T00:00:00+00:00"},
        {"9999-12-31T23:59:59.999999Z", 0, INT64_C(253402300799999999), "9999-12-31T23:59:59.999999+00:00"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t instant_us = 0;
        struct failure failure = {0};
        check(calendar_parse_instant(text_of(cases[i].input), cases[i].zone, &instant_us, &failure), "%s: %s",
              cases[i].input, failure.message);
        check(instant_us == cases[i].instant_us, "%s: %lld", cases[i].input, (long long)instant_us);
        char printed[CALENDAR_INSTANT_ROOM];
        calendar_print_instant(instant_us, cases[i].zone, printed);
        check(strcmp(printed, cases[i].printed) == 0, "%s: %s", cases[i].input, printed);
    }
}

static void test_refused_instants(void **state) {
    (void)state;
    static const struct refusal_case cases[] = {
        {"", "no date"},
        {"2022-02-30T10:00", "go from 01 to 28"},
        {"2022-08-20", "time of day"},
        {"2022-08-20T", "time of day"},
        {"2022-08-20t10:00", "time of day"},
        {"2022-08-20  10:00", "time of day"},
        {"2022-08-20T10", "time of day"},
        {"2022-08-20T1:00", "time of day"},
        {"2022-08-20T24:00", "time of day"},
        {"2022-08-20T10:60", "time of day"},
        {"2022-08-20T10:00:60", "time of day"}, /* no leap seconds */
        {"2022-08-20T10:00:", "time of day"},
        {"2022-08-20T10:00:5", "time of day"},
        {"2022-08-20T10:00:05.", "time of day"},
        {"2022-08-20T10:00:05.Z", "time of day"},
        {"2022-08-20T10:00:05.1234567", "time zone"}, /* a seventh digit is no zone */
        {"2022-08-20T10:00.5", "time zone"},
        {"2022-08-20T10:00 +08:00", "time zone"},
        {"2022-08-20T10:00+8", "time zone"},
        {"2022-08-20T10:00z", "time zone"},
        {"2022-08-20T10:00:00+15:00", "time zone"},
        {"2022-08-20T-1:00", "time of day"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t instant_us = 77;
        struct failure failure = {0};
        check(!calendar_parse_instant(text_of(cases[i].input), 0, &instant_us, &failure), "%s", cases[i].input);
        check(strstr(failure.message, cases[i].reason) != NULL, "%s: %s", cases[i].input, failure.message);
        check(instant_us == 77, "%s changed the result", cases[i].input);
    }
}

static void test_input_need_not_end_in_nul(void **state) {
    (void)state;
    static const char input[] = "2022-08-20T14:05:09.250+08:00";
    int64_t instant_us = 0;
    int32_t day = 0;
    assert_true(calendar_parse_date((struct text){input, 10}, &day, NULL));
    assert_true(calendar_parse_instant((struct text){input, 16}, 0, &instant_us, NULL));
    for (size_t length = 0; length < sizeof input; length++) {
        /* every cut is accepted or refused without reading past its end; the sanitizer build watches */
        char exact[sizeof input];
        memcpy(exact, input, length);
        (void)calendar_parse_instant((struct text){exact, length}, 0, &instant_us, NULL);
    }
}

struct day_case {
    int64_t instant_us;
    int32_t zone;
    int32_t day;
};

static void test_find_day_and_its_start(void **state) {
    (void)state;
    static const struct day_case cases[] = {
        {0, 0, 0},
        {-1, 0, -1},
        {CALENDAR_US_PER_DAY - 1, 0, 0},
        {CALENDAR_US_PER_DAY, 0, 1},
        {-CALENDAR_US_PER_DAY, 0, -1},
        {-CALENDAR_US_PER_DAY - 1, 0, -2},
        {16 * CALENDAR_US_PER_HOUR - 1, SHANGHAI, 0},
        {16 * CALENDAR_US_PER_HOUR, SHANGHAI, 1},
        {-8 * CALENDAR_US_PER_HOUR, SHANGHAI, 0},
        {-8 * CALENDAR_US_PER_HOUR - 1, SHANGHAI, -1},
        {210 * CALENDAR_US_PER_MINUTE - 1, -210, -1},
        {210 * CALENDAR_US_PER_MINUTE, -210, 0},
        {INT64_MAX, SHANGHAI, LAST_DAY},
        {INT64_MIN, SHANGHAI, FIRST_DAY},
        {INT64_MAX, -840, LAST_DAY},
        {INT64_MIN, -840, FIRST_DAY},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int32_t day = calendar_find_day(cases[i].instant_us, cases[i].zone);
        check(day == cases[i].day, "row %zu: %d", i, day);
    }
    for (int32_t day = FIRST_DAY; day <= LAST_DAY; day += 97) {
        for (int32_t zone = -840; zone <= 840; zone += 105) {
            int64_t start_us = calendar_start_of_day(day, zone);
            check(calendar_find_day(start_us, zone) == day, "day %d, zone %d", day, zone);
            check(day == FIRST_DAY || calendar_find_day(start_us - 1, zone) == day - 1, "day %d, zone %d", day, zone);
        }
    }
    assert_int_equal(calendar_start_of_day(INT32_MAX, 0), calendar_start_of_day(LAST_DAY, 0));
    assert_int_equal(calendar_start_of_day(INT32_MIN, 0), calendar_start_of_day(FIRST_DAY, 0));
}

static void test_beyond_the_calendar(void **state) {
    (void)state;
    static const int64_t beyond[] = {INT64_MAX, INT64_MIN, INT64_C(253402300800000000), INT64_C(-62135596800000001)};
    for (size_t i = 0; i < COUNT_OF(beyond); i++) {
        char printed[CALENDAR_INSTANT_ROOM];
        calendar_print_instant(beyond[i], 0, printed);
        check(strcmp(printed, "beyond the calendar") == 0, "row %zu: %s", i, printed);
    }
    char printed[CALENDAR_INSTANT_ROOM];
    calendar_print_instant(INT64_C(253402300799999999), SHANGHAI, printed); /* in Shanghai it is year 10000 already */
    assert_string_equal(printed, "beyond the calendar");
    calendar_print_instant(INT64_C(253402300800000000), -60, printed);
    assert_string_equal(printed, "9999-12-31T23:00:00-01:00");
    char date[CALENDAR_DATE_ROOM];
    calendar_print_date(LAST_DAY + 1, date);
    assert_string_equal(date, "beyond the calendar");
    calendar_print_date(FIRST_DAY - 1, date);
    assert_string_equal(date, "beyond the calendar");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_refused_dates),
        cmocka_unit_test(test_every_day_of_the_calendar),
        cmocka_unit_test(test_make_day),
        cmocka_unit_test(test_add_months),
        cmocka_unit_test(test_periods),
        cmocka_unit_test(test_next_period_is_later),
        cmocka_unit_test(test_zones),
        cmocka_unit_test(test_instants),
        cmocka_unit_test(test_refused_instants),
        cmocka_unit_test(test_input_need_not_end_in_nul),
        cmocka_unit_test(test_find_day_and_its_start),
        cmocka_unit_test(test_beyond_the_calendar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
