/* drill — `pinyue drill FILE…`: plays drills in virtual time, prints their timelines, judges them. */
#include "cli/cli.h"

#include "run/drill.h"

#include <stdlib.h>

#define FILES_MAX 4096U
#define DRILL_BYTES_MAX ((size_t)16 << 20)

static const char help[] =
    "usage: pinyue drill FILE… [--json] [--data DIR]\n"
    "\n"
    "Plays each drill in virtual time and prints its timeline: what happened, what the plan then required, of whom, "
    "by\n"
    "when and by which clause; then whether each expectation held. docs/drills.md describes the language.\n"
    "\n"
    "  --json       print {\"drills\": [{…, \"timeline\": […], \"expectations\": […]}], \"passed\", \"failed\"}\n"
    "  --data DIR   log the events in DIR, which must hold no events yet (for one drill only)\n"
    "\n"
    "Exit status: 0 all expectations held, 1 one did not, 2 a file is wrong; the message names line and column.\n";

struct totals {
    json_t *drills;
    uint32_t passed, failed;
    bool is_wrong;
};

static void play_one(const char *path, const struct drill_options *options, bool as_json, struct totals *totals) {
    struct failure failure = {0};
    struct buffer source = {0};
    struct drill_result result = {0};
    if (!buffer_read_file(&source, path, DRILL_BYTES_MAX, &failure) ||
        !drill_play(path, buffer_text(&source), options, &result, &failure)) {
        totals->is_wrong = true;
        (void)cli_fail(&failure);
    } else {
        totals->passed += result.expectations - result.failed;
        totals->failed += result.failed;
        if (as_json) {
            (void)json_array_append(totals->drills, result.json);
        } else {
            buffer_append_string(&result.text, "\n");
            totals->is_wrong = cli_print(&result.text, CLI_OK) != CLI_OK || totals->is_wrong;
        }
    }
    drill_result_release(&result);
    buffer_release(&source);
}

/* Takes the totals' list over. */
static int print_json(const struct totals *totals, int status) {
    struct buffer out = {0};
    json_t *json = json_object();
    (void)json_object_set(json, "drills", totals->drills);
    (void)json_object_set_new(json, "passed", json_integer(totals->passed));
    (void)json_object_set_new(json, "failed", json_integer(totals->failed));
    cli_append_json(json, &out);
    status = cli_print(&out, status);
    json_decref(json);
    buffer_release(&out);
    return status;
}

static int play_all(const char **files, size_t count, const char *directory, bool as_json) {
    const struct drill_options options = {.directory = directory};
    struct totals totals = {.drills = json_array()};
    for (size_t i = 0; i < count; i++) {
        play_one(files[i], &options, as_json, &totals);
    }
    int status = totals.is_wrong ? CLI_ERROR : totals.failed > 0 ? CLI_NO : CLI_OK;
    if (as_json) {
        status = print_json(&totals, status);
    }
    json_decref(totals.drills);
    return status;
}

static int run(int argc, char **argv) {
    bool as_json = false;
    const char *directory = NULL;
    size_t count = 0;
    const struct cli_option options[] = {{"--json", NULL, &as_json}, {"--data", &directory, NULL}};
    struct failure failure = {0};
    const char **files = calloc(FILES_MAX, sizeof *files);
    int status = CLI_ERROR;
    if (files == NULL) {
        (void)failure_set(&failure, "memory is exhausted");
        status = cli_fail(&failure);
    } else if (!cli_parse(argc, argv, options, 2, files, FILES_MAX, &count, &failure)) {
        status = cli_fail(&failure);
    } else if (count == 0 || (directory != NULL && count > 1)) {
        (void)failure_set(&failure, "%s",
                          count == 0 ? "name a drill: pinyue drill FILE"
                                     : "--data keeps the log of one drill, but several are named");
        status = cli_fail(&failure);
    } else {
        status = play_all(files, count, directory, as_json);
    }
    free(files);
    return status;
}

const struct cli_command cli_drill = {
    "drill",
    "plays a scenario through a plan in virtual time and judges what it expects",
    "在虚拟时间里按预案推演一个情景，并逐项评判",
    help,
    run,
};
