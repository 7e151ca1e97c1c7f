/* failing_memory — lets a test refuse the n-th allocation, so that every "no memory" path is walked.
 *
 * The test programs are linked with --wrap for calloc and realloc; see meson.build.
 */
#ifndef PINYUE_TESTS_FAILING_MEMORY_H
#define PINYUE_TESTS_FAILING_MEMORY_H

#include <stddef.h>

/* Lets `count` more allocations succeed and refuses all after them. */
void failing_memory_allow(size_t count);

/* Lets every allocation succeed again. */
void failing_memory_stop(void);

#endif
