/* Proves: each planted fault is found, with its clause and its smallest case, and nothing else is; the sound plan beside
 * it is clean. NAME.plan.md has the fault, NAME.expected is what `pinyue check` prints, NAME.sound.plan.md is sound. */
#include "source.h"

#include "check.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#define FOLDER "tests/check_pack/"
#define FAULTY_MIN 37
#define SOUND_MIN 37

static bool ends_in(const char *name, const char *end) {
    size_t length = strlen(name);
    return length > strlen(end) && strcmp(name + length - strlen(end), end) == 0;
}

static void check_faulty(const char *file) {
    char path[512];
    struct failure failure = {0};
    struct buffer expected = {0};
    (void)snprintf(path, sizeof path, FOLDER "%s", file);
    struct source source = source_check(path, CHECK_EFFORT_USUAL);
    struct buffer found = source_print(&source, file, false);
    (void)snprintf(path, sizeof path, FOLDER "%.*s.expected", (int)(strlen(file) - strlen(".plan.md")), file);
    check(buffer_read_file(&expected, path, 65536, &failure), "%s: %s", path, failure.message);
    check(text_equal(buffer_text(&expected), buffer_text(&found)), "%s:\nexpected\n%sfound\n%s", file, expected.bytes,
          found.bytes);
    check(source.report->unaccepted > 0, "%s has no fault", file);
    buffer_release(&expected);
    buffer_release(&found);
    source_release(&source);
}

static void check_sound(const char *file) {
    char path[512];
    (void)snprintf(path, sizeof path, FOLDER "%s", file);
    struct source source = source_check(path, CHECK_EFFORT_USUAL);
    struct buffer found = source_print(&source, file, false);
    check(source.report->unaccepted == 0, "%s is not clean:\n%s", file, found.bytes);
    buffer_release(&found);
    source_release(&source);
}

static void test_planted_faults(void **state) {
    (void)state;
    unsigned faulty = 0;
    unsigned sound = 0;
    struct dirent **entries = NULL;
    int count = scandir(FOLDER, &entries, NULL, alphasort);
    check(count > 0, FOLDER " cannot be read");
    for (int i = 0; i < count; i++) {
        if (ends_in(entries[i]->d_name, ".sound.plan.md")) {
            check_sound(entries[i]->d_name);
            sound++;
        } else if (ends_in(entries[i]->d_name, ".plan.md")) {
            check_faulty(entries[i]->d_name);
            faulty++;
        }
        free(entries[i]);
    }
    free(entries);
    check(faulty >= FAULTY_MIN && sound >= SOUND_MIN, "only %u faulty and %u sound packs in " FOLDER, faulty, sound);
}

/* A question that Z3 leaves open is told, never passed over; and what a note accepts may be among what is open. */
static void test_open_questions(void **state) {
    (void)state;
    struct source source = source_check("tests/check_pack/falls-exclusion.sound.plan.md", 1);
    unsigned undecided = 0;
    for (uint32_t i = 0; i < source.report->count; i++) {
        const struct check_finding *finding = &source.report->findings[i];
        undecided += finding->kind == CHECK_UNDECIDED ? 1 : 0;
        check(finding->kind != CHECK_NOTE, "a note is called idle although nothing was decided");
        check(finding->kind != CHECK_UNDECIDED || !finding->accepted, "an open question was accepted");
    }
    check(undecided > 0, "with one step nothing was left open");
    check(source.report->unaccepted > 0, "open questions passed for a clean plan");
    source_release(&source);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_planted_faults),
        cmocka_unit_test(test_open_questions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
