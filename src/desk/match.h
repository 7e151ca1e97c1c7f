/* match — what is typed to find something, and where a text has it.
 *
 * What it is for: a query is words; each may stand anywhere in a text: as it is written (letters in either case, figures
 * with or without the signs between them), or, for Chinese, as it is read: by initials (qjg), by syllables (tanjia), by
 * both, mixed with characters. Every reading of a character counts. Texts have lines; no word is found over a line's end.
 * Owns nothing. Must never allocate, or take longer than its budget.
 */
#ifndef PINYUE_DESK_MATCH_H
#define PINYUE_DESK_MATCH_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MATCH_WORDS_MAX 8
#define MATCH_LETTERS_MAX 32 /* of a word */
#define MATCH_QUERY_BYTES 400U

/* What a text may have in it: asked before the text itself, as it is quick and most texts have not. */
struct match_mark {
    uint64_t signs[2]; /* a bit for each sign, by its hash */
    uint32_t initials; /* letters, and those with which its characters' readings begin; bit 0 is a */
};

struct match_word {
    uint32_t letters[MATCH_LETTERS_MAX]; /* folded */
    size_t count;
    struct match_mark needs; /* a text that has the word has all of these */
};

struct match_query {
    struct match_word words[MATCH_WORDS_MAX];
    size_t count;
};

/* How well it fits; the less the better. */
enum match_fit { MATCH_LINE, MATCH_START, MATCH_INSIDE, MATCH_READ_START, MATCH_READ_INSIDE, MATCH_NOT };

struct match_found {
    unsigned int fit;                  /* of all words together; the less the better */
    size_t start, end;                 /* bytes of the text in which the first word stands */
    size_t line_start, line_end, line; /* the line in which that is, and its number from 0 */
};

/* Takes a query apart. Words beyond MATCH_WORDS_MAX and letters beyond MATCH_LETTERS_MAX are left away. False when there is
 * no word in it. */
bool match_read_query(struct text typed, struct match_query *query);

/* Marks what a text has in it. */
void match_mark_text(struct text text, struct match_mark *mark);

/* False when a text so marked cannot have all the words; true says nothing. */
bool match_may_fit(const struct match_query *query, const struct match_mark *mark);

/* Whether a text has all the words, and where it has the first one best. *budget goes down by the signs that were looked
 * at; at 0 nothing is found any more. */
bool match_find(const struct match_query *query, struct text text, uint64_t *budget, struct match_found *found);

/* Writes the initials of a name, with each reading in turn where there are several, at most sixteen spellings, the most usual one first, separated by
 * blanks: "qjgjd tjgjd". Letters and figures stand as they are, in small letters. What does not fit in `room` is left
 * away. Gives the length. */
size_t match_write_initials(struct text name, char *out, size_t room);

#endif
