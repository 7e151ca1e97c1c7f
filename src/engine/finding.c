/* Findings: what somebody must see to because the plan cannot go on by itself. */

#include "engine/state.h"

static void plan_next(struct incident *incident, struct finding *finding) {
    bool open = finding->closed_at == ENGINE_NEVER && finding->acknowledged_at == ENGINE_NEVER && !finding->overdue &&
                finding->due_at != ENGINE_NEVER;
    int64_t next = open ? finding->due_at + 1 : ENGINE_NEVER;
    incident->finding_rescan =
        incident->finding_rescan || (finding->next_at == incident->finding_next_at && next > finding->next_at);
    incident->finding_next_at = next < incident->finding_next_at ? next : incident->finding_next_at;
    finding->next_at = next;
}

/* Where the plan names nobody for a finding, it is the business of whoever proposes in this kind of incident. */
static uint16_t find_owner(const struct incident *incident) {
    const struct plan *plan = incident->edition->plan;
    uint16_t owner = PLAN_NONE;
    for (uint16_t i = 0; i < incident->type->scale_count && owner == PLAN_NONE; i++) {
        owner = plan->scales[incident->type->scales[i]].proposed_by;
    }
    return owner;
}

void finding_raise(struct engine *engine, struct incident *incident, struct finding finding, int64_t within_us) {
    if (!state_reserve(engine, (void **)&incident->findings, &incident->finding_room, incident->finding_count,
                       sizeof *incident->findings)) {
        return;
    }
    finding.owner = finding.owner == PLAN_NONE ? find_owner(incident) : finding.owner;
    finding.raised_at = engine->instant;
    finding.due_at = within_us > 0 ? engine->instant + within_us : ENGINE_NEVER;
    finding.closed_at = ENGINE_NEVER;
    finding.acknowledged_at = ENGINE_NEVER;
    finding.sequence = engine->sequence;
    finding.next_at = ENGINE_NEVER;
    plan_next(incident, &finding);
    incident->findings[incident->finding_count++] = finding;
    incident->contradicted = incident->contradicted || finding.kind == ENGINE_CONTRADICTION;
    uint32_t number = incident->finding_count;
    state_emit(engine, incident,
               (struct engine_output){.kind = ENGINE_FINDING_RAISED, .item_kind = ENGINE_ITEM_FINDING, .item = number});
    state_emit(engine, incident,
               (struct engine_output){
                   .kind = ENGINE_NOTICE, .item_kind = ENGINE_ITEM_FINDING, .item = number, .party = finding.owner});
}

void finding_close(struct engine *engine, struct incident *incident, uint32_t number) {
    struct finding *finding = &incident->findings[number - 1];
    if (finding->closed_at != ENGINE_NEVER) {
        return;
    }
    finding->closed_at = engine->instant;
    plan_next(incident, finding);
    state_emit(engine, incident,
               (struct engine_output){.kind = ENGINE_FINDING_CLOSED, .item_kind = ENGINE_ITEM_FINDING, .item = number});
}

void finding_close_role(struct engine *engine, struct incident *incident, uint16_t role) {
    for (uint32_t i = 0; i < incident->finding_count; i++) {
        if (incident->findings[i].kind == ENGINE_ROLE_UNBOUND && incident->findings[i].party == role) {
            finding_close(engine, incident, i + 1);
        }
    }
}

void finding_close_chain(struct engine *engine, struct incident *incident, uint8_t item_kind, uint32_t item) {
    for (uint32_t i = 0; i < incident->finding_count; i++) {
        const struct finding *finding = &incident->findings[i];
        if (finding->kind == ENGINE_CHAIN_EXHAUSTED && finding->item_kind == item_kind && finding->item == item) {
            finding_close(engine, incident, i + 1);
        }
    }
}

bool finding_role_open(const struct incident *incident, uint16_t role) {
    for (uint32_t i = 0; i < incident->finding_count; i++) {
        const struct finding *finding = &incident->findings[i];
        if (finding->kind == ENGINE_ROLE_UNBOUND && finding->party == role && finding->closed_at == ENGINE_NEVER) {
            return true;
        }
    }
    return false;
}

void finding_settle_contradictions(struct engine *engine, struct incident *incident, uint32_t claim) {
    uint32_t contradicting = claim == 0 ? 0 : belief_find_contradiction(incident, claim);
    for (uint32_t i = 0; incident->contradicted && i < incident->finding_count; i++) {
        const struct finding *finding = &incident->findings[i];
        if (finding->kind != ENGINE_CONTRADICTION || finding->closed_at != ENGINE_NEVER) {
            continue;
        }
        if (!belief_claim_contradicts(incident, finding->item)) {
            finding_close(engine, incident, i + 1);
        } else if (finding->item == contradicting) {
            contradicting = 0;
        }
    }
    if (contradicting != 0) {
        finding_raise(engine, incident,
                      (struct finding){
                          .kind = ENGINE_CONTRADICTION, .item = contradicting, .party = PLAN_NONE, .owner = PLAN_NONE},
                      0);
    }
}

/* Whether somebody has been told of this claim and has it before him still, or has seen to it. */
static bool is_told(const struct incident *incident, uint32_t claim) {
    for (uint32_t i = 0; incident->contradicted && i < incident->finding_count; i++) {
        const struct finding *finding = &incident->findings[i];
        if (finding->kind == ENGINE_CONTRADICTION && finding->item == claim &&
            (finding->closed_at == ENGINE_NEVER || finding->acknowledged_at != ENGINE_NEVER)) {
            return true;
        }
    }
    return false;
}

void finding_raise_contradictions(struct engine *engine, struct incident *incident) {
    for (uint32_t number = 1; number <= incident->claim_count && !engine->broken; number++) {
        if (belief_claim_contradicts(incident, number) && !is_told(incident, number)) {
            finding_raise(
                engine, incident,
                (struct finding){.kind = ENGINE_CONTRADICTION, .item = number, .party = PLAN_NONE, .owner = PLAN_NONE},
                0);
        }
    }
}

void finding_fire(struct engine *engine, struct incident *incident, uint32_t number, int64_t instant) {
    struct finding *finding = &incident->findings[number - 1];
    (void)instant;
    finding->overdue = true;
    plan_next(incident, finding);
    state_emit(engine, incident,
               (struct engine_output){.kind = ENGINE_NOTICE,
                                      .due_at = finding->due_at,
                                      .item_kind = ENGINE_ITEM_FINDING,
                                      .item = number,
                                      .party = finding->owner,
                                      .step = 1});
}

void finding_acknowledge(struct engine *engine, struct incident *incident, uint32_t number, uint32_t acknowledger) {
    struct finding *finding = &incident->findings[number - 1];
    if (finding->closed_at != ENGINE_NEVER) {
        return; /* it has been resolved meanwhile */
    }
    finding->acknowledger = acknowledger;
    finding->acknowledged_at = engine->instant;
    plan_next(incident, finding);
    if (finding->kind != ENGINE_ROLE_UNBOUND) { /* a role stays unbound until it is bound, whoever has seen it */
        finding_close(engine, incident, number);
    }
}
