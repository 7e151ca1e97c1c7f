#include "check/check.h"

#include "check/plain.h"
#include "check/prove.h"

#include <stdlib.h>

#define REPORT_MEMORY_MAX ((size_t)256 << 20)
#define FINDINGS_FIRST 64U

const char *check_scope_name(enum check_scope scope) {
    static const char *const names[] = {"literal", "reading", "plan"};
    return names[scope];
}

static int compare_numbers(uint32_t left, uint32_t right) {
    return left < right ? -1 : left > right ? 1 : 0;
}

static int compare_clauses(const struct check_finding *left, const struct check_finding *right) {
    for (uint16_t i = 0; i < left->with_count && i < right->with_count; i++) {
        int order = text_compare(left->with[i], right->with[i]);
        if (order != 0) {
            return order;
        }
    }
    return compare_numbers(left->with_count, right->with_count);
}

/* By place, then literal before reading, then kind, then what else tells two apart. */
static int compare_findings(const void *left_item, const void *right_item) {
    const struct check_finding *left = left_item;
    const struct check_finding *right = right_item;
    const int orders[] = {compare_numbers(left->place.line, right->place.line),
                          compare_numbers(left->place.column, right->place.column),
                          compare_numbers(left->scope, right->scope),
                          compare_numbers(left->kind, right->kind),
                          compare_clauses(left, right),
                          text_compare(left->message, right->message)};
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        if (orders[i] != 0) {
            return orders[i];
        }
    }
    return 0;
}

static bool find_all(struct reporter *reporter, uint32_t effort_max, struct failure *failure) {
    plain_find_unused(reporter);
    plain_find_ownerless(reporter);
    plain_find_clockless(reporter);
    plain_find_formless(reporter);
    plain_find_misspelt_kinds(reporter);
    for (uint32_t i = 0; i < reporter->plan->subject_count; i++) {
        if (!prove_subject(reporter, (uint16_t)i, effort_max, failure)) {
            return false;
        }
    }
    plain_find_idle_notes(reporter);
    plain_list_remarks(reporter);
    return !reporter->exhausted || failure_set(failure, "memory is exhausted");
}

static bool fill(struct check_report *report, uint32_t effort_max, struct failure *failure) {
    const struct plan *plan = report->plan;
    struct reporter reporter = {.plan = plan, .report = report, .room = FINDINGS_FIRST};
    reporter.is_chinese = space_is_chinese(plan);
    reporter.note_used = arena_allocate_array(report->arena, plan->note_count, sizeof(bool));
    report->findings = arena_allocate_array(report->arena, reporter.room, sizeof *report->findings);
    if (reporter.note_used == NULL || report->findings == NULL) {
        return failure_set(failure, "memory is exhausted");
    }
    if (!find_all(&reporter, effort_max, failure)) {
        return false;
    }
    qsort(report->findings, report->count, sizeof *report->findings, compare_findings);
    for (uint32_t i = 0; i < report->count; i++) {
        report->unaccepted += report->findings[i].accepted ? 0 : 1;
    }
    return true;
}

struct check_report *check_plan(const struct plan *plan, uint32_t effort_max, struct failure *failure) {
    struct arena *arena = arena_create(REPORT_MEMORY_MAX);
    struct check_report *report = arena == NULL ? NULL : arena_allocate(arena, sizeof *report);
    if (report == NULL) {
        (void)failure_set(failure, "memory is exhausted");
        arena_destroy(arena);
        return NULL;
    }
    report->arena = arena;
    report->plan = plan;
    if (!fill(report, effort_max, failure)) {
        check_report_destroy(report);
        return NULL;
    }
    return report;
}

void check_report_destroy(struct check_report *report) {
    if (report != NULL) {
        arena_destroy(report->arena);
    }
}

/* ---- text ------------------------------------------------------------------------------------------------- */

static void write_list(const char *label, const struct text *clauses, uint16_t count, struct buffer *out) {
    for (uint16_t i = 0; i < count; i++) {
        buffer_append_string(out, i == 0 ? label : " ");
        buffer_print(out, "@%.*s", TEXT_PRINT(clauses[i]));
    }
}

/* "A = 3, B = yes → Red"; of a case behind the first only what differs from it. */
static void write_case(const struct check_report *report, const struct check_case *of, const struct check_case *first,
                       struct buffer *out) {
    bool is_chinese = space_is_chinese(report->plan);
    bool any = false;
    for (uint16_t i = 0; i < of->value_count; i++) {
        const struct check_value *value = &of->values[i];
        bool is_same = false;
        for (uint16_t k = 0; of != first && k < first->value_count; k++) {
            is_same = is_same || (text_equal(first->values[k].fact, value->fact) &&
                                  text_equal(first->values[k].value, value->value));
        }
        if (!is_same) {
            buffer_print(out, "%s%.*s = %.*s", any ? (is_chinese ? "，" : ", ") : "", TEXT_PRINT(value->fact),
                         TEXT_PRINT(value->value));
            any = true;
        }
    }
    if (!any) {
        buffer_append_string(out, is_chinese ? "一切如常" : "all as usual");
    }
    if (of->has_level) {
        struct text none = is_chinese ? TEXT("无") : TEXT("none");
        buffer_print(out, " → %.*s", TEXT_PRINT(of->level.length > 0 ? of->level : none));
    }
}

static void write_finding(const struct check_report *report, const struct check_finding *finding, struct text file,
                          struct buffer *out) {
    bool is_chinese = space_is_chinese(report->plan);
    buffer_print(out, "%.*s:%u:%u: %.*s", TEXT_PRINT(file), (unsigned)finding->place.line,
                 (unsigned)finding->place.column, TEXT_PRINT(finding->kind_name));
    if (finding->scope != CHECK_PLAN) {
        buffer_print(out, " (%s)", check_scope_name(finding->scope));
    }
    if (finding->scale.length > 0) {
        buffer_print(out, " %.*s", TEXT_PRINT(finding->scale));
    }
    write_list(" ", report->plan->cites + finding->cites.first, finding->cites.count, out);
    buffer_append_string(out, ": ");
    buffer_append_text(out, finding->message);
    buffer_append_string(out, "\n");
    for (uint16_t i = 0; i < finding->case_count; i++) {
        buffer_append_string(out, i == 0 ? "    " : "      ");
        write_case(report, &finding->cases[i], &finding->cases[0], out);
        buffer_append_string(out, "\n");
    }
    if (finding->accepted) {
        buffer_append_string(out, is_chinese ? "    已接受：" : "    accepted: ");
        buffer_append_text(out, finding->reason);
        buffer_append_string(out, "\n");
    }
}

void check_write(const struct check_report *report, struct text file, bool all, struct buffer *out) {
    bool is_chinese = space_is_chinese(report->plan);
    uint32_t accepted = report->count - report->unaccepted;
    for (uint32_t i = 0; i < report->count; i++) {
        if (all || !report->findings[i].accepted) {
            write_finding(report, &report->findings[i], file, out);
        }
    }
    buffer_print(out,
                 is_chinese ? "%.*s：未接受的发现 %u 项，已接受 %u 项%s\n" : "%.*s: %u unaccepted, %u accepted%s\n",
                 TEXT_PRINT(file), (unsigned)report->unaccepted, (unsigned)accepted,
                 all || accepted == 0 ? ""
                 : is_chinese         ? "（--all 列出）"
                                      : " (--all lists them)");
}
