/* Proves: no pack, however large, deep, broken or short of memory, makes the compiler crash, run away or hand out a
 * faulty plan; it says what the bound is. */
#include "pack.h"

#include "../base/failing_memory.h"

#include "check.h"

#include <string.h>

static void append_times(struct buffer *out, unsigned count, const char *text) {
    for (unsigned i = 0; i < count; i++) {
        buffer_append_string(out, text);
    }
}

/* Appends `before`, a number from 0 on, and `behind`, so many times. */
static void append_numbered(struct buffer *out, unsigned count, const char *before, const char *behind) {
    for (unsigned i = 0; i < count; i++) {
        buffer_print(out, "%s%u%s", before, i, behind);
    }
}

/* Compiles a block and expects a message with this fragment, anywhere. */
static void expect_fragment(const struct buffer *block, const char *fragment) {
    struct pack pack = pack_compile_block(block->bytes);
    struct buffer all = {0};
    plan_messages_print(&pack.messages, TEXT("pack"), &all);
    check(pack.plan == NULL && strstr(all.bytes, fragment) != NULL, "expected %s, found %.2000s", fragment,
          all.length > 0 ? all.bytes : "a plan");
    buffer_release(&all);
    pack_release(&pack);
}

static void test_border(void **state) {
    (void)state;
    struct pack pack = pack_compile("# a\nb\xFF\n", 7);
    pack_require_message(&pack, 2, 2, "no UTF-8");
    pack_release(&pack);
    pack = pack_compile("中文\xE4\xB8\n", 9);
    pack_require_message(&pack, 1, 3, "no UTF-8");
    pack_release(&pack);
    pack = pack_compile("a\r\nb\0c\n", 7);
    pack_require_message(&pack, 2, 2, "zero byte");
    pack_release(&pack);
    struct buffer large = {0};
    append_times(&large, 300000, "fifteen letters ");
    pack = pack_compile(large.bytes, large.length);
    pack_require_message(&pack, 1, 1, "too large");
    pack_release(&pack);
    buffer_release(&large);
}

static void test_too_many_words(void **state) {
    (void)state;
    struct buffer block = {0};
    append_times(&block, 600000, "a ");
    expect_fragment(&block, "too long");
    buffer_release(&block);
}

static void test_too_many_items(void **state) {
    (void)state;
    struct buffer block = {0};
    append_numbered(&block, 60001, "unit u", " @1\n");
    expect_fragment(&block, "too many parties");
    buffer_release(&block);
}

static void test_many_items_compile(void **state) {
    (void)state;
    struct buffer block = {0};
    append_numbered(&block, 30000, "unit u", " @1\n");
    struct pack pack = pack_compile_block(block.bytes);
    pack_require(&pack);
    assert_int_equal(pack.plan->party_count, 30000);
    pack_release(&pack);
    buffer_release(&block);
}

static void test_too_many_triggers(void **state) {
    (void)state;
    struct buffer block = {0};
    buffer_append_string(&block, "incident I { fact N: count }\n");
    append_numbered(&block, 256, "when N >= ", " {\nnotice \"x\" @1 }\n");
    struct pack pack = pack_compile_block(block.bytes);
    pack_require(&pack);
    pack_release(&pack);
    buffer_append_string(&block, "when N >= 300 { notice more \"x\" @1 }\n");
    expect_fragment(&block, "more than 256 triggers");
    buffer_release(&block);
}

/* c1 = c0 and c0, c2 = c1 and c1, …: 2 to the 40th copies. */
static void test_conditions_that_explode(void **state) {
    (void)state;
    struct buffer block = {0};
    buffer_append_string(&block, "incident I { fact F: flag\ncondition c0 = F\n");
    for (unsigned i = 1; i <= 40; i++) {
        buffer_print(&block, "condition c%u = c%u and c%u\n", i, i - 1, i - 1);
    }
    buffer_append_string(&block, "}\n");
    expect_fragment(&block, "too large");
    buffer_release(&block);
}

/* A row of conditions, each naming the one declared after it. */
static void test_conditions_in_a_long_row(void **state) {
    (void)state;
    struct buffer block = {0};
    buffer_append_string(&block, "incident I { fact F: flag\n");
    for (unsigned i = 0; i < 5000; i++) {
        buffer_print(&block, "condition c%u = not c%u\n", i, i + 1);
    }
    buffer_append_string(&block, "condition c5000 = F }\n");
    expect_fragment(&block, "too deep");
    buffer_release(&block);
}

static void test_nesting(void **state) {
    (void)state;
    struct buffer block = {0};
    buffer_append_string(&block, "incident I { fact F: flag }\nwhen ");
    append_times(&block, 60, "(");
    buffer_append_string(&block, "F");
    append_times(&block, 60, ")");
    buffer_append_string(&block, " { notice \"x\" @1 }\n");
    struct pack pack = pack_compile_block(block.bytes);
    pack_require(&pack);
    pack_release(&pack);
    buffer_clear(&block);
    buffer_append_string(&block, "incident I { fact F: flag }\nwhen ");
    append_times(&block, 100000, "not ");
    buffer_append_string(&block, "F { notice \"x\" @1 }\n");
    expect_fragment(&block, "too deep");
    buffer_clear(&block);
    append_times(&block, 100000, "{");
    expect_fragment(&block, "expected a statement");
    buffer_release(&block);
}

static void test_groups_within_groups(void **state) {
    (void)state;
    struct buffer block = {0};
    buffer_append_string(&block, "unit u @1\n");
    for (unsigned i = 0; i < 1000; i++) {
        buffer_print(&block, "group g%u = g%u @1\n", i, i + 1);
    }
    buffer_append_string(&block, "group g1000 = u @1\n");
    expect_fragment(&block, "more than 64 deep");
    /* Shared members two by two, 40 deep: 2 to the 40th ways down, each group looked into once. */
    buffer_clear(&block);
    buffer_append_string(&block, "unit u @1\nunit v @1\ngroup a0 = u @1\ngroup b0 = u @1\n");
    for (unsigned i = 1; i <= 40; i++) {
        buffer_print(&block, "group a%u = a%u, b%u @1\ngroup b%u = b%u, a%u @1\n", i, i - 1, i - 1, i, i - 1, i - 1);
    }
    struct pack pack = pack_compile_block(block.bytes);
    pack_require(&pack);
    uint16_t top = plan_find_party(pack.plan, TEXT("a40"));
    assert_true(plan_party_includes(pack.plan, top, plan_find_party(pack.plan, TEXT("u"))));
    assert_false(plan_party_includes(pack.plan, top, plan_find_party(pack.plan, TEXT("v"))));
    pack_release(&pack);
    buffer_release(&block);
}

static void test_messages_are_bounded_and_in_order(void **state) {
    (void)state;
    struct buffer block = {0};
    append_numbered(&block, 200, "unit a", "\n");
    struct pack pack = pack_compile_block(block.bytes);
    assert_null(pack.plan);
    assert_int_equal(pack.messages.count, PLAN_MESSAGES_MAX);
    assert_true(pack.messages.more);
    for (uint32_t i = 1; i < pack.messages.count; i++) {
        assert_true(pack.messages.items[i - 1].line < pack.messages.items[i].line);
    }
    pack_release(&pack);
    buffer_release(&block);
}

/* Every allocation refused in turn. The Markdown library has its own memory and is not among them. */
static void test_memory_runs_out(void **state) {
    (void)state;
    struct buffer source = pack_read("tests/plan/good/every-english.plan.md");
    bool compiled = false;
    for (size_t allowed = 0; !compiled; allowed++) {
        assert_true(allowed < 100000);
        struct plan_messages messages = {0};
        failing_memory_allow(allowed);
        struct plan *plan = plan_compile(TEXT("pack"), buffer_text(&source), &messages);
        failing_memory_stop();
        compiled = plan != NULL;
        check(compiled == (messages.count == 0), "%zu allocations: plan and messages", allowed);
        plan_destroy(plan);
        plan_messages_release(&messages);
    }
    buffer_release(&source);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_border),
        cmocka_unit_test(test_too_many_words),
        cmocka_unit_test(test_too_many_items),
        cmocka_unit_test(test_many_items_compile),
        cmocka_unit_test(test_too_many_triggers),
        cmocka_unit_test(test_conditions_that_explode),
        cmocka_unit_test(test_conditions_in_a_long_row),
        cmocka_unit_test(test_nesting),
        cmocka_unit_test(test_groups_within_groups),
        cmocka_unit_test(test_messages_are_bounded_and_in_order),
        cmocka_unit_test(test_memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
