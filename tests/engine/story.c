#include "story.h"

#include "base/calendar.h"

#include <string.h>

#define COMMON                                                                                                         \
    "unit Watch @1  unit Town @1  unit City @1  unit East @1  unit West @1  unit Board @1\n"                           \
    "office Warden of Board @1  office Mayor @1\n"                                                                     \
    "group Both = Town, City @1\n"                                                                                     \
    "role Place bound by Watch within 15 min @1\n"                                                                     \
    "role Neighbours many bound by Watch within 40 min @1\n"                                                           \
    "chain Up = Warden, Place, Mayor every 10 min because \"The plan names nobody.\"\n"                                \
    "chain Short = Mayor every 25 min because \"The plan names nobody.\"\n"

const char *const STORY_PACKS[2] = {
    COMMON
    "incident Fire {\n"
    "  fact Lit: time, never after first report\n"
    "  fact Hurt: count, more is worse\n"
    "  fact Dead: count, more is worse, never falls\n"
    "  fact Burnt: area, more is worse, observed or predicted\n"
    "  fact Water: count, less is worse\n"
    "  fact Ground: one of Grass, Wood, Moor\n"
    "  fact Smoke, Out, Flaring, Gas: flag\n"
    "  fact Wind: series of Calm < Fresh < Storm, more is worse\n"
    "  derived Burning = now - Lit until Out\n"
    "}\n"
    "standing Year { fact Class: series of One < Two < Three, more is worse  fact Quiet: flag }\n"
    "scale Alarm of Fire { levels Yellow < Orange < Red @1\n"
    "  proposed by Watch @1  ordered by Board for Yellow, Orange @1  ordered by Mayor, Board @1  raised by Town @1\n"
    "  decide within 20 min chain Up  ends when Out @2  reopens when Flaring @2\n"
    "  Yellow when any @3 { Burning >= 2 h @(1)  Hurt + Dead >= 1 @(2)  Smoke and Ground in (Wood, Moor) @(3) }\n"
    "  Orange when any @4 { Burning >= 6 h @(1)  Burnt >= 2 ha @(2)  Water <= 3 and not Out @(3) }\n"
    "  Red when any @5 { Dead >= 3 @(1)  Hurt + Dead >= 8 @(2)  Wind last 2 days any >= Storm and Smoke @(3) } } @1\n"
    "scale Damage of Fire { levels Small < Large @1\n"
    "  Small when Burnt >= 1 ha @1  Large when Burnt >= 5 ha or Ground in (Moor) and Smoke @2 } @1\n"
    "scale Care of Fire { levels Low < High @1  ordered by Warden @1  automatic for Low @1\n"
    "  Low when Hurt >= 1 @1  High when Hurt >= 4 @2 } @1\n"
    "scale Warning of Year { levels Blue < Red @1  ordered by Board @1\n"
    "  Blue when Class last 3 days any >= Two @1\n"
    "  Red when Class last 2 days all >= Three and Class next 1 days all >= Two @2 } @1\n"
    "on open of Fire { duty Verify of Watch within 10 min chain Short \"V\" @1 }\n"
    "at Smoke { duty Report of Watch, Place to Both, Neighbours within 30 min acknowledge within 5 min chain Up \"R\" "
    "@1\n"
    "  duty Guard of Place continues until Out \"G\" @1  notice Danger \"D\" @1 }\n"
    "at Alarm >= Yellow { duty Lead of Town chain Short within 1 h \"L\" @1  option Help of Mayor \"H\" @1 }\n"
    "at Alarm >= Red { duty Command of City replaces Lead \"C\" @1  decision Close of Warden within 20 min chain Up "
    "\"X\" @1 }\n"
    "at Damage >= Small { forbid Flames of Neighbours \"F\" @1  duty Count of Watch every day within 3 h \"N\" @1 }\n"
    "on done of Report { duty Answer of recipient to Mayor acknowledge within 7 min chain Short \"A\" @1 }\n"
    "on done of Close { duty Barrier of Neighbours until Alarm = none \"B\" @1 }\n"
    "on open of Year { duty Drill of Watch every month chain Up \"Y\" @1  duty Plan of Watch by 2022-10-01 \"P\" @1 }\n"
    "at Warning >= Blue { duty Patrol of Town every day chain Short \"O\" @1 }\n",
    COMMON
    "unit Desk @1\n"
    "incident Fire {\n"
    "  fact Ground: one of Moor, Rock, Grass, Wood\n"
    "  fact Hurt: count, more is worse\n"
    "  fact Burnt: area, more is worse\n"
    "  fact Lit: time, never after first report\n"
    "  fact Out, Smoke, Gas: flag\n"
    "  derived Burning = now - Lit until Out\n"
    "}\n"
    "incident Flood { fact Dead: count, more is worse, never falls  fact Water: count, less is worse }\n"
    "standing Year { fact Quiet: flag  fact Class: series of None < One < Two < Three, more is worse }\n"
    "scale Alarm of Fire { levels Blue < Yellow < Orange < Red @1\n"
    "  proposed by Desk @1  ordered by Board @1  decide within 30 min chain Up\n"
    "  Blue when Smoke @1  Yellow when any @3 { Burning >= 1 h @(1)  Hurt >= 1 @(2) }\n"
    "  Orange when Burnt >= 1 ha @1  Red when Hurt >= 3 @1 } @1\n"
    "scale Care of Fire { levels Low < High @1  ordered by Warden @1\n"
    "  Low when Hurt >= 1 @1  High when Hurt >= 4 @2 } @1\n"
    "scale Warning of Year { levels Blue < Red @1  ordered by Board @1\n"
    "  Blue when Class last 1 days any >= Two @1  Red when Class last 2 days all >= Three @2 } @1\n"
    "at Smoke { duty Report of Watch, Place to Both, Mayor within 30 min acknowledge within 2 min chain Up \"R\" @1\n"
    "  duty Guard of Place \"G\" @1 }\n"
    "at Alarm >= Yellow { duty Lead of Desk chain Short within 1 h \"L\" @1 }\n"
    "on done of Report { duty Answer of recipient to Mayor chain Short \"A\" @1 }\n"
    "on open of Year { duty Drill of Watch every quarter chain Up \"Y\" @1 }\n"
    "at Warning >= Blue { duty Patrol of Desk every day chain Short \"O\" @1 }\n",
};

uint32_t story_below(uint64_t *state, uint32_t bound) {
    uint64_t mixed = (*state += UINT64_C(0x9e3779b97f4a7c15));
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return bound == 0 ? 0 : (uint32_t)((mixed ^ (mixed >> 31)) % bound);
}

static int64_t step_of_time(uint64_t *state) {
    switch (story_below(state, 12)) {
    case 0:
    case 1:
    case 2:
        return 0;
    case 3:
        return 1;
    case 4:
        return (int64_t)story_below(state, 9) * CALENDAR_US_PER_HOUR;
    case 5:
        return story_below(state, 10) == 0 ? (int64_t)story_below(state, 40) * CALENDAR_US_PER_DAY : 0;
    default:
        return (int64_t)story_below(state, 40) * CALENDAR_US_PER_MINUTE;
    }
}

static void make_value(uint64_t *state, const struct plan_fact *fact, const struct engine_event *at, int64_t *low,
                       int64_t *high) {
    if (fact->type == PLAN_CHOICE) {
        *low = 1 + story_below(state, (1U << fact->choice_count) - 1);
        *high = 0;
        return;
    }
    if (fact->type == PLAN_TIME) {
        *low = at->at - (int64_t)story_below(state, 300) * CALENDAR_US_PER_MINUTE;
        *high = *low + (int64_t)story_below(state, 3) * 30 * CALENDAR_US_PER_MINUTE;
        return;
    }
    uint32_t top = fact->type == PLAN_FLAG ? 1 : fact->type == PLAN_SERIES ? (uint32_t)fact->choice_count - 1 : 9;
    int64_t unit = fact->type == PLAN_QUANTITY && fact->dimension == QUANTITY_AREA ? INT64_C(15000000000) : 1;
    *low = story_below(state, top + 1);
    *high = story_below(state, 3) == 0 ? *low + story_below(state, (uint32_t)(top - *low) + 1) : *low;
    *low *= unit;
    *high *= unit;
}

static void make_report(uint64_t *state, const struct engine_incident_view *incident, struct engine_event *event) {
    const struct plan_subject *subject = &incident->plan->subjects[incident->subject];
    event->fact = subject->facts[story_below(state, subject->fact_count)];
    const struct plan_fact *fact = &incident->plan->facts[event->fact];
    make_value(state, fact, event, &event->low, &event->high);
    event->basis = (enum engine_basis)story_below(state, 3);
    event->day = calendar_find_day(event->at, 480) + (int32_t)story_below(state, 5) - 3;
    if (story_below(state, 3) == 0) {
        event->as_of = event->at - (int64_t)story_below(state, 100) * CALENDAR_US_PER_MINUTE;
    }
}

static void make_correction(uint64_t *state, const struct engine *engine, const struct engine_incident_view *incident,
                            struct engine_event *event) {
    struct engine_claim_view claim;
    event->claim = story_below(state, incident->claim_count + 1);
    if (engine_view_claim(engine, incident->number, event->claim, &claim) && claim.fact != PLAN_NONE) {
        make_value(state, &incident->plan->facts[claim.fact], event, &event->low, &event->high);
    }
}

static uint16_t some_party(uint64_t *state, const struct plan *plan) {
    return (uint16_t)story_below(state, plan->party_count);
}

static void make_decision(uint64_t *state, const struct engine_incident_view *incident, struct engine_event *event) {
    const struct plan_subject *subject = &incident->plan->subjects[incident->subject];
    static const char *const offices[] = {"Board", "Warden", "Mayor", "Town"};
    event->scale = subject->scales[story_below(state, subject->scale_count)];
    event->level = (uint8_t)story_below(state, incident->plan->scales[event->scale].level_count + 1U);
    event->by = plan_find_party(incident->plan, text_of(offices[story_below(state, 4)]));
    event->reason = story_below(state, 3) == 0 ? TEXT("") : TEXT("at discretion");
}

/* A field takes a value that nobody would give it. */
static void spoil(uint64_t *state, struct engine_event *event) {
    static const int64_t values[] = {INT64_MIN,        INT64_MIN + 1, -1,       0, 1, 65535, 65534,
                                     INT64_C(1) << 40, INT64_MAX - 1, INT64_MAX};
    int64_t value = values[story_below(state, sizeof values / sizeof *values)];
    switch (story_below(state, 18)) {
    case 0:
        event->as_of = value;
        break;
    case 1:
        event->low = value;
        break;
    case 2:
        event->high = value;
        break;
    case 3:
        event->day = (int32_t)value;
        break;
    case 4:
        event->fact = (uint16_t)value;
        break;
    case 5:
        event->claim = (uint32_t)value;
        break;
    case 6:
        event->incident = (uint32_t)value;
        break;
    case 7:
        event->by = (uint16_t)value;
        break;
    case 8:
        event->scale = (uint16_t)value;
        break;
    case 9:
        event->level = (uint8_t)value;
        break;
    case 10:
        event->item = (uint32_t)value;
        break;
    case 11:
        event->other = (uint32_t)value;
        break;
    case 12:
        event->role = (uint16_t)value;
        break;
    case 13:
        event->unit = (uint16_t)value;
        break;
    case 14:
        event->subject = (uint16_t)value;
        break;
    case 15:
        event->plan = NULL;
        break;
    case 16:
        memcpy(&event->basis, &(unsigned){(unsigned)value & 7U}, sizeof event->basis);
        break;
    default:
        memcpy(&event->item_kind, &(unsigned){(unsigned)value & 7U}, sizeof event->item_kind);
        break;
    }
}

void story_next(uint64_t *state, const struct engine *engine, const struct plan *const plans[2], bool wild,
                struct engine_event *event) {
    static const struct {
        enum engine_event_kind kind;
        uint32_t weight;
    } kinds[] = {
        {ENGINE_REPORT, 40}, {ENGINE_DONE, 16},   {ENGINE_ACKNOWLEDGE, 8}, {ENGINE_NOTIFY, 8}, {ENGINE_ORDER, 10},
        {ENGINE_REFUSE, 4},  {ENGINE_CORRECT, 6}, {ENGINE_WITHDRAW, 5},    {ENGINE_BIND, 6},   {ENGINE_UNBIND, 4},
        {ENGINE_DECLINE, 3}, {ENGINE_BREACH, 2},  {ENGINE_MERGE, 3},       {ENGINE_SPLIT, 4},  {ENGINE_OPEN, 3},
        {ENGINE_MOVE, 2},    {ENGINE_CLOSE, 1},   {ENGINE_TIME, 6},        {ENGINE_ADOPT, 1},  {ENGINE_REOPEN, 3},
    };
    static const char *const sources[] = {"a", "b", "the tower", "塔"};
    const struct plan *in_force = engine_plan_in_force(engine, plans[0]->name);
    uint32_t sum = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        sum += kinds[i].weight;
    }
    uint32_t drawn = story_below(state, sum);
    size_t kind = 0;
    while (drawn >= kinds[kind].weight) {
        drawn -= kinds[kind++].weight;
    }
    uint32_t incidents = engine_next_incident(engine) - 1;
    *event = (struct engine_event){.kind = kinds[kind].kind,
                                   .at = engine_now(engine) + step_of_time(state),
                                   .by = PLAN_NONE,
                                   .source = text_of(sources[story_below(state, 4)]),
                                   .reason = story_below(state, 2) == 0 ? TEXT("") : TEXT("so it is"),
                                   .incident = incidents == 0 ? 0 : 1 + story_below(state, incidents)};
    event->as_of = event->kind == ENGINE_CORRECT && story_below(state, 3) > 0 ? 0 : event->at;
    struct engine_incident_view incident;
    if (incidents < 2) { /* the first is the standing subject */
        event->kind = ENGINE_OPEN;
    }
    if (event->kind == ENGINE_OPEN) {
        event->plan = in_force;
        event->subject = plan_find_subject(in_force, TEXT("Fire"));
        event->title = TEXT("A fire");
        event->as_of -= (int64_t)story_below(state, 3) * CALENDAR_US_PER_MINUTE * 10;
    } else if (event->kind == ENGINE_ADOPT) {
        event->plan = plans[story_below(state, 4) == 0 ? 1 : 0]; /* mostly refused, so that the change comes late */
    }
    if (event->kind != ENGINE_OPEN && engine_view_incident(engine, event->incident, &incident)) {
        switch (event->kind) {
        case ENGINE_REPORT:
            make_report(state, &incident, event);
            break;
        case ENGINE_CORRECT:
        case ENGINE_WITHDRAW:
            make_correction(state, engine, &incident, event);
            break;
        case ENGINE_ORDER:
        case ENGINE_REFUSE:
            make_decision(state, &incident, event);
            break;
        case ENGINE_BIND:
        case ENGINE_UNBIND:
            event->role =
                plan_find_party(incident.plan, story_below(state, 2) == 0 ? TEXT("Place") : TEXT("Neighbours"));
            event->unit = some_party(state, incident.plan);
            break;
        case ENGINE_NOTIFY:
        case ENGINE_ACKNOWLEDGE:
            event->item_kind = (enum engine_item_kind)story_below(state, 3);
            event->item =
                1 + story_below(state, event->item_kind == ENGINE_ITEM_DUTY       ? incident.duty_count + 1
                                       : event->item_kind == ENGINE_ITEM_PROPOSAL ? incident.proposal_count + 1
                                                                                  : incident.finding_count + 1);
            break;
        case ENGINE_DONE:
        case ENGINE_DECLINE:
        case ENGINE_BREACH:
            event->item = 1 + story_below(state, incident.duty_count + 1);
            event->as_of -= (int64_t)story_below(state, 3) * 10 * CALENDAR_US_PER_MINUTE;
            break;
        case ENGINE_MERGE:
            event->other = 1 + story_below(state, incidents);
            break;
        default:
            break;
        }
    }
    if (wild && story_below(state, 8) == 0) {
        spoil(state, event);
    }
}
