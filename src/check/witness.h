/* witness — the smallest case that bears a finding out, the same one each time. Internal to src/check.
 *
 * Z3's own models are not shown: which one it comes upon first says nothing to a person. What is shown depends on its
 * yes and no alone: as few facts as possible off their usual value, those declared first rather than later ones, each
 * at the value nearest the usual one, round numbers that the plan itself names before others.
 */
#ifndef PINYUE_CHECK_WITNESS_H
#define PINYUE_CHECK_WITNESS_H

#include "check/prover.h"

#define WITNESS_OTHERS_MAX 2

struct witness {
    const Z3_ast *base;    /* the case that is sought, of the prover's */
    const bool *looked_at; /* the axes that have part in the question; the rest stays at the usual value */
    /* Further values of one axis, sought nearest to what the base has there. */
    uint32_t axis;
    Z3_ast others[WITNESS_OTHERS_MAX];
    uint32_t other_count;
    /* The answer: */
    int64_t *values; /* room for one value an axis */
    int64_t other_values[WITNESS_OTHERS_MAX];
};

/* Looks for the smallest case for which all that the prover assumes holds. The prover is left as it was. */
enum answer witness_find(struct prover *prover, struct witness *witness);

#endif
