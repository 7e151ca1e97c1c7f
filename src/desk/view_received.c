/* The signed documents that went to one's own parties, the newest first: for the units' own page. */
#include "desk/state.h"
#include "desk/view.h"

#define RECEIVED_LISTED 50U

static bool is_mine(const struct turn *turn, const struct dispatch *dispatch) {
    const struct plan *plan = engine_plan_of(turn->engine, dispatch->incident);
    uint16_t party = plan == NULL ? PLAN_NONE : plan_find_party(plan, dispatch->party);
    return dispatch->document != 0 && party != PLAN_NONE && turn_is_own(turn, plan, party);
}

static bool is_among(const struct buffer *numbers, int64_t number) {
    const int64_t *list = (const int64_t *)(const void *)numbers->bytes;
    for (size_t i = 0; i < numbers->length / sizeof *list; i++) {
        if (list[i] == number) {
            return true;
        }
    }
    return false;
}

/* Nothing of whom one has spoken with, or of another recipient. */
static json_t *describe(const struct turn *turn, const struct document *document, const struct dispatch *dispatch) {
    const struct document *successor = documents_find_successor(turn->desk->documents, document->sequence);
    struct engine_incident_view incident = {0};
    bool is_known = engine_view_incident(turn->engine, document->incident, &incident);
    return json_pack(
        "{s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:o, s:o}", "document",
        (json_int_t)document->sequence, "incident", (json_int_t)document->incident, "incident_title",
        view_text(is_known ? desk_find_title(&incident) : (struct text){0}), "form", view_text(document->form), "title",
        view_text(document->title), "office", view_text(document->office), "signer", view_text(document->signer), "at",
        view_instant(document->at), "party", view_text(dispatch->party), "sent_at", view_instant(dispatch->at), "pages",
        (json_int_t)document->pages, "bytes", (json_int_t)document->bytes, "sha256", view_text(document->sha256),
        "replaced_by", successor == NULL ? json_null() : json_integer((json_int_t)successor->sequence));
}

json_t *desk_list_received(const struct turn *turn, size_t *count) {
    const struct documents *documents = turn->desk->documents;
    struct buffer numbers = {0}; /* of int64_t: each document once, by what went last */
    json_t *list = json_array();
    for (size_t i = documents_dispatch_count(documents); i > 0 && !numbers.failed; i--) {
        const struct dispatch *dispatch = documents_dispatch_at(documents, i - 1);
        const struct document *document = documents_find(documents, dispatch->document);
        if (document == NULL || is_among(&numbers, document->sequence) || !is_mine(turn, dispatch)) {
            continue;
        }
        buffer_append(&numbers, &document->sequence, sizeof document->sequence);
        if (json_array_size(list) < RECEIVED_LISTED) {
            view_add(list, describe(turn, document, dispatch));
        }
    }
    *count = numbers.length / sizeof(int64_t);
    if (numbers.failed) {
        json_decref(list);
        list = NULL;
    }
    buffer_release(&numbers);
    return list;
}
