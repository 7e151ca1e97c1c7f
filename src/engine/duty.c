/* Duties: raised by their cause, told, acknowledged, done, late, escalated, lapsed. */

#include "engine/state.h"

static const struct plan_duty *template_of(const struct incident *incident, const struct duty *duty) {
    return &incident->edition->plan->duties[duty->template];
}

const struct course *duty_course(const struct incident *incident, const struct duty *duty) {
    static const struct course nothing = {
        .acknowledged_at = ENGINE_NEVER, .done_at = ENGINE_NEVER, .ended_at = ENGINE_NEVER};
    return duty->course == 0 ? &nothing : &incident->courses[duty->course - 1];
}

const struct moment *duty_raised(const struct incident *incident, const struct duty *duty) {
    return &incident->moments[duty->raised];
}

/* A duty's course, to write in. */
static struct course *open_course(struct engine *engine, struct incident *incident, struct duty *duty) {
    if (duty->course == 0) {
        struct course nothing = *duty_course(incident, duty);
        if (!state_reserve(engine, (void **)&incident->courses, &incident->course_room, incident->course_count,
                           sizeof *incident->courses)) {
            engine->spare_course = nothing;
            return &engine->spare_course;
        }
        incident->courses[incident->course_count++] = nothing;
        duty->course = incident->course_count;
    }
    return &incident->courses[duty->course - 1];
}

void duty_plan_next(struct incident *incident, uint32_t number) {
    const struct duty *duty = &incident->duties[number - 1];
    int64_t next = duty->renew_at;
    if (duty->status == ENGINE_OWED && duty->template != PLAN_NONE) {
        if (duty->answer_by != ENGINE_NEVER && !duty->acknowledged && !duty->unacknowledged) {
            next = duty->answer_by + 1 < next ? duty->answer_by + 1 : next;
        }
        if (!duty->overdue && duty->due_at != ENGINE_NEVER && duty->due_at + 1 < next) {
            next = duty->due_at + 1;
        }
        if (duty->escalating && duty->step_at < next) {
            next = duty->step_at;
        }
    }
    int64_t *clock = &incident->duty_clocks[number - 1];
    incident->duty_rescan = incident->duty_rescan || (*clock == incident->duty_next_at && next > *clock);
    *clock = next;
    incident->duty_next_at = next < incident->duty_next_at ? next : incident->duty_next_at;
}

static void emit(struct engine *engine, struct incident *incident, enum engine_output_kind kind, uint32_t number) {
    state_emit(engine, incident, (struct engine_output){.kind = kind, .item_kind = ENGINE_ITEM_DUTY, .item = number});
}

/* The duty is answered: what the end of its chain left open is closed. */
static void close_chain(struct engine *engine, struct incident *incident, uint32_t number) {
    if (incident->duties[number - 1].exhausted) {
        incident->duties[number - 1].exhausted = false;
        finding_close_chain(engine, incident, ENGINE_ITEM_DUTY, number);
    }
}

/* ---- raising ---------------------------------------------------------------------------------------------- */

/* A party that owes or receives, and the role through which it does. */
struct holder {
    uint16_t party, role; /* party PLAN_NONE: the role is not bound */
};

struct holders {
    struct holder items[STATE_EXPAND_MAX];
    uint32_t count;
};

static void add_holder(struct holders *holders, uint16_t party, uint16_t role) {
    for (uint32_t i = 0; i < holders->count; i++) {
        if (holders->items[i].party == party && (party != PLAN_NONE || holders->items[i].role == role)) {
            return;
        }
    }
    if (holders->count < STATE_EXPAND_MAX) {
        holders->items[holders->count++] = (struct holder){party, role};
    }
}

/* Groups become their members, roles the units that they are bound to. */
static void expand(const struct incident *incident, uint16_t party, struct holders *holders) {
    const struct plan *plan = incident->edition->plan;
    const struct plan_party *of = &plan->parties[party];
    if (of->kind == PLAN_GROUP) {
        for (uint16_t i = 0; i < of->members.count; i++) {
            expand(incident, plan->lists[of->members.first + i], holders);
        }
    } else if (of->kind == PLAN_ROLE) {
        bool bound = false;
        for (uint32_t i = 0; i < incident->binding_count; i++) {
            if (incident->bindings[i].role == party) {
                add_holder(holders, incident->bindings[i].unit, party);
                bound = true;
            }
        }
        if (!bound) {
            add_holder(holders, PLAN_NONE, party);
        }
    } else {
        add_holder(holders, party, PLAN_NONE);
    }
}

static void expand_list(const struct incident *incident, struct plan_list list, uint32_t parent,
                        struct holders *holders) {
    holders->count = 0;
    for (uint16_t i = 0; i < list.count; i++) {
        uint16_t party = incident->edition->plan->lists[list.first + i];
        if (party != PLAN_BEARER_RECIPIENT) {
            expand(incident, party, holders);
        } else if (parent != 0) {
            const struct duty *of = &incident->duties[parent - 1];
            bool sent = of->recipient != PLAN_NONE || of->recipient_role != PLAN_NONE;
            add_holder(holders, sent ? of->recipient : of->bearer, sent ? of->recipient_role : of->bearer_role);
        }
    }
}

static bool is_same(const struct incident *incident, const struct duty *duty, uint16_t template, struct holder bearer,
                    struct holder recipient, uint32_t parent) {
    return duty->template == template && duty->bearer == bearer.party &&
           (bearer.party != PLAN_NONE || duty->bearer_role == bearer.role) && duty->recipient == recipient.party &&
           (recipient.party != PLAN_NONE || duty->recipient_role == recipient.role) &&
           duty_course(incident, duty)->parent == parent;
}

static const enum calendar_period PERIODS[] = {
    [PLAN_EVERY_DAY_PERIOD] = CALENDAR_DAY,  [PLAN_MONTHLY] = CALENDAR_MONTH, [PLAN_QUARTERLY] = CALENDAR_QUARTER,
    [PLAN_HALF_YEARLY] = CALENDAR_HALF_YEAR, [PLAN_YEARLY] = CALENDAR_YEAR,
};

/* When it is due, and when its next calendar period begins. */
static void set_clocks(const struct engine *engine, const struct incident *incident, struct duty *duty) {
    const struct plan_duty *of = template_of(incident, duty);
    int32_t zone = incident->edition->plan->zone_minutes;
    duty->due_at = ENGINE_NEVER;
    duty->renew_at = ENGINE_NEVER;
    if (of->within_us >= 0) {
        duty->due_at = engine->instant + of->within_us;
    }
    if (of->has_due_day) {
        int64_t end = calendar_start_of_day(of->due_day + 1, zone) - 1;
        duty->due_at = end < duty->due_at ? end : duty->due_at;
    }
    if (of->every != PLAN_ONCE) {
        int32_t today = calendar_find_day(engine->instant, zone);
        duty->renew_at = calendar_start_of_day(calendar_start_of_next_period(today, PERIODS[of->every]), zone);
        duty->due_at = duty->renew_at - 1 < duty->due_at ? duty->renew_at - 1 : duty->due_at;
    }
}

static bool lists_role(const struct plan *plan, struct plan_list list, uint16_t role) {
    for (uint16_t i = 0; i < list.count; i++) {
        if (plan->lists[list.first + i] < plan->party_count &&
            plan_party_includes(plan, plan->lists[list.first + i], role)) {
            return true;
        }
    }
    return false;
}

/* Whether somebody is still waiting for an unbound role: a duty that is owed, or whoever decides or answers for it. */
static bool is_needed(const struct incident *incident, uint16_t role) {
    const struct plan *plan = incident->edition->plan;
    for (uint32_t i = 0; i < incident->duty_count; i++) {
        const struct duty *duty = &incident->duties[i];
        if (duty->status == ENGINE_OWED && ((duty->bearer == PLAN_NONE && duty->bearer_role == role) ||
                                            (duty->recipient == PLAN_NONE && duty->recipient_role == role))) {
            return true;
        }
    }
    for (uint32_t i = 0; i < plan->scale_count; i++) {
        for (uint16_t k = 0; k < plan->scales[i].orderer_count; k++) {
            if (lists_role(plan, plan->scales[i].orderers[k].parties, role)) {
                return true;
            }
        }
    }
    for (uint32_t i = 0; i < plan->chain_count; i++) {
        if (lists_role(plan, plan->chains[i].steps, role)) {
            return true;
        }
    }
    return false;
}

/* A duty is no longer owed: nor need a role be bound for its sake. */
static void release(struct engine *engine, struct incident *incident, uint32_t number) {
    struct duty duty = incident->duties[number - 1];
    close_chain(engine, incident, number);
    if (duty.bearer == PLAN_NONE && duty.bearer_role != PLAN_NONE && !is_needed(incident, duty.bearer_role)) {
        finding_close_role(engine, incident, duty.bearer_role);
    }
    if (duty.recipient == PLAN_NONE && duty.recipient_role != PLAN_NONE && !is_needed(incident, duty.recipient_role)) {
        finding_close_role(engine, incident, duty.recipient_role);
    }
}

/* Whether the same is owed already, or has been done or declined while the cause has gone on since. What is owed still
 * from a cause that had ended is owed for the new one; what stopped coming back every period does so again. */
static bool is_raised(const struct engine *engine, struct incident *incident, uint16_t template, struct holder bearer,
                      struct holder recipient, uint32_t parent) {
    uint32_t latest = 0;
    bool renews = false;
    for (uint32_t i = incident->duty_count; i > 0; i--) {
        struct duty *duty = &incident->duties[i - 1];
        if (!is_same(incident, duty, template, bearer, recipient, parent)) {
            continue;
        }
        if (duty->status == ENGINE_OWED) {
            duty->past = false;
            return true;
        }
        if (!duty->past && duty->status != ENGINE_LAPSED) {
            latest = latest == 0 ? i : latest;
            renews = renews || duty->renew_at != ENGINE_NEVER;
        }
    }
    if (latest != 0 && !renews && incident->edition->plan->duties[template].every != PLAN_ONCE) {
        struct duty clocks = {.template = template};
        set_clocks(engine, incident, &clocks);
        incident->duties[latest - 1].renew_at = clocks.renew_at;
        duty_plan_next(incident, latest);
    }
    return latest != 0;
}

void duty_miss_role(struct engine *engine, struct incident *incident, uint16_t role) {
    const struct plan_party *of = &incident->edition->plan->parties[role];
    if (!finding_role_open(incident, role)) {
        finding_raise(engine, incident,
                      (struct finding){.kind = ENGINE_ROLE_UNBOUND, .party = role, .owner = of->bound_by},
                      of->bind_within_us);
    }
}

static void tell_bearer(struct engine *engine, struct incident *incident, uint32_t number) {
    struct duty *duty = &incident->duties[number - 1];
    state_emit(engine, incident,
               (struct engine_output){.kind = ENGINE_NOTICE,
                                      .item_kind = ENGINE_ITEM_DUTY,
                                      .item = number,
                                      .party = duty->bearer,
                                      .step = duty->notices++});
    int64_t within = template_of(incident, duty)->acknowledge_within_us;
    duty->answer_by = within >= 0 ? engine->instant + within : ENGINE_NEVER;
    duty_plan_next(incident, number);
}

bool duty_tell(struct engine *engine, struct incident *incident, uint16_t party, struct engine_output notice) {
    struct holders holders;
    bool told = false;
    holders.count = 0;
    expand(incident, party, &holders);
    notice.kind = ENGINE_NOTICE;
    for (uint32_t i = 0; i < holders.count; i++) {
        if (holders.items[i].party == PLAN_NONE) {
            duty_miss_role(engine, incident, holders.items[i].role);
            continue;
        }
        notice.party = holders.items[i].party;
        state_emit(engine, incident, notice);
        told = true;
    }
    return told;
}

/* Room for more duties, their clocks and the moment at which they are raised. */
static bool reserve(struct engine *engine, struct incident *incident, uint32_t more) {
    return state_reserve_many(engine, (void **)&incident->duties, &incident->duty_room, incident->duty_count, more,
                              sizeof *incident->duties) &&
           state_reserve_many(engine, (void **)&incident->duty_clocks, &incident->clock_room, incident->duty_count,
                              more, sizeof *incident->duty_clocks) &&
           state_reserve(engine, (void **)&incident->moments, &incident->moment_room, incident->moment_count,
                         sizeof *incident->moments);
}

void duty_reserve(struct engine *engine, struct incident *incident, uint32_t more) {
    (void)reserve(engine, incident, more); /* a failure leaves the engine broken, which every caller asks */
}

void duty_note_raised(struct incident *incident, uint16_t template) {
    uint64_t bit = UINT64_C(1) << (template % 64);
    incident->raised[template / 64] |= bit;
    incident->waiting[template / 64] |= incident->edition->plan->duties[template].until == PLAN_NO_NODE ? 0 : bit;
}

static bool was_raised(const struct incident *incident, uint16_t template) {
    return (incident->raised[template / 64] >> (template % 64) & 1) != 0;
}

/* The index of the present moment; room for it has been made. */
static uint32_t note_moment(const struct engine *engine, struct incident *incident) {
    const struct moment now = {engine->instant, engine->sequence};
    uint32_t count = incident->moment_count;
    if (count == 0 || incident->moments[count - 1].at != now.at ||
        incident->moments[count - 1].sequence != now.sequence) {
        incident->moments[count] = now;
        incident->moment_count = ++count;
    }
    return count - 1;
}

/* A new duty, owed from now on, its clocks running; room for it has been made. Returns its number. */
static uint32_t add_duty(struct engine *engine, struct incident *incident, uint16_t template, struct holder bearer,
                         struct holder recipient, uint32_t parent) {
    uint32_t number = ++incident->duty_count;
    struct duty *duty = &incident->duties[number - 1];
    *duty = (struct duty){.notified_at = ENGINE_NEVER,
                          .answer_by = ENGINE_NEVER,
                          .step_at = ENGINE_NEVER,
                          .raised = note_moment(engine, incident),
                          .template = template,
                          .bearer = bearer.party,
                          .bearer_role = bearer.role,
                          .recipient = recipient.party,
                          .recipient_role = recipient.role,
                          .status = ENGINE_OWED};
    if (parent != 0) {
        open_course(engine, incident, duty)->parent = parent;
    }
    duty_note_raised(incident, template);
    set_clocks(engine, incident, duty);
    incident->duty_clocks[number - 1] = ENGINE_NEVER;
    duty_plan_next(incident, number);
    emit(engine, incident, ENGINE_DUTY_RAISED, number);
    return number;
}

static void raise_one(struct engine *engine, struct incident *incident, uint16_t template, struct holder bearer,
                      struct holder recipient, uint32_t parent) {
    if (!reserve(engine, incident, 1)) {
        return;
    }
    uint32_t number = add_duty(engine, incident, template, bearer, recipient, parent);
    if (template_of(incident, &incident->duties[number - 1])->met_by_first_report) {
        duty_finish(engine, incident, number, engine->instant, 0, 0);
        return;
    }
    if (bearer.party == PLAN_NONE && bearer.role != PLAN_NONE) {
        duty_miss_role(engine, incident, bearer.role);
    } else if (bearer.party != PLAN_NONE) {
        tell_bearer(engine, incident, number);
    }
    if (recipient.party == PLAN_NONE && recipient.role != PLAN_NONE) {
        duty_miss_role(engine, incident, recipient.role);
    }
}

void duty_raise(struct engine *engine, struct incident *incident, uint16_t template, uint32_t parent) {
    const struct plan_duty *of = &incident->edition->plan->duties[template];
    struct holders bearers;
    struct holders recipients;
    expand_list(incident, of->bearers, parent, &bearers);
    expand_list(incident, of->recipients, parent, &recipients);
    if (bearers.count == 0) { /* a standing notice is nobody's */
        bearers.items[bearers.count++] = (struct holder){PLAN_NONE, PLAN_NONE};
    }
    if (recipients.count == 0) {
        recipients.items[recipients.count++] = (struct holder){PLAN_NONE, PLAN_NONE};
    }
    bool again = was_raised(incident, template);
    for (uint32_t i = 0; i < bearers.count && !engine->broken; i++) {
        for (uint32_t k = 0; k < recipients.count && !engine->broken; k++) {
            if (!again || !is_raised(engine, incident, template, bearers.items[i], recipients.items[k], parent)) {
                raise_one(engine, incident, template, bearers.items[i], recipients.items[k], parent);
            }
        }
    }
}

bool duty_is_replaced(const struct incident *incident, uint16_t template) {
    const uint64_t *replacing = incident->edition->replacing[template];
    uint64_t both = 0;
    for (int i = 0; i < 4; i++) {
        both |= replacing[i] & incident->active[i];
    }
    return both != 0;
}

/* ---- ending ----------------------------------------------------------------------------------------------- */

void duty_lapse(struct engine *engine, struct incident *incident, uint32_t number, uint8_t lapse) {
    struct duty *duty = &incident->duties[number - 1];
    /* Told apart or reopened, it will come back every period as before. */
    if (lapse != ENGINE_ABSORBED && lapse != ENGINE_INCIDENT_ENDED) {
        duty->renew_at = ENGINE_NEVER;
    }
    if (duty->status != ENGINE_OWED) {
        duty_plan_next(incident, number);
        return;
    }
    duty->status = ENGINE_LAPSED;
    duty->lapse = lapse;
    open_course(engine, incident, duty)->ended_at = engine->instant;
    duty_plan_next(incident, number);
    emit(engine, incident, ENGINE_DUTY_LAPSED, number);
    release(engine, incident, number);
}

void duty_lapse_template(struct engine *engine, struct incident *incident, uint16_t template, uint8_t lapse) {
    for (uint32_t i = 0; i < incident->duty_count; i++) {
        if (incident->duties[i].template == template) {
            duty_lapse(engine, incident, i + 1, lapse);
        }
    }
}

void duty_end_cause(struct engine *engine, struct incident *incident, uint16_t template) {
    bool continues = incident->edition->plan->duties[template].continues;
    for (uint32_t i = 0; i < incident->duty_count; i++) {
        if (incident->duties[i].template == template) {
            incident->duties[i].past = true;
            if (!continues) {
                duty_lapse(engine, incident, i + 1, ENGINE_CAUSE_ENDED);
            }
        }
    }
}

/* What the doing of this duty raises. */
static void begin_done(struct engine *engine, struct incident *incident, uint16_t template, uint32_t parent) {
    const struct plan *plan = incident->edition->plan;
    for (uint32_t i = 0; i < plan->trigger_count && !engine->broken; i++) {
        const struct plan_trigger *trigger = &plan->triggers[i];
        if (trigger->kind != PLAN_DONE || trigger->duty != template) {
            continue;
        }
        incident->active[i / 64] |= UINT64_C(1) << (i % 64);
        for (uint16_t k = 0; k < trigger->duty_count && !engine->broken; k++) {
            uint16_t raised = (uint16_t)(trigger->first_duty + k);
            const struct plan_duty *duty = &plan->duties[raised];
            for (uint16_t n = 0; n < duty->replaces.count; n++) {
                duty_lapse_template(engine, incident, plan->lists[duty->replaces.first + n], ENGINE_REPLACED);
            }
            if (!duty_is_replaced(incident, raised)) {
                duty_raise(engine, incident, raised, parent);
            }
        }
    }
}

/* It has been done or declined. */
static void end_by_people(struct engine *engine, struct incident *incident, struct duty *duty, int64_t done_at,
                          uint32_t source, uint32_t proof) {
    struct course *course = open_course(engine, incident, duty);
    int64_t since = duty_raised(incident, duty)->at;
    course->done_at = done_at < since ? since : done_at;
    course->ended_at = engine->instant;
    course->source = source;
    course->proof = proof;
    duty->escalating = false;
    duty->overdue = course->done_at > duty->due_at;
}

void duty_finish(struct engine *engine, struct incident *incident, uint32_t number, int64_t done_at, uint32_t source,
                 uint32_t proof) {
    struct duty *duty = &incident->duties[number - 1];
    duty->status = ENGINE_DONE_STATUS;
    end_by_people(engine, incident, duty, done_at, source, proof);
    duty_plan_next(incident, number);
    emit(engine, incident, ENGINE_DUTY_DONE, number);
    release(engine, incident, number);
    begin_done(engine, incident, duty->template, number);
}

void duty_restore(struct engine *engine, struct incident *incident, uint32_t number) {
    struct duty *duty = &incident->duties[number - 1];
    duty->status = ENGINE_OWED;
    duty->lapse = ENGINE_CAUSE_ENDED;
    open_course(engine, incident, duty)->ended_at = ENGINE_NEVER;
    duty_note_raised(incident, duty->template);
    duty_plan_next(incident, number);
    emit(engine, incident, ENGINE_DUTY_RESTORED, number);
    if (duty->bearer == PLAN_NONE && duty->bearer_role != PLAN_NONE) {
        duty_miss_role(engine, incident, duty->bearer_role);
    }
    if (duty->recipient == PLAN_NONE && duty->recipient_role != PLAN_NONE) {
        duty_miss_role(engine, incident, duty->recipient_role);
    }
}

static void decline(struct engine *engine, struct incident *incident, uint32_t number,
                    const struct engine_event *event) {
    struct duty *duty = &incident->duties[number - 1];
    duty->status = ENGINE_DECLINED;
    end_by_people(engine, incident, duty, event->as_of, state_pool_text(engine, event->source),
                  state_pool_text(engine, event->reason));
    duty_plan_next(incident, number);
    emit(engine, incident, ENGINE_DUTY_DECLINED, number);
    release(engine, incident, number);
}

/* ---- clocks ----------------------------------------------------------------------------------------------- */

/* The next step of the chain. A step with nobody in it is passed at once; that nobody is bound is a finding of its own. */
static void tell_next(struct engine *engine, struct incident *incident, uint32_t number) {
    struct duty *duty = &incident->duties[number - 1];
    const struct plan *plan = incident->edition->plan;
    uint16_t chain_index = template_of(incident, duty)->chain;
    if (chain_index == PLAN_NONE) {
        duty->escalating = false;
        return;
    }
    const struct plan_chain *chain = &plan->chains[chain_index];
    duty->notices = duty->notices == 0 ? 1 : duty->notices; /* 0 stays the bearer's, also while there is none */
    while (duty->chain_position < chain->steps.count && duty->chain_position < UINT8_MAX) {
        uint16_t party = plan->lists[chain->steps.first + duty->chain_position++];
        if (duty_tell(
                engine, incident, party,
                (struct engine_output){
                    .due_at = duty->step_at, .item_kind = ENGINE_ITEM_DUTY, .item = number, .step = duty->notices})) {
            duty->notices++;
            duty->step_at += chain->every_us;
            return;
        }
    }
    duty->escalating = false;
    if (!duty->exhausted && chain->steps.count > 0) {
        uint16_t last = plan->lists[chain->steps.first + chain->steps.count - 1];
        duty->exhausted = true;
        finding_raise(engine, incident,
                      (struct finding){.kind = ENGINE_CHAIN_EXHAUSTED,
                                       .item_kind = ENGINE_ITEM_DUTY,
                                       .item = number,
                                       .party = duty->bearer,
                                       .owner = last},
                      0);
    }
}

static void start_chain(struct duty *duty, int64_t instant) {
    duty->escalating = true;
    duty->chain_position = 0;
    duty->step_at = instant;
}

/* The duty's next calendar period: the same thing is owed again, to the same party. */
static void renew(struct engine *engine, struct incident *incident, uint32_t number) {
    struct duty *duty = &incident->duties[number - 1];
    struct duty old = *duty;
    duty->renew_at = ENGINE_NEVER;
    duty_plan_next(incident, number);
    if (!reserve(engine, incident, 1)) {
        return;
    }
    uint32_t next = add_duty(engine, incident, old.template, (struct holder){old.bearer, old.bearer_role},
                             (struct holder){old.recipient, old.recipient_role}, 0);
    if (old.bearer != PLAN_NONE) {
        tell_bearer(engine, incident, next);
    }
}

void duty_fire(struct engine *engine, struct incident *incident, uint32_t number, int64_t instant) {
    struct duty *duty = &incident->duties[number - 1];
    if (duty->status == ENGINE_OWED) {
        if (duty->answer_by < instant && !duty->acknowledged && !duty->unacknowledged) {
            duty->unacknowledged = true;
            start_chain(duty, duty->answer_by);
        }
        if (!duty->overdue && duty->due_at < instant) {
            duty->overdue = true;
            state_emit(engine, incident,
                       (struct engine_output){.kind = ENGINE_DUTY_OVERDUE,
                                              .due_at = duty->due_at,
                                              .item_kind = ENGINE_ITEM_DUTY,
                                              .item = number});
            if (!duty->escalating) {
                start_chain(duty, duty->due_at);
            }
        }
        if (duty->escalating && duty->step_at <= instant) {
            tell_next(engine, incident, number);
        }
        duty = &incident->duties[number - 1];
        duty_plan_next(incident, number);
    }
    if (duty->renew_at <= instant) {
        renew(engine, incident, number);
        react_settle_until(engine, incident, incident->duty_count);
    }
}

/* ---- what people do --------------------------------------------------------------------------------------- */

static void acknowledge(struct engine *engine, struct incident *incident, struct duty *duty,
                        const struct engine_event *event) {
    struct course *course = open_course(engine, incident, duty);
    duty->acknowledged = true;
    course->acknowledged_at = event->at;
    course->acknowledger = state_pool_text(engine, event->source);
}

static void breach(struct engine *engine, struct incident *incident, struct duty *duty,
                   const struct engine_event *event) {
    struct course *course = open_course(engine, incident, duty);
    course->breaches++;
    course->source = state_pool_text(engine, event->source);
    course->proof = state_pool_text(engine, event->reason);
}

void duty_take_event(struct engine *engine, struct incident *incident, const struct engine_event *event) {
    struct duty *duty = &incident->duties[event->item - 1];
    uint32_t count = incident->duty_count;
    switch (event->kind) {
    case ENGINE_NOTIFY:
        if (duty->notified_at == ENGINE_NEVER) {
            int64_t within = template_of(incident, duty)->acknowledge_within_us;
            duty->notified_at = event->at;
            duty->answer_by = within >= 0 ? event->at + within : ENGINE_NEVER;
        }
        break;
    case ENGINE_ACKNOWLEDGE:
        if (!duty->acknowledged) {
            acknowledge(engine, incident, duty, event);
        }
        duty->escalating = false;
        emit(engine, incident, ENGINE_DUTY_ACKNOWLEDGED, event->item);
        close_chain(engine, incident, event->item);
        break;
    case ENGINE_DONE:
        duty_finish(engine, incident, event->item, event->as_of, state_pool_text(engine, event->source),
                    state_pool_text(engine, event->reason));
        react_settle_until(engine, incident, count + 1);
        return;
    case ENGINE_DECLINE:
        decline(engine, incident, event->item, event);
        return;
    case ENGINE_BREACH:
        breach(engine, incident, duty, event);
        emit(engine, incident, ENGINE_DUTY_BREACHED, event->item);
        break;
    default:
        break;
    }
    duty_plan_next(incident, event->item);
}

/* ---- roles ------------------------------------------------------------------------------------------------ */

/* Whether these two owe and receive the same already; it leaves alone what it finds. */
static bool is_owed(const struct incident *incident, const struct duty *duty, struct holder bearer,
                    struct holder recipient) {
    for (uint32_t i = 0; i < incident->duty_count; i++) {
        const struct duty *other = &incident->duties[i];
        if (other->status == ENGINE_OWED &&
            is_same(incident, other, duty->template, bearer, recipient, duty_course(incident, duty)->parent)) {
            return true;
        }
    }
    return false;
}

/* One side of a duty, bearer or recipient, has come to be the unit. Where the unit owes or receives the same already,
 * the instance that was nobody's lapses. */
static bool take_over(struct engine *engine, struct incident *incident, uint32_t number, struct holder bearer,
                      struct holder recipient) {
    struct duty *duty = &incident->duties[number - 1];
    bool twin = duty->past ? is_owed(incident, duty, bearer, recipient)
                           : is_raised(engine, incident, duty->template, bearer, recipient,
                                       duty_course(incident, duty)->parent);
    if (twin) {
        duty_lapse(engine, incident, number, ENGINE_REPLACED);
        return false;
    }
    duty->bearer = bearer.party;
    duty->recipient = recipient.party;
    return true;
}

/* An unbound instance becomes the unit's; where the role was bound to others already, the unit owes its own, also when
 * they have done theirs: the cause goes on. */
void duty_bind(struct engine *engine, struct incident *incident, uint16_t role, uint16_t unit) {
    uint32_t count = incident->duty_count;
    for (uint32_t i = 0; i < count && !engine->broken; i++) {
        struct duty duty = incident->duties[i];
        uint32_t parent = duty_course(incident, &duty)->parent;
        struct holder bearer = {duty.bearer, duty.bearer_role};
        struct holder recipient = {duty.recipient, duty.recipient_role};
        bool bears = duty.bearer_role == role && duty.bearer != unit;
        bool receives = duty.recipient_role == role && duty.recipient != unit;
        if (duty.status == ENGINE_LAPSED || duty.template == PLAN_NONE || (!bears && !receives)) {
            continue;
        }
        bearer.party = bears ? unit : bearer.party;
        recipient.party = receives ? unit : recipient.party;
        bool nobodys = (!bears || duty.bearer == PLAN_NONE) && (!receives || duty.recipient == PLAN_NONE);
        if (duty.past && (!nobodys || duty.status != ENGINE_OWED)) {
            continue; /* its cause has ended: nobody else comes to owe it, but what is owed still has a bearer now */
        }
        if (nobodys && duty.status == ENGINE_OWED) {
            if (take_over(engine, incident, i + 1, bearer, recipient) && bears) {
                tell_bearer(engine, incident, i + 1);
            }
        } else if (!nobodys && !is_raised(engine, incident, duty.template, bearer, recipient, parent)) {
            raise_one(engine, incident, duty.template, bearer, recipient, parent);
        }
    }
    react_settle_until(engine, incident, count + 1);
}

static void forget_acknowledgement(struct engine *engine, struct incident *incident, struct duty *duty) {
    if (duty->acknowledged) {
        struct course *course = open_course(engine, incident, duty);
        duty->acknowledged = false;
        course->acknowledged_at = ENGINE_NEVER;
        course->acknowledger = 0;
    }
}

void duty_unbind(struct engine *engine, struct incident *incident, uint16_t role, uint16_t unit) {
    bool others = false;
    for (uint32_t i = 0; i < incident->binding_count; i++) {
        others = others || incident->bindings[i].role == role;
    }
    for (uint32_t i = 0; i < incident->duty_count && !engine->broken; i++) {
        struct duty *duty = &incident->duties[i];
        bool bears = duty->bearer_role == role && duty->bearer == unit;
        bool receives = duty->recipient_role == role && duty->recipient == unit;
        if (duty->status != ENGINE_OWED || (!bears && !receives)) {
            continue;
        }
        if (others) {
            duty_lapse(engine, incident, i + 1, ENGINE_CAUSE_ENDED);
            continue;
        }
        duty->recipient = receives ? PLAN_NONE : duty->recipient;
        if (bears) { /* whoever bears it next must be told, and has his own time to answer */
            duty->bearer = PLAN_NONE;
            duty->notified_at = ENGINE_NEVER;
            forget_acknowledgement(engine, incident, duty);
            duty->answer_by = ENGINE_NEVER;
            duty->unacknowledged = false;
            duty->escalating = duty->escalating && duty->overdue;
        }
        duty_plan_next(incident, i + 1);
        duty_miss_role(engine, incident, role);
    }
}
