/* fact_value — what a person says about a fact, turned into a range.
 *
 * What it is for: one spelling of facts for `pinyue decide`, drills, the log and later the desk's API.
 * Owns nothing, allocates nothing. Must never round: a value that cannot be held exactly is refused, and the message
 * names the field, what was wrong, and what would be right.
 */
#ifndef PINYUE_RUN_FACT_VALUE_H
#define PINYUE_RUN_FACT_VALUE_H

#include "base/buffer.h"
#include "base/failure.h"
#include "base/text.h"
#include "plan/plan.h"

#include <jansson.h>

/* Parses a text: "2 h", "0.5 公顷", "3", ">= 2", "> 1 h", "<= 3", "< 3", "至少2", "不少于2", "至多3", "不超过3", "超过2", "少于3",
 * "2..4", "0.3..0.6 ha", "30 min..2 h"; flags "yes", "no", "是", "否", "true", "false"; times as
 * calendar_parse_instant has them, also "A..B", "<= A"; choices by name, several joined by "|" or "或"; "unknown",
 * "不明" and the fact's own unknown name for nothing known. Choices: *low is the set of possible values, *high 0.
 * Series: a value's name or a range of two, as value indexes. Derived facts are durations. False with a failure whose
 * field is the fact's name. */
bool fact_value_parse(const struct plan *plan, uint16_t fact, struct text input, int64_t *low, int64_t *high,
                      struct failure *failure);

/* The same for a JSON value: null, a boolean (flags), an integer (counts), a string as above, an array of names
 * (choices: any of them). A count with a point or an exponent is refused, be it 3.0: the JSON decoder has rounded it. */
bool fact_value_from_json(const struct plan *plan, uint16_t fact, const json_t *value, int64_t *low, int64_t *high,
                          struct failure *failure);

/* How what is said of a time stands to the clock. */
enum fact_time {
    FACT_TIME_FINE,   /* also of a fact that is no time */
    FACT_TIME_FUTURE, /* not wholly before now, though something is said of its end */
    FACT_TIME_AFTER_REPORT /* of a fact that is never after the first report: wholly after it. The engine would take the report's
                              time for it, and nobody would notice a slip of the pen */
};

/* Judges the range that is said of a fact; instants in microseconds. For the desk and for drills alike. */
enum fact_time fact_value_judge_time(const struct plan_fact *fact, int64_t low, int64_t high, int64_t now,
                                     int64_t first_report_at);

/* Writes a range so that fact_value_parse reads the same range back, exactly. This is how the log spells facts. */
void fact_value_write(const struct plan *plan, uint16_t fact, int64_t low, int64_t high, struct buffer *out);

#endif
