/* memory — what an open incident's memory is made of, and what this machine's memory allows.
 *
 * usage: memory [PACK [INCIDENTS]]     (default plans/forest-fire.plan.md 10000)
 *
 * First plays a story (story.h) of a hundred events an incident and prints for each kind of array how many items an
 * incident has, for how many there is room, and the bytes of that room. Then, for an area as large as all these incidents
 * and for some others, prints what it costs to touch memory for the first time (the kernel clears it, and under a
 * hypervisor finds it), to read a cache line at random when the next address depends on it, and to read one when it does
 * not. An event that looks at N cache lines of an incident that is in no cache cannot cost less than N times the last of
 * these. */

#include "base/buffer.h"
#include "engine/state.h"
#include "story.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define EVENTS_PER_INCIDENT 100
#define HUGE_PAGE_BYTES ((size_t)2 << 20)
#define LINE 64
#define TOUCHES 2000000
#define ROUNDS 3

/* ---- an incident ---- */

struct sum {
    const char *name;
    size_t size;
    uint64_t items, room;
};

enum { DUTIES, CLOCKS, COURSES, MOMENTS, CLAIMS, FATES, FINDINGS, PROPOSALS, ORDERS, BINDINGS, KINDS };

static void add(struct sum *sum, uint32_t items, uint32_t room) {
    sum->items += items;
    sum->room += room;
}

static void add_incident(struct sum sums[KINDS], const struct incident *incident) {
    add(&sums[DUTIES], incident->duty_count, incident->duty_room);
    add(&sums[CLOCKS], incident->duty_count, incident->clock_room);
    add(&sums[COURSES], incident->course_count, incident->course_room);
    add(&sums[MOMENTS], incident->moment_count, incident->moment_room);
    add(&sums[CLAIMS], incident->claim_count, incident->claim_room);
    add(&sums[FATES], incident->fate_count, incident->fate_room);
    add(&sums[FINDINGS], incident->finding_count, incident->finding_room);
    add(&sums[PROPOSALS], incident->proposal_count, incident->proposal_room);
    add(&sums[ORDERS], incident->order_count, incident->order_room);
    add(&sums[BINDINGS], incident->binding_count, incident->binding_room);
}

static void print_incident(const struct engine *engine) {
    struct sum sums[KINDS] = {
        [DUTIES] = {"duties", sizeof(struct duty), 0, 0},
        [CLOCKS] = {"their clocks", sizeof(int64_t), 0, 0},
        [COURSES] = {"what came of them", sizeof(struct course), 0, 0},
        [MOMENTS] = {"moments of raising", sizeof(struct moment), 0, 0},
        [CLAIMS] = {"claims", sizeof(struct claim), 0, 0},
        [FATES] = {"what came of them", sizeof(struct fate), 0, 0},
        [FINDINGS] = {"findings", sizeof(struct finding), 0, 0},
        [PROPOSALS] = {"proposals", sizeof(struct proposal), 0, 0},
        [ORDERS] = {"orders", sizeof(struct order), 0, 0},
        [BINDINGS] = {"bindings", sizeof(struct binding), 0, 0},
    };
    double incidents = engine->incident_count;
    double left = (double)engine_memory_bytes(engine) / incidents;
    for (uint32_t i = 0; i < engine->incident_count; i++) {
        add_incident(sums, engine->incidents[i]);
    }
    (void)printf("%-20s %6s %8s %8s %8s\n", "an incident's", "bytes", "items", "room", "bytes");
    for (int kind = 0; kind < KINDS; kind++) {
        const struct sum *sum = &sums[kind];
        double bytes = (double)sum->room * (double)sum->size / incidents;
        (void)printf("%-20s %6zu %8.1f %8.1f %8.0f\n", sum->name, sum->size, (double)sum->items / incidents,
                     (double)sum->room / incidents, bytes);
        left -= bytes;
    }
    left -= (double)sizeof(struct incident);
    (void)printf("%-20s %6zu %26zu\n", "itself", sizeof(struct incident), sizeof(struct incident));
    (void)printf("%-20s %33.0f\n", "facts, scales, heap", left);
    (void)printf("%-20s %33.0f\n", "together", (double)engine_memory_bytes(engine) / incidents);
    (void)printf("%-20s %33.0f\n", "drawn from system", (double)memory_drawn(&engine->memory) / incidents);
}

/* ---- the machine ---- */

static uint64_t draw(uint64_t *random) {
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    return *random >> 11;
}

static uint8_t read_line(const char *area, size_t size, uint64_t number) {
    return *(const volatile uint8_t *)(area + number % (size / LINE) * LINE);
}

/* The address of each depends on what the one before has read, so that the processor must wait for it. */
static double read_in_turn(const char *area, size_t size) {
    uint64_t random = UINT64_C(88172645463325252);
    double start = story_seconds();
    for (int i = 0; i < TOUCHES; i++) {
        random ^= read_line(area, size, draw(&random)) & 1U;
    }
    return (story_seconds() - start) / TOUCHES * 1e9;
}

static double read_at_once(const char *area, size_t size) {
    uint64_t random = UINT64_C(88172645463325252);
    double start = story_seconds();
    for (int i = 0; i < TOUCHES; i++) {
        (void)read_line(area, size, draw(&random));
    }
    return (story_seconds() - start) / TOUCHES * 1e9;
}

static bool print_machine(size_t size) {
    char *mapped = mmap(NULL, size + HUGE_PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) {
        return false;
    }
    char *area = mapped + (HUGE_PAGE_BYTES - (uintptr_t)mapped % HUGE_PAGE_BYTES) % HUGE_PAGE_BYTES;
    (void)madvise(area, size, MADV_HUGEPAGE);
    double start = story_seconds();
    memset(area, 1, size);
    double first = (story_seconds() - start) / (double)(size >> 10) * 1e9;
    double in_turn = 1e9;
    double at_once = 1e9;
    for (int round = 0; round < ROUNDS; round++) {
        double taken = read_in_turn(area, size);
        in_turn = taken < in_turn ? taken : in_turn;
        taken = read_at_once(area, size);
        at_once = taken < at_once ? taken : at_once;
    }
    (void)printf(
        "%6zu MiB: first touch %5.0f ns/KiB, a line at random %4.0f ns one after the other, %4.0f ns at once\n",
        size >> 20, first, in_turn, at_once);
    (void)munmap(mapped, size + HUGE_PAGE_BYTES);
    return true;
}

int main(int argc, char **argv) {
    struct failure failure = {0};
    struct buffer source = {0};
    struct story story = {0};
    uint32_t incidents = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 10000;
    struct plan *plan = story_read_plan(argc > 1 ? argv[1] : "plans/forest-fire.plan.md", &source);
    struct engine *engine = engine_create();
    bool fine = plan != NULL && engine != NULL &&
                story_make(&story, plan, incidents, (size_t)incidents * EVENTS_PER_INCIDENT) &&
                engine_step_many(engine, story.events, story.count, NULL, NULL, &failure) == story.count;
    if (fine) {
        size_t all = (size_t)memory_drawn(&engine->memory) & ~(HUGE_PAGE_BYTES - 1);
        print_incident(engine);
        story_release(&story);
        engine_destroy(engine);
        engine = NULL;
        fine = print_machine(HUGE_PAGE_BYTES) && print_machine(all + HUGE_PAGE_BYTES) &&
               print_machine(10 * all + HUGE_PAGE_BYTES);
    }
    engine_destroy(engine);
    plan_destroy(plan);
    buffer_release(&source);
    return fine ? 0 : 1;
}
