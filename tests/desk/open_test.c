/* Proves: what the desk lists at once is bounded, all of it is counted, the rest comes page by page without a gap, and a
 * shift takes over all that is open and not only what a page shows. */
#include "desk/open.h"

#include "room.h"

#include "../store/scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MORE (OPEN_LISTED + 7U)

static const json_t *show(struct room *room, enum desk_action action) {
    return room_expect(room, DESK_OK, &(struct room_request){.action = action});
}

static const json_t *page(struct room *room, const char *kind, uint32_t number) {
    return room_expect(room, DESK_OK, &(struct room_request){.action = DESK_LIST_OPEN, .plan = kind, .item = number});
}

static int64_t total(const json_t *shown, const char *kind) {
    return json_integer_value(json_object_get(json_object_get(shown, "totals"), kind));
}

static int64_t number_at(const json_t *shown, const char *kind, size_t at) {
    return json_integer_value(json_object_get(json_array_get(json_object_get(shown, kind), at), "number"));
}

static size_t count(const json_t *shown, const char *kind) {
    return json_array_size(json_object_get(shown, kind));
}

static void save_calls(struct room *room, unsigned int calls) {
    for (unsigned int i = 0; i < calls; i++) {
        (void)room_expect(room, DESK_CREATED,
                          &(struct room_request){.action = DESK_SAVE_CALL, .body = "{'text': '烟'}"});
    }
}

static void test_calls(void **state) {
    (void)state;
    struct room room;
    room_open(&room, NULL);
    save_calls(&room, MORE);
    const json_t *desk = show(&room, DESK_SHOW_DESK);
    assert_int_equal(count(desk, "calls"), OPEN_LISTED);
    assert_int_equal(total(desk, "calls"), MORE);
    assert_int_equal(number_at(desk, "calls", 0), 8); /* the newest, the oldest of them first */
    assert_int_equal(number_at(desk, "calls", OPEN_LISTED - 1), MORE);
    const json_t *rest = page(&room, "calls", 2);
    assert_int_equal(count(rest, "calls"), 7);
    assert_int_equal(json_integer_value(json_object_get(rest, "total")), MORE);
    assert_int_equal(number_at(rest, "calls", 0), 1);
    assert_int_equal(number_at(rest, "calls", 6), 7);
    assert_int_equal(count(page(&room, "calls", 3), "calls"), 0);
    assert_int_equal(count(page(&room, "calls", OPEN_PAGE_MAX), "calls"), 0);
    (void)room_expect(&room, DESK_NOT_FOUND, &(struct room_request){.action = DESK_LIST_OPEN, .plan = "x", .item = 1});
    (void)room_expect(&room, DESK_NOT_FOUND,
                      &(struct room_request){.action = DESK_LIST_OPEN, .plan = "calls", .item = OPEN_PAGE_MAX + 1});
    room_close(&room);
}

/* Fires whose level can be settled: each has clocks, rows to call, and a scale that nobody is bound to. */
static void open_fires(struct room *room, unsigned int fires) {
    room_adopt(room, ROOM_FOREST);
    for (unsigned int i = 0; i < fires; i++) {
        room->at += CALENDAR_US_PER_SECOND;
        (void)room_expect(room, DESK_CREATED,
                          &(struct room_request){.action = DESK_OPEN_INCIDENT,
                                                 .body = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '火'}"});
    }
}

/* Everything of a kind by its pages, each thing once; gives how many. */
static size_t read_pages(struct room *room, const char *kind, const char *key, bool is_by_due) {
    size_t found = 0;
    json_t *seen = json_object();
    char last[64] = "";
    for (uint32_t number = 1;; number++) {
        const json_t *list = json_object_get(page(room, kind, number), kind);
        size_t index = 0;
        json_t *item = NULL;
        if (json_array_size(list) == 0) {
            break;
        }
        json_array_foreach((json_t *)list, index, item) {
            const char *due = room_text(item, "due_at");
            char *name = json_dumps(json_object_get(item, key), JSON_ENCODE_ANY);
            if (is_by_due) {
                assert_true(strcmp(last, due) <= 0);
                (void)snprintf(last, sizeof last, "%s", due);
            }
            char unique[128];
            (void)snprintf(unique, sizeof unique, "%s%s", room_text(item, "kind"), name);
            assert_null(json_object_get(seen, unique));
            (void)json_object_set_new(seen, unique, json_true());
            free(name);
            found++;
        }
    }
    json_decref(seen);
    return found;
}

static size_t count_late(struct room *room) {
    size_t late = 0;
    for (uint32_t number = 1;; number++) {
        const json_t *list = json_object_get(page(room, "clocks", number), "clocks");
        size_t index = 0;
        json_t *item = NULL;
        if (json_array_size(list) == 0) {
            return late;
        }
        json_array_foreach((json_t *)list, index, item) {
            late += json_is_true(json_object_get(item, "overdue"));
        }
    }
}

static void test_fires(void **state) {
    (void)state;
    struct room room;
    room_open(&room, NULL);
    open_fires(&room, MORE);
    const json_t *desk = show(&room, DESK_SHOW_DESK);
    assert_int_equal(count(desk, "incidents"), OPEN_LISTED);
    assert_int_equal(total(desk, "incidents"), MORE);
    assert_int_equal(number_at(desk, "incidents", 0) - number_at(desk, "incidents", OPEN_LISTED - 1), OPEN_LISTED - 1);
    assert_int_equal(count(desk, "clocks"), OPEN_LISTED);
    assert_int_equal(count(desk, "unbound"), OPEN_LISTED);
    size_t clocks = (size_t)total(desk, "clocks");
    size_t unbound = (size_t)total(desk, "unbound");
    assert_true(clocks > MORE && unbound >= MORE);
    assert_int_equal(read_pages(&room, "clocks", "id", true), clocks);
    assert_int_equal(read_pages(&room, "incidents", "number", false), MORE);
    const json_t *called = show(&room, DESK_LIST_NOTICES);
    size_t rows = (size_t)total(called, "notices");
    assert_int_equal(count(called, "notices"), OPEN_LISTED);
    assert_true(rows > MORE);
    assert_int_equal(read_pages(&room, "notices", "id", false), rows);
    /* What is late is counted whether it is listed or not, also when it has become late since the first count. */
    room.at += 24 * CALENDAR_US_PER_HOUR;
    assert_true(desk_pass_time(room.desk, room.at, NULL));
    desk = show(&room, DESK_SHOW_DESK);
    size_t late = (size_t)total(desk, "overdue");
    assert_true(late > OPEN_LISTED);
    assert_int_equal(count_late(&room), late);
    room_close(&room);
}

static void test_one_incident(void **state) {
    (void)state;
    struct room room;
    room_open(&room, NULL);
    open_fires(&room, MORE);
    const json_t *mine =
        room_expect(&room, DESK_OK, &(struct room_request){.action = DESK_LIST_NOTICES, .incident = MORE});
    assert_true(count(mine, "notices") > 0);
    assert_int_equal(total(mine, "notices"), count(mine, "notices"));
    assert_int_equal(
        json_integer_value(json_object_get(json_array_get(json_object_get(mine, "notices"), 0), "incident")), MORE);
    (void)room_expect(&room, DESK_NOT_FOUND, &(struct room_request){.action = DESK_LIST_NOTICES, .incident = 9999});
    room_close(&room);
}

/* A unit is told what presses most, and how much there is. */
static void test_own(void **state) {
    (void)state;
    struct room room;
    room_open(&room, NULL);
    open_fires(&room, MORE);
    room.account = room_account("zhang", false, false, "区森防办\n");
    const json_t *own = show(&room, DESK_SHOW_OWN);
    assert_int_equal(count(own, "duties"), 300);
    assert_true(total(own, "duties") > 300);
    assert_int_equal(total(own, "incidents"), MORE + 1); /* and what it owes all the year round */
    assert_int_equal(room_count(json_object_get(own, "duties"), "status", "owed"), 300);
    size_t index = 0;
    json_t *duty = NULL;
    json_array_foreach(json_object_get(own, "duties"), index, duty) {
        char number[32];
        (void)snprintf(number, sizeof number, "%.*s", (int)strcspn(room_text(duty, "id"), "."), room_text(duty, "id"));
        bool is_told = false;
        size_t at = 0;
        json_t *incident = NULL;
        json_array_foreach(json_object_get(own, "incidents"), at, incident) {
            is_told = is_told || json_integer_value(json_object_get(incident, "number")) == strtol(number, NULL, 10);
        }
        check(is_told, "incident %s of a duty is not told", number);
    }
    room_close(&room);
}

/* What is looked at for one answer is bounded, and the answer says where it was not all. */
static void test_budgets(void **state) {
    (void)state;
    struct room room;
    room_open(&room, NULL);
    room_adopt(&room, ROOM_FOREST);
    save_calls(&room, 1);
    (void)room_expect(&room, DESK_CREATED,
                      &(struct room_request){.action = DESK_OPEN_INCIDENT,
                                             .body = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '火'}"});
    const struct room_request likely = {.action = DESK_LIST_LIKELY, .item = 1};
    for (int i = 0; i < 21; i++) {
        assert_true(json_is_true(json_object_get(room_expect(&room, DESK_OK, &likely), "whole")));
        (void)room_expect(&room, DESK_CREATED,
                          &(struct room_request){.action = DESK_SAVE_CALL, .body = "{'text': '烟', 'incident': 2}"});
    }
    assert_true(json_is_false(json_object_get(room_expect(&room, DESK_OK, &likely), "whole")));
    struct buffer body = {0};
    buffer_append_string(&body, "{'text': '");
    for (int i = 0; i < 4096; i++) {
        buffer_append_string(&body, "1");
    }
    size_t room_for_one = body.length;
    buffer_append_string(&body, "'}");
    (void)room_expect(&room, DESK_OK, &(struct room_request){.action = DESK_HEAR_TEXT, .body = body.bytes});
    body.length = room_for_one;
    buffer_append_string(&body, "1'}");
    (void)room_expect(&room, DESK_REFUSED, &(struct room_request){.action = DESK_HEAR_TEXT, .body = body.bytes});
    assert_string_equal(room.reply.failure.field, "text");
    buffer_release(&body);
    room_close(&room);
}

/* The event of an acceptance has all that is open, whatever a page lists. */
static void test_acceptance(void **state) {
    (void)state;
    struct room room;
    room_open(&room, NULL);
    save_calls(&room, OPEN_HANDED + 3U);
    (void)room_write(&room, &(struct room_request){.action = DESK_SET_SHIFT,
                                                   .body = "{'from': '2022-08-20T14:00:00+08:00', 'until': "
                                                           "'2022-08-20T15:00:00+08:00', 'main': {'name': '甲'}}"});
    (void)room_write(&room, &(struct room_request){.action = DESK_SET_SHIFT,
                                                   .body = "{'from': '2022-08-20T15:00:00+08:00', 'until': "
                                                           "'2022-08-20T16:00:00+08:00', 'main': {'name': '乙'}}"});
    room.at += 61 * ROOM_MINUTE;
    const json_t *open = show(&room, DESK_SHOW_HANDOVER);
    assert_int_equal(count(open, "calls"), OPEN_HANDED);
    assert_int_equal(total(open, "calls"), OPEN_HANDED + 3U);
    (void)room_write(&room, &(struct room_request){.action = DESK_ACCEPT_SHIFT, .item = 2, .body = "{'seen': 1}"});
    const json_t *shifts = show(&room, DESK_LIST_SHIFTS);
    const json_t *taken = json_array_get(json_object_get(shifts, "handovers"), 0);
    assert_int_equal(total(taken, "calls"), OPEN_HANDED + 3U);
    assert_int_equal(count(taken, "calls"), 500); /* the log has all */
    assert_string_equal(json_string_value(json_array_get(json_object_get(taken, "calls"), 0)), "1");
    room_close(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calls), cmocka_unit_test(test_fires),   cmocka_unit_test(test_one_incident),
        cmocka_unit_test(test_own),   cmocka_unit_test(test_budgets), cmocka_unit_test(test_acceptance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
