/* backup — a data directory as a folder that can be kept elsewhere, and back.
 *
 * What it is for: a copy that is taken while the desk runs, proves itself, and is there whole or not at all. A backup is a
 * folder with the log (as `log copy` makes it), accounts.db, the TLS files where the data directory has them, and
 * manifest.json, which says what belongs to it, attachments/ with the files that people have sent, named by their hash, and
 * exercises/NUMBER/ with the same of each exercise: log and attachments; docs/desk.md describes that.
 * Owns nothing between calls. Must never: overwrite a file, change what it copies from, or leave a half-made folder under
 * the name that was asked for.
 */
#ifndef PINYUE_DESK_BACKUP_H
#define PINYUE_DESK_BACKUP_H

#include "base/failure.h"
#include "desk/folder.h"
#include "store/store.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define BACKUP_FORMAT 3 /* 1 knew no attachments, 2 no exercises */

enum backup_file { BACKUP_ACCOUNTS, BACKUP_CERTIFICATE, BACKUP_KEY, BACKUP_FILES };

/* A file that somebody has sent. */
struct backup_attachment {
    char hash[FOLDER_HASH_ROOM]; /* its name and its SHA-256 */
    int64_t bytes;
};

/* An exercise, running or ended. */
struct backup_exercise {
    uint32_t number;
    struct store_head head;
    struct buffer attachments; /* of struct backup_attachment */
};

/* What a manifest says. backup_release frees it. */
struct backup {
    struct buffer attachments; /* of struct backup_attachment */
    struct buffer exercises;   /* of struct backup_exercise, by number */
    int format;                /* as read from a manifest */
    int64_t made_at;
    struct store_head head;
    struct {
        bool is_there;
        int64_t bytes;
        char hash[FOLDER_HASH_ROOM]; /* SHA-256 */
    } files[BACKUP_FILES];
};

/* Frees what a backup holds; one that is all zero holds nothing. */
void backup_release(struct backup *backup);

/* Backs a data directory up into a new folder, verifying its logs on the way. Everything that was acknowledged before the
 * call is in it. */
bool backup_make(const char *data, const char *to, int64_t now, struct backup *backup, struct failure *failure);

/* Makes a data directory of a backup, where there is none yet (or an empty folder). First of all the manifest is read, each
 * log verified against its head in it, and every file held against its hash; sessions do not come back. */
bool backup_restore(const char *from, const char *data, struct backup *backup, struct failure *failure);

/* The manifest's JSON; NULL when memory is exhausted. */
json_t *backup_describe(const struct backup *backup);

#endif
