/* title — where a title that is too long for one line is broken.
 *
 * What it is for: GB/T 9704-2012, 7.3.1 wants a title's lines to be of like length and no word to be torn. Whole words cannot
 * be told without a dictionary: so the lines are balanced, and a break is looked for where no word can be torn, or where the
 * text below does not have both letters together.
 * Owns nothing, draws nothing.
 */
#ifndef PINYUE_PAPER_TITLE_H
#define PINYUE_PAPER_TITLE_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TITLE_LETTERS_MOST 400U
#define TITLE_LINES_MOST 8U
#define TITLE_LINE_LETTERS 4U /* fewer never stand on a line of their own */

struct title_letter {
    double width;
    uint32_t code;
    bool may_break; /* a line may end behind it (UAX #14) */
    bool is_joined; /* to the next one: both stand together elsewhere, as the letters of a word do */
};

/* Notes which letters of a title are joined, by a text that uses its words. */
void title_find_words(struct text title, struct text body, struct title_letter *letters, size_t count);

/* Breaks a title into as few lines as go, none wider than `width`. Returns how many and stores behind which letter each ends
 * (as a count from the beginning); 0 where there is no way within the bounds above. */
size_t title_break(const struct title_letter *letters, size_t count, double width, size_t ends[TITLE_LINES_MOST]);

#endif
