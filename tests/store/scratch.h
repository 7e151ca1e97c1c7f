/* scratch — what the tests of the store share: directories that go away, logs of a known content, edits by SQL.
 *
 * Everything that fails here fails the running test.
 */
#ifndef PINYUE_TESTS_STORE_SCRATCH_H
#define PINYUE_TESTS_STORE_SCRATCH_H

/* cmocka wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/store.h"

#include <stdbool.h>

#define SCRATCH_PATH_ROOM 256
#define SCRATCH_FIELDS 4

/* cmocka setup and teardown: a new directory, whose path is *state; removed with all that is in it. */
int scratch_set_up(void **state);
int scratch_tear_down(void **state);

/* directory/name in a buffer of the caller. */
const char *scratch_join(const char *directory, const char *name, char out[SCRATCH_PATH_ROOM]);

/* Opens for writing, making the log when it is missing. */
struct store *scratch_open(const char *directory);
struct store *scratch_open_reader(const char *directory);

/* Appends the event with this number: fields "number", "kind", "incident" ("A" for odd numbers, "B" for even ones) and
 * "phone" ("secret-NUMBER"). */
void scratch_append(struct store *store, int64_t number);

/* Makes a log of `count` such events in `directory` and closes it. Returns its head. */
struct store_head scratch_make_log(const char *directory, int64_t count);

/* Checks that the log holds exactly the events from..to as scratch_append wrote them, with verification on. */
void scratch_check_events(struct store *store, int64_t from, int64_t to);

/* Runs SQL on directory/log.db, as somebody who tampers would; leaves no WAL behind. */
void scratch_execute(const char *directory, const char *sql);

/* Verifies the log in `directory`, read-only. */
void scratch_verify(const char *directory, const struct store_head *expected, struct store_report *report);

/* True when the bytes occur anywhere in any file of the directory. */
bool scratch_contains(const char *directory, const char *text);

/* A file of the sources, such as tests/store/files/…, copied to directory/log.db. */
void scratch_copy_file(const char *source, const char *directory);

/* A sum over all files of the directory, names and bytes: the same as before means untouched. */
uint64_t scratch_fingerprint(const char *directory);

#endif
