/* view — pieces of JSON that every view is made of. For src/desk alone. Each gives a new value, NULL when memory is
 * exhausted (jansson then leaves it out, and the reply is refused as a whole by whoever sends it). */
#ifndef PINYUE_DESK_VIEW_H
#define PINYUE_DESK_VIEW_H

#include "base/text.h"
#include "engine/engine.h"
#include "plan/plan.h"

#include <jansson.h>
#include <stdint.h>

json_t *view_text(struct text text);
json_t *view_some_text(struct text text);                    /* null where it is empty */
json_t *view_some_number(int64_t number);                    /* null for 0 */
json_t *view_instant(int64_t instant);                       /* UTC */
json_t *view_some_instant(int64_t instant);                  /* null for ENGINE_NEVER */
json_t *view_party(const struct plan *plan, uint16_t party); /* its name; null for PLAN_NONE */
json_t *view_parties(const struct plan *plan, struct plan_list parties);
json_t *view_zone(const struct plan *plan); /* "+08:00" */
json_t *view_clauses(const struct plan *plan, struct plan_span cites);
json_t *view_level(const struct plan_scale *scale, uint8_t level); /* its name; null for none */
json_t *view_item(uint32_t incident, uint32_t number);             /* "7.12" */
/* The commands of a plan for one subject (and the permanent ones), as they stand in an incident. */
json_t *view_commands(const struct engine *engine, uint32_t incident, const struct plan *plan, uint16_t subject);
const char *view_item_kind(enum engine_item_kind kind); /* "duty", "proposal", "finding" */
const char *view_fact_type(const struct plan_fact *fact);
const char *view_fact_unit(const struct plan_fact *fact); /* what a quantity is measured in; "" of anything else */
json_t *view_orderers(const struct plan *plan, const struct plan_scale *scale); /* who may order which levels */
/* "known": a single value; "unknown": the whole declared range; else "range". */
const char *view_fact_state(const struct plan_fact *fact, int64_t low, int64_t high);

/* The steps of the incident's handling as openapi.json has them, empty where the plan declares none; at an instant. */
json_t *view_steps(const struct engine *engine, const struct engine_incident_view *incident, int64_t at);

/* The text of a member, borrowed from it; without bytes where there is none of that name, or it is no text. */
struct text view_read_text(const json_t *object, const char *name);

void view_set(json_t *object, const char *key, json_t *value); /* takes the value over */
void view_add(json_t *array, json_t *value);

#endif
