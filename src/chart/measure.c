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
bool measure_is_of_command(const struct plan *plan, uint32_t index) {
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

static void add_head(struct maker *maker, struct board *board, uint16_t scale, uint8_t level) {
    struct text name = maker->plan->scales[scale].levels[level];
    struct card head = card_make(CHART_HEAD, board_width(BOARD_HEAD));
    card_mean_level(maker, &head, scale, level);
    card_write(maker, &head, CARD_TITLE, words_cut(maker, name, 40));
    board_add(maker, board, BOARD_HEAD, head, name);
}

/* A command stands on a sheet of its own; here, that it is there. */
static void add_command(struct maker *maker, struct board *board, const struct plan_command *command) {
    struct text condition = words_condition(maker, command->condition);
    struct text cause =
        words_cut(maker, words_print(maker, "%s%.*s", say(maker, "When ", "当"), TEXT_PRINT(condition)), 100);
    struct text name = words_cut(maker, maker->plan->parties[command->party].name, 40);
    struct card section = card_make(CHART_CAUSE, board_width(BOARD_SECTION));
    struct card card = card_make(CHART_GROUP, board_width(BOARD_CARD));
    card_mean(maker, &card, CHART_MEANS_PARTY, command->party);
    card_write(maker, &section, CARD_CENTRED, cause);
    board_add(maker, board, BOARD_SECTION, section, cause);
    card_write(maker, &card, CARD_NAME, name);
    card_write(maker, &card, CARD_BODY,
               words_print(maker, "%s%u%s", say(maker, "stands. Work groups: ", "即告成立，工作组 "),
                           (unsigned)command->groups.count, say(maker, "; see its own sheet.", " 个，任务见其专张。")));
    card_write(maker, &card, CARD_CLAUSE, words_clauses(maker, command->cites, 3));
    board_add(maker, board, BOARD_CARD, card, TEXT(""));
}

/* The level of a scale with which a command stands; 0 where it needs none. */
static uint8_t find_command_level(const struct plan *plan, const struct plan_command *command, uint16_t *scale) {
    for (uint32_t i = 0; i < plan->scale_count; i++) {
        uint8_t level = condition_least_level(plan, command->condition, (uint16_t)i);
        if (level > 0) {
            *scale = (uint16_t)i;
            return level;
        }
    }
    return 0;
}

/* The commands that stand with a level, or (level 0) of a subject on other conditions. */
static void add_commands(struct maker *maker, struct board *board, uint16_t scale, uint8_t level, uint16_t subject) {
    const struct plan *plan = maker->plan;
    for (uint32_t i = 0; i < plan->command_count; i++) {
        const struct plan_command *command = &plan->commands[i];
        uint16_t found = PLAN_NONE;
        if (command->condition != PLAN_NO_NODE && find_command_level(plan, command, &found) == level &&
            (level > 0 ? found == scale : command->subject == subject)) {
            add_command(maker, board, command);
        }
    }
}

/* All that one level adds, on a board of its own. */
static struct board list_level(struct maker *maker, uint16_t scale, uint8_t level) {
    const struct plan *plan = maker->plan;
    struct board board = {0};
    for (uint32_t i = 0; i < plan->trigger_count; i++) {
        uint16_t found = PLAN_NONE;
        if (measure_find_level(plan, i, &found) == level && found == scale) {
            duty_add_cause(maker, &board, i, measure_is_of_command);
        }
    }
    add_commands(maker, &board, scale, level, PLAN_NONE);
    return board;
}

static bool build_scale(struct maker *maker, uint16_t scale) {
    const struct plan_scale *of = &maker->plan->scales[scale];
    struct board board = {0};
    board.title =
        words_print(maker, "%.*s%s", TEXT_PRINT(of->name), say(maker, ": what each level adds", "：各级增加什么"));
    for (uint8_t level = 1; level <= of->level_count; level++) {
        struct board added = list_level(maker, scale, level);
        if (added.item_count > 0) {
            add_head(maker, &board, scale, level);
        }
        for (uint32_t i = 0; i < added.item_count; i++) {
            board_add(maker, &board, added.items[i].rank, added.items[i].card, added.items[i].name);
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
        if (pass == 1) {
            add_commands(maker, &board, PLAN_NONE, 0, subject);
        }
        for (uint32_t i = 0; i < plan->trigger_count; i++) {
            uint16_t found = PLAN_NONE;
            bool is_opening = plan->triggers[i].kind == PLAN_OPENED;
            if (plan->triggers[i].subject == subject && is_opening == (pass == 0) &&
                measure_find_level(plan, i, &found) == 0) {
                duty_add_cause(maker, &board, i, measure_is_of_command);
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
