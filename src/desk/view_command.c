/* The command structures of an incident's plan: which of them stand now, who holds which position, the work groups. */
#include "desk/view.h"

/* What is weighed: a condition of a command, in an incident. */
struct weighing {
    const struct engine *engine;
    const struct plan *plan;
    const struct plan_command *command;
    uint32_t incident;
};

/* "yes", "no", or "open" while what is known does not say. What has no condition holds always; a permanent command's
 * conditions are about no incident. */
static const char *weigh(const struct weighing *weighing, uint32_t condition) {
    bool certain = false;
    bool possible = true;
    if (condition == PLAN_NO_NODE) {
        return "yes";
    }
    if (weighing->command->subject != PLAN_NONE) {
        (void)engine_view_condition(weighing->engine, weighing->incident, condition, &certain, &possible);
    }
    return certain ? "yes" : possible ? "open" : "no";
}

static json_t *print_condition(const struct plan *plan, uint32_t condition) {
    struct buffer shown = {0};
    if (condition != PLAN_NO_NODE) {
        plan_print_condition(plan, condition, &shown);
    }
    json_t *json = shown.failed ? NULL : view_text(buffer_text(&shown));
    buffer_release(&shown);
    return json;
}

static json_t *list_positions(const struct weighing *weighing) {
    const struct plan *plan = weighing->plan;
    json_t *list = json_array();
    for (uint16_t i = 0; i < weighing->command->position_count; i++) {
        const struct plan_position *position = &plan->positions[weighing->command->first_position + i];
        view_add(list,
                 json_pack("{s:o, s:s, s:o, s:b, s:o, s:o, s:o}", "name", view_text(position->name), "holds",
                           weigh(weighing, position->condition), "holders", view_parties(plan, position->holders),
                           "one_serves", position->one_serves, "held_by", view_text(position->held_by), "condition",
                           print_condition(plan, position->condition), "clauses", view_clauses(plan, position->cites)));
    }
    return list;
}

/* What a group does is its description, else the duty that is named as it is: the page has that among the duties. */
static json_t *list_groups(const struct weighing *weighing) {
    const struct plan *plan = weighing->plan;
    json_t *list = json_array();
    for (uint16_t i = 0; i < weighing->command->groups.count; i++) {
        const struct plan_party *group = &plan->parties[plan->lists[weighing->command->groups.first + i]];
        uint16_t duty = group->description.length > 0 ? PLAN_NONE : plan_find_duty(plan, group->name);
        view_add(list, json_pack("{s:o, s:o, s:o, s:o, s:o}", "name", view_text(group->name), "lead",
                                 view_party(plan, group->lead), "members", view_parties(plan, group->members), "task",
                                 view_text(duty == PLAN_NONE ? group->description : plan->duties[duty].action),
                                 "clauses", view_clauses(plan, group->cites)));
    }
    return list;
}

json_t *view_commands(const struct engine *engine, uint32_t incident, const struct plan *plan, uint16_t subject) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < plan->command_count; i++) {
        const struct plan_command *command = &plan->commands[i];
        const struct weighing weighing = {engine, plan, command, incident};
        if (command->subject != subject && command->subject != PLAN_NONE) {
            continue;
        }
        view_add(list,
                 json_pack("{s:o, s:b, s:s, s:o, s:o, s:o, s:o}", "name", view_text(plan->parties[command->party].name),
                           "permanent", command->subject == PLAN_NONE, "stands", weigh(&weighing, command->condition),
                           "condition", print_condition(plan, command->condition), "clauses",
                           view_clauses(plan, command->cites), "positions", list_positions(&weighing), "groups",
                           list_groups(&weighing)));
    }
    return list;
}
