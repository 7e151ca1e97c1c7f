/* Proves: nobody signs unawares what the log knows better by now. Whoever has seen it signs all the same, and a document with
 * a clock is never held up by a log that goes on; that time passes alone is no change. A text that was handed over waits for
 * those who sign it until it is signed, sent back, or another is handed over. */
#include "desk/desk.h"

#include "../store/scratch.h"
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
    report(room,
           "'火情性质': '森林火灾', '发生地': '本区', '过火面积': '0.6 ha', '起火时间': '2022-08-20T13:30:00+08:00'");
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
    (void)room_expect(room, outcome,
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

/* ---- handed over ---------------------------------------------------------------------------------------------- */

#define FILE_MADE                                                                                                      \
    "'file': {'sha256': '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff', 'bytes': 9, 'pages': 1, "  \
    "'head': '1:ab', 'missing': '', 'fonts': ''}"

static void be_officer(struct room *room) {
    room->account = room_account("wang", false, true, "");
}

static void be_leader(struct room *room) {
    room->account = room_account("zhao", false, false, "指挥长\n");
}

static uint32_t hand_over(struct room *room, const char *body) {
    char request[512];
    be_officer(room);
    (void)snprintf(request, sizeof request,
                   "{'form': '书面首报', 'title': '关于山火的报告', 'body': '%s', 'addressees': ['区委', '区政府']}",
                   body);
    return (uint32_t)room_write(room,
                                &(struct room_request){.action = DESK_SUBMIT_TEXT, .incident = 2, .body = request});
}

static enum desk_outcome send_back(struct room *room, uint32_t submission, const char *by) {
    char body[256];
    (void)snprintf(body, sizeof body, "{'by': '%s', 'reason': '人数再核'}", by);
    return room_ask(
        room, &(struct room_request){.action = DESK_RETURN_TEXT, .incident = 2, .item = submission, .body = body});
}

static void sign(struct room *room, enum desk_outcome outcome, uint32_t submission) {
    char body[512];
    (void)snprintf(body, sizeof body,
                   "{'form': '书面首报', 'title': '关于山火的报告', 'body': '改过', 'addressees': [], 'by': '指挥长', "
                   "'submission': %u, " FILE_MADE "}",
                   (unsigned)submission);
    (void)room_expect(room, outcome, &(struct room_request){.action = DESK_SIGN_DOCUMENT, .incident = 2, .body = body});
}

static const json_t *find_submitted(struct room *room) {
    const json_t *body =
        room_expect(room, DESK_OK, &(struct room_request){.action = DESK_LIST_DOCUMENTS, .incident = 2});
    return json_object_get(room_find(json_object_get(body, "documents"), "form", "书面首报"), "submitted");
}

/* What waits for the account that asks, and what waits at the desk. */
static size_t count_own(struct room *room) {
    const json_t *own = room_expect(room, DESK_OK, &(struct room_request){.action = DESK_SHOW_OWN});
    size_t count = json_array_size(json_object_get(own, "signatures"));
    assert_int_equal(json_integer_value(json_object_get(json_object_get(own, "totals"), "signatures")), count);
    return count;
}

static size_t count_all(struct room *room) {
    return json_array_size(
        json_object_get(room_expect(room, DESK_OK, &(struct room_request){.action = DESK_SHOW_DESK}), "signatures"));
}

static void test_handed_over(void **state) {
    struct room room;
    (void)state;
    begin_fire(&room);
    assert_true(json_is_null(find_submitted(&room)));
    uint32_t first = hand_over(&room, "值班员补充：风向转北。");
    assert_int_equal(count_own(&room), 0); /* it is not the officer's to sign */
    assert_int_equal(count_all(&room), 1);
    be_leader(&room);
    const json_t *own = room_expect(&room, DESK_OK, &(struct room_request){.action = DESK_SHOW_OWN});
    const json_t *waiting = json_array_get(json_object_get(own, "signatures"), 0);
    assert_string_equal(room_text(json_object_get(waiting, "text"), "body"), "值班员补充：风向转北。");
    assert_string_equal(room_text(waiting, "due_at"), "2022-08-20T07:00:00+00:00");
    assert_int_equal(send_back(&room, first, "区森防办"), DESK_REFUSED); /* who does not sign it sends nothing back */
    assert_int_equal(send_back(&room, first + 1, "指挥长"), DESK_NOT_FOUND);
    assert_int_equal(send_back(&room, first, "指挥长"), DESK_CREATED);
    assert_int_equal(send_back(&room, first, "指挥长"), DESK_CONFLICT);
    assert_int_equal(count_own(&room), 0);
    const json_t *returned = find_submitted(&room);
    assert_string_equal(room_text(returned, "status"), "returned");
    assert_string_equal(room_text(returned, "reason"), "人数再核");
    assert_string_equal(room_text(returned, "returned_by"), "指挥长");
    uint32_t second = hand_over(&room, "二稿");
    uint32_t third = hand_over(&room, "三稿");
    assert_int_equal(count_all(&room), 1);
    be_leader(&room);
    sign(&room, DESK_CONFLICT, second); /* another was handed over meanwhile */
    assert_string_equal(room.reply.failure.field, "submission");
    sign(&room, DESK_CREATED, third);
    assert_true(json_is_null(find_submitted(&room)));
    assert_int_equal(count_own(&room), 0);
    sign(&room, DESK_CONFLICT, third);
    room_close(&room);
}

/* From what it was made is told whole, or not at all: the title as it was drafted, not as somebody has put it. */
static void test_draft_is_kept(void **state) {
    struct room room;
    (void)state;
    begin_fire(&room);
    (void)hand_over(&room, "一稿");
    assert_true(json_is_null(json_object_get(find_submitted(&room), "drafted_title")));
    assert_true(json_is_null(json_object_get(find_submitted(&room), "drafted_addressees")));
    (void)room_write(&room,
                     &(struct room_request){
                         .action = DESK_SUBMIT_TEXT,
                         .incident = 2,
                         .body = "{'form': '书面首报', 'title': '山火报告', 'body': '二稿', 'addressees': ['区委'], "
                                 "'basis': '0123456789abcdef', 'drafted': '一稿', 'drafted_title': "
                                 "'关于山火的报告', 'drafted_addressees': ['区委', '区政府']}"});
    const json_t *made = find_submitted(&room);
    assert_string_equal(room_text(made, "title"), "山火报告");
    assert_string_equal(room_text(made, "drafted_title"), "关于山火的报告");
    assert_int_equal(json_array_size(json_object_get(made, "drafted_addressees")), 2);
    (void)room_write(&room,
                     &(struct room_request){
                         .action = DESK_SUBMIT_TEXT,
                         .incident = 2,
                         .body = "{'form': '书面首报', 'title': '山火报告', 'body': '二稿', 'addressees': ['区委'], "
                                 "'basis': '0123456789abcdef', 'drafted': '一稿', 'drafted_title': "
                                 "'关于山火的报告', 'drafted_addressees': []}"});
    const json_t *none = json_object_get(find_submitted(&room), "drafted_addressees");
    assert_true(json_is_array(none) && json_array_size(none) == 0); /* it was drafted to nobody */
    (void)room_expect(&room, DESK_REFUSED,
                      &(struct room_request){.action = DESK_SUBMIT_TEXT,
                                             .incident = 2,
                                             .body = "{'form': '书面首报', 'title': '山火报告', 'body': '二稿', "
                                                     "'addressees': [], 'drafted_addressees': '区委'}"});
    assert_string_equal(room.reply.failure.field, "drafted_addressees");
    room_close(&room);
}

/* It outlives a restart; with the incident it waits no longer. */
static void test_handed_over_is_kept(void **state) {
    struct room room;
    room_open(&room, *state);
    room_adopt(&room, ROOM_FOREST);
    (void)room_write(&room, &(struct room_request){.action = DESK_OPEN_INCIDENT, .body = FIRE_OPEN});
    (void)hand_over(&room, "一稿");
    room_open_again(&room);
    assert_int_equal(count_all(&room), 1);
    assert_string_equal(room_text(find_submitted(&room), "submitter"), room.account.display_name);
    (void)room_write(&room, &(struct room_request){.action = DESK_CLOSE_INCIDENT,
                                                   .incident = 2,
                                                   .body = "{'reason': '误报', 'lapse': true}"});
    assert_int_equal(count_all(&room), 0);
    (void)room_expect(
        &room, DESK_CONFLICT,
        &(struct room_request){.action = DESK_SUBMIT_TEXT,
                               .incident = 2,
                               .body = "{'form': '书面首报', 'title': '报告', 'body': '火', 'addressees': []}"});
    room_close(&room);
}

/* ---- sent ---------------------------------------------------------------------------------------------------- */

static enum desk_outcome send(struct room *room, const char *more) {
    char body[512];
    be_officer(room);
    (void)snprintf(body, sizeof body, "{'party': '区委', %s}", more);
    return room_ask(room, &(struct room_request){.action = DESK_DISPATCH_DOCUMENT, .incident = 2, .body = body});
}

static void expect_refused(struct room *room, enum desk_outcome outcome, const char *field, const char *more) {
    int64_t count = desk_event_count(room->desk);
    check(send(room, more) == outcome, "%s: outcome %d", more, room->reply.outcome);
    assert_string_equal(room->reply.failure.field, field);
    assert_int_equal(desk_event_count(room->desk), count);
}

static int64_t sign_as(struct room *room, int64_t replaces) {
    char more[64] = "";
    char body[512];
    be_leader(room);
    if (replaces != 0) {
        (void)snprintf(more, sizeof more, "'replaces': %d, ", (int)replaces);
    }
    (void)snprintf(
        body, sizeof body,
        "{'form': '书面首报', 'title': '报告', 'body': '火', 'addressees': [], 'by': '指挥长', %s" FILE_MADE "}", more);
    int64_t sequence =
        room_write(room, &(struct room_request){.action = DESK_SIGN_DOCUMENT, .incident = 2, .body = body});
    room->at += ROOM_MINUTE;
    return sequence;
}

/* A way proves something only with what it leaves behind; nothing goes out before it was there. */
static void test_sent(void **state) {
    struct room room;
    char more[128];
    (void)state;
    begin_fire(&room);
    int document = (int)sign_as(&room, 0);
    (void)snprintf(more, sizeof more, "'form': '书面首报', 'document': %d, 'way': ", document);
#define WAY(rest) (snprintf(body, sizeof body, "%s%s", more, rest), body)
    char body[256];
    expect_refused(&room, DESK_REFUSED, "attachments", WAY("'receipt'"));
    expect_refused(&room, DESK_REFUSED, "attachments", WAY("'receipt', 'note': ' '"));
    expect_refused(&room, DESK_REFUSED, "attachments", WAY("'scan', 'spoken_with': '小李'"));
    expect_refused(&room, DESK_REFUSED, "spoken_with", WAY("'phone'"));
    expect_refused(&room, DESK_REFUSED, "as_of", WAY("'fax', 'as_of': '2022-08-20T06:00:30Z'")); /* not signed yet */
    expect_refused(&room, DESK_REFUSED, "spoken_with", "'form': '首报电话稿', 'way': 'phone'");
    expect_refused(&room, DESK_REFUSED, "as_of",
                   "'form': '首报电话稿', 'way': 'phone', 'spoken_with': '委办', 'as_of': '2022-08-20T05:59:59Z'");
    assert_int_equal(send(&room, WAY("'receipt', 'spoken_with': '委办值班员'")), DESK_CREATED);
    room_close(&room);
}

/* Only the latest proves: who would send the one before is told which that is. */
static void test_replaced_is_not_sent(void **state) {
    struct room room;
    char more[128];
    char said[64];
    (void)state;
    begin_fire(&room);
    int64_t first = sign_as(&room, 0);
    int64_t second = sign_as(&room, first);
    (void)snprintf(more, sizeof more, "'form': '书面首报', 'document': %d, 'way': 'fax'", (int)first);
    expect_refused(&room, DESK_CONFLICT, "document", more);
    (void)snprintf(said, sizeof said, "document %d ", (int)second);
    assert_non_null(strstr(room.reply.failure.message, said));
    (void)snprintf(more, sizeof more, "'form': '书面首报', 'document': %d, 'way': 'fax'", (int)second);
    assert_int_equal(send(&room, more), DESK_CREATED);
    room_close(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log_knows_more),
        cmocka_unit_test(test_clock_runs),
        cmocka_unit_test(test_handed_over),
        cmocka_unit_test(test_draft_is_kept),
        cmocka_unit_test(test_sent),
        cmocka_unit_test(test_replaced_is_not_sent),
        cmocka_unit_test_setup_teardown(test_handed_over_is_kept, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
