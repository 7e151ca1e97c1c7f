/* What each level of a scale adds, and what else there is to do when. */
#include "chart/maker.h"

/* Of several scales, the first that the condition needs a level of. */
uint8_t measure_find_level(const struct plan *plan, uint32_t trigger, uint16_t *scale) {
    for (uint32_t steps = 0; steps < PLAN_TRIGGERS_MAX && plan->triggers[trigger].kind == PLAN_DONE; steps++) {
        trigger = plan->duties[plan->triggers[trigger].duty].trigger; /* it belongs where the other one does */
    }
    const struct plan_trigger *from = &plan->triggers[trigger];
    for (uint32_t i = 0; from->kind == PLAN_WHILE && i < plan->scale_count; i++) {
        uint8_t level = condition_least_level(plan, from->condition, (uint16_t)i);
        if (level > 0) {
            *scale = (uint16_t)i;
            return level;
        }
    }
    return 0;
}

/* A command's own trigger raises the duties of its work groups, which stand on the command's sheet. */
static bool is_of_command(const struct plan *plan, uint32_t index) {
    const struct plan_trigger *trigger = &plan->triggers[index];
    if (trigger->duty_count == 0) { /* nothing to be drawn */
        return true;
    }
    struct text name = plan->duties[trigger->first_duty].name;
    for (uint32_t i = 0; i < plan->command_count; i++) {
        for (uint16_t k = 0; k < plan->commands[i].groups.count; k++) {
            if (text_equal(plan->parties[plan->lists[plan->commands[i].groups.first + k]].name, name)) {
                return true;
            }
        }
    }
    return false;
}

static void add_head(struct maker *maker, struct board *board, struct text name) {
    struct card head = card_make(CHART_HEAD, board_width(BOARD_HEAD));
    card_write(maker, &head, CARD_TITLE, words_cut(maker, name, 40));
    board_add(maker, board, BOARD_HEAD, head, name);
}

static bool build_scale(struct maker *maker, uint16_t scale) {
    const struct plan *plan = maker->plan;
    const struct plan_scale *of = &plan->scales[scale];
    struct board board = {0};
    board.title =
        words_print(maker, "%.*s%s", TEXT_PRINT(of->name), say(maker, ": what each level adds", "：各级增加什么"));
    for (uint8_t level = 1; level <= of->level_count; level++) {
        bool headed = false;
        for (uint32_t i = 0; i < plan->trigger_count; i++) {
            uint16_t found = PLAN_NONE;
            if (measure_find_level(plan, i, &found) != level || found != scale) {
                continue;
            }
            if (!headed) {
                add_head(maker, &board, of->levels[level]);
                headed = true;
            }
            duty_add_cause(maker, &board, i, is_of_command);
        }
    }
    return board_build(maker, &board);
}

static bool build_rest(struct maker *maker, uint16_t subject) {
    const struct plan *plan = maker->plan;
    struct board board = {0};
    board.title = words_print(maker, "%.*s%s", TEXT_PRINT(plan->subjects[subject].name),
                              say(maker, ": what is to be done when", "：什么时候做什么"));
    for (uint32_t pass = 0; pass < 2; pass++) { /* what is to be done at once comes first */
        for (uint32_t i = 0; i < plan->trigger_count; i++) {
            uint16_t found = PLAN_NONE;
            bool is_opening = plan->triggers[i].kind == PLAN_OPENED;
            if (plan->triggers[i].subject == subject && is_opening == (pass == 0) &&
                measure_find_level(plan, i, &found) == 0) {
                duty_add_cause(maker, &board, i, is_of_command);
            }
        }
    }
    return board_build(maker, &board);
}

bool measure_build(struct maker *maker) {
    for (uint32_t i = 0; i < maker->plan->scale_count; i++) {
        if (!build_scale(maker, (uint16_t)i)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < maker->plan->subject_count; i++) {
        if (!build_rest(maker, (uint16_t)i)) {
            return false;
        }
    }
    return true;
}
