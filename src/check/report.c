#include "check/report.h"

#include <string.h>

struct text report_kind_name(enum check_kind kind) {
    static const struct text names[] = {
        TEXT_INITIAL("gap"),         TEXT_INITIAL("clash"), TEXT_INITIAL("falls"),     TEXT_INITIAL("dead"),
        TEXT_INITIAL("unreachable"), TEXT_INITIAL("owner"), TEXT_INITIAL("clock"),     TEXT_INITIAL("unused"),
        TEXT_INITIAL("form"),        TEXT_INITIAL("note"),  TEXT_INITIAL("undecided"), TEXT_INITIAL("remark"),
    };
    return names[kind];
}

struct text report_keep(struct reporter *reporter, struct text text) {
    char *copy = arena_copy_text(reporter->report->arena, text.bytes, text.length);
    reporter->exhausted = reporter->exhausted || copy == NULL;
    return copy == NULL ? (struct text){"", 0} : (struct text){copy, text.length};
}

/* A larger copy of an array of the report; NULL when memory is exhausted. */
static void *grow(struct reporter *reporter, const void *items, size_t count, size_t room, size_t size) {
    void *larger = arena_allocate_array(reporter->report->arena, room, size);
    if (larger == NULL) {
        reporter->exhausted = true;
    } else if (count > 0) {
        memcpy(larger, items, count * size);
    }
    return larger;
}

/* ---- findings --------------------------------------------------------------------------------------------- */

/* When memory is exhausted findings are lost and the report is never shown: the last one is written over. */
struct check_finding *report_add(struct reporter *reporter, struct check_finding finding) {
    struct check_report *report = reporter->report;
    if (report->count == reporter->room) {
        uint32_t room = reporter->room * 2;
        struct check_finding *larger = grow(reporter, report->findings, report->count, room, sizeof finding);
        if (larger == NULL) {
            report->count--;
        } else {
            report->findings = larger;
            reporter->room = room;
        }
    }
    if (finding.kind_name.length == 0) {
        finding.kind_name = report_kind_name(finding.kind);
    }
    reporter->is_undecided = reporter->is_undecided || finding.kind == CHECK_UNDECIDED;
    report->findings[report->count] = finding;
    return &report->findings[report->count++];
}

void report_say(struct reporter *reporter, struct check_finding *finding, struct buffer *words) {
    reporter->exhausted = reporter->exhausted || words->failed;
    finding->message = report_keep(reporter, buffer_text(words));
    buffer_release(words);
}

void report_add_with(struct reporter *reporter, struct check_finding *finding, struct plan_span cites) {
    size_t count = finding->with_count;
    struct text *with = grow(reporter, finding->with, count, count + cites.count, sizeof *with);
    for (uint16_t i = 0; with != NULL && i < cites.count; i++) {
        with[count + i] = reporter->plan->cites[cites.first + i];
    }
    if (with != NULL) {
        finding->with = with;
        finding->with_count = (uint16_t)(count + cites.count);
    }
}

static struct check_value make_value(struct reporter *reporter, const struct space *space, uint32_t axis,
                                     int64_t value) {
    struct buffer name = {0};
    struct buffer words = {0};
    space_write_name(space, axis, &name);
    space_write_value(space, axis, value, &words);
    reporter->exhausted = reporter->exhausted || name.failed || words.failed;
    struct check_value made = {report_keep(reporter, buffer_text(&name)), report_keep(reporter, buffer_text(&words))};
    buffer_release(&name);
    buffer_release(&words);
    return made;
}

void report_add_case(struct reporter *reporter, struct check_finding *finding, const struct space *space,
                     const int64_t *values, const bool *looked_at, uint32_t pivot, const struct plan_scale *scale,
                     uint8_t level) {
    struct check_case made = {.has_level = scale != NULL};
    made.values = arena_allocate_array(reporter->report->arena, space->count, sizeof *made.values);
    struct check_case *cases =
        grow(reporter, finding->cases, finding->case_count, finding->case_count + 1U, sizeof *cases);
    if (made.values == NULL || cases == NULL) {
        reporter->exhausted = true;
        return;
    }
    for (uint32_t i = 0; i < space->count; i++) {
        if (i == pivot || (looked_at[i] && values[i] != space->axes[i].usual)) {
            made.values[made.value_count++] = make_value(reporter, space, i, values[i]);
        }
    }
    if (scale != NULL && level > 0) {
        made.level = scale->levels[level];
    }
    cases[finding->case_count++] = made;
    finding->cases = cases;
}

/* ---- acceptance ------------------------------------------------------------------------------------------- */

struct opposite report_opposite(const struct reporter *reporter, struct plan_span cites) {
    return (struct opposite){reporter->plan->cites + cites.first, cites.count};
}

/* 6.2.2.1 contains 6.2.2.1(3) and 6.2.2.1#2. */
static bool contains(struct text whole, struct text part) {
    return text_starts_with(part, whole) &&
           (part.length == whole.length || part.bytes[whole.length] == '(' || part.bytes[whole.length] == '#');
}

bool report_meets(const struct reporter *reporter, const struct plan_note *note, struct opposite opposite) {
    for (uint16_t i = 0; i < note->with.count; i++) {
        for (uint32_t k = 0; k < opposite.count; k++) {
            if (contains(reporter->plan->cites[note->with.first + i], opposite.clauses[k])) {
                return true;
            }
        }
    }
    return false;
}

void report_accept_as(struct reporter *reporter, struct check_finding *finding, enum check_kind kind,
                      struct plan_span notes, struct opposite opposite) {
    for (uint32_t i = notes.first; i < notes.first + notes.count; i++) {
        const struct plan_note *note = &reporter->plan->notes[i];
        bool is_general = note->with.count == 0 && kind != CHECK_CLASH;
        if (!text_equal(note->kind, report_kind_name(kind)) ||
            !(is_general || report_meets(reporter, note, opposite))) {
            continue;
        }
        reporter->note_used[i] = true;
        if (!finding->accepted) {
            finding->accepted = true;
            finding->reason = note->reason;
        }
    }
}

void report_accept(struct reporter *reporter, struct check_finding *finding, struct plan_span notes,
                   struct opposite opposite) {
    report_accept_as(reporter, finding, finding->kind, notes, opposite);
}

void report_write_clauses(const struct reporter *reporter, struct plan_span cites, struct buffer *out) {
    for (uint16_t i = 0; i < cites.count; i++) {
        buffer_append_string(out, i == 0 ? "@" : " @");
        buffer_append_text(out, reporter->plan->cites[cites.first + i]);
    }
}
