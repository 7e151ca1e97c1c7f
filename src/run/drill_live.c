/* A drill that plays beside people: what is theirs is offered to them, the rest is done. */
#include "run/drill_live.h"

#include "run/drill_state.h"
#include "run/event_codec.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES_MAX ((size_t)64 << 20)

struct offered {
    struct drill_offer offer;
    const struct drill_line *line; /* in the arena */
    uint32_t opening;              /* the offer by which its incident is opened, where that is still to be; 0 */
    enum drill_keyword verb;
    uint16_t fact; /* a report's, and its range; else PLAN_NONE. Read once: reading a time fills the arena */
    int64_t low, high;
};

struct drill_live {
    struct drill drill;
    struct drill_stage stage;
    struct drill_options options;
    struct drill_header header;
    uint32_t next;        /* the statement to be taken next */
    int64_t script_at;    /* the instant of the one before */
    uint32_t opening;     /* the offer to open the incident that statements are about; 0 */
    bool is_forced;       /* what would be left to a person is done nevertheless */
    struct failure local; /* of what is only tried */
    DRILL_ARRAY(struct offered) offers;
};

/* ---- who would do it -------------------------------------------------------------------------------------- */

bool drill_live_holds(const struct drill *drill, const struct plan *plan, uint16_t party) {
    return drill->stage != NULL && drill->stage->is_played(drill->stage->context, plan, party);
}

static bool is_order(enum drill_keyword verb) {
    return verb == DRILL_ORDER || verb == DRILL_END || verb == DRILL_ACCEPT || verb == DRILL_REFUSE;
}

static bool is_duty(enum drill_keyword verb) {
    return (verb >= DRILL_NOTIFY && verb <= DRILL_BREACH) || verb == DRILL_DECIDE;
}

/* What the duty room does with what it hears. */
static bool is_entry(enum drill_keyword verb) {
    return (verb >= DRILL_OPEN && verb <= DRILL_UNBIND) || verb == DRILL_MERGE || verb == DRILL_SPLIT ||
           verb == DRILL_MOVE || verb == DRILL_CLOSE;
}

/* A cursor behind the first word of a statement, with messages that nobody reads. */
static struct drill_cursor look_into(struct drill *drill, const struct drill_line *line) {
    struct drill_live *live = drill->live;
    live->local = (struct failure){0};
    struct drill_cursor cursor = {line, 0, drill->path, &live->local};
    uint32_t taken = 0;
    (void)drill_find_keyword(&cursor, &taken);
    cursor.at += taken;
    return cursor;
}

/* The party behind "by", or the one behind "source" where its text is a party's name; PLAN_NONE. */
static uint16_t find_named(struct drill *drill, const struct drill_line *line) {
    const struct plan *plan = drill_plan_of(drill, drill->incident);
    struct drill_cursor cursor = look_into(drill, line);
    for (; cursor.at < line->count; cursor.at++) {
        struct text name = {0};
        if ((drill_take(&cursor, DRILL_BY) && drill_take_name(&cursor, &name)) ||
            (drill_take(&cursor, DRILL_SOURCE) && drill_take_text(&cursor, &name))) {
            return plan_find_party(plan, name);
        }
    }
    return PLAN_NONE;
}

/* The party that would decide what the statement orders. */
static uint16_t find_decider(struct drill *drill, enum drill_keyword verb, const struct drill_line *line) {
    const struct plan *plan = drill_plan_of(drill, drill->incident);
    struct drill_cursor cursor = look_into(drill, line);
    struct engine_scale_view state = {0};
    struct engine_proposal_view proposal = {0};
    uint16_t scale = PLAN_NONE;
    uint8_t level = 0;
    if (!drill_read_scale(drill, &cursor, &scale)) {
        return PLAN_NONE;
    }
    if (verb == DRILL_ORDER) {
        (void)drill_read_level(drill, &cursor, &plan->scales[scale], &level);
    } else if (verb != DRILL_END && engine_view_scale(drill->engine, drill->incident, scale, &state) &&
               engine_view_proposal(drill->engine, drill->incident, state.proposal, &proposal)) {
        level = proposal.to;
    }
    return drill_find_orderer(plan, &plan->scales[scale], level);
}

/* The party that would act for the duties that the statement is about: one that a person plays, where there is one. */
static uint16_t find_bearer(struct drill *drill, const struct drill_line *line) {
    const struct plan *plan = drill_plan_of(drill, drill->incident);
    struct drill_cursor cursor = look_into(drill, line);
    struct drill_pattern pattern;
    uint32_t numbers[DRILL_MATCHES_MAX];
    uint16_t found = PLAN_NONE;
    if (!drill_read_pattern(drill, &cursor, &pattern)) {
        return PLAN_NONE;
    }
    uint32_t count = drill_find_duties(drill, &pattern, numbers);
    for (uint32_t i = 0; i < count; i++) {
        struct engine_duty_view duty;
        if (engine_view_duty(drill->engine, drill->incident, numbers[i], &duty) && duty.bearer != PLAN_NONE &&
            (found == PLAN_NONE || drill_live_holds(drill, plan, duty.bearer))) {
            found = duty.bearer;
        }
    }
    return found;
}

/* Whose the statement is; false when nobody's but the script's. PLAN_NONE: the duty room's. */
static bool find_actor(struct drill *drill, enum drill_keyword verb, const struct drill_line *line, uint16_t *party) {
    const struct plan *plan = drill_plan_of(drill, drill->incident);
    *party = find_named(drill, line);
    if (is_entry(verb)) {
        /* Who reports to the duty room plays a part too; all else that is entered is the duty room's. */
        bool is_report = verb >= DRILL_REPORT && verb <= DRILL_SERIES;
        bool is_theirs = is_report && *party != PLAN_NONE && drill_live_holds(drill, plan, *party);
        *party = is_theirs ? *party : PLAN_NONE;
        return true;
    }
    if (*party == PLAN_NONE && is_order(verb)) {
        *party = find_decider(drill, verb, line);
    } else if (*party == PLAN_NONE && is_duty(verb)) {
        *party = find_bearer(drill, line);
    }
    return *party != PLAN_NONE && (is_order(verb) || is_duty(verb));
}

/* ---- offers ----------------------------------------------------------------------------------------------- */

static struct offered *find_offer(struct drill_live *live, uint32_t number) {
    return number >= 1 && number <= live->offers.count ? &live->offers.items[number - 1] : NULL;
}

static void settle(struct drill_live *live, struct offered *offered, enum drill_outcome outcome) {
    offered->offer.outcome = outcome;
    offered->offer.settled_at = live->drill.now;
}

/* Reads what a report would say. */
static void read_report(struct drill *drill, struct offered *offered) {
    const struct plan *plan = drill_plan_of(drill, offered->offer.incident);
    struct drill_cursor cursor = look_into(drill, offered->line);
    struct text name = {0};
    offered->fact = PLAN_NONE;
    if (offered->verb != DRILL_REPORT || !drill_take_name(&cursor, &name)) {
        return;
    }
    uint16_t fact = plan_find_fact(plan, name);
    if (fact != PLAN_NONE && plan->facts[fact].type != PLAN_SERIES && drill_take_mark(&cursor, '=') &&
        drill_read_value(drill, &cursor, fact, &offered->low, &offered->high)) {
        offered->fact = fact;
    }
}

static void offer(struct drill *drill, enum drill_keyword verb, uint16_t party, const struct drill_line *line) {
    struct drill_live *live = drill->live;
    const struct plan *plan = drill_plan_of(drill, drill->incident);
    struct offered offered = {
        .offer = {.number = live->offers.count + 1,
                  .line = line->line,
                  .at = drill->now,
                  .party = party < plan->party_count ? drill_keep(drill, plan->parties[party].name) : (struct text){0},
                  .statement = drill_flatten(drill, line),
                  .incident = verb == DRILL_OPEN ? 0 : drill->incident,
                  .settled_at = ENGINE_NEVER},
        .line = line,
        .opening = verb == DRILL_OPEN ? 0 : live->opening,
        .verb = verb,
    };
    read_report(drill, &offered);
    DRILL_PUSH(drill, &live->offers, offered);
    if (verb == DRILL_OPEN) {
        live->opening = offered.offer.number;
        drill->incident = 0;
    }
}

/* Does what an offer says, whoever's it is. A refusal is told. */
static bool force(struct drill_live *live, struct offered *offered, struct failure *failure) {
    struct drill *drill = &live->drill;
    uint32_t before = drill->incident;
    uint32_t judged = drill->judgements.count;
    uint32_t number = offered->offer.number;
    drill->incident = offered->verb == DRILL_OPEN ? before : offered->offer.incident;
    live->is_forced = true;
    bool good = drill_take_now(drill, offered->line);
    live->is_forced = false;
    uint32_t opened = drill->incident;
    drill->incident = before;
    if (good && drill->judgements.count > judged) { /* it was refused: that is said at once, and it stays open */
        drill->judgements.count = judged;
        return failure_say(failure, "%.*s", "%.*s", TEXT_PRINT(drill->judgements.items[judged].actual));
    }
    offered = find_offer(live, number); /* more may have been offered meanwhile */
    if (good && offered->verb == DRILL_OPEN) {
        offered->offer.incident = opened;
    }
    return good;
}

/* By which name the drill calls the incident of an opening: as that statement gives it, else by its title, else by its kind. */
static struct text find_handle_name(struct drill *drill, const struct offered *offered, uint32_t incident) {
    struct drill_cursor cursor = look_into(drill, offered->line);
    struct engine_incident_view view;
    struct text name = {0};
    uint32_t taken = 0;
    if (drill_find_keyword(&cursor, &taken) != DRILL_OF && drill_take_name(&cursor, &name)) {
        return name;
    }
    if (drill_take(&cursor, DRILL_OF)) {
        (void)drill_take_name(&cursor, &name);
    }
    if (drill_take_text(&cursor, &name)) {
        return name;
    }
    return engine_view_incident(drill->engine, incident, &view) ? view.plan->subjects[view.subject].name : name;
}

static bool has_handle(const struct drill *drill, uint32_t incident) {
    for (uint32_t i = 0; i < drill->handles.count; i++) {
        if (drill->handles.items[i].incident == incident) {
            return true;
        }
    }
    return false;
}

/* What has been opened is what later statements are about. */
static void take_opened(struct drill_live *live, uint32_t number, uint32_t incident) {
    for (uint32_t i = 0; i < live->offers.count; i++) {
        struct offered *other = &live->offers.items[i];
        if (other->opening == number && other->offer.incident == 0) {
            other->offer.incident = incident;
        }
    }
    if (live->opening == number) {
        live->opening = 0;
        live->drill.incident = incident;
    }
}

/* The incident that a person has opened, where the script waits for one to be. */
static bool adopt_opened(struct drill_live *live, struct offered *offered) {
    struct drill *drill = &live->drill;
    for (uint32_t number = 1; number < engine_next_incident(drill->engine); number++) {
        struct engine_incident_view view;
        if (engine_view_incident(drill->engine, number, &view) && !view.plan->subjects[view.subject].standing &&
            !has_handle(drill, number) && view.opened_at >= offered->offer.at) {
            DRILL_PUSH(drill, &drill->handles, (struct drill_handle){find_handle_name(drill, offered, number), number});
            offered->offer.incident = number;
            settle(live, offered, DRILL_OFFER_DONE);
            take_opened(live, offered->offer.number, number);
            return true;
        }
    }
    return false;
}

static bool open_by_force(struct drill_live *live, uint32_t number, enum drill_outcome outcome,
                          struct failure *failure) {
    struct offered *opening = find_offer(live, number);
    if (opening == NULL || opening->offer.outcome != DRILL_OFFER_OPEN || adopt_opened(live, opening)) {
        return true;
    }
    if (!force(live, opening, failure)) {
        return false;
    }
    opening = find_offer(live, number);
    settle(live, opening, outcome);
    take_opened(live, number, opening->offer.incident);
    return true;
}

static bool needs_incident(enum drill_keyword verb) {
    return is_order(verb) || is_duty(verb) || verb == DRILL_EXPECT || verb == DRILL_USE || verb == DRILL_REJECTED ||
           (is_entry(verb) && verb != DRILL_OPEN);
}

/* What runs (for how long it has burnt) is known as of the engine's time, which the session lets stand while nothing happens. */
static void catch_up(struct drill *drill) {
    const struct engine_event event = event_start(ENGINE_TIME, drill->now, 0);
    if (engine_now(drill->engine) < drill->now) {
        (void)drill_accept(drill, &event, &drill->live->local);
    }
}

bool drill_live_leaves(struct drill *drill, enum drill_keyword verb, const struct drill_line *line) {
    struct drill_live *live = drill->live;
    const struct plan *plan = drill_plan_of(drill, drill->incident);
    uint16_t party = PLAN_NONE;
    if (live->is_forced) {
        return false;
    }
    bool is_somebodys = find_actor(drill, verb, line, &party) && drill_live_holds(drill, plan, party);
    if (is_somebodys) {
        offer(drill, verb, party, line);
        return true;
    }
    if (verb == DRILL_EXPECT || verb == DRILL_REJECTED) {
        catch_up(drill);
    }
    if (live->opening != 0 && needs_incident(verb)) {
        if (verb == DRILL_EXPECT || verb == DRILL_REJECTED) {
            drill_judge(drill, line, false, text_of(drill_say(drill, "no incident is open yet", "事件尚未开启")));
            return true;
        }
        (void)open_by_force(live, live->opening, DRILL_OFFER_STOOD_IN, &live->local);
    }
    return false;
}

/* ---- whether it is so already ----------------------------------------------------------------------------- */

static bool is_reported(const struct drill *drill, const struct offered *offered) {
    const struct plan *plan = drill_plan_of(drill, drill->incident);
    int64_t low = 0;
    int64_t high = 0;
    if (offered->fact == PLAN_NONE || !engine_view_fact(drill->engine, drill->incident, offered->fact, &low, &high)) {
        return false;
    }
    bool is_range = plan->facts[offered->fact].type != PLAN_CHOICE;
    return (low == offered->low && high == offered->high) || (is_range && low >= offered->low && high <= offered->high);
}

static bool is_ordered(struct drill *drill, enum drill_keyword verb, struct drill_cursor *cursor) {
    const struct plan *plan = drill_plan_of(drill, drill->incident);
    struct engine_scale_view state;
    uint16_t scale = PLAN_NONE;
    uint8_t level = 0;
    if (!drill_read_scale(drill, cursor, &scale) || !engine_view_scale(drill->engine, drill->incident, scale, &state)) {
        return false;
    }
    if (verb == DRILL_ACCEPT || verb == DRILL_REFUSE) {
        return state.proposal == 0;
    }
    return (verb == DRILL_END || drill_read_level(drill, cursor, &plan->scales[scale], &level)) && state.order == level;
}

static bool is_done(struct drill *drill, enum drill_keyword verb, struct drill_cursor *cursor) {
    struct drill_pattern pattern;
    uint32_t numbers[DRILL_MATCHES_MAX];
    if (!drill_read_pattern(drill, cursor, &pattern)) {
        return false;
    }
    uint32_t count = drill_find_duties(drill, &pattern, numbers);
    bool is_so = count > 0;
    for (uint32_t i = 0; i < count && is_so; i++) {
        struct engine_duty_view duty;
        is_so = engine_view_duty(drill->engine, drill->incident, numbers[i], &duty) &&
                (duty.status != ENGINE_OWED || (verb == DRILL_ACKNOWLEDGE && duty.acknowledged_at != ENGINE_NEVER) ||
                 (verb == DRILL_NOTIFY && duty.notified_at != ENGINE_NEVER));
    }
    return is_so;
}

static bool is_bound(struct drill *drill, struct drill_cursor *cursor) {
    struct engine_incident_view incident;
    uint16_t wanted = PLAN_NONE;
    uint16_t unit = PLAN_NONE;
    if (!drill_read_party(drill, cursor, &wanted) || !drill_take_mark(cursor, '=') ||
        !drill_read_party(drill, cursor, &unit) || !engine_view_incident(drill->engine, drill->incident, &incident)) {
        return false;
    }
    for (uint32_t i = 0; i < incident.binding_count; i++) {
        uint16_t role = PLAN_NONE;
        uint16_t held = PLAN_NONE;
        if (engine_view_binding(drill->engine, drill->incident, i, &role, &held) && role == wanted && held == unit) {
            return true;
        }
    }
    return false;
}

static bool is_so_already(struct drill_live *live, const struct offered *offered) {
    struct drill *drill = &live->drill;
    struct engine_incident_view incident;
    uint32_t before = drill->incident;
    bool is_so = false;
    if (!engine_view_incident(drill->engine, offered->offer.incident, &incident)) {
        return false;
    }
    drill->incident = offered->offer.incident;
    struct drill_cursor cursor = look_into(drill, offered->line);
    if (offered->verb == DRILL_REPORT) {
        is_so = is_reported(drill, offered);
    } else if (is_order(offered->verb)) {
        is_so = is_ordered(drill, offered->verb, &cursor);
    } else if (is_duty(offered->verb)) {
        is_so = is_done(drill, offered->verb, &cursor);
    } else if (offered->verb == DRILL_BIND) {
        is_so = is_bound(drill, &cursor);
    } else if (offered->verb == DRILL_CLOSE) {
        is_so = incident.status != ENGINE_OPENED;
    }
    drill->incident = before;
    return is_so;
}

static void look_after_offers(struct drill_live *live) {
    for (uint32_t i = 0; i < live->offers.count; i++) {
        struct offered *offered = &live->offers.items[i];
        if (offered->offer.outcome != DRILL_OFFER_OPEN) {
            continue;
        }
        if (offered->verb == DRILL_OPEN) {
            (void)adopt_opened(live, offered);
        } else if (is_so_already(live, offered)) {
            settle(live, offered, DRILL_OFFER_DONE);
        }
    }
}

struct text drill_live_find_title(struct text source, char *room, size_t room_size) {
    struct drill_lines lines = {0};
    struct failure ignored = {0};
    struct text title = {0};
    struct arena *arena = arena_create(ARENA_BYTES_MAX);
    if (arena != NULL && drill_lines_read(arena, "", source, &lines, &ignored)) {
        for (uint32_t i = 0; i < lines.count && title.length == 0; i++) {
            struct drill_cursor cursor = {&lines.items[i], 0, "", &ignored};
            if (drill_take(&cursor, DRILL_TITLE) && drill_take_text(&cursor, &title)) {
                title = text_cut(title, room_size);
                memcpy(room, title.bytes, title.length);
                title.bytes = room;
            }
        }
    }
    arena_destroy(arena);
    return title;
}

/* ---- playing ---------------------------------------------------------------------------------------------- */

struct drill_live *drill_live_open(const char *path, struct text source, const struct drill_stage *stage,
                                   struct failure *failure) {
    struct drill_live *live = calloc(1, sizeof *live);
    struct arena *arena = arena_create(ARENA_BYTES_MAX);
    if (live == NULL || arena == NULL) {
        free(live);
        arena_destroy(arena);
        (void)failure_say(failure, "memory is exhausted", "内存不足");
        return NULL;
    }
    live->stage = *stage;
    live->drill = (struct drill){.options = &live->options,
                                 .stage = &live->stage,
                                 .live = live,
                                 .failure = failure,
                                 .arena = arena,
                                 .timeline = json_array()};
    live->drill.path = drill_keep(&live->drill, text_of(path)).bytes;
    struct text kept = drill_keep(&live->drill, source);
    if (live->drill.is_broken || !drill_read_opening(&live->drill, kept, &live->header, &live->next)) {
        (void)failure_say(failure, "memory is exhausted", "内存不足");
        drill_live_close(live);
        return NULL;
    }
    live->drill.failure = &live->local;
    live->script_at = live->drill.clock.start;
    return live;
}

void drill_live_close(struct drill_live *live) {
    if (live != NULL) {
        drill_release(&live->drill);
        free(live->offers.items);
        free(live);
    }
}

struct text drill_live_title(const struct drill_live *live) {
    return live->drill.title;
}

struct text drill_live_plan_name(const struct drill_live *live) {
    return live->drill.plan_name;
}

int64_t drill_live_start(const struct drill_live *live) {
    return live->drill.clock.start;
}

bool drill_live_begin(struct drill_live *live, const struct engine *engine, struct failure *failure) {
    struct drill *drill = &live->drill;
    drill->failure = failure;
    drill->engine = engine;
    struct drill_cursor pack = {live->header.pack_line, live->header.pack_at, drill->path, failure};
    bool good = drill_adopt(drill, &pack, live->header.pack, live->header.version);
    drill->failure = &live->local;
    return good;
}

void drill_live_hear(void *context, const struct engine_output *output) {
    struct drill_live *live = context;
    DRILL_PUSH(&live->drill, &live->drill.outputs, *output);
}

/* The instant of the next statement and what stands behind it; ENGINE_NEVER at the end, and where it is wrong (then it is
 * taken, and says so). */
static bool find_next(struct drill_live *live, int64_t *at, struct drill_line *rest) {
    struct drill *drill = &live->drill;
    *at = ENGINE_NEVER;
    return live->next >= drill->lines.count ||
           drill_find_moment(drill, &drill->lines.items[live->next], live->script_at, at, rest);
}

int64_t drill_live_next(struct drill_live *live) {
    struct drill *drill = &live->drill;
    struct drill_line rest;
    int64_t next = ENGINE_NEVER;
    drill->failure = &live->local;
    live->local = (struct failure){0};
    if (!find_next(live, &next, &rest)) {
        return live->script_at;
    }
    for (uint32_t i = 0; i < drill->pending.count; i++) {
        next = drill->pending.items[i].at < next ? drill->pending.items[i].at : next;
    }
    return next;
}

static bool take_next(struct drill_live *live, const struct drill_line *found, int64_t at) {
    struct drill *drill = &live->drill;
    struct drill_line *rest = arena_allocate(drill->arena, sizeof *rest);
    if (rest == NULL) {
        return failure_set(drill->failure, "memory is exhausted");
    }
    *rest = *found;
    live->next++;
    live->script_at = at;
    return rest->count == 0 || drill_take_now(drill, rest);
}

bool drill_live_pass(struct drill_live *live, int64_t until, struct failure *failure) {
    struct drill *drill = &live->drill;
    struct drill_line rest;
    int64_t at = ENGINE_NEVER;
    drill->failure = failure;
    bool good = drill_digest(drill);
    while (good) {
        look_after_offers(live);
        good = find_next(live, &at, &rest);
        if (!good || at == ENGINE_NEVER || at > until) {
            break;
        }
        good = drill_pass(drill, at) && take_next(live, &rest, at);
    }
    good = good && drill_pass(drill, until);
    if (good && drill->is_broken) {
        good = failure_say(failure, "memory is exhausted", "内存不足");
    }
    look_after_offers(live);
    drill->failure = &live->local;
    return good;
}

bool drill_live_play(struct drill_live *live, uint32_t number, int64_t now, struct failure *failure) {
    struct offered *offered = find_offer(live, number);
    if (offered == NULL || offered->offer.outcome != DRILL_OFFER_OPEN) {
        return failure_say(failure, "this is not open, or was never offered", "没有这一项，或已办结");
    }
    live->local = (struct failure){0};
    live->drill.now = now;
    if (offered->verb == DRILL_OPEN) {
        return open_by_force(live, number, DRILL_OFFER_PLAYED, failure);
    }
    if (offered->offer.incident == 0 && !open_by_force(live, offered->opening, DRILL_OFFER_PLAYED, failure)) {
        return false;
    }
    if (!force(live, offered, failure)) {
        (void)failure_say(failure, "%s", "%s", live->local.message);
        return false;
    }
    settle(live, find_offer(live, number), DRILL_OFFER_PLAYED);
    return true;
}

/* ---- shown ------------------------------------------------------------------------------------------------ */

uint32_t drill_live_place(const struct drill_live *live, uint32_t *all) {
    *all = live->drill.lines.count;
    return live->next;
}

uint32_t drill_live_offer_count(const struct drill_live *live) {
    return live->offers.count;
}

const struct drill_offer *drill_live_offer(const struct drill_live *live, uint32_t index) {
    return index < live->offers.count ? &live->offers.items[index].offer : NULL;
}

uint32_t drill_live_verdict_count(const struct drill_live *live) {
    return live->drill.judgements.count;
}

struct drill_verdict drill_live_verdict(const struct drill_live *live, uint32_t index) {
    const struct drill_judgement *judgement = &live->drill.judgements.items[index];
    return (struct drill_verdict){judgement->line, judgement->at, judgement->passed, judgement->statement,
                                  judgement->actual};
}

/* ---- written and read again ------------------------------------------------------------------------------- */

static json_t *write_text(struct text text) {
    return json_stringn(text.bytes == NULL ? "" : text.bytes, text.length);
}

static json_t *write_offers(const struct drill_live *live) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < live->offers.count; i++) {
        const struct offered *offered = &live->offers.items[i];
        (void)json_array_append_new(
            list, json_pack("{s:I, s:I, s:o, s:I, s:I, s:i, s:I}", "line", (json_int_t)offered->offer.line, "at",
                            (json_int_t)offered->offer.at, "party", write_text(offered->offer.party), "incident",
                            (json_int_t)offered->offer.incident, "opening", (json_int_t)offered->opening, "outcome",
                            (int)offered->offer.outcome, "settled_at", (json_int_t)offered->offer.settled_at));
    }
    return list;
}

json_t *drill_live_write(const struct drill_live *live) {
    const struct drill *drill = &live->drill;
    json_t *handles = json_array();
    json_t *verdicts = json_array();
    for (uint32_t i = 0; i < drill->handles.count; i++) {
        (void)json_array_append_new(handles, json_pack("{s:o, s:I}", "name", write_text(drill->handles.items[i].name),
                                                       "incident", (json_int_t)drill->handles.items[i].incident));
    }
    for (uint32_t i = 0; i < drill->judgements.count; i++) {
        const struct drill_judgement *judgement = &drill->judgements.items[i];
        (void)json_array_append_new(
            verdicts, json_pack("{s:I, s:I, s:b, s:o, s:o}", "line", (json_int_t)judgement->line, "at",
                                (json_int_t)judgement->at, "passed", judgement->passed, "statement",
                                write_text(judgement->statement), "actual", write_text(judgement->actual)));
    }
    return json_pack("{s:I, s:I, s:I, s:I, s:o, s:o, s:o}", "next", (json_int_t)live->next, "script_at",
                     (json_int_t)live->script_at, "incident", (json_int_t)drill->incident, "opening",
                     (json_int_t)live->opening, "handles", handles, "offers", write_offers(live), "verdicts", verdicts);
}

static json_int_t read_number(const json_t *object, const char *name) {
    return json_integer_value(json_object_get(object, name));
}

static struct text read_text(struct drill *drill, const json_t *object, const char *name) {
    const char *text = json_string_value(json_object_get(object, name));
    return drill_keep(drill, text_of(text == NULL ? "" : text));
}

/* The statement of an offer, by its line in the file. */
static void find_statement(struct drill_live *live, struct offered *offered) {
    struct drill *drill = &live->drill;
    int64_t at = live->drill.clock.start;
    for (uint32_t i = 0; i < drill->lines.count; i++) {
        struct drill_line rest;
        uint32_t taken = 0;
        if (drill->lines.items[i].line == offered->offer.line &&
            drill_find_moment(drill, &drill->lines.items[i], at, &at, &rest)) {
            struct drill_cursor cursor = {&rest, 0, drill->path, &live->local};
            struct drill_line *kept = arena_allocate(drill->arena, sizeof *kept);
            drill->is_broken = drill->is_broken || kept == NULL;
            if (kept != NULL) {
                *kept = rest;
            }
            offered->line = kept;
            offered->verb = drill_find_keyword(&cursor, &taken);
            offered->offer.statement = drill_flatten(drill, &rest);
        }
    }
}

static void read_offers(struct drill_live *live, const json_t *list) {
    size_t index = 0;
    json_t *item = NULL;
    json_array_foreach((json_t *)list, index, item) {
        struct offered offered = {.offer = {.number = (uint32_t)index + 1,
                                            .line = (uint32_t)read_number(item, "line"),
                                            .at = read_number(item, "at"),
                                            .party = read_text(&live->drill, item, "party"),
                                            .incident = (uint32_t)read_number(item, "incident"),
                                            .outcome = (enum drill_outcome)read_number(item, "outcome"),
                                            .settled_at = read_number(item, "settled_at")},
                                  .opening = (uint32_t)read_number(item, "opening")};
        find_statement(live, &offered);
        if (offered.line != NULL) {
            read_report(&live->drill, &offered);
            DRILL_PUSH(&live->drill, &live->offers, offered);
        }
    }
}

static void read_marks(struct drill_live *live, const json_t *written) {
    struct drill *drill = &live->drill;
    size_t index = 0;
    json_t *item = NULL;
    json_array_foreach(json_object_get(written, "handles"), index, item) {
        DRILL_PUSH(drill, &drill->handles,
                   (struct drill_handle){read_text(drill, item, "name"), (uint32_t)read_number(item, "incident")});
    }
    json_array_foreach(json_object_get(written, "verdicts"), index, item) {
        DRILL_PUSH(drill, &drill->judgements,
                   (struct drill_judgement){.at = read_number(item, "at"),
                                            .line = (uint32_t)read_number(item, "line"),
                                            .passed = json_is_true(json_object_get(item, "passed")),
                                            .statement = read_text(drill, item, "statement"),
                                            .actual = read_text(drill, item, "actual")});
    }
    read_offers(live, json_object_get(written, "offers"));
}

/* How people behave stands in the file alone: what it has said of that so far is taken once more. */
static bool settle_people(struct drill_live *live, uint32_t next) {
    struct drill *drill = &live->drill;
    int64_t at = live->script_at;
    bool good = true;
    for (; live->next < next && good; live->next++) {
        struct drill_line rest;
        uint32_t taken = 0;
        good = drill_find_moment(drill, &drill->lines.items[live->next], at, &at, &rest);
        struct drill_cursor cursor = {&rest, 0, drill->path, drill->failure};
        enum drill_keyword verb = good && rest.count > 0 ? drill_find_keyword(&cursor, &taken) : DRILL_NO_KEYWORD;
        if (verb == DRILL_PEOPLE || verb == DRILL_SILENT || verb == DRILL_NEVER) {
            good = drill_take_now(drill, &rest);
        }
    }
    return good;
}

bool drill_live_resume(struct drill_live *live, const struct engine *engine, const json_t *written, int64_t now,
                       struct failure *failure) {
    struct drill *drill = &live->drill;
    uint32_t next = (uint32_t)read_number(written, "next");
    drill->failure = failure;
    drill->engine = engine;
    drill->plan = engine_plan_in_force(engine, drill->plan_name);
    drill->now = now;
    if (drill->plan == NULL || next > drill->lines.count) {
        return failure_say(failure, "the exercise's log and its drill do not fit", "演练日志与演练文件不符");
    }
    drill->outputs.count = 0;
    read_marks(live, written);
    bool good = settle_people(live, next < live->next ? live->next : next);
    live->script_at = read_number(written, "script_at");
    live->opening = (uint32_t)read_number(written, "opening");
    drill->incident = (uint32_t)read_number(written, "incident");
    drill_people_resume(drill);
    drill->failure = &live->local;
    return good;
}
