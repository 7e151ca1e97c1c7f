#include "story_log.h"

#include "run/event_codec.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define BATCH 1000
#define PATH_ROOM 256

/* A batch of events as fields; each keeps its own texts until the batch is written. */
struct batch {
    struct event_fields fields[BATCH];
    struct store_event events[BATCH];
    size_t count;
};

static bool flush(struct store *store, struct batch *batch, struct failure *failure) {
    bool fine = batch->count == 0 || store_append_many(store, batch->events, batch->count, NULL, failure);
    batch->count = 0;
    return fine;
}

bool story_write_log(const char *directory, const struct story *story, struct text file, struct text pack) {
    struct failure failure = {0};
    const struct store_options options = {.create = true};
    const struct event_extra extra = {.pack = {file, story->plan->name, story->plan->version, pack}};
    struct store *store = store_open(directory, &options, &failure);
    struct engine *engine = engine_create();
    struct batch *batch = calloc(1, sizeof *batch);
    bool fine = store != NULL && engine != NULL && batch != NULL;
    for (size_t i = 0; fine && i < story->count; i++) {
        struct event_fields *fields = &batch->fields[batch->count];
        fine = event_encode(engine, &story->events[i], i == 0 ? &extra : NULL, fields, &failure) &&
               engine_step(engine, &story->events[i], NULL, NULL, &failure);
        batch->events[batch->count++] = (struct store_event){fields->items, fields->count};
        fine = fine && (batch->count < BATCH || flush(store, batch, &failure));
    }
    fine = fine && flush(store, batch, &failure);
    if (!fine) {
        (void)fprintf(stderr, "the log cannot be written: %s %s\n", failure.field, failure.message);
    }
    for (size_t i = 0; batch != NULL && i < BATCH; i++) {
        event_fields_release(&batch->fields[i]);
    }
    free(batch);
    engine_destroy(engine);
    store_close(store);
    return fine;
}

void story_remove_log(const char *directory) {
    static const char *const names[] = {"log.db", "log.db-wal", "log.db-shm", "log.lock"};
    for (size_t i = 0; directory != NULL && i < sizeof names / sizeof *names; i++) {
        char name[PATH_ROOM + 16];
        (void)snprintf(name, sizeof name, "%s/%s", directory, names[i]);
        (void)unlink(name);
    }
    if (directory != NULL) {
        (void)rmdir(directory);
    }
}
