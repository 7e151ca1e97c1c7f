/* A system that is slow to take a socket out of an epoll set, for a program under test: loaded before the C library (LD_PRELOAD), it
 * gives other threads time to do the same meanwhile. tests/serve/stopping builds it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/epoll.h>
#include <unistd.h>

int epoll_ctl(int set, int operation, int file, struct epoll_event *event) {
    int (*own)(int, int, int, struct epoll_event *) = NULL;
    *(void **)&own = dlsym(RTLD_NEXT, "epoll_ctl");
    if (operation == EPOLL_CTL_DEL) {
        (void)usleep(20000);
    }
    return own(set, operation, file, event);
}
