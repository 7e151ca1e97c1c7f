/* Copies of a log: whole, as a backup, or with values masked and events withheld. */
#include "store/backend.h"
#include "store/digest.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct copying {
    const struct store_copy_rules *rules;
    struct store *target;
    struct failure *failure;
    int64_t count;
    bool failed;
};

/* Writes the body that the copy gets into the target's buffer. False when memory runs out. */
static bool encode_copy(struct copying *copying, const struct store_walk_step *step) {
    const struct store_copy_rules *rules = copying->rules;
    struct buffer *out = &copying->target->body;
    struct store_record record;
    bool mask[STORE_FIELDS_MAX] = {false};
    store_make_record(step, &record);
    buffer_clear(out);
    if (rules->withhold != NULL && rules->withhold(rules->context, &record)) {
        return record_encode_withheld(step->content, out);
    }
    if (record.withheld || rules->mask == NULL) {
        buffer_append(out, step->row->body.bytes, step->row->body.length);
        return !out->failed;
    }
    for (size_t i = 0; i < record.count; i++) {
        mask[i] = rules->mask(rules->context, &record, &record.fields[i]);
    }
    return record_encode_masked(step->view, mask, out);
}

/* The same decoder and the same hash as for every reader: a copy that would not verify is not written. */
static bool check_copy(struct copying *copying, const struct store_walk_step *step) {
    const struct buffer *body = &copying->target->body;
    struct record_view view;
    uint8_t content[STORE_HASH_BYTES];
    const char *wrong = record_decode((struct record_slice){(const uint8_t *)body->bytes, body->length}, &view);
    if (wrong == NULL) {
        record_hash_content(&view, content);
        wrong = memcmp(content, step->content, STORE_HASH_BYTES) == 0 ? NULL : "its hash differs";
    }
    return wrong == NULL || failure_set(copying->failure, "Event %" PRId64 " as copied would not verify: %s.",
                                        step->row->sequence, wrong);
}

static bool visit_copy(void *context, const struct store_walk_step *step) {
    struct copying *copying = context;
    struct store *target = copying->target;
    copying->failed = true;
    if (!encode_copy(copying, step)) {
        return failure_set(copying->failure, "Out of memory while copying event %" PRId64 ".", step->row->sequence);
    }
    if (!check_copy(copying, step)) {
        return false;
    }
    struct store_row row = {
        step->row->sequence, {(const uint8_t *)target->body.bytes, target->body.length}, step->row->chain};
    if (!target->operations->insert(target, &row, copying->failure)) {
        return false;
    }
    copying->failed = false;
    copying->count++;
    return true;
}

bool store_copy(struct store *store, const char *directory, const struct store_copy_rules *rules, int64_t *count,
                struct failure *failure) {
    bool hides = rules->mask != NULL || rules->withhold != NULL;
    struct copying copying = {.rules = rules, .failure = failure};
    copying.target = calloc(1, sizeof *copying.target);
    if (copying.target == NULL) {
        return failure_set(failure, "Out of memory while copying the log.");
    }
    bool done = sqlite_store_open_target(copying.target, directory, store->identity, store->copy || hides, failure) &&
                store_walk(store, 1, true, visit_copy, &copying, failure) && !copying.failed &&
                copying.target->operations->commit(copying.target, failure);
    store_close(copying.target);
    if (done && count != NULL) {
        *count = copying.count;
    }
    return done;
}
