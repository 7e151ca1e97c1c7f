/* Expectations: held against the engine's state at their instant. */
#include "run/drill_state.h"

#include "run/show.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* An expectation being judged: what it came to, and what was really so. */
struct verdict {
    bool passed;
    struct buffer actual;
};

/* ---- recording -------------------------------------------------------------------------------------------- */

void drill_judge(struct drill *drill, const struct drill_line *line, bool passed, struct text actual) {
    struct drill_cursor cursor = {line, 0, drill->path, drill->failure};
    struct text statement = drill_keep(drill, drill_raw(&cursor, 0, line->count));
    DRILL_PUSH(drill, &drill->judgements, (struct drill_judgement){drill->now, line->line, passed, statement, actual});
}

static bool settle(struct drill *drill, const struct drill_cursor *cursor, struct verdict *verdict, bool is_read) {
    if (is_read) {
        drill_judge(drill, cursor->line, verdict->passed, drill_keep(drill, buffer_text(&verdict->actual)));
    }
    drill->is_broken = drill->is_broken || verdict->actual.failed;
    buffer_release(&verdict->actual);
    return is_read;
}

/* Reads "at INSTANT" behind an expectation. */
static bool read_instant(struct drill *drill, struct drill_cursor *cursor, bool *given, int64_t *instant) {
    *given = drill_take(cursor, DRILL_AT);
    return !*given || drill_take_instant(cursor, &drill->clock, instant);
}

/* ---- clauses ---------------------------------------------------------------------------------------------- */

struct clause_list {
    struct text names[DRILL_NAMES_MAX];
    uint32_t count;
    bool given, only;
};

/* Reads "because [only] @…, @…". */
static bool read_clauses(struct drill_cursor *cursor, struct clause_list *list) {
    *list = (struct clause_list){.given = drill_take(cursor, DRILL_BECAUSE)};
    if (!list->given) {
        return true;
    }
    list->only = drill_take(cursor, DRILL_ONLY);
    const struct drill_token *token = drill_peek(cursor);
    while (token != NULL && token->kind == DRILL_CLAUSE && list->count < DRILL_NAMES_MAX) {
        list->names[list->count++] = token->text;
        cursor->at++;
        (void)drill_take_mark(cursor, ',');
        token = drill_peek(cursor);
    }
    return list->count > 0 || drill_refuse(cursor, "a clause such as @12.4(3) was expected here");
}

static bool has_clause(const struct plan *plan, struct plan_span cites, struct text name) {
    for (uint16_t i = 0; i < cites.count; i++) {
        if (text_equal(plan->cites[cites.first + i], name)) {
            return true;
        }
    }
    return false;
}

/* True when every clause of the list is cited by one of the rules, and with `only` every rule cites one of the list. */
static bool match_clauses(const struct plan *plan, const struct plan_scale *scale, uint64_t rules,
                          const struct clause_list *list) {
    uint64_t matched = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        bool found = false;
        for (uint16_t k = 0; k < scale->rule_count; k++) {
            if ((rules & UINT64_C(1) << k) != 0 &&
                has_clause(plan, plan->rules[scale->first_rule + k].cites, list->names[i])) {
                found = true;
                matched |= UINT64_C(1) << k;
            }
        }
        if (!found) {
            return false;
        }
    }
    return !list->only || matched == rules;
}

/* As match_clauses for a proposal that rests on the scale's end. */
static bool match_end(const struct plan *plan, struct plan_span cites, const struct clause_list *list) {
    for (uint32_t i = 0; i < list->count; i++) {
        if (!has_clause(plan, cites, list->names[i])) {
            return false;
        }
    }
    return true;
}

static void show_rules(const struct plan *plan, const struct plan_scale *scale, uint64_t rules, struct buffer *out) {
    for (uint16_t i = 0; i < scale->rule_count; i++) {
        if ((rules & UINT64_C(1) << i) != 0) {
            buffer_append_string(out, " ");
            show_clauses(plan, plan->rules[scale->first_rule + i].cites, out);
        }
    }
}

/* ---- scales ----------------------------------------------------------------------------------------------- */

static bool find_last_order(const struct drill *drill, uint16_t scale, struct engine_order_view *order) {
    struct engine_incident_view incident = {0};
    (void)engine_view_incident(drill->engine, drill->incident, &incident);
    for (uint32_t i = incident.order_count; i-- > 0;) {
        if (engine_view_order(drill->engine, drill->incident, i, order) && order->scale == scale) {
            return true;
        }
    }
    return false;
}

static void describe_scale(const struct drill *drill, const struct plan *plan, uint16_t index,
                           const struct engine_scale_view *state, struct buffer *out) {
    const struct plan_scale *scale = &plan->scales[index];
    buffer_print(out, drill_say(drill, "level %.*s", "级别 %.*s"), TEXT_PRINT(show_level(plan, scale, state->level)));
    show_rules(plan, scale, state->because, out);
    buffer_print(out, drill_say(drill, ", may %.*s", "，可能 %.*s"), TEXT_PRINT(show_level(plan, scale, state->may)));
    if (!scale->ordered) {
        return;
    }
    buffer_print(out, drill_say(drill, ", order %.*s", "，命令 %.*s"),
                 TEXT_PRINT(show_level(plan, scale, state->order)));
    struct engine_order_view order;
    if (find_last_order(drill, index, &order) && order.override) {
        buffer_append_string(out, drill_say(drill, " (override)", "（与事实不同）"));
    }
    struct engine_proposal_view proposal;
    if (engine_view_proposal(drill->engine, drill->incident, state->proposal, &proposal)) {
        buffer_append_string(out, drill_say(drill, ", proposal ", "，建议 "));
        drill_show_proposal(drill, plan, &proposal, out);
        struct plan_span end = show_end_cites(drill->engine, drill->incident, scale, &proposal);
        if (end.count > 0) {
            buffer_append_string(out, " ");
            show_clauses(plan, end, out);
        } else {
            show_rules(plan, scale, proposal.because, out);
        }
    } else {
        buffer_append_string(out, drill_say(drill, ", no proposal", "，没有建议"));
    }
}

static uint32_t find_last_proposal(const struct drill *drill, uint16_t scale) {
    struct engine_incident_view incident = {0};
    (void)engine_view_incident(drill->engine, drill->incident, &incident);
    for (uint32_t number = incident.proposal_count; number >= 1; number--) {
        struct engine_proposal_view view;
        if (engine_view_proposal(drill->engine, drill->incident, number, &view) && view.scale == scale) {
            return number;
        }
    }
    return 0;
}

/* proposal [raise|lower|end] [to LEVEL] [because …] [at INSTANT] */
static bool expect_proposal(struct drill *drill, struct drill_cursor *cursor, uint16_t index, struct verdict *verdict) {
    const struct plan *plan = drill_plan_of(drill, drill->incident);
    const struct plan_scale *scale = &plan->scales[index];
    struct engine_scale_view state = {0};
    struct engine_proposal_view view = {0};
    struct clause_list clauses;
    int64_t instant = 0;
    bool has_instant = false;
    uint8_t level = 0;
    (void)engine_view_scale(drill->engine, drill->incident, index, &state);
    bool passed = engine_view_proposal(drill->engine, drill->incident, state.proposal, &view);
    if (drill_take(cursor, DRILL_RAISE)) {
        passed = passed && view.kind == ENGINE_RAISE;
    } else if (drill_take(cursor, DRILL_LOWER)) {
        passed = passed && view.kind == ENGINE_LOWER;
    } else if (drill_take(cursor, DRILL_END)) {
        passed = passed && view.kind == ENGINE_END;
    }
    if (drill_take(cursor, DRILL_TO)) {
        if (!drill_read_level(drill, cursor, scale, &level)) {
            return false;
        }
        passed = passed && view.to == level;
    }
    if (!read_clauses(cursor, &clauses)) {
        return false;
    }
    struct plan_span end = show_end_cites(drill->engine, drill->incident, scale, &view);
    passed = passed && (!clauses.given || (end.count > 0 ? match_end(plan, end, &clauses)
                                                         : match_clauses(plan, scale, view.because, &clauses)));
    if (drill_take(cursor, DRILL_OVERDUE)) {
        passed = passed && view.overdue;
    }
    if (!read_instant(drill, cursor, &has_instant, &instant)) {
        return false;
    }
    verdict->passed = passed && (!has_instant || view.raised_at == instant);
    if (has_instant && state.proposal != 0) {
        show_instant(view.raised_at, drill->clock.zone_minutes, &verdict->actual);
        buffer_append_string(&verdict->actual, " ");
    }
    return true;
}

/* last proposal accepted|refused|superseded|lapsed|open */
static bool expect_last(struct drill *drill, struct drill_cursor *cursor, uint16_t index, struct verdict *verdict) {
    static const struct {
        enum drill_keyword keyword;
        enum engine_proposal_status status;
    } statuses[] = {
        {DRILL_ACCEPTED, ENGINE_PROPOSAL_ACCEPTED},     {DRILL_REFUSED, ENGINE_PROPOSAL_REFUSED},
        {DRILL_SUPERSEDED, ENGINE_PROPOSAL_SUPERSEDED}, {DRILL_LAPSED, ENGINE_PROPOSAL_LAPSED},
        {DRILL_OPENED, ENGINE_PROPOSAL_OPEN},
    };
    struct engine_proposal_view view = {0};
    if (!drill_need(cursor, DRILL_PROPOSAL)) {
        return false;
    }
    bool is_there = engine_view_proposal(drill->engine, drill->incident, find_last_proposal(drill, index), &view);
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        if (drill_take(cursor, statuses[i].keyword)) {
            verdict->passed = is_there && view.status == statuses[i].status;
            static const char *const words[][2] = {
                {"open", "待决"},         {"accepted", "已同意"}, {"refused", "已驳回"},
                {"superseded", "已取代"}, {"lapsed", "已失效"},
            };
            buffer_append_string(&verdict->actual, is_there
                                                       ? drill_say(drill, words[view.status][0], words[view.status][1])
                                                       : drill_say(drill, "nothing was proposed", "没有提过建议"));
            buffer_append_string(&verdict->actual, drill_say(drill, "; ", "；"));
            return true;
        }
    }
    return drill_refuse(cursor, "\"accepted\", \"refused\", \"superseded\", \"lapsed\" or \"open\" was expected here");
}

/* level LEVEL [because …], may LEVEL, order LEVEL [at INSTANT], override, no override, proposal …, no proposal, last … */
static bool expect_scale(struct drill *drill, struct drill_cursor *cursor, struct verdict *verdict) {
    const struct plan *plan = drill_plan_of(drill, drill->incident);
    struct engine_scale_view state = {0};
    struct engine_order_view order = {0};
    struct clause_list clauses;
    uint16_t index = PLAN_NONE;
    uint8_t level = 0;
    if (!drill_read_scale(drill, cursor, &index)) {
        return false;
    }
    const struct plan_scale *scale = &plan->scales[index];
    if (!engine_view_scale(drill->engine, drill->incident, index, &state)) {
        return drill_refuse_last(cursor, "this scale belongs to another kind of incident");
    }
    bool is_negated = drill_take(cursor, DRILL_NO);
    bool good = true;
    if (drill_take(cursor, DRILL_PROPOSAL)) {
        if (is_negated) {
            verdict->passed = state.proposal == 0;
        } else {
            good = expect_proposal(drill, cursor, index, verdict);
        }
    } else if (drill_take(cursor, DRILL_OVERRIDE)) {
        bool is_override = find_last_order(drill, index, &order) && order.override;
        verdict->passed = is_override != is_negated;
    } else if (is_negated) {
        return drill_refuse(cursor, "\"proposal\" or \"override\" was expected here");
    } else if (drill_take(cursor, DRILL_LAST)) {
        good = expect_last(drill, cursor, index, verdict);
    } else if (drill_take(cursor, DRILL_LEVEL)) {
        good = drill_read_level(drill, cursor, scale, &level) && read_clauses(cursor, &clauses);
        verdict->passed =
            good && state.level == level && (!clauses.given || match_clauses(plan, scale, state.because, &clauses));
    } else if (drill_take(cursor, DRILL_MAY)) {
        good = drill_read_level(drill, cursor, scale, &level);
        verdict->passed = good && state.may == level;
    } else if (drill_take(cursor, DRILL_ORDER)) {
        bool has_instant = false;
        int64_t instant = 0;
        good = drill_read_level(drill, cursor, scale, &level) && read_instant(drill, cursor, &has_instant, &instant);
        verdict->passed = good && state.order == level &&
                          (!has_instant || (find_last_order(drill, index, &order) && order.at == instant));
    } else {
        return drill_refuse(cursor, "\"level\", \"may\", \"order\", \"proposal\", \"no proposal\", \"last proposal\", "
                                    "\"override\" or \"no override\" was expected here");
    }
    describe_scale(drill, plan, index, &state, &verdict->actual);
    return good;
}

/* ---- duties ----------------------------------------------------------------------------------------------- */

struct wanted_state {
    enum drill_keyword keyword;
    bool negated;
    uint16_t party; /* escalated to */
    bool has_instant;
    int64_t instant;
};

static bool was_escalated(const struct drill *drill, uint32_t number, uint16_t party, int64_t *at) {
    for (uint32_t i = 0; i < drill->notices.count; i++) {
        const struct drill_notice *notice = &drill->notices.items[i];
        if (notice->incident == drill->incident && notice->item_kind == ENGINE_ITEM_DUTY && notice->item == number &&
            notice->step > 0 && notice->party == party) {
            *at = notice->at;
            return true;
        }
    }
    return false;
}

/* Whether an instance is in a state, and since when (0 where there is no such instant). */
static bool is_in_state(const struct drill *drill, uint32_t number, const struct engine_duty_view *duty,
                        const struct wanted_state *wanted, int64_t *since) {
    bool is_done = duty->status == ENGINE_DONE_STATUS;
    *since = duty->since;
    switch (wanted->keyword) {
    case DRILL_OWED:
        return duty->status == ENGINE_OWED;
    case DRILL_NOTIFIED:
        *since = duty->notified_at;
        return duty->notified_at != ENGINE_NEVER;
    case DRILL_ACKNOWLEDGED:
        *since = duty->acknowledged_at;
        return duty->acknowledged_at != ENGINE_NEVER;
    case DRILL_UNACKNOWLEDGED:
        return duty->unacknowledged;
    case DRILL_DONE:
        *since = duty->done_at;
        return is_done;
    case DRILL_DONE_IN_TIME:
        *since = duty->done_at;
        return is_done && duty->done_at <= duty->due_at;
    case DRILL_DONE_LATE:
        *since = duty->done_at;
        return is_done && duty->done_at > duty->due_at;
    case DRILL_DECLINED:
        *since = duty->done_at;
        return duty->status == ENGINE_DECLINED;
    case DRILL_OVERDUE:
        *since = duty->due_at;
        return duty->overdue;
    case DRILL_ESCALATED:
        return was_escalated(drill, number, wanted->party, since);
    case DRILL_LAPSED:
        *since = duty->ended_at;
        return duty->status == ENGINE_LAPSED;
    case DRILL_UNBOUND:
        return duty->bearer == PLAN_NONE && duty->bearer_role != PLAN_NONE;
    case DRILL_BREACHED:
        return duty->breaches > 0;
    default:
        return false;
    }
}

static bool is_state(enum drill_keyword keyword) {
    return keyword >= DRILL_OWED && keyword <= DRILL_BREACHED;
}

/* [not] STATE [PARTY] [at INSTANT] */
static bool read_state(struct drill *drill, struct drill_cursor *cursor, struct wanted_state *wanted) {
    uint32_t taken = 0;
    *wanted = (struct wanted_state){.negated = drill_take(cursor, DRILL_NOT), .party = PLAN_NONE};
    wanted->keyword = drill_find_keyword(cursor, &taken);
    if (!is_state(wanted->keyword)) {
        return drill_refuse(cursor, "a state was expected here: owed, notified, acknowledged, unacknowledged, done, "
                                    "done in time, done late, declined, overdue, escalated to PARTY, lapsed, absent, "
                                    "unbound, breached");
    }
    cursor->at += taken;
    if (wanted->keyword == DRILL_ESCALATED) {
        (void)drill_take(cursor, DRILL_TO);
        if (!drill_read_party(drill, cursor, &wanted->party)) {
            return false;
        }
    }
    return read_instant(drill, cursor, &wanted->has_instant, &wanted->instant);
}

static bool holds(const struct drill *drill, uint32_t number, const struct engine_duty_view *duty,
                  const struct wanted_state *wanted) {
    int64_t since = 0;
    bool is_so = is_in_state(drill, number, duty, wanted, &since);
    return (is_so && (!wanted->has_instant || since == wanted->instant)) != wanted->negated;
}

static void describe_duties(const struct drill *drill, const struct plan *plan, const uint32_t *numbers, uint32_t count,
                            struct buffer *out) {
    if (count == 0) {
        buffer_append_string(out, drill_say(drill, "there is no such duty", "没有这项职责"));
    }
    for (uint32_t i = 0; i < count; i++) {
        struct engine_duty_view duty;
        (void)engine_view_duty(drill->engine, drill->incident, numbers[i], &duty);
        buffer_append_string(out, i == 0 ? "" : drill_say(drill, "; ", "；"));
        drill_show_state(drill, plan, &duty, out);
    }
}

/* duty NAME [of PARTY] [to PARTY] [not] STATE: so for every bearer and recipient that fits, and for one at least. */
static bool expect_duty(struct drill *drill, struct drill_cursor *cursor, struct verdict *verdict) {
    uint32_t numbers[DRILL_MATCHES_MAX];
    struct drill_pattern pattern;
    struct wanted_state wanted;
    if (!drill_read_pattern(drill, cursor, &pattern) || !read_state(drill, cursor, &wanted)) {
        return false;
    }
    uint32_t count = drill_find_duties(drill, &pattern, numbers);
    describe_duties(drill, drill_plan_of(drill, drill->incident), numbers, count, &verdict->actual);
    if (wanted.keyword == DRILL_ABSENT) {
        verdict->passed = (count == 0) != wanted.negated;
        return true;
    }
    verdict->passed = count > 0;
    for (uint32_t i = 0; i < count; i++) {
        struct engine_duty_view duty;
        (void)engine_view_duty(drill->engine, drill->incident, numbers[i], &duty);
        verdict->passed = verdict->passed && holds(drill, numbers[i], &duty, &wanted);
    }
    return true;
}

/* ---- notices, findings, facts, incidents ------------------------------------------------------------------ */

/* Reads [to PARTY] [about DUTY] and counts the notices of this incident that fit. */
static bool count_notices(struct drill *drill, struct drill_cursor *cursor, uint32_t *count) {
    const struct plan *plan = drill_plan_of(drill, drill->incident);
    uint16_t party = PLAN_NONE;
    struct drill_pattern pattern = {.duty = PLAN_NONE};
    if (drill_take(cursor, DRILL_TO) && !drill_read_party(drill, cursor, &party)) {
        return false;
    }
    if (drill_take(cursor, DRILL_ABOUT) && !drill_read_pattern(drill, cursor, &pattern)) {
        return false;
    }
    *count = 0;
    for (uint32_t i = 0; i < drill->notices.count; i++) {
        const struct drill_notice *notice = &drill->notices.items[i];
        struct engine_duty_view duty;
        bool fits = notice->incident == drill->incident && (party == PLAN_NONE || notice->party == party);
        if (fits && pattern.duty != PLAN_NONE) {
            fits = notice->item_kind == ENGINE_ITEM_DUTY &&
                   engine_view_duty(drill->engine, drill->incident, notice->item, &duty) && duty.duty == pattern.duty &&
                   (pattern.bearer.length == 0 || drill_fits(plan, pattern.bearer, duty.bearer, duty.bearer_role)) &&
                   (pattern.recipient.length == 0 ||
                    drill_fits(plan, pattern.recipient, duty.recipient, duty.recipient_role));
        }
        *count += fits ? 1 : 0;
    }
    return true;
}

static bool expect_notice(struct drill *drill, struct drill_cursor *cursor, bool is_negated, struct verdict *verdict) {
    uint32_t count = 0;
    if (!count_notices(drill, cursor, &count)) {
        return false;
    }
    verdict->passed = (count > 0) != is_negated;
    buffer_print(&verdict->actual, drill_say(drill, "%u such notices", "有 %u 次"), count);
    return true;
}

static bool read_finding_kind(struct drill_cursor *cursor, enum engine_finding_kind *kind, bool *given) {
    static const enum drill_keyword keywords[] = {
        [ENGINE_ROLE_UNBOUND] = DRILL_UNBOUND,
        [ENGINE_CHAIN_EXHAUSTED] = DRILL_EXHAUSTED,
        [ENGINE_CONTRADICTION] = DRILL_CONTRADICTION,
        [ENGINE_MOVE_LOST] = DRILL_LOST,
    };
    *given = false;
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++) {
        if (drill_take(cursor, keywords[i])) {
            *kind = (enum engine_finding_kind)i;
            *given = true;
        }
    }
    return true;
}

/* Reads [KIND] [of PARTY] and counts the open findings that fit; describes all open ones. */
static bool count_findings(struct drill *drill, struct drill_cursor *cursor, uint32_t *count, struct buffer *actual) {
    const struct plan *plan = drill_plan_of(drill, drill->incident);
    enum engine_finding_kind kind = ENGINE_ROLE_UNBOUND;
    struct engine_incident_view incident = {0};
    bool has_kind = false;
    uint16_t party = PLAN_NONE;
    (void)read_finding_kind(cursor, &kind, &has_kind);
    if (drill_take(cursor, DRILL_OF) && !drill_read_party(drill, cursor, &party)) {
        return false;
    }
    (void)engine_view_incident(drill->engine, drill->incident, &incident);
    *count = 0;
    for (uint32_t number = 1; number <= incident.finding_count; number++) {
        struct engine_finding_view view;
        if (!engine_view_finding(drill->engine, drill->incident, number, &view) || view.closed_at != ENGINE_NEVER) {
            continue;
        }
        bool fits = (!has_kind || view.kind == kind) && (party == PLAN_NONE || view.party == party);
        *count += fits ? 1 : 0;
        buffer_append_string(actual, actual->length == 0 ? "" : drill_say(drill, "; ", "；"));
        buffer_append_string(actual, drill_finding_word(drill, view.kind));
        if (view.party < plan->party_count) {
            buffer_print(actual, " %.*s", TEXT_PRINT(plan->parties[view.party].name));
        }
    }
    if (actual->length == 0) {
        buffer_append_string(actual, drill_say(drill, "no open finding", "没有未了的发现"));
    }
    return true;
}

static bool expect_fact(struct drill *drill, struct drill_cursor *cursor, struct verdict *verdict) {
    const struct plan *plan = drill_plan_of(drill, drill->incident);
    struct text name = {0};
    int64_t low = 0;
    int64_t high = 0;
    int64_t wanted_low = 0;
    int64_t wanted_high = 0;
    if (!drill_need_name(cursor, &name, "the name of a fact")) {
        return false;
    }
    uint16_t fact = plan_find_fact(plan, name);
    if (fact == PLAN_NONE) {
        return drill_refuse_last(cursor, "the plan knows no fact \"%.*s\"", TEXT_PRINT(text_cut(name, 100)));
    }
    if (!drill_need_mark(cursor, '=') || !drill_read_value(drill, cursor, fact, &wanted_low, &wanted_high)) {
        return false;
    }
    if (!engine_view_fact(drill->engine, drill->incident, fact, &low, &high)) {
        return drill_refuse_last(cursor, "this fact belongs to another kind of incident, or has a value for each day");
    }
    verdict->passed = low == wanted_low && high == wanted_high;
    plan_print_value(plan, fact, low, high, &verdict->actual);
    return true;
}

/* incident open|merged|closed */
static bool expect_incident(struct drill *drill, struct drill_cursor *cursor, struct verdict *verdict) {
    static const char *const words[][2] = {{"open", "进行中"}, {"merged", "已并入"}, {"closed", "已结案"}};
    struct engine_incident_view view = {0};
    (void)engine_view_incident(drill->engine, drill->incident, &view);
    if (drill_take(cursor, DRILL_OPENED)) {
        verdict->passed = view.status == ENGINE_OPENED;
    } else if (drill_take(cursor, DRILL_MERGED)) {
        verdict->passed = view.status == ENGINE_MERGED;
    } else if (drill_take(cursor, DRILL_CLOSED)) {
        verdict->passed = view.status == ENGINE_CLOSED;
    } else if (drill_take(cursor, DRILL_VERSION)) {
        struct text version = {0};
        if (!drill_need_text(cursor, &version, "a version")) {
            return false;
        }
        verdict->passed = text_equal(view.plan->version, version);
    } else {
        return drill_refuse(cursor, "\"open\", \"merged\", \"closed\" or \"version\" was expected here");
    }
    buffer_append_string(&verdict->actual, drill_say(drill, words[view.status][0], words[view.status][1]));
    buffer_print(&verdict->actual, drill_say(drill, ", version %.*s", "，版本 %.*s"), TEXT_PRINT(view.plan->version));
    return true;
}

/* ---- counts ----------------------------------------------------------------------------------------------- */

/* Counts every instance, not only the newest of each pair. */
static bool count_duties(struct drill *drill, struct drill_cursor *cursor, uint32_t *count) {
    const struct plan *plan = drill_plan_of(drill, drill->incident);
    struct engine_incident_view incident = {0};
    struct drill_pattern pattern;
    struct wanted_state wanted = {.keyword = DRILL_NO_KEYWORD};
    if (!drill_read_pattern(drill, cursor, &pattern)) {
        return false;
    }
    const struct drill_token *token = drill_peek(cursor);
    bool has_state = token != NULL && token->kind != DRILL_MARK;
    if (has_state && !read_state(drill, cursor, &wanted)) {
        return false;
    }
    (void)engine_view_incident(drill->engine, drill->incident, &incident);
    *count = 0;
    for (uint32_t number = 1; number <= incident.duty_count; number++) {
        struct engine_duty_view duty;
        if (engine_view_duty(drill->engine, drill->incident, number, &duty) && duty.duty == pattern.duty &&
            (pattern.bearer.length == 0 || drill_fits(plan, pattern.bearer, duty.bearer, duty.bearer_role)) &&
            (pattern.recipient.length == 0 ||
             drill_fits(plan, pattern.recipient, duty.recipient, duty.recipient_role)) &&
            (!has_state || holds(drill, number, &duty, &wanted))) {
            (*count)++;
        }
    }
    return true;
}

static bool count_proposals(struct drill *drill, struct drill_cursor *cursor, uint32_t *count) {
    struct engine_incident_view incident = {0};
    uint16_t scale = PLAN_NONE;
    if (!drill_read_scale(drill, cursor, &scale)) {
        return false;
    }
    (void)engine_view_incident(drill->engine, drill->incident, &incident);
    *count = 0;
    for (uint32_t number = 1; number <= incident.proposal_count; number++) {
        struct engine_proposal_view view;
        *count += engine_view_proposal(drill->engine, drill->incident, number, &view) && view.scale == scale ? 1 : 0;
    }
    return true;
}

/* count duty NAME … = N, count notice …, count finding …, count proposal SCALE */
static bool expect_count(struct drill *drill, struct drill_cursor *cursor, struct verdict *verdict) {
    uint32_t count = 0;
    bool good = false;
    struct buffer ignored = {0};
    if (drill_take(cursor, DRILL_DUTY)) {
        good = count_duties(drill, cursor, &count);
    } else if (drill_take(cursor, DRILL_NOTICE)) {
        good = count_notices(drill, cursor, &count);
    } else if (drill_take(cursor, DRILL_FINDING)) {
        good = count_findings(drill, cursor, &count, &ignored);
    } else if (drill_take(cursor, DRILL_PROPOSAL)) {
        good = count_proposals(drill, cursor, &count);
    } else {
        return drill_refuse(cursor, "\"duty\", \"notice\", \"finding\" or \"proposal\" was expected here");
    }
    buffer_release(&ignored);
    struct text number = {0};
    if (!good || !drill_need_mark(cursor, '=') || !drill_need_name(cursor, &number, "a number")) {
        return false;
    }
    int64_t wanted = 0;
    struct failure inner = {0};
    if (!quantity_parse(number, QUANTITY_COUNT, &wanted, &inner)) {
        return drill_refuse_last(cursor, "%s", inner.message);
    }
    verdict->passed = (int64_t)count == wanted;
    buffer_print(&verdict->actual, "%u", count);
    return true;
}

/* ---- dispatch --------------------------------------------------------------------------------------------- */

bool drill_expect(struct drill *drill, struct drill_cursor *cursor) {
    struct verdict verdict = {0};
    bool good = false;
    uint32_t before = cursor->at;
    bool is_negated = drill_take(cursor, DRILL_NO);
    if (drill_take(cursor, DRILL_NOTICE)) {
        good = expect_notice(drill, cursor, is_negated, &verdict);
    } else if (drill_take(cursor, DRILL_FINDING)) {
        uint32_t count = 0;
        good = count_findings(drill, cursor, &count, &verdict.actual);
        verdict.passed = (count > 0) != is_negated;
    } else if (is_negated) {
        cursor->at = before;
        good = drill_refuse(cursor, "\"no notice\" or \"no finding\" can stand here");
    } else if (drill_take(cursor, DRILL_DUTY)) {
        good = expect_duty(drill, cursor, &verdict);
    } else if (drill_take(cursor, DRILL_FACT)) {
        good = expect_fact(drill, cursor, &verdict);
    } else if (drill_take(cursor, DRILL_INCIDENT)) {
        good = expect_incident(drill, cursor, &verdict);
    } else if (drill_take(cursor, DRILL_COUNT)) {
        good = expect_count(drill, cursor, &verdict);
    } else {
        good = expect_scale(drill, cursor, &verdict);
    }
    return settle(drill, cursor, &verdict, good && drill_need_end(cursor));
}
