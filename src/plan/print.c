/* Conditions and values as people write them. */
#include "plan/keyword.h"
#include "plan/plan.h"

#include <stdio.h>
#include <string.h>

/* A pack is answered in its own language. */
static bool is_chinese(const struct plan *plan) {
    return text_equals_string(plan->language, "zh");
}

static const char *say(const struct plan *plan, const char *english, const char *chinese) {
    return is_chinese(plan) ? chinese : english;
}

/* ---- names ------------------------------------------------------------------------------------------------ */

/* True when a name can stand without quotes: letters, digits, _ and ·, no keyword. ASCII decides; other scripts pass. */
static bool is_plain(struct text name) {
    if (name.length == 0 || (name.bytes[0] >= '0' && name.bytes[0] <= '9') || keyword_is_reserved(name)) {
        return false;
    }
    for (size_t i = 0; i < name.length; i++) {
        unsigned char byte = (unsigned char)name.bytes[i];
        bool is_letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' || byte >= 0x80;
        bool is_digit = byte >= '0' && byte <= '9';
        bool is_dash = byte == '-' && i > 0 && i + 1 < name.length && name.bytes[i + 1] != '-';
        if (!is_letter && !is_digit && !is_dash) {
            return false;
        }
    }
    return true;
}

static void print_name(struct text name, struct buffer *out) {
    const char *quote = is_plain(name) ? "" : "'";
    buffer_append_string(out, quote);
    buffer_append_text(out, name);
    buffer_append_string(out, quote);
}

/* ---- conditions ------------------------------------------------------------------------------------------- */

static void print_sum(const struct plan *plan, const struct plan_node *node, struct buffer *out) {
    for (uint16_t i = 0; i < node->facts.count; i++) {
        buffer_append_string(out, i > 0 ? " + " : "");
        print_name(plan->facts[plan->lists[node->facts.first + i]].name, out);
    }
}

static void print_sum_with(const struct plan *plan, const struct plan_node *node, const char *sign, int64_t value,
                           struct buffer *out) {
    char room[QUANTITY_ROOM];
    quantity_print_in(plan_first_fact(plan, node)->dimension, value, is_chinese(plan), room);
    print_sum(plan, node, out);
    buffer_print(out, " %s %s", sign, room);
}

/* A bound with > or < where that reads shorter: what was written as > 2 h is kept as ≥ 2 h and one unit. Counts have no
 * such unit between two of them. */
static void print_bound(const struct plan *plan, const struct plan_node *node, struct buffer *out) {
    const struct plan_fact *fact = plan_first_fact(plan, node);
    bool at_least = node->kind == PLAN_AT_LEAST;
    if (fact->type == PLAN_FLAG) {
        buffer_append_string(out, at_least ? "" : say(plan, "not ", "非 "));
        print_name(fact->name, out);
        return;
    }
    char closed[QUANTITY_ROOM];
    char open[QUANTITY_ROOM];
    int64_t beyond = at_least ? node->bound - 1 : node->bound + 1;
    quantity_print_in(fact->dimension, node->bound, is_chinese(plan), closed);
    quantity_print_in(fact->dimension, beyond, is_chinese(plan), open);
    bool is_count = fact->dimension == QUANTITY_COUNT;
    bool is_open = node->bound < 0 || (!is_count && strlen(open) < strlen(closed));
    print_sum_with(plan, node, is_open ? (at_least ? ">" : "<") : (at_least ? ">=" : "<="),
                   is_open ? beyond : node->bound, out);
}

static unsigned count_bits(uint32_t set) {
    unsigned count = 0;
    for (; set != 0; set &= set - 1) {
        count++;
    }
    return count;
}

static void print_set(const struct plan_fact *fact, uint32_t set, struct buffer *out) {
    const char *between = "";
    for (uint16_t i = 0; i < fact->choice_count; i++) {
        if ((set & (1U << i)) != 0) {
            buffer_append_string(out, between);
            print_name(fact->choices[i], out);
            between = ", ";
        }
    }
}

static void print_among(const struct plan *plan, const struct plan_node *node, struct buffer *out) {
    const struct plan_fact *fact = plan_first_fact(plan, node);
    uint32_t every = fact->choice_count >= PLAN_CHOICES_MAX ? UINT32_MAX : (1U << fact->choice_count) - 1;
    bool inverted = count_bits(node->choices) > fact->choice_count / 2U && node->choices != every;
    uint32_t set = inverted ? every & ~node->choices : node->choices;
    print_name(fact->name, out);
    if (count_bits(set) == 1) {
        buffer_append_string(out, inverted ? " != " : " = ");
        print_set(fact, set, out);
    } else {
        buffer_append_string(out, inverted ? say(plan, " not in (", " 非 属于 (") : say(plan, " in (", " 属于 ("));
        print_set(fact, set, out);
        buffer_append_string(out, ")");
    }
}

/* The sign and the end of a range of ordered values 0 … highest; the compiler makes ranges that touch an end, or single
 * values. */
static const char *range_sign(uint8_t low, uint8_t high, uint8_t highest, uint8_t *value) {
    *value = low;
    if (high == highest && low > 0) {
        return ">=";
    }
    if (low == high) {
        return "=";
    }
    *value = high;
    return "<=";
}

static void print_days(const struct plan *plan, const struct plan_node *node, struct buffer *out) {
    const struct plan_fact *fact = plan_first_fact(plan, node);
    uint8_t value;
    const char *sign = range_sign(node->low, node->high, (uint8_t)(fact->choice_count - 1U), &value);
    print_name(fact->name, out);
    bool every = node->kind == PLAN_EVERY_DAY;
    buffer_print(out, " %s %u %s %s %s ", node->forward ? say(plan, "next", "未来") : say(plan, "last", "最近"),
                 (unsigned)node->days, say(plan, node->days == 1 ? "day" : "days", "天"),
                 every ? say(plan, "all", "全部") : say(plan, "any", "任一"), sign);
    print_name(fact->choices[value], out);
}

static void print_level(const struct plan *plan, const struct plan_node *node, struct buffer *out) {
    const struct plan_scale *scale = &plan->scales[node->scale];
    uint8_t value;
    const char *sign = range_sign(node->low, node->high, scale->level_count, &value);
    print_name(scale->name, out);
    buffer_print(out, " %s ", sign);
    if (value == 0) {
        buffer_append_string(out, say(plan, "none", "无"));
    } else {
        print_name(scale->levels[value], out);
    }
}

/* X = 3 is kept as both bounds, X != 3 as either: prints such a pair; false when it is none. */
static bool print_pair(const struct plan *plan, const struct plan_node *group, struct buffer *out) {
    if (group->children.count != 2) {
        return false;
    }
    const struct plan_node *low = &plan->nodes[plan->node_lists[group->children.first]];
    const struct plan_node *high = &plan->nodes[plan->node_lists[group->children.first + 1]];
    if (low->kind != PLAN_AT_LEAST || high->kind != PLAN_AT_MOST || !plan_have_same_facts(plan, low, high) ||
        plan_first_fact(plan, low)->type == PLAN_FLAG) {
        return false;
    }
    if (group->kind == PLAN_ALL && low->bound == high->bound) {
        print_sum_with(plan, low, "=", low->bound, out);
        return true;
    }
    if (group->kind == PLAN_ANY && low->bound - 1 == high->bound + 1) {
        print_sum_with(plan, low, "!=", low->bound - 1, out);
        return true;
    }
    return false;
}

static void print_node(const struct plan *plan, uint32_t index, bool bracketed, struct buffer *out) {
    const struct plan_node *node = &plan->nodes[index];
    switch (node->kind) {
    case PLAN_ALL:
    case PLAN_ANY:
        if (node->children.count == 0) {
            buffer_append_string(out,
                                 node->kind == PLAN_ALL ? say(plan, "always", "总是") : say(plan, "never", "从不"));
            return;
        }
        if (print_pair(plan, node, out)) {
            return;
        }
        buffer_append_string(out, bracketed ? "(" : "");
        for (uint16_t i = 0; i < node->children.count; i++) {
            buffer_append_string(out, i == 0                   ? ""
                                      : node->kind == PLAN_ALL ? say(plan, " and ", " 且 ")
                                                               : say(plan, " or ", " 或 "));
            print_node(plan, plan->node_lists[node->children.first + i], true, out);
        }
        buffer_append_string(out, bracketed ? ")" : "");
        return;
    case PLAN_AT_LEAST:
    case PLAN_AT_MOST:
        print_bound(plan, node, out);
        return;
    case PLAN_AMONG:
        print_among(plan, node, out);
        return;
    case PLAN_EVERY_DAY:
    case PLAN_SOME_DAY:
        print_days(plan, node, out);
        return;
    case PLAN_LEVEL:
        print_level(plan, node, out);
        return;
    }
}

void plan_print_condition(const struct plan *plan, uint32_t node, struct buffer *out) {
    if (node == PLAN_NO_NODE || node >= plan->node_count) {
        buffer_append_string(out, say(plan, "always", "总是"));
        return;
    }
    print_node(plan, node, false, out);
}

/* ---- values ----------------------------------------------------------------------------------------------- */

/* One end of a range of quantities or times. */
static void print_end(const struct plan *plan, const struct plan_fact *fact, int64_t value, struct buffer *out) {
    if (fact->type == PLAN_TIME) {
        char instant[CALENDAR_INSTANT_ROOM];
        int64_t rest = value % CALENDAR_US_PER_SECOND; /* nobody has seen anything to the millisecond */
        int64_t whole = 0;
        if (__builtin_sub_overflow(value, rest < 0 ? rest + CALENDAR_US_PER_SECOND : rest, &whole)) {
            whole = value; /* before all calendars */
        }
        calendar_print_instant(whole, plan->zone_minutes, instant);
        buffer_append_string(out, instant);
    } else {
        char quantity[QUANTITY_ROOM];
        quantity_print_in(fact->dimension, value, is_chinese(plan), quantity);
        buffer_append_string(out, quantity);
    }
}

/* Quantities in one unit. */
static void print_both_ends(const struct plan *plan, const struct plan_fact *fact, int64_t low, int64_t high,
                            struct buffer *out) {
    char ends[2][QUANTITY_ROOM];
    if (fact->type == PLAN_TIME) {
        print_end(plan, fact, low, out);
        buffer_append_string(out, " .. ");
        print_end(plan, fact, high, out);
        return;
    }
    quantity_print_range_in(fact->dimension, low, high, is_chinese(plan), ends[0], ends[1]);
    buffer_print(out, fact->dimension == QUANTITY_COUNT ? "%s..%s" : "%s .. %s", ends[0], ends[1]);
}

static void print_range(const struct plan *plan, const struct plan_fact *fact, int64_t low, int64_t high,
                        struct buffer *out) {
    if (low == high) {
        print_end(plan, fact, low, out);
    } else if (low <= fact->low && high >= fact->high) {
        buffer_append_string(out, say(plan, "unknown", "不明"));
    } else if (high >= fact->high) {
        buffer_append_string(out, ">= ");
        print_end(plan, fact, low, out);
    } else if (low <= fact->low) {
        buffer_append_string(out, "<= ");
        print_end(plan, fact, high, out);
    } else {
        print_both_ends(plan, fact, low, high, out);
    }
}

static void print_choice_value(const struct plan *plan, const struct plan_fact *fact, int64_t low, struct buffer *out) {
    uint32_t every = fact->choice_count >= PLAN_CHOICES_MAX ? UINT32_MAX : (1U << fact->choice_count) - 1;
    uint32_t set = (uint32_t)low & every;
    if (set == every && fact->choice_count != 1) {
        buffer_append_text(out,
                           fact->unknown_name.length > 0 ? fact->unknown_name : text_of(say(plan, "unknown", "不明")));
        return;
    }
    const char *between = "";
    for (uint16_t i = 0; i < fact->choice_count; i++) {
        if ((set & (1U << i)) != 0) {
            buffer_append_string(out, between);
            buffer_append_text(out, fact->choices[i]);
            between = say(plan, " or ", "或");
        }
    }
}

static void print_series_value(const struct plan *plan, const struct plan_fact *fact, int64_t low, int64_t high,
                               struct buffer *out) {
    int64_t last = fact->choice_count - 1;
    if (low < 0 || high > last || low > high || (low == 0 && high == last && last > 0)) {
        buffer_append_string(out, say(plan, "unknown", "不明"));
        return;
    }
    buffer_append_text(out, fact->choices[low]);
    if (low < high) {
        buffer_append_string(out, "..");
        buffer_append_text(out, fact->choices[high]);
    }
}

void plan_print_value(const struct plan *plan, uint16_t fact, int64_t low, int64_t high, struct buffer *out) {
    const struct plan_fact *of = &plan->facts[fact];
    switch (of->type) {
    case PLAN_QUANTITY:
    case PLAN_TIME:
        print_range(plan, of, low, high, out);
        return;
    case PLAN_FLAG:
        buffer_append_string(out, low != high ? say(plan, "unknown", "不明")
                                  : low != 0  ? say(plan, "yes", "是")
                                              : say(plan, "no", "否"));
        return;
    case PLAN_CHOICE:
        print_choice_value(plan, of, low, out);
        return;
    case PLAN_SERIES:
        print_series_value(plan, of, low, high, out);
        return;
    }
}
