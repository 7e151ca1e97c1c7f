/* exercises — the desks on which drills are played, beside the real one.
 *
 * What it is for: /api/v1/drills and /api/v1/exercises (docs/exercises.md). Each exercise has a folder DATA/exercises/NUMBER with a
 * log of its own, a writer, live pages and a clock that runs at its own speed; requests under its path go there as they would go
 * to the real desk. Nothing of it touches the real log but one note at its end.
 * `exercises` is the house's list of them; `exercise_desk` is one, by which its writer and the threads of HTTP know what time
 * it is. The list locks itself, and so does each one's clock; all else of an exercise is its writer's alone.
 */
#ifndef PINYUE_WEB_EXERCISES_H
#define PINYUE_WEB_EXERCISES_H

#include "desk/exercise.h"
#include "web/exchange.h"

#define EXERCISES_RUNNING_MOST 3U /* at once: each has a thread and an engine */
/* At the start, the newest, and beyond these whatever has not ended; older ones stay in the data directory. */
#define EXERCISES_OPENED_MOST 32U

/* The house's. `drills` are borrowed. Opens what has been there before, running ones paused. NULL with a failure. */
struct exercises *exercises_create(struct web_server *house, const struct web_pack *drills, size_t drill_count,
                                   struct failure *failure);

/* Lets every writer answer what has come in and stop; then, when no page is live any more, closes all. */
void exercises_stop(struct exercises *exercises);
void exercises_destroy(struct exercises *exercises);

/* The server of an exercise; NULL where there is none of that number. */
struct web_server *exercises_find(struct exercises *exercises, uint32_t number);

/* Has the live pages of all of them ask at once whether their sessions go on. From any thread. */
void exercises_look(struct exercises *exercises);

/* Answer GET /drills and GET /exercises. */
void exercises_list_drills(struct exchange *exchange);
void exercises_list(struct exchange *exchange);

/* Answers POST /exercises; the registrar's, for it takes a moment. */
void exercises_start(struct exchange *exchange);

/* Whether there is one of that number which has not been opened. From any thread. */
bool exercises_is_unopened(struct exercises *exercises, uint32_t number);

/* Opens the one in the exchange, which is to be removed, and sends the exchange to its writer; false where it is answered here. The
 * registrar's, as above. */
bool exercises_open_to_remove(struct exchange *exchange);

/* Removes the folder of the one in the exchange, which the real log has noted; the answer stays as it is but where that fails. The
 * registrar's, as above. */
void exercises_remove(struct exchange *exchange);

/* ---- one of them: all may be called with NULL where the desk is the real one --------------------------------- */

struct exercise_desk *exercise_desk_create(struct web_server *server, uint32_t number);
void exercise_desk_destroy(struct exercise_desk *own);
uint32_t exercise_desk_number(const struct exercise_desk *own);

/* Takes over what plays on the desk; its time goes on from where it stands. */
void exercise_desk_take(struct exercise_desk *own, struct exercise *exercise, bool is_paused);
/* The same with what the log says: then it is paused. */
bool exercise_desk_resume(struct exercise_desk *own, struct desk *desk, struct failure *failure);
/* By whom and under which key (as the log has it) it was begun. Before its writer runs. */
void exercise_desk_tell_beginning(const struct exercise_desk *own, char key[DESK_MARKED_KEY_ROOM],
                                  char starter[ACCOUNT_NAME_ROOM]);
/* Lets go of what plays: its desk is about to be closed. */
void exercise_desk_leave(struct exercise_desk *own);

/* Its time now. From any thread. */
int64_t exercise_desk_tell(struct exercise_desk *own);

/* The same, and how fast it runs; 0: it stands still. */
int64_t exercise_desk_tell_pace(struct exercise_desk *own, int *speed);

/* In few words, for the list. From any thread. NULL when memory is exhausted. */
json_t *exercise_desk_summarize(struct exercise_desk *own);
bool exercise_desk_is_running(struct exercise_desk *own);

/* Whether an account plays the duty room now. From any thread. */
bool exercise_desk_is_duty_room(struct exercise_desk *own, const char *account);

/* The writer's. */
void exercise_desk_pass(struct exercise_desk *own, int64_t now);
int64_t exercise_desk_find_wait(struct exercise_desk *own, int64_t most);
/* Whether the pace has changed since it was last asked. */
bool exercise_desk_take_change(struct exercise_desk *own);
/* Answers what is asked of the exercise itself, and refuses what cannot be asked any more; false where the desk is to answer,
 * the account then being what its seats let it be. */
bool exercise_desk_answer(struct exercise_desk *own, struct exchange *exchange, struct desk_reply *reply);
bool exercise_desk_is_write(enum route_kind kind);
/* Whether the exchange has ended an exercise, or is to remove it, and goes on to the real desk. */
bool exercise_desk_goes_on(const struct exchange *exchange);
/* Before that: puts the head of the log of one that has ended, its end being durable, into what the real desk notes. False with the
 * answer set where the log cannot be read. */
bool exercise_desk_prove(const struct exercise_desk *own, struct exchange *exchange);

#endif
