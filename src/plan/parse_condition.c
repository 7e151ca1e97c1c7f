/* Conditions as they are written: what a name in them means is found out later (condition.c). */
#include "plan/parse.h"

#include <string.h>

static struct expression *parse_or(struct compiler *compiler, uint32_t depth);

/* ---- parts ------------------------------------------------------------------------------------------------ */

static struct expression *make_expression(struct compiler *compiler, enum expression_kind kind,
                                          struct plan_place place) {
    struct expression *expression = compiler_allocate(compiler, sizeof *expression);
    if (expression != NULL) {
        expression->kind = kind;
        expression->place = place;
    }
    return expression;
}

static const struct {
    enum keyword keyword;
    enum mark mark;
} operator_words[] = {{KEYWORD_AT_LEAST, MARK_AT_LEAST}, {KEYWORD_AT_MOST, MARK_AT_MOST},
                      {KEYWORD_MORE_THAN, MARK_MORE},    {KEYWORD_LESS_THAN, MARK_LESS},
                      {KEYWORD_EQUALS, MARK_EQUAL},      {KEYWORD_DIFFERS, MARK_UNEQUAL}};

/* MARK_NONE when no comparison stands here. */
static enum mark take_operator(struct compiler *compiler) {
    const struct token *token = peek_token(compiler);
    if (token->kind == TOKEN_MARK && token->mark >= MARK_EQUAL && token->mark <= MARK_AT_LEAST) {
        skip_token(compiler);
        return token->mark;
    }
    for (size_t i = 0; i < sizeof operator_words / sizeof operator_words[0]; i++) {
        if (take_keyword(compiler, operator_words[i].keyword)) {
            return operator_words[i].mark;
        }
    }
    return MARK_NONE;
}

static bool report_value(struct compiler *compiler) {
    const struct token *token = peek_token(compiler);
    if (token->kind == TOKEN_DATE || token->kind == TOKEN_ZONE) {
        return report(compiler, token->place,
                      "a condition cannot ask for a date: derive a duration with "
                      "derived NAME = now - FACT and compare that",
                      "条件不能问日期：先写 推算 名称 = 现在 - 事实，再比较这个时长");
    }
    if (token->kind == TOKEN_TEXT) {
        return report(compiler, token->place,
                      "expected a value, found the text \"%.*s\": a value's name stands in single "
                      "quotes or none",
                      "这里应为一个值，却是文字“%.*s”：值的名称用单引号或不加引号", TEXT_PRINT(clip(token->text)));
    }
    return report_expected(compiler,
                           SAY("a value to compare with: a number with its unit, a value's or level's name, yes, "
                               "no or none",
                               "用来比较的值：带单位的数字、值或级别的名称、是、否或无"),
                           NULL);
}

static bool read_value(struct compiler *compiler, struct value *value) {
    value->place = peek_token(compiler)->place;
    if (take_keyword(compiler, KEYWORD_YES)) {
        value->kind = VALUE_YES;
    } else if (take_keyword(compiler, KEYWORD_NO)) {
        value->kind = VALUE_NO;
    } else if (take_keyword(compiler, KEYWORD_NONE_LEVEL)) {
        value->kind = VALUE_NONE;
    } else if (peek_token(compiler)->kind == TOKEN_NUMBER) {
        value->kind = VALUE_NUMBER;
        return read_quantity(compiler, &value->number, &value->dimension);
    } else if (at_name(compiler)) {
        value->kind = VALUE_NAME;
        return read_name(compiler, &value->name, SAY("a value", "一个值"));
    } else {
        return report_value(compiler);
    }
    return true;
}

/* ---- comparisons ------------------------------------------------------------------------------------------ */

/* last 3 days, next 1 day: `days` may have been read as the number's unit. */
static bool read_days(struct compiler *compiler, struct expression *days) {
    const struct token *token = peek_token(compiler);
    if (token->kind != TOKEN_NUMBER) {
        return report_expected(compiler, SAY("a number of days, such as last 3 days", "天数，如 最近 3 天"), NULL);
    }
    skip_token(compiler);
    uint8_t taken;
    enum keyword unit = token->unit.length > 0 ? keyword_match(&token->unit, 1, &taken) : KEYWORD_NONE;
    bool has_unit = unit == KEYWORD_DAY || unit == KEYWORD_DAYS;
    if (!has_unit && !take_keyword(compiler, KEYWORD_DAYS) && !take_keyword(compiler, KEYWORD_DAY)) {
        return token->unit.length > 0
                   ? report(compiler, token->place, "a series has one value a day: write a number of days, not %.*s",
                            "逐日的事实每天一个值：写天数，不能写 %.*s", TEXT_PRINT(clip(token->unit)))
                   : report_expected(compiler, keyword_both(KEYWORD_DAYS), NULL);
    }
    int64_t count = 0;
    struct failure failure = {0};
    if (!quantity_scale_decimal(token->text, 1, &count, &failure) || count < 1 || count > SERIES_DAYS_MAX) {
        return report(compiler, token->place, "a condition looks at 1 to %u whole days of a series, not %.*s",
                      "条件可以看 1 到 %u 整天，不能是 %.*s", SERIES_DAYS_MAX, TEXT_PRINT(clip(token->text)));
    }
    days->days = (uint8_t)count;
    return true;
}

static bool parse_days(struct compiler *compiler, struct expression *days) {
    days->kind = EXPRESSION_DAYS;
    days->forward = at_keyword(compiler, KEYWORD_NEXT);
    take_keyword(compiler, days->forward ? KEYWORD_NEXT : KEYWORD_LAST);
    if (!read_days(compiler, days)) {
        return false;
    }
    if (take_keyword(compiler, KEYWORD_ALL)) {
        days->every_day = true;
    } else if (!take_keyword(compiler, KEYWORD_ANY)) {
        return report_expected(
            compiler,
            SAY("all or any: on all of these days, or on any of them", "全部 或 任一：这些天都如此，或其中一天如此"),
            NULL);
    }
    days->mark = take_operator(compiler);
    if (days->mark == MARK_NONE) {
        return report_expected(compiler, SAY("a comparison (>=, <=, =, …)", "比较符号（>=、<=、= 等）"), NULL);
    }
    return read_value(compiler, &days->value);
}

static bool parse_among(struct compiler *compiler, struct expression *among) {
    among->kind = EXPRESSION_AMONG;
    struct plan_place opened = peek_token(compiler)->place;
    if (!read_mark(compiler, MARK_OPEN, SAY("( and the values, such as in (A, B)", "( 和各个值，如 属于 (甲, 乙)")) ||
        !read_names(compiler, &among->values, SAY("the name of a value", "值的名称"), KEYWORD_NONE)) {
        return false;
    }
    if (!at_mark(compiler, MARK_CLOSE)) {
        return report(compiler, missing_place(compiler), "a ) is missing: the ( in line %u, column %u is not closed",
                      "缺少 )：第 %u 行第 %u 列的 ( 没有结束", (unsigned)opened.line, (unsigned)opened.column);
    }
    skip_token(compiler);
    return true;
}

static bool parse_rest_of_comparison(struct compiler *compiler, struct expression *comparison) {
    if (at_keyword(compiler, KEYWORD_LAST) || at_keyword(compiler, KEYWORD_NEXT)) {
        return parse_days(compiler, comparison);
    }
    if (take_keyword(compiler, KEYWORD_NOT)) {
        comparison->negated = true;
        return read_keyword(compiler, KEYWORD_IN) && parse_among(compiler, comparison);
    }
    if (take_keyword(compiler, KEYWORD_IN)) {
        return parse_among(compiler, comparison);
    }
    comparison->mark = take_operator(compiler);
    if (comparison->mark != MARK_NONE) {
        comparison->kind = EXPRESSION_COMPARE;
        return read_value(compiler, &comparison->value);
    }
    if (comparison->operands.count > 1) {
        return report_expected(compiler, SAY("a comparison behind the sum, such as >= 3", "加数之后的比较，如 >= 3"),
                               NULL);
    }
    return true;
}

/* What cannot begin a condition, with what may have been meant. */
static bool report_no_condition(struct compiler *compiler) {
    const struct token *token = peek_token(compiler);
    if (token->kind == TOKEN_NUMBER) {
        return report(compiler, token->place, "a comparison begins with a fact, not with a number: FACT >= %.*s",
                      "比较以事实开头，不以数字开头：事实 >= %.*s", TEXT_PRINT(clip(token->text)));
    }
    if (at_keyword(compiler, KEYWORD_LAST) || at_keyword(compiler, KEYWORD_NEXT)) {
        return report(compiler, token->place, "the name of the series stands before %s: SERIES %s 2 days all >= VALUE",
                      "逐日事实的名称写在“%s”前面：名称 %s 2 天 全部 >= 值", keyword_words(compiler, token->keyword),
                      keyword_words(compiler, token->keyword));
    }
    if (token->kind == TOKEN_NAME && token->keyword != KEYWORD_NONE) {
        return report(compiler, token->place,
                      "expected a condition, found the keyword %.*s: as a name it stands in "
                      "single quotes: '%.*s'",
                      "这里应为条件，却是关键词“%.*s”：用作名称时要加单引号：'%.*s'", TEXT_PRINT(clip(token->text)),
                      TEXT_PRINT(clip(token->text)));
    }
    return report_expected(compiler,
                           SAY("a condition: a fact, a comparison such as FACT >= 2 h, not, any ( … ) or all ( … )",
                               "条件：事实、比较（如 事实 >= 2 小时）、非、任一 ( … ) 或 全部 ( … )"),
                           NULL);
}

static struct expression *parse_comparison(struct compiler *compiler) {
    if (!at_name(compiler)) {
        report_no_condition(compiler);
        return NULL;
    }
    struct expression *comparison = make_expression(compiler, EXPRESSION_BARE, peek_token(compiler)->place);
    if (comparison == NULL) {
        return NULL;
    }
    do {
        struct word name = {.keyword = KEYWORD_NONE};
        if (!read_name(compiler, &name, SAY("the name of a fact", "事实的名称"))) {
            return NULL;
        }
        VECTOR_PUSH(compiler, &comparison->operands, name);
    } while (take_mark(compiler, MARK_PLUS));
    return parse_rest_of_comparison(compiler, comparison) ? comparison : NULL;
}

/* ---- and, or, not, any, all ------------------------------------------------------------------------------- */

static bool read_close(struct compiler *compiler, struct plan_place opened) {
    if (take_mark(compiler, MARK_CLOSE)) {
        return true;
    }
    return report(compiler, missing_place(compiler), "a ) is missing: the ( in line %u, column %u is not closed",
                  "缺少 )：第 %u 行第 %u 列的 ( 没有结束", (unsigned)opened.line, (unsigned)opened.column);
}

static struct expression *parse_list(struct compiler *compiler, enum expression_kind kind, uint32_t depth) {
    struct expression *list = make_expression(compiler, kind, peek_token(compiler)->place);
    take_keyword(compiler, kind == EXPRESSION_ANY ? KEYWORD_ANY : KEYWORD_ALL);
    struct plan_place opened = peek_token(compiler)->place;
    if (at_mark(compiler, MARK_OPEN_BRACE)) {
        report(compiler, opened, "any { … } with braces is for the rules of a scale: here it is %s ( …, … )",
               "带 { … } 的写法只用于等级的规则：这里写 %s ( …, … )",
               keyword_words(compiler, kind == EXPRESSION_ANY ? KEYWORD_ANY : KEYWORD_ALL));
        return NULL;
    }
    if (list == NULL || !read_mark(compiler, MARK_OPEN,
                                   SAY("( and conditions, such as any (A, B)", "( 和各个条件，如 任一 (甲, 乙)"))) {
        return NULL;
    }
    do {
        struct expression *part = parse_or(compiler, depth + 1);
        if (part == NULL) {
            return NULL;
        }
        VECTOR_PUSH(compiler, &list->children, part);
    } while (take_mark(compiler, MARK_COMMA));
    return read_close(compiler, opened) ? list : NULL;
}

static struct expression *parse_bracket(struct compiler *compiler, uint32_t depth) {
    struct plan_place opened = peek_token(compiler)->place;
    take_mark(compiler, MARK_OPEN);
    struct expression *inside = parse_or(compiler, depth + 1);
    return inside != NULL && read_close(compiler, opened) ? inside : NULL;
}

static struct expression *parse_not(struct compiler *compiler, uint32_t depth) {
    struct plan_place place = peek_token(compiler)->place;
    if (depth > CONDITION_DEPTH_MAX) {
        report(compiler, place, "the condition is nested too deep: at most %u brackets within one another",
               "条件嵌套太深：括号最多 %u 层", CONDITION_DEPTH_MAX);
        return NULL;
    }
    if (take_keyword(compiler, KEYWORD_NOT)) {
        struct expression *negation = make_expression(compiler, EXPRESSION_NOT, place);
        struct expression *inside = parse_not(compiler, depth + 1);
        if (negation == NULL || inside == NULL) {
            return NULL;
        }
        VECTOR_PUSH(compiler, &negation->children, inside);
        return negation;
    }
    if (at_mark(compiler, MARK_OPEN)) {
        return parse_bracket(compiler, depth);
    }
    if (at_keyword(compiler, KEYWORD_ANY)) {
        return parse_list(compiler, EXPRESSION_ANY, depth);
    }
    if (at_keyword(compiler, KEYWORD_ALL)) {
        return parse_list(compiler, EXPRESSION_ALL, depth);
    }
    return parse_comparison(compiler);
}

static struct expression *parse_and(struct compiler *compiler, uint32_t depth) {
    struct expression *first = parse_not(compiler, depth);
    if (first == NULL || !at_keyword(compiler, KEYWORD_AND)) {
        return first;
    }
    struct expression *all = make_expression(compiler, EXPRESSION_ALL, first->place);
    if (all == NULL) {
        return NULL;
    }
    VECTOR_PUSH(compiler, &all->children, first);
    while (take_keyword(compiler, KEYWORD_AND)) {
        struct expression *next = parse_not(compiler, depth);
        if (next == NULL) {
            return NULL;
        }
        VECTOR_PUSH(compiler, &all->children, next);
    }
    return all;
}

static struct expression *parse_or(struct compiler *compiler, uint32_t depth) {
    struct expression *first = parse_and(compiler, depth);
    if (first == NULL || !at_keyword(compiler, KEYWORD_OR)) {
        return first;
    }
    struct expression *any = make_expression(compiler, EXPRESSION_ANY, first->place);
    if (any == NULL) {
        return NULL;
    }
    VECTOR_PUSH(compiler, &any->children, first);
    while (take_keyword(compiler, KEYWORD_OR)) {
        struct expression *next = parse_and(compiler, depth);
        if (next == NULL) {
            return NULL;
        }
        VECTOR_PUSH(compiler, &any->children, next);
    }
    return any;
}

struct expression *parse_condition(struct compiler *compiler) {
    return parse_or(compiler, 0);
}
