/* The fault simulator: seed after seed, a district's days on a machine that fails (docs/simulator.md).
 *
 *   PINYUE_SEED   the first seed (1)
 *   PINYUE_SEEDS  how many (SEEDS_DEFAULT, fewer under a sanitizer); 0: until stopped
 *
 * A seed that breaks a promise is reported with its step, the last events, the commit and the command that repeats it,
 * and ends the program with 1. */
#include "retell.h"
#include "world.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define SEEDS_DEFAULT "40"
#define SANITIZED 1
#else
#define SEEDS_DEFAULT "200"
#define SANITIZED 0
#endif
#define TWICE_EVERY 16       /* one seed in so many is run twice and must give the same */
#define SEED_SECONDS_MAX 120 /* a run that takes longer hangs */
#define PROGRESS_SECONDS 10

/* What a signal handler can print: made ready before each seed. */
static char repeat_line[512];
static size_t repeat_length;

static void die(int signal_number) {
    static const char hangs[] = "a run has no end\n";
    static const char dies[] = "a run ended the program\n";
    bool late = signal_number == SIGALRM;
    ssize_t written = write(STDERR_FILENO, late ? hangs : dies, late ? sizeof hangs - 1 : sizeof dies - 1);
    written += write(STDERR_FILENO, repeat_line, repeat_length);
    (void)written;
    (void)signal(SIGABRT, SIG_DFL);
    (void)raise(late ? SIGABRT : signal_number);
}

static void make_ready(const char *program, uint64_t seed) {
    int length = snprintf(repeat_line, sizeof repeat_line, "repeat with: PINYUE_SEED=%" PRIu64 " PINYUE_SEEDS=1 %s\n",
                          seed, program);
    repeat_length = length < 0 ? 0 : (size_t)length < sizeof repeat_line ? (size_t)length : sizeof repeat_line - 1;
    (void)alarm(SEED_SECONDS_MAX);
}

static void watch(void) {
    struct sigaction action = {.sa_handler = die, .sa_flags = (int)SA_RESETHAND};
    (void)sigaction(SIGALRM, &action, NULL);
    (void)sigaction(SIGABRT, &action, NULL);
    if (!SANITIZED) { /* a sanitizer has more to say, and aborts afterwards */
        (void)sigaction(SIGSEGV, &action, NULL);
        (void)sigaction(SIGFPE, &action, NULL);
        (void)sigaction(SIGBUS, &action, NULL);
    }
}

/* ---- packs ------------------------------------------------------------------------------------------------ */

struct packs {
    struct buffer buffers[WORLD_PACKS];
    struct text texts[WORLD_PACKS];
};

/* A variable of the environment, or what stands in for it. There is one thread, and nobody changes it. */
static const char *read_variable(const char *name, const char *otherwise) {
    const char *value = getenv(name); /* NOLINT(concurrency-mt-unsafe) */
    return value == NULL || value[0] == '\0' ? otherwise : value;
}

static bool read_pack(struct buffer *out, const char *path) {
    char whole[4096];
    struct failure failure = {0};
    (void)snprintf(whole, sizeof whole, "%s/%s", read_variable("PINYUE_SOURCES", "."), path);
    if (!buffer_read_file(out, whole, (size_t)16 << 20, &failure)) {
        (void)fprintf(stderr, "%s: %s\n", whole, failure.message);
        return false;
    }
    return true;
}

/* The same text with the first occurrence of something replaced. */
static bool alter(const struct buffer *from, const char *old, const char *new, struct buffer *out) {
    const char *found = strstr(from->bytes, old);
    if (found == NULL) {
        (void)fprintf(stderr, "%s does not stand in the pack\n", old);
        return false;
    }
    buffer_append(out, from->bytes, (size_t)(found - from->bytes));
    buffer_append_string(out, new);
    buffer_append_string(out, found + strlen(old));
    return !out->failed;
}

static bool read_packs(struct packs *packs) {
    struct buffer *buffers = packs->buffers;
    if (!read_pack(&buffers[WORLD_DISTRICT_1], "tests/sim/district-1.plan.md") ||
        !read_pack(&buffers[WORLD_DISTRICT_2], "tests/sim/district-2.plan.md") ||
        !read_pack(&buffers[WORLD_FOREST_1], "plans/forest-fire.plan.md") ||
        !alter(&buffers[WORLD_DISTRICT_1], "version \"1\"", "version \"3\"", &buffers[WORLD_DISTRICT_3]) ||
        !alter(&buffers[WORLD_FOREST_1], "版本 \"1\"", "版本 \"2\"", &buffers[WORLD_FOREST_2]) ||
        !alter(&buffers[WORLD_DISTRICT_1], "unit Police ", "unit Pollice ", &buffers[WORLD_BROKEN]) ||
        !alter(&buffers[WORLD_DISTRICT_1], "Go and see.", "Go and look.", &buffers[WORLD_CHANGED])) {
        return false;
    }
    for (int i = 0; i < WORLD_PACKS; i++) {
        packs->texts[i] = buffer_text(&buffers[i]);
    }
    return true;
}

/* ---- seeds ------------------------------------------------------------------------------------------------ */

static void print_commit(void) {
    char line[128] = "";
    FILE *pipe = popen("git describe --always --dirty 2>/dev/null", "r"); /* NOLINT(cert-env33-c): a fixed command */
    if (pipe != NULL) {
        if (fgets(line, sizeof line, pipe) != NULL) {
            (void)printf("commit %s", line);
        }
        (void)pclose(pipe);
    }
}

static void print_failure(uint64_t seed, const struct world_result *result) {
    (void)printf("seed %" PRIu64 ", step %" PRIu32 ": %s\n", seed, result->step, result->fault.message);
    (void)printf("the last events:\n%.*s", TEXT_PRINT(buffer_text(&result->story)));
    print_commit();
    (void)printf("%s", repeat_line);
    (void)fflush(stdout);
}

static void print_counts(uint64_t seeds, const struct world_counts *counts) {
    (void)printf("%" PRIu64 " seeds: %" PRIu64 " steps, %" PRIu64 " events taken, %" PRIu64 " refused, %" PRIu64
                 " garbage, %" PRIu64 " repeated, %" PRIu64 " power cuts, %" PRIu64 " kills, %" PRIu64
                 " disk errors, %" PRIu64 " full disks, %" PRIu64 " reopenings, %" PRIu64 " failed openings, %" PRIu64
                 " events found after all, %" PRIu64 " notices, %" PRIu64 " logs told again\n",
                 seeds, counts->steps, counts->accepted, counts->refused, counts->garbage, counts->repeated,
                 counts->power_cuts, counts->kills, counts->disk_errors, counts->full_disks, counts->reopenings,
                 counts->failed_openings, counts->survivors, counts->notices, counts->retellings);
    (void)fflush(stdout);
}

static bool run_seed(uint64_t seed, const struct packs *packs, struct world_counts *counts, uint64_t *digest) {
    struct world_result result;
    bool fine = world_run(seed, packs->texts, counts, &result);
    if (!fine) {
        print_failure(seed, &result);
    }
    *digest = result.digest;
    buffer_release(&result.story);
    return fine;
}

static bool run_seeds(const char *program, const struct packs *packs, uint64_t first, uint64_t count) {
    struct world_counts counts = {0};
    time_t told_at = time(NULL);
    for (uint64_t done = 0; count == 0 || done < count; done++) {
        uint64_t digest = 0;
        uint64_t again = 0;
        make_ready(program, first + done);
        if (!run_seed(first + done, packs, &counts, &digest)) {
            return false;
        }
        if ((first + done) % TWICE_EVERY == 0) {
            struct world_counts ignored = {0};
            if (!run_seed(first + done, packs, &ignored, &again)) {
                return false;
            }
            if (again != digest) {
                (void)printf("seed %" PRIu64 ": run twice, it gives two states\n%s", first + done, repeat_line);
                return false;
            }
        }
        if (time(NULL) >= told_at + PROGRESS_SECONDS) {
            told_at = time(NULL);
            print_counts(done + 1, &counts);
        }
    }
    print_counts(count, &counts);
    return true;
}

int main(int argument_count, char **arguments) {
    struct packs packs = {0};
    watch();
    bool fine = read_packs(&packs) && run_seeds(argument_count > 0 ? arguments[0] : "sim_simulator_test", &packs,
                                                strtoull(read_variable("PINYUE_SEED", "1"), NULL, 10),
                                                strtoull(read_variable("PINYUE_SEEDS", SEEDS_DEFAULT), NULL, 10));
    retell_forget_plans();
    for (int i = 0; i < WORLD_PACKS; i++) {
        buffer_release(&packs.buffers[i]);
    }
    return fine ? EXIT_SUCCESS : EXIT_FAILURE;
}
