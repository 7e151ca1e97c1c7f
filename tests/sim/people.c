#include "people.h"

#include "run/event_codec.h"

#include <inttypes.h>
#include <string.h>

#define MINUTE (INT64_C(60) * 1000000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define INCIDENTS_OPEN_MAX 5

const char *const people_plan_names[2] = {"Flood", "森林火灾"};

static const char *const NAMES[] = {"Li Lei", "值班员王芳",           "sensor-7",       "a \"caller\" with \\ marks",
                                    "",       "line\nbreak\tand tab", "０１２３　全角", "x"};
static const char *const REASONS[] = {"",    "the road is cut", "现场研判", "photo 17", "\x01 control", "because", "  ",
                                      "wind"};

static struct text pick(struct chance *chance, const char *const *from, uint32_t count) {
    return text_of(from[chance_below(chance, count)]);
}

static struct text pick_name(struct chance *chance) {
    return pick(chance, NAMES, sizeof NAMES / sizeof NAMES[0]);
}

static struct text pick_reason(struct chance *chance) {
    return chance_percent(chance, 60) ? TEXT("so the office judges")
                                      : pick(chance, REASONS, sizeof REASONS / sizeof REASONS[0]);
}

/* When something was: mostly now, often a little while ago, sometimes long ago, always the same few moments, so that
 * claims of one moment meet. */
static int64_t pick_as_of(struct chance *chance, int64_t now) {
    switch (chance_below(chance, 10)) {
    case 0:
        return now - chance_magnitude(chance, 3 * DAY);
    case 1:
    case 2:
        return now - chance_magnitude(chance, 2 * HOUR);
    case 3:
    case 4:
        return now - (now % HOUR + HOUR) % HOUR - HOUR * chance_below(chance, 3);
    default:
        return now;
    }
}

/* ---- facts ------------------------------------------------------------------------------------------------ */

/* A number at which some condition of the plan turns, or one beside it; a small one where there is none. */
static int64_t pick_bound(struct chance *chance, const struct plan *plan, uint16_t fact) {
    int64_t bounds[64];
    uint32_t count = 0;
    for (uint32_t i = 0; i < plan->node_count && count < 64; i++) {
        const struct plan_node *node = &plan->nodes[i];
        if (node->kind != PLAN_AT_LEAST && node->kind != PLAN_AT_MOST) {
            continue;
        }
        for (uint16_t k = 0; k < node->facts.count && count < 64; k++) {
            if (plan->lists[node->facts.first + k] == fact) {
                bounds[count++] = node->bound;
            }
        }
    }
    if (count == 0 || chance_percent(chance, 25)) {
        return chance_below(chance, 4);
    }
    int64_t bound = bounds[chance_below(chance, count)];
    return chance_percent(chance, 15) ? bound * 2 : bound + chance_between(chance, -1, 1);
}

static int64_t clamp(int64_t value, int64_t low, int64_t high) {
    return value < low ? low : value > high ? high : value;
}

static void say_quantity(struct chance *chance, const struct plan *plan, uint16_t fact, struct engine_event *event) {
    int64_t low = plan->facts[fact].low;
    int64_t high = plan->facts[fact].high;
    event->low = clamp(pick_bound(chance, plan, fact), low, high);
    event->high = event->low;
    if (chance_percent(chance, 25)) {
        int64_t other = clamp(pick_bound(chance, plan, fact), low, high);
        event->low = other < event->low ? other : event->low;
        event->high = other > event->high ? other : event->high;
    }
    if (chance_percent(chance, 6)) {
        event->high = high;
    }
    if (chance_percent(chance, 4)) {
        event->low = low;
    }
}

/* A beginning so long ago that a running duration is at, or just before, a number that matters. */
static void say_instant(struct chance *chance, const struct plan *plan, uint16_t fact, struct engine_event *event) {
    int64_t ago = chance_magnitude(chance, 12 * HOUR);
    for (uint32_t i = 0; i < plan->fact_count; i++) {
        if (plan->facts[i].from == fact && chance_percent(chance, 60)) {
            int64_t bound = pick_bound(chance, plan, (uint16_t)i);
            ago = bound > 0 && bound < 4 * DAY ? bound - chance_magnitude(chance, HOUR) + 1 : ago;
        }
    }
    event->low = event->at - ago;
    event->high = event->low;
    if (chance_percent(chance, 25)) {
        event->high += chance_magnitude(chance, HOUR);
    }
}

static void say_day(struct chance *chance, const struct plan *plan, uint16_t fact, struct engine_event *event) {
    int32_t today = calendar_find_day(event->at, plan->zone_minutes);
    int32_t distance = (int32_t)chance_below(chance, 5) - 2;
    event->day = today + (chance_percent(chance, 5) ? distance * 20 : distance);
    event->basis = distance > 0 ? ENGINE_PREDICTED : ENGINE_OBSERVED;
    event->low = chance_below(chance, plan->facts[fact].choice_count);
    event->high = chance_percent(chance, 85) ? event->low : plan->facts[fact].choice_count - 1;
}

static void say_value(struct chance *chance, const struct plan *plan, uint16_t fact, struct engine_event *event) {
    switch (plan->facts[fact].type) {
    case PLAN_QUANTITY:
        say_quantity(chance, plan, fact, event);
        break;
    case PLAN_FLAG:
        event->low = chance_percent(chance, 55);
        event->high = chance_percent(chance, 92) ? event->low : 1;
        break;
    case PLAN_TIME:
        say_instant(chance, plan, fact, event);
        break;
    case PLAN_CHOICE:
        event->low = INT64_C(1) << chance_below(chance, plan->facts[fact].choice_count);
        event->low |=
            chance_percent(chance, 20) ? INT64_C(1) << chance_below(chance, plan->facts[fact].choice_count) : 0;
        break;
    case PLAN_SERIES:
        say_day(chance, plan, fact, event);
        break;
    }
}

static bool report(struct chance *chance, const struct engine_incident_view *view, struct engine_event *event) {
    const struct plan_subject *subject = &view->plan->subjects[view->subject];
    event->fact = subject->facts[chance_below(chance, subject->fact_count)];
    const struct plan_fact *fact = &view->plan->facts[event->fact];
    if (fact->from != PLAN_NONE) { /* it runs by itself: say when it began instead */
        event->fact = fact->from;
        fact = &view->plan->facts[event->fact];
    }
    static const uint8_t bases[] = {20, 60, 20};
    event->basis = (enum engine_basis)chance_weigh(chance, bases, 3);
    if (event->basis == ENGINE_PREDICTED && !fact->predictable) {
        event->basis = ENGINE_OBSERVED;
    }
    event->as_of = pick_as_of(chance, event->at);
    say_value(chance, view->plan, event->fact, event);
    return true;
}

/* A correction or a withdrawal of any claim, the latest ones sooner than old ones. */
static bool retract(struct chance *chance, const struct engine *engine, const struct engine_incident_view *view,
                    struct engine_event *event) {
    struct engine_claim_view claim;
    if (view->claim_count == 0) {
        return false;
    }
    uint32_t back = (uint32_t)chance_magnitude(chance, view->claim_count) - 1;
    event->claim = view->claim_count - back;
    if (!engine_view_claim(engine, view->number, event->claim, &claim) || claim.fact >= view->plan->fact_count) {
        return false;
    }
    if (event->kind == ENGINE_CORRECT) {
        say_value(chance, view->plan, claim.fact, event);
        event->day = 0;
        event->basis = ENGINE_UNQUALIFIED;
        event->as_of = chance_percent(chance, 30) ? pick_as_of(chance, event->at) : 0;
    }
    return true;
}

/* ---- roles and orders ------------------------------------------------------------------------------------- */

static bool bind(struct chance *chance, const struct engine *engine, const struct engine_incident_view *view,
                 struct engine_event *event) {
    const struct plan *plan = view->plan;
    if (event->kind == ENGINE_UNBIND) {
        return view->binding_count > 0 &&
               engine_view_binding(engine, view->number, chance_below(chance, view->binding_count), &event->role,
                                   &event->unit);
    }
    uint16_t start = (uint16_t)chance_below(chance, plan->party_count);
    for (uint32_t i = 0; i < plan->party_count; i++) {
        uint16_t party = (uint16_t)((start + i) % plan->party_count);
        if (plan->parties[party].kind == PLAN_ROLE) {
            event->role = party;
            break;
        }
    }
    for (int tries = 0; tries < 50; tries++) {
        event->unit = (uint16_t)chance_below(chance, plan->party_count);
        if (plan->parties[event->unit].kind == PLAN_UNIT) {
            return true;
        }
    }
    return true;
}

static bool pick_scale(struct chance *chance, const struct engine_incident_view *view, struct engine_event *event) {
    const struct plan_subject *subject = &view->plan->subjects[view->subject];
    if (subject->scale_count == 0) {
        return false;
    }
    for (int tries = 0; tries < 8; tries++) {
        event->scale = subject->scales[chance_below(chance, subject->scale_count)];
        if (view->plan->scales[event->scale].ordered) {
            return true;
        }
    }
    return true;
}

/* An order or a refusal, mostly as proposed and by an office that may. */
static bool decide(struct chance *chance, const struct engine *engine, const struct engine_incident_view *view,
                   struct engine_event *event) {
    struct engine_scale_view state;
    struct engine_proposal_view proposal;
    if (!pick_scale(chance, view, event) || !engine_view_scale(engine, view->number, event->scale, &state)) {
        return false;
    }
    const struct plan_scale *scale = &view->plan->scales[event->scale];
    event->reason = pick_reason(chance);
    if (event->kind == ENGINE_ORDER) {
        bool proposed = state.proposal != 0 && engine_view_proposal(engine, view->number, state.proposal, &proposal);
        event->level = proposed && chance_percent(chance, 65) ? proposal.to
                                                              : (uint8_t)chance_below(chance, scale->level_count + 1U);
    }
    if (scale->orderer_count == 0 || chance_percent(chance, 10)) {
        event->by = (uint16_t)chance_below(chance, view->plan->party_count);
        return true;
    }
    const struct plan_orderer *orderer = &scale->orderers[chance_below(chance, scale->orderer_count)];
    event->by = view->plan->lists[orderer->parties.first + chance_below(chance, orderer->parties.count)];
    return true;
}

static bool reconsider(struct chance *chance, const struct engine_incident_view *view, struct engine_event *event) {
    event->reason = pick_reason(chance);
    return pick_scale(chance, view, event);
}

/* ---- duties ----------------------------------------------------------------------------------------------- */

static bool fits(const struct plan *plan, const struct engine_duty_view *duty, enum engine_event_kind kind) {
    if (duty->status != ENGINE_OWED || duty->duty == PLAN_NONE) {
        return false;
    }
    enum plan_duty_kind of = plan->duties[duty->duty].kind;
    switch (kind) {
    case ENGINE_BREACH:
        return of == PLAN_FORBID;
    case ENGINE_DECLINE:
        return of == PLAN_OPTION || of == PLAN_DECISION;
    case ENGINE_DONE:
        return of == PLAN_DUTY || of == PLAN_OPTION || of == PLAN_DECISION;
    default:
        return true;
    }
}

static bool act_on_duty(struct chance *chance, const struct engine *engine, const struct engine_incident_view *view,
                        struct engine_event *event) {
    uint32_t start = chance_below(chance, view->duty_count);
    for (uint32_t i = 0; i < view->duty_count; i++) {
        struct engine_duty_view duty;
        event->item = (start + i) % view->duty_count + 1;
        if (engine_view_duty(engine, view->number, event->item, &duty) &&
            (fits(view->plan, &duty, event->kind) || chance_percent(chance, 1))) {
            event->item_kind = ENGINE_ITEM_DUTY;
            event->as_of = event->kind == ENGINE_DONE || event->kind == ENGINE_DECLINE || event->kind == ENGINE_BREACH
                               ? pick_as_of(chance, event->at)
                               : event->as_of;
            event->reason = event->as_of != 0 ? pick_reason(chance) : event->reason;
            return true;
        }
    }
    return false;
}

static bool answer(struct chance *chance, const struct engine *engine, const struct engine_incident_view *view,
                   struct engine_event *event) {
    uint32_t drawn = chance_below(chance, 10);
    if (drawn < 7) {
        return act_on_duty(chance, engine, view, event);
    }
    event->item_kind = drawn < 9 ? ENGINE_ITEM_PROPOSAL : ENGINE_ITEM_FINDING;
    uint32_t count = event->item_kind == ENGINE_ITEM_PROPOSAL ? view->proposal_count : view->finding_count;
    event->item = count - chance_below(chance, count < 3 ? count : 3);
    return count > 0;
}

/* ---- incidents -------------------------------------------------------------------------------------------- */

static uint32_t count_open(const struct engine *engine) {
    uint32_t count = 0;
    for (uint32_t i = 1; i < engine_next_incident(engine); i++) {
        struct engine_incident_view view;
        count += engine_view_incident(engine, i, &view) && view.status == ENGINE_OPENED;
    }
    return count;
}

bool people_open(struct chance *chance, const struct engine *engine, int64_t now, struct engine_event *event) {
    uint32_t start = chance_below(chance, 2);
    for (uint32_t i = 0; i < 2; i++) {
        const struct plan *plan = engine_plan_in_force(engine, text_of(people_plan_names[(start + i) % 2]));
        if (plan == NULL) {
            continue;
        }
        *event = event_start(ENGINE_OPEN, now, 0);
        event->plan = plan;
        event->subject = (uint16_t)chance_below(chance, plan->subject_count);
        if (plan->subjects[event->subject].standing) {
            event->subject = 0;
        }
        event->as_of = pick_as_of(chance, now);
        event->title = pick_name(chance);
        event->source = pick_name(chance);
        return true;
    }
    return false;
}

static bool merge(struct chance *chance, const struct engine *engine, const struct engine_incident_view *view,
                  struct engine_event *event) {
    for (int tries = 0; tries < 20; tries++) {
        struct engine_incident_view other;
        event->other = chance_below(chance, engine_next_incident(engine) - 1) + 1;
        if (event->other != view->number && engine_view_incident(engine, event->other, &other) &&
            other.status == ENGINE_OPENED && other.plan == view->plan && other.subject == view->subject) {
            return true;
        }
    }
    return chance_percent(chance, 10);
}

static bool fill(struct chance *chance, const struct engine *engine, const struct engine_incident_view *view,
                 struct engine_event *event) {
    switch (event->kind) {
    case ENGINE_REPORT:
        return report(chance, view, event);
    case ENGINE_CORRECT:
    case ENGINE_WITHDRAW:
        return retract(chance, engine, view, event);
    case ENGINE_BIND:
    case ENGINE_UNBIND:
        return bind(chance, engine, view, event);
    case ENGINE_ORDER:
    case ENGINE_REFUSE:
        return decide(chance, engine, view, event);
    case ENGINE_NOTIFY:
    case ENGINE_ACKNOWLEDGE:
        return answer(chance, engine, view, event);
    case ENGINE_DONE:
    case ENGINE_DECLINE:
    case ENGINE_BREACH:
        return view->duty_count > 0 && act_on_duty(chance, engine, view, event);
    case ENGINE_MERGE:
        return merge(chance, engine, view, event);
    case ENGINE_CLOSE:
    case ENGINE_REOPEN:
        event->reason = pick_reason(chance);
        return true;
    case ENGINE_RECONSIDER:
        return reconsider(chance, view, event);
    default:
        return true;
    }
}

bool people_act(struct chance *chance, const struct engine *engine, int64_t now, struct engine_event *event) {
    static const uint8_t weights[ENGINE_EVENT_KINDS] = {
        [ENGINE_TIME] = 4,     [ENGINE_OPEN] = 3,   [ENGINE_REPORT] = 40,     [ENGINE_CORRECT] = 7,
        [ENGINE_WITHDRAW] = 5, [ENGINE_BIND] = 5,   [ENGINE_UNBIND] = 2,      [ENGINE_ORDER] = 10,
        [ENGINE_REFUSE] = 3,   [ENGINE_NOTIFY] = 5, [ENGINE_ACKNOWLEDGE] = 8, [ENGINE_DONE] = 10,
        [ENGINE_DECLINE] = 2,  [ENGINE_BREACH] = 1, [ENGINE_MERGE] = 2,       [ENGINE_SPLIT] = 3,
        [ENGINE_MOVE] = 2,     [ENGINE_CLOSE] = 1,  [ENGINE_REOPEN] = 2,      [ENGINE_RECONSIDER] = 2};
    enum engine_event_kind kind = (enum engine_event_kind)chance_weigh(chance, weights, ENGINE_EVENT_KINDS);
    uint32_t incidents = engine_next_incident(engine) - 1;
    struct engine_incident_view view;
    if (kind == ENGINE_OPEN) {
        return count_open(engine) < INCIDENTS_OPEN_MAX && people_open(chance, engine, now, event);
    }
    *event = event_start(kind, now, 0);
    if (kind == ENGINE_TIME) {
        return true;
    }
    for (int tries = 0; tries < 10 && incidents > 0; tries++) {
        event->incident = chance_below(chance, incidents) + 1;
        if (engine_view_incident(engine, event->incident, &view) &&
            (view.status == ENGINE_OPENED) == (kind != ENGINE_SPLIT && kind != ENGINE_REOPEN)) {
            event->source = pick_name(chance);
            return fill(chance, engine, &view, event);
        }
    }
    return false;
}

/* ---- garbage ---------------------------------------------------------------------------------------------- */

static int64_t pick_extreme(struct chance *chance) {
    static const int64_t extremes[] = {INT64_MIN,         INT64_MAX,        -1,   0, 1, INT64_MIN / 4,
                                       INT64_MAX / 4 - 1, INT64_C(1) << 40, -1000};
    return chance_percent(chance, 70) ? extremes[chance_below(chance, sizeof extremes / sizeof extremes[0])]
                                      : (int64_t)chance_draw(chance);
}

void people_spoil(struct chance *chance, struct engine_event *event) {
    static const struct text broken[] = {TEXT_INITIAL("\xff\xfe"), TEXT_INITIAL("nul\0in"), TEXT_INITIAL("\xe4\xb8")};
    uint32_t count = 1 + chance_below(chance, 2);
    for (uint32_t i = 0; i < count; i++) {
        uint16_t small = chance_percent(chance, 50) ? UINT16_MAX : (uint16_t)chance_draw(chance);
        uint32_t large = chance_percent(chance, 50) ? UINT32_MAX : chance_below(chance, 40);
        switch (chance_below(chance, 17)) {
        case 0:
            event->kind = (enum engine_event_kind)chance_below(chance, ENGINE_EVENT_KINDS + 3U);
            break;
        case 1:
            event->at = chance_percent(chance, 50) ? event->at - chance_magnitude(chance, DAY) : pick_extreme(chance);
            break;
        case 2:
            event->as_of = chance_percent(chance, 50) ? event->at + 1 : pick_extreme(chance);
            break;
        case 3:
            event->incident = large;
            break;
        case 4:
            event->fact = small;
            break;
        case 5:
            event->low = pick_extreme(chance);
            break;
        case 6:
            event->high = pick_extreme(chance);
            break;
        case 7:
            event->claim = large;
            break;
        case 8:
            event->role = small;
            break;
        case 9:
            event->unit = small;
            break;
        case 10:
            event->scale = small;
            break;
        case 11:
            event->level = (uint8_t)chance_draw(chance);
            break;
        case 12:
            event->by = small;
            break;
        case 13:
            event->item = large;
            event->item_kind = (enum engine_item_kind)chance_below(chance, 5);
            break;
        case 14:
            event->other = large;
            event->subject = small;
            break;
        case 15:
            event->basis = (enum engine_basis)chance_below(chance, 5);
            event->day = (int32_t)pick_extreme(chance);
            break;
        default:
            event->source = broken[chance_below(chance, 3)];
            event->reason = broken[chance_below(chance, 3)];
            event->title = event->source;
            break;
        }
    }
}

/* ---- in words --------------------------------------------------------------------------------------------- */

static void describe_time(int64_t instant, struct buffer *out) {
    char text[CALENDAR_INSTANT_ROOM];
    calendar_print_instant(instant, 480, text);
    buffer_print(out, "%s", text);
}

void people_describe(const struct engine *engine, const struct engine_event *event, struct buffer *out) {
    struct engine_incident_view view;
    bool known = engine_view_incident(engine, event->incident, &view);
    bool garbled = event->kind >= ENGINE_EVENT_KINDS;
    describe_time(event->at, out);
    buffer_print(out, " (%" PRId64 ") %.*s", event->at,
                 TEXT_PRINT(garbled ? TEXT("garbled") : event_kind_name(event->kind)));
    buffer_print(out, " incident %" PRIu32, event->incident);
    switch (event->kind) {
    case ENGINE_REPORT:
    case ENGINE_CORRECT:
    case ENGINE_WITHDRAW:
        if (event->kind == ENGINE_REPORT && known && event->fact < view.plan->fact_count) {
            buffer_print(out, " %.*s", TEXT_PRINT(view.plan->facts[event->fact].name));
        }
        buffer_print(out, " claim %" PRIu32 " value %" PRId64 "..%" PRId64 " basis %d day %d as_of %+" PRId64 " us",
                     event->claim, event->low, event->high, (int)event->basis, event->day,
                     (int64_t)((uint64_t)event->as_of - (uint64_t)event->at));
        break;
    case ENGINE_BIND:
    case ENGINE_UNBIND:
        buffer_print(out, " role %u unit %u", event->role, event->unit);
        break;
    case ENGINE_ORDER:
    case ENGINE_REFUSE:
    case ENGINE_RECONSIDER:
        buffer_print(out, " scale %u level %u by %u%s", event->scale, event->level, event->by,
                     event->reason.length > 0 ? " with a reason" : "");
        break;
    case ENGINE_NOTIFY:
    case ENGINE_ACKNOWLEDGE:
    case ENGINE_DONE:
    case ENGINE_DECLINE:
    case ENGINE_BREACH:
        buffer_print(out, " item %d/%" PRIu32, (int)event->item_kind, event->item);
        break;
    case ENGINE_MERGE:
        buffer_print(out, " into %" PRIu32, event->other);
        break;
    default:
        break;
    }
}
