/* store_scan — how much dearer is reading the log with verification than letting SQLite step over the same rows?
 *
 * bench_store_scan [EVENTS [DIRECTORY]]: makes a log of EVENTS events (1,000,000) of 8 short fields in DIRECTORY (a new
 * one under /tmp, removed afterwards), then measures in the same run and in turn, five times each, the best counts:
 *   bare      an SQLite connection of its own that steps every row and touches every column
 *   read      store_read without verification: every event decoded into slices
 *   verified  store_read with verification: every event decoded, hashed and held against the chain
 * and prints for each the time that passed and the processor time of all threads (store_read hashes on a second thread
 * when there is a core for it), the ratio verified : bare in both, and hashes per second.
 */
#include "store/store.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define EVENTS_DEFAULT 1000000
#define BATCH 10000
#define FIELDS 8
#define ROUNDS 5
#define VALUE_ROOM 48
#define PATH_ROOM 512

struct sample {
    char values[FIELDS][VALUE_ROOM];
    struct store_field fields[FIELDS];
};

/* The kind of thing that is logged most: a reading with its two times, source, place and value. */
static void make_sample(struct sample *sample, int64_t number) {
    static const char *const names[FIELDS] = {"kind", "at", "heard", "incident", "source", "place", "fact", "value"};
    static const char *const places[] = {"歌乐山镇", "中梁镇", "凤凰镇", "青木关镇", "回龙坝镇"};
    (void)snprintf(sample->values[0], VALUE_ROOM, "%s", number % 3 == 0 ? "report" : "reading");
    (void)snprintf(sample->values[1], VALUE_ROOM, "2022-08-%02d %02d:%02d:%02dZ", (int)(number / 86400 % 28) + 1,
                   (int)(number / 3600 % 24), (int)(number / 60 % 60), (int)(number % 60));
    (void)snprintf(sample->values[2], VALUE_ROOM, "%s", sample->values[1]);
    (void)snprintf(sample->values[3], VALUE_ROOM, "2022-%05" PRId64, number / 500);
    (void)snprintf(sample->values[4], VALUE_ROOM, "station-%" PRId64, number % 97);
    (void)snprintf(sample->values[5], VALUE_ROOM, "%s", places[number % 5]);
    (void)snprintf(sample->values[6], VALUE_ROOM, "burnt_area");
    (void)snprintf(sample->values[7], VALUE_ROOM, "%" PRId64 ".5 ha", number % 300);
    for (int i = 0; i < FIELDS; i++) {
        sample->fields[i] = (struct store_field){text_of(names[i]), text_of(sample->values[i]), false};
    }
}

static double read_seconds(clockid_t clock) {
    struct timespec time;
    (void)clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double now_seconds(void) {
    return read_seconds(CLOCK_MONOTONIC);
}

/* Of all threads together: what it costs on one core. */
static double used_seconds(void) {
    return read_seconds(CLOCK_PROCESS_CPUTIME_ID);
}

static bool fill(struct store *store, int64_t events, struct failure *failure) {
    struct sample *samples = calloc(BATCH, sizeof *samples);
    struct store_event *batch = calloc(BATCH, sizeof *batch);
    bool done = samples != NULL && batch != NULL;
    for (int64_t written = 0; done && written < events;) {
        size_t count = 0;
        for (; count < BATCH && written < events; count++, written++) {
            make_sample(&samples[count], written);
            batch[count] = (struct store_event){samples[count].fields, FIELDS};
        }
        done = store_append_many(store, batch, count, NULL, failure);
    }
    free(samples);
    free(batch);
    return done;
}

static uint64_t touch_bytes(const void *blob, int length) {
    const uint8_t *bytes = blob;
    return length > 0 ? (uint64_t)bytes[0] + bytes[length - 1] + (uint64_t)length : 0;
}

/* Rows stepped over, 0 on any error. */
static int64_t scan_bare(const char *path, uint64_t *sum) {
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    int64_t rows = 0;
    int code = sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_prepare_v2(database, "SELECT sequence,body,chain FROM event ORDER BY sequence", -1, &statement,
                                  NULL);
    }
    while (code == SQLITE_OK || code == SQLITE_ROW) {
        code = sqlite3_step(statement);
        if (code == SQLITE_ROW) {
            rows++;
            *sum += (uint64_t)sqlite3_column_int64(statement, 0);
            *sum += touch_bytes(sqlite3_column_blob(statement, 1), sqlite3_column_bytes(statement, 1));
            *sum += touch_bytes(sqlite3_column_blob(statement, 2), sqlite3_column_bytes(statement, 2));
        }
    }
    (void)sqlite3_finalize(statement);
    (void)sqlite3_close(database);
    return code == SQLITE_DONE ? rows : 0;
}

struct tally {
    int64_t rows;
    uint64_t sum;
};

static bool visit(void *context, const struct store_record *record) {
    struct tally *tally = context;
    tally->rows++;
    for (size_t i = 0; i < record->count; i++) {
        tally->sum += touch_bytes(record->fields[i].value.bytes, (int)record->fields[i].value.length);
    }
    return true;
}

static int64_t scan_store(const char *directory, bool verify, uint64_t *sum) {
    struct store_options options = {.read_only = true};
    struct failure failure = {0};
    struct tally tally = {0};
    struct store *store = store_open(directory, &options, &failure);
    bool done = store != NULL && store_read(store, 1, verify, visit, &tally, &failure);
    store_close(store);
    *sum += tally.sum;
    if (!done) {
        (void)fprintf(stderr, "%s\n", failure.message);
    }
    return done ? tally.rows : 0;
}

enum way { BARE, READ, VERIFIED, WAYS };

static void print_figures(const double wall[WAYS], const double processor[WAYS], double events) {
    static const char *const names[WAYS] = {"bare", "read", "verified"};
    for (int way = 0; way < WAYS; way++) {
        (void)printf("%-9s %8.1f ns/event  (%.1f ns of processor time)\n", names[way], wall[way] / events * 1e9,
                     processor[way] / events * 1e9);
    }
    double hashing = processor[VERIFIED] - processor[READ];
    (void)printf("verified : bare = %.2f, on one core %.2f; verifying costs %.0f ns/event of one core, which is %.1f "
                 "million hashes/s\n",
                 wall[VERIFIED] / wall[BARE], processor[VERIFIED] / processor[BARE], hashing / events * 1e9,
                 events * (FIELDS + 2) / hashing / 1e6);
}

static int measure(const char *directory, int64_t events) {
    double wall[WAYS] = {1e9, 1e9, 1e9};
    double processor[WAYS] = {1e9, 1e9, 1e9};
    char path[PATH_ROOM];
    uint64_t sum = 0;
    (void)snprintf(path, sizeof path, "%s/log.db", directory);
    for (int round = 0; round < ROUNDS; round++) {
        for (int way = 0; way < WAYS; way++) {
            double start = now_seconds();
            double used = used_seconds();
            int64_t rows = way == BARE ? scan_bare(path, &sum) : scan_store(directory, way == VERIFIED, &sum);
            used = used_seconds() - used;
            double taken = now_seconds() - start;
            if (rows != events) {
                (void)fprintf(stderr, "%" PRId64 " rows instead of %" PRId64 "\n", rows, events);
                return 1;
            }
            wall[way] = taken < wall[way] ? taken : wall[way];
            processor[way] = used < processor[way] ? used : processor[way];
        }
    }
    print_figures(wall, processor, (double)events);
    return sum == 0; /* the sum is asked for, lest the compiler leave out what makes it */
}

static void remove_log(const char *directory) {
    static const char *const names[] = {"log.db", "log.db-wal", "log.db-shm", "log.lock"};
    char path[PATH_ROOM];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", directory, names[i]);
        (void)unlink(path);
    }
    (void)rmdir(directory);
}

static int run(const char *directory, int64_t events) {
    struct store_options options = {.create = true};
    struct failure failure = {0};
    struct store *store = store_open(directory, &options, &failure);
    double start = now_seconds();
    bool filled = store != NULL && fill(store, events, &failure);
    double taken = now_seconds() - start;
    store_close(store);
    if (!filled) {
        (void)fprintf(stderr, "%s\n", failure.message);
        return 1;
    }
    (void)printf("appended  %8.1f ns/event  %.3f s (transactions of %d)\n", taken / (double)events * 1e9, taken, BATCH);
    return measure(directory, events);
}

int main(int argc, char **argv) {
    char made[] = "/tmp/pinyue-bench-XXXXXX";
    int64_t events = argc > 1 ? strtoll(argv[1], NULL, 10) : EVENTS_DEFAULT;
    const char *directory = argc > 2 ? argv[2] : mkdtemp(made);
    if (directory == NULL || events < 1) {
        (void)fprintf(stderr, "usage: bench_store_scan [EVENTS [DIRECTORY]]\n");
        return 2;
    }
    int status = run(directory, events);
    if (argc <= 2) {
        remove_log(directory);
    }
    return status;
}
