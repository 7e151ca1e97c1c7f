#include "play.h"

#include "base/calendar.h"
#include "invariants.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define WORDS_MAX 24
#define WORD_ROOM 160
#define REASON_ROOM ((size_t)WORDS_MAX * WORD_ROOM)

#define FAIL(...)                                                                                                      \
    do {                                                                                                               \
        print_error("%s, line %d: ", play->name, play->line);                                                          \
        print_error(__VA_ARGS__);                                                                                      \
        print_error("\n");                                                                                             \
        fail();                                                                                                        \
        abort(); /* not reached; for the analyzer */                                                                   \
    } while (0)

/* One line of a story, cut into words. */
struct line {
    char words[WORDS_MAX][WORD_ROOM];
    size_t count;
};

int64_t play_start_instant(void) {
    int64_t instant = 0;
    assert_true(calendar_parse_instant(TEXT("2022-08-20T00:00+08:00"), 480, &instant, NULL));
    return instant;
}

/* ---- plans ------------------------------------------------------------------------------------------------ */

struct plan *play_compile(const char *statements, uint32_t version) {
    struct buffer text = {0};
    struct plan_messages messages = {0};
    buffer_print(&text, "# T\n\n```plan\nplan T { version \"%u\" zone +08:00 }\n%s\n```\n", version, statements);
    struct plan *plan = plan_compile(TEXT("pack"), buffer_text(&text), &messages);
    if (plan == NULL) {
        print_error("line %u: %.*s\n%s\n", messages.items[0].line - 4, (int)messages.items[0].text.length,
                    messages.items[0].text.bytes, statements);
        fail();
    }
    plan_messages_release(&messages);
    buffer_release(&text);
    return plan;
}

static void keep_output(void *context, const struct engine_output *output) {
    struct play *play = context;
    if (play->output_count == PLAY_OUTPUTS_MAX) {
        FAIL("more consequences than a story can have");
    }
    play->outputs[play->output_count++] = *output;
}

bool play_step(struct play *play, const struct engine_event *event) {
    play->failure = (struct failure){0};
    bool taken = engine_step(play->engine, event, keep_output, play, &play->failure);
    char where[256];
    (void)snprintf(where, sizeof where, "%s, line %d", play->name, play->line);
    invariants_check(play->engine, where);
    return taken;
}

static struct engine_event start_event(struct play *play, enum engine_event_kind kind) {
    return (struct engine_event){.kind = kind,
                                 .at = play->now,
                                 .as_of = kind == ENGINE_CORRECT ? 0 : play->now,
                                 .sequence = play->sequence + 1,
                                 .incident = play->incident,
                                 .source = TEXT("somebody"),
                                 .by = PLAN_NONE};
}

static void adopt(struct play *play) {
    if (play->adopted == play->plan_count) {
        FAIL("the story has no further pack");
    }
    struct engine_event event = start_event(play, ENGINE_ADOPT);
    event.plan = play->plans[play->adopted];
    event.incident = 0;
    if (!play_step(play, &event)) {
        FAIL("not adopted: %s: %s", play->failure.field, play->failure.message);
    }
    play->adopted++;
    play->sequence++;
}

void play_begin(struct play *play, const struct play_case *of) {
    *play = (struct play){.name = of->name, .now = play_start_instant(), .incident = 1};
    play->engine = engine_create();
    play->outputs = calloc(PLAY_OUTPUTS_MAX, sizeof *play->outputs);
    assert_true(play->engine != NULL && play->outputs != NULL);
    for (uint32_t i = 0; i < PLAY_PACKS_MAX && of->packs[i] != NULL; i++) {
        play->plans[play->plan_count++] = play_compile(of->packs[i], i + 1);
    }
    adopt(play);
}

void play_end(struct play *play) {
    engine_destroy(play->engine);
    for (uint32_t i = 0; i < play->plan_count; i++) {
        plan_destroy(play->plans[i]);
    }
    free(play->outputs);
}

/* ---- reading words ---------------------------------------------------------------------------------------- */

static void cut_line(struct play *play, const char *from, const char *end, struct line *line) {
    line->count = 0;
    while (from < end) {
        if (*from == ' ') {
            from++;
            continue;
        }
        bool quoted = *from == '"';
        from += quoted ? 1 : 0;
        size_t length = 0;
        if (line->count == WORDS_MAX) {
            FAIL("too many words");
        }
        while (from < end && *from != (quoted ? '"' : ' ') && length + 1 < WORD_ROOM) {
            line->words[line->count][length++] = *from++;
        }
        from += quoted ? 1 : 0;
        line->words[line->count++][length] = '\0';
    }
}

static const char *word(struct play *play, const struct line *line, size_t index) {
    if (index >= line->count) {
        FAIL("a word is missing");
    }
    return line->words[index];
}

/* Index of a word from `first` on, or the count when it does not stand there. */
static size_t find_word(const struct line *line, size_t first, const char *sought) {
    size_t at = first;
    while (at < line->count && strcmp(line->words[at], sought) != 0) {
        at++;
    }
    return at;
}

static bool has_word(const struct line *line, size_t first, const char *sought) {
    return find_word(line, first, sought) < line->count;
}

static bool read_span(const char *text, int64_t *value) {
    static const struct {
        const char *name;
        int64_t us;
    } units[] = {{"us", 1},
                 {"min", CALENDAR_US_PER_MINUTE},
                 {"s", CALENDAR_US_PER_SECOND},
                 {"h", CALENDAR_US_PER_HOUR},
                 {"d", CALENDAR_US_PER_DAY}};
    *value = 0;
    while (*text != '\0') {
        int64_t sign = *text == '-' ? -1 : 1;
        text += *text == '-' || *text == '+' ? 1 : 0;
        char *rest = NULL;
        int64_t number = strtoll(text, &rest, 10);
        if (rest == text) {
            return false;
        }
        size_t i = 0;
        while (i < COUNT_OF(units) && strncmp(rest, units[i].name, strlen(units[i].name)) != 0) {
            i++;
        }
        if (i == COUNT_OF(units) && (number != 0 || *rest != '\0')) {
            return false;
        }
        text = rest + (i == COUNT_OF(units) ? 0 : strlen(units[i].name));
        *value += i == COUNT_OF(units) ? 0 : sign * number * units[i].us;
    }
    return true;
}

static int64_t read_offset(struct play *play, const char *text) {
    int64_t span = 0;
    if (!read_span(text, &span)) {
        FAIL("`%s` is no offset", text);
    }
    return play_start_instant() + span;
}

static int64_t read_clock(struct play *play, const char *text) {
    return strcmp(text, "never") == 0 ? ENGINE_NEVER : read_offset(play, text);
}

static uint32_t read_number(struct play *play, const char *text) {
    char *rest = NULL;
    unsigned long number = strtoul(text, &rest, 10);
    if (rest == text || *rest != '\0') {
        FAIL("`%s` is no number", text);
    }
    return (uint32_t)number;
}

static const struct plan *plan_of(struct play *play) {
    struct engine_incident_view view;
    if (!engine_view_incident(play->engine, play->incident, &view)) {
        return play->plans[play->adopted - 1];
    }
    return view.plan;
}

static uint16_t read_party(struct play *play, const char *name) {
    if (strcmp(name, "-") == 0) {
        return PLAN_NONE;
    }
    uint16_t party = plan_find_party(plan_of(play), text_of(name));
    if (party == PLAN_NONE) {
        FAIL("no party `%s`", name);
    }
    return party;
}

static uint16_t read_scale(struct play *play, const char *name) {
    uint16_t scale = plan_find_scale(plan_of(play), text_of(name));
    if (scale == PLAN_NONE) {
        FAIL("no scale `%s`", name);
    }
    return scale;
}

static uint8_t read_level(struct play *play, uint16_t scale, const char *name) {
    uint8_t level = plan_find_level(&plan_of(play)->scales[scale], text_of(name));
    if (level == 0 && strcmp(name, "none") != 0) {
        FAIL("no level `%s`", name);
    }
    return level;
}

static const struct plan_fact *read_fact(struct play *play, const char *name, uint16_t *index) {
    *index = plan_find_fact(plan_of(play), text_of(name));
    if (*index == PLAN_NONE) {
        FAIL("no fact `%s`", name);
    }
    return &plan_of(play)->facts[*index];
}

static int64_t read_single(struct play *play, const struct plan_fact *fact, const char *text) {
    int64_t value = 0;
    if (fact->type == PLAN_FLAG && (strcmp(text, "yes") == 0 || strcmp(text, "no") == 0)) {
        return strcmp(text, "yes") == 0 ? 1 : 0;
    }
    if (fact->type == PLAN_SERIES) {
        return plan_find_choice(fact, text_of(text));
    }
    if (fact->type == PLAN_TIME) {
        return read_offset(play, text);
    }
    if (fact->type == PLAN_QUANTITY && fact->dimension == QUANTITY_DURATION) {
        if (!read_span(text, &value)) {
            FAIL("`%s` is no length of time", text);
        }
        return value;
    }
    return read_number(play, text);
}

static void read_value(struct play *play, const struct plan_fact *fact, const char *text, int64_t *low, int64_t *high) {
    *low = fact->low;
    *high = fact->high;
    if (fact->type == PLAN_CHOICE) {
        *high = 0;
        *low = strcmp(text, "unknown") == 0 ? (INT64_C(1) << fact->choice_count) - 1 : 0;
        for (const char *at = text; *low == 0 || at != text; at++) {
            const char *end = strchr(at, '|');
            size_t length = end == NULL ? strlen(at) : (size_t)(end - at);
            int choice = plan_find_choice(fact, (struct text){at, length});
            if (choice < 0) {
                FAIL("no value `%s`", at);
            }
            *low |= INT64_C(1) << choice;
            if (end == NULL) {
                break;
            }
            at = end;
        }
        return;
    }
    const char *dots = strstr(text, "..");
    if (strcmp(text, "unknown") == 0) {
        return;
    }
    if (dots == NULL) {
        *low = *high = read_single(play, fact, text);
        return;
    }
    char first[WORD_ROOM];
    (void)snprintf(first, sizeof first, "%.*s", (int)(dots - text), text);
    *low = first[0] == '\0' ? fact->low : read_single(play, fact, first);
    *high = dots[2] == '\0' ? fact->high : read_single(play, fact, dots + 2);
}

/* ---- events ----------------------------------------------------------------------------------------------- */

static void read_item(struct play *play, const struct line *line, size_t first, struct engine_event *event) {
    const char *kind = word(play, line, first + 1);
    event->item_kind = strcmp(kind, "duty") == 0       ? ENGINE_ITEM_DUTY
                       : strcmp(kind, "proposal") == 0 ? ENGINE_ITEM_PROPOSAL
                                                       : ENGINE_ITEM_FINDING;
    event->item = read_number(play, word(play, line, first + 2));
}

static void read_report(struct play *play, const struct line *line, size_t first, struct engine_event *event) {
    const struct plan_fact *fact = read_fact(play, word(play, line, first + 1), &event->fact);
    read_value(play, fact, word(play, line, first + 2), &event->low, &event->high);
    event->basis = has_word(line, first, "observed")    ? ENGINE_OBSERVED
                   : has_word(line, first, "predicted") ? ENGINE_PREDICTED
                                                        : ENGINE_UNQUALIFIED;
    size_t day = find_word(line, first, "day");
    if (day < line->count) {
        event->day =
            calendar_find_day(play_start_instant(), 480) + (int32_t)strtol(word(play, line, day + 1), NULL, 10);
    }
}

static void read_correction(struct play *play, const struct line *line, size_t first, struct engine_event *event) {
    struct engine_claim_view claim;
    event->claim = read_number(play, word(play, line, first + 1));
    if (engine_view_claim(play->engine, play->incident, event->claim, &claim)) {
        read_value(play, &plan_of(play)->facts[claim.fact], word(play, line, first + 2), &event->low, &event->high);
    }
}

/* What may stand at the end of any event. */
static void read_tail(struct play *play, const struct line *line, size_t first, struct engine_event *event,
                      char reason[REASON_ROOM]) {
    size_t as_of = find_word(line, first, "as-of");
    size_t by = find_word(line, first, "by");
    size_t because = find_word(line, first, "because");
    if (as_of < line->count) {
        event->as_of = read_offset(play, word(play, line, as_of + 1));
    }
    if (by < line->count) {
        event->by = read_party(play, word(play, line, by + 1));
    }
    reason[0] = '\0';
    size_t length = 0;
    for (size_t i = because + 1; i < line->count; i++) {
        int more = snprintf(reason + length, REASON_ROOM - length, "%s%s", length == 0 ? "" : " ", line->words[i]);
        length += more > 0 ? (size_t)more : 0;
    }
    event->reason = (struct text){reason, length};
}

static bool read_event(struct play *play, const struct line *line, size_t first, struct engine_event *event) {
    static const struct {
        const char *name;
        enum engine_event_kind kind;
    } kinds[] = {
        {"open", ENGINE_OPEN},
        {"say", ENGINE_REPORT},
        {"correct", ENGINE_CORRECT},
        {"order", ENGINE_ORDER},
        {"withdraw", ENGINE_WITHDRAW},
        {"refuse", ENGINE_REFUSE},
        {"bind", ENGINE_BIND},
        {"unbind", ENGINE_UNBIND},
        {"notify", ENGINE_NOTIFY},
        {"ack", ENGINE_ACKNOWLEDGE},
        {"done", ENGINE_DONE},
        {"decline", ENGINE_DECLINE},
        {"breach", ENGINE_BREACH},
        {"merge", ENGINE_MERGE},
        {"split", ENGINE_SPLIT},
        {"move", ENGINE_MOVE},
        {"close", ENGINE_CLOSE},
        {"reopen", ENGINE_REOPEN},
        {"reconsider", ENGINE_RECONSIDER},
        {"time", ENGINE_TIME},
    };
    const char *verb = word(play, line, first);
    size_t i = 0;
    while (i < COUNT_OF(kinds) && strcmp(kinds[i].name, verb) != 0) {
        i++;
    }
    if (i == COUNT_OF(kinds)) {
        return false;
    }
    *event = start_event(play, kinds[i].kind);
    switch (event->kind) {
    case ENGINE_OPEN:
        event->plan = play->plans[play->adopted - 1];
        event->subject = plan_find_subject(event->plan, text_of(word(play, line, first + 1)));
        event->title = TEXT("A fire");
        break;
    case ENGINE_REPORT:
        read_report(play, line, first, event);
        break;
    case ENGINE_CORRECT:
        read_correction(play, line, first, event);
        break;
    case ENGINE_WITHDRAW:
        event->claim = read_number(play, word(play, line, first + 1));
        break;
    case ENGINE_ORDER:
        event->scale = read_scale(play, word(play, line, first + 1));
        event->level = read_level(play, event->scale, word(play, line, first + 2));
        break;
    case ENGINE_REFUSE:
    case ENGINE_RECONSIDER:
        event->scale = read_scale(play, word(play, line, first + 1));
        break;
    case ENGINE_BIND:
    case ENGINE_UNBIND:
        event->role = read_party(play, word(play, line, first + 1));
        event->unit = read_party(play, word(play, line, first + 2));
        break;
    case ENGINE_NOTIFY:
    case ENGINE_ACKNOWLEDGE:
        read_item(play, line, first, event);
        break;
    case ENGINE_DONE:
    case ENGINE_DECLINE:
    case ENGINE_BREACH:
        event->item = read_number(play, word(play, line, first + 1));
        break;
    case ENGINE_MERGE:
        event->incident = read_number(play, word(play, line, first + 1));
        event->other = read_number(play, word(play, line, first + 3));
        break;
    case ENGINE_SPLIT:
    case ENGINE_MOVE:
    case ENGINE_CLOSE:
    case ENGINE_REOPEN:
        event->incident = read_number(play, word(play, line, first + 1));
        break;
    default:
        break;
    }
    return true;
}

static void tell_event(struct play *play, const struct line *line, size_t first) {
    static char reason[REASON_ROOM];
    struct engine_event event;
    bool refused = strcmp(word(play, line, first), "refused") == 0;
    size_t at = refused ? first + 3 : first;
    if (!read_event(play, line, at, &event)) {
        FAIL("`%s` is no event", line->words[at]);
    }
    read_tail(play, line, at, &event, reason);
    bool taken = play_step(play, &event);
    if (!refused && !taken) {
        FAIL("refused: %s: %s", play->failure.field, play->failure.message);
    }
    if (refused && taken) {
        FAIL("taken, but it should have been refused");
    }
    if (refused && (strcmp(play->failure.field, word(play, line, first + 1)) != 0 ||
                    strstr(play->failure.message, word(play, line, first + 2)) == NULL)) {
        FAIL("refused for another reason: %s: %s", play->failure.field, play->failure.message);
    }
    if (taken) {
        play->sequence++;
    }
    if (taken && event.kind == ENGINE_OPEN) {
        play->incident = engine_next_incident(play->engine) - 1;
    }
}

/* ---- what must hold: facts and scales --------------------------------------------------------------------- */

static void expect_belief(struct play *play, const struct line *line) {
    uint16_t fact = 0;
    int64_t low = 0;
    int64_t high = 0;
    int64_t is_low = 0;
    int64_t is_high = 0;
    const struct plan_fact *of = read_fact(play, word(play, line, 2), &fact);
    read_value(play, of, word(play, line, 3), &low, &high);
    if (!engine_view_fact(play->engine, play->incident, fact, &is_low, &is_high)) {
        FAIL("no such fact here");
    }
    if (is_low != low || is_high != high) {
        int64_t base = of->type == PLAN_TIME ? play_start_instant() : 0;
        FAIL("believed is %" PRId64 "..%" PRId64 ", expected %" PRId64 "..%" PRId64, is_low - base,
             is_high == INT64_MAX ? is_high : is_high - base, low - base, high == INT64_MAX ? high : high - base);
    }
}

/* A name as a string, in one of a few buffers that take turns. */
static const char *show(struct text name) {
    static char shown[4][WORD_ROOM];
    static size_t next = 0;
    char *out = shown[next++ % COUNT_OF(shown)];
    (void)snprintf(out, WORD_ROOM, "%.*s", TEXT_PRINT(name));
    return out;
}

static const char *level_name(const struct plan_scale *scale, uint8_t level) {
    return level == 0 ? "none" : show(scale->levels[level]);
}

static const char *party_name(struct play *play, uint16_t party) {
    return party == PLAN_NONE ? "-" : show(plan_of(play)->parties[party].name);
}

/* Compares one word that names a level. */
static void expect_level_word(struct play *play, uint16_t scale, const char *what, uint8_t is, const char *expected) {
    if (is != read_level(play, scale, expected)) {
        FAIL("%s is %s, expected %s", what, level_name(&plan_of(play)->scales[scale], is), expected);
    }
}

static void expect_scale(struct play *play, const struct line *line) {
    uint16_t scale = read_scale(play, word(play, line, 2));
    struct engine_scale_view view;
    if (!engine_view_scale(play->engine, play->incident, scale, &view)) {
        FAIL("no such scale here");
    }
    const char *what = line->words[1];
    if (strcmp(what, "level") == 0) {
        expect_level_word(play, scale, "the level", view.level, word(play, line, 3));
        if (line->count > 4) {
            expect_level_word(play, scale, "the level that may come", view.may, line->words[4]);
        }
    } else if (strcmp(what, "order") == 0) {
        expect_level_word(play, scale, "the order", view.order, word(play, line, 3));
    } else if (strcmp(what, "ended") == 0) {
        if (view.ended != (strcmp(word(play, line, 3), "yes") == 0)) {
            FAIL("ended is %d", view.ended);
        }
    } else {
        uint64_t rules = 0;
        for (const char *at = word(play, line, 3); at != NULL; at = strchr(at, ',')) {
            at += *at == ',' ? 1 : 0;
            rules |= *at == '-' ? 0 : UINT64_C(1) << strtoul(at, NULL, 10);
        }
        if (view.because != rules) {
            FAIL("because is %" PRIx64 ", expected %" PRIx64, view.because, rules);
        }
    }
}

static void expect_proposal(struct play *play, const struct line *line) {
    uint16_t scale = read_scale(play, word(play, line, 2));
    const char *kind = word(play, line, 3);
    struct engine_scale_view view;
    struct engine_proposal_view proposal = {0};
    assert_true(engine_view_scale(play->engine, play->incident, scale, &view));
    static const char *const kinds[] = {"raise", "lower", "end"};
    const char *is = "none";
    if (view.proposal != 0) {
        assert_true(engine_view_proposal(play->engine, play->incident, view.proposal, &proposal));
        is = kinds[proposal.kind];
    }
    if (strcmp(is, kind) != 0) {
        FAIL("the open proposal is %s %s, expected %s", is, level_name(&plan_of(play)->scales[scale], proposal.to),
             kind);
    }
    if (line->count > 4) {
        expect_level_word(play, scale, "what is proposed", proposal.to, line->words[4]);
    }
}

static void expect_proposal_status(struct play *play, const struct line *line) {
    static const char *const names[] = {"open", "accepted", "refused", "superseded", "lapsed"};
    struct engine_proposal_view view;
    if (!engine_view_proposal(play->engine, play->incident, read_number(play, word(play, line, 2)), &view)) {
        FAIL("no such proposal");
    }
    if (strcmp(names[view.status], word(play, line, 3)) != 0) {
        FAIL("the proposal is %s", names[view.status]);
    }
}

static void expect_last_order(struct play *play, const struct line *line) {
    struct engine_incident_view incident;
    struct engine_order_view view;
    uint16_t scale = read_scale(play, word(play, line, 2));
    assert_true(engine_view_incident(play->engine, play->incident, &incident));
    if (incident.order_count == 0 ||
        !engine_view_order(play->engine, play->incident, incident.order_count - 1, &view) || view.scale != scale) {
        FAIL("no order of this scale was the last");
    }
    expect_level_word(play, scale, "the last order", view.level, word(play, line, 3));
    const char *is = view.override ? "override" : view.by == PLAN_NONE ? "automatic" : "plain";
    if (strcmp(is, word(play, line, 4)) != 0) {
        FAIL("the last order is %s", is);
    }
}

/* ---- what must hold: duties, findings, claims -------------------------------------------------------------- */

static const char *duty_status(const struct engine_duty_view *view) {
    static const char *const lapses[] = {"cause-ended", "replaced", "absorbed", "incident-ended", "moved"};
    static const char *const statuses[] = {"owed", "done", "declined"};
    return view->status == ENGINE_LAPSED ? lapses[view->lapse] : statuses[view->status];
}

static void expect_clock(struct play *play, const struct line *line, const char *name, int64_t is) {
    size_t at = find_word(line, 3, name);
    if (at < line->count && read_clock(play, word(play, line, at + 1)) != is) {
        FAIL("%s is %" PRId64 " us after the start", name, is == ENGINE_NEVER ? -1 : is - play_start_instant());
    }
}

static void expect_party(struct play *play, const struct line *line, const char *name, uint16_t is) {
    size_t at = find_word(line, 3, name);
    if (at < line->count && read_party(play, word(play, line, at + 1)) != is) {
        FAIL("%s is %s", name, party_name(play, is));
    }
}

static void expect_duty(struct play *play, const struct line *line) {
    struct engine_duty_view view;
    if (!engine_view_duty(play->engine, play->incident, read_number(play, word(play, line, 2)), &view)) {
        FAIL("no such duty");
    }
    if (strcmp(duty_status(&view), word(play, line, 3)) != 0) {
        FAIL("the duty is %s", duty_status(&view));
    }
    if ((has_word(line, 4, "late") && !view.overdue) || (has_word(line, 4, "in-time") && view.overdue)) {
        FAIL("overdue is %d", view.overdue);
    }
    if (has_word(line, 4, "unacknowledged") && !view.unacknowledged) {
        FAIL("it is acknowledged");
    }
    expect_clock(play, line, "due", view.due_at);
    expect_clock(play, line, "at", view.done_at);
    expect_clock(play, line, "since", view.since);
    expect_party(play, line, "bearer", view.bearer);
    expect_party(play, line, "recipient", view.recipient);
    size_t parent = find_word(line, 4, "parent");
    if (parent < line->count && read_number(play, word(play, line, parent + 1)) != view.parent) {
        FAIL("its parent is %u", view.parent);
    }
}

static void expect_duties(struct play *play, const struct line *line) {
    struct engine_incident_view incident;
    uint16_t template = plan_find_duty(plan_of(play), text_of(word(play, line, 2)));
    uint32_t count = 0;
    if (template == PLAN_NONE) {
        FAIL("the plan has no duty `%s`", line->words[2]);
    }
    assert_true(engine_view_incident(play->engine, play->incident, &incident));
    for (uint32_t i = 1; i <= incident.duty_count; i++) {
        struct engine_duty_view view;
        assert_true(engine_view_duty(play->engine, play->incident, i, &view));
        count += view.duty == template && strcmp(duty_status(&view), word(play, line, 3)) == 0;
    }
    if (count != read_number(play, word(play, line, 4))) {
        FAIL("%u are %s", count, line->words[3]);
    }
}

static void expect_breaches(struct play *play, const struct line *line) {
    struct engine_duty_view view;
    if (!engine_view_duty(play->engine, play->incident, read_number(play, word(play, line, 2)), &view) ||
        view.breaches != read_number(play, word(play, line, 3))) {
        FAIL("not so");
    }
}

static void expect_finding(struct play *play, const struct line *line) {
    static const char *const kinds[] = {"unbound", "exhausted", "contradiction", "lost"};
    struct engine_finding_view view;
    if (!engine_view_finding(play->engine, play->incident, read_number(play, word(play, line, 2)), &view)) {
        FAIL("no such finding");
    }
    const char *status = view.closed_at == ENGINE_NEVER ? "open" : "closed";
    if (strcmp(kinds[view.kind], word(play, line, 3)) != 0 || strcmp(status, word(play, line, 4)) != 0) {
        FAIL("the finding is %s %s", kinds[view.kind], status);
    }
    if (has_word(line, 5, "overdue") != view.overdue) {
        FAIL("overdue is %d", view.overdue);
    }
    expect_clock(play, line, "due", view.due_at);
    expect_party(play, line, "owner", view.owner);
    size_t item = find_word(line, 5, "item");
    if (item < line->count && read_number(play, word(play, line, item + 1)) != view.item) {
        FAIL("its item is %u", view.item);
    }
}

static uint32_t count_open_findings(struct play *play) {
    struct engine_incident_view incident;
    uint32_t count = 0;
    assert_true(engine_view_incident(play->engine, play->incident, &incident));
    for (uint32_t i = 1; i <= incident.finding_count; i++) {
        struct engine_finding_view view;
        assert_true(engine_view_finding(play->engine, play->incident, i, &view));
        count += view.closed_at == ENGINE_NEVER;
    }
    return count;
}

static void expect_claim(struct play *play, const struct line *line) {
    struct engine_claim_view view;
    if (!engine_view_claim(play->engine, play->incident, read_number(play, word(play, line, 2)), &view)) {
        FAIL("no such claim");
    }
    const char *is = view.corrected ? "corrected" : view.withdrawn ? "withdrawn" : "standing";
    if (strcmp(is, word(play, line, 3)) != 0) {
        FAIL("the claim is %s", is);
    }
    expect_clock(play, line, "heard", view.heard_at);
    expect_clock(play, line, "as-of", view.as_of);
    expect_clock(play, line, "ended", view.ended_at);
    size_t replaces = find_word(line, 4, "replaces");
    if (replaces < line->count && read_number(play, word(play, line, replaces + 1)) != view.replaces) {
        FAIL("it replaces %u", view.replaces);
    }
}

/* ---- what must hold: consequences ------------------------------------------------------------------------- */

static void expect_told(struct play *play, const struct line *line) {
    static const char items[] = "dpf";
    char is[4096] = "";
    char expected[4096] = "";
    size_t length = 0;
    for (; play->told_seen < play->output_count; play->told_seen++) {
        const struct engine_output *output = &play->outputs[play->told_seen];
        if (output->kind == ENGINE_NOTICE && output->incident == play->incident && length < sizeof is - 64) {
            int more = snprintf(is + length, sizeof is - length, " %s/%c%u.%u", party_name(play, output->party),
                                items[output->item_kind], output->item, output->step);
            length += more > 0 ? (size_t)more : 0;
        }
    }
    length = 0;
    for (size_t i = 2; i < line->count; i++) {
        int more = snprintf(expected + length, sizeof expected - length, " %s", line->words[i]);
        length += more > 0 ? (size_t)more : 0;
    }
    if (strcmp(is, expected) != 0) {
        FAIL("told were%s", is);
    }
}

static void expect_told_at(struct play *play, const struct line *line) {
    uint32_t at = play->told_seen;
    while (at > 0 && play->outputs[at - 1].kind != ENGINE_NOTICE) {
        at--;
    }
    if (at == 0 || play->outputs[at - 1].due_at != read_offset(play, word(play, line, 2))) {
        FAIL("told at %" PRId64 " us after the start",
             at == 0 ? -1 : play->outputs[at - 1].due_at - play_start_instant());
    }
}

static void expect_out(struct play *play, const struct line *line) {
    static const char *const names[] = {
        "level-changed",   "order-changed",    "proposal-raised",   "proposal-acknowledged",
        "proposal-ended",  "duty-raised",      "duty-acknowledged", "duty-done",
        "duty-declined",   "duty-overdue",     "duty-lapsed",       "duty-restored",
        "duty-breached",   "notice",           "finding-raised",    "finding-closed",
        "incident-opened", "incident-merged",  "incident-split",    "incident-moved",
        "incident-closed", "incident-reopened"};
    uint32_t count = 0;
    size_t kind = 0;
    while (kind < COUNT_OF(names) && strcmp(names[kind], word(play, line, 2)) != 0) {
        kind++;
    }
    if (kind == COUNT_OF(names)) {
        FAIL("no such output");
    }
    for (uint32_t i = play->out_seen; i < play->output_count; i++) {
        count += play->outputs[i].kind == (enum engine_output_kind)kind;
    }
    if (count != read_number(play, word(play, line, 3))) {
        FAIL("%u of them", count);
    }
    play->out_line_end = play->output_count;
}

static void expect_next(struct play *play, const struct line *line) {
    int64_t next = engine_next_instant(play->engine);
    if (next != read_clock(play, word(play, line, 2))) {
        FAIL("the next instant is %" PRId64 " us after the start",
             next == ENGINE_NEVER ? -1 : next - play_start_instant());
    }
}

static void expect_incident(struct play *play, const struct line *line) {
    static const char *const statuses[] = {"opened", "merged", "closed"};
    struct engine_incident_view view;
    assert_true(engine_view_incident(play->engine, play->incident, &view));
    const char *what = line->words[1];
    bool fine = true;
    if (strcmp(what, "incident") == 0) {
        fine = strcmp(statuses[view.status], word(play, line, 2)) == 0;
    } else if (strcmp(what, "first") == 0) {
        fine = view.first_report_at == read_offset(play, word(play, line, 2));
    } else if (strcmp(what, "version") == 0) {
        fine = text_equals_string(view.plan->version, word(play, line, 2));
    } else if (strcmp(what, "claims") == 0) {
        fine = view.claim_count == read_number(play, word(play, line, 2));
    } else if (strcmp(what, "orders") == 0) {
        fine = view.order_count == read_number(play, word(play, line, 2));
    } else if (strcmp(what, "proposals") == 0) {
        fine = view.proposal_count == read_number(play, word(play, line, 2));
    } else if (strcmp(what, "findings") == 0) {
        fine = count_open_findings(play) == read_number(play, word(play, line, 2));
    } else {
        FAIL("`%s` is no expectation", what);
    }
    if (!fine) {
        FAIL("not so: claims %u, orders %u, proposals %u, open findings %u, first report %" PRId64
             " us after the start",
             view.claim_count, view.order_count, view.proposal_count, count_open_findings(play),
             view.first_report_at - play_start_instant());
    }
}

static void expect(struct play *play, const struct line *line) {
    static const struct {
        const char *name;
        void (*run)(struct play *, const struct line *);
    } all[] = {
        {"belief", expect_belief},
        {"level", expect_scale},
        {"order", expect_scale},
        {"ended", expect_scale},
        {"because", expect_scale},
        {"proposal", expect_proposal},
        {"proposal-status", expect_proposal_status},
        {"last-order", expect_last_order},
        {"duty", expect_duty},
        {"duties", expect_duties},
        {"breaches", expect_breaches},
        {"finding", expect_finding},
        {"claim", expect_claim},
        {"told", expect_told},
        {"told-at", expect_told_at},
        {"out", expect_out},
        {"next", expect_next},
    };
    const char *what = word(play, line, 1);
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        if (strcmp(all[i].name, what) == 0) {
            all[i].run(play, line);
            return;
        }
    }
    expect_incident(play, line);
}

/* ---- the story -------------------------------------------------------------------------------------------- */

static void tell_line(struct play *play, const struct line *line) {
    size_t first = 0;
    if (line->count == 0) {
        return;
    }
    if (line->words[0][0] == '@') {
        play->now = read_offset(play, line->words[0] + 1);
        first = 1;
    }
    if (first < line->count && strcmp(line->words[first], "?") == 0) {
        if (first == 1) {
            FAIL("what must hold has no clock of its own: let time pass in a line before");
        }
        expect(play, line);
        return;
    }
    play->out_seen = play->out_line_end;
    if (first == line->count) {
        struct engine_event event = start_event(play, ENGINE_TIME);
        event.incident = 0;
        if (!play_step(play, &event)) {
            FAIL("time stands still: %s", play->failure.message);
        }
    } else if (strcmp(line->words[first], "on") == 0) {
        play->incident = read_number(play, word(play, line, first + 1));
    } else if (strcmp(line->words[first], "adopt") == 0) {
        adopt(play);
    } else {
        tell_event(play, line, first);
    }
}

void play_tell(struct play *play, const char *story) {
    while (*story != '\0') {
        const char *end = strchr(story, '\n');
        struct line line;
        end = end == NULL ? story + strlen(story) : end;
        play->line++;
        cut_line(play, story, end, &line);
        tell_line(play, &line);
        story = *end == '\0' ? end : end + 1;
    }
}

static void play_one(void **state) {
    const struct play_case *of = *state;
    struct play play;
    play_begin(&play, of);
    play_tell(&play, of->story);
    play_end(&play);
}

int play_run(const char *name, const struct play_case *cases, size_t count) {
    struct CMUnitTest *tests = calloc(count, sizeof *tests);
    if (tests == NULL) {
        return 1;
    }
    for (size_t i = 0; i < count; i++) {
        union {
            const void *shown;
            void *kept;
        } state = {.shown = &cases[i]};
        tests[i] = (struct CMUnitTest){.name = cases[i].name, .test_func = play_one, .initial_state = state.kept};
    }
    int failed = _cmocka_run_group_tests(name, tests, count, NULL, NULL);
    free(tests);
    return failed;
}
