/* pack — a plan pack given on the command line. Must never be used outside src/cli: it prints. */
#ifndef PINYUE_CLI_PACK_H
#define PINYUE_CLI_PACK_H

#include "plan/plan.h"

/* Reads and compiles a pack. NULL after all messages have been printed to standard error, one a line. The caller
 * destroys the plan. */
struct plan *cli_read_pack(const char *path);

#endif
