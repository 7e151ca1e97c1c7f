/* A plan in force, as a page needs it: what may be opened, facts, scales, parties with their telephones, calling orders. */
#include "desk/match.h"
#include "desk/state.h"
#include "desk/view.h"

#include <inttypes.h>
#include <stdio.h>

static json_t *list_texts(const struct text *texts, uint32_t count) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < count; i++) {
        view_add(list, view_text(texts[i]));
    }
    return list;
}

static json_t *list_subjects(const struct plan *plan) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < plan->subject_count; i++) {
        view_add(list, json_pack("{s:o, s:b}", "name", view_text(plan->subjects[i].name), "standing",
                                 plan->subjects[i].standing));
    }
    return list;
}

static json_t *describe_fact(const struct plan *plan, const struct plan_fact *fact) {
    return json_pack("{s:o, s:o, s:s, s:s, s:o, s:b, s:o, s:b, s:o}", "name", view_text(fact->name), "subject",
                     view_text(plan->subjects[fact->subject].name), "type", view_fact_type(fact), "unit",
                     view_fact_unit(fact), "question", view_text(fact->question), "derived", fact->from != PLAN_NONE,
                     "choices", list_texts(fact->choices, fact->choice_count), "predictable", fact->predictable,
                     "clauses", view_clauses(plan, fact->cites));
}

static json_t *list_facts(const struct plan *plan) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < plan->fact_count; i++) {
        view_add(list, describe_fact(plan, &plan->facts[i]));
    }
    return list;
}

json_t *view_orderers(const struct plan *plan, const struct plan_scale *scale) {
    json_t *list = json_array();
    for (uint16_t i = 0; i < scale->orderer_count; i++) {
        const struct plan_orderer *orderer = &scale->orderers[i];
        json_t *levels = json_array();
        for (uint8_t level = orderer->low == 0 ? 1 : orderer->low; level <= orderer->high; level++) {
            view_add(levels, view_text(scale->levels[level]));
        }
        view_add(list, json_pack("{s:o, s:o, s:b, s:b}", "parties", view_parties(plan, orderer->parties), "levels",
                                 levels, "ends", orderer->low == 0, "raise_only", orderer->raise_only));
    }
    return list;
}

static json_t *list_scales(const struct plan *plan) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < plan->scale_count; i++) {
        const struct plan_scale *scale = &plan->scales[i];
        view_add(list, json_pack("{s:o, s:o, s:o, s:b, s:o}", "name", view_text(scale->name), "subject",
                                 view_text(plan->subjects[scale->subject].name), "levels",
                                 list_texts(&scale->levels[1], scale->level_count), "ordered", scale->ordered,
                                 "orderers", view_orderers(plan, scale)));
    }
    return list;
}

static const char *const party_kinds[] = {
    [PLAN_UNIT] = "unit",   [PLAN_OFFICE] = "office",   [PLAN_TEAM] = "team",       [PLAN_ROLE] = "role",
    [PLAN_GROUP] = "group", [PLAN_CONTACT] = "contact", [PLAN_COMMAND] = "command", [PLAN_WORK_GROUP] = "work-group",
};

/* In the document's own spelling where it has one. */
static json_t *describe_strength(const struct plan_party *party) {
    char shown[24] = "";
    if (party->strength_text.length > 0) {
        return view_text(party->strength_text);
    }
    if (party->kind == PLAN_TEAM && party->strength >= 0) {
        (void)snprintf(shown, sizeof shown, "%" PRId64, party->strength);
    }
    return json_string(shown);
}

/* Of name and aliases, for finding it: no page has a table of pinyin. */
static json_t *describe_initials(const struct plan_party *party) {
    struct buffer all = {0};
    char spelt[320];
    for (uint16_t i = 0; i <= party->alias_count; i++) {
        size_t length = match_write_initials(i == 0 ? party->name : party->aliases[i - 1], spelt, sizeof spelt);
        buffer_print(&all, "%s%.*s", all.length > 0 && length > 0 ? " " : "", (int)length, spelt);
    }
    json_t *initials = view_text(buffer_text(&all));
    buffer_release(&all);
    return initials;
}

static json_t *describe_party(const struct directory *directory, const struct plan *plan, uint16_t index) {
    const struct plan_party *party = &plan->parties[index];
    return json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "name", view_text(party->name), "kind",
                     party_kinds[party->kind], "aliases", list_texts(party->aliases, party->alias_count), "initials",
                     describe_initials(party), "of", view_party(plan, party->of), "held_by", view_text(party->held_by),
                     "members", view_parties(plan, party->members), "strength", describe_strength(party), "phones",
                     desk_list_phones(directory, plan, index), "clauses", view_clauses(plan, party->cites));
}

static json_t *list_parties(const struct directory *directory, const struct plan *plan) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < plan->party_count; i++) {
        view_add(list, describe_party(directory, plan, (uint16_t)i));
    }
    return list;
}

static json_t *list_callings(const struct plan *plan) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < plan->calling_count; i++) {
        const struct plan_calling *calling = &plan->callings[i];
        json_t *calls = json_array();
        for (uint16_t k = 0; k < calling->call_count; k++) {
            const struct plan_call *call = &plan->calls[calling->first_call + k];
            view_add(calls, json_pack("{s:o, s:b, s:o, s:o}", "party", view_text(plan->parties[call->party].name),
                                      "teams_of", call->teams_of, "request", view_text(call->request), "clauses",
                                      view_clauses(plan, call->cites)));
        }
        view_add(list, json_pack("{s:o, s:o}", "name", view_text(calling->name), "calls", calls));
    }
    return list;
}

bool desk_show_plan(struct turn *turn) {
    const struct plan *plan = engine_plan_in_force(turn->engine, turn->request->plan);
    if (plan == NULL) {
        return turn_refuse(turn, DESK_NOT_FOUND, "there is no such plan in force", "没有这个施行中的预案");
    }
    json_t *body = json_object();
    view_set(body, "name", view_text(plan->name));
    view_set(body, "version", view_text(plan->version));
    view_set(body, "title", view_text(plan->title));
    view_set(body, "document", view_text(plan->document));
    view_set(body, "issuer", view_text(plan->issuer));
    view_set(body, "language", view_text(plan->language));
    view_set(body, "zone", view_zone(plan));
    view_set(body, "subjects", list_subjects(plan));
    view_set(body, "facts", list_facts(plan));
    view_set(body, "scales", list_scales(plan));
    view_set(body, "parties", list_parties(turn->desk->directory, plan));
    view_set(body, "callings", list_callings(plan));
    turn->reply->body = body;
    return true;
}
