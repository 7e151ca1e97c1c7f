/* Proves: what failed within an hour is one row, what was right is one each; a right password without a code is told unless a code
 * follows within ten minutes; each account has room of its own, for what is right apart from what is wrong. */
#include "base/calendar.h"
#include "desk/sign_in_record.h"

#include "../store/scratch.h"
#include "room.h"

#define NOW INT64_C(1660975200000000)
#define MINUTE CALENDAR_US_PER_MINUTE

static struct account_book *open_with(const char *directory, const char *const *names) {
    struct failure failure = {0};
    struct account_book *book = account_book_open(directory, &failure);
    check(book != NULL, "%s", failure.message);
    for (size_t i = 0; names[i] != NULL; i++) {
        struct account account = {0};
        (void)snprintf(account.name, sizeof account.name, "%s", names[i]);
        (void)snprintf(account.display_name, sizeof account.display_name, "%s", names[i]);
        check(account_book_add(book, &account, TEXT("long enough"), TEXT("key"), NOW, &failure) == ACCOUNT_DONE, "%s",
              failure.message);
    }
    return book;
}

static void record(struct account_book *book, const char *name, enum sign_in_kind kind, const char *address,
                   int64_t minute) {
    account_book_record_sign_in(book, text_of(name), kind, text_of(address), NOW + minute * MINUTE);
}

/* Kinds and counts of an account's rows, the latest first. */
static void expect(struct account_book *book, const char *name, const char *expected) {
    struct buffer shown = {0};
    size_t index = 0;
    json_t *row = NULL;
    json_t *list = account_book_list_sign_ins(book, text_of(name));
    assert_non_null(list);
    json_array_foreach(list, index, row) {
        buffer_print(&shown, "%s%s*%d", index == 0 ? "" : " ", json_string_value(json_object_get(row, "kind")),
                     (int)json_integer_value(json_object_get(row, "times")));
    }
    check(text_equals_string(buffer_text(&shown), expected), "%.*s", TEXT_PRINT(buffer_text(&shown)));
    buffer_release(&shown);
    json_decref(list);
}

static void test_together(void **state) {
    const char *const names[] = {"li", NULL};
    struct account_book *book = open_with(*state, names);
    record(book, "li", SIGN_IN_PASSWORD_WRONG, "a", 0);
    record(book, "li", SIGN_IN_PASSWORD_WRONG, "a", 60);
    expect(book, "li", "password-wrong*2");
    record(book, "li", SIGN_IN_PASSWORD_WRONG, "a", 61); /* an hour after the first */
    record(book, "li", SIGN_IN_PASSWORD_WRONG, "b", 62);
    record(book, "li", SIGN_IN_CODE_WRONG, "b", 63);
    expect(book, "li", "code-wrong*1 password-wrong*1 password-wrong*1 password-wrong*2");
    record(book, "li", SIGN_IN_RIGHT, "a", 64);
    record(book, "li", SIGN_IN_RIGHT, "a", 64);
    record(book, "li", SIGN_IN_OUT, "a", 64);
    expect(book, "li",
           "signed-out*1 signed-in*1 signed-in*1 code-wrong*1 password-wrong*1 password-wrong*1 password-wrong*2");
    /* A clock that was set back begins a row of its own. */
    record(book, "li", SIGN_IN_CODE_WRONG, "b", -1);
    expect(book, "li",
           "signed-out*1 signed-in*1 signed-in*1 code-wrong*1 password-wrong*1 password-wrong*1 password-wrong*2 "
           "code-wrong*1");
    account_book_close(book);
}

static void test_code(void **state) {
    const char *const names[] = {"li", NULL};
    struct account_book *book = open_with(*state, names);
    record(book, "li", SIGN_IN_CODE_ASKED, "a", 0);
    record(book, "li", SIGN_IN_CODE_ASKED, "b", 9);
    expect(book, "li", "code-asked*1 code-asked*1");
    record(book, "li", SIGN_IN_RIGHT, "b", 10); /* whoever asked from elsewhere has given none */
    expect(book, "li", "signed-in*1 code-asked*1");
    record(book, "li", SIGN_IN_RIGHT, "a", 11); /* too late */
    expect(book, "li", "signed-in*1 signed-in*1 code-asked*1");
    account_book_close(book);
}

static size_t count(struct account_book *book, const char *name, const char *kind) {
    size_t found = 0;
    size_t index = 0;
    json_t *row = NULL;
    json_t *list = account_book_list_sign_ins(book, text_of(name));
    json_array_foreach(list, index, row) {
        found += strcmp(json_string_value(json_object_get(row, "kind")), kind) == 0;
    }
    json_decref(list);
    return found;
}

static void test_room(void **state) {
    const char *const names[] = {"li", "wang", NULL};
    struct account_book *book = open_with(*state, names);
    char address[16];
    record(book, "li", SIGN_IN_RIGHT, "a", 0);
    record(book, "wang", SIGN_IN_PASSWORD_WRONG, "a", 0);
    for (int i = 0; i < SIGN_IN_RECORD_MOST + 20; i++) {
        (void)snprintf(address, sizeof address, "%d", i);
        record(book, "li", SIGN_IN_PASSWORD_WRONG, address, i);
        record(book, "nobody", SIGN_IN_PASSWORD_WRONG, address, i);
        record(book, "another", SIGN_IN_PASSWORD_WRONG, address, i);
    }
    assert_int_equal(count(book, "li", "password-wrong"), SIGN_IN_RECORD_MOST);
    assert_int_equal(count(book, "li", "signed-in"), 1);
    assert_int_equal(count(book, "wang", "password-wrong"), 1);
    assert_int_equal(count(book, "nobody", "password-wrong"), 0);
    assert_int_equal(count(book, "", "password-wrong"), 2 * SIGN_IN_RECORD_MOST + 1);
    account_book_close(book);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_together, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_code, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_room, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
