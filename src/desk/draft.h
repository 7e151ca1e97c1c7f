/* draft — what somebody is typing and has not sent: kept on the server, outside the log.
 *
 * What it is for: a reload, a crash, another computer lose nothing that was typed. Only sending makes an event. Drafts are
 * kept in accounts.db beside the account that they belong to; nobody else is shown them.
 * An account book's functions; they lock it.
 */
#ifndef PINYUE_DESK_DRAFT_H
#define PINYUE_DESK_DRAFT_H

#include "desk/account.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define DRAFT_NAME_ROOM 129     /* 1 to 128 letters, digits, . _ - and the NUL */
#define DRAFT_BYTES_MOST 131072 /* of a draft as JSON */
#define DRAFTS_MOST 200         /* of one account; the oldest makes room */

/* Whether a draft may be called so. */
bool draft_is_name(struct text name);

/* Keeps a draft (JSON text) under a name of the page's, in place of what was there. False with a failure when it is too
 * long or cannot be written. */
bool account_book_keep_draft(struct account_book *book, struct text account, struct text name, struct text body,
                             int64_t now, struct failure *failure);

/* Forgets a draft; true also when there was none. */
bool account_book_drop_draft(struct account_book *book, struct text account, struct text name, struct failure *failure);

/* {NAME: {"body", "kept_at"}} of an account. NULL when it cannot be read. */
json_t *account_book_list_drafts(struct account_book *book, struct text account);

#endif
