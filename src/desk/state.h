/* state — what the files of the desk share: the desk itself, and one request on its way through it.
 *
 * For src/desk alone. Owns nothing of its own.
 */
#ifndef PINYUE_DESK_STATE_H
#define PINYUE_DESK_STATE_H

#include "base/buffer.h"
#include "desk/delegation.h"
#include "desk/desk.h"
#include "desk/directory.h"
#include "desk/documents.h"
#include "desk/fold.h"
#include "desk/forces.h"
#include "desk/form.h"
#include "desk/notices.h"
#include "desk/places.h"
#include "desk/roster.h"
#include "desk/search.h"
#include "engine/engine.h"
#include "run/session.h"

#include <jansson.h>

struct desk {
    struct session *session;
    struct fold *fold;
    struct notices *notices;
    struct forces *forces;
    struct documents *documents;
    struct search *search;
    struct roster *roster;
    struct delegations *delegations;
    struct directory *directory;
    struct places *places;
    struct account_list accounts; /* for the search, which never waits for the book */
    struct buffer known;          /* by incident - 1: what open.c has counted in it */
    struct buffer stamps;         /* of int64_t, by incident - 1: the event since which the incident is as it is */
    int64_t opened_with;          /* events in the log when it was opened */
    /* An exercise: titles of its incidents are marked, and whoever plays its parts hears of every consequence. */
    bool is_exercise;
    bool is_mended;      /* what an older version left lying has been looked for */
    engine_sink *listen; /* NULL: nobody listens */
    void *listen_context;
    struct buffer marked; /* of desk_mark_title */
};

/* What stands before the title of every incident and standing subject of an exercise, so that whatever is made of it is marked. */
#define DESK_EXERCISE_MARK "【演练】"

/* A request on its way. */
struct turn {
    struct desk *desk;
    const struct engine *engine;
    const struct desk_request *request;
    struct desk_reply *reply;
    int64_t at; /* the request's instant, never before the log's last one */
    struct event_entry entry;
    char key[FOLD_KEY_ROOM];
    char call[16];
    char delegation[16];
};

/* Each ends a request without success and returns false. The message is given in both languages. */
bool turn_refuse(struct turn *turn, enum desk_outcome outcome, const char *english, const char *chinese);
bool turn_refuse_as_set(struct turn *turn, enum desk_outcome outcome); /* the reply's failure is set already */
bool turn_refuse_field(struct turn *turn, enum desk_outcome outcome, const char *field, const char *english,
                       const char *chinese);

/* Whether the account may do this; refuses when not. `party` is an index in the plan, or PLAN_NONE. */
bool turn_may(struct turn *turn, const struct plan *plan, uint16_t party, bool spoken);

/* Whether the account may report facts in the name of a source; refuses when not. */
bool turn_may_report(struct turn *turn, struct text source);
/* The same for a party by its very name, without a plan. */
bool turn_may_for(struct turn *turn, struct text party);

/* Finds the incident that the request is about, and refuses when there is none, or when the request says of what state it
 * speaks and that is past. */
bool turn_find_incident(struct turn *turn, struct engine_incident_view *view);

/* A mark of something that is not an incident: of what kind, and the event since which it is as it is (0: it never was
 * otherwise). And whether what the request speaks of is so still, by its If-Match; refuses where it is not. */
#define TURN_TAG_ROOM 24
void turn_make_tag(char kind, int64_t sequence, char tag[TURN_TAG_ROOM]);
bool turn_is_as_seen(struct turn *turn, char kind, int64_t sequence);

/* Finds a party by a name that the request gives; refuses, naming the field, when the plan has none of it. */
bool turn_find_party(struct turn *turn, const struct plan *plan, const char *field, struct text name, uint16_t *party);

/* Looks for an account that a request names (none: nothing is looked for); refuses, naming the field, where there is none
 * of it. */
bool turn_find_account(struct turn *turn, const char *field, struct text name);

/* Who spoke, and from which number; `given` is false when the request does not say so. */
struct turn_spoken {
    bool given;
    struct text who, from;
};

/* Reads a Spoken of openapi.json (NULL: none was given); refuses what is no such thing. */
bool turn_read_spoken(struct turn *turn, const json_t *body, struct turn_spoken *spoken);

/* An event about the request's incident, at its instant. */
struct engine_event turn_start(const struct turn *turn, enum engine_event_kind kind);

/* Hands an event in and logs it with the request's actor and, the first time, its key. Refuses when it cannot be taken. */
bool turn_accept(struct turn *turn, const struct engine_event *event);

/* An event of the desk's own. */
#define NOTE_FIELDS_MAX 28
struct note {
    struct store_field fields[NOTE_FIELDS_MAX];
    size_t count;
    char at[48];
};
void note_begin(struct note *note, const struct turn *turn, const char *kind);
void note_add(struct note *note, const char *name, struct text value); /* empty values are left out */
bool turn_log(struct turn *turn, struct note *note);

/* The engine's sink: remembers which incidents a consequence has changed. The context is the desk. */
void desk_note_change(void *context, const struct engine_output *output);

/* The event since which an incident is as it is; part of its ETag. */
int64_t desk_find_stamp(const struct desk *desk, uint32_t incident);

/* What answers the actions, one file a subject. Each fills in the reply's body, or refuses. */
bool desk_show_desk(struct turn *turn);
bool desk_show_plan(struct turn *turn);
bool desk_show_incident(struct turn *turn);
bool desk_show_audit(struct turn *turn);
bool desk_list_questions(struct turn *turn);
bool desk_list_calls(struct turn *turn);
bool desk_show_call(struct turn *turn);
bool desk_list_open(struct turn *turn);
bool desk_hear_text(struct turn *turn);
bool desk_list_documents(struct turn *turn);
bool desk_draft_document(struct turn *turn);
bool desk_prepare_document(struct turn *turn);
bool desk_sign_document(struct turn *turn);
bool desk_submit_text(struct turn *turn);
bool desk_return_text(struct turn *turn);
bool desk_dispatch_document(struct turn *turn);
bool desk_list_likely(struct turn *turn);
bool desk_list_notices(struct turn *turn);
bool desk_search(struct turn *turn);
bool desk_list_delegations(struct turn *turn);
bool desk_delegate(struct turn *turn);
bool desk_correct_phone(struct turn *turn);
bool desk_withdraw_delegation(struct turn *turn);
bool desk_list_shifts(struct turn *turn);
bool desk_show_handover(struct turn *turn);
bool desk_set_shift(struct turn *turn);
bool desk_withdraw_shift(struct turn *turn);
bool desk_note_handover(struct turn *turn);
bool desk_accept_shift(struct turn *turn);
bool desk_show_own(struct turn *turn);
bool desk_show_attachment(struct turn *turn);
bool desk_note_attachment(struct turn *turn);
bool desk_note_contact(struct turn *turn);
bool desk_set_clock(struct turn *turn);
bool desk_note_account(struct turn *turn);
bool desk_note_account_change(struct turn *turn);
bool desk_note_token(struct turn *turn);
bool desk_note_token_end(struct turn *turn);
bool desk_note_factor_rule(struct turn *turn);
bool desk_save_call(struct turn *turn);
bool desk_link_call(struct turn *turn);
bool desk_open_incident(struct turn *turn);
bool desk_report_facts(struct turn *turn);
bool desk_correct_claim(struct turn *turn);
bool desk_bind_role(struct turn *turn);
bool desk_set_place(struct turn *turn);
bool desk_note_force(struct turn *turn);
bool desk_close_incident(struct turn *turn);
bool desk_merge_incident(struct turn *turn);
bool desk_split_incident(struct turn *turn);
bool desk_reopen_incident(struct turn *turn);
bool desk_give_order(struct turn *turn);
bool desk_decide_proposal(struct turn *turn);
bool desk_settle_order(struct turn *turn);
bool desk_acknowledge_duty(struct turn *turn);
bool desk_complete_duty(struct turn *turn);
bool desk_note_exercise(struct turn *turn);
bool desk_note_exercise_removal(struct turn *turn);

/* A title with the mark of an exercise, in the desk's buffer until the next one; as it is where the desk is the real one, or
 * the mark stands there already. */
struct text desk_mark_title(struct desk *desk, struct text title);

/* Logs what an administrator has done to an account, a machine's token or the rule about second factors from a note
 * (reset.c), as the request would have: under its key, once. And whether the note is of such a thing. */
bool desk_is_registered(const struct account_note *note);
bool desk_note_registered(struct desk *desk, int64_t at, const struct account_note *note, int64_t *sequence,
                          struct failure *failure);

/* The signed documents that went to the account's own parties, as Received of openapi.json, at most fifty, the newest first; and how
 * many there are. NULL when memory is exhausted. */
json_t *desk_list_received(const struct turn *turn, size_t *count);

/* Delegations that are in force at an instant or come to be, as Delegations of openapi.json. */
json_t *desk_list_standing_delegations(const struct delegations *delegations, int64_t at);

/* Who is on duty at an instant, as a DutyRoom of openapi.json. */
json_t *desk_describe_duty_room(const struct desk *desk, int64_t at);

/* A row of the to-call list as a Notice of openapi.json; NULL where there is nothing to say of it. And by when what it is
 * about is due (ENGINE_NEVER), false in that case. */
json_t *desk_describe_notice(const struct turn *turn, const struct engine_incident_view *incident,
                             const struct notice *notice);
bool desk_find_due(const struct engine *engine, const struct plan *plan, const struct notice *notice, int64_t *due_at,
                   bool *is_overdue);

/* Whether the account acts for a party, under any of its names; a team's unit acts for it too. */
bool turn_is_own(const struct turn *turn, const struct plan *plan, uint16_t party);

/* Reads the request's list of files that prove something, by their SHA-256, into a text with blanks between them. Refuses,
 * naming the field, what is no list, what nobody has sent, and what the account may not see. */
bool turn_read_attachments(struct turn *turn, const json_t *list, struct buffer *attachments);

/* The files that prove a duty, as Attachments of openapi.json. */
json_t *desk_list_attachments(const struct fold *fold, uint32_t incident, uint32_t duty);

/* A duty as a Duty, and a proposal as a Proposal, of openapi.json. */
json_t *desk_describe_duty(const struct turn *turn, const struct engine_incident_view *incident,
                           const struct engine_duty_view *duty);
json_t *desk_describe_proposal(const struct turn *turn, const struct engine_incident_view *incident,
                               const struct engine_proposal_view *proposal);

/* Who may order a level, each once, by name. */
json_t *desk_list_deciders(const struct plan *plan, const struct plan_scale *scale, uint8_t level);

/* What is late in an incident at the instant of the request, or was before it was done, as LateItems of openapi.json; and
 * what was decided about it, in order, as Decisions. */
json_t *view_late(const struct turn *turn, const struct engine_incident_view *incident);
json_t *view_decisions(const struct turn *turn, const struct engine_incident_view *incident, const json_t *timeline);

/* The texts that wait for a signature in open incidents, the oldest first, as SignatureDue of openapi.json: all of them, or those
 * that an office signs for which the account acts, with the whole text. `count` (may be NULL): how many there are, those that
 * are not listed included. */
json_t *desk_list_signatures(const struct turn *turn, bool own_only, size_t *count);

/* The levels of an incident's scales, as DeskScales of openapi.json. */
json_t *desk_list_levels(const struct engine *engine, const struct engine_incident_view *incident);

/* The title of an incident or a standing subject, in an exercise with the mark. Needs nothing that changes: for any thread. */
json_t *desk_describe_title(const struct desk *desk, const struct engine_incident_view *incident);

/* Where an incident is: as the duty room has last said, else in the words of its first call that names a place; empty: nobody
 * has said. */
struct text desk_find_place(const struct desk *desk, uint32_t incident);

/* Whether an incident goes on in another, or is that one: by however many mergings. */
bool desk_goes_on_in(const struct turn *turn, uint32_t incident, uint32_t other);

/* A spoken order or signature as a SpokenOrder of openapi.json. */
json_t *desk_describe_spoken(const struct fold_spoken *spoken);

/* The telephone numbers of a party, those that lie over published ones before them, as Phone of openapi.json (phones.c).
 * And whether there is one at which somebody speaks. */
json_t *desk_list_phones(const struct directory *directory, const struct plan *plan, uint16_t index);
bool desk_has_voice(const struct directory *directory, const struct plan *plan, uint16_t index);

/* Whether nobody who may order on a scale has an account, nor a delegation, at the instant of the request: orders can only
 * be recorded as spoken. And that as one of Desk.unbound of openapi.json, for an open incident. */
bool desk_is_unbound(const struct turn *turn, const struct plan *plan, uint16_t scale);
json_t *desk_describe_unbound(const struct turn *turn, const struct engine_incident_view *incident, uint16_t index);

/* Whether who holds the office has said that it was not so, and nothing else has been decided since, whatever has become
 * of the incident: somebody must still decide what is in force, as long as anybody can. */
bool desk_is_in_dispute(const struct turn *turn, const struct fold_spoken *spoken);

/* What was refused by telephone in an incident (0: in any), if that is in dispute, is proposed again, where the incident is open
 * and the refusal still holds it back. False when the log does not take it. */
bool desk_reconsider_refusals(struct turn *turn, uint32_t incident);

/* The units that the places of an incident name for a role, as offers of openapi.json's Incident. */
json_t *desk_list_offers(const struct turn *turn, const struct engine_incident_view *incident, uint16_t role);

/* Collects what was said of the forces of an incident, and of those that have been merged into it, as pointers to struct
 * force_entry, valid until the next event; false when memory is exhausted. */
bool desk_collect_forces(const struct turn *turn, uint32_t incident, struct buffer *out);

/* The forces of an incident as Forces of openapi.json. */
json_t *desk_describe_forces(const struct turn *turn, const struct engine_incident_view *incident);

/* A call as a Call of openapi.json. */
json_t *desk_describe_call(const struct fold_call *call);

/* Whether a call belongs to what the request says it belongs to (by its If-Match); refuses where somebody else has given it
 * to another incident since. */
bool desk_is_call_as_seen(struct turn *turn, const struct fold_call *call);

#endif
