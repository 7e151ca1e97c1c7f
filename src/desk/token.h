/* token — what machines sign in with: a camera's watcher, a weather station, another program.
 *
 * What it is for: an administrator makes a token with a name and a scope; the machine sends it with each request
 * (`Authorization: Bearer …`). It is shown once, when it is made; its hash is kept in accounts.db. A machine may what its
 * scope says and nothing else (access.h), and the log calls it `token:NAME`, which no account can be called.
 * An account book's functions; they lock it.
 */
#ifndef PINYUE_DESK_TOKEN_H
#define PINYUE_DESK_TOKEN_H

#include "desk/account.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define TOKEN_NAME_LENGTH_MOST 58 /* `token:` and it are an account's name */

/* What a machine may. */
enum token_scope {
    TOKEN_MAY_READ = 1,  /* look at the desk, plans, incidents, calls, the to-call list, and the live stream */
    TOKEN_MAY_FACTS = 2, /* report facts, in the name of its parties alone */
    TOKEN_MAY_CALLS = 4  /* save a call */
};

/* The words of a scope in requests, answers and the log; NULL after the last. */
extern const char *const token_scope_words[];

/* Whether a token can be made so: `machine` has name (without `token:`), display_name, scope and parties. */
bool token_check(const struct account *machine, struct failure *failure);

/* Makes a token, and in the same step a note for the log, under the request's key as the log has it. Asked again with the same key, as after an answer that was lost, it makes another in its place, unless the
 * first has been used. */
enum account_result account_book_add_token(struct account_book *book, const struct account *machine,
                                           struct text made_by, struct text key, int64_t now,
                                           char token[ACCOUNT_TOKEN_ROOM], struct failure *failure);

/* Ends a token, at once, with a note for the log as above; ACCOUNT_INVALID when there is none of this name. One that has ended before is ACCOUNT_DONE. */
enum account_result account_book_end_token(struct account_book *book, struct text name, struct text actor,
                                           struct text key, int64_t now, struct failure *failure);

/* The words of a scope, as a list. */
json_t *token_list_scope(unsigned int scope);

/* Finds the machine of a token and notes that it has been used: as a session, without a CSRF token. */
bool account_book_find_token(struct account_book *book, struct text token, int64_t now,
                             struct account_session *session);

/* A list of Token of openapi.json by name. NULL when it cannot be read. */
json_t *account_book_list_tokens(struct account_book *book);

#endif
