#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define OWNER_ROOM 24
#define REASON_ROOM 128

static bool fail_with_reason(const char *path, const char *doing, int code, struct failure *failure) {
    char reason[REASON_ROOM];
    if (strerror_r(code, reason, sizeof reason) != 0) {
        (void)snprintf(reason, sizeof reason, "system error %d", code);
    }
    return failure_set(failure, "The lock file %s cannot be %s: %s.", path, doing, reason);
}

/* The number that the holder wrote; "" when it has not come to that yet. */
static void read_owner(int descriptor, char owner[OWNER_ROOM]) {
    ssize_t length = pread(descriptor, owner, OWNER_ROOM - 1, 0);
    owner[length > 0 ? length : 0] = '\0';
    owner[strspn(owner, "0123456789")] = '\0';
}

static bool fail_as_taken(const char *path, int descriptor, struct failure *failure) {
    char owner[OWNER_ROOM];
    read_owner(descriptor, owner);
    return failure_set(
        failure,
        "Another program%s%s is writing this log (lock %s); a log has one writer at a time. Stop that one "
        "first, or open the log for reading.",
        owner[0] != '\0' ? " with process number " : "", owner, path);
}

/* Only for the message above: when it cannot be written, the lock holds all the same. */
static void write_owner(int descriptor) {
    char owner[OWNER_ROOM];
    int length = snprintf(owner, sizeof owner, "%ld\n", (long)getpid());
    if (ftruncate(descriptor, 0) == 0 && length > 0) {
        ssize_t written = pwrite(descriptor, owner, (size_t)length, 0);
        (void)written;
    }
}

bool lock_acquire(const char *path, int *descriptor, struct failure *failure) {
    int opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR | S_IRGRP);
    if (opened < 0) {
        return fail_with_reason(path, "opened for writing", errno, failure);
    }
    if (flock(opened, LOCK_EX | LOCK_NB) != 0) {
        bool taken = errno == EWOULDBLOCK;
        bool result = taken ? fail_as_taken(path, opened, failure) : fail_with_reason(path, "locked", errno, failure);
        (void)close(opened);
        return result;
    }
    write_owner(opened);
    *descriptor = opened;
    return true;
}

void lock_release(int descriptor) {
    if (descriptor >= 0) {
        (void)close(descriptor);
    }
}
