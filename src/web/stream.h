/* stream — what has been written, to all live pages, as server-sent events.
 *
 * What it is for: GET /api/v1/events. The writer publishes each durable event once; every page has its own place in the
 * sequence and is sent what follows it, from memory or, where it has fallen far behind or comes back after a while, from
 * the log. A slow page holds nobody: it only falls behind. Every fifteen seconds the server's time is sent (event type
 * "time"), so that a page knows that the line is alive; a page whose session has ended, or is limited now, is cut off then.
 * Owns: the latest events, the list of live pages, a reader of the log. Locks itself.
 */
#ifndef PINYUE_WEB_STREAM_H
#define PINYUE_WEB_STREAM_H

#include "base/failure.h"
#include "desk/account.h"

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STREAM_BEAT_US INT64_C(15000000)

struct stream;

/* `directory` is that of the log; `last_sequence` its last event. The account book is borrowed. NULL with a failure. */
struct stream *stream_create(const char *directory, int64_t last_sequence, struct account_book *accounts,
                             struct failure *failure);

/* The time comes from `tell` instead of the wall clock, and with it how fast it runs (0: it stands still): an exercise's. Before
 * any page is opened. */
typedef int64_t stream_tell(void *context, int *speed);
void stream_keep_time(struct stream *stream, stream_tell *tell, void *context);

/* Who sees what is personal is asked each time, by the account's name, instead of being what it was when the page was opened: in an
 * exercise it goes by seats, and these change. Before any page is opened. */
typedef bool stream_sees(void *context, const char *account);
void stream_ask_sight(struct stream *stream, stream_sees *sees, void *context);

/* After stream_end, and when no page is live any more. */
void stream_destroy(struct stream *stream);

/* An event that is durable; its sequence is one more than that of the last. `hidden`: as those are told it who may not see
 * what is personal; NULL where there is nothing of it. Both are copied. */
void stream_publish(struct stream *stream, int64_t sequence, const char *json, const char *hidden);

/* Wakes the pages for which something has been published. */
void stream_wake(struct stream *stream);

/* Sends the time to every page, with whether it can be believed: `state` is a word of clock_state_name, a constant. */
void stream_beat(struct stream *stream, const char *state, int64_t offset);

/* Has every page ask at once whether its session goes on, without telling it anything. */
void stream_look(struct stream *stream);

/* Ends every page's stream and lets no new one begin. */
void stream_end(struct stream *stream);

/* Closes the log that it reads, after stream_end: pages that are still being told the rest of it end. */
void stream_close_log(struct stream *stream);

size_t stream_count_pages(struct stream *stream);

/* A response that goes on until the page leaves, or its session ends or is limited: first the time, then every event behind
 * `after`; from now on when it is negative. NULL when memory is exhausted or the streams have ended. */
struct MHD_Response *stream_open_page(struct stream *stream, struct MHD_Connection *connection,
                                      const struct account_session *session, int64_t after);

#endif
