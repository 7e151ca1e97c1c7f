/* Which events of a log belong to one incident, in two passes over it and without an engine: so that a record can be made beside
 * a running server, of a log of any length. Here stands no more of an event than which incident, call and files it names. */
#include "desk/dossier_part.h"

#include "desk/fold.h"

#include <stdlib.h>
#include <string.h>

/* A call: who knows of which incident it is comes behind it. */
struct heard {
    int64_t sequence;
    uint32_t incident;
};

struct picking {
    uint32_t incident;
    struct buffer *sequences;
    struct buffer calls;   /* of struct heard, by number - 1 */
    struct buffer members; /* of uint32_t: what was merged with it, for as long as it was */
    struct buffer hashes;  /* 64 digits each */
};

static void add_sequence(struct picking *picking, int64_t sequence) {
    buffer_append(picking->sequences, &sequence, sizeof sequence);
}

static void add_hash(void *context, struct text hash) {
    struct picking *picking = context;
    if (hash.length == DOSSIER_HASH_DIGITS) {
        buffer_append(&picking->hashes, hash.bytes, hash.length);
    }
}

void dossier_list_hashes(const struct store_field *field, void (*take)(void *context, struct text hash),
                         void *context) {
    struct text rest = field->value;
    if (!text_equals_string(field->name, "attachments") && !text_equals_string(field->name, "sha256")) {
        return;
    }
    for (struct text word = fold_next_word(&rest); word.length > 0; word = fold_next_word(&rest)) {
        take(context, word);
    }
}

static bool is_member(const struct picking *picking, uint32_t incident) {
    const uint32_t *members = (const uint32_t *)(const void *)picking->members.bytes;
    for (size_t i = 0; i < picking->members.length / sizeof *members; i++) {
        if (members[i] == incident) {
            return true;
        }
    }
    return false;
}

static void remove_member(struct picking *picking, uint32_t incident) {
    uint32_t *members = (uint32_t *)(void *)picking->members.bytes;
    size_t kept = 0;
    for (size_t i = 0; i < picking->members.length / sizeof *members; i++) {
        if (members[i] != incident) {
            members[kept++] = members[i];
        }
    }
    picking->members.length = kept * sizeof *members;
}

/* That another has gone into it, or is told apart from it again, is its matter too. */
static bool takes_merge(struct picking *picking, const struct store_record *record, struct text kind,
                        uint32_t incident) {
    bool is_split = text_equals_string(kind, "split") && is_member(picking, incident);
    bool is_merge = text_equals_string(kind, "merge") &&
                    fold_number(fold_field(record->fields, record->count, "other")) == picking->incident;
    if (is_merge) {
        buffer_append(&picking->members, &incident, sizeof incident);
    } else if (is_split) {
        remove_member(picking, incident);
    }
    return is_merge || is_split;
}

/* That a call was heard to be about it, or that it is about another after all. */
static bool takes_call(struct picking *picking, const struct store_record *record, uint32_t incident) {
    struct heard *calls = (struct heard *)(void *)picking->calls.bytes;
    uint32_t number = fold_number(fold_field(record->fields, record->count, "call"));
    if (number == 0 || incident == 0 || number > picking->calls.length / sizeof *calls) {
        return false;
    }
    bool is_left = calls[number - 1].incident == picking->incident;
    calls[number - 1].incident = incident;
    if (incident == picking->incident) {
        add_sequence(picking, calls[number - 1].sequence);
    }
    return is_left;
}

static bool visit(void *context, const struct store_record *record) {
    struct picking *picking = context;
    struct text kind = fold_field(record->fields, record->count, "kind");
    uint32_t incident = fold_number(fold_field(record->fields, record->count, "incident"));
    if (text_equals_string(kind, "desk.call")) {
        const struct heard call = {record->sequence, incident};
        buffer_append(&picking->calls, &call, sizeof call);
    }
    if (picking->calls.failed) {
        return false;
    }
    bool is_own = takes_call(picking, record, incident);
    is_own = takes_merge(picking, record, kind, incident) || is_own;
    is_own = is_own || (incident == picking->incident) || text_equals_string(kind, "adopt") ||
             text_equals_string(kind, DOSSIER_EXERCISE_KIND);
    if (is_own) {
        add_sequence(picking, record->sequence);
    }
    for (size_t i = 0; incident == picking->incident && i < record->count; i++) {
        dossier_list_hashes(&record->fields[i], add_hash, picking);
    }
    return true;
}

static int compare_hashes(const void *left, const void *right) {
    return memcmp(left, right, DOSSIER_HASH_DIGITS);
}

/* That a file has come is noted before an event names it. */
static bool visit_files(void *context, const struct store_record *record) {
    struct picking *picking = context;
    struct text hash = fold_field(record->fields, record->count, "sha256");
    if (text_equals_string(fold_field(record->fields, record->count, "kind"), "desk.attachment") &&
        hash.length == DOSSIER_HASH_DIGITS &&
        bsearch(hash.bytes, picking->hashes.bytes, picking->hashes.length / DOSSIER_HASH_DIGITS, DOSSIER_HASH_DIGITS,
                compare_hashes) != NULL) {
        add_sequence(picking, record->sequence);
    }
    return true;
}

static int compare_sequences(const void *left, const void *right) {
    int64_t one = *(const int64_t *)left;
    int64_t other = *(const int64_t *)right;
    return one < other ? -1 : one > other;
}

bool dossier_has_event(const struct buffer *sequences, int64_t sequence) {
    return sequences->length > 0 && bsearch(&sequence, sequences->bytes, sequences->length / sizeof sequence,
                                            sizeof sequence, compare_sequences) != NULL;
}

static void sort(struct buffer *sequences) {
    int64_t *list = (int64_t *)(void *)sequences->bytes;
    size_t kept = 0;
    size_t count = sequences->length / sizeof *list;
    if (count > 0) {
        qsort(list, count, sizeof *list, compare_sequences);
    }
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || list[kept - 1] != list[i]) {
            list[kept++] = list[i];
        }
    }
    sequences->length = kept * sizeof *list;
}

static bool pick(struct picking *picking, struct store *store, struct failure *failure) {
    if (!store_read(store, 1, false, visit, picking, failure)) {
        return false;
    }
    if (picking->hashes.length > 0) {
        qsort(picking->hashes.bytes, picking->hashes.length / DOSSIER_HASH_DIGITS, DOSSIER_HASH_DIGITS, compare_hashes);
        if (!store_read(store, 1, false, visit_files, picking, failure)) {
            return false;
        }
    }
    sort(picking->sequences);
    return true;
}

bool dossier_pick(struct store *store, uint32_t incident, struct buffer *sequences, struct failure *failure) {
    struct picking picking = {.incident = incident, .sequences = sequences};
    buffer_clear(sequences);
    bool done = pick(&picking, store, failure);
    if (done && (sequences->failed || picking.calls.failed || picking.members.failed || picking.hashes.failed)) {
        done = failure_say(failure, "memory is exhausted", "内存不足");
    }
    buffer_release(&picking.calls);
    buffer_release(&picking.members);
    buffer_release(&picking.hashes);
    return done;
}
