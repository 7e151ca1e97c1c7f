/* people — what the people of a district do and say: events made from chance, from a plan and from what stands.
 *
 * Knows no plan by name: whatever the incident's plan declares is reported, owed, ordered and refused. Most of what it
 * makes can be taken, some of it cannot (and must be refused with a reason), and `people_spoil` makes garbage of an
 * event on purpose.
 */
#ifndef PINYUE_TESTS_SIM_PEOPLE_H
#define PINYUE_TESTS_SIM_PEOPLE_H

#include "chance.h"

#include "base/buffer.h"
#include "engine/engine.h"

#include <stdbool.h>
#include <stdint.h>

/* Makes an event that happens now. False when chance found nothing to do. Texts are static, the plan of an OPEN is the
 * engine's. */
bool people_act(struct chance *chance, const struct engine *engine, int64_t now, struct engine_event *event);

/* Opens an incident of any kind of a plan in force. False when there is none. */
bool people_open(struct chance *chance, const struct engine *engine, int64_t now, struct engine_event *event);

/* Makes one thing or two of an event wrong: beyond every range, of another kind, backwards in time. */
void people_spoil(struct chance *chance, struct engine_event *event);

/* The names of the plans that may be in force, for people_open. */
extern const char *const people_plan_names[2];

/* One line about an event, for the report of a failure. */
void people_describe(const struct engine *engine, const struct engine_event *event, struct buffer *out);

#endif
