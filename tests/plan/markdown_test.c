/* Proves: what is a plan block is decided as on any Markdown page, and lines and columns are those of the file, counted
 * in characters, wherever the block stands. */
#include "pack.h"

#include "check.h"

#include <string.h>

struct place_case {
    const char *what;
    const char *source;
    uint32_t line, column; /* of the % that is no word */
};

#define HEADER "plan P { version \"1\" zone +08:00 }\n"

static const struct place_case places[] = {
    {"plain", "```plan\n" HEADER "unit A % @1\n```\n", 3, 8},
    {"behind prose", "# 标题\n\n正文。\n\n```plan\n" HEADER "unit A % @1\n```\n", 7, 8},
    {"Chinese counts as one column each", "```plan\n" HEADER "单位 区应急局 % @1\n```\n", 3, 9},
    {"tildes", "~~~plan\n" HEADER "unit A % @1\n~~~\n", 3, 8},
    {"longer fence with a fence inside a remark", "````plan\n" HEADER "// ```\nunit A % @1\n````\n", 4, 8},
    {"indented fence", "   ```plan\n   " HEADER "   unit A % @1\n   ```\n", 3, 11},
    {"indented deeper than its fence", "  ```plan\n  " HEADER "      unit A % @1\n  ```\n", 3, 14},
    {"in a list", "- item\n\n  ```plan\n  " HEADER "  unit A % @1\n  ```\n", 5, 10},
    {"in a quotation", "> ```plan\n> " HEADER "> unit A % @1\n> ```\n", 3, 10},
    {"in a quotation in a list", "1. > ```plan\n   > " HEADER "   > unit A % @1\n   > ```\n", 3, 13},
    {"tabs", "```plan\n" HEADER "\tunit A % @1\n```\n", 3, 9},
    {"CRLF", "```plan\r\nplan P { version \"1\" zone +08:00 }\r\nunit A % @1\r\n```\r\n", 3, 8},
    {"CR alone", "```plan\rplan P { version \"1\" zone +08:00 }\runit A % @1\r```\r", 3, 8},
    {"byte-order mark", "\xEF\xBB\xBF```plan\n" HEADER "unit A % @1\n```\n", 3, 8},
    {"second block", "```plan\n" HEADER "```\n\nprose\n\n```plan\nunit A % @1\n```\n", 8, 8},
    {"words behind plan", "```plan of the town\n" HEADER "unit A % @1\n```\n", 3, 8},
    {"no last line end", "```plan\n" HEADER "unit A % @1\n```", 3, 8},
};

static void test_places(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        struct pack pack = pack_compile(places[i].source, strlen(places[i].source));
        check(pack.messages.count == 1, "%s: %u messages", places[i].what, (unsigned)pack.messages.count);
        const struct plan_message *message = &pack.messages.items[0];
        check(message->line == places[i].line && message->column == places[i].column, "%s: %u:%u: %.*s", places[i].what,
              (unsigned)message->line, (unsigned)message->column, TEXT_PRINT(message->text));
        pack_release(&pack);
    }
}

static void test_other_blocks_do_not_run(void **state) {
    (void)state;
    static const char *const sources[] = {
        "```\n" HEADER "```\n",
        "```planned\n" HEADER "```\n",
        "    ```plan\n    " HEADER "    ```\n",
        "````text\n```plan\n" HEADER "```\n````\n",
        "`plan` " HEADER,
        "",
        "plan\n",
    };
    for (size_t i = 0; i < COUNT_OF(sources); i++) {
        struct pack pack = pack_compile(sources[i], strlen(sources[i]));
        pack_require_message(&pack, 1, 1, "no block marked plan");
        pack_release(&pack);
    }
}

static void test_blocks_are_read_as_one_text(void **state) {
    (void)state;
    static const char source[] =
        "```plan\n" HEADER "incident I {\n  fact A: count\n```\n\nMore.\n\n```plan\n  fact B: flag\n}\n"
        "```\n";
    struct pack pack = pack_compile(source, strlen(source));
    pack_require(&pack);
    assert_int_equal(pack.plan->fact_count, 2);
    assert_int_equal(pack.plan->facts[1].place.line, 10);
    pack_release(&pack);
}

static void test_texts(void **state) {
    (void)state;
    static const struct {
        const char *source, *text;
    } texts[] = {
        {"\"one\"", "one"},
        {"“one”", "one"},
        {"“he said “no” twice”", "he said “no” twice"},
        {"\"a \\\"b\\\" \\\\ c\"", "a \"b\" \\ c"},
        {"\"a\\n\"", "a\\n"},
        {"\"one\n   two\"", "one two"},
        {"\"one  \n\n  two\"", "one two"},
        {"\"一句，\n  两句。\"", "一句，两句。"},
        {"\"一句\n  two\"", "一句 two"},
        {"\"one\" \"two\"", "onetwo"},
        {"\"one\"\n“two”", "onetwo"},
        {"\"\n one \n\"", "one"},
        {"\"// no remark\"", "// no remark"},
        {"\"@1 { }\"", "@1 { }"},
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct buffer block = {0};
        buffer_print(&block, "prose @1 %s // a remark\n", texts[i].source);
        struct pack pack = pack_compile_block(block.bytes);
        pack_require(&pack);
        check(text_equals_string(pack.plan->prose[0].reason, texts[i].text), "%s gave %.*s", texts[i].source,
              TEXT_PRINT(pack.plan->prose[0].reason));
        pack_release(&pack);
        buffer_release(&block);
    }
}

static void test_names(void **state) {
    (void)state;
    static const struct {
        const char *source, *name;
    } names[] = {
        {"A", "A"},
        {"区规划自然资源局（林业局）", "区规划自然资源局（林业局）"},
        {"Ⅳ级组", "Ⅳ级组"},
        {"duty-officer", "duty-officer"},
        {"a_b2", "a_b2"},
        {"阿·木", "阿·木"},
        {"'Fire Watch'", "Fire Watch"},
        {"' Fire Watch '", "Fire Watch"},
        {"‘消防 队’", "消防 队"},
        {"'unit'", "unit"},
        {"'119'", "119"},
        {"時間", "時間"},
        {"Пожарные", "Пожарные"},
        {"预案组", "预案组"},
    };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct buffer block = {0};
        buffer_print(&block, "unit %s@1\n", names[i].source);
        struct pack pack = pack_compile_block(block.bytes);
        pack_require(&pack);
        check(text_equals_string(pack.plan->parties[0].name, names[i].name), "%s gave %.*s", names[i].source,
              TEXT_PRINT(pack.plan->parties[0].name));
        pack_release(&pack);
        buffer_release(&block);
    }
}

static void test_clauses(void **state) {
    (void)state;
    static const struct {
        const char *source, *cites; /* cites with a blank before each */
    } clauses[] = {
        {"@6.2.2.1(3)", " 6.2.2.1(3)"},
        {"@6.2.2.1（3）", " 6.2.2.1(3)"},
        {"＠1", " 1"},
        {"@1@2", " 1 2"},
        {"@1, @2、@3", " 1 2 3"},
        {"@5.3#2..4", " 5.3#2 5.3#3 5.3#4"},
        {"@附件4/1#2", " 附件4/1#2"},
        {"@附件2/区规划局（林业局）", " 附件2/区规划局（林业局）"},
        {"@'Annex A/2'", " Annex A/2"},
        {"@'Annex A/2#1..2'", " Annex A/2#1 Annex A/2#2"},
        {"@1//remark", " 1"},
    };
    for (size_t i = 0; i < COUNT_OF(clauses); i++) {
        struct buffer block = {0};
        struct buffer found = {0};
        buffer_print(&block, "unit A %s\n", clauses[i].source);
        struct pack pack = pack_compile_block(block.bytes);
        pack_require(&pack);
        struct plan_span cites = pack.plan->parties[0].cites;
        for (uint16_t at = 0; at < cites.count; at++) {
            buffer_append_string(&found, " ");
            buffer_append_text(&found, pack.plan->cites[cites.first + at]);
        }
        check(text_equals_string(buffer_text(&found), clauses[i].cites), "%s gave%.*s", clauses[i].source,
              TEXT_PRINT(buffer_text(&found)));
        pack_release(&pack);
        buffer_release(&block);
        buffer_release(&found);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_other_blocks_do_not_run),
        cmocka_unit_test(test_blocks_are_read_as_one_text),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_clauses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
