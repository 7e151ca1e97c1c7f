#include "desk/draft.h"

#include "base/calendar.h"
#include "desk/book.h"

bool draft_is_name(struct text name) {
    return name.length < DRAFT_NAME_ROOM && book_is_name(name);
}

/* Runs a statement that answers nothing, and lets it go. */
static bool run(struct account_book *book, sqlite3_stmt *statement, struct failure *failure) {
    bool done = sqlite3_step(statement) == SQLITE_DONE || book_refuse(book, failure);
    (void)sqlite3_finalize(statement);
    return done;
}

static bool write_draft(struct account_book *book, struct text account, struct text name, struct text body, int64_t now,
                        struct failure *failure) {
    sqlite3_stmt *statement =
        book_prepare(book, "INSERT INTO draft(account, name, body, kept_at) VALUES(?1, ?2, ?3, ?4) "
                           "ON CONFLICT(account, name) DO UPDATE SET body = ?3, kept_at = ?4");
    book_bind_text(statement, 1, account);
    book_bind_text(statement, 2, name);
    book_bind_text(statement, 3, body);
    (void)sqlite3_bind_int64(statement, 4, now);
    return run(book, statement, failure);
}

/* Keeps the newest of an account. */
static bool thin_drafts(struct account_book *book, struct text account, struct failure *failure) {
    sqlite3_stmt *statement =
        book_prepare(book, "DELETE FROM draft WHERE account = ?1 AND name NOT IN "
                           "(SELECT name FROM draft WHERE account = ?1 ORDER BY kept_at DESC, name LIMIT ?2)");
    book_bind_text(statement, 1, account);
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
    sqlite3_stmt *statement = book_prepare(book, "DELETE FROM draft WHERE account = ?1 AND name = ?2");
    book_bind_text(statement, 1, account);
    book_bind_text(statement, 2, name);
    bool done = run(book, statement, failure);
    (void)pthread_mutex_unlock(&book->lock);
    return done;
}

static json_t *describe_draft(sqlite3_stmt *statement) {
    char kept_at[CALENDAR_INSTANT_ROOM];
    struct text body = book_column_text(statement, 1);
    calendar_print_instant(sqlite3_column_int64(statement, 2), 0, kept_at);
    return json_pack("{s:o, s:s}", "body", json_loadb(body.bytes, body.length, JSON_DECODE_ANY, NULL), "kept_at",
                     kept_at);
}

json_t *account_book_list_drafts(struct account_book *book, struct text account) {
    json_t *list = json_object();
    int step = SQLITE_DONE;
    (void)pthread_mutex_lock(&book->lock);
    sqlite3_stmt *statement =
        book_prepare(book, "SELECT name, body, kept_at FROM draft WHERE account = ?1 ORDER BY name");
    book_bind_text(statement, 1, account);
    while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
        struct text name = book_column_text(statement, 0);
        (void)json_object_setn_new(list, name.bytes, name.length, describe_draft(statement));
    }
    return book_end_list(book, statement, step, list);
}
