/* Proves: the engine's evaluator and Z3 agree. Small random packs, random knowledge of each fact; a level is certain for
 * the engine exactly when Z3 finds no completion below it, and possible exactly when Z3 finds one that reaches it. */
#include "check.h"
#include "check/prover.h"
#include "engine/decide.h"
#include "engine/random_pack.h"

#define BOXES 6

struct trial {
    const struct plan *plan;
    struct decide_program *program;
    struct prover *prover;
    const Z3_ast *base;
    struct decide_box box;
};

/* Knowledge of one fact, for the engine and for Z3. */
static void learn(struct trial *trial, enum random_kind kind, int fact, uint64_t *state) {
    struct prover *prover = trial->prover;
    bool is_unknown = random_below(state, 2) == 0;
    int top = kind == RANDOM_FLAG ? 1 : RANDOM_TOP;
    int low = is_unknown ? 0 : (int)random_below(state, (uint32_t)top + 1);
    int high = is_unknown ? top : low + (int)random_below(state, (uint32_t)(top - low) + 1);
    unsigned set = is_unknown ? 7U : 1 + random_below(state, 7);
    uint32_t axis =
        space_find_axis(prover->space, plan_find_fact(trial->plan, (struct text){"ABCDEFG" + fact, 1}), false, 0);
    Z3_ast any = Z3_mk_false(prover->z3);
    if (kind == RANDOM_CHOICE) {
        low = 0;
        high = 2;
    }
    for (int value = low; value <= high; value++) {
        if (kind != RANDOM_CHOICE || (set >> (unsigned)value & 1U) != 0) {
            any = prover_either(prover, any, prover_equals(prover, axis, trial->base[axis], value));
        }
    }
    prover_assume(prover, any);
    trial->box.low[fact] = kind == RANDOM_CHOICE ? (int64_t)set : low;
    trial->box.high[fact] = kind == RANDOM_CHOICE ? 0 : high;
}

static bool can_be(struct trial *trial, Z3_ast that) {
    prover_push(trial->prover);
    prover_assume(trial->prover, that);
    enum answer answer = prover_ask(trial->prover);
    prover_pop(trial->prover);
    check(answer != ANSWER_UNKNOWN, "Z3 has no answer");
    return answer == ANSWER_YES;
}

static void compare_levels(struct trial *trial, const struct random_pack *pack, unsigned long long seed) {
    struct prover *prover = trial->prover;
    const struct plan_scale *scale = &trial->plan->scales[0];
    struct decide_level level;
    decide_scale(trial->program, 0, &trial->box, &level);
    for (uint8_t at = 1; at <= scale->level_count; at++) {
        Z3_ast reached = prover_reaches(prover, trial->base, scale, false, at);
        bool possible = can_be(trial, reached);
        bool certain = !can_be(trial, prover_not(prover, reached));
        check(certain == (level.level >= at), "seed %llu, level %u: Z3 says certain %d, the engine %u\n%s", seed,
              (unsigned)at, certain, (unsigned)level.level, pack->text);
        check(possible == (level.may >= at), "seed %llu, level %u: Z3 says possible %d, the engine %u\n%s", seed,
              (unsigned)at, possible, (unsigned)level.may, pack->text);
    }
    for (uint16_t i = 0; i < scale->rule_count; i++) {
        uint32_t node = trial->plan->rules[scale->first_rule + i].condition;
        bool certain = false;
        bool possible = false;
        decide_condition(trial->program, node, &trial->box, &certain, &possible);
        Z3_ast rule = prover_condition(prover, trial->base, node, NULL);
        check(possible == can_be(trial, rule) && certain == !can_be(trial, prover_not(prover, rule)),
              "seed %llu, rule %u\n%s", seed, (unsigned)i, pack->text);
    }
}

static void run_seed(uint64_t seed, bool mixed) {
    static struct random_pack pack;
    uint64_t state = seed * 2654435761U;
    struct plan_messages messages = {0};
    struct failure failure = {0};
    struct space space;
    struct arena *arena = arena_create((size_t)64 << 20);
    random_pack_make(&pack, &state, mixed);
    struct trial trial = {.plan = plan_compile(TEXT("random"), text_of(pack.text), &messages)};
    check(trial.plan != NULL && arena != NULL && space_make(&space, trial.plan, 0, arena), "seed %llu\n%s",
          (unsigned long long)seed, pack.text);
    trial.program = decide_program_create(trial.plan, &failure);
    trial.prover = prover_create(&space, 2000000, arena, &failure);
    check(trial.program != NULL && trial.prover != NULL, "seed %llu: %s", (unsigned long long)seed, failure.message);
    trial.base = prover_declare_case(trial.prover);
    for (int i = 0; i < BOXES; i++) {
        decide_box_clear(&trial.box, trial.plan, 0);
        prover_push(trial.prover);
        for (int fact = 0; fact < pack.fact_count; fact++) {
            learn(&trial, pack.kinds[fact], fact, &state);
        }
        compare_levels(&trial, &pack, (unsigned long long)seed);
        prover_pop(trial.prover);
    }
    prover_destroy(trial.prover);
    decide_program_destroy(trial.program);
    plan_destroy((struct plan *)trial.plan);
    plan_messages_release(&messages);
    arena_destroy(arena);
}

static void facts_that_pull_one_way(void **state) {
    (void)state;
    for (uint64_t seed = 20001; seed < 20051; seed++) {
        run_seed(seed, false);
    }
}

static void facts_that_pull_both_ways(void **state) {
    (void)state;
    for (uint64_t seed = 30001; seed < 30051; seed++) {
        run_seed(seed, true);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_that_pull_one_way),
        cmocka_unit_test(facts_that_pull_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
