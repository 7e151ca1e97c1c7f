/* over — which of what was said is over by now: 一人被困，现已救出. For src/run alone.
 *
 * The words are the plan's (`heard as over`); what they take back follows from where they stand. Owns nothing but the list that
 * whoever listens keeps and releases.
 */
#ifndef PINYUE_RUN_OVER_H
#define PINYUE_RUN_OVER_H

#include "base/buffer.h"
#include "base/text.h"
#include "run/clause.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Notes that words which say that a fact is over stand in a text (valid UTF-8) from an offset up to another one; to be called in
 * the order of the text. What overlaps the words before adds nothing. `is_of_none`: their figure is none, nobody has been rescued. */
void over_note(struct buffer *overs, uint16_t fact, struct text text, size_t from, size_t to, bool is_of_none);

enum over_state { OVER_NOT, OVER_PERHAPS, OVER_CERTAINLY };

/* Whether what was said of a fact from an offset up to another one, in its clause, is over: by words that end behind it
 * wherever, or stand before it in its clause. What is said to be still so is over only where those words have no figure of their own:
 * 还有2人被困，已救出3人. */
enum over_state over_find(const struct buffer *overs, uint16_t fact, size_t from, size_t to,
                          const struct clause *clause);

#endif
