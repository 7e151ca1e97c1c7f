/* clause — what the words around others make of them: a question, a doubt, a denial. For src/run alone.
 *
 * Words that were found in a text are not yet said: 有没有人被困, 没听说有人被困, maybe. Owns nothing, never allocates, looks at a
 * bounded number of characters on either side.
 */
#ifndef PINYUE_RUN_CLAUSE_H
#define PINYUE_RUN_CLAUSE_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

enum clause_denial {
    CLAUSE_ASSERTS,
    CLAUSE_DENIES,       /* 没有, not: it is not so */
    CLAUSE_HAS_NOT_HEARD /* 没发现, 差点: nobody says how it is */
};

struct clause {
    size_t from, to; /* the offsets where it begins and ends */
    bool is_question, is_doubtful;
    bool is_still;             /* 还有, still: before the words, or in them */
    bool is_of_others;         /* 其他, the others: likewise */
    bool is_of_speaker;        /* 我们都: right before the words */
    enum clause_denial denial; /* of the words, by those right before them */
};

/* Reads the clause of the words that stand in a text (valid UTF-8) from an offset up to another one. */
void clause_read(struct text text, size_t from, size_t to, struct clause *clause);

#endif
