/* Duties on cards. */
#include "chart/maker.h"

#define NAME_MOST 60U       /* characters of a name */
#define ACTION_MOST 200U    /* of what is to be done */
#define DONE_DEPTH_MAX 256U /* there are no more triggers, and the compiler refuses circles */
#define LIST_MOST 130U      /* of a list of parties */
#define HEIGHT_MOST 270.0   /* of a card: with a head and a cause above it, it fits on a sheet */
#define SHARE_LEAST 16U
#define CAUSE_MOST 100U
#define PARTIES_MOST 12U

enum chart_shape duty_shape(const struct plan_duty *duty) {
    switch (duty->kind) {
    case PLAN_OPTION:
        return CHART_OPTION;
    case PLAN_FORBID:
        return CHART_FORBID;
    case PLAN_NOTICE:
        return CHART_NOTICE;
    case PLAN_DECISION:
        return CHART_DECIDE;
    case PLAN_DUTY:
        break;
    }
    return CHART_DUTY;
}

struct text duty_name(struct maker *maker, const struct plan_duty *duty) {
    if (duty->kind == PLAN_NOTICE && text_starts_with(duty->name, TEXT("notice@"))) {
        return text_of(say(maker, "Notice", "提示"));
    }
    return words_cut(maker, duty->name, NAME_MOST);
}

static struct text list_replaced(struct maker *maker, const struct plan_duty *duty, size_t most) {
    struct word_list list = {.most = UINT32_MAX, .room = most, .unit = "项"};
    for (uint16_t i = 0; i < duty->replaces.count; i++) {
        words_list_add(maker, &list, maker->plan->duties[maker->plan->lists[duty->replaces.first + i]].name);
    }
    return words_list_end(maker, &list);
}

/* A list of parties, with what it means. */
static void write_parties(struct maker *maker, struct card *card, const char *english, const char *chinese,
                          struct plan_list parties, size_t most) {
    card_write(maker, card, CARD_DETAIL,
               words_label(maker, english, chinese, words_parties(maker, parties, PARTIES_MOST, most)));
}

static void write_detail(struct maker *maker, struct card *card, const char *english, const char *chinese,
                         struct text words, size_t most) {
    card_write(maker, card, CARD_DETAIL, words_label(maker, english, chinese, words_cut(maker, words, most)));
}

/* `share`: only one in so many of the characters that there may be at most. */
static struct card make_card(struct maker *maker, const struct plan_duty *duty, double width, size_t share) {
    struct card card = card_make(duty_shape(duty), width);
    card_mean(maker, &card, CHART_MEANS_DUTY, (uint32_t)(duty - maker->plan->duties));
    bool forbidden = duty->kind == PLAN_FORBID;
    card_write(maker, &card, CARD_NAME, words_cut(maker, duty_name(maker, duty), NAME_MOST / share));
    card_write(maker, &card, CARD_CLOCK, words_deadline(maker, duty));
    write_parties(maker, &card, forbidden ? "for" : "by", forbidden ? "谁" : "由", duty->bearers, LIST_MOST / share);
    write_parties(maker, &card, "to", "向", duty->recipients, LIST_MOST / share);
    write_parties(maker, &card, "with", "会同", duty->partners, LIST_MOST / share);
    write_detail(maker, &card, "via", "经", words_means(maker, duty), NAME_MOST / share);
    write_detail(maker, &card, "acknowledge within", "签收限", words_acknowledge(maker, duty), NAME_MOST);
    card_write(maker, &card, CARD_BODY, words_cut(maker, duty->action, ACTION_MOST / share));
    if (duty->until != PLAN_NO_NODE) {
        write_detail(maker, &card, "until", "直至", words_condition(maker, duty->until), NAME_MOST / share);
    }
    card_write(maker, &card, CARD_DETAIL,
               words_label(maker, "instead of", "取代", list_replaced(maker, duty, NAME_MOST / share)));
    write_detail(maker, &card, "proof", "佐证", duty->proof, NAME_MOST / share);
    card_write(maker, &card, CARD_CLAUSE, words_clauses(maker, duty->cites, 4));
    return card;
}

struct card duty_card(struct maker *maker, const struct plan_duty *duty, double width) {
    size_t share = 1;
    struct card card = make_card(maker, duty, width, share);
    while (card.height > HEIGHT_MOST && share < SHARE_LEAST && !maker->failure->set) {
        share *= 2;
        card = make_card(maker, duty, width, share);
    }
    return card;
}

struct text duty_cause(struct maker *maker, const struct plan_trigger *trigger) {
    const struct plan *plan = maker->plan;
    struct buffer out = {0};
    switch (trigger->kind) {
    case PLAN_WHILE:
        buffer_append_string(&out, say(maker, "When ", "当"));
        buffer_append_text(&out, words_condition(maker, trigger->condition));
        break;
    case PLAN_OPENED:
        if (plan->subjects[trigger->subject].standing) {
            buffer_append_string(&out, say(maker, "At all times while the plan is in force", "平时（预案施行期间）"));
        } else {
            buffer_append_string(&out, say(maker, "As soon as it is reported", "一经接报"));
        }
        break;
    case PLAN_DONE:
        buffer_print(&out, "%s%.*s%s", say(maker, "After: ", "完成“"), TEXT_PRINT(plan->duties[trigger->duty].name),
                     say(maker, "", "”之后"));
        break;
    }
    struct text words = words_keep(maker, &out);
    return words_cut(maker, words, CAUSE_MOST);
}

static bool have_same_cause(const struct plan *plan, const struct plan_trigger *left,
                            const struct plan_trigger *right) {
    if (left->kind != right->kind || left->subject != right->subject) {
        return false;
    }
    return left->kind == PLAN_OPENED || (left->kind == PLAN_DONE && left->duty == right->duty) ||
           (left->kind == PLAN_WHILE && condition_implies(plan, left->condition, right->condition) &&
            condition_implies(plan, right->condition, left->condition));
}

uint32_t duty_first_of_cause(const struct plan *plan, uint32_t trigger) {
    for (uint32_t i = 0; i < trigger; i++) {
        if (have_same_cause(plan, &plan->triggers[i], &plan->triggers[trigger])) {
            return i;
        }
    }
    return trigger;
}

static bool is_raised_by(const struct plan *plan, const struct plan_trigger *trigger, uint32_t cause) {
    return trigger->kind == PLAN_DONE && duty_first_of_cause(plan, plan->duties[trigger->duty].trigger) == cause;
}

static void add_cards(struct maker *maker, struct board *board, const struct plan_trigger *trigger) {
    for (uint16_t i = 0; i < trigger->duty_count; i++) {
        const struct plan_duty *duty = &maker->plan->duties[trigger->first_duty + i];
        board_add(maker, board, BOARD_CARD, duty_card(maker, duty, board_width(BOARD_CARD)), TEXT(""));
    }
}

/* All that one cause raises, and then what the doing of it raises. `depth`: which may raise something in turn. */
static void add_cause(struct maker *maker, struct board *board, uint32_t cause, skip_trigger *skip, unsigned depth) {
    const struct plan *plan = maker->plan;
    bool headed = false;
    for (uint32_t i = cause; i < plan->trigger_count; i++) {
        if (duty_first_of_cause(plan, i) != cause || skip(plan, i)) {
            continue;
        }
        if (!headed) {
            struct text name = duty_cause(maker, &plan->triggers[cause]);
            struct card section = card_make(CHART_CAUSE, board_width(BOARD_SECTION));
            card_write(maker, &section, CARD_CENTRED, name);
            card_write(maker, &section, CARD_CLAUSE, words_clauses(maker, plan->triggers[cause].cites, 3));
            board_add(maker, board, BOARD_SECTION, section, name);
            headed = true;
        }
        add_cards(maker, board, &plan->triggers[i]);
    }
    for (uint32_t i = 0; depth > 0 && i < plan->trigger_count; i++) {
        if (is_raised_by(plan, &plan->triggers[i], cause) && duty_first_of_cause(plan, i) == i) {
            add_cause(maker, board, i, skip, depth - 1);
        }
    }
}

void duty_add_cause(struct maker *maker, struct board *board, uint32_t trigger, skip_trigger *skip) {
    if (maker->plan->triggers[trigger].kind != PLAN_DONE && duty_first_of_cause(maker->plan, trigger) == trigger) {
        add_cause(maker, board, trigger, skip, DONE_DEPTH_MAX);
    }
}
