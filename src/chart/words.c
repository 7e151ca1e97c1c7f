/* What a chart says, in the plan's language. */
#include "chart/maker.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define CLAUSES_MOST 48U   /* wide characters of a list of clauses */
#define FIRST_WIDE 0x1100U /* from here on characters are as wide as they are high, by and large */

const char *say(const struct maker *maker, const char *english, const char *chinese) {
    return maker->chinese ? chinese : english;
}

struct text words_keep(struct maker *maker, struct buffer *words) {
    char *copy = words->failed ? NULL : arena_copy_text(maker->arena, words->bytes, words->length);
    struct text kept = {copy, words->length};
    buffer_release(words);
    if (copy == NULL) {
        (void)failure_set(maker->failure, "memory is exhausted");
        return TEXT("");
    }
    return kept;
}

struct text words_print(struct maker *maker, const char *format, ...) {
    char room[1024];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(room, sizeof room, format, arguments);
    va_end(arguments);
    struct buffer words = {0};
    if (length > 0) {
        buffer_append_text(&words, text_cut(text_of(room), sizeof room - 1));
    }
    return words_keep(maker, &words);
}

struct text words_cut(struct maker *maker, struct text words, size_t most) {
    size_t at = 0, size = 0, halves = 0;
    for (; at < words.length; at += size) {
        halves += text_read_code_point(words, at, &size) >= FIRST_WIDE ? 2 : 1;
        if (halves > 2 * most) {
            return words_print(maker, "%.*s…", (int)at, words.bytes);
        }
    }
    return words;
}

/* ---- lists ------------------------------------------------------------------------------------------------- */

static size_t measure(struct text words) {
    size_t size = 0, halves = 0;
    for (size_t at = 0; at < words.length; at += size) {
        halves += text_read_code_point(words, at, &size) >= FIRST_WIDE ? 2 : 1;
    }
    return halves;
}

void words_list_add(struct maker *maker, struct word_list *list, struct text name) {
    bool whole = list->shown == list->count++; /* none has been left out */
    struct text kept = list->shown == 0 ? words_cut(maker, name, list->room) : name;
    size_t halves = measure(kept) + (list->shown == 0 ? 0 : 2);
    bool fits = list->shown == 0 || (list->shown < list->most && list->halves + halves <= 2 * list->room);
    if (name.length == 0 || !whole || !fits) {
        list->count -= name.length == 0 ? 1 : 0;
        return;
    }
    buffer_append_string(&list->out, list->shown == 0                   ? ""
                                     : list->is_choice && list->is_last ? say(maker, " or ", "或")
                                                                        : say(maker, ", ", "、"));
    buffer_append_text(&list->out, kept);
    list->halves += halves;
    list->shown++;
}

struct text words_list_end(struct maker *maker, struct word_list *list) {
    if (list->count > list->shown) {
        buffer_print(&list->out, "%s%u%s",
                     list->is_choice ? say(maker, ", or one of ", "，或另 ") : say(maker, ", and ", "，另 "),
                     list->count - list->shown, say(maker, " more", " "));
        buffer_append_string(&list->out, say(maker, "", list->unit));
    }
    return words_keep(maker, &list->out);
}

struct text words_label(struct maker *maker, const char *english, const char *chinese, struct text words) {
    if (words.length == 0) {
        return words;
    }
    struct buffer out = {0};
    buffer_print(&out, "%s%s%.*s", say(maker, english, chinese), say(maker, ": ", "："), TEXT_PRINT(words));
    return words_keep(maker, &out);
}

/* ---- quantities -------------------------------------------------------------------------------------------- */

void words_quantity(const struct maker *maker, enum quantity_dimension dimension, int64_t value, struct buffer *out) {
    char room[QUANTITY_ROOM];
    if (dimension == QUANTITY_DURATION && value > 0 && value < 2 * CALENDAR_US_PER_HOUR &&
        value % CALENDAR_US_PER_MINUTE == 0) { /* plans say 60 minutes, beside their 30 */
        buffer_print(out, "%d %s", (int)(value / CALENDAR_US_PER_MINUTE), say(maker, "min", "分钟"));
        return;
    }
    quantity_print_in(dimension, value, maker->chinese, room);
    buffer_append_string(out, room);
}

void words_time(const struct maker *maker, int64_t us, struct buffer *out) {
    words_quantity(maker, QUANTITY_DURATION, us, out);
}

static const char *say_period(const struct maker *maker, enum plan_every every) {
    static const char *const english[] = {"",          "every day", "every month", "every quarter", "every half-year",
                                          "every year"};
    static const char *const chinese[] = {"", "每日一次", "每月一次", "每季度一次", "每半年一次", "每年一次"};
    return say(maker, english[every], chinese[every]);
}

struct text words_deadline(struct maker *maker, const struct plan_duty *duty) {
    struct buffer out = {0};
    if (duty->within_us >= 0) {
        buffer_append_string(&out, say(maker, "within ", "限 "));
        words_time(maker, duty->within_us, &out);
        if (duty->within_setting.length > 0) {
            buffer_append_string(&out, say(maker, " (local)", "（本地）"));
        }
    }
    if (duty->has_due_day) {
        char day[CALENDAR_DATE_ROOM];
        calendar_print_date(duty->due_day, day);
        buffer_print(&out, "%s%s %s", out.length > 0 ? say(maker, ", ", "，") : "", say(maker, "by", "截至"), day);
    }
    if (duty->every != PLAN_ONCE) {
        buffer_print(&out, "%s%s", out.length > 0 ? say(maker, ", ", "，") : "", say_period(maker, duty->every));
    }
    return words_keep(maker, &out);
}

struct text words_acknowledge(struct maker *maker, const struct plan_duty *duty) {
    struct buffer out = {0};
    if (duty->acknowledge_within_us >= 0) {
        words_time(maker, duty->acknowledge_within_us, &out);
        if (duty->acknowledge_setting.length > 0) {
            buffer_append_string(&out, say(maker, " (local)", "（本地）"));
        }
    }
    return words_keep(maker, &out);
}

/* ---- clauses and parties ----------------------------------------------------------------------------------- */

/* A clause without its sentence: "5.3#5" is of 5.3. */
static struct text strip_sentence(struct text cite) {
    const char *mark = cite.length == 0 ? NULL : memchr(cite.bytes, '#', cite.length);
    return mark == NULL ? cite : (struct text){cite.bytes, (size_t)(mark - cite.bytes)};
}

static bool is_cited_before(const struct plan *plan, struct plan_span cites, uint16_t until) {
    struct text clause = strip_sentence(plan->cites[cites.first + until]);
    for (uint16_t i = 0; i < until; i++) {
        if (text_equal(strip_sentence(plan->cites[cites.first + i]), clause)) {
            return true;
        }
    }
    return false;
}

struct text words_clauses(struct maker *maker, struct plan_span cites, uint16_t most) {
    struct buffer out = {0};
    uint16_t count = 0;
    for (uint16_t i = 0; i < cites.count; i++) {
        if (is_cited_before(maker->plan, cites, i)) {
            continue;
        }
        if (count == most) {
            buffer_append_string(&out, say(maker, " …", " 等"));
            break;
        }
        buffer_append_string(&out, count == 0 ? "" : say(maker, ", ", "、"));
        buffer_append_text(&out, strip_sentence(maker->plan->cites[cites.first + i]));
        count++;
    }
    return words_cut(maker, words_keep(maker, &out), CLAUSES_MOST);
}

static struct text list_parties(struct maker *maker, struct plan_list parties, uint16_t most, size_t room,
                                bool is_choice) {
    struct word_list list = {.most = most, .room = room, .unit = is_choice ? "家之一" : "家", .is_choice = is_choice};
    for (uint16_t i = 0; i < parties.count; i++) {
        uint16_t party = maker->plan->lists[parties.first + i];
        list.is_last = i + 1 == parties.count;
        words_list_add(maker, &list,
                       party == PLAN_BEARER_RECIPIENT     ? text_of(say(maker, "each recipient", "各接收者"))
                       : party < maker->plan->party_count ? maker->plan->parties[party].name
                                                          : TEXT(""));
    }
    return words_list_end(maker, &list);
}

struct text words_parties(struct maker *maker, struct plan_list parties, uint16_t most, size_t room) {
    return list_parties(maker, parties, most, room, false);
}

struct text words_one_of(struct maker *maker, struct plan_list parties, uint16_t most, size_t room) {
    return list_parties(maker, parties, most, room, true);
}

struct text words_holders(struct maker *maker, const struct plan_position *position, uint16_t most, size_t room) {
    return position->holders.count > 0 ? list_parties(maker, position->holders, most, room, position->one_serves)
                                       : words_cut(maker, position->held_by, room);
}

struct text words_levels(struct maker *maker, const struct plan_scale *scale, uint8_t low, uint8_t high) {
    struct buffer out = {0};
    if (low == 0 && high == scale->level_count) {
        return TEXT("");
    }
    for (uint8_t level = low; level <= high; level++) {
        buffer_append_string(&out, level == low ? "" : say(maker, ", ", "、"));
        if (level == 0) {
            buffer_append_string(&out, say(maker, "the end", "终止"));
        } else {
            buffer_append_text(&out, scale->levels[level]);
        }
    }
    return words_keep(maker, &out);
}

struct text words_orderer(struct maker *maker, const struct plan_scale *scale, const struct plan_orderer *orderer,
                          uint16_t most) {
    struct text words = words_one_of(maker, orderer->parties, most, WORDS_ANY);
    struct text levels = words_levels(maker, scale, orderer->low, orderer->high);
    if (levels.length == 0 || orderer->raise_only) {
        return words;
    }
    return words_print(maker, "%.*s%s%.*s%s", TEXT_PRINT(words), say(maker, " (for ", "（"), TEXT_PRINT(levels),
                       say(maker, ")", "）"));
}

struct text words_means(struct maker *maker, const struct plan_duty *duty) {
    struct buffer out = {0};
    for (uint16_t i = 0; i < duty->means_count; i++) {
        buffer_append_string(&out, i == 0 ? "" : say(maker, ", ", "、"));
        buffer_append_text(&out, duty->means[i]);
    }
    return words_keep(maker, &out);
}

struct text words_reading(struct maker *maker, struct plan_span notes) {
    for (uint16_t i = 0; i < notes.count; i++) {
        const struct plan_note *note = &maker->plan->notes[notes.first + i];
        if (text_equals_string(note->kind, "reading")) {
            return note->reason;
        }
    }
    return TEXT("");
}
