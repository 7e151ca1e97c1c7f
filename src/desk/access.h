/* access — who may do what: the one place that says so.
 *
 * Rights come from the account: administrator, desk, and the offices and units of the plans that it acts for, in its own right
 * or by a delegation that is in force at the instant of the request; those of a machine from its token's scope alone.
 * docs/desk.md has the matrix, tests/desk/access_test.c goes through it cell by cell. Owns nothing.
 */
#ifndef PINYUE_DESK_ACCESS_H
#define PINYUE_DESK_ACCESS_H

#include "desk/account.h"
#include "desk/delegation.h"
#include "desk/desk.h"

#include <stdbool.h>

/* What a request is about, as far as rights depend on it. */
struct access_case {
    struct text party; /* the office that orders or decides, the unit that owes the duty; empty where there is none */
    struct text
        also;    /* another name under which the account may act for it (the unit of an office's team …), or empty */
    bool spoken; /* it was spoken by telephone and is only recorded */
    bool is_party;      /* the source is a party of the plan */
    struct text source; /* in whose name facts are reported, as it was said; the party is who that is in the plan */
    const struct delegations *delegations; /* by which others act for a party; NULL: none */
    int64_t at;                            /* the instant of the request */
    bool proves;                           /* a file: it stands in an incident as proof of something */
    bool is_own;                           /* a file: the account has sent it itself */
};

/* The delegation by which the account acts for one of the two parties of the case; NULL where there is none, and where it
 * acts for one of them in its own right. */
const struct delegation *access_find_delegation(const struct account *account, const struct access_case *about);

/* The delegation without which the account could not do this; NULL where it needs none. */
const struct delegation *access_find_power(const struct account *account, enum desk_action action,
                                           const struct access_case *about);

/* Whether the account may do this. */
bool access_may(const struct account *account, enum desk_action action, const struct access_case *about);

/* Whether the account is a person's, who has drafts, a password and sessions of his own. */
bool access_is_person(const struct account *account);

#endif
