#include "cli/moment.h"

#include "base/calendar.h"

#include <stdlib.h>

bool cli_need_directory(const char *directory, struct failure *failure) {
    return directory != NULL || failure_set(failure, "say where the log is: --data DIR");
}

bool cli_parse_moment(const char *at, struct cli_moment *moment, struct failure *failure) {
    struct failure inner = {0};
    if (at == NULL) {
        return true;
    }
    int64_t elsewhere = 0;
    if (!calendar_parse_instant(text_of(at), 0, &moment->at, &inner)) {
        return failure_set_field(failure, "--at", "%s", inner.message);
    }
    moment->has_at = true;
    if (calendar_parse_instant(text_of(at), 1, &elsewhere, &inner) && elsewhere != moment->at) {
        moment->local = at;
    }
    return true;
}

/* Reads a time without a zone in that of the plans that the log puts in force. */
static bool find_local(const char *directory, struct cli_moment *moment, struct failure *failure) {
    const struct session_options options = {.directory = directory, .read_only = true};
    struct failure inner = {0};
    int32_t zone = 0;
    struct session *session = session_open(&options, failure);
    if (session == NULL) {
        return false;
    }
    bool found = session_find_zone(session, &zone);
    session_close(session);
    if (!found) {
        return failure_set_field(failure, "--at",
                                 "the plans in this log are of several time zones: write %s+08:00, or another zone",
                                 moment->local);
    }
    return calendar_parse_instant(text_of(moment->local), zone, &moment->at, &inner) ||
           failure_set_field(failure, "--at", "%s", inner.message);
}

struct session *cli_open_moment(const char *directory, const struct cli_moment *asked, struct failure *failure) {
    struct cli_moment found = *asked;
    const struct cli_moment *moment = &found;
    if (found.local != NULL && !find_local(directory, &found, failure)) {
        return NULL;
    }
    const struct session_options options = {.directory = directory,
                                            .read_only = true,
                                            .last_sequence = moment->sequence,
                                            .has_last_at = moment->has_at,
                                            .last_at = moment->before ? moment->at - 1 : moment->at};
    struct session *session = session_open(&options, failure);
    if (session == NULL || !moment->has_at || engine_now(session_engine(session)) >= moment->at) {
        return session;
    }
    if (!session_advance(session, moment->at, NULL, NULL, failure)) {
        session_close(session);
        return NULL;
    }
    return session;
}
