/* Verifying a record by itself: the log by its chain, the files by the hashes in it, the timeline by the manifest, the manifest by
 * all of these. */
#include "desk/dossier_part.h"

#include "desk/personal.h"
#include "desk/upload.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MANIFEST_BYTES_MAX ((int64_t)64 << 20)

struct verifying {
    struct archive *archive;
    const struct store_head *expected;
    struct dossier_report *report;
    struct failure *failure;
    json_t *manifest; /* NULL where there is none to be read */
    struct buffer scratch;
    bool has_log; /* it could be read */
    bool sets_timeline;
};

__attribute__((format(printf, 3, 4))) static void find_wrong(struct verifying *verifying, const char *place,
                                                             const char *format, ...) {
    struct dossier_report *report = verifying->report;
    if (report->finding_count < DOSSIER_FINDINGS_LISTED) {
        struct dossier_finding *finding = &report->findings[report->finding_count];
        va_list arguments;
        (void)snprintf(finding->place, sizeof finding->place, "%.90s", place);
        va_start(arguments, format);
        (void)vsnprintf(finding->text, sizeof finding->text, format, arguments);
        va_end(arguments);
    }
    report->finding_count++;
}

/* ---- reading out of the ZIP ------------------------------------------------------------------------------- */

struct hashing {
    crypto_hash_sha256_state state;
    int file; /* that it is written to as well; -1: none */
    bool has_failed;
};

/* An archive_take. */
static bool take_block(void *context, const char *bytes, size_t length) {
    struct hashing *hashing = context;
    (void)crypto_hash_sha256_update(&hashing->state, (const unsigned char *)bytes, length);
    for (size_t done = 0; hashing->file >= 0 && done < length;) {
        ssize_t count = write(hashing->file, bytes + done, length - done);
        if (count < 0 && errno != EINTR) {
            hashing->has_failed = true;
            return false;
        }
        done += count > 0 ? (size_t)count : 0;
    }
    return true;
}

/* The hash of a file in the ZIP; "" where it is not to be read, which is found wrong. */
static void hash_file(struct verifying *verifying, size_t index, char hash[65]) {
    struct hashing hashing = {.file = -1};
    struct failure inner = {0};
    unsigned char digest[crypto_hash_sha256_BYTES];
    hash[0] = '\0';
    (void)crypto_hash_sha256_init(&hashing.state);
    if (!archive_read(verifying->archive, index, take_block, &hashing, &inner)) {
        find_wrong(verifying, archive_name(verifying->archive, index), "%s", inner.message);
        return;
    }
    (void)crypto_hash_sha256_final(&hashing.state, digest);
    (void)sodium_bin2hex(hash, 65, digest, sizeof digest);
}

/* An archive_take. */
static bool take_text(void *context, const char *bytes, size_t length) {
    buffer_append(context, bytes, length);
    return true;
}

static void read_manifest(struct verifying *verifying) {
    struct buffer content = {0};
    struct failure inner = {0};
    json_error_t error = {.line = 0};
    size_t index = archive_find(verifying->archive, DOSSIER_MANIFEST);
    if (index == archive_count(verifying->archive)) {
        find_wrong(verifying, DOSSIER_MANIFEST, "is missing");
    } else if (archive_bytes(verifying->archive, index) > MANIFEST_BYTES_MAX) {
        find_wrong(verifying, DOSSIER_MANIFEST, "is too long for one");
    } else if (!archive_read(verifying->archive, index, take_text, &content, &inner)) {
        find_wrong(verifying, DOSSIER_MANIFEST, "%s", inner.message);
    } else {
        verifying->manifest =
            json_loadb(content.bytes == NULL ? "" : content.bytes, content.length, JSON_REJECT_DUPLICATES, &error);
        if (verifying->manifest == NULL) {
            find_wrong(verifying, DOSSIER_MANIFEST, "is damaged: line %d: %s", error.line, error.text);
        }
    }
    buffer_release(&content);
}

/* Whether it is one that this program knows: of another nothing else is looked at. */
static bool check_format(struct verifying *verifying) {
    const json_t *manifest = verifying->manifest;
    const char *kind = json_string_value(json_object_get(manifest, "kind"));
    json_int_t format = json_integer_value(json_object_get(manifest, "format"));
    json_int_t incident = json_integer_value(json_object_get(manifest, "incident"));
    if (manifest == NULL) {
        return false;
    }
    if (kind == NULL || strcmp(kind, "pinyue record") != 0 || incident < 1 || incident > UINT32_MAX) {
        find_wrong(verifying, DOSSIER_MANIFEST, "names no record of an incident");
        return false;
    }
    if (format < 1 || format > DOSSIER_FORMAT) {
        find_wrong(verifying, DOSSIER_MANIFEST,
                   "says format %" JSON_INTEGER_FORMAT ", and this program knows %d; a newer one may verify it", format,
                   DOSSIER_FORMAT);
        return false;
    }
    verifying->report->dossier.format = (int)format;
    verifying->report->dossier.incident = (uint32_t)incident;
    verifying->report->dossier.masked = json_is_true(json_object_get(manifest, "masked"));
    const char *program = json_string_value(json_object_get(manifest, "program"));
    json_t *setting = json_object_get(manifest, "setting");
    (void)snprintf(verifying->report->dossier.program, DOSSIER_PROGRAM_ROOM, "%s", program == NULL ? "" : program);
    verifying->report->dossier.setting = json_is_object(setting) ? json_incref(setting) : json_null();
    return true;
}

/* ---- the log ---------------------------------------------------------------------------------------------- */

/* Writes log.db into the scratch folder. False where that failed for our own reasons. */
static bool extract_log(struct verifying *verifying, bool *is_there) {
    struct buffer path = {0};
    struct failure inner = {0};
    struct hashing hashing = {.file = -1};
    size_t index = archive_find(verifying->archive, DOSSIER_LOG);
    *is_there = false;
    if (index == archive_count(verifying->archive)) {
        find_wrong(verifying, DOSSIER_LOG, "is missing");
        return true;
    }
    buffer_print(&path, "%s/" DOSSIER_LOG, verifying->scratch.bytes);
    hashing.file = path.failed ? -1 : open(path.bytes, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    (void)crypto_hash_sha256_init(&hashing.state);
    hashing.has_failed = hashing.file < 0;
    *is_there = !hashing.has_failed && archive_read(verifying->archive, index, take_block, &hashing, &inner);
    if (hashing.file >= 0 && close(hashing.file) != 0) {
        hashing.has_failed = true;
    }
    buffer_release(&path);
    if (hashing.has_failed) {
        return failure_say(verifying->failure, "there is no room for scratch files in %s", "临时文件夹 %s 没有空间",
                           verifying->scratch.bytes);
    }
    if (!*is_there) {
        find_wrong(verifying, DOSSIER_LOG, "%s", inner.message);
    }
    return true;
}

static void list_damages(struct verifying *verifying) {
    const struct store_report *log = &verifying->report->log;
    char sentence[STORE_DAMAGE_ROOM];
    for (size_t i = 0; i < log->damage_listed; i++) {
        store_print_damage(&log->damages[i], sentence);
        find_wrong(verifying, DOSSIER_LOG, "%s", sentence);
    }
    verifying->report->finding_count += log->damage_count - (int64_t)log->damage_listed;
}

/* A store_visit: what a masked record must not show. */
static bool visit_masked(void *context, const struct store_record *record) {
    struct verifying *verifying = context;
    for (size_t i = 0; i < record->count; i++) {
        if (!record->fields[i].masked &&
            personal_is_field(record, &record->fields[i], verifying->report->dossier.format)) {
            find_wrong(verifying, DOSSIER_LOG,
                       "event %" PRId64 " shows its field %.*s, and the record says it is masked", record->sequence,
                       TEXT_PRINT(record->fields[i].name));
        }
    }
    return true;
}

/* The other way round. */
static bool visit_open(void *context, const struct store_record *record) {
    struct verifying *verifying = context;
    for (size_t i = 0; i < record->count; i++) {
        if (record->fields[i].masked) {
            find_wrong(verifying, DOSSIER_LOG,
                       "event %" PRId64 " hides its field %.*s, and the record says nothing is masked",
                       record->sequence, TEXT_PRINT(record->fields[i].name));
        }
    }
    return true;
}

static bool read_log(struct verifying *verifying, struct store *log) {
    struct dossier *dossier = &verifying->report->dossier;
    if (!store_verify(log, verifying->expected, &verifying->report->log, verifying->failure)) {
        return false;
    }
    list_damages(verifying);
    if (!store_is_copy(log)) {
        find_wrong(verifying, DOSSIER_LOG, "calls itself an original; a record holds a copy");
    }
    struct failure inner = {0};
    verifying->has_log = dossier_read_log(log, dossier, &inner) &&
                         store_read(log, 1, false, dossier->masked ? visit_masked : visit_open, verifying, &inner);
    if (!verifying->has_log && verifying->report->log.damage_count == 0) {
        find_wrong(verifying, DOSSIER_LOG, "%.300s", inner.message);
    }
    return true;
}

/* Why something could not be held against the log; the first reason alone. */
__attribute__((format(printf, 2, 3))) static void doubt_timeline(struct verifying *verifying, const char *format, ...) {
    char *doubt = verifying->report->timeline_doubt;
    va_list arguments;
    if (doubt[0] == '\0') {
        va_start(arguments, format);
        (void)vsnprintf(doubt, sizeof verifying->report->timeline_doubt, format, arguments);
        va_end(arguments);
    }
}

static bool is_own_program(const struct verifying *verifying) {
    char program[DOSSIER_PROGRAM_ROOM];
    dossier_name_program(program);
    return strcmp(program, verifying->report->dossier.program) == 0;
}

static void doubt_program(struct verifying *verifying) {
    char program[DOSSIER_PROGRAM_ROOM];
    dossier_name_program(program);
    doubt_timeline(verifying, "it was made by %s, and this is %s, which tells the same log otherwise",
                   verifying->report->dossier.program, program);
}

/* log.jsonl follows from log.db, and so does timeline.txt, in the words of the program that made it. */
static void verify_written(struct verifying *verifying, struct store *log, const char *name) {
    char hash[65];
    char wanted[65];
    unsigned char digest[crypto_hash_sha256_BYTES];
    struct hashing hashing = {.file = -1};
    struct failure inner = {0};
    bool is_timeline = strcmp(name, DOSSIER_TEXT) == 0;
    size_t index = archive_find(verifying->archive, name);
    if (index == archive_count(verifying->archive)) {
        find_wrong(verifying, name, "is missing");
        return;
    }
    (void)crypto_hash_sha256_init(&hashing.state);
    if (!(is_timeline ? dossier_write_timeline(log, &verifying->report->dossier, take_block, &hashing, &inner)
                      : dossier_write_lines(log, take_block, &hashing, &inner))) {
        find_wrong(verifying, name, "cannot be held against " DOSSIER_LOG ": %.300s", inner.message);
        return;
    }
    (void)crypto_hash_sha256_final(&hashing.state, digest);
    (void)sodium_bin2hex(wanted, sizeof wanted, digest, sizeof digest);
    hash_file(verifying, index, hash);
    if (hash[0] == '\0' || strcmp(hash, wanted) == 0) {
        verifying->report->is_text_confirmed = is_timeline && hash[0] != '\0';
        return;
    }
    if (is_timeline && !is_own_program(verifying)) {
        doubt_program(verifying);
    } else {
        find_wrong(verifying, name, "does not say what " DOSSIER_LOG " says");
    }
}

static bool verify_log(struct verifying *verifying) {
    const struct store_options options = {.read_only = true};
    struct failure inner = {0};
    bool is_there = false;
    if (!extract_log(verifying, &is_there)) {
        return false;
    }
    struct store *log = is_there ? store_open(verifying->scratch.bytes, &options, &inner) : NULL;
    if (log == NULL) {
        if (is_there) {
            find_wrong(verifying, DOSSIER_LOG, "is no log that can be read: %.300s", inner.message);
        }
        return true;
    }
    bool done = read_log(verifying, log);
    if (done && verifying->has_log) {
        verify_written(verifying, log, DOSSIER_LINES);
        if (verifying->report->dossier.format > 1) {
            verify_written(verifying, log, DOSSIER_TEXT);
        }
    }
    store_close(log);
    return done;
}

/* ---- the files -------------------------------------------------------------------------------------------- */

/* What the manifest lists under a name; NULL. */
static const json_t *find_listed(const struct verifying *verifying, const char *list, const char *name) {
    size_t index = 0;
    json_t *entry = NULL;
    json_array_foreach(json_object_get(verifying->manifest, list), index, entry) {
        const char *listed = json_string_value(json_object_get(entry, "name"));
        if (listed != NULL && strcmp(listed, name) == 0) {
            return entry;
        }
    }
    return NULL;
}

/* Why it is absent the manifest alone says, to whoever believes it. */
static void read_absence(struct dossier_file *file, const json_t *listed) {
    const char *word = json_string_value(json_object_get(listed, "absent"));
    if (word != NULL && file->absence == DOSSIER_MISSING && strcmp(word, dossier_absence_word(DOSSIER_DAMAGED)) == 0) {
        file->absence = DOSSIER_DAMAGED;
    }
}

static void verify_attachment(struct verifying *verifying, struct dossier_file *file) {
    char hash[65];
    size_t index = archive_find(verifying->archive, file->name);
    const json_t *listed = find_listed(verifying, "attachments", file->name);
    if (index == archive_count(verifying->archive)) {
        if (json_is_integer(json_object_get(listed, "bytes"))) {
            find_wrong(verifying, file->name, "is missing, though the record was made with it");
        }
        read_absence(file, listed);
        return;
    }
    file->bytes = archive_bytes(verifying->archive, index);
    hash_file(verifying, index, hash);
    if (hash[0] != '\0' && strcmp(hash, file->hash) != 0) {
        find_wrong(verifying, file->name, "was changed: its SHA-256 is %s", hash);
    }
}

static void verify_attachments(struct verifying *verifying) {
    const struct buffer *files = &verifying->report->dossier.files;
    for (size_t i = 0; verifying->has_log && i < dossier_file_count(files); i++) {
        verify_attachment(verifying, dossier_file_at(files, i));
    }
}

static void verify_sheet(struct verifying *verifying, const json_t *entry) {
    struct dossier_file file = {.bytes = 0};
    const char *name = json_string_value(json_object_get(entry, "name"));
    const char *wanted = json_string_value(json_object_get(entry, "sha256"));
    if (name == NULL || wanted == NULL || strncmp(name, "timeline", 8) != 0 || strlen(name) >= sizeof file.name) {
        find_wrong(verifying, DOSSIER_MANIFEST, "lists a timeline without its name and SHA-256");
        return;
    }
    size_t index = archive_find(verifying->archive, name);
    if (index == archive_count(verifying->archive)) {
        find_wrong(verifying, name, "is missing");
        return;
    }
    (void)snprintf(file.name, sizeof file.name, "%s", name);
    file.bytes = archive_bytes(verifying->archive, index);
    hash_file(verifying, index, file.hash);
    if (file.hash[0] != '\0' && strcmp(file.hash, wanted) != 0) {
        find_wrong(verifying, name, "was changed: its SHA-256 is not that of " DOSSIER_MANIFEST);
    }
    buffer_append(&verifying->report->dossier.sheets, &file, sizeof file);
}

struct comparing {
    const struct buffer *sheets; /* as found in the ZIP */
    size_t count;
    bool is_same;
};

/* A dossier_take_sheet. */
static bool compare_sheet(void *context, const char *name, const struct buffer *pdf, struct failure *failure) {
    struct comparing *comparing = context;
    char hash[65];
    (void)failure;
    dossier_hash(pdf, hash);
    bool is_there = comparing->count < dossier_file_count(comparing->sheets);
    const struct dossier_file *sheet = is_there ? dossier_file_at(comparing->sheets, comparing->count) : NULL;
    bool is_same = is_there && strcmp(sheet->name, name) == 0 && strcmp(sheet->hash, hash) == 0;
    comparing->is_same = comparing->is_same && is_same;
    comparing->count++;
    return true; /* which fonts it takes is known when all is set */
}

static void read_family(const json_t *setting, const char *name, char out[SHEET_FONT_ROOM]) {
    const char *family = json_string_value(json_object_get(json_object_get(setting, "families"), name));
    (void)snprintf(out, SHEET_FONT_ROOM, "%s", family == NULL ? "" : family);
}

static const char *read_string(const json_t *object, const char *name) {
    const char *value = json_string_value(json_object_get(object, name));
    return value == NULL ? "" : value;
}

/* The first font of one setting that is in another not. */
static const json_t *find_other_font(const json_t *made, const json_t *here) {
    size_t index = 0;
    json_t *font = NULL;
    json_array_foreach(json_object_get(made, "fonts"), index, font) {
        bool is_found = false;
        size_t place = 0;
        json_t *other = NULL;
        json_array_foreach(json_object_get(here, "fonts"), place, other) {
            is_found = is_found || strcmp(read_string(other, "sha256"), read_string(font, "sha256")) == 0;
        }
        if (!is_found) {
            return font;
        }
    }
    return NULL;
}

/* Another timeline came of it here: with the same fonts, libraries and program it should not have. */
static void judge_difference(struct verifying *verifying, const json_t *here) {
    const json_t *made = verifying->report->dossier.setting;
    const json_t *font = find_other_font(made, here);
    const char *libraries = read_string(made, "libraries");
    if (!is_own_program(verifying)) {
        doubt_program(verifying);
    } else if (font != NULL) {
        doubt_timeline(verifying,
                       "it was set with the font %.60s (%.60s, SHA-256 %.64s), which this machine does not have",
                       read_string(font, "name"), read_string(font, "version"), read_string(font, "sha256"));
    } else if (strcmp(libraries, read_string(here, "libraries")) != 0) {
        doubt_timeline(verifying, "it was set by %.100s, and here are %.100s", libraries,
                       read_string(here, "libraries"));
    } else if (!json_equal(made, here)) {
        doubt_timeline(verifying, "it was set with fewer fonts than this machine takes");
    } else {
        find_wrong(verifying, "timeline.pdf",
                   "is not what comes of " DOSSIER_LOG " with the fonts and libraries that it was set with");
    }
}

/* Other fonts or libraries set the same text otherwise: that it is the same proves it; that it is not proves something only where
 * these are the same. */
static void confirm_timeline(struct verifying *verifying) {
    const struct store_options options = {.read_only = true};
    const struct dossier *dossier = &verifying->report->dossier;
    struct comparing comparing = {.sheets = &dossier->sheets, .is_same = true};
    struct sheet_fonts fonts = {.lacking = NULL};
    struct failure inner = {0};
    json_t *here = NULL;
    if (dossier->format == 1) { /* in other words, with fonts that it does not name */
        doubt_timeline(verifying, "it is of a record of format 1, whose timelines this program cannot set anew");
        return;
    }
    read_family(dossier->setting, "body", fonts.body);
    read_family(dossier->setting, "title", fonts.title);
    read_family(dossier->setting, "heading", fonts.heading);
    struct store *log = store_open(verifying->scratch.bytes, &options, &inner);
    if (log == NULL || !dossier_set_timeline(log, dossier, &fonts, compare_sheet, &comparing, &here, &inner)) {
        doubt_timeline(verifying, "it cannot be set here: %.300s", inner.message);
    } else if (!comparing.is_same || comparing.count != dossier_file_count(&dossier->sheets)) {
        judge_difference(verifying, here);
    } else {
        verifying->report->is_timeline_confirmed = verifying->report->timeline_doubt[0] == '\0';
    }
    json_decref(here);
    store_close(log);
}

static bool is_listed(const struct buffer *files, const char *name) {
    for (size_t i = 0; i < dossier_file_count(files); i++) {
        if (strcmp(dossier_file_at(files, i)->name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Nothing may lie in a record that no event and no manifest answers for. */
static void find_strangers(struct verifying *verifying) {
    const struct dossier *dossier = &verifying->report->dossier;
    for (size_t i = 0; i < archive_count(verifying->archive); i++) {
        const char *name = archive_name(verifying->archive, i);
        bool is_attachment = strncmp(name, UPLOAD_ATTACHMENTS "/", sizeof UPLOAD_ATTACHMENTS) == 0;
        bool is_known = strcmp(name, DOSSIER_LOG) == 0 || strcmp(name, DOSSIER_MANIFEST) == 0 ||
                        strcmp(name, DOSSIER_LINES) == 0 || (strcmp(name, DOSSIER_TEXT) == 0 && dossier->format > 1) ||
                        is_listed(&dossier->sheets, name) || is_listed(&dossier->files, name) ||
                        (is_attachment && !verifying->has_log);
        if (!is_known) {
            find_wrong(verifying, name,
                       is_attachment ? "is named by no event of the incident" : "does not belong into a record");
        }
    }
}

/* ---- the manifest ----------------------------------------------------------------------------------------- */

/* It must say what has been found. Where a file was found wrong, that is told already. */
static bool compare_manifest(struct verifying *verifying) {
    const char *key = NULL;
    json_t *value = NULL;
    json_t *found = dossier_describe(&verifying->report->dossier);
    if (found == NULL) {
        return failure_say(verifying->failure, "memory is exhausted", "内存不足");
    }
    bool is_quiet = verifying->report->finding_count > 0;
    json_object_foreach(found, key, value) {
        bool is_list = json_is_array(value);
        if (!json_equal(value, json_object_get(verifying->manifest, key)) && !(is_list && is_quiet)) {
            find_wrong(verifying, DOSSIER_MANIFEST, "\"%s\" is not what the log and the files say", key);
        }
    }
    if (json_object_size(found) != json_object_size(verifying->manifest)) {
        find_wrong(verifying, DOSSIER_MANIFEST, "has entries that no manifest has, or lacks some");
    }
    json_decref(found);
    return true;
}

static bool verify(struct verifying *verifying) {
    read_manifest(verifying);
    if (!check_format(verifying)) {
        return true;
    }
    if (!verify_log(verifying)) {
        return false;
    }
    verify_attachments(verifying);
    size_t index = 0;
    json_t *entry = NULL;
    json_array_foreach(json_object_get(verifying->manifest, "timeline"), index, entry) {
        verify_sheet(verifying, entry);
    }
    find_strangers(verifying);
    bool done = !verifying->has_log || compare_manifest(verifying);
    if (verifying->report->finding_count > 0 || !verifying->has_log) {
        verifying->report->timeline_doubt[0] = '\0'; /* what is wrong is told, and enough */
    } else if (done && verifying->sets_timeline) {
        confirm_timeline(verifying);
    }
    return done;
}

/* Of an archive that was opened, which is closed; NULL: it could not be, and `why` says it. */
static bool verify_archive(struct archive *archive, const struct failure *why, struct verifying verifying) {
    verifying.archive = archive;
    if (archive == NULL) {
        find_wrong(&verifying, "", "%.390s", why->message);
        return true;
    }
    bool done = dossier_make_scratch(&verifying.scratch, verifying.failure) && verify(&verifying);
    archive_close(archive);
    json_decref(verifying.manifest);
    dossier_remove_scratch(&verifying.scratch);
    return done;
}

bool dossier_verify(const char *path, const struct store_head *expected, struct dossier_report *report,
                    struct failure *failure) {
    struct failure why = {0};
    *report = (struct dossier_report){0};
    if (access(path, R_OK) != 0) {
        return failure_say(failure, "%s cannot be read", "%s 无法读取", path);
    }
    struct archive *archive = archive_open(path, &why);
    return verify_archive(
        archive, &why,
        (struct verifying){.expected = expected, .report = report, .failure = failure, .sets_timeline = true});
}

bool dossier_verify_bytes(const void *bytes, size_t length, const struct store_head *expected,
                          struct dossier_report *report, struct failure *failure) {
    struct failure why = {0};
    *report = (struct dossier_report){0};
    struct archive *archive = archive_open_bytes(bytes, length, &why);
    return verify_archive(archive, &why,
                          (struct verifying){.expected = expected, .report = report, .failure = failure});
}
