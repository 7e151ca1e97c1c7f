/* fuzz — what a fuzz target defines. libFuzzer calls it with bytes of its own making, replay_corpus.c with files. */
#ifndef PINYUE_TESTS_FUZZ_H
#define PINYUE_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Runs the code under test on these bytes. Returns 0; a mistake shows by crashing or by a broken assert. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#endif
