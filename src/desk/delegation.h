/* delegation — who acts for whom: offices and units by accounts of their own, and for a period by others.
 *
 * What it is for: an account that acts for an office or unit lets another act for it, from … until …, with a reason. It
 * ends by itself, or earlier by withdrawal. Also for which parties accounts have been made at all, so that an office to
 * which nobody is bound can be found. What is delegated cannot be delegated on: that is access.c's to see to.
 * Owns all of that. It comes from the log's events (delegations_take): "desk.delegation", "desk.delegation-withdrawal",
 * "desk.account". Must never write or read a clock.
 */
#ifndef PINYUE_DESK_DELEGATION_H
#define PINYUE_DESK_DELEGATION_H

#include "base/failure.h"
#include "base/text.h"
#include "run/session.h"

#include <stdbool.h>
#include <stdint.h>

struct delegations;

struct delegation {
    uint32_t number; /* from 1 */
    struct text party;
    struct text from_account, to_account;
    int64_t from, until; /* us; `until` is no longer of it */
    struct text reason;
    int64_t made_at;
    int64_t withdrawn_at; /* INT64_MAX: not withdrawn */
    struct text withdrawn_by;
};

/* NULL when memory is exhausted. */
struct delegations *delegations_create(void);
void delegations_destroy(struct delegations *delegations);

/* Sees an event of the log; passes over what is none of its own. */
bool delegations_take(struct delegations *delegations, const struct session_entry *entry, struct failure *failure);

/* By number from 1; NULL where there is none. */
uint32_t delegations_count(const struct delegations *delegations);
const struct delegation *delegations_find(const struct delegations *delegations, uint32_t number);

/* Whether a delegation is in force at an instant. */
bool delegation_is_in_force(const struct delegation *delegation, int64_t at);

/* The delegation by which an account acts for a party (an empty one: for any) at an instant; NULL. `delegations` may be
 * NULL: then there are none. */
const struct delegation *delegations_find_acting(const struct delegations *delegations, struct text account,
                                                 struct text party, int64_t at);

/* Whether some account acts for a party at an instant: of its own, or by delegation. */
bool delegations_has_bound(const struct delegations *delegations, struct text party, int64_t at);

/* As roster_count_changes and roster_next_change. */
uint32_t delegations_count_changes(const struct delegations *delegations, int64_t at);
int64_t delegations_next_change(const struct delegations *delegations, int64_t at);

#endif
