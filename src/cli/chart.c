/* chart — `pinyue chart PACK`: the plan drawn from its own rules, on A4 sheets. */
#include "chart/chart.h"

#include "cli/cli.h"
#include "cli/pack.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] =
    "usage: pinyue chart PACK [--out FILE.pdf|FILE.svg]\n"
    "\n"
    "Draws the plan from its own rules on as many A4 sheets as it takes, no text below 8 points, black on white: who\n"
    "reports to whom within what time, what leads from one level to the next and what each adds, the command "
    "structure\n"
    "and its groups. docs/chart.md says more.\n"
    "\n"
    "  --out FILE   a PDF has a page for each sheet; an SVG has all sheets, one below the other, its letters as "
    "outlines\n"
    "\n"
    "Without --out the SVG goes to standard output, unless that is a terminal. A FILE that is there is replaced once "
    "the\n"
    "new one is whole. Exit status: 0, or 2 when PACK does not compile or the chart cannot be drawn or written.\n";

static bool ends_in(const char *path, const char *ending) {
    size_t length = strlen(path), ending_length = strlen(ending);
    return length > ending_length && strcmp(path + length - ending_length, ending) == 0;
}

/* ---- files ------------------------------------------------------------------------------------------------- */

static bool fill_file(int descriptor, const struct buffer *bytes) {
    size_t written = 0;
    while (written < bytes->length) {
        ssize_t count = write(descriptor, bytes->bytes + written, bytes->length - written);
        if (count < 0 && errno != EINTR) {
            return false;
        }
        written += count > 0 ? (size_t)count : 0;
    }
    return fsync(descriptor) == 0;
}

/* As open() would have made it: mkstemp lets nobody else read. */
static bool open_to_others(int descriptor) {
    mode_t mask = umask(0);
    (void)umask(mask);
    return fchmod(descriptor, 0666 & ~mask) == 0;
}

/* Writes the whole file beside its place, then puts it there: a reader sees the old one or the new one. */
static bool replace_file(const char *path, const struct buffer *bytes, struct failure *failure) {
    struct buffer beside = {0};
    buffer_print(&beside, "%s.XXXXXX", path);
    if (beside.failed) {
        buffer_release(&beside);
        return failure_set(failure, "memory is exhausted");
    }
    int descriptor = mkstemp(beside.bytes);
    bool good = descriptor >= 0;
    bool made = good;
    if (good) {
        good = fill_file(descriptor, bytes) && open_to_others(descriptor);
        good = close(descriptor) == 0 && good;
        good = good && rename(beside.bytes, path) == 0;
    }
    if (!good) {
        char reason[128];
        if (strerror_r(errno, reason, sizeof reason) != 0) {
            (void)snprintf(reason, sizeof reason, "the system does not say why");
        }
        (void)failure_set(failure, "cannot write %s: %s", path, reason);
        if (made) {
            (void)unlink(beside.bytes);
        }
    }
    buffer_release(&beside);
    return good;
}

/* ---- the command ------------------------------------------------------------------------------------------- */

static bool draw(const struct plan *plan, bool as_pdf, struct buffer *out, struct failure *failure) {
    struct chart *chart = chart_build(plan, failure);
    bool good = chart != NULL && (as_pdf ? chart_draw_pdf(chart, out, failure) : chart_draw_svg(chart, out, failure));
    chart_destroy(chart);
    return good;
}

static bool check_target(const char *path, struct failure *failure) {
    if (path == NULL) {
        return isatty(STDOUT_FILENO) == 0 ||
               failure_set(failure, "say where the chart shall go: --out FILE.pdf or --out FILE.svg");
    }
    return ends_in(path, ".pdf") || ends_in(path, ".svg") ||
           failure_set(failure, "%s: the name of the file must end in .pdf or .svg", path);
}

static int run(int argc, char **argv) {
    const char *path = NULL, *pack = NULL;
    size_t count = 0;
    const struct cli_option known[] = {{"--out", &path, NULL}};
    struct failure failure = {0};
    if (!cli_parse(argc, argv, known, 1, &pack, 1, &count, &failure) || !check_target(path, &failure)) {
        return cli_fail(&failure);
    }
    if (count == 0) {
        (void)failure_set(&failure, "name the plan: pinyue chart PACK [--out FILE]");
        return cli_fail(&failure);
    }
    struct plan *plan = cli_read_pack(pack);
    if (plan == NULL) {
        return CLI_ERROR;
    }
    struct buffer out = {0};
    int status = CLI_OK;
    if (!draw(plan, path != NULL && ends_in(path, ".pdf"), &out, &failure) ||
        (path != NULL && !replace_file(path, &out, &failure))) {
        status = cli_fail(&failure);
    } else if (path == NULL) {
        status = cli_print(&out, CLI_OK);
    }
    buffer_release(&out);
    plan_destroy(plan);
    return status;
}

const struct cli_command cli_chart = {
    "chart",
    "draws a plan from its rules on A4 sheets: reports, levels, command",
    "按规则画出预案流程图（A4）：信息报告、等级和措施、指挥机构",
    help,
    run,
};
