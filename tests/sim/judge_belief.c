/* What is believed, worked out a second time from the claims: all of them, every time, without any of the lists and
 * sums that the engine keeps. */
#include "judge.h"

#include <inttypes.h>

struct bounds {
    int64_t low, high;
};

/* The latest claim of one kind, and the worst bound that any of them gives. */
struct found {
    bool any;
    struct engine_claim_view claim;
    int64_t heard_at; /* of the claim that it came from by corrections */
    uint32_t root;
    int64_t worst;
    bool tied; /* equal in as_of, in a merged incident: which one counts is not for us to say */
};

/* A correction stands where the claim stood that it corrects, unless it corrects the moment too. */
static void find_root(const struct engine *engine, uint32_t incident, const struct engine_claim_view *claim,
                      uint32_t *root, int64_t *heard_at) {
    struct engine_claim_view at = *claim;
    struct engine_claim_view older;
    while (at.replaces != 0 && engine_view_claim(engine, incident, at.replaces, &older) && older.as_of == at.as_of) {
        at = older;
    }
    *root = at.number;
    *heard_at = at.heard_at;
}

static void consider(const struct engine *engine, uint32_t incident, const struct plan_fact *fact,
                     const struct engine_claim_view *claim, struct found *found) {
    uint32_t root = 0;
    int64_t heard_at = 0;
    find_root(engine, incident, claim, &root, &heard_at);
    bool equal = found->any && claim->as_of == found->claim.as_of;
    found->tied = equal ? found->tied || claim->origin != 0 || found->claim.origin != 0
                        : found->tied && found->any && claim->as_of < found->claim.as_of;
    bool later = !found->any || claim->as_of > found->claim.as_of ||
                 (equal && (heard_at > found->heard_at || (heard_at == found->heard_at && root > found->root)));
    int64_t bound = fact->worse < 0 ? claim->high : claim->low;
    bool worse = !found->any || (fact->worse < 0 ? bound < found->worst : bound > found->worst);
    found->worst = worse ? bound : found->worst;
    if (later) {
        found->claim = *claim;
        found->heard_at = heard_at;
        found->root = root;
    }
    found->any = true;
}

static struct bounds find_whole(const struct plan_fact *fact) {
    if (fact->type == PLAN_CHOICE) {
        return (struct bounds){(int64_t)((UINT64_C(1) << fact->choice_count) - 1), 0};
    }
    return (struct bounds){fact->low, fact->high};
}

/* `agreeing` is what was said last of all that can be as bad as the worst: a report of less says nothing else. */
static struct bounds find_observed(const struct plan_fact *fact, const struct found *found,
                                   const struct found *agreeing) {
    struct bounds bounds = {found->claim.low, found->claim.high};
    if (!found->any) {
        return find_whole(fact);
    }
    if (fact->never_falls && fact->worse != 0) {
        bounds = (struct bounds){agreeing->claim.low, agreeing->claim.high};
    }
    if (fact->never_falls && fact->worse > 0) {
        bounds.low = found->worst > bounds.low ? found->worst : bounds.low;
    } else if (fact->never_falls && fact->worse < 0) {
        bounds.high = found->worst < bounds.high ? found->worst : bounds.high;
    }
    return bounds;
}

static struct bounds join(const struct plan_fact *fact, struct bounds one, struct bounds two) {
    bool larger = fact->worse >= 0;
    return (struct bounds){(one.low > two.low) == larger ? one.low : two.low,
                           (one.high > two.high) == larger ? one.high : two.high};
}

/* The latest of the claims of what is observed that can be as bad as `worst`. */
static struct found find_agreeing(const struct engine *engine, const struct engine_incident_view *view, uint16_t index,
                                  int64_t worst) {
    const struct plan_fact *fact = &view->plan->facts[index];
    struct found agreeing = {0};
    for (uint32_t i = 1; i <= view->claim_count; i++) {
        struct engine_claim_view claim;
        if (engine_view_claim(engine, view->number, i, &claim) && claim.fact == index && !claim.corrected &&
            !claim.withdrawn && claim.basis != ENGINE_PREDICTED &&
            (fact->worse < 0 ? claim.low <= worst : claim.high >= worst)) {
            consider(engine, view->number, fact, &claim, &agreeing);
        }
    }
    return agreeing;
}

static bool judge_fact(const struct engine *engine, const struct engine_incident_view *view, uint16_t index,
                       struct failure *fault) {
    const struct plan_fact *fact = &view->plan->facts[index];
    struct found observed = {0};
    struct found predicted = {0};
    struct found unqualified = {0};
    for (uint32_t i = 1; i <= view->claim_count; i++) {
        struct engine_claim_view claim;
        if (!engine_view_claim(engine, view->number, i, &claim) || claim.fact != index || claim.corrected ||
            claim.withdrawn) {
            continue;
        }
        consider(engine, view->number, fact, &claim, claim.basis == ENGINE_PREDICTED ? &predicted : &observed);
        if (claim.basis == ENGINE_UNQUALIFIED) {
            consider(engine, view->number, fact, &claim, &unqualified);
        }
    }
    struct found agreeing = find_agreeing(engine, view, index, observed.worst);
    if (observed.tied || predicted.tied || unqualified.tied || agreeing.tied) {
        return true;
    }
    struct bounds bounds = find_observed(fact, &observed, &agreeing);
    if (fact->predictable) {
        const struct found *ahead = predicted.any ? &predicted : &unqualified;
        bounds =
            join(fact, bounds, ahead->any ? (struct bounds){ahead->claim.low, ahead->claim.high} : find_whole(fact));
    }
    if (fact->not_after_first && bounds.high > view->first_report_at) {
        bounds.high = view->first_report_at;
        bounds.low = bounds.low < bounds.high ? bounds.low : bounds.high;
    }
    int64_t low = 0;
    int64_t high = 0;
    if (!engine_view_fact(engine, view->number, index, &low, &high)) {
        return failure_set(fault, "incident %" PRIu32 ", fact %u: cannot be looked at", view->number, index);
    }
    return (low == bounds.low && high == bounds.high) ||
           failure_set(fault,
                       "incident %" PRIu32 ", fact %u: %" PRId64 "..%" PRId64 " is believed, %" PRId64 "..%" PRId64
                       " follows from the claims",
                       view->number, index, low, high, bounds.low, bounds.high);
}

bool judge_belief(const struct engine *engine, uint32_t incident, struct failure *fault) {
    struct engine_incident_view view;
    if (!engine_view_incident(engine, incident, &view) || view.status != ENGINE_OPENED) {
        return true;
    }
    const struct plan_subject *subject = &view.plan->subjects[view.subject];
    for (uint16_t slot = 0; slot < subject->fact_count; slot++) {
        const struct plan_fact *fact = &view.plan->facts[subject->facts[slot]];
        if (fact->from == PLAN_NONE && fact->type != PLAN_SERIES &&
            !judge_fact(engine, &view, subject->facts[slot], fault)) {
            return false;
        }
    }
    return true;
}
