/* What leads from one level of a scale to the next: the levels as steps that rise to the right, below each the rules that
 * lead to it, at the foot who proposes, decides and ends. */
#include "chart/maker.h"

#define LEVELS_MOST 5U  /* on one sheet */
#define GAP 24.0        /* between columns, for the arrows */
#define RISE_LEAST 16.0 /* from one step to the next */
#define RISE_MOST 50.0
#define CARD_GAP 4.0
#define INDENT 9.0
#define STRIP_COLUMNS 4
#define STRIP_GAP 10.0
#define STRIP_ABOVE 10.0 /* between the steps and the foot */
#define WORDS_MOST 220U  /* characters of a condition */

struct strip {
    struct card cards[40];
    uint32_t count;
};

static double strip_width(void) {
    return (sheet_area(true).width - (STRIP_COLUMNS - 1) * STRIP_GAP) / STRIP_COLUMNS;
}

/* ---- the foot: who proposes, decides, ends ----------------------------------------------------------------- */

static void add_fact(struct maker *maker, struct strip *strip, const char *english, const char *chinese,
                     struct text words, struct text clauses) {
    if (words.length == 0 || strip->count == sizeof strip->cards / sizeof strip->cards[0]) {
        return;
    }
    struct card card = card_make(CHART_NOTICE, strip_width());
    card_write(maker, &card, CARD_NAME, text_of(say(maker, english, chinese)));
    card_write(maker, &card, CARD_BODY, words_cut(maker, words, WORDS_MOST));
    card_write(maker, &card, CARD_CLAUSE, clauses);
    strip->cards[strip->count++] = card;
}

static void add_orderers(struct maker *maker, struct strip *strip, const struct plan_scale *scale) {
    for (uint16_t i = 0; i < scale->orderer_count; i++) {
        const struct plan_orderer *orderer = &scale->orderers[i];
        struct text words = words_orderer(maker, scale, orderer, 12);
        add_fact(maker, strip, orderer->raise_only ? "May raise the level" : "Decides",
                 orderer->raise_only ? "可以提级" : "谁决定", words, words_clauses(maker, orderer->cites, 3));
    }
}

static struct text say_clock(struct maker *maker, const struct plan_scale *scale) {
    struct buffer out = {0};
    if (scale->decide_within_us > 0) {
        buffer_append_string(&out, say(maker, "within ", "限 "));
        words_time(maker, scale->decide_within_us, &out);
        buffer_append_string(&out, scale->decide_setting.length > 0 ? say(maker, " (local)", "（本地）") : "");
        if (scale->chain < maker->plan->chain_count) {
            const struct plan_chain *chain = &maker->plan->chains[scale->chain];
            buffer_append_string(&out, say(maker, "; else it goes up, every ", "；无人决定即逐级催请，每 "));
            words_time(maker, chain->every_us, &out);
            buffer_append_string(&out, say(maker, ": ", "一级："));
            buffer_append_text(&out, words_parties(maker, chain->steps, 12, WORDS_ANY));
        }
    }
    return words_keep(maker, &out);
}

static void add_definitions(struct maker *maker, struct strip *strip, uint16_t subject) {
    const struct plan *plan = maker->plan;
    for (uint32_t i = 0; i < plan->condition_count; i++) {
        if (plan->conditions[i].subject != subject) {
            continue;
        }
        struct text name =
            words_print(maker, "%s%.*s%s", say(maker, "", "“"),
                        TEXT_PRINT(words_cut(maker, plan->conditions[i].name, 40)), say(maker, " means", "”是指"));
        add_fact(maker, strip, name.bytes, name.bytes, words_definition(maker, i),
                 words_clauses(maker, plan->conditions[i].cites, 3));
    }
}

static void fill_strip(struct maker *maker, struct strip *strip, const struct plan_scale *scale, bool with_terms) {
    const struct plan *plan = maker->plan;
    strip->count = 0;
    if (scale->given != PLAN_NO_NODE) {
        add_fact(maker, strip, "Only when", "前提", words_condition(maker, scale->given),
                 words_clauses(maker, scale->given_cites, 3));
    }
    if (scale->proposed_by != PLAN_NONE) {
        add_fact(maker, strip, "Proposes", "谁提请", plan->parties[scale->proposed_by].name,
                 words_clauses(maker, scale->proposed_cites, 3));
    }
    add_orderers(maker, strip, scale);
    if (scale->automatic_high > 0) {
        add_fact(maker, strip, "In force by itself, without a decision", "自动生效，不须决定",
                 words_levels(maker, scale, scale->automatic_low, scale->automatic_high),
                 words_clauses(maker, scale->automatic_cites, 3));
    }
    add_fact(maker, strip, "Time to decide", "决定限时", say_clock(maker, scale), TEXT(""));
    if (scale->ends_when != PLAN_NO_NODE) {
        add_fact(maker, strip, "Ends when", "何时终止", words_condition(maker, scale->ends_when),
                 words_clauses(maker, scale->ends_cites, 3));
    }
    if (scale->reopens_when != PLAN_NO_NODE) {
        add_fact(maker, strip, "Begins anew when", "何时重新启动", words_condition(maker, scale->reopens_when),
                 words_clauses(maker, scale->reopens_cites, 3));
    }
    if (with_terms) {
        add_definitions(maker, strip, scale->subject);
    }
}

/* Puts the cards of the foot into columns, each into the shortest one; on a sheet, or (NULL) only measures. */
static double place_strip(struct maker *maker, const struct strip *strip, struct chart_sheet *sheet, double top) {
    double heights[STRIP_COLUMNS] = {0}, highest = 0;
    for (uint32_t i = 0; i < strip->count; i++) {
        uint32_t column = 0;
        for (uint32_t k = 1; k < STRIP_COLUMNS; k++) {
            column = heights[k] < heights[column] - 0.01 ? k : column;
        }
        if (sheet != NULL) {
            sheet_place(maker, sheet, &strip->cards[i], sheet_area(true).x + column * (strip_width() + STRIP_GAP),
                        top + heights[column]);
        }
        heights[column] += strip->cards[i].height + CARD_GAP;
        highest = heights[column] > highest ? heights[column] : highest;
    }
    return highest;
}

/* ---- the steps --------------------------------------------------------------------------------------------- */

static uint32_t count_added(const struct plan *plan, uint16_t scale, uint8_t level) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < plan->trigger_count; i++) {
        uint16_t found = PLAN_NONE;
        if (measure_find_level(plan, i, &found) == level && found == scale && !measure_is_of_command(plan, i)) {
            count += plan->triggers[i].duty_count;
        }
    }
    return count;
}

static struct card make_step(struct maker *maker, uint16_t scale, uint8_t level, double width) {
    const struct plan_scale *of = &maker->plan->scales[scale];
    struct card card = card_make(CHART_LEVEL, width);
    uint32_t added = count_added(maker->plan, scale, level);
    card_mean_level(maker, &card, scale, level);
    card_write(maker, &card, CARD_TITLE, words_cut(maker, of->levels[level], 30));
    if (added > 0) {
        card_write(maker, &card, CARD_SMALL,
                   words_print(maker, "%s%u%s", say(maker, "adds ", "本级增加 "), added,
                               say(maker, added == 1 ? " measure" : " measures", " 项措施")));
    }
    return card;
}

static struct card make_rule(struct maker *maker, const struct plan_rule *rule, double width) {
    struct card card = card_make(CHART_CAUSE, width);
    card_mean(maker, &card, CHART_MEANS_RULE, (uint32_t)(rule - maker->plan->rules));
    card_write(maker, &card, CARD_BODY, words_cut(maker, words_condition(maker, rule->condition), WORDS_MOST));
    card_write(maker, &card, CARD_CLAUSE, words_clauses(maker, rule->cites, 3));
    return card;
}

static struct card make_position(struct maker *maker, const struct plan_position *position, double width) {
    struct card card = card_make(CHART_PARTY, width);
    card_mean(maker, &card, CHART_MEANS_POSITION, (uint32_t)(position - maker->plan->positions));
    card_write(maker, &card, CARD_NAME, words_cut(maker, position->name, 40));
    card_write(maker, &card, CARD_BODY, words_holders(maker, position, 6, 80));
    card_write(maker, &card, CARD_DETAIL, words_cut(maker, words_reading(maker, position->notes), 80));
    card_write(maker, &card, CARD_CLAUSE, words_clauses(maker, position->cites, 2));
    return card;
}

struct column {
    struct chart_sheet *sheet; /* NULL: only measured */
    double x, width;
    double head_bottom; /* the line begins here */
    double y;
};

static void hang(struct maker *maker, struct column *column, const struct card *card) {
    column->y += CARD_GAP;
    if (column->sheet != NULL) {
        double middle = column->y + card->height / 2, line = column->x + INDENT / 2;
        double points[] = {line, column->head_bottom, line, middle, column->x + INDENT, middle};
        sheet_draw(maker, column->sheet, (struct chart_line){.points = points, .point_count = 3});
        sheet_place(maker, column->sheet, card, column->x + INDENT, column->y);
    }
    column->y += card->height;
}

static void hang_words(struct maker *maker, struct column *column, const char *english, const char *chinese) {
    struct card card = card_make(CHART_BARE, column->width - INDENT);
    card_write(maker, &card, CARD_CLOCK, text_of(say(maker, english, chinese)));
    column->y += CARD_GAP / 2;
    if (column->sheet != NULL) {
        sheet_place(maker, column->sheet, &card, column->x + INDENT, column->y);
    }
    column->y += card.height - CARD_GAP;
}

/* Draws a level and what hangs below it from `top` on, or measures it; returns where it ends. */
static double draw_column(struct maker *maker, uint16_t scale, uint8_t level, struct column column) {
    const struct plan *plan = maker->plan;
    const struct plan_scale *of = &plan->scales[scale];
    struct card step = make_step(maker, scale, level, column.width);
    if (column.sheet != NULL) {
        sheet_place(maker, column.sheet, &step, column.x, column.y);
    }
    column.head_bottom = column.y += step.height;
    uint32_t count = 0;
    for (uint16_t i = 0; i < of->rule_count; i++) {
        count += plan->rules[of->first_rule + i].level == level ? 1 : 0;
    }
    if (count == 0) {
        hang_words(maker, &column, "by decision only", "只由人决定");
    } else {
        hang_words(maker, &column, count == 1 ? "when this holds" : "when any of these holds",
                   count == 1 ? "有下列情形" : "有下列情形之一");
    }
    for (uint16_t i = 0; i < of->rule_count; i++) {
        if (plan->rules[of->first_rule + i].level == level) {
            struct card card = make_rule(maker, &plan->rules[of->first_rule + i], column.width - INDENT);
            hang(maker, &column, &card);
        }
    }
    for (uint32_t i = 0; i < plan->position_count; i++) {
        const struct plan_position *position = &plan->positions[i];
        if (position->condition != PLAN_NO_NODE && condition_least_level(plan, position->condition, scale) == level) {
            struct card card = make_position(maker, position, column.width - INDENT);
            hang(maker, &column, &card);
        }
    }
    return column.y;
}

struct steps {
    uint8_t low, high; /* the levels on this sheet */
    double width;      /* of a column */
    double rise;       /* from one step to the next */
};

static struct steps make_steps(uint8_t low, uint8_t high) {
    uint32_t count = (uint32_t)(high - low) + 1U;
    double width = (sheet_area(true).width - (count - 1) * GAP) / count;
    return (struct steps){low, high, width > 190 ? 190 : width, RISE_LEAST};
}

static struct column make_column(struct maker *maker, struct steps steps, uint8_t level, double top,
                                 struct chart_sheet *sheet) {
    (void)maker;
    uint32_t count = (uint32_t)(steps.high - steps.low) + 1U;
    struct area area = sheet_area(true);
    double left = area.x + (area.width - count * steps.width - (count - 1) * GAP) / 2;
    return (struct column){sheet, left + (level - steps.low) * (steps.width + GAP), steps.width, 0,
                           top + (steps.high - level) * steps.rise};
}

/* How far down the lowest column reaches. */
static double measure_steps(struct maker *maker, uint16_t scale, struct steps steps) {
    double lowest = 0;
    for (uint8_t level = steps.low; level <= steps.high; level++) {
        double bottom = draw_column(maker, scale, level, make_column(maker, steps, level, 0, NULL));
        lowest = bottom > lowest ? bottom : lowest;
    }
    return lowest;
}

static void draw_steps(struct maker *maker, uint16_t scale, struct steps steps, struct chart_sheet *sheet, double top) {
    for (uint8_t level = steps.low; level <= steps.high; level++) {
        struct column column = make_column(maker, steps, level, top, sheet);
        (void)draw_column(maker, scale, level, column);
        if (level < steps.high) {
            double right = column.x + column.width, y = column.y + 10, middle = right + GAP / 2;
            double points[] = {right, y, middle, y, middle, y - steps.rise, right + GAP, y - steps.rise};
            sheet_draw(maker, sheet, (struct chart_line){.points = points, .point_count = 4, .arrow = true});
        }
    }
}

/* ---- sheets ------------------------------------------------------------------------------------------------ */

/* Rules that are too many for steps: in columns, level after level. */
static bool build_columns(struct maker *maker, uint16_t scale, struct text title) {
    const struct plan *plan = maker->plan;
    const struct plan_scale *of = &plan->scales[scale];
    struct board board = {.title = title};
    for (uint8_t level = 1; level <= of->level_count; level++) {
        board_add(maker, &board, BOARD_HEAD, make_step(maker, scale, level, board_width(BOARD_HEAD)),
                  of->levels[level]);
        for (uint16_t i = 0; i < of->rule_count; i++) {
            if (plan->rules[of->first_rule + i].level == level) {
                board_add(maker, &board, BOARD_CARD,
                          make_rule(maker, &plan->rules[of->first_rule + i], board_width(BOARD_CARD)), TEXT(""));
            }
        }
    }
    return board_build(maker, &board);
}

/* The foot alone, where it has no room below the steps. */
static bool build_strip(struct maker *maker, const struct strip *strip, struct text title) {
    struct board board = {.title = title};
    for (uint32_t i = 0; i < strip->count; i++) {
        board_add(maker, &board, BOARD_ALONE, strip->cards[i], TEXT(""));
    }
    return board_build(maker, &board);
}

static bool build_one(struct maker *maker, uint16_t scale) {
    const struct plan_scale *of = &maker->plan->scales[scale];
    struct area area = sheet_area(true);
    struct strip *strip = arena_allocate(maker->arena, sizeof *strip);
    struct text title = words_print(maker, "%.*s%s", TEXT_PRINT(words_cut(maker, of->name, 40)),
                                    say(maker, ": what leads from one level to the next", "：从一级到下一级"));
    if (strip == NULL) {
        return failure_set(maker->failure, "memory is exhausted");
    }
    bool strip_drawn = false;
    uint32_t part = 0;
    for (uint8_t low = 1; low <= of->level_count; low = (uint8_t)(low + LEVELS_MOST)) {
        uint8_t high = low + LEVELS_MOST > of->level_count ? of->level_count : (uint8_t)(low + LEVELS_MOST - 1);
        struct steps steps = make_steps(low, high);
        double height = measure_steps(maker, scale, steps);
        if (height > area.height) {
            fill_strip(maker, strip, of, false);
            return build_columns(maker, scale, title) && (strip_drawn || build_strip(maker, strip, title));
        }
        struct chart_sheet *sheet = sheet_add(maker, sheet_continue(maker, title, ++part), true);
        if (sheet == NULL) {
            return false;
        }
        double strip_height = 0;
        for (int terms = 1; !strip_drawn && high == of->level_count && terms >= 0; terms--) {
            fill_strip(maker, strip, of, terms == 1);
            strip_height = place_strip(maker, strip, NULL, 0);
            strip_drawn = height + STRIP_ABOVE + strip_height <= area.height;
        }
        double spare = area.height - height - (strip_drawn ? STRIP_ABOVE + strip_height : 0);
        double rise = RISE_LEAST + (high > low ? spare / (high - low) : 0);
        steps.rise = rise > RISE_MOST ? RISE_MOST : rise;
        draw_steps(maker, scale, steps, sheet, area.y);
        if (strip_drawn) {
            (void)place_strip(maker, strip, sheet, area.y + area.height - strip_height);
        }
    }
    return (strip_drawn || build_strip(maker, strip, title)) && !maker->failure->set;
}

bool terms_build(struct maker *maker) {
    const struct plan *plan = maker->plan;
    struct board board = {.title = text_of(say(maker, "Terms on these sheets", "本图用语"))};
    for (uint32_t i = 0; i < plan->condition_count; i++) {
        struct text meaning = words_definition(maker, i);
        struct card card = card_make(CHART_CAUSE, board_width(BOARD_ALONE));
        if (meaning.length > 0) {
            card_write(maker, &card, CARD_NAME, words_cut(maker, plan->conditions[i].name, 40));
            card_write(maker, &card, CARD_BODY, words_cut(maker, meaning, 400));
            card_write(maker, &card, CARD_CLAUSE, words_clauses(maker, plan->conditions[i].cites, 4));
            board_add(maker, &board, BOARD_ALONE, card, TEXT(""));
        }
    }
    for (uint32_t i = 0; i < plan->setting_count; i++) {
        const struct plan_setting *setting = &plan->settings[i];
        struct card card = card_make(CHART_NOTICE, board_width(BOARD_ALONE));
        struct buffer out = {0};
        buffer_append_text(&out, words_cut(maker, setting->name, 40));
        buffer_append_string(&out, say(maker, " = ", " ＝ "));
        words_time(maker, setting->value_us, &out);
        buffer_append_string(&out, say(maker, " (local)", "（本地）"));
        card_write(maker, &card, CARD_NAME, words_keep(maker, &out));
        card_write(maker, &card, CARD_BODY, words_cut(maker, setting->reason, 200));
        board_add(maker, &board, BOARD_ALONE, card, TEXT(""));
    }
    return board_build(maker, &board);
}

bool ladder_build(struct maker *maker) {
    for (uint32_t i = 0; i < maker->plan->scale_count; i++) {
        if (!build_one(maker, (uint16_t)i)) {
            return false;
        }
    }
    return true;
}
