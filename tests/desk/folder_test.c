/* Proves: a folder is emptied wholly, and where its entries cannot all be read this is no success. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) for RTLD_NEXT */
#include "desk/folder.h"

#include "../check.h"
#include "../store/scratch.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* In place of the C library's: the disk gives no more entries than this, and an error then. */
static int left = -1;

struct dirent *readdir(DIR *entries) { /* NOLINT(readability-inconsistent-declaration-parameter-name) */
    struct dirent *(*real)(DIR *) = NULL;
    *(void **)&real = dlsym(RTLD_NEXT, sizeof(off_t) == 8 ? "readdir64" : "readdir");
    if (left == 0) {
        errno = EIO;
        return NULL;
    }
    left -= left > 0;
    return real(entries);
}

static void fill(const char *directory) {
    char path[SCRATCH_PATH_ROOM];
    assert_int_equal(mkdir(scratch_join(directory, "attachments", path), 0700), 0);
    for (int i = 0; i < 6; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "%s%d", i % 2 == 0 ? "attachments/" : "file-", i);
        FILE *file = fopen(scratch_join(directory, name, path), "w");
        assert_non_null(file);
        (void)fputs("12345", file);
        (void)fclose(file);
    }
}

static void test_emptied(void **state) {
    const char *directory = *state;
    struct failure failure = {0};
    fill(directory);
    assert_int_equal(folder_measure(directory), 30);
    assert_true(folder_empty(directory, &failure));
    assert_int_equal(folder_measure(directory), 0);
    assert_int_equal(rmdir(directory), 0);
    assert_int_equal(mkdir(directory, 0700), 0);
}

static void test_unreadable(void **state) {
    const char *directory = *state;
    fill(directory);
    for (int readable = 0; readable < 3; readable++) {
        struct failure failure = {0};
        left = readable;
        bool is_emptied = folder_empty(directory, &failure);
        left = -1;
        assert_false(is_emptied);
        assert_non_null(strstr(failure.message, "Input/output error"));
    }
    struct failure failure = {0};
    assert_true(folder_empty(directory, &failure));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_emptied, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_unreadable, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
