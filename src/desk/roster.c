#include "desk/roster.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/calendar.h"
#include "desk/fold.h"

#include <stdlib.h>

#define BYTES_MAX ((size_t)1 << 30)

const char *const roster_post_names[ROSTER_POSTS] = {"leader", "main", "second"};

struct roster {
    struct arena *arena;     /* texts */
    struct buffer shifts;    /* of struct roster_shift */
    struct buffer handovers; /* of struct roster_handover */
};

struct roster *roster_create(void) {
    struct roster *roster = calloc(1, sizeof *roster);
    if (roster != NULL) {
        roster->arena = arena_create(BYTES_MAX);
    }
    if (roster != NULL && roster->arena == NULL) {
        free(roster);
        return NULL;
    }
    return roster;
}

void roster_destroy(struct roster *roster) {
    if (roster != NULL) {
        buffer_release(&roster->shifts);
        buffer_release(&roster->handovers);
        arena_destroy(roster->arena);
        free(roster);
    }
}

/* ---- looking ---------------------------------------------------------------------------------------------- */

static struct roster_shift *shift_at(const struct roster *roster, uint32_t number) {
    return (struct roster_shift *)(void *)roster->shifts.bytes + (number - 1);
}

uint32_t roster_count(const struct roster *roster) {
    return (uint32_t)(roster->shifts.length / sizeof(struct roster_shift));
}

const struct roster_shift *roster_find(const struct roster *roster, uint32_t number) {
    return number == 0 || number > roster_count(roster) ? NULL : shift_at(roster, number);
}

size_t roster_handover_count(const struct roster *roster) {
    return roster->handovers.length / sizeof(struct roster_handover);
}

const struct roster_handover *roster_find_handover(const struct roster *roster, size_t index) {
    return (const struct roster_handover *)(const void *)roster->handovers.bytes + index;
}

const struct roster_shift *roster_on_duty(const struct roster *roster, int64_t at) {
    for (uint32_t number = 1; number <= roster_count(roster); number++) {
        const struct roster_shift *shift = shift_at(roster, number);
        if (!shift->is_withdrawn && shift->from <= at && at < shift->until) {
            return shift;
        }
    }
    return NULL;
}

const struct roster_shift *roster_responsible(const struct roster *roster, int64_t at) {
    size_t count = roster_handover_count(roster);
    const struct roster_shift *first = NULL;
    if (count > 0) {
        return roster_find(roster, roster_find_handover(roster, count - 1)->to);
    }
    for (uint32_t number = 1; number <= roster_count(roster); number++) {
        const struct roster_shift *shift = shift_at(roster, number);
        if (!shift->is_withdrawn && shift->from <= at && (first == NULL || shift->from < first->from)) {
            first = shift;
        }
    }
    return first;
}

const struct roster_shift *roster_next(const struct roster *roster, const struct roster_shift *shift) {
    const struct roster_shift *next = NULL;
    for (uint32_t number = 1; number <= roster_count(roster); number++) {
        const struct roster_shift *other = shift_at(roster, number);
        if (!other->is_withdrawn && other->from > shift->from && (next == NULL || other->from < next->from)) {
            next = other;
        }
    }
    return next;
}

int64_t roster_overdue_since(const struct roster *roster, int64_t at) {
    const struct roster_shift *shift = roster_responsible(roster, at);
    return shift == NULL || shift->until > at ? INT64_MAX : shift->until;
}

int64_t roster_empty_since(const struct roster *roster, int64_t at) {
    int64_t since = INT64_MAX;
    if (roster_on_duty(roster, at) != NULL) {
        return since;
    }
    for (uint32_t number = 1; number <= roster_count(roster); number++) {
        const struct roster_shift *shift = shift_at(roster, number);
        if (!shift->is_withdrawn && shift->until <= at && (since == INT64_MAX || shift->until > since)) {
            since = shift->until;
        }
    }
    return since;
}

const struct roster_shift *roster_find_overlap(const struct roster *roster, int64_t from, int64_t until,
                                               uint32_t except) {
    for (uint32_t number = 1; number <= roster_count(roster); number++) {
        const struct roster_shift *shift = shift_at(roster, number);
        if (number != except && !shift->is_withdrawn && shift->from < until && from < shift->until) {
            return shift;
        }
    }
    return NULL;
}

bool roster_has_account(const struct roster_shift *shift, struct text account) {
    for (int post = 0; post < ROSTER_POSTS; post++) {
        if (account.length > 0 && text_equal(shift->posts[post].account, account)) {
            return true;
        }
    }
    return false;
}

bool roster_names_account(const struct roster_shift *shift) {
    for (int post = 0; post < ROSTER_POSTS; post++) {
        if (shift->posts[post].account.length > 0) {
            return true;
        }
    }
    return false;
}

uint32_t roster_count_changes(const struct roster *roster, int64_t at) {
    uint32_t count = 0;
    for (uint32_t number = 1; number <= roster_count(roster); number++) {
        const struct roster_shift *shift = shift_at(roster, number);
        count += !shift->is_withdrawn && shift->from <= at;
        count += !shift->is_withdrawn && shift->until <= at;
    }
    return count;
}

int64_t roster_next_change(const struct roster *roster, int64_t at) {
    int64_t next = INT64_MAX;
    for (uint32_t number = 1; number <= roster_count(roster); number++) {
        const struct roster_shift *shift = shift_at(roster, number);
        if (!shift->is_withdrawn && shift->from > at && shift->from < next) {
            next = shift->from;
        }
        if (!shift->is_withdrawn && shift->until > at && shift->until < next) {
            next = shift->until;
        }
    }
    return next;
}

/* ---- taking ----------------------------------------------------------------------------------------------- */

static bool take_shift(struct roster *roster, const struct session_entry *entry, struct failure *failure) {
    static const char *const fields[ROSTER_POSTS][3] = {
        {"leader", "leader_phone", "leader_account"},
        {"main", "main_phone", "main_account"},
        {"second", "second_phone", "second_account"},
    };
    uint32_t corrected = fold_read_number(entry, "shift");
    bool is_known = corrected != 0 && corrected <= roster_count(roster);
    struct roster_shift shift =
        is_known ? *shift_at(roster, corrected) : (struct roster_shift){.number = roster_count(roster) + 1};
    if (!calendar_parse_instant(fold_field(entry->fields, entry->count, "from"), 0, &shift.from, failure) ||
        !calendar_parse_instant(fold_field(entry->fields, entry->count, "until"), 0, &shift.until, failure)) {
        return false;
    }
    for (int post = 0; post < ROSTER_POSTS; post++) {
        shift.posts[post] = (struct roster_person){.name = fold_keep(roster->arena, entry, fields[post][0]),
                                                   .phone = fold_keep(roster->arena, entry, fields[post][1]),
                                                   .account = fold_keep(roster->arena, entry, fields[post][2])};
    }
    shift.set_by = fold_keep(roster->arena, entry, "actor");
    shift.set_at = entry->at;
    shift.set_sequence = entry->sequence;
    if (is_known) {
        *shift_at(roster, corrected) = shift;
    } else {
        buffer_append(&roster->shifts, &shift, sizeof shift);
    }
    return true;
}

static void take_notes(struct roster *roster, const struct session_entry *entry, uint32_t number) {
    struct roster_shift *shift = shift_at(roster, number);
    shift->notes = fold_keep(roster->arena, entry, "notes");
    shift->notes_by = fold_keep(roster->arena, entry, "actor");
    shift->notes_at = entry->at;
    shift->notes_sequence = entry->sequence;
}

static void take_acceptance(struct roster *roster, const struct session_entry *entry, uint32_t number) {
    struct roster_handover handover = {.sequence = entry->sequence,
                                       .at = entry->at,
                                       .from = fold_read_number(entry, "from_shift"),
                                       .to = number,
                                       .by = fold_keep(roster->arena, entry, "actor"),
                                       .incidents = fold_keep(roster->arena, entry, "incidents"),
                                       .clocks = fold_keep(roster->arena, entry, "clocks"),
                                       .calls = fold_keep(roster->arena, entry, "calls"),
                                       .notices = fold_keep(roster->arena, entry, "notices"),
                                       .spoken = fold_keep(roster->arena, entry, "spoken")};
    if (handover.from != 0 && handover.from <= roster_count(roster)) {
        handover.notes = shift_at(roster, handover.from)->notes;
        handover.notes_by = shift_at(roster, handover.from)->notes_by;
    }
    struct roster_shift *shift = shift_at(roster, number);
    shift->is_taken = true;
    shift->taken_at = entry->at;
    shift->taken_by = handover.by;
    buffer_append(&roster->handovers, &handover, sizeof handover);
}

bool roster_take(struct roster *roster, const struct session_entry *entry, struct failure *failure) {
    struct text kind = fold_field(entry->fields, entry->count, "kind");
    uint32_t number = fold_read_number(entry, "shift");
    bool is_known = number != 0 && number <= roster_count(roster);
    if (text_equals_string(kind, "desk.shift")) {
        if (!take_shift(roster, entry, failure)) {
            return false;
        }
    } else if (is_known && text_equals_string(kind, "desk.shift-withdrawal")) {
        shift_at(roster, number)->is_withdrawn = true;
    } else if (is_known && text_equals_string(kind, "desk.handover-notes")) {
        take_notes(roster, entry, number);
    } else if (is_known && text_equals_string(kind, "desk.acceptance")) {
        take_acceptance(roster, entry, number);
    }
    bool has_failed = arena_is_exhausted(roster->arena) || roster->shifts.failed || roster->handovers.failed;
    return !has_failed || failure_say(failure, "memory is exhausted", "内存不足");
}
