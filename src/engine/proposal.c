/* Orders, and the proposals that stand where order and facts differ. */

#include "engine/state.h"

static const struct plan_scale *scale_at(const struct incident *incident, uint8_t position) {
    return &incident->edition->plan->scales[incident->type->scales[position]];
}

void proposal_plan_next(struct incident *incident, struct proposal *proposal) {
    int64_t next = ENGINE_NEVER;
    if (proposal->status == ENGINE_PROPOSAL_OPEN) {
        if (!proposal->overdue && proposal->due_at != ENGINE_NEVER) {
            next = proposal->due_at + 1;
        }
        if (proposal->escalating && proposal->step_at < next) {
            next = proposal->step_at;
        }
    }
    incident->proposal_rescan =
        incident->proposal_rescan || (proposal->next_at == incident->proposal_next_at && next > proposal->next_at);
    incident->proposal_next_at = next < incident->proposal_next_at ? next : incident->proposal_next_at;
    proposal->next_at = next;
}

void proposal_end(struct engine *engine, struct incident *incident, uint32_t number, uint8_t status,
                  const struct engine_event *event) {
    struct proposal *proposal = &incident->proposals[number - 1];
    if (proposal->status != ENGINE_PROPOSAL_OPEN) {
        return;
    }
    proposal->status = status;
    proposal->ended_at = engine->instant;
    if (event != NULL) {
        proposal->by = event->by;
        proposal->source = state_pool_text(engine, event->source);
        proposal->reason = state_pool_text(engine, event->reason);
    }
    proposal_plan_next(incident, proposal);
    if (proposal->exhausted) {
        finding_close_chain(engine, incident, ENGINE_ITEM_PROPOSAL, number);
    }
    incident->scales[incident->edition->plan->scales[proposal->scale].position].proposal = 0;
    state_emit(engine, incident,
               (struct engine_output){.kind = ENGINE_PROPOSAL_ENDED,
                                      .scale = proposal->scale,
                                      .item_kind = ENGINE_ITEM_PROPOSAL,
                                      .item = number,
                                      .level = proposal->to});
}

/* ---- who may order ---------------------------------------------------------------------------------------- */

static bool acts_for(const struct incident *incident, uint16_t listed, uint16_t party) {
    const struct plan *plan = incident->edition->plan;
    const struct plan_party *of = &plan->parties[party];
    if (plan_party_includes(plan, listed, party)) {
        return true;
    }
    for (uint32_t i = 0; i < incident->binding_count; i++) {
        if (incident->bindings[i].unit == party && plan_party_includes(plan, listed, incident->bindings[i].role)) {
            return true;
        }
    }
    return of->kind == PLAN_OFFICE && of->of != PLAN_NONE && acts_for(incident, listed, of->of);
}

bool proposal_may_order(const struct incident *incident, const struct plan_scale *scale, uint16_t party, uint8_t from,
                        uint8_t level) {
    if (party == PLAN_NONE) {
        return false;
    }
    for (uint16_t i = 0; i < scale->orderer_count; i++) {
        const struct plan_orderer *orderer = &scale->orderers[i];
        /* Ending or lowering from a level that needs this office is the same office's business. */
        bool covers = (level >= orderer->low && level <= orderer->high) ||
                      (level < from && from >= orderer->low && from <= orderer->high);
        if (!covers || (orderer->raise_only && level <= from)) {
            continue;
        }
        for (uint16_t k = 0; k < orderer->parties.count; k++) {
            if (acts_for(incident, incident->edition->plan->lists[orderer->parties.first + k], party)) {
                return true;
            }
        }
    }
    return false;
}

/* True when the party stands among the orderers before this place: whoever is listed twice is told once. */
static bool is_listed_before(const struct plan *plan, const struct plan_scale *scale, uint16_t orderer,
                             uint16_t place) {
    uint16_t party = plan->lists[scale->orderers[orderer].parties.first + place];
    for (uint16_t i = 0; i <= orderer; i++) {
        const struct plan_orderer *of = &scale->orderers[i];
        for (uint16_t k = 0; k < (i == orderer ? place : of->parties.count) && !of->raise_only; k++) {
            if (plan->lists[of->parties.first + k] == party) {
                return true;
            }
        }
    }
    return false;
}

/* Everybody who may decide this proposal is told of it. */
static void tell_deciders(struct engine *engine, struct incident *incident, uint32_t number) {
    struct proposal *proposal = &incident->proposals[number - 1];
    const struct plan *plan = incident->edition->plan;
    const struct plan_scale *scale = &plan->scales[proposal->scale];
    for (uint16_t i = 0; i < scale->orderer_count; i++) {
        const struct plan_orderer *orderer = &scale->orderers[i];
        for (uint16_t k = 0; k < orderer->parties.count && !orderer->raise_only; k++) {
            uint16_t party = plan->lists[orderer->parties.first + k];
            if (!is_listed_before(plan, scale, i, k) &&
                proposal_may_order(incident, scale, party, proposal->from, proposal->to)) {
                duty_tell(engine, incident, party,
                          (struct engine_output){
                              .scale = proposal->scale, .item_kind = ENGINE_ITEM_PROPOSAL, .item = number});
            }
        }
    }
    proposal->notices = 1;
}

static void raise(struct engine *engine, struct incident *incident, uint8_t position, uint8_t target) {
    const struct plan_scale *scale = scale_at(incident, position);
    struct scale_state *state = &incident->scales[position];
    if (!state_reserve(engine, (void **)&incident->proposals, &incident->proposal_room, incident->proposal_count,
                       sizeof *incident->proposals)) {
        return;
    }
    struct proposal *proposal = &incident->proposals[incident->proposal_count++];
    *proposal = (struct proposal){.raised_at = engine->instant,
                                  .ended_at = ENGINE_NEVER,
                                  .acknowledged_at = ENGINE_NEVER,
                                  .step_at = ENGINE_NEVER,
                                  .next_at = ENGINE_NEVER,
                                  .because = state->because,
                                  .sequence = engine->sequence,
                                  .scale = incident->type->scales[position],
                                  .by = PLAN_NONE,
                                  .from = state->order,
                                  .to = target,
                                  .level = state->level,
                                  .may = state->may};
    proposal->kind = target > state->order ? ENGINE_RAISE : target == 0 ? ENGINE_END : ENGINE_LOWER;
    proposal->due_at = scale->decide_within_us > 0 ? engine->instant + scale->decide_within_us : ENGINE_NEVER;
    proposal_plan_next(incident, proposal);
    state->proposal = incident->proposal_count;
    state_emit(engine, incident,
               (struct engine_output){.kind = ENGINE_PROPOSAL_RAISED,
                                      .scale = proposal->scale,
                                      .item_kind = ENGINE_ITEM_PROPOSAL,
                                      .item = state->proposal,
                                      .level = target,
                                      .may = state->may});
    tell_deciders(engine, incident, state->proposal);
}

/* ---- orders ----------------------------------------------------------------------------------------------- */

static void put_in_force(struct engine *engine, struct incident *incident, uint8_t position, struct order order) {
    struct scale_state *state = &incident->scales[position];
    if (!state_reserve(engine, (void **)&incident->orders, &incident->order_room, incident->order_count,
                       sizeof *incident->orders)) {
        return;
    }
    order.scale = incident->type->scales[position];
    order.at = engine->instant;
    order.sequence = engine->sequence;
    order.facts_level = state->level;
    order.facts_may = state->may;
    incident->orders[incident->order_count++] = order;
    /* Only an end that the facts bear out waits for a flare-up; one at discretion counts as a refusal, and what comes to
     * be known after it is proposed as ever. */
    state->ended = order.level == 0 && state->order != 0 && order.by != PLAN_NONE && !order.override &&
                   scale_at(incident, position)->reopens_when != PLAN_NO_NODE;
    state->order = order.level;
    state_emit(engine, incident,
               (struct engine_output){.kind = ENGINE_ORDER_CHANGED,
                                      .scale = order.scale,
                                      .level = order.level,
                                      .may = state->may,
                                      .item_kind = ENGINE_ITEM_PROPOSAL,
                                      .item = order.proposal,
                                      .party = order.by});
}

/* Levels that the plan puts in force by itself. */
static void follow(struct engine *engine, struct incident *incident, uint8_t position, uint8_t target) {
    const struct plan_scale *scale = scale_at(incident, position);
    struct scale_state *state = &incident->scales[position];
    if (scale->automatic_high == 0 || state->order > scale->automatic_high) {
        return;
    }
    uint8_t to = target > scale->automatic_high ? scale->automatic_high : target;
    bool by_person = to < scale->automatic_low && (to != 0 || state->order < scale->automatic_low);
    if (to != state->order && !by_person) {
        put_in_force(engine, incident, position, (struct order){.level = to, .by = PLAN_NONE});
    }
}

void proposal_compare(struct engine *engine, struct incident *incident, uint8_t position) {
    struct scale_state *state = &incident->scales[position];
    uint8_t target = react_find_target(engine, incident, position);
    /* Not again what was refused, until the target or a deciding rule changes: neither proposed nor put in force. */
    if (state->refused &&
        (state->refused_target != target || state->refused_basis != react_find_basis(engine, incident, position))) {
        state->refused = false;
    }
    if (!state->refused && !(state->ended && target > state->order)) {
        follow(engine, incident, position, target);
    }
    bool wanted = target != state->order && !(state->ended && target > state->order);
    if (state->proposal != 0) {
        const struct proposal *open = &incident->proposals[state->proposal - 1];
        if (wanted && open->to == target && open->from == state->order) {
            return;
        }
        proposal_end(engine, incident, state->proposal, ENGINE_PROPOSAL_SUPERSEDED, NULL);
    }
    if (wanted && !state->refused) {
        raise(engine, incident, position, target);
    }
}

void proposal_take_order(struct engine *engine, struct incident *incident, const struct engine_event *event) {
    uint8_t position = incident->edition->plan->scales[event->scale].position;
    struct scale_state *state = &incident->scales[position];
    belief_fill_box(engine, incident, engine->instant, &engine->box);
    uint8_t target = react_find_target(engine, incident, position);
    uint64_t basis = react_find_basis(engine, incident, position);
    uint32_t answers = 0;
    if (state->proposal != 0) {
        bool same = incident->proposals[state->proposal - 1].to == event->level;
        answers = same ? state->proposal : 0;
        proposal_end(engine, incident, state->proposal, same ? ENGINE_PROPOSAL_ACCEPTED : ENGINE_PROPOSAL_SUPERSEDED,
                     event);
    }
    put_in_force(engine, incident, position,
                 (struct order){.level = event->level,
                                .by = event->by,
                                .override = event->level != target,
                                .source = state_pool_text(engine, event->source),
                                .reason = state_pool_text(engine, event->reason),
                                .proposal = answers});
    state->refused = event->level != target; /* an override answers the proposal that the facts would make */
    state->refused_target = target;
    state->refused_basis = basis;
    react_settle(engine, incident, 0, (uint8_t)(1U << position));
}

void proposal_take_refusal(struct engine *engine, struct incident *incident, const struct engine_event *event) {
    uint8_t position = incident->edition->plan->scales[event->scale].position;
    struct scale_state *state = &incident->scales[position];
    belief_fill_box(engine, incident, engine->instant, &engine->box);
    state->refused = true;
    state->refused_target = incident->proposals[state->proposal - 1].to;
    state->refused_basis = react_find_basis(engine, incident, position);
    proposal_end(engine, incident, state->proposal, ENGINE_PROPOSAL_REFUSED, event);
}

void proposal_reconsider(struct engine *engine, struct incident *incident, const struct engine_event *event) {
    uint8_t position = incident->edition->plan->scales[event->scale].position;
    incident->scales[position].refused = false;
    react_settle(engine, incident, 0, (uint8_t)(1U << position));
}

/* ---- clocks ----------------------------------------------------------------------------------------------- */

/* The next step of the chain, as with duties. */
static void tell_next(struct engine *engine, struct incident *incident, struct proposal *proposal, int64_t instant) {
    const struct plan *plan = incident->edition->plan;
    const struct plan_scale *scale = &plan->scales[proposal->scale];
    uint32_t number = (uint32_t)(proposal - incident->proposals) + 1;
    const struct plan_chain *chain = scale->chain == PLAN_NONE ? NULL : &plan->chains[scale->chain];
    while (chain != NULL && proposal->chain_position < chain->steps.count && proposal->chain_position < UINT8_MAX) {
        uint16_t party = plan->lists[chain->steps.first + proposal->chain_position++];
        if (duty_tell(engine, incident, party,
                      (struct engine_output){.due_at = instant,
                                             .scale = proposal->scale,
                                             .item_kind = ENGINE_ITEM_PROPOSAL,
                                             .item = number,
                                             .step = proposal->notices})) {
            proposal->notices++;
            proposal->step_at = instant + chain->every_us;
            return;
        }
    }
    proposal->escalating = false;
    if (!proposal->exhausted) {
        proposal->exhausted = true;
        finding_raise(engine, incident,
                      (struct finding){.kind = ENGINE_CHAIN_EXHAUSTED,
                                       .item_kind = ENGINE_ITEM_PROPOSAL,
                                       .item = number,
                                       .party = scale->proposed_by,
                                       .owner = scale->proposed_by},
                      0);
    }
}

void proposal_fire(struct engine *engine, struct incident *incident, struct proposal *proposal, int64_t instant) {
    if (!proposal->overdue && proposal->due_at < instant) {
        proposal->overdue = true;
        proposal->escalating = true;
        proposal->step_at = proposal->due_at;
        proposal->chain_position = 0;
    }
    if (proposal->escalating && proposal->step_at <= instant) {
        tell_next(engine, incident, proposal, proposal->step_at);
    }
    proposal_plan_next(incident, proposal);
}
