/* log — what the operator of the machine should know, written to standard error.
 *
 * One line a message, written by one call so that lines of several threads do not mix. The level is the only global
 * state of the program. No time stamp: the service manager adds one, and a reader that must not see the clock stays
 * free of it. What users and plans must know never goes here: that is an event in the log of the store.
 */
#ifndef PINYUE_BASE_LOG_H
#define PINYUE_BASE_LOG_H

#include "base/text.h"

#include <stdbool.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* Writes messages up to this level from now on; at the start of the program it is LOG_LEVEL_WARNING. */
void log_set_level(enum log_level level);

/* True when messages of this level are written: ask before a costly preparation. */
bool log_is_written(enum log_level level);

/* Parses "error", "warning", "info" or "debug". False, with *level unchanged, for anything else. */
bool log_parse_level(struct text name, enum log_level *level);

/* Writes "pinyue: warning: message" and a newline. Control characters, which a hostile input could use to forge lines,
 * become spaces; a message past 2000 bytes is cut at a whole character. */
void log_write(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
