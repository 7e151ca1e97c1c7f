/* Devices: the browsers in which somebody has signed in to an account before. */
#include "desk/device.h"

#include "desk/book.h"

#include <stdio.h>

#define NAME_BYTES 8U /* of a hash: enough that no two accounts of a place have one */

static bool read_key(struct account_book *book, char key[ACCOUNT_TOKEN_ROOM]) {
    sqlite3_stmt *statement = book_prepare(book, "SELECT value FROM setting WHERE name = 'device-name-key'");
    bool found = sqlite3_step(statement) == SQLITE_ROW;
    if (found) {
        book_copy_text(key, ACCOUNT_TOKEN_ROOM, book_column_text(statement, 0));
    }
    (void)sqlite3_finalize(statement);
    return found;
}

/* The key of the names, made when it is first asked for. */
static bool find_key(struct account_book *book, char key[ACCOUNT_TOKEN_ROOM]) {
    if (read_key(book, key)) {
        return true;
    }
    book_make_token(key);
    sqlite3_stmt *statement = book_prepare(book, "INSERT INTO setting(name, value) VALUES('device-name-key', ?1)");
    book_bind_text(statement, 1, text_of(key));
    return book_finish(statement);
}

bool account_book_name_device(struct account_book *book, struct text account, char name[ACCOUNT_DEVICE_NAME_ROOM]) {
    char key[ACCOUNT_TOKEN_ROOM] = "";
    unsigned char hash[crypto_generichash_BYTES];
    char digits[2 * NAME_BYTES + 1];
    name[0] = '\0';
    (void)pthread_mutex_lock(&book->lock);
    bool done = find_key(book, key);
    (void)pthread_mutex_unlock(&book->lock);
    if (done) {
        (void)crypto_generichash(hash, sizeof hash, (const unsigned char *)(account.bytes == NULL ? "" : account.bytes),
                                 account.length, (const unsigned char *)key, sizeof key - 1);
        (void)snprintf(name, ACCOUNT_DEVICE_NAME_ROOM, "pinyue_device_%s",
                       sodium_bin2hex(digits, sizeof digits, hash, NAME_BYTES));
    }
    sodium_memzero(key, sizeof key);
    return done;
}

static bool knows(struct account_book *book, struct text name, struct text device) {
    unsigned char hash[SESSION_HASH_BYTES];
    book_hash_token(device, hash);
    sqlite3_stmt *statement = book_prepare(book, "SELECT 1 FROM device WHERE account = ?1 AND hash = ?2");
    book_bind_text(statement, 1, name);
    book_bind_hash(statement, 2, hash);
    bool found = sqlite3_step(statement) == SQLITE_ROW;
    (void)sqlite3_finalize(statement);
    return found;
}

bool account_book_knows_device(struct account_book *book, struct text name, struct text device) {
    if (device.length == 0) {
        return false;
    }
    (void)pthread_mutex_lock(&book->lock);
    bool found = knows(book, name, device);
    (void)pthread_mutex_unlock(&book->lock);
    return found;
}

/* A session that has been ended meanwhile, as by a reset, leaves no device behind. */
static bool add(struct account_book *book, struct text session, struct text device) {
    unsigned char hashes[2][SESSION_HASH_BYTES];
    book_hash_token(session, hashes[0]);
    book_hash_token(device, hashes[1]);
    sqlite3_stmt *statement = book_prepare(book, "INSERT OR REPLACE INTO device(account, hash) "
                                                 "SELECT account, ?2 FROM session WHERE token = ?1");
    book_bind_hash(statement, 1, hashes[0]);
    book_bind_hash(statement, 2, hashes[1]);
    return book_finish(statement) && sqlite3_changes(book->database) == 1;
}

static bool drop_oldest(struct account_book *book, struct text name) {
    sqlite3_stmt *statement =
        book_prepare(book, "DELETE FROM device WHERE account = ?1 AND number NOT IN "
                           "(SELECT number FROM device WHERE account = ?1 ORDER BY number DESC LIMIT ?2)");
    book_bind_text(statement, 1, name);
    (void)sqlite3_bind_int(statement, 2, ACCOUNT_DEVICES_MOST);
    return book_finish(statement);
}

bool account_book_keep_device(struct account_book *book, const struct account_session *session, struct text before,
                              char device[ACCOUNT_TOKEN_ROOM]) {
    struct text name = text_of(session->account.name);
    (void)pthread_mutex_lock(&book->lock);
    if (before.length > 0 && knows(book, name, before)) {
        book_copy_text(device, ACCOUNT_TOKEN_ROOM, before);
    } else {
        book_make_token(device);
    }
    bool done = book_execute(book, "BEGIN IMMEDIATE") && add(book, text_of(session->token), text_of(device)) &&
                drop_oldest(book, name) && book_execute(book, "COMMIT");
    if (!done) {
        (void)book_execute(book, "ROLLBACK");
    }
    (void)pthread_mutex_unlock(&book->lock);
    return done;
}

bool book_drop_devices(struct account_book *book, struct text name) {
    return book_run_with_name(book, "DELETE FROM device WHERE account = ?1", name);
}
