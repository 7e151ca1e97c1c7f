#include "machine.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PART_SALTS 11

static struct machine *running;

/* ---- what the session sees of the store ------------------------------------------------------------------- */

static bool fill_salts(void *context, uint8_t *bytes, size_t length) {
    struct machine *machine = context;
    for (size_t i = 0; i < length; i++) {
        bytes[i] = (uint8_t)chance_draw(&machine->salts);
    }
    return true;
}

struct store *machine_store_open(const char *directory, const struct store_options *options, struct failure *failure) {
    struct store_options simulated = *options;
    simulated.vfs = disk_name(running->disk);
    simulated.fill_random = fill_salts;
    simulated.random_context = running;
    return store_open(directory, &simulated, failure);
}

static uint64_t mix(uint64_t digest, struct text text) {
    return (digest ^ text_hash(text) ^ text.length) * UINT64_C(0x9e3779b97f4a7c15);
}

static uint64_t find_digest(const struct store_field *fields, size_t count) {
    uint64_t digest = count;
    for (size_t i = 0; i < count; i++) {
        digest = mix(mix(digest, fields[i].name), fields[i].value);
    }
    return digest;
}

static bool remember(struct machine *machine, int64_t sequence, uint64_t digest) {
    if ((uint64_t)sequence > machine->digest_room) {
        uint64_t room = machine->digest_room == 0 ? 256 : machine->digest_room * 2;
        uint64_t *grown = realloc(machine->digests, room * sizeof *grown);
        if (grown == NULL) {
            return failure_set(machine->fault, "the simulator is out of memory");
        }
        machine->digests = grown;
        machine->digest_room = room;
    }
    machine->digests[sequence - 1] = digest;
    machine->acknowledged = sequence;
    return true;
}

/* An append has been answered with yes. */
static void note_acknowledgement(struct machine *machine, struct store *store, int64_t sequence, uint64_t digest) {
    struct store_head head;
    struct failure ignored = {0};
    if (sequence != machine->acknowledged + 1) {
        (void)failure_set(machine->fault, "event %" PRId64 " was acknowledged after event %" PRId64, sequence,
                          machine->acknowledged);
        return;
    }
    if (machine->refusing) {
        (void)failure_set(machine->fault, "event %" PRId64 " was taken by a store that wanted to be reopened",
                          sequence);
    }
    machine->pending = false;
    if (!remember(machine, sequence, digest) || !store_find_head(store, &head, &ignored)) {
        return; /* a failing read: the head stays an older one, which is one to hold the log against too */
    }
    if (head.sequence != sequence) {
        (void)failure_set(machine->fault, "event %" PRId64 " was acknowledged and the head is event %" PRId64, sequence,
                          head.sequence);
    }
    machine->head = head;
}

bool machine_store_append(struct store *store, const struct store_field *fields, size_t count, int64_t *sequence,
                          struct failure *failure) {
    struct failure inner = {0};
    int64_t number = 0;
    uint64_t digest = find_digest(fields, count);
    if (store_append(store, fields, count, &number, &inner)) {
        note_acknowledgement(running, store, number, digest);
        *sequence = number;
        return true;
    }
    if (!inner.set || inner.message[0] == '\0') {
        (void)failure_set(running->fault, "an append failed and said nothing");
    }
    if (!running->refusing) { /* the first failure is the one that may have gone through; later ones are not tried */
        running->pending = true;
        running->pending_digest = digest;
        running->refusing = store_refusal(store) != NULL;
        running->pending_may_survive = running->refusing || disk_has_crashed(running->disk);
    } else {
        running->refused_after_count++;
    }
    if (failure != NULL && !failure->set) {
        *failure = inner;
    }
    return false;
}

/* ---- life ------------------------------------------------------------------------------------------------- */

bool machine_begin(struct machine *machine, uint64_t seed, struct failure *fault) {
    *machine = (struct machine){.salts = chance_begin(seed, PART_SALTS), .fault = fault};
    machine->disk = disk_create(seed, "simulated");
    running = machine;
    return machine->disk != NULL || failure_set(fault, "the simulator is out of memory");
}

void machine_end(struct machine *machine) {
    machine_stop(machine);
    disk_destroy(machine->disk);
    free(machine->digests);
    *machine = (struct machine){0};
    running = NULL;
}

bool machine_start(struct machine *machine, struct failure *failure) {
    const struct session_options options = {.directory = MACHINE_DIRECTORY, .create = true};
    machine->session = session_open(&options, failure);
    machine->refusing = false;
    return machine->session != NULL;
}

void machine_stop(struct machine *machine) {
    session_close(machine->session);
    machine->session = NULL;
}

struct store *machine_open_reader(struct machine *machine, struct failure *failure) {
    const struct store_options options = {.read_only = true, .vfs = disk_name(machine->disk)};
    return store_open(MACHINE_DIRECTORY, &options, failure);
}

/* ---- promises --------------------------------------------------------------------------------------------- */

bool machine_judge_record(const struct machine *machine, const struct store_record *record, struct failure *fault) {
    uint64_t digest = find_digest(record->fields, record->count);
    if (record->sequence <= machine->acknowledged) {
        return digest == machine->digests[record->sequence - 1] ||
               failure_set(fault, "event %" PRId64 " is not what was acknowledged", record->sequence);
    }
    if (record->sequence > machine->acknowledged + 1 || !machine->pending) {
        return failure_set(fault, "event %" PRId64 " is in the log and nobody handed it in", record->sequence);
    }
    if (!machine->pending_may_survive) {
        return failure_set(fault, "event %" PRId64 " was refused for good and is in the log", record->sequence);
    }
    return digest == machine->pending_digest ||
           failure_set(fault, "event %" PRId64 " is not the one that was handed in last", record->sequence);
}

void machine_settle(struct machine *machine, int64_t event_count) {
    if (event_count == machine->acknowledged + 1 && machine->pending) {
        (void)remember(machine, event_count, machine->pending_digest);
    }
    machine->pending = false;
}

bool machine_verify(struct machine *machine, struct store *reader, struct failure *fault) {
    struct store_report *report = malloc(sizeof *report);
    if (report == NULL) {
        return failure_set(fault, "the simulator is out of memory");
    }
    bool known = machine->head.sequence > 0;
    bool fine = store_verify(reader, known ? &machine->head : NULL, report, fault);
    if (fine && report->damage_count != 0) {
        char text[STORE_DAMAGE_ROOM];
        store_print_damage(&report->damages[0], text);
        fine = failure_set(fault, "the log is damaged: %s", text);
    }
    if (fine && known && !report->expected_found) {
        fine = failure_set(fault, "the head of event %" PRId64 " is no longer in the log", machine->head.sequence);
    }
    if (fine && report->event_count < machine->acknowledged) {
        fine = failure_set(fault, "the log ends at event %" PRId64 ", event %" PRId64 " was acknowledged",
                           report->event_count, machine->acknowledged);
    }
    if (fine) {
        machine->head = report->head;
    }
    free(report);
    return fine;
}
