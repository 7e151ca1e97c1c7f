/* replay — what it costs to rebuild the state from the disk, the hash chain verified, beside letting SQLite step over the
 * same rows and do nothing.
 *
 * usage: replay [PACK [INCIDENTS [DIRECTORY]]]     (default plans/forest-fire.plan.md 10000: a million events)
 *
 * Makes a log of a story (story.h) in a new directory under /tmp (or in DIRECTORY, and leaves it there), then measures in
 * turn, three times each, the best counts: `bare`, an SQLite connection of its own that steps every row and touches every
 * column; `replay`, opening a session: every event read, hashed, held against the chain, decoded, and handed to the engine.
 * Prints time passed, and processor time of all threads together (the log hashes on a second thread where there is a core
 * for it). */

#include "base/buffer.h"
#include "run/session.h"
#include "story_log.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS 3
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

static int measure(const char *directory, uint64_t events) {
    double wall[2] = {1e9, 1e9};
    double processor[2] = {1e9, 1e9};
    uint64_t sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (int way = 0; way < 2; way++) {
            double start = read_clock(CLOCK_MONOTONIC);
            double used = read_clock(CLOCK_PROCESS_CPUTIME_ID);
            if ((way == 0 ? scan_bare(directory, &sum) : replay(directory)) != events) {
                (void)fprintf(stderr, "replay: not all events were read\n");
                return 1;
            }
            used = read_clock(CLOCK_PROCESS_CPUTIME_ID) - used;
            double taken = read_clock(CLOCK_MONOTONIC) - start;
            wall[way] = taken < wall[way] ? taken : wall[way];
            processor[way] = used < processor[way] ? used : processor[way];
        }
    }
    (void)printf("bare     %7.0f ns/event (%.0f ns of processor time)\n", wall[0] / (double)events * 1e9,
                 processor[0] / (double)events * 1e9);
    (void)printf("replay   %7.0f ns/event (%.0f ns of processor time)\n", wall[1] / (double)events * 1e9,
                 processor[1] / (double)events * 1e9);
    (void)printf("replay : bare = %.2f, in processor time %.2f\n", wall[1] / wall[0], processor[1] / processor[0]);
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
