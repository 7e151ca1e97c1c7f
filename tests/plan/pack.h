/* pack — what the tests of the plan compiler share: compiling a block or a file, and writing a plan out in full.
 *
 * The dump holds everything that a plan says but places in the file, so that two packs can be compared and a change in
 * what a statement compiles to shows.
 */
#ifndef PINYUE_TESTS_PLAN_PACK_H
#define PINYUE_TESTS_PLAN_PACK_H

#include "base/buffer.h"
#include "plan/plan.h"

/* A pack compiled, with its messages; pack_release ends it. */
struct pack {
    struct plan *plan; /* NULL when there are messages */
    struct plan_messages messages;
};

/* Compiles Markdown as it is. */
struct pack pack_compile(const char *source, size_t length);

/* Compiles statements: a fence and the header `plan P { version "1" zone +08:00 }` are put before them, so that they
 * begin in line 3, and a fence behind. */
struct pack pack_compile_block(const char *statements);

/* Reads a file below the top folder of the sources; the caller releases the buffer. */
struct buffer pack_read(const char *path);

void pack_release(struct pack *pack);

/* Fails the test case when the pack has messages, and prints them. */
void pack_require(const struct pack *pack);

/* Fails unless some message stands at this place and holds this fragment. */
void pack_require_message(const struct pack *pack, uint32_t line, uint32_t column, const char *fragment);

/* Writes all of a plan but places. */
void pack_dump(const struct plan *plan, struct buffer *out);

/* Writes a condition's tree: "(all (>= A 3) (<= B + C 2))". */
void pack_dump_condition(const struct plan *plan, uint32_t index, struct buffer *out);

#endif
