#include "chance.h"

struct chance chance_begin(uint64_t seed, uint64_t part) {
    struct chance chance = {seed ^ (part * UINT64_C(0xd1342543de82ef95))};
    (void)chance_draw(&chance);
    return chance;
}

uint64_t chance_draw(struct chance *chance) {
    uint64_t mixed = chance->state += UINT64_C(0x9e3779b97f4a7c15);
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ (mixed >> 31);
}

uint32_t chance_below(struct chance *chance, uint32_t bound) {
    return bound == 0 ? 0 : (uint32_t)(chance_draw(chance) % bound);
}

bool chance_percent(struct chance *chance, uint32_t percent) {
    return chance_below(chance, 100) < percent;
}

int64_t chance_between(struct chance *chance, int64_t low, int64_t high) {
    if (high <= low) {
        return low;
    }
    uint64_t width = (uint64_t)high - (uint64_t)low;
    uint64_t drawn = chance_draw(chance);
    return (int64_t)((uint64_t)low + (width == UINT64_MAX ? drawn : drawn % (width + 1)));
}

int64_t chance_magnitude(struct chance *chance, int64_t high) {
    uint32_t bits = 0;
    while (bits < 62 && (INT64_C(1) << bits) < high) {
        bits++;
    }
    int64_t ceiling = INT64_C(1) << chance_below(chance, bits + 1);
    return chance_between(chance, 1, ceiling < high ? ceiling : high);
}

uint32_t chance_weigh(struct chance *chance, const uint8_t *weights, uint32_t count) {
    uint32_t total = 0;
    for (uint32_t i = 0; i < count; i++) {
        total += weights[i];
    }
    uint32_t drawn = chance_below(chance, total);
    for (uint32_t i = 0; i < count; i++) {
        if (drawn < weights[i]) {
            return i;
        }
        drawn -= weights[i];
    }
    return 0;
}
