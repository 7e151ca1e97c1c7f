/* Incident types and standing subjects: their facts, derived facts and named conditions. */
#include "plan/parse.h"

#include <string.h>

static const enum keyword subject_keywords[] = {KEYWORD_FACT, KEYWORD_DERIVED, KEYWORD_CONDITION, KEYWORD_NONE};

static const enum keyword type_keywords[] = {KEYWORD_COUNT,  KEYWORD_DURATION,  KEYWORD_AREA, KEYWORD_LENGTH,
                                             KEYWORD_VOLUME, KEYWORD_FLOW,      KEYWORD_TIME, KEYWORD_FLAG,
                                             KEYWORD_ONE_OF, KEYWORD_SERIES_OF, KEYWORD_NONE};

static const enum keyword attribute_keywords[] = {KEYWORD_MORE_IS_WORSE,
                                                  KEYWORD_LESS_IS_WORSE,
                                                  KEYWORD_YES_IS_WORSE,
                                                  KEYWORD_NO_IS_WORSE,
                                                  KEYWORD_OBSERVED_OR_PREDICTED,
                                                  KEYWORD_NEVER_FALLS,
                                                  KEYWORD_NEVER_AFTER_FIRST_REPORT,
                                                  KEYWORD_UNKNOWN_AS,
                                                  KEYWORD_PRESUMED,
                                                  KEYWORD_HEARD_AS,
                                                  KEYWORD_ABOUT,
                                                  KEYWORD_FROM,
                                                  KEYWORD_NONE};

/* ---- types ------------------------------------------------------------------------------------------------ */

/* Values of `one of`, up to the comma before an attribute. */
static bool parse_choices(struct compiler *compiler, words *choices) {
    while (true) {
        struct word name = {.keyword = KEYWORD_NONE};
        if (!read_name(compiler, &name, SAY("the name of a value", "值的名称"))) {
            return false;
        }
        VECTOR_PUSH(compiler, choices, name);
        uint32_t next = compiler->at + 1;
        if (!at_mark(compiler, MARK_COMMA) ||
            (next < compiler->tokens.count && compiler->tokens.items[next].keyword != KEYWORD_NONE)) {
            return true;
        }
        take_mark(compiler, MARK_COMMA);
    }
}

/* Values of `series of`, from the lowest on. */
static bool parse_series(struct compiler *compiler, words *choices) {
    do {
        struct word name = {.keyword = KEYWORD_NONE};
        if (!read_name(compiler, &name, SAY("the name of a value", "值的名称"))) {
            return false;
        }
        VECTOR_PUSH(compiler, choices, name);
    } while (take_mark(compiler, MARK_LESS));
    return true;
}

static void set_quantity(struct plan_fact *fact, enum quantity_dimension dimension) {
    fact->type = PLAN_QUANTITY;
    fact->dimension = dimension;
    fact->low = 0;
    fact->high = quantity_largest(dimension);
}

static bool take_dimension(struct compiler *compiler, struct plan_fact *fact) {
    static const struct {
        enum keyword keyword;
        enum quantity_dimension dimension;
    } dimensions[] = {{KEYWORD_COUNT, QUANTITY_COUNT},   {KEYWORD_DURATION, QUANTITY_DURATION},
                      {KEYWORD_AREA, QUANTITY_AREA},     {KEYWORD_LENGTH, QUANTITY_LENGTH},
                      {KEYWORD_VOLUME, QUANTITY_VOLUME}, {KEYWORD_FLOW, QUANTITY_FLOW}};
    for (size_t i = 0; i < sizeof dimensions / sizeof dimensions[0]; i++) {
        if (take_keyword(compiler, dimensions[i].keyword)) {
            set_quantity(fact, dimensions[i].dimension);
            return true;
        }
    }
    return false;
}

static bool parse_type(struct compiler *compiler, struct fact_draft *draft) {
    struct plan_fact *fact = &draft->fact;
    if (take_dimension(compiler, fact)) {
        return true;
    }
    if (take_keyword(compiler, KEYWORD_FLAG)) {
        fact->type = PLAN_FLAG;
        fact->high = 1;
        return true;
    }
    if (take_keyword(compiler, KEYWORD_TIME)) {
        fact->type = PLAN_TIME;
        fact->low = INT64_MIN;
        fact->high = INT64_MAX;
        return true;
    }
    if (take_keyword(compiler, KEYWORD_ONE_OF)) {
        fact->type = PLAN_CHOICE;
        return parse_choices(compiler, &draft->choices);
    }
    if (take_keyword(compiler, KEYWORD_SERIES_OF)) {
        fact->type = PLAN_SERIES;
        return parse_series(compiler, &draft->choices);
    }
    return report_expected(compiler,
                           SAY("a type: count, duration, area, length, volume, flow, flag, time, one of or "
                               "series of",
                               "类型：数量、时长、面积、长度、体积、流量、是否、时刻、取值或逐日"),
                           type_keywords);
}

/* ---- attributes ------------------------------------------------------------------------------------------- */

static bool set_worse(struct compiler *compiler, struct fact_draft *draft, struct plan_place place, bool of_flag,
                      int8_t worse) {
    enum plan_fact_type type = draft->fact.type;
    if (draft->fact.worse != 0) {
        report(compiler, place, "which direction is worse stands here twice", "哪个方向更严重写了两次");
    } else if (of_flag && type != PLAN_FLAG) {
        report(compiler, place, "yes and no are values of a flag: write more is worse or less is worse",
               "是、否是“是否”型事实的值：这里写 越多越重 或 越少越重");
    } else if (!of_flag && type == PLAN_FLAG) {
        report(compiler, place, "a flag has no more or less: write yes is worse or no is worse",
               "“是否”型事实没有多少之分：写 是为重 或 否为重");
    } else if (type == PLAN_TIME || type == PLAN_CHOICE) {
        report(compiler, place, "%s has no worse direction", "%s没有轻重方向",
               said(compiler,
                    type == PLAN_TIME ? SAY("a time", "时刻") : SAY("a value that is one of several", "取值型事实")));
    }
    draft->fact.worse = worse;
    return true;
}

static bool parse_range(struct compiler *compiler, struct fact_draft *draft, struct plan_place place) {
    enum quantity_dimension low;
    enum quantity_dimension high;
    struct plan_fact *fact = &draft->fact;
    if (fact->type != PLAN_QUANTITY) {
        return report(compiler, place, "from … to … is for quantities only", "自 … 至 … 只用于数值");
    }
    int64_t least;
    int64_t most;
    struct plan_place first = peek_token(compiler)->place;
    if (!read_quantity(compiler, &least, &low) || !read_keyword(compiler, KEYWORD_TO) ||
        !read_quantity(compiler, &most, &high)) {
        return false;
    }
    if (low != fact->dimension || high != fact->dimension) {
        return report(compiler, first, "the range of a fact of %s needs values of %s, found %s",
                      "%s型事实的范围要写%s，这里却是%s", dimension_words(compiler, fact->dimension),
                      dimension_words(compiler, fact->dimension),
                      dimension_words(compiler, low != fact->dimension ? low : high));
    }
    if (least > most) {
        return report(compiler, first, "the range begins above its end", "范围的起点大于终点");
    }
    fact->low = least;
    fact->high = most;
    return true;
}

/* about 0.2 m: how far off "about" is for this fact, either way. */
static bool parse_about_fact(struct compiler *compiler, struct plan_fact *fact) {
    enum quantity_dimension found;
    struct plan_place place = peek_token(compiler)->place;
    enum quantity_dimension wanted = fact->type == PLAN_TIME ? QUANTITY_DURATION : fact->dimension;
    if (fact->type != PLAN_QUANTITY && fact->type != PLAN_TIME) {
        return report(compiler, place, "about is for quantities and times only", "约指 只用于数值和时刻");
    }
    if (!read_quantity(compiler, &fact->about, &found)) {
        return false;
    }
    if (found != wanted || fact->about == 0) {
        return report(compiler, place, "what about means for it is a %s of more than 0", "约指要写大于 0 的%s",
                      dimension_words(compiler, wanted));
    }
    return true;
}

/* A value to compare with or to presume. */
static bool read_presumed(struct compiler *compiler, struct value *value) {
    value->place = peek_token(compiler)->place;
    if (take_keyword(compiler, KEYWORD_YES)) {
        value->kind = VALUE_YES;
        return true;
    }
    if (take_keyword(compiler, KEYWORD_NO)) {
        value->kind = VALUE_NO;
        return true;
    }
    if (peek_token(compiler)->kind == TOKEN_NUMBER) {
        value->kind = VALUE_NUMBER;
        return read_quantity(compiler, &value->number, &value->dimension);
    }
    value->kind = VALUE_NAME;
    return read_name(
        compiler, &value->name,
        SAY("a value: yes, no, a quantity or one of the fact's values", "一个值：是、否、数值或该事实的某个值"));
}

/* True where another text of the same words follows: a comma, and a text. */
static bool takes_next_words(struct compiler *compiler) {
    uint32_t next = compiler->at + 1;
    if (!at_mark(compiler, MARK_COMMA) || next >= compiler->tokens.count ||
        compiler->tokens.items[next].kind != TOKEN_TEXT) {
        return false;
    }
    return take_mark(compiler, MARK_COMMA);
}

/* heard as [VALUE {or VALUE}] TEXT {, TEXT} */
static bool parse_heard(struct compiler *compiler, struct fact_draft *draft) {
    struct heard_draft heard = {0};
    enum token_kind next = peek_token(compiler)->kind;
    if (next == TOKEN_NAME || next == TOKEN_QUOTED || next == TOKEN_NUMBER) {
        do {
            struct value value = {.place = peek_token(compiler)->place};
            if (!read_presumed(compiler, &value)) {
                return false;
            }
            VECTOR_PUSH(compiler, &heard.values, value);
        } while (take_keyword(compiler, KEYWORD_OR));
    }
    do {
        heard.place = peek_token(compiler)->place;
        if (!read_one_text(compiler, &heard.words,
                           SAY("the words by which it is recognised, in double quotes, # for the figure",
                               "带引号的说法，数字的位置写 #"))) {
            return false;
        }
        VECTOR_PUSH(compiler, &draft->heard, heard);
    } while (takes_next_words(compiler));
    return true;
}

static bool parse_attribute(struct compiler *compiler, struct fact_draft *draft) {
    struct plan_fact *fact = &draft->fact;
    struct plan_place place = peek_token(compiler)->place;
    if (take_keyword(compiler, KEYWORD_MORE_IS_WORSE)) {
        return set_worse(compiler, draft, place, false, 1);
    }
    if (take_keyword(compiler, KEYWORD_LESS_IS_WORSE)) {
        return set_worse(compiler, draft, place, false, -1);
    }
    if (take_keyword(compiler, KEYWORD_YES_IS_WORSE)) {
        return set_worse(compiler, draft, place, true, 1);
    }
    if (take_keyword(compiler, KEYWORD_NO_IS_WORSE)) {
        return set_worse(compiler, draft, place, true, -1);
    }
    if (take_keyword(compiler, KEYWORD_OBSERVED_OR_PREDICTED)) {
        fact->predictable = true;
        draft->worse_place = place;
        return true;
    }
    if (take_keyword(compiler, KEYWORD_NEVER_FALLS)) {
        fact->never_falls = true;
        draft->worse_place = place;
        return true;
    }
    if (take_keyword(compiler, KEYWORD_NEVER_AFTER_FIRST_REPORT)) {
        fact->not_after_first = true;
        return fact->type == PLAN_TIME ||
               report(compiler, place, "never after first report is for times only", "不晚于首报 只用于时刻");
    }
    if (take_keyword(compiler, KEYWORD_UNKNOWN_AS)) {
        struct word name = {.keyword = KEYWORD_NONE};
        draft->unknown_place = place;
        if (!read_name(compiler, &name, SAY("the word that says that it is not known", "表示不明的词"))) {
            return false;
        }
        fact->unknown_name = name.text;
        return fact->type == PLAN_CHOICE ||
               report(compiler, place, "unknown as is for one of … only", "不明作 只用于“取值”型事实");
    }
    if (take_keyword(compiler, KEYWORD_PRESUMED)) {
        fact->presumed = true;
        return read_presumed(compiler, &draft->presumed);
    }
    if (take_keyword(compiler, KEYWORD_ABOUT)) {
        return parse_about_fact(compiler, fact);
    }
    if (take_keyword(compiler, KEYWORD_HEARD_AS)) {
        return parse_heard(compiler, draft);
    }
    if (take_keyword(compiler, KEYWORD_FROM)) {
        return parse_range(compiler, draft, place);
    }
    return report_expected(compiler,
                           SAY("an attribute of the fact, such as more is worse, observed or predicted, never "
                               "falls, presumed, heard as, about or from … to …",
                               "事实的属性，如 越多越重、含预判、只增不减、默认、听作、约指 或 自 … 至 …"),
                           attribute_keywords);
}

static bool parse_fact_body(struct compiler *compiler, struct fact_draft *draft) {
    if (!read_mark(compiler, MARK_COLON, SAY("a colon and the fact's type", "冒号和事实的类型")) ||
        !parse_type(compiler, draft)) {
        return false;
    }
    while (take_mark(compiler, MARK_COMMA)) {
        if (!parse_attribute(compiler, draft)) {
            return false;
        }
    }
    if (at_any_keyword(compiler, attribute_keywords)) {
        return report(compiler, peek_token(compiler)->place, "a comma is missing before %s", "“%s”前面缺少逗号",
                      keyword_words(compiler, peek_token(compiler)->keyword));
    }
    return read_tail(compiler, draft->tail, TAIL_TEXT | TAIL_NOTES, SAY("a fact", "事实"));
}

/* ---- statements of a subject ------------------------------------------------------------------------------ */

static struct fact_draft *add_fact(struct compiler *compiler, struct subject_draft *subject, struct word name) {
    struct fact_draft *draft = compiler_allocate(compiler, sizeof *draft);
    if (draft == NULL) {
        return NULL;
    }
    draft->fact.name = name.text;
    draft->fact.place = name.place;
    draft->fact.from = PLAN_NONE;
    draft->fact.until = PLAN_NONE;
    draft->broken = true;
    VECTOR_PUSH(compiler, &subject->facts, draft);
    return draft;
}

/* Gives all facts of one statement what was read for the first. */
static void share_body(struct subject_draft *subject, uint32_t first, const struct fact_draft *body) {
    for (uint32_t i = first; i < subject->facts.count; i++) {
        struct fact_draft *draft = subject->facts.items[i];
        struct text name = draft->fact.name;
        struct plan_place place = draft->fact.place;
        *draft = *body;
        draft->fact.name = name;
        draft->fact.place = place;
        draft->broken = false;
    }
}

static bool parse_fact(struct compiler *compiler, struct subject_draft *subject) {
    take_keyword(compiler, KEYWORD_FACT);
    words names = {0};
    bool sound = read_names(compiler, &names, SAY("the fact's name", "事实的名称"), KEYWORD_NONE);
    uint32_t first = subject->facts.count;
    for (uint32_t i = 0; i < names.count; i++) {
        add_fact(compiler, subject, names.items[i]);
    }
    struct fact_draft body = {.fact = {.from = PLAN_NONE, .until = PLAN_NONE}};
    body.tail = compiler_allocate(compiler, sizeof *body.tail);
    if (!sound || body.tail == NULL || !parse_fact_body(compiler, &body)) {
        return false;
    }
    share_body(subject, first, &body);
    return true;
}

/* "now - FACT", also where the minus lacks its blanks. */
static bool read_now_minus(struct compiler *compiler) {
    const struct token *token = peek_token(compiler);
    if (token->kind == TOKEN_NAME &&
        (text_starts_with(token->text, TEXT("now-")) || text_starts_with(token->text, TEXT("现在-")))) {
        return report(compiler, token->place, "the minus needs a blank on both sides: now - FACT",
                      "减号两边都要有空格：现在 - 事实");
    }
    return read_keyword(compiler, KEYWORD_NOW) &&
           read_mark(compiler, MARK_MINUS, SAY("- and a time fact", "- 和时刻型事实"));
}

static bool parse_derived(struct compiler *compiler, struct subject_draft *subject) {
    take_keyword(compiler, KEYWORD_DERIVED);
    struct word name = {.keyword = KEYWORD_NONE};
    if (!read_name(compiler, &name, SAY("the derived fact's name", "推算事实的名称"))) {
        return false;
    }
    struct fact_draft *draft = add_fact(compiler, subject, name);
    if (draft == NULL) {
        return false;
    }
    set_quantity(&draft->fact, QUANTITY_DURATION);
    draft->fact.worse = 1;
    draft->tail = compiler_allocate(compiler, sizeof *draft->tail);
    if (draft->tail == NULL || !read_mark(compiler, MARK_EQUAL, SAY("= now - FACT", "= 现在 - 事实")) ||
        !read_now_minus(compiler) ||
        !read_name(compiler, &draft->from, SAY("the name of a time fact", "时刻型事实的名称"))) {
        return false;
    }
    if (take_keyword(compiler, KEYWORD_UNTIL) &&
        !read_name(compiler, &draft->until, SAY("the name of a flag", "“是否”型事实的名称"))) {
        return false;
    }
    if (!read_tail(compiler, draft->tail, TAIL_TEXT | TAIL_NOTES, SAY("a derived fact", "推算"))) {
        return false;
    }
    draft->broken = false;
    return true;
}

static bool parse_named_condition(struct compiler *compiler, struct subject_draft *subject) {
    take_keyword(compiler, KEYWORD_CONDITION);
    struct named_condition *named = compiler_allocate(compiler, sizeof *named);
    if (named == NULL || !read_name(compiler, &named->name, SAY("the condition's name", "条件的名称"))) {
        return false;
    }
    named->broken = true;
    VECTOR_PUSH(compiler, &subject->conditions, named);
    if (!read_mark(compiler, MARK_EQUAL, SAY("= and the condition", "= 和条件"))) {
        return false;
    }
    named->condition = parse_condition(compiler);
    if (named->condition == NULL || !read_tail(compiler, &named->tail, TAIL_NOTES, SAY("a condition", "条件"))) {
        return false;
    }
    named->broken = false;
    return true;
}

static bool parse_subject_item(struct compiler *compiler, struct subject_draft *subject) {
    if (at_keyword(compiler, KEYWORD_FACT)) {
        return parse_fact(compiler, subject);
    }
    if (at_keyword(compiler, KEYWORD_DERIVED)) {
        return parse_derived(compiler, subject);
    }
    if (at_keyword(compiler, KEYWORD_CONDITION)) {
        return parse_named_condition(compiler, subject);
    }
    return report_no_item(compiler, SAY("fact, derived or condition", "事实、推算或条件"), subject_keywords);
}

static bool parse_subject(struct compiler *compiler, bool standing) {
    struct subject_draft *subject = compiler_allocate(compiler, sizeof *subject);
    if (subject == NULL || !read_name(compiler, &subject->name,
                                      standing ? SAY("the standing subject's name", "常设对象的名称")
                                               : SAY("the incident type's name", "事件的名称"))) {
        return false;
    }
    subject->standing = standing;
    VECTOR_PUSH(compiler, &compiler->subjects, subject);
    struct plan_place opened = peek_token(compiler)->place;
    if (!read_mark(compiler, MARK_OPEN_BRACE, SAY("{ and the facts", "{ 和各项事实"))) {
        return false;
    }
    while (block_goes_on(compiler, opened, subject_keywords)) {
        uint32_t before = compiler->at;
        if (!parse_subject_item(compiler, subject)) {
            block_recover(compiler, before, subject_keywords);
        }
    }
    return read_tail(compiler, &subject->tail, TAIL_NOTES, SAY("an incident type", "事件"));
}

bool parse_incident(struct compiler *compiler) {
    take_keyword(compiler, KEYWORD_INCIDENT);
    return parse_subject(compiler, false);
}

bool parse_standing(struct compiler *compiler) {
    take_keyword(compiler, KEYWORD_STANDING);
    return parse_subject(compiler, true);
}
