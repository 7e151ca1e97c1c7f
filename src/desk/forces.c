#include "desk/forces.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/calendar.h"
#include "desk/fold.h"

#include <stdlib.h>

#define FORCES_BYTES_MAX ((size_t)1 << 30)

struct forces {
    struct arena *arena; /* texts */
    struct buffer lists; /* of struct buffer of struct force_entry, by incident - 1 */
};

struct forces *forces_create(void) {
    struct forces *forces = calloc(1, sizeof *forces);
    if (forces == NULL) {
        return NULL;
    }
    forces->arena = arena_create(FORCES_BYTES_MAX);
    if (forces->arena == NULL) {
        free(forces);
        return NULL;
    }
    return forces;
}

uint32_t forces_incident_count(const struct forces *forces) {
    return (uint32_t)(forces->lists.length / sizeof(struct buffer));
}

uint32_t forces_find_incident(const struct forces *forces, int64_t sequence) {
    for (uint32_t incident = 1; incident <= forces_incident_count(forces); incident++) {
        size_t count = 0;
        const struct force_entry *entries = forces_find_entries(forces, incident, &count);
        for (size_t i = 0; i < count; i++) {
            if (entries[i].sequence == sequence) {
                return incident;
            }
        }
    }
    return 0;
}

static struct buffer *list_at(const struct forces *forces, uint32_t incident) {
    return (struct buffer *)(void *)forces->lists.bytes + (incident - 1);
}

void forces_destroy(struct forces *forces) {
    if (forces != NULL) {
        for (uint32_t i = 1; i <= forces_incident_count(forces); i++) {
            buffer_release(list_at(forces, i));
        }
        buffer_release(&forces->lists);
        arena_destroy(forces->arena);
        free(forces);
    }
}

static struct force_entry *entries_at(const struct forces *forces, uint32_t incident, size_t *count) {
    *count = 0;
    if (incident == 0 || incident > forces_incident_count(forces)) {
        return NULL;
    }
    struct buffer *list = list_at(forces, incident);
    *count = list->length / sizeof(struct force_entry);
    return (struct force_entry *)(void *)list->bytes;
}

const struct force_entry *forces_find_entries(const struct forces *forces, uint32_t incident, size_t *count) {
    return entries_at(forces, incident, count);
}

/* ---- words ------------------------------------------------------------------------------------------------ */

static const char *const words[FORCE_STEPS] = {"none",    "called",  "no-answer", "declined", "coming",
                                               "set-out", "arrived", "released",  "withdrawn"};

const char *forces_step_word(enum force_step step) {
    return words[step];
}

enum force_step forces_find_step(struct text word) {
    for (int step = FORCE_CALLED; step < FORCE_STEPS; step++) {
        if (text_equals_string(word, words[step])) {
            return (enum force_step)step;
        }
    }
    return FORCE_NONE;
}

/* ---- what is logged --------------------------------------------------------------------------------------- */

/* The entry that another corrects may be one of an incident that has been merged into this one. */
/* Its place is given, for what replaces it; `replaced_by` where there is no such entry. */
static int64_t strike_out(struct forces *forces, int64_t sequence, int64_t replaced_by) {
    for (uint32_t incident = 1; incident <= forces_incident_count(forces); incident++) {
        size_t count = 0;
        struct force_entry *entries = entries_at(forces, incident, &count);
        for (size_t i = 0; i < count; i++) {
            if (entries[i].sequence == sequence) {
                entries[i].replaced_by = replaced_by;
                return entries[i].place;
            }
        }
    }
    return replaced_by;
}

bool forces_take(struct forces *forces, const struct session_entry *entry, struct failure *failure) {
    const struct buffer none = {0};
    struct force_entry taken = {
        .sequence = entry->sequence, .place = entry->sequence, .at = entry->at, .as_of = entry->at};
    struct text as_of = fold_field(entry->fields, entry->count, "as_of");
    taken.incident = fold_read_number(entry, "incident");
    taken.step = forces_find_step(fold_field(entry->fields, entry->count, "step"));
    taken.people = fold_read_number(entry, "people");
    taken.corrects = fold_read_number(entry, "corrects");
    if (taken.incident == 0 || taken.step == FORCE_NONE) {
        return true; /* none that this program has written */
    }
    if (as_of.length > 0 && !calendar_parse_instant(as_of, 0, &taken.as_of, failure)) {
        return false;
    }
    taken.party = fold_keep(forces->arena, entry, "party");
    taken.spoken_with = fold_keep(forces->arena, entry, "spoken_with");
    taken.phone = fold_keep(forces->arena, entry, "phone");
    taken.note = fold_keep(forces->arena, entry, "note");
    taken.actor = fold_keep(forces->arena, entry, "actor");
    while (forces_incident_count(forces) < taken.incident && !forces->lists.failed) {
        buffer_append(&forces->lists, &none, sizeof none);
    }
    if (forces->lists.failed || arena_is_exhausted(forces->arena)) {
        return failure_say(failure, "memory is exhausted", "内存不足");
    }
    if (taken.corrects != 0) {
        taken.place = strike_out(forces, taken.corrects, taken.sequence);
    }
    struct buffer *list = list_at(forces, taken.incident);
    buffer_append(list, &taken, sizeof taken);
    return !list->failed || failure_say(failure, "memory is exhausted", "内存不足");
}

/* ---- how it stands ---------------------------------------------------------------------------------------- */

static int compare_entries(const void *left, const void *right) {
    const struct force_entry *one = *(const struct force_entry *const *)left;
    const struct force_entry *other = *(const struct force_entry *const *)right;
    int64_t minutes[2] = {one->as_of / CALENDAR_US_PER_MINUTE, other->as_of / CALENDAR_US_PER_MINUTE};
    if (minutes[0] != minutes[1]) {
        return minutes[0] < minutes[1] ? -1 : 1;
    }
    return one->place < other->place ? -1 : one->place > other->place;
}

static enum force_fault find_fault(const struct force_state *state, enum force_step step) {
    if (step == FORCE_RELEASED) {
        return state->step == FORCE_ARRIVED ? FORCE_SOUND : FORCE_NOT_THERE;
    }
    return step != FORCE_ARRIVED && state->step == FORCE_ARRIVED ? FORCE_THERE_ALREADY : FORCE_SOUND;
}

/* Another call to who comes already does not make him come less. */
static bool is_further(enum force_step now, enum force_step said) {
    if (said == FORCE_CALLED || said == FORCE_NO_ANSWER) {
        return now != FORCE_COMING && now != FORCE_SET_OUT;
    }
    return !(now == FORCE_SET_OUT && said == FORCE_COMING) && !(now == FORCE_ARRIVED && said == FORCE_ARRIVED);
}

static void count_people(struct force_state *state, const struct force_entry *entry) {
    if (entry->step == FORCE_DECLINED) {
        state->people = 0;
    } else if (entry->people != 0) {
        *(entry->step == FORCE_CALLED ? &state->asked : &state->people) = entry->people;
    }
}

static void follow(struct force_state *state, const struct force_entry *entry) {
    if (state->step == FORCE_RELEASED) { /* it begins anew */
        *state = (struct force_state){.baseless = state->baseless};
    }
    state->was_asked = state->was_asked || entry->step <= FORCE_COMING;
    count_people(state, entry);
    if (is_further(state->step, entry->step)) {
        state->step = entry->step;
        state->since = entry->as_of;
    }
}

struct force_state forces_work_out(const struct force_entry **entries, size_t count, int64_t sequence,
                                   enum force_fault *fault) {
    struct force_state state = {.since = INT64_MIN};
    if (count > 0) {
        qsort(entries, count, sizeof(const struct force_entry *), compare_entries);
    }
    for (size_t i = 0; i < count; i++) {
        if (entries[i]->replaced_by != 0 || entries[i]->step == FORCE_WITHDRAWN) {
            continue;
        }
        enum force_fault found = find_fault(&state, entries[i]->step);
        if (fault != NULL && entries[i]->sequence == sequence) {
            *fault = found;
        }
        state.baseless += found == FORCE_NOT_THERE;
        if (found == FORCE_SOUND) {
            follow(&state, entries[i]);
        }
    }
    return state;
}
