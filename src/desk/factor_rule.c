/* Who must have a second factor: accounts one by one, and all who may order. */
#include "desk/second_factor.h"

#include "desk/book.h"

#include <stdlib.h>
#include <string.h>

/* The setting's row: there, or not. */
#define OF_ORDERERS "SELECT 1 FROM setting WHERE name = 'factor-of-orderers'"

/* The caller has the lock. */
static bool may_order(struct account_book *book, struct text name) {
    struct account account = {0};
    bool found = false;
    sqlite3_stmt *statement = book_prepare(book, "SELECT " BOOK_ACCOUNT " FROM account WHERE name = ?1");
    book_bind_text(statement, 1, name);
    if (sqlite3_step(statement) == SQLITE_ROW) {
        book_read_account(statement, 0, &account);
    }
    (void)sqlite3_finalize(statement);
    for (const char *at = book->orderers == NULL ? "" : book->orderers; *at != '\0' && !found;) {
        size_t length = strcspn(at, "\n");
        found = account_has_party(&account, (struct text){at, length});
        at += length + (at[length] == '\n' ? 1 : 0);
    }
    return found;
}

static bool has_factor(struct account_book *book, struct text name) {
    return book_has_row(book, "SELECT 1 FROM second_factor WHERE account = ?1 AND confirmed_at IS NOT NULL", name);
}

bool book_lacks_factor(struct account_book *book, struct text name) {
    bool is_required = book_has_row(book, "SELECT 1 FROM factor_required WHERE account = ?1", name) ||
                       (book_has_row(book, OF_ORDERERS, name) && may_order(book, name));
    return is_required && !has_factor(book, name);
}

bool book_limit_session(struct account_book *book, struct text token) {
    unsigned char hash[SESSION_HASH_BYTES];
    book_hash_token(token, hash);
    sqlite3_stmt *statement = book_prepare(book, "INSERT INTO limited_session(token) VALUES(?1)");
    book_bind_hash(statement, 1, hash);
    return book_finish(statement);
}

bool book_limit_sessions(struct account_book *book, struct text name) {
    return book_run_with_name(
        book, "INSERT OR IGNORE INTO limited_session(token) SELECT token FROM session WHERE account = ?1", name);
}

bool book_free_sessions(struct account_book *book, struct text name) {
    return book_run_with_name(
        book, "DELETE FROM limited_session WHERE token IN (SELECT token FROM session WHERE account = ?1)", name);
}

bool account_book_set_orderers(struct account_book *book, struct text names) {
    char *copy = strndup(names.bytes == NULL ? "" : names.bytes, names.length);
    (void)pthread_mutex_lock(&book->lock);
    free(book->orderers);
    book->orderers = copy;
    (void)pthread_mutex_unlock(&book->lock);
    return copy != NULL;
}

bool account_book_orders_without_factor(struct account_book *book, struct text name) {
    (void)pthread_mutex_lock(&book->lock);
    bool lacks = book_has_row(book, OF_ORDERERS, name) && !has_factor(book, name);
    (void)pthread_mutex_unlock(&book->lock);
    return lacks;
}

static bool set_requirement(struct account_book *book, struct text name, bool is_required) {
    if (name.length > 0) {
        return book_run_with_name(book,
                                  is_required ? "INSERT OR IGNORE INTO factor_required(account) VALUES(?1)"
                                              : "DELETE FROM factor_required WHERE account = ?1",
                                  name);
    }
    return book_execute(book, is_required
                                  ? "INSERT OR IGNORE INTO setting(name, value) VALUES('factor-of-orderers', '1')"
                                  : "DELETE FROM setting WHERE name = 'factor-of-orderers'");
}

/* In one step with the note of it. */
static bool set_noted(struct account_book *book, struct text name, bool is_required, struct text actor, struct text key,
                      int64_t now) {
    return book_execute(book, "BEGIN IMMEDIATE") &&
           (book_has_note(book, key) ||
            (set_requirement(book, name, is_required) &&
             book_add_keyed_note(book, is_required ? "rule-on" : "rule-off", name, actor, key, now))) &&
           book_execute(book, "COMMIT");
}

enum account_result account_book_require_factor(struct account_book *book, struct text name, bool is_required,
                                                struct text actor, struct text key, int64_t now,
                                                struct failure *failure) {
    enum account_result result = ACCOUNT_DONE;
    (void)pthread_mutex_lock(&book->lock);
    if (name.length > 0 && !book_has_row(book, "SELECT 1 FROM account WHERE name = ?1", name)) {
        (void)failure_say_field(failure, "account", "there is no account of this name", "没有这个账号");
        result = ACCOUNT_INVALID;
    } else if (!set_noted(book, name, is_required, actor, key, now)) {
        (void)book_refuse(book, failure);
        (void)book_execute(book, "ROLLBACK");
        result = ACCOUNT_FAILED;
    }
    (void)pthread_mutex_unlock(&book->lock);
    return result;
}

/* The caller has the lock. NULL when it cannot be read. */
static json_t *list_names(struct account_book *book, const char *sql, bool are_missing) {
    json_t *list = json_array();
    int step = SQLITE_DONE;
    sqlite3_stmt *statement = book_prepare(book, sql);
    while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
        struct text name = book_column_text(statement, 0);
        if (!are_missing || book_lacks_factor(book, name)) {
            (void)json_array_append_new(list, json_stringn(name.bytes, name.length));
        }
    }
    (void)sqlite3_finalize(statement);
    if (step != SQLITE_DONE) {
        json_decref(list);
        return NULL;
    }
    return list;
}

json_t *account_book_describe_requirements(struct account_book *book) {
    (void)pthread_mutex_lock(&book->lock);
    json_t *body = json_pack("{s:o, s:b, s:o}", "accounts",
                             list_names(book, "SELECT account FROM factor_required ORDER BY account", false),
                             "orderers", book_has_row(book, OF_ORDERERS, (struct text){0}), "missing",
                             list_names(book,
                                        "SELECT name FROM account WHERE name NOT IN (SELECT account FROM "
                                        "closed_account) ORDER BY name",
                                        true));
    (void)pthread_mutex_unlock(&book->lock);
    return body;
}
