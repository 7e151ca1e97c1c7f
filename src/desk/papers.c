/* Documents of an incident: which forms of its plan are due, and drafts of them. */
#include "desk/papers.h"

#include "base/calendar.h"
#include "desk/view.h"
#include "paper/paper.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- forms ------------------------------------------------------------------------------------------------ */

bool papers_find_form(struct turn *turn, const struct engine_incident_view *incident, const char *field,
                      struct text name, uint32_t *form) {
    const struct plan *plan = incident->plan;
    for (*form = 0; *form < plan->form_count; (*form)++) {
        if (plan->forms[*form].subject == incident->subject && text_equal(plan->forms[*form].name, name)) {
            return true;
        }
    }
    (void)failure_say_field(&turn->reply->failure, field, "the plan has no form \"%.*s\" for this incident",
                            "预案里没有用于这一事件的文书“%.*s”", TEXT_PRINT(text_cut(name, 100)));
    return turn_refuse_as_set(turn, field[0] == '\0' ? DESK_NOT_FOUND : DESK_REFUSED);
}

bool papers_serves(const struct plan *plan, const struct plan_form *form, uint16_t duty) {
    for (uint16_t i = 0; i < form->duties.count; i++) {
        if (plan->lists[form->duties.first + i] == duty) {
            return true;
        }
    }
    return false;
}

/* ---- to whom ---------------------------------------------------------------------------------------------- */

static void add_once(const struct plan *plan, uint16_t party, json_t *list) {
    size_t index = 0;
    json_t *listed = NULL;
    if (party >= plan->party_count) {
        return;
    }
    json_array_foreach(list, index, listed) {
        if (text_equals_string(plan->parties[party].name, json_string_value(listed))) {
            return;
        }
    }
    view_add(list, view_text(plan->parties[party].name));
}

static void add_parties(const struct plan *plan, struct plan_list parties, json_t *list) {
    for (uint16_t i = 0; i < parties.count; i++) {
        add_once(plan, plan->lists[parties.first + i], list);
    }
}

static void add_deciders(const struct plan *plan, uint16_t index, json_t *list) {
    for (uint16_t i = 0; index != PLAN_NONE && i < plan->scales[index].orderer_count; i++) {
        if (!plan->scales[index].orderers[i].raise_only) {
            add_parties(plan, plan->scales[index].orderers[i].parties, list);
        }
    }
}

json_t *papers_list_addressees(const struct turn *turn, const struct engine_incident_view *incident,
                               const struct plan_form *form) {
    json_t *list = json_array();
    for (uint32_t number = 1; number <= incident->duty_count; number++) {
        struct engine_duty_view duty;
        if (engine_view_duty(turn->engine, incident->number, number, &duty) &&
            papers_serves(incident->plan, form, duty.duty) && duty.status != ENGINE_LAPSED) {
            add_once(incident->plan, duty.recipient, list);
        }
    }
    add_deciders(incident->plan, form->scale, list);
    add_parties(incident->plan, form->recipients, list);
    return list;
}

/* ---- what is due ------------------------------------------------------------------------------------------ */

/* A list of what stands between the separators. */
static json_t *split_words(struct text words, char separator) {
    json_t *list = json_array();
    while (words.length > 0) {
        const char *end = memchr(words.bytes, separator, words.length);
        size_t length = end == NULL ? words.length : (size_t)(end - words.bytes);
        if (length > 0) {
            view_add(list, view_text((struct text){words.bytes, length}));
        }
        size_t taken = length + (end == NULL ? 0 : 1);
        words = (struct text){words.bytes + taken, words.length - taken};
    }
    return list;
}

/* What of a form is still to be done. */
struct dues {
    json_t *duties;
    uint32_t open;
    int64_t due_at; /* the soonest; ENGINE_NEVER */
    bool overdue;
};

static void note_due(struct dues *dues, int64_t due_at, bool overdue) {
    dues->open++;
    dues->due_at = due_at < dues->due_at ? due_at : dues->due_at;
    dues->overdue = dues->overdue || overdue;
}

static void add_duties(const struct turn *turn, const struct engine_incident_view *incident,
                       const struct plan_form *form, struct dues *dues) {
    static const char *const states[] = {"owed", "done", "declined", "lapsed"};
    const struct plan *plan = incident->plan;
    for (uint32_t number = 1; number <= incident->duty_count; number++) {
        struct engine_duty_view duty;
        if (!engine_view_duty(turn->engine, incident->number, number, &duty) || !papers_serves(plan, form, duty.duty)) {
            continue;
        }
        if (dues->duties != NULL) {
            view_add(dues->duties,
                     json_pack("{s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:b, s:b}", "id",
                               view_item(incident->number, number), "name", view_text(plan->duties[duty.duty].name),
                               "bearer", view_party(plan, duty.bearer), "recipient", view_party(plan, duty.recipient),
                               "status", states[duty.status], "due_at", view_some_instant(duty.due_at), "done_at",
                               view_some_instant(duty.done_at), "overdue", duty.overdue, "optional",
                               plan->duties[duty.duty].kind == PLAN_OPTION));
        }
        if (duty.status == ENGINE_OWED && plan->duties[duty.duty].kind != PLAN_OPTION) {
            note_due(dues, duty.due_at, duty.overdue);
        }
    }
}

/* The open proposal that a form puts before who decides. */
static json_t *find_proposal(const struct turn *turn, const struct engine_incident_view *incident,
                             const struct plan_form *form, struct dues *dues) {
    struct engine_scale_view scale = {0};
    struct engine_proposal_view proposal;
    if (form->scale == PLAN_NONE || !engine_view_scale(turn->engine, incident->number, form->scale, &scale) ||
        scale.proposal == 0 || !engine_view_proposal(turn->engine, incident->number, scale.proposal, &proposal)) {
        return json_null();
    }
    note_due(dues, proposal.due_at, proposal.overdue);
    return view_item(incident->number, proposal.number);
}

static json_t *describe_dispatch(const struct dispatch *dispatch) {
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "sequence", (json_int_t)dispatch->sequence,
                     "party", view_text(dispatch->party), "way", view_text(dispatch->way), "as_of",
                     view_instant(dispatch->as_of), "spoken_with", view_text(dispatch->spoken_with), "phone",
                     view_text(dispatch->phone), "note", view_text(dispatch->note), "attachments",
                     split_words(dispatch->attachments, ' '), "duty",
                     dispatch->duty == 0 ? json_null() : view_item(dispatch->incident, dispatch->duty), "actor",
                     view_text(dispatch->actor));
}

/* How one document went out, or (0) the script of a form. */
static json_t *list_dispatches(const struct turn *turn, uint32_t incident, int64_t document, struct text form) {
    const struct documents *documents = turn->desk->documents;
    json_t *list = json_array();
    for (size_t i = 0; i < documents_dispatch_count(documents); i++) {
        const struct dispatch *dispatch = documents_dispatch_at(documents, i);
        if (dispatch->incident == incident && dispatch->document == document && text_equal(dispatch->form, form)) {
            view_add(list, describe_dispatch(dispatch));
        }
    }
    return list;
}

static json_t *describe_signed(const struct turn *turn, const struct document *document) {
    const struct document *successor = documents_find_successor(turn->desk->documents, document->sequence);
    const struct fold_spoken *spoken = fold_find_spoken_of(turn->desk->fold, document->sequence);
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:o, s:o, s:o, s:o, s:o}",
                     "document", (json_int_t)document->sequence, "title", view_text(document->title), "at",
                     view_instant(document->at), "office", view_text(document->office), "signer",
                     view_text(document->signer), "phone", view_some_text(document->phone), "spoken",
                     spoken == NULL ? json_null() : desk_describe_spoken(spoken), "actor", view_text(document->actor),
                     "head", view_text(document->head), "sha256", view_text(document->sha256), "bytes",
                     (json_int_t)document->bytes, "pages", (json_int_t)document->pages, "addressees",
                     split_words(document->addressees, '\n'), "missing", split_words(document->missing, ' '),
                     "dispatches", list_dispatches(turn, document->incident, document->sequence, document->form),
                     "replaces", view_some_number(document->replaces), "replaced_by",
                     view_some_number(successor == NULL ? 0 : successor->sequence));
}

static json_t *list_signed(const struct turn *turn, uint32_t incident, struct text form) {
    const struct documents *documents = turn->desk->documents;
    json_t *list = json_array();
    for (size_t i = 0; i < documents_count(documents); i++) {
        const struct document *document = documents_at(documents, i);
        if (document->incident == incident && text_equal(document->form, form)) {
            view_add(list, describe_signed(turn, document));
        }
    }
    return list;
}

static json_t *describe_form(const struct turn *turn, const struct engine_incident_view *incident,
                             const struct plan_form *form) {
    struct dues dues = {.duties = json_array(), .due_at = ENGINE_NEVER};
    add_duties(turn, incident, form, &dues);
    json_t *proposal = find_proposal(turn, incident, form, &dues);
    return json_pack("{s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:b, s:o, s:o, s:o}", "form", view_text(form->name),
                     "spoken", form->spoken, "clauses", view_clauses(incident->plan, form->cites), "signers",
                     view_parties(incident->plan, form->signers), "addressees",
                     papers_list_addressees(turn, incident, form), "duties", dues.duties, "proposal", proposal, "open",
                     (json_int_t)dues.open, "due_at", view_some_instant(dues.due_at), "overdue", dues.overdue, "signed",
                     list_signed(turn, incident->number, form->name), "dispatches",
                     list_dispatches(turn, incident->number, 0, form->name), "submitted",
                     papers_describe_submitted(turn, incident->number, form->name));
}

int64_t papers_find_due(const struct turn *turn, const struct engine_incident_view *incident,
                        const struct plan_form *form, bool *overdue) {
    struct dues dues = {.due_at = ENGINE_NEVER}; /* no list of them */
    add_duties(turn, incident, form, &dues);
    json_decref(find_proposal(turn, incident, form, &dues));
    *overdue = dues.overdue;
    return dues.due_at;
}

json_t *papers_split_names(struct text names) {
    return split_words(names, '\n');
}

json_t *papers_list(const struct turn *turn, const struct engine_incident_view *incident) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < incident->plan->form_count; i++) {
        if (incident->plan->forms[i].subject == incident->subject) {
            view_add(list, describe_form(turn, incident, &incident->plan->forms[i]));
        }
    }
    return list;
}

bool desk_list_documents(struct turn *turn) {
    struct engine_incident_view incident;
    if (!turn_find_incident(turn, &incident)) {
        return false;
    }
    turn->reply->body = json_pack("{s:o}", "documents", papers_list(turn, &incident));
    return turn->reply->body != NULL;
}

/* ---- drafts ----------------------------------------------------------------------------------------------- */

static enum paper_force_state find_state(const char *word) {
    static const struct {
        const char *word;
        enum paper_force_state state;
    } states[] = {{"no-answer", PAPER_FORCE_NO_ANSWER}, {"declined", PAPER_FORCE_DECLINED},
                  {"coming", PAPER_FORCE_COMING},       {"set-out", PAPER_FORCE_COMING},
                  {"arrived", PAPER_FORCE_THERE},       {"released", PAPER_FORCE_RELEASED}};
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (strcmp(word, states[i].word) == 0) {
            return states[i].state;
        }
    }
    return PAPER_FORCE_CALLED;
}

/* The forces as the incident shows them; their names are borrowed from that. */
static void collect_forces(const json_t *shown, struct buffer *forces) {
    size_t index = 0;
    json_t *party = NULL;
    json_array_foreach(json_object_get(shown, "parties"), index, party) {
        const json_t *name = json_object_get(party, "party");
        const char *word = json_string_value(json_object_get(party, "state"));
        const char *since = json_string_value(json_object_get(party, "since"));
        struct paper_force force = {.party = {json_string_value(name), json_string_length(name)}};
        if (word == NULL || strcmp(word, "none") == 0 || since == NULL ||
            !calendar_parse_instant(text_of(since), 0, &force.since, NULL)) {
            continue; /* all that was said of it was taken back */
        }
        force.state = find_state(word);
        force.people = (uint32_t)json_integer_value(json_object_get(party, "people"));
        buffer_append(forces, &force, sizeof force);
    }
}

/* What was said of the forces, one by one; their names are borrowed. */
static bool collect_steps(const struct turn *turn, uint32_t incident, struct buffer *steps) {
    struct buffer entries = {0};
    bool good = desk_collect_forces(turn, incident, &entries);
    const struct force_entry *const *list = (const struct force_entry *const *)(const void *)entries.bytes;
    for (size_t i = 0; good && i < entries.length / sizeof(const struct force_entry *); i++) {
        if (list[i]->replaced_by == 0 && forces_step_word(list[i]->step) != NULL) {
            const struct paper_force step = {.party = list[i]->party,
                                             .state = find_state(forces_step_word(list[i]->step)),
                                             .people = list[i]->people,
                                             .since = list[i]->as_of};
            buffer_append(steps, &step, sizeof step);
        }
    }
    buffer_release(&entries);
    return good && !steps->failed;
}

/* Who was bound to which role, in the incident and in those that go on in it; the names are borrowed. */
static bool collect_bindings(const struct turn *turn, uint32_t incident, struct buffer *bindings) {
    const struct fold *fold = turn->desk->fold;
    for (size_t i = 0; i < fold_binding_count(fold); i++) {
        const struct fold_binding *binding = fold_find_binding(fold, i);
        if (desk_goes_on_in(turn, binding->incident, incident)) {
            const struct paper_binding bound = {
                .role = binding->role, .unit = binding->unit, .at = binding->at, .ends = binding->ends};
            buffer_append(bindings, &bound, sizeof bound);
        }
    }
    return !bindings->failed;
}

/* What a draft is made from beside the engine, gathered once for all drafts of a request. */
struct gathered {
    struct buffer forces, steps; /* of struct paper_force */
    struct buffer bindings;      /* of struct paper_binding */
    json_t *shown;               /* holds the forces' names */
    struct paper_surroundings around;
};

static void release_gathered(struct gathered *gathered) {
    buffer_release(&gathered->forces);
    buffer_release(&gathered->steps);
    buffer_release(&gathered->bindings);
    json_decref(gathered->shown);
}

/* Refuses when memory is exhausted. Whoever calls releases it in any case. */
static bool gather(struct turn *turn, const struct engine_incident_view *incident, struct gathered *gathered) {
    *gathered = (struct gathered){.shown = desk_describe_forces(turn, incident)};
    collect_forces(gathered->shown, &gathered->forces);
    bool is_whole = collect_steps(turn, incident->number, &gathered->steps) &&
                    collect_bindings(turn, incident->number, &gathered->bindings) && gathered->shown != NULL &&
                    !gathered->forces.failed;
    gathered->around = (struct paper_surroundings){
        .place = desk_find_place(turn->desk, incident->number),
        .forces = (const struct paper_force *)(const void *)gathered->forces.bytes,
        .force_count = gathered->forces.length / sizeof(struct paper_force),
        .steps = (const struct paper_force *)(const void *)gathered->steps.bytes,
        .step_count = gathered->steps.length / sizeof(struct paper_force),
        .bindings = (const struct paper_binding *)(const void *)gathered->bindings.bytes,
        .binding_count = gathered->bindings.length / sizeof(struct paper_binding),
    };
    return is_whole || turn_refuse(turn, DESK_UNAVAILABLE, "memory is exhausted", "内存不足");
}

static bool write_draft(struct turn *turn, uint32_t incident, uint32_t form, const struct paper_surroundings *around,
                        struct paper_draft *draft) {
    int64_t now = engine_now(turn->engine);
    return paper_write_draft(turn->engine, incident, form, turn->at > now ? turn->at : now, around, draft) ||
           turn_refuse(turn, DESK_UNAVAILABLE, "memory is exhausted", "内存不足");
}

static bool write_basis(struct turn *turn, uint32_t incident, uint32_t form, const struct gathered *gathered,
                        char out[PAPERS_BASIS_ROOM]) {
    struct paper_draft draft = {0};
    struct paper_surroundings around = gathered->around;
    around.steady = true;
    bool good = write_draft(turn, incident, form, &around, &draft);
    buffer_append_string(&draft.title, "\n");
    buffer_append_text(&draft.title, buffer_text(&draft.body));
    good = good && (!draft.title.failed || turn_refuse(turn, DESK_UNAVAILABLE, "memory is exhausted", "内存不足"));
    (void)snprintf(out, PAPERS_BASIS_ROOM, "%016" PRIx64, text_hash(buffer_text(&draft.title)));
    paper_release_draft(&draft);
    return good;
}

bool papers_find_basis(struct turn *turn, const struct engine_incident_view *incident, uint32_t form,
                       char out[PAPERS_BASIS_ROOM]) {
    struct gathered gathered;
    bool good = gather(turn, incident, &gathered) && write_basis(turn, incident->number, form, &gathered, out);
    release_gathered(&gathered);
    return good;
}

static json_t *describe_draft(const struct turn *turn, const struct engine_incident_view *incident,
                              const struct plan_form *form, const struct paper_draft *draft, const char *basis) {
    return json_pack("{s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:I, s:s}", "form", view_text(form->name), "spoken",
                     form->spoken, "title", view_text(buffer_text(&draft->title)), "body",
                     view_text(buffer_text(&draft->body)), "addressees", papers_list_addressees(turn, incident, form),
                     "signers", view_parties(incident->plan, form->signers), "at", view_instant(turn->at), "events",
                     (json_int_t)desk_event_count(turn->desk), "basis", basis);
}

bool desk_draft_document(struct turn *turn) {
    struct engine_incident_view incident;
    uint32_t form = 0;
    if (!turn_find_incident(turn, &incident) || !papers_find_form(turn, &incident, "", turn->request->plan, &form)) {
        return false;
    }
    struct gathered gathered;
    struct paper_draft draft = {0};
    char basis[PAPERS_BASIS_ROOM];
    if (gather(turn, &incident, &gathered) && write_basis(turn, incident.number, form, &gathered, basis) &&
        write_draft(turn, incident.number, form, &gathered.around, &draft)) {
        turn->reply->body = describe_draft(turn, &incident, &incident.plan->forms[form], &draft, basis);
    }
    release_gathered(&gathered);
    paper_release_draft(&draft);
    return turn->reply->body != NULL;
}
