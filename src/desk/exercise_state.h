/* exercise_state — what exercise.c and exercise_judge.c share. For these alone. */
#ifndef PINYUE_DESK_EXERCISE_STATE_H
#define PINYUE_DESK_EXERCISE_STATE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "desk/exercise.h"
#include "desk/state.h"
#include "run/drill_live.h"

struct exercise_seat {
    struct text seat; /* a party's proper name, or one of the two that are no party's */
    char account[ACCOUNT_NAME_ROOM];
    int64_t since, until; /* ENGINE_NEVER while he has it */
};

struct exercise {
    struct desk *desk;
    const struct engine *engine;
    struct drill_live *live;
    struct arena *arena;
    struct text drill, starter, key;
    char ender[ACCOUNT_NAME_ROOM];
    struct exercise_seat seats[EXERCISE_SEATS_MOST];
    uint32_t seat_count;
    struct buffer left; /* of struct exercise_seat: who has had one and has it no more, for the judgement */
    int64_t began_at;   /* by the wall clock */
    int speed;
    bool is_script_stopped; /* the file is wrong: `problem` says where */
    struct failure problem;
    json_t *written;   /* what was logged last of the script */
    json_t *judgement; /* of an exercise that has ended */
    int64_t ended_at;  /* ENGINE_NEVER */
    int64_t real_end;  /* by the wall clock; ENGINE_NEVER */
};

/* Who played a party at an instant (PLAN_NONE: the duty room): the account's name, NULL where it was the script. */
const char *exercise_find_player_at(const struct exercise *exercise, const struct plan *plan, uint16_t party,
                                    int64_t at);

/* Who plays it now. */
const char *exercise_find_player(const struct exercise *exercise, const struct plan *plan, uint16_t party);

#endif
