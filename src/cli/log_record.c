#include "cli/log_record.h"

#include "cli/cli.h"
#include "desk/dossier.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static json_t *describe(const struct dossier *dossier) {
    char head[STORE_HEAD_ROOM];
    int64_t absent = dossier_count_absent(dossier);
    store_print_head(&dossier->head, head);
    return json_pack("{s:I, s:s, s:I, s:b, s:I, s:I}", "incident", (json_int_t)dossier->incident, "head", head,
                     "own_events", (json_int_t)dossier->own_events, "masked", (int)dossier->masked, "attachments",
                     (json_int_t)dossier_count_files(dossier) - absent, "attachments_absent", (json_int_t)absent);
}

static int print_json(json_t *json, int status) {
    struct buffer out = {0};
    cli_append_json(json, &out);
    json_decref(json);
    status = cli_print(&out, status);
    buffer_release(&out);
    return status;
}

#define ABSENT_LISTED 64U

/* Why it is absent is what the manifest says, which nothing proves. */
static void write_absent(const struct dossier *dossier, struct buffer *out) {
    int64_t listed = 0;
    for (size_t i = 0; i < dossier_count_files(dossier); i++) {
        const struct dossier_file *file = dossier_get_file(dossier, i);
        if (file->bytes < 0 && listed++ < ABSENT_LISTED) {
            buffer_print(out, "- %s: absent: its hash is in the log, its content is not here (%s, says who made it)\n",
                         file->name, dossier_absence_word(file->absence));
        }
    }
    if (listed > ABSENT_LISTED) {
        buffer_print(out, "- and %" PRId64 " more.\n", listed - ABSENT_LISTED);
    }
}

static void write_dossier(const struct dossier *dossier, struct buffer *out) {
    char head[STORE_HEAD_ROOM];
    int64_t absent = dossier_count_absent(dossier);
    int64_t files = (int64_t)dossier_count_files(dossier);
    store_print_head(&dossier->head, head);
    buffer_print(out, "Incident %" PRIu32 ": %" PRId64 " events of its own among %" PRId64 "; files: %" PRId64 "%s\n",
                 dossier->incident, dossier->own_events, dossier->head.sequence, files - absent,
                 dossier->masked ? "; what is personal is masked." : ".");
    if (absent > 0 && dossier->masked) {
        buffer_print(out,
                     "Files that its events name and that are left out because they may show persons: %" PRId64 "\n",
                     absent);
    } else if (absent > 0) {
        write_absent(dossier, out);
    }
    buffer_print(out, "Head: %s\n", head);
}

/* A masked record goes without files: that is none of its faults. */
static bool lacks_files(const struct dossier *dossier) {
    return !dossier->masked && dossier_count_absent(dossier) > 0;
}

/* ---- export ----------------------------------------------------------------------------------------------- */

static bool read_incident(const char *text, uint32_t *incident, struct failure *failure) {
    char *end = NULL;
    unsigned long number = text == NULL || text[0] < '1' || text[0] > '9' ? 0 : strtoul(text, &end, 10);
    if (number == 0 || number > UINT32_MAX || *end != '\0') {
        return failure_set_field(failure, "--incident", "must be the number of an incident");
    }
    *incident = (uint32_t)number;
    return true;
}

static bool read_order(int argc, char **argv, struct dossier_order *order, bool *as_json, struct failure *failure) {
    const char *incident = NULL;
    const char *others[1];
    size_t count = 0;
    const struct cli_option options[] = {{"--data", &order->data, NULL},
                                         {"--out", &order->out, NULL},
                                         {"--incident", &incident, NULL},
                                         {"--mask", NULL, &order->masked},
                                         {"--json", NULL, as_json}};
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], others, 1, &count, failure)) {
        return false;
    }
    if (order->data == NULL || order->data[0] == '\0') {
        return failure_set_field(failure, "--data", "names the data directory, and is missing");
    }
    if (order->out == NULL || order->out[0] == '\0') {
        return failure_set_field(failure, "--out", "names the ZIP file, and is missing");
    }
    return read_incident(incident, &order->incident, failure);
}

int log_record_export(int argc, char **argv) {
    struct dossier_order order = {0};
    struct dossier made = {0};
    struct failure failure = {0};
    bool as_json = false;
    int status = CLI_OK;
    if (!read_order(argc, argv, &order, &as_json, &failure) || !dossier_make(&order, &made, &failure)) {
        status = cli_fail(&failure);
        dossier_release(&made);
        return status;
    }
    status = lacks_files(&made) ? CLI_UNPROVED : CLI_OK;
    if (as_json) {
        status = print_json(describe(&made), status);
    } else {
        struct buffer out = {0};
        buffer_print(&out, "Exported to %s.\n", order.out);
        write_dossier(&made, &out);
        status = cli_print(&out, status);
        buffer_release(&out);
    }
    dossier_release(&made);
    return status;
}

/* ---- verify ----------------------------------------------------------------------------------------------- */

static size_t count_listed(const struct dossier_report *report) {
    return report->finding_count < DOSSIER_FINDINGS_LISTED ? (size_t)report->finding_count : DOSSIER_FINDINGS_LISTED;
}

/* Sound is what is proved; the caller may say what he does without. */
static int judge(const struct log_record_question *question, const struct dossier_report *report) {
    if (report->finding_count > 0) {
        return CLI_NO;
    }
    bool is_proved = (question->allows_absent || !lacks_files(&report->dossier)) &&
                     (question->allows_unconfirmed || report->is_timeline_confirmed);
    return is_proved ? CLI_OK : CLI_UNPROVED;
}

static const char *verdict_word(int status) {
    return status == CLI_OK ? "sound" : status == CLI_NO ? "changed" : "unproved";
}

static json_t *describe_report(const struct dossier_report *report, bool has_head, int status) {
    json_t *json = describe(&report->dossier);
    json_t *findings = json_array();
    for (size_t i = 0; i < count_listed(report); i++) {
        (void)json_array_append_new(
            findings, json_pack("{s:s, s:s}", "place", report->findings[i].place, "text", report->findings[i].text));
    }
    (void)json_object_set_new(json, "sound", json_boolean(status == CLI_OK));
    (void)json_object_set_new(json, "verdict", json_string(verdict_word(status)));
    (void)json_object_set_new(json, "finding_count", json_integer((json_int_t)report->finding_count));
    (void)json_object_set_new(json, "findings", findings);
    (void)json_object_set_new(json, "timeline_confirmed", json_boolean(report->is_timeline_confirmed));
    (void)json_object_set_new(json, "timeline_doubt", json_string(report->timeline_doubt));
    if (has_head) {
        (void)json_object_set_new(json, "expected_head_sequence",
                                  report->log.expected_found ? json_integer((json_int_t)report->log.expected_sequence)
                                                             : json_null());
    }
    return json;
}

static void write_report(const struct dossier_report *report, bool has_head, int status, struct buffer *out) {
    if (report->finding_count == 0) {
        buffer_append_string(out, status == CLI_OK ? "The record is sound.\n"
                                                   : "Nothing is found wrong, but not all of the record is proved.\n");
        write_dossier(&report->dossier, out);
        if (report->is_timeline_confirmed) {
            buffer_append_string(out, "The timeline says what the log says: told and set anew here it is the same.\n");
        } else {
            buffer_print(out, "The timeline on paper is NOT CONFIRMED: %s. Read %s, which says what the log says.\n",
                         report->timeline_doubt, report->is_text_confirmed ? "timeline.txt" : "log.jsonl");
        }
    } else {
        buffer_print(out, "The record is not as it was made; found: %" PRId64 ".\n", report->finding_count);
        for (size_t i = 0; i < count_listed(report); i++) {
            const struct dossier_finding *finding = &report->findings[i];
            buffer_print(out, "- %s%s%s\n", finding->place, finding->place[0] == '\0' ? "" : ": ", finding->text);
        }
        if (report->finding_count > (int64_t)count_listed(report)) {
            buffer_print(out, "- and %" PRId64 " more.\n", report->finding_count - (int64_t)count_listed(report));
        }
    }
    if (has_head && report->log.expected_found) {
        buffer_print(out, "The head kept elsewhere is that of event %" PRId64 " of %" PRId64 ".\n",
                     report->log.expected_sequence, report->log.head.sequence);
    }
}

int log_record_verify(const struct log_record_question *question) {
    struct failure failure = {0};
    struct dossier_report *report = calloc(1, sizeof *report);
    if (report == NULL) {
        (void)failure_set(&failure, "memory is exhausted");
        return cli_fail(&failure);
    }
    int status = CLI_OK;
    if (!dossier_verify(question->zip, question->head, report, &failure)) {
        status = cli_fail(&failure);
    } else {
        status = judge(question, report);
        if (question->as_json) {
            status = print_json(describe_report(report, question->head != NULL, status), status);
        } else {
            struct buffer out = {0};
            write_report(report, question->head != NULL, status, &out);
            status = cli_print(&out, status);
            buffer_release(&out);
        }
    }
    dossier_release(&report->dossier);
    free(report);
    return status;
}
