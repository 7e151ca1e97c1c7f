/* archive — a ZIP file as incidents' records are kept in: made, and read by somebody who does not trust it.
 *
 * What it is for: libzip does the work; here stands what is narrower than it. Files are stored as they are, never compressed:
 * so the same content is the same bytes with every version of zlib, and no small file can become a large one when it is read.
 * Every time in it is the first of 1980, the order is that of adding.
 * Owns the open file. Must never: hold a whole file in memory that was added by its path, or give out content that does
 * not have the length and the check sum that stand beside it.
 *
 * Belongs to one thread.
 */
#ifndef PINYUE_DESK_ARCHIVE_H
#define PINYUE_DESK_ARCHIVE_H

#include "base/buffer.h"
#include "base/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARCHIVE_FILES_MAX 100000U

/* ---- making one ------------------------------------------------------------------------------------------- */

struct archive_maker;

/* Begins one at a path where nothing may stand yet; nothing is written there before archive_finish. NULL with a failure. */
struct archive_maker *archive_begin(const char *path, struct failure *failure);

/* Adds a file of the disk, which must stay as it is until archive_finish. */
bool archive_add_file(struct archive_maker *maker, const char *name, const char *path, struct failure *failure);

/* Adds bytes; they are copied. */
bool archive_add_content(struct archive_maker *maker, const char *name, const struct buffer *content,
                         struct failure *failure);

/* Writes all of it, there whole or not at all, and frees the maker in either case. */
bool archive_finish(struct archive_maker *maker, struct failure *failure);

/* Frees one that is not to be written. NULL is allowed. */
void archive_abandon(struct archive_maker *maker);

/* ---- reading one ------------------------------------------------------------------------------------------ */

struct archive;

/* Opens one and looks at its table: each file stored as it is, none twice, no comment, and no byte that belongs to none of them.
 * NULL with a failure that says what is wrong with it. */
struct archive *archive_open(const char *path, struct failure *failure);

/* The same of bytes in memory, which stay the caller's. */
struct archive *archive_open_bytes(const void *bytes, size_t length, struct failure *failure);
void archive_close(struct archive *archive); /* NULL is allowed */

/* How many files are in it, their names (borrowed) and lengths in bytes. */
size_t archive_count(const struct archive *archive);
const char *archive_name(const struct archive *archive, size_t index);
int64_t archive_bytes(const struct archive *archive, size_t index);

/* The index of a name; archive_count where there is none. */
size_t archive_find(const struct archive *archive, const char *name);

/* Takes the next bytes of a file; false ends the reading. */
typedef bool archive_take(void *context, const char *bytes, size_t length);

/* Reads a file a block at a time. False with a failure where it is not what stands in the table; false without one where `take`
 * has ended it. */
bool archive_read(struct archive *archive, size_t index, archive_take *take, void *context, struct failure *failure);

#endif
