/* Proves: what was recorded as spoken and its office disputes stays on the lists until it is decided anew, whatever has become
 * of the incident, as long as it can be; a refusal in dispute is proposed again, also one that an older version left lying; and
 * nothing is closed over what is unconfirmed unless that is said. */
#include "desk/desk.h"

#include "room.h"
#include "run/session.h"

#include "../store/scratch.h"

#include <stdio.h>
#include <string.h>

static const char *const spoken_refusal =
    "{'decision': 'refuse', 'by': '区森防指', 'reason': '小火', 'spoken': {'who': '指挥长', 'from': '13900000000'}}";
static const char *const lapse = "{'reason': '处置完毕', 'lapse': true}";

static void write(struct room *room, enum desk_action action, uint32_t incident, uint32_t item, const char *body) {
    (void)room_write(room, &(struct room_request){.action = action, .incident = incident, .item = item, .body = body});
}

static void as_office(struct room *room, enum desk_action action, uint32_t incident, uint32_t item, const char *body) {
    struct account officer = room->account;
    room->account = room_account("commander", false, false, "区森防指\n");
    write(room, action, incident, item, body);
    room->account = officer;
}

static void open_fire(struct room *room, uint32_t incident) {
    write(room, DESK_OPEN_INCIDENT, 0, 0, "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '歌乐山'}");
    write(room, DESK_REPORT_FACTS, incident, 0, "{'source': '街道', 'facts': {'火情性质': '森林火灾'}}");
}

/* The first proposal of incident 2 is refused by telephone. */
static void begin(struct room *room, const char *directory) {
    room_open(room, directory);
    room_adopt(room, ROOM_FOREST);
    open_fire(room, 2);
    write(room, DESK_REPORT_FACTS, 2, 0, "{'source': '街道', 'facts': {'发生地': '本区', '火势失控': true}}");
    room->at += ROOM_MINUTE;
    write(room, DESK_DECIDE_PROPOSAL, 2, 1, spoken_refusal);
    room->at += ROOM_MINUTE;
}

static const json_t *list_spoken(struct room *room) {
    return json_object_get(room_expect(room, DESK_OK, &(struct room_request){.action = DESK_SHOW_DESK}), "spoken");
}

static void dispute(struct room *room) {
    const json_t *spoken = json_array_get(json_object_get(room_show(room, 2), "spoken"), 0);
    uint32_t order = (uint32_t)json_integer_value(json_object_get(spoken, "order"));
    as_office(room, DESK_SETTLE_ORDER, 0, order, "{'outcome': 'disputed', 'reason': '我没有说过'}");
    room->at += ROOM_MINUTE;
}

static size_t count_proposals(struct room *room, uint32_t incident, const char *status) {
    return room_count(json_object_get(room_show(room, incident), "proposals"), "status", status);
}

static void test_proposed_again(void **state) {
    char directory[SCRATCH_PATH_ROOM];
    struct room room;
    begin(&room, scratch_join(*state, "again", directory));
    assert_int_equal(count_proposals(&room, 2, "open"), 0);
    dispute(&room);
    assert_int_equal(count_proposals(&room, 2, "open"), 1);
    assert_int_equal(count_proposals(&room, 2, "refused"), 1);
    const json_t *event = room_find(json_object_get(room_show(&room, 2), "timeline"), "kind", "reconsider");
    assert_non_null(event);
    assert_string_equal(room_text(event, "actor"), "commander");
    assert_string_equal(room_text(json_object_get(event, "fields"), "reason"), "我没有说过");
    assert_int_equal(json_array_size(list_spoken(&room)), 1);
    (void)room_expect(&room, DESK_CONFLICT,
                      &(struct room_request){.action = DESK_CLOSE_INCIDENT, .incident = 2, .body = lapse});
    /* Decided by the office itself, with another no: that stands. */
    as_office(&room, DESK_DECIDE_PROPOSAL, 2, 2, "{'decision': 'refuse', 'by': '区森防指', 'reason': '小火'}");
    assert_int_equal(count_proposals(&room, 2, "open"), 0);
    assert_int_equal(json_array_size(list_spoken(&room)), 0);
    write(&room, DESK_CLOSE_INCIDENT, 2, 0, lapse);
    room_close(&room);
}

static void test_closed(void **state) {
    struct room room;
    (void)state;
    begin(&room, NULL);
    const struct room_request close = {.action = DESK_CLOSE_INCIDENT, .incident = 2, .body = "{'reason': '处置完毕'}"};
    (void)room_expect(&room, DESK_CONFLICT, &close);
    check(strstr(room.reply.failure.message, "not yet confirmed -- 区森防指: 响应") != NULL, "%s",
          room.reply.failure.message);
    write(&room, DESK_CLOSE_INCIDENT, 2, 0, lapse);
    assert_int_equal(json_array_size(list_spoken(&room)), 1);
    dispute(&room);
    assert_string_equal(room_text(json_array_get(list_spoken(&room), 0), "status"), "disputed");
    assert_int_equal(count_proposals(&room, 2, "open"), 0);
    write(&room, DESK_REOPEN_INCIDENT, 2, 0, "{'reason': '复燃'}");
    assert_int_equal(count_proposals(&room, 2, "open"), 1);
    assert_int_equal(json_array_size(list_spoken(&room)), 1);
    as_office(&room, DESK_DECIDE_PROPOSAL, 2, 2, "{'decision': 'accept', 'by': '区森防指'}");
    assert_int_equal(json_array_size(list_spoken(&room)), 0);
    room_close(&room);
}

/* What the facts no longer ask for need not be decided. */
static void test_asks_for_nothing(void **state) {
    struct room room;
    (void)state;
    begin(&room, NULL);
    dispute(&room);
    write(&room, DESK_REPORT_FACTS, 2, 0, "{'source': '街道', 'facts': {'火势失控': false}}");
    assert_int_equal(count_proposals(&room, 2, "open"), 0);
    assert_int_equal(json_array_size(list_spoken(&room)), 0);
    room_close(&room);
}

/* Merged, it is decided in the incident that goes on; what the merge carries over decides nothing. */
static void test_merged(void **state) {
    struct room room;
    (void)state;
    begin(&room, NULL);
    write(&room, DESK_GIVE_ORDER, 2, 0,
          "{'scale': '响应', 'level': 'Ⅲ级', 'by': '区森防指', 'reason': '风大', 'spoken': {'who': '指挥长', 'from': "
          "'13900000000'}}");
    const json_t *spoken = json_array_get(json_object_get(room_show(&room, 2), "spoken"), 1);
    uint32_t order = (uint32_t)json_integer_value(json_object_get(spoken, "order"));
    open_fire(&room, 3);
    as_office(&room, DESK_SETTLE_ORDER, 0, order, "{'outcome': 'disputed', 'reason': '我没有说过'}");
    assert_int_equal(room_count(list_spoken(&room), "status", "disputed"), 1);
    write(&room, DESK_MERGE_INCIDENT, 2, 0, "{'into': 3}");
    assert_int_equal(room_count(list_spoken(&room), "status", "disputed"), 1);
    room.at += ROOM_MINUTE;
    as_office(&room, DESK_GIVE_ORDER, 3, 0, "{'scale': '响应', 'level': 'Ⅳ级', 'by': '区森防指', 'reason': '四级'}");
    assert_int_equal(room_count(list_spoken(&room), "status", "disputed"), 0);
    room_close(&room);
}

/* What was spoken in an incident that has been merged into another is named when that is closed, and shown in it. */
static void test_closed_over_merged(void **state) {
    static const char *const named = "not yet confirmed -- 区森防指: 响应";
    char etag[DESK_ETAG_ROOM];
    struct room room;
    (void)state;
    begin(&room, NULL);
    open_fire(&room, 3);
    open_fire(&room, 4);
    const struct room_request close = {.action = DESK_CLOSE_INCIDENT, .incident = 4, .body = "{'reason': '处置完毕'}"};
    (void)room_expect(&room, DESK_CONFLICT, &close);
    check(strstr(room.reply.failure.message, named) == NULL, "%s", room.reply.failure.message);
    write(&room, DESK_MERGE_INCIDENT, 2, 0, "{'into': 3}");
    write(&room, DESK_MERGE_INCIDENT, 3, 0, "{'into': 4}");
    (void)room_expect(&room, DESK_CONFLICT, &close);
    check(strstr(room.reply.failure.message, named) != NULL, "%s", room.reply.failure.message);
    const json_t *spoken = json_object_get(room_show(&room, 4), "spoken");
    assert_int_equal(json_array_size(spoken), 1);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(spoken, 0), "incident")), 2);
    (void)memcpy(etag, room.reply.etag, sizeof etag);
    uint32_t order = (uint32_t)json_integer_value(json_object_get(json_array_get(spoken, 0), "order"));
    as_office(&room, DESK_SETTLE_ORDER, 0, order, "{'outcome': 'confirmed'}");
    /* The page of the incident that goes on is another by that. */
    spoken = json_object_get(room_show(&room, 4), "spoken");
    assert_string_equal(room_text(json_array_get(spoken, 0), "status"), "confirmed");
    assert_string_not_equal(room.reply.etag, etag);
    (void)room_expect(&room, DESK_CONFLICT, &close);
    check(strstr(room.reply.failure.message, named) == NULL, "%s", room.reply.failure.message);
    room_close(&room);
}

/* What is signed by telephone in an incident that has been merged already is shown in the one that goes on at once, too. */
static void test_signed_in_merged(void **state) {
    char etag[DESK_ETAG_ROOM];
    struct room room;
    (void)state;
    begin(&room, NULL);
    open_fire(&room, 3);
    write(&room, DESK_MERGE_INCIDENT, 2, 0, "{'into': 3}");
    assert_int_equal(json_array_size(json_object_get(room_show(&room, 3), "spoken")), 1);
    (void)memcpy(etag, room.reply.etag, sizeof etag);
    write(&room, DESK_SIGN_DOCUMENT, 2, 0,
          "{'form': '书面首报', 'title': '报告', 'body': '火', 'addressees': [], 'by': '指挥长', "
          "'spoken': {'who': '指挥长', 'from': '13900000000'}, "
          "'file': {'sha256': '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff', 'bytes': 9, 'pages': "
          "1, "
          "'head': '1:ab', 'missing': '', 'fonts': ''}}");
    assert_int_equal(json_array_size(json_object_get(room_show(&room, 3), "spoken")), 2);
    assert_string_not_equal(room.reply.etag, etag);
    room_close(&room);
}

/* The log as the version before had it: disputed, and nothing proposed again. The desk is closed. */
static void dispute_as_before(struct room *room) {
    struct failure failure = {0};
    char order[16];
    char at[CALENDAR_INSTANT_ROOM];
    const json_t *spoken = json_array_get(json_object_get(room_show(room, 2), "spoken"), 0);
    (void)snprintf(order, sizeof order, "%d", (int)json_integer_value(json_object_get(spoken, "order")));
    room_close(room);
    calendar_print_instant(room->at, 0, at);
    const struct store_field fields[] = {
        {.name = TEXT("kind"), .value = TEXT("desk.settlement")}, {.name = TEXT("at"), .value = text_of(at)},
        {.name = TEXT("actor"), .value = TEXT("commander")},      {.name = TEXT("incident"), .value = TEXT("2")},
        {.name = TEXT("order"), .value = text_of(order)},         {.name = TEXT("outcome"), .value = TEXT("disputed")},
        {.name = TEXT("reason"), .value = TEXT("我没有说过")},
    };
    const struct session_options options = {.directory = room->directory};
    struct session *session = session_open(&options, &failure);
    check(session != NULL, "%s", failure.message);
    check(session_note(session, room->at, fields, COUNT_OF(fields), NULL, NULL, &failure), "%s", failure.message);
    session_close(session);
}

static void open_later(struct room *room, const char *directory) {
    struct failure failure = {0};
    int64_t at = room->at + ROOM_MINUTE;
    int keys = room->keys;
    room_open(room, directory);
    room->at = at;
    room->keys = keys;
    check(desk_pass_time(room->desk, room->at, &failure), "%s", failure.message);
}

/* What an older version left lying is proposed again as soon as time passes, once and in the program's own name. */
static void test_mended(void **state) {
    struct failure failure = {0};
    char directory[SCRATCH_PATH_ROOM];
    struct room room;
    begin(&room, scratch_join(*state, "older", directory));
    dispute_as_before(&room);
    open_later(&room, directory);
    assert_int_equal(count_proposals(&room, 2, "open"), 1);
    const json_t *timeline = json_object_get(room_show(&room, 2), "timeline");
    assert_int_equal(room_count(timeline, "kind", "reconsider"), 1);
    const json_t *event = room_find(timeline, "kind", "reconsider");
    assert_string_equal(room_text(event, "actor"), DESK_OWN_NAME);
    assert_string_equal(room_text(json_object_get(event, "fields"), "reason"), "我没有说过");
    int64_t count = desk_event_count(room.desk);
    check(desk_pass_time(room.desk, room.at, &failure), "%s", failure.message);
    room_close(&room);
    open_later(&room, directory);
    assert_int_equal(desk_event_count(room.desk), count);
    as_office(&room, DESK_DECIDE_PROPOSAL, 2, 2, "{'decision': 'refuse', 'by': '区森防指', 'reason': '小火'}");
    assert_int_equal(json_array_size(list_spoken(&room)), 0);
    room_close(&room);
}

/* In an incident that is closed there is nothing to propose until it is opened again. */
static void test_mended_closed(void **state) {
    char directory[SCRATCH_PATH_ROOM];
    struct room room;
    begin(&room, scratch_join(*state, "closed", directory));
    write(&room, DESK_CLOSE_INCIDENT, 2, 0, lapse);
    dispute_as_before(&room);
    open_later(&room, directory);
    assert_int_equal(count_proposals(&room, 2, "open"), 0);
    assert_null(room_find(json_object_get(room_show(&room, 2), "timeline"), "kind", "reconsider"));
    write(&room, DESK_REOPEN_INCIDENT, 2, 0, "{'reason': '复燃'}");
    assert_int_equal(count_proposals(&room, 2, "open"), 1);
    room_close(&room);
}

/* ---- what can never be decided any more ------------------------------------------------------------------- */

static void adopt(struct room *room, const char *pack) {
    struct failure failure = {0};
    check(desk_adopt(room->desk, room->at, TEXT("server"), TEXT("small.plan.md"), text_of(pack), true, NULL, &failure),
          "%s", failure.message);
}

#define BONFIRE(version)                                                                                               \
    "```plan\n"                                                                                                        \
    "plan Bonfire { version \"" version                                                                                \
    "\" document \"BF 1/2026\" title \"Bonfires\" issued 2026-01-15 zone +08:00 }\n"                                   \
    "unit 'Fire Watch' @2\n"                                                                                           \
    "office Warden of 'Fire Watch' @2\n"                                                                               \
    "incident Bonfire { fact Out: flag }\n"
#define SEASON "standing Season { fact Dry: flag, yes is worse \"Is it dry?\" }\n"
#define WARNING                                                                                                        \
    "setting promptly = 10 min because \"No number is given.\"\n"                                                      \
    "chain Upward = Warden every 15 min because \"Nobody is named.\"\n"                                                \
    "scale Warning of Season {\n"                                                                                      \
    "  levels Warn @4  proposed by 'Fire Watch' ordered by Warden @4  decide within promptly chain Upward\n"           \
    "  Warn when Dry @4\n"                                                                                             \
    "}\n"

/* A refusal in the standing subject, incident 1, is disputed, and the next version knows its scale no more, nor perhaps the
 * subject. */
static void expect_no_dispute(const char *next) {
    struct room room;
    room_open(&room, NULL);
    adopt(&room, BONFIRE("1") SEASON WARNING "```\n");
    write(&room, DESK_REPORT_FACTS, 1, 0, "{'source': 'Ann', 'facts': {'Dry': true}}");
    write(&room, DESK_DECIDE_PROPOSAL, 1, 1,
          "{'decision': 'refuse', 'by': 'Warden', 'reason': 'dew', 'spoken': {'who': 'Ann', 'from': '555 0199'}}");
    const json_t *spoken = json_array_get(json_object_get(room_show(&room, 1), "spoken"), 0);
    uint32_t order = (uint32_t)json_integer_value(json_object_get(spoken, "order"));
    struct account officer = room.account;
    room.account = room_account("warden", false, false, "Warden\n");
    room.at += ROOM_MINUTE;
    write(&room, DESK_SETTLE_ORDER, 0, order, "{'outcome': 'disputed', 'reason': 'not I'}");
    room.account = officer;
    assert_int_equal(json_array_size(list_spoken(&room)), 1);
    room.at += ROOM_MINUTE;
    adopt(&room, next);
    assert_int_equal(json_array_size(list_spoken(&room)), 0);
    assert_string_equal(room_text(json_array_get(json_object_get(room_show(&room, 1), "spoken"), 0), "status"),
                        "disputed");
    room_close(&room);
}

static void test_subject_ended(void **state) {
    (void)state;
    expect_no_dispute(BONFIRE("2") "```\n");
}

static void test_scale_gone(void **state) {
    (void)state;
    expect_no_dispute(BONFIRE("2") SEASON "```\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_proposed_again, scratch_set_up, scratch_tear_down),
        cmocka_unit_test(test_closed),
        cmocka_unit_test(test_asks_for_nothing),
        cmocka_unit_test(test_merged),
        cmocka_unit_test(test_closed_over_merged),
        cmocka_unit_test(test_signed_in_merged),
        cmocka_unit_test_setup_teardown(test_mended, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_mended_closed, scratch_set_up, scratch_tear_down),
        cmocka_unit_test(test_subject_ended),
        cmocka_unit_test(test_scale_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
