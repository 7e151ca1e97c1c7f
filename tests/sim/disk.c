#include "disk.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHARED_LOCKS SQLITE_SHM_NLOCK
#define EPOCH_MS INT64_C(210866760000000) /* Julian day of 1970-01-01 in ms: where the disk's own clock starts */

struct bytes {
    uint8_t *data;
    size_t length;
    size_t room;
};

/* A write or a truncation (data NULL, offset the new length) that no sync has covered yet. */
struct change {
    struct change *next;
    size_t offset;
    size_t length;
    uint8_t *data;
};

/* The index of a WAL that connections share. Outlives a restart as long as a dead connection points into it. */
struct shared {
    size_t users;
    uint8_t **regions;
    size_t region_count;
    int readers[SHARED_LOCKS];
    bool writer[SHARED_LOCKS];
};

struct entry {
    struct entry *next;
    char path[DISK_NAME_BYTES];
    bool visible;         /* there, as programs see it */
    bool durable_visible; /* there after a power cut */
    struct bytes now;
    struct bytes durable;
    struct change *changes;
    struct change **changes_end;
    struct shared *shared;
    struct handle *handles;
    size_t open_count;
};

struct handle {
    sqlite3_file base;
    struct disk *disk;
    struct entry *entry;
    struct handle *next; /* of the same entry */
    uint64_t life;       /* the disk's when this was opened */
    int level;           /* file lock */
    bool delete_on_close;
    struct shared *shared;
    unsigned shared_mask;
    unsigned exclusive_mask;
};

struct disk {
    sqlite3_vfs vfs;
    char name[DISK_NAME_BYTES];
    uint64_t random;
    uint64_t life; /* goes up with each restart */
    uint64_t ticks_ms;
    uint64_t change_count;
    uint64_t read_count;
    uint64_t sync_count;
    uint64_t temporary_count;
    struct disk_faults faults;
    int64_t room;
    bool crashed;
    struct entry *entries;
};

/* ---- chance ---- */

/* splitmix64 */
static uint64_t draw(struct disk *disk) {
    disk->random += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t mixed = disk->random;
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ (mixed >> 31);
}

static bool toss(struct disk *disk) {
    return (draw(disk) >> 63) != 0;
}

/* True when the counted operation is the one that was asked for. */
static bool is_due(uint64_t *countdown) {
    if (*countdown == 0) {
        return false;
    }
    --*countdown;
    return *countdown == 0;
}

/* ---- bytes ---- */

static bool grow(struct bytes *bytes, size_t length) {
    if (length <= bytes->room) {
        return true;
    }
    size_t room = length < 4096 ? 4096 : length * 2;
    uint8_t *data = realloc(bytes->data, room);
    if (data == NULL) {
        return false;
    }
    bytes->data = data;
    bytes->room = room;
    return true;
}

/* Changes the length; new bytes are zero. */
static bool resize(struct bytes *bytes, size_t length) {
    if (!grow(bytes, length)) {
        return false;
    }
    if (length > bytes->length) {
        memset(bytes->data + bytes->length, 0, length - bytes->length);
    }
    bytes->length = length;
    return true;
}

static bool put(struct bytes *bytes, size_t offset, const uint8_t *data, size_t length) {
    if (length == 0) {
        return true;
    }
    if (offset + length > bytes->length && !resize(bytes, offset + length)) {
        return false;
    }
    memcpy(bytes->data + offset, data, length);
    return true;
}

static bool copy_bytes(struct bytes *to, const struct bytes *from) {
    to->length = 0;
    return put(to, 0, from->data, from->length);
}

/* ---- entries ---- */

static struct entry *find_entry(const struct disk *disk, const char *path) {
    for (struct entry *entry = disk->entries; entry != NULL; entry = entry->next) {
        if (strcmp(entry->path, path) == 0) {
            return entry;
        }
    }
    return NULL;
}

static struct entry *make_entry(struct disk *disk, const char *path) {
    struct entry *entry = calloc(1, sizeof *entry);
    if (entry == NULL) {
        return NULL;
    }
    (void)snprintf(entry->path, sizeof entry->path, "%s", path);
    entry->changes_end = &entry->changes;
    entry->next = disk->entries;
    disk->entries = entry;
    return entry;
}

static void drop_changes(struct entry *entry) {
    while (entry->changes != NULL) {
        struct change *change = entry->changes;
        entry->changes = change->next;
        free(change->data);
        free(change);
    }
    entry->changes_end = &entry->changes;
}

static bool add_change(struct entry *entry, size_t offset, const uint8_t *data, size_t length) {
    struct change *change = calloc(1, sizeof *change);
    if (change == NULL) {
        return false;
    }
    change->offset = offset;
    change->length = length;
    if (data != NULL) {
        change->data = malloc(length + 1);
        if (change->data == NULL) {
            free(change);
            return false;
        }
        memcpy(change->data, data, length);
    }
    *entry->changes_end = change;
    entry->changes_end = &change->next;
    return true;
}

static void free_shared(struct shared *shared) {
    for (size_t i = 0; i < shared->region_count; i++) {
        free(shared->regions[i]);
    }
    free(shared->regions);
    free(shared);
}

/* ---- what reaches the disk ---- */

static bool apply_whole(struct bytes *bytes, const struct change *change) {
    return change->data == NULL ? resize(bytes, change->offset)
                                : put(bytes, change->offset, change->data, change->length);
}

/* Each sector of the write by itself. */
static bool apply_torn(struct disk *disk, struct bytes *bytes, const struct change *change) {
    if (change->data == NULL) {
        return toss(disk) ? resize(bytes, change->offset) : true;
    }
    for (size_t done = 0; done < change->length;) {
        size_t offset = change->offset + done;
        size_t length = DISK_SECTOR_BYTES - offset % DISK_SECTOR_BYTES;
        length = length < change->length - done ? length : change->length - done;
        if (toss(disk) && !put(bytes, offset, change->data + done, length)) {
            return false;
        }
        done += length;
    }
    return true;
}

/* Kept, lost or torn. */
static bool apply_by_chance(struct disk *disk, struct bytes *bytes, const struct change *change) {
    switch (draw(disk) % 3) {
    case 0:
        return apply_whole(bytes, change);
    case 1:
        return true;
    default:
        return apply_torn(disk, bytes, change);
    }
}

static bool settle_all(struct entry *entry) {
    bool done = true;
    for (struct change *change = entry->changes; change != NULL; change = change->next) {
        done = done && apply_whole(&entry->durable, change);
    }
    drop_changes(entry);
    entry->durable_visible = true;
    return done;
}

static bool settle_by_chance(struct disk *disk, struct entry *entry) {
    bool done = true;
    for (struct change *change = entry->changes; change != NULL; change = change->next) {
        done = done && apply_by_chance(disk, &entry->durable, change);
    }
    drop_changes(entry);
    return done;
}

/* ---- faults ---- */

static bool is_dead(const struct handle *handle) {
    return handle->disk->crashed || handle->life != handle->disk->life;
}

/* Counts a change. True when the power goes at it. */
static bool power_goes(struct disk *disk) {
    disk->change_count++;
    if (is_due(&disk->faults.crash_in)) {
        disk->crashed = true;
        return true;
    }
    return false;
}

/* How much of a write of `length` bytes at `offset` fits. */
static size_t room_for(const struct disk *disk, const struct entry *entry, size_t offset, size_t length) {
    if (disk->room < 0 || offset + length <= entry->now.length) {
        return length;
    }
    int64_t left = disk->room - disk_used_bytes(disk);
    size_t inside = offset < entry->now.length ? entry->now.length - offset : 0;
    size_t gap = offset > entry->now.length ? offset - entry->now.length : 0;
    if (left <= 0 || (size_t)left <= gap) {
        return inside;
    }
    size_t fits = inside + (size_t)left - gap;
    return fits < length ? fits : length;
}

/* ---- file methods ---- */

static struct handle *handle_of(sqlite3_file *file) {
    return (struct handle *)file;
}

static int write_part(struct handle *handle, size_t offset, const uint8_t *data, size_t length) {
    struct entry *entry = handle->entry;
    if (length == 0) {
        return SQLITE_OK;
    }
    if (!add_change(entry, offset, data, length) || !put(&entry->now, offset, data, length)) {
        return SQLITE_IOERR_NOMEM;
    }
    return SQLITE_OK;
}

static int disk_write(sqlite3_file *file, const void *data, int amount, sqlite3_int64 position) {
    struct handle *handle = handle_of(file);
    struct disk *disk = handle->disk;
    size_t length = (size_t)amount;
    if (is_dead(handle)) {
        return SQLITE_IOERR_WRITE;
    }
    if (power_goes(disk)) {
        if (toss(disk)) {
            (void)write_part(handle, (size_t)position, data, length);
        }
        return SQLITE_IOERR_WRITE;
    }
    if (is_due(&disk->faults.fail_write_in)) {
        (void)write_part(handle, (size_t)position, data, (size_t)(draw(disk) % (length + 1)));
        return SQLITE_IOERR_WRITE;
    }
    size_t fits = room_for(disk, handle->entry, (size_t)position, length);
    int code = write_part(handle, (size_t)position, data, fits);
    return code == SQLITE_OK && fits < length ? SQLITE_FULL : code;
}

static int disk_read(sqlite3_file *file, void *out, int amount, sqlite3_int64 position) {
    struct handle *handle = handle_of(file);
    const struct bytes *now = &handle->entry->now;
    size_t offset = (size_t)position;
    size_t length = (size_t)amount;
    handle->disk->read_count++;
    if (is_dead(handle) || is_due(&handle->disk->faults.fail_read_in)) {
        return SQLITE_IOERR_READ;
    }
    size_t there = offset < now->length ? now->length - offset : 0;
    there = there < length ? there : length;
    if (there > 0) {
        memcpy(out, now->data + offset, there);
    }
    memset((uint8_t *)out + there, 0, length - there);
    return there < length ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
}

static int disk_truncate(sqlite3_file *file, sqlite3_int64 size) {
    struct handle *handle = handle_of(file);
    if (is_dead(handle)) {
        return SQLITE_IOERR_TRUNCATE;
    }
    bool goes = power_goes(handle->disk);
    if (goes && toss(handle->disk)) {
        return SQLITE_IOERR_TRUNCATE;
    }
    if (!add_change(handle->entry, (size_t)size, NULL, 0) || !resize(&handle->entry->now, (size_t)size)) {
        return SQLITE_IOERR_NOMEM;
    }
    return goes ? SQLITE_IOERR_TRUNCATE : SQLITE_OK;
}

static int disk_sync(sqlite3_file *file, int flags) {
    struct handle *handle = handle_of(file);
    struct disk *disk = handle->disk;
    (void)flags;
    if (is_dead(handle)) {
        return SQLITE_IOERR_FSYNC;
    }
    disk->sync_count++;
    if (power_goes(disk)) { /* what was waiting may be on the disk already; disk_restart decides unless all of it is */
        if (toss(disk)) {
            (void)settle_all(handle->entry);
        }
        return SQLITE_IOERR_FSYNC;
    }
    if (is_due(&disk->faults.fail_sync_in)) {
        (void)settle_by_chance(disk, handle->entry);
        return SQLITE_IOERR_FSYNC;
    }
    return settle_all(handle->entry) ? SQLITE_OK : SQLITE_IOERR_NOMEM;
}

static int disk_size(sqlite3_file *file, sqlite3_int64 *size) {
    struct handle *handle = handle_of(file);
    *size = (sqlite3_int64)handle->entry->now.length;
    return is_dead(handle) ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

/* Whether another living connection holds at least this lock. */
static bool others_hold(const struct handle *handle, int level) {
    for (const struct handle *other = handle->entry->handles; other != NULL; other = other->next) {
        if (other != handle && other->life == handle->life && other->level >= level) {
            return true;
        }
    }
    return false;
}

static int disk_lock(sqlite3_file *file, int level) {
    struct handle *handle = handle_of(file);
    if (is_dead(handle)) {
        return SQLITE_IOERR_LOCK;
    }
    if (handle->level >= level) {
        return SQLITE_OK;
    }
    bool taken = (level == SQLITE_LOCK_SHARED && others_hold(handle, SQLITE_LOCK_PENDING)) ||
                 (level == SQLITE_LOCK_RESERVED && others_hold(handle, SQLITE_LOCK_RESERVED)) ||
                 (level == SQLITE_LOCK_EXCLUSIVE && others_hold(handle, SQLITE_LOCK_SHARED));
    if (taken) {
        return SQLITE_BUSY;
    }
    handle->level = level;
    return SQLITE_OK;
}

static int disk_unlock(sqlite3_file *file, int level) {
    struct handle *handle = handle_of(file);
    handle->level = level < handle->level ? level : handle->level;
    return SQLITE_OK;
}

static int disk_check_reserved(sqlite3_file *file, int *result) {
    struct handle *handle = handle_of(file);
    *result = handle->level >= SQLITE_LOCK_RESERVED || others_hold(handle, SQLITE_LOCK_RESERVED);
    return is_dead(handle) ? SQLITE_IOERR_CHECKRESERVEDLOCK : SQLITE_OK;
}

static int disk_file_control(sqlite3_file *file, int operation, void *argument) {
    (void)file;
    (void)operation;
    (void)argument;
    return SQLITE_NOTFOUND;
}

static int disk_sector_size(sqlite3_file *file) {
    (void)file;
    return 4096; /* as the real VFS says; tearing is finer */
}

static int disk_characteristics(sqlite3_file *file) {
    (void)file;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* ---- shared memory ---- */

static int join_shared(struct handle *handle) {
    if (handle->shared != NULL) {
        return SQLITE_OK;
    }
    if (handle->entry->shared == NULL) {
        handle->entry->shared = calloc(1, sizeof *handle->entry->shared);
        if (handle->entry->shared == NULL) {
            return SQLITE_IOERR_NOMEM;
        }
    }
    handle->shared = handle->entry->shared;
    handle->shared->users++;
    return SQLITE_OK;
}

static int add_regions(struct shared *shared, size_t count, size_t size) {
    while (shared->region_count < count) {
        uint8_t **regions = realloc(shared->regions, count * sizeof *regions);
        if (regions == NULL) {
            return SQLITE_IOERR_NOMEM;
        }
        shared->regions = regions;
        uint8_t *region = calloc(1, size);
        if (region == NULL) {
            return SQLITE_IOERR_NOMEM;
        }
        shared->regions[shared->region_count++] = region;
    }
    return SQLITE_OK;
}

static int disk_shared_map(sqlite3_file *file, int number, int size, int extend, void volatile **out) {
    struct handle *handle = handle_of(file);
    *out = NULL;
    if (is_dead(handle)) {
        return SQLITE_IOERR_SHMMAP;
    }
    int code = join_shared(handle);
    if (code == SQLITE_OK && extend != 0) {
        code = add_regions(handle->shared, (size_t)number + 1, (size_t)size);
    }
    if (code == SQLITE_OK && handle->shared->regions != NULL && (size_t)number < handle->shared->region_count) {
        *out = handle->shared->regions[number];
    }
    return code;
}

static bool shared_is_free(const struct handle *handle, int first, int count, bool exclusive) {
    for (int i = first; i < first + count; i++) {
        unsigned bit = 1U << (unsigned)i;
        int other_readers = handle->shared->readers[i] - ((handle->shared_mask & bit) != 0 ? 1 : 0);
        bool other_writer = handle->shared->writer[i] && (handle->exclusive_mask & bit) == 0;
        if (other_writer || (exclusive && other_readers > 0)) {
            return false;
        }
    }
    return true;
}

static void take_shared(struct handle *handle, int first, int count, bool exclusive) {
    for (int i = first; i < first + count; i++) {
        unsigned bit = 1U << (unsigned)i;
        if (exclusive) {
            handle->shared->writer[i] = true;
            handle->exclusive_mask |= bit;
        } else if ((handle->shared_mask & bit) == 0) {
            handle->shared->readers[i]++;
            handle->shared_mask |= bit;
        }
    }
}

static void give_shared(struct handle *handle, int first, int count) {
    for (int i = first; i < first + count; i++) {
        unsigned bit = 1U << (unsigned)i;
        if ((handle->exclusive_mask & bit) != 0) {
            handle->shared->writer[i] = false;
        }
        if ((handle->shared_mask & bit) != 0) {
            handle->shared->readers[i]--;
        }
        handle->exclusive_mask &= ~bit;
        handle->shared_mask &= ~bit;
    }
}

static int disk_shared_lock(sqlite3_file *file, int first, int count, int flags) {
    struct handle *handle = handle_of(file);
    bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    if (handle->shared == NULL) {
        return SQLITE_IOERR_SHMLOCK;
    }
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        give_shared(handle, first, count);
        return SQLITE_OK;
    }
    if (is_dead(handle)) {
        return SQLITE_IOERR_SHMLOCK;
    }
    if (!shared_is_free(handle, first, count, exclusive)) {
        return SQLITE_BUSY;
    }
    take_shared(handle, first, count, exclusive);
    return SQLITE_OK;
}

static void disk_shared_barrier(sqlite3_file *file) {
    (void)file; /* one thread */
}

static int disk_shared_unmap(sqlite3_file *file, int remove) {
    struct handle *handle = handle_of(file);
    struct shared *shared = handle->shared;
    (void)remove; /* the last user takes it away in any case: it can always be rebuilt from the WAL */
    if (shared == NULL) {
        return SQLITE_OK;
    }
    give_shared(handle, 0, SHARED_LOCKS);
    handle->shared = NULL;
    if (--shared->users == 0) {
        if (handle->entry->shared == shared) {
            handle->entry->shared = NULL;
        }
        free_shared(shared);
    }
    return SQLITE_OK;
}

static int disk_close(sqlite3_file *file) {
    struct handle *handle = handle_of(file);
    struct entry *entry = handle->entry;
    (void)disk_shared_unmap(file, 0);
    for (struct handle **link = &entry->handles; *link != NULL; link = &(*link)->next) {
        if (*link == handle) {
            *link = handle->next;
            break;
        }
    }
    entry->open_count--;
    if (handle->delete_on_close && !is_dead(handle)) {
        entry->visible = false;
        entry->durable_visible = false;
    }
    return SQLITE_OK;
}

static const sqlite3_io_methods disk_methods = {
    .iVersion = 2,
    .xClose = disk_close,
    .xRead = disk_read,
    .xWrite = disk_write,
    .xTruncate = disk_truncate,
    .xSync = disk_sync,
    .xFileSize = disk_size,
    .xLock = disk_lock,
    .xUnlock = disk_unlock,
    .xCheckReservedLock = disk_check_reserved,
    .xFileControl = disk_file_control,
    .xSectorSize = disk_sector_size,
    .xDeviceCharacteristics = disk_characteristics,
    .xShmMap = disk_shared_map,
    .xShmLock = disk_shared_lock,
    .xShmBarrier = disk_shared_barrier,
    .xShmUnmap = disk_shared_unmap,
};

/* ---- VFS methods ---- */

static struct disk *disk_of(sqlite3_vfs *vfs) {
    return vfs->pAppData;
}

/* A file that is not there, or was deleted: empty. */
static int make_visible(struct disk *disk, struct entry *entry) {
    if (power_goes(disk)) {
        return SQLITE_IOERR;
    }
    entry->visible = true;
    if (entry->now.length > 0 && !add_change(entry, 0, NULL, 0)) {
        return SQLITE_NOMEM;
    }
    entry->now.length = 0;
    return SQLITE_OK;
}

static int disk_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out_flags) {
    struct disk *disk = disk_of(vfs);
    struct handle *handle = handle_of(file);
    char temporary[DISK_NAME_BYTES];
    *handle = (struct handle){.disk = disk, .life = disk->life};
    if (disk->crashed) {
        return SQLITE_CANTOPEN;
    }
    if (path == NULL) {
        (void)snprintf(temporary, sizeof temporary, "temporary %llu", (unsigned long long)disk->temporary_count++);
        path = temporary;
    }
    struct entry *entry = find_entry(disk, path);
    if ((entry == NULL || !entry->visible) && (flags & SQLITE_OPEN_CREATE) == 0) {
        return SQLITE_CANTOPEN;
    }
    entry = entry != NULL ? entry : make_entry(disk, path);
    if (entry == NULL) {
        return SQLITE_NOMEM;
    }
    int code = entry->visible ? SQLITE_OK : make_visible(disk, entry);
    if (code != SQLITE_OK) {
        return code;
    }
    handle->entry = entry;
    handle->delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    handle->next = entry->handles;
    entry->handles = handle;
    entry->open_count++;
    handle->base.pMethods = &disk_methods;
    if (out_flags != NULL) {
        *out_flags = flags;
    }
    return SQLITE_OK;
}

static int disk_delete(sqlite3_vfs *vfs, const char *path, int sync_directory) {
    struct disk *disk = disk_of(vfs);
    struct entry *entry = find_entry(disk, path);
    if (disk->crashed) {
        return SQLITE_IOERR_DELETE;
    }
    if (entry == NULL || !entry->visible) {
        return SQLITE_IOERR_DELETE_NOENT;
    }
    bool goes = power_goes(disk);
    if (goes && toss(disk)) {
        return SQLITE_IOERR_DELETE;
    }
    entry->visible = false;
    if (sync_directory != 0 && !goes) { /* gone for good: what is made under this name later begins empty */
        entry->durable_visible = false;
        entry->durable.length = 0;
        entry->now.length = 0;
        drop_changes(entry);
    }
    return goes ? SQLITE_IOERR_DELETE : SQLITE_OK;
}

static int disk_access(sqlite3_vfs *vfs, const char *path, int flags, int *result) {
    const struct disk *disk = disk_of(vfs);
    const struct entry *entry = find_entry(disk, path);
    (void)flags;
    /* As the real VFS: a file without content counts as not there. */
    *result = entry != NULL && entry->visible && entry->now.length > 0;
    return disk->crashed ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}

static int disk_full_path(sqlite3_vfs *vfs, const char *path, int size, char *out) {
    (void)vfs;
    return snprintf(out, (size_t)size, "%s", path) < size ? SQLITE_OK : SQLITE_CANTOPEN;
}

static int disk_randomness(sqlite3_vfs *vfs, int length, char *out) {
    for (int i = 0; i < length; i++) {
        out[i] = (char)(draw(disk_of(vfs)) & 0xff);
    }
    return length;
}

static int disk_sleep(sqlite3_vfs *vfs, int microseconds) {
    disk_of(vfs)->ticks_ms += (uint64_t)microseconds / 1000 + 1;
    return microseconds;
}

static int disk_time_ms(sqlite3_vfs *vfs, sqlite3_int64 *out) {
    *out = EPOCH_MS + (sqlite3_int64)disk_of(vfs)->ticks_ms;
    return SQLITE_OK;
}

static int disk_time_days(sqlite3_vfs *vfs, double *out) {
    sqlite3_int64 milliseconds = 0;
    int code = disk_time_ms(vfs, &milliseconds);
    *out = (double)milliseconds / 86400000.0;
    return code;
}

static int disk_last_error(sqlite3_vfs *vfs, int size, char *out) {
    (void)vfs;
    if (size > 0) {
        out[0] = '\0';
    }
    return 0;
}

/* ---- the disk ---- */

struct disk *disk_create(uint64_t seed, const char *name) {
    struct disk *disk = calloc(1, sizeof *disk);
    if (disk == NULL) {
        return NULL;
    }
    (void)snprintf(disk->name, sizeof disk->name, "%s", name);
    disk->random = seed;
    disk->room = -1;
    disk->vfs = (sqlite3_vfs){
        .iVersion = 2,
        .szOsFile = (int)sizeof(struct handle),
        .mxPathname = DISK_NAME_BYTES - 1,
        .zName = disk->name,
        .pAppData = disk,
        .xOpen = disk_open,
        .xDelete = disk_delete,
        .xAccess = disk_access,
        .xFullPathname = disk_full_path,
        .xRandomness = disk_randomness,
        .xSleep = disk_sleep,
        .xCurrentTime = disk_time_days,
        .xCurrentTimeInt64 = disk_time_ms,
        .xGetLastError = disk_last_error,
    };
    if (sqlite3_vfs_register(&disk->vfs, 0) != SQLITE_OK) {
        free(disk);
        return NULL;
    }
    (void)sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, (int)(draw(disk) & 0x7fffffff) | 1, (sqlite3 *)NULL);
    return disk;
}

static void free_entry(struct entry *entry) {
    drop_changes(entry);
    if (entry->shared != NULL) {
        free_shared(entry->shared);
    }
    free(entry->now.data);
    free(entry->durable.data);
    free(entry);
}

void disk_destroy(struct disk *disk) {
    if (disk == NULL) {
        return;
    }
    (void)sqlite3_vfs_unregister(&disk->vfs);
    while (disk->entries != NULL) {
        struct entry *entry = disk->entries;
        disk->entries = entry->next;
        free_entry(entry);
    }
    free(disk);
}

const char *disk_name(const struct disk *disk) {
    return disk->name;
}

void disk_set_faults(struct disk *disk, const struct disk_faults *faults) {
    disk->faults = *faults;
}

void disk_set_room(struct disk *disk, int64_t bytes) {
    disk->room = bytes;
}

int64_t disk_used_bytes(const struct disk *disk) {
    int64_t used = 0;
    for (const struct entry *entry = disk->entries; entry != NULL; entry = entry->next) {
        used += entry->visible ? (int64_t)entry->now.length : 0;
    }
    return used;
}

void disk_crash(struct disk *disk) {
    disk->crashed = true;
}

bool disk_has_crashed(const struct disk *disk) {
    return disk->crashed;
}

/* Connections from before hold no lock and share no memory with those to come. */
static void begin_life(struct disk *disk) {
    for (struct entry *entry = disk->entries; entry != NULL; entry = entry->next) {
        entry->shared = NULL; /* every handle that uses it keeps it alive and frees it */
    }
    disk->life++;
    disk->crashed = false;
    disk->faults = (struct disk_faults){0};
}

void disk_restart(struct disk *disk) {
    begin_life(disk);
    for (struct entry *entry = disk->entries; entry != NULL; entry = entry->next) {
        bool settled = settle_by_chance(disk, entry);
        if (entry->visible != entry->durable_visible) {
            entry->visible = toss(disk);
        }
        entry->durable_visible = entry->visible;
        if (!entry->visible) { /* gone for good: what is made under this name later begins empty */
            entry->durable.length = 0;
        }
        if (!settled || !copy_bytes(&entry->now, &entry->durable)) {
            abort(); /* out of memory in a test: nothing that follows would mean anything */
        }
    }
}

void disk_restart_program(struct disk *disk) {
    begin_life(disk);
}

uint64_t disk_change_count(const struct disk *disk) {
    return disk->change_count;
}

uint64_t disk_read_count(const struct disk *disk) {
    return disk->read_count;
}

uint64_t disk_sync_count(const struct disk *disk) {
    return disk->sync_count;
}

const uint8_t *disk_file_bytes(const struct disk *disk, const char *path, size_t *length) {
    const struct entry *entry = find_entry(disk, path);
    if (entry == NULL || !entry->visible) {
        return NULL;
    }
    *length = entry->now.length;
    return entry->now.data;
}
