/* The log in an SQLite 3 database: log.db beside log.lock in the data directory.
 *
 * A writer keeps it in WAL mode with synchronous=FULL: a commit returns when its pages are synced in the WAL. Moving
 * them into the database (a checkpoint) is done here and not by SQLite's own trigger, so that its failure is told from
 * the commit's. A store that is opened for writing checkpoints first of all: after a failed sync, pages that the disk
 * never took can still be read from the page cache and look sound; moved into the database and synced there, everything
 * that later events build on is on the disk.
 */
#include "store/backend.h"
#include "store/digest.h"
#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The schema, exactly; a database with another one is not opened. */
static const char *const schema_event = "CREATE TABLE event(\n"
                                        "    sequence INTEGER PRIMARY KEY, -- 1, 2, 3, … without a hole\n"
                                        "    body BLOB NOT NULL,           -- the event, encoded as docs/log.md says\n"
                                        "    chain BLOB NOT NULL           -- its chain hash, 32 bytes\n"
                                        ") STRICT";
static const char *const schema_meta = "CREATE TABLE meta(\n"
                                       "    name TEXT PRIMARY KEY, -- 'format', 'identity', 'kind'\n"
                                       "    value TEXT NOT NULL    -- '1'; 64 hex digits; 'original' or 'copy'\n"
                                       ") STRICT, WITHOUT ROWID";

#define BUSY_WAIT_MS 5000      /* for a checkpoint by a reader, or somebody with the sqlite3 shell */
#define CHECKPOINT_FRAMES 1000 /* pages in the WAL from which on they are moved into the database: about 4 MB */
#define DIRECTORY_MODE 0750
#define FORMAT_TEXT "1" /* STORE_FORMAT, as it stands in meta */
#define SCHEMA_ROOM 512
#define APPLICATION_ID 0x50596c67 /* "PYlg": what file(1) and sqlite3 show of a log */

enum statement { BEGIN, INSERT, COMMIT, ROLLBACK, STATEMENTS };

/* Statements by which a log is read: to compile one takes longer than to read an event by it, so they are kept. */
enum spare { SCAN, LAST, SPARES };

struct sqlite_store {
    sqlite3 *database;
    sqlite3_stmt *statements[STATEMENTS]; /* of a writer */
    sqlite3_stmt *spares[SPARES];         /* of a reader, that nobody is using; or NULL */
    char *directory;
    char *path;          /* directory/log.db */
    const char *vfs;     /* NULL: the real one */
    int lock;            /* descriptor, -1 for none */
    int wal_frames;      /* pages in the WAL after the last commit */
    bool checkpoint_due; /* the one at opening could not finish */
    bool discard;        /* the target of a copy that is not committed yet: closing removes it */
};

static struct sqlite_store *state_of(const struct store *store) {
    return store->backend;
}

/* ---- failures ---- */

static bool is_sync_error(int code) {
    return code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC;
}

static void describe_cause(sqlite3 *database, int code, char *out, size_t size) {
    char reason[128];
    int system_error = database != NULL ? sqlite3_system_errno(database) : 0;
    if ((code & 0xff) == SQLITE_FULL) {
        (void)snprintf(out, size, "the disk is full");
    } else if ((code & 0xff) == SQLITE_CANTOPEN) {
        (void)snprintf(
            out, size,
            "it cannot be opened (SQLite error %d); if the directory cannot be written, copy log.db and log.db-wal "
            "to one that can",
            code);
    } else if ((code & 0xff) == SQLITE_CORRUPT) {
        (void)snprintf(out, size, "the file is damaged or cut off (SQLite error %d: %s)", code, sqlite3_errstr(code));
    } else if (is_sync_error(code)) {
        (void)snprintf(out, size, "the disk did not confirm a sync (SQLite error %d)", code);
    } else if ((code & 0xff) == SQLITE_IOERR && system_error != 0 &&
               strerror_r(system_error, reason, sizeof reason) == 0) {
        (void)snprintf(out, size, "%s: %s (SQLite error %d)", sqlite3_errstr(code), reason, code);
    } else if (database != NULL && sqlite3_extended_errcode(database) == code) {
        (void)snprintf(out, size, "%s (SQLite error %d)", sqlite3_errmsg(database), code);
    } else {
        (void)snprintf(out, size, "%s (SQLite error %d)", sqlite3_errstr(code), code);
    }
}

/* "Appending to PATH failed: the disk is full." */
static bool fail(const struct sqlite_store *state, const char *doing, int code, struct failure *failure) {
    char cause[256];
    describe_cause(state->database, code, cause, sizeof cause);
    return failure_set(failure, "%s %s failed: %s.", doing, state->path, cause);
}

static bool execute(const struct sqlite_store *state, const char *sql, const char *doing, struct failure *failure) {
    int code = sqlite3_exec(state->database, sql, NULL, NULL, NULL);
    return code == SQLITE_OK || fail(state, doing, code, failure);
}

/* ---- files ---- */

static char *join(const char *left, const char *right) {
    size_t size = strlen(left) + strlen(right) + 1;
    char *joined = malloc(size);
    if (joined != NULL) {
        (void)snprintf(joined, size, "%s%s", left, right);
    }
    return joined;
}

static bool file_exists(const struct sqlite_store *state, const char *suffix) {
    int exists = 0;
    sqlite3_vfs *vfs = sqlite3_vfs_find(state->vfs);
    char *path = join(state->path, suffix);
    if (vfs != NULL && path != NULL && vfs->xAccess(vfs, path, SQLITE_ACCESS_EXISTS, &exists) != SQLITE_OK) {
        exists = 0;
    }
    free(path);
    return exists != 0;
}

static bool fail_with_errno(const char *path, const char *what, struct failure *failure) {
    char reason[128];
    int code = errno;
    if (strerror_r(code, reason, sizeof reason) != 0) {
        (void)snprintf(reason, sizeof reason, "system error %d", code);
    }
    return failure_set(failure, "%s cannot be %s: %s.", path, what, reason);
}

/* Makes what was entered in a directory last through a power cut. */
static bool sync_directory(const char *path, struct failure *failure) {
    int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) {
        return fail_with_errno(path, "opened", failure);
    }
    bool synced = fsync(descriptor) == 0 || fail_with_errno(path, "synced", failure);
    (void)close(descriptor);
    return synced;
}

static bool sync_parent(const char *path, struct failure *failure) {
    char *parent = join(path, "/..");
    if (parent == NULL) {
        return failure_set(failure, "Out of memory while making the directory %s.", path);
    }
    bool synced = sync_directory(parent, failure);
    free(parent);
    return synced;
}

static bool make_directory(const char *path, struct failure *failure) {
    if (mkdir(path, DIRECTORY_MODE) == 0) {
        return sync_parent(path, failure);
    }
    struct stat status;
    if (errno == EEXIST && stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        return true;
    }
    return fail_with_errno(path, "made", failure);
}

/* ---- opening ---- */

static bool is_plain(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           byte == '/' || byte == '.' || byte == '_' || byte == '-';
}

/* The path as a URI, in which SQLite takes parameters. "file://" before an absolute path, lest "//" be taken for a host. */
static bool make_uri(const struct sqlite_store *state, const char *parameters, struct buffer *out) {
    buffer_append_string(out, state->path[0] == '/' ? "file://" : "file:");
    for (const char *byte = state->path; *byte != '\0'; byte++) {
        if (is_plain(*byte)) {
            buffer_append(out, byte, 1);
        } else {
            buffer_print(out, "%%%02x", (unsigned)(unsigned char)*byte);
        }
    }
    buffer_append_string(out, parameters);
    return !out->failed;
}

static bool connect(struct sqlite_store *state, int flags, const char *parameters, struct failure *failure) {
    struct buffer uri = {0};
    if (!make_uri(state, parameters, &uri)) {
        buffer_release(&uri);
        return failure_set(failure, "Out of memory while opening %s.", state->path);
    }
    int code = sqlite3_open_v2(uri.bytes, &state->database,
                               flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, state->vfs);
    buffer_release(&uri);
    if (code != SQLITE_OK) {
        return fail(state, "Opening", code, failure);
    }
    return true;
}

/* sqlite3_close fails only with statements left open, which would be a mistake of ours; close_v2 then waits for them. */
static void disconnect(struct sqlite_store *state) {
    for (int i = 0; i < SPARES; i++) {
        (void)sqlite3_finalize(state->spares[i]);
        state->spares[i] = NULL;
    }
    (void)sqlite3_close_v2(state->database);
    state->database = NULL;
}

/* A file that we are handed may have been made to harm: no functions run from its schema, none of its pages is trusted.
 * And it is not changed at closing before it is known to be ours. */
static bool configure(const struct sqlite_store *state, struct failure *failure) {
    sqlite3 *database = state->database;
    int code = sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_busy_timeout(database, BUSY_WAIT_MS);
    }
    if (code != SQLITE_OK) {
        return fail(state, "Opening", code, failure);
    }
    return execute(state, "PRAGMA cell_size_check=ON", "Opening", failure);
}

/* Reads one text of one row and column. *found is false when there is no row. */
static bool query_text(const struct sqlite_store *state, const char *sql, const char *parameter, char *out, size_t size,
                       bool *found, struct failure *failure) {
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(state->database, sql, -1, &statement, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_bind_text(statement, 1, parameter, -1, SQLITE_STATIC);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_step(statement);
    }
    *found = code == SQLITE_ROW;
    if (*found) {
        const unsigned char *value = sqlite3_column_text(statement, 0);
        (void)snprintf(out, size, "%s", value != NULL ? (const char *)value : "");
    }
    (void)sqlite3_finalize(statement); /* repeats the step's error */
    return code == SQLITE_ROW || code == SQLITE_DONE || fail(state, "Reading", code, failure);
}

#define QUERY_SCHEMA "SELECT sql FROM sqlite_schema WHERE type='table' AND name=?1"
#define QUERY_META "SELECT value FROM meta WHERE name=?1"
#define QUERY_OTHER                                                                                                    \
    "SELECT name FROM sqlite_schema WHERE NOT(type='table' AND name IN('event','meta')) AND name NOT LIKE ?1"

enum finding { IS_LOG, IS_EMPTY, IS_FOREIGN };

/* What the database is, so far as its tables say it. */
static bool find_kind(const struct sqlite_store *state, enum finding *finding, struct failure *failure) {
    char sql[SCHEMA_ROOM];
    char other[128];
    bool has_event;
    bool has_meta;
    bool has_other;
    *finding = IS_FOREIGN;
    if (!query_text(state, QUERY_OTHER, "sqlite%", other, sizeof other, &has_other, failure) ||
        !query_text(state, QUERY_SCHEMA, "event", sql, sizeof sql, &has_event, failure)) {
        return false;
    }
    bool right = has_event && strcmp(sql, schema_event) == 0;
    if (!query_text(state, QUERY_SCHEMA, "meta", sql, sizeof sql, &has_meta, failure)) {
        return false;
    }
    right = right && has_meta && strcmp(sql, schema_meta) == 0;
    if (right && !has_other) {
        *finding = IS_LOG;
    } else if (!has_event && !has_meta && !has_other) {
        *finding = IS_EMPTY;
    }
    return true;
}

/* The format comes first: a newer one may have any tables, as long as it keeps (name, value) in `meta`. *newer is set
 * when there is a format and it is not ours. */
static bool check_format(const struct sqlite_store *state, bool *newer, struct failure *failure) {
    char sql[SCHEMA_ROOM];
    char format[32] = "";
    bool found;
    *newer = false;
    if (!query_text(state, QUERY_SCHEMA, "meta", sql, sizeof sql, &found, failure)) {
        return false;
    }
    if (found && !query_text(state, QUERY_META, "format", format, sizeof format, &found, failure)) {
        return false;
    }
    *newer = found && strcmp(format, FORMAT_TEXT) != 0;
    return !*newer ||
           failure_set(failure,
                       "The log %s has format %s; this program knows format %s. It was left as it is: open it "
                       "with the program that wrote it.",
                       state->path, format, FORMAT_TEXT);
}

/* Looks at the format without a lock, a WAL or any other trace. The meta data stands in the main file from the log's
 * making on (see create_log), so a stale view of the rest does no harm; and whatever else is wrong with the file is for
 * the proper opening to find, which first recovers what a crash left. False only for a newer format. */
static bool look_first(struct sqlite_store *state, struct failure *failure) {
    struct failure found = {0};
    bool newer = false;
    bool looked = connect(state, SQLITE_OPEN_READONLY, "?immutable=1", &found) && configure(state, &found) &&
                  check_format(state, &newer, &found);
    disconnect(state);
    if (!looked && newer) {
        *failure = found;
        return false;
    }
    return true;
}

/* Reads what the log says of itself. */
static bool read_meta(const struct sqlite_store *state, struct store *store, struct failure *failure) {
    char identity[STORE_HASH_ROOM + 1] = "";
    char kind[16] = "";
    struct store_hash parsed;
    bool found;
    if (!query_text(state, QUERY_META, "identity", identity, sizeof identity, &found, failure) ||
        !query_text(state, QUERY_META, "kind", kind, sizeof kind, &found, failure)) {
        return false;
    }
    store->copy = strcmp(kind, "copy") == 0;
    if (!store_parse_hash(text_of(identity), &parsed) || (!store->copy && strcmp(kind, "original") != 0)) {
        return failure_set(
            failure, "The log %s is damaged: its identity or its kind in the table meta is not readable.", state->path);
    }
    memcpy(store->identity, parsed.bytes, STORE_HASH_BYTES);
    digest_make_origin(store->identity, store->origin.bytes);
    return true;
}

static bool insert_meta(const struct sqlite_store *state, const char *name, const char *value,
                        struct failure *failure) {
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(state->database, "INSERT INTO meta(name,value) VALUES(?1,?2)", -1, &statement, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_bind_text(statement, 2, value, -1, SQLITE_STATIC);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_step(statement);
    }
    (void)sqlite3_finalize(statement); /* repeats the step's error */
    return code == SQLITE_DONE || fail(state, "Making", code, failure);
}

/* Begins a transaction and makes the tables in it. */
static bool begin_schema(const struct sqlite_store *state, const uint8_t identity[STORE_HASH_BYTES], bool copy,
                         struct failure *failure) {
    struct store_hash hash;
    char text[STORE_HASH_ROOM];
    char application[48];
    memcpy(hash.bytes, identity, STORE_HASH_BYTES);
    store_print_hash(&hash, text);
    (void)snprintf(application, sizeof application, "PRAGMA application_id=%d", APPLICATION_ID);
    return execute(state, "PRAGMA synchronous=EXTRA", "Making", failure) &&
           execute(state, "BEGIN IMMEDIATE", "Making", failure) && execute(state, application, "Making", failure) &&
           execute(state, schema_event, "Making", failure) && execute(state, schema_meta, "Making", failure) &&
           insert_meta(state, "format", FORMAT_TEXT, failure) && insert_meta(state, "identity", text, failure) &&
           insert_meta(state, "kind", copy ? "copy" : "original", failure);
}

/* Makes the tables in journal mode, before the change to WAL: so the meta data is in log.db itself once and for all. A
 * crash in between leaves an empty database with a journal, and the next opening begins anew. */
static bool create_log(const struct sqlite_store *state, const struct store *store, struct failure *failure) {
    uint8_t identity[STORE_HASH_BYTES];
    if (!store->fill_random(store->random_context, identity, sizeof identity)) {
        return failure_set(failure, "The random generator gave no identity; the log %s was not made.", state->path);
    }
    return begin_schema(state, identity, false, failure) && execute(state, "COMMIT", "Making", failure) &&
           (state->vfs != NULL || sync_directory(state->directory, failure));
}

/* Makes the file with the rights that we want; SQLite gives its companions the same. *made is false when it was there. */
static bool claim_file(const struct sqlite_store *state, bool *made, struct failure *failure) {
    int descriptor = open(state->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR | S_IRGRP);
    *made = descriptor >= 0;
    if (descriptor < 0) {
        return errno == EEXIST || fail_with_errno(state->path, "made", failure);
    }
    (void)close(descriptor);
    return true;
}

/* Recognises the log, or makes it when the database is empty and it may. */
static bool recognise(const struct sqlite_store *state, struct store *store, bool create, struct failure *failure) {
    enum finding finding;
    bool newer;
    if (!check_format(state, &newer, failure) || !find_kind(state, &finding, failure)) {
        return false;
    }
    if (finding == IS_EMPTY && create) {
        return create_log(state, store, failure) && read_meta(state, store, failure);
    }
    if (finding == IS_EMPTY) {
        return failure_set(failure, "There is no log in %s: %s is empty.", state->directory, state->path);
    }
    if (finding == IS_FOREIGN) {
        return failure_set(failure, "%s is no log of Pinyue: its tables are not the ones that this program makes.",
                           state->path);
    }
    return read_meta(state, store, failure);
}

static int count_frames(void *context, sqlite3 *database, const char *name, int frames) {
    struct sqlite_store *state = context;
    (void)database;
    (void)name;
    state->wal_frames = frames;
    return SQLITE_OK;
}

/* The change to WAL is a transaction in journal mode, and is committed when the statement ends, after its one row. With
 * EXTRA the journal's deletion is synced too: a journal that came back after a power cut would undo the change, and with
 * it everything since. In WAL mode itself FULL and EXTRA are the same. */
static bool enter_wal_mode(const struct sqlite_store *state, struct failure *failure) {
    sqlite3_stmt *statement = NULL;
    char mode[16] = "";
    if (!execute(state, "PRAGMA synchronous=EXTRA", "Opening", failure)) {
        return false;
    }
    int code = sqlite3_prepare_v2(state->database, "PRAGMA journal_mode=WAL", -1, &statement, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_step(statement);
    }
    if (code == SQLITE_ROW) {
        (void)snprintf(mode, sizeof mode, "%s", (const char *)sqlite3_column_text(statement, 0));
        code = sqlite3_step(statement);
    }
    (void)sqlite3_finalize(statement); /* repeats the step's error */
    if (code != SQLITE_DONE) {
        return fail(state, "Opening", code, failure);
    }
    return (strcmp(mode, "wal") == 0 ||
            failure_set(failure,
                        "%s cannot be used in WAL mode here (it stays in mode %s); is it on a network file system?",
                        state->path, mode)) &&
           execute(state, "PRAGMA synchronous=FULL", "Opening", failure);
}

/* The WAL file itself; *wal stays NULL where there is none. */
static int find_wal(const struct sqlite_store *state, sqlite3_file **wal) {
    *wal = NULL;
    int code = sqlite3_file_control(state->database, "main", SQLITE_FCNTL_JOURNAL_POINTER, wal);
    if (*wal != NULL && (*wal)->pMethods == NULL) {
        *wal = NULL;
    }
    return code;
}

/* Syncs the WAL file, which SQLite does not do after it has emptied it. */
static int sync_wal(const struct sqlite_store *state) {
    sqlite3_file *wal = NULL;
    int code = find_wal(state, &wal);
    return code != SQLITE_OK || wal == NULL ? code : wal->pMethods->xSync(wal, SQLITE_SYNC_NORMAL);
}

/* Writes every byte of the WAL once more where it stands, and syncs it: after a failed sync some of it may be in the
 * page cache alone and counts as clean, so that a sync by itself says yes and writes nothing. A power cut in the middle
 * of the checkpoint would then leave half of an event in the database and nothing in the WAL to finish it from. */
static int renew_wal(const struct sqlite_store *state) {
    char piece[16384];
    sqlite3_file *wal = NULL;
    sqlite3_int64 size = 0;
    int code = find_wal(state, &wal);
    if (code != SQLITE_OK || wal == NULL) {
        return code;
    }
    code = wal->pMethods->xFileSize(wal, &size);
    for (sqlite3_int64 at = 0; code == SQLITE_OK && at < size; at += (sqlite3_int64)sizeof piece) {
        int length = size - at < (sqlite3_int64)sizeof piece ? (int)(size - at) : (int)sizeof piece;
        code = wal->pMethods->xRead(wal, piece, length, at);
        if (code == SQLITE_OK) {
            code = wal->pMethods->xWrite(wal, piece, length, at);
        }
    }
    return code == SQLITE_OK && size > 0 ? wal->pMethods->xSync(wal, SQLITE_SYNC_NORMAL) : code;
}

/* Moves everything that a crash or another program left in the WAL into the database, and makes the emptied WAL last:
 * after a failed sync its pages may be readable but not on the disk, and a WAL that came back without them after a power
 * cut would hide what has been moved. A reader that holds an old view, or a full disk, may keep the checkpoint from
 * finishing: then it is tried again with the appends. */
static bool checkpoint_first(struct sqlite_store *state, struct failure *failure) {
    int code = renew_wal(state);
    if (code != SQLITE_OK) {
        return fail(state, "Making sure of the write-ahead log of", code, failure);
    }
    code = sqlite3_wal_checkpoint_v2(state->database, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    state->checkpoint_due = (code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_FULL;
    if (code == SQLITE_OK) {
        code = sync_wal(state);
    }
    return code == SQLITE_OK || state->checkpoint_due ||
           fail(state, "Moving what is in the write-ahead log into", code, failure);
}

static bool prepare_statements(struct sqlite_store *state, struct failure *failure) {
    static const char *const sql[STATEMENTS] = {
        [BEGIN] = "BEGIN IMMEDIATE",
        [INSERT] = "INSERT INTO event(sequence,body,chain) VALUES(?1,?2,?3)",
        [COMMIT] = "COMMIT",
        [ROLLBACK] = "ROLLBACK",
    };
    for (int i = 0; i < STATEMENTS; i++) {
        int code =
            sqlite3_prepare_v3(state->database, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &state->statements[i], NULL);
        if (code != SQLITE_OK) {
            return fail(state, "Opening", code, failure);
        }
    }
    return true;
}

static bool begin_writing(struct sqlite_store *state, struct store *store, struct failure *failure) {
    if (store->copy) {
        return failure_set(failure, "%s is a copy in which something may be masked or withheld; it is only read.",
                           state->path);
    }
    if (!enter_wal_mode(state, failure) || !checkpoint_first(state, failure) || !prepare_statements(state, failure)) {
        return false;
    }
    (void)sqlite3_wal_hook(state->database, count_frames, state); /* also replaces SQLite's own checkpoints */
    store->head = (struct store_head){0, store->origin};
    if (!store->operations->find_last(store, &store->head, failure)) {
        return false;
    }
    int code = sqlite3_db_config(state->database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    return code == SQLITE_OK || fail(state, "Opening", code, failure);
}

/* A directory that cannot be written holds no WAL in use: then the file alone is read, because SQLite could not make
 * the shared memory that a database in WAL mode wants. */
static bool is_fixed(const struct sqlite_store *state) {
    return state->vfs == NULL && access(state->directory, W_OK) != 0 && (errno == EACCES || errno == EROFS) &&
           !file_exists(state, "-wal");
}

static bool open_database(struct sqlite_store *state, struct store *store, const struct store_options *options,
                          struct failure *failure) {
    int flags = options->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    flags |= options->create && options->vfs != NULL ? SQLITE_OPEN_CREATE : 0;
    const char *parameters = options->read_only && is_fixed(state) ? "?immutable=1" : "";
    return connect(state, flags, parameters, failure) && configure(state, failure) &&
           recognise(state, store, options->create, failure) &&
           (options->read_only || begin_writing(state, store, failure));
}

/* Directory and lock of a real writer. */
static bool prepare_files(struct sqlite_store *state, const struct store_options *options, struct failure *failure) {
    bool made;
    if (options->vfs != NULL || options->read_only) {
        return true;
    }
    if (options->create && !make_directory(state->directory, failure)) {
        return false;
    }
    char *lock = join(state->directory, "/log.lock");
    if (lock == NULL) {
        return failure_set(failure, "Out of memory while opening %s.", state->path);
    }
    bool locked = lock_acquire(lock, &state->lock, failure);
    free(lock);
    return locked && (!options->create || claim_file(state, &made, failure));
}

static bool check_presence(const struct sqlite_store *state, const struct store_options *options,
                           struct failure *failure) {
    struct stat status;
    bool present = options->vfs != NULL ? file_exists(state, "") : stat(state->path, &status) == 0;
    return present || options->create ||
           failure_set(failure, "There is no log in %s: %s cannot be found.", state->directory, state->path);
}

static const struct store_operations sqlite_operations;

static struct sqlite_store *allocate(struct store *store, const char *directory, const char *vfs,
                                     struct failure *failure) {
    struct sqlite_store *state = calloc(1, sizeof *state);
    if (state == NULL) {
        failure_set(failure, "Out of memory while opening the log.");
        return NULL;
    }
    store->operations = &sqlite_operations;
    store->backend = state;
    state->lock = -1;
    state->vfs = vfs;
    state->directory = join(directory, "");
    state->path = join(directory, "/log.db");
    if (state->directory == NULL || state->path == NULL) {
        failure_set(failure, "Out of memory while opening the log.");
        return NULL;
    }
    return state;
}

bool sqlite_store_open(struct store *store, const char *directory, const struct store_options *options,
                       struct failure *failure) {
    struct sqlite_store *state = allocate(store, directory, options->vfs, failure);
    if (state == NULL) {
        return false;
    }
    if (options->vfs != NULL && sqlite3_vfs_find(options->vfs) == NULL) {
        return failure_set(failure, "SQLite knows no file system (VFS) named %s.", options->vfs);
    }
    return check_presence(state, options, failure) && prepare_files(state, options, failure) &&
           (!file_exists(state, "") || look_first(state, failure)) && open_database(state, store, options, failure);
}

bool sqlite_store_open_target(struct store *store, const char *directory, const uint8_t identity[STORE_HASH_BYTES],
                              bool copy, struct failure *failure) {
    bool made;
    struct sqlite_store *state = allocate(store, directory, NULL, failure);
    if (state == NULL || !make_directory(directory, failure) || !claim_file(state, &made, failure)) {
        return false;
    }
    if (!made) {
        return failure_set(failure, "%s is there already; a copy goes into a directory that holds no log.",
                           state->path);
    }
    state->discard = true;
    store->copy = copy;
    memcpy(store->identity, identity, STORE_HASH_BYTES);
    digest_make_origin(identity, store->origin.bytes);
    return connect(state, SQLITE_OPEN_READWRITE, "", failure) && configure(state, failure) &&
           begin_schema(state, identity, copy, failure) && prepare_statements(state, failure);
}

/* ---- operations ---- */

/* Steps a statement that gives no rows and makes it ready for the next time. */
static int run(sqlite3_stmt *statement) {
    int code = sqlite3_step(statement);
    (void)sqlite3_reset(statement); /* repeats the step's error */
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

static bool sqlite_begin(struct store *store, struct failure *failure) {
    struct sqlite_store *state = state_of(store);
    int code = run(state->statements[BEGIN]);
    return code == SQLITE_OK || fail(state, "Appending to", code, failure);
}

/* A failed sync, in whatever call it comes up: from here on the page cache cannot be trusted. */
static void note_sync_error(struct store *store, int code) {
    char cause[192];
    if (is_sync_error(code)) {
        describe_cause(state_of(store)->database, code, cause, sizeof cause);
        store_refuse(store, "%s", cause);
    }
}

static bool sqlite_insert(struct store *store, const struct store_row *row, struct failure *failure) {
    struct sqlite_store *state = state_of(store);
    sqlite3_stmt *statement = state->statements[INSERT];
    int code = sqlite3_bind_int64(statement, 1, row->sequence);
    if (code == SQLITE_OK) {
        code = sqlite3_bind_blob64(statement, 2, row->body.bytes, row->body.length, SQLITE_STATIC);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_bind_blob64(statement, 3, row->chain.bytes, row->chain.length, SQLITE_STATIC);
    }
    if (code == SQLITE_OK) {
        code = run(statement);
    }
    (void)sqlite3_clear_bindings(statement);
    if (code != SQLITE_OK) {
        note_sync_error(store, code);
        return fail(state, "Appending to", code, failure);
    }
    return true;
}

/* After a commit, so whatever fails here, the event is durable in the WAL. Only a failed sync has a consequence; a full
 * disk or a reader in the way means that it is tried again at the next append. */
static void checkpoint_when_due(struct store *store) {
    struct sqlite_store *state = state_of(store);
    int total = 0;
    int moved = 0;
    if (state->wal_frames < CHECKPOINT_FRAMES && !state->checkpoint_due) {
        return;
    }
    int code = sqlite3_wal_checkpoint_v2(state->database, NULL, SQLITE_CHECKPOINT_PASSIVE, &total, &moved);
    note_sync_error(store, code);
    if (code == SQLITE_OK && moved == total) {
        state->checkpoint_due = false;
    }
}

static bool sqlite_commit(struct store *store, struct failure *failure) {
    struct sqlite_store *state = state_of(store);
    int code = run(state->statements[COMMIT]);
    if (code != SQLITE_OK) {
        note_sync_error(store, code);
        return fail(state, "Appending to", code, failure);
    }
    if (state->discard) {
        state->discard = !sync_directory(state->directory, failure);
        return !state->discard;
    }
    checkpoint_when_due(store);
    return true;
}

static void sqlite_rollback(struct store *store) {
    struct sqlite_store *state = state_of(store);
    if (sqlite3_get_autocommit(state->database) == 0 && run(state->statements[ROLLBACK]) != SQLITE_OK) {
        store_refuse(store, "a failed append could not be rolled back (%s)", sqlite3_errmsg(state->database));
    }
}

static struct record_slice read_blob(sqlite3_stmt *statement, int column) {
    const uint8_t *bytes = sqlite3_column_blob(statement, column);
    return (struct record_slice){bytes, (size_t)sqlite3_column_bytes(statement, column)};
}

static int step_rows(sqlite3_stmt *statement, store_row_visit *visit, void *context) {
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        struct store_row row = {sqlite3_column_int64(statement, 0), read_blob(statement, 1), read_blob(statement, 2)};
        if (!visit(context, &row)) {
            return SQLITE_DONE;
        }
    }
    return code;
}

/* A statement of its own for each reading, since a callback may begin another one: the one that is kept, or a new one. */
static int take_statement(struct sqlite_store *state, enum spare which, sqlite3_stmt **statement) {
    static const char *const sql[SPARES] = {
        [SCAN] = "SELECT sequence,body,chain FROM event WHERE sequence BETWEEN ?1 AND ?2 ORDER BY sequence",
        [LAST] = "SELECT sequence,chain FROM event WHERE sequence>0 ORDER BY sequence DESC LIMIT 1",
    };
    *statement = state->spares[which];
    state->spares[which] = NULL;
    return *statement != NULL
               ? SQLITE_OK
               : sqlite3_prepare_v3(state->database, sql[which], -1, SQLITE_PREPARE_PERSISTENT, statement, NULL);
}

/* Ends the reading, which would hold the log as it was; keeps the statement where none is kept. */
static void leave_statement(struct sqlite_store *state, enum spare which, sqlite3_stmt *statement) {
    (void)sqlite3_reset(statement); /* repeats the step's error */
    if (state->spares[which] == NULL) {
        state->spares[which] = statement;
    } else {
        (void)sqlite3_finalize(statement);
    }
}

static bool sqlite_scan(struct store *store, int64_t from, int64_t to, store_row_visit *visit, void *context,
                        bool *broken, struct failure *failure) {
    struct sqlite_store *state = state_of(store);
    sqlite3_stmt *statement = NULL;
    int code = take_statement(state, SCAN, &statement);
    if (code == SQLITE_OK) {
        code = sqlite3_bind_int64(statement, 1, from);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_bind_int64(statement, 2, to);
    }
    if (code == SQLITE_OK) {
        code = step_rows(statement, visit, context);
    }
    if (code != SQLITE_DONE) {
        fail(state, "Reading", code, failure);
    }
    leave_statement(state, SCAN, statement);
    if (broken != NULL) {
        *broken = (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
    }
    return code == SQLITE_DONE;
}

static bool sqlite_find_last(struct store *store, struct store_head *head, struct failure *failure) {
    struct sqlite_store *state = state_of(store);
    sqlite3_stmt *statement = NULL;
    bool sound = true;
    int code = take_statement(state, LAST, &statement);
    if (code == SQLITE_OK) {
        code = sqlite3_step(statement);
    }
    if (code == SQLITE_ROW) {
        struct record_slice chain = read_blob(statement, 1);
        sound = chain.length == STORE_HASH_BYTES;
        if (sound) {
            head->sequence = sqlite3_column_int64(statement, 0);
            memcpy(head->hash.bytes, chain.bytes, STORE_HASH_BYTES);
        }
    } else if (code != SQLITE_DONE) {
        fail(state, "Reading", code, failure);
    }
    leave_statement(state, LAST, statement);
    if (!sound) {
        return failure_set(failure, "The log %s is damaged: its last chain value has an impossible length.",
                           state->path);
    }
    return code == SQLITE_ROW || code == SQLITE_DONE;
}

/* A copy that was not finished leaves nothing behind. */
static void discard_files(const struct sqlite_store *state) {
    char *journal = join(state->path, "-journal");
    (void)unlink(state->path);
    if (journal != NULL) {
        (void)unlink(journal);
    }
    free(journal);
}

static void sqlite_close(struct store *store) {
    struct sqlite_store *state = state_of(store);
    for (int i = 0; i < STATEMENTS; i++) {
        (void)sqlite3_finalize(state->statements[i]);
    }
    if (store->refuses && state->database != NULL) {
        /* What is on the disk stays as it is for the next opening to judge. */
        (void)sqlite3_db_config(state->database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    }
    disconnect(state);
    if (state->discard) {
        discard_files(state);
    }
    lock_release(state->lock);
    free(state->directory);
    free(state->path);
    free(state);
}

static const struct store_operations sqlite_operations = {
    .begin = sqlite_begin,
    .insert = sqlite_insert,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .scan = sqlite_scan,
    .find_last = sqlite_find_last,
    .close = sqlite_close,
};
