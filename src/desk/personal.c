#include "desk/personal.h"

#include "desk/access.h"
#include "desk/state.h"
#include "desk/view.h"

#include <stdio.h>
#include <string.h>

/* ---- who sees it ------------------------------------------------------------------------------------------ */

bool personal_sees_all(const struct account *account) {
    return access_is_person(account) && account->desk;
}

bool personal_is_auditor(const struct account *account) {
    return access_is_person(account) && account->auditor;
}

/* Whether the account owes, or is owed, a duty in the incident, whatever has become of it. */
static bool takes_part(const struct turn *turn, uint32_t incident) {
    struct engine_incident_view view;
    if (!engine_view_incident(turn->engine, incident, &view)) {
        return false;
    }
    for (uint32_t number = 1; number <= view.duty_count; number++) {
        struct engine_duty_view duty;
        if (engine_view_duty(turn->engine, incident, number, &duty) &&
            (turn_is_own(turn, view.plan, duty.bearer) || turn_is_own(turn, view.plan, duty.bearer_role))) {
            return true;
        }
    }
    return false;
}

bool personal_may_see(const struct turn *turn, uint32_t incident) {
    const struct account *account = &turn->request->account;
    return personal_sees_all(account) || (access_is_person(account) && incident != 0 && takes_part(turn, incident));
}

bool personal_is_list(enum desk_action action) {
    return action == DESK_SHOW_DESK || action == DESK_LIST_CALLS || action == DESK_LIST_NOTICES ||
           action == DESK_SHOW_HANDOVER;
}

bool personal_is_in(enum desk_action action) {
    return personal_is_list(action) || action == DESK_SHOW_INCIDENT || action == DESK_SHOW_OWN ||
           action == DESK_SEARCH || action == DESK_SHOW_CALL || action == DESK_LIST_OPEN ||
           action == DESK_LIST_DOCUMENTS;
}

void personal_mark_etag(char etag[DESK_ETAG_ROOM], bool is_seen) {
    size_t length = strlen(etag);
    if (length > 0) {
        (void)snprintf(etag + length, DESK_ETAG_ROOM - length, "%s", is_seen ? ".v" : ".m");
    }
}

/* ---- hiding ----------------------------------------------------------------------------------------------- */

/* A text of an object that is not empty; true where there was one. */
static bool hide(json_t *object, const char *name) {
    if (json_string_length(json_object_get(object, name)) == 0) {
        return false;
    }
    (void)json_object_set_new(object, name, json_string(PERSONAL_HIDDEN));
    return true;
}

/* Two texts of an object, or of each in a list. */
static void hide_both(json_t *value, const char *one, const char *other) {
    size_t index = 0;
    json_t *inner = NULL;
    if (!json_is_array(value)) {
        (void)hide(value, one);
        (void)hide(value, other);
        return;
    }
    json_array_foreach(value, index, inner) {
        hide_both(inner, one, other);
    }
}

static void hide_calls(json_t *calls) {
    hide_both(calls, "caller", "phone");
}

/* Of those to whom something was said: a force, a recipient of a document. */
static void hide_contacts(json_t *contacts) {
    hide_both(contacts, "spoken_with", "phone");
}

static void hide_spoken(json_t *orders) {
    size_t index = 0;
    json_t *order = NULL;
    json_array_foreach(orders, index, order) {
        (void)hide(order, "from");
    }
}

/* From which number somebody acknowledged a duty. */
static void hide_answers(json_t *duties) {
    size_t index = 0;
    json_t *duty = NULL;
    json_array_foreach(duties, index, duty) {
        (void)hide(duty, "acknowledged_from");
    }
}

static const char *const personal_names[] = {"caller", "phone", "spoken_with", "spoken_from"};

static bool hide_fields(json_t *event) {
    json_t *fields = json_object_get(event, "fields");
    bool is_hidden = false;
    for (size_t i = 0; i < sizeof personal_names / sizeof personal_names[0]; i++) {
        is_hidden = hide(fields, personal_names[i]) || is_hidden;
    }
    return is_hidden;
}

/* Of these the source may be anybody: who has called, or was spoken with. Who orders and decides is no secret. */
static const struct heard_kind {
    const char *kind;
    int since;   /* the format of records that first masks the source */
    bool reason; /* the desk may write into the reason with whom one has spoken */
} heard_kinds[] = {
    {"report", 2, false},  {"correct", 2, false}, {"withdraw", 2, false}, {"done", 2, true},
    {"decline", 2, false}, {"breach", 2, false},  {"notify", 1, false},   {"acknowledge", 1, false},
};

/* NULL: it is none of them. */
static const struct heard_kind *find_heard_kind(struct text kind) {
    for (size_t i = 0; i < sizeof heard_kinds / sizeof heard_kinds[0]; i++) {
        if (text_equals_string(kind, heard_kinds[i].kind)) {
            return &heard_kinds[i];
        }
    }
    return NULL;
}

static bool is_heard_event(const json_t *event) {
    const json_t *kind = json_object_get(event, "kind");
    return find_heard_kind((struct text){json_string_value(kind), json_string_length(kind)}) != NULL;
}

/* Who speaks in a call, and who answers it, may be anybody. The stream knows no plan that would tell a unit from a person. */
bool personal_hide_event(json_t *event) {
    json_t *fields = json_object_get(event, "fields");
    bool is_source = (json_object_get(fields, "call") != NULL || is_heard_event(event)) && hide(fields, "source");
    return hide_fields(event) || is_source;
}

bool personal_is_field(const struct store_record *record, const struct store_field *field, int format) {
    const struct heard_kind *heard = find_heard_kind(fold_field(record->fields, record->count, "kind"));
    for (size_t i = 0; i < sizeof personal_names / sizeof personal_names[0]; i++) {
        if (text_equals_string(field->name, personal_names[i])) {
            return true;
        }
    }
    if (text_equals_string(field->name, "reason")) {
        return heard != NULL && heard->reason;
    }
    bool is_in_call = fold_field(record->fields, record->count, "call").length > 0;
    return text_equals_string(field->name, "source") && (is_in_call || (heard != NULL && format >= heard->since));
}

/* ---- a page ----------------------------------------------------------------------------------------------- */

static void add_name(const struct plan *plan, json_t *names, const json_t *object, const char *name) {
    struct text value = view_read_text(object, name);
    if (value.length > 0 && plan_find_party(plan, value) == PLAN_NONE) {
        (void)json_object_setn_new(names, value.bytes, value.length, json_true());
    }
}

/* Who has called and who was spoken with, as an object with their names. */
static json_t *collect_names(const struct plan *plan, const json_t *page) {
    json_t *names = json_object();
    size_t index = 0;
    json_t *one = NULL;
    json_array_foreach(json_object_get(page, "calls"), index, one) {
        add_name(plan, names, one, "caller");
    }
    json_array_foreach(json_object_get(page, "timeline"), index, one) {
        add_name(plan, names, json_object_get(one, "fields"), "caller");
        add_name(plan, names, json_object_get(one, "fields"), "spoken_with");
    }
    return names;
}

/* Whose names are hidden: those that are given, or with NULL everybody who is no party of the plan. */
struct hidden {
    const json_t *names;
    const struct plan *plan;
};

static void hide_person(const struct hidden *hidden, json_t *object, const char *name) {
    struct text value = view_read_text(object, name);
    bool is_one =
        value.length > 0 && (hidden->names != NULL ? json_object_getn(hidden->names, value.bytes, value.length) != NULL
                                                   : plan_find_party(hidden->plan, value) == PLAN_NONE);
    if (is_one) {
        (void)hide(object, name);
    }
}

/* Wherever one of them is the source of something, or has answered for it. */
static void hide_persons(const struct hidden *hidden, json_t *value) {
    size_t index = 0;
    const char *name = NULL;
    json_t *inner = NULL;
    if (json_is_array(value)) {
        json_array_foreach(value, index, inner) {
            hide_persons(hidden, inner);
        }
        return;
    }
    hide_person(hidden, value, "source");
    hide_person(hidden, value, "acknowledger");
    json_object_foreach(value, name, inner) {
        if (json_is_array(inner) || json_is_object(inner)) {
            hide_persons(hidden, inner);
        }
    }
}

void personal_hide_page(const struct plan *plan, json_t *page, json_t *decisions) {
    json_t *names = collect_names(plan, page);
    const struct hidden known = {names, plan};
    const struct hidden strangers = {NULL, plan};
    size_t index = 0;
    json_t *one = NULL;
    if (names != NULL) {
        hide_persons(&known, page);
        hide_persons(&known, decisions);
    }
    json_decref(names);
    hide_calls(json_object_get(page, "calls"));
    hide_spoken(json_object_get(page, "spoken"));
    json_array_foreach(json_object_get(page, "timeline"), index, one) {
        (void)hide_fields(one);
        if (is_heard_event(one)) {
            hide_persons(&strangers, json_object_get(one, "fields"));
        }
    }
    hide_persons(&strangers, json_object_get(page, "facts"));
    hide_persons(&strangers, json_object_get(page, "duties"));
    hide_answers(json_object_get(page, "duties"));
    json_array_foreach(decisions, index, one) {
        (void)hide(json_object_get(one, "spoken"), "from");
    }
    json_array_foreach(json_object_get(json_object_get(page, "forces"), "parties"), index, one) {
        hide_contacts(json_object_get(one, "entries"));
    }
}

/* ---- lists ------------------------------------------------------------------------------------------------ */

/* Of a row of the to-call list, numbers that no plan has: somebody has told them. */
static void hide_noted(json_t *rows) {
    size_t index = 0;
    size_t place = 0;
    json_t *row = NULL;
    json_t *phone = NULL;
    json_array_foreach(rows, index, row) {
        json_array_foreach(json_object_get(row, "phones"), place, phone) {
            const char *kind = json_string_value(json_object_get(phone, "kind"));
            if (kind != NULL && strcmp(kind, "noted") == 0) {
                (void)hide(phone, "number");
            }
        }
    }
}

/* What one's own parties owe and have ordered is theirs; a machine that acts for them is nobody who speaks with anybody. */
static void hide_own(const struct turn *turn, json_t *body) {
    if (access_is_person(&turn->request->account)) {
        return;
    }
    hide_spoken(json_object_get(body, "spoken"));
    hide_both(json_object_get(body, "duties"), "source", "acknowledger");
    hide_answers(json_object_get(body, "duties"));
}

void personal_hide_documents(json_t *documents) {
    size_t index = 0;
    size_t place = 0;
    json_t *document = NULL;
    json_t *sheet = NULL;
    json_array_foreach(documents, index, document) {
        hide_contacts(json_object_get(document, "dispatches"));
        json_array_foreach(json_object_get(document, "signed"), place, sheet) {
            (void)hide(sheet, "phone");
            (void)hide(json_object_get(sheet, "spoken"), "from");
            hide_contacts(json_object_get(sheet, "dispatches"));
        }
    }
}

/* What is about one incident: whoever takes part in it sees it all. */
static void hide_in_incident(const struct turn *turn, json_t *body) {
    const struct desk_request *request = turn->request;
    const struct plan *plan = engine_plan_of(turn->engine, request->incident);
    uint32_t incident = request->action != DESK_SHOW_CALL
                            ? request->incident
                            : (uint32_t)json_integer_value(json_object_get(body, "incident"));
    if (personal_may_see(turn, incident)) {
        return;
    }
    if (request->action == DESK_SHOW_CALL) {
        hide_calls(body);
    } else if (request->action == DESK_LIST_DOCUMENTS) {
        personal_hide_documents(json_object_get(body, "documents"));
    } else if (plan != NULL) {
        personal_hide_page(plan, body, NULL);
    }
}

void personal_hide(const struct turn *turn, json_t *body) {
    const struct desk_request *request = turn->request;
    if (body == NULL || !personal_is_in(request->action) || personal_sees_all(&request->account)) {
        return;
    }
    if (request->action == DESK_SHOW_INCIDENT || request->action == DESK_SHOW_CALL ||
        request->action == DESK_LIST_DOCUMENTS) {
        hide_in_incident(turn, body);
        return;
    }
    if (request->action == DESK_SHOW_OWN) {
        hide_own(turn, body);
        return;
    }
    hide_calls(json_object_get(body, "calls"));
    hide_spoken(json_object_get(body, "spoken"));
    hide_noted(json_object_get(body, "notices"));
}

/* ---- what can be found ------------------------------------------------------------------------------------ */

bool personal_is_line(const struct plan *plan, const char *field, struct text value) {
    for (size_t i = 0; i < sizeof personal_names / sizeof personal_names[0]; i++) {
        if (strcmp(field, personal_names[i]) == 0) {
            return true;
        }
    }
    return strcmp(field, "source") == 0 && (plan == NULL || plan_find_party(plan, value) == PLAN_NONE);
}
