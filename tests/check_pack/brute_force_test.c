/* Proves: on small random plans the checker finds exactly the rules that never decide and exactly the facts by which a
 * level falls, and every case that it shows is what it says, and no larger than need be. The judge tries every
 * completion and shares no code with the checker. */
#include "check.h"
#include "check/check.h"
#include "engine/random_pack.h"

#include <string.h>

#define CASES_MAX 78125 /* 5 to the number of facts */
#define SEEDS 100

static unsigned fall_count, dead_count; /* what was found in all */

/* What holds in each completion, counted in mixed radix: the first fact runs fastest. */
static struct {
    struct random_pack pack;
    char text[sizeof((struct random_pack *)0)->text + 1024];
    int sizes[RANDOM_FACTS_MAX], strides[RANDOM_FACTS_MAX];
    int count;
    uint64_t rules[CASES_MAX];
    int levels[CASES_MAX];
    bool given[CASES_MAX];
} world;

static void decode(int at, int values[RANDOM_FACTS_MAX]) {
    for (int fact = 0; fact < world.pack.fact_count; fact++) {
        values[fact] = at / world.strides[fact] % world.sizes[fact];
    }
}

static void weigh_all(void) {
    const struct random_pack *pack = &world.pack;
    world.count = 1;
    for (int fact = 0; fact < pack->fact_count; fact++) {
        world.sizes[fact] = pack->kinds[fact] == RANDOM_COUNT  ? RANDOM_TOP + 1
                            : pack->kinds[fact] == RANDOM_FLAG ? 2
                                                               : 3;
        world.strides[fact] = world.count;
        world.count *= world.sizes[fact];
    }
    for (int at = 0; at < world.count; at++) {
        int values[RANDOM_FACTS_MAX] = {0};
        decode(at, values);
        world.levels[at] = random_pack_level(pack, values, &world.rules[at]);
        world.given[at] = pack->given < 0 || random_pack_holds(pack, pack->given, values);
    }
}

/* The pack's text, with a direction for every count and flag. */
static void direct(void) {
    const char *from = world.pack.text;
    char *to = world.text;
    while (*from != '\0') {
        const char *insert = strncmp(from, ": count", 7) == 0  ? ": count, more is worse"
                             : strncmp(from, ": flag", 6) == 0 ? ": flag, yes is worse"
                                                               : NULL;
        if (insert == NULL) {
            *to++ = *from++;
        } else {
            memcpy(to, insert, strlen(insert));
            to += strlen(insert);
            from += insert[2] == 'c' ? 7 : 6;
        }
    }
    *to = '\0';
}

/* ---- what is found ---------------------------------------------------------------------------------------- */

/* The rule of a finding: rules cite 3.1, 3.2, …; -1 when it is about none. */
static int find_rule(const struct check_report *report, const struct check_finding *finding) {
    if (finding->cites.count != 1) {
        return -1;
    }
    struct text clause = report->plan->cites[finding->cites.first];
    return clause.length == 3 && clause.bytes[0] == '3' ? clause.bytes[2] - '1' : -1;
}

/* The completion that a case of a witness stands for. */
static int find_case(const struct check_case *of, unsigned long long seed) {
    int at = 0;
    for (uint16_t i = 0; i < of->value_count; i++) {
        int fact = of->values[i].fact.bytes[0] - 'A';
        struct text value = of->values[i].value;
        int number = text_equals_string(value, "yes")  ? 1
                     : text_equals_string(value, "no") ? 0
                     : value.bytes[0] == 'v'           ? value.bytes[1] - '0'
                                                       : value.bytes[0] - '0';
        check(fact >= 0 && fact < world.pack.fact_count && number >= 0 && number < world.sizes[fact], "seed %llu",
              seed);
        at += number * world.strides[fact];
    }
    return at;
}

/* The one fact in which two completions differ. */
static int find_pivot(int left, int right, unsigned long long seed) {
    int pivot = -1;
    for (int fact = 0; fact < world.pack.fact_count; fact++) {
        if (left / world.strides[fact] % world.sizes[fact] != right / world.strides[fact] % world.sizes[fact]) {
            check(pivot < 0, "seed %llu: a witness differs in two facts\n%s", seed, world.text);
            pivot = fact;
        }
    }
    return pivot;
}

static int count_off_usual(int at) {
    int values[RANDOM_FACTS_MAX] = {0};
    int count = 0;
    decode(at, values);
    for (int fact = 0; fact < world.pack.fact_count; fact++) {
        count += values[fact] != 0 ? 1 : 0;
    }
    return count;
}

/* ---- falls ------------------------------------------------------------------------------------------------ */

/* Whether a rule lets go at this completion as the fact gets worse, and nothing of its level or a higher one holds. */
static bool falls_at(int at, int rule, int fact) {
    if ((world.rules[at] >> rule & 1) == 0) {
        return false;
    }
    int value = at / world.strides[fact] % world.sizes[fact];
    for (int worse = value + 1; worse < world.sizes[fact]; worse++) {
        int other = at + (worse - value) * world.strides[fact];
        if (world.given[other] && world.levels[other] < world.pack.rules[rule].level) {
            return true;
        }
    }
    return false;
}

/* The fewest facts off zero of any completion that falls; -1 when there is none. */
static int measure_fall(int rule, int fact) {
    int fewest = -1;
    for (int at = 0; at < world.count; at++) {
        if (falls_at(at, rule, fact)) {
            int off = count_off_usual(at);
            fewest = fewest < 0 || off < fewest ? off : fewest;
        }
    }
    return fewest;
}

/* Holds each case against the judge. Returns the pivot. */
static int judge_witness(const struct check_finding *finding, int rule, unsigned long long seed) {
    check(finding->case_count >= 2, "seed %llu: a fall without two cases\n%s", seed, world.text);
    int first = find_case(&finding->cases[0], seed);
    int second = find_case(&finding->cases[1], seed);
    int pivot = find_pivot(first, second, seed);
    for (uint16_t i = 0; i < finding->case_count; i++) {
        int level = finding->cases[i].level.length == 0 ? 0 : finding->cases[i].level.bytes[1] - '0';
        int at = find_case(&finding->cases[i], seed);
        check(world.levels[at] == level, "seed %llu: case %u has level %d, not %d\n%s", seed, (unsigned)i,
              world.levels[at], level, world.text);
    }
    check(pivot >= 0 && second > first && falls_at(first, rule, pivot), "seed %llu: no fall\n%s", seed, world.text);
    return pivot;
}

static void compare_falls(const struct check_report *report, unsigned long long seed) {
    bool found[RANDOM_RULES_MAX][RANDOM_FACTS_MAX] = {{false}};
    bool has_hole[RANDOM_RULES_MAX][RANDOM_FACTS_MAX] = {{false}};
    int shown[RANDOM_RULES_MAX][RANDOM_FACTS_MAX] = {{0}};
    for (uint32_t i = 0; i < report->count; i++) {
        const struct check_finding *finding = &report->findings[i];
        int rule = find_rule(report, finding);
        if (rule >= 0 && (finding->kind == CHECK_FALLS || finding->kind == CHECK_GAP)) {
            int pivot = judge_witness(finding, rule, seed);
            found[rule][pivot] = true;
            has_hole[rule][pivot] = has_hole[rule][pivot] || finding->kind == CHECK_GAP;
            shown[rule][pivot] = count_off_usual(find_case(&finding->cases[0], seed));
            fall_count++;
        }
    }
    for (int rule = 0; rule < world.pack.rule_count; rule++) {
        for (int fact = 0; fact < world.pack.fact_count; fact++) {
            int fewest = world.pack.kinds[fact] == RANDOM_CHOICE ? -1 : measure_fall(rule, fact);
            check(found[rule][fact] == (fewest >= 0), "seed %llu: rule 3.%d, fact %c: found %d, brute force %d\n%s",
                  seed, rule + 1, 'A' + fact, found[rule][fact], fewest >= 0, world.text);
            /* Where holes are told as gaps, the smallest fall may be one of them. */
            check(!found[rule][fact] || has_hole[rule][fact] || shown[rule][fact] == fewest,
                  "seed %llu: rule 3.%d, fact %c: %d facts off the usual, %d are enough\n%s", seed, rule + 1,
                  'A' + fact, shown[rule][fact], fewest, world.text);
        }
    }
}

/* ---- dead rules ------------------------------------------------------------------------------------------- */

/* Whether a rule of these holds somewhere where none of `covers` does. */
static bool is_alone(int rule, uint64_t covers) {
    for (int at = 0; at < world.count; at++) {
        if ((world.rules[at] >> rule & 1) != 0 && (world.rules[at] & covers) == 0) {
            return true;
        }
    }
    return false;
}

/* The rules of this level or a higher one, but for one. */
static uint64_t find_covers(int rule) {
    uint64_t covers = 0;
    uint64_t bit = 1;
    for (int other = 0; other < RANDOM_RULES_MAX; other++, bit <<= 1U) {
        bool counts = other < world.pack.rule_count && other != rule &&
                      world.pack.rules[other].level >= world.pack.rules[rule].level;
        covers |= counts ? bit : 0;
    }
    return covers;
}

static uint64_t find_dead(void) {
    uint64_t dead = 0;
    for (int rule = RANDOM_RULES_MAX - 1; rule >= 0; rule--) {
        if (rule < world.pack.rule_count && !is_alone(rule, find_covers(rule) & ~dead)) {
            dead |= UINT64_C(1) << (unsigned)rule;
        }
    }
    return dead;
}

static bool given_can_hold(void) {
    for (int at = 0; at < world.count; at++) {
        if (world.given[at]) {
            return true;
        }
    }
    return false;
}

static void compare_dead(const struct check_report *report, unsigned long long seed) {
    uint64_t found = 0;
    bool given_is_dead = false;
    for (uint32_t i = 0; i < report->count; i++) {
        const struct check_finding *finding = &report->findings[i];
        check(finding->kind != CHECK_UNDECIDED, "seed %llu: Z3 has no answer\n%s", seed, world.text);
        if (finding->kind == CHECK_DEAD) {
            int rule = find_rule(report, finding);
            bool is_rule = rule >= 0 && rule < RANDOM_RULES_MAX;
            given_is_dead = given_is_dead || !is_rule;
            found |= is_rule ? UINT64_C(1) << (unsigned)rule : 0;
            dead_count++;
        }
    }
    check(given_is_dead == !given_can_hold(), "seed %llu: given\n%s", seed, world.text);
    check(given_is_dead || found == find_dead(), "seed %llu: dead %llx, brute force %llx\n%s", seed,
          (unsigned long long)found, (unsigned long long)find_dead(), world.text);
}

/* ---- trials ----------------------------------------------------------------------------------------------- */

static void run_seed(unsigned long long seed, bool mixed) {
    uint64_t state = seed * 2654435761U;
    struct plan_messages messages = {0};
    struct failure failure = {0};
    random_pack_make(&world.pack, &state, mixed);
    weigh_all();
    direct();
    struct plan *plan = plan_compile(TEXT("random"), text_of(world.text), &messages);
    check(plan != NULL, "seed %llu: %.*s\n%s", seed, TEXT_PRINT(messages.items[0].text), world.text);
    struct check_report *report = check_plan(plan, CHECK_EFFORT_USUAL, &failure);
    check(report != NULL, "seed %llu: %s", seed, failure.message);
    compare_falls(report, seed);
    compare_dead(report, seed);
    check_report_destroy(report);
    plan_destroy(plan);
    plan_messages_release(&messages);
}

static void conditions_that_pull_one_way(void **state) {
    (void)state;
    for (unsigned long long seed = 40001; seed < 40001 + SEEDS; seed++) {
        run_seed(seed, false);
    }
}

static void conditions_that_pull_both_ways(void **state) {
    (void)state;
    for (unsigned long long seed = 50001; seed < 50001 + SEEDS; seed++) {
        run_seed(seed, true);
    }
    check(fall_count > 100 && dead_count > 50, "only %u falls and %u dead rules in all", fall_count, dead_count);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_that_pull_one_way),
        cmocka_unit_test(conditions_that_pull_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
