/* check — what every cmocka test includes: cmocka, the headers that it wants before itself, and a check for tables.
 *
 * cmocka's own asserts name the line; in a table of cases that is the same line for every row, so `check` takes a
 * message that names the row.
 */
#ifndef PINYUE_TESTS_CHECK_H
#define PINYUE_TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A failing cmocka assert does not return, which its header does not say; without this the clang analyzer goes on past
 * it and finds null pointers that cannot be there. */
#ifdef __clang_analyzer__
#undef assert_true
#undef assert_false
#undef assert_null
#undef assert_non_null
#define assert_true(condition) ((condition) ? (void)0 : abort())
#define assert_false(condition) ((condition) ? abort() : (void)0)
#define assert_null(pointer) ((pointer) == NULL ? (void)0 : abort())
#define assert_non_null(pointer) ((pointer) != NULL ? (void)0 : abort())
#endif

/* Fails the test case with a printf-like message when `condition` is false. */
#define check(condition, ...)                                                                                          \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            print_error("%s:%d: not so: %s: ", __FILE__, __LINE__, #condition);                                        \
            print_error(__VA_ARGS__);                                                                                  \
            print_error("\n");                                                                                         \
            fail();                                                                                                    \
            abort(); /* not reached; for the analyzer */                                                               \
        }                                                                                                              \
    } while (0)

/* Whether a message is a Chinese sentence: Chinese characters in it, and none of the words and signs that make an English
 * one. Names that it quotes may be in any language. */
static inline bool is_chinese_sentence(const char *message) {
    static const char *const english[] = {" is ", " the ", " a ", "must ", "has ", "; ", "\""};
    bool has_chinese = false;
    for (const char *at = message; *at != '\0'; at++) { /* U+4000 to U+9FFF begin with these bytes */
        has_chinese = has_chinese || ((unsigned char)*at >= 0xE4 && (unsigned char)*at <= 0xE9);
    }
    for (size_t i = 0; i < sizeof english / sizeof english[0]; i++) {
        has_chinese = has_chinese && strstr(message, english[i]) == NULL;
    }
    return has_chinese;
}

/* Number of rows of a table. */
#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

#endif
