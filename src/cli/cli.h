/* cli — what the subcommands of the program share: the table that lists them, their options, how they end.
 *
 * What it is for: one file per subcommand; each defines one `struct cli_command` below and main.c's table names it.
 * Owns nothing. Only src/cli may print to the terminal or end the process, and only by returning an exit status:
 * 0 all is well; 1 the answer is "no" (a drill failed, a log is damaged); 2 bad input or the job could not be done; 3 nothing
 * is wrong with what is there, but it is not all there, or not all of it could be checked (a record without some of its files).
 */
#ifndef PINYUE_CLI_CLI_H
#define PINYUE_CLI_CLI_H

#include "base/buffer.h"
#include "base/failure.h"

#include <jansson.h>

#include <stdbool.h>
#include <stddef.h>

#define CLI_OK 0
#define CLI_NO 1
#define CLI_ERROR 2
#define CLI_UNPROVED 3

struct cli_command {
    const char *name;
    const char *summary;         /* one English line for the list of commands */
    const char *summary_chinese; /* the same in Chinese */
    const char *help;            /* what `pinyue NAME --help` prints, final newline included */
    /* argv[0] is the subcommand's name. Returns the exit status. */
    int (*run)(int argc, char **argv);
};

extern const struct cli_command cli_backup;
extern const struct cli_command cli_chart;
extern const struct cli_command cli_check;
extern const struct cli_command cli_coverage;
extern const struct cli_command cli_decide;
extern const struct cli_command cli_drill;
extern const struct cli_command cli_explain;
extern const struct cli_command cli_gazette;
extern const struct cli_command cli_log;
extern const struct cli_command cli_replay;
extern const struct cli_command cli_restore;
extern const struct cli_command cli_serve;
extern const struct cli_command cli_upgrade;
extern const struct cli_command cli_user;

/* An option of a subcommand: a flag (`flag` is set) or one with a value (`value` is set): "--data DIR", "--data=DIR". */
struct cli_option {
    const char *name; /* "--data" */
    const char **value;
    bool *flag;
};

/* Reads options and the other arguments (in `others`, at most `others_room`; "--" ends the options). False with a
 * message for an unknown option (naming the nearest), a missing value, or too many arguments. */
bool cli_parse(int argc, char **argv, const struct cli_option *options, size_t option_count, const char **others,
               size_t others_room, size_t *other_count, struct failure *failure);

/* Prints the failure to standard error as "pinyue: …" and returns CLI_ERROR. */
int cli_fail(const struct failure *failure);

/* Writes the buffer to standard output and returns `status`, or CLI_ERROR with a message when it cannot be written or
 * memory ran out while it was filled. */
int cli_print(const struct buffer *out, int status);

/* Appends a JSON value as text, a line's end behind it. NULL counts as memory that ran out. */
void cli_append_json(const json_t *json, struct buffer *out);

#endif
