/* chance — everything that a simulated run leaves to chance, drawn from one seed.
 *
 * Owns nothing but its 64 bits. The same seed gives the same draws on every machine. Different parts of a run (people,
 * clock, disk faults, salts) draw from chances of their own, so that a change in one does not shift the others.
 */
#ifndef PINYUE_TESTS_SIM_CHANCE_H
#define PINYUE_TESTS_SIM_CHANCE_H

#include <stdbool.h>
#include <stdint.h>

struct chance {
    uint64_t state;
};

/* A chance of its own for a part of a run. */
struct chance chance_begin(uint64_t seed, uint64_t part);

/* 64 random bits (splitmix64). */
uint64_t chance_draw(struct chance *chance);

/* A number from 0 to bound - 1; 0 when the bound is 0. */
uint32_t chance_below(struct chance *chance, uint32_t bound);

/* True in so many of a hundred cases. */
bool chance_percent(struct chance *chance, uint32_t percent);

/* A number from low to high, all equally likely. */
int64_t chance_between(struct chance *chance, int64_t low, int64_t high);

/* A number from 1 to high, each order of magnitude equally likely. */
int64_t chance_magnitude(struct chance *chance, int64_t high);

/* Picks a position of a table of weights. */
uint32_t chance_weigh(struct chance *chance, const uint8_t *weights, uint32_t count);

#endif
