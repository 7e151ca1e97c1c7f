/* Verification: one pass over the rows that hashes each and remembers the few that do not follow from the one before,
 * then a search among those for what happened to them.
 *
 * "Row r follows hash h as number n" is a fact that nobody can fake by accident: chain(r) = SHA-256(3, h, n,
 * content(r)). So a row that follows from somewhere it does not stand has been moved; a row whose successor follows
 * from its stored chain value has that value right and its body wrong; a row whose successor follows from the chain
 * value that we compute has its body right and its stored chain value wrong. The rest cannot be told apart, and is
 * reported as that.
 */
#include "store/backend.h"
#include "store/digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUSPECTS_MAX 1024 /* rows and gaps looked into; the search is quadratic in them: a million hashes, 0.1 s */
#define NUMBER_MAX (INT64_MAX / 2) /* so that no sum of numbers here can overflow */
#define SHIFT_MAX 16 /* how many rows inserted or removed in one place, with renumbering, are recognised */

/* A row as the search needs it. */
struct row_facts {
    int64_t stored;   /* its number in the table */
    int64_t sequence; /* what it ought to be, once insertions and removals with renumbering are undone */
    uint8_t previous[STORE_HASH_BYTES]; /* the stored chain value of the row before */
    uint8_t chain[STORE_HASH_BYTES];    /* its own stored chain value */
    uint8_t content[STORE_HASH_BYTES];
    bool readable; /* it could be decoded and hashed */
};

enum suspicion {
    SUSPECT_ROW,      /* does not follow from the row before */
    SUSPECT_GAP,      /* numbers `stored` to `last` are missing; `previous` is the chain value before them */
    SUSPECT_INSERTED, /* found to be inserted in the first pass */
    SUSPECT_SHIFTED,  /* the first row after `count` removed and renumbered ones */
    SUSPECT_CLEARED   /* the first row after inserted ones: it is what it ought to be */
};

struct suspect {
    enum suspicion kind;
    struct row_facts row;
    int64_t last;
    int64_t count;
    bool confirmed_by_next; /* the row after it follows from its stored chain value */
    bool is_last;           /* no row follows */
    bool placed;            /* its right place has been found */
    bool displaced;         /* another row belongs where it stands */
};

struct verification {
    struct store_report *report;
    const struct store_head *expected;
    struct suspect *suspects;
    size_t suspect_count;
    struct row_facts recent[SHIFT_MAX]; /* the last rows, newest at (row_count - 1) % SHIFT_MAX */
    int64_t row_count;
    int64_t next_stored; /* number that the next row must have */
    int64_t shift;       /* right number minus stored one, from here on */
    uint8_t previous[STORE_HASH_BYTES];
    bool copy;
    /* State of the search. */
    bool known;     /* the chain value before the place looked at is known */
    bool uncertain; /* … but the row it comes from could not be judged */
    int64_t place;  /* the right number that comes next in the search */
};

/* ---- damages ---- */

static struct store_damage *find_listed(struct store_report *report, enum store_damage_kind kind, int64_t sequence,
                                        int64_t other) {
    for (size_t i = 0; i < report->damage_listed; i++) {
        struct store_damage *damage = &report->damages[i];
        if (damage->kind == kind && damage->sequence == sequence && damage->other == other) {
            return damage;
        }
    }
    return NULL;
}

static void add_damage(struct store_report *report, enum store_damage_kind kind, int64_t sequence, int64_t last,
                       int64_t other) {
    if (kind == STORE_DAMAGE_MOVED) {
        struct store_damage *opposite = find_listed(report, STORE_DAMAGE_MOVED, other, sequence);
        if (opposite != NULL) {
            opposite->kind = STORE_DAMAGE_SWAPPED;
            return;
        }
    }
    report->damage_count++;
    if (report->damage_listed < STORE_DAMAGES_LISTED) {
        report->damages[report->damage_listed++] = (struct store_damage){kind, sequence, last, other};
    }
}

static void add_single(struct verification *state, enum store_damage_kind kind, int64_t sequence) {
    add_damage(state->report, kind, sequence, sequence, 0);
}

/* ---- first pass ---- */

static bool follows(const struct row_facts *row, const uint8_t previous[STORE_HASH_BYTES], int64_t sequence) {
    uint8_t chain[STORE_HASH_BYTES];
    if (!row->readable) {
        return false;
    }
    digest_make_chain(previous, sequence, row->content, chain);
    return memcmp(chain, row->chain, STORE_HASH_BYTES) == 0;
}

/* NULL when there are too many. */
static struct suspect *add_suspect(struct verification *state, enum suspicion kind, const struct row_facts *row) {
    if (state->suspect_count == SUSPECTS_MAX) {
        state->report->damage_search_cut = true;
        state->report->damage_count++;
        return NULL;
    }
    struct suspect *suspect = &state->suspects[state->suspect_count++];
    *suspect = (struct suspect){.kind = kind, .row = *row, .last = row->stored};
    return suspect;
}

/* The row that came `back` rows ago (1: the one before the current), or NULL. */
static const struct row_facts *recent_row(const struct verification *state, int64_t back) {
    if (back > SHIFT_MAX || back > state->row_count) {
        return NULL;
    }
    return &state->recent[(state->row_count - back) % SHIFT_MAX];
}

static struct suspect *find_suspect(struct verification *state, int64_t stored) {
    for (size_t i = state->suspect_count; i > 0 && i + SHIFT_MAX + 1 > state->suspect_count; i--) {
        struct suspect *suspect = &state->suspects[i - 1];
        if (suspect->kind != SUSPECT_GAP && suspect->row.stored == stored) {
            return suspect;
        }
    }
    return NULL;
}

/* Marks the `count` rows before the newest one. */
static void mark_inserted(struct verification *state, int64_t count) {
    for (int64_t back = count + 1; back >= 2; back--) {
        const struct row_facts *row = recent_row(state, back);
        struct suspect *suspect = row == NULL ? NULL : find_suspect(state, row->stored);
        if (suspect == NULL && row != NULL) {
            suspect = add_suspect(state, SUSPECT_INSERTED, row);
        }
        if (suspect != NULL) {
            suspect->kind = SUSPECT_INSERTED;
        }
    }
}

/* Whether the suspect, which is the newest row, would follow without the `count` rows before it, and what comes after it
 * then follows too. Copies of old events, which follow from where those stand, look the same from here: so the first of
 * the rows must itself be suspect, or there must be only one. */
static bool is_inserted_before(struct verification *state, const struct suspect *suspect, int64_t count,
                               const struct row_facts *next) {
    const struct row_facts *first = recent_row(state, count + 1);
    return first != NULL && (count == 1 || find_suspect(state, first->stored) != NULL) &&
           follows(&suspect->row, first->previous, suspect->row.sequence - count) &&
           follows(next, suspect->row.chain, next->sequence - count);
}

/* The same for the last row of the log, which has nothing after it: there must be one suspect row before it, and not
 * such a one as follows from this (then the two were swapped). */
static bool is_inserted_before_last(struct verification *state, const struct suspect *suspect) {
    const struct row_facts *first = recent_row(state, 2);
    return first != NULL && find_suspect(state, first->stored) != NULL &&
           follows(&suspect->row, first->previous, suspect->row.sequence - 1) &&
           !follows(first, suspect->row.chain, suspect->row.sequence);
}

/* A row that is the same as the one before is itself the one too many. */
static void accept_insertion(struct verification *state, struct suspect *suspect, int64_t count) {
    const struct row_facts *before = recent_row(state, 2);
    if (before != NULL && memcmp(before->chain, suspect->row.chain, STORE_HASH_BYTES) == 0) {
        suspect->kind = SUSPECT_INSERTED;
    } else {
        suspect->kind = SUSPECT_CLEARED;
        mark_inserted(state, count);
    }
    state->shift -= count;
}

/* True when rows were inserted before the suspect and what comes after them numbered up. */
static bool try_insertion(struct verification *state, struct suspect *suspect, struct row_facts *row) {
    for (int64_t count = 1; count < SHIFT_MAX; count++) {
        if (is_inserted_before(state, suspect, count, row)) {
            accept_insertion(state, suspect, count);
            row->sequence -= count;
            return true;
        }
    }
    return false;
}

/* True when the row follows from the suspect before it with numbers that are higher by some count: so many events were
 * removed before the suspect and what comes after them numbered down. */
static bool try_removal(struct verification *state, struct suspect *suspect, struct row_facts *row) {
    for (int64_t count = 1; count < SHIFT_MAX; count++) {
        if (follows(row, suspect->row.chain, row->sequence + count)) {
            suspect->kind = SUSPECT_SHIFTED;
            suspect->count = count;
            suspect->row.sequence += count;
            state->shift += count;
            row->sequence += count;
            return true;
        }
    }
    return false;
}

static void judge_row(struct verification *state, struct row_facts *row, bool after_gap) {
    struct suspect *before = after_gap ? NULL : find_suspect(state, row->stored - 1);
    if (!after_gap && follows(row, state->previous, row->sequence)) {
        if (before != NULL) {
            before->confirmed_by_next = true;
        }
        return;
    }
    if (before != NULL && before->kind == SUSPECT_ROW &&
        (try_insertion(state, before, row) || try_removal(state, before, row))) {
        return;
    }
    (void)add_suspect(state, SUSPECT_ROW, row);
}

/* The last row has no successor by which to tell. */
static void judge_last(struct verification *state) {
    struct suspect *last = find_suspect(state, state->report->head.sequence);
    if (last != NULL && last->kind == SUSPECT_ROW && is_inserted_before_last(state, last)) {
        accept_insertion(state, last, 1);
    }
}

static void note_gap(struct verification *state, const struct store_row *row) {
    struct row_facts gap = {.stored = state->next_stored, .sequence = state->next_stored + state->shift};
    memcpy(gap.previous, state->previous, STORE_HASH_BYTES);
    struct suspect *suspect = add_suspect(state, SUSPECT_GAP, &gap);
    if (suspect != NULL) {
        suspect->last = row->sequence - 1;
    }
}

static void note_hidden(struct verification *state, const struct store_row *row, const struct record_view *view) {
    state->report->masked_field_count += (int64_t)view->masked_count;
    state->report->withheld_event_count += view->withheld ? 1 : 0;
    if (!state->copy && (view->masked_count > 0 || view->withheld)) {
        add_single(state, STORE_DAMAGE_HIDDEN, row->sequence);
    }
}

static void read_facts(struct verification *state, const struct store_row *row, struct row_facts *facts) {
    struct record_view view;
    *facts = (struct row_facts){.stored = row->sequence, .sequence = row->sequence + state->shift};
    memcpy(facts->previous, state->previous, STORE_HASH_BYTES);
    if (row->chain.length == STORE_HASH_BYTES) {
        memcpy(facts->chain, row->chain.bytes, STORE_HASH_BYTES);
    }
    if (record_decode(row->body, &view) == NULL) {
        record_hash_content(&view, facts->content);
        facts->readable = true;
        note_hidden(state, row, &view);
    }
}

static void note_expected(struct verification *state, int64_t sequence, const uint8_t chain[STORE_HASH_BYTES]) {
    if (state->expected != NULL && memcmp(chain, state->expected->hash.bytes, STORE_HASH_BYTES) == 0) {
        state->report->expected_found = true;
        state->report->expected_sequence = sequence;
    }
}

static bool visit_row(void *context, const struct store_row *row) {
    struct verification *state = context;
    struct store_report *report = state->report;
    struct row_facts facts;
    report->event_count++;
    if (row->sequence < state->next_stored || row->sequence > NUMBER_MAX) { /* no event ever had such a number */
        add_single(state, STORE_DAMAGE_INSERTED, row->sequence);
        return true;
    }
    read_facts(state, row, &facts);
    bool after_gap = row->sequence > state->next_stored;
    if (after_gap) {
        note_gap(state, row);
    }
    judge_row(state, &facts, after_gap);
    note_expected(state, row->sequence, facts.chain);
    state->recent[state->row_count++ % SHIFT_MAX] = facts;
    memcpy(state->previous, facts.chain, STORE_HASH_BYTES);
    state->next_stored = row->sequence + 1;
    report->head.sequence = row->sequence;
    memcpy(report->head.hash.bytes, facts.chain, STORE_HASH_BYTES);
    return true;
}

/* ---- search ---- */

/* The suspect row that follows `previous` as number `sequence`, or NULL. */
static struct suspect *find_row_for(struct verification *state, const uint8_t previous[STORE_HASH_BYTES],
                                    int64_t sequence) {
    for (size_t i = 0; i < state->suspect_count; i++) {
        struct suspect *suspect = &state->suspects[i];
        if (suspect->kind == SUSPECT_ROW && !suspect->placed && follows(&suspect->row, previous, sequence)) {
            return suspect;
        }
    }
    return NULL;
}

/* What the search goes on from: the chain value of the event that belongs under `sequence`. */
static void accept(struct verification *state, const uint8_t chain[STORE_HASH_BYTES], int64_t sequence) {
    memcpy(state->previous, chain, STORE_HASH_BYTES);
    state->place = sequence + 1;
    state->known = true;
    state->uncertain = false;
}

/* Fills a gap with rows that were moved out of it; reports what stays missing. */
static void search_gap(struct verification *state, const struct suspect *gap) {
    int64_t stored = gap->row.stored;
    if (state->place != gap->row.sequence) {
        accept(state, gap->row.previous, gap->row.sequence - 1);
    }
    for (; state->known && stored <= gap->last; stored++) {
        struct suspect *found = find_row_for(state, state->previous, state->place);
        if (found == NULL) {
            break;
        }
        found->placed = true;
        add_damage(state->report, STORE_DAMAGE_MOVED, stored, stored, found->row.stored);
        accept(state, found->row.chain, state->place);
    }
    if (stored > gap->last) {
        return;
    }
    const struct suspect *after = gap + 1; /* a row always ends a gap, and is the next suspect unless those were cut */
    bool has_after = after < state->suspects + state->suspect_count;
    if (!(has_after && after->placed && after->is_last)) {
        add_damage(state->report, STORE_DAMAGE_MISSING, stored, gap->last, 0);
    }
    state->place = gap->row.sequence + (gap->last - gap->row.stored) + 1;
    state->known = false;
}

/* The suspect that stands under the next number, or NULL. */
static const struct suspect *next_suspect(const struct verification *state, const struct suspect *suspect) {
    const struct suspect *next = suspect + 1;
    bool there = next < state->suspects + state->suspect_count && next->kind == SUSPECT_ROW &&
                 next->row.sequence == suspect->row.sequence + 1;
    return there ? next : NULL;
}

static bool is_expected(const struct verification *state, const uint8_t chain[STORE_HASH_BYTES]) {
    return state->expected != NULL && memcmp(chain, state->expected->hash.bytes, STORE_HASH_BYTES) == 0;
}

/* Whether the chain, computed from here on over the bodies, comes out at a stored value again, or at the expected head:
 * then the bodies on the way are right and the stored chain values are not. */
static bool comes_right(const struct verification *state, const struct suspect *suspect,
                        const uint8_t computed[STORE_HASH_BYTES]) {
    uint8_t chain[STORE_HASH_BYTES];
    memcpy(chain, computed, STORE_HASH_BYTES);
    for (; suspect != NULL && suspect->row.readable; suspect = next_suspect(state, suspect)) {
        const struct suspect *next = next_suspect(state, suspect);
        if (next == NULL) {
            return suspect->is_last && is_expected(state, chain);
        }
        if (follows(&next->row, chain, next->row.sequence)) {
            return true;
        }
        digest_make_chain(chain, next->row.sequence, next->row.content, chain);
    }
    return false;
}

/* Nothing follows here: the row that stands here was changed, or what is before it is not what it was. */
static void search_changed(struct verification *state, const struct suspect *suspect) {
    const struct row_facts *row = &suspect->row;
    uint8_t computed[STORE_HASH_BYTES] = {0};
    enum store_damage_kind kind = STORE_DAMAGE_CHANGED;
    bool confirmed = suspect->confirmed_by_next || (suspect->is_last && is_expected(state, row->chain));
    if (row->readable) {
        digest_make_chain(state->previous, row->sequence, row->content, computed);
    }
    if (row->readable && comes_right(state, suspect, computed)) {
        kind = STORE_DAMAGE_CHAIN;
        note_expected(state, row->stored, computed);
    } else if (state->uncertain) {
        kind = STORE_DAMAGE_UNVERIFIABLE;
    } else if (confirmed || !row->readable) {
        kind = STORE_DAMAGE_BODY;
    }
    add_single(state, kind, row->stored);
    accept(state, kind == STORE_DAMAGE_CHAIN ? computed : row->chain, row->sequence);
    state->uncertain = kind != STORE_DAMAGE_CHAIN && !confirmed;
}

static void search_row(struct verification *state, struct suspect *suspect) {
    const struct row_facts *row = &suspect->row;
    if (state->place != row->sequence) {
        accept(state, row->previous, row->sequence - 1);
    }
    if (!state->known) {
        if (!suspect->placed) {
            add_single(state, STORE_DAMAGE_UNVERIFIABLE, row->stored);
        }
        accept(state, row->chain, row->sequence);
        return;
    }
    if (!suspect->placed && follows(row, state->previous, row->sequence)) {
        suspect->placed = true;
        accept(state, row->chain, row->sequence);
        return;
    }
    struct suspect *found = find_row_for(state, state->previous, row->sequence);
    if (found != NULL) {
        found->placed = true;
        suspect->displaced = true;
        add_damage(state->report, STORE_DAMAGE_MOVED, row->stored, row->stored, found->row.stored);
        accept(state, found->row.chain, row->sequence);
    } else if (suspect->placed) { /* it belongs elsewhere, and what belongs here is nowhere */
        add_single(state, STORE_DAMAGE_MISSING, row->stored);
        state->place = row->sequence + 1;
        state->known = false;
    } else {
        search_changed(state, suspect);
        suspect->placed = true;
    }
}

static void search_suspect(struct verification *state, struct suspect *suspect) {
    switch (suspect->kind) {
    case SUSPECT_GAP:
        search_gap(state, suspect);
        return;
    case SUSPECT_INSERTED:
        add_single(state, STORE_DAMAGE_INSERTED, suspect->row.stored);
        return;
    case SUSPECT_SHIFTED:
        add_damage(state->report, STORE_DAMAGE_RENUMBERED, suspect->row.stored, suspect->row.stored, suspect->count);
        accept(state, suspect->row.chain, suspect->row.sequence);
        return;
    case SUSPECT_ROW:
        search_row(state, suspect);
        return;
    case SUSPECT_CLEARED:
        return;
    }
}

static void search_causes(struct verification *state) {
    judge_last(state);
    for (size_t i = 0; i < state->suspect_count; i++) {
        struct suspect *suspect = &state->suspects[i];
        suspect->is_last = suspect->kind != SUSPECT_GAP && suspect->row.stored == state->report->head.sequence;
    }
    for (size_t i = 0; i < state->suspect_count; i++) {
        search_suspect(state, &state->suspects[i]);
    }
    for (size_t i = 0; i < state->suspect_count; i++) {
        if (state->suspects[i].displaced && !state->suspects[i].placed) {
            add_single(state, STORE_DAMAGE_INSERTED, state->suspects[i].row.stored);
        }
    }
}

static int compare_damages(const void *left, const void *right) {
    const struct store_damage *first = left;
    const struct store_damage *second = right;
    if (first->sequence != second->sequence) {
        return first->sequence < second->sequence ? -1 : 1;
    }
    return (int)first->kind - (int)second->kind;
}

static void finish(struct verification *state) {
    struct store_report *report = state->report;
    search_causes(state);
    qsort(report->damages, report->damage_listed, sizeof report->damages[0], compare_damages);
    if (state->expected != NULL && !report->expected_found) {
        int64_t last = state->expected->sequence;
        if (report->damage_listed == STORE_DAMAGES_LISTED) { /* this one is never left out */
            report->damage_listed--;
        }
        add_damage(report, STORE_DAMAGE_TAIL, report->head.sequence, last, 0);
    }
}

/* Both ends included, and numbers below 1, which no event has: nothing in the table goes unseen. */
static bool scan_all(struct store *store, struct verification *state, struct failure *failure) {
    struct failure found = {0};
    bool broken = false;
    if (store->operations->scan(store, INT64_MIN, INT64_MAX, visit_row, state, &broken, &found)) {
        return true;
    }
    if (!broken) {
        return failure_set(failure, "%s", found.message);
    }
    (void)snprintf(state->report->unreadable_cause, sizeof state->report->unreadable_cause, "%s", found.message);
    add_single(state, STORE_DAMAGE_UNREADABLE, state->report->head.sequence);
    return true;
}

bool store_verify(struct store *store, const struct store_head *expected, struct store_report *report,
                  struct failure *failure) {
    struct verification state = {
        .report = report, .expected = expected, .copy = store->copy, .next_stored = 1, .place = 0};
    *report = (struct store_report){.copy = store->copy, .head = {0, store->origin}};
    state.suspects = calloc(SUSPECTS_MAX, sizeof *state.suspects);
    if (state.suspects == NULL) {
        return failure_set(failure, "Out of memory while verifying the log.");
    }
    memcpy(state.previous, store->origin.bytes, STORE_HASH_BYTES);
    note_expected(&state, 0, store->origin.bytes);
    bool read = scan_all(store, &state, failure);
    if (read) {
        finish(&state);
    }
    free(state.suspects);
    return read;
}

/* ---- words ---- */

const char *store_damage_name(enum store_damage_kind kind) {
    static const char *const names[] = {
        [STORE_DAMAGE_BODY] = "body",
        [STORE_DAMAGE_CHAIN] = "chain",
        [STORE_DAMAGE_CHANGED] = "changed",
        [STORE_DAMAGE_MISSING] = "missing",
        [STORE_DAMAGE_MOVED] = "moved",
        [STORE_DAMAGE_SWAPPED] = "swapped",
        [STORE_DAMAGE_INSERTED] = "inserted",
        [STORE_DAMAGE_RENUMBERED] = "renumbered",
        [STORE_DAMAGE_UNVERIFIABLE] = "unverifiable",
        [STORE_DAMAGE_HIDDEN] = "hidden",
        [STORE_DAMAGE_UNREADABLE] = "unreadable",
        [STORE_DAMAGE_TAIL] = "tail",
    };
    return names[kind];
}

static void print_missing(const struct store_damage *damage, char out[STORE_DAMAGE_ROOM]) {
    if (damage->sequence == damage->last) {
        (void)snprintf(out, STORE_DAMAGE_ROOM, "Event %" PRId64 " is missing.", damage->sequence);
    } else {
        (void)snprintf(out, STORE_DAMAGE_ROOM, "Events %" PRId64 " to %" PRId64 " are missing.", damage->sequence,
                       damage->last);
    }
}

static void print_tail(const struct store_damage *damage, char out[STORE_DAMAGE_ROOM]) {
    if (damage->last > damage->sequence) {
        (void)snprintf(out, STORE_DAMAGE_ROOM,
                       "The log was cut off at its end: it stops at event %" PRId64
                       ", and the head kept elsewhere is that "
                       "of event %" PRId64 ".",
                       damage->sequence, damage->last);
    } else {
        (void)snprintf(out, STORE_DAMAGE_ROOM,
                       "The head kept elsewhere is no event of this log, which stops at event %" PRId64
                       ": its end was cut off, or its history was rewritten.",
                       damage->sequence);
    }
}

/* A sentence with one number in it. */
static void print_single(const char *before, int64_t sequence, const char *after, char out[STORE_DAMAGE_ROOM]) {
    (void)snprintf(out, STORE_DAMAGE_ROOM, "%s %" PRId64 " %s.", before, sequence, after);
}

void store_print_damage(const struct store_damage *damage, char out[STORE_DAMAGE_ROOM]) {
    int64_t sequence = damage->sequence;
    switch (damage->kind) {
    case STORE_DAMAGE_BODY:
        print_single("The fields of event", sequence, "were changed; its chain value is the right one", out);
        return;
    case STORE_DAMAGE_CHAIN:
        print_single("The chain value of event", sequence, "was changed; its fields are the right ones", out);
        return;
    case STORE_DAMAGE_CHANGED:
        print_single("Event", sequence, "was changed: its fields, its chain value or both", out);
        return;
    case STORE_DAMAGE_MISSING:
        print_missing(damage, out);
        return;
    case STORE_DAMAGE_MOVED:
        (void)snprintf(out, STORE_DAMAGE_ROOM,
                       "Event %" PRId64 " does not stand in its place but under the number %" PRId64 ".", sequence,
                       damage->other);
        return;
    case STORE_DAMAGE_SWAPPED:
        (void)snprintf(out, STORE_DAMAGE_ROOM, "Events %" PRId64 " and %" PRId64 " were swapped.",
                       sequence < damage->other ? sequence : damage->other,
                       sequence < damage->other ? damage->other : sequence);
        return;
    case STORE_DAMAGE_INSERTED:
        print_single("What stands under the number", sequence, "was inserted; it was never logged there", out);
        return;
    case STORE_DAMAGE_RENUMBERED:
        (void)snprintf(out, STORE_DAMAGE_ROOM,
                       "Directly before the event under the number %" PRId64 ", %" PRId64
                       " events were removed and the later ones renumbered.",
                       sequence, damage->other);
        return;
    case STORE_DAMAGE_UNVERIFIABLE:
        print_single("Event", sequence, "cannot be checked, because the chain value before it is lost", out);
        return;
    case STORE_DAMAGE_HIDDEN:
        print_single("Event", sequence, "hides a field or all of itself, though this log is no copy", out);
        return;
    case STORE_DAMAGE_UNREADABLE:
        print_single("The database file is broken: nothing can be read after event", sequence, "in it", out);
        return;
    case STORE_DAMAGE_TAIL:
        print_tail(damage, out);
        return;
    }
}
