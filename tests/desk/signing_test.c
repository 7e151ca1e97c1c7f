/* Proves: nobody signs unawares what the log knows better by now. Whoever has seen it signs all the same, and a document with
 * a clock is never held up by a log that goes on; that time passes alone is no change. */
#include "desk/desk.h"

#include "room.h"

#include <stdio.h>
#include <string.h>

#define FIRE_OPEN                                                                                                      \
    "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '歌乐山林火', "                                 \
    "'first_sighted_at': '2022-08-20T14:00:00+08:00'}"

static void report(struct room *room, const char *facts) {
    char body[512];
    (void)snprintf(body, sizeof body, "{'source': 'desk', 'facts': {%s}}", facts);
    (void)room_write(room, &(struct room_request){.action = DESK_REPORT_FACTS, .incident = 2, .body = body});
    room->at += ROOM_MINUTE;
}

/* A forest fire of which a written report is due. */
static void begin_fire(struct room *room) {
    room_open(room, NULL);
    room_adopt(room, ROOM_FOREST);
    (void)room_write(room, &(struct room_request){.action = DESK_OPEN_INCIDENT, .body = FIRE_OPEN});
    report(room, "'火情性质': '森林火灾', '发生地': '本区', '过火面积': '0.6 ha', '起火时间': '2022-08-20T13:30:00+08:00'");
}

static void find_basis(struct room *room, const char *form, char basis[32]) {
    const json_t *draft =
        room_expect(room, DESK_OK, &(struct room_request){.action = DESK_DRAFT_DOCUMENT, .incident = 2, .plan = form});
    (void)snprintf(basis, 32, "%s", room_text(draft, "basis"));
    assert_int_equal(strlen(basis), 16);
}

/* Asks for a form to be set that is to be signed; `more` stands behind its other fields. */
static void expect_set(struct room *room, enum desk_outcome outcome, const char *form, const char *more) {
    static int number;
    char key[32];
    char body[512];
    (void)snprintf(key, sizeof key, "to-be-set-%d", number++);
    (void)snprintf(body, sizeof body,
                   "{'form': '%s', 'title': '报告', 'body': '火', 'addressees': [], 'by': '指挥长', "
                   "'spoken': {'who': '指挥长', 'from': '138'}%s}",
                   form, more);
    (void)room_expect(
        room, outcome,
        &(struct room_request){.action = DESK_PREPARE_DOCUMENT, .incident = 2, .body = body, .key = key});
}

static void sign_upon(struct room *room, enum desk_outcome outcome, const char *form, const char *basis,
                      const char *seen) {
    char more[128];
    (void)snprintf(more, sizeof more, ", 'events': 3, 'basis': '%s'%s%s%s", basis, seen == NULL ? "" : ", 'seen': '",
                   seen == NULL ? "" : seen, seen == NULL ? "" : "'");
    expect_set(room, outcome, form, more);
}

static void test_log_knows_more(void **state) {
    struct room room;
    char first[32];
    char second[32];
    char third[32];
    (void)state;
    begin_fire(&room);
    find_basis(&room, "区级总结", first);
    sign_upon(&room, DESK_OK, "区级总结", first, NULL);
    room.at += 7 * ROOM_MINUTE; /* it has burnt for longer: nobody has said anything */
    find_basis(&room, "区级总结", second);
    assert_string_equal(first, second);
    report(&room, "'死亡': 2");
    find_basis(&room, "区级总结", second);
    assert_string_not_equal(first, second);
    sign_upon(&room, DESK_CHANGED, "区级总结", first, NULL);
    assert_string_equal(room.reply.failure.field, "basis");
    sign_upon(&room, DESK_OK, "区级总结", first, second);
    sign_upon(&room, DESK_OK, "区级总结", second, NULL);
    expect_set(&room, DESK_OK, "区级总结", ""); /* who does not say what he has before him is asked nothing */
    report(&room, "'死亡': 3");
    find_basis(&room, "区级总结", third);
    sign_upon(&room, DESK_CHANGED, "区级总结", first, second); /* what he has seen is past, too */
    sign_upon(&room, DESK_OK, "区级总结", first, third);
    room_close(&room);
}

static void test_clock_runs(void **state) {
    struct room room;
    char first[32];
    (void)state;
    begin_fire(&room);
    find_basis(&room, "书面首报", first);
    report(&room, "'死亡': 2");
    sign_upon(&room, DESK_CHANGED, "书面首报", first, NULL);
    sign_upon(&room, DESK_OK, "书面首报", first, "0123456789abcdef"); /* the log may go on as it likes */
    room_close(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log_knows_more),
        cmocka_unit_test(test_clock_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
