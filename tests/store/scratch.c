#include "scratch.h"

#include "base/buffer.h"

#include <dirent.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_LIMIT_BYTES ((size_t)512 * 1024 * 1024)

int scratch_set_up(void **state) {
    char *path = strdup("/tmp/pinyue-store-XXXXXX");
    *state = path;
    return path != NULL && mkdtemp(path) != NULL ? 0 : -1;
}

static int is_entry(const struct dirent *entry) {
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* The directory and all in it, whatever it is. 0 when it is gone. */
static int remove_tree(const char *path) {
    struct dirent **entries = NULL;
    struct stat status;
    if (lstat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        (void)chmod(path, 0700);
        int count = scandir(path, &entries, is_entry, alphasort);
        for (int i = 0; i < count; i++) {
            char inner[SCRATCH_PATH_ROOM];
            (void)remove_tree(scratch_join(path, entries[i]->d_name, inner));
            free(entries[i]);
        }
        free(entries);
    }
    return remove(path);
}

int scratch_tear_down(void **state) {
    int code = remove_tree(*state);
    free(*state);
    return code;
}

const char *scratch_join(const char *directory, const char *name, char out[SCRATCH_PATH_ROOM]) {
    int length = snprintf(out, SCRATCH_PATH_ROOM, "%s/%s", directory, name);
    assert_in_range(length, 1, SCRATCH_PATH_ROOM - 1);
    return out;
}

static struct store *open_with(const char *directory, const struct store_options *options) {
    struct failure failure = {0};
    struct store *store = store_open(directory, options, &failure);
    if (store == NULL) {
        fail_msg("%s", failure.message);
    }
    return store;
}

struct store *scratch_open(const char *directory) {
    return open_with(directory, &(struct store_options){.create = true});
}

struct store *scratch_open_reader(const char *directory) {
    return open_with(directory, &(struct store_options){.read_only = true});
}

struct sample {
    char number[32];
    char phone[48];
    struct store_field fields[SCRATCH_FIELDS];
};

static void make_sample(struct sample *sample, int64_t number) {
    (void)snprintf(sample->number, sizeof sample->number, "%" PRId64, number);
    (void)snprintf(sample->phone, sizeof sample->phone, "secret-%" PRId64, number);
    sample->fields[0] = (struct store_field){TEXT("number"), text_of(sample->number), false};
    sample->fields[1] = (struct store_field){TEXT("kind"), TEXT("报告"), false};
    sample->fields[2] = (struct store_field){TEXT("incident"), number % 2 != 0 ? TEXT("A") : TEXT("B"), false};
    sample->fields[3] = (struct store_field){TEXT("phone"), text_of(sample->phone), false};
}

void scratch_append(struct store *store, int64_t number) {
    struct failure failure = {0};
    struct sample sample;
    int64_t sequence = 0;
    make_sample(&sample, number);
    if (!store_append(store, sample.fields, SCRATCH_FIELDS, &sequence, &failure)) {
        fail_msg("%s", failure.message);
    }
    assert_int_equal(sequence, number);
}

struct store_head scratch_make_log(const char *directory, int64_t count) {
    struct failure failure = {0};
    struct store_head head;
    struct store *store = scratch_open(directory);
    struct sample *samples = calloc((size_t)count + 1, sizeof *samples);
    struct store_event *events = calloc((size_t)count + 1, sizeof *events);
    if (samples == NULL || events == NULL) {
        free(samples);
        free(events);
        store_close(store);
        fail_msg("out of memory");
        return (struct store_head){0};
    }
    for (int64_t i = 0; i < count; i++) {
        make_sample(&samples[i], i + 1);
        events[i] = (struct store_event){samples[i].fields, SCRATCH_FIELDS};
    }
    if (!store_append_many(store, events, (size_t)count, NULL, &failure)) {
        fail_msg("%s", failure.message);
    }
    assert_true(store_find_head(store, &head, NULL));
    store_close(store);
    free(samples);
    free(events);
    return head;
}

static bool check_event(void *context, const struct store_record *record) {
    int64_t *next = context;
    struct sample sample;
    make_sample(&sample, *next);
    assert_int_equal(record->sequence, *next);
    assert_false(record->withheld);
    assert_int_equal(record->count, SCRATCH_FIELDS);
    for (size_t i = 0; i < record->count; i++) {
        assert_true(text_equal(record->fields[i].name, sample.fields[i].name));
        assert_true(text_equal(record->fields[i].value, sample.fields[i].value));
        assert_false(record->fields[i].masked);
    }
    (*next)++;
    return true;
}

void scratch_check_events(struct store *store, int64_t from, int64_t to) {
    struct failure failure = {0};
    int64_t next = from;
    if (!store_read(store, from, true, check_event, &next, &failure)) {
        fail_msg("%s", failure.message);
    }
    assert_int_equal(next, to + 1);
}

void scratch_execute(const char *directory, const char *sql) {
    char path[SCRATCH_PATH_ROOM];
    char *message = NULL;
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(scratch_join(directory, "log.db", path), &database), SQLITE_OK);
    if (sqlite3_exec(database, sql, NULL, NULL, &message) != SQLITE_OK) {
        fail_msg("%s: %s", sql, message);
    }
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

void scratch_verify(const char *directory, const struct store_head *expected, struct store_report *report) {
    struct failure failure = {0};
    struct store *store = scratch_open_reader(directory);
    if (!store_verify(store, expected, report, &failure)) {
        fail_msg("%s", failure.message);
    }
    store_close(store);
}

/* Calls back with each file of the directory, by name; directories in it are left out. */
static void read_files(const char *directory, void (*visit)(void *context, const char *name, struct text bytes),
                       void *context) {
    struct dirent **entries = NULL;
    int count = scandir(directory, &entries, is_entry, alphasort);
    assert_true(count >= 0);
    for (int i = 0; i < count; i++) {
        char path[SCRATCH_PATH_ROOM];
        struct stat status;
        struct failure failure = {0};
        struct buffer content = {0};
        assert_int_equal(stat(scratch_join(directory, entries[i]->d_name, path), &status), 0);
        if (S_ISREG(status.st_mode) && !buffer_read_file(&content, path, FILE_LIMIT_BYTES, &failure)) {
            fail_msg("%s: %s", path, failure.message);
        }
        if (S_ISREG(status.st_mode)) {
            visit(context, entries[i]->d_name, buffer_text(&content));
        }
        buffer_release(&content);
        free(entries[i]);
    }
    free(entries);
}

struct search {
    const char *text;
    bool found;
};

static void search_file(void *context, const char *name, struct text bytes) {
    struct search *search = context;
    size_t length = strlen(search->text);
    (void)name;
    for (size_t i = 0; i + length <= bytes.length; i++) {
        search->found = search->found || memcmp(bytes.bytes + i, search->text, length) == 0;
    }
}

bool scratch_contains(const char *directory, const char *text) {
    struct search search = {text, false};
    read_files(directory, search_file, &search);
    return search.found;
}

static void sum_file(void *context, const char *name, struct text bytes) {
    uint64_t *sum = context;
    *sum += text_hash(text_of(name)) * 31 + text_hash(bytes);
}

uint64_t scratch_fingerprint(const char *directory) {
    uint64_t sum = 0;
    read_files(directory, sum_file, &sum);
    return sum;
}

void scratch_copy_file(const char *source, const char *directory) {
    char path[SCRATCH_PATH_ROOM];
    struct failure failure = {0};
    struct buffer content = {0};
    if (!buffer_read_file(&content, source, FILE_LIMIT_BYTES, &failure)) {
        fail_msg("%s: %s", source, failure.message);
    }
    FILE *file = fopen(scratch_join(directory, "log.db", path), "wbe");
    assert_non_null(file);
    assert_int_equal(fwrite(content.bytes, 1, content.length, file), content.length);
    assert_int_equal(fclose(file), 0);
    buffer_release(&content);
}
