/* upload — files on their way in, and those that have come: what stands in the data directory under uploads/ and
 * attachments/.
 *
 * What it is for: a photo is sent over a line that breaks. What has arrived stays and is gone on with; when all of it is
 * there it is held against what was announced, its kind is found from its content, and it gets its SHA-256 as its name.
 * uploads/ID.json says whose it is, what it is called and how long it is to be; uploads/ID.part is what has arrived, its
 * length the offset to go on from; attachments/SHA256 is a file that is whole, on the disk, and never changed.
 * Owns those two folders. Must never: hold a file in memory, take the room that the log needs, or let a name of a
 * request become a path.
 *
 * Keeps no state between calls; may be used by several threads. Only one of them at a time may call upload_begin,
 * upload_finish, upload_drop and upload_clear.
 */
#ifndef PINYUE_DESK_UPLOAD_H
#define PINYUE_DESK_UPLOAD_H

#include "base/buffer.h"
#include "base/failure.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UPLOAD_BYTES_MOST ((int64_t)50 * 1024 * 1024)
#define UPLOAD_UNFINISHED_MOST 20                        /* of one account */
#define UPLOAD_ROOM_LEFT ((int64_t)32 * 1024 * 1024)     /* of the disk, for the log */
#define UPLOAD_AGE_US (INT64_C(7) * 24 * 3600 * 1000000) /* what nobody has touched for so long is cleared away */
#define UPLOAD_ID_ROOM 41                                /* 40 hex digits and the NUL */
#define UPLOAD_HASH_ROOM 65                              /* SHA-256 in lower-case hex, and the NUL */
#define UPLOAD_NAME_ROOM 201
#define UPLOAD_TYPE_ROOM 100
#define UPLOAD_UPLOADS "uploads"
#define UPLOAD_ATTACHMENTS "attachments"
#define UPLOAD_EXERCISES "exercises" /* each has both folders in one of its own, by its number */

struct upload {
    char id[UPLOAD_ID_ROOM];
    char account[65];
    char name[UPLOAD_NAME_ROOM];      /* without folders and characters that are none to be seen */
    int64_t size, offset;             /* how long it is to be, and what has arrived */
    char announced[UPLOAD_HASH_ROOM]; /* the SHA-256 that it must have, or "" */
    char hash[UPLOAD_HASH_ROOM];      /* once it is whole; else "" */
    char type[UPLOAD_TYPE_ROOM];      /* the same: its media type, found from its content */
};

enum upload_result {
    UPLOAD_DONE,
    UPLOAD_INVALID,   /* a field is not as it must be; the failure names it */
    UPLOAD_TOO_LONG,  /* more than UPLOAD_BYTES_MOST, or than was announced */
    UPLOAD_TAKEN,     /* the key is another file's */
    UPLOAD_TOO_MANY,  /* the account has too many that are unfinished */
    UPLOAD_NONE,      /* there is none of this id, or it is another's */
    UPLOAD_MISPLACED, /* it is not to be gone on with from there */
    UPLOAD_UNFIT,     /* all has arrived, and it cannot be taken: another hash, a kind that is not taken. It is gone */
    UPLOAD_NO_ROOM,   /* the disk has no room for it */
    UPLOAD_FAILED     /* the disk could not be read or written */
};

/* Makes both folders where they are missing. */
bool upload_prepare(const char *directory, struct failure *failure);

/* Begins one. With the same account and key the same one is found again, as far as it has come; UPLOAD_TAKEN where it is to be
 * another file under that key. */
enum upload_result upload_begin(const char *directory, struct text account, struct text key, struct text name,
                                int64_t size, struct text announced, struct upload *upload, struct failure *failure);

/* Finds one of the account's. */
enum upload_result upload_find(const char *directory, struct text account, struct text id, struct upload *upload,
                               struct failure *failure);

/* Opens one to be gone on with from an offset, which must be what has arrived. *file is the caller's, to be closed. */
enum upload_result upload_open(const char *directory, const struct upload *upload, int64_t offset, int *file,
                               struct failure *failure);

/* Adds bytes at *offset, which moves on by what could be written. Where another line has gone on with it meanwhile nothing is
 * (UPLOAD_MISPLACED). */
enum upload_result upload_add(const struct upload *upload, int file, int64_t *offset, const char *bytes, size_t length,
                              struct failure *failure);

/* Takes in one of which all has arrived: fills in hash and type. Done once, it is done again without further ado. */
struct kind_finder;
enum upload_result upload_finish(const char *directory, struct kind_finder *finder, struct upload *upload,
                                 struct failure *failure);

/* Keeps a file of the program's own making as an attachment, durably, and says its SHA-256; one that is there already is kept. From
 * any thread, also the same file by several at once. */
enum upload_result upload_keep(const char *directory, const struct buffer *content, char hash[UPLOAD_HASH_ROOM],
                               struct failure *failure);

/* Forgets one. What has been taken in stays. */
enum upload_result upload_drop(const char *directory, const struct upload *upload, struct failure *failure);

/* Clears away what nobody has touched since UPLOAD_AGE_US before `now` (the wall clock), also in the exercises that the directory
 * has, running or not. */
void upload_clear(const char *directory, int64_t now);

/* Whether it is a SHA-256 as attachments are named by. */
bool upload_is_hash(struct text text);

/* Opens an attachment to be read. */
bool upload_open_attachment(const char *directory, struct text hash, int *file, int64_t *bytes);

#endif
