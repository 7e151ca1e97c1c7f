/* Names of clauses: as printed where that is unique, else led by their parents'; and finding what a name names. */
#include "gazette/reader.h"

#include <string.h>

#define NAME_BYTES_MAX 1024
#define PATH_STEPS_MAX 32

/* How well a name fits what it names; of two with one name the better wins, of two equally good none is found. */
enum rank { RANK_NAME, RANK_PATH, RANK_END, RANK_AMBIGUOUS };

struct gazette_name {
    uint64_t hash; /* of the folded name; 0 where the place is free */
    struct gazette_part part;
    enum rank rank;
};

/* ---- the folded form of a name ---------------------------------------------------------------------------- */

/* Full-width characters and brackets of any kind as ASCII, no blanks, no "/" before a bracket. */
static struct text fold(struct text name, char out[NAME_BYTES_MAX]) {
    size_t length = 0;
    size_t size = 0;
    for (size_t at = 0; at < name.length && length + 4 < NAME_BYTES_MAX; at += size) {
        uint32_t code_point = glyph_fold(text_read_code_point(name, at, &size));
        if (code_point == ' ' || code_point == '\n') {
            continue;
        }
        if (code_point == '(' && length > 0 && out[length - 1] == '/') {
            length--;
        }
        length += text_write_code_point(code_point, out + length);
    }
    return (struct text){out, length};
}

static uint64_t hash_name(struct text name) {
    char folded[NAME_BYTES_MAX];
    uint64_t hash = text_hash(fold(name, folded));
    return hash == 0 ? 1 : hash;
}

bool gazette_same_number(struct text left, struct text right) {
    char folded_left[NAME_BYTES_MAX];
    char folded_right[NAME_BYTES_MAX];
    return text_equal(fold(left, folded_left), fold(right, folded_right));
}

/* ---- naming ----------------------------------------------------------------------------------------------- */

static bool is_bracketed(const struct gazette_clause *clause) {
    return clause->form == FORM_BRACKET || clause->form == FORM_HALF || clause->form == FORM_CIRCLE ||
           clause->form == FORM_LETTER;
}

static bool is_titled(const struct gazette_clause *clause) {
    return clause->form == FORM_PART || clause->form == FORM_CHAPTER || clause->form == FORM_SECTION ||
           clause->form == FORM_ARTICLE;
}

/* What stands between a parent's name and a number under it. */
static const char *find_joint(const struct gazette_clause *parent, const struct gazette_clause *child) {
    if (parent->kind == GAZETTE_ANNEX || parent->kind == GAZETTE_BOX || child->kind == GAZETTE_ENTRY) {
        return "/";
    }
    bool is_open = is_bracketed(child) || child->form == FORM_HAN_BRACKET;
    bool is_closed = is_titled(parent) && is_titled(child) && glyph_is_han(glyph_last(parent->printed));
    return is_open || is_closed || parent->form == FORM_HAN_BRACKET || is_bracketed(parent) ? "" : "/";
}

static struct text join(struct reader *reader, struct text left, const char *joint, struct text right) {
    struct buffer out = {0};
    buffer_append_text(&out, left);
    buffer_append_string(&out, joint);
    buffer_append_text(&out, right);
    return reader_keep(reader, &out);
}

/* Marks which forms repeat a number in one scope: the document without its annexes, or one annex. */
struct seen {
    uint64_t *hashes;
    uint32_t room;
};

/* Where a hash stands, or where it would: there is always a free place. */
static uint32_t seen_find(const struct seen *seen, uint64_t hash) {
    uint32_t at = (uint32_t)(hash % seen->room);
    while (seen->hashes[at] != 0 && seen->hashes[at] != hash) {
        at = at + 1 == seen->room ? 0 : at + 1;
    }
    return at;
}

/* True when it has been seen before. */
static bool see(struct seen *seen, uint64_t hash) {
    uint32_t at = seen_find(seen, hash);
    bool was_seen = seen->hashes[at] == hash;
    seen->hashes[at] = hash;
    return was_seen;
}

static uint64_t mix(uint64_t hash, uint64_t more) {
    return (hash ^ (more + 0x9E3779B97F4A7C15U)) * 0x100000001B3U | 1U;
}

static struct seen seen_create(struct reader *reader, uint32_t count) {
    struct seen seen = {NULL, 2 * count + 8};
    seen.hashes = arena_allocate_array(reader->arena, seen.room, sizeof *seen.hashes);
    return seen;
}

/* One bit a scope and form is kept as one more hash in the same table. */
static void find_repeated(const struct gazette_document *document, struct seen *seen, struct seen *repeated) {
    for (uint32_t i = 0; i < document->clause_count; i++) {
        const struct gazette_clause *clause = &document->clauses[i];
        uint64_t form = mix(mix(clause->annex, clause->form), clause->kind);
        if (see(seen, mix(form, text_hash(clause->printed)))) {
            (void)see(repeated, form);
        }
    }
}

static bool needs_parent(const struct gazette_document *document, const struct gazette_clause *clause,
                         struct seen *repeated) {
    if (clause->parent == GAZETTE_NONE || clause->kind == GAZETTE_ANNEX || clause->kind == GAZETTE_PREAMBLE) {
        return false;
    }
    const struct gazette_clause *parent = &document->clauses[clause->parent];
    if (is_bracketed(clause) || clause->kind == GAZETTE_ENTRY || parent->kind == GAZETTE_ANNEX ||
        parent->kind == GAZETTE_BOX) {
        return true;
    }
    if (clause->form == FORM_HAN_BRACKET && (parent->form == FORM_DECIMAL || parent->form == FORM_ARTICLE)) {
        return true;
    }
    uint64_t form = mix(mix(clause->annex, clause->form), clause->kind);
    return repeated->hashes[seen_find(repeated, form)] == form && clause->form != FORM_DECIMAL;
}

/* A clause's name where it stands within an annex and is not led by its parent: led by the annex. */
static struct text lead_by_annex(struct reader *reader, const struct gazette_document *document,
                                 const struct gazette_clause *clause) {
    if (clause->annex == GAZETTE_NONE || clause->kind == GAZETTE_ANNEX) {
        return clause->printed;
    }
    return join(reader, document->clauses[clause->annex].name, "/", clause->printed);
}

static void name_clauses(struct reader *reader, struct gazette_document *document, struct seen *repeated) {
    for (uint32_t i = 0; i < document->clause_count; i++) {
        struct gazette_clause *clause = &document->clauses[i];
        const struct gazette_clause *parent =
            clause->parent == GAZETTE_NONE ? NULL : &document->clauses[clause->parent];
        if (parent != NULL && needs_parent(document, clause, repeated)) {
            clause->name = join(reader, parent->name, find_joint(parent, clause), clause->printed);
        } else {
            clause->name = lead_by_annex(reader, document, clause);
        }
        bool is_whole = parent == NULL || (clause->form == FORM_DECIMAL && parent->form == FORM_DECIMAL) ||
                        parent->path.length + clause->printed.length > NAME_BYTES_MAX / 2;
        clause->path =
            is_whole ? clause->name : join(reader, parent->path, find_joint(parent, clause), clause->printed);
    }
}

/* Two clauses with one name: the later ones get "·2", "·3". */
static void part_equal_names(struct reader *reader, struct gazette_document *document) {
    struct seen seen = seen_create(reader, document->clause_count);
    uint32_t *counts = arena_allocate_array(reader->arena, seen.room, sizeof *counts);
    if (seen.hashes == NULL || counts == NULL) {
        return;
    }
    for (uint32_t i = 0; i < document->clause_count && !arena_is_exhausted(reader->arena); i++) {
        struct gazette_clause *clause = &document->clauses[i];
        uint32_t at = seen_find(&seen, mix(1, hash_name(clause->name)));
        seen.hashes[at] = mix(1, hash_name(clause->name));
        if (++counts[at] > 1) {
            struct buffer out = {0};
            buffer_print(&out, "%.*s·%u", TEXT_PRINT(clause->name), counts[at]);
            struct text name = reader_keep(reader, &out);
            reader_warn(reader, clause->line, "the number %.*s stands here again; it is called %.*s",
                        TEXT_PRINT(clause->name), TEXT_PRINT(name));
            clause->name = name;
        }
    }
}

/* ---- finding ---------------------------------------------------------------------------------------------- */

static bool same_part(struct gazette_part left, struct gazette_part right) {
    return left.clause == right.clause && left.table == right.table && left.row == right.row;
}

static void add_name(struct gazette_document *document, struct text name, struct gazette_part part, enum rank rank) {
    uint64_t hash = hash_name(name);
    uint32_t at = (uint32_t)(hash % document->name_room);
    for (uint32_t steps = 0; steps < document->name_room; steps++) {
        struct gazette_name *entry = &document->names[at];
        if (entry->hash == 0) {
            *entry = (struct gazette_name){hash, part, rank};
            return;
        }
        if (entry->hash == hash) {
            if (rank == RANK_END && entry->rank == RANK_END && !same_part(entry->part, part)) {
                entry->rank = RANK_AMBIGUOUS;
            }
            return;
        }
        at = at + 1 == document->name_room ? 0 : at + 1;
    }
}

/* The ends of a clause's path: "二(一)1" is found as "(一)1" and "1" where no other clause has that end. */
static uint32_t add_ends(struct gazette_document *document, uint32_t index, bool only_count, struct reader *reader) {
    const struct gazette_clause *clause = &document->clauses[index];
    struct text end = clause->printed;
    uint32_t above = clause->parent;
    uint32_t count = 0;
    if (clause->kind == GAZETTE_PREAMBLE) {
        return 0;
    }
    for (uint32_t steps = 0; steps < 6 && end.length < NAME_BYTES_MAX / 2; steps++) {
        count++;
        if (!only_count) {
            add_name(document, end, (struct gazette_part){index, GAZETTE_NONE, 0}, RANK_END);
        }
        if (above == GAZETTE_NONE) {
            break;
        }
        const struct gazette_clause *parent = &document->clauses[above];
        if (!only_count) {
            bool is_decimal = clause->form == FORM_DECIMAL && parent->form == FORM_DECIMAL;
            end = is_decimal ? end : join(reader, parent->printed, find_joint(parent, clause), end);
        }
        clause = parent;
        above = parent->parent;
    }
    return count;
}

static void add_rows(struct reader *reader, struct gazette_document *document, uint32_t index) {
    const struct gazette_table *table = &document->tables[index];
    struct text name = table->clause == GAZETTE_NONE ? TEXT("") : document->clauses[table->clause].name;
    for (uint32_t i = 0; i < table->row_count && !arena_is_exhausted(reader->arena); i++) {
        const struct gazette_row *row = &table->rows[i];
        struct gazette_part part = {GAZETTE_NONE, index, i};
        if (row->name.length > 0 && row->ordinal == 1) {
            add_name(document, join(reader, name, "/", row->name), part, RANK_NAME);
        }
        if (row->number.length > 0 && row->ordinal == 1) {
            add_name(document, join(reader, name, "/", row->number), part, RANK_PATH);
        }
    }
}

static void build_names(struct reader *reader, struct gazette_document *document) {
    uint32_t room = 16;
    for (uint32_t i = 0; i < document->clause_count; i++) {
        room += 4 + 2 * add_ends(document, i, true, reader);
    }
    for (uint32_t i = 0; i < document->table_count; i++) {
        room += 4 * document->tables[i].row_count;
    }
    document->names = arena_allocate_array(reader->arena, room, sizeof *document->names);
    if (document->names == NULL) {
        return;
    }
    document->name_room = room;
    for (uint32_t i = 0; i < document->clause_count; i++) {
        add_name(document, document->clauses[i].name, (struct gazette_part){i, GAZETTE_NONE, 0}, RANK_NAME);
    }
    for (uint32_t i = 0; i < document->clause_count; i++) {
        add_name(document, document->clauses[i].path, (struct gazette_part){i, GAZETTE_NONE, 0}, RANK_PATH);
    }
    for (uint32_t i = 0; i < document->table_count; i++) {
        add_rows(reader, document, i);
    }
    for (uint32_t i = 0; i < document->clause_count && !arena_is_exhausted(reader->arena); i++) {
        (void)add_ends(document, i, false, reader);
    }
}

void names_give(struct reader *reader, struct gazette_document *document) {
    struct seen seen = seen_create(reader, document->clause_count);
    struct seen repeated = seen_create(reader, document->clause_count);
    if (seen.hashes == NULL || repeated.hashes == NULL) {
        return;
    }
    find_repeated(document, &seen, &repeated);
    name_clauses(reader, document, &repeated);
    part_equal_names(reader, document);
    build_names(reader, document);
}

bool gazette_find(const struct gazette_document *document, struct text name, struct gazette_part *part) {
    uint64_t hash = hash_name(name);
    if (document->name_room == 0 || name.length == 0) {
        return false;
    }
    uint32_t at = (uint32_t)(hash % document->name_room);
    for (uint32_t steps = 0; steps < document->name_room && document->names[at].hash != 0; steps++) {
        if (document->names[at].hash == hash) {
            *part = document->names[at].part;
            return document->names[at].rank != RANK_AMBIGUOUS;
        }
        at = at + 1 == document->name_room ? 0 : at + 1;
    }
    return false;
}
