/* People: what they do of themselves, and when. */
#include "run/drill_state.h"

#include "run/event_codec.h"

#define MINUTE CALENDAR_US_PER_MINUTE
#define SECOND CALENDAR_US_PER_SECOND

/* What everybody does unless the drill says otherwise: a notice arrives at once, is acknowledged within minutes, and the
 * duty is done soon and before its deadline (find_usual_proof). Nobody decides of themselves: that is what a drill is
 * about. */
static const struct drill_habit usual_habits[DRILL_ACTS] = {
    {{0}, DRILL_ACT_NOTIFY, 0, 0},
    {{0}, DRILL_ACT_ACKNOWLEDGE, 1 * MINUTE, 3 * MINUTE},
    {{0}, DRILL_ACT_PROVE, 5 * MINUTE, 20 * MINUTE},
    {{0}, DRILL_ACT_DECIDE, -1, -1},
};

/* ---- drawing ---------------------------------------------------------------------------------------------- */

/* splitmix64: each value of the counter gives one well-mixed value. */
static uint64_t mix(uint64_t value) {
    uint64_t mixed = value + UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ mixed >> 31;
}

/* A delay between two, in whole minutes where both are, else in whole seconds where both are. It depends on the seed and
 * on what it is for, not on what else happens, so that a step more in a drill moves nobody else. */
static int64_t draw(const struct drill *drill, int64_t low, int64_t high, uint64_t what) {
    int64_t grain = low % MINUTE == 0 && high % MINUTE == 0   ? MINUTE
                    : low % SECOND == 0 && high % SECOND == 0 ? SECOND
                                                              : 1;
    uint64_t steps = (uint64_t)((high - low) / grain) + 1;
    return low + (int64_t)(mix(mix(drill->seed) ^ what) % steps) * grain;
}

/* ---- habits ----------------------------------------------------------------------------------------------- */

static bool is_member(const struct plan *plan, struct text name, uint16_t party) {
    uint16_t outer = plan_find_party(plan, name);
    return outer != PLAN_NONE && party < plan->party_count && plan_party_includes(plan, outer, party);
}

/* The habit that counts: the party's own before its group's before everybody's, the later before the earlier. */
static const struct drill_habit *find_habit(const struct drill *drill, const struct plan *plan, uint16_t party,
                                            enum drill_act act) {
    const struct drill_habit *group = NULL;
    const struct drill_habit *everybody = &usual_habits[act];
    bool found_everybody = false;
    for (uint32_t i = drill->habits.count; i-- > 0;) {
        const struct drill_habit *habit = &drill->habits.items[i];
        if (habit->act != act) {
            continue;
        }
        if (habit->party.length == 0) {
            everybody = found_everybody ? everybody : habit;
            found_everybody = true;
        } else if (plan_find_party(plan, habit->party) == party) {
            return habit;
        } else if (group == NULL && is_member(plan, habit->party, party)) {
            group = habit;
        }
    }
    return group != NULL ? group : everybody;
}

static bool read_act(struct drill_cursor *cursor, enum drill_act *act) {
    static const struct {
        enum drill_keyword keyword;
        enum drill_act act;
    } acts[DRILL_ACTS] = {
        {DRILL_NOTIFY, DRILL_ACT_NOTIFY},
        {DRILL_ACKNOWLEDGE, DRILL_ACT_ACKNOWLEDGE},
        {DRILL_PROVE, DRILL_ACT_PROVE},
        {DRILL_DECIDE, DRILL_ACT_DECIDE},
    };
    for (size_t i = 0; i < DRILL_ACTS; i++) {
        if (drill_take(cursor, acts[i].keyword)) {
            *act = acts[i].act;
            return true;
        }
    }
    return drill_refuse(cursor, "\"notify\", \"acknowledge\", \"prove\" or \"decide\" was expected here");
}

/* Reads parties up to a colon or the end. */
static bool read_parties(struct drill *drill, struct drill_cursor *cursor, struct text names[DRILL_NAMES_MAX],
                         uint32_t *count) {
    *count = 0;
    do {
        uint16_t party = PLAN_NONE;
        if (*count == DRILL_NAMES_MAX) {
            return drill_refuse(cursor, "this list is too long");
        }
        if (!drill_read_party(drill, cursor, &party)) {
            return false;
        }
        names[(*count)++] = drill_plan_of(drill, drill->incident)->parties[party].name;
    } while (drill_take_mark(cursor, ','));
    return true;
}

bool drill_people_settle(struct drill *drill, struct drill_cursor *cursor) {
    struct text names[DRILL_NAMES_MAX];
    uint32_t count = 0;
    if (!drill_take_mark(cursor, ':')) {
        if (!read_parties(drill, cursor, names, &count) || !drill_need_mark(cursor, ':')) {
            return false;
        }
    }
    do {
        struct drill_habit habit = {0};
        if (!read_act(cursor, &habit.act) || !drill_take_delay(cursor, &habit.low, &habit.high)) {
            return false;
        }
        for (uint32_t i = 0; i < count; i++) {
            habit.party = names[i];
            DRILL_PUSH(drill, &drill->habits, habit);
        }
        if (count == 0) {
            DRILL_PUSH(drill, &drill->habits, habit);
        }
    } while (drill_take_mark(cursor, ','));
    return drill_need_end(cursor);
}

bool drill_people_silence(struct drill *drill, struct drill_cursor *cursor) {
    struct text names[DRILL_NAMES_MAX];
    uint32_t count = 0;
    if (!read_parties(drill, cursor, names, &count) || !drill_need_end(cursor)) {
        return false;
    }
    static const enum drill_act acts[] = {DRILL_ACT_ACKNOWLEDGE, DRILL_ACT_PROVE, DRILL_ACT_DECIDE};
    for (uint32_t i = 0; i < count; i++) {
        for (size_t k = 0; k < sizeof acts / sizeof acts[0]; k++) {
            DRILL_PUSH(drill, &drill->habits, (struct drill_habit){names[i], acts[k], -1, -1});
        }
    }
    return true;
}

bool drill_people_exempt(struct drill *drill, struct drill_cursor *cursor) {
    struct drill_pattern pattern;
    if (!drill_need(cursor, DRILL_PROVE)) {
        return false;
    }
    do {
        if (!drill_read_pattern(drill, cursor, &pattern)) {
            return false;
        }
        struct text duty = drill_plan_of(drill, drill->incident)->duties[pattern.duty].name;
        DRILL_PUSH(drill, &drill->exemptions, (struct drill_exemption){duty, pattern.bearer, pattern.recipient});
    } while (drill_take_mark(cursor, ','));
    return drill_need_end(cursor);
}

/* ---- planning --------------------------------------------------------------------------------------------- */

static bool is_exempt(const struct drill *drill, const struct plan *plan, const struct engine_duty_view *duty) {
    for (uint32_t i = 0; i < drill->exemptions.count; i++) {
        const struct drill_exemption *exemption = &drill->exemptions.items[i];
        if (text_equal(exemption->duty, plan->duties[duty->duty].name) &&
            (exemption->bearer.length == 0 || drill_fits(plan, exemption->bearer, duty->bearer, duty->bearer_role)) &&
            (exemption->recipient.length == 0 ||
             drill_fits(plan, exemption->recipient, duty->recipient, duty->recipient_role))) {
            return true;
        }
    }
    return false;
}

static uint64_t hash_party(const struct plan *plan, uint16_t party) {
    return party < plan->party_count ? text_hash(plan->parties[party].name) : 1;
}

/* Who has no habit of his own proves a duty well before its deadline, between three eighths and three quarters of it. */
static struct drill_habit find_usual_proof(const struct drill_habit *habit, int64_t within_us) {
    struct drill_habit usual = *habit;
    int64_t latest = within_us < 0 ? usual.high : within_us / 4 * 3 / MINUTE * MINUTE;
    if (habit == &usual_habits[DRILL_ACT_PROVE] && latest < usual.high) {
        usual.high = latest;
        usual.low = latest / 2 / MINUTE * MINUTE;
    }
    return usual;
}

/* Plans one act of a party; returns its delay, -1 when the party never does it. */
static int64_t plan_act(struct drill *drill, const struct engine_output *notice, enum drill_act act, int64_t from,
                        uint64_t what, int64_t within_us) {
    const struct plan *plan = drill_plan_of(drill, notice->incident);
    const struct drill_habit habit = find_usual_proof(find_habit(drill, plan, notice->party, act), within_us);
    if (habit.low < 0) {
        return -1;
    }
    uint64_t key = mix(what ^ hash_party(plan, notice->party)) ^ (uint64_t)act << 8 ^ notice->incident;
    int64_t delay = draw(drill, habit.low, habit.high, key);
    struct engine_duty_view duty;
    bool as_bearer = notice->item_kind == ENGINE_ITEM_DUTY &&
                     engine_view_duty(drill->engine, notice->incident, notice->item, &duty) &&
                     duty.bearer == notice->party;
    const struct drill_pending pending = {
        .at = from + delay < drill->now ? drill->now : from + delay,
        .act = act,
        .incident = notice->incident,
        .item_kind = notice->item_kind,
        .item = notice->item,
        .party = notice->party,
        .as_bearer = as_bearer,
    };
    DRILL_PUSH(drill, &drill->pending, pending);
    return delay;
}

static void hear_of_duty(struct drill *drill, const struct engine_output *notice) {
    const struct plan *plan = drill_plan_of(drill, notice->incident);
    struct engine_duty_view duty;
    if (!engine_view_duty(drill->engine, notice->incident, notice->item, &duty) || duty.duty == PLAN_NONE) {
        return;
    }
    const struct plan_duty *template = &plan->duties[duty.duty];
    uint64_t what = mix(text_hash(template->name) ^ mix(hash_party(plan, duty.bearer))) ^
                    mix(hash_party(plan, duty.recipient) + notice->step);
    if (template->kind == PLAN_FORBID || template->kind == PLAN_NOTICE) {
        return;
    }
    /* The first notice goes to the bearer; the chain's go to others. */
    bool is_bearer = notice->party == duty.bearer;
    int64_t from = notice->due_at;
    int64_t delay = is_bearer ? plan_act(drill, notice, DRILL_ACT_NOTIFY, from, what, -1) : 0;
    if (delay < 0) {
        return; /* it never hears of it */
    }
    from += delay;
    if (template->kind != PLAN_OPTION) {
        (void)plan_act(drill, notice, DRILL_ACT_ACKNOWLEDGE, from, what, -1);
    }
    if (is_bearer && notice->step == 0 && template->kind == PLAN_DUTY && template->until == PLAN_NO_NODE) {
        (void)plan_act(drill, notice, DRILL_ACT_PROVE, from, what, template->within_us);
    }
    if (is_bearer && notice->step == 0 && template->kind == PLAN_DECISION) {
        (void)plan_act(drill, notice, DRILL_ACT_DECIDE, from, what, -1);
    }
}

void drill_people_hear(struct drill *drill, const struct engine_output *notice) {
    if (notice->party == PLAN_NONE || !drill_is_told(drill, notice->incident)) {
        return;
    }
    if (notice->item_kind == ENGINE_ITEM_DUTY) {
        hear_of_duty(drill, notice);
    } else if (notice->item_kind == ENGINE_ITEM_PROPOSAL) {
        const struct plan *plan = drill_plan_of(drill, notice->incident);
        uint64_t what = mix(text_hash(plan->scales[notice->scale].name) + notice->item) + notice->step;
        (void)plan_act(drill, notice, DRILL_ACT_ACKNOWLEDGE, notice->due_at, what, -1);
        if (notice->step == 0) {
            (void)plan_act(drill, notice, DRILL_ACT_DECIDE, notice->due_at, what, -1);
        }
    }
}

static void resume_duty(struct drill *drill, uint32_t incident, uint32_t number) {
    struct engine_duty_view duty;
    if (engine_view_duty(drill->engine, incident, number, &duty) && duty.status == ENGINE_OWED) {
        drill_people_hear(drill, &(struct engine_output){.kind = ENGINE_NOTICE,
                                                         .incident = incident,
                                                         .at = duty.since,
                                                         .due_at = duty.since,
                                                         .item_kind = ENGINE_ITEM_DUTY,
                                                         .item = number,
                                                         .party = duty.bearer});
    }
}

static void resume_proposal(struct drill *drill, uint32_t incident, uint32_t number) {
    struct engine_proposal_view proposal;
    if (!engine_view_proposal(drill->engine, incident, number, &proposal) || proposal.status != ENGINE_PROPOSAL_OPEN) {
        return;
    }
    const struct plan *plan = drill_plan_of(drill, incident);
    drill_people_hear(
        drill, &(struct engine_output){.kind = ENGINE_NOTICE,
                                       .incident = incident,
                                       .at = proposal.raised_at,
                                       .due_at = proposal.raised_at,
                                       .item_kind = ENGINE_ITEM_PROPOSAL,
                                       .item = number,
                                       .scale = proposal.scale,
                                       .party = drill_find_orderer(plan, &plan->scales[proposal.scale], proposal.to)});
}

void drill_people_resume(struct drill *drill) {
    struct engine_incident_view view;
    for (uint32_t incident = 1; engine_view_incident(drill->engine, incident, &view); incident++) {
        for (uint32_t number = 1; number <= view.duty_count; number++) {
            resume_duty(drill, incident, number);
        }
        for (uint32_t number = 1; number <= view.proposal_count; number++) {
            resume_proposal(drill, incident, number);
        }
    }
}

/* ---- acting ----------------------------------------------------------------------------------------------- */

static bool do_duty(struct drill *drill, const struct drill_pending *pending, struct engine_event *event) {
    struct engine_duty_view duty;
    if (!engine_view_duty(drill->engine, pending->incident, pending->item, &duty) || duty.status != ENGINE_OWED ||
        (pending->as_bearer && pending->party != duty.bearer)) {
        return false;
    }
    switch (pending->act) {
    case DRILL_ACT_NOTIFY:
        event->kind = ENGINE_NOTIFY;
        return duty.notified_at == ENGINE_NEVER;
    case DRILL_ACT_ACKNOWLEDGE:
        event->kind = ENGINE_ACKNOWLEDGE;
        return duty.acknowledged_at == ENGINE_NEVER || pending->party != duty.bearer;
    case DRILL_ACT_PROVE:
    case DRILL_ACT_DECIDE:
        event->kind = ENGINE_DONE;
        return duty.duty != PLAN_NONE && !is_exempt(drill, drill_plan_of(drill, pending->incident), &duty);
    }
    return false;
}

static bool do_proposal(struct drill *drill, const struct drill_pending *pending, struct engine_event *event) {
    struct engine_proposal_view view;
    if (!engine_view_proposal(drill->engine, pending->incident, pending->item, &view) ||
        view.status != ENGINE_PROPOSAL_OPEN) {
        return false;
    }
    event->kind = pending->act == DRILL_ACT_DECIDE ? ENGINE_ORDER : ENGINE_ACKNOWLEDGE;
    event->scale = view.scale;
    event->level = view.to;
    return pending->act == DRILL_ACT_DECIDE || view.acknowledged_at == ENGINE_NEVER;
}

bool drill_people_act(struct drill *drill, const struct drill_pending *pending) {
    struct engine_event planned = {0};
    if (drill_live_holds(drill, drill_plan_of(drill, pending->incident), pending->party)) {
        return true;
    }
    bool is_duty = pending->item_kind == ENGINE_ITEM_DUTY;
    if (is_duty ? !do_duty(drill, pending, &planned) : !do_proposal(drill, pending, &planned)) {
        return true;
    }
    /* Beside people the session may be further than the script: what is done late is done now. */
    int64_t now = engine_now(drill->engine);
    struct engine_event event =
        event_start(planned.kind, drill->stage != NULL && now > drill->now ? now : drill->now, pending->incident);
    const struct plan *plan = drill_plan_of(drill, pending->incident);
    event.by = pending->party;
    event.source = plan->parties[pending->party].name;
    event.item_kind =
        planned.kind == ENGINE_ORDER || planned.kind == ENGINE_DONE ? ENGINE_ITEM_DUTY : pending->item_kind;
    event.item = planned.kind == ENGINE_ORDER ? 0 : pending->item;
    event.scale = planned.scale;
    event.level = planned.level;
    if (planned.kind != ENGINE_ORDER) {
        event.scale = 0;
        event.level = 0;
    }
    /* A party that may not do this (an office that may not decide) leaves it. */
    struct failure ignored = {0};
    if (!engine_check(drill->engine, &event, &ignored)) {
        return true;
    }
    if (drill->stage == NULL) {
        return drill_accept(drill, &event, drill->failure);
    }
    /* What comes due until it is taken may have settled it meanwhile. */
    return drill_accept(drill, &event, &ignored) || !drill->failure->set;
}
