#include "desk/archive.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zip.h>

#define BLOCK_BYTES ((size_t)64 * 1024)
#define DATE_1980 ((1U << 5) | 1U) /* the first of January 1980, as ZIP writes it */
#define LOCAL_BYTES 30U            /* of a file's header, without its name */
#define CENTRAL_BYTES 46U          /* of its row in the table, without its name */
#define END_BYTES 22U
#define PLAIN_BYTES_MAX UINT64_C(0xfffffffe) /* beyond, ZIP writes wider headers */

struct archive_maker {
    zip_t *zip;
};

struct archive {
    zip_t *zip;
    size_t count;
    const char **names; /* libzip's */
    int64_t *bytes;
};

/* ---- making one ------------------------------------------------------------------------------------------- */

static bool fail_open(struct failure *failure, const char *path, int code) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    (void)failure_say(failure, "%s cannot be opened as a ZIP file: %s", "%s 无法作为 ZIP 文件打开：%s", path,
                      zip_error_strerror(&error));
    zip_error_fini(&error);
    return false;
}

struct archive_maker *archive_begin(const char *path, struct failure *failure) {
    int code = 0;
    struct archive_maker *maker = calloc(1, sizeof *maker);
    if (maker == NULL) {
        (void)failure_say(failure, "memory is exhausted", "内存不足");
        return NULL;
    }
    maker->zip = zip_open(path, ZIP_CREATE | ZIP_EXCL, &code);
    if (maker->zip == NULL) {
        free(maker);
        (void)fail_open(failure, path, code);
        return NULL;
    }
    return maker;
}

static bool fail_add(struct archive_maker *maker, const char *name, struct failure *failure) {
    return failure_say(failure, "%s cannot be put into the ZIP: %s", "%s 无法放入 ZIP：%s", name,
                       zip_strerror(maker->zip));
}

static bool add(struct archive_maker *maker, const char *name, zip_source_t *source, struct failure *failure) {
    zip_int64_t index = source == NULL ? -1 : zip_file_add(maker->zip, name, source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free(source);
        return fail_add(maker, name, failure);
    }
    return (zip_set_file_compression(maker->zip, (zip_uint64_t)index, ZIP_CM_STORE, 0) == 0 &&
            zip_file_set_dostime(maker->zip, (zip_uint64_t)index, 0, DATE_1980, 0) == 0) ||
           fail_add(maker, name, failure);
}

bool archive_add_file(struct archive_maker *maker, const char *name, const char *path, struct failure *failure) {
    return add(maker, name, zip_source_file(maker->zip, path, 0, -1), failure);
}

bool archive_add_content(struct archive_maker *maker, const char *name, const struct buffer *content,
                         struct failure *failure) {
    char *copy = content->failed ? NULL : malloc(content->length + 1);
    if (copy == NULL) {
        return failure_say(failure, "memory is exhausted", "内存不足");
    }
    if (content->length > 0) {
        memcpy(copy, content->bytes, content->length);
    }
    zip_source_t *source = zip_source_buffer(maker->zip, copy, content->length, 1);
    if (source == NULL) {
        free(copy);
    }
    return add(maker, name, source, failure); /* NOLINT(clang-analyzer-unix.Malloc) the source frees the copy */
}

bool archive_finish(struct archive_maker *maker, struct failure *failure) {
    bool done = zip_close(maker->zip) == 0;
    if (!done) {
        (void)failure_say(failure, "the ZIP file cannot be written: %s", "ZIP 文件无法写入：%s",
                          zip_strerror(maker->zip));
        zip_discard(maker->zip);
    }
    free(maker);
    return done;
}

void archive_abandon(struct archive_maker *maker) {
    if (maker != NULL) {
        zip_discard(maker->zip);
        free(maker);
    }
}

/* ---- reading one ------------------------------------------------------------------------------------------ */

static bool take_file(struct archive *archive, size_t index, uint64_t *expected, struct failure *failure) {
    zip_stat_t status;
    const char *name = zip_get_name(archive->zip, index, ZIP_FL_ENC_RAW);
    if (name == NULL || zip_stat_index(archive->zip, index, 0, &status) != 0 ||
        (status.valid & (ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE)) != (ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE)) {
        return failure_say(failure, "file %zu of the ZIP cannot be read", "ZIP 中第 %zu 个文件无法读取", index + 1);
    }
    if (status.comp_method != ZIP_CM_STORE || status.encryption_method != ZIP_EM_NONE ||
        status.size != status.comp_size || status.size > INT64_MAX / 2) {
        return failure_say(failure, "%.200s is compressed or encrypted; in a record every file is stored as it is",
                           "%.200s 经过压缩或加密，而案卷中的文件都按原样存放", name);
    }
    archive->names[index] = name;
    archive->bytes[index] = (int64_t)status.size;
    *expected += LOCAL_BYTES + CENTRAL_BYTES + 2 * strlen(name) + status.size;
    return true;
}

static int compare_names(const void *left, const void *right) {
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* A reader that takes the first of two and one that takes the second would see different records. */
static bool check_once(const struct archive *archive, struct failure *failure) {
    const char **sorted = calloc(archive->count + 1, sizeof *sorted);
    if (sorted == NULL) {
        return failure_say(failure, "memory is exhausted", "内存不足");
    }
    const char *twice = NULL;
    memcpy(sorted, archive->names, archive->count * sizeof *sorted);
    qsort(sorted, archive->count, sizeof *sorted, compare_names);
    for (size_t i = 1; i < archive->count && twice == NULL; i++) {
        twice = strcmp(sorted[i - 1], sorted[i]) == 0 ? sorted[i] : NULL;
    }
    free(sorted);
    return twice == NULL || failure_say(failure, "%.200s is in the ZIP twice", "ZIP 中有两个 %.200s", twice);
}

static bool take_table(struct archive *archive, uint64_t length, struct failure *failure) {
    zip_int64_t count = zip_get_num_entries(archive->zip, 0);
    uint64_t expected = END_BYTES;
    int comment = 0;
    if (count < 0 || count > ARCHIVE_FILES_MAX) {
        return failure_say(failure, "the ZIP has more than %u files", "ZIP 中的文件超过 %u 个", ARCHIVE_FILES_MAX);
    }
    archive->count = (size_t)count;
    archive->names = calloc(archive->count + 1, sizeof *archive->names);
    archive->bytes = calloc(archive->count + 1, sizeof *archive->bytes);
    if (archive->names == NULL || archive->bytes == NULL) {
        return failure_say(failure, "memory is exhausted", "内存不足");
    }
    for (size_t i = 0; i < archive->count; i++) {
        if (!take_file(archive, i, &expected, failure)) {
            return false;
        }
    }
    if (zip_get_archive_comment(archive->zip, &comment, ZIP_FL_ENC_RAW) != NULL && comment > 0) {
        return failure_say(failure, "the ZIP has a comment, which no record has", "ZIP 带有注释，而案卷没有");
    }
    if (length != expected && length <= PLAIN_BYTES_MAX && archive->count < UINT16_MAX) {
        return failure_say(failure, "the ZIP has bytes that belong to none of its files",
                           "ZIP 中有不属于任何文件的字节");
    }
    return check_once(archive, failure);
}

/* Takes over the open ZIP. */
static struct archive *take_zip(zip_t *zip, uint64_t length, struct failure *failure) {
    struct archive *archive = calloc(1, sizeof *archive);
    if (archive == NULL) {
        zip_discard(zip);
        (void)failure_say(failure, "memory is exhausted", "内存不足");
        return NULL;
    }
    archive->zip = zip;
    if (!take_table(archive, length, failure)) {
        archive_close(archive);
        return NULL;
    }
    return archive;
}

struct archive *archive_open(const char *path, struct failure *failure) {
    int code = 0;
    struct stat status;
    zip_t *zip = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &code);
    if (zip == NULL) {
        (void)fail_open(failure, path, code);
        return NULL;
    }
    if (stat(path, &status) != 0) {
        status.st_size = 0; /* it is gone: its table does not fit */
    }
    return take_zip(zip, (uint64_t)status.st_size, failure);
}

struct archive *archive_open_bytes(const void *bytes, size_t length, struct failure *failure) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(bytes, length, 0, &error);
    zip_t *zip = source == NULL ? NULL : zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
    if (zip == NULL) {
        zip_source_free(source);
        (void)failure_say(failure, "no ZIP file: %s", "不是 ZIP 文件：%s", zip_error_strerror(&error));
    }
    zip_error_fini(&error);
    return zip == NULL ? NULL : take_zip(zip, length, failure);
}

void archive_close(struct archive *archive) {
    if (archive != NULL) {
        zip_discard(archive->zip);
        free(archive->names);
        free(archive->bytes);
        free(archive);
    }
}

size_t archive_count(const struct archive *archive) {
    return archive->count;
}

const char *archive_name(const struct archive *archive, size_t index) {
    return archive->names[index];
}

int64_t archive_bytes(const struct archive *archive, size_t index) {
    return archive->bytes[index];
}

size_t archive_find(const struct archive *archive, const char *name) {
    size_t index = 0;
    while (index < archive->count && strcmp(archive->names[index], name) != 0) {
        index++;
    }
    return index;
}

/* How many bytes it took; -1 where it cannot be read; -2 where `take` has ended it. */
static int64_t pump(zip_file_t *file, archive_take *take, void *context) {
    char *block = malloc(BLOCK_BYTES);
    int64_t sum = 0;
    zip_int64_t count = block == NULL ? -1 : 1;
    while (count > 0) {
        count = zip_fread(file, block, BLOCK_BYTES);
        sum += count > 0 ? count : 0;
        if (count > 0 && !take(context, block, (size_t)count)) {
            sum = -2;
            break;
        }
    }
    free(block);
    return count < 0 ? -1 : sum;
}

bool archive_read(struct archive *archive, size_t index, archive_take *take, void *context, struct failure *failure) {
    zip_file_t *file = zip_fopen_index(archive->zip, index, 0);
    int64_t sum = file == NULL ? -1 : pump(file, take, context);
    if (file != NULL) {
        (void)zip_fclose(file);
    }
    return sum == archive->bytes[index] ||
           (sum == -2 ? false
                      : failure_say(failure, "its bytes are not those of which the ZIP has the length and check sum",
                                    "其内容与 ZIP 中的长度和校验和不符"));
}
