/* log_record — `pinyue log export` and `pinyue log verify --zip`: an incident's record as one ZIP. For src/cli/log.c. */
#ifndef PINYUE_CLI_LOG_RECORD_H
#define PINYUE_CLI_LOG_RECORD_H

#include "store/store.h"

#include <stdbool.h>

/* Runs `log export`, all of the command line after "log" included. The exit status. */
int log_record_export(int argc, char **argv);

/* How a record is verified. */
struct log_record_question {
    const char *zip;
    const struct store_head *head; /* kept elsewhere; may be NULL */
    bool allows_absent;            /* files that are not in it do not keep it from being sound */
    bool allows_unconfirmed;       /* nor does a timeline that cannot be set anew here */
    bool as_json;
};

/* Verifies a record. The exit status. */
int log_record_verify(const struct log_record_question *question);

#endif
