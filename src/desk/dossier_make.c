/* Making a record: its part of the log is copied beside, all else is made from that copy. */
#include "desk/dossier_part.h"

#include "desk/folder.h"
#include "desk/personal.h"
#include "desk/upload.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRIES_MOST 8 /* a log to which something of the incident comes meanwhile is copied anew */

struct making {
    const struct dossier_order *order;
    struct dossier *made;
    struct failure *failure;
    struct buffer scratch;   /* a folder */
    struct buffer sequences; /* the incident's own */
    struct archive_maker *maker;
};

/* ---- the log ---------------------------------------------------------------------------------------------- */

static bool withhold(void *context, const struct store_record *record) {
    const struct making *making = context;
    return !dossier_has_event(&making->sequences, record->sequence);
}

static bool mask(void *context, const struct store_record *record, const struct store_field *field) {
    (void)context;
    return personal_is_field(record, field, DOSSIER_FORMAT);
}

static void remove_copy(const struct making *making) {
    struct buffer path = {0};
    buffer_print(&path, "%s/" DOSSIER_LOG, making->scratch.bytes);
    if (!path.failed) {
        (void)unlink(path.bytes);
    }
    buffer_release(&path);
}

/* *is_same: nothing has come meanwhile that belongs into it. */
static bool copy_once(struct making *making, struct store *store, bool *is_same) {
    struct buffer now = {0};
    int64_t count = 0;
    const struct store_copy_rules rules = {
        .mask = making->order->masked ? mask : NULL, .withhold = withhold, .context = making};
    bool done = dossier_pick(store, making->order->incident, &making->sequences, making->failure) &&
                store_copy(store, making->scratch.bytes, &rules, &count, making->failure) &&
                dossier_pick(store, making->order->incident, &now, making->failure);
    *is_same = done && now.length == making->sequences.length &&
               (now.length == 0 || memcmp(now.bytes, making->sequences.bytes, now.length) == 0);
    buffer_release(&now);
    return done;
}

static bool copy_log(struct making *making, struct store *store) {
    bool is_same = false;
    if (store_is_copy(store)) {
        return failure_say(making->failure,
                           "this log is a copy that may hide something; a record is made of the original",
                           "这份日志是可能隐去内容的副本；案卷须由原始日志导出");
    }
    for (int i = 0; i < TRIES_MOST; i++) {
        remove_copy(making);
        if (!copy_once(making, store, &is_same)) {
            return false;
        }
        if (is_same) {
            return true;
        }
    }
    return failure_say(making->failure, "so much is being logged of this incident that no record can be made just now",
                       "这一事件的记录正在快速增加，现在无法导出案卷，请稍后再试");
}

struct glance {
    uint32_t incident;
    bool is_found;
};

/* Plans put in force are in every record, and do not tell that there is such an incident. */
static bool check_incident(void *context, const struct store_record *record) {
    struct glance *glance = context;
    char number[16];
    (void)snprintf(number, sizeof number, "%" PRIu32, glance->incident);
    for (size_t i = 0; i < record->count; i++) {
        glance->is_found = glance->is_found || (text_equals_string(record->fields[i].name, "incident") &&
                                                text_equals_string(record->fields[i].value, number));
    }
    return !glance->is_found;
}

/* ---- the other files -------------------------------------------------------------------------------------- */

/* A dossier_take_sheet. */
static bool take_sheet(void *context, const char *name, const struct buffer *pdf, struct failure *failure) {
    struct making *making = context;
    struct dossier_file file = {.bytes = (int64_t)pdf->length};
    dossier_hash(pdf, file.hash);
    (void)snprintf(file.name, sizeof file.name, "%s", name);
    buffer_append(&making->made->sheets, &file, sizeof file);
    return archive_add_content(making->maker, name, pdf, failure);
}

/* Whether what stands at a path is the file; why it is absent else. One that cannot be read is as good as damaged: what can be
 * told of the incident is told without it. */
static bool is_whole(const char *path, struct dossier_file *file) {
    char hash[FOLDER_HASH_ROOM] = "";
    int64_t bytes = 0;
    struct failure ignored = {0};
    file->absence = access(path, F_OK) == 0 ? DOSSIER_DAMAGED : DOSSIER_MISSING;
    if (file->absence == DOSSIER_MISSING || !folder_hash_file(path, hash, &bytes, &ignored) ||
        strcmp(hash, file->hash) != 0) {
        return false;
    }
    file->bytes = bytes;
    return true;
}

/* A file that is not on the disk any more, or not what its name says, is said to be absent: it would not verify, and is no
 * reason to have no record at all. What people have sent may show anybody: a masked record goes without. */
static bool add_attachments(struct making *making) {
    bool done = true;
    for (size_t i = 0; done && !making->order->masked && i < dossier_file_count(&making->made->files); i++) {
        struct dossier_file *file = dossier_file_at(&making->made->files, i);
        struct buffer path = {0};
        buffer_print(&path, "%s/%s", making->order->data, file->name);
        done = !path.failed || failure_say(making->failure, "memory is exhausted", "内存不足");
        if (done && is_whole(path.bytes, file)) {
            done = archive_add_file(making->maker, file->name, path.bytes, making->failure);
        }
        buffer_release(&path);
    }
    return done;
}

static bool add_manifest(struct making *making) {
    struct buffer content = {0};
    json_t *json = dossier_describe(making->made);
    char *text = json == NULL ? NULL : json_dumps(json, JSON_INDENT(1));
    buffer_append_string(&content, text == NULL ? "" : text);
    buffer_append_string(&content, "\n");
    bool done = text != NULL ? archive_add_content(making->maker, DOSSIER_MANIFEST, &content, making->failure)
                             : failure_say(making->failure, "memory is exhausted", "内存不足");
    free(text);
    json_decref(json);
    buffer_release(&content);
    return done;
}

/* A file of the scratch folder. */
static bool add_scratch(struct making *making, const char *name) {
    struct buffer path = {0};
    buffer_print(&path, "%s/%s", making->scratch.bytes, name);
    bool done = path.failed ? failure_say(making->failure, "memory is exhausted", "内存不足")
                            : archive_add_file(making->maker, name, path.bytes, making->failure);
    buffer_release(&path);
    return done;
}

/* An archive_take. */
static bool take_line(void *context, const char *bytes, size_t length) {
    return fwrite(bytes, 1, length, context) == length;
}

/* The log as lines, or its timeline as a text. */
static bool add_written(struct making *making, struct store *copy, const char *name) {
    struct buffer path = {0};
    struct failure inner = {0};
    buffer_print(&path, "%s/%s", making->scratch.bytes, name);
    FILE *file = path.failed ? NULL : fopen(path.bytes, "wbe");
    bool done = file != NULL && (strcmp(name, DOSSIER_LINES) == 0
                                     ? dossier_write_lines(copy, take_line, file, &inner)
                                     : dossier_write_timeline(copy, making->made, take_line, file, &inner));
    done = (file == NULL || fclose(file) == 0) && done;
    buffer_release(&path);
    return done ? add_scratch(making, name)
                : failure_say(making->failure, "the log cannot be written as a text: %s", "日志无法写成文本：%s",
                              inner.set ? inner.message : making->scratch.bytes);
}

static bool fill(struct making *making, struct store *copy) {
    struct glance glance = {.incident = making->order->incident};
    if (!store_read(copy, 1, false, check_incident, &glance, making->failure)) {
        return false;
    }
    if (!glance.is_found && !making->order->is_known) {
        return failure_say(making->failure, "no event is about an incident %" PRIu32, "没有第 %" PRIu32 " 号事件的记录",
                           making->order->incident);
    }
    making->maker = archive_begin(making->order->out, making->failure);
    bool done = making->maker != NULL && dossier_read_log(copy, making->made, making->failure) &&
                add_scratch(making, DOSSIER_LOG) && add_written(making, copy, DOSSIER_LINES) &&
                add_written(making, copy, DOSSIER_TEXT) &&
                dossier_set_timeline(copy, making->made, making->order->fonts, take_sheet, making,
                                     &making->made->setting, making->failure) &&
                add_attachments(making) && add_manifest(making);
    if (done) {
        return archive_finish(making->maker, making->failure) &&
               (chmod(making->order->out, 0600) == 0 ||
                failure_say(making->failure, "%s cannot be kept from others", "%s 无法设置权限", making->order->out));
    }
    archive_abandon(making->maker);
    return false;
}

static bool make(struct making *making, struct store *store) {
    const struct store_options options = {.read_only = true};
    struct store *copy = copy_log(making, store) ? store_open(making->scratch.bytes, &options, making->failure) : NULL;
    bool done = copy != NULL && fill(making, copy);
    store_close(copy);
    return done;
}

bool dossier_make(const struct dossier_order *order, struct dossier *made, struct failure *failure) {
    const struct store_options options = {.read_only = true};
    struct making making = {.order = order, .made = made, .failure = failure};
    made->format = DOSSIER_FORMAT;
    made->incident = order->incident;
    made->masked = order->masked;
    dossier_name_program(made->program);
    if (access(order->out, F_OK) == 0) {
        return failure_say(failure, "%s is there already; nothing is ever overwritten", "%s 已经存在，不会覆盖",
                           order->out);
    }
    struct store *store = store_open(order->data, &options, failure);
    bool done = store != NULL && dossier_make_scratch(&making.scratch, failure) && make(&making, store);
    store_close(store);
    dossier_remove_scratch(&making.scratch);
    buffer_release(&making.sequences);
    return done;
}

bool dossier_open(const struct dossier_order *order, struct dossier *made, int *file, int64_t *bytes,
                  struct failure *failure) {
    struct buffer scratch = {0};
    struct buffer path = {0};
    struct dossier_order inner = *order;
    struct stat status = {0};
    *file = -1;
    if (!dossier_make_scratch(&scratch, failure)) {
        return false;
    }
    buffer_print(&path, "%s/" DOSSIER_ZIP, scratch.bytes);
    inner.out = path.bytes;
    bool done = !path.failed && dossier_make(&inner, made, failure);
    if (done) {
        *file = open(path.bytes, O_RDONLY | O_CLOEXEC);
        done = *file >= 0 && fstat(*file, &status) == 0;
        *bytes = (int64_t)status.st_size;
    }
    if (!done && *file >= 0) {
        (void)close(*file);
        *file = -1;
    }
    dossier_remove_scratch(&scratch);
    buffer_release(&path);
    return done || failure_say(failure, "the record cannot be kept on the disk", "案卷无法写入磁盘");
}
