/* log_record — `pinyue log export` and `pinyue log verify --zip`: an incident's record as one ZIP. For src/cli/log.c. */
#ifndef PINYUE_CLI_LOG_RECORD_H
#define PINYUE_CLI_LOG_RECORD_H

#include "store/store.h"

/* Runs `log export`, all of the command line after "log" included. The exit status. */
int log_record_export(int argc, char **argv);

/* Verifies a record; `head` (may be NULL) was kept elsewhere. The exit status. */
int log_record_verify(const char *zip, const struct store_head *head, bool as_json);

#endif
