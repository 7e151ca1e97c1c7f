/* Duties: raised by their cause, told, acknowledged, done, late, escalated, lapsed. */

#include "engine/state.h"

static const struct plan_duty *template_of(const struct incident *incident, const struct duty *duty) {
    return &incident->edition->plan->duties[duty->template];
}

void duty_plan_next(struct incident *incident, uint32_t number) {
    const struct duty *duty = &incident->duties[number - 1];
    int64_t next = duty->renew_at;
    if (duty->status == ENGINE_OWED && duty->template != PLAN_NONE) {
        const struct plan_duty *of = template_of(incident, duty);
        if (of->acknowledge_within_us >= 0 && duty->acknowledged_at == ENGINE_NEVER && !duty->unacknowledged) {
            int64_t from = duty->notified_at != ENGINE_NEVER ? duty->notified_at : duty->since;
            int64_t limit = from + of->acknowledge_within_us + 1;
            next = limit < next ? limit : next;
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

/* The duty is answered or no longer owed: what the end of its chain left open is closed. */
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

static bool is_owed(const struct incident *incident, uint16_t template, struct holder bearer, struct holder recipient,
                    uint32_t parent) {
    for (uint32_t i = 0; i < incident->duty_count; i++) {
        const struct duty *duty = &incident->duties[i];
        if (duty->template == template && duty->status == ENGINE_OWED && duty->bearer == bearer.party &&
            (bearer.party != PLAN_NONE || duty->bearer_role == bearer.role) && duty->recipient == recipient.party &&
            (recipient.party != PLAN_NONE || duty->recipient_role == recipient.role) && duty->parent == parent) {
            return true;
        }
    }
    return false;
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

static void miss_role(struct engine *engine, struct incident *incident, uint16_t role) {
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
}

/* Room for one more duty and its clock. */
static bool reserve(struct engine *engine, struct incident *incident) {
    return state_reserve(engine, (void **)&incident->duties, &incident->duty_room, incident->duty_count,
                         sizeof *incident->duties) &&
           state_reserve(engine, (void **)&incident->duty_clocks, &incident->clock_room, incident->duty_count,
                         sizeof *incident->duty_clocks);
}

void duty_note_raised(struct incident *incident, uint16_t template) {
    incident->raised[template / 64] |= UINT64_C(1) << (template % 64);
}

static bool was_raised(const struct incident *incident, uint16_t template) {
    return (incident->raised[template / 64] >> (template % 64) & 1) != 0;
}

static void raise_one(struct engine *engine, struct incident *incident, uint16_t template, struct holder bearer,
                      struct holder recipient, uint32_t parent) {
    if (!reserve(engine, incident)) {
        return;
    }
    duty_note_raised(incident, template);
    struct duty *duty = &incident->duties[incident->duty_count++];
    *duty = (struct duty){.since = engine->instant,
                          .notified_at = ENGINE_NEVER,
                          .acknowledged_at = ENGINE_NEVER,
                          .done_at = ENGINE_NEVER,
                          .ended_at = ENGINE_NEVER,
                          .step_at = ENGINE_NEVER,
                          .sequence = engine->sequence,
                          .parent = parent,
                          .template = template,
                          .bearer = bearer.party,
                          .bearer_role = bearer.role,
                          .recipient = recipient.party,
                          .recipient_role = recipient.role,
                          .status = ENGINE_OWED};
    set_clocks(engine, incident, duty);
    uint32_t number = incident->duty_count;
    incident->duty_clocks[number - 1] = ENGINE_NEVER;
    duty_plan_next(incident, number);
    emit(engine, incident, ENGINE_DUTY_RAISED, number);
    if (bearer.party == PLAN_NONE && bearer.role != PLAN_NONE) {
        miss_role(engine, incident, bearer.role);
    } else if (bearer.party != PLAN_NONE) {
        tell_bearer(engine, incident, number);
    }
    if (recipient.party == PLAN_NONE && recipient.role != PLAN_NONE) {
        miss_role(engine, incident, recipient.role);
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
            if (!again || !is_owed(incident, template, bearers.items[i], recipients.items[k], parent)) {
                raise_one(engine, incident, template, bearers.items[i], recipients.items[k], parent);
            }
        }
    }
}

bool duty_is_replaced(const struct incident *incident, uint16_t template) {
    const struct plan *plan = incident->edition->plan;
    if (!incident->edition->replaceable[template]) {
        return false;
    }
    for (uint32_t i = 0; i < plan->duty_count; i++) {
        const struct plan_duty *duty = &plan->duties[i];
        if (duty->replaces.count == 0 || (incident->active[duty->trigger / 64] >> (duty->trigger % 64) & 1) == 0) {
            continue;
        }
        for (uint16_t k = 0; k < duty->replaces.count; k++) {
            if (plan->lists[duty->replaces.first + k] == template) {
                return true;
            }
        }
    }
    return false;
}

/* ---- ending ----------------------------------------------------------------------------------------------- */

void duty_lapse(struct engine *engine, struct incident *incident, uint32_t number, uint8_t lapse) {
    struct duty *duty = &incident->duties[number - 1];
    duty->renew_at = ENGINE_NEVER;
    if (duty->status != ENGINE_OWED) {
        duty_plan_next(incident, number);
        return;
    }
    duty->status = ENGINE_LAPSED;
    duty->lapse = lapse;
    duty->ended_at = engine->instant;
    duty_plan_next(incident, number);
    emit(engine, incident, ENGINE_DUTY_LAPSED, number);
    close_chain(engine, incident, number);
}

void duty_lapse_template(struct engine *engine, struct incident *incident, uint16_t template, uint8_t lapse) {
    for (uint32_t i = 0; i < incident->duty_count; i++) {
        if (incident->duties[i].template == template) {
            duty_lapse(engine, incident, i + 1, lapse);
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
            duty_raise(engine, incident, raised, parent);
        }
    }
}

void duty_finish(struct engine *engine, struct incident *incident, uint32_t number, int64_t done_at, uint32_t source,
                 uint32_t proof) {
    struct duty *duty = &incident->duties[number - 1];
    duty->status = ENGINE_DONE_STATUS;
    duty->done_at = done_at < duty->since ? duty->since : done_at;
    duty->ended_at = engine->instant;
    duty->source = source;
    duty->proof = proof;
    duty->escalating = false;
    duty->overdue = duty->done_at > duty->due_at;
    duty_plan_next(incident, number);
    emit(engine, incident, ENGINE_DUTY_DONE, number);
    close_chain(engine, incident, number);
    begin_done(engine, incident, duty->template, number);
}

void duty_restore(struct engine *engine, struct incident *incident, uint32_t number) {
    struct duty *duty = &incident->duties[number - 1];
    duty->status = ENGINE_OWED;
    duty->lapse = ENGINE_CAUSE_ENDED;
    duty->ended_at = ENGINE_NEVER;
    duty_plan_next(incident, number);
    emit(engine, incident, ENGINE_DUTY_RESTORED, number);
}

static void decline(struct engine *engine, struct incident *incident, uint32_t number,
                    const struct engine_event *event) {
    struct duty *duty = &incident->duties[number - 1];
    duty->status = ENGINE_DECLINED;
    duty->done_at = event->as_of < duty->since ? duty->since : event->as_of;
    duty->ended_at = engine->instant;
    duty->escalating = false;
    duty->source = state_pool_text(engine, event->source);
    duty->proof = state_pool_text(engine, event->reason);
    duty->overdue = duty->done_at > duty->due_at;
    duty_plan_next(incident, number);
    emit(engine, incident, ENGINE_DUTY_DECLINED, number);
    close_chain(engine, incident, number);
}

/* ---- clocks ----------------------------------------------------------------------------------------------- */

static void tell_next(struct engine *engine, struct incident *incident, uint32_t number) {
    struct duty *duty = &incident->duties[number - 1];
    const struct plan *plan = incident->edition->plan;
    uint16_t chain_index = template_of(incident, duty)->chain;
    const struct plan_chain *chain = chain_index == PLAN_NONE ? NULL : &plan->chains[chain_index];
    if (chain == NULL || duty->chain_position >= chain->steps.count) {
        duty->escalating = false;
        if (chain != NULL && !duty->exhausted) {
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
        return;
    }
    uint16_t party = plan->lists[chain->steps.first + duty->chain_position++];
    state_emit(engine, incident,
               (struct engine_output){.kind = ENGINE_NOTICE,
                                      .due_at = duty->step_at,
                                      .item_kind = ENGINE_ITEM_DUTY,
                                      .item = number,
                                      .party = party,
                                      .step = duty->notices++});
    duty->step_at += chain->every_us;
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
    if (!reserve(engine, incident)) {
        return;
    }
    struct duty *next = &incident->duties[incident->duty_count++];
    *next = (struct duty){.since = engine->instant,
                          .notified_at = ENGINE_NEVER,
                          .acknowledged_at = ENGINE_NEVER,
                          .done_at = ENGINE_NEVER,
                          .ended_at = ENGINE_NEVER,
                          .step_at = ENGINE_NEVER,
                          .sequence = engine->sequence,
                          .template = old.template,
                          .bearer = old.bearer,
                          .bearer_role = old.bearer_role,
                          .recipient = old.recipient,
                          .recipient_role = old.recipient_role,
                          .status = ENGINE_OWED};
    set_clocks(engine, incident, next);
    incident->duty_clocks[incident->duty_count - 1] = ENGINE_NEVER;
    duty_plan_next(incident, incident->duty_count);
    emit(engine, incident, ENGINE_DUTY_RAISED, incident->duty_count);
    if (next->bearer != PLAN_NONE) {
        tell_bearer(engine, incident, incident->duty_count);
    }
}

void duty_fire(struct engine *engine, struct incident *incident, uint32_t number, int64_t instant) {
    struct duty *duty = &incident->duties[number - 1];
    if (duty->status == ENGINE_OWED) {
        const struct plan_duty *of = template_of(incident, duty);
        int64_t from = duty->notified_at != ENGINE_NEVER ? duty->notified_at : duty->since;
        if (of->acknowledge_within_us >= 0 && duty->acknowledged_at == ENGINE_NEVER && !duty->unacknowledged &&
            from + of->acknowledge_within_us < instant) {
            duty->unacknowledged = true;
            start_chain(duty, from + of->acknowledge_within_us);
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
    }
}

/* ---- what people do --------------------------------------------------------------------------------------- */

void duty_take_event(struct engine *engine, struct incident *incident, const struct engine_event *event) {
    struct duty *duty = &incident->duties[event->item - 1];
    switch (event->kind) {
    case ENGINE_NOTIFY:
        if (duty->notified_at == ENGINE_NEVER) {
            duty->notified_at = event->at;
        }
        break;
    case ENGINE_ACKNOWLEDGE:
        if (duty->acknowledged_at == ENGINE_NEVER) {
            duty->acknowledged_at = event->at;
        }
        duty->escalating = false;
        emit(engine, incident, ENGINE_DUTY_ACKNOWLEDGED, event->item);
        close_chain(engine, incident, event->item);
        break;
    case ENGINE_DONE:
        duty_finish(engine, incident, event->item, event->as_of, state_pool_text(engine, event->source),
                    state_pool_text(engine, event->reason));
        return;
    case ENGINE_DECLINE:
        decline(engine, incident, event->item, event);
        return;
    case ENGINE_BREACH:
        duty->breaches++;
        duty->source = state_pool_text(engine, event->source);
        duty->proof = state_pool_text(engine, event->reason);
        emit(engine, incident, ENGINE_DUTY_BREACHED, event->item);
        break;
    default:
        break;
    }
    duty_plan_next(incident, event->item);
}

/* ---- roles ------------------------------------------------------------------------------------------------ */

/* An unbound instance becomes the unit's; where the role was bound to others already, the unit owes its own. */
void duty_bind(struct engine *engine, struct incident *incident, uint16_t role, uint16_t unit) {
    uint32_t count = incident->duty_count;
    for (uint32_t i = 0; i < count && !engine->broken; i++) {
        struct duty *duty = &incident->duties[i];
        if (duty->status != ENGINE_OWED) {
            continue;
        }
        struct holder bearer = {duty->bearer, duty->bearer_role};
        struct holder recipient = {duty->recipient, duty->recipient_role};
        if (duty->recipient_role == role) {
            if (duty->recipient == PLAN_NONE) {
                duty->recipient = unit;
            } else if (duty->recipient != unit) {
                recipient.party = unit;
                if (!is_owed(incident, duty->template, bearer, recipient, duty->parent)) {
                    raise_one(engine, incident, duty->template, bearer, recipient, duty->parent);
                }
            }
        }
        duty = &incident->duties[i];
        if (duty->bearer_role == role) {
            if (duty->bearer == PLAN_NONE) {
                duty->bearer = unit;
                tell_bearer(engine, incident, i + 1);
            } else if (duty->bearer != unit) {
                bearer.party = unit;
                if (!is_owed(incident, duty->template, bearer, recipient, duty->parent)) {
                    raise_one(engine, incident, duty->template, bearer, recipient, duty->parent);
                }
            }
        }
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
        duty->bearer = bears ? PLAN_NONE : duty->bearer;
        duty->recipient = receives ? PLAN_NONE : duty->recipient;
        duty->notified_at = bears ? ENGINE_NEVER : duty->notified_at;
        duty->acknowledged_at = bears ? ENGINE_NEVER : duty->acknowledged_at;
        duty_plan_next(incident, i + 1);
        miss_role(engine, incident, role);
    }
}
