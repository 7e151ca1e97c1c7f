#define _XOPEN_SOURCE 700 /* nftw */
#include "scratch.h"

#include "base/buffer.h"

#include <dirent.h>
#include <ftw.h>
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

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where) {
    (void)status;
    (void)kind;
    (void)where;
    return remove(path);
}

int scratch_tear_down(void **state) {
    (void)chmod(*state, 0700);
    int code = nftw(*state, remove_one, 16, FTW_DEPTH | FTW_PHYS);
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
    struct store_head head;
    struct store *store = scratch_open(directory);
    for (int64_t number = 1; number <= count; number++) {
        scratch_append(store, number);
    }
    assert_true(store_find_head(store, &head, NULL));
    store_close(store);
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

/* Calls back with each file of the directory, by name order of the system. */
static void read_files(const char *directory, void (*visit)(void *context, const char *name, struct text bytes),
                       void *context) {
    struct failure failure = {0};
    DIR *opened = opendir(directory);
    assert_non_null(opened);
    for (const struct dirent *entry = readdir(opened); entry != NULL; entry = readdir(opened)) {
        char path[SCRATCH_PATH_ROOM];
        struct buffer content = {0};
        if (entry->d_name[0] == '.') {
            continue;
        }
        if (!buffer_read_file(&content, scratch_join(directory, entry->d_name, path), FILE_LIMIT_BYTES, &failure)) {
            fail_msg("%s: %s", path, failure.message);
        }
        visit(context, entry->d_name, buffer_text(&content));
        buffer_release(&content);
    }
    (void)closedir(opened);
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
