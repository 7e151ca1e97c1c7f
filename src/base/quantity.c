#include "base/quantity.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Base units in one of the units that the table below repeats. */
#define US INT64_C(1)
#define SECOND (1000000 * US)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define WEEK (7 * DAY)
#define SQUARE_METRE INT64_C(3000000) /* thirds of a mm2 */
#define MU INT64_C(2000000000)        /* 2000/3 m2 */
#define HECTARE (10000 * SQUARE_METRE)
#define SQUARE_KILOMETRE (1000000 * SQUARE_METRE)
#define MILLIMETRE INT64_C(1000)
#define CENTIMETRE (10 * MILLIMETRE)
#define METRE (1000 * MILLIMETRE)
#define KILOMETRE (1000 * METRE)
#define LITRE INT64_C(1000)
#define CUBIC_METRE (1000 * LITRE)

#define SHOWN_LENGTH_LARGEST 48U /* of a bad input in a message */
#define SUGGESTION_DISTANCE_LARGEST 2U

struct unit {
    struct text name;
    enum quantity_dimension dimension;
    int64_t factor;
};

/* Every spelling, the commonest of a unit first: of two equally near ones the first is suggested. */
static const struct unit units[] = {
    {TEXT_INITIAL("人"), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("名"), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("个"), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("起"), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("次"), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("处"), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("户"), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("辆"), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("台"), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("艘"), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("架"), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("套"), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("件"), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("支"), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("座"), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("项"), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("家"), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("例"), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("条"), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("份"), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("间"), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("栋"), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("头"), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("只"), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("people"), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("person"), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("persons"), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("h"), QUANTITY_DURATION, HOUR},
    {TEXT_INITIAL("小时"), QUANTITY_DURATION, HOUR},
    {TEXT_INITIAL("时"), QUANTITY_DURATION, HOUR},
    {TEXT_INITIAL("hour"), QUANTITY_DURATION, HOUR},
    {TEXT_INITIAL("hours"), QUANTITY_DURATION, HOUR},
    {TEXT_INITIAL("min"), QUANTITY_DURATION, MINUTE},
    {TEXT_INITIAL("分钟"), QUANTITY_DURATION, MINUTE},
    {TEXT_INITIAL("分"), QUANTITY_DURATION, MINUTE},
    {TEXT_INITIAL("minute"), QUANTITY_DURATION, MINUTE},
    {TEXT_INITIAL("minutes"), QUANTITY_DURATION, MINUTE},
    {TEXT_INITIAL("s"), QUANTITY_DURATION, SECOND},
    {TEXT_INITIAL("秒"), QUANTITY_DURATION, SECOND},
    {TEXT_INITIAL("sec"), QUANTITY_DURATION, SECOND},
    {TEXT_INITIAL("second"), QUANTITY_DURATION, SECOND},
    {TEXT_INITIAL("seconds"), QUANTITY_DURATION, SECOND},
    {TEXT_INITIAL("ms"), QUANTITY_DURATION, 1000 * US},
    {TEXT_INITIAL("毫秒"), QUANTITY_DURATION, 1000 * US},
    {TEXT_INITIAL("d"), QUANTITY_DURATION, DAY},
    {TEXT_INITIAL("天"), QUANTITY_DURATION, DAY},
    {TEXT_INITIAL("日"), QUANTITY_DURATION, DAY},
    {TEXT_INITIAL("day"), QUANTITY_DURATION, DAY},
    {TEXT_INITIAL("days"), QUANTITY_DURATION, DAY},
    {TEXT_INITIAL("周"), QUANTITY_DURATION, WEEK},
    {TEXT_INITIAL("week"), QUANTITY_DURATION, WEEK},
    {TEXT_INITIAL("weeks"), QUANTITY_DURATION, WEEK},
    {TEXT_INITIAL("ha"), QUANTITY_AREA, HECTARE},
    {TEXT_INITIAL("公顷"), QUANTITY_AREA, HECTARE},
    {TEXT_INITIAL("hectare"), QUANTITY_AREA, HECTARE},
    {TEXT_INITIAL("hectares"), QUANTITY_AREA, HECTARE},
    {TEXT_INITIAL("亩"), QUANTITY_AREA, MU},
    {TEXT_INITIAL("mu"), QUANTITY_AREA, MU},
    {TEXT_INITIAL("m2"), QUANTITY_AREA, SQUARE_METRE},
    {TEXT_INITIAL("m²"), QUANTITY_AREA, SQUARE_METRE},
    {TEXT_INITIAL("平方米"), QUANTITY_AREA, SQUARE_METRE},
    {TEXT_INITIAL("㎡"), QUANTITY_AREA, SQUARE_METRE},
    {TEXT_INITIAL("平米"), QUANTITY_AREA, SQUARE_METRE},
    {TEXT_INITIAL("km2"), QUANTITY_AREA, SQUARE_KILOMETRE},
    {TEXT_INITIAL("km²"), QUANTITY_AREA, SQUARE_KILOMETRE},
    {TEXT_INITIAL("㎢"), QUANTITY_AREA, SQUARE_KILOMETRE},
    {TEXT_INITIAL("平方公里"), QUANTITY_AREA, SQUARE_KILOMETRE},
    {TEXT_INITIAL("平方千米"), QUANTITY_AREA, SQUARE_KILOMETRE},
    {TEXT_INITIAL("m"), QUANTITY_LENGTH, METRE},
    {TEXT_INITIAL("米"), QUANTITY_LENGTH, METRE},
    {TEXT_INITIAL("km"), QUANTITY_LENGTH, KILOMETRE},
    {TEXT_INITIAL("公里"), QUANTITY_LENGTH, KILOMETRE},
    {TEXT_INITIAL("千米"), QUANTITY_LENGTH, KILOMETRE},
    {TEXT_INITIAL("cm"), QUANTITY_LENGTH, CENTIMETRE},
    {TEXT_INITIAL("厘米"), QUANTITY_LENGTH, CENTIMETRE},
    {TEXT_INITIAL("mm"), QUANTITY_LENGTH, MILLIMETRE},
    {TEXT_INITIAL("毫米"), QUANTITY_LENGTH, MILLIMETRE},
    {TEXT_INITIAL("m3"), QUANTITY_VOLUME, CUBIC_METRE},
    {TEXT_INITIAL("m³"), QUANTITY_VOLUME, CUBIC_METRE},
    {TEXT_INITIAL("立方米"), QUANTITY_VOLUME, CUBIC_METRE},
    {TEXT_INITIAL("万m3"), QUANTITY_VOLUME, 10000 * CUBIC_METRE},
    {TEXT_INITIAL("万m³"), QUANTITY_VOLUME, 10000 * CUBIC_METRE},
    {TEXT_INITIAL("万立方米"), QUANTITY_VOLUME, 10000 * CUBIC_METRE},
    {TEXT_INITIAL("l"), QUANTITY_VOLUME, LITRE},
    {TEXT_INITIAL("升"), QUANTITY_VOLUME, LITRE},
    {TEXT_INITIAL("m3/s"), QUANTITY_FLOW, CUBIC_METRE},
    {TEXT_INITIAL("m³/s"), QUANTITY_FLOW, CUBIC_METRE},
    {TEXT_INITIAL("立方米每秒"), QUANTITY_FLOW, CUBIC_METRE},
};
#define UNIT_COUNT (sizeof units / sizeof units[0])

/* What a message calls a dimension, and the units that it offers. */
struct words {
    const char *name;
    const char *with_article;
    const char *examples;
};

struct dimension {
    int64_t largest;
    struct words english, chinese;
};

static const struct dimension dimensions[QUANTITY_DIMENSIONS] = {
    [QUANTITY_COUNT] = {INT64_C(10000000),
                        {"count", "a count", "a whole number alone, or one with 人, 个, 起 …"},
                        {"个数", "个数", "整数，可带人、个、起等"}},
    [QUANTITY_DURATION] = {36525 * DAY,
                           {"duration", "a duration", "s, min, h, d, week (秒, 分钟, 小时, 天, 周)"},
                           {"时长", "时长", "秒、分钟、小时、天、周"}},
    [QUANTITY_AREA] = {1000000 * SQUARE_KILOMETRE,
                       {"area", "an area", "m2, ha, mu, km2 (平方米, 公顷, 亩, 平方公里)"},
                       {"面积", "面积", "平方米、公顷、亩、平方公里"}},
    [QUANTITY_LENGTH] = {100000 * KILOMETRE,
                         {"length", "a length", "mm, cm, m, km (毫米, 厘米, 米, 公里)"},
                         {"长度", "长度", "毫米、厘米、米、公里"}},
    [QUANTITY_VOLUME] = {INT64_C(1000000000000) * CUBIC_METRE,
                         {"volume", "a volume", "l, m3, 万m3 (升, 立方米, 万立方米)"},
                         {"体积", "体积", "升、立方米、万立方米"}},
    [QUANTITY_FLOW] = {INT64_C(1000000000) * CUBIC_METRE,
                       {"flow", "a flow", "m3/s (立方米每秒)"},
                       {"流量", "流量", "立方米每秒"}},
};

/* The words for a dimension in the language that is wanted. */
static const struct words *find_words(enum quantity_dimension dimension, const struct failure *failure) {
    return failure != NULL && failure->chinese ? &dimensions[dimension].chinese : &dimensions[dimension].english;
}

int64_t quantity_largest(enum quantity_dimension dimension) {
    return dimensions[dimension].largest;
}

const char *quantity_dimension_name(enum quantity_dimension dimension) {
    return dimensions[dimension].english.name;
}

static bool is_lower_case(char byte) {
    return byte >= 'a' && byte <= 'z';
}

/* Symbols have a fixed case (m, ha, km2); from three letters on a spelling is a word, which may start a sentence. */
static bool is_word(struct text name) {
    for (size_t i = 0; i < name.length; i++) {
        if (!is_lower_case(name.bytes[i])) {
            return false;
        }
    }
    return name.length >= 3;
}

/* Texts are listened to sign by sign: most names are none already by their length, or by their end. */
static bool has_name(const struct unit *unit, struct text name) {
    size_t length = name.length;
    if (unit->name.length != length || length == 0 || unit->name.bytes[length - 1] != name.bytes[length - 1] ||
        memcmp(name.bytes + 1, unit->name.bytes + 1, length - 1) != 0) {
        return false;
    }
    return name.bytes[0] == unit->name.bytes[0] ||
           (name.bytes[0] == unit->name.bytes[0] - 'a' + 'A' && is_word(unit->name));
}

static const struct unit *find_unit(struct text name) {
    for (size_t i = 0; i < UNIT_COUNT; i++) {
        if (has_name(&units[i], name)) {
            return &units[i];
        }
    }
    return NULL;
}

bool quantity_find_unit(struct text name, enum quantity_dimension *dimension, int64_t *factor) {
    const struct unit *unit = find_unit(name);
    if (unit == NULL) {
        return false;
    }
    *dimension = unit->dimension;
    *factor = unit->factor;
    return true;
}

struct text quantity_suggest_unit(struct text name) {
    struct text nearest = TEXT("");
    uint32_t nearest_distance = SUGGESTION_DISTANCE_LARGEST + 1;
    size_t name_count = text_count_code_points(name);
    for (size_t i = 0; i < UNIT_COUNT; i++) {
        uint32_t distance = text_measure_distance(name, units[i].name, SUGGESTION_DISTANCE_LARGEST);
        size_t unit_count = text_count_code_points(units[i].name);
        size_t longer = name_count > unit_count ? name_count : unit_count;
        /* With every character changed it would be another word, not a misspelt one. */
        if (distance < nearest_distance && distance < longer) {
            nearest = units[i].name;
            nearest_distance = distance;
        }
    }
    return nearest;
}

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

/* A decimal number as mantissa / 10^decimals, without needless zeroes at its end. */
struct decimal {
    uint64_t mantissa;
    size_t decimals;
};

/* Appends one digit. False when the mantissa would overflow. */
static bool push_digit(struct decimal *decimal, char digit) {
    uint64_t worth = (uint64_t)(digit - '0');
    if (decimal->mantissa > (UINT64_MAX - worth) / 10) {
        return false;
    }
    decimal->mantissa = decimal->mantissa * 10 + worth;
    return true;
}

/* True for "12" and "0.5": digits, and when there is a point digits on both sides. *point is its offset or the length.
 */
static bool is_decimal(struct text number, size_t *point) {
    *point = number.length;
    for (size_t i = 0; i < number.length; i++) {
        if (number.bytes[i] == '.' && *point == number.length) {
            *point = i;
        } else if (!is_digit(number.bytes[i])) {
            return false;
        }
    }
    return *point > 0 && *point + 1 != number.length;
}

enum decimal_outcome { DECIMAL_GOOD, DECIMAL_NO_NUMBER, DECIMAL_TOO_LARGE, DECIMAL_TOO_FINE };

static enum decimal_outcome read_decimal(struct text number, struct decimal *decimal) {
    size_t point = 0;
    if (!is_decimal(number, &point)) {
        return DECIMAL_NO_NUMBER;
    }
    size_t end = number.length;
    while (end > point && (number.bytes[end - 1] == '0' || end - 1 == point)) {
        end--;
    }
    *decimal = (struct decimal){0, end > point ? end - point - 1 : 0};
    for (size_t i = 0; i < end; i++) {
        if (i != point && !push_digit(decimal, number.bytes[i])) {
            return i < point ? DECIMAL_TOO_LARGE : DECIMAL_TOO_FINE;
        }
    }
    return DECIMAL_GOOD;
}

/* Divides one of the two by `divisor` where that leaves no rest. */
static bool divide_either(uint64_t *left, uint64_t *right, uint64_t divisor) {
    uint64_t *divisible = *left % divisor == 0 ? left : right;
    if (*divisible % divisor != 0) {
        return false;
    }
    *divisible /= divisor;
    return true;
}

/* mantissa * factor / 10^decimals. Dividing first, prime by prime, keeps every step small and shows at once when the
 * result is no whole number. */
static enum decimal_outcome multiply_exactly(struct decimal decimal, int64_t factor, int64_t *value) {
    uint64_t multiplier = (uint64_t)factor;
    for (size_t i = 0; i < decimal.decimals; i++) {
        if (!divide_either(&decimal.mantissa, &multiplier, 2) || !divide_either(&decimal.mantissa, &multiplier, 5)) {
            return DECIMAL_TOO_FINE;
        }
    }
    if (multiplier != 0 && decimal.mantissa > (uint64_t)INT64_MAX / multiplier) {
        return DECIMAL_TOO_LARGE;
    }
    *value = (int64_t)(decimal.mantissa * multiplier);
    return DECIMAL_GOOD;
}

static enum decimal_outcome scale_decimal(struct text number, int64_t factor, int64_t *value) {
    struct decimal decimal = {0, 0};
    enum decimal_outcome outcome = read_decimal(number, &decimal);
    return outcome == DECIMAL_GOOD ? multiply_exactly(decimal, factor, value) : outcome;
}

bool quantity_scale_decimal(struct text number, int64_t factor, int64_t *value, struct failure *failure) {
    struct text shown = text_cut(number, SHOWN_LENGTH_LARGEST);
    switch (scale_decimal(number, factor, value)) {
    case DECIMAL_GOOD:
        return true;
    case DECIMAL_NO_NUMBER:
        return failure_say(failure, "\"%.*s\" is no number; write digits such as 12 or 0.5",
                           "“%.*s”不是数字，用阿拉伯数字写，如 12 或 0.5", TEXT_PRINT(shown));
    case DECIMAL_TOO_LARGE:
        return failure_say(failure, "\"%.*s\" is too large to be held", "“%.*s”太大，无法记录", TEXT_PRINT(shown));
    case DECIMAL_TOO_FINE:
        break;
    }
    return failure_say(failure, "\"%.*s\" is finer than can be held exactly; write fewer decimals",
                       "“%.*s”太细，无法精确记录，请减少小数位数", TEXT_PRINT(shown));
}

/* Length of the number at the start: digits and points, whatever their order; scale_decimal judges it. */
static size_t measure_number(struct text input) {
    size_t length = 0;
    while (length < input.length && (is_digit(input.bytes[length]) || input.bytes[length] == '.')) {
        length++;
    }
    return length;
}

static bool begins_with(struct text text, const char *start) {
    size_t length = strlen(start);
    return text.length >= length && memcmp(text.bytes, start, length) == 0;
}

/* Finds the factor for the unit named in `input`. False with a message that offers the right ones. */
static bool choose_factor(struct text input, struct text name, enum quantity_dimension dimension, int64_t *factor,
                          struct failure *failure) {
    const struct words *wanted = find_words(dimension, failure);
    struct text shown = text_cut(input, SHOWN_LENGTH_LARGEST);
    if (name.length == 0) {
        *factor = 1;
        return dimension == QUANTITY_COUNT ||
               failure_say(failure, "\"%.*s\" has no unit; %s needs one of %s", "“%.*s”没有单位；%s的单位可用 %s",
                           TEXT_PRINT(shown), wanted->with_article, wanted->examples);
    }
    const struct unit *unit = find_unit(name);
    if (unit == NULL && (name.bytes[0] == '-' || name.bytes[0] == '~' || begins_with(name, "–") ||
                         begins_with(name, "—") || begins_with(name, "…") || begins_with(name, "～"))) {
        return failure_say(failure, "\"%.*s\" is no %s; a range is written with two points, such as 2..4",
                           "“%.*s”不是%s；范围用两个点，如 2..4", TEXT_PRINT(shown), wanted->name);
    }
    if (unit == NULL && (name.bytes[0] == 'e' || name.bytes[0] == 'E') && name.length > 1 &&
        (is_digit(name.bytes[1]) || name.bytes[1] == '+' || name.bytes[1] == '-')) {
        return failure_say(failure, "\"%.*s\" is no %s; write the number out in digits", "“%.*s”不是%s；数字请完整写出",
                           TEXT_PRINT(shown), wanted->name);
    }
    if (unit == NULL) {
        struct text nearest = quantity_suggest_unit(name);
        return nearest.length > 0
                   ? failure_say(failure, "\"%.*s\" has an unknown unit (perhaps %.*s); %s is written with %s",
                                 "“%.*s”的单位认不出（或许是 %.*s）；%s的单位可用 %s", TEXT_PRINT(shown),
                                 TEXT_PRINT(nearest), wanted->with_article, wanted->examples)
                   : failure_say(failure, "\"%.*s\" has an unknown unit; %s is written with %s",
                                 "“%.*s”的单位认不出；%s的单位可用 %s", TEXT_PRINT(shown), wanted->with_article,
                                 wanted->examples);
    }
    if (unit->dimension != dimension) {
        return failure_say(failure, "\"%.*s\" is %s, but %s is needed here: %s", "“%.*s”是%s，这里要填%s：%s",
                           TEXT_PRINT(shown), find_words(unit->dimension, failure)->with_article, wanted->with_article,
                           wanted->examples);
    }
    *factor = unit->factor;
    return true;
}

/* The refusal for a number that scale_decimal did not take. */
static bool refuse_number(struct text input, enum quantity_dimension dimension, enum decimal_outcome outcome,
                          struct failure *failure) {
    const struct words *wanted = find_words(dimension, failure);
    struct text shown = text_cut(input, SHOWN_LENGTH_LARGEST);
    if (outcome == DECIMAL_TOO_LARGE) {
        char largest[QUANTITY_ROOM];
        quantity_print(dimension, quantity_largest(dimension), largest);
        return failure_say(failure, "\"%.*s\" is out of all reason; %s is at most %s",
                           "“%.*s”大得不合常理；%s最大为 %s", TEXT_PRINT(shown), wanted->with_article, largest);
    }
    if (outcome == DECIMAL_TOO_FINE) {
        return dimension == QUANTITY_COUNT
                   ? failure_say(failure, "\"%.*s\" is no whole number, and counts are whole",
                                 "“%.*s”不是整数，个数须为整数", TEXT_PRINT(shown))
                   : failure_say(failure, "\"%.*s\" is finer than can be held exactly; write fewer decimals",
                                 "“%.*s”太细，无法精确记录，请减少小数位数", TEXT_PRINT(shown));
    }
    if (input.length > 0 && input.bytes[0] == '-') {
        return failure_say(failure, "\"%.*s\" is negative; %s is 0 or more", "“%.*s”是负数；%s不能小于 0",
                           TEXT_PRINT(shown), wanted->with_article);
    }
    return failure_say(failure, "\"%.*s\" is no %s; write digits such as 12 or 0.5, then %s",
                       "“%.*s”不是%s；先写数字，如 12 或 0.5，再写 %s", TEXT_PRINT(shown), wanted->name,
                       wanted->examples);
}

/* The later parts of "2小时30分", "1 h 30 min" begin with the next digit behind the first unit. */
static struct text split_parts(struct text *name, enum quantity_dimension dimension) {
    for (size_t i = 1; dimension == QUANTITY_DURATION && i < name->length; i++) {
        const struct unit *unit = is_digit(name->bytes[i]) ? find_unit(text_trim((struct text){name->bytes, i})) : NULL;
        if (unit != NULL && unit->dimension == dimension) { /* "km2" is no "km" with a part behind it */
            struct text rest = {name->bytes + i, name->length - i};
            *name = text_trim((struct text){name->bytes, i});
            return rest;
        }
    }
    return (struct text){0};
}

/* Adds the later parts of a duration; each must be shorter than a whole unit of the part before. */
static bool add_parts(struct text whole, struct text rest, int64_t factor, int64_t *value, struct failure *failure) {
    int64_t more = 0;
    if (rest.length == 0) {
        return true;
    }
    if (!quantity_parse(rest, QUANTITY_DURATION, &more, failure)) {
        return false;
    }
    if (more >= factor || more > quantity_largest(QUANTITY_DURATION) - *value) {
        return failure_say(failure, "\"%.*s\" is no duration; the larger unit comes first, such as 2 h 30 min",
                           "“%.*s”不是时长；大的单位在前，如 2小时30分钟",
                           TEXT_PRINT(text_cut(whole, SHOWN_LENGTH_LARGEST)));
    }
    *value += more;
    return true;
}

bool quantity_parse(struct text input, enum quantity_dimension dimension, int64_t *value, struct failure *failure) {
    struct text whole = text_trim(input);
    size_t number_length = measure_number(whole);
    struct text number = {whole.bytes, number_length};
    if (number_length == 0) {
        return refuse_number(whole, dimension, DECIMAL_NO_NUMBER, failure);
    }
    struct text name = text_trim((struct text){whole.bytes + number_length, whole.length - number_length});
    int64_t factor = 0;
    struct text rest = split_parts(&name, dimension);
    if (!choose_factor(whole, name, dimension, &factor, failure)) {
        return false;
    }
    int64_t found = 0;
    enum decimal_outcome outcome = scale_decimal(number, factor, &found);
    if (outcome == DECIMAL_GOOD && found > quantity_largest(dimension)) {
        outcome = DECIMAL_TOO_LARGE;
    }
    if (outcome != DECIMAL_GOOD) {
        return refuse_number(whole, dimension, outcome, failure);
    }
    if (!add_parts(whole, rest, factor, &found, failure)) {
        return false;
    }
    *value = found;
    return true;
}

/* A unit to print in, tried in this order. */
struct scale {
    enum quantity_dimension dimension;
    const char *unit;
    const char *chinese;
    int64_t factor;
    int64_t least;    /* the smallest magnitude that reads well in this unit */
    int decimals;     /* how many still read well */
    bool is_for_zero; /* the unit of 0 */
};

/* Durations are whole (150 min, not 2.5 h) down to the second: people give time limits that way. Hectares begin at a
 * tenth and stay in use up to 10000, as in the fire grades. Mu comes last among the areas: it is for what is a whole
 * number of mu and has endless decimals otherwise. */
static const struct scale scales[] = {
    {QUANTITY_COUNT, "", "", 1, 0, 0, true},
    {QUANTITY_DURATION, " d", " 天", DAY, DAY, 0, false},
    {QUANTITY_DURATION, " h", " 小时", HOUR, HOUR, 0, false},
    {QUANTITY_DURATION, " min", " 分钟", MINUTE, MINUTE, 0, true},
    {QUANTITY_DURATION, " s", " 秒", SECOND, SECOND, 3, false},
    {QUANTITY_DURATION, " ms", " 毫秒", 1000 * US, 0, 3, false},
    {QUANTITY_AREA, " km2", " 平方公里", SQUARE_KILOMETRE, 100 * SQUARE_KILOMETRE, 3, false},
    {QUANTITY_AREA, " ha", " 公顷", HECTARE, HECTARE / 10, 3, true},
    {QUANTITY_AREA, " m2", " 平方米", SQUARE_METRE, 0, 3, false},
    {QUANTITY_AREA, " mu", " 亩", MU, 0, 3, false},
    {QUANTITY_LENGTH, " km", " 公里", KILOMETRE, KILOMETRE, 3, false},
    {QUANTITY_LENGTH, " m", " 米", METRE, METRE / 10, 3, true},
    {QUANTITY_LENGTH, " mm", " 毫米", MILLIMETRE, 0, 3, false},
    {QUANTITY_VOLUME, " m3", " 立方米", CUBIC_METRE, CUBIC_METRE, 3, true},
    {QUANTITY_VOLUME, " l", " 升", LITRE, 0, 3, false},
    {QUANTITY_FLOW, " m3/s", " 立方米每秒", CUBIC_METRE, 0, 6, true},
};
#define SCALE_COUNT (sizeof scales / sizeof scales[0])
#define DECIMALS_LARGEST 6

/* Number of decimals of magnitude / factor, or more than DECIMALS_LARGEST when it has more or never ends. */
static int count_decimals(uint64_t magnitude, uint64_t factor) {
    uint64_t rest = magnitude % factor;
    int decimals = 0;
    while (rest != 0 && decimals <= DECIMALS_LARGEST) {
        rest = rest * 10 % factor; /* a factor is at most 3e12, so that ten times a rest fits */
        decimals++;
    }
    return decimals;
}

/* The first scale that shows the magnitude exactly with its own number of decimals, or with up to six when
 * `is_patient`. NULL when there is none. */
static const struct scale *find_exact_scale(enum quantity_dimension dimension, uint64_t magnitude, bool is_patient) {
    for (size_t i = 0; i < SCALE_COUNT; i++) {
        const struct scale *scale = &scales[i];
        if (scale->dimension != dimension || magnitude < (uint64_t)scale->least) {
            continue;
        }
        int allowed = is_patient ? DECIMALS_LARGEST : scale->decimals;
        if (count_decimals(magnitude, (uint64_t)scale->factor) <= allowed) {
            return scale;
        }
    }
    return NULL;
}

/* The first scale in which the magnitude is of a readable size. */
static const struct scale *find_rough_scale(enum quantity_dimension dimension, uint64_t magnitude) {
    size_t i = 0;
    while (scales[i].dimension != dimension || magnitude < (uint64_t)scales[i].least) {
        i++; /* every dimension has a scale whose `least` is 0 */
    }
    return &scales[i];
}

static const struct scale *find_zero_scale(enum quantity_dimension dimension) {
    size_t i = 0;
    while (scales[i].dimension != dimension || !scales[i].is_for_zero) {
        i++; /* every dimension has one */
    }
    return &scales[i];
}

/* Writes the decimals of rest / factor as ".25", without zeroes at the end, cut after `decimals` digits. */
static void print_fraction(uint64_t rest, uint64_t factor, int decimals, char out[DECIMALS_LARGEST + 2]) {
    size_t length = 0;
    size_t end = 0; /* behind the last digit that is no zero */
    out[length++] = '.';
    for (int i = 0; i < decimals; i++) {
        rest *= 10;
        out[length++] = (char)('0' + rest / factor);
        rest %= factor;
        if (out[length - 1] != '0') {
            end = length;
        }
    }
    out[end] = '\0';
}

void quantity_print(enum quantity_dimension dimension, int64_t value, char out[QUANTITY_ROOM]) {
    quantity_print_in(dimension, value, false, out);
}

static uint64_t find_magnitude(int64_t value) {
    return value < 0 ? (uint64_t)-value : (uint64_t)value;
}

static void print_scaled(const struct scale *scale, int64_t value, bool is_exact, bool is_chinese,
                         char out[QUANTITY_ROOM]) {
    uint64_t factor = (uint64_t)scale->factor;
    uint64_t magnitude = find_magnitude(value);
    char fraction[DECIMALS_LARGEST + 2];
    if (!is_exact) {
        magnitude += factor / 2000; /* half of the last decimal, so that cutting rounds */
    }
    print_fraction(magnitude % factor, factor, is_exact ? DECIMALS_LARGEST : 3, fraction);
    (void)snprintf(out, QUANTITY_ROOM, "%s%s%" PRIu64 "%s%s", is_exact ? "" : "≈", value < 0 ? "-" : "",
                   magnitude / factor, fraction, is_chinese ? scale->chinese : scale->unit);
}

void quantity_print_in(enum quantity_dimension dimension, int64_t value, bool is_chinese, char out[QUANTITY_ROOM]) {
    if (value == INT64_MAX || value == INT64_MIN) {
        (void)snprintf(out, QUANTITY_ROOM, "%s∞", value < 0 ? "-" : "");
        return;
    }
    uint64_t magnitude = find_magnitude(value);
    const struct scale *scale =
        magnitude == 0 ? find_zero_scale(dimension) : find_exact_scale(dimension, magnitude, false);
    if (scale == NULL) {
        scale = find_exact_scale(dimension, magnitude, true);
    }
    bool is_exact = scale != NULL;
    print_scaled(is_exact ? scale : find_rough_scale(dimension, magnitude), value, is_exact, is_chinese, out);
}

/* The first scale in which both are exact with its own number of decimals, and the higher one of a readable size. */
static const struct scale *find_common_scale(enum quantity_dimension dimension, uint64_t low, uint64_t high) {
    uint64_t larger = low > high ? low : high;
    for (size_t i = 0; i < SCALE_COUNT; i++) {
        const struct scale *scale = &scales[i];
        uint64_t factor = (uint64_t)scale->factor;
        if (scale->dimension == dimension && larger >= (uint64_t)scale->least &&
            count_decimals(low, factor) <= scale->decimals && count_decimals(high, factor) <= scale->decimals) {
            return scale;
        }
    }
    return NULL;
}

void quantity_print_range_in(enum quantity_dimension dimension, int64_t low, int64_t high, bool is_chinese,
                             char out_low[QUANTITY_ROOM], char out_high[QUANTITY_ROOM]) {
    bool is_bounded = low != INT64_MIN && low != INT64_MAX && high != INT64_MIN && high != INT64_MAX;
    const struct scale *scale =
        is_bounded && low != high ? find_common_scale(dimension, find_magnitude(low), find_magnitude(high)) : NULL;
    if (scale == NULL) {
        quantity_print_in(dimension, low, is_chinese, out_low);
        quantity_print_in(dimension, high, is_chinese, out_high);
        return;
    }
    print_scaled(scale, low, true, is_chinese, out_low);
    print_scaled(scale, high, true, is_chinese, out_high);
}
