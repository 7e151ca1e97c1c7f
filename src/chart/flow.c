/* How one thing leads to another: for each subject, what is done at its opening, which occasions follow, and the scales
 * between them. The pack draws no arrows; they follow from its rules:
 *   an occasion that cannot hold without another comes after it;
 *   an occasion that asks for a fact to be so comes after a duty that is done once it is so, which it was not before;
 *   an occasion that needs a level comes after the scale, and a scale after what must be given for it;
 *   what a duty's doing raises comes after that duty; whatever follows from nothing else, after the opening.
 */
#include "chart/maker.h"

#include <string.h>

#define STEPS_MAX 320U /* occasions and scales of one subject: there are at most 256 triggers and 8 scales */
#define SHEET_LATER (UINT32_MAX - 1U) /* not yet known which */
#define LINKS_MOST 8U                 /* from other sheets, on one; a step with more names the first */
#define STEP_WIDTH 150.0
#define DUTIES_NAMED 6U
#define ORDERERS_NAMED 6U
#define CAUSE_MOST 70U
#define NAMES_MOST 90U

enum step_kind { STEP_OPENING, STEP_OCCASION, STEP_SCALE };

struct step {
    enum step_kind kind;
    uint32_t trigger; /* the first of its cause; UINT32_MAX for an opening without duties */
    uint16_t scale;
    uint32_t sheet; /* part of the drawing: 0, 1, … */
};

struct flow {
    const struct plan *plan;
    uint16_t subject;
    uint32_t causes[PLAN_TRIGGERS_MAX]; /* by trigger: the first one of its cause */
    struct step steps[STEPS_MAX];
    uint32_t count;
    bool follows[STEPS_MAX][STEPS_MAX]; /* [a][b]: b comes right after a */
    bool reaches[STEPS_MAX][STEPS_MAX];
    uint8_t brings[STEPS_MAX][STEPS_MAX]; /* enum bringing: [a][b]: what a brings about for b */
    bool needs[STEPS_MAX][STEPS_MAX];     /* [a][b]: b never comes without a; closed by settle */
};

/* ---- steps and arrows -------------------------------------------------------------------------------------- */

static const struct plan_trigger *trigger_of(const struct flow *flow, uint32_t step) {
    uint32_t trigger = flow->steps[step].trigger;
    return trigger == UINT32_MAX ? NULL : &flow->plan->triggers[trigger];
}

static uint32_t condition_of(const struct flow *flow, uint32_t step) {
    const struct plan_trigger *trigger = trigger_of(flow, step);
    return flow->steps[step].kind != STEP_OCCASION || trigger == NULL || trigger->kind != PLAN_WHILE
               ? PLAN_NO_NODE
               : trigger->condition;
}

static void add_step(struct flow *flow, enum step_kind kind, uint32_t trigger, uint16_t scale) {
    if (flow->count < STEPS_MAX) {
        flow->steps[flow->count++] = (struct step){kind, trigger, scale, 0};
    }
}

/* A notice is to be read, not to be done: an occasion that raises nothing else is not drawn here. */
static bool raises_more_than_notices(const struct flow *flow, uint32_t cause) {
    for (uint32_t i = 0; i < flow->plan->duty_count; i++) {
        const struct plan_duty *duty = &flow->plan->duties[i];
        if (duty->kind != PLAN_NOTICE && flow->causes[duty->trigger] == cause) {
            return true;
        }
    }
    return false;
}

static void find_steps(struct flow *flow) {
    const struct plan *plan = flow->plan;
    for (uint32_t i = 0; i < plan->trigger_count && i < PLAN_TRIGGERS_MAX; i++) {
        flow->causes[i] = duty_first_of_cause(plan, i);
    }
    add_step(flow, STEP_OPENING, UINT32_MAX, PLAN_NONE);
    for (uint32_t i = 0; i < plan->scale_count; i++) {
        if (plan->scales[i].subject == flow->subject) {
            add_step(flow, STEP_SCALE, UINT32_MAX, (uint16_t)i);
        }
    }
    for (uint32_t i = 0; i < plan->trigger_count; i++) {
        if (plan->triggers[i].subject != flow->subject || flow->causes[i] != i) {
            continue;
        }
        if (plan->triggers[i].kind == PLAN_OPENED) {
            flow->steps[0].trigger = i;
        } else if (raises_more_than_notices(flow, i)) {
            add_step(flow, STEP_OCCASION, i, PLAN_NONE);
        }
    }
}

/* Joins two steps unless that would lead back. `needed`: the second never comes without the first. */
static void join(struct flow *flow, uint32_t from, uint32_t to, bool needed) {
    if (from == to || flow->reaches[to][from]) {
        return;
    }
    flow->needs[from][to] = flow->needs[from][to] || needed;
    if (flow->follows[from][to]) {
        return;
    }
    flow->follows[from][to] = true;
    for (uint32_t a = 0; a < flow->count; a++) {
        for (uint32_t b = 0; (a == from || flow->reaches[a][from]) && b < flow->count; b++) {
            flow->reaches[a][b] = flow->reaches[a][b] || b == to || flow->reaches[to][b];
        }
    }
}

static bool needs_level(const struct flow *flow, uint32_t step, uint16_t scale) {
    return condition_least_level(flow->plan, condition_of(flow, step), scale) > 0;
}

/* True when the conditions alone put step `a` before step `b`. */
static bool comes_before(const struct flow *flow, uint32_t a, uint32_t b) {
    const struct step *from = &flow->steps[a], *to = &flow->steps[b];
    uint32_t before = condition_of(flow, a);
    if (from->kind == STEP_SCALE) {
        return to->kind == STEP_OCCASION && needs_level(flow, b, from->scale);
    }
    uint32_t after = to->kind == STEP_SCALE ? flow->plan->scales[to->scale].given : condition_of(flow, b);
    return before != PLAN_NO_NODE && condition_implies(flow->plan, after, before);
}

static void join_conditions(struct flow *flow) {
    for (uint32_t a = 1; a < flow->count; a++) {
        for (uint32_t b = 1; b < flow->count; b++) {
            if (a != b && comes_before(flow, a, b)) {
                join(flow, a, b, true);
            }
        }
    }
}

/* Every duty of a step, one after the other: the next one after *duty in triggers of the same cause. */
static const struct plan_duty *next_duty(const struct flow *flow, uint32_t step, uint32_t *at) {
    const struct plan *plan = flow->plan;
    for (; *at < plan->duty_count; ++*at) {
        const struct plan_duty *duty = &plan->duties[*at];
        if (flow->steps[step].trigger != UINT32_MAX && flow->causes[duty->trigger] == flow->steps[step].trigger) {
            ++*at;
            return duty;
        }
    }
    return NULL;
}

/* What is raised once a duty is done comes after it. */
static void join_done(struct flow *flow) {
    for (uint32_t a = 0; a < flow->count; a++) {
        uint32_t at = 0;
        for (const struct plan_duty *duty = next_duty(flow, a, &at); duty != NULL; duty = next_duty(flow, a, &at)) {
            for (uint32_t b = 1; b < flow->count; b++) {
                const struct plan_trigger *trigger = trigger_of(flow, b);
                if (trigger != NULL && trigger->kind == PLAN_DONE && duty == &flow->plan->duties[trigger->duty]) {
                    join(flow, a, b, true);
                }
            }
        }
    }
}

/* What a step's duties bring about of what another step asks for; flags. */
enum bringing {
    BRINGS_FACT = 1,  /* a duty is done once a fact is so as the other step asks for it */
    BRINGS_ALONE = 2, /* no other step has such a duty for that fact */
    BRINGS_WHOLE = 4  /* the other step asks for all of what that duty is done by */
};

static uint8_t brings_fact(const struct flow *flow, uint32_t a, uint32_t b, uint16_t fact) {
    const struct plan *plan = flow->plan;
    uint32_t at = 0, asked = condition_of(flow, b);
    uint8_t bringing = 0;
    for (const struct plan_duty *duty = next_duty(flow, a, &at); duty != NULL; duty = next_duty(flow, a, &at)) {
        if (duty->until != PLAN_NO_NODE && condition_brings(plan, condition_of(flow, a), duty->until, asked, fact)) {
            bringing |= BRINGS_FACT | (condition_implies(plan, asked, duty->until) ? BRINGS_WHOLE : 0);
        }
    }
    return bringing;
}

static void find_bringing(struct flow *flow) {
    for (uint32_t b = 1; b < flow->count; b++) {
        for (uint16_t fact = 0; fact < flow->plan->fact_count; fact++) {
            uint32_t count = 0, last = 0;
            for (uint32_t a = 0; condition_asks(flow->plan, condition_of(flow, b), fact) && a < flow->count; a++) {
                uint8_t bringing = a == b ? 0 : brings_fact(flow, a, b, fact);
                flow->brings[a][b] |= bringing;
                last = bringing != 0 ? a : last;
                count += bringing != 0 ? 1 : 0;
            }
            if (count == 1) {
                flow->brings[last][b] |= BRINGS_ALONE;
            }
        }
    }
}

/* True when something other than the opening must come before the step, or brings about what it asks for. */
static bool has_source(const struct flow *flow, uint32_t step) {
    for (uint32_t a = 0; a < flow->count; a++) {
        if (flow->follows[a][step] || flow->brings[a][step] != 0) {
            return true;
        }
    }
    return false;
}

/* True when what step `a` brings about in part for step `b` is brought about by a step before it already. */
static bool is_repetition(const struct flow *flow, uint32_t a, uint32_t b) {
    for (uint32_t k = 0; (flow->brings[a][b] & BRINGS_WHOLE) == 0 && k < flow->count; k++) {
        if (flow->brings[k][b] != 0 && flow->reaches[k][a]) {
            return true;
        }
    }
    return false;
}

/* After the duties that are done once a fact is so, comes what asks for that fact. What can be reached from the opening has
 * its arrows first: one that would lead back from what follows it is left out. */
static void join_doings(struct flow *flow) {
    bool reached[STEPS_MAX] = {false}, joined[STEPS_MAX] = {false};
    find_bringing(flow);
    for (uint32_t i = 0; i < flow->count; i++) {
        reached[i] = i == 0 || !has_source(flow, i);
    }
    for (uint32_t round = 0; round < flow->count; round++) {
        uint32_t next = UINT32_MAX;
        for (uint32_t a = 0; a < flow->count; a++) { /* the first that is reached, else the first */
            bool better = next == UINT32_MAX || (reached[a] && !reached[next]);
            next = !joined[a] && better ? a : next;
        }
        joined[next] = true;
        for (uint32_t b = 1; b < flow->count; b++) {
            if (flow->brings[next][b] != 0 && !is_repetition(flow, next, b)) {
                join(flow, next, b, (flow->brings[next][b] & BRINGS_ALONE) != 0);
            }
        }
        for (uint32_t b = 0; reached[next] && b < flow->count; b++) {
            reached[b] = reached[b] || flow->reaches[next][b];
        }
    }
}

/* Closes `needs`: what a needed step needs is needed too. */
static void close_needs(struct flow *flow) {
    for (uint32_t k = 0; k < flow->count; k++) {
        for (uint32_t a = 0; a < flow->count; a++) {
            for (uint32_t b = 0; flow->needs[a][k] && b < flow->count; b++) {
                flow->needs[a][b] = flow->needs[a][b] || flow->needs[k][b];
            }
        }
    }
}

/* What follows from nothing else follows from the opening. An arrow is left out where another way replaces it: by a step
 * without which the second never comes, not by one that only may come between. */
static void settle(struct flow *flow) {
    for (uint32_t b = 1; b < flow->count; b++) {
        bool found = false;
        for (uint32_t a = 0; a < flow->count; a++) {
            found = found || flow->follows[a][b];
        }
        if (!found) {
            join(flow, 0, b, true);
        }
    }
    close_needs(flow);
    for (uint32_t a = 0; a < flow->count; a++) {
        for (uint32_t b = 0; b < flow->count; b++) {
            for (uint32_t k = 0; flow->follows[a][b] && k < flow->count; k++) {
                if (k != b && flow->follows[a][k] && flow->needs[k][b]) {
                    flow->follows[a][b] = false;
                }
            }
        }
    }
}

/* ---- cards ------------------------------------------------------------------------------------------------- */

/* The names of a step's duties of one kind. */
static struct text list_duties(struct maker *maker, const struct flow *flow, uint32_t step, enum plan_duty_kind kind) {
    struct word_list list = {.most = DUTIES_NAMED, .room = NAMES_MOST, .unit = "项"};
    uint32_t at = 0;
    for (const struct plan_duty *duty = next_duty(flow, step, &at); duty != NULL; duty = next_duty(flow, step, &at)) {
        if (duty->kind == kind) {
            words_list_add(maker, &list, words_cut(maker, duty->name, 40));
        }
    }
    return words_list_end(maker, &list);
}

static struct text list_clauses(struct maker *maker, const struct flow *flow, uint32_t step) {
    const struct plan_trigger *trigger = trigger_of(flow, step);
    if (flow->steps[step].kind == STEP_SCALE) {
        return words_clauses(maker, flow->plan->scales[flow->steps[step].scale].cites, 2);
    }
    if (trigger == NULL || trigger->cites.count > 0) {
        return trigger == NULL ? TEXT("") : words_clauses(maker, trigger->cites, 2);
    }
    uint32_t at = 0;
    const struct plan_duty *duty = next_duty(flow, step, &at);
    return duty == NULL ? TEXT("") : words_clauses(maker, duty->cites, 2);
}

static void write_scale(struct maker *maker, struct card *card, const struct plan_scale *scale) {
    struct buffer out = {0};
    card_mean(maker, card, CHART_MEANS_SCALE, (uint32_t)(scale - maker->plan->scales));
    for (uint8_t level = 1; level <= scale->level_count; level++) {
        buffer_append_string(&out, level == 1 ? "" : " → ");
        buffer_append_text(&out, scale->levels[level]);
    }
    card_write(maker, card, CARD_CENTRED, words_cut(maker, scale->name, CAUSE_MOST));
    card_write(maker, card, CARD_SMALL, words_cut(maker, words_keep(maker, &out), NAMES_MOST));
    uint32_t count = 0;
    for (uint16_t i = 0; i < scale->orderer_count; i++) {
        if (scale->orderers[i].raise_only) {
            continue;
        }
        if (count == ORDERERS_NAMED) {
            card_write(maker, card, CARD_SMALL, TEXT("…"));
            break;
        }
        struct text words = words_cut(maker, words_orderer(maker, scale, &scale->orderers[i], 3), CAUSE_MOST);
        card_write(maker, card, CARD_SMALL, count++ == 0 ? words_label(maker, "decided by", "决定", words) : words);
    }
}

/* A step stands for all duties that it raises. */
static void mean_duties(struct maker *maker, const struct flow *flow, uint32_t step, struct card *card) {
    uint32_t at = 0;
    for (const struct plan_duty *duty = next_duty(flow, step, &at); duty != NULL; duty = next_duty(flow, step, &at)) {
        card_mean(maker, card, CHART_MEANS_DUTY, (uint32_t)(duty - flow->plan->duties));
    }
}

static struct card make_step(struct maker *maker, const struct flow *flow, uint32_t step) {
    const struct step *of = &flow->steps[step];
    enum chart_shape shape = of->kind == STEP_OPENING ? CHART_HEAD : of->kind == STEP_SCALE ? CHART_LEVEL : CHART_STEP;
    struct card card = card_make(shape, STEP_WIDTH);
    if (of->kind == STEP_SCALE) {
        write_scale(maker, &card, &flow->plan->scales[of->scale]);
    } else {
        const struct plan_trigger *trigger = trigger_of(flow, step);
        mean_duties(maker, flow, step, &card);
        if (of->kind == STEP_OPENING) {
            card_write(maker, &card, CARD_CENTRED,
                       words_cut(maker, flow->plan->subjects[flow->subject].name, CAUSE_MOST));
        }
        if (trigger != NULL) {
            card_write(maker, &card, of->kind == STEP_OPENING ? CARD_SMALL_CLOCK : CARD_CLOCK,
                       words_cut(maker, duty_cause(maker, trigger), CAUSE_MOST));
        }
        card_write(maker, &card, CARD_DETAIL, list_duties(maker, flow, step, PLAN_DUTY));
        card_write(maker, &card, CARD_DETAIL,
                   words_label(maker, "to be decided", "须决定", list_duties(maker, flow, step, PLAN_DECISION)));
        card_write(maker, &card, CARD_DETAIL,
                   words_label(maker, "may be done", "可以", list_duties(maker, flow, step, PLAN_OPTION)));
        card_write(maker, &card, CARD_DETAIL,
                   words_label(maker, "must not be done", "不得", list_duties(maker, flow, step, PLAN_FORBID)));
    }
    card_write(maker, &card, CARD_CLAUSE, list_clauses(maker, flow, step));
    return card;
}

/* ---- sheets ------------------------------------------------------------------------------------------------ */

/* The number of a sheet of this drawing among all of the chart. */
static uint32_t sheet_number(uint32_t first_sheet, uint32_t part) {
    return first_sheet + part + 1;
}

struct drawing {
    struct flow *flow;
    const uint32_t *order;
    uint32_t first, next; /* what stands on this sheet, in `order` */
    uint32_t part;        /* which sheet of the drawing this is */
    uint32_t first_sheet; /* sheets that stood there before the drawing */
    struct graph graph;
    uint32_t link_count;
    uint32_t nodes[STEPS_MAX]; /* by step; UINT32_MAX: not on this sheet */
};

static uint32_t add_link(struct maker *maker, struct drawing *drawing, const char *english, const char *chinese,
                         uint32_t part, struct text name) {
    struct card card = card_make(CHART_LINK, 92);
    card_write(maker, &card, CARD_SMALL,
               words_print(maker, "%s%u%s", say(maker, english, chinese), sheet_number(drawing->first_sheet, part),
                           say(maker, "", " 张")));
    card_write(maker, &card, CARD_SMALL, words_cut(maker, name, 24));
    return graph_add(maker, &drawing->graph, card);
}

static struct text step_name(struct maker *maker, const struct flow *flow, uint32_t step) {
    const struct step *of = &flow->steps[step];
    const struct plan_trigger *trigger = trigger_of(flow, step);
    return of->kind == STEP_SCALE                        ? flow->plan->scales[of->scale].name
           : of->kind == STEP_OPENING || trigger == NULL ? flow->plan->subjects[flow->subject].name
                                                         : duty_cause(maker, trigger);
}

/* True when a step before `until` that follows `from` stands on the same other sheet. */
static bool is_linked(const struct drawing *drawing, uint32_t from, uint32_t until) {
    const struct flow *flow = drawing->flow;
    for (uint32_t to = 0; to < until; to++) {
        if (flow->follows[from][to] && drawing->nodes[to] == UINT32_MAX &&
            flow->steps[to].sheet == flow->steps[until].sheet) {
            return true;
        }
    }
    return false;
}

/* The arrows from one step: to steps on this sheet, and one to each other sheet on which a step follows. */
static void draw_arrows(struct maker *maker, struct drawing *drawing, uint32_t from) {
    const struct flow *flow = drawing->flow;
    bool from_here = drawing->nodes[from] != UINT32_MAX;
    uint32_t node = drawing->nodes[from];
    for (uint32_t to = 0; to < flow->count; to++) {
        bool to_here = drawing->nodes[to] != UINT32_MAX;
        if (!flow->follows[from][to] || (!to_here && (!from_here || is_linked(drawing, from, to)))) {
            continue;
        }
        if (node == UINT32_MAX) {
            node =
                add_link(maker, drawing, "from sheet ", "接第 ", flow->steps[from].sheet, step_name(maker, flow, from));
        }
        uint32_t target = to_here ? drawing->nodes[to]
                                  : add_link(maker, drawing, "to sheet ", "转第 ", flow->steps[to].sheet, TEXT(""));
        graph_join(maker, &drawing->graph, node, target, false);
    }
}

static bool draw(struct maker *maker, struct drawing *drawing, bool *landscape) {
    memset(&drawing->graph, 0, sizeof drawing->graph);
    drawing->link_count = 0;
    memset(drawing->nodes, 0xFF, sizeof drawing->nodes);
    for (uint32_t i = drawing->first; i < drawing->next; i++) {
        uint32_t step = drawing->order[i];
        drawing->nodes[step] = graph_add(maker, &drawing->graph, make_step(maker, drawing->flow, step));
    }
    for (uint32_t i = 0; i < drawing->flow->count; i++) {
        draw_arrows(maker, drawing, i);
    }
    return !maker->failure->set && graph_fit(maker, &drawing->graph, landscape);
}

static bool is_in(const uint32_t *order, uint32_t count, uint32_t step) {
    for (uint32_t i = 0; i < count; i++) {
        if (order[i] == step) {
            return true;
        }
    }
    return false;
}

static uint32_t count_reached(const struct flow *flow, uint32_t step) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < flow->count; i++) {
        count += flow->reaches[step][i] ? 1 : 0;
    }
    return count;
}

/* The step that comes next after `step` and on which most depends; none while something else must come before it. */
static uint32_t choose_next(const struct flow *flow, uint32_t step, const uint32_t *order, uint32_t count) {
    uint32_t best = UINT32_MAX;
    for (uint32_t i = 0; i < flow->count; i++) {
        bool ready = flow->follows[step][i] && !is_in(order, count, i);
        for (uint32_t k = 0; ready && k < flow->count; k++) {
            ready = !flow->follows[k][i] || is_in(order, count, k);
        }
        if (ready && (best == UINT32_MAX || count_reached(flow, i) > count_reached(flow, best))) {
            best = i;
        }
    }
    return best;
}

/* The longest line of events first, then its branches, so that few arrows lead to other sheets. Recursion goes as deep as
 * there are steps. */
static void put_in_order(const struct flow *flow, uint32_t step, uint32_t *order, uint32_t *count) {
    order[(*count)++] = step;
    for (uint32_t next = choose_next(flow, step, order, *count); next != UINT32_MAX;
         next = choose_next(flow, step, order, *count)) {
        put_in_order(flow, next, order, count);
    }
}

/* Puts as many steps on each sheet as fit, `most` of them at most; arrows to later sheets count as one each. Returns how
 * many sheets there are. */
static uint32_t divide(struct maker *maker, struct drawing *drawing, const uint32_t *most) {
    struct flow *flow = drawing->flow;
    uint32_t parts = 0;
    bool landscape = false;
    for (uint32_t i = 0; i < flow->count; i++) {
        flow->steps[i].sheet = SHEET_LATER;
    }
    for (drawing->first = 0; drawing->first < flow->count; drawing->first = drawing->next, parts++) {
        drawing->next = drawing->first + 1;
        bool fits = true;
        while (fits && drawing->next < flow->count && drawing->next - drawing->first < most[parts]) {
            drawing->next++;
            fits = draw(maker, drawing, &landscape);
            drawing->next -= fits ? 0 : 1;
        }
        for (uint32_t i = drawing->first; i < drawing->next; i++) {
            flow->steps[drawing->order[i]].sheet = parts;
        }
    }
    return parts;
}

/* Turns to the steps of one sheet. */
static void turn_to(struct drawing *drawing, uint32_t part) {
    const struct flow *flow = drawing->flow;
    drawing->first = 0;
    while (flow->steps[drawing->order[drawing->first]].sheet != part) {
        drawing->first++;
    }
    drawing->next = drawing->first;
    while (drawing->next < flow->count && flow->steps[drawing->order[drawing->next]].sheet == part) {
        drawing->next++;
    }
}

/* As divide, until every sheet fits with the arrows to all the others too: one that does not gets a step less. */
static uint32_t divide_well(struct maker *maker, struct drawing *drawing) {
    uint32_t *most = arena_allocate_array(maker->arena, STEPS_MAX, sizeof *most);
    bool landscape = false;
    if (most == NULL) {
        (void)failure_set(maker->failure, "memory is exhausted");
        return 0;
    }
    for (uint32_t i = 0; i < STEPS_MAX; i++) {
        most[i] = STEPS_MAX;
    }
    for (uint32_t tries = 0; tries < STEPS_MAX && !maker->failure->set; tries++) {
        uint32_t parts = divide(maker, drawing, most), part = 0;
        for (; part < parts; part++) {
            turn_to(drawing, part);
            if (!draw(maker, drawing, &landscape)) {
                break;
            }
        }
        if (part == parts) {
            return parts;
        }
        if (drawing->next - drawing->first < 2) {
            break;
        }
        most[part] = drawing->next - drawing->first - 1;
    }
    (void)failure_set(maker->failure, "the course of %.*s cannot be drawn on sheets of this size",
                      TEXT_PRINT(drawing->flow->plan->subjects[drawing->flow->subject].name));
    return 0;
}

static bool build_sheets(struct maker *maker, struct drawing *drawing, struct text title) {
    uint32_t parts = divide_well(maker, drawing);
    for (uint32_t part = 0; part < parts; part++) {
        bool landscape = false;
        turn_to(drawing, part);
        if (!draw(maker, drawing, &landscape)) {
            return false;
        }
        struct chart_sheet *sheet = sheet_add(maker, sheet_continue(maker, title, part + 1), landscape);
        if (sheet == NULL) {
            return false;
        }
        graph_place(maker, &drawing->graph, sheet, landscape);
    }
    return !maker->failure->set;
}

static bool build_subject(struct maker *maker, uint16_t subject) {
    struct flow *flow = arena_allocate(maker->arena, sizeof *flow);
    struct drawing *drawing = arena_allocate(maker->arena, sizeof *drawing);
    uint32_t *order = arena_allocate_array(maker->arena, STEPS_MAX, sizeof *order);
    if (flow == NULL || drawing == NULL || order == NULL) {
        return failure_set(maker->failure, "memory is exhausted");
    }
    flow->plan = maker->plan;
    flow->subject = subject;
    find_steps(flow);
    if (flow->count < 2) {
        return true;
    }
    join_conditions(flow);
    join_done(flow);
    join_doings(flow);
    settle(flow);
    uint32_t count = 0;
    put_in_order(flow, 0, order, &count);
    drawing->flow = flow;
    drawing->order = order;
    drawing->first_sheet = maker->chart->sheet_count;
    struct text title =
        words_print(maker, "%.*s%s", TEXT_PRINT(words_cut(maker, maker->plan->subjects[subject].name, 40)),
                    say(maker, ": how one thing leads to another", "：处置流程"));
    return build_sheets(maker, drawing, title);
}

bool flow_build(struct maker *maker) {
    for (uint32_t i = 0; i < maker->plan->subject_count; i++) {
        if (!build_subject(maker, (uint16_t)i)) {
            return false;
        }
    }
    return true;
}
