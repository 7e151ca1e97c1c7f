/* audit — how long it takes to tell an incident as it was at a moment, on a log of a million events.
 *
 * usage: audit [PACK [INCIDENTS]]     (default plans/forest-fire.plan.md 10000: a million events)
 *
 * Makes a log of a story (story.h) in a new directory under /tmp, opens a desk on it as the server does, and asks for random
 * incidents at random moments of the log: which events tell it (the writer's part), and the answer as JSON text (the
 * auditor's). Prints both as p50, p99 and the longest; fails where p99 of the whole is above 50 ms. */

#include "desk/audit.h"
#include "base/buffer.h"
#include "base/calendar.h"
#include "desk/desk.h"
#include "story_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define QUESTIONS 2000
#define AIM_MS 50.0

struct timing {
    double part, all; /* milliseconds */
};

static double read_clock(void) {
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static uint64_t draw(uint64_t *random, uint64_t below) {
    *random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*random >> 33) % below;
}

/* False where it is not answered. *bytes grows by the answer's length. */
static bool ask(struct desk *desk, struct audit *audit, uint32_t incident, int64_t at, struct timing *timing,
                size_t *bytes) {
    const struct desk_request request = {
        .action = DESK_SHOW_AUDIT, .account = {.name = "auditor"}, .at = desk_last_instant(desk), .incident = incident};
    struct desk_reply part;
    struct desk_reply told = {.outcome = DESK_UNAVAILABLE};
    double start = read_clock();
    desk_answer(desk, &request, &part);
    timing->part = read_clock() - start;
    const struct audit_question question = {
        .incident = incident, .part = part.body, .now = request.at, .has_at = true, .at = at};
    if (part.outcome == DESK_OK) {
        audit_show(audit, &question, &told);
    }
    char *text = told.body == NULL ? NULL : json_dumps(told.body, JSON_COMPACT);
    timing->all = read_clock() - start;
    *bytes += text == NULL ? 0 : strlen(text);
    bool is_good = text != NULL || told.outcome == DESK_NOT_FOUND; /* not opened by then */
    if (!is_good) {
        (void)fprintf(stderr, "audit: %s%s\n", part.failure.message, told.failure.message);
    }
    free(text);
    json_decref(part.body);
    json_decref(told.body);
    return is_good;
}

static int compare(const void *left, const void *right) {
    double one = *(const double *)left;
    double other = *(const double *)right;
    return one < other ? -1 : one > other;
}

static double print_line(const char *name, double *times) {
    qsort(times, QUESTIONS, sizeof *times, compare);
    double p99 = times[QUESTIONS * 99 / 100];
    (void)printf("%-8s p50 %7.3f ms   p99 %7.3f ms   longest %7.3f ms\n", name, times[QUESTIONS / 2], p99,
                 times[QUESTIONS - 1]);
    return p99;
}

static int measure(const char *directory, const struct story *story, uint32_t incidents) {
    static double parts[QUESTIONS];
    static double all[QUESTIONS];
    struct failure failure = {0};
    uint64_t random = 1;
    size_t bytes = 0;
    struct desk *desk = desk_open(directory, &failure);
    struct audit *audit = desk == NULL ? NULL : audit_open(directory, &failure);
    bool is_good = audit != NULL;
    if (!is_good) {
        (void)fprintf(stderr, "audit: %s\n", failure.message);
    }
    int64_t first = story->events[0].at;
    int64_t last = desk == NULL ? first : desk_last_instant(desk);
    for (size_t i = 0; i < QUESTIONS && is_good; i++) {
        struct timing timing = {0};
        uint32_t incident = 1 + (uint32_t)draw(&random, incidents);
        int64_t at = last - (int64_t)draw(&random, (uint64_t)(last - first) / 2);
        is_good = ask(desk, audit, incident, at, &timing, &bytes);
        parts[i] = timing.part;
        all[i] = timing.all;
    }
    audit_close(audit);
    desk_close(desk);
    if (!is_good) {
        return 1;
    }
    (void)printf("%zu events, %d questions, %zu bytes of JSON each\n", story->count, QUESTIONS, bytes / QUESTIONS);
    (void)print_line("writer", parts);
    return print_line("all", all) <= AIM_MS ? 0 : 1;
}

int main(int argc, char **argv) {
    const char *path = argc > 1 ? argv[1] : "plans/forest-fire.plan.md";
    uint32_t incidents = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 10000;
    char made[] = "/tmp/pinyue-audit-XXXXXX";
    struct buffer source = {0};
    struct story story;
    struct plan *plan = story_read_plan(path, &source);
    int status = 1;
    if (plan != NULL && story_make(&story, plan, incidents, (size_t)incidents * 100)) {
        const char *directory = mkdtemp(made);
        if (directory != NULL && story_write_log(directory, &story, text_of(path), buffer_text(&source))) {
            status = measure(directory, &story, incidents);
        }
        story_remove_log(directory);
        story_release(&story);
    }
    plan_destroy(plan);
    buffer_release(&source);
    return status;
}
