/* From claims to belief: which range each fact has. */

#include "engine/state.h"

#include <string.h>

static const struct plan_fact *fact_of(const struct incident *incident, uint8_t slot) {
    return &incident->edition->plan->facts[incident->type->facts[slot]];
}

static bool stands(const struct claim *claim) {
    return !claim->corrected && !claim->withdrawn;
}

const struct fate *belief_fate(const struct incident *incident, const struct claim *claim) {
    static const struct fate nothing = {.ended_at = ENGINE_NEVER};
    return claim->fate == 0 ? &nothing : &incident->fates[claim->fate - 1];
}

static int32_t day_of(const struct incident *incident, const struct claim *claim) {
    return belief_fate(incident, claim)->day;
}

/* A claim's fate, to write in. */
static struct fate *open_fate(struct engine *engine, struct incident *incident, struct claim *claim) {
    if (claim->fate == 0) {
        struct fate nothing = *belief_fate(incident, claim);
        if (!state_reserve(engine, (void **)&incident->fates, &incident->fate_room, incident->fate_count,
                           sizeof *incident->fates)) {
            engine->spare_fate = nothing;
            return &engine->spare_fate;
        }
        incident->fates[incident->fate_count++] = nothing;
        claim->fate = incident->fate_count;
    }
    return &incident->fates[claim->fate - 1];
}

static bool is_nothing(const struct fate *fate) {
    return fate->ended_at == ENGINE_NEVER && fate->replaces == 0 && fate->replaced_by == 0 && fate->origin == 0 &&
           fate->day == 0;
}

void belief_strike(struct engine *engine, struct incident *incident, uint32_t number, uint32_t corrected_by,
                   int64_t at) {
    struct claim *claim = &incident->claims[number - 1];
    struct fate *fate = open_fate(engine, incident, claim);
    claim->corrected = claim->corrected || corrected_by != 0;
    claim->withdrawn = claim->withdrawn || corrected_by == 0;
    fate->ended_at = at;
    fate->replaced_by = corrected_by != 0 ? corrected_by : fate->replaced_by;
}

/* What a claim adds to what all older standing ones of its list say together: for facts that never fall their worst
 * bound, for flags since when the answer has been yes without a break. */
static int64_t find_run(const struct plan_fact *fact, const struct claim *claim, int64_t older, bool any_older) {
    if (fact->type == PLAN_FLAG && !fact->never_falls) {
        return claim->low < 1 ? ENGINE_NEVER : any_older && older != ENGINE_NEVER ? older : claim->as_of;
    }
    if (fact->worse < 0) {
        return any_older && older < claim->high ? older : claim->high;
    }
    return any_older && older > claim->low ? older : claim->low;
}

/* The first standing claim from `number` on, towards older ones; 0 none. */
static uint32_t find_standing(const struct incident *incident, uint32_t number) {
    while (number != 0 && !stands(&incident->claims[number - 1])) {
        number = incident->claims[number - 1].older;
    }
    return number;
}

/* Recomputes the runs of a whole list, oldest first: after a claim came in among older ones, or was struck out. */
static void settle_runs(struct incident *incident, uint32_t *head, const struct plan_fact *fact) {
    uint32_t reversed = 0;
    for (uint32_t at = *head; at != 0;) {
        uint32_t older = incident->claims[at - 1].older;
        incident->claims[at - 1].older = reversed;
        reversed = at;
        at = older;
    }
    *head = 0;
    int64_t run = 0;
    bool any = false;
    for (uint32_t at = reversed; at != 0;) {
        struct claim *claim = &incident->claims[at - 1];
        uint32_t newer = claim->older;
        claim->older = *head;
        *head = at;
        if (stands(claim)) {
            run = find_run(fact, claim, run, any);
            any = true;
            claim->run = run;
        }
        at = newer;
    }
}

/* Whether one claim stands before a new one in their list. */
static bool comes_before(const struct claim *claim, const struct claim *new, bool in_place) {
    return claim->as_of > new->as_of || (claim->as_of == new->as_of && (claim->heard_at > new->heard_at || in_place));
}

uint32_t belief_add_claim(struct engine *engine, struct incident *incident, const struct claim *new,
                          const struct fate *fate) {
    if (!state_reserve(engine, (void **)&incident->claims, &incident->claim_room, incident->claim_count,
                       sizeof *incident->claims)) {
        return 0;
    }
    uint32_t number = ++incident->claim_count;
    struct claim *claim = &incident->claims[number - 1];
    *claim = *new;
    claim->older = 0;
    claim->fate = 0;
    if (!is_nothing(fate)) {
        *open_fate(engine, incident, claim) = *fate;
    }
    if (claim->slot == STATE_NO_SLOT) {
        return number;
    }
    const struct plan_fact *fact = fact_of(incident, claim->slot);
    bool predicted = claim->basis == ENGINE_PREDICTED && fact->type != PLAN_SERIES;
    uint32_t *head = predicted ? &incident->latest_predicted[claim->slot] : &incident->latest[claim->slot];
    /* Latest as_of first; of equal ones the claim heard later comes first. A correction stands where the claim stood
     * that it corrects, so that it does not overtake what others have said since of the same moment; one that corrects
     * the moment too stands where that moment belongs. */
    bool in_place = fate->replaces != 0 && incident->claims[fate->replaces - 1].as_of == claim->as_of;
    uint32_t *link = head;
    while (*link != 0 && !(in_place && *link == fate->replaces) &&
           comes_before(&incident->claims[*link - 1], claim, in_place)) {
        link = &incident->claims[*link - 1].older;
    }
    claim->older = *link;
    *link = number;
    if (link != head) {
        settle_runs(incident, head, fact);
    } else {
        uint32_t older = find_standing(incident, claim->older);
        claim->run = find_run(fact, claim, older == 0 ? 0 : incident->claims[older - 1].run, older != 0);
    }
    return number;
}

bool belief_claim_contradicts(const struct incident *incident, uint32_t number) {
    const struct claim *claim = &incident->claims[number - 1];
    if (!stands(claim) || claim->basis == ENGINE_PREDICTED || !fact_of(incident, claim->slot)->never_falls) {
        return false;
    }
    uint32_t older = find_standing(incident, claim->older);
    bool more_is_worse = fact_of(incident, claim->slot)->worse > 0;
    return older != 0 && (more_is_worse ? claim->high < incident->claims[older - 1].run
                                        : claim->low > incident->claims[older - 1].run);
}

uint32_t belief_find_contradiction(const struct incident *incident, uint32_t number) {
    uint32_t found = belief_claim_contradicts(incident, number) ? number : 0;
    uint32_t at = incident->latest[incident->claims[number - 1].slot];
    bool listed = incident->claims[number - 1].basis != ENGINE_PREDICTED;
    for (; listed && at != number && found == 0; at = incident->claims[at - 1].older) {
        found = belief_claim_contradicts(incident, at) ? at : 0;
    }
    return found;
}

/* ---- one fact --------------------------------------------------------------------------------------------- */

struct range {
    int64_t low, high;
};

static struct range whole_range(const struct plan_fact *fact) {
    if (fact->type == PLAN_CHOICE) {
        return (struct range){(int64_t)((UINT64_C(1) << fact->choice_count) - 1), 0};
    }
    return (struct range){fact->low, fact->high};
}

static int64_t larger(int64_t left, int64_t right) {
    return left > right ? left : right;
}

static int64_t smaller(int64_t left, int64_t right) {
    return left < right ? left : right;
}

/* The latest standing claim, from `number` on, that can be as bad as `run`: what never falls is at least that, and a report
 * of less says nothing of how bad it may be. The claim that `run` comes from is one, so there always is one. */
static const struct claim *find_agreeing(const struct incident *incident, uint32_t number, bool more_is_worse,
                                         int64_t run) {
    const struct claim *claim = &incident->claims[number - 1];
    while (more_is_worse ? claim->high < run : claim->low > run) {
        claim = &incident->claims[find_standing(incident, claim->older) - 1];
    }
    return claim;
}

/* The latest standing claim of what is observed; what never falls is at least as bad as any older one has it. */
static struct range find_observed(const struct incident *incident, uint8_t slot, const struct plan_fact *fact) {
    uint32_t number = find_standing(incident, incident->latest[slot]);
    if (number == 0) {
        return whole_range(fact);
    }
    const struct claim *claim = &incident->claims[number - 1];
    if (!fact->never_falls || fact->worse == 0) {
        return (struct range){claim->low, claim->high};
    }
    int64_t run = claim->run;
    claim = find_agreeing(incident, number, fact->worse > 0, run);
    return fact->worse > 0 ? (struct range){larger(run, claim->low), claim->high}
                           : (struct range){claim->low, smaller(run, claim->high)};
}

/* The latest standing prediction; while there is none an unqualified claim speaks for it. */
static struct range find_predicted(const struct incident *incident, uint8_t slot, const struct plan_fact *fact) {
    uint32_t number = find_standing(incident, incident->latest_predicted[slot]);
    if (number == 0) {
        number = find_standing(incident, incident->latest[slot]);
        while (number != 0 && incident->claims[number - 1].basis != ENGINE_UNQUALIFIED) {
            number = find_standing(incident, incident->claims[number - 1].older);
        }
    }
    return number == 0 ? whole_range(fact)
                       : (struct range){incident->claims[number - 1].low, incident->claims[number - 1].high};
}

static struct range find_range(const struct incident *incident, uint8_t slot) {
    const struct plan_fact *fact = fact_of(incident, slot);
    struct range range = find_observed(incident, slot, fact);
    if (fact->predictable) {
        struct range predicted = find_predicted(incident, slot, fact);
        if (fact->worse >= 0) {
            range = (struct range){larger(range.low, predicted.low), larger(range.high, predicted.high)};
        } else {
            range = (struct range){smaller(range.low, predicted.low), smaller(range.high, predicted.high)};
        }
    }
    if (fact->not_after_first && range.high > incident->first_report_at) {
        range.high = incident->first_report_at;
        range.low = smaller(range.low, range.high);
    }
    return range;
}

/* Where the latest run of "yes" of a flag began, if it is certainly yes now. */
static int64_t find_yes_since(const struct incident *incident, uint8_t slot) {
    uint32_t number = find_standing(incident, incident->latest[slot]);
    if (number == 0 || incident->low[slot] < 1) {
        return ENGINE_NEVER;
    }
    const struct plan_fact *fact = fact_of(incident, slot);
    if (!fact->never_falls) {
        return incident->claims[number - 1].run;
    }
    int64_t since = ENGINE_NEVER; /* yes for good from the first yes on */
    for (; number != 0; number = find_standing(incident, incident->claims[number - 1].older)) {
        since = incident->claims[number - 1].low >= 1 ? incident->claims[number - 1].as_of : since;
    }
    return since;
}

/* ---- series ----------------------------------------------------------------------------------------------- */

/* The day that windows look back from: the latest observed one, if that is today or yesterday; else today. */
static int32_t find_anchor(const struct incident *incident, uint8_t slot, int32_t today) {
    int32_t latest = INT32_MIN;
    for (uint32_t at = incident->latest[slot]; at != 0; at = incident->claims[at - 1].older) {
        const struct claim *claim = &incident->claims[at - 1];
        int32_t day = day_of(incident, claim);
        if (stands(claim) && claim->basis != ENGINE_PREDICTED && day <= today && day > latest) {
            latest = day;
        }
    }
    return latest >= today - 1 ? latest : today;
}

static bool settle_series(struct engine *engine, struct incident *incident, uint8_t slot) {
    const struct plan_fact *fact = fact_of(incident, slot);
    uint8_t top = (uint8_t)(fact->choice_count - 1);
    struct decide_series new;
    bool seen_past[DECIDE_DAYS] = {false};
    bool seen_future[DECIDE_DAYS] = {false};
    memset(new.past_low, 0, sizeof new.past_low);
    memset(new.future_low, 0, sizeof new.future_low);
    memset(new.past_high, top, sizeof new.past_high);
    memset(new.future_high, top, sizeof new.future_high);
    int32_t today = calendar_find_day(engine->instant, incident->edition->plan->zone_minutes);
    int32_t anchor = find_anchor(incident, slot, today);
    for (uint32_t at = incident->latest[slot]; at != 0; at = incident->claims[at - 1].older) {
        const struct claim *claim = &incident->claims[at - 1];
        int64_t distance = (int64_t)day_of(incident, claim) - anchor;
        if (!stands(claim)) {
            continue;
        }
        if (claim->basis != ENGINE_PREDICTED && distance <= 0 && -distance < DECIDE_DAYS && !seen_past[-distance]) {
            seen_past[-distance] = true;
            new.past_low[-distance] = (uint8_t)claim->low;
            new.past_high[-distance] = (uint8_t)claim->high;
        } else if (claim->basis == ENGINE_PREDICTED && distance > 0 && distance <= DECIDE_DAYS &&
                   !seen_future[distance - 1]) {
            seen_future[distance - 1] = true;
            new.future_low[distance - 1] = (uint8_t)claim->low;
            new.future_high[distance - 1] = (uint8_t)claim->high;
        }
    }
    struct decide_series *series = &incident->series[slot];
    if (memcmp(series, &new, sizeof new) == 0) {
        return false;
    }
    *series = new;
    return true;
}

uint64_t belief_turn_day(struct engine *engine, struct incident *incident) {
    uint64_t changed = 0;
    for (uint64_t rest = incident->edition->series_slots[incident->subject]; rest != 0; rest &= rest - 1) {
        uint8_t slot = (uint8_t)__builtin_ctzll(rest);
        if (settle_series(engine, incident, slot)) {
            changed |= UINT64_C(1) << slot;
        }
    }
    return changed;
}

/* ---- all together ----------------------------------------------------------------------------------------- */

/* Derived facts that hang on a fact: where they stop, and that they have changed. */
static uint64_t settle_derived(struct incident *incident, uint8_t slot) {
    uint64_t changed = 0;
    const struct plan *plan = incident->edition->plan;
    for (uint64_t rest = incident->edition->derived_slots[incident->subject]; rest != 0; rest &= rest - 1) {
        uint8_t derived = (uint8_t)__builtin_ctzll(rest);
        const struct plan_fact *fact = fact_of(incident, derived);
        if (plan->facts[fact->from].slot == slot) {
            changed |= UINT64_C(1) << derived;
        }
        if (fact->until != PLAN_NONE && plan->facts[fact->until].slot == slot) {
            incident->stopped_at[derived] = find_yes_since(incident, slot);
            changed |= UINT64_C(1) << derived;
        }
    }
    return changed;
}

/* The first report is the earliest sighting that anything standing speaks of. Returns true when it has moved. */
static bool settle_first_report(struct incident *incident) {
    int64_t first = incident->seen_at;
    for (uint32_t i = 0; i < incident->claim_count; i++) {
        const struct claim *claim = &incident->claims[i];
        if (stands(claim) && fact_of(incident, claim->slot)->type != PLAN_SERIES && claim->as_of < first) {
            first = claim->as_of;
        }
    }
    bool moved = first != incident->first_report_at;
    incident->first_report_at = first;
    return moved;
}

static uint64_t settle_one(struct engine *engine, struct incident *incident, uint8_t slot) {
    if (fact_of(incident, slot)->type == PLAN_SERIES) {
        incident->turn_rescan = true; /* which days are spoken of decides whether a change of day matters */
        return settle_series(engine, incident, slot) ? UINT64_C(1) << slot : 0;
    }
    struct range range = find_range(incident, slot);
    uint64_t bit = UINT64_C(1) << slot;
    uint64_t hangs =
        (incident->edition->stopping_slots[incident->subject] | incident->edition->starting_slots[incident->subject]) &
        bit;
    bool same = range.low == incident->low[slot] && range.high == incident->high[slot];
    incident->low[slot] = range.low;
    incident->high[slot] = range.high;
    /* A stopping flag may keep its value and yet have begun earlier. */
    uint64_t changed = hangs != 0 ? settle_derived(incident, slot) : 0;
    incident->turn_rescan = incident->turn_rescan || hangs != 0;
    return changed | (same ? 0 : bit);
}

uint64_t belief_settle(struct engine *engine, struct incident *incident, uint8_t slot, int64_t as_of, bool struck) {
    if (struck) {
        settle_runs(incident, &incident->latest[slot], fact_of(incident, slot));
        settle_runs(incident, &incident->latest_predicted[slot], fact_of(incident, slot));
    }
    uint64_t changed = settle_one(engine, incident, slot);
    uint64_t first_slots = incident->edition->first_report_slots[incident->subject];
    /* Only a claim older than all before it, or the oldest one struck out, can move the first report. */
    bool oldest = struck ? as_of <= incident->first_report_at : as_of < incident->first_report_at;
    if (oldest && settle_first_report(incident)) {
        for (uint64_t rest = first_slots; rest != 0; rest &= rest - 1) {
            changed |= settle_one(engine, incident, (uint8_t)__builtin_ctzll(rest));
        }
    }
    return changed;
}

uint64_t belief_settle_all(struct engine *engine, struct incident *incident) {
    uint64_t changed = 0;
    incident->turn_rescan = true;
    settle_first_report(incident);
    for (uint16_t slot = 0; slot < incident->type->fact_count; slot++) {
        const struct plan_fact *fact = fact_of(incident, (uint8_t)slot);
        if (fact->from == PLAN_NONE) {
            settle_runs(incident, &incident->latest[slot], fact);
            settle_runs(incident, &incident->latest_predicted[slot], fact);
            changed |= settle_one(engine, incident, (uint8_t)slot);
        }
    }
    return changed | incident->edition->derived_slots[incident->subject];
}

static int64_t elapsed(int64_t from, int64_t to, int64_t unknown) {
    int64_t passed = 0;
    if (from == INT64_MIN || from == INT64_MAX || __builtin_sub_overflow(to, from, &passed)) {
        return unknown;
    }
    return passed < 0 ? 0 : passed;
}

void belief_find_derived(const struct incident *incident, uint8_t slot, int64_t instant, int64_t *low, int64_t *high) {
    const struct plan_fact *fact = fact_of(incident, slot);
    uint8_t from = incident->edition->plan->facts[fact->from].slot;
    int64_t end = incident->stopped_at[slot] < instant ? incident->stopped_at[slot] : instant;
    *low = elapsed(incident->high[from], end, 0);
    *high = elapsed(incident->low[from], end, fact->high);
}

void belief_fill_box(const struct engine *engine, const struct incident *incident, int64_t instant,
                     struct decide_box *box) {
    size_t size = incident->type->fact_count * sizeof *box->low;
    (void)engine;
    box->plan = incident->edition->plan;
    box->subject = incident->subject;
    memcpy(box->low, incident->low, size);
    memcpy(box->high, incident->high, size);
    for (uint64_t rest = incident->edition->derived_slots[incident->subject]; rest != 0; rest &= rest - 1) {
        uint8_t slot = (uint8_t)__builtin_ctzll(rest);
        belief_find_derived(incident, slot, instant, &box->low[slot], &box->high[slot]);
    }
    for (uint64_t rest = incident->edition->series_slots[incident->subject]; rest != 0; rest &= rest - 1) {
        uint8_t slot = (uint8_t)__builtin_ctzll(rest);
        box->series[slot] = &incident->series[slot];
    }
    for (uint16_t i = 0; i < incident->type->scale_count; i++) {
        bool ordered = incident->edition->plan->scales[incident->type->scales[i]].ordered;
        const struct scale_state *state = &incident->scales[i];
        box->level_low[i] = ordered ? state->order : state->level;
        box->level_high[i] = ordered ? state->order : state->may;
    }
}

/* First instant after `instant` at which start + bound lies, over a fact's thresholds. */
static int64_t next_crossing(const struct decide_program *program, uint16_t subject, uint8_t slot, int64_t start,
                             int64_t instant) {
    if (start == INT64_MIN || start == INT64_MAX) {
        return ENGINE_NEVER;
    }
    for (uint32_t i = program->threshold_first[subject]; i < program->threshold_first[subject + 1]; i++) {
        int64_t at = 0;
        if (program->thresholds[i].slot == slot && !__builtin_add_overflow(start, program->thresholds[i].bound, &at) &&
            at > instant) {
            return at;
        }
    }
    return ENGINE_NEVER;
}

static int64_t next_day_turn(const struct incident *incident, int64_t instant) {
    int32_t zone = incident->edition->plan->zone_minutes;
    if (incident->edition->series_slots[incident->subject] == 0) {
        return ENGINE_NEVER;
    }
    int32_t today = calendar_find_day(instant, zone);
    for (uint64_t rest = incident->edition->series_slots[incident->subject]; rest != 0; rest &= rest - 1) {
        uint8_t slot = (uint8_t)__builtin_ctzll(rest);
        for (uint32_t at = incident->latest[slot]; at != 0; at = incident->claims[at - 1].older) {
            const struct claim *claim = &incident->claims[at - 1];
            if (stands(claim) &&
                day_of(incident, claim) > today - DECIDE_DAYS) { /* else it is out of every window already */
                return calendar_start_of_day(today + 1, zone);
            }
        }
    }
    return ENGINE_NEVER;
}

int64_t belief_next_turn(const struct engine *engine, const struct incident *incident, int64_t instant) {
    int64_t next = ENGINE_NEVER;
    const struct plan *plan = incident->edition->plan;
    (void)engine;
    for (uint64_t rest = incident->edition->derived_slots[incident->subject]; rest != 0; rest &= rest - 1) {
        uint8_t slot = (uint8_t)__builtin_ctzll(rest);
        uint8_t from = plan->facts[fact_of(incident, slot)->from].slot;
        if (incident->stopped_at[slot] != ENGINE_NEVER) {
            continue;
        }
        next = smaller(
            next, next_crossing(incident->edition->program, incident->subject, slot, incident->high[from], instant));
        next = smaller(
            next, next_crossing(incident->edition->program, incident->subject, slot, incident->low[from], instant));
    }
    return smaller(next, next_day_turn(incident, instant));
}
