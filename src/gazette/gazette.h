/* gazette — the structure of a published text: documents, clauses with their sentences, annexes, tables, glossary.
 *
 * What it is for: plain text as it comes out of a gazette (one paragraph a line, table cells behind a tab, marks left by
 * a word processor) is read by its forms alone: how numbers, titles, dates and tables are set. So that a plan pack can
 * be held against the very sentences that it cites (docs/plan-language.md, "Clauses"; docs/gazette.md).
 * Owns nothing: everything lies in the caller's arena, texts included.
 * Must never: know a name, number or title of any particular gazette, stop at damage (it warns with the line and reads
 * on), print, or read a file.
 */
#ifndef PINYUE_GAZETTE_GAZETTE_H
#define PINYUE_GAZETTE_GAZETTE_H

#include "base/arena.h"
#include "base/failure.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

#define GAZETTE_NONE UINT32_MAX                   /* "no such index" */
#define GAZETTE_FILE_BYTES_MAX ((size_t)16 << 20) /* larger texts are refused */
#define GAZETTE_ARENA_BYTES ((size_t)1 << 30)     /* an arena of this limit holds what such a text can give */
#define GAZETTE_WARNINGS_MAX 1000                 /* further warnings are counted, not kept */
#define GAZETTE_COLUMNS_MAX 64                    /* cells of a table row */

/* Something that is not as it should be, and where. The rest has been read all the same. */
struct gazette_warning {
    uint32_t line; /* 1-based line of the file; 0 for the file as a whole */
    struct text message;
};

/* A sentence of a clause: `#` and its position from 1 on in a citation. Numbers that lead a paragraph and headings are
 * no part of any sentence. */
struct gazette_sentence {
    struct text text;
    uint32_t offset; /* in bytes, where it begins in the clause's text */
    uint32_t line;
};

enum gazette_clause_kind {
    GAZETTE_CLAUSE,   /* led by a number: chapter, section, article, clause, item */
    GAZETTE_PREAMBLE, /* the text before the first number */
    GAZETTE_ANNEX,
    GAZETTE_BOX,  /* a numbered box or table set into the text: 专栏4 */
    GAZETTE_ENTRY /* an entry of an annex led by a name and a colon */
};

struct gazette_clause {
    enum gazette_clause_kind kind;
    struct text name; /* as cited, unique in its document: as printed where that is unique, else led by its parents */
    struct text path; /* led by all its parents; cited so it is found too */
    struct text printed; /* the number alone, brackets and digits half-width: "6.2.2.1", "(1)", "一", "附件2" */
    uint32_t parent;     /* index in the document's clauses, or GAZETTE_NONE */
    struct text heading; /* or empty */
    struct text text; /* the heading, then the clause's own paragraphs, a line each; not those of clauses beneath it */
    struct gazette_sentence *sentences;
    uint32_t sentence_count;
    uint32_t child_count;
    uint32_t line;
    /* how the number is made; for the reader's own use */
    uint8_t form, depth;
    uint32_t value;
    uint32_t annex; /* the annex in which it stands (itself for an annex), or GAZETTE_NONE */
    struct gazette_paragraph *first_paragraph, *last_paragraph;
    bool is_headed; /* its first paragraph follows the number on its line and may be a heading */
    bool has_table;
};

enum gazette_table_kind {
    GAZETTE_TABLE_OTHER,
    GAZETTE_TABLE_TASK,      /* who does what by when */
    GAZETTE_TABLE_INDICATOR, /* a number against a target */
    GAZETTE_TABLE_CONTACT,   /* who is reached under which number */
    GAZETTE_TABLE_TEAM,      /* teams with strength and number */
    GAZETTE_TABLE_SUPPLY,    /* goods with quantities */
    GAZETTE_TABLE_KINDS
};

struct gazette_row {
    struct text *cells; /* as many as the table has columns; empty cells are values */
    struct text name;   /* text of the naming cell, or empty: the row is cited as ANNEX/NAME */
    struct text number; /* text of the numbering cell, or empty: cited as ANNEX/NUMBER too */
    struct text group;  /* the line across the table under which it stands, or empty */
    uint32_t ordinal;   /* among the rows of the same name, from 1 on: cited as ANNEX/NAME#ORDINAL */
    uint32_t line;
};

struct gazette_table {
    enum gazette_table_kind kind;
    uint32_t clause; /* annex, box or clause in which it stands, or GAZETTE_NONE */
    struct text *columns;
    uint32_t column_count;
    struct gazette_row *rows;
    uint32_t row_count;
    uint32_t name_column, number_column; /* or GAZETTE_NONE */
    uint32_t line;
};

/* An annex announced at the end of the text: "附件：1. …". */
struct gazette_announcement {
    struct text number; /* "附件1", or "附件" where there is but one */
    struct text title;
    uint32_t line;
};

struct gazette_document {
    struct text number;  /* as printed, or empty */
    struct text title;   /* its lines joined */
    struct text subject; /* title of what a notice issues, or empty */
    struct text issuer;  /* or empty */
    struct text section; /* the gazette's heading over it, or empty */
    bool has_issued;
    int32_t issued_day;
    struct text notice; /* the covering text of a notice, a line each paragraph; or empty */
    struct gazette_clause *clauses;
    uint32_t clause_count;
    struct gazette_table *tables;
    uint32_t table_count;
    struct gazette_announcement *announced;
    uint32_t announced_count;
    uint32_t *annexes; /* the annexes that stand there: indexes of clauses */
    uint32_t annex_count;
    uint32_t line;
    struct gazette_name *names; /* for gazette_find */
    uint32_t name_room;
};

struct gazette_term {
    struct text term, text;
    uint32_t line;
};

struct gazette {
    struct gazette_document *documents;
    uint32_t document_count;
    struct gazette_term *glossary;
    uint32_t term_count;
    struct gazette_warning *warnings; /* in the order of their lines */
    uint32_t warning_count;
    uint32_t warnings_left_out;
};

/* Reads a whole text (UTF-8, also with a byte-order mark; GB18030 and UTF-16 are recognised and converted). NULL with a
 * failure only when the text is too large, holds no text at all, or memory is exhausted. The result lives as long as the
 * arena. */
struct gazette *gazette_read(struct text bytes, struct arena *arena, struct failure *failure);

/* What a citation without its sentence number names. */
struct gazette_part {
    uint32_t clause; /* index, or GAZETTE_NONE */
    uint32_t table;  /* where it names rows: the table, and the first row of that name; else GAZETTE_NONE */
    uint32_t row;
};

/* Finds a clause, annex, entry or table row of a document by the name under which it is cited: its name, its full path,
 * or the end of its path where only one has that end; brackets, digits and blanks may be half- or full-width. False
 * where there is none or more than one. */
bool gazette_find(const struct gazette_document *document, struct text name, struct gazette_part *part);

/* "task", "indicator", "contact", "team", "supply", "other". */
const char *gazette_table_kind_name(enum gazette_table_kind kind);

/* True when two document numbers are the same but for the width of digits and brackets, and for blanks. */
bool gazette_same_number(struct text left, struct text right);

#endif
