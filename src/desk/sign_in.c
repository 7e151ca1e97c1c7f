/* Signing in and out: wrong passwords are slowed down, sessions begin, are found and end. */
#include "desk/book.h"

#include "base/calendar.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define TOKEN_BYTES 32U
#define FREE_TRIES 4U /* wrong passwords in a row before anybody has to wait */
#define WAIT_SECONDS_MOST 30U
#define LOOK_US INT64_C(100000)       /* between looks whether another process has written */
#define LOOK_LATE_US INT64_C(1000000) /* after so long a look waits for whoever has the book */

/* ---- wrong passwords -------------------------------------------------------------------------------------- */

static uint64_t hash_both(struct text name, struct text origin) {
    return text_hash(name) * UINT64_C(0x9E3779B97F4A7C15) ^ text_hash(origin);
}

/* NULL when there is none. */
static struct book_slowed *find_slowed(struct book_slowing *slowing, uint64_t who) {
    for (size_t i = 0; i < slowing->count; i++) {
        if (slowing->entries[i].who == who) {
            return &slowing->entries[i];
        }
    }
    return NULL;
}

/* In a full table the one whose time is over for the longest is forgotten, be it not over yet. */
static struct book_slowed *make_slowed(struct book_slowing *slowing, uint64_t who) {
    struct book_slowed *oldest = &slowing->entries[0];
    if (slowing->count < BOOK_SLOWED_ROOM) {
        oldest = &slowing->entries[slowing->count++];
    }
    for (size_t i = 0; i < slowing->count && slowing->count == BOOK_SLOWED_ROOM; i++) {
        oldest = slowing->entries[i].until < oldest->until ? &slowing->entries[i] : oldest;
    }
    *oldest = (struct book_slowed){.who = who};
    return oldest;
}

static uint32_t find_wait(struct book_slowing *slowing, uint64_t who, int64_t now) {
    const struct book_slowed *slowed = find_slowed(slowing, who);
    if (slowed == NULL || slowed->count <= FREE_TRIES || slowed->until <= now) {
        return 0;
    }
    /* Rounded up, and never more than the most, whatever has become of the clock. */
    int64_t seconds = (slowed->until - now + CALENDAR_US_PER_SECOND - 1) / CALENDAR_US_PER_SECOND;
    return seconds < WAIT_SECONDS_MOST ? (uint32_t)seconds : WAIT_SECONDS_MOST;
}

static void note_try(struct book_slowing *slowing, uint64_t who, int64_t now, bool was_right) {
    struct book_slowed *slowed = find_slowed(slowing, who);
    if (was_right) {
        if (slowed != NULL) {
            *slowed = slowing->entries[--slowing->count];
        }
        return;
    }
    slowed = slowed == NULL ? make_slowed(slowing, who) : slowed;
    slowed->count++;
    uint32_t wait = slowed->count <= FREE_TRIES
                        ? 0
                        : UINT32_C(1) << (slowed->count - FREE_TRIES > 5 ? 5 : slowed->count - FREE_TRIES);
    wait = wait > WAIT_SECONDS_MOST ? WAIT_SECONDS_MOST : wait;
    slowed->until = now + wait * CALENDAR_US_PER_SECOND;
}

/* ---- sessions --------------------------------------------------------------------------------------------- */

void book_make_token(char out[ACCOUNT_TOKEN_ROOM]) {
    unsigned char bytes[TOKEN_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    (void)sodium_bin2base64(out, ACCOUNT_TOKEN_ROOM, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void book_hash_token(struct text token, unsigned char hash[SESSION_HASH_BYTES]) {
    (void)crypto_generichash(hash, SESSION_HASH_BYTES, (const unsigned char *)(token.bytes == NULL ? "" : token.bytes),
                             token.length, NULL, 0);
}

void book_bind_hash(sqlite3_stmt *statement, int at, const unsigned char hash[SESSION_HASH_BYTES]) {
    (void)sqlite3_bind_blob(statement, at, hash, (int)SESSION_HASH_BYTES, SQLITE_TRANSIENT);
}

struct write {
    struct account_book *book;
    const char *sql;
};

/* A session_table_write. One that has been ended meanwhile is not there to be written. */
static void write_use(void *context, const unsigned char hash[SESSION_HASH_BYTES], int64_t used_at) {
    const struct write *write = context;
    sqlite3_stmt *statement = book_prepare(write->book, write->sql);
    book_bind_hash(statement, 1, hash);
    (void)sqlite3_bind_int64(statement, 2, used_at);
    (void)book_finish(statement);
}

void book_write_uses(struct account_book *book, int64_t age) {
    struct write of_sessions = {book, "UPDATE session SET used_at = ?2 WHERE token = ?1 AND used_at < ?2"};
    struct write of_tokens = {book, "UPDATE token SET used_at = ?2 WHERE hash = ?1 AND used_at < ?2"};
    bool has_begun = book_execute(book, "BEGIN");
    session_table_write_uses(book->sessions, age, write_use, &of_sessions);
    session_table_write_uses(book->tokens, age, write_use, &of_tokens);
    /* Where it fails the sessions go on in memory, and are written again after their next use. */
    if (has_begun && !book_execute(book, "COMMIT")) {
        (void)book_execute(book, "ROLLBACK");
    }
}

void account_book_write_uses(struct account_book *book) {
    (void)pthread_mutex_lock(&book->lock);
    book_write_uses(book, CALENDAR_US_PER_MINUTE);
    (void)pthread_mutex_unlock(&book->lock);
}

/* Reads an account and the hash of its password. */
static bool find_account(struct account_book *book, struct text name, struct account *account,
                         char hash[crypto_pwhash_STRBYTES]) {
    sqlite3_stmt *statement = book_prepare(book, "SELECT " BOOK_ACCOUNT ", password FROM account WHERE name = ?1");
    book_bind_text(statement, 1, name);
    bool found = sqlite3_step(statement) == SQLITE_ROW;
    if (found) {
        book_read_account(statement, 0, account);
        book_copy_text(hash, crypto_pwhash_STRBYTES, book_column_text(statement, BOOK_ACCOUNT_COLUMNS));
    }
    (void)sqlite3_finalize(statement);
    return found;
}

/* The password was checked outside the lock: no session begins for one that has been reset meanwhile, nor for an account
 * that has been closed. */
static bool begin_session(struct account_book *book, const char *hash, int64_t now, struct account_session *session) {
    unsigned char hash_of_token[SESSION_HASH_BYTES];
    book_make_token(session->token);
    book_make_token(session->csrf_token);
    sqlite3_stmt *old = book_prepare(book, "DELETE FROM session WHERE used_at < ?1");
    (void)sqlite3_bind_int64(old, 1, now - ACCOUNT_SESSION_US);
    (void)sqlite3_step(old);
    (void)sqlite3_finalize(old);
    sqlite3_stmt *statement =
        book_prepare(book, "INSERT INTO session(token, account, csrf_token, used_at) "
                           "SELECT ?1, name, ?3, ?4 FROM account WHERE name = ?2 AND password = ?5 AND name NOT IN "
                           "(SELECT account FROM closed_account)");
    book_hash_token(text_of(session->token), hash_of_token);
    book_bind_hash(statement, 1, hash_of_token);
    book_bind_text(statement, 2, text_of(session->account.name));
    book_bind_text(statement, 3, text_of(session->csrf_token));
    (void)sqlite3_bind_int64(statement, 4, now);
    book_bind_text(statement, 5, text_of(hash));
    bool done = sqlite3_step(statement) == SQLITE_DONE && sqlite3_changes(book->database) == 1;
    (void)sqlite3_finalize(statement);
    return done;
}

static enum account_sign_in check_password(struct account_book *book, struct text name, struct text password,
                                           struct text origin, int64_t now, struct account *account,
                                           char hash[crypto_pwhash_STRBYTES], uint32_t *wait_seconds) {
    (void)pthread_mutex_lock(&book->lock);
    *wait_seconds = find_wait(&book->passwords, hash_both(name, origin), now);
    bool is_known = *wait_seconds == 0 && find_account(book, name, account, hash);
    (void)pthread_mutex_unlock(&book->lock);
    if (*wait_seconds > 0) {
        return ACCOUNT_TOO_SOON;
    }
    bool is_right = crypto_pwhash_str_verify(is_known ? hash : book->nobody,
                                             password.bytes == NULL ? "" : password.bytes, password.length) == 0;
    (void)pthread_mutex_lock(&book->lock);
    note_try(&book->passwords, hash_both(name, origin), now, is_known && is_right);
    (void)pthread_mutex_unlock(&book->lock);
    return is_known && is_right ? ACCOUNT_SIGNED_IN : ACCOUNT_WRONG;
}

enum account_sign_in account_book_check_password(struct account_book *book, struct text name, struct text password,
                                                 struct text origin, int64_t now, uint32_t *wait_seconds) {
    struct account account;
    char hash[crypto_pwhash_STRBYTES];
    enum account_sign_in result = check_password(book, name, password, origin, now, &account, hash, wait_seconds);
    sodium_memzero(hash, sizeof hash);
    return result;
}

/* The caller has the lock. A code is used up by the session that begins with it, and by nothing else. Wrong ones are slowed
 * down by name alone, wherever they come from: whoever tries them has the password already. */
static enum account_sign_in begin_with_code(struct account_book *book, const char *hash, struct text code, int64_t now,
                                            struct account_session *session, uint32_t *wait_seconds) {
    struct text name = text_of(session->account.name);
    uint64_t who = text_hash(name);
    *wait_seconds = code.length == 0 ? 0 : find_wait(&book->codes, who, now);
    if (*wait_seconds > 0) {
        return ACCOUNT_TOO_SOON;
    }
    book_write_uses(book, 1); /* what begin_session deletes has not been used, nor in memory */
    if (!book_execute(book, "BEGIN IMMEDIATE")) {
        return ACCOUNT_UNAVAILABLE;
    }
    enum book_code taken = book_take_code(book, name, code, now);
    session->is_limited = taken == BOOK_CODE_RIGHT && book_lacks_factor(book, name);
    if (taken == BOOK_CODE_RIGHT && begin_session(book, hash, now, session) &&
        (!session->is_limited || book_limit_session(book, text_of(session->token))) && book_execute(book, "COMMIT")) {
        note_try(&book->codes, who, now, true);
        return ACCOUNT_SIGNED_IN;
    }
    (void)book_execute(book, "ROLLBACK");
    if (taken == BOOK_CODE_WRONG) {
        note_try(&book->codes, who, now, false);
    }
    return taken == BOOK_CODE_NEEDED  ? ACCOUNT_CODE_NEEDED
           : taken == BOOK_CODE_WRONG ? ACCOUNT_CODE_WRONG
                                      : ACCOUNT_UNAVAILABLE;
}

enum account_sign_in account_book_sign_in(struct account_book *book, struct text name, struct text password,
                                          struct text code, struct text origin, int64_t now,
                                          struct account_session *session, uint32_t *wait_seconds) {
    char hash[crypto_pwhash_STRBYTES];
    enum account_sign_in result =
        check_password(book, name, password, origin, now, &session->account, hash, wait_seconds);
    if (result == ACCOUNT_SIGNED_IN && session->account.closed) {
        result = ACCOUNT_SHUT;
    } else if (result == ACCOUNT_SIGNED_IN) {
        (void)pthread_mutex_lock(&book->lock);
        result = begin_with_code(book, hash, code, now, session, wait_seconds);
        (void)pthread_mutex_unlock(&book->lock);
    }
    sodium_memzero(hash, sizeof hash);
    return result;
}

/* Another process (`pinyue user reset`) may have ended sessions: then nothing that is in memory holds. Whoever finds the
 * book in use leaves the look to the next, but not for long. Wants no lock. */
void book_look_outside(struct account_book *book, int64_t now) {
    int64_t age = (int64_t)((uint64_t)now - (uint64_t)atomic_load(&book->looked_at));
    if (age >= 0 && age < LOOK_US) {
        return;
    }
    if (pthread_mutex_trylock(&book->lock) != 0) {
        if (age >= 0 && age < LOOK_LATE_US) {
            return;
        }
        (void)pthread_mutex_lock(&book->lock);
    }
    int64_t version = book_read_version(book);
    if (version < 0 || version != book->known_version) {
        book_write_uses(book, 1);
        session_table_clear(book->sessions);
        session_table_clear(book->tokens);
        book->known_version = version;
    }
    atomic_store(&book->looked_at, now);
    (void)pthread_mutex_unlock(&book->lock);
}

/* Looks a session up in the database, and keeps it in memory. */
static bool load_session(struct account_book *book, const unsigned char hash[SESSION_HASH_BYTES], int64_t now) {
    struct account_session session = {0};
    (void)pthread_mutex_lock(&book->lock);
    book_bind_hash(book->finding, 1, hash);
    (void)sqlite3_bind_int64(book->finding, 2, now - ACCOUNT_SESSION_US);
    bool found = sqlite3_step(book->finding) == SQLITE_ROW;
    int64_t used_at = 0;
    if (found) {
        book_read_account(book->finding, 0, &session.account);
        book_copy_text(session.csrf_token, sizeof session.csrf_token,
                       book_column_text(book->finding, BOOK_ACCOUNT_COLUMNS));
        used_at = sqlite3_column_int64(book->finding, BOOK_ACCOUNT_COLUMNS + 1);
        session.is_limited = sqlite3_column_int(book->finding, BOOK_ACCOUNT_COLUMNS + 2) != 0;
    }
    (void)sqlite3_reset(book->finding);
    if (found) {
        if (!session_table_has_room(book->sessions)) {
            book_write_uses(book, 1);
            session_table_clear(book->sessions);
        }
        session_table_add(book->sessions, hash, &session, used_at);
    }
    (void)pthread_mutex_unlock(&book->lock);
    return found;
}

static bool find(struct account_book *book, struct text token, int64_t now, bool is_use,
                 struct account_session *session) {
    unsigned char hash[SESSION_HASH_BYTES];
    book_hash_token(token, hash);
    book_look_outside(book, now);
    return session_table_find(book->sessions, hash, now, is_use, session) ||
           (load_session(book, hash, now) && session_table_find(book->sessions, hash, now, is_use, session));
}

bool account_book_find_session(struct account_book *book, struct text token, int64_t now,
                               struct account_session *session) {
    bool found = find(book, token, now, true, session);
    book_copy_text(session->token, sizeof session->token, found ? token : TEXT(""));
    return found;
}

bool account_book_look_session(struct account_book *book, struct text token, int64_t now,
                               struct account_session *session) {
    unsigned char hash[SESSION_HASH_BYTES];
    book_hash_token(token, hash);
    return find(book, token, now, false, session) || book_find_token(book, hash, now, false, session);
}

bool account_book_sign_out(struct account_book *book, struct text token) {
    unsigned char hash[SESSION_HASH_BYTES];
    book_hash_token(token, hash);
    (void)pthread_mutex_lock(&book->lock);
    sqlite3_stmt *statement = book_prepare(book, "DELETE FROM session WHERE token = ?1");
    book_bind_hash(statement, 1, hash);
    bool done = book_finish(statement);
    session_table_drop(book->sessions, hash);
    (void)pthread_mutex_unlock(&book->lock);
    return done;
}
