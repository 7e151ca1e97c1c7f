/* Proves: every statement and attribute of the language compiles to what the language page says, and the English and
 * the Chinese keywords say the same. */
#include "pack.h"

#include "plan/keyword.h"

#include "check.h"

#include <string.h>

static void dump_file(const char *path, struct buffer *out) {
    struct buffer source = pack_read(path);
    struct pack pack = pack_compile(source.bytes, source.length);
    pack_require(&pack);
    pack_dump(pack.plan, out);
    pack_release(&pack);
    buffer_release(&source);
}

/* Compares two texts line by line, so that a difference can be read. */
static void check_same_lines(const char *left, const char *right) {
    unsigned line = 1;
    while (*left != '\0' || *right != '\0') {
        size_t left_length = strcspn(left, "\n");
        size_t right_length = strcspn(right, "\n");
        check(left_length == right_length && memcmp(left, right, left_length) == 0, "line %u:\n%.*s\n%.*s", line,
              (int)left_length, left, (int)right_length, right);
        left += left_length + (left[left_length] == '\n' ? 1 : 0);
        right += right_length + (right[right_length] == '\n' ? 1 : 0);
        line++;
    }
}

static void test_english_compiles_as_written_down(void **state) {
    (void)state;
    struct buffer dump = {0};
    dump_file("tests/plan/good/every-english.plan.md", &dump);
    struct buffer expected = pack_read("tests/plan/good/every.expected");
    check_same_lines(expected.bytes, dump.bytes);
    buffer_release(&expected);
    buffer_release(&dump);
}

static void test_chinese_is_the_same(void **state) {
    (void)state;
    struct buffer english = {0};
    struct buffer chinese = {0};
    dump_file("tests/plan/good/every-english.plan.md", &english);
    dump_file("tests/plan/good/every-chinese.plan.md", &chinese);
    check_same_lines(english.bytes, chinese.bytes);
    buffer_release(&english);
    buffer_release(&chinese);
}

/* The two packs are worth something only when no keyword is left out. */
static void test_packs_use_every_keyword(void **state) {
    (void)state;
    struct buffer english = pack_read("tests/plan/good/every-english.plan.md");
    struct buffer chinese = pack_read("tests/plan/good/every-chinese.plan.md");
    for (int keyword = KEYWORD_PLAN; keyword < KEYWORD_AT_LEAST; keyword++) {
        const char *name = keyword_name((enum keyword)keyword);
        check(strstr(english.bytes, name) != NULL, "the English pack never says %s", name);
    }
    for (int keyword = KEYWORD_AT_LEAST; keyword <= KEYWORD_DIFFERS; keyword++) {
        const char *name = keyword_name((enum keyword)keyword);
        check(strstr(chinese.bytes, name) != NULL, "the Chinese pack never says %s", name);
    }
    buffer_release(&english);
    buffer_release(&chinese);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_english_compiles_as_written_down),
        cmocka_unit_test(test_chinese_is_the_same),
        cmocka_unit_test(test_packs_use_every_keyword),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
