/* clock — what time it is, and whether that can be believed.
 *
 * What it is for: the writer's time. Running time follows the time since the machine's boot (which goes on through sleep
 * and is set by nobody); the wall clock only says where it began, and small corrections of the wall clock (at most five
 * seconds) are followed. When the wall clock is stepped by more, or a start finds it before the log's last event, or more
 * than a day behind it with clocks open, the time is in doubt: nothing may come due and nothing be written until a named
 * person has accepted the wall clock or said what time it is.
 * Owns nothing. Reads no clock itself: whoever asks hands both readings in, so that it can be tested.
 */
#ifndef PINYUE_WEB_CLOCK_H
#define PINYUE_WEB_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_STEP_US INT64_C(5000000)
#define CLOCK_LONG_STOP_US (INT64_C(24) * 3600 * 1000000)

enum clock_state {
    CLOCK_GOOD,
    CLOCK_STEPPED,    /* the wall clock has been set while we ran */
    CLOCK_BEFORE_LOG, /* at the start it stands before the log's last event */
    CLOCK_LONG_STOP   /* at the start it stands more than a day after it, and clocks are open */
};

struct clock {
    enum clock_state state;
    int64_t wall, boot; /* microseconds: the last readings while the time was good */
    int64_t now;        /* the last time told */
    int64_t seen_wall;  /* the last reading of the wall clock, whatever it was worth */
    int64_t offset;     /* that a person has said to add to the wall clock */
};

/* Begins with both readings. `last_event` is the instant of the log's last event, INT64_MIN where there is none. */
void clock_begin(struct clock *clock, int64_t wall, int64_t boot, int64_t last_event, bool has_open_clocks);

/* The time as of these readings, never less than it has told before. In doubt it is what it would be by running time. */
int64_t clock_tell(struct clock *clock, int64_t wall, int64_t boot);

/* Whether there is something for a person to say: the time is in doubt, or one has said another than the wall clock's, and may have
 * been wrong. */
bool clock_may_be_set(const struct clock *clock);

/* A person has accepted the wall clock (`right` is its reading) or said what time it is. */
void clock_set(struct clock *clock, int64_t right, int64_t wall, int64_t boot);

/* The word by which the API names a state: "good", "stepped", "before-log", "long-stop". */
const char *clock_state_name(enum clock_state state);

#endif
