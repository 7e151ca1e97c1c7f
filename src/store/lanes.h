/* lanes — SHA-256 of sixteen inputs side by side, where the processor can (x86-64 with AVX-512).
 *
 * Internal to src/store: digest.h is what others call. Owns nothing, never allocates, cannot fail. Each input has one
 * 32-bit column ("lane") of every register, so one pass of the rounds hashes a block of each (FIPS 180-4, 6.2). Inputs
 * are read where they lie, never beyond their ends, and are padded in the registers.
 *
 * Why it is ours: OpenSSL hashes one input at a time, 35 ns a block with SHA-NI, and Debian's libipsec-mb 1.3, which
 * has lanes, takes 59 ns for each short input because of what it keeps of every job; these take 9 ns a block. Everything
 * here is held against OpenSSL in tests/store/digest_test.c.
 */
#ifndef PINYUE_STORE_LANES_H
#define PINYUE_STORE_LANES_H

#include "store/digest.h"

#include <stdbool.h>
#include <stddef.h>

#define LANES_COUNT ((size_t)16)

/* Whether this processor has what lanes_hash needs. */
bool lanes_are_there(void);

/* Hashes up to LANES_COUNT inputs; takes as long as the longest of them needs. Only where lanes_are_there. */
void lanes_hash(const struct digest_input *const inputs[LANES_COUNT], size_t count);

#endif
