#include "run/explain.h"

#include "run/show.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What is being explained: an incident at a moment. */
struct scene {
    const struct engine *engine;
    const struct plan *plan;
    struct engine_incident_view incident;
    uint32_t number;
};

/* ---- pieces ----------------------------------------------------------------------------------------------- */

static json_t *make_text(struct text text) {
    return json_stringn_nocheck(text.bytes == NULL ? "" : text.bytes, text.length);
}

static json_t *make_optional(struct text text) {
    return text.length == 0 ? json_null() : make_text(text);
}

static json_t *make_instant(const struct scene *scene, int64_t at) {
    char shown[CALENDAR_INSTANT_ROOM];
    if (at == ENGINE_NEVER || at == INT64_MIN || at == 0) {
        return json_null();
    }
    calendar_print_instant(at, scene->plan->zone_minutes, shown);
    return json_string(shown);
}

static json_t *make_party(const struct scene *scene, uint16_t party) {
    return party < scene->plan->party_count ? make_text(scene->plan->parties[party].name) : json_null();
}

static json_t *make_level(const struct plan_scale *scale, uint8_t level) {
    return level == 0 ? json_null() : make_text(scale->levels[level]);
}

static json_t *make_event(uint64_t sequence) {
    return sequence == 0 ? json_null() : json_integer((json_int_t)sequence);
}

static json_t *list_clauses(const struct scene *scene, struct plan_span cites) {
    json_t *list = json_array();
    for (uint16_t i = 0; i < cites.count; i++) {
        (void)json_array_append_new(list, make_text(scene->plan->cites[cites.first + i]));
    }
    return list;
}

static json_t *list_notes(const struct scene *scene, struct plan_span notes) {
    json_t *list = json_array();
    for (uint16_t i = 0; i < notes.count; i++) {
        const struct plan_note *note = &scene->plan->notes[notes.first + i];
        (void)json_array_append_new(list,
                                    json_pack("{s:o, s:o, s:o}", "kind", make_text(note->kind), "with",
                                              list_clauses(scene, note->with), "reason", make_text(note->reason)));
    }
    return list;
}

static json_t *print_condition(const struct scene *scene, uint32_t node) {
    struct buffer shown = {0};
    plan_print_condition(scene->plan, node, &shown);
    json_t *text = make_text(buffer_text(&shown));
    buffer_release(&shown);
    return text;
}

static void set(json_t *object, const char *key, json_t *value) {
    (void)json_object_set_new(object, key, value);
}

static bool enter(const struct engine *engine, uint32_t incident, struct scene *scene, struct failure *failure) {
    *scene = (struct scene){.engine = engine, .number = incident};
    if (!engine_view_incident(engine, incident, &scene->incident)) {
        return failure_set(failure, "there was no incident %" PRIu32 " at that moment", incident);
    }
    scene->plan = scene->incident.plan;
    return true;
}

/* What stands at the head of every explanation. */
static json_t *begin(const struct scene *scene, const char *kind) {
    const struct plan *plan = scene->plan;
    json_t *json = json_object();
    set(json, "explains", json_string(kind));
    set(json, "incident", json_integer(scene->number));
    set(json, "title", make_text(scene->incident.title));
    set(json, "subject", make_text(plan->subjects[scene->incident.subject].name));
    set(json, "plan",
        json_pack("{s:o, s:o, s:o}", "name", make_text(plan->name), "version", make_text(plan->version), "document",
                  make_optional(plan->document)));
    set(json, "at", make_instant(scene, engine_now(scene->engine)));
    return json;
}

static json_t *finish(json_t *json, struct failure *failure) {
    if (json == NULL) {
        (void)failure_set(failure, "memory is exhausted");
    }
    return json;
}

bool explain_find_incident(const struct engine *engine, struct text name, uint32_t *incident, struct failure *failure) {
    uint64_t number = 0;
    bool is_number = name.length > 0 && name.length < 10;
    struct text shown = text_cut(name, 100);
    for (size_t i = 0; i < name.length && is_number; i++) {
        is_number = name.bytes[i] >= '0' && name.bytes[i] <= '9';
        number = number * 10 + (uint64_t)(name.bytes[i] - '0');
    }
    struct engine_incident_view view;
    if (is_number && engine_view_incident(engine, (uint32_t)number, &view)) {
        *incident = (uint32_t)number;
        return true;
    }
    uint32_t found = 0;
    for (uint32_t i = 1; i < engine_next_incident(engine); i++) {
        bool fits = engine_view_incident(engine, i, &view) &&
                    (text_equal(view.title, name) || (view.plan->subjects[view.subject].standing &&
                                                      text_equal(view.plan->subjects[view.subject].name, name)));
        if (fits && found != 0) {
            return failure_set(failure,
                               "incidents %" PRIu32 " and %" PRIu32 " both have the title \"%.*s\"; give a number",
                               found, i, TEXT_PRINT(shown));
        }
        found = fits ? i : found;
    }
    *incident = found;
    return found != 0 || failure_set(failure, "there is no incident \"%.*s\"", TEXT_PRINT(shown));
}

/* ---- facts and claims ------------------------------------------------------------------------------------- */

static json_t *describe_claim(const struct scene *scene, const struct engine_claim_view *claim) {
    static const char *const bases[] = {"unqualified", "observed", "predicted"};
    const struct plan_fact *fact = &scene->plan->facts[claim->fact];
    struct buffer value = {0};
    plan_print_value(scene->plan, claim->fact, claim->low, claim->high, &value);
    json_t *json = json_object();
    set(json, "claim", json_integer(claim->number));
    set(json, "value", make_text(buffer_text(&value)));
    if (fact->type == PLAN_SERIES) {
        char day[CALENDAR_DATE_ROOM];
        calendar_print_date(claim->day, day);
        set(json, "day", json_string(day));
    }
    set(json, "basis", json_string(bases[claim->basis]));
    set(json, "source", make_optional(claim->source));
    set(json, "as_of", make_instant(scene, claim->as_of));
    set(json, "heard_at", make_instant(scene, claim->heard_at));
    set(json, "event", make_event(claim->sequence));
    set(json, "status", json_string(claim->corrected ? "corrected" : claim->withdrawn ? "withdrawn" : "stands"));
    if (claim->replaces != 0) {
        set(json, "corrects", json_integer(claim->replaces));
    }
    if (claim->origin != 0) {
        set(json, "from_incident", json_integer(claim->origin));
    }
    buffer_release(&value);
    return json;
}

/* All claims of a fact, the latest heard first. */
static json_t *list_claims(const struct scene *scene, uint16_t fact) {
    json_t *list = json_array();
    for (uint32_t number = scene->incident.claim_count; number >= 1; number--) {
        struct engine_claim_view claim;
        if (engine_view_claim(scene->engine, scene->number, number, &claim) && claim.fact == fact) {
            (void)json_array_append_new(list, describe_claim(scene, &claim));
        }
    }
    return list;
}

static bool is_known(const struct plan_fact *fact, int64_t low, int64_t high) {
    return fact->type == PLAN_CHOICE ? (low & (low - 1)) == 0 : low == high;
}

/* How long something has run is told in whole seconds: what is known downwards, a range so that it holds the true one. */
static void round_duration(const struct plan_fact *fact, int64_t *low, int64_t *high) {
    if (fact->from == PLAN_NONE) {
        return;
    }
    bool is_single = *low == *high;
    *low -= *low == fact->low ? 0 : *low % CALENDAR_US_PER_SECOND;
    if (is_single) {
        *high = *low;
    } else if (*high != fact->high && *high % CALENDAR_US_PER_SECOND != 0) {
        *high += CALENDAR_US_PER_SECOND - *high % CALENDAR_US_PER_SECOND;
    }
}

/* Where a time's belief ends at the first report, though no claim that stands ends there: at what, and by which claim
 * (none: by the opening). NULL where it does not. */
static json_t *describe_cut(const struct scene *scene, uint16_t index) {
    const struct plan_fact *fact = &scene->plan->facts[index];
    struct engine_claim_view claim;
    uint32_t first = 0;
    int64_t low = 0;
    int64_t high = 0;
    if (!fact->not_after_first || !engine_view_fact(scene->engine, scene->number, index, &low, &high) ||
        high != scene->incident.first_report_at) {
        return NULL;
    }
    for (uint32_t number = scene->incident.claim_count; number >= 1; number--) {
        bool stands =
            engine_view_claim(scene->engine, scene->number, number, &claim) && !claim.corrected && !claim.withdrawn;
        if (stands && claim.fact == index && claim.high == high) {
            return NULL;
        }
        first = stands && claim.as_of == high ? number : first;
    }
    json_t *json = json_object();
    set(json, "at", make_instant(scene, high));
    set(json, "claim", first == 0 || scene->incident.opened_at == high ? json_null() : json_integer(first));
    return json;
}

static json_t *describe_fact(const struct scene *scene, uint16_t index, bool with_claims) {
    const struct plan_fact *fact = &scene->plan->facts[index];
    struct buffer value = {0};
    int64_t low = 0;
    int64_t high = 0;
    json_t *json = json_object();
    set(json, "fact", make_text(fact->name));
    if (fact->type != PLAN_SERIES && engine_view_fact(scene->engine, scene->number, index, &low, &high)) {
        bool known = is_known(fact, low, high);
        round_duration(fact, &low, &high);
        plan_print_value(scene->plan, index, low, high, &value);
        set(json, "value", make_text(buffer_text(&value)));
        set(json, "known", json_boolean(known));
    }
    set(json, "clauses", list_clauses(scene, fact->cites));
    if (fact->from != PLAN_NONE) {
        json_t *sources = json_array();
        (void)json_array_append_new(sources, describe_fact(scene, fact->from, with_claims));
        if (fact->until != PLAN_NONE) {
            (void)json_array_append_new(sources, describe_fact(scene, fact->until, with_claims));
        }
        set(json, "derived_from", sources);
    } else if (with_claims) {
        json_t *cut = describe_cut(scene, index);
        if (cut != NULL) {
            set(json, "cut_off", cut);
        }
        set(json, "claims", list_claims(scene, index));
    }
    buffer_release(&value);
    return json;
}

/* Marks the facts and scales that a condition looks at. */
static void collect_leaves(const struct plan *plan, uint32_t root, bool *facts, bool *scales) {
    const struct plan_node *node = &plan->nodes[root];
    if (node->kind == PLAN_ALL || node->kind == PLAN_ANY) {
        for (uint16_t i = 0; i < node->children.count; i++) {
            collect_leaves(plan, plan->node_lists[node->children.first + i], facts, scales);
        }
        return;
    }
    if (node->kind == PLAN_LEVEL) {
        scales[node->scale] = true;
        return;
    }
    for (uint16_t i = 0; i < node->facts.count; i++) {
        facts[plan->lists[node->facts.first + i]] = true;
    }
}

#define FACTS_ROOM 4096U /* more than a plan's 16-bit fact indexes that one subject can have */
#define SCALES_ROOM 4096U

/* The facts of a condition, in order of declaration. With `only_unknown`, those that are not exactly known. */
static json_t *list_facts(const struct scene *scene, uint32_t node, bool with_claims, bool only_unknown) {
    bool facts[FACTS_ROOM] = {false};
    bool scales[SCALES_ROOM] = {false};
    json_t *list = json_array();
    if (scene->plan->fact_count > FACTS_ROOM || scene->plan->scale_count > SCALES_ROOM) {
        return list;
    }
    collect_leaves(scene->plan, node, facts, scales);
    for (uint32_t i = 0; i < scene->plan->fact_count; i++) {
        int64_t low = 0;
        int64_t high = 0;
        if (!facts[i]) {
            continue;
        }
        bool is_exact = scene->plan->facts[i].type != PLAN_SERIES &&
                        engine_view_fact(scene->engine, scene->number, (uint16_t)i, &low, &high) &&
                        is_known(&scene->plan->facts[i], low, high);
        if (!only_unknown) {
            (void)json_array_append_new(list, describe_fact(scene, (uint16_t)i, with_claims));
        } else if (!is_exact) {
            (void)json_array_append_new(list, make_text(scene->plan->facts[i].name));
        }
    }
    return list;
}

/* ---- scales ----------------------------------------------------------------------------------------------- */

static const char *find_truth(const struct scene *scene, const struct plan_scale *scale, uint32_t node) {
    bool certain = false;
    bool possible = false;
    bool given_certain = true;
    bool given_possible = true;
    if (node == PLAN_NO_NODE) {
        return "holds";
    }
    (void)engine_view_condition(scene->engine, scene->number, node, &certain, &possible);
    if (scale != NULL && scale->given != PLAN_NO_NODE) {
        (void)engine_view_condition(scene->engine, scene->number, scale->given, &given_certain, &given_possible);
    }
    if (certain && given_certain) {
        return "holds";
    }
    return possible && given_possible ? "open" : "false";
}

static json_t *describe_rule(const struct scene *scene, const struct plan_scale *scale, const struct plan_rule *rule,
                             bool in_full) {
    const char *truth = find_truth(scene, scale, rule->condition);
    json_t *json = json_object();
    set(json, "clauses", list_clauses(scene, rule->cites));
    set(json, "level", make_level(scale, rule->level));
    set(json, "condition", print_condition(scene, rule->condition));
    set(json, "truth", json_string(truth));
    set(json, "facts", list_facts(scene, rule->condition, in_full, false));
    if (strcmp(truth, "open") == 0) {
        json_t *unknown = list_facts(scene, rule->condition, false, true);
        if (json_array_size(unknown) == 0 && scale->given != PLAN_NO_NODE) { /* it is the premise that is not known */
            json_decref(unknown);
            unknown = list_facts(scene, scale->given, false, true);
        }
        set(json, "unknown", unknown);
    }
    if (in_full) {
        if (rule->literal != PLAN_NO_NODE) {
            set(json, "literal", print_condition(scene, rule->literal));
        }
        set(json, "notes", list_notes(scene, rule->notes));
    }
    return json;
}

static json_t *describe_order(const struct scene *scene, const struct engine_order_view *order) {
    const struct plan_scale *scale = &scene->plan->scales[order->scale];
    json_t *json = json_object();
    set(json, "order", make_level(scale, order->level));
    set(json, "at", make_instant(scene, order->at));
    set(json, "by", make_party(scene, order->by));
    set(json, "automatic", json_boolean(order->by == PLAN_NONE));
    set(json, "source", make_optional(order->source));
    set(json, "override", json_boolean(order->override));
    set(json, "reason", make_optional(order->reason));
    set(json, "facts_level", make_level(scale, order->facts_level));
    set(json, "facts_may", make_level(scale, order->facts_may));
    set(json, "proposal", order->proposal == 0 ? json_null() : json_integer(order->proposal));
    set(json, "event", make_event(order->sequence));
    return json;
}

static json_t *list_orders(const struct scene *scene, uint16_t scale) {
    json_t *list = json_array();
    for (uint32_t i = scene->incident.order_count; i-- > 0;) {
        struct engine_order_view order;
        if (engine_view_order(scene->engine, scene->number, i, &order) && order.scale == scale) {
            (void)json_array_append_new(list, describe_order(scene, &order));
        }
    }
    return list;
}

/* The clauses on which a proposal rests: the scale's end, or the rules that decided. */
static json_t *list_grounds(const struct scene *scene, const struct plan_scale *scale,
                            const struct engine_proposal_view *view) {
    struct plan_span end = show_end_cites(scene->engine, scene->number, scale, view);
    json_t *list = list_clauses(scene, end);
    for (uint16_t i = 0; end.count == 0 && i < scale->rule_count; i++) {
        if ((view->because & UINT64_C(1) << i) != 0) {
            json_t *more = list_clauses(scene, scene->plan->rules[scale->first_rule + i].cites);
            (void)json_array_extend(list, more);
            json_decref(more);
        }
    }
    return list;
}

static json_t *describe_proposal(const struct scene *scene, const struct engine_proposal_view *view) {
    static const char *const kinds[] = {"raise", "lower", "end"};
    static const char *const statuses[] = {"open", "accepted", "refused", "superseded", "lapsed"};
    const struct plan_scale *scale = &scene->plan->scales[view->scale];
    json_t *json = json_object();
    set(json, "proposal", json_integer(view->number));
    set(json, "scale", make_text(scale->name));
    set(json, "kind", json_string(kinds[view->kind]));
    set(json, "from", make_level(scale, view->from));
    set(json, "to", make_level(scale, view->to));
    set(json, "clauses", list_grounds(scene, scale, view));
    set(json, "status", json_string(statuses[view->status]));
    set(json, "proposed_by", make_party(scene, scale->proposed_by));
    set(json, "raised_at", make_instant(scene, view->raised_at));
    set(json, "due_at", make_instant(scene, view->due_at));
    set(json, "local_setting", make_optional(scale->decide_setting));
    set(json, "overdue", json_boolean(view->overdue));
    set(json, "acknowledged_at", make_instant(scene, view->acknowledged_at));
    set(json, "acknowledged_by", make_optional(view->acknowledger));
    set(json, "ended_at", view->status == ENGINE_PROPOSAL_OPEN ? json_null() : make_instant(scene, view->ended_at));
    set(json, "by", make_party(scene, view->by));
    set(json, "source", make_optional(view->source));
    set(json, "reason", make_optional(view->reason));
    set(json, "event", make_event(view->sequence));
    return json;
}

/* The rules of a scale in three lists: deciding, lower and holding, higher. */
static void list_rules(const struct scene *scene, const struct plan_scale *scale, const struct engine_scale_view *state,
                       json_t *json) {
    json_t *deciding = json_array();
    json_t *lower = json_array();
    json_t *higher = json_array();
    json_t *beside = json_array();
    for (uint16_t i = 0; i < scale->rule_count; i++) {
        const struct plan_rule *rule = &scene->plan->rules[scale->first_rule + i];
        bool holds = strcmp(find_truth(scene, scale, rule->condition), "holds") == 0;
        if ((state->because & UINT64_C(1) << i) != 0) {
            (void)json_array_append_new(deciding, describe_rule(scene, scale, rule, true));
        } else if (rule->level > state->level) {
            (void)json_array_append_new(higher, describe_rule(scene, scale, rule, false));
        } else if (holds) {
            (void)json_array_append_new(lower, describe_rule(scene, scale, rule, false));
        } else if (rule->level == state->level) {
            (void)json_array_append_new(beside, describe_rule(scene, scale, rule, false));
        }
    }
    set(json, "because", deciding);
    set(json, "not_deciding", beside);
    set(json, "lower", lower);
    set(json, "higher", higher);
}

static json_t *describe_given(const struct scene *scene, const struct plan_scale *scale) {
    if (scale->given == PLAN_NO_NODE) {
        return json_null();
    }
    return json_pack("{s:o, s:o, s:s, s:o}", "condition", print_condition(scene, scale->given), "clauses",
                     list_clauses(scene, scale->given_cites), "truth", find_truth(scene, NULL, scale->given), "facts",
                     list_facts(scene, scale->given, true, false));
}

static json_t *describe_end(const struct scene *scene, const struct plan_scale *scale) {
    if (scale->ends_when == PLAN_NO_NODE) {
        return json_null();
    }
    return json_pack("{s:o, s:o, s:s, s:o}", "condition", print_condition(scene, scale->ends_when), "clauses",
                     list_clauses(scene, scale->ends_cites), "truth", find_truth(scene, NULL, scale->ends_when),
                     "facts", list_facts(scene, scale->ends_when, true, false));
}

static void describe_scale(const struct scene *scene, uint16_t index, json_t *json) {
    const struct plan_scale *scale = &scene->plan->scales[index];
    struct engine_scale_view state = {0};
    struct engine_proposal_view proposal;
    (void)engine_view_scale(scene->engine, scene->number, index, &state);
    set(json, "scale", make_text(scale->name));
    set(json, "clauses", list_clauses(scene, scale->cites));
    set(json, "level", make_level(scale, state.level));
    set(json, "may", make_level(scale, state.may));
    set(json, "ordered", json_boolean(scale->ordered));
    if (scale->ordered) {
        set(json, "order", make_level(scale, state.order));
        set(json, "ended", json_boolean(state.ended));
    }
    set(json, "given", describe_given(scene, scale));
    list_rules(scene, scale, &state, json);
    if (scale->ordered) {
        set(json, "ends_when", describe_end(scene, scale));
        set(json, "open_proposal",
            engine_view_proposal(scene->engine, scene->number, state.proposal, &proposal)
                ? describe_proposal(scene, &proposal)
                : json_null());
        set(json, "orders", list_orders(scene, index));
    }
}

json_t *explain_level(const struct engine *engine, uint32_t incident, struct text scale, struct failure *failure) {
    struct scene scene;
    if (!enter(engine, incident, &scene, failure)) {
        return NULL;
    }
    uint16_t index = plan_find_scale(scene.plan, scale);
    if (index == PLAN_NONE || scene.plan->scales[index].subject != scene.incident.subject) {
        char room[SUGGESTION_ROOM];
        struct suggestion suggestion = suggestion_begin(scale);
        plan_suggest_scale(scene.plan, &suggestion);
        (void)failure_set(failure, "the incident has no scale \"%.*s\"%s%s%s", TEXT_PRINT(text_cut(scale, 100)),
                          suggestion.count > 0 ? "; did you mean " : "",
                          suggestion_print(&suggestion, SUGGESTION_QUOTED, room), suggestion.count > 0 ? "?" : "");
        return NULL;
    }
    json_t *json = begin(&scene, "level");
    describe_scale(&scene, index, json);
    return finish(json, failure);
}

/* ---- duties ----------------------------------------------------------------------------------------------- */

static json_t *describe_setting(const struct scene *scene, struct text name) {
    for (uint32_t i = 0; i < scene->plan->setting_count && name.length > 0; i++) {
        const struct plan_setting *setting = &scene->plan->settings[i];
        if (text_equal(setting->name, name)) {
            char value[QUANTITY_ROOM];
            bool is_chinese = show_is_chinese(scene->plan);
            quantity_print_in(QUANTITY_DURATION, setting->value_us, is_chinese, value);
            return json_pack("{s:o, s:s, s:o}", "name", make_text(name), "value", value, "reason",
                             make_text(setting->reason));
        }
    }
    return json_null();
}

static json_t *describe_chain(const struct scene *scene, uint16_t index) {
    if (index == PLAN_NONE) {
        return json_null();
    }
    const struct plan_chain *chain = &scene->plan->chains[index];
    json_t *steps = json_array();
    for (uint16_t i = 0; i < chain->steps.count; i++) {
        (void)json_array_append_new(steps, make_party(scene, scene->plan->lists[chain->steps.first + i]));
    }
    return json_pack("{s:o, s:o, s:o}", "name", make_text(chain->name), "steps", steps, "reason",
                     make_text(chain->reason));
}

static const char *name_status(const struct engine_duty_view *duty) {
    switch (duty->status) {
    case ENGINE_OWED:
        return duty->overdue ? "overdue" : "owed";
    case ENGINE_DONE_STATUS:
        return duty->overdue ? "done late" : "done";
    case ENGINE_DECLINED:
        return "declined";
    case ENGINE_LAPSED:
        break;
    }
    return "lapsed";
}

/* How a duty stands. */
static json_t *describe_duty(const struct scene *scene, const struct engine_duty_view *duty) {
    static const char *const kinds[] = {"duty", "option", "forbid", "notice", "decision"};
    static const char *const lapses[] = {"cause ended", "replaced", "absorbed", "incident ended", "plan moved"};
    json_t *json = json_object();
    set(json, "duty", json_integer(duty->number));
    if (duty->duty != PLAN_NONE) {
        const struct plan_duty *template = &scene->plan->duties[duty->duty];
        set(json, "name", make_text(template->name));
        set(json, "kind", json_string(kinds[template->kind]));
        set(json, "action", make_text(template->action));
        set(json, "clauses", list_clauses(scene, template->cites));
    }
    set(json, "bearer", make_party(scene, duty->bearer));
    set(json, "bearer_role", make_party(scene, duty->bearer_role));
    set(json, "recipient", make_party(scene, duty->recipient));
    set(json, "recipient_role", make_party(scene, duty->recipient_role));
    set(json, "status", json_string(name_status(duty)));
    set(json, "lapse", duty->status == ENGINE_LAPSED ? json_string(lapses[duty->lapse]) : json_null());
    set(json, "since", make_instant(scene, duty->since));
    set(json, "due_at", make_instant(scene, duty->due_at));
    set(json, "notified_at", make_instant(scene, duty->notified_at));
    set(json, "acknowledged_at", make_instant(scene, duty->acknowledged_at));
    set(json, "acknowledged_by", make_optional(duty->acknowledger));
    set(json, "done_at", make_instant(scene, duty->done_at));
    set(json, "ended_at", make_instant(scene, duty->ended_at));
    set(json, "notices", json_integer(duty->step));
    set(json, "breaches", json_integer(duty->breaches));
    set(json, "source", make_optional(duty->source));
    set(json, "proof", make_optional(duty->proof));
    set(json, "event", make_event(duty->sequence));
    return json;
}

/* The scales on whose standing a condition rests, each explained as it stood. */
static json_t *list_scales(const struct scene *scene, uint32_t node) {
    bool facts[FACTS_ROOM] = {false};
    bool scales[SCALES_ROOM] = {false};
    json_t *list = json_array();
    if (scene->plan->fact_count > FACTS_ROOM || scene->plan->scale_count > SCALES_ROOM) {
        return list;
    }
    collect_leaves(scene->plan, node, facts, scales);
    for (uint32_t i = 0; i < scene->plan->scale_count; i++) {
        if (scales[i]) {
            json_t *json = json_object();
            describe_scale(scene, (uint16_t)i, json);
            (void)json_array_append_new(list, json);
        }
    }
    return list;
}

/* What raised a duty: a condition, the opening of the incident, or the doing of another duty. */
static json_t *describe_cause(const struct scene *scene, const struct engine_duty_view *duty) {
    const struct plan_trigger *trigger = &scene->plan->triggers[scene->plan->duties[duty->duty].trigger];
    json_t *json = json_object();
    set(json, "clauses", list_clauses(scene, trigger->cites));
    if (trigger->kind == PLAN_WHILE) {
        set(json, "kind", json_string("condition"));
        set(json, "condition", print_condition(scene, trigger->condition));
        set(json, "truth", json_string(find_truth(scene, NULL, trigger->condition)));
        set(json, "facts", list_facts(scene, trigger->condition, true, false));
        set(json, "scales", list_scales(scene, trigger->condition));
    } else if (trigger->kind == PLAN_OPENED) {
        set(json, "kind", json_string("opening"));
        set(json, "opened_at", make_instant(scene, scene->incident.opened_at));
        set(json, "event", make_event(scene->incident.sequence));
    } else {
        struct engine_duty_view parent;
        set(json, "kind", json_string("done"));
        set(json, "of", make_text(scene->plan->duties[trigger->duty].name));
        set(json, "parent",
            engine_view_duty(scene->engine, scene->number, duty->parent, &parent) ? describe_duty(scene, &parent)
                                                                                  : json_null());
    }
    return json;
}

json_t *explain_duty(const struct engine *then, const struct engine *now, uint32_t incident, uint32_t duty,
                     struct failure *failure) {
    struct scene before;
    struct scene after;
    struct engine_duty_view raised;
    struct engine_duty_view became;
    if (!enter(then, incident, &before, failure) || !enter(now, incident, &after, failure)) {
        return NULL;
    }
    if (!engine_view_duty(then, incident, duty, &raised) || !engine_view_duty(now, incident, duty, &became)) {
        (void)failure_set(failure, "the incident has no duty %" PRIu32, duty);
        return NULL;
    }
    json_t *json = begin(&before, "duty");
    set(json, "raised", describe_duty(&before, &raised));
    if (raised.duty != PLAN_NONE) {
        const struct plan_duty *template = &before.plan->duties[raised.duty];
        set(json, "cause", describe_cause(&before, &raised));
        set(json, "local_setting", describe_setting(&before, template->within_setting));
        set(json, "chain", describe_chain(&before, template->chain));
        set(json, "notes", list_notes(&before, template->notes));
    }
    set(json, "became", describe_duty(&after, &became));
    set(json, "became_at", make_instant(&after, engine_now(now)));
    return finish(json, failure);
}

json_t *explain_proposal(const struct engine *then, const struct engine *now, uint32_t incident, uint32_t proposal,
                         struct failure *failure) {
    struct scene before;
    struct scene after;
    struct engine_proposal_view raised;
    struct engine_proposal_view became;
    if (!enter(then, incident, &before, failure) || !enter(now, incident, &after, failure)) {
        return NULL;
    }
    if (!engine_view_proposal(then, incident, proposal, &raised) ||
        !engine_view_proposal(now, incident, proposal, &became)) {
        (void)failure_set(failure, "the incident has no proposal %" PRIu32, proposal);
        return NULL;
    }
    const struct plan_scale *scale = &before.plan->scales[raised.scale];
    json_t *json = begin(&before, "proposal");
    set(json, "raised", describe_proposal(&before, &raised));
    json_t *reasons = json_object();
    describe_scale(&before, raised.scale, reasons);
    set(json, "reasons", reasons);
    set(json, "local_setting", describe_setting(&before, scale->decide_setting));
    set(json, "chain", describe_chain(&before, scale->chain));
    set(json, "became", describe_proposal(&after, &became));
    set(json, "became_at", make_instant(&after, engine_now(now)));
    return finish(json, failure);
}

/* ---- the whole incident ----------------------------------------------------------------------------------- */

static json_t *list_incident_facts(const struct scene *scene) {
    const struct plan_subject *subject = &scene->plan->subjects[scene->incident.subject];
    json_t *list = json_array();
    for (uint16_t i = 0; i < subject->fact_count; i++) {
        json_t *fact = describe_fact(scene, subject->facts[i], true);
        bool is_said = json_array_size(json_object_get(fact, "claims")) > 0 ||
                       (json_object_get(fact, "derived_from") != NULL && json_is_true(json_object_get(fact, "known")));
        if (is_said) {
            (void)json_array_append(list, fact);
        }
        json_decref(fact);
    }
    return list;
}

static json_t *list_incident_scales(const struct scene *scene) {
    const struct plan_subject *subject = &scene->plan->subjects[scene->incident.subject];
    json_t *list = json_array();
    for (uint16_t i = 0; i < subject->scale_count; i++) {
        const struct plan_scale *scale = &scene->plan->scales[subject->scales[i]];
        struct engine_scale_view state = {0};
        json_t *clauses = json_array();
        (void)engine_view_scale(scene->engine, scene->number, subject->scales[i], &state);
        for (uint16_t k = 0; k < scale->rule_count; k++) {
            struct plan_span cites = scene->plan->rules[scale->first_rule + k].cites;
            for (uint16_t m = 0; (state.because & UINT64_C(1) << k) != 0 && m < cites.count; m++) {
                (void)json_array_append_new(clauses, make_text(scene->plan->cites[cites.first + m]));
            }
        }
        json_t *json =
            json_pack("{s:o, s:o, s:o, s:o}", "scale", make_text(scale->name), "level", make_level(scale, state.level),
                      "may", make_level(scale, state.may), "because", clauses);
        if (scale->ordered) {
            set(json, "order", make_level(scale, state.order));
            set(json, "open_proposal", state.proposal == 0 ? json_null() : json_integer(state.proposal));
        }
        (void)json_array_append_new(list, json);
    }
    return list;
}

static json_t *list_incident_duties(const struct scene *scene) {
    json_t *list = json_array();
    for (uint32_t number = 1; number <= scene->incident.duty_count; number++) {
        struct engine_duty_view duty;
        if (engine_view_duty(scene->engine, scene->number, number, &duty)) {
            (void)json_array_append_new(list, describe_duty(scene, &duty));
        }
    }
    return list;
}

static json_t *list_incident_proposals(const struct scene *scene) {
    json_t *list = json_array();
    for (uint32_t number = 1; number <= scene->incident.proposal_count; number++) {
        struct engine_proposal_view proposal;
        if (engine_view_proposal(scene->engine, scene->number, number, &proposal)) {
            (void)json_array_append_new(list, describe_proposal(scene, &proposal));
        }
    }
    return list;
}

static json_t *list_incident_findings(const struct scene *scene) {
    static const char *const kinds[] = {"role unbound", "chain exhausted", "contradiction", "lost in the move"};
    json_t *list = json_array();
    for (uint32_t number = 1; number <= scene->incident.finding_count; number++) {
        struct engine_finding_view finding;
        if (engine_view_finding(scene->engine, scene->number, number, &finding)) {
            (void)json_array_append_new(
                list, json_pack("{s:I, s:s, s:o, s:o, s:I, s:o, s:o, s:o}", "finding", (json_int_t)number, "kind",
                                kinds[finding.kind], "party", make_party(scene, finding.party), "owner",
                                make_party(scene, finding.owner), "item", (json_int_t)finding.item, "raised_at",
                                make_instant(scene, finding.raised_at), "due_at", make_instant(scene, finding.due_at),
                                "closed_at", make_instant(scene, finding.closed_at)));
        }
    }
    return list;
}

static json_t *list_roles(const struct scene *scene) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < scene->incident.binding_count; i++) {
        uint16_t role = PLAN_NONE;
        uint16_t unit = PLAN_NONE;
        if (engine_view_binding(scene->engine, scene->number, i, &role, &unit)) {
            (void)json_array_append_new(
                list, json_pack("{s:o, s:o}", "role", make_party(scene, role), "unit", make_party(scene, unit)));
        }
    }
    return list;
}

/* Who holds which position of the command bodies that stand now. */
static json_t *list_positions(const struct scene *scene) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < scene->plan->command_count; i++) {
        const struct plan_command *command = &scene->plan->commands[i];
        if (command->subject != scene->incident.subject ||
            strcmp(find_truth(scene, NULL, command->condition), "holds") != 0) {
            continue;
        }
        for (uint32_t k = command->first_position; k < command->first_position + command->position_count; k++) {
            const struct plan_position *position = &scene->plan->positions[k];
            if (strcmp(find_truth(scene, NULL, position->condition), "holds") != 0) {
                continue;
            }
            json_t *holders = json_array();
            for (uint16_t n = 0; n < position->holders.count; n++) {
                (void)json_array_append_new(holders,
                                            make_party(scene, scene->plan->lists[position->holders.first + n]));
            }
            (void)json_array_append_new(
                list,
                json_pack("{s:o, s:o, s:o, s:b, s:o, s:o}", "command", make_party(scene, command->party), "position",
                          make_text(position->name), "holders", holders, "one_serves", position->one_serves, "held_by",
                          make_optional(position->held_by), "clauses", list_clauses(scene, position->cites)));
        }
    }
    return list;
}

json_t *explain_incident(const struct engine *engine, uint32_t incident, struct failure *failure) {
    static const char *const statuses[] = {"open", "merged", "closed"};
    struct scene scene;
    if (!enter(engine, incident, &scene, failure)) {
        return NULL;
    }
    json_t *json = begin(&scene, "incident");
    set(json, "status", json_string(statuses[scene.incident.status]));
    set(json, "merged_into", scene.incident.merged_into == 0 ? json_null() : json_integer(scene.incident.merged_into));
    set(json, "opened_at", make_instant(&scene, scene.incident.opened_at));
    set(json, "first_report_at", make_instant(&scene, scene.incident.first_report_at));
    set(json, "scales", list_incident_scales(&scene));
    set(json, "facts", list_incident_facts(&scene));
    set(json, "roles", list_roles(&scene));
    set(json, "positions", list_positions(&scene));
    set(json, "proposals", list_incident_proposals(&scene));
    set(json, "duties", list_incident_duties(&scene));
    set(json, "findings", list_incident_findings(&scene));
    return finish(json, failure);
}
