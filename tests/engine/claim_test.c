/* Claims and belief: what is believed follows from what was said, by when it was so; everything said stays readable. */

#include "play.h"

#define FIRE                                                                                                           \
    "unit Watch @1\n"                                                                                                  \
    "incident Fire {\n"                                                                                                \
    "  fact Lit: time, never after first report\n"                                                                     \
    "  fact Seen: time\n"                                                                                              \
    "  fact Hurt: count, more is worse\n"                                                                              \
    "  fact Dead: count, more is worse, never falls\n"                                                                 \
    "  fact Left: count, less is worse, never falls\n"                                                                 \
    "  fact Burnt: count, more is worse, observed or predicted\n"                                                      \
    "  fact Water: count, less is worse, observed or predicted\n"                                                      \
    "  fact Ground: one of Grass, Wood, Moor\n"                                                                        \
    "  fact Out: flag\n"                                                                                               \
    "  fact Cleared: flag, yes is worse, never falls\n"                                                                \
    "  derived Burning = now - Lit until Out\n"                                                                        \
    "  derived Watching = now - Seen until Cleared\n"                                                                  \
    "}\n"                                                                                                              \
    "scale Alarm of Fire { levels Yellow < Red @1\n"                                                                   \
    "  Yellow when any @1 { Burning >= 2 h @(1)  Hurt >= 1 @(2) }\n"                                                   \
    "  Red when Burning >= 6 h @2 } @3\n"                                                                              \
    "scale Coming of Fire { levels Some @4  Some when Burnt >= 5 @4 } @4\n"

static const struct play_case CASES[] = {
    {"the latest by when it was so is believed, not the latest heard",
     {FIRE},
     "open Fire\n"
     "? belief Hurt unknown\n"
     "@30min say Hurt 3 as-of 20min\n"
     "@40min say Hurt 5 as-of 10min\n" /* late news of an earlier moment */
     "? belief Hurt 3\n"
     "? claim 2 standing as-of 10min heard 40min\n"
     "@50min say Hurt 4 as-of 30min\n"
     "? belief Hurt 4\n"
     "? claims 3\n"},
    {"of equal times the one heard later is believed",
     {FIRE},
     "open Fire\n"
     "@30min say Hurt 3 as-of 20min\n"
     "@31min say Hurt 4 as-of 20min\n"
     "? belief Hurt 4\n"},
    {"a correction takes the place of what it corrects",
     {FIRE},
     "open Fire\n"
     "@10min say Hurt 3\n"
     "@20min say Hurt 5\n"
     "@30min correct 1 4\n"
     "? belief Hurt 5\n"
     "? claim 1 corrected ended 30min\n"
     "? claim 3 standing replaces 1 as-of 10min heard 30min\n"
     "@40min correct 2 6\n"
     "? belief Hurt 6\n"
     "@50min correct 4 7\n"
     "? belief Hurt 7\n"
     "? claims 5\n"},
    {"a correction does not overtake what was said later of the same moment",
     {FIRE},
     "open Fire\n"
     "@30min say Hurt 3 as-of 20min\n"
     "@31min say Hurt 5 as-of 20min\n"
     "@32min correct 1 2\n"
     "? belief Hurt 5\n"
     "@33min withdraw 2\n"
     "? belief Hurt 2\n"},
    {"a withdrawal leaves what was said before; the level follows",
     {FIRE},
     "open Fire\n"
     "@10min say Hurt 0\n"
     "@20min say Hurt 2\n"
     "? level Alarm Yellow Red\n"
     "@30min withdraw 2\n"
     "? belief Hurt 0\n"
     "? level Alarm none Red\n"
     "? claim 2 withdrawn ended 30min\n"
     "@40min withdraw 1\n"
     "? belief Hurt unknown\n"
     "refused claim \"withdrawn already\" withdraw 1\n"
     "refused claim \"no claim 3\" withdraw 3\n"
     "refused claim \"no claim 0\" correct 0 1\n"},
    {"ranges are believed as they are said",
     {FIRE},
     "open Fire\n"
     "say Hurt 2..4\n"
     "? belief Hurt 2..4\n"
     "? level Alarm Yellow Red\n"
     "@1min say Hurt ..4\n"
     "? belief Hurt ..4\n"
     "? level Alarm none Red\n"
     "@2min say Hurt 2..\n"
     "? belief Hurt 2..\n"
     "@3min say Hurt unknown\n"
     "? belief Hurt unknown\n"},
    {"choices are sets",
     {FIRE},
     "open Fire\n"
     "? belief Ground unknown\n"
     "say Ground Grass|Moor\n"
     "? belief Ground Grass|Moor\n"
     "@1min say Ground Wood\n"
     "? belief Ground Wood\n"
     "@2min withdraw 2\n"
     "? belief Ground Grass|Moor\n"},
    {"what never falls does not fall by a report of less, which is shown; a correction lowers it",
     {FIRE},
     "open Fire\n"
     "@10min say Dead 3\n"
     "? findings 0\n"
     "@20min say Dead 2\n"
     "? belief Dead 3\n"
     "? finding 1 contradiction open item 2\n"
     "? claim 2 standing\n"
     "@30min correct 1 2\n"
     "? belief Dead 2\n"
     "@40min say Dead 5\n"
     "? belief Dead 5\n"
     "@50min withdraw 4\n"
     "? belief Dead 2\n"},
    {"a contradiction is the business of whoever proposes",
     {"unit Watch @1  unit Board @1\nincident Fire { fact Dead: count, more is worse, never falls }\n"
      "scale Alarm of Fire { levels Red @1  proposed by Watch @1  ordered by Board @1  Red when Dead >= 9 @1 } @1\n"},
     "open Fire\n"
     "say Dead 3\n"
     "@1min say Dead 2\n"
     "? finding 1 contradiction open owner Watch\n"
     "? told Watch/f1.0\n"},
    {"late news of less from an earlier moment contradicts nothing",
     {FIRE},
     "open Fire as-of 0\n"
     "@30min say Dead 3\n"
     "@40min say Dead 1 as-of 10min\n"
     "? belief Dead 3\n"
     "? findings 0\n"},
    {"what never falls by getting less",
     {FIRE},
     "open Fire\n"
     "say Left 5\n"
     "@1min say Left 8\n"
     "? belief Left 5\n"
     "? finding 1 contradiction open item 2\n"
     "@2min say Left 3\n"
     "? belief Left 3\n"
     "? findings 1\n"
     "@3min say Left 2..6\n" /* may be less: no contradiction, and no more than 3 */
     "? belief Left 2..3\n"
     "? findings 1\n"},
    {"what never falls and a range",
     {FIRE},
     "open Fire\n"
     "say Dead 3\n"
     "@1min say Dead 1..6\n"
     "? belief Dead 3..6\n"
     "? findings 0\n"
     "@2min say Dead 1..2\n"
     "? belief Dead 3..6\n" /* who says less says nothing of how many it may be */
     "? findings 1\n"},
    {"a report of less does not make at least an exact number",
     {FIRE},
     "open Fire\n"
     "say Dead 3..\n"
     "? belief Dead 3..\n"
     "@1min say Dead 1\n"
     "? belief Dead 3..\n"
     "? findings 1\n"
     "@2min say Dead 4\n"
     "? belief Dead 4\n"
     "@3min say Dead 2..3\n"
     "? belief Dead 4\n"},
    {"an observation and a prediction count, whichever is worse",
     {FIRE},
     "open Fire\n"
     "say Burnt 2 observed\n"
     "? belief Burnt 2..\n" /* what it may come to is unknown */
     "@1min say Burnt 6 predicted\n"
     "? belief Burnt 6\n"
     "? level Coming Some\n"
     "@2min say Burnt 3 observed\n"
     "? belief Burnt 6\n"
     "@3min say Burnt 4 predicted\n"
     "? belief Burnt 4\n"
     "@4min say Burnt 5 observed\n"
     "? belief Burnt 5\n"},
    {"an unqualified report speaks for the prediction until somebody predicts; then the prediction stands until "
     "withdrawn",
     {FIRE},
     "open Fire\n"
     "say Burnt 2\n"
     "? belief Burnt 2\n"
     "@1min say Burnt 9 predicted\n"
     "? belief Burnt 9\n"
     "@2min say Burnt 3\n"
     "? belief Burnt 9\n"
     "@3min withdraw 2\n"
     "? belief Burnt 3\n"
     "? level Coming none none\n"},
    {"where less is worse the smaller of both counts",
     {FIRE},
     "open Fire\n"
     "say Water 9\n"
     "@1min say Water 4 predicted\n"
     "? belief Water 4\n"
     "@2min say Water 2\n"
     "? belief Water 2\n"},
    {"only what is declared so can be predicted",
     {FIRE},
     "open Fire\n"
     "refused basis \"only observed\" say Hurt 2 predicted\n"
     "refused fact \"runs by itself\" say Burning 1h\n"},
    {"a time that is never after the first report is cut off there",
     {FIRE},
     "open Fire as-of -10min\n"
     "? first -10min\n"
     "@1min say Lit 0\n"
     "? belief Lit -10min\n"
     "@2min say Hurt 1 as-of -30min\n" /* somebody saw it earlier */
     "? first -30min\n"
     "? belief Lit -30min\n"
     "@3min correct 2 0\n" /* the time of the report stands, whatever its value */
     "? first -30min\n"
     "@4min withdraw 3\n"
     "? first -10min\n"
     "? belief Lit -10min\n"
     "@5min say Lit -20min\n"
     "? belief Lit -20min\n"},
    {"a correction of the moment takes the first report back to where it belongs",
     {FIRE},
     "open Fire as-of -10min\n"
     "@1min say Lit 0\n"
     "@2min say Hurt 1 as-of -30min\n"
     "? belief Lit -30min\n"
     "@3min correct 2 1 as-of -5min\n"
     "? claim 3 standing replaces 2 as-of -5min heard 3min\n"
     "? first -10min\n"
     "? belief Lit -10min\n"
     "@4min correct 3 1 as-of -20min\n"
     "? first -20min\n"
     "? belief Lit -20min\n"
     "refused as_of \"later than it is heard\" correct 4 1 as-of 10min\n"},
    {"a correction of the moment stands where that moment belongs",
     {FIRE},
     "open Fire\n"
     "@10min say Hurt 3\n"
     "@20min say Hurt 5\n"
     "@30min correct 2 5 as-of 5min\n"
     "? belief Hurt 3\n"
     "@40min correct 3 6\n"
     "? belief Hurt 3\n"
     "@50min withdraw 1\n"
     "? belief Hurt 6\n"},
    {"the first report is kept where no fact depends on it as well",
     {"incident Flood { fact Hurt: count, more is worse }"},
     "open Flood as-of -10min\n"
     "say Hurt 1 as-of -30min\n"
     "? first -30min\n"
     "@1min withdraw 1\n"
     "? first -10min\n"},
    {"an unknown beginning is at the latest the first report",
     {FIRE},
     "open Fire as-of -10min\n"
     "? belief Burning 10min..\n"
     "@1h\n"
     "? belief Burning 70min..\n"
     "? level Alarm none Red\n"
     "? next 110min\n" /* two hours after the first report it is certain */
     "@110min-1us\n"
     "? level Alarm none Red\n"
     "@110min\n"
     "? level Alarm Yellow Red\n"
     "? next 350min\n"
     "@350min\n"
     "? level Alarm Red\n"
     "? next never\n"},
    {"a duration turns at the microsecond",
     {FIRE},
     "open Fire\n"
     "say Hurt 0\n"
     "say Lit 0\n"
     "? belief Burning 0\n"
     "? level Alarm none none\n"
     "? next 2h\n"
     "@2h-1us\n"
     "? belief Burning 2h-1us\n"
     "? level Alarm none none\n"
     "@2h\n"
     "? level Alarm Yellow Yellow\n"
     "@6h\n"
     "? level Alarm Red Red\n"},
    {"a beginning that is a range turns twice",
     {FIRE},
     "open Fire as-of -20min\n"
     "say Hurt 0\n"
     "say Lit -1h..-30min\n"
     "? belief Burning 30min..1h\n"
     "? next 1h\n"
     "@1h\n"
     "? level Alarm none Yellow\n"
     "? next 90min\n"
     "@90min\n"
     "? level Alarm Yellow Yellow\n"
     "? next 5h\n"},
    {"a duration stands still from when the flag held, the first of several yes",
     {FIRE},
     "open Fire\n"
     "say Lit 0\n"
     "@3h say Out yes as-of 1h\n" /* heard late */
     "? belief Burning 1h\n"
     "@4h say Out yes as-of 2h\n"
     "? belief Burning 1h\n"
     "? next never\n"
     "@5h say Out yes as-of 30min\n"
     "? belief Burning 30min\n"
     "@6h withdraw 4\n"
     "? belief Burning 1h\n"
     "@7h withdraw 2\n"
     "? belief Burning 2h\n"
     "? level Alarm Yellow Yellow\n"},
    {"a flare-up goes on from the same beginning",
     {FIRE},
     "open Fire\n"
     "say Hurt 0\n"
     "say Lit 0\n"
     "@1h say Out yes\n"
     "? next never\n"
     "@90min say Out no\n"
     "? belief Burning 90min\n"
     "? next 2h\n"
     "@2h\n"
     "? level Alarm Yellow Yellow\n"
     "@3h say Out yes\n"
     "? belief Burning 3h\n"
     "@9h say Out no as-of 7h\n" /* heard when it was long over six hours */
     "? level Alarm Red Red\n"
     "? belief Burning 9h\n"},
    {"a flag that never falls stops its duration though a later report says no",
     {FIRE},
     "open Fire\n"
     "say Seen 0\n"
     "@1h say Cleared yes\n"
     "? belief Watching 1h\n"
     "@2h say Cleared no\n"
     "? belief Cleared yes\n"
     "? belief Watching 1h\n"
     "? findings 1\n"},
    {"late news that would have raised a level raises it when it is heard",
     {FIRE},
     "open Fire\n"
     "say Hurt 0\n"
     "@3h say Lit -4h\n"
     "? belief Lit -4h\n"
     "? level Alarm Red Red\n"},
};

#define WEATHER                                                                                                        \
    "unit Watch @1\n"                                                                                                  \
    "standing Danger {\n"                                                                                              \
    "  fact Class: series of One < Two < Three < Four, more is worse\n"                                                \
    "}\n"                                                                                                              \
    "scale Warning of Danger { levels Blue < Yellow @1\n"                                                              \
    "  Blue when Class last 2 days any >= Three @1\n"                                                                  \
    "  Yellow when Class last 3 days all >= Three and Class next 2 days all >= Three @2 } @3\n"

static const struct play_case SERIES[] = {
    {"days are counted back from the latest observed one",
     {WEATHER},
     "? level Warning none Yellow\n"
     "@1d say Class Three day -1\n"
     "say Class Three day 0\n"
     "? level Warning Blue Yellow\n"
     "say Class Three day 1\n"
     "? level Warning Blue Yellow\n"
     "say Class Three day 2 predicted\n"
     "say Class Four day 3 predicted\n"
     "? level Warning Yellow\n"},
    {"a missing day is unknown",
     {WEATHER},
     "@2d say Class Three day 0\n"
     "say Class Four day 2\n"
     "say Class Three day 3 predicted\n"
     "say Class Three day 4 predicted\n"
     "? level Warning Blue Yellow\n"
     "@2d+1h say Class Two day 1\n"
     "? level Warning Blue Blue\n"
     "@2d+2h correct 5 Three\n"
     "? level Warning Yellow\n"
     "@2d+3h withdraw 6\n"
     "? level Warning Blue Yellow\n"},
    {"an observation is no forecast and a forecast no observation",
     {WEATHER},
     "say Class Four day 0 predicted\n"
     "? level Warning none Yellow\n"
     "refused day \"has not come yet\" say Class Four day 1\n"
     "? level Warning none Yellow\n"},
    {"the day changes at midnight in the plan's zone",
     {WEATHER},
     "@23h say Class Three day 0\n"
     "? level Warning Blue Yellow\n"
     "? next 1d\n"
     "@1d\n" /* yesterday's is still the latest */
     "? level Warning Blue Yellow\n"
     "? next 2d\n"
     "@2d\n" /* now today counts, of which nothing is known, and yesterday, of which nothing is known */
     "? level Warning none Yellow\n"},
    {"a day drops out of the window by time alone, however long nobody reports",
     {"unit Watch @1\n"
      "standing Danger { fact Class: series of One < Two < Three, more is worse }\n"
      "scale Warning of Danger { levels Blue @1\n"
      "  Blue when Class last 5 days any >= Three @1 } @3\n"},
     "say Class Three day 0\n"
     "? level Warning Blue\n"
     "@4d+23h\n"
     "? level Warning Blue\n"
     "? next 5d\n"
     "@5d-1us\n"
     "? level Warning Blue\n"
     "@5d\n"
     "? level Warning none Blue\n"
     "@40d\n"
     "? next never\n"},
    {"the same when nobody lets time pass in between",
     {"unit Watch @1\n"
      "standing Danger { fact Class: series of One < Two < Three, more is worse }\n"
      "scale Warning of Danger { levels Blue @1\n"
      "  Blue when Class last 5 days any >= Three @1 } @3\n"},
     "say Class Three day 0\n"
     "@39d\n"
     "? level Warning none Blue\n"},
};

int main(void) {
    return play_run("claims", CASES, COUNT_OF(CASES)) + play_run("series", SERIES, COUNT_OF(SERIES));
}
