/* Proves: a sheet has 22 rows; the same sheet is the same bytes; what no font has and what nobody sees is written out by its
 * number and told, and nothing else is changed; no paragraph takes long; a font that another one would be taken for is refused. */
#include "paper/sheet.h"

#include "check.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

static struct sheet_printed set_sheet(const struct sheet *sheet) {
    struct sheet_fonts fonts;
    struct failure failure = {0};
    struct sheet_printed set;
    check(sheet_find_fonts((struct text){0}, (struct text){0}, &fonts, &failure), "%s", failure.message);
    struct press *press = press_open(&fonts);
    assert_non_null(press);
    check(press_set(press, sheet, &set, &failure), "%s", failure.message);
    press_close(press);
    return set;
}

/* A body of so many paragraphs of one row. */
static struct buffer make_body(unsigned paragraphs) {
    struct buffer body = {0};
    for (unsigned i = 0; i < paragraphs; i++) {
        buffer_append_string(&body, i == 0 ? "# 一、火情\n" : "过火面积：尚未查明\n");
    }
    return body;
}

static void test_rows(void **state) {
    (void)state;
    /* A title and a blank row above and below it: nineteen rows are left on the first page. */
    static const struct {
        unsigned paragraphs;
        uint32_t pages;
    } cases[] = {{1, 1}, {19, 1}, {20, 2}, {41, 2}, {42, 3}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer body = make_body(cases[i].paragraphs);
        const struct sheet sheet = {.title = TEXT("报告"), .body = buffer_text(&body), .chinese = true};
        struct sheet_printed set = set_sheet(&sheet);
        check(set.pages == cases[i].pages, "%u rows on %u pages", cases[i].paragraphs, set.pages);
        sheet_release_printed(&set);
        buffer_release(&body);
    }
    /* 26 characters stand on a paragraph's first row, 28 on each other one. */
    for (unsigned length = 26 + 18 * 28; length <= 26 + 18 * 28 + 1; length++) {
        struct buffer body = {0};
        for (unsigned k = 0; k < length; k++) {
            buffer_append_string(&body, "火");
        }
        const struct sheet sheet = {.title = TEXT("报告"), .body = buffer_text(&body), .chinese = true};
        struct sheet_printed set = set_sheet(&sheet);
        check(set.pages == (length == 26 + 18 * 28 ? 1U : 2U), "%u characters on %u pages", length, set.pages);
        sheet_release_printed(&set);
        buffer_release(&body);
    }
}

/* However long a paragraph is, its rows are full to the last one. */
static void test_long_paragraph(void **state) {
    (void)state;
    for (unsigned more = 0; more <= 1; more++) {
        struct buffer body = {0};
        for (unsigned k = 0; k < 26 + (18 + 4 * 22) * 28 + more; k++) {
            buffer_append_string(&body, "火");
        }
        const struct sheet sheet = {.title = TEXT("报告"), .body = buffer_text(&body), .chinese = true};
        struct sheet_printed set = set_sheet(&sheet);
        check(set.pages == 5 + more, "%u more characters: %u pages", more, set.pages);
        sheet_release_printed(&set);
        buffer_release(&body);
    }
}

/* What a sheet takes is as its length, whatever is in it. 50 seconds is what it once took. */
#define SECONDS_MOST 8

static void test_endless(void **state) {
    static const struct {
        const char *first, *each;
        unsigned count;
        bool is_set;
        const char *missing;
    } cases[] = {{"", "a", 199000, true, ""},
                 {"", "a,", 99500, true, ""},
                 {"e", "\xCC\x81", 99000, false, "U+0301"}, /* its 99000 numbers have more than 200 pages */
                 {"", "\xE1\x84\x80", 66000, true, ""},     /* beginnings of Hangul: one cluster */
                 {"e", "\xCC\x81", 100, true, "U+0301"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer body = {0};
        struct sheet_fonts fonts;
        struct failure failure = {0};
        struct sheet_printed set;
        struct timespec begun, done;
        buffer_append_string(&body, cases[i].first);
        for (unsigned k = 0; k < cases[i].count; k++) {
            buffer_append_string(&body, cases[i].each);
        }
        const struct sheet sheet = {.title = TEXT("报告"), .body = buffer_text(&body), .chinese = true};
        check(sheet_find_fonts((struct text){0}, (struct text){0}, &fonts, &failure), "%s", failure.message);
        struct press *press = press_open(&fonts);
        assert_int_equal(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begun), 0);
        bool is_set = press_set(press, &sheet, &set, &failure);
        assert_int_equal(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &done), 0);
        press_close(press);
        check(is_set == cases[i].is_set, "case %zu: %u pages, %s", i, set.pages, failure.message);
        check(done.tv_sec - begun.tv_sec <= SECONDS_MOST, "case %zu takes %ld s", i,
              (long)(done.tv_sec - begun.tv_sec));
        check(text_equals_string(buffer_text(&set.missing), cases[i].missing), "case %zu: missing %s", i,
              set.missing.bytes);
        sheet_release_printed(&set);
        buffer_release(&body);
    }
}

/* Whoever signs never stands alone on a page. */
static void test_signature(void **state) {
    (void)state;
    for (unsigned rows = 14; rows <= 24; rows++) {
        struct buffer body = make_body(rows);
        struct sheet sheet = {.title = TEXT("报告"), .body = buffer_text(&body), .chinese = true};
        sheet.signer = TEXT("签发：主任");
        sheet.date = TEXT("2022年8月20日");
        struct sheet_printed set = set_sheet(&sheet);
        uint32_t needed = rows + 3 + 3 <= 22 ? 1 : 2;
        check(set.pages == needed, "%u rows and a signature on %u pages", rows, set.pages);
        sheet_release_printed(&set);
        buffer_release(&body);
    }
}

static void test_same_bytes(void **state) {
    (void)state;
    const struct sheet sheet = {.sender = TEXT("指挥部办公室"),
                                .title = TEXT("关于火灾的报告"),
                                .addressees = TEXT("区委、区政府"),
                                .body = TEXT("# 一、火情\n死亡：尚未查明\n"),
                                .signer = TEXT("签发：主任"),
                                .date = TEXT("2022年8月20日"),
                                .head = TEXT("12:ab"),
                                .chinese = true,
                                .at = INT64_C(1660975200123456)};
    struct sheet_printed one = set_sheet(&sheet);
    struct sheet_printed other = set_sheet(&sheet);
    check(text_equal(buffer_text(&one.pdf), buffer_text(&other.pdf)), "the same sheet is other bytes");
    check(one.pdf.length > 4 && memcmp(one.pdf.bytes, "%PDF", 4) == 0, "no PDF");
    assert_int_equal(one.missing.length, 0);
    struct sheet later = sheet;
    later.head = TEXT("13:ab");
    struct sheet_printed third = set_sheet(&later);
    check(!text_equal(buffer_text(&one.pdf), buffer_text(&third.pdf)), "the head of the log is not on it");
    sheet_release_printed(&one);
    sheet_release_printed(&other);
    sheet_release_printed(&third);
}

/* What a press has set before is not to be seen in what it sets next. */
static void test_one_press(void **state) {
    (void)state;
    struct sheet_fonts fonts;
    struct failure failure = {0};
    struct buffer first = {0};
    assert_true(sheet_find_fonts((struct text){0}, (struct text){0}, &fonts, &failure));
    struct press *press = press_open(&fonts);
    for (unsigned round = 0; round < 5; round++) {
        struct sheet_printed set;
        struct sheet sheet = {.title = TEXT("报告"), .body = TEXT("# 火情\n过火面积 12 ha\n"), .chinese = true};
        sheet.title = round % 2 == 0 ? sheet.title : TEXT("另一份 Другой ภาษา");
        check(press_set(press, &sheet, &set, &failure), "%s", failure.message);
        if (round == 0) {
            buffer_append_text(&first, buffer_text(&set.pdf));
        }
        check(round % 2 == 1 || text_equal(buffer_text(&first), buffer_text(&set.pdf)), "round %u is other bytes",
              round);
        sheet_release_printed(&set);
    }
    press_close(press);
    buffer_release(&first);
}

#define PRESSES 3
#define ROUNDS 6

/* Letters of three fonts and sizes, some of which no other round has had. */
static void *set_often(void *context) {
    struct buffer *first = context;
    const struct sheet sheet = {
        .title = TEXT("关于镕村火灾的报告"),
        .body = TEXT("# 一、火情\n过火面积 12.5 ha，朱镕某报告：“已控制”。\n# 二、力量\n尚未调动力量。\n"),
        .head = TEXT("12:ab"),
        .chinese = true};
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct sheet_printed set = set_sheet(&sheet);
        if (round == 0) {
            buffer_append_text(first, buffer_text(&set.pdf));
        }
        check(text_equal(buffer_text(first), buffer_text(&set.pdf)), "round %u is other bytes", round);
        sheet_release_printed(&set);
    }
    return NULL;
}

/* Presses of several threads at once make what each would make alone. */
static void test_side_by_side(void **state) {
    pthread_t threads[PRESSES];
    struct buffer pdfs[PRESSES + 1] = {{0}};
    (void)state;
    for (unsigned i = 0; i < PRESSES; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, set_often, &pdfs[i]), 0);
    }
    for (unsigned i = 0; i < PRESSES; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    (void)set_often(&pdfs[PRESSES]);
    for (unsigned i = 0; i <= PRESSES; i++) {
        check(text_equal(buffer_text(&pdfs[i]), buffer_text(&pdfs[PRESSES])), "press %u has set other bytes", i);
        check(pdfs[i].length > 1000, "press %u has set nothing", i);
    }
    for (unsigned i = 0; i <= PRESSES; i++) {
        buffer_release(&pdfs[i]);
    }
}

static void test_missing(void **state) {
    (void)state;
    const struct sheet sheet = {.title = TEXT("\xEF\x9F\xBF村报告"), /* U+F7FF: a private character */
                                .body = TEXT("\xEE\x84\xA3\xEF\x9F\xBF 火\n\xEE\x84\xA3"),
                                .chinese = true};
    struct sheet_printed set = set_sheet(&sheet);
    check(text_equals_string(buffer_text(&set.missing), "U+F7FF U+E123"), "missing: %s", set.missing.bytes);
    sheet_release_printed(&set);
}

static struct sheet_printed set_body(const char *body) {
    const struct sheet sheet = {.title = TEXT("报告"), .body = text_of(body), .chinese = true};
    return set_sheet(&sheet);
}

/* Blanks and ends of lines stay what they are; what cannot be seen on paper is written out by its number and told. */
static void test_unseen(void **state) {
    static const struct {
        const char *body, *same, *missing;
    } cases[] = {
        {"过火3\t5亩", "过火3 5亩", ""},
        {"甲\r乙", "甲\n乙", ""},
        {"甲\r\n乙\r\n", "甲\n乙", ""},
        {"甲\xE2\x80\xA8乙\xC2\x85丙\v丁", "甲 乙 丙 丁", ""},
        {"甲\xE2\x80\xAE 12乙\xE2\x80\xAC", "甲〔U+202E〕 12乙〔U+202C〕", "U+202E U+202C"},
        {"甲\a乙\xE2\x80\x8B丙\x7F", "甲〔U+0007〕乙〔U+200B〕丙〔U+007F〕", "U+0007 U+200B U+007F"},
        {"甲\xC2\xAD\xE2\x81\xA6乙\xE2\x81\xA9\xEF\xBB\xBF", "甲〔U+00AD〕〔U+2066〕乙〔U+2069〕〔U+FEFF〕",
         "U+00AD U+2066 U+2069 U+FEFF"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct sheet_printed one = set_body(cases[i].body);
        struct sheet_printed other = set_body(cases[i].same);
        check(text_equals_string(buffer_text(&one.missing), cases[i].missing), "case %zu: missing %s", i,
              one.missing.bytes);
        check(text_equal(buffer_text(&one.pdf), buffer_text(&other.pdf)), "case %zu is printed in another way", i);
        sheet_release_printed(&one);
        sheet_release_printed(&other);
    }
}

/* What the font of the text does not have is printed in another one, and told: in the text, in a heading's font it is there. */
static void test_borrowed(void **state) {
    (void)state;
    struct sheet_fonts fonts;
    struct failure failure = {0};
    struct sheet_printed set;
    check(sheet_find_fonts(TEXT("FandolFang"), TEXT("Noto Serif CJK SC"), &fonts, &failure), "%s", failure.message);
    struct press *press = press_open(&fonts);
    const struct sheet sheet = {.title = TEXT("镕村火灾的报告"),
                                .body = TEXT("# 镕村\n过火面积 12.5 ha，“约”3—4人，38℃\n村民镕某：无；镕\n"),
                                .chinese = true};
    check(press_set(press, &sheet, &set, &failure), "%s", failure.message);
    check(text_equals_string(buffer_text(&set.borrowed), "U+9555"), "borrowed: %s", set.borrowed.bytes);
    assert_int_equal(set.missing.length, 0);
    sheet_release_printed(&set);
    press_close(press);
}

static void test_fonts(void **state) {
    (void)state;
    struct sheet_fonts fonts;
    struct failure failure = {0};
    check(!sheet_find_fonts(TEXT("No Such Font"), (struct text){0}, &fonts, &failure), "another font was taken for it");
    check(strstr(failure.message, "No Such Font") != NULL, "%s", failure.message);
    failure = (struct failure){0};
    check(!sheet_find_fonts((struct text){0}, TEXT("Noto Serif CJK SC, Arial"), &fonts, &failure), "two in one");
    failure = (struct failure){0};
    check(sheet_find_fonts(TEXT("noto serif cjk sc"), (struct text){0}, &fonts, &failure), "%s", failure.message);
    check(fonts.lacking == NULL, "what was asked for is no substitute");
    failure = (struct failure){0};
    check(!sheet_find_fonts(TEXT("DejaVu Sans"), (struct text){0}, &fonts, &failure), "a body without Chinese");
    check(strstr(failure.message, "DejaVu Sans") != NULL, "%s", failure.message);
    failure = (struct failure){0};
    check(!sheet_find_fonts((struct text){0}, TEXT("DejaVu Serif"), &fonts, &failure), "a title without Chinese");
    failure = (struct failure){0};
    check(!sheet_find_fonts(TEXT(""), (struct text){0}, &fonts, &failure), "a font without a name");
    failure = (struct failure){0};
    check(!sheet_find_fonts((struct text){0}, TEXT(" "), &fonts, &failure), "a font with a blank for a name");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),      cmocka_unit_test(test_signature),    cmocka_unit_test(test_same_bytes),
        cmocka_unit_test(test_one_press), cmocka_unit_test(test_missing),      cmocka_unit_test(test_fonts),
        cmocka_unit_test(test_borrowed),  cmocka_unit_test(test_side_by_side), cmocka_unit_test(test_long_paragraph),
        cmocka_unit_test(test_unseen),    cmocka_unit_test(test_endless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
