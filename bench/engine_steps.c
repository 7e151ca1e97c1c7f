/* engine_steps — how many decoded events the engine takes in a second, on one core, and what an open incident costs.
 *
 * usage: engine_steps [PACK [INCIDENTS …]]     (default plans/forest-fire.plan.md 100 1000 10000 100000)
 *
 * Events are made first (story.h), a hundred an incident; only handing the finished list to fresh engines is timed, in
 * this thread's processor time; what of it the program itself took is printed too: the rest is the kernel's, mostly for
 * clearing memory that an engine uses for the first time, of which small lists need little. Small lists are handed in again
 * and again until a million events have been taken; of three such rounds the best counts, because what else goes on in the
 * machine only ever adds. Flat figures from 100 to 100,000 incidents mean that the cost of an event does not depend on how
 * many incidents are open; what is left of growth is the machine's memory being farther away. */

#include "base/buffer.h"
#include "story.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#define EVENTS_PER_INCIDENT 100
#define EVENTS_TIMED 1000000
#define ROUNDS 3

static void count_output(void *context, const struct engine_output *output) {
    uint64_t *outputs = context;
    (void)output;
    (*outputs)++;
}

struct figures {
    double seconds;
    double own; /* without the kernel's */
    uint64_t events, outputs, memory_bytes;
};

static double own_seconds(void) {
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6;
}

static bool hand_in(const struct story *story, struct figures *figures) {
    struct failure failure = {0};
    struct engine *engine = engine_create();
    double start = story_seconds();
    double own = own_seconds();
    size_t taken = engine == NULL ? 0
                                  : engine_step_many(engine, story->events, story->count, count_output,
                                                     &figures->outputs, &failure);
    if (taken < story->count) {
        (void)fprintf(stderr, "engine_steps: event %zu: %s\n", taken, failure.message);
        engine_destroy(engine);
        return false;
    }
    figures->seconds += story_seconds() - start;
    figures->own += own_seconds() - own;
    figures->events += story->count;
    figures->memory_bytes = engine_memory_bytes(engine);
    engine_destroy(engine);
    return true;
}

static int run(const struct plan *plan, uint32_t incidents) {
    struct story story;
    struct figures best = {0};
    if (!story_make(&story, plan, incidents, (size_t)incidents * EVENTS_PER_INCIDENT)) {
        return 1;
    }
    bool fine = true;
    for (int round = 0; round < ROUNDS && fine; round++) {
        struct figures figures = {0};
        while (fine && figures.events < EVENTS_TIMED) {
            fine = hand_in(&story, &figures);
        }
        best = round == 0 || figures.seconds < best.seconds ? figures : best;
    }
    (void)printf("%7" PRIu32
                 " incidents %9zu events %10.0f events/s %6.0f ns/event (%4.0f its own) %5.2f consequences/event "
                 "%6.1f KiB/incident\n",
                 incidents, story.count, (double)best.events / best.seconds, best.seconds * 1e9 / (double)best.events,
                 best.own * 1e9 / (double)best.events, (double)best.outputs / (double)best.events,
                 (double)best.memory_bytes / 1024.0 / (double)incidents);
    (void)fflush(stdout);
    story_release(&story);
    return fine ? 0 : 1;
}

int main(int argc, char **argv) {
    static const char *const usual[] = {"100", "1000", "10000", "100000"};
    struct buffer source = {0};
    struct plan *plan = story_read_plan(argc > 1 ? argv[1] : "plans/forest-fire.plan.md", &source);
    int status = plan == NULL;
    int sizes = argc > 2 ? argc - 2 : 4;
    for (int i = 0; i < sizes && status == 0; i++) {
        status = run(plan, (uint32_t)strtoul(argc > 2 ? argv[i + 2] : usual[i], NULL, 10));
    }
    plan_destroy(plan);
    buffer_release(&source);
    return status;
}
