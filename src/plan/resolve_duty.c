/* Triggers and their actions: what they are about, who owes them, what they name. */
#include "plan/resolve.h"

/* ---- names ------------------------------------------------------------------------------------------------ */

void declare_duties(struct compiler *compiler) {
    for (uint32_t i = 0; i < compiler->duties.count && !compiler_is_exhausted(compiler); i++) {
        struct duty_draft *draft = compiler->duties.items[i];
        draft->index = (uint16_t)i;
        names_add(compiler, &compiler->duty_names, draft->duty.name, NAME_DUTY, i, draft->duty.place);
    }
    for (uint32_t i = 0; i < compiler->triggers.count; i++) {
        compiler->triggers.items[i]->index = (uint16_t)i;
    }
}

uint16_t resolve_duty_name(struct compiler *compiler, struct word name) {
    const struct name_entry *entry = names_find(&compiler->duty_names, name.text);
    if (entry == NULL) {
        report_unknown(compiler, name, SAY("duty", "职责"), &compiler->duty_names);
        return PLAN_NONE;
    }
    return (uint16_t)entry->index;
}

/* ---- what a trigger is about ------------------------------------------------------------------------------ */

/* The subject of `on done of` is that of the duty's own trigger, which may be `on done of` in its turn. Followed with a
 * bound: the length of such a row is at most the number of triggers. */
static void resolve_done_subject(struct compiler *compiler, struct trigger_draft *trigger) {
    const struct trigger_draft *at = trigger;
    for (uint32_t steps = 0; steps <= compiler->triggers.count; steps++) {
        if (at->trigger.kind != PLAN_DONE) {
            trigger->trigger.subject = at->trigger.subject;
            return;
        }
        if (at->trigger.duty >= compiler->duty_triggers.count) {
            return; /* its duty is unknown, said already */
        }
        at = compiler->duty_triggers.items[at->trigger.duty];
    }
    report(compiler, trigger->target.place, "%.*s is raised, in the end, by its own doing: it would never be raised",
           "“%.*s”归根到底由自己的完成引起：永远不会产生", TEXT_PRINT(clip(trigger->target.text)));
}

static void resolve_cause(struct compiler *compiler, struct trigger_draft *draft) {
    struct plan_trigger *trigger = &draft->trigger;
    struct scope scope = {.subject = PLAN_NONE, .scales_allowed = true};
    switch (trigger->kind) {
    case PLAN_WHILE:
        scope.subject = resolve_subject(compiler, draft->target);
        trigger->condition = resolve_condition(compiler, &scope, draft->condition);
        trigger->subject = scope.subject;
        break;
    case PLAN_OPENED:
        trigger->subject = resolve_subject(compiler, draft->target);
        break;
    case PLAN_DONE:
        trigger->duty = resolve_duty_name(compiler, draft->target);
        break;
    }
    trigger->cites = add_cites(compiler, &draft->clauses);
}

/* ---- actions ---------------------------------------------------------------------------------------------- */

static void keep_means(struct compiler *compiler, struct duty_draft *draft) {
    uint32_t count = draft->means.count;
    if (count == 0) {
        return;
    }
    if (count > UINT16_MAX) {
        report(compiler, draft->duty.place, "there are too many ways behind via", "“经”后面的方式太多");
        return;
    }
    draft->duty.means = arena_allocate_array(compiler->kept, count, sizeof(struct text));
    for (uint32_t i = 0; i < count && draft->duty.means != NULL; i++) {
        draft->duty.means[i] = draft->means.items[i];
        draft->duty.means_count++;
    }
}

/* The duties that this one replaces. */
static struct plan_list resolve_replaced(struct compiler *compiler, const struct duty_draft *draft) {
    struct plan_list list = {compiler->lists.count, 0};
    for (uint32_t i = 0; i < draft->replaces.count && i < UINT16_MAX; i++) {
        struct word name = draft->replaces.items[i];
        uint16_t duty = resolve_duty_name(compiler, name);
        if (duty == draft->index) {
            report(compiler, name.place, "%.*s replaces itself", "“%.*s”取代了自己", TEXT_PRINT(clip(name.text)));
        }
        if (duty != PLAN_NONE) {
            VECTOR_PUSH(compiler, &compiler->lists, duty);
        }
    }
    list.count = (uint16_t)(compiler->lists.count - list.first);
    return list;
}

/* `recipient` may stand where the duty whose doing raised this one has recipients. */
static bool may_name_recipient(const struct compiler *compiler, const struct trigger_draft *trigger) {
    return trigger->trigger.kind == PLAN_DONE && trigger->trigger.duty < compiler->duties.count &&
           (compiler->duties.items[trigger->trigger.duty]->recipients.count > 0 ||
            compiler->duties.items[trigger->trigger.duty]->broken);
}

/* Only what the opening of an incident raises can be done by it. */
static void check_first_report(struct compiler *compiler, const struct duty_draft *draft,
                               const struct trigger_draft *trigger) {
    uint16_t subject = trigger->trigger.subject;
    bool is_standing = subject < compiler->built_subjects.count && compiler->built_subjects.items[subject].standing;
    if (draft->duty.met_by_first_report && (trigger->trigger.kind != PLAN_OPENED || is_standing)) {
        report(compiler, draft->duty.place,
               "the first report opens an incident, and meets only what that raises: %.*s stands elsewhere",
               "首报开启事件，只能办妥“启动于”事件时产生的职责：“%.*s”不在那里", TEXT_PRINT(clip(draft->duty.name)));
    }
}

static void resolve_duty(struct compiler *compiler, struct duty_draft *draft, const struct trigger_draft *trigger) {
    struct plan_duty *duty = &draft->duty;
    bool recipient_allowed = may_name_recipient(compiler, trigger);
    struct scope scope = {.subject = trigger->trigger.subject, .scales_allowed = true};
    duty->trigger = trigger->index;
    duty->bearers = resolve_parties(compiler, &draft->bearers, recipient_allowed);
    duty->partners = resolve_parties(compiler, &draft->partners, false);
    duty->recipients = resolve_parties(compiler, &draft->recipients, recipient_allowed);
    keep_means(compiler, draft);
    duty->within_us = resolve_time(compiler, &draft->within, -1, &duty->within_setting);
    duty->acknowledge_within_us = resolve_time(compiler, &draft->acknowledge, -1, &duty->acknowledge_setting);
    duty->until = resolve_condition(compiler, &scope, draft->until);
    duty->replaces = resolve_replaced(compiler, draft);
    duty->chain = resolve_chain(compiler, draft->chain);
    duty->calling = resolve_calling(compiler, draft->calling);
    if (duty->calling != PLAN_NONE && duty->calling < compiler->built_callings.count &&
        trigger->trigger.subject != PLAN_NONE && compiler->built_callings.items[duty->calling].subject != PLAN_NONE &&
        compiler->built_callings.items[duty->calling].subject != trigger->trigger.subject) {
        report(compiler, draft->calling.place, "the calling order %.*s belongs to another incident type",
               "调动顺序“%.*s”属于另一个事件", TEXT_PRINT(clip(draft->calling.text)));
    }
    check_first_report(compiler, draft, trigger);
    duty->cites = add_cites(compiler, &draft->tail.clauses);
    duty->notes = add_notes(compiler, &draft->tail);
}

/* ---- triggers --------------------------------------------------------------------------------------------- */

static void resolve_actions(struct compiler *compiler, struct trigger_draft *trigger) {
    trigger->trigger.first_duty = (uint16_t)compiler->built_duties.count;
    for (uint32_t i = 0; i < trigger->duties.count && !compiler_is_exhausted(compiler); i++) {
        struct duty_draft *draft = trigger->duties.items[i];
        if (!draft->broken) {
            resolve_duty(compiler, draft, trigger);
        }
        VECTOR_PUSH(compiler, &compiler->built_duties, draft->duty);
    }
    trigger->trigger.duty_count = (uint16_t)trigger->duties.count;
    VECTOR_PUSH(compiler, &compiler->built_triggers, trigger->trigger);
}

void resolve_triggers(struct compiler *compiler) {
    if (compiler->triggers.count > PLAN_TRIGGERS_MAX) {
        report(compiler, compiler->triggers.items[PLAN_TRIGGERS_MAX]->trigger.place,
               "the pack has more than %u triggers (when, at, on …): put actions of one condition into one",
               "方案里的“当”、“启动于”、“完成后”超过 %u 个：同一条件的行动写在一起", (unsigned)PLAN_TRIGGERS_MAX);
        return;
    }
    for (uint32_t i = 0; i < compiler->triggers.count; i++) {
        resolve_cause(compiler, compiler->triggers.items[i]);
    }
    for (uint32_t i = 0; i < compiler->triggers.count; i++) {
        if (compiler->triggers.items[i]->trigger.kind == PLAN_DONE) {
            resolve_done_subject(compiler, compiler->triggers.items[i]);
        }
    }
    for (uint32_t i = 0; i < compiler->triggers.count; i++) {
        resolve_actions(compiler, compiler->triggers.items[i]);
    }
}
