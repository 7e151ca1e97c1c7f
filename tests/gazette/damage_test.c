/* Proves: whatever encoding a text comes in and however it is damaged, it is read as far as it goes, with a warning that
 * says where; no cut, no byte and no lack of memory makes the reader crash. */
#include "reading.h"

#include "../base/failing_memory.h"

#include "check.h"

#include <iconv.h>
#include <stdio.h>
#include <string.h>

#define DISTRICT "tests/gazette/texts/district.txt"
#define SMALL "甲县防汛计划\n\n1 总则\n1.1 目的\n为了甲，制定本计划。\n1.2 范围\n适用于全县。\n"

/* All of what has been read, written out, to compare. */
static void dump(const struct gazette *gazette, struct buffer *out) {
    buffer_clear(out);
    for (uint32_t i = 0; i < gazette->document_count; i++) {
        const struct gazette_document *document = &gazette->documents[i];
        buffer_print(out, "%.*s|%.*s|%d\n", TEXT_PRINT(document->number), TEXT_PRINT(document->title),
                     document->issued_day);
        for (uint32_t k = 0; k < document->clause_count; k++) {
            buffer_print(out, "%.*s: %.*s\n", TEXT_PRINT(document->clauses[k].name),
                         TEXT_PRINT(document->clauses[k].text));
        }
        for (uint32_t k = 0; k < document->table_count; k++) {
            const struct gazette_table *table = &document->tables[k];
            for (uint32_t row = 0; row < table->row_count * table->column_count; row++) {
                struct text cell = table->rows[row / table->column_count].cells[row % table->column_count];
                buffer_print(out, "%.*s|", TEXT_PRINT(cell));
            }
        }
    }
}

static struct buffer convert(struct text text, const char *encoding) {
    struct buffer out = {0};
    char piece[65536];
    char *in = NULL;
    memcpy(&in, &text.bytes, sizeof in);
    char *end = piece;
    size_t left = text.length;
    size_t room = sizeof piece;
    iconv_t converter = iconv_open(encoding, "UTF-8");
    assert_true((intptr_t)converter != -1);
    assert_true(iconv(converter, &in, &left, &end, &room) != (size_t)-1);
    (void)iconv_close(converter);
    buffer_append(&out, piece, (size_t)(end - piece));
    return out;
}

/* The same text in other clothes gives the same structure. */
static void test_encodings(void **state) {
    (void)state;
    struct buffer original = {0};
    struct buffer wanted = {0};
    struct buffer found = {0};
    assert_true(read_file(DISTRICT, &original));
    struct text text = {original.bytes + 3, original.length - 3}; /* without its byte-order mark */
    struct reading reading = read_bytes(text.bytes, text.length);
    dump(reading.gazette, &wanted);
    assert_int_equal(reading.gazette->document_count, 3);
    reading_end(&reading);

    reading = read_bytes(original.bytes, original.length);
    dump(reading.gazette, &found);
    assert_string_equal(found.bytes, wanted.bytes);
    reading_end(&reading);

    static const char *const encodings[] = {"GB18030", "UTF-16LE", "UTF-16BE"};
    static const char *const marks[] = {"", "\xFF\xFE", "\xFE\xFF"};
    for (size_t i = 0; i < 3; i++) {
        struct buffer converted = convert(text, encodings[i]);
        struct buffer marked = {0};
        buffer_append(&marked, marks[i], strlen(marks[i]));
        buffer_append(&marked, converted.bytes, converted.length);
        reading = read_bytes(marked.bytes, marked.length);
        check(reading.gazette != NULL, "%s", encodings[i]);
        dump(reading.gazette, &found);
        check(strcmp(found.bytes, wanted.bytes) == 0, "%s: %s", encodings[i], found.bytes);
        require_warning(reading.gazette, 0, encodings[i]);
        require_warning(reading.gazette, 0, "it has been converted");
        reading_end(&reading);
        buffer_release(&converted);
        buffer_release(&marked);
    }
    buffer_release(&original);
    buffer_release(&wanted);
    buffer_release(&found);
}

static void test_line_ends(void **state) {
    (void)state;
    struct buffer original = {0};
    struct buffer wanted = {0};
    struct buffer found = {0};
    assert_true(read_file(DISTRICT, &original));
    struct reading reading = read_bytes(original.bytes, original.length);
    dump(reading.gazette, &wanted);
    reading_end(&reading);
    static const char *const ends[] = {"\r\n", "\r"};
    for (size_t i = 0; i < 2; i++) {
        struct buffer changed = {0};
        for (size_t at = 0; at < original.length; at++) {
            if (original.bytes[at] == '\n') {
                buffer_append_string(&changed, ends[i]);
            } else {
                buffer_append(&changed, original.bytes + at, 1);
            }
        }
        reading = read_bytes(changed.bytes, changed.length);
        dump(reading.gazette, &found);
        assert_string_equal(found.bytes, wanted.bytes);
        require_warning(reading.gazette, 83, "this row has 3 cells, the header 4");
        reading_end(&reading);
        buffer_release(&changed);
    }
    buffer_release(&original);
    buffer_release(&wanted);
    buffer_release(&found);
}

/* A damaged byte costs a character; the line is told, and everything else is as before. */
static void test_invalid_utf8(void **state) {
    (void)state;
    char text[] = SMALL;
    size_t at = (size_t)(strstr(text, "制定") - text);
    text[at + 1] = (char)0xFF;
    struct reading reading = read_bytes(text, strlen(text));
    assert_non_null(reading.gazette);
    require_warning(reading.gazette, 5, "no character");
    const struct gazette_document *document = &reading.gazette->documents[0];
    assert_true(text_find_invalid_utf8(find_clause(document, "1.1")->text) == -1);
    assert_true(text_equals_string(find_clause(document, "1.2")->text, "范围\n适用于全县。"));
    reading_end(&reading);
    /* a NUL and control characters are no end of the text */
    reading = read_bytes("甲计划\n\n1 总则\n乙\0丙。\n2 附则\n丁。\n", 44);
    assert_non_null(reading.gazette);
    assert_int_equal(find_clause(&reading.gazette->documents[0], "1")->sentence_count, 1);
    require_warning(reading.gazette, 4, "no character");
    reading_end(&reading);
}

/* GB18030 that is damaged itself. */
static void test_damaged_gb18030(void **state) {
    (void)state;
    struct buffer converted = convert(TEXT(SMALL), "GB18030");
    converted.bytes[converted.length - 20] = (char)0xFF;
    struct reading reading = read_bytes(converted.bytes, converted.length);
    assert_non_null(reading.gazette);
    require_warning(reading.gazette, 0, "GB18030");
    require_warning(reading.gazette, 6, "no character");
    assert_true(text_equals_string(reading.gazette->documents[0].title, "甲县防汛计划"));
    reading_end(&reading);
    buffer_release(&converted);
}

/* A text cut anywhere, in the middle of a character too, is read as far as it goes. */
static void test_cuts(void **state) {
    (void)state;
    struct buffer original = {0};
    assert_true(read_file(DISTRICT, &original));
    for (size_t length = 10; length < original.length; length += 7) {
        struct reading reading = read_bytes(original.bytes, length);
        check(reading.gazette != NULL, "cut at %zu: %s", length, reading.failure.message);
        check(length < 400 || text_equals_string(reading.gazette->documents[0].number, "临府发﹝2019﹞7号"),
              "cut at %zu", length);
        reading_end(&reading);
        reading = read_bytes(original.bytes + length, original.length - length);
        check(reading.gazette != NULL, "from %zu: %s", length, reading.failure.message);
        reading_end(&reading);
    }
    buffer_release(&original);
    struct reading reading = read_string("甲计划\n\n1 总则\n1.1 目的\n为了甲，制定");
    require_warning(reading.gazette, 5, "ends here in the middle of a sentence");
    reading_end(&reading);
    reading = read_string("3.2 处置\n甲。\n3.3 终止\n乙。\n5 附则\n丙。\n");
    require_warning(reading.gazette, 1, "no title");
    require_warning(reading.gazette, 1, "3.2 is the first number here");
    require_warning(reading.gazette, 5, "5 follows 3.3");
    reading_end(&reading);
}

static void test_missing_cells(void **state) {
    (void)state;
    struct reading reading =
        read_string("甲计划\n\n1 总则\n乙。\n附件\n通讯录\n\t序号\n\t单位\n\t电话\n\t职责\n\n\t1\n\t水务局\n\t巡堤\n\n"
                    "\t应急局\n\t3311002\n\t救援\n\n\t3\n\t公安局\n\t3311003\n\t警戒\n\t多出的\n\n\t5\n\t教委\n\t331100"
                    "5\n\t宣传\n");
    const struct gazette_table *table = find_table(&reading.gazette->documents[0], "附件");
    assert_int_equal(table->row_count, 4);
    require_warning(reading.gazette, 12, "this row has 3 cells, the header 4: column \"电话\" is left empty");
    require_warning(reading.gazette, 16, "this row has 3 cells, the header 4: column \"序号\" is left empty");
    require_warning(reading.gazette, 20, "this row has 5 cells, the header 4");
    require_warning(reading.gazette, 26, "row 5 follows row 3");
    assert_true(text_equals_string(find_cell(table, 0, "职责"), "巡堤"));
    assert_true(text_equals_string(find_cell(table, 1, "单位"), "应急局"));
    assert_true(text_equals_string(find_cell(table, 2, "电话"), "3311003"));
    reading_end(&reading);
}

static void test_refusals(void **state) {
    (void)state;
    struct reading reading = read_bytes("", 0);
    assert_null(reading.gazette);
    assert_non_null(strstr(reading.failure.message, "no text"));
    reading_end(&reading);
    reading = read_bytes(" \n\t\n\r\n- 1 -\n", 12);
    assert_null(reading.gazette);
    reading_end(&reading);
    char *large = calloc(1, GAZETTE_FILE_BYTES_MAX + 1);
    assert_non_null(large);
    reading = read_bytes(large, GAZETTE_FILE_BYTES_MAX + 1);
    assert_null(reading.gazette);
    assert_non_null(strstr(reading.failure.message, "at most"));
    reading_end(&reading);
    free(large);
}

/* Refuses the n-th allocation, for every n that a reading asks for. */
static void test_no_memory(void **state) {
    (void)state;
    struct buffer original = {0};
    assert_true(read_file(DISTRICT, &original));
    bool is_done = false;
    for (size_t allowed = 0; allowed < 100000 && !is_done; allowed += 1 + allowed / 40) {
        failing_memory_allow(allowed);
        struct reading reading = read_bytes(original.bytes, original.length);
        failing_memory_stop();
        is_done = reading.gazette != NULL;
        check(reading.arena == NULL || (reading.gazette == NULL) == reading.failure.set, "%zu", allowed);
        reading_end(&reading);
    }
    assert_true(is_done);
    /* an arena that is too small */
    for (size_t limit = 64; limit < 60000; limit += 997) {
        struct reading reading = {.arena = arena_create(limit)};
        reading.gazette = gazette_read((struct text){original.bytes, original.length}, reading.arena, &reading.failure);
        assert_true(reading.gazette != NULL || strstr(reading.failure.message, "memory") != NULL);
        reading_end(&reading);
    }
    buffer_release(&original);
}

/* Files made to cost much: each is read or refused in a moment. */
static void test_costly(void **state) {
    (void)state;
    static const char *const pieces[] = {"1.\n",
                                         "计划\n（2022年1月1日）\n",
                                         "\ta\n\n",
                                         "X政府\n2022年1月1日\n",
                                         "a。",
                                         "附件1：标题\n",
                                         "目录\n甲\n",
                                         "（1）甲；\n",
                                         "[bookmark: a]",
                                         "附件：\n1.甲\n",
                                         "一、甲\n（一）乙\n",
                                         "\ta\tb\n丙\n\n",
                                         "1 甲\n1.1 乙\n"};
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        struct buffer text = {0};
        while (text.length < 200000) {
            buffer_append_string(&text, pieces[i]);
        }
        struct reading reading = read_bytes(text.bytes, text.length);
        check(reading.gazette != NULL || reading.failure.set, "%s", pieces[i]);
        reading_end(&reading);
        buffer_release(&text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_encodings),       cmocka_unit_test(test_line_ends), cmocka_unit_test(test_invalid_utf8),
        cmocka_unit_test(test_damaged_gb18030), cmocka_unit_test(test_cuts),      cmocka_unit_test(test_missing_cells),
        cmocka_unit_test(test_refusals),        cmocka_unit_test(test_no_memory), cmocka_unit_test(test_costly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
