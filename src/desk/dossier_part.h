/* dossier_part — what making and verifying a record have in common. For src/desk/dossier*.c alone. */
#ifndef PINYUE_DESK_DOSSIER_PART_H
#define PINYUE_DESK_DOSSIER_PART_H

#include "desk/archive.h"
#include "desk/dossier.h"
#include "paper/sheet.h"

#include <jansson.h>

#define DOSSIER_LOG "log.db"
#define DOSSIER_LINES "log.jsonl"
#define DOSSIER_TEXT "timeline.txt"
#define DOSSIER_ZIP "record.zip" /* in the scratch folder */
#define DOSSIER_MANIFEST "manifest.json"
#define DOSSIER_HASH_DIGITS 64U               /* of a SHA-256 in hex */
#define DOSSIER_EXERCISE_KIND "desk.exercise" /* with it the log of an exercise begins */

/* Numbers of the events (int64_t, in order) that belong to an incident, found from the log alone: its own, the calls that were
 * heard to be about it, how others came to be merged with it, the files that these name, the plans put in force, and that all of
 * it was an exercise. */
bool dossier_pick(struct store *store, uint32_t incident, struct buffer *sequences, struct failure *failure);

/* Whether an event is one of these. */
bool dossier_has_event(const struct buffer *sequences, int64_t sequence);

/* Whether a field names files: calls `take` with each hash. */
void dossier_list_hashes(const struct store_field *field, void (*take)(void *context, struct text hash), void *context);

/* Fills in what the record's own log says: plan, head, events, files (bytes -1). */
bool dossier_read_log(struct store *copy, struct dossier *dossier, struct failure *failure);

/* The record's own log as lines of JSON (record_line.h), each with a line's end, given to `take`; false where that ends it, with a
 * failure where the log cannot be read. */
bool dossier_write_lines(struct store *copy, archive_take *take, void *context, struct failure *failure);

/* manifest.json; NULL when memory is exhausted. */
json_t *dossier_describe(const struct dossier *dossier);

/* Where a file's place is: "attachments/HASH". */
struct dossier_file *dossier_file_at(const struct buffer *files, size_t index);
size_t dossier_file_count(const struct buffer *files);

/* The SHA-256 of bytes, in lower-case hex. */
void dossier_hash(const struct buffer *content, char hash[DOSSIER_HASH_DIGITS + 1]);
void dossier_hash_bytes(const char *bytes, size_t length, char hash[DOSSIER_HASH_DIGITS + 1]);

/* The program that this is, as a record names it: its version, and a digest of what its timeline follows from. */
void dossier_name_program(char program[DOSSIER_PROGRAM_ROOM]);

/* A paragraph of the timeline. */
struct dossier_line {
    struct text text; /* without a line's end; borrowed for the call */
    int64_t at;       /* of the event that it is about, or the one before, us */
    bool chinese;
};

/* Tells the record's own log from its beginning: each event that is not withheld, and what the plan made of it. False where
 * `take` ends it, or with a failure. */
typedef bool dossier_take_line(void *context, const struct dossier_line *line);
bool dossier_tell(struct store *copy, const struct dossier *dossier, dossier_take_line *take, void *context,
                  struct failure *failure);

/* The timeline as timeline.txt has it, given to `take` as dossier_write_lines gives the log. */
bool dossier_write_timeline(struct store *copy, const struct dossier *dossier, archive_take *take, void *context,
                            struct failure *failure);

/* Sets the timeline of the record's own log as sheets and gives each, with its name in the ZIP, to `take`. *setting is how it
 * was done, the caller's; NULL where it failed. */
typedef bool dossier_take_sheet(void *context, const char *name, const struct buffer *pdf, struct failure *failure);
bool dossier_set_timeline(struct store *copy, const struct dossier *dossier, const struct sheet_fonts *fonts,
                          dossier_take_sheet *take, void *context, json_t **setting, struct failure *failure);

/* A folder for scratch files under $TMPDIR or /tmp, which only we can read; the caller removes it (dossier_remove_scratch: with
 * log.db and what SQLite puts beside it). */
bool dossier_make_scratch(struct buffer *path, struct failure *failure);
void dossier_remove_scratch(struct buffer *path);

#endif
