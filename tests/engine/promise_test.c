/* The promises of LESSONS.md that the engine keeps, each with a test of its own name. */

#include "play.h"

#include <string.h>

#define PACK                                                                                                           \
    "unit Watch @1  unit Town @1  unit Board @1  office Mayor @1\n"                                                    \
    "chain Up = Town, Mayor every 10 min because \"The plan names nobody.\"\n"                                         \
    "incident Fire { fact Hurt: count, more is worse  fact Houses: count, more is worse  fact Smoke: flag }\n"         \
    "scale Alarm of Fire { levels Yellow < Red @1  proposed by Watch @1  ordered by Board @1\n"                        \
    "  decide within 20 min chain Up\n"                                                                                \
    "  Yellow when Hurt >= 1 @6.1  Red when any @6.2 { Hurt >= 5 @(1)  Houses >= 1 @(2) } } @1\n"                      \
    "at Smoke { duty Report of Watch to Town, Mayor within 30 min chain Up \"R\" @1 }\n"

static struct play play;

static void begin(const char *story) {
    static const struct play_case of = {.name = "promise", .packs = {PACK}};
    play_begin(&play, &of);
    play_tell(&play, story);
}

static bool is_same_notice(const struct engine_output *one, const struct engine_output *other) {
    return one->kind == ENGINE_NOTICE && other->kind == ENGINE_NOTICE && one->incident == other->incident &&
           one->item_kind == other->item_kind && one->item == other->item && one->step == other->step &&
           one->party == other->party;
}

/* 1: an acknowledgement stops everything at once, in both orders of the race with a step. */
static void promise_1_acknowledgement_stops_everything(void **state) {
    static const struct {
        const char *first, *second;
        uint32_t notices;
    } orders[] = {{"@40min ack duty 1\n", "@40min\n", 3}, {"@40min-1us ack duty 1\n", "@40min\n", 2}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(orders); i++) {
        begin("open Fire\nsay Smoke yes\ndone 2\n");
        play_tell(&play, orders[i].first);
        play_tell(&play, orders[i].second);
        play_tell(&play, "@2d\n? next never\n");
        uint32_t notices = 0;
        for (uint32_t k = 0; k < play.output_count; k++) {
            notices += play.outputs[k].kind == ENGINE_NOTICE && play.outputs[k].item == 1;
        }
        check(notices == orders[i].notices, "%u notices", notices);
        play_end(&play);
    }
}

/* 2: nothing is told twice, nothing is forgotten: after two days of silence every step is handled once, in order, and
 * says when it came due and when it was handled. */
static void promise_2_told_once_and_not_forgotten(void **state) {
    (void)state;
    begin("open Fire\n"
          "say Smoke yes\n"
          "say Hurt 1\n"
          "@2d\n"
          "@2d\n"
          "@3d\n");
    uint32_t notices = 0;
    int64_t last = 0;
    for (uint32_t i = 0; i < play.output_count; i++) {
        const struct engine_output *output = &play.outputs[i];
        for (uint32_t k = 0; k < i; k++) {
            check(!is_same_notice(output, &play.outputs[k]), "consequence %u is the notice %u again", i, k);
        }
        notices += output->kind == ENGINE_NOTICE;
        check(output->due_at >= last - 1 || output->kind != ENGINE_NOTICE, "consequence %u is out of order", i);
        last = output->kind == ENGINE_NOTICE ? output->due_at : last;
        if (output->kind == ENGINE_NOTICE && output->step > 0) {
            assert_true(output->at == play_start_instant() + 2 * CALENDAR_US_PER_DAY);
            assert_true(output->due_at < output->at);
        }
    }
    /* two reports: bearer and two steps each, and the end of the chain; the proposal: decider, two steps, the end */
    assert_int_equal(notices, 2 * 4 + 4);
    play_end(&play);
}

/* 3: two times on every claim; late news adds, and rewrites nothing that was decided. */
static void promise_3_two_times_and_nothing_rewritten(void **state) {
    struct engine_claim_view claim;
    struct engine_order_view order;
    struct engine_proposal_view proposal;
    (void)state;
    begin("open Fire\n"
          "@10min say Hurt 1\n"
          "@11min order Alarm Yellow by Board because we see it\n"
          "@3h say Hurt 7 as-of 5min\n"
          "? belief Hurt 1\n"
          "@4h correct 1 6\n");
    assert_true(engine_view_claim(play.engine, 1, 2, &claim));
    assert_int_equal(claim.as_of - play_start_instant(), 5 * CALENDAR_US_PER_MINUTE);
    assert_int_equal(claim.heard_at - play_start_instant(), 3 * CALENDAR_US_PER_HOUR);
    assert_true(engine_view_claim(play.engine, 1, 1, &claim));
    assert_int_equal(claim.low, 1); /* what was said stays readable */
    assert_true(claim.corrected);
    assert_true(text_equal(claim.source, TEXT("somebody")));
    assert_true(engine_view_order(play.engine, 1, 0, &order));
    assert_int_equal(order.level, 1);
    assert_int_equal(order.facts_level, 1);
    assert_int_equal(order.at - play_start_instant(), 11 * CALENDAR_US_PER_MINUTE);
    assert_true(engine_view_proposal(play.engine, 1, 1, &proposal));
    assert_int_equal(proposal.status, ENGINE_PROPOSAL_ACCEPTED);
    assert_int_equal(proposal.level, 1);
    play_tell(&play, "? order Alarm Yellow\n? proposal Alarm raise Red\n");
    play_end(&play);
}

/* 4: days begin in the zone that the plan names, whatever the machine's is. */
static void promise_4_days_of_the_plans_zone(void **state) {
    static const struct {
        const char *zone;
        int64_t hours; /* from the start (midnight at +08:00) to the end of the day */
    } zones[] = {{"+08:00", 24}, {"+00:00", 8}, {"-05:00", 13}, {"+14:00", 18}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(zones); i++) {
        struct buffer text = {0};
        struct plan_messages messages = {0};
        struct engine_duty_view duty;
        buffer_print(&text,
                     "```plan\nplan T { version \"1\" zone %s }\nunit Watch @1\nstanding Year { fact Dry: flag }\n"
                     "on open of Year { duty Post of Watch every day \"P\" @1 }\n```\n",
                     zones[i].zone);
        struct plan *plan = plan_compile(TEXT("pack"), buffer_text(&text), &messages);
        assert_non_null(plan);
        struct engine *engine = engine_create();
        struct engine_event adopt = {.kind = ENGINE_ADOPT, .at = play_start_instant(), .by = PLAN_NONE, .plan = plan};
        assert_true(engine_step(engine, &adopt, NULL, NULL, NULL));
        assert_true(engine_view_duty(engine, 1, 1, &duty));
        check(duty.due_at == play_start_instant() + zones[i].hours * CALENDAR_US_PER_HOUR - 1, "zone %s: %lld hours",
              zones[i].zone, (long long)((duty.due_at + 1 - play_start_instant()) / CALENDAR_US_PER_HOUR));
        engine_destroy(engine);
        plan_destroy(plan);
        plan_messages_release(&messages);
        buffer_release(&text);
    }
}

/* 6: a decision keeps its reasons: the proposal the deciding rules and levels of its moment, the order who gave it, why,
 * and what the facts gave. */
static void promise_6_a_decision_keeps_its_reasons(void **state) {
    struct engine_proposal_view proposal;
    struct engine_order_view order;
    (void)state;
    begin("open Fire\n"
          "say Houses 1\n"
          "@5min order Alarm Yellow by Board because the wind is low\n"
          "@6min say Hurt 9\n"
          "say Houses 0\n");
    assert_true(engine_view_proposal(play.engine, 1, 1, &proposal));
    assert_int_equal(proposal.because, 1U << 2); /* 6.2(2), not what decides now */
    assert_int_equal(proposal.level, 2);
    assert_int_equal(proposal.may, 2);
    assert_int_equal(proposal.from, 0);
    assert_int_equal(proposal.to, 2);
    assert_int_equal(proposal.sequence, 3); /* the event that raised it */
    assert_int_equal(proposal.status, ENGINE_PROPOSAL_SUPERSEDED);
    assert_true(engine_view_order(play.engine, 1, 0, &order));
    assert_true(order.override);
    assert_int_equal(order.facts_level, 2);
    assert_int_equal(order.by, plan_find_party(play.plans[0], TEXT("Board")));
    assert_true(text_equal(order.reason, TEXT("the wind is low")));
    assert_true(text_equal(order.source, TEXT("somebody")));
    assert_int_equal(order.sequence, 4);
    play_end(&play);
}

/* 18: a level is never defaulted: nothing known is nothing known, before and after something was. */
static void promise_18_no_default_level(void **state) {
    (void)state;
    begin("open Fire\n"
          "? level Alarm none Red\n"
          "? order Alarm none\n"
          "? proposal Alarm none\n"
          "@2d\n"
          "? level Alarm none Red\n"
          "say Hurt unknown\n"
          "? level Alarm none Red\n"
          "say Hurt 1\n"
          "withdraw 2\n"
          "? level Alarm none Red\n"
          "? proposal Alarm none\n");
    play_end(&play);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(promise_1_acknowledgement_stops_everything),
        cmocka_unit_test(promise_2_told_once_and_not_forgotten),
        cmocka_unit_test(promise_3_two_times_and_nothing_rewritten),
        cmocka_unit_test(promise_4_days_of_the_plans_zone),
        cmocka_unit_test(promise_6_a_decision_keeps_its_reasons),
        cmocka_unit_test(promise_18_no_default_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
