/* disk — a disk in memory that fails when a test says so: an SQLite VFS driven by a seed.
 *
 * Owns every file on it. What was written and not synced is remembered apart from what is durable, so that a power cut
 * can keep, lose or tear it. Everything depends on the seed and on the calls alone: the same seed and the same calls
 * give the same disk. Single-threaded. Touches no real file, reads no clock, never sleeps.
 *
 * Use:
 *     struct disk *disk = disk_create(seed, "disk-7");
 *     struct store_options options = {.create = true, .vfs = disk_name(disk)};
 *     struct store *store = store_open("data", &options, &failure);     the directory is only a part of the file's name
 *     disk_set_faults(disk, &(struct disk_faults){.crash_in = 12});     at the 12th change from now the power goes
 *     …                                                                 from then on every call fails
 *     store_close(store);                                               a close after a crash changes nothing
 *     disk_restart(disk);                                               the power is back
 *     store = store_open("data", &options, &failure);
 * A program that is killed while the machine runs on loses nothing that it wrote: disk_crash, disk_restart_program.
 *
 * What is modelled:
 *   - A write is visible at once and durable after a sync of its file. At a power cut each write that was not synced is
 *     kept, lost, or torn: each of its 512-byte sectors by itself kept or lost. Bytes beside a write are not harmed
 *     (the VFS reports SQLITE_IOCAP_POWERSAFE_OVERWRITE, as the real one does on Linux). Truncations likewise.
 *   - A file that was never synced may be missing after a power cut; a deletion without a sync of the directory may not
 *     have happened.
 *   - A failed sync is as on Linux: each write that waited for it has reached the disk or has not, by sector, reading
 *     goes on showing all of it, and a later sync that succeeds does not bring the lost ones back.
 *   - A disk with limited room: a write that does not fit is done in part and fails with SQLITE_FULL.
 *   - Reads, writes and syncs that fail once; a power cut at any changing operation, which may still have happened in
 *     part.
 *   - File locks and shared memory (xShm…), so that WAL mode runs exactly as in production, readers beside the writer
 *     included. We implement xShm in memory rather than let the tests set locking_mode=EXCLUSIVE, because then SQLite
 *     would take another path (the index of the WAL in the heap) than the one that goes into service.
 */
#ifndef PINYUE_TESTS_SIM_DISK_H
#define PINYUE_TESTS_SIM_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DISK_SECTOR_BYTES 512
#define DISK_NAME_BYTES 256

struct disk;

/* Each counts operations from now: 1 is the next one, 0 never. Each happens once. */
struct disk_faults {
    uint64_t crash_in;      /* power cut at this change: write, truncation, sync, deletion, making of a file */
    uint64_t fail_sync_in;  /* this sync fails with SQLITE_IOERR_FSYNC */
    uint64_t fail_write_in; /* this write fails with SQLITE_IOERR_WRITE, perhaps done in part */
    uint64_t fail_read_in;  /* this read fails with SQLITE_IOERR_READ */
};

/* Makes an empty disk and registers it as an SQLite VFS under `name` (copied). Also seeds SQLite's own generator, which
 * is one for the whole process, so that a run can be repeated. NULL when memory runs out. */
struct disk *disk_create(uint64_t seed, const char *name);

/* Unregisters and frees. No SQLite connection may be open on it. NULL is allowed. */
void disk_destroy(struct disk *disk);

/* The name to hand to SQLite. */
const char *disk_name(const struct disk *disk);

/* Replaces all faults that have not happened yet. */
void disk_set_faults(struct disk *disk, const struct disk_faults *faults);

/* Room for all files together; negative: without limit (as at the start). */
void disk_set_room(struct disk *disk, int64_t bytes);

/* Bytes that all files take now. */
int64_t disk_used_bytes(const struct disk *disk);

/* From now on every call fails, as for a program whose power is gone. */
void disk_crash(struct disk *disk);
bool disk_has_crashed(const struct disk *disk);

/* After a power cut: decides what of the unsynced survived. Connections from before stay dead. Faults are cleared, the
 * room stays. */
void disk_restart(struct disk *disk);

/* After a killed program on a machine that went on running: everything written is there, synced or not, and what was
 * not synced still is not. Otherwise as disk_restart. */
void disk_restart_program(struct disk *disk);

/* Changes and reads so far: to choose a later fault among them. */
uint64_t disk_change_count(const struct disk *disk);
uint64_t disk_read_count(const struct disk *disk);
uint64_t disk_sync_count(const struct disk *disk);

/* The bytes of a file as a program would read them now; NULL when there is none. Valid until the next change. */
const uint8_t *disk_file_bytes(const struct disk *disk, const char *path, size_t *length);

#endif
