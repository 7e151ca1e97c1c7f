/* Proves: the language page is true. The pack that it shows compiles and means what it says, and its table of keywords is
 * the compiler's. */
#include "pack.h"

#include "base/quantity.h"
#include "plan/keyword.h"

#include "check.h"

#include <string.h>

#define PAGE "docs/plan-language.md"
#define UNITS_ON_PAGE_MIN 80 /* so that the table is found and read */

/* The text between the first "````markdown" line and its closing fence. */
static struct text find_example(const struct buffer *page) {
    const char *opening = strstr(page->bytes, "````markdown\n");
    assert_non_null(opening);
    const char *start = opening + strlen("````markdown\n");
    const char *end = strstr(start, "\n````\n");
    assert_non_null(end);
    return (struct text){start, (size_t)(end - start) + 1};
}

static void test_example_compiles(void **state) {
    (void)state;
    struct buffer page = pack_read(PAGE);
    struct text example = find_example(&page);
    struct pack pack = pack_compile(example.bytes, example.length);
    pack_require(&pack);
    const struct plan *plan = pack.plan;
    assert_true(text_equals_string(plan->name, "Bonfire"));
    assert_int_equal(plan->zone_minutes, 480);
    assert_int_equal(plan->party_count, 3);
    assert_int_equal(plan_find_party(plan, TEXT("Watch")), plan_find_party(plan, TEXT("Fire Watch")));
    assert_int_equal(plan->fact_count, 5);
    assert_int_equal(plan->scale_count, 1);
    assert_int_equal(plan->rule_count, 3);
    assert_true(text_equals_string(plan->cites[plan->rules[0].cites.first], "3.2(1)"));
    assert_int_equal(plan->duty_count, 2);
    assert_int_equal(plan->duties[0].within_us, 30 * CALENDAR_US_PER_MINUTE);
    assert_int_equal(plan->prose_count, 1);
    pack_release(&pack);
    buffer_release(&page);
}

/* A page about packs is no pack: fences within fences do not run. */
static void test_page_is_no_pack(void **state) {
    (void)state;
    struct buffer page = pack_read(PAGE);
    struct pack pack = pack_compile(page.bytes, page.length);
    pack_require_message(&pack, 1, 1, "no block marked plan");
    pack_release(&pack);
    buffer_release(&page);
}

/* ---- the first plan --------------------------------------------------------------------------------------- */

#define BUNDLED "plans/reservoir-flood.plan.md"

/* Each line of the pieces that the walk-through shows stands so in the bundled pack. */
static void test_walk_through_is_of_the_pack(void **state) {
    (void)state;
    struct buffer page = pack_read(PAGE);
    struct buffer pack = pack_read(BUNDLED);
    struct buffer wanted = {0};
    const char *at = strstr(page.bytes, "\n## Writing a first plan\n");
    assert_non_null(at);
    const char *end = strstr(at + 1, "\n## ");
    assert_non_null(end);
    bool is_inside = false;
    unsigned count = 0;
    for (const char *line = at + 1; line < end; line += strcspn(line, "\n") + 1) {
        size_t length = strcspn(line, "\n");
        if (length >= 3 && memcmp(line, "```", 3) == 0) {
            is_inside = !is_inside;
            continue;
        }
        if (!is_inside) {
            continue;
        }
        count++;
        buffer_clear(&wanted);
        buffer_print(&wanted, "\n%.*s\n", (int)length, line);
        check(strstr(pack.bytes, wanted.bytes) != NULL, "not in " BUNDLED ": %s", wanted.bytes);
    }
    assert_true(count >= 30);
    buffer_release(&wanted);
    buffer_release(&pack);
    buffer_release(&page);
}

/* ---- the table of units ----------------------------------------------------------------------------------- */

/* Checks the units of a row, `  | dimension | units |`; returns how many there are. */
static unsigned check_units(struct text row) {
    unsigned count = 0;
    for (size_t i = 0; i < row.length; i++) {
        if (row.bytes[i] != '`') {
            continue;
        }
        const char *close = memchr(row.bytes + i + 1, '`', row.length - i - 1);
        assert_non_null(close);
        struct text unit = {row.bytes + i + 1, (size_t)(close - row.bytes) - i - 1};
        enum quantity_dimension dimension = QUANTITY_COUNT;
        int64_t factor;
        check(quantity_find_unit(unit, &dimension, &factor), "the page has a unit %.*s", TEXT_PRINT(unit));
        struct text name = text_of(quantity_dimension_name(dimension));
        check(row.length > 4 + name.length && memcmp(row.bytes + 4, name.bytes, name.length) == 0,
              "%.*s is a unit of %.*s", TEXT_PRINT(unit), TEXT_PRINT(name));
        count++;
        i = (size_t)(close - row.bytes);
    }
    return count;
}

static void test_units_are_those_of_the_page(void **state) {
    (void)state;
    struct buffer page = pack_read(PAGE);
    const char *line = strstr(page.bytes, "\n  | | units |\n");
    assert_non_null(line);
    unsigned count = 0;
    for (line++; line[0] == ' ' && line[2] == '|'; line += strcspn(line, "\n") + 1) {
        count += check_units((struct text){line, strcspn(line, "\n")});
    }
    assert_true(count >= UNITS_ON_PAGE_MIN);
    buffer_release(&page);
}

/* ---- the table of keywords -------------------------------------------------------------------------------- */

#define SPELLINGS_MAX 8

/* The words in backquotes of one cell of the table. */
static unsigned read_cell(struct text cell, struct text spellings[SPELLINGS_MAX]) {
    unsigned count = 0;
    const char *at = cell.bytes;
    const char *end = cell.bytes + cell.length;
    while (at < end && count < SPELLINGS_MAX) {
        const char *open = memchr(at, '`', (size_t)(end - at));
        if (open == NULL) {
            break;
        }
        const char *close = memchr(open + 1, '`', (size_t)(end - open - 1));
        if (close == NULL) {
            break;
        }
        spellings[count++] = (struct text){open + 1, (size_t)(close - open - 1)};
        at = close + 1;
    }
    return count;
}

/* The keyword that a spelling of one or more words is, all of it. */
static enum keyword find_keyword(struct text spelling) {
    struct text parts[KEYWORD_WORDS_MAX];
    uint32_t count = 0;
    size_t at = 0;
    while (at < spelling.length && count < KEYWORD_WORDS_MAX) {
        const char *blank = memchr(spelling.bytes + at, ' ', spelling.length - at);
        size_t end = blank == NULL ? spelling.length : (size_t)(blank - spelling.bytes);
        parts[count++] = (struct text){spelling.bytes + at, end - at};
        at = end + 1;
    }
    uint8_t taken;
    enum keyword keyword = keyword_match(parts, count, &taken);
    return taken == count ? keyword : KEYWORD_NONE;
}

/* Checks that the cells of a pair name the same keywords, and marks them as seen. */
static void check_pair(struct text english, struct text chinese, bool *seen) {
    struct text left[SPELLINGS_MAX];
    struct text right[SPELLINGS_MAX];
    unsigned left_count = read_cell(english, left);
    unsigned right_count = read_cell(chinese, right);
    for (unsigned i = 0; i < left_count && right_count > 0; i++) {
        enum keyword keyword = find_keyword(left[i]);
        enum keyword other = find_keyword(right[i < right_count ? i : right_count - 1]);
        check(keyword != KEYWORD_NONE, "the page has a keyword %.*s, the compiler none", TEXT_PRINT(left[i]));
        check(keyword == other, "%.*s and %.*s are not the same keyword", TEXT_PRINT(left[i]), TEXT_PRINT(right[0]));
        seen[keyword] = true;
    }
}

/* A row of the table: | English | 中文 | | English | 中文 |. */
static void check_row(struct text row, bool *seen) {
    struct text cells[8];
    unsigned count = 0;
    size_t start = 1;
    for (size_t i = 1; i < row.length && count < COUNT_OF(cells); i++) {
        if (row.bytes[i] == '|') {
            cells[count++] = (struct text){row.bytes + start, i - start};
            start = i + 1;
        }
    }
    if (count >= 5) {
        check_pair(cells[0], cells[1], seen);
        check_pair(cells[3], cells[4], seen);
    }
}

static void test_keywords_are_those_of_the_page(void **state) {
    (void)state;
    bool seen[KEYWORD_DIFFERS + 1] = {false};
    struct buffer page = pack_read(PAGE);
    const char *table = strstr(page.bytes, "## Keywords");
    assert_non_null(table);
    for (const char *line = table; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        if (line[0] == '|') {
            check_row((struct text){line, length}, seen);
        }
        line += length + (line[length] == '\n' ? 1 : 0);
    }
    for (int keyword = KEYWORD_PLAN; keyword <= KEYWORD_DIFFERS; keyword++) {
        const char *name = keyword_name((enum keyword)keyword);
        bool is_operator = keyword >= KEYWORD_AT_LEAST;
        check(seen[keyword] || (is_operator && strstr(table, name) != NULL), "the page has no keyword %s", name);
    }
    buffer_release(&page);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_example_compiles),
        cmocka_unit_test(test_page_is_no_pack),
        cmocka_unit_test(test_walk_through_is_of_the_pack),
        cmocka_unit_test(test_units_are_those_of_the_page),
        cmocka_unit_test(test_keywords_are_those_of_the_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
