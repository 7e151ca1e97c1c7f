/* Proves that level, may, because, open and ask are exact: small random packs, random knowledge, and every completion
 * of what is unknown tried one by one by a judge that shares no code with the engine. */

#include "check.h"
#include "engine/program.h"
#include "random_pack.h"

#include <string.h>

struct judged {
    int level, may;
    uint64_t because, open;
    int lift[RANDOM_FACTS_MAX];    /* 0: not worth asking */
    int settles[RANDOM_FACTS_MAX]; /* open rules that knowing the fact could settle */
    uint64_t every_at[RANDOM_FACTS_MAX][RANDOM_TOP + 1], some_at[RANDOM_FACTS_MAX][RANDOM_TOP + 1]; /* by its value */
};

struct range {
    int low, high; /* counts, flags */
    unsigned set;  /* choices */
};

static bool allowed(const struct random_pack *pack, const struct range *known, int fact, int value) {
    if (pack->kinds[fact] == RANDOM_CHOICE) {
        return (known[fact].set >> value & 1) != 0;
    }
    return value >= known[fact].low && value <= known[fact].high;
}

static int first_value(const struct random_pack *pack, const struct range *known, int fact) {
    int value = 0;
    while (!allowed(pack, known, fact, value)) {
        value++;
    }
    return value;
}

/* The next completion, like an odometer; false after the last. */
static bool advance(const struct random_pack *pack, const struct range *known, int values[RANDOM_FACTS_MAX]) {
    for (int fact = 0; fact < pack->fact_count; fact++) {
        for (int value = values[fact] + 1; value <= RANDOM_TOP; value++) {
            if (allowed(pack, known, fact, value)) {
                values[fact] = value;
                return true;
            }
        }
        values[fact] = first_value(pack, known, fact);
    }
    return false;
}

static void judge_alone(const struct random_pack *pack, const struct range *known, const int values[RANDOM_FACTS_MAX],
                        struct judged *judged) {
    uint64_t rules = 0;
    int level = random_pack_level(pack, values, &rules);
    for (int fact = 0; fact < pack->fact_count; fact++) {
        int changed[RANDOM_FACTS_MAX];
        memcpy(changed, values, sizeof changed);
        for (changed[fact] = 0; changed[fact] <= RANDOM_TOP; changed[fact]++) {
            if (!allowed(pack, known, fact, changed[fact])) {
                continue;
            }
            int other = random_pack_level(pack, changed, &rules);
            int higher = other > level ? other : level;
            if (other != level && higher > judged->lift[fact]) {
                judged->lift[fact] = higher;
            }
        }
    }
}

static void judge_settling(const struct random_pack *pack, const struct range *known, struct judged *judged) {
    for (int fact = 0; fact < pack->fact_count; fact++) {
        uint64_t settled = 0;
        for (int value = 0; value <= RANDOM_TOP; value++) {
            if (allowed(pack, known, fact, value)) {
                settled |= judged->every_at[fact][value] | ~judged->some_at[fact][value];
            }
        }
        judged->settles[fact] = __builtin_popcountll(settled & judged->open);
    }
}

static void judge(const struct random_pack *pack, const struct range *known, struct judged *judged) {
    int values[RANDOM_FACTS_MAX];
    uint64_t every = UINT64_MAX;
    uint64_t some = 0;
    *judged = (struct judged){.level = 99};
    memset(judged->every_at, 0xff, sizeof judged->every_at);
    for (int fact = 0; fact < pack->fact_count; fact++) {
        values[fact] = first_value(pack, known, fact);
    }
    do {
        uint64_t rules = 0;
        int level = random_pack_level(pack, values, &rules);
        judged->level = level < judged->level ? level : judged->level;
        judged->may = level > judged->may ? level : judged->may;
        every &= rules;
        some |= rules;
        for (int fact = 0; fact < pack->fact_count; fact++) {
            judged->every_at[fact][values[fact]] &= rules;
            judged->some_at[fact][values[fact]] |= rules;
        }
        judge_alone(pack, known, values, judged);
    } while (advance(pack, known, values));
    for (int i = 0; i < pack->rule_count; i++) {
        uint64_t bit = UINT64_C(1) << i;
        if (pack->rules[i].level == judged->level && (every & bit) != 0) {
            judged->because |= bit;
        }
        if (pack->rules[i].level > judged->level && (some & ~every & bit) != 0) {
            judged->open |= bit;
        }
    }
    judge_settling(pack, known, judged);
}

static bool comes_before(const struct judged *judged, int left, int right) {
    if (judged->lift[left] != judged->lift[right]) {
        return judged->lift[left] > judged->lift[right];
    }
    return judged->settles[left] != judged->settles[right] ? judged->settles[left] > judged->settles[right]
                                                           : left < right;
}

static void make_knowledge(const struct random_pack *pack, uint64_t *state, struct range *known) {
    for (int fact = 0; fact < pack->fact_count; fact++) {
        bool unknown = random_below(state, 2) == 0;
        if (pack->kinds[fact] == RANDOM_CHOICE) {
            known[fact].set = unknown ? 7U : 1 + random_below(state, 7);
        } else {
            int top = pack->kinds[fact] == RANDOM_FLAG ? 1 : RANDOM_TOP;
            known[fact].low = unknown ? 0 : (int)random_below(state, (uint32_t)top + 1);
            known[fact].high =
                unknown ? top : known[fact].low + (int)random_below(state, (uint32_t)(top - known[fact].low) + 1);
        }
    }
}

static void fill_box(const struct random_pack *pack, const struct range *known, const struct plan *plan,
                     struct decide_box *box) {
    decide_box_clear(box, plan, 0);
    for (int fact = 0; fact < pack->fact_count; fact++) {
        box->low[fact] = pack->kinds[fact] == RANDOM_CHOICE ? (int64_t)known[fact].set : known[fact].low;
        box->high[fact] = pack->kinds[fact] == RANDOM_CHOICE ? 0 : known[fact].high;
    }
}

/* Holds the program against what brute force has found. */
static void compare(const struct random_pack *pack, const struct decide_program *program, const struct range *known,
                    const struct judged *found, unsigned long long seed) {
    const struct plan *plan = program->plan;
    struct decide_box box;
    struct decide_level level;
    struct judged judged = *found;
    uint8_t slots[PLAN_FACTS_MAX];
    fill_box(pack, known, plan, &box);
    decide_scale(program, 0, &box, &level);
    check(level.level == judged.level, "seed %llu: level %d, brute force says %d\n%s", seed, level.level, judged.level,
          pack->text);
    check(level.may == judged.may, "seed %llu: may %d, brute force says %d\n%s", seed, level.may, judged.may,
          pack->text);
    check(judged.because == 0 || level.because == judged.because, "seed %llu: because %llx, brute force says %llx\n%s",
          seed, (unsigned long long)level.because, (unsigned long long)judged.because, pack->text);
    check((level.because == 0) == (level.level == 0), "seed %llu: a level without a reason\n%s", seed, pack->text);
    check(level.open == judged.open, "seed %llu: open %llx, brute force says %llx\n%s", seed,
          (unsigned long long)level.open, (unsigned long long)judged.open, pack->text);
    uint32_t count = decide_ask(program, 0, &box, &level, slots);
    struct decide_level again;
    uint8_t same[PLAN_FACTS_MAX];
    check(decide_all(program, 0, &box, &again, same) == count && memcmp(same, slots, count) == 0 &&
              again.level == level.level && again.may == level.may && again.because == level.because &&
              again.open == level.open,
          "seed %llu: all at once is not the same\n%s", seed, pack->text);
    bool asked[RANDOM_FACTS_MAX] = {false};
    for (uint32_t i = 0; i < count; i++) {
        asked[slots[i]] = true;
        check(i == 0 || comes_before(&judged, slots[i - 1], slots[i]), "seed %llu: asked out of order\n%s", seed,
              pack->text);
    }
    for (int fact = 0; fact < pack->fact_count; fact++) {
        check(asked[fact] == (judged.lift[fact] > 0), "seed %llu: fact %d asked %d, brute force lifts to %d\n%s", seed,
              fact, asked[fact], judged.lift[fact], pack->text);
    }
    check((count == 0) == (judged.level == judged.may), "seed %llu: asks %u\n%s", seed, count, pack->text);
}

static void run_seeds(uint64_t first, uint64_t last, bool mixed) {
    for (uint64_t seed = first; seed < last; seed++) {
        static struct random_pack pack;
        uint64_t state = seed * 2654435761U;
        struct plan_messages messages = {0};
        struct failure failure = {0};
        random_pack_make(&pack, &state, mixed);
        struct plan *plan = plan_compile(TEXT("random"), text_of(pack.text), &messages);
        check(plan != NULL, "seed %llu does not compile: %.*s\n%s", (unsigned long long)seed,
              messages.count > 0 ? (int)messages.items[0].text.length : 0,
              messages.count > 0 ? messages.items[0].text.bytes : "", pack.text);
        struct decide_program *program = decide_program_create(plan, &failure);
        check(program != NULL, "seed %llu: %s\n%s", (unsigned long long)seed, failure.message, pack.text);
        const struct bits *bits = program->scales[0].bits;
        for (int i = 0; i < 12; i++) {
            struct range known[RANDOM_FACTS_MAX];
            struct judged judged;
            make_knowledge(&pack, &state, known);
            judge(&pack, known, &judged);
            compare(&pack, program, known, &judged, (unsigned long long)seed);
            program->scales[0].bits = NULL; /* and step by step, as where there is no other way */
            compare(&pack, program, known, &judged, (unsigned long long)seed);
            program->scales[0].bits = bits;
        }
        decide_program_destroy(program);
        plan_destroy(plan);
        plan_messages_release(&messages);
    }
}

static void facts_that_pull_one_way(void **state) {
    (void)state;
    run_seeds(1, 1 + random_count_seeds(400), false);
    run_seeds(20044, 20045, false); /* a sum that must be filled part by part */
}

static void facts_that_pull_both_ways(void **state) {
    (void)state;
    run_seeds(100001, 100001 + random_count_seeds(300), true);
    run_seeds(100863, 100864, true); /* what a mixed fact turns depends on what the others have been set to */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_that_pull_one_way),
        cmocka_unit_test(facts_that_pull_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
