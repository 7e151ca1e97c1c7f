/* buffer — bytes that grow: output being built, a file being read.
 *
 * Owns its memory until buffer_release. Never aborts: when memory runs out the buffer remembers it (`failed`), later
 * appends do nothing, and whoever wants the result asks once at the end.
 */
#ifndef PINYUE_BASE_BUFFER_H
#define PINYUE_BASE_BUFFER_H

#include "base/failure.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer {
    char *bytes;   /* always ends in NUL once anything has been appended; may be NULL when empty */
    size_t length; /* without that NUL */
    size_t room;
    bool failed;
};

/* An empty buffer is `struct buffer buffer = {0};`. */
void buffer_release(struct buffer *buffer);
void buffer_clear(struct buffer *buffer); /* length 0, keeps the memory and clears `failed` */
void buffer_append(struct buffer *buffer, const void *bytes, size_t length);
void buffer_append_string(struct buffer *buffer, const char *string);
void buffer_append_text(struct buffer *buffer, struct text text);
void buffer_print(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct text buffer_text(const struct buffer *buffer);

/* Appends a whole file (path "-" is standard input), at most limit_bytes. False with a failure that names the path
 * when it cannot be read, is no regular readable stream, or is larger than the limit. */
bool buffer_read_file(struct buffer *buffer, const char *path, size_t limit_bytes, struct failure *failure);

#endif
