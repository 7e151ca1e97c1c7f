/* upgrade — `pinyue upgrade`: whether this program and a data directory fit each other. */
#include "cli/cli.h"

#include "base/buffer.h"
#include "cli/moment.h"
#include "desk/account.h"
#include "store/store.h"

static const char help[] =
    "usage: pinyue upgrade --data DIR [--json]\n"
    "\n"
    "Says which format a data directory has. There is one format so far, so there is nothing to do; when there is a\n"
    "newer one, this will make a backup first and then change the directory, and nothing else will: a program that\n"
    "opens a directory of an older format leaves it as it is.\n"
    "\n"
    "Exit status: 0 nothing to do, 2 it cannot be opened (a newer pinyue wrote it, or it is damaged or missing).\n";

/* Opening the log for reading looks at its format before all else, and leaves log.db as it is. */
static bool check(const char *directory, struct failure *failure) {
    const struct store_options options = {.read_only = true};
    int format = 0;
    if (!account_check_format(directory, &format, failure)) {
        return false;
    }
    struct store *store = store_open(directory, &options, failure);
    store_close(store);
    return store != NULL;
}

static int run(int argc, char **argv) {
    const char *directory = NULL;
    const char *others[1];
    size_t count = 0;
    bool as_json = false;
    struct failure failure = {0};
    struct buffer out = {0};
    const struct cli_option options[] = {{"--data", &directory, NULL}, {"--json", NULL, &as_json}};
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], others, 0, &count, &failure) ||
        !cli_need_directory(directory, &failure) || !check(directory, &failure)) {
        return cli_fail(&failure);
    }
    if (as_json) {
        json_t *json = json_pack("{s:i, s:b}", "format", STORE_FORMAT, "upgraded", 0);
        cli_append_json(json, &out);
        json_decref(json);
    } else {
        buffer_print(&out, "%s: format %d, nothing to do\n", directory, STORE_FORMAT);
    }
    int status = cli_print(&out, CLI_OK);
    buffer_release(&out);
    return status;
}

const struct cli_command cli_upgrade = {
    "upgrade", "check, and bring up to date, the format of a data directory", "检查并升级数据目录的格式", help, run,
};
