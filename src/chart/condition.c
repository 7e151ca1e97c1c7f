/* Conditions in words, and which of them follow from which. */
#include "chart/maker.h"

#include <string.h>

#define STEPS_MAX 20000U /* of a comparison of two conditions; beyond it the answer is "not known" */

static uint32_t child(const struct plan *plan, const struct plan_node *node, uint16_t index) {
    return plan->node_lists[node->children.first + index];
}

/* ---- named conditions -------------------------------------------------------------------------------------- */

enum naming { NOT_NAMED, NAMED, NAMED_OPPOSITE };

static bool are_opposite(enum plan_node_kind left, enum plan_node_kind right) {
    static const enum plan_node_kind opposites[] = {
        [PLAN_ALL] = PLAN_ANY,
        [PLAN_ANY] = PLAN_ALL,
        [PLAN_AT_LEAST] = PLAN_AT_MOST,
        [PLAN_AT_MOST] = PLAN_AT_LEAST,
        [PLAN_AMONG] = PLAN_AMONG,
        [PLAN_EVERY_DAY] = PLAN_SOME_DAY,
        [PLAN_SOME_DAY] = PLAN_EVERY_DAY,
        [PLAN_LEVEL] = PLAN_LEVEL,
    };
    return opposites[left] == right;
}

static enum naming compare_root(const struct plan_condition *condition, const struct plan_node *node) {
    const struct plan_node *root = &condition->root;
    if (root->place.line != node->place.line || root->place.column != node->place.column) {
        return NOT_NAMED;
    }
    if (root->kind == node->kind && root->choices == node->choices && root->bound == node->bound &&
        root->low == node->low && root->high == node->high && root->children.count == node->children.count) {
        return NAMED;
    }
    return are_opposite(root->kind, node->kind) ? NAMED_OPPOSITE : NOT_NAMED;
}

/* The named condition that a node is a copy of. `except`: not this one. */
static enum naming find_name(const struct plan *plan, const struct plan_node *node, uint32_t except, uint32_t *found) {
    for (uint32_t i = 0; i < plan->condition_count; i++) {
        enum naming naming = i == except ? NOT_NAMED : compare_root(&plan->conditions[i], node);
        if (naming != NOT_NAMED) {
            *found = i;
            return naming;
        }
    }
    return NOT_NAMED;
}

/* ---- words ------------------------------------------------------------------------------------------------- */

struct speaker {
    struct maker *maker;
    struct buffer *out;
    uint32_t except; /* the condition that is being defined */
};

static void put(struct speaker *speaker, const char *english, const char *chinese) {
    buffer_append_string(speaker->out, say(speaker->maker, english, chinese));
}

static void say_sum(struct speaker *speaker, const struct plan_node *node) {
    const struct plan *plan = speaker->maker->plan;
    for (uint16_t i = 0; i < node->facts.count; i++) {
        put(speaker, i > 0 ? " + " : "", i > 0 ? "＋" : "");
        buffer_append_text(speaker->out, plan->facts[plan->lists[node->facts.first + i]].name);
    }
}

static void say_bound_with(struct speaker *speaker, const struct plan_node *node, const char *sign, int64_t bound) {
    say_sum(speaker, node);
    buffer_print(speaker->out, " %s ", sign);
    words_quantity(speaker->maker, plan_first_fact(speaker->maker->plan, node)->dimension, bound, speaker->out);
}

static void say_bound(struct speaker *speaker, const struct plan_node *node) {
    const struct plan_fact *fact = plan_first_fact(speaker->maker->plan, node);
    bool at_least = node->kind == PLAN_AT_LEAST;
    if (fact->type == PLAN_FLAG) {
        put(speaker, at_least ? "" : "not ", "");
        buffer_append_text(speaker->out, fact->name);
        put(speaker, "", at_least ? "" : "为否");
        return;
    }
    /* What was written as > 2 h is kept as ≥ 2 h and one unit. */
    char closed[QUANTITY_ROOM], open[QUANTITY_ROOM];
    int64_t beyond = at_least ? node->bound - 1 : node->bound + 1;
    quantity_print(fact->dimension, node->bound, closed);
    quantity_print(fact->dimension, beyond, open);
    if (node->bound < 0 || (fact->dimension != QUANTITY_COUNT && strlen(open) < strlen(closed))) {
        say_bound_with(speaker, node, at_least ? ">" : "<", beyond);
    } else {
        say_bound_with(speaker, node, at_least ? "≥" : "≤", node->bound);
    }
}

static uint32_t count_bits(uint32_t set) {
    uint32_t count = 0;
    for (; set != 0; set &= set - 1) {
        count++;
    }
    return count;
}

static void say_among(struct speaker *speaker, const struct plan_node *node) {
    const struct plan_fact *fact = plan_first_fact(speaker->maker->plan, node);
    uint32_t every = fact->choice_count >= PLAN_CHOICES_MAX ? UINT32_MAX : (1U << fact->choice_count) - 1;
    bool inverted = count_bits(node->choices) > fact->choice_count / 2U && node->choices != every;
    uint32_t set = inverted ? every & ~node->choices : node->choices;
    bool between = false;
    buffer_append_text(speaker->out, fact->name);
    put(speaker, inverted ? " is not " : " is ", inverted ? "不为" : "为");
    for (uint16_t i = 0; i < fact->choice_count; i++) {
        if ((set & (1U << i)) != 0) {
            put(speaker, between ? " or " : "", between ? "或" : "");
            buffer_append_text(speaker->out, fact->choices[i]);
            between = true;
        }
    }
}

static void say_days(struct speaker *speaker, const struct plan_node *node) {
    const struct plan_fact *fact = plan_first_fact(speaker->maker->plan, node);
    bool every = node->kind == PLAN_EVERY_DAY;
    bool up = node->high + 1U == fact->choice_count && node->low > 0;
    const char *sign = up ? "≥" : node->low == node->high ? "=" : "≤";
    buffer_append_text(speaker->out, fact->name);
    put(speaker, node->forward ? " next " : " last ", node->forward ? "未来 " : "最近 ");
    buffer_print(speaker->out, "%u", (unsigned)node->days);
    put(speaker, node->days == 1 ? " day" : " days", " 天");
    put(speaker, every ? " all " : " any ", every ? "均 " : "有一天 ");
    buffer_print(speaker->out, "%s ", sign);
    buffer_append_text(speaker->out, fact->choices[up || node->low == node->high ? node->low : node->high]);
}

static void say_level(struct speaker *speaker, const struct plan_node *node) {
    const struct plan_scale *scale = &speaker->maker->plan->scales[node->scale];
    buffer_append_text(speaker->out, scale->name);
    if (node->high == 0) {
        put(speaker, ": none", "：无");
    } else if (node->high == scale->level_count && node->low > 0 && node->low < node->high) {
        put(speaker, " at least ", "达到");
        buffer_append_text(speaker->out, scale->levels[node->low]);
    } else {
        put(speaker, node->low == node->high ? " is " : " at most ", node->low == node->high ? "为" : "不高于");
        buffer_append_text(speaker->out, scale->levels[node->high]);
    }
}

/* X = 3 is kept as both bounds, X != 3 as either. */
static bool say_pair(struct speaker *speaker, const struct plan_node *node) {
    const struct plan *plan = speaker->maker->plan;
    if (node->children.count != 2) {
        return false;
    }
    const struct plan_node *low = &plan->nodes[child(plan, node, 0)], *high = &plan->nodes[child(plan, node, 1)];
    if (low->kind != PLAN_AT_LEAST || high->kind != PLAN_AT_MOST || !plan_have_same_facts(plan, low, high) ||
        plan_first_fact(plan, low)->type == PLAN_FLAG) {
        return false;
    }
    if (node->kind == PLAN_ALL && low->bound == high->bound) {
        say_bound_with(speaker, low, "=", low->bound);
        return true;
    }
    if (node->kind == PLAN_ANY && low->bound - 1 == high->bound + 1) {
        say_bound_with(speaker, low, "≠", low->bound - 1);
        return true;
    }
    return false;
}

static void say_node(struct speaker *speaker, uint32_t index, bool bracketed);

static void say_group(struct speaker *speaker, const struct plan_node *node, bool bracketed) {
    const struct plan *plan = speaker->maker->plan;
    bool is_all = node->kind == PLAN_ALL;
    if (node->children.count == 0) {
        put(speaker, is_all ? "always" : "never", is_all ? "总是" : "从不");
        return;
    }
    if (say_pair(speaker, node)) {
        return;
    }
    put(speaker, bracketed ? "(" : "", bracketed ? "（" : "");
    for (uint16_t i = 0; i < node->children.count; i++) {
        const char *english = i == 0 ? "" : is_all ? " and " : " or ";
        put(speaker, english, i == 0 ? "" : is_all ? "，且" : " 或 ");
        say_node(speaker, child(plan, node, i), true);
    }
    put(speaker, bracketed ? ")" : "", bracketed ? "）" : "");
}

static void say_node(struct speaker *speaker, uint32_t index, bool bracketed) {
    const struct plan *plan = speaker->maker->plan;
    const struct plan_node *node = &plan->nodes[index];
    uint32_t found = 0;
    enum naming naming = find_name(plan, node, speaker->except, &found);
    if (naming != NOT_NAMED) {
        put(speaker, naming == NAMED ? "" : "not ", naming == NAMED ? "" : "未到");
        put(speaker, "", "“");
        buffer_append_text(speaker->out, plan->conditions[found].name);
        put(speaker, "", "”");
        return;
    }
    switch (node->kind) {
    case PLAN_ALL:
    case PLAN_ANY:
        say_group(speaker, node, bracketed);
        return;
    case PLAN_AT_LEAST:
    case PLAN_AT_MOST:
        say_bound(speaker, node);
        return;
    case PLAN_AMONG:
        say_among(speaker, node);
        return;
    case PLAN_EVERY_DAY:
    case PLAN_SOME_DAY:
        say_days(speaker, node);
        return;
    case PLAN_LEVEL:
        say_level(speaker, node);
        return;
    }
}

struct text words_condition(struct maker *maker, uint32_t node) {
    struct buffer out = {0};
    struct speaker speaker = {maker, &out, UINT32_MAX};
    if (node < maker->plan->node_count) {
        say_node(&speaker, node, false);
    } else {
        put(&speaker, "always", "总是");
    }
    return words_keep(maker, &out);
}

struct text words_definition(struct maker *maker, uint32_t condition) {
    const struct plan *plan = maker->plan;
    struct buffer out = {0};
    struct speaker speaker = {maker, &out, condition};
    for (uint32_t i = 0; i < plan->node_count; i++) {
        if (compare_root(&plan->conditions[condition], &plan->nodes[i]) == NAMED) {
            say_node(&speaker, i, false);
            break;
        }
    }
    return words_keep(maker, &out);
}

/* ---- what follows from what -------------------------------------------------------------------------------- */

static bool leaf_implies(const struct plan *plan, const struct plan_node *left, const struct plan_node *right) {
    if (left->kind != right->kind) {
        return false;
    }
    bool within = left->low >= right->low && left->high <= right->high;
    if (left->kind == PLAN_LEVEL) {
        return left->scale == right->scale && within;
    }
    if (!plan_have_same_facts(plan, left, right)) {
        return false;
    }
    switch (left->kind) {
    case PLAN_AT_LEAST:
        return left->bound >= right->bound;
    case PLAN_AT_MOST:
        return left->bound <= right->bound;
    case PLAN_AMONG:
        return (left->choices & ~right->choices) == 0;
    case PLAN_EVERY_DAY:
        return left->forward == right->forward && within && left->days >= right->days;
    case PLAN_SOME_DAY:
        return left->forward == right->forward && within && left->days <= right->days;
    default:
        return false;
    }
}

/* What is asked of the children of a group: that every one, or that some one, implies or is implied. */
struct question {
    const struct plan *plan;
    uint32_t steps;
};

static bool implies(struct question *question, uint32_t left, uint32_t right) {
    const struct plan *plan = question->plan;
    const struct plan_node *from = &plan->nodes[left], *to = &plan->nodes[right];
    if (left == right) {
        return true;
    }
    if (question->steps++ >= STEPS_MAX) {
        return false;
    }
    if (to->kind == PLAN_ALL) {
        bool every = true;
        for (uint16_t i = 0; every && i < to->children.count; i++) {
            every = implies(question, left, child(plan, to, i));
        }
        return every;
    }
    if (from->kind == PLAN_ANY) {
        bool every = true;
        for (uint16_t i = 0; every && i < from->children.count; i++) {
            every = implies(question, child(plan, from, i), right);
        }
        return every;
    }
    for (uint16_t i = 0; from->kind == PLAN_ALL && i < from->children.count; i++) {
        if (implies(question, child(plan, from, i), right)) {
            return true;
        }
    }
    for (uint16_t i = 0; to->kind == PLAN_ANY && i < to->children.count; i++) {
        if (implies(question, left, child(plan, to, i))) {
            return true;
        }
    }
    return from->kind != PLAN_ALL && to->kind != PLAN_ANY && leaf_implies(plan, from, to);
}

bool condition_implies(const struct plan *plan, uint32_t left, uint32_t right) {
    struct question question = {plan, 0};
    return left < plan->node_count && right < plan->node_count && implies(&question, left, right);
}

uint8_t condition_least_level(const struct plan *plan, uint32_t node, uint16_t scale) {
    if (node >= plan->node_count) {
        return 0;
    }
    const struct plan_node *at = &plan->nodes[node];
    if (at->kind == PLAN_LEVEL) {
        return at->scale == scale ? at->low : 0;
    }
    if (at->kind != PLAN_ALL && at->kind != PLAN_ANY) {
        return 0;
    }
    uint8_t least = 0;
    for (uint16_t i = 0; i < at->children.count; i++) {
        uint8_t level = condition_least_level(plan, child(plan, at, i), scale);
        bool taken = i == 0 || (at->kind == PLAN_ALL ? level > least : level < least);
        least = taken ? level : least;
    }
    return least;
}

/* True when two leaves cannot hold at once. Of different sums nothing is known. */
static bool leaves_exclude(const struct plan *plan, const struct plan_node *left, const struct plan_node *right) {
    bool apart = left->high < right->low || right->high < left->low;
    if (left->kind == PLAN_LEVEL || right->kind == PLAN_LEVEL) {
        return left->kind == right->kind && left->scale == right->scale && apart;
    }
    if (!plan_have_same_facts(plan, left, right)) {
        return false;
    }
    switch (left->kind) {
    case PLAN_AT_LEAST:
        return right->kind == PLAN_AT_MOST && left->bound > right->bound;
    case PLAN_AT_MOST:
        return right->kind == PLAN_AT_LEAST && left->bound < right->bound;
    case PLAN_AMONG:
        return right->kind == PLAN_AMONG && (left->choices & right->choices) == 0;
    case PLAN_EVERY_DAY:
        return (right->kind == PLAN_EVERY_DAY || (right->kind == PLAN_SOME_DAY && left->days >= right->days)) &&
               left->forward == right->forward && apart;
    case PLAN_SOME_DAY:
        return right->kind == PLAN_EVERY_DAY && left->days <= right->days && left->forward == right->forward && apart;
    default:
        return false;
    }
}

static bool is_group(const struct plan_node *node) {
    return node->kind == PLAN_ALL || node->kind == PLAN_ANY;
}

static bool has_fact(const struct plan *plan, const struct plan_node *leaf, uint16_t fact) {
    for (uint16_t i = 0; leaf->kind != PLAN_LEVEL && i < leaf->facts.count; i++) {
        if (plan->lists[leaf->facts.first + i] == fact) {
            return true;
        }
    }
    return false;
}

/* True when some leaf of `right` speaks of the fact and can hold with the leaf `left`. */
static bool agrees(const struct plan *plan, uint32_t left, uint32_t right, uint16_t fact) {
    const struct plan_node *to = &plan->nodes[right];
    for (uint16_t i = 0; is_group(to) && i < to->children.count; i++) {
        if (agrees(plan, left, child(plan, to, i), fact)) {
            return true;
        }
    }
    return !is_group(to) && has_fact(plan, to, fact) && !leaves_exclude(plan, &plan->nodes[left], to);
}

static bool brings(const struct plan *plan, uint32_t held, uint32_t left, uint32_t right, uint16_t fact) {
    const struct plan_node *from = &plan->nodes[left];
    for (uint16_t i = 0; is_group(from) && i < from->children.count; i++) {
        if (brings(plan, held, child(plan, from, i), right, fact)) {
            return true;
        }
    }
    return !is_group(from) && has_fact(plan, from, fact) && !condition_implies(plan, held, left) &&
           agrees(plan, left, right, fact);
}

bool condition_brings(const struct plan *plan, uint32_t held, uint32_t left, uint32_t right, uint16_t fact) {
    return left < plan->node_count && right < plan->node_count && brings(plan, held, left, right, fact);
}

bool condition_asks(const struct plan *plan, uint32_t node, uint16_t fact) {
    if (node >= plan->node_count) {
        return false;
    }
    const struct plan_node *at = &plan->nodes[node];
    for (uint16_t i = 0; is_group(at) && i < at->children.count; i++) {
        if (condition_asks(plan, child(plan, at, i), fact)) {
            return true;
        }
    }
    return !is_group(at) && has_fact(plan, at, fact);
}
