#include "run/figure.h"

#include "base/calendar.h"
#include "run/number_word.h"

#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define UNIT_BYTES_MAX 32U
#define HOUR CALENDAR_US_PER_HOUR
#define MINUTE CALENDAR_US_PER_MINUTE

/* ---- units ------------------------------------------------------------------------------------------------ */

/* Units as they are spoken, besides those that are written (quantity.h). */
static const struct spoken_unit {
    struct text name, written;
    enum quantity_dimension dimension;
    int64_t factor;
} spoken_units[] = {
    {TEXT_INITIAL("刻钟"), TEXT_INITIAL(""), QUANTITY_DURATION, 15 * MINUTE},
    {TEXT_INITIAL("钟头"), TEXT_INITIAL("小时"), QUANTITY_DURATION, HOUR},
    {TEXT_INITIAL("mins"), TEXT_INITIAL("min"), QUANTITY_DURATION, MINUTE},
    {TEXT_INITIAL("hr"), TEXT_INITIAL("h"), QUANTITY_DURATION, HOUR},
    {TEXT_INITIAL("hrs"), TEXT_INITIAL("h"), QUANTITY_DURATION, HOUR},
    {TEXT_INITIAL("millimetre"), TEXT_INITIAL("mm"), QUANTITY_LENGTH, 1000},
    {TEXT_INITIAL("millimetres"), TEXT_INITIAL("mm"), QUANTITY_LENGTH, 1000},
    {TEXT_INITIAL("millimeter"), TEXT_INITIAL("mm"), QUANTITY_LENGTH, 1000},
    {TEXT_INITIAL("millimeters"), TEXT_INITIAL("mm"), QUANTITY_LENGTH, 1000},
    {TEXT_INITIAL("centimetre"), TEXT_INITIAL("cm"), QUANTITY_LENGTH, 10000},
    {TEXT_INITIAL("centimetres"), TEXT_INITIAL("cm"), QUANTITY_LENGTH, 10000},
    {TEXT_INITIAL("centimeter"), TEXT_INITIAL("cm"), QUANTITY_LENGTH, 10000},
    {TEXT_INITIAL("centimeters"), TEXT_INITIAL("cm"), QUANTITY_LENGTH, 10000},
    {TEXT_INITIAL("metre"), TEXT_INITIAL("m"), QUANTITY_LENGTH, 1000000},
    {TEXT_INITIAL("metres"), TEXT_INITIAL("m"), QUANTITY_LENGTH, 1000000},
    {TEXT_INITIAL("meter"), TEXT_INITIAL("m"), QUANTITY_LENGTH, 1000000},
    {TEXT_INITIAL("meters"), TEXT_INITIAL("m"), QUANTITY_LENGTH, 1000000},
    {TEXT_INITIAL("cubic metres a second"), TEXT_INITIAL("m3/s"), QUANTITY_FLOW, 1000000},
    {TEXT_INITIAL("cubic metres per second"), TEXT_INITIAL("m3/s"), QUANTITY_FLOW, 1000000},
    {TEXT_INITIAL("cubic meters per second"), TEXT_INITIAL("m3/s"), QUANTITY_FLOW, 1000000},
};

static bool is_word_byte(char byte) {
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '/';
}

/* A day of the month and an o'clock are spelt like these: 5日, 3时. */
static bool is_ambiguous(struct text name) {
    return text_equals_string(name, "日") || text_equals_string(name, "时");
}

/* The longest unit of a dimension at an offset; returns the offset behind it, or `at`. */
static size_t find_unit(enum quantity_dimension dimension, struct text text, size_t at, int64_t *factor,
                        struct text *written) {
    size_t found = at;
    size_t size = 0;
    for (size_t end = at; end < text.length && end - at < UNIT_BYTES_MAX; end += size) {
        (void)text_read_code_point(text, end, &size);
        size_t behind = end + size;
        struct text name = {text.bytes + at, behind - at};
        enum quantity_dimension is = QUANTITY_COUNT;
        int64_t one = 0;
        bool is_cut = behind < text.length && is_word_byte(text.bytes[behind]) && is_word_byte(text.bytes[behind - 1]);
        if (!is_cut && !is_ambiguous(name) && quantity_find_unit(name, &is, &one) && is == dimension) {
            found = behind;
            *factor = one;
            *written = name;
        }
    }
    for (size_t i = 0; i < COUNT_OF(spoken_units); i++) {
        size_t end = 0;
        if (spoken_units[i].dimension == dimension && number_word_find(text, at, &spoken_units[i].name, 1, &end) >= 0 &&
            end > found) {
            found = end;
            *factor = spoken_units[i].factor;
            *written = spoken_units[i].written;
        }
    }
    return found;
}

/* ---- a number with its unit ------------------------------------------------------------------------------- */

struct measured {
    int64_t low, high; /* base units */
    int64_t factor;
    struct text unit;
    bool is_rough;
};

/* Base units of thousandths; false when that is not exact or too large. */
static bool scale(int64_t thousandths, int64_t factor, int64_t *value) {
    int64_t product = 0;
    if (__builtin_mul_overflow(thousandths, factor, &product) || product % NUMBER_ONE != 0) {
        return false;
    }
    *value = product / NUMBER_ONE;
    return true;
}

/* 个 of 两个半小时, "and a half": adds the half; 多 of 一个多小时, up to one more; returns the offset of the unit. */
static size_t read_between(struct text text, size_t at, struct number *number) {
    static const char *const pieces[] = {"个"};
    static const char *const halves[] = {"半", "and a half"};
    static const char *const more[] = {"多", "余"};
    at = number_word_skip_blanks(text, number_word_skip(text, number_word_skip_blanks(text, at), pieces, 1));
    size_t end = number->is_half ? at : number_word_skip(text, at, halves, 2);
    if (end != at) {
        number->low += NUMBER_ONE / 2;
        number->high += NUMBER_ONE / 2;
    } else if (number->low == number->high) {
        end = number_word_skip(text, at, more, 2);
        number->high += end == at ? 0 : number->is_half ? NUMBER_ONE / 2 : NUMBER_ONE;
    }
    return number_word_skip_blanks(text, end);
}

/* 半 and 多 behind the unit: 一亩半, 三亩多, an hour and a half. */
static size_t read_behind(struct text text, size_t at, struct measured *made) {
    static const char *const halves[] = {"半", " and a half"};
    static const char *const more[] = {"多一点", "多点", "多", "余"};
    size_t end = number_word_skip(text, at, halves, 2);
    if (end != at && made->factor % 2 == 0) {
        made->low += made->factor / 2;
        made->high += made->factor / 2;
        return end;
    }
    end = number_word_skip(text, at, more, COUNT_OF(more));
    if (end != at && made->low == made->high) {
        made->high =
            made->low < made->factor ? made->factor : made->low + made->factor; /* 半个小时多 is less than one */
    }
    return end;
}

/* The rest of 2小时30分, one hour and 20 minutes. */
static size_t read_rest(struct text text, size_t at, struct measured *made) {
    static const char *const joints[] = {"and", "零", "又"};
    struct number number;
    struct text unit = {0};
    int64_t factor = 0;
    int64_t low = 0;
    int64_t high = 0;
    size_t next = number_word_skip_blanks(text, at);
    next = number_word_skip_blanks(text, number_word_skip(text, next, joints, 3));
    size_t behind = number_word_read(text, next, &number);
    if (behind == next) {
        return at;
    }
    behind = number_word_skip_blanks(text, behind);
    size_t end = find_unit(QUANTITY_DURATION, text, behind, &factor, &unit);
    if (end == behind || factor >= made->factor || !scale(number.low, factor, &low) ||
        !scale(number.high, factor, &high) || high >= made->factor) {
        return at;
    }
    made->low += low;
    made->high += high;
    made->unit = (struct text){0}; /* no single unit spells it */
    return end;
}

/* Goes on behind a number; returns the offset behind its unit, or `at` when there is none. */
static size_t read_unit(enum quantity_dimension dimension, struct text text, size_t at, struct number number,
                        struct measured *made) {
    int64_t factor = 0;
    struct text unit_name = {0};
    size_t unit_at = read_between(text, at, &number);
    size_t end = find_unit(dimension, text, unit_at, &factor, &unit_name);
    if (end == unit_at) {
        return at;
    }
    *made = (struct measured){.factor = factor, .unit = unit_name, .is_rough = number.is_rough};
    if (!scale(number.low, factor, &made->low) || !scale(number.high, factor, &made->high)) {
        return at;
    }
    size_t behind = read_behind(text, end, made);
    return behind == end && dimension == QUANTITY_DURATION ? read_rest(text, end, made) : behind;
}

/* Between the two ends of a range: 3-4, 三到四, three or four. */
static size_t read_joint(struct text text, size_t at) {
    static const struct text joints[] = {
        TEXT_INITIAL("-"),    TEXT_INITIAL("－"), TEXT_INITIAL("–"),  TEXT_INITIAL("—"),  TEXT_INITIAL("~"),
        TEXT_INITIAL("～"),   TEXT_INITIAL(".."), TEXT_INITIAL("到"), TEXT_INITIAL("至"), TEXT_INITIAL("或"),
        TEXT_INITIAL("或者"), TEXT_INITIAL("to"), TEXT_INITIAL("or")};
    size_t end = 0;
    size_t next = number_word_skip_blanks(text, at);
    return number_word_find(text, next, joints, COUNT_OF(joints), &end) >= 0 ? number_word_skip_blanks(text, end) : at;
}

/* Both ends of a range are one measure: the first has the unit of the second, or its own. */
static size_t read_range(enum quantity_dimension dimension, struct text text, size_t at, struct number first,
                         size_t behind_first, struct measured *made) {
    struct number second;
    struct measured left = {0};
    size_t left_end =
        dimension == QUANTITY_COUNT ? behind_first : read_unit(dimension, text, behind_first, first, &left);
    size_t joint = read_joint(text, left_end);
    size_t right_at = joint == left_end ? at : number_word_read(text, joint, &second);
    if (joint == left_end || right_at == joint) {
        return at;
    }
    if (dimension == QUANTITY_COUNT) {
        *made = (struct measured){.factor = 1};
        bool is_good = scale(first.low, 1, &made->low) && scale(second.high, 1, &made->high);
        return is_good && made->low <= made->high ? right_at : at;
    }
    struct measured right = {0};
    size_t end = read_unit(dimension, text, right_at, second, &right);
    if (end == right_at || (left_end == behind_first && !scale(first.low, right.factor, &left.low)) ||
        left.low > right.high) {
        return at;
    }
    *made = right;
    made->low = left.low;
    return end;
}

/* ---- about ------------------------------------------------------------------------------------------------ */

static int64_t divide_up(int64_t value, int64_t by) {
    return value / by + (value % by > 0 ? 1 : 0);
}

struct figure_setting figure_find_setting(const struct plan *plan, uint16_t fact) {
    const struct plan_fact *declared = &plan->facts[fact];
    bool is_time = declared->type == PLAN_TIME;
    return (struct figure_setting){.percent = plan->about.percent,
                                   .fixed = is_time ? 0 : declared->about,
                                   .time_us = is_time && declared->about > 0 ? declared->about : plan->about.time_us,
                                   .zone_minutes = plan->zone_minutes};
}

/* Widens by the plan's part, outward to whole base units; about one is never none. A bound is moved outward alone. */
static void spread(const struct figure_setting *setting, const struct figure_manner *manner, struct figure *figure) {
    int64_t low = figure->low;
    if (!manner->is_about && !manner->is_nearly) {
        return;
    }
    figure->is_about = true;
    figure->is_undeclared = setting->percent == 0 && setting->fixed == 0;
    if (figure->high > INT64_MAX / 200) {
        return;
    }
    int64_t least = setting->fixed > 0 ? setting->fixed : divide_up(low * setting->percent, 100);
    int64_t most = setting->fixed > 0 ? setting->fixed : divide_up(figure->high * setting->percent, 100);
    figure->low = low - least < 1 && low > 0 ? 1 : low - least;
    figure->high += manner->is_nearly ? 0 : most;
    if (figure_manner_is_least(figure->comparison)) {
        figure->high = figure->low;
    } else if (figure->comparison != FIGURE_WITHIN) {
        figure->low = figure->high;
    }
}

/* Makes the reading of what was measured. False where the words about it contradict one another. */
static bool make_reading(const struct figure_setting *setting, struct text text, size_t end,
                         const struct measured *made, struct figure_manner manner, struct figure *reading) {
    manner.is_about = manner.is_about || made->is_rough;
    end = figure_manner_read_behind(text, end, &manner);
    if (!figure_manner_join(&manner, &setting->outside)) {
        return false;
    }
    *reading = (struct figure){.comparison = manner.comparison,
                               .low = made->low,
                               .high = made->high,
                               .is_vague = manner.is_vague,
                               .end = end,
                               .unit = made->unit,
                               .factor = made->factor};
    if (figure_manner_is_least(manner.comparison)) {
        reading->high = made->low;
    } else if (manner.comparison != FIGURE_WITHIN) {
        reading->low = made->high;
    }
    spread(setting, &manner, reading);
    return true;
}

/* ---- counts ----------------------------------------------------------------------------------------------- */

/* None and some, which only a count can be: 没有, 无, 有, 多; none, nobody. */
static size_t read_bare_count(struct text text, size_t at, struct measured *made, struct figure_manner *manner) {
    static const char *const none[] = {"没有", "没得", "没", "无", "no one", "nobody", "none", "no"};
    static const char *const some[] = {"有", "someone", "somebody"};
    static const char *const many[] = {"好多", "好些", "有些", "一些", "不少", "多"};
    *made = (struct measured){.factor = 1};
    size_t end = number_word_skip(text, at, none, COUNT_OF(none));
    if (end != at) {
        return end;
    }
    end = number_word_skip(text, at, many, COUNT_OF(many));
    made->low = 2;
    if (end == at) {
        end = number_word_skip(text, at, some, COUNT_OF(some));
        made->low = 1;
    }
    made->high = made->low;
    manner->comparison = end != at ? FIGURE_AT_LEAST : manner->comparison;
    return end;
}

static size_t read_count(const struct figure_setting *setting, struct text text, size_t at, struct figure_manner manner,
                         struct figure readings[FIGURE_READINGS]) {
    static const char *const pieces[] = {"个", "名", "位"};
    struct number number = {0};
    struct measured made = {.factor = 1};
    size_t count = 0;
    size_t end = number_word_read(text, at, &number);
    if (end == at) {
        end = manner.comparison == FIGURE_WITHIN ? read_bare_count(text, at, &made, &manner) : at;
    } else {
        size_t range_end = read_range(QUANTITY_COUNT, text, at, number, end, &made);
        if (range_end != at) {
            end = range_end;
        } else if (number.is_half || !scale(number.low, 1, &made.low) || !scale(number.high, 1, &made.high)) {
            return 0;
        }
        made.is_rough = number.is_rough;
        made.factor = 1;
    }
    if (end == at) {
        return 0;
    }
    size_t ends[FIGURE_READINGS] = {end, 0, 0};
    size_t end_count = 1;
    size_t next = number_word_skip_blanks(text, end);
    size_t piece = number_word_skip(text, next, pieces, 3);
    if (piece != next) {
        ends[end_count++] = piece;
        next = number_word_skip_blanks(text, piece);
    }
    int64_t factor = 1;
    struct text counted = {0};
    size_t unit = find_unit(QUANTITY_COUNT, text, next, &factor, &counted);
    if (unit != next && factor == 1 && unit != piece) {
        ends[end_count++] = unit;
    }
    for (size_t i = 0; i < end_count; i++) {
        made.unit = ends[i] == unit && unit != next ? counted : (struct text){0};
        count += make_reading(setting, text, ends[i], &made, manner, &readings[count]) ? 1 : 0;
    }
    return count;
}

size_t figure_read_quantity(const struct figure_setting *setting, enum quantity_dimension dimension, struct text text,
                            size_t at, struct figure readings[FIGURE_READINGS]) {
    struct figure_manner manner;
    struct number number;
    struct measured made = {0};
    if (!figure_manner_read_before(text, &at, &manner)) {
        return 0;
    }
    if (dimension == QUANTITY_COUNT) {
        return read_count(setting, text, at, manner, readings);
    }
    size_t behind = number_word_read(text, at, &number);
    if (behind == at) {
        return 0;
    }
    size_t end = read_range(dimension, text, at, number, behind, &made);
    if (end == at) {
        end = read_unit(dimension, text, behind, number, &made);
        end = end == behind ? at : end;
    }
    return end != at && make_reading(setting, text, end, &made, manner, &readings[0]) ? 1 : 0;
}
