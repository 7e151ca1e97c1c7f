#include "desk/backup.h"

#include "base/calendar.h"
#include "desk/account.h"
#include "desk/upload.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MANIFEST "manifest.json"
#define MANIFEST_BYTES_MAX ((size_t)64 << 20)

/* Besides the log. A data directory that gets another kind of file needs a line here. */
static const char *const file_names[BACKUP_FILES] = {"accounts.db", "tls-cert.pem", "tls-key.pem"};

#define EXERCISES "exercises"

/* Everything that may stand in a folder while it is being made. */
static const char *const all_names[] = {"log.db",       "log.db-journal",  "log.db-wal",      "log.db-shm",
                                        "accounts.db",  "accounts.db-wal", "accounts.db-shm", "accounts.db-journal",
                                        "tls-cert.pem", "tls-key.pem",     MANIFEST,          NULL};

static const struct folder_shape shape = {all_names, UPLOAD_ATTACHMENTS, EXERCISES};

static struct buffer join(const char *directory, const char *name) {
    struct buffer path = {0};
    buffer_print(&path, "%s/%s", directory, name);
    return path;
}

static size_t attachment_count(const struct buffer *attachments) {
    return attachments->length / sizeof(struct backup_attachment);
}

static const struct backup_attachment *attachment_at(const struct buffer *attachments, size_t index) {
    return (const struct backup_attachment *)(const void *)attachments->bytes + index;
}

static size_t exercise_count(const struct backup *backup) {
    return backup->exercises.length / sizeof(struct backup_exercise);
}

static struct backup_exercise *exercise_at(const struct backup *backup, size_t index) {
    return (struct backup_exercise *)(void *)backup->exercises.bytes + index;
}

void backup_release(struct backup *backup) {
    for (size_t i = 0; i < exercise_count(backup); i++) {
        buffer_release(&exercise_at(backup, i)->attachments);
    }
    buffer_release(&backup->exercises);
    buffer_release(&backup->attachments);
}

static bool refuse_memory(struct failure *failure) {
    return failure_set(failure, "memory is exhausted");
}

static bool has_file(const char *directory, const char *name) {
    struct buffer path = join(directory, name);
    bool is_there = !path.failed && access(path.bytes, F_OK) == 0;
    buffer_release(&path);
    return is_there;
}

/* ---- the manifest ----------------------------------------------------------------------------------------- */

static void describe_attachments(const struct buffer *attachments, json_t *files) {
    for (size_t i = 0; i < attachment_count(attachments); i++) {
        char name[sizeof UPLOAD_ATTACHMENTS + FOLDER_HASH_ROOM];
        const struct backup_attachment *attachment = attachment_at(attachments, i);
        (void)snprintf(name, sizeof name, UPLOAD_ATTACHMENTS "/%s", attachment->hash);
        (void)json_array_append_new(files, json_pack("{s:s, s:I, s:s}", "name", name, "bytes",
                                                     (json_int_t)attachment->bytes, "sha256", attachment->hash));
    }
}

static json_t *describe_exercises(const struct backup *backup) {
    json_t *list = json_array();
    for (size_t i = 0; i < exercise_count(backup); i++) {
        const struct backup_exercise *exercise = exercise_at(backup, i);
        char head[STORE_HEAD_ROOM];
        json_t *files = json_array();
        store_print_head(&exercise->head, head);
        describe_attachments(&exercise->attachments, files);
        (void)json_array_append_new(
            list, json_pack("{s:I, s:s, s:o}", "number", (json_int_t)exercise->number, "log", head, "files", files));
    }
    return list;
}

json_t *backup_describe(const struct backup *backup) {
    char made_at[CALENDAR_INSTANT_ROOM];
    char head[STORE_HEAD_ROOM];
    json_t *files = json_array();
    calendar_print_instant(backup->made_at, 0, made_at);
    store_print_head(&backup->head, head);
    for (size_t i = 0; i < BACKUP_FILES; i++) {
        if (backup->files[i].is_there) {
            (void)json_array_append_new(files,
                                        json_pack("{s:s, s:I, s:s}", "name", file_names[i], "bytes",
                                                  (json_int_t)backup->files[i].bytes, "sha256", backup->files[i].hash));
        }
    }
    describe_attachments(&backup->attachments, files);
    return json_pack("{s:s, s:i, s:s, s:s, s:s, s:o, s:o}", "kind", "pinyue backup", "format", BACKUP_FORMAT, "program",
                     PINYUE_VERSION, "made_at", made_at, "log", head, "files", files, "exercises",
                     describe_exercises(backup));
}

static bool write_manifest(const struct folder *folder, const struct backup *backup, struct failure *failure) {
    struct buffer content = {0};
    struct buffer path = folder_join(folder, MANIFEST);
    json_t *json = backup_describe(backup);
    char *text = json == NULL ? NULL : json_dumps(json, JSON_INDENT(1));
    buffer_append_string(&content, text == NULL ? "" : text);
    buffer_append_string(&content, "\n");
    bool done = text != NULL && !content.failed && !path.failed;
    done = done ? folder_write_file(path.bytes, &content, 0600, failure) : refuse_memory(failure);
    free(text);
    json_decref(json);
    buffer_release(&content);
    buffer_release(&path);
    return done;
}

/* NUMBER:HASH */
static bool read_head(const char *text, struct store_head *head) {
    char *end = NULL;
    errno = 0;
    head->sequence = text == NULL || text[0] < '0' || text[0] > '9' ? -1 : (int64_t)strtoll(text, &end, 10);
    return head->sequence >= 0 && errno == 0 && *end == ':' && store_parse_hash(text_of(end + 1), &head->hash);
}

struct entry {
    const char *name;
    int64_t bytes;
    struct store_hash hash;
};

static bool read_entry(const json_t *json, struct entry *entry, struct failure *failure) {
    const char *sha256 = json_string_value(json_object_get(json, "sha256"));
    const json_t *bytes = json_object_get(json, "bytes");
    entry->name = json_string_value(json_object_get(json, "name"));
    entry->bytes = json_integer_value(bytes);
    if (entry->name == NULL || sha256 == NULL || !json_is_integer(bytes) ||
        !store_parse_hash(text_of(sha256), &entry->hash)) {
        return failure_set(failure, MANIFEST " is damaged: an entry of its files lacks name, bytes or sha256");
    }
    return true;
}

static bool refuse_entry(const struct entry *entry, struct failure *failure) {
    return failure_set(failure, MANIFEST " is damaged: its files have \"%.100s\", which has no place there",
                       entry->name);
}

/* "attachments/SHA256", where its own SHA-256 is that one. */
static bool take_attachment(const struct entry *entry, struct buffer *attachments) {
    static const char folder[] = UPLOAD_ATTACHMENTS "/";
    struct backup_attachment attachment = {.bytes = entry->bytes};
    store_print_hash(&entry->hash, attachment.hash);
    if (strncmp(entry->name, folder, sizeof folder - 1) != 0 ||
        strcmp(entry->name + sizeof folder - 1, attachment.hash) != 0) {
        return false;
    }
    buffer_append(attachments, &attachment, sizeof attachment);
    return !attachments->failed;
}

/* One of those that are no attachments. */
static bool take_file(const struct entry *entry, struct backup *backup) {
    for (size_t i = 0; i < BACKUP_FILES; i++) {
        if (strcmp(entry->name, file_names[i]) == 0 && !backup->files[i].is_there) {
            backup->files[i].is_there = true;
            backup->files[i].bytes = entry->bytes;
            store_print_hash(&entry->hash, backup->files[i].hash);
            return true;
        }
    }
    return false;
}

static bool read_files(const json_t *files, struct backup *backup, struct failure *failure) {
    size_t index = 0;
    json_t *json = NULL;
    struct entry entry;
    if (!json_is_array(files)) {
        return failure_set(failure, MANIFEST " is damaged: it has no list of files");
    }
    json_array_foreach((json_t *)files, index, json) {
        if (!read_entry(json, &entry, failure)) {
            return false;
        }
        if (!take_file(&entry, backup) && (backup->format < 2 || !take_attachment(&entry, &backup->attachments))) {
            return refuse_entry(&entry, failure);
        }
    }
    return true;
}

static bool read_exercise_files(const json_t *files, struct backup_exercise *exercise, struct failure *failure) {
    size_t index = 0;
    json_t *json = NULL;
    struct entry entry;
    json_array_foreach((json_t *)files, index, json) {
        if (!read_entry(json, &entry, failure)) {
            return false;
        }
        if (!take_attachment(&entry, &exercise->attachments)) {
            return refuse_entry(&entry, failure);
        }
    }
    return json_is_array(files) || failure_set(failure, MANIFEST " is damaged: an exercise has no list of files");
}

/* Each once, by number: so none can name the folder of another. */
static bool read_exercises(const json_t *list, struct backup *backup, struct failure *failure) {
    size_t index = 0;
    json_t *json = NULL;
    json_int_t last = 0;
    if (backup->format < 3) {
        return true;
    }
    json_array_foreach((json_t *)list, index, json) {
        struct backup_exercise exercise = {.number = 0};
        json_int_t number = json_integer_value(json_object_get(json, "number"));
        if (number <= last || number > UINT32_MAX ||
            !read_head(json_string_value(json_object_get(json, "log")), &exercise.head)) {
            return failure_set(failure,
                               MANIFEST " is damaged: an exercise's number or its log's head is not as it must be");
        }
        exercise.number = (uint32_t)number;
        last = number;
        bool done = read_exercise_files(json_object_get(json, "files"), &exercise, failure);
        buffer_append(&backup->exercises, &exercise, sizeof exercise);
        if (backup->exercises.failed) {
            buffer_release(&exercise.attachments);
            return refuse_memory(failure);
        }
        if (!done) {
            return false;
        }
    }
    return json_is_array(list) || failure_set(failure, MANIFEST " is damaged: it has no list of exercises");
}

/* The format before all else: of a newer one nothing else need be as here. */
static bool take_manifest(const json_t *json, struct backup *backup, struct failure *failure) {
    const char *kind = json_string_value(json_object_get(json, "kind"));
    const json_t *format = json_object_get(json, "format");
    const char *made_at = json_string_value(json_object_get(json, "made_at"));
    struct failure ignored = {0};
    if (kind == NULL || strcmp(kind, "pinyue backup") != 0 || !json_is_integer(format)) {
        return failure_set(failure, MANIFEST " is damaged, or of something else: it names no backup of pinyue");
    }
    if (json_integer_value(format) > BACKUP_FORMAT) {
        return failure_set(failure,
                           "the backup has format %" JSON_INTEGER_FORMAT ", and this program knows formats up to %d; a "
                           "newer pinyue wrote it, and is needed to restore it",
                           json_integer_value(format), BACKUP_FORMAT);
    }
    if (json_integer_value(format) < 1 || made_at == NULL ||
        !calendar_parse_instant(text_of(made_at), 0, &backup->made_at, &ignored) ||
        !read_head(json_string_value(json_object_get(json, "log")), &backup->head)) {
        return failure_set(failure, MANIFEST " is damaged: format, made_at or the log's head is not as it must be");
    }
    backup->format = (int)json_integer_value(format);
    return read_files(json_object_get(json, "files"), backup, failure) &&
           read_exercises(json_object_get(json, "exercises"), backup, failure);
}

static bool read_manifest(const char *from, struct backup *backup, struct failure *failure) {
    struct buffer path = join(from, MANIFEST);
    struct buffer content = {0};
    json_error_t error;
    *backup = (struct backup){0};
    if (path.failed) {
        return refuse_memory(failure);
    }
    if (access(path.bytes, F_OK) != 0) {
        (void)failure_set(failure, "%s is no backup, or not a whole one: there is no " MANIFEST " in it", from);
        buffer_release(&path);
        return false;
    }
    bool done = buffer_read_file(&content, path.bytes, MANIFEST_BYTES_MAX, failure);
    json_t *json =
        done ? json_loadb(content.bytes == NULL ? "" : content.bytes, content.length, JSON_REJECT_DUPLICATES, &error)
             : NULL;
    if (done && json == NULL) {
        done = failure_set(failure, MANIFEST " is damaged: line %d: %s", error.line, error.text);
    }
    done = done && take_manifest(json, backup, failure);
    json_decref(json);
    buffer_release(&content);
    buffer_release(&path);
    return done;
}

/* ---- the log ---------------------------------------------------------------------------------------------- */

static struct store *open_log(const char *directory, struct failure *failure) {
    const struct store_options options = {.read_only = true};
    return store_open(directory, &options, failure);
}

/* Copies a log that has been opened, and finds the head that the copy has. */
static bool copy_log(struct store *store, const struct folder *folder, struct store_head *head,
                     struct failure *failure) {
    const struct store_copy_rules everything = {0};
    int64_t count = 0;
    if (!store_copy(store, folder->partial.bytes, &everything, &count, failure)) {
        return false;
    }
    struct store *copy = open_log(folder->partial.bytes, failure);
    bool done = copy != NULL && store_find_head(copy, head, failure);
    store_close(copy);
    return done && (head->sequence == count || failure_set(failure, "the copied log does not end where it should"));
}

static bool back_log_up(const char *data, const struct folder *folder, struct store_head *head,
                        struct failure *failure) {
    struct store *store = open_log(data, failure);
    bool done = store != NULL;
    if (done && store_is_copy(store)) {
        done = failure_set(failure, "the log of %s is a copy that may hide something; a backup is made of the original",
                           data);
    }
    done = done && copy_log(store, folder, head, failure);
    store_close(store);
    return done;
}

/* Whether the log is sound and ends with the manifest's head, neither before nor behind it. */
static bool verify_log(struct store *store, const struct store_head *head, struct failure *failure) {
    char sentence[STORE_DAMAGE_ROOM];
    struct store_report *report = malloc(sizeof *report);
    if (report == NULL) {
        return refuse_memory(failure);
    }
    bool done = store_verify(store, head, report, failure);
    if (done && report->damage_count > 0) {
        store_print_damage(&report->damages[0], sentence);
        done = failure_set(failure, "log.db of the backup is damaged: %s", sentence);
    } else if (done && (report->head.sequence != head->sequence || report->copy)) {
        done = failure_set(failure,
                           "log.db is not that of the backup's " MANIFEST ": it ends with event %" PRId64
                           ", not %" PRId64 ", or hides something",
                           report->head.sequence, head->sequence);
    }
    free(report);
    return done;
}

static bool restore_log(const char *from, const struct folder *folder, const struct store_head *head,
                        struct failure *failure) {
    struct store_head copied;
    if (!has_file(from, "log.db")) {
        return failure_set(failure, "the backup is damaged: log.db is missing");
    }
    struct store *store = open_log(from, failure);
    bool done = store != NULL && verify_log(store, head, failure) && copy_log(store, folder, &copied, failure);
    store_close(store);
    return done && (memcmp(&copied.hash, &head->hash, sizeof copied.hash) == 0 ||
                    failure_set(failure, "log.db of the backup was changed while it was being restored"));
}

/* ---- the other files -------------------------------------------------------------------------------------- */

static bool copy_file(const char *from, const struct folder *folder, const char *name, char hash[FOLDER_HASH_ROOM],
                      int64_t *bytes, struct failure *failure) {
    struct buffer source = join(from, name);
    struct buffer target = folder_join(folder, name);
    bool done = (!source.failed && !target.failed) || refuse_memory(failure);
    done = done && folder_copy_file(source.bytes, target.bytes, 0600, hash, bytes, failure);
    buffer_release(&source);
    buffer_release(&target);
    return done;
}

static bool copy_accounts(const char *data, const struct folder *folder, struct backup *backup,
                          struct failure *failure) {
    struct buffer path = folder_join(folder, file_names[BACKUP_ACCOUNTS]);
    bool done = !path.failed || refuse_memory(failure);
    done = done && account_copy(data, folder->partial.bytes, backup->head.sequence, failure) &&
           folder_hash_file(path.bytes, backup->files[BACKUP_ACCOUNTS].hash, &backup->files[BACKUP_ACCOUNTS].bytes,
                            failure);
    buffer_release(&path);
    return done;
}

static bool back_files_up(const char *data, const struct folder *folder, struct backup *backup,
                          struct failure *failure) {
    for (size_t i = 0; i < BACKUP_FILES; i++) {
        backup->files[i].is_there = has_file(data, file_names[i]);
        bool done = !backup->files[i].is_there ||
                    (i == BACKUP_ACCOUNTS ? copy_accounts(data, folder, backup, failure)
                                          : copy_file(data, folder, file_names[i], backup->files[i].hash,
                                                      &backup->files[i].bytes, failure));
        if (!done) {
            return false;
        }
    }
    return true;
}

/* ---- attachments ------------------------------------------------------------------------------------------ */

struct copying {
    const char *from;
    const struct folder *folder;
    struct buffer *list; /* of struct backup_attachment: it grows; NULL where it is there already */
};

/* A folder_take: copies an attachment, which must be what its name says. */
static bool copy_attachment(void *context, const char *name, struct failure *failure) {
    struct copying *copying = context;
    char path[sizeof UPLOAD_ATTACHMENTS + FOLDER_HASH_ROOM];
    struct backup_attachment copied = {.bytes = 0};
    (void)snprintf(path, sizeof path, UPLOAD_ATTACHMENTS "/%s", name);
    if (!has_file(copying->from, path)) {
        return failure_set(failure, "the backup is damaged: %s is missing", path);
    }
    if (!copy_file(copying->from, copying->folder, path, copied.hash, &copied.bytes, failure)) {
        return false;
    }
    if (strcmp(copied.hash, name) != 0) {
        return failure_set(failure, "%s/%s is damaged: its SHA-256 is another than its name", copying->from, path);
    }
    if (copying->list != NULL) {
        buffer_append(copying->list, &copied, sizeof copied);
        return !copying->list->failed || refuse_memory(failure);
    }
    return true;
}

/* After the log: a file is on the disk before the log says that it is there. */
static bool back_attachments_up(const char *data, const struct folder *folder, struct buffer *attachments,
                                struct failure *failure) {
    struct copying copying = {data, folder, attachments};
    return folder_make_hashed(folder, failure) &&
           folder_list_hashed(data, UPLOAD_ATTACHMENTS, copy_attachment, &copying, failure);
}

static bool restore_attachments(const char *from, const struct folder *folder, const struct buffer *attachments,
                                struct failure *failure) {
    struct copying copying = {from, folder, NULL};
    bool done = folder_make_hashed(folder, failure);
    for (size_t i = 0; i < attachment_count(attachments) && done; i++) {
        done = copy_attachment(&copying, attachment_at(attachments, i)->hash, failure);
    }
    return done;
}

static bool restore_files(const char *from, const struct folder *folder, const struct backup *backup,
                          struct failure *failure) {
    for (size_t i = 0; i < BACKUP_FILES; i++) {
        char hash[FOLDER_HASH_ROOM];
        int64_t bytes = 0;
        if (!backup->files[i].is_there) {
            continue;
        }
        if (!has_file(from, file_names[i])) {
            return failure_set(failure, "the backup is damaged: %s is missing", file_names[i]);
        }
        if (!copy_file(from, folder, file_names[i], hash, &bytes, failure)) {
            return false;
        }
        if (bytes != backup->files[i].bytes || strcmp(hash, backup->files[i].hash) != 0) {
            return failure_set(failure, "%s of the backup is damaged: its SHA-256 is not that of " MANIFEST,
                               file_names[i]);
        }
    }
    return true;
}

/* ---- exercises -------------------------------------------------------------------------------------------- */

static struct buffer join_exercise(const char *directory, uint32_t number) {
    struct buffer path = {0};
    buffer_print(&path, "%s/" EXERCISES "/%" PRIu32, directory, number);
    return path;
}

/* What went wrong, and in which exercise. */
static bool blame(uint32_t number, const struct failure *inner, struct failure *failure) {
    return failure_set(failure, "exercise %" PRIu32 ": %s", number, inner->message);
}

static bool back_exercise_up(const char *data, const struct folder *branch, struct backup_exercise *exercise,
                             struct failure *failure) {
    return back_log_up(data, branch, &exercise->head, failure) &&
           back_attachments_up(data, branch, &exercise->attachments, failure);
}

struct backing {
    const char *data;
    const struct folder *folder;
    struct backup *backup;
};

static bool keep_exercise(const struct backing *backing, struct backup_exercise *exercise, struct failure *failure) {
    buffer_append(&backing->backup->exercises, exercise, sizeof *exercise);
    if (backing->backup->exercises.failed) {
        buffer_release(&exercise->attachments);
        return refuse_memory(failure);
    }
    return true;
}

/* A folder_take_number. One whose log is not there is just being begun, or put away; its log goes first, and so one that is put away
 * while it is copied is left out as well. */
static bool take_exercise(void *context, uint32_t number, struct failure *failure) {
    struct backing *backing = context;
    struct folder branch;
    struct failure inner = {0};
    struct backup_exercise exercise = {.number = number};
    struct buffer data = join_exercise(backing->data, number);
    bool is_there = !data.failed && has_file(data.bytes, "log.db");
    bool done = !data.failed || refuse_memory(&inner);
    if (is_there) {
        done = folder_make_branch(backing->folder, number, &branch, &inner);
        done = folder_leave_branch(&branch, done && back_exercise_up(data.bytes, &branch, &exercise, &inner), &inner);
        is_there = has_file(data.bytes, "log.db");
        if (is_there) {
            done = keep_exercise(backing, &exercise, &inner) && done;
        } else {
            buffer_release(&exercise.attachments);
            folder_drop_branch(backing->folder, number);
            done = true;
        }
    }
    buffer_release(&data);
    return done || blame(number, &inner, failure);
}

/* After the real log: what that says of an exercise's end is in the exercise's own. */
static bool back_exercises_up(const char *data, const struct folder *folder, struct backup *backup,
                              struct failure *failure) {
    struct backing backing = {data, folder, backup};
    return folder_list_branches(data, EXERCISES, take_exercise, &backing, failure);
}

static bool restore_exercise(const char *from, const struct folder *folder, const struct backup_exercise *exercise,
                             struct failure *failure) {
    struct folder branch;
    struct failure inner = {0};
    struct buffer own = join_exercise(from, exercise->number);
    bool done = !own.failed ? folder_make_branch(folder, exercise->number, &branch, &inner) : refuse_memory(&inner);
    done = !own.failed &&
           folder_leave_branch(&branch,
                               done && restore_attachments(own.bytes, &branch, &exercise->attachments, &inner) &&
                                   restore_log(own.bytes, &branch, &exercise->head, &inner),
                               &inner);
    buffer_release(&own);
    return done || blame(exercise->number, &inner, failure);
}

static bool restore_exercises(const char *from, const struct folder *folder, const struct backup *backup,
                              struct failure *failure) {
    bool done = true;
    for (size_t i = 0; i < exercise_count(backup) && done; i++) {
        done = restore_exercise(from, folder, exercise_at(backup, i), failure);
    }
    return done;
}

/* ---- both ways -------------------------------------------------------------------------------------------- */

/* The log first: whatever it says of an account is in accounts.db too. The other way round a backup could know of an
 * account that nobody can sign in with. */
bool backup_make(const char *data, const char *to, int64_t now, struct backup *backup, struct failure *failure) {
    struct folder folder;
    *backup = (struct backup){.made_at = now};
    bool done = folder_begin(&folder, to, false, &shape, failure) &&
                back_log_up(data, &folder, &backup->head, failure) && back_files_up(data, &folder, backup, failure) &&
                back_attachments_up(data, &folder, &backup->attachments, failure) &&
                back_exercises_up(data, &folder, backup, failure) && write_manifest(&folder, backup, failure) &&
                folder_finish(&folder, failure);
    folder_end(&folder);
    return done;
}

bool backup_restore(const char *from, const char *data, struct backup *backup, struct failure *failure) {
    struct folder folder;
    if (!read_manifest(from, backup, failure)) {
        return false;
    }
    bool done = folder_begin(&folder, data, true, &shape, failure) && restore_files(from, &folder, backup, failure) &&
                restore_attachments(from, &folder, &backup->attachments, failure) &&
                restore_log(from, &folder, &backup->head, failure) &&
                restore_exercises(from, &folder, backup, failure) &&
                (!backup->files[BACKUP_ACCOUNTS].is_there ||
                 account_settle(folder.partial.bytes, backup->head.sequence, failure)) &&
                folder_finish(&folder, failure);
    folder_end(&folder);
    return done;
}
