/* report — findings on their way into a report: collected, put into words, matched with the notes that accept them.
 * Internal to src/check.
 */
#ifndef PINYUE_CHECK_REPORT_H
#define PINYUE_CHECK_REPORT_H

#include "check/check.h"
#include "check/space.h"

struct reporter {
    const struct plan *plan;
    struct check_report *report;
    uint32_t room;   /* for findings */
    bool *note_used; /* by note of the plan: it accepts something */
    bool is_chinese;
    bool is_undecided; /* some question was left open */
    bool exhausted;
};

/* The clauses that stand on the other side of a finding. */
struct opposite {
    const struct text *clauses;
    uint32_t count;
};
struct opposite report_opposite(const struct reporter *reporter, struct plan_span cites);

/* Takes a finding with its kind, scope, place and clauses; the rest is added to what it returns, before the next one is
 * taken. Never NULL: when memory is exhausted the finding goes nowhere and `exhausted` is set. */
struct check_finding *report_add(struct reporter *reporter, struct check_finding finding);

/* Says what it is, in the plan's language, from a buffer that is then released. */
void report_say(struct reporter *reporter, struct check_finding *finding, struct buffer *words);

/* Adds the clauses of another rule. */
void report_add_with(struct reporter *reporter, struct check_finding *finding, struct plan_span cites);

/* Adds a case: the values off the usual, and those of `pivot` (an axis, or UINT32_MAX) in any event. `level`: the level
 * that the scale gives it; scale NULL: not about a level. */
void report_add_case(struct reporter *reporter, struct check_finding *finding, const struct space *space,
                     const int64_t *values, const bool *looked_at, uint32_t pivot, const struct plan_scale *scale,
                     uint8_t level);

/* Accepts the finding where one of these notes is of its kind, and is `with` a clause of the other side: a note without
 * `with` will do for every kind but a clash. */
void report_accept(struct reporter *reporter, struct check_finding *finding, struct plan_span notes,
                   struct opposite opposite);

/* The same for notes of another kind, where the finding is of that kind as well: a hole in what gets worse is a fall. */
void report_accept_as(struct reporter *reporter, struct check_finding *finding, enum check_kind kind,
                      struct plan_span notes, struct opposite opposite);

/* True when a clause of a note is a clause of the other side, or the whole that this is part of. */
bool report_meets(const struct reporter *reporter, const struct plan_note *note, struct opposite opposite);

/* Keeps a copy of a text for as long as the report lives. */
struct text report_keep(struct reporter *reporter, struct text text);

/* Appends "@6.2.2.1(3) @6.2.2.1(4)". */
void report_write_clauses(const struct reporter *reporter, struct plan_span cites, struct buffer *out);

/* The word of a kind, as in `accept KIND`. */
struct text report_kind_name(enum check_kind kind);

#endif
