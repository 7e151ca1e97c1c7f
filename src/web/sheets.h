/* sheets — the charts of plans in force, as SVG for the pages.
 *
 * What it is for: a sheet is drawn once for each version of a plan, when it is first asked for, and then given to whoever
 * asks. Drawing takes a second or so: it has a thread of its own, so that neither the writer, who only hands over the
 * pack's text, nor the signing in waits for it. How an incident stands is put on the sheets by the page.
 * Owns: what has been drawn. Must never: look at the desk or its plans, which are the writer's; it compiles the text itself.
 *
 * Belongs to one thread, the drawer.
 */
#ifndef PINYUE_WEB_SHEETS_H
#define PINYUE_WEB_SHEETS_H

#include "base/failure.h"
#include "base/text.h"
#include "desk/desk.h"

#include <stdbool.h>
#include <stdint.h>

struct sheets;

/* What is given to whoever asks; borrowed until the next call. */
struct sheets_answer {
    struct text text; /* JSON or SVG; empty: there is no sheet of that number */
    char etag[DESK_ETAG_ROOM];
};

/* NULL when memory is exhausted. */
struct sheets *sheets_create(void);
void sheets_destroy(struct sheets *sheets);

/* Which sheets the chart of a pack has (number 0, a Chart of openapi.json), or one of them (from 1 on, SVG). `pack` is the
 * pack's whole text. False with a failure when it cannot be drawn here. */
bool sheets_find(struct sheets *sheets, struct text pack, uint32_t number, struct sheets_answer *answer,
                 struct failure *failure);

#endif
