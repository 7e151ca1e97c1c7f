/* coverage — `pinyue coverage PACK GAZETTE`: which sentences of the published text a pack covers. */
#include "cli/cli.h"

#include "cli/pack.h"
#include "coverage/coverage.h"

#include <jansson.h>

#include <stdlib.h>

static const char help[] =
    "usage: pinyue coverage PACK GAZETTE [--json]\n"
    "\n"
    "Finds the document of the plan in PACK in the text GAZETTE (by its number, or the only one there is) and lists "
    "its\n"
    "sentences, list items and table rows: each is covered (by which rules, duties and declarations), prose with its\n"
    "reason, or missing. Tells which annexes are announced and which stand there, and every citation of a clause or\n"
    "sentence that the document does not have. docs/coverage.md says more.\n"
    "\n"
    "  --json   print {\"document\", \"counts\", \"sentences\", \"annexes\", \"errors\", \"warnings\"}\n"
    "\n"
    "Exit status: 0 when nothing is missing and no citation is wrong; 1 when something is; 2 when PACK or GAZETTE "
    "cannot\n"
    "be read, or GAZETTE does not hold the document.\n";

#define QUOTE_BYTES 120 /* of a sentence in the list */

struct job {
    const char *pack_path, *gazette_path;
    struct arena *arena;
    struct buffer bytes;
    struct plan *plan;
};

/* ---- for people ------------------------------------------------------------------------------------------- */

static void print_use(const struct coverage_use *use, struct buffer *out) {
    buffer_print(out, "%s %.*s%s(line %u)", use->kind, TEXT_PRINT(use->name), use->name.length > 0 ? " " : "",
                 use->line);
    if (use->reason.length > 0) {
        buffer_print(out, ": %.*s", TEXT_PRINT(use->reason));
    }
}

static void print_part(const struct coverage *coverage, const struct coverage_part *part, struct buffer *out) {
    struct text cut = text_cut(part->text, QUOTE_BYTES);
    buffer_print(out, "%-8s %.*s  %.*s%s\n", coverage_status_name(part->status), TEXT_PRINT(part->name),
                 TEXT_PRINT(cut), cut.length < part->text.length ? "…" : "");
    for (uint32_t i = part->first_use; i != GAZETTE_NONE; i = coverage->uses[i].next) {
        buffer_append_string(out, "           ");
        print_use(&coverage->uses[i], out);
        buffer_append_string(out, "\n");
    }
}

static void print_annexes(const struct gazette_document *document, struct buffer *out) {
    buffer_print(out, "annexes: %u announced, %u there\n", document->announced_count, document->annex_count);
    for (uint32_t i = 0; i < document->annex_count; i++) {
        const struct gazette_clause *annex = &document->clauses[document->annexes[i]];
        if (!coverage_is_announced(document, i)) {
            buffer_print(out, "  %.*s %.*s stands there (line %u) and is not announced\n", TEXT_PRINT(annex->printed),
                         TEXT_PRINT(annex->heading), annex->line);
        }
    }
    for (uint32_t i = 0; i < document->announced_count; i++) {
        const struct gazette_announcement *announced = &document->announced[i];
        if (!coverage_is_present(document, i)) {
            buffer_print(out, "  %.*s %.*s is announced (line %u) and does not stand there\n",
                         TEXT_PRINT(announced->number), TEXT_PRINT(announced->title), announced->line);
        }
    }
}

static void print_list(const struct job *job, const struct coverage *coverage, struct buffer *out) {
    const struct gazette_document *document = coverage->document;
    buffer_print(out, "%.*s %.*s\n\n", TEXT_PRINT(document->number), TEXT_PRINT(document->title));
    for (uint32_t i = 0; i < coverage->part_count; i++) {
        print_part(coverage, &coverage->parts[i], out);
    }
    buffer_append_string(out, "\n");
    for (uint32_t i = 0; i < coverage->part_count; i++) {
        const struct coverage_part *part = &coverage->parts[i];
        if (part->status == COVERAGE_MISSING) {
            buffer_print(out, "%s:%u: missing: %.*s is cited by nothing: %.*s\n", job->gazette_path, part->line,
                         TEXT_PRINT(part->name), TEXT_PRINT(part->text));
        }
    }
    for (uint32_t i = 0; i < coverage->error_count; i++) {
        const struct coverage_error *error = &coverage->errors[i];
        buffer_print(out, "%s:%u: error: @%.*s: %.*s\n", job->pack_path, error->line, TEXT_PRINT(error->cite),
                     TEXT_PRINT(error->message));
    }
    if (coverage->warning.length > 0) {
        buffer_print(out, "warning: %.*s\n", TEXT_PRINT(coverage->warning));
    }
    print_annexes(document, out);
    buffer_print(out, "%u sentences and rows: %u covered, %u prose, %u missing; %u wrong citations\n",
                 coverage->part_count, coverage->covered_count, coverage->prose_count, coverage->missing_count,
                 coverage->error_count);
}

/* ---- JSON ------------------------------------------------------------------------------------------------- */

static json_t *pack_text(struct text text) {
    return json_stringn(text.bytes == NULL ? "" : text.bytes, text.length);
}

static json_t *pack_part(const struct coverage *coverage, const struct coverage_part *part) {
    json_t *packed = json_object();
    json_t *uses = json_array();
    for (uint32_t i = part->first_use; i != GAZETTE_NONE; i = coverage->uses[i].next) {
        const struct coverage_use *use = &coverage->uses[i];
        json_t *by = json_object();
        json_object_set_new(by, "kind", json_string(use->kind));
        json_object_set_new(by, "name", pack_text(use->name));
        json_object_set_new(by, "line", json_integer(use->line));
        if (use->reason.length > 0) {
            json_object_set_new(by, "reason", pack_text(use->reason));
        }
        json_array_append_new(uses, by);
    }
    json_object_set_new(packed, "clause", pack_text(part->name));
    json_object_set_new(packed, "status", json_string(coverage_status_name(part->status)));
    json_object_set_new(packed, "by", uses);
    json_object_set_new(packed, "line", json_integer(part->line));
    json_object_set_new(packed, "text", pack_text(part->text));
    return packed;
}

static json_t *pack_annex(struct text number, struct text title, uint32_t line) {
    json_t *packed = json_object();
    json_object_set_new(packed, "number", pack_text(number));
    json_object_set_new(packed, "title", pack_text(title));
    json_object_set_new(packed, "line", json_integer(line));
    return packed;
}

static json_t *pack_annexes(const struct gazette_document *document) {
    json_t *packed = json_object();
    json_t *announced = json_array();
    json_t *present = json_array();
    for (uint32_t i = 0; i < document->announced_count; i++) {
        const struct gazette_announcement *annex = &document->announced[i];
        json_array_append_new(announced, pack_annex(annex->number, annex->title, annex->line));
    }
    for (uint32_t i = 0; i < document->annex_count; i++) {
        const struct gazette_clause *annex = &document->clauses[document->annexes[i]];
        json_array_append_new(present, pack_annex(annex->printed, annex->heading, annex->line));
    }
    json_object_set_new(packed, "announced", announced);
    json_object_set_new(packed, "present", present);
    return packed;
}

static json_t *pack_errors(const struct coverage *coverage) {
    json_t *errors = json_array();
    for (uint32_t i = 0; i < coverage->error_count; i++) {
        json_t *error = json_object();
        json_object_set_new(error, "line", json_integer(coverage->errors[i].line));
        json_object_set_new(error, "clause", pack_text(coverage->errors[i].cite));
        json_object_set_new(error, "message", pack_text(coverage->errors[i].message));
        json_array_append_new(errors, error);
    }
    return errors;
}

static json_t *pack_coverage(const struct coverage *coverage) {
    json_t *packed = json_object();
    json_t *document = json_object();
    json_t *counts = json_object();
    json_t *parts = json_array();
    json_t *warnings = json_array();
    json_object_set_new(document, "number",
                        coverage->document->number.length == 0 ? json_null() : pack_text(coverage->document->number));
    json_object_set_new(document, "title", pack_text(coverage->document->title));
    json_object_set_new(counts, "covered", json_integer(coverage->covered_count));
    json_object_set_new(counts, "prose", json_integer(coverage->prose_count));
    json_object_set_new(counts, "missing", json_integer(coverage->missing_count));
    json_object_set_new(counts, "errors", json_integer(coverage->error_count));
    for (uint32_t i = 0; i < coverage->part_count; i++) {
        json_array_append_new(parts, pack_part(coverage, &coverage->parts[i]));
    }
    if (coverage->warning.length > 0) {
        json_array_append_new(warnings, pack_text(coverage->warning));
    }
    json_object_set_new(packed, "document", document);
    json_object_set_new(packed, "counts", counts);
    json_object_set_new(packed, "sentences", parts);
    json_object_set_new(packed, "annexes", pack_annexes(coverage->document));
    json_object_set_new(packed, "errors", pack_errors(coverage));
    json_object_set_new(packed, "warnings", warnings);
    return packed;
}

/* ---- the command ------------------------------------------------------------------------------------------ */

static const struct coverage *read_job(struct job *job, struct failure *failure) {
    job->arena = arena_create(GAZETTE_ARENA_BYTES);
    if (job->arena == NULL) {
        (void)failure_set(failure, "memory is exhausted");
        return NULL;
    }
    if (!buffer_read_file(&job->bytes, job->gazette_path, GAZETTE_FILE_BYTES_MAX, failure)) {
        return NULL;
    }
    const struct gazette *gazette = gazette_read(buffer_text(&job->bytes), job->arena, failure);
    return gazette == NULL ? NULL : coverage_measure(job->plan, gazette, job->arena, failure);
}

static int show(struct job *job, bool as_json) {
    struct failure failure = {0};
    struct buffer out = {0};
    int status = CLI_ERROR;
    const struct coverage *coverage = read_job(job, &failure);
    if (coverage == NULL) {
        status = cli_fail(&failure);
    } else {
        if (as_json) {
            json_t *packed = pack_coverage(coverage);
            cli_append_json(packed, &out);
            json_decref(packed);
        } else {
            print_list(job, coverage, &out);
        }
        status = cli_print(&out, coverage->missing_count == 0 && coverage->error_count == 0 ? CLI_OK : CLI_NO);
    }
    arena_destroy(job->arena);
    buffer_release(&job->bytes);
    buffer_release(&out);
    return status;
}

static int run(int argc, char **argv) {
    bool as_json = false;
    const char *paths[2] = {NULL, NULL};
    size_t count = 0;
    const struct cli_option options[] = {{"--json", NULL, &as_json}};
    struct failure failure = {0};
    if (!cli_parse(argc, argv, options, 1, paths, 2, &count, &failure)) {
        return cli_fail(&failure);
    }
    if (count < 2) {
        (void)failure_set(&failure, "name the plan's pack and the text: pinyue coverage PACK GAZETTE");
        return cli_fail(&failure);
    }
    struct job job = {.pack_path = paths[0], .gazette_path = paths[1]};
    job.plan = cli_read_pack(job.pack_path);
    if (job.plan == NULL) {
        return CLI_ERROR;
    }
    int status = show(&job, as_json);
    plan_destroy(job.plan);
    return status;
}

const struct cli_command cli_coverage = {
    "coverage",
    "says which sentences of the published text a pack covers",
    "逐句核对：规则包覆盖了原文哪些句子，遗漏了哪些",
    help,
    run,
};
