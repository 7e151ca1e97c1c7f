/* Holds each citation of a plan against the sentences and rows of its document. */
#include "coverage/coverage.h"

#include "base/buffer.h"
#include "coverage/cite.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ERRORS_MAX 10000 /* a pack with more wrong citations than these is the wrong pack */
#define SUGGESTION_DISTANCE 2
#define SUGGESTIONS_MAX 50

struct measure {
    const struct plan *plan;
    const struct gazette_document *document;
    struct coverage *coverage;
    struct arena *arena;
    uint32_t *first_of_clause; /* clause → its first part; its parts stand together */
    uint32_t **first_of_row;   /* table, row → its part */
    uint32_t use_room, error_room;
};

/* ---- building --------------------------------------------------------------------------------------------- */

static struct text keep(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

static struct text keep(struct arena *arena, const char *format, ...) {
    char text[1400];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    struct text cut = text_cut(text_of(length < 0 ? "" : text), sizeof text - 1);
    char *copy = arena_copy_text(arena, cut.bytes, cut.length);
    return copy == NULL ? TEXT("") : (struct text){copy, cut.length};
}

/* The array with room for one more, or NULL when memory is exhausted. */
static void *grow(struct arena *arena, void *items, uint32_t count, uint32_t *room, size_t size) {
    if (count < *room) {
        return items;
    }
    uint32_t wanted = *room == 0 ? 64 : *room * 2;
    void *grown = arena_allocate_array(arena, wanted, size);
    if (grown != NULL) {
        if (items != NULL) {
            memcpy(grown, items, (size_t)count * size);
        }
        *room = wanted;
    }
    return grown;
}

static void add_part(struct measure *measure, struct text name, struct text text, uint32_t line) {
    struct coverage *coverage = measure->coverage;
    coverage->parts[coverage->part_count++] =
        (struct coverage_part){name, text, line, COVERAGE_MISSING, GAZETTE_NONE, GAZETTE_NONE};
}

static struct text join_cells(struct measure *measure, const struct gazette_table *table,
                              const struct gazette_row *row) {
    struct buffer out = {0};
    for (uint32_t i = 0; i < table->column_count; i++) {
        if (row->cells[i].length > 0) {
            buffer_append_string(&out, out.length == 0 ? "" : " | ");
            buffer_append_text(&out, row->cells[i]);
        }
    }
    char *copy = out.failed ? NULL : arena_copy_text(measure->arena, out.length == 0 ? "" : out.bytes, out.length);
    struct text kept = copy == NULL ? TEXT("") : (struct text){copy, out.length};
    buffer_release(&out);
    return kept;
}

static bool has_twin(const struct gazette_table *table, uint32_t row) {
    return table->rows[row].ordinal > 1 || (row + 1 < table->row_count && table->rows[row + 1].ordinal > 1);
}

static void add_rows(struct measure *measure, uint32_t index) {
    const struct gazette_table *table = &measure->document->tables[index];
    struct text place = table->clause == GAZETTE_NONE ? TEXT("") : measure->document->clauses[table->clause].name;
    measure->first_of_row[index] = arena_allocate_array(measure->arena, table->row_count + 1, sizeof(uint32_t));
    for (uint32_t i = 0; measure->first_of_row[index] != NULL && i < table->row_count; i++) {
        const struct gazette_row *row = &table->rows[i];
        struct text label = row->name.length > 0 ? row->name : row->number;
        struct text name = has_twin(table, i) ? keep(measure->arena, "%.*s/%.*s#%u", TEXT_PRINT(place),
                                                     TEXT_PRINT(label), row->ordinal)
                                              : keep(measure->arena, "%.*s/%.*s", TEXT_PRINT(place), TEXT_PRINT(label));
        measure->first_of_row[index][i] = measure->coverage->part_count;
        add_part(measure, name, join_cells(measure, table, row), row->line);
    }
}

/* The parts in the order of the text: each clause's sentences, then the rows of the tables in it. */
static bool list_parts(struct measure *measure) {
    const struct gazette_document *document = measure->document;
    uint32_t room = 1;
    for (uint32_t i = 0; i < document->clause_count; i++) {
        room += document->clauses[i].sentence_count;
    }
    for (uint32_t i = 0; i < document->table_count; i++) {
        room += document->tables[i].row_count;
    }
    measure->coverage->parts = arena_allocate_array(measure->arena, room, sizeof *measure->coverage->parts);
    measure->first_of_clause = arena_allocate_array(measure->arena, document->clause_count + 1, sizeof(uint32_t));
    measure->first_of_row = arena_allocate_array(measure->arena, document->table_count + 1, sizeof(uint32_t *));
    if (measure->coverage->parts == NULL || measure->first_of_clause == NULL || measure->first_of_row == NULL) {
        return false;
    }
    uint32_t table = 0;
    for (uint32_t i = 0; i < document->clause_count; i++) {
        const struct gazette_clause *clause = &document->clauses[i];
        measure->first_of_clause[i] = measure->coverage->part_count;
        for (uint32_t k = 0; k < clause->sentence_count; k++) {
            add_part(measure, keep(measure->arena, "%.*s#%u", TEXT_PRINT(clause->name), k + 1),
                     clause->sentences[k].text, clause->sentences[k].line);
        }
        for (; table < document->table_count &&
               (document->tables[table].clause == GAZETTE_NONE || document->tables[table].clause <= i);
             table++) {
            add_rows(measure, table);
        }
    }
    for (; table < document->table_count; table++) {
        add_rows(measure, table);
    }
    return !arena_is_exhausted(measure->arena);
}

/* ---- citations -------------------------------------------------------------------------------------------- */

static void add_error(struct measure *measure, uint32_t line, struct text cite, struct text message) {
    struct coverage *coverage = measure->coverage;
    void *grown =
        grow(measure->arena, coverage->errors, coverage->error_count, &measure->error_room, sizeof *coverage->errors);
    if (grown != NULL && coverage->error_count < ERRORS_MAX) {
        coverage->errors = grown;
        coverage->errors[coverage->error_count++] = (struct coverage_error){line, cite, message};
    }
}

/* The clause whose name is nearest to a misspelt one, or the empty text. */
static struct text suggest(const struct measure *measure, struct text name) {
    struct text best = TEXT("");
    uint32_t limit = SUGGESTION_DISTANCE;
    for (uint32_t i = 0; i < measure->document->clause_count; i++) {
        struct text other = measure->document->clauses[i].name;
        uint32_t distance = text_measure_distance(name, other, limit);
        if (distance <= limit && (best.length == 0 || distance < limit)) {
            best = other;
            limit = distance;
        }
    }
    return best;
}

static void refuse(struct measure *measure, const struct citer *citer, struct text cite, struct text name) {
    struct text near = measure->coverage->error_count < SUGGESTIONS_MAX ? suggest(measure, name) : TEXT("");
    struct text message = near.length > 0 ? keep(measure->arena, "the document has no %.*s; did you mean %.*s?",
                                                 TEXT_PRINT(name), TEXT_PRINT(near))
                                          : keep(measure->arena, "the document has no %.*s", TEXT_PRINT(name));
    add_error(measure, citer->line, cite, message);
}

/* Marks a part as cited; one citer is noted once. */
static void use_part(struct measure *measure, const struct citer *citer, uint32_t index) {
    struct coverage *coverage = measure->coverage;
    struct coverage_part *part = &coverage->parts[index];
    if (citer->role == CITE_ONLY || (citer->role == CITE_PROSE && text_trim(citer->reason).length == 0)) {
        return;
    }
    const struct coverage_use *last = part->last_use == GAZETTE_NONE ? NULL : &coverage->uses[part->last_use];
    if (last != NULL && last->kind == citer->kind && last->line == citer->line && text_equal(last->name, citer->name)) {
        return;
    }
    void *grown = grow(measure->arena, coverage->uses, coverage->use_count, &measure->use_room, sizeof *coverage->uses);
    if (grown == NULL) {
        return;
    }
    coverage->uses = grown;
    coverage->uses[coverage->use_count] =
        (struct coverage_use){citer->kind, citer->name, citer->reason, citer->line, GAZETTE_NONE};
    if (part->first_use == GAZETTE_NONE) {
        part->first_use = coverage->use_count;
    } else {
        coverage->uses[part->last_use].next = coverage->use_count;
    }
    part->last_use = coverage->use_count++;
    if (citer->role == CITE_RULES) {
        part->status = COVERAGE_COVERED;
    } else if (part->status == COVERAGE_MISSING) {
        part->status = COVERAGE_PROSE;
    }
}

static void use_clause(struct measure *measure, const struct citer *citer, struct text cite, uint32_t index,
                       uint32_t number) {
    const struct gazette_clause *clause = &measure->document->clauses[index];
    if (number > clause->sentence_count) {
        add_error(measure, citer->line, cite,
                  keep(measure->arena, "%.*s has %u sentence%s; there is no #%u", TEXT_PRINT(clause->name),
                       clause->sentence_count, clause->sentence_count == 1 ? "" : "s", number));
        return;
    }
    uint32_t first = measure->first_of_clause[index];
    for (uint32_t i = number == 0 ? 1 : number; i <= (number == 0 ? clause->sentence_count : number); i++) {
        use_part(measure, citer, first + i - 1);
    }
}

static void use_rows(struct measure *measure, const struct citer *citer, struct text cite, struct gazette_part part,
                     uint32_t number) {
    const struct gazette_table *table = &measure->document->tables[part.table];
    uint32_t end = part.row + 1;
    while (end < table->row_count && table->rows[end].ordinal > 1) {
        end++;
    }
    if (number > end - part.row) {
        add_error(measure, citer->line, cite,
                  keep(measure->arena, "%u row%s of that name; there is no #%u", end - part.row,
                       end - part.row == 1 ? " is" : "s are", number));
        return;
    }
    for (uint32_t i = part.row; i < end; i++) {
        if (number == 0 || number == i - part.row + 1) {
            use_part(measure, citer, measure->first_of_row[part.table][i]);
        }
    }
}

/* Parts "5.3#4" into the name and the number, which is 0 where none stands there. */
static struct text split_cite(struct text cite, uint32_t *number) {
    size_t start = cite.length;
    *number = 0;
    while (start > 0 && cite.bytes[start - 1] >= '0' && cite.bytes[start - 1] <= '9') {
        start--;
    }
    if (start == 0 || start == cite.length || cite.bytes[start - 1] != '#') {
        return cite;
    }
    for (size_t i = start; i < cite.length && *number < 1000000; i++) {
        *number = *number * 10 + (uint32_t)(cite.bytes[i] - '0');
    }
    return (struct text){cite.bytes, start - 1};
}

static void take_cite(struct measure *measure, const struct citer *citer, struct text cite) {
    struct gazette_part part;
    uint32_t number = 0;
    struct text name = split_cite(cite, &number);
    if (!gazette_find(measure->document, name, &part)) {
        refuse(measure, citer, cite, name);
    } else if (part.clause != GAZETTE_NONE) {
        use_clause(measure, citer, cite, part.clause, number);
    } else {
        use_rows(measure, citer, cite, part, number);
    }
}

static void take_citer(void *context, const struct citer *citer) {
    struct measure *measure = context;
    if (citer->role == CITE_PROSE && text_trim(citer->reason).length == 0) {
        add_error(measure, citer->line, citer->cites.count > 0 ? measure->plan->cites[citer->cites.first] : TEXT(""),
                  TEXT("prose gives no reason why what it cites rules nothing"));
    }
    for (uint16_t i = 0; i < citer->cites.count && !arena_is_exhausted(measure->arena); i++) {
        take_cite(measure, citer, measure->plan->cites[citer->cites.first + i]);
    }
}

/* ---- all of it -------------------------------------------------------------------------------------------- */

const struct gazette_document *coverage_find_document(const struct gazette *gazette, struct text number) {
    for (uint32_t i = 0; number.length > 0 && i < gazette->document_count; i++) {
        if (gazette_same_number(gazette->documents[i].number, number)) {
            return &gazette->documents[i];
        }
    }
    return gazette->document_count == 1 ? &gazette->documents[0] : NULL;
}

static int compare_errors(const void *left, const void *right) {
    const struct coverage_error *left_error = left;
    const struct coverage_error *right_error = right;
    if (left_error->line != right_error->line) {
        return left_error->line < right_error->line ? -1 : 1;
    }
    return text_compare(left_error->cite, right_error->cite);
}

/* By line, each once: what a work group cites is cited by its duty as well. */
static void sort_errors(struct coverage *coverage) {
    uint32_t kept = 0;
    if (coverage->error_count > 0) {
        qsort(coverage->errors, coverage->error_count, sizeof *coverage->errors, compare_errors);
    }
    for (uint32_t i = 0; i < coverage->error_count; i++) {
        const struct coverage_error *error = &coverage->errors[i];
        const struct coverage_error *last = kept > 0 ? &coverage->errors[kept - 1] : NULL;
        if (last == NULL || compare_errors(last, error) != 0 || !text_equal(last->message, error->message)) {
            coverage->errors[kept++] = *error;
        }
    }
    coverage->error_count = kept;
}

static void count(struct coverage *coverage) {
    for (uint32_t i = 0; i < coverage->part_count; i++) {
        coverage->covered_count += coverage->parts[i].status == COVERAGE_COVERED ? 1 : 0;
        coverage->prose_count += coverage->parts[i].status == COVERAGE_PROSE ? 1 : 0;
        coverage->missing_count += coverage->parts[i].status == COVERAGE_MISSING ? 1 : 0;
    }
}

static void warn_number(const struct measure *measure, struct text number) {
    struct text found = measure->document->number;
    if (number.length > 0 && !gazette_same_number(found, number)) {
        measure->coverage->warning =
            keep(measure->arena, "the pack names the document %.*s; the only one in the text has %s%.*s",
                 TEXT_PRINT(number), found.length == 0 ? "no number" : "the number ", TEXT_PRINT(found));
    }
}

static struct coverage *refuse_gazette(const struct plan *plan, const struct gazette *gazette,
                                       struct failure *failure) {
    if (plan->document.length == 0) {
        (void)failure_set(failure, "the text holds %u documents, and the pack does not say which is its own",
                          gazette->document_count);
    } else {
        (void)failure_set(failure, "none of the %u documents in the text has the number %.*s", gazette->document_count,
                          TEXT_PRINT(plan->document));
    }
    return NULL;
}

struct coverage *coverage_measure(const struct plan *plan, const struct gazette *gazette, struct arena *arena,
                                  struct failure *failure) {
    struct measure measure = {.plan = plan, .arena = arena};
    measure.document = coverage_find_document(gazette, plan->document);
    if (measure.document == NULL) {
        return refuse_gazette(plan, gazette, failure);
    }
    measure.coverage = arena_allocate(arena, sizeof *measure.coverage);
    if (measure.coverage != NULL) {
        measure.coverage->document = measure.document;
        measure.coverage->warning = TEXT("");
        if (list_parts(&measure)) {
            cite_visit(plan, take_citer, &measure);
            warn_number(&measure, plan->document);
            count(measure.coverage);
        }
    }
    if (measure.coverage == NULL || arena_is_exhausted(arena)) {
        (void)failure_set(failure, "memory is exhausted");
        return NULL;
    }
    sort_errors(measure.coverage);
    return measure.coverage;
}

bool coverage_is_announced(const struct gazette_document *document, uint32_t annex) {
    struct text number = document->clauses[document->annexes[annex]].printed;
    for (uint32_t i = 0; i < document->announced_count; i++) {
        if (gazette_same_number(document->announced[i].number, number)) {
            return true;
        }
    }
    return false;
}

bool coverage_is_present(const struct gazette_document *document, uint32_t announcement) {
    for (uint32_t i = 0; i < document->annex_count; i++) {
        if (gazette_same_number(document->clauses[document->annexes[i]].printed,
                                document->announced[announcement].number)) {
            return true;
        }
    }
    return false;
}

const char *coverage_status_name(enum coverage_status status) {
    static const char *const names[] = {"covered", "prose", "missing"};
    return names[status];
}
