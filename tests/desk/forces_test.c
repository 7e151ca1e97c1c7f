/* Proves: what became of each team that was called: its present state and the sums by what stands, in the order in which
 * it was so; what makes no sense is refused; a wrong entry is struck out by another and both stay; merging; restart. */
#include "room.h"

#include "../store/scratch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BRIGADE "沙坪坝区消防救援支队"
#define TOWN_TEAM "歌乐山街道综合应急救援队"

static void begin(struct room *room) {
    room_open(room, NULL);
    room_adopt(room, ROOM_FOREST);
    (void)room_write(room,
                     &(struct room_request){.action = DESK_OPEN_INCIDENT,
                                            .body = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '歌乐山'}"});
}

/* A body without quotes of its own: "party|step", and the rest as JSON fields. */
static const char *make_body(char out[400], const char *party, const char *step, const char *rest) {
    (void)snprintf(out, 400, "{'party': '%s', 'step': '%s'%s%s}", party, step, rest[0] == '\0' ? "" : ", ", rest);
    return out;
}

static int64_t say(struct room *room, const char *party, const char *step, const char *rest) {
    char body[400];
    return room_write(room, &(struct room_request){
                                .action = DESK_NOTE_FORCE, .incident = 2, .body = make_body(body, party, step, rest)});
}

static void refuse(struct room *room, enum desk_outcome outcome, const char *party, const char *step, const char *rest,
                   const char *field) {
    char body[400];
    int64_t count = desk_event_count(room->desk);
    (void)room_expect(
        room, outcome,
        &(struct room_request){.action = DESK_NOTE_FORCE, .incident = 2, .body = make_body(body, party, step, rest)});
    assert_string_equal(room->reply.failure.field, field);
    assert_int_equal(desk_event_count(room->desk), count);
}

static const json_t *forces_of(struct room *room, uint32_t incident) {
    return json_object_get(room_show(room, incident), "forces");
}

static void check_force(struct room *room, const char *party, const char *state, int people) {
    const json_t *force = room_find(json_object_get(forces_of(room, 2), "parties"), "party", party);
    assert_non_null(force);
    assert_string_equal(room_text(force, "state"), state);
    check(json_integer_value(json_object_get(force, "people")) == people, "%s: %lld people", party,
          (long long)json_integer_value(json_object_get(force, "people")));
}

static void check_sum(struct room *room, const char *name, int parties, int people, int uncounted) {
    const json_t *sum = json_object_get(forces_of(room, 2), name);
    check(json_integer_value(json_object_get(sum, "parties")) == parties &&
              json_integer_value(json_object_get(sum, "people")) == people &&
              json_integer_value(json_object_get(sum, "uncounted")) == uncounted,
          "%s: %lld parties, %lld people, %lld not counted", name,
          (long long)json_integer_value(json_object_get(sum, "parties")),
          (long long)json_integer_value(json_object_get(sum, "people")),
          (long long)json_integer_value(json_object_get(sum, "uncounted")));
}

static void test_way(void **state) {
    struct room room;
    (void)state;
    begin(&room);
    check_sum(&room, "asked", 0, 0, 0);
    (void)say(&room, BRIGADE, "called", "'people': 30, 'spoken_with': '小李', 'phone': '65636119'");
    check_force(&room, BRIGADE, "called", 0);
    (void)say(&room, BRIGADE, "no-answer", "");
    check_force(&room, BRIGADE, "no-answer", 0);
    (void)say(&room, BRIGADE, "coming", "'people': 25");
    (void)say(&room, BRIGADE, "no-answer", ""); /* he does not come any less */
    check_force(&room, BRIGADE, "coming", 25);
    (void)say(&room, TOWN_TEAM, "declined", "'note': '都在别处'");
    (void)say(&room, "邻区机动队", "arrived", "'outside': true");
    check_force(&room, "邻区机动队", "arrived", 0);
    check_sum(&room, "asked", 2, 30, 1);
    check_sum(&room, "coming", 1, 25, 0);
    check_sum(&room, "there", 1, 0, 1);
    (void)say(&room, BRIGADE, "set-out", "");
    (void)say(&room, BRIGADE, "coming", "'people': 26");
    check_force(&room, BRIGADE, "set-out", 26);
    (void)say(&room, BRIGADE, "arrived", "'people': 24");
    (void)say(&room, "邻区机动队", "arrived", "'people': 8, 'outside': true");
    check_sum(&room, "coming", 0, 0, 0);
    check_sum(&room, "there", 2, 32, 0);
    (void)say(&room, BRIGADE, "released", "");
    check_force(&room, BRIGADE, "released", 0);
    check_sum(&room, "there", 1, 8, 0);
    check_sum(&room, "asked", 1, 0, 1);
    (void)say(&room, BRIGADE, "called", ""); /* again */
    check_force(&room, BRIGADE, "called", 0);
    check_sum(&room, "asked", 2, 0, 2);
    room_close(&room);
}

static void test_nonsense(void **state) {
    struct room room;
    (void)state;
    begin(&room);
    refuse(&room, DESK_CONFLICT, BRIGADE, "released", "", "step");
    (void)say(&room, BRIGADE, "coming", "'people': 25");
    refuse(&room, DESK_CONFLICT, BRIGADE, "released", "", "step");
    room.at += 10 * ROOM_MINUTE;
    (void)say(&room, BRIGADE, "arrived", "");
    refuse(&room, DESK_CONFLICT, BRIGADE, "set-out", "", "step");
    refuse(&room, DESK_CONFLICT, BRIGADE, "called", "", "step");
    refuse(&room, DESK_CONFLICT, BRIGADE, "released", "'as_of': '2022-08-20T06:05:00Z'", "step");
    (void)say(&room, BRIGADE, "set-out", "'as_of': '2022-08-20T06:05:00Z'"); /* heard late */
    check_force(&room, BRIGADE, "arrived", 25);
    refuse(&room, DESK_REFUSED, BRIGADE, "arrived", "'as_of': '2022-08-20T06:11:00Z'", "as_of");
    refuse(&room, DESK_REFUSED, BRIGADE, "released", "'people': 3", "people");
    refuse(&room, DESK_REFUSED, BRIGADE, "arrived", "'people': 100000", "people");
    refuse(&room, DESK_REFUSED, BRIGADE, "arrived", "'people': 0", "people");
    refuse(&room, DESK_REFUSED, BRIGADE, "flown", "", "step");
    refuse(&room, DESK_REFUSED, "沙坪坝区消防救援支对", "called", "", "party"); /* misspelt: not taken as another */
    refuse(&room, DESK_REFUSED, " ", "called", "'outside': true", "party");
    (void)room_write(&room, &(struct room_request){.action = DESK_CLOSE_INCIDENT,
                                                   .incident = 2,
                                                   .body = "{'reason': '练习', 'lapse': true}"});
    refuse(&room, DESK_CONFLICT, BRIGADE, "released", "", "");
    room_close(&room);
}

/* People come by themselves, and are called only then: they were there all the time. */
static void test_came_first(void **state) {
    struct room room;
    (void)state;
    begin(&room);
    room.at += 20 * ROOM_MINUTE;
    (void)say(&room, BRIGADE, "called", "");
    (void)say(&room, BRIGADE, "arrived", "'people': 6, 'as_of': '2022-08-20T06:10:00Z'");
    check_force(&room, BRIGADE, "arrived", 6);
    room_close(&room);
}

static void test_correction(void **state) {
    struct room room;
    char rest[80];
    (void)state;
    begin(&room);
    int64_t wrong = say(&room, BRIGADE, "arrived", "'people': 120");
    (void)snprintf(rest, sizeof rest, "'people': 12, 'corrects': %" PRId64, wrong);
    int64_t right = say(&room, BRIGADE, "arrived", rest);
    check_force(&room, BRIGADE, "arrived", 12);
    check_sum(&room, "there", 1, 12, 0);
    const json_t *entries =
        json_object_get(room_find(json_object_get(forces_of(&room, 2), "parties"), "party", BRIGADE), "entries");
    assert_int_equal(json_array_size(entries), 2);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(entries, 0), "replaced_by")), right);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(entries, 1), "corrects")), wrong);
    refuse(&room, DESK_CONFLICT, BRIGADE, "arrived", rest, "corrects"); /* once */
    refuse(&room, DESK_REFUSED, BRIGADE, "withdrawn", "", "corrects");
    refuse(&room, DESK_REFUSED, BRIGADE, "withdrawn", "'corrects': 1", "corrects");
    (void)snprintf(rest, sizeof rest, "'corrects': %" PRId64, right);
    refuse(&room, DESK_REFUSED, TOWN_TEAM, "arrived", rest, "corrects");
    int64_t released = say(&room, BRIGADE, "released", "");
    refuse(&room, DESK_CONFLICT, BRIGADE, "withdrawn", rest, "corrects"); /* it has been released since */
    char other[80];
    (void)snprintf(other, sizeof other, "'corrects': %" PRId64, released);
    (void)say(&room, BRIGADE, "withdrawn", other);
    check_force(&room, BRIGADE, "arrived", 12);
    (void)say(&room, BRIGADE, "withdrawn", rest);
    check_force(&room, BRIGADE, "none", 0);
    check_sum(&room, "there", 0, 0, 0);
    room_close(&room);
}

/* A correction stands where it stood that it corrects, though more has been said of the same minute. */
static void test_correction_in_a_minute(void **state) {
    char rest[100];
    struct room room;
    (void)state;
    begin(&room);
    int64_t coming = say(&room, BRIGADE, "coming", "'people': 20");
    (void)say(&room, BRIGADE, "arrived", "'people': 12");
    (void)snprintf(rest, sizeof rest, "'people': 12, 'corrects': %" PRId64, coming);
    (void)say(&room, BRIGADE, "coming", rest);
    check_force(&room, BRIGADE, "arrived", 12);
    room_close(&room);
}

/* A team's leader says it himself; for another team he may not, nor for one that the plan does not name. An alias is the
 * same party. */
static void test_own(void **state) {
    struct room room;
    (void)state;
    begin(&room);
    room.account = room_account("leader", false, false, "区国有林场森林灭火应急救援队\n");
    (void)say(&room, "区国有林场森林灭火应急救援队", "arrived", "'people': 12");
    check_force(&room, "区国有林场森林灭火救援队", "arrived", 12);
    refuse(&room, DESK_FORBIDDEN, BRIGADE, "arrived", "", "");
    refuse(&room, DESK_FORBIDDEN, "邻区机动队", "arrived", "'outside': true", "");
    room.account = room_account("unit", false, false, "区国有林场\n"); /* whose team it is */
    (void)say(&room, "区国有林场森林灭火救援队", "released", "");
    room_close(&room);
}

/* One fire, two reports: what was said in the other incident belongs to it too, until they are told apart. */
static void test_merged(void **state) {
    struct room room;
    (void)state;
    begin(&room);
    (void)room_write(&room,
                     &(struct room_request){.action = DESK_OPEN_INCIDENT,
                                            .body = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '又一处'}"});
    (void)room_write(&room,
                     &(struct room_request){.action = DESK_NOTE_FORCE,
                                            .incident = 3,
                                            .body = "{'party': '" TOWN_TEAM "', 'step': 'arrived', 'people': 9}"});
    (void)say(&room, BRIGADE, "coming", "'people': 5");
    (void)room_write(&room,
                     &(struct room_request){.action = DESK_MERGE_INCIDENT, .incident = 3, .body = "{'into': 2}"});
    check_sum(&room, "there", 1, 9, 0);
    (void)room_expect(&room, DESK_CONFLICT,
                      &(struct room_request){.action = DESK_NOTE_FORCE,
                                             .incident = 3,
                                             .body = "{'party': '" TOWN_TEAM "', 'step': 'released'}"});
    (void)say(&room, TOWN_TEAM, "released", "");
    check_sum(&room, "there", 0, 0, 0);
    (void)room_write(
        &room, &(struct room_request){.action = DESK_SPLIT_INCIDENT, .incident = 3, .body = "{'reason': '两处'}"});
    check_sum(&room, "coming", 1, 5, 0);
    (void)say(&room, TOWN_TEAM, "called", ""); /* what was said in between keeps nobody from going on */
    check_force(&room, TOWN_TEAM, "called", 0);
    room_close(&room);
}

/* An entry that is put right where its incident has gone is shown so in its own incident too: that has another ETag. */
static void test_corrected_from_survivor(void **state) {
    struct room room;
    char etag[DESK_ETAG_ROOM];
    char rest[80];
    (void)state;
    begin(&room);
    for (int i = 0; i < 2; i++) {
        (void)room_write(&room,
                         &(struct room_request){.action = DESK_OPEN_INCIDENT,
                                                .body = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '又'}"});
    }
    int64_t wrong = room_write(
        &room, &(struct room_request){.action = DESK_NOTE_FORCE,
                                      .incident = 4,
                                      .body = "{'party': '" TOWN_TEAM "', 'step': 'arrived', 'people': 90}"});
    (void)room_write(&room,
                     &(struct room_request){.action = DESK_MERGE_INCIDENT, .incident = 4, .body = "{'into': 3}"});
    (void)room_write(&room,
                     &(struct room_request){.action = DESK_MERGE_INCIDENT, .incident = 3, .body = "{'into': 2}"});
    (void)say(&room, BRIGADE, "coming", ""); /* of no concern to them */
    char etags[2][DESK_ETAG_ROOM];
    for (uint32_t i = 0; i < 2; i++) {
        (void)room_show(&room, 3 + i);
        memcpy(etags[i], room.reply.etag, sizeof etags[i]);
        (void)say(&room, BRIGADE, "coming", "");
        desk_find_etag(room.desk, DESK_SHOW_INCIDENT, 3 + i, TEXT(""), room.at, etag);
        assert_string_equal(etag, etags[i]);
    }
    (void)snprintf(rest, sizeof rest, "'people': 9, 'corrects': %" PRId64, wrong);
    (void)say(&room, TOWN_TEAM, "arrived", rest);
    for (uint32_t i = 0; i < 2; i++) {
        desk_find_etag(room.desk, DESK_SHOW_INCIDENT, 3 + i, TEXT(""), room.at, etag);
        assert_string_not_equal(etag, etags[i]);
    }
    char *shown = json_dumps(forces_of(&room, 4), JSON_COMPACT);
    assert_null(strstr(shown, "\"replaced_by\":null"));
    free(shown);
    room_close(&room);
}

static void test_restart(void **state) {
    struct room room;
    char rest[80];
    room_open(&room, *state);
    room_adopt(&room, ROOM_FOREST);
    (void)room_write(&room,
                     &(struct room_request){.action = DESK_OPEN_INCIDENT,
                                            .body = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '歌乐山'}"});
    int64_t wrong = say(&room, BRIGADE, "coming", "'people': 250, 'spoken_with': '小李', 'note': '两车'");
    (void)snprintf(rest, sizeof rest, "'people': 25, 'corrects': %" PRId64, wrong);
    (void)say(&room, BRIGADE, "coming", rest);
    json_t *before = json_deep_copy(forces_of(&room, 2));
    room_open_again(&room);
    assert_true(json_equal(before, forces_of(&room, 2)));
    json_decref(before);
    room_close(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_way),
        cmocka_unit_test(test_nonsense),
        cmocka_unit_test(test_came_first),
        cmocka_unit_test(test_correction),
        cmocka_unit_test(test_correction_in_a_minute),
        cmocka_unit_test(test_own),
        cmocka_unit_test(test_merged),
        cmocka_unit_test(test_corrected_from_survivor),
        cmocka_unit_test_setup_teardown(test_restart, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
