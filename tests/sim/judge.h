/* judge — what must hold of an engine all along, asked from outside.
 *
 * Keeps an account of its own of every duty, proposal, finding and notice, written from the consequences alone. It
 * looks at the state through the public views only: what the engine says that happened, and what its state shows, must
 * be the same story; and the state must follow from the claims by rules that are written here a second time, plainly.
 */
#ifndef PINYUE_TESTS_SIM_JUDGE_H
#define PINYUE_TESTS_SIM_JUDGE_H

#include "retell.h"

#include "engine/engine.h"

#include <stdbool.h>
#include <stdint.h>

struct judge;

/* NULL when memory is exhausted. */
struct judge *judge_create(void);
void judge_destroy(struct judge *judge);

/* A consequence, in order. `previous_at` is the instant of the event before: what came due before that is late by more
 * than this event. False with a fault when it cannot be so. */
bool judge_hear(struct judge *judge, const struct told *told, int64_t previous_at, struct failure *fault);

/* An order, a refusal, or that one is reconsidered, is about to be taken (the state is still the one before), or has been taken. */
void judge_note_decision(struct judge *judge, const struct engine *engine, const struct engine_event *event);

/* The state between two events. */
bool judge_look(struct judge *judge, const struct engine *engine, struct failure *fault);

/* What was said stands in the state as it was said: value, both times, who, and why. The event is the one accepted last. */
bool judge_taken(const struct engine *engine, const struct engine_event *event, struct failure *fault);

/* What is believed of every fact of an incident, from its claims. */
bool judge_belief(const struct engine *engine, uint32_t incident, struct failure *fault);

#endif
