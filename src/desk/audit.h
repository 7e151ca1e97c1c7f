/* audit — an incident as it was at a moment: what was known, what the plan required, who decided what and why, how late.
 *
 * What it is for: an auditor, a year on. The answer is the page of the incident (Incident of openapi.json) made from an
 * engine that has been told the incident's own part of the log up to the moment and nothing else, however long the log
 * is: tests/desk/audit_test.c holds it against a replay of everything. Which events these are the desk says
 * (DESK_SHOW_AUDIT); they are read by a reader of the log's own, so that the writer waits for nothing.
 * Owns the reader and the plans that it has met, compiled. Must never write. Belongs to one thread, which need not be the
 * desk's.
 */
#ifndef PINYUE_DESK_AUDIT_H
#define PINYUE_DESK_AUDIT_H

#include "base/failure.h"
#include "desk/desk.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct audit;

struct audit_question {
    uint32_t incident;
    const json_t *part; /* what the desk has answered to DESK_SHOW_AUDIT; borrowed */
    int64_t now;        /* a moment cannot be later */
    bool has_at;        /* as it was at an instant, with all that had come due by then … */
    int64_t at;
    int64_t sequence; /* … or directly after an event; 0 and no instant: now */
    bool chinese;     /* refusals are said in Chinese */
};

/* Opens a reader of the log in a directory. NULL with a failure. */
struct audit *audit_open(const char *directory, struct failure *failure);
void audit_close(struct audit *audit);

/* The incident at the moment, as an Audit of openapi.json: DESK_OK, DESK_NOT_FOUND where it was not there then,
 * DESK_REFUSED for a moment that has not been, DESK_UNAVAILABLE. The reply's body is the caller's. */
void audit_show(struct audit *audit, const struct audit_question *question, struct desk_reply *reply);

/* The moments at which something happened to it or came due, up to now, as Moments of openapi.json. */
void audit_list_moments(struct audit *audit, const struct audit_question *question, struct desk_reply *reply);

#endif
