/* second_factor — a code of a telephone besides the password: RFC 6238 as authenticator apps do it (SHA-1, 30 seconds, six
 * digits).
 *
 * What it is for: whoever knows a password alone does not get in. A person enrols with a secret that is shown once and
 * confirmed by one code, and is given recovery codes for the day on which the telephone is lost. The secret is in
 * accounts.db alone, recovery codes as hashes; that somebody has enrolled, or given it up, is noted for the log.
 * An account book's functions; they lock it.
 */
#ifndef PINYUE_DESK_SECOND_FACTOR_H
#define PINYUE_DESK_SECOND_FACTOR_H

#include "desk/account.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SECOND_FACTOR_SECRET_BYTES 20U
#define SECOND_FACTOR_TEXT_ROOM 33 /* the secret in base32 */
#define SECOND_FACTOR_RECOVERY_CODES 10

/* The code of a step (RFC 4226, 5.3) with so many digits, at most 8. */
uint32_t second_factor_compute(const unsigned char *secret, size_t length, uint64_t step, unsigned int digits);

/* Makes a new secret for an account that has not enrolled; it counts for nothing until it is confirmed. */
enum account_result account_book_begin_factor(struct account_book *book, struct text name,
                                              char secret[SECOND_FACTOR_TEXT_ROOM], struct failure *failure);

/* Enrols by a code of the secret that was made last. Recovery codes replace what there was. ACCOUNT_INVALID when the code
 * does not fit, or there is nothing to confirm. */
enum account_result account_book_confirm_factor(struct account_book *book, struct text name, struct text code,
                                                int64_t now,
                                                char codes[SECOND_FACTOR_RECOVERY_CODES][ACCOUNT_MADE_PASSWORD_ROOM],
                                                struct failure *failure);

/* Gives it up. ACCOUNT_INVALID when there is none. Where one is required the account can do nothing but set up another. */
enum account_result account_book_remove_factor(struct account_book *book, struct text name, int64_t now,
                                               struct failure *failure);

/* Whether an account has enrolled, and how many recovery codes are left. */
bool account_book_has_factor(struct account_book *book, struct text name, int *codes_left);

/* Names of all accounts that have enrolled, as a list. NULL when it cannot be read. */
json_t *account_book_list_factors(struct account_book *book);

/* ---- who must have one (factor_rule.c) --- */

/* Requires one of an account, or no longer; with an empty name of all who may order. It holds from the next sign-in on. A note
 * for the log, under the request's key, goes with it in one step; under a key that has been used nothing is set anew.
 * ACCOUNT_INVALID when there is no such account. */
enum account_result account_book_require_factor(struct account_book *book, struct text name, bool is_required,
                                                struct text actor, struct text key, int64_t now,
                                                struct failure *failure);

/* Says who may order: names of parties, each with a line's end. False when memory is exhausted. */
bool account_book_set_orderers(struct account_book *book, struct text names);

/* Whether one is required of all who may order, and the account has none: for who orders by delegation alone. */
bool account_book_orders_without_factor(struct account_book *book, struct text name);

/* {"accounts": names of whom it is required, "orderers": whether it is of all who may order, "missing": who must have one
 * and has none}. NULL when it cannot be read. */
json_t *account_book_describe_requirements(struct account_book *book);

#endif
