#include "run/figure.h"

#include "base/calendar.h"
#include "run/number_word.h"

#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define UNIT_BYTES_MAX 32U
#define PREFIXES_MAX 3
#define HOUR CALENDAR_US_PER_HOUR
#define MINUTE CALENDAR_US_PER_MINUTE

/* ---- words before and behind a number --------------------------------------------------------------------- */

enum manner { ABOUT, NEARLY, AT_LEAST, AT_MOST, MORE, LESS };

static const struct text prefixes[] = {
    TEXT_INITIAL("约"),         TEXT_INITIAL("大约"),          TEXT_INITIAL("大概"),
    TEXT_INITIAL("大致"),       TEXT_INITIAL("差不多"),        TEXT_INITIAL("约莫"),
    TEXT_INITIAL("估计"),       TEXT_INITIAL("估摸"),          TEXT_INITIAL("about"),
    TEXT_INITIAL("around"),     TEXT_INITIAL("approximately"), TEXT_INITIAL("roughly"),
    TEXT_INITIAL("近"),         TEXT_INITIAL("将近"),          TEXT_INITIAL("接近"),
    TEXT_INITIAL("nearly"),     TEXT_INITIAL("almost"),        TEXT_INITIAL("close to"),
    TEXT_INITIAL("至少"),       TEXT_INITIAL("最少"),          TEXT_INITIAL("起码"),
    TEXT_INITIAL("不少于"),     TEXT_INITIAL("不低于"),        TEXT_INITIAL("不下"),
    TEXT_INITIAL("at least"),   TEXT_INITIAL("no less than"),  TEXT_INITIAL("not less than"),
    TEXT_INITIAL("至多"),       TEXT_INITIAL("最多"),          TEXT_INITIAL("顶多"),
    TEXT_INITIAL("不超过"),     TEXT_INITIAL("不多于"),        TEXT_INITIAL("at most"),
    TEXT_INITIAL("up to"),      TEXT_INITIAL("no more than"),  TEXT_INITIAL("not more than"),
    TEXT_INITIAL("超过"),       TEXT_INITIAL("多于"),          TEXT_INITIAL("超"),
    TEXT_INITIAL("more than"),  TEXT_INITIAL("over"),          TEXT_INITIAL("不到"),
    TEXT_INITIAL("不足"),       TEXT_INITIAL("少于"),          TEXT_INITIAL("less than"),
    TEXT_INITIAL("fewer than"), TEXT_INITIAL("under"),
};
/* The first index of each manner. */
static const int manner_starts[] = {0, 12, 18, 27, 36, 41};

static enum manner find_manner(int prefix) {
    enum manner manner = ABOUT;
    for (int i = 1; i < (int)COUNT_OF(manner_starts); i++) {
        manner = prefix >= manner_starts[i] ? (enum manner)i : manner;
    }
    return manner;
}

/* How a figure is meant, as its words say. */
struct meant {
    bool is_about, is_nearly;
    enum figure_comparison comparison;
};

static size_t read_prefixes(struct text text, size_t at, struct meant *meant) {
    *meant = (struct meant){.comparison = FIGURE_WITHIN};
    for (int i = 0; i < PREFIXES_MAX; i++) {
        size_t end = 0;
        int found = number_word_find(text, at, prefixes, COUNT_OF(prefixes), &end);
        if (found < 0) {
            break;
        }
        enum manner manner = find_manner(found);
        meant->is_about = meant->is_about || manner == ABOUT;
        meant->is_nearly = meant->is_nearly || manner == NEARLY;
        meant->comparison = manner == AT_LEAST  ? FIGURE_AT_LEAST
                            : manner == AT_MOST ? FIGURE_AT_MOST
                            : manner == MORE    ? FIGURE_MORE
                            : manner == LESS    ? FIGURE_LESS
                                                : meant->comparison;
        at = number_word_skip_blanks(text, end);
    }
    return at;
}

/* 左右 and its like. False for 以上 and its like, which do not say whether the number is included: that is no figure. */
static bool read_suffix(struct text text, size_t *at, struct meant *meant) {
    static const struct text rough[] = {TEXT_INITIAL("左右"), TEXT_INITIAL("上下"), TEXT_INITIAL("or so")};
    static const struct text vague[] = {TEXT_INITIAL("以上"), TEXT_INITIAL("以下"), TEXT_INITIAL("以内"),
                                        TEXT_INITIAL("开外"), TEXT_INITIAL("以外")};
    static const struct text more[] = {TEXT_INITIAL("or more"), TEXT_INITIAL("at least")};
    size_t next = number_word_skip_blanks(text, *at);
    size_t end = 0;
    if (number_word_find(text, next, vague, COUNT_OF(vague), &end) >= 0) {
        return false;
    }
    if (number_word_find(text, next, rough, COUNT_OF(rough), &end) >= 0) {
        meant->is_about = true;
        *at = end;
    } else if (number_word_find(text, next, more, COUNT_OF(more), &end) >= 0) {
        meant->comparison = FIGURE_AT_LEAST;
        *at = end;
    }
    return true;
}

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

/* 个 of 两个半小时, "and a half": adds the half; returns the offset of the unit. */
static size_t read_between(struct text text, size_t at, struct number *number) {
    static const char *const pieces[] = {"个"};
    static const char *const halves[] = {"半", "and a half"};
    at = number_word_skip_blanks(text, number_word_skip(text, number_word_skip_blanks(text, at), pieces, 1));
    size_t end = number->is_half ? at : number_word_skip(text, at, halves, 2);
    if (end != at) {
        number->low += NUMBER_ONE / 2;
        number->high += NUMBER_ONE / 2;
    }
    return number_word_skip_blanks(text, end);
}

/* 半 and 多 behind the unit: 一亩半, 三亩多, an hour and a half. */
static size_t read_behind(struct text text, size_t at, struct measured *made) {
    static const char *const halves[] = {"半", " and a half"};
    static const char *const more[] = {"多", "余"};
    size_t end = number_word_skip(text, at, halves, 2);
    if (end != at && made->factor % 2 == 0) {
        made->low += made->factor / 2;
        made->high += made->factor / 2;
        return end;
    }
    end = number_word_skip(text, at, more, 2);
    made->high += end != at && made->low == made->high ? made->factor : 0;
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

/* Widens by the plan's part, outward to whole base units; about one is never none. */
static void spread(const struct figure_setting *setting, const struct meant *meant, struct figure *figure) {
    int64_t low = figure->low;
    if ((!meant->is_about && !meant->is_nearly) || figure->comparison != FIGURE_WITHIN) {
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
    figure->high += meant->is_nearly ? 0 : most;
}

/* Makes the reading of what was measured. False where a suffix makes it no figure. */
static bool make_reading(const struct figure_setting *setting, struct text text, size_t end,
                         const struct measured *made, struct meant meant, struct figure *reading) {
    meant.is_about = meant.is_about || made->is_rough;
    if (!read_suffix(text, &end, &meant)) {
        return false;
    }
    *reading = (struct figure){.comparison = meant.comparison,
                               .low = made->low,
                               .high = made->high,
                               .end = end,
                               .unit = made->unit,
                               .factor = made->factor};
    if (meant.comparison == FIGURE_AT_LEAST || meant.comparison == FIGURE_MORE) {
        reading->high = made->low;
    } else if (meant.comparison != FIGURE_WITHIN) {
        reading->low = made->high;
    }
    spread(setting, &meant, reading);
    return true;
}

/* ---- counts ----------------------------------------------------------------------------------------------- */

/* None and some, which only a count can be: 没有, 无, 有, 多; none, nobody. */
static size_t read_bare_count(struct text text, size_t at, struct measured *made, struct meant *meant) {
    static const char *const none[] = {"没有", "没", "无", "no one", "nobody", "none", "no"};
    static const char *const some[] = {"有", "someone", "somebody"};
    static const char *const many[] = {"多"};
    *made = (struct measured){.factor = 1};
    size_t end = number_word_skip(text, at, none, COUNT_OF(none));
    if (end != at) {
        return end;
    }
    end = number_word_skip(text, at, some, COUNT_OF(some));
    made->low = 1;
    if (end == at) {
        end = number_word_skip(text, at, many, COUNT_OF(many));
        made->low = 2;
    }
    made->high = made->low;
    meant->comparison = end != at ? FIGURE_AT_LEAST : meant->comparison;
    return end;
}

static size_t read_count(const struct figure_setting *setting, struct text text, size_t at, struct meant meant,
                         struct figure readings[FIGURE_READINGS]) {
    static const char *const pieces[] = {"个", "名", "位"};
    struct number number = {0};
    struct measured made = {.factor = 1};
    size_t count = 0;
    size_t end = number_word_read(text, at, &number);
    if (end == at) {
        end = meant.comparison == FIGURE_WITHIN ? read_bare_count(text, at, &made, &meant) : at;
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
        count += make_reading(setting, text, ends[i], &made, meant, &readings[count]) ? 1 : 0;
    }
    return count;
}

size_t figure_read_quantity(const struct figure_setting *setting, enum quantity_dimension dimension, struct text text,
                            size_t at, struct figure readings[FIGURE_READINGS]) {
    struct meant meant;
    struct number number;
    struct measured made = {0};
    at = read_prefixes(text, at, &meant);
    if (dimension == QUANTITY_COUNT) {
        return read_count(setting, text, at, meant, readings);
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
    return end != at && make_reading(setting, text, end, &made, meant, &readings[0]) ? 1 : 0;
}
