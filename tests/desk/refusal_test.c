/* Proves: what was taken wrongly once is refused, with the field at fault, and nothing is logged: parties that are no
 * list of names, a write without a key, an instant in the future, or after the first report, as a fact. And who may decide is told each once. */
#include "desk/desk.h"

#include "room.h"

#include "../run/small_pack.h"
#include "../store/scratch.h"

#include <stdio.h>
#include <string.h>

/* A call, and incident 2 of a plan. */
static void begin(struct room *room, const char *directory, const char *path, const char *open) {
    room_open(room, directory);
    room_adopt(room, path);
    (void)room_write(room, &(struct room_request){.action = DESK_SAVE_CALL, .body = "{'text': '山上有烟'}"});
    (void)room_write(room, &(struct room_request){.action = DESK_OPEN_INCIDENT, .body = open});
}

static void begin_forest(struct room *room) {
    begin(room, NULL, ROOM_FOREST, "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '歌乐山'}");
}

static void expect_refused(struct room *room, const struct room_request *request, const char *field) {
    int64_t count = desk_event_count(room->desk);
    (void)room_expect(room, DESK_REFUSED, request);
    check(strcmp(room->reply.failure.field, field) == 0, "action %d %s: field \"%s\", not \"%s\"", request->action,
          request->body, room->reply.failure.field, field);
    assert_true(room->reply.failure.message[0] != '\0');
    check(desk_event_count(room->desk) == count, "action %d %s: something was logged", request->action, request->body);
}

/* ---- parties of an account -------------------------------------------------------------------------------- */

static void test_parties(void **state) {
    static const char *const refused[] = {
        "'区委'", "1",           "true",       "{}",           "{'0': '区委'}",        "[1]",
        "[null]", "['区委', 1]", "[['区委']]", "[{}, '区委']", "['区委', null, '区']",
    };
    static const char *const taken[] = {"[]", "['区委']", "['区委', '区森防办']"};
    char body[256];
    struct room room;
    (void)state;
    room_open(&room, NULL);
    room.account = room_account("admin", true, false, "");
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        (void)snprintf(body, sizeof body, "{'name': 'li', 'display_name': '李', 'desk': true, 'parties': %s}",
                       refused[i]);
        expect_refused(&room, &(struct room_request){.action = DESK_NOTE_ACCOUNT, .body = body}, "parties");
    }
    for (size_t i = 0; i < COUNT_OF(taken); i++) {
        (void)snprintf(body, sizeof body, "{'name': 'li', 'display_name': '李', 'desk': true, 'parties': %s}",
                       taken[i]);
        (void)room_write(&room, &(struct room_request){.action = DESK_NOTE_ACCOUNT, .body = body});
    }
    (void)room_write(
        &room, &(struct room_request){.action = DESK_NOTE_ACCOUNT, .body = "{'name': 'li', 'display_name': '李'}"});
    room_close(&room);
}

/* ---- keys ------------------------------------------------------------------------------------------------- */

static void test_no_key(void **state) {
    static const struct room_request writes[] = {
        {.action = DESK_SET_CLOCK,
         .body = "{'state': 'stepped', 'wall': '2022-08-20T07:00:00Z', 'time': '2022-08-20T06:00:00Z'}"},
        {.action = DESK_NOTE_CONTACT, .item = 1, .body = "{'answer': 'no-answer'}"},
        {.action = DESK_NOTE_ACCOUNT, .body = "{'name': 'li', 'display_name': '李'}"},
        {.action = DESK_SAVE_CALL, .body = "{'text': '又一个电话'}"},
        {.action = DESK_LINK_CALL, .item = 1, .body = "{'incident': 2}"},
        {.action = DESK_OPEN_INCIDENT, .body = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '又一处'}"},
        {.action = DESK_REPORT_FACTS, .body = "{'source': '街道', 'facts': {'死亡': 0}}"},
        {.action = DESK_CORRECT_CLAIM, .item = 1, .body = "{'source': '街道', 'value': 1}"},
        {.action = DESK_BIND_ROLE, .body = "{'role': '属地镇街', 'unit': '歌乐山街道'}"},
        {.action = DESK_GIVE_ORDER,
         .body = "{'scale': '响应', 'level': 'Ⅳ级', 'by': '区森防指', 'reason': 'x', 'spoken': {'who': '甲', 'from': "
                 "'138'}}"},
        {.action = DESK_DECIDE_PROPOSAL,
         .item = 1,
         .body = "{'decision': 'accept', 'by': '区森防指', 'spoken': {'who': '甲', 'from': '138'}}"},
        {.action = DESK_ACKNOWLEDGE_DUTY, .item = 1, .body = "{'spoken': {'who': '甲', 'from': '138'}}"},
        {.action = DESK_COMPLETE_DUTY, .item = 1, .body = "{'outcome': 'done'}"},
        {.action = DESK_CLOSE_INCIDENT, .body = "{'reason': '练习', 'lapse': true}"},
    };
    bool is_write[DESK_ACTIONS] = {false};
    struct room room;
    (void)state;
    begin_forest(&room);
    (void)room_write(&room,
                     &(struct room_request){.action = DESK_REPORT_FACTS,
                                            .incident = 2,
                                            .body = "{'source': '街道', 'facts': {'火情性质': '森林火灾', '发生地': "
                                                    "'本区', '火势失控': true, '被困': 1}}"});
    room.account = room_account("admin", true, true, "");
    for (size_t i = 0; i < COUNT_OF(writes); i++) {
        struct room_request keyless = writes[i];
        is_write[keyless.action] = true;
        keyless.incident = 2;
        keyless.key = "";
        for (int k = 0; k < 2; k++) { /* nor is it a repetition the second time */
            expect_refused(&room, &keyless, "Idempotency-Key");
        }
    }
    for (int i = DESK_NOTE_CONTACT; i < DESK_ACTIONS; i++) { /* those that have come since, whatever they want */
        const struct room_request any = {
            .action = (enum desk_action)i, .incident = 2, .item = 1, .key = "", .body = "{}"};
        if (!is_write[i]) {
            expect_refused(&room, &any, "Idempotency-Key");
        }
    }
    /* Reading needs none. */
    (void)room_expect(&room, DESK_OK, &(struct room_request){.action = DESK_SHOW_INCIDENT, .incident = 2, .key = ""});
    room_close(&room);
}

/* ---- instants as facts ------------------------------------------------------------------------------------ */

static void check_future(struct room *room, const char *fact, const char *value, const char *companion) {
    char body[512];
    (void)snprintf(body, sizeof body, "{'source': 's', 'facts': {%s'%s': '%s'}}", companion, fact, value);
    expect_refused(room, &(struct room_request){.action = DESK_REPORT_FACTS, .incident = 2, .body = body}, fact);
}

static void test_future(void **state) {
    static const char *const values[] = {"2022-08-20T14:00:01+08:00", "2022-08-20T14:30:00+08:00",
                                         "2023-08-20T14:00:00+08:00"};
    struct room room;
    (void)state;
    begin_forest(&room);
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        check_future(&room, "起火时间", values[i], "");
        check_future(&room, "起火时间", values[i], "'死亡': 0, "); /* all or none */
    }
    /* Now is not the future, and what was the future no longer is when it has come. */
    room.at += ROOM_MINUTE;
    (void)room_write(&room, &(struct room_request){.action = DESK_REPORT_FACTS,
                                                   .incident = 2,
                                                   .body = "{'source': 's', 'facts': {'起火时间': "
                                                           "'2022-08-20T14:00:00+08:00'}}"});
    /* Nor can a correction say it. */
    expect_refused(&room,
                   &(struct room_request){.action = DESK_CORRECT_CLAIM,
                                          .incident = 2,
                                          .item = 1,
                                          .body = "{'source': 's', 'value': '2022-08-20T17:00:00+08:00'}"},
                   "value");
    /* What had been reported had begun, and no later than that: neither said nor corrected. */
    check_future(&room, "起火时间", "2022-08-20T14:00:30+08:00", "");
    expect_refused(&room,
                   &(struct room_request){.action = DESK_CORRECT_CLAIM,
                                          .incident = 2,
                                          .item = 1,
                                          .body = "{'source': 's', 'value': '2022-08-20T14:00:30+08:00'}"},
                   "value");
    room_close(&room);
    begin(&room, NULL, ROOM_FLOOD, "{'plan': 'Reservoir flood', 'subject': 'Flood', 'title': 'Storm'}");
    check_future(&room, "Below since", "2022-08-20T06:00:01Z", "");
    (void)room_write(&room, &(struct room_request){.action = DESK_REPORT_FACTS,
                                                   .incident = 2,
                                                   .body = "{'source': 's', 'facts': {'Below since': "
                                                           "'2022-08-20T06:00:00Z'}}"});
    room_close(&room);
}

/* ---- who may decide --------------------------------------------------------------------------------------- */

/* The small pack, in which the Warden may order Yellow by two sentences, and the Mayor by the second. */
static const char *write_pack(const char *directory, char path[SCRATCH_PATH_ROOM]) {
    static const char pack[] = SMALL_PACK;
    static const char before[] = "  decide within promptly chain Upward\n";
    const char *at = strstr(pack, before);
    assert_non_null(at);
    FILE *file = fopen(scratch_join(directory, "twice.plan.md", path), "w");
    assert_non_null(file);
    (void)fprintf(file, "%.*s  ordered by Mayor, Warden for Yellow @3.1\n%s", (int)(at - pack), pack, at);
    assert_int_equal(fclose(file), 0);
    return path;
}

static void test_deciders(void **state) {
    char path[SCRATCH_PATH_ROOM];
    char directory[SCRATCH_PATH_ROOM];
    struct room room;
    begin(&room, scratch_join(*state, "data", directory), write_pack(*state, path),
          "{'plan': 'Bonfire', 'subject': 'Bonfire', 'title': 'Smoke'}");
    (void)room_write(&room, &(struct room_request){.action = DESK_REPORT_FACTS,
                                                   .incident = 2,
                                                   .body = "{'source': 's', 'facts': {'Kind': 'Wild fire', "
                                                           "'Spreading': true}}"});
    const json_t *proposals = json_object_get(room_show(&room, 2), "proposals");
    const json_t *proposal = room_find(proposals, "to", "Yellow");
    assert_non_null(proposal);
    const json_t *deciders = json_object_get(proposal, "deciders");
    assert_int_equal(json_array_size(deciders), 2);
    assert_string_equal(json_string_value(json_array_get(deciders, 0)), "Warden");
    assert_string_equal(json_string_value(json_array_get(deciders, 1)), "Mayor");
    room_close(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parties),
        cmocka_unit_test(test_no_key),
        cmocka_unit_test(test_future),
        cmocka_unit_test_setup_teardown(test_deciders, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
