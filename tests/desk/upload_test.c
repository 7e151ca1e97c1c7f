/* Proves: a file of the program's own making is kept though the same is kept by another thread at the same moment, and again
 * afterwards; nothing half made is left behind; what nobody goes on with is cleared away, of exercises too. */
#include "desk/upload.h"

#include "../check.h"
#include "../store/scratch.h"

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#define KEEPERS 3U /* as there are typesetters */
#define ROUNDS 20U

static size_t count_files(const char *directory, const char *name) {
    char path[SCRATCH_PATH_ROOM];
    struct dirent **entries = NULL;
    int count = scandir(scratch_join(directory, name, path), &entries, NULL, NULL);
    assert_true(count >= 2);
    for (int i = 0; i < count; i++) {
        free(entries[i]);
    }
    free(entries);
    return (size_t)count - 2;
}

struct keeper {
    const char *directory;
    pthread_barrier_t *barrier;
    size_t kept;
};

static void *keep(void *context) {
    struct keeper *keeper = context;
    for (unsigned int round = 0; round < ROUNDS; round++) {
        struct buffer content = {0};
        struct failure failure = {0};
        char hash[UPLOAD_HASH_ROOM];
        buffer_print(&content, "signed text %u", round);
        (void)pthread_barrier_wait(keeper->barrier);
        keeper->kept += upload_keep(keeper->directory, &content, hash, &failure) == UPLOAD_DONE;
        buffer_release(&content);
    }
    return NULL;
}

static void test_same_at_once(void **state) {
    const char *directory = *state;
    struct failure failure = {0};
    pthread_barrier_t barrier;
    struct keeper keepers[KEEPERS];
    pthread_t threads[KEEPERS];
    assert_true(upload_prepare(directory, &failure));
    assert_int_equal(pthread_barrier_init(&barrier, NULL, KEEPERS), 0);
    for (size_t i = 0; i < KEEPERS; i++) {
        keepers[i] = (struct keeper){.directory = directory, .barrier = &barrier};
        assert_int_equal(pthread_create(&threads[i], NULL, keep, &keepers[i]), 0);
    }
    for (size_t i = 0; i < KEEPERS; i++) {
        (void)pthread_join(threads[i], NULL);
        assert_int_equal(keepers[i].kept, ROUNDS);
    }
    (void)pthread_barrier_destroy(&barrier);
    assert_int_equal(count_files(directory, UPLOAD_ATTACHMENTS), ROUNDS);
    assert_int_equal(count_files(directory, UPLOAD_UPLOADS), 0);
}

/* The same signed again keeps what is there. */
static void test_kept_already(void **state) {
    const char *directory = *state;
    struct failure failure = {0};
    struct buffer content = {0};
    char hash[UPLOAD_HASH_ROOM];
    char again[UPLOAD_HASH_ROOM];
    assert_true(upload_prepare(directory, &failure));
    buffer_append_string(&content, "signed text");
    assert_int_equal(upload_keep(directory, &content, hash, &failure), UPLOAD_DONE);
    assert_int_equal(upload_keep(directory, &content, again, &failure), UPLOAD_DONE);
    assert_string_equal(hash, again);
    assert_int_equal(count_files(directory, UPLOAD_ATTACHMENTS), 1);
    assert_int_equal(count_files(directory, UPLOAD_UPLOADS), 0);
    buffer_release(&content);
}

static void begin(const char *directory, const char *key, struct upload *upload) {
    struct failure failure = {0};
    assert_true(upload_prepare(directory, &failure));
    assert_int_equal(
        upload_begin(directory, TEXT("zhang"), text_of(key), TEXT("fire.png"), 1000, TEXT(""), upload, &failure),
        UPLOAD_DONE);
}

static bool is_there(const char *directory, const struct upload *upload) {
    struct failure failure = {0};
    struct upload found;
    return upload_find(directory, TEXT("zhang"), text_of(upload->id), &found, &failure) == UPLOAD_DONE;
}

static void test_clearing(void **state) {
    const char *directory = *state;
    const int64_t now = (int64_t)time(NULL) * 1000000;
    const int64_t minute = 60000000;
    char exercises[SCRATCH_PATH_ROOM];
    char exercise[SCRATCH_PATH_ROOM];
    char no_exercise[SCRATCH_PATH_ROOM];
    struct upload real;
    struct upload played;
    struct upload other;
    upload_clear(directory, now); /* there is nothing yet */
    assert_int_equal(mkdir(scratch_join(directory, "exercises", exercises), 0700), 0);
    assert_int_equal(mkdir(scratch_join(exercises, "12", exercise), 0700), 0);
    assert_int_equal(mkdir(scratch_join(exercises, "other", no_exercise), 0700), 0);
    begin(directory, "key-of-the-real-one", &real);
    begin(exercise, "key-of-the-exercise", &played);
    begin(no_exercise, "key-of-another", &other);
    upload_clear(directory, now + UPLOAD_AGE_US - minute);
    assert_true(is_there(directory, &real));
    assert_true(is_there(exercise, &played));
    upload_clear(directory, now + UPLOAD_AGE_US + minute);
    assert_false(is_there(directory, &real));
    assert_false(is_there(exercise, &played));
    assert_int_equal(count_files(exercise, UPLOAD_UPLOADS), 0);
    assert_true(is_there(no_exercise, &other)); /* what is no exercise's is nobody's to clear */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_same_at_once, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_kept_already, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_clearing, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
