/* book — the inside of an account book (account.h, draft.h), for the files of src/desk that make it up.
 *
 * What it is for: accounts.db as these files share it. Whatever is not said otherwise wants the book's lock.
 */
#ifndef PINYUE_DESK_BOOK_H
#define PINYUE_DESK_BOOK_H

#include "desk/account.h"
#include "desk/session_table.h"

#include <pthread.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdatomic.h>

#define BOOK_SLOWED_ROOM 256U
#define BOOK_FACTOR_FORMAT 2 /* from which on there are second factors */
#define BOOK_DEVICE_FORMAT 4 /* and devices */

/* Somebody who has given wrong passwords, or wrong codes. */
struct book_slowed {
    uint64_t who; /* hash of name, and of the address or device */
    uint32_t count;
    int64_t until; /* nothing is tried before */
};

/* Those who have. Who gives wrong passwords for names without number forgets others in their table, not in that of the
 * codes: there are accounts alone in it, each of which somebody knows the password of. */
struct book_slowing {
    struct book_slowed entries[BOOK_SLOWED_ROOM];
    size_t count;
};

struct account_book {
    pthread_mutex_t lock;
    sqlite3 *database;
    int format;            /* of the database */
    sqlite3_stmt *finding; /* a session by its token */
    sqlite3_stmt *version; /* another number when another process has written */
    int64_t known_version;
    int64_t account_changes;       /* accounts made or changed by this process */
    atomic_int_fast64_t looked_at; /* when that was last asked */
    struct session_table *sessions;
    struct session_table *tokens; /* of machines, as if each were a session */
    struct book_slowing passwords, codes;
    char *orderers;                      /* names of those who may order, each with a line's end; NULL: none */
    char nobody[crypto_pwhash_STRBYTES]; /* a password's hash that no password has: an unknown name takes as long */
};

/* Fails with SQLite's words. */
bool book_refuse(struct account_book *book, struct failure *failure);

/* A statement; NULL stands for one that answers nothing. book_finish runs one that answers nothing, and lets it go. */
sqlite3_stmt *book_prepare(struct account_book *book, const char *sql);
bool book_finish(sqlite3_stmt *statement);
bool book_execute(struct account_book *book, const char *sql);

/* Whether a question has an answer; ?1 of it, where it has one, is the name. */
bool book_has_row(struct account_book *book, const char *sql, struct text name);

/* Runs a statement of which ?1 is a name. */
bool book_run_with_name(struct account_book *book, const char *sql, struct text name);

/* The account of that name, zeroed where there is none: false then. */
bool book_find_account(struct account_book *book, struct text name, struct account *account);

/* An instant of a column; null where there is none. */
json_t *book_describe_instant(sqlite3_stmt *statement, int column);

/* Lets a statement go that a list was made of, and gives the lock back: the list, or NULL where `step` (what the last row
 * asked for said) is anything but that there are no more. */
json_t *book_end_list(struct account_book *book, sqlite3_stmt *statement, int step, json_t *list);

/* Another number when another process has written; -1 when that cannot be read. */
int64_t book_read_version(struct account_book *book);

void book_bind_text(sqlite3_stmt *statement, int at, struct text text);
struct text book_column_text(sqlite3_stmt *statement, int at);
void book_copy_text(char *out, size_t room, struct text text);

/* What is asked of the table account (in format 4) for book_read_account, which reads these columns from `at` on. */
#define BOOK_ACCOUNT                                                                                                   \
    "name, display_name, administrator, desk, parties, name IN (SELECT account FROM auditor), "                        \
    "name IN (SELECT account FROM closed_account)"
#define BOOK_ACCOUNT_COLUMNS 7
void book_read_account(sqlite3_stmt *statement, int at, struct account *account);

/* Letters, digits, points, _ and -; at least one. */
bool book_is_name(struct text name);

/* Opens the database of a directory without looking at it; asks for its format, 0: it is new or from before formats were
 * numbered; brings it to a format from an older one, which is what it has or 0 to begin with. */
bool book_connect(struct account_book *book, const char *directory, int flags, struct failure *failure);
bool book_check_format(struct account_book *book, int *format, struct failure *failure);
bool book_lay_out(struct account_book *book, int format);

/* At least ten characters. */
bool book_check_password(struct text password, const char *field, struct failure *failure);

/* A password as the book keeps it. Takes its time: without the book's lock. False, with a failure, when memory is exhausted. */
bool book_hash_password(struct text password, char hash[crypto_pwhash_STRBYTES], struct failure *failure);

/* Remembers for the log what has happened to an account. */
bool book_add_note(struct account_book *book, const char *kind, struct text name, struct text actor, int64_t now);

/* The same under a request's key. In a transaction of the caller's, with what it is about. */
bool book_add_keyed_note(struct account_book *book, const char *kind, struct text name, struct text actor,
                         struct text key, int64_t now);

/* With a note: the account as it became, for it may be another when the log comes to take it. */
bool book_add_about(struct account_book *book, struct text key, const struct account *account);

/* Whether the log knows, or is going to know, of what was asked under this key; and what it was told of an account. */
bool book_has_note(struct account_book *book, struct text key);
bool book_read_about(struct account_book *book, struct text key, struct account *account);

/* A code of the second factor, where the account has one: used up when it is right. In a transaction of the caller's. */
enum book_code { BOOK_CODE_RIGHT, BOOK_CODE_NEEDED, BOOK_CODE_WRONG };
enum book_code book_take_code(struct account_book *book, struct text name, struct text code, int64_t now);

/* Takes the second factor away, in a transaction of the caller's. */
bool book_drop_factor(struct account_book *book, struct text name, bool *was_there);

/* Forgets the devices of an account, in a transaction of the caller's. */
bool book_drop_devices(struct account_book *book, struct text name);

/* Whether an account must have a second factor and has none. */
bool book_lacks_factor(struct account_book *book, struct text name);

/* Limits a session that begins, or all sessions of an account, to setting one up, in a transaction of the caller's; and takes that from all of an
 * account's. */
bool book_limit_session(struct account_book *book, struct text token);
bool book_limit_sessions(struct account_book *book, struct text name);
bool book_free_sessions(struct account_book *book, struct text name);

/* What a token is known by. */
void book_hash_token(struct text token, unsigned char hash[SESSION_HASH_BYTES]);
void book_bind_hash(sqlite3_stmt *statement, int at, const unsigned char hash[SESSION_HASH_BYTES]);
void book_make_token(char out[ACCOUNT_TOKEN_ROOM]);

/* Notices what another process has changed (no lock wanted). */
void book_look_outside(struct account_book *book, int64_t now);

/* Finds a machine's token, in memory or in the database (no lock wanted). */
bool book_find_token(struct account_book *book, const unsigned char hash[SESSION_HASH_BYTES], int64_t now, bool is_use,
                     struct account_session *session);

/* Writes when sessions and tokens were last used, where that is `age` later than what stands in the database. */
void book_write_uses(struct account_book *book, int64_t age);

#endif
