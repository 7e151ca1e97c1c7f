/* Proves: the roster as it is set, corrected and withdrawn; a shift ends when the next one accepts, and until then what is
 * open is its own; who may accept, and when; what was listed stands in the log by its numbers; a restart knows the same. */
#include "desk/desk.h"

#include "room.h"

#include "../store/scratch.h"

#include <string.h>

#define HOUR CALENDAR_US_PER_HOUR

/* ROOM_START is 06:00Z. */
static const char morning[] = "{'from': '2022-08-20T00:00:00Z', 'until': '2022-08-20T08:00:00Z',"
                              " 'leader': {'name': '陈局', 'phone': '65900001'},"
                              " 'main': {'name': '王', 'phone': '138', 'account': 'wang'}, 'second': null}";
static const char evening[] = "{'from': '2022-08-20T08:00:00Z', 'until': '2022-08-20T16:00:00Z',"
                              " 'main': {'name': '李', 'account': 'li'}, 'second': {'name': '孙', 'account': 'sun'}}";

static void set_shift(struct room *room, const char *body) {
    (void)room_write(room, &(struct room_request){.action = DESK_SET_SHIFT, .body = body});
}

static void expect(struct room *room, enum desk_outcome outcome, enum desk_action action, uint32_t item,
                   const char *body) {
    (void)room_expect(room, outcome, &(struct room_request){.action = action, .item = item, .body = body});
}

static void refuse_field(struct room *room, uint32_t item, const char *body, const char *field) {
    expect(room, DESK_REFUSED, DESK_SET_SHIFT, item, body);
    check(strcmp(room->reply.failure.field, field) == 0, "%s: field \"%s\", not \"%s\"", body,
          room->reply.failure.field, field);
}

static const json_t *show_duty_room(struct room *room) {
    return json_object_get(room_expect(room, DESK_OK, &(struct room_request){.action = DESK_SHOW_DESK}), "duty_room");
}

/* The number of a shift of the duty room; 0 where it is null. */
static uint32_t find_number(struct room *room, const char *which) {
    return (uint32_t)json_integer_value(json_object_get(json_object_get(show_duty_room(room), which), "number"));
}

static void check_duty(struct room *room, uint32_t on_duty, uint32_t responsible, uint32_t incoming,
                       const char *overdue_since) {
    assert_int_equal(find_number(room, "on_duty"), on_duty);
    assert_int_equal(find_number(room, "responsible"), responsible);
    assert_int_equal(find_number(room, "incoming"), incoming);
    assert_string_equal(room_text(show_duty_room(room), "overdue_since"), overdue_since);
}

static void test_nothing(void **state) {
    struct room room;
    (void)state;
    room_open(&room, NULL);
    check_duty(&room, 0, 0, 0, "(null)");
    assert_string_equal(room_text(show_duty_room(&room), "empty_since"), "(null)");
    expect(&room, DESK_NOT_FOUND, DESK_ACCEPT_SHIFT, 1, "{'seen': 1}");
    expect(&room, DESK_NOT_FOUND, DESK_NOTE_HANDOVER, 1, "{'notes': 'x'}");
    room_close(&room);
}

static void test_roster(void **state) {
    struct room room;
    (void)state;
    room_open(&room, NULL);
    set_shift(&room, morning);
    set_shift(&room, evening);
    check_duty(&room, 1, 1, 2, "(null)");
    const json_t *on_duty = json_object_get(show_duty_room(&room), "on_duty");
    assert_string_equal(room_text(json_object_get(on_duty, "leader"), "phone"), "65900001");
    assert_string_equal(room_text(json_object_get(on_duty, "main"), "account"), "wang");
    assert_true(json_is_null(json_object_get(on_duty, "second")));
    assert_string_equal(room_text(show_duty_room(&room), "changes_at"), "2022-08-20T08:00:00+00:00");

    refuse_field(&room, 0, "{'from': '2022-08-20T07:59:59Z', 'until': '2022-08-20T09:00:00Z', 'main': {'name': '周'}}",
                 "from");
    refuse_field(&room, 0, "{'from': '2022-08-20T18:00:00Z', 'until': '2022-08-20T18:00:00Z', 'main': {'name': '周'}}",
                 "until");
    refuse_field(&room, 0, "{'from': '2022-08-20T18:00:00Z', 'until': '2022-08-28T18:00:00Z', 'main': {'name': '周'}}",
                 "until");
    refuse_field(&room, 0, "{'from': '2022-08-19T18:00:00Z', 'until': '2022-08-19T20:00:00Z', 'main': {'name': '周'}}",
                 "until");
    refuse_field(&room, 0, "{'from': 'soon', 'until': '2022-08-20T20:00:00Z', 'main': {'name': '周'}}", "from");
    refuse_field(&room, 0, "{'until': '2022-08-20T20:00:00Z', 'main': {'name': '周'}}", "from");
    refuse_field(&room, 0, "{'from': '2022-08-20T18:00:00Z', 'until': '2022-08-20T20:00:00Z'}", "main");
    refuse_field(&room, 0, "{'from': '2022-08-20T18:00:00Z', 'until': '2022-08-20T20:00:00Z', 'main': null}", "main");
    refuse_field(&room, 0, "{'from': '2022-08-20T18:00:00Z', 'until': '2022-08-20T20:00:00Z', 'main': {'name': ''}}",
                 "main.name");
    refuse_field(&room, 0,
                 "{'from': '2022-08-20T18:00:00Z', 'until': '2022-08-20T20:00:00Z', 'main': {'name': '周', 'x': 1}}",
                 "main.x");

    /* Corrected: longer, and another person; it does not stand in its own way. */
    expect(&room, DESK_CREATED, DESK_SET_SHIFT, 2,
           "{'from': '2022-08-20T08:00:00Z', 'until': '2022-08-20T17:00:00Z', 'main': {'name': '周'}}");
    assert_string_equal(room_text(json_object_get(json_object_get(show_duty_room(&room), "incoming"), "main"), "name"),
                        "周");
    expect(&room, DESK_NOT_FOUND, DESK_SET_SHIFT, 3, evening);
    expect(&room, DESK_CONFLICT, DESK_WITHDRAW_SHIFT, 1, "{'reason': '误'}");
    expect(&room, DESK_CREATED, DESK_WITHDRAW_SHIFT, 2, "{'reason': '误'}");
    expect(&room, DESK_NOT_FOUND, DESK_WITHDRAW_SHIFT, 2, "{'reason': '误'}");
    check_duty(&room, 1, 1, 0, "(null)");
    set_shift(&room, evening); /* its time is free again */
    check_duty(&room, 1, 1, 3, "(null)");
    room_close(&room);
}

/* Who accepts and when; what nobody has accepted stays the shift's that has ended, and that is said. */
static void test_acceptance(void **state) {
    struct room room;
    (void)state;
    room_open(&room, NULL);
    set_shift(&room, morning);
    set_shift(&room, evening);
    room.account = room_account("li", false, true, "");
    expect(&room, DESK_CONFLICT, DESK_ACCEPT_SHIFT, 1, "{'seen': 1}");
    expect(&room, DESK_CONFLICT, DESK_ACCEPT_SHIFT, 2, "{'seen': 1}"); /* not ended, nothing written */
    expect(&room, DESK_CONFLICT, DESK_NOTE_HANDOVER, 2, "{'notes': '?'}");
    room.at = ROOM_START + 2 * HOUR - 1;
    check_duty(&room, 1, 1, 2, "(null)");
    room.at = ROOM_START + 2 * HOUR;
    check_duty(&room, 2, 1, 2, "2022-08-20T08:00:00+00:00");
    room.at = ROOM_START + 3 * HOUR;
    check_duty(&room, 2, 1, 2, "2022-08-20T08:00:00+00:00");

    static const char *const others[] = {"wang", "zhao"};
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        room.account = room_account(others[i], false, true, "");
        expect(&room, DESK_FORBIDDEN, DESK_ACCEPT_SHIFT, 2, "{'seen': 1}");
    }
    room.account = room_account("sun", false, true, "");
    expect(&room, DESK_REFUSED, DESK_ACCEPT_SHIFT, 2, "{}");
    (void)room_write(&room, &(struct room_request){.action = DESK_ACCEPT_SHIFT, .item = 2, .body = "{'seen': 2}"});
    check_duty(&room, 2, 2, 0, "(null)");
    expect(&room, DESK_CONFLICT, DESK_ACCEPT_SHIFT, 2, "{'seen': 2}");

    /* The roster ends: nobody is on duty, and the last shift still answers. */
    room.at = ROOM_START + 12 * HOUR;
    check_duty(&room, 0, 2, 0, "2022-08-20T16:00:00+00:00");
    assert_string_equal(room_text(show_duty_room(&room), "empty_since"), "2022-08-20T16:00:00+00:00");
    room_close(&room);
}

/* With the notes written the next shift may accept before the hour. Where it names no account anybody of the duty room
 * does, but for those of the shift before. */
static void test_early(void **state) {
    struct room room;
    (void)state;
    room_open(&room, NULL);
    set_shift(&room, morning);
    set_shift(&room, "{'from': '2022-08-20T08:00:00Z', 'until': '2022-08-20T16:00:00Z', 'main': {'name': '李'}}");
    (void)room_write(&room, &(struct room_request){
                                .action = DESK_NOTE_HANDOVER, .item = 1, .body = "{'notes': '水库泄洪，留意下游'}"});
    expect(&room, DESK_FORBIDDEN, DESK_ACCEPT_SHIFT, 2, "{'seen': 3}");
    room.account = room_account("li", false, true, "");
    expect(&room, DESK_CREATED, DESK_ACCEPT_SHIFT, 2, "{'seen': 3}");
    check_duty(&room, 1, 2, 0, "(null)");
    room_close(&room);
}

static bool has(const json_t *list, const char *text) {
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (strcmp(json_string_value(json_array_get(list, i)), text) == 0) {
            return true;
        }
    }
    return false;
}

static void check_handover(struct room *room) {
    const json_t *handover = json_array_get(
        json_object_get(room_expect(room, DESK_OK, &(struct room_request){.action = DESK_LIST_SHIFTS}), "handovers"),
        0);
    assert_string_equal(room_text(handover, "accepted_by"), "li");
    assert_string_equal(room_text(handover, "notes"), "歌乐山还在烧");
    assert_string_equal(room_text(handover, "notes_by"), "wang");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(handover, "from"), "number")), 1);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(handover, "to"), "number")), 2);
    assert_true(has(json_object_get(handover, "incidents"), "2"));
    assert_int_equal(json_array_size(json_object_get(handover, "calls")), 1);
    assert_true(has(json_object_get(handover, "calls"), "1"));
    assert_int_equal(json_array_size(json_object_get(handover, "spoken")), 1);
    assert_true(json_array_size(json_object_get(handover, "clocks")) > 0);
    assert_true(json_array_size(json_object_get(handover, "notices")) > 0);
}

/* All that is open is listed, accepted by its numbers, and found again after a restart. */
static void test_listed(void **state) {
    struct room room;
    room_open(&room, *state);
    room_adopt(&room, ROOM_FOREST);
    set_shift(&room, morning);
    set_shift(&room, evening);
    expect(&room, DESK_CREATED, DESK_SAVE_CALL, 0, "{'text': '山上有烟'}");
    expect(&room, DESK_CREATED, DESK_OPEN_INCIDENT, 0,
           "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '歌乐山'}");
    (void)room_expect(&room, DESK_CREATED,
                      &(struct room_request){.action = DESK_REPORT_FACTS,
                                             .incident = 2,
                                             .body = "{'source': '街道', 'facts': {'火情性质': '森林火灾', '发生地': "
                                                     "'本区', '火势失控': true}}"});
    (void)room_expect(&room, DESK_CREATED,
                      &(struct room_request){.action = DESK_DECIDE_PROPOSAL,
                                             .incident = 2,
                                             .item = 1,
                                             .body = "{'decision': 'accept', 'by': '区森防指', 'spoken': {'who': "
                                                     "'指挥', 'from': '138'}}"});
    expect(&room, DESK_CREATED, DESK_NOTE_HANDOVER, 1, "{'notes': '先前写的'}");
    expect(&room, DESK_CREATED, DESK_NOTE_HANDOVER, 1, "{'notes': '歌乐山还在烧'}");
    const json_t *open = room_expect(&room, DESK_OK, &(struct room_request){.action = DESK_SHOW_HANDOVER});
    assert_int_equal(json_integer_value(json_object_get(open, "sequence")), desk_event_count(room.desk));
    size_t clocks = json_array_size(json_object_get(open, "clocks"));
    size_t notices = json_array_size(json_object_get(open, "notices"));
    room.account = room_account("li", false, true, "");
    expect(&room, DESK_CREATED, DESK_ACCEPT_SHIFT, 2, "{'seen': 9}");
    check_handover(&room);
    const json_t *handover = json_array_get(
        json_object_get(room_expect(&room, DESK_OK, &(struct room_request){.action = DESK_LIST_SHIFTS}), "handovers"),
        0);
    assert_int_equal(json_array_size(json_object_get(handover, "clocks")), clocks);
    assert_int_equal(json_array_size(json_object_get(handover, "notices")), notices);
    room_open_again(&room);
    check_handover(&room);
    check_duty(&room, 1, 2, 0, "(null)");
    room_close(&room);
}

/* What is shown is another when a shift begins or ends, though nothing was written. */
static void test_etag(void **state) {
    struct room room;
    char before[DESK_ETAG_ROOM];
    char after[DESK_ETAG_ROOM];
    (void)state;
    room_open(&room, NULL);
    set_shift(&room, morning);
    desk_find_etag(room.desk, DESK_SHOW_DESK, 0, (struct text){0}, ROOM_START, before);
    desk_find_etag(room.desk, DESK_SHOW_DESK, 0, (struct text){0}, ROOM_START + 2 * HOUR - 1, after);
    assert_string_equal(before, after);
    desk_find_etag(room.desk, DESK_SHOW_DESK, 0, (struct text){0}, ROOM_START + 2 * HOUR, after);
    assert_string_not_equal(before, after);
    room_close(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_roster),
        cmocka_unit_test(test_acceptance),
        cmocka_unit_test(test_early),
        cmocka_unit_test_setup_teardown(test_listed, scratch_set_up, scratch_tear_down),
        cmocka_unit_test(test_etag),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
