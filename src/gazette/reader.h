/* reader — what the files of src/gazette share while a text is being read. No other layer includes this. */
#ifndef PINYUE_GAZETTE_READER_H
#define PINYUE_GAZETTE_READER_H

#include "gazette/gazette.h"

#include "base/buffer.h"

/* ---- characters: glyph.c ---------------------------------------------------------------------------------- */

/* Full-width ASCII as ASCII, the ideographic and other blanks as a blank, brackets of any kind in numbers as ( and ). */
uint32_t glyph_fold(uint32_t code_point);
bool glyph_is_space(uint32_t code_point);
bool glyph_is_han(uint32_t code_point);  /* Chinese characters alone */
bool glyph_is_wide(uint32_t code_point); /* takes two columns */
bool glyph_is_word(uint32_t code_point); /* a letter, digit or Chinese character: what makes a text more than marks */
/* True for the marks that end a sentence; half-width ones count where `next` is blank or 0. */
bool glyph_ends_sentence(uint32_t code_point, uint32_t next);
uint32_t glyph_first(struct text whole);
uint32_t glyph_last(struct text whole);
uint32_t glyph_columns(struct text whole); /* width of a text, wide characters counting two */
struct text glyph_trim(struct text whole); /* without blanks of any kind at both ends */
struct text glyph_skip(struct text whole, size_t bytes);
bool glyph_contains(struct text whole, const char *part);
bool glyph_ends_with(struct text whole, const char *end);
bool glyph_has_word(struct text whole);
/* True when the text holds this word under its own: Chinese words anywhere, Latin ones as whole words of any case. */
bool glyph_has_term(struct text whole, const char *term);
/* Reads a number in ASCII or full-width digits (at most `digits_max`) or in Chinese numerals at *at, and moves *at past
 * it. False, with *at unchanged, where none stands there. */
bool glyph_read_digits(struct text whole, size_t *at, uint32_t digits_max, uint32_t *value);
bool glyph_read_han_number(struct text whole, size_t *at, uint32_t *value);

/* ---- the reader ------------------------------------------------------------------------------------------- */

struct gazette_paragraph {
    struct text text;
    uint32_t line;
    struct gazette_paragraph *next, *before;
};

enum line_kind { LINE_BLANK, LINE_TEXT, LINE_CELL };

struct line {
    enum line_kind kind;
    struct text text; /* trimmed, marks taken out; a cell without its tab */
    uint32_t number;
    bool is_first_of_row; /* cell: the row begins here because the file has a whole row in one line */
    bool is_last_of_row;
};

struct reader {
    struct arena *arena;
    struct gazette *gazette;
    struct line *lines;
    uint32_t line_count;
    bool is_cut; /* the last line has no end */
};

/* The array with room for one more item, or NULL when memory is exhausted (which the arena remembers). */
void *reader_grow(struct reader *reader, void *items, uint32_t count, size_t size);

#define READER_PUSH(reader, array, count, ...)                                                                         \
    do {                                                                                                               \
        void *grown_ = reader_grow((reader), (array), (count), sizeof *(array));                                       \
        if (grown_ != NULL) {                                                                                          \
            (array) = grown_;                                                                                          \
            (array)[(count)++] = (__VA_ARGS__);                                                                        \
        }                                                                                                              \
    } while (0)

void reader_warn(struct reader *reader, uint32_t line, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* A copy of what has been built in the buffer, in the arena; the buffer is released. */
struct text reader_keep(struct reader *reader, struct buffer *buffer);

/* Joins two pieces of a text that a line end has parted: no blank where either side is Chinese. */
struct text reader_join(struct reader *reader, struct text left, struct text right);

/* ---- from bytes to lines: decode.c, line.c ----------------------------------------------------------------- */

/* The bytes as valid UTF-8 without byte-order mark, in the arena. Says in warnings what was converted or damaged. */
struct text decode_bytes(struct reader *reader, struct text bytes);

/* Fills reader->lines: without marks of the word processor, page numbers, tables of contents; paragraphs that were
 * broken at a fixed width are whole again. */
void lines_read(struct reader *reader, struct text source);

/* ---- numbers that lead a line: number.c -------------------------------------------------------------------- */

enum number_form {
    FORM_NONE,
    FORM_PART,        /* 第一编, Part 1 */
    FORM_CHAPTER,     /* 第三章, Chapter 3 */
    FORM_SECTION,     /* 第二节, Section 2 */
    FORM_ARTICLE,     /* 第十条, Article 10 */
    FORM_BOX,         /* 专栏4, 表1 */
    FORM_HAN,         /* 一、 */
    FORM_HAN_BRACKET, /* （一） */
    FORM_DECIMAL,     /* 6.2.2.1, and 6 before a blank or a title */
    FORM_POINT,       /* 1. or 1、 */
    FORM_BRACKET,     /* （1） */
    FORM_HALF,        /* 1） */
    FORM_CIRCLE,      /* ① */
    FORM_LETTER,      /* (a) */
    FORM_ANNEX,
    FORM_ENTRY,
    FORM_PREAMBLE
};

#define NUMBER_DEPTH_MAX 8

struct number {
    enum number_form form;
    uint8_t depth; /* FORM_DECIMAL: how many parts */
    uint32_t parts[NUMBER_DEPTH_MAX];
    uint32_t value; /* the last part */
    bool is_spaced; /* a blank stands behind it */
    char name[96];  /* "6.2.2.1", "(1)", "一", "第三章" */
    size_t length;  /* in bytes, blanks behind it included */
};

/* The number that leads a line. False where none does; a bare number and a decimal may still turn out to be the start of
 * a sentence ("3 people", "1.5 ha"): body.c looks at what came before. */
bool number_read(struct text line, struct number *number);

/* Whether what stands behind a number begins with what it may count: "分钟内", "%", "人以上". */
bool number_is_quantity(struct text rest);

/* An annex's heading: "附件", "附件2", "附件 2：标题", "Annex A: Title". The rest of the line is the title, or empty. */
bool number_read_annex(struct text line, struct text *rest, char name[96]);

/* ---- dates: date.c ----------------------------------------------------------------------------------------- */

/* Finds a whole date anywhere in a text. *is_alone says that the line holds nothing else. */
bool date_find(struct text whole, int32_t *day, bool *is_alone);

/* ---- documents: document.c, body.c, annex.c, table.c, name.c, sentence.c ------------------------------------ */

/* Whether a line ends as sentences, lists and introductions do, so that it is no title. */
bool line_is_sentence(struct text line);

/* Whether a line is nothing but the name of a body that issues documents. */
bool line_is_issuer(struct text line);

/* Whether a line that stands above the date at the end of a text may be who signs it: short names of bodies too. */
bool line_is_signer(struct text line);

/* A line that says who may see a document, when it was printed or to whom copies go: part of no text. */
bool line_is_imprint(struct text line);

/* Parts the lines into documents and reads each. */
void documents_read(struct reader *reader);

/* Reads the text of a document, from line `first` to the line before `end`. */
void body_read(struct reader *reader, struct gazette_document *document, uint32_t first, uint32_t end);

/* If an announcement of annexes begins at line `at`, takes it and returns the line behind it, else returns `at`. */
uint32_t announcement_read(struct reader *reader, struct gazette_document *document, uint32_t at, uint32_t end);

/* Turns the paragraphs of an annex that consists of entries, each led by a name and a colon, into clauses. */
void entries_read(struct reader *reader, struct gazette_document *document);

/* What table_read found. */
struct table_result {
    uint32_t next;   /* the line behind it */
    bool is_table;   /* `table` is set */
    bool is_text;    /* no table: its lines are paragraphs led by a tab */
    struct text box; /* title of a numbered box, or empty: it holds the table, or else the lines behind the title */
    uint32_t box_line;
};

/* Reads the table that begins at line `at`, whose first line is a cell. */
struct table_result table_read(struct reader *reader, uint32_t at, uint32_t end, struct gazette_table *table);

/* The kind of a table and its naming and numbering columns, by the words in its header: kind.c. */
void table_classify(struct gazette_table *table);
/* Whether the cells of a column list units, numbers or people, so that lines within a cell are items of a list. */
bool column_is_list(struct text header);
/* Whether a text is a telephone number, or several. */
bool cell_is_phone(struct text cell);

/* Splits each clause's paragraphs into sentences, and builds its text. */
void sentences_read(struct reader *reader, struct gazette_document *document);

/* Gives each clause its name, and prepares gazette_find. */
void names_give(struct reader *reader, struct gazette_document *document);

/* Collects terms and their explanations. */
void glossary_read(struct reader *reader, const struct gazette_document *document);

/* Opens a clause and returns its index, or GAZETTE_NONE when memory is exhausted. */
uint32_t clause_open(struct reader *reader, struct gazette_document *document, struct gazette_clause clause);
void clause_add_paragraph(struct reader *reader, struct gazette_clause *clause, struct text text, uint32_t line);

#endif
