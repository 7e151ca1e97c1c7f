/* Proves: an account's rights, parties and name can be changed, and it can be closed and opened again; that takes force for
 * sessions that go on; somebody is left who may do it; nothing is done twice under one key, nor over what somebody else has
 * changed; and the log is told what the account became, however late it takes the note. */
#include "desk/account.h"
#include "desk/book.h"
#include "desk/device.h"
#include "desk/second_factor.h"
#include "desk/token.h"

#include "room.h"

#include "../store/scratch.h"

#include <stdio.h>
#include <string.h>

#define NOW ROOM_START
#define SECOND CALENDAR_US_PER_SECOND

static const char *const secret = "a long enough password";

static struct account_book *open_book(const char *directory) {
    struct failure failure = {0};
    struct account_book *book = account_book_open(directory, &failure);
    check(book != NULL, "%s", failure.message);
    return book;
}

static void add(struct account_book *book, const char *name, bool administrator, const char *parties) {
    struct failure failure = {0};
    const struct account account = room_account(name, administrator, false, parties);
    check(account_book_add(book, &account, text_of(secret), (struct text){0}, (struct text){0}, NOW, &failure) ==
              ACCOUNT_DONE,
          "%s", failure.message);
}

static struct account_change make_change(const char *name, unsigned int fields) {
    struct account_change change = {.fields = fields};
    (void)snprintf(change.wanted.name, sizeof change.wanted.name, "%s", name);
    return change;
}

static enum account_result apply(struct account_book *book, const struct account_change *change, const char *key,
                                 struct account *changed, struct failure *failure) {
    *failure = (struct failure){0};
    return account_book_change(book, change, TEXT("admin"), text_of(key), NOW + SECOND, changed, failure);
}

static enum account_sign_in sign_in(struct account_book *book, const char *name, struct account_session *session) {
    uint32_t wait = 0;
    return account_book_sign_in(book, text_of(name), text_of(secret), (struct text){0}, TEXT("here"), NOW, session,
                                &wait);
}

static void test_rights(void **state) {
    struct failure failure;
    struct account changed;
    struct account_session session;
    struct account_session seen;
    struct account_book *book = open_book(*state);
    struct account_book *elsewhere = open_book(*state);
    add(book, "admin", true, "");
    add(book, "zhang", false, "区委\n");
    assert_int_equal(sign_in(book, "zhang", &session), ACCOUNT_SIGNED_IN);
    assert_true(account_book_find_session(book, text_of(session.token), NOW, &seen));
    assert_true(account_book_find_session(elsewhere, text_of(session.token), NOW, &seen));
    struct account_change change = make_change("zhang", ACCOUNT_DESK | ACCOUNT_PARTIES | ACCOUNT_AUDITOR);
    change.wanted.desk = true;
    change.wanted.auditor = true;
    (void)snprintf(change.wanted.parties, sizeof change.wanted.parties, "区森防指\n");
    assert_int_equal(apply(book, &change, "key-1 0000000000000001", &changed, &failure), ACCOUNT_DONE);
    assert_string_equal(changed.display_name, "zhang of the desk"); /* what is not named stays */
    /* The session that goes on has the new rights at once, in another process within a second. */
    assert_true(account_book_find_session(book, text_of(session.token), NOW, &seen));
    assert_true(seen.account.desk && seen.account.auditor && !seen.account.administrator);
    assert_string_equal(seen.account.parties, "区森防指\n");
    assert_true(account_book_find_session(elsewhere, text_of(session.token), NOW + 2 * SECOND, &seen));
    assert_true(seen.account.desk);
    /* The key was used: nothing is done anew, whatever has become of it since. */
    change = make_change("zhang", ACCOUNT_DESK);
    assert_int_equal(apply(book, &change, "key-2 0000000000000001", &changed, &failure), ACCOUNT_DONE);
    change.wanted.desk = true;
    assert_int_equal(apply(book, &change, "key-2 0000000000000001", &changed, &failure), ACCOUNT_DONE);
    assert_false(changed.desk);
    assert_true(account_book_look_session(book, text_of(session.token), NOW, &seen));
    assert_false(seen.account.desk);
    change = make_change("nobody", ACCOUNT_DESK);
    assert_int_equal(apply(book, &change, "key-3 0000000000000001", &changed, &failure), ACCOUNT_INVALID);
    assert_string_equal(failure.field, "name");
    change = make_change("zhang", ACCOUNT_DISPLAY_NAME);
    assert_int_equal(apply(book, &change, "key-4 0000000000000001", &changed, &failure), ACCOUNT_INVALID);
    assert_string_equal(failure.field, "display_name");
    account_book_close(elsewhere);
    account_book_close(book);
}

static void test_tag(void **state) {
    char tag[ACCOUNT_TAG_ROOM];
    struct failure failure;
    struct account changed;
    struct account_book *book = open_book(*state);
    add(book, "admin", true, "");
    json_t *list = account_book_list(book);
    account_make_tag(json_array_get(list, 0), tag);
    json_decref(list);
    struct account_change change = make_change("admin", ACCOUNT_DESK);
    change.wanted.desk = true;
    change.tag = text_of(tag);
    assert_int_equal(apply(book, &change, "key-1 0000000000000001", &changed, &failure), ACCOUNT_DONE);
    assert_int_equal(apply(book, &change, "key-2 0000000000000001", &changed, &failure), ACCOUNT_CHANGED);
    check(failure.set && failure.field[0] == '\0', "%s", failure.field);
    account_book_close(book);
}

static void test_closed(void **state) {
    char token[ACCOUNT_TOKEN_ROOM];
    char device[ACCOUNT_TOKEN_ROOM];
    struct failure failure;
    struct account changed;
    struct account_session session;
    struct account_book *book = open_book(*state);
    add(book, "admin", true, "");
    add(book, "second", true, "");
    assert_int_equal(sign_in(book, "second", &session), ACCOUNT_SIGNED_IN);
    struct account machine = room_account("camera", false, false, "");
    machine.scope = TOKEN_MAY_READ;
    assert_int_equal(
        account_book_add_token(book, &machine, TEXT("second"), TEXT("key-0 0000000000000001"), NOW, token, &failure),
        ACCOUNT_DONE);
    assert_true(room_has_session(book, text_of(token), NOW));
    assert_true(account_book_keep_device(book, &session, (struct text){0}, device));
    assert_true(account_book_knows_device(book, TEXT("second"), text_of(device)));
    struct account_change change = make_change("second", ACCOUNT_CLOSING);
    change.wanted.closed = true;
    assert_int_equal(apply(book, &change, "key-1 0000000000000001", &changed, &failure), ACCOUNT_DONE);
    /* Its sessions, and the tokens that it has made, are over, its devices forgotten; nobody can name it. */
    assert_false(account_book_knows_device(book, TEXT("second"), text_of(device)));
    assert_false(room_has_session(book, text_of(session.token), NOW));
    assert_false(room_has_session(book, text_of(token), NOW));
    assert_int_equal(sign_in(book, "second", &session), ACCOUNT_SHUT);
    assert_false(account_book_has_account(book, TEXT("second")));
    json_t *list = account_book_list(book);
    assert_true(json_is_true(json_object_get(room_find(list, "name", "second"), "closed")));
    assert_null(json_object_get(room_find(list, "name", "admin"), "closed"));
    json_decref(list);
    /* The last administrator stays one, and open. */
    change = make_change("admin", ACCOUNT_CLOSING);
    change.wanted.closed = true;
    assert_int_equal(apply(book, &change, "key-2 0000000000000001", &changed, &failure), ACCOUNT_INVALID);
    assert_string_equal(failure.field, "closed");
    change = make_change("admin", ACCOUNT_ADMINISTRATOR);
    assert_int_equal(apply(book, &change, "key-3 0000000000000001", &changed, &failure), ACCOUNT_INVALID);
    assert_string_equal(failure.field, "administrator");
    change = make_change("second", ACCOUNT_CLOSING);
    assert_int_equal(apply(book, &change, "key-4 0000000000000001", &changed, &failure), ACCOUNT_DONE);
    assert_int_equal(sign_in(book, "second", &session), ACCOUNT_SIGNED_IN);
    assert_false(room_has_session(book, text_of(token), NOW)); /* what has ended has ended */
    change = make_change("admin", ACCOUNT_ADMINISTRATOR);
    assert_int_equal(apply(book, &change, "key-5 0000000000000001", &changed, &failure), ACCOUNT_DONE);
    account_book_close(book);
}

/* A change by which an account comes to need a second factor that it has not got: what goes on under it, too, may only set one
 * up; nobody gets round it by signing in first. */
static void test_factor(void **state) {
    struct failure failure = {0};
    struct account changed;
    struct account_session session;
    struct account_session other;
    struct account_session seen;
    struct account_book *book = open_book(*state);
    add(book, "admin", true, "");
    add(book, "zhang", false, "区委\n");
    add(book, "zhao", false, "指挥长\n");
    assert_true(account_book_set_orderers(book, TEXT("指挥长\n副指挥长\n")));
    assert_int_equal(sign_in(book, "zhang", &session), ACCOUNT_SIGNED_IN);
    assert_int_equal(sign_in(book, "zhao", &other), ACCOUNT_SIGNED_IN);
    assert_int_equal(account_book_require_factor(book, (struct text){0}, true, TEXT("admin"),
                                                 TEXT("key-1 0000000000000001"), NOW, &failure),
                     ACCOUNT_DONE);
    struct account_change change = make_change("zhang", ACCOUNT_PARTIES);
    (void)snprintf(change.wanted.parties, sizeof change.wanted.parties, "区政府\n");
    assert_int_equal(apply(book, &change, "key-2 0000000000000001", &changed, &failure), ACCOUNT_DONE);
    assert_true(account_book_find_session(book, text_of(session.token), NOW, &seen) && !seen.is_limited);
    (void)snprintf(change.wanted.parties, sizeof change.wanted.parties, "指挥长\n");
    assert_int_equal(apply(book, &change, "key-3 0000000000000001", &changed, &failure), ACCOUNT_DONE);
    assert_true(account_book_find_session(book, text_of(session.token), NOW, &seen) && seen.is_limited);
    /* Who needed it before goes on, whatever else is changed of him: he is asked at the next sign-in. */
    change = make_change("zhao", ACCOUNT_PARTIES);
    (void)snprintf(change.wanted.parties, sizeof change.wanted.parties, "副指挥长\n");
    assert_int_equal(apply(book, &change, "key-4 0000000000000001", &changed, &failure), ACCOUNT_DONE);
    assert_true(account_book_find_session(book, text_of(other.token), NOW, &seen) && !seen.is_limited);
    account_book_close(book);
}

/* A log that could not be written when it happened is told of each step as it was. */
static void test_noted(void **state) {
    static const struct {
        const char *kind, *name;
        bool desk, closed;
    } expected[] = {{"account-change", "zhang", true, false},
                    {"account-change", "zhang", false, false},
                    {"account-change", "zhang", false, true}};
    struct failure failure;
    struct account changed;
    struct account_note note;
    char key[32];
    struct account_book *book = open_book(*state);
    add(book, "admin", true, "");
    add(book, "zhang", false, "");
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        struct account_change change = make_change("zhang", ACCOUNT_DESK | ACCOUNT_CLOSING);
        change.wanted.desk = expected[i].desk;
        change.wanted.closed = expected[i].closed;
        (void)snprintf(key, sizeof key, "key-%zu 000000000000000a", i);
        assert_int_equal(apply(book, &change, key, &changed, &failure), ACCOUNT_DONE);
    }
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        assert_true(account_book_find_note(book, &note));
        assert_string_equal(note.kind, expected[i].kind);
        assert_string_equal(note.about.name, expected[i].name);
        check(note.about.desk == expected[i].desk && note.about.closed == expected[i].closed, "note %zu", i);
        account_book_mark_note(book, &note, (int64_t)i + 1);
    }
    assert_false(account_book_find_note(book, &note));
    account_book_close(book);
}

/* What is kept for those who do not wait is read anew when something has changed, and only when the book is free. */
static void test_kept_list(void **state) {
    struct failure failure;
    struct account changed;
    struct account_list list = {0};
    struct account_book *book = open_book(*state);
    struct account_book *elsewhere = open_book(*state);
    add(book, "admin", true, "");
    account_book_refresh_list(book, &list);
    assert_int_equal(json_array_size(list.accounts), 1);
    const json_t *first = list.accounts;
    account_book_refresh_list(book, &list);
    assert_ptr_equal(list.accounts, first); /* nothing has changed */
    add(book, "zhang", false, "");
    (void)pthread_mutex_lock(&book->lock); /* somebody writes */
    account_book_refresh_list(book, &list);
    assert_ptr_equal(list.accounts, first);
    (void)pthread_mutex_unlock(&book->lock);
    account_book_refresh_list(book, &list);
    assert_int_equal(json_array_size(list.accounts), 2);
    struct account_change change = make_change("zhang", ACCOUNT_DESK);
    change.wanted.desk = true;
    assert_int_equal(apply(book, &change, "key-1 0000000000000001", &changed, &failure), ACCOUNT_DONE);
    account_book_refresh_list(book, &list);
    assert_true(json_is_true(json_object_get(room_find(list.accounts, "name", "zhang"), "desk")));
    add(elsewhere, "zhao", false, "");
    account_book_refresh_list(book, &list);
    assert_int_equal(json_array_size(list.accounts), 3);
    json_decref(list.accounts);
    account_book_close(elsewhere);
    account_book_close(book);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rights, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_tag, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_closed, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_factor, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_kept_list, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_noted, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
