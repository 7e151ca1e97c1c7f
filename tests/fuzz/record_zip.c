/* Fuzz target: an incident's record as somebody may hand it in, a ZIP with a log, lines and a manifest in it. Whatever it is: it is
 * verified to the end, what is called sound has all that makes a record, each finding says something, and asked twice it is
 * found the same. */
#include "desk/archive.h"
#include "desk/dossier.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

static void require(bool condition) {
    if (!condition) {
        abort();
    }
}

static bool take(void *context, const char *bytes, size_t length) {
    size_t *sum = context;
    (void)bytes;
    *sum += length;
    return true;
}

static size_t count_listed(const struct dossier_report *report) {
    return report->finding_count < DOSSIER_FINDINGS_LISTED ? (size_t)report->finding_count : DOSSIER_FINDINGS_LISTED;
}

/* What is given out of a file is as long as it is said to be. */
static void read_files(const uint8_t *bytes, size_t size) {
    struct failure failure = {0};
    struct archive *archive = archive_open_bytes(bytes, size, &failure);
    require(archive != NULL || failure.message[0] != '\0');
    for (size_t i = 0; archive != NULL && i < archive_count(archive); i++) {
        struct failure inner = {0};
        size_t sum = 0;
        require(archive_bytes(archive, i) >= 0 && archive_bytes(archive, i) <= (int64_t)size);
        require(archive_find(archive, archive_name(archive, i)) == i);
        bool done = archive_read(archive, i, take, &sum, &inner);
        require(done ? sum == (size_t)archive_bytes(archive, i) : inner.message[0] != '\0');
    }
    archive_close(archive);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    struct failure failure = {0};
    struct dossier_report *report = calloc(2, sizeof *report);
    require(report != NULL);
    read_files(bytes, size);
    for (int i = 0; i < 2; i++) {
        require(dossier_verify_bytes(bytes, size, NULL, &report[i], &failure));
        for (size_t k = 0; k < count_listed(&report[i]); k++) {
            require(report[i].findings[k].text[0] != '\0');
        }
        if (report[i].finding_count == 0) {
            require(report[i].log.damage_count == 0 && report[i].log.copy && report[i].dossier.incident > 0);
            require(report[i].dossier.own_events + report[i].log.withheld_event_count == report[i].log.event_count);
        }
    }
    require(report[0].finding_count == report[1].finding_count);
    dossier_release(&report[0].dossier);
    dossier_release(&report[1].dossier);
    free(report);
    return 0;
}
