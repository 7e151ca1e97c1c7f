/* exercise — a drill on a desk of its own: the script and the people who play parts beside it.
 *
 * What it is for: docs/exercises.md. A desk (log, engine) that is nobody's real one plays a drill file (run/drill_live.h): at
 * each instant the script does what is its own and leaves the rest to whoever has taken that seat. At the end it is judged, by
 * clause, what was met, late and missed.
 * Owns the drill and the seats, not the desk. All of it is written into the desk's own log, so that an exercise goes on after a
 * restart: "desk.exercise" (what is played), "desk.exercise-seat" (who plays what), "desk.exercise-pace" (speed, pauses),
 * "desk.exercise-script" (how far the script is), "desk.exercise-end" (the judgement). Must never read a clock, touch another
 * desk, or know a name of any plan.
 *
 * Belongs to the thread that has the desk.
 */
#ifndef PINYUE_DESK_EXERCISE_H
#define PINYUE_DESK_EXERCISE_H

#include "base/failure.h"
#include "base/text.h"
#include "desk/account.h"
#include "desk/desk.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* The seats that are no party's, as requests and logs spell them. */
#define EXERCISE_DUTY_ROOM "duty-room" /* takes calls, opens incidents, notes what is reported */
#define EXERCISE_ALL "all"             /* every party of the plan that nobody else plays, and the duty room */

#define EXERCISE_SPEED_MOST 600
#define EXERCISE_SEATS_MOST 64U

struct exercise;

/* What an exercise begins with. */
struct exercise_setup {
    struct text drill; /* the file's name, by which it was chosen */
    struct text path;  /* the file: its packs are found from there */
    struct text source;
    struct text starter; /* the account */
    struct text key;     /* of the request that begins it, as the log has it (desk_mark_key); empty: none */
    int64_t began_at;    /* by the wall clock, us */
    int speed;           /* 1 … EXERCISE_SPEED_MOST: seconds of the exercise in one second */
};

/* Who does something in an exercise, and when. `key`: of the request, as the log has it (desk_mark_key), so that it is taken once;
 * empty: none. */
struct exercise_deed {
    int64_t at;
    struct text actor, key;
};

/* The title that a drill file gives itself, in `room`; empty where it gives none. */
struct text exercise_find_title(struct text source, char *room, size_t room_size);

/* Begins on a desk in which nothing has happened yet. NULL with a failure when the file is wrong; then the desk is of no use. */
struct exercise *exercise_begin(struct desk *desk, const struct exercise_setup *setup, struct failure *failure);

/* Goes on with what the desk's log says. NULL with a failure when there is no exercise in it. */
struct exercise *exercise_resume(struct desk *desk, struct failure *failure);

/* The desk listens to nobody afterwards. */
void exercise_close(struct exercise *exercise);

/* The instant at which it begins, by the drill; where it stands (the last event's). */
int64_t exercise_start(const struct exercise *exercise);
int64_t exercise_last_instant(const struct exercise *exercise);

/* The speed that was last logged: of a new one that of its setup. */
int exercise_speed(const struct exercise *exercise);

/* Whether it has been ended, and judged. */
bool exercise_has_ended(const struct exercise *exercise);

/* Whether the exercise whose log stands in a folder has ended, as its last event says: without playing it. False with a failure
 * where the log cannot be read. */
bool exercise_find_ending(const char *directory, bool *has_ended, struct failure *failure);

/* Whether what the real desk's log, in a folder, has noted as an event is of another exercise than that which began at an instant
 * (as the note has it): numbers are given anew where data came from a backup. An event that is not durable yet is of this one. False
 * with a failure where the log cannot be read. */
bool exercise_find_note(const char *directory, int64_t sequence, struct text began_at, bool *is_of_another,
                        struct failure *failure);

/* When it was begun by the wall clock, us: with its number what tells it from every other. */
int64_t exercise_began_at(const struct exercise *exercise);

/* When it was ended by the wall clock, us; ENGINE_NEVER: it has not, or an older program has not logged it. */
int64_t exercise_real_end(const struct exercise *exercise);

/* Who began it and who ended it (empty: nobody yet), as accounts, and the key under which it was begun (empty: none); borrowed
 * until the exercise is closed. */
struct text exercise_starter(const struct exercise *exercise);
struct text exercise_ender(const struct exercise *exercise);
struct text exercise_key(const struct exercise *exercise);

/* The drill's title; borrowed until the exercise is closed. */
struct text exercise_title(const struct exercise *exercise);

/* The next instant at which the script does something; ENGINE_NEVER. */
int64_t exercise_next_instant(struct exercise *exercise);

/* Lets the script and what comes due by itself happen up to an instant. What is wrong in the file stops the script, and the
 * exercise goes on without it: exercise_describe says so. */
void exercise_pass(struct exercise *exercise, int64_t at);

/* Each of these is logged. False with a failure when it cannot be. */
bool exercise_note_pace(struct exercise *exercise, const struct exercise_deed *deed, int speed, bool is_paused,
                        struct text reason, struct failure *failure);
/* `account` empty: the seat goes back to the script. */
bool exercise_give_seat(struct exercise *exercise, const struct exercise_deed *deed, struct text seat,
                        struct text account, struct failure *failure);
bool exercise_play_offer(struct exercise *exercise, const struct exercise_deed *deed, uint32_t number,
                         struct failure *failure);
/* `wall`: by the wall clock, us. True too where it has ended already: the first who ends it is its ender. */
bool exercise_end(struct exercise *exercise, const struct exercise_deed *deed, int64_t wall, struct failure *failure);

/* Makes an account what its seats let it be: duty room, parties; nothing of its rights on the real desk is left. */
void exercise_cast(const struct exercise *exercise, struct account *account);

/* Who has a seat, by a party's name or one of the two; NULL where nobody has. */
const char *exercise_find_holder(const struct exercise *exercise, struct text seat);

/* Whether the account has any seat. */
bool exercise_has_seat(const struct exercise *exercise, struct text account);

/* The members of Exercise in openapi.json that do not depend on the clock. NULL when memory is exhausted. */
json_t *exercise_describe(const struct exercise *exercise);

/* Judgement of openapi.json: as things stand at an instant; of an exercise that has ended, as it ended. */
json_t *exercise_judge(const struct exercise *exercise, int64_t at);

#endif
