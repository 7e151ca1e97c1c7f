/* Proves: each planted fault is found where it is (a sentence that nothing cites, a citation of what is not there, prose
 * without a reason, an annex announced and missing or the other way round), and the sound twin is clean. */
#include "../gazette/reading.h"

#include "coverage/coverage.h"
#include "plan/plan.h"

#include "check.h"

#include <string.h>

#define PACK "tests/coverage/texts/bonfire.plan.md"
#define TEXT_FILE "tests/coverage/texts/bonfire.txt"

/* A pack held against a text. */
struct measured {
    struct reading reading;
    struct plan *plan;
    struct coverage *coverage; /* NULL with `failure` */
    struct failure failure;
};

/* The file with one piece of it replaced by another; `from` must stand in it. */
static struct buffer edit(const char *path, const char *from, const char *to) {
    struct buffer original = {0};
    struct buffer edited = {0};
    assert_true(read_file(path, &original));
    const char *at = strstr(original.bytes, from);
    check(at != NULL, "%s does not hold %s", path, from);
    buffer_append(&edited, original.bytes, (size_t)(at - original.bytes));
    buffer_append_string(&edited, to);
    buffer_append_string(&edited, at + strlen(from));
    buffer_release(&original);
    return edited;
}

static struct measured measure(const struct buffer *pack, const struct buffer *text) {
    struct measured measured = {.reading = read_bytes(text->bytes, text->length)};
    struct plan_messages messages = {0};
    struct buffer printed = {0};
    check(measured.reading.gazette != NULL, "%s", measured.reading.failure.message);
    measured.plan = plan_compile(TEXT("pack"), buffer_text(pack), &messages);
    plan_messages_print(&messages, TEXT("pack"), &printed);
    check(measured.plan != NULL, "%s", printed.length == 0 ? "" : printed.bytes);
    plan_messages_release(&messages);
    buffer_release(&printed);
    measured.coverage =
        coverage_measure(measured.plan, measured.reading.gazette, measured.reading.arena, &measured.failure);
    return measured;
}

static void end(struct measured *measured) {
    plan_destroy(measured->plan);
    reading_end(&measured->reading);
}

/* The bonfire plan and its text, each with one piece replaced. */
static struct measured measure_edited(const char *pack_from, const char *pack_to, const char *text_from,
                                      const char *text_to) {
    struct buffer pack = edit(PACK, pack_from, pack_to);
    struct buffer text = edit(TEXT_FILE, text_from, text_to);
    struct measured measured = measure(&pack, &text);
    buffer_release(&pack);
    buffer_release(&text);
    return measured;
}

static const struct coverage_part *find_part(const struct coverage *coverage, const char *name) {
    for (uint32_t i = 0; i < coverage->part_count; i++) {
        if (text_equals_string(coverage->parts[i].name, name)) {
            return &coverage->parts[i];
        }
    }
    check(false, "there is no part %s", name);
    return NULL;
}

/* Whether a part is cited by something of this kind and name in this line. */
static bool is_used(const struct coverage *coverage, const char *part, const char *kind, const char *name,
                    uint32_t line) {
    for (uint32_t i = find_part(coverage, part)->first_use; i != GAZETTE_NONE; i = coverage->uses[i].next) {
        const struct coverage_use *use = &coverage->uses[i];
        if (strcmp(use->kind, kind) == 0 && text_equals_string(use->name, name) && use->line == line) {
            return true;
        }
    }
    return false;
}

static void test_sound(void **state) {
    (void)state;
    struct measured measured = measure_edited("", "", "", "");
    const struct coverage *coverage = measured.coverage;
    assert_non_null(coverage);
    assert_int_equal(coverage->part_count, 13);
    assert_int_equal(coverage->covered_count, 12);
    assert_int_equal(coverage->prose_count, 1);
    assert_int_equal(coverage->missing_count, 0);
    assert_int_equal(coverage->error_count, 0);
    assert_int_equal(coverage->warning.length, 0);
    assert_int_equal(find_part(coverage, "1#1")->status, COVERAGE_PROSE);
    assert_true(
        text_equals_string(coverage->uses[find_part(coverage, "1#1")->first_use].reason, "States the purpose."));
    assert_true(is_used(coverage, "2#1", "unit", "Fire Watch", 9));
    assert_true(is_used(coverage, "2#1", "office", "Warden", 12));
    assert_true(is_used(coverage, "3.2(1)#1", "rule", "Yellow", 31));
    assert_true(is_used(coverage, "3.3#1", "rule", "Red", 34));
    assert_true(is_used(coverage, "3.4#1", "scale", "Alarm", 25));
    assert_true(is_used(coverage, "4(1)#1", "duty", "Call the Mayor", 38));
    assert_true(is_used(coverage, "4(2)#1", "option", "Ask for help", 42));
    assert_true(is_used(coverage, "Annex A/Warden", "contact", "Warden on duty", 11));
    end(&measured);
}

/* ---- what is missing -------------------------------------------------------------------------------------- */

static void test_missing(void **state) {
    (void)state;
    static const struct {
        const char *pack_from, *pack_to, *text_from, *text_to, *missing;
        uint32_t line; /* in the text */
    } cases[] = {
        {"", "", "The Mayor helps.", "The Mayor helps. The Mayor keeps a list.", "2#3", 10},
        {"", "", "(2) it spreads.", "(2) it spreads;\n(3) it smokes.", "3.2(3)#1", 18},
        {"", "", "\tMayor\n", "\tDoctor\n\t555 0103\n\n\tMayor\n", "Annex A/Doctor", 35},
        {"", "", "when the fire is out.\n", "when the fire is out.\n3.5 Ashes\nAshes are wetted.\n", "3.5#1", 23},
        {"  Red when Hurt >= 1                                          @3.3", "  Red when Hurt >= 1 @3.2(1)", "", "",
         "3.3#1", 19},
        {"prose @1 \"States the purpose.\"", "", "", "", "1#1", 8},
        {" @'Annex A/Mayor'", "", "", "", "Annex A/Mayor", 35},
        /* a clause cited whole covers its sentences, not the items beneath it */
        {"Spreading                                                 @(2)", "Spreading @3.2", "", "", "3.2(2)#1", 17},
        /* what only a finding or a note speaks of is not covered by it */
        {"prose @1 \"States the purpose.\"", "finding reading \"doubtful\" @1#1 accept \"so be it\"", "", "", "1#1", 8},
        {"prose @1 \"States the purpose.\"", "prose @2#1 \"Names an office.\" unit Neighbours @2 ", "", "", "1#1", 8},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct measured measured =
            measure_edited(cases[i].pack_from, cases[i].pack_to, cases[i].text_from, cases[i].text_to);
        check(measured.coverage != NULL, "%s: %s", cases[i].missing, measured.failure.message);
        const struct coverage_part *part = find_part(measured.coverage, cases[i].missing);
        check(part->status == COVERAGE_MISSING, "%s is %s", cases[i].missing, coverage_status_name(part->status));
        check(part->line == cases[i].line, "%s in line %u", cases[i].missing, part->line);
        check(measured.coverage->missing_count == 1, "%s: %u missing", cases[i].missing,
              measured.coverage->missing_count);
        check(measured.coverage->error_count == 0, "%s: %.*s", cases[i].missing,
              TEXT_PRINT(measured.coverage->errors[0].message));
        end(&measured);
    }
}

/* ---- wrong citations -------------------------------------------------------------------------------------- */

static void test_wrong_citations(void **state) {
    (void)state;
    static const struct {
        const char *from, *to, *cite, *message;
        uint32_t line; /* in the pack */
    } cases[] = {
        {"@4(1)", "@4(1) @4(3)", "4(3)", "no 4(3); did you mean 4(1)?", 38},
        {"@4(2)", "@4(2) @7.7.7", "7.7.7", "the document has no 7.7.7", 42},
        {"@4(2)", "@4(2) @2#3", "2#3", "2 has 2 sentences; there is no #3", 42},
        {"@3.3", "@3.3 @3.3#2", "3.3#2", "3.3 has 1 sentence; there is no #2", 34},
        {"@3.3", "@3.3 @3#1", "3#1", "3 has 0 sentences; there is no #1", 34},
        {"@'Annex A/Mayor'", "@'Annex A/Mayor' @'Annex A/Major'", "Annex A/Major", "no Annex A/Major", 10},
        {"@'Annex A/Mayor'", "@'Annex A/Mayor' @'Annex A/Mayor#2'", "Annex A/Mayor#2", "1 row is of that name", 10},
        {"@'Annex A/Mayor'", "@'Annex A/Mayor' @'Annex B'", "Annex B", "did you mean Annex A?", 10},
        {"prose @1 ", "prose @1 @9#4 ", "9#4", "the document has no 9", 44},
        /* cited by the work group and by the duty that it is: told once */
        {"prose @1 ", "command Post of Bonfire { work-group Ring led by Mayor \"Stand round it.\" @9 } @2 prose @1 ",
         "9", "the document has no 9", 44},
        {"prose @1 ", "finding reading \"doubtful\" @1#9 accept \"so\" prose @1 ", "1#9", "there is no #9", 44},
        {"@4(2)", "accept clash with @5.5 \"so\" @4(2)", "5.5", "the document has no 5.5", 42},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct measured measured = measure_edited(cases[i].from, cases[i].to, "", "");
        check(measured.coverage != NULL && measured.coverage->error_count == 1, "%s: %u errors", cases[i].cite,
              measured.coverage == NULL ? 0 : measured.coverage->error_count);
        const struct coverage_error *error = &measured.coverage->errors[0];
        check(text_equals_string(error->cite, cases[i].cite), "%.*s", TEXT_PRINT(error->cite));
        check(error->line == cases[i].line, "%s: line %u", cases[i].cite, error->line);
        check(strstr(error->message.bytes, cases[i].message) != NULL, "%s: %.*s", cases[i].cite,
              TEXT_PRINT(error->message));
        check(measured.coverage->missing_count == 0, "%s", cases[i].cite);
        end(&measured);
    }
}

/* Prose that gives no reason sets nothing aside. */
static void test_prose_without_reason(void **state) {
    (void)state;
    struct measured measured = measure_edited("\"States the purpose.\"", "\" \"", "", "");
    assert_non_null(measured.coverage);
    assert_int_equal(measured.coverage->missing_count, 1);
    assert_int_equal(find_part(measured.coverage, "1#1")->status, COVERAGE_MISSING);
    assert_int_equal(measured.coverage->error_count, 1);
    assert_int_equal(measured.coverage->errors[0].line, 44);
    assert_non_null(strstr(measured.coverage->errors[0].message.bytes, "no reason"));
    end(&measured);
}

/* A form accounts for what it rests on, and so does each part of it. */
static void test_forms(void **state) {
    (void)state;
    struct measured measured = measure_edited("prose @1 \"States the purpose.\"",
                                              "form Note of Bonfire spoken for 'Call the Mayor' title \"Fire\" {\n"
                                              "  paragraph \"{Hurt}\" @1\n"
                                              "} @4(1)",
                                              "", "");
    assert_non_null(measured.coverage);
    assert_int_equal(measured.coverage->missing_count, 0);
    assert_int_equal(find_part(measured.coverage, "1#1")->status, COVERAGE_COVERED);
    assert_true(is_used(measured.coverage, "1#1", "form", "Note", 45));
    assert_true(is_used(measured.coverage, "4(1)#1", "form", "Note", 44));
    end(&measured);
}

/* ---- annexes ---------------------------------------------------------------------------------------------- */

static void test_annexes(void **state) {
    (void)state;
    struct measured measured =
        measure_edited("", "", "Annexes: A. Telephone numbers", "Annexes: A. Telephone numbers\nB. Maps");
    const struct gazette_document *document = measured.coverage->document;
    assert_int_equal(document->announced_count, 2);
    assert_int_equal(document->annex_count, 1);
    assert_true(coverage_is_present(document, 0));
    assert_false(coverage_is_present(document, 1));
    assert_true(coverage_is_announced(document, 0));
    end(&measured);
    measured = measure_edited("", "", "Annex A\nTelephone", "Annex C: Maps\nA map.\nAnnex A\nTelephone");
    document = measured.coverage->document;
    assert_int_equal(document->annex_count, 2);
    assert_false(coverage_is_announced(document, 0));
    assert_true(coverage_is_announced(document, 1));
    assert_int_equal(find_part(measured.coverage, "Annex C#1")->status, COVERAGE_MISSING);
    end(&measured);
}

/* ---- finding the document --------------------------------------------------------------------------------- */

static void test_document(void **state) {
    (void)state;
    /* the only document is taken whatever its number, with a warning */
    struct measured measured = measure_edited("document \"BF 1/2026\"", "document \"BF 2/2026\"", "", "");
    assert_non_null(measured.coverage);
    assert_non_null(strstr(measured.coverage->warning.bytes, "BF 2/2026"));
    assert_int_equal(measured.coverage->missing_count, 0);
    end(&measured);
    measured = measure_edited("document \"BF 1/2026\"", "", "", "");
    assert_int_equal(measured.coverage->warning.length, 0);
    end(&measured);
    /* of several only the one with the number */
    static const char two[] = "甲县人民政府\n关于印发乙办法的通知\n甲府发〔2022〕8号\n各单位：\n请执行。\n甲县人民政府"
                              "\n2022年2月28日\n\n乙办法\n\n"
                              "第一条 "
                              "丙。\n\n甲县人民政府\n关于印发丁办法的通知\n甲府发〔2022〕9号\n各单位：\n请执行。\n甲县"
                              "人民政府\n2022年3月1日\n\n"
                              "丁办法\n\n第一条 戊。己。\n";
    struct buffer text = {0};
    buffer_append_string(&text, two);
    struct buffer pack = {0};
    buffer_append_string(&pack, "```plan\nplan P { version \"1\" document \"甲府发[2022] 9 号\" zone +08:00 }\n"
                                "unit A @第一条#2\nprose @第一条#1 \"x\"\n```\n");
    measured = measure(&pack, &text);
    assert_non_null(measured.coverage);
    assert_true(text_equals_string(measured.coverage->document->number, "甲府发〔2022〕9号"));
    assert_int_equal(measured.coverage->missing_count, 0);
    end(&measured);
    buffer_clear(&pack);
    buffer_append_string(&pack, "```plan\nplan P { version \"1\" document \"甲府发〔2022〕7号\" zone +08:00 }\n```\n");
    measured = measure(&pack, &text);
    assert_null(measured.coverage);
    assert_non_null(strstr(measured.failure.message, "none of the 2 documents"));
    end(&measured);
    buffer_clear(&pack);
    buffer_append_string(&pack, "```plan\nplan P { version \"1\" zone +08:00 }\n```\n");
    measured = measure(&pack, &text);
    assert_null(measured.coverage);
    assert_non_null(strstr(measured.failure.message, "does not say which"));
    end(&measured);
    buffer_release(&pack);
    buffer_release(&text);
}

/* ---- the real one ----------------------------------------------------------------------------------------- */

/* The forest-fire plan leaves no sentence out, and cites nothing that is not there. */
static void test_forest_fire(void **state) {
    (void)state;
    struct buffer text = {0};
    struct buffer pack = {0};
    if (!read_file("../shared/gazette/gazette-2022.txt", &text)) {
        buffer_release(&text);
        skip();
    }
    assert_true(read_file("plans/forest-fire.plan.md", &pack));
    struct measured measured = measure(&pack, &text);
    const struct coverage *coverage = measured.coverage;
    assert_non_null(coverage);
    for (uint32_t i = 0; i < coverage->part_count; i++) {
        check(coverage->parts[i].status != COVERAGE_MISSING, "%.*s is missing", TEXT_PRINT(coverage->parts[i].name));
    }
    for (uint32_t i = 0; i < coverage->error_count; i++) {
        check(false, "line %u: %.*s", coverage->errors[i].line, TEXT_PRINT(coverage->errors[i].message));
    }
    assert_int_equal(coverage->part_count, 298);
    assert_int_equal(coverage->document->announced_count, 4);
    assert_int_equal(coverage->document->annex_count, 5);
    assert_false(coverage_is_announced(coverage->document, 4));
    assert_int_equal(find_part(coverage, "1.1#1")->status, COVERAGE_PROSE);
    assert_int_equal(find_part(coverage, "5.3#4")->status, COVERAGE_COVERED);
    end(&measured);
    buffer_release(&pack);
    buffer_release(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sound),           cmocka_unit_test(test_missing),
        cmocka_unit_test(test_wrong_citations), cmocka_unit_test(test_prose_without_reason),
        cmocka_unit_test(test_annexes),         cmocka_unit_test(test_document),
        cmocka_unit_test(test_forest_fire),     cmocka_unit_test(test_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
