#include "check/space.h"

#include <stdlib.h>
#include <string.h>

/* ---- values that a person would name ---------------------------------------------------------------------- */

/* The unit in which a value is printed, in base units: hours for 2 h, tenths of a hectare for 0.5 ha. */
static int64_t find_grain(enum quantity_dimension dimension, int64_t value) {
    char printed[QUANTITY_ROOM];
    int64_t factor = 1;
    enum quantity_dimension found = dimension;
    quantity_print(dimension, value, printed);
    const char *blank = strchr(printed, ' ');
    if (blank == NULL || !quantity_find_unit(text_of(blank + 1), &found, &factor)) {
        return 1;
    }
    while (value % factor != 0 && factor % 10 == 0) {
        factor /= 10;
    }
    return factor;
}

/* What was written: `< 1 ha` is kept as one unit less, `> 2 h` as one unit more. The one that prints shortest. */
static int64_t find_written(const struct plan_fact *fact, int64_t bound) {
    int64_t best = bound;
    size_t best_length = SIZE_MAX;
    for (int64_t value = bound - 1; fact->dimension != QUANTITY_COUNT && value <= bound + 1; value++) {
        char printed[QUANTITY_ROOM];
        quantity_print(fact->dimension, value, printed);
        bool is_exact = printed[0] >= '0' && printed[0] <= '9';
        size_t length = strlen(printed) + (is_exact ? 0 : QUANTITY_ROOM);
        if (length < best_length || (length == best_length && value == bound)) {
            best = value;
            best_length = length;
        }
    }
    return best;
}

static void add_nice(struct axis *axis, int64_t value) {
    uint32_t at = 0;
    if (value < axis->low || value > axis->high) {
        return;
    }
    while (at < axis->nice_count && axis->nice[at] < value) {
        at++;
    }
    if (at < axis->nice_count && axis->nice[at] == value) {
        return;
    }
    memmove(axis->nice + at + 1, axis->nice + at, (axis->nice_count - at) * sizeof *axis->nice);
    axis->nice[at] = value;
    axis->nice_count++;
}

static bool looks_at(const struct plan *plan, const struct plan_node *node, uint16_t fact) {
    if (node->kind != PLAN_AT_LEAST && node->kind != PLAN_AT_MOST) {
        return false;
    }
    for (uint16_t i = 0; i < node->facts.count; i++) {
        if (plan->lists[node->facts.first + i] == fact) {
            return true;
        }
    }
    return false;
}

/* The numbers that conditions compare a quantity with, and the next round ones below and above. */
static bool find_nice_numbers(const struct plan *plan, struct axis *axis, struct arena *arena) {
    const struct plan_fact *fact = &plan->facts[axis->fact];
    uint32_t leaves = 0;
    for (uint32_t i = 0; i < plan->node_count; i++) {
        leaves += looks_at(plan, &plan->nodes[i], axis->fact) ? 1 : 0;
    }
    axis->nice = arena_allocate_array(arena, 3 * (size_t)leaves + 2, sizeof *axis->nice);
    if (axis->nice == NULL) {
        return false;
    }
    add_nice(axis, axis->low);
    add_nice(axis, axis->usual);
    for (uint32_t i = 0; i < plan->node_count; i++) {
        if (looks_at(plan, &plan->nodes[i], axis->fact)) {
            int64_t written = find_written(fact, plan->nodes[i].bound);
            int64_t grain = find_grain(fact->dimension, written);
            add_nice(axis, written - grain);
            add_nice(axis, written);
            add_nice(axis, written + grain);
        }
    }
    return true;
}

static bool find_nice_values(const struct plan *plan, struct axis *axis, struct arena *arena) {
    if (plan->facts[axis->fact].type == PLAN_QUANTITY) {
        return find_nice_numbers(plan, axis, arena);
    }
    axis->nice = arena_allocate_array(arena, PLAN_CHOICES_MAX, sizeof *axis->nice);
    for (int64_t value = axis->low; value <= axis->high && axis->nice != NULL; value++) {
        add_nice(axis, value);
    }
    return axis->nice != NULL;
}

/* ---- axes ------------------------------------------------------------------------------------------------- */

static struct axis make_axis(const struct plan *plan, uint16_t index) {
    const struct plan_fact *fact = &plan->facts[index];
    struct axis axis = {.fact = index, .is_flag = fact->type == PLAN_FLAG, .worse = fact->worse};
    axis.low = fact->low;
    axis.high = fact->high;
    if (fact->type == PLAN_FLAG || fact->type == PLAN_CHOICE) {
        axis.low = 0;
        axis.high = fact->type == PLAN_FLAG ? 1 : (int64_t)fact->choice_count - 1;
    }
    axis.usual = fact->presumed ? fact->presumed_value : axis.worse < 0 ? axis.high : axis.low;
    return axis;
}

/* How far back or ahead the plan's conditions look at a series. */
static uint8_t count_days(const struct plan *plan, uint16_t fact, bool forward) {
    uint8_t days = 0;
    for (uint32_t i = 0; i < plan->node_count; i++) {
        const struct plan_node *node = &plan->nodes[i];
        if ((node->kind == PLAN_EVERY_DAY || node->kind == PLAN_SOME_DAY) && plan->lists[node->facts.first] == fact &&
            node->forward == forward && node->days > days) {
            days = node->days;
        }
    }
    return days;
}

static void add_days(struct space *space, uint16_t fact, bool forward, uint8_t days) {
    for (uint8_t day = 1; day <= days; day++) {
        struct axis axis = make_axis(space->plan, fact);
        axis.forward = forward;
        axis.day = day;
        space->axes[space->count++] = axis;
    }
}

bool space_make(struct space *space, const struct plan *plan, uint16_t subject, struct arena *arena) {
    const struct plan_subject *of = &plan->subjects[subject];
    *space = (struct space){.plan = plan, .subject = subject};
    space->axes = arena_allocate_array(arena, (size_t)of->fact_count * 2 * SPACE_DAYS_MAX, sizeof *space->axes);
    if (space->axes == NULL) {
        return false;
    }
    for (uint16_t slot = 0; slot < of->fact_count; slot++) {
        uint16_t fact = of->facts[slot];
        space->first[slot] = space->count;
        if (plan->facts[fact].type == PLAN_SERIES) {
            space->past_days[slot] = count_days(plan, fact, false);
            space->next_days[slot] = count_days(plan, fact, true);
            add_days(space, fact, false, space->past_days[slot]);
            add_days(space, fact, true, space->next_days[slot]);
        } else if (plan->facts[fact].type != PLAN_TIME) {
            space->axes[space->count++] = make_axis(plan, fact);
        }
    }
    for (uint32_t i = 0; i < space->count; i++) {
        if (!find_nice_values(plan, &space->axes[i], arena)) {
            return false;
        }
    }
    return true;
}

uint32_t space_find_axis(const struct space *space, uint16_t fact, bool forward, uint8_t day) {
    uint8_t slot = space->plan->facts[fact].slot;
    uint32_t skipped = day == 0 ? 0U : (forward ? space->past_days[slot] : 0U) + day - 1U;
    return space->first[slot] + skipped;
}

void space_mark(const struct space *space, uint32_t node, bool *looked_at) {
    if (node == PLAN_NO_NODE) {
        return;
    }
    const struct plan *plan = space->plan;
    const struct plan_node *of = &plan->nodes[node];
    switch (of->kind) {
    case PLAN_ALL:
    case PLAN_ANY:
        for (uint16_t i = 0; i < of->children.count; i++) {
            space_mark(space, plan->node_lists[of->children.first + i], looked_at);
        }
        return;
    case PLAN_AT_LEAST:
    case PLAN_AT_MOST:
    case PLAN_AMONG:
        for (uint16_t i = 0; i < of->facts.count; i++) {
            looked_at[space_find_axis(space, plan->lists[of->facts.first + i], false, 0)] = true;
        }
        return;
    case PLAN_EVERY_DAY:
    case PLAN_SOME_DAY:
        for (uint8_t day = 1; day <= of->days; day++) {
            looked_at[space_find_axis(space, plan->lists[of->facts.first], of->forward, day)] = true;
        }
        return;
    case PLAN_LEVEL:
        return;
    }
}

/* ---- cases ------------------------------------------------------------------------------------------------ */

static bool group_holds(const struct space *space, const struct plan_node *node, const int64_t *values,
                        const uint8_t *levels) {
    bool wanted = node->kind == PLAN_ANY;
    for (uint16_t i = 0; i < node->children.count; i++) {
        if (space_holds(space, space->plan->node_lists[node->children.first + i], values, levels) == wanted) {
            return wanted;
        }
    }
    return !wanted;
}

static bool sum_holds(const struct space *space, const struct plan_node *node, const int64_t *values) {
    int64_t sum = 0;
    for (uint16_t i = 0; i < node->facts.count; i++) {
        sum += values[space_find_axis(space, space->plan->lists[node->facts.first + i], false, 0)];
    }
    return node->kind == PLAN_AT_LEAST ? sum >= node->bound : sum <= node->bound;
}

static bool days_hold(const struct space *space, const struct plan_node *node, const int64_t *values) {
    bool wanted = node->kind == PLAN_SOME_DAY;
    for (uint8_t day = 1; day <= node->days; day++) {
        uint16_t fact = space->plan->lists[node->facts.first];
        int64_t value = values[space_find_axis(space, fact, node->forward, day)];
        if ((value >= node->low && value <= node->high) == wanted) {
            return wanted;
        }
    }
    return !wanted;
}

bool space_holds(const struct space *space, uint32_t node, const int64_t *values, const uint8_t *levels) {
    if (node == PLAN_NO_NODE) {
        return true;
    }
    const struct plan_node *of = &space->plan->nodes[node];
    switch (of->kind) {
    case PLAN_ALL:
    case PLAN_ANY:
        return group_holds(space, of, values, levels);
    case PLAN_AT_LEAST:
    case PLAN_AT_MOST:
        return sum_holds(space, of, values);
    case PLAN_AMONG: {
        int64_t value = values[space_find_axis(space, space->plan->lists[of->facts.first], false, 0)];
        return (of->choices >> (unsigned)value & 1U) != 0;
    }
    case PLAN_EVERY_DAY:
    case PLAN_SOME_DAY:
        return days_hold(space, of, values);
    case PLAN_LEVEL:
        return levels != NULL && levels[of->scale] >= of->low && levels[of->scale] <= of->high;
    }
    return false;
}

uint32_t space_rule_root(const struct plan_rule *rule, bool literal) {
    return literal && rule->literal != PLAN_NO_NODE ? rule->literal : rule->condition;
}

uint8_t space_level(const struct space *space, const struct plan_scale *scale, bool literal, const int64_t *values) {
    uint8_t level = 0;
    if (!space_holds(space, scale->given, values, NULL)) {
        return 0;
    }
    for (uint16_t i = 0; i < scale->rule_count; i++) {
        const struct plan_rule *rule = &space->plan->rules[scale->first_rule + i];
        if (rule->level > level && space_holds(space, space_rule_root(rule, literal), values, NULL)) {
            level = rule->level;
        }
    }
    return level;
}

/* ---- words ------------------------------------------------------------------------------------------------ */

bool space_is_chinese(const struct plan *plan) {
    return text_equals_string(plan->language, "zh");
}

void space_write_name(const struct space *space, uint32_t axis, struct buffer *out) {
    const struct axis *of = &space->axes[axis];
    buffer_append_text(out, space->plan->facts[of->fact].name);
    if (of->day > 0) {
        bool is_chinese = space_is_chinese(space->plan);
        const char *side = of->forward ? (is_chinese ? "未来第" : "next") : (is_chinese ? "最近第" : "last");
        buffer_print(out, is_chinese ? " %s%u天" : " %s %u", side, (unsigned)of->day);
    }
}

static void write_quantity(enum quantity_dimension dimension, int64_t value, bool is_chinese, struct buffer *out) {
    char printed[QUANTITY_ROOM];
    quantity_print_in(dimension, value, is_chinese, printed);
    buffer_append_string(out, printed);
}

void space_write_value(const struct space *space, uint32_t axis, int64_t value, struct buffer *out) {
    const struct axis *of = &space->axes[axis];
    const struct plan_fact *fact = &space->plan->facts[of->fact];
    bool is_chinese = space_is_chinese(space->plan);
    if (of->is_flag) {
        buffer_append_string(out, value != 0 ? (is_chinese ? "是" : "yes") : (is_chinese ? "否" : "no"));
    } else if (fact->type == PLAN_CHOICE || fact->type == PLAN_SERIES) {
        buffer_append_text(out, fact->choices[value]);
    } else {
        write_quantity(fact->dimension, value, is_chinese, out);
    }
}
