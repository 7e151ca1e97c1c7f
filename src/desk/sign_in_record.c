#include "desk/sign_in_record.h"

#include "base/calendar.h"
#include "desk/book.h"

#define TOGETHER_US (INT64_C(60) * CALENDAR_US_PER_MINUTE)
#define FINISHED_US (INT64_C(10) * CALENDAR_US_PER_MINUTE)

static const char *const kinds[] = {
    [SIGN_IN_RIGHT] = "signed-in",
    [SIGN_IN_OUT] = "signed-out",
    [SIGN_IN_PASSWORD_WRONG] = "password-wrong",
    [SIGN_IN_CODE_ASKED] = "code-asked",
    [SIGN_IN_CODE_WRONG] = "code-wrong",
    [SIGN_IN_SHUT] = "account-closed",
};

static bool is_wrong(enum sign_in_kind kind) {
    return kind != SIGN_IN_RIGHT && kind != SIGN_IN_OUT;
}

/* A statement with account, kind and address as ?1 to ?3, and two instants. */
static bool run(struct account_book *book, const char *sql, struct text account, enum sign_in_kind kind,
                struct text address, int64_t now, int64_t since) {
    sqlite3_stmt *statement = book_prepare(book, sql);
    book_bind_text(statement, 1, account);
    book_bind_text(statement, 2, text_of(kinds[kind]));
    book_bind_text(statement, 3, address);
    (void)sqlite3_bind_int64(statement, 4, now);
    (void)sqlite3_bind_int64(statement, 5, since);
    return book_finish(statement);
}

/* One more of a row that is there already. */
static bool count_up(struct account_book *book, struct text account, enum sign_in_kind kind, struct text address,
                     int64_t now) {
    return run(book,
               "UPDATE sign_in SET at = ?4, times = times + 1 WHERE number = (SELECT max(number) FROM sign_in WHERE "
               "account = ?1 AND kind = ?2 AND address = ?3 AND first_at BETWEEN ?5 AND ?4)",
               account, kind, address, now, now - TOGETHER_US) &&
           sqlite3_changes(book->database) == 1;
}

static bool add(struct account_book *book, struct text account, enum sign_in_kind kind, struct text address,
                int64_t now) {
    return run(book, "INSERT INTO sign_in(account, kind, address, first_at, at, times) VALUES(?1, ?2, ?3, ?4, ?4, 1)",
               account, kind, address, now, now);
}

/* Whoever gives the code after the password has simply signed in. */
static bool forget_asking(struct account_book *book, struct text account, struct text address, int64_t now) {
    return run(book, "DELETE FROM sign_in WHERE account = ?1 AND kind = ?2 AND address = ?3 AND at BETWEEN ?5 AND ?4",
               account, SIGN_IN_CODE_ASKED, address, now, now - FINISHED_US);
}

/* The caller has the lock. What is wrong and what is right have room of their own. */
static bool drop_old(struct account_book *book, struct text account, bool wrong) {
    sqlite3_stmt *statement =
        book_prepare(book, "DELETE FROM sign_in WHERE account = ?1 AND (kind NOT IN ('signed-in', 'signed-out')) = ?2 "
                           "AND number <= (SELECT number FROM sign_in WHERE account = ?1 AND "
                           "(kind NOT IN ('signed-in', 'signed-out')) = ?2 ORDER BY number DESC LIMIT 1 OFFSET ?3)");
    book_bind_text(statement, 1, account);
    (void)sqlite3_bind_int(statement, 2, wrong);
    (void)sqlite3_bind_int(statement, 3, SIGN_IN_RECORD_MOST);
    return book_finish(statement);
}

void account_book_record_sign_in(struct account_book *book, struct text name, enum sign_in_kind kind,
                                 struct text address, int64_t now) {
    (void)pthread_mutex_lock(&book->lock);
    struct text account = book_has_row(book, "SELECT 1 FROM account WHERE name = ?1", name) ? name : TEXT("");
    bool done = book_execute(book, "BEGIN IMMEDIATE") &&
                ((is_wrong(kind) && count_up(book, account, kind, address, now)) ||
                 (add(book, account, kind, address, now) && drop_old(book, account, is_wrong(kind)))) &&
                (kind != SIGN_IN_RIGHT || forget_asking(book, account, address, now)) && book_execute(book, "COMMIT");
    if (!done) {
        (void)book_execute(book, "ROLLBACK");
    }
    (void)pthread_mutex_unlock(&book->lock);
}

/* ---- the list --------------------------------------------------------------------------------------------- */

static json_t *describe_text(sqlite3_stmt *statement, int column) {
    struct text text = book_column_text(statement, column);
    return text.length == 0 ? json_null() : json_stringn(text.bytes, text.length);
}

json_t *account_book_list_sign_ins(struct account_book *book, struct text name) {
    json_t *list = json_array();
    int step = SQLITE_DONE;
    (void)pthread_mutex_lock(&book->lock);
    sqlite3_stmt *statement = book_prepare(
        book, "SELECT account, kind, address, '', first_at, at, times, number FROM sign_in WHERE ?1 IN ('', account) "
              "UNION ALL SELECT name, kind, '', actor, at, at, 1, 0 FROM note "
              "WHERE ?1 IN ('', name) AND kind IN ('password', 'reset', 'factor-on', 'factor-off') "
              "ORDER BY 6 DESC, 8 DESC LIMIT ?2");
    book_bind_text(statement, 1, name);
    (void)sqlite3_bind_int(statement, 2, SIGN_IN_RECORD_SHOWN);
    while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
        (void)json_array_append_new(
            list,
            json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:I}", "account", describe_text(statement, 0), "kind",
                      describe_text(statement, 1), "address", describe_text(statement, 2), "by",
                      describe_text(statement, 3), "first_at", book_describe_instant(statement, 4), "at",
                      book_describe_instant(statement, 5), "times", (json_int_t)sqlite3_column_int64(statement, 6)));
    }
    return book_end_list(book, statement, step, list);
}
