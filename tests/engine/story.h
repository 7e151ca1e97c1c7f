/* story — events at random, from a seed: most of them such as people make, some of them nonsense.
 *
 * The generator looks at the engine by its public views alone, so the same seed on the same engine gives the same story,
 * and a story once made can be handed to other engines.
 */
#ifndef PINYUE_TESTS_STORY_H
#define PINYUE_TESTS_STORY_H

#include "engine/engine.h"

#include <stdbool.h>
#include <stdint.h>

/* Two versions of a rich pack, without header, for play_compile. */
extern const char *const STORY_PACKS[2];

/* A number below `bound` (splitmix64); 0 where there is none. */
uint32_t story_below(uint64_t *state, uint32_t bound);

/* Makes the next event. `plans`: the compiled versions. `wild`: fields out of all reason now and then. */
void story_next(uint64_t *state, const struct engine *engine, const struct plan *const plans[2], bool wild,
                struct engine_event *event);

#endif
