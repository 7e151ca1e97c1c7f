/* The text of a document: its notice, clauses, annexes and tables, line by line. */
#include "gazette/reader.h"

#include <string.h>

#define STACK_MAX 24
#define SUBJECT_LINES_MAX 8
#define SIGNATURE_LINES_MAX 8
#define LOOK_AHEAD_LINES 8
#define NEXT_LINES_MAX 200   /* between a clause that is a sentence and the next */
#define SIBLING_STEPS_MAX 64 /* clauses between an item and the one before it */
#define ANNEXES_MAX 1000     /* of one document; further ones are text */

enum phase {
    PHASE_NOTICE, /* the covering text of a numbered document, until its date */
    PHASE_TITLE,  /* behind the date: the title of what is issued */
    PHASE_TEXT
};

/* A clause that is open: what comes next may belong to it. */
struct level {
    uint32_t clause;
    enum number_form form;
    struct number number;
};

struct body {
    struct reader *reader;
    struct gazette_document *document;
    uint32_t at, end;
    enum phase phase;
    struct level stack[STACK_MAX];
    uint32_t depth;
    uint32_t annex;     /* or GAZETTE_NONE */
    uint32_t preamble;  /* or GAZETTE_NONE */
    bool has_numbers;   /* a clause has been opened in this scope */
    bool has_sentences; /* the last bare number in this scope leads a sentence, not a heading */
    struct number last_decimal;
    struct number last_of_form[FORM_PREAMBLE + 1]; /* the last number of each form in this scope */
};

/* ---- clauses ---------------------------------------------------------------------------------------------- */

uint32_t clause_open(struct reader *reader, struct gazette_document *document, struct gazette_clause clause) {
    uint32_t index = document->clause_count;
    READER_PUSH(reader, document->clauses, document->clause_count, clause);
    if (document->clause_count == index) {
        return GAZETTE_NONE;
    }
    if (clause.parent != GAZETTE_NONE) {
        document->clauses[clause.parent].child_count++;
    }
    return index;
}

void clause_add_paragraph(struct reader *reader, struct gazette_clause *clause, struct text text, uint32_t line) {
    struct gazette_paragraph *paragraph = arena_allocate(reader->arena, sizeof *paragraph);
    if (paragraph == NULL) {
        return;
    }
    paragraph->text = text;
    paragraph->line = line;
    paragraph->before = clause->last_paragraph;
    if (clause->last_paragraph == NULL) {
        clause->first_paragraph = paragraph;
    } else {
        clause->last_paragraph->next = paragraph;
    }
    clause->last_paragraph = paragraph;
}

static struct text keep_string(struct reader *reader, const char *string) {
    size_t length = strlen(string);
    char *copy = arena_copy_text(reader->arena, string, length);
    return copy == NULL ? TEXT("") : (struct text){copy, length};
}

/* The clause to which a paragraph belongs now: the innermost open one, else the text before the first number. */
static struct gazette_clause *find_current(struct body *body, struct text text, uint32_t line) {
    if (body->depth > 0) {
        return &body->document->clauses[body->stack[body->depth - 1].clause];
    }
    if (body->annex != GAZETTE_NONE) {
        return &body->document->clauses[body->annex];
    }
    if (body->preamble == GAZETTE_NONE) {
        struct gazette_clause preamble = {.kind = GAZETTE_PREAMBLE,
                                          .form = FORM_PREAMBLE,
                                          .printed = glyph_is_wide(glyph_first(text)) ? TEXT("引言") : TEXT("Preamble"),
                                          .parent = GAZETTE_NONE,
                                          .annex = GAZETTE_NONE,
                                          .line = line};
        body->preamble = clause_open(body->reader, body->document, preamble);
    }
    return body->preamble == GAZETTE_NONE ? NULL : &body->document->clauses[body->preamble];
}

static bool ends_with_semicolon(const struct gazette_clause *clause) {
    uint32_t last = clause->last_paragraph == NULL ? 0 : glyph_last(clause->last_paragraph->text);
    return last == 0xFF1B || last == ';';
}

/* Items parted by semicolons are one list; behind the full stop that ends it the clause around it goes on. */
static void close_list(struct body *body) {
    const struct gazette_document *document = body->document;
    if (body->depth < 2 || body->stack[body->depth - 1].form < FORM_HAN ||
        body->stack[body->depth - 1].form == FORM_DECIMAL) {
        return;
    }
    uint32_t last = body->stack[body->depth - 1].clause;
    if (document->clauses[last].last_paragraph == NULL || ends_with_semicolon(&document->clauses[last]) ||
        !line_is_sentence(document->clauses[last].last_paragraph->text)) {
        return;
    }
    for (uint32_t i = last; i > 0 && last - i < SIBLING_STEPS_MAX; i--) {
        const struct gazette_clause *before = &document->clauses[i - 1];
        if (before->parent == document->clauses[last].parent) {
            body->depth -= before->form == document->clauses[last].form && ends_with_semicolon(before) ? 1 : 0;
            return;
        }
        if (i - 1 == document->clauses[last].parent) {
            return;
        }
    }
}

static void add_paragraph(struct body *body, struct text text, uint32_t line) {
    struct gazette_clause *clause = find_current(body, text, line);
    if (clause != NULL) {
        clause_add_paragraph(body->reader, clause, text, line);
    }
}

/* ---- where a number belongs ------------------------------------------------------------------------------- */

static bool is_prefix(const struct number *outer, const struct number *inner) {
    bool is = outer->depth < inner->depth;
    for (uint8_t i = 0; is && i < outer->depth; i++) {
        is = outer->parts[i] == inner->parts[i];
    }
    return is;
}

static bool is_titled(enum number_form form) {
    return form >= FORM_PART && form <= FORM_ARTICLE;
}

/* 6.2.2 belongs under 6.2, also where that is printed "6.2." or 6 is printed "6."; without one, under what encloses the
 * decimals. */
static void unwind_decimal(struct body *body, const struct number *number) {
    uint32_t lowest = body->depth;
    for (uint32_t i = 0; i < body->depth; i++) {
        bool is_decimal = body->stack[i].form == FORM_DECIMAL || body->stack[i].form == FORM_POINT;
        if (is_decimal && is_prefix(&body->stack[i].number, number)) {
            lowest = i + 1;
        } else if (body->stack[i].form == FORM_DECIMAL && lowest == body->depth) {
            lowest = i;
        }
    }
    body->depth = lowest;
}

/* Parts, chapters, sections and articles have their own order. */
static void unwind_titled(struct body *body, enum number_form form) {
    uint32_t keep = 0;
    while (keep < body->depth && is_titled(body->stack[keep].form) && body->stack[keep].form < form) {
        keep++;
    }
    body->depth = keep;
}

static void unwind(struct body *body, const struct number *number) {
    if (is_titled(number->form)) {
        unwind_titled(body, number->form);
        return;
    }
    if (number->form == FORM_DECIMAL) {
        unwind_decimal(body, number);
        return;
    }
    for (uint32_t i = body->depth; i > 0; i--) {
        const struct level *level = &body->stack[i - 1];
        if (level->form != number->form) {
            continue;
        }
        /* A list that starts again at 1 under an item of its own kind, with something between, is a list within it. */
        bool is_inner = number->value == 1 && level->number.value >= 1 && i < body->depth && number->form == FORM_POINT;
        body->depth = is_inner ? body->depth : i - 1;
        return;
    }
    if (number->form == FORM_BOX) {
        while (body->depth > 0 && !is_titled(body->stack[body->depth - 1].form) &&
               body->stack[body->depth - 1].form != FORM_DECIMAL && body->stack[body->depth - 1].form != FORM_HAN) {
            body->depth--;
        }
    }
}

/* ---- whether a number is one ------------------------------------------------------------------------------ */

/* Whether 6.1 stands soon behind 6. */
static bool has_first_child(const struct body *body, const struct number *number) {
    uint32_t seen = 0;
    for (uint32_t i = body->at + 1; i < body->end && i < body->at + 8 * LOOK_AHEAD_LINES && seen < LOOK_AHEAD_LINES;
         i++) {
        struct number next;
        if (body->reader->lines[i].kind != LINE_TEXT) {
            continue;
        }
        seen++;
        if (number_read(body->reader->lines[i].text, &next) && next.form == FORM_DECIMAL && is_prefix(number, &next) &&
            next.depth == number->depth + 1 && next.value == 1) {
            return true;
        }
    }
    return false;
}

static bool is_after(const struct number *number, const struct number *last) {
    for (uint8_t i = 0; i < number->depth && i < last->depth; i++) {
        if (number->parts[i] != last->parts[i]) {
            return number->parts[i] > last->parts[i];
        }
    }
    return number->depth > last->depth;
}

enum sequel { SEQUEL_NONE, SEQUEL_NEXT, SEQUEL_BEFORE };

/* Whether the number after this one, or the first one within it, leads a line soon behind it; or one that still belongs under
 * the number before it. */
static enum sequel find_sequel(const struct body *body, const struct number *number) {
    uint32_t seen = 0;
    for (uint32_t i = body->at + 1; i < body->end && seen < NEXT_LINES_MAX; i++) {
        const struct line *line = &body->reader->lines[i];
        struct number next;
        if (line->kind != LINE_TEXT) {
            continue;
        }
        seen++;
        if (!number_read(line->text, &next) || next.form != FORM_DECIMAL) {
            continue;
        }
        if (next.depth > 1 && next.parts[0] + 1 == number->value) {
            return SEQUEL_BEFORE;
        }
        if ((next.depth == 1 && next.value == number->value + 1 && next.is_spaced == number->is_spaced) ||
            (next.depth == 2 && next.parts[0] == number->value && next.value == 1)) {
            return SEQUEL_NEXT;
        }
        if (next.depth == 1 && next.value <= number->value) { /* it begins again: look no further */
            return SEQUEL_NONE;
        }
    }
    return SEQUEL_NONE;
}

/* "2 各镇每日巡查。": a sentence behind a bare number that is the next one. Where it is the first, or two things speak against
 * it (no blank behind it, headings before it, something that it may count behind it), another number must follow. */
static bool is_sentence_clause(const struct body *body, const struct number *number, struct text rest) {
    uint32_t before = body->last_decimal.depth == 0 ? 0 : body->last_decimal.parts[0];
    if (number->value != before + 1) {
        return false;
    }
    uint32_t doubts =
        (number->is_spaced ? 0U : 1U) + (body->has_sentences ? 0U : 1U) + (number_is_quantity(rest) ? 1U : 0U);
    bool is_plain = before > 0 && doubts < 2;
    enum sequel sequel = find_sequel(body, number);
    return sequel == SEQUEL_NEXT || (is_plain && sequel != SEQUEL_BEFORE);
}

/* "3 people", "1.5 ha": a number that no clause has here. */
static bool is_plausible(const struct body *body, const struct number *number, struct text rest) {
    if (number->form != FORM_DECIMAL) {
        return true;
    }
    const struct number *last = &body->last_decimal;
    if (number->depth > 1) {
        return last->depth == 0 || (is_after(number, last) && number->parts[0] <= last->parts[0] + 5);
    }
    bool is_introduction = glyph_ends_with(rest, "：") || glyph_ends_with(rest, ":");
    if (last->depth == 0 && body->last_of_form[FORM_POINT].value > 0 && !has_first_child(body, number)) {
        return false;
    }
    if ((line_is_sentence(rest) && !is_introduction) || glyph_contains(rest, "。") || glyph_columns(rest) > 80) {
        return is_sentence_clause(body, number, rest);
    }
    uint32_t before = last->depth == 0 ? 0 : last->parts[0];
    bool is_next = number->value == before + 1;
    return is_next || has_first_child(body, number) ||
           (number->is_spaced && number->value > before && (before == 0 || number->value <= before + 5));
}

/* Says where a number does not follow the one before it. */
static void check_order(const struct body *body, const struct number *number, uint32_t line) {
    const struct number *last = &body->last_of_form[number->form];
    if (number->form == FORM_DECIMAL) {
        last = &body->last_decimal;
        bool is_child =
            last->depth > 0 && is_prefix(last, number) && number->value == 1 && number->depth == last->depth + 1;
        bool is_next = false;
        if (last->depth >= number->depth) {
            is_next = number->value == last->parts[number->depth - 1] + 1;
            for (uint8_t i = 0; i + 1 < number->depth; i++) {
                is_next = is_next && number->parts[i] == last->parts[i];
            }
        }
        if (last->depth == 0 ? number->value != 1 : !is_child && !is_next) {
            reader_warn(body->reader, line, "%s %s%s: something may be missing before it", number->name,
                        last->depth == 0 ? "is the first number here" : "follows ", last->name);
        }
        return;
    }
    if (number->value != 1 && number->value != last->value + 1 && number->form != FORM_LETTER) {
        reader_warn(body->reader, line, "%s %s%s: something may be missing before it", number->name,
                    last->value == 0 ? "is the first number of its kind here" : "follows ", last->name);
    }
}

static void open_number(struct body *body, const struct number *number, struct text rest, uint32_t line) {
    check_order(body, number, line);
    unwind(body, number);
    if (body->depth == STACK_MAX) {
        body->depth--;
    }
    struct gazette_clause clause = {.kind = number->form == FORM_BOX ? GAZETTE_BOX : GAZETTE_CLAUSE,
                                    .printed = keep_string(body->reader, number->name),
                                    .form = (uint8_t)number->form,
                                    .depth = number->depth,
                                    .value = number->value,
                                    .parent = body->depth > 0 ? body->stack[body->depth - 1].clause : body->annex,
                                    .annex = body->annex,
                                    .is_headed = rest.length > 0,
                                    .line = line};
    uint32_t index = clause_open(body->reader, body->document, clause);
    if (index == GAZETTE_NONE) {
        return;
    }
    body->stack[body->depth++] = (struct level){index, number->form, *number};
    body->last_of_form[number->form] = *number;
    if (number->form == FORM_DECIMAL) {
        body->last_decimal = *number;
        body->has_sentences = number->depth == 1 ? line_is_sentence(rest) : body->has_sentences;
    }
    body->has_numbers = true;
    if (rest.length > 0) {
        add_paragraph(body, rest, line);
    }
}

/* A line of text: led by a number, or a paragraph of the clause that is open. */
static void feed(struct body *body, struct text text, uint32_t line) {
    struct number number;
    if (number_read(text, &number)) {
        struct text rest = glyph_trim(glyph_skip(text, number.length));
        if (is_plausible(body, &number, rest)) {
            body->phase = body->phase == PHASE_TITLE ? PHASE_TEXT : body->phase;
            open_number(body, &number, rest, line);
            return;
        }
    }
    close_list(body);
    add_paragraph(body, text, line);
}

/* ---- annexes ---------------------------------------------------------------------------------------------- */

/* The lines behind "附件2" up to a blank one, a number or a sentence. */
static struct text read_annex_title(struct body *body, struct text title) {
    uint32_t lines = 0;
    while (title.length == 0 && body->at < body->end && body->reader->lines[body->at].kind == LINE_BLANK) {
        body->at++;
    }
    for (; lines < SUBJECT_LINES_MAX && body->at < body->end; lines++) {
        const struct line *line = &body->reader->lines[body->at];
        struct number number;
        struct text rest;
        char name[96];
        if (line->kind != LINE_TEXT || line_is_sentence(line->text) || number_read(line->text, &number) ||
            number_read_annex(line->text, &rest, name)) {
            break;
        }
        title = title.length == 0 ? line->text : reader_join(body->reader, title, line->text);
        body->at++;
    }
    return title;
}

static void open_annex(struct body *body, const char *name, struct text title, uint32_t line) {
    body->at++;
    title = read_annex_title(body, title);
    struct gazette_clause annex = {.kind = GAZETTE_ANNEX,
                                   .form = FORM_ANNEX,
                                   .printed = keep_string(body->reader, name),
                                   .parent = GAZETTE_NONE,
                                   .annex = body->document->clause_count,
                                   .is_headed = title.length > 0,
                                   .line = line};
    uint32_t index = clause_open(body->reader, body->document, annex);
    if (index == GAZETTE_NONE) {
        return;
    }
    if (title.length > 0) {
        clause_add_paragraph(body->reader, &body->document->clauses[index], title, line);
    }
    READER_PUSH(body->reader, body->document->annexes, body->document->annex_count, index);
    body->annex = index;
    body->depth = 0;
    body->phase = PHASE_TEXT;
    body->has_sentences = false;
    memset(body->last_of_form, 0, sizeof body->last_of_form);
    body->last_decimal = (struct number){0};
}

/* ---- the notice, its date and signature ------------------------------------------------------------------- */

/* Takes the signature off the end of what has been read: lines that only name a body, or the issuer. What a number or an
 * annex has as its first words is none. */
static struct text take_signature(struct body *body) {
    struct gazette_clause *clause = body->depth == 0 && body->annex == GAZETTE_NONE && body->preamble == GAZETTE_NONE
                                        ? NULL
                                        : find_current(body, TEXT(""), 0);
    struct text signature = TEXT("");
    for (uint32_t i = 0; clause != NULL && clause->last_paragraph != NULL && i < SIGNATURE_LINES_MAX; i++) {
        struct text last = clause->last_paragraph->text;
        struct gazette_paragraph *before = clause->last_paragraph->before;
        bool is_own = before == NULL && clause->form != FORM_PREAMBLE;
        if (is_own || (!text_equal(last, body->document->issuer) && !line_is_signer(last))) {
            break;
        }
        signature = signature.length == 0 ? last : signature;
        if (before == NULL) {
            clause->first_paragraph = NULL;
        } else {
            before->next = NULL;
        }
        clause->last_paragraph = before;
    }
    return signature;
}

/* What stood before the date was the notice alone: it is no clause. */
static void keep_notice(struct body *body) {
    if (body->preamble == GAZETTE_NONE || body->preamble + 1 != body->document->clause_count ||
        body->document->table_count > 0) {
        return;
    }
    struct buffer out = {0};
    const struct gazette_clause *preamble = &body->document->clauses[body->preamble];
    for (const struct gazette_paragraph *paragraph = preamble->first_paragraph; paragraph != NULL;
         paragraph = paragraph->next) {
        buffer_append_string(&out, out.length == 0 ? "" : "\n");
        buffer_append_text(&out, paragraph->text);
    }
    body->document->notice = reader_keep(body->reader, &out);
    body->document->clauses[body->preamble].first_paragraph = NULL;
    body->document->clauses[body->preamble].last_paragraph = NULL;
    body->document->clause_count--;
    body->preamble = GAZETTE_NONE;
}

static void take_date(struct body *body, int32_t day, uint32_t line) {
    struct gazette_document *document = body->document;
    struct text signature = take_signature(body);
    if (!document->has_issued) {
        document->has_issued = true;
        document->issued_day = day;
    } else if (document->issued_day != day) {
        reader_warn(body->reader, line, "another date stands here than above; it is left out");
    }
    if (signature.length > 0 && document->issuer.length == 0) {
        document->issuer = signature;
    } else if (signature.length > 0 && !text_equal(signature, document->issuer)) {
        reader_warn(body->reader, line, "\"%.*s\" signs here, the title names \"%.*s\"", TEXT_PRINT(signature),
                    TEXT_PRINT(document->issuer));
    }
    if (body->phase == PHASE_NOTICE) {
        if (!body->has_numbers) {
            keep_notice(body);
        }
        body->phase = body->has_numbers ? PHASE_TEXT : PHASE_TITLE;
    }
}

/* Whether line `at` begins a title: no sentence, no number. */
static bool is_title_line(const struct body *body, const struct line *line) {
    struct number number;
    struct text rest;
    char name[96];
    return line->kind == LINE_TEXT && !line_is_sentence(line->text) && !number_read_annex(line->text, &rest, name) &&
           !(number_read(line->text, &number) && is_plausible(body, &number, glyph_skip(line->text, number.length)));
}

static void read_subject(struct body *body) {
    struct text subject = TEXT("");
    for (uint32_t i = 0; i < SUBJECT_LINES_MAX && body->at < body->end; i++) {
        const struct line *line = &body->reader->lines[body->at];
        if (!is_title_line(body, line)) {
            break;
        }
        subject = subject.length == 0 ? line->text : reader_join(body->reader, subject, line->text);
        body->at++;
    }
    body->document->subject = subject;
    body->phase = PHASE_TEXT;
}

/* ---- tables ----------------------------------------------------------------------------------------------- */

static void feed_lines(struct body *body, uint32_t first, uint32_t end) {
    uint32_t back = body->at;
    for (uint32_t i = first; i < end; i++) {
        if (body->reader->lines[i].kind != LINE_BLANK && body->reader->lines[i].text.length > 0) {
            body->at = i;
            feed(body, body->reader->lines[i].text, body->reader->lines[i].number);
        }
    }
    body->at = back;
}

/* Ends a box: what follows belongs to the clause around it. */
static void close_box(struct body *body) {
    for (uint32_t i = body->depth; i > 0; i--) {
        if (body->stack[i - 1].form == FORM_BOX) {
            body->depth = i - 1;
            return;
        }
    }
}

/* A row of one cell led by a number is a part of the annex, such as "一、…（6项）": kept as a clause without text. */
static void add_groups(struct body *body, const struct gazette_table *table) {
    for (uint32_t i = 0; i < table->row_count; i++) {
        struct text group = table->rows[i].group;
        struct number number;
        if (group.length > 0 && (i == 0 || !text_equal(group, table->rows[i - 1].group)) &&
            number_read(group, &number) && number.form != FORM_DECIMAL && number.form != FORM_BOX) {
            open_number(body, &number, glyph_trim(glyph_skip(group, number.length)), table->rows[i].line - 1);
            body->document->clauses[body->stack[body->depth - 1].clause].has_table = true;
            body->depth--;
        }
    }
}

static void take_table(struct body *body) {
    struct gazette_table table;
    uint32_t first = body->at;
    struct table_result result = table_read(body->reader, body->at, body->end, &table);
    bool is_under_box = body->depth > 0 && body->stack[body->depth - 1].form == FORM_BOX;
    body->at = result.next;
    body->phase = PHASE_TEXT;
    if (result.box.length > 0) {
        body->at = first;
        feed(body, result.box, body->reader->lines[first].number);
        body->at = result.next;
    }
    if (result.is_table) {
        struct gazette_clause *clause = find_current(body, table.columns[0], table.line);
        if (clause != NULL) {
            clause->has_table = true;
            table.clause = (uint32_t)(clause - body->document->clauses);
        }
        READER_PUSH(body->reader, body->document->tables, body->document->table_count, table);
        add_groups(body, &table);
    } else if (result.box.length > 0) {
        feed_lines(body, first + 1, result.next);
    } else if (result.is_text) {
        feed_lines(body, first, result.next);
    }
    if (is_under_box || result.box.length > 0) {
        close_box(body);
    }
}

/* The line behind the head that says to whom the document goes: "各镇人民政府，有关单位：". */
static bool is_addressee(const struct body *body, const struct line *line) {
    uint32_t last = glyph_last(line->text);
    bool is_first = body->preamble == GAZETTE_NONE && !body->has_numbers && body->annex == GAZETTE_NONE &&
                    body->document->notice.length == 0;
    return is_first && (last == 0xFF1A || last == ':') && !glyph_contains(line->text, "。") &&
           (text_starts_with(line->text, TEXT("各")) || glyph_ends_with(line->text, "政府：") ||
            glyph_ends_with(line->text, "单位：") || glyph_ends_with(line->text, "部门：") ||
            text_starts_with(line->text, TEXT("To ")));
}

/* ---- all of it -------------------------------------------------------------------------------------------- */

static void take_text(struct body *body) {
    const struct line *line = &body->reader->lines[body->at];
    struct text rest;
    char name[96];
    int32_t day = 0;
    bool is_alone = false;
    if (line_is_imprint(line->text) || is_addressee(body, line)) {
        body->at++;
        return;
    }
    if (date_find(line->text, &day, &is_alone) && is_alone) {
        take_date(body, day, line->number);
        body->at++;
        return;
    }
    uint32_t behind = announcement_read(body->reader, body->document, body->at, body->end);
    if (behind > body->at) {
        body->at = behind;
        return;
    }
    if (body->document->annex_count < ANNEXES_MAX && number_read_annex(line->text, &rest, name)) {
        open_annex(body, name, rest, line->number);
    } else if (body->phase == PHASE_TITLE) {
        uint32_t before = body->at;
        read_subject(body);
        if (body->at == before) {
            feed(body, line->text, line->number);
            body->at++;
        }
    } else {
        feed(body, line->text, line->number);
        body->at++;
    }
}

/* A notice that never had a date, or had nothing behind it, is the text itself. */
static void check_end(struct body *body) {
    struct gazette_document *document = body->document;
    if (!document->has_issued) {
        reader_warn(body->reader, document->line, "no date has been found for this document");
    }
    if (document->clause_count == 0 && document->notice.length > 0) {
        struct text notice = document->notice;
        for (size_t start = 0; start < notice.length;) {
            const char *found = memchr(notice.bytes + start, '\n', notice.length - start);
            size_t end = found == NULL ? notice.length : (size_t)(found - notice.bytes);
            add_paragraph(body, (struct text){notice.bytes + start, end - start}, document->line);
            start = end + 1;
        }
    }
    for (uint32_t i = 0; i < document->annex_count; i++) {
        const struct gazette_clause *annex = &document->clauses[document->annexes[i]];
        bool is_empty = annex->child_count == 0 && !annex->has_table &&
                        (annex->first_paragraph == NULL || annex->first_paragraph->next == NULL);
        if (is_empty) {
            reader_warn(body->reader, annex->line, "%.*s has a title and no text; a picture may have been lost",
                        TEXT_PRINT(annex->printed));
        }
    }
}

static bool is_present(const struct gazette_document *document, struct text number) {
    for (uint32_t i = 0; i < document->annex_count; i++) {
        if (gazette_same_number(document->clauses[document->annexes[i]].printed, number)) {
            return true;
        }
    }
    return false;
}

static void check_annexes(struct body *body) {
    const struct gazette_document *document = body->document;
    if (document->announced_count != document->annex_count && document->announced_count > 0) {
        reader_warn(body->reader, document->announced[0].line, "%u annexes are announced here, %u stand there",
                    document->announced_count, document->annex_count);
    }
    for (uint32_t i = 0; i < document->announced_count; i++) {
        if (!is_present(document, document->announced[i].number)) {
            reader_warn(body->reader, document->announced[i].line, "%.*s is announced here and does not stand there",
                        TEXT_PRINT(document->announced[i].number));
        }
    }
}

void body_read(struct reader *reader, struct gazette_document *document, uint32_t first, uint32_t end) {
    struct body *body = arena_allocate(reader->arena, sizeof *body);
    if (body == NULL) {
        return;
    }
    body->reader = reader;
    body->document = document;
    body->at = first;
    body->end = end;
    body->phase = document->number.length > 0 && !document->has_issued ? PHASE_NOTICE : PHASE_TEXT;
    body->annex = GAZETTE_NONE;
    body->preamble = GAZETTE_NONE;
    while (body->at < end && !arena_is_exhausted(reader->arena)) {
        switch (reader->lines[body->at].kind) {
        case LINE_BLANK:
            body->at++;
            break;
        case LINE_CELL:
            take_table(body);
            break;
        case LINE_TEXT:
            take_text(body);
            break;
        }
    }
    entries_read(reader, document);
    check_end(body);
    check_annexes(body);
}
