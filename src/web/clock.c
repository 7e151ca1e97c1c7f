#include "web/clock.h"

void clock_begin(struct clock *clock, int64_t wall, int64_t boot, int64_t last_event, bool has_open_clocks) {
    *clock = (struct clock){.state = CLOCK_GOOD, .wall = wall, .boot = boot, .now = wall, .seen_wall = wall};
    if (last_event == INT64_MIN) {
        return;
    }
    if (wall < last_event) {
        /* Within a step it is a small correction: the time stands still until the wall clock has come up. */
        clock->state = last_event - wall > CLOCK_STEP_US ? CLOCK_BEFORE_LOG : CLOCK_GOOD;
        clock->now = last_event;
    } else if (has_open_clocks && wall - last_event > CLOCK_LONG_STOP_US) {
        clock->state = CLOCK_LONG_STOP;
        clock->now = last_event;
    }
}

/* The time never goes back. */
static int64_t advance(struct clock *clock, int64_t now) {
    clock->now = now > clock->now ? now : clock->now;
    return clock->now;
}

int64_t clock_tell(struct clock *clock, int64_t wall, int64_t boot) {
    clock->seen_wall = wall;
    wall += clock->offset;
    if (clock->state == CLOCK_BEFORE_LOG || clock->state == CLOCK_LONG_STOP) {
        return clock->now;
    }
    int64_t running = clock->wall + (boot - clock->boot);
    int64_t difference = wall - running;
    if (clock->state == CLOCK_STEPPED) {
        return advance(clock, running);
    }
    if (difference > CLOCK_STEP_US || difference < -CLOCK_STEP_US) {
        clock->state = CLOCK_STEPPED;
        return advance(clock, running);
    }
    clock->wall = wall;
    clock->boot = boot;
    return advance(clock, wall);
}

bool clock_may_be_set(const struct clock *clock) {
    return clock->state != CLOCK_GOOD || clock->offset > CLOCK_STEP_US || clock->offset < -CLOCK_STEP_US;
}

void clock_set(struct clock *clock, int64_t right, int64_t wall, int64_t boot) {
    clock->state = CLOCK_GOOD;
    clock->wall = right;
    clock->boot = boot;
    clock->seen_wall = wall;
    clock->offset = right - wall;
    clock->now = right > clock->now ? right : clock->now;
}

const char *clock_state_name(enum clock_state state) {
    static const char *const names[] = {"good", "stepped", "before-log", "long-stop"};
    return names[state];
}
