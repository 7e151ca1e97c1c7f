#include "desk/upload.h"

#include "base/buffer.h"
#include "desk/folder.h"
#include "desk/form.h"
#include "desk/kind.h"
#include "store/digest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define OWNER_DIGITS 16U /* of an id: the same in all of an account's */
#define ABOUT_BYTES_MOST ((size_t)8192)

static enum upload_result fail(struct failure *failure, int cause, const char *path) {
    char why[128] = "";
    if (strerror_r(cause, why, sizeof why) != 0) {
        (void)snprintf(why, sizeof why, "error %d", cause);
    }
    if (cause == ENOSPC || cause == EDQUOT || cause == EFBIG) {
        (void)failure_say(failure, "the server's disk has no room for this file now",
                          "服务器磁盘空间不足，暂时放不下这个文件");
        return UPLOAD_NO_ROOM;
    }
    (void)failure_say(failure, "%s cannot be read or written: %s", "%s 无法读写：%s", path, why);
    return UPLOAD_FAILED;
}

static enum upload_result refuse_memory(struct failure *failure) {
    (void)failure_say(failure, "memory is exhausted", "内存不足");
    return UPLOAD_FAILED;
}

static struct buffer name_file(const char *directory, const char *id, const char *ending) {
    struct buffer path = {0};
    buffer_print(&path, "%s/" UPLOAD_UPLOADS "/%s%s", directory, id, ending);
    return path;
}

static bool make_folder(const char *directory, const char *name, struct failure *failure) {
    struct buffer path = {0};
    buffer_print(&path, "%s/%s", directory, name);
    bool done = !path.failed && (mkdir(path.bytes, 0700) == 0 || errno == EEXIST);
    if (!done) {
        (void)fail(failure, path.failed ? ENOMEM : errno, path.failed ? name : path.bytes);
    }
    buffer_release(&path);
    return done;
}

bool upload_prepare(const char *directory, struct failure *failure) {
    return make_folder(directory, UPLOAD_UPLOADS, failure) && make_folder(directory, UPLOAD_ATTACHMENTS, failure);
}

static bool is_hex(struct text text, size_t length) {
    bool is_good = text.length == length;
    for (size_t i = 0; i < length && is_good; i++) {
        is_good = (text.bytes[i] >= '0' && text.bytes[i] <= '9') || (text.bytes[i] >= 'a' && text.bytes[i] <= 'f');
    }
    return is_good;
}

bool upload_is_hash(struct text text) {
    return is_hex(text, UPLOAD_HASH_ROOM - 1);
}

/* ---- names ------------------------------------------------------------------------------------------------- */

static void hash_into(char *hex, size_t digits, struct text one, struct text other) {
    unsigned char digest[32];
    char all[2 * sizeof digest + 1];
    static const unsigned char between[] = {0};
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, NULL, 0, sizeof digest);
    (void)crypto_generichash_update(&state, (const unsigned char *)one.bytes, one.length);
    (void)crypto_generichash_update(&state, between, sizeof between);
    (void)crypto_generichash_update(&state, (const unsigned char *)other.bytes, other.length);
    (void)crypto_generichash_final(&state, digest, sizeof digest);
    (void)sodium_bin2hex(all, sizeof all, digest, sizeof digest);
    memcpy(hex, all, digits);
    hex[digits] = '\0';
}

/* Whose it is can be seen from its id alone, so that counting an account's opens no files. */
static void make_id(struct text account, struct text key, char id[UPLOAD_ID_ROOM]) {
    hash_into(id, OWNER_DIGITS, account, (struct text){0});
    hash_into(id + OWNER_DIGITS, UPLOAD_ID_ROOM - 1 - OWNER_DIGITS, account, key);
}

/* Control characters, and those that turn the direction of writing and so make a name look like another. */
static bool is_hidden(const char *at, size_t left) {
    unsigned char first = (unsigned char)at[0];
    if (first < 0x20 || first == 0x7f) {
        return true;
    }
    if (left >= 2 && first == 0xc2 && (unsigned char)at[1] < 0xa0) {
        return true; /* U+0080 to U+009F */
    }
    if (left < 3 || first != 0xe2) {
        return false;
    }
    unsigned char second = (unsigned char)at[1];
    unsigned char third = (unsigned char)at[2];
    return (second == 0x80 && ((third >= 0x8b && third <= 0x8f) || (third >= 0xa8 && third <= 0xae))) ||
           (second == 0x81 && third >= 0xa0 && third <= 0xaf); /* U+200B-200F, U+2028-202E, U+2060-206F */
}

/* What stands behind the last slash, without what is not to be seen, cut at a whole character. */
static void clean_name(struct text given, char name[UPLOAD_NAME_ROOM]) {
    size_t from = 0;
    struct buffer kept = {0};
    for (size_t i = 0; i < given.length; i++) {
        from = given.bytes[i] == '/' || given.bytes[i] == '\\' ? i + 1 : from;
    }
    for (size_t i = from; i < given.length;) {
        size_t length = 1;
        while (i + length < given.length && ((unsigned char)given.bytes[i + length] & 0xc0U) == 0x80) {
            length++;
        }
        if (!is_hidden(given.bytes + i, given.length - i)) {
            buffer_append(&kept, given.bytes + i, length);
        }
        i += length;
    }
    struct text cut = text_trim(text_cut(text_trim(buffer_text(&kept)), UPLOAD_NAME_ROOM - 1));
    bool is_some = cut.length > 0 && !text_equals_string(cut, ".") && !text_equals_string(cut, "..");
    (void)snprintf(name, UPLOAD_NAME_ROOM, "%.*s", TEXT_PRINT(is_some ? cut : TEXT("file")));
    buffer_release(&kept);
}

/* ---- what is written of one -------------------------------------------------------------------------------- */

static enum upload_result write_about(const char *directory, const struct upload *upload, struct failure *failure) {
    struct buffer path = name_file(directory, upload->id, ".json");
    struct buffer fresh = name_file(directory, upload->id, ".new");
    struct buffer content = {0};
    json_t *json = json_pack("{s:s, s:s, s:I, s:s, s:s, s:s}", "account", upload->account, "name", upload->name, "size",
                             (json_int_t)upload->size, "announced", upload->announced, "sha256", upload->hash, "type",
                             upload->type);
    char *text = json == NULL ? NULL : json_dumps(json, JSON_COMPACT);
    buffer_append_string(&content, text == NULL ? "" : text);
    enum upload_result result = UPLOAD_DONE;
    if (text == NULL || content.failed || path.failed || fresh.failed) {
        result = refuse_memory(failure);
    } else {
        struct failure inner = {0};
        errno = 0;
        (void)unlink(fresh.bytes);
        if (!folder_write_file(fresh.bytes, &content, 0600, &inner) || rename(fresh.bytes, path.bytes) != 0) {
            int cause = errno;
            (void)unlink(fresh.bytes);
            result = fail(failure, cause, path.bytes);
        }
    }
    free(text);
    json_decref(json);
    buffer_release(&content);
    buffer_release(&fresh);
    buffer_release(&path);
    return result;
}

static bool copy_field(const json_t *json, const char *field, char *out, size_t room) {
    const char *value = json_string_value(json_object_get(json, field));
    return value != NULL && snprintf(out, room, "%s", value) < (int)room;
}

static bool take_about(const json_t *json, struct upload *upload) {
    upload->size = json_integer_value(json_object_get(json, "size"));
    return copy_field(json, "account", upload->account, sizeof upload->account) &&
           copy_field(json, "name", upload->name, sizeof upload->name) &&
           copy_field(json, "announced", upload->announced, sizeof upload->announced) &&
           copy_field(json, "sha256", upload->hash, sizeof upload->hash) &&
           copy_field(json, "type", upload->type, sizeof upload->type) && upload->size > 0;
}

/* False where there is none, or what is written of it cannot be read. */
static bool read_about(const char *directory, const char *id, struct upload *upload) {
    struct buffer path = name_file(directory, id, ".json");
    struct buffer content = {0};
    struct failure ignored = {0};
    *upload = (struct upload){0};
    (void)snprintf(upload->id, sizeof upload->id, "%s", id);
    bool done = !path.failed && buffer_read_file(&content, path.bytes, ABOUT_BYTES_MOST, &ignored);
    json_t *json = done ? json_loadb(content.bytes == NULL ? "" : content.bytes, content.length, 0, NULL) : NULL;
    done = json != NULL && take_about(json, upload);
    json_decref(json);
    buffer_release(&content);
    buffer_release(&path);
    return done;
}

static void find_offset(const char *directory, struct upload *upload) {
    struct buffer path = name_file(directory, upload->id, ".part");
    struct stat status;
    upload->offset = upload->hash[0] != '\0' ? upload->size : 0;
    if (upload->hash[0] == '\0' && !path.failed && stat(path.bytes, &status) == 0) {
        upload->offset = (int64_t)status.st_size;
    }
    buffer_release(&path);
}

/* ---- room -------------------------------------------------------------------------------------------------- */

static bool is_room(const struct statvfs *status, int64_t bytes) {
    return (int64_t)status->f_bavail > (bytes + UPLOAD_ROOM_LEFT) / (int64_t)status->f_frsize;
}

static bool has_room(const char *directory, int64_t bytes) {
    struct statvfs status;
    return statvfs(directory, &status) != 0 || is_room(&status, bytes); /* writing will tell */
}

static enum upload_result check_room(const char *directory, int64_t bytes, struct failure *failure) {
    return has_room(directory, bytes) ? UPLOAD_DONE : fail(failure, ENOSPC, directory);
}

/* Calls `look` with the name of each file under uploads/. */
static void list_uploads(const char *directory, void (*look)(void *context, const char *name), void *context) {
    struct buffer path = {0};
    struct dirent **entries = NULL;
    buffer_print(&path, "%s/" UPLOAD_UPLOADS, directory);
    int count = path.failed ? -1 : scandir(path.bytes, &entries, NULL, NULL);
    for (int i = 0; i < count; i++) {
        look(context, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    buffer_release(&path);
}

struct counting {
    const char *id; /* of one of the account's */
    size_t count;
};

static void count_part(void *context, const char *name) {
    struct counting *counting = context;
    counting->count += strlen(name) == UPLOAD_ID_ROOM - 1 + strlen(".part") &&
                       strncmp(name, counting->id, OWNER_DIGITS) == 0 &&
                       strcmp(name + UPLOAD_ID_ROOM - 1, ".part") == 0;
}

static size_t count_unfinished(const char *directory, const char *id) {
    struct counting counting = {.id = id};
    list_uploads(directory, count_part, &counting);
    return counting.count;
}

/* ---- beginning --------------------------------------------------------------------------------------------- */

static enum upload_result check_new(int64_t size, struct text announced, struct failure *failure) {
    if (size > UPLOAD_BYTES_MOST) {
        (void)failure_say_field(failure, "bytes", "a file may have at most 50 MB (%" PRId64 " bytes)",
                                "文件不能超过 50 MB（%" PRId64 " 字节）", UPLOAD_BYTES_MOST);
        return UPLOAD_TOO_LONG;
    }
    if (size < 1) {
        (void)failure_say_field(failure, "bytes", "must be the file's length in bytes; an empty file proves nothing",
                                "须为文件的字节数；空文件不能作凭据");
        return UPLOAD_INVALID;
    }
    if (announced.length > 0 && !upload_is_hash(announced)) {
        (void)failure_say_field(failure, "sha256", "must be 64 digits of a SHA-256 in lower case",
                                "须为 64 位小写十六进制的 SHA-256");
        return UPLOAD_INVALID;
    }
    return UPLOAD_DONE;
}

static enum upload_result make_part(const char *directory, const struct upload *upload, struct failure *failure) {
    struct buffer path = name_file(directory, upload->id, ".part");
    int file = path.failed ? -1 : open(path.bytes, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    enum upload_result result = file >= 0 ? UPLOAD_DONE : fail(failure, path.failed ? ENOMEM : errno, "uploads");
    if (file >= 0) {
        (void)close(file);
    }
    buffer_release(&path);
    return result;
}

static enum upload_result refuse_taken(struct failure *failure) {
    (void)form_refuse_used_key(failure);
    return UPLOAD_TAKEN;
}

enum upload_result upload_begin(const char *directory, struct text account, struct text key, struct text name,
                                int64_t size, struct text announced, struct upload *upload, struct failure *failure) {
    char id[UPLOAD_ID_ROOM];
    char cleaned[UPLOAD_NAME_ROOM];
    make_id(account, key, id);
    clean_name(name, cleaned);
    enum upload_result result = check_new(size, announced, failure);
    if (result != UPLOAD_DONE) {
        return result;
    }
    if (read_about(directory, id, upload)) {
        find_offset(directory, upload);
        bool is_same = upload->size == size && strcmp(upload->name, cleaned) == 0 &&
                       text_equals_string(announced, upload->announced);
        return is_same ? UPLOAD_DONE : refuse_taken(failure);
    }
    if (count_unfinished(directory, id) >= UPLOAD_UNFINISHED_MOST) {
        (void)failure_say(failure, "%d files of this account are on their way already; finish or cancel some first",
                          "这个账号已有 %d 个文件没有传完，请先传完或取消", UPLOAD_UNFINISHED_MOST);
        return UPLOAD_TOO_MANY;
    }
    result = check_room(directory, size, failure);
    *upload = (struct upload){.size = size};
    memcpy(upload->id, id, sizeof id);
    (void)snprintf(upload->account, sizeof upload->account, "%.*s", TEXT_PRINT(account));
    (void)snprintf(upload->announced, sizeof upload->announced, "%.*s", TEXT_PRINT(announced));
    memcpy(upload->name, cleaned, sizeof cleaned);
    result = result == UPLOAD_DONE ? make_part(directory, upload, failure) : result;
    return result == UPLOAD_DONE ? write_about(directory, upload, failure) : result;
}

static enum upload_result refuse_unknown(struct failure *failure) {
    (void)failure_say(failure, "you have no file of this number on its way; begin anew",
                      "没有这个正在上传的文件，请重新上传");
    return UPLOAD_NONE;
}

enum upload_result upload_find(const char *directory, struct text account, struct text id, struct upload *upload,
                               struct failure *failure) {
    char name[UPLOAD_ID_ROOM];
    if (!is_hex(id, UPLOAD_ID_ROOM - 1)) {
        return refuse_unknown(failure);
    }
    (void)snprintf(name, sizeof name, "%.*s", TEXT_PRINT(id));
    if (!read_about(directory, name, upload) || !text_equals_string(account, upload->account)) {
        return refuse_unknown(failure);
    }
    find_offset(directory, upload);
    return UPLOAD_DONE;
}

/* ---- what arrives ------------------------------------------------------------------------------------------ */

static enum upload_result refuse_offset(int64_t offset, struct failure *failure) {
    (void)failure_say_field(failure, "Upload-Offset", "%" PRId64 " bytes have arrived; go on from there",
                            "已收到 %" PRId64 " 字节，请从那里继续", offset);
    return UPLOAD_MISPLACED;
}

enum upload_result upload_open(const char *directory, const struct upload *upload, int64_t offset, int *file,
                               struct failure *failure) {
    *file = -1;
    if (offset != upload->offset) {
        return refuse_offset(upload->offset, failure);
    }
    if (upload->hash[0] != '\0' || offset == upload->size) {
        return UPLOAD_DONE; /* all is there, and may be taken in already but for what is written of it */
    }
    enum upload_result result = check_room(directory, upload->size - offset, failure);
    struct buffer path = name_file(directory, upload->id, ".part");
    if (result == UPLOAD_DONE) {
        *file = path.failed ? -1 : open(path.bytes, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
        result = *file >= 0 ? UPLOAD_DONE : fail(failure, path.failed ? ENOMEM : errno, "uploads");
    }
    buffer_release(&path);
    return result;
}

enum upload_result upload_add(const struct upload *upload, int file, int64_t *offset, const char *bytes, size_t length,
                              struct failure *failure) {
    struct stat status;
    struct statvfs volume;
    if (file < 0 || (int64_t)length > upload->size - *offset) {
        (void)failure_say(failure, "more arrives than the %" PRId64 " bytes that were announced",
                          "收到的比申报的 %" PRId64 " 字节多", upload->size);
        return UPLOAD_TOO_LONG;
    }
    if (fstat(file, &status) != 0) {
        return fail(failure, errno, "uploads");
    }
    if ((int64_t)status.st_size != *offset) {
        return refuse_offset((int64_t)status.st_size, failure);
    }
    /* Asked of each piece: others may be sending at the same time, and the log's room is not for files. */
    if (fstatvfs(file, &volume) == 0 && !is_room(&volume, (int64_t)length)) {
        return fail(failure, ENOSPC, "uploads");
    }
    while (length > 0) {
        ssize_t count = pwrite(file, bytes, length, (off_t)*offset);
        if (count < 0 && errno != EINTR) {
            return fail(failure, errno, "uploads");
        }
        size_t done = count > 0 ? (size_t)count : 0;
        bytes += done;
        length -= done;
        *offset += (int64_t)done;
    }
    return UPLOAD_DONE;
}

/* ---- taking it in ------------------------------------------------------------------------------------------ */

static enum upload_result sync_path(const char *path, int flags, struct failure *failure) {
    int file = open(path, flags | O_CLOEXEC);
    bool done = file >= 0 && fsync(file) == 0;
    int cause = errno;
    if (file >= 0) {
        (void)close(file);
    }
    return done ? UPLOAD_DONE : fail(failure, cause, path);
}

/* Looks at what has arrived: its hash and what it is. */
static enum upload_result examine(const char *path, struct kind_finder *finder, struct upload *upload,
                                  struct failure *failure) {
    char hash[FOLDER_HASH_ROOM];
    int64_t bytes = 0;
    struct failure inner = {0};
    if (!folder_hash_file(path, hash, &bytes, &inner) ||
        !kind_find(finder, path, upload->type, sizeof upload->type, failure)) {
        (void)failure_say(failure, "%s", "%s", inner.message);
        return UPLOAD_FAILED;
    }
    if (bytes != upload->size || (upload->announced[0] != '\0' && strcmp(hash, upload->announced) != 0)) {
        (void)failure_say_field(failure, "sha256", "what has arrived is not what was announced; send it anew",
                                "收到的内容与申报的不一致，请重新上传");
        return UPLOAD_UNFIT;
    }
    if (!kind_is_taken(upload->type)) {
        (void)failure_say_field(failure, "type",
                                "this is %s by its content, which is not taken: pictures, PDF, office documents, plain "
                                "text, sound and film are",
                                "按内容看这是 %s，不能作附件：可以是图片、PDF、办公文档、纯文本、音频、视频",
                                upload->type);
        return UPLOAD_UNFIT;
    }
    memcpy(upload->hash, hash, sizeof hash);
    return UPLOAD_DONE;
}

/* Gives a file its name, durably: first what is in it, then the name. */
static enum upload_result give_name(const char *directory, const char *part, const char *hash,
                                    struct failure *failure) {
    struct buffer folder = {0};
    struct buffer path = {0};
    buffer_print(&folder, "%s/" UPLOAD_ATTACHMENTS, directory);
    buffer_print(&path, "%s/" UPLOAD_ATTACHMENTS "/%s", directory, hash);
    enum upload_result result = UPLOAD_DONE;
    if (folder.failed || path.failed) {
        result = refuse_memory(failure);
    }
    result = result == UPLOAD_DONE ? sync_path(part, O_RDONLY, failure) : result;
    if (result == UPLOAD_DONE && (chmod(part, 0400) != 0 || link(part, path.bytes) != 0) && errno != EEXIST) {
        result = fail(failure, errno, path.bytes);
    }
    result = result == UPLOAD_DONE ? sync_path(folder.bytes, O_RDONLY | O_DIRECTORY, failure) : result;
    buffer_release(&folder);
    buffer_release(&path);
    return result;
}

/* The same, and then what is written of it. */
static enum upload_result settle(const char *directory, const char *part, struct upload *upload,
                                 struct failure *failure) {
    enum upload_result result = give_name(directory, part, upload->hash, failure);
    result = result == UPLOAD_DONE ? write_about(directory, upload, failure) : result;
    if (result == UPLOAD_DONE) {
        (void)unlink(part);
    }
    return result;
}

/* Whether what is to be kept is there already, under its name; that this is on the disk is made sure of. */
static bool has_attachment(const char *directory, const char *hash, enum upload_result *result,
                           struct failure *failure) {
    struct buffer folder = {0};
    struct buffer path = {0};
    buffer_print(&folder, "%s/" UPLOAD_ATTACHMENTS, directory);
    buffer_print(&path, "%s/" UPLOAD_ATTACHMENTS "/%s", directory, hash);
    bool is_there = !folder.failed && !path.failed && access(path.bytes, F_OK) == 0;
    if (is_there) {
        *result = sync_path(folder.bytes, O_RDONLY | O_DIRECTORY, failure);
    }
    buffer_release(&folder);
    buffer_release(&path);
    return is_there;
}

/* Under a name that nobody else takes: the same may be kept by others at this moment. */
static enum upload_result write_and_name(const char *directory, const struct buffer *content, const char *hash,
                                         struct failure *failure) {
    unsigned char bytes[(UPLOAD_ID_ROOM - 1) / 2];
    char id[UPLOAD_ID_ROOM];
    struct failure inner = {0};
    randombytes_buf(bytes, sizeof bytes);
    (void)sodium_bin2hex(id, sizeof id, bytes, sizeof bytes);
    struct buffer part = name_file(directory, id, ".part");
    if (part.failed) {
        buffer_release(&part);
        return refuse_memory(failure);
    }
    enum upload_result result = folder_write_file(part.bytes, content, 0600, &inner)
                                    ? give_name(directory, part.bytes, hash, failure)
                                    : fail(failure, errno, part.bytes);
    (void)unlink(part.bytes);
    buffer_release(&part);
    return result;
}

enum upload_result upload_keep(const char *directory, const struct buffer *content, char hash[UPLOAD_HASH_ROOM],
                               struct failure *failure) {
    uint8_t digest[STORE_HASH_BYTES];
    enum upload_result result = UPLOAD_DONE;
    digest_make((const uint8_t *)content->bytes, content->length, digest);
    (void)sodium_bin2hex(hash, UPLOAD_HASH_ROOM, digest, sizeof digest);
    if (has_attachment(directory, hash, &result, failure)) {
        return result;
    }
    result = check_room(directory, (int64_t)content->length, failure);
    return result == UPLOAD_DONE ? write_and_name(directory, content, hash, failure) : result;
}

enum upload_result upload_finish(const char *directory, struct kind_finder *finder, struct upload *upload,
                                 struct failure *failure) {
    char id[UPLOAD_ID_ROOM];
    memcpy(id, upload->id, sizeof id);
    if (!read_about(directory, id, upload)) {
        return refuse_unknown(failure);
    }
    find_offset(directory, upload);
    if (upload->hash[0] != '\0') {
        return UPLOAD_DONE;
    }
    if (upload->offset != upload->size) {
        return refuse_offset(upload->offset, failure);
    }
    struct buffer part = name_file(directory, upload->id, ".part");
    enum upload_result result = part.failed ? refuse_memory(failure) : examine(part.bytes, finder, upload, failure);
    if (result == UPLOAD_UNFIT) {
        (void)upload_drop(directory, upload, NULL);
    }
    result = result == UPLOAD_DONE ? settle(directory, part.bytes, upload, failure) : result;
    buffer_release(&part);
    return result;
}

/* ---- clearing away ----------------------------------------------------------------------------------------- */

enum upload_result upload_drop(const char *directory, const struct upload *upload, struct failure *failure) {
    static const char *const endings[] = {".part", ".new", ".json"};
    enum upload_result result = UPLOAD_DONE;
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        struct buffer path = name_file(directory, upload->id, endings[i]);
        if (path.failed || (unlink(path.bytes) != 0 && errno != ENOENT)) {
            result = fail(failure, path.failed ? ENOMEM : errno, "uploads");
        }
        buffer_release(&path);
    }
    return result;
}

static bool is_old(const char *directory, const char *id, const char *ending, int64_t now) {
    struct buffer path = name_file(directory, id, ending);
    struct stat status;
    bool is_there = !path.failed && stat(path.bytes, &status) == 0;
    buffer_release(&path);
    return !is_there || now - (int64_t)status.st_mtim.tv_sec * 1000000 > UPLOAD_AGE_US;
}

struct clearing {
    const char *directory;
    int64_t now;
};

static void clear_one(void *context, const char *name) {
    const struct clearing *clearing = context;
    struct upload upload = {0};
    struct text id = text_of(name);
    id.length = id.length < UPLOAD_ID_ROOM - 1 ? id.length : UPLOAD_ID_ROOM - 1;
    (void)snprintf(upload.id, sizeof upload.id, "%.*s", TEXT_PRINT(id));
    if (is_hex(id, UPLOAD_ID_ROOM - 1) && is_old(clearing->directory, upload.id, ".part", clearing->now) &&
        is_old(clearing->directory, upload.id, ".json", clearing->now)) {
        (void)upload_drop(clearing->directory, &upload, NULL);
    }
}

static void clear(const char *directory, int64_t now) {
    struct clearing clearing = {directory, now};
    list_uploads(directory, clear_one, &clearing);
}

/* A folder_take_number. */
static bool clear_exercise(void *context, uint32_t number, struct failure *failure) {
    const struct clearing *clearing = context;
    struct buffer path = {0};
    (void)failure;
    buffer_print(&path, "%s/" UPLOAD_EXERCISES "/%" PRIu32, clearing->directory, number);
    if (!path.failed) {
        clear(path.bytes, clearing->now);
    }
    buffer_release(&path);
    return true;
}

void upload_clear(const char *directory, int64_t now) {
    struct clearing clearing = {directory, now};
    clear(directory, now);
    (void)folder_list_branches(directory, UPLOAD_EXERCISES, clear_exercise, &clearing, NULL);
}

bool upload_open_attachment(const char *directory, struct text hash, int *file, int64_t *bytes) {
    struct buffer path = {0};
    struct stat status;
    buffer_print(&path, "%s/" UPLOAD_ATTACHMENTS "/%.*s", directory, TEXT_PRINT(hash));
    *file = upload_is_hash(hash) && !path.failed ? open(path.bytes, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
    buffer_release(&path);
    if (*file >= 0 && (fstat(*file, &status) != 0 || !S_ISREG(status.st_mode))) {
        (void)close(*file);
        *file = -1;
    }
    *bytes = *file >= 0 ? (int64_t)status.st_size : 0;
    return *file >= 0;
}
