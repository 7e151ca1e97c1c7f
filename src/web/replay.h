/* replay — what has been answered lately, so that the same request under the same Idempotency-Key is answered alike.
 *
 * What it is for: signing in, a person's own password and second factor. They stand in no log, and some of what they answer
 * (recovery codes, a session's token) may stand nowhere: so it is kept in memory alone, for REPLAY_US, of the last
 * REPLAY_ROOM. What was said is kept as a hash under a random secret. A restart forgets it.
 * Owns all of that, and wipes what it lets go. Belongs to one thread: the registrar and the doorkeeper have one each. Must never read a clock.
 */
#ifndef PINYUE_WEB_REPLAY_H
#define PINYUE_WEB_REPLAY_H

#include "base/text.h"

#include <stdint.h>

#define REPLAY_ROOM 64U
#define REPLAY_US (INT64_C(10) * 60 * 1000000)

struct replays;

/* NULL when memory is exhausted, or the machine gives no random numbers. */
struct replays *replays_create(void);
void replays_destroy(struct replays *replays); /* NULL is allowed */

enum replay_found {
    REPLAY_NONE, /* nothing was said under the key */
    REPLAY_SAME, /* the same was said: *answer is what was kept, borrowed until the next call */
    REPLAY_OTHER /* something else was said under it */
};

/* Looks whether `who` has said something under a key. */
enum replay_found replays_find(struct replays *replays, struct text who, struct text key, struct text said, int64_t now,
                               struct text *answer);

/* Keeps what was answered; where there is no memory nothing is kept. Replaces what was kept under the key. */
void replays_keep(struct replays *replays, struct text who, struct text key, struct text said, int64_t now,
                  struct text answer);

#endif
