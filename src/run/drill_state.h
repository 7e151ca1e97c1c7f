/* drill_state — what the parts of the drill runner share. Internal to src/run.
 *
 * drill.c opens the file and lets time pass; drill_step.c takes the statements; drill_people.c lets the people act;
 * drill_tell.c tells what happened; drill_expect.c judges. All work on one `struct drill`.
 */
#ifndef PINYUE_RUN_DRILL_STATE_H
#define PINYUE_RUN_DRILL_STATE_H

#include "run/drill.h"
#include "run/drill_line.h"
#include "run/drill_live.h"
#include "run/session.h"

#define DRILL_EVENTS_MAX 2000000U /* of one drill: a bound against drills that never end */
#define DRILL_NAMES_MAX 64U       /* names in one list */
#define DRILL_MATCHES_MAX 512U    /* instances that one statement may be about */

/* A growing array; `grow` (drill.c) makes room. */
#define DRILL_ARRAY(type)                                                                                              \
    struct {                                                                                                           \
        type *items;                                                                                                   \
        uint32_t count, room;                                                                                          \
    }

enum drill_act { DRILL_ACT_NOTIFY, DRILL_ACT_ACKNOWLEDGE, DRILL_ACT_PROVE, DRILL_ACT_DECIDE };
#define DRILL_ACTS 4

/* How a party behaves: after how long it does something of itself, -1 never. */
struct drill_habit {
    struct text party; /* empty: everybody */
    enum drill_act act;
    int64_t low, high;
};

/* A duty that nobody proves of themselves. */
struct drill_exemption {
    struct text duty, bearer, recipient; /* empty: any */
};

/* Something that somebody will do of themselves, or a statement that was given a later time. */
struct drill_pending {
    int64_t at;
    enum drill_act act;
    uint32_t incident;
    enum engine_item_kind item_kind;
    uint32_t item;
    uint16_t party;
    bool as_bearer; /* of the duty: whoever is no longer that, because a role was bound anew, does nothing */
    const struct drill_line *line; /* the statement; NULL: the act */
    uint32_t line_incident;
};

/* A notice that was given, for what is expected of them. */
struct drill_notice {
    int64_t at;
    uint32_t incident;
    enum engine_item_kind item_kind;
    uint32_t item;
    uint16_t party;
    uint8_t step;
};

struct drill_handle {
    struct text name;
    uint32_t incident;
};

/* One line of the timeline: head, items and tail stand one after the other. */
struct drill_entry {
    int64_t at;
    struct text label, head, items, tail;
    uint64_t group; /* what can be told in one line has the same number here, 0 what stands alone */
};

struct drill_judgement {
    int64_t at;
    uint32_t line;
    bool passed;
    struct text statement, actual;
};

/* What stands at the head of a drill, in any order: title, pack and version, seed, start. */
struct drill_header {
    struct text pack, version;
    const struct drill_line *pack_line, *start_line;
    uint32_t pack_at, start_at; /* tokens behind the pack's name, behind "start" */
    bool has_title;
};

struct drill {
    const char *path;
    const struct drill_options *options;
    const struct drill_stage *stage; /* where it plays on another's session, beside people; NULL: by itself */
    struct drill_live *live;         /* the same */
    struct drill_result *result;
    struct failure *failure;
    struct arena *arena;
    struct drill_lines lines;
    struct session *session;
    const struct engine *engine;
    const struct plan *plan; /* the first: it gives zone and language */
    struct text title, plan_name;
    uint64_t seed;
    struct drill_clock clock;
    int64_t now;
    uint32_t incident; /* that statements are about */
    uint32_t event_count;
    bool is_broken; /* memory ran out while something was told */

    DRILL_ARRAY(struct drill_handle) handles;
    DRILL_ARRAY(struct drill_habit) habits;
    DRILL_ARRAY(struct drill_exemption) exemptions;
    DRILL_ARRAY(struct drill_pending) pending;
    DRILL_ARRAY(struct drill_notice) notices;
    DRILL_ARRAY(struct engine_output) outputs; /* of the step being taken */
    DRILL_ARRAY(struct drill_entry) entries;
    DRILL_ARRAY(struct drill_judgement) judgements;
    json_t *timeline;
};

/* Makes room for one more item. False, and the drill is broken, when memory is exhausted. */
bool drill_grow(struct drill *drill, void **items, uint32_t count, uint32_t *room, size_t size);
#define DRILL_PUSH(drill, array, ...)                                                                                  \
    do {                                                                                                               \
        if (drill_grow((drill), (void **)&(array)->items, (array)->count, &(array)->room, sizeof *(array)->items)) {   \
            (array)->items[(array)->count++] = (__VA_ARGS__);                                                          \
        }                                                                                                              \
    } while (0)

/* One of two words or formats, by the plan's language. */
const char *drill_say(const struct drill *drill, const char *english, const char *chinese)
    __attribute__((format_arg(2), format_arg(3)));

/* A copy in the drill's arena. */
struct text drill_keep(struct drill *drill, struct text text);

/* The plan of an incident; of the first plan in force for 0. */
const struct plan *drill_plan_of(const struct drill *drill, uint32_t incident);

/* The handle by which the drill calls an incident, or its title or subject. */
struct text drill_name_of(const struct drill *drill, uint32_t incident);

/* True when what happens in an incident is told: it was opened or used by the drill. */
bool drill_is_told(const struct drill *drill, uint32_t incident);

/* Hands an event over, tells its consequences and lets people take note of them. False with a failure when it cannot be
 * taken. (drill.c) */
bool drill_accept(struct drill *drill, const struct engine_event *event, struct failure *failure);

/* Lets time pass up to an instant, everything that comes due and everything people do included. False with a failure
 * of the drill. (drill.c) */
bool drill_pass(struct drill *drill, int64_t until);

/* Puts a pack in force. (drill.c) */
bool drill_adopt(struct drill *drill, struct drill_cursor *cursor, struct text pack, struct text version);

/* Cuts the file into statements and reads the header, and by its pack the zone and the start; *next is the first statement
 * behind it. (drill.c) */
bool drill_read_opening(struct drill *drill, struct text source, struct drill_header *header, uint32_t *next);

/* Frees all but the result. (drill.c) */
void drill_release(struct drill *drill);

/* Tells what came of a step, and lets those hear of it who got a notice. (drill.c) */
bool drill_digest(struct drill *drill);

/* ---- beside people (drill_live.c) ------------------------------------------------------------------------- */

/* Whether a person plays the party, so that it does nothing of itself. */
bool drill_live_holds(const struct drill *drill, const struct plan *plan, uint16_t party);

/* Leaves a statement to the person who plays whoever would do it: then it is offered. False where the script plays it. */
bool drill_live_leaves(struct drill *drill, enum drill_keyword verb, const struct drill_line *line);

/* ---- people (drill_people.c) ------------------------------------------------------------------------------ */

/* `people …`, `silent …`, `never prove …`, behind their first word. */
bool drill_people_settle(struct drill *drill, struct drill_cursor *cursor);
bool drill_people_silence(struct drill *drill, struct drill_cursor *cursor);
bool drill_people_exempt(struct drill *drill, struct drill_cursor *cursor);

/* Lets whoever a notice reached plan what to do about it. */
void drill_people_hear(struct drill *drill, const struct engine_output *notice);

/* Lets everybody who owes or decides something plan anew what to do about it, as after a restart. */
void drill_people_resume(struct drill *drill);

/* Does what was planned, if it is still to be done. */
bool drill_people_act(struct drill *drill, const struct drill_pending *pending);

/* ---- statements (drill_step.c) ---------------------------------------------------------------------------- */

/* What a statement about duties is about. */
struct drill_pattern {
    uint16_t duty;
    struct text bearer, recipient; /* empty: any */
};

/* Reads NAME [of PARTY] [to PARTY] under the present incident's plan. */
bool drill_read_pattern(struct drill *drill, struct drill_cursor *cursor, struct drill_pattern *pattern);

/* Collects the newest instance for each bearer and recipient that fits. */
uint32_t drill_find_duties(const struct drill *drill, const struct drill_pattern *pattern,
                           uint32_t numbers[DRILL_MATCHES_MAX]);

/* True when a party goes by this name here: itself, a group that holds it, or the role through which it acts. */
bool drill_fits(const struct plan *plan, struct text name, uint16_t party, uint16_t role);

/* Reads names that must be a scale, a party. */
bool drill_read_scale(struct drill *drill, struct drill_cursor *cursor, uint16_t *scale);
bool drill_read_party(struct drill *drill, struct drill_cursor *cursor, uint16_t *party);

/* Reads a level's name or none. */
bool drill_read_level(struct drill *drill, struct drill_cursor *cursor, const struct plan_scale *scale, uint8_t *level);

/* Reads a fact's value behind "=": up to a word that cannot belong to it, or the end. */
bool drill_read_value(struct drill *drill, struct drill_cursor *cursor, uint16_t fact, int64_t *low, int64_t *high);

/* Reads the instants that a statement may begin with, from `from` on; *rest is what stands behind them, with nothing in it
 * where nothing does. */
bool drill_find_moment(struct drill *drill, const struct drill_line *line, int64_t from, int64_t *at,
                       struct drill_line *rest);

/* Takes a statement that begins with no instant, now. */
bool drill_take_now(struct drill *drill, const struct drill_line *line);

/* The first party that may order this, where nobody is named; or PLAN_NONE. */
uint16_t drill_find_orderer(const struct plan *plan, const struct plan_scale *scale, uint8_t level);

/* The text of a statement on one line. (drill_tell.c) */
struct text drill_flatten(struct drill *drill, const struct drill_line *line);

/* Takes one statement; what follows from it by people's doing comes with the next drill_pass. False with a failure when
 * the file is wrong. */
bool drill_take_statement(struct drill *drill, const struct drill_line *line);

/* ---- telling (drill_tell.c) ------------------------------------------------------------------------------- */

/* Tells that the script itself does something. */
void drill_tell_statement(struct drill *drill, const struct drill_line *line);

/* Tells the outputs collected from one step. */
void drill_tell_outputs(struct drill *drill);

/* Appends "BEARER → RECIPIENT" of a duty. */
void drill_show_holders(const struct plan *plan, const struct engine_duty_view *duty, struct buffer *out);

/* Appends how a duty stands, in words. */
void drill_show_state(const struct drill *drill, const struct plan *plan, const struct engine_duty_view *duty,
                      struct buffer *out);

/* Appends a proposal in words, "raise to X". */
void drill_show_proposal(const struct drill *drill, const struct plan *plan, const struct engine_proposal_view *view,
                         struct buffer *out);

/* The word for a kind of finding. */
const char *drill_finding_word(const struct drill *drill, enum engine_finding_kind kind);

/* Writes the whole result. */
void drill_tell_result(struct drill *drill);

/* ---- judging (drill_expect.c) ----------------------------------------------------------------------------- */

/* `expect …` behind its first word. */
bool drill_expect(struct drill *drill, struct drill_cursor *cursor);

/* Records a judgement about a statement. */
void drill_judge(struct drill *drill, const struct drill_line *line, bool passed, struct text actual);

#endif
