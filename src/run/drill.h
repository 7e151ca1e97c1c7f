/* drill — a scenario in virtual time: played through a plan, told as a timeline, judged by what it expects.
 *
 * What it is for: `pinyue drill`, the plans' own tests, later exercises on the desk. docs/drills.md is the language.
 * Owns: a session (in memory, or over a data directory) and everything told. People's delays are drawn here, from the
 * drill's seed; the engine never draws. Must never read the clock.
 */
#ifndef PINYUE_RUN_DRILL_H
#define PINYUE_RUN_DRILL_H

#include "base/buffer.h"
#include "base/failure.h"
#include "base/text.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct drill_options {
    const char *directory; /* log the events there, in a log that has none yet; NULL: in memory */
    struct text pack;      /* stands for every pack that the drill names, for tests; empty: they are read from files */
};

struct drill_result {
    struct buffer text;    /* timeline and judgement for a terminal */
    json_t *json;          /* the same for tools */
    uint32_t expectations; /* how many there were */
    uint32_t failed;       /* expectations that did not hold, and steps that could not be taken */
};

/* Plays the drill in `source`; `path` is its file's, from which its packs are found and which messages name. False when
 * the file is wrong, with the place of the first mistake; an expectation that does not hold is no failure. The caller
 * releases the result in both cases; initialise it to {0}. */
bool drill_play(const char *path, struct text source, const struct drill_options *options, struct drill_result *result,
                struct failure *failure);

/* Frees the text and the JSON. */
void drill_result_release(struct drill_result *result);

#endif
