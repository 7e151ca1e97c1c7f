/* cite — all that a plan says about its document, one citation after the other. No other layer includes this. */
#ifndef PINYUE_COVERAGE_CITE_H
#define PINYUE_COVERAGE_CITE_H

#include "coverage/coverage.h"

enum cite_role {
    CITE_RULES, /* what is cited is covered */
    CITE_PROSE, /* what is cited rules nothing, for a reason */
    CITE_ONLY   /* a finding or a note speaks of it: it must be there, and is not covered by that */
};

/* Something of the plan that cites clauses. */
struct citer {
    enum cite_role role;
    const char *kind;
    struct text name;
    struct text reason;
    uint32_t line;
    struct plan_span cites;
};

/* Calls `take` for each rule, duty, declaration, prose, finding and note of the plan that cites anything. */
void cite_visit(const struct plan *plan, void (*take)(void *context, const struct citer *citer), void *context);

#endif
