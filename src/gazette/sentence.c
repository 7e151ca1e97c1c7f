/* Sentences: where each begins and ends, as docs/plan-language.md counts them; what is a heading and none. */
#include "gazette/reader.h"

#define HEADING_COLUMNS_MAX 120
#define COLON_HEADING_COLUMNS_MAX 40

static bool is_closing(uint32_t code_point) {
    return code_point == 0x201D || code_point == 0x2019 || code_point == 0xFF09 || code_point == ')' ||
           code_point == 0x300B || code_point == 0x300D || code_point == 0x300F || code_point == 0x3015 ||
           code_point == '"';
}

static bool is_colon(uint32_t code_point) {
    return code_point == ':' || code_point == 0xFF1A;
}

bool line_is_sentence(struct text line) {
    while (line.length > 0 && is_closing(glyph_last(line)) && !glyph_ends_with(line, "）") &&
           !glyph_ends_with(line, ")")) {
        line.length = text_step_back(line, line.length);
    }
    uint32_t last = glyph_last(line);
    return glyph_ends_sentence(last, 0) || is_colon(last) || glyph_contains(line, "。") || glyph_contains(line, "；");
}

/* Cuts one sentence off the front of `rest`: through the mark that ends it and what closes behind that. */
static struct text cut_sentence(struct text *rest) {
    size_t size = 0;
    size_t at = 0;
    size_t next_size = 0;
    bool has_ended = false;
    while (at < rest->length) {
        uint32_t code_point = text_read_code_point(*rest, at, &size);
        uint32_t next = text_read_code_point(*rest, at + size, &next_size);
        if (has_ended && !is_closing(code_point) && !glyph_ends_sentence(code_point, next)) {
            break;
        }
        has_ended = has_ended || glyph_ends_sentence(code_point, next_size == 0 ? 0 : next);
        at += size;
    }
    struct text sentence = {rest->bytes, at};
    *rest = glyph_skip(*rest, at);
    return sentence;
}

static void split(struct reader *reader, struct gazette_clause *clause, struct text paragraph, uint32_t offset,
                  uint32_t line) {
    struct text rest = paragraph;
    while (rest.length > 0) {
        struct text sentence = glyph_trim(cut_sentence(&rest));
        if (glyph_has_word(sentence)) {
            struct gazette_sentence found = {sentence, offset + (uint32_t)(sentence.bytes - paragraph.bytes), line};
            READER_PUSH(reader, clause->sentences, clause->sentence_count, found);
        }
    }
}

/* The words behind a number are a heading when they end without a mark, and something stands under them. */
static bool has_heading(const struct gazette_clause *clause) {
    const struct gazette_paragraph *first = clause->first_paragraph;
    if (!clause->is_headed || first == NULL) {
        return false;
    }
    if (clause->kind == GAZETTE_ANNEX || clause->kind == GAZETTE_BOX) {
        return true;
    }
    bool has_more = first->next != NULL || clause->child_count > 0 || clause->has_table;
    uint32_t columns = glyph_columns(first->text);
    if (is_colon(glyph_last(first->text))) {
        return has_more && columns <= COLON_HEADING_COLUMNS_MAX && !glyph_contains(first->text, "，") &&
               !glyph_contains(first->text, "。") && !glyph_contains(first->text, ",");
    }
    return has_more && columns <= HEADING_COLUMNS_MAX && !line_is_sentence(first->text);
}

static void read_clause(struct reader *reader, struct gazette_clause *clause) {
    struct buffer out = {0};
    uint32_t offsets = 0;
    bool is_headed = has_heading(clause);
    for (const struct gazette_paragraph *paragraph = clause->first_paragraph; paragraph != NULL;
         paragraph = paragraph->next) {
        buffer_append_string(&out, paragraph == clause->first_paragraph ? "" : "\n");
        buffer_append_text(&out, paragraph->text);
    }
    clause->text = reader_keep(reader, &out);
    clause->heading = TEXT("");
    for (const struct gazette_paragraph *paragraph = clause->first_paragraph;
         paragraph != NULL && clause->text.length > 0; paragraph = paragraph->next) {
        struct text here = {clause->text.bytes + offsets, paragraph->text.length};
        if (paragraph == clause->first_paragraph && is_headed) {
            clause->heading = here;
        } else {
            split(reader, clause, here, offsets, paragraph->line);
        }
        offsets += (uint32_t)paragraph->text.length + 1;
    }
}

void sentences_read(struct reader *reader, struct gazette_document *document) {
    for (uint32_t i = 0; i < document->clause_count && !arena_is_exhausted(reader->arena); i++) {
        read_clause(reader, &document->clauses[i]);
    }
}

/* ---- the glossary ----------------------------------------------------------------------------------------- */

static bool is_glossary_title(struct text title) {
    static const char *const words[] = {"名词解释", "名词注释", "名词术语", "术语解释", "术语和定义", "术语定义",
                                        "用语解释", "用语含义", "名词释义", "glossary", "definitions"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (glyph_has_term(title, words[i])) {
            return glyph_columns(title) <= 60;
        }
    }
    return false;
}

/* "term：explanation" */
static void add_term(struct reader *reader, struct text text, uint32_t line) {
    size_t size = 0;
    for (size_t at = 0; at < text.length; at += size) {
        uint32_t code_point = text_read_code_point(text, at, &size);
        struct text term = glyph_trim((struct text){text.bytes, at});
        if (is_colon(code_point) && term.length > 0 && at + size < text.length) {
            struct gazette_term found = {term, glyph_trim(glyph_skip(text, at + size)), line};
            READER_PUSH(reader, reader->gazette->glossary, reader->gazette->term_count, found);
            return;
        }
        if (code_point == 0x3002 || at > 200) {
            return;
        }
    }
}

/* Whether a clause stands in a glossary: under a heading that says so. */
static bool is_in_glossary(const struct gazette_document *document, uint32_t clause) {
    for (uint32_t steps = 0; clause != GAZETTE_NONE && steps < 64; steps++) {
        if (is_glossary_title(document->clauses[clause].heading)) {
            return true;
        }
        clause = document->clauses[clause].parent;
    }
    return false;
}

void glossary_read(struct reader *reader, const struct gazette_document *document) {
    for (uint32_t i = 0; i < document->clause_count; i++) {
        const struct gazette_clause *clause = &document->clauses[i];
        if (!is_in_glossary(document, i)) {
            continue;
        }
        if (clause->kind == GAZETTE_ENTRY) {
            struct gazette_term term = {clause->printed, clause->text, clause->line};
            READER_PUSH(reader, reader->gazette->glossary, reader->gazette->term_count, term);
            continue;
        }
        if (clause->heading.length > 0 && !is_glossary_title(clause->heading) && clause->sentence_count > 0) {
            struct gazette_term term = {clause->heading, glyph_trim(glyph_skip(clause->text, clause->heading.length)),
                                        clause->line};
            READER_PUSH(reader, reader->gazette->glossary, reader->gazette->term_count, term);
            continue;
        }
        for (const struct gazette_paragraph *paragraph = clause->first_paragraph; paragraph != NULL;
             paragraph = paragraph->next) {
            add_term(reader, paragraph->text, paragraph->line);
        }
    }
}
