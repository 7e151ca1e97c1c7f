/* Proves: a shift, what it leaves to the next, a telephone number, and to which incident a call belongs are not changed over what somebody else has changed since:
 * whoever says what he had before him is told; what it is now is shown with it; whoever does not say it is taken as before. */
#include "desk/desk.h"

#include "room.h"

#include <stdio.h>
#include <string.h>

#define TAG_ROOM 24

static void begin(struct room *room) {
    room_open(room, NULL);
    room_adopt(room, ROOM_FOREST);
    (void)room_write(room, &(struct room_request){.action = DESK_SET_SHIFT,
                                                  .body = "{'from': '2022-08-20T05:00:00Z', 'until': "
                                                          "'2022-08-20T14:00:00Z', 'main': {'name': '周'}}"});
    (void)room_write(room, &(struct room_request){.action = DESK_SET_SHIFT,
                                                  .body = "{'from': '2022-08-20T14:00:00Z', 'until': "
                                                          "'2022-08-20T22:00:00Z', 'main': {'name': '吴'}}"});
}

static void read_tag(struct room *room, uint32_t number, const char *field, char tag[TAG_ROOM]) {
    const json_t *list =
        json_object_get(room_expect(room, DESK_OK, &(struct room_request){.action = DESK_LIST_SHIFTS}), "shifts");
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (json_integer_value(json_object_get(json_array_get(list, i), "number")) == number) {
            (void)snprintf(tag, TAG_ROOM, "%s", room_text(json_array_get(list, i), field));
        }
    }
}

/* Two people have the same before them: the first one is taken, the second told, until he has what it is now before him. */
static void check_two(struct room *room, struct room_request request, const char *field) {
    char before[TAG_ROOM];
    char after[TAG_ROOM];
    read_tag(room, request.item, field, before);
    request.if_match = before;
    (void)room_write(room, &request);
    int64_t count = desk_event_count(room->desk);
    (void)room_expect(room, DESK_CHANGED, &request);
    assert_int_equal(desk_event_count(room->desk), count);
    read_tag(room, request.item, field, after);
    assert_string_not_equal(after, before);
    request.if_match = after;
    (void)room_write(room, &request);
    request.if_match = NULL;
    (void)room_write(room, &request);
}

static void test_shift(void **state) {
    struct room room;
    char tag[TAG_ROOM];
    (void)state;
    begin(&room);
    check_two(&room,
              (struct room_request){.action = DESK_SET_SHIFT,
                                    .item = 2,
                                    .body = "{'from': '2022-08-20T14:00:00Z', 'until': '2022-08-20T22:00:00Z', 'main': "
                                            "{'name': '郑'}}"},
              "tag");
    check_two(&room, (struct room_request){.action = DESK_NOTE_HANDOVER, .item = 1, .body = "{'notes': '看着水位'}"},
              "notes_tag");
    /* Notes do not make it another shift; somebody else's correction does. */
    read_tag(&room, 2, "tag", tag);
    (void)room_write(&room, &(struct room_request){.action = DESK_SET_SHIFT,
                                                   .item = 2,
                                                   .body = "{'from': '2022-08-20T14:00:00Z', 'until': "
                                                           "'2022-08-20T21:00:00Z', 'main': {'name': '郑'}}"});
    struct room_request withdrawal = {
        .action = DESK_WITHDRAW_SHIFT, .item = 2, .body = "{'reason': '换班'}", .if_match = tag};
    (void)room_expect(&room, DESK_CHANGED, &withdrawal);
    read_tag(&room, 2, "tag", tag);
    (void)room_write(&room, &withdrawal);
    room_close(&room);
}

/* Of what lies over a published number, or of the one besides them (an empty one). */
static void read_phone(struct room *room, const char *published, char tag[TAG_ROOM]) {
    const json_t *plan =
        room_expect(room, DESK_OK, &(struct room_request){.action = DESK_SHOW_PLAN, .plan = "森林火灾"});
    const json_t *phones = json_object_get(room_find(json_object_get(plan, "parties"), "name", "区委网信办"), "phones");
    const json_t *phone = room_find(phones, "number", published);
    (void)snprintf(tag, TAG_ROOM, "%s", phone == NULL ? "p0" : room_text(phone, "tag"));
}

static void test_phone(void **state) {
    struct room room;
    char before[TAG_ROOM];
    char after[TAG_ROOM];
    (void)state;
    begin(&room);
    read_phone(&room, "65368630", before);
    struct room_request request = {
        .action = DESK_CORRECT_PHONE,
        .body = "{'plan': '森林火灾', 'party': '区委网信办', 'published': '65368630', 'number': '65000001'}",
        .if_match = before};
    (void)room_write(&room, &request);
    (void)room_expect(&room, DESK_CHANGED, &request);
    read_phone(&room, "65368630", after);
    request.if_match = after;
    (void)room_write(&room, &request);
    /* One besides the published ones: there was none. */
    request.body = "{'plan': '森林火灾', 'party': '区委网信办', 'number': '65000002'}";
    request.if_match = "p0";
    (void)room_write(&room, &request);
    (void)room_expect(&room, DESK_CHANGED, &request);
    read_phone(&room, "65000002", after);
    request.body = "{'plan': '森林火灾', 'party': '区委网信办'}";
    request.if_match = after;
    (void)room_write(&room, &request);
    request.body = "{'plan': '森林火灾', 'party': '区委网信办', 'number': '65000003'}";
    request.if_match = "p0"; /* it was taken back: there is none again */
    (void)room_write(&room, &request);
    room_close(&room);
}

static void read_call(struct room *room, uint32_t number, char tag[TAG_ROOM]) {
    const json_t *call = room_expect(room, DESK_OK, &(struct room_request){.action = DESK_SHOW_CALL, .item = number});
    (void)snprintf(tag, TAG_ROOM, "%s", room_text(call, "tag"));
}

/* Two have the same call before them: one opens an incident with it, the other another, or gives it to one. */
static void test_call(void **state) {
    struct room room;
    char before[TAG_ROOM];
    char after[TAG_ROOM];
    (void)state;
    begin(&room);
    (void)room_write(&room, &(struct room_request){.action = DESK_SAVE_CALL, .body = "{'text': '山上有烟'}"});
    read_call(&room, 1, before);
    struct room_request opening = {.action = DESK_OPEN_INCIDENT,
                                   .body = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '山火', 'call': 1}",
                                   .if_match = before};
    (void)room_write(&room, &opening);
    opening.body = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '又一处', 'call': 1}";
    (void)room_expect(&room, DESK_CHANGED, &opening);
    struct room_request link = {.action = DESK_LINK_CALL, .item = 1, .body = "{'incident': 2}", .if_match = before};
    (void)room_expect(&room, DESK_CHANGED, &link);
    read_call(&room, 1, after);
    assert_string_not_equal(after, before);
    /* What is heard in it does not give it to another incident; nor does an incident without a call need it as it was. */
    (void)room_write(&room, &(struct room_request){.action = DESK_REPORT_FACTS,
                                                   .incident = 2,
                                                   .body = "{'facts': {'死亡': 0}, 'source': '王某', 'call': 1}"});
    opening.body = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '另一处'}";
    (void)room_write(&room, &opening);
    link.body = "{'incident': 3}";
    link.if_match = after;
    (void)room_write(&room, &link);
    (void)room_expect(
        &room, DESK_CHANGED,
        &(struct room_request){.action = DESK_LINK_CALL, .item = 1, .body = "{'incident': 2}", .if_match = after});
    room_close(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shift),
        cmocka_unit_test(test_phone),
        cmocka_unit_test(test_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
