/* quantity — numbers that carry units, held as exact whole numbers.
 *
 * Each dimension has one base unit so small that every unit people use is a whole multiple of it: durations in
 * microseconds; areas in thirds of a square millimetre, because 1 亩 is 2000/3 m² and 15 亩 must be exactly 1 ha; lengths
 * in micrometres; volumes in cubic centimetres (with cubic millimetres the sum of two large reservoirs would overflow);
 * flows in cubic centimetres a second; counts in ones. No floating point.
 * Owns nothing, never allocates. What cannot be held exactly, or is out of all reason, is refused with a message.
 */
#ifndef PINYUE_BASE_QUANTITY_H
#define PINYUE_BASE_QUANTITY_H

#include "base/failure.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum quantity_dimension {
    QUANTITY_COUNT, /* bare numbers, or 人 个 起 people person(s) …: one unit of each is 1 */
    QUANTITY_DURATION, /* us; units ms s 秒 sec second(s) min 分钟 分 minute(s) h 小时 时 hour(s) d 天 日 day(s) week(s) 周 */
    QUANTITY_AREA, /* third of a mm2; units m2 m² ㎡ 平方米 平米 ha 公顷 hectare(s) 亩 mu km2 km² ㎢ 平方公里 平方千米 */
    QUANTITY_LENGTH, /* um; units mm 毫米 cm 厘米 m 米 km 公里 千米 */
    QUANTITY_VOLUME, /* cm3; units l 升 m3 m³ 立方米 万m3 万m³ 万立方米 */
    QUANTITY_FLOW,   /* cm3/s; units m3/s m³/s 立方米每秒 */
    QUANTITY_DIMENSIONS
};

#define QUANTITY_ROOM 48 /* bytes that quantity_print needs */

/* The largest magnitude that a value of this dimension may reasonably have (counts: 10 million; durations: 100 years;
 * areas: 1 million km2; lengths: 100,000 km; volumes: 1e12 m3; flows: 1e9 m3/s). Larger input is refused as out of all
 * reason; the sum of three such values never overflows int64. */
int64_t quantity_largest(enum quantity_dimension dimension);

/* English name of a dimension for messages: "count", "duration", "area", … */
const char *quantity_dimension_name(enum quantity_dimension dimension);

/* Finds a unit by any of its spellings (exact, case-sensitive but for the first letter of Latin words of
 * three letters or more: "Hours", "Min"). False when no
 * unit has that name. *factor is the number of base units in one. */
bool quantity_find_unit(struct text name, enum quantity_dimension *dimension, int64_t *factor);

/* The unit spelling nearest to a misspelt one (distance at most 2, at least one character in common), or the empty text.
 */
struct text quantity_suggest_unit(struct text name);

/* Multiplies a decimal number ("0.5", "12", ".5" is refused, no sign, no exponent) by a unit's factor, exactly. False
 * with a message when it is no number, cannot be held exactly, or overflows. */
bool quantity_scale_decimal(struct text number, int64_t factor, int64_t *value, struct failure *failure);

/* Parses "2 h", "2h", "2小时30分", "0.5 公顷", "3", "3人" as a value of `dimension`; a bare number is allowed for counts only; counts
 * must be whole. Negative values are refused. The message names the units that would be right. */
bool quantity_parse(struct text input, enum quantity_dimension dimension, int64_t *value, struct failure *failure);

/* Writes a value as a person would: durations in the largest unit in which they are whole ("2 h", "150 min"; below a
 * minute with up to 3 decimals of a second), everything else in the largest unit of readable size with at most 3
 * decimals ("0.5 ha", "175 m", "3"; hectares from 0.1 to 10000, then km2; what ends only in mu, in mu). What fits
 * nowhere so gets up to 6 decimals, else is rounded to 3 with a leading "≈". Without "≈" a value that is not negative
 * reads back as itself. INT64_MAX is "∞", INT64_MIN is "-∞". */
void quantity_print(enum quantity_dimension dimension, int64_t value, char out[QUANTITY_ROOM]);

/* The same with the unit in Chinese ("2 小时", "0.5 公顷") where that is asked for. */
void quantity_print_in(enum quantity_dimension dimension, int64_t value, bool is_chinese, char out[QUANTITY_ROOM]);

/* Both ends of a range in one unit: the largest of a readable size for the higher one in which both are exact. Where there
 * is none, each as quantity_print_in writes it. */
void quantity_print_range_in(enum quantity_dimension dimension, int64_t low, int64_t high, bool is_chinese,
                             char out_low[QUANTITY_ROOM], char out_high[QUANTITY_ROOM]);

#endif
