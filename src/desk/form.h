/* form — what a request says, read field by field.
 *
 * What it is for: bodies of requests are JSON objects; a form asks for each field that there may be, and at the end
 * refuses what nobody has asked for, so that a misspelt field never passes for a missing one. The first thing that is
 * wrong is kept, with the field's name. Owns nothing; texts point into the body.
 */
#ifndef PINYUE_DESK_FORM_H
#define PINYUE_DESK_FORM_H

#include "base/failure.h"
#include "base/text.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FORM_FIELDS_MAX 20
#define FORM_TEXT_BYTES 65536U /* of any text that nobody says is shorter */

struct form {
    const json_t *body;
    struct failure *failure;
    bool is_good;
    const char *asked[FORM_FIELDS_MAX];
    size_t asked_count;
};

/* Begins to read; a body that is no object is refused. */
void form_begin(struct form *form, const json_t *body, struct failure *failure);

/* Each gives the field's value; empty, 0, false or NULL where it is missing (and refused when it is `needed`) or not as
 * it must be (which is refused). A needed text may not be blank. */
struct text form_text(struct form *form, const char *name, bool needed, size_t bytes_most);
bool form_flag(struct form *form, const char *name);
uint32_t form_number(struct form *form, const char *name, bool needed); /* from 1 on */
const json_t *form_any(struct form *form, const char *name, bool needed);

/* An instant in RFC 3339; `usual` where it is missing. Refused when it is later than `latest`. */
int64_t form_instant(struct form *form, const char *name, int64_t usual, int64_t latest);

/* An instant that must be there, past or to come; 0 where it is refused. */
int64_t form_needed_instant(struct form *form, const char *name);

/* One of several words; the index, or -1. `words` ends in NULL. */
int form_word(struct form *form, const char *name, bool needed, const char *const *words);

/* True when all was well and the body has no other fields. */
bool form_end(struct form *form);

/* Refuses a request whose key has been used for something else. Always false. */
bool form_refuse_used_key(struct failure *failure);

#endif
