#include "desk/fold.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/calendar.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLD_BYTES_MAX ((size_t)4 << 30)
#define IDENTITY_BYTES 16U

struct key_slot {
    uint8_t identity[IDENTITY_BYTES]; /* a hash of actor and key */
    struct fold_key key;              /* sequence 0: the slot is free */
};

/* Open addressing. Keys are forgotten a whole table at a time. */
struct key_table {
    struct key_slot *slots;
    size_t room, count;
    int64_t begun_at;
};

struct event_list {
    int64_t *sequences;
    size_t count, room;
    uint32_t *calls; /* that belong to the incident, or once did */
    size_t call_count, call_room;
    uint32_t merged_into; /* 0 */
};

/* That an account was shown what is personal in an incident. */
struct reading {
    struct text account;
    uint32_t incident;
    int64_t at; /* last */
};

struct fold {
    struct arena *arena; /* texts of calls, names of plans */
    struct key_table current, previous;
    struct buffer calls;       /* of struct fold_call */
    struct buffer spoken;      /* of struct fold_spoken */
    struct buffer plans;       /* of struct text */
    struct buffer attachments; /* of struct fold_attachment */
    struct buffer proofs;      /* of struct fold_proof */
    struct buffer answers;     /* of struct fold_answer */
    struct buffer bindings;    /* of struct fold_binding */
    struct buffer merges;      /* of struct fold_merge */
    struct buffer adoptions;   /* of struct fold_adoption */
    struct buffer readings;    /* of struct reading */
    struct buffer events;      /* of struct event_list, by incident - 1 */
    int64_t last_at;
};

struct fold *fold_create(void) {
    struct fold *fold = calloc(1, sizeof *fold);
    if (fold == NULL) {
        return NULL;
    }
    fold->arena = arena_create(FOLD_BYTES_MAX);
    fold->last_at = INT64_MIN;
    if (fold->arena == NULL) {
        free(fold);
        return NULL;
    }
    return fold;
}

static struct event_list *list_at(const struct fold *fold, size_t index) {
    return (struct event_list *)(void *)fold->events.bytes + index;
}

static size_t list_count(const struct fold *fold) {
    return fold->events.length / sizeof(struct event_list);
}

void fold_destroy(struct fold *fold) {
    if (fold == NULL) {
        return;
    }
    for (size_t i = 0; i < list_count(fold); i++) {
        free(list_at(fold, i)->sequences);
        free(list_at(fold, i)->calls);
    }
    buffer_release(&fold->events);
    buffer_release(&fold->calls);
    buffer_release(&fold->spoken);
    buffer_release(&fold->plans);
    buffer_release(&fold->attachments);
    buffer_release(&fold->proofs);
    buffer_release(&fold->answers);
    buffer_release(&fold->bindings);
    buffer_release(&fold->merges);
    buffer_release(&fold->adoptions);
    buffer_release(&fold->readings);
    free(fold->current.slots);
    free(fold->previous.slots);
    arena_destroy(fold->arena);
    free(fold);
}

int64_t fold_last_at(const struct fold *fold) {
    return fold->last_at;
}

struct text fold_field(const struct store_field *fields, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++) {
        if (text_equals_string(fields[i].name, name)) {
            return fields[i].value;
        }
    }
    return (struct text){0};
}

static bool refuse_memory(struct failure *failure) {
    return failure_say(failure, "memory is exhausted", "内存不足");
}

uint32_t fold_number(struct text text) {
    uint64_t sum = 0;
    for (size_t i = 0; i < text.length && sum <= UINT32_MAX; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9') {
            return 0;
        }
        sum = sum * 10 + (uint64_t)(text.bytes[i] - '0');
    }
    return sum <= UINT32_MAX ? (uint32_t)sum : 0;
}

struct text fold_keep(struct arena *arena, const struct session_entry *entry, const char *name) {
    return arena_keep_text(arena, fold_field(entry->fields, entry->count, name));
}

uint32_t fold_read_number(const struct session_entry *entry, const char *name) {
    return fold_number(fold_field(entry->fields, entry->count, name));
}

/* ---- keys ------------------------------------------------------------------------------------------------- */

void fold_write_key(const char *key, uint64_t mark, char out[FOLD_KEY_ROOM]) {
    (void)snprintf(out, FOLD_KEY_ROOM, "%s %016" PRIx64, key, mark);
}

bool fold_read_key(struct text logged, struct text *key, uint64_t *mark) {
    static const char digits[] = "0123456789abcdef";
    if (logged.length < 18 || logged.bytes[logged.length - 17] != ' ') {
        return false;
    }
    *key = (struct text){logged.bytes, logged.length - 17};
    *mark = 0;
    for (size_t i = logged.length - 16; i < logged.length; i++) {
        const char *digit = logged.bytes[i] == '\0' ? NULL : strchr(digits, logged.bytes[i]);
        if (digit == NULL) {
            return false;
        }
        *mark = *mark << 4 | (uint64_t)(digit - digits);
    }
    return true;
}

static void identify(struct text actor, struct text key, uint8_t identity[IDENTITY_BYTES]) {
    crypto_generichash_state state;
    static const unsigned char between[] = {0};
    (void)crypto_generichash_init(&state, NULL, 0, IDENTITY_BYTES);
    (void)crypto_generichash_update(&state, (const unsigned char *)actor.bytes, actor.length);
    (void)crypto_generichash_update(&state, between, sizeof between);
    (void)crypto_generichash_update(&state, (const unsigned char *)key.bytes, key.length);
    (void)crypto_generichash_final(&state, identity, IDENTITY_BYTES);
}

/* The slot of an identity, or the free one where it would stand. NULL in a table without room. */
static struct key_slot *find_slot(const struct key_table *table, const uint8_t identity[IDENTITY_BYTES]) {
    if (table->room == 0) {
        return NULL;
    }
    uint64_t start = 0;
    memcpy(&start, identity, sizeof start);
    size_t at = (size_t)start & (table->room - 1);
    while (table->slots[at].key.sequence != 0 && memcmp(table->slots[at].identity, identity, IDENTITY_BYTES) != 0) {
        at = (at + 1) & (table->room - 1);
    }
    return &table->slots[at];
}

static bool grow(struct key_table *table) {
    struct key_table grown = {.room = table->room == 0 ? 64 : table->room * 2, .begun_at = table->begun_at};
    grown.slots = calloc(grown.room, sizeof *grown.slots);
    if (grown.slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < table->room; i++) {
        if (table->slots[i].key.sequence != 0) {
            *find_slot(&grown, table->slots[i].identity) = table->slots[i];
            grown.count++;
        }
    }
    free(table->slots);
    *table = grown;
    return true;
}

static bool add_key(struct fold *fold, const struct session_entry *entry, struct text key, const struct fold_key *found,
                    struct failure *failure) {
    struct key_table *table = &fold->current;
    if (table->count > 0 && entry->at - table->begun_at > FOLD_KEY_US) {
        free(fold->previous.slots);
        fold->previous = *table;
        *table = (struct key_table){0};
    }
    if (2 * (table->count + 1) > table->room && !grow(table)) {
        return refuse_memory(failure);
    }
    table->begun_at = table->count == 0 ? entry->at : table->begun_at;
    uint8_t identity[IDENTITY_BYTES];
    identify(fold_field(entry->fields, entry->count, "actor"), key, identity);
    struct key_slot *slot = find_slot(table, identity);
    table->count += slot->key.sequence == 0;
    memcpy(slot->identity, identity, IDENTITY_BYTES);
    slot->key = *found;
    return true;
}

const struct fold_key *fold_find_key(const struct fold *fold, struct text actor, struct text key) {
    uint8_t identity[IDENTITY_BYTES];
    identify(actor, key, identity);
    const struct key_slot *slot = find_slot(&fold->current, identity);
    if (slot == NULL || slot->key.sequence == 0) {
        slot = find_slot(&fold->previous, identity);
    }
    return slot == NULL || slot->key.sequence == 0 ? NULL : &slot->key;
}

/* ---- calls ------------------------------------------------------------------------------------------------ */

static struct fold_call *call_by_index(const struct fold *fold, size_t index) {
    return (struct fold_call *)(void *)fold->calls.bytes + index;
}

static int compare_number(const void *number, const void *call) {
    uint32_t wanted = *(const uint32_t *)number;
    uint32_t found = ((const struct fold_call *)call)->number;
    return wanted < found ? -1 : wanted > found;
}

/* NULL where there is no such call. */
static struct fold_call *call_at(const struct fold *fold, uint32_t number) {
    size_t count = fold->calls.length / sizeof(struct fold_call);
    if (number == 0 || number > fold_call_count(fold)) {
        return NULL;
    }
    if (count == fold_call_count(fold)) {
        return call_by_index(fold, number - 1);
    }
    return bsearch(&number, fold->calls.bytes, count, sizeof(struct fold_call), compare_number);
}

uint32_t fold_call_count(const struct fold *fold) {
    size_t count = fold->calls.length / sizeof(struct fold_call);
    return count == 0 ? 0 : call_by_index(fold, count - 1)->number;
}

const struct fold_call *fold_find_call(const struct fold *fold, uint32_t number) {
    return call_at(fold, number);
}

static bool take_call(struct fold *fold, const struct session_entry *entry, struct failure *failure) {
    struct fold_call call = {.number =
                                 entry->number > fold_call_count(fold) ? entry->number : fold_call_count(fold) + 1,
                             .sequence = entry->sequence,
                             .saved_at = entry->at,
                             .called_at = entry->at};
    struct text called_at = fold_field(entry->fields, entry->count, "called_at");
    if (called_at.length > 0 && !calendar_parse_instant(called_at, 0, &call.called_at, failure)) {
        return false;
    }
    call.text = fold_keep(fold->arena, entry, "text");
    call.place = fold_keep(fold->arena, entry, "place");
    call.caller = fold_keep(fold->arena, entry, "caller");
    call.phone = fold_keep(fold->arena, entry, "phone");
    call.taken_by = fold_keep(fold->arena, entry, "actor");
    call.incident = fold_read_number(entry, "incident");
    call.assigned_sequence = call.incident == 0 ? 0 : entry->sequence;
    buffer_append(&fold->calls, &call, sizeof call);
    return (!arena_is_exhausted(fold->arena) && !fold->calls.failed) || refuse_memory(failure);
}

/* ---- incidents and plans ---------------------------------------------------------------------------------- */

/* An incident's list, made when there is none. NULL when memory is exhausted. */
static struct event_list *make_list(struct fold *fold, uint32_t incident) {
    const struct event_list none = {0};
    while (list_count(fold) < incident && !fold->events.failed) {
        buffer_append(&fold->events, &none, sizeof none);
    }
    return fold->events.failed ? NULL : list_at(fold, incident - 1);
}

static bool add_event(struct fold *fold, uint32_t incident, int64_t sequence, struct failure *failure) {
    struct event_list *list = make_list(fold, incident);
    if (list == NULL) {
        return refuse_memory(failure);
    }
    if (list->count == list->room) {
        size_t room = list->room == 0 ? 16 : 2 * list->room;
        int64_t *grown = realloc(list->sequences, room * sizeof *grown);
        if (grown == NULL) {
            return refuse_memory(failure);
        }
        list->sequences = grown;
        list->room = room;
    }
    list->sequences[list->count++] = sequence;
    return true;
}

static bool add_call(struct fold *fold, uint32_t incident, uint32_t call, struct failure *failure) {
    struct event_list *list = make_list(fold, incident);
    if (list == NULL) {
        return refuse_memory(failure);
    }
    for (size_t i = 0; i < list->call_count; i++) {
        if (list->calls[i] == call) {
            return true;
        }
    }
    if (list->call_count == list->call_room) {
        size_t room = list->call_room == 0 ? 4 : 2 * list->call_room;
        uint32_t *grown = realloc(list->calls, room * sizeof *grown);
        if (grown == NULL) {
            return refuse_memory(failure);
        }
        list->calls = grown;
        list->call_room = room;
    }
    list->calls[list->call_count++] = call;
    return true;
}

const uint32_t *fold_find_calls(const struct fold *fold, uint32_t incident, size_t *count) {
    *count = 0;
    if (incident == 0 || incident > list_count(fold)) {
        return NULL;
    }
    *count = list_at(fold, incident - 1)->call_count;
    return list_at(fold, incident - 1)->calls;
}

/* What an incident goes into, or is told apart from, is that incident's matter too. */
static bool link_merged(struct fold *fold, const struct session_entry *entry, struct text kind,
                        struct failure *failure) {
    bool is_merge = text_equals_string(kind, "merge");
    if (entry->incident == 0 || (!is_merge && !text_equals_string(kind, "split"))) {
        return true;
    }
    struct event_list *list = list_at(fold, entry->incident - 1);
    uint32_t into = is_merge ? fold_read_number(entry, "other") : list->merged_into;
    list->merged_into = is_merge ? into : 0;
    if (is_merge) {
        const struct fold_merge merge = {entry->incident, into, entry->sequence};
        buffer_append(&fold->merges, &merge, sizeof merge);
    }
    return !fold->merges.failed ? into == 0 || add_event(fold, into, entry->sequence, failure) : refuse_memory(failure);
}

/* A call is heard to belong to an incident, when that is opened or later. The one that it leaves has changed too. */
static bool link_call(struct fold *fold, const struct session_entry *entry, uint32_t incident,
                      struct failure *failure) {
    uint32_t number = fold_read_number(entry, "call");
    struct fold_call *call = call_at(fold, number);
    if (call == NULL || incident == 0) {
        return true;
    }
    uint32_t before = call->incident;
    call->incident = incident;
    call->assigned_sequence =
        before == incident ? call->assigned_sequence : entry->sequence; /* else a fact heard in it */
    return add_call(fold, incident, number, failure) &&
           (before == 0 || before == incident || add_event(fold, before, entry->sequence, failure));
}

const int64_t *fold_find_events(const struct fold *fold, uint32_t incident, size_t *count) {
    *count = 0;
    if (incident == 0 || incident > list_count(fold)) {
        return NULL;
    }
    *count = list_at(fold, incident - 1)->count;
    return list_at(fold, incident - 1)->sequences;
}

size_t fold_plan_count(const struct fold *fold) {
    return fold->plans.length / sizeof(struct text);
}

struct text fold_find_plan(const struct fold *fold, size_t index) {
    return ((const struct text *)(const void *)fold->plans.bytes)[index];
}

size_t fold_merge_count(const struct fold *fold) {
    return fold->merges.length / sizeof(struct fold_merge);
}

const struct fold_merge *fold_find_merge(const struct fold *fold, size_t index) {
    return (const struct fold_merge *)(const void *)fold->merges.bytes + index;
}

size_t fold_adoption_count(const struct fold *fold) {
    return fold->adoptions.length / sizeof(struct fold_adoption);
}

const struct fold_adoption *fold_find_adoption(const struct fold *fold, size_t index) {
    return (const struct fold_adoption *)(const void *)fold->adoptions.bytes + index;
}

static bool take_plan(struct fold *fold, int64_t sequence, struct text name, struct failure *failure) {
    const struct fold_adoption adoption = {sequence, arena_keep_text(fold->arena, name)};
    buffer_append(&fold->adoptions, &adoption, sizeof adoption);
    if (arena_is_exhausted(fold->arena) || fold->adoptions.failed) {
        return refuse_memory(failure);
    }
    for (size_t i = 0; i < fold_plan_count(fold); i++) {
        if (text_equal(fold_find_plan(fold, i), name)) {
            return true;
        }
    }
    buffer_append(&fold->plans, &adoption.plan, sizeof adoption.plan);
    return !fold->plans.failed || refuse_memory(failure);
}

/* ---- what was spoken -------------------------------------------------------------------------------------- */

static struct fold_spoken *spoken_at(const struct fold *fold, size_t index) {
    return (struct fold_spoken *)(void *)fold->spoken.bytes + index;
}

size_t fold_spoken_count(const struct fold *fold) {
    return fold->spoken.length / sizeof(struct fold_spoken);
}

const struct fold_spoken *fold_find_spoken(const struct fold *fold, size_t index) {
    return spoken_at(fold, index);
}

const struct fold_spoken *fold_find_spoken_of(const struct fold *fold, int64_t sequence) {
    for (size_t i = fold_spoken_count(fold); i > 0; i--) {
        if (spoken_at(fold, i - 1)->sequence == sequence) {
            return spoken_at(fold, i - 1);
        }
    }
    return NULL;
}

/* Signed by telephone: the document has the office, who spoke, and from which number in fields of its own. */
static struct fold_spoken read_spoken(struct fold *fold, const struct session_entry *entry, struct text kind) {
    bool is_document = text_equals_string(kind, "desk.document");
    const char *who = is_document ? "signer" : "spoken_by";
    const char *from = is_document ? "phone" : "spoken_from";
    return (struct fold_spoken){
        .kind = is_document                          ? FOLD_SPOKEN_DOCUMENT
                : text_equals_string(kind, "refuse") ? FOLD_SPOKEN_REFUSAL
                                                     : FOLD_SPOKEN_ORDER,
        .scale = fold_keep(fold->arena, entry, "scale"),
        .level = fold_keep(fold->arena, entry, "level"),
        .by = fold_keep(fold->arena, entry, is_document ? "office" : "by"),
        .who = fold_keep(fold->arena, entry, who),
        .from = fold_keep(fold->arena, entry, from),
        .recorder = fold_keep(fold->arena, entry, "actor"),
        .reason = fold_keep(fold->arena, entry, "reason"),
        .title = arena_keep_text(fold->arena,
                                 is_document ? fold_field(entry->fields, entry->count, "title") : (struct text){0}),
        .sha256 = arena_keep_text(fold->arena,
                                  is_document ? fold_field(entry->fields, entry->count, "sha256") : (struct text){0}),
    };
}

static bool take_spoken(struct fold *fold, const struct session_entry *entry, struct text kind, uint32_t incident,
                        struct failure *failure) {
    bool is_signed =
        text_equals_string(kind, "desk.document") && fold_field(entry->fields, entry->count, "phone").length > 0;
    if (!is_signed && fold_field(entry->fields, entry->count, "spoken_by").length == 0) {
        return true;
    }
    struct fold_spoken spoken = read_spoken(fold, entry, kind);
    spoken.sequence = entry->sequence;
    spoken.at = entry->at;
    spoken.incident = incident;
    buffer_append(&fold->spoken, &spoken, sizeof spoken);
    return (!arena_is_exhausted(fold->arena) && !fold->spoken.failed) || refuse_memory(failure);
}

static bool take_settlement(struct fold *fold, const struct session_entry *entry, struct failure *failure) {
    uint32_t order = fold_read_number(entry, "order");
    bool is_confirmed = text_equals_string(fold_field(entry->fields, entry->count, "outcome"), "confirmed");
    for (size_t i = 0; i < fold_spoken_count(fold); i++) {
        struct fold_spoken *spoken = spoken_at(fold, i);
        if (spoken->sequence == (int64_t)order) {
            spoken->settled = is_confirmed ? FOLD_CONFIRMED : FOLD_DISPUTED;
            spoken->settled_at = entry->at;
            spoken->settler = fold_keep(fold->arena, entry, "actor");
            spoken->remark = fold_keep(fold->arena, entry, "reason");
        }
    }
    return !arena_is_exhausted(fold->arena) || refuse_memory(failure);
}

/* ---- who was shown what is personal ------------------------------------------------------------------------- */

static struct reading *find_reading(const struct fold *fold, struct text account, uint32_t incident) {
    struct reading *readings = (struct reading *)(void *)fold->readings.bytes;
    for (size_t i = 0; i < fold->readings.length / sizeof *readings; i++) {
        if (readings[i].incident == incident && text_equal(readings[i].account, account)) {
            return &readings[i];
        }
    }
    return NULL;
}

int64_t fold_find_reading(const struct fold *fold, struct text account, uint32_t incident) {
    const struct reading *reading = find_reading(fold, account, incident);
    return reading == NULL ? INT64_MIN : reading->at;
}

static bool take_reading(struct fold *fold, const struct session_entry *entry, struct failure *failure) {
    struct text account = fold_field(entry->fields, entry->count, "actor");
    uint32_t incident = fold_read_number(entry, "read_incident");
    struct reading *known = find_reading(fold, account, incident);
    if (known != NULL) {
        known->at = entry->at;
        return true;
    }
    const struct reading reading = {arena_keep_text(fold->arena, account), incident, entry->at};
    buffer_append(&fold->readings, &reading, sizeof reading);
    return (reading.account.bytes != NULL && !fold->readings.failed) || refuse_memory(failure);
}

/* ---- files ------------------------------------------------------------------------------------------------ */

static struct fold_attachment *attachment_at(const struct fold *fold, size_t index) {
    return (struct fold_attachment *)(void *)fold->attachments.bytes + index;
}

size_t fold_attachment_count(const struct fold *fold) {
    return fold->attachments.length / sizeof(struct fold_attachment);
}

const struct fold_attachment *fold_find_attachment(const struct fold *fold, size_t index) {
    return attachment_at(fold, index);
}

const struct fold_attachment *fold_find_content(const struct fold *fold, struct text sha256, struct text sender) {
    const struct fold_attachment *found = NULL;
    for (size_t i = fold_attachment_count(fold); i > 0; i--) {
        const struct fold_attachment *attachment = attachment_at(fold, i - 1);
        if (text_equal(attachment->sha256, sha256)) {
            if (text_equal(attachment->sender, sender)) {
                return attachment;
            }
            found = found == NULL ? attachment : found;
        }
    }
    return found;
}

size_t fold_proof_count(const struct fold *fold) {
    return fold->proofs.length / sizeof(struct fold_proof);
}

const struct fold_proof *fold_find_proof(const struct fold *fold, size_t index) {
    return (const struct fold_proof *)(const void *)fold->proofs.bytes + index;
}

static bool take_attachment(struct fold *fold, const struct session_entry *entry, struct failure *failure) {
    const struct fold_attachment attachment = {
        .sequence = entry->sequence,
        .at = entry->at,
        .bytes = fold_read_number(entry, "bytes"),
        .sha256 = fold_keep(fold->arena, entry, "sha256"),
        .type = fold_keep(fold->arena, entry, "type"),
        .name = fold_keep(fold->arena, entry, "name"),
        .sender = fold_keep(fold->arena, entry, "actor"),
    };
    buffer_append(&fold->attachments, &attachment, sizeof attachment);
    return (!arena_is_exhausted(fold->arena) && !fold->attachments.failed) || refuse_memory(failure);
}

struct text fold_next_word(struct text *rest) {
    size_t from = 0;
    while (from < rest->length && rest->bytes[from] == ' ') {
        from++;
    }
    size_t end = from;
    while (end < rest->length && rest->bytes[end] != ' ') {
        end++;
    }
    struct text word = {rest->length == 0 ? NULL : rest->bytes + from, end - from};
    *rest = (struct text){rest->length == 0 ? NULL : rest->bytes + end, rest->length - end};
    return word;
}

/* All files of this content: whoever may see one of them may see what is in it. */
static void mark_proving(struct fold *fold, struct text sha256) {
    for (size_t i = 0; i < fold_attachment_count(fold); i++) {
        struct fold_attachment *attachment = attachment_at(fold, i);
        attachment->proves = attachment->proves || text_equal(attachment->sha256, sha256);
    }
}

/* An event of a duty that names files: from now on they prove something. */
static bool take_proof(struct fold *fold, const struct session_entry *entry, struct failure *failure) {
    struct text named = fold_field(entry->fields, entry->count, "attachments");
    if (named.length == 0) {
        return true;
    }
    const struct fold_proof proof = {
        .incident = entry->incident,
        .duty = fold_read_number(entry, "number"),
        .at = entry->at,
        .attachments = arena_keep_text(fold->arena, named),
        .actor = fold_keep(fold->arena, entry, "actor"),
    };
    buffer_append(&fold->proofs, &proof, sizeof proof);
    for (struct text rest = named, word = fold_next_word(&rest); word.length > 0; word = fold_next_word(&rest)) {
        mark_proving(fold, word);
    }
    return (!arena_is_exhausted(fold->arena) && !fold->proofs.failed) || refuse_memory(failure);
}

/* ---- acknowledged by telephone ---------------------------------------------------------------------------- */

struct text fold_find_answer(const struct fold *fold, uint32_t incident, uint32_t duty, int64_t at) {
    const struct fold_answer *answers = (const struct fold_answer *)(const void *)fold->answers.bytes;
    for (size_t i = fold->answers.length / sizeof *answers; i > 0; i--) {
        if (answers[i - 1].incident == incident && answers[i - 1].duty == duty && answers[i - 1].at == at) {
            return answers[i - 1].from;
        }
    }
    return (struct text){0};
}

static bool take_answer(struct fold *fold, const struct session_entry *entry, struct text kind,
                        struct failure *failure) {
    struct text from = fold_field(entry->fields, entry->count, "spoken_from");
    if (from.length == 0 || !text_equals_string(kind, "acknowledge") ||
        !text_equals_string(fold_field(entry->fields, entry->count, "item"), "duty")) {
        return true;
    }
    const struct fold_answer answer = {
        .incident = entry->incident,
        .duty = fold_read_number(entry, "number"),
        .at = entry->at,
        .from = arena_keep_text(fold->arena, from),
    };
    buffer_append(&fold->answers, &answer, sizeof answer);
    return (!arena_is_exhausted(fold->arena) && !fold->answers.failed) || refuse_memory(failure);
}

/* ---- roles ------------------------------------------------------------------------------------------------ */

size_t fold_binding_count(const struct fold *fold) {
    return fold->bindings.length / sizeof(struct fold_binding);
}

const struct fold_binding *fold_find_binding(const struct fold *fold, size_t index) {
    return (const struct fold_binding *)(const void *)fold->bindings.bytes + index;
}

static bool take_binding(struct fold *fold, const struct session_entry *entry, struct text kind,
                         struct failure *failure) {
    bool ends = text_equals_string(kind, "unbind");
    if (!ends && !text_equals_string(kind, "bind")) {
        return true;
    }
    const struct fold_binding binding = {
        .incident = entry->incident,
        .at = entry->at,
        .role = fold_keep(fold->arena, entry, "role"),
        .unit = fold_keep(fold->arena, entry, "unit"),
        .ends = ends,
    };
    buffer_append(&fold->bindings, &binding, sizeof binding);
    return (!arena_is_exhausted(fold->arena) && !fold->bindings.failed) || refuse_memory(failure);
}

/* ---- events ----------------------------------------------------------------------------------------------- */

bool fold_take(void *context, const struct session_entry *entry, struct failure *failure) {
    struct fold *fold = context;
    struct text kind = fold_field(entry->fields, entry->count, "kind");
    struct text call = fold_field(entry->fields, entry->count, "call");
    uint32_t incident = entry->incident;
    if (text_starts_with(kind, TEXT(SESSION_NOTE_PREFIX))) {
        incident = fold_read_number(entry, "incident");
    }
    bool is_call = text_equals_string(kind, "desk.call");
    if ((is_call && !take_call(fold, entry, failure)) ||
        (text_equals_string(kind, "adopt") &&
         !take_plan(fold, entry->sequence, fold_field(entry->fields, entry->count, "plan"), failure)) ||
        (incident != 0 && !add_event(fold, incident, entry->sequence, failure)) ||
        !link_merged(fold, entry, kind, failure) || !link_call(fold, entry, incident, failure) ||
        (is_call && incident != 0 && !add_call(fold, incident, fold_call_count(fold), failure)) ||
        !take_spoken(fold, entry, kind, incident, failure) || !take_answer(fold, entry, kind, failure) ||
        !take_binding(fold, entry, kind, failure) ||
        (text_equals_string(kind, "desk.settlement") && !take_settlement(fold, entry, failure)) ||
        (text_equals_string(kind, "desk.attachment") && !take_attachment(fold, entry, failure)) ||
        (text_equals_string(kind, "desk.personal-data-read") && !take_reading(fold, entry, failure)) ||
        !take_proof(fold, entry, failure)) {
        return false;
    }
    fold->last_at = entry->at > fold->last_at ? entry->at : fold->last_at;
    struct fold_key found = {.sequence = entry->sequence, .incident = incident};
    found.call = is_call ? fold_call_count(fold) : fold_number(call);
    struct text key = {0};
    return !fold_read_key(fold_field(entry->fields, entry->count, "key"), &key, &found.mark) ||
           add_key(fold, entry, key, &found, failure);
}
