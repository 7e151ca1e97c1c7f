/* Proves: what the engine says becomes rows, numbered in each incident for itself; a row is open until somebody has been
 * reached, or its duty, proposal or finding is acknowledged, done, decided, lapsed or closed, or its incident is; a logged
 * call about no row, or one that is yet to come, does nothing; replay gives the same rows. */
#include "desk/notices.h"

#include "desk/state.h"
#include "room.h"

#include "../base/failing_memory.h"
#include "../store/scratch.h"

#include <stdio.h>
#include <string.h>

/* ---- rows alone ------------------------------------------------------------------------------------------- */

static void say(struct notices *notices, uint32_t incident, uint32_t item, int64_t at) {
    const struct engine_output output = {.kind = ENGINE_NOTICE,
                                         .incident = incident,
                                         .at = at,
                                         .item_kind = ENGINE_ITEM_DUTY,
                                         .item = item,
                                         .party = (uint16_t)(item + 1),
                                         .step = (uint8_t)(item % 3)};
    notices_take(notices, &output);
}

/* A logged call, with its numbers as the log has them. */
static void contact(struct notices *notices, const char *incident, const char *number, const char *answer,
                    int64_t sequence) {
    const struct store_field fields[] = {
        {TEXT("kind"), TEXT("desk.contact"), false},  {TEXT("at"), TEXT("2022-08-20T06:00:00Z"), false},
        {TEXT("incident"), text_of(incident), false}, {TEXT("notice"), text_of(number), false},
        {TEXT("answer"), text_of(answer), false},
    };
    const struct session_entry entry = {.sequence = sequence, .at = sequence * 10, .fields = fields, .count = 5};
    notices_take_contact(notices, &entry);
}

/* Rows that another program counted otherwise: the call is logged with the row that it was about. */
static void test_renumbered(void **state) {
    struct notices *notices = notices_create();
    const struct store_field fields[] = {
        {TEXT("kind"), TEXT("desk.contact"), false}, {TEXT("incident"), TEXT("2"), false},
        {TEXT("notice"), TEXT("9"), false},          {TEXT("item"), TEXT("duty"), false},
        {TEXT("number"), TEXT("1"), false},          {TEXT("step"), TEXT("1"), false},
        {TEXT("answer"), TEXT("reached"), false},
    };
    const struct session_entry entry = {.sequence = 11, .at = 110, .fields = fields, .count = 7};
    (void)state;
    say(notices, 2, 0, 1000);
    say(notices, 2, 1, 1001);
    notices_take_contact(notices, &entry);
    assert_false(notices_find(notices, 2, 1)->is_reached);
    assert_true(notices_find(notices, 2, 2)->is_reached);
    notices_take_contact(notices, &entry); /* nobody else is left to be reached */
    assert_int_equal(notices_find(notices, 2, 2)->tries, 1);
    notices_destroy(notices);
}

static void check_row(const struct notices *notices, uint32_t incident, uint32_t number, uint32_t item) {
    const struct notice *row = notices_find(notices, incident, number);
    check(row != NULL, "no row %u.%u", incident, number);
    check(row->incident == incident && row->number == number && row->item == item, "row %u.%u is %u.%u of item %u",
          incident, number, row->incident, row->number, row->item);
    assert_int_equal(row->item_kind, ENGINE_ITEM_DUTY);
    assert_int_equal(row->party, item + 1);
    assert_int_equal(row->step, item % 3);
    assert_int_equal(row->said_at, 1000 + item);
}

/* Incidents in turn, and more rows than there is room for at first. */
static void test_numbers(void **state) {
    static const uint32_t incidents[] = {7, 1, 3};
    struct notices *notices = notices_create();
    (void)state;
    assert_non_null(notices);
    assert_int_equal(notices_count(notices, 1), 0);
    for (uint32_t i = 0; i < 300; i++) {
        say(notices, incidents[i % COUNT_OF(incidents)], i, 1000 + i);
    }
    for (uint32_t i = 0; i < 300; i++) {
        check_row(notices, incidents[i % COUNT_OF(incidents)], i / 3 + 1, i);
    }
    for (uint32_t incident = 0; incident < 10; incident++) {
        bool has = incident == 1 || incident == 3 || incident == 7;
        assert_int_equal(notices_count(notices, incident), has ? 100 : 0);
        assert_null(notices_find(notices, incident, 0));
        assert_null(notices_find(notices, incident, 101));
    }
    assert_null(notices_find(notices, UINT32_MAX, 1));
    assert_false(notices_has_failed(notices));
    notices_destroy(notices);
    notices_destroy(NULL);
}

/* A row for which there is no memory is lost, and that is told: to the page, and to whoever asks how the server is. */
static void test_lost(void **state) {
    struct room room;
    (void)state;
    room_open(&room, NULL);
    assert_true(desk_has_all_notices(room.desk));
    const struct room_request list = {.action = DESK_LIST_NOTICES};
    assert_true(json_is_true(json_object_get(room_expect(&room, DESK_OK, &list), "whole")));
    struct notices *notices = room.desk->notices;
    say(notices, 1, 0, 1000);
    failing_memory_allow(0);
    for (uint32_t i = 1; i < 100; i++) {
        say(notices, 1, i, 1000);
    }
    failing_memory_stop();
    assert_true(notices_count(notices, 1) < 100);
    assert_false(desk_has_all_notices(room.desk));
    assert_true(json_is_false(json_object_get(room_expect(&room, DESK_OK, &list), "whole")));
    room_close(&room);
}

/* Whatever else the engine says is no row. */
static void test_other_outputs(void **state) {
    struct notices *notices = notices_create();
    (void)state;
    for (int kind = 0; kind < 64; kind++) {
        const struct engine_output output = {.kind = (enum engine_output_kind)kind, .incident = 1, .item = 1};
        if (kind != ENGINE_NOTICE) {
            notices_take(notices, &output);
        }
    }
    assert_int_equal(notices_count(notices, 1), 0);
    notices_destroy(notices);
}

static void test_contacts(void **state) {
    struct notices *notices = notices_create();
    (void)state;
    say(notices, 2, 0, 1000);
    say(notices, 2, 1, 1001);
    const struct notice *row = notices_find(notices, 2, 1);
    assert_int_equal(row->tries, 0);
    assert_int_equal(row->try_sequence, 0);
    contact(notices, "2", "1", "no-answer", 11);
    contact(notices, "2", "1", "refused", 12);
    assert_int_equal(row->tries, 2);
    assert_int_equal(row->tried_at, 120);
    assert_int_equal(row->try_sequence, 12);
    assert_false(row->is_reached);
    contact(notices, "2", "1", "reached", 13);
    assert_true(row->is_reached);
    contact(notices, "2", "1", "no-answer", 14); /* who has been reached has been */
    assert_true(row->is_reached);
    assert_int_equal(row->tries, 4);
    check_row(notices, 2, 2, 1);
    assert_int_equal(notices_find(notices, 2, 2)->tries, 0);
    notices_destroy(notices);
}

/* Before its row has been said, about none, or with no numbers: nothing, then and later. */
static void test_contact_about_nothing(void **state) {
    static const char *const odd[][2] = {{"2", "1"},  {"2", "2"},          {"1", "1"},  {"0", "1"},
                                         {"2", "0"},  {"", "1"},           {"2", ""},   {"x", "1"},
                                         {"2", "-1"}, {"4294967297", "1"}, {"2", "1.0"}};
    struct notices *notices = notices_create();
    (void)state;
    for (size_t i = 0; i < COUNT_OF(odd); i++) {
        contact(notices, odd[i][0], odd[i][1], "reached", (int64_t)i + 1);
    }
    assert_int_equal(notices_count(notices, 2), 0);
    say(notices, 2, 0, 1000);
    for (size_t i = 1; i < COUNT_OF(odd); i++) {
        contact(notices, odd[i][0], odd[i][1], "reached", (int64_t)i + 100);
    }
    const struct notice *row = notices_find(notices, 2, 1);
    assert_int_equal(row->tries, 0);
    assert_int_equal(row->try_sequence, 0);
    assert_false(row->is_reached);
    say(notices, 2, 1, 1001);
    assert_int_equal(notices_find(notices, 2, 2)->tries, 0);
    const struct session_entry empty = {.sequence = 99};
    notices_take_contact(notices, &empty);
    assert_int_equal(notices_count(notices, 2), 2);
    assert_false(notices_has_failed(notices));
    notices_destroy(notices);
}

/* ---- rows of an incident ---------------------------------------------------------------------------------- */

/* Incident 2, with duties, a proposal and a finding (a role that nobody holds) that somebody must be told of. */
static void begin(struct room *room, const char *directory) {
    room_open(room, directory);
    room_adopt(room, ROOM_FOREST);
    (void)room_write(room, &(struct room_request){.action = DESK_OPEN_INCIDENT,
                                                  .body = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': "
                                                          "'歌乐山'}"});
    (void)room_write(room,
                     &(struct room_request){.action = DESK_REPORT_FACTS,
                                            .incident = 2,
                                            .body = "{'source': '街道', 'facts': {'火情性质': '森林火灾', '发生地': "
                                                    "'本区', '被困': 1}}"});
}

/* The first open row of a kind whose item is not one that is to be left out. */
static const struct notice *find_open(const struct room *room, enum engine_item_kind kind, uint32_t but) {
    const struct desk *desk = room->desk;
    for (uint32_t number = 1; number <= notices_count(desk->notices, 2); number++) {
        const struct notice *row = notices_find(desk->notices, 2, number);
        if (row->item_kind == kind && row->item != but && notices_is_open(session_engine(desk->session), row)) {
            return row;
        }
    }
    check(false, "incident 2 has no open row of kind %d", kind);
    return NULL;
}

/* Open rows of an item, or of all items of incident 2 where the item is 0. */
static uint32_t count_open(const struct room *room, enum engine_item_kind kind, uint32_t item) {
    const struct desk *desk = room->desk;
    uint32_t count = 0;
    for (uint32_t number = 1; number <= notices_count(desk->notices, 2); number++) {
        const struct notice *row = notices_find(desk->notices, 2, number);
        count += (item == 0 || (row->item_kind == kind && row->item == item)) &&
                 notices_is_open(session_engine(desk->session), row);
    }
    return count;
}

static void write_about(struct room *room, enum desk_action action, uint32_t item, const char *body) {
    (void)room_write(room, &(struct room_request){.action = action, .incident = 2, .item = item, .body = body});
}

/* The list that pages get has the open rows and no others. */
static void check_shown(struct room *room) {
    const json_t *reply = room_expect(room, DESK_OK, &(struct room_request){.action = DESK_LIST_NOTICES});
    const json_t *list = json_object_get(reply, "notices");
    size_t shown = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        shown += json_integer_value(json_object_get(json_array_get(list, i), "incident")) == 2;
    }
    assert_int_equal(shown, count_open(room, ENGINE_ITEM_DUTY, 0));
}

static void test_duties(void **state) {
    struct room room;
    (void)state;
    begin(&room, NULL);
    uint32_t all = count_open(&room, ENGINE_ITEM_DUTY, 0);
    check_shown(&room);
    /* No answer: it stays. Reached: this row is done. */
    const struct notice tried = *find_open(&room, ENGINE_ITEM_DUTY, 0);
    write_about(&room, DESK_NOTE_CONTACT, tried.number, "{'answer': 'no-answer'}");
    write_about(&room, DESK_NOTE_CONTACT, tried.number, "{'answer': 'refused'}");
    assert_int_equal(notices_find(room.desk->notices, 2, tried.number)->tries, 2);
    assert_int_equal(count_open(&room, ENGINE_ITEM_DUTY, 0), all);
    write_about(&room, DESK_NOTE_CONTACT, tried.number, "{'answer': 'reached'}");
    assert_int_equal(count_open(&room, ENGINE_ITEM_DUTY, 0), all - 1);
    /* Done and acknowledged elsewhere: all rows of that duty. */
    uint32_t item = find_open(&room, ENGINE_ITEM_DUTY, tried.item)->item;
    write_about(&room, DESK_COMPLETE_DUTY, item, "{'outcome': 'done', 'source': '本人'}");
    assert_int_equal(count_open(&room, ENGINE_ITEM_DUTY, item), 0);
    item = find_open(&room, ENGINE_ITEM_DUTY, tried.item)->item;
    write_about(&room, DESK_ACKNOWLEDGE_DUTY, item, "{'spoken': {'who': '本人', 'from': '138'}}");
    assert_int_equal(count_open(&room, ENGINE_ITEM_DUTY, item), 0);
    check_shown(&room);
    room_close(&room);
}

/* A duty that lapses with the order that called for it needs nobody any more. */
static void test_lapsed(void **state) {
    struct room room;
    (void)state;
    begin(&room, NULL);
    uint32_t before = notices_count(room.desk->notices, 2);
    write_about(&room, DESK_GIVE_ORDER, 0,
                "{'scale': '响应', 'level': 'Ⅱ级', 'by': '区森防指', 'spoken': {'who': '甲', 'from': '138'}}");
    assert_true(notices_count(room.desk->notices, 2) > before);
    const uint32_t open = count_open(&room, ENGINE_ITEM_DUTY, 0);
    room.at += ROOM_MINUTE;
    write_about(
        &room, DESK_GIVE_ORDER, 0,
        "{'scale': '响应', 'level': null, 'by': '区森防指', 'reason': '演练结束', 'spoken': {'who': '甲', 'from': "
        "'138'}}");
    uint32_t lapsed = 0;
    for (uint32_t number = 1; number <= notices_count(room.desk->notices, 2); number++) {
        const struct notice *row = notices_find(room.desk->notices, 2, number);
        const struct engine *engine = session_engine(room.desk->session);
        struct engine_duty_view duty;
        if (row->item_kind == ENGINE_ITEM_DUTY && engine_view_duty(engine, 2, row->item, &duty) &&
            duty.status == ENGINE_LAPSED) {
            assert_false(notices_is_open(engine, row));
            lapsed++;
        }
    }
    assert_in_range(lapsed, 1, open);
    check_shown(&room);
    room_close(&room);
}

static void test_proposals(void **state) {
    static const char *const decisions[] = {
        "{'decision': 'accept', 'by': '区森防指', 'spoken': {'who': '甲', 'from': '138'}}",
        "{'decision': 'refuse', 'by': '区森防指', 'reason': '不同意', 'spoken': {'who': '甲', 'from': '138'}}",
    };
    struct room room;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(decisions); i++) {
        begin(&room, NULL);
        uint32_t item = find_open(&room, ENGINE_ITEM_PROPOSAL, 0)->item;
        write_about(&room, DESK_DECIDE_PROPOSAL, item, decisions[i]);
        assert_int_equal(count_open(&room, ENGINE_ITEM_PROPOSAL, item), 0);
        room_close(&room);
    }
    /* Acknowledged by one who was reached: the other rows of the proposal too. */
    begin(&room, NULL);
    const struct notice row = *find_open(&room, ENGINE_ITEM_PROPOSAL, 0);
    write_about(&room, DESK_NOTE_CONTACT, row.number, "{'answer': 'reached', 'acknowledged': true}");
    assert_int_equal(count_open(&room, ENGINE_ITEM_PROPOSAL, row.item), 0);
    check_shown(&room);
    room_close(&room);
}

/* That nobody holds a role is a finding; it is gone when somebody does, or when who must see to it has acknowledged. */
static void test_findings(void **state) {
    struct room room;
    (void)state;
    for (int way = 0; way < 2; way++) {
        begin(&room, NULL);
        const struct notice row = *find_open(&room, ENGINE_ITEM_FINDING, 0);
        if (way == 0) {
            write_about(&room, DESK_BIND_ROLE, 0, "{'role': '属地镇街', 'unit': '歌乐山街道'}");
        } else {
            write_about(&room, DESK_NOTE_CONTACT, row.number, "{'answer': 'reached', 'acknowledged': true}");
        }
        assert_int_equal(count_open(&room, ENGINE_ITEM_FINDING, row.item), 0);
        check_shown(&room);
        room_close(&room);
    }
}

static void test_closed(void **state) {
    struct room room;
    (void)state;
    begin(&room, NULL);
    uint32_t rows = notices_count(room.desk->notices, 2);
    assert_true(count_open(&room, ENGINE_ITEM_DUTY, 0) > 3);
    write_about(&room, DESK_CLOSE_INCIDENT, 0, "{'reason': '练习', 'lapse': true}");
    assert_int_equal(count_open(&room, ENGINE_ITEM_DUTY, 0), 0);
    assert_true(notices_count(room.desk->notices, 2) >= rows); /* they are remembered */
    room_close(&room);
}

/* ---- acknowledged ----------------------------------------------------------------------------------------- */

static uint32_t count_said(const struct room *room, enum engine_item_kind kind, uint32_t item) {
    uint32_t count = 0;
    for (uint32_t number = 1; number <= notices_count(room->desk->notices, 2); number++) {
        const struct notice *row = notices_find(room->desk->notices, 2, number);
        count += row->item_kind == kind && row->item == item;
    }
    return count;
}

static void pass(struct room *room, int64_t at) {
    struct failure failure = {0};
    room->at = at;
    check(desk_pass_time(room->desk, at, &failure), "%s", failure.message);
}

static void acknowledge(struct room *room, enum engine_item_kind kind, uint32_t item) {
    const struct desk *desk = room->desk;
    for (uint32_t number = 1; number <= notices_count(desk->notices, 2); number++) {
        const struct notice *row = notices_find(desk->notices, 2, number);
        if (row->item_kind == kind && row->item == item && notices_is_open(session_engine(desk->session), row)) {
            write_about(room, DESK_NOTE_CONTACT, number, "{'answer': 'reached', 'acknowledged': true}");
            return;
        }
    }
    check(false, "nobody is to be called about item %u", item);
}

/* The first item of a kind that goes up a chain, with its deadline. */
static uint32_t find_late(const struct room *room, enum engine_item_kind kind, int64_t *due_at) {
    const struct engine *engine = session_engine(room->desk->session);
    struct engine_proposal_view proposal;
    struct engine_duty_view duty;
    for (uint32_t number = 1; kind == ENGINE_ITEM_DUTY && engine_view_duty(engine, 2, number, &duty); number++) {
        if (duty.status == ENGINE_OWED && duty.due_at == ROOM_START + 30 * ROOM_MINUTE) {
            *due_at = duty.due_at;
            return number;
        }
    }
    check(engine_view_proposal(engine, 2, 1, &proposal), "nothing goes up a chain");
    *due_at = proposal.due_at;
    return 1;
}

/* An acknowledgement and the next step of the chain in one batch, in either order: nobody is to be called afterwards, and the
 * step that came too late is never said. */
static void test_race(void **state) {
    static const enum engine_item_kind kinds[] = {ENGINE_ITEM_DUTY, ENGINE_ITEM_PROPOSAL};
    for (int i = 0; i < 4; i++) {
        const enum engine_item_kind kind = kinds[i / 2];
        bool is_before = i % 2 == 0;
        char name[16];
        char directory[SCRATCH_PATH_ROOM];
        struct failure failure = {0};
        struct room room;
        int64_t due_at = 0;
        (void)snprintf(name, sizeof name, "race-%d", i);
        begin(&room, scratch_join(*state, name, directory));
        uint32_t item = find_late(&room, kind, &due_at);
        uint32_t first = count_said(&room, kind, item);
        pass(&room, due_at + ROOM_MINUTE);
        assert_int_equal(count_said(&room, kind, item), first + 1);
        desk_hold(room.desk);
        if (is_before) {
            acknowledge(&room, kind, item);
        }
        pass(&room, due_at + 11 * ROOM_MINUTE);
        if (!is_before) {
            acknowledge(&room, kind, item);
        }
        check(desk_release(room.desk, &failure), "%s", failure.message);
        for (int again = 0; again < 2; again++) {
            assert_int_equal(count_open(&room, kind, item), 0);
            assert_int_equal(count_said(&room, kind, item), first + (is_before ? 1 : 2));
            room_open_again(&room);
            pass(&room, due_at + 2 * CALENDAR_US_PER_DAY);
        }
        room_close(&room);
    }
}

/* Acknowledged is not done: past its deadline it is another thing to be said, until that is acknowledged. */
static void test_acknowledged_not_done(void **state) {
    static const enum engine_item_kind kinds[] = {ENGINE_ITEM_DUTY, ENGINE_ITEM_PROPOSAL};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct room room;
        int64_t due_at = 0;
        begin(&room, NULL);
        uint32_t item = find_late(&room, kinds[i], &due_at);
        acknowledge(&room, kinds[i], item);
        assert_int_equal(count_open(&room, kinds[i], item), 0);
        pass(&room, due_at + ROOM_MINUTE);
        assert_int_equal(count_open(&room, kinds[i], item), 1);
        check_shown(&room);
        acknowledge(&room, kinds[i], item);
        pass(&room, due_at + 2 * CALENDAR_US_PER_DAY);
        assert_int_equal(count_open(&room, kinds[i], item), 0);
        room_close(&room);
    }
}

/* ---- replay ----------------------------------------------------------------------------------------------- */

#define ROWS_MOST 2000U

struct rows {
    struct notice rows[ROWS_MOST];
    bool is_open[ROWS_MOST];
    size_t count;
};

static void copy_rows(const struct room *room, struct rows *out) {
    const struct engine *engine = session_engine(room->desk->session);
    out->count = 0;
    for (uint32_t incident = 1; incident < engine_next_incident(engine); incident++) {
        for (uint32_t number = 1; number <= notices_count(room->desk->notices, incident); number++) {
            const struct notice *row = notices_find(room->desk->notices, incident, number);
            assert_true(out->count < ROWS_MOST);
            out->rows[out->count] = *row;
            out->is_open[out->count++] = notices_is_open(engine, row);
        }
    }
}

static bool is_same(const struct notice *one, const struct notice *two) {
    return one->incident == two->incident && one->number == two->number && one->item_kind == two->item_kind &&
           one->item == two->item && one->party == two->party && one->step == two->step &&
           one->is_reached == two->is_reached && one->is_answered == two->is_answered &&
           one->fell_due_at == two->fell_due_at && one->said_at == two->said_at && one->tries == two->tries &&
           one->tried_at == two->tried_at && one->try_sequence == two->try_sequence;
}

/* Incidents with escalations that came due by themselves, calls between them, right behind what said their rows. */
static void test_replay(void **state) {
    static struct rows before;
    static struct rows after;
    struct failure failure = {0};
    struct room room;
    begin(&room, *state);
    for (int i = 0; i < 20; i++) {
        room.at += 10 * ROOM_MINUTE;
        (void)room_write(&room, &(struct room_request){.action = DESK_OPEN_INCIDENT,
                                                       .body = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': "
                                                               "'又一处'}"});
        check(desk_pass_time(room.desk, room.at, &failure), "%s", failure.message);
        write_about(&room, DESK_NOTE_CONTACT, find_open(&room, ENGINE_ITEM_DUTY, 0)->number,
                    i % 2 == 0 ? "{'answer': 'no-answer'}" : "{'answer': 'reached'}");
    }
    copy_rows(&room, &before);
    assert_true(before.count > 100);
    for (int i = 0; i < 2; i++) {
        room_open_again(&room);
        copy_rows(&room, &after);
        assert_int_equal(after.count, before.count);
        for (size_t k = 0; k < before.count; k++) {
            check(is_same(&before.rows[k], &after.rows[k]), "row %u.%u is another after a restart",
                  before.rows[k].incident, before.rows[k].number);
            check(before.is_open[k] == after.is_open[k], "row %u.%u", before.rows[k].incident, before.rows[k].number);
        }
    }
    room_close(&room);
}

/* Nobody is told to call back whoever has called: his report opened the incident, and he has done what he owed. */
static void test_finder_is_not_called(void **state) {
    struct room room;
    size_t i = 0;
    const json_t *row = NULL;
    (void)state;
    room_open(&room, NULL);
    room_adopt(&room, ROOM_FOREST);
    (void)room_write(&room,
                     &(struct room_request){.action = DESK_OPEN_INCIDENT,
                                            .body = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '歌乐山'}"});
    const json_t *duty = room_find(json_object_get(room_show(&room, 2), "duties"), "name", "立即报告");
    assert_non_null(duty);
    assert_string_equal(room_text(duty, "status"), "done");
    json_t *rows = json_deep_copy(json_object_get(
        room_expect(&room, DESK_OK, &(struct room_request){.action = DESK_LIST_NOTICES, .incident = 2}), "notices"));
    assert_true(json_array_size(rows) > 0);
    json_array_foreach(rows, i, row) {
        const char *party = json_string_value(json_object_get(row, "party"));
        check(party == NULL || strcmp(party, "发现火情者") != 0, "row %zu calls the finder", i);
    }
    json_decref(rows);
    room_close(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_lost),
        cmocka_unit_test(test_other_outputs),
        cmocka_unit_test(test_contacts),
        cmocka_unit_test(test_renumbered),
        cmocka_unit_test(test_contact_about_nothing),
        cmocka_unit_test(test_duties),
        cmocka_unit_test(test_lapsed),
        cmocka_unit_test(test_proposals),
        cmocka_unit_test(test_findings),
        cmocka_unit_test(test_closed),
        cmocka_unit_test_setup_teardown(test_race, scratch_set_up, scratch_tear_down),
        cmocka_unit_test(test_acknowledged_not_done),
        cmocka_unit_test_setup_teardown(test_replay, scratch_set_up, scratch_tear_down),
        cmocka_unit_test(test_finder_is_not_called),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
