/* Duties without a clock, where the pack itself shows that their clause gives one.
 *
 * The document's text is not at hand. What can be known without it: another duty cites the same clause and has a length
 * of time from it, or the pack's own words for the duty, or its prose for the clause, name a length of time.
 */
#include "check/plain.h"

#include <string.h>

/* A length of time that no clause gives is a local setting's. */
static bool has_clock_of_clause(const struct plan_duty *duty) {
    return (duty->within_us >= 0 && duty->within_setting.length == 0) || duty->has_due_day;
}

static bool has_clock(const struct plan_duty *duty) {
    return duty->within_us >= 0 || duty->has_due_day || duty->every != PLAN_ONCE;
}

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

/* Chinese digits as they stand before a unit of time. */
static size_t find_chinese_digit(struct text text) {
    static const char *const digits[] = {"一", "二", "两", "三", "四", "五", "六", "七", "八", "九", "十", "百", "半"};
    for (size_t i = 0; i < sizeof digits / sizeof digits[0]; i++) {
        if (text_starts_with(text, text_of(digits[i]))) {
            return strlen(digits[i]);
        }
    }
    return 0;
}

/* The length in bytes of a Chinese unit that is surely one of length: a bare 时, 分 or 日 is as often an hour of the day,
 * a part or a date, and needs a 内 behind it. */
static size_t find_chinese_unit(struct text text) {
    static const char *const units[] = {"分钟", "小时", "个小时", "工作日", "个工作日", "时内",   "分内",
                                        "秒内", "日内", "天内",   "周内",   "月内",     "个月内", "年内"};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (text_starts_with(text, text_of(units[i]))) {
            return strlen(units[i]);
        }
    }
    return 0;
}

/* The length of a Latin unit that is a whole word: 3 s is a time, 3 stations is none. */
static size_t find_latin_unit(struct text text) {
    size_t length = 0;
    enum quantity_dimension dimension = QUANTITY_COUNT;
    int64_t factor = 0;
    while (length < text.length && (unsigned)((text.bytes[length] | 0x20) - 'a') < 26U) {
        length++;
    }
    bool is_time = length > 0 && quantity_find_unit((struct text){text.bytes, length}, &dimension, &factor) &&
                   dimension == QUANTITY_DURATION;
    return is_time ? length : 0;
}

/* The length in bytes of the digits at the start of a text. */
static size_t find_digits(struct text text) {
    size_t length = 0;
    while (length < text.length && (is_digit(text.bytes[length]) || (length > 0 && text.bytes[length] == '.'))) {
        length++;
    }
    size_t step = length > 0 ? 0 : find_chinese_digit(text);
    while (step > 0) {
        length += step;
        step = find_chinese_digit((struct text){text.bytes + length, text.length - length});
    }
    return length;
}

/* The first length of time that a text names ("30 min", "60分钟", "三个工作日"); empty where there is none. */
static struct text find_time(struct text text) {
    size_t at = 0;
    while (at < text.length) {
        size_t unit = at + find_digits((struct text){text.bytes + at, text.length - at});
        size_t blanks = 0;
        while (unit > at && unit + blanks < text.length && text.bytes[unit + blanks] == ' ') {
            blanks++;
        }
        struct text rest = {text.bytes + unit + blanks, text.length - unit - blanks};
        size_t length = unit == at ? 0 : find_chinese_unit(rest);
        length = unit == at || length > 0 ? length : find_latin_unit(rest);
        if (length > 0) {
            return (struct text){text.bytes + at, unit + blanks + length - at};
        }
        at = unit > at ? unit : at + 1;
    }
    return (struct text){NULL, 0};
}

/* The first clause that both cite; PLAN_NO_NODE where they share none. */
static uint32_t find_shared(const struct plan *plan, struct plan_span left, struct plan_span right) {
    for (uint16_t i = 0; i < left.count; i++) {
        for (uint16_t k = 0; k < right.count; k++) {
            if (text_equal(plan->cites[left.first + i], plan->cites[right.first + k])) {
                return left.first + i;
            }
        }
    }
    return PLAN_NO_NODE;
}

static void tell(struct reporter *reporter, const struct plan_duty *duty, struct buffer *words) {
    struct check_finding *finding = report_add(
        reporter,
        (struct check_finding){.kind = CHECK_CLOCK, .scope = CHECK_PLAN, .place = duty->place, .cites = duty->cites});
    report_say(reporter, finding, words);
    report_accept(reporter, finding, duty->notes, (struct opposite){NULL, 0});
}

/* True after a finding: the words for this duty, or the prose for its clause, name a time. */
static bool examine_words(struct reporter *reporter, const struct plan_duty *duty) {
    const struct plan *plan = reporter->plan;
    struct text time = find_time(duty->action);
    for (uint32_t i = 0; i < plan->prose_count && time.length == 0; i++) {
        if (find_shared(plan, duty->cites, plan->prose[i].cites) != PLAN_NO_NODE) {
            time = find_time(plan->prose[i].reason);
        }
    }
    if (time.length > 0) {
        struct buffer words = {0};
        buffer_print(&words,
                     reporter->is_chinese ? "“%.*s”没有时限，本包的文字却说了“%.*s”"
                                          : "%.*s has no clock, though the pack's words speak of \"%.*s\"",
                     TEXT_PRINT(duty->name), TEXT_PRINT(time));
        tell(reporter, duty, &words);
    }
    return time.length > 0;
}

static void examine_others(struct reporter *reporter, const struct plan_duty *duty) {
    const struct plan *plan = reporter->plan;
    for (uint32_t i = 0; i < plan->duty_count; i++) {
        const struct plan_duty *other = &plan->duties[i];
        uint32_t shared = find_shared(plan, duty->cites, other->cites);
        if (other != duty && shared != PLAN_NO_NODE && has_clock_of_clause(other)) {
            struct buffer words = {0};
            buffer_print(&words,
                         reporter->is_chinese ? "“%.*s”没有时限，同一条款 @%.*s 的“%.*s”却有"
                                              : "%.*s has no clock, though @%.*s gives one to %.*s",
                         TEXT_PRINT(duty->name), TEXT_PRINT(plan->cites[shared]), TEXT_PRINT(other->name));
            tell(reporter, duty, &words);
            return;
        }
    }
}

void plain_find_clockless(struct reporter *reporter) {
    for (uint32_t i = 0; i < reporter->plan->duty_count; i++) {
        const struct plan_duty *duty = &reporter->plan->duties[i];
        bool is_timed = duty->kind == PLAN_DUTY || duty->kind == PLAN_DECISION;
        if (is_timed && !has_clock(duty) && !examine_words(reporter, duty)) {
            examine_others(reporter, duty);
        }
    }
}
