/* Everything about one incident as it stands. */
#include "base/calendar.h"
#include "desk/state.h"
#include "desk/view.h"
#include "run/show.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct scene {
    const struct fold *fold;
    const struct engine *engine;
    const struct plan *plan;
    uint32_t number;
    int64_t at;
    struct engine_incident_view incident;
};

/* ---- facts ------------------------------------------------------------------------------------------------ */

static json_t *print_value(const struct plan *plan, uint16_t fact, int64_t low, int64_t high) {
    struct buffer shown = {0};
    plan_print_value(plan, fact, low, high, &shown);
    json_t *value = shown.failed ? NULL : view_text(buffer_text(&shown));
    buffer_release(&shown);
    return value;
}

/* How long something has run is told in whole minutes: down at the lower end, up at the upper one, so that the range
 * that is shown holds the true one. */
static void round_duration(const struct plan_fact *fact, int64_t *low, int64_t *high) {
    if (fact->from != PLAN_NONE && *low != fact->low) {
        *low -= *low % CALENDAR_US_PER_MINUTE;
    }
    if (fact->from != PLAN_NONE && *high != fact->high && *high % CALENDAR_US_PER_MINUTE != 0) {
        *high += CALENDAR_US_PER_MINUTE - *high % CALENDAR_US_PER_MINUTE;
    }
}

static json_t *list_claims(const struct scene *scene, uint16_t fact) {
    static const char *const bases[] = {"", "observed", "predicted"};
    json_t *list = json_array();
    for (uint32_t number = 1; number <= scene->incident.claim_count; number++) {
        struct engine_claim_view claim;
        if (!engine_view_claim(scene->engine, scene->number, number, &claim) || claim.fact != fact) {
            continue;
        }
        view_add(list,
                 json_pack("{s:I, s:I, s:o, s:s, s:o, s:o, s:o, s:s, s:o}", "number", (json_int_t)number, "sequence",
                           (json_int_t)claim.sequence, "value", print_value(scene->plan, fact, claim.low, claim.high),
                           "basis", bases[claim.basis], "source", view_text(claim.source), "as_of",
                           view_instant(claim.as_of), "heard_at", view_instant(claim.heard_at), "status",
                           claim.corrected   ? "corrected"
                           : claim.withdrawn ? "withdrawn"
                                             : "stands",
                           "replaced_by", view_some_number(claim.replaced_by)));
    }
    return list;
}

/* Without what was claimed of it. */
static json_t *describe_bare_fact(const struct scene *scene, uint16_t index) {
    const struct plan_fact *fact = &scene->plan->facts[index];
    int64_t low = fact->low;
    int64_t high = fact->high;
    bool is_seen =
        fact->type != PLAN_SERIES && engine_view_fact_at(scene->engine, scene->number, index, scene->at, &low, &high);
    round_duration(fact, &low, &high);
    const char *state = view_fact_state(fact, low, high);
    json_t *choices = json_array();
    for (uint16_t i = 0; i < fact->choice_count; i++) {
        view_add(choices, view_text(fact->choices[i]));
    }
    return json_pack("{s:o, s:o, s:o, s:s, s:b, s:s, s:o, s:o}", "name", view_text(fact->name), "from",
                     fact->from == PLAN_NONE ? json_null() : view_text(scene->plan->facts[fact->from].name), "question",
                     view_text(fact->question), "type", view_fact_type(fact), "derived", fact->from != PLAN_NONE,
                     "state", state, "value", is_seen ? print_value(scene->plan, index, low, high) : json_string(""),
                     "choices", choices);
}

static json_t *describe_fact(const struct scene *scene, uint16_t index) {
    json_t *json = describe_bare_fact(scene, index);
    view_set(json, "claims", list_claims(scene, index));
    return json;
}

static json_t *list_facts(const struct scene *scene) {
    const struct plan_subject *subject = &scene->plan->subjects[scene->incident.subject];
    json_t *list = json_array();
    for (uint16_t i = 0; i < subject->fact_count; i++) {
        view_add(list, describe_fact(scene, subject->facts[i]));
    }
    return list;
}

/* ---- scales ----------------------------------------------------------------------------------------------- */

static json_t *describe_rule(const struct plan *plan, const struct plan_scale *scale, uint16_t position) {
    const struct plan_rule *rule = &plan->rules[scale->first_rule + position];
    struct buffer shown = {0};
    plan_print_condition(plan, rule->condition, &shown);
    json_t *json =
        json_pack("{s:i, s:o, s:o, s:o}", "number", position + 1, "level", view_text(scale->levels[rule->level]),
                  "condition", view_text(buffer_text(&shown)), "clauses", view_clauses(plan, rule->cites));
    buffer_release(&shown);
    return json;
}

static json_t *list_rules(const struct plan *plan, const struct plan_scale *scale, uint64_t rules) {
    json_t *list = json_array();
    for (uint16_t i = 0; i < scale->rule_count; i++) {
        if ((rules & UINT64_C(1) << i) != 0) {
            view_add(list, describe_rule(plan, scale, i));
        }
    }
    return list;
}

/* The highest level that some value of a fact leads to: that of the open rules that speak of it. */
static bool speaks_of(const struct plan *plan, uint32_t node, uint16_t fact) {
    const struct plan_node *found = &plan->nodes[node];
    for (uint16_t i = 0; i < found->children.count; i++) {
        if (speaks_of(plan, plan->node_lists[found->children.first + i], fact)) {
            return true;
        }
    }
    for (uint16_t i = 0; i < found->facts.count; i++) {
        uint16_t spoken = plan->lists[found->facts.first + i];
        if (spoken == fact || plan->facts[spoken].from == fact || plan->facts[spoken].until == fact) {
            return true;
        }
    }
    return false;
}

static uint8_t find_reach(const struct plan *plan, const struct plan_scale *scale, uint64_t open, uint16_t fact) {
    uint8_t reach = 0;
    for (uint16_t i = 0; i < scale->rule_count; i++) {
        const struct plan_rule *rule = &plan->rules[scale->first_rule + i];
        if ((open & UINT64_C(1) << i) != 0 && rule->level > reach && speaks_of(plan, rule->condition, fact)) {
            reach = rule->level;
        }
    }
    return reach;
}

/* How a scale stands, and what would tell more of it. */
struct scale_state {
    struct engine_scale_view view;
    struct decide_level level;
    uint8_t slots[PLAN_FACTS_MAX]; /* of the facts to ask for next, most telling first */
    uint32_t count;
};

static struct scale_state find_scale_state(const struct scene *scene, uint16_t index) {
    struct scale_state state = {0};
    const struct decide_program *program = NULL;
    struct decide_box box;
    (void)engine_view_scale(scene->engine, scene->number, index, &state.view);
    if (engine_view_box_at(scene->engine, scene->number, scene->at, &box, &program)) {
        state.count = decide_all(program, index, &box, &state.level, state.slots);
    }
    return state;
}

static json_t *list_questions(const struct scene *scene, uint16_t index, const struct scale_state *state) {
    const struct plan *plan = scene->plan;
    const struct plan_scale *scale = &plan->scales[index];
    json_t *list = json_array();
    for (uint32_t i = 0; i < state->count; i++) {
        uint16_t fact = plan->subjects[scale->subject].facts[state->slots[i]];
        view_add(list, json_pack("{s:o, s:o, s:o}", "fact", view_text(plan->facts[fact].name), "question",
                                 view_text(plan->facts[fact].question), "may_reach",
                                 view_level(scale, find_reach(plan, scale, state->level.open, fact))));
    }
    return list;
}

static json_t *list_level_names(const struct plan_scale *scale) {
    json_t *levels = json_array();
    for (uint8_t i = 1; i <= scale->level_count; i++) {
        view_add(levels, view_text(scale->levels[i]));
    }
    return levels;
}

static json_t *describe_scale(const struct scene *scene, uint16_t index) {
    const struct plan_scale *scale = &scene->plan->scales[index];
    struct scale_state state = find_scale_state(scene, index);
    json_t *json = json_object();
    view_set(json, "name", view_text(scale->name));
    view_set(json, "levels", list_level_names(scale));
    view_set(json, "ordered", json_boolean(scale->ordered));
    view_set(json, "level", view_level(scale, state.view.level));
    view_set(json, "may", view_level(scale, state.view.may));
    view_set(json, "order", view_level(scale, state.view.order));
    view_set(json, "ended", json_boolean(state.view.ended));
    view_set(json, "undetermined", json_boolean(state.view.level == 0 && state.view.may > 0));
    view_set(json, "because", list_rules(scene->plan, scale, state.view.because));
    view_set(json, "open", list_rules(scene->plan, scale, state.level.open));
    view_set(json, "ask", list_questions(scene, index, &state));
    view_set(json, "proposal", state.view.proposal == 0 ? json_null() : view_item(scene->number, state.view.proposal));
    return json;
}

static json_t *list_scales(const struct scene *scene) {
    const struct plan_subject *subject = &scene->plan->subjects[scene->incident.subject];
    json_t *list = json_array();
    for (uint16_t i = 0; i < subject->scale_count; i++) {
        view_add(list, describe_scale(scene, subject->scales[i]));
    }
    return list;
}

/* ---- proposals and orders --------------------------------------------------------------------------------- */

static bool is_listed(const json_t *list, struct text name) {
    size_t index = 0;
    json_t *listed = NULL;
    json_array_foreach((json_t *)list, index, listed) {
        if (text_equal(name, (struct text){json_string_value(listed), json_string_length(listed)})) {
            return true;
        }
    }
    return false;
}

/* Who may order the level that is proposed, each once. */
json_t *desk_list_deciders(const struct plan *plan, const struct plan_scale *scale, uint8_t level) {
    json_t *list = json_array();
    for (uint16_t i = 0; i < scale->orderer_count; i++) {
        const struct plan_orderer *orderer = &scale->orderers[i];
        for (uint16_t k = 0; k < orderer->parties.count && level >= orderer->low && level <= orderer->high; k++) {
            struct text name = plan->parties[plan->lists[orderer->parties.first + k]].name;
            if (!is_listed(list, name)) {
                view_add(list, view_text(name));
            }
        }
    }
    return list;
}

/* On what a proposal to end rests: the scale's own condition, or, without one, that no level holds any more. */
static json_t *describe_end(const struct scene *scene, const struct engine_proposal_view *proposal) {
    const struct plan_scale *scale = &scene->plan->scales[proposal->scale];
    struct buffer shown = {0};
    if (proposal->kind != ENGINE_END) {
        return json_null();
    }
    bool is_own = show_rests_on_end(scene->engine, scene->number, scale, proposal);
    if (is_own) {
        plan_print_condition(scene->plan, scale->ends_when, &shown);
    }
    json_t *json = json_pack("{s:o, s:o}", "condition", view_text(buffer_text(&shown)), "clauses",
                             view_clauses(scene->plan, is_own ? scale->ends_cites : scale->cites));
    buffer_release(&shown);
    return json;
}

static json_t *describe_proposal(const struct scene *scene, const struct engine_proposal_view *proposal) {
    static const char *const kinds[] = {"raise", "lower", "end"};
    static const char *const statuses[] = {"open", "accepted", "refused", "superseded", "lapsed"};
    const struct plan_scale *scale = &scene->plan->scales[proposal->scale];
    json_t *json = json_object();
    view_set(json, "id", view_item(scene->number, proposal->number));
    view_set(json, "scale", view_text(scale->name));
    view_set(json, "kind", json_string(kinds[proposal->kind]));
    view_set(json, "status", json_string(statuses[proposal->status]));
    view_set(json, "from", view_level(scale, proposal->from));
    view_set(json, "to", view_level(scale, proposal->to));
    view_set(json, "level", view_level(scale, proposal->level));
    view_set(json, "may", view_level(scale, proposal->may));
    view_set(json, "because", list_rules(scene->plan, scale, proposal->because));
    view_set(json, "end", describe_end(scene, proposal));
    view_set(json, "raised_at", view_instant(proposal->raised_at));
    view_set(json, "due_at", view_some_instant(proposal->due_at));
    view_set(json, "ended_at", view_some_instant(proposal->ended_at));
    view_set(json, "overdue", json_boolean(proposal->overdue));
    view_set(json, "acknowledged_at", view_some_instant(proposal->acknowledged_at));
    view_set(json, "by", view_party(scene->plan, proposal->by));
    view_set(json, "source", view_text(proposal->source));
    view_set(json, "reason", view_text(proposal->reason));
    view_set(json, "deciders", desk_list_deciders(scene->plan, scale, proposal->to));
    return json;
}

/* What the version that the incident has moved to does not know has no names any more: the log has it. So below. */
static json_t *list_proposals(const struct scene *scene) {
    json_t *list = json_array();
    for (uint32_t number = 1; number <= scene->incident.proposal_count; number++) {
        struct engine_proposal_view proposal;
        if (engine_view_proposal(scene->engine, scene->number, number, &proposal) && proposal.scale != PLAN_NONE) {
            view_add(list, describe_proposal(scene, &proposal));
        }
    }
    return list;
}

static json_t *list_orders(const struct scene *scene) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < scene->incident.order_count; i++) {
        struct engine_order_view order;
        if (!engine_view_order(scene->engine, scene->number, i, &order) || order.scale == PLAN_NONE) {
            continue;
        }
        const struct plan_scale *scale = &scene->plan->scales[order.scale];
        view_add(list, json_pack("{s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o}", "scale", view_text(scale->name),
                                 "level", view_level(scale, order.level), "at", view_instant(order.at), "by",
                                 view_party(scene->plan, order.by), "override", order.override, "facts_level",
                                 view_level(scale, order.facts_level), "facts_may", view_level(scale, order.facts_may),
                                 "source", view_text(order.source), "reason", view_text(order.reason)));
    }
    return list;
}

/* ---- duties, findings, roles ------------------------------------------------------------------------------ */

static json_t *list_means(const struct plan_duty *duty) {
    json_t *list = json_array();
    for (uint16_t i = 0; i < duty->means_count; i++) {
        view_add(list, view_text(duty->means[i]));
    }
    return list;
}

/* By which calendar the deadline is counted: of what the plan says of it the earliest has given it. */
static const char *find_calendar(const struct scene *scene, const struct engine_duty_view *duty) {
    static const char *const periods[] = {"elapsed", "daily", "monthly", "quarterly", "half-yearly", "yearly"};
    const struct plan_duty *said = &scene->plan->duties[duty->duty];
    if (duty->due_at == ENGINE_NEVER) {
        return "";
    }
    if (said->within_us >= 0 && duty->due_at - duty->since == said->within_us) {
        return "elapsed";
    }
    bool is_day =
        said->has_due_day && duty->due_at == calendar_start_of_day(said->due_day + 1, scene->plan->zone_minutes) - 1;
    return is_day ? "day" : periods[said->every];
}

static json_t *describe_duty(const struct scene *scene, const struct engine_duty_view *duty) {
    static const char *const kinds[] = {"duty", "option", "forbid", "notice", "decision"};
    static const char *const statuses[] = {"owed", "done", "declined", "lapsed"};
    static const char *const lapses[] = {"cause-ended", "replaced", "absorbed", "incident-ended", "plan-moved"};
    const struct plan *plan = scene->plan;
    const struct plan_duty *said = &plan->duties[duty->duty];
    json_t *json = json_object();
    view_set(json, "id", view_item(scene->number, duty->number));
    view_set(json, "name", view_text(said->name));
    view_set(json, "kind", json_string(kinds[said->kind]));
    view_set(json, "action", view_text(said->action));
    view_set(json, "bearer", view_party(plan, duty->bearer));
    view_set(json, "bearer_role", view_party(plan, duty->bearer_role));
    view_set(json, "recipient",
             view_party(plan, duty->recipient == PLAN_NONE ? duty->recipient_role : duty->recipient));
    view_set(json, "partners", view_parties(plan, said->partners));
    view_set(json, "means", list_means(said));
    view_set(json, "status", json_string(statuses[duty->status]));
    view_set(json, "lapse", json_string(duty->status == ENGINE_LAPSED ? lapses[duty->lapse] : ""));
    view_set(json, "since", view_instant(duty->since));
    view_set(json, "due_at", view_some_instant(duty->due_at));
    view_set(json, "counted", json_string(find_calendar(scene, duty)));
    view_set(json, "setting", view_text(said->within_setting));
    view_set(json, "notified_at", view_some_instant(duty->notified_at));
    view_set(json, "acknowledged_at", view_some_instant(duty->acknowledged_at));
    view_set(json, "acknowledger", view_text(duty->acknowledger));
    view_set(json, "acknowledged_from",
             view_text(duty->acknowledged_at == ENGINE_NEVER
                           ? (struct text){0}
                           : fold_find_answer(scene->fold, scene->number, duty->number, duty->acknowledged_at)));
    view_set(json, "done_at", view_some_instant(duty->done_at));
    view_set(json, "source", view_text(duty->source));
    view_set(json, "proof", view_text(duty->proof));
    view_set(json, "proof_asked", view_text(said->proof));
    view_set(json, "attachments", desk_list_attachments(scene->fold, scene->number, duty->number));
    view_set(json, "overdue", json_boolean(duty->overdue));
    view_set(json, "step", json_integer(duty->step));
    view_set(json, "breaches", json_integer(duty->breaches));
    view_set(json, "clauses", view_clauses(plan, said->cites));
    return json;
}

static json_t *list_duties(const struct scene *scene) {
    json_t *list = json_array();
    for (uint32_t number = 1; number <= scene->incident.duty_count; number++) {
        struct engine_duty_view duty;
        if (engine_view_duty(scene->engine, scene->number, number, &duty) && duty.duty != PLAN_NONE) {
            view_add(list, describe_duty(scene, &duty));
        }
    }
    return list;
}

/* The claim that a finding is about: what contradicts what was said before, or what a new version does not know. */
static json_t *find_claim(const struct scene *scene, const struct engine_finding_view *finding) {
    struct engine_claim_view claim;
    bool is_claim = finding->kind == ENGINE_CONTRADICTION ||
                    (finding->kind == ENGINE_MOVE_LOST && finding->item_kind != ENGINE_ITEM_DUTY);
    if (!is_claim || !engine_view_claim(scene->engine, scene->number, finding->item, &claim) ||
        claim.fact == PLAN_NONE) {
        return json_null();
    }
    int64_t low = scene->plan->facts[claim.fact].low;
    int64_t high = scene->plan->facts[claim.fact].high;
    (void)engine_view_fact_at(scene->engine, scene->number, claim.fact, scene->at, &low, &high);
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o}", "number", (json_int_t)claim.number, "fact",
                     view_text(scene->plan->facts[claim.fact].name), "value",
                     print_value(scene->plan, claim.fact, claim.low, claim.high), "source", view_text(claim.source),
                     "as_of", view_instant(claim.as_of), "believed", print_value(scene->plan, claim.fact, low, high));
}

static json_t *list_findings(const struct scene *scene) {
    static const char *const kinds[] = {"role-unbound", "chain-exhausted", "contradiction", "move-lost"};
    json_t *list = json_array();
    for (uint32_t number = 1; number <= scene->incident.finding_count; number++) {
        struct engine_finding_view finding;
        if (!engine_view_finding(scene->engine, scene->number, number, &finding)) {
            continue;
        }
        bool has_item = finding.kind == ENGINE_CHAIN_EXHAUSTED && finding.item != 0;
        view_add(list, json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b}", "id",
                                 view_item(scene->number, finding.number), "kind", kinds[finding.kind], "claim",
                                 find_claim(scene, &finding), "party", view_party(scene->plan, finding.party), "owner",
                                 view_party(scene->plan, finding.owner), "item",
                                 has_item ? view_item(scene->number, finding.item) : json_null(), "raised_at",
                                 view_instant(finding.raised_at), "due_at", view_some_instant(finding.due_at),
                                 "closed_at", view_some_instant(finding.closed_at), "overdue", finding.overdue));
    }
    return list;
}

static json_t *list_bound(const struct scene *scene, uint16_t role) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < scene->incident.binding_count; i++) {
        uint16_t bound = PLAN_NONE;
        uint16_t unit = PLAN_NONE;
        if (engine_view_binding(scene->engine, scene->number, i, &bound, &unit) && bound == role) {
            view_add(list, view_party(scene->plan, unit));
        }
    }
    return list;
}

static json_t *list_roles(const struct turn *turn, const struct scene *scene) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < scene->plan->party_count; i++) {
        const struct plan_party *party = &scene->plan->parties[i];
        if (party->kind == PLAN_ROLE) {
            view_add(list, json_pack("{s:o, s:b, s:o, s:o, s:o}", "name", view_text(party->name), "many", party->many,
                                     "units", list_bound(scene, (uint16_t)i), "bound_by",
                                     view_party(scene->plan, party->bound_by), "offered",
                                     desk_list_offers(turn, &scene->incident, (uint16_t)i)));
        }
    }
    return list;
}

/* ---- calls and the log ------------------------------------------------------------------------------------ */

static int compare_numbers(const void *left, const void *right) {
    uint32_t one = *(const uint32_t *)left;
    uint32_t other = *(const uint32_t *)right;
    return one < other ? -1 : one > other;
}

/* By number; the fold has them in the order in which they came to belong to the incident. NULL without memory. */
static json_t *list_calls(const struct turn *turn) {
    const struct fold *fold = turn->desk->fold;
    size_t count = 0;
    const uint32_t *known = fold_find_calls(fold, turn->request->incident, &count);
    struct buffer sorted = {0};
    json_t *list = json_array();
    if (count > 0) {
        buffer_append(&sorted, known, count * sizeof *known);
    }
    if (sorted.failed) {
        json_decref(list);
        return NULL;
    }
    uint32_t *numbers = (uint32_t *)(void *)sorted.bytes;
    if (count > 0) {
        qsort(numbers, count, sizeof *numbers, compare_numbers);
    }
    for (size_t i = 0; i < count; i++) {
        const struct fold_call *call = fold_find_call(fold, numbers[i]);
        if (call != NULL && call->incident == turn->request->incident) {
            view_add(list, desk_describe_call(call));
        }
    }
    buffer_release(&sorted);
    return list;
}

static json_t *list_spoken(const struct turn *turn) {
    const struct fold *fold = turn->desk->fold;
    json_t *list = json_array();
    for (size_t i = 0; i < fold_spoken_count(fold); i++) {
        const struct fold_spoken *spoken = fold_find_spoken(fold, i);
        if (desk_goes_on_in(turn, spoken->incident, turn->request->incident)) {
            view_add(list, desk_describe_spoken(spoken));
        }
    }
    return list;
}

struct timeline {
    json_t *list;
    int64_t wanted;
};

static bool take_record(void *context, const struct store_record *record) {
    struct timeline *timeline = context;
    if (record->sequence == timeline->wanted) {
        view_add(timeline->list, desk_describe_record(record));
    }
    return false;
}

static json_t *list_events(struct turn *turn) {
    size_t count = 0;
    const int64_t *events = fold_find_events(turn->desk->fold, turn->request->incident, &count);
    struct timeline timeline = {.list = json_array()};
    for (size_t i = 0; i < count; i++) {
        struct failure inner = {0};
        timeline.wanted = events[i];
        if (!session_read(turn->desk->session, events[i], take_record, &timeline, &inner)) {
            (void)failure_say(&turn->reply->failure, "%s", "日志无法读取（%s）", inner.message);
            json_decref(timeline.list);
            return NULL;
        }
    }
    return timeline.list;
}

/* ---- one thing of an incident ----------------------------------------------------------------------------- */

static struct scene set_scene(const struct turn *turn, const struct engine_incident_view *incident) {
    return (struct scene){.fold = turn->desk->fold,
                          .engine = turn->engine,
                          .plan = incident->plan,
                          .number = incident->number,
                          .at = turn->request->at,
                          .incident = *incident};
}

json_t *desk_describe_duty(const struct turn *turn, const struct engine_incident_view *incident,
                           const struct engine_duty_view *duty) {
    const struct scene scene = set_scene(turn, incident);
    return describe_duty(&scene, duty);
}

json_t *desk_describe_proposal(const struct turn *turn, const struct engine_incident_view *incident,
                               const struct engine_proposal_view *proposal) {
    const struct scene scene = set_scene(turn, incident);
    return describe_proposal(&scene, proposal);
}

/* ---- all of it -------------------------------------------------------------------------------------------- */

static json_t *describe_incident(struct turn *turn, const struct scene *scene) {
    static const char *const statuses[] = {"open", "merged", "closed"};
    const struct engine_incident_view *incident = &scene->incident;
    json_t *json = json_object();
    view_set(json, "number", json_integer(scene->number));
    view_set(json, "title", desk_describe_title(turn->desk, incident));
    view_set(json, "status", json_string(statuses[incident->status]));
    view_set(json, "merged_into", view_some_number(incident->merged_into));
    view_set(json, "plan", view_text(scene->plan->name));
    view_set(json, "version", view_text(scene->plan->version));
    view_set(json, "language", view_text(scene->plan->language));
    view_set(json, "subject", view_text(scene->plan->subjects[incident->subject].name));
    view_set(json, "opened_at", view_instant(incident->opened_at));
    view_set(json, "first_report_at", view_some_instant(incident->first_report_at));
    view_set(json, "facts", list_facts(scene));
    view_set(json, "steps", view_steps(scene->engine, incident, scene->at));
    view_set(json, "scales", list_scales(scene));
    view_set(json, "proposals", list_proposals(scene));
    view_set(json, "duties", list_duties(scene));
    view_set(json, "findings", list_findings(scene));
    view_set(json, "commands", view_commands(scene->engine, scene->number, scene->plan, incident->subject));
    view_set(json, "roles", list_roles(turn, scene));
    view_set(json, "place", view_text(desk_find_place(turn->desk, incident->number)));
    view_set(json, "forces", desk_describe_forces(turn, incident));
    view_set(json, "orders", list_orders(scene));
    view_set(json, "spoken", list_spoken(turn));
    view_set(json, "calls", list_calls(turn));
    view_set(json, "timeline", list_events(turn));
    return json;
}

static bool find_scene(struct turn *turn, struct scene *scene) {
    struct engine_incident_view incident;
    if (!turn_find_incident(turn, &incident)) {
        return false;
    }
    *scene = set_scene(turn, &incident);
    return true;
}

bool desk_show_incident(struct turn *turn) {
    struct scene scene;
    if (!find_scene(turn, &scene)) {
        return false;
    }
    turn->reply->body = describe_incident(turn, &scene);
    return turn->reply->body != NULL;
}

/* ---- what can be reported and ordered there ----------------------------------------------------------------- */

/* As a scale of the incident, without why: of a thin line only what a form needs is asked. */
static json_t *ask_scale(const struct scene *scene, uint16_t index) {
    const struct plan_scale *scale = &scene->plan->scales[index];
    struct scale_state state = find_scale_state(scene, index);
    json_t *json = json_object();
    view_set(json, "name", view_text(scale->name));
    view_set(json, "levels", list_level_names(scale));
    view_set(json, "ordered", json_boolean(scale->ordered));
    view_set(json, "order", view_level(scale, state.view.order));
    view_set(json, "ask", list_questions(scene, index, &state));
    view_set(json, "orderers", view_orderers(scene->plan, scale));
    return json;
}

bool desk_list_questions(struct turn *turn) {
    struct scene scene;
    if (!find_scene(turn, &scene)) {
        return false;
    }
    const struct plan_subject *subject = &scene.plan->subjects[scene.incident.subject];
    json_t *facts = json_array();
    json_t *scales = json_array();
    for (uint16_t i = 0; i < subject->fact_count; i++) {
        const struct plan_fact *fact = &scene.plan->facts[subject->facts[i]];
        json_t *json = describe_bare_fact(&scene, subject->facts[i]);
        view_set(json, "unit", json_string(view_fact_unit(fact)));
        view_set(json, "predictable", json_boolean(fact->predictable));
        view_add(facts, json);
    }
    for (uint16_t i = 0; i < subject->scale_count; i++) {
        view_add(scales, ask_scale(&scene, subject->scales[i]));
    }
    json_t *body = json_object();
    view_set(body, "number", json_integer(scene.number));
    view_set(body, "facts", facts);
    view_set(body, "scales", scales);
    turn->reply->body = body;
    return body != NULL;
}
