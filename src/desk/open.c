#include "desk/open.h"

#include "desk/foremost.h"

#include <stdlib.h>
#include <string.h>

/* ---- which are the foremost -------------------------------------------------------------------------------- */

static int compare_clocks(const void *left, const void *right) {
    const struct open_clock *one = left;
    const struct open_clock *other = right;
    if (one->due_at != other->due_at) {
        return one->due_at < other->due_at ? -1 : 1;
    }
    if (one->incident != other->incident) {
        return one->incident < other->incident ? -1 : 1;
    }
    return one->item < other->item ? -1 : one->item > other->item;
}

static int compare_notices(const void *left, const void *right) {
    const struct open_notice *one = left;
    const struct open_notice *other = right;
    if (one->due_at != other->due_at) {
        return one->due_at < other->due_at ? -1 : 1;
    }
    if (one->incident != other->incident) {
        return one->incident < other->incident ? -1 : 1;
    }
    return one->number < other->number ? -1 : one->number > other->number;
}

/* For lists that are looked through from their foremost item on. */
static void keep_first(struct open_matters *open, enum open_kind kind, const void *item, size_t size) {
    open->totals[kind]++;
    if (open->lists[kind].length / size < open->most) {
        buffer_append(&open->lists[kind], item, size);
    }
}

/* ---- clocks and incidents ---------------------------------------------------------------------------------- */

/* What has been counted in an incident, and as of which event: it is counted anew when that is another. */
struct known {
    int64_t stamp;
    int64_t soonest, soonest_row;
    uint32_t clocks, overdue, open_proposals, rows, overdue_rows;
};

/* The soonest of an incident's clocks, or rows. */
struct head {
    int64_t soonest;
    uint32_t incident;
};

_Static_assert(offsetof(struct open_clock, incident) == offsetof(struct head, incident), "a clock begins as a head");
_Static_assert(offsetof(struct open_notice, incident) == offsetof(struct head, incident), "a row begins as a head");

struct gathering {
    const struct turn *turn;
    struct open_matters *open;
    struct known *counting;  /* what is looked at is counted here; NULL: it is kept */
    struct foremost keeping; /* of the clocks, or of the rows */
};

static void add_clock(struct gathering *gathering, const struct open_clock *clock) {
    struct known *counting = gathering->counting;
    if (counting == NULL) {
        foremost_keep(&gathering->keeping, clock);
        return;
    }
    counting->soonest = clock->due_at < counting->soonest ? clock->due_at : counting->soonest;
    counting->overdue += clock->overdue;
    counting->clocks++;
}

static void add_duties(struct gathering *gathering, const struct engine_incident_view *incident) {
    for (uint32_t number = 1; number <= incident->duty_count; number++) {
        struct engine_duty_view duty;
        if (!engine_view_duty(gathering->turn->engine, incident->number, number, &duty) || duty.status != ENGINE_OWED ||
            duty.due_at == ENGINE_NEVER) {
            continue;
        }
        const struct plan_duty *said = &incident->plan->duties[duty.duty];
        if (said->kind == PLAN_DUTY || said->kind == PLAN_DECISION) {
            const struct open_clock clock = {
                .due_at = duty.due_at,
                .incident = incident->number,
                .item = number,
                .kind = ENGINE_ITEM_DUTY,
                .who = duty.bearer == PLAN_NONE ? duty.bearer_role : duty.bearer,
                .recipient = duty.recipient == PLAN_NONE ? duty.recipient_role : duty.recipient,
                .what = said->name,
                .overdue = duty.overdue,
                .acknowledged = duty.acknowledged_at != ENGINE_NEVER,
            };
            add_clock(gathering, &clock);
        }
    }
}

static void add_proposals(struct gathering *gathering, const struct engine_incident_view *incident) {
    for (uint32_t number = 1; number <= incident->proposal_count; number++) {
        struct engine_proposal_view proposal;
        if (!engine_view_proposal(gathering->turn->engine, incident->number, number, &proposal) ||
            proposal.status != ENGINE_PROPOSAL_OPEN) {
            continue;
        }
        if (gathering->counting != NULL) {
            gathering->counting->open_proposals++;
        }
        const struct plan_scale *scale = &incident->plan->scales[proposal.scale];
        uint16_t who = scale->orderer_count > 0 && scale->orderers[0].parties.count > 0
                           ? incident->plan->lists[scale->orderers[0].parties.first]
                           : PLAN_NONE;
        if (proposal.due_at != ENGINE_NEVER) {
            const struct open_clock clock = {
                .due_at = proposal.due_at,
                .incident = incident->number,
                .item = number,
                .kind = ENGINE_ITEM_PROPOSAL,
                .who = who,
                .recipient = PLAN_NONE,
                .what = scale->name,
                .overdue = proposal.overdue,
                .acknowledged = proposal.acknowledged_at != ENGINE_NEVER,
            };
            add_clock(gathering, &clock);
        }
    }
}

static void add_findings(struct gathering *gathering, const struct engine_incident_view *incident) {
    for (uint32_t number = 1; number <= incident->finding_count; number++) {
        struct engine_finding_view finding;
        if (!engine_view_finding(gathering->turn->engine, incident->number, number, &finding) ||
            finding.closed_at != ENGINE_NEVER || finding.due_at == ENGINE_NEVER) {
            continue;
        }
        struct text what = finding.party < incident->plan->party_count ? incident->plan->parties[finding.party].name
                                                                       : (struct text){0};
        const struct open_clock clock = {
            .due_at = finding.due_at,
            .incident = incident->number,
            .item = number,
            .kind = ENGINE_ITEM_FINDING,
            .who = finding.owner,
            .recipient = PLAN_NONE,
            .what = what,
            .overdue = finding.overdue,
            .acknowledged = finding.acknowledged_at != ENGINE_NEVER,
        };
        add_clock(gathering, &clock);
    }
}

static void add_rows(struct gathering *gathering, const struct engine_incident_view *incident) {
    const struct notices *notices = gathering->turn->desk->notices;
    for (uint32_t number = 1; number <= notices_count(notices, incident->number); number++) {
        const struct notice *notice = notices_find(notices, incident->number, number);
        struct open_notice row = {.incident = incident->number, .number = number};
        bool is_overdue = false;
        if (!notices_is_open(gathering->turn->engine, notice) ||
            !desk_find_due(gathering->turn->engine, incident->plan, notice, &row.due_at, &is_overdue)) {
            continue;
        }
        if (gathering->counting == NULL) {
            foremost_keep(&gathering->keeping, &row);
        } else {
            gathering->counting->rows++;
            gathering->counting->overdue_rows += is_overdue;
            gathering->counting->soonest_row =
                row.due_at < gathering->counting->soonest_row ? row.due_at : gathering->counting->soonest_row;
        }
    }
}

static void add_clocks(struct gathering *gathering, const struct engine_incident_view *incident) {
    add_duties(gathering, incident);
    add_proposals(gathering, incident);
    add_findings(gathering, incident);
}

/* ---- what each incident has -------------------------------------------------------------------------------- */

/* NULL when memory is exhausted. Ten thousand incidents are not looked through for each event: only those that it has
 * changed. */
static const struct known *know(struct gathering *gathering, const struct engine_incident_view *incident) {
    static const struct known none = {.stamp = -1};
    struct buffer *all = &gathering->turn->desk->known;
    int64_t stamp = desk_find_stamp(gathering->turn->desk, incident->number);
    while (all->length / sizeof none < incident->number && !all->failed) {
        buffer_append(all, &none, sizeof none);
    }
    if (all->failed) {
        buffer_clear(all);
        return NULL;
    }
    struct known *known = (struct known *)(void *)all->bytes + (incident->number - 1);
    if (known->stamp != stamp) {
        *known = (struct known){.stamp = stamp, .soonest = ENGINE_NEVER, .soonest_row = ENGINE_NEVER};
        gathering->counting = known;
        add_clocks(gathering, incident);
        add_rows(gathering, incident);
        gathering->counting = NULL;
    }
    return known;
}

static int compare_heads(const void *left, const void *right) {
    const struct head *one = left;
    const struct head *other = right;
    if (one->soonest != other->soonest) {
        return one->soonest < other->soonest ? -1 : 1;
    }
    return one->incident < other->incident ? -1 : one->incident > other->incident;
}

typedef void add_items(struct gathering *gathering, const struct engine_incident_view *incident);

/* Keeps the soonest of all: incidents are gone through by the soonest that each has, and no further than needed. An
 * item begins with what a head is. */
static void keep_soonest(struct gathering *gathering, struct buffer *heads, add_items *add) {
    struct foremost *keeping = &gathering->keeping;
    struct head *sorted = (struct head *)(void *)heads->bytes;
    size_t count = heads->length / sizeof *sorted;
    if (count > 0) {
        qsort(sorted, count, sizeof *sorted, compare_heads);
    }
    for (size_t i = 0; i < count; i++) {
        struct engine_incident_view incident;
        struct head last = {INT64_MAX, UINT32_MAX};
        if (keeping->is_cut) {
            memcpy(&last, keeping->list->bytes + (keeping->most - 1) * keeping->size, sizeof last);
        }
        if (compare_heads(&sorted[i], &last) > 0) {
            break;
        }
        if (engine_view_incident(gathering->turn->engine, sorted[i].incident, &incident)) {
            add(gathering, &incident);
        }
        foremost_cut_when_full(keeping);
    }
    foremost_cut(keeping);
}

/* Heads of the incidents, and of what a plan asks all the year round. */
struct heads {
    struct buffer incidents, standing;
};

static void add_head(struct heads *heads, const struct engine_incident_view *incident, uint32_t count,
                     int64_t soonest) {
    const struct head head = {soonest, incident->number};
    if (count > 0) {
        bool is_standing = incident->plan->subjects[incident->subject].standing;
        buffer_append(is_standing ? &heads->standing : &heads->incidents, &head, sizeof head);
    }
}

/* Keeps in a list what is soonest in incidents, and behind it, as far as there is room, what is soonest of the year's
 * duties: hundreds of those may be late, and hide no fire. False when memory is exhausted. */
static bool keep_both(struct gathering *gathering, struct heads *heads, enum open_kind kind, size_t size,
                      foremost_compare *compare, add_items *add) {
    struct open_matters *open = gathering->open;
    struct buffer standing = {0};
    gathering->keeping = (struct foremost){&open->lists[kind], size, open->most, compare, .is_cut = false};
    keep_soonest(gathering, &heads->incidents, add);
    size_t room = open->most - open->lists[kind].length / size;
    if (room > 0) {
        gathering->keeping = (struct foremost){&standing, size, room, compare, .is_cut = false};
        keep_soonest(gathering, &heads->standing, add);
        buffer_append(&open->lists[kind], standing.bytes, standing.length);
    }
    bool is_whole = !heads->incidents.failed && !heads->standing.failed && !standing.failed;
    buffer_release(&heads->incidents);
    buffer_release(&heads->standing);
    buffer_release(&standing);
    return is_whole;
}

/* Newest first; clocks of all of them, those of standing subjects too, on the way. */
static bool gather_incidents(struct gathering *gathering) {
    struct open_matters *open = gathering->open;
    struct heads heads = {0};
    bool is_whole = true;
    for (uint32_t number = engine_next_incident(gathering->turn->engine) - 1; number >= 1 && is_whole; number--) {
        struct engine_incident_view incident;
        if (!engine_view_incident(gathering->turn->engine, number, &incident) || incident.status != ENGINE_OPENED) {
            continue;
        }
        const struct known *known = know(gathering, &incident);
        if (known == NULL) {
            is_whole = false;
            break;
        }
        const struct open_incident told = {number, known->soonest, known->overdue, known->open_proposals};
        open->totals[OPEN_CLOCKS] += known->clocks;
        open->overdue += known->overdue;
        add_head(&heads, &incident, known->clocks, known->soonest);
        if (!incident.plan->subjects[incident.subject].standing) {
            keep_first(open, OPEN_INCIDENTS, &told, sizeof told);
        }
    }
    return keep_both(gathering, &heads, OPEN_CLOCKS, sizeof(struct open_clock), compare_clocks, add_clocks) && is_whole;
}

/* Of all open incidents, or of the one that is asked for. */
static bool gather_notices(struct gathering *gathering) {
    struct open_matters *open = gathering->open;
    const struct engine *engine = gathering->turn->engine;
    uint32_t asked = gathering->turn->request->action == DESK_LIST_NOTICES ? gathering->turn->request->incident : 0;
    struct heads heads = {0};
    bool is_whole = true;
    for (uint32_t number = asked == 0 ? 1 : asked; number < engine_next_incident(engine) && is_whole; number++) {
        struct engine_incident_view incident;
        if (!engine_view_incident(engine, number, &incident) || incident.status != ENGINE_OPENED ||
            (asked != 0 && number != asked)) {
            continue;
        }
        const struct known *known = know(gathering, &incident);
        if (known == NULL) {
            is_whole = false;
            break;
        }
        bool is_standing = incident.plan->subjects[incident.subject].standing;
        open->totals[OPEN_NOTICES] += known->rows;
        open->to_call += is_standing ? 0 : known->rows;
        open->to_call_overdue += is_standing ? 0 : known->overdue_rows;
        add_head(&heads, &incident, known->rows, known->soonest_row);
    }
    return keep_both(gathering, &heads, OPEN_NOTICES, sizeof(struct open_notice), compare_notices, add_rows) &&
           is_whole;
}

/* ---- the others -------------------------------------------------------------------------------------------- */

static bool gather_calls(struct gathering *gathering) {
    const struct fold *fold = gathering->turn->desk->fold;
    for (uint32_t number = fold_call_count(fold); number >= 1; number--) {
        if (fold_find_call(fold, number)->incident == 0) {
            keep_first(gathering->open, OPEN_CALLS, &number, sizeof number);
        }
    }
    return true;
}

/* What somebody has still to confirm or dispute, and what is in dispute until another order is given. */
static bool gather_spoken(struct gathering *gathering) {
    const struct fold *fold = gathering->turn->desk->fold;
    for (size_t i = fold_spoken_count(fold); i > 0; i--) {
        const struct fold_spoken *spoken = fold_find_spoken(fold, i - 1);
        const size_t index = i - 1;
        if (spoken->settled == FOLD_UNSETTLED || desk_is_in_dispute(gathering->turn, spoken)) {
            keep_first(gathering->open, OPEN_SPOKEN, &index, sizeof index);
        }
    }
    return true;
}

#define BOUND_REMEMBERED 32U

/* Whether somebody is bound to order on a scale is the same in all incidents of a plan: it is asked once. */
struct bound {
    const struct plan_scale *scales[BOUND_REMEMBERED];
    bool is_unbound[BOUND_REMEMBERED];
    size_t count;
};

static bool is_unbound(const struct turn *turn, const struct plan *plan, uint16_t scale, struct bound *bound) {
    for (size_t i = 0; i < bound->count; i++) {
        if (bound->scales[i] == &plan->scales[scale]) {
            return bound->is_unbound[i];
        }
    }
    bool found = desk_is_unbound(turn, plan, scale);
    if (bound->count < BOUND_REMEMBERED) {
        bound->scales[bound->count] = &plan->scales[scale];
        bound->is_unbound[bound->count++] = found;
    }
    return found;
}

static bool gather_unbound(struct gathering *gathering) {
    const struct turn *turn = gathering->turn;
    struct bound bound = {.count = 0};
    for (uint32_t number = engine_next_incident(turn->engine) - 1; number >= 1; number--) {
        struct engine_incident_view incident;
        if (!engine_view_incident(turn->engine, number, &incident) || incident.status != ENGINE_OPENED ||
            incident.plan->subjects[incident.subject].standing) {
            continue;
        }
        const struct plan_subject *subject = &incident.plan->subjects[incident.subject];
        for (uint16_t i = subject->scale_count; i > 0; i--) {
            const struct open_scale scale = {number, subject->scales[i - 1]};
            if (is_unbound(turn, incident.plan, scale.scale, &bound)) {
                keep_first(gathering->open, OPEN_UNBOUND, &scale, sizeof scale);
            }
        }
    }
    return true;
}

/* ---- all of it --------------------------------------------------------------------------------------------- */

bool open_gather(const struct turn *turn, unsigned int kinds, size_t most, struct open_matters *open) {
    static bool (*const gather[OPEN_KINDS])(struct gathering *) = {
        [OPEN_INCIDENTS] = gather_incidents, [OPEN_CALLS] = gather_calls,     [OPEN_NOTICES] = gather_notices,
        [OPEN_SPOKEN] = gather_spoken,       [OPEN_UNBOUND] = gather_unbound,
    };
    bool is_whole = true;
    *open = (struct open_matters){.most = most};
    struct gathering gathering = {.turn = turn, .open = open};
    kinds |= (kinds & 1U << OPEN_CLOCKS) != 0 ? 1U << OPEN_INCIDENTS : 0U;
    for (unsigned int kind = 0; kind < OPEN_KINDS; kind++) {
        if ((kinds & 1U << kind) != 0 && gather[kind] != NULL) {
            is_whole = gather[kind](&gathering) && is_whole;
        }
        is_whole = is_whole && !open->lists[kind].failed;
    }
    return is_whole && !open->lists[OPEN_CLOCKS].failed;
}

void open_release(struct open_matters *open) {
    for (int kind = 0; kind < OPEN_KINDS; kind++) {
        buffer_release(&open->lists[kind]);
    }
}

static const char *const names[OPEN_KINDS] = {
    [OPEN_INCIDENTS] = "incidents", [OPEN_CLOCKS] = "clocks", [OPEN_CALLS] = "calls",
    [OPEN_NOTICES] = "notices",     [OPEN_SPOKEN] = "spoken", [OPEN_UNBOUND] = "unbound",
};

const char *open_name_kind(enum open_kind kind) {
    return names[kind];
}

enum open_kind open_find_kind(struct text name) {
    int kind = 0;
    while (kind < OPEN_KINDS && !text_equals_string(name, names[kind])) {
        kind++;
    }
    return (enum open_kind)kind;
}
