/* record_line — an event of the log as one JSON object, fields in their order, as `pinyue log show --json` prints it.
 *
 * What it is for: to be read with other tools. Owns nothing; knows no kind of event.
 */
#ifndef PINYUE_DESK_RECORD_LINE_H
#define PINYUE_DESK_RECORD_LINE_H

#include "store/store.h"

#include <jansson.h>

/* {"sequence", "chain", "withheld", "fields": [{"name", "value"} or {"name", "masked": true}]}; NULL when memory is
 * exhausted. */
json_t *record_line_describe(const struct store_record *record);

#endif
