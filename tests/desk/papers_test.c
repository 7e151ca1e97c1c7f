/* Proves: a document is drafted from what the log says and from nothing else: what is not known is drafted as not known
 * even where the plan presumes something, a range as a range, a part that has no ground not at all; which documents are due
 * follows from the duties that they serve. The same in a second plan, in its own language. Whose signature was given by
 * telephone answers for it. */
#include "desk/desk.h"

#include "room.h"

#include <stdio.h>
#include <string.h>

#define FIRE_OPEN                                                                                                      \
    "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '歌乐山林火', 'call': 1, "                      \
    "'first_sighted_at': '2022-08-20T14:00:00+08:00'}"

static void begin_fire(struct room *room) {
    room_open(room, NULL);
    room_adopt(room, ROOM_FOREST);
    (void)room_write(room,
                     &(struct room_request){.action = DESK_SAVE_CALL,
                                            .body = "{'text': '山上冒烟', 'place': '歌乐山三百梯', 'caller': '王某'}"});
    (void)room_write(room, &(struct room_request){.action = DESK_OPEN_INCIDENT, .body = FIRE_OPEN});
    room->at += ROOM_MINUTE;
}

static void report(struct room *room, const char *facts) {
    char body[512];
    (void)snprintf(body, sizeof body, "{'source': 'desk', 'facts': {%s}}", facts);
    (void)room_write(room, &(struct room_request){.action = DESK_REPORT_FACTS, .incident = 2, .body = body});
    room->at += ROOM_MINUTE;
}

static const char *draft(struct room *room, const char *form, const char *field) {
    const json_t *body =
        room_expect(room, DESK_OK, &(struct room_request){.action = DESK_DRAFT_DOCUMENT, .incident = 2, .plan = form});
    return room_text(body, field);
}

static void expect(struct room *room, const char *form, const char *words) {
    const char *body = draft(room, form, "body");
    check(strstr(body, words) != NULL, "%s lacks: %s", form, words);
}

static void expect_not(struct room *room, const char *form, const char *words) {
    const char *body = draft(room, form, "body");
    check(strstr(body, words) == NULL, "%s has: %s", form, words);
}

static const json_t *find_form(struct room *room, const char *form) {
    const json_t *body =
        room_expect(room, DESK_OK, &(struct room_request){.action = DESK_LIST_DOCUMENTS, .incident = 2});
    const json_t *found = room_find(json_object_get(body, "documents"), "form", form);
    check(found != NULL, "no form %s", form);
    return found;
}

static void test_nothing_is_made_up(void **state) {
    struct room room;
    (void)state;
    begin_fire(&room);
    assert_string_equal(draft(&room, "书面首报", "title"), "关于歌乐山三百梯森林火灾的报告");
    expect(&room, "书面首报", "2022年8月20日14时00分，区森防办接到火情报告：歌乐山林火，地点歌乐山三百梯。");
    expect(&room, "书面首报", "# 一、火情\n火情性质：尚未查明\n"); /* although the plan presumes a forest fire */
    expect(&room, "书面首报", "死亡：尚未查明\n");
    expect(&room, "书面首报", "应急响应：尚未启动。");
    expect(&room, "书面首报", "尚未调动力量。");
    expect_not(&room, "书面首报", "重要军事目标"); /* nothing is known of it: not a word */
    expect_not(&room, "书面首报", "总指挥");
    report(
        &room,
        "'过火面积': '>= 0.6 ha', '重伤': '1..3', '威胁重要军事目标': '是', '火情性质': '森林火灾', '发生地': '本区', "
        "'起火时间': '2022-08-20T13:30:00+08:00'");
    expect(&room, "书面首报", "过火面积：不少于0.6公顷\n");
    expect(&room, "书面首报", "重伤：1至3\n");
    expect(&room, "书面首报", "重要军事目标受威胁：是；大型军工企业或危险化学品生产企业受威胁：尚未查明");
    expect(&room, "书面首报", "起火时间：2022年8月20日13时30分\n燃烧时间：32分钟\n");
    room_close(&room);
}

static void test_orders_and_forces(void **state) {
    struct room room;
    (void)state;
    begin_fire(&room);
    report(&room, "'火情性质': '森林火灾', '发生地': '本区', '过火面积': '0.6 ha', '前指成立': '是'");
    (void)room_write(&room, &(struct room_request){.action = DESK_GIVE_ORDER,
                                                   .incident = 2,
                                                   .body = "{'scale': '响应', 'level': 'Ⅲ级', 'by': '指挥长', "
                                                           "'spoken': {'who': '指挥长本人', 'from': '65512350'}}"});
    room.at += ROOM_MINUTE;
    (void)room_write(
        &room, &(struct room_request){.action = DESK_NOTE_FORCE,
                                      .incident = 2,
                                      .body = "{'party': '沙坪坝区消防救援支队', 'step': 'coming', 'people': 24}"});
    expect(&room, "前指命令", "应急响应为Ⅲ级。决定成立扑火前指");
    expect(&room, "前指命令",
           "总指挥：指挥长。副总指挥：副指挥长、区人武部分管负责人、区消防救援支队主要负责人、属地镇街主要负责人。");
    expect(&room, "书面首报", "已于2022年8月20日14时01分成立扑火前指，总指挥：指挥长。");
    expect(&room, "书面首报", "沙坪坝区消防救援支队：正在赶来，24人\n");
    expect(&room, "书面首报", "响应定为Ⅲ级（指挥长决定）\n");
    expect(&room, "书面首报",
           "2022年8月20日14时01分，火情性质：森林火灾；发生地：本区；过火面积：0.6公顷；前指成立：是\n");
    report(&room, "'被困': 2");
    report(&room, "'被困': 2, '明火扑灭': '是'");
    (void)room_write(&room, &(struct room_request){.action = DESK_NOTE_FORCE,
                                                   .incident = 2,
                                                   .body = "{'party': '沙坪坝区消防救援支队', 'step': 'arrived'}"});
    room.at += ROOM_MINUTE;
    (void)room_write(&room, &(struct room_request){.action = DESK_NOTE_FORCE,
                                                   .incident = 2,
                                                   .body = "{'party': '沙坪坝区消防救援支队', 'step': 'released'}"});
    expect(&room, "书面终报",
           "2022年8月20日14时03分，被困：2\n2022年8月20日14时03分，沙坪坝区消防救援支队：正在赶来，24人\n2022年8月20日1"
           "4时04分，明火扑灭：是\n");
    expect(&room, "书面终报", "沙坪坝区消防救援支队：已到场");
    expect(&room, "书面终报", "沙坪坝区消防救援支队：已撤回\n");
    expect(&room, "响应指令", "属地镇街：属地镇街（尚未指定）。");
    (void)room_write(&room, &(struct room_request){.action = DESK_BIND_ROLE,
                                                   .incident = 2,
                                                   .body = "{'role': '属地镇街', 'unit': '歌乐山街道'}"});
    expect(&room, "响应指令", "属地镇街：歌乐山街道。");
    room_close(&room);
}

static void bind(struct room *room, uint32_t incident, const char *body) {
    (void)room_write(room, &(struct room_request){.action = DESK_BIND_ROLE, .incident = incident, .body = body});
}

/* Who was bound to which role, and no longer, is told with its time: in the incident, and in one that goes on in it. */
static void test_bindings(void **state) {
    struct room room;
    (void)state;
    begin_fire(&room);
    (void)room_write(&room,
                     &(struct room_request){.action = DESK_OPEN_INCIDENT,
                                            .body = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '又一处'}"});
    bind(&room, 3, "{'role': '林区经营主体', 'unit': '区国有林场'}");
    room.at += ROOM_MINUTE;
    bind(&room, 2, "{'role': '属地镇街', 'unit': '丰文街道'}");
    bind(&room, 2, "{'role': '临近镇街', 'unit': '土主街道'}");
    room.at += ROOM_MINUTE;
    bind(&room, 2, "{'role': '属地镇街', 'unit': '丰文街道', 'remove': true, 'reason': '弄错了'}");
    room.at += ROOM_MINUTE;
    bind(&room, 2, "{'role': '属地镇街', 'unit': '歌乐山街道'}");
    expect(&room, "书面终报",
           "2022年8月20日14时02分，丰文街道担任属地镇街；土主街道担任临近镇街\n"
           "2022年8月20日14时03分，丰文街道不再担任属地镇街\n"
           "2022年8月20日14时04分，歌乐山街道担任属地镇街\n");
    expect_not(&room, "书面终报", "林区经营主体");
    (void)room_write(&room,
                     &(struct room_request){.action = DESK_MERGE_INCIDENT, .incident = 3, .body = "{'into': 2}"});
    expect(&room, "书面终报", "2022年8月20日14时01分，区国有林场担任林区经营主体\n");
    room_close(&room);
}

static void report_as_of(struct room *room, const char *facts, const char *as_of) {
    char body[512];
    (void)snprintf(body, sizeof body, "{'source': 'desk', 'facts': {%s}, 'as_of': '%s'}", facts, as_of);
    (void)room_write(room, &(struct room_request){.action = DESK_REPORT_FACTS, .incident = 2, .body = body});
    room->at += ROOM_MINUTE;
}

/* A document says since when something is so: as of the first report of it in a row. What is not so, or not known, stays what
 * it is. */
static void test_since(void **state) {
    struct room room;
    (void)state;
    begin_fire(&room);
    room.at += 30 * ROOM_MINUTE;
    expect(&room, "书面终报", "明火扑灭：尚未查明；清理验收：尚未查明；");
    report_as_of(&room, "'明火扑灭': '否'", "2022-08-20T14:05:00+08:00");
    expect(&room, "书面终报", "明火扑灭：否；清理验收：尚未查明；");
    report_as_of(&room, "'明火扑灭': '是'", "2022-08-20T14:20:00+08:00");
    report_as_of(&room, "'明火扑灭': '是', '清理验收': '是'", "2022-08-20T14:25:00+08:00");
    expect(&room, "书面终报", "明火扑灭：2022年8月20日14时20分；清理验收：2022年8月20日14时25分；");
    expect(&room, "镇街终报", "明火扑灭：2022年8月20日14时20分；");
    expect(&room, "书面续报", "明火扑灭：2022年8月20日14时20分；清理验收：2022年8月20日14时25分。");
    expect(&room, "镇街续报", "明火扑灭：2022年8月20日14时20分；清理验收：2022年8月20日14时25分。");
    expect(&room, "终止响应请示", "明火扑灭：2022年8月20日14时20分；");
    /* Heard later, it was so earlier; and between it was not. */
    report_as_of(&room, "'明火扑灭': '是'", "2022-08-20T14:10:00+08:00");
    expect(&room, "书面终报", "明火扑灭：2022年8月20日14时10分；");
    report_as_of(&room, "'明火扑灭': '否'", "2022-08-20T14:15:00+08:00");
    expect(&room, "书面终报", "明火扑灭：2022年8月20日14时20分；");
    const json_t *facts = json_object_get(room_show(&room, 2), "facts");
    const json_t *claims = json_object_get(room_find(facts, "name", "明火扑灭"), "claims");
    const json_t *first = json_array_get(claims, 1);
    assert_string_equal(room_text(first, "as_of"), "2022-08-20T06:20:00+00:00");
    uint32_t number = (uint32_t)json_integer_value(json_object_get(first, "number"));
    (void)room_write(&room, &(struct room_request){.action = DESK_CORRECT_CLAIM,
                                                   .incident = 2,
                                                   .item = number,
                                                   .body = "{'source': 'desk', 'reason': '看错了'}"});
    expect(&room, "书面终报", "明火扑灭：2022年8月20日14时25分；");
    report_as_of(&room, "'明火扑灭': '否'", "2022-08-20T14:30:00+08:00");
    expect(&room, "书面终报", "明火扑灭：否；");
    room_close(&room);
}

#define BONFIRE                                                                                                        \
    "```plan\n"                                                                                                        \
    "plan Bonfire { version \"1\" document \"BF 1/2026\" title \"Bonfires\" issued 2026-01-15 zone +08:00 }\n"         \
    "unit Watch @2\nunit Northtown @2\n"                                                                               \
    "role Town bound by Watch within 10 min @2\n"                                                                      \
    "incident Bonfire { fact Out: flag  fact Seen: flag, yes is worse, never falls }\n"                                \
    "on open of Bonfire { duty Tell of Watch \"Tell.\" @5 }\n"                                                         \
    "form Report of Bonfire spoken for Tell title \"Report\" {\n"                                                      \
    "  paragraph \"Out: {Out: since}; seen: {'Seen': since}\" list timeline } @5\n"                                    \
    "```\n"

/* In English; and what never falls is so for good from the first report on. */
static void test_since_in_english(void **state) {
    struct failure failure = {0};
    struct room room;
    (void)state;
    room_open(&room, NULL);
    check(desk_adopt(room.desk, room.at, TEXT("server"), TEXT("small.plan.md"), TEXT(BONFIRE), false, NULL, &failure),
          "%s", failure.message);
    (void)room_write(&room,
                     &(struct room_request){.action = DESK_OPEN_INCIDENT,
                                            .body = "{'plan': 'Bonfire', 'subject': 'Bonfire', 'title': 'Smoke'}"});
    (void)room_write(&room, &(struct room_request){.action = DESK_OPEN_INCIDENT,
                                                   .body = "{'plan': 'Bonfire', 'subject': 'Bonfire', 'title': 'x'}"});
    bind(&room, 2, "{'role': 'Town', 'unit': 'Northtown'}");
    room.at += 30 * ROOM_MINUTE;
    bind(&room, 2, "{'role': 'Town', 'unit': 'Northtown', 'remove': true}");
    report_as_of(&room, "'Seen': true, 'Out': true", "2022-08-20T14:05:00+08:00");
    report_as_of(&room, "'Seen': false, 'Out': false", "2022-08-20T14:10:00+08:00");
    report_as_of(&room, "'Seen': true", "2022-08-20T14:20:00+08:00");
    expect(&room, "Report", "Out: no; seen: 2022-08-20 14:05\n");
    expect(&room, "Report", "2022-08-20 14:00: Northtown serves as Town\n");
    expect(&room, "Report", "2022-08-20 14:30: Northtown no longer serves as Town\n");
    room_close(&room);
}

static void test_what_is_due(void **state) {
    struct room room;
    (void)state;
    begin_fire(&room);
    check(json_integer_value(json_object_get(find_form(&room, "书面首报"), "open")) == 0, "due before it is known");
    report(&room, "'火情性质': '森林火灾', '发生地': '本区', '过火面积': '0.6 ha'");
    const json_t *form = find_form(&room, "书面首报");
    check(json_integer_value(json_object_get(form, "open")) == 3, "three are to be told in writing");
    assert_string_equal(room_text(form, "due_at"), "2022-08-20T07:01:00+00:00"); /* sixty minutes from 14:01 on */
    check(json_array_size(json_object_get(form, "addressees")) == 3, "to three");
    assert_string_equal(room_text(find_form(&room, "首报电话稿"), "due_at"), "2022-08-20T06:31:00+00:00");
    check(json_is_true(json_object_get(find_form(&room, "首报电话稿"), "spoken")), "a script is spoken");
    form = find_form(&room, "启动响应请示");
    assert_string_equal(room_text(form, "proposal"), "2.1");
    check(json_integer_value(json_object_get(form, "open")) == 1, "the proposal is open");
    expect(&room, "启动响应请示", "依据预案6.2.2.1(2)，提请将应急响应定为：Ⅲ级。");
    (void)room_expect(&room, DESK_NOT_FOUND,
                      &(struct room_request){.action = DESK_DRAFT_DOCUMENT, .incident = 2, .plan = "书面"});
    room_close(&room);
}

static void set_place(struct room *room, const char *place) {
    char body[256];
    (void)snprintf(body, sizeof body, "{'place': '%s'}", place);
    (void)room_write(room, &(struct room_request){.action = DESK_SET_PLACE, .incident = 2, .body = body});
}

/* An incident without a call has a place when somebody says it; what was last said goes before what a call says. */
static void test_place(void **state) {
    struct room room;
    (void)state;
    room_open(&room, NULL);
    room_adopt(&room, ROOM_FOREST);
    (void)room_write(&room,
                     &(struct room_request){.action = DESK_OPEN_INCIDENT,
                                            .body = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '山火'}"});
    assert_string_equal(draft(&room, "书面首报", "title"), "关于（地点尚未查明）森林火灾的报告");
    assert_string_equal(room_text(room_show(&room, 2), "place"), "");
    set_place(&room, "歌乐山三百梯");
    assert_string_equal(draft(&room, "书面首报", "title"), "关于歌乐山三百梯森林火灾的报告");
    set_place(&room, " 歌乐山林场 ");
    assert_string_equal(draft(&room, "书面首报", "title"), "关于歌乐山林场森林火灾的报告");
    assert_string_equal(room_text(room_show(&room, 2), "place"), "歌乐山林场");
    room_close(&room);
    begin_fire(&room); /* with a call that says where */
    assert_string_equal(room_text(room_show(&room, 2), "place"), "歌乐山三百梯");
    set_place(&room, "三百梯北坡");
    assert_string_equal(draft(&room, "书面首报", "title"), "关于三百梯北坡森林火灾的报告");
    room_close(&room);
}

static void test_second_plan(void **state) {
    struct room room;
    (void)state;
    room_open(&room, NULL);
    room_adopt(&room, ROOM_FLOOD);
    (void)room_write(
        &room, &(struct room_request){.action = DESK_OPEN_INCIDENT,
                                      .body = "{'plan': 'Reservoir flood', 'subject': 'Flood', 'title': 'Flood'}"});
    room.at += ROOM_MINUTE;
    report(&room, "'Water level': '153.1..153.3 m', 'Gates': 'Working'");
    expect(&room, "Written report", "# 1. Water\nWater level: 153.1 m to 153.3 m\nHourly rise: not yet known\n");
    expect(&room, "Written report", "Gates: Working\n");
    expect(&room, "Written report", "No force has been called yet.");
    expect(&room, "Proposal of a level", "this is proposed: ");
    expect(&room, "Further report", "The flood alarm stands at Blue.");
    expect_not(&room, "Further report", "Below the flood limit");
    report(&room, "'Below since': '2022-08-20T14:00:00+08:00'");
    expect(&room, "Further report", "Below the flood limit level since 2022-08-20 06:00.");
    expect_not(&room, "Further report", "closed");
    report_as_of(&room, "'Zones closed': true", "2022-08-20T14:01:00+08:00");
    expect(&room, "Further report", "The zones have been closed since 2022-08-20 06:01.");
    room_close(&room);
}

#define FILE_MADE "{'sha256': '%064d', 'bytes': 9, 'pages': 1, 'head': '1:ab', 'missing': '', 'fonts': ''}"

/* Signs the first written report by telephone; the number that it is known by. */
static uint32_t sign_by_telephone(struct room *room, uint32_t replaced) {
    char body[1024];
    int length = snprintf(body, sizeof body,
                          "{'form': '书面首报', 'title': '报告', 'addressees': [], 'body': '火', 'by': '办公室主任', "
                          "'spoken': {'who': '张主任', 'from': '65512350'}, 'file': " FILE_MADE "%s",
                          1, replaced == 0 ? "}" : ", 'replaces': ");
    if (replaced != 0) {
        (void)snprintf(body + length, sizeof body - (size_t)length, "%u}", (unsigned)replaced);
    }
    return (uint32_t)room_write(room,
                                &(struct room_request){.action = DESK_SIGN_DOCUMENT, .incident = 2, .body = body});
}

static size_t count_open(struct room *room) {
    return json_array_size(
        json_object_get(room_expect(room, DESK_OK, &(struct room_request){.action = DESK_SHOW_DESK}), "spoken"));
}

static const json_t *find_signature(struct room *room, size_t index) {
    return json_object_get(json_array_get(json_object_get(find_form(room, "书面首报"), "signed"), index), "spoken");
}

/* What an office has signed by telephone is open until it has confirmed or disputed it, and no other can; what it disputes
 * is open until another document has taken its place. */
static void test_signed_by_telephone(void **state) {
    static const struct room_request close = {
        .action = DESK_CLOSE_INCIDENT, .incident = 2, .body = "{'reason': '处置完毕'}"};
    struct room room;
    (void)state;
    begin_fire(&room);
    struct account officer = room.account;
    uint32_t first = sign_by_telephone(&room, 0);
    struct room_request settle = {.action = DESK_SETTLE_ORDER, .item = first, .body = "{'outcome': 'confirmed'}"};
    assert_int_equal(count_open(&room), 1);
    assert_string_equal(room_text(find_signature(&room, 0), "status"), "open");
    const json_t *spoken = json_array_get(json_object_get(room_show(&room, 2), "spoken"), 0);
    assert_string_equal(room_text(spoken, "kind"), "document");
    assert_string_equal(room_text(spoken, "title"), "报告");
    assert_string_equal(room_text(spoken, "by"), "办公室主任");
    assert_string_equal(room_text(spoken, "who"), "张主任");
    assert_string_equal(room_text(spoken, "from"), "65512350");
    (void)room_expect(&room, DESK_FORBIDDEN, &settle);
    room.account = room_account("zhang", false, false, "办公室主任\n");
    assert_int_equal(json_array_size(json_object_get(
                         room_expect(&room, DESK_OK, &(struct room_request){.action = DESK_SHOW_OWN}), "spoken")),
                     1);
    (void)room_write(&room, &settle);
    (void)room_expect(&room, DESK_CONFLICT, &settle);
    assert_int_equal(count_open(&room), 0);
    assert_string_equal(room_text(find_signature(&room, 0), "status"), "confirmed");
    assert_string_equal(room_text(find_signature(&room, 0), "settled_by"), "zhang");
    room.account = officer;
    uint32_t second = sign_by_telephone(&room, 0);
    room.account = room_account("zhang", false, false, "办公室主任\n");
    settle = (struct room_request){
        .action = DESK_SETTLE_ORDER, .item = second, .body = "{'outcome': 'disputed', 'reason': '我没有签'}"};
    (void)room_write(&room, &settle);
    room.account = officer;
    assert_int_equal(count_open(&room), 1);
    (void)room_expect(&room, DESK_CONFLICT, &close);
    check(strstr(room.reply.failure.message, "signed by telephone") != NULL, "%s", room.reply.failure.message);
    (void)sign_by_telephone(&room, second);
    assert_int_equal(count_open(&room), 1); /* the new one, which is to be confirmed in its turn */
    assert_int_equal(json_array_size(json_object_get(room_show(&room, 2), "spoken")), 3);
    room_close(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_made_up),
        cmocka_unit_test(test_orders_and_forces),
        cmocka_unit_test(test_bindings),
        cmocka_unit_test(test_since),
        cmocka_unit_test(test_since_in_english),
        cmocka_unit_test(test_what_is_due),
        cmocka_unit_test(test_second_plan),
        cmocka_unit_test(test_place),
        cmocka_unit_test(test_signed_by_telephone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
