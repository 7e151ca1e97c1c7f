/* Proves: a misspelt name finds the known names that are nearest to it, all that are equally near up to three, and they
 * stand in a sentence as its language has it. */
#include "base/suggestion.h"

#include "check.h"

#include <string.h>

#define KNOWN_MAX 6

struct suggestion_case {
    const char *wanted;
    const char *known[KNOWN_MAX];
    const char *expected; /* bare */
};

static struct suggestion search(const struct suggestion_case *it) {
    struct suggestion suggestion = suggestion_begin(text_of(it->wanted));
    for (size_t i = 0; i < KNOWN_MAX && it->known[i] != NULL; i++) {
        suggestion_consider(&suggestion, text_of(it->known[i]));
    }
    return suggestion;
}

static void test_nearest(void **state) {
    (void)state;
    static const struct suggestion_case cases[] = {
        {"区森访办", {"市森防办", "区森防办", "区森防指"}, "区森防办"},
        {"区森防班", {"区森防指", "区森防办", "市森防指"}, "区森防指 or 区森防办"},
        {"区森防班", {"市森防指", "区森防指", "区森防办"}, "区森防指 or 区森防办"},
        {"Teem", {"Team", "Term", "Teen", "Seem"}, "Team, Term or Teen"},
        {"Teem", {"Team", "Team", "Term"}, "Team or Term"},
        {"Mayer", {"Mayor", "Mayer"}, "Mayor"}, /* not itself */
        {"ab", {"cd", "abc"}, "abc"},
        {"a", {"b", "ab"}, ""},
        {"", {"ab", "b"}, ""},
        {"somebody", {"anyone", "nobody else"}, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char room[SUGGESTION_ROOM];
        struct suggestion found = search(&cases[i]);
        check(strcmp(suggestion_print(&found, SUGGESTION_BARE, room), cases[i].expected) == 0,
              "%s: expected %s, found %s", cases[i].wanted, cases[i].expected, room);
    }
}

static void test_styles(void **state) {
    (void)state;
    static const struct suggestion_case three = {"Teem", {"Team", "Term", "Teen"}, NULL};
    static const struct suggestion_case two = {"Teem", {"Team", "Term"}, NULL};
    struct suggestion found = search(&three);
    char room[SUGGESTION_ROOM];
    assert_string_equal(suggestion_print(&found, suggestion_style_of(true), room), "“Team”、“Term”或“Teen”");
    assert_string_equal(suggestion_print(&found, suggestion_style_of(false), room), "\"Team\", \"Term\" or \"Teen\"");
    found = search(&two);
    assert_string_equal(suggestion_print(&found, SUGGESTION_CHINESE, room), "“Team”或“Term”");
}

/* The longest names there can be, in the longest style. */
static void test_long_names(void **state) {
    (void)state;
    enum { CHARACTERS = 64, BYTES = 3 }; /* of a name, of a character */
    static const char *const last[] = {"甲", "乙", "丙", "丁"};
    char names[4][CHARACTERS * BYTES + 1] = {{0}};
    for (size_t i = 0; i < 4; i++) {
        for (size_t k = 0; k < CHARACTERS; k++) {
            memcpy(names[i] + k * BYTES, k + 1 < CHARACTERS ? "长" : last[i], BYTES);
        }
    }
    const struct suggestion_case three = {names[0], {names[1], names[2], names[3]}, NULL};
    struct suggestion found = search(&three);
    char room[SUGGESTION_ROOM];
    assert_int_equal(found.count, 3);
    assert_int_equal(strlen(suggestion_print(&found, SUGGESTION_CHINESE, room)), 3 * (96 + 6) + 6);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_styles),
        cmocka_unit_test(test_long_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
