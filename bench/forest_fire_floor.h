/* forest_fire_floor — the five answers of the scale 响应 of plans/forest-fire.plan.md, written by hand for that plan alone.
 *
 * What it is for: the floor that the engine's speed is measured against, and an independent judge of its answers. Nothing
 * is looked up: every threshold, rule and rank stands in the code. It shares no line with the engine. docs/engine-model.md
 * says what the answers mean. Must follow the plan when its scale changes; the comparison in bench/decisions.c tells. */
#ifndef PINYUE_BENCH_FOREST_FIRE_FLOOR_H
#define PINYUE_BENCH_FOREST_FIRE_FLOOR_H

#include <stdint.h>

/* The facts that the scale looks at, in the order in which the plan declares them; flags come in one run. */
enum fire_fact {
    FIRE_BURNING, /* microseconds */
    FIRE_AREA,    /* thirds of a square millimetre */
    FIRE_DEAD,
    FIRE_TRAPPED,
    FIRE_SEVERE,
    FIRE_LOSS,
    FIRE_UNCONTROLLED,
    FIRE_DATE,
    FIRE_SITE,
    FIRE_HOMES,
    FIRE_FACILITIES,
    FIRE_OUTWARD,
    FIRE_INWARD,
    FIRE_MILITARY,
    FIRE_INDUSTRY,
    FIRE_RESERVE,
    FIRE_NATURE,
    FIRE_PLACE,
    FIRE_FACTS
};

#define FIRE_BIT(fact) (UINT32_C(1) << (fact))

enum { FIRE_ALARM = 1, FIRE_SMALL = 2, FIRE_FOREST = 4, FIRE_FALSE = 8 }; /* sets of natures */
enum { FIRE_HERE = 1, FIRE_NEXT_DOOR = 2 };                               /* sets of places */

/* What is known: a range of each number, for the flags which are certainly and which possibly so (by FIRE_BIT). */
struct fire {
    int64_t burning_low, burning_high;
    int64_t area_low, area_high;
    int32_t dead_low, dead_high;
    int32_t trapped_low, trapped_high;
    int32_t severe_low, severe_high;
    uint32_t yes, maybe;
    uint8_t nature, place;
};

struct fire_answer {
    uint8_t level, may;     /* 0: none, 4: Ⅰ级 */
    uint16_t because, open; /* rules by position */
    uint8_t ask_count;
    uint8_t ask[FIRE_FACTS]; /* enum fire_fact */
};

/* All five answers. */
void fire_decide(const struct fire *fire, struct fire_answer *answer);

#endif
