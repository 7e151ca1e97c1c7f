#include "desk/account.h"

#include "base/buffer.h"
#include "base/calendar.h"
#include "desk/book.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECRET_BYTES 32U

static const char first_format[] = "CREATE TABLE IF NOT EXISTS account(\n"
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
                                   "    kind TEXT NOT NULL,     -- what has happened to the account: account.h\n"
                                   "    name TEXT NOT NULL,     -- of the account\n"
                                   "    actor TEXT NOT NULL,    -- who did it\n"
                                   "    at INTEGER NOT NULL,\n"
                                   "    sequence INTEGER        -- of its event in the log; NULL: it is not there yet\n"
                                   ") STRICT;\n";

/* What format 2 has besides. */
static const char second_format[] = "CREATE TABLE IF NOT EXISTS token(\n"
                                    "    name TEXT PRIMARY KEY,\n"
                                    "    hash BLOB NOT NULL UNIQUE, -- of the token itself\n"
                                    "    display_name TEXT NOT NULL,\n"
                                    "    scope INTEGER NOT NULL,    -- bits, token.h\n"
                                    "    parties TEXT NOT NULL,     -- names, each with a line's end\n"
                                    "    made_by TEXT NOT NULL,\n"
                                    "    made_at INTEGER NOT NULL,\n"
                                    "    used_at INTEGER,           -- NULL: never\n"
                                    "    ended_at INTEGER,          -- NULL: it is good\n"
                                    "    key TEXT NOT NULL          -- of the request that made it\n"
                                    ") STRICT;\n"
                                    "CREATE TABLE IF NOT EXISTS second_factor(\n"
                                    "    account TEXT PRIMARY KEY REFERENCES account(name),\n"
                                    "    secret BLOB NOT NULL,\n"
                                    "    confirmed_at INTEGER,      -- NULL: it counts for nothing yet\n"
                                    "    last_step INTEGER NOT NULL -- of a code: none is taken twice\n"
                                    ") STRICT;\n"
                                    "CREATE TABLE IF NOT EXISTS recovery_code(\n"
                                    "    account TEXT NOT NULL REFERENCES account(name),\n"
                                    "    hash BLOB NOT NULL,\n"
                                    "    PRIMARY KEY(account, hash)\n"
                                    ") STRICT;\n";

/* What format 3 has besides. */
static const char third_format[] =
    "CREATE TABLE IF NOT EXISTS auditor(account TEXT PRIMARY KEY REFERENCES account(name)) STRICT;\n"
    "CREATE TABLE IF NOT EXISTS factor_required(account TEXT PRIMARY KEY REFERENCES account(name)) STRICT;\n"
    "CREATE TABLE IF NOT EXISTS setting(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;\n"
    "CREATE TABLE IF NOT EXISTS limited_session(\n"
    "    token BLOB PRIMARY KEY REFERENCES session(token) ON DELETE CASCADE\n"
    ") STRICT;\n"
    "CREATE TABLE IF NOT EXISTS sign_in(\n"
    "    number INTEGER PRIMARY KEY, -- later ones have higher ones\n"
    "    account TEXT NOT NULL,      -- '': a name that is none; it is not kept, it may be a password\n"
    "    kind TEXT NOT NULL,         -- sign_in_record.c\n"
    "    address TEXT NOT NULL,\n"
    "    first_at INTEGER NOT NULL,\n"
    "    at INTEGER NOT NULL,        -- of the last one, where several of a kind are one row\n"
    "    times INTEGER NOT NULL\n"
    ") STRICT;\n"
    "CREATE INDEX IF NOT EXISTS sign_in_account ON sign_in(account, kind);\n";

/* What format 4 has besides. */
static const char fourth_format[] =
    "CREATE TABLE IF NOT EXISTS closed_account(\n"
    "    account TEXT PRIMARY KEY REFERENCES account(name),\n"
    "    closed_at INTEGER NOT NULL\n"
    ") STRICT;\n"
    "CREATE TABLE IF NOT EXISTS note_about( -- the account as it became, of notes that it was made or changed\n"
    "    key TEXT PRIMARY KEY REFERENCES note(key),\n"
    "    display_name TEXT NOT NULL,\n"
    "    administrator INTEGER NOT NULL,\n"
    "    desk INTEGER NOT NULL,\n"
    "    parties TEXT NOT NULL,\n"
    "    auditor INTEGER NOT NULL,\n"
    "    closed INTEGER NOT NULL\n"
    ") STRICT;\n"
    "CREATE TABLE IF NOT EXISTS device( -- a browser in which somebody has signed in to the account\n"
    "    number INTEGER PRIMARY KEY,    -- higher the later that was\n"
    "    account TEXT NOT NULL REFERENCES account(name),\n"
    "    hash BLOB NOT NULL,            -- of its cookie\n"
    "    UNIQUE(account, hash)\n"
    ") STRICT;\n";

/* ---- the database ----------------------------------------------------------------------------------------- */

bool book_refuse(struct account_book *book, struct failure *failure) {
    return failure_say(failure, "accounts.db: %s", "账号库 accounts.db 出错（%s）",
                       book->database == NULL ? "memory is exhausted" : sqlite3_errmsg(book->database));
}

sqlite3_stmt *book_prepare(struct account_book *book, const char *sql) {
    sqlite3_stmt *statement = NULL;
    (void)sqlite3_prepare_v2(book->database, sql, -1, &statement, NULL);
    return statement; /* SQLite takes NULL for one that answers nothing */
}

bool book_execute(struct account_book *book, const char *sql) {
    return sqlite3_exec(book->database, sql, NULL, NULL, NULL) == SQLITE_OK;
}

bool book_has_row(struct account_book *book, const char *sql, struct text name) {
    sqlite3_stmt *statement = book_prepare(book, sql);
    if (sqlite3_bind_parameter_count(statement) > 0) {
        book_bind_text(statement, 1, name);
    }
    bool found = sqlite3_step(statement) == SQLITE_ROW;
    (void)sqlite3_finalize(statement);
    return found;
}

bool book_run_with_name(struct account_book *book, const char *sql, struct text name) {
    sqlite3_stmt *statement = book_prepare(book, sql);
    book_bind_text(statement, 1, name);
    return book_finish(statement);
}

json_t *book_describe_instant(sqlite3_stmt *statement, int column) {
    char shown[CALENDAR_INSTANT_ROOM];
    if (sqlite3_column_type(statement, column) == SQLITE_NULL) {
        return json_null();
    }
    calendar_print_instant(sqlite3_column_int64(statement, column), 0, shown);
    return json_string(shown);
}

json_t *book_end_list(struct account_book *book, sqlite3_stmt *statement, int step, json_t *list) {
    (void)sqlite3_finalize(statement);
    (void)pthread_mutex_unlock(&book->lock);
    if (step != SQLITE_DONE) {
        json_decref(list);
        return NULL;
    }
    return list;
}

bool book_finish(sqlite3_stmt *statement) {
    bool done = sqlite3_step(statement) == SQLITE_DONE;
    (void)sqlite3_finalize(statement);
    return done;
}

/* 0: a new one, or one from before formats were numbered, which is laid out as format 1. */
bool book_check_format(struct account_book *book, int *format, struct failure *failure) {
    sqlite3_stmt *statement = book_prepare(book, "PRAGMA user_version");
    bool is_read = sqlite3_step(statement) == SQLITE_ROW;
    *format = is_read ? sqlite3_column_int(statement, 0) : 0;
    (void)sqlite3_finalize(statement);
    if (!is_read) {
        return book_refuse(book, failure);
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

bool book_connect(struct account_book *book, const char *directory, int flags, struct failure *failure) {
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
    return (result == SQLITE_OK && sqlite3_busy_timeout(book->database, 5000) == SQLITE_OK) ||
           book_refuse(book, failure);
}

static bool is_new(struct account_book *book) {
    sqlite3_stmt *statement = book_prepare(book, "SELECT 1 FROM sqlite_schema LIMIT 1");
    bool has_none = sqlite3_step(statement) == SQLITE_DONE;
    (void)sqlite3_finalize(statement);
    return has_none;
}

bool book_lay_out(struct account_book *book, int format) {
    char mark[40];
    (void)snprintf(mark, sizeof mark, "PRAGMA user_version = %d", format);
    return book_execute(book, first_format) && (format < 2 || book_execute(book, second_format)) &&
           (format < 3 || book_execute(book, third_format)) && (format < 4 || book_execute(book, fourth_format)) &&
           book_execute(book, mark);
}

static bool refuse_older(int format, struct failure *failure) {
    return failure_set(failure,
                       "accounts.db has format %d, and this program writes format %d: `pinyue upgrade` makes a backup "
                       "and brings it up to date",
                       format, ACCOUNT_FORMAT);
}

/* Makes a new one, or sees that it is of this format. An older one may be opened where somebody only looks. */
static bool begin(struct account_book *book, bool takes_older, struct failure *failure) {
    if (book->format == 0 && is_new(book)) {
        book->format = ACCOUNT_FORMAT;
        return book_execute(book, "PRAGMA journal_mode = WAL") && book_lay_out(book, ACCOUNT_FORMAT);
    }
    if (book->format < ACCOUNT_FORMAT && !takes_older) {
        return refuse_older(book->format == 0 ? 1 : book->format, failure);
    }
    return true;
}

static bool open_database(struct account_book *book, const char *directory, int flags, struct failure *failure) {
    if (!book_connect(book, directory, flags, failure) || !book_check_format(book, &book->format, failure) ||
        !begin(book, (flags & SQLITE_OPEN_CREATE) == 0, failure)) {
        return failure->set ? false : book_refuse(book, failure);
    }
    if (!book_execute(book, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON")) {
        return book_refuse(book, failure);
    }
    /* Nobody signs in where the format is an older one. */
    book->finding =
        book_prepare(book, book->format < ACCOUNT_FORMAT
                               ? "SELECT 1 WHERE 0"
                               : "SELECT " BOOK_ACCOUNT ", csrf_token, used_at, "
                                 "token IN (SELECT token FROM limited_session) "
                                 "FROM session JOIN account ON account = name WHERE token = ?1 AND used_at >= ?2");
    book->version = book_prepare(book, "PRAGMA data_version");
    return (book->finding != NULL && book->version != NULL) || book_refuse(book, failure);
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
    bool done = book_connect(&book, directory, SQLITE_OPEN_READWRITE, failure) &&
                (!has_log || sqlite3_db_config(book.database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL) == SQLITE_OK ||
                 book_refuse(&book, failure)) &&
                book_check_format(&book, format, failure);
    *format = done && *format == 0 ? 1 : *format;
    (void)sqlite3_close(book.database);
    return done;
}

bool account_need_format(const char *directory, struct failure *failure) {
    int format = 0;
    return account_check_format(directory, &format, failure) &&
           (format == 0 || format == ACCOUNT_FORMAT || refuse_older(format, failure));
}

bool account_upgrade(const char *directory, struct failure *failure) {
    struct account_book book = {0};
    int format = 0;
    bool done =
        book_connect(&book, directory, SQLITE_OPEN_READWRITE, failure) && book_check_format(&book, &format, failure);
    if (done) {
        done = book_execute(&book, "PRAGMA synchronous = FULL; BEGIN IMMEDIATE") &&
               book_lay_out(&book, ACCOUNT_FORMAT) && book_execute(&book, "COMMIT");
        if (!done) {
            (void)book_refuse(&book, failure);
        }
    }
    (void)sqlite3_close(book.database);
    return done;
}

static struct account_book *open_book(const char *directory, int flags, struct failure *failure) {
    struct account_book *book = calloc(1, sizeof *book);
    struct session_table *sessions = session_table_create();
    struct session_table *tokens = session_table_create();
    if (book == NULL || sessions == NULL || tokens == NULL || sodium_init() < 0 ||
        pthread_mutex_init(&book->lock, NULL) != 0) {
        (void)failure_set(failure, "memory is exhausted, or the machine gives no random numbers");
        session_table_destroy(sessions);
        session_table_destroy(tokens);
        free(book);
        return NULL;
    }
    book->sessions = sessions;
    book->tokens = tokens;
    atomic_init(&book->looked_at, INT64_MIN);
    unsigned char secret[SECRET_BYTES];
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
        if (book->finding != NULL) {
            book_write_uses(book, 1);
        }
        (void)sqlite3_finalize(book->finding);
        (void)sqlite3_finalize(book->version);
        (void)sqlite3_close(book->database);
        (void)pthread_mutex_destroy(&book->lock);
        session_table_destroy(book->sessions);
        session_table_destroy(book->tokens);
        free(book->orderers);
        free(book);
    }
}

int64_t book_read_version(struct account_book *book) {
    bool is_read = sqlite3_step(book->version) == SQLITE_ROW;
    int64_t version = is_read ? sqlite3_column_int64(book->version, 0) : -1;
    (void)sqlite3_reset(book->version);
    return version;
}

void book_bind_text(sqlite3_stmt *statement, int at, struct text text) {
    (void)sqlite3_bind_text(statement, at, text.bytes == NULL ? "" : text.bytes, (int)text.length, SQLITE_TRANSIENT);
}

struct text book_column_text(sqlite3_stmt *statement, int at) {
    const char *bytes = (const char *)sqlite3_column_text(statement, at);
    return (struct text){bytes, bytes == NULL ? 0 : (size_t)sqlite3_column_bytes(statement, at)};
}

void book_copy_text(char *out, size_t room, struct text text) {
    (void)snprintf(out, room, "%.*s", TEXT_PRINT(text_cut(text, room - 1)));
}

void book_read_account(sqlite3_stmt *statement, int at, struct account *account) {
    book_copy_text(account->name, sizeof account->name, book_column_text(statement, at));
    book_copy_text(account->display_name, sizeof account->display_name, book_column_text(statement, at + 1));
    account->administrator = sqlite3_column_int(statement, at + 2) != 0;
    account->desk = sqlite3_column_int(statement, at + 3) != 0;
    book_copy_text(account->parties, sizeof account->parties, book_column_text(statement, at + 4));
    account->auditor = sqlite3_column_int(statement, at + 5) != 0;
    account->closed = sqlite3_column_int(statement, at + 6) != 0;
}

/* ---- accounts --------------------------------------------------------------------------------------------- */

bool account_book_is_empty(struct account_book *book) {
    (void)pthread_mutex_lock(&book->lock);
    sqlite3_stmt *statement = book_prepare(book, "SELECT 1 FROM account LIMIT 1");
    bool is_empty = sqlite3_step(statement) == SQLITE_DONE;
    (void)sqlite3_finalize(statement);
    (void)pthread_mutex_unlock(&book->lock);
    return is_empty;
}

bool account_book_has_account(struct account_book *book, struct text name) {
    (void)pthread_mutex_lock(&book->lock);
    bool is_there = book_has_row(book,
                                 "SELECT 1 FROM account WHERE name = ?1 AND name NOT IN "
                                 "(SELECT account FROM closed_account)",
                                 name);
    (void)pthread_mutex_unlock(&book->lock);
    return is_there;
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

bool book_is_name(struct text name) {
    for (size_t i = 0; i < name.length; i++) {
        char letter = name.bytes[i];
        if (!(letter >= 'a' && letter <= 'z') && !(letter >= 'A' && letter <= 'Z') &&
            !(letter >= '0' && letter <= '9') && strchr("._-", letter) == NULL) {
            return false;
        }
    }
    return name.length > 0;
}

bool book_hash_password(struct text password, char hash[crypto_pwhash_STRBYTES], struct failure *failure) {
    return crypto_pwhash_str(hash, password.bytes, password.length, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                             crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0 ||
           failure_say(failure, "memory is exhausted", "内存不足");
}

bool book_check_password(struct text password, const char *field, struct failure *failure) {
    size_t length = text_count_code_points(password);
    if (length < ACCOUNT_PASSWORD_LENGTH_LEAST || password.length > ACCOUNT_PASSWORD_LENGTH_MOST) {
        return failure_say_field(failure, field, "a password has at least %u characters and at most %u bytes",
                                 "密码至少 %u 个字符，最多 %u 个字节", ACCOUNT_PASSWORD_LENGTH_LEAST,
                                 ACCOUNT_PASSWORD_LENGTH_MOST);
    }
    return true;
}

static bool check_new(const struct account *account, struct text password, struct failure *failure) {
    if (!book_is_name(text_of(account->name))) {
        return failure_say_field(failure, "name", "a name has 1 to 64 letters, digits, points, _ or -",
                                 "账号名须为 1 至 64 个字母、数字、点、_ 或 -");
    }
    if (account->display_name[0] == '\0') {
        return failure_say_field(failure, "display_name", "how the person is called is missing", "没有填写姓名");
    }
    return book_check_password(password, "password", failure);
}

/* Looks for the name: ACCOUNT_INVALID stands for "free". */
static enum account_result find_name(struct account_book *book, const char *name, struct text key) {
    sqlite3_stmt *statement = book_prepare(book, "SELECT key FROM account WHERE name = ?1");
    enum account_result result = ACCOUNT_FAILED;
    book_bind_text(statement, 1, text_of(name));
    int step = sqlite3_step(statement);
    if (step == SQLITE_ROW) {
        result = key.length > 0 && text_equal(book_column_text(statement, 0), key) ? ACCOUNT_DONE : ACCOUNT_EXISTS;
    } else if (step == SQLITE_DONE) {
        result = ACCOUNT_INVALID;
    }
    (void)sqlite3_finalize(statement);
    return result;
}

static bool note_auditor(struct account_book *book, const char *name) {
    sqlite3_stmt *statement = book_prepare(book, "INSERT INTO auditor(account) VALUES(?1)");
    book_bind_text(statement, 1, text_of(name));
    return book_finish(statement);
}

static enum account_result insert(struct account_book *book, const struct account *account, const char *hash,
                                  struct text key, struct text actor, int64_t now) {
    enum account_result found = find_name(book, account->name, key);
    if (found != ACCOUNT_INVALID) {
        return found;
    }
    sqlite3_stmt *statement =
        book_prepare(book, "INSERT INTO account(name, display_name, password, administrator, desk, "
                           "parties, made_at, key) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    book_bind_text(statement, 1, text_of(account->name));
    book_bind_text(statement, 2, text_of(account->display_name));
    book_bind_text(statement, 3, text_of(hash));
    (void)sqlite3_bind_int(statement, 4, account->administrator);
    (void)sqlite3_bind_int(statement, 5, account->desk);
    book_bind_text(statement, 6, text_of(account->parties));
    (void)sqlite3_bind_int64(statement, 7, now);
    book_bind_text(statement, 8, key);
    bool done = book_finish(statement) && (!account->auditor || note_auditor(book, account->name)) &&
                (actor.length == 0 || (book_add_keyed_note(book, "account", text_of(account->name), actor, key, now) &&
                                       book_add_about(book, key, account)));
    return done ? ACCOUNT_DONE : ACCOUNT_FAILED;
}

enum account_result account_book_add(struct account_book *book, const struct account *account, struct text password,
                                     struct text key, struct text actor, int64_t now, struct failure *failure) {
    char hash[crypto_pwhash_STRBYTES];
    if (!check_new(account, password, failure)) {
        return ACCOUNT_INVALID;
    }
    if (!book_hash_password(password, hash, failure)) {
        return ACCOUNT_FAILED;
    }
    (void)pthread_mutex_lock(&book->lock);
    enum account_result result =
        book_execute(book, "BEGIN IMMEDIATE") ? insert(book, account, hash, key, actor, now) : ACCOUNT_FAILED;
    if (result == ACCOUNT_DONE && !book_execute(book, "COMMIT")) {
        result = ACCOUNT_FAILED;
    }
    if (result == ACCOUNT_FAILED) {
        (void)book_refuse(book, failure);
    } else if (result == ACCOUNT_EXISTS) {
        (void)failure_say_field(failure, "name", "there is an account of this name already", "已有同名账号");
    }
    if (result != ACCOUNT_DONE) {
        (void)book_execute(book, "ROLLBACK");
    } else {
        book->account_changes++;
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
    json_t *json =
        json_pack("{s:s, s:s, s:b, s:b, s:o}", "name", account->name, "display_name", account->display_name,
                  "administrator", account->administrator, "desk", account->desk, "parties", list_parties(account));
    if (account->auditor) {
        (void)json_object_set_new(json, "auditor", json_true());
    }
    if (account->closed) {
        (void)json_object_set_new(json, "closed", json_true());
    }
    return json;
}

/* The caller has the lock, and loses it. */
static json_t *list_accounts(struct account_book *book) {
    struct account account;
    json_t *list = json_array();
    sqlite3_stmt *statement = book_prepare(
        book, book->format < 3   ? "SELECT name, display_name, administrator, desk, parties, 0, 0 FROM account "
                                   "ORDER BY name"
              : book->format < 4 ? "SELECT name, display_name, administrator, desk, parties, "
                                   "name IN (SELECT account FROM auditor), 0 FROM account ORDER BY name"
                                 : "SELECT " BOOK_ACCOUNT " FROM account ORDER BY name");
    int step = SQLITE_DONE;
    while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
        book_read_account(statement, 0, &account);
        (void)json_array_append_new(list, account_describe(&account));
    }
    return book_end_list(book, statement, step, list);
}

json_t *account_book_list(struct account_book *book) {
    (void)pthread_mutex_lock(&book->lock);
    return list_accounts(book);
}

void account_book_refresh_list(struct account_book *book, struct account_list *list) {
    if (list->accounts == NULL) {
        (void)pthread_mutex_lock(&book->lock);
    } else if (pthread_mutex_trylock(&book->lock) != 0) {
        return;
    }
    int64_t version = book_read_version(book);
    int64_t changes = book->account_changes;
    if (list->accounts != NULL && version >= 0 && version == list->version && changes == list->changes) {
        (void)pthread_mutex_unlock(&book->lock);
        return;
    }
    json_t *accounts = list_accounts(book);
    if (accounts != NULL) {
        json_decref(list->accounts);
        *list = (struct account_list){.accounts = accounts, .version = version, .changes = changes};
    }
}

json_t *account_book_list_people(struct account_book *book) {
    json_t *list = json_array();
    (void)pthread_mutex_lock(&book->lock);
    sqlite3_stmt *statement = book_prepare(book, "SELECT name, display_name FROM account UNION ALL "
                                                 "SELECT 'token:' || name, display_name FROM token ORDER BY 1");
    int step = SQLITE_DONE;
    while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
        (void)json_array_append_new(list, json_pack("{s:s, s:s}", "name", sqlite3_column_text(statement, 0),
                                                    "display_name", sqlite3_column_text(statement, 1)));
    }
    return book_end_list(book, statement, step, list);
}
