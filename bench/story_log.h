/* story_log — a story as a log on the disk. */
#ifndef PINYUE_BENCH_STORY_LOG_H
#define PINYUE_BENCH_STORY_LOG_H

#include "base/text.h"
#include "story.h"

#include <stdbool.h>

/* Writes a story into a new log in a directory that is there; `pack` is the text of its plan, `file` its name. False with a
 * message printed. */
bool story_write_log(const char *directory, const struct story *story, struct text file, struct text pack);

/* Removes such a log and its directory. */
void story_remove_log(const char *directory);

#endif
