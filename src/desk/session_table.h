/* session_table — the sessions of accounts.db that are in use, in memory.
 *
 * What it is for: every request asks who it comes from, and must not ask the disk for it. The table holds what
 * accounts.db says, and nothing else: whoever changes a session there changes it here too, while he has the book's lock;
 * what another process changes makes the book empty the table. What is not in it is looked up in accounts.db.
 * Owns: copies of accounts and CSRF tokens, and when each session was last used, which is written to accounts.db from
 * time to time. Must never: hold a token as it is (its hash is the key), or read a clock. Locks itself, and is locked
 * after the book.
 */
#ifndef PINYUE_DESK_SESSION_TABLE_H
#define PINYUE_DESK_SESSION_TABLE_H

#include "desk/account.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SESSION_HASH_BYTES 32U
#define SESSION_TABLE_MOST 4096U /* sessions in memory; some 5 KiB each */

struct session_table;

/* NULL when memory is exhausted. */
struct session_table *session_table_create(void);
void session_table_destroy(struct session_table *table);

/* Finds a session that was used less than ACCOUNT_SESSION_US ago. With `is_use` this is a use of it. Fills in all of
 * *session (may be NULL) but its token. */
bool session_table_find(struct session_table *table, const unsigned char hash[SESSION_HASH_BYTES], int64_t now,
                        bool is_use, struct account_session *session);

/* Takes a session in that accounts.db has. `used_at` is what stands there. Where memory is exhausted it is left out. */
void session_table_add(struct session_table *table, const unsigned char hash[SESSION_HASH_BYTES],
                       const struct account_session *session, int64_t used_at);

/* Whether there is room for one more; where there is none, session_table_clear makes it. */
bool session_table_has_room(struct session_table *table);

void session_table_drop(struct session_table *table, const unsigned char hash[SESSION_HASH_BYTES]);
void session_table_drop_account(struct session_table *table, struct text name);
void session_table_clear(struct session_table *table);

/* Calls `write` for each session whose last use is `age` later than what has been written of it, and takes that for
 * written. */
typedef void session_table_write(void *context, const unsigned char hash[SESSION_HASH_BYTES], int64_t used_at);
void session_table_write_uses(struct session_table *table, int64_t age, session_table_write *write, void *context);

#endif
