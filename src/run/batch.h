/* batch — events that wait to be made durable together.
 *
 * What it is for: the group commit of a session. Owns copies of the fields of the events that wait; batch_destroy frees
 * them. Must never let one event of it be durable without the others.
 */
#ifndef PINYUE_RUN_BATCH_H
#define PINYUE_RUN_BATCH_H

#include "base/failure.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>

struct batch;

/* NULL when memory is exhausted. */
struct batch *batch_create(void);
void batch_destroy(struct batch *batch);

/* Copies an event behind those that wait. False when the log could not hold it (see store_check), or memory is
 * exhausted; the batch is as it was then. */
bool batch_add(struct batch *batch, const struct store_field *fields, size_t count, struct failure *failure);

/* How many wait. */
size_t batch_count(const struct batch *batch);

/* Makes them durable in one transaction; none of them is in the log when it fails. Empty afterwards in both cases. */
bool batch_append(struct batch *batch, struct store *store, struct failure *failure);

#endif
