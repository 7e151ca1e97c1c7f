/* check — proves what a plan says: gaps, clashes, levels that fall when things get worse, rules that never decide; and
 * finds what needs no proof: what is unreachable, owned by nobody, without the clock that its clause gives, unused.
 *
 * What it is for: `pinyue check`; docs/checker.md defines every kind of finding. Owns a report and nothing else.
 * Must never read a clock or a file, or say something else the second time: Z3 is asked in a fixed order, its effort is
 * counted in its own steps and not in seconds, and a question that it leaves open is a finding of its own.
 */
#ifndef PINYUE_CHECK_CHECK_H
#define PINYUE_CHECK_CHECK_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/failure.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stdint.h>

enum check_kind {
    CHECK_GAP,         /* no level, or no handling at all, applies */
    CHECK_CLASH,       /* two levels speak of the same case */
    CHECK_FALLS,       /* worse in one fact, lower in level */
    CHECK_DEAD,        /* a rule that never holds or never decides */
    CHECK_UNREACHABLE, /* a condition of a trigger, a position, an end that never holds */
    CHECK_OWNER,       /* nobody owes, proposes or decides it */
    CHECK_CLOCK,       /* no clock, where the clause gives one */
    CHECK_UNUSED,      /* declared and never used */
    CHECK_FORM,        /* on paper, and no form says what the paper says */
    CHECK_NOTE,        /* an accepted finding that is not there, or of a kind that is misspelt */
    CHECK_UNDECIDED,   /* Z3 gave up */
    CHECK_REMARK       /* a finding that the author states, of the document and not of the rules */
};

enum check_scope {
    CHECK_LITERAL, /* what the text literally says */
    CHECK_READING, /* what runs */
    CHECK_PLAN     /* neither: the pack as a whole */
};

struct check_value {
    struct text fact;  /* the fact's name; a day of a series: "NAME last 1", "NAME next 2" */
    struct text value; /* in the plan's own words and units */
};

/* One case of a witness: what differs from the usual, all else is as docs/checker.md says. */
struct check_case {
    struct check_value *values;
    uint16_t value_count;
    bool has_level;
    struct text level; /* the level that this case gets; empty for none */
};

struct check_finding {
    enum check_kind kind;
    struct text kind_name; /* as in `accept KIND` */
    enum check_scope scope;
    struct text scale; /* or empty */
    struct plan_place place;
    struct plan_span cites;
    struct text *with; /* the clauses of the other rules that have part in it */
    uint16_t with_count;
    struct text message;
    struct check_case *cases;
    uint16_t case_count;
    bool accepted;
    struct text reason; /* why it is accepted */
};

/* In the order of their places in the pack. Texts live as long as the report and the plan. */
struct check_report {
    struct arena *arena;
    const struct plan *plan;
    struct check_finding *findings;
    uint32_t count;
    uint32_t unaccepted;
    uint64_t questions; /* put to Z3 */
};

/* Z3's own steps that one question may take. The questions of a plan take some thousands; a hundred times that is still
 * below a second. */
#define CHECK_EFFORT_USUAL 2000000U

/* Checks a compiled plan, borrowed for the life of the report. NULL with a failure when memory is exhausted or Z3 cannot
 * be had. The caller destroys the report. */
struct check_report *check_plan(const struct plan *plan, uint32_t effort_max, struct failure *failure);
void check_report_destroy(struct check_report *report);

/* Writes the findings, several lines each, and one line that sums up. `all`: the accepted ones too. `file` is the name
 * under which the pack was given. */
void check_write(const struct check_report *report, struct text file, bool all, struct buffer *out);

/* The name of a scope in JSON: "literal", "reading", "plan". */
const char *check_scope_name(enum check_scope scope);

#endif
