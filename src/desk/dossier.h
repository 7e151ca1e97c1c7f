/* dossier — an incident's whole record as one ZIP that proves itself.
 *
 * What it is for: what is handed to whoever asks what happened, years on and without this server. In it are the log, with
 * the incident's own events and the hashes of all others (log.db, a copy as of store_copy, so that it ends in the same
 * head), the same to be read with any tool (log.jsonl), as a text (timeline.txt) and on paper (timeline.pdf), the files that its
 * events name, and what all of it is (manifest.json). docs/log.md describes it. The same log makes the same bytes.
 * Owns nothing. Must never: hold a file in memory, put into a masked one what is personal, call one sound of which something
 * could not be held against the log's chain, or write into the data directory.
 */
#ifndef PINYUE_DESK_DOSSIER_H
#define PINYUE_DESK_DOSSIER_H

#include "base/buffer.h"
#include "base/failure.h"
#include "store/store.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DOSSIER_FORMAT 2 /* 1 masked the source of less and had no timeline as a text; it is verified by that */
#define DOSSIER_FINDINGS_LISTED 64U

struct sheet_fonts;

struct dossier_order {
    const char *data; /* a data directory; a server may run there */
    uint32_t incident;
    bool masked;                     /* what is personal is hidden, and files are left out */
    const struct sheet_fonts *fonts; /* of the timeline; NULL: what suits on this machine */
    bool is_known;                   /* somebody has looked whether there is such an incident */
    const char *out;                 /* the ZIP; nothing may stand there */
};

/* Why a file is not in the ZIP, as whoever made it has said: nothing proves it. */
enum dossier_absence {
    DOSSIER_MISSING, /* it was not on the disk */
    DOSSIER_DAMAGED, /* what was on the disk under its name was something else */
    DOSSIER_MASKED   /* it may show persons */
};

struct dossier_file {
    char name[80]; /* in the ZIP */
    char hash[65]; /* SHA-256 in lower-case hex */
    int64_t bytes; /* -1: it is not in the ZIP */
    enum dossier_absence absence;
};

#define DOSSIER_PROGRAM_ROOM 64

/* What one is. */
struct dossier {
    int format; /* DOSSIER_FORMAT, or an older one that is verified */
    uint32_t incident;
    bool masked;
    bool is_exercise;   /* its log is that of an exercise */
    struct buffer plan; /* the name of the incident's; empty where no event of it says it */
    struct store_head head;
    int64_t own_events;                 /* all that are not withheld */
    struct buffer files;                /* of struct dossier_file: those that its events name, as they come */
    struct buffer sheets;               /* of struct dossier_file: the timeline's on paper */
    char program[DOSSIER_PROGRAM_ROOM]; /* that made it, with its version: another may word a timeline otherwise */
    json_t *setting; /* how the timeline was set: families, fonts, libraries (docs/log.md); NULL before */
};

/* Frees what it holds. */
void dossier_release(struct dossier *dossier);

/* The files that its events name, by index from 0, and how many of them are not in it. */
size_t dossier_count_files(const struct dossier *dossier);
const struct dossier_file *dossier_get_file(const struct dossier *dossier, size_t index);
int64_t dossier_count_absent(const struct dossier *dossier);

/* "missing", "damaged", "masked": as the manifest has it. */
const char *dossier_absence_word(enum dossier_absence absence);

/* Makes one. *made (zeroed by the caller) is to be released in any case. False with a failure; then nothing stands at `out`. */
bool dossier_make(const struct dossier_order *order, struct dossier *made, struct failure *failure);

/* Makes one as a file without a name, to be read from its start: *file is the caller's, to be closed. `out` is not looked at. */
bool dossier_open(const struct dossier_order *order, struct dossier *made, int *file, int64_t *bytes,
                  struct failure *failure);

/* Something that is not as it was made. */
struct dossier_finding {
    char place[96]; /* the file in the ZIP, or "" */
    char text[400]; /* one English sentence */
};

struct dossier_report {
    struct dossier dossier; /* as found, not as the manifest says */
    struct store_report log;
    bool is_text_confirmed;     /* timeline.txt, told anew from the log, is the same */
    bool is_timeline_confirmed; /* the timeline on paper too, set anew */
    char timeline_doubt[400];   /* why that could not be found out here, as the end of a sentence; else empty */
    int64_t finding_count;
    struct dossier_finding findings[DOSSIER_FINDINGS_LISTED];
};

/* Verifies one by itself. Of files that are absent, and of a timeline that cannot be set anew here, nothing can be said: that
 * is no finding, and no proof; `expected` (may be NULL) is a head that was kept elsewhere. False with a failure only where there is no
 * file to be read, or for want of memory or of room for scratch files; what was found wrong is in the report, which is released
 * (dossier_release of its dossier) in any case. */
bool dossier_verify(const char *path, const struct store_head *expected, struct dossier_report *report,
                    struct failure *failure);

/* The same of one in memory; the timeline is not set anew. */
bool dossier_verify_bytes(const void *bytes, size_t length, const struct store_head *expected,
                          struct dossier_report *report, struct failure *failure);

#endif
