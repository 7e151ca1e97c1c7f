/* Passwords that are changed by their owner or reset at the operating system, and the notes of it for the log. */
#include "desk/book.h"

#include <sodium.h>
#include <string.h>

#define RANDOM_KEY_BYTES 16

static bool set_password(struct account_book *book, struct text name, const char *hash) {
    sqlite3_stmt *statement = book_prepare(book, "UPDATE account SET password = ?2 WHERE name = ?1");
    book_bind_text(statement, 1, name);
    book_bind_text(statement, 2, text_of(hash));
    return book_finish(statement);
}

static bool end_sessions(struct account_book *book, struct text name) {
    return book_run_with_name(book, "DELETE FROM session WHERE account = ?1", name);
}

bool book_add_note(struct account_book *book, const char *kind, struct text name, struct text actor, int64_t now) {
    unsigned char bytes[RANDOM_KEY_BYTES];
    char key[2 * RANDOM_KEY_BYTES + 1];
    randombytes_buf(bytes, sizeof bytes);
    (void)sodium_bin2hex(key, sizeof key, bytes, sizeof bytes);
    return book_add_keyed_note(book, kind, name, actor, text_of(key), now);
}

bool book_add_keyed_note(struct account_book *book, const char *kind, struct text name, struct text actor,
                         struct text key, int64_t now) {
    sqlite3_stmt *statement =
        book_prepare(book, "INSERT INTO note(key, kind, name, actor, at) VALUES(?1, ?5, ?2, ?3, ?4)");
    book_bind_text(statement, 1, key);
    book_bind_text(statement, 2, name);
    book_bind_text(statement, 3, actor);
    (void)sqlite3_bind_int64(statement, 4, now);
    book_bind_text(statement, 5, text_of(kind));
    return book_finish(statement);
}

/* The caller has the lock. */
static enum account_result reset(struct account_book *book, struct text name, const char *hash, struct text actor,
                                 int64_t now, struct failure *failure) {
    if (!book_execute(book, "BEGIN IMMEDIATE")) {
        (void)book_refuse(book, failure);
        return ACCOUNT_FAILED;
    }
    bool had_factor = false;
    enum account_result result = ACCOUNT_FAILED;
    if (set_password(book, name, hash) && sqlite3_changes(book->database) == 0) {
        result = ACCOUNT_INVALID;
        (void)failure_set_field(failure, "NAME", "there is no account \"%.*s\"; pinyue user list shows them",
                                TEXT_PRINT(text_cut(name, 100)));
    } else if (end_sessions(book, name) &&
               (book->format < BOOK_FACTOR_FORMAT || book_drop_factor(book, name, &had_factor)) &&
               (book->format < BOOK_DEVICE_FORMAT || book_drop_devices(book, name)) &&
               book_add_note(book, "reset", name, actor, now) && book_execute(book, "COMMIT")) {
        session_table_drop_account(book->sessions, name);
        return ACCOUNT_DONE;
    } else {
        (void)book_refuse(book, failure);
    }
    (void)book_execute(book, "ROLLBACK");
    return result;
}

static bool end_other_sessions(struct account_book *book, struct text name, struct text token) {
    unsigned char hash[SESSION_HASH_BYTES];
    book_hash_token(token, hash);
    sqlite3_stmt *statement = book_prepare(book, "DELETE FROM session WHERE account = ?1 AND token <> ?2");
    book_bind_text(statement, 1, name);
    book_bind_hash(statement, 2, hash);
    return book_finish(statement);
}

enum account_result account_book_change_password(struct account_book *book, const struct account_session *session,
                                                 struct text password, int64_t now, struct failure *failure) {
    char hash[crypto_pwhash_STRBYTES];
    struct text name = text_of(session->account.name);
    if (!book_check_password(password, "new_password", failure)) {
        return ACCOUNT_INVALID;
    }
    if (!book_hash_password(password, hash, failure)) {
        return ACCOUNT_FAILED;
    }
    (void)pthread_mutex_lock(&book->lock);
    book_write_uses(book, 1);
    bool done = book_execute(book, "BEGIN IMMEDIATE") && set_password(book, name, hash) &&
                end_other_sessions(book, name, text_of(session->token)) &&
                book_add_note(book, "password", name, name, now) && book_execute(book, "COMMIT");
    if (!done) {
        (void)book_refuse(book, failure);
        (void)book_execute(book, "ROLLBACK");
    }
    session_table_drop_account(book->sessions, name);
    (void)pthread_mutex_unlock(&book->lock);
    return done ? ACCOUNT_DONE : ACCOUNT_FAILED;
}

enum account_result account_book_reset(struct account_book *book, struct text name, struct text password,
                                       struct text actor, int64_t now, struct failure *failure) {
    char hash[crypto_pwhash_STRBYTES];
    if (!book_hash_password(password, hash, failure)) {
        return ACCOUNT_FAILED;
    }
    (void)pthread_mutex_lock(&book->lock);
    enum account_result result = reset(book, name, hash, actor, now, failure);
    (void)pthread_mutex_unlock(&book->lock);
    return result;
}

bool book_add_about(struct account_book *book, struct text key, const struct account *account) {
    sqlite3_stmt *statement =
        book_prepare(book, "INSERT INTO note_about(key, display_name, administrator, desk, parties, auditor, closed) "
                           "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    book_bind_text(statement, 1, key);
    book_bind_text(statement, 2, text_of(account->display_name));
    (void)sqlite3_bind_int(statement, 3, account->administrator);
    (void)sqlite3_bind_int(statement, 4, account->desk);
    book_bind_text(statement, 5, text_of(account->parties));
    (void)sqlite3_bind_int(statement, 6, account->auditor);
    (void)sqlite3_bind_int(statement, 7, account->closed);
    return book_finish(statement);
}

bool book_has_note(struct account_book *book, struct text key) {
    return book_has_row(book, "SELECT 1 FROM note WHERE key = ?1", key);
}

bool account_book_has_note(struct account_book *book, struct text key) {
    (void)pthread_mutex_lock(&book->lock);
    bool found = book_has_note(book, key);
    (void)pthread_mutex_unlock(&book->lock);
    return found;
}

/* Columns of book_read_account and the scope. */
static bool read_row(sqlite3_stmt *statement, struct text key, struct account *account) {
    book_bind_text(statement, 1, key);
    bool found = sqlite3_step(statement) == SQLITE_ROW;
    if (found) {
        book_read_account(statement, 0, account);
        account->scope = (unsigned int)sqlite3_column_int(statement, BOOK_ACCOUNT_COLUMNS);
    }
    (void)sqlite3_finalize(statement);
    return found;
}

bool book_read_about(struct account_book *book, struct text key, struct account *account) {
    return read_row(book_prepare(book, "SELECT name, display_name, administrator, desk, parties, auditor, closed, 0 "
                                       "FROM note_about JOIN note USING(key) WHERE key = ?1"),
                    key, account);
}

bool book_find_account(struct account_book *book, struct text name, struct account *account) {
    *account = (struct account){0};
    return read_row(book_prepare(book, "SELECT " BOOK_ACCOUNT ", 0 FROM account WHERE name = ?1"), name, account);
}

/* What the note is about. Of an account that was made before notes had that, it is how it stands there: it has not been
 * changed. A token is as it was made. */
static void read_about(struct account_book *book, struct account_note *note) {
    bool is_account = strncmp(note->kind, "account", strlen("account")) == 0;
    note->about = (struct account){0};
    if (is_account && !book_read_about(book, text_of(note->key), &note->about)) {
        (void)book_find_account(book, text_of(note->name), &note->about);
    } else if (strncmp(note->kind, "token", strlen("token")) == 0) {
        (void)read_row(
            book_prepare(book, "SELECT name, display_name, 0, 0, parties, 0, 0, scope FROM token WHERE name = ?1"),
            text_of(note->name), &note->about);
    }
}

bool account_book_find_note(struct account_book *book, struct account_note *note) {
    if (pthread_mutex_trylock(&book->lock) != 0) {
        return false;
    }
    sqlite3_stmt *statement = book_prepare(
        book, "SELECT key, name, actor, at, kind FROM note WHERE sequence IS NULL ORDER BY at, key LIMIT 1");
    bool found = sqlite3_step(statement) == SQLITE_ROW;
    if (found) {
        book_copy_text(note->key, sizeof note->key, book_column_text(statement, 0));
        book_copy_text(note->name, sizeof note->name, book_column_text(statement, 1));
        book_copy_text(note->actor, sizeof note->actor, book_column_text(statement, 2));
        note->at = sqlite3_column_int64(statement, 3);
        book_copy_text(note->kind, sizeof note->kind, book_column_text(statement, 4));
    }
    (void)sqlite3_finalize(statement);
    if (found) {
        read_about(book, note);
    }
    (void)pthread_mutex_unlock(&book->lock);
    return found;
}

void account_book_mark_note(struct account_book *book, const struct account_note *note, int64_t sequence) {
    (void)pthread_mutex_lock(&book->lock);
    sqlite3_stmt *statement = book_prepare(book, "UPDATE note SET sequence = ?2 WHERE key = ?1");
    book_bind_text(statement, 1, text_of(note->key));
    (void)sqlite3_bind_int64(statement, 2, sequence);
    (void)book_finish(statement); /* where it fails it is found again, and the log knows its key */
    (void)pthread_mutex_unlock(&book->lock);
}
