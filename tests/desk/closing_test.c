/* Proves: an incident is not closed over what is still owed unless whoever closes says so; reopened, it owes the same again by
 * the same clocks; a call is not given to it while it is closed, and none is lost by that; and looking back shows what was late
 * when it was closed as cut off by that, nobody having done it. */
#include "desk/desk.h"

#include "room.h"

#include "../store/scratch.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const close_body = "{'reason': '练习'}";
static const char *const lapse_body = "{'reason': '练习', 'lapse': true}";

static void begin(struct room *room, const char *directory) {
    room_open(room, directory);
    room_adopt(room, ROOM_FOREST);
    (void)room_write(room,
                     &(struct room_request){.action = DESK_OPEN_INCIDENT,
                                            .body = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '歌乐山'}"});
    (void)room_write(room, &(struct room_request){.action = DESK_REPORT_FACTS,
                                                  .incident = 2,
                                                  .body = "{'source': '街道', 'facts': {'火情性质': '森林火灾'}}"});
}

static struct room_request ask_to(enum desk_action action, const char *body) {
    return (struct room_request){.action = action, .incident = 2, .body = body};
}

static json_t *copy_duties(struct room *room) {
    return json_deep_copy(json_object_get(room_show(room, 2), "duties"));
}

static void test_said(void **state) {
    struct room room;
    (void)state;
    begin(&room, NULL);
    size_t owed = room_count(json_object_get(room_show(&room, 2), "duties"), "status", "owed");
    assert_true(owed > 0);
    int64_t count = desk_event_count(room.desk);
    struct room_request request = ask_to(DESK_CLOSE_INCIDENT, close_body);
    (void)room_expect(&room, DESK_CONFLICT, &request);
    assert_string_equal(room.reply.failure.field, "lapse");
    (void)room_ask(&room, &request);
    const char *message = room.reply.failure.message;
    check(strtoul(message, NULL, 10) > 0 && strstr(message, "duties are still owed") != NULL, "%s", message);
    check(strstr(message, "属地镇街") != NULL, "%s", message);
    request.body = "{'reason': '练习', 'lapse': false}";
    (void)room_expect(&room, DESK_CONFLICT, &request);
    assert_int_equal(desk_event_count(room.desk), count);
    assert_string_equal(room_text(room_show(&room, 2), "status"), "open");
    request.body = lapse_body;
    (void)room_write(&room, &request);
    assert_string_equal(room_text(room_show(&room, 2), "status"), "closed");
    /* What the engine does not take is refused for that reason. */
    request.body = close_body;
    (void)room_expect(&room, DESK_REFUSED, &request);
    assert_string_equal(room.reply.failure.field, "incident");
    room_close(&room);
}

static void test_reopened(void **state) {
    struct failure failure = {0};
    char directory[SCRATCH_PATH_ROOM];
    struct room room;
    begin(&room, scratch_join(*state, "reopened", directory));
    struct room_request reopen = ask_to(DESK_REOPEN_INCIDENT, "{'reason': '复燃'}");
    (void)room_expect(&room, DESK_REFUSED, &reopen);
    json_t *before = copy_duties(&room);
    struct room_request close = ask_to(DESK_CLOSE_INCIDENT, lapse_body);
    (void)room_write(&room, &close);
    assert_int_equal(room_count(json_object_get(room_show(&room, 2), "duties"), "status", "owed"), 0);
    struct room_request reasonless = ask_to(DESK_REOPEN_INCIDENT, "{'reason': ' '}");
    (void)room_expect(&room, DESK_REFUSED, &reasonless);
    assert_string_equal(room.reply.failure.field, "reason");
    (void)room_write(&room, &reopen);
    assert_string_equal(room_text(room_show(&room, 2), "status"), "open");
    json_t *after = copy_duties(&room);
    check(json_equal(before, after), "the duties are not as they were");
    json_decref(before);
    json_decref(after);
    /* It is among the open ones again, and its clocks run. */
    const json_t *desk = room_expect(&room, DESK_OK, &(struct room_request){.action = DESK_SHOW_DESK});
    assert_int_equal(json_array_size(json_object_get(desk, "incidents")), 1);
    room.at += INT64_C(24) * 60 * ROOM_MINUTE;
    check(desk_pass_time(room.desk, room.at, &failure), "%s", failure.message);
    const json_t *page = room_show(&room, 2);
    const json_t *duties = json_object_get(page, "duties");
    size_t overdue = 0;
    for (size_t i = 0; i < json_array_size(duties); i++) {
        overdue += json_is_true(json_object_get(json_array_get(duties, i), "overdue"));
    }
    assert_true(overdue > 0);
    const json_t *event = room_find(json_object_get(page, "timeline"), "kind", "reopen");
    assert_non_null(event);
    assert_string_equal(room_text(event, "actor"), "wang");
    assert_string_equal(room_text(json_object_get(event, "fields"), "reason"), "复燃");
    room_close(&room);
}

static void expect_no_place(struct room *room, enum desk_outcome outcome, uint32_t incident, const char *advice) {
    char body[32];
    (void)snprintf(body, sizeof body, "{'incident': %" PRIu32 "}", incident);
    struct room_request request = {.action = DESK_LINK_CALL, .item = 1, .body = body};
    int64_t count = desk_event_count(room->desk);
    (void)room_expect(room, outcome, &request);
    assert_string_equal(room->reply.failure.field, "incident");
    (void)room_ask(room, &request);
    check(strstr(room->reply.failure.message, advice) != NULL, "%s", room->reply.failure.message);
    assert_int_equal(desk_event_count(room->desk), count);
}

/* How many wait for an incident. */
static size_t count_waiting(struct room *room) {
    return json_array_size(
        json_object_get(room_expect(room, DESK_OK, &(struct room_request){.action = DESK_SHOW_DESK}), "calls"));
}

/* One incident is closed, another goes on in a third; the first of all is what runs all the year. */
static void begin_with_call(struct room *room) {
    begin(room, NULL);
    for (int i = 0; i < 2; i++) {
        (void)room_write(
            room, &(struct room_request){.action = DESK_OPEN_INCIDENT,
                                         .body = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '又一处'}"});
    }
    (void)room_write(room, &(struct room_request){.action = DESK_MERGE_INCIDENT, .incident = 3, .body = "{'into': 4}"});
    struct room_request closing = ask_to(DESK_CLOSE_INCIDENT, lapse_body);
    (void)room_write(room, &closing);
    (void)room_write(room, &(struct room_request){.action = DESK_SAVE_CALL, .body = "{'text': '山上有烟'}"});
}

static void test_calls(void **state) {
    static const struct room_request save = {.action = DESK_SAVE_CALL, .body = "{'text': '又冒烟了', 'incident': 2}"};
    struct room room;
    (void)state;
    begin_with_call(&room);
    expect_no_place(&room, DESK_CONFLICT, 2, "reopen it first, or open a new incident with the call");
    expect_no_place(&room, DESK_CONFLICT, 3, "goes on in incident 4");
    expect_no_place(&room, DESK_REFUSED, 1, "all the year round");
    assert_int_equal(count_waiting(&room), 1);
    /* What somebody has just heard is saved, and waits for its incident. */
    (void)room_write(&room, &save);
    (void)room_write(&room,
                     &(struct room_request){.action = DESK_SAVE_CALL, .body = "{'text': '还在烧', 'incident': 3}"});
    assert_int_equal(count_waiting(&room), 3);
    assert_int_equal(json_array_size(json_object_get(room_show(&room, 2), "calls")), 0);
    (void)room_expect(&room, DESK_REFUSED,
                      &(struct room_request){.action = DESK_SAVE_CALL, .body = "{'text': '问路的', 'incident': 1}"});
    struct room_request reopening = ask_to(DESK_REOPEN_INCIDENT, "{'reason': '复燃'}");
    (void)room_write(&room, &reopening);
    (void)room_write(&room, &(struct room_request){.action = DESK_LINK_CALL, .item = 2, .body = "{'incident': 2}"});
    (void)room_write(&room, &save);
    assert_int_equal(json_array_size(json_object_get(room_show(&room, 2), "calls")), 2);
    assert_int_equal(count_waiting(&room), 2);
    room_close(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_said),
        cmocka_unit_test(test_calls),
        cmocka_unit_test_setup_teardown(test_reopened, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
