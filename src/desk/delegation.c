#include "desk/delegation.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/calendar.h"
#include "desk/fold.h"

#include <stdlib.h>
#include <string.h>

#define BYTES_MAX ((size_t)1 << 30)

struct delegations {
    struct arena *arena; /* texts */
    struct buffer items; /* of struct delegation */
    struct buffer bound; /* of struct bound: the accounts that have been made */
};

/* An account, and the parties for which it acts: names, each on a line; of one that is closed none. */
struct bound {
    struct text account, parties;
};

struct delegations *delegations_create(void) {
    struct delegations *delegations = calloc(1, sizeof *delegations);
    if (delegations != NULL) {
        delegations->arena = arena_create(BYTES_MAX);
    }
    if (delegations != NULL && delegations->arena == NULL) {
        free(delegations);
        return NULL;
    }
    return delegations;
}

void delegations_destroy(struct delegations *delegations) {
    if (delegations != NULL) {
        buffer_release(&delegations->items);
        buffer_release(&delegations->bound);
        arena_destroy(delegations->arena);
        free(delegations);
    }
}

/* ---- looking ---------------------------------------------------------------------------------------------- */

static struct delegation *item_at(const struct delegations *delegations, uint32_t number) {
    return (struct delegation *)(void *)delegations->items.bytes + (number - 1);
}

uint32_t delegations_count(const struct delegations *delegations) {
    return delegations == NULL ? 0 : (uint32_t)(delegations->items.length / sizeof(struct delegation));
}

const struct delegation *delegations_find(const struct delegations *delegations, uint32_t number) {
    return number == 0 || number > delegations_count(delegations) ? NULL : item_at(delegations, number);
}

bool delegation_is_in_force(const struct delegation *delegation, int64_t at) {
    return delegation->from <= at && at < delegation->until && at < delegation->withdrawn_at;
}

const struct delegation *delegations_find_acting(const struct delegations *delegations, struct text account,
                                                 struct text party, int64_t at) {
    for (uint32_t number = 1; number <= delegations_count(delegations); number++) {
        const struct delegation *found = item_at(delegations, number);
        if (delegation_is_in_force(found, at) && text_equal(found->to_account, account) &&
            (party.length == 0 || text_equal(found->party, party))) {
            return found;
        }
    }
    return NULL;
}

static bool has_line(struct text lines, struct text wanted) {
    for (size_t from = 0; from < lines.length;) {
        const char *end = memchr(lines.bytes + from, '\n', lines.length - from);
        size_t length = end == NULL ? lines.length - from : (size_t)(end - (lines.bytes + from));
        if (length > 0 && text_equal((struct text){lines.bytes + from, length}, wanted)) {
            return true;
        }
        from += length + 1;
    }
    return false;
}

static struct bound *bound_at(const struct delegations *delegations, size_t index) {
    return (struct bound *)(void *)delegations->bound.bytes + index;
}

static size_t count_bound(const struct delegations *delegations) {
    return delegations->bound.length / sizeof(struct bound);
}

static bool has_account(const struct delegations *delegations, struct text party) {
    for (size_t i = 0; i < count_bound(delegations); i++) {
        if (has_line(bound_at(delegations, i)->parties, party)) {
            return true;
        }
    }
    return false;
}

bool delegations_has_bound(const struct delegations *delegations, struct text party, int64_t at) {
    bool is_bound = has_account(delegations, party);
    for (uint32_t number = 1; number <= delegations_count(delegations) && !is_bound; number++) {
        const struct delegation *found = item_at(delegations, number);
        is_bound = delegation_is_in_force(found, at) && text_equal(found->party, party);
    }
    return is_bound;
}

uint32_t delegations_count_changes(const struct delegations *delegations, int64_t at) {
    uint32_t count = 0;
    for (uint32_t number = 1; number <= delegations_count(delegations); number++) {
        const struct delegation *found = item_at(delegations, number);
        count += found->from <= at;
        count += found->until <= at;
    }
    return count;
}

int64_t delegations_next_change(const struct delegations *delegations, int64_t at) {
    int64_t next = INT64_MAX;
    for (uint32_t number = 1; number <= delegations_count(delegations); number++) {
        const struct delegation *found = item_at(delegations, number);
        next = found->from > at && found->from < next ? found->from : next;
        next = found->until > at && found->until < next ? found->until : next;
    }
    return next;
}

/* ---- taking ----------------------------------------------------------------------------------------------- */

static bool take_delegation(struct delegations *delegations, const struct session_entry *entry,
                            struct failure *failure) {
    struct delegation taken = {.number = delegations_count(delegations) + 1,
                               .party = fold_keep(delegations->arena, entry, "party"),
                               .from_account = fold_keep(delegations->arena, entry, "actor"),
                               .to_account = fold_keep(delegations->arena, entry, "to"),
                               .reason = fold_keep(delegations->arena, entry, "reason"),
                               .made_at = entry->at,
                               .withdrawn_at = INT64_MAX};
    if (!calendar_parse_instant(fold_field(entry->fields, entry->count, "from"), 0, &taken.from, failure) ||
        !calendar_parse_instant(fold_field(entry->fields, entry->count, "until"), 0, &taken.until, failure)) {
        return false;
    }
    buffer_append(&delegations->items, &taken, sizeof taken);
    return true;
}

/* An account was made, or is another now. */
static void take_account(struct delegations *delegations, const struct session_entry *entry) {
    bool is_closed = text_equals_string(fold_field(entry->fields, entry->count, "closed"), "yes");
    struct text name = fold_field(entry->fields, entry->count, "name");
    struct text parties = is_closed ? (struct text){0} : fold_keep(delegations->arena, entry, "parties");
    size_t i = 0;
    while (i < count_bound(delegations) && !text_equal(bound_at(delegations, i)->account, name)) {
        i++;
    }
    if (i == count_bound(delegations)) {
        const struct bound made = {arena_keep_text(delegations->arena, name), parties};
        buffer_append(&delegations->bound, &made, sizeof made);
    } else {
        bound_at(delegations, i)->parties = parties;
    }
}

/* What an account has delegated holds no longer than its own power, and nothing holds for one that is closed. */
static void end_powerless(struct delegations *delegations, const struct session_entry *entry) {
    bool is_closed = text_equals_string(fold_field(entry->fields, entry->count, "closed"), "yes");
    struct text name = fold_field(entry->fields, entry->count, "name");
    struct text parties = fold_field(entry->fields, entry->count, "parties");
    for (uint32_t number = 1; number <= delegations_count(delegations); number++) {
        struct delegation *found = item_at(delegations, number);
        bool is_from = text_equal(found->from_account, name) && (is_closed || !has_line(parties, found->party));
        bool is_to = text_equal(found->to_account, name) && is_closed;
        if ((is_from || is_to) && found->until > entry->at && found->withdrawn_at > entry->at) {
            found->withdrawn_at = entry->at;
            found->withdrawn_by = fold_keep(delegations->arena, entry, "actor");
        }
    }
}

bool delegations_take(struct delegations *delegations, const struct session_entry *entry, struct failure *failure) {
    struct text kind = fold_field(entry->fields, entry->count, "kind");
    uint32_t number = fold_read_number(entry, "delegation");
    if (text_equals_string(kind, "desk.delegation")) {
        if (!take_delegation(delegations, entry, failure)) {
            return false;
        }
    } else if (text_equals_string(kind, "desk.delegation-withdrawal") && number != 0 &&
               number <= delegations_count(delegations)) {
        item_at(delegations, number)->withdrawn_at = entry->at;
        item_at(delegations, number)->withdrawn_by = fold_keep(delegations->arena, entry, "actor");
    } else if (text_equals_string(kind, "desk.account")) {
        take_account(delegations, entry);
    } else if (text_equals_string(kind, "desk.account-change")) {
        take_account(delegations, entry);
        end_powerless(delegations, entry);
    }
    bool has_failed = arena_is_exhausted(delegations->arena) || delegations->items.failed || delegations->bound.failed;
    return !has_failed || failure_say(failure, "memory is exhausted", "内存不足");
}
