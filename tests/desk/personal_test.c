/* Proves: who calls, who is spoken with and their numbers are in no answer to whoever may not see them, not in what can be
 * found by them either, and not in an incident's audit; the duty room sees them, and so does who owes a duty in the incident, of
 * that incident alone. What is official stays: who gives an order, which unit reports. */
#include "desk/personal.h"

#include "desk/audit.h"
#include "desk/token.h"
#include "room.h"

#include "../store/scratch.h"

#include <stdlib.h>
#include <string.h>

#define CALLER "曾阿花"
#define CALLER_PHONE "13911112222"
#define LEFT_CALLER "丘无名" /* of a call without an incident */
#define LEFT_PHONE "13922223333"
#define REACHED "邝接线"
#define REACHED_PHONE "13933334444"
#define BRIGADE_MAN "龚队副"
#define BRIGADE_PHONE "13955556666"
#define ORDER_PHONE "13977778888"
#define ANSWER_PHONE "13955556666"

static const char *const of_incident[] = {CALLER,      CALLER_PHONE,  REACHED,    REACHED_PHONE,
                                          BRIGADE_MAN, BRIGADE_PHONE, ORDER_PHONE};
static const char *const of_nothing[] = {LEFT_CALLER, LEFT_PHONE};

/* What a body says of a name or number. */
static bool tells(const json_t *body, const char *secret) {
    char *text = json_dumps(body, JSON_COMPACT);
    assert_non_null(text);
    bool is_told = strstr(text, secret) != NULL;
    free(text);
    return is_told;
}

static void write(struct room *room, enum desk_action action, const char *body) {
    (void)room_write(room, &(struct room_request){.action = action, .incident = 2, .item = 1, .body = body});
}

/* Incident 2, with all kinds of persons in it; and a call that belongs to nothing. */
static void begin(struct room *room, const char *directory) {
    room_open(room, directory);
    room_adopt(room, ROOM_FOREST);
    write(room, DESK_SAVE_CALL,
          "{'text': '山上有烟', 'place': '歌乐山', 'caller': '" CALLER "', 'phone': '" CALLER_PHONE "'}");
    write(room, DESK_SAVE_CALL, "{'text': '别处冒烟', 'caller': '" LEFT_CALLER "', 'phone': '" LEFT_PHONE "'}");
    write(room, DESK_OPEN_INCIDENT, "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '歌乐山火情', 'call': 1}");
    write(room, DESK_REPORT_FACTS,
          "{'source': '" CALLER "', 'call': 1, 'facts': {'火情性质': '森林火灾', '发生地': '本区', '火势失控': true}}");
    write(room, DESK_REPORT_FACTS, "{'source': '歌乐山街道', 'facts': {'死亡': 0}}");
    write(room, DESK_NOTE_FORCE,
          "{'party': '外区队', 'outside': true, 'step': 'coming', 'people': 9, 'spoken_with': '" BRIGADE_MAN
          "', 'phone': '" BRIGADE_PHONE "'}");
    write(room, DESK_NOTE_CONTACT,
          "{'answer': 'reached', 'acknowledged': true, 'spoken_with': '" REACHED "', 'phone': '" REACHED_PHONE "'}");
    write(room, DESK_GIVE_ORDER,
          "{'scale': '响应', 'level': 'Ⅳ级', 'by': '区森防指', 'reason': '火大', 'spoken': {'who': '指挥长', 'from': "
          "'" ORDER_PHONE "'}}");
}

/* Every answer in which something personal may stand, one after the other; NULL behind the last. The caller's. */
static json_t *read_answer(struct room *room, size_t which) {
    static const struct room_request requests[] = {
        {.action = DESK_SHOW_INCIDENT, .incident = 2},
        {.action = DESK_SHOW_DESK},
        {.action = DESK_LIST_CALLS},
        {.action = DESK_LIST_NOTICES},
        {.action = DESK_SHOW_HANDOVER},
        {.action = DESK_SEARCH, .query = "烟"},
        {.action = DESK_SEARCH, .query = CALLER},
        {.action = DESK_SEARCH, .query = "13955"},
        {.action = DESK_SEARCH, .query = "13911"},
        {.action = DESK_SEARCH, .query = "烟 13911"},
        {.action = DESK_SEARCH, .query = "火情 zah"},
    };
    return which < COUNT_OF(requests) ? json_deep_copy(room_expect(room, DESK_OK, &requests[which])) : NULL;
}

/* The audit of incident 2, as whoever asks is given it. */
static json_t *read_audit(struct room *room, struct audit *audit) {
    const struct room_request request = {.action = DESK_SHOW_AUDIT, .incident = 2};
    struct desk_reply reply;
    json_t *part = json_deep_copy(room_expect(room, DESK_OK, &request));
    const struct audit_question question = {.incident = 2, .part = part, .now = room->at};
    audit_show(audit, &question, &reply);
    check(reply.outcome == DESK_OK, "%s", reply.failure.message);
    json_decref(part);
    return reply.body;
}

/* Counts in how many answers each of the secrets stands; in those of a search what was typed is told again, so that is left
 * out. */
static void count_told(struct room *room, const char *directory, const char *const *secrets, size_t count,
                       size_t *told) {
    struct failure failure = {0};
    struct audit *audit = audit_open(directory, &failure);
    check(audit != NULL, "%s", failure.message);
    memset(told, 0, count * sizeof *told);
    json_t *body = read_answer(room, 0);
    for (size_t which = 1; body != NULL; which++) {
        (void)json_object_del(body, "query");
        for (size_t i = 0; i < count; i++) {
            told[i] += tells(body, secrets[i]);
        }
        json_decref(body);
        body = read_answer(room, which);
    }
    body = read_audit(room, audit);
    for (size_t i = 0; i < count; i++) {
        told[i] += tells(body, secrets[i]);
    }
    json_decref(body);
    audit_close(audit);
}

static void check_secrets(struct room *room, const char *directory, bool sees_incident, bool sees_rest) {
    size_t told[COUNT_OF(of_incident)];
    count_told(room, directory, of_incident, COUNT_OF(of_incident), told);
    for (size_t i = 0; i < COUNT_OF(of_incident); i++) {
        check((told[i] > 0) == sees_incident, "%s: %s is told in %zu answers", room->account.name, of_incident[i],
              told[i]);
    }
    count_told(room, directory, of_nothing, COUNT_OF(of_nothing), told);
    for (size_t i = 0; i < COUNT_OF(of_nothing); i++) {
        check((told[i] > 0) == sees_rest, "%s: %s is told in %zu answers", room->account.name, of_nothing[i], told[i]);
    }
}

static void test_answers(void **state) {
    char directory[SCRATCH_PATH_ROOM];
    struct room room;
    begin(&room, scratch_join(*state, "answers", directory));
    check_secrets(&room, directory, true, true); /* the duty room */
    room.account = room_account("nobody", false, false, "");
    check_secrets(&room, directory, false, false);
    room.account = room_account("administrator", true, false, "");
    check_secrets(&room, directory, false, false);
    room.account = room_account("elsewhere", false, false, "石井坡街道\n");
    check_secrets(&room, directory, false, false);
    room.account = room_account("owes", false, false, "区森防办\n");
    check_secrets(&room, directory, true, false);
    room.account = room_account("token:reader", false, false, "区森防办\n");
    room.account.scope = TOKEN_MAY_READ;
    check_secrets(&room, directory, false, false);
    room_close(&room);
}

/* The event that was logged last. */
static void keep_event(void *context, int64_t sequence, const json_t *event) {
    (void)sequence;
    json_decref(*(json_t **)context);
    *(json_t **)context = json_deep_copy(event);
}

/* An auditor is shown it in audits alone, and that he was is in the log; that moments were listed is not. */
static void test_auditor(void **state) {
    char directory[SCRATCH_PATH_ROOM];
    struct room room;
    struct failure failure = {0};
    begin(&room, scratch_join(*state, "auditor", directory));
    struct audit *audit = audit_open(directory, &failure);
    check(audit != NULL, "%s", failure.message);
    room.account = room_account("auditor", false, false, "");
    room.account.auditor = true;
    int64_t before = desk_event_count(room.desk);
    json_t *body = read_answer(&room, 0);
    for (size_t which = 1; body != NULL; which++) {
        (void)json_object_del(body, "query");
        for (size_t i = 0; i < COUNT_OF(of_incident); i++) {
            check(!tells(body, of_incident[i]), "answer %zu tells %s", which, of_incident[i]);
        }
        json_decref(body);
        body = read_answer(&room, which);
    }
    (void)room_expect(&room, DESK_OK, &(struct room_request){.action = DESK_LIST_MOMENTS, .incident = 2});
    assert_int_equal(desk_event_count(room.desk), before);
    (void)room_show(&room, 2);
    char etag[DESK_ETAG_ROOM];
    memcpy(etag, room.reply.etag, sizeof etag);
    room.at += ROOM_MINUTE / 60;
    body = read_audit(&room, audit);
    for (size_t i = 0; i < COUNT_OF(of_incident); i++) {
        check(tells(body, of_incident[i]), "the audit hides %s", of_incident[i]);
    }
    json_decref(body);
    assert_int_equal(desk_event_count(room.desk), before + 1);
    json_t *event = NULL;
    check(desk_read_events(room.desk, before + 1, keep_event, &event, &failure), "%s", failure.message);
    assert_string_equal(room_text(event, "kind"), "desk.personal-data-read");
    assert_string_equal(room_text(event, "actor"), "auditor");
    assert_string_equal(room_text(json_object_get(event, "fields"), "read_incident"), "2");
    json_decref(event);
    (void)room_show(&room, 2); /* nobody's order meets another state because somebody has looked */
    check(strncmp(etag, room.reply.etag, strcspn(etag, ".")) == 0, "%s, then %s", etag, room.reply.etag);
    audit_close(audit);
    room_close(&room);
}

/* What is found by what is hidden is not found; by what is not, it is, without it. */
static void test_search(void **state) {
    char directory[SCRATCH_PATH_ROOM];
    struct room room;
    begin(&room, scratch_join(*state, "search", directory));
    room.account = room_account("nobody", false, false, "");
    static const char *const queries[] = {CALLER, CALLER_PHONE, "13911", "烟 13911", BRIGADE_PHONE, REACHED, "13977"};
    for (size_t i = 0; i < COUNT_OF(queries); i++) {
        const json_t *body =
            room_expect(&room, DESK_OK, &(struct room_request){.action = DESK_SEARCH, .query = queries[i]});
        check(json_array_size(json_object_get(body, "groups")) == 0, "%s is found", queries[i]);
    }
    const json_t *body = room_expect(&room, DESK_OK, &(struct room_request){.action = DESK_SEARCH, .query = "山上"});
    const json_t *hits = json_object_get(room_find(json_object_get(body, "groups"), "kind", "call"), "hits");
    assert_int_equal(json_array_size(hits), 1);
    assert_string_equal(room_text(json_array_get(hits, 0), "field"), "text");
    room_close(&room);
}

/* What is official is told to everybody; what is hidden has its place. */
static void test_official(void **state) {
    char directory[SCRATCH_PATH_ROOM];
    struct room room;
    begin(&room, scratch_join(*state, "official", directory));
    room.account = room_account("nobody", false, false, "");
    const json_t *page = room_show(&room, 2);
    assert_true(tells(page, "指挥长"));
    assert_true(tells(page, "歌乐山街道"));
    assert_string_equal(room_text(json_array_get(json_object_get(page, "calls"), 0), "caller"), PERSONAL_HIDDEN);
    assert_string_equal(room_text(json_array_get(json_object_get(page, "calls"), 0), "text"), "山上有烟");
    room_close(&room);
}

/* Whose office it is sees from where it was spoken; a machine of the same office does not, nor who has answered. */
static void test_own(void **state) {
    char directory[SCRATCH_PATH_ROOM];
    struct room room;
    begin(&room, scratch_join(*state, "own", directory));
    const struct room_request own = {.action = DESK_SHOW_OWN};
    const json_t *duty = room_find(json_object_get(room_show(&room, 2), "duties"), "name", "电话报告");
    (void)room_write(&room,
                     &(struct room_request){.action = DESK_ACKNOWLEDGE_DUTY,
                                            .incident = 2,
                                            .item = room_item(duty),
                                            .body = "{'spoken': {'who': '" REACHED "', 'from': '" ANSWER_PHONE "'}}"});
    room.account = room_account("chief", false, false, "区森防指\n区森防办\n");
    const json_t *body = room_expect(&room, DESK_OK, &own);
    assert_true(tells(body, ORDER_PHONE));
    assert_true(tells(body, REACHED));
    assert_true(tells(body, ANSWER_PHONE));
    room.account.scope = TOKEN_MAY_READ;
    body = room_expect(&room, DESK_OK, &own);
    assert_true(json_array_size(json_object_get(body, "duties")) > 0);
    assert_false(tells(body, ORDER_PHONE));
    assert_false(tells(body, REACHED));
    assert_false(tells(body, ANSWER_PHONE));
    room_close(&room);
}

/* The page of who may see less has a tag of its own, and a write that names it is taken. */
static void test_tag(void **state) {
    char directory[SCRATCH_PATH_ROOM];
    char full[DESK_ETAG_ROOM];
    struct room room;
    begin(&room, scratch_join(*state, "tag", directory));
    (void)room_show(&room, 2);
    memcpy(full, room.reply.etag, sizeof full);
    room.account = room_account("chief", false, false, "区森防指\n");
    (void)room_show(&room, 2);
    char less[DESK_ETAG_ROOM];
    memcpy(less, room.reply.etag, sizeof less);
    check(strcmp(full, less) != 0, "both are %s", full);
    struct room_request order = {.action = DESK_GIVE_ORDER,
                                 .incident = 2,
                                 .if_match = less,
                                 .body = "{'scale': '响应', 'level': 'Ⅲ级', 'by': '区森防指', 'reason': '更大'}"};
    (void)room_expect(&room, DESK_CREATED, &order);
    room_close(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_answers, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_auditor, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_search, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_official, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_own, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_tag, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
