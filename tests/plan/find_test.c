/* Proves: things are found by name and alias, the nearest name is offered for a misspelt one, and values print as people
 * say them. */
#include "pack.h"

#include "check.h"

#include <string.h>

#define PACK                                                                                                           \
    "unit 'Fire Watch' alias Watch, 区森防办 @1\n"                                                                 \
    "unit Mayor @1\n"                                                                                                  \
    "group All = Inner, Mayor @1\n"                                                                                    \
    "group Inner = Watch @1\n"                                                                                         \
    "incident Fire {\n"                                                                                                \
    "  fact Hurt: count, more is worse, from 0 to 500\n"                                                               \
    "  fact 过火面积: area\n"                                                                                      \
    "  fact Lit: time\n"                                                                                               \
    "  fact Out: flag\n"                                                                                               \
    "  fact Kind: one of Grass, Wood, Rubbish\n"                                                                       \
    "  fact State: one of Small, Large, unknown as Unclear\n"                                                          \
    "  fact Weather: series of Low < Middle < High\n"                                                                  \
    "  derived Burning = now - Lit until Out\n"                                                                        \
    "}\n"                                                                                                              \
    "scale Alarm of Fire { levels Yellow < Red @1 Yellow when Hurt >= 1 @1 Red when Hurt >= 2 @1 }\n"                  \
    "on open of Fire { duty Call of Watch \"Call.\" @1 }\n"

static struct pack compile_pack(void) {
    struct pack pack = pack_compile_block(PACK);
    pack_require(&pack);
    return pack;
}

static void test_find(void **state) {
    (void)state;
    struct pack pack = compile_pack();
    const struct plan *plan = pack.plan;
    assert_int_equal(plan_find_party(plan, TEXT("Fire Watch")), 0);
    assert_int_equal(plan_find_party(plan, TEXT("区森防办")), 0);
    assert_int_equal(plan_find_party(plan, TEXT("fire watch")), PLAN_NONE);
    assert_int_equal(plan_find_fact(plan, TEXT("过火面积")), 1);
    assert_int_equal(plan_find_fact(plan, TEXT("Alarm")), PLAN_NONE);
    assert_int_equal(plan_find_scale(plan, TEXT("Alarm")), 0);
    assert_int_equal(plan_find_scale(plan, TEXT("")), PLAN_NONE);
    assert_int_equal(plan_find_duty(plan, TEXT("Call")), 0);
    assert_int_equal(plan_find_duty(plan, TEXT("Cal")), PLAN_NONE);
    assert_int_equal(plan_find_subject(plan, TEXT("Fire")), 0);
    assert_int_equal(plan_find_subject(plan, TEXT("Flood")), PLAN_NONE);
    assert_int_equal(plan_find_level(&plan->scales[0], TEXT("Red")), 2);
    assert_int_equal(plan_find_level(&plan->scales[0], TEXT("Green")), 0);
    assert_int_equal(plan_find_choice(&plan->facts[4], TEXT("Wood")), 1);
    assert_int_equal(plan_find_choice(&plan->facts[4], TEXT("Wool")), -1);
    pack_release(&pack);
}

/* Of the rules of Alarm, each a leaf about Hurt, and of one about another fact. */
static void test_facts_of_leaves(void **state) {
    (void)state;
    struct pack pack = compile_pack();
    const struct plan *plan = pack.plan;
    const struct plan_node *yellow = &plan->nodes[plan->rules[0].condition];
    const struct plan_node *red = &plan->nodes[plan->rules[1].condition];
    const uint16_t *first = plan->lists + yellow->facts.first;
    assert_ptr_equal(plan_first_fact(plan, yellow), &plan->facts[*first]);
    assert_true(text_equals_string(plan_first_fact(plan, red)->name, "Hurt"));
    assert_true(plan_have_same_facts(plan, yellow, red));
    struct plan_node none = *red;
    none.facts.count = 0;
    assert_false(plan_have_same_facts(plan, yellow, &none));
    pack_release(&pack);
}

static void check_suggested(const struct plan *plan, void (*suggest)(const struct plan *, struct suggestion *),
                            const char *wanted, const char *expected) {
    char room[SUGGESTION_ROOM];
    struct suggestion suggestion = suggestion_begin(text_of(wanted));
    suggest(plan, &suggestion);
    check(strcmp(suggestion_print(&suggestion, SUGGESTION_BARE, room), expected) == 0, "%s: found %s", wanted, room);
}

static void test_suggest(void **state) {
    (void)state;
    struct pack pack = compile_pack();
    const struct plan *plan = pack.plan;
    check_suggested(plan, plan_suggest_party, "Fire Wtach", "Fire Watch");
    check_suggested(plan, plan_suggest_party, "区森访办", "区森防办");
    check_suggested(plan, plan_suggest_party, "Mayer", "Mayor");
    check_suggested(plan, plan_suggest_party, "somebody", "");
    check_suggested(plan, plan_suggest_fact, "过火面机", "过火面积");
    check_suggested(plan, plan_suggest_fact, "Out", "");
    check_suggested(plan, plan_suggest_scale, "alarm", "Alarm");
    check_suggested(plan, plan_suggest_duty, "Calll", "Call");
    check_suggested(plan, plan_suggest_duty, "x", "");
    pack_release(&pack);
}

static void test_groups_include(void **state) {
    (void)state;
    struct pack pack = compile_pack();
    const struct plan *plan = pack.plan;
    uint16_t watch = plan_find_party(plan, TEXT("Watch"));
    uint16_t all = plan_find_party(plan, TEXT("All"));
    assert_true(plan_party_includes(plan, all, watch));
    assert_true(plan_party_includes(plan, watch, watch));
    assert_false(plan_party_includes(plan, watch, all));
    assert_false(plan_party_includes(plan, plan_find_party(plan, TEXT("Inner")), plan_find_party(plan, TEXT("Mayor"))));
    assert_false(plan_party_includes(plan, PLAN_NONE, watch));
    pack_release(&pack);
}

#define HA INT64_C(30000000000)
#define HOUR CALENDAR_US_PER_HOUR
#define NOON INT64_C(1660968000000000) /* 2022-08-20T12:00:00+08:00 */

static const struct {
    const char *fact;
    int64_t low, high;
    const char *printed;
} values[] = {
    {"Hurt", 3, 3, "3"},
    {"Hurt", 2, 4, "2..4"},
    {"Hurt", 2, 500, ">= 2"},
    {"Hurt", 0, 4, "<= 4"},
    {"Hurt", 0, 500, "unknown"},
    {"过火面积", HA * 3 / 10, HA * 6 / 10, "0.3 ha .. 0.6 ha"},
    {"过火面积", HA, HA, "1 ha"},
    {"Burning", 2 * HOUR, 2 * HOUR, "2 h"},
    {"Lit", NOON, NOON, "2022-08-20T12:00:00+08:00"},
    {"Lit", NOON + 250000, NOON + 250000, "2022-08-20T12:00:00+08:00"},
    {"过火面积", HA / 5, HA, "0.2 ha .. 1 ha"},
    {"Lit", INT64_MIN, NOON, "<= 2022-08-20T12:00:00+08:00"},
    {"Lit", INT64_MIN, INT64_MAX, "unknown"},
    {"Out", 1, 1, "yes"},
    {"Out", 0, 0, "no"},
    {"Out", 0, 1, "unknown"},
    {"Kind", 2, 0, "Wood"},
    {"Kind", 5, 0, "Grass or Rubbish"},
    {"Kind", 7, 0, "unknown"},
    {"State", 3, 0, "Unclear"},
    {"Weather", 1, 1, "Middle"},
    {"Weather", 1, 2, "Middle..High"},
    {"Weather", 0, 2, "unknown"},
};

static void test_values_print(void **state) {
    (void)state;
    struct pack pack = compile_pack();
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        struct buffer printed = {0};
        uint16_t fact = plan_find_fact(pack.plan, text_of(values[i].fact));
        plan_print_value(pack.plan, fact, values[i].low, values[i].high, &printed);
        check(strcmp(printed.bytes, values[i].printed) == 0, "%s: %s, expected %s", values[i].fact, printed.bytes,
              values[i].printed);
        buffer_release(&printed);
    }
    pack_release(&pack);
}

static void test_unknown_is_the_declared_range(void **state) {
    (void)state;
    struct pack pack = compile_pack();
    for (uint32_t i = 0; i < pack.plan->fact_count; i++) {
        const struct plan_fact *fact = &pack.plan->facts[i];
        struct buffer printed = {0};
        plan_print_value(pack.plan, (uint16_t)i, fact->low, fact->high, &printed);
        check(strcmp(printed.bytes, fact->unknown_name.length > 0 ? "Unclear" : "unknown") == 0, "%.*s: %s",
              TEXT_PRINT(fact->name), printed.bytes);
        buffer_release(&printed);
    }
    pack_release(&pack);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),         cmocka_unit_test(test_facts_of_leaves),
        cmocka_unit_test(test_suggest),      cmocka_unit_test(test_groups_include),
        cmocka_unit_test(test_values_print), cmocka_unit_test(test_unknown_is_the_declared_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
