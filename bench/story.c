#include "story.h"

#include "base/buffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint32_t below(struct story *story, uint32_t bound) {
    uint64_t mixed = (story->random += UINT64_C(0x9e3779b97f4a7c15));
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return bound == 0 ? 0 : (uint32_t)((mixed ^ (mixed >> 31)) % bound);
}

static bool give(struct story *story, struct engine_event event) {
    struct failure failure = {0};
    static const char *const sources[] = {"duty officer", "town", "camera", "brigade"};
    event.at = story->now;
    event.as_of = story->now;
    event.source = text_of(sources[below(story, 4)]);
    event.sequence = story->count + 1;
    if (story->count == story->room || !engine_step(story->engine, &event, NULL, NULL, &failure)) {
        return false;
    }
    story->events[story->count++] = event;
    return true;
}

/* A value as it might come in next: nature and place as presumed, flags mostly said once, figures creeping up. */
static bool pick_value(struct story *story, uint32_t incident, uint16_t index, struct engine_event *event) {
    const struct plan_fact *fact = &story->plan->facts[index];
    int64_t low = 0;
    int64_t high = 0;
    engine_view_fact(story->engine, incident, index, &low, &high);
    if (fact->type == PLAN_CHOICE) {
        event->low = INT64_C(1) << (fact->presumed ? fact->presumed_value : 0);
    } else if (fact->type == PLAN_FLAG) {
        bool known = low == high;
        event->low = event->high = known ? (below(story, 40) == 0 ? 1 - low : low) : below(story, 6) == 0;
    } else if (fact->type == PLAN_TIME) {
        event->low = event->high = story->now - (int64_t)below(story, 60) * CALENDAR_US_PER_MINUTE;
        return low == INT64_MIN;
    } else {
        int64_t unit = fact->dimension == QUANTITY_COUNT ? 1 : INT64_C(30000000000) / 100;
        event->low = event->high = low + (below(story, 12) == 0 ? unit : 0);
    }
    return true;
}

/* What kind of fire and where is what is asked first, so it is mostly what comes in first. */
static uint16_t pick_fact(struct story *story, uint32_t incident) {
    const struct plan_subject *subject = &story->plan->subjects[story->subject];
    for (uint16_t slot = 0; slot < subject->fact_count; slot++) {
        const struct plan_fact *fact = &story->plan->facts[subject->facts[slot]];
        int64_t low = 0;
        int64_t high = 0;
        engine_view_fact(story->engine, incident, subject->facts[slot], &low, &high);
        if (fact->type == PLAN_CHOICE && fact->presumed && (low & (low - 1)) != 0 && below(story, 2) == 0) {
            return subject->facts[slot];
        }
    }
    return subject->facts[below(story, subject->fact_count)];
}

static void report(struct story *story, uint32_t incident) {
    for (;;) {
        uint16_t index = pick_fact(story, incident);
        const struct plan_fact *fact = &story->plan->facts[index];
        struct engine_event event = {.kind = ENGINE_REPORT, .incident = incident, .fact = index};
        if (fact->from == PLAN_NONE && fact->type != PLAN_SERIES && pick_value(story, incident, index, &event)) {
            give(story, event);
            return;
        }
    }
}

static void decide(struct story *story, uint32_t incident) {
    const struct plan_subject *subject = &story->plan->subjects[story->subject];
    for (uint16_t i = 0; i < subject->scale_count; i++) {
        const struct plan_scale *scale = &story->plan->scales[subject->scales[i]];
        struct engine_scale_view view;
        struct engine_proposal_view proposal;
        if (scale->ordered && engine_view_scale(story->engine, incident, subject->scales[i], &view) &&
            view.proposal != 0 && engine_view_proposal(story->engine, incident, view.proposal, &proposal)) {
            give(story, (struct engine_event){.kind = ENGINE_ORDER,
                                              .incident = incident,
                                              .scale = proposal.scale,
                                              .level = proposal.to,
                                              .by = story->plan->lists[scale->orderers[0].parties.first]});
            return;
        }
    }
    report(story, incident);
}

/* Takes one of the incident's open duties a step further: notified, acknowledged, done. */
static void answer(struct story *story, uint32_t incident) {
    struct engine_incident_view view;
    struct engine_duty_view duty;
    engine_view_incident(story->engine, incident, &view);
    uint32_t start = view.duty_count == 0 ? 0 : below(story, view.duty_count);
    for (uint32_t i = 0; i < view.duty_count; i++) {
        uint32_t number = 1 + (start + i) % view.duty_count;
        engine_view_duty(story->engine, incident, number, &duty);
        if (duty.status != ENGINE_OWED || story->plan->duties[duty.duty].kind != PLAN_DUTY) {
            continue;
        }
        enum engine_event_kind kind = duty.notified_at == ENGINE_NEVER       ? ENGINE_NOTIFY
                                      : duty.acknowledged_at == ENGINE_NEVER ? ENGINE_ACKNOWLEDGE
                                                                             : ENGINE_DONE;
        if (give(story, (struct engine_event){.kind = kind, .incident = incident, .item = number})) {
            return;
        }
    }
    report(story, incident);
}

/* A hundred events an incident over two hours, all incidents at once, in random order. */
static void play(struct story *story, uint32_t incidents) {
    uint32_t first = engine_next_incident(story->engine);
    int64_t pause = 2 * CALENDAR_US_PER_HOUR / (int64_t)story->room;
    for (uint32_t i = 0; i < incidents; i++) {
        give(story, (struct engine_event){
                        .kind = ENGINE_OPEN, .plan = story->plan, .subject = story->subject, .title = TEXT("fire")});
    }
    while (story->count < story->room) {
        uint32_t incident = first + below(story, incidents);
        uint32_t what = below(story, 100);
        story->now += pause;
        if (what < 35) {
            report(story, incident);
        } else if (what < 95) {
            answer(story, incident);
        } else {
            decide(story, incident);
        }
    }
}

bool story_make(struct story *story, const struct plan *plan, uint32_t incidents, size_t events) {
    struct failure failure = {0};
    struct engine_event adopt = {.kind = ENGINE_ADOPT, .plan = plan, .at = INT64_C(1660000000000000), .sequence = 1};
    *story = (struct story){.plan = plan, .room = events, .random = 2022, .now = adopt.at};
    story->engine = engine_create();
    story->events = calloc(events, sizeof *story->events);
    while (story->subject < plan->subject_count && plan->subjects[story->subject].standing) {
        story->subject++;
    }
    if (story->engine == NULL || story->events == NULL || !engine_step(story->engine, &adopt, NULL, NULL, &failure)) {
        (void)fprintf(stderr, "story: %s\n", failure.message);
        return false;
    }
    story->events[story->count++] = adopt;
    play(story, incidents);
    engine_destroy(story->engine);
    story->engine = NULL;
    return true;
}

void story_release(struct story *story) {
    engine_destroy(story->engine);
    free(story->events);
}

struct plan *story_read_plan(const char *path, struct buffer *source) {
    struct failure failure = {0};
    struct plan_messages messages = {0};
    struct plan *plan = NULL;
    if (!buffer_read_file(source, path, (size_t)16 << 20, &failure)) {
        (void)fprintf(stderr, "%s\n", failure.message);
    } else {
        plan = plan_compile(text_of(path), buffer_text(source), &messages);
        if (plan == NULL) {
            (void)fprintf(stderr, "%s does not compile\n", path);
        }
        plan_messages_release(&messages);
    }
    return plan;
}

double story_seconds(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
