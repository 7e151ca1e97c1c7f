/* A wall clock that is ahead, for a program under test: loaded before the C library (LD_PRELOAD), it adds $WALL_CLOCK_AHEAD seconds
 * to CLOCK_REALTIME, as after a long stop. Running time stays as it is. tests/serve/promises builds it. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *now) {
    long status = syscall(SYS_clock_gettime, clock, now);
    const char *ahead = getenv("WALL_CLOCK_AHEAD");
    if (status == 0 && clock == CLOCK_REALTIME && ahead != NULL) {
        now->tv_sec += (time_t)strtoll(ahead, NULL, 10);
    }
    return (int)status;
}
