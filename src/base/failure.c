#include "base/failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Removes the last character of a text that was cut to `length` bytes when only a part of it is left. */
static void drop_cut_character(char *string, size_t length) {
    size_t tail = 0; /* continuation bytes at the end; a character has at most three */
    while (tail < length && tail < 3 && ((unsigned char)string[length - 1 - tail] & 0xC0) == 0x80) {
        tail++;
    }
    if (tail == length) {
        return;
    }
    unsigned char lead = (unsigned char)string[length - 1 - tail];
    size_t wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (tail + 1 < wanted) {
        string[length - 1 - tail] = '\0';
    }
}

/* Formats into `out`, which always ends in NUL and in a whole character. Returns the bytes written. */
__attribute__((format(printf, 3, 0))) static size_t print_cut(char *out, size_t size, const char *format,
                                                              va_list arguments) {
    if (size == 0) {
        return 0;
    }
    int wanted = vsnprintf(out, size, format, arguments);
    if (wanted < 0) { /* only a conversion that the C library cannot do; the message is lost, not the program */
        out[0] = '\0';
    } else if ((size_t)wanted >= size) {
        drop_cut_character(out, size - 1);
    }
    return strlen(out);
}

__attribute__((format(printf, 3, 4))) static size_t print_piece(char *out, size_t size, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    size_t written = print_cut(out, size, format, arguments);
    va_end(arguments);
    return written;
}

/* True when `failure` still waits for its first message; marks it as set. */
static bool claim(struct failure *failure) {
    if (failure == NULL || failure->set) {
        return false;
    }
    *failure = (struct failure){.set = true, .chinese = failure->chinese};
    return true;
}

bool failure_set(struct failure *failure, const char *format, ...) {
    if (claim(failure)) {
        va_list arguments;
        va_start(arguments, format);
        print_cut(failure->message, sizeof failure->message, format, arguments);
        va_end(arguments);
    }
    return false;
}

bool failure_set_field(struct failure *failure, const char *field, const char *format, ...) {
    if (claim(failure)) {
        print_piece(failure->field, sizeof failure->field, "%s", field == NULL ? "" : field);
        va_list arguments;
        va_start(arguments, format);
        print_cut(failure->message, sizeof failure->message, format, arguments);
        va_end(arguments);
    }
    return false;
}

bool failure_say(struct failure *failure, const char *english, const char *chinese, ...) {
    if (claim(failure)) {
        va_list arguments;
        va_start(arguments, chinese);
        print_cut(failure->message, sizeof failure->message, failure->chinese ? chinese : english, arguments);
        va_end(arguments);
    }
    return false;
}

bool failure_say_field(struct failure *failure, const char *field, const char *english, const char *chinese, ...) {
    if (claim(failure)) {
        print_piece(failure->field, sizeof failure->field, "%s", field == NULL ? "" : field);
        va_list arguments;
        va_start(arguments, chinese);
        print_cut(failure->message, sizeof failure->message, failure->chinese ? chinese : english, arguments);
        va_end(arguments);
    }
    return false;
}

bool failure_set_place(struct failure *failure, const char *file, uint32_t line, uint32_t column, const char *format,
                       ...) {
    if (claim(failure)) {
        print_piece(failure->file, sizeof failure->file, "%s", file == NULL ? "" : file);
        failure->line = line;
        failure->column = column;
        va_list arguments;
        va_start(arguments, format);
        print_cut(failure->message, sizeof failure->message, format, arguments);
        va_end(arguments);
    }
    return false;
}

/* Room for every part at its longest, two numbers of ten digits, and the colons. */
#define PRINTED_ROOM (sizeof(struct failure) + 32)

/* Writes "file:line:column: " with what there is of it. A column without a line says nothing and is left out. */
static size_t print_place(const struct failure *failure, char out[PRINTED_ROOM]) {
    size_t length = print_piece(out, PRINTED_ROOM, "%s", failure->file);
    if (failure->line > 0) {
        length += print_piece(out + length, PRINTED_ROOM - length, "%s%u", length > 0 ? ":" : "", failure->line);
        if (failure->column > 0) {
            length += print_piece(out + length, PRINTED_ROOM - length, ":%u", failure->column);
        }
    }
    if (length > 0) {
        length += print_piece(out + length, PRINTED_ROOM - length, ": ");
    }
    return length;
}

void failure_print(const struct failure *failure, char *out, size_t size) {
    char whole[PRINTED_ROOM]; /* the line is cut once, at its end, and not in each part */
    size_t length = print_place(failure, whole);
    bool has_field = failure->field[0] != '\0';
    print_piece(whole + length, sizeof whole - length, "%s%s%s", failure->field, has_field ? ": " : "",
                failure->message);
    print_piece(out, size, "%s", whole);
}
