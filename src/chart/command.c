/* Command structures with their positions and work groups; the offices of each body; escalation; teams and the order in
 * which they are called. */
#include "chart/maker.h"

#define READING_MOST 80U
#define NAME_MOST 60U
#define TEXT_MOST 220U
#define PARTIES_MOST 30U
#define HEIGHT_ENOUGH 160.0 /* of a card; what is more goes on another */
#define PHONES_MOST 3U

static struct text party_name(struct maker *maker, uint16_t party) {
    return words_cut(maker, maker->plan->parties[party].name, NAME_MOST);
}

/* `party`: what the head stands for, or PLAN_NONE. */
static void add_head(struct maker *maker, struct board *board, uint16_t party, struct text name, struct text below,
                     struct text clauses) {
    struct card head = card_make(CHART_HEAD, board_width(BOARD_HEAD));
    if (party != PLAN_NONE) {
        card_mean(maker, &head, CHART_MEANS_PARTY, party);
    }
    card_write(maker, &head, CARD_TITLE, name);
    card_write(maker, &head, CARD_SMALL, words_cut(maker, below, NAME_MOST));
    card_write(maker, &head, CARD_SMALL, clauses);
    board_add(maker, board, BOARD_HEAD, head, name);
}

static void add_section(struct maker *maker, struct board *board, struct text name) {
    struct card section = card_make(CHART_SECTION, board_width(BOARD_SECTION));
    card_write(maker, &section, CARD_CENTRED, name);
    board_add(maker, board, BOARD_SECTION, section, name);
}

/* ---- commands ---------------------------------------------------------------------------------------------- */

static void write_holder(struct maker *maker, struct card *card, const struct plan_position *position) {
    card_mean(maker, card, CHART_MEANS_POSITION, (uint32_t)(position - maker->plan->positions));
    if (position->condition != PLAN_NO_NODE) {
        card_write(maker, card, CARD_CLOCK, words_cut(maker, words_condition(maker, position->condition), NAME_MOST));
    }
    card_write(maker, card, CARD_BODY, words_holders(maker, position, PARTIES_MOST, TEXT_MOST));
    card_write(maker, card, CARD_DETAIL, words_cut(maker, words_reading(maker, position->notes), READING_MOST));
    card_write(maker, card, CARD_CLAUSE, words_clauses(maker, position->cites, 3));
}

static struct card begin_position(struct maker *maker, const struct plan_position *position) {
    struct card card = card_make(CHART_PARTY, board_width(BOARD_CARD));
    card_write(maker, &card, CARD_NAME, words_cut(maker, position->name, NAME_MOST));
    return card;
}

/* The positions of one name share a card: of them, the one whose condition holds is filled. */
static void add_positions(struct maker *maker, struct board *board, const struct plan_command *command) {
    const struct plan_position *positions = maker->plan->positions + command->first_position;
    for (uint16_t i = 0; i < command->position_count; i++) {
        bool before = false;
        for (uint16_t k = 0; k < i; k++) {
            before = before || text_equal(positions[k].name, positions[i].name);
        }
        if (before) {
            continue;
        }
        struct card card = begin_position(maker, &positions[i]);
        for (uint16_t k = i; k < command->position_count; k++) {
            if (!text_equal(positions[k].name, positions[i].name)) {
                continue;
            }
            if (card.height > HEIGHT_ENOUGH) {
                board_add(maker, board, BOARD_CARD, card, TEXT(""));
                card = begin_position(maker, &positions[i]);
            }
            write_holder(maker, &card, &positions[k]);
        }
        board_add(maker, board, BOARD_CARD, card, TEXT(""));
    }
}

/* What a work group does is its description in a permanent command, else the duty that is named as it is. */
static struct text find_task(const struct plan *plan, const struct plan_party *group) {
    if (group->description.length > 0) {
        return group->description;
    }
    uint16_t duty = plan_find_duty(plan, group->name);
    return duty == PLAN_NONE ? TEXT("") : plan->duties[duty].action;
}

static void add_group(struct maker *maker, struct board *board, uint16_t party) {
    const struct plan_party *group = &maker->plan->parties[party];
    struct card card = card_make(CHART_GROUP, board_width(BOARD_CARD));
    uint16_t task = plan_find_duty(maker->plan, group->name);
    card_mean(maker, &card, CHART_MEANS_PARTY, party);
    if (task != PLAN_NONE) {
        card_mean(maker, &card, CHART_MEANS_DUTY, task);
    }
    card_write(maker, &card, CARD_NAME, party_name(maker, party));
    if (group->lead < maker->plan->party_count) {
        card_write(maker, &card, CARD_CLOCK, words_label(maker, "led by", "牵头", party_name(maker, group->lead)));
    }
    card_write(maker, &card, CARD_DETAIL,
               words_label(maker, "with", "会同", words_parties(maker, group->members, PARTIES_MOST, TEXT_MOST)));
    card_write(maker, &card, CARD_BODY, words_cut(maker, find_task(maker->plan, group), TEXT_MOST));
    card_write(maker, &card, CARD_CLAUSE, words_clauses(maker, group->cites, 3));
    board_add(maker, board, BOARD_CARD, card, TEXT(""));
}

static bool build_command(struct maker *maker, const struct plan_command *command) {
    struct board board = {0};
    struct text name = party_name(maker, command->party);
    struct text condition = command->condition == PLAN_NO_NODE ? TEXT("") : words_condition(maker, command->condition);
    board.title =
        words_print(maker, "%.*s%s", TEXT_PRINT(name), say(maker, ": command and work groups", "：指挥职位和工作组"));
    add_head(maker, &board, command->party, name, words_label(maker, "when", "成立条件", condition),
             words_clauses(maker, command->cites, 3));
    if (command->position_count > 0) {
        add_section(maker, &board, text_of(say(maker, "Positions", "指挥职位")));
        add_positions(maker, &board, command);
    }
    if (command->groups.count > 0) {
        add_section(maker, &board,
                    words_print(maker, "%s%u%s", say(maker, "Work groups: ", "工作组（"),
                                (unsigned)command->groups.count, say(maker, "", " 个）")));
        for (uint16_t i = 0; i < command->groups.count; i++) {
            add_group(maker, &board, maker->plan->lists[command->groups.first + i]);
        }
    }
    return board_build(maker, &board);
}

/* ---- offices, members, escalation -------------------------------------------------------------------------- */

static void add_office(struct maker *maker, struct board *board, const struct plan_party *office) {
    struct card card = card_make(CHART_PARTY, board_width(BOARD_CARD));
    card_mean(maker, &card, CHART_MEANS_PARTY, (uint32_t)(office - maker->plan->parties));
    card_write(maker, &card, CARD_NAME, words_cut(maker, office->name, NAME_MOST));
    card_write(maker, &card, CARD_BODY, words_cut(maker, office->held_by, TEXT_MOST));
    card_write(maker, &card, CARD_DETAIL, words_cut(maker, office->description, TEXT_MOST));
    card_write(maker, &card, CARD_CLAUSE, words_clauses(maker, office->cites, 3));
    board_add(maker, board, BOARD_CARD, card, TEXT(""));
}

static void add_offices_of(struct maker *maker, struct board *board, uint16_t unit) {
    const struct plan *plan = maker->plan;
    bool headed = false;
    for (uint32_t i = 0; i < plan->party_count; i++) {
        const struct plan_party *office = &plan->parties[i];
        if (office->kind != PLAN_OFFICE || office->of != unit) {
            continue;
        }
        if (!headed) {
            add_section(maker, board,
                        unit == PLAN_NONE ? text_of(say(maker, "Other offices", "其他职务")) : party_name(maker, unit));
            headed = true;
        }
        add_office(maker, board, office);
    }
}

static void add_groups(struct maker *maker, struct board *board) {
    const struct plan *plan = maker->plan;
    bool headed = false;
    for (uint32_t i = 0; i < plan->party_count; i++) {
        const struct plan_party *group = &plan->parties[i];
        if (group->kind != PLAN_GROUP) {
            continue;
        }
        if (!headed) {
            add_section(maker, board, text_of(say(maker, "Groups of parties", "单位组")));
            headed = true;
        }
        struct card card = card_make(CHART_GROUP, board_width(BOARD_CARD));
        card_mean(maker, &card, CHART_MEANS_PARTY, i);
        card_write(maker, &card, CARD_NAME, words_cut(maker, group->name, NAME_MOST));
        card_write(maker, &card, CARD_BODY, words_parties(maker, group->members, PARTIES_MOST, TEXT_MOST));
        card_write(maker, &card, CARD_CLAUSE, words_clauses(maker, group->cites, 3));
        board_add(maker, board, BOARD_CARD, card, TEXT(""));
    }
}

/* Whom to tell next when somebody is late. */
static void add_chain(struct maker *maker, struct board *board, const struct plan_chain *chain) {
    struct buffer out = {0};
    buffer_append_text(&out, words_cut(maker, chain->name, NAME_MOST));
    buffer_append_string(&out, say(maker, ": every ", "：每 "));
    words_time(maker, chain->every_us, &out);
    buffer_append_string(&out, say(maker, ", until somebody answers (local)", "上报一级，直到有人应答（本地）"));
    add_section(maker, board, words_keep(maker, &out));
    for (uint16_t i = 0; i < chain->steps.count; i++) {
        struct card card = card_make(CHART_PARTY, board_width(BOARD_CARD));
        card_mean(maker, &card, CHART_MEANS_PARTY, maker->plan->lists[chain->steps.first + i]);
        card_write(maker, &card, CARD_NAME,
                   words_print(maker, "%u. %.*s", i + 1U,
                               TEXT_PRINT(party_name(maker, maker->plan->lists[chain->steps.first + i]))));
        board_add(maker, board, BOARD_CARD, card, TEXT(""));
    }
}

static bool build_offices(struct maker *maker) {
    struct board board = {.title =
                              text_of(say(maker, "Offices, groups of parties, escalation", "职务、单位组和逾期上报"))};
    for (uint32_t i = 0; i < maker->plan->party_count; i++) {
        add_offices_of(maker, &board, (uint16_t)i);
    }
    add_offices_of(maker, &board, PLAN_NONE);
    for (uint32_t i = 0; i < maker->plan->chain_count; i++) {
        add_chain(maker, &board, &maker->plan->chains[i]);
    }
    add_groups(maker, &board);
    return board_build(maker, &board);
}

/* ---- teams ------------------------------------------------------------------------------------------------- */

static struct text list_phones(struct maker *maker, const struct plan_party *party) {
    struct buffer out = {0};
    for (uint16_t i = 0; i < party->phone_count && i < PHONES_MOST; i++) {
        buffer_append_string(&out, i == 0 ? "" : say(maker, ", ", "、"));
        buffer_append_text(&out, words_cut(maker, party->phones[i].label, 20));
        buffer_append_string(&out, party->phones[i].label.length > 0 ? " " : "");
        buffer_append_text(&out, words_cut(maker, party->phones[i].number, 20));
    }
    return words_keep(maker, &out);
}

static struct text say_strength(struct maker *maker, const struct plan_party *team) {
    if (team->strength >= 0) {
        return words_print(maker, "%lld%s", (long long)team->strength, say(maker, " persons", " 人"));
    }
    return words_cut(maker, team->strength_text, 40);
}

static void write_team(struct maker *maker, struct card *card, const struct plan_party *team) {
    card_write(maker, card, CARD_CLOCK, list_phones(maker, team));
    if (team->of < maker->plan->party_count) {
        card_write(maker, card, CARD_DETAIL, words_label(maker, "of", "所属", party_name(maker, team->of)));
    }
    card_write(maker, card, CARD_DETAIL, words_label(maker, "strength", "人数", say_strength(maker, team)));
}

static void add_calls(struct maker *maker, struct board *board, const struct plan_calling *calling) {
    const struct plan *plan = maker->plan;
    add_head(maker, board, PLAN_NONE, words_cut(maker, calling->name, NAME_MOST),
             text_of(say(maker, "to be called in this order", "按下列次序呼叫")),
             words_clauses(maker, calling->cites, 3));
    for (uint16_t i = 0; i < calling->call_count; i++) {
        const struct plan_call *call = &plan->calls[calling->first_call + i];
        const struct plan_party *party = &plan->parties[call->party];
        struct card card = card_make(CHART_GROUP, board_width(BOARD_CARD));
        struct text name = party_name(maker, call->party);
        card_mean(maker, &card, CHART_MEANS_PARTY, call->party);
        card_write(maker, &card, CARD_NAME,
                   words_print(maker, "%u. %s%.*s%s", i + 1U,
                               call->teams_of             ? say(maker, "teams of ", "")
                               : call->request.length > 0 ? say(maker, "through ", "请求：")
                                                          : "",
                               TEXT_PRINT(name), call->teams_of ? say(maker, "", "所属队伍") : ""));
        if (party->kind == PLAN_TEAM) {
            write_team(maker, &card, party);
        }
        card_write(maker, &card, CARD_BODY, words_cut(maker, call->request, TEXT_MOST));
        card_write(maker, &card, CARD_CLAUSE, words_clauses(maker, call->cites, 3));
        board_add(maker, board, BOARD_CARD, card, TEXT(""));
    }
}

/* Teams, those of a kind together, in the order of the pack. */
static void add_teams(struct maker *maker, struct board *board) {
    const struct plan *plan = maker->plan;
    for (uint32_t i = 0; i < plan->party_count; i++) {
        bool first = plan->parties[i].kind == PLAN_TEAM;
        for (uint32_t k = 0; first && k < i; k++) {
            first = plan->parties[k].kind != PLAN_TEAM ||
                    !text_equal(plan->parties[k].team_kind, plan->parties[i].team_kind);
        }
        if (!first) {
            continue;
        }
        struct text kind = words_cut(maker, plan->parties[i].team_kind, NAME_MOST);
        add_head(maker, board, PLAN_NONE, kind.length > 0 ? kind : text_of(say(maker, "Teams", "队伍")), TEXT(""),
                 TEXT(""));
        for (uint32_t k = i; k < plan->party_count; k++) {
            const struct plan_party *team = &plan->parties[k];
            if (team->kind != PLAN_TEAM || !text_equal(team->team_kind, plan->parties[i].team_kind)) {
                continue;
            }
            struct card card = card_make(CHART_GROUP, board_width(BOARD_CARD));
            card_mean(maker, &card, CHART_MEANS_PARTY, k);
            card_write(maker, &card, CARD_NAME, words_cut(maker, team->name, NAME_MOST));
            write_team(maker, &card, team);
            card_write(maker, &card, CARD_CLAUSE, words_clauses(maker, team->cites, 1));
            board_add(maker, board, BOARD_CARD, card, TEXT(""));
        }
    }
}

static bool build_teams(struct maker *maker) {
    struct board board = {.title = text_of(say(maker, "Teams and the order of calling them", "队伍和调动次序"))};
    for (uint32_t i = 0; i < maker->plan->calling_count; i++) {
        add_calls(maker, &board, &maker->plan->callings[i]);
    }
    add_teams(maker, &board);
    return board_build(maker, &board);
}

bool command_build(struct maker *maker) {
    for (uint32_t i = 0; i < maker->plan->command_count; i++) {
        if (!build_command(maker, &maker->plan->commands[i])) {
            return false;
        }
    }
    return build_offices(maker) && build_teams(maker);
}
