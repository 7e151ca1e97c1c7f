/* Proves: an incident's ETag is another once a call has left it for another incident, be it linked or opened with; while
 * something in it runs, the ETag is another each minute, and a write that names an earlier minute of the same state is
 * taken. */
#include "desk/desk.h"

#include "room.h"

#include "../store/scratch.h"

#include <stdio.h>
#include <string.h>

#define MINUTES 3

static const char fire[] = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '歌乐山', 'call': 1}";
static const struct room_request deaths = {
    .action = DESK_REPORT_FACTS, .incident = 2, .body = "{'source': 's', 'facts': {'死亡': 0}}"};

/* A call, and incident 2 that is opened with it. */
static void begin(struct room *room, const char *directory) {
    room_open(room, directory);
    room_adopt(room, ROOM_FOREST);
    (void)room_write(room, &(struct room_request){.action = DESK_SAVE_CALL, .body = "{'text': '山上有烟'}"});
    (void)room_write(room, &(struct room_request){.action = DESK_OPEN_INCIDENT, .body = fire});
}

static void show(struct room *room, uint32_t incident, char etag[DESK_ETAG_ROOM]) {
    (void)room_show(room, incident);
    assert_true(room->reply.etag[0] != '\0');
    (void)snprintf(etag, DESK_ETAG_ROOM, "%s", room->reply.etag);
}

static void check_same(struct room *room, uint32_t incident, const char *etag, const char *what) {
    char now[DESK_ETAG_ROOM];
    show(room, incident, now);
    check(strcmp(now, etag) == 0, "%s: %s, not %s", what, now, etag);
}

static size_t count_calls(struct room *room, uint32_t incident) {
    return json_array_size(json_object_get(room_show(room, incident), "calls"));
}

/* ---- calls that move -------------------------------------------------------------------------------------- */

/* A write after which call 1 belongs to another incident. */
static void check_move(const char *directory, const struct room_request *move, uint32_t to) {
    char left[DESK_ETAG_ROOM];
    char moved[DESK_ETAG_ROOM];
    struct room room;
    begin(&room, directory);
    (void)room_write(&room, &(struct room_request){.action = DESK_OPEN_INCIDENT,
                                                   .body = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': "
                                                           "'缙云山'}"});
    show(&room, 2, left);
    assert_int_equal(count_calls(&room, 2), 1);
    (void)room_write(&room, move);
    assert_int_equal(count_calls(&room, 2), 0);
    assert_int_equal(count_calls(&room, to), 1);
    show(&room, 2, moved);
    check(strcmp(left, moved) != 0, "action %d: %s still", move->action, left);
    /* Whoever has the call before him still is told so. */
    struct room_request stale = deaths;
    stale.if_match = left;
    (void)room_expect(&room, DESK_CHANGED, &stale);
    room_open_again(&room);
    (void)room_expect(&room, DESK_CHANGED, &stale);
    room_close(&room);
}

static void test_call_leaves(void **state) {
    static const struct room_request link = {.action = DESK_LINK_CALL, .item = 1, .body = "{'incident': 3}"};
    static const struct room_request open = {.action = DESK_OPEN_INCIDENT, .body = fire};
    char directory[SCRATCH_PATH_ROOM];
    check_move(scratch_join(*state, "link", directory), &link, 3);
    check_move(scratch_join(*state, "open", directory), &open, 4);
}

/* A third incident, which the call neither leaves nor comes to, stays as it was. */
static void test_others_stay(void **state) {
    char etag[DESK_ETAG_ROOM];
    struct room room;
    (void)state;
    begin(&room, NULL);
    for (int i = 0; i < 2; i++) {
        (void)room_write(&room, &(struct room_request){.action = DESK_OPEN_INCIDENT,
                                                       .body = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': "
                                                               "'又一处'}"});
    }
    show(&room, 4, etag);
    (void)room_write(&room, &(struct room_request){.action = DESK_LINK_CALL, .item = 1, .body = "{'incident': 3}"});
    check_same(&room, 4, etag, "an incident that it does not concern");
    room_close(&room);
}

/* ---- what runs -------------------------------------------------------------------------------------------- */

static void report_start(struct room *room) {
    (void)room_write(room, &(struct room_request){.action = DESK_REPORT_FACTS,
                                                  .incident = 2,
                                                  .body = "{'source': '街道', 'facts': {'火情性质': '森林火灾', "
                                                          "'起火时间': '2022-08-20T13:40:00+08:00'}}"});
}

static void test_running(void **state) {
    char first[DESK_ETAG_ROOM];
    char now[DESK_ETAG_ROOM];
    struct room room;
    (void)state;
    begin(&room, NULL);
    report_start(&room);
    show(&room, 2, first);
    assert_non_null(strchr(first, '.'));
    const struct room_request again = {.action = DESK_SHOW_INCIDENT, .incident = 2, .if_match = first};
    room.at += ROOM_MINUTE - 1;
    (void)room_expect(&room, DESK_NOT_MODIFIED, &again);
    for (int i = 1; i <= MINUTES; i++) {
        room.at = ROOM_START + i * ROOM_MINUTE;
        (void)room_expect(&room, DESK_OK, &again);
        show(&room, 2, now);
        check(strcmp(first, now) != 0, "minute %d: %s", i, now);
        /* What runs is shown as of now, though nothing has come due. */
        char expected[32];
        (void)snprintf(expected, sizeof expected, "%d 分钟", 20 + i);
        const json_t *running = room_find(json_object_get(room_show(&room, 2), "facts"), "name", "燃烧时间");
        assert_string_equal(room_text(running, "value"), expected);
        /* It is the minute alone that is another. */
        assert_int_equal(strcspn(first, "."), strcspn(now, "."));
        assert_memory_equal(first, now, strcspn(first, "."));
    }
    room_close(&room);
}

/* A write with the ETag of an earlier minute, or of none, is taken; one of an earlier state is not, whatever its minute. */
static void test_if_match_minutes(void **state) {
    char old[DESK_ETAG_ROOM];
    char new[DESK_ETAG_ROOM];
    char mixed[2 * DESK_ETAG_ROOM];
    struct room room;
    (void)state;
    begin(&room, NULL);
    report_start(&room);
    show(&room, 2, old);
    room.at += MINUTES * ROOM_MINUTE;
    struct room_request write = deaths;
    write.if_match = old;
    (void)room_expect(&room, DESK_CREATED, &write);
    show(&room, 2, new);
    int64_t count = desk_event_count(room.desk);
    (void)snprintf(mixed, sizeof mixed, "%.*s%s", (int)strcspn(old, "."), old, strchr(new, '.'));
    const char *const stale[] = {old, mixed, ".", "2", "2.", strchr(new, '.')};
    for (size_t i = 0; i < COUNT_OF(stale); i++) {
        write.if_match = stale[i];
        (void)room_expect(&room, DESK_CHANGED, &write);
        assert_int_equal(desk_event_count(room.desk), count);
    }
    new[strcspn(new, ".")] = '\0';
    write.if_match = new;
    (void)room_expect(&room, DESK_CREATED, &write);
    room_close(&room);
}

/* In an incident that is closed nothing runs any more: its ETag stands. */
static void test_closed_stands(void **state) {
    char etag[DESK_ETAG_ROOM];
    struct room room;
    (void)state;
    begin(&room, NULL);
    report_start(&room);
    (void)room_write(&room, &(struct room_request){.action = DESK_CLOSE_INCIDENT,
                                                   .incident = 2,
                                                   .body = "{'reason': '练习', 'lapse': true}"});
    show(&room, 2, etag);
    assert_null(strchr(etag, '.'));
    room.at += MINUTES * ROOM_MINUTE;
    check_same(&room, 2, etag, "later");
    (void)room_expect(&room, DESK_NOT_MODIFIED,
                      &(struct room_request){.action = DESK_SHOW_INCIDENT, .incident = 2, .if_match = etag});
    room_close(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_call_leaves, scratch_set_up, scratch_tear_down),
        cmocka_unit_test(test_others_stay),
        cmocka_unit_test(test_running),
        cmocka_unit_test(test_if_match_minutes),
        cmocka_unit_test(test_closed_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
