/* decisions — how many decisions a second the engine takes on the scale 响应 of the forest-fire plan, all five answers
 * (level, may, because, open, ask), beside the same answers written by hand in C for this plan alone.
 *
 * usage: decisions                   compares 20,000 random boxes, then times both ways, interleaved, on this core
 *        decisions --compare N       only compares N boxes, both ways; for `make test`
 *        decisions --facts FILE N    writes N draws of exactly known facts with their levels, for bench/peers
 *
 * Any difference between the two ways is an error, with the box printed. A round goes through blocks of boxes; in each
 * block the one way answers all boxes, then the other; boxes are laid out before the clock runs. Thread processor time;
 * of several rounds the best of each way counts. */

#include "base/buffer.h"
#include "fire_boxes.h"
#include "story.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMPARED 20000
#define BLOCK 256
#define BLOCKS 64
#define ROUNDS 15
#define SEED 2022

struct answers {
    struct decide_level level;
    uint32_t count;
    uint8_t slots[PLAN_FACTS_MAX];
};

struct bench {
    struct fire_plan fire_plan;
    struct decide_program *program;
    struct decide_box boxes[BLOCK];
    struct fire fires[BLOCK];
    uint64_t sum; /* of something of every answer, so that none can be left out */
};

static void decide_by_engine(const struct bench *bench, const struct decide_box *box, struct answers *answers) {
    answers->count = decide_all(bench->program, bench->fire_plan.scale, box, &answers->level, answers->slots);
}

static bool is_same(const struct bench *bench, const struct answers *engine, const struct fire_answer *floor) {
    bool same = engine->level.level == floor->level && engine->level.may == floor->may &&
                engine->level.because == floor->because && engine->level.open == floor->open &&
                engine->count == floor->ask_count;
    for (uint32_t i = 0; same && i < engine->count; i++) {
        same = engine->slots[i] == bench->fire_plan.slots[floor->ask[i]];
    }
    return same;
}

static void print_difference(const struct bench *bench, uint64_t number, const struct answers *engine,
                             const struct fire_answer *floor) {
    (void)fprintf(stderr, "decisions: box %" PRIu64 " differs\n", number);
    fire_print(&bench->fires[0]);
    (void)fprintf(stderr, "  engine: level %d may %d because %" PRIx64 " open %" PRIx64 " ask", engine->level.level,
                  engine->level.may, engine->level.because, engine->level.open);
    for (uint32_t i = 0; i < engine->count; i++) {
        (void)fprintf(stderr, " %d", engine->slots[i]);
    }
    (void)fprintf(stderr, "\n  floor:  level %d may %d because %x open %x ask", floor->level, floor->may,
                  floor->because, floor->open);
    for (int i = 0; i < floor->ask_count; i++) {
        (void)fprintf(stderr, " %d", bench->fire_plan.slots[floor->ask[i]]);
    }
    (void)fprintf(stderr, "\n");
}

static bool compare(struct bench *bench, uint64_t count) {
    uint64_t random = SEED;
    uint64_t asked = 0;
    uint64_t asking = 0;
    for (uint64_t i = 0; i < count; i++) {
        struct answers engine;
        struct fire_answer floor;
        fire_draw(&bench->fire_plan, FIRE_MIXTURE, &random, &bench->fires[0]);
        fire_fill_box(&bench->fire_plan, &bench->fires[0], &bench->boxes[0]);
        decide_by_engine(bench, &bench->boxes[0], &engine);
        fire_decide(&bench->fires[0], &floor);
        if (!is_same(bench, &engine, &floor)) {
            print_difference(bench, i, &engine, &floor);
            return false;
        }
        asked += engine.count;
        asking += engine.count > 0;
    }
    (void)printf("%" PRIu64
                 " random boxes, every answer the same both ways; %.0f%% ask for something, %.1f facts each\n",
                 count, 100.0 * (double)asking / (double)count, (double)asked / (double)asking);
    return true;
}

static double time_engine(struct bench *bench) {
    double start = story_seconds();
    for (int i = 0; i < BLOCK; i++) {
        struct answers answers;
        decide_by_engine(bench, &bench->boxes[i], &answers);
        bench->sum += answers.level.level + answers.level.open + answers.count;
    }
    return story_seconds() - start;
}

static double time_floor(struct bench *bench) {
    double start = story_seconds();
    for (int i = 0; i < BLOCK; i++) {
        struct fire_answer answer;
        fire_decide(&bench->fires[i], &answer);
        bench->sum += (uint64_t)answer.level + answer.open + answer.ask_count;
    }
    return story_seconds() - start;
}

/* Both ways over the same boxes, every block twice, first to bring it near, then to be timed. */
static void time_both(struct bench *bench, const char *what, enum fire_knowledge knowledge) {
    double best[2] = {1e9, 1e9};
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t random = SEED + 1;
        double taken[2] = {0, 0};
        for (int block = 0; block < BLOCKS; block++) {
            for (int i = 0; i < BLOCK; i++) {
                fire_draw(&bench->fire_plan, knowledge, &random, &bench->fires[i]);
                fire_fill_box(&bench->fire_plan, &bench->fires[i], &bench->boxes[i]);
            }
            taken[0] += time_engine(bench);
            taken[1] += time_floor(bench);
        }
        for (int way = 0; way < 2; way++) {
            best[way] = taken[way] < best[way] ? taken[way] : best[way];
        }
    }
    double decisions = (double)BLOCK * BLOCKS;
    (void)printf(
        "%-8s engine %10.0f decisions/s (%.0f ns)  floor %10.0f decisions/s (%.0f ns)  floor : engine = %.1f\n", what,
        decisions / best[0], best[0] / decisions * 1e9, decisions / best[1], best[1] / decisions * 1e9,
        best[0] / best[1]);
}

/* One line a draw: the level (0 … 4), then the numbers in hours' microseconds, thirds of mm2 and heads, flags as 0 or 1,
 * nature and place as value indexes. The first line names the columns. */
static bool write_facts(struct bench *bench, const char *path, uint64_t count) {
    FILE *file = fopen(path, "w");
    uint64_t random = SEED + 2;
    if (file == NULL) {
        perror(path);
        return false;
    }
    (void)fprintf(file, "level burning area dead trapped severe loss uncontrolled date site homes facilities outward "
                        "inward military industry reserve nature place\n");
    for (uint64_t i = 0; i < count; i++) {
        struct fire *fire = &bench->fires[0];
        struct answers answers;
        fire_draw(&bench->fire_plan, FIRE_KNOWN, &random, fire);
        fire_fill_box(&bench->fire_plan, fire, &bench->boxes[0]);
        decide_by_engine(bench, &bench->boxes[0], &answers);
        (void)fprintf(file, "%d %" PRId64 " %" PRId64 " %d %d %d", answers.level.level, fire->burning_low,
                      fire->area_low, fire->dead_low, fire->trapped_low, fire->severe_low);
        for (unsigned fact = FIRE_LOSS; fact <= FIRE_RESERVE; fact++) {
            (void)fprintf(file, " %d", (fire->yes & FIRE_BIT(fact)) != 0);
        }
        (void)fprintf(file, " %d %d\n", __builtin_ctz(fire->nature), __builtin_ctz(fire->place));
    }
    return fclose(file) == 0;
}

static int run(struct bench *bench, int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "--compare") == 0) {
        return compare(bench, strtoull(argv[2], NULL, 10)) ? 0 : 1;
    }
    if (argc == 4 && strcmp(argv[1], "--facts") == 0) {
        return write_facts(bench, argv[2], strtoull(argv[3], NULL, 10)) ? 0 : 1;
    }
    if (argc != 1) {
        (void)fprintf(stderr, "usage: decisions [--compare N | --facts FILE N]\n");
        return 2;
    }
    if (!compare(bench, COMPARED)) {
        return 1;
    }
    time_both(bench, "mixture", FIRE_MIXTURE);
    time_both(bench, "known", FIRE_KNOWN);
    return bench->sum == 0;
}

int main(int argc, char **argv) {
    static struct bench bench;
    struct buffer source = {0};
    struct failure failure = {0};
    struct plan *plan = story_read_plan("plans/forest-fire.plan.md", &source);
    int status = 1;
    if (plan != NULL && fire_plan_find(&bench.fire_plan, plan)) {
        bench.program = decide_program_create(plan, &failure);
        for (int i = 0; i < BLOCK; i++) {
            decide_box_clear(&bench.boxes[i], plan, bench.fire_plan.subject);
        }
        if (bench.program == NULL) {
            (void)fprintf(stderr, "decisions: %s\n", failure.message);
        } else {
            status = run(&bench, argc, argv);
        }
    }
    decide_program_destroy(bench.program);
    plan_destroy(plan);
    buffer_release(&source);
    return status;
}
