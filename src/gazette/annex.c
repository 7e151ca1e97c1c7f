/* Annexes: those that a text announces at its end, and the entries of which an annex may consist. */
#include "gazette/reader.h"

#include <stdio.h>
#include <string.h>

#define ANNOUNCED_LINES_MAX 200

static struct text keep_string(struct reader *reader, const char *string) {
    size_t length = strlen(string);
    char *copy = arena_copy_text(reader->arena, string, length);
    return copy == NULL ? TEXT("") : (struct text){copy, length};
}

static void announce(struct reader *reader, struct gazette_document *document, const char *word, const char *number,
                     struct text title, uint32_t line) {
    char name[160];
    (void)snprintf(name, sizeof name, "%s%s", word, number);
    struct gazette_announcement found = {keep_string(reader, name), title, line};
    READER_PUSH(reader, document->announced, document->announced_count, found);
}

/* ---- "附件：1. …" ------------------------------------------------------------------------------------------- */

/* "附件：" or "Annexes:" before a list or a single title. */
static bool read_list_start(struct text line, struct text *rest, const char **word) {
    static const struct {
        const char *start, *word;
    } starts[] = {
        {"附件：", "附件"},           {"附件:", "附件"},      {"附：", "附件"},     {"附录：", "附录"},
        {"Annexes:", "Annex "},       {"Annexes ", "Annex "}, {"Annex:", "Annex "}, {"Attachments:", "Attachment "},
        {"Appendices:", "Appendix "},
    };
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        if (text_starts_with(line, text_of(starts[i].start))) {
            *rest = glyph_trim(glyph_skip(line, strlen(starts[i].start)));
            *word = starts[i].word;
            return true;
        }
    }
    return false;
}

/* The number of an item in the list: "1. ", "A. ", "Annex 1: ". */
static bool read_item(struct text line, char number[96], struct text *title) {
    struct number read;
    if (number_read(line, &read) &&
        (read.form == FORM_POINT || read.form == FORM_DECIMAL || read.form == FORM_BRACKET || read.form == FORM_HAN)) {
        (void)snprintf(number, 96, "%.*s", (int)sizeof read.name - 1, read.name);
        *title = glyph_trim(glyph_skip(line, read.length));
        return title->length > 0;
    }
    if (line.length > 2 && line.bytes[0] >= 'A' && line.bytes[0] <= 'Z' && line.bytes[1] == '.') {
        (void)snprintf(number, 96, "%c", line.bytes[0]);
        *title = glyph_trim(glyph_skip(line, 2));
        return true;
    }
    return false;
}

/* Items on the lines behind the first; a line without a number goes on with the title before it. */
static uint32_t read_items(struct reader *reader, struct gazette_document *document, const char *word, uint32_t at,
                           uint32_t end) {
    uint32_t last = at;
    while (at < end && at < last + ANNOUNCED_LINES_MAX) {
        const struct line *line = &reader->lines[at];
        char number[96];
        struct text title;
        int32_t day = 0;
        bool is_alone = false;
        if (line->kind != LINE_TEXT || (date_find(line->text, &day, &is_alone) && is_alone)) {
            break;
        }
        if (read_item(line->text, number, &title)) {
            announce(reader, document, word, number, title, line->number);
        } else if (document->announced_count > 0 && !line_is_signer(line->text) && !line_is_sentence(line->text) &&
                   !number_read_annex(line->text, &title, number)) {
            struct gazette_announcement *before = &document->announced[document->announced_count - 1];
            before->title = reader_join(reader, before->title, line->text);
        } else {
            break;
        }
        at++;
    }
    return at;
}

/* ---- "附件1：…" on lines of their own ------------------------------------------------------------------------ */

/* Whether an annex of this number stands further down. */
static bool stands_below(const struct reader *reader, uint32_t at, uint32_t end, const char *name) {
    for (uint32_t i = at + 1; i < end; i++) {
        struct text rest;
        char other[96];
        if (reader->lines[i].kind == LINE_TEXT && number_read_annex(reader->lines[i].text, &rest, other) &&
            strcmp(name, other) == 0) {
            return true;
        }
    }
    return false;
}

static uint32_t read_numbered(struct reader *reader, struct gazette_document *document, uint32_t at, uint32_t end) {
    while (at < end && reader->lines[at].kind == LINE_TEXT && document->announced_count < ANNOUNCED_LINES_MAX) {
        struct text rest;
        char name[96];
        if (!number_read_annex(reader->lines[at].text, &rest, name) || rest.length == 0 ||
            !stands_below(reader, at, end, name)) {
            break;
        }
        announce(reader, document, name, "", rest, reader->lines[at].number);
        at++;
    }
    return at;
}

uint32_t announcement_read(struct reader *reader, struct gazette_document *document, uint32_t at, uint32_t end) {
    struct text line = reader->lines[at].text;
    struct text rest;
    struct text title;
    const char *word = "";
    char number[96];
    if (!read_list_start(line, &rest, &word)) {
        return document->annex_count > 0 ? at : read_numbered(reader, document, at, end);
    }
    if (document->annex_count > 0) {
        return at;
    }
    if (rest.length == 0) {
        bool is_list = at + 1 < end && reader->lines[at + 1].kind == LINE_TEXT &&
                       read_item(reader->lines[at + 1].text, number, &title);
        return is_list ? read_items(reader, document, word, at + 1, end) : at;
    }
    if (read_item(rest, number, &title)) {
        announce(reader, document, word, number, title, reader->lines[at].number);
    } else {
        char bare[32];
        size_t length = strlen(word);
        (void)snprintf(bare, sizeof bare, "%.*s", (int)(length - (glyph_ends_with(text_of(word), " ") ? 1 : 0)), word);
        announce(reader, document, bare, "", rest, reader->lines[at].number);
    }
    return read_items(reader, document, word, at + 1, end);
}

/* ---- entries ---------------------------------------------------------------------------------------------- */

#define ENTRY_NAME_COLUMNS_MAX 60
#define ENTRIES_MIN 2

/* "name：what follows", the name free of marks. */
static bool read_entry(struct text paragraph, struct text *name, struct text *rest) {
    size_t size = 0;
    for (size_t at = 0; at < paragraph.length; at += size) {
        uint32_t code_point = text_read_code_point(paragraph, at, &size);
        if (code_point == 0xFF1A ||
            (code_point == ':' && at + 1 < paragraph.length && paragraph.bytes[at + 1] == ' ')) {
            *name = glyph_trim((struct text){paragraph.bytes, at});
            *rest = glyph_trim(glyph_skip(paragraph, at + size));
            return name->length > 0 && rest->length > 0 && glyph_columns(*name) <= ENTRY_NAME_COLUMNS_MAX;
        }
        if (glyph_ends_sentence(code_point, ' ') || code_point == 0xFF0C || code_point == ',' || code_point == 0x201C) {
            return false;
        }
    }
    return false;
}

/* Whether most of what stands in the annex are entries, and it has no numbered items. */
static bool has_entries(const struct gazette_clause *annex) {
    uint32_t entries = 0;
    uint32_t others = 0;
    struct text name;
    struct text rest;
    const struct gazette_paragraph *paragraph = annex->first_paragraph;
    for (; annex->child_count == 0 && paragraph != NULL; paragraph = paragraph->next) {
        bool is_title = annex->is_headed && paragraph == annex->first_paragraph;
        bool is_entry = !is_title && read_entry(paragraph->text, &name, &rest);
        entries += is_entry ? 1 : 0;
        others += is_title || is_entry ? 0 : 1;
    }
    return entries >= ENTRIES_MIN && entries >= others;
}

static void part_entries(struct reader *reader, struct gazette_document *document, uint32_t index) {
    struct gazette_paragraph *paragraph = document->clauses[index].first_paragraph;
    bool is_title = document->clauses[index].is_headed;
    document->clauses[index].first_paragraph = NULL;
    document->clauses[index].last_paragraph = NULL;
    while (paragraph != NULL && !arena_is_exhausted(reader->arena)) {
        struct gazette_paragraph *next = paragraph->next;
        struct text name;
        struct text rest;
        if (!is_title && read_entry(paragraph->text, &name, &rest)) {
            struct gazette_clause entry = {.kind = GAZETTE_ENTRY,
                                           .printed = name,
                                           .form = FORM_ENTRY,
                                           .parent = index,
                                           .annex = index,
                                           .line = paragraph->line};
            uint32_t opened = clause_open(reader, document, entry);
            if (opened != GAZETTE_NONE) {
                clause_add_paragraph(reader, &document->clauses[opened], rest, paragraph->line);
            }
        } else {
            clause_add_paragraph(reader, &document->clauses[index], paragraph->text, paragraph->line);
        }
        is_title = false;
        paragraph = next;
    }
}

/* Brings clauses back into the order of the text: each annex's entries, which stand at the end from `old_count` on, go
 * behind their annex. moved[i] is where clause i goes. */
static void order_entries(struct reader *reader, struct gazette_document *document, uint32_t old_count) {
    struct gazette_clause *ordered = arena_allocate_array(reader->arena, document->clause_count, sizeof *ordered);
    uint32_t *moved = arena_allocate_array(reader->arena, document->clause_count, sizeof *moved);
    uint32_t to = 0;
    uint32_t entry = old_count;
    if (ordered == NULL || moved == NULL) {
        return;
    }
    for (uint32_t i = 0; i < old_count; i++) {
        moved[i] = to++;
        for (; entry < document->clause_count && document->clauses[entry].parent == i; entry++) {
            moved[entry] = to++;
        }
    }
    for (uint32_t i = 0; i < document->clause_count; i++) {
        struct gazette_clause *clause = &ordered[moved[i]];
        *clause = document->clauses[i];
        clause->parent = clause->parent == GAZETTE_NONE ? GAZETTE_NONE : moved[clause->parent];
        clause->annex = clause->annex == GAZETTE_NONE ? GAZETTE_NONE : moved[clause->annex];
    }
    memcpy(document->clauses, ordered, document->clause_count * sizeof *ordered);
    for (uint32_t i = 0; i < document->annex_count; i++) {
        document->annexes[i] = moved[document->annexes[i]];
    }
    for (uint32_t i = 0; i < document->table_count; i++) {
        uint32_t *clause = &document->tables[i].clause;
        *clause = *clause == GAZETTE_NONE ? GAZETTE_NONE : moved[*clause];
    }
}

void entries_read(struct reader *reader, struct gazette_document *document) {
    uint32_t old_count = document->clause_count;
    for (uint32_t i = 0; i < document->annex_count; i++) {
        if (has_entries(&document->clauses[document->annexes[i]])) {
            part_entries(reader, document, document->annexes[i]);
        }
    }
    if (document->clause_count > old_count) {
        order_entries(reader, document, old_count);
    }
}
