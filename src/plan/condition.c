/* Gives conditions their meaning: a tree without negation, on whole base units.
 *
 * A `not` is carried down to the comparisons and turns them round there; > and < become ≥ and ≤ of the next whole unit;
 * = becomes both, ≠ either; named conditions are copied in.
 */
#include "plan/resolve.h"

#include <string.h>

#define EXPRESSION_DEPTH_MAX (4U * CONDITION_DEPTH_MAX) /* or, and, not and a comparison for each pair of brackets */

/* ---- nodes ------------------------------------------------------------------------------------------------ */

static uint32_t add_node(struct compiler *compiler, struct plan_node node) {
    if (compiler->built_nodes.count >= PACK_NODES_MAX) {
        report(compiler, node.place,
               "the conditions of the pack are too large: named conditions that name others grow "
               "with each copy",
               "条件太多太大：条件引用条件时，每引用一次就展开一次");
        return 0;
    }
    VECTOR_PUSH(compiler, &compiler->built_nodes, node);
    return compiler->built_nodes.count > 0 ? compiler->built_nodes.count - 1 : 0;
}

static uint32_t add_group(struct compiler *compiler, enum plan_node_kind kind, const uint32_t *children, uint32_t count,
                          struct plan_place place) {
    if (count == 1) {
        return children[0];
    }
    if (count > UINT16_MAX) {
        report(compiler, place, "this condition has more than %u parts", "这个条件的组成部分超过 %u 个",
               (unsigned)UINT16_MAX);
        count = 0;
    }
    struct plan_node node = {.kind = kind, .place = place, .scale = PLAN_NONE};
    node.children = (struct plan_list){compiler->node_lists.count, (uint16_t)count};
    for (uint32_t i = 0; i < count; i++) {
        VECTOR_PUSH(compiler, &compiler->node_lists, children[i]);
    }
    return add_node(compiler, node);
}

uint32_t add_constant(struct compiler *compiler, bool holds, struct plan_place place) {
    return add_group(compiler, holds ? PLAN_ALL : PLAN_ANY, NULL, 0, place);
}

/* What stands in for a faulty part. */
static uint32_t fail(struct compiler *compiler, struct scope *scope, struct plan_place place) {
    scope->faulty = true;
    return add_constant(compiler, true, place);
}

/* ---- names ------------------------------------------------------------------------------------------------ */

/* What a name in a condition means; NULL after a message. */
static const struct name_entry *find_value_name(struct compiler *compiler, struct word name) {
    const struct name_entry *entry = names_find(&compiler->value_names, name.text);
    if (entry == NULL) {
        report_unknown(compiler, name, SAY("fact", "事实"), &compiler->value_names);
    }
    return entry;
}

static struct text subject_name(const struct compiler *compiler, uint16_t subject) {
    return clip(compiler->subjects.items[subject]->name.text);
}

/* All of a condition is about one subject. */
static bool enter_subject(struct compiler *compiler, struct scope *scope, uint16_t subject, struct word name) {
    if (subject == PLAN_NONE) {
        return false; /* a scale whose subject is unknown, said elsewhere */
    }
    if (scope->subject == PLAN_NONE) {
        scope->subject = subject;
    }
    if (scope->subject == subject) {
        return true;
    }
    return report(compiler, name.place,
                  "%.*s belongs to %.*s, and here it is about %.*s: a condition speaks of one of "
                  "them only",
                  "“%.*s”属于“%.*s”，而这里说的是“%.*s”：一个条件只能说其中一个", TEXT_PRINT(clip(name.text)),
                  TEXT_PRINT(subject_name(compiler, subject)), TEXT_PRINT(subject_name(compiler, scope->subject)));
}

/* The fact that a name means; NULL after a message, or when the fact's own declaration is faulty. */
static const struct fact_draft *find_fact(struct compiler *compiler, struct scope *scope, struct word name) {
    uint16_t fact = resolve_fact_name(compiler, name, SAY("a fact", "事实"));
    if (fact == PLAN_NONE) {
        return NULL;
    }
    const struct fact_draft *draft = compiler->facts.items[fact];
    if (!enter_subject(compiler, scope, draft->fact.subject, name) || draft->broken) {
        return NULL;
    }
    return draft;
}

static struct plan_list add_fact(struct compiler *compiler, uint16_t fact) {
    struct plan_list list = {compiler->lists.count, 1};
    VECTOR_PUSH(compiler, &compiler->lists, fact);
    return list;
}

static enum mark turn_round(enum mark mark) {
    switch (mark) {
    case MARK_EQUAL:
        return MARK_UNEQUAL;
    case MARK_UNEQUAL:
        return MARK_EQUAL;
    case MARK_LESS:
        return MARK_AT_LEAST;
    case MARK_AT_LEAST:
        return MARK_LESS;
    case MARK_MORE:
        return MARK_AT_MOST;
    case MARK_AT_MOST:
        return MARK_MORE;
    default:
        return mark;
    }
}

/* ---- quantities and flags --------------------------------------------------------------------------------- */

static uint32_t add_bound(struct compiler *compiler, enum plan_node_kind kind, struct plan_list facts, int64_t bound,
                          struct plan_place place) {
    struct plan_node node = {.kind = kind, .facts = facts, .bound = bound, .scale = PLAN_NONE, .place = place};
    return add_node(compiler, node);
}

static uint32_t add_comparison(struct compiler *compiler, struct plan_list facts, enum mark mark, int64_t value,
                               struct plan_place place) {
    uint32_t pair[2];
    switch (mark) {
    case MARK_AT_LEAST:
        return add_bound(compiler, PLAN_AT_LEAST, facts, value, place);
    case MARK_MORE:
        return add_bound(compiler, PLAN_AT_LEAST, facts, value + 1, place);
    case MARK_AT_MOST:
        return add_bound(compiler, PLAN_AT_MOST, facts, value, place);
    case MARK_LESS:
        return add_bound(compiler, PLAN_AT_MOST, facts, value - 1, place);
    case MARK_EQUAL:
        pair[0] = add_bound(compiler, PLAN_AT_LEAST, facts, value, place);
        pair[1] = add_bound(compiler, PLAN_AT_MOST, facts, value, place);
        return add_group(compiler, PLAN_ALL, pair, 2, place);
    default:
        pair[0] = add_bound(compiler, PLAN_AT_LEAST, facts, value + 1, place);
        pair[1] = add_bound(compiler, PLAN_AT_MOST, facts, value - 1, place);
        return add_group(compiler, PLAN_ANY, pair, 2, place);
    }
}

static uint32_t add_flag(struct compiler *compiler, uint16_t fact, bool holds, struct plan_place place) {
    return add_bound(compiler, holds ? PLAN_AT_LEAST : PLAN_AT_MOST, add_fact(compiler, fact), holds ? 1 : 0, place);
}

/* A flag compared: FLAG = yes, FLAG != yes. */
static uint32_t resolve_flag(struct compiler *compiler, struct scope *scope, const struct expression *expression,
                             const struct fact_draft *draft, enum mark mark) {
    const struct value *value = &expression->value;
    bool is_comparison = mark == MARK_EQUAL || mark == MARK_UNEQUAL;
    if (!is_comparison || (value->kind != VALUE_YES && value->kind != VALUE_NO)) {
        report(compiler, is_comparison ? value->place : expression->place,
               "%.*s is a flag: write %.*s, not %.*s, or compare it with = yes or = no",
               "“%.*s”是“是否”型事实：写 %.*s 或 非 %.*s，也可以写 = 是、= 否", TEXT_PRINT(clip(draft->fact.name)),
               TEXT_PRINT(clip(draft->fact.name)), TEXT_PRINT(clip(draft->fact.name)));
        return fail(compiler, scope, expression->place);
    }
    bool holds = (value->kind == VALUE_YES) == (mark == MARK_EQUAL);
    return add_flag(compiler, draft->index, holds, expression->place);
}

/* The value that a sum is compared with must be a quantity of its dimension. */
static bool check_quantity(struct compiler *compiler, const struct expression *expression,
                           const struct plan_fact *fact) {
    const struct value *value = &expression->value;
    struct text name = clip(fact->name);
    const char *dimension = dimension_words(compiler, fact->dimension);
    if (value->kind != VALUE_NUMBER) {
        return report(compiler, value->place, "%.*s is a quantity (%s): compare it with a number%s",
                      "“%.*s”是数值（%s）：要与数字%s比较", TEXT_PRINT(name), dimension,
                      said(compiler, fact->dimension == QUANTITY_COUNT ? SAY("", "") : SAY(" and its unit", "加单位")));
    }
    if (value->dimension == fact->dimension) {
        return true;
    }
    if (value->dimension == QUANTITY_COUNT) {
        return report(compiler, value->place, "%.*s is a quantity (%s): the number needs a unit of %s",
                      "“%.*s”是数值（%s）：数字后面要写%s单位", TEXT_PRINT(name), dimension, dimension);
    }
    return report(compiler, value->place,
                  "only like is compared with like: %.*s is a quantity of %s, the value behind it one of %s",
                  "同类才能比较：“%.*s”是%s，后面的值是%s", TEXT_PRINT(name), dimension,
                  dimension_words(compiler, value->dimension));
}

/* A part of a sum must be a quantity, of the first one's dimension, and not stand in it twice. */
static bool check_summand(struct compiler *compiler, const struct fact_draft *draft, const struct fact_draft *first,
                          uint32_t list, struct word name) {
    if (draft->fact.type != PLAN_QUANTITY) {
        return report(compiler, name.place, "%.*s is no quantity: only quantities are added up",
                      "“%.*s”不是数值：只有数值才能相加", TEXT_PRINT(clip(name.text)));
    }
    if (draft->fact.dimension != first->fact.dimension) {
        return report(compiler, name.place, "only like is added to like: %.*s is a quantity of %s, %.*s one of %s",
                      "同类才能相加：“%.*s”是%s，“%.*s”是%s", TEXT_PRINT(clip(first->fact.name)),
                      dimension_words(compiler, first->fact.dimension), TEXT_PRINT(clip(name.text)),
                      dimension_words(compiler, draft->fact.dimension));
    }
    for (uint32_t i = list; i < compiler->lists.count; i++) {
        if (compiler->lists.items[i] == draft->index) {
            return report(compiler, name.place, "%.*s stands twice in this sum", "“%.*s”在这个和里出现了两次",
                          TEXT_PRINT(clip(name.text)));
        }
    }
    return true;
}

/* A sum of the largest values must fit in 64 bits; a few facts of any dimension do. */
static bool check_sum_fits(struct compiler *compiler, const struct expression *expression, struct plan_list list) {
    int64_t total = 0;
    for (uint16_t i = 0; i < list.count; i++) {
        int64_t high = compiler->facts.items[compiler->lists.items[list.first + i]]->fact.high;
        if (high > INT64_MAX - total) {
            return report(compiler, expression->place,
                          "this sum may grow beyond all numbers: give its facts a range with "
                          "from … to …",
                          "这个和可能大得无法计算：用 自 … 至 … 给这些事实规定范围");
        }
        total += high;
    }
    return true;
}

/* FACT + FACT … compared with a quantity. */
static uint32_t resolve_sum(struct compiler *compiler, struct scope *scope, const struct expression *expression,
                            const struct fact_draft *first, enum mark mark) {
    struct plan_list list = {compiler->lists.count, 0};
    bool sound = true;
    for (uint32_t i = 0; i < expression->operands.count && sound; i++) {
        struct word name = expression->operands.items[i];
        const struct fact_draft *draft = i == 0 ? first : find_fact(compiler, scope, name);
        sound = draft != NULL && check_summand(compiler, draft, first, list.first, name);
        if (sound) {
            VECTOR_PUSH(compiler, &compiler->lists, draft->index);
        }
    }
    if (!sound || !check_quantity(compiler, expression, &first->fact)) {
        return fail(compiler, scope, expression->place);
    }
    list.count = (uint16_t)(compiler->lists.count - list.first);
    if (!check_sum_fits(compiler, expression, list)) {
        return fail(compiler, scope, expression->place);
    }
    return add_comparison(compiler, list, mark, expression->value.number, expression->place);
}

/* ---- choices ---------------------------------------------------------------------------------------------- */

/* The index of a value among those of a fact or the levels of a scale; -1 after a message. */
static int find_among(struct compiler *compiler, const words *values, struct word name, struct text owner,
                      struct say what) {
    for (uint32_t i = 0; i < values->count; i++) {
        if (text_equal(values->items[i].text, name.text)) {
            return (int)i;
        }
    }
    struct suggestion suggestion = suggestion_begin(name.text);
    for (uint32_t i = 0; i < values->count; i++) {
        suggestion_consider(&suggestion, values->items[i].text);
    }
    char room[ASKING_ROOM];
    report(compiler, name.place, "%.*s has no %s %.*s%s", "“%.*s”没有%s“%.*s”%s", TEXT_PRINT(clip(owner)),
           said(compiler, what), TEXT_PRINT(clip(name.text)), ask_whether(compiler, &suggestion, room));
    return -1;
}

/* The value's bit in a set; 0 after a message. */
static uint32_t find_choice_bit(struct compiler *compiler, const struct fact_draft *draft, struct word name) {
    if (draft->fact.unknown_name.length > 0 && text_equal(draft->fact.unknown_name, name.text)) {
        report(compiler, name.place, "%.*s means that %.*s is not known: a condition cannot ask for that",
               "“%.*s”表示“%.*s”不明：条件不能问这个", TEXT_PRINT(clip(name.text)), TEXT_PRINT(clip(draft->fact.name)));
        return 0;
    }
    int index = find_among(compiler, &draft->choices, name, draft->fact.name, SAY("value", "值"));
    return index < 0 || index >= PLAN_CHOICES_MAX ? 0 : 1U << (unsigned)index;
}

static uint32_t add_among(struct compiler *compiler, const struct fact_draft *draft, uint32_t choices, bool inverted,
                          struct plan_place place) {
    uint32_t count = draft->choices.count < PLAN_CHOICES_MAX ? draft->choices.count : PLAN_CHOICES_MAX;
    uint32_t every = count == PLAN_CHOICES_MAX ? UINT32_MAX : (1U << count) - 1;
    struct plan_node node = {.kind = PLAN_AMONG, .scale = PLAN_NONE, .place = place};
    node.facts = add_fact(compiler, draft->index);
    node.choices = inverted ? every & ~choices : choices;
    return add_node(compiler, node);
}

static uint32_t resolve_choice(struct compiler *compiler, struct scope *scope, const struct expression *expression,
                               const struct fact_draft *draft, enum mark mark) {
    if (mark != MARK_EQUAL && mark != MARK_UNEQUAL) {
        report(compiler, expression->place, "the values of %.*s have no order: ask with =, !=, in (…) or not in (…)",
               "“%.*s”的各个值没有高低：用 =、!=、属于 (…) 或 非 属于 (…)", TEXT_PRINT(clip(draft->fact.name)));
        return fail(compiler, scope, expression->place);
    }
    if (expression->value.kind != VALUE_NAME) {
        report(compiler, expression->value.place, "%.*s is compared with one of its values",
               "“%.*s”要与它自己的某个值比较", TEXT_PRINT(clip(draft->fact.name)));
        return fail(compiler, scope, expression->place);
    }
    uint32_t bit = find_choice_bit(compiler, draft, expression->value.name);
    if (bit == 0) {
        return fail(compiler, scope, expression->place);
    }
    return add_among(compiler, draft, bit, mark == MARK_UNEQUAL, expression->place);
}

static uint32_t resolve_among(struct compiler *compiler, struct scope *scope, const struct expression *expression,
                              bool negated) {
    const struct fact_draft *draft = find_fact(compiler, scope, expression->operands.items[0]);
    if (draft == NULL) {
        return fail(compiler, scope, expression->place);
    }
    if (draft->fact.type != PLAN_CHOICE || expression->operands.count > 1) {
        report(compiler, expression->place, "in ( … ) is for facts that are one of several values: %.*s is not",
               "属于 ( … ) 只用于“取值”型事实：“%.*s”不是", TEXT_PRINT(clip(draft->fact.name)));
        return fail(compiler, scope, expression->place);
    }
    uint32_t choices = 0;
    for (uint32_t i = 0; i < expression->values.count; i++) {
        uint32_t bit = find_choice_bit(compiler, draft, expression->values.items[i]);
        if ((choices & bit) != 0) {
            report(compiler, expression->values.items[i].place, "%.*s stands twice in this list",
                   "“%.*s”在这一列里出现了两次", TEXT_PRINT(clip(expression->values.items[i].text)));
        }
        if (bit == 0) {
            scope->faulty = true;
        }
        choices |= bit;
    }
    return add_among(compiler, draft, choices, expression->negated != negated, expression->place);
}

/* ---- ordered values: days of a series, levels of a scale -------------------------------------------------- */

/* The values 0 … highest that a comparison lets through, as one or two ranges; returns how many. */
static unsigned find_ranges(enum mark mark, int value, int highest, int ranges[2][2]) {
    int low = 0;
    int high = highest;
    switch (mark) {
    case MARK_AT_LEAST:
        low = value;
        break;
    case MARK_MORE:
        low = value + 1;
        break;
    case MARK_AT_MOST:
        high = value;
        break;
    case MARK_LESS:
        high = value - 1;
        break;
    case MARK_EQUAL:
        low = high = value;
        break;
    default:
        ranges[0][0] = 0;
        ranges[0][1] = value - 1;
        ranges[1][0] = value + 1;
        ranges[1][1] = highest;
        if (value == 0 || value == highest) {
            ranges[0][0] = value == 0 ? 1 : 0;
            ranges[0][1] = value == 0 ? highest : highest - 1;
            return ranges[0][0] <= ranges[0][1] ? 1 : 0;
        }
        return 2;
    }
    ranges[0][0] = low;
    ranges[0][1] = high;
    return low <= high ? 1 : 0;
}

/* One node for each range, either of which will do. */
static uint32_t add_ranges(struct compiler *compiler, struct plan_node node, enum mark mark, int value, int highest) {
    int ranges[2][2];
    uint32_t nodes[2];
    unsigned count = find_ranges(mark, value, highest, ranges);
    for (unsigned i = 0; i < count; i++) {
        node.low = (uint8_t)ranges[i][0];
        node.high = (uint8_t)ranges[i][1];
        nodes[i] = add_node(compiler, node);
    }
    return add_group(compiler, PLAN_ANY, nodes, count, node.place);
}

static uint32_t resolve_days(struct compiler *compiler, struct scope *scope, const struct expression *expression,
                             bool negated) {
    const struct fact_draft *draft = find_fact(compiler, scope, expression->operands.items[0]);
    if (draft == NULL) {
        return fail(compiler, scope, expression->place);
    }
    if (draft->fact.type != PLAN_SERIES || expression->operands.count > 1) {
        report(compiler, expression->place, "last and next … days are for a series: %.*s is none",
               "最近、未来 … 天 只用于“逐日”型事实：“%.*s”不是", TEXT_PRINT(clip(draft->fact.name)));
        return fail(compiler, scope, expression->place);
    }
    if (expression->value.kind != VALUE_NAME) {
        report(compiler, expression->value.place, "%.*s is compared with one of its values",
               "“%.*s”要与它自己的某个值比较", TEXT_PRINT(clip(draft->fact.name)));
        return fail(compiler, scope, expression->place);
    }
    int value = find_among(compiler, &draft->choices, expression->value.name, draft->fact.name, SAY("value", "值"));
    if (value < 0 || value >= PLAN_CHOICES_MAX) {
        return fail(compiler, scope, expression->place);
    }
    bool every_day = expression->every_day != negated;
    enum mark mark = negated ? turn_round(expression->mark) : expression->mark;
    int highest = (int)draft->choices.count - 1;
    if (every_day && mark == MARK_UNEQUAL && value > 0 && value < highest && expression->days > 1) {
        report(compiler, expression->place,
               "that a value between others stands on none of several days cannot be asked "
               "in one: ask with <, <=, > or >=",
               "不能一次问几天里都不是中间的某个值：用 <、<=、> 或 >=");
        return fail(compiler, scope, expression->place);
    }
    struct plan_node node = {.kind = every_day ? PLAN_EVERY_DAY : PLAN_SOME_DAY,
                             .forward = expression->forward,
                             .days = expression->days,
                             .scale = PLAN_NONE,
                             .place = expression->place};
    node.facts = add_fact(compiler, draft->index);
    return add_ranges(compiler, node, mark, value, highest);
}

/* SCALE >= LEVEL, SCALE = none. */
static uint32_t resolve_level(struct compiler *compiler, struct scope *scope, const struct expression *expression,
                              const struct scale_draft *scale, enum mark mark) {
    const struct value *value = &expression->value;
    struct word name = expression->operands.items[0];
    if (!scope->scales_allowed) {
        report(compiler, name.place,
               "%.*s is a scale: only triggers, until and positions may ask for a level, scales and "
               "named conditions may not",
               "“%.*s”是等级：只有“当”、“直至”和职位可以问级别，等级和命名的条件不可以", TEXT_PRINT(clip(name.text)));
        return fail(compiler, scope, expression->place);
    }
    uint16_t subject = compiler->built_scales.items[scale->index].subject;
    if (!enter_subject(compiler, scope, subject, name)) {
        return fail(compiler, scope, expression->place);
    }
    if (value->kind != VALUE_NAME && value->kind != VALUE_NONE) {
        report(compiler, value->place, "%.*s is a scale: compare it with one of its levels, or with none",
               "“%.*s”是等级：要与它的某个级别或“无”比较", TEXT_PRINT(clip(name.text)));
        return fail(compiler, scope, expression->place);
    }
    int level = 0;
    if (value->kind == VALUE_NAME && scale->broken &&
        plan_find_level(&compiler->built_scales.items[scale->index], value->name.text) == 0) {
        return fail(compiler, scope, expression->place); /* its levels were not read */
    }
    if (value->kind == VALUE_NAME) {
        level = find_among(compiler, &scale->levels, value->name, name.text, SAY("level", "级别")) + 1;
        if (level == 0) {
            return fail(compiler, scope, expression->place);
        }
    }
    struct plan_node node = {.kind = PLAN_LEVEL, .scale = scale->index, .place = expression->place};
    int highest = scale->levels.count < PLAN_LEVELS_MAX ? (int)scale->levels.count : PLAN_LEVELS_MAX;
    return add_ranges(compiler, node, mark, level, highest);
}

/* ---- comparisons ------------------------------------------------------------------------------------------ */

static uint32_t resolve_typed(struct compiler *compiler, struct scope *scope, const struct expression *expression,
                              const struct fact_draft *draft, enum mark mark) {
    struct text name = clip(draft->fact.name);
    switch (draft->fact.type) {
    case PLAN_FLAG:
        if (expression->operands.count == 1) {
            return resolve_flag(compiler, scope, expression, draft, mark);
        }
        break;
    case PLAN_CHOICE:
        if (expression->operands.count == 1) {
            return resolve_choice(compiler, scope, expression, draft, mark);
        }
        break;
    case PLAN_SERIES:
        report(compiler, expression->place,
               "%.*s has a value for each day: ask for days, such as %.*s last 3 days all >= "
               "VALUE",
               "“%.*s”每天有一个值：要说明哪几天，如 %.*s 最近 3 天 全部 >= 值", TEXT_PRINT(name), TEXT_PRINT(name));
        return fail(compiler, scope, expression->place);
    case PLAN_TIME:
        report(compiler, expression->place,
               "%.*s is a time, and a time is not compared: derive a duration with derived "
               "NAME = now - %.*s and compare that",
               "“%.*s”是时刻，时刻不能比较：先写 推算 名称 = 现在 - %.*s，再比较这个时长", TEXT_PRINT(name),
               TEXT_PRINT(name));
        return fail(compiler, scope, expression->place);
    case PLAN_QUANTITY:
        break;
    }
    return resolve_sum(compiler, scope, expression, draft, mark);
}

static uint32_t resolve_comparison(struct compiler *compiler, struct scope *scope, const struct expression *expression,
                                   bool negated) {
    enum mark mark = negated ? turn_round(expression->mark) : expression->mark;
    struct word first = expression->operands.items[0];
    const struct name_entry *entry = find_value_name(compiler, first);
    if (entry == NULL) {
        return fail(compiler, scope, expression->place);
    }
    if (entry->kind == NAME_SCALE && expression->operands.count == 1) {
        return resolve_level(compiler, scope, expression, compiler->scales.items[entry->index], mark);
    }
    if (entry->kind == NAME_CONDITION) {
        report(compiler, first.place, "%.*s is a condition: it holds or not and is not compared",
               "“%.*s”是条件：只有成立与否，不能比较", TEXT_PRINT(clip(first.text)));
        return fail(compiler, scope, expression->place);
    }
    const struct fact_draft *draft = find_fact(compiler, scope, first);
    return draft == NULL ? fail(compiler, scope, expression->place)
                         : resolve_typed(compiler, scope, expression, draft, mark);
}

/* ---- trees ------------------------------------------------------------------------------------------------ */

static uint32_t resolve_part(struct compiler *compiler, struct scope *scope, const struct expression *expression,
                             bool negated);

/* The condition that a name stands for, copied in. */
static uint32_t resolve_named(struct compiler *compiler, struct scope *scope, struct named_condition *named,
                              struct word name, bool negated) {
    if (!enter_subject(compiler, scope, named->subject, name)) {
        return fail(compiler, scope, name.place);
    }
    check_named_condition(compiler, named, scope->depth + 1);
    if (named->state == 1) {
        report(compiler, named->name.place, "the condition %.*s leads back to itself", "条件“%.*s”绕回了自己",
               TEXT_PRINT(clip(named->name.text)));
    }
    if (named->state != 2) {
        return fail(compiler, scope, name.place);
    }
    return resolve_part(compiler, scope, named->condition, negated);
}

/* A name alone: a flag or a named condition. */
static uint32_t resolve_bare(struct compiler *compiler, struct scope *scope, const struct expression *expression,
                             bool negated) {
    struct word name = expression->operands.items[0];
    const struct name_entry *entry = find_value_name(compiler, name);
    if (entry == NULL) {
        return fail(compiler, scope, expression->place);
    }
    if (entry->kind == NAME_CONDITION) {
        return resolve_named(compiler, scope, compiler->conditions.items[entry->index], name, negated);
    }
    if (entry->kind == NAME_SCALE) {
        report(compiler, name.place, "%.*s is a scale: compare it with a level, such as %.*s >= LEVEL",
               "“%.*s”是等级：要与级别比较，如 %.*s >= 级别", TEXT_PRINT(clip(name.text)), TEXT_PRINT(clip(name.text)));
        return fail(compiler, scope, expression->place);
    }
    const struct fact_draft *draft = find_fact(compiler, scope, name);
    if (draft == NULL) {
        return fail(compiler, scope, expression->place);
    }
    if (draft->fact.type != PLAN_FLAG) {
        report(compiler, name.place, "%.*s is no flag and cannot stand alone: compare it with a value, such as %.*s %s",
               "“%.*s”不是“是否”型事实，不能单独写：要与一个值比较，如 %.*s %s", TEXT_PRINT(clip(name.text)),
               TEXT_PRINT(clip(name.text)),
               said(compiler, draft->fact.type == PLAN_SERIES ? SAY("last 3 days all >= VALUE", "最近 3 天 全部 >= 值")
                              : draft->fact.type == PLAN_CHOICE ? SAY("= VALUE", "= 值")
                                                                : SAY(">= VALUE", ">= 值")));
        return fail(compiler, scope, expression->place);
    }
    return add_flag(compiler, draft->index, !negated, expression->place);
}

static uint32_t resolve_list(struct compiler *compiler, struct scope *scope, const struct expression *expression,
                             bool negated) {
    bool is_all = (expression->kind == EXPRESSION_ALL) != negated;
    VECTOR(uint32_t) children = {NULL, 0, 0};
    for (uint32_t i = 0; i < expression->children.count; i++) {
        uint32_t child = resolve_part(compiler, scope, expression->children.items[i], negated);
        VECTOR_PUSH(compiler, &children, child);
    }
    return add_group(compiler, is_all ? PLAN_ALL : PLAN_ANY, children.items, children.count, expression->place);
}

static uint32_t resolve_part(struct compiler *compiler, struct scope *scope, const struct expression *expression,
                             bool negated) {
    if (compiler->condition_steps >= CONDITION_STEPS_MAX || scope->depth >= EXPRESSION_DEPTH_MAX) {
        report(compiler, expression->place,
               "the condition is too large: named conditions stand within one another too "
               "often or too deep",
               "条件太大：命名的条件互相引用太多或太深");
        scope->faulty = true;
        return 0;
    }
    compiler->condition_steps++;
    scope->depth++;
    uint32_t node = 0;
    switch (expression->kind) {
    case EXPRESSION_ALL:
    case EXPRESSION_ANY:
        node = resolve_list(compiler, scope, expression, negated);
        break;
    case EXPRESSION_NOT:
        node = resolve_part(compiler, scope, expression->children.items[0], !negated);
        break;
    case EXPRESSION_BARE:
        node = resolve_bare(compiler, scope, expression, negated);
        break;
    case EXPRESSION_COMPARE:
        node = resolve_comparison(compiler, scope, expression, negated);
        break;
    case EXPRESSION_AMONG:
        node = resolve_among(compiler, scope, expression, negated);
        break;
    case EXPRESSION_DAYS:
        node = resolve_days(compiler, scope, expression, negated);
        break;
    }
    scope->depth--;
    return node;
}

uint32_t resolve_condition(struct compiler *compiler, struct scope *scope, const struct expression *condition) {
    if (condition == NULL || compiler_is_exhausted(compiler)) {
        return PLAN_NO_NODE;
    }
    return resolve_part(compiler, scope, condition, false);
}

void check_named_condition(struct compiler *compiler, struct named_condition *named, uint32_t depth) {
    if (named->state != 0) {
        return;
    }
    if (named->broken || named->condition == NULL) {
        named->state = 3;
        return;
    }
    uint32_t nodes = compiler->built_nodes.count;
    uint32_t lists = compiler->lists.count;
    uint32_t node_lists = compiler->node_lists.count;
    struct scope scope = {.subject = named->subject, .scales_allowed = false, .depth = depth};
    named->state = 1;
    uint32_t root = resolve_condition(compiler, &scope, named->condition);
    named->state = scope.faulty ? 3 : 2;
    if (root < compiler->built_nodes.count) {
        named->root = compiler->built_nodes.items[root];
    }
    /* It was a trial: the nodes are made anew wherever the condition is used. */
    compiler->built_nodes.count = nodes;
    compiler->lists.count = lists;
    compiler->node_lists.count = node_lists;
}
