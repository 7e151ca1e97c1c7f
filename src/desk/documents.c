#include "desk/documents.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/calendar.h"
#include "desk/fold.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define DOCUMENTS_BYTES_MAX ((size_t)1 << 30)

static_assert(offsetof(struct document, sequence) == 0 && offsetof(struct submitted, sequence) == 0,
              "compare_sequence looks at what stands first");

struct documents {
    struct arena *arena; /* texts of what stays */
    struct buffer signed_off, submitted, dispatches;
    bool is_exhausted; /* a text of what was handed over could not be held */
};

size_t documents_submitted_count(const struct documents *documents) {
    return documents->submitted.length / sizeof(struct submitted);
}

static struct submitted *submitted_at(const struct documents *documents, size_t index) {
    return (struct submitted *)(void *)documents->submitted.bytes + index;
}

/* The texts of what was handed over are long, and of no use once it is settled: each is held by itself. */
static struct text hold(struct documents *documents, const struct session_entry *entry, const char *name) {
    struct text value = fold_field(entry->fields, entry->count, name);
    char *held = malloc(value.length + 1);
    if (held == NULL) {
        documents->is_exhausted = true;
        return (struct text){0};
    }
    if (value.length > 0) {
        memcpy(held, value.bytes, value.length);
    }
    held[value.length] = '\0';
    return (struct text){held, value.length};
}

static void let_go(struct submitted *submitted) {
    struct text *texts[] = {
        &submitted->form,      &submitted->title,       &submitted->body,          &submitted->addressees,
        &submitted->drafted,   &submitted->basis,       &submitted->drafted_title, &submitted->drafted_addressees,
        &submitted->submitter, &submitted->returned_by, &submitted->returner,      &submitted->reason};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        free((char *)texts[i]->bytes);
        *texts[i] = (struct text){0};
    }
}

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
        for (size_t i = 0; i < documents_submitted_count(documents); i++) {
            let_go(submitted_at(documents, i));
        }
        buffer_release(&documents->signed_off);
        buffer_release(&documents->submitted);
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

const struct submitted *documents_submitted_at(const struct documents *documents, size_t index) {
    return submitted_at(documents, index);
}

static struct submitted *find_submitted(const struct documents *documents, uint32_t incident, struct text form) {
    for (size_t i = documents_submitted_count(documents); i > 0; i--) {
        struct submitted *submitted = submitted_at(documents, i - 1);
        if (submitted->state != SUBMITTED_SETTLED && submitted->incident == incident &&
            text_equal(submitted->form, form)) {
            return submitted;
        }
    }
    return NULL;
}

const struct submitted *documents_find_submitted(const struct documents *documents, uint32_t incident,
                                                 struct text form) {
    return find_submitted(documents, incident, form);
}

/* Of what is kept in the order of the log with what is looked for: each begins with the number of its event. */
static int compare_sequence(const void *sequence, const void *kept) {
    int64_t one = *(const int64_t *)sequence;
    int64_t other = *(const int64_t *)kept;
    return one < other ? -1 : one > other;
}

static struct submitted *find_submission(const struct documents *documents, int64_t sequence) {
    size_t count = documents_submitted_count(documents);
    return count == 0
               ? NULL
               : bsearch(&sequence, submitted_at(documents, 0), count, sizeof(struct submitted), compare_sequence);
}

const struct submitted *documents_find_submission(const struct documents *documents, int64_t sequence) {
    return find_submission(documents, sequence);
}

size_t documents_dispatch_count(const struct documents *documents) {
    return documents->dispatches.length / sizeof(struct dispatch);
}

const struct dispatch *documents_dispatch_at(const struct documents *documents, size_t index) {
    return (const struct dispatch *)(const void *)documents->dispatches.bytes + index;
}

const struct document *documents_find(const struct documents *documents, int64_t sequence) {
    size_t count = documents_count(documents);
    return count == 0
               ? NULL
               : bsearch(&sequence, documents_at(documents, 0), count, sizeof(struct document), compare_sequence);
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

static void settle(struct submitted *submitted) {
    submitted->state = SUBMITTED_SETTLED;
    let_go(submitted);
}

/* What was handed over before it, or sent back, is done with. */
static void take_submission(struct documents *documents, const struct session_entry *entry) {
    struct submitted submitted = {.sequence = entry->sequence,
                                  .at = entry->at,
                                  .incident = fold_read_number(entry, "incident"),
                                  .replaces = fold_read_number(entry, "replaces"),
                                  .events = fold_read_number(entry, "events"),
                                  .form = hold(documents, entry, "form"),
                                  .title = hold(documents, entry, "title"),
                                  .body = hold(documents, entry, "body"),
                                  .addressees = hold(documents, entry, "addressees"),
                                  .drafted = hold(documents, entry, "drafted"),
                                  .drafted_title = hold(documents, entry, "drafted_title"),
                                  .drafted_addressees = hold(documents, entry, "drafted_addressees"),
                                  .basis = hold(documents, entry, "basis"),
                                  .submitter = hold(documents, entry, "submitter")};
    struct submitted *former = find_submitted(documents, submitted.incident, submitted.form);
    if (former != NULL) {
        settle(former);
    }
    buffer_append(&documents->submitted, &submitted, sizeof submitted);
    if (documents->submitted.failed) {
        let_go(&submitted);
    }
}

static void take_return(struct documents *documents, const struct session_entry *entry) {
    struct submitted *submitted = find_submission(documents, fold_read_number(entry, "submission"));
    if (submitted != NULL && submitted->state == SUBMITTED_WAITING) {
        submitted->state = SUBMITTED_RETURNED;
        submitted->returned_at = entry->at;
        submitted->returned_by = hold(documents, entry, "by");
        submitted->returner = hold(documents, entry, "returner");
        submitted->reason = hold(documents, entry, "reason");
    }
}

/* The text that was signed waits no longer; one that was sent back is done with by whatever is signed in its place. One that
 * waits beside it, handed over meanwhile, goes on waiting. */
static void settle_submission(struct documents *documents, const struct document *document, uint32_t submission) {
    struct submitted *submitted = find_submitted(documents, document->incident, document->form);
    if (submitted != NULL && (submitted->sequence == submission || submitted->state == SUBMITTED_RETURNED)) {
        settle(submitted);
    }
}

static void take_document(struct documents *documents, const struct session_entry *entry) {
    const struct document document = {.sequence = entry->sequence,
                                      .at = entry->at,
                                      .incident = fold_read_number(entry, "incident"),
                                      .bytes = fold_read_number(entry, "bytes"),
                                      .pages = fold_read_number(entry, "pages"),
                                      .replaces = fold_read_number(entry, "replaces"),
                                      .form = fold_keep(documents->arena, entry, "form"),
                                      .title = fold_keep(documents->arena, entry, "title"),
                                      .addressees = fold_keep(documents->arena, entry, "addressees"),
                                      .office = fold_keep(documents->arena, entry, "office"),
                                      .signer = fold_keep(documents->arena, entry, "signer"),
                                      .phone = fold_keep(documents->arena, entry, "phone"),
                                      .actor = fold_keep(documents->arena, entry, "actor"),
                                      .head = fold_keep(documents->arena, entry, "head"),
                                      .sha256 = fold_keep(documents->arena, entry, "sha256"),
                                      .missing = fold_keep(documents->arena, entry, "missing")};
    buffer_append(&documents->signed_off, &document, sizeof document);
    settle_submission(documents, &document, fold_read_number(entry, "submission"));
}

static bool take_dispatch(struct documents *documents, const struct session_entry *entry, struct failure *failure) {
    struct text as_of = fold_field(entry->fields, entry->count, "as_of");
    struct dispatch dispatch = {.sequence = entry->sequence, .at = entry->at, .as_of = entry->at};
    if (as_of.length > 0 && !calendar_parse_instant(as_of, 0, &dispatch.as_of, failure)) {
        return false;
    }
    dispatch.incident = fold_read_number(entry, "incident");
    dispatch.document = fold_read_number(entry, "document");
    dispatch.duty = fold_read_number(entry, "duty");
    dispatch.form = fold_keep(documents->arena, entry, "form");
    dispatch.party = fold_keep(documents->arena, entry, "party");
    dispatch.way = fold_keep(documents->arena, entry, "way");
    dispatch.spoken_with = fold_keep(documents->arena, entry, "spoken_with");
    dispatch.phone = fold_keep(documents->arena, entry, "phone");
    dispatch.note = fold_keep(documents->arena, entry, "note");
    dispatch.attachments = fold_keep(documents->arena, entry, "attachments");
    dispatch.actor = fold_keep(documents->arena, entry, "actor");
    buffer_append(&documents->dispatches, &dispatch, sizeof dispatch);
    return true;
}

bool documents_take(struct documents *documents, const struct session_entry *entry, struct failure *failure) {
    struct text kind = fold_field(entry->fields, entry->count, "kind");
    if (text_equals_string(kind, "desk.document")) {
        take_document(documents, entry);
    } else if (text_equals_string(kind, "desk.submission")) {
        take_submission(documents, entry);
    } else if (text_equals_string(kind, "desk.submission-return")) {
        take_return(documents, entry);
    } else if (text_equals_string(kind, "desk.dispatch") && !take_dispatch(documents, entry, failure)) {
        return false;
    }
    return (!documents->signed_off.failed && !documents->submitted.failed && !documents->dispatches.failed &&
            !arena_is_exhausted(documents->arena) && !documents->is_exhausted) ||
           failure_say(failure, "memory is exhausted", "内存不足");
}
