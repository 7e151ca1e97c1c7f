/* Conditions outside the rules of scales that never hold, what is therefore never raised or offered, and choices that
 * nothing handles. */
#include "check/prove.h"

/* What is known of the triggers of the subject, by index in the plan. */
struct reach {
    struct reporter *reporter;
    struct prover *prover;
    const Z3_ast *base;
    bool *is_reached;
    bool *is_blamed; /* told already: its own condition never holds */
};

/* ---- words ------------------------------------------------------------------------------------------------ */

static void tell(struct reach *reach, enum answer answer, struct check_finding finding, const char *chinese,
                 const char *english, struct plan_span notes) {
    struct buffer words = {0};
    bool is_chinese = reach->reporter->is_chinese;
    finding.kind = answer == ANSWER_NO ? CHECK_UNREACHABLE : CHECK_UNDECIDED;
    finding.scope = CHECK_READING;
    struct check_finding *kept = report_add(reach->reporter, finding);
    if (answer != ANSWER_NO) {
        buffer_append_string(&words,
                             is_chinese ? "未能判定能否成立：" : "could not be decided: whether this can ever be: ");
    }
    buffer_append_string(&words, is_chinese ? chinese : english);
    report_say(reach->reporter, kept, &words);
    report_accept(reach->reporter, kept, notes, (struct opposite){NULL, 0});
}

/* The names of a trigger's actions, and the notes beside the first that has any. */
static void tell_trigger(struct reach *reach, enum answer answer, uint32_t index) {
    const struct plan *plan = reach->reporter->plan;
    const struct plan_trigger *trigger = &plan->triggers[index];
    bool is_chinese = reach->reporter->is_chinese;
    struct check_finding finding = {.kind = answer == ANSWER_NO ? CHECK_UNREACHABLE : CHECK_UNDECIDED,
                                    .scope = CHECK_READING,
                                    .place = trigger->place,
                                    .cites = trigger->cites};
    struct buffer words = {0};
    if (finding.cites.count == 0 && trigger->duty_count > 0) {
        finding.cites = plan->duties[trigger->first_duty].cites;
    }
    struct check_finding *kept = report_add(reach->reporter, finding);
    if (answer != ANSWER_NO) {
        buffer_append_string(&words, is_chinese ? "未能判定这个条件能否成立，它引出："
                                                : "could not be decided: whether this can ever hold; it raises");
    } else if (trigger->kind == PLAN_DONE) {
        buffer_append_string(&words, is_chinese ? "所等的事永远不会完成，因此永远不会引出："
                                                : "what this waits for is never done, so that nothing ever raises");
    } else {
        buffer_append_string(&words, is_chinese ? "这个条件永远不会成立，因此永远不会引出："
                                                : "this can never hold, so that nothing ever raises");
    }
    for (uint16_t i = 0; i < trigger->duty_count; i++) {
        const struct plan_duty *duty = &plan->duties[trigger->first_duty + i];
        static const char *const kinds[][2] = {
            {"duty", "职责"}, {"option", "可选"}, {"forbid", "禁止"}, {"notice", "提示"}, {"decision", "待决"}};
        buffer_print(&words, "%s%s %.*s",
                     i > 0        ? (is_chinese ? "、" : ", ")
                     : is_chinese ? ""
                                  : " ",
                     kinds[duty->kind][is_chinese], TEXT_PRINT(duty->name));
    }
    report_say(reach->reporter, kept, &words);
    for (uint16_t i = 0; i < trigger->duty_count; i++) {
        report_accept(reach->reporter, kept, plan->duties[trigger->first_duty + i].notes, (struct opposite){NULL, 0});
    }
}

/* ---- conditions ------------------------------------------------------------------------------------------- */

/* Whether both can hold; PLAN_NO_NODE always does. */
static enum answer ask(struct reach *reach, uint32_t node, uint32_t other) {
    if (node == PLAN_NO_NODE && other == PLAN_NO_NODE) {
        return ANSWER_YES;
    }
    prover_push(reach->prover);
    prover_assume(reach->prover, prover_condition(reach->prover, reach->base, node, NULL));
    prover_assume(reach->prover, prover_condition(reach->prover, reach->base, other, NULL));
    enum answer answer = prover_ask(reach->prover);
    prover_pop(reach->prover);
    return answer;
}

static void examine_conditions(struct reach *reach) {
    const struct plan *plan = reach->reporter->plan;
    for (uint32_t i = 0; i < plan->trigger_count; i++) {
        const struct plan_trigger *trigger = &plan->triggers[i];
        if (trigger->subject != reach->prover->space->subject || trigger->kind == PLAN_DONE) {
            continue;
        }
        enum answer answer = trigger->kind == PLAN_OPENED ? ANSWER_YES : ask(reach, trigger->condition, PLAN_NO_NODE);
        reach->is_reached[i] = answer != ANSWER_NO;
        if (answer != ANSWER_YES) {
            reach->is_blamed[i] = true;
            tell_trigger(reach, answer, i);
        }
    }
}

/* A duty that is never raised is never done; neither is what nobody can do. */
static bool can_be_done(const struct reach *reach, uint16_t duty) {
    const struct plan_duty *of = &reach->reporter->plan->duties[duty];
    return of->kind != PLAN_FORBID && of->kind != PLAN_NOTICE && reach->is_reached[of->trigger];
}

/* Triggers that wait for a duty: reached as soon as that duty is. What only waits for itself is never reached. */
static void follow_duties(struct reach *reach) {
    const struct plan *plan = reach->reporter->plan;
    bool grows = true;
    while (grows) {
        grows = false;
        for (uint32_t i = 0; i < plan->trigger_count; i++) {
            const struct plan_trigger *trigger = &plan->triggers[i];
            if (trigger->kind == PLAN_DONE && !reach->is_reached[i] && can_be_done(reach, trigger->duty)) {
                reach->is_reached[i] = true;
                grows = true;
            }
        }
    }
    for (uint32_t i = 0; i < plan->trigger_count; i++) {
        if (plan->triggers[i].subject == reach->prover->space->subject && !reach->is_reached[i] &&
            !reach->is_blamed[i]) {
            tell_trigger(reach, ANSWER_NO, i);
        }
    }
}

static bool is_of_subject(const struct reach *reach, uint16_t subject) {
    return subject == reach->prover->space->subject;
}

static void examine_duties(struct reach *reach) {
    const struct plan *plan = reach->reporter->plan;
    for (uint32_t i = 0; i < plan->duty_count; i++) {
        const struct plan_duty *duty = &plan->duties[i];
        if (duty->until == PLAN_NO_NODE || !is_of_subject(reach, plan->triggers[duty->trigger].subject)) {
            continue;
        }
        enum answer answer = ask(reach, duty->until, PLAN_NO_NODE);
        if (answer != ANSWER_YES) {
            tell(reach, answer, (struct check_finding){.place = duty->place, .cites = duty->cites},
                 "“直至”的条件永远不会成立", "its until can never hold", duty->notes);
        }
    }
}

static void examine_commands(struct reach *reach) {
    const struct plan *plan = reach->reporter->plan;
    for (uint32_t i = 0; i < plan->command_count; i++) {
        const struct plan_command *command = &plan->commands[i];
        if (!is_of_subject(reach, command->subject)) {
            continue;
        }
        struct plan_span notes = plan->parties[command->party].notes;
        enum answer stands = ask(reach, command->condition, PLAN_NO_NODE);
        if (stands != ANSWER_YES) {
            tell(reach, stands, (struct check_finding){.place = command->place, .cites = command->cites},
                 "这个指挥机构永远不会成立", "this command never stands", notes);
            continue;
        }
        for (uint16_t k = 0; k < command->position_count; k++) {
            const struct plan_position *position = &plan->positions[command->first_position + k];
            enum answer filled = ask(reach, command->condition, position->condition);
            if (filled != ANSWER_YES) {
                tell(reach, filled, (struct check_finding){.place = position->place, .cites = position->cites},
                     "这个职位永远不会有人", "this position is never filled", position->notes);
            }
        }
    }
}

/* A step that is never needed, or can never be done: its conditions together, for nobody is helped by each alone. */
static void examine_steps(struct reach *reach) {
    const struct plan *plan = reach->reporter->plan;
    for (uint32_t i = 0; i < plan->handling_count; i++) {
        const struct plan_handling *handling = &plan->handlings[i];
        for (uint16_t k = 0; is_of_subject(reach, handling->subject) && k < handling->step_count; k++) {
            const struct plan_step *step = &plan->steps[handling->first_step + k];
            struct check_finding finding = {.place = step->place, .cites = step->cites};
            enum answer needed = ask(reach, step->condition, PLAN_NO_NODE);
            enum answer done = needed == ANSWER_YES ? ask(reach, step->condition, step->done_when) : ANSWER_YES;
            enum answer over = step->until == PLAN_NO_NODE || needed != ANSWER_YES
                                   ? ANSWER_YES
                                   : ask(reach, step->condition, step->until);
            if (needed != ANSWER_YES) {
                tell(reach, needed, finding, "这个步骤永远用不到", "this step is never needed", step->notes);
            } else if (over != ANSWER_YES) {
                tell(reach, over, finding, "这个步骤的“直至”永远不会成立", "what this step lasts until never holds",
                     step->notes);
            } else if (done != ANSWER_YES) {
                tell(reach, done, finding, "这个步骤永远办不完", "this step can never be done", step->notes);
            }
        }
    }
}

/* A part of a form that is never drafted. */
static void examine_forms(struct reach *reach) {
    const struct plan *plan = reach->reporter->plan;
    for (uint32_t i = 0; i < plan->form_count; i++) {
        const struct plan_form *form = &plan->forms[i];
        for (uint16_t k = 0; is_of_subject(reach, form->subject) && k < form->item_count; k++) {
            const struct plan_form_item *item = &plan->form_items[form->first_item + k];
            struct check_finding finding = {.place = item->place,
                                            .cites = item->cites.count > 0 ? item->cites : form->cites};
            enum answer drafted = ask(reach, item->condition, PLAN_NO_NODE);
            if (drafted != ANSWER_YES) {
                tell(reach, drafted, finding, "文书的这一项永远写不出来", "this part of the form is never drafted",
                     form->notes);
            }
        }
    }
}

static void examine_scales(struct reach *reach) {
    const struct plan *plan = reach->reporter->plan;
    const struct plan_subject *subject = &plan->subjects[reach->prover->space->subject];
    for (uint16_t i = 0; i < subject->scale_count; i++) {
        const struct plan_scale *scale = &plan->scales[subject->scales[i]];
        const struct {
            uint32_t node;
            struct plan_span cites;
            const char *chinese, *english;
        } parts[] = {
            {scale->ends_when, scale->ends_cites, "“终止于”的条件永远不会成立", "its ends when can never hold"},
            {scale->reopens_when, scale->reopens_cites, "“重启于”的条件永远不会成立",
             "its reopens when can never hold"}};
        for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++) {
            enum answer answer = ask(reach, parts[k].node, PLAN_NO_NODE);
            if (answer != ANSWER_YES) {
                struct check_finding finding = {
                    .scale = scale->name, .place = plan->nodes[parts[k].node].place, .cites = parts[k].cites};
                tell(reach, answer, finding, parts[k].chinese, parts[k].english, scale->notes);
            }
        }
    }
}

/* ---- what nothing handles --------------------------------------------------------------------------------- */

/* Assumes that some level is reached, or some trigger holds. False when something is raised in any event. */
static bool assume_handled(struct reach *reach) {
    struct prover *prover = reach->prover;
    const struct plan *plan = reach->reporter->plan;
    const struct plan_subject *subject = &plan->subjects[prover->space->subject];
    Z3_ast any = Z3_mk_false(prover->z3);
    bool has_some = false;
    for (uint16_t i = 0; i < subject->scale_count; i++) {
        any = prover_either(prover, any,
                            prover_reaches(prover, reach->base, &plan->scales[subject->scales[i]], false, 1));
        has_some = true;
    }
    for (uint32_t i = 0; i < plan->trigger_count; i++) {
        const struct plan_trigger *trigger = &plan->triggers[i];
        if (!is_of_subject(reach, trigger->subject) || trigger->kind == PLAN_DONE) {
            continue;
        }
        if (trigger->kind == PLAN_OPENED) {
            return false;
        }
        any = prover_either(prover, any, prover_condition(prover, reach->base, trigger->condition, NULL));
        has_some = true;
    }
    if (has_some) {
        prover_assume(prover, any);
    }
    return has_some;
}

/* While nothing is in force: an order would itself have been raised by something. */
static void assume_no_order(struct reach *reach) {
    const struct plan *plan = reach->reporter->plan;
    const struct plan_subject *subject = &plan->subjects[reach->prover->space->subject];
    for (uint16_t i = 0; i < subject->scale_count; i++) {
        if (plan->scales[subject->scales[i]].ordered) {
            prover_assume(reach->prover,
                          prover_is_within(reach->prover, reach->prover->levels[subject->scales[i]], 0, 0));
        }
    }
}

static void tell_unhandled(struct reach *reach, uint32_t axis, int64_t value) {
    const struct space *space = reach->prover->space;
    const struct plan_fact *fact = &reach->reporter->plan->facts[space->axes[axis].fact];
    struct buffer words = {0};
    struct check_finding *finding = report_add(
        reach->reporter,
        (struct check_finding){.kind = CHECK_GAP, .scope = CHECK_READING, .place = fact->place, .cites = fact->cites});
    space_write_name(space, axis, &words);
    buffer_append_string(&words, " = ");
    space_write_value(space, axis, value, &words);
    buffer_append_string(&words, reach->reporter->is_chinese
                                     ? "：不论其他事实如何，没有一个等级、没有一项职责或提示适用"
                                     : ": whatever else is so, no level applies and nothing is raised");
    report_say(reach->reporter, finding, &words);
    report_accept(reach->reporter, finding, fact->notes, (struct opposite){NULL, 0});
}

/* A value of a choice in which no level is reached and no trigger holds, whatever else is so. */
static void examine_handling(struct reach *reach, const bool *choice_told) {
    struct prover *prover = reach->prover;
    const struct space *space = prover->space;
    prover_push(prover);
    bool is_open = assume_handled(reach);
    assume_no_order(reach);
    for (uint32_t axis = 0; axis < space->count && is_open; axis++) {
        if (reach->reporter->plan->facts[space->axes[axis].fact].type != PLAN_CHOICE) {
            continue;
        }
        for (int64_t value = 0; value <= space->axes[axis].high; value++) {
            prover_push(prover);
            prover_assume(prover, prover_equals(prover, axis, reach->base[axis], value));
            enum answer answer = prover_ask(prover);
            prover_pop(prover);
            if (answer == ANSWER_NO && !choice_told[axis * PLAN_CHOICES_MAX + (uint32_t)value]) {
                tell_unhandled(reach, axis, value);
            }
        }
    }
    prover_pop(prover);
}

void prove_triggers(struct reporter *reporter, struct prover *prover, const Z3_ast *base, const bool *choice_told) {
    const struct plan *plan = reporter->plan;
    struct reach reach = {.reporter = reporter, .prover = prover, .base = base};
    reach.is_reached = arena_allocate_array(prover->arena, plan->trigger_count, sizeof(bool));
    reach.is_blamed = arena_allocate_array(prover->arena, plan->trigger_count, sizeof(bool));
    if (reach.is_reached == NULL || reach.is_blamed == NULL || !prover_declare_levels(prover, base)) {
        reporter->exhausted = true;
        return;
    }
    examine_conditions(&reach);
    follow_duties(&reach);
    examine_duties(&reach);
    examine_commands(&reach);
    examine_steps(&reach);
    examine_forms(&reach);
    examine_scales(&reach);
    examine_handling(&reach, choice_told);
}
