/* arena — memory that lives and dies together: one parse, one compiled plan, one request.
 *
 * Owns every block that it hands out; destroying the arena frees them all at once. Single pieces are never freed.
 * Never aborts: when memory or the arena's own limit is exhausted it returns NULL and stays usable for reading.
 */
#ifndef PINYUE_BASE_ARENA_H
#define PINYUE_BASE_ARENA_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Makes an empty arena that will hand out at most `limit_bytes` in all, where every piece counts as its size rounded up
 * to 16. NULL when memory is exhausted. */
struct arena *arena_create(size_t limit_bytes);

/* Frees the arena and everything that came from it. NULL is allowed. */
void arena_destroy(struct arena *arena);

/* Hands out `size` zeroed bytes aligned to 16. NULL when memory or the limit is exhausted (size 0 gives a unique,
 * valid pointer). */
void *arena_allocate(struct arena *arena, size_t size);

/* As arena_allocate for `count` items of `size` bytes, NULL also when the product overflows. */
void *arena_allocate_array(struct arena *arena, size_t count, size_t size);

/* Copies `length` bytes and adds a NUL. NULL as above. */
char *arena_copy_text(struct arena *arena, const char *bytes, size_t length);

/* A copy of a text, with a NUL behind it. Empty when it is refused; the empty one takes no room. */
struct text arena_keep_text(struct arena *arena, struct text text);

/* True once an allocation has been refused; a parser may build on and ask once at the end. */
bool arena_is_exhausted(const struct arena *arena);

/* Bytes handed out so far, every piece rounded up to 16. */
size_t arena_used_bytes(const struct arena *arena);

#endif
