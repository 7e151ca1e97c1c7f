/* pace — what time it is in an exercise: faster than outside, or standing still.
 *
 * Owns nothing. Reads no clock itself: whoever asks hands the time since the machine's boot in.
 */
#ifndef PINYUE_WEB_PACE_H
#define PINYUE_WEB_PACE_H

#include <stdbool.h>
#include <stdint.h>

struct pace {
    int64_t base, boot; /* microseconds: the exercise's time, and when it was that */
    int speed;          /* of the exercise's time, from 1 on; kept while it is paused */
    bool is_paused;
};

int64_t pace_tell(const struct pace *pace, int64_t boot);

/* Changes the speed, from now on; time does not leap by it. */
void pace_set(struct pace *pace, int64_t boot, int speed, bool is_paused);

/* How long it is outside until `next` inside, at most `most`; that too while it is paused. */
int64_t pace_find_wait(const struct pace *pace, int64_t boot, int64_t next, int64_t most);

#endif
