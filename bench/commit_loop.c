/* commit_loop — how many rows a second SQLite alone makes durable, one commit each.
 *
 * usage: commit_loop DIRECTORY SECONDS
 *
 * Inserts rows of ROW_BYTES bytes into a new database in DIRECTORY (removed afterwards), each in a transaction of its
 * own, with a write-ahead log and synchronous=FULL, for so long; prints rows a second. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ROW_BYTES 400
#define PATH_ROOM 512

static double read_clock(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Rows a second; below 0 when SQLite fails. */
static double insert(sqlite3 *database, double seconds) {
    static char row[ROW_BYTES];
    sqlite3_stmt *statement = NULL;
    long count = 0;
    memset(row, 'x', sizeof row);
    if (sqlite3_exec(database,
                     "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                     "CREATE TABLE event(sequence INTEGER PRIMARY KEY, body BLOB)",
                     NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(database, "INSERT INTO event(body) VALUES(?1)", -1, &statement, NULL) != SQLITE_OK) {
        return -1;
    }
    double start = read_clock();
    double taken = 0;
    while (taken < seconds) {
        (void)sqlite3_bind_blob(statement, 1, row, sizeof row, SQLITE_STATIC);
        if (sqlite3_step(statement) != SQLITE_DONE) {
            break;
        }
        (void)sqlite3_reset(statement);
        count++;
        taken = read_clock() - start;
    }
    (void)sqlite3_finalize(statement);
    return taken < seconds ? -1 : (double)count / taken;
}

int main(int argc, char **argv) {
    static const char *const endings[] = {"", "-wal", "-shm"};
    char path[PATH_ROOM];
    sqlite3 *database = NULL;
    double seconds = argc == 3 ? strtod(argv[2], NULL) : 0;
    if (!(seconds > 0 && seconds <= 60)) {
        (void)fprintf(stderr, "usage: commit_loop DIRECTORY SECONDS   (at most 60)\n");
        return 2;
    }
    (void)snprintf(path, sizeof path, "%s/commit_loop.db", argv[1]);
    double rate = sqlite3_open(path, &database) == SQLITE_OK ? insert(database, seconds) : -1;
    if (rate < 0) {
        (void)fprintf(stderr, "commit_loop: %s\n", sqlite3_errmsg(database));
    } else {
        (void)printf("%.0f\n", rate);
    }
    (void)sqlite3_close(database);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        (void)snprintf(path, sizeof path, "%s/commit_loop.db%s", argv[1], endings[i]);
        (void)unlink(path);
    }
    return rate < 0;
}
