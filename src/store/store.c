#include "store/store.h"

#include "store/backend.h"
#include "store/digest.h"

#include <inttypes.h>
#include <openssl/rand.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEQUENCE_MAX (INT64_MAX - 1)
#define BODY_KEPT_BYTES ((size_t)1024 * 1024) /* a larger buffer is given back after the append */

static bool fill_from_openssl(void *context, uint8_t *bytes, size_t length) {
    (void)context;
    return RAND_bytes(bytes, (int)length) == 1;
}

struct store *store_open(const char *directory, const struct store_options *options, struct failure *failure) {
    static const struct store_options ordinary = {0};
    options = options != NULL ? options : &ordinary;
    if (directory == NULL || directory[0] == '\0') {
        failure_set(failure, "No data directory is named.");
        return NULL;
    }
    if (options->read_only && options->create) {
        failure_set(failure, "A log cannot be created read-only.");
        return NULL;
    }
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        failure_set(failure, "Out of memory while opening the log.");
        return NULL;
    }
    store->read_only = options->read_only;
    store->fill_random = options->fill_random != NULL ? options->fill_random : fill_from_openssl;
    store->random_context = options->random_context;
    if (!sqlite_store_open(store, directory, options, failure)) {
        store_close(store);
        return NULL;
    }
    return store;
}

void store_close(struct store *store) {
    if (store == NULL) {
        return;
    }
    if (store->operations != NULL) {
        store->operations->close(store);
    }
    buffer_release(&store->body);
    free(store);
}

void store_refuse(struct store *store, const char *format, ...) {
    if (store->refuses) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(store->refusal, sizeof store->refusal, format, arguments);
    va_end(arguments);
    store->refuses = true;
}

const char *store_refusal(const struct store *store) {
    return store->refuses ? store->refusal : NULL;
}

bool store_is_copy(const struct store *store) {
    return store->copy;
}

/* ---- appending ---- */

static bool check_writable(const struct store *store, struct failure *failure) {
    if (store->read_only) {
        return failure_set(failure, "The log is open for reading only.");
    }
    if (store->refuses) {
        return failure_set(failure, "The log takes no more events until it is closed and opened anew: %s",
                           store->refusal);
    }
    return true;
}

/* The hash goes over the body as it will be stored, read back by the same decoder that every reader uses: what cannot
 * be read is not written. */
static bool make_chain(const struct store *store, struct store_row *row, const struct store_head *previous,
                       struct store_hash *chain, struct failure *failure) {
    struct record_view view;
    uint8_t content[STORE_HASH_BYTES];
    row->sequence = previous->sequence + 1;
    row->body = (struct record_slice){(const uint8_t *)store->body.bytes, store->body.length};
    const char *wrong = record_decode(row->body, &view);
    if (wrong != NULL) {
        return failure_set(failure, "The event as encoded cannot be read back: %s.", wrong);
    }
    record_hash_content(&view, content);
    digest_make_chain(previous->hash.bytes, row->sequence, content, chain->bytes);
    row->chain = (struct record_slice){chain->bytes, STORE_HASH_BYTES};
    return true;
}

static bool append_one(struct store *store, const struct store_event *event, struct store_head *head,
                       struct failure *failure) {
    uint8_t salts[STORE_FIELDS_MAX * RECORD_SALT_BYTES];
    struct store_row row;
    struct store_head next;
    if (head->sequence >= SEQUENCE_MAX) {
        return failure_set(failure, "The log has reached the last sequence number; it takes no more events.");
    }
    if (!store->fill_random(store->random_context, salts, event->count * RECORD_SALT_BYTES)) {
        return failure_set(failure, "The random generator gave no salt; nothing was added.");
    }
    buffer_clear(&store->body);
    if (!record_encode(event->fields, event->count, salts, &store->body)) {
        return failure_set(failure, "Out of memory while encoding an event; nothing was added.");
    }
    if (!make_chain(store, &row, head, &next.hash, failure) || !store->operations->insert(store, &row, failure)) {
        return false;
    }
    next.sequence = row.sequence;
    *head = next;
    return true;
}

/* After a failed transaction the database is asked where it stands. When it cannot say, or says something else than
 * before, the outcome is not known and no event may follow. */
static void settle_failed_append(struct store *store) {
    struct store_head head = {0, store->origin};
    struct failure ignored = {0};
    store->operations->rollback(store);
    if (store->refuses) {
        return;
    }
    if (!store->operations->find_last(store, &head, &ignored)) {
        store_refuse(store, "after a failed append the log's end could not be read (%s)", ignored.message);
    } else if (head.sequence != store->head.sequence ||
               memcmp(head.hash.bytes, store->head.hash.bytes, STORE_HASH_BYTES) != 0) {
        store_refuse(store, "after a failed append the log ends in another event than before");
    }
}

static bool append_all(struct store *store, const struct store_event *events, size_t count, struct failure *failure) {
    struct store_head head = store->head;
    if (!store->operations->begin(store, failure)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!append_one(store, &events[i], &head, failure)) {
            settle_failed_append(store);
            return false;
        }
    }
    if (!store->operations->commit(store, failure)) {
        settle_failed_append(store);
        return false;
    }
    store->head = head;
    return true;
}

bool store_append_many(struct store *store, const struct store_event *events, size_t count, int64_t *first_sequence,
                       struct failure *failure) {
    int64_t first = store->head.sequence + 1;
    if (!check_writable(store, failure)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!record_check(events[i].fields, events[i].count, failure)) {
            return false;
        }
    }
    bool done = count == 0 || append_all(store, events, count, failure);
    if (store->body.room > BODY_KEPT_BYTES) {
        buffer_release(&store->body);
    }
    if (done && first_sequence != NULL) {
        *first_sequence = first;
    }
    return done;
}

bool store_check(const struct store_field *fields, size_t count, struct failure *failure) {
    return record_check(fields, count, failure);
}

bool store_append(struct store *store, const struct store_field *fields, size_t count, int64_t *sequence,
                  struct failure *failure) {
    struct store_event event = {fields, count};
    return store_append_many(store, &event, 1, sequence, failure);
}

/* ---- reading ---- */

bool store_find_head(struct store *store, struct store_head *head, struct failure *failure) {
    if (!store->read_only) {
        *head = store->head;
        return true;
    }
    *head = (struct store_head){0, store->origin};
    return store->operations->find_last(store, head, failure);
}

void store_make_record(const struct store_walk_step *step, struct store_record *record) {
    record->sequence = step->row->sequence;
    record->withheld = step->view->withheld;
    record->count = step->view->count;
    record->fields = step->view->fields;
    memcpy(record->chain.bytes, step->row->chain.bytes, STORE_HASH_BYTES);
}

struct reading {
    store_visit *visit;
    void *context;
};

static bool visit_reading(void *context, const struct store_walk_step *step) {
    const struct reading *reading = context;
    struct store_record record;
    store_make_record(step, &record);
    return reading->visit(reading->context, &record);
}

bool store_read(struct store *store, int64_t from_sequence, bool verify, store_visit *visit, void *context,
                struct failure *failure) {
    struct reading reading = {visit, context};
    return store_walk(store, from_sequence, verify, visit_reading, &reading, failure);
}

/* ---- hashes as text ---- */

void store_print_hash(const struct store_hash *hash, char out[STORE_HASH_ROOM]) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < STORE_HASH_BYTES; i++) {
        out[2 * i] = digits[hash->bytes[i] >> 4];
        out[2 * i + 1] = digits[hash->bytes[i] & 15];
    }
    out[STORE_HASH_ROOM - 1] = '\0';
}

void store_print_head(const struct store_head *head, char out[STORE_HEAD_ROOM]) {
    char hash[STORE_HASH_ROOM];
    store_print_hash(&head->hash, hash);
    (void)snprintf(out, STORE_HEAD_ROOM, "%" PRId64 ":%s", head->sequence, hash);
}

static int parse_digit(char digit) {
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    if (digit >= 'a' && digit <= 'f') {
        return digit - 'a' + 10;
    }
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

bool store_parse_hash(struct text input, struct store_hash *hash) {
    struct store_hash parsed;
    if (input.length != (size_t)2 * STORE_HASH_BYTES) {
        return false;
    }
    for (size_t i = 0; i < STORE_HASH_BYTES; i++) {
        int high = parse_digit(input.bytes[2 * i]);
        int low = parse_digit(input.bytes[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        parsed.bytes[i] = (uint8_t)(high * 16 + low);
    }
    *hash = parsed;
    return true;
}
