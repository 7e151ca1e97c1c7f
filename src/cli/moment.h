/* moment — a log replayed up to an instant or an event. Must never write to the log. */
#ifndef PINYUE_CLI_MOMENT_H
#define PINYUE_CLI_MOMENT_H

#include "base/buffer.h"
#include "base/failure.h"
#include "run/session.h"

struct cli_moment {
    const char *local; /* an instant without a zone: it is in the plans', which only the log tells; NULL otherwise */
    bool has_at;
    int64_t at;       /* everything heard up to here, and what came due by then */
    bool before;      /* not what was heard at this very instant, only what came due */
    int64_t sequence; /* instead: up to this event; 0 for all */
};

/* False with a message when --data was not given. */
bool cli_need_directory(const char *directory, struct failure *failure);

/* Reads the value of --at (NULL: no such option). Without a zone, that of the plans in the log, as all output has it. */
bool cli_parse_moment(const char *at, struct cli_moment *moment, struct failure *failure);

/* Replays, read-only. NULL with a failure. */
struct session *cli_open_moment(const char *directory, const struct cli_moment *asked, struct failure *failure);

#endif
