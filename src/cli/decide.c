/* decide — `pinyue decide PACK`: facts from standard input, what follows from them to standard output. */
#include "cli/cli.h"

#include "cli/pack.h"
#include "run/fact_sheet.h"
#include "run/show.h"

#include <stdlib.h>
#include <string.h>

#define INPUT_BYTES_MAX ((size_t)16 << 20)

static const char help[] =
    "usage: pinyue decide PACK [--json] < facts.json\n"
    "\n"
    "Reads {\"facts\": {NAME: VALUE, …}, \"now\": INSTANT} and prints, for each scale of the plan in PACK, the level "
    "that is\n"
    "certain, the level that it may still come to, the clauses that decide, the clauses still open, and the facts to "
    "ask\n"
    "for next. What is left out or null is unknown. A value is a number for counts (3), true or false, or a text:\n"
    "\"2 h\", \"0.4 公顷\", \">= 2\", \"至少2\", \"2..4\", \"0.3..0.6 ha\", a name. docs/command-line.md says it all.\n"
    "\n"
    "  --json   print {\"scales\": {NAME: {\"level\", \"may\", \"because\", \"open\", \"ask\"}}}\n"
    "\n"
    "Exit status: 0, or 2 when the pack or a fact is wrong; the message names the field.\n";

static void print_list(const char *label, const json_t *names, const char *before, struct buffer *out) {
    if (json_array_size(names) == 0) {
        return;
    }
    buffer_append_string(out, "  ");
    show_column(text_of(label), 10, out);
    for (size_t i = 0; i < json_array_size(names); i++) {
        buffer_print(out, "%s%s%s", i == 0 ? "" : "  ", before, json_string_value(json_array_get(names, i)));
    }
    buffer_append_string(out, "\n");
}

/* The facts to ask for, each with its question. */
static void print_questions(const struct plan *plan, const json_t *names, struct buffer *out) {
    uint32_t width = 0;
    for (size_t i = 0; i < json_array_size(names); i++) {
        uint32_t columns = show_measure(text_of(json_string_value(json_array_get(names, i))));
        width = columns > width ? columns : width;
    }
    for (size_t i = 0; i < json_array_size(names); i++) {
        struct text name = text_of(json_string_value(json_array_get(names, i)));
        buffer_append_string(out, "  ");
        show_column(i > 0 ? TEXT("") : show_is_chinese(plan) ? TEXT("先问") : TEXT("ask"), 10, out);
        show_column(name, width + 2, out);
        buffer_append_text(out, plan->facts[plan_find_fact(plan, name)].question);
        buffer_append_string(out, "\n");
    }
}

static void print_table(const struct plan *plan, const json_t *result, struct buffer *out) {
    bool is_chinese = show_is_chinese(plan);
    const char *none = is_chinese ? "无" : "none";
    const char *name = NULL;
    json_t *scale = NULL;
    json_object_foreach(json_object_get(result, "scales"), name, scale) {
        const char *level = json_string_value(json_object_get(scale, "level"));
        const char *may = json_string_value(json_object_get(scale, "may"));
        buffer_print(out, is_chinese ? "%s：%s" : "%s: %s", name, level == NULL ? none : level);
        if (may != NULL && (level == NULL || strcmp(level, may) != 0)) {
            buffer_print(out, is_chinese ? "（可能达到 %s）" : " (may come to %s)", may);
        }
        buffer_append_string(out, "\n");
        print_list(is_chinese ? "依据" : "because", json_object_get(scale, "because"), "@", out);
        print_list(is_chinese ? "未定" : "open", json_object_get(scale, "open"), "@", out);
        print_questions(plan, json_object_get(scale, "ask"), out);
    }
}

static int print_result(const struct plan *plan, const json_t *result, bool as_json) {
    struct buffer out = {0};
    if (as_json) {
        cli_append_json(result, &out);
    } else {
        print_table(plan, result, &out);
    }
    int status = cli_print(&out, CLI_OK);
    buffer_release(&out);
    return status;
}

static bool decide(const struct plan *plan, json_t **result, struct failure *failure) {
    struct buffer input = {0};
    struct decide_program *program = decide_program_create(plan, failure);
    struct fact_sheet *sheet = NULL;
    if (program != NULL && buffer_read_file(&input, "-", INPUT_BYTES_MAX, failure)) {
        sheet = fact_sheet_parse(plan, buffer_text(&input), failure);
    }
    if (sheet != NULL) {
        *result = fact_sheet_decide(sheet, program);
        if (*result == NULL) {
            (void)failure_say(failure, "memory is exhausted", "内存不足");
        }
    }
    fact_sheet_destroy(sheet);
    decide_program_destroy(program);
    buffer_release(&input);
    return *result != NULL;
}

static int run(int argc, char **argv) {
    bool as_json = false;
    const char *path = NULL;
    size_t count = 0;
    const struct cli_option options[] = {{"--json", NULL, &as_json}};
    struct failure failure = {0};
    if (!cli_parse(argc, argv, options, 1, &path, 1, &count, &failure)) {
        return cli_fail(&failure);
    }
    if (count == 0) {
        (void)failure_set(&failure, "name the plan's pack: pinyue decide PACK < facts.json");
        return cli_fail(&failure);
    }
    struct plan *plan = cli_read_pack(path);
    if (plan == NULL) {
        return CLI_ERROR;
    }
    failure.chinese = show_is_chinese(plan);
    json_t *result = NULL;
    int status = decide(plan, &result, &failure) ? print_result(plan, result, as_json) : cli_fail(&failure);
    json_decref(result);
    plan_destroy(plan);
    return status;
}

const struct cli_command cli_decide = {
    "decide",
    "says which levels follow from given facts, and what to ask next",
    "由给出的事实推算等级，并指出最该追问什么",
    help,
    run,
};
