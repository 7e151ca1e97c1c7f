/* Scales: levels, who proposes and orders, rules. */
#include "plan/parse.h"

#include <string.h>

/* The first must stay KEYWORD_LEVELS: parse.c knows a scale's block by it. */
static const enum keyword scale_keywords[] = {
    KEYWORD_LEVELS,        KEYWORD_GIVEN,         KEYWORD_PROPOSED_BY, KEYWORD_ORDERED_BY,   KEYWORD_RAISED_BY,
    KEYWORD_AUTOMATIC_FOR, KEYWORD_DECIDE_WITHIN, KEYWORD_ENDS_WHEN,   KEYWORD_REOPENS_WHEN, KEYWORD_NONE};

/* ---- rules ------------------------------------------------------------------------------------------------ */

static bool parse_literal(struct compiler *compiler, struct rule_draft *rule) {
    struct plan_place place = peek_token(compiler)->place;
    if (rule->literal != NULL) {
        return report(compiler, place, "a second literal stands here: a rule has one",
                      "这里又有一个字面：一条规则只有一个");
    }
    take_keyword(compiler, KEYWORD_LITERAL);
    rule->literal_place = place;
    rule->literal = parse_condition(compiler);
    return rule->literal != NULL;
}

/* What may follow a rule's condition. */
static const enum keyword rule_keywords[] = {KEYWORD_AND, KEYWORD_OR, KEYWORD_LITERAL, KEYWORD_ACCEPT, KEYWORD_NONE};

static bool parse_rule(struct compiler *compiler, struct scale_draft *scale, struct word level) {
    struct rule_draft rule = {.level = level, .place = peek_token(compiler)->place};
    rule.condition = parse_condition(compiler);
    if (rule.condition == NULL) {
        return false;
    }
    bool failed = false;
    while (!failed) {
        if (at_keyword(compiler, KEYWORD_LITERAL)) {
            failed = !parse_literal(compiler, &rule);
        } else if (!take_tail_piece(compiler, &rule.tail, TAIL_NOTES, &failed)) {
            break;
        }
    }
    if (failed) {
        return false;
    }
    check_clauses(compiler, &rule.tail, SAY("a rule", "规则"), rule_keywords);
    if (rule.literal != NULL && rule.tail.notes.count == 0) {
        report(compiler, rule.literal_place,
               "literal needs a reason: add accept reading \"why the text is not followed literally\"",
               "字面要有理由：加上 接受 reading \"为什么不按字面执行\"");
    }
    VECTOR_PUSH(compiler, &scale->rules, rule);
    return true;
}

/* any @CLAUSE { RULE RULE … }: any of the rules will do. */
static bool parse_rule_block(struct compiler *compiler, struct scale_draft *scale, struct word level) {
    static const enum keyword nothing[] = {KEYWORD_NONE};
    words clauses = {0};
    take_keyword(compiler, KEYWORD_ANY);
    take_clauses(compiler, &clauses);
    struct plan_place opened = peek_token(compiler)->place;
    if (!read_mark(compiler, MARK_OPEN_BRACE, SAY("{ and the rules", "{ 和各条规则"))) {
        return false;
    }
    set_relative(compiler, &clauses);
    for (uint32_t i = 0; i < clauses.count; i++) {
        VECTOR_PUSH(compiler, &scale->block_clauses, clauses.items[i]);
    }
    while (block_goes_on(compiler, opened, nothing)) {
        uint32_t before = compiler->at;
        if (!parse_rule(compiler, scale, level)) {
            scale->broken = true;
            block_recover(compiler, before, nothing);
        }
    }
    set_relative(compiler, NULL);
    return true;
}

/* True for any { or any @6.2 {, as against any ( … ). */
static bool at_rule_block(const struct compiler *compiler) {
    uint32_t next = compiler->at + 1;
    if (!at_keyword(compiler, KEYWORD_ANY) || next >= compiler->tokens.count) {
        return false;
    }
    const struct token *token = &compiler->tokens.items[next];
    return token->kind == TOKEN_CLAUSE || (token->kind == TOKEN_MARK && token->mark == MARK_OPEN_BRACE);
}

static bool parse_level(struct compiler *compiler, struct scale_draft *scale) {
    struct word level = {.keyword = KEYWORD_NONE};
    if (!read_name(compiler, &level, SAY("a level's name", "级别的名称")) || !read_keyword(compiler, KEYWORD_WHEN)) {
        return false;
    }
    return at_rule_block(compiler) ? parse_rule_block(compiler, scale, level) : parse_rule(compiler, scale, level);
}

/* ---- who proposes and orders ------------------------------------------------------------------------------ */

static bool parse_levels(struct compiler *compiler, struct scale_draft *scale) {
    struct plan_place place = peek_token(compiler)->place;
    take_keyword(compiler, KEYWORD_LEVELS);
    if (scale->levels.count > 0) {
        return report(compiler, place, "levels stands here twice", "级别在这里出现了两次");
    }
    do {
        struct word level = {.keyword = KEYWORD_NONE};
        if (!read_name(compiler, &level, SAY("the name of a level", "级别的名称"))) {
            return false;
        }
        VECTOR_PUSH(compiler, &scale->levels, level);
    } while (take_mark(compiler, MARK_LESS));
    if (at_mark(compiler, MARK_MORE) || at_mark(compiler, MARK_COMMA)) {
        return report(compiler, peek_token(compiler)->place,
                      "levels stand from the lowest to the highest with < between "
                      "them: levels Low < High",
                      "级别从低到高写，中间用 <：级别 低 < 高");
    }
    return read_tail(compiler, &scale->levels_tail, TAIL_NEEDS_CLAUSE, SAY("levels", "级别"));
}

static bool parse_orderer(struct compiler *compiler, struct scale_draft *scale, bool raise_only) {
    struct orderer_draft orderer = {.raise_only = raise_only, .place = peek_token(compiler)->place};
    take_keyword(compiler, raise_only ? KEYWORD_RAISED_BY : KEYWORD_ORDERED_BY);
    if (!read_names(compiler, &orderer.parties, SAY("the name of a party", "一方的名称"), KEYWORD_NONE)) {
        return false;
    }
    if (!raise_only && take_keyword(compiler, KEYWORD_FOR) &&
        !read_names(compiler, &orderer.levels,
                    SAY("the name of a level, or none for the end", "级别的名称，或表示终止的“无”"),
                    KEYWORD_NONE_LEVEL)) {
        return false;
    }
    if (!read_tail(compiler, &orderer.tail, TAIL_NEEDS_CLAUSE,
                   raise_only ? SAY("raised by", "可提级者") : SAY("ordered by", "决定者"))) {
        return false;
    }
    VECTOR_PUSH(compiler, &scale->orderers, orderer);
    return true;
}

static bool parse_proposer(struct compiler *compiler, struct scale_draft *scale) {
    scale->proposed_place = peek_token(compiler)->place;
    take_keyword(compiler, KEYWORD_PROPOSED_BY);
    if (scale->proposed_by.text.length > 0) {
        return report(compiler, scale->proposed_place, "proposed by stands here twice", "提请者在这里出现了两次");
    }
    if (!read_name(compiler, &scale->proposed_by, SAY("the name of a party", "一方的名称"))) {
        return false;
    }
    /* Its clause may stand behind the `ordered by` that follows: one sentence often says both. */
    if (at_keyword(compiler, KEYWORD_ORDERED_BY)) {
        uint32_t before = scale->orderers.count;
        if (!parse_orderer(compiler, scale, false)) {
            return false;
        }
        if (scale->orderers.count > before) {
            scale->proposed_tail = scale->orderers.items[before].tail;
        }
        return true;
    }
    return read_tail(compiler, &scale->proposed_tail, TAIL_NEEDS_CLAUSE, SAY("proposed by", "提请者"));
}

static bool parse_automatic(struct compiler *compiler, struct scale_draft *scale) {
    scale->automatic_place = peek_token(compiler)->place;
    take_keyword(compiler, KEYWORD_AUTOMATIC_FOR);
    if (scale->automatic.count > 0) {
        return report(compiler, scale->automatic_place, "automatic for stands here twice", "自动执行在这里出现了两次");
    }
    take_keyword(compiler, KEYWORD_FOR); /* 自动执行 用于 蓝色 reads better than 自动执行 蓝色, and means the same */
    return read_names(compiler, &scale->automatic, SAY("the name of a level", "级别的名称"), KEYWORD_NONE) &&
           read_tail(compiler, &scale->automatic_tail, TAIL_NEEDS_CLAUSE, SAY("automatic for", "自动执行"));
}

static bool parse_decide(struct compiler *compiler, struct scale_draft *scale) {
    scale->decide_place = peek_token(compiler)->place;
    take_keyword(compiler, KEYWORD_DECIDE_WITHIN);
    if (scale->decide.given) {
        return report(compiler, scale->decide_place, "decide within stands here twice", "决定限时在这里出现了两次");
    }
    return read_time(compiler, &scale->decide) && read_keyword(compiler, KEYWORD_CHAIN) &&
           read_name(compiler, &scale->chain, SAY("the name of a chain", "上报链的名称"));
}

/* given, ends when, reopens when */
static bool parse_scale_condition(struct compiler *compiler, enum keyword keyword, struct expression **condition,
                                  struct tail *tail, struct plan_place *place) {
    *place = peek_token(compiler)->place;
    take_keyword(compiler, keyword);
    if (*condition != NULL) {
        return report(compiler, *place, "%s stands here twice", "%s 在这里出现了两次",
                      keyword_words(compiler, keyword));
    }
    *condition = parse_condition(compiler);
    return *condition != NULL && read_tail(compiler, tail, TAIL_NEEDS_CLAUSE, keyword_both(keyword));
}

/* ---- the scale -------------------------------------------------------------------------------------------- */

static bool parse_scale_item(struct compiler *compiler, struct scale_draft *scale) {
    struct plan_place ignored;
    switch (peek_token(compiler)->keyword) {
    case KEYWORD_LEVELS:
        return parse_levels(compiler, scale);
    case KEYWORD_GIVEN:
        return parse_scale_condition(compiler, KEYWORD_GIVEN, &scale->given, &scale->given_tail, &ignored);
    case KEYWORD_PROPOSED_BY:
        return parse_proposer(compiler, scale);
    case KEYWORD_ORDERED_BY:
        return parse_orderer(compiler, scale, false);
    case KEYWORD_RAISED_BY:
        return parse_orderer(compiler, scale, true);
    case KEYWORD_AUTOMATIC_FOR:
        return parse_automatic(compiler, scale);
    case KEYWORD_DECIDE_WITHIN:
        return parse_decide(compiler, scale);
    case KEYWORD_ENDS_WHEN:
        return parse_scale_condition(compiler, KEYWORD_ENDS_WHEN, &scale->ends, &scale->ends_tail, &scale->ends_place);
    case KEYWORD_REOPENS_WHEN:
        return parse_scale_condition(compiler, KEYWORD_REOPENS_WHEN, &scale->reopens, &scale->reopens_tail,
                                     &scale->reopens_place);
    default:
        break;
    }
    if (at_name(compiler)) {
        uint32_t next = compiler->at + 1;
        if (next < compiler->tokens.count && compiler->tokens.items[next].keyword == KEYWORD_WHEN) {
            return parse_level(compiler, scale);
        }
    }
    return report_no_item(
        compiler,
        SAY("levels, given, proposed by, ordered by, raised by, automatic for, decide within, "
            "ends when, reopens when, or LEVEL when …",
            "级别、前提、提请者、决定者、可提级者、自动执行、决定限时、终止于、重启于，或 某级别 当 …"),
        scale_keywords);
}

bool parse_scale(struct compiler *compiler) {
    take_keyword(compiler, KEYWORD_SCALE);
    struct scale_draft *scale = compiler_allocate(compiler, sizeof *scale);
    if (scale == NULL || !read_name(compiler, &scale->name, SAY("the scale's name", "等级的名称"))) {
        return false;
    }
    scale->broken = true;
    VECTOR_PUSH(compiler, &compiler->scales, scale);
    if (!read_keyword(compiler, KEYWORD_OF) ||
        !read_name(compiler, &scale->subject,
                   SAY("the name of an incident type or standing subject", "事件或常设对象的名称"))) {
        return false;
    }
    struct plan_place opened = peek_token(compiler)->place;
    if (!read_mark(compiler, MARK_OPEN_BRACE, SAY("{ and the levels and rules", "{ 和级别、规则"))) {
        return false;
    }
    scale->broken = false;
    while (block_goes_on(compiler, opened, scale_keywords)) {
        uint32_t before = compiler->at;
        if (!parse_scale_item(compiler, scale)) {
            scale->broken = true;
            block_recover(compiler, before, scale_keywords);
        }
    }
    if (!read_tail(compiler, &scale->tail, TAIL_NOTES, SAY("a scale", "等级"))) {
        scale->broken = true;
        return false;
    }
    return true;
}
