/* The handling of incident types: each step's facts, duties and conditions. */
#include "plan/resolve.h"

void declare_handlings(struct compiler *compiler) {
    for (uint32_t i = 0; i < compiler->handlings.count; i++) {
        const struct handling_draft *draft = compiler->handlings.items[i];
        names_add(compiler, &compiler->handling_names, draft->name.text, NAME_HANDLING, i, draft->name.place);
    }
}

/* Facts that people report: a derived one runs by itself. */
static struct plan_list resolve_asks(struct compiler *compiler, const words *names, uint16_t subject) {
    struct plan_list list = {compiler->lists.count, 0};
    for (uint32_t i = 0; i < names->count && i < UINT16_MAX; i++) {
        struct word name = names->items[i];
        uint16_t fact = resolve_fact_name(compiler, name, SAY("a fact", "事实"));
        if (fact == PLAN_NONE || subject == PLAN_NONE) {
            continue;
        }
        const struct fact_draft *draft = compiler->facts.items[fact];
        if (draft->fact.subject != subject) {
            report_elsewhere(compiler, name);
        } else if (draft->fact.from != PLAN_NONE || draft->fact.type == PLAN_SERIES) {
            report(compiler, name.place, "%.*s is not asked for in a handling: it runs by itself or day by day",
                   "“%.*s”自行推算或者逐日填报，不在处置步骤里询问", TEXT_PRINT(clip(name.text)));
        }
        VECTOR_PUSH(compiler, &compiler->lists, fact);
    }
    list.count = (uint16_t)(compiler->lists.count - list.first);
    return list;
}

static struct plan_list resolve_through(struct compiler *compiler, const words *names, uint16_t subject) {
    struct plan_list list = {compiler->lists.count, 0};
    for (uint32_t i = 0; i < names->count && i < UINT16_MAX; i++) {
        struct word name = names->items[i];
        uint16_t duty = resolve_duty_name(compiler, name);
        if (duty == PLAN_NONE || subject == PLAN_NONE) {
            continue;
        }
        enum plan_duty_kind kind = compiler->duties.items[duty]->duty.kind;
        uint16_t of = compiler->duty_triggers.items[duty]->trigger.subject;
        if (of != PLAN_NONE && of != subject) {
            report_elsewhere(compiler, name);
        } else if (kind == PLAN_FORBID || kind == PLAN_NOTICE) {
            report(compiler, name.place, "%.*s is never done: a step goes through duties, options and decisions",
                   "“%.*s”没有办完的时候：步骤里只能写职责、可选和待决", TEXT_PRINT(clip(name.text)));
        }
        VECTOR_PUSH(compiler, &compiler->lists, duty);
    }
    list.count = (uint16_t)(compiler->lists.count - list.first);
    return list;
}

/* Something must end it: an option alone never does. */
static void check_end(struct compiler *compiler, const struct step_draft *draft, const struct plan_step *step) {
    bool has_end = step->facts.count > 0 || draft->done_when != NULL || draft->asks.count > 0;
    for (uint16_t i = 0; i < step->duties.count; i++) {
        uint16_t duty = compiler->lists.items[step->duties.first + i];
        has_end = has_end || compiler->duties.items[duty]->duty.kind != PLAN_OPTION;
    }
    if (!has_end && step->duties.count == draft->duties.count) {
        report(compiler, draft->name.place, "the step %.*s is never done: say what it asks, goes through, or done when",
               "步骤“%.*s”没有办完的时候：写明 询问、办理 或 完成于", TEXT_PRINT(clip(draft->name.text)));
    }
}

static void add_step(struct compiler *compiler, const struct step_draft *draft, uint16_t subject) {
    struct scope condition_scope = {.subject = subject, .scales_allowed = true};
    struct scope done_scope = {.subject = subject, .scales_allowed = true};
    struct scope until_scope = {.subject = subject, .scales_allowed = true};
    struct plan_step step = {.name = draft->name.text, .text = draft->tail.text, .place = draft->name.place};
    step.condition = resolve_condition(compiler, &condition_scope, draft->condition);
    step.done_when = resolve_condition(compiler, &done_scope, draft->done_when);
    step.until = resolve_condition(compiler, &until_scope, draft->until);
    step.facts = resolve_asks(compiler, &draft->asks, subject);
    step.duties = resolve_through(compiler, &draft->duties, subject);
    check_end(compiler, draft, &step);
    step.cites = add_cites(compiler, &draft->tail.clauses);
    step.notes = add_notes(compiler, &draft->tail);
    VECTOR_PUSH(compiler, &compiler->built_steps, step);
}

/* Steps are known by their names to who reads them: each once. */
static void check_step_names(struct compiler *compiler, const struct handling_draft *draft) {
    for (uint32_t i = 0; i < draft->steps.count; i++) {
        for (uint32_t k = 0; k < i; k++) {
            if (text_equal(draft->steps.items[i].name.text, draft->steps.items[k].name.text)) {
                report(compiler, draft->steps.items[i].name.place, "there is a step %.*s already (line %u)",
                       "已经有步骤“%.*s”（第 %u 行）", TEXT_PRINT(clip(draft->steps.items[i].name.text)),
                       (unsigned)draft->steps.items[k].name.place.line);
                break;
            }
        }
    }
}

static void check_subject(struct compiler *compiler, const struct handling_draft *draft, uint16_t subject) {
    if (subject == PLAN_NONE) {
        return;
    }
    if (subject < compiler->built_subjects.count && compiler->built_subjects.items[subject].standing) {
        report(compiler, draft->subject.place, "%.*s is no incident type: only incidents are handled in steps",
               "“%.*s”不是事件：只有事件才有处置步骤", TEXT_PRINT(clip(draft->subject.text)));
    }
    for (uint32_t i = 0; i < compiler->built_handlings.count; i++) {
        if (compiler->built_handlings.items[i].subject == subject) {
            report(compiler, draft->name.place, "%.*s has a handling already (line %u)",
                   "“%.*s”已经有处置流程（第 %u 行）", TEXT_PRINT(clip(draft->subject.text)),
                   (unsigned)compiler->built_handlings.items[i].place.line);
            return;
        }
    }
}

void resolve_handlings(struct compiler *compiler) {
    for (uint32_t i = 0; i < compiler->handlings.count && !compiler_is_exhausted(compiler); i++) {
        const struct handling_draft *draft = compiler->handlings.items[i];
        struct plan_handling handling = {.name = draft->name.text, .place = draft->name.place};
        handling.subject = resolve_subject(compiler, draft->subject);
        check_subject(compiler, draft, handling.subject);
        check_step_names(compiler, draft);
        handling.first_step = compiler->built_steps.count;
        if (draft->steps.count > PLAN_STEPS_MAX) {
            report(compiler, draft->name.place, "this handling has more than %u steps", "这个处置流程超过 %u 步",
                   PLAN_STEPS_MAX);
        }
        for (uint32_t k = 0; k < draft->steps.count && k < PLAN_STEPS_MAX; k++) {
            add_step(compiler, &draft->steps.items[k], handling.subject);
        }
        if (draft->steps.count == 0 && !draft->broken) {
            report(compiler, draft->name.place, "the handling %.*s has no steps", "处置流程“%.*s”没有步骤",
                   TEXT_PRINT(clip(draft->name.text)));
        }
        handling.step_count = (uint16_t)(compiler->built_steps.count - handling.first_step);
        handling.cites = add_cites(compiler, &draft->tail.clauses);
        handling.notes = add_notes(compiler, &draft->tail);
        VECTOR_PUSH(compiler, &compiler->built_handlings, handling);
    }
}
