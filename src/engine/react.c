/* From changed facts to consequences: levels, orders, triggers, duties, always in this order. */

#include "engine/state.h"

#include <string.h>

static const struct plan_scale *scale_at(const struct incident *incident, uint8_t position) {
    return &incident->edition->plan->scales[incident->type->scales[position]];
}

static struct scale_program *program_at(const struct incident *incident, uint8_t position) {
    return &incident->edition->program->scales[incident->type->scales[position]];
}

static bool holds(const struct engine *engine, const struct incident *incident, uint32_t node) {
    bool certain = false;
    bool possible = false;
    if (node == PLAN_NO_NODE) {
        return false;
    }
    decide_condition(incident->edition->program, node, &engine->box, &certain, &possible);
    return certain;
}

uint64_t react_find_basis(const struct engine *engine, const struct incident *incident, uint8_t position) {
    bool ends = holds(engine, incident, scale_at(incident, position)->ends_when);
    return ends ? UINT64_MAX : incident->scales[position].because;
}

uint8_t react_find_target(const struct engine *engine, const struct incident *incident, uint8_t position) {
    if (holds(engine, incident, scale_at(incident, position)->ends_when)) {
        return 0;
    }
    return incident->scales[position].level;
}

/* Level and possible level of one scale; returns true when either has moved or other rules decide. */
static bool settle_level(struct engine *engine, struct incident *incident, uint8_t position, uint64_t slots) {
    struct scale_state *state = &incident->scales[position];
    struct decide_level level;
    program_update_scale(incident->edition->program, incident->type->scales[position], &engine->box, slots,
                         &state->memory, &level);
    bool moved = level.level != state->level || level.may != state->may;
    bool changed = moved || level.because != state->because;
    state->level = level.level;
    state->may = level.may;
    state->because = level.because;
    if (moved) {
        state_emit(engine, incident,
                   (struct engine_output){.kind = ENGINE_LEVEL_CHANGED,
                                          .scale = incident->type->scales[position],
                                          .level = level.level,
                                          .may = level.may});
    }
    return changed;
}

/* After an end, the condition to reopen must come to hold: that it held all along does not count. */
static void settle_reopening(struct engine *engine, struct incident *incident, uint8_t position) {
    struct scale_state *state = &incident->scales[position];
    bool now = holds(engine, incident, scale_at(incident, position)->reopens_when);
    if (now && !state->reopening) {
        state->ended = false;
        state->refused = state->refused && state->order != 0; /* it answers an end against the facts as well */
    }
    state->reopening = now;
}

/* ---- triggers --------------------------------------------------------------------------------------------- */

static bool is_active(const struct incident *incident, uint32_t trigger) {
    return (incident->active[trigger / 64] >> (trigger % 64) & 1) != 0;
}

static void begin(struct engine *engine, struct incident *incident, uint32_t trigger) {
    const struct plan_trigger *of = &incident->edition->plan->triggers[trigger];
    for (uint16_t i = 0; i < of->duty_count && !engine->broken; i++) {
        uint16_t template = (uint16_t)(of->first_duty + i);
        const struct plan_duty *duty = &incident->edition->plan->duties[template];
        for (uint16_t k = 0; k < duty->replaces.count; k++) {
            duty_lapse_template(engine, incident, incident->edition->plan->lists[duty->replaces.first + k],
                                ENGINE_REPLACED);
        }
        if (!duty_is_replaced(incident, template)) {
            duty_raise(engine, incident, template, 0);
        }
    }
}

/* What was replaced only by actions of this trigger stands again. */
static void unreplace(struct engine *engine, struct incident *incident, const struct plan_duty *duty) {
    const struct plan *plan = incident->edition->plan;
    for (uint16_t k = 0; k < duty->replaces.count && !engine->broken; k++) {
        uint16_t replaced = plan->lists[duty->replaces.first + k];
        if (is_active(incident, plan->duties[replaced].trigger) && !duty_is_replaced(incident, replaced)) {
            duty_raise(engine, incident, replaced, 0);
        }
    }
}

static void end(struct engine *engine, struct incident *incident, uint32_t trigger) {
    const struct plan_trigger *of = &incident->edition->plan->triggers[trigger];
    for (uint16_t i = 0; i < of->duty_count && !engine->broken; i++) {
        duty_end_cause(engine, incident, (uint16_t)(of->first_duty + i));
        unreplace(engine, incident, &incident->edition->plan->duties[of->first_duty + i]);
    }
}

/* Room for one duty of each action that begins now; several bearers of one make it grow further. */
static void reserve_begun(struct engine *engine, struct incident *incident, const uint64_t turned[4]) {
    uint32_t more = 0;
    for (uint32_t i = 0; i < 4; i++) {
        for (uint64_t rest = turned[i] & incident->active[i]; rest != 0; rest &= rest - 1) {
            more += incident->edition->plan->triggers[i * 64 + (uint32_t)__builtin_ctzll(rest)].duty_count;
        }
    }
    if (more > 0) {
        duty_reserve(engine, incident, more);
    }
}

/* Triggers that look at what has changed; all their causes are settled before any of them acts, so that what replaces
 * and what is replaced are weighed together. */
static void settle_triggers(struct engine *engine, struct incident *incident, uint64_t slots, uint8_t scales) {
    const struct edition *edition = incident->edition;
    uint64_t look[4] = {0};
    uint64_t turned[4] = {0};
    for (uint64_t rest = slots; rest != 0; rest &= rest - 1) {
        const uint64_t *set =
            edition->slot_triggers[incident->subject * PLAN_FACTS_MAX + (unsigned)__builtin_ctzll(rest)];
        for (int i = 0; i < 4; i++) {
            look[i] |= set[i];
        }
    }
    for (unsigned rest = scales; rest != 0; rest &= rest - 1) {
        const uint64_t *set =
            edition->scale_triggers[incident->subject * PLAN_SCALES_MAX + (unsigned)__builtin_ctz(rest)];
        for (int i = 0; i < 4; i++) {
            look[i] |= set[i];
        }
    }
    for (uint32_t i = 0; i < 4; i++) {
        for (uint64_t rest = look[i]; rest != 0; rest &= rest - 1) {
            uint32_t trigger = i * 64 + (uint32_t)__builtin_ctzll(rest);
            if (holds(engine, incident, edition->plan->triggers[trigger].condition) != is_active(incident, trigger)) {
                turned[i] |= UINT64_C(1) << (trigger % 64);
            }
        }
    }
    for (int i = 0; i < 4; i++) {
        incident->active[i] ^= turned[i];
    }
    for (uint32_t i = 0; i < 4; i++) {
        for (uint64_t rest = turned[i] & ~incident->active[i]; rest != 0; rest &= rest - 1) {
            end(engine, incident, i * 64 + (uint32_t)__builtin_ctzll(rest));
        }
    }
    reserve_begun(engine, incident, turned);
    for (uint32_t i = 0; i < 4 && !engine->broken; i++) {
        for (uint64_t rest = turned[i] & incident->active[i]; rest != 0; rest &= rest - 1) {
            begin(engine, incident, i * 64 + (uint32_t)__builtin_ctzll(rest));
        }
    }
}

/* Whether any action that may be owed has what it is owed until: mostly none has, and no duty need be looked at. */
static bool any_until_holds(const struct engine *engine, const struct incident *incident) {
    const struct plan *plan = incident->edition->plan;
    for (uint32_t i = 0; i * 64 < plan->duty_count; i++) {
        for (uint64_t rest = incident->waiting[i]; rest != 0; rest &= rest - 1) {
            if (holds(engine, incident, plan->duties[i * 64 + (uint32_t)__builtin_ctzll(rest)].until)) {
                return true;
            }
        }
    }
    return false;
}

/* Duties that are done by themselves once something holds. Looking at all of them finds which still wait. */
static void settle_until(struct engine *engine, struct incident *incident, uint32_t first) {
    if (first == 1) {
        if (!any_until_holds(engine, incident)) {
            return;
        }
        memset(incident->waiting, 0, (incident->edition->plan->duty_count + 63) / 64 * sizeof *incident->waiting);
    }
    for (uint32_t i = first - 1; i < incident->duty_count && !engine->broken; i++) {
        const struct duty *duty = &incident->duties[i];
        if (duty->status != ENGINE_OWED || duty->template == PLAN_NONE) {
            continue;
        }
        if (holds(engine, incident, incident->edition->plan->duties[duty->template].until)) {
            duty_finish(engine, incident, i + 1, engine->instant, 0, 0);
        } else {
            duty_note_raised(incident, duty->template);
        }
    }
}

void react_settle(struct engine *engine, struct incident *incident, uint64_t slots, uint8_t scales) {
    if ((slots | scales) == 0 || incident->status != ENGINE_OPENED) {
        return;
    }
    const struct edition *edition = incident->edition;
    belief_fill_box(engine, incident, engine->instant, &engine->box);
    for (uint8_t position = 0; position < incident->type->scale_count && !engine->broken; position++) {
        const struct scale_program *program = program_at(incident, position);
        struct scale_state *state = &incident->scales[position];
        bool changed = (program->slots & slots) != 0 && settle_level(engine, incident, position, slots);
        bool side = (program->side_slots & slots) != 0;
        uint8_t order = state->order;
        if (side) {
            settle_reopening(engine, incident, position);
        }
        if (scale_at(incident, position)->ordered) {
            if (changed || side || (scales >> position & 1) != 0) {
                proposal_compare(engine, incident, position);
            }
            if (state->order != order) {
                scales |= (uint8_t)(1U << position);
            }
        } else if (changed) {
            scales |= (uint8_t)(1U << position);
        }
        bool ordered = scale_at(incident, position)->ordered;
        engine->box.level_low[position] = ordered ? state->order : state->level;
        engine->box.level_high[position] = ordered ? state->order : state->may;
    }
    uint32_t duties = incident->duty_count;
    settle_triggers(engine, incident, slots, scales);
    if (incident->duty_count != duties || (edition->until_slots[incident->subject] & slots) != 0 ||
        (edition->until_scales[incident->subject] & scales) != 0) {
        settle_until(engine, incident, 1);
    }
}

void react_settle_until(struct engine *engine, struct incident *incident, uint32_t first) {
    if (first > incident->duty_count || engine->broken) {
        return;
    }
    belief_fill_box(engine, incident, engine->instant, &engine->box);
    settle_until(engine, incident, first);
}

void react_begin_opened(struct engine *engine, struct incident *incident) {
    const struct plan *plan = incident->edition->plan;
    for (uint32_t i = 0; i < plan->trigger_count && !engine->broken; i++) {
        if (plan->triggers[i].subject == incident->subject && plan->triggers[i].kind == PLAN_OPENED) {
            incident->active[i / 64] |= UINT64_C(1) << (i % 64);
            begin(engine, incident, i);
        }
    }
    react_settle_until(engine, incident, 1);
}
