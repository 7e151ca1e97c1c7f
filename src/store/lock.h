/* lock — one writer per data directory.
 *
 * Owns the open lock file while it is held; the system gives the lock back when the process ends, however it ends. The
 * file itself stays: removing it would let two writers lock two files of one name. Never waits.
 */
#ifndef PINYUE_STORE_LOCK_H
#define PINYUE_STORE_LOCK_H

#include "base/failure.h"

#include <stdbool.h>

/* Takes the lock on `path`, made when it is missing, and writes this process's number into it for whoever is refused.
 * *descriptor is for lock_release. False when another program has it (named by its number) or the file cannot be had. */
bool lock_acquire(const char *path, int *descriptor, struct failure *failure);

/* Gives the lock back. A negative descriptor is allowed. */
void lock_release(int descriptor);

#endif
