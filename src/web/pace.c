#include "web/pace.h"

int64_t pace_tell(const struct pace *pace, int64_t boot) {
    return pace->is_paused || boot <= pace->boot ? pace->base : pace->base + (boot - pace->boot) * pace->speed;
}

void pace_set(struct pace *pace, int64_t boot, int speed, bool is_paused) {
    pace->base = pace_tell(pace, boot);
    pace->boot = boot;
    pace->speed = speed;
    pace->is_paused = is_paused;
}

int64_t pace_find_wait(const struct pace *pace, int64_t boot, int64_t next, int64_t most) {
    int64_t now = pace_tell(pace, boot);
    if (pace->is_paused) {
        return most;
    }
    if (next <= now) {
        return 0;
    }
    int64_t left = (next - now) / pace->speed + 1;
    return next - now > most * pace->speed || left > most ? most : left;
}
