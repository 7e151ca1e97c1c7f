/* backend — what stands behind `struct store`: the table of operations that a database implements, and what every
 * implementation has in common.
 *
 * For the files of src/store alone. An implementation keeps rows (sequence, body, chain) and the log's meta data, durable
 * at commit; it knows nothing of fields and hashes. It never appends on its own, never repairs, never skips a row.
 */
#ifndef PINYUE_STORE_BACKEND_H
#define PINYUE_STORE_BACKEND_H

#include "base/buffer.h"
#include "store/record.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A row as stored. Valid during the callback alone. */
struct store_row {
    int64_t sequence;
    struct record_slice body;
    struct record_slice chain;
};

/* Called for each row; false ends the scan, which is no failure of the scan. */
typedef bool store_row_visit(void *context, const struct store_row *row);

struct store_operations {
    /* A transaction for appending. commit returns true only when its rows are durable; when it returns false they are
     * not in the log as this store reads it, or `refusal` has been set. rollback after a failed insert or commit. */
    bool (*begin)(struct store *store, struct failure *failure);
    bool (*insert)(struct store *store, const struct store_row *row, struct failure *failure);
    bool (*commit)(struct store *store, struct failure *failure);
    void (*rollback)(struct store *store);

    /* All rows with from <= sequence <= to, in order, of one moment. On false *broken (may be NULL) tells whether the
     * rows that follow cannot be read because the file is damaged, and not for a passing cause. */
    bool (*scan)(struct store *store, int64_t from, int64_t to, store_row_visit *visit, void *context, bool *broken,
                 struct failure *failure);

    /* Number and chain value of the last row; leaves *head alone when there is none. */
    bool (*find_last)(struct store *store, struct store_head *head, struct failure *failure);

    void (*close)(struct store *store); /* frees everything of the implementation, not `store` itself */
};

struct store {
    const struct store_operations *operations;
    void *backend; /* the implementation's own state */
    bool read_only;
    bool copy;                          /* something may be masked or withheld */
    uint8_t identity[STORE_HASH_BYTES]; /* random, made with the log, the same in its copies */
    struct store_hash origin;           /* what the first event has as its previous chain hash */
    struct store_head head;             /* kept up to date by the writer alone */
    bool refuses;                       /* appends are refused until reopened … */
    char refusal[256];                  /* … for this reason */
    struct buffer body;                 /* the body being written */
    bool (*fill_random)(void *context, uint8_t *bytes, size_t length);
    void *random_context;
};

/* Sets the reason why appends are refused from now on; the first one stays. */
void store_refuse(struct store *store, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A row that was decoded and, when asked for, held against the chain. */
struct store_walk_step {
    const struct store_row *row;
    const struct record_view *view;
    const uint8_t *content; /* content hash; NULL when not verifying */
};

typedef bool store_walk_visit(void *context, const struct store_walk_step *step);

/* What store_read and store_copy share: streams the rows from `from` to the head, decoded and, with `verify`, checked. */
bool store_walk(struct store *store, int64_t from, bool verify, store_walk_visit *visit, void *context,
                struct failure *failure);

/* Fills in the record that a caller sees. */
void store_make_record(const struct store_walk_step *step, struct store_record *record);

/* SQLite. Opens or creates; fills in everything of `store` but the random source, which stands there already. */
bool sqlite_store_open(struct store *store, const char *directory, const struct store_options *options,
                       struct failure *failure);

/* Makes a new log as the target of a copy, with the identity given: one file, journal instead of WAL, open for one
 * transaction. `copy` marks it as a copy. */
bool sqlite_store_open_target(struct store *store, const char *directory, const uint8_t identity[STORE_HASH_BYTES],
                              bool copy, struct failure *failure);

#endif
