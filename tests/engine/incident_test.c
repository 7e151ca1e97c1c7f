/* Incidents as wholes: side by side, merged, told apart, moved to another version of their plan, closed. */

#include "play.h"

#define PARTIES                                                                                                        \
    "unit Watch @1  unit Town @1  unit City @1  unit East @1  unit West @1  unit Board @1\n"                           \
    "office Warden of Board @1  office Mayor @1\n"                                                                     \
    "role Place bound by Watch within 15 min @1\n"                                                                     \
    "role Neighbours many bound by Watch within 15 min @1\n"                                                           \
    "chain Up = Warden, Mayor every 10 min because \"The plan names nobody.\"\n"

#define FACTS                                                                                                          \
    "incident Fire {\n"                                                                                                \
    "  fact Lit: time, never after first report\n"                                                                     \
    "  fact Hurt: count, more is worse\n"                                                                              \
    "  fact Dead: count, more is worse, never falls\n"                                                                 \
    "  fact Smoke: flag\n"                                                                                             \
    "  fact Out: flag\n"                                                                                               \
    "  derived Burning = now - Lit until Out\n"                                                                        \
    "}\n"

#define ALARM                                                                                                          \
    "scale Alarm of Fire { levels Yellow < Red @1\n"                                                                   \
    "  proposed by Watch @1  ordered by Board @1  decide within 20 min chain Up\n"                                     \
    "  Yellow when any @1 { Hurt >= 1 @(1) Burning >= 2 h @(2) }  Red when Hurt >= 5 @2 } @1\n"

#define DUTIES                                                                                                         \
    "at Smoke {\n"                                                                                                     \
    "  duty Report of Watch to Town, City within 30 min chain Up \"Report.\" @1\n"                                     \
    "  duty Fight of Place \"Fight.\" @1 }\n"                                                                          \
    "on open of Fire { duty Verify of Watch within 10 min \"Verify.\" @1 }\n"

#define PACK PARTIES FACTS ALARM DUTIES

static const struct play_case MANY[] = {
    {"incidents do not touch each other",
     {PACK},
     "open Fire\n"
     "@1min open Fire\n"
     "@2min say Hurt 5\n"
     "say Smoke yes\n"
     "bind Place East\n"
     "? level Alarm Red\n"
     "? duties Report owed 2\n"
     "on 1\n"
     "? level Alarm none Red\n"
     "? duties Report owed 0\n"
     "? belief Hurt unknown\n"
     "? claims 0\n"
     "? next 10min+1us\n" /* the heap gives the earliest of both */
     "done 1\n"
     "? next 11min+1us\n"
     "on 2\n"
     "done 1\n"
     "? next 22min+1us\n"},
    {"what is opened under no plan in force, or is no kind of incident",
     {PACK, PACK},
     "open Fire\n"
     "adopt\n"
     "refused incident \"no incident 7\" close 7\n"
     "refused incident \"no incident 0\" close 0\n"
     "open Fire\n"
     "? version 2\n"
     "on 1\n"
     "? version 1\n"},
    {"closing needs nothing in force, and a reason where duties are open",
     {PACK},
     "open Fire\n"
     "say Smoke yes\n"
     "say Hurt 1\n"
     "order Alarm Yellow by Board\n"
     "refused incident \"still in force\" close 1 because all is well\n"
     "order Alarm none by Board because all is well\n"
     "refused reason \"needs a reason\" close 1\n"
     "say Hurt 5\n"
     "? proposal Alarm raise Red\n"
     "close 1 because it was a bonfire\n"
     "? incident closed\n"
     "? duties Report incident-ended 2\n"
     "? proposal-status 2 lapsed\n"
     "? proposal Alarm none\n"
     "? findings 0\n"
     "? next never\n"
     "refused incident \"the incident is closed\" say Hurt 1\n"
     "refused incident \"the incident is closed\" close 1\n"},
    {"reopened, what lapsed by the closing is owed again by its old clocks, what came due meanwhile is handled once",
     {PACK},
     "open Fire\n"
     "say Smoke yes\n"
     "say Hurt 5\n"
     "? duties Report owed 2\n"
     "@20min\n"
     "? out duty-overdue 1\n"
     "close 1 because it was a bonfire\n"
     "@40min\n"
     "? next never\n"
     "refused reason \"needs a reason\" reopen 1\n"
     "reopen 1 because it smokes again\n"
     "? incident opened\n"
     "? duties Report owed 2\n"
     "? proposal Alarm raise Red\n"
     "@41min\n"
     "? out duty-overdue 2\n"
     "refused incident \"is not closed\" reopen 1 because it smokes again\n"
     "close 1 because it was a bonfire\n"
     "? duties Report incident-ended 2\n"},
    {"reopened, a role that nobody holds is found anew, with a duty whose chain had ended",
     {PACK},
     "open Fire\n"
     "say Smoke yes\n"
     "@1h\n"
     "? findings 3\n"
     "close 1 because it was a bonfire\n"
     "? findings 0\n"
     "reopen 1 because it smokes again\n"
     "? findings 3\n"
     "bind Place East\n"
     "? findings 2\n"
     "ack duty 2\n"
     "? findings 1\n"},
    {"what comes back every period does so again after a reopening",
     {PARTIES FACTS "at Smoke { duty Post of Watch every month \"Post.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "done 1\n"
     "close 1\n"
     "@1d reopen 1 because it smokes again\n"
     "? next 12d\n"
     "@12d\n"
     "? duties Post owed 1\n"},
};

static const struct play_case MERGES[] = {
    {"claims count in the other, duties are absorbed, the higher order stays, roles and the first report go along",
     {PACK},
     "open Fire as-of -5min\n"
     "say Smoke yes\n"
     "say Hurt 2\n"
     "bind Place East\n"
     "order Alarm Yellow by Warden\n"
     "@5min open Fire\n"
     "say Hurt 0 as-of -1min\n"
     "? first -1min\n"
     "@6min merge 1 into 2\n"
     "? belief Hurt 2\n" /* of a later moment */
     "? belief Smoke yes\n"
     "? first -5min\n"
     "? order Alarm Yellow\n"
     "? duties Report owed 2\n"
     "? duty 4 owed bearer East\n" /* duty 1 is its own Verify */
     "? findings 0\n"
     "? claims 3\n"
     "on 1\n"
     "? incident merged\n"
     "? duties Report absorbed 2\n"
     "? duties Verify absorbed 1\n"
     "refused incident \"goes on in incident 2\" say Hurt 3\n"
     "refused incident \"goes on in incident 2\" merge 1 into 2\n"
     "on 2\n"
     "refused other \"another open one\" merge 2 into 1\n"
     "refused other \"another open one\" merge 2 into 2\n"
     "refused other \"another open one\" merge 2 into 9\n"},
    {"the higher order of the one that goes on stays too",
     {PACK},
     "open Fire\n"
     "say Hurt 2\n"
     "order Alarm Yellow by Warden\n"
     "@1min open Fire\n"
     "say Hurt 6\n"
     "order Alarm Red by Warden\n"
     "merge 1 into 2\n"
     "? order Alarm Red\n"
     "? proposal Alarm none\n"
     "? orders 1\n"},
    {"told apart: claims are struck out, duties stand again with their old clocks",
     {PACK},
     "open Fire as-of -5min\n"
     "say Smoke yes\n"
     "say Hurt 2\n"
     "done 1\n"
     "@5min open Fire\n"
     "say Hurt 0\n"
     "done 1\n"
     "@10min merge 1 into 2\n"
     "? belief Hurt 0\n"
     "? duties Report owed 2\n"
     "@20min split 1\n"
     "on 1\n"
     "? duty 2 owed due 30min\n"
     "? duty 3 owed due 30min\n"
     "? incident opened\n"
     "? proposal Alarm raise Yellow\n"
     "on 2\n"
     "? claim 2 withdrawn ended 20min\n"
     "? claim 3 withdrawn\n"
     "? belief Smoke unknown\n"
     "? belief Hurt 0\n"
     "? duties Report cause-ended 2\n"
     "? first 5min\n"
     "on 1\n"
     "? first -5min\n"
     "refused incident \"has not been merged\" split 1\n"
     "@30min+1us\n"
     "? duty 2 owed late\n"},
    {"what came due while it was merged is told as soon as it stands again",
     {PACK},
     "open Fire\n"
     "say Smoke yes\n"
     "bind Place East\n"
     "done 1\n"
     "@5min open Fire\n"
     "@10min merge 1 into 2\n"
     "on 1\n"
     "? told Watch/d1.0 Watch/d2.0 Watch/d3.0 Watch/f1.0 East/d4.0\n"
     "on 2\n"
     "done 1\n"
     "@45min split 1\n"
     "on 1\n"
     "? duty 2 owed in-time\n"
     "? next 45min+1us\n"
     "@45min+1us\n"
     "? duty 2 owed late\n"
     "? told Warden/d2.1 Warden/d3.1\n"
     "? told-at 30min\n"
     "@46min\n"
     "? told Mayor/d2.2 Mayor/d3.2\n"
     "? told-at 40min\n"
     "? next 50min\n"},
    {"a role that nobody has bound is a finding again",
     {PACK},
     "open Fire\n"
     "say Smoke yes\n"
     "open Fire\n"
     "merge 1 into 2\n"
     "? findings 1\n"
     "split 1\n"
     "? findings 0\n"
     "on 1\n"
     "? findings 1\n"},
    {"roles that came with an incident go with it",
     {PACK},
     "open Fire\n"
     "bind Place East\n"
     "bind Neighbours Town\n"
     "open Fire\n"
     "say Smoke yes\n"
     "bind Neighbours City\n"
     "? duty 4 owed bearer -\n"
     "merge 1 into 2\n"
     "? duty 4 owed bearer East\n"
     "split 1\n"
     "? duty 4 owed bearer -\n"
     "? findings 1\n"
     "refused unit \"not bound\" unbind Neighbours Town\n"
     "unbind Neighbours City\n"
     "on 1\n"
     "unbind Place East\n"},
    {"merged again after it was told apart",
     {PACK},
     "open Fire\n"
     "say Hurt 2\n"
     "open Fire\n"
     "merge 1 into 2\n"
     "split 1\n"
     "? belief Hurt unknown\n"
     "merge 1 into 2\n"
     "? belief Hurt 2\n"
     "? claims 2\n"},
    {"one after another, and apart from the end",
     {PACK},
     "open Fire as-of -9min\n"
     "say Hurt 2\n"
     "open Fire\n"
     "open Fire\n"
     "merge 1 into 2\n"
     "merge 2 into 3\n"
     "? belief Hurt 2\n"
     "? first -9min\n"
     "refused incident \"tell that one apart first\" split 1\n"
     "split 2\n"
     "on 3\n"
     "? belief Hurt unknown\n"
     "? first 0\n"
     "on 2\n"
     "? belief Hurt 2\n"
     "? first -9min\n"
     "split 1\n"
     "? first 0\n"},
    {"what time turned while it was merged turns when it stands again",
     {PACK},
     "open Fire\n"
     "say Lit 0\n"
     "say Hurt 0\n"
     "open Fire\n"
     "@1h merge 1 into 2\n"
     "on 2\n"
     "withdraw 2\n"
     "say Out yes\n"
     "@3h split 1\n"
     "on 1\n"
     "? level Alarm Yellow Yellow\n"
     "? proposal Alarm raise Yellow\n"},
    {"a contradiction that came with a merge goes with it",
     {PACK},
     "open Fire\n"
     "say Dead 3\n"
     "open Fire\n"
     "@1min say Dead 1\n"
     "merge 1 into 2\n"
     "? belief Dead 3\n"
     "split 1\n"
     "? belief Dead 1\n"
     "? findings 0\n"},
    {"a contradiction that stands open goes along with a merge, and comes back when told apart",
     {PACK},
     "open Fire\n"
     "say Dead 3\n"
     "@1min say Dead 1\n"
     "? finding 1 contradiction open item 2\n"
     "@2min open Fire\n"
     "say Smoke no\n"
     "@3min merge 1 into 2\n"
     "? belief Dead 3\n"
     "? finding 1 contradiction open item 3 owner Watch\n"
     "? told Watch/d1.0 Watch/f1.0\n"
     "on 1\n"
     "? findings 0\n"
     "split 1\n"
     "? belief Dead 3\n"
     "? finding 1 contradiction closed item 2\n"
     "? finding 2 contradiction open item 2\n"
     "on 2\n"
     "? findings 0\n"
     "ack finding 1\n" /* closed meanwhile: nothing comes of it */
     "? finding 1 contradiction closed\n"},
    {"claims of two incidents contradict each other as soon as they come together",
     {PACK},
     "open Fire\n"
     "say Dead 3\n"
     "open Fire\n"
     "@1min say Dead 1\n"
     "@2min say Dead 2\n"
     "merge 1 into 2\n"
     "? findings 2\n"
     "? finding 1 contradiction open item 1\n"
     "? finding 2 contradiction open item 2\n"
     "ack finding 1\n"
     "open Fire\n"
     "say Dead 9\n"
     "on 2\n"
     "merge 2 into 3\n"
     "split 2\n"
     "on 2\n"
     "? findings 1\n" /* what was acknowledged is not told again */
     "? finding 3 contradiction open item 2\n"},
    {"whose chain had ended is said to be so again when told apart",
     {PACK},
     "open Fire\n"
     "say Smoke yes\n"
     "bind Place East\n"
     "done 1\n"
     "@1h open Fire\n"
     "on 1\n"
     "? findings 2\n"
     "merge 1 into 2\n"
     "on 1\n"
     "? findings 0\n"
     "split 1\n"
     "? findings 2\n"
     "? finding 4 exhausted open item 2\n"
     "ack duty 2\n"
     "? findings 1\n"},
    {"standing subjects are not merged",
     {"unit Watch @1\nstanding Year { fact Quiet: flag }\n"
      "standing Other { fact Loud: flag }\n"},
     "refused other \"of one kind\" merge 1 into 2\n"
     "refused incident \"cannot be closed\" close 1\n"},
    {"periods go on after it was told apart",
     {PARTIES FACTS "at Smoke { duty Post of Watch every month \"Post.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "done 1\n"
     "open Fire\n"
     "merge 1 into 2\n"
     "on 2\n"
     "done 1\n"
     "@1d split 1\n"
     "on 1\n"
     "? next 12d\n"
     "@12d\n"
     "? duties Post owed 1\n"},
    {"told apart although the other has moved to a new version",
     {PACK, PACK},
     "open Fire\n"
     "say Hurt 2\n"
     "open Fire\n"
     "merge 1 into 2\n"
     "adopt\n"
     "move 2\n"
     "on 2\n"
     "? belief Hurt 2\n"
     "split 1\n"
     "? belief Hurt unknown\n"
     "on 1\n"
     "? version 1\n"
     "? belief Hurt 2\n"
     "refused other \"under one version\" merge 1 into 2\n"
     "move 1\n"
     "merge 1 into 2\n"},
};

#define NEW_FACTS                                                                                                      \
    "incident Fire {\n"                                                                                                \
    "  fact Wind: count, more is worse\n"                                                                              \
    "  fact Hurt: count, more is worse\n"                                                                              \
    "  fact Smoke: flag\n"                                                                                             \
    "  fact Out: flag\n"                                                                                               \
    "}\n"                                                                                                              \
    "incident Flood {\n"                                                                                               \
    "  fact A, B, C, D, E, F: flag\n"                                                                                  \
    "  fact Dead: count, more is worse, never falls\n"                                                                 \
    "}\n"

#define NEW_ALARM                                                                                                      \
    "scale Alarm of Fire { levels Blue < Yellow < Red @1\n"                                                            \
    "  proposed by Watch @1  ordered by Board @1\n"                                                                    \
    "  Blue when Hurt >= 1 @1  Yellow when Hurt >= 3 @1  Red when Hurt >= 5 @2 } @1\n"

static const struct play_case MOVES[] = {
    {"an incident keeps its version until it is moved; everything goes by name",
     {PACK, PARTIES NEW_FACTS NEW_ALARM "at Smoke { duty Report of Watch to Town, City within 30 min \"Report.\" @1\n"
                                        "  duty Fight of Place \"Fight.\" @1  duty Sing of Watch \"Sing.\" @9 }\n"
                                        "on open of Fire { duty Verify of Watch within 10 min \"Verify.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "say Hurt 2\n"
     "say Dead 1\n" /* the new version knows it of floods only */
     "say Lit 0\n"  /* not at all */
     "bind Place East\n"
     "done 2\n"
     "order Alarm Yellow by Board\n"
     "refused incident \"version in force already\" move 1\n"
     "@5min adopt\n"
     "? version 1\n"
     "? level Alarm Yellow\n"
     "move 1\n"
     "? version 2\n"
     "? belief Hurt 2\n"
     "? level Alarm Blue Blue\n"
     "? order Alarm Yellow\n"
     "? proposal Alarm lower Blue\n"
     "? last-order Alarm Yellow plain\n"
     "? out level-changed 3\n"
     "? claims 4\n"
     "? claim 3 withdrawn ended 5min\n"
     "? claim 4 withdrawn\n"
     "? duty 2 done\n" /* not raised again */
     "? duties Report owed 1\n"
     "? duty 3 owed due 30min recipient City\n"
     "? duty 4 owed bearer East\n"
     "? duties Verify owed 1\n"
     "? duties Sing owed 1\n"
     "refused claim \"withdrawn already\" withdraw 4\n"
     "say Wind 3\n"
     "? belief Wind 3\n"
     "correct 5 4\n"
     "? belief Wind 4\n"},
    {"what is lost is shown",
     {PACK, PARTIES NEW_FACTS NEW_ALARM},
     "open Fire\n"
     "say Smoke yes\n"
     "say Dead 1\n"
     "bind Place East\n"
     "? findings 0\n"
     "adopt\n"
     "move 1\n"
     "? duty 1 moved\n"
     "? duty 2 moved\n"
     "? findings 5\n" /* one claim, four duties */
     "? finding 2 lost open item 2\n"
     "? next never\n"
     "refused item \"no longer owed\" done 1\n"},
    {"an order in force without a counterpart must be ended first",
     {PACK, PARTIES FACTS "scale Alarm of Fire { levels Orange < Red @1\n  ordered by Board @1\n"
                          "  Orange when Hurt >= 1 @1  Red when Hurt >= 5 @2 } @1\n"},
     "open Fire\n"
     "say Hurt 2\n"
     "order Alarm Yellow by Board\n"
     "adopt\n"
     "refused incident \"Yellow is in force and has no counterpart\" move 1\n"
     "order Alarm none by Board because moving\n"
     "move 1\n"
     "? proposal Alarm raise Orange\n"},
    {"a bearer that is no more: his duty lapses, and is owed by whoever is named now",
     {PACK, "unit Desk @1  unit Town @1  unit Village @1  unit East @1  unit Board @1\n"
            "role Place bound by Desk within 15 min @1\n" FACTS "at Smoke {\n"
            "  duty Report of Desk to Town, Village within 30 min \"Report.\" @1\n"
            "  duty Fight of Place \"Fight.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "bind Place West\n"
     "adopt\n"
     "move 1\n"
     "? duties Report moved 2\n"
     "? duties Report owed 2\n"
     "? duties Fight moved 1\n"
     "? duties Fight owed 1\n"},
    {"another recipient in the new version gets his own, what was done for others stays done",
     {PACK,
      PARTIES FACTS ALARM "at Smoke { duty Report of Watch to Town, City, Mayor within 30 min \"Report.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "done 2\n"
     "done 3\n"
     "@40min adopt\n"
     "move 1\n"
     "? duties Report done 2\n"
     "? duties Report owed 1\n"},
    {"a standing subject moves with its plan; its drills of the year stay done",
     {PARTIES "standing Year { fact Quiet: flag }\n"
              "on open of Year { duty Drill of Watch every year \"Drill.\" @1 }\n",
      PARTIES "standing Year { fact Quiet: flag  fact Loud: flag }\n"
              "on open of Year { duty Drill of Watch every year \"Drill.\" @1  duty Sing of Watch \"Sing.\" @1 }\n"},
     "say Quiet yes\n"
     "done 1\n"
     "@1d adopt\n"
     "? version 2\n"
     "? belief Quiet yes\n"
     "? duties Drill owed 0\n"
     "? duties Sing owed 1\n"
     "? next 134d\n"
     "@134d\n"
     "? duties Drill owed 1\n"},
    {"a drill that the new version has no more does not come back",
     {PARTIES "standing Year { fact Quiet: flag }\n"
              "on open of Year { duty Drill of Watch every year \"Drill.\" @1 }\n",
      PARTIES "standing Year { fact Quiet: flag }\n"},
     "done 1\n"
     "@1d adopt\n"
     "? next never\n"
     "@400d\n"},
    {"nor one that is owed once only in the new version",
     {PARTIES "standing Year { fact Quiet: flag }\n"
              "on open of Year { duty Drill of Watch every year \"Drill.\" @1 }\n",
      PARTIES "standing Year { fact Quiet: flag }\n"
              "on open of Year { duty Drill of Watch \"Drill.\" @1 }\n"},
     "done 1\n"
     "@1d adopt\n"
     "? next never\n"},
    {"a standing subject that the new version has no more ends",
     {PARTIES "standing Year { fact Quiet: flag }\n"
              "on open of Year { duty Drill of Watch every year \"Drill.\" @1 }\n",
      PARTIES "standing Season { fact Quiet: flag }\n"
              "on open of Season { duty Drill of Watch every year \"Drill.\" @1 }\n"},
     "adopt\n"
     "? incident closed\n"
     "? duty 1 incident-ended\n"
     "on 2\n"
     "? incident opened\n"
     "? duty 1 owed\n"
     "? next 134d\n"},
    {"a new version with a shorter time to answer does not take time back",
     {PARTIES FACTS "at Smoke { duty Report of Watch acknowledge within 2 h chain Up \"Report.\" @1 }\n",
      PARTIES FACTS "at Smoke { duty Report of Watch acknowledge within 5 min chain Up \"Report.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "@1h adopt\n"
     "move 1\n"
     "? next 2h+1us\n"},
    {"a series and a choice go by the names of their values",
     {"incident Fire { fact Class: series of One < Two < Three, more is worse  fact Ground: one of Grass, Wood, Moor "
      "}\n"
      "scale Alarm of Fire { levels Yellow @1  Yellow when Class last 1 days all >= Two or Ground in (Moor) @1 } @1\n",
      "incident Fire { fact Ground: one of Moor, Rock, Wood\n"
      "  fact Class: series of Zero < One < Two < Three, more is worse }\n"
      "scale Alarm of Fire { levels Yellow @1  Yellow when Class last 1 days all >= Two or Ground in (Moor) @1 } @1\n"},
     "open Fire\n"
     "say Class Two day 0\n"
     "say Ground Wood|Moor\n"
     "? level Alarm Yellow\n"
     "adopt\n"
     "move 1\n"
     "? level Alarm Yellow\n"
     "? belief Ground Wood|Moor\n"
     "withdraw 1\n"
     "? level Alarm none Yellow\n"},
    {"a version is put in force once",
     {PACK, PACK},
     "adopt\n"
     "@1d\n"
     "? next never\n"},
};

int main(void) {
    return play_run("many", MANY, COUNT_OF(MANY)) + play_run("merges", MERGES, COUNT_OF(MERGES)) +
           play_run("moves", MOVES, COUNT_OF(MOVES));
}
