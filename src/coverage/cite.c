/* Goes through a plan for everything that cites clauses. */
#include "coverage/cite.h"

struct visit {
    const struct plan *plan;
    void (*take)(void *context, const struct citer *citer);
    void *context;
};

static void visit_cites(const struct visit *visit, const char *kind, struct text name, struct plan_span cites,
                        struct plan_place place) {
    struct citer citer = {CITE_RULES, kind, name, TEXT(""), place.line, cites};
    visit->take(visit->context, &citer);
}

/* The clauses with which an accepted finding collides. */
static void visit_notes(const struct visit *visit, struct plan_span notes) {
    for (uint16_t i = 0; i < notes.count; i++) {
        const struct plan_note *note = &visit->plan->notes[notes.first + i];
        struct citer citer = {CITE_ONLY, "accept", note->kind, TEXT(""), note->place.line, note->with};
        visit->take(visit->context, &citer);
    }
}

static const char *name_party_kind(enum plan_party_kind kind) {
    switch (kind) {
    case PLAN_UNIT:
        return "unit";
    case PLAN_OFFICE:
        return "office";
    case PLAN_TEAM:
        return "team";
    case PLAN_ROLE:
        return "role";
    case PLAN_GROUP:
        return "group";
    case PLAN_CONTACT:
        return "contact";
    case PLAN_COMMAND:
        return "command";
    case PLAN_WORK_GROUP:
        return "work-group";
    }
    return "party";
}

static const char *name_duty_kind(enum plan_duty_kind kind) {
    switch (kind) {
    case PLAN_DUTY:
        return "duty";
    case PLAN_OPTION:
        return "option";
    case PLAN_FORBID:
        return "forbid";
    case PLAN_NOTICE:
        return "notice";
    case PLAN_DECISION:
        return "decision";
    }
    return "duty";
}

static void visit_parties(const struct visit *visit) {
    const struct plan *plan = visit->plan;
    for (uint32_t i = 0; i < plan->party_count; i++) {
        const struct plan_party *party = &plan->parties[i];
        visit_cites(visit, name_party_kind(party->kind), party->name, party->cites, party->place);
        visit_notes(visit, party->notes);
    }
}

static void visit_facts(const struct visit *visit) {
    const struct plan *plan = visit->plan;
    for (uint32_t i = 0; i < plan->subject_count; i++) {
        const struct plan_subject *subject = &plan->subjects[i];
        visit_cites(visit, subject->standing ? "standing" : "incident", subject->name, subject->cites, subject->place);
    }
    for (uint32_t i = 0; i < plan->fact_count; i++) {
        const struct plan_fact *fact = &plan->facts[i];
        visit_cites(visit, "fact", fact->name, fact->cites, fact->place);
        visit_notes(visit, fact->notes);
    }
}

static void visit_scale(const struct visit *visit, const struct plan_scale *scale) {
    const struct plan_span spans[] = {scale->cites,           scale->given_cites, scale->proposed_cites,
                                      scale->automatic_cites, scale->ends_cites,  scale->reopens_cites};
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
        visit_cites(visit, "scale", scale->name, spans[i], scale->place);
    }
    for (uint16_t i = 0; i < scale->orderer_count; i++) {
        visit_cites(visit, "scale", scale->name, scale->orderers[i].cites, scale->orderers[i].place);
    }
    visit_notes(visit, scale->notes);
    for (uint16_t i = 0; i < scale->rule_count; i++) {
        const struct plan_rule *rule = &visit->plan->rules[scale->first_rule + i];
        visit_cites(visit, "rule", scale->levels[rule->level], rule->cites, rule->place);
        visit_notes(visit, rule->notes);
    }
}

static void visit_duties(const struct visit *visit) {
    const struct plan *plan = visit->plan;
    for (uint32_t i = 0; i < plan->trigger_count; i++) {
        visit_cites(visit, "when", TEXT(""), plan->triggers[i].cites, plan->triggers[i].place);
    }
    for (uint32_t i = 0; i < plan->duty_count; i++) {
        const struct plan_duty *duty = &plan->duties[i];
        visit_cites(visit, name_duty_kind(duty->kind), duty->name, duty->cites, duty->place);
        visit_notes(visit, duty->notes);
    }
}

static void visit_commands(const struct visit *visit) {
    const struct plan *plan = visit->plan;
    for (uint32_t i = 0; i < plan->calling_count; i++) {
        const struct plan_calling *calling = &plan->callings[i];
        visit_cites(visit, "calling", calling->name, calling->cites, calling->place);
        visit_notes(visit, calling->notes);
        for (uint16_t call = 0; call < calling->call_count; call++) {
            const struct plan_call *called = &plan->calls[calling->first_call + call];
            visit_cites(visit, "calling", calling->name, called->cites, called->place);
            visit_notes(visit, called->notes);
        }
    }
    for (uint32_t i = 0; i < plan->handling_count; i++) {
        const struct plan_handling *handling = &plan->handlings[i];
        visit_cites(visit, "handling", handling->name, handling->cites, handling->place);
        visit_notes(visit, handling->notes);
        for (uint16_t k = 0; k < handling->step_count; k++) {
            const struct plan_step *step = &plan->steps[handling->first_step + k];
            visit_cites(visit, "step", step->name, step->cites, step->place);
            visit_notes(visit, step->notes);
        }
    }
    for (uint32_t i = 0; i < plan->position_count; i++) {
        const struct plan_position *position = &plan->positions[i];
        visit_cites(visit, "position", position->name, position->cites, position->place);
        visit_notes(visit, position->notes);
    }
}

static void visit_forms(const struct visit *visit) {
    const struct plan *plan = visit->plan;
    for (uint32_t i = 0; i < plan->form_count; i++) {
        const struct plan_form *form = &plan->forms[i];
        visit_cites(visit, "form", form->name, form->cites, form->place);
        visit_notes(visit, form->notes);
        for (uint16_t k = 0; k < form->item_count; k++) {
            const struct plan_form_item *item = &plan->form_items[form->first_item + k];
            visit_cites(visit, "form", form->name, item->cites, item->place);
        }
    }
}

static void visit_prose(const struct visit *visit) {
    const struct plan *plan = visit->plan;
    for (uint32_t i = 0; i < plan->prose_count; i++) {
        const struct plan_prose *prose = &plan->prose[i];
        struct citer citer = {CITE_PROSE, "prose", TEXT(""), prose->reason, prose->place.line, prose->cites};
        visit->take(visit->context, &citer);
    }
    for (uint32_t i = 0; i < plan->finding_count; i++) {
        const struct plan_finding *finding = &plan->findings[i];
        struct citer citer = {CITE_ONLY, "finding", finding->kind, TEXT(""), finding->place.line, finding->cites};
        visit->take(visit->context, &citer);
    }
}

void cite_visit(const struct plan *plan, void (*take)(void *context, const struct citer *citer), void *context) {
    struct visit visit = {plan, take, context};
    visit_parties(&visit);
    visit_facts(&visit);
    for (uint32_t i = 0; i < plan->scale_count; i++) {
        visit_scale(&visit, &plan->scales[i]);
    }
    visit_duties(&visit);
    visit_commands(&visit);
    visit_forms(&visit);
    visit_prose(&visit);
}
