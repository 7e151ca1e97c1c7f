/* Proves: a duty room takes an emergency from its first call on, on two plans, with the desk knowing neither; what is
 * asked twice happens once; what cannot be taken leaves nothing; who saw an old state is told so; a desk that is closed
 * and opened, or whose log could not be written, shows what the log has; and a level is never made up (promise 18). */
#include "desk/desk.h"

#include "room.h"

#include "../store/scratch.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#define SECOND CALENDAR_US_PER_SECOND

/* An incident that is to be told on a plan. */
struct story {
    const char *path, *plan;
    const char *open;         /* body, with call 1 */
    const char *bind;         /* body, or NULL where the plan has no roles */
    const char *facts;        /* body: what settles the level */
    const char *fact, *value; /* one of those facts, and as it is shown */
    const char *scale, *level;
    const char *accept;  /* body of the decision */
    const char *decider; /* the office */
    const char *duty, *bearer;
    const char *end; /* body of the order that ends it */
};

static const struct story forest = {
    .path = ROOM_FOREST,
    .plan = "森林火灾",
    .open = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '歌乐山林场火情', 'call': 1}",
    .bind = "{'role': '属地镇街', 'unit': '歌乐山街道'}",
    .facts =
        "{'source': '歌乐山街道', 'as_of': '2022-08-20T13:55:00+08:00', 'basis': 'observed', 'facts': {'火情性质': "
        "'森林火灾', '发生地': '本区', '火势失控': true, '死亡': 0}}",
    .fact = "火情性质",
    .value = "森林火灾",
    .scale = "响应",
    .level = "Ⅳ级",
    .accept = "{'decision': 'accept', 'by': '区森防指', 'reason': '同意'}",
    .decider = "区森防指",
    .duty = "电话报告",
    .bearer = "区森防办",
    .end =
        "{'scale': '响应', 'level': null, 'by': '区森防指', 'reason': '演练结束', 'spoken': {'who': '指挥长', 'from': "
        "'138'}}",
};

static const struct story flood = {
    .path = ROOM_FLOOD,
    .plan = "Reservoir flood",
    .open = "{'plan': 'Reservoir flood', 'subject': 'Flood', 'title': 'Thunderstorm', 'call': 1}",
    .facts = "{'source': 'Keeper', 'as_of': '2022-08-20T05:55:00Z', 'basis': 'observed', 'facts': {'Water level': "
             "'153.5 m', 'Muddy seepage': false, 'Hourly rise': '0.2..0.6 m'}}",
    .fact = "Muddy seepage",
    .value = "no",
    .scale = "Flood alarm",
    .level = "Yellow",
    .accept = "{'decision': 'accept', 'by': 'Station Head', 'reason': 'agreed'}",
    .decider = "Station Head",
    .duty = "Telephone the Flood Office",
    .bearer = "Reservoir Station",
    .end =
        "{'scale': 'Flood alarm', 'level': null, 'by': 'Commander', 'reason': 'exercise', 'spoken': {'who': 'Smith', "
        "'from': '555 0101'}}",
};

static const struct story *const stories[] = {&forest, &flood};

/* A call and an incident 2 that it opens. */
static void begin(struct room *room, const struct story *story, const char *directory) {
    room_open(room, directory);
    room_adopt(room, story->path);
    (void)room_write(room, &(struct room_request){.action = DESK_SAVE_CALL,
                                                  .body = "{'text': '山上有烟', 'place': '三百梯', 'caller': '游客', "
                                                          "'phone': '138', 'called_at': '2022-08-20T13:58:00+08:00'}"});
    (void)room_write(room, &(struct room_request){.action = DESK_OPEN_INCIDENT, .body = story->open});
}

static void report(struct room *room, const struct story *story) {
    (void)room_write(room, &(struct room_request){.action = DESK_REPORT_FACTS, .incident = 2, .body = story->facts});
}

static const json_t *find_scale(const json_t *incident, const struct story *story) {
    const json_t *scale = room_find(json_object_get(incident, "scales"), "name", story->scale);
    assert_non_null(scale);
    return scale;
}

/* ---- the story -------------------------------------------------------------------------------------------- */

static void check_opened(struct room *room, const struct story *story) {
    const json_t *incident = room_show(room, 2);
    assert_string_equal(room_text(incident, "status"), "open");
    assert_string_equal(room_text(incident, "plan"), story->plan);
    assert_int_equal(json_array_size(json_object_get(incident, "calls")), 1);
    const json_t *call = json_array_get(json_object_get(incident, "calls"), 0);
    assert_string_equal(room_text(call, "text"), "山上有烟");
    assert_string_equal(room_text(call, "place"), "三百梯");
    assert_string_equal(room_text(call, "taken_by"), "wang");
    assert_int_equal(json_integer_value(json_object_get(call, "incident")), 2);
    assert_non_null(strstr(room_text(call, "called_at"), "2022-08-20T05:58:00"));
    /* It has left the calls that belong to no incident. */
    const json_t *desk = room_expect(room, DESK_OK, &(struct room_request){.action = DESK_SHOW_DESK});
    assert_int_equal(json_array_size(json_object_get(desk, "calls")), 0);
    assert_int_equal(json_array_size(json_object_get(desk, "incidents")), 1);
}

static void check_reported(struct room *room, const struct story *story) {
    const json_t *incident = room_show(room, 2);
    const json_t *fact = room_find(json_object_get(incident, "facts"), "name", story->fact);
    assert_non_null(fact);
    assert_string_equal(room_text(fact, "state"), "known");
    const json_t *claim = json_array_get(json_object_get(fact, "claims"), 0);
    assert_string_equal(room_text(claim, "value"), story->value);
    assert_string_equal(room_text(claim, "basis"), "observed");
    assert_string_equal(room_text(claim, "status"), "stands");
    assert_non_null(strstr(room_text(claim, "as_of"), "T05:55:00"));
    assert_non_null(strstr(room_text(claim, "heard_at"), "T06:02:00"));
    const json_t *scale = find_scale(incident, story);
    assert_string_equal(room_text(scale, "level"), story->level);
    assert_true(json_is_false(json_object_get(scale, "undetermined")));
    assert_true(json_array_size(json_object_get(scale, "because")) > 0);
    assert_string_equal(room_text(scale, "proposal"), "2.1");
    const json_t *proposal = json_array_get(json_object_get(incident, "proposals"), 0);
    assert_string_equal(room_text(proposal, "status"), "open");
    assert_string_equal(room_text(proposal, "to"), story->level);
    assert_string_equal(json_string_value(json_array_get(json_object_get(proposal, "deciders"), 0)), story->decider);
}

static void check_decided(struct room *room, const struct story *story) {
    const json_t *incident = room_show(room, 2);
    const json_t *proposal = json_array_get(json_object_get(incident, "proposals"), 0);
    assert_string_equal(room_text(proposal, "status"), "accepted");
    assert_string_equal(room_text(proposal, "by"), story->decider);
    assert_string_equal(room_text(proposal, "source"), "commander of the desk");
    assert_string_equal(room_text(find_scale(incident, story), "order"), story->level);
    const json_t *orders = json_object_get(incident, "orders");
    const json_t *order = json_array_get(orders, json_array_size(orders) - 1);
    assert_string_equal(room_text(order, "level"), story->level);
    assert_string_equal(room_text(order, "by"), story->decider);
    assert_true(json_is_false(json_object_get(order, "override")));
}

static const json_t *find_duty(const json_t *incident, const struct story *story) {
    const json_t *duty = room_find(json_object_get(incident, "duties"), "name", story->duty);
    assert_non_null(duty);
    assert_string_equal(room_text(duty, "bearer"), story->bearer);
    return duty;
}

/* What is done about a duty; whoever owes it never signs in, so the desk records it. */
static void play_duty(struct room *room, const struct story *story) {
    uint32_t item = room_item(find_duty(room_show(room, 2), story));
    room->at += ROOM_MINUTE;
    (void)room_write(room, &(struct room_request){
                               .action = DESK_ACKNOWLEDGE_DUTY,
                               .incident = 2,
                               .item = item,
                               .body = "{'spoken': {'who': 'night shift', 'from': '65406119'}, 'note': 'heard'}"});
    const json_t *duty = find_duty(room_show(room, 2), story);
    assert_string_equal(room_text(duty, "status"), "owed");
    assert_non_null(strstr(room_text(duty, "acknowledged_at"), "T06:05:00"));
    assert_string_equal(room_text(duty, "acknowledger"), "night shift");
    assert_string_equal(room_text(duty, "acknowledged_from"), "65406119");
    assert_int_equal(json_array_size(json_object_get(room_show(room, 2), "spoken")), 0); /* nobody is to confirm it */
    room->at += ROOM_MINUTE;
    (void)room_write(room, &(struct room_request){.action = DESK_COMPLETE_DUTY,
                                                  .incident = 2,
                                                  .item = item,
                                                  .body = "{'outcome': 'done', 'source': 'night shift', 'proof': "
                                                          "'the call list', 'as_of': '2022-08-20T06:05:30Z'}"});
    duty = find_duty(room_show(room, 2), story);
    assert_string_equal(room_text(duty, "status"), "done");
    assert_string_equal(room_text(duty, "source"), "night shift");
    assert_string_equal(room_text(duty, "proof"), "the call list");
}

/* All that the desk shows, for comparison. */
static json_t *take_views(struct room *room, const struct story *story) {
    json_t *views = json_array();
    const struct room_request requests[] = {
        {.action = DESK_SHOW_DESK},
        {.action = DESK_SHOW_INCIDENT, .incident = 1},
        {.action = DESK_SHOW_INCIDENT, .incident = 2},
        {.action = DESK_LIST_CALLS},
        {.action = DESK_SHOW_PLAN, .plan = story->plan},
    };
    for (size_t i = 0; i < COUNT_OF(requests); i++) {
        const json_t *view = room_expect(room, DESK_OK, &requests[i]);
        (void)json_array_append_new(views, json_deep_copy(view));
    }
    return views;
}

static void play(struct room *room, const struct story *story, const char *directory) {
    begin(room, story, directory);
    check_opened(room, story);
    if (story->bind != NULL) {
        (void)room_write(room, &(struct room_request){.action = DESK_BIND_ROLE, .incident = 2, .body = story->bind});
    }
    room->at += 2 * ROOM_MINUTE;
    report(room, story);
    check_reported(room, story);
    struct account desk = room->account;
    char parties[64];
    (void)snprintf(parties, sizeof parties, "%s\n", story->decider);
    room->account = room_account("commander", false, false, parties);
    room->at += 2 * ROOM_MINUTE;
    (void)room_write(
        room, &(struct room_request){.action = DESK_DECIDE_PROPOSAL, .incident = 2, .item = 1, .body = story->accept});
    room->account = desk;
    check_decided(room, story);
    play_duty(room, story);
}

static void check_timeline(struct room *room) {
    static const char *const kinds[] = {"open", "report", "order", "acknowledge", "done"};
    const json_t *timeline = json_object_get(room_show(room, 2), "timeline");
    size_t at = 0;
    int64_t last = 0;
    for (size_t i = 0; i < json_array_size(timeline); i++) {
        const json_t *event = json_array_get(timeline, i);
        int64_t sequence = json_integer_value(json_object_get(event, "sequence"));
        assert_true(sequence > last);
        last = sequence;
        at += at < COUNT_OF(kinds) && strcmp(room_text(event, "kind"), kinds[at]) == 0;
    }
    assert_int_equal(at, COUNT_OF(kinds));
    const json_t *order = room_find(timeline, "kind", "order");
    assert_string_equal(room_text(order, "actor"), "commander");
}

static void test_story(void **state) {
    for (size_t i = 0; i < COUNT_OF(stories); i++) {
        char directory[SCRATCH_PATH_ROOM];
        struct room room;
        play(&room, stories[i], scratch_join(*state, i == 0 ? "forest" : "flood", directory));
        check_timeline(&room);
        json_t *before = take_views(&room, stories[i]);
        int64_t count = desk_event_count(room.desk);
        int64_t next = desk_next_instant(room.desk);
        room_open_again(&room);
        assert_int_equal(desk_event_count(room.desk), count);
        assert_int_equal(desk_next_instant(room.desk), next);
        json_t *after = take_views(&room, stories[i]);
        for (size_t k = 0; k < json_array_size(before); k++) {
            check(json_equal(json_array_get(before, k), json_array_get(after, k)),
                  "%s: view %zu is another after a "
                  "restart",
                  stories[i]->plan, k);
        }
        json_decref(before);
        json_decref(after);
        /* It goes on: the incident is ended by hand. */
        room.at += ROOM_MINUTE;
        (void)room_write(&room,
                         &(struct room_request){.action = DESK_GIVE_ORDER, .incident = 2, .body = stories[i]->end});
        (void)room_write(&room, &(struct room_request){.action = DESK_CLOSE_INCIDENT,
                                                       .incident = 2,
                                                       .body = "{'reason': 'exercise', 'lapse': true}"});
        assert_string_equal(room_text(room_show(&room, 2), "status"), "closed");
        const json_t *desk = room_expect(&room, DESK_OK, &(struct room_request){.action = DESK_SHOW_DESK});
        assert_int_equal(json_array_size(json_object_get(desk, "incidents")), 0);
        room_close(&room);
    }
}

/* Nothing known: no level and no order is shown, and that it is not settled is said, in the incident and on the desk. */
static void check_nothing_known(const json_t *scale, const char *what) {
    check(json_is_null(json_object_get(scale, "level")), "%s: level %s", what, room_text(scale, "level"));
    check(json_is_null(json_object_get(scale, "order")), "%s: order %s", what, room_text(scale, "order"));
    check(json_is_string(json_object_get(scale, "may")), "%s: no level is possible", what);
    check(json_is_true(json_object_get(scale, "undetermined")), "%s: not said to be undetermined", what);
}

static void test_undetermined(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(stories); i++) {
        struct room room;
        begin(&room, stories[i], NULL);
        const json_t *scales = json_object_get(room_show(&room, 2), "scales");
        assert_true(json_array_size(scales) > 0);
        for (size_t k = 0; k < json_array_size(scales); k++) {
            const json_t *scale = json_array_get(scales, k);
            check_nothing_known(scale, room_text(scale, "name"));
            assert_int_equal(json_array_size(json_object_get(scale, "because")), 0);
            assert_true(json_array_size(json_object_get(scale, "ask")) > 0);
        }
        assert_int_equal(json_array_size(json_object_get(room.reply.body, "proposals")), 0);
        const json_t *facts = json_object_get(room.reply.body, "facts");
        assert_int_equal(room_count(facts, "state", "known"), 0);
        const json_t *desk = room_expect(&room, DESK_OK, &(struct room_request){.action = DESK_SHOW_DESK});
        const json_t *incident = json_array_get(json_object_get(desk, "incidents"), 0);
        scales = json_object_get(incident, "scales");
        for (size_t k = 0; k < json_array_size(scales); k++) {
            check_nothing_known(json_array_get(scales, k), "on the desk");
        }
        room_close(&room);
    }
}

/* Known to be nothing is another thing than not known. */
static void test_known_to_be_none(void **state) {
    struct room room;
    (void)state;
    begin(&room, &flood, NULL);
    (void)room_write(&room, &(struct room_request){
                                .action = DESK_REPORT_FACTS,
                                .incident = 2,
                                .body = "{'source': 'Keeper', 'facts': {'Gates': 'Working', 'More seepage': false, "
                                        "'Muddy seepage': false, 'Earth in the seepage': 'no', 'Crack': '0 mm', "
                                        "'Sliding': false, 'Sinking': false, 'Limit passed': false, 'Hourly rise': "
                                        "'0.30 m', 'Inflow': '35 m3/s', 'Release': '20 m3/s', 'Water level': "
                                        "'151.95 m'}}"});
    const json_t *scale = find_scale(room_show(&room, 2), &flood);
    assert_true(json_is_null(json_object_get(scale, "level")));
    assert_true(json_is_null(json_object_get(scale, "may")));
    assert_true(json_is_false(json_object_get(scale, "undetermined")));
    assert_int_equal(json_array_size(json_object_get(scale, "ask")), 0);
    room_close(&room);
}

/* ---- repetitions ------------------------------------------------------------------------------------------ */

static void test_repeated(void **state) {
    static const char call[] = "{'text': 'smoke', 'place': 'hill'}";
    static const struct room_request request = {.action = DESK_SAVE_CALL, .key = "pressed-once", .body = call};
    struct room room;
    begin(&room, &forest, *state);
    json_t *first = json_deep_copy(room_expect(&room, DESK_CREATED, &request));
    assert_int_equal(json_integer_value(json_object_get(first, "call")), 2);
    int64_t count = desk_event_count(room.desk);
    (void)json_object_set_new(first, "repeated", json_true());
    /* Nine times, later, with fields in another order, and after a restart. */
    for (int i = 0; i < 9; i++) {
        room.at += ROOM_MINUTE;
        assert_true(json_equal(first, room_expect(&room, DESK_CREATED, &request)));
    }
    struct room_request turned = request;
    turned.body = "{'place': 'hill', 'text': 'smoke'}";
    assert_true(json_equal(first, room_expect(&room, DESK_CREATED, &turned)));
    room_open_again(&room);
    assert_true(json_equal(first, room_expect(&room, DESK_CREATED, &request)));
    /* For something else it is refused: another text, another action, another item, an empty body. */
    struct room_request other = request;
    other.body = "{'text': 'smoke!', 'place': 'hill'}";
    (void)room_expect(&room, DESK_KEY_USED, &other);
    other = request;
    other.action = DESK_CLOSE_INCIDENT;
    (void)room_expect(&room, DESK_KEY_USED, &other);
    other = request;
    other.item = 3;
    (void)room_expect(&room, DESK_KEY_USED, &other);
    other.incident = 2;
    (void)room_expect(&room, DESK_KEY_USED, &other);
    other = request;
    other.body = NULL;
    (void)room_expect(&room, DESK_KEY_USED, &other);
    assert_int_equal(desk_event_count(room.desk), count);
    /* Somebody else's key of that name is another. */
    room.account = room_account("li", false, true, "");
    const json_t *reply = room_expect(&room, DESK_CREATED, &request);
    assert_null(json_object_get(reply, "repeated"));
    assert_int_equal(json_integer_value(json_object_get(reply, "call")), 3);
    assert_int_equal(desk_event_count(room.desk), count + 1);
    json_decref(first);
    room_close(&room);
}

/* A request that was refused has not used its key. */
static void test_refused_key_is_free(void **state) {
    struct room room;
    (void)state;
    begin(&room, &forest, NULL);
    (void)room_expect(&room, DESK_REFUSED,
                      &(struct room_request){.action = DESK_SAVE_CALL, .key = "k", .body = "{'text': ' '}"});
    const json_t *reply = room_expect(
        &room, DESK_CREATED, &(struct room_request){.action = DESK_SAVE_CALL, .key = "k", .body = "{'text': 'smoke'}"});
    assert_null(json_object_get(reply, "repeated"));
    room_close(&room);
}

/* A report of several facts is one request: its events share nothing but the first one's key. */
static void test_report_repeated(void **state) {
    struct room room;
    begin(&room, &forest, *state);
    const struct room_request request = {
        .action = DESK_REPORT_FACTS, .incident = 2, .key = "report", .body = forest.facts};
    int64_t before = desk_event_count(room.desk);
    const json_t *reply = room_expect(&room, DESK_CREATED, &request);
    assert_int_equal(json_integer_value(json_object_get(reply, "sequence")), before + 1);
    assert_int_equal(desk_event_count(room.desk), before + 4);
    room_open_again(&room);
    reply = room_expect(&room, DESK_CREATED, &request);
    assert_int_equal(json_integer_value(json_object_get(reply, "sequence")), before + 1);
    assert_int_equal(desk_event_count(room.desk), before + 4);
    room_close(&room);
}

/* ---- what cannot be taken --------------------------------------------------------------------------------- */

struct refusal {
    struct room_request request;
    enum desk_outcome outcome;
    const char *field;
};

static void check_refusals(struct room *room, const struct refusal *refusals, size_t count) {
    for (size_t i = 0; i < count; i++) {
        int64_t events = desk_event_count(room->desk);
        (void)room_expect(room, refusals[i].outcome, &refusals[i].request);
        check(strcmp(room->reply.failure.field, refusals[i].field) == 0, "%s: field %s: %s", refusals[i].request.body,
              room->reply.failure.field, room->reply.failure.message);
        check(desk_event_count(room->desk) == events, "%s: something is logged", refusals[i].request.body);
    }
}

static void test_facts_all_or_none(void **state) {
    static const char *const bodies[][2] = {
        {"{'source': 's', 'facts': {'死亡': 0, '火势失控': true, '没有': 1}}", "没有"},
        {"{'source': 's', 'facts': {'没有': 1, '死亡': 0}}", "没有"},
        {"{'source': 's', 'facts': {'死亡': 0, '火势失控': 'perhaps'}}", "火势失控"},
        {"{'source': 's', 'facts': {'死亡': 0, '过火面积': 3}}", "过火面积"},
        {"{'source': 's', 'facts': {'死亡': 0, '过火面积': '3 km'}}", "过火面积"},
        {"{'source': 's', 'facts': {'死亡': -1}}", "死亡"},
        {"{'source': 's', 'facts': {'死亡': 0, '燃烧时间': '2 小时'}}", "燃烧时间"},
        {"{'source': 's', 'facts': {'死亡': 0, '火险气象等级': '五级'}}", "火险气象等级"},
        {"{'source': 's', 'facts': {'死亡': [1], '被困': 1}}", "死亡"},
        {"{'source': 's', 'facts': {}}", "facts"},
        {"{'source': 's', 'facts': []}", "facts"},
        {"{'source': 's', 'facts': null}", "facts"},
        {"{'source': 's', 'facts': 'x'}", "facts"},
        {"{'source': 's'}", "facts"},
        {"{'facts': {'死亡': 0}}", "source"},
        {"{'source': 's', 'facts': {'死亡': 0}, 'as_of': '2022-08-20T14:00:01+08:00'}", "as_of"},
        {"{'source': 's', 'facts': {'死亡': 0}, 'basis': 'guessed'}", "basis"},
        {"{'source': 's', 'facts': {'死亡': 0}, 'base': 'observed'}", "base"},
    };
    struct room room;
    (void)state;
    begin(&room, &forest, NULL);
    json_t *before = json_deep_copy(room_show(&room, 2));
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        const struct refusal refusal = {
            {.action = DESK_REPORT_FACTS, .incident = 2, .body = bodies[i][0]}, DESK_REFUSED, bodies[i][1]};
        check_refusals(&room, &refusal, 1);
    }
    assert_true(json_equal(before, room_show(&room, 2)));
    json_decref(before);
    room_close(&room);
}

static void test_refusals(void **state) {
    static const struct refusal refusals[] = {
        {{.action = DESK_SAVE_CALL, .body = "{}"}, DESK_REFUSED, "text"},
        {{.action = DESK_SAVE_CALL, .body = "[]"}, DESK_REFUSED, ""},
        {{.action = DESK_SAVE_CALL}, DESK_REFUSED, ""},
        {{.action = DESK_SAVE_CALL, .body = "{'text': 'x', 'incident': 9}"}, DESK_REFUSED, "incident"},
        {{.action = DESK_SAVE_CALL, .body = "{'text': 'x', 'called_at': '2022-08-20T06:00:01Z'}"},
         DESK_REFUSED,
         "called_at"},
        {{.action = DESK_SAVE_CALL, .body = "{'text': 'x', 'txt': 'y'}"}, DESK_REFUSED, "txt"},
        {{.action = DESK_LINK_CALL, .item = 9, .body = "{'incident': 2}"}, DESK_NOT_FOUND, ""},
        {{.action = DESK_LINK_CALL, .item = 0, .body = "{'incident': 2}"}, DESK_NOT_FOUND, ""},
        {{.action = DESK_LINK_CALL, .item = 1, .body = "{'incident': 9}"}, DESK_REFUSED, "incident"},
        {{.action = DESK_LINK_CALL, .item = 1, .body = "{}"}, DESK_REFUSED, "incident"},
        {{.action = DESK_OPEN_INCIDENT, .body = "{'plan': 'x', 'subject': 'x', 'title': 'x'}"}, DESK_NOT_FOUND, "plan"},
        {{.action = DESK_OPEN_INCIDENT, .body = "{'plan': '森林火灾', 'subject': 'x', 'title': 'x'}"},
         DESK_REFUSED,
         "subject"},
        {{.action = DESK_OPEN_INCIDENT, .body = "{'plan': '森林火灾', 'subject': '火险', 'title': 'x'}"},
         DESK_REFUSED,
         "subject"},
        {{.action = DESK_OPEN_INCIDENT, .body = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': ' '}"},
         DESK_REFUSED,
         "title"},
        {{.action = DESK_OPEN_INCIDENT, .body = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': 'x', 'call': 9}"},
         DESK_REFUSED,
         "call"},
        {{.action = DESK_REPORT_FACTS, .incident = 9, .body = "{'source': 's', 'facts': {'死亡': 0}}"},
         DESK_NOT_FOUND,
         ""},
        {{.action = DESK_CORRECT_CLAIM, .incident = 2, .item = 99, .body = "{'source': 's'}"}, DESK_NOT_FOUND, ""},
        {{.action = DESK_CORRECT_CLAIM, .incident = 2, .item = 0, .body = "{'source': 's'}"}, DESK_NOT_FOUND, ""},
        {{.action = DESK_CORRECT_CLAIM, .incident = 2, .item = 1, .body = "{'source': 's', 'value': 'no such'}"},
         DESK_REFUSED,
         "火情性质"},
        {{.action = DESK_BIND_ROLE, .incident = 2, .body = "{'role': '属地', 'unit': '歌乐山街道'}"},
         DESK_REFUSED,
         "role"},
        {{.action = DESK_BIND_ROLE, .incident = 2, .body = "{'role': '属地镇街', 'unit': '歌乐山'}"},
         DESK_REFUSED,
         "unit"},
        {{.action = DESK_GIVE_ORDER,
          .incident = 2,
          .body = "{'scale': '响应', 'level': 'Ⅳ级', 'by': '没有', 'spoken': {'who': 'x', 'from': '1'}}"},
         DESK_REFUSED,
         "by"},
        {{.action = DESK_GIVE_ORDER,
          .incident = 2,
          .body = "{'scale': '没有', 'level': 'Ⅳ级', 'by': '区森防指', 'spoken': {'who': 'x', 'from': '1'}}"},
         DESK_REFUSED,
         "scale"},
        {{.action = DESK_GIVE_ORDER,
          .incident = 2,
          .body = "{'scale': '响应', 'level': 'Ⅴ级', 'by': '区森防指', 'spoken': {'who': 'x', 'from': '1'}}"},
         DESK_REFUSED,
         "level"},
        {{.action = DESK_GIVE_ORDER,
          .incident = 2,
          .body = "{'scale': '响应', 'by': '区森防指', 'spoken': {'who': 'x', 'from': '1'}}"},
         DESK_REFUSED,
         "level"},
        {{.action = DESK_GIVE_ORDER,
          .incident = 2,
          .body = "{'scale': '响应', 'level': 'Ⅳ级', 'by': '区森防指', 'spoken': {'who': 'x'}}"},
         DESK_REFUSED,
         "from"},
        {{.action = DESK_GIVE_ORDER,
          .incident = 2,
          .body = "{'scale': '响应', 'level': 'Ⅳ级', 'by': '区森防指', 'spoken': true}"},
         DESK_REFUSED,
         ""},
        {{.action = DESK_DECIDE_PROPOSAL, .incident = 2, .item = 9, .body = "{'decision': 'accept', 'by': '区森防指'}"},
         DESK_NOT_FOUND,
         ""},
        {{.action = DESK_DECIDE_PROPOSAL, .incident = 2, .item = 1, .body = "{'decision': 'yes', 'by': '区森防指'}"},
         DESK_REFUSED,
         "decision"},
        {{.action = DESK_DECIDE_PROPOSAL, .incident = 2, .item = 1, .body = "{'by': '区森防指'}"},
         DESK_REFUSED,
         "decision"},
        {{.action = DESK_ACKNOWLEDGE_DUTY, .incident = 2, .item = 999, .body = "{}"}, DESK_NOT_FOUND, ""},
        {{.action = DESK_ACKNOWLEDGE_DUTY, .incident = 2, .item = 1, .body = "{'by': '没有'}"}, DESK_REFUSED, "by"},
        {{.action = DESK_ACKNOWLEDGE_DUTY, .incident = 2, .item = 1, .body = "{}"}, DESK_REFUSED, "spoken"},
        {{.action = DESK_ACKNOWLEDGE_DUTY, .incident = 2, .item = 1, .body = "{'source': '小李'}"},
         DESK_REFUSED,
         "spoken"},
        {{.action = DESK_ACKNOWLEDGE_DUTY, .incident = 2, .item = 1, .body = "{'spoken': {'who': '小李'}}"},
         DESK_REFUSED,
         "from"},
        {{.action = DESK_COMPLETE_DUTY, .incident = 2, .item = 1, .body = "{}"}, DESK_REFUSED, "outcome"},
        {{.action = DESK_COMPLETE_DUTY, .incident = 2, .item = 1, .body = "{'outcome': 'undone'}"},
         DESK_REFUSED,
         "outcome"},
        {{.action = DESK_COMPLETE_DUTY,
          .incident = 2,
          .item = 1,
          .body = "{'outcome': 'done', 'as_of': '2022-08-20T06:00:01Z'}"},
         DESK_REFUSED,
         "as_of"},
        {{.action = DESK_CLOSE_INCIDENT, .incident = 2, .body = "{}"}, DESK_REFUSED, "reason"},
        {{.action = DESK_CLOSE_INCIDENT, .incident = 9, .body = "{'reason': 'x'}"}, DESK_NOT_FOUND, ""},
        {{.action = DESK_SHOW_INCIDENT, .incident = 9}, DESK_NOT_FOUND, ""},
        {{.action = DESK_SHOW_INCIDENT, .incident = 0}, DESK_NOT_FOUND, ""},
        {{.action = DESK_SHOW_PLAN, .plan = "没有"}, DESK_NOT_FOUND, ""},
        {{.action = DESK_SHOW_PLAN}, DESK_NOT_FOUND, ""},
    };
    struct room room;
    (void)state;
    begin(&room, &forest, NULL);
    report(&room, &forest);
    check_refusals(&room, refusals, COUNT_OF(refusals));
    room_close(&room);
}

/* ---- two people ------------------------------------------------------------------------------------------- */

static void copy_etag(const struct room *room, char etag[DESK_ETAG_ROOM]) {
    assert_true(room->reply.etag[0] != '\0');
    (void)snprintf(etag, DESK_ETAG_ROOM, "%s", room->reply.etag);
}

static void test_if_match(void **state) {
    static const char deaths[] = "{'source': 's', 'facts': {'死亡': 0}}";
    char old[DESK_ETAG_ROOM];
    char new[DESK_ETAG_ROOM];
    struct room room;
    (void)state;
    begin(&room, &forest, NULL);
    (void)room_show(&room, 2);
    copy_etag(&room, old);
    (void)room_expect(&room, DESK_NOT_MODIFIED,
                      &(struct room_request){.action = DESK_SHOW_INCIDENT, .incident = 2, .if_match = old});
    (void)room_expect(
        &room, DESK_CREATED,
        &(struct room_request){.action = DESK_REPORT_FACTS, .incident = 2, .body = deaths, .if_match = old});
    int64_t count = desk_event_count(room.desk);
    /* Whoever still has the old state before him is told so, and nothing happens. */
    static const struct room_request writes[] = {
        {.action = DESK_REPORT_FACTS, .incident = 2, .body = deaths},
        {.action = DESK_CORRECT_CLAIM, .incident = 2, .item = 1, .body = "{'source': 's'}"},
        {.action = DESK_BIND_ROLE, .incident = 2, .body = "{'role': '属地镇街', 'unit': '歌乐山街道'}"},
        {.action = DESK_CLOSE_INCIDENT, .incident = 2, .body = "{'reason': 'x'}"},
        {.action = DESK_ACKNOWLEDGE_DUTY, .incident = 2, .item = 1, .body = "{}"},
        {.action = DESK_COMPLETE_DUTY, .incident = 2, .item = 1, .body = "{'outcome': 'done'}"},
        {.action = DESK_GIVE_ORDER,
         .incident = 2,
         .body = "{'scale': '响应', 'level': 'Ⅳ级', 'by': '区森防指', 'reason': 'x', 'spoken': {'who': 'x', 'from': "
                 "'1'}}"},
    };
    for (size_t i = 0; i < COUNT_OF(writes); i++) {
        struct room_request stale = writes[i];
        stale.if_match = old;
        (void)room_expect(&room, DESK_CHANGED, &stale);
        stale.if_match = "nonsense";
        (void)room_expect(&room, DESK_CHANGED, &stale);
        assert_int_equal(desk_event_count(room.desk), count);
    }
    (void)room_expect(&room, DESK_OK,
                      &(struct room_request){.action = DESK_SHOW_INCIDENT, .incident = 2, .if_match = old});
    copy_etag(&room, new);
    assert_string_not_equal(old, new);
    for (size_t i = 0; i < 3; i++) {
        struct room_request fresh = writes[i];
        fresh.if_match = new;
        (void)room_expect(&room, DESK_CREATED, &fresh);
        (void)room_show(&room, 2);
        copy_etag(&room, new);
    }
    room_close(&room);
}

/* Each thing that changes what an incident shows changes its ETag, what comes due by itself included; what happens to
 * another incident does not. */
static void test_etags(void **state) {
    char before[DESK_ETAG_ROOM];
    char after[DESK_ETAG_ROOM];
    struct room room;
    (void)state;
    begin(&room, &forest, NULL);
    (void)room_write(&room, &(struct room_request){.action = DESK_OPEN_INCIDENT, .body = forest.open});
    static const struct room_request changes[] = {
        {.action = DESK_SAVE_CALL, .body = "{'text': 'x', 'incident': 2}"},
        {.action = DESK_LINK_CALL, .item = 1, .body = "{'incident': 2}"},
        {.action = DESK_REPORT_FACTS, .incident = 2, .body = "{'source': 's', 'facts': {'死亡': 0}}"},
        {.action = DESK_ACKNOWLEDGE_DUTY, .incident = 2, .item = 3, .body = "{'spoken': {'who': '小李', 'from': '1'}}"},
    };
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        (void)room_show(&room, 2);
        copy_etag(&room, before);
        (void)room_write(&room, &changes[i]);
        (void)room_show(&room, 2);
        copy_etag(&room, after);
        check(strcmp(before, after) != 0, "action %d", changes[i].action);
    }
    struct failure failure = {0};
    room.at = desk_next_instant(room.desk);
    check(desk_pass_time(room.desk, room.at, &failure), "%s", failure.message);
    (void)room_show(&room, 2);
    assert_string_not_equal(room.reply.etag, after);
    copy_etag(&room, before);
    (void)room_write(&room, &(struct room_request){.action = DESK_REPORT_FACTS,
                                                   .incident = 3,
                                                   .body = "{'source': 's', 'facts': {'死亡': 0}}"});
    (void)room_expect(&room, DESK_NOT_MODIFIED,
                      &(struct room_request){.action = DESK_SHOW_INCIDENT, .incident = 2, .if_match = before});
    /* The desk's own. */
    (void)room_expect(&room, DESK_OK, &(struct room_request){.action = DESK_SHOW_DESK});
    copy_etag(&room, before);
    (void)room_expect(&room, DESK_NOT_MODIFIED, &(struct room_request){.action = DESK_SHOW_DESK, .if_match = before});
    (void)room_write(&room, &(struct room_request){.action = DESK_SAVE_CALL, .body = "{'text': 'x'}"});
    (void)room_expect(&room, DESK_OK, &(struct room_request){.action = DESK_SHOW_DESK, .if_match = before});
    room_close(&room);
}

static void test_decided_twice(void **state) {
    struct room room;
    (void)state;
    begin(&room, &forest, NULL);
    report(&room, &forest);
    room.account = room_account("commander", false, false, "区森防指\n");
    const struct room_request accept = {
        .action = DESK_DECIDE_PROPOSAL, .incident = 2, .item = 1, .body = forest.accept};
    struct room_request refuse = accept;
    refuse.body = "{'decision': 'refuse', 'by': '区森防指', 'reason': '不同意'}";
    (void)room_expect(&room, DESK_CREATED, &accept);
    int64_t count = desk_event_count(room.desk);
    (void)room_expect(&room, DESK_CONFLICT, &accept);
    (void)room_expect(&room, DESK_CONFLICT, &refuse);
    room.account = room_account("deputy", false, false, "区森防指\n");
    (void)room_expect(&room, DESK_CONFLICT, &accept);
    (void)room_expect(&room, DESK_CONFLICT, &refuse);
    assert_int_equal(desk_event_count(room.desk), count);
    room_close(&room);
    begin(&room, &forest, NULL);
    report(&room, &forest);
    room.account = room_account("commander", false, false, "区森防指\n");
    (void)room_expect(&room, DESK_CREATED, &refuse);
    (void)room_expect(&room, DESK_CONFLICT, &accept);
    const json_t *proposal = json_array_get(json_object_get(room_show(&room, 2), "proposals"), 0);
    assert_string_equal(room_text(proposal, "status"), "refused");
    assert_string_equal(room_text(proposal, "reason"), "不同意");
    room_close(&room);
}

/* Ordered by telephone: it takes force at once, and who spoke and from where is in the log beside who wrote it down. */
static void test_spoken(void **state) {
    struct room room;
    begin(&room, &flood, *state);
    report(&room, &flood);
    (void)room_write(&room, &(struct room_request){.action = DESK_DECIDE_PROPOSAL,
                                                   .incident = 2,
                                                   .item = 1,
                                                   .body = "{'decision': 'accept', 'by': 'Station Head', 'spoken': "
                                                           "{'who': 'Jones', 'from': '555 0141'}}"});
    const json_t *incident = room_show(&room, 2);
    assert_string_equal(room_text(find_scale(incident, &flood), "order"), "Yellow");
    const json_t *order = room_find(json_object_get(incident, "timeline"), "kind", "order");
    assert_string_equal(room_text(order, "actor"), "wang");
    const json_t *fields = json_object_get(order, "fields");
    assert_string_equal(room_text(fields, "spoken_by"), "Jones");
    assert_string_equal(room_text(fields, "spoken_from"), "555 0141");
    assert_string_equal(room_text(fields, "source"), "Jones");
    const json_t *proposal = json_array_get(json_object_get(incident, "proposals"), 0);
    assert_string_equal(room_text(proposal, "source"), "Jones");
    room_close(&room);
}

static void test_claims(void **state) {
    struct room room;
    (void)state;
    begin(&room, &flood, NULL);
    report(&room, &flood);
    (void)room_write(&room,
                     &(struct room_request){.action = DESK_CORRECT_CLAIM,
                                            .incident = 2,
                                            .item = 1,
                                            .body = "{'source': 'Keeper', 'value': '151 m', 'reason': 'misread'}"});
    const json_t *fact = room_find(json_object_get(room_show(&room, 2), "facts"), "name", "Water level");
    const json_t *claims = json_object_get(fact, "claims");
    assert_string_equal(room_text(json_array_get(claims, 0), "value"), "153.5 m"); /* the old value stays to be seen */
    assert_string_equal(room_text(json_array_get(claims, 0), "status"), "corrected");
    assert_string_equal(room_text(json_array_get(claims, 1), "value"), "151 m");
    uint32_t number = (uint32_t)json_integer_value(json_object_get(json_array_get(claims, 1), "number"));
    assert_int_equal(json_integer_value(json_object_get(json_array_get(claims, 0), "replaced_by")), number);
    (void)room_write(
        &room,
        &(struct room_request){.action = DESK_CORRECT_CLAIM, .incident = 2, .item = number, .body = "{'source': 'x'}"});
    fact = room_find(json_object_get(room_show(&room, 2), "facts"), "name", "Water level");
    assert_string_equal(room_text(json_array_get(json_object_get(fact, "claims"), 1), "status"), "withdrawn");
    assert_string_equal(room_text(fact, "state"), "unknown");
    room_close(&room);
}

/* ---- time ------------------------------------------------------------------------------------------------- */

static void test_clock_set_back(void **state) {
    static const struct room_request call = {.action = DESK_SAVE_CALL, .body = "{'text': 'x'}"};
    struct room room;
    begin(&room, &forest, *state);
    room.at = ROOM_START + ROOM_MINUTE;
    (void)room_expect(&room, DESK_CREATED, &call);
    /* A little: it is taken to stand still. */
    room.at = ROOM_START + ROOM_MINUTE - 5 * SECOND;
    const json_t *reply = room_expect(&room, DESK_CREATED, &call);
    json_int_t number = json_integer_value(json_object_get(reply, "call"));
    const json_t *calls =
        json_object_get(room_expect(&room, DESK_OK, &(struct room_request){.action = DESK_LIST_CALLS}), "calls");
    assert_int_equal(json_integer_value(json_object_get(json_array_get(calls, 0), "number")), number);
    assert_non_null(strstr(room_text(json_array_get(calls, 0), "saved_at"), "T06:01:00"));
    /* Much: nothing is taken, all is shown; also after a restart, and until the clock is right again. */
    for (int i = 0; i < 2; i++) {
        room.at = ROOM_START + ROOM_MINUTE - 5 * SECOND - 1;
        int64_t count = desk_event_count(room.desk);
        (void)room_expect(&room, DESK_UNAVAILABLE, &call);
        assert_non_null(strstr(room.reply.failure.message, "2022-08-20T06:01:00"));
        assert_int_equal(desk_event_count(room.desk), count);
        (void)room_show(&room, 2);
        (void)room_expect(&room, DESK_OK, &(struct room_request){.action = DESK_SHOW_DESK});
        assert_false(room.reply.failure.set);
        room_open_again(&room);
    }
    room.at = ROOM_START + ROOM_MINUTE;
    (void)room_expect(&room, DESK_CREATED, &call);
    room_close(&room);
}

/* Clocks of all incidents stand on the desk, the one that is due next first; what is late says so. */
static void test_clocks(void **state) {
    struct failure failure = {0};
    struct room room;
    (void)state;
    begin(&room, &forest, NULL);
    room.at += ROOM_MINUTE;
    (void)room_write(&room, &(struct room_request){.action = DESK_OPEN_INCIDENT, .body = forest.open});
    const json_t *desk = room_expect(&room, DESK_OK, &(struct room_request){.action = DESK_SHOW_DESK});
    const json_t *clocks = json_object_get(desk, "clocks");
    assert_true(json_array_size(clocks) > 4);
    for (size_t i = 1; i < json_array_size(clocks); i++) {
        assert_true(strcmp(room_text(json_array_get(clocks, i - 1), "due_at"),
                           room_text(json_array_get(clocks, i), "due_at")) <= 0);
        assert_true(json_is_false(json_object_get(json_array_get(clocks, i), "overdue")));
    }
    room.at = desk_next_instant(room.desk);
    int64_t count = desk_event_count(room.desk);
    check(desk_pass_time(room.desk, room.at - 1, &failure), "%s", failure.message);
    assert_int_equal(desk_event_count(room.desk), count);
    check(desk_pass_time(room.desk, room.at + 6 * CALENDAR_US_PER_HOUR, &failure), "%s", failure.message);
    assert_true(desk_event_count(room.desk) > count);
    room.at += 6 * CALENDAR_US_PER_HOUR;
    desk = room_expect(&room, DESK_OK, &(struct room_request){.action = DESK_SHOW_DESK});
    assert_true(json_is_true(json_object_get(json_array_get(json_object_get(desk, "clocks"), 0), "overdue")));
    const json_t *incident = json_array_get(json_object_get(desk, "incidents"), 0);
    assert_true(json_integer_value(json_object_get(incident, "overdue")) > 0);
    /* A clock that has been set back lets nothing happen twice. */
    count = desk_event_count(room.desk);
    check(desk_pass_time(room.desk, ROOM_START, &failure), "%s", failure.message);
    assert_int_equal(desk_event_count(room.desk), count);
    room_close(&room);
}

/* ---- plans ------------------------------------------------------------------------------------------------ */

static void test_adopt(void **state) {
    struct room room;
    struct failure failure = {0};
    struct buffer pack = {0};
    bool differs = true;
    room_open(&room, *state);
    room_adopt(&room, ROOM_FLOOD);
    int64_t count = desk_event_count(room.desk);
    room_adopt(&room, ROOM_FLOOD);
    assert_int_equal(desk_event_count(room.desk), count);
    room_open_again(&room);
    room_adopt(&room, ROOM_FLOOD);
    assert_int_equal(desk_event_count(room.desk), count);
    check(buffer_read_file(&pack, ROOM_FLOOD, (size_t)1 << 20U, &failure), "%s", failure.message);
    buffer_append(&pack, "", 1); /* so that it can be searched */
    pack.length--;
    assert_true(desk_adopt(room.desk, room.at, TEXT("x"), TEXT("f"), buffer_text(&pack), false, &differs, &failure));
    assert_false(differs);
    assert_true(desk_adopt(room.desk, room.at, TEXT("x"), TEXT("f"), buffer_text(&pack), true, NULL, &failure));
    assert_int_equal(desk_event_count(room.desk), count);
    /* Another text of that plan takes force only when that is wanted. */
    char *version = strstr(pack.bytes, "version \"1\"");
    assert_non_null(version);
    version[9] = '2';
    assert_true(desk_adopt(room.desk, room.at, TEXT("x"), TEXT("f"), buffer_text(&pack), false, &differs, &failure));
    assert_true(differs);
    assert_int_equal(desk_event_count(room.desk), count);
    check(desk_adopt(room.desk, room.at, TEXT("x"), TEXT("f"), buffer_text(&pack), true, &differs, &failure), "%s",
          failure.message);
    assert_int_equal(desk_event_count(room.desk), count + 1);
    assert_false(
        desk_adopt(room.desk, room.at, TEXT("x"), TEXT("bad.md"), TEXT("```plan\nplan\n```\n"), true, NULL, &failure));
    assert_string_equal(failure.file, "bad.md");
    const json_t *desk = room_expect(&room, DESK_OK, &(struct room_request){.action = DESK_SHOW_DESK});
    const json_t *plans = json_object_get(desk, "plans");
    assert_int_equal(json_array_size(plans), 1);
    assert_string_equal(room_text(json_array_get(plans, 0), "name"), "Reservoir flood");
    buffer_release(&pack);
    room_close(&room);
}

/* ---- the log ---------------------------------------------------------------------------------------------- */

static void take_event(void *context, int64_t sequence, const json_t *event) {
    json_t *list = context;
    assert_int_equal(json_integer_value(json_object_get(event, "sequence")), sequence);
    (void)json_array_append_new(list, json_deep_copy(event));
}

static json_t *read_events(struct room *room, int64_t from) {
    struct failure failure = {0};
    json_t *list = json_array();
    check(desk_read_events(room->desk, from, take_event, list, &failure), "%s", failure.message);
    return list;
}

static void test_events(void **state) {
    static const char *const hidden[] = {"kind", "at", "incident", "actor", "key", "pack"};
    struct room room;
    play(&room, &forest, *state);
    json_t *all = read_events(&room, 1);
    assert_int_equal(json_array_size(all), desk_event_count(room.desk));
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *event = json_array_get(all, i);
        assert_int_equal(json_integer_value(json_object_get(event, "sequence")), (int64_t)i + 1);
        for (size_t k = 0; k < COUNT_OF(hidden); k++) {
            assert_null(json_object_get(json_object_get(event, "fields"), hidden[k]));
        }
    }
    assert_string_equal(room_text(json_array_get(all, 0), "kind"), "adopt");
    const json_t *call = room_find(all, "kind", "desk.call");
    assert_string_equal(room_text(json_object_get(call, "fields"), "text"), "山上有烟");
    assert_string_equal(room_text(call, "actor"), "wang");
    assert_int_equal(json_integer_value(json_object_get(room_find(all, "kind", "report"), "incident")), 2);
    json_t *rest = read_events(&room, 5);
    assert_int_equal(json_array_size(rest), json_array_size(all) - 4);
    assert_true(json_equal(json_array_get(rest, 0), json_array_get(all, 4)));
    json_decref(rest);
    json_decref(all);
    room_close(&room);
}

/* The file system takes not a byte more from this process. */
static bool release_on_full_disk(struct desk *desk, struct failure *failure) {
    struct rlimit usual;
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction before;
    assert_int_equal(sigaction(SIGXFSZ, &ignore, &before), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
    const struct rlimit none = {1, usual.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    bool done = desk_release(desk, failure);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
    assert_int_equal(sigaction(SIGXFSZ, &before, NULL), 0);
    return done;
}

static void test_batch(void **state) {
    struct failure failure = {0};
    struct room room;
    begin(&room, &forest, *state);
    int64_t count = desk_event_count(room.desk);
    desk_hold(room.desk);
    report(&room, &forest);
    json_t *durable = read_events(&room, 1);
    assert_int_equal(json_array_size(durable), count);
    json_decref(durable);
    assert_true(desk_event_count(room.desk) > count);
    check(desk_release(room.desk, &failure), "%s", failure.message);
    durable = read_events(&room, 1);
    assert_int_equal(json_array_size(durable), desk_event_count(room.desk));
    json_decref(durable);
    room_close(&room);
}

static void test_full_disk(void **state) {
    static const struct room_request call = {.action = DESK_SAVE_CALL, .key = "retried", .body = "{'text': 'x'}"};
    static const struct room_request facts = {.action = DESK_REPORT_FACTS,
                                              .incident = 2,
                                              .key = "retried-too",
                                              .body = "{'source': 's', 'facts': {'死亡': 0}}"};
    struct failure failure = {0};
    struct room room;
    begin(&room, &forest, *state);
    json_t *before = take_views(&room, &forest);
    desk_hold(room.desk);
    (void)room_expect(&room, DESK_CREATED, &call);
    (void)room_expect(&room, DESK_CREATED, &facts);
    assert_false(release_on_full_disk(room.desk, &failure));
    assert_true(failure.set);
    /* Nothing more is taken, until it has been opened anew; */
    const struct room_request other = {.action = DESK_SAVE_CALL, .body = "{'text': 'y'}"};
    (void)room_expect(&room, DESK_UNAVAILABLE, &other);
    (void)room_expect(
        &room, DESK_UNAVAILABLE,
        &(struct room_request){.action = DESK_CLOSE_INCIDENT, .incident = 2, .body = "{'reason': 'x', 'lapse': true}"});
    room_open_again(&room);
    /* then all is as before the batch, and what was tried is taken when it is tried again. */
    json_t *after = take_views(&room, &forest);
    assert_true(json_equal(before, after));
    const json_t *reply = room_expect(&room, DESK_CREATED, &call);
    assert_null(json_object_get(reply, "repeated"));
    assert_int_equal(json_integer_value(json_object_get(reply, "call")), 2);
    reply = room_expect(&room, DESK_CREATED, &facts);
    assert_null(json_object_get(reply, "repeated"));
    json_decref(before);
    json_decref(after);
    room_close(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_story, scratch_set_up, scratch_tear_down),
        cmocka_unit_test(test_undetermined),
        cmocka_unit_test(test_known_to_be_none),
        cmocka_unit_test_setup_teardown(test_repeated, scratch_set_up, scratch_tear_down),
        cmocka_unit_test(test_refused_key_is_free),
        cmocka_unit_test_setup_teardown(test_report_repeated, scratch_set_up, scratch_tear_down),
        cmocka_unit_test(test_facts_all_or_none),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_if_match),
        cmocka_unit_test(test_etags),
        cmocka_unit_test(test_decided_twice),
        cmocka_unit_test_setup_teardown(test_spoken, scratch_set_up, scratch_tear_down),
        cmocka_unit_test(test_claims),
        cmocka_unit_test_setup_teardown(test_clock_set_back, scratch_set_up, scratch_tear_down),
        cmocka_unit_test(test_clocks),
        cmocka_unit_test_setup_teardown(test_adopt, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_events, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_batch, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_full_disk, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
