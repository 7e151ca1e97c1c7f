#include "invariants.h"

#include "check.h"
#include "engine/state.h"

#include <string.h>

static int64_t find_next(const struct engine *engine, const struct incident *incident) {
    int64_t next = ENGINE_NEVER;
    if (incident->status != ENGINE_OPENED) {
        return ENGINE_NEVER;
    }
    for (uint32_t i = 0; i < incident->duty_count; i++) {
        next = incident->duty_clocks[i] < next ? incident->duty_clocks[i] : next;
    }
    for (uint32_t i = 0; i < incident->proposal_count; i++) {
        next = incident->proposals[i].next_at < next ? incident->proposals[i].next_at : next;
    }
    for (uint32_t i = 0; i < incident->finding_count; i++) {
        next = incident->findings[i].next_at < next ? incident->findings[i].next_at : next;
    }
    /* What came due while an incident was merged away is handled as soon as it stands again. */
    next = next <= engine->now ? engine->now + 1 : next;
    int64_t turn = belief_next_turn(engine, incident, engine->now);
    return turn < next ? turn : next;
}

/* What the order ought to be: the level, or nothing when the scale ends. */
static uint8_t find_target(const struct decide_program *program, const struct incident *incident, uint16_t position,
                           const struct decide_box *box, uint8_t level) {
    uint32_t ends_when = incident->edition->plan->scales[incident->type->scales[position]].ends_when;
    bool certain = false;
    bool possible = false;
    if (ends_when != PLAN_NO_NODE) {
        decide_condition(program, ends_when, box, &certain, &possible);
    }
    return certain ? 0 : level;
}

static void check_scales(const struct engine *engine, const struct incident *incident, const char *where) {
    struct decide_box box;
    const struct decide_program *program = NULL;
    assert_true(engine_view_box(engine, incident->number, &box, &program));
    uint32_t open_count = 0;
    for (uint32_t i = 0; i < incident->proposal_count; i++) {
        open_count += incident->proposals[i].status == ENGINE_PROPOSAL_OPEN;
    }
    for (uint16_t i = 0; i < incident->type->scale_count; i++) {
        struct decide_level level;
        const struct scale_state *state = &incident->scales[i];
        decide_scale(program, incident->type->scales[i], &box, &level);
        check(level.level == state->level && level.may == state->may && level.because == state->because,
              "%s: incident %u scale %u: kept %u..%u, decide says %u..%u", where, incident->number, i, state->level,
              state->may, level.level, level.may);
        if (state->proposal == 0) {
            continue;
        }
        const struct proposal *open = &incident->proposals[state->proposal - 1];
        open_count--;
        check(open->status == ENGINE_PROPOSAL_OPEN, "%s: incident %u: the open proposal is not open", where,
              incident->number);
        check(open->to != state->order, "%s: incident %u: it is proposed what is in force", where, incident->number);
        check(open->from == state->order, "%s: incident %u: a proposal from what is not in force", where,
              incident->number);
        check(open->to == find_target(program, incident, i, &box, level.level),
              "%s: incident %u: a proposal beside the facts", where, incident->number);
    }
    check(open_count == 0, "%s: incident %u: more than one open proposal of a scale", where, incident->number);
}

/* Planning a duty's clock anew must change nothing. */
static void check_clocks(struct incident *incident, const char *where) {
    for (uint32_t i = 0; i < incident->duty_count; i++) {
        struct duty duty = incident->duties[i];
        int64_t clock = incident->duty_clocks[i];
        duty_plan_next(incident, i + 1);
        check(incident->duty_clocks[i] == clock, "%s: incident %u duty %u: its clock is not planned", where,
              incident->number, i + 1);
        check(duty.status == ENGINE_OWED || duty_course(incident, &duty)->ended_at != ENGINE_NEVER,
              "%s: duty %u ended at no time", where, i + 1);
        check(duty.status != ENGINE_OWED || duty.template != PLAN_NONE, "%s: duty %u is owed by no plan", where, i + 1);
    }
    for (uint32_t i = 0; i < incident->proposal_count; i++) {
        struct proposal proposal = incident->proposals[i];
        proposal_plan_next(incident, &proposal);
        check(proposal.next_at == incident->proposals[i].next_at, "%s: incident %u proposal %u: clock", where,
              incident->number, i + 1);
    }
}

static void check_claims(const struct incident *incident, const char *where) {
    uint32_t count = 0;
    for (uint32_t list = 0; list < 2U * incident->type->fact_count; list++) {
        uint16_t slot = (uint16_t)(list / 2);
        int64_t last = INT64_MAX;
        uint32_t at = list % 2 == 0 ? incident->latest[slot] : incident->latest_predicted[slot];
        for (; at != 0; at = incident->claims[at - 1].older) {
            const struct claim *claim = &incident->claims[at - 1];
            check(claim->slot == slot && claim->as_of <= last && count++ < incident->claim_count,
                  "%s: incident %u: claims out of order", where, incident->number);
            last = claim->as_of;
        }
    }
}

void invariants_check(const struct engine *engine, const char *where) {
    int64_t next = ENGINE_NEVER;
    for (uint32_t i = 0; i < engine->incident_count; i++) {
        struct incident *incident = engine->incidents[i];
        int64_t its = find_next(engine, incident);
        check(its == incident->next_at, "%s: incident %u: next instant %lld, by force %lld", where, incident->number,
              (long long)incident->next_at, (long long)its);
        next = its < next ? its : next;
        check_claims(incident, where);
        check_clocks(incident, where);
        if (incident->status == ENGINE_OPENED) {
            check_scales(engine, incident, where);
        }
    }
    check(next == engine_next_instant(engine), "%s: the heap says %lld, by force %lld", where,
          (long long)engine_next_instant(engine), (long long)next);
    check(next > engine->now, "%s: the next instant has passed already", where);
    for (uint32_t i = 0; i < engine->heap_count; i++) {
        check(engine->heap_places[engine->heap[i].number - 1] == i &&
                  state_incident(engine, engine->heap[i].number)->next_at == engine->heap[i].next_at,
              "%s: the heap does not know its places", where);
        check(i == 0 || engine->heap[(i - 1) / STATE_HEAP_CHILDREN].next_at <= engine->heap[i].next_at,
              "%s: the heap is no heap", where);
    }
}
