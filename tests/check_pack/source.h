/* source — what the tests of the checker share: reading and checking a pack. */
#ifndef PINYUE_TESTS_CHECK_PACK_SOURCE_H
#define PINYUE_TESTS_CHECK_PACK_SOURCE_H

#include "check/check.h"

/* A pack compiled and checked; source_release ends it. */
struct source {
    struct plan *plan;
    struct check_report *report;
};

/* Reads and checks a pack below the top folder of the sources; fails the test case when it does not compile. */
struct source source_check(const char *path, uint32_t effort_max);
void source_release(struct source *source);

/* What `pinyue check` would print; the caller releases the buffer. */
struct buffer source_print(const struct source *source, const char *file, bool all);

#endif
