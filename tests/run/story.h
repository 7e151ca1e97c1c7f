/* story — what the tests of batches, notes and entries share: sessions in a directory, and a bonfire to tell.
 *
 * Everything that fails here fails the running test. Directories come from ../store/scratch.h.
 */
#ifndef PINYUE_TESTS_RUN_STORY_H
#define PINYUE_TESTS_RUN_STORY_H

#include "check.h"

#include "base/buffer.h"
#include "run/session.h"

#include <stdbool.h>
#include <stdint.h>

#define STORY_START INT64_C(1660975200000000) /* 2022-08-20T14:00+08:00 */
#define STORY_BONFIRE 2U                      /* the incident; the season is incident 1 */

/* Opens the log in a directory, made when there is none; in memory where the directory is NULL. */
struct session *story_open(const char *directory, session_observe *observe, void *context);
struct session *story_open_reader(const char *directory);

/* Puts small_pack in force and opens a bonfire: events 1 and 2. */
void story_begin(struct session *session);

/* A report that so many are hurt. */
struct engine_event story_report(const struct session *session, int64_t at, int64_t hurt);
void story_accept(struct session *session, const struct engine_event *event);

/* A note of the desk's with one text; false when the session refuses it. */
bool story_note(struct session *session, int64_t at, const char *text, struct failure *failure);

/* The whole state of the engine; released by the caller. */
struct buffer story_state(const struct session *session);
void story_check_same_state(const struct session *left, const struct session *right);

/* The log's durable events, one a line: "SEQUENCE kind=… at=… …". Released by the caller. */
struct buffer story_write_log(const char *directory);

/* How many durable events the log has. */
int64_t story_count_logged(const char *directory);

#endif
