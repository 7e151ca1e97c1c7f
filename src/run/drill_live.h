/* drill_live — a drill whose script plays on somebody else's session, beside people: an exercise on the desk.
 *
 * What it is for: `pinyue drill` plays a file by itself (drill.h); here the same file, statement by statement at its instants,
 * goes into a session that people use at the same time. What a party would do that a person plays is not done but offered
 * (struct drill_offer): it is what that person should do by then. docs/exercises.md says what follows for whom.
 * Owns: the drill's text, its reading place, what people have planned to do of themselves, the offers, the verdicts on what
 * the drill expects. Must never read a clock or touch the session but through its stage.
 *
 * Belongs to one thread.
 */
#ifndef PINYUE_RUN_DRILL_LIVE_H
#define PINYUE_RUN_DRILL_LIVE_H

#include "base/failure.h"
#include "base/text.h"
#include "engine/engine.h"
#include "plan/plan.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct drill_live;

/* What the script asks of whoever has the session. Consequences come back through drill_live_hear, of what people do too. */
struct drill_stage {
    void *context;
    /* Takes an event, at its instant or, where the session is further already, at the session's. False with a failure when it
     * is refused; with *has_failed when the session can take nothing any more. */
    bool (*accept)(void *context, const struct engine_event *event, bool *has_failed, struct failure *failure);
    /* Lets what comes due by itself happen up to an instant. */
    bool (*pass)(void *context, int64_t at, struct failure *failure);
    /* Puts a pack in force. */
    bool (*adopt)(void *context, int64_t at, struct text source, struct text file, struct text pack,
                  const struct plan **plan, struct failure *failure);
    /* Notes where an incident is. False with a failure when the session can take nothing any more. */
    bool (*place)(void *context, uint32_t incident, int64_t at, struct text place, struct failure *failure);
    /* Whether a person plays a party; of PLAN_NONE: the duty room, which opens incidents, notes what is reported, binds
     * roles. */
    bool (*is_played)(void *context, const struct plan *plan, uint16_t party);
};

enum drill_outcome {
    DRILL_OFFER_OPEN,
    DRILL_OFFER_DONE,    /* it is so: a person did it in his own way */
    DRILL_OFFER_PLAYED,  /* a person had the script do it */
    DRILL_OFFER_STOOD_IN /* nobody did it, and the script could not go on without */
};

struct drill_offer {
    uint32_t number;   /* from 1 */
    uint32_t line;     /* of the file */
    int64_t at;        /* when the script would have done it */
    struct text party; /* who it is for; empty: the duty room */
    struct text statement;
    uint32_t incident; /* 0: the one that is to be opened first */
    enum drill_outcome outcome;
    int64_t settled_at; /* ENGINE_NEVER while it is open */
};

/* How an expectation of the drill has turned out. */
struct drill_verdict {
    uint32_t line;
    int64_t at;
    bool passed;
    struct text statement, actual;
};

/* The title that a drill file gives itself, into the file's text or `room`; empty where it gives none. */
struct text drill_live_find_title(struct text source, char *room, size_t room_size);

/* Reads the file; `path` is its own, from which its packs are found. The stage is copied. NULL with the place of the first
 * mistake that can be seen before playing. */
struct drill_live *drill_live_open(const char *path, struct text source, const struct drill_stage *stage,
                                   struct failure *failure);
void drill_live_close(struct drill_live *live);

/* The title, the name of the plan, the instant at which it starts (us). */
struct text drill_live_title(const struct drill_live *live);
struct text drill_live_plan_name(const struct drill_live *live);
int64_t drill_live_start(const struct drill_live *live);

/* Begins with a session in which nothing has happened: puts the pack in force. The engine is borrowed. */
bool drill_live_begin(struct drill_live *live, const struct engine *engine, struct failure *failure);

/* Goes on where drill_live_write has written; the engine has replayed the session. */
bool drill_live_resume(struct drill_live *live, const struct engine *engine, const json_t *written, int64_t now,
                       struct failure *failure);

/* The reading place, handles, offers and verdicts, for drill_live_resume; NULL when memory is exhausted. */
json_t *drill_live_write(const struct drill_live *live);

/* An engine_sink, the context being the drill: hears of every consequence in the session. */
void drill_live_hear(void *context, const struct engine_output *output);

/* The next instant at which the script or the people that it plays do something; ENGINE_NEVER at the end. */
int64_t drill_live_next(struct drill_live *live);

/* Plays all up to an instant, with what comes due by itself, each at its own. False when the file is wrong or the session can
 * take nothing any more. */
bool drill_live_pass(struct drill_live *live, int64_t until, struct failure *failure);

/* Has the script do what it had offered. False when there is no such open offer, or it is refused. */
bool drill_live_play(struct drill_live *live, uint32_t number, int64_t now, struct failure *failure);

/* How far the script has come: statements taken, and all. */
uint32_t drill_live_place(const struct drill_live *live, uint32_t *all);

/* How many offers there have been. */
uint32_t drill_live_offer_count(const struct drill_live *live);
/* One of them, from 0; NULL behind the last. Valid until the next call that plays. */
const struct drill_offer *drill_live_offer(const struct drill_live *live, uint32_t index);
/* How many expectations have been judged. */
uint32_t drill_live_verdict_count(const struct drill_live *live);
/* One of them, from 0, in order. */
struct drill_verdict drill_live_verdict(const struct drill_live *live, uint32_t index);

#endif
