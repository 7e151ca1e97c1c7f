/* Triggers, and the duties, options, decisions, prohibitions and notices that they raise. */
#include "plan/parse.h"

#include <stdio.h>
#include <string.h>

static const enum keyword action_keywords[] = {KEYWORD_DUTY,   KEYWORD_OPTION, KEYWORD_DECISION,
                                               KEYWORD_FORBID, KEYWORD_NOTICE, KEYWORD_NONE};

/* ---- attributes ------------------------------------------------------------------------------------------- */

static bool parse_to(struct compiler *compiler, struct duty_draft *draft) {
    return read_names(compiler, &draft->recipients, SAY("the name of a recipient", "接收者的名称"), KEYWORD_RECIPIENT);
}

static bool parse_with(struct compiler *compiler, struct duty_draft *draft) {
    return read_names(compiler, &draft->partners, SAY("the name of a cooperating party", "会同方的名称"), KEYWORD_NONE);
}

/* A way: a text, a name, one of the words for telephones, or `written`. */
static bool parse_via(struct compiler *compiler, struct duty_draft *draft) {
    static const enum keyword phones[] = {KEYWORD_OFFICE_PHONE, KEYWORD_DUTY_PHONE, KEYWORD_FAX, KEYWORD_PHONE,
                                          KEYWORD_NONE};
    do {
        const struct token *token = peek_token(compiler);
        struct word name = {.text = token->text};
        if (token->kind == TOKEN_TEXT || at_any_keyword(compiler, phones)) {
            skip_token(compiler);
        } else if (take_keyword(compiler, KEYWORD_WRITTEN)) {
            draft->duty.written = true;
        } else if (!read_name(compiler, &name,
                              SAY("a way, such as telephone or \"written report\"", "方式，如 电话 或 \"信函\""))) {
            return false;
        }
        VECTOR_PUSH(compiler, &draft->means, name.text);
    } while (take_mark(compiler, MARK_COMMA));
    return true;
}

static bool parse_within(struct compiler *compiler, struct duty_draft *draft) {
    return read_time(compiler, &draft->within);
}

static bool parse_by(struct compiler *compiler, struct duty_draft *draft) {
    draft->duty.has_due_day = true;
    return read_date(compiler, &draft->duty.due_day);
}

static bool parse_every(struct compiler *compiler, struct duty_draft *draft) {
    static const struct {
        enum keyword keyword;
        enum plan_every every;
    } periods[] = {{KEYWORD_DAY, PLAN_EVERY_DAY_PERIOD},
                   {KEYWORD_MONTH, PLAN_MONTHLY},
                   {KEYWORD_QUARTER, PLAN_QUARTERLY},
                   {KEYWORD_HALF_YEAR, PLAN_HALF_YEARLY},
                   {KEYWORD_YEAR, PLAN_YEARLY}};
    static const enum keyword wanted[] = {KEYWORD_DAY,       KEYWORD_MONTH, KEYWORD_QUARTER,
                                          KEYWORD_HALF_YEAR, KEYWORD_YEAR,  KEYWORD_NONE};
    for (size_t i = 0; i < sizeof periods / sizeof periods[0]; i++) {
        if (take_keyword(compiler, periods[i].keyword)) {
            draft->duty.every = periods[i].every;
            return true;
        }
    }
    return report_expected(compiler, SAY("day, month, quarter, half-year or year", "日、月、季度、半年或年"), wanted);
}

static bool parse_acknowledge(struct compiler *compiler, struct duty_draft *draft) {
    return read_time(compiler, &draft->acknowledge);
}

static bool parse_until(struct compiler *compiler, struct duty_draft *draft) {
    draft->until = parse_condition(compiler);
    return draft->until != NULL;
}

static bool parse_continues(struct compiler *compiler, struct duty_draft *draft) {
    (void)compiler;
    draft->duty.continues = true;
    return true;
}

static bool parse_met_by_first_report(struct compiler *compiler, struct duty_draft *draft) {
    (void)compiler;
    draft->duty.met_by_first_report = true;
    return true;
}

static bool parse_replaces(struct compiler *compiler, struct duty_draft *draft) {
    return read_names(compiler, &draft->replaces, SAY("the name of a duty", "职责的名称"), KEYWORD_NONE);
}

static bool parse_duty_chain(struct compiler *compiler, struct duty_draft *draft) {
    return read_name(compiler, &draft->chain, SAY("the name of a chain", "上报链的名称"));
}

static bool parse_proof(struct compiler *compiler, struct duty_draft *draft) {
    return read_one_text(compiler, &draft->duty.proof,
                         SAY("in double quotes what is asked as proof", "双引号里的佐证要求"));
}

static bool parse_duty_calling(struct compiler *compiler, struct duty_draft *draft) {
    return read_name(compiler, &draft->calling, SAY("the name of a calling order", "调动顺序的名称"));
}

#define FOR_DUTY (1U << PLAN_DUTY)
#define FOR_OPTION (1U << PLAN_OPTION)
#define FOR_DECISION (1U << PLAN_DECISION)

struct attribute {
    enum keyword keyword;
    unsigned kinds; /* the actions that may have it */
    bool (*parse)(struct compiler *compiler, struct duty_draft *draft);
};

static const struct attribute attributes[] = {
    {KEYWORD_TO, FOR_DUTY | FOR_OPTION | FOR_DECISION, parse_to},
    {KEYWORD_WITH, FOR_DUTY | FOR_OPTION | FOR_DECISION, parse_with},
    {KEYWORD_VIA, FOR_DUTY | FOR_OPTION | FOR_DECISION, parse_via},
    {KEYWORD_WITHIN, FOR_DUTY | FOR_DECISION, parse_within},
    {KEYWORD_BY, FOR_DUTY | FOR_DECISION, parse_by},
    {KEYWORD_EVERY, FOR_DUTY, parse_every},
    {KEYWORD_ACKNOWLEDGE_WITHIN, FOR_DUTY | FOR_DECISION, parse_acknowledge},
    {KEYWORD_UNTIL, FOR_DUTY | FOR_OPTION | FOR_DECISION, parse_until},
    {KEYWORD_CONTINUES, FOR_DUTY | FOR_OPTION | FOR_DECISION, parse_continues},
    {KEYWORD_MET_BY_FIRST_REPORT, FOR_DUTY, parse_met_by_first_report},
    {KEYWORD_REPLACES, FOR_DUTY | FOR_OPTION | FOR_DECISION, parse_replaces},
    {KEYWORD_CHAIN, FOR_DUTY | FOR_DECISION, parse_duty_chain},
    {KEYWORD_PROOF, FOR_DUTY | FOR_OPTION | FOR_DECISION, parse_proof},
    {KEYWORD_CALLING, FOR_DUTY | FOR_OPTION, parse_duty_calling},
};
#define ATTRIBUTE_COUNT (sizeof attributes / sizeof attributes[0])

static const enum keyword attribute_keywords[] = {KEYWORD_TO,
                                                  KEYWORD_WITH,
                                                  KEYWORD_VIA,
                                                  KEYWORD_WITHIN,
                                                  KEYWORD_BY,
                                                  KEYWORD_EVERY,
                                                  KEYWORD_ACKNOWLEDGE_WITHIN,
                                                  KEYWORD_UNTIL,
                                                  KEYWORD_CONTINUES,
                                                  KEYWORD_MET_BY_FIRST_REPORT,
                                                  KEYWORD_REPLACES,
                                                  KEYWORD_CHAIN,
                                                  KEYWORD_PROOF,
                                                  KEYWORD_CALLING,
                                                  KEYWORD_ACCEPT,
                                                  KEYWORD_NONE};

/* What may begin behind an action: another, or one more attribute of it. */
static const enum keyword item_keywords[] = {KEYWORD_DUTY,     KEYWORD_OPTION,    KEYWORD_DECISION,
                                             KEYWORD_FORBID,   KEYWORD_NOTICE,    KEYWORD_TO,
                                             KEYWORD_WITH,     KEYWORD_VIA,       KEYWORD_WITHIN,
                                             KEYWORD_BY,       KEYWORD_EVERY,     KEYWORD_ACKNOWLEDGE_WITHIN,
                                             KEYWORD_UNTIL,    KEYWORD_CONTINUES, KEYWORD_MET_BY_FIRST_REPORT,
                                             KEYWORD_REPLACES, KEYWORD_CHAIN,     KEYWORD_PROOF,
                                             KEYWORD_CALLING,  KEYWORD_ACCEPT,    KEYWORD_NONE};

static struct say kind_words(enum plan_duty_kind kind) {
    switch (kind) {
    case PLAN_DUTY:
        return SAY("a duty", "职责");
    case PLAN_OPTION:
        return SAY("an option", "可选");
    case PLAN_FORBID:
        return SAY("a forbid", "禁止");
    case PLAN_NOTICE:
        return SAY("a notice", "提示");
    case PLAN_DECISION:
        return SAY("a decision", "待决");
    }
    return SAY("an action", "一项行动");
}

/* Reports an attribute that this kind of action cannot have, with those that it can. */
static void refuse_attribute(struct compiler *compiler, struct plan_place place, const struct attribute *refused,
                             enum plan_duty_kind kind) {
    struct buffer allowed = {0};
    for (size_t i = 0; i < ATTRIBUTE_COUNT; i++) {
        if ((attributes[i].kinds & (1U << kind)) != 0) {
            buffer_print(&allowed, "%s%s", allowed.length > 0 ? said(compiler, SAY(", ", "、")) : "",
                         keyword_words(compiler, attributes[i].keyword));
        }
    }
    if (allowed.length > 0) {
        report(compiler, place, "%s has no %s; it may have %s", "%s不能有“%s”；可以有：%s",
               said(compiler, kind_words(kind)), keyword_words(compiler, refused->keyword), allowed.bytes);
    } else {
        report(compiler, place, "%s has no %s, and no other attribute", "%s不能有“%s”，也不能有其他属性",
               said(compiler, kind_words(kind)), keyword_words(compiler, refused->keyword));
    }
    buffer_release(&allowed);
}

/* Takes an attribute; false when none begins here. */
static bool take_attribute(struct compiler *compiler, struct duty_draft *draft, bool *failed) {
    struct plan_place place = peek_token(compiler)->place;
    for (size_t i = 0; i < ATTRIBUTE_COUNT; i++) {
        if (!take_keyword(compiler, attributes[i].keyword)) {
            continue;
        }
        if ((attributes[i].kinds & (1U << draft->duty.kind)) == 0) {
            refuse_attribute(compiler, place, &attributes[i], draft->duty.kind);
        } else if ((draft->attributes & (1U << i)) != 0) {
            report(compiler, place, "%s stands here twice", "%s 在这里出现了两次",
                   keyword_words(compiler, attributes[i].keyword));
        }
        draft->attributes |= 1U << i;
        *failed = !attributes[i].parse(compiler, draft);
        return true;
    }
    return false;
}

/* ---- actions ---------------------------------------------------------------------------------------------- */

/* Attributes, text, notes and clauses up to the next action. */
static bool parse_action_tail(struct compiler *compiler, struct duty_draft *draft) {
    bool failed = false;
    draft->tail.end = last_end(compiler);
    while (!failed) {
        if (take_attribute(compiler, draft, &failed)) {
            draft->tail.end = last_end(compiler);
        } else if (!take_tail_piece(compiler, &draft->tail, TAIL_TEXT | TAIL_NOTES, &failed)) {
            break;
        }
    }
    if (failed) {
        return false;
    }
    check_clauses(compiler, &draft->tail, kind_words(draft->duty.kind), attribute_keywords);
    draft->duty.action = draft->tail.text;
    return true;
}

static bool check_action_text(struct compiler *compiler, const struct duty_draft *draft) {
    bool needed = draft->duty.kind == PLAN_FORBID || draft->duty.kind == PLAN_NOTICE;
    if (!needed || draft->tail.has_text) {
        return true;
    }
    return report(compiler, draft->duty.place, "%s needs a text in double quotes that says %s",
                  "%s要有双引号里的文字，写明%s", said(compiler, kind_words(draft->duty.kind)),
                  said(compiler, draft->duty.kind == PLAN_FORBID ? SAY("what must not be done", "不得做什么")
                                                                 : SAY("what is to be known", "要知道什么")));
}

/* "notice@12", and with the column where that is taken (names_add will tell). */
static struct text make_notice_name(struct compiler *compiler, struct plan_place place) {
    char room[40];
    int length = snprintf(room, sizeof room, "notice@%u", (unsigned)place.line);
    for (uint32_t i = 0; i < compiler->duties.count; i++) {
        if (text_equals_string(compiler->duties.items[i]->duty.name, room)) {
            length = snprintf(room, sizeof room, "notice@%u:%u", (unsigned)place.line, (unsigned)place.column);
        }
    }
    return compiler_keep_text(compiler, (struct text){room, length > 0 ? (size_t)length : 0});
}

static struct duty_draft *make_duty(struct compiler *compiler, enum plan_duty_kind kind, struct plan_place place) {
    struct duty_draft *draft = compiler_allocate(compiler, sizeof *draft);
    if (draft != NULL) {
        draft->duty.kind = kind;
        draft->duty.place = place;
        draft->duty.within_us = -1;
        draft->duty.acknowledge_within_us = -1;
        draft->duty.until = PLAN_NO_NODE;
        draft->duty.chain = PLAN_NONE;
        draft->duty.calling = PLAN_NONE;
        draft->broken = true;
    }
    return draft;
}

static void add_duty(struct compiler *compiler, struct trigger_draft *trigger, struct duty_draft *draft) {
    draft->index = (uint16_t)compiler->duties.count;
    VECTOR_PUSH(compiler, &trigger->duties, draft);
    VECTOR_PUSH(compiler, &compiler->duties, draft);
    VECTOR_PUSH(compiler, &compiler->duty_triggers, trigger);
}

static bool parse_action(struct compiler *compiler, struct trigger_draft *trigger, enum plan_duty_kind kind) {
    struct duty_draft *draft = make_duty(compiler, kind, peek_token(compiler)->place);
    take_keyword(compiler, peek_token(compiler)->keyword);
    if (draft == NULL) {
        return false;
    }
    struct word name = {.keyword = KEYWORD_NONE};
    if (kind == PLAN_NOTICE && !at_name(compiler)) {
        draft->duty.name = make_notice_name(compiler, draft->duty.place);
    } else if (read_name(compiler, &name,
                         kind == PLAN_NOTICE ? SAY("a text", "文字")
                                             : SAY("a name for what is to be done", "要做的事的名称"))) {
        draft->duty.name = name.text;
        draft->duty.place = name.place;
    } else {
        return false;
    }
    add_duty(compiler, trigger, draft);
    if (kind != PLAN_NOTICE &&
        !(read_keyword(compiler, KEYWORD_OF) &&
          read_names(compiler, &draft->bearers, SAY("the name of a party", "一方的名称"), KEYWORD_RECIPIENT))) {
        return false;
    }
    if (!parse_action_tail(compiler, draft) || !check_action_text(compiler, draft)) {
        return false;
    }
    draft->broken = false;
    return true;
}

static bool parse_action_item(struct compiler *compiler, struct trigger_draft *trigger) {
    switch (peek_token(compiler)->keyword) {
    case KEYWORD_DUTY:
        return parse_action(compiler, trigger, PLAN_DUTY);
    case KEYWORD_OPTION:
        return parse_action(compiler, trigger, PLAN_OPTION);
    case KEYWORD_DECISION:
        return parse_action(compiler, trigger, PLAN_DECISION);
    case KEYWORD_FORBID:
        return parse_action(compiler, trigger, PLAN_FORBID);
    case KEYWORD_NOTICE:
        return parse_action(compiler, trigger, PLAN_NOTICE);
    default:
        break;
    }
    /* Behind an action, what is wrong may be a misspelt attribute of it. */
    return trigger->duties.count > 0
               ? report_no_item(compiler,
                                SAY("an attribute, a clause, or the next duty, option, decision, forbid or notice",
                                    "属性、条款，或下一条职责、可选、待决、禁止或提示"),
                                item_keywords)
               : report_no_item(compiler,
                                SAY("duty, option, decision, forbid or notice", "职责、可选、待决、禁止或提示"),
                                action_keywords);
}

/* ---- triggers --------------------------------------------------------------------------------------------- */

static struct trigger_draft *make_trigger(struct compiler *compiler, enum plan_trigger_kind kind,
                                          enum keyword keyword) {
    struct trigger_draft *trigger = compiler_allocate(compiler, sizeof *trigger);
    if (trigger != NULL) {
        trigger->trigger.kind = kind;
        trigger->trigger.subject = PLAN_NONE;
        trigger->trigger.condition = PLAN_NO_NODE;
        trigger->trigger.duty = PLAN_NONE;
        trigger->trigger.place = peek_token(compiler)->place;
    }
    if (keyword != KEYWORD_NONE) {
        take_keyword(compiler, keyword);
    }
    return trigger;
}

static bool add_group_duty(struct compiler *compiler, struct trigger_draft *trigger, const struct party_draft *group) {
    struct duty_draft *draft = make_duty(compiler, PLAN_DUTY, group->party.place);
    if (draft == NULL) {
        return false;
    }
    draft->duty.name = group->party.name;
    draft->duty.action = group->tail.text;
    draft->tail = group->tail;
    draft->partners = group->members;
    VECTOR_PUSH(compiler, &draft->bearers, group->lead);
    draft->broken = group->broken;
    add_duty(compiler, trigger, draft);
    return true;
}

bool add_command_trigger(struct compiler *compiler, struct command_draft *command) {
    enum plan_trigger_kind kind = command->condition != NULL ? PLAN_WHILE : PLAN_OPENED;
    bool is_permanent = command->condition == NULL && command->subject.text.length == 0;
    for (uint32_t i = 0; i < command->groups.count && !is_permanent; i++) {
        if (!command->groups.items[i]->tail.has_text) {
            continue;
        }
        if (command->trigger == NULL) {
            command->trigger = make_trigger(compiler, kind, KEYWORD_NONE);
            if (command->trigger == NULL) {
                return false;
            }
            command->trigger->trigger.place = command->party->party.place;
            command->trigger->target = command->subject;
            command->trigger->condition = command->condition;
            command->trigger->clauses = command->party->tail.clauses;
            VECTOR_PUSH(compiler, &compiler->triggers, command->trigger);
        }
        if (!add_group_duty(compiler, command->trigger, command->groups.items[i])) {
            return false;
        }
    }
    return true;
}

/* Clauses, braces and actions. */
static bool parse_actions(struct compiler *compiler, struct trigger_draft *trigger) {
    take_clauses(compiler, &trigger->clauses);
    struct plan_place opened = peek_token(compiler)->place;
    if (!read_mark(compiler, MARK_OPEN_BRACE, SAY("{ and what is to be done", "{ 和要做的事"))) {
        return false;
    }
    VECTOR_PUSH(compiler, &compiler->triggers, trigger);
    set_relative(compiler, &trigger->clauses);
    while (block_goes_on(compiler, opened, action_keywords)) {
        uint32_t before = compiler->at;
        if (!parse_action_item(compiler, trigger)) {
            block_recover(compiler, before, action_keywords);
        }
    }
    set_relative(compiler, NULL);
    return true;
}

bool parse_when(struct compiler *compiler) {
    struct trigger_draft *trigger = make_trigger(compiler, PLAN_WHILE, KEYWORD_WHEN);
    if (trigger == NULL) {
        return false;
    }
    trigger->condition = parse_condition(compiler);
    return trigger->condition != NULL && parse_actions(compiler, trigger);
}

bool parse_on_open(struct compiler *compiler) {
    struct trigger_draft *trigger = make_trigger(compiler, PLAN_OPENED, KEYWORD_ON_OPEN_OF);
    return trigger != NULL &&
           read_name(compiler, &trigger->target,
                     SAY("the name of an incident type or standing subject", "事件或常设对象的名称")) &&
           parse_actions(compiler, trigger);
}

bool parse_on_done(struct compiler *compiler) {
    struct trigger_draft *trigger = make_trigger(compiler, PLAN_DONE, KEYWORD_ON_DONE_OF);
    return trigger != NULL && read_name(compiler, &trigger->target, SAY("the name of a duty", "职责的名称")) &&
           parse_actions(compiler, trigger);
}
