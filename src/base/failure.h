/* failure — an error as a value: what went wrong, where, and what would be right.
 *
 * Owns nothing: a `struct failure` is a plain value that the caller declares and passes down; the first
 * function that fails fills it in and returns false (or NULL), every caller above passes that on.
 * Never prints, never ends the process, never allocates. A failure that is set twice keeps the first
 * message: the first thing that went wrong is the one a person can act on.
 */
#ifndef PINYUE_BASE_FAILURE_H
#define PINYUE_BASE_FAILURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct failure {
    bool set;          /* true once a message stands here */
    bool chinese;      /* whoever asks wants it in Chinese, where it can be said so; set by him, before the call */
    char file[256];    /* file or source of the bad input, "" where there is none */
    uint32_t line;     /* 1-based, 0 where there is none */
    uint32_t column;   /* 1-based, counted in characters (code points), 0 where there is none */
    char field[128];   /* name of the bad field, "" where there is none */
    char message[640]; /* what was wrong and what would be right, one sentence or two, UTF-8, no final newline */
};

/* Records a message in `failure` unless one is there already (NULL is allowed and ignored). A text that is too long
 * is cut at a whole UTF-8 character. Always returns false, so that a caller can write `return failure_set(...)`. */
bool failure_set(struct failure *failure, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* As failure_set, naming the input field at fault. */
bool failure_set_field(struct failure *failure, const char *field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As failure_set, naming the place in a text. */
bool failure_set_place(struct failure *failure, const char *file, uint32_t line, uint32_t column, const char *format,
                       ...) __attribute__((format(printf, 5, 6)));

/* As failure_set and failure_set_field, in Chinese where that is wanted. Both formats take the same arguments in the same
 * order. */
bool failure_say(struct failure *failure, const char *english, const char *chinese, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));
bool failure_say_field(struct failure *failure, const char *field, const char *english, const char *chinese, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));

/* Writes the whole failure as one line, "file:line:column: field: message", leaving out what is not there.
 * `out` always ends in NUL; a text that does not fit is cut at a whole character. */
void failure_print(const struct failure *failure, char *out, size_t size);

#endif
