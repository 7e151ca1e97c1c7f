#include "desk/notices.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "desk/fold.h"
#include "desk/view.h"

#include <stdlib.h>
#include <string.h>

#define NOTICES_BYTES_MAX ((size_t)1 << 30)

/* A number that was entered with a call. */
struct heard {
    struct text party, number;
};

struct row_list {
    struct notice *rows;
    uint32_t count, room;
    struct buffer heard; /* of struct heard */
};

struct notices {
    struct arena *arena; /* texts */
    struct buffer lists; /* of struct row_list, by incident - 1 */
    bool has_failed;
};

struct notices *notices_create(void) {
    struct notices *notices = calloc(1, sizeof *notices);
    if (notices == NULL) {
        return NULL;
    }
    notices->arena = arena_create(NOTICES_BYTES_MAX);
    if (notices->arena == NULL) {
        free(notices);
        return NULL;
    }
    return notices;
}

static size_t list_count(const struct notices *notices) {
    return notices->lists.length / sizeof(struct row_list);
}

static struct row_list *list_at(const struct notices *notices, uint32_t incident) {
    return (struct row_list *)(void *)notices->lists.bytes + (incident - 1);
}

void notices_destroy(struct notices *notices) {
    if (notices != NULL) {
        for (size_t i = 0; i < list_count(notices); i++) {
            free(list_at(notices, (uint32_t)i + 1)->rows);
            buffer_release(&list_at(notices, (uint32_t)i + 1)->heard);
        }
        arena_destroy(notices->arena);
        buffer_release(&notices->lists);
        free(notices);
    }
}

bool notices_has_failed(const struct notices *notices) {
    return notices->has_failed;
}

static struct notice *add_row(struct notices *notices, uint32_t incident) {
    const struct row_list none = {0};
    while (list_count(notices) < incident && !notices->lists.failed) {
        buffer_append(&notices->lists, &none, sizeof none);
    }
    if (notices->lists.failed) {
        return NULL;
    }
    struct row_list *list = list_at(notices, incident);
    if (list->count == list->room) {
        uint32_t room = list->room == 0 ? 16 : 2 * list->room;
        struct notice *grown = realloc(list->rows, room * sizeof *grown);
        if (grown == NULL) {
            return NULL;
        }
        list->rows = grown;
        list->room = room;
    }
    list->count++;
    return &list->rows[list->count - 1];
}

/* One acknowledgement answers all that has been said of its item; what is said of it later, because it is late all the
 * same, is another thing. */
static void answer_rows(struct notices *notices, const struct engine_output *output) {
    for (uint32_t i = 0; i < notices_count(notices, output->incident); i++) {
        struct notice *row = &list_at(notices, output->incident)->rows[i];
        row->is_answered = row->is_answered || (row->item_kind == output->item_kind && row->item == output->item);
    }
}

void notices_take(struct notices *notices, const struct engine_output *output) {
    if (output->kind == ENGINE_DUTY_ACKNOWLEDGED || output->kind == ENGINE_PROPOSAL_ACKNOWLEDGED) {
        answer_rows(notices, output);
    }
    if (output->kind != ENGINE_NOTICE) {
        return;
    }
    struct notice *row = add_row(notices, output->incident);
    if (row == NULL) {
        notices->has_failed = true;
        return;
    }
    *row = (struct notice){
        .incident = output->incident,
        .number = list_at(notices, output->incident)->count,
        .item_kind = output->item_kind,
        .item = output->item,
        .party = output->party,
        .step = output->step,
        .fell_due_at = output->due_at,
        .said_at = output->at,
    };
}

struct text notices_find_number(const struct notices *notices, uint32_t incident, struct text party, size_t index) {
    if (incident == 0 || incident > list_count(notices)) {
        return (struct text){0};
    }
    const struct buffer *list = &list_at(notices, incident)->heard;
    const struct heard *heard = (const struct heard *)(const void *)list->bytes;
    for (size_t i = 0; i < list->length / sizeof *heard; i++) {
        if (text_equal(heard[i].party, party) && index-- == 0) {
            return heard[i].number;
        }
    }
    return (struct text){0};
}

static void take_number(struct notices *notices, uint32_t incident, struct text party, struct text number) {
    struct text known = {0};
    if (party.length == 0 || number.length == 0) {
        return;
    }
    for (size_t i = 0; (known = notices_find_number(notices, incident, party, i)).length > 0; i++) {
        if (text_equal(known, number)) {
            return;
        }
    }
    struct buffer *list = &list_at(notices, incident)->heard;
    const struct heard heard = {arena_keep_text(notices->arena, party), arena_keep_text(notices->arena, number)};
    buffer_append(list, &heard, sizeof heard);
    notices->has_failed = notices->has_failed || list->failed || arena_is_exhausted(notices->arena);
}

static bool is_about(const struct notice *row, const struct session_entry *entry) {
    return text_equals_string(fold_field(entry->fields, entry->count, "item"), view_item_kind(row->item_kind)) &&
           fold_read_number(entry, "number") == row->item && fold_read_number(entry, "step") == row->step;
}

/* The row that a logged call is about: that of its number, or, where another program counted the rows otherwise, the first
 * about the same that nobody has been reached about. An event that says nothing of the item goes by the number alone. NULL:
 * there is none. */
static struct notice *find_called(const struct row_list *list, uint32_t number, const struct session_entry *entry) {
    bool says_item = fold_field(entry->fields, entry->count, "item").length > 0;
    if (number >= 1 && number <= list->count && (!says_item || is_about(&list->rows[number - 1], entry))) {
        return &list->rows[number - 1];
    }
    for (uint32_t i = 0; says_item && i < list->count; i++) {
        if (!list->rows[i].is_reached && is_about(&list->rows[i], entry)) {
            return &list->rows[i];
        }
    }
    return NULL;
}

void notices_take_contact(struct notices *notices, const struct session_entry *entry) {
    uint32_t incident = fold_read_number(entry, "incident");
    uint32_t number = fold_read_number(entry, "notice");
    if (incident == 0 || incident > list_count(notices)) {
        return;
    }
    take_number(notices, incident, fold_field(entry->fields, entry->count, "party"),
                fold_field(entry->fields, entry->count, "phone"));
    struct notice *row = find_called(list_at(notices, incident), number, entry);
    if (row == NULL) {
        return;
    }
    row->tries++;
    row->tried_at = entry->at;
    row->try_sequence = entry->sequence;
    row->is_reached =
        row->is_reached || text_equals_string(fold_field(entry->fields, entry->count, "answer"), "reached");
}

uint32_t notices_count(const struct notices *notices, uint32_t incident) {
    return incident == 0 || incident > list_count(notices) ? 0 : list_at(notices, incident)->count;
}

const struct notice *notices_find(const struct notices *notices, uint32_t incident, uint32_t number) {
    return number == 0 || number > notices_count(notices, incident) ? NULL
                                                                    : &list_at(notices, incident)->rows[number - 1];
}

/* Whether what the row is about still waits for somebody's answer. */
static bool is_unanswered(const struct engine *engine, const struct notice *notice) {
    struct engine_duty_view duty;
    struct engine_proposal_view proposal;
    struct engine_finding_view finding;
    switch (notice->item_kind) {
    case ENGINE_ITEM_DUTY:
        return engine_view_duty(engine, notice->incident, notice->item, &duty) && duty.status == ENGINE_OWED;
    case ENGINE_ITEM_PROPOSAL:
        return engine_view_proposal(engine, notice->incident, notice->item, &proposal) &&
               proposal.status == ENGINE_PROPOSAL_OPEN;
    case ENGINE_ITEM_FINDING:
        return engine_view_finding(engine, notice->incident, notice->item, &finding) &&
               finding.closed_at == ENGINE_NEVER && finding.acknowledged_at == ENGINE_NEVER;
    }
    return false;
}

bool notices_is_open(const struct engine *engine, const struct notice *notice) {
    struct engine_incident_view incident;
    return !notice->is_reached && !notice->is_answered && engine_view_incident(engine, notice->incident, &incident) &&
           incident.status == ENGINE_OPENED && is_unanswered(engine, notice);
}
