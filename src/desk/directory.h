/* directory — telephone numbers that lie over the published ones.
 *
 * What it is for: a plan's telephone book is printed once and its numbers change. Somebody of the duty room says which
 * number holds now instead of a published one, or adds one where the plan has none; both are shown, and it can be taken
 * back. It holds for all incidents, and for later versions of the plan that still print the old number.
 * Owns these numbers. It comes from the log's events (directory_take): "desk.phone" (plan, party, published, number,
 * reason). Must never write, read a clock, or change a plan.
 */
#ifndef PINYUE_DESK_DIRECTORY_H
#define PINYUE_DESK_DIRECTORY_H

#include "base/buffer.h"
#include "base/failure.h"
#include "base/text.h"
#include "plan/plan.h"
#include "run/session.h"

#include <stdbool.h>
#include <stdint.h>

struct directory;

struct directory_entry {
    struct text plan, party;
    struct text published; /* the number that is replaced; empty: a number besides those of the plan */
    struct text number;    /* empty: taken back */
    struct text by, reason;
    int64_t at, sequence; /* when it was said, and the event */
};

/* NULL when memory is exhausted. */
struct directory *directory_create(void);
void directory_destroy(struct directory *directory);

/* Sees an event of the log; passes over what is none of its own. */
bool directory_take(struct directory *directory, const struct session_entry *entry, struct failure *failure);

/* What holds instead of a published number of a party (empty: besides them); NULL where the published one stands. */
const struct directory_entry *directory_find(const struct directory *directory, struct text plan, struct text party,
                                             struct text published);

/* How often anything has been said of it: another number after each change. */
uint32_t directory_count_changes(const struct directory *directory);

/* In an exercise nobody is to be called: instead of its numbers a party has who plays it. `tell` appends that, in words. */
typedef void directory_player(void *context, const struct plan *plan, uint16_t party, struct buffer *out);
void directory_cast(struct directory *directory, directory_player *tell, void *context);

/* Appends who plays a party; false, and nothing is appended, where it is no exercise. */
bool directory_tell_player(const struct directory *directory, const struct plan *plan, uint16_t party,
                           struct buffer *out);

#endif
