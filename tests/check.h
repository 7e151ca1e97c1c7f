/* check — what every cmocka test includes: cmocka, the headers that it wants before itself, and a check for tables.
 *
 * cmocka's own asserts name the line; in a table of cases that is the same line for every row, so `check` takes a
 * message that names the row.
 */
#ifndef PINYUE_TESTS_CHECK_H
#define PINYUE_TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Fails the test case with a printf-like message when `condition` is false. */
#define check(condition, ...)                                                                                          \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            print_error("%s:%d: not so: %s: ", __FILE__, __LINE__, #condition);                                        \
            print_error(__VA_ARGS__);                                                                                  \
            print_error("\n");                                                                                         \
            fail();                                                                                                    \
        }                                                                                                              \
    } while (0)

/* Number of rows of a table. */
#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

#endif
