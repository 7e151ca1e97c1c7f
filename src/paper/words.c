/* Values, instants and parties as documents say them. */
#include "paper/paper.h"

#include "base/calendar.h"
#include "base/quantity.h"
#include "run/show.h"

const char *paper_say(const struct plan *plan, const char *english, const char *chinese) {
    return show_is_chinese(plan) ? chinese : english;
}

/* ---- instants --------------------------------------------------------------------------------------------- */

/* A number of two or four digits without the zeros before it. */
static void write_plain(struct text digits, struct buffer *out) {
    while (digits.length > 1 && digits.bytes[0] == '0') {
        digits = (struct text){digits.bytes + 1, digits.length - 1};
    }
    buffer_append_text(out, digits);
}

void paper_write_instant(const struct plan *plan, int64_t instant, struct buffer *out) {
    char shown[CALENDAR_INSTANT_ROOM];
    static const struct {
        size_t at, length;
        const char *unit;
    } parts[] = {{0, 4, "年"}, {5, 2, "月"}, {8, 2, "日"}, {11, 2, "时"}};
    calendar_print_instant(instant, plan->zone_minutes, shown);
    struct text whole = text_of(shown);
    if (whole.length < 16 || shown[10] != 'T') { /* beyond the calendar */
        buffer_append_text(out, whole);
    } else if (!show_is_chinese(plan)) {
        buffer_print(out, "%.10s %.5s", shown, shown + 11);
    } else {
        for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
            write_plain((struct text){shown + parts[i].at, parts[i].length}, out);
            buffer_append_string(out, parts[i].unit);
        }
        buffer_print(out, "%.2s分", shown + 14);
    }
}

/* ---- values ----------------------------------------------------------------------------------------------- */

bool paper_is_unknown(const struct plan_fact *fact, int64_t low, int64_t high) {
    if (fact->type == PLAN_CHOICE) {
        return low == fact->low && (low & (low - 1)) != 0;
    }
    return fact->type == PLAN_SERIES || (low != high && low <= fact->low && high >= fact->high);
}

/* Printed Chinese has no blank between a number and its unit. */
static void append_quantity(const char *text, bool is_chinese, struct buffer *out) {
    for (const char *at = text; *at != '\0'; at++) {
        buffer_append(out, at, *at == ' ' && is_chinese ? 0 : 1);
    }
}

static void write_end(const struct plan *plan, const struct plan_fact *fact, int64_t value, struct buffer *out) {
    char room[QUANTITY_ROOM];
    if (fact->type == PLAN_TIME) {
        paper_write_instant(plan, value, out);
        return;
    }
    bool is_chinese = show_is_chinese(plan);
    int64_t minutes = value / CALENDAR_US_PER_MINUTE;
    if (fact->dimension == QUANTITY_DURATION && minutes >= 60) { /* nobody counts a fire in seconds */
        buffer_print(out, is_chinese ? "%lld小时" : "%lld h", (long long)(minutes / 60));
        if (minutes % 60 != 0) {
            buffer_print(out, is_chinese ? "%lld分钟" : " %lld min", (long long)(minutes % 60));
        }
    } else if (fact->dimension == QUANTITY_DURATION) {
        buffer_print(out, is_chinese ? "%lld分钟" : "%lld min", (long long)minutes);
    } else {
        quantity_print_in(fact->dimension, value, is_chinese, room);
        append_quantity(room, is_chinese, out); /* 0.6公顷, as it is printed */
    }
}

/* Both ends in one unit, where there is one. */
static void write_between(const struct plan *plan, const struct plan_fact *fact, int64_t low, int64_t high,
                          struct buffer *out) {
    char from[QUANTITY_ROOM];
    char to[QUANTITY_ROOM];
    bool is_chinese = show_is_chinese(plan);
    if (fact->type == PLAN_TIME || fact->dimension == QUANTITY_DURATION) {
        write_end(plan, fact, low, out);
        buffer_append_string(out, paper_say(plan, " to ", "至"));
        write_end(plan, fact, high, out);
        return;
    }
    quantity_print_range_in(fact->dimension, low, high, is_chinese, from, to);
    append_quantity(from, is_chinese, out);
    buffer_append_string(out, paper_say(plan, " to ", "至"));
    append_quantity(to, is_chinese, out);
}

static void write_range(const struct plan *plan, const struct plan_fact *fact, int64_t low, int64_t high,
                        struct buffer *out) {
    bool is_time = fact->type == PLAN_TIME;
    if (low == high) {
        write_end(plan, fact, low, out);
    } else if (high >= fact->high && fact->dimension == QUANTITY_DURATION && !is_time &&
               low < CALENDAR_US_PER_MINUTE) { /* at least nothing */
        buffer_append_string(out, paper_say(plan, "not yet known", "尚未查明"));
    } else if (high >= fact->high) {
        buffer_append_string(out, is_time ? paper_say(plan, "not before ", "不早于")
                                          : paper_say(plan, "at least ", "不少于"));
        write_end(plan, fact, low, out);
    } else if (low <= fact->low) {
        buffer_append_string(out,
                             is_time ? paper_say(plan, "not after ", "不晚于") : paper_say(plan, "at most ", "不超过"));
        write_end(plan, fact, high, out);
    } else {
        write_between(plan, fact, low, high, out);
    }
}

static void write_choices(const struct plan *plan, const struct plan_fact *fact, uint32_t set, struct buffer *out) {
    const char *between = "";
    for (uint16_t i = 0; i < fact->choice_count && i < PLAN_CHOICES_MAX; i++) {
        if ((set >> i & 1U) != 0) {
            buffer_append_string(out, between);
            buffer_append_text(out, fact->choices[i]);
            between = paper_say(plan, " or ", "或");
        }
    }
}

void paper_write_value(const struct plan *plan, uint16_t fact, int64_t low, int64_t high, struct buffer *out) {
    const struct plan_fact *of = &plan->facts[fact];
    if (paper_is_unknown(of, low, high)) {
        buffer_append_string(out, paper_say(plan, "not yet known", "尚未查明"));
    } else if (of->type == PLAN_FLAG) {
        buffer_append_string(out, low != 0 ? paper_say(plan, "yes", "是") : paper_say(plan, "no", "否"));
    } else if (of->type == PLAN_CHOICE) {
        write_choices(plan, of, (uint32_t)low, out);
    } else {
        write_range(plan, of, low, high, out);
    }
}

void paper_write_parties(const struct plan *plan, struct plan_list parties, bool one_of, struct buffer *out) {
    for (uint16_t i = 0; i < parties.count; i++) {
        uint16_t party = plan->lists[parties.first + i];
        bool is_last = i + 1 == parties.count;
        if (i > 0) {
            buffer_append_string(out, one_of && is_last ? paper_say(plan, " or ", "或") : paper_say(plan, ", ", "、"));
        }
        if (party < plan->party_count) {
            buffer_append_text(out, plan->parties[party].name);
        }
    }
}
