#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#define MESSAGE_LENGTH_LARGEST 2000

static _Atomic(enum log_level) level_written = LOG_LEVEL_WARNING;

static const char *const level_names[] = {
    [LOG_LEVEL_ERROR] = "error",
    [LOG_LEVEL_WARNING] = "warning",
    [LOG_LEVEL_INFO] = "info",
    [LOG_LEVEL_DEBUG] = "debug",
};

void log_set_level(enum log_level level) {
    atomic_store(&level_written, level);
}

bool log_is_written(enum log_level level) {
    return level <= atomic_load(&level_written);
}

bool log_parse_level(struct text name, enum log_level *level) {
    for (size_t i = 0; i < sizeof level_names / sizeof level_names[0]; i++) {
        if (text_equals_string(name, level_names[i])) {
            *level = (enum log_level)i;
            return true;
        }
    }
    return false;
}

static void blank_control_characters(char *bytes, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)bytes[i] < 0x20 || bytes[i] == 0x7F) {
            bytes[i] = ' ';
        }
    }
}

void log_write(enum log_level level, const char *format, ...) {
    if (!log_is_written(level)) {
        return;
    }
    char message[MESSAGE_LENGTH_LARGEST + 4]; /* room for one more character, so that text_cut sees that it is cut */
    va_list arguments;
    va_start(arguments, format);
    int wanted = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (wanted < 0) {
        return;
    }
    struct text shown = text_cut(text_of(message), MESSAGE_LENGTH_LARGEST);
    blank_control_characters(message, shown.length);
    /* Standard error is unbuffered; glibc gathers one fprintf into one write. Nobody is left to tell when it fails. */
    (void)fprintf(stderr, "pinyue: %s: %.*s\n", level_names[level], TEXT_PRINT(shown));
}
