/* The handling of an incident type: its steps in order. */
#include "plan/parse.h"

static const enum keyword handling_keywords[] = {KEYWORD_STEP, KEYWORD_NONE};
static const enum keyword step_keywords[] = {KEYWORD_WHEN,      KEYWORD_ASKS,  KEYWORD_THROUGH,
                                             KEYWORD_DONE_WHEN, KEYWORD_UNTIL, KEYWORD_NONE};

static bool has_part(const struct step_draft *step, enum keyword keyword) {
    return (keyword == KEYWORD_WHEN && step->condition != NULL) ||
           (keyword == KEYWORD_DONE_WHEN && step->done_when != NULL) ||
           (keyword == KEYWORD_UNTIL && step->until != NULL) || (keyword == KEYWORD_ASKS && step->asks.count > 0) ||
           (keyword == KEYWORD_THROUGH && step->duties.count > 0);
}

/* One part of a step; *found is false when none begins here. */
static bool parse_step_part(struct compiler *compiler, struct step_draft *step, bool *found) {
    const struct token *token = peek_token(compiler);
    *found = true;
    if (token->kind == TOKEN_NAME && has_part(step, token->keyword)) {
        return report(compiler, token->place, "%s stands twice in this step", "这个步骤里“%s”写了两次",
                      keyword_words(compiler, token->keyword));
    }
    if (take_keyword(compiler, KEYWORD_WHEN)) {
        step->condition = parse_condition(compiler);
        return step->condition != NULL;
    }
    if (take_keyword(compiler, KEYWORD_ASKS)) {
        return read_names(compiler, &step->asks, SAY("the name of a fact", "事实的名称"), KEYWORD_NONE);
    }
    if (take_keyword(compiler, KEYWORD_THROUGH)) {
        return read_names(compiler, &step->duties,
                          SAY("the name of a duty, option or decision", "职责、可选或待决的名称"), KEYWORD_NONE);
    }
    if (take_keyword(compiler, KEYWORD_DONE_WHEN)) {
        step->done_when = parse_condition(compiler);
        return step->done_when != NULL;
    }
    if (take_keyword(compiler, KEYWORD_UNTIL)) {
        step->until = parse_condition(compiler);
        return step->until != NULL;
    }
    *found = false;
    return true;
}

static bool parse_step(struct compiler *compiler, struct handling_draft *handling) {
    struct step_draft step = {.condition = NULL};
    bool found = true;
    if (!take_keyword(compiler, KEYWORD_STEP)) {
        return report_no_item(compiler, SAY("step", "步骤"), handling_keywords);
    }
    if (!read_name(compiler, &step.name, SAY("the step's name", "步骤的名称"))) {
        return false;
    }
    while (found) {
        if (!parse_step_part(compiler, &step, &found)) {
            return false;
        }
    }
    if (!read_tail(compiler, &step.tail, TAIL_TEXT | TAIL_NOTES, SAY("a step", "步骤"))) {
        return false;
    }
    check_clauses(compiler, &step.tail, SAY("a step", "步骤"), step_keywords);
    VECTOR_PUSH(compiler, &handling->steps, step);
    return true;
}

bool parse_handling(struct compiler *compiler) {
    struct handling_draft *handling = compiler_allocate(compiler, sizeof *handling);
    take_keyword(compiler, KEYWORD_HANDLING);
    if (handling == NULL || !read_name(compiler, &handling->name, SAY("the handling's name", "处置流程的名称"))) {
        return false;
    }
    handling->broken = true;
    VECTOR_PUSH(compiler, &compiler->handlings, handling);
    if (!read_keyword(compiler, KEYWORD_OF) ||
        !read_name(compiler, &handling->subject, SAY("the name of an incident type", "事件的名称"))) {
        return false;
    }
    struct plan_place opened = peek_token(compiler)->place;
    if (!read_mark(compiler, MARK_OPEN_BRACE, SAY("{ and the steps", "{ 和各个步骤"))) {
        return false;
    }
    bool sound = true;
    while (block_goes_on(compiler, opened, handling_keywords)) {
        uint32_t before = compiler->at;
        if (!parse_step(compiler, handling)) {
            sound = false;
            block_recover(compiler, before, handling_keywords);
        }
    }
    if (!read_tail(compiler, &handling->tail, TAIL_NOTES, SAY("a handling", "处置流程"))) {
        return false;
    }
    handling->broken = !sound;
    return true;
}
