/* Proves: calls, keys, events of incidents and plans are found as the log has them; a key is its actor's alone and is
 * forgotten only after FOLD_KEY_US; a log that is opened anew gives the same. */
#include "desk/fold.h"

#include "room.h"

#include "../run/small_pack.h"
#include "../store/scratch.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define HOUR CALENDAR_US_PER_HOUR

static const char key_one[] = "key-1 00000000000000ab";

/* Hands in an event whose fields are "name=value" lines. */
static void take(struct fold *fold, int64_t sequence, int64_t at, uint32_t incident, const char *lines) {
    struct store_field fields[16] = {0};
    struct failure failure = {0};
    size_t count = 0;
    for (const char *line = lines; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        size_t name = strcspn(line, "=");
        assert_true(count < COUNT_OF(fields));
        fields[count].name = (struct text){line, name};
        fields[count].value = (struct text){line + name + 1, length - name - 1};
        count++;
        line += length + (line[length] == '\n' ? 1 : 0);
    }
    const struct session_entry entry = {
        .sequence = sequence, .at = at, .incident = incident, .fields = fields, .count = count};
    check(fold_take(fold, &entry, &failure), "%s", failure.message);
}

static struct fold *create(void) {
    struct fold *fold = fold_create();
    assert_non_null(fold);
    return fold;
}

/* In a part of a log calls have the numbers that they have in the whole; merges and adoptions are remembered. */
static void test_part(void **state) {
    (void)state;
    struct fold *fold = create();
    const struct store_field fields[] = {{.name = TEXT("kind"), .value = TEXT("desk.call")},
                                         {.name = TEXT("text"), .value = TEXT("smoke")}};
    const uint32_t numbers[] = {3, 7, 1000};
    struct failure failure = {0};
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        const struct session_entry entry = {
            .sequence = (int64_t)(10 * i + 5), .fields = fields, .count = COUNT_OF(fields), .number = numbers[i]};
        check(fold_take(fold, &entry, &failure), "%s", failure.message);
    }
    assert_int_equal(fold_call_count(fold), 1000);
    for (uint32_t number = 0; number <= 1001; number++) {
        const struct fold_call *call = fold_find_call(fold, number);
        bool is_there = number == 3 || number == 7 || number == 1000;
        check((call != NULL) == is_there && (call == NULL || call->number == number), "call %" PRIu32, number);
    }
    assert_int_equal(fold_find_call(fold, 7)->sequence, 15);
    take(fold, 30, HOUR, 9, "kind=desk.call-incident\ncall=7\nincident=9");
    take(fold, 31, HOUR, 9, "kind=desk.call-incident\ncall=8\nincident=9"); /* of a call that is not there */
    assert_int_equal(fold_find_call(fold, 7)->incident, 9);
    take(fold, 32, HOUR, 0, "kind=adopt\nplan=Bonfire");
    take(fold, 33, HOUR, 0, "kind=adopt\nplan=Bonfire");
    take(fold, 34, HOUR, 8, "kind=merge\nother=9");
    take(fold, 35, HOUR, 8, "kind=split");
    assert_int_equal(fold_adoption_count(fold), 2);
    assert_int_equal(fold_find_adoption(fold, 1)->sequence, 33);
    assert_true(text_equals_string(fold_find_adoption(fold, 1)->plan, "Bonfire"));
    assert_int_equal(fold_plan_count(fold), 1);
    assert_int_equal(fold_merge_count(fold), 1);
    assert_int_equal(fold_find_merge(fold, 0)->from, 8);
    assert_int_equal(fold_find_merge(fold, 0)->into, 9);
    fold_destroy(fold);
}

static void check_text(struct text text, const char *expected) {
    check(text_equals_string(text, expected), "\"%.*s\" is not \"%s\"", TEXT_PRINT(text), expected);
}

static void test_empty(void **state) {
    size_t count = 7;
    (void)state;
    struct fold *fold = create();
    assert_int_equal(fold_call_count(fold), 0);
    assert_null(fold_find_call(fold, 0));
    assert_null(fold_find_call(fold, 1));
    assert_null(fold_find_key(fold, TEXT("wang"), TEXT("key-1")));
    assert_null(fold_find_events(fold, 0, &count));
    assert_null(fold_find_events(fold, 1, &count));
    assert_int_equal(count, 0);
    assert_int_equal(fold_plan_count(fold), 0);
    assert_true(fold_last_at(fold) == INT64_MIN);
    fold_destroy(fold);
    fold_destroy(NULL);
}

static void test_calls(void **state) {
    (void)state;
    struct fold *fold = create();
    take(fold, 1, ROOM_START, 0,
         "kind=desk.call\nactor=wang\ntext=山上有烟\nplace=歌乐山\ncaller=游客\nphone=138\n"
         "called_at=2022-08-20T05:58:00Z");
    take(fold, 2, ROOM_START + 1, 0, "kind=desk.call\nactor=li\ntext=second\nincident=3");
    assert_int_equal(fold_call_count(fold), 2);
    const struct fold_call *call = fold_find_call(fold, 1);
    assert_int_equal(call->number, 1);
    assert_int_equal(call->called_at, ROOM_START - 2 * ROOM_MINUTE);
    assert_int_equal(call->saved_at, ROOM_START);
    check_text(call->text, "山上有烟");
    check_text(call->place, "歌乐山");
    check_text(call->caller, "游客");
    check_text(call->phone, "138");
    check_text(call->taken_by, "wang");
    assert_int_equal(call->incident, 0);
    call = fold_find_call(fold, 2);
    assert_int_equal(call->called_at, ROOM_START + 1);
    assert_int_equal(call->incident, 3);
    assert_null(fold_find_call(fold, 3));
    assert_null(fold_find_call(fold, UINT32_MAX));
    /* Linked afterwards, by itself or by the opening of an incident, and linked anew. */
    take(fold, 3, ROOM_START + 2, 0, "kind=desk.call-incident\ncall=1\nincident=4");
    assert_int_equal(fold_find_call(fold, 1)->incident, 4);
    take(fold, 4, ROOM_START + 3, 5, "kind=open\ncall=1");
    assert_int_equal(fold_find_call(fold, 1)->incident, 5);
    assert_int_equal(fold_find_call(fold, 2)->incident, 3);
    /* Calls that are not there do no harm. */
    take(fold, 5, ROOM_START + 4, 6, "kind=report\ncall=99");
    take(fold, 6, ROOM_START + 4, 6, "kind=report\ncall=0");
    take(fold, 7, ROOM_START + 4, 6, "kind=report\ncall=4294967297");
    take(fold, 8, ROOM_START + 4, 6, "kind=report\ncall=1x");
    assert_int_equal(fold_find_call(fold, 1)->incident, 5);
    assert_int_equal(fold_call_count(fold), 2);
    assert_true(fold_last_at(fold) == ROOM_START + 4);
    fold_destroy(fold);
}

/* The texts are the fold's own, however many there are. */
static void test_many_calls(void **state) {
    (void)state;
    struct fold *fold = create();
    for (int i = 1; i <= 3000; i++) {
        char lines[64];
        (void)snprintf(lines, sizeof lines, "kind=desk.call\ntext=call %d", i);
        take(fold, i, ROOM_START + i, 0, lines);
    }
    for (uint32_t i = 1; i <= 3000; i++) {
        char text[32];
        (void)snprintf(text, sizeof text, "call %" PRIu32, i);
        check_text(fold_find_call(fold, i)->text, text);
    }
    fold_destroy(fold);
}

static void test_keys(void **state) {
    char written[FOLD_KEY_ROOM];
    char lines[160];
    (void)state;
    struct fold *fold = create();
    fold_write_key("key-1", UINT64_C(0xfedcba9876543210), written);
    assert_string_equal(written, "key-1 fedcba9876543210");
    (void)snprintf(lines, sizeof lines, "kind=report\nactor=wang\nkey=%s", written);
    take(fold, 1, ROOM_START, 7, lines);
    const struct fold_key *found = fold_find_key(fold, TEXT("wang"), TEXT("key-1"));
    assert_non_null(found);
    assert_int_equal(found->sequence, 1);
    assert_true(found->mark == UINT64_C(0xfedcba9876543210));
    assert_int_equal(found->incident, 7);
    assert_int_equal(found->call, 0);
    /* Another actor's same key is another, also where actor and key together are the same letters. */
    assert_null(fold_find_key(fold, TEXT("li"), TEXT("key-1")));
    assert_null(fold_find_key(fold, TEXT(""), TEXT("key-1")));
    assert_null(fold_find_key(fold, TEXT("wangk"), TEXT("ey-1")));
    assert_null(fold_find_key(fold, TEXT("wang"), TEXT("key-2")));
    assert_null(fold_find_key(fold, TEXT("wang"), TEXT("")));
    (void)snprintf(lines, sizeof lines, "kind=desk.call\nactor=li\nkey=%s", written);
    take(fold, 2, ROOM_START, 0, lines);
    assert_int_equal(fold_find_key(fold, TEXT("wang"), TEXT("key-1"))->sequence, 1);
    assert_int_equal(fold_find_key(fold, TEXT("li"), TEXT("key-1"))->sequence, 2);
    assert_int_equal(fold_find_key(fold, TEXT("li"), TEXT("key-1"))->call, 1);
    /* The longest key that there may be, with room for its mark. */
    static const char longest[DESK_KEY_ROOM] = "0123456789012345678901234567890123456789012345678901234567890123";
    fold_write_key(longest, 1, written);
    (void)snprintf(lines, sizeof lines, "kind=report\nactor=wang\nkey=%s", written);
    take(fold, 3, ROOM_START, 7, lines);
    assert_int_equal(fold_find_key(fold, TEXT("wang"), text_of(longest))->sequence, 3);
    assert_int_equal(fold_find_key(fold, TEXT("wang"), text_of(longest))->mark, 1);
    /* What is no key with its mark is none. */
    static const char *const odd[] = {"kind=report\nactor=wang\nkey=odd",
                                      "kind=report\nactor=wang\nkey=odd 00000000000000aG",
                                      "kind=report\nactor=wang\nkey=odd00000000000000000ab",
                                      "kind=report\nactor=wang\nkey= 00000000000000ab", "kind=report\nactor=wang"};
    for (size_t i = 0; i < COUNT_OF(odd); i++) {
        take(fold, 4 + (int64_t)i, ROOM_START, 7, odd[i]);
    }
    assert_null(fold_find_key(fold, TEXT("wang"), TEXT("odd")));
    assert_null(fold_find_key(fold, TEXT("wang"), TEXT("")));
    fold_destroy(fold);
}

static void take_key(struct fold *fold, int number, int64_t at) {
    char key[32];
    char written[FOLD_KEY_ROOM];
    char lines[160];
    (void)snprintf(key, sizeof key, "key-%d", number);
    fold_write_key(key, (uint64_t)number, written);
    (void)snprintf(lines, sizeof lines, "kind=report\nactor=wang\nkey=%s", written);
    take(fold, number, at, 1, lines);
}

static const struct fold_key *find_key(const struct fold *fold, int number) {
    char key[32];
    (void)snprintf(key, sizeof key, "key-%d", number);
    return fold_find_key(fold, TEXT("wang"), text_of(key));
}

/* One key a quarter of an hour for thirty days: those of the last 72 hours are always there; those of the first days are
 * gone in the end, so that a desk that runs for years does not keep them all. */
static void test_forgetting(void **state) {
    const int64_t step = HOUR / 4;
    const int kept = (int)(FOLD_KEY_US / step);
    const int count = 30 * 24 * 4;
    (void)state;
    struct fold *fold = create();
    for (int i = 1; i <= count; i++) {
        take_key(fold, i, ROOM_START + i * step);
        const int probes[] = {i, i - 1, i - kept / 2, i - kept + 1, i - kept};
        for (size_t k = 0; k < COUNT_OF(probes); k++) {
            const struct fold_key *found = probes[k] < 1 ? NULL : find_key(fold, probes[k]);
            check(probes[k] < 1 || (found != NULL && found->sequence == probes[k]), "after %d: key %d", i, probes[k]);
        }
    }
    int known = 0;
    for (int i = 1; i <= count; i++) {
        known += find_key(fold, i) != NULL;
    }
    assert_null(find_key(fold, 1));
    assert_in_range(known, kept, 3 * kept);
    fold_destroy(fold);
}

static void check_events(const struct fold *fold, uint32_t incident, const char *expected) {
    char shown[256] = "";
    size_t count = 0;
    const int64_t *events = fold_find_events(fold, incident, &count);
    size_t length = 0;
    for (size_t i = 0; i < count && length < sizeof shown - 24; i++) {
        length += (size_t)snprintf(shown + length, sizeof shown - length, "%" PRId64 " ", events[i]);
    }
    check(strcmp(shown, expected) == 0, "incident %" PRIu32 ": %s", incident, shown);
}

static void test_events(void **state) {
    (void)state;
    struct fold *fold = create();
    take(fold, 1, ROOM_START, 0, "kind=adopt\nplan=One");
    take(fold, 2, ROOM_START, 5, "kind=open");
    take(fold, 3, ROOM_START, 2, "kind=open");
    take(fold, 4, ROOM_START, 5, "kind=report");
    take(fold, 5, ROOM_START, 0, "kind=time");
    take(fold, 6, ROOM_START, 0, "kind=desk.call\ntext=x\nincident=2");
    take(fold, 7, ROOM_START, 0, "kind=desk.call\ntext=x");
    take(fold, 8, ROOM_START, 0, "kind=desk.call-incident\ncall=2\nincident=5");
    take(fold, 9, ROOM_START, 0, "kind=desk.account\nname=li");
    check_events(fold, 1, "");
    check_events(fold, 2, "3 6 ");
    check_events(fold, 3, "");
    check_events(fold, 5, "2 4 8 ");
    check_events(fold, 6, "");
    for (int64_t i = 10; i < 500; i++) {
        take(fold, i, ROOM_START, 9, "kind=report");
    }
    size_t count = 0;
    const int64_t *events = fold_find_events(fold, 9, &count);
    assert_int_equal(count, 490);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(events[i], 10 + (int64_t)i);
    }
    check_events(fold, 5, "2 4 8 ");
    fold_destroy(fold);
}

static void test_plans(void **state) {
    (void)state;
    struct fold *fold = create();
    take(fold, 1, ROOM_START, 0, "kind=adopt\nplan=森林火灾");
    take(fold, 2, ROOM_START, 0, "kind=adopt\nplan=Reservoir flood");
    take(fold, 3, ROOM_START, 0, "kind=adopt\nplan=森林火灾");
    take(fold, 4, ROOM_START, 2, "kind=open\nplan=Third");
    assert_int_equal(fold_plan_count(fold), 2);
    check_text(fold_find_plan(fold, 0), "森林火灾");
    check_text(fold_find_plan(fold, 1), "Reservoir flood");
    fold_destroy(fold);
}

/* ---- from a log ------------------------------------------------------------------------------------------- */

static struct session *open_session(const char *directory, struct fold *fold) {
    struct failure failure = {0};
    const struct session_options options = {
        .directory = directory, .create = true, .observe = fold_take, .observe_context = fold};
    struct session *session = session_open(&options, &failure);
    check(session != NULL, "%s", failure.message);
    return session;
}

static void check_story(const struct fold *fold) {
    const struct fold_key *found = fold_find_key(fold, TEXT("wang"), TEXT("key-1"));
    assert_non_null(found);
    assert_int_equal(found->sequence, 3);
    assert_int_equal(found->mark, 0xab);
    assert_int_equal(found->incident, 2);
    assert_int_equal(found->call, 1);
    assert_null(fold_find_key(fold, TEXT("li"), TEXT("key-1")));
    assert_int_equal(fold_call_count(fold), 1);
    check_text(fold_find_call(fold, 1)->text, "烟");
    assert_int_equal(fold_find_call(fold, 1)->incident, 2);
    check_events(fold, 2, "3 ");
    assert_int_equal(fold_plan_count(fold), 1);
    check_text(fold_find_plan(fold, 0), "Bonfire");
    assert_true(fold_last_at(fold) == ROOM_START + 1000000);
}

static void test_opened_anew(void **state) {
    struct failure failure = {0};
    const struct plan *plan = NULL;
    struct fold *fold = create();
    struct session *session = open_session(*state, fold);
    assert_true(session_adopt(session, ROOM_START, TEXT("x"), TEXT("small.plan.md"), TEXT(SMALL_PACK), NULL, NULL,
                              &plan, &failure));
    const struct store_field note[] = {
        {TEXT("kind"), TEXT("desk.call"), false},
        {TEXT("at"), TEXT("2022-08-20T06:00:00Z"), false},
        {TEXT("text"), TEXT("烟"), false},
    };
    assert_true(session_note(session, ROOM_START, note, COUNT_OF(note), NULL, NULL, &failure));
    struct engine_event event = event_start(ENGINE_OPEN, ROOM_START + 1000000, 0);
    event.plan = plan;
    event.subject = plan_find_subject(plan, TEXT("Bonfire"));
    const struct event_entry entry = {.actor = TEXT("wang"), .key = text_of(key_one), .call = TEXT("1")};
    check(session_accept_entry(session, &event, &entry, NULL, NULL, &failure), "%s", failure.message);
    check_story(fold);
    session_close(session);
    fold_destroy(fold);
    fold = create();
    session = open_session(*state, fold);
    check_story(fold);
    session_close(session);
    fold_destroy(fold);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_part),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_calls),
        cmocka_unit_test(test_many_calls),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_forgetting),
        cmocka_unit_test(test_events),
        cmocka_unit_test(test_plans),
        cmocka_unit_test_setup_teardown(test_opened_anew, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
