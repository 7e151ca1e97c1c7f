/* Notes that accept nothing, kinds that are misspelt, and what the author remarks of the document. */
#include "check/plain.h"

#include "base/suggestion.h"

#define KIND_SHOWN 100U /* of a misspelt kind in a message, in bytes */

/* Where a note stands: what the checker could find there. */
enum stand { STAND_RULE, STAND_SCALE, STAND_FACT, STAND_DUTY, STAND_PARTY, STAND_POSITION, STAND_OTHER };

/* The kinds that the checker finds by itself at such a place. `clash`, `gap`, `dead` beside a duty or a party are about
 * the document, and so are kinds that only a person can judge. */
static bool can_be_found(enum stand stand, struct text kind) {
    static const struct {
        const char *kind;
        unsigned stands;
    } kinds[] = {
        {"gap", 1U << STAND_RULE | 1U << STAND_SCALE},
        {"clash", 1U << STAND_RULE},
        {"falls", 1U << STAND_RULE | 1U << STAND_SCALE},
        {"dead", 1U << STAND_RULE | 1U << STAND_SCALE},
        {"unreachable", 1U << STAND_SCALE | 1U << STAND_DUTY | 1U << STAND_PARTY | 1U << STAND_POSITION},
        {"owner", 1U << STAND_SCALE | 1U << STAND_DUTY | 1U << STAND_PARTY},
        {"clock", 1U << STAND_DUTY},
        {"form", 1U << STAND_DUTY},
        {"unused", 1U << STAND_FACT | 1U << STAND_PARTY},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (text_equals_string(kind, kinds[i].kind)) {
            return (kinds[i].stands >> stand & 1U) != 0;
        }
    }
    return false;
}

/* The kinds that a note may be meant to name, where its own is none of them and one letter away: an author may have
 * kinds of his own, and those are words. */
static struct suggestion find_meant(struct text kind) {
    static const struct text authors_kinds[] = {TEXT_INITIAL("reading"), TEXT_INITIAL("silent"), TEXT_INITIAL("naming"),
                                                TEXT_INITIAL("count")}; /* docs/checker.md */
    struct suggestion meant = suggestion_begin(kind);
    bool is_known = false;
    meant.limit = meant.limit > 1 ? 1 : meant.limit;
    for (int i = 0; i <= CHECK_FORM; i++) {
        is_known = is_known || text_equal(kind, report_kind_name((enum check_kind)i));
        suggestion_consider(&meant, report_kind_name((enum check_kind)i));
    }
    for (size_t i = 0; i < sizeof authors_kinds / sizeof authors_kinds[0]; i++) {
        is_known = is_known || text_equal(kind, authors_kinds[i]);
        suggestion_consider(&meant, authors_kinds[i]);
    }
    meant.count = is_known ? 0 : meant.count;
    return meant;
}

/* Tells a kind that is misspelt. */
static void tell_misspelt(struct reporter *reporter, struct text kind, struct plan_place place,
                          struct plan_span cites) {
    struct suggestion meant = find_meant(kind);
    char room[SUGGESTION_ROOM];
    struct buffer words = {0};
    if (meant.count == 0) {
        return;
    }
    struct check_finding *finding = report_add(
        reporter, (struct check_finding){.kind = CHECK_NOTE, .scope = CHECK_PLAN, .place = place, .cites = cites});
    buffer_print(&words,
                 reporter->is_chinese ? "没有“%.*s”这种发现：是不是%s？"
                                      : "\"%.*s\" is no kind of finding: did you mean %s?",
                 TEXT_PRINT(text_cut(kind, KIND_SHOWN)),
                 suggestion_print(&meant, suggestion_style_of(reporter->is_chinese), room));
    report_say(reporter, finding, &words);
}

/* A clash with a clause that no rule of the scale cites is with the document's text: nobody can prove that. */
static bool is_clash_of_rules(const struct reporter *reporter, const struct plan_note *note,
                              const struct plan_scale *scale) {
    for (uint16_t i = 0; i < scale->rule_count; i++) {
        struct plan_span cites = reporter->plan->rules[scale->first_rule + i].cites;
        if (report_meets(reporter, note, report_opposite(reporter, cites))) {
            return true;
        }
    }
    return note->with.count == 0;
}

static void tell_idle(struct reporter *reporter, const struct plan_note *note, struct plan_span cites) {
    struct buffer words = {0};
    bool is_chinese = reporter->is_chinese;
    bool is_vague = text_equals_string(note->kind, "clash") && note->with.count == 0;
    struct check_finding *finding = report_add(
        reporter,
        (struct check_finding){.kind = CHECK_NOTE, .scope = CHECK_PLAN, .place = note->place, .cites = cites});
    report_add_with(reporter, finding, note->with);
    buffer_print(&words,
                 is_chinese ? "接受 %.*s，这里却没有这样的发现" : "accepts \"%.*s\", and there is no such finding here",
                 TEXT_PRINT(note->kind));
    if (is_vague) {
        buffer_append_string(&words, is_chinese ? "：要用“会同 @条款”写明与哪一条冲突"
                                                : ": say with which clause it clashes (with @CLAUSE)");
    }
    report_say(reporter, finding, &words);
}

static void add_remark(struct reporter *reporter, struct text kind, struct plan_place place, struct plan_span cites,
                       struct text what, struct text reason) {
    report_add(reporter, (struct check_finding){.kind = CHECK_REMARK,
                                                .kind_name = kind,
                                                .scope = CHECK_PLAN,
                                                .place = place,
                                                .cites = cites,
                                                .message = what,
                                                .accepted = true,
                                                .reason = reason});
}

enum task { TELL_MISSPELT, TELL_IDLE, LIST_REMARKS };

/* What is done with each note. */
struct visit {
    struct reporter *reporter;
    const struct plan_scale *scale; /* of rules */
    enum task task;
};

static void visit_notes(const struct visit *visit, enum stand stand, struct plan_span notes, struct plan_span cites) {
    struct reporter *reporter = visit->reporter;
    for (uint32_t i = notes.first; i < notes.first + notes.count; i++) {
        const struct plan_note *note = &reporter->plan->notes[i];
        if (visit->task == TELL_MISSPELT) {
            tell_misspelt(reporter, note->kind, note->place, cites);
            continue;
        }
        bool is_provable = can_be_found(stand, note->kind);
        if (is_provable && stand == STAND_RULE && text_equals_string(note->kind, "clash")) {
            is_provable = is_clash_of_rules(reporter, note, visit->scale);
        }
        if (visit->task == LIST_REMARKS && !is_provable && !reporter->note_used[i] &&
            find_meant(note->kind).count == 0) {
            struct text what = reporter->is_chinese
                                   ? TEXT("作者所记，不属规则，无从证明")
                                   : TEXT("stated by the author; it is not of the rules, and cannot be proved");
            add_remark(reporter, note->kind, note->place, cites, what, note->reason);
        } else if (visit->task == TELL_IDLE && is_provable && !reporter->note_used[i]) {
            tell_idle(reporter, note, cites);
        }
    }
}

static void visit_scales(struct visit *visit) {
    const struct plan *plan = visit->reporter->plan;
    for (uint32_t i = 0; i < plan->scale_count; i++) {
        const struct plan_scale *scale = &plan->scales[i];
        visit->scale = scale;
        visit_notes(visit, STAND_SCALE, scale->notes, scale->cites);
        for (uint16_t k = 0; k < scale->rule_count; k++) {
            const struct plan_rule *rule = &plan->rules[scale->first_rule + k];
            visit_notes(visit, STAND_RULE, rule->notes, rule->cites);
        }
    }
}

static void visit_others(const struct visit *visit) {
    const struct plan *plan = visit->reporter->plan;
    for (uint32_t i = 0; i < plan->party_count; i++) {
        visit_notes(visit, STAND_PARTY, plan->parties[i].notes, plan->parties[i].cites);
    }
    for (uint32_t i = 0; i < plan->fact_count; i++) {
        visit_notes(visit, STAND_FACT, plan->facts[i].notes, plan->facts[i].cites);
    }
    for (uint32_t i = 0; i < plan->duty_count; i++) {
        visit_notes(visit, STAND_DUTY, plan->duties[i].notes, plan->duties[i].cites);
    }
    for (uint32_t i = 0; i < plan->position_count; i++) {
        visit_notes(visit, STAND_POSITION, plan->positions[i].notes, plan->positions[i].cites);
    }
    for (uint32_t i = 0; i < plan->call_count; i++) {
        visit_notes(visit, STAND_OTHER, plan->calls[i].notes, plan->calls[i].cites);
    }
    for (uint32_t i = 0; i < plan->calling_count; i++) {
        visit_notes(visit, STAND_OTHER, plan->callings[i].notes, plan->callings[i].cites);
    }
    for (uint32_t i = 0; i < plan->handling_count; i++) {
        visit_notes(visit, STAND_OTHER, plan->handlings[i].notes, plan->handlings[i].cites);
    }
    for (uint32_t i = 0; i < plan->step_count; i++) {
        visit_notes(visit, STAND_POSITION, plan->steps[i].notes, plan->steps[i].cites);
    }
    for (uint32_t i = 0; i < plan->form_count; i++) {
        visit_notes(visit, STAND_POSITION, plan->forms[i].notes, plan->forms[i].cites);
    }
}

static void visit_all(struct reporter *reporter, enum task task) {
    struct visit visit = {.reporter = reporter, .task = task};
    visit_scales(&visit);
    visit_others(&visit);
}

void plain_find_misspelt_kinds(struct reporter *reporter) {
    visit_all(reporter, TELL_MISSPELT);
    for (uint32_t i = 0; i < reporter->plan->finding_count; i++) {
        const struct plan_finding *finding = &reporter->plan->findings[i];
        tell_misspelt(reporter, finding->kind, finding->place, finding->cites);
    }
}

void plain_find_idle_notes(struct reporter *reporter) {
    if (reporter->is_undecided) {
        return; /* what a note accepts may be among what could not be decided */
    }
    visit_all(reporter, TELL_IDLE);
}

void plain_list_remarks(struct reporter *reporter) {
    visit_all(reporter, LIST_REMARKS);
    for (uint32_t i = 0; i < reporter->plan->finding_count; i++) {
        const struct plan_finding *finding = &reporter->plan->findings[i];
        if (find_meant(finding->kind).count == 0) {
            add_remark(reporter, finding->kind, finding->place, finding->cites, finding->what, finding->reason);
        }
    }
}
