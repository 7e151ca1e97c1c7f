/* fact_sheet — what somebody states about one situation, as JSON, and what follows from it.
 *
 * What it is for: `pinyue decide` and later the desk's "what if": facts in, and for each scale of the plan the level,
 * the level it may come to, the clauses that decide, those still open, and what to ask next, out.
 * Owns: a box for each subject of the plan. Borrows the plan. Must never read a clock: "now" is stated like a fact.
 * docs/command-line.md describes both sides of it.
 */
#ifndef PINYUE_RUN_FACT_SHEET_H
#define PINYUE_RUN_FACT_SHEET_H

#include "base/failure.h"
#include "base/text.h"
#include "engine/decide.h"
#include "plan/plan.h"

#include <jansson.h>

struct fact_sheet;

/* Reads {"facts": {…}, "now": …}. What is left out is as the plan presumes it, else unknown. NULL with a failure that
 * names the field when anything is unknown, misspelt, out of range, given twice, or contradicts itself. */
struct fact_sheet *fact_sheet_parse(const struct plan *plan, struct text json, struct failure *failure);
void fact_sheet_destroy(struct fact_sheet *sheet);

/* What is stated about a subject (index in the plan). */
const struct decide_box *fact_sheet_box(const struct fact_sheet *sheet, uint16_t subject);

/* {"scales": {NAME: {"level", "may", "because", "open", "ask"}}}. The caller releases it with json_decref. NULL when
 * memory is exhausted. */
json_t *fact_sheet_decide(const struct fact_sheet *sheet, const struct decide_program *program);

#endif
