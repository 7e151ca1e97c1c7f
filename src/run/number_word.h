/* number_word — numbers in digits and in words, Chinese and English, without units: 12, 1,200, 2.5, 十二, 两三, 三四百, 二十多,
 * 几十, twenty-five, three, a dozen, half. For src/run alone.
 *
 * Owns nothing, never allocates. Values are thousandths, so that 半 and 2.5 are exact. Looks at a bounded number of
 * characters.
 */
#ifndef PINYUE_RUN_NUMBER_WORD_H
#define PINYUE_RUN_NUMBER_WORD_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NUMBER_ONE INT64_C(1000)

struct number {
    int64_t low, high; /* thousandths; apart for 两三, 十几, 二十多 */
    int64_t
        step; /* the place of the last digit that was said, thousandths: 10 of 二十, 100 of 一百; 0: 多 is not said of it */
    bool is_half;   /* 半, half */
    bool is_rough;  /* 二十来 */
    bool is_spoken; /* in words, not in digits */
};

/* Reads the number that begins at an offset; returns the offset behind it, or `at` when there is none. */
size_t number_word_read(struct text text, size_t at, struct number *number);

/* The offset behind blanks, at most eight of them. */
size_t number_word_skip_blanks(struct text text, size_t at);

/* The longest of some words with which the text goes on at an offset, as an index, or -1; *end is behind it. Latin letters
 * are compared without case and end where a word ends. */
int number_word_find(struct text text, size_t at, const struct text *words, size_t count, size_t *end);

/* The offset behind the first of some words with which the text goes on at an offset, else `at`. */
size_t number_word_skip(struct text text, size_t at, const char *const *words, size_t count);

#endif
