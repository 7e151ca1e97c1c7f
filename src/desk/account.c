#include "desk/account.h"

#include "base/buffer.h"
#include "base/calendar.h"
#include "desk/draft.h"

#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TOKEN_BYTES 32U
#define FREE_TRIES 4U /* wrong passwords in a row before anybody has to wait */
#define WAIT_SECONDS_MOST 30U
#define SLOWED_ROOM 256U

static const char schema[] = "CREATE TABLE IF NOT EXISTS account(\n"
                             "    name TEXT PRIMARY KEY,\n"
                             "    display_name TEXT NOT NULL,\n"
                             "    password TEXT NOT NULL, -- Argon2id, as libsodium writes it\n"
                             "    administrator INTEGER NOT NULL,\n"
                             "    desk INTEGER NOT NULL,\n"
                             "    parties TEXT NOT NULL,  -- names, each with a line's end\n"
                             "    made_at INTEGER NOT NULL,\n"
                             "    key TEXT NOT NULL       -- of the request that made it\n"
                             ") STRICT;\n"
                             "CREATE TABLE IF NOT EXISTS session(\n"
                             "    token BLOB PRIMARY KEY, -- a hash of it\n"
                             "    account TEXT NOT NULL REFERENCES account(name),\n"
                             "    csrf_token TEXT NOT NULL,\n"
                             "    used_at INTEGER NOT NULL\n"
                             ") STRICT;\n"
                             "CREATE TABLE IF NOT EXISTS draft(\n"
                             "    account TEXT NOT NULL REFERENCES account(name),\n"
                             "    name TEXT NOT NULL,\n"
                             "    body TEXT NOT NULL, -- JSON, as the page gave it\n"
                             "    kept_at INTEGER NOT NULL,\n"
                             "    PRIMARY KEY(account, name)\n"
                             ") STRICT;\n"
                             "CREATE TABLE IF NOT EXISTS note(\n"
                             "    key TEXT PRIMARY KEY,   -- random\n"
                             "    kind TEXT NOT NULL,     -- 'reset': the account has got another password\n"
                             "    name TEXT NOT NULL,     -- of the account\n"
                             "    actor TEXT NOT NULL,    -- who did it\n"
                             "    at INTEGER NOT NULL,\n"
                             "    sequence INTEGER        -- of its event in the log; NULL: it is not there yet\n"
                             ") STRICT;\n";

/* Somebody who has given wrong passwords. */
struct slowed {
    uint64_t who; /* hash of name and address */
    uint32_t count;
    int64_t until; /* nothing is tried before */
};

struct account_book {
    pthread_mutex_t lock;
    sqlite3 *database;
    sqlite3_stmt *finding; /* a session by its token: asked with every request, so prepared once */
    struct slowed slowed[SLOWED_ROOM];
    char nobody[crypto_pwhash_STRBYTES]; /* a password's hash that no password has: an unknown name takes as long */
};

/* ---- the database ----------------------------------------------------------------------------------------- */

static bool refuse(struct account_book *book, struct failure *failure) {
    return failure_say(failure, "accounts.db: %s", "账号库 accounts.db 出错（%s）",
                       book->database == NULL ? "memory is exhausted" : sqlite3_errmsg(book->database));
}

static sqlite3_stmt *prepare(struct account_book *book, const char *sql) {
    sqlite3_stmt *statement = NULL;
    (void)sqlite3_prepare_v2(book->database, sql, -1, &statement, NULL);
    return statement; /* SQLite takes NULL for one that answers nothing */
}

/* 0: a new one, or one from before formats were numbered, which is laid out as format 1. */
static bool check_format(struct account_book *book, int *format, struct failure *failure) {
    sqlite3_stmt *statement = prepare(book, "PRAGMA user_version");
    bool is_read = sqlite3_step(statement) == SQLITE_ROW;
    *format = is_read ? sqlite3_column_int(statement, 0) : 0;
    (void)sqlite3_finalize(statement);
    if (!is_read) {
        return refuse(book, failure);
    }
    return *format <= ACCOUNT_FORMAT ||
           failure_set(
               failure,
               "accounts.db has format %d, and this program knows formats up to %d; a newer pinyue wrote it, and "
               "is needed to open it",
               *format, ACCOUNT_FORMAT);
}

/* SQLite would make the file readable for everybody. */
static void make_private(const char *path) {
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file >= 0) {
        (void)close(file);
    }
}

static bool connect(struct account_book *book, const char *directory, int flags, struct failure *failure) {
    struct buffer path = {0};
    buffer_print(&path, "%s/accounts.db", directory);
    int result = SQLITE_NOMEM;
    if (!path.failed) {
        if ((flags & SQLITE_OPEN_CREATE) != 0) {
            make_private(path.bytes);
        }
        result = sqlite3_open_v2(path.bytes, &book->database, flags | SQLITE_OPEN_NOMUTEX, NULL);
    }
    buffer_release(&path);
    return (result == SQLITE_OK && sqlite3_busy_timeout(book->database, 5000) == SQLITE_OK) || refuse(book, failure);
}

static bool open_database(struct account_book *book, const char *directory, int flags, struct failure *failure) {
    int format = 0;
    if (!connect(book, directory, flags, failure) || !check_format(book, &format, failure)) {
        return false;
    }
    if (sqlite3_exec(book->database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;",
                     NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(book->database, schema, NULL, NULL, NULL) != SQLITE_OK ||
        (format == 0 && sqlite3_exec(book->database, "PRAGMA user_version = 1", NULL, NULL, NULL) != SQLITE_OK)) {
        return refuse(book, failure);
    }
    book->finding = prepare(book, "SELECT name, display_name, administrator, desk, parties, csrf_token, used_at "
                                  "FROM session JOIN account ON account = name WHERE token = ?1 AND used_at >= ?2");
    return book->finding != NULL || refuse(book, failure);
}

static bool has_file(const char *directory, const char *name) {
    struct buffer path = {0};
    buffer_print(&path, "%s/%s", directory, name);
    bool is_there = !path.failed && access(path.bytes, F_OK) == 0;
    buffer_release(&path);
    return is_there;
}

bool account_check_format(const char *directory, int *format, struct failure *failure) {
    struct account_book book = {0};
    *format = 0;
    if (!has_file(directory, "accounts.db")) {
        return true;
    }
    bool has_log = has_file(directory, "accounts.db-wal"); /* closing would move it into the file */
    bool done = connect(&book, directory, SQLITE_OPEN_READWRITE, failure) &&
                (!has_log || sqlite3_db_config(book.database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL) == SQLITE_OK ||
                 refuse(&book, failure)) &&
                check_format(&book, format, failure);
    *format = done && *format == 0 ? ACCOUNT_FORMAT : *format;
    (void)sqlite3_close(book.database);
    return done;
}

static struct account_book *open_book(const char *directory, int flags, struct failure *failure) {
    struct account_book *book = calloc(1, sizeof *book);
    if (book == NULL || sodium_init() < 0 || pthread_mutex_init(&book->lock, NULL) != 0) {
        (void)failure_set(failure, "memory is exhausted, or the machine gives no random numbers");
        free(book);
        return NULL;
    }
    unsigned char secret[TOKEN_BYTES];
    randombytes_buf(secret, sizeof secret);
    if (crypto_pwhash_str(book->nobody, (const char *)secret, sizeof secret, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
        (void)failure_say(failure, "memory is exhausted", "内存不足");
        account_book_close(book);
        return NULL;
    }
    if (!open_database(book, directory, flags, failure)) {
        account_book_close(book);
        return NULL;
    }
    return book;
}

struct account_book *account_book_open(const char *directory, struct failure *failure) {
    return open_book(directory, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, failure);
}

struct account_book *account_book_open_existing(const char *directory, struct failure *failure) {
    return open_book(directory, SQLITE_OPEN_READWRITE, failure);
}

void account_book_close(struct account_book *book) {
    if (book != NULL) {
        (void)sqlite3_finalize(book->finding);
        (void)sqlite3_close(book->database);
        (void)pthread_mutex_destroy(&book->lock);
        free(book);
    }
}

static void bind_text(sqlite3_stmt *statement, int at, struct text text) {
    (void)sqlite3_bind_text(statement, at, text.bytes == NULL ? "" : text.bytes, (int)text.length, SQLITE_TRANSIENT);
}

static struct text column_text(sqlite3_stmt *statement, int at) {
    const char *bytes = (const char *)sqlite3_column_text(statement, at);
    return (struct text){bytes, bytes == NULL ? 0 : (size_t)sqlite3_column_bytes(statement, at)};
}

static void copy_text(char *out, size_t room, struct text text) {
    (void)snprintf(out, room, "%.*s", TEXT_PRINT(text_cut(text, room - 1)));
}

/* Columns name, display_name, administrator, desk, parties, from `at` on. */
static void read_account(sqlite3_stmt *statement, int at, struct account *account) {
    copy_text(account->name, sizeof account->name, column_text(statement, at));
    copy_text(account->display_name, sizeof account->display_name, column_text(statement, at + 1));
    account->administrator = sqlite3_column_int(statement, at + 2) != 0;
    account->desk = sqlite3_column_int(statement, at + 3) != 0;
    copy_text(account->parties, sizeof account->parties, column_text(statement, at + 4));
}

/* ---- accounts --------------------------------------------------------------------------------------------- */

bool account_book_is_empty(struct account_book *book) {
    (void)pthread_mutex_lock(&book->lock);
    sqlite3_stmt *statement = prepare(book, "SELECT 1 FROM account LIMIT 1");
    bool is_empty = sqlite3_step(statement) == SQLITE_DONE;
    (void)sqlite3_finalize(statement);
    (void)pthread_mutex_unlock(&book->lock);
    return is_empty;
}

void account_make_password(char out[ACCOUNT_MADE_PASSWORD_ROOM]) {
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789"; /* none that looks like another */
    size_t at = 0;
    for (size_t i = 0; i < 16; i++) {
        if (i > 0 && i % 4 == 0) {
            out[at++] = '-';
        }
        out[at++] = letters[randombytes_uniform(sizeof letters - 1)];
    }
    out[at] = '\0';
}

bool account_has_party(const struct account *account, struct text party) {
    const char *at = account->parties;
    while (*at != '\0') {
        const char *end = strchr(at, '\n');
        size_t length = end == NULL ? strlen(at) : (size_t)(end - at);
        if (text_equal((struct text){at, length}, party)) {
            return true;
        }
        at += length + (end == NULL ? 0 : 1);
    }
    return false;
}

static bool is_name(struct text name) {
    for (size_t i = 0; i < name.length; i++) {
        char letter = name.bytes[i];
        if (!(letter >= 'a' && letter <= 'z') && !(letter >= 'A' && letter <= 'Z') &&
            !(letter >= '0' && letter <= '9') && strchr("._-", letter) == NULL) {
            return false;
        }
    }
    return name.length > 0;
}

static bool check_new(const struct account *account, struct text password, struct failure *failure) {
    if (!is_name(text_of(account->name))) {
        return failure_say_field(failure, "name", "a name has 1 to 64 letters, digits, points, _ or -",
                                 "账号名须为 1 至 64 个字母、数字、点、_ 或 -");
    }
    if (account->display_name[0] == '\0') {
        return failure_say_field(failure, "display_name", "how the person is called is missing", "没有填写姓名");
    }
    size_t length = text_count_code_points(password);
    if (length < ACCOUNT_PASSWORD_LENGTH_LEAST || password.length > ACCOUNT_PASSWORD_LENGTH_MOST) {
        return failure_say_field(failure, "password", "a password has at least %u characters and at most %u bytes",
                                 "密码至少 %u 个字符，最多 %u 个字节", ACCOUNT_PASSWORD_LENGTH_LEAST,
                                 ACCOUNT_PASSWORD_LENGTH_MOST);
    }
    return true;
}

/* Looks for the name: ACCOUNT_INVALID stands for "free". */
static enum account_result find_name(struct account_book *book, const char *name, struct text key) {
    sqlite3_stmt *statement = prepare(book, "SELECT key FROM account WHERE name = ?1");
    enum account_result result = ACCOUNT_FAILED;
    bind_text(statement, 1, text_of(name));
    int step = sqlite3_step(statement);
    if (step == SQLITE_ROW) {
        result = key.length > 0 && text_equal(column_text(statement, 0), key) ? ACCOUNT_DONE : ACCOUNT_EXISTS;
    } else if (step == SQLITE_DONE) {
        result = ACCOUNT_INVALID;
    }
    (void)sqlite3_finalize(statement);
    return result;
}

static enum account_result insert(struct account_book *book, const struct account *account, const char *hash,
                                  struct text key, int64_t now) {
    enum account_result found = find_name(book, account->name, key);
    if (found != ACCOUNT_INVALID) {
        return found;
    }
    sqlite3_stmt *statement = prepare(book, "INSERT INTO account(name, display_name, password, administrator, desk, "
                                            "parties, made_at, key) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    bind_text(statement, 1, text_of(account->name));
    bind_text(statement, 2, text_of(account->display_name));
    bind_text(statement, 3, text_of(hash));
    (void)sqlite3_bind_int(statement, 4, account->administrator);
    (void)sqlite3_bind_int(statement, 5, account->desk);
    bind_text(statement, 6, text_of(account->parties));
    (void)sqlite3_bind_int64(statement, 7, now);
    bind_text(statement, 8, key);
    bool done = sqlite3_step(statement) == SQLITE_DONE;
    (void)sqlite3_finalize(statement);
    return done ? ACCOUNT_DONE : ACCOUNT_FAILED;
}

enum account_result account_book_add(struct account_book *book, const struct account *account, struct text password,
                                     struct text key, int64_t now, struct failure *failure) {
    char hash[crypto_pwhash_STRBYTES];
    if (!check_new(account, password, failure)) {
        return ACCOUNT_INVALID;
    }
    if (crypto_pwhash_str(hash, password.bytes, password.length, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
        (void)failure_say(failure, "memory is exhausted", "内存不足");
        return ACCOUNT_FAILED;
    }
    (void)pthread_mutex_lock(&book->lock);
    enum account_result result = insert(book, account, hash, key, now);
    if (result == ACCOUNT_FAILED) {
        (void)refuse(book, failure);
    } else if (result == ACCOUNT_EXISTS) {
        (void)failure_say_field(failure, "name", "there is an account of this name already", "已有同名账号");
    }
    (void)pthread_mutex_unlock(&book->lock);
    return result;
}

static json_t *list_parties(const struct account *account) {
    json_t *list = json_array();
    const char *at = account->parties;
    while (*at != '\0') {
        size_t length = strcspn(at, "\n");
        (void)json_array_append_new(list, json_stringn(at, length));
        at += length + (at[length] == '\n' ? 1 : 0);
    }
    return list;
}

json_t *account_describe(const struct account *account) {
    return json_pack("{s:s, s:s, s:b, s:b, s:o}", "name", account->name, "display_name", account->display_name,
                     "administrator", account->administrator, "desk", account->desk, "parties", list_parties(account));
}

json_t *account_book_list(struct account_book *book) {
    struct account account;
    json_t *list = json_array();
    (void)pthread_mutex_lock(&book->lock);
    sqlite3_stmt *statement =
        prepare(book, "SELECT name, display_name, administrator, desk, parties FROM account ORDER BY name");
    int step = SQLITE_DONE;
    while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
        read_account(statement, 0, &account);
        (void)json_array_append_new(list, account_describe(&account));
    }
    (void)sqlite3_finalize(statement);
    (void)pthread_mutex_unlock(&book->lock);
    if (step != SQLITE_DONE) {
        json_decref(list);
        return NULL;
    }
    return list;
}

/* ---- wrong passwords -------------------------------------------------------------------------------------- */

static struct slowed *find_slowed(struct account_book *book, struct text name, struct text address) {
    uint64_t who = text_hash(name) * UINT64_C(0x9E3779B97F4A7C15) ^ text_hash(address);
    struct slowed *oldest = &book->slowed[0];
    for (size_t i = 0; i < SLOWED_ROOM; i++) {
        if (book->slowed[i].who == who) {
            return &book->slowed[i];
        }
        oldest = book->slowed[i].until < oldest->until ? &book->slowed[i] : oldest;
    }
    *oldest = (struct slowed){.who = who};
    return oldest;
}

static uint32_t find_wait(struct account_book *book, struct text name, struct text address, int64_t now) {
    const struct slowed *slowed = find_slowed(book, name, address);
    if (slowed->count <= FREE_TRIES || slowed->until <= now) {
        return 0;
    }
    /* Rounded up, and never more than the most, whatever has become of the clock. */
    int64_t seconds = (slowed->until - now + CALENDAR_US_PER_SECOND - 1) / CALENDAR_US_PER_SECOND;
    return seconds < WAIT_SECONDS_MOST ? (uint32_t)seconds : WAIT_SECONDS_MOST;
}

static void note_try(struct account_book *book, struct text name, struct text address, int64_t now, bool was_right) {
    struct slowed *slowed = find_slowed(book, name, address);
    slowed->count = was_right ? 0 : slowed->count + 1;
    uint32_t wait = slowed->count <= FREE_TRIES
                        ? 0
                        : UINT32_C(1) << (slowed->count - FREE_TRIES > 5 ? 5 : slowed->count - FREE_TRIES);
    wait = wait > WAIT_SECONDS_MOST ? WAIT_SECONDS_MOST : wait;
    slowed->until = now + wait * CALENDAR_US_PER_SECOND;
}

/* ---- sessions --------------------------------------------------------------------------------------------- */

static void make_token(char out[ACCOUNT_TOKEN_ROOM]) {
    unsigned char bytes[TOKEN_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    (void)sodium_bin2base64(out, ACCOUNT_TOKEN_ROOM, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static void bind_token(sqlite3_stmt *statement, int at, struct text token) {
    unsigned char hash[crypto_generichash_BYTES];
    (void)crypto_generichash(hash, sizeof hash, (const unsigned char *)(token.bytes == NULL ? "" : token.bytes),
                             token.length, NULL, 0);
    (void)sqlite3_bind_blob(statement, at, hash, sizeof hash, SQLITE_TRANSIENT);
}

/* Reads an account and the hash of its password. */
static bool find_account(struct account_book *book, struct text name, struct account *account,
                         char hash[crypto_pwhash_STRBYTES]) {
    sqlite3_stmt *statement =
        prepare(book, "SELECT name, display_name, administrator, desk, parties, password FROM account WHERE name = ?1");
    bind_text(statement, 1, name);
    bool found = sqlite3_step(statement) == SQLITE_ROW;
    if (found) {
        read_account(statement, 0, account);
        copy_text(hash, crypto_pwhash_STRBYTES, column_text(statement, 5));
    }
    (void)sqlite3_finalize(statement);
    return found;
}

/* The password was checked outside the lock: no session begins for one that has been reset meanwhile. */
static bool begin_session(struct account_book *book, const char *hash, int64_t now, struct account_session *session) {
    make_token(session->token);
    make_token(session->csrf_token);
    sqlite3_stmt *old = prepare(book, "DELETE FROM session WHERE used_at < ?1");
    (void)sqlite3_bind_int64(old, 1, now - ACCOUNT_SESSION_US);
    (void)sqlite3_step(old);
    (void)sqlite3_finalize(old);
    sqlite3_stmt *statement = prepare(book, "INSERT INTO session(token, account, csrf_token, used_at) "
                                            "SELECT ?1, name, ?3, ?4 FROM account WHERE name = ?2 AND password = ?5");
    bind_token(statement, 1, text_of(session->token));
    bind_text(statement, 2, text_of(session->account.name));
    bind_text(statement, 3, text_of(session->csrf_token));
    (void)sqlite3_bind_int64(statement, 4, now);
    bind_text(statement, 5, text_of(hash));
    bool done = sqlite3_step(statement) == SQLITE_DONE && sqlite3_changes(book->database) == 1;
    (void)sqlite3_finalize(statement);
    return done;
}

enum account_sign_in account_book_sign_in(struct account_book *book, struct text name, struct text password,
                                          struct text address, int64_t now, struct account_session *session,
                                          uint32_t *wait_seconds) {
    char hash[crypto_pwhash_STRBYTES];
    (void)pthread_mutex_lock(&book->lock);
    *wait_seconds = find_wait(book, name, address, now);
    bool is_known = *wait_seconds == 0 && find_account(book, name, &session->account, hash);
    (void)pthread_mutex_unlock(&book->lock);
    if (*wait_seconds > 0) {
        return ACCOUNT_TOO_SOON;
    }
    bool is_right = crypto_pwhash_str_verify(is_known ? hash : book->nobody,
                                             password.bytes == NULL ? "" : password.bytes, password.length) == 0;
    (void)pthread_mutex_lock(&book->lock);
    note_try(book, name, address, now, is_known && is_right);
    bool done = is_known && is_right && begin_session(book, hash, now, session);
    (void)pthread_mutex_unlock(&book->lock);
    sodium_memzero(hash, sizeof hash);
    return done ? ACCOUNT_SIGNED_IN : is_known && is_right ? ACCOUNT_UNAVAILABLE : ACCOUNT_WRONG;
}

/* The time of use is written once a minute: sessions are read with every request. */
static void touch_session(struct account_book *book, struct text token, int64_t used_at, int64_t now) {
    if (now - used_at < CALENDAR_US_PER_MINUTE) {
        return;
    }
    sqlite3_stmt *statement = prepare(book, "UPDATE session SET used_at = ?2 WHERE token = ?1");
    bind_token(statement, 1, token);
    (void)sqlite3_bind_int64(statement, 2, now);
    (void)sqlite3_step(statement);
    (void)sqlite3_finalize(statement);
}

bool account_book_find_session(struct account_book *book, struct text token, int64_t now,
                               struct account_session *session) {
    (void)pthread_mutex_lock(&book->lock);
    sqlite3_stmt *statement = book->finding;
    bind_token(statement, 1, token);
    (void)sqlite3_bind_int64(statement, 2, now - ACCOUNT_SESSION_US);
    bool found = sqlite3_step(statement) == SQLITE_ROW;
    int64_t used_at = 0;
    if (found) {
        read_account(statement, 0, &session->account);
        copy_text(session->token, sizeof session->token, token);
        copy_text(session->csrf_token, sizeof session->csrf_token, column_text(statement, 5));
        used_at = sqlite3_column_int64(statement, 6);
    }
    (void)sqlite3_reset(statement);
    if (found) {
        touch_session(book, token, used_at, now);
    }
    (void)pthread_mutex_unlock(&book->lock);
    return found;
}

bool account_book_has_session(struct account_book *book, struct text token, int64_t now) {
    (void)pthread_mutex_lock(&book->lock);
    bind_token(book->finding, 1, token);
    (void)sqlite3_bind_int64(book->finding, 2, now - ACCOUNT_SESSION_US);
    bool found = sqlite3_step(book->finding) == SQLITE_ROW;
    (void)sqlite3_reset(book->finding);
    (void)pthread_mutex_unlock(&book->lock);
    return found;
}

void account_book_sign_out(struct account_book *book, struct text token) {
    (void)pthread_mutex_lock(&book->lock);
    sqlite3_stmt *statement = prepare(book, "DELETE FROM session WHERE token = ?1");
    bind_token(statement, 1, token);
    (void)sqlite3_step(statement);
    (void)sqlite3_finalize(statement);
    (void)pthread_mutex_unlock(&book->lock);
}

/* ---- drafts ----------------------------------------------------------------------------------------------- */

bool draft_is_name(struct text name) {
    return name.length < DRAFT_NAME_ROOM && is_name(name);
}

/* Runs a statement that answers nothing, and lets it go. */
static bool run(struct account_book *book, sqlite3_stmt *statement, struct failure *failure) {
    bool done = sqlite3_step(statement) == SQLITE_DONE || refuse(book, failure);
    (void)sqlite3_finalize(statement);
    return done;
}

static bool write_draft(struct account_book *book, struct text account, struct text name, struct text body, int64_t now,
                        struct failure *failure) {
    sqlite3_stmt *statement = prepare(book, "INSERT INTO draft(account, name, body, kept_at) VALUES(?1, ?2, ?3, ?4) "
                                            "ON CONFLICT(account, name) DO UPDATE SET body = ?3, kept_at = ?4");
    bind_text(statement, 1, account);
    bind_text(statement, 2, name);
    bind_text(statement, 3, body);
    (void)sqlite3_bind_int64(statement, 4, now);
    return run(book, statement, failure);
}

/* Keeps the newest of an account. */
static bool thin_drafts(struct account_book *book, struct text account, struct failure *failure) {
    sqlite3_stmt *statement =
        prepare(book, "DELETE FROM draft WHERE account = ?1 AND name NOT IN "
                      "(SELECT name FROM draft WHERE account = ?1 ORDER BY kept_at DESC, name LIMIT ?2)");
    bind_text(statement, 1, account);
    (void)sqlite3_bind_int(statement, 2, DRAFTS_MOST);
    return run(book, statement, failure);
}

bool account_book_keep_draft(struct account_book *book, struct text account, struct text name, struct text body,
                             int64_t now, struct failure *failure) {
    if (body.length > DRAFT_BYTES_MOST) {
        return failure_say(failure, "a draft has at most %d bytes", "草稿最多 %d 个字节", DRAFT_BYTES_MOST);
    }
    (void)pthread_mutex_lock(&book->lock);
    bool done = write_draft(book, account, name, body, now, failure) && thin_drafts(book, account, failure);
    (void)pthread_mutex_unlock(&book->lock);
    return done;
}

bool account_book_drop_draft(struct account_book *book, struct text account, struct text name,
                             struct failure *failure) {
    (void)pthread_mutex_lock(&book->lock);
    sqlite3_stmt *statement = prepare(book, "DELETE FROM draft WHERE account = ?1 AND name = ?2");
    bind_text(statement, 1, account);
    bind_text(statement, 2, name);
    bool done = run(book, statement, failure);
    (void)pthread_mutex_unlock(&book->lock);
    return done;
}

static json_t *describe_draft(sqlite3_stmt *statement) {
    char kept_at[CALENDAR_INSTANT_ROOM];
    struct text body = column_text(statement, 1);
    calendar_print_instant(sqlite3_column_int64(statement, 2), 0, kept_at);
    return json_pack("{s:o, s:s}", "body", json_loadb(body.bytes, body.length, JSON_DECODE_ANY, NULL), "kept_at",
                     kept_at);
}

json_t *account_book_list_drafts(struct account_book *book, struct text account) {
    json_t *list = json_object();
    int step = SQLITE_DONE;
    (void)pthread_mutex_lock(&book->lock);
    sqlite3_stmt *statement = prepare(book, "SELECT name, body, kept_at FROM draft WHERE account = ?1 ORDER BY name");
    bind_text(statement, 1, account);
    while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
        struct text name = column_text(statement, 0);
        (void)json_object_setn_new(list, name.bytes, name.length, describe_draft(statement));
    }
    (void)sqlite3_finalize(statement);
    (void)pthread_mutex_unlock(&book->lock);
    if (step != SQLITE_DONE) {
        json_decref(list);
        return NULL;
    }
    return list;
}

/* ---- passwords that are reset ----------------------------------------------------------------------------- */

static bool execute(struct account_book *book, const char *sql) {
    return sqlite3_exec(book->database, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static bool finish(sqlite3_stmt *statement) {
    bool done = sqlite3_step(statement) == SQLITE_DONE;
    (void)sqlite3_finalize(statement);
    return done;
}

static bool set_password(struct account_book *book, struct text name, const char *hash) {
    sqlite3_stmt *statement = prepare(book, "UPDATE account SET password = ?2 WHERE name = ?1");
    bind_text(statement, 1, name);
    bind_text(statement, 2, text_of(hash));
    return finish(statement);
}

static bool end_sessions(struct account_book *book, struct text name) {
    sqlite3_stmt *statement = prepare(book, "DELETE FROM session WHERE account = ?1");
    bind_text(statement, 1, name);
    return finish(statement);
}

static bool add_note(struct account_book *book, struct text name, struct text actor, int64_t now) {
    unsigned char bytes[(ACCOUNT_NOTE_KEY_ROOM - 1) / 2];
    char key[ACCOUNT_NOTE_KEY_ROOM];
    randombytes_buf(bytes, sizeof bytes);
    (void)sodium_bin2hex(key, sizeof key, bytes, sizeof bytes);
    sqlite3_stmt *statement =
        prepare(book, "INSERT INTO note(key, kind, name, actor, at) VALUES(?1, 'reset', ?2, ?3, ?4)");
    bind_text(statement, 1, text_of(key));
    bind_text(statement, 2, name);
    bind_text(statement, 3, actor);
    (void)sqlite3_bind_int64(statement, 4, now);
    return finish(statement);
}

/* The caller has the lock. */
static enum account_result reset(struct account_book *book, struct text name, const char *hash, struct text actor,
                                 int64_t now, struct failure *failure) {
    if (!execute(book, "BEGIN IMMEDIATE")) {
        (void)refuse(book, failure);
        return ACCOUNT_FAILED;
    }
    enum account_result result = ACCOUNT_FAILED;
    if (set_password(book, name, hash) && sqlite3_changes(book->database) == 0) {
        result = ACCOUNT_INVALID;
        (void)failure_set_field(failure, "NAME", "there is no account \"%.*s\"; pinyue user list shows them",
                                TEXT_PRINT(text_cut(name, 100)));
    } else if (end_sessions(book, name) && add_note(book, name, actor, now) && execute(book, "COMMIT")) {
        return ACCOUNT_DONE;
    } else {
        (void)refuse(book, failure);
    }
    (void)execute(book, "ROLLBACK");
    return result;
}

enum account_result account_book_reset(struct account_book *book, struct text name, struct text password,
                                       struct text actor, int64_t now, struct failure *failure) {
    char hash[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str(hash, password.bytes, password.length, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
        (void)failure_say(failure, "memory is exhausted", "内存不足");
        return ACCOUNT_FAILED;
    }
    (void)pthread_mutex_lock(&book->lock);
    enum account_result result = reset(book, name, hash, actor, now, failure);
    (void)pthread_mutex_unlock(&book->lock);
    return result;
}

bool account_book_find_note(struct account_book *book, struct account_note *note) {
    if (pthread_mutex_trylock(&book->lock) != 0) {
        return false;
    }
    sqlite3_stmt *statement =
        prepare(book, "SELECT key, name, actor, at FROM note WHERE sequence IS NULL ORDER BY at, key LIMIT 1");
    bool found = sqlite3_step(statement) == SQLITE_ROW;
    if (found) {
        copy_text(note->key, sizeof note->key, column_text(statement, 0));
        copy_text(note->name, sizeof note->name, column_text(statement, 1));
        copy_text(note->actor, sizeof note->actor, column_text(statement, 2));
        note->at = sqlite3_column_int64(statement, 3);
    }
    (void)sqlite3_finalize(statement);
    (void)pthread_mutex_unlock(&book->lock);
    return found;
}

void account_book_mark_note(struct account_book *book, const struct account_note *note, int64_t sequence) {
    (void)pthread_mutex_lock(&book->lock);
    sqlite3_stmt *statement = prepare(book, "UPDATE note SET sequence = ?2 WHERE key = ?1");
    bind_text(statement, 1, text_of(note->key));
    (void)sqlite3_bind_int64(statement, 2, sequence);
    (void)finish(statement); /* where it fails it is found again, and the log knows its key */
    (void)pthread_mutex_unlock(&book->lock);
}

/* ---- copies ----------------------------------------------------------------------------------------------- */

bool account_settle(const char *directory, int64_t last_sequence, struct failure *failure) {
    struct account_book book = {0};
    int format = 0;
    bool done = connect(&book, directory, SQLITE_OPEN_READWRITE, failure) && check_format(&book, &format, failure);
    if (done) {
        /* VACUUM writes the file anew: what was deleted is in none of its pages. */
        done = execute(&book, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; BEGIN IMMEDIATE") &&
               execute(&book, schema) && execute(&book, "PRAGMA user_version = 1; DELETE FROM session");
        sqlite3_stmt *statement = prepare(&book, "UPDATE note SET sequence = NULL WHERE sequence > ?1");
        (void)sqlite3_bind_int64(statement, 1, last_sequence);
        done = finish(statement) && done && execute(&book, "COMMIT; VACUUM");
        if (!done) {
            (void)refuse(&book, failure);
        }
    }
    (void)sqlite3_close(book.database);
    return done;
}

static bool copy_pages(struct account_book *from, struct account_book *to, struct failure *failure) {
    sqlite3_backup *backup = sqlite3_backup_init(to->database, "main", from->database, "main");
    int result = backup == NULL ? SQLITE_ERROR : sqlite3_backup_step(backup, -1); /* all: a writer is not held up */
    int end = sqlite3_backup_finish(backup);
    if (result == SQLITE_DONE && end == SQLITE_OK) {
        return true;
    }
    return refuse(result == SQLITE_BUSY || result == SQLITE_LOCKED ? from : to, failure);
}

bool account_copy(const char *from_directory, const char *to_directory, int64_t last_sequence,
                  struct failure *failure) {
    struct account_book from = {0};
    struct account_book to = {0};
    int format = 0;
    bool done = connect(&from, from_directory, SQLITE_OPEN_READWRITE, failure) &&
                check_format(&from, &format, failure) &&
                connect(&to, to_directory, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, failure) &&
                copy_pages(&from, &to, failure);
    (void)sqlite3_close(to.database);
    (void)sqlite3_close(from.database);
    return done && account_settle(to_directory, last_sequence, failure);
}
