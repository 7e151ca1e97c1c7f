/* show — lines for a terminal: Chinese or English by the plan's language, columns that stay straight under wide
 * characters.
 *
 * Owns nothing. Must never know a terminal: it fills buffers.
 */
#ifndef PINYUE_RUN_SHOW_H
#define PINYUE_RUN_SHOW_H

#include "base/buffer.h"
#include "base/text.h"
#include "engine/engine.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stdint.h>

/* True when the plan speaks Chinese; what is said about it is then said in Chinese. */
bool show_is_chinese(const struct plan *plan);

/* The columns that a text takes on a terminal: East Asian wide and full-width characters take two, combining marks
 * none. */
uint32_t show_measure(struct text text);

/* Appends a text and as many blanks as it lacks to `columns`; two when it is too wide and `columns` is not 0, so that
 * it does not run into what follows. */
void show_column(struct text text, uint32_t columns, struct buffer *out);

/* Appends clauses as "@6.2.2.1(1) @5.3#5". */
void show_clauses(const struct plan *plan, struct plan_span cites, struct buffer *out);

/* Appends an instant as day and minute in the plan's zone, "2022-08-20 14:05", with seconds and fractions only where
 * there are any. */
void show_instant(int64_t instant, int32_t zone_minutes, struct buffer *out);

/* Appends only the time of day of it, "14:05", "14:05:09". */
void show_time_of_day(int64_t instant, int32_t zone_minutes, struct buffer *out);

/* Appends a length of time as hours and minutes, "+0:30", "+26:05:09"; negative ones with "-". */
void show_offset(int64_t us, struct buffer *out);

/* Appends a party's name, or the words for a role that nobody has bound. `role` (or PLAN_NONE) is shown beside. */
void show_party(const struct plan *plan, uint16_t party, uint16_t role, struct buffer *out);

/* Whether a proposal to end rests on the condition under which the scale ends; else on this, that no level holds any more. */
bool show_rests_on_end(const struct engine *engine, uint32_t incident, const struct plan_scale *scale,
                       const struct engine_proposal_view *proposal);

/* The clauses of a scale's end where the proposal rests on that, else none: it rests on rules. */
struct plan_span show_end_cites(const struct engine *engine, uint32_t incident, const struct plan_scale *scale,
                                const struct engine_proposal_view *proposal);

/* A level's name, or the word for none. */
struct text show_level(const struct plan *plan, const struct plan_scale *scale, uint8_t level);

#endif
