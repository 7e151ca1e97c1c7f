/* main — the program `pinyue`: finds the subcommand and runs it. */
#include "cli/cli.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

static const struct cli_command *const commands[] = {
    &cli_serve, &cli_backup,  &cli_restore, &cli_upgrade, &cli_user,    &cli_check,    &cli_decide,
    &cli_drill, &cli_explain, &cli_replay,  &cli_log,     &cli_gazette, &cli_coverage, &cli_chart,
};
#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

static int print_overview(FILE *out) {
    bool good = fprintf(out,
                        "pinyue %s runs published emergency plans. 品约执行公开发布的应急预案。\n\n"
                        "usage: pinyue COMMAND [ARGUMENTS]\n\n",
                        PINYUE_VERSION) > 0;
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        good = fprintf(out, "  %-8s %s\n           %s\n", commands[i]->name, commands[i]->summary,
                       commands[i]->summary_chinese) > 0 &&
               good;
    }
    good = fprintf(out, "\npinyue COMMAND --help says more (用法见 pinyue 命令 --help); pinyue --version "
                        "prints the version.\n") > 0 &&
           good;
    return good ? CLI_OK : CLI_ERROR;
}

static const struct cli_command *find_command(const char *name) {
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i]->name, name) == 0) {
            return commands[i];
        }
    }
    return NULL;
}

static int refuse_command(const char *name) {
    struct failure failure = {0};
    const char *nearest = NULL;
    uint32_t best = 4;
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        uint32_t distance = text_measure_distance(text_of(name), text_of(commands[i]->name), 3);
        if (distance < best && distance < strlen(commands[i]->name)) {
            best = distance;
            nearest = commands[i]->name;
        }
    }
    if (nearest != NULL) {
        (void)failure_set(&failure, "there is no command \"%s\"; did you mean \"%s\"?", name, nearest);
    } else {
        (void)failure_set(&failure, "there is no command \"%s\"; pinyue --help lists them", name);
    }
    return cli_fail(&failure);
}

static bool is_help(const char *argument) {
    return strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        (void)print_overview(stderr);
        return CLI_ERROR;
    }
    if (is_help(argv[1]) || strcmp(argv[1], "help") == 0) {
        return print_overview(stdout);
    }
    if (strcmp(argv[1], "--version") == 0) {
        return printf("pinyue %s\n", PINYUE_VERSION) < 0 ? CLI_ERROR : CLI_OK;
    }
    const struct cli_command *command = find_command(argv[1]);
    if (command == NULL) {
        return refuse_command(argv[1]);
    }
    for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (is_help(argv[i])) {
            return printf("%s\n%s\n\n%s", command->summary, command->summary_chinese, command->help) < 0 ? CLI_ERROR
                                                                                                         : CLI_OK;
        }
    }
    return command->run(argc - 1, argv + 1);
}
