/* fire_boxes — random knowledge of a forest fire, in the engine's form and in the hand-written floor's.
 *
 * Owns nothing. The same seed gives the same knowledge on every machine. */
#ifndef PINYUE_BENCH_FIRE_BOXES_H
#define PINYUE_BENCH_FIRE_BOXES_H

#include "engine/decide.h"
#include "forest_fire_floor.h"

#include <stdbool.h>

/* The plan's own numbers of what the floor knows by heart. */
struct fire_plan {
    const struct plan *plan;
    uint16_t subject, scale;
    uint8_t slots[FIRE_FACTS];
};

/* Finds the scale and its facts by name; false with a message printed. */
bool fire_plan_find(struct fire_plan *fire_plan, const struct plan *plan);

/* How much is known: everything exactly, or anything from everything to nothing, in ranges and in sets. */
enum fire_knowledge { FIRE_KNOWN, FIRE_MIXTURE };

void fire_draw(const struct fire_plan *fire_plan, enum fire_knowledge knowledge, uint64_t *random, struct fire *fire);
void fire_fill_box(const struct fire_plan *fire_plan, const struct fire *fire, struct decide_box *box);
void fire_print(const struct fire *fire);

#endif
