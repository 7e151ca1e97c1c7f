/* Proves: every bundled drill, played by the script alone on a desk as an exercise, comes out as `pinyue drill` has it: each
 * expectation holds; what a person plays is left to him, and done for him when he says so; what is opened by hand is what the
 * script goes on with; and a seat's rights are its own. */
#include "desk/exercise.h"

#include "room.h"

#include "base/buffer.h"
#include "engine/engine.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STORY "drills/20-whole-story.drill.md"
#define STEPS_MOST 2000000

struct stage {
    struct desk *desk;
    struct buffer source;
    struct exercise *exercise;
};

/* A drill of that text, as if it stood in the file. */
static void begin_text(struct stage *stage, const char *path, const char *text) {
    struct failure failure = {0};
    *stage = (struct stage){.desk = desk_open(NULL, &failure)};
    assert_non_null(stage->desk);
    if (text == NULL) {
        check(buffer_read_file(&stage->source, path, (size_t)1 << 24, &failure), "%s: %s", path, failure.message);
    } else {
        buffer_append_string(&stage->source, text);
    }
    const struct exercise_setup setup = {.drill = TEXT("story"),
                                         .path = text_of(path),
                                         .source = buffer_text(&stage->source),
                                         .starter = TEXT("lin"),
                                         .speed = 60};
    stage->exercise = exercise_begin(stage->desk, &setup, &failure);
    check(stage->exercise != NULL, "%s: %s", path, failure.message);
}

static void begin(struct stage *stage, const char *path) {
    begin_text(stage, path, NULL);
}

static void end(struct stage *stage) {
    exercise_close(stage->exercise);
    desk_close(stage->desk);
    buffer_release(&stage->source);
}

/* lin gives it. */
static bool give_seat(const struct stage *stage, int64_t at, struct text seat, struct text account,
                      struct failure *failure) {
    const struct exercise_deed deed = {.at = at, .actor = TEXT("lin")};
    return exercise_give_seat(stage->exercise, &deed, seat, account, failure);
}

static bool play_offer(const struct stage *stage, int64_t at, struct text actor, uint32_t number,
                       struct failure *failure) {
    const struct exercise_deed deed = {.at = at, .actor = actor};
    return exercise_play_offer(stage->exercise, &deed, number, failure);
}

static json_int_t number_of(const json_t *object, const char *name) {
    return json_integer_value(json_object_get(object, name));
}

/* Plays instant by instant, as the writer's clock would, up to the last statement. */
static void play(struct stage *stage, const char *path) {
    bool goes_on = true;
    for (int step = 0; goes_on; step++) {
        int64_t next = exercise_next_instant(stage->exercise);
        check(step < STEPS_MOST && next != ENGINE_NEVER, "%s does not come to its end", path);
        exercise_pass(stage->exercise, next);
        json_t *shown = exercise_describe(stage->exercise);
        check(json_is_null(json_object_get(shown, "script_problem")), "%s: %s", path,
              json_string_value(json_object_get(shown, "script_problem")));
        goes_on = number_of(shown, "place") < number_of(shown, "statements");
        json_decref(shown);
    }
}

static void check_drill(const char *path) {
    struct stage stage;
    size_t index = 0;
    json_t *verdict = NULL;
    begin(&stage, path);
    play(&stage, path);
    json_t *judged = exercise_judge(stage.exercise, exercise_last_instant(stage.exercise));
    json_t *script = json_object_get(judged, "script");
    check(json_array_size(script) > 0, "%s expects nothing", path);
    json_array_foreach(script, index, verdict) {
        check(json_is_true(json_object_get(verdict, "passed")), "%s:%d: %s: %s", path, (int)number_of(verdict, "line"),
              json_string_value(json_object_get(verdict, "statement")),
              json_string_value(json_object_get(verdict, "actual")));
    }
    json_decref(judged);
    end(&stage);
}

static void test_every_drill(void **state) {
    struct dirent **entries = NULL;
    int count = scandir("drills", &entries, NULL, alphasort);
    int played = 0;
    (void)state;
    for (int i = 0; i < count; i++) {
        char path[300];
        (void)snprintf(path, sizeof path, "drills/%s", entries[i]->d_name);
        if (strstr(path, ".drill.md") != NULL) {
            check_drill(path);
            played++;
        }
        free(entries[i]);
    }
    free(entries);
    check(played > 20, "%d drills", played);
}

static const char *outcome_of(const struct stage *stage, size_t index) {
    static char outcome[16];
    json_t *shown = exercise_describe(stage->exercise);
    const json_t *offer = json_array_get(json_object_get(shown, "offers"), index);
    const char *said = json_string_value(json_object_get(offer, "outcome"));
    (void)snprintf(outcome, sizeof outcome, "%s", said == NULL ? "" : said);
    json_decref(shown);
    return outcome;
}

/* The duty room is lin's: nothing is done for him; what he lets the script do is done once; and where it cannot go on without an
 * incident it stands in. */
static void test_left(void **state) {
    struct stage stage;
    struct failure failure = {.chinese = true};
    (void)state;
    begin(&stage, STORY);
    int64_t at = exercise_start(stage.exercise);
    assert_true(give_seat(&stage, at, TEXT("duty-room"), TEXT("lin"), &failure));
    exercise_pass(stage.exercise, at + ROOM_MINUTE);
    assert_string_equal(outcome_of(&stage, 0), "open");
    assert_false(play_offer(&stage, at, TEXT("wang"), 1, &failure)); /* another's */
    assert_true(is_chinese_sentence(failure.message));
    failure = (struct failure){0};
    assert_false(play_offer(&stage, at, TEXT("lin"), 99, &failure));
    failure = (struct failure){0};
    assert_true(play_offer(&stage, at, TEXT("lin"), 2, &failure)); /* opens, and then binds */
    assert_string_equal(outcome_of(&stage, 0), "played");
    assert_string_equal(outcome_of(&stage, 1), "played");
    assert_string_equal(outcome_of(&stage, 2), "open");
    assert_false(play_offer(&stage, at, TEXT("lin"), 2, &failure));
    end(&stage);
}

/* How many titles of the incident of that number an answer shows; each must have the mark. */
static int count_marked(json_t *answer, json_int_t incident) {
    size_t index = 0;
    const char *key = NULL;
    json_t *part = NULL;
    int marked = 0;
    bool is_it = number_of(answer, "incident") == incident ||
                 (number_of(answer, "number") == incident && json_object_get(answer, "scales") != NULL);
    const char *title = json_string_value(json_object_get(answer, "title"));
    if (is_it && title != NULL) {
        check(text_starts_with(text_of(title), TEXT("【演练】")), "\"%s\" has no mark", title);
        check(strlen(title) > sizeof "【演练】", "nothing stands behind the mark");
        marked++;
    }
    json_array_foreach(answer, index, part) {
        marked += count_marked(part, incident);
    }
    json_object_foreach(answer, key, part) {
        marked += count_marked(part, incident);
    }
    return marked;
}

/* Starts the story with lin in a seat, a minute ago. */
static struct room sit_down(struct stage *stage, struct text seat) {
    struct failure failure = {0};
    begin(stage, STORY);
    int64_t at = exercise_start(stage->exercise);
    struct room room = {.desk = stage->desk, .account = room_account("lin", false, false, ""), .at = at + ROOM_MINUTE};
    assert_true(give_seat(stage, at, seat, TEXT("lin"), &failure));
    exercise_pass(stage->exercise, room.at);
    exercise_cast(stage->exercise, &room.account);
    return room;
}

/* A standing subject has no title but its name: that is marked as the titles of incidents are, wherever it stands. */
static void test_standing_subject(void **state) {
    struct stage stage;
    (void)state;
    struct room room = sit_down(&stage, TEXT("all"));
    const json_t *rows =
        json_object_get(room_expect(&room, DESK_OK, &(struct room_request){.action = DESK_LIST_NOTICES}), "notices");
    size_t index = 0;
    json_t *row = NULL;
    json_int_t standing = 0;
    json_array_foreach(rows, index, row) {
        standing = json_is_true(json_object_get(row, "standing")) ? number_of(row, "incident") : standing;
    }
    check(standing != 0, "the list has no row of a standing subject");
    const struct room_request places[] = {{.action = DESK_LIST_NOTICES},
                                          {.action = DESK_SHOW_OWN},
                                          {.action = DESK_SHOW_INCIDENT, .incident = (uint32_t)standing},
                                          {.action = DESK_LIST_OPEN, .plan = "clocks", .item = 1}};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        (void)room_expect(&room, DESK_OK, &places[i]);
        check(count_marked(room.reply.body, standing) > 0, "request %zu has no title", i);
    }
    json_decref(room.reply.body);
    end(&stage);
}

static void expect_place(struct room *room, uint32_t incident, const char *place) {
    const json_t *shown =
        room_expect(room, DESK_OK, &(struct room_request){.action = DESK_SHOW_INCIDENT, .incident = incident});
    assert_string_equal(room_text(shown, "place"), place);
}

/* The script says where an incident is as it opens it, also where a person has it done; of what he opens himself he says it. The
 * words for the place are no name by which the drill calls it. */
static void test_place(void **state) {
    static const char text[] =
        "```drill\n演练 \"地点\" 预案 \"../plans/forest-fire.plan.md\" 版本 \"1\" 种子 1 开始 2022-08-20 14:00\n"
        "开启 由 森林火灾 地点 \"歌乐山北坡\" 来源 \"游客\"\n"
        "第 5 分钟：转到 森林火灾\n"
        "第 10 分钟：应当 事件 进行中\n```\n";
    (void)state;
    for (int way = 0; way < 3; way++) { /* the script's, a person's by the script, a person's own */
        struct stage stage;
        struct failure failure = {0};
        begin_text(&stage, STORY, text);
        int64_t at = exercise_start(stage.exercise);
        struct room room = {.desk = stage.desk, .account = room_account("lin", false, false, ""), .at = at};
        assert_true(way == 0 || give_seat(&stage, at, TEXT("duty-room"), TEXT("lin"), &failure));
        exercise_cast(stage.exercise, &room.account);
        exercise_pass(stage.exercise, at);
        uint32_t incident = 2; /* 1: the standing subject */
        if (way == 1) {
            assert_true(play_offer(&stage, at, TEXT("lin"), 1, &failure));
        } else if (way == 2) {
            (void)room_expect(
                &room, DESK_CREATED,
                &(struct room_request){DESK_OPEN_INCIDENT,
                                       .body = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '有烟'}"});
        }
        exercise_pass(stage.exercise, at + 20 * ROOM_MINUTE);
        expect_place(&room, incident, way == 2 ? "" : "歌乐山北坡");
        json_t *shown = exercise_describe(stage.exercise);
        check(json_is_null(json_object_get(shown, "script_problem")), "way %d: %s", way,
              json_string_value(json_object_get(shown, "script_problem")));
        json_decref(shown);
        json_t *judged = exercise_judge(stage.exercise, exercise_last_instant(stage.exercise));
        const json_t *verdict = json_array_get(json_object_get(judged, "script"), 0);
        check(json_is_true(json_object_get(verdict, "passed")), "way %d", way);
        json_decref(judged);
        json_decref(room.reply.body);
        end(&stage);
    }
}

/* lin opens the incident himself: the script speaks of that one, and the people whom it plays hear of what he does. */
static void test_by_hand(void **state) {
    struct stage stage;
    (void)state;
    struct room room = sit_down(&stage, TEXT("duty-room"));
    int64_t at = room.at - ROOM_MINUTE;
    struct failure failure = {0};
    (void)room_expect(&room, DESK_CREATED,
                      &(struct room_request){DESK_OPEN_INCIDENT,
                                             .body = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '有烟'}"});
    for (int second = 61; second < 120; second++) { /* asked again and again, as the desk is */
        for (int i = 0; i < 100; i++) {
            exercise_pass(stage.exercise, at + second * CALENDAR_US_PER_SECOND);
        }
    }
    for (int minute = 2; minute < 30; minute++) {
        exercise_pass(stage.exercise, at + minute * ROOM_MINUTE);
    }
    assert_string_equal(outcome_of(&stage, 0), "done");
    json_t *shown = exercise_describe(stage.exercise);
    check(json_is_null(json_object_get(shown, "script_problem")), "%s",
          json_string_value(json_object_get(shown, "script_problem")));
    assert_true(play_offer(&stage, room.at + 30 * ROOM_MINUTE, TEXT("lin"), 6, &failure));
    json_decref(shown);
    json_t *judged = exercise_judge(stage.exercise, at + 30 * ROOM_MINUTE);
    check(number_of(judged, "met") > 0, "those whom the script plays have not heard of it");
    json_decref(judged);
    json_decref(room.reply.body);
    end(&stage);
}

/* Rights on the real desk are none here; a seat's are. */
static void test_cast(void **state) {
    struct stage stage;
    struct failure failure = {0};
    (void)state;
    begin(&stage, STORY);
    int64_t at = exercise_start(stage.exercise);
    struct account lin = room_account("lin", true, true, "区委\n");
    exercise_cast(stage.exercise, &lin);
    assert_false(lin.desk || lin.administrator);
    assert_string_equal(lin.parties, "");
    assert_true(give_seat(&stage, at, TEXT("区森防指"), TEXT("lin"), &failure));
    exercise_cast(stage.exercise, &lin);
    assert_string_equal(lin.parties, "区森防指\n");
    assert_true(give_seat(&stage, at, TEXT("all"), TEXT("wang"), &failure));
    struct account wang = room_account("wang", false, false, "");
    exercise_cast(stage.exercise, &wang);
    assert_true(wang.desk && account_has_party(&wang, TEXT("区森防办")) && !account_has_party(&wang, TEXT("区森防指")));
    assert_true(give_seat(&stage, at, TEXT("all"), TEXT(""), &failure));
    exercise_cast(stage.exercise, &wang);
    assert_false(wang.desk);
    assert_false(give_seat(&stage, at, TEXT("区森"), TEXT("lin"), &failure));
    assert_string_equal(failure.field, "seat");
    end(&stage);
}

/* A duty that town had done while wang had the seat is wang's, whoever has it later; what is not yet due is of whoever has it now. */
static void test_seat_changes_hands(void **state) {
    struct stage stage;
    struct failure failure = {0};
    size_t index = 0;
    json_t *row = NULL;
    int own = 0;
    (void)state;
    begin(&stage, STORY);
    int64_t at = exercise_start(stage.exercise);
    assert_true(give_seat(&stage, at, TEXT("duty-room"), TEXT("lin"), &failure));
    assert_true(give_seat(&stage, at, TEXT("歌乐山街道"), TEXT("wang"), &failure));
    exercise_pass(stage.exercise, at + ROOM_MINUTE);
    for (uint32_t offer = 1; offer <= 6; offer++) {
        assert_true(play_offer(&stage, at + ROOM_MINUTE, TEXT("lin"), offer, &failure) || failure.set);
        failure = (struct failure){0};
    }
    struct room room = {
        .desk = stage.desk, .account = room_account("wang", false, false, ""), .at = at + 2 * ROOM_MINUTE};
    exercise_cast(stage.exercise, &room.account);
    json_t *before = exercise_judge(stage.exercise, room.at);
    const char *id = "";
    json_array_foreach(json_object_get(before, "rows"), index, row) {
        const char *who = json_string_value(json_object_get(row, "who"));
        bool is_open = strcmp(json_string_value(json_object_get(row, "outcome")), "open") == 0;
        id = is_open && who != NULL && strcmp(who, "歌乐山街道") == 0 ? json_string_value(json_object_get(row, "id"))
                                                                      : id;
    }
    const char *point = strchr(id, '.');
    check(point != NULL, "%s", "the town owes nothing");
    uint32_t number = point == NULL ? 0 : (uint32_t)strtoul(point + 1, NULL, 10);
    uint32_t incident = (uint32_t)strtoul(id, NULL, 10);
    (void)room_expect(&room, DESK_CREATED,
                      &(struct room_request){DESK_COMPLETE_DUTY, .incident = incident, .item = number,
                                             .body = "{'outcome': 'done'}"});
    assert_true(give_seat(&stage, at + 3 * ROOM_MINUTE, TEXT("歌乐山街道"), TEXT(""), &failure));
    assert_true(give_seat(&stage, at + 4 * ROOM_MINUTE, TEXT("歌乐山街道"), TEXT("zhang"), &failure));
    json_t *judged = exercise_judge(stage.exercise, at + 5 * ROOM_MINUTE);
    json_array_foreach(json_object_get(judged, "rows"), index, row) {
        const char *by = json_string_value(json_object_get(row, "played_by"));
        const char *who = json_string_value(json_object_get(row, "who"));
        if (who != NULL && strcmp(who, "歌乐山街道") == 0) {
            bool is_done = !json_is_null(json_object_get(row, "done_at"));
            assert_string_equal(by == NULL ? "" : by, is_done ? "wang" : "zhang");
            own += is_done;
        }
    }
    assert_int_equal(own, 1);
    json_decref(before);
    json_decref(judged);
    json_decref(room.reply.body);
    end(&stage);
}

/* The yearly drill of a town (9.2), played by the town: what it sees is left to it, what it owes is judged by clause, and by whom
 * it was played; the script plays all others. */
static void test_town(void **state) {
    struct stage stage;
    struct failure failure = {0};
    size_t index = 0;
    json_t *row = NULL;
    int met = 0;
    int missed = 0;
    (void)state;
    begin(&stage, "drills/34-town-yearly-drill.drill.md");
    int64_t at = exercise_start(stage.exercise);
    assert_true(give_seat(&stage, at, TEXT("凤凰镇"), TEXT("wang"), &failure));
    exercise_pass(stage.exercise, at + 9 * ROOM_MINUTE);
    json_t *shown = exercise_describe(stage.exercise);
    json_t *offers = json_incref(json_object_get(shown, "offers"));
    assert_int_equal(json_array_size(offers), 4);
    json_array_foreach(offers, index, row) {
        assert_string_equal(json_string_value(json_object_get(row, "party")), "凤凰镇");
        assert_true(
            play_offer(&stage, at + 9 * ROOM_MINUTE, TEXT("wang"), (uint32_t)number_of(row, "number"), &failure));
    }
    json_decref(offers);
    json_decref(shown);
    exercise_pass(stage.exercise, at + 60 * ROOM_MINUTE);
    json_t *judged = exercise_judge(stage.exercise, at + 60 * ROOM_MINUTE);
    json_array_foreach(json_object_get(judged, "rows"), index, row) {
        const char *who = json_string_value(json_object_get(row, "who"));
        const char *by = json_string_value(json_object_get(row, "played_by"));
        const char *outcome = json_string_value(json_object_get(row, "outcome"));
        bool is_town = who != NULL && strcmp(who, "凤凰镇") == 0;
        assert_true(json_array_size(json_object_get(row, "clauses")) > 0);
        assert_string_equal(by == NULL ? "" : by, is_town ? "wang" : "");
        met += is_town && strcmp(outcome, "met") == 0;
        missed += is_town && strcmp(outcome, "missed") == 0;
    }
    assert_true(met > 0 && missed > 0);
    json_decref(judged);
    end(&stage);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_drill),        cmocka_unit_test(test_left),  cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_standing_subject),   cmocka_unit_test(test_place), cmocka_unit_test(test_cast),
        cmocka_unit_test(test_seat_changes_hands), cmocka_unit_test(test_town)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
