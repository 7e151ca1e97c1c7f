/* The signed documents that went to one's own parties, the newest first: for the units' own page. */
#include "desk/state.h"
#include "desk/view.h"

#include <stdlib.h>

#define RECEIVED_LISTED 50U

static bool is_mine(const struct turn *turn, const struct dispatch *dispatch) {
    const struct plan *plan = engine_plan_of(turn->engine, dispatch->incident);
    uint16_t party = plan == NULL ? PLAN_NONE : plan_find_party(plan, dispatch->party);
    return party != PLAN_NONE && turn_is_own(turn, plan, party);
}

/* Nothing of whom one has spoken with, or of another recipient. */
static json_t *describe(const struct turn *turn, const struct document *document, const struct dispatch *dispatch) {
    const struct document *successor = documents_find_successor(turn->desk->documents, document->sequence);
    struct engine_incident_view incident = {0};
    bool is_known = engine_view_incident(turn->engine, document->incident, &incident);
    return json_pack("{s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:o, s:o}", "document",
                     (json_int_t)document->sequence, "incident", (json_int_t)document->incident, "incident_title",
                     is_known ? desk_describe_title(turn->desk, &incident) : json_string(""), "form",
                     view_text(document->form), "title", view_text(document->title), "office",
                     view_text(document->office), "signer", view_text(document->signer), "at",
                     view_instant(document->at), "party", view_text(dispatch->party), "sent_at",
                     view_instant(dispatch->at), "pages", (json_int_t)document->pages, "bytes",
                     (json_int_t)document->bytes, "sha256", view_text(document->sha256), "replaced_by",
                     successor == NULL ? json_null() : json_integer((json_int_t)successor->sequence));
}

json_t *desk_list_received(const struct turn *turn, size_t *count) {
    const struct documents *documents = turn->desk->documents;
    bool *is_listed = calloc(documents_count(documents) + 1, sizeof *is_listed); /* each once, by what went last */
    json_t *list = is_listed == NULL ? NULL : json_array();
    *count = 0;
    for (size_t i = is_listed == NULL ? 0 : documents_dispatch_count(documents); i > 0; i--) {
        const struct dispatch *dispatch = documents_dispatch_at(documents, i - 1);
        const struct document *document =
            dispatch->document == 0 ? NULL : documents_find(documents, dispatch->document);
        size_t index = document == NULL ? 0 : (size_t)(document - documents_at(documents, 0));
        if (document == NULL || is_listed[index] || !is_mine(turn, dispatch)) {
            continue;
        }
        is_listed[index] = true;
        if ((*count)++ < RECEIVED_LISTED) {
            view_add(list, describe(turn, document, dispatch));
        }
    }
    free(is_listed);
    return list;
}
