/* Proves what boxes name: every telephone that is answered, recipients that several reports share, once and together; lists
 * that are cut, by whole names and with what is left out; how a clause about a position is read, and whether all of its
 * holders serve or one. */
#include "chart/charted.h"

#include <string.h>

static const char head[] = "```plan\nplan P { version \"1\" zone +00:00 language en }\n"
                           "unit Office { phone \"111\" phone \"222\" fax \"333\" } @1\n"
                           "unit Guard { phone \"444\" duty-phone \"555\" } @1\nunit North @1\nunit South @1\n"
                           "office Head of Office @1\noffice Deputy of Office @1\nincident I {\nfact Out: flag\n}\n";

static struct plan *compile(const char *rules) {
    struct buffer pack = {0};
    buffer_append_string(&pack, head);
    buffer_append_string(&pack, rules);
    buffer_append_string(&pack, "```\n");
    struct plan *plan = charted_compile(pack.bytes);
    buffer_release(&pack);
    return plan;
}

static uint32_t count_arrows(const struct chart_sheet *sheet) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < sheet->line_count; i++) {
        count += sheet->lines[i].arrow ? 1 : 0;
    }
    return count;
}

static void check_sheet(const char *rules, const char *title, uint32_t arrows, const char *const *words,
                        size_t word_count) {
    struct plan *plan = compile(rules);
    struct chart *chart = charted_build(plan);
    const struct chart_sheet *sheet = charted_find(chart, title);
    check(sheet != NULL, "%s", title);
    check(arrows == 0 || count_arrows(sheet) == arrows, "%s: %u arrows", title, count_arrows(sheet));
    for (size_t i = 0; i < word_count; i++) {
        check(charted_says(chart, sheet, text_of(words[i])), "%s: %s", title, words[i]);
    }
    chart_destroy(chart);
    plan_destroy(plan);
}

static void test_telephones(void **state) {
    (void)state;
    static const char *const words[] = {"tel.: 111, 222", "tel.: 555"};
    check_sheet("on open of I { duty Tell of Office to Guard \"x\" @1 }\n", "who reports to whom", 2, words,
                COUNT_OF(words));
}

/* Three reports to the same three bodies: six arrows and not twelve; a fourth to others of them has arrows of its own. */
static void test_shared(void **state) {
    (void)state;
    static const char *const words[] = {"each of these", "Guard (555)", "South"};
    check_sheet(
        "on open of I {\nduty One of Office to Guard, North, South \"x\" @1\n"
        "duty Two of Office to Guard, North, South \"x\" @1\nduty Three of Office to Guard, North, South \"x\" @1\n"
        "}\n",
        "who reports to whom", 6, words, COUNT_OF(words));
    check_sheet("on open of I {\nduty One of Office to Guard, North, South \"x\" @1\n"
                "duty Two of Office to Guard, North \"x\" @1\nduty Three of Office to Guard, North \"x\" @1\n}\n",
                "who reports to whom", 10, words + 2, 1);
}

#define LONG "'A name of some length that tells of "

static void test_cut_lists(void **state) {
    (void)state;
    static const char *const words[] = {
        "instead of: A name of some length that tells of smoke, A name of some length that tells of water, and 2 more"};
    check_sheet("on open of I {\nduty " LONG "smoke' of Office \"x\" @1\nduty " LONG "water' of Office \"x\" @1\n"
                "duty " LONG "trees' of Office \"x\" @1\nduty " LONG "winds' of Office \"x\" @1\n}\n"
                "when Out { option Over of Office replaces " LONG "smoke', " LONG "water', " LONG "trees', " LONG
                "winds' \"x\" @1 }\n",
                "what is to be done when", 0, words, COUNT_OF(words));
}

static void test_reading(void **state) {
    (void)state;
    static const char *const words[] = {"Head, Deputy", "Both, as the office asks."};
    check_sheet("command Post of I when Out {\nposition Chief held by Head, Deputy @1\n"
                "accept reading \"Both, as the office asks.\"\n} @1\n",
                "Post", 0, words, COUNT_OF(words));
}

/* Of several holders one serves, where the pack says "or"; of those who decide on a level it is always one. */
static void test_one_of(void **state) {
    (void)state;
    static const char *const words[] = {"Head or Deputy", "Guard, Head or Deputy", "Guard, Head, Deputy"};
    check_sheet(
        "command Post of I when Out {\nposition Chief held by Head or Deputy @1\n"
        "position Second held by Guard, Head or Deputy @1\nposition Third held by Guard, Head, Deputy @1\n} @1\n",
        "Post", 0, words, COUNT_OF(words));
    static const char *const steps[] = {"Head or Deputy"};
    check_sheet("scale S of I { levels Low < High @1 ordered by Head @1\nLow when Out @1\nHigh when Out @1 }\n"
                "command Post of I when Out {\nposition Chief held by Head or Deputy when S = High @1\n} @1\n",
                "one level to the next", 0, steps, COUNT_OF(steps));
    static const char *const deciders[] = {"Guard, Head or Deputy"};
    check_sheet("scale S of I { levels Low < High @1\nordered by Guard, Head, Deputy @1\nLow when Out @1\n"
                "High when Out @1 }\n",
                "one level to the next", 0, deciders, COUNT_OF(deciders));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_telephones), cmocka_unit_test(test_shared), cmocka_unit_test(test_cut_lists),
        cmocka_unit_test(test_reading),    cmocka_unit_test(test_one_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
