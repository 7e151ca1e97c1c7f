#include "desk/documents.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/calendar.h"
#include "desk/fold.h"

#include <stdlib.h>

#define DOCUMENTS_BYTES_MAX ((size_t)1 << 30)

struct documents {
    struct arena *arena; /* texts */
    struct buffer signed_off, dispatches;
};

struct documents *documents_create(void) {
    struct documents *documents = calloc(1, sizeof *documents);
    if (documents == NULL) {
        return NULL;
    }
    documents->arena = arena_create(DOCUMENTS_BYTES_MAX);
    if (documents->arena == NULL) {
        free(documents);
        return NULL;
    }
    return documents;
}

void documents_destroy(struct documents *documents) {
    if (documents != NULL) {
        buffer_release(&documents->signed_off);
        buffer_release(&documents->dispatches);
        arena_destroy(documents->arena);
        free(documents);
    }
}

size_t documents_count(const struct documents *documents) {
    return documents->signed_off.length / sizeof(struct document);
}

const struct document *documents_at(const struct documents *documents, size_t index) {
    return (const struct document *)(const void *)documents->signed_off.bytes + index;
}

size_t documents_dispatch_count(const struct documents *documents) {
    return documents->dispatches.length / sizeof(struct dispatch);
}

const struct dispatch *documents_dispatch_at(const struct documents *documents, size_t index) {
    return (const struct dispatch *)(const void *)documents->dispatches.bytes + index;
}

const struct document *documents_find(const struct documents *documents, int64_t sequence) {
    for (size_t i = 0; i < documents_count(documents); i++) {
        if (documents_at(documents, i)->sequence == sequence) {
            return documents_at(documents, i);
        }
    }
    return NULL;
}

const struct document *documents_find_successor(const struct documents *documents, int64_t sequence) {
    for (size_t i = documents_count(documents); i > 0; i--) {
        if (documents_at(documents, i - 1)->replaces == sequence) {
            return documents_at(documents, i - 1);
        }
    }
    return NULL;
}

/* ---- what is logged --------------------------------------------------------------------------------------- */

static struct text keep(struct documents *documents, const struct session_entry *entry, const char *name) {
    struct text value = fold_field(entry->fields, entry->count, name);
    return (struct text){arena_copy_text(documents->arena, value.bytes == NULL ? "" : value.bytes, value.length),
                         value.length};
}

static uint32_t read_number(const struct session_entry *entry, const char *name) {
    return fold_number(fold_field(entry->fields, entry->count, name));
}

static void take_document(struct documents *documents, const struct session_entry *entry) {
    const struct document document = {.sequence = entry->sequence,
                                      .at = entry->at,
                                      .incident = read_number(entry, "incident"),
                                      .bytes = read_number(entry, "bytes"),
                                      .pages = read_number(entry, "pages"),
                                      .replaces = read_number(entry, "replaces"),
                                      .form = keep(documents, entry, "form"),
                                      .title = keep(documents, entry, "title"),
                                      .addressees = keep(documents, entry, "addressees"),
                                      .office = keep(documents, entry, "office"),
                                      .signer = keep(documents, entry, "signer"),
                                      .phone = keep(documents, entry, "phone"),
                                      .actor = keep(documents, entry, "actor"),
                                      .head = keep(documents, entry, "head"),
                                      .sha256 = keep(documents, entry, "sha256"),
                                      .missing = keep(documents, entry, "missing")};
    buffer_append(&documents->signed_off, &document, sizeof document);
}

static bool take_dispatch(struct documents *documents, const struct session_entry *entry, struct failure *failure) {
    struct text as_of = fold_field(entry->fields, entry->count, "as_of");
    struct dispatch dispatch = {.sequence = entry->sequence, .at = entry->at, .as_of = entry->at};
    if (as_of.length > 0 && !calendar_parse_instant(as_of, 0, &dispatch.as_of, failure)) {
        return false;
    }
    dispatch.incident = read_number(entry, "incident");
    dispatch.document = read_number(entry, "document");
    dispatch.duty = read_number(entry, "duty");
    dispatch.form = keep(documents, entry, "form");
    dispatch.party = keep(documents, entry, "party");
    dispatch.way = keep(documents, entry, "way");
    dispatch.spoken_with = keep(documents, entry, "spoken_with");
    dispatch.phone = keep(documents, entry, "phone");
    dispatch.note = keep(documents, entry, "note");
    dispatch.attachments = keep(documents, entry, "attachments");
    dispatch.actor = keep(documents, entry, "actor");
    buffer_append(&documents->dispatches, &dispatch, sizeof dispatch);
    return true;
}

bool documents_take(struct documents *documents, const struct session_entry *entry, struct failure *failure) {
    struct text kind = fold_field(entry->fields, entry->count, "kind");
    if (text_equals_string(kind, "desk.document")) {
        take_document(documents, entry);
    } else if (text_equals_string(kind, "desk.dispatch") && !take_dispatch(documents, entry, failure)) {
        return false;
    }
    return (!documents->signed_off.failed && !documents->dispatches.failed && !arena_is_exhausted(documents->arena)) ||
           failure_say(failure, "memory is exhausted", "内存不足");
}
