#include "forest_fire_floor.h"

#include <stdbool.h>

#define HOUR INT64_C(3600000000)
#define HECTARE INT64_C(30000000000) /* 1e10 mm2, in thirds */

/* Rules by position: three of Ⅳ级, four of Ⅲ级, three of Ⅱ级, four of Ⅰ级. */
enum {
    RULE_INWARD = 1 << 2,
    RULES_2 = 0x78,
    RULES_3 = 0x380,
    RULES_4 = 0x3c00,
    RULE_PEOPLE_3 = 1 << 9,
    RULE_PEOPLE_4 = 1 << 12
};

#define THREATS                                                                                                        \
    (FIRE_BIT(FIRE_UNCONTROLLED) | FIRE_BIT(FIRE_HOMES) | FIRE_BIT(FIRE_FACILITIES) | FIRE_BIT(FIRE_OUTWARD) |         \
     FIRE_BIT(FIRE_MILITARY) | FIRE_BIT(FIRE_INDUSTRY) | FIRE_BIT(FIRE_RESERVE))
#define THREATS_2 (FIRE_BIT(FIRE_HOMES) | FIRE_BIT(FIRE_FACILITIES) | FIRE_BIT(FIRE_OUTWARD))
#define THREATS_4 (FIRE_BIT(FIRE_MILITARY) | FIRE_BIT(FIRE_INDUSTRY) | FIRE_BIT(FIRE_RESERVE))
#define FLAGS_1                                                                                                        \
    (FIRE_BIT(FIRE_UNCONTROLLED) | FIRE_BIT(FIRE_DATE) | FIRE_BIT(FIRE_SITE)) /* FIRE_INWARD goes its own way */

static inline unsigned top_level(unsigned rules) {
    return (rules & RULES_4) != 0 ? 4 : (rules & RULES_3) != 0 ? 3 : (rules & RULES_2) != 0 ? 2 : rules != 0 ? 1 : 0;
}

static inline unsigned burning_rules(int64_t us) {
    return (unsigned)(us >= 2 * HOUR) << 3 | (unsigned)(us >= 6 * HOUR) << 7 | (unsigned)(us >= 12 * HOUR) << 10;
}

static inline unsigned area_rules(int64_t area) {
    return (unsigned)(area >= HECTARE / 2) << 4 | (unsigned)(area >= 5 * HECTARE) << 8 |
           (unsigned)(area >= 30 * HECTARE) << 11;
}

static inline unsigned people_rules(int32_t dead_and_trapped) {
    return (unsigned)(dead_and_trapped >= 1) << 9 | (unsigned)(dead_and_trapped >= 3) << 12;
}

static inline unsigned severe_rules(int32_t severe) {
    return (unsigned)(severe >= 1) << 9 | (unsigned)(severe >= 10) << 12;
}

static inline unsigned flag_rules(uint32_t flags) {
    return (unsigned)((flags & FIRE_BIT(FIRE_UNCONTROLLED)) != 0) |
           (unsigned)((flags & (FIRE_BIT(FIRE_DATE) | FIRE_BIT(FIRE_SITE))) != 0) << 1 |
           (unsigned)((flags & FIRE_BIT(FIRE_INWARD)) != 0) << 2 |
           (unsigned)((flags & (FIRE_BIT(FIRE_HOMES) | FIRE_BIT(FIRE_FACILITIES))) != 0) << 5 |
           (unsigned)((flags & FIRE_BIT(FIRE_OUTWARD)) != 0) << 6 |
           (unsigned)((flags & FIRE_BIT(FIRE_LOSS)) != 0) << 9 | (unsigned)((flags & THREATS_4) != 0) << 13;
}

/* Rules as they would hold for a fire here that is a forest fire, by what makes them hold. */
struct parts {
    unsigned burning, area, people, severe, flags;
};

static inline unsigned join(const struct parts *parts) {
    return parts->burning | parts->area | parts->people | parts->severe | parts->flags;
}

/* Which kinds of fire it may be: a forest fire or a small one, here or next door; and whether it may be none. */
struct kinds {
    bool forest, small, none, here, next;
};

/* Rules that hold in every kind of fire, the facts being at their best. */
static inline unsigned find_certain(const struct kinds *kinds, unsigned rules, bool threat) {
    if (kinds->none || (kinds->small && kinds->here && !threat)) {
        return 0;
    }
    return kinds->next ? rules & RULE_INWARD : rules;
}

/* Rules that hold in some kind of fire, the facts being at their worst. */
static inline unsigned find_possible(const struct kinds *kinds, unsigned rules, bool threat) {
    unsigned here = kinds->here && (kinds->forest || (kinds->small && threat)) ? rules : 0;
    return here | (kinds->next && (kinds->forest || kinds->small) ? rules & RULE_INWARD : 0);
}

struct asking {
    const struct fire *fire;
    struct kinds kinds;
    struct parts low, high;
    unsigned rules_low, rules_high, open;
    bool threat_low, threat_high;
    uint8_t lift[FIRE_FACTS];
};

static inline void lift(struct asking *asking, unsigned fact, unsigned level) {
    if (asking->lift[fact] < level) {
        asking->lift[fact] = (uint8_t)level;
    }
}

static inline void lift_all(struct asking *asking, uint32_t facts, unsigned level) {
    for (; facts != 0; facts &= facts - 1) {
        lift(asking, (unsigned)__builtin_ctz(facts), level);
    }
}

/* One of the two facts whose sum counts: moves the level by itself when the other can stand so that it decides. */
static inline unsigned lift_in_sum(int32_t low, int32_t high, int32_t other_low, int32_t other_high, unsigned base) {
    for (unsigned level = 4; level > 2 && level > base; level--) {
        int32_t bound = level == 4 ? 3 : 1;
        int32_t from = other_low > bound - high ? other_low : bound - high;
        int32_t to = other_high < bound - 1 - low ? other_high : bound - 1 - low;
        if (from <= to) {
            return level;
        }
    }
    return 0;
}

/* Facts of a fire here, where the others hold it at `base` at least. */
static void lift_here(struct asking *asking, unsigned base) {
    const struct fire *fire = asking->fire;
    uint32_t open = fire->maybe & ~fire->yes;
    unsigned burning = top_level(asking->high.burning);
    unsigned area = top_level(asking->high.area);
    unsigned severe = top_level(asking->high.severe);
    if (burning > base) {
        lift(asking, FIRE_BURNING, burning);
    }
    if (area > base) {
        lift(asking, FIRE_AREA, area);
    }
    if (severe > base) {
        lift(asking, FIRE_SEVERE, severe);
    }
    if ((asking->high.people & ~asking->low.people) != 0) {
        lift(asking, FIRE_DEAD,
             lift_in_sum(fire->dead_low, fire->dead_high, fire->trapped_low, fire->trapped_high, base));
        lift(asking, FIRE_TRAPPED,
             lift_in_sum(fire->trapped_low, fire->trapped_high, fire->dead_low, fire->dead_high, base));
    }
    if (base < 4) {
        lift_all(asking, open & THREATS_4, 4);
    }
    if (base < 3) {
        lift_all(asking, open & FIRE_BIT(FIRE_LOSS), 3);
    }
    if (base < 2) {
        lift_all(asking, open & THREATS_2, 2);
    }
    if (base < 1) {
        lift_all(asking, open & (FLAGS_1 | FIRE_BIT(FIRE_INWARD)), 1);
    }
}

/* Rules that may hold without any threat that makes a small fire count. */
static inline unsigned rules_without_threat(const struct asking *asking) {
    return asking->high.burning | asking->high.area | asking->high.people | asking->high.severe |
           flag_rules(asking->fire->maybe & ~THREATS);
}

/* A small fire here of which no threat is certain: a threat brings in all that the rest comes to. */
static void lift_small_here(struct asking *asking, unsigned base) {
    uint32_t threats = asking->fire->maybe & THREATS;
    if (threats == 0) {
        return;
    }
    unsigned rest = top_level(rules_without_threat(asking));
    unsigned least = (threats & FIRE_BIT(FIRE_UNCONTROLLED)) != 0 ? 1 : (threats & THREATS_2) != 0 ? 2 : 4;
    lift_all(asking, threats & FIRE_BIT(FIRE_UNCONTROLLED), rest > 1 ? rest : 1);
    lift_all(asking, threats & THREATS_2, rest > 2 ? rest : 2);
    lift_all(asking, threats & THREATS_4, 4);
    lift_here(asking, base > least ? base : least);
}

static void lift_nature(struct asking *asking) {
    const struct kinds *kinds = &asking->kinds;
    unsigned inward = (asking->rules_high & RULE_INWARD) != 0;
    unsigned here = top_level(asking->rules_high);
    if (kinds->none && (kinds->forest || kinds->small)) {
        if (kinds->here && (kinds->forest || asking->threat_high)) {
            lift(asking, FIRE_NATURE, here);
        }
        if (kinds->next) {
            lift(asking, FIRE_NATURE, inward);
        }
    }
    if (kinds->forest && kinds->small && kinds->here && !asking->threat_low) {
        lift(asking, FIRE_NATURE, top_level(rules_without_threat(asking)));
    }
}

static void lift_place(struct asking *asking) {
    const struct kinds *kinds = &asking->kinds;
    bool inward_low = (asking->rules_low & RULE_INWARD) != 0;
    bool inward_high = (asking->rules_high & RULE_INWARD) != 0;
    unsigned here = top_level(asking->rules_high);
    if (!kinds->here || !kinds->next) {
        return;
    }
    bool counts = kinds->forest || (kinds->small && asking->threat_high);
    if (counts && (here > 1 || ((asking->rules_high & 3) != 0 && !inward_low))) {
        lift(asking, FIRE_PLACE, here);
    }
    if (kinds->small && inward_high && !asking->threat_low) {
        lift(asking, FIRE_PLACE, 1);
    }
}

static void find_lifts(struct asking *asking) {
    const struct fire *fire = asking->fire;
    const struct kinds *kinds = &asking->kinds;
    unsigned base = top_level(asking->rules_low);
    if (kinds->here) {
        if (kinds->forest || (kinds->small && asking->threat_low)) {
            lift_here(asking, base);
        }
        if (kinds->small && !asking->threat_low) {
            lift_small_here(asking, base);
        }
    }
    if (kinds->next && (kinds->forest || kinds->small)) {
        lift_all(asking, fire->maybe & ~fire->yes & FIRE_BIT(FIRE_INWARD), 1);
    }
    lift_nature(asking);
    lift_place(asking);
}

/* How many open rules would be settled at one of a fact's ends: the facts at their best so, at their worst so. */
static inline unsigned settled_by(const struct asking *asking, const struct kinds *kinds, unsigned rules_low,
                                  bool threat_low, unsigned rules_high, bool threat_high) {
    return asking->open & (find_certain(kinds, rules_low, threat_low) | ~find_possible(kinds, rules_high, threat_high));
}

static unsigned settled_by_nature(const struct asking *asking) {
    unsigned settled = 0;
    struct kinds kinds = {.here = asking->kinds.here, .next = asking->kinds.next};
    if (asking->kinds.forest) {
        kinds.forest = true;
        settled |=
            settled_by(asking, &kinds, asking->rules_low, asking->threat_low, asking->rules_high, asking->threat_high);
        kinds.forest = false;
    }
    if (asking->kinds.small) {
        kinds.small = true;
        settled |=
            settled_by(asking, &kinds, asking->rules_low, asking->threat_low, asking->rules_high, asking->threat_high);
        kinds.small = false;
    }
    return asking->kinds.none ? asking->open : settled;
}

static unsigned settled_by_place(const struct asking *asking) {
    unsigned settled = 0;
    struct kinds kinds = asking->kinds;
    kinds.next = false;
    settled |=
        settled_by(asking, &kinds, asking->rules_low, asking->threat_low, asking->rules_high, asking->threat_high);
    kinds.here = false;
    kinds.next = true;
    settled |=
        settled_by(asking, &kinds, asking->rules_low, asking->threat_low, asking->rules_high, asking->threat_high);
    return settled;
}

static unsigned settled_by_flag(const struct asking *asking, unsigned fact) {
    const struct fire *fire = asking->fire;
    struct parts low = asking->low;
    struct parts high = asking->high;
    uint32_t yes = fire->yes | FIRE_BIT(fact);
    uint32_t maybe = fire->maybe & ~FIRE_BIT(fact);
    low.flags = flag_rules(yes);
    high.flags = flag_rules(maybe);
    return settled_by(asking, &asking->kinds, join(&low), (yes & THREATS) != 0, join(&high), (maybe & THREATS) != 0);
}

static unsigned settled_by_number(const struct asking *asking, unsigned fact) {
    const struct fire *fire = asking->fire;
    struct parts low = asking->low;
    struct parts high = asking->high;
    switch (fact) {
    case FIRE_BURNING:
        low.burning = asking->high.burning;
        high.burning = asking->low.burning;
        break;
    case FIRE_AREA:
        low.area = asking->high.area;
        high.area = asking->low.area;
        break;
    case FIRE_SEVERE:
        low.severe = asking->high.severe;
        high.severe = asking->low.severe;
        break;
    case FIRE_DEAD:
        low.people = people_rules(fire->dead_high + fire->trapped_low);
        high.people = people_rules(fire->dead_low + fire->trapped_high);
        break;
    default:
        low.people = people_rules(fire->dead_low + fire->trapped_high);
        high.people = people_rules(fire->dead_high + fire->trapped_low);
        break;
    }
    return settled_by(asking, &asking->kinds, join(&low), asking->threat_low, join(&high), asking->threat_high);
}

static void order(const struct asking *asking, struct fire_answer *answer) {
    uint16_t keys[FIRE_FACTS];
    unsigned count = 0;
    for (unsigned fact = 0; fact < FIRE_FACTS; fact++) {
        if (asking->lift[fact] == 0) {
            continue;
        }
        unsigned settled = fact <= FIRE_SEVERE   ? settled_by_number(asking, fact)
                           : fact == FIRE_NATURE ? settled_by_nature(asking)
                           : fact == FIRE_PLACE  ? settled_by_place(asking)
                                                 : settled_by_flag(asking, fact);
        uint16_t key =
            (uint16_t)((unsigned)asking->lift[fact] << 10 | (unsigned)__builtin_popcount(settled) << 5 | (31 - fact));
        unsigned at = count++;
        for (; at > 0 && keys[at - 1] < key; at--) {
            keys[at] = keys[at - 1];
        }
        keys[at] = key;
    }
    for (unsigned i = 0; i < count; i++) {
        answer->ask[i] = (uint8_t)(31 - (keys[i] & 31));
    }
    answer->ask_count = (uint8_t)count;
}

void fire_decide(const struct fire *fire, struct fire_answer *answer) {
    struct asking asking;
    asking.fire = fire;
    asking.kinds = (struct kinds){.forest = (fire->nature & FIRE_FOREST) != 0,
                                  .small = (fire->nature & (FIRE_ALARM | FIRE_SMALL)) != 0,
                                  .none = (fire->nature & FIRE_FALSE) != 0,
                                  .here = (fire->place & FIRE_HERE) != 0,
                                  .next = (fire->place & FIRE_NEXT_DOOR) != 0};
    asking.low = (struct parts){burning_rules(fire->burning_low), area_rules(fire->area_low),
                                people_rules(fire->dead_low + fire->trapped_low), severe_rules(fire->severe_low),
                                flag_rules(fire->yes)};
    asking.high = (struct parts){burning_rules(fire->burning_high), area_rules(fire->area_high),
                                 people_rules(fire->dead_high + fire->trapped_high), severe_rules(fire->severe_high),
                                 flag_rules(fire->maybe)};
    asking.rules_low = join(&asking.low);
    asking.rules_high = join(&asking.high);
    asking.threat_low = (fire->yes & THREATS) != 0;
    asking.threat_high = (fire->maybe & THREATS) != 0;
    unsigned certain = find_certain(&asking.kinds, asking.rules_low, asking.threat_low);
    unsigned possible = find_possible(&asking.kinds, asking.rules_high, asking.threat_high);
    static const uint16_t level_rules[] = {0, 0x7, RULES_2, RULES_3, RULES_4};
    unsigned level = top_level(certain);
    answer->level = (uint8_t)level;
    answer->may = (uint8_t)top_level(possible);
    answer->because = (uint16_t)(certain & level_rules[level]);
    static const uint16_t above[] = {0x3fff, 0x3ff8, 0x3f80, RULES_4, 0};
    asking.open = possible & ~certain & above[level];
    answer->open = (uint16_t)asking.open;
    answer->ask_count = 0;
    if (answer->may > level) {
        __builtin_memset(asking.lift, 0, sizeof asking.lift);
        find_lifts(&asking);
        order(&asking, answer);
    }
}
