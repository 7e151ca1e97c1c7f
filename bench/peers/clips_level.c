/* clips_level — how many bare levels a second CLIPS finds with the rules of level.clp.
 *
 * usage: clips_level RULES FACTS      (FACTS as bench_decisions --facts writes them)
 *
 * Through CLIPS' own C interface, as its Advanced Programming Guide has it: the rules are loaded once; each decision makes
 * one fact, asserts it, runs the rules and takes the facts back. Each level is held against the one in FACTS; any
 * difference is an error. Thread processor time, the best of several rounds. Built by bench/decisions.sh, by itself. */

#include <clips.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define COLUMNS 18
#define ROUNDS 5

static const char *const slots[COLUMNS] = {"burning",      "area",     "dead",     "trapped", "severe",     "loss",
                                           "uncontrolled", "date",     "site",     "homes",   "facilities", "outward",
                                           "inward",       "military", "industry", "reserve", "nature",     "place"};

struct row {
    int level;
    void *values[COLUMNS]; /* CLIPS' own integers */
};

static double seconds(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct row *read_rows(void *clips, const char *path, size_t *count) {
    FILE *file = fopen(path, "r");
    struct row *rows = NULL;
    size_t room = 0;
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    (void)fscanf(file, "%*[^\n]");
    for (*count = 0;; ++*count) {
        if (*count == room) {
            room = room == 0 ? 1024 : 2 * room;
            rows = realloc(rows, room * sizeof *rows);
        }
        if (rows == NULL || fscanf(file, "%d", &rows[*count].level) != 1) {
            break;
        }
        for (int i = 0; i < COLUMNS; i++) {
            long long value = 0;
            (void)fscanf(file, "%lld", &value);
            rows[*count].values[i] = EnvAddLong(clips, value);
            IncrementIntegerCount(rows[*count].values[i]); /* keep it */
        }
    }
    (void)fclose(file);
    return rows;
}

static int find_level(void *clips, void *template, const struct row *row) {
    void *fact = EnvCreateFact(clips, template);
    DATA_OBJECT value;
    for (int i = 0; i < COLUMNS; i++) {
        value.type = INTEGER;
        value.value = row->values[i];
        EnvPutFactSlot(clips, fact, slots[i], &value);
    }
    EnvAssert(clips, fact);
    EnvRun(clips, -1);
    EnvGetDefglobalValue(clips, "level", &value);
    int level = (int)DOToInteger(value);
    for (void *next = EnvGetNextFact(clips, NULL); next != NULL; next = EnvGetNextFact(clips, NULL)) {
        EnvRetract(clips, next);
    }
    value.type = INTEGER;
    value.value = EnvAddLong(clips, 0);
    EnvSetDefglobalValue(clips, "level", &value);
    return level;
}

int main(int argc, char **argv) {
    void *clips = CreateEnvironment();
    size_t count = 0;
    if (argc != 3 || EnvLoad(clips, argv[1]) != 1) {
        (void)fprintf(stderr, "usage: clips_level RULES FACTS\n");
        return 2;
    }
    struct row *rows = read_rows(clips, argv[2], &count);
    void *template = EnvFindDeftemplate(clips, "fire");
    EnvReset(clips);
    double best = 1e9;
    for (int round = 0; round < ROUNDS; round++) {
        double start = seconds();
        for (size_t i = 0; i < count; i++) {
            int level = find_level(clips, template, &rows[i]);
            if (level != rows[i].level) {
                (void)fprintf(stderr, "clips: row %zu: level %d, ours is %d\n", i + 1, level, rows[i].level);
                return 1;
            }
        }
        double taken = seconds() - start;
        best = taken < best ? taken : best;
    }
    (void)printf("%.0f\n", (double)count / best);
    return 0;
}
