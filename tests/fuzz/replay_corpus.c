/* replay_corpus — runs a fuzz target once over every file of a corpus folder, as an ordinary test of the normal build.
 *
 * Reports like cmocka, so that the inputs are counted: each file is one test case.
 */
#include "base/buffer.h"
#include "base/failure.h"
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_BYTES_LARGEST ((size_t)16 << 20U)

static bool replay_file(const char *folder, const char *name) {
    struct buffer path = {0};
    struct buffer input = {0};
    struct failure failure = {0};
    buffer_print(&path, "%s/%s", folder, name);
    bool done = !path.failed && buffer_read_file(&input, path.bytes, INPUT_BYTES_LARGEST, &failure);
    if (done) {
        /* A copy of exactly this size, so that the address sanitizer sees a read past its end. */
        uint8_t *exact = malloc(input.length + (input.length == 0 ? 1 : 0));
        done = exact != NULL;
        if (done) {
            if (input.length > 0) {
                memcpy(exact, input.bytes, input.length);
            }
            (void)LLVMFuzzerTestOneInput(exact, input.length);
        }
        free(exact);
    } else {
        char line[1200];
        failure_print(&failure, line, sizeof line);
        (void)fprintf(stderr, "%s\n", line);
    }
    buffer_release(&input);
    buffer_release(&path);
    return done;
}

/* scandir sorts, so that a crash comes at the same file on every machine. */
static int is_input(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

int main(int count, char **arguments) {
    if (count != 2) {
        (void)fprintf(stderr, "usage: %s CORPUS_FOLDER\n", arguments[0]);
        return 2;
    }
    struct dirent **entries = NULL;
    int found = scandir(arguments[1], &entries, is_input, alphasort);
    if (found <= 0) {
        (void)fprintf(stderr, "%s: has no input; a fuzz target needs at least one\n", arguments[1]);
        free(entries);
        return 1;
    }
    int passed = 0;
    for (int i = 0; i < found; i++) {
        (void)fprintf(stderr, "%s\n", entries[i]->d_name); /* the last line before a crash names the input */
        passed += replay_file(arguments[1], entries[i]->d_name) ? 1 : 0;
        free(entries[i]);
    }
    free(entries);
    (void)printf("[  PASSED  ] %d test(s).\n", passed);
    if (passed < found) {
        (void)printf("[  FAILED  ] %d test(s), listed below:\n", found - passed);
        return 1;
    }
    return 0;
}
