/* desk — what a duty room does with the engine: requests of people in, answers out, everything in the log.
 *
 * What it is for: the one place in which a request (a call is saved, a fact reported, an order given, a duty
 * acknowledged) becomes events, and in which the state becomes what a page shows. It knows nothing of HTTP and no clock:
 * each request says when it was made, so that all of it can be tested and replayed.
 * Owns: the session (log and engine) and what the desk itself keeps from the log: calls, keys of requests, which events
 * concern which incident. Must never: answer a write before it is durable (desk_release), take a request twice, do for an
 * account what access.h does not allow it, or know a name of any plan.
 *
 * Belongs to one thread, the writer.
 */
#ifndef PINYUE_DESK_DESK_H
#define PINYUE_DESK_DESK_H

#include "base/buffer.h"
#include "base/failure.h"
#include "base/text.h"
#include "desk/account.h"
#include "store/store.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define DESK_KEY_ROOM 65 /* a request's key and the NUL */
#define DESK_ETAG_ROOM 48

struct desk;

enum desk_action {
    DESK_SHOW_DESK,
    DESK_SHOW_PLAN,      /* plan */
    DESK_SHOW_INCIDENT,  /* incident */
    DESK_LIST_QUESTIONS, /* incident: what can be reported and ordered there */
    DESK_SHOW_AUDIT,    /* incident, query (the moment as it was asked for): which events tell its story, for audit.h */
    DESK_LIST_MOMENTS,  /* incident: the same */
    DESK_EXPORT_RECORD, /* incident, query ("masked": as for everybody): whether what is personal may be in its record */
    DESK_LIST_CALLS,
    DESK_SHOW_CALL,      /* item: the call */
    DESK_HEAR_TEXT,      /* a text with facts in it: a read with a body; nothing is written */
    DESK_LIST_LIKELY,    /* item: the call whose incident is looked for */
    DESK_LIST_NOTICES,   /* the to-call list; incident: its rows alone, or 0 */
    DESK_LIST_OPEN,      /* plan: the kind of what is open; item: which page of it */
    DESK_SEARCH,         /* query */
    DESK_LIST_DOCUMENTS, /* incident: what its plan's forms ask for */
    DESK_DRAFT_DOCUMENT, /* incident, plan: the name of a form */
    DESK_PREPARE_DOCUMENT, /* incident: what is to be set of a document; with a key: that is to be signed. A read with a body */
    DESK_SIGN_DOCUMENT,     /* incident: body as for that, and what was made of it: "file" */
    DESK_DISPATCH_DOCUMENT, /* incident: how a document, or a script, went to whom */
    DESK_LIST_DELEGATIONS,
    DESK_DELEGATE,
    DESK_CORRECT_PHONE,
    DESK_WITHDRAW_DELEGATION, /* item: the delegation */
    DESK_LIST_SHIFTS,         /* the roster, and what was handed over */
    DESK_SHOW_HANDOVER,       /* what is open, for the shift that takes over */
    DESK_SET_SHIFT,           /* item: the shift that is corrected; 0: a new one */
    DESK_WITHDRAW_SHIFT,      /* item: the shift */
    DESK_NOTE_HANDOVER,       /* item: the shift that leaves the notes */
    DESK_ACCEPT_SHIFT,        /* item: the shift that takes over */
    DESK_SHOW_OWN,            /* what the account's parties owe and decide, in all open incidents */
    DESK_SHOW_ATTACHMENT,     /* attachment: what is known of it */
    DESK_NOTE_ATTACHMENT,     /* a file is there: body {"sha256", "bytes", "type", "name"} */
    DESK_NOTE_CONTACT,        /* incident, item: the row that somebody has called about */
    DESK_SET_CLOCK,           /* body {"state", "wall", "time"}: what was in doubt, what a person has said it is */
    DESK_NOTE_ACCOUNT,     /* an account was made: body {"name", "display_name", "administrator", "desk", "parties"} */
    DESK_NOTE_TOKEN,       /* a machine's token was made: body {"name", "display_name", "scope", "parties"} */
    DESK_NOTE_TOKEN_END,   /* a token was ended: body {"name"} */
    DESK_NOTE_FACTOR_RULE, /* a second factor is required, or no longer: body {"account", "required"} */
    DESK_SAVE_CALL,        /* the writes below: body as src/web/openapi.json says */
    DESK_LINK_CALL,        /* item: the call */
    DESK_OPEN_INCIDENT,    /* - */
    DESK_REPORT_FACTS,     /* incident */
    DESK_CORRECT_CLAIM,    /* incident, item: the claim */
    DESK_BIND_ROLE,        /* incident */
    DESK_NOTE_FORCE,       /* incident */
    DESK_MERGE_INCIDENT,   /* incident */
    DESK_SPLIT_INCIDENT,   /* incident */
    DESK_GIVE_ORDER,       /* incident */
    DESK_CLOSE_INCIDENT,   /* incident */
    DESK_DECIDE_PROPOSAL,  /* incident, item */
    DESK_SETTLE_ORDER,     /* item: the event that recorded a spoken order */
    DESK_ACKNOWLEDGE_DUTY, /* incident, item */
    DESK_COMPLETE_DUTY,    /* incident, item */
    DESK_NOTE_EXERCISE, /* an exercise was held: body {"exercise", "title", "plan", "started_by", "from", "until", …} */
    DESK_NOTE_ACCOUNT_CHANGE, /* an account is another now: body as of DESK_NOTE_ACCOUNT, and "closed" */
    DESK_REOPEN_INCIDENT, /* incident; these last ones stand here so that the others keep their numbers: a key's mark has them */
    DESK_NOTE_EXERCISE_REMOVAL, /* one is put away: body {"exercise", "title", …, "log", "bytes", "reason"} */
    DESK_SUBMIT_TEXT,           /* incident: a document's text is handed over to be signed */
    DESK_RETURN_TEXT,           /* incident, item: the event that handed it over: it is sent back with a word */
    DESK_SET_PLACE,             /* incident: where it is */
    DESK_ACTIONS
};

struct desk_request {
    enum desk_action action;
    struct account account;  /* who asks */
    char key[DESK_KEY_ROOM]; /* writes: by which a repeated request is known */
    int64_t at;              /* when it was made, us */
    uint32_t incident, item;
    struct text plan;
    struct text attachment;        /* its SHA-256 in hex */
    struct text query;             /* what is looked for */
    struct text if_match;          /* the incident's ETag that the asker had before him, or empty */
    const json_t *body;            /* writes; borrowed */
    struct account_book *accounts; /* where accounts that a request names are looked for; NULL: nowhere */
    bool chinese;                  /* refusals are said in Chinese */
    const char *marked_key; /* writes whose key has been looked at already: as desk_check_key has written it; or NULL */
};

enum desk_outcome {
    DESK_OK,
    DESK_CREATED,
    DESK_NOT_MODIFIED, /* reads: if_match is the ETag still; no body */
    DESK_FORBIDDEN,    /* the account may not do this */
    DESK_NOT_FOUND,
    DESK_CONFLICT,   /* what it is about is settled already */
    DESK_KEY_USED,   /* the key was used for something else */
    DESK_CHANGED,    /* it is no longer as the asker had it before him */
    DESK_REFUSED,    /* it cannot be taken; the failure says why */
    DESK_UNAVAILABLE /* the log could not take it; nothing of it has happened */
};

struct desk_reply {
    enum desk_outcome outcome;
    json_t *
        body; /* without "server_time", which whoever sends it knows; owned by whoever got the reply; NULL unless OK or CREATED */
    char etag[DESK_ETAG_ROOM]; /* reads: of what is shown, without quotes; else empty */
    struct failure failure;    /* all other outcomes */
};

/* Opens the log and the desk's state in a directory (made when there is none), replaying everything. NULL with a
 * failure. */
struct desk *desk_open(const char *directory, struct failure *failure);
void desk_close(struct desk *desk);

/* In whose name the log has what the program does by itself. */
#define DESK_OWN_NAME "pinyue serve"

/* Puts a pack in force unless this very text is in force already. A plan of that name that is in force in another text
 * is left as it is, with *differs set (may be NULL), unless `replace`. */
bool desk_adopt(struct desk *desk, int64_t at, struct text actor, struct text file, struct text pack, bool replace,
                bool *differs, struct failure *failure);

/* Logs what has happened to an account (another password, a second factor), unless the log has this note already (as after a
 * crash between logging and marking it). *sequence is its event's number. */
bool desk_note_reset(struct desk *desk, int64_t at, const struct account_note *note, int64_t *sequence,
                     struct failure *failure);

/* Whether the account of a request may do this for some party at least, delegations included; refuses when not. */
bool desk_check_right(struct desk *desk, const struct desk_request *request, struct desk_reply *reply);

/* The number of the event by which the log has a write of this account under the request's key; 0: it has none. */
int64_t desk_find_key(const struct desk *desk, const struct desk_request *request);

/* Looks at a write's key before anything is done for it elsewhere: refuses one that has been used for something else, and
 * writes the key as the log will have it, with a mark of what is asked, for request->marked_key. */
#define DESK_MARKED_KEY_ROOM 96 /* as FOLD_KEY_ROOM */
bool desk_check_key(const struct desk *desk, const struct desk_request *request, char marked_key[DESK_MARKED_KEY_ROOM],
                    struct desk_reply *reply);

/* Refuses parties of an account or token that no plan in force has, by name or by another name of theirs. */
bool desk_check_parties(const struct desk *desk, const struct desk_request *request, struct desk_reply *reply);

/* Writes a request's key as the log will have it; no desk need be there. */
void desk_mark_key(const struct desk_request *request, char marked_key[DESK_MARKED_KEY_ROOM]);

/* Answers a request. Writes become durable, and may be answered, when desk_release has returned true. */
void desk_answer(struct desk *desk, const struct desk_request *request, struct desk_reply *reply);

/* The ETag (without quotes) of what a reading action shows at an instant; empty where there is no such thing. What runs in
 * an incident (for how long it has burnt) is another each minute: then the minute stands behind a point, and what stands
 * before it is enough for If-Match. */
void desk_find_etag(const struct desk *desk, enum desk_action action, uint32_t incident, struct text plan, int64_t at,
                    char etag[DESK_ETAG_ROOM]);

/* The text of the pack of a plan in force; empty where there is no such plan. Borrowed until the desk is closed. */
struct text desk_find_pack(const struct desk *desk, struct text plan);

/* Turns the store's own words into what whoever asked is told: in Chinese, that the log could not be written and nothing has
 * happened, with those words behind it. In English they stay alone. */
void desk_tell_unwritten(struct failure *failure);

/* Lets everything happen that has come due by an instant; the first time, what an older version has left disputed and refused
 * is proposed again, in the program's own name. */
bool desk_pass_time(struct desk *desk, int64_t at, struct failure *failure);

/* Collects under which names an account may order by some plan in force, each with a line's end. */
void desk_list_orderers(const struct desk *desk, struct buffer *out);

/* The next instant at which something happens by itself; ENGINE_NEVER. */
int64_t desk_next_instant(const struct desk *desk);

/* The instant of the log's last event; INT64_MIN where there is none. */
int64_t desk_last_instant(const struct desk *desk);

/* A batch: what is answered between them becomes durable together, or not at all; then the desk must be closed and opened
 * anew, and no write of the batch has happened. */
void desk_hold(struct desk *desk);
bool desk_release(struct desk *desk, struct failure *failure);

/* Whether the to-call list has every row that the engine has said. False once one could not be kept for want of memory: a new
 * start brings it back from the log. */
bool desk_has_all_notices(const struct desk *desk);

/* The number of the log's last event, held ones included. */
int64_t desk_event_count(const struct desk *desk);

/* Calls `show` with each durable event from a number on as a LogEvent of openapi.json. */
typedef void desk_show_event(void *context, int64_t sequence, const json_t *event);
bool desk_read_events(struct desk *desk, int64_t from_sequence, desk_show_event *show, void *context,
                      struct failure *failure);

/* A logged event as a LogEvent of openapi.json; NULL when memory is exhausted. */
json_t *desk_describe_record(const struct store_record *record);

#endif
