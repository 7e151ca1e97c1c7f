/* replay — what it costs to have the log's events back from the disk, the hash chain verified, and to rebuild the state
 * from them, beside letting SQLite step over the same rows and do nothing.
 *
 * usage: replay [PACK [INCIDENTS [DIRECTORY]]]     (default plans/forest-fire.plan.md 10000: a million events)
 *
 * Makes a log of a story (story.h) in a new directory under /tmp (or in DIRECTORY, and leaves it there), then measures in
 * turn, five times each, the best counts: `bare`, an SQLite connection of its own that steps every row and touches every
 * column; `events`, every event read, hashed, held against the chain and decoded into what the engine takes (those are the
 * "decoded events" that engine_steps measures from there on); `state`, opening a session: the same, and the engine takes
 * them all.
 * Prints time passed, and processor time of all threads together (the log hashes on a second thread where there is a core
 * for it). */

#include "base/buffer.h"
#include "run/editions.h"
#include "run/event_codec.h"
#include "run/session.h"
#include "store/store.h"
#include "story_log.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS 5
#define PATH_ROOM 256

static double read_clock(clockid_t clock) {
    struct timespec time;
    (void)clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static uint64_t touch(sqlite3_stmt *statement, int column) {
    const unsigned char *bytes = sqlite3_column_blob(statement, column);
    int length = sqlite3_column_bytes(statement, column);
    return length > 0 ? (uint64_t)bytes[0] + bytes[length - 1] : 0;
}

static uint64_t scan_bare(const char *directory, uint64_t *sum) {
    char path[PATH_ROOM + 16];
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    uint64_t rows = 0;
    (void)snprintf(path, sizeof path, "%s/log.db", directory);
    if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(database, "SELECT sequence,body,chain FROM event ORDER BY sequence", -1, &statement, NULL) ==
            SQLITE_OK) {
        while (sqlite3_step(statement) == SQLITE_ROW) {
            rows++;
            *sum += (uint64_t)sqlite3_column_int64(statement, 0) + touch(statement, 1) + touch(statement, 2);
        }
    }
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return rows;
}

/* What decodes the events; the engine has taken nothing but the plan. */
struct decoding {
    struct engine *engine;
    struct event_codec *codec;
    struct editions *editions;
    uint64_t events, sum;
    struct failure failure;
};

static bool adopt(struct decoding *decoding, struct engine_event *event, const struct event_extra *extra) {
    event->plan = editions_find(decoding->editions, extra->pack.file, extra->pack.source, &decoding->failure);
    return event->plan != NULL && engine_step(decoding->engine, event, NULL, NULL, &decoding->failure) &&
           event_codec_read_ahead(decoding->codec, decoding->engine);
}

static bool decode_record(void *context, const struct store_record *record) {
    struct decoding *decoding = context;
    struct engine_event event;
    struct event_extra extra;
    if (!event_decode(decoding->codec, decoding->engine, record->fields, record->count, &event, &extra,
                      &decoding->failure) ||
        (event.kind == ENGINE_ADOPT && !adopt(decoding, &event, &extra)) ||
        (event.kind == ENGINE_OPEN && !event_codec_open_ahead(decoding->codec, event.plan))) {
        return false;
    }
    decoding->sum += event.incident + (uint64_t)event.kind;
    decoding->events++;
    return true;
}

static uint64_t decode(const char *directory, uint64_t *sum) {
    const struct store_options options = {.read_only = true};
    struct decoding decoding = {
        .engine = engine_create(), .codec = event_codec_create(), .editions = editions_create()};
    struct store *store = store_open(directory, &options, &decoding.failure);
    bool fine = decoding.engine != NULL && decoding.codec != NULL && decoding.editions != NULL && store != NULL &&
                store_read(store, 1, true, decode_record, &decoding, &decoding.failure);
    if (!fine || decoding.failure.message[0] != '\0') {
        (void)fprintf(stderr, "replay: %s\n", decoding.failure.message);
    }
    *sum += decoding.sum;
    store_close(store);
    engine_destroy(decoding.engine);
    event_codec_destroy(decoding.codec);
    editions_destroy(decoding.editions);
    return decoding.events;
}

static uint64_t replay(const char *directory) {
    struct failure failure = {0};
    const struct session_options options = {.directory = directory, .read_only = true};
    struct session *session = session_open(&options, &failure);
    if (session == NULL) {
        (void)fprintf(stderr, "replay: %s\n", failure.message);
        return 0;
    }
    uint64_t events = (uint64_t)session_event_count(session);
    session_close(session);
    return events;
}

enum way { BARE, EVENTS, STATE, WAYS };

static uint64_t go(enum way way, const char *directory, uint64_t *sum) {
    switch (way) {
    case BARE:
        return scan_bare(directory, sum);
    case EVENTS:
        return decode(directory, sum);
    default:
        return replay(directory);
    }
}

static int measure(const char *directory, uint64_t events) {
    static const char *const names[WAYS] = {"bare", "events", "state"};
    double wall[WAYS] = {1e9, 1e9, 1e9};
    double processor[WAYS] = {1e9, 1e9, 1e9};
    uint64_t sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (enum way way = BARE; way < WAYS; way++) {
            double start = read_clock(CLOCK_MONOTONIC);
            double used = read_clock(CLOCK_PROCESS_CPUTIME_ID);
            if (go(way, directory, &sum) != events) {
                (void)fprintf(stderr, "replay: not all events were read\n");
                return 1;
            }
            used = read_clock(CLOCK_PROCESS_CPUTIME_ID) - used;
            double taken = read_clock(CLOCK_MONOTONIC) - start;
            wall[way] = taken < wall[way] ? taken : wall[way];
            processor[way] = used < processor[way] ? used : processor[way];
        }
    }
    for (enum way way = BARE; way < WAYS; way++) {
        (void)printf("%-8s %7.0f ns/event (%4.0f ns of processor time), %5.2f times bare (%5.2f in processor time)\n",
                     names[way], wall[way] / (double)events * 1e9, processor[way] / (double)events * 1e9,
                     wall[way] / wall[BARE], processor[way] / processor[BARE]);
    }
    return sum == 0;
}

int main(int argc, char **argv) {
    const char *path = argc > 1 ? argv[1] : "plans/forest-fire.plan.md";
    uint32_t incidents = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 10000;
    char made[PATH_ROOM] = "/tmp/pinyue-replay-XXXXXX";
    struct buffer source = {0};
    struct story story;
    struct plan *plan = story_read_plan(path, &source);
    int status = 1;
    if (plan != NULL && story_make(&story, plan, incidents, (size_t)incidents * 100)) {
        const char *directory = argc > 3 ? argv[3] : mkdtemp(made);
        if (directory != NULL && story_write_log(directory, &story, text_of(path), buffer_text(&source))) {
            status = measure(directory, story.count);
        }
        if (argc <= 3) {
            story_remove_log(directory);
        }
        story_release(&story);
    }
    plan_destroy(plan);
    buffer_release(&source);
    return status;
}
