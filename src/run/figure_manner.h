/* figure_manner — the words beside a number that say how it is meant: 约, 至少, 快, 以上, 左右, 不到, or more. For src/run alone.
 *
 * They may stand right before the number, right behind it, or apart, before or behind the words of the fact: 大概烧了三亩, 被困
 * 3人以上. Owns nothing, never allocates, looks at a bounded number of characters.
 */
#ifndef PINYUE_RUN_FIGURE_MANNER_H
#define PINYUE_RUN_FIGURE_MANNER_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

enum figure_comparison { FIGURE_WITHIN, FIGURE_AT_LEAST, FIGURE_AT_MOST, FIGURE_MORE, FIGURE_LESS };

/* How words beside a number have it meant: 大概, 至少, 以上, or so. */
struct figure_manner {
    bool is_about, is_nearly;
    bool is_vague; /* 以上 and its like: whether the number is included is not said; the wider bound stands */
    enum figure_comparison comparison;
};

/* Whether it bounds the number from below. */
bool figure_manner_is_least(enum figure_comparison comparison);

/* Both hold. Of two bounds in one direction the wider one stands; false where they contradict one another. */
bool figure_manner_join(struct figure_manner *manner, const struct figure_manner *other);

/* Reads the words that stand right before a number, from *at on; *at is then where the number would begin. Sets the manner.
 * False where they contradict one another. */
bool figure_manner_read_before(struct text text, size_t *at, struct figure_manner *manner);

/* Reads the words that stand right behind a number or what is counted. Adds what they say; returns the offset behind them, or
 * `at` where there are none, or they contradict what was said. */
size_t figure_manner_read_behind(struct text text, size_t at, struct figure_manner *manner);

/* Finds the words about a figure that stand before the words of its fact, which begin at *at, in the clause that begins at
 * `from`. Adds what they say; *at is then where they begin, if they stand close. False where they contradict what was said, or
 * stand too far off to tell what they are about. */
bool figure_manner_find(struct text text, size_t from, size_t *at, struct figure_manner *manner);

/* Whether 近, 快 or 约 at an offset is the end of another word: 附近, 很快, 节约. */
bool figure_manner_is_other_word(struct text text, size_t at);

#endif
