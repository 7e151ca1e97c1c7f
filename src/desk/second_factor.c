#include "desk/second_factor.h"

#include "base/calendar.h"
#include "desk/book.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

#define STEP_SECONDS 30
#define DIGITS 6U

uint32_t second_factor_compute(const unsigned char *secret, size_t length, uint64_t step, unsigned int digits) {
    static const uint32_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
    unsigned char counter[8];
    unsigned char hash[EVP_MAX_MD_SIZE] = {0};
    unsigned int hash_length = 0;
    for (size_t i = 0; i < sizeof counter; i++) {
        counter[i] = (unsigned char)(step >> (56 - 8 * i));
    }
    (void)HMAC(EVP_sha1(), secret, (int)length, counter, sizeof counter, hash, &hash_length);
    const unsigned char *at = hash + (hash[19] & 15U);
    uint32_t number = (at[0] & 127U) * 16777216U + at[1] * 65536U + at[2] * 256U + at[3];
    return number % powers[digits];
}

static void write_base32(const unsigned char secret[SECOND_FACTOR_SECRET_BYTES], char out[SECOND_FACTOR_TEXT_ROOM]) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    for (size_t i = 0; i < SECOND_FACTOR_TEXT_ROOM - 1; i++) {
        size_t bit = i * 5;
        unsigned int two = (unsigned int)secret[bit / 8] << 8;
        two |= bit / 8 + 1 < SECOND_FACTOR_SECRET_BYTES ? secret[bit / 8 + 1] : 0U;
        out[i] = letters[two >> (11 - bit % 8) & 31U];
    }
    out[SECOND_FACTOR_TEXT_ROOM - 1] = '\0';
}

/* ---- checking --------------------------------------------------------------------------------------------- */

/* The step of the code, one before and one after now allowed; -1 when it fits none that is later than `last`. */
static int64_t find_step(const unsigned char secret[SECOND_FACTOR_SECRET_BYTES], struct text code, int64_t last,
                         int64_t now) {
    uint32_t given = 0;
    if (code.length != DIGITS) {
        return -1;
    }
    for (size_t i = 0; i < DIGITS; i++) {
        if (code.bytes[i] < '0' || code.bytes[i] > '9') {
            return -1;
        }
        given = given * 10 + (uint32_t)(code.bytes[i] - '0');
    }
    int64_t middle = now / (STEP_SECONDS * CALENDAR_US_PER_SECOND);
    bool is_ahead = last > middle + 2; /* a clock that was wrong has left it: it stands for nothing */
    for (int64_t step = middle - 1; step <= middle + 1; step++) {
        if ((is_ahead || step > last) &&
            second_factor_compute(secret, SECOND_FACTOR_SECRET_BYTES, (uint64_t)step, DIGITS) == given) {
            return step;
        }
    }
    return -1;
}

/* What an account's second factor is; one that cannot be read is none that could be passed. */
enum factor { FACTOR_NONE, FACTOR_THERE, FACTOR_UNREADABLE };

/* The caller has the lock. Reads the secret and the last step that was used. */
static enum factor read_factor(struct account_book *book, struct text name, bool confirmed,
                               unsigned char secret[SECOND_FACTOR_SECRET_BYTES], int64_t *last) {
    sqlite3_stmt *statement = book_prepare(
        book, "SELECT secret, last_step FROM second_factor WHERE account = ?1 AND (confirmed_at IS NOT NULL) = ?2");
    book_bind_text(statement, 1, name);
    (void)sqlite3_bind_int(statement, 2, confirmed);
    int stepped = sqlite3_step(statement);
    bool found = stepped == SQLITE_ROW && sqlite3_column_bytes(statement, 0) == (int)SECOND_FACTOR_SECRET_BYTES;
    if (found) {
        memcpy(secret, sqlite3_column_blob(statement, 0), SECOND_FACTOR_SECRET_BYTES);
        *last = sqlite3_column_int64(statement, 1);
    }
    (void)sqlite3_finalize(statement);
    return found ? FACTOR_THERE : stepped == SQLITE_DONE ? FACTOR_NONE : FACTOR_UNREADABLE;
}

static bool use_step(struct account_book *book, struct text name, int64_t step) {
    sqlite3_stmt *statement = book_prepare(book, "UPDATE second_factor SET last_step = ?2 WHERE account = ?1 "
                                                 "AND (last_step < ?2 OR last_step > ?2 + 2)");
    book_bind_text(statement, 1, name);
    (void)sqlite3_bind_int64(statement, 2, step);
    return book_finish(statement) && sqlite3_changes(book->database) == 1;
}

/* Capital letters and blanks are as people type. */
static void hash_recovery(struct text code, unsigned char hash[SESSION_HASH_BYTES]) {
    char plain[ACCOUNT_MADE_PASSWORD_ROOM] = "";
    size_t length = 0;
    for (size_t i = 0; i < code.length && length < sizeof plain - 1; i++) {
        char letter = code.bytes[i];
        if (letter != ' ' && letter != '-') {
            plain[length++] = letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
        }
    }
    book_hash_token((struct text){plain, length}, hash);
}

static bool use_recovery(struct account_book *book, struct text name, struct text code) {
    unsigned char hash[SESSION_HASH_BYTES];
    hash_recovery(code, hash);
    sqlite3_stmt *statement = book_prepare(book, "DELETE FROM recovery_code WHERE account = ?1 AND hash = ?2");
    book_bind_text(statement, 1, name);
    book_bind_hash(statement, 2, hash);
    return book_finish(statement) && sqlite3_changes(book->database) == 1;
}

enum book_code book_take_code(struct account_book *book, struct text name, struct text code, int64_t now) {
    unsigned char secret[SECOND_FACTOR_SECRET_BYTES];
    int64_t last = 0;
    enum factor factor = read_factor(book, name, true, secret, &last);
    if (factor != FACTOR_THERE) {
        return factor == FACTOR_NONE ? BOOK_CODE_RIGHT : BOOK_CODE_WRONG;
    }
    int64_t step = find_step(secret, code, last, now);
    sodium_memzero(secret, sizeof secret);
    return code.length == 0                                                            ? BOOK_CODE_NEEDED
           : (step >= 0 ? use_step(book, name, step) : use_recovery(book, name, code)) ? BOOK_CODE_RIGHT
                                                                                       : BOOK_CODE_WRONG;
}

/* ---- enrolling -------------------------------------------------------------------------------------------- */

enum account_result account_book_begin_factor(struct account_book *book, struct text name,
                                              char secret[SECOND_FACTOR_TEXT_ROOM], struct failure *failure) {
    unsigned char bytes[SECOND_FACTOR_SECRET_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    write_base32(bytes, secret);
    (void)pthread_mutex_lock(&book->lock);
    sqlite3_stmt *statement =
        book_prepare(book, "INSERT INTO second_factor(account, secret, last_step) VALUES(?1, ?2, 0) "
                           "ON CONFLICT(account) DO UPDATE SET secret = ?2, last_step = 0 WHERE confirmed_at IS NULL");
    book_bind_text(statement, 1, name);
    (void)sqlite3_bind_blob(statement, 2, bytes, sizeof bytes, SQLITE_TRANSIENT);
    enum account_result result = !book_finish(statement)                ? ACCOUNT_FAILED
                                 : sqlite3_changes(book->database) == 1 ? ACCOUNT_DONE
                                                                        : ACCOUNT_EXISTS;
    if (result == ACCOUNT_FAILED) {
        (void)book_refuse(book, failure);
    } else if (result == ACCOUNT_EXISTS) {
        (void)failure_say(failure, "there is a second factor already; remove it first", "已启用两步验证，须先停用");
    }
    (void)pthread_mutex_unlock(&book->lock);
    sodium_memzero(bytes, sizeof bytes);
    return result;
}

static bool write_recovery(struct account_book *book, struct text name,
                           char codes[SECOND_FACTOR_RECOVERY_CODES][ACCOUNT_MADE_PASSWORD_ROOM]) {
    bool done = true;
    sqlite3_stmt *old = book_prepare(book, "DELETE FROM recovery_code WHERE account = ?1");
    book_bind_text(old, 1, name);
    done = book_finish(old);
    for (size_t i = 0; i < SECOND_FACTOR_RECOVERY_CODES && done; i++) {
        unsigned char hash[SESSION_HASH_BYTES];
        account_make_password(codes[i]);
        hash_recovery(text_of(codes[i]), hash);
        sqlite3_stmt *statement = book_prepare(book, "INSERT INTO recovery_code(account, hash) VALUES(?1, ?2)");
        book_bind_text(statement, 1, name);
        book_bind_hash(statement, 2, hash);
        done = book_finish(statement);
    }
    return done;
}

static bool mark_confirmed(struct account_book *book, struct text name, int64_t step, int64_t now) {
    sqlite3_stmt *statement =
        book_prepare(book, "UPDATE second_factor SET confirmed_at = ?2, last_step = ?3 WHERE account = ?1");
    book_bind_text(statement, 1, name);
    (void)sqlite3_bind_int64(statement, 2, now);
    (void)sqlite3_bind_int64(statement, 3, step);
    return book_finish(statement);
}

enum account_result account_book_confirm_factor(struct account_book *book, struct text name, struct text code,
                                                int64_t now,
                                                char codes[SECOND_FACTOR_RECOVERY_CODES][ACCOUNT_MADE_PASSWORD_ROOM],
                                                struct failure *failure) {
    unsigned char secret[SECOND_FACTOR_SECRET_BYTES];
    int64_t last = 0;
    enum account_result result = ACCOUNT_INVALID;
    (void)pthread_mutex_lock(&book->lock);
    book_write_uses(book, 1); /* what goes out of memory below */
    bool is_begun = read_factor(book, name, false, secret, &last) == FACTOR_THERE;
    int64_t step = is_begun ? find_step(secret, code, last, now) : -1;
    if (step < 0) {
        (void)failure_say_field(failure, "code", "this code does not fit; the app shows another each half minute",
                                "验证码不对；应用每半分钟换一个");
    } else if (book_execute(book, "BEGIN IMMEDIATE") && mark_confirmed(book, name, step, now) &&
               write_recovery(book, name, codes) && book_add_note(book, "factor-on", name, name, now) &&
               book_free_sessions(book, name) && book_execute(book, "COMMIT")) {
        session_table_drop_account(book->sessions, name); /* those that were limited are read anew */
        result = ACCOUNT_DONE;
    } else {
        (void)book_refuse(book, failure);
        (void)book_execute(book, "ROLLBACK");
        result = ACCOUNT_FAILED;
    }
    (void)pthread_mutex_unlock(&book->lock);
    sodium_memzero(secret, sizeof secret);
    return result;
}

bool book_drop_factor(struct account_book *book, struct text name, bool *was_there) {
    sqlite3_stmt *codes = book_prepare(book, "DELETE FROM recovery_code WHERE account = ?1");
    book_bind_text(codes, 1, name);
    bool done = book_finish(codes);
    sqlite3_stmt *pending = book_prepare(book, "DELETE FROM second_factor WHERE account = ?1 AND confirmed_at IS NULL");
    book_bind_text(pending, 1, name);
    done = book_finish(pending) && done;
    sqlite3_stmt *factor = book_prepare(book, "DELETE FROM second_factor WHERE account = ?1");
    book_bind_text(factor, 1, name);
    done = book_finish(factor) && done;
    *was_there = done && sqlite3_changes(book->database) == 1;
    return done;
}

enum account_result account_book_remove_factor(struct account_book *book, struct text name, int64_t now,
                                               struct failure *failure) {
    bool was_there = false;
    enum account_result result = ACCOUNT_FAILED;
    (void)pthread_mutex_lock(&book->lock);
    book_write_uses(book, 1); /* what goes out of memory below */
    if (book_execute(book, "BEGIN IMMEDIATE") && book_drop_factor(book, name, &was_there) &&
        (!was_there || book_add_note(book, "factor-off", name, name, now)) &&
        (!was_there || !book_lacks_factor(book, name) || book_limit_sessions(book, name)) &&
        book_execute(book, "COMMIT")) {
        session_table_drop_account(book->sessions, name);
        result = was_there ? ACCOUNT_DONE : ACCOUNT_INVALID;
    } else {
        (void)book_refuse(book, failure);
        (void)book_execute(book, "ROLLBACK");
    }
    if (result == ACCOUNT_INVALID) {
        (void)failure_say(failure, "there is no second factor", "没有启用两步验证");
    }
    (void)pthread_mutex_unlock(&book->lock);
    return result;
}

/* ---- what there is ---------------------------------------------------------------------------------------- */

bool account_book_has_factor(struct account_book *book, struct text name, int *codes_left) {
    (void)pthread_mutex_lock(&book->lock);
    sqlite3_stmt *statement =
        book_prepare(book, "SELECT (SELECT count(*) FROM recovery_code WHERE account = ?1) FROM second_factor "
                           "WHERE account = ?1 AND confirmed_at IS NOT NULL");
    book_bind_text(statement, 1, name);
    bool found = sqlite3_step(statement) == SQLITE_ROW;
    *codes_left = found ? sqlite3_column_int(statement, 0) : 0;
    (void)sqlite3_finalize(statement);
    (void)pthread_mutex_unlock(&book->lock);
    return found;
}

json_t *account_book_list_factors(struct account_book *book) {
    json_t *list = json_array();
    int step = SQLITE_DONE;
    (void)pthread_mutex_lock(&book->lock);
    sqlite3_stmt *statement =
        book_prepare(book, "SELECT account FROM second_factor WHERE confirmed_at IS NOT NULL ORDER BY account");
    while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
        struct text name = book_column_text(statement, 0);
        (void)json_array_append_new(list, json_stringn(name.bytes, name.length));
    }
    return book_end_list(book, statement, step, list);
}
