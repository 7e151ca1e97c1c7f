/* Proves: what is known to be wrong in the literal text of the forest-fire plan is found, with a case that a person can
 * follow; the pack accepts it; its readings have no finding; and a second run says the same, byte for byte. */
#include "source.h"

#include "check.h"

#define PACK "plans/forest-fire.plan.md"

struct known {
    const char *clause;
    enum check_kind kind;
    const char *with; /* a clause of the other side, or NULL */
    const char *fact; /* a fact of the witness, and its value in the last case */
    const char *value;
    const char *level;       /* of the first case; "" for none */
    const char *level_worse; /* of the last case, NULL where there is only one */
};

static const struct known known_findings[] = {
    {"6.2.2.1(3)", CHECK_CLASH, "6.2.4.1(4)", "直接威胁居民区", "是", "Ⅲ级", NULL},
    {"6.2.1.1(2)", CHECK_CLASH, "6.2.4.1(4)", "敏感区域", "是", "Ⅳ级", NULL},
    {"6.2.3.1(2)", CHECK_FALLS, NULL, "过火面积", "6 公顷", "Ⅱ级", "Ⅲ级"},
    {"6.2.2.1(3)", CHECK_FALLS, NULL, "轻伤", "1", "Ⅲ级", ""},
    {"6.2.1.1(2)", CHECK_FALLS, "6.2.2.1(3)", "直接威胁居民区", "是", "Ⅳ级", ""},
    {"6.2.1.1(2)", CHECK_FALLS, "6.2.2.1(3)", "威胁重要设施", "是", "Ⅳ级", ""},
};

static bool cites(const struct check_report *report, const struct check_finding *finding, const char *clause) {
    for (uint16_t i = 0; i < finding->cites.count; i++) {
        if (text_equals_string(report->plan->cites[finding->cites.first + i], clause)) {
            return true;
        }
    }
    return false;
}

static bool is_with(const struct check_finding *finding, const char *clause) {
    for (uint16_t i = 0; i < finding->with_count; i++) {
        if (text_equals_string(finding->with[i], clause)) {
            return true;
        }
    }
    return clause == NULL;
}

static bool shows(const struct check_finding *finding, const char *fact, const char *value) {
    const struct check_case *last = finding->case_count > 0 ? &finding->cases[finding->case_count - 1] : NULL;
    for (uint16_t i = 0; last != NULL && i < last->value_count; i++) {
        if (text_equals_string(last->values[i].fact, fact) && text_equals_string(last->values[i].value, value)) {
            return true;
        }
    }
    return false;
}

static const struct check_finding *find(const struct check_report *report, const struct known *known) {
    for (uint32_t i = 0; i < report->count; i++) {
        const struct check_finding *finding = &report->findings[i];
        if (finding->kind == known->kind && finding->scope == CHECK_LITERAL && cites(report, finding, known->clause) &&
            is_with(finding, known->with) && shows(finding, known->fact, known->value)) {
            return finding;
        }
    }
    return NULL;
}

static struct source usual; /* checked once for all test cases */

static int set_up(void **state) {
    (void)state;
    usual = source_check(PACK, CHECK_EFFORT_USUAL);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    source_release(&usual);
    return 0;
}

static void test_known_findings(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(known_findings); i++) {
        const struct known *known = &known_findings[i];
        const struct check_finding *finding = find(usual.report, known);
        check(finding != NULL, "%s: %s is not found", known->clause, known->fact);
        check(finding->accepted && finding->reason.length > 0, "%s is not accepted", known->clause);
        check(text_equals_string(finding->cases[0].level, known->level), "%s: level %.*s", known->clause,
              TEXT_PRINT(finding->cases[0].level));
        check(known->level_worse == NULL ||
                  text_equals_string(finding->cases[finding->case_count - 1].level, known->level_worse),
              "%s: level of the worse case", known->clause);
    }
}

/* Whatever is proved of the literal text is among the known; a new finding has to be looked at by a person. */
static void test_nothing_else(void **state) {
    (void)state;
    unsigned proved = 0;
    for (uint32_t i = 0; i < usual.report->count; i++) {
        const struct check_finding *finding = &usual.report->findings[i];
        check(finding->accepted, "line %u: %.*s", (unsigned)finding->place.line, TEXT_PRINT(finding->message));
        check(finding->scope != CHECK_READING, "line %u: a reading has a finding: %.*s", (unsigned)finding->place.line,
              TEXT_PRINT(finding->message));
        proved += finding->scope == CHECK_LITERAL ? 1 : 0;
    }
    check(proved == COUNT_OF(known_findings), "%u findings in the literal text", proved);
}

/* A second run says the same; so does one with a hundredth of the effort: the limit is far away, on any machine. */
static void test_same_bytes(void **state) {
    (void)state;
    struct source again = source_check(PACK, CHECK_EFFORT_USUAL / 100);
    struct buffer first_text = source_print(&usual, PACK, true);
    struct buffer second_text = source_print(&again, PACK, true);
    check(text_equal(buffer_text(&first_text), buffer_text(&second_text)), "two runs differ");
    buffer_release(&first_text);
    buffer_release(&second_text);
    source_release(&again);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_findings),
        cmocka_unit_test(test_nothing_else),
        cmocka_unit_test(test_same_bytes),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
