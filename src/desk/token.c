#include "desk/token.h"

#include "desk/book.h"

#include <stdio.h>
#include <string.h>

const char *const token_scope_words[] = {"read", "facts", "calls", NULL};

bool token_check(const struct account *machine, struct failure *failure) {
    struct text name = text_of(machine->name);
    if (!book_is_name(name) || name.length > TOKEN_NAME_LENGTH_MOST) {
        return failure_say_field(failure, "name", "a token's name has 1 to 58 letters, digits, points, _ or -",
                                 "令牌名须为 1 至 58 个字母、数字、点、_ 或 -");
    }
    if (machine->scope == 0) {
        return failure_say_field(failure, "scope", "must name at least one of read, facts, calls",
                                 "至少要选 read、facts、calls 中的一项");
    }
    bool has_party = machine->parties[0] != '\0';
    if (((machine->scope & TOKEN_MAY_FACTS) != 0) != has_party) {
        return failure_say_field(failure, "parties", "must name in whose name facts are reported, and only then",
                                 "须写明以哪些单位的名义报送事实；不报送事实的，不填");
    }
    return true;
}

/* ---- making and ending ------------------------------------------------------------------------------------ */

/* The caller has the lock. ACCOUNT_INVALID stands for "free". */
static enum account_result find_name(struct account_book *book, struct text name, struct text key) {
    sqlite3_stmt *statement =
        book_prepare(book, "SELECT key, used_at IS NULL AND ended_at IS NULL FROM token WHERE name = ?1");
    book_bind_text(statement, 1, name);
    int step = sqlite3_step(statement);
    enum account_result result =
        step == SQLITE_DONE  ? ACCOUNT_INVALID
        : step != SQLITE_ROW ? ACCOUNT_FAILED
        : key.length > 0 && text_equal(book_column_text(statement, 0), key) && sqlite3_column_int(statement, 1) != 0
            ? ACCOUNT_DONE
            : ACCOUNT_EXISTS;
    (void)sqlite3_finalize(statement);
    return result;
}

static bool insert(struct account_book *book, const struct account *machine, struct text made_by, struct text key,
                   int64_t now, const unsigned char hash[SESSION_HASH_BYTES]) {
    sqlite3_stmt *statement =
        book_prepare(book, "INSERT INTO token(name, hash, display_name, scope, parties, made_by, made_at, key) "
                           "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT(name) DO UPDATE SET hash = ?2");
    book_bind_text(statement, 1, text_of(machine->name));
    book_bind_hash(statement, 2, hash);
    book_bind_text(statement, 3, text_of(machine->display_name));
    (void)sqlite3_bind_int64(statement, 4, machine->scope);
    book_bind_text(statement, 5, text_of(machine->parties));
    book_bind_text(statement, 6, made_by);
    (void)sqlite3_bind_int64(statement, 7, now);
    book_bind_text(statement, 8, key);
    return book_finish(statement);
}

enum account_result account_book_add_token(struct account_book *book, const struct account *machine,
                                           struct text made_by, struct text key, int64_t now,
                                           char token[ACCOUNT_TOKEN_ROOM], struct failure *failure) {
    unsigned char hash[SESSION_HASH_BYTES];
    if (!token_check(machine, failure)) {
        return ACCOUNT_INVALID;
    }
    book_make_token(token);
    book_hash_token(text_of(token), hash);
    (void)pthread_mutex_lock(&book->lock);
    enum account_result result = find_name(book, text_of(machine->name), key);
    if (result == ACCOUNT_EXISTS) {
        (void)failure_say_field(failure, "name",
                                "there is, or has been, a token of this name; the log knows it by that",
                                "已有（或曾有）同名令牌，日志以此名相认，请换一个");
    } else if (result == ACCOUNT_FAILED ||
               !(book_execute(book, "BEGIN IMMEDIATE") && insert(book, machine, made_by, key, now, hash) &&
                 (result == ACCOUNT_DONE ||
                  book_add_keyed_note(book, "token", text_of(machine->name), made_by, key, now)) &&
                 book_execute(book, "COMMIT"))) {
        (void)book_refuse(book, failure);
        (void)book_execute(book, "ROLLBACK");
        result = ACCOUNT_FAILED;
    } else {
        result = ACCOUNT_DONE;
    }
    (void)pthread_mutex_unlock(&book->lock);
    return result;
}

static enum account_result end_token(struct account_book *book, struct text name, struct text actor, struct text key,
                                     int64_t now) {
    sqlite3_stmt *statement = book_prepare(book, "UPDATE token SET ended_at = coalesce(ended_at, ?2) WHERE name = ?1");
    book_bind_text(statement, 1, name);
    (void)sqlite3_bind_int64(statement, 2, now);
    if (!book_finish(statement)) {
        return ACCOUNT_FAILED;
    }
    if (sqlite3_changes(book->database) == 0) {
        return ACCOUNT_INVALID;
    }
    bool is_noted = book_has_note(book, key) || book_add_keyed_note(book, "token-end", name, actor, key, now);
    return is_noted && book_execute(book, "COMMIT") ? ACCOUNT_DONE : ACCOUNT_FAILED;
}

enum account_result account_book_end_token(struct account_book *book, struct text name, struct text actor,
                                           struct text key, int64_t now, struct failure *failure) {
    (void)pthread_mutex_lock(&book->lock);
    enum account_result result =
        book_execute(book, "BEGIN IMMEDIATE") ? end_token(book, name, actor, key, now) : ACCOUNT_FAILED;
    if (result == ACCOUNT_FAILED) {
        (void)book_refuse(book, failure);
    } else if (result == ACCOUNT_INVALID) {
        (void)failure_say_field(failure, "name", "there is no token of this name", "没有这个令牌");
    } else {
        book_write_uses(book, 1);
        session_table_clear(book->tokens);
    }
    if (result != ACCOUNT_DONE) {
        (void)book_execute(book, "ROLLBACK");
    }
    (void)pthread_mutex_unlock(&book->lock);
    return result;
}

/* ---- finding ---------------------------------------------------------------------------------------------- */

/* Columns name, display_name, scope, parties, from 0 on. */
static void read_machine(sqlite3_stmt *statement, struct account *machine) {
    *machine = (struct account){.scope = (unsigned int)sqlite3_column_int(statement, 2)};
    (void)snprintf(machine->name, sizeof machine->name, "token:%.*s",
                   TEXT_PRINT(text_cut(book_column_text(statement, 0), TOKEN_NAME_LENGTH_MOST)));
    book_copy_text(machine->display_name, sizeof machine->display_name, book_column_text(statement, 1));
    book_copy_text(machine->parties, sizeof machine->parties, book_column_text(statement, 3));
}

/* Looks a token up in the database, notes there that it is used, and keeps it in memory. */
static bool load(struct account_book *book, const unsigned char hash[SESSION_HASH_BYTES], int64_t now) {
    struct account_session session = {0};
    (void)pthread_mutex_lock(&book->lock);
    sqlite3_stmt *statement =
        book_prepare(book, "SELECT name, display_name, scope, parties FROM token WHERE hash = ?1 AND ended_at IS NULL");
    book_bind_hash(statement, 1, hash);
    bool found = sqlite3_step(statement) == SQLITE_ROW;
    if (found) {
        read_machine(statement, &session.account);
    }
    (void)sqlite3_finalize(statement);
    if (found) {
        sqlite3_stmt *use = book_prepare(book, "UPDATE token SET used_at = ?2 WHERE hash = ?1");
        book_bind_hash(use, 1, hash);
        (void)sqlite3_bind_int64(use, 2, now);
        (void)book_finish(use); /* a full disk keeps no machine from reading */
        if (!session_table_has_room(book->tokens)) {
            book_write_uses(book, 1);
            session_table_clear(book->tokens);
        }
        session_table_add(book->tokens, hash, &session, now);
    }
    (void)pthread_mutex_unlock(&book->lock);
    return found;
}

bool book_find_token(struct account_book *book, const unsigned char hash[SESSION_HASH_BYTES], int64_t now, bool is_use,
                     struct account_session *session) {
    book_look_outside(book, now);
    return session_table_find(book->tokens, hash, now, is_use, session) ||
           (load(book, hash, now) && session_table_find(book->tokens, hash, now, is_use, session));
}

bool account_book_find_token(struct account_book *book, struct text token, int64_t now,
                             struct account_session *session) {
    unsigned char hash[SESSION_HASH_BYTES];
    book_hash_token(token, hash);
    bool found = book_find_token(book, hash, now, true, session);
    book_copy_text(session->token, sizeof session->token, found ? token : TEXT(""));
    return found;
}

/* ---- the list --------------------------------------------------------------------------------------------- */

json_t *token_list_scope(unsigned int scope) {
    json_t *words = json_array();
    for (size_t i = 0; token_scope_words[i] != NULL; i++) {
        if ((scope & 1U << i) != 0) {
            (void)json_array_append_new(words, json_string(token_scope_words[i]));
        }
    }
    return words;
}

static json_t *describe(sqlite3_stmt *statement) {
    struct account machine;
    read_machine(statement, &machine);
    struct text made_by = book_column_text(statement, 4);
    json_t *account = account_describe(&machine);
    json_t *described = json_pack("{s:s, s:s, s:o, s:O, s:s%, s:o, s:o, s:o}", "name", machine.name + strlen("token:"),
                                  "display_name", machine.display_name, "scope", token_list_scope(machine.scope),
                                  "parties", json_object_get(account, "parties"), "made_by", made_by.bytes,
                                  made_by.length, "made_at", book_describe_instant(statement, 5), "used_at",
                                  book_describe_instant(statement, 6), "ended_at", book_describe_instant(statement, 7));
    json_decref(account);
    return described;
}

json_t *account_book_list_tokens(struct account_book *book) {
    json_t *list = json_array();
    int step = SQLITE_DONE;
    (void)pthread_mutex_lock(&book->lock);
    book_write_uses(book, 1);
    sqlite3_stmt *statement =
        book_prepare(book, "SELECT name, display_name, scope, parties, made_by, made_at, used_at, "
                           "ended_at FROM token ORDER BY name");
    while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
        (void)json_array_append_new(list, describe(statement));
    }
    return book_end_list(book, statement, step, list);
}
