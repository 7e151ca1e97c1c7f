/* backup, restore — `pinyue backup` keeps a data directory elsewhere, `pinyue restore` makes one of what was kept. */
#include "cli/cli.h"

#include "base/buffer.h"
#include "desk/backup.h"

#include <inttypes.h>
#include <time.h>

static const char backup_help[] =
    "usage: pinyue backup --data DIR --to DIR2 [--json]\n"
    "\n"
    "Copies a data directory to the new folder DIR2, while the server runs or not: the log, verified on the way; the\n"
    "accounts, without their sessions; the certificate and key that the server has made; the files that people have\n"
    "sent, each held against its hash; and manifest.json with the\n"
    "log's head and the SHA-256 of each other file. What was acknowledged before the backup began is in it. DIR2 is\n"
    "there whole or not at all (DIR2.partial meanwhile). It holds passwords' hashes and the key: keep it as safe as "
    "DIR.\n"
    "\n"
    "Exit status: 0 done, 2 it could not be done; the message says why.\n";

static const char restore_help[] =
    "usage: pinyue restore --from DIR2 --data DIR [--json]\n"
    "\n"
    "Makes the data directory DIR of a backup. DIR must be missing or an empty folder: nothing is ever overwritten.\n"
    "First the manifest is read, the log verified against the head in it, and each file held against its SHA-256; a\n"
    "damaged backup, or one of a newer format, is refused and DIR left as it was. All have to sign in anew.\n"
    "\n"
    "Exit status: 0 done, 2 it could not be done; the message says why.\n";

static int64_t read_clock(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* What was done: the manifest with the folder that it is in, or a line of text. */
static int tell(const struct backup *backup, const char *verb, const char *directory, bool as_json) {
    struct buffer out = {0};
    char hash[STORE_HASH_ROOM];
    if (as_json) {
        json_t *json = backup_describe(backup);
        if (json != NULL) {
            (void)json_object_set_new(json, "directory", json_string(directory));
        }
        cli_append_json(json, &out);
        json_decref(json);
    } else {
        store_print_hash(&backup->head.hash, hash);
        buffer_print(&out, "%s %" PRId64 " events to %s.\nHead: %" PRId64 ":%s\n", verb, backup->head.sequence,
                     directory, backup->head.sequence, hash);
    }
    int status = cli_print(&out, CLI_OK);
    buffer_release(&out);
    return status;
}

static bool need(const char *value, const char *option, const char *what, struct failure *failure) {
    return (value != NULL && value[0] != '\0') || failure_set_field(failure, option, "names %s, and is missing", what);
}

static int run_backup(int argc, char **argv) {
    const char *data = NULL;
    const char *to = NULL;
    const char *others[1];
    bool as_json = false;
    size_t count = 0;
    struct backup backup = {0};
    struct failure failure = {0};
    const struct cli_option options[] = {{"--data", &data, NULL}, {"--to", &to, NULL}, {"--json", NULL, &as_json}};
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], others, 0, &count, &failure) ||
        !need(data, "--data", "the data directory", &failure) ||
        !need(to, "--to", "the folder of the backup", &failure) ||
        !backup_make(data, to, read_clock(), &backup, &failure)) {
        backup_release(&backup);
        return cli_fail(&failure);
    }
    int status = tell(&backup, "Backed up", to, as_json);
    backup_release(&backup);
    return status;
}

static int run_restore(int argc, char **argv) {
    const char *from = NULL;
    const char *data = NULL;
    const char *others[1];
    bool as_json = false;
    size_t count = 0;
    struct backup backup = {0};
    struct failure failure = {0};
    const struct cli_option options[] = {{"--from", &from, NULL}, {"--data", &data, NULL}, {"--json", NULL, &as_json}};
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], others, 0, &count, &failure) ||
        !need(from, "--from", "the folder of the backup", &failure) ||
        !need(data, "--data", "the data directory", &failure) || !backup_restore(from, data, &backup, &failure)) {
        backup_release(&backup);
        return cli_fail(&failure);
    }
    int status = tell(&backup, "Restored", data, as_json);
    backup_release(&backup);
    return status;
}

const struct cli_command cli_backup = {
    "backup",   "keep a data directory elsewhere, while the server runs", "备份数据目录，值班台可照常运行", backup_help,
    run_backup,
};

const struct cli_command cli_restore = {
    "restore", "make a data directory of a backup", "从备份恢复数据目录", restore_help, run_restore,
};
