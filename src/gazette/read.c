/* Reads a gazette: from bytes to documents. */
#include "gazette/reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GROW_FIRST 8U

void *reader_grow(struct reader *reader, void *items, uint32_t count, size_t size) {
    bool is_full = count == 0 || (count >= GROW_FIRST && (count & (count - 1)) == 0);
    if (!is_full) {
        return items;
    }
    if (count > UINT32_MAX / 4) {
        return NULL;
    }
    void *grown = arena_allocate_array(reader->arena, count == 0 ? GROW_FIRST : (size_t)count * 2, size);
    if (grown != NULL && count > 0) {
        memcpy(grown, items, (size_t)count * size);
    }
    return grown;
}

void reader_warn(struct reader *reader, uint32_t line, const char *format, ...) {
    char message[512];
    if (reader->gazette->warning_count >= GAZETTE_WARNINGS_MAX) {
        reader->gazette->warnings_left_out++;
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (length < 0) {
        return;
    }
    struct text text = text_cut(text_of(message), sizeof message - 4);
    char *copy = arena_copy_text(reader->arena, text.bytes, text.length);
    if (copy != NULL) {
        struct gazette_warning warning = {line, {copy, text.length}};
        READER_PUSH(reader, reader->gazette->warnings, reader->gazette->warning_count, warning);
    }
}

struct text reader_keep(struct reader *reader, struct buffer *buffer) {
    struct text kept = TEXT("");
    char *copy = NULL;
    if (!buffer->failed && buffer->length > 0) {
        copy = arena_copy_text(reader->arena, buffer->bytes, buffer->length);
    } else if (buffer->failed) {
        (void)arena_allocate(reader->arena, SIZE_MAX / 2); /* so that the arena says that memory is exhausted */
    }
    if (copy != NULL) {
        kept = (struct text){copy, buffer->length};
    }
    buffer_release(buffer);
    return kept;
}

struct text reader_join(struct reader *reader, struct text left, struct text right) {
    struct buffer out = {0};
    buffer_append_text(&out, left);
    if (!glyph_is_wide(glyph_last(left)) && !glyph_is_wide(glyph_first(right))) {
        buffer_append_string(&out, " ");
    }
    buffer_append_text(&out, right);
    return reader_keep(reader, &out);
}

static int compare_warnings(const void *left, const void *right) {
    uint32_t left_line = ((const struct gazette_warning *)left)->line;
    uint32_t right_line = ((const struct gazette_warning *)right)->line;
    return left_line < right_line ? -1 : left_line > right_line ? 1 : 0;
}

/* The last paragraph of the file ends in the middle of a sentence. */
static void check_cut(struct reader *reader) {
    uint32_t last = reader->line_count;
    while (last > 0 && reader->lines[last - 1].kind == LINE_BLANK) {
        last--;
    }
    if (last == 0 || reader->lines[last - 1].kind != LINE_TEXT) {
        return;
    }
    struct text line = reader->lines[last - 1].text;
    bool has_mark = glyph_contains(line, "。") || glyph_contains(line, "，") || glyph_contains(line, "、") ||
                    glyph_contains(line, ". ") || glyph_contains(line, ", ");
    uint32_t end = glyph_last(line);
    bool is_closed = glyph_ends_sentence(end, 0) || end == ':' || end == 0xFF1A || end == 0x201D || end == 0xFF09 ||
                     end == ')' || end == '"';
    int32_t day = 0;
    bool is_alone = false;
    struct number number;
    has_mark = has_mark || (reader->is_cut && number_read(line, &number));
    if (has_mark && !is_closed && !(date_find(line, &day, &is_alone) && is_alone)) {
        reader_warn(reader, reader->lines[last - 1].number, "the text ends here in the middle of a sentence");
    }
}

struct gazette *gazette_read(struct text bytes, struct arena *arena, struct failure *failure) {
    struct reader reader = {.arena = arena};
    if (bytes.length > GAZETTE_FILE_BYTES_MAX) {
        (void)failure_set(failure, "the text has %zu bytes; at most %zu are read", bytes.length,
                          GAZETTE_FILE_BYTES_MAX);
        return NULL;
    }
    reader.gazette = arena_allocate(arena, sizeof *reader.gazette);
    if (reader.gazette != NULL) {
        lines_read(&reader, decode_bytes(&reader, bytes));
        check_cut(&reader);
        documents_read(&reader);
        for (uint32_t i = 0; i < reader.gazette->document_count; i++) {
            glossary_read(&reader, &reader.gazette->documents[i]);
        }
    }
    if (arena_is_exhausted(arena) || reader.gazette == NULL) {
        (void)failure_set(failure, "memory is exhausted");
        return NULL;
    }
    if (reader.gazette->document_count == 0) {
        (void)failure_set(failure, "there is no text in this file");
        return NULL;
    }
    if (reader.gazette->warning_count > 0) {
        qsort(reader.gazette->warnings, reader.gazette->warning_count, sizeof *reader.gazette->warnings,
              compare_warnings);
    }
    return reader.gazette;
}
