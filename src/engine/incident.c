/* Incidents as wholes: opened, merged, told apart, moved to another version of their plan, closed, reopened. */

#include "engine/state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- editions --------------------------------------------------------------------------------------------- */

void edition_destroy(struct edition *edition) {
    if (edition == NULL) {
        return;
    }
    decide_program_destroy(edition->program);
    free(edition->slot_triggers);
    free(edition->scale_triggers);
    free(edition->replacing);
    free(edition->until_slots);
    free(edition->until_scales);
    free(edition->derived_slots);
    free(edition->stopping_slots);
    free(edition->starting_slots);
    free(edition->series_slots);
    free(edition->first_report_slots);
    free(edition);
}

static void note_facts(struct edition *edition) {
    const struct plan *plan = edition->plan;
    for (uint32_t i = 0; i < plan->fact_count; i++) {
        const struct plan_fact *fact = &plan->facts[i];
        uint64_t bit = UINT64_C(1) << fact->slot;
        if (fact->from != PLAN_NONE) {
            edition->derived_slots[fact->subject] |= bit;
            edition->starting_slots[fact->subject] |= UINT64_C(1) << plan->facts[fact->from].slot;
            if (fact->until != PLAN_NONE) {
                edition->stopping_slots[fact->subject] |= UINT64_C(1) << plan->facts[fact->until].slot;
            }
        }
        if (fact->type == PLAN_SERIES) {
            edition->series_slots[fact->subject] |= bit;
        }
        if (fact->not_after_first) {
            edition->first_report_slots[fact->subject] |= bit;
        }
    }
}

static void note_triggers(struct edition *edition) {
    const struct plan *plan = edition->plan;
    for (uint32_t i = 0; i < plan->trigger_count; i++) {
        const struct plan_trigger *trigger = &plan->triggers[i];
        uint64_t bit = UINT64_C(1) << (i % 64);
        if (trigger->kind == PLAN_WHILE) {
            const struct condition *on =
                &edition->program->conditions[edition->program->condition_of[trigger->condition]];
            for (unsigned slot = 0; slot < PLAN_FACTS_MAX; slot++) {
                if ((on->slots >> slot & 1) != 0) {
                    edition->slot_triggers[trigger->subject * PLAN_FACTS_MAX + slot][i / 64] |= bit;
                }
            }
            for (unsigned position = 0; position < PLAN_SCALES_MAX; position++) {
                if ((on->scales >> position & 1) != 0) {
                    edition->scale_triggers[trigger->subject * PLAN_SCALES_MAX + position][i / 64] |= bit;
                }
            }
        }
        for (uint16_t k = 0; k < trigger->duty_count; k++) {
            uint32_t until = plan->duties[trigger->first_duty + k].until;
            if (until != PLAN_NO_NODE) {
                const struct condition *on = &edition->program->conditions[edition->program->condition_of[until]];
                edition->until_slots[trigger->subject] |= on->slots;
                edition->until_scales[trigger->subject] |= on->scales;
            }
        }
    }
}

struct edition *edition_create(struct engine *engine, const struct plan *plan, struct failure *failure) {
    size_t subjects = plan->subject_count;
    struct edition *edition = calloc(1, sizeof *edition);
    (void)engine;
    if (edition == NULL) {
        (void)failure_say(failure, "out of memory while adopting the plan", "内存不足，预案未能施行");
        return NULL;
    }
    edition->plan = plan;
    edition->program = decide_program_create(plan, failure);
    edition->slot_triggers = calloc(subjects * PLAN_FACTS_MAX, sizeof *edition->slot_triggers);
    edition->scale_triggers = calloc(subjects * PLAN_SCALES_MAX, sizeof *edition->scale_triggers);
    edition->replacing = calloc((size_t)plan->duty_count + 1, sizeof *edition->replacing);
    edition->until_slots = calloc(subjects, sizeof(uint64_t));
    edition->until_scales = calloc(subjects, sizeof(uint8_t));
    edition->derived_slots = calloc(subjects, sizeof(uint64_t));
    edition->stopping_slots = calloc(subjects, sizeof(uint64_t));
    edition->starting_slots = calloc(subjects, sizeof(uint64_t));
    edition->series_slots = calloc(subjects, sizeof(uint64_t));
    edition->first_report_slots = calloc(subjects, sizeof(uint64_t));
    if (edition->program == NULL || edition->slot_triggers == NULL || edition->scale_triggers == NULL ||
        edition->replacing == NULL || edition->until_slots == NULL || edition->until_scales == NULL ||
        edition->derived_slots == NULL || edition->stopping_slots == NULL || edition->starting_slots == NULL ||
        edition->series_slots == NULL || edition->first_report_slots == NULL) {
        (void)failure_say(failure, "out of memory while adopting the plan", "内存不足，预案未能施行");
        edition_destroy(edition);
        return NULL;
    }
    for (uint32_t i = 0; i < plan->duty_count; i++) {
        const struct plan_duty *duty = &plan->duties[i];
        for (uint16_t k = 0; k < duty->replaces.count; k++) {
            edition->replacing[plan->lists[duty->replaces.first + k]][duty->trigger / 64] |= UINT64_C(1)
                                                                                             << (duty->trigger % 64);
        }
    }
    note_facts(edition);
    note_triggers(edition);
    return edition;
}

/* ---- the facts' own arrays -------------------------------------------------------------------------------- */

static bool has_series(const struct incident *incident) {
    return incident->edition->series_slots[incident->subject] != 0;
}

static size_t raised_words(const struct incident *incident) {
    return ((size_t)incident->edition->plan->duty_count + 63) / 64;
}

/* The arrays that belong to facts and scales lie in one block: an event touches most of them. */
static size_t facts_size(const struct incident *incident) {
    size_t slots = incident->type->fact_count;
    return slots * (3 * sizeof(int64_t) + 2 * sizeof(uint32_t)) +
           incident->type->scale_count * sizeof *incident->scales + 2 * raised_words(incident) * sizeof(uint64_t) +
           (has_series(incident) ? slots * sizeof *incident->series : 0);
}

static void release_facts(struct engine *engine, struct incident *incident) {
    state_free(engine, incident->low, facts_size(incident));
}

/* Arrays for the facts and scales of the incident's edition, with nothing known. */
static bool make_facts(struct engine *engine, struct incident *incident) {
    size_t slots = incident->type->fact_count;
    incident->low = state_allocate(engine, facts_size(incident));
    if (engine->broken) {
        return false;
    }
    incident->high = incident->low + slots;
    incident->stopped_at = incident->high + slots;
    incident->raised = (uint64_t *)(incident->stopped_at + slots);
    incident->waiting = incident->raised + raised_words(incident);
    incident->scales = (struct scale_state *)(incident->waiting + raised_words(incident));
    incident->latest = (uint32_t *)(incident->scales + incident->type->scale_count);
    incident->latest_predicted = incident->latest + slots;
    incident->series = has_series(incident) ? (struct decide_series *)(incident->latest_predicted + slots) : NULL;
    for (size_t slot = 0; slot < slots; slot++) {
        incident->stopped_at[slot] = ENGINE_NEVER;
    }
    return true;
}

void incident_release(struct engine *engine, struct incident *incident) {
    release_facts(engine, incident);
    state_free(engine, incident->claims, incident->claim_room * sizeof *incident->claims);
    state_free(engine, incident->fates, incident->fate_room * sizeof *incident->fates);
    state_free(engine, incident->duties, incident->duty_room * sizeof *incident->duties);
    state_free(engine, incident->duty_clocks, incident->clock_room * sizeof *incident->duty_clocks);
    state_free(engine, incident->moments, incident->moment_room * sizeof *incident->moments);
    state_free(engine, incident->courses, incident->course_room * sizeof *incident->courses);
    state_free(engine, incident->proposals, incident->proposal_room * sizeof *incident->proposals);
    state_free(engine, incident->findings, incident->finding_room * sizeof *incident->findings);
    state_free(engine, incident->orders, incident->order_room * sizeof *incident->orders);
    state_free(engine, incident->bindings, incident->binding_room * sizeof *incident->bindings);
    state_free(engine, incident, sizeof *incident);
}

static uint8_t all_scales(const struct incident *incident) {
    return (uint8_t)((1U << incident->type->scale_count) - 1);
}

static uint64_t all_slots(const struct incident *incident) {
    return incident->type->fact_count == 64 ? UINT64_MAX : (UINT64_C(1) << incident->type->fact_count) - 1;
}

/* ---- opening ---------------------------------------------------------------------------------------------- */

static bool reserve_incidents(struct engine *engine, uint32_t more) {
    return state_reserve_many(engine, (void **)&engine->incidents, &engine->incident_room, engine->incident_count, more,
                              sizeof(struct incident *)) &&
           state_reserve_many(engine, (void **)&engine->plans, &engine->plans_room, engine->incident_count, more,
                              sizeof(const struct plan *)) &&
           state_reserve_many(engine, (void **)&engine->heap_places, &engine->heap_places_room, engine->incident_count,
                              more, sizeof *engine->heap_places);
}

bool engine_skip_incidents(struct engine *engine, uint32_t number, struct failure *failure) {
    if (number <= engine->incident_count) {
        return failure_say(failure, "incident %" PRIu32 " is there already", "第 %" PRIu32 " 号事件已经存在", number);
    }
    uint32_t more = number - 1 - engine->incident_count;
    if (more > 0 && !reserve_incidents(engine, more)) {
        return failure_say(failure, "memory is exhausted", "内存不足");
    }
    for (; more > 0; more--) {
        engine->incidents[engine->incident_count] = NULL;
        engine->plans[engine->incident_count] = NULL;
        engine->heap_places[engine->incident_count++] = STATE_NOT_IN_HEAP;
    }
    return true;
}

struct incident *incident_open(struct engine *engine, struct edition *edition, uint16_t subject,
                               const struct engine_event *event, uint32_t title) {
    if (!reserve_incidents(engine, 1)) {
        return NULL;
    }
    struct incident *incident = state_allocate(engine, sizeof *incident);
    if (incident == NULL) {
        return NULL;
    }
    incident->edition = edition;
    incident->subject = subject;
    incident->type = &edition->plan->subjects[subject];
    incident->number = engine->incident_count + 1;
    incident->title = title;
    incident->opened_at = engine->instant;
    incident->seen_at = event->kind == ENGINE_OPEN ? event->as_of : engine->instant;
    incident->own_seen_at = incident->seen_at;
    incident->first_report_at = incident->seen_at;
    incident->sequence = engine->sequence;
    incident->next_at = ENGINE_NEVER;
    incident->turn_next_at = ENGINE_NEVER;
    incident->duty_next_at = ENGINE_NEVER;
    incident->proposal_next_at = ENGINE_NEVER;
    incident->finding_next_at = ENGINE_NEVER;
    engine->heap_places[engine->incident_count] = STATE_NOT_IN_HEAP;
    if (!make_facts(engine, incident)) {
        state_free(engine, incident, sizeof *incident);
        return NULL;
    }
    engine->plans[engine->incident_count] = edition->plan;
    engine->incidents[engine->incident_count++] = incident;
    state_emit(engine, incident, (struct engine_output){.kind = ENGINE_INCIDENT_OPENED});
    belief_settle_all(engine, incident);
    react_settle(engine, incident, all_slots(incident), all_scales(incident));
    react_begin_opened(engine, incident);
    return incident;
}

bool incident_adopt(struct engine *engine, const struct engine_event *event, struct failure *failure) {
    const struct plan *plan = event->plan;
    struct edition *edition = edition_create(engine, plan, failure);
    if (edition == NULL) {
        return false;
    }
    edition->next = engine->editions;
    engine->editions = edition;
    for (uint32_t i = 0; i < engine->incident_count && !engine->broken; i++) {
        struct incident *incident = engine->incidents[i];
        uint16_t subject = incident == NULL ? PLAN_NONE : plan_find_subject(plan, incident->type->name);
        if (incident != NULL && incident->status == ENGINE_OPENED && incident->type->standing &&
            text_equal(incident->edition->plan->name, plan->name) &&
            (subject == PLAN_NONE || !plan->subjects[subject].standing)) {
            incident_close(engine, incident); /* it stood for as long as its plan was in force */
            state_schedule(engine, incident);
        }
    }
    for (uint32_t i = 0; i < plan->subject_count && !engine->broken; i++) {
        if (!plan->subjects[i].standing) {
            continue;
        }
        struct incident *standing = NULL;
        for (uint32_t k = 0; k < engine->incident_count && standing == NULL; k++) {
            struct incident *incident = engine->incidents[k];
            if (incident != NULL && incident->status == ENGINE_OPENED && incident->type->standing &&
                text_equal(incident->edition->plan->name, plan->name) &&
                text_equal(incident->type->name, plan->subjects[i].name)) {
                standing = incident;
            }
        }
        if (standing != NULL) {
            incident_move(engine, standing, edition);
        } else {
            standing =
                incident_open(engine, edition, (uint16_t)i, event, state_pool_text(engine, plan->subjects[i].name));
        }
        if (standing != NULL && !engine->broken) {
            state_schedule(engine, standing);
        }
    }
    return true;
}

/* ---- merging ---------------------------------------------------------------------------------------------- */

static void copy_claims(struct engine *engine, const struct incident *from, struct incident *into) {
    for (uint32_t i = 0; i < from->claim_count && !engine->broken; i++) {
        struct claim claim = from->claims[i];
        if (!claim.corrected && !claim.withdrawn) {
            const struct fate fate = {
                .ended_at = ENGINE_NEVER, .origin = from->number, .day = belief_fate(from, &claim)->day};
            belief_add_claim(engine, into, &claim, &fate);
        }
    }
}

/* All that is open in an incident ends because the incident does; of its findings that is noted (raise_cut_off). */
static void end_everything(struct engine *engine, struct incident *incident, uint8_t lapse) {
    for (uint32_t i = 0; i < incident->finding_count; i++) {
        incident->findings[i].cut_off = incident->findings[i].closed_at == ENGINE_NEVER;
    }
    for (uint32_t i = 0; i < incident->proposal_count; i++) {
        proposal_end(engine, incident, i + 1, ENGINE_PROPOSAL_LAPSED, NULL);
    }
    for (uint32_t i = 0; i < incident->duty_count; i++) {
        duty_lapse(engine, incident, i + 1, lapse);
    }
    for (uint32_t i = 0; i < incident->finding_count; i++) {
        finding_close(engine, incident, i + 1);
    }
}

static void carry_orders(struct engine *engine, const struct incident *from, struct incident *into) {
    for (uint8_t position = 0; position < from->type->scale_count && !engine->broken; position++) {
        uint8_t order = from->scales[position].order;
        if (order <= into->scales[position].order || !state_reserve(engine, (void **)&into->orders, &into->order_room,
                                                                    into->order_count, sizeof *into->orders)) {
            continue;
        }
        struct order carried = {.level = order, .by = PLAN_NONE};
        for (uint32_t i = 0; i < from->order_count; i++) {
            carried = from->orders[i].scale == from->type->scales[position] ? from->orders[i] : carried;
        }
        carried.proposal = 0;
        carried.at = engine->instant;
        carried.sequence = engine->sequence;
        into->orders[into->order_count++] = carried;
        into->scales[position].order = order;
        into->scales[position].ended = false;
        state_emit(engine, into,
                   (struct engine_output){
                       .kind = ENGINE_ORDER_CHANGED, .scale = carried.scale, .level = order, .party = carried.by});
    }
}

void incident_merge(struct engine *engine, struct incident *from, struct incident *into) {
    end_everything(engine, from, ENGINE_ABSORBED);
    from->status = ENGINE_MERGED;
    from->merged_into = into->number;
    state_emit(engine, from, (struct engine_output){.kind = ENGINE_INCIDENT_MERGED, .item = into->number});
    into->seen_at = from->seen_at < into->seen_at ? from->seen_at : into->seen_at;
    copy_claims(engine, from, into);
    for (uint32_t i = 0; i < from->binding_count && !engine->broken; i++) {
        bool many = into->edition->plan->parties[from->bindings[i].role].many;
        bool known = false;
        for (uint32_t k = 0; k < into->binding_count; k++) {
            known = known || (into->bindings[k].role == from->bindings[i].role &&
                              (!many || into->bindings[k].unit == from->bindings[i].unit));
        }
        if (!known && state_reserve(engine, (void **)&into->bindings, &into->binding_room, into->binding_count,
                                    sizeof *into->bindings)) {
            into->bindings[into->binding_count] = from->bindings[i];
            into->bindings[into->binding_count++].origin = from->number;
            finding_close_role(engine, into, from->bindings[i].role);
            duty_bind(engine, into, from->bindings[i].role, from->bindings[i].unit);
        }
    }
    carry_orders(engine, from, into);
    uint64_t changed = belief_settle_all(engine, into);
    finding_raise_contradictions(engine, into);
    react_settle(engine, into, changed, all_scales(into));
    state_schedule(engine, into);
}

/* Bindings that came with an incident go with it. */
static void take_back_bindings(struct engine *engine, const struct incident *from, struct incident *into) {
    for (uint32_t i = into->binding_count; i > 0 && !engine->broken; i--) {
        struct binding binding = into->bindings[i - 1];
        if (binding.origin == from->number) {
            memmove(&into->bindings[i - 1], &into->bindings[i], (into->binding_count - i) * sizeof binding);
            into->binding_count--;
            duty_unbind(engine, into, binding.role, binding.unit);
        }
    }
}

/* The earliest sighting of an incident and of those that are still merged into it. */
static int64_t find_seen(const struct engine *engine, const struct incident *incident) {
    int64_t seen_at = incident->own_seen_at;
    for (uint32_t i = 0; i < engine->incident_count; i++) {
        const struct incident *other = engine->incidents[i];
        if (other != NULL && other->status == ENGINE_MERGED && other->merged_into == incident->number &&
            other->seen_at < seen_at) {
            seen_at = other->seen_at;
        }
    }
    return seen_at;
}

/* What the closing, or the merge, left unseen to is said again. That a proposal's chain was at its end is not: another one
 * is made. */
static void raise_cut_off(struct engine *engine, struct incident *incident) {
    uint32_t count = incident->finding_count;
    for (uint32_t i = 0; i < count && !engine->broken; i++) {
        struct finding finding = incident->findings[i];
        incident->findings[i].cut_off = false;
        if (!finding.cut_off) {
            continue;
        }
        if (finding.kind == ENGINE_ROLE_UNBOUND) {
            duty_miss_role(engine, incident, finding.party);
        } else if (finding.kind != ENGINE_CHAIN_EXHAUSTED || finding.item_kind == ENGINE_ITEM_DUTY) {
            if (finding.kind == ENGINE_CHAIN_EXHAUSTED) {
                incident->duties[finding.item - 1].exhausted = true;
            }
            finding_raise(engine, incident,
                          (struct finding){.kind = finding.kind,
                                           .item_kind = finding.item_kind,
                                           .item = finding.item,
                                           .party = finding.party,
                                           .owner = finding.owner},
                          0);
        }
    }
}

/* What lapsed by this is owed again, and what was cut off with it is raised anew. */
static void restore_everything(struct engine *engine, struct incident *incident, uint8_t lapse) {
    for (uint32_t i = 0; i < incident->duty_count; i++) {
        if (incident->duties[i].status == ENGINE_LAPSED && incident->duties[i].lapse == lapse) {
            duty_restore(engine, incident, i + 1);
        }
    }
    raise_cut_off(engine, incident);
}

void incident_split(struct engine *engine, struct incident *from) {
    struct incident *into = state_incident(engine, from->merged_into);
    for (uint32_t i = 0; i < into->claim_count; i++) {
        const struct claim *claim = &into->claims[i];
        if (belief_fate(into, claim)->origin == from->number && !claim->withdrawn) {
            belief_strike(engine, into, i + 1, 0, engine->instant);
        }
    }
    from->status = ENGINE_OPENED;
    from->merged_into = 0;
    into->seen_at = find_seen(engine, into);
    state_emit(engine, from, (struct engine_output){.kind = ENGINE_INCIDENT_SPLIT, .item = into->number});
    restore_everything(engine, from, ENGINE_ABSORBED);
    take_back_bindings(engine, from, into);
    uint64_t changed = belief_settle_all(engine, into);
    finding_settle_contradictions(engine, into, 0);
    react_settle(engine, into, changed, all_scales(into));
    state_schedule(engine, into);
    react_settle(engine, from, belief_settle_all(engine, from), all_scales(from));
}

void incident_close(struct engine *engine, struct incident *incident) {
    end_everything(engine, incident, ENGINE_INCIDENT_ENDED);
    incident->status = ENGINE_CLOSED;
    state_emit(engine, incident, (struct engine_output){.kind = ENGINE_INCIDENT_CLOSED});
}

/* Time has gone on meanwhile: everything is weighed anew, and clocks that came due are handled next. */
void incident_reopen(struct engine *engine, struct incident *incident) {
    incident->status = ENGINE_OPENED;
    state_emit(engine, incident, (struct engine_output){.kind = ENGINE_INCIDENT_REOPENED});
    restore_everything(engine, incident, ENGINE_INCIDENT_ENDED);
    belief_settle_all(engine, incident);
    react_settle(engine, incident, all_slots(incident), all_scales(incident));
}

/* ---- moving to another version ---------------------------------------------------------------------------- */

static uint16_t map_party(const struct plan *from, const struct plan *to, uint16_t party) {
    return party == PLAN_NONE ? PLAN_NONE : plan_find_party(to, from->parties[party].name);
}

/* The same fact of the subject in the new version: by name, if it is still of the same kind. */
static uint16_t map_fact(const struct plan *from, const struct plan *to, uint16_t subject, uint16_t fact) {
    uint16_t found = plan_find_fact(to, from->facts[fact].name);
    if (found == PLAN_NONE || to->facts[found].subject != subject || to->facts[found].type != from->facts[fact].type ||
        to->facts[found].dimension != from->facts[fact].dimension || to->facts[found].from != PLAN_NONE) {
        return PLAN_NONE;
    }
    return found;
}

/* A choice's or a series' values by name; false when one of them is gone. */
static bool map_values(const struct plan_fact *from, const struct plan_fact *to, struct claim *claim) {
    if (claim->basis == ENGINE_PREDICTED && !to->predictable && to->type != PLAN_SERIES) {
        return false;
    }
    if (from->type == PLAN_CHOICE) {
        int64_t set = 0;
        for (uint8_t value = 0; value < from->choice_count; value++) {
            int found = (claim->low >> value & 1) == 0 ? -2 : plan_find_choice(to, from->choices[value]);
            if (found == -1) {
                return false;
            }
            set |= found >= 0 ? INT64_C(1) << found : 0;
        }
        claim->low = set;
    } else if (from->type == PLAN_SERIES) {
        int low = plan_find_choice(to, from->choices[claim->low]);
        int high = plan_find_choice(to, from->choices[claim->high]);
        if (low < 0 || high < low) {
            return false;
        }
        claim->low = low;
        claim->high = high;
    }
    return true;
}

static void lose(struct engine *engine, struct incident *incident, enum engine_item_kind kind, uint32_t item) {
    finding_raise(
        engine, incident,
        (struct finding){
            .kind = ENGINE_MOVE_LOST, .item_kind = (uint8_t)kind, .item = item, .party = PLAN_NONE, .owner = PLAN_NONE},
        0);
}

/* `old`: the incident as it was under the version that it leaves. */
static void move_claims(struct engine *engine, struct incident *incident, const struct incident *old) {
    const struct plan *from = old->edition->plan;
    const struct plan *to = incident->edition->plan;
    for (uint32_t i = 0; i < old->claim_count && !engine->broken; i++) {
        struct claim claim = old->claims[i];
        struct fate fate = *belief_fate(old, &claim);
        uint16_t was = claim.slot == STATE_NO_SLOT ? PLAN_NONE : old->type->facts[claim.slot];
        uint16_t fact = was == PLAN_NONE ? PLAN_NONE : map_fact(from, to, incident->subject, was);
        bool known = fact != PLAN_NONE && map_values(&from->facts[was], &to->facts[fact], &claim);
        bool lost = !known && !claim.withdrawn && !claim.corrected;
        if (lost) {
            claim.withdrawn = true;
            fate.ended_at = engine->instant;
        }
        /* What is not known is kept for its history alone: its number must stay, its value means nothing any more. */
        claim.slot = known ? to->facts[fact].slot : STATE_NO_SLOT;
        uint32_t number = belief_add_claim(engine, incident, &claim, &fate);
        if (lost) {
            lose(engine, incident, ENGINE_ITEM_FINDING, number);
        }
    }
}

/* A duty whose action, bearer or recipient is no more lapses in view; what it was is raised anew for whoever is named
 * now (move_triggers). Goes on when memory runs out: no index of the old version may stay. */
static void move_duties(struct engine *engine, struct incident *incident, const struct plan *from) {
    const struct plan *to = incident->edition->plan;
    for (uint32_t i = 0; i < incident->duty_count; i++) {
        struct duty *duty = &incident->duties[i];
        struct duty old = *duty;
        duty->bearer = map_party(from, to, old.bearer);
        duty->bearer_role = map_party(from, to, old.bearer_role);
        duty->recipient = map_party(from, to, old.recipient);
        duty->recipient_role = map_party(from, to, old.recipient_role);
        duty->template = old.template == PLAN_NONE ? PLAN_NONE : plan_find_duty(to, from->duties[old.template].name);
        if (duty->template != PLAN_NONE &&
            to->triggers[to->duties[duty->template].trigger].subject != incident->subject) {
            duty->template = PLAN_NONE;
        }
        bool lost = duty->template == PLAN_NONE || (duty->bearer == PLAN_NONE && old.bearer != PLAN_NONE) ||
                    (duty->bearer_role == PLAN_NONE && old.bearer_role != PLAN_NONE) ||
                    (duty->recipient == PLAN_NONE && old.recipient != PLAN_NONE) ||
                    (duty->recipient_role == PLAN_NONE && old.recipient_role != PLAN_NONE);
        if (duty->template != PLAN_NONE) {
            duty_note_raised(incident, duty->template);
        }
        if (lost || to->duties[duty->template].every == PLAN_ONCE) {
            duty->renew_at = ENGINE_NEVER;
        }
        if (lost && duty->status == ENGINE_OWED) {
            duty_lapse(engine, incident, i + 1, ENGINE_PLAN_MOVED);
            lose(engine, incident, ENGINE_ITEM_DUTY, i + 1);
        }
        duty_plan_next(incident, i + 1);
    }
}

static uint8_t map_level(const struct plan_scale *from, const struct plan_scale *to, uint8_t level) {
    return level == 0 ? 0 : plan_find_level(to, from->levels[level]);
}

/* The same scale of the incident's subject in the new version. */
static uint16_t map_scale(const struct incident *incident, const struct plan_scale *scale) {
    const struct plan *to = incident->edition->plan;
    uint16_t found = plan_find_scale(to, scale->name);
    return found == PLAN_NONE || to->scales[found].subject != incident->subject ? PLAN_NONE : found;
}

static void move_rest(struct incident *incident, const struct plan *from) {
    const struct plan *to = incident->edition->plan;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < incident->binding_count; i++) {
        struct binding binding = {map_party(from, to, incident->bindings[i].role),
                                  map_party(from, to, incident->bindings[i].unit), incident->bindings[i].origin};
        if (binding.role != PLAN_NONE && binding.unit != PLAN_NONE) {
            incident->bindings[kept++] = binding;
        }
    }
    incident->binding_count = kept;
    for (uint32_t i = 0; i < incident->finding_count; i++) {
        incident->findings[i].party = map_party(from, to, incident->findings[i].party);
        incident->findings[i].owner = map_party(from, to, incident->findings[i].owner);
    }
    for (uint32_t i = 0; i < incident->proposal_count; i++) {
        struct proposal *proposal = &incident->proposals[i];
        proposal->by = map_party(from, to, proposal->by);
        uint16_t old = proposal->scale;
        proposal->scale = old == PLAN_NONE ? PLAN_NONE : map_scale(incident, &from->scales[old]);
        if (proposal->scale != PLAN_NONE) {
            const struct plan_scale *scale = &to->scales[proposal->scale];
            proposal->from = map_level(&from->scales[old], scale, proposal->from);
            proposal->to = map_level(&from->scales[old], scale, proposal->to);
            proposal->level = map_level(&from->scales[old], scale, proposal->level);
            proposal->may = map_level(&from->scales[old], scale, proposal->may);
        }
        proposal->because = 0; /* rules of the old version; the log has the proposal as it was made */
    }
    for (uint32_t i = 0; i < incident->order_count; i++) {
        struct order *order = &incident->orders[i];
        order->by = map_party(from, to, order->by);
        uint16_t old = order->scale;
        order->scale = old == PLAN_NONE ? PLAN_NONE : map_scale(incident, &from->scales[old]);
        if (order->scale != PLAN_NONE) {
            const struct plan_scale *scale = &to->scales[order->scale];
            order->level = map_level(&from->scales[old], scale, order->level);
            order->facts_level = map_level(&from->scales[old], scale, order->facts_level);
            order->facts_may = map_level(&from->scales[old], scale, order->facts_may);
        }
    }
}

/* Orders in force by name; engine_check has seen to it that each has a counterpart. */
static void move_scales(struct incident *incident, const struct plan *from, const struct plan_subject *old_type,
                        const struct scale_state *old) {
    const struct plan *to = incident->edition->plan;
    for (uint16_t i = 0; i < old_type->scale_count; i++) {
        const struct plan_scale *was = &from->scales[old_type->scales[i]];
        uint16_t scale = map_scale(incident, was);
        if (scale == PLAN_NONE) {
            continue;
        }
        struct scale_state *state = &incident->scales[to->scales[scale].position];
        state->order = map_level(was, &to->scales[scale], old[i].order);
        state->ended = old[i].ended && to->scales[scale].reopens_when != PLAN_NO_NODE;
        state->reopening = old[i].reopening;
    }
}

static bool has_been_done(const struct incident *incident, uint16_t template) {
    for (uint32_t i = 0; i < incident->duty_count; i++) {
        if (incident->duties[i].template == template && incident->duties[i].status == ENGINE_DONE_STATUS) {
            return true;
        }
    }
    return false;
}

/* Triggers of the new version whose cause holds. Each raises what is not owed or done already, so also what the new
 * version asks of somebody else; what is no longer asked lapses. */
static void move_triggers(struct engine *engine, struct incident *incident) {
    const struct plan *to = incident->edition->plan;
    belief_fill_box(engine, incident, engine->instant, &engine->box);
    memset(incident->active, 0, sizeof incident->active);
    for (uint32_t i = 0; i < to->trigger_count; i++) {
        const struct plan_trigger *trigger = &to->triggers[i];
        bool active = trigger->kind == PLAN_OPENED;
        bool possible = false;
        if (trigger->subject != incident->subject) {
            continue;
        }
        if (trigger->kind == PLAN_WHILE) {
            decide_condition(incident->edition->program, trigger->condition, &engine->box, &active, &possible);
        } else if (trigger->kind == PLAN_DONE) {
            active = has_been_done(incident, trigger->duty);
        }
        incident->active[i / 64] |= (uint64_t)active << (i % 64);
    }
    for (uint32_t i = 0; i < to->trigger_count && !engine->broken; i++) {
        const struct plan_trigger *trigger = &to->triggers[i];
        bool active = (incident->active[i / 64] >> (i % 64) & 1) != 0;
        for (uint16_t k = 0; k < trigger->duty_count && trigger->kind != PLAN_DONE && !engine->broken; k++) {
            uint16_t template = (uint16_t)(trigger->first_duty + k);
            if (trigger->subject != incident->subject) {
                continue;
            }
            if (!active) {
                duty_end_cause(engine, incident, template);
            } else if (duty_is_replaced(incident, template)) {
                duty_lapse_template(engine, incident, template, ENGINE_REPLACED);
            } else {
                duty_raise(engine, incident, template, 0);
            }
        }
    }
}

void incident_move(struct engine *engine, struct incident *incident, struct edition *edition) {
    const struct plan *from = incident->edition->plan;
    const struct plan_subject *old_type = incident->type;
    struct incident old = *incident;
    uint16_t subject = plan_find_subject(edition->plan, incident->type->name);
    if (incident->edition == edition || subject == PLAN_NONE) {
        return;
    }
    for (uint32_t i = 0; i < incident->proposal_count; i++) {
        proposal_end(engine, incident, i + 1, ENGINE_PROPOSAL_SUPERSEDED, NULL);
    }
    incident->edition = edition;
    incident->subject = subject;
    incident->type = &edition->plan->subjects[subject];
    incident->claims = NULL;
    incident->claim_count = 0;
    incident->claim_room = 0;
    incident->fates = NULL;
    incident->fate_count = 0;
    incident->fate_room = 0;
    if (!make_facts(engine, incident)) { /* the engine is broken; what it holds stays whole */
        *incident = old;
        return;
    }
    engine->plans[incident->number - 1] = edition->plan;
    state_emit(engine, incident, (struct engine_output){.kind = ENGINE_INCIDENT_MOVED});
    move_rest(incident, from);
    move_claims(engine, incident, &old);
    move_scales(incident, from, old_type, old.scales);
    move_duties(engine, incident, from);
    state_free(engine, old.claims, (size_t)old.claim_room * sizeof *old.claims);
    state_free(engine, old.fates, (size_t)old.fate_room * sizeof *old.fates);
    release_facts(engine, &old);
    if (engine->broken) {
        return;
    }
    belief_settle_all(engine, incident);
    uint8_t scales = all_scales(incident);
    belief_fill_box(engine, incident, engine->instant, &engine->box);
    for (uint8_t position = 0; position < incident->type->scale_count; position++) {
        struct decide_level level;
        decide_scale(edition->program, incident->type->scales[position], &engine->box, &level);
        incident->scales[position].level = level.level;
        incident->scales[position].may = level.may;
        incident->scales[position].because = level.because;
        if (level.level != 0 || level.may != 0) {
            state_emit(engine, incident,
                       (struct engine_output){.kind = ENGINE_LEVEL_CHANGED,
                                              .scale = incident->type->scales[position],
                                              .level = level.level,
                                              .may = level.may});
        }
    }
    move_triggers(engine, incident);
    react_settle(engine, incident, all_slots(incident), scales);
}
