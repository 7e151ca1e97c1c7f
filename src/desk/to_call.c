/* The to-call list as pages show it, and what became of a call. */
#include "desk/open.h"
#include "desk/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- the list --------------------------------------------------------------------------------------------- */

/* What a row is about, in the plan's words. */
struct subject_matter {
    struct text what, action;
    int64_t due_at;
    bool overdue;
    struct plan_span cites;
};

static bool find_matter(const struct engine *engine, const struct plan *plan, const struct notice *notice,
                        struct subject_matter *matter) {
    struct engine_duty_view duty;
    struct engine_proposal_view proposal;
    struct engine_finding_view finding;
    *matter = (struct subject_matter){.due_at = ENGINE_NEVER};
    if (notice->item_kind == ENGINE_ITEM_DUTY && engine_view_duty(engine, notice->incident, notice->item, &duty)) {
        const struct plan_duty *said = &plan->duties[duty.duty];
        *matter = (struct subject_matter){said->name, said->action, duty.due_at, duty.overdue, said->cites};
        return true;
    }
    if (notice->item_kind == ENGINE_ITEM_PROPOSAL &&
        engine_view_proposal(engine, notice->incident, notice->item, &proposal)) {
        const struct plan_scale *scale = &plan->scales[proposal.scale];
        *matter = (struct subject_matter){scale->name, scale->levels[proposal.to], proposal.due_at, proposal.overdue,
                                          scale->proposed_cites};
        return true;
    }
    if (notice->item_kind == ENGINE_ITEM_FINDING &&
        engine_view_finding(engine, notice->incident, notice->item, &finding)) {
        matter->what = finding.party < plan->party_count ? plan->parties[finding.party].name : (struct text){0};
        matter->due_at = finding.due_at;
        matter->overdue = finding.overdue;
        return true;
    }
    return false;
}

/* Whether somebody speaks at one of a party's numbers. */
static bool is_listed(const json_t *phones, struct text number) {
    size_t index = 0;
    json_t *phone = NULL;
    json_array_foreach((json_t *)phones, index, phone) {
        if (text_equals_string(number, json_string_value(json_object_get(phone, "number")))) {
            return true;
        }
    }
    return false;
}

/* Numbers under which a party is reached: its own, else those of the unit that it belongs to; and what somebody has
 * entered for it in this incident. */
static json_t *list_phones(const struct turn *turn, const struct plan *plan, const struct notice *notice) {
    uint16_t party = notice->party;
    while (party < plan->party_count && !desk_has_voice(turn->desk->directory, plan, party)) {
        party = plan->parties[party].of;
    }
    if (party >= plan->party_count) {
        party = notice->party; /* a fax is better than nothing */
    }
    json_t *list = party < plan->party_count ? desk_list_phones(turn->desk->directory, plan, party) : json_array();
    if (notice->party >= plan->party_count) {
        return list;
    }
    struct text name = plan->parties[notice->party].name;
    struct text number = {0};
    for (size_t i = 0; (number = notices_find_number(turn->desk->notices, notice->incident, name, i)).length > 0; i++) {
        if (!is_listed(list, number)) {
            view_add(list, json_pack("{s:s, s:s, s:o}", "kind", "noted", "label", "", "number", view_text(number)));
        }
    }
    return list;
}

bool desk_find_due(const struct engine *engine, const struct plan *plan, const struct notice *notice, int64_t *due_at,
                   bool *is_overdue) {
    struct subject_matter matter;
    bool found = find_matter(engine, plan, notice, &matter);
    *due_at = matter.due_at;
    *is_overdue = matter.overdue;
    return found;
}

json_t *desk_describe_notice(const struct turn *turn, const struct engine_incident_view *incident,
                             const struct notice *notice) {
    const struct plan *plan = incident->plan;
    const struct plan_subject *subject = &plan->subjects[incident->subject];
    struct subject_matter matter;
    if (!find_matter(turn->engine, plan, notice, &matter)) {
        return NULL;
    }
    json_t *row = json_object();
    view_set(row, "id", view_item(notice->incident, notice->number));
    view_set(row, "incident", json_integer(notice->incident));
    view_set(row, "title", desk_describe_title(turn->desk, incident));
    view_set(row, "standing", json_boolean(subject->standing));
    view_set(row, "plan", view_text(plan->name));
    view_set(row, "kind", json_string(view_item_kind(notice->item_kind)));
    view_set(row, "item", view_item(notice->incident, notice->item));
    view_set(row, "what", view_text(matter.what));
    view_set(row, "action", view_text(matter.action));
    view_set(row, "party", view_party(plan, notice->party));
    view_set(row, "step", json_integer(notice->step));
    view_set(row, "phones", list_phones(turn, plan, notice));
    view_set(row, "fell_due_at", view_instant(notice->fell_due_at));
    view_set(row, "said_at", view_instant(notice->said_at));
    view_set(row, "due_at", view_some_instant(matter.due_at));
    view_set(row, "overdue", json_boolean(matter.overdue));
    view_set(row, "tries", json_integer(notice->tries));
    view_set(row, "tried_at", notice->tries == 0 ? json_null() : view_instant(notice->tried_at));
    view_set(row, "clauses", view_clauses(plan, matter.cites));
    return row;
}

bool desk_list_notices(struct turn *turn) {
    struct open_matters open;
    struct engine_incident_view incident;
    if (turn->request->incident != 0 && !turn_find_incident(turn, &incident)) {
        return false;
    }
    bool is_whole = open_gather(turn, 1U << OPEN_NOTICES, OPEN_LISTED, &open);
    if (is_whole) {
        turn->reply->body =
            json_pack("{s:b, s:{s:I, s:I, s:I}, s:o}", "whole", (int)desk_has_all_notices(turn->desk), "totals",
                      "notices", (json_int_t)open.totals[OPEN_NOTICES], "to_call", (json_int_t)open.to_call, "overdue",
                      (json_int_t)open.to_call_overdue, "notices", open_describe(turn, &open, OPEN_NOTICES, 0));
    }
    open_release(&open);
    return turn->reply->body != NULL || turn_refuse(turn, DESK_UNAVAILABLE, "memory is exhausted", "内存不足");
}

/* ---- what became of a call -------------------------------------------------------------------------------- */

struct contact {
    struct text phone, spoken_with, note;
    int answer; /* 0: reached */
    bool acknowledged;
};

static const char *const answers[] = {"reached", "no-answer", "refused", NULL};

static bool read_contact(struct turn *turn, struct contact *contact) {
    struct form form;
    form_begin(&form, turn->request->body, &turn->reply->failure);
    contact->answer = form_word(&form, "answer", true, answers);
    contact->phone = form_text(&form, "phone", false, FORM_TEXT_BYTES);
    contact->spoken_with = form_text(&form, "spoken_with", false, FORM_TEXT_BYTES);
    contact->note = form_text(&form, "note", false, FORM_TEXT_BYTES);
    contact->acknowledged = form_flag(&form, "acknowledged");
    if (form_end(&form) && contact->acknowledged && contact->answer != 0) {
        (void)failure_say_field(&turn->reply->failure, "acknowledged", "only who was reached can acknowledge",
                                "联系上的人才能签收");
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    return form.is_good || turn_refuse_as_set(turn, DESK_REFUSED);
}

static bool log_contact(struct turn *turn, const struct plan *plan, const struct notice *notice,
                        const struct contact *contact) {
    struct note note;
    char numbers[4][16];
    const uint32_t values[4] = {notice->incident, notice->number, notice->item, notice->step};
    for (size_t i = 0; i < 4; i++) {
        (void)snprintf(numbers[i], sizeof numbers[i], "%" PRIu32, values[i]);
    }
    note_begin(&note, turn, "desk.contact");
    note_add(&note, "incident", text_of(numbers[0]));
    note_add(&note, "notice", text_of(numbers[1]));
    note_add(&note, "item", text_of(view_item_kind(notice->item_kind)));
    note_add(&note, "number", text_of(numbers[2]));
    note_add(&note, "step", text_of(numbers[3]));
    note_add(&note, "party", notice->party < plan->party_count ? plan->parties[notice->party].name : (struct text){0});
    note_add(&note, "answer", text_of(answers[contact->answer]));
    note_add(&note, "phone", contact->phone);
    note_add(&note, "spoken_with", contact->spoken_with);
    note_add(&note, "note", contact->note);
    return turn_log(turn, &note);
}

/* What the engine is told of somebody who was reached. */
static struct engine_event make_event(const struct turn *turn, enum engine_event_kind kind, const struct plan *plan,
                                      const struct notice *notice, const struct contact *contact) {
    struct engine_event event = turn_start(turn, kind);
    event.item_kind = notice->item_kind;
    event.item = notice->item;
    event.by = notice->party;
    event.reason = contact->note;
    event.source = contact->spoken_with.length > 0     ? contact->spoken_with
                   : notice->party < plan->party_count ? plan->parties[notice->party].name
                                                       : event.source;
    return event;
}

bool desk_note_contact(struct turn *turn) {
    struct contact contact;
    struct engine_incident_view view;
    if (!read_contact(turn, &contact) || !turn_may(turn, NULL, PLAN_NONE, false) || !turn_find_incident(turn, &view)) {
        return false;
    }
    const struct notice *found = notices_find(turn->desk->notices, view.number, turn->request->item);
    if (found == NULL) {
        return turn_refuse(turn, DESK_NOT_FOUND, "the incident has no such row", "这一事件没有这条待通知事项");
    }
    if (!notices_is_open(turn->engine, found)) {
        return turn_refuse(turn, DESK_CONFLICT, "nobody needs to be called for this any more", "这一条已不用再打电话");
    }
    const struct notice notice = *found; /* what follows may move the rows */
    const struct engine_event notify = make_event(turn, ENGINE_NOTIFY, view.plan, &notice, &contact);
    const struct engine_event acknowledge = make_event(turn, ENGINE_ACKNOWLEDGE, view.plan, &notice, &contact);
    if (contact.answer == 0 && !session_try(turn->desk->session, &notify, &turn->entry, &turn->reply->failure)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    bool done = log_contact(turn, view.plan, &notice, &contact) && (contact.answer != 0 || turn_accept(turn, &notify));
    turn->entry.spoken_from = contact.phone;
    done = done && (!contact.acknowledged || turn_accept(turn, &acknowledge));
    turn->entry.spoken_from = (struct text){0};
    return done;
}
