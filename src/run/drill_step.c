/* Statements of a drill: read, turned into events, handed over. */
#include "run/drill_state.h"

#include "run/event_codec.h"
#include "run/fact_value.h"
#include "run/show.h"

#include <stdio.h>
#include <string.h>

/* What stands behind the particulars of any statement. */
struct ending {
    struct text source, reason;
    uint16_t by;
    bool has_as_of;
    int64_t as_of;
    enum engine_basis basis;
};

/* ---- names ------------------------------------------------------------------------------------------------ */

/* What shows a search the names of one kind. */
typedef void suggest_names(const struct plan *plan, struct suggestion *suggestion);

static bool refuse_name(const struct drill_cursor *cursor, const struct plan *plan, struct text name, const char *what,
                        suggest_names *suggest) {
    struct suggestion suggestion = suggestion_begin(name);
    suggest(plan, &suggestion);
    if (suggestion.count > 0) {
        char room[SUGGESTION_ROOM];
        return drill_refuse_last(cursor, "the plan knows no %s \"%.*s\"; did you mean %s?", what,
                                 TEXT_PRINT(text_cut(name, 100)),
                                 suggestion_print(&suggestion, SUGGESTION_QUOTED, room));
    }
    return drill_refuse_last(cursor, "the plan knows no %s \"%.*s\"", what, TEXT_PRINT(text_cut(name, 100)));
}

bool drill_read_party(struct drill *drill, struct drill_cursor *cursor, uint16_t *party) {
    const struct plan *plan = drill_plan_of(drill, drill->incident);
    struct text name = {0};
    if (!drill_need_name(cursor, &name, "the name of a party")) {
        return false;
    }
    *party = plan_find_party(plan, name);
    return *party != PLAN_NONE || refuse_name(cursor, plan, name, "party", plan_suggest_party);
}

bool drill_read_scale(struct drill *drill, struct drill_cursor *cursor, uint16_t *scale) {
    const struct plan *plan = drill_plan_of(drill, drill->incident);
    struct text name = {0};
    if (!drill_need_name(cursor, &name, "the name of a scale")) {
        return false;
    }
    *scale = plan_find_scale(plan, name);
    return *scale != PLAN_NONE || refuse_name(cursor, plan, name, "scale", plan_suggest_scale);
}

static bool read_fact(struct drill *drill, struct drill_cursor *cursor, uint16_t *fact) {
    const struct plan *plan = drill_plan_of(drill, drill->incident);
    struct text name = {0};
    if (!drill_need_name(cursor, &name, "the name of a fact")) {
        return false;
    }
    *fact = plan_find_fact(plan, name);
    return *fact != PLAN_NONE || refuse_name(cursor, plan, name, "fact", plan_suggest_fact);
}

bool drill_read_level(struct drill *drill, struct drill_cursor *cursor, const struct plan_scale *scale,
                      uint8_t *level) {
    (void)drill;
    struct text name = {0};
    *level = 0;
    if (drill_take(cursor, DRILL_NONE)) {
        return true;
    }
    if (!drill_need_name(cursor, &name, "the name of a level, or none,")) {
        return false;
    }
    *level = plan_find_level(scale, name);
    if (*level != 0) {
        return true;
    }
    char known[300];
    size_t length = 0;
    for (uint8_t i = 1; i <= scale->level_count && length + scale->levels[i].length + 4 < sizeof known; i++) {
        length += (size_t)snprintf(known + length, sizeof known - length, "%s%.*s", i == 1 ? "" : ", ",
                                   TEXT_PRINT(scale->levels[i]));
    }
    return drill_refuse_last(cursor, "\"%.*s\" is no level of \"%.*s\"; they are %s", TEXT_PRINT(text_cut(name, 60)),
                             TEXT_PRINT(text_cut(scale->name, 60)), known);
}

bool drill_fits(const struct plan *plan, struct text name, uint16_t party, uint16_t role) {
    uint16_t named = plan_find_party(plan, name);
    if (named == PLAN_NONE) {
        return false;
    }
    return named == party || named == role || (party < plan->party_count && plan_party_includes(plan, named, party));
}

bool drill_read_pattern(struct drill *drill, struct drill_cursor *cursor, struct drill_pattern *pattern) {
    const struct plan *plan = drill_plan_of(drill, drill->incident);
    struct text name = {0};
    uint16_t party = PLAN_NONE;
    *pattern = (struct drill_pattern){0};
    if (!drill_need_name(cursor, &name, "the name of a duty")) {
        return false;
    }
    pattern->duty = plan_find_duty(plan, name);
    if (pattern->duty == PLAN_NONE) {
        return refuse_name(cursor, plan, name, "duty", plan_suggest_duty);
    }
    if (drill_take(cursor, DRILL_OF)) {
        if (!drill_read_party(drill, cursor, &party)) {
            return false;
        }
        pattern->bearer = plan->parties[party].name;
    }
    if (drill_take(cursor, DRILL_TO)) {
        if (!drill_read_party(drill, cursor, &party)) {
            return false;
        }
        pattern->recipient = plan->parties[party].name;
    }
    return true;
}

static bool is_same_pair(const struct engine_duty_view *left, const struct engine_duty_view *right) {
    return left->bearer == right->bearer && left->bearer_role == right->bearer_role &&
           left->recipient == right->recipient && left->recipient_role == right->recipient_role &&
           left->parent == right->parent;
}

uint32_t drill_find_duties(const struct drill *drill, const struct drill_pattern *pattern,
                           uint32_t numbers[DRILL_MATCHES_MAX]) {
    const struct plan *plan = drill_plan_of(drill, drill->incident);
    struct engine_incident_view incident;
    uint32_t count = 0;
    if (!engine_view_incident(drill->engine, drill->incident, &incident)) {
        return 0;
    }
    for (uint32_t number = incident.duty_count; number >= 1 && count < DRILL_MATCHES_MAX; number--) {
        struct engine_duty_view duty;
        if (!engine_view_duty(drill->engine, drill->incident, number, &duty) || duty.duty != pattern->duty ||
            (pattern->bearer.length > 0 && !drill_fits(plan, pattern->bearer, duty.bearer, duty.bearer_role)) ||
            (pattern->recipient.length > 0 &&
             !drill_fits(plan, pattern->recipient, duty.recipient, duty.recipient_role))) {
            continue;
        }
        bool is_newest = true;
        for (uint32_t i = 0; i < count && is_newest; i++) {
            struct engine_duty_view other;
            (void)engine_view_duty(drill->engine, drill->incident, numbers[i], &other);
            is_newest = !is_same_pair(&duty, &other);
        }
        if (is_newest) {
            numbers[count++] = number;
        }
    }
    for (uint32_t i = 0; i < count / 2; i++) { /* oldest first */
        uint32_t swapped = numbers[i];
        numbers[i] = numbers[count - 1 - i];
        numbers[count - 1 - i] = swapped;
    }
    return count;
}

/* ---- values ----------------------------------------------------------------------------------------------- */

/* Words that end a value. */
static bool ends_value(const struct drill_cursor *cursor) {
    static const enum drill_keyword ends[] = {DRILL_OBSERVED, DRILL_PREDICTED, DRILL_SOURCE,
                                              DRILL_REASON,   DRILL_AS_OF,     DRILL_BY};
    struct drill_cursor probe = *cursor;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (drill_take(&probe, ends[i])) {
            return true;
        }
    }
    const struct drill_token *token = drill_peek(cursor);
    return token == NULL || (token->kind == DRILL_MARK && token->text.bytes[0] == ',');
}

#define INSTANT_BYTES_MAX ((size_t)16 << 20)

/* Where the instant begins in "<= 14:05", "至少 14:05": behind the words of comparison. */
static size_t find_instant(struct text part) {
    for (size_t i = 0; i < part.length; i++) {
        struct text rest = {part.bytes + i, part.length - i};
        if ((rest.bytes[0] >= '0' && rest.bytes[0] <= '9') || rest.bytes[0] == '-' ||
            text_starts_with(rest, TEXT("start")) || text_starts_with(rest, TEXT("开始"))) {
            return i;
        }
    }
    return part.length;
}

/* Reads an instant as a statement's words would be; what is needed for it is in the arena. */
static bool read_instant(struct arena *arena, const struct drill *drill, struct text words, int64_t *instant,
                         struct failure *failure) {
    char fenced[400];
    struct drill_lines lines = {0};
    (void)snprintf(fenced, sizeof fenced, "```drill\n%.*s\n```\n", TEXT_PRINT(text_cut(words, 300)));
    if (!drill_lines_read(arena, drill->path, text_of(fenced), &lines, failure)) {
        return failure_set(failure, "\"%.*s\" is no instant", TEXT_PRINT(text_cut(words, 100)));
    }
    struct drill_cursor within = {lines.items, 0, drill->path, failure};
    return drill_take_instant(&within, &drill->clock, instant) && drill_need_end(&within);
}

/* Writes one end of a time's value with its instant spelt out: "<= 14:05" becomes "<= 2022-08-20T14:05:00+08:00". */
static bool spell_instant(struct drill *drill, const struct drill_cursor *cursor, struct text part,
                          struct buffer *out) {
    size_t at = find_instant(part);
    int64_t instant = 0;
    struct failure inner = {0};
    /* An arena of its own: on a desk a statement is read again whenever the script looks at it. */
    struct arena *arena = arena_create(INSTANT_BYTES_MAX);
    bool is_read =
        arena != NULL && read_instant(arena, drill, (struct text){part.bytes + at, part.length - at}, &instant, &inner);
    arena_destroy(arena);
    if (!is_read) {
        return drill_refuse_last(cursor, "%s", arena == NULL ? "memory is exhausted" : inner.message);
    }
    char shown[CALENDAR_INSTANT_ROOM];
    calendar_print_instant(instant, drill->clock.zone_minutes, shown);
    buffer_print(out, "%.*s%s", (int)at, part.bytes, shown);
    return true;
}

/* A time's value may be told from the start of the drill or by the time of day alone. */
static bool spell_times(struct drill *drill, const struct drill_cursor *cursor, struct text raw, struct buffer *out) {
    size_t dots = 0;
    while (dots + 1 < raw.length && (raw.bytes[dots] != '.' || raw.bytes[dots + 1] != '.')) {
        dots++;
    }
    if (text_equal(raw, TEXT("unknown")) || text_equal(raw, TEXT("不明"))) {
        buffer_append_text(out, raw);
        return true;
    }
    if (dots + 1 >= raw.length) {
        return spell_instant(drill, cursor, raw, out);
    }
    if (!spell_instant(drill, cursor, text_trim((struct text){raw.bytes, dots}), out)) {
        return false;
    }
    buffer_append_string(out, "..");
    return spell_instant(drill, cursor, text_trim((struct text){raw.bytes + dots + 2, raw.length - dots - 2}), out);
}

bool drill_read_value(struct drill *drill, struct drill_cursor *cursor, uint16_t fact, int64_t *low, int64_t *high) {
    const struct plan *plan = drill_plan_of(drill, drill->incident);
    struct failure inner = {0};
    struct text raw = {0};
    struct buffer spelt = {0};
    if (!drill_take_text(cursor, &raw)) {
        uint32_t from = cursor->at;
        while (!ends_value(cursor)) {
            cursor->at++;
        }
        raw = drill_raw(cursor, from, cursor->at);
        if (raw.length == 0) {
            return drill_refuse(cursor, "a value was expected here");
        }
    }
    if (plan->facts[fact].type == PLAN_TIME && !spell_times(drill, cursor, raw, &spelt)) {
        buffer_release(&spelt);
        return false;
    }
    struct text value = spelt.length > 0 ? buffer_text(&spelt) : raw;
    bool good = fact_value_parse(plan, fact, value, low, high, &inner);
    buffer_release(&spelt);
    return good || drill_refuse_last(cursor, "%s: %s", inner.field, inner.message);
}

/* ---- endings ---------------------------------------------------------------------------------------------- */

/* Reads what may stand behind the particulars, in any order, to the statement's end. */
static bool read_ending(struct drill *drill, struct drill_cursor *cursor, struct ending *ending) {
    *ending = (struct ending){.by = PLAN_NONE};
    while (drill_peek(cursor) != NULL) {
        if (drill_take_mark(cursor, ',')) {
            continue;
        }
        if (drill_take(cursor, DRILL_OBSERVED)) {
            ending->basis = ENGINE_OBSERVED;
        } else if (drill_take(cursor, DRILL_PREDICTED)) {
            ending->basis = ENGINE_PREDICTED;
        } else if (drill_take(cursor, DRILL_SOURCE)) {
            if (!drill_need_text(cursor, &ending->source, "who says it")) {
                return false;
            }
        } else if (drill_take(cursor, DRILL_REASON)) {
            if (!drill_need_text(cursor, &ending->reason, "the reason")) {
                return false;
            }
        } else if (drill_take(cursor, DRILL_AS_OF)) {
            ending->has_as_of = true;
            if (!drill_take_instant(cursor, &drill->clock, &ending->as_of)) {
                return false;
            }
        } else if (drill_take(cursor, DRILL_BY)) {
            if (!drill_read_party(drill, cursor, &ending->by)) {
                return false;
            }
        } else {
            return drill_need_end(cursor);
        }
    }
    return true;
}

static struct engine_event begin(const struct drill *drill, enum engine_event_kind kind, const struct ending *ending) {
    struct engine_event event = event_start(kind, drill->now, drill->incident);
    event.source = ending->source;
    event.reason = ending->reason;
    event.by = ending->by;
    if (ending->has_as_of) {
        event.as_of = ending->as_of;
    }
    if (event.source.length == 0 && ending->by != PLAN_NONE) {
        event.source = drill_plan_of(drill, drill->incident)->parties[ending->by].name;
    }
    return event;
}

/* ---- incidents -------------------------------------------------------------------------------------------- */

static bool find_handle(struct drill *drill, struct drill_cursor *cursor, uint32_t *incident) {
    struct text name = {0};
    if (!drill_need_name(cursor, &name, "the name of an incident of this drill")) {
        return false;
    }
    for (uint32_t i = 0; i < drill->handles.count; i++) {
        if (text_equal(drill->handles.items[i].name, name)) {
            *incident = drill->handles.items[i].incident;
            return true;
        }
    }
    /* A standing subject is there as soon as its plan is in force. */
    for (uint32_t number = 1; number < engine_next_incident(drill->engine); number++) {
        struct engine_incident_view view;
        if (engine_view_incident(drill->engine, number, &view) && view.plan->subjects[view.subject].standing &&
            text_equal(view.plan->subjects[view.subject].name, name)) {
            *incident = number;
            DRILL_PUSH(drill, &drill->handles, (struct drill_handle){view.plan->subjects[view.subject].name, number});
            return true;
        }
    }
    return drill_refuse_last(cursor, "the drill has opened no incident \"%.*s\"", TEXT_PRINT(text_cut(name, 100)));
}

/* The only kind of incident of a plan, where the drill names none. */
static uint16_t find_only_subject(const struct plan *plan) {
    uint16_t found = PLAN_NONE;
    for (uint32_t i = 0; i < plan->subject_count; i++) {
        if (!plan->subjects[i].standing) {
            if (found != PLAN_NONE) {
                return PLAN_NONE;
            }
            found = (uint16_t)i;
        }
    }
    return found;
}

static bool step_open(struct drill *drill, struct drill_cursor *cursor, struct failure *refusal) {
    const struct plan *plan = engine_plan_in_force(drill->engine, drill->plan->name);
    struct text handle = {0};
    struct text subject_name = {0};
    struct text title = {0};
    struct text place = {0};
    struct ending ending;
    bool has_handle = false;
    if (drill_find_keyword(cursor, &(uint32_t){0}) != DRILL_OF) {
        has_handle = drill_take_name(cursor, &handle);
    }
    uint16_t subject = find_only_subject(plan);
    if (drill_take(cursor, DRILL_OF)) {
        if (!drill_need_name(cursor, &subject_name, "the kind of incident")) {
            return false;
        }
        subject = plan_find_subject(plan, subject_name);
        if (subject == PLAN_NONE || plan->subjects[subject].standing) {
            return drill_refuse_last(cursor, "the plan has no kind of incident \"%.*s\"",
                                     TEXT_PRINT(text_cut(subject_name, 100)));
        }
    }
    if (subject == PLAN_NONE) {
        return drill_refuse(cursor, "say which kind of incident: open NAME of KIND");
    }
    bool has_title = drill_take_text(cursor, &title);
    if (drill_take(cursor, DRILL_PLACE) && !drill_need_text(cursor, &place, "where it is")) {
        return false;
    }
    if (!read_ending(drill, cursor, &ending)) {
        return false;
    }
    if (!has_title) {
        title = has_handle ? handle : plan->subjects[subject].name;
    }
    struct engine_event event = begin(drill, ENGINE_OPEN, &ending);
    uint32_t number = engine_next_incident(drill->engine);
    event.incident = 0;
    event.plan = plan;
    event.subject = subject;
    event.title = title;
    DRILL_PUSH(drill, &drill->handles, (struct drill_handle){has_handle ? handle : title, number});
    uint32_t before = drill->incident;
    drill->incident = number;
    if (!drill_accept(drill, &event, refusal)) {
        drill->handles.count--;
        drill->incident = before;
        return !drill->failure->set;
    }
    return place.length == 0 || drill->stage == NULL ||
           drill->stage->place(drill->stage->context, number, drill->now, place, drill->failure);
}

static bool step_use(struct drill *drill, struct drill_cursor *cursor, struct failure *refusal) {
    (void)refusal;
    return find_handle(drill, cursor, &drill->incident) && drill_need_end(cursor);
}

static bool step_merge(struct drill *drill, struct drill_cursor *cursor, struct failure *refusal) {
    uint32_t from = 0;
    uint32_t into = 0;
    struct ending ending;
    if (!find_handle(drill, cursor, &from) || !drill_need(cursor, DRILL_INTO) || !find_handle(drill, cursor, &into) ||
        !read_ending(drill, cursor, &ending)) {
        return false;
    }
    struct engine_event event = begin(drill, ENGINE_MERGE, &ending);
    event.incident = from;
    event.other = into;
    if (drill_accept(drill, &event, refusal)) {
        drill->incident = into;
    }
    return !drill->failure->set;
}

/* split, move and close are about the present incident unless one is named. */
static bool step_incident(struct drill *drill, struct drill_cursor *cursor, enum engine_event_kind kind,
                          struct failure *refusal) {
    uint32_t incident = drill->incident;
    struct ending ending;
    const struct drill_token *token = drill_peek(cursor);
    uint32_t taken = 0;
    bool is_named = token != NULL && (token->kind == DRILL_QUOTED ||
                                      (token->kind == DRILL_WORD && drill_find_keyword(cursor, &taken) == 0));
    if (is_named && !find_handle(drill, cursor, &incident)) {
        return false;
    }
    if (!read_ending(drill, cursor, &ending)) {
        return false;
    }
    struct engine_event event = begin(drill, kind, &ending);
    event.incident = incident;
    (void)drill_accept(drill, &event, refusal);
    return !drill->failure->set;
}

static bool step_adopt(struct drill *drill, struct drill_cursor *cursor, struct failure *refusal) {
    (void)refusal;
    struct text pack = {0};
    struct text version = {0};
    if (!drill_need_text(cursor, &pack, "the pack's file")) {
        return false;
    }
    if (drill_take(cursor, DRILL_VERSION) && !drill_need_text(cursor, &version, "the pack's version")) {
        return false;
    }
    return drill_need_end(cursor) && drill_adopt(drill, cursor, pack, version);
}

/* ---- facts ------------------------------------------------------------------------------------------------ */

static bool read_day(struct drill *drill, struct drill_cursor *cursor, int32_t *day) {
    struct text word = {0};
    struct failure inner = {0};
    (void)drill;
    if (!drill_need_name(cursor, &word, "a date such as 2022-08-20")) {
        return false;
    }
    return calendar_parse_date(word, day, &inner) || drill_refuse_last(cursor, "%s", inner.message);
}

static bool is_past(const struct drill *drill, uint16_t fact, int64_t low, int64_t high, struct failure *refusal) {
    struct engine_incident_view incident = {.first_report_at = INT64_MAX};
    (void)engine_view_incident(drill->engine, drill->incident, &incident);
    switch (fact_value_judge_time(&drill_plan_of(drill, drill->incident)->facts[fact], low, high, drill->now,
                                  incident.first_report_at)) {
    case FACT_TIME_FUTURE:
        return failure_say(refusal, "this time lies in the future", "这个时间不能晚于现在");
    case FACT_TIME_AFTER_REPORT:
        return failure_say(refusal, "this time lies after the first report, when it had begun already",
                           "这个时间不能晚于首次接报，那时已经发生");
    case FACT_TIME_FINE:
        break;
    }
    return true;
}

static bool step_report(struct drill *drill, struct drill_cursor *cursor, struct failure *refusal) {
    const struct plan *plan = drill_plan_of(drill, drill->incident);
    struct ending ending;
    uint16_t fact = PLAN_NONE;
    int64_t low = 0;
    int64_t high = 0;
    int32_t day = calendar_find_day(drill->now, drill->clock.zone_minutes);
    if (!read_fact(drill, cursor, &fact)) {
        return false;
    }
    if (drill_take(cursor, DRILL_ON) && !read_day(drill, cursor, &day)) {
        return false;
    }
    if (!drill_need_mark(cursor, '=') || !drill_read_value(drill, cursor, fact, &low, &high) ||
        !read_ending(drill, cursor, &ending)) {
        return false;
    }
    struct engine_event event = begin(drill, ENGINE_REPORT, &ending);
    event.fact = fact;
    event.low = low;
    event.high = high;
    event.basis = ending.basis;
    event.day = plan->facts[fact].type == PLAN_SERIES ? day : 0;
    if (is_past(drill, fact, low, high, refusal)) {
        (void)drill_accept(drill, &event, refusal);
    }
    return !drill->failure->set;
}

/* "series FACT DATE = VALUE, VALUE, - , VALUE [predicted] …": one report a day; "-" leaves a day out. */
static bool step_series(struct drill *drill, struct drill_cursor *cursor, struct failure *refusal) {
    const struct plan *plan = drill_plan_of(drill, drill->incident);
    int64_t values[DRILL_NAMES_MAX][2] = {{0}};
    bool is_given[DRILL_NAMES_MAX] = {false};
    uint32_t count = 0;
    uint16_t fact = PLAN_NONE;
    int32_t day = 0;
    struct ending ending;
    if (!read_fact(drill, cursor, &fact)) {
        return false;
    }
    if (plan->facts[fact].type != PLAN_SERIES) {
        return drill_refuse_last(cursor, "this fact has no value for each day");
    }
    (void)drill_take(cursor, DRILL_ON);
    if (!read_day(drill, cursor, &day) || !drill_need_mark(cursor, '=')) {
        return false;
    }
    do {
        const struct drill_token *token = drill_peek(cursor);
        if (count == DRILL_NAMES_MAX) {
            return drill_refuse(cursor, "this list is too long");
        }
        is_given[count] = token == NULL || !text_equals_string(token->text, "-");
        cursor->at += is_given[count] ? 0 : 1;
        if (is_given[count] && !drill_read_value(drill, cursor, fact, &values[count][0], &values[count][1])) {
            return false;
        }
        count++;
    } while (drill_take_mark(cursor, ','));
    if (!read_ending(drill, cursor, &ending)) {
        return false;
    }
    for (uint32_t i = 0; i < count && !refusal->set; i++) {
        struct engine_event event = begin(drill, ENGINE_REPORT, &ending);
        event.fact = fact;
        event.low = values[i][0];
        event.high = values[i][1];
        event.basis = ending.basis;
        event.day = day + (int32_t)i;
        if (is_given[i]) {
            (void)drill_accept(drill, &event, refusal);
        }
    }
    return !drill->failure->set;
}

/* The newest claim of a fact that still stands, of this basis and day where they are given. */
static uint32_t find_claim(const struct drill *drill, uint16_t fact, enum engine_basis basis, bool has_day,
                           int32_t day) {
    struct engine_incident_view incident;
    if (!engine_view_incident(drill->engine, drill->incident, &incident)) {
        return 0;
    }
    for (uint32_t number = incident.claim_count; number >= 1; number--) {
        struct engine_claim_view claim;
        if (engine_view_claim(drill->engine, drill->incident, number, &claim) && claim.fact == fact &&
            !claim.corrected && !claim.withdrawn && (basis == ENGINE_UNQUALIFIED || claim.basis == basis) &&
            (!has_day || claim.day == day)) {
            return number;
        }
    }
    return 0;
}

/* correct FACT [on DATE] = VALUE [predicted] …; withdraw FACT [on DATE] [predicted] … */
static bool step_strike(struct drill *drill, struct drill_cursor *cursor, enum engine_event_kind kind,
                        struct failure *refusal) {
    struct ending ending;
    uint16_t fact = PLAN_NONE;
    int64_t low = 0;
    int64_t high = 0;
    int32_t day = 0;
    if (!read_fact(drill, cursor, &fact)) {
        return false;
    }
    uint32_t name_at = cursor->at;
    bool has_day = drill_take(cursor, DRILL_ON);
    if (has_day && !read_day(drill, cursor, &day)) {
        return false;
    }
    if (kind == ENGINE_CORRECT &&
        (!drill_need_mark(cursor, '=') || !drill_read_value(drill, cursor, fact, &low, &high))) {
        return false;
    }
    if (!read_ending(drill, cursor, &ending)) {
        return false;
    }
    struct engine_event event = begin(drill, kind, &ending);
    event.claim = find_claim(drill, fact, ending.basis, has_day, day);
    event.low = low;
    event.high = high;
    if (event.claim == 0) {
        cursor->at = name_at;
        return drill_refuse_last(cursor, "nobody has reported this fact so, there is nothing to strike out");
    }
    if (kind != ENGINE_CORRECT || is_past(drill, fact, low, high, refusal)) {
        (void)drill_accept(drill, &event, refusal);
    }
    return !drill->failure->set;
}

/* ---- roles ------------------------------------------------------------------------------------------------ */

static bool step_bind(struct drill *drill, struct drill_cursor *cursor, enum engine_event_kind kind,
                      struct failure *refusal) {
    uint16_t role = PLAN_NONE;
    uint16_t units[DRILL_NAMES_MAX];
    uint32_t count = 0;
    struct ending ending;
    if (!drill_read_party(drill, cursor, &role) || !drill_need_mark(cursor, '=')) {
        return false;
    }
    do {
        if (count == DRILL_NAMES_MAX) {
            return drill_refuse(cursor, "this list is too long");
        }
        if (!drill_read_party(drill, cursor, &units[count++])) {
            return false;
        }
    } while (drill_take_mark(cursor, ','));
    if (!read_ending(drill, cursor, &ending)) {
        return false;
    }
    for (uint32_t i = 0; i < count && !refusal->set; i++) {
        struct engine_event event = begin(drill, kind, &ending);
        event.role = role;
        event.unit = units[i];
        (void)drill_accept(drill, &event, refusal);
    }
    return !drill->failure->set;
}

/* ---- orders ----------------------------------------------------------------------------------------------- */

uint16_t drill_find_orderer(const struct plan *plan, const struct plan_scale *scale, uint8_t level) {
    for (uint16_t i = 0; i < scale->orderer_count; i++) {
        const struct plan_orderer *orderer = &scale->orderers[i];
        if (!orderer->raise_only && level >= orderer->low && level <= orderer->high && orderer->parties.count > 0) {
            return plan->lists[orderer->parties.first];
        }
    }
    return PLAN_NONE;
}

static bool order(struct drill *drill, uint16_t scale, uint8_t level, const struct ending *ending,
                  enum engine_event_kind kind, struct failure *refusal) {
    const struct plan *plan = drill_plan_of(drill, drill->incident);
    struct engine_event event = begin(drill, kind, ending);
    event.scale = scale;
    event.level = kind == ENGINE_ORDER ? level : 0;
    if (event.by == PLAN_NONE) {
        event.by = drill_find_orderer(plan, &plan->scales[scale], level);
        if (event.by != PLAN_NONE && event.source.length == 0) {
            event.source = plan->parties[event.by].name;
        }
    }
    (void)drill_accept(drill, &event, refusal);
    return !drill->failure->set;
}

static bool step_order(struct drill *drill, struct drill_cursor *cursor, bool ends, struct failure *refusal) {
    uint16_t scale = PLAN_NONE;
    uint8_t level = 0;
    struct ending ending;
    if (!drill_read_scale(drill, cursor, &scale)) {
        return false;
    }
    const struct plan *plan = drill_plan_of(drill, drill->incident);
    if (!ends && !drill_read_level(drill, cursor, &plan->scales[scale], &level)) {
        return false;
    }
    return read_ending(drill, cursor, &ending) && order(drill, scale, level, &ending, ENGINE_ORDER, refusal);
}

/* accept SCALE, refuse SCALE: the proposal that is open. */
static bool step_answer(struct drill *drill, struct drill_cursor *cursor, enum engine_event_kind kind,
                        struct failure *refusal) {
    uint16_t scale = PLAN_NONE;
    struct ending ending;
    struct engine_scale_view state;
    struct engine_proposal_view proposal = {0};
    if (!drill_read_scale(drill, cursor, &scale) || !read_ending(drill, cursor, &ending)) {
        return false;
    }
    if (!engine_view_scale(drill->engine, drill->incident, scale, &state) ||
        !engine_view_proposal(drill->engine, drill->incident, state.proposal, &proposal)) {
        (void)failure_say(refusal, "no proposal is open", "没有待决的建议");
        return true;
    }
    return order(drill, scale, proposal.to, &ending, kind, refusal);
}

/* ---- duties ----------------------------------------------------------------------------------------------- */

static bool accept_item(struct drill *drill, enum engine_event_kind kind, enum engine_item_kind item_kind,
                        uint32_t item, const struct ending *ending, struct failure *refusal) {
    struct engine_event event = begin(drill, kind, ending);
    struct engine_duty_view duty;
    const struct plan *plan = drill_plan_of(drill, drill->incident);
    bool is_plain = kind == ENGINE_NOTIFY || kind == ENGINE_ACKNOWLEDGE;
    event.item_kind = is_plain ? item_kind : ENGINE_ITEM_DUTY;
    event.item = item;
    if (event.by == PLAN_NONE && item_kind == ENGINE_ITEM_DUTY &&
        engine_view_duty(drill->engine, drill->incident, item, &duty) && duty.bearer < plan->party_count) {
        event.by = duty.bearer;
        event.source = event.source.length == 0 ? plan->parties[duty.bearer].name : event.source;
    }
    return drill_accept(drill, &event, refusal);
}

/* Instances that the statement can be about: those still owed, else all (the engine then says why not). */
static uint32_t keep_owed(const struct drill *drill, uint32_t *numbers, uint32_t count) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct engine_duty_view duty;
        if (engine_view_duty(drill->engine, drill->incident, numbers[i], &duty) && duty.status == ENGINE_OWED) {
            numbers[kept++] = numbers[i];
        }
    }
    return kept > 0 ? kept : count;
}

/* acknowledge proposal SCALE, acknowledge finding KIND */
static bool step_acknowledge_other(struct drill *drill, struct drill_cursor *cursor, struct failure *refusal) {
    struct engine_incident_view incident;
    struct engine_scale_view state = {0};
    struct ending ending;
    uint16_t scale = PLAN_NONE;
    if (drill_take(cursor, DRILL_PROPOSAL)) {
        if (!drill_read_scale(drill, cursor, &scale) || !read_ending(drill, cursor, &ending)) {
            return false;
        }
        (void)engine_view_scale(drill->engine, drill->incident, scale, &state);
        (void)accept_item(drill, ENGINE_ACKNOWLEDGE, ENGINE_ITEM_PROPOSAL, state.proposal, &ending, refusal);
        return !drill->failure->set;
    }
    (void)drill_take(cursor, DRILL_FINDING);
    if (!read_ending(drill, cursor, &ending)) {
        return false;
    }
    (void)engine_view_incident(drill->engine, drill->incident, &incident);
    for (uint32_t number = 1; number <= incident.finding_count && !refusal->set; number++) {
        struct engine_finding_view finding;
        if (engine_view_finding(drill->engine, drill->incident, number, &finding) &&
            finding.closed_at == ENGINE_NEVER) {
            (void)accept_item(drill, ENGINE_ACKNOWLEDGE, ENGINE_ITEM_FINDING, number, &ending, refusal);
        }
    }
    return !drill->failure->set;
}

/* Puts a statement off to a later time: "prove X to Y at 30 min". True in *is_put_off when that was so. */
static bool put_off(struct drill *drill, struct drill_cursor *cursor, bool *is_put_off,
                    const struct drill_pattern *pattern, bool is_proof) {
    int64_t at = 0;
    *is_put_off = drill_take(cursor, DRILL_AT);
    if (!*is_put_off) {
        return true;
    }
    if (!drill_take_instant(cursor, &drill->clock, &at)) {
        return false;
    }
    if (at < drill->now) {
        return drill_refuse_last(cursor, "this instant has passed already");
    }
    *is_put_off = at > drill->now;
    if (!*is_put_off) {
        return true;
    }
    if (is_proof) {
        struct text duty = drill_plan_of(drill, drill->incident)->duties[pattern->duty].name;
        DRILL_PUSH(drill, &drill->exemptions, (struct drill_exemption){duty, pattern->bearer, pattern->recipient});
    }
    DRILL_PUSH(drill, &drill->pending,
               (struct drill_pending){.at = at, .line = cursor->line, .line_incident = drill->incident});
    return true;
}

static bool step_duty(struct drill *drill, struct drill_cursor *cursor, enum engine_event_kind kind,
                      struct failure *refusal) {
    uint32_t numbers[DRILL_MATCHES_MAX];
    struct drill_pattern pattern;
    struct ending ending;
    bool is_put_off = false;
    if (!drill_read_pattern(drill, cursor, &pattern)) {
        return false;
    }
    if (!put_off(drill, cursor, &is_put_off, &pattern, kind == ENGINE_DONE) || !read_ending(drill, cursor, &ending)) {
        return false;
    }
    if (is_put_off) {
        return true;
    }
    uint32_t count = keep_owed(drill, numbers, drill_find_duties(drill, &pattern, numbers));
    if (count == 0) {
        (void)failure_say(refusal, "there is no such duty now", "此时没有这项职责");
        return true;
    }
    for (uint32_t i = 0; i < count && !refusal->set; i++) {
        (void)accept_item(drill, kind, ENGINE_ITEM_DUTY, numbers[i], &ending, refusal);
    }
    return !drill->failure->set;
}

static bool step_acknowledge(struct drill *drill, struct drill_cursor *cursor, struct failure *refusal) {
    uint32_t taken = 0;
    enum drill_keyword next = drill_find_keyword(cursor, &taken);
    if (next == DRILL_PROPOSAL || next == DRILL_FINDING) {
        return step_acknowledge_other(drill, cursor, refusal);
    }
    return step_duty(drill, cursor, ENGINE_ACKNOWLEDGE, refusal);
}

/* decide NAME yes|no */
static bool step_decide(struct drill *drill, struct drill_cursor *cursor, struct failure *refusal) {
    uint32_t numbers[DRILL_MATCHES_MAX];
    struct drill_pattern pattern;
    struct ending ending;
    struct text word = {0};
    if (!drill_read_pattern(drill, cursor, &pattern) || !drill_need_name(cursor, &word, "yes or no")) {
        return false;
    }
    bool is_yes = text_equal(word, TEXT("yes")) || text_equal(word, TEXT("是"));
    if (!is_yes && !text_equal(word, TEXT("no")) && !text_equal(word, TEXT("否"))) {
        return drill_refuse_last(cursor, "yes or no (是, 否) was expected here");
    }
    if (!read_ending(drill, cursor, &ending)) {
        return false;
    }
    uint32_t count = keep_owed(drill, numbers, drill_find_duties(drill, &pattern, numbers));
    if (count == 0) {
        (void)failure_say(refusal, "there is nothing to decide now", "此时没有这项待决事项");
    }
    for (uint32_t i = 0; i < count && !refusal->set; i++) {
        (void)accept_item(drill, is_yes ? ENGINE_DONE : ENGINE_DECLINE, ENGINE_ITEM_DUTY, numbers[i], &ending, refusal);
    }
    return !drill->failure->set;
}

/* ---- dispatch --------------------------------------------------------------------------------------------- */

static bool needs_incident(enum drill_keyword verb) {
    return (verb >= DRILL_REPORT && verb <= DRILL_BREACH) || verb == DRILL_DECIDE || verb == DRILL_EXPECT;
}

/* Takes the statement behind its first word. `refusal` is set when the engine does not take it. */
static bool take_verb(struct drill *drill, struct drill_cursor *cursor, enum drill_keyword verb,
                      struct failure *refusal) {
    switch (verb) {
    case DRILL_USE:
        return step_use(drill, cursor, refusal);
    case DRILL_OPEN:
        return step_open(drill, cursor, refusal);
    case DRILL_REPORT:
        return step_report(drill, cursor, refusal);
    case DRILL_CORRECT:
        return step_strike(drill, cursor, ENGINE_CORRECT, refusal);
    case DRILL_WITHDRAW:
        return step_strike(drill, cursor, ENGINE_WITHDRAW, refusal);
    case DRILL_SERIES:
        return step_series(drill, cursor, refusal);
    case DRILL_BIND:
        return step_bind(drill, cursor, ENGINE_BIND, refusal);
    case DRILL_UNBIND:
        return step_bind(drill, cursor, ENGINE_UNBIND, refusal);
    case DRILL_ORDER:
        return step_order(drill, cursor, false, refusal);
    case DRILL_END:
        return step_order(drill, cursor, true, refusal);
    case DRILL_ACCEPT:
        return step_answer(drill, cursor, ENGINE_ORDER, refusal);
    case DRILL_REFUSE:
        return step_answer(drill, cursor, ENGINE_REFUSE, refusal);
    case DRILL_NOTIFY:
        return step_duty(drill, cursor, ENGINE_NOTIFY, refusal);
    case DRILL_ACKNOWLEDGE:
        return step_acknowledge(drill, cursor, refusal);
    case DRILL_PROVE:
    case DRILL_TAKE:
        return step_duty(drill, cursor, ENGINE_DONE, refusal);
    case DRILL_DECLINE:
        return step_duty(drill, cursor, ENGINE_DECLINE, refusal);
    case DRILL_BREACH:
        return step_duty(drill, cursor, ENGINE_BREACH, refusal);
    case DRILL_DECIDE:
        return step_decide(drill, cursor, refusal);
    case DRILL_MERGE:
        return step_merge(drill, cursor, refusal);
    case DRILL_SPLIT:
        return step_incident(drill, cursor, ENGINE_SPLIT, refusal);
    case DRILL_MOVE:
        return step_incident(drill, cursor, ENGINE_MOVE, refusal);
    case DRILL_CLOSE:
        return step_incident(drill, cursor, ENGINE_CLOSE, refusal);
    case DRILL_ADOPT:
        return step_adopt(drill, cursor, refusal);
    default:
        break;
    }
    cursor->at--;
    return drill_refuse(cursor, "\"%s\" begins no statement here", drill_keyword_name(verb));
}

/* Finds the word that a statement begins with. */
static bool read_verb(const struct drill *drill, struct drill_cursor *cursor, enum drill_keyword *verb) {
    uint32_t taken = 0;
    *verb = drill_find_keyword(cursor, &taken);
    if (*verb == DRILL_NO_KEYWORD) {
        struct text word = drill_peek(cursor)->raw;
        struct text nearest = drill_suggest_verb(word);
        if (nearest.length > 0) {
            return drill_refuse(cursor, "\"%.*s\" begins no statement; did you mean \"%.*s\"?",
                                TEXT_PRINT(text_cut(word, 60)), TEXT_PRINT(nearest));
        }
        return drill_refuse(cursor, "\"%.*s\" begins no statement; docs/drills.md lists what does",
                            TEXT_PRINT(text_cut(word, 60)));
    }
    if (needs_incident(*verb) && drill->incident == 0 && drill->stage == NULL) {
        return drill_refuse(cursor, "open an incident first, or say which one is meant (use NAME)");
    }
    cursor->at += taken;
    return true;
}

/* A step that must be refused: the judgement says why it was, or that it was not. */
static bool take_rejected(struct drill *drill, struct drill_cursor *cursor, const struct drill_line *line) {
    enum drill_keyword verb = DRILL_NO_KEYWORD;
    struct failure refusal = {.chinese = show_is_chinese(drill->plan)};
    (void)drill_take_mark(cursor, ':');
    if (drill_peek(cursor) == NULL) {
        return drill_refuse(cursor, "the statement that must be refused is missing");
    }
    if (!read_verb(drill, cursor, &verb)) {
        return false;
    }
    if (verb == DRILL_ADOPT || verb == DRILL_USE) {
        return drill_refuse_last(cursor, "this cannot be refused");
    }
    if (!take_verb(drill, cursor, verb, &refusal)) {
        return false;
    }
    drill_judge(drill, line, refusal.set,
                refusal.set ? drill_keep(drill, text_of(refusal.message))
                            : text_of(drill_say(drill, "it was taken", "未被拒绝")));
    return true;
}

static bool is_told(enum drill_keyword verb) {
    return verb != DRILL_USE;
}

/* The instant of `at …`, `after …`. */
static bool read_moment(struct drill *drill, struct drill_cursor *cursor, enum drill_keyword verb, int64_t *at) {
    int64_t until = 0;
    if (verb == DRILL_AFTER) {
        if (!drill_take_duration(cursor, &until)) {
            return false;
        }
        until += *at;
    } else if (!drill_take_instant(cursor, &drill->clock, &until)) {
        return false;
    }
    if (until < *at) {
        return drill_refuse_last(cursor, "time does not run back: this lies before the step above");
    }
    (void)drill_take_mark(cursor, ':');
    *at = until;
    return true;
}

bool drill_find_moment(struct drill *drill, const struct drill_line *line, int64_t from, int64_t *at,
                       struct drill_line *rest) {
    struct drill_cursor cursor = {line, 0, drill->path, drill->failure};
    enum drill_keyword verb = DRILL_NO_KEYWORD;
    *at = from;
    while (drill_peek(&cursor) != NULL) {
        uint32_t before = cursor.at;
        if (!read_verb(drill, &cursor, &verb)) {
            return false;
        }
        if (verb != DRILL_AT && verb != DRILL_AFTER) {
            cursor.at = before;
            break;
        }
        if (!read_moment(drill, &cursor, verb, at)) {
            return false;
        }
    }
    *rest = (struct drill_line){line->tokens + cursor.at, line->count - cursor.at, line->line};
    return true;
}

static bool take_settled(struct drill *drill, struct drill_cursor *cursor, enum drill_keyword verb,
                         const struct drill_line *line) {
    struct failure refusal = {.chinese = show_is_chinese(drill->plan)};
    switch (verb) {
    case DRILL_PEOPLE:
        return drill_people_settle(drill, cursor);
    case DRILL_SILENT:
        return drill_people_silence(drill, cursor);
    case DRILL_NEVER:
        return drill_people_exempt(drill, cursor);
    case DRILL_EXPECT:
        return drill_expect(drill, cursor);
    case DRILL_REJECTED:
        return take_rejected(drill, cursor, line);
    case DRILL_NOTE: {
        struct text note = {0};
        if (!drill_need_text(cursor, &note, "what is to be said") || !drill_need_end(cursor)) {
            return false;
        }
        drill_tell_statement(drill, line);
        return true;
    }
    default:
        break;
    }
    if (is_told(verb)) {
        drill_tell_statement(drill, line);
    }
    if (!take_verb(drill, cursor, verb, &refusal)) {
        return false;
    }
    if (refusal.set) {
        drill_judge(drill, line, false, drill_keep(drill, text_of(refusal.message)));
    }
    return true;
}

bool drill_take_now(struct drill *drill, const struct drill_line *line) {
    struct drill_cursor cursor = {line, 0, drill->path, drill->failure};
    enum drill_keyword verb = DRILL_NO_KEYWORD;
    return read_verb(drill, &cursor, &verb) &&
           ((drill->stage != NULL && drill_live_leaves(drill, verb, line)) || take_settled(drill, &cursor, verb, line));
}

bool drill_take_statement(struct drill *drill, const struct drill_line *line) {
    int64_t at = 0;
    struct drill_line *rest = arena_allocate(drill->arena, sizeof *rest);
    if (rest == NULL) {
        return failure_set(drill->failure, "memory is exhausted");
    }
    if (!drill_find_moment(drill, line, drill->now, &at, rest)) {
        return false;
    }
    bool has_moment = rest->count < line->count;
    return (!has_moment || drill_pass(drill, at)) && (rest->count == 0 || drill_take_now(drill, rest));
}
