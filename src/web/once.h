/* once — what stands in no log and is said again over a bad line is done once all the same.
 *
 * What it is for: signing in, a person's own password and second factor, which are done by one thread each; replay.h keeps
 * what that thread has answered.
 * Owns nothing. For src/web alone.
 */
#ifndef PINYUE_WEB_ONCE_H
#define PINYUE_WEB_ONCE_H

#include "web/exchange.h"
#include "web/replay.h"

/* A kind of thing that is done once. */
struct once {
    void (*act)(struct exchange *exchange);               /* does it, and sets the answer */
    struct text (*keep)(const struct exchange *exchange); /* what is kept of an answer that it was done */
    bool (*again)(struct exchange *exchange,
                  struct text kept); /* answers with that; false: it no longer holds, and is done anew */
};

/* Sets the answer to what `sayer` says under the request's key: as before where he has said it before, a conflict where he has said
 * something else under it, else what comes of doing it. `replays` may be NULL, and there may be no key: then it is done. */
void once_answer(struct replays *replays, struct exchange *exchange, struct text sayer, const struct once *once);

#endif
