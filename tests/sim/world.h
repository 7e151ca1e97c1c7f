/* world — one simulated run: a district's days under one seed, with everything that goes wrong in them.
 *
 * Owns the machine, the judge and the clock. A run is a number of steps; each lets time pass, lets somebody do
 * something, perhaps has the disk fail or the power go, and holds what comes out against what was promised. The first
 * broken promise ends the run and stands in `fault`. The same seed and the same packs give the same run.
 */
#ifndef PINYUE_TESTS_SIM_WORLD_H
#define PINYUE_TESTS_SIM_WORLD_H

#include "base/buffer.h"
#include "base/failure.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

#define WORLD_PACKS 7

/* The packs that may be put in force; what does not belong is refused with a message. */
enum world_pack {
    WORLD_DISTRICT_1,
    WORLD_DISTRICT_2,
    WORLD_DISTRICT_3, /* the first one's text again, as version 3 */
    WORLD_FOREST_1,
    WORLD_FOREST_2, /* the same text as version 2 */
    WORLD_BROKEN,   /* does not compile */
    WORLD_CHANGED   /* another text under version 1 */
};

struct world_counts {
    uint64_t steps, accepted, refused, garbage, repeated, late, power_cuts, kills, disk_errors, full_disks, reopenings,
        failed_openings, survivors, notices, retellings;
};

struct world_result {
    struct failure fault;
    uint32_t step;       /* at which the run ended */
    struct buffer story; /* the last events, for the report; the caller releases it */
    uint64_t digest;     /* of everything that came out: equal for equal seeds */
};

/* Runs a seed. `packs` are the texts by enum world_pack. True when nothing was broken; adds to `counts`. */
bool world_run(uint64_t seed, const struct text packs[WORLD_PACKS], struct world_counts *counts,
               struct world_result *result);

#endif
