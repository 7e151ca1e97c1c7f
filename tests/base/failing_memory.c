#include "failing_memory.h"

#include <stdbool.h>

static bool is_limited = false;
static size_t allowed = 0;

/* The names that the linker's --wrap gives to the real functions and to ours. */
void *__real_calloc(size_t count, size_t size); /* NOLINT(bugprone-reserved-identifier,cert-dcl*) */
void *__real_realloc(void *old, size_t size);   /* NOLINT(bugprone-reserved-identifier,cert-dcl*) */
void *__wrap_calloc(size_t count, size_t size); /* NOLINT(bugprone-reserved-identifier,cert-dcl*) */
void *__wrap_realloc(void *old, size_t size);   /* NOLINT(bugprone-reserved-identifier,cert-dcl*) */

void failing_memory_allow(size_t count) {
    is_limited = true;
    allowed = count;
}

void failing_memory_stop(void) {
    is_limited = false;
}

static bool is_refused(void) {
    if (!is_limited) {
        return false;
    }
    if (allowed == 0) {
        return true;
    }
    allowed--;
    return false;
}

/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl*) */
void *__wrap_calloc(size_t count, size_t size) {
    return is_refused() ? NULL : __real_calloc(count, size);
}

/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl*) */
void *__wrap_realloc(void *old, size_t size) {
    return is_refused() ? NULL : __real_realloc(old, size);
}
