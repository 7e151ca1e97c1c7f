/* Proves that arrows lead from what is done to what that brings about, and from nothing that brings about its opposite;
 * and that no arrow is replaced by a way round that need not be gone. */
#include "chart/charted.h"

#include <string.h>

static const char head[] =
    "```plan\nplan P { version \"1\" zone +00:00 language en }\nunit A @1\noffice Head of A @1\noffice Duke of A @1\n"
    "incident I {\nfact Out, Accepted, Seen: flag\nfact Water: length, more is worse\nfact Place: one of here, there\n"
    "condition Safe = Out and Accepted @1\n}\n";

/* ---- boxes and arrows -------------------------------------------------------------------------------------- */

static const struct chart_box *find_box(const struct chart_sheet *sheet, const char *words) {
    for (uint32_t i = 0; i < sheet->box_count; i++) {
        const struct chart_box *box = &sheet->boxes[i];
        for (uint32_t k = 0; k < box->text_count; k++) {
            if (text_equal(sheet->texts[box->first_text + k].string, text_of(words))) {
                return box;
            }
        }
    }
    fail_msg("no box says %s", words);
    return NULL;
}

static bool touches(const struct chart_box *box, const double *point) {
    double near = 2.0;
    return point[0] >= box->x - near && point[0] <= box->x + box->width + near && point[1] >= box->y - near &&
           point[1] <= box->y + box->height + near;
}

static bool leads(const struct chart_sheet *sheet, const char *from, const char *to) {
    const struct chart_box *start = find_box(sheet, from), *end = find_box(sheet, to);
    for (uint32_t i = 0; i < sheet->line_count; i++) {
        const struct chart_line *line = &sheet->lines[i];
        if (line->arrow && touches(start, line->points) &&
            touches(end, line->points + 2 * (size_t)(line->point_count - 1))) {
            return true;
        }
    }
    return false;
}

struct arrow {
    const char *from, *to; /* words of the boxes: names of what is done */
    bool there;
};

static void check_arrows(const char *rules, const struct arrow *arrows, size_t count) {
    struct buffer pack = {0};
    buffer_append_string(&pack, head);
    buffer_append_string(&pack, rules);
    buffer_append_string(&pack, "```\n");
    struct plan *plan = charted_compile(pack.bytes);
    struct chart *chart = charted_build(plan);
    for (size_t i = 0; i < count; i++) {
        check(leads(&chart->sheets[0], arrows[i].from, arrows[i].to) == arrows[i].there, "%s -> %s", arrows[i].from,
              arrows[i].to);
    }
    chart_destroy(chart);
    plan_destroy(plan);
    buffer_release(&pack);
}

/* ---- tests ------------------------------------------------------------------------------------------------- */

/* An acceptance that is withdrawn when it burns again is a side branch. */
static void test_side_branch(void **state) {
    (void)state;
    static const struct arrow arrows[] = {
        {"Fight", "Inspect", true},   {"Inspect", "Close", true},        {"Inspect", "Withdraw", true},
        {"Withdraw", "Close", false}, {"Fight", "Report burning", true}, {"Inspect", "Report burning", false},
        {"Fight", "Close", false},
    };
    check_arrows("on open of I { duty Fight of A until Out \"x\" @1 }\n"
                 "when Out { duty Inspect of A until Accepted \"x\" @1 }\n"
                 "when Accepted and not Out { duty Withdraw of A until not Accepted \"x\" @1 }\n"
                 "when Out and Accepted { duty Close of A \"x\" @1 }\n"
                 "when not Out { duty 'Report burning' of A \"x\" @1 }\n",
                 arrows, COUNT_OF(arrows));
}

/* The same with a named condition, and with what begins anew after the withdrawal: that leads to the end too, and does not
 * take the place of the straight way. */
static void test_anew(void **state) {
    (void)state;
    static const struct arrow arrows[] = {
        {"Fight", "Inspect", true},    {"Inspect", "Close", true}, {"Inspect", "Withdraw", true},
        {"Withdraw", "Again", true},   {"Again", "Close", true},   {"Withdraw", "Close", false},
        {"Again", "Inspect", false},   {"Again", "Praise", false}, {"Inspect", "Praise", true},
        {"Withdraw", "Praise", false},
    };
    check_arrows("on open of I { duty Fight of A until Out \"x\" @1 }\n"
                 "when Out { duty Inspect of A until Safe \"x\" @1 }\n"
                 "when Accepted and not Out { duty Withdraw of A until not Accepted \"x\" @1 }\n"
                 "on done of Withdraw { duty Again of A until Safe \"x\" @1 }\n"
                 "when Safe { duty Close of A \"x\" @1 }\n"
                 "when Out and Seen { duty Praise of A \"x\" @1 }\n",
                 arrows, COUNT_OF(arrows));
}

/* Numbers and choices: below and above, here and there. */
static void test_values(void **state) {
    (void)state;
    static const struct arrow arrows[] = {
        {"Lower", "Tell", true},
        {"Lower", "Warn", false},
        {"Bring here", "Go home", true},
        {"Bring here", "Look", false},
    };
    check_arrows("on open of I { duty Start of A \"x\" @1 }\n"
                 "when Seen { duty Lower of A until Water < 3 m \"x\" @1 }\n"
                 "when Water <= 2 m { duty Tell of A \"x\" @1 }\n"
                 "when Water >= 3 m { duty Warn of A \"x\" @1 }\n"
                 "when Accepted { duty 'Bring here' of A until Place = here \"x\" @1 }\n"
                 "when Place = here { duty 'Go home' of A \"x\" @1 }\n"
                 "when Place = there { duty Look of A \"x\" @1 }\n",
                 arrows, COUNT_OF(arrows));
}

/* A scale says who decides which of its levels. */
static void test_orderers(void **state) {
    (void)state;
    static const char *const words[] = {"decided by: Head (for Low)", "Duke or Head (for High)", "Duke (for the end)"};
    struct buffer pack = {0};
    buffer_append_string(&pack, head);
    buffer_append_string(&pack, "scale S of I { levels Low < High @1\nordered by Head for Low @1\n"
                                "ordered by Duke, Head for High @1\nordered by Duke for none @1\n"
                                "Low when Seen @1\nHigh when Out @1 }\n```\n");
    struct plan *plan = charted_compile(pack.bytes);
    struct chart *chart = charted_build(plan);
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        check(charted_says(chart, &chart->sheets[0], text_of(words[i])), "%s", words[i]);
    }
    chart_destroy(chart);
    plan_destroy(plan);
    buffer_release(&pack);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_side_branch),
        cmocka_unit_test(test_anew),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_orderers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
