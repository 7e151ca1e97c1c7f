/* Proves: whoever stands in several shifts, or has an account besides, is listed once, with the post that matters at the instant;
 * a closed account is nobody's, and acts for no party. */
#include "desk/persons.h"

#include "desk/state.h"

#include "room.h"

static const char *const shifts[] = {
    "{'from': '2022-08-20T05:00:00Z', 'until': '2022-08-20T14:00:00Z', 'main': {'name': '王', 'account': 'wang'}, "
    "'second': {'name': '周', 'phone': '138'}}",
    "{'from': '2022-08-20T14:00:00Z', 'until': '2022-08-20T22:00:00Z', 'main': {'name': '周', 'phone': '138'}, "
    "'second': {'name': '王', 'account': 'wang'}}",
    "{'from': '2022-08-20T22:00:00Z', 'until': '2022-08-21T05:00:00Z', 'main': {'name': '周', 'phone': '139'}, "
    "'second': {'name': '孙', 'account': 'sun'}}"};

static json_t *list_accounts(void) {
    return json_pack("[{s:s, s:s, s:b, s:[s]}, {s:s, s:s, s:b, s:[s], s:b}, {s:s, s:s, s:b, s:[s], s:b}, "
                     "{s:s, s:s, s:b, s:[s]}]",
                     "name", "bao", "display_name", "鲍文", "desk", 0, "parties", "区委", "name", "lin", "display_name",
                     "林", "desk", 1, "parties", "区委", "closed", 1, "name", "sun", "display_name", "孙", "desk", 1,
                     "parties", "区委", "closed", 1, "name", "wang", "display_name", "王", "desk", 1, "parties",
                     "区政府");
}

static void test_listed_once(void **state) {
    static const struct {
        const char *name, *phone, *account;
        bool has_parties;
        int post; /* -1: none */
    } expected[] = {{"王", "", "wang", true, ROSTER_MAIN},
                    {"周", "138", "", false, ROSTER_SECOND},
                    {"周", "139", "", false, ROSTER_MAIN},
                    {"孙", "", "sun", false, ROSTER_SECOND},
                    {"鲍文", "", "bao", true, -1}};
    struct room room;
    struct buffer list = {0};
    (void)state;
    room_open(&room, NULL);
    room.account = room_account("desk", false, true, "");
    for (size_t i = 0; i < COUNT_OF(shifts); i++) {
        (void)room_write(&room, &(struct room_request){.action = DESK_SET_SHIFT, .body = shifts[i]});
    }
    json_t *accounts = list_accounts();
    assert_non_null(accounts);
    assert_true(persons_list(room.desk->roster, accounts, ROOM_START, &list));
    const struct person *persons = (const struct person *)(const void *)list.bytes;
    assert_int_equal(list.length / sizeof *persons, COUNT_OF(expected));
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        check(text_equals_string(persons[i].name, expected[i].name) &&
                  text_equals_string(persons[i].phone, expected[i].phone) &&
                  text_equals_string(persons[i].account, expected[i].account),
              "person %zu is %.*s", i, TEXT_PRINT(persons[i].name));
        check((persons[i].parties != NULL) == expected[i].has_parties, "parties of person %zu", i);
        check((persons[i].has_post ? (int)persons[i].post : -1) == expected[i].post, "post of person %zu", i);
    }
    buffer_clear(&list);
    assert_true(persons_list(room.desk->roster, NULL, ROOM_START, &list));
    assert_int_equal(list.length / sizeof *persons, COUNT_OF(expected) - 1);
    buffer_release(&list);
    json_decref(accounts);
    room_close(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_listed_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
