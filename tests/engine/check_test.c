/* What may be taken: every refusal names the field at fault and says what is wrong, in words for the person at the desk.
 * (Refusals of orders and bindings stand with their stories in level_test and duty_test as well.) */

#include "play.h"

#include <string.h>

#define PACK                                                                                                           \
    "unit Watch @1  unit Town @1  unit East @1  unit Board @1\n"                                                       \
    "office Warden of Board @1\n"                                                                                      \
    "group Both = Town, East @1\n"                                                                                     \
    "role Place bound by Watch within 15 min @1\n"                                                                     \
    "role Many many bound by Watch within 15 min @1\n"                                                                 \
    "incident Fire {\n"                                                                                                \
    "  fact Lit: time\n"                                                                                               \
    "  fact Hurt: count, more is worse, from 0 to 100\n"                                                               \
    "  fact Burnt: count, more is worse, observed or predicted\n"                                                      \
    "  fact Ground: one of Grass, Wood\n"                                                                              \
    "  fact Class: series of One < Two < Three, more is worse\n"                                                       \
    "  fact Smoke: flag\n"                                                                                             \
    "  derived Burning = now - Lit\n"                                                                                  \
    "}\n"                                                                                                              \
    "incident Flood { fact Deep: flag }\n"                                                                             \
    "standing Year { fact Quiet: flag }\n"                                                                             \
    "scale Alarm of Fire { levels Yellow < Red @1  ordered by Board @1\n"                                              \
    "  Yellow when Hurt >= 1 @1  Red when Hurt >= 5 or Burning >= 1 h @2 } @1\n"                                       \
    "scale Damage of Fire { levels Small @1  Small when Burnt >= 1 @1 } @1\n"                                          \
    "at Smoke { duty Report of Watch \"R\" @1  option Help of Town \"H\" @1  forbid Flames of Town \"F\" @1\n"         \
    "  notice Danger \"D\" @1  decision Close of Board \"C\" @1 }\n"

/* Indexes of what the plan declares, in its order. */
enum { LIT, HURT, BURNT, GROUND, CLASS, SMOKE, BURNING, DEEP, QUIET };
enum { ALARM, DAMAGE };
enum { FIRE, FLOOD, YEAR };

static struct play play;
static uint16_t party(const char *name) {
    return plan_find_party(play.plans[0], text_of(name));
}

struct refusal {
    const char *name;
    const char *field, *fragment;
    struct engine_event event;
};

/* Incident 1 is the standing Year, 2 a fire with a report, a smoke claim, an order and its duties; 3 is merged into 2, 4
 * closed, 5 a flood. */
static int begin(void **state) {
    static const struct play_case of = {.name = "check", .packs = {PACK}};
    (void)state;
    play_begin(&play, &of);
    play_tell(&play, "open Fire\n"
                     "say Hurt 1\n"
                     "say Smoke yes\n"
                     "say Ground Wood\n"
                     "withdraw 3\n"
                     "bind Place East\n"
                     "@1min open Fire\n"
                     "open Fire\n"
                     "close 4\n"
                     "merge 3 into 2\n"
                     "on 2\n");
    struct engine_event flood = {.kind = ENGINE_OPEN,
                                 .at = play.now,
                                 .as_of = play.now,
                                 .plan = play.plans[0],
                                 .subject = FLOOD,
                                 .by = PLAN_NONE};
    assert_true(play_step(&play, &flood));
    return 0;
}

static int end(void **state) {
    (void)state;
    play_end(&play);
    return 0;
}

static void check_refusals(const struct refusal *table, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct engine_event event = table[i].event;
        struct failure failure = {0};
        event.at += play.now;
        event.as_of = event.as_of == INT64_MIN ? INT64_MIN : event.as_of + play.now;
        event.incident = event.incident == 0 ? 2 : event.incident == 99 ? 0 : event.incident;
        bool taken = engine_check(play.engine, &event, &failure);
        check(!taken, "%s: taken", table[i].name);
        check(strcmp(failure.field, table[i].field) == 0 && strstr(failure.message, table[i].fragment) != NULL,
              "%s: refused with `%s: %s`", table[i].name, failure.field, failure.message);
        struct failure other = {.chinese = true};
        check(!engine_check(play.engine, &event, &other) && strcmp(other.field, failure.field) == 0 &&
                  is_chinese_sentence(other.message),
              "%s: in Chinese refused with `%s: %s`", table[i].name, other.field, other.message);
        failure = (struct failure){0};
        check(!engine_step(play.engine, &event, NULL, NULL, &failure) && failure.set, "%s: taken", table[i].name);
    }
}

static void whole_events(void **state) {
    (void)state;
    const struct refusal table[] = {
        {"time backwards", "at", "earlier than the one before it", {.kind = ENGINE_TIME, .at = -1}},
        {"time beyond the calendar", "at", "beyond the calendar", {.kind = ENGINE_TIME, .at = INT64_MAX / 2}},
        {"no such kind", "kind", "no such kind", {.kind = ENGINE_EVENT_KINDS}},
        {"no incident", "incident", "no incident 0", {.kind = ENGINE_REPORT, .incident = 99}},
        {"unknown incident", "incident", "no incident 77", {.kind = ENGINE_REPORT, .incident = 77}},
        {"merged incident", "incident", "goes on in incident 2", {.kind = ENGINE_REPORT, .incident = 3}},
        {"closed incident", "incident", "the incident is closed", {.kind = ENGINE_MOVE, .incident = 4}},
        {"split of what is not merged", "incident", "has not been merged", {.kind = ENGINE_SPLIT}},
        {"split of what is closed", "incident", "has not been merged", {.kind = ENGINE_SPLIT, .incident = 4}},
        {"move to where it is", "incident", "version in force already", {.kind = ENGINE_MOVE}},
        {"reopen what is open", "incident", "is not closed", {.kind = ENGINE_REOPEN, .reason = TEXT_INITIAL("so")}},
        {"reopen without a reason", "reason", "needs a reason", {.kind = ENGINE_REOPEN, .incident = 4}},
        {"close a standing subject", "incident", "cannot be closed", {.kind = ENGINE_CLOSE, .incident = 1}},
        {"close over open duties", "reason", "needs a reason", {.kind = ENGINE_CLOSE}},
        {"adopt nothing", "plan", "a plan must be given", {.kind = ENGINE_ADOPT}},
        {"adopt again", "plan", "put in force already", {.kind = ENGINE_ADOPT, .plan = play.plans[0]}},
        {"open under nothing", "plan", "version of its plan now in force", {.kind = ENGINE_OPEN}},
        {"open what is no kind", "subject", "no such kind", {.kind = ENGINE_OPEN, .plan = play.plans[0], .subject = 3}},
        {"open a standing subject",
         "subject",
         "cannot be opened",
         {.kind = ENGINE_OPEN, .plan = play.plans[0], .subject = YEAR}},
        {"sighted in the future",
         "as_of",
         "later than it is heard",
         {.kind = ENGINE_OPEN, .plan = play.plans[0], .as_of = 1}},
        {"merge into itself", "other", "another open one", {.kind = ENGINE_MERGE, .other = 2}},
        {"merge into nothing", "other", "another open one", {.kind = ENGINE_MERGE, .other = 0}},
        {"merge into a merged one", "other", "another open one", {.kind = ENGINE_MERGE, .other = 3}},
        {"merge into another kind", "other", "of one kind", {.kind = ENGINE_MERGE, .other = 5}},
        {"merge a standing subject", "other", "of one kind", {.kind = ENGINE_MERGE, .incident = 1, .other = 2}},
    };
    check_refusals(table, COUNT_OF(table));
}

static void reports(void **state) {
    (void)state;
    const struct refusal table[] = {
        {"no such fact", "fact", "no such fact", {.kind = ENGINE_REPORT, .fact = 999}},
        {"another kind's fact", "fact", "no such fact", {.kind = ENGINE_REPORT, .fact = DEEP}},
        {"what runs by itself", "fact", "runs by itself", {.kind = ENGINE_REPORT, .fact = BURNING}},
        {"out of range", "value", "Hurt cannot have this value", {.kind = ENGINE_REPORT, .fact = HURT, .high = 101}},
        {"negative", "value", "cannot have", {.kind = ENGINE_REPORT, .fact = HURT, .low = -1}},
        {"upside down", "value", "cannot have", {.kind = ENGINE_REPORT, .fact = HURT, .low = 3, .high = 2}},
        {"no choice at all", "value", "cannot have", {.kind = ENGINE_REPORT, .fact = GROUND}},
        {"a choice too many", "value", "cannot have", {.kind = ENGINE_REPORT, .fact = GROUND, .low = 4}},
        {"a day's value too high", "value", "cannot have", {.kind = ENGINE_REPORT, .fact = CLASS, .high = 3}},
        {"a flag is yes or no", "value", "cannot have", {.kind = ENGINE_REPORT, .fact = SMOKE, .high = 2}},
        {"predicted", "basis", "only observed", {.kind = ENGINE_REPORT, .fact = HURT, .basis = ENGINE_PREDICTED}},
        {"no such basis", "basis", "observed, predicted", {.kind = ENGINE_REPORT, .basis = (enum engine_basis)3}},
        {"in the future", "as_of", "later than it is heard", {.kind = ENGINE_REPORT, .fact = HURT, .as_of = 1}},
        {"before all time", "as_of", "beyond the calendar", {.kind = ENGINE_REPORT, .fact = HURT, .as_of = INT64_MIN}},
        {"a day that has not come", "day", "only a forecast", {.kind = ENGINE_REPORT, .fact = CLASS, .day = 99999}},
        {"correct nothing", "claim", "no claim 0", {.kind = ENGINE_CORRECT}},
        {"correct what is not there", "claim", "no claim 9", {.kind = ENGINE_CORRECT, .claim = 9}},
        {"correct what is withdrawn", "claim", "withdrawn already", {.kind = ENGINE_CORRECT, .claim = 3}},
        {"correct beyond the range", "value", "cannot have", {.kind = ENGINE_CORRECT, .claim = 1, .high = 101}},
        {"withdraw twice", "claim", "withdrawn already", {.kind = ENGINE_WITHDRAW, .claim = 3}},
        {"withdraw nothing", "claim", "no claim 0", {.kind = ENGINE_WITHDRAW}},
    };
    check_refusals(table, COUNT_OF(table));
}

static void bindings(void **state) {
    (void)state;
    const struct refusal table[] = {
        {"no role", "role", "no such role", {.kind = ENGINE_BIND, .role = PLAN_NONE}},
        {"a unit is no role", "role", "no such role", {.kind = ENGINE_BIND, .role = party("Town")}},
        {"no unit", "unit", "bound to a unit", {.kind = ENGINE_BIND, .role = party("Many"), .unit = PLAN_NONE}},
        {"a role to a role",
         "unit",
         "bound to a unit",
         {.kind = ENGINE_BIND, .role = party("Many"), .unit = party("Place")}},
        {"a role to a group",
         "unit",
         "bound to a unit",
         {.kind = ENGINE_BIND, .role = party("Many"), .unit = party("Both")}},
        {"twice", "unit", "bound to this role", {.kind = ENGINE_BIND, .role = party("Place"), .unit = party("East")}},
        {"two", "role", "unbind the wrong", {.kind = ENGINE_BIND, .role = party("Place"), .unit = party("Town")}},
        {"unbind what is not",
         "unit",
         "is not bound",
         {.kind = ENGINE_UNBIND, .role = party("Place"), .unit = party("Town")}},
    };
    check_refusals(table, COUNT_OF(table));
}

static void decisions(void **state) {
    (void)state;
    const uint16_t board = party("Board");
    const struct refusal table[] = {
        {"no such scale", "scale", "no such scale", {.kind = ENGINE_ORDER, .scale = 9, .by = board}},
        {"another kind's scale",
         "scale",
         "no such scale",
         {.kind = ENGINE_ORDER, .incident = 1, .scale = ALARM, .by = board}},
        {"only assessed",
         "scale",
         "assessed, not ordered",
         {.kind = ENGINE_ORDER, .scale = DAMAGE, .level = 1, .by = board}},
        {"no such level", "level", "no such level", {.kind = ENGINE_ORDER, .level = 3, .by = board}},
        {"end of nothing", "level", "nothing is in force", {.kind = ENGINE_ORDER, .level = 0, .by = board}},
        {"nobody decides", "by", "which office decides", {.kind = ENGINE_ORDER, .level = 1, .by = PLAN_NONE}},
        {"another decides",
         "by",
         "Town may not decide Alarm Yellow",
         {.kind = ENGINE_ORDER, .level = 1, .by = party("Town")}},
        {"a contact decides", "by", "which office", {.kind = ENGINE_ORDER, .level = 1, .by = 500}},
        {"an override without a reason",
         "reason",
         "with a reason",
         {.kind = ENGINE_ORDER, .level = 2, .by = board, .reason = TEXT(" 　")}},
        {"a refusal without a reason", "reason", "needs a reason", {.kind = ENGINE_REFUSE, .by = board}},
        {"a refusal by another",
         "by",
         "may not decide",
         {.kind = ENGINE_REFUSE, .by = party("Town"), .reason = TEXT("no")}},
        {"a refusal of what is assessed", "scale", "assessed", {.kind = ENGINE_REFUSE, .scale = DAMAGE, .by = board}},
    };
    check_refusals(table, COUNT_OF(table));
}

static void items(void **state) {
    (void)state;
    /* duties: 1 Report, 2 Help, 3 Flames, 4 Danger, 5 Close */
    const struct refusal table[] = {
        {"no duty", "item", "no duty 0", {.kind = ENGINE_DONE}},
        {"no such duty", "item", "no duty 6", {.kind = ENGINE_DONE, .item = 6}},
        {"a prohibition is not done", "item", "cannot be done", {.kind = ENGINE_DONE, .item = 3}},
        {"a notice is not done", "item", "cannot be done", {.kind = ENGINE_DONE, .item = 4}},
        {"a duty is not declined", "item", "cannot be declined", {.kind = ENGINE_DECLINE, .item = 1}},
        {"a duty is not breached", "item", "only what is forbidden", {.kind = ENGINE_BREACH, .item = 1}},
        {"done in the future", "as_of", "later than it is heard", {.kind = ENGINE_DONE, .item = 1, .as_of = 1}},
        {"acknowledged what is not there",
         "item",
         "no duty 6",
         {.kind = ENGINE_ACKNOWLEDGE, .item_kind = ENGINE_ITEM_DUTY, .item = 6}},
        {"no open proposal",
         "item",
         "no open proposal 2",
         {.kind = ENGINE_ACKNOWLEDGE, .item_kind = ENGINE_ITEM_PROPOSAL, .item = 2}},
        {"no such finding",
         "item",
         "no finding 1",
         {.kind = ENGINE_NOTIFY, .item_kind = ENGINE_ITEM_FINDING, .item = 1}},
        {"no such kind of item",
         "item",
         "no such item",
         {.kind = ENGINE_NOTIFY, .item_kind = (enum engine_item_kind)3, .item = 1}},
    };
    check_refusals(table, COUNT_OF(table));
}

/* In Chinese the same things are named, each in its place. */
static void said_in_chinese(void **state) {
    const struct {
        const char *message;
        struct engine_event event;
    } table[] = {
        {"“Hurt”不能取这个值", {.kind = ENGINE_REPORT, .incident = 2, .fact = HURT, .high = 101}},
        {"没有第 77 号事件", {.kind = ENGINE_REPORT, .incident = 77}},
        {"这一事件已合并，请到第 2 号事件办理", {.kind = ENGINE_REPORT, .incident = 3}},
        {"这一事件已结束", {.kind = ENGINE_MOVE, .incident = 4}},
        {"第 3 号说法已撤回", {.kind = ENGINE_WITHDRAW, .incident = 2, .claim = 3}},
        {"按这一预案，“Town”无权决定“Alarm”Yellow",
         {.kind = ENGINE_ORDER, .incident = 2, .level = 1, .by = party("Town")}},
        {"“Damage”只作评定，不下命令",
         {.kind = ENGINE_ORDER, .incident = 2, .scale = DAMAGE, .level = 1, .by = party("Board")}},
        {"“East”已担任这个角色", {.kind = ENGINE_BIND, .incident = 2, .role = party("Place"), .unit = party("East")}},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct engine_event event = table[i].event;
        struct failure failure = {.chinese = true};
        event.at = play.now;
        event.as_of = play.now;
        assert_false(engine_check(play.engine, &event, &failure));
        assert_string_equal(failure.message, table[i].message);
    }
}

/* A counterpart that is missing for an order of a standing subject stops the adoption itself. */
static void adoption_over_an_order(void **state) {
    static const struct play_case of = {
        .name = "adoption",
        .packs = {"unit Board @1\nstanding Year { fact Dry: flag }\n"
                  "scale Warning of Year { levels Blue @1  ordered by Board @1  Blue when Dry @1 } @1\n",
                  "unit Board @1\nstanding Year { fact Dry: flag }\n"
                  "scale Warning of Year { levels Green @1  ordered by Board @1  Green when Dry @1 } @1\n",
                  "unit Board @1\nstanding Year { fact Quiet: flag }\nstanding Season { fact Dry: flag }\n"
                  "scale Warning of Season { levels Blue @1  ordered by Board @1  Blue when Dry @1 } @1\n"}};
    struct play other;
    (void)state;
    play_begin(&other, &of);
    play_tell(&other, "say Dry yes\norder Warning Blue by Board\n");
    for (uint32_t i = 1; i < 3; i++) {
        struct failure failure = {0};
        struct engine_event event = {.kind = ENGINE_ADOPT, .at = other.now, .by = PLAN_NONE, .plan = other.plans[i]};
        assert_false(engine_check(other.engine, &event, &failure));
        assert_string_equal(failure.field, "plan");
        assert_non_null(strstr(failure.message, "Blue is in force and has no counterpart"));
    }
    play_tell(&other, "order Warning none by Board because a new plan comes\nadopt\n? version 2\n");
    play_end(&other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(whole_events, begin, end),
        cmocka_unit_test_setup_teardown(reports, begin, end),
        cmocka_unit_test_setup_teardown(bindings, begin, end),
        cmocka_unit_test_setup_teardown(decisions, begin, end),
        cmocka_unit_test_setup_teardown(items, begin, end),
        cmocka_unit_test_setup_teardown(said_in_chinese, begin, end),
        cmocka_unit_test(adoption_over_an_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
