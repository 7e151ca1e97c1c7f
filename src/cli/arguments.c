#include "cli/cli.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool refuse_option(const char *given, const struct cli_option *options, size_t count, struct failure *failure) {
    const char *equal = strchr(given, '=');
    struct text name = {given, equal == NULL ? strlen(given) : (size_t)(equal - given)};
    const char *nearest = NULL;
    uint32_t best = 3;
    for (size_t i = 0; i < count; i++) {
        uint32_t distance = text_measure_distance(name, text_of(options[i].name), 2);
        if (distance < best) {
            best = distance;
            nearest = options[i].name;
        }
    }
    if (nearest != NULL) {
        return failure_set(failure, "there is no option %.*s; did you mean %s?", TEXT_PRINT(name), nearest);
    }
    return failure_set(failure, "there is no option %.*s; --help lists them", TEXT_PRINT(name));
}

/* Takes the option at *at; moves *at onto its value where that is an argument of its own. */
static bool take_option(int argc, char **argv, int *at, const struct cli_option *options, size_t count,
                        struct failure *failure) {
    const char *given = argv[*at];
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(options[i].name);
        if (strncmp(given, options[i].name, length) != 0 || (given[length] != '\0' && given[length] != '=')) {
            continue;
        }
        bool has_equal = given[length] == '=';
        if (options[i].flag != NULL) {
            *options[i].flag = true;
            return !has_equal || failure_set(failure, "the option %s takes no value", options[i].name);
        }
        if (!has_equal && *at + 1 >= argc) {
            return failure_set(failure, "the option %s needs a value", options[i].name);
        }
        if (!has_equal) {
            (*at)++;
        }
        *options[i].value = has_equal ? given + length + 1 : argv[*at];
        return true;
    }
    return refuse_option(given, options, count, failure);
}

bool cli_parse(int argc, char **argv, const struct cli_option *options, size_t option_count, const char **others,
               size_t others_room, size_t *other_count, struct failure *failure) {
    bool only_others = false;
    *other_count = 0;
    for (int at = 1; at < argc; at++) {
        if (!only_others && strcmp(argv[at], "--") == 0) {
            only_others = true;
        } else if (!only_others && argv[at][0] == '-' && argv[at][1] != '\0') {
            if (!take_option(argc, argv, &at, options, option_count, failure)) {
                return false;
            }
        } else if (*other_count == others_room) {
            return failure_set(failure, "\"%s\" is one argument too many; --help shows how it is used", argv[at]);
        } else {
            others[(*other_count)++] = argv[at];
        }
    }
    return true;
}

int cli_fail(const struct failure *failure) {
    char text[sizeof failure->message + sizeof failure->file + sizeof failure->field + 64];
    failure_print(failure, text, sizeof text);
    (void)fprintf(stderr, "pinyue: %s\n", text);
    return CLI_ERROR;
}

int cli_print(const struct buffer *out, int status) {
    struct failure failure = {0};
    if (out->failed) {
        (void)failure_set(&failure, "memory is exhausted");
        return cli_fail(&failure);
    }
    size_t written = out->length == 0 ? 0 : fwrite(out->bytes, 1, out->length, stdout);
    if (written != out->length || fflush(stdout) != 0) {
        (void)failure_set(&failure, "standard output cannot be written");
        return cli_fail(&failure);
    }
    return status;
}

void cli_append_json(const json_t *json, struct buffer *out) {
    char *text = json == NULL ? NULL : json_dumps(json, JSON_INDENT(1));
    buffer_append_string(out, text == NULL ? "" : text);
    buffer_append_string(out, "\n");
    out->failed = out->failed || text == NULL;
    free(text);
}
