/* Proves: the table holds as many sessions as it says and tells them apart; what is dropped is gone, one by one, by
 * account, or all; a use is written once it is old enough, once. */
#include "desk/session_table.h"

#include "room.h"

#include <string.h>

#define NOW ROOM_START

static void make_hash(unsigned int number, unsigned char hash[SESSION_HASH_BYTES]) {
    memset(hash, 7, SESSION_HASH_BYTES);
    memcpy(hash + 4, &number, sizeof number); /* most share a bucket */
    hash[0] = (unsigned char)(number / 3);
}

static struct account_session make_session(unsigned int number) {
    struct account_session session = {.account = room_account(number % 2 == 0 ? "even" : "odd", false, true, "")};
    (void)snprintf(session.csrf_token, sizeof session.csrf_token, "csrf-%u", number);
    return session;
}

static void add(struct session_table *table, unsigned int number) {
    unsigned char hash[SESSION_HASH_BYTES];
    struct account_session session = make_session(number);
    make_hash(number, hash);
    session_table_add(table, hash, &session, NOW);
}

static bool has(struct session_table *table, unsigned int number, int64_t now, bool is_use) {
    unsigned char hash[SESSION_HASH_BYTES];
    struct account_session expected = make_session(number);
    struct account_session found = {0};
    make_hash(number, hash);
    bool is_found = session_table_find(table, hash, now, is_use, &found);
    if (is_found) {
        assert_string_equal(found.csrf_token, expected.csrf_token);
        assert_string_equal(found.account.name, expected.account.name);
    }
    assert_true(session_table_find(table, hash, now, false, NULL) == is_found);
    return is_found;
}

static void test_full(void **state) {
    struct session_table *table = session_table_create();
    (void)state;
    for (unsigned int i = 0; i < SESSION_TABLE_MOST; i++) {
        assert_true(session_table_has_room(table));
        add(table, i);
    }
    assert_false(session_table_has_room(table));
    add(table, SESSION_TABLE_MOST);
    assert_false(has(table, SESSION_TABLE_MOST, NOW, false));
    for (unsigned int i = 0; i < SESSION_TABLE_MOST; i++) {
        assert_true(has(table, i, NOW, false));
    }
    session_table_clear(table);
    assert_false(has(table, 1, NOW, false));
    add(table, SESSION_TABLE_MOST);
    assert_true(has(table, SESSION_TABLE_MOST, NOW, false));
    session_table_destroy(table);
}

static void test_drop(void **state) {
    unsigned char hash[SESSION_HASH_BYTES];
    struct session_table *table = session_table_create();
    (void)state;
    for (unsigned int i = 0; i < 100; i++) {
        add(table, i);
    }
    make_hash(41, hash);
    session_table_drop(table, hash);
    session_table_drop(table, hash);
    for (unsigned int i = 0; i < 100; i++) {
        assert_true(has(table, i, NOW, false) == (i != 41));
    }
    session_table_drop_account(table, TEXT("even"));
    session_table_drop_account(table, TEXT("od"));
    for (unsigned int i = 0; i < 100; i++) {
        assert_true(has(table, i, NOW, false) == (i % 2 == 1 && i != 41));
    }
    session_table_destroy(table);
}

struct written {
    int count;
    int64_t used_at;
};

static void note_written(void *context, const unsigned char hash[SESSION_HASH_BYTES], int64_t used_at) {
    struct written *written = context;
    unsigned char expected[SESSION_HASH_BYTES];
    make_hash(5, expected);
    assert_memory_equal(hash, expected, SESSION_HASH_BYTES);
    written->count++;
    written->used_at = used_at;
}

static void test_uses(void **state) {
    struct written written = {0};
    struct session_table *table = session_table_create();
    (void)state;
    add(table, 5);
    add(table, 6);
    assert_true(has(table, 5, NOW + 99, true));
    assert_true(has(table, 5, NOW + 50, true)); /* the clock was set back: the later one counts */
    assert_true(has(table, 6, NOW + 500, false));
    session_table_write_uses(table, 100, note_written, &written);
    assert_int_equal(written.count, 0);
    session_table_write_uses(table, 99, note_written, &written);
    session_table_write_uses(table, 1, note_written, &written);
    assert_int_equal(written.count, 1);
    assert_int_equal(written.used_at, NOW + 99);
    assert_true(has(table, 5, NOW + 99 + ACCOUNT_SESSION_US, false));
    assert_false(has(table, 5, NOW + 100 + ACCOUNT_SESSION_US, true));
    session_table_destroy(table);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_drop),
        cmocka_unit_test(test_uses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
