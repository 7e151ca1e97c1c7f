/* suggestion — the known names nearest to a misspelt one, for "did you mean A or B?".
 *
 * Owns nothing: a `struct suggestion` is a plain value that points to the texts it was given, which must outlive it.
 * Begin it with the misspelt name, show it every known name, print it. Where several are equally near each is kept, the
 * first SUGGESTION_NAMES_MAX of them in the order they were shown in: one picked out of two would mislead as often as
 * it helps. Never allocates.
 */
#ifndef PINYUE_BASE_SUGGESTION_H
#define PINYUE_BASE_SUGGESTION_H

#include "base/text.h"

#include <stdint.h>

#define SUGGESTION_NAMES_MAX 3
#define SUGGESTION_ROOM 352U /* what suggestion_print writes, NUL included */

struct suggestion {
    struct text wanted; /* the misspelt name */
    struct text names[SUGGESTION_NAMES_MAX];
    uint32_t count;
    uint32_t limit; /* the farthest that still counts: as far as the names kept */
};

/* How the names stand in a sentence. */
enum suggestion_style {
    SUGGESTION_BARE,   /* A, B or C */
    SUGGESTION_QUOTED, /* "A", "B" or "C" */
    SUGGESTION_CHINESE /* “A”、“B”或“C” */
};

/* Begins a search with how far a misspelling may be from a name of so many characters: one has no near one. */
struct suggestion suggestion_begin(struct text wanted);

/* Looks at a known name. The misspelt name itself, and a name kept already, are passed over. */
void suggestion_consider(struct suggestion *suggestion, struct text name);

/* Writes the names kept, each cut where it is long, and returns `room`; "" where none is near. */
const char *suggestion_print(const struct suggestion *suggestion, enum suggestion_style style,
                             char room[SUGGESTION_ROOM]);

/* SUGGESTION_CHINESE or SUGGESTION_QUOTED, as a failure is worded. */
enum suggestion_style suggestion_style_of(bool is_chinese);

#endif
