/* Proves: what two calls have in common is found as it is, and too little is nothing; a text names a unit of a group by its
 * name, an alias or the beginning of its name, and none where two fit equally. */
#include "desk/likely.h"

#include "check.h"

static const char pack[] = "```plan\n"
                           "plan P { version \"1\" zone +08:00 language en }\n"
                           "unit 石门镇 alias 老石门 @1\n"
                           "unit 石桥镇 @1\n"
                           "unit 青山街道 @1\n"
                           "unit 'North Town' alias Northside @1\n"
                           "unit 青山水库 @1\n"
                           "group Towns = 石门镇, 石桥镇, 青山街道, 'North Town' @1\n"
                           "role Here by place among Towns @1\n"
                           "```\n";

static void check_run(const char *one, const char *other, const char *expected) {
    struct text run = likely_find_run(text_of(one), text_of(other));
    check(text_equals_string(run, expected), "%s, %s: %.*s", one, other, TEXT_PRINT(run));
}

static void test_runs(void **state) {
    (void)state;
    check_run("歌乐山林场", "歌乐山北门", "歌乐山");
    check_run("在歌乐山", "歌乐山", "歌乐山");
    check_run("山", "山", "");
    check_run("歌山乐", "歌乐山", "");
    check_run("烟，很大", "火，很远", "");
    check_run("North Gate", "north side", "North");
    check_run("the one", "the two", "");
    check_run("", "歌乐山", "");
}

static void check_common(const struct likely_said *one, const struct likely_said *other, uint32_t weight) {
    struct likely_match match;
    likely_compare(one, other, &match);
    check(match.weight == weight, "weight %u", match.weight);
}

static void test_comparing(void **state) {
    const struct likely_said one = {TEXT("歌乐山"), TEXT("看得见火苗"), TEXT("023-6822 1234"), 0};
    struct likely_said other = {.at = INT64_C(24) * 3600 * 1000000};
    (void)state;
    check_common(&one, &other, 0);
    other.phone = TEXT("02368221234");
    check_common(&one, &other, 60);
    other.at = 0;
    check_common(&one, &other, 70);
    other.phone = TEXT("119"); /* too short to say anything */
    check_common(&one, &other, 0);
    other.text = TEXT("火苗"); /* two signs are in many calls */
    check_common(&one, &other, 0);
    other.text = TEXT("见火苗");
    check_common(&one, &other, 22);
    other.place = TEXT("乐山");
    check_common(&one, &other, 62);
}

static void check_unit(const struct plan *plan, const char *said, const char *expected, const char *named) {
    struct text by = {0};
    uint16_t group = plan_find_party(plan, TEXT("Towns"));
    uint16_t unit = likely_find_unit(plan, group, text_of(said), &by);
    uint16_t wanted = expected == NULL ? PLAN_NONE : plan_find_party(plan, text_of(expected));
    check(unit == wanted, "%s: %u", said, unit);
    check(unit == PLAN_NONE || text_equals_string(by, named), "%s: by %.*s", said, TEXT_PRINT(by));
}

static void test_units(void **state) {
    struct plan_messages messages = {0};
    struct plan *plan = plan_compile(TEXT("pack"), TEXT(pack), &messages);
    (void)state;
    check(plan != NULL, "%.*s", TEXT_PRINT(messages.items[0].text));
    check_unit(plan, "在石门镇北", "石门镇", "石门镇");
    check_unit(plan, "石门水库", "石门镇", "石门");
    check_unit(plan, "老石门那边", "石门镇", "老石门");
    check_unit(plan, "青山上", "青山街道", "青山");
    check_unit(plan, "石", NULL, "");
    check_unit(plan, "石门和石桥之间", NULL, "");
    check_unit(plan, "near northside", "North Town", "northside");
    check_unit(plan, "no smoke", NULL, "");
    check_unit(plan, "", NULL, "");
    plan_messages_release(&messages);
    plan_destroy(plan);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_runs), cmocka_unit_test(test_comparing),
                                       cmocka_unit_test(test_units)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
