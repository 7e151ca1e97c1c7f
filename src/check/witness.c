#include "check/witness.h"

#define OFF_USUAL_MAX                                                                                                  \
    12U /* facts off their usual value that are still counted; past it the smallest set is not sought */

/* Assumes it if that can be; false, with nothing assumed, if not. */
static bool try_to_assume(struct prover *prover, Z3_ast that) {
    prover_push(prover);
    prover_assume(prover, that);
    enum answer answer = prover_ask(prover);
    prover_pop(prover);
    if (answer == ANSWER_YES) {
        prover_assume(prover, that);
    }
    return answer == ANSWER_YES;
}

static uint64_t measure_distance(int64_t left, int64_t right) {
    return left > right ? (uint64_t)left - (uint64_t)right : (uint64_t)right - (uint64_t)left;
}

/* The value nearest to `origin` that can be, by halving; what comes after is for numbers that no condition names. */
static int64_t halve(struct prover *prover, uint32_t index, Z3_ast value, int64_t origin) {
    const struct axis *axis = &prover->space->axes[index];
    uint64_t least = 0;
    uint64_t most = measure_distance(origin, axis->low);
    uint64_t up = measure_distance(origin, axis->high);
    most = up > most ? up : most;
    while (least < most) {
        uint64_t middle = least + (most - least) / 2;
        int64_t low = middle > measure_distance(origin, axis->low) ? axis->low : origin - (int64_t)middle;
        int64_t high = middle > up ? axis->high : origin + (int64_t)middle;
        prover_push(prover);
        prover_assume(prover, prover_is_within(prover, value, low, high));
        enum answer answer = prover_ask(prover);
        prover_pop(prover);
        if (answer == ANSWER_YES) {
            most = middle;
        } else {
            least = middle + 1;
        }
    }
    int64_t above = least > up ? axis->high : origin + (int64_t)least;
    int64_t below = least > measure_distance(origin, axis->low) ? axis->low : origin - (int64_t)least;
    return try_to_assume(prover, prover_equals(prover, index, value, above)) ? above : below;
}

/* Settles one value: the origin itself, a nice number nearest to it, or whatever is nearest. */
static int64_t settle(struct prover *prover, uint32_t index, Z3_ast value, int64_t origin) {
    const struct axis *axis = &prover->space->axes[index];
    uint32_t below = 0;
    while (below < axis->nice_count && axis->nice[below] <= origin) {
        below++;
    }
    uint32_t above = below;
    while (below > 0 || above < axis->nice_count) {
        bool take_below = below > 0 && (above == axis->nice_count || measure_distance(axis->nice[below - 1], origin) <=
                                                                         measure_distance(axis->nice[above], origin));
        int64_t candidate = take_below ? axis->nice[--below] : axis->nice[above++];
        if (try_to_assume(prover, prover_equals(prover, index, value, candidate))) {
            return candidate;
        }
    }
    int64_t found = halve(prover, index, value, origin);
    prover_assume(prover, prover_equals(prover, index, value, found));
    return found;
}

/* At most so many of the axes looked at are off their usual value. */
static Z3_ast limit_off_usual(struct prover *prover, const struct witness *witness, Z3_ast *off, unsigned most) {
    unsigned count = 0;
    for (uint32_t i = 0; i < prover->space->count; i++) {
        if (witness->looked_at[i]) {
            off[count++] = prover_not(prover, prover_equals(prover, i, witness->base[i], prover->space->axes[i].usual));
        }
    }
    return Z3_mk_atmost(prover->z3, count, off, most);
}

static void assume_fewest(struct prover *prover, const struct witness *witness) {
    Z3_ast *off = arena_allocate_array(prover->arena, prover->space->count, sizeof(Z3_ast));
    for (unsigned most = 0; off != NULL && most <= OFF_USUAL_MAX; most++) {
        if (try_to_assume(prover, limit_off_usual(prover, witness, off, most))) {
            return;
        }
    }
}

static void settle_base(struct prover *prover, struct witness *witness) {
    const struct space *space = prover->space;
    bool has_axes = false;
    for (uint32_t i = 0; i < space->count; i++) {
        witness->values[i] = space->axes[i].usual;
        has_axes = has_axes || witness->looked_at[i];
    }
    if (has_axes) {
        assume_fewest(prover, witness);
    }
    for (uint32_t i = space->count; i-- > 0;) {
        if (witness->looked_at[i]) {
            Z3_ast usual = prover_equals(prover, i, witness->base[i], space->axes[i].usual);
            witness->values[i] = try_to_assume(prover, usual) ? space->axes[i].usual : space->axes[i].usual + 1;
        }
    }
    for (uint32_t i = 0; i < space->count; i++) {
        if (witness->values[i] != space->axes[i].usual) {
            witness->values[i] = settle(prover, i, witness->base[i], space->axes[i].usual);
        }
    }
}

enum answer witness_find(struct prover *prover, struct witness *witness) {
    enum answer answer = prover_ask(prover);
    if (answer != ANSWER_YES) {
        return answer;
    }
    prover_push(prover);
    settle_base(prover, witness);
    for (uint32_t i = 0; i < witness->other_count; i++) {
        witness->other_values[i] = settle(prover, witness->axis, witness->others[i], witness->values[witness->axis]);
    }
    prover_pop(prover);
    return ANSWER_YES;
}
