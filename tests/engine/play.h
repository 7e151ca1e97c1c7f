/* play — stories for the engine, told line by line: a small pack, what happened, and what must follow.
 *
 * What it is for: a test of the engine is a pack and a story; each line is an event or, beginning with `?`, something
 * that must hold. A line that is not so fails the test with the story's name and the line. After every line the
 * invariants hold that no story may break (invariants.h).
 *
 * A story's clock starts at 2022-08-20T00:00+08:00; `@2h+1us` at a line's head moves it there. All offsets are counted
 * from the start and written as terms of us, s, min, h, d. A line that is nothing but its clock lets time pass.
 *
 *   open SUBJECT [as-of OFFSET]                        the incident is then the current one; `on N` makes another so
 *   say FACT VALUE [as-of OFFSET] [observed|predicted] [day N]   a series takes the day, counted from the first day
 *   correct N VALUE   withdraw N
 *   order SCALE LEVEL by PARTY [because WORDS…]        LEVEL is `none` to end
 *   refuse SCALE by PARTY [because WORDS…]
 *   bind ROLE UNIT   unbind ROLE UNIT
 *   notify duty|proposal|finding N   ack duty|proposal|finding N
 *   done N [as-of OFFSET] [because WORDS…]   decline N …   breach N …
 *   merge N into M   split N   move N   close N [because WORDS…]
 *   adopt                                              puts the story's next pack in force
 *   refused FIELD "FRAGMENT" EVENT…                    the event must be refused so
 *
 *   ? belief FACT VALUE            3, 2..4, unknown, yes, 2h+1us..3h, A|B for choices
 *   ? level SCALE LEVEL [MAY]      ? order SCALE LEVEL      ? ended SCALE yes|no
 *   ? because SCALE POSITIONS      rules by position: 0,2
 *   ? proposal SCALE none|raise LEVEL|lower LEVEL|end       the open one
 *   ? proposal-status N open|accepted|refused|superseded|lapsed    ? proposals N
 *   ? orders N                     ? last-order SCALE LEVEL plain|override|automatic
 *   ? duty N STATUS [late|in-time] [unacknowledged] [due OFFSET|never] [bearer P] [recipient P] [parent N] [at OFFSET]
 *                                  STATUS: owed, done, declined, cause-ended, replaced, absorbed, incident-ended, moved
 *   ? duties NAME STATUS COUNT     ? breaches N COUNT
 *   ? finding N unbound|exhausted|contradiction|lost open|closed [overdue] [owner P] [due OFFSET] [item N]
 *   ? findings COUNT               open ones
 *   ? claim N standing|corrected|withdrawn [replaces N] [heard OFFSET] [as-of OFFSET]    ? claims COUNT
 *   ? told [PARTY/dN.STEP …]       every notice since the last `? told`, in order: d duty, p proposal, f finding
 *   ? told-at OFFSET               when the last notice told was due
 *   ? out KIND COUNT               outputs of a kind since the last `? out`s of other lines; KIND as in engine.h
 *   ? next OFFSET|never   ? first OFFSET   ? incident opened|merged|closed   ? version TEXT
 */
#ifndef PINYUE_TESTS_PLAY_H
#define PINYUE_TESTS_PLAY_H

#include "check.h"
#include "engine/engine.h"

#define PLAY_PACKS_MAX 4
#define PLAY_OUTPUTS_MAX 20000

struct play_case {
    const char *name;
    const char *packs[PLAY_PACKS_MAX]; /* the first is in force from the start; each is the statements of a block */
    const char *story;
};

struct play {
    struct engine *engine;
    struct plan *plans[PLAY_PACKS_MAX];
    uint32_t plan_count, adopted;
    const char *name;
    int line;
    int64_t now;
    uint32_t incident;
    uint64_t sequence;
    struct engine_output *outputs;
    uint32_t output_count, told_seen, out_seen, out_line_end;
    struct failure failure;
};

/* The instant at which stories start. */
int64_t play_start_instant(void);

/* Compiles statements (the header `plan T { version "N" zone +08:00 }` is put before them); fails the test with the
 * compiler's first message. */
struct plan *play_compile(const char *statements, uint32_t version);

/* An engine with the case's plans compiled and the first one in force. */
void play_begin(struct play *play, const struct play_case *of);
void play_end(struct play *play);

/* Hands in an event; its consequences are kept in play->outputs. */
bool play_step(struct play *play, const struct engine_event *event);

/* Tells a story, line by line. */
void play_tell(struct play *play, const char *story);

/* Runs every case as a test of its own; returns how many failed. */
int play_run(const char *name, const struct play_case *cases, size_t count);

#endif
