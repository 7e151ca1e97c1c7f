/* part — which events of the log are needed to tell one incident's story alone.
 *
 * What it is for: an incident's audit rebuilds it as it was at a moment from its own events, and those of what has been
 * merged with it, and the plans; however long the log is. Here stands which these are; audit.h reads and retells them.
 * Owns nothing. For src/desk alone.
 */
#ifndef PINYUE_DESK_PART_H
#define PINYUE_DESK_PART_H

#include "base/buffer.h"
#include "desk/state.h"

#include <stdbool.h>
#include <stdint.h>

/* An event that is needed. */
struct part_step {
    int64_t sequence;
    uint32_t number; /* of the first incident that it opens, or of the call that it saves; 0: neither */
};

/* Appends the steps of an incident, by sequence, each once. False when memory is exhausted. */
bool part_find(const struct desk *desk, uint32_t incident, struct buffer *steps);

#endif
