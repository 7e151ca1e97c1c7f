/* foremost — of many items the first ones by an order, without keeping or sorting all of them.
 *
 * What it is for: lists of what is open have no bound, what is told of them has.
 * Owns nothing: the list is a buffer of the caller's. For src/desk alone.
 */
#ifndef PINYUE_DESK_FOREMOST_H
#define PINYUE_DESK_FOREMOST_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

/* As qsort wants it. No two items are equal. */
typedef int foremost_compare(const void *left, const void *right);

/* `size` and `most` are those of items, and of how many are wanted. Once `is_cut`, item `most` - 1 of the list is the last
 * that may still be among them. */
struct foremost {
    struct buffer *list;
    size_t size, most;
    foremost_compare *compare;
    bool is_cut;
};

/* Takes an item, a copy of it, where it may be among the first. */
void foremost_keep(struct foremost *foremost, const void *item);

/* Cuts the list as soon as it has as many as are wanted, so that is_cut says what is not worth looking at. */
void foremost_cut_when_full(struct foremost *foremost);

/* At the end: the list has the first ones, in their order. */
void foremost_cut(struct foremost *foremost);

#endif
