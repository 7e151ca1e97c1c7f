/* paper — the documents that a plan demands: drafted from what an incident's log says, by the plan's forms.
 *
 * What it is for: the first report, the orders, the scripts that are read out on the telephone. A draft is a text that
 * people go on writing in; nothing is decided or sent by it.
 * Owns nothing. Must never: read a clock, make up what is not known (it says that it is not known), leave out that a
 * value is a range, or know a name of any plan.
 */
#ifndef PINYUE_PAPER_PAPER_H
#define PINYUE_PAPER_PAPER_H

#include "base/buffer.h"
#include "base/text.h"
#include "engine/engine.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- what the engine does not know ------------------------------------------------------------------------ */

enum paper_force_state {
    PAPER_FORCE_CALLED,
    PAPER_FORCE_NO_ANSWER,
    PAPER_FORCE_DECLINED,
    PAPER_FORCE_COMING,
    PAPER_FORCE_THERE,
    PAPER_FORCE_RELEASED
};

/* A team or unit that was called, as it stands. */
struct paper_force {
    struct text party;
    enum paper_force_state state;
    uint32_t people; /* 0: nobody has said how many */
    int64_t since;   /* when it came to be so, us */
};

/* That a unit was bound to a role, or (`ends`) no longer is. */
struct paper_binding {
    struct text role, unit;
    int64_t at;
    bool ends;
};

/* Told by whoever keeps it; borrowed for the call. */
struct paper_surroundings {
    struct text place; /* where the incident is, in the words of its first call; empty: nobody has said */
    const struct paper_force *forces;
    size_t force_count;
    const struct paper_force *steps; /* all that was said of them and stands: what a timeline tells */
    size_t step_count;
    const struct paper_binding *bindings; /* likewise */
    size_t binding_count;
    bool steady; /* what changes as time passes, without anybody saying anything, is left out: to compare drafts by */
};

/* ---- drafts ----------------------------------------------------------------------------------------------- */

/* Lines of a body that begin so are headings. Every other line is a paragraph. */
#define PAPER_HEADING "# "

struct paper_draft {
    struct buffer title; /* one line */
    struct buffer body;  /* lines, each with its end */
};

/* Drafts a form of the plan that the incident is under (`form`: index in plan.forms), as of an instant that is not before
 * the engine's now, in the plan's language. False when there is no such incident or form, when the form is about another
 * subject, or when memory is exhausted. Whoever calls releases the draft in any case. */
bool paper_write_draft(const struct engine *engine, uint32_t incident, uint32_t form, int64_t at,
                       const struct paper_surroundings *surroundings, struct paper_draft *draft);

/* Frees what a draft holds. */
void paper_release_draft(struct paper_draft *draft);

/* ---- words (words.c), in the plan's language ---------------------------------------------------------------- */

/* "2022年8月20日14时05分", "2022-08-20 14:05": day and minute in the plan's zone. */
void paper_write_instant(const struct plan *plan, int64_t instant, struct buffer *out);

/* A fact's value as documents say it: "3人", "不少于2", "0.5公顷至1公顷", "尚未查明". */
void paper_write_value(const struct plan *plan, uint16_t fact, int64_t low, int64_t high, struct buffer *out);

/* True when nothing at all is known of a fact that has this range. */
bool paper_is_unknown(const struct plan_fact *fact, int64_t low, int64_t high);

/* Parties with a comma between them; "A or B" where one of them is meant. */
void paper_write_parties(const struct plan *plan, struct plan_list parties, bool one_of, struct buffer *out);

/* The one of two wordings that is in the plan's language. */
const char *paper_say(const struct plan *plan, const char *english, const char *chinese);

#endif
