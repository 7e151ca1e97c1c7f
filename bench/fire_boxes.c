#include "fire_boxes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define HOUR INT64_C(3600000000)
#define HECTARE INT64_C(30000000000)

static const char *const names[FIRE_FACTS] = {"燃烧时间",
                                              "过火面积",
                                              "死亡",
                                              "被困",
                                              "重伤",
                                              "重大财产损失",
                                              "火势失控",
                                              "敏感时间",
                                              "敏感区域",
                                              "直接威胁居民区",
                                              "威胁重要设施",
                                              "可能蔓延至周边区",
                                              "周边区火可能蔓延至我区",
                                              "威胁重要军事目标",
                                              "威胁大型军工或危化企业",
                                              "威胁原始森林或保护地",
                                              "火情性质",
                                              "发生地"};

bool fire_plan_find(struct fire_plan *fire_plan, const struct plan *plan) {
    *fire_plan = (struct fire_plan){.plan = plan};
    while (fire_plan->scale < plan->scale_count && !text_equal(plan->scales[fire_plan->scale].name, text_of("响应"))) {
        fire_plan->scale++;
    }
    if (fire_plan->scale == plan->scale_count) {
        (void)fprintf(stderr, "the plan has no scale 响应\n");
        return false;
    }
    fire_plan->subject = plan->scales[fire_plan->scale].subject;
    const struct plan_subject *subject = &plan->subjects[fire_plan->subject];
    for (int i = 0; i < FIRE_FACTS; i++) {
        uint8_t slot = 0;
        while (slot < subject->fact_count && !text_equal(plan->facts[subject->facts[slot]].name, text_of(names[i]))) {
            slot++;
        }
        if (slot == subject->fact_count) {
            (void)fprintf(stderr, "the plan has no fact %s\n", names[i]);
            return false;
        }
        fire_plan->slots[i] = slot;
    }
    return true;
}

static uint32_t below(uint64_t *random, uint32_t bound) {
    uint64_t mixed = (*random += UINT64_C(0x9e3779b97f4a7c15));
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)((mixed ^ (mixed >> 31)) % bound);
}

static const struct plan_fact *fact_of(const struct fire_plan *fire_plan, int fact) {
    return &fire_plan->plan->facts[fire_plan->plan->subjects[fire_plan->subject].facts[fire_plan->slots[fact]]];
}

/* A number around a threshold, on it, or anywhere. */
static int64_t draw_near(uint64_t *random, const int64_t *bounds, uint32_t count, int64_t unit) {
    int64_t bound = bounds[below(random, count)];
    switch (below(random, 4)) {
    case 0:
        return bound;
    case 1:
        return bound - 1;
    case 2:
        return (int64_t)below(random, 1000) * (unit / 1000);
    default:
        return bound / 2 + (int64_t)below(random, 1000) * (bound / 1000);
    }
}

static int64_t draw_value(uint64_t *random, int fact) {
    static const int64_t hours[] = {2 * HOUR, 6 * HOUR, 12 * HOUR};
    static const int64_t areas[] = {HECTARE / 2, 5 * HECTARE, 30 * HECTARE};
    if (fact == FIRE_BURNING) {
        return draw_near(random, hours, 3, 2 * HOUR);
    }
    if (fact == FIRE_AREA) {
        return draw_near(random, areas, 3, HECTARE / 2);
    }
    return below(random, 2) == 0 ? 0 : below(random, 13);
}

/* Of eight facts, so many are not exactly known. */
static bool is_unknown(uint64_t *random, uint32_t eighths) {
    return below(random, 8) < eighths;
}

static void draw_number(const struct fire_plan *fire_plan, uint64_t *random, uint32_t eighths, int fact, int64_t *low,
                        int64_t *high) {
    *low = *high = draw_value(random, fact);
    if (!is_unknown(random, eighths)) {
        return;
    }
    int64_t other = draw_value(random, fact);
    switch (below(random, 4)) {
    case 0: /* at least */
        *high = fact_of(fire_plan, fact)->high;
        break;
    case 1: /* between */
        *low = *low < other ? *low : other;
        *high = *high > other ? *high : other;
        break;
    default:
        *low = fact_of(fire_plan, fact)->low;
        *high = fact_of(fire_plan, fact)->high;
        break;
    }
}

static void draw_count(const struct fire_plan *fire_plan, uint64_t *random, uint32_t eighths, int fact, int32_t *low,
                       int32_t *high) {
    int64_t from = 0;
    int64_t to = 0;
    draw_number(fire_plan, random, eighths, fact, &from, &to);
    *low = (int32_t)from;
    *high = (int32_t)to;
}

static uint8_t draw_set(uint64_t *random, uint32_t eighths, uint32_t values) {
    if (!is_unknown(random, eighths)) {
        return (uint8_t)(1U << below(random, values));
    }
    uint32_t all = (1U << values) - 1;
    return (uint8_t)(below(random, 2) == 0 ? all : 1 + below(random, all));
}

void fire_draw(const struct fire_plan *fire_plan, enum fire_knowledge knowledge, uint64_t *random, struct fire *fire) {
    static const uint32_t shares[] = {0, 1, 2, 4, 6, 8};
    uint32_t eighths = knowledge == FIRE_KNOWN ? 0 : shares[below(random, 6)];
    bool calm = below(random, 2) == 0; /* most flags are "no" */
    *fire = (struct fire){0};
    draw_number(fire_plan, random, eighths, FIRE_BURNING, &fire->burning_low, &fire->burning_high);
    draw_number(fire_plan, random, eighths, FIRE_AREA, &fire->area_low, &fire->area_high);
    draw_count(fire_plan, random, eighths, FIRE_DEAD, &fire->dead_low, &fire->dead_high);
    draw_count(fire_plan, random, eighths, FIRE_TRAPPED, &fire->trapped_low, &fire->trapped_high);
    draw_count(fire_plan, random, eighths, FIRE_SEVERE, &fire->severe_low, &fire->severe_high);
    for (unsigned fact = FIRE_LOSS; fact <= FIRE_RESERVE; fact++) {
        bool yes = below(random, calm ? 16 : 3) == 0;
        bool unknown = is_unknown(random, eighths);
        fire->yes |= yes && !unknown ? FIRE_BIT(fact) : 0;
        fire->maybe |= yes || unknown ? FIRE_BIT(fact) : 0;
    }
    fire->nature = draw_set(random, eighths, 4);
    fire->place = below(random, 3) != 0 && eighths < 8 ? FIRE_HERE : draw_set(random, eighths, 2);
    if (knowledge == FIRE_KNOWN && below(random, 2) == 0) {
        fire->nature = FIRE_FOREST;
    }
}

static void set_range(struct decide_box *box, uint8_t slot, int64_t low, int64_t high) {
    box->low[slot] = low;
    box->high[slot] = high;
}

void fire_fill_box(const struct fire_plan *fire_plan, const struct fire *fire, struct decide_box *box) {
    const uint8_t *slots = fire_plan->slots;
    set_range(box, slots[FIRE_BURNING], fire->burning_low, fire->burning_high);
    set_range(box, slots[FIRE_AREA], fire->area_low, fire->area_high);
    set_range(box, slots[FIRE_DEAD], fire->dead_low, fire->dead_high);
    set_range(box, slots[FIRE_TRAPPED], fire->trapped_low, fire->trapped_high);
    set_range(box, slots[FIRE_SEVERE], fire->severe_low, fire->severe_high);
    for (unsigned fact = FIRE_LOSS; fact <= FIRE_RESERVE; fact++) {
        set_range(box, slots[fact], (fire->yes & FIRE_BIT(fact)) != 0, (fire->maybe & FIRE_BIT(fact)) != 0);
    }
    set_range(box, slots[FIRE_NATURE], fire->nature, 0);
    set_range(box, slots[FIRE_PLACE], fire->place, 0);
}

void fire_print(const struct fire *fire) {
    (void)fprintf(stderr,
                  "  burning %" PRId64 " … %" PRId64 " us, area %" PRId64 " … %" PRId64 ", dead %d … %d, trapped %d … "
                  "%d, severe %d … %d\n  nature %x, place %x\n",
                  fire->burning_low, fire->burning_high, fire->area_low, fire->area_high, fire->dead_low,
                  fire->dead_high, fire->trapped_low, fire->trapped_high, fire->severe_low, fire->severe_high,
                  fire->nature, fire->place);
    for (unsigned fact = FIRE_LOSS; fact <= FIRE_RESERVE; fact++) {
        if ((fire->maybe & FIRE_BIT(fact)) != 0) {
            (void)fprintf(stderr, "  %s: %s\n", names[fact], (fire->yes & FIRE_BIT(fact)) != 0 ? "yes" : "unknown");
        }
    }
}
