#include "desk/dossier_part.h"

#include "desk/dossier_telling.h" /* made by the build */
#include "desk/fold.h"
#include "desk/upload.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void dossier_release(struct dossier *dossier) {
    buffer_release(&dossier->plan);
    buffer_release(&dossier->files);
    buffer_release(&dossier->sheets);
    json_decref(dossier->setting);
    dossier->setting = NULL;
}

size_t dossier_count_files(const struct dossier *dossier) {
    return dossier_file_count(&dossier->files);
}

const struct dossier_file *dossier_get_file(const struct dossier *dossier, size_t index) {
    return dossier_file_at(&dossier->files, index);
}

int64_t dossier_count_absent(const struct dossier *dossier) {
    int64_t absent = 0;
    for (size_t i = 0; i < dossier_count_files(dossier); i++) {
        absent += dossier_get_file(dossier, i)->bytes < 0;
    }
    return absent;
}

const char *dossier_absence_word(enum dossier_absence absence) {
    static const char *const words[] = {
        [DOSSIER_MISSING] = "missing", [DOSSIER_DAMAGED] = "damaged", [DOSSIER_MASKED] = "masked"};
    return words[absence];
}

void dossier_name_program(char program[DOSSIER_PROGRAM_ROOM]) {
    (void)snprintf(program, DOSSIER_PROGRAM_ROOM, "pinyue %s %s", PINYUE_VERSION, DOSSIER_TELLING);
}

size_t dossier_file_count(const struct buffer *files) {
    return files->length / sizeof(struct dossier_file);
}

struct dossier_file *dossier_file_at(const struct buffer *files, size_t index) {
    return (struct dossier_file *)(void *)files->bytes + index;
}

void dossier_hash(const struct buffer *content, char hash[DOSSIER_HASH_DIGITS + 1]) {
    dossier_hash_bytes(content->bytes, content->length, hash);
}

void dossier_hash_bytes(const char *bytes, size_t length, char hash[DOSSIER_HASH_DIGITS + 1]) {
    unsigned char digest[crypto_hash_sha256_BYTES];
    (void)crypto_hash_sha256(digest, (const unsigned char *)bytes, length);
    (void)sodium_bin2hex(hash, DOSSIER_HASH_DIGITS + 1, digest, sizeof digest);
}

/* ---- what the log says ------------------------------------------------------------------------------------ */

/* Each file once, as they are first named. */
static void take_hash(void *context, struct text hash) {
    struct dossier *dossier = context;
    struct dossier_file file = {.bytes = -1, .absence = dossier->masked ? DOSSIER_MASKED : DOSSIER_MISSING};
    if (!upload_is_hash(hash)) {
        return;
    }
    memcpy(file.hash, hash.bytes, DOSSIER_HASH_DIGITS);
    (void)snprintf(file.name, sizeof file.name, UPLOAD_ATTACHMENTS "/%s", file.hash);
    for (size_t i = 0; i < dossier_file_count(&dossier->files); i++) {
        if (strcmp(dossier_file_at(&dossier->files, i)->hash, file.hash) == 0) {
            return;
        }
    }
    buffer_append(&dossier->files, &file, sizeof file);
}

static bool visit(void *context, const struct store_record *record) {
    struct dossier *dossier = context;
    if (record->withheld) {
        return true;
    }
    uint32_t incident = fold_number(fold_field(record->fields, record->count, "incident"));
    dossier->own_events++;
    dossier->is_exercise = dossier->is_exercise ||
                           text_equals_string(fold_field(record->fields, record->count, "kind"), DOSSIER_EXERCISE_KIND);
    if (incident == dossier->incident &&
        text_equals_string(fold_field(record->fields, record->count, "kind"), "open")) {
        buffer_clear(&dossier->plan);
        buffer_append_text(&dossier->plan, fold_field(record->fields, record->count, "plan"));
    }
    for (size_t i = 0; incident == dossier->incident && i < record->count; i++) {
        dossier_list_hashes(&record->fields[i], take_hash, dossier);
    }
    return !dossier->files.failed;
}

bool dossier_read_log(struct store *copy, struct dossier *dossier, struct failure *failure) {
    return store_find_head(copy, &dossier->head, failure) && store_read(copy, 1, false, visit, dossier, failure) &&
           ((!dossier->files.failed && !dossier->plan.failed) ||
            failure_say(failure, "memory is exhausted", "内存不足"));
}

/* ---- the manifest ----------------------------------------------------------------------------------------- */

static json_t *list_files(const struct dossier *dossier, const struct buffer *files) {
    json_t *list = json_array();
    for (size_t i = 0; i < dossier_file_count(files); i++) {
        const struct dossier_file *file = dossier_file_at(files, i);
        bool is_absent = file->bytes < 0;
        json_t *json = json_pack("{s:s, s:s, s:o}", "name", file->name, "sha256", file->hash, "bytes",
                                 is_absent ? json_null() : json_integer((json_int_t)file->bytes));
        if (is_absent && dossier->format > 1) {
            (void)json_object_set_new(json, "absent", json_string(dossier_absence_word(file->absence)));
        }
        (void)json_array_append_new(list, json);
    }
    return list;
}

/* What a manifest says since format 2. */
static void add_setting(const struct dossier *dossier, json_t *json) {
    (void)json_object_set_new(json, "program", json_string(dossier->program));
    (void)json_object_set(json, "setting", dossier->setting);
    if (dossier->is_exercise) {
        (void)json_object_set_new(json, "exercise", json_true());
    }
}

json_t *dossier_describe(const struct dossier *dossier) {
    char head[STORE_HEAD_ROOM];
    store_print_head(&dossier->head, head);
    json_t *json =
        json_pack("{s:s, s:i, s:I, s:s%, s:s, s:I, s:b, s:o, s:o}", "kind", "pinyue record", "format", dossier->format,
                  "incident", (json_int_t)dossier->incident, "plan",
                  dossier->plan.length > 0 ? dossier->plan.bytes : "", dossier->plan.length, "head", head, "own_events",
                  (json_int_t)dossier->own_events, "masked", (int)dossier->masked, "timeline",
                  list_files(dossier, &dossier->sheets), "attachments", list_files(dossier, &dossier->files));
    if (dossier->format > 1) {
        add_setting(dossier, json);
    }
    return json;
}

/* ---- scratch files ---------------------------------------------------------------------------------------- */

bool dossier_make_scratch(struct buffer *path, struct failure *failure) {
    const char *place = getenv("TMPDIR"); /* NOLINT(concurrency-mt-unsafe) nothing of ours sets it */
    buffer_print(path, "%s/pinyue-record-XXXXXX", place == NULL || place[0] == '\0' ? "/tmp" : place);
    if (!path->failed && mkdtemp(path->bytes) != NULL) {
        return true;
    }
    char why[128] = "";
    (void)strerror_r(errno, why, sizeof why);
    (void)failure_say(failure, "no folder for scratch files can be made: %s", "无法建立临时文件夹：%s", why);
    buffer_release(path);
    return false;
}

void dossier_remove_scratch(struct buffer *path) {
    static const char *const names[] = {"log.db",   "log.db-journal", "log.db-wal", "log.db-shm",
                                        "log.lock", DOSSIER_LINES,    DOSSIER_TEXT, DOSSIER_ZIP};
    for (size_t i = 0; path->length > 0 && i < sizeof names / sizeof names[0]; i++) {
        struct buffer file = {0};
        buffer_print(&file, "%s/%s", path->bytes, names[i]);
        if (!file.failed) {
            (void)unlink(file.bytes);
        }
        buffer_release(&file);
    }
    if (path->length > 0) {
        (void)rmdir(path->bytes);
    }
    buffer_release(path);
}
