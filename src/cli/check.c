/* check — `pinyue check PACK…`: what is wrong with a plan, proved, with a case for each. */
#include "check/check.h"

#include "cli/cli.h"
#include "cli/pack.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define PACKS_MAX 64

static const char help[] =
    "usage: pinyue check PACK… [--all] [--json]\n"
    "\n"
    "Proves each plan, by what its text literally says and by what runs: cases that no level takes (gap), levels that\n"
    "speak of the same case (clash), levels that fall as things get worse (falls), rules that never decide (dead); "
    "and\n"
    "finds what is unreachable, owned by nobody, without its clock, unused. A finding that the pack accepts beside "
    "the\n"
    "rule is not shown. docs/checker.md defines every kind.\n"
    "\n"
    "  --all    show the accepted findings too\n"
    "  --json   print {\"packs\": [{\"file\", \"plan\", \"version\", \"findings\": […]}]}\n"
    "\n"
    "Exit status: 0 when no finding is unaccepted, 1 when one is, 2 when a pack does not compile.\n";

struct options {
    bool all, as_json;
};

/* ---- JSON ------------------------------------------------------------------------------------------------- */

static json_t *make_text(struct text text) {
    return json_stringn(text.length > 0 ? text.bytes : "", text.length);
}

static json_t *make_list(const struct text *items, uint16_t count) {
    json_t *list = json_array();
    for (uint16_t i = 0; i < count; i++) {
        json_array_append_new(list, make_text(items[i]));
    }
    return list;
}

/* The cases as objects of facts, and beside them the levels that they get. */
static void add_cases(json_t *object, const struct check_finding *finding) {
    json_t *cases = json_array();
    json_t *levels = json_array();
    for (uint16_t i = 0; i < finding->case_count; i++) {
        const struct check_case *from = &finding->cases[i];
        json_t *facts = json_object();
        for (uint16_t k = 0; k < from->value_count; k++) {
            struct text name = from->values[k].fact;
            char *key = strndup(name.bytes, name.length);
            json_object_set_new(facts, key == NULL ? "" : key, make_text(from->values[k].value));
            free(key);
        }
        json_array_append_new(cases, facts);
        json_array_append_new(levels, from->has_level && from->level.length > 0 ? make_text(from->level) : json_null());
    }
    json_object_set_new(object, "witness", cases);
    json_object_set_new(object, "levels", levels);
}

static json_t *make_finding(const struct plan *plan, const struct check_finding *finding) {
    json_t *object = json_object();
    json_object_set_new(object, "kind", make_text(finding->kind_name));
    json_object_set_new(object, "scope", json_string(check_scope_name(finding->scope)));
    json_object_set_new(object, "scale", finding->scale.length > 0 ? make_text(finding->scale) : json_null());
    json_object_set_new(object, "line", json_integer(finding->place.line));
    json_object_set_new(object, "column", json_integer(finding->place.column));
    json_object_set_new(object, "clauses", make_list(plan->cites + finding->cites.first, finding->cites.count));
    json_object_set_new(object, "with", make_list(finding->with, finding->with_count));
    json_object_set_new(object, "message", make_text(finding->message));
    add_cases(object, finding);
    json_object_set_new(object, "accepted", json_boolean(finding->accepted));
    json_object_set_new(object, "reason", finding->accepted ? make_text(finding->reason) : json_null());
    return object;
}

static json_t *make_pack(const struct check_report *report, const char *path, bool all) {
    json_t *pack = json_object();
    json_t *findings = json_array();
    json_object_set_new(pack, "file", json_string(path));
    json_object_set_new(pack, "plan", make_text(report->plan->name));
    json_object_set_new(pack, "version", make_text(report->plan->version));
    for (uint32_t i = 0; i < report->count; i++) {
        if (all || !report->findings[i].accepted) {
            json_array_append_new(findings, make_finding(report->plan, &report->findings[i]));
        }
    }
    json_object_set_new(pack, "findings", findings);
    return pack;
}

/* ---- packs ------------------------------------------------------------------------------------------------ */

/* Checks one pack and adds what was found to `packs` or `out`. Returns the exit status that it would give alone. */
static int check_pack(const char *path, struct options options, json_t *packs, struct buffer *out) {
    struct failure failure = {0};
    int status = CLI_ERROR;
    struct plan *plan = cli_read_pack(path);
    if (plan == NULL) {
        return CLI_ERROR;
    }
    struct check_report *report = check_plan(plan, CHECK_EFFORT_USUAL, &failure);
    if (report == NULL) {
        (void)cli_fail(&failure);
    } else {
        status = report->unaccepted == 0 ? CLI_OK : CLI_NO;
        if (options.as_json) {
            json_array_append_new(packs, make_pack(report, path, options.all));
        } else {
            check_write(report, text_of(path), options.all, out);
        }
    }
    check_report_destroy(report);
    plan_destroy(plan);
    return status;
}

static int print_packs(json_t *packs, int status) {
    struct buffer out = {0};
    json_t *whole = json_pack("{s:O}", "packs", packs);
    cli_append_json(whole, &out);
    json_decref(whole);
    status = cli_print(&out, status);
    buffer_release(&out);
    return status;
}

static int run(int argc, char **argv) {
    struct options options = {false, false};
    const char *paths[PACKS_MAX];
    size_t count = 0;
    const struct cli_option known[] = {{"--all", NULL, &options.all}, {"--json", NULL, &options.as_json}};
    struct failure failure = {0};
    if (!cli_parse(argc, argv, known, 2, paths, PACKS_MAX, &count, &failure)) {
        return cli_fail(&failure);
    }
    if (count == 0) {
        (void)failure_set(&failure, "name the packs: pinyue check PACK…");
        return cli_fail(&failure);
    }
    int status = CLI_OK;
    struct buffer out = {0};
    json_t *packs = json_array();
    for (size_t i = 0; i < count; i++) {
        int one = check_pack(paths[i], options, packs, &out);
        status = one > status ? one : status;
    }
    status = options.as_json ? print_packs(packs, status) : cli_print(&out, status);
    json_decref(packs);
    buffer_release(&out);
    return status;
}

const struct cli_command cli_check = {
    "check",
    "proves a plan: gaps, clashes, levels that fall, rules that never decide",
    "检验预案：空档、冲突、情形加重级别反降、不起作用的规则",
    help,
    run,
};
