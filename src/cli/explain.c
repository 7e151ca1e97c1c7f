/* explain — placeholder until the chain is written below. */
#include "cli/cli.h"

static int run(int argc, char **argv) {
    (void)argc;
    (void)argv;
    return CLI_ERROR;
}

const struct cli_command cli_explain = {
    "explain",
    "follows a level, duty or proposal back to clause, facts and reporters",
    "把级别、职责或建议追溯到条款、事实和报告人",
    "usage: pinyue explain --data DIR INCIDENT [level SCALE | duty ID | proposal ID] [--at TIME] [--json]\n",
    run,
};
