/* The forces of an incident as pages show them. */
#include "desk/state.h"
#include "desk/view.h"

#include <stdlib.h>

/* People of one kind: asked for, coming, there. */
struct muster {
    json_int_t parties, people, uncounted;
};

static void add_to(struct muster *muster, uint32_t people) {
    muster->parties++;
    muster->people += people;
    muster->uncounted += people == 0;
}

static json_t *describe_muster(const struct muster *muster) {
    return json_pack("{s:I, s:I, s:I}", "parties", muster->parties, "people", muster->people, "uncounted",
                     muster->uncounted);
}

static json_t *describe_entry(const struct force_entry *entry) {
    return json_pack("{s:I, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "sequence", (json_int_t)entry->sequence,
                     "step", forces_step_word(entry->step), "people", view_some_number(entry->people), "spoken_with",
                     view_text(entry->spoken_with), "phone", view_text(entry->phone), "note", view_text(entry->note),
                     "as_of", view_instant(entry->as_of), "heard_at", view_instant(entry->at), "actor",
                     view_text(entry->actor), "corrects", view_some_number(entry->corrects), "replaced_by",
                     view_some_number(entry->replaced_by));
}

static json_t *describe_party(const struct plan *plan, struct text name, const struct force_state *state,
                              json_t *entries) {
    bool is_known = state->step == FORCE_COMING || state->step == FORCE_SET_OUT || state->step == FORCE_ARRIVED;
    return json_pack("{s:o, s:b, s:s, s:o, s:o, s:o, s:o}", "party", view_text(name), "outside",
                     plan_find_party(plan, name) == PLAN_NONE, "state", forces_step_word(state->step), "since",
                     state->step == FORCE_NONE ? json_null() : view_instant(state->since), "people",
                     view_some_number(is_known ? state->people : 0), "asked", view_some_number(state->asked), "entries",
                     entries);
}

struct musters {
    struct muster asked, coming, there;
};

static void count_state(struct musters *musters, const struct force_state *state) {
    if (state->was_asked && state->step != FORCE_RELEASED) {
        add_to(&musters->asked, state->asked);
    }
    if (state->step == FORCE_COMING || state->step == FORCE_SET_OUT) {
        add_to(&musters->coming, state->people);
    } else if (state->step == FORCE_ARRIVED) {
        add_to(&musters->there, state->people);
    }
}

static int compare_sequences(const void *left, const void *right) {
    const struct force_entry *one = *(const struct force_entry *const *)left;
    const struct force_entry *other = *(const struct force_entry *const *)right;
    return one->sequence < other->sequence ? -1 : one->sequence > other->sequence;
}

/* Describes the party of the first entry that is left, and takes its entries out; NULL when memory is exhausted. */
static json_t *take_party(const struct plan *plan, const struct force_entry **entries, size_t *count,
                          struct musters *musters) {
    struct buffer own = {0};
    struct text name = entries[0]->party;
    json_t *list = json_array();
    size_t left = 0;
    for (size_t i = 0; i < *count; i++) {
        if (text_equal(entries[i]->party, name)) {
            view_add(list, describe_entry(entries[i]));
            buffer_append(&own, &entries[i], sizeof(const struct force_entry *));
        } else {
            entries[left++] = entries[i];
        }
    }
    *count = left;
    if (own.failed) {
        buffer_release(&own);
        json_decref(list);
        return NULL;
    }
    const struct force_state state = forces_work_out((const struct force_entry **)(void *)own.bytes,
                                                     own.length / sizeof(const struct force_entry *), 0, NULL);
    buffer_release(&own);
    count_state(musters, &state);
    return describe_party(plan, name, &state, list);
}

json_t *desk_describe_forces(const struct turn *turn, const struct engine_incident_view *incident) {
    struct buffer known = {0};
    struct musters musters = {0};
    if (!desk_collect_forces(turn, incident->number, &known)) {
        buffer_release(&known);
        return NULL;
    }
    json_t *parties = json_array();
    const struct force_entry **entries = (const struct force_entry **)(void *)known.bytes;
    size_t count = known.length / sizeof(const struct force_entry *);
    if (count > 0) {
        qsort(entries, count, sizeof(const struct force_entry *), compare_sequences);
    }
    while (count > 0) {
        view_add(parties, take_party(incident->plan, entries, &count, &musters));
    }
    buffer_release(&known);
    return json_pack("{s:o, s:o, s:o, s:o}", "asked", describe_muster(&musters.asked), "coming",
                     describe_muster(&musters.coming), "there", describe_muster(&musters.there), "parties", parties);
}
