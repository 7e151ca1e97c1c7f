/* Proves: the steps of handling are those of the plan, and how far it has come in them follows from facts, duties and
 * orders alone: what is asked and known, raised and owed by nobody, ordered; a step that is not needed says so, and a fire
 * that flares up leads back. The same in a second plan. */
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

static void test_fire(void **state) {
    struct room room;
    (void)state;
    begin(&room, ROOM_FOREST, "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '歌乐山'}");
    expect_step(&room, "核实火情", "yes", false, true);
    expect_step(&room, "扑灭明火", "maybe", false, false);
    report(&room, "'火情性质': '森林火灾', '发生地': '本区'");
    expect_step(&room, "核实火情", "yes", false, true);
    answer(&room, "核实火情");
    expect_step(&room, "核实火情", "yes", true, false);
    expect_step(&room, "小火处置", "no", false, false);
    expect_step(&room, "问清火情", "yes", false, true);
    expect_step(&room, "启动响应", "maybe", false, false);
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
    report(&room, "'火情性质': '误报', '发生地': '本区'");
    expect_step(&room, "问清火情", "no", false, false);
    expect_step(&room, "终报和善后", "no", false, false);
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
    expect_step(&room, "Read the gauge", "yes", false, true); /* a range is not known */
    room_close(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fire),
        cmocka_unit_test(test_false_alarm),
        cmocka_unit_test(test_flood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
