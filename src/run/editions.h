/* editions — packs and the plans that they were compiled into, each text compiled once.
 *
 * What it is for: a log puts packs in force as texts; whoever replays it needs the compiled plans for as long as there is
 * an engine that borrows them. A session has its own; who rebuilds parts of a log again and again keeps one for all.
 * Owns the plans and copies of the texts, until editions_destroy. Belongs to one thread.
 */
#ifndef PINYUE_RUN_EDITIONS_H
#define PINYUE_RUN_EDITIONS_H

#include "base/failure.h"
#include "base/text.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stdint.h>

struct editions;

/* NULL when memory is exhausted. */
struct editions *editions_create(void);
void editions_destroy(struct editions *editions);

/* The compiled plan of a pack; `file` is its name in messages. NULL with a failure that has the first message's place
 * where it does not compile. */
const struct plan *editions_find(struct editions *editions, struct text file, struct text source,
                                 struct failure *failure);

/* The text of the pack that a plan was compiled from; empty where the plan is none of these. */
struct text editions_find_source(const struct editions *editions, const struct plan *plan);

/* The zone of all plans (0 where there is none): false when they have several. */
bool editions_find_zone(const struct editions *editions, int32_t *zone_minutes);

#endif
