/* upgrade — `pinyue upgrade`: whether this program and a data directory fit each other, and making them. */
#include "cli/cli.h"

#include "base/buffer.h"
#include "cli/moment.h"
#include "desk/account.h"
#include "desk/backup.h"
#include "store/store.h"

#include <string.h>
#include <time.h>

static const char help[] =
    "usage: pinyue upgrade --data DIR [--backup DIR2] [--json]\n"
    "\n"
    "Says which formats the log and the accounts of a data directory have. Where one is older than what this program\n"
    "writes, a backup is made first, in DIR2 (usually DIR.before-upgrade), and then the directory is changed; nothing\n"
    "else changes it, and other commands that only look at an older one leave it as it is. No server may be running\n"
    "meanwhile. To undo it move DIR away, `pinyue restore --from DIR2 --data DIR`, and start the old program.\n"
    "\n"
    "Exit status: 0 nothing to do, or done; 2 it cannot be opened (a newer pinyue wrote it, a server is running, or "
    "it\n"
    "is damaged or missing).\n";

struct upgrade {
    const char *directory;
    int format; /* of the accounts; 0: there are none */
    struct buffer backup;
    bool is_done;
};

/* Opening the log for reading looks at its format before all else, and leaves log.db as it is. */
static bool check(struct upgrade *upgrade, struct failure *failure) {
    const struct store_options options = {.read_only = true};
    if (!account_check_format(upgrade->directory, &upgrade->format, failure)) {
        return false;
    }
    struct store *store = store_open(upgrade->directory, &options, failure);
    store_close(store);
    return store != NULL;
}

static bool back_up(const struct upgrade *upgrade, struct failure *failure) {
    struct backup backup = {0};
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    int64_t at = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
    bool done = backup_make(upgrade->directory, upgrade->backup.bytes, at, &backup, failure);
    backup_release(&backup);
    return done;
}

/* Whoever has the log for writing is the only one: no server runs. */
static bool bring_up(struct upgrade *upgrade, const char *backup, struct failure *failure) {
    const struct store_options options = {0};
    size_t length = strlen(upgrade->directory);
    while (length > 1 && upgrade->directory[length - 1] == '/') {
        length--;
    }
    if (upgrade->format == 0 || upgrade->format == ACCOUNT_FORMAT) {
        return true;
    }
    if (backup != NULL) {
        buffer_append_string(&upgrade->backup, backup);
    } else {
        buffer_print(&upgrade->backup, "%.*s.before-upgrade", (int)length, upgrade->directory);
    }
    struct store *store = upgrade->backup.failed ? NULL : store_open(upgrade->directory, &options, failure);
    upgrade->is_done = store != NULL && back_up(upgrade, failure) && account_upgrade(upgrade->directory, failure);
    store_close(store);
    return upgrade->is_done;
}

static void say(const struct upgrade *upgrade, bool as_json, struct buffer *out) {
    int accounts = upgrade->is_done || upgrade->format == 0 ? ACCOUNT_FORMAT : upgrade->format;
    if (as_json) {
        json_t *json =
            json_pack("{s:{s:i, s:i}, s:b, s:s*}", "formats", "log", STORE_FORMAT, "accounts", accounts, "upgraded",
                      upgrade->is_done, "backup", upgrade->is_done ? upgrade->backup.bytes : NULL);
        cli_append_json(json, out);
        json_decref(json);
    } else if (upgrade->is_done) {
        buffer_print(out, "backup: %s\n%s: accounts format %d, was %d; log format %d\n", upgrade->backup.bytes,
                     upgrade->directory, accounts, upgrade->format, STORE_FORMAT);
    } else {
        buffer_print(out, "%s: log format %d, accounts format %d, nothing to do\n", upgrade->directory, STORE_FORMAT,
                     accounts);
    }
}

static int run(int argc, char **argv) {
    const char *backup = NULL;
    const char *others[1];
    size_t count = 0;
    bool as_json = false;
    struct failure failure = {0};
    struct buffer out = {0};
    struct upgrade upgrade = {0};
    const struct cli_option options[] = {
        {"--data", &upgrade.directory, NULL}, {"--backup", &backup, NULL}, {"--json", NULL, &as_json}};
    int status = CLI_OK;
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], others, 0, &count, &failure) ||
        !cli_need_directory(upgrade.directory, &failure) || !check(&upgrade, &failure) ||
        !bring_up(&upgrade, backup, &failure)) {
        status = cli_fail(&failure);
    } else {
        say(&upgrade, as_json, &out);
        status = cli_print(&out, CLI_OK);
    }
    buffer_release(&out);
    buffer_release(&upgrade.backup);
    return status;
}

const struct cli_command cli_upgrade = {
    "upgrade", "check, and bring up to date, the format of a data directory", "检查并升级数据目录的格式", help, run,
};
