/* dossier_plan — what the plan made of an incident's own events: levels reached, proposals, duties, what came due undone.
 *
 * What it is for: the events of a record are what people have said and done; what follows from them is in no event, and is told
 * beside them in the record's timeline. An engine is told the record's own events alone, so that whoever has the record comes
 * to the same. Where the record has not all that the plan has looked at (another incident was merged with it), it says so and
 * tells no more. Owns its engine. For src/desk/dossier*.c alone.
 */
#ifndef PINYUE_DESK_DOSSIER_PLAN_H
#define PINYUE_DESK_DOSSIER_PLAN_H

#include "desk/dossier_part.h"
#include "plan/plan.h"
#include "run/editions.h"

struct dossier_plan;

/* Everything is lent and must outlive it. NULL when memory is exhausted. */
struct dossier_plan *dossier_plan_open(struct store *copy, struct editions *editions, const struct dossier *dossier,
                                       struct failure *failure);
void dossier_plan_close(struct dossier_plan *plan); /* NULL is allowed */

/* Lets time pass up to an instant, or takes an event of the record, heard at an instant; appends what comes of it as lines, each
 * with its end. */
void dossier_plan_pass(struct dossier_plan *plan, int64_t at, struct buffer *out);
void dossier_plan_take(struct dossier_plan *plan, const struct store_record *record, int64_t at, struct buffer *out);

/* Behind the last event: that nothing was told at all, where the record has not the incident's opening. */
void dossier_plan_end(const struct dossier_plan *plan, bool chinese, struct buffer *out);

#endif
