/* kind — what a file is, by its content.
 *
 * What it is for: a file's name says nothing; a page that is called photo.jpg is still a page. libmagic looks at the
 * content, and only kinds on a list are taken: pictures, PDF, office documents, plain text, sound, film. Nothing that a
 * browser might run is on it.
 * Owns the opened database of libmagic. Belongs to one thread.
 */
#ifndef PINYUE_DESK_KIND_H
#define PINYUE_DESK_KIND_H

#include "base/failure.h"

#include <stdbool.h>
#include <stddef.h>

struct kind_finder;

/* NULL with a failure when the database (Debian's libmagic-mgc) is missing or memory is exhausted. */
struct kind_finder *kind_finder_open(struct failure *failure);
void kind_finder_close(struct kind_finder *finder);

/* Writes the media type of a file, as "image/jpeg". False when it cannot be read. */
bool kind_find(struct kind_finder *finder, const char *path, char *type, size_t room, struct failure *failure);

/* Whether files of this type are taken. */
bool kind_is_taken(const char *type);

#endif
