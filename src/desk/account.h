/* account — who may sign in, and who is signed in.
 *
 * What it is for: names, passwords (Argon2id by libsodium), rights, and sessions of the duty desk. They are kept apart
 * from the log, in accounts.db beside it, because a password's hash and a session's token have no place in a log that is
 * shown and copied; that an account was made is logged by the desk. docs/desk.md says what is kept.
 * Owns: that database. Must never: keep a password or a session's token as it is (it keeps their hashes; the CSRF token,
 * which opens nothing without the other, stands as it is), or read a clock: the caller says what time it is.
 *
 * Unlike the rest of the desk an account book is used by several threads at once; it locks itself. Argon2id is computed
 * outside the lock.
 */
#ifndef PINYUE_DESK_ACCOUNT_H
#define PINYUE_DESK_ACCOUNT_H

#include "base/failure.h"
#include "base/text.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define ACCOUNT_NAME_ROOM 65     /* letters, digits, . _ -, and the NUL */
#define ACCOUNT_DISPLAY_ROOM 513 /* 128 characters of UTF-8 */
#define ACCOUNT_PARTIES_ROOM 4097
#define ACCOUNT_PASSWORD_LENGTH_LEAST 10U
#define ACCOUNT_PASSWORD_LENGTH_MOST 1024U
#define ACCOUNT_TOKEN_ROOM 44                             /* a session's token and its CSRF token, base64url */
#define ACCOUNT_SESSION_US (INT64_C(12) * 3600 * 1000000) /* a session ends after so long without a request */
#define ACCOUNT_MADE_PASSWORD_ROOM 20                     /* a password of account_make_password */
#define ACCOUNT_FORMAT 4                                  /* of accounts.db, as this program writes it */
#define ACCOUNT_NOTE_KEY_ROOM 96
#define ACCOUNT_TAG_ROOM 20 /* of account_make_tag */
#define ACCOUNT_ACTOR_ROOM 65

/* An account as it is passed from thread to thread: a plain value. */
struct account {
    char name[ACCOUNT_NAME_ROOM];
    char display_name[ACCOUNT_DISPLAY_ROOM];
    bool administrator;                 /* makes accounts */
    bool desk;                          /* duty room: takes calls, reports facts, records what was spoken */
    bool auditor;                       /* is shown what is personal in audits, and each showing is logged */
    bool closed;                        /* nobody signs in under it, until it is opened again */
    char parties[ACCOUNT_PARTIES_ROOM]; /* offices and units that it acts for, by name, each with a line's end */
    unsigned int scope; /* of a machine, ACCOUNT_MAY_… (token.h): all that it may; 0: a person's account */
};

struct account_book;

/* Opens accounts.db in the directory, making it when there is none. NULL with a failure, and the file untouched, when its
 * format is not ACCOUNT_FORMAT. */
struct account_book *account_book_open(const char *directory, struct failure *failure);
void account_book_close(struct account_book *book);

/* Opens one that is there already, also of an older format, which it stays: accounts can be listed and passwords reset,
 * and no more. */
struct account_book *account_book_open_existing(const char *directory, struct failure *failure);

/* Whether this program knows the format of accounts.db; nothing is changed. *format is 0 where there is none. */
bool account_check_format(const char *directory, int *format, struct failure *failure);

/* The same, and that it is ACCOUNT_FORMAT or not there yet. */
bool account_need_format(const char *directory, struct failure *failure);

/* Brings accounts.db of an older format to ACCOUNT_FORMAT, all of it or nothing. Whoever calls this has made a backup. */
bool account_upgrade(const char *directory, struct failure *failure);

/* True when nobody can sign in yet. */
bool account_book_is_empty(struct account_book *book);

/* Fills in a random password that a person can type. */
void account_make_password(char out[ACCOUNT_MADE_PASSWORD_ROOM]);

/* Whether somebody can sign in under this name: there is such an account, and it is not closed. */
bool account_book_has_account(struct account_book *book, struct text name);

/* Whether the account acts for a party of this name. */
bool account_has_party(const struct account *account, struct text party);

enum account_result {
    ACCOUNT_DONE,
    ACCOUNT_EXISTS,  /* the name is taken */
    ACCOUNT_INVALID, /* a field is not as it must be; the failure names it */
    ACCOUNT_CHANGED, /* it is no longer as whoever asks had it before him */
    ACCOUNT_FAILED   /* the database could not be written; nothing has changed */
};

/* Adds an account with its password, and in the same step a note for the log that `actor` has added it (empty: none). `key`,
 * as the log has it, is remembered with both: adding the same name with the same key again is ACCOUNT_DONE and changes
 * nothing. Takes a tenth of a second (Argon2id). */
enum account_result account_book_add(struct account_book *book, const struct account *account, struct text password,
                                     struct text key, struct text actor, int64_t now, struct failure *failure);

/* What is to become of an account: the fields of `wanted` that `fields` names; all else stays. */
enum account_field {
    ACCOUNT_DISPLAY_NAME = 1,
    ACCOUNT_ADMINISTRATOR = 2,
    ACCOUNT_DESK = 4,
    ACCOUNT_AUDITOR = 8,
    ACCOUNT_PARTIES = 16,
    ACCOUNT_CLOSING = 32
};
struct account_change {
    struct account wanted; /* the name says which one */
    unsigned int fields;   /* ACCOUNT_… above */
    struct text tag; /* of the account as whoever asks had it before him (account_make_tag); empty: he does not say */
};

/* Changes rights, parties or the display name of an account, closes it or opens it again (account_change.c), with a note for
 * the log under the request's key in the same step. It takes force at once: sessions that go on have the new rights from
 * their next request on; closing ends them, and the tokens of machines that the account has made. Under a key that has been
 * used nothing is done anew. *changed is what the log is told. ACCOUNT_INVALID where there is no such account, and where
 * nobody would be left who may make accounts. */
enum account_result account_book_change(struct account_book *book, const struct account_change *change,
                                        struct text actor, struct text key, int64_t now, struct account *changed,
                                        struct failure *failure);

/* A mark of an account as it is described (account_describe), for If-Match. */
void account_make_tag(const json_t *described, char tag[ACCOUNT_TAG_ROOM]);

/* Gives an account another password and ends its sessions, in one step. That it was done, and by whom, is remembered as a
 * note for the log, which another process may be writing just now. ACCOUNT_INVALID when there is no such account. */
enum account_result account_book_reset(struct account_book *book, struct text name, struct text password,
                                       struct text actor, int64_t now, struct failure *failure);

/* Gives the account of a session another password and ends its other sessions. Whoever calls this has checked the old one
 * (account_book_check_password). */
struct account_session;
enum account_result account_book_change_password(struct account_book *book, const struct account_session *session,
                                                 struct text password, int64_t now, struct failure *failure);

/* Something has happened to an account, and the log has no event of it yet. */
struct account_note {
    char kind
        [16]; /* "reset", "password": it has another password; "factor-on", "factor-off": its second factor; "account",
               * "account-change": it was made or changed; "token", "token-end": a machine's token was made or ended;
               * "rule-on", "rule-off": a second factor is required of it (no name: of all who may order), or no longer */
    char key[ACCOUNT_NOTE_KEY_ROOM]; /* random, or the request's as the log has it: by that the log knows it again */
    char name[ACCOUNT_NAME_ROOM];
    char actor[ACCOUNT_ACTOR_ROOM];
    int64_t at;
    struct account about; /* of accounts and tokens: what was made of it, or the machine; else without a name */
};

/* Whether anything has been noted under a key. */
bool account_book_has_note(struct account_book *book, struct text key);

/* The oldest note that is not in the log. False where there is none, and where the book is in use: it never waits. */
bool account_book_find_note(struct account_book *book, struct account_note *note);

/* Remembers the number of the note's event in the log. */
void account_book_mark_note(struct account_book *book, const struct account_note *note, int64_t sequence);

/* Copies accounts.db of one directory to another that has none, while others write in it: SQLite's online backup. The
 * copy is made as account_settle does. */
bool account_copy(const char *from_directory, const char *to_directory, int64_t last_sequence, struct failure *failure);

/* Makes a copied accounts.db fit a log that ends at `last_sequence`: no session goes on in a copy, and what was logged
 * behind that is to be logged again. It becomes one file without companions, durable, and holds no deleted bytes. */
bool account_settle(const char *directory, int64_t last_sequence, struct failure *failure);

/* A list of {"name", "display_name"} of accounts and, as the log has them ("token:NAME"), machines, by name. NULL when it cannot
 * be read. */
json_t *account_book_list_people(struct account_book *book);

/* A list of {"name", "display_name", "administrator", "desk", "parties"} by name, of auditors with "auditor", of closed ones with
 * "closed". NULL when it cannot be read. */
json_t *account_book_list(struct account_book *book);

/* That list as somebody keeps it who may not wait for the book; begins zeroed. `accounts` is his, and NULL as long as none could be
 * read. */
struct account_list {
    json_t *accounts;
    int64_t version, changes; /* of what it was read */
};

/* Reads it anew where an account has been made or changed since, here or by another process, and the book is free; else it stays
 * as it is, a moment old. The first time alone it waits. */
void account_book_refresh_list(struct account_book *book, struct account_list *list);

/* The same of one account. */
json_t *account_describe(const struct account *account);

enum account_sign_in {
    ACCOUNT_SIGNED_IN,
    ACCOUNT_WRONG,       /* no such name, or not its password: the caller is not told which */
    ACCOUNT_SHUT,        /* the password is right, but the account has been closed */
    ACCOUNT_UNAVAILABLE, /* the password is right, but no session could be written */
    ACCOUNT_CODE_NEEDED, /* the password is right; a code of the second factor is needed as well */
    ACCOUNT_CODE_WRONG,  /* the password is right, the code is not, or has been used before */
    ACCOUNT_TOO_SOON     /* after several wrong ones in a row from this origin: *wait_seconds must pass first */
};

/* What a session is known by. */
struct account_session {
    struct account account;
    char token[ACCOUNT_TOKEN_ROOM];      /* for the cookie */
    char csrf_token[ACCOUNT_TOKEN_ROOM]; /* for the header */
    bool is_limited; /* a second factor is required and there is none: until one is set up it may do nothing else */
};

/* Checks a password, which is slowed down as for signing in: ACCOUNT_SIGNED_IN says that it is right, no session begins. */
enum account_sign_in account_book_check_password(struct account_book *book, struct text name, struct text password,
                                                 struct text origin, int64_t now, uint32_t *wait_seconds);

/* Checks a password, and where the account has a second factor a code of it, which may be empty, and begins a session. Wrong passwords are slowed down for that name and origin together, by at most
 * thirty seconds, so that nobody shuts the duty room out by guessing. The origin is the address, or what is known better and cannot be made up: a device
 * that the account knows (device.h), a session that goes on. Takes a tenth of a second (Argon2id). */
enum account_sign_in account_book_sign_in(struct account_book *book, struct text name, struct text password,
                                          struct text code, struct text origin, int64_t now,
                                          struct account_session *session, uint32_t *wait_seconds);

/* Finds the session of a token and notes that it has been used. False where there is none (any more). Asks memory; what
 * another process has changed in accounts.db is noticed within a second, as a rule within a tenth of one. */
bool account_book_find_session(struct account_book *book, struct text token, int64_t now,
                               struct account_session *session);

/* Whether there still is such a session, or such a token of a machine, and as what: the account may have been changed since it
 * began. Does not count as a use of it. */
bool account_book_look_session(struct account_book *book, struct text token, int64_t now,
                               struct account_session *session);

/* Writes to accounts.db when sessions were last used, where that is a minute later than what stands there. To be called
 * every few seconds; closing the book writes all. */
void account_book_write_uses(struct account_book *book);

/* Ends a session. False when accounts.db could not be written: then it goes on. */
bool account_book_sign_out(struct account_book *book, struct text token);

#endif
