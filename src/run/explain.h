/* explain — why something is so: clause ← rule ← facts with their ranges ← claims ← who said it, when it was so, when
 * we heard.
 *
 * What it is for: `pinyue explain` and later the desk. All of it is read from an engine's state as it is handed in
 * (replayed to the moment asked for); nothing is reconstructed. Answers are JSON, and a text made of that JSON.
 * docs/command-line.md lists the keys. Owns nothing.
 */
#ifndef PINYUE_RUN_EXPLAIN_H
#define PINYUE_RUN_EXPLAIN_H

#include "base/buffer.h"
#include "base/failure.h"
#include "engine/engine.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* Finds an incident by its number or title. False with a message when there is none, or several have that title. */
bool explain_find_incident(const struct engine *engine, struct text name, uint32_t *incident, struct failure *failure);

/* Each returns a new JSON object, NULL with a failure when there is no such thing or memory is exhausted. */

/* What stands in the incident: facts, scales, roles, open duties, findings. */
json_t *explain_incident(const struct engine *engine, uint32_t incident, struct failure *failure);

/* Why a scale stands where it does: deciding rules with all that they rest on, lower rules that hold, higher ones that
 * do not and why, the order and who gave it. */
json_t *explain_level(const struct engine *engine, uint32_t incident, struct text scale, struct failure *failure);

/* Why a duty was raised, from `then` (the engine as it was when it was raised), and what became of it, from `now`. */
json_t *explain_duty(const struct engine *then, const struct engine *now, uint32_t incident, uint32_t duty,
                     struct failure *failure);

/* The same for a proposal. */
json_t *explain_proposal(const struct engine *then, const struct engine *now, uint32_t incident, uint32_t proposal,
                         struct failure *failure);

/* Writes an explanation for a person, in Chinese or English. */
void explain_write(const json_t *explanation, bool is_chinese, struct buffer *out);

#endif
