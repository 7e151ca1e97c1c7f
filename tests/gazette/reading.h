/* reading — what the tests of the gazette reader share: a text read, and finding things in it. */
#ifndef PINYUE_TESTS_GAZETTE_READING_H
#define PINYUE_TESTS_GAZETTE_READING_H

#include "base/buffer.h"
#include "gazette/gazette.h"

/* A text that has been read; reading_end ends it. */
struct reading {
    struct arena *arena;
    struct gazette *gazette; /* NULL with `failure` */
    struct failure failure;
};

struct reading read_bytes(const void *bytes, size_t length);
struct reading read_string(const char *text);
void reading_end(struct reading *reading);

/* Reads a file; false when there is none. The path is absolute or below the top folder of the sources. */
bool read_file(const char *path, struct buffer *bytes);

/* The clause of this name in a document; fails the test when it is not found. */
const struct gazette_clause *find_clause(const struct gazette_document *document, const char *name);

/* The table in the annex or clause of this name. */
const struct gazette_table *find_table(const struct gazette_document *document, const char *name);

/* The value of a row in the column of this name. */
struct text find_cell(const struct gazette_table *table, uint32_t row, const char *column);

/* Fails unless some warning stands at this line and holds this fragment. */
void require_warning(const struct gazette *gazette, uint32_t line, const char *fragment);

/* All names of a document's clauses, parted by blanks; names of clauses with sentences as "1.1#2". */
void list_names(const struct gazette_document *document, struct buffer *out);

#endif
