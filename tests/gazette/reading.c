#include "reading.h"

#include "check.h"

#include <stdio.h>
#include <string.h>

#define ARENA_BYTES ((size_t)256 << 20)

struct reading read_bytes(const void *bytes, size_t length) {
    struct reading reading = {.arena = arena_create(ARENA_BYTES)};
    if (reading.arena != NULL) {
        reading.gazette = gazette_read((struct text){bytes, length}, reading.arena, &reading.failure);
    }
    return reading;
}

struct reading read_string(const char *text) {
    struct reading reading = read_bytes(text, strlen(text));
    check(reading.gazette != NULL, "%s", reading.failure.message);
    return reading;
}

void reading_end(struct reading *reading) {
    arena_destroy(reading->arena);
    *reading = (struct reading){0};
}

bool read_file(const char *path, struct buffer *bytes) {
    char whole[512];
    struct failure failure = {0};
    const char *sources = getenv("PINYUE_SOURCES"); /* NOLINT(concurrency-mt-unsafe) */
    (void)snprintf(whole, sizeof whole, "%s/%s", sources == NULL ? "." : sources, path);
    return buffer_read_file(bytes, whole, GAZETTE_FILE_BYTES_MAX, &failure);
}

const struct gazette_clause *find_clause(const struct gazette_document *document, const char *name) {
    struct gazette_part part = {GAZETTE_NONE, GAZETTE_NONE, 0};
    bool is_found = gazette_find(document, text_of(name), &part) && part.clause != GAZETTE_NONE;
    check(is_found, "there is no clause %s", name);
    return &document->clauses[part.clause];
}

const struct gazette_table *find_table(const struct gazette_document *document, const char *name) {
    for (uint32_t i = 0; i < document->table_count; i++) {
        uint32_t clause = document->tables[i].clause;
        if (clause != GAZETTE_NONE && text_equals_string(document->clauses[clause].name, name)) {
            return &document->tables[i];
        }
    }
    check(false, "there is no table in %s", name);
    return NULL;
}

struct text find_cell(const struct gazette_table *table, uint32_t row, const char *column) {
    check(row < table->row_count, "there is no row %u", row);
    for (uint32_t i = 0; i < table->column_count; i++) {
        if (text_equals_string(table->columns[i], column)) {
            return table->rows[row].cells[i];
        }
    }
    check(false, "there is no column %s", column);
    return TEXT("");
}

void require_warning(const struct gazette *gazette, uint32_t line, const char *fragment) {
    struct buffer all = {0};
    bool is_found = false;
    for (uint32_t i = 0; i < gazette->warning_count; i++) {
        const struct gazette_warning *warning = &gazette->warnings[i];
        buffer_print(&all, "%u: %.*s\n", warning->line, TEXT_PRINT(warning->message));
        is_found = is_found || (warning->line == line && strstr(warning->message.bytes, fragment) != NULL);
    }
    check(is_found, "line %u: %s; warned was:\n%s", line, fragment, all.length == 0 ? "nothing" : all.bytes);
    buffer_release(&all);
}

void list_names(const struct gazette_document *document, struct buffer *out) {
    buffer_clear(out);
    buffer_append_string(out, "");
    for (uint32_t i = 0; i < document->clause_count; i++) {
        const struct gazette_clause *clause = &document->clauses[i];
        buffer_print(out, "%s%.*s", i == 0 ? "" : " ", TEXT_PRINT(clause->name));
        if (clause->sentence_count > 0) {
            buffer_print(out, "#%u", clause->sentence_count);
        }
    }
}
