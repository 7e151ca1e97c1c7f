/* Duties: raised by their cause, told, acknowledged, done, late, escalated, lapsed; and the roles that owe them. */

#include "play.h"

#define PARTIES                                                                                                        \
    "unit Watch @1  unit Town @1  unit City @1  unit East @1  unit West @1  unit Board @1\n"                           \
    "office Warden of Board @1  office Mayor @1\n"                                                                     \
    "group Both = Town, City @1\n"                                                                                     \
    "role Place bound by Watch within 15 min @1\n"                                                                     \
    "role Neighbours many bound by Watch within 15 min @1\n"                                                           \
    "chain Up = Warden, Mayor every 10 min because \"The plan names nobody.\"\n"

#define FACTS                                                                                                          \
    "incident Fire {\n"                                                                                                \
    "  fact Hurt: count, more is worse\n"                                                                              \
    "  fact Smoke: flag\n"                                                                                             \
    "  fact Out: flag\n"                                                                                               \
    "}\n"                                                                                                              \
    "scale Alarm of Fire { levels Yellow < Red @1\n"                                                                   \
    "  Yellow when Hurt >= 1 @1  Red when Hurt >= 5 @2 } @1\n"

#define PACK PARTIES FACTS

static const struct play_case CLOCKS[] = {
    {"three recipients are three duties, done one by one",
     {PACK "at Smoke { duty Report of Watch to Town, City, Mayor within 30 min \"Report.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "? duties Report owed 3\n"
     "? told Watch/d1.0 Watch/d2.0 Watch/d3.0\n"
     "? duty 1 owed due 30min bearer Watch recipient Town\n"
     "? duty 2 owed due 30min recipient City\n"
     "? duty 3 owed due 30min recipient Mayor\n"
     "@10min done 2\n"
     "? duties Report owed 2\n"
     "? duties Report done 1\n"},
    {"the report by which the incident was opened has done it: nobody is told, nothing runs, what follows from it is "
     "raised",
     {PACK
      "on open of Fire { duty Report of Watch to Town, Place within 10 min chain Up met by first report \"Report.\" "
      "@1\n  duty Look of Watch within 30 min \"Look.\" @1 }\n"
      "on done of Report { duty Note of Watch within 1 h \"Note.\" @1 }\n"},
     "open Fire\n"
     "? duties Report owed 0\n"
     "? duties Report done 2\n"
     "? duty 1 done in-time at 0min\n"
     "? duties Look owed 1\n"
     "? duties Note owed 2\n"
     "@10min+1us say Smoke yes\n"
     "? duties Report done 2\n"
     "? duties Report owed 0\n"},
    {"exactly at the deadline is in time",
     {PACK "at Smoke { duty Report of Watch within 30 min chain Up \"Report.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "? next 30min+1us\n"
     "@30min\n"
     "? duty 1 owed in-time\n"
     "@30min done 1\n"
     "? duty 1 done in-time at 30min\n"
     "? told Watch/d1.0\n"
     "? next never\n"},
    {"a microsecond later is late, and stays late when it is done",
     {PACK "at Smoke { duty Report of Watch within 30 min chain Up \"Report.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "@30min+1us\n"
     "? duty 1 owed late\n"
     "? out duty-overdue 1\n"
     "@31min done 1\n"
     "? duty 1 done late\n"
     "? told Watch/d1.0 Warden/d1.1\n"
     "? told-at 30min\n"
     "? next never\n"},
    {"done in time but heard late is in time",
     {PACK "at Smoke { duty Report of Watch within 30 min chain Up \"Report.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "@45min done 1 as-of 25min\n"
     "? duty 1 done in-time at 25min\n"
     "? next never\n"},
    {"nothing is done before it was owed",
     {PACK "at Smoke { duty Report of Watch within 30 min \"Report.\" @1 }\n"},
     "open Fire as-of -1h\n"
     "@10min say Smoke yes\n"
     "@11min done 1 as-of 5min\n"
     "? duty 1 done in-time at 10min\n"},
    {"overdue goes up the chain at exact instants to its end, which is a finding",
     {PACK "at Smoke { duty Report of Watch within 30 min chain Up \"Report.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "? told Watch/d1.0\n"
     "@30min+1us\n"
     "? told Warden/d1.1\n"
     "? told-at 30min\n"
     "? next 40min\n"
     "@40min-1us\n"
     "? told\n"
     "@40min\n"
     "? told Mayor/d1.2\n"
     "? next 50min\n"
     "@50min\n"
     "? finding 1 exhausted open owner Mayor item 1\n"
     "? told Mayor/f1.0\n"
     "? next never\n"
     "@1h done 1\n"
     "? finding 1 exhausted closed\n"},
    {"a long jump tells every step once, in order, with its own instant",
     {PACK "at Smoke { duty Report of Watch within 30 min chain Up \"Report.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "@9h\n"
     "? told Watch/d1.0 Warden/d1.1 Mayor/d1.2 Mayor/f1.0\n"
     "? told-at 50min\n"},
    {"one acknowledgement stops all; a step that fell due at the same instant was told before it",
     {PACK "at Smoke { duty Report of Watch within 30 min chain Up \"Report.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "@40min ack duty 1\n"
     "? told Watch/d1.0 Warden/d1.1 Mayor/d1.2\n"
     "? next never\n"
     "@9h\n"
     "? told\n"
     "? duty 1 owed late\n"
     "done 1\n"
     "? duty 1 done late\n"},
    {"an acknowledgement one microsecond before a step stops the step",
     {PACK "at Smoke { duty Report of Watch within 30 min chain Up \"Report.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "@40min-1us ack duty 1\n"
     "? told Watch/d1.0 Warden/d1.1\n"
     "@9h\n"
     "? told\n"},
    {"unacknowledged too long after it was notified goes up the chain",
     {PACK "at Smoke { duty Report of Watch within 2 h acknowledge within 10 min chain Up \"Report.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "? next 10min+1us\n"
     "@5min notify duty 1\n"
     "? next 15min+1us\n"
     "@15min+1us\n"
     "? duty 1 owed in-time unacknowledged\n"
     "? told Watch/d1.0 Warden/d1.1\n"
     "? told-at 15min\n"
     "@16min ack duty 1\n"
     "? out duty-acknowledged 1\n"
     "? next 2h+1us\n"
     "@2h+1us\n" /* acknowledged is not done */
     "? told Warden/d1.2\n"},
    {"acknowledged exactly in time",
     {PACK "at Smoke { duty Report of Watch acknowledge within 10 min chain Up \"Report.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "@10min ack duty 1\n"
     "? told Watch/d1.0\n"
     "? next never\n"},
    {"a second notification moves nothing",
     {PACK "at Smoke { duty Report of Watch acknowledge within 10 min chain Up \"Report.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "@5min notify duty 1\n"
     "@9min notify duty 1\n"
     "? next 15min+1us\n"},
    {"what a chain left open can be closed, and overdue then goes up the chain anew",
     {PACK "at Smoke { duty Report of Watch within 2 h acknowledge within 10 min chain Up \"Report.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "@1h\n"
     "? findings 1\n"
     "? told Watch/d1.0 Warden/d1.1 Mayor/d1.2 Mayor/f1.0\n"
     "@3h\n"
     "? told Warden/d1.3 Mayor/d1.4\n"
     "? findings 1\n"
     "@4h done 1\n"
     "? findings 0\n"},
    {"a step of a chain that is a role or a group tells whoever that is; nobody there is passed at once",
     {PARTIES "chain Wide = Both, Place, Mayor every 10 min because \"The plan names nobody.\"\n" FACTS
              "at Smoke { duty Report of Watch within 30 min chain Wide \"Report.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "@35min\n"
     "? told Watch/d1.0 Town/d1.1 City/d1.1\n"
     "@40min\n"
     "? told Watch/f1.0 Mayor/d1.2\n"
     "? finding 1 unbound open\n"
     "? next 50min\n"},
    {"by a date: to the end of that day in the plan's zone",
     {PACK "at Smoke { duty Report of Watch by 2022-08-20 \"Report.\" @1 }\n"},
     "open Fire\n"
     "@1h say Smoke yes\n"
     "? duty 1 owed due 1d-1us\n"
     "@1d-1us done 1\n"
     "? duty 1 done in-time\n"},
    {"a date that has passed when it is raised is late at once",
     {PACK "at Smoke { duty Report of Watch by 2022-08-19 chain Up \"Report.\" @1 }\n"},
     "open Fire\n"
     "@1h say Smoke yes\n"
     "? duty 1 owed due -1us\n"
     "@1h+1us\n"
     "? duty 1 owed late\n"
     "? told Watch/d1.0 Warden/d1.1\n"
     "? next 1h+2us\n"},
};

static const struct play_case CAUSES[] = {
    {"what goes on is raised once; when its cause ends it lapses; begun again it is raised again",
     {PACK "at Smoke { duty Report of Watch within 30 min \"Report.\" @1 }\n"},
     "open Fire\n"
     "? duties Report owed 0\n"
     "say Smoke yes\n"
     "say Smoke yes\n"
     "? duties Report owed 1\n"
     "@10min say Smoke no\n"
     "? duty 1 cause-ended\n"
     "? next never\n"
     "@20min say Smoke yes\n"
     "? duty 2 owed due 50min\n"
     "@21min done 2\n"
     "say Smoke yes\n"
     "? duties Report owed 0\n"
     "@22min say Smoke no\n"
     "? duty 2 done\n"
     "@23min say Smoke yes\n"
     "? duty 3 owed since 23min\n"
     "refused item \"no longer owed\" done 1\n"
     "refused item \"no longer owed\" done 2\n"
     "refused item \"no longer owed\" ack duty 2\n"},
    {"what continues goes on when its cause ends",
     {PACK "at Smoke { duty Guard of Watch continues \"Guard.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "say Smoke no\n"
     "? duty 1 owed\n"
     "say Smoke yes\n" /* owed already */
     "? duties Guard owed 1\n"
     "done 1\n"
     "say Smoke no\n"
     "say Smoke yes\n"
     "? duties Guard owed 1\n"},
    {"what replaces makes the other lapse, and gives way again",
     {PACK "at Alarm >= Yellow { duty Lead of Town \"Lead.\" @1 }\n"
           "at Alarm >= Red { duty Command of City replaces Lead \"Command.\" @2 }\n"},
     "open Fire\n"
     "say Hurt 1\n"
     "? duty 1 owed\n"
     "say Hurt 5\n"
     "? duty 1 replaced\n"
     "? duties Command owed 1\n"
     "say Hurt 1\n"
     "? duties Command cause-ended 1\n"
     "? duties Lead owed 1\n"
     "say Hurt 0\n"
     "? duties Lead owed 0\n"
     "say Hurt 6\n" /* both at once: what is replaced does not arise */
     "? duties Lead owed 0\n"
     "? duties Command owed 1\n"
     "say Hurt 1\n"
     "? duties Lead owed 1\n"},
    {"what was done before it was replaced is not raised again when it is no longer",
     {PACK "at Alarm >= Yellow { duty Lead of Town \"Lead.\" @1 }\n"
           "at Alarm >= Red { duty Command of City replaces Lead \"Command.\" @2 }\n"},
     "open Fire\n"
     "say Hurt 1\n"
     "done 1\n"
     "say Hurt 5\n"
     "say Hurt 1\n"
     "? duties Lead owed 0\n"
     "say Hurt 0\n"
     "say Hurt 5\n" /* a new cause, replaced from the start */
     "? duties Lead owed 0\n"
     "say Hurt 1\n"
     "? duties Lead owed 1\n"},
    {"until: done by itself, at once when it holds already",
     {PACK "at Smoke { duty Watchover of Watch until Out within 30 min \"Watch.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "@10min say Out yes\n"
     "? duty 1 done in-time at 10min\n"
     "say Smoke no\n"
     "@20min say Smoke yes\n"
     "? duty 2 done in-time at 20min\n"},
    {"until holds when the incident is opened",
     {PACK "on open of Fire { duty Look of Watch until Alarm = none or Hurt >= 0 \"Look.\" @1 }\n"},
     "open Fire\n"
     "? duty 1 done\n"},
    {"until holds when the doing of another raises it",
     {PACK "at Smoke { duty Report of Watch \"Report.\" @1 }\n"
           "on done of Report { duty Look of Watch until Out \"Look.\" @2 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "say Out yes\n"
     "done 1\n"
     "? duty 2 done parent 1\n"},
    {"two that are done by themselves and raise each other come to rest",
     {PACK "at Smoke { duty A of Watch \"A.\" @1 }\n"
           "on done of A { duty B of Watch until Out \"B.\" @2 }\n"
           "on done of B { duty C of Watch until Out \"C.\" @3 }\n"
           "on done of C { duty D of Watch until Out \"D.\" @3 }\n"},
     "open Fire\n"
     "say Out yes\n"
     "say Smoke yes\n"
     "done 1\n"
     "? duty 4 done\n"},
    {"on done: each time, for the recipient of what was done",
     {PACK "at Smoke { duty Report of Watch to Town, City \"Report.\" @1 }\n"
           "on done of Report { duty Answer of recipient to Mayor within 5 min \"Answer.\" @2 }\n"
           "on done of Answer { duty File of Watch to recipient \"File.\" @3 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "? told Watch/d1.0 Watch/d2.0\n"
     "@10min done 2\n"
     "? duty 3 owed bearer City recipient Mayor due 15min parent 2\n"
     "? told City/d3.0\n"
     "@11min done 1\n"
     "? duty 4 owed bearer Town parent 1\n"
     "@12min done 4\n"
     "? duty 5 owed bearer Watch recipient Mayor parent 4\n"
     "say Smoke no\n" /* what doing raised does not end with the cause of what was done */
     "? duty 3 owed\n"},
    {"an option may be taken or left, a decision must be decided",
     {PACK "at Smoke { option Help of Mayor \"Ask for help.\" @1\n"
           "  decision Close of Warden within 20 min chain Up \"Close the road.\" @2 }\n"
           "on done of Close { duty Barrier of Watch \"Set up the barrier.\" @3 }\n"
           "on done of Help { duty Ask of Watch \"Ask.\" @3 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "? told Mayor/d1.0 Warden/d2.0\n"
     "? next 20min+1us\n"
     "@5min decline 1 because we manage\n"
     "? duty 1 declined\n"
     "? duties Ask owed 0\n"
     "@25min\n"
     "? duty 2 owed late\n"
     "? told Warden/d2.1\n"
     "done 2\n"
     "? duty 2 done late\n"
     "? duties Barrier owed 1\n"
     "refused item \"only an option or a decision\" decline 3\n"
     "refused item \"only what is forbidden\" breach 3\n"},
    {"declined in time is in time",
     {PACK "at Smoke { decision Close of Warden within 20 min chain Up \"Close the road.\" @2 }\n"
           "on done of Close { duty Barrier of Watch \"Set up the barrier.\" @3 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "@30min decline 1 as-of 15min\n"
     "? duty 1 declined in-time\n"
     "? duties Barrier owed 0\n"
     "? next never\n"},
    {"what is forbidden can only be breached",
     {PACK "at Smoke { forbid Flames of Town \"No open fire.\" @1  notice Danger \"Danger.\" @2 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "? duty 1 owed due never\n"
     "? duty 2 owed bearer -\n"
     "breach 1\n"
     "breach 1 because a barbecue\n"
     "? breaches 1 2\n"
     "? out duty-breached 2\n"
     "refused item \"cannot be done\" done 1\n"
     "refused item \"cannot be done\" done 2\n"
     "refused item \"only what is forbidden\" breach 2\n"
     "say Smoke no\n"
     "? duty 1 cause-ended\n"
     "? duty 2 cause-ended\n"},
    {"a group owes member by member",
     {PACK "at Smoke { duty Send of Both to Both, Mayor \"Send.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "? duties Send owed 6\n"
     "? duty 1 owed bearer Town recipient Town\n"
     "? duty 6 owed bearer City recipient Mayor\n"},
};

static const struct play_case ROLES[] = {
    {"a chain that starts while the role is unbound leaves number 0 to the bearer",
     {PACK "at Smoke { duty Fight of Place within 10 min chain Up \"Fight.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "? told Watch/f1.0\n"
     "@10min+1us\n"
     "? duty 1 owed late bearer -\n"
     "? told Warden/d1.1\n"},
    {"a role that nobody has bound is a finding with an owner and a clock; binding tells the unit",
     {PACK "at Smoke { duty Fight of Place within 1 h acknowledge within 10 min chain Up \"Fight.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "? duty 1 owed bearer - due 1h\n"
     "? finding 1 unbound open owner Watch due 15min\n"
     "? told Watch/f1.0\n"
     "@15min\n" /* nobody has been told of the duty: nobody is late in acknowledging it */
     "? told\n"
     "@15min+1us\n"
     "? finding 1 unbound open overdue\n"
     "? told Watch/f1.1\n"
     "@20min bind Place East\n"
     "? finding 1 unbound closed overdue\n"
     "? duty 1 owed bearer East due 1h\n"
     "? told East/d1.0\n"
     "? next 30min+1us\n"
     "refused role \"bound already\" bind Place West\n"
     "refused unit \"bound to this role already\" bind Place East\n"
     "@30min+1us\n"
     "? duty 1 owed unacknowledged\n"
     "? told Warden/d1.1\n"},
    {"a binding that was wrong: the duty is nobody's again, then the next one's",
     {PACK "at Smoke { duty Fight of Place within 1 h acknowledge within 10 min chain Up \"Fight.\" @1 }\n"},
     "open Fire\n"
     "bind Place East\n"
     "say Smoke yes\n"
     "? told East/d1.0\n"
     "@5min ack duty 1\n"
     "@40min unbind Place East\n"
     "? duty 1 owed bearer -\n"
     "? finding 1 unbound open due 55min\n"
     "? told Watch/f1.0\n"
     "refused unit \"not bound\" unbind Place East\n"
     "@45min bind Place West\n"
     "? duty 1 owed bearer West due 1h\n"
     "? told West/d1.1\n"
     "? next 55min+1us\n" /* ten minutes for the one who has been told now */
     "? duties Fight owed 1\n"},
    {"acknowledging that a role is unbound stops its clock, not the finding",
     {PACK "at Smoke { duty Fight of Place \"Fight.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "@1min ack finding 1\n"
     "? finding 1 unbound open\n"
     "? next never\n"
     "@2min bind Place East\n"
     "? findings 0\n"},
    {"a role that nothing needs any more is no finding",
     {PACK "at Smoke { duty Fight of Place \"Fight.\" @1  duty Report of Watch to Place \"Report.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "? findings 1\n"
     "done 1\n"
     "? findings 1\n"
     "say Smoke no\n"
     "? findings 0\n"
     "? next never\n"},
    {"a role as recipient",
     {PACK "at Smoke { duty Report of Watch to Place within 30 min \"Report.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "? duty 1 owed bearer Watch recipient -\n"
     "? told Watch/d1.0 Watch/f1.0\n"
     "bind Place East\n"
     "? duty 1 owed bearer Watch recipient East\n"
     "? findings 0\n"},
    {"bound before it is owed: owed by the unit from the start",
     {PACK "at Smoke { duty Report of Place to Neighbours \"Report.\" @1 }\n"},
     "open Fire\n"
     "bind Place Town\n"
     "bind Neighbours East\n"
     "bind Neighbours West\n"
     "say Smoke yes\n"
     "? duties Report owed 2\n"
     "? duty 2 owed bearer Town recipient West\n"
     "? findings 0\n"},
    {"each further unit owes and receives its own, also when the first has done it already",
     {PACK "at Smoke { duty Send of Neighbours \"Send.\" @1  duty Tell of Watch to Neighbours \"Tell.\" @2 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "bind Neighbours East\n"
     "? duty 1 owed bearer East\n"
     "? duty 2 owed recipient East\n"
     "done 1\n"
     "done 2\n"
     "bind Neighbours West\n"
     "? duties Send owed 1\n"
     "? duties Tell owed 1\n"
     "? duty 3 owed bearer West\n"
     "? duty 4 owed bearer Watch recipient West\n"
     "bind Neighbours City\n"
     "? duties Send owed 2\n"
     "unbind Neighbours West\n"
     "? duty 3 cause-ended\n"
     "? duty 4 cause-ended\n"
     "bind Neighbours West\n"
     "? duties Send owed 2\n"
     "unbind Neighbours East\n" /* what East has done stays done */
     "? duty 1 done\n"
     "bind Neighbours East\n"
     "? duties Send owed 2\n"
     "? duties Send done 1\n"
     "say Smoke no\n"
     "? duties Send owed 0\n"
     "bind Neighbours Town\n" /* the cause is over */
     "? duties Send owed 0\n"},
    {"a unit owes once what it owes in two ways",
     {PACK "at Smoke { duty Send of East, Place \"Send.\" @1 }\n"},
     "open Fire\n"
     "say Smoke yes\n"
     "? duties Send owed 2\n"
     "bind Place East\n"
     "? duties Send owed 1\n"},
    {"the same when it was bound before",
     {PACK "at Smoke { duty Send of East, Place \"Send.\" @1 }\n"},
     "open Fire\n"
     "bind Place East\n"
     "say Smoke yes\n"
     "? duties Send owed 1\n"},
};

#define STANDING                                                                                                       \
    PARTIES "standing Year { fact Quiet: flag  fact Stop: flag }\n"                                                    \
            "scale Mood of Year { levels Bad @1  Bad when Stop @1 } @1\n"

static const struct play_case PERIODS[] = {
    {"owed once for each year, due at its end",
     {STANDING "on open of Year { duty Drill of Watch every year chain Up \"Drill.\" @1 }\n"},
     "? duty 1 owed due 134d-1us\n" /* the end of 2022, in the plan's zone */
     "@10d done 1\n"
     "? duty 1 done in-time\n"
     "? duties Drill owed 0\n"
     "? next 134d\n"
     "@134d-1us\n"
     "? duties Drill owed 0\n"
     "@134d\n"
     "? duty 2 owed since 134d due 499d-1us\n"
     "? next 499d-1us+1us\n"},
    {"two periods missed in one long jump are two that are late, each from its own day on",
     {STANDING "on open of Year { duty Post of Watch every month chain Up \"Post.\" @1 }\n"},
     "? duty 1 owed due 12d-1us\n"
     "@72d+12h\n"
     "? duty 1 owed late\n"
     "? duty 2 owed late since 12d due 42d-1us\n"
     "? duty 3 owed in-time since 42d due 73d-1us\n"
     "? duties Post owed 3\n"
     "? findings 2\n"},
    {"days, quarters, half-years",
     {STANDING "on open of Year { duty Daily of Watch every day \"D.\" @1\n"
               "  duty Quarterly of Watch every quarter \"Q.\" @1  duty Halfly of Watch every half-year \"H.\" @1 }\n"},
     "? duty 1 owed due 1d-1us\n"
     "? duty 2 owed due 42d-1us\n"
     "? duty 3 owed due 134d-1us\n"
     "@1d\n"
     "? duty 4 owed due 2d-1us\n"},
    {"a period ends with its cause, and begins with it again",
     {STANDING "at Quiet { duty Post of Watch every month \"Post.\" @1 }\n"},
     "say Quiet yes\n"
     "done 1\n"
     "? next 12d\n"
     "say Quiet no\n"
     "? next never\n"
     "@40d say Quiet yes\n"
     "? duty 2 owed due 42d-1us\n"},
    {"what is replaced for a while is owed again for the next period",
     {STANDING "at Quiet { duty Post of Watch every month \"Post.\" @1 }\n"
               "at Stop { duty Silence of Watch replaces Post \"Silence.\" @2 }\n"},
     "say Quiet yes\n"
     "done 1\n"
     "@1d say Stop yes\n"
     "? next never\n"
     "@2d say Stop no\n"
     "? duties Post owed 0\n"
     "? next 12d\n"
     "@12d\n"
     "? duties Post owed 1\n"},
    {"done by itself in every period while it holds",
     {STANDING "on open of Year { duty Post of Watch every month until Quiet \"Post.\" @1 }\n"},
     "say Quiet yes\n"
     "? duty 1 done\n"
     "@13d\n"
     "? duty 2 done in-time at 12d\n"
     "say Quiet no\n"
     "@43d\n"
     "? duty 3 owed\n"},
    {"within a time from the beginning of each period",
     {STANDING "on open of Year { duty Post of Watch every month within 5 d \"Post.\" @1 }\n"},
     "? duty 1 owed due 5d\n"
     "@12d\n"
     "? duty 1 owed late\n"
     "? duty 2 owed due 17d\n"},
};

int main(void) {
    return play_run("clocks", CLOCKS, COUNT_OF(CLOCKS)) + play_run("causes", CAUSES, COUNT_OF(CAUSES)) +
           play_run("roles", ROLES, COUNT_OF(ROLES)) + play_run("periods", PERIODS, COUNT_OF(PERIODS));
}
