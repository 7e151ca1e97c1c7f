/* Proves: what was said or recorded wrongly can be put right on the desk, and stays in view until it is. A mistyped moment
 * is corrected and takes the first report back with it; a contradiction names what contradicts what; an order that its
 * holder disputes stays with the duty room until another is given, and nothing is closed over it. */
#include "desk/desk.h"

#include "room.h"

#include "../store/scratch.h"

#include <stdio.h>
#include <string.h>

static const char *const holder = "区森防指\n";

static void begin_in(struct room *room, const char *directory) {
    room_open(room, directory);
    room_adopt(room, ROOM_FOREST);
    (void)room_write(room,
                     &(struct room_request){.action = DESK_OPEN_INCIDENT,
                                            .body = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '歌乐山'}"});
}

static void begin(struct room *room) {
    begin_in(room, NULL);
}

static void write(struct room *room, enum desk_action action, uint32_t item, const char *body) {
    (void)room_write(room, &(struct room_request){.action = action, .incident = 2, .item = item, .body = body});
}

static const json_t *find_fact(struct room *room, const char *name) {
    return room_find(json_object_get(room_show(room, 2), "facts"), "name", name);
}

static void test_moment(void **state) {
    struct room room;
    (void)state;
    begin(&room);
    room.at += 10 * ROOM_MINUTE;
    write(&room, DESK_REPORT_FACTS, 0,
          "{'source': '护林员', 'as_of': '2022-08-20T03:05:00+08:00', 'facts': {'死亡': 0}}");
    assert_string_equal(room_text(room_show(&room, 2), "first_report_at"), "2022-08-19T19:05:00+00:00");
    /* The moment alone: the value stays as it was said. */
    write(&room, DESK_CORRECT_CLAIM, 1,
          "{'source': '护林员', 'as_of': '2022-08-20T13:50:00+08:00', 'reason': '记错了'}");
    assert_string_equal(room_text(room_show(&room, 2), "first_report_at"), "2022-08-20T05:50:00+00:00");
    const json_t *fact = find_fact(&room, "死亡");
    assert_string_equal(room_text(fact, "value"), "0");
    const json_t *claims = json_object_get(fact, "claims");
    assert_string_equal(room_text(json_array_get(claims, 0), "status"), "corrected");
    assert_string_equal(room_text(json_array_get(claims, 1), "as_of"), "2022-08-20T05:50:00+00:00");
    /* Both at once; and nothing that is still to come. */
    write(&room, DESK_CORRECT_CLAIM, 2, "{'source': '护林员', 'value': 1, 'as_of': '2022-08-20T14:00:00+08:00'}");
    assert_string_equal(room_text(find_fact(&room, "死亡"), "value"), "1");
    assert_string_equal(room_text(room_show(&room, 2), "first_report_at"), "2022-08-20T06:00:00+00:00");
    (void)room_expect(&room, DESK_REFUSED,
                      &(struct room_request){.action = DESK_CORRECT_CLAIM,
                                             .incident = 2,
                                             .item = 3,
                                             .body = "{'source': 's', 'as_of': '2022-08-20T15:00:00+08:00'}"});
    assert_string_equal(room.reply.failure.field, "as_of");
    /* Neither: it cannot be upheld. */
    write(&room, DESK_CORRECT_CLAIM, 3, "{'source': '护林员'}");
    assert_string_equal(room_text(find_fact(&room, "死亡"), "state"), "unknown");
    room_close(&room);
}

static void test_contradiction(void **state) {
    struct room room;
    (void)state;
    begin(&room);
    room.at += ROOM_MINUTE;
    write(&room, DESK_REPORT_FACTS, 0, "{'source': '甲', 'facts': {'死亡': 2}}");
    room.at += ROOM_MINUTE;
    write(&room, DESK_REPORT_FACTS, 0, "{'source': '乙', 'facts': {'死亡': 1}}");
    const json_t *finding = room_find(json_object_get(room_show(&room, 2), "findings"), "kind", "contradiction");
    assert_non_null(finding);
    const json_t *claim = json_object_get(finding, "claim");
    assert_string_equal(room_text(claim, "fact"), "死亡");
    assert_string_equal(room_text(claim, "value"), "1");
    assert_string_equal(room_text(claim, "source"), "乙");
    assert_string_equal(room_text(claim, "believed"), "2");
    room_close(&room);
}

static size_t count_spoken(struct room *room) {
    return json_array_size(
        json_object_get(room_expect(room, DESK_OK, &(struct room_request){.action = DESK_SHOW_DESK}), "spoken"));
}

static void test_dispute(void **state) {
    static const struct room_request close = {
        .action = DESK_CLOSE_INCIDENT, .incident = 2, .body = "{'reason': '处置完毕', 'lapse': true}"};
    struct room room;
    (void)state;
    begin(&room);
    room.at += ROOM_MINUTE;
    write(&room, DESK_GIVE_ORDER, 0,
          "{'scale': '响应', 'level': 'Ⅳ级', 'by': '区森防指', 'reason': '风大', 'spoken': {'who': '指挥长', 'from': "
          "'13900000000'}}");
    assert_int_equal(count_spoken(&room), 1);
    const json_t *spoken = json_array_get(json_object_get(room_show(&room, 2), "spoken"), 0);
    uint32_t order = (uint32_t)json_integer_value(json_object_get(spoken, "order"));
    struct account officer = room.account;
    room.account = room_account("commander", false, false, holder);
    write(&room, DESK_SETTLE_ORDER, order, "{'outcome': 'disputed', 'reason': '我没有说过'}");
    /* It stays with the duty room, and the incident does not end over it. */
    assert_int_equal(count_spoken(&room), 1);
    room.account = officer;
    (void)room_expect(&room, DESK_CONFLICT, &close);
    room.account = room_account("commander", false, false, holder);
    write(&room, DESK_GIVE_ORDER, 0, "{'scale': '响应', 'level': 'Ⅲ级', 'by': '区森防指', 'reason': '改为三级'}");
    assert_int_equal(count_spoken(&room), 0);
    write(&room, DESK_GIVE_ORDER, 0, "{'scale': '响应', 'level': null, 'by': '区森防指', 'reason': '火已扑灭'}");
    room.account = officer;
    (void)room_expect(&room, DESK_CREATED, &close);
    room_close(&room);
}

/* A range of time whose end is said to lie ahead is a slip of the pen; one whose end is open is not. */
static void test_range_of_time(void **state) {
    struct room room;
    (void)state;
    begin(&room);
    (void)room_expect(
        &room, DESK_REFUSED,
        &(struct room_request){
            .action = DESK_REPORT_FACTS,
            .incident = 2,
            .body = "{'source': 's', 'facts': {'起火时间': '2022-08-20T13:00:00+08:00..2022-08-20T17:00:00+08:00'}}"});
    assert_string_equal(room.reply.failure.field, "起火时间");
    write(&room, DESK_REPORT_FACTS, 0,
          "{'source': 's', 'facts': {'起火时间': '2022-08-20T13:00:00+08:00..2022-08-20T13:30:00+08:00'}}");
    write(&room, DESK_REPORT_FACTS, 0, "{'source': 's', 'facts': {'起火时间': '>= 2022-08-20T13:00:00+08:00'}}");
    room_close(&room);
}

/* Nobody has an account that may order: that is found, with owner and clock, until somebody has, by another name of the
 * office too. */
static void test_nobody_bound(void **state) {
    struct room room;
    (void)state;
    begin(&room);
    const json_t *list =
        json_object_get(room_expect(&room, DESK_OK, &(struct room_request){.action = DESK_SHOW_DESK}), "unbound");
    assert_int_equal(json_array_size(list), 1);
    const json_t *found = json_array_get(list, 0);
    assert_string_equal(room_text(found, "scale"), "响应");
    assert_string_equal(room_text(found, "owner"), "区森防办");
    assert_string_equal(json_string_value(json_array_get(json_object_get(found, "parties"), 0)), "区森防指");
    assert_true(json_is_string(json_object_get(found, "due_at")));
    struct account officer = room.account;
    room.account = room_account("admin", true, false, "");
    (void)room_write(&room, &(struct room_request){.action = DESK_NOTE_ACCOUNT,
                                                   .body = "{'name': 'head', 'display_name': '指挥长', 'parties': "
                                                           "['区森防指']}"});
    room.account = officer;
    list = json_object_get(room_expect(&room, DESK_OK, &(struct room_request){.action = DESK_SHOW_DESK}), "unbound");
    assert_int_equal(json_array_size(list), 0);
    room_close(&room);
}

static size_t count_unbound(struct room *room) {
    const json_t *desk = room_expect(room, DESK_OK, &(struct room_request){.action = DESK_SHOW_DESK});
    return json_array_size(json_object_get(desk, "unbound"));
}

/* An account that is closed, or acts for the office no more, binds nobody to it, and what it has lent ends with its power. */
static void test_power_taken(void **state) {
    struct room room;
    begin_in(&room, *state);
    struct account officer = room.account;
    const struct account admin = room_account("admin", true, false, "");
    room.account = admin;
    (void)room_write(&room, &(struct room_request){.action = DESK_NOTE_ACCOUNT,
                                                   .body = "{'name': 'head', 'display_name': '指挥长', 'parties': "
                                                           "['区森防指', '区委']}"});
    room.account = officer;
    assert_int_equal(count_unbound(&room), 0);
    room.account = room_account("head", false, false, holder);
    (void)room_write(&room, &(struct room_request){.action = DESK_DELEGATE,
                                                   .body = "{'party': '区森防指', 'to': 'sun', 'until': "
                                                           "'2022-08-20T09:00:00Z', 'reason': '出差'}"});
    room.account = admin;
    (void)room_write(&room, &(struct room_request){.action = DESK_NOTE_ACCOUNT_CHANGE,
                                                   .body = "{'name': 'head', 'display_name': '指挥长', 'parties': "
                                                           "['区委']}"});
    room.account = room_account("sun", false, false, "");
    struct room_request order = {.action = DESK_GIVE_ORDER,
                                 .incident = 2,
                                 .body = "{'scale': '响应', 'level': 'Ⅳ级', 'by': '区森防指', 'reason': '风大'}"};
    (void)room_expect(&room, DESK_FORBIDDEN, &order);
    room.account = officer;
    assert_int_equal(count_unbound(&room), 1);
    const json_t *list = json_object_get(
        room_expect(&room, DESK_OK, &(struct room_request){.action = DESK_LIST_DELEGATIONS}), "delegations");
    assert_string_equal(room_text(json_array_get(list, 0), "withdrawn_by"), "admin");
    room.account = admin;
    (void)room_write(&room, &(struct room_request){.action = DESK_NOTE_ACCOUNT_CHANGE,
                                                   .body = "{'name': 'head', 'display_name': '指挥长', 'parties': "
                                                           "['区森防指']}"});
    room.account = officer;
    assert_int_equal(count_unbound(&room), 0);
    room.account = admin;
    (void)room_write(&room, &(struct room_request){.action = DESK_NOTE_ACCOUNT_CHANGE,
                                                   .body = "{'name': 'head', 'display_name': '指挥长', 'parties': "
                                                           "['区森防指'], 'closed': true}"});
    room_open_again(&room);
    room.account = officer;
    assert_int_equal(count_unbound(&room), 1);
    room_close(&room);
}

static const json_t *find_phones(struct room *room, const char *party) {
    const json_t *plan =
        room_expect(room, DESK_OK, &(struct room_request){.action = DESK_SHOW_PLAN, .plan = "森林火灾"});
    return json_object_get(room_find(json_object_get(plan, "parties"), "name", party), "phones");
}

static void expect_phone(const json_t *phones, size_t index, const char *number, const char *replaces, bool replaced) {
    const json_t *phone = json_array_get(phones, index);
    check(strcmp(room_text(phone, "number"), number) == 0, "phone %zu: %s", index, room_text(phone, "number"));
    check(strcmp(room_text(phone, "replaces"), replaces) == 0, "phone %zu: replaces %s", index,
          room_text(phone, "replaces"));
    check(json_is_true(json_object_get(phone, "replaced")) == replaced, "phone %zu: replaced", index);
}

static void refuse_phone(struct room *room, enum desk_outcome outcome, const char *body, const char *field) {
    (void)room_expect(room, outcome, &(struct room_request){.action = DESK_CORRECT_PHONE, .body = body});
    check(strcmp(room->reply.failure.field, field) == 0, "%s: field %s", body, room->reply.failure.field);
}

/* A number that no longer holds: the new one stands over it, both are shown, also after a restart, and the plan that is
 * shown has another ETag; one is added where there is none; and all of it can be taken back. */
static void test_phones(void **state) {
    static const char *const none = "(null)";
    char etag[DESK_ETAG_ROOM];
    struct room room;
    room_open(&room, *state);
    room_adopt(&room, ROOM_FOREST);
    assert_int_equal(json_array_size(find_phones(&room, "区委网信办")), 3);
    (void)snprintf(etag, sizeof etag, "%s", room.reply.etag);
    write(&room, DESK_CORRECT_PHONE, 0,
          "{'plan': '森林火灾', 'party': '区委网信办', 'published': '65368630', 'number': '023-6500 0001', 'reason': "
          "'来电更正'}");
    const json_t *phones = find_phones(&room, "区委网信办");
    assert_string_not_equal(room.reply.etag, etag);
    assert_int_equal(json_array_size(phones), 6); /* office, duty and fax share the number */
    expect_phone(phones, 0, "023-6500 0001", "65368630", false);
    assert_string_equal(room_text(json_array_get(phones, 0), "by"), "wang");
    expect_phone(phones, 1, "65368630", none, true);
    refuse_phone(&room, DESK_REFUSED,
                 "{'plan': '森林火灾', 'party': '区委网信办', 'published': '110', 'number': '65000009'}", "published");
    refuse_phone(&room, DESK_REFUSED, "{'plan': '森林火灾', 'party': '区委网信办', 'number': '问总机'}", "number");
    refuse_phone(&room, DESK_REFUSED, "{'plan': '森林火灾', 'party': '区委网信班', 'number': '65000009'}", "party");
    refuse_phone(&room, DESK_NOT_FOUND, "{'plan': '防汛', 'party': '区委网信办', 'number': '65000009'}", "plan");
    refuse_phone(&room, DESK_CONFLICT, "{'plan': '森林火灾', 'party': '区委'}", "");
    write(&room, DESK_CORRECT_PHONE, 0, "{'plan': '森林火灾', 'party': '区委', 'number': '65000002'}");
    room_open_again(&room);
    expect_phone(find_phones(&room, "区委"), 0, "65000002", none, false);
    write(&room, DESK_CORRECT_PHONE, 0, "{'plan': '森林火灾', 'party': '区委网信办', 'published': '65368630'}");
    phones = find_phones(&room, "区委网信办");
    assert_int_equal(json_array_size(phones), 3);
    expect_phone(phones, 0, "65368630", none, false);
    room_close(&room);
}

/* Facts that are reported by the power of a delegation alone say so in the log. */
static void test_lent_power(void **state) {
    struct room room;
    begin_in(&room, *state);
    room.account = room_account("head", false, false, holder);
    (void)room_write(&room, &(struct room_request){.action = DESK_DELEGATE,
                                                   .body = "{'party': '区森防指', 'to': 'sun', 'until': "
                                                           "'2022-08-20T09:00:00Z', 'reason': '出差'}"});
    room.account = room_account("sun", false, false, "");
    write(&room, DESK_REPORT_FACTS, 0, "{'source': '区森防指', 'facts': {'死亡': 0}}");
    const json_t *report = room_find(json_object_get(room_show(&room, 2), "timeline"), "kind", "report");
    assert_string_equal(room_text(json_object_get(report, "fields"), "delegated_by"), "head");
    room_close(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moment),
        cmocka_unit_test(test_contradiction),
        cmocka_unit_test(test_dispute),
        cmocka_unit_test(test_range_of_time),
        cmocka_unit_test(test_nobody_bound),
        cmocka_unit_test_setup_teardown(test_power_taken, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_phones, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_lent_power, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
