/* dossier_words — how a record's timeline names what stands in events: kinds, fields, and words that are values.
 *
 * What it is for: the log is spelled for machines, the timeline is read by people, in the plan's language. What has no word here
 * is written as it stands. Owns nothing. For src/desk/dossier*.c alone.
 */
#ifndef PINYUE_DESK_DOSSIER_WORDS_H
#define PINYUE_DESK_DOSSIER_WORDS_H

#include "base/buffer.h"
#include "base/text.h"

#include <stdbool.h>

/* The name of a kind of event, or of a field. */
void dossier_write_kind(struct text kind, bool chinese, struct buffer *out);
void dossier_write_field(struct text field, bool chinese, struct buffer *out);

/* The word for a field's value; false, and nothing written, where the value is no such word. */
bool dossier_write_value_word(struct text field, struct text value, bool chinese, struct buffer *out);

/* A text in one line: what is no character becomes a blank. A line's end would make a paragraph of its own. */
void dossier_write_flat(struct text text, struct buffer *out);

#endif
