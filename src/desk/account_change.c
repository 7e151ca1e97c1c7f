/* Accounts that are changed: their rights, the parties that they act for, how they are called; closed and opened again. */
#include "desk/book.h"

#include "base/buffer.h"
#include "desk/fold.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void account_make_tag(const json_t *described, char tag[ACCOUNT_TAG_ROOM]) {
    char *text = json_dumps(described, JSON_COMPACT | JSON_SORT_KEYS);
    (void)snprintf(tag, ACCOUNT_TAG_ROOM, "a%016" PRIx64, text_hash(text_of(text)));
    free(text);
}

/* What the account becomes. */
static void apply(const struct account_change *change, struct account *account) {
    const struct account *wanted = &change->wanted;
    if ((change->fields & ACCOUNT_DISPLAY_NAME) != 0) {
        memcpy(account->display_name, wanted->display_name, sizeof account->display_name);
    }
    if ((change->fields & ACCOUNT_PARTIES) != 0) {
        memcpy(account->parties, wanted->parties, sizeof account->parties);
    }
    account->administrator =
        (change->fields & ACCOUNT_ADMINISTRATOR) != 0 ? wanted->administrator : account->administrator;
    account->desk = (change->fields & ACCOUNT_DESK) != 0 ? wanted->desk : account->desk;
    account->auditor = (change->fields & ACCOUNT_AUDITOR) != 0 ? wanted->auditor : account->auditor;
    account->closed = (change->fields & ACCOUNT_CLOSING) != 0 ? wanted->closed : account->closed;
}

static bool is_as_seen(const struct account *account, struct text tag) {
    char now[ACCOUNT_TAG_ROOM];
    json_t *described = account_describe(account);
    account_make_tag(described, now);
    json_decref(described);
    return tag.length == 0 || text_equals_string(tag, now);
}

/* Somebody must be left who may make accounts. */
static enum account_result check(struct account_book *book, const struct account *before, const struct account *after,
                                 struct failure *failure) {
    static const char others[] = "SELECT 1 FROM account WHERE administrator = 1 AND name <> ?1 AND name NOT IN "
                                 "(SELECT account FROM closed_account)";
    bool was_able = before->administrator && !before->closed;
    bool is_able = after->administrator && !after->closed;
    if (after->display_name[0] == '\0') {
        (void)failure_say_field(failure, "display_name", "how the person is called is missing", "没有填写姓名");
        return ACCOUNT_INVALID;
    }
    if (was_able && !is_able && !book_has_row(book, others, text_of(before->name))) {
        (void)failure_say_field(failure, after->closed ? "closed" : "administrator",
                                "this is the last administrator: nobody would be left who may change accounts",
                                "这是最后一个管理员，之后就没有人能管理账号了");
        return ACCOUNT_INVALID;
    }
    return ACCOUNT_DONE;
}

static bool write_row(struct account_book *book, const struct account *account) {
    sqlite3_stmt *statement = book_prepare(book, "UPDATE account SET display_name = ?2, administrator = ?3, desk = ?4, "
                                                 "parties = ?5 WHERE name = ?1");
    book_bind_text(statement, 1, text_of(account->name));
    book_bind_text(statement, 2, text_of(account->display_name));
    (void)sqlite3_bind_int(statement, 3, account->administrator);
    (void)sqlite3_bind_int(statement, 4, account->desk);
    book_bind_text(statement, 5, text_of(account->parties));
    return book_finish(statement) &&
           book_run_with_name(book,
                              account->auditor ? "INSERT OR IGNORE INTO auditor(account) VALUES(?1)"
                                               : "DELETE FROM auditor WHERE account = ?1",
                              text_of(account->name));
}

/* The log hears of each token that ends, under a key of its own. */
static bool note_ended(struct account_book *book, struct text token, struct text actor, int64_t now) {
    unsigned char bytes[16];
    char random[2 * sizeof bytes + 1];
    char key[FOLD_KEY_ROOM];
    randombytes_buf(bytes, sizeof bytes);
    (void)sodium_bin2hex(random, sizeof random, bytes, sizeof bytes);
    fold_write_key(random, 0, key);
    return book_add_keyed_note(book, "token-end", token, actor, text_of(key), now);
}

/* Whoever made a token may know it: it ends with his account. */
static bool end_tokens(struct account_book *book, struct text maker, struct text actor, int64_t now) {
    struct buffer names = {0};
    bool done = true;
    sqlite3_stmt *statement = book_prepare(book, "SELECT name FROM token WHERE made_by = ?1 AND ended_at IS NULL");
    book_bind_text(statement, 1, maker);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        buffer_append_text(&names, book_column_text(statement, 0));
        buffer_append_string(&names, "\n");
    }
    (void)sqlite3_finalize(statement);
    struct text rest = buffer_text(&names);
    while (done && rest.length > 0) {
        done = note_ended(book, text_take_line(&rest), actor, now);
    }
    sqlite3_stmt *ending = book_prepare(book, "UPDATE token SET ended_at = ?2 WHERE made_by = ?1 AND ended_at IS NULL");
    book_bind_text(ending, 1, maker);
    (void)sqlite3_bind_int64(ending, 2, now);
    done = book_finish(ending) && done && !names.failed;
    buffer_release(&names);
    return done;
}

static bool close_account(struct account_book *book, struct text name, struct text actor, int64_t now) {
    sqlite3_stmt *statement =
        book_prepare(book, "INSERT OR IGNORE INTO closed_account(account, closed_at) VALUES(?1, ?2)");
    book_bind_text(statement, 1, name);
    (void)sqlite3_bind_int64(statement, 2, now);
    return book_finish(statement) && book_run_with_name(book, "DELETE FROM session WHERE account = ?1", name) &&
           book_drop_devices(book, name) && end_tokens(book, name, actor, now);
}

/* With rights for which a second factor is required no session goes on that has begun without one. Who lacked it before
 * goes on until the next sign-in, as wherever one comes to be required. */
static bool write_rights(struct account_book *book, const struct account *account) {
    struct text name = text_of(account->name);
    bool lacked_before = book_lacks_factor(book, name);
    return write_row(book, account) &&
           (lacked_before || !book_lacks_factor(book, name) || book_limit_sessions(book, name));
}

static bool write(struct account_book *book, const struct account *account, struct text actor, struct text key,
                  int64_t now) {
    struct text name = text_of(account->name);
    return write_rights(book, account) &&
           (account->closed ? close_account(book, name, actor, now)
                            : book_run_with_name(book, "DELETE FROM closed_account WHERE account = ?1", name)) &&
           book_add_keyed_note(book, "account-change", name, actor, key, now) && book_add_about(book, key, account) &&
           book_execute(book, "COMMIT");
}

/* In a transaction, which it commits when it is done. */
static enum account_result change_account(struct account_book *book, const struct account_change *change,
                                          struct text actor, struct text key, int64_t now, struct account *changed,
                                          struct failure *failure) {
    struct account before;
    if (book_read_about(book, key, changed)) {
        return book_execute(book, "COMMIT") ? ACCOUNT_DONE : ACCOUNT_FAILED;
    }
    if (!book_find_account(book, text_of(change->wanted.name), &before)) {
        (void)failure_say_field(failure, "name", "there is no account of this name", "没有这个账号");
        return ACCOUNT_INVALID;
    }
    if (!is_as_seen(&before, change->tag)) {
        (void)failure_say(failure, "somebody else has changed this account since it was shown; look at it again first",
                          "这个账号在显示之后已被别人改动，请先重新查看");
        return ACCOUNT_CHANGED;
    }
    *changed = before;
    apply(change, changed);
    enum account_result result = check(book, &before, changed, failure);
    if (result == ACCOUNT_DONE && !write(book, changed, actor, key, now)) {
        result = ACCOUNT_FAILED;
    }
    return result;
}

enum account_result account_book_change(struct account_book *book, const struct account_change *change,
                                        struct text actor, struct text key, int64_t now, struct account *changed,
                                        struct failure *failure) {
    (void)pthread_mutex_lock(&book->lock);
    book_write_uses(book, 1); /* what goes out of memory below */
    enum account_result result = book_execute(book, "BEGIN IMMEDIATE")
                                     ? change_account(book, change, actor, key, now, changed, failure)
                                     : ACCOUNT_FAILED;
    if (result == ACCOUNT_FAILED) {
        (void)book_refuse(book, failure);
    }
    if (result != ACCOUNT_DONE) {
        (void)book_execute(book, "ROLLBACK");
    } else { /* sessions that go on are read anew */
        book->account_changes++;
        session_table_drop_account(book->sessions, text_of(change->wanted.name));
        session_table_clear(book->tokens);
    }
    (void)pthread_mutex_unlock(&book->lock);
    return result;
}
