/* Proves: a token is made once and found by itself alone, with what it was made for; it ends at once, here and elsewhere;
 * its name is never given again; it stands in no file; its last use is shown. */
#include "desk/token.h"

#include "room.h"

#include "../store/scratch.h"

#include <string.h>

#define NOW ROOM_START
#define SECOND CALENDAR_US_PER_SECOND

static struct account_book *open_book(const char *directory) {
    struct failure failure = {0};
    struct account_book *book = account_book_open(directory, &failure);
    check(book != NULL, "%s", failure.message);
    return book;
}

static struct account make_machine(const char *name, unsigned int scope, const char *parties) {
    struct account machine = room_account(name, false, false, parties);
    machine.scope = scope;
    return machine;
}

static enum account_result add(struct account_book *book, const char *name, const char *key,
                               char token[ACCOUNT_TOKEN_ROOM], struct failure *failure) {
    const struct account machine = make_machine(name, TOKEN_MAY_READ | TOKEN_MAY_FACTS, "街道\n");
    *failure = (struct failure){0};
    return account_book_add_token(book, &machine, TEXT("admin"), text_of(key), NOW, token, failure);
}

static bool is_found(struct account_book *book, const char *token, int64_t now) {
    struct account_session session;
    bool found = account_book_find_token(book, text_of(token), now, &session);
    if (found) {
        assert_string_equal(session.account.name, "token:camera");
        assert_string_equal(session.account.parties, "街道\n");
        assert_int_equal(session.account.scope, TOKEN_MAY_READ | TOKEN_MAY_FACTS);
        assert_false(session.account.desk);
        assert_string_equal(session.token, token);
    }
    assert_true(room_has_session(book, text_of(token), now) == found);
    return found;
}

static void test_made_and_ended(void **state) {
    char token[ACCOUNT_TOKEN_ROOM];
    char other[ACCOUNT_TOKEN_ROOM];
    struct failure failure;
    struct account_session session;
    struct account_book *book = open_book(*state);
    struct account_book *elsewhere = open_book(*state);
    /* The answer was lost: the same request makes another in its place. */
    assert_int_equal(add(book, "camera", "key-one", other, &failure), ACCOUNT_DONE);
    assert_int_equal(add(book, "camera", "key-one", token, &failure), ACCOUNT_DONE);
    assert_false(is_found(book, other, NOW));
    assert_true(is_found(book, token, NOW));
    assert_true(is_found(elsewhere, token, NOW + 20 * CALENDAR_US_PER_HOUR)); /* it does not end by itself */
    assert_true(is_found(book, token, NOW + 90 * CALENDAR_US_PER_HOUR));
    assert_true(is_found(book, token, NOW + 200 * CALENDAR_US_PER_HOUR));
    /* It is no cookie, and a name that is taken stays taken. */
    assert_false(account_book_find_session(book, text_of(token), NOW, &session));
    assert_int_equal(add(book, "camera", "key-one", other, &failure), ACCOUNT_EXISTS); /* it has been used */
    assert_int_equal(add(book, "camera", "key-two", other, &failure), ACCOUNT_EXISTS);
    assert_string_equal(failure.field, "name");
    assert_int_equal(account_book_end_token(book, TEXT("nobody"), TEXT("admin"), TEXT("end-1"), NOW, &failure),
                     ACCOUNT_INVALID);
    assert_true(is_found(book, token, NOW));
    assert_int_equal(account_book_end_token(book, TEXT("camera"), TEXT("admin"), TEXT("end-2"), NOW, &failure),
                     ACCOUNT_DONE);
    assert_int_equal(account_book_end_token(book, TEXT("camera"), TEXT("admin"), TEXT("end-3"), NOW + SECOND, &failure),
                     ACCOUNT_DONE);
    assert_false(is_found(book, token, NOW));
    assert_false(is_found(elsewhere, token, NOW + 21 * CALENDAR_US_PER_HOUR));
    assert_int_equal(add(book, "camera", "key-two", other, &failure), ACCOUNT_EXISTS);
    account_book_close(elsewhere);
    account_book_close(book);
    check(!scratch_contains(*state, token), "the token stands in a file");
    assert_true(scratch_contains(*state, "camera"));
}

static void test_list(void **state) {
    char token[ACCOUNT_TOKEN_ROOM];
    struct failure failure;
    struct account_book *book = open_book(*state);
    assert_int_equal(add(book, "camera", "k", token, &failure), ACCOUNT_DONE);
    assert_int_equal(add(book, "a-second", "k2", token, &failure), ACCOUNT_DONE);
    assert_int_equal(account_book_end_token(book, TEXT("camera"), TEXT("admin"), TEXT("end-4"), NOW + SECOND, &failure),
                     ACCOUNT_DONE);
    assert_true(room_has_session(book, text_of(token), NOW));
    struct account_session session;
    assert_true(account_book_find_token(book, text_of(token), NOW + 30 * SECOND, &session));
    json_t *list = account_book_list_tokens(book);
    json_t *expected = room_read_json(
        "[{'name': 'a-second', 'display_name': 'a-second of the desk', 'scope': ['read', 'facts'], 'parties': "
        "['街道'], "
        "'made_by': 'admin', 'made_at': '2022-08-20T06:00:00+00:00', 'used_at': '2022-08-20T06:00:30+00:00', "
        "'ended_at': null}, "
        "{'name': 'camera', 'display_name': 'camera of the desk', 'scope': ['read', 'facts'], 'parties': ['街道'], "
        "'made_by': 'admin', 'made_at': '2022-08-20T06:00:00+00:00', 'used_at': null, 'ended_at': "
        "'2022-08-20T06:00:01+00:00'}]");
    char *shown = json_dumps(list, JSON_SORT_KEYS);
    check(json_equal(list, expected), "%s", shown);
    free(shown);
    json_decref(list);
    json_decref(expected);
    account_book_close(book);
}

static void test_invalid(void **state) {
    static const struct {
        const char *name, *parties, *field;
        unsigned int scope;
    } cases[] = {
        {"", "", "name", TOKEN_MAY_READ},
        {"token:x", "", "name", TOKEN_MAY_READ},
        {"a12345678901234567890123456789012345678901234567890123456789", "", "name", TOKEN_MAY_READ},
        {"camera", "", "scope", 0},
        {"camera", "", "parties", TOKEN_MAY_FACTS},
        {"camera", "街道\n", "parties", TOKEN_MAY_READ | TOKEN_MAY_CALLS},
    };
    char token[ACCOUNT_TOKEN_ROOM];
    struct account_book *book = open_book(*state);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct failure failure = {0};
        const struct account machine = make_machine(cases[i].name, cases[i].scope, cases[i].parties);
        check(account_book_add_token(book, &machine, TEXT("admin"), TEXT("k"), NOW, token, &failure) == ACCOUNT_INVALID,
              "case %zu", i);
        assert_string_equal(failure.field, cases[i].field);
    }
    account_book_close(book);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_made_and_ended, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_list, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_invalid, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
