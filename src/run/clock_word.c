/* Times of the day as they are said: 三点半, 昨晚11点20分, 下午3点左右, 15:20, 3:20 pm, half past three; and how long ago. */
#include "run/figure.h"

#include "base/calendar.h"
#include "run/number_word.h"

#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define HOUR CALENDAR_US_PER_HOUR
#define MINUTE CALENDAR_US_PER_MINUTE

/* ---- words ------------------------------------------------------------------------------------------------ */

enum part { NO_PART, MORNING, NOON, AFTERNOON, EVENING, NIGHT };

static const struct day_word {
    struct text word;
    int back; /* days; -1: not said */
    enum part part;
} day_words[] = {
    {TEXT_INITIAL("今天"), 0, NO_PART},      {TEXT_INITIAL("今日"), 0, NO_PART},    {TEXT_INITIAL("今早"), 0, MORNING},
    {TEXT_INITIAL("今晨"), 0, MORNING},      {TEXT_INITIAL("今晚"), 0, EVENING},    {TEXT_INITIAL("昨天"), 1, NO_PART},
    {TEXT_INITIAL("昨日"), 1, NO_PART},      {TEXT_INITIAL("昨晚"), 1, EVENING},    {TEXT_INITIAL("昨夜"), 1, EVENING},
    {TEXT_INITIAL("前天"), 2, NO_PART},      {TEXT_INITIAL("凌晨"), -1, MORNING},   {TEXT_INITIAL("清晨"), -1, MORNING},
    {TEXT_INITIAL("早上"), -1, MORNING},     {TEXT_INITIAL("早晨"), -1, MORNING},   {TEXT_INITIAL("上午"), -1, MORNING},
    {TEXT_INITIAL("中午"), -1, NOON},        {TEXT_INITIAL("下午"), -1, AFTERNOON}, {TEXT_INITIAL("傍晚"), -1, EVENING},
    {TEXT_INITIAL("晚上"), -1, EVENING},     {TEXT_INITIAL("夜里"), -1, NIGHT},     {TEXT_INITIAL("半夜"), -1, NIGHT},
    {TEXT_INITIAL("yesterday"), 1, NO_PART}, {TEXT_INITIAL("today"), 0, NO_PART},
};

/* A time of the day on its way. */
struct clock {
    int64_t first, last; /* minutes of the day; apart for 三四点, 3点多 */
    int back;            /* days; -1: not said */
    enum part part;
    bool is_whole; /* 15点, 03:20: no morning or evening to be guessed */
    bool is_about;
};

static size_t read_day(struct text text, size_t at, struct clock *clock) {
    for (int i = 0; i < 2; i++) {
        size_t end = at;
        for (size_t k = 0; k < COUNT_OF(day_words); k++) {
            size_t behind = 0;
            if (number_word_find(text, at, &day_words[k].word, 1, &behind) >= 0) {
                clock->back = day_words[k].back >= 0 ? day_words[k].back : clock->back;
                clock->part = day_words[k].part != NO_PART ? day_words[k].part : clock->part;
                end = behind;
            }
        }
        if (end == at) {
            break;
        }
        at = number_word_skip_blanks(text, end);
    }
    return at;
}

/* ---- hours and minutes ------------------------------------------------------------------------------------ */

/* A whole number from 0 to `most`, one digit a sign of 2 in digits at most. */
static size_t read_whole(struct text text, size_t at, int64_t most, int64_t *low, int64_t *high) {
    struct number number = {0};
    size_t end = number_word_read(text, at, &number);
    bool is_whole = end != at && number.low % NUMBER_ONE == 0 && number.high % NUMBER_ONE == 0 && !number.is_rough;
    *low = number.low / NUMBER_ONE;
    *high = number.high / NUMBER_ONE;
    return is_whole && *high <= most ? end : at;
}

/* Digits alone: "03", "3". */
static size_t read_two_digits(struct text text, size_t at, int64_t *value) {
    size_t end = at;
    *value = 0;
    while (end < text.length && end < at + 2 && text.bytes[end] >= '0' && text.bytes[end] <= '9') {
        *value = *value * 10 + (text.bytes[end] - '0');
        end++;
    }
    bool goes_on = end < text.length && text.bytes[end] >= '0' && text.bytes[end] <= '9';
    return goes_on ? at : end;
}

/* am and pm. */
static size_t read_half_day(struct text text, size_t at, struct clock *clock) {
    static const char *const morning[] = {"am", "a.m."};
    static const char *const later[] = {"pm", "p.m."};
    size_t next = number_word_skip_blanks(text, at);
    size_t end = number_word_skip(text, next, morning, 2);
    if (end != next) {
        clock->part = MORNING;
        return end;
    }
    end = number_word_skip(text, next, later, 2);
    if (end != next) {
        clock->part = AFTERNOON;
        return end;
    }
    return at;
}

/* 3:20, 15:20, 3:20 pm, 3 pm. */
static size_t read_digital(struct text text, size_t at, struct clock *clock) {
    int64_t hour = 0;
    int64_t minute = 0;
    size_t size = 0;
    size_t end = read_two_digits(text, at, &hour);
    if (end == at || hour > 24) {
        return at;
    }
    clock->is_whole = (end == at + 2 && text.bytes[at] == '0') || hour > 12;
    uint32_t sign = text_read_code_point(text, end, &size);
    if (sign == ':' || sign == 0xFF1A) {
        size_t behind = read_two_digits(text, end + size, &minute);
        if (behind != end + size + 2 || minute > 59) {
            return at;
        }
        end = read_half_day(text, behind, clock);
    } else {
        size_t behind = read_half_day(text, end, clock);
        if (behind == end) {
            return at;
        }
        end = behind;
    }
    clock->first = hour * 60 + minute;
    clock->last = clock->first;
    return end;
}

/* What stands behind 点: 半, 一刻, 二十, 20分, 多, 整, 钟. */
static size_t read_minutes(struct text text, size_t at, struct clock *clock) {
    static const char *const half[] = {"半"};
    static const char *const quarter[] = {"一刻", "1刻"};
    static const char *const three[] = {"三刻", "3刻"};
    static const char *const more[] = {"多", "过"};
    static const char *const whole[] = {"整", "钟"};
    static const char *const minute_words[] = {"分钟", "分"};
    int64_t low = 0;
    int64_t high = 0;
    const struct {
        const char *const *words;
        size_t count;
        int64_t first, last;
    } fixed[] = {{half, 1, 30, 30}, {quarter, 2, 15, 15}, {three, 2, 45, 45}, {whole, 2, 0, 0}};
    for (size_t i = 0; i < COUNT_OF(fixed); i++) {
        size_t end = number_word_skip(text, at, fixed[i].words, fixed[i].count);
        if (end != at) {
            clock->first += fixed[i].first;
            clock->last += fixed[i].last;
            return end;
        }
    }
    size_t behind = number_word_skip(text, at, more, 2);
    size_t end = read_whole(text, behind, 59, &low, &high);
    if (end != behind && clock->first == clock->last) {
        clock->first += low;
        clock->last += high;
        return number_word_skip(text, end, minute_words, 2);
    }
    clock->last += behind != at ? 59 : 0;
    return behind;
}

/* 三点半, 3时20分, 三四点. */
static size_t read_spoken(struct text text, size_t at, struct clock *clock) {
    static const char *const oclock[] = {"点钟", "点", "时"};
    static const char *const other[] = {"时间", "时候"};
    int64_t low = 0;
    int64_t high = 0;
    struct number number = {0};
    size_t end = at;
    /* 三点五 must not be read as a number here: the hour ends before 点. */
    for (size_t length = 3; length <= 9 && end == at && at + length <= text.length; length += 3) {
        struct text hour = {text.bytes, at + length};
        if (number_word_read(hour, at, &number) == at + length &&
            number_word_skip(text, at + length, oclock, 3) != at + length) {
            end = read_whole(hour, at, 24, &low, &high);
        }
    }
    for (size_t length = 1; length <= 2 && end == at && at + length <= text.length; length++) {
        struct text hour = {text.bytes, at + length};
        if (text_find_invalid_utf8((struct text){text.bytes + at, length}) < 0 &&
            number_word_skip(text, at + length, oclock, 3) != at + length) {
            end = read_whole(hour, at, 24, &low, &high);
        }
    }
    if (end == at || number_word_skip(text, end, other, 2) != end) {
        return at;
    }
    clock->first = low * 60;
    clock->last = high * 60;
    clock->is_whole = low > 12 || low == 0;
    return read_minutes(text, number_word_skip(text, end, oclock, 3), clock);
}

/* half past three, quarter to four, ten past three. */
static size_t read_past(struct text text, size_t at, struct clock *clock) {
    static const struct text parts[] = {TEXT_INITIAL("half"), TEXT_INITIAL("quarter"), TEXT_INITIAL("a quarter")};
    static const struct text sides[] = {TEXT_INITIAL("past"), TEXT_INITIAL("to")};
    size_t end = 0;
    int64_t low = 0;
    int64_t high = 0;
    int part = number_word_find(text, at, parts, 3, &end);
    int side = part < 0 ? -1 : number_word_find(text, number_word_skip_blanks(text, end), sides, 2, &end);
    if (side < 0 || (part == 0 && side == 1)) {
        return at;
    }
    size_t hour_at = number_word_skip_blanks(text, end);
    end = read_whole(text, hour_at, 12, &low, &high);
    if (end == hour_at || low != high || low < 1) {
        return at;
    }
    int64_t minutes = part == 0 ? 30 : 15;
    clock->first = low * 60 + (side == 0 ? minutes : -minutes);
    clock->last = clock->first;
    return read_half_day(text, end, clock);
}

/* ---- from the clock to an instant ------------------------------------------------------------------------- */

/* The hour of the day that a part of the day makes of it. */
static int64_t place_hour(int64_t minutes, enum part part) {
    int64_t hour = minutes / 60;
    bool is_later = (part == AFTERNOON && hour < 12) || (part == NOON && hour < 3) ||
                    (part == EVENING && hour >= 5 && hour < 12) || (part == NIGHT && hour >= 8 && hour < 12);
    bool is_midnight = (part == MORNING || part == NIGHT) && hour == 12;
    bool is_next = part == EVENING && (hour < 5 || hour == 12); /* 昨晚一点 is of today */
    return minutes + (is_later ? 720 : 0) - (is_midnight ? 720 : 0) + (is_next ? (hour == 12 ? 720 : 1440) : 0);
}

/* The latest instant that the clock may mean and that is not after now; false where there is none. */
static bool find_instant(const struct figure_setting *setting, int64_t now, const struct clock *clock,
                         struct figure *figure) {
    int32_t today = calendar_find_day(now, setting->zone_minutes);
    bool is_open = clock->part == NO_PART && !clock->is_whole;
    bool found = false;
    for (int back = clock->back < 0 ? 0 : clock->back; back <= (clock->back < 0 ? 1 : clock->back); back++) {
        for (int half = is_open ? 1 : 0; half >= 0; half--) {
            int64_t begin = calendar_start_of_day(today - back, setting->zone_minutes);
            int64_t shift = place_hour(clock->first, clock->part) - clock->first + (int64_t)half * 720;
            int64_t low = begin + (clock->first + shift) * MINUTE;
            if (low <= now && (!found || low > figure->low) && clock->first + shift < 2880) {
                figure->low = low;
                figure->high = begin + (clock->last + shift) * MINUTE;
                found = true;
            }
        }
    }
    figure->high = figure->high > now ? now : figure->high;
    figure->is_guess = is_open || clock->back < 0;
    return found;
}

static size_t read_clock(const struct figure_setting *setting, int64_t now, struct text text, size_t from,
                         struct figure *figure) {
    static const char *const about[] = {"大约", "大概", "差不多", "约", "about", "around", "at about", "at around"};
    static const char *const exact[] = {"在", "是", "at"}; /* the last is of "about" where that was said */
    static const char *const behind_words[] = {"左右", "前后", "上下", "or so"};
    static const char *const vague[] = {"以前", "之前", "以后", "之后", "前", "后"};
    struct clock clock = {.back = -1};
    size_t at = number_word_skip(text, from, about, COUNT_OF(about));
    clock.is_about = at != from;
    at = number_word_skip(text, at, exact, at == from ? COUNT_OF(exact) : 2);
    at = read_day(text, number_word_skip_blanks(text, at), &clock);
    size_t middle = number_word_skip(text, at, about, COUNT_OF(about));
    clock.is_about = clock.is_about || middle != at;
    at = number_word_skip_blanks(text, middle);
    size_t end = read_digital(text, at, &clock);
    end = end == at ? read_spoken(text, at, &clock) : end;
    end = end == at ? read_past(text, at, &clock) : end;
    if (end == at) {
        return from;
    }
    size_t behind = number_word_skip(text, number_word_skip_blanks(text, end), behind_words, COUNT_OF(behind_words));
    clock.is_about = clock.is_about || behind != number_word_skip_blanks(text, end);
    end = behind != number_word_skip_blanks(text, end) ? behind : end;
    if (number_word_skip(text, end, vague, COUNT_OF(vague)) != end || setting->outside.comparison != FIGURE_WITHIN) {
        return from;
    }
    *figure = (struct figure){.comparison = FIGURE_WITHIN, .end = end, .factor = 1};
    if (!find_instant(setting, now, &clock, figure)) {
        return from;
    }
    if (clock.is_about || setting->outside.is_about || setting->outside.is_nearly) {
        figure->is_about = true;
        figure->is_undeclared = setting->time_us == 0;
        figure->low -= setting->time_us;
        figure->high += setting->time_us;
        figure->high = figure->high > now ? now : figure->high;
    }
    return end;
}

/* ---- how long ago ----------------------------------------------------------------------------------------- */

static size_t read_ago(const struct figure_setting *setting, int64_t now, struct text text, size_t at,
                       struct figure *figure) {
    static const char *const ago[] = {"以前", "之前", "前", "ago"};
    struct figure readings[FIGURE_READINGS];
    if (figure_read_quantity(setting, QUANTITY_DURATION, text, at, readings) == 0) {
        return at;
    }
    struct figure length = readings[0];
    now -= now % MINUTE; /* nobody says such a thing to the second */
    if (length.high > quantity_largest(QUANTITY_DURATION)) {
        return at;
    }
    *figure = length;
    figure->low = now - length.high;
    figure->high = now - length.low;
    figure->unit = (struct text){0};
    switch (length.comparison) {
    case FIGURE_AT_LEAST:
        figure->comparison = FIGURE_AT_MOST;
        break;
    case FIGURE_AT_MOST:
        figure->comparison = FIGURE_AT_LEAST;
        break;
    case FIGURE_MORE:
        figure->comparison = FIGURE_LESS;
        break;
    case FIGURE_LESS:
        figure->comparison = FIGURE_MORE;
        break;
    case FIGURE_WITHIN:
        break;
    }
    size_t next = number_word_skip_blanks(text, figure->end);
    size_t behind = number_word_skip(text, next, ago, COUNT_OF(ago));
    figure->end = behind != next ? behind : figure->end;
    return figure->end;
}

size_t figure_read_time(const struct figure_setting *setting, int64_t now, struct text text, size_t at,
                        struct figure readings[FIGURE_READINGS]) {
    if (at >= text.length) {
        return 0;
    }
    if (read_clock(setting, now, text, at, &readings[0]) != at) {
        return 1;
    }
    return read_ago(setting, now, text, at, &readings[0]) != at ? 1 : 0;
}
