#include "base/buffer.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define ROOM_FIRST ((size_t)256)
#define READ_SIZE ((size_t)65536)

void buffer_release(struct buffer *buffer) {
    free(buffer->bytes);
    *buffer = (struct buffer){0};
}

void buffer_clear(struct buffer *buffer) {
    buffer->length = 0;
    buffer->failed = false;
    if (buffer->bytes != NULL) {
        buffer->bytes[0] = '\0';
    }
}

/* Makes room for `more` bytes and a NUL. False, with `failed` set, when there is no memory or it failed before. */
static bool reserve(struct buffer *buffer, size_t more) {
    if (buffer->failed) {
        return false;
    }
    if (more > SIZE_MAX / 2 - buffer->length - 1) { /* half, so that doubling the room cannot wrap */
        buffer->failed = true;
        return false;
    }
    size_t wanted = buffer->length + more + 1;
    if (wanted <= buffer->room) {
        return true;
    }
    size_t room = buffer->room < ROOM_FIRST ? ROOM_FIRST : buffer->room;
    while (room < wanted) {
        room *= 2;
    }
    char *bytes = realloc(buffer->bytes, room);
    if (bytes == NULL) {
        buffer->failed = true;
        return false;
    }
    buffer->bytes = bytes;
    buffer->room = room;
    return true;
}

void buffer_append(struct buffer *buffer, const void *bytes, size_t length) {
    if (!reserve(buffer, length)) {
        return;
    }
    if (length > 0) {
        memcpy(buffer->bytes + buffer->length, bytes, length);
    }
    buffer->length += length;
    buffer->bytes[buffer->length] = '\0';
}

void buffer_append_string(struct buffer *buffer, const char *string) {
    buffer_append_text(buffer, text_of(string));
}

void buffer_append_text(struct buffer *buffer, struct text text) {
    buffer_append(buffer, text.bytes, text.length);
}

void buffer_print(struct buffer *buffer, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) {
        buffer->failed = true;
        return;
    }
    if (!reserve(buffer, (size_t)length)) {
        return;
    }
    va_start(arguments, format);
    (void)vsnprintf(buffer->bytes + buffer->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    buffer->length += (size_t)length;
}

struct text buffer_text(const struct buffer *buffer) {
    return buffer->bytes == NULL ? (struct text){"", 0} : (struct text){buffer->bytes, buffer->length};
}

static bool fail_with_errno(struct failure *failure, const char *name, int code) {
    char reason[128];
    if (strerror_r(code, reason, sizeof reason) != 0) {
        (void)snprintf(reason, sizeof reason, "system error %d", code);
    }
    return failure_set_place(failure, name, 0, 0, "cannot be read: %s", reason);
}

/* Directories can be opened but hold no text; sockets and block devices are surely a mistake. */
static bool check_kind(FILE *stream, const char *name, struct failure *failure) {
    struct stat status;
    if (fstat(fileno(stream), &status) != 0) {
        return fail_with_errno(failure, name, errno);
    }
    if (S_ISDIR(status.st_mode)) {
        return failure_set_place(failure, name, 0, 0, "is a folder; a file is needed here");
    }
    if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode) && !S_ISCHR(status.st_mode)) {
        return failure_set_place(failure, name, 0, 0, "is no file that can be read from start to end");
    }
    return true;
}

/* Appends all of a stream. Reads one byte past the limit, which is how it learns that there is more. */
static bool read_stream(struct buffer *buffer, FILE *stream, const char *name, size_t limit_bytes,
                        struct failure *failure) {
    size_t start = buffer->length;
    for (;;) {
        if (!reserve(buffer, READ_SIZE)) {
            return failure_set_place(failure, name, 0, 0, "does not fit into memory");
        }
        size_t count = fread(buffer->bytes + buffer->length, 1, READ_SIZE, stream);
        buffer->length += count;
        buffer->bytes[buffer->length] = '\0';
        if (buffer->length - start > limit_bytes) {
            return failure_set_place(failure, name, 0, 0, "is larger than the %zu bytes allowed here", limit_bytes);
        }
        if (count < READ_SIZE) {
            return ferror(stream) == 0 || fail_with_errno(failure, name, errno);
        }
    }
}

bool buffer_read_file(struct buffer *buffer, const char *path, size_t limit_bytes, struct failure *failure) {
    bool is_standard_input = strcmp(path, "-") == 0;
    const char *name = is_standard_input ? "standard input" : path;
    FILE *stream = is_standard_input ? stdin : fopen(path, "rbe");
    if (stream == NULL) {
        return fail_with_errno(failure, name, errno);
    }
    size_t start = buffer->length;
    bool done = check_kind(stream, name, failure) && read_stream(buffer, stream, name, limit_bytes, failure);
    if (!is_standard_input) {
        (void)fclose(stream); /* opened for reading: closing it cannot lose anything */
    }
    if (!done && buffer->bytes != NULL) { /* half a file is of no use to anybody */
        buffer->length = start;
        buffer->bytes[start] = '\0';
    }
    return done;
}
