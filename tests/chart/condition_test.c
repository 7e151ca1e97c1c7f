/* Proves that conditions are said as people say them, in both languages, and that what follows from what is found. */
#include "chart/charted.h"

#include <stdio.h>

static const char english_head[] =
    "```plan\nplan P { version \"1\" zone +00:00 language en }\nunit U @1\n"
    "incident Fire {\n"
    "fact Lit: time \"?\"\n"
    "fact Out: flag\n"
    "fact Hurt, Dead: count, more is worse\n"
    "fact Size: area, more is worse\n"
    "fact Place: one of here, there, elsewhere, nowhere\n"
    "derived Burning = now - Lit until Out\n"
    "condition Over = Out and Hurt = 0 @1\n"
    "}\n"
    "scale S of Fire { levels Low < Mid < High @1 Low when Hurt >= 1 @1 Mid when Hurt >= 2 "
    "@1 High when Hurt >= 3 @1 }\n";

static const char chinese_head[] =
    "```plan\n预案 甲 { 版本 \"1\" 时区 +08:00 语言 zh }\n单位 乙 @1\n"
    "事件 火 {\n"
    "事实 起 : 时刻 \"?\"\n"
    "事实 灭 : 是否\n"
    "事实 伤、亡 : 数量，越多越重\n"
    "事实 面积大小 : 面积，越多越重\n"
    "事实 地点 : 取值 此处、彼处、别处、无处\n"
    "推算 烧了 = 现在 - 起 直至 灭\n"
    "条件 完了 = 灭 且 伤 等于 0 @1\n"
    "}\n"
    "等级 级 由 火 { 级别 低 < 中 < 高 @1 低 当 伤 >= 1 @1 中 当 伤 >= 2 @1 高 当 伤 >= 3 "
    "@1 }\n";

static struct plan *compile_conditions(const char *head, const char *const *conditions, size_t count) {
    struct buffer pack = {0};
    buffer_append_string(&pack, head);
    for (size_t i = 0; i < count; i++) {
        bool chinese = head == chinese_head;
        buffer_print(&pack, "%s %s { %s D%zu %s \"x\" @1 }\n", chinese ? "当" : "when", conditions[i],
                     chinese ? "职责" : "duty", i, chinese ? "由 乙" : "of U");
    }
    buffer_append_string(&pack, "```\n");
    struct plan *plan = charted_compile(pack.bytes);
    buffer_release(&pack);
    return plan;
}

struct wording {
    const char *condition, *words;
};

static void check_wordings(const char *head, const struct wording *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct plan *plan = compile_conditions(head, &rows[i].condition, 1);
        struct chart *chart = charted_build(plan);
        check(charted_says(chart, NULL, text_of(rows[i].words)), "%s is not said as %s", rows[i].condition,
              rows[i].words);
        chart_destroy(chart);
        plan_destroy(plan);
    }
}

static void test_english(void **state) {
    (void)state;
    static const struct wording rows[] = {
        {"Burning >= 2 h", "When Burning ≥ 2 h"},
        {"Burning > 2 h", "When Burning > 2 h"},
        {"Burning < 90 min", "When Burning < 90 min"},
        {"Hurt + Dead >= 3", "When Hurt + Dead ≥ 3"},
        {"Hurt = 3", "When Hurt = 3"},
        {"Hurt != 3", "When Hurt ≠ 3"},
        {"not Out", "When not Out"},
        {"Over", "When Over"},
        {"not Over", "When not Over"},
        {"Over and Place = here", "When Over and Place is here"},
        {"Place in (here, there)", "When Place is here or there"},
        {"Place != here", "When Place is not here"},
        {"Out and (Hurt >= 1 or Dead >= 1)", "When Out and (Hurt ≥ 1 or Dead ≥ 1)"},
        {"S >= Mid", "When S at least Mid"},
        {"S = Mid", "When S is Mid"},
        {"S = High", "When S is High"},
        {"S >= High", "When S is High"},
        {"S = none", "When S: none"},
        {"S <= Mid", "When S at most Mid"},
        {"Size >= 0.5 ha", "When Size ≥ 0.5 ha"},
    };
    check_wordings(english_head, rows, COUNT_OF(rows));
}

static void test_chinese(void **state) {
    (void)state;
    static const struct wording rows[] = {
        {"烧了 >= 2 小时", "当烧了 ≥ 2 小时"},
        {"烧了 >= 60 分钟", "当烧了 ≥ 60 分钟"},
        {"伤 + 亡 >= 3", "当伤＋亡 ≥ 3"},
        {"非 灭", "当灭为否"},
        {"完了", "当“完了”"},
        {"非 完了", "当未到“完了”"},
        {"完了 且 地点 = 此处", "当“完了”，且地点为此处"},
        {"地点 属于 (此处、彼处)", "当地点为此处或彼处"},
        {"地点 != 此处", "当地点不为此处"},
        {"级 >= 中", "当级达到中"},
        {"级 = 中", "当级为中"},
        {"级 = 无", "当级：无"},
        {"面积大小 >= 0.5 公顷", "当面积大小 ≥ 0.5 公顷"},
        {"面积大小 >= 2 平方公里", "当面积大小 ≥ 200 公顷"},
    };
    check_wordings(chinese_head, rows, COUNT_OF(rows));
}

static void test_definition(void **state) {
    (void)state;
    const char *condition = "Over and Place = here";
    struct plan *plan = compile_conditions(english_head, &condition, 1);
    struct chart *chart = charted_build(plan);
    const struct chart_sheet *terms = charted_find(chart, "Terms");
    assert_non_null(terms);
    assert_true(charted_says(chart, terms, TEXT("Out and Hurt = 0")));
    chart_destroy(chart);
    plan_destroy(plan);
}

static void test_implies(void **state) {
    (void)state;
    static const struct {
        const char *left, *right;
        bool implies;
    } rows[] = {
        {"Hurt >= 2", "Hurt >= 1", true},
        {"Hurt >= 1", "Hurt >= 2", false},
        {"Hurt <= 1", "Hurt <= 2", true},
        {"Hurt >= 2", "Dead >= 2", false},
        {"Out and Hurt >= 2", "Out", true},
        {"Out and Hurt >= 2", "Hurt >= 1 and Out", true},
        {"Out", "Out or Hurt >= 1", true},
        {"Out or Hurt >= 1", "Out", false},
        {"Out or Hurt >= 2", "Out or Hurt >= 1", true},
        {"Place = here", "Place in (here, there)", true},
        {"Place in (here, there)", "Place = here", false},
        {"S >= High", "S >= Low", true},
        {"S = Mid", "S >= Mid", true},
        {"S = Mid", "S >= High", false},
        {"Over and Dead >= 1", "Over", true},
        {"Over", "not Out", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *const both[] = {rows[i].left, rows[i].right};
        struct plan *plan = compile_conditions(english_head, both, 2);
        check(condition_implies(plan, plan->triggers[0].condition, plan->triggers[1].condition) == rows[i].implies,
              "%s, %s", rows[i].left, rows[i].right);
        plan_destroy(plan);
    }
}

static void test_least_level(void **state) {
    (void)state;
    static const struct {
        const char *condition;
        uint8_t level;
    } rows[] = {
        {"S >= Low", 1},
        {"S = High", 3},
        {"S <= Mid", 0},
        {"S = none", 0},
        {"S >= Mid and Out", 2},
        {"S >= Mid or Out", 0},
        {"Hurt >= 1", 0},
        {"S >= Mid or S = Low", 1},
        {"S >= Low and S >= Mid", 2},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct plan *plan = compile_conditions(english_head, &rows[i].condition, 1);
        check(condition_least_level(plan, plan->triggers[0].condition, 0) == rows[i].level, "%s", rows[i].condition);
        plan_destroy(plan);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_english), cmocka_unit_test(test_chinese),     cmocka_unit_test(test_definition),
        cmocka_unit_test(test_implies), cmocka_unit_test(test_least_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
