/* Fuzz target: the gazette reader. Besides crashes it looks for broken promises: names unique and found again, sentences
 * within their clause's text and in order, parents before children, rows as wide as their table, valid UTF-8 throughout. */
#include "gazette/gazette.h"

#include "base/text.h"

#include "fuzz.h"

#include <stdlib.h>

#define ARENA_BYTES ((size_t)256 << 20)

/* Like assert, but not compiled away. */
static void require(bool condition) {
    if (!condition) {
        abort();
    }
}

static void check_clause(const struct gazette_document *document, uint32_t index) {
    const struct gazette_clause *clause = &document->clauses[index];
    struct gazette_part part;
    require(clause->name.length > 0 && clause->path.length > 0);
    require(clause->parent == GAZETTE_NONE || clause->parent < index);
    require(text_find_invalid_utf8(clause->text) == -1 && text_find_invalid_utf8(clause->name) == -1);
    if (gazette_find(document, clause->name, &part) && part.clause != GAZETTE_NONE) {
        require(part.clause < document->clause_count);
    }
    uint32_t end = 0;
    for (uint32_t i = 0; i < clause->sentence_count; i++) {
        const struct gazette_sentence *sentence = &clause->sentences[i];
        require(sentence->text.length > 0 && sentence->offset >= end);
        end = sentence->offset + (uint32_t)sentence->text.length;
        require(end <= clause->text.length && sentence->text.bytes == clause->text.bytes + sentence->offset);
        require(text_find_invalid_utf8(sentence->text) == -1);
    }
}

static void check_table(const struct gazette_document *document, const struct gazette_table *table) {
    require(table->clause == GAZETTE_NONE || table->clause < document->clause_count);
    require(table->column_count > 0 && table->column_count <= GAZETTE_COLUMNS_MAX);
    for (uint32_t row = 0; row < table->row_count; row++) {
        for (uint32_t i = 0; i < table->column_count; i++) {
            require(text_find_invalid_utf8(table->rows[row].cells[i]) == -1);
        }
    }
    require(gazette_table_kind_name(table->kind) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    struct arena *arena = arena_create(ARENA_BYTES);
    struct failure failure = {0};
    if (arena == NULL) {
        return 0;
    }
    struct gazette *gazette = gazette_read((struct text){(const char *)bytes, size}, arena, &failure);
    require((gazette == NULL) == failure.set);
    for (uint32_t i = 0; gazette != NULL && i < gazette->document_count; i++) {
        const struct gazette_document *document = &gazette->documents[i];
        for (uint32_t clause = 0; clause < document->clause_count; clause++) {
            check_clause(document, clause);
        }
        for (uint32_t table = 0; table < document->table_count; table++) {
            check_table(document, &document->tables[table]);
        }
    }
    for (uint32_t i = 1; gazette != NULL && i < gazette->warning_count; i++) {
        require(gazette->warnings[i - 1].line <= gazette->warnings[i].line);
    }
    arena_destroy(arena);
    return 0;
}
