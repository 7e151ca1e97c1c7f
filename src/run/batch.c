#include "run/batch.h"

#include "base/buffer.h"

#include <stdint.h>
#include <stdlib.h>

/* Texts are kept as offsets into `bytes`, which may move while events are added. */
struct piece {
    size_t name, name_length, value, value_length;
};

struct batch {
    struct buffer bytes;
    struct buffer pieces; /* of struct piece */
    struct buffer counts; /* of size_t: fields of each event */
    size_t count;
};

struct batch *batch_create(void) {
    return calloc(1, sizeof(struct batch));
}

void batch_destroy(struct batch *batch) {
    if (batch != NULL) {
        buffer_release(&batch->bytes);
        buffer_release(&batch->pieces);
        buffer_release(&batch->counts);
        free(batch);
    }
}

size_t batch_count(const struct batch *batch) {
    return batch->count;
}

static size_t keep(struct buffer *bytes, struct text text) {
    size_t at = bytes->length;
    buffer_append_text(bytes, text);
    return at;
}

/* Takes a buffer back to what it was before an addition that failed. */
static void cut(struct buffer *buffer, size_t length) {
    buffer->failed = false;
    buffer->length = length;
}

bool batch_add(struct batch *batch, const struct store_field *fields, size_t count, struct failure *failure) {
    size_t bytes = batch->bytes.length;
    size_t pieces = batch->pieces.length;
    size_t counts = batch->counts.length;
    if (!store_check(fields, count, failure)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct piece piece = {.name_length = fields[i].name.length, .value_length = fields[i].value.length};
        piece.name = keep(&batch->bytes, fields[i].name);
        piece.value = keep(&batch->bytes, fields[i].value);
        buffer_append(&batch->pieces, &piece, sizeof piece);
    }
    buffer_append(&batch->counts, &count, sizeof count);
    if (batch->bytes.failed || batch->pieces.failed || batch->counts.failed) {
        cut(&batch->bytes, bytes);
        cut(&batch->pieces, pieces);
        cut(&batch->counts, counts);
        return failure_say(failure, "memory is exhausted", "内存不足");
    }
    batch->count++;
    return true;
}

/* Fields as the store wants them, pointing into the batch. */
static void lay_out(const struct batch *batch, struct store_event *events, struct store_field *fields) {
    const struct piece *pieces = (const struct piece *)(const void *)batch->pieces.bytes;
    const size_t *counts = (const size_t *)(const void *)batch->counts.bytes;
    size_t at = 0;
    for (size_t i = 0; i < batch->count; i++) {
        events[i] = (struct store_event){&fields[at], counts[i]};
        for (size_t k = 0; k < counts[i]; k++, at++) {
            fields[at] = (struct store_field){
                .name = {batch->bytes.bytes + pieces[at].name, pieces[at].name_length},
                .value = {batch->bytes.bytes + pieces[at].value, pieces[at].value_length},
            };
        }
    }
}

bool batch_append(struct batch *batch, struct store *store, struct failure *failure) {
    size_t field_count = batch->pieces.length / sizeof(struct piece);
    struct store_event *events = calloc(batch->count + 1, sizeof *events);
    struct store_field *fields = calloc(field_count + 1, sizeof *fields);
    bool done = false;
    if (events == NULL || fields == NULL) {
        (void)failure_say(failure, "memory is exhausted", "内存不足");
    } else {
        lay_out(batch, events, fields);
        done = store_append_many(store, events, batch->count, NULL, failure);
    }
    free(events);
    free(fields);
    buffer_clear(&batch->bytes);
    buffer_clear(&batch->pieces);
    buffer_clear(&batch->counts);
    batch->count = 0;
    return done;
}
