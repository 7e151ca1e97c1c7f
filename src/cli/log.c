/* pinyue log — looks at the event log of a data directory: verifies it, prints its head, shows events, copies it. */
#include "cli/cli.h"
#include "cli/log_record.h"
#include "desk/record_line.h"
#include "store/store.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MASKED_NAMES_MAX 64
#define INCIDENT_FIELD "incident"

struct arguments {
    const char *data;
    const char *out;
    const char *incident;
    const char *head_text;
    const char *from_text;
    const char *mask_text;
    const char *zip;                        /* verify: a record instead of a data directory */
    bool allows_absent, allows_unconfirmed; /* of a record */
    bool json;
    struct store_head head; /* of --head; sequence 0 when only the hash is given */
    int64_t from;
    struct text masked[MASKED_NAMES_MAX];
    size_t masked_count;
    int64_t masked_values[MASKED_NAMES_MAX]; /* of each name: how many the log has */
    int64_t incident_events;                 /* not withheld for the sake of the incident */
    bool incident_found;
};

/* ---- arguments ---- */

static int report_failure(const struct failure *failure, int status) {
    (void)cli_fail(failure);
    return status;
}

/* A whole number, small enough for a sequence. */
static bool parse_sequence(struct text input, int64_t *sequence) {
    int64_t value = 0;
    if (input.length == 0 || input.length > 18) {
        return false;
    }
    for (size_t i = 0; i < input.length; i++) {
        if (input.bytes[i] < '0' || input.bytes[i] > '9') {
            return false;
        }
        value = value * 10 + (input.bytes[i] - '0');
    }
    *sequence = value;
    return true;
}

/* HASH or NUMBER:HASH, as `log head` prints it. */
static bool parse_head(const char *input, struct store_head *head, struct failure *failure) {
    const char *colon = strchr(input, ':');
    struct text number = {input, colon != NULL ? (size_t)(colon - input) : 0};
    head->sequence = 0;
    return ((colon == NULL || parse_sequence(number, &head->sequence)) &&
            store_parse_hash(text_of(colon != NULL ? colon + 1 : input), &head->hash)) ||
           failure_set_field(failure, "--head",
                             "\"%s\" is no head; a head is 64 hex digits, or a number, a colon and 64 hex digits",
                             input);
}

static bool parse_names(const char *input, struct arguments *arguments, struct failure *failure) {
    const char *start = input;
    for (;;) {
        size_t length = strcspn(start, ",");
        if (length == 0 || length > STORE_NAME_MAX_BYTES || arguments->masked_count == MASKED_NAMES_MAX) {
            return failure_set_field(failure, "--mask",
                                     "\"%s\" is no list of field names; up to %d names of 1 to %d bytes, separated by "
                                     "commas, are wanted",
                                     input, MASKED_NAMES_MAX, STORE_NAME_MAX_BYTES);
        }
        arguments->masked[arguments->masked_count++] = (struct text){start, length};
        if (start[length] == '\0') {
            return true;
        }
        start += length + 1;
    }
}

static bool parse_values(struct arguments *arguments, struct failure *failure) {
    arguments->from = 1;
    if (arguments->head_text != NULL && !parse_head(arguments->head_text, &arguments->head, failure)) {
        return false;
    }
    if (arguments->from_text != NULL &&
        (!parse_sequence(text_of(arguments->from_text), &arguments->from) || arguments->from < 1)) {
        return failure_set_field(failure, "--from", "\"%s\" is no event's number; events are numbered from 1",
                                 arguments->from_text);
    }
    return arguments->mask_text == NULL || parse_names(arguments->mask_text, arguments, failure);
}

/* ---- output ---- */

/* Prints one JSON value on a line and frees it. */
static bool print_json(json_t *value) {
    bool done = value != NULL && json_dumpf(value, stdout, JSON_COMPACT) == 0 && putchar('\n') != EOF;
    json_decref(value);
    return done;
}

/* What was printed must have reached its destination: a full disk behind a redirection is an error too. */
static int finish_output(bool printed, int status) {
    struct failure failure = {0};
    if (printed && fflush(stdout) == 0 && ferror(stdout) == 0) {
        return status;
    }
    failure_set(&failure, "standard output cannot be written");
    return cli_fail(&failure);
}

static json_t *make_json_head(const struct store_head *head) {
    char hash[STORE_HASH_ROOM];
    store_print_hash(&head->hash, hash);
    return json_pack("{s:I, s:s}", "sequence", (json_int_t)head->sequence, "hash", hash);
}

/* A value on one line: control characters, by which a hostile value could write lines or drive the terminal, become
 * \uXXXX; C1 control characters (U+0080 to U+009F) too. */
static void print_escaped(struct text value) {
    for (size_t offset = 0; offset < value.length;) {
        size_t size;
        uint32_t code = text_read_code_point(value, offset, &size);
        if (code < 0x20 || (code >= 0x7f && code < 0xa0)) {
            (void)printf("\\u%04x", (unsigned)code);
        } else {
            (void)fwrite(value.bytes + offset, 1, size, stdout);
        }
        offset += size > 0 ? size : 1;
    }
}

/* ---- verify ---- */

static json_t *make_json_damage(const struct store_damage *damage) {
    char sentence[STORE_DAMAGE_ROOM];
    store_print_damage(damage, sentence);
    return json_pack("{s:s, s:I, s:I, s:I, s:s}", "kind", store_damage_name(damage->kind), "sequence",
                     (json_int_t)damage->sequence, "last", (json_int_t)damage->last, "other", (json_int_t)damage->other,
                     "text", sentence);
}

static bool print_report_json(const struct store_report *report, bool has_head) {
    json_t *damages = json_array();
    for (size_t i = 0; i < report->damage_listed; i++) {
        (void)json_array_append_new(damages, make_json_damage(&report->damages[i]));
    }
    json_t *object =
        json_pack("{s:b, s:I, s:o, s:b, s:I, s:I, s:I, s:b, s:o}", "sound", report->damage_count == 0, "events",
                  (json_int_t)report->event_count, "head", make_json_head(&report->head), "copy", report->copy,
                  "masked_fields", (json_int_t)report->masked_field_count, "withheld_events",
                  (json_int_t)report->withheld_event_count, "damage_count", (json_int_t)report->damage_count,
                  "damage_search_cut", report->damage_search_cut, "damages", damages);
    if (has_head && object != NULL) {
        json_t *found = report->expected_found ? json_integer((json_int_t)report->expected_sequence) : json_null();
        (void)json_object_set_new(object, "expected_head_sequence", found);
    }
    return print_json(object);
}

/* Whether the head that was kept elsewhere has a number, and its hash is another event's. */
static bool is_misnumbered(const struct store_report *report, const struct arguments *arguments) {
    return arguments->head_text != NULL && report->expected_found && arguments->head.sequence != 0 &&
           arguments->head.sequence != report->expected_sequence;
}

static void print_head_finding(const struct store_report *report, const struct arguments *arguments) {
    if (!report->expected_found) {
        return; /* is among the damages */
    }
    if (is_misnumbered(report, arguments)) {
        (void)printf("The head kept elsewhere bears the number %" PRId64 ", but its hash is that of event %" PRId64
                     ": as it was noted it is no head of this log.\n",
                     arguments->head.sequence, report->expected_sequence);
    } else if (report->expected_sequence == report->head.sequence) {
        (void)printf("The head kept elsewhere is that of its last event, number %" PRId64 ".\n", report->head.sequence);
    } else {
        (void)printf("The head kept elsewhere is that of event %" PRId64 "; the log has grown by %" PRId64
                     " events since.\n",
                     report->expected_sequence, report->head.sequence - report->expected_sequence);
    }
}

static void print_hidden(const struct store_report *report) {
    if (report->copy || report->masked_field_count > 0 || report->withheld_event_count > 0) {
        (void)printf("It %s: %" PRId64 " fields are masked and %" PRId64 " events withheld.\n",
                     report->copy ? "is a copy" : "calls itself no copy", report->masked_field_count,
                     report->withheld_event_count);
    }
}

static void print_damages(const struct store_report *report) {
    char sentence[STORE_DAMAGE_ROOM];
    (void)printf("The log is damaged; damages found: %" PRId64 "%s.\n", report->damage_count,
                 report->damage_search_cut ? " at least" : "");
    for (size_t i = 0; i < report->damage_listed; i++) {
        store_print_damage(&report->damages[i], sentence);
        (void)printf("- %s\n", sentence);
    }
    if (report->damage_count > (int64_t)report->damage_listed) {
        (void)printf("- and %" PRId64 " more.\n", report->damage_count - (int64_t)report->damage_listed);
    }
    if (report->unreadable_cause[0] != '\0') {
        (void)printf("%s\n", report->unreadable_cause);
    }
}

static bool print_report(const struct store_report *report, const struct arguments *arguments) {
    char hash[STORE_HASH_ROOM];
    store_print_hash(&report->head.hash, hash);
    if (report->damage_count == 0) {
        (void)printf("The log is sound: %" PRId64 " events, each as it was logged.\n", report->event_count);
    } else {
        print_damages(report);
    }
    if (arguments->head_text != NULL) {
        print_head_finding(report, arguments);
    }
    print_hidden(report);
    return printf("Head: %" PRId64 ":%s\n", report->head.sequence, hash) > 0;
}

static int run_verify(struct store *store, const struct arguments *arguments) {
    struct failure failure = {0};
    struct store_report *report = malloc(sizeof *report);
    if (report == NULL) {
        failure_set(&failure, "memory is exhausted");
        return cli_fail(&failure);
    }
    if (!store_verify(store, arguments->head_text != NULL ? &arguments->head : NULL, report, &failure)) {
        free(report);
        return cli_fail(&failure);
    }
    int status = report->damage_count == 0 && !is_misnumbered(report, arguments) ? CLI_OK : CLI_NO;
    bool printed =
        arguments->json ? print_report_json(report, arguments->head_text != NULL) : print_report(report, arguments);
    free(report);
    return finish_output(printed, status);
}

/* ---- head ---- */

static int run_head(struct store *store, const struct arguments *arguments) {
    struct failure failure = {0};
    struct store_head head;
    char hash[STORE_HASH_ROOM];
    if (!store_find_head(store, &head, &failure)) {
        return report_failure(&failure, CLI_NO);
    }
    if (arguments->json) {
        return finish_output(print_json(make_json_head(&head)), CLI_OK);
    }
    store_print_hash(&head.hash, hash);
    return finish_output(printf("%" PRId64 ":%s\n", head.sequence, hash) > 0, CLI_OK);
}

/* ---- show ---- */

static bool show_json(void *context, const struct store_record *record) {
    bool *printed = context;
    *printed = print_json(record_line_describe(record));
    return *printed;
}

static void show_field(const struct store_field *field) {
    (void)printf("  ");
    print_escaped(field->name);
    (void)printf(": ");
    if (field->masked) {
        (void)printf("(masked)");
    } else {
        print_escaped(field->value);
    }
    (void)printf("\n");
}

static bool show_text(void *context, const struct store_record *record) {
    bool *printed = context;
    (void)printf("Event %" PRId64 "%s\n", record->sequence, record->withheld ? " (withheld)" : "");
    for (size_t i = 0; i < record->count; i++) {
        show_field(&record->fields[i]);
    }
    *printed = ferror(stdout) == 0;
    return *printed;
}

/* Verifies as it goes, so that nothing is shown that was not logged. Past a damage go on with --from. */
static int run_show(struct store *store, const struct arguments *arguments) {
    struct failure failure = {0};
    bool printed = true;
    bool done = store_read(store, arguments->from, true, arguments->json ? show_json : show_text, &printed, &failure);
    int status = finish_output(printed, CLI_OK);
    return done ? status : report_failure(&failure, CLI_NO);
}

/* ---- copy ---- */

static bool mask_field(void *context, const struct store_record *record, const struct store_field *field) {
    const struct arguments *arguments = context;
    (void)record;
    for (size_t i = 0; i < arguments->masked_count; i++) {
        if (text_equal(field->name, arguments->masked[i])) {
            return true;
        }
    }
    return false;
}

/* Events of another incident, or of one that is masked already and so cannot be told. Events without the field belong to
 * all: plans put in force, for example. Of several such fields one that fits is enough. */
static bool withhold_other_incident(void *context, const struct store_record *record) {
    const struct arguments *arguments = context;
    bool has_incident = false;
    for (size_t i = 0; i < record->count; i++) {
        const struct store_field *field = &record->fields[i];
        if (!text_equals_string(field->name, INCIDENT_FIELD)) {
            continue;
        }
        if (!field->masked && text_equals_string(field->value, arguments->incident)) {
            return false;
        }
        has_incident = true;
    }
    return has_incident;
}

/* Events without the field belong to every incident, and do not tell that there is one. */
static bool names_incident(const struct store_record *record) {
    for (size_t i = 0; i < record->count; i++) {
        if (text_equals_string(record->fields[i].name, INCIDENT_FIELD)) {
            return true;
        }
    }
    return false;
}

static bool count_hidden(void *context, const struct store_record *record) {
    struct arguments *arguments = context;
    if (arguments->incident != NULL && withhold_other_incident(arguments, record)) {
        return true;
    }
    arguments->incident_events++;
    arguments->incident_found = arguments->incident_found || names_incident(record);
    for (size_t i = 0; i < record->count; i++) {
        for (size_t k = 0; k < arguments->masked_count; k++) {
            arguments->masked_values[k] += text_equal(record->fields[i].name, arguments->masked[k]);
        }
    }
    return true;
}

/* A name that is mistyped would hide nothing, and nobody would notice. */
static bool check_hidden(struct store *store, struct arguments *arguments, struct failure *failure) {
    if (arguments->masked_count == 0 && arguments->incident == NULL) {
        return true;
    }
    if (!store_read(store, 1, false, count_hidden, arguments, failure)) {
        return false;
    }
    for (size_t i = 0; i < arguments->masked_count; i++) {
        if (arguments->masked_values[i] == 0) {
            return failure_set_field(failure, "--mask",
                                     "no event has a field \"%.*s\", so nothing would be masked; pinyue log show lists "
                                     "the fields",
                                     TEXT_PRINT(arguments->masked[i]));
        }
    }
    return arguments->incident == NULL || arguments->incident_found ||
           failure_set_field(failure, "--incident", "no event is about an incident %s", arguments->incident);
}

static int64_t sum_masked(const struct arguments *arguments) {
    int64_t sum = 0;
    for (size_t i = 0; i < arguments->masked_count; i++) {
        sum += arguments->masked_values[i];
    }
    return sum;
}

static void print_copied(const struct arguments *arguments, int64_t count) {
    for (size_t i = 0; i < arguments->masked_count; i++) {
        (void)printf("Masked: %" PRId64 " values of %.*s.\n", arguments->masked_values[i],
                     TEXT_PRINT(arguments->masked[i]));
    }
    if (arguments->incident != NULL) {
        (void)printf("Withheld: %" PRId64 " events of other incidents.\n", count - arguments->incident_events);
    }
}

static int run_copy(struct store *store, struct arguments *arguments) {
    struct failure failure = {0};
    int64_t count = 0;
    if (!check_hidden(store, arguments, &failure)) {
        return cli_fail(&failure);
    }
    struct store_copy_rules rules = {
        .mask = arguments->masked_count > 0 ? mask_field : NULL,
        .withhold = arguments->incident != NULL ? withhold_other_incident : NULL,
        .context = arguments,
    };
    if (!store_copy(store, arguments->out, &rules, &count, &failure)) {
        return cli_fail(&failure);
    }
    if (arguments->json) {
        json_int_t withheld = arguments->incident == NULL ? 0 : count - arguments->incident_events;
        json_t *object = json_pack("{s:I, s:s, s:I, s:I}", "events", (json_int_t)count, "directory", arguments->out,
                                   "masked_values", (json_int_t)sum_masked(arguments), "withheld_events", withheld);
        return finish_output(print_json(object), CLI_OK);
    }
    bool printed = printf("Copied %" PRId64 " events to %s.\n", count, arguments->out) > 0;
    print_copied(arguments, count);
    return finish_output(printed, CLI_OK);
}

/* ---- */

enum command { COMMAND_VERIFY, COMMAND_HEAD, COMMAND_SHOW, COMMAND_COPY, COMMANDS };

static bool find_command(const char *name, enum command *command, struct failure *failure) {
    static const char *const names[COMMANDS] = {"verify", "head", "show", "copy"};
    for (int i = 0; name != NULL && i < COMMANDS; i++) {
        if (strcmp(name, names[i]) == 0) {
            *command = (enum command)i;
            return true;
        }
    }
    return name == NULL
               ? failure_set(failure, "log needs one of verify, head, show, copy, export; --help explains them")
               : failure_set(failure, "log knows verify, head, show, copy and export, not \"%s\"", name);
}

/* Options that the subcommand would ignore are a mistake of whoever typed them, and are said so. */
static bool check_arguments(enum command command, const struct arguments *arguments, struct failure *failure) {
    if (arguments->zip != NULL && (command != COMMAND_VERIFY || arguments->data != NULL)) {
        return failure_set_field(failure, "--zip", "belongs to log verify, in the place of --data");
    }
    if (arguments->zip == NULL && (arguments->allows_absent || arguments->allows_unconfirmed)) {
        return failure_set_field(failure, arguments->allows_absent ? "--allow-absent" : "--allow-unconfirmed",
                                 "belongs to log verify --zip");
    }
    if (arguments->zip == NULL && (arguments->data == NULL || arguments->data[0] == '\0')) {
        return failure_set_field(failure, "--data", "names the data directory, and is missing");
    }
    if (arguments->head_text != NULL && command != COMMAND_VERIFY) {
        return failure_set_field(failure, "--head", "belongs to log verify");
    }
    if (arguments->from_text != NULL && command != COMMAND_SHOW) {
        return failure_set_field(failure, "--from", "belongs to log show");
    }
    bool for_copy = arguments->out != NULL || arguments->incident != NULL || arguments->mask_text != NULL;
    if (for_copy && command != COMMAND_COPY) {
        return failure_set(failure, "--out, --mask and --incident belong to log copy");
    }
    if (command == COMMAND_COPY && (arguments->out == NULL || arguments->out[0] == '\0')) {
        return failure_set_field(failure, "--out", "names the directory of the copy, and is missing");
    }
    return true;
}

static int run_command(enum command command, struct store *store, struct arguments *arguments) {
    switch (command) {
    case COMMAND_VERIFY:
        return run_verify(store, arguments);
    case COMMAND_HEAD:
        return run_head(store, arguments);
    case COMMAND_SHOW:
        return run_show(store, arguments);
    case COMMAND_COPY:
        return run_copy(store, arguments);
    default:
        return CLI_ERROR;
    }
}

static bool parse_arguments(int argc, char **argv, struct arguments *arguments, enum command *command,
                            struct failure *failure) {
    const struct cli_option options[] = {
        {"--data", &arguments->data, NULL},
        {"--out", &arguments->out, NULL},
        {"--incident", &arguments->incident, NULL},
        {"--head", &arguments->head_text, NULL},
        {"--from", &arguments->from_text, NULL},
        {"--mask", &arguments->mask_text, NULL},
        {"--json", NULL, &arguments->json},
        {"--zip", &arguments->zip, NULL},
        {"--allow-absent", NULL, &arguments->allows_absent},
        {"--allow-unconfirmed", NULL, &arguments->allows_unconfirmed},
    };
    const char *name = NULL;
    size_t name_count;
    return cli_parse(argc, argv, options, sizeof options / sizeof options[0], &name, 1, &name_count, failure) &&
           find_command(name, command, failure) && check_arguments(*command, arguments, failure) &&
           parse_values(arguments, failure);
}

static int run_log(int argc, char **argv) {
    struct arguments arguments = {0};
    struct failure failure = {0};
    enum command command = COMMANDS;
    if (argc > 1 && strcmp(argv[1], "export") == 0) {
        return log_record_export(argc, argv);
    }
    if (!parse_arguments(argc, argv, &arguments, &command, &failure)) {
        return cli_fail(&failure);
    }
    if (arguments.zip != NULL) {
        const struct log_record_question question = {.zip = arguments.zip,
                                                     .head = arguments.head_text != NULL ? &arguments.head : NULL,
                                                     .allows_absent = arguments.allows_absent,
                                                     .allows_unconfirmed = arguments.allows_unconfirmed,
                                                     .as_json = arguments.json};
        return log_record_verify(&question);
    }
    struct store_options options = {.read_only = true};
    struct store *store = store_open(arguments.data, &options, &failure);
    if (store == NULL) {
        return cli_fail(&failure);
    }
    int status = run_command(command, store, &arguments);
    store_close(store);
    return status;
}

const struct cli_command cli_log = {
    .name = "log",
    .summary = "verify, show and copy the event log of a data directory",
    .summary_chinese = "核验、查看、复制数据目录中的事件日志",
    .help =
        "usage: pinyue log verify --data DIR [--head HASH | --head NUMBER:HASH] [--json]\n"
        "       pinyue log verify --zip FILE [--head HASH | --head NUMBER:HASH] [--allow-absent]\n"
        "                         [--allow-unconfirmed] [--json]\n"
        "       pinyue log head --data DIR [--json]\n"
        "       pinyue log show --data DIR [--from NUMBER] [--json]\n"
        "       pinyue log copy --data DIR --out DIR2 [--mask NAME[,NAME...]] [--incident ID] [--json]\n"
        "       pinyue log export --data DIR --incident NUMBER --out FILE [--mask] [--json]\n"
        "\n"
        "verify  reads the whole log and says which events were changed, removed, moved or inserted; with a head\n"
        "        that was kept elsewhere it also finds a log that was cut off at its end.\n"
        "head    prints the head: the number of the last event and its chain hash. Keep it elsewhere.\n"
        "show    prints the events; with --json one object a line.\n"
        "copy    copies the log to a new directory. --mask hides the values of the named fields; --incident keeps\n"
        "        the events of that incident and those of no incident, and withholds the others. The copy still\n"
        "        verifies.\n"
        "export  makes an incident's record: one ZIP with its own events and the hashes of all others, a timeline as\n"
        "        PDF and the files that its events name. --mask hides names and telephone numbers of callers and "
        "leaves\n"
        "        the files out. verify --zip verifies it by itself; files that are absent, and a timeline on paper\n"
        "        that cannot be set anew here, keep it from being sound unless they are allowed.\n"
        "\n"
        "Exit status: 0 sound, 1 damage found, 2 wrong usage or the log cannot be read, 3 a record of which nothing "
        "is\n"
        "found wrong, but not all is there or could be checked.\n",
    .run = run_log,
};
