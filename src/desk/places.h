/* places — where incidents are, as the duty room has said.
 *
 * What it is for: "desk.place" (incident, place, reason) says where an incident is, or that it is elsewhere than was thought;
 * the last one holds. Where nobody has said so, the first call that names a place does (desk_find_place, state.h).
 * Owns its texts. Must never: judge what is logged; that is for whoever logs it.
 */
#ifndef PINYUE_DESK_PLACES_H
#define PINYUE_DESK_PLACES_H

#include "base/text.h"
#include "run/session.h"

#include <stdbool.h>
#include <stdint.h>

struct places;

/* NULL when memory is exhausted. */
struct places *places_create(void);
void places_destroy(struct places *places);

/* Takes an event in; others than this kind are passed over. */
bool places_take(struct places *places, const struct session_entry *entry, struct failure *failure);

/* What was last said of an incident; empty where nothing was. Valid until places_destroy. */
struct text places_find(const struct places *places, uint32_t incident);

#endif
