/* calendar — instants, days and periods, without a clock.
 *
 * An instant is a count of microseconds since 1970-01-01T00:00:00Z; a day is a count of days since 1970-01-01. A zone
 * is a fixed offset from UTC in minutes (Asia/Shanghai is +480 and has had no summer time since 1991; a plan states
 * its own). Proleptic Gregorian, years 1 to 9999. Never reads the clock, the environment or the zone database, so that
 * the engine may use it. Civil arithmetic goes through the C library's gmtime_r and timegm.
 */
#ifndef PINYUE_BASE_CALENDAR_H
#define PINYUE_BASE_CALENDAR_H

#include "base/failure.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CALENDAR_US_PER_SECOND INT64_C(1000000)
#define CALENDAR_US_PER_MINUTE (60 * CALENDAR_US_PER_SECOND)
#define CALENDAR_US_PER_HOUR (60 * CALENDAR_US_PER_MINUTE)
#define CALENDAR_US_PER_DAY (24 * CALENDAR_US_PER_HOUR)
#define CALENDAR_INSTANT_ROOM 48 /* bytes that calendar_print_instant needs */
#define CALENDAR_DATE_ROOM 24    /* bytes that calendar_print_date needs */

enum calendar_period { CALENDAR_MONTH, CALENDAR_QUARTER, CALENDAR_HALF_YEAR, CALENDAR_YEAR, CALENDAR_DAY };

/* Parses "2022-08-20T14:05:09.250+08:00" (also "Z", also a space for the T, seconds and fraction optional, at most six
 * digits of fraction). Without a zone the given offset holds. False with a message on anything else, impossible dates
 * (2022-02-30), hours over 23 or seconds over 59 included. */
bool calendar_parse_instant(struct text input, int32_t zone_minutes, int64_t *instant_us, struct failure *failure);

/* Parses "2022-02-25". */
bool calendar_parse_date(struct text input, int32_t *day, struct failure *failure);

/* Parses a zone offset "+08:00", "-03:30", "Z"; at most 14 hours either way. */
bool calendar_parse_zone(struct text input, int32_t *zone_minutes, struct failure *failure);

/* Writes an instant as "2022-08-20T14:05:09+08:00", with ".250000" only when there is a fraction; UTC is "+00:00". An
 * instant out of the years 1 to 9999 is written as "beyond the calendar". */
void calendar_print_instant(int64_t instant_us, int32_t zone_minutes, char out[CALENDAR_INSTANT_ROOM]);

/* Writes a day as "2022-02-25", a day out of the years 1 to 9999 as "beyond the calendar". */
void calendar_print_date(int32_t day, char out[CALENDAR_DATE_ROOM]);

/* The civil day in which an instant lies, and the instant at which a day starts, in a zone. Saturate at the ends. */
int32_t calendar_find_day(int64_t instant_us, int32_t zone_minutes);
int64_t calendar_start_of_day(int32_t day, int32_t zone_minutes);

/* The day of a civil date; months are 1 to 12, days 1 to 31; a day past the month's end is that month's last day (the
 * rounding that we use wherever months or years are added). Years out of the calendar give its first or last day. */
int32_t calendar_make_day(int32_t year, int32_t month, int32_t month_day);

/* Adds whole months (also negative), rounding down to the month's last day: 01-31 plus one month is 02-28 or 02-29.
 * Saturates at the calendar's first and last day. */
int32_t calendar_add_months(int32_t day, int32_t months);

/* First day of the period in which `day` lies, and first day of the next one (which for the last period of 9999 is the
 * day past the calendar). */
int32_t calendar_start_of_period(int32_t day, enum calendar_period period);
int32_t calendar_start_of_next_period(int32_t day, enum calendar_period period);

#endif
