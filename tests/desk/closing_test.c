/* Proves: an incident is not closed over what is still owed unless whoever closes says so; reopened, it owes the same again by
 * the same clocks; and looking back shows what was late when it was closed as cut off by that, nobody having done it. */
#include "desk/desk.h"

#include "room.h"

#include "../store/scratch.h"

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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_said),
        cmocka_unit_test_setup_teardown(test_reopened, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
