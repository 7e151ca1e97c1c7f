/* The steps in which the plan handles an incident, and how far it has come in them. */
#include "desk/view.h"

/* Whether a step is needed: its condition holds, may hold, or cannot. */
enum need { NEED_NO, NEED_MAYBE, NEED_YES };

struct steps {
    const struct engine *engine;
    const struct plan *plan;
    const struct engine_incident_view *incident;
    int64_t at;
    bool has_current; /* the first one that is needed and not done has been told */
};

static enum need weigh(const struct steps *steps, uint32_t node) {
    bool certain = false;
    bool possible = false;
    if (node == PLAN_NO_NODE) {
        return NEED_YES;
    }
    (void)engine_view_condition(steps->engine, steps->incident->number, node, &certain, &possible);
    return certain ? NEED_YES : possible ? NEED_MAYBE : NEED_NO;
}

/* A range of a quantity or a time is an answer, a choice that is left open is none. That a time is no later than the first
 * report nobody has said. */
static bool is_answered(const struct plan_fact *fact, const char *state, int64_t low) {
    bool is_measured = fact->type == PLAN_QUANTITY || fact->type == PLAN_TIME;
    return *state == 'k' || (*state == 'r' && is_measured && (!fact->not_after_first || low > fact->low));
}

/* Lists the facts that a step asks for; false while one is not answered. */
static bool list_facts(const struct steps *steps, const struct plan_step *step, json_t *list) {
    bool all_answered = true;
    for (uint16_t i = 0; i < step->facts.count; i++) {
        uint16_t index = steps->plan->lists[step->facts.first + i];
        const struct plan_fact *fact = &steps->plan->facts[index];
        int64_t low = fact->low;
        int64_t high = fact->high;
        (void)engine_view_fact_at(steps->engine, steps->incident->number, index, steps->at, &low, &high);
        const char *state = view_fact_state(fact, low, high);
        all_answered = all_answered && is_answered(fact, state, low);
        view_add(list, json_pack("{s:o, s:s}", "name", view_text(fact->name), "state", state));
    }
    return all_answered;
}

/* What has been raised of one duty. */
struct raised {
    json_t *ids;
    uint32_t count, owed;
};

static struct raised find_raised(const struct steps *steps, uint16_t duty) {
    struct raised raised = {.ids = json_array()};
    for (uint32_t number = 1; number <= steps->incident->duty_count; number++) {
        struct engine_duty_view view;
        if (engine_view_duty(steps->engine, steps->incident->number, number, &view) && view.duty == duty) {
            view_add(raised.ids, view_item(steps->incident->number, number));
            raised.count++;
            raised.owed += view.status == ENGINE_OWED ? 1 : 0;
        }
    }
    return raised;
}

/* Lists the duties that a step goes through; false while one is owed, or none has been raised. Of several that stand for
 * one another (one for each level) those that are never raised hold nothing up. */
static bool list_duties(const struct steps *steps, const struct plan_step *step, json_t *list) {
    bool waits = false;
    bool is_raised = false;
    bool is_owed = false;
    for (uint16_t i = 0; i < step->duties.count; i++) {
        uint16_t index = steps->plan->lists[step->duties.first + i];
        const struct plan_duty *duty = &steps->plan->duties[index];
        struct raised raised = find_raised(steps, index);
        if (duty->kind != PLAN_OPTION) {
            waits = true;
            is_raised = is_raised || raised.count > 0;
            is_owed = is_owed || raised.owed > 0;
        }
        view_add(list, json_pack("{s:o, s:o, s:b, s:I}", "name", view_text(duty->name), "ids", raised.ids, "optional",
                                 duty->kind == PLAN_OPTION, "owed", (json_int_t)raised.owed));
    }
    return !waits || (is_raised && !is_owed);
}

static json_t *describe_step(struct steps *steps, const struct plan_step *step) {
    static const char *const needs[] = {"no", "maybe", "yes"};
    json_t *facts = json_array();
    json_t *duties = json_array();
    enum need need = weigh(steps, step->condition);
    bool asked = list_facts(steps, step, facts);
    bool answered = list_duties(steps, step, duties);
    bool is_over = step->until != PLAN_NO_NODE && weigh(steps, step->until) == NEED_YES;
    bool is_done = need != NEED_NO && (is_over || (asked && answered && weigh(steps, step->done_when) == NEED_YES));
    bool is_current = need == NEED_YES && !is_done && !steps->has_current && steps->incident->status == ENGINE_OPENED;
    steps->has_current = steps->has_current || is_current;
    return json_pack("{s:o, s:o, s:s, s:b, s:b, s:o, s:o, s:o}", "name", view_text(step->name), "text",
                     view_text(step->text), "needed", needs[need], "done", is_done, "current", is_current, "facts",
                     facts, "duties", duties, "clauses", view_clauses(steps->plan, step->cites));
}

json_t *view_steps(const struct engine *engine, const struct engine_incident_view *incident, int64_t at) {
    struct steps steps = {.engine = engine, .plan = incident->plan, .incident = incident, .at = at};
    json_t *list = json_array();
    for (uint32_t i = 0; i < steps.plan->handling_count; i++) {
        const struct plan_handling *handling = &steps.plan->handlings[i];
        for (uint16_t k = 0; handling->subject == incident->subject && k < handling->step_count; k++) {
            view_add(list, describe_step(&steps, &steps.plan->steps[handling->first_step + k]));
        }
    }
    return list;
}
