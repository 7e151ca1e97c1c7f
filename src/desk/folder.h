/* folder — a new folder that is there whole or not at all, and the files that are copied into it.
 *
 * What it is for: a backup that was cut short must not look like one, and neither must a data directory. What is being
 * made stands in PATH.partial until it is whole and on the disk; then it gets its name in one step.
 * Owns: PATH.partial, locked while it is being filled. Must never: touch what stands under the name already, or remove a
 * file that it would not have made.
 */
#ifndef PINYUE_DESK_FOLDER_H
#define PINYUE_DESK_FOLDER_H

#include "base/buffer.h"
#include "base/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define FOLDER_HASH_ROOM 65 /* SHA-256 in lower-case hex, and the NUL */

/* What may come to stand in a folder. */
struct folder_shape {
    const char *const *names; /* of all files; ends in NULL */
    const char *hashed;       /* the folder in it whose files are named by their SHA-256 */
    const char *branches;     /* the folder in it with folders that are named by a number and of the same shape */
};

struct folder {
    struct buffer path, partial;
    const struct folder_shape *shape;
    int lock;
};

/* Makes PATH.partial, emptied of what an earlier attempt has left. Refuses where something stands under PATH already, be
 * it only a symbolic link to nowhere; with `may_be_empty` an empty folder may stand there, which will be replaced. */
bool folder_begin(struct folder *folder, const char *path, bool may_be_empty, const struct folder_shape *shape,
                  struct failure *failure);

/* Makes the branch of a number in it, as a folder that is filled like its parent and goes with it: folder_leave_branch makes it
 * durable. Where that is not reached the parent's folder_end clears it away; *branch is released by folder_leave_branch alone. */
bool folder_make_branch(const struct folder *folder, uint32_t number, struct folder *branch, struct failure *failure);
bool folder_leave_branch(struct folder *branch, bool is_filled, struct failure *failure);

/* Removes the branch of a number again, after folder_leave_branch. */
void folder_drop_branch(const struct folder *folder, uint32_t number);

/* Calls `take` with each number by which a folder in DIRECTORY/NAME is named, in order; ends when that returns false, and is false
 * then. A folder that is not there has none. */
typedef bool folder_take_number(void *context, uint32_t number, struct failure *failure);
bool folder_list_branches(const char *directory, const char *name, folder_take_number *take, void *context,
                          struct failure *failure);

/* Makes the folder for files that are named by their SHA-256. */
bool folder_make_hashed(const struct folder *folder, struct failure *failure);

/* Calls `take` with the name of each file in DIRECTORY/NAME that is named by a SHA-256; ends when that returns false, and is
 * false then. A folder that is not there has none. */
typedef bool folder_take(void *context, const char *name, struct failure *failure);
bool folder_list_hashed(const char *directory, const char *name, folder_take *take, void *context,
                        struct failure *failure);

/* "PATH.partial/NAME"; the caller releases it. Look at `failed`. */
struct buffer folder_join(const struct folder *folder, const char *name);

/* Makes the folder durable, and gives it its name. */
bool folder_finish(struct folder *folder, struct failure *failure);

/* Removes what has been made unless it is finished, and frees. For every folder_begin, whatever it gave back. */
void folder_end(struct folder *folder);

/* How many bytes there are in a folder and the folders in it, one level deep; what cannot be looked at counts for nothing. */
int64_t folder_measure(const char *path);

/* Removes all files in a folder and in the folders in it, one level deep, and these folders; the folder itself stays, empty. What
 * symbolic links point to stays. False with a failure where something could not be removed. */
bool folder_empty(const char *path, struct failure *failure);

/* Copies a file into a new one, durably. `hash` and *bytes are of what has been written. */
bool folder_copy_file(const char *from, const char *to, mode_t mode, char hash[FOLDER_HASH_ROOM], int64_t *bytes,
                      struct failure *failure);

/* The same of a file that is only read. */
bool folder_hash_file(const char *path, char hash[FOLDER_HASH_ROOM], int64_t *bytes, struct failure *failure);

/* Writes a new file, durably. */
bool folder_write_file(const char *path, const struct buffer *content, mode_t mode, struct failure *failure);

#endif
