#include "desk/part.h"

#include "base/calendar.h"
#include "desk/personal.h"
#include "desk/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* What is being gathered. */
struct gathering {
    const struct desk *desk;
    const struct engine *engine;
    struct buffer members; /* of uint32_t: the incident, and all that touch its state */
    struct buffer *steps;
};

static size_t count_members(const struct gathering *gathering) {
    return gathering->members.length / sizeof(uint32_t);
}

static uint32_t member_at(const struct gathering *gathering, size_t index) {
    return ((const uint32_t *)(const void *)gathering->members.bytes)[index];
}

static bool is_member(const struct gathering *gathering, uint32_t incident) {
    for (size_t i = 0; i < count_members(gathering); i++) {
        if (member_at(gathering, i) == incident) {
            return true;
        }
    }
    return false;
}

static void add_member(struct gathering *gathering, uint32_t incident) {
    if (!is_member(gathering, incident)) {
        buffer_append(&gathering->members, &incident, sizeof incident);
    }
}

static void add_step(struct gathering *gathering, int64_t sequence, uint32_t number) {
    const struct part_step step = {sequence, number};
    buffer_append(gathering->steps, &step, sizeof step);
}

/* ---- incidents -------------------------------------------------------------------------------------------- */

/* What has ever been merged with a member is one itself. */
static void add_merged(struct gathering *gathering) {
    const struct fold *fold = gathering->desk->fold;
    size_t before = 0;
    while (before != count_members(gathering) && !gathering->members.failed) {
        before = count_members(gathering);
        for (size_t i = 0; i < fold_merge_count(fold); i++) {
            const struct fold_merge *merge = fold_find_merge(fold, i);
            if (is_member(gathering, merge->from) || is_member(gathering, merge->into)) {
                add_member(gathering, merge->from);
                add_member(gathering, merge->into);
            }
        }
    }
}

static const struct plan_subject *find_subject(const struct engine_incident_view *view) {
    return &view->plan->subjects[view->subject];
}

/* A standing subject is opened by an adoption only where the one before it has ended. */
static void add_standing(struct gathering *gathering, uint32_t incident) {
    struct engine_incident_view view;
    struct engine_incident_view other;
    if (!engine_view_incident(gathering->engine, incident, &view) || !find_subject(&view)->standing) {
        return;
    }
    for (uint32_t number = 1; number < engine_next_incident(gathering->engine); number++) {
        if (engine_view_incident(gathering->engine, number, &other) && find_subject(&other)->standing &&
            text_equal(other.plan->name, view.plan->name) &&
            text_equal(find_subject(&other)->name, find_subject(&view)->name)) {
            add_member(gathering, number);
        }
    }
}

/* The number of the first incident that was opened by this event or later. */
static uint32_t find_first_number(const struct engine *engine, int64_t sequence) {
    struct engine_incident_view view;
    uint32_t low = 1;
    uint32_t high = engine_next_incident(engine);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (engine_view_incident(engine, middle, &view) && view.sequence < (uint64_t)sequence) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* ---- events ----------------------------------------------------------------------------------------------- */

/* The incident that this event opened; 0 where it opened none. */
static uint32_t find_opened(const struct engine *engine, int64_t sequence) {
    struct engine_incident_view view;
    uint32_t number = find_first_number(engine, sequence);
    return engine_view_incident(engine, number, &view) && view.sequence == (uint64_t)sequence ? number : 0;
}

/* Also those by which a call has left a member for another incident, be it by opening that. */
static void add_events(struct gathering *gathering, uint32_t incident) {
    size_t count = 0;
    const int64_t *events = fold_find_events(gathering->desk->fold, incident, &count);
    for (size_t i = 0; i < count; i++) {
        add_step(gathering, events[i], find_opened(gathering->engine, events[i]));
    }
}

static void add_calls(struct gathering *gathering, uint32_t incident) {
    size_t count = 0;
    const uint32_t *calls = fold_find_calls(gathering->desk->fold, incident, &count);
    for (size_t i = 0; i < count; i++) {
        const struct fold_call *call = fold_find_call(gathering->desk->fold, calls[i]);
        if (call != NULL) {
            add_step(gathering, call->sequence, call->number);
        }
    }
}

/* Versions of the members' plans. */
static void add_adoptions(struct gathering *gathering) {
    const struct fold *fold = gathering->desk->fold;
    for (size_t i = 0; i < fold_adoption_count(fold); i++) {
        const struct fold_adoption *adoption = fold_find_adoption(fold, i);
        bool is_needed = false;
        for (size_t k = 0; k < count_members(gathering) && !is_needed; k++) {
            const struct plan *plan = engine_plan_of(gathering->engine, member_at(gathering, k));
            is_needed = plan != NULL && text_equal(plan->name, adoption->plan);
        }
        if (is_needed) {
            add_step(gathering, adoption->sequence, find_first_number(gathering->engine, adoption->sequence));
        }
    }
}

/* The files that prove something in a member. */
static void add_files(struct gathering *gathering) {
    const struct fold *fold = gathering->desk->fold;
    for (size_t i = 0; i < fold_proof_count(fold); i++) {
        const struct fold_proof *proof = fold_find_proof(fold, i);
        struct text rest = proof->attachments;
        struct text word = fold_next_word(&rest);
        for (; word.length > 0 && is_member(gathering, proof->incident); word = fold_next_word(&rest)) {
            for (size_t k = 0; k < fold_attachment_count(fold); k++) {
                const struct fold_attachment *file = fold_find_attachment(fold, k);
                if (text_equal(file->sha256, word)) {
                    add_step(gathering, file->sequence, 0);
                }
            }
        }
    }
}

/* By sequence; of what is there twice the one that has a number first. */
static int compare_steps(const void *left, const void *right) {
    const struct part_step *one = left;
    const struct part_step *other = right;
    if (one->sequence != other->sequence) {
        return one->sequence < other->sequence ? -1 : 1;
    }
    return one->number > other->number ? -1 : one->number < other->number;
}

static void sort_steps(struct buffer *buffer) {
    struct part_step *steps = (struct part_step *)(void *)buffer->bytes;
    size_t count = buffer->length / sizeof *steps;
    size_t kept = 0;
    if (count > 0) {
        qsort(steps, count, sizeof *steps, compare_steps);
    }
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || steps[kept - 1].sequence != steps[i].sequence) {
            steps[kept++] = steps[i];
        }
    }
    buffer->length = kept * sizeof *steps;
}

bool part_find(const struct desk *desk, uint32_t incident, struct buffer *steps) {
    struct gathering gathering = {.desk = desk, .engine = session_engine(desk->session), .steps = steps};
    add_member(&gathering, incident);
    add_standing(&gathering, incident);
    add_merged(&gathering);
    for (size_t i = 0; i < count_members(&gathering); i++) {
        add_events(&gathering, member_at(&gathering, i));
        add_calls(&gathering, member_at(&gathering, i));
    }
    add_adoptions(&gathering);
    add_files(&gathering);
    sort_steps(steps);
    bool is_whole = !steps->failed && !gathering.members.failed;
    buffer_release(&gathering.members);
    return is_whole;
}

/* A new note of the same reader: what somebody sees by a right of his own is noted once in so much time, not at each moment. */
#define NOTED_US CALENDAR_US_PER_HOUR

/* Whether the log says already that this account has been shown it, as far as that is said of its kind. */
static bool is_noted(const struct turn *turn, uint32_t incident, bool has_own_right) {
    int64_t last = fold_find_reading(turn->desk->fold, text_of(turn->request->account.name), incident);
    return has_own_right && turn->request->action != DESK_EXPORT_RECORD && last != INT64_MIN &&
           turn->at - last < NOTED_US;
}

/* Logs that the asker is shown it: of which incident, and the moment that he has asked for (none: now). */
static bool note_reading(struct turn *turn, uint32_t incident) {
    struct note note;
    char number[16];
    bool is_record = turn->request->action == DESK_EXPORT_RECORD;
    (void)snprintf(number, sizeof number, "%" PRIu32, incident);
    turn->entry = (struct event_entry){.actor = text_of(turn->request->account.name)};
    note_begin(&note, turn, "desk.personal-data-read");
    note_add(&note, "read_incident", text_of(number)); /* not `incident`: it changes nothing there */
    note_add(&note, is_record ? "read" : "moment", is_record ? TEXT("record") : turn->request->query);
    return turn_log(turn, &note);
}

/* Whether the asker is shown what is personal, which is logged first: each record that is given out, each look of an auditor,
 * and of whoever sees it anyway that he looks back. */
static bool find_personal(struct turn *turn, uint32_t incident, bool *is_shown) {
    bool is_record = turn->request->action == DESK_EXPORT_RECORD;
    bool is_masked = is_record && text_equals_string(turn->request->query, "masked"); /* asked for so */
    bool has_own_right = personal_may_see(turn, incident);
    bool shows_any = is_record || turn->request->action == DESK_SHOW_AUDIT;
    *is_shown = shows_any && !is_masked && (has_own_right || personal_is_auditor(&turn->request->account));
    return !*is_shown || is_noted(turn, incident, has_own_right) || note_reading(turn, incident);
}

bool desk_show_audit(struct turn *turn) {
    struct engine_incident_view view;
    struct buffer steps = {0};
    bool is_personal_shown = false;
    if (!turn_may(turn, NULL, PLAN_NONE, false) || !turn_find_incident(turn, &view) ||
        !find_personal(turn, view.number, &is_personal_shown)) {
        return false;
    }
    if (!part_find(turn->desk, view.number, &steps)) {
        buffer_release(&steps);
        return turn_refuse(turn, DESK_UNAVAILABLE, "memory is exhausted", "内存不足");
    }
    json_t *list = json_array();
    const struct part_step *found = (const struct part_step *)(const void *)steps.bytes;
    for (size_t i = 0; i < steps.length / sizeof *found; i++) {
        view_add(list, json_integer((json_int_t)found[i].sequence));
        view_add(list, json_integer((json_int_t)found[i].number));
    }
    turn->reply->body = json_pack("{s:I, s:b, s:o}", "events", (json_int_t)session_event_count(turn->desk->session),
                                  "personal", is_personal_shown, "steps", list);
    buffer_release(&steps);
    return turn->reply->body != NULL;
}
