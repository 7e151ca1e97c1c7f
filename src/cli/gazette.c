/* gazette — `pinyue gazette FILE`: the structure of a published text. */
#include "cli/cli.h"

#include "base/calendar.h"
#include "gazette/gazette.h"

#include <jansson.h>

#include <stdlib.h>
#include <string.h>

static const char help[] =
    "usage: pinyue gazette FILE [--json]\n"
    "\n"
    "Reads a gazette, or a single published plan, as plain text (UTF-8 or GB18030; FILE \"-\" is standard input) and\n"
    "prints its structure: the documents with number, issuer, date and title, their clauses with the names under which "
    "a\n"
    "pack cites them, annexes, tables and glossary. docs/gazette.md says what is read and how clauses are named.\n"
    "\n"
    "  --json   print {\"documents\": [{\"number\", \"title\", \"issuer\", \"issued\", \"clauses\", \"tables\"}], "
    "\"glossary\",\n"
    "           \"warnings\"}\n"
    "\n"
    "Whatever is damaged or odd is told as a warning with its line, the rest is read all the same.\n"
    "Exit status: 0, also when there are warnings; 2 when the file cannot be read or holds no text.\n";

#define OUTLINE_BYTES 96 /* of a clause's text in the outline */

/* ---- JSON ------------------------------------------------------------------------------------------------- */

static json_t *pack_text(struct text text) {
    return json_stringn(text.bytes == NULL ? "" : text.bytes, text.length);
}

static json_t *pack_optional(struct text text) {
    return text.length == 0 ? json_null() : pack_text(text);
}

static json_t *pack_clause(const struct gazette_document *document, const struct gazette_clause *clause) {
    json_t *packed = json_object();
    json_object_set_new(packed, "number", pack_text(clause->name));
    json_object_set_new(packed, "parent",
                        clause->parent == GAZETTE_NONE ? json_null()
                                                       : pack_text(document->clauses[clause->parent].name));
    json_object_set_new(packed, "text", pack_text(clause->text));
    return packed;
}

static json_t *pack_row(const struct gazette_table *table, const struct gazette_row *row) {
    json_t *packed = json_object();
    for (uint32_t i = 0; i < table->column_count; i++) {
        char *name = malloc(table->columns[i].length + 1);
        if (name != NULL) {
            (void)memcpy(name, table->columns[i].bytes, table->columns[i].length);
            name[table->columns[i].length] = '\0';
            json_object_set_new(packed, name, pack_text(row->cells[i]));
        }
        free(name);
    }
    return packed;
}

static json_t *pack_table(const struct gazette_document *document, const struct gazette_table *table) {
    json_t *packed = json_object();
    json_t *columns = json_array();
    json_t *rows = json_array();
    for (uint32_t i = 0; i < table->column_count; i++) {
        json_array_append_new(columns, pack_text(table->columns[i]));
    }
    for (uint32_t i = 0; i < table->row_count; i++) {
        json_array_append_new(rows, pack_row(table, &table->rows[i]));
    }
    json_object_set_new(packed, "annex",
                        table->clause == GAZETTE_NONE ? json_null() : pack_text(document->clauses[table->clause].name));
    json_object_set_new(packed, "kind", json_string(gazette_table_kind_name(table->kind)));
    json_object_set_new(packed, "columns", columns);
    json_object_set_new(packed, "rows", rows);
    return packed;
}

static json_t *pack_date(const struct gazette_document *document) {
    char date[CALENDAR_DATE_ROOM];
    if (!document->has_issued) {
        return json_null();
    }
    calendar_print_date(document->issued_day, date);
    return json_string(date);
}

static json_t *pack_document(const struct gazette_document *document) {
    json_t *packed = json_object();
    json_t *clauses = json_array();
    json_t *tables = json_array();
    for (uint32_t i = 0; i < document->clause_count; i++) {
        json_array_append_new(clauses, pack_clause(document, &document->clauses[i]));
    }
    for (uint32_t i = 0; i < document->table_count; i++) {
        json_array_append_new(tables, pack_table(document, &document->tables[i]));
    }
    json_object_set_new(packed, "number", pack_optional(document->number));
    json_object_set_new(packed, "title", pack_text(document->title));
    json_object_set_new(packed, "issuer", pack_optional(document->issuer));
    json_object_set_new(packed, "issued", pack_date(document));
    json_object_set_new(packed, "clauses", clauses);
    json_object_set_new(packed, "tables", tables);
    return packed;
}

static json_t *pack_gazette(const struct gazette *gazette) {
    json_t *packed = json_object();
    json_t *documents = json_array();
    json_t *glossary = json_array();
    json_t *warnings = json_array();
    for (uint32_t i = 0; i < gazette->document_count; i++) {
        json_array_append_new(documents, pack_document(&gazette->documents[i]));
    }
    for (uint32_t i = 0; i < gazette->term_count; i++) {
        json_t *term = json_object();
        json_object_set_new(term, "term", pack_text(gazette->glossary[i].term));
        json_object_set_new(term, "text", pack_text(gazette->glossary[i].text));
        json_array_append_new(glossary, term);
    }
    for (uint32_t i = 0; i < gazette->warning_count; i++) {
        json_t *warning = json_object();
        json_object_set_new(warning, "line", json_integer(gazette->warnings[i].line));
        json_object_set_new(warning, "message", pack_text(gazette->warnings[i].message));
        json_array_append_new(warnings, warning);
    }
    json_object_set_new(packed, "documents", documents);
    json_object_set_new(packed, "glossary", glossary);
    json_object_set_new(packed, "warnings", warnings);
    return packed;
}

static void print_json(const struct gazette *gazette, struct buffer *out) {
    json_t *packed = pack_gazette(gazette);
    cli_append_json(packed, out);
    json_decref(packed);
}

/* ---- the outline ------------------------------------------------------------------------------------------ */

static uint32_t measure_depth(const struct gazette_document *document, uint32_t clause) {
    uint32_t depth = 0;
    while (document->clauses[clause].parent != GAZETTE_NONE && depth < 12) {
        clause = document->clauses[clause].parent;
        depth++;
    }
    return depth;
}

/* The heading, or the first words of the text. */
static void print_clause(const struct gazette_document *document, uint32_t index, struct buffer *out) {
    const struct gazette_clause *clause = &document->clauses[index];
    struct text words = clause->heading.length > 0 ? clause->heading : clause->text;
    const char *end = words.length == 0 ? NULL : memchr(words.bytes, '\n', words.length);
    words.length = end == NULL ? words.length : (size_t)(end - words.bytes);
    struct text cut = text_cut(words, OUTLINE_BYTES);
    buffer_print(out, "%*s%.*s  %.*s%s", (int)(2 + 2 * measure_depth(document, index)), "", TEXT_PRINT(clause->name),
                 TEXT_PRINT(cut), cut.length < words.length ? "…" : "");
    if (clause->sentence_count > 0) {
        buffer_append_string(out, "  #1");
    }
    if (clause->sentence_count > 1) {
        buffer_print(out, "..%u", clause->sentence_count);
    }
    buffer_append_string(out, "\n");
}

static void print_table(const struct gazette_document *document, const struct gazette_table *table,
                        struct buffer *out) {
    buffer_print(out, "  table of kind \"%s\", %u rows", gazette_table_kind_name(table->kind), table->row_count);
    if (table->clause != GAZETTE_NONE) {
        buffer_print(out, ", in %.*s", TEXT_PRINT(document->clauses[table->clause].name));
    }
    buffer_append_string(out, ": ");
    for (uint32_t i = 0; i < table->column_count; i++) {
        buffer_print(out, "%s%.*s", i == 0 ? "" : " | ", TEXT_PRINT(table->columns[i]));
    }
    buffer_append_string(out, "\n");
}

static void print_annexes(const struct gazette_document *document, struct buffer *out) {
    if (document->announced_count + document->annex_count == 0) {
        return;
    }
    buffer_print(out, "  annexes: %u announced, %u there\n", document->announced_count, document->annex_count);
}

static void print_document(const struct gazette_document *document, struct buffer *out) {
    char date[CALENDAR_DATE_ROOM] = "no date";
    if (document->has_issued) {
        calendar_print_date(document->issued_day, date);
    }
    buffer_print(out, "%.*s\n  %.*s  %s  %.*s\n", TEXT_PRINT(document->title),
                 TEXT_PRINT((document->number.length == 0 ? TEXT("no number") : document->number)), date,
                 TEXT_PRINT(document->issuer));
    print_annexes(document, out);
    for (uint32_t i = 0; i < document->clause_count; i++) {
        print_clause(document, i, out);
    }
    for (uint32_t i = 0; i < document->table_count; i++) {
        print_table(document, &document->tables[i], out);
    }
    buffer_append_string(out, "\n");
}

static void print_outline(const struct gazette *gazette, struct buffer *out) {
    for (uint32_t i = 0; i < gazette->document_count; i++) {
        print_document(&gazette->documents[i], out);
    }
    if (gazette->term_count > 0) {
        buffer_print(out, "glossary: %u entries\n", gazette->term_count);
        for (uint32_t i = 0; i < gazette->term_count; i++) {
            buffer_print(out, "  %.*s\n", TEXT_PRINT(gazette->glossary[i].term));
        }
    }
    for (uint32_t i = 0; i < gazette->warning_count; i++) {
        buffer_print(out, "warning: line %u: %.*s\n", gazette->warnings[i].line,
                     TEXT_PRINT(gazette->warnings[i].message));
    }
    if (gazette->warnings_left_out > 0) {
        buffer_print(out, "warning: %u more\n", gazette->warnings_left_out);
    }
}

/* ---- the command ------------------------------------------------------------------------------------------ */

static int show(const char *path, bool as_json) {
    struct failure failure = {0};
    struct buffer bytes = {0};
    struct buffer out = {0};
    struct arena *arena = arena_create(GAZETTE_ARENA_BYTES);
    struct gazette *gazette = NULL;
    int status = CLI_OK;
    if (arena == NULL) {
        (void)failure_set(&failure, "memory is exhausted");
    } else if (buffer_read_file(&bytes, path, GAZETTE_FILE_BYTES_MAX, &failure)) {
        gazette = gazette_read(buffer_text(&bytes), arena, &failure);
    }
    if (gazette == NULL) {
        status = cli_fail(&failure);
    } else {
        (as_json ? print_json : print_outline)(gazette, &out);
        status = cli_print(&out, CLI_OK);
    }
    arena_destroy(arena);
    buffer_release(&bytes);
    buffer_release(&out);
    return status;
}

static int run(int argc, char **argv) {
    bool as_json = false;
    const char *path = NULL;
    size_t count = 0;
    const struct cli_option options[] = {{"--json", NULL, &as_json}};
    struct failure failure = {0};
    if (!cli_parse(argc, argv, options, 1, &path, 1, &count, &failure)) {
        return cli_fail(&failure);
    }
    if (count == 0) {
        (void)failure_set(&failure, "name the text: pinyue gazette FILE");
        return cli_fail(&failure);
    }
    return show(path, as_json);
}

const struct cli_command cli_gazette = {
    "gazette",
    "reads a gazette's plain text and prints its structure",
    "读公报的纯文本，列出文件、条款、附件、表格和名词",
    help,
    run,
};
