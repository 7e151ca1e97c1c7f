/* Reading the state: views that copy what a caller may see. */

#include "engine/state.h"

bool engine_view_incident(const struct engine *engine, uint32_t number, struct engine_incident_view *view) {
    const struct incident *incident = state_incident(engine, number);
    if (incident == NULL) {
        return false;
    }
    *view = (struct engine_incident_view){
        .number = number,
        .plan = incident->edition->plan,
        .subject = incident->subject,
        .title = state_text(engine, incident->title),
        .status = incident->status,
        .merged_into = incident->merged_into,
        .opened_at = incident->opened_at,
        .first_report_at = incident->first_report_at,
        .sequence = incident->sequence,
        .claim_count = incident->claim_count,
        .duty_count = incident->duty_count,
        .proposal_count = incident->proposal_count,
        .finding_count = incident->finding_count,
        .binding_count = incident->binding_count,
        .order_count = incident->order_count,
    };
    return true;
}

bool engine_view_claim(const struct engine *engine, uint32_t incident_number, uint32_t number,
                       struct engine_claim_view *view) {
    const struct incident *incident = state_incident(engine, incident_number);
    if (incident == NULL || number == 0 || number > incident->claim_count) {
        return false;
    }
    const struct claim *claim = &incident->claims[number - 1];
    const struct fate *fate = belief_fate(incident, claim);
    *view = (struct engine_claim_view){
        .number = number,
        .fact = claim->slot == STATE_NO_SLOT ? PLAN_NONE : incident->type->facts[claim->slot],
        .basis = claim->basis,
        .low = claim->low,
        .high = claim->high,
        .day = fate->day,
        .as_of = claim->as_of,
        .heard_at = claim->heard_at,
        .source = state_text(engine, claim->source),
        .sequence = claim->sequence,
        .corrected = claim->corrected,
        .withdrawn = claim->withdrawn,
        .ended_at = fate->ended_at,
        .replaces = fate->replaces,
        .replaced_by = fate->replaced_by,
        .origin = fate->origin,
    };
    return true;
}

bool engine_view_proposal(const struct engine *engine, uint32_t incident_number, uint32_t number,
                          struct engine_proposal_view *view) {
    const struct incident *incident = state_incident(engine, incident_number);
    if (incident == NULL || number == 0 || number > incident->proposal_count) {
        return false;
    }
    const struct proposal *proposal = &incident->proposals[number - 1];
    *view = (struct engine_proposal_view){
        .number = number,
        .scale = proposal->scale,
        .kind = proposal->kind,
        .status = proposal->status,
        .from = proposal->from,
        .to = proposal->to,
        .level = proposal->level,
        .may = proposal->may,
        .because = proposal->because,
        .raised_at = proposal->raised_at,
        .due_at = proposal->due_at,
        .ended_at = proposal->ended_at,
        .overdue = proposal->overdue,
        .step = proposal->chain_position,
        .acknowledged_at = proposal->acknowledged_at,
        .by = proposal->by,
        .acknowledger = state_text(engine, proposal->acknowledger),
        .source = state_text(engine, proposal->source),
        .reason = state_text(engine, proposal->reason),
        .sequence = proposal->sequence,
    };
    return true;
}

bool engine_view_duty(const struct engine *engine, uint32_t incident_number, uint32_t number,
                      struct engine_duty_view *view) {
    const struct incident *incident = state_incident(engine, incident_number);
    if (incident == NULL || number == 0 || number > incident->duty_count) {
        return false;
    }
    const struct duty *duty = &incident->duties[number - 1];
    const struct course *course = duty_course(incident, duty);
    const struct moment *raised = duty_raised(incident, duty);
    *view = (struct engine_duty_view){
        .number = number,
        .duty = duty->template,
        .bearer = duty->bearer,
        .bearer_role = duty->bearer_role,
        .recipient = duty->recipient,
        .recipient_role = duty->recipient_role,
        .status = duty->status,
        .lapse = duty->lapse,
        .since = raised->at,
        .due_at = duty->due_at,
        .notified_at = duty->notified_at,
        .acknowledged_at = course->acknowledged_at,
        .done_at = course->done_at,
        .ended_at = course->ended_at,
        .overdue = duty->overdue,
        .unacknowledged = duty->unacknowledged,
        .breaches = course->breaches,
        .step = duty->chain_position,
        .acknowledger = state_text(engine, course->acknowledger),
        .source = state_text(engine, course->source),
        .proof = state_text(engine, course->proof),
        .parent = course->parent,
        .sequence = raised->sequence,
    };
    return true;
}

bool engine_view_finding(const struct engine *engine, uint32_t incident_number, uint32_t number,
                         struct engine_finding_view *view) {
    const struct incident *incident = state_incident(engine, incident_number);
    if (incident == NULL || number == 0 || number > incident->finding_count) {
        return false;
    }
    const struct finding *finding = &incident->findings[number - 1];
    *view = (struct engine_finding_view){
        .number = number,
        .kind = finding->kind,
        .party = finding->party,
        .owner = finding->owner,
        .item_kind = finding->item_kind,
        .item = finding->item,
        .raised_at = finding->raised_at,
        .due_at = finding->due_at,
        .closed_at = finding->closed_at,
        .acknowledged_at = finding->acknowledged_at,
        .acknowledger = state_text(engine, finding->acknowledger),
        .overdue = finding->overdue,
        .sequence = finding->sequence,
    };
    return true;
}

bool engine_view_order(const struct engine *engine, uint32_t incident_number, uint32_t index,
                       struct engine_order_view *view) {
    const struct incident *incident = state_incident(engine, incident_number);
    if (incident == NULL || index >= incident->order_count) {
        return false;
    }
    const struct order *order = &incident->orders[index];
    *view = (struct engine_order_view){
        .scale = order->scale,
        .level = order->level,
        .at = order->at,
        .by = order->by,
        .override = order->override,
        .facts_level = order->facts_level,
        .facts_may = order->facts_may,
        .source = state_text(engine, order->source),
        .reason = state_text(engine, order->reason),
        .proposal = order->proposal,
        .sequence = order->sequence,
    };
    return true;
}

bool engine_view_binding(const struct engine *engine, uint32_t incident_number, uint32_t index, uint16_t *role,
                         uint16_t *unit) {
    const struct incident *incident = state_incident(engine, incident_number);
    if (incident == NULL || index >= incident->binding_count) {
        return false;
    }
    *role = incident->bindings[index].role;
    *unit = incident->bindings[index].unit;
    return true;
}

bool engine_view_scale(const struct engine *engine, uint32_t incident_number, uint16_t scale,
                       struct engine_scale_view *view) {
    const struct incident *incident = state_incident(engine, incident_number);
    if (incident == NULL || scale >= incident->edition->plan->scale_count ||
        incident->edition->plan->scales[scale].subject != incident->subject) {
        return false;
    }
    const struct scale_state *state = &incident->scales[incident->edition->plan->scales[scale].position];
    *view = (struct engine_scale_view){.level = state->level,
                                       .may = state->may,
                                       .because = state->because,
                                       .order = state->order,
                                       .ended = state->ended,
                                       .refused = state->refused,
                                       .proposal = state->proposal};
    return true;
}

bool engine_view_box_at(const struct engine *engine, uint32_t incident_number, int64_t instant, struct decide_box *box,
                        const struct decide_program **program) {
    const struct incident *incident = state_incident(engine, incident_number);
    *box = (struct decide_box){0};
    if (incident == NULL) {
        return false;
    }
    belief_fill_box(engine, incident, instant > engine->instant ? instant : engine->instant, box);
    *program = incident->edition->program;
    return true;
}

bool engine_view_box(const struct engine *engine, uint32_t incident, struct decide_box *box,
                     const struct decide_program **program) {
    return engine_view_box_at(engine, incident, engine->instant, box, program);
}

bool engine_view_fact(const struct engine *engine, uint32_t incident_number, uint16_t fact, int64_t *low,
                      int64_t *high) {
    return engine_view_fact_at(engine, incident_number, fact, engine->instant, low, high);
}

bool engine_view_fact_at(const struct engine *engine, uint32_t incident_number, uint16_t fact, int64_t instant,
                         int64_t *low, int64_t *high) {
    const struct incident *incident = state_incident(engine, incident_number);
    if (incident == NULL || fact >= incident->edition->plan->fact_count ||
        incident->edition->plan->facts[fact].subject != incident->subject) {
        return false;
    }
    uint8_t slot = incident->edition->plan->facts[fact].slot;
    if (incident->edition->plan->facts[fact].from != PLAN_NONE) {
        belief_find_derived(incident, slot, instant > engine->instant ? instant : engine->instant, low, high);
    } else {
        *low = incident->low[slot];
        *high = incident->high[slot];
    }
    return true;
}

bool engine_view_condition(const struct engine *engine, uint32_t incident_number, uint32_t node, bool *certain,
                           bool *possible) {
    struct decide_box box;
    const struct decide_program *program = NULL;
    if (node == PLAN_NO_NODE || !engine_view_box(engine, incident_number, &box, &program) ||
        program->condition_of[node] == PROGRAM_NONE) {
        return false;
    }
    decide_condition(program, node, &box, certain, possible);
    return true;
}
