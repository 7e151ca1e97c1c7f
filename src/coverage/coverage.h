/* coverage — which sentences of a published text a plan pack covers, which it sets aside as prose, which it leaves out.
 *
 * What it is for: a plan author sees that nothing of the text has been forgotten, and that every clause cited is there
 * (docs/coverage.md). The parts that are counted are the sentences of all clauses and annexes, and the rows of tables.
 * Owns nothing: everything lies in the caller's arena or in the plan and the gazette, which must outlive it.
 * Must never: judge whether a rule says the same as its sentence; it only holds citations against the text.
 */
#ifndef PINYUE_COVERAGE_COVERAGE_H
#define PINYUE_COVERAGE_COVERAGE_H

#include "base/arena.h"
#include "base/failure.h"
#include "base/text.h"
#include "gazette/gazette.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stdint.h>

enum coverage_status {
    COVERAGE_COVERED, /* some rule, duty or declaration cites it */
    COVERAGE_PROSE,   /* only prose cites it, with a reason */
    COVERAGE_MISSING
};

/* A rule, duty, declaration or prose that cites a part. */
struct coverage_use {
    const char *kind; /* "rule", "duty", "unit", … as the pack's language calls it */
    struct text name;
    struct text reason; /* prose: why it rules nothing; else empty */
    uint32_t line;      /* in the pack */
    uint32_t next;      /* the next use of the same part, or GAZETTE_NONE */
};

/* A sentence, or a row of a table. */
struct coverage_part {
    struct text name; /* as it is cited: "5.3#4", "附件2/区应急局" */
    struct text text;
    uint32_t line; /* in the gazette */
    enum coverage_status status;
    uint32_t first_use, last_use; /* in `uses`, or GAZETTE_NONE */
};

/* A citation that names nothing in the document, or prose that gives no reason. */
struct coverage_error {
    uint32_t line; /* in the pack */
    struct text cite;
    struct text message;
};

struct coverage {
    const struct gazette_document *document;
    struct coverage_part *parts; /* in the order of the text */
    uint32_t part_count;
    struct coverage_use *uses;
    uint32_t use_count;
    struct coverage_error *errors; /* in the order of the pack's lines */
    uint32_t error_count;
    uint32_t covered_count, prose_count, missing_count;
    struct text warning; /* that the document has another number than the pack names, or empty */
};

/* The document with this number; the only one there is where none has it. NULL when there are several. */
const struct gazette_document *coverage_find_document(const struct gazette *gazette, struct text number);

/* Holds a plan against its document. NULL with a failure when the gazette does not hold the document or memory is
 * exhausted. */
struct coverage *coverage_measure(const struct plan *plan, const struct gazette *gazette, struct arena *arena,
                                  struct failure *failure);

/* Whether an annex that stands there has been announced, and the other way round. */
bool coverage_is_announced(const struct gazette_document *document, uint32_t annex);
bool coverage_is_present(const struct gazette_document *document, uint32_t announcement);

/* "covered", "prose", "missing". */
const char *coverage_status_name(enum coverage_status status);

#endif
