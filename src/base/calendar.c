#include "base/calendar.h"

#include <stdio.h>
#include <time.h>

#define DAY_FIRST INT32_C(-719162) /* 0001-01-01 */
#define DAY_LAST INT32_C(2932896)  /* 9999-12-31 */
#define SECONDS_PER_DAY 86400
#define ZONE_MINUTES_LARGEST (14 * 60) /* the farthest zone in use is UTC+14 */
#define SHOWN_LENGTH_LARGEST 48U       /* of a bad input in a message */

static const char BEYOND[] = "beyond the calendar";

static int32_t clamp_day(int64_t day) {
    return day < DAY_FIRST ? DAY_FIRST : day > DAY_LAST ? DAY_LAST : (int32_t)day;
}

/* Splits a day of the calendar; tm_year counts from 1900 and tm_mon from 0. */
static struct tm split_day(int32_t day) {
    time_t seconds = (time_t)clamp_day(day) * SECONDS_PER_DAY;
    struct tm civil = {0};
    (void)gmtime_r(&seconds, &civil); /* fails only for years that do not fit into an int */
    return civil;
}

static bool is_leap_year(int32_t year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int32_t count_days_of_month(int32_t year, int32_t month) {
    static const int32_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap_year(year) ? 29 : days[month - 1];
}

static int32_t clamp(int32_t value, int32_t least, int32_t largest) {
    return value < least ? least : value > largest ? largest : value;
}

int32_t calendar_make_day(int32_t year, int32_t month, int32_t month_day) {
    if (year < 1) {
        return DAY_FIRST;
    }
    if (year > 9999) {
        return DAY_LAST;
    }
    int32_t real_month = clamp(month, 1, 12);
    int32_t real_day = clamp(month_day, 1, count_days_of_month(year, real_month));
    struct tm civil = {.tm_year = year - 1900, .tm_mon = real_month - 1, .tm_mday = real_day};
    return (int32_t)(timegm(&civil) / SECONDS_PER_DAY); /* exact: the time of day is 0 */
}

int32_t calendar_add_months(int32_t day, int32_t months) {
    struct tm civil = split_day(day);
    int64_t month_index = ((int64_t)civil.tm_year + 1900) * 12 + civil.tm_mon + months; /* months since year 0 */
    if (month_index < 12) {
        return DAY_FIRST;
    }
    if (month_index >= INT64_C(10000) * 12) {
        return DAY_LAST;
    }
    return calendar_make_day((int32_t)(month_index / 12), (int32_t)(month_index % 12) + 1, civil.tm_mday);
}

/* Number of months of a period, 0 for the day. */
static int32_t count_months(enum calendar_period period) {
    switch (period) {
    case CALENDAR_MONTH:
        return 1;
    case CALENDAR_QUARTER:
        return 3;
    case CALENDAR_HALF_YEAR:
        return 6;
    case CALENDAR_YEAR:
        return 12;
    case CALENDAR_DAY:
        break;
    }
    return 0;
}

int32_t calendar_start_of_period(int32_t day, enum calendar_period period) {
    int32_t months = count_months(period);
    if (months == 0) {
        return clamp_day(day);
    }
    struct tm civil = split_day(day);
    return calendar_make_day(civil.tm_year + 1900, civil.tm_mon - civil.tm_mon % months + 1, 1);
}

int32_t calendar_start_of_next_period(int32_t day, enum calendar_period period) {
    int32_t months = count_months(period);
    if (months == 0) {
        return clamp_day(day) + 1;
    }
    int32_t start = calendar_start_of_period(day, period);
    int32_t next = calendar_add_months(start, months);
    /* The end of the last period is a day past the calendar, where calendar_add_months stops short. */
    return next == DAY_LAST ? DAY_LAST + 1 : next;
}

int32_t calendar_find_day(int64_t instant_us, int32_t zone_minutes) {
    /* The division comes first: the sum of instant and zone could overflow at the ends of int64. */
    int64_t day = instant_us / CALENDAR_US_PER_DAY;
    int64_t rest_us = instant_us % CALENDAR_US_PER_DAY + zone_minutes * CALENDAR_US_PER_MINUTE;
    day += rest_us / CALENDAR_US_PER_DAY;
    if (rest_us % CALENDAR_US_PER_DAY < 0) { /* C rounds towards zero, days are counted downwards */
        day--;
    }
    return clamp_day(day);
}

int64_t calendar_start_of_day(int32_t day, int32_t zone_minutes) {
    return clamp_day(day) * CALENDAR_US_PER_DAY - zone_minutes * CALENDAR_US_PER_MINUTE;
}

void calendar_print_date(int32_t day, char out[CALENDAR_DATE_ROOM]) {
    if (day < DAY_FIRST || day > DAY_LAST) {
        (void)snprintf(out, CALENDAR_DATE_ROOM, "%s", BEYOND);
        return;
    }
    struct tm civil = split_day(day);
    /* The remainders change nothing; they show the compiler that the digits fit. */
    (void)snprintf(out, CALENDAR_DATE_ROOM, "%04u-%02u-%02u", ((unsigned)civil.tm_year + 1900U) % 10000U,
                   ((unsigned)civil.tm_mon + 1U) % 100U, (unsigned)civil.tm_mday % 100U);
}

void calendar_print_instant(int64_t instant_us, int32_t zone_minutes, char out[CALENDAR_INSTANT_ROOM]) {
    int32_t day = calendar_find_day(instant_us, zone_minutes);
    int64_t start_us = calendar_start_of_day(day, zone_minutes);
    if (instant_us < start_us || instant_us - start_us >= CALENDAR_US_PER_DAY) { /* the day was clamped */
        (void)snprintf(out, CALENDAR_INSTANT_ROOM, "%s", BEYOND);
        return;
    }
    char date[CALENDAR_DATE_ROOM];
    calendar_print_date(day, date);
    int64_t rest_us = instant_us - start_us;
    unsigned second_of_day = (unsigned)(rest_us / CALENDAR_US_PER_SECOND);
    unsigned fraction_us = (unsigned)(rest_us % CALENDAR_US_PER_SECOND);
    char fraction[8] = "";
    if (fraction_us != 0) {
        (void)snprintf(fraction, sizeof fraction, ".%06u", fraction_us % 1000000U);
    }
    unsigned zone = (unsigned)(zone_minutes < 0 ? -zone_minutes : zone_minutes);
    (void)snprintf(out, CALENDAR_INSTANT_ROOM, "%sT%02u:%02u:%02u%s%c%02u:%02u", date, second_of_day / 3600U % 24U,
                   second_of_day / 60U % 60U, second_of_day % 60U, fraction, zone_minutes < 0 ? '-' : '+',
                   zone / 60U % 100U, zone % 60U);
}

/* Takes exactly `count` digits from the start of *rest. False when they are not there. */
static bool take_digits(struct text *rest, size_t count, int32_t *value) {
    if (rest->length < count) {
        return false;
    }
    int32_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        char digit = rest->bytes[i];
        if (digit < '0' || digit > '9') {
            return false;
        }
        sum = sum * 10 + (digit - '0');
    }
    rest->bytes += count;
    rest->length -= count;
    *value = sum;
    return true;
}

static bool take_byte(struct text *rest, char byte) {
    if (rest->length == 0 || rest->bytes[0] != byte) {
        return false;
    }
    rest->bytes++;
    rest->length--;
    return true;
}

/* Takes "2022-02-25" from the start of *rest and checks that there is such a day. `input` is for the message. */
static bool take_date(struct text *rest, struct text input, int32_t *day, struct failure *failure) {
    struct text shown = text_cut(input, SHOWN_LENGTH_LARGEST);
    int32_t year = 0;
    int32_t month = 0;
    int32_t month_day = 0;
    if (!take_digits(rest, 4, &year) || !take_byte(rest, '-') || !take_digits(rest, 2, &month) ||
        !take_byte(rest, '-') || !take_digits(rest, 2, &month_day)) {
        return failure_say(failure, "\"%.*s\" is no date; write year, month and day as 2022-02-25",
                           "“%.*s”不是日期，年月日写作 2022-02-25", TEXT_PRINT(shown));
    }
    if (year < 1) {
        return failure_say(failure, "\"%.*s\" is no date: years go from 0001 to 9999",
                           "“%.*s”不是日期：年份为 0001 至 9999", TEXT_PRINT(shown));
    }
    if (month < 1 || month > 12) {
        return failure_say(failure, "\"%.*s\" is no date: months go from 01 to 12", "“%.*s”不是日期：月份为 01 至 12",
                           TEXT_PRINT(shown));
    }
    int32_t days = count_days_of_month(year, month);
    if (month_day < 1 || month_day > days) {
        return failure_say(failure, "\"%.*s\" is no date: the days of %04d-%02d go from 01 to %d",
                           "“%.*s”不是日期：%04d-%02d 的日子为 01 至 %d", TEXT_PRINT(shown), year, month, days);
    }
    *day = calendar_make_day(year, month, month_day);
    return true;
}

bool calendar_parse_date(struct text input, int32_t *day, struct failure *failure) {
    struct text rest = input;
    int32_t found = 0;
    if (!take_date(&rest, input, &found, failure)) {
        return false;
    }
    if (rest.length > 0) {
        struct text shown = text_cut(input, SHOWN_LENGTH_LARGEST);
        return failure_say(failure, "\"%.*s\" is more than a date; write year, month and day as 2022-02-25",
                           "“%.*s”日期后面还有别的内容，年月日写作 2022-02-25", TEXT_PRINT(shown));
    }
    *day = found;
    return true;
}

bool calendar_parse_zone(struct text input, int32_t *zone_minutes, struct failure *failure) {
    if (text_equals_string(input, "Z")) {
        *zone_minutes = 0;
        return true;
    }
    struct text rest = input;
    int32_t hours = 0;
    int32_t minutes = 0;
    bool is_west = take_byte(&rest, '-');
    if ((!is_west && !take_byte(&rest, '+')) || !take_digits(&rest, 2, &hours) || !take_byte(&rest, ':') ||
        !take_digits(&rest, 2, &minutes) || rest.length > 0 || minutes > 59 ||
        hours * 60 + minutes > ZONE_MINUTES_LARGEST) {
        struct text shown = text_cut(input, SHOWN_LENGTH_LARGEST);
        return failure_say(failure, "\"%.*s\" is no time zone; write +08:00 (at most 14:00 either way) or Z",
                           "“%.*s”不是时区，写作 +08:00（前后最多 14:00）或 Z", TEXT_PRINT(shown));
    }
    *zone_minutes = is_west ? -(hours * 60 + minutes) : hours * 60 + minutes;
    return true;
}

/* Takes ".250", at most six digits, as microseconds; nothing there is 0. */
static bool take_fraction(struct text *rest, int32_t *fraction_us) {
    *fraction_us = 0;
    if (!take_byte(rest, '.')) {
        return true;
    }
    int32_t worth_us = 100000;
    int32_t digit = 0;
    if (!take_digits(rest, 1, &digit)) {
        return false;
    }
    do {
        *fraction_us += digit * worth_us;
        worth_us /= 10;
    } while (worth_us > 0 && take_digits(rest, 1, &digit));
    return true;
}

/* Takes "14:05", "14:05:09" or "14:05:09.250" from the start of *rest as microseconds since midnight. */
static bool take_time(struct text *rest, int64_t *time_us) {
    int32_t hour = 0;
    int32_t minute = 0;
    int32_t second = 0;
    int32_t fraction_us = 0;
    if (!take_digits(rest, 2, &hour) || !take_byte(rest, ':') || !take_digits(rest, 2, &minute)) {
        return false;
    }
    if (take_byte(rest, ':') && (!take_digits(rest, 2, &second) || !take_fraction(rest, &fraction_us))) {
        return false;
    }
    if (hour > 23 || minute > 59 || second > 59) {
        return false;
    }
    *time_us =
        hour * CALENDAR_US_PER_HOUR + minute * CALENDAR_US_PER_MINUTE + second * CALENDAR_US_PER_SECOND + fraction_us;
    return true;
}

bool calendar_parse_instant(struct text input, int32_t zone_minutes, int64_t *instant_us, struct failure *failure) {
    struct text rest = input;
    int32_t day = 0;
    int64_t time_us = 0;
    if (!take_date(&rest, input, &day, failure)) {
        return false;
    }
    if ((!take_byte(&rest, 'T') && !take_byte(&rest, ' ')) || !take_time(&rest, &time_us)) {
        struct text shown = text_cut(input, SHOWN_LENGTH_LARGEST);
        return failure_say(
            failure,
            "\"%.*s\" has no valid time of day; write 2022-02-25T14:05 or 2022-02-25T14:05:09, hours up "
            "to 23, at most six digits after the second",
            "“%.*s”没有写对钟点，写作 2022-02-25T14:05 或 2022-02-25T14:05:09，小时最大 23，秒后小数最多六位",
            TEXT_PRINT(shown));
    }
    int32_t zone = zone_minutes;
    if (rest.length > 0 && !calendar_parse_zone(rest, &zone, failure)) {
        return false;
    }
    *instant_us = calendar_start_of_day(day, zone) + time_us;
    return true;
}
