/* Proves: the steps of handling are those of the plan, and how far it has come in them follows from facts, duties and
 * orders alone: what is asked and known, raised and owed by nobody, ordered; a step that is not needed says so, and a fire
 * that flares up leads back. A whole fire is led from the call to what follows it, and a flood too. */
#include "desk/desk.h"

#include "room.h"

#include <stdio.h>
#include <string.h>

static void begin(struct room *room, const char *path, const char *open) {
    room_open(room, NULL);
    room_adopt(room, path);
    (void)room_write(room, &(struct room_request){.action = DESK_OPEN_INCIDENT, .body = open});
    room->at += ROOM_MINUTE;
}

static void report(struct room *room, const char *facts) {
    char body[512];
    (void)snprintf(body, sizeof body, "{'source': '值班员', 'facts': {%s}}", facts);
    (void)room_write(room, &(struct room_request){.action = DESK_REPORT_FACTS, .incident = 2, .body = body});
    room->at += ROOM_MINUTE;
}

static const json_t *find_step(struct room *room, const char *name) {
    const json_t *step = room_find(json_object_get(room_show(room, 2), "steps"), "name", name);
    check(step != NULL, "no step %s", name);
    return step;
}

static void expect_step(struct room *room, const char *name, const char *needed, bool done, bool current) {
    const json_t *step = find_step(room, name);
    check(strcmp(room_text(step, "needed"), needed) == 0, "%s: needed %s", name, room_text(step, "needed"));
    check(json_is_true(json_object_get(step, "done")) == done, "%s: done is not %d", name, done);
    check(json_is_true(json_object_get(step, "current")) == current, "%s: current is not %d", name, current);
}

/* Answers all duties of a step that are owed. */
static void answer(struct room *room, const char *name) {
    json_t *duties = json_deep_copy(json_object_get(find_step(room, name), "duties"));
    size_t i = 0;
    size_t k = 0;
    const json_t *duty = NULL;
    const json_t *id = NULL;
    json_array_foreach(duties, i, duty) {
        json_array_foreach(json_object_get(duty, "ids"), k, id) {
            const char *point = strchr(json_string_value(id), '.');
            assert_non_null(point);
            (void)room_ask(room, &(struct room_request){.action = DESK_COMPLETE_DUTY,
                                                        .incident = 2,
                                                        .item = (uint32_t)strtoul(point + 1, NULL, 10),
                                                        .body = "{'outcome': 'done', 'proof': '已办'}"});
        }
    }
    json_decref(duties);
}

/* The current step, or "" where there is none. */
static void expect_current(struct room *room, const char *name) {
    const json_t *steps = json_object_get(room_show(room, 2), "steps");
    const json_t *step = NULL;
    const char *found = "";
    size_t i = 0;
    json_array_foreach((json_t *)steps, i, step) {
        found = json_is_true(json_object_get(step, "current")) ? room_text(step, "name") : found;
    }
    check(strcmp(found, name) == 0, "the current step is %s, not %s", found, name);
}

static void order(struct room *room, const char *level) {
    char body[256];
    (void)snprintf(body, sizeof body,
                   "{'scale': '响应', 'level': %s, 'by': '区森防指', 'spoken': {'who': '指挥长', 'from': "
                   "'13900000000'}}",
                   level);
    (void)room_write(room, &(struct room_request){.action = DESK_GIVE_ORDER, .incident = 2, .body = body});
    room->at += ROOM_MINUTE;
}

/* From the call to the follow-up duties: each step leads to the next one, and none of them waits for what is past. */
static void test_whole_fire(void **state) {
    struct room room;
    (void)state;
    begin(&room, ROOM_FOREST, "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '歌乐山'}");
    expect_current(&room, "核实火情");
    report(&room, "'火情性质': '森林火灾'"); /* nobody notes that somebody was sent: what he found is here */
    expect_step(&room, "核实火情", "yes", true, false);
    expect_current(&room, "问清火情");
    report(&room, "'发生地': '本区', '起火时间': '2022-08-20T13:30:00+08:00..2022-08-20T13:40:00+08:00', "
                  "'过火面积': '3..4 亩', '死亡': 0, '被困': '>= 1', '重伤': 0, '轻伤': 0, '火势失控': true, "
                  "'直接威胁居民区': true");
    expect_current(&room, "问清火情"); /* one is not answered */
    report(&room, "'威胁重要设施': false");
    expect_current(&room, "电话和书面报告");
    answer(&room, "电话和书面报告");
    expect_current(&room, "启动响应");
    order(&room, "'Ⅱ级'");
    expect_current(&room, "下达指令和调动力量");
    answer(&room, "下达指令和调动力量");
    expect_current(&room, "成立扑火前指");
    report(&room, "'前指成立': true");
    answer(&room, "成立扑火前指");
    expect_current(&room, "疏散和安置");
    answer(&room, "疏散和安置");
    expect_current(&room, "扑灭明火");
    report(&room, "'明火扑灭': true"); /* before the first further report was due */
    expect_current(&room, "清理看守和验收");
    report(&room, "'明火扑灭': false");
    expect_current(&room, "扑灭明火");
    report(&room, "'明火扑灭': true");
    report(&room, "'清理验收': true");
    expect_current(&room, "终止响应");
    report(&room, "'次生灾害消除': true");
    expect_current(&room, "终止响应");
    order(&room, "null");
    expect_current(&room, "终报");
    answer(&room, "终报");
    expect_current(&room, "善后");
    answer(&room, "善后");
    expect_current(&room, "");
    room_close(&room);
}

/* A fire that is out before a response was ordered is led to its final report all the same. */
static void test_short_fire(void **state) {
    struct room room;
    (void)state;
    begin(&room, ROOM_FOREST, "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '歌乐山'}");
    report(&room, "'火情性质': '森林火灾', '发生地': '本区', '明火扑灭': true");
    expect_current(&room, "电话和书面报告");
    answer(&room, "电话和书面报告");
    expect_current(&room, "清理看守和验收");
    report(&room, "'清理验收': true");
    expect_current(&room, "终止响应");
    report(&room, "'次生灾害消除': true");
    expect_current(&room, "终报");
    room_close(&room);
}

/* A small fire, as long as it is one. */
static void test_small_fire(void **state) {
    struct room room;
    (void)state;
    begin(&room, ROOM_FOREST, "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '歌乐山'}");
    report(&room, "'火情性质': '火警'");
    expect_current(&room, "小火处置");
    report(&room, "'火势失控': true");
    expect_current(&room, "问清火情");
    room_close(&room);
}

static void test_fire(void **state) {
    struct room room;
    (void)state;
    begin(&room, ROOM_FOREST, "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '歌乐山'}");
    expect_step(&room, "核实火情", "yes", false, true);
    expect_step(&room, "扑灭明火", "maybe", false, false);
    report(&room, "'火情性质': '森林火灾', '发生地': '本区'");
    expect_step(&room, "核实火情", "yes", true, false);
    expect_step(&room, "小火处置", "no", false, false);
    expect_step(&room, "问清火情", "yes", false, true);
    expect_step(&room, "启动响应", "yes", false, false);
    report(&room, "'明火扑灭': false, '清理验收': false, '次生灾害消除': false, '直接威胁居民区': true");
    expect_step(&room, "启动响应", "yes", false, false);
    (void)room_write(&room, &(struct room_request){.action = DESK_GIVE_ORDER,
                                                   .incident = 2,
                                                   .body = "{'scale': '响应', 'level': 'Ⅲ级', 'by': '区森防指', "
                                                           "'spoken': {'who': '指挥长', 'from': '13900000000'}}"});
    room.at += ROOM_MINUTE;
    expect_step(&room, "启动响应", "yes", true, false);
    expect_step(&room, "疏散和安置", "yes", false, false);
    answer(&room, "疏散和安置");
    expect_step(&room, "疏散和安置", "yes", true, false);
    report(&room, "'明火扑灭': true");
    expect_step(&room, "清理看守和验收", "yes", false, false);
    report(&room, "'明火扑灭': false"); /* it flares up */
    expect_step(&room, "清理看守和验收", "no", false, false);
    expect_step(&room, "扑灭明火", "yes", false, false);
    room_close(&room);
}

static void test_false_alarm(void **state) {
    struct room room;
    (void)state;
    begin(&room, ROOM_FOREST, "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '歌乐山'}");
    report(&room, "'火情性质': '误报'");
    expect_step(&room, "核实火情", "yes", true, false);
    expect_step(&room, "问清火情", "no", false, false);
    expect_step(&room, "终报", "no", false, false);
    expect_step(&room, "善后", "no", false, false);
    expect_current(&room, "");
    room_close(&room);
}

static void test_flood(void **state) {
    struct room room;
    (void)state;
    begin(&room, ROOM_FLOOD, "{'plan': 'Reservoir flood', 'subject': 'Flood', 'title': 'Storm'}");
    expect_step(&room, "Read the gauge", "yes", false, true);
    expect_step(&room, "Tell all concerned", "no", false, false);
    report(&room, "'Water level': '152.50 m', 'Hourly rise': '0.1 m', 'Inflow': '60 m3/s', 'Release': '40 m3/s', "
                  "'Gates': 'Working'");
    expect_step(&room, "Read the gauge", "yes", true, false);
    expect_step(&room, "Look at the dam", "yes", false, true);
    report(&room, "'Water level': '152..153 m'");
    expect_step(&room, "Read the gauge", "yes", true, false); /* a range is an answer */
    report(&room, "'Gates': 'Stuck shut|Stuck open'");
    expect_step(&room, "Read the gauge", "yes", false, true); /* a choice that is left open is none */
    room_close(&room);
}

static void order_alarm(struct room *room, const char *level, const char *by) {
    char body[256];
    (void)snprintf(body, sizeof body,
                   "{'scale': 'Flood alarm', 'level': %s, 'by': '%s', 'spoken': {'who': 'Commander', 'from': "
                   "'555 0101'}}",
                   level, by);
    (void)room_write(room, &(struct room_request){.action = DESK_GIVE_ORDER, .incident = 2, .body = body});
    room->at += ROOM_MINUTE;
}

static void test_whole_flood(void **state) {
    struct room room;
    (void)state;
    begin(&room, ROOM_FLOOD, "{'plan': 'Reservoir flood', 'subject': 'Flood', 'title': 'Storm'}");
    expect_current(&room, "Read the gauge");
    report(&room, "'Water level': '153.30 m', 'Hourly rise': '0.1..0.2 m', 'Inflow': '30 m3/s', 'Release': '40 m3/s', "
                  "'Gates': 'Working', 'Limit passed': true");
    expect_current(&room, "Look at the dam");
    report(&room, "'More seepage': false, 'Muddy seepage': false, 'Earth in the seepage': false, 'Crack': '0 mm', "
                  "'Sliding': false, 'Sinking': false");
    expect_current(&room, "Tell all concerned");
    answer(&room, "Tell all concerned");
    expect_current(&room, "End the alarm"); /* as long as no higher level has been ordered */
    order_alarm(&room, "'Yellow'", "Station Head");
    expect_current(&room, "Warn the zones first");
    answer(&room, "Warn the zones first");
    expect_current(&room, "End the alarm");
    report(&room, "'Water level': '151.00 m', 'Found sound': true, 'Heavy rain to come': false, "
                  "'Below since': '2022-08-20T01:00:00+00:00'");
    room.at += INT64_C(14) * 60 * ROOM_MINUTE;
    expect_current(&room, "End the alarm");
    order_alarm(&room, "null", "Commander");
    expect_current(&room, "Report on it");
    answer(&room, "Report on it");
    expect_current(&room, "");
    room_close(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fire),        cmocka_unit_test(test_whole_fire),  cmocka_unit_test(test_short_fire),
        cmocka_unit_test(test_small_fire),  cmocka_unit_test(test_false_alarm), cmocka_unit_test(test_flood),
        cmocka_unit_test(test_whole_flood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
