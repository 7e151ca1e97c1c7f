/* Duties without a clock, where the pack itself shows that their clause gives one.
 *
 * The document's text is not at hand. What can be known without it: another duty cites the same clause and has a length
 * of time from it, or the pack's own words for the duty, or its prose for the clause, name a length of time.
 */
#include "check/plain.h"

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

/* The length in bytes of the longest unit of time at the start of a text; 0 where none stands there. */
static size_t find_time_unit(struct text text) {
    size_t best = 0;
    for (size_t length = 1; length <= text.length && length <= 12; length++) {
        enum quantity_dimension dimension = QUANTITY_COUNT;
        int64_t factor = 0;
        if (quantity_find_unit((struct text){text.bytes, length}, &dimension, &factor) &&
            dimension == QUANTITY_DURATION) {
            best = length;
        }
    }
    /* A Latin unit must be a whole word: 3 s is one, 3 stations is none. */
    bool is_latin = best > 0 && (unsigned char)text.bytes[best - 1] < 0x80;
    char behind = best < text.length ? (char)(text.bytes[best] | 0x20) : ' ';
    return is_latin && behind >= 'a' && behind <= 'z' ? 0 : best;
}

/* The first length of time that a text names ("30 min", "60分钟"); empty where there is none. */
static struct text find_time(struct text text) {
    for (size_t at = 0; at < text.length; at++) {
        if (!is_digit(text.bytes[at]) || (at > 0 && is_digit(text.bytes[at - 1]))) {
            continue;
        }
        size_t end = at;
        while (end < text.length && (is_digit(text.bytes[end]) || text.bytes[end] == '.')) {
            end++;
        }
        size_t unit = end;
        while (unit < text.length && text.bytes[unit] == ' ') {
            unit++;
        }
        size_t length = find_time_unit((struct text){text.bytes + unit, text.length - unit});
        if (length > 0) {
            return (struct text){text.bytes + at, unit + length - at};
        }
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
