/* Proves: what is wrong with a pack is said, at the right line and column, in words that help its author; and nothing
 * else is said. Each pack bad/NAME.plan.md stands beside bad/NAME.expected, the messages as `pinyue check` prints them. */
#include "pack.h"

#include "check.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#define FOLDER "tests/plan/bad/"
#define CASES_MIN 60
#define PACK_SUFFIX ".plan.md"

/* The name of the pack without its suffix; false when the file is none. */
static bool find_stem(const char *file, char *stem, size_t size) {
    size_t length = strlen(file);
    size_t suffix = strlen(PACK_SUFFIX);
    if (length <= suffix || length >= size || strcmp(file + length - suffix, PACK_SUFFIX) != 0) {
        return false;
    }
    memcpy(stem, file, length - suffix);
    stem[length - suffix] = '\0';
    return true;
}

static void check_case(const char *stem) {
    char path[512];
    char file[300];
    (void)snprintf(path, sizeof path, FOLDER "%s" PACK_SUFFIX, stem);
    (void)snprintf(file, sizeof file, "%s" PACK_SUFFIX, stem);
    struct buffer source = pack_read(path);
    struct pack pack = pack_compile(source.bytes, source.length);
    struct buffer found = {0};
    plan_messages_print(&pack.messages, text_of(file), &found);
    (void)snprintf(path, sizeof path, FOLDER "%s.expected", stem);
    struct buffer expected = pack_read(path);
    check(pack.plan == NULL, "%s compiled", stem);
    check(text_equal(buffer_text(&expected), buffer_text(&found)), "%s:\nexpected\n%sfound\n%s", stem, expected.bytes,
          found.bytes);
    buffer_release(&expected);
    buffer_release(&found);
    buffer_release(&source);
    pack_release(&pack);
}

static void test_every_bad_pack(void **state) {
    (void)state;
    unsigned count = 0;
    struct dirent **entries = NULL;
    int entry_count = scandir(FOLDER, &entries, NULL, alphasort);
    assert_true(entry_count > 0);
    for (int i = 0; i < entry_count; i++) {
        char stem[256];
        if (find_stem(entries[i]->d_name, stem, sizeof stem)) {
            check_case(stem);
            count++;
        }
        free(entries[i]);
    }
    free(entries);
    check(count >= CASES_MIN, "only %u packs in " FOLDER, count);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_bad_pack)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
