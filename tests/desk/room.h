/* room — a duty room for the tests: a desk in a directory or in memory, somebody who asks, and what the desk replied.
 *
 * Everything that fails here fails the running test. Directories come from ../store/scratch.h.
 */
#ifndef PINYUE_TESTS_DESK_ROOM_H
#define PINYUE_TESTS_DESK_ROOM_H

#include "check.h"

#include "base/buffer.h"
#include "base/calendar.h"
#include "desk/desk.h"

#include <stdbool.h>

#define ROOM_START INT64_C(1660975200000000) /* 2022-08-20T14:00+08:00 */
#define ROOM_MINUTE CALENDAR_US_PER_MINUTE
#define ROOM_FOREST "plans/forest-fire.plan.md"
#define ROOM_FLOOD "plans/reservoir-flood.plan.md"

struct room {
    const char *directory; /* NULL: in memory */
    struct desk *desk;
    struct account account;  /* who asks */
    int64_t at;              /* when */
    int keys;                /* that have been given out */
    bool chinese;            /* in which language refusals are told */
    struct desk_reply reply; /* the last one */
};

struct room_request {
    enum desk_action action;
    uint32_t incident, item;
    const char *body; /* JSON, with ' for "; NULL: none */
    const char *key;  /* NULL: one that has not been used */
    const char *if_match;
    const char *plan; /* or the attachment */
    const char *query;
};

struct account room_account(const char *name, bool administrator, bool desk, const char *parties);

/* Whether a session, or a machine's token, goes on, and may do all that its account may. */
bool room_has_session(struct account_book *book, struct text token, int64_t now);

/* Opens with the duty officer wang at ROOM_START; room_open_again closes and opens the desk as it is. */
void room_open(struct room *room, const char *directory);
void room_open_again(struct room *room);
void room_close(struct room *room);
void room_adopt(struct room *room, const char *path);

/* The reply stays in the room until the next request. Refusals are told in English, but where the room is `chinese`. */
enum desk_outcome room_ask(struct room *room, const struct room_request *request);

/* As room_ask; any other outcome fails the test, and so does an outcome whose reply is not whole. What is refused is asked
 * once more in Chinese: it must be refused in the same way, with the same field, and told in Chinese. */
const json_t *room_expect(struct room *room, enum desk_outcome outcome, const struct room_request *request);

/* A write that is taken. Asks it three times: the second time it must be answered as the first, as a repetition, and
 * the third time, with the key on another body, be refused; neither logs anything. Gives the first answer's sequence. */
int64_t room_write(struct room *room, const struct room_request *request);

/* What is shown about an incident; valid until the next request. */
const json_t *room_show(struct room *room, uint32_t incident);

/* A body of one's own making: with ' for ". */
json_t *room_read_json(const char *text);

/* The first object of a list in which a field has this text; NULL. room_count: how many. */
const json_t *room_find(const json_t *list, const char *field, const char *text);
size_t room_count(const json_t *list, const char *field, const char *text);

/* A text of an object; "(null)" where it is null or none. */
const char *room_text(const json_t *object, const char *field);

/* The number behind the point in an object's "id". */
uint32_t room_item(const json_t *object);

#endif
