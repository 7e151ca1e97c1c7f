/* Levels, orders and proposals: what the facts give, what an office has put in force, and what stands between them. */

#include "play.h"

#define PARTIES                                                                                                        \
    "unit Watch @1  unit Town @1  unit Board @1  unit Stranger @1\n"                                                   \
    "office Warden of Board @1  office Deputy of Board @1  office Mayor @1\n"

#define FACTS                                                                                                          \
    "incident Fire {\n"                                                                                                \
    "  fact Lit: time\n"                                                                                               \
    "  fact Hurt: count, more is worse\n"                                                                              \
    "  fact Houses: count, more is worse\n"                                                                            \
    "  fact Out: flag\n"                                                                                               \
    "  fact Flaring: flag\n"                                                                                           \
    "  derived Burning = now - Lit until Out\n"                                                                        \
    "}\n"

#define RULES                                                                                                          \
    "  Yellow when any @3 { Burning >= 2 h @(1)  Hurt >= 1 @(2) }\n"                                                   \
    "  Orange when any @4 { Burning >= 6 h @(1)  Hurt >= 3 @(2)  Houses >= 1 @(3) }\n"                                 \
    "  Red when any @5 { Burning >= 12 h @(1)  Hurt >= 10 @(2) }\n"

#define CHAIN "chain Up = Warden, Mayor every 10 min because \"The plan names nobody.\"\n"

#define PACK                                                                                                           \
    PARTIES CHAIN FACTS "scale Alarm of Fire { levels Yellow < Orange < Red @1\n"                                      \
                        "  proposed by Watch @2  ordered by Board @2  raised by Town @2\n"                             \
                        "  decide within 20 min chain Up\n"                                                            \
                        "  ends when Out @6  reopens when Flaring @6\n" RULES "} @1\n"

/* Nobody hurt, no house, not burning long: known to be nothing. */
#define CALM                                                                                                           \
    "open Fire\n"                                                                                                      \
    "say Hurt 0\n"                                                                                                     \
    "say Houses 0\n"                                                                                                   \
    "say Lit 0\n"                                                                                                      \
    "? level Alarm none none\n"                                                                                        \
    "? proposals 0\n"

static const struct play_case CASES[] = {
    {"nothing known is no level",
     {PACK},
     "open Fire\n"
     "? level Alarm none Red\n"
     "? order Alarm none\n"
     "? proposal Alarm none\n"
     "? told\n"},
    {"two, six and twelve hours raise by themselves; a moved target supersedes",
     {PACK},
     CALM "? next 2h\n"
          "@2h\n"
          "? proposal Alarm raise Yellow\n"
          "? told Board/p1.0\n"
          "? told-at 2h\n"
          "@2h+1min order Alarm Yellow by Warden\n"
          "? proposal-status 1 accepted\n"
          "? last-order Alarm Yellow plain\n"
          "? proposal Alarm none\n"
          "@6h\n"
          "? proposal Alarm raise Orange\n"
          "? level Alarm Orange Orange\n"
          "@6h+1min say Hurt 10\n"
          "? proposal Alarm raise Red\n"
          "? proposal-status 2 superseded\n"
          "? proposals 3\n"
          "? told Board/p2.0 Board/p3.0\n"
          "@7h order Alarm Red by Board\n"
          "@12h\n"
          "? because Alarm 5,6\n"
          "? proposals 3\n"},
    {"all come in order when nobody let time pass",
     {PACK},
     CALM "@13h\n"
          "? proposals 3\n"
          "? proposal-status 1 superseded\n"
          "? proposal-status 2 superseded\n"
          "? proposal Alarm raise Red\n"},
    {"lower, and end",
     {PACK},
     CALM "@1h say Hurt 5\n"
          "? proposal Alarm raise Orange\n"
          "order Alarm Orange by Board\n"
          "@90min correct 4 1\n"
          "? proposal Alarm lower Yellow\n"
          "? order Alarm Orange\n" /* the order stays whatever the facts do */
          "@91min say Hurt 0\n"
          "? proposal Alarm end\n"
          "? level Alarm none none\n"
          "@91min+1s say Hurt 4\n"
          "? proposal Alarm none\n" /* order and level agree again */
          "? proposal-status 3 superseded\n"
          "@92min say Out yes\n"
          "? proposal Alarm end\n"
          "@93min order Alarm none by Board\n"
          "? ended Alarm yes\n"
          "? last-order Alarm none plain\n"},
    {"after an end nothing is raised until it reopens; that it held all along does not count",
     {PACK},
     CALM "@1h say Flaring yes\n"
          "say Hurt 1\n"
          "order Alarm Yellow by Board\n"
          "say Out yes\n"
          "order Alarm none by Board\n"
          "@2h say Out no\n"
          "? proposal Alarm none\n"
          "@3h say Hurt 3\n"
          "? level Alarm Orange Orange\n"
          "? proposal Alarm none\n"
          "@4h say Flaring no\n"
          "? proposal Alarm none\n"
          "@5h say Flaring yes\n"
          "? ended Alarm no\n"
          "? proposal Alarm raise Orange\n"},
    {"an end against the facts is answered by reopening too",
     {PACK},
     CALM "say Hurt 1\n"
          "order Alarm Yellow by Board\n"
          "refused reason \"do not give this level\" order Alarm none by Board\n"
          "@1h order Alarm none by Board because we can handle it\n"
          "? last-order Alarm none override\n"
          "? proposal Alarm none\n"
          "@90min say Flaring yes\n"
          "? proposal Alarm raise Yellow\n"},
    {"a person may put something in force after an end",
     {PACK},
     CALM "say Hurt 1\n"
          "order Alarm Yellow by Board\n"
          "say Out yes\n"
          "order Alarm none by Board\n"
          "@1h order Alarm Yellow by Board because the wind has turned\n"
          "? ended Alarm no\n"
          "? last-order Alarm Yellow override\n"
          "? proposal Alarm none\n"}, /* the override refused the end */
    {"what is refused comes back when the target changes",
     {PACK},
     CALM "say Hurt 1\n"
          "? proposal Alarm raise Yellow\n"
          "refused reason \"needs a reason\" refuse Alarm by Board\n"
          "refuse Alarm by Board because a scratch\n"
          "? proposal Alarm none\n"
          "? proposal-status 1 refused\n"
          "refused scale \"no proposal is open\" refuse Alarm by Board because again\n"
          "@1h say Hurt 2\n" /* the same rule for the same level */
          "? proposal Alarm none\n"
          "@90min say Hurt 3\n"
          "? proposal Alarm raise Orange\n"
          "@91min correct 6 1\n"
          "? proposal Alarm raise Yellow\n"},
    {"what is refused comes back when it is reconsidered, by a clock of its own",
     {PACK},
     CALM "say Hurt 1\n"
          "refused scale \"nothing is refused\" reconsider Alarm\n"
          "refuse Alarm by Board because a scratch\n"
          "? proposal Alarm none\n"
          "@1h reconsider Alarm by Board\n"
          "? proposal Alarm raise Yellow\n"
          "? proposals 2\n"
          "? proposal-status 1 refused\n"
          "? told Board/p1.0 Board/p2.0\n"
          "refused scale \"nothing is refused\" reconsider Alarm by Board\n"
          "order Alarm Yellow by Warden\n"
          "? proposal-status 2 accepted\n"},
    {"what the facts no longer ask for does not come back by being reconsidered",
     {PACK},
     CALM "order Alarm Yellow by Warden because high wind\n" /* that counts as a no to the end */
          "@10min reconsider Alarm by Board\n"
          "? proposal Alarm end\n"
          "refuse Alarm by Board because still windy\n"
          "say Hurt 1\n"
          "refused scale \"nothing is refused\" reconsider Alarm by Board\n"
          "? proposal Alarm none\n"},
    {"an early end refused does not stand in the way of the real one",
     {PACK},
     CALM "say Hurt 1\n"
          "order Alarm Yellow by Warden\n"
          "correct 4 0\n"
          "? proposal Alarm end\n"
          "refuse Alarm by Board because still burning\n"
          "? proposal Alarm none\n"
          "say Out yes\n"
          "? proposal Alarm end\n"},
    {"what is refused comes back when another rule decides",
     {PACK},
     CALM "say Hurt 1\n"
          "refuse Alarm by Board because a scratch\n"
          "@2h\n"
          "? because Alarm 0,1\n"
          "? proposal Alarm raise Yellow\n"
          "? proposals 2\n"},
    {"a refused proposal does not come back by fading and returning alone",
     {PACK},
     CALM "say Hurt 1\n"
          "refuse Alarm by Board because a scratch\n"
          "say Hurt 0\n" /* the target moves away */
          "? proposal Alarm none\n"
          "say Hurt 1\n" /* and back: that is a change */
          "? proposal Alarm raise Yellow\n"},
    {"an override needs a reason and counts as the refusal of the opposite",
     {PACK},
     CALM "refused reason \"do not give this level\" order Alarm Yellow by Warden\n"
          "refused reason \"do not give this level\" order Alarm Yellow by Warden because \" \"\n"
          "order Alarm Yellow by Warden because high wind\n"
          "? last-order Alarm Yellow override\n"
          "? proposal Alarm none\n"
          "@1h say Houses 1\n"
          "? proposal Alarm raise Orange\n"
          "@2h order Alarm Red by Board because a gas store is near\n"
          "? proposal-status 1 superseded\n"
          "? last-order Alarm Red override\n"
          "? proposal Alarm none\n"
          "@3h say Houses 0\n"
          "? proposal Alarm lower Yellow\n"},
    {"who may order: a body, its offices, whoever may raise alone",
     {PACK},
     CALM "say Hurt 1\n"
          "refused by \"may not decide Alarm Yellow\" order Alarm Yellow by Stranger\n"
          "refused by \"may not decide\" order Alarm Yellow by Mayor\n"
          "refused by \"may not decide\" order Alarm Yellow by Watch\n"
          "refused by \"which office decides\" order Alarm Yellow\n"
          "order Alarm Yellow by Deputy\n"
          "say Hurt 3\n"
          "order Alarm Orange by Town\n"
          "say Hurt 0\n"
          "refused by \"may not decide Alarm end\" order Alarm none by Town\n"
          "refused by \"may not decide\" order Alarm Yellow by Town\n"
          "refused by \"may not decide\" refuse Alarm by Town because no\n"
          "refused level \"in force already\" order Alarm Orange by Board\n"
          "order Alarm none by Warden\n"
          "refused level \"nothing is in force\" order Alarm none by Warden\n"},
    {"orderers by level",
     {PARTIES FACTS
      "scale Alarm of Fire { levels Yellow < Orange < Red @1\n"
      "  proposed by Watch @2  ordered by Warden for Yellow, Orange @2  ordered by Mayor for Red @2\n" RULES "} @1\n"},
     CALM "say Hurt 1\n"
          "? told Warden/p1.0\n"
          "refused by \"may not\" order Alarm Yellow by Mayor\n"
          "refused by \"may not\" order Alarm Red by Warden because hot\n"
          "order Alarm Yellow by Warden\n"
          "say Hurt 10\n"
          "? told Mayor/p2.0\n"
          "order Alarm Red by Mayor\n"
          "say Hurt 3\n" /* to lower from what needed the mayor is his business as well */
          "? told Warden/p3.0 Mayor/p3.0\n"
          "order Alarm Orange by Mayor\n"
          "say Hurt 0\n"
          "? told Warden/p4.0\n"
          "order Alarm none by Warden\n"},
    {"a party that is listed twice is told once",
     {PARTIES FACTS "scale Alarm of Fire { levels Yellow < Orange < Red @1\n"
                    "  ordered by Warden for Yellow @2  ordered by Warden, Mayor @2\n" RULES "} @1\n"},
     CALM "say Hurt 1\n"
          "? told Warden/p1.0 Mayor/p1.0\n"},
    {"an undecided proposal goes up the chain to its end, which is a finding",
     {PACK},
     CALM "say Hurt 1\n"
          "? told Board/p1.0\n"
          "? next 20min+1us\n"
          "@20min\n" /* exactly at the deadline is in time */
          "? told\n"
          "@20min+1us\n"
          "? told Warden/p1.1\n"
          "? told-at 20min\n"
          "? next 30min\n"
          "@30min-1us\n"
          "? told\n"
          "@30min\n"
          "? told Mayor/p1.2\n"
          "? next 40min\n"
          "? findings 0\n"
          "@40min\n"
          "? finding 1 exhausted open owner Watch item 1\n"
          "? told Watch/f1.0\n"
          "? next 2h\n"
          "? proposal Alarm raise Yellow\n"},
    {"acknowledging a proposal stops its chain",
     {PACK},
     CALM "say Hurt 1\n"
          "? told Board/p1.0\n"
          "@25min ack proposal 1\n"
          "? told Warden/p1.1\n"
          "? next 2h\n"
          "@90min\n"
          "? told\n"
          "order Alarm Yellow by Board\n"
          "refused item \"no open proposal\" ack proposal 1\n"},
    {"an acknowledged proposal that nobody decides is overdue all the same",
     {PACK},
     CALM "say Hurt 1\n"
          "@5min ack proposal 1\n"
          "? told Board/p1.0\n"
          "@21min\n"
          "? told Warden/p1.1\n"},
    {"a decision stops the chain, and what its end left open is closed with it",
     {PACK},
     CALM "say Hurt 1\n"
          "@45min\n"
          "? findings 1\n"
          "@50min order Alarm Yellow by Board\n"
          "? findings 0\n"
          "? next 2h\n"},
    {"a proposal keeps the reasons of its moment",
     {PACK},
     CALM "say Hurt 1\n"
          "? because Alarm 1\n"
          "@2h\n"
          "? because Alarm 0,1\n"
          "? proposals 1\n"},
    {"automatic levels follow both ways",
     {PARTIES FACTS "scale Alarm of Fire { levels Yellow < Orange < Red @1\n"
                    "  proposed by Watch @2  ordered by Board @2  automatic for Yellow, Orange @2\n"
                    "  ends when Out @6\n" RULES "} @1\n"},
     CALM "say Hurt 1\n"
          "? last-order Alarm Yellow automatic\n"
          "? proposal Alarm none\n"
          "say Houses 1\n"
          "? order Alarm Orange\n"
          "say Hurt 10\n" /* red is for the board */
          "? order Alarm Orange\n"
          "? proposal Alarm raise Red\n"
          "order Alarm Red by Board\n"
          "say Hurt 1\n" /* and so is lowering it */
          "? order Alarm Red\n"
          "? proposal Alarm lower Orange\n"
          "order Alarm Orange by Board\n"
          "say Houses 0\n"
          "? order Alarm Yellow\n"
          "say Out yes\n"
          "? last-order Alarm none automatic\n"
          "? ended Alarm no\n"},
    {"a jump over the automatic levels puts them in force and proposes the rest",
     {PARTIES FACTS "scale Alarm of Fire { levels Yellow < Orange < Red @1\n"
                    "  proposed by Watch @2  ordered by Board @2  automatic for Yellow, Orange @2\n" RULES "} @1\n"},
     CALM "say Hurt 10\n"
          "? order Alarm Orange\n"
          "? proposal Alarm raise Red\n"},
    {"a person may decide otherwise where the plan is automatic, and that stands until the facts move",
     {PARTIES FACTS "scale Alarm of Fire { levels Yellow < Orange < Red @1\n"
                    "  proposed by Watch @2  ordered by Board @2  automatic for Yellow, Orange @2\n" RULES "} @1\n"},
     CALM "say Hurt 1\n"
          "? order Alarm Yellow\n"
          "@1h order Alarm none by Board because a false alarm we think\n"
          "? order Alarm none\n"
          "? last-order Alarm none override\n"
          "? proposal Alarm none\n"
          "@2h\n" /* another rule decides */
          "? last-order Alarm Yellow automatic\n"},
    {"after an end by a person what is automatic waits for reopening too",
     {PARTIES FACTS "scale Alarm of Fire { levels Yellow < Orange < Red @1\n"
                    "  proposed by Watch @2  ordered by Board @2  automatic for Yellow @2\n"
                    "  ends when Out @6  reopens when Flaring @6\n" RULES "} @1\n"},
     CALM "say Hurt 3\n"
          "order Alarm Orange by Board\n"
          "say Out yes\n"
          "? proposal Alarm end\n"
          "order Alarm none by Board\n"
          "@1min say Out no\n"
          "say Hurt 1\n"
          "? order Alarm none\n"
          "? proposal Alarm none\n"
          "@2min say Flaring yes\n"
          "? last-order Alarm Yellow automatic\n"},
    {"only levels that are automatic are put in force or ended without a person",
     {PARTIES FACTS "scale Alarm of Fire { levels Yellow < Orange < Red @1\n"
                    "  proposed by Watch @2  ordered by Board @2  automatic for Orange @2\n" RULES "} @1\n"},
     CALM "say Hurt 1\n"
          "? order Alarm none\n"
          "? proposal Alarm raise Yellow\n"
          "order Alarm Yellow by Board\n"
          "say Hurt 0\n"
          "? order Alarm Yellow\n"
          "? proposal Alarm end\n"
          "say Hurt 3\n"
          "? last-order Alarm Orange automatic\n"
          "say Hurt 1\n"
          "? order Alarm Orange\n"
          "? proposal Alarm lower Yellow\n"},
    {"a scale without orders is assessed, and what hangs on it hangs on its level",
     {PARTIES FACTS "scale Damage of Fire { levels Small < Large @1\n"
                    "  Small when Houses >= 1 @2  Large when Houses >= 10 @3 } @1\n"
                    "at Damage >= Small { duty Count of Watch \"Count the houses.\" @4 }\n"
                    "when Damage = none { notice Calm \"Nothing has burnt.\" @5 }\n"},
     "open Fire\n"
     "? level Damage none Large\n"
     "? duties Count owed 0\n"
     "? duties Calm owed 0\n"
     "say Houses 0\n"
     "? duties Calm owed 1\n"
     "say Houses 2\n"
     "? level Damage Small Small\n"
     "? duties Count owed 1\n"
     "? duties Calm cause-ended 1\n"
     "refused scale \"assessed, not ordered\" order Damage Small by Watch\n"
     "say Houses 0\n"
     "? duties Count cause-ended 1\n"
     "? duties Calm owed 1\n"},
    {"what hangs on an ordered scale hangs on the order in force",
     {PACK "at Alarm >= Yellow { duty Call of Watch \"Call.\" @7 }\n"
           "at Alarm >= Orange { duty Shout of Watch \"Shout.\" @8 }\n"},
     CALM "say Hurt 3\n"
          "? duties Call owed 0\n"
          "order Alarm Yellow by Board because first this\n"
          "? duties Call owed 1\n"
          "? duties Shout owed 0\n"
          "? proposal Alarm none\n"
          "order Alarm Orange by Board\n"
          "? duties Call owed 1\n" /* stays owed, not raised twice */
          "? duties Shout owed 1\n"
          "order Alarm none by Board because over\n"
          "? duties Call cause-ended 1\n"
          "? duties Shout cause-ended 1\n"},
    {"a role orders through whoever it is bound to",
     {PARTIES FACTS "role Place bound by Watch within 15 min @1\n"
                    "chain Up = Place, Mayor every 10 min because \"The plan names nobody.\"\n"
                    "scale Alarm of Fire { levels Yellow < Orange < Red @1\n"
                    "  proposed by Watch @2  ordered by Place @2  decide within 20 min chain Up\n" RULES "} @1\n"},
     CALM "say Hurt 1\n"
          "? told Watch/f1.0\n" /* nobody to decide: that is a finding */
          "? findings 1\n"
          "@20min+1us\n" /* the step with nobody in it is passed at once */
          "? told Watch/f1.1 Mayor/p1.1\n"
          "bind Place Town\n"
          "refused by \"may not decide\" order Alarm Yellow by Board\n"
          "order Alarm Yellow by Town\n"
          "say Hurt 10\n"
          "? told Town/p2.0\n"
          "@61min\n"
          "? told Town/p2.1 Mayor/p2.2 Watch/f2.0\n"},
    {"what another kind of incident asks does not blur what is certain here",
     {"incident Fire { fact A, B: count }\n"
      "incident Flood { fact C, D: count }\n"
      "scale Alarm of Fire { levels Yellow @1\n"
      "  Yellow when (A >= 2 or A <= 1) and (B >= 2 or B <= 1) @1 } @1\n"
      "scale Water of Flood { levels Yellow @1  Yellow when C + D >= 1000 @1 } @1\n"},
     "open Fire\n"
     "? level Alarm Yellow Yellow\n"},
    {"a clock is kept however many conditions stand in the plan that nothing runs",
     {"incident Fire { fact Lit: time\n  derived Burning = now - Lit\n"
      "  condition Soon = Burning >= 10 min @1\n  condition Later = Burning >= 20 min or Burning <= 90 min @1 }\n"
      "scale Alarm of Fire { levels Yellow @1  Yellow when Burning >= 2 h @1 } @1\n"},
     "open Fire\n"
     "say Lit 0\n"
     "@3h\n"
     "? level Alarm Yellow\n"},
    {"given must hold for any rule to",
     {PARTIES FACTS "scale Alarm of Fire { levels Yellow @1  given Flaring @1\n"
                    "  Yellow when Hurt >= 1 @2 } @1\n"},
     "open Fire\n"
     "say Hurt 1\n"
     "? level Alarm none Yellow\n"
     "say Flaring no\n"
     "? level Alarm none none\n"
     "say Flaring yes\n"
     "? level Alarm Yellow Yellow\n"},
};

int main(void) {
    return play_run("levels", CASES, COUNT_OF(CASES));
}
