/* Texts that wait for a signature: the duty room has drafted and edited one and hands it over; whoever holds an office that
 * signs has it before him, signs it as it stands or otherwise, or sends it back with a word. */
#include "desk/papers.h"
#include "desk/view.h"

#include <inttypes.h>
#include <stdio.h>

#define SIGNATURES_LISTED 100U

/* ---- handing over ------------------------------------------------------------------------------------------- */

/* An office that signs the form, or whose unit is one's own: by it one may hand over; PLAN_NONE: none. */
static uint16_t find_own_side(const struct turn *turn, const struct plan *plan, const struct plan_form *form) {
    for (uint16_t i = 0; i < form->signers.count; i++) {
        uint16_t office = plan->lists[form->signers.first + i];
        uint16_t unit = office < plan->party_count ? plan->parties[office].of : PLAN_NONE;
        if (turn_is_own(turn, plan, office)) {
            return office;
        }
        if (unit < plan->party_count && turn_is_own(turn, plan, unit)) {
            return unit;
        }
    }
    return PLAN_NONE;
}

struct handing_over {
    struct engine_incident_view incident;
    const struct plan_form *form;
    struct text title, body, drafted, drafted_title, basis;
    struct buffer addressees, drafted_addressees;
    uint32_t replaces, events;
};

static bool read_text(struct turn *turn, struct handing_over *text) {
    struct form form;
    uint32_t index = 0;
    const struct document *replaced = NULL;
    form_begin(&form, turn->request->body, &turn->reply->failure);
    struct text name = form_text(&form, "form", true, FORM_TEXT_BYTES);
    text->title = form_text(&form, "title", true, PAPERS_TITLE_BYTES);
    text->body = form_text(&form, "body", true, PAPERS_BODY_BYTES);
    const json_t *addressees = form_any(&form, "addressees", true);
    text->replaces = form_number(&form, "replaces", false);
    text->events = form_number(&form, "events", false);
    text->drafted = form_text(&form, "drafted", false, PAPERS_BODY_BYTES);
    text->drafted_title = form_text(&form, "drafted_title", false, FORM_TEXT_BYTES);
    const json_t *drafted_addressees = form_any(&form, "drafted_addressees", false);
    text->basis = form_text(&form, "basis", false, FORM_TEXT_BYTES);
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    if (!turn_find_incident(turn, &text->incident) || !papers_find_form(turn, &text->incident, "form", name, &index)) {
        return false;
    }
    text->form = &text->incident.plan->forms[index];
    if (text->form->spoken) {
        return turn_refuse_field(turn, DESK_REFUSED, "form", "this is read out, and not printed or signed",
                                 "这是口述稿，不用打印和签发");
    }
    if (text->incident.status != ENGINE_OPENED) {
        return turn_refuse(turn, DESK_CONFLICT, "the incident is not open any more", "事件已经办结或并入别的事件");
    }
    return papers_find_replaced(turn, &text->incident, text->form, text->replaces, &replaced) &&
           papers_read_addressees(turn, "addressees", addressees, &text->addressees) &&
           (drafted_addressees == NULL ||
            papers_read_addressees(turn, "drafted_addressees", drafted_addressees, &text->drafted_addressees));
}

static void print_number(char out[24], uint32_t number) {
    out[0] = '\0';
    if (number != 0) {
        (void)snprintf(out, 24, "%" PRIu32, number);
    }
}

static bool log_text(struct turn *turn, const struct handing_over *text) {
    struct note note;
    char incident[24];
    char replaces[24];
    char events[24];
    print_number(incident, text->incident.number);
    print_number(replaces, text->replaces);
    print_number(events, text->events);
    note_begin(&note, turn, "desk.submission");
    note_add(&note, "incident", text_of(incident));
    note_add(&note, "form", text->form->name);
    note_add(&note, "title", text->title);
    note_add(&note, "body", text->body);
    note_add(&note, "addressees", buffer_text(&text->addressees));
    note_add(&note, "replaces", text_of(replaces));
    note_add(&note, "events", text_of(events));
    note_add(&note, "drafted", text->drafted);
    note_add(&note, "drafted_title", text->drafted_title);
    note_add(&note, "drafted_addressees", buffer_text(&text->drafted_addressees));
    note_add(&note, "basis", text->basis);
    note_add(&note, "submitter", text_of(turn->request->account.display_name));
    return turn_log(turn, &note);
}

bool desk_submit_text(struct turn *turn) {
    struct handing_over text = {.replaces = 0};
    bool good = read_text(turn, &text) && text.form != NULL;
    uint16_t side = good ? find_own_side(turn, text.incident.plan, text.form) : PLAN_NONE;
    good = good && turn_may(turn, text.incident.plan, side, false) && log_text(turn, &text);
    buffer_release(&text.addressees);
    buffer_release(&text.drafted_addressees);
    return good;
}

/* ---- sending back ------------------------------------------------------------------------------------------- */

static bool find_waiting(struct turn *turn, struct engine_incident_view *incident, const struct submitted **found) {
    if (!turn_find_incident(turn, incident)) {
        return false;
    }
    *found = documents_find_submission(turn->desk->documents, turn->request->item);
    if (*found == NULL || (*found)->incident != incident->number) {
        return turn_refuse(turn, DESK_NOT_FOUND, "no text of this incident was handed over under this number",
                           "这一事件没有这个编号的送签稿");
    }
    return (*found)->state == SUBMITTED_WAITING ||
           turn_refuse(turn, DESK_CONFLICT,
                       "this text does not wait for a signature any more: it was signed or sent back, or another was "
                       "handed over",
                       "这份送签稿已不在等签发：已签发、已退回，或已另送一稿");
}

static bool log_return(struct turn *turn, const struct submitted *submitted, struct text office, struct text reason) {
    struct note note;
    char incident[24];
    char submission[24];
    print_number(incident, submitted->incident);
    print_number(submission, turn->request->item);
    note_begin(&note, turn, "desk.submission-return");
    note_add(&note, "incident", text_of(incident));
    note_add(&note, "submission", text_of(submission));
    note_add(&note, "form", submitted->form);
    note_add(&note, "by", office);
    note_add(&note, "returner", text_of(turn->request->account.display_name));
    note_add(&note, "reason", reason);
    return turn_log(turn, &note);
}

bool desk_return_text(struct turn *turn) {
    struct form form;
    struct engine_incident_view incident;
    const struct submitted *submitted = NULL;
    uint32_t index = 0;
    uint16_t office = PLAN_NONE;
    form_begin(&form, turn->request->body, &turn->reply->failure);
    struct text by = form_text(&form, "by", true, FORM_TEXT_BYTES);
    struct text reason = form_text(&form, "reason", true, FORM_TEXT_BYTES);
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    if (!find_waiting(turn, &incident, &submitted) ||
        !papers_find_form(turn, &incident, "form", submitted->form, &index) ||
        !papers_find_signer(turn, &incident, &incident.plan->forms[index], by, &office)) {
        return false;
    }
    return turn_may(turn, incident.plan, office, false) &&
           log_return(turn, submitted, incident.plan->parties[office].name, reason);
}

/* ---- what waits --------------------------------------------------------------------------------------------- */

/* A draft that is told at all has a title; it may be to nobody. */
static json_t *describe_drafted_addressees(const struct submitted *submitted) {
    return submitted->drafted_title.length == 0 && submitted->drafted_addressees.length == 0
               ? json_null()
               : papers_split_names(submitted->drafted_addressees);
}

static json_t *describe_submitted(const struct submitted *submitted) {
    bool is_returned = submitted->state == SUBMITTED_RETURNED;
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o}",
                     "submission", (json_int_t)submitted->sequence, "title", view_text(submitted->title), "body",
                     view_text(submitted->body), "addressees", papers_split_names(submitted->addressees), "replaces",
                     view_some_number(submitted->replaces), "events", view_some_number(submitted->events), "basis",
                     view_some_text(submitted->basis), "drafted", view_some_text(submitted->drafted), "drafted_title",
                     view_some_text(submitted->drafted_title), "drafted_addressees",
                     describe_drafted_addressees(submitted), "at", view_instant(submitted->at), "submitter",
                     view_text(submitted->submitter), "status", is_returned ? "returned" : "waiting", "returned_at",
                     is_returned ? view_instant(submitted->returned_at) : json_null(), "returned_by",
                     view_some_text(submitted->returned_by), "returner", view_some_text(submitted->returner), "reason",
                     view_some_text(submitted->reason));
}

json_t *papers_describe_submitted(const struct turn *turn, uint32_t incident, struct text form) {
    const struct submitted *submitted = documents_find_submitted(turn->desk->documents, incident, form);
    return submitted == NULL ? json_null() : describe_submitted(submitted);
}

/* The form that a waiting text is of, in an incident that is open; NULL: nobody signs it any more. */
static const struct plan_form *find_form(const struct turn *turn, const struct submitted *submitted,
                                         struct engine_incident_view *incident) {
    if (submitted->state != SUBMITTED_WAITING || !engine_view_incident(turn->engine, submitted->incident, incident) ||
        incident->status != ENGINE_OPENED) {
        return NULL;
    }
    for (uint32_t i = 0; i < incident->plan->form_count; i++) {
        const struct plan_form *form = &incident->plan->forms[i];
        if (form->subject == incident->subject && text_equal(form->name, submitted->form)) {
            return form;
        }
    }
    return NULL;
}

static bool is_signer(const struct turn *turn, const struct plan *plan, const struct plan_form *form) {
    bool found = false;
    for (uint16_t i = 0; i < form->signers.count && !found; i++) {
        found = turn_is_own(turn, plan, plan->lists[form->signers.first + i]);
    }
    return found;
}

static json_t *describe_due(const struct turn *turn, const struct engine_incident_view *incident,
                            const struct plan_form *form, const struct submitted *submitted, bool whole) {
    bool overdue = false;
    int64_t due_at = papers_find_due(turn, incident, form, &overdue);
    return json_pack("{s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o}", "submission",
                     (json_int_t)submitted->sequence, "incident", (json_int_t)incident->number, "form",
                     view_text(form->name), "title", view_text(submitted->title), "signers",
                     view_parties(incident->plan, form->signers), "submitter", view_text(submitted->submitter), "at",
                     view_instant(submitted->at), "due_at", view_some_instant(due_at), "overdue", overdue, "text",
                     whole ? describe_submitted(submitted) : json_null());
}

json_t *desk_list_signatures(const struct turn *turn, bool own_only, size_t *count) {
    const struct documents *documents = turn->desk->documents;
    json_t *list = json_array();
    size_t found = 0;
    for (size_t i = 0; i < documents_submitted_count(documents); i++) {
        const struct submitted *submitted = documents_submitted_at(documents, i);
        struct engine_incident_view incident;
        const struct plan_form *form = find_form(turn, submitted, &incident);
        if (form == NULL || (own_only && !is_signer(turn, incident.plan, form))) {
            continue;
        }
        if (found++ < SIGNATURES_LISTED) {
            view_add(list, describe_due(turn, &incident, form, submitted, own_only));
        }
    }
    if (count != NULL) {
        *count = found;
    }
    return list;
}
