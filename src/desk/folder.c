#include "desk/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK_BYTES ((size_t)64 * 1024)

/* "PATH cannot be …: why" */
static bool fail(struct failure *failure, int cause, const char *path, const char *what) {
    char why[128] = "";
    if (strerror_r(cause, why, sizeof why) != 0) {
        (void)snprintf(why, sizeof why, "error %d", cause);
    }
    return failure_set(failure, "%s %s: %s", path, what, why);
}

/* ---- the folder ------------------------------------------------------------------------------------------- */

/* The folder's name without slashes behind it. One that is there goes by its real name: a folder that a symbolic link
 * stands for is replaced where it is. */
static bool set_names(struct folder *folder, const char *path, struct failure *failure) {
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') {
        length--;
    }
    char *real = realpath(path, NULL);
    if (real != NULL) {
        buffer_append_string(&folder->path, real);
    } else {
        buffer_append(&folder->path, path, length);
    }
    free(real);
    buffer_print(&folder->partial, "%s.partial", folder->path.length > 0 ? folder->path.bytes : "");
    return (!folder->path.failed && !folder->partial.failed) || failure_set(failure, "memory is exhausted");
}

/* Whether the folder at a path has nothing in it. */
static bool is_empty(const char *path) {
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, NULL, NULL);
    for (int i = 0; i < count; i++) {
        free(entries[i]);
    }
    free(entries);
    return count == 2; /* . and .. */
}

/* What comes to stand there meanwhile is found by rename, which replaces nothing but an empty folder. */
static bool check_free(const struct folder *folder, bool may_be_empty, struct failure *failure) {
    struct stat status;
    const char *path = folder->path.bytes;
    if (lstat(path, &status) != 0) {
        return errno == ENOENT || fail(failure, errno, path, "cannot be looked at");
    }
    if (!may_be_empty) {
        return failure_set(failure, "%s is there already; name a folder that is not", path);
    }
    return (S_ISDIR(status.st_mode) && is_empty(path)) ||
           failure_set(failure,
                       "%s is there already and no empty folder; nothing is ever overwritten: name another, or move it "
                       "away first",
                       path);
}

static bool is_hash(const char *name) {
    return strlen(name) == FOLDER_HASH_ROOM - 1 && strspn(name, "0123456789abcdef") == FOLDER_HASH_ROOM - 1;
}

bool folder_list_hashed(const char *directory, const char *name, folder_take *take, void *context,
                        struct failure *failure) {
    struct buffer path = {0};
    struct dirent **entries = NULL;
    buffer_print(&path, "%s/%s", directory, name);
    int count = path.failed ? -1 : scandir(path.bytes, &entries, NULL, alphasort);
    bool done = count >= 0 || (!path.failed && errno == ENOENT) || fail(failure, errno, directory, "cannot be read");
    for (int i = 0; i < count; i++) {
        done = done && (!is_hash(entries[i]->d_name) || take(context, entries[i]->d_name, failure));
        free(entries[i]);
    }
    free(entries);
    buffer_release(&path);
    return done;
}

static int compare_numbers(const void *left, const void *right) {
    uint32_t one = *(const uint32_t *)left;
    uint32_t other = *(const uint32_t *)right;
    return one < other ? -1 : one > other;
}

/* The number that a name is, as it would be printed; 0 where it is none. */
static uint32_t read_number(const char *name) {
    char *end = NULL;
    unsigned long number = name[0] >= '1' && name[0] <= '9' ? strtoul(name, &end, 10) : 0;
    return number > 0 && *end == '\0' && number <= UINT32_MAX ? (uint32_t)number : 0;
}

bool folder_list_branches(const char *directory, const char *name, folder_take_number *take, void *context,
                          struct failure *failure) {
    struct buffer path = {0};
    struct buffer numbers = {0};
    struct dirent **entries = NULL;
    buffer_print(&path, "%s/%s", directory, name);
    int count = path.failed ? -1 : scandir(path.bytes, &entries, NULL, NULL);
    bool done = count >= 0 || (!path.failed && errno == ENOENT) || fail(failure, errno, directory, "cannot be read");
    for (int i = 0; i < count; i++) {
        uint32_t number = read_number(entries[i]->d_name);
        if (number != 0) {
            buffer_append(&numbers, &number, sizeof number);
        }
        free(entries[i]);
    }
    free(entries);
    const uint32_t *sorted = (const uint32_t *)(const void *)numbers.bytes;
    size_t found = numbers.length / sizeof *sorted;
    if (found > 0) {
        qsort(numbers.bytes, found, sizeof *sorted, compare_numbers);
    }
    for (size_t i = 0; i < found && done; i++) {
        done = take(context, sorted[i], failure);
    }
    done = done && (!numbers.failed || failure_set(failure, "memory is exhausted"));
    buffer_release(&numbers);
    buffer_release(&path);
    return done;
}

bool folder_make_hashed(const struct folder *folder, struct failure *failure) {
    struct buffer path = folder_join(folder, folder->shape->hashed);
    bool done = !path.failed && mkdir(path.bytes, 0700) == 0;
    if (!done) {
        (void)fail(failure, errno, folder->partial.bytes, "cannot be filled");
    }
    buffer_release(&path);
    return done;
}

/* A place that is cleared: the folder itself, or a branch of it. */
struct clearing {
    const struct folder_shape *shape;
    struct buffer place;
};

static void remove_file(const char *directory, const char *name) {
    struct buffer path = {0};
    buffer_print(&path, "%s/%s", directory, name);
    if (!path.failed) {
        (void)unlink(path.bytes);
    }
    buffer_release(&path);
}

static void remove_directory(const char *directory, const char *name) {
    struct buffer path = {0};
    buffer_print(&path, "%s/%s", directory, name);
    if (!path.failed) {
        (void)rmdir(path.bytes);
    }
    buffer_release(&path);
}

/* A folder_take. */
static bool remove_hashed(void *context, const char *name, struct failure *failure) {
    const struct clearing *clearing = context;
    struct buffer path = {0};
    (void)failure;
    buffer_print(&path, "%s/%s", clearing->shape->hashed, name);
    if (!path.failed) {
        remove_file(clearing->place.bytes, path.bytes);
    }
    buffer_release(&path);
    return true;
}

static void clear(const struct clearing *clearing) {
    const char *place = clearing->place.bytes;
    (void)folder_list_hashed(place, clearing->shape->hashed, remove_hashed, (void *)clearing, NULL);
    remove_directory(place, clearing->shape->hashed);
    for (size_t i = 0; clearing->shape->names[i] != NULL; i++) {
        remove_file(place, clearing->shape->names[i]);
    }
}

void folder_drop_branch(const struct folder *folder, uint32_t number) {
    struct clearing clearing = {.shape = folder->shape};
    buffer_print(&clearing.place, "%s/%s/%" PRIu32, folder->partial.bytes, folder->shape->branches, number);
    if (!clearing.place.failed) {
        clear(&clearing);
        (void)rmdir(clearing.place.bytes);
    }
    buffer_release(&clearing.place);
}

/* A folder_take_number. */
static bool remove_branch(void *context, uint32_t number, struct failure *failure) {
    (void)failure;
    folder_drop_branch(context, number);
    return true;
}

static void remove_files(const struct folder *folder) {
    const struct clearing clearing = {.shape = folder->shape, .place = folder->partial};
    (void)folder_list_branches(folder->partial.bytes, folder->shape->branches, remove_branch, (void *)folder, NULL);
    remove_directory(folder->partial.bytes, folder->shape->branches);
    clear(&clearing);
}

/* Locked, so that nobody takes for left behind what another is just filling. */
static bool make_partial(struct folder *folder, struct failure *failure) {
    const char *path = folder->partial.bytes;
    bool is_new = mkdir(path, 0750) == 0;
    if (!is_new && errno != EEXIST) {
        return fail(failure, errno, path, "cannot be made");
    }
    folder->lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (folder->lock < 0) {
        return fail(failure, errno, path, "cannot be opened");
    }
    if (flock(folder->lock, LOCK_EX | LOCK_NB) != 0) {
        (void)close(folder->lock);
        folder->lock = -1;
        return failure_set(failure, "%s is being filled by another program just now", path);
    }
    remove_files(folder);
    if (!is_new && (rmdir(path) != 0 || mkdir(path, 0750) != 0)) {
        (void)close(folder->lock);
        folder->lock = -1;
        return failure_set(failure, "%s is there already and holds other files; move it away first", path);
    }
    return true;
}

bool folder_begin(struct folder *folder, const char *path, bool may_be_empty, const struct folder_shape *shape,
                  struct failure *failure) {
    *folder = (struct folder){.shape = shape, .lock = -1};
    return set_names(folder, path, failure) && check_free(folder, may_be_empty, failure) &&
           make_partial(folder, failure);
}

struct buffer folder_join(const struct folder *folder, const char *name) {
    struct buffer path = {0};
    buffer_print(&path, "%s/%s", folder->partial.bytes, name);
    return path;
}

static bool sync_folder(const char *path) {
    int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = descriptor >= 0 && fsync(descriptor) == 0;
    if (descriptor >= 0) {
        (void)close(descriptor);
    }
    return done;
}

static bool sync_parent(const struct folder *folder) {
    struct buffer parent = {0};
    const char *slash = strrchr(folder->path.bytes, '/');
    if (slash == NULL) {
        buffer_append_string(&parent, ".");
    } else {
        buffer_append(&parent, folder->path.bytes,
                      slash == folder->path.bytes ? 1 : (size_t)(slash - folder->path.bytes));
    }
    bool done = !parent.failed && sync_folder(parent.bytes);
    buffer_release(&parent);
    return done;
}

/* What is named by its hash, and the folder itself; false with errno. */
static bool sync_filled(const struct folder *folder) {
    struct buffer hashed = folder_join(folder, folder->shape->hashed);
    bool is_synced = !hashed.failed && (sync_folder(hashed.bytes) || errno == ENOENT);
    buffer_release(&hashed);
    return is_synced && sync_folder(folder->partial.bytes);
}

bool folder_make_branch(const struct folder *folder, uint32_t number, struct folder *branch, struct failure *failure) {
    struct buffer branches = folder_join(folder, folder->shape->branches);
    *branch = (struct folder){.shape = folder->shape, .lock = -1};
    buffer_print(&branch->partial, "%s/%s/%" PRIu32, folder->partial.bytes, folder->shape->branches, number);
    bool has_names = !branches.failed && !branch->partial.failed;
    bool done = has_names
                    ? (mkdir(branches.bytes, 0700) == 0 || errno == EEXIST) && mkdir(branch->partial.bytes, 0700) == 0
                    : failure_set(failure, "memory is exhausted");
    if (has_names && !done) {
        (void)fail(failure, errno, branch->partial.bytes, "cannot be made");
    }
    buffer_release(&branches);
    return done;
}

bool folder_leave_branch(struct folder *branch, bool is_filled, struct failure *failure) {
    bool done =
        is_filled && (sync_filled(branch) || fail(failure, errno, branch->partial.bytes, "cannot be made durable"));
    buffer_release(&branch->partial);
    return done;
}

bool folder_finish(struct folder *folder, struct failure *failure) {
    struct buffer branches = folder_join(folder, folder->shape->branches);
    bool is_synced = !branches.failed && (sync_folder(branches.bytes) || errno == ENOENT);
    buffer_release(&branches);
    if (!is_synced || !sync_filled(folder)) {
        return fail(failure, errno, folder->partial.bytes, "cannot be made durable");
    }
    if (rename(folder->partial.bytes, folder->path.bytes) != 0) {
        return fail(failure, errno, folder->path.bytes, "cannot get its name");
    }
    (void)close(folder->lock);
    folder->lock = -1;
    return sync_parent(folder) ||
           fail(failure, errno, folder->path.bytes, "is whole, but whether its name is on the disk is not known");
}

void folder_end(struct folder *folder) {
    if (folder->lock >= 0) {
        remove_files(folder);
        (void)rmdir(folder->partial.bytes);
        (void)close(folder->lock);
    }
    buffer_release(&folder->path);
    buffer_release(&folder->partial);
    folder->lock = -1;
}

/* ---- what is in one --------------------------------------------------------------------------------------- */

/* Takes an entry of the open folder `place`. */
typedef bool take_entry(void *context, int place, const char *name, const struct stat *status);

/* False once `take` is, or where the folder cannot be read. */
static bool visit(int place, const char *name, take_entry *take, void *context) {
    int inner = openat(place, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    DIR *entries = inner < 0 ? NULL : fdopendir(inner);
    bool done = entries != NULL;
    if (entries == NULL && inner >= 0) {
        (void)close(inner);
    }
    while (done) {
        struct stat status = {0}; /* stays so of what cannot be looked at */
        errno = 0;
        const struct dirent *entry = readdir(entries); /* NOLINT(concurrency-mt-unsafe) nobody else reads this stream */
        if (entry == NULL) {
            done = errno == 0;
            break;
        }
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            (void)fstatat(inner, entry->d_name, &status, AT_SYMLINK_NOFOLLOW);
            done = take(context, inner, entry->d_name, &status);
        }
    }
    int cause = errno;
    if (entries != NULL) {
        (void)closedir(entries);
    }
    errno = cause;
    return done;
}

static bool add_file(void *context, int place, const char *name, const struct stat *status) {
    (void)place;
    (void)name;
    *(int64_t *)context += S_ISREG(status->st_mode) ? (int64_t)status->st_size : 0;
    return true;
}

static bool add_entry(void *context, int place, const char *name, const struct stat *status) {
    if (S_ISDIR(status->st_mode)) {
        (void)visit(place, name, add_file, context);
        return true;
    }
    return add_file(context, place, name, status);
}

int64_t folder_measure(const char *path) {
    int64_t bytes = 0;
    (void)visit(AT_FDCWD, path, add_entry, &bytes);
    return bytes;
}

static bool unlink_file(void *context, int place, const char *name, const struct stat *status) {
    (void)context;
    (void)status;
    return unlinkat(place, name, 0) == 0 || errno == ENOENT;
}

static bool unlink_entry(void *context, int place, const char *name, const struct stat *status) {
    if (S_ISDIR(status->st_mode)) {
        return visit(place, name, unlink_file, context) && unlinkat(place, name, AT_REMOVEDIR) == 0;
    }
    return unlink_file(context, place, name, status);
}

bool folder_empty(const char *path, struct failure *failure) {
    return visit(AT_FDCWD, path, unlink_entry, NULL) || fail(failure, errno, path, "cannot be emptied");
}

/* ---- files ------------------------------------------------------------------------------------------------ */

static bool write_all(int file, const char *bytes, size_t length) {
    size_t done = 0;
    while (done < length) {
        ssize_t count = write(file, bytes + done, length - done);
        if (count < 0 && errno != EINTR) {
            return false;
        }
        done += count > 0 ? (size_t)count : 0;
    }
    return true;
}

/* Reads `from` to its end, into `to` unless that is negative. */
static bool pump(int from, int to, char hash[FOLDER_HASH_ROOM], int64_t *bytes) {
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    char *block = malloc(BLOCK_BYTES);
    ssize_t count = block == NULL ? -1 : 1;
    (void)crypto_hash_sha256_init(&state);
    *bytes = 0;
    while (count > 0) {
        count = read(from, block, BLOCK_BYTES);
        if (count < 0 && errno == EINTR) {
            count = 1;
            continue;
        }
        if (count > 0) {
            (void)crypto_hash_sha256_update(&state, (const unsigned char *)block, (unsigned long long)count);
            *bytes += count;
            count = to < 0 || write_all(to, block, (size_t)count) ? count : -1;
        }
    }
    (void)crypto_hash_sha256_final(&state, digest);
    (void)sodium_bin2hex(hash, FOLDER_HASH_ROOM, digest, sizeof digest);
    free(block);
    return count == 0;
}

bool folder_hash_file(const char *path, char hash[FOLDER_HASH_ROOM], int64_t *bytes, struct failure *failure) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool done = file >= 0 && pump(file, -1, hash, bytes);
    if (!done) {
        (void)fail(failure, errno, path, "cannot be read");
    }
    if (file >= 0) {
        (void)close(file);
    }
    return done;
}

static int make_file(const char *path, mode_t mode) {
    return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
}

/* Closes in any case. */
static bool settle(int file, bool is_written, const char *path, struct failure *failure) {
    bool done = is_written && fsync(file) == 0;
    int cause = errno;
    if (file >= 0 && close(file) != 0 && done) {
        cause = errno;
        done = false;
    }
    return done || fail(failure, cause, path, "cannot be written");
}

bool folder_copy_file(const char *from, const char *to, mode_t mode, char hash[FOLDER_HASH_ROOM], int64_t *bytes,
                      struct failure *failure) {
    int source = open(from, O_RDONLY | O_CLOEXEC);
    if (source < 0) {
        return fail(failure, errno, from, "cannot be read");
    }
    int target = make_file(to, mode);
    bool done = target >= 0 && pump(source, target, hash, bytes);
    done = settle(target, done, to, failure);
    (void)close(source);
    return done;
}

bool folder_write_file(const char *path, const struct buffer *content, mode_t mode, struct failure *failure) {
    int file = make_file(path, mode);
    return settle(file, file >= 0 && write_all(file, content->bytes, content->length), path, failure);
}
