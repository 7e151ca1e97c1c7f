/* Dates as published texts write them: 2022年2月25日, 二○○九年十一月十八日, 2022-02-25, 25 February 2022. */
#include "gazette/reader.h"

#include "base/calendar.h"

#include <string.h>

static const char *const months[] = {"january", "february", "march",     "april",   "may",      "june",
                                     "july",    "august",   "september", "october", "november", "december"};

static void skip_blanks(struct text whole, size_t *at) {
    size_t size = 0;
    while (glyph_is_space(text_read_code_point(whole, *at, &size))) {
        *at += size;
    }
}

static bool skip_mark(struct text whole, size_t *at, const char *mark) {
    size_t length = strlen(mark);
    if (whole.length - *at < length || memcmp(whole.bytes + *at, mark, length) != 0) {
        return false;
    }
    *at += length;
    return true;
}

static bool make_day(uint32_t year, uint32_t month, uint32_t month_day, int32_t *day) {
    if (year < 1000 || year > 9999 || month < 1 || month > 12 || month_day < 1 || month_day > 31) {
        return false;
    }
    *day = calendar_make_day((int32_t)year, (int32_t)month, (int32_t)month_day);
    return true;
}

/* A number in digits or Chinese numerals, blanks before it left out. */
static bool read_number(struct text whole, size_t *at, uint32_t *value) {
    skip_blanks(whole, at);
    return glyph_read_digits(whole, at, 4, value) || glyph_read_han_number(whole, at, value);
}

static bool read_chinese(struct text whole, size_t *at, int32_t *day) {
    static const char *const marks[] = {"年", "月", "日"};
    uint32_t parts[3] = {0};
    for (int i = 0; i < 3; i++) {
        if (!read_number(whole, at, &parts[i])) {
            return false;
        }
        skip_blanks(whole, at);
        if (!skip_mark(whole, at, marks[i])) {
            return false;
        }
    }
    return make_day(parts[0], parts[1], parts[2], day);
}

static bool read_numeric(struct text whole, size_t *at, int32_t *day) {
    uint32_t year = 0;
    uint32_t month = 0;
    uint32_t month_day = 0;
    if (!glyph_read_digits(whole, at, 4, &year) || *at >= whole.length) {
        return false;
    }
    char mark[2] = {whole.bytes[*at], '\0'};
    return strchr("-./", mark[0]) != NULL && skip_mark(whole, at, mark) && glyph_read_digits(whole, at, 2, &month) &&
           skip_mark(whole, at, mark) && glyph_read_digits(whole, at, 2, &month_day) &&
           make_day(year, month, month_day, day);
}

/* The month of which at least three letters stand there. */
static bool read_month(struct text whole, size_t *at, uint32_t *month) {
    for (uint32_t i = 0; i < 12; i++) {
        size_t matched = 0;
        while (*at + matched < whole.length && matched < strlen(months[i]) &&
               (whole.bytes[*at + matched] | 0x20) == months[i][matched]) {
            matched++;
        }
        if (matched >= 3) {
            *at += matched;
            *month = i + 1;
            return true;
        }
    }
    return false;
}

static void skip_english(struct text whole, size_t *at) {
    while (*at < whole.length && strchr(" ,.", whole.bytes[*at]) != NULL) {
        (*at)++;
    }
}

static void skip_ordinal(struct text whole, size_t *at) {
    (void)(skip_mark(whole, at, "st") || skip_mark(whole, at, "nd") || skip_mark(whole, at, "rd") ||
           skip_mark(whole, at, "th"));
}

static bool read_english(struct text whole, size_t *at, int32_t *day) {
    uint32_t year = 0;
    uint32_t month = 0;
    uint32_t month_day = 0;
    bool is_day_first = glyph_read_digits(whole, at, 2, &month_day);
    if (is_day_first) {
        skip_ordinal(whole, at);
        skip_english(whole, at);
    }
    if (!read_month(whole, at, &month)) {
        return false;
    }
    skip_english(whole, at);
    if (!is_day_first) {
        if (!glyph_read_digits(whole, at, 2, &month_day)) {
            return false;
        }
        skip_ordinal(whole, at);
        skip_english(whole, at);
    }
    return glyph_read_digits(whole, at, 4, &year) && make_day(year, month, month_day, day);
}

typedef bool date_reader(struct text whole, size_t *at, int32_t *day);

/* What may stand beside a date that is alone: brackets, dashes, and in English "Issued on". */
static bool is_bare(struct text before, struct text after) {
    static const char *const leads[] = {"Issued on", "Issued", "Dated", "Date:", "Date"};
    before = glyph_trim(before);
    for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i++) {
        if (text_equals_string(before, leads[i])) {
            before.length = 0;
        }
    }
    return !glyph_has_word(before) && !glyph_has_word(after) && glyph_columns(before) + glyph_columns(after) <= 8;
}

bool date_find(struct text whole, int32_t *day, bool *is_alone) {
    static date_reader *const readers[] = {read_chinese, read_numeric, read_english};
    size_t size = 0;
    bool is_in_word = false;
    for (size_t at = 0; at < whole.length; at += size) {
        uint32_t code_point = text_read_code_point(whole, at, &size);
        for (size_t i = 0; i < 3 && !is_in_word; i++) {
            size_t end = at;
            if (readers[i](whole, &end, day)) {
                *is_alone = is_bare((struct text){whole.bytes, at}, glyph_skip(whole, end));
                return true;
            }
        }
        is_in_word = glyph_is_word(code_point) && code_point < 0x250;
    }
    return false;
}
