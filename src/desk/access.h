/* access — who may do what: the one place that says so.
 *
 * Rights come from the account alone: administrator, desk, and the offices and units of the plans that it acts for; those
 * of a machine from its token's scope alone.
 * docs/desk.md has the matrix, tests/desk/access_test.c goes through it cell by cell. Owns nothing.
 */
#ifndef PINYUE_DESK_ACCESS_H
#define PINYUE_DESK_ACCESS_H

#include "desk/account.h"
#include "desk/desk.h"

#include <stdbool.h>

/* What a request is about, as far as rights depend on it. */
struct access_case {
    struct text party; /* the office that orders or decides, the unit that owes the duty; empty where there is none */
    struct text
        also;    /* another name under which the account may act for it (the unit of an office's team …), or empty */
    bool spoken; /* it was spoken by telephone and is only recorded */
    struct text source; /* in whose name facts are reported; empty where there are none */
};

/* Whether the account may do this. */
bool access_may(const struct account *account, enum desk_action action, const struct access_case *about);

/* Whether the account is a person's, who has drafts, a password and sessions of his own. */
bool access_is_person(const struct account *account);

#endif
