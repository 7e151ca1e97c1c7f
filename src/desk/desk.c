#include "desk/desk.h"

#include "base/calendar.h"
#include "desk/access.h"
#include "desk/personal.h"
#include "desk/state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A clock that has been set back by less than this is taken to stand still meanwhile. */
#define CLOCK_SLACK_US (5 * CALENDAR_US_PER_SECOND)

struct action {
    bool (*answer)(struct turn *turn);
    bool writes;
};

static const struct action actions[DESK_ACTIONS] = {
    [DESK_SHOW_DESK] = {desk_show_desk, false},
    [DESK_SHOW_PLAN] = {desk_show_plan, false},
    [DESK_SHOW_INCIDENT] = {desk_show_incident, false},
    [DESK_SHOW_AUDIT] = {desk_show_audit, false},
    [DESK_LIST_MOMENTS] = {desk_show_audit, false},
    [DESK_EXPORT_RECORD] = {desk_show_audit, false},
    [DESK_LIST_QUESTIONS] = {desk_list_questions, false},
    [DESK_LIST_CALLS] = {desk_list_calls, false},
    [DESK_SHOW_CALL] = {desk_show_call, false},
    [DESK_HEAR_TEXT] = {desk_hear_text, false},
    [DESK_LIST_LIKELY] = {desk_list_likely, false},
    [DESK_LIST_NOTICES] = {desk_list_notices, false},
    [DESK_LIST_OPEN] = {desk_list_open, false},
    [DESK_SHOW_OWN] = {desk_show_own, false},
    [DESK_SHOW_ATTACHMENT] = {desk_show_attachment, false},
    [DESK_NOTE_ATTACHMENT] = {desk_note_attachment, true},
    [DESK_SEARCH] = {desk_search, false},
    [DESK_LIST_DOCUMENTS] = {desk_list_documents, false},
    [DESK_DRAFT_DOCUMENT] = {desk_draft_document, false},
    [DESK_PREPARE_DOCUMENT] = {desk_prepare_document, false},
    [DESK_SIGN_DOCUMENT] = {desk_sign_document, true},
    [DESK_SUBMIT_TEXT] = {desk_submit_text, true},
    [DESK_RETURN_TEXT] = {desk_return_text, true},
    [DESK_DISPATCH_DOCUMENT] = {desk_dispatch_document, true},
    [DESK_NOTE_CONTACT] = {desk_note_contact, true},
    [DESK_NOTE_ACCOUNT] = {desk_note_account, true},
    [DESK_NOTE_ACCOUNT_CHANGE] = {desk_note_account_change, true},
    [DESK_NOTE_TOKEN] = {desk_note_token, true},
    [DESK_NOTE_TOKEN_END] = {desk_note_token_end, true},
    [DESK_NOTE_FACTOR_RULE] = {desk_note_factor_rule, true},
    [DESK_SET_CLOCK] = {desk_set_clock, true},
    [DESK_SAVE_CALL] = {desk_save_call, true},
    [DESK_LINK_CALL] = {desk_link_call, true},
    [DESK_OPEN_INCIDENT] = {desk_open_incident, true},
    [DESK_REPORT_FACTS] = {desk_report_facts, true},
    [DESK_CORRECT_CLAIM] = {desk_correct_claim, true},
    [DESK_BIND_ROLE] = {desk_bind_role, true},
    [DESK_SET_PLACE] = {desk_set_place, true},
    [DESK_NOTE_FORCE] = {desk_note_force, true},
    [DESK_CLOSE_INCIDENT] = {desk_close_incident, true},
    [DESK_MERGE_INCIDENT] = {desk_merge_incident, true},
    [DESK_SPLIT_INCIDENT] = {desk_split_incident, true},
    [DESK_REOPEN_INCIDENT] = {desk_reopen_incident, true},
    [DESK_GIVE_ORDER] = {desk_give_order, true},
    [DESK_DECIDE_PROPOSAL] = {desk_decide_proposal, true},
    [DESK_SETTLE_ORDER] = {desk_settle_order, true},
    [DESK_ACKNOWLEDGE_DUTY] = {desk_acknowledge_duty, true},
    [DESK_LIST_SHIFTS] = {desk_list_shifts, false},
    [DESK_SHOW_HANDOVER] = {desk_show_handover, false},
    [DESK_SET_SHIFT] = {desk_set_shift, true},
    [DESK_WITHDRAW_SHIFT] = {desk_withdraw_shift, true},
    [DESK_NOTE_HANDOVER] = {desk_note_handover, true},
    [DESK_ACCEPT_SHIFT] = {desk_accept_shift, true},
    [DESK_LIST_DELEGATIONS] = {desk_list_delegations, false},
    [DESK_DELEGATE] = {desk_delegate, true},
    [DESK_CORRECT_PHONE] = {desk_correct_phone, true},
    [DESK_WITHDRAW_DELEGATION] = {desk_withdraw_delegation, true},
    [DESK_COMPLETE_DUTY] = {desk_complete_duty, true},
    [DESK_NOTE_EXERCISE] = {desk_note_exercise, true},
    [DESK_NOTE_EXERCISE_REMOVAL] = {desk_note_exercise_removal, true},
};

/* ---- marks of change ---------------------------------------------------------------------------------------- */

static size_t stamp_count(const struct desk *desk) {
    return desk->stamps.length / sizeof(int64_t);
}

/* The incident is another since an event. */
static void stamp(struct desk *desk, uint32_t incident, int64_t now) {
    while (stamp_count(desk) < incident && !desk->stamps.failed) {
        buffer_append(&desk->stamps, &desk->opened_with, sizeof desk->opened_with);
    }
    if (incident != 0 && stamp_count(desk) >= incident) {
        memcpy(desk->stamps.bytes + (incident - 1) * sizeof now, &now, sizeof now);
    }
}

/* What is said of a force in an incident may be put right in the one into which that has been merged; what was spoken in it is
 * answered for in itself, and there a document may still be signed by telephone: all that is shown in both, and in those
 * between. */
static void stamp_others(struct desk *desk, const struct session_entry *entry, struct text kind) {
    struct engine_incident_view view;
    uint32_t incident = 0;
    if (text_equals_string(kind, "desk.force")) {
        uint32_t corrects = fold_read_number(entry, "corrects");
        incident = corrects == 0 ? 0 : forces_find_incident(desk->forces, corrects);
    } else if (text_equals_string(kind, "desk.settlement") || text_equals_string(kind, "desk.document")) {
        incident = fold_read_number(entry, "incident");
    }
    while (incident != 0 && engine_view_incident(session_engine(desk->session), incident, &view)) {
        stamp(desk, incident, entry->sequence);
        incident = view.merged_into;
    }
}

/* ---- life ------------------------------------------------------------------------------------------------- */

/* A session_observe: every event of the log, for what the desk keeps. */
static bool observe(void *context, const struct session_entry *entry, struct failure *failure) {
    struct desk *desk = context;
    struct text kind = fold_field(entry->fields, entry->count, "kind");
    if (text_equals_string(kind, "desk.contact")) {
        notices_take_contact(desk->notices, entry);
    } else if (text_equals_string(kind, "desk.force") && !forces_take(desk->forces, entry, failure)) {
        return false;
    }
    if (desk->session != NULL) { /* what was before the opening counts as of the opening */
        stamp_others(desk, entry, kind);
    }
    if (text_starts_with(kind, TEXT(SESSION_NOTE_PREFIX)) &&
        (!roster_take(desk->roster, entry, failure) || !delegations_take(desk->delegations, entry, failure) ||
         !directory_take(desk->directory, entry, failure))) {
        return false;
    }
    return documents_take(desk->documents, entry, failure) && places_take(desk->places, entry, failure) &&
           fold_take(desk->fold, entry, failure) && search_take(desk->search, entry, failure);
}

/* An engine_sink while the log is replayed. */
static void note_replayed(void *context, const struct engine_output *output) {
    notices_take(((struct desk *)context)->notices, output);
}

struct desk *desk_open(const char *directory, struct failure *failure) {
    struct desk *desk = calloc(1, sizeof *desk);
    if (desk != NULL) {
        desk->fold = fold_create();
        desk->notices = notices_create();
        desk->forces = forces_create();
        desk->documents = documents_create();
        desk->search = search_create();
        desk->roster = roster_create();
        desk->delegations = delegations_create();
        desk->directory = directory_create();
        desk->places = places_create();
    }
    if (desk == NULL || desk->documents == NULL || desk->fold == NULL || desk->notices == NULL ||
        desk->forces == NULL || desk->search == NULL || desk->roster == NULL || desk->delegations == NULL ||
        desk->directory == NULL || desk->places == NULL) {
        (void)failure_say(failure, "memory is exhausted", "内存不足");
        desk_close(desk);
        return NULL;
    }
    const struct session_options options = {.directory = directory,
                                            .create = true,
                                            .sink = note_replayed,
                                            .sink_context = desk,
                                            .observe = observe,
                                            .observe_context = desk};
    desk->session = session_open(&options, failure);
    if (desk->session == NULL) {
        desk_close(desk);
        return NULL;
    }
    desk->opened_with = session_event_count(desk->session);
    return desk;
}

void desk_close(struct desk *desk) {
    if (desk != NULL) {
        session_close(desk->session);
        fold_destroy(desk->fold);
        notices_destroy(desk->notices);
        forces_destroy(desk->forces);
        documents_destroy(desk->documents);
        search_destroy(desk->search);
        roster_destroy(desk->roster);
        delegations_destroy(desk->delegations);
        directory_destroy(desk->directory);
        places_destroy(desk->places);
        json_decref(desk->accounts.accounts);
        buffer_release(&desk->known);
        buffer_release(&desk->stamps);
        buffer_release(&desk->marked);
        free(desk);
    }
}

int64_t desk_next_instant(const struct desk *desk) {
    return engine_next_instant(session_engine(desk->session));
}

int64_t desk_last_instant(const struct desk *desk) {
    return fold_last_at(desk->fold);
}

int64_t desk_event_count(const struct desk *desk) {
    return session_event_count(desk->session);
}

bool desk_has_all_notices(const struct desk *desk) {
    return !notices_has_failed(desk->notices);
}

void desk_hold(struct desk *desk) {
    session_hold(desk->session);
}

bool desk_release(struct desk *desk, struct failure *failure) {
    return session_release(desk->session, failure);
}

/* ---- what has changed ------------------------------------------------------------------------------------- */

void desk_note_change(void *context, const struct engine_output *output) {
    struct desk *desk = context;
    stamp(desk, output->incident, session_event_count(desk->session));
    notices_take(desk->notices, output);
    if (desk->listen != NULL) {
        desk->listen(desk->listen_context, output);
    }
}

struct text desk_mark_title(struct desk *desk, struct text title) {
    if (!desk->is_exercise || text_starts_with(title, TEXT(DESK_EXERCISE_MARK))) {
        return title;
    }
    buffer_clear(&desk->marked);
    buffer_print(&desk->marked, DESK_EXERCISE_MARK "%.*s", TEXT_PRINT(title));
    return buffer_text(&desk->marked);
}

/* What happened to an incident before the desk was opened is not known one by one: it counts as of the opening. */
int64_t desk_find_stamp(const struct desk *desk, uint32_t incident) {
    int64_t found = desk->opened_with;
    size_t count = 0;
    if (incident >= 1 && incident <= stamp_count(desk)) {
        memcpy(&found, desk->stamps.bytes + (incident - 1) * sizeof found, sizeof found);
    }
    const int64_t *events = fold_find_events(desk->fold, incident, &count);
    return count > 0 && events[count - 1] > found ? events[count - 1] : found;
}

/* A version that did not know the event that proposes again left what was disputed refused: once after the opening, when the
 * time is known to be right, that is done, in the program's own name. */
static bool mend(struct desk *desk, int64_t at, struct failure *failure) {
    if (desk->is_mended) {
        return true;
    }
    struct desk_request request = {.at = at};
    struct desk_reply reply = {.failure.chinese = failure != NULL && failure->chinese};
    struct turn turn = {.desk = desk, .engine = session_engine(desk->session), .request = &request, .reply = &reply};
    turn.at = at;
    turn.entry.actor = TEXT(DESK_OWN_NAME);
    (void)snprintf(request.account.display_name, sizeof request.account.display_name, "%s", DESK_OWN_NAME);
    desk->is_mended = desk_reconsider_refusals(&turn, 0);
    if (!desk->is_mended && failure != NULL) {
        *failure = reply.failure;
    }
    return desk->is_mended;
}

bool desk_pass_time(struct desk *desk, int64_t at, struct failure *failure) {
    int64_t last = fold_last_at(desk->fold);
    at = at > last ? at : last;
    return session_catch_up(desk->session, at, desk_note_change, desk, failure) && mend(desk, at, failure);
}

/* Whether something runs in an incident that is still open. */
static bool has_running(const struct engine_incident_view *view) {
    const struct plan_subject *subject = &view->plan->subjects[view->subject];
    for (uint16_t i = 0; i < subject->fact_count && view->status == ENGINE_OPENED; i++) {
        if (view->plan->facts[subject->facts[i]].from != PLAN_NONE) {
            return true;
        }
    }
    return false;
}

struct text desk_find_pack(const struct desk *desk, struct text plan) {
    const struct plan *found = engine_plan_in_force(session_engine(desk->session), plan);
    return found == NULL ? TEXT("") : session_find_pack(desk->session, found);
}

void desk_find_etag(const struct desk *desk, enum desk_action action, uint32_t incident, struct text plan, int64_t at,
                    char etag[DESK_ETAG_ROOM]) {
    const struct engine *engine = session_engine(desk->session);
    struct engine_incident_view view;
    etag[0] = '\0';
    if (action == DESK_LIST_CALLS || action == DESK_LIST_NOTICES || action == DESK_LIST_SHIFTS ||
        action == DESK_LIST_DELEGATIONS) {
        (void)snprintf(etag, DESK_ETAG_ROOM, "%c%" PRId64,
                       action == DESK_LIST_CALLS     ? 'c'
                       : action == DESK_LIST_NOTICES ? 'n'
                                                     : 's',
                       session_event_count(desk->session));
    } else if (action == DESK_SHOW_DESK ||
               action == DESK_SHOW_HANDOVER) { /* shifts and delegations begin and end by time alone */
        (void)snprintf(etag, DESK_ETAG_ROOM, "%c%" PRId64 ".%" PRIu32, action == DESK_SHOW_DESK ? 'd' : 'h',
                       session_event_count(desk->session),
                       roster_count_changes(desk->roster, at) + delegations_count_changes(desk->delegations, at));
    } else if ((action == DESK_SHOW_INCIDENT || action == DESK_LIST_QUESTIONS) &&
               engine_view_incident(engine, incident, &view)) {
        int length = snprintf(etag, DESK_ETAG_ROOM, "%" PRIu32 "-%" PRId64, incident, desk_find_stamp(desk, incident));
        if (has_running(&view)) {
            (void)snprintf(etag + length, DESK_ETAG_ROOM - (size_t)length, ".%" PRId64, at / CALENDAR_US_PER_MINUTE);
        }
    } else if (action == DESK_LIST_DOCUMENTS && engine_view_incident(engine, incident, &view)) {
        (void)snprintf(etag, DESK_ETAG_ROOM, "o%" PRIu32 "-%" PRId64, incident, desk_find_stamp(desk, incident));
    } else if (action == DESK_SHOW_PLAN && engine_plan_in_force(engine, plan) != NULL) {
        (void)snprintf(etag, DESK_ETAG_ROOM, "p%016" PRIx64 "-%" PRIu32,
                       text_hash(session_find_pack(desk->session, engine_plan_in_force(engine, plan))),
                       directory_count_changes(desk->directory));
    }
}

/* ---- plans ------------------------------------------------------------------------------------------------ */

bool desk_adopt(struct desk *desk, int64_t at, struct text actor, struct text file, struct text pack, bool replace,
                bool *differs, struct failure *failure) {
    struct plan_messages messages = {0};
    struct plan *plan = plan_compile(file, pack, &messages);
    const struct plan *standing = plan == NULL ? NULL : engine_plan_in_force(session_engine(desk->session), plan->name);
    bool is_same = standing != NULL && text_equal(session_find_pack(desk->session, standing), pack);
    plan_messages_release(&messages);
    plan_destroy(plan);
    if (differs != NULL) {
        *differs = standing != NULL && !is_same;
    }
    if (is_same || (standing != NULL && !replace)) {
        return true;
    }
    int64_t last = fold_last_at(desk->fold);
    return session_adopt(desk->session, at > last ? at : last, actor, file, pack, desk_note_change, desk, NULL,
                         failure);
}

/* ---- what has happened to accounts --------------------------------------------------------------------------- */

static struct text find_note_kind(const struct account_note *note) {
    struct text kind = text_of(note->kind);
    return text_equals_string(kind, "password")     ? TEXT("desk.account-password")
           : text_equals_string(kind, "factor-on")  ? TEXT("desk.second-factor-on")
           : text_equals_string(kind, "factor-off") ? TEXT("desk.second-factor-off")
                                                    : TEXT("desk.account-reset");
}

bool desk_note_reset(struct desk *desk, int64_t at, const struct account_note *note, int64_t *sequence,
                     struct failure *failure) {
    char key[FOLD_KEY_ROOM];
    char logged_at[CALENDAR_INSTANT_ROOM];
    char reset_at[CALENDAR_INSTANT_ROOM];
    int64_t last = fold_last_at(desk->fold);
    if (desk_is_registered(note)) {
        return desk_note_registered(desk, at, note, sequence, failure);
    }
    const struct fold_key *found = fold_find_key(desk->fold, text_of(note->actor), text_of(note->key));
    if (found != NULL) {
        *sequence = found->sequence;
        return true;
    }
    at = at > last ? at : last;
    if (!session_catch_up(desk->session, at, desk_note_change, desk, failure)) {
        return false;
    }
    fold_write_key(note->key, 0, key);
    calendar_print_instant(at, 0, logged_at);
    calendar_print_instant(note->at, 0, reset_at);
    const struct store_field fields[] = {
        {.name = TEXT("kind"), .value = find_note_kind(note)},  {.name = TEXT("at"), .value = text_of(logged_at)},
        {.name = TEXT("actor"), .value = text_of(note->actor)}, {.name = TEXT("key"), .value = text_of(key)},
        {.name = TEXT("name"), .value = text_of(note->name)},   {.name = TEXT("as_of"), .value = text_of(reset_at)},
    };
    if (!session_note(desk->session, at, fields, sizeof fields / sizeof fields[0], desk_note_change, desk, failure)) {
        return false;
    }
    *sequence = session_event_count(desk->session);
    return true;
}

void desk_tell_unwritten(struct failure *failure) {
    struct failure said = {.chinese = failure->chinese};
    (void)failure_say_field(&said, failure->field, "%s", "日志未能写入，这次登记没有生效（%s）", failure->message);
    *failure = said;
}

/* ---- a request on its way --------------------------------------------------------------------------------- */

bool turn_refuse_as_set(struct turn *turn, enum desk_outcome outcome) {
    turn->reply->outcome = outcome;
    return false;
}

bool turn_refuse(struct turn *turn, enum desk_outcome outcome, const char *english, const char *chinese) {
    (void)failure_say(&turn->reply->failure, "%s", "%s", turn->reply->failure.chinese ? chinese : english);
    return turn_refuse_as_set(turn, outcome);
}

bool turn_refuse_field(struct turn *turn, enum desk_outcome outcome, const char *field, const char *english,
                       const char *chinese) {
    (void)failure_say_field(&turn->reply->failure, field, "%s", "%s", turn->reply->failure.chinese ? chinese : english);
    return turn_refuse_as_set(turn, outcome);
}

/* The name of a party under which the account acts for it; its proper name where it does not. */
static struct text find_own_name(const struct turn *turn, const struct plan_party *party) {
    const struct account *account = &turn->request->account;
    for (uint16_t i = 0; i < party->alias_count; i++) {
        if (account_has_party(account, party->aliases[i])) {
            return party->aliases[i];
        }
    }
    for (uint16_t i = 0; i < party->alias_count && !account_has_party(account, party->name); i++) {
        if (delegations_find_acting(turn->desk->delegations, text_of(account->name), party->aliases[i], turn->at) !=
            NULL) {
            return party->aliases[i];
        }
    }
    return party->name;
}

static bool refuse_account(struct turn *turn, struct text party) {
    struct failure *failure = &turn->reply->failure;
    const char *name = turn->request->account.name;
    if (party.length > 0) {
        (void)failure_say(failure, "the account %s may not do this for \"%.*s\"", "账号 %s 无权代“%.*s”办理", name,
                          TEXT_PRINT(text_cut(party, 100)));
    } else {
        (void)failure_say(failure, "the account %s may not do this", "账号 %s 无权办理", name);
    }
    return turn_refuse_as_set(turn, DESK_FORBIDDEN);
}

/* What is done by delegation says so in the log. */
static void note_delegation(struct turn *turn, const struct access_case *about) {
    const struct delegation *found = access_find_power(&turn->request->account, turn->request->action, about);
    if (found != NULL) {
        (void)snprintf(turn->delegation, sizeof turn->delegation, "%" PRIu32, found->number);
        turn->entry.delegated_by = found->from_account;
        turn->entry.delegation = text_of(turn->delegation);
    }
}

static bool ask_access(struct turn *turn, const struct access_case *about) {
    if (!access_may(&turn->request->account, turn->request->action, about)) {
        return refuse_account(turn, about->source.length == 0 ? about->party : about->source);
    }
    note_delegation(turn, about);
    return true;
}

/* What rights depend on where it is about a party. */
static void set_party(const struct turn *turn, const struct plan *plan, uint16_t party, struct access_case *about) {
    if (plan != NULL && party < plan->party_count) {
        const struct plan_party *found = &plan->parties[party];
        about->party = find_own_name(turn, found);
        bool stands_for_unit = found->kind == PLAN_TEAM && found->of < plan->party_count;
        about->also = stands_for_unit ? plan->parties[found->of].name : (struct text){0};
    }
}

bool turn_may_report(struct turn *turn, struct text source) {
    struct access_case about = {.delegations = turn->desk->delegations, .at = turn->at};
    const struct plan *plan = engine_plan_of(turn->engine, turn->request->incident);
    uint16_t party = plan == NULL ? PLAN_NONE : plan_find_party(plan, source);
    if (party != PLAN_NONE) {
        set_party(turn, plan, party, &about);
        about.is_party = true;
    } else {
        about.party = source;
    }
    about.source = source;
    return ask_access(turn, &about);
}

bool turn_is_own(const struct turn *turn, const struct plan *plan, uint16_t party) {
    struct access_case about = {.delegations = turn->desk->delegations, .at = turn->at};
    const struct account *account = &turn->request->account;
    set_party(turn, plan, party, &about);
    return access_find_delegation(account, &about) != NULL ||
           (about.party.length > 0 && account_has_party(account, about.party)) ||
           (about.also.length > 0 && account_has_party(account, about.also));
}

/* The same where it is about a file. */
static void set_attachment(const struct turn *turn, struct access_case *about) {
    struct text sender = text_of(turn->request->account.name);
    const struct fold_attachment *found = fold_find_content(turn->desk->fold, turn->request->attachment, sender);
    about->proves = found != NULL && found->proves;
    about->is_own = found != NULL && text_equal(found->sender, sender);
}

bool turn_may(struct turn *turn, const struct plan *plan, uint16_t party, bool spoken) {
    struct access_case about = {.spoken = spoken, .delegations = turn->desk->delegations, .at = turn->at};
    set_party(turn, plan, party, &about);
    if (turn->request->action == DESK_SHOW_ATTACHMENT) {
        set_attachment(turn, &about);
    }
    return ask_access(turn, &about);
}

bool turn_may_for(struct turn *turn, struct text party) {
    struct access_case about = {.party = party, .delegations = turn->desk->delegations, .at = turn->at};
    return ask_access(turn, &about);
}

static struct text cut_minute(struct text etag) {
    const char *point = etag.length == 0 ? NULL : memchr(etag.bytes, '.', etag.length);
    return (struct text){etag.bytes, point == NULL ? etag.length : (size_t)(point - etag.bytes)};
}

bool turn_find_incident(struct turn *turn, struct engine_incident_view *view) {
    const struct desk_request *request = turn->request;
    char etag[DESK_ETAG_ROOM];
    if (!engine_view_incident(turn->engine, request->incident, view)) {
        (void)failure_say(&turn->reply->failure, "there is no incident %" PRIu32, "没有第 %" PRIu32 " 号事件",
                          request->incident);
        return turn_refuse_as_set(turn, DESK_NOT_FOUND);
    }
    desk_find_etag(turn->desk, DESK_SHOW_INCIDENT, request->incident, request->plan, turn->at, etag);
    if (actions[request->action].writes && request->if_match.length > 0 &&
        !text_equal(cut_minute(request->if_match), cut_minute(text_of(etag)))) {
        return turn_refuse(turn, DESK_CHANGED, "the incident has changed since it was shown; look at it again first",
                           "事件在显示之后又有变化，请先重新查看");
    }
    return true;
}

void turn_make_tag(char kind, int64_t sequence, char tag[TURN_TAG_ROOM]) {
    (void)snprintf(tag, TURN_TAG_ROOM, "%c%" PRId64, kind, sequence);
}

bool turn_is_as_seen(struct turn *turn, char kind, int64_t sequence) {
    char tag[TURN_TAG_ROOM];
    turn_make_tag(kind, sequence, tag);
    return turn->request->if_match.length == 0 || text_equals_string(turn->request->if_match, tag) ||
           turn_refuse(turn, DESK_CHANGED, "somebody else has changed this since it was shown; look at it again first",
                       "显示之后已被别人改动，请先重新查看");
}

bool turn_find_party(struct turn *turn, const struct plan *plan, const char *field, struct text name, uint16_t *party) {
    *party = plan_find_party(plan, name);
    if (*party != PLAN_NONE) {
        return true;
    }
    struct failure *failure = &turn->reply->failure;
    struct suggestion suggestion = suggestion_begin(name);
    plan_suggest_party(plan, &suggestion);
    struct text shown = text_cut(name, 100);
    if (suggestion.count > 0) {
        char room[SUGGESTION_ROOM];
        (void)failure_say_field(failure, field, "the plan has no \"%.*s\"; did you mean %s?",
                                "预案中没有“%.*s”，是不是%s？", TEXT_PRINT(shown),
                                suggestion_print(&suggestion, suggestion_style_of(failure->chinese), room));
    } else {
        (void)failure_say_field(failure, field, "the plan has no \"%.*s\"", "预案中没有“%.*s”", TEXT_PRINT(shown));
    }
    return turn_refuse_as_set(turn, DESK_REFUSED);
}

struct engine_event turn_start(const struct turn *turn, enum engine_event_kind kind) {
    struct engine_event event = event_start(kind, turn->at, turn->request->incident);
    event.source = text_of(turn->request->account.display_name);
    return event;
}

/* Once the log has failed, that an event was not taken says nothing about the event. */
static bool refuse_event(struct turn *turn) {
    if (!session_has_failed(turn->desk->session)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    desk_tell_unwritten(&turn->reply->failure);
    return turn_refuse_as_set(turn, DESK_UNAVAILABLE);
}

bool turn_accept(struct turn *turn, const struct engine_event *event) {
    if (!session_accept_entry(turn->desk->session, event, &turn->entry, desk_note_change, turn->desk,
                              &turn->reply->failure)) {
        return refuse_event(turn);
    }
    turn->entry.key = (struct text){0};
    return true;
}

void note_begin(struct note *note, const struct turn *turn, const char *kind) {
    note->count = 0;
    calendar_print_instant(turn->at, 0, note->at);
    note_add(note, "kind", text_of(kind));
    note_add(note, "at", text_of(note->at));
    note_add(note, "actor", turn->entry.actor);
    note_add(note, "key", turn->entry.key);
    note_add(note, "delegated_by", turn->entry.delegated_by);
    note_add(note, "delegation", turn->entry.delegation);
}

void note_add(struct note *note, const char *name, struct text value) {
    if (value.length > 0 && note->count < NOTE_FIELDS_MAX) {
        note->fields[note->count++] = (struct store_field){.name = text_of(name), .value = value};
    }
}

bool turn_log(struct turn *turn, struct note *note) {
    if (!session_note(turn->desk->session, turn->at, note->fields, note->count, desk_note_change, turn->desk,
                      &turn->reply->failure)) {
        return refuse_event(turn);
    }
    turn->entry.key = (struct text){0};
    return true;
}

/* ---- answering -------------------------------------------------------------------------------------------- */

/* A mark of what is asked, so that a key that is used again for something else is found out. */
static uint64_t mark_request(const struct desk_request *request) {
    struct buffer asked = {0};
    /* What is logged of a clock that is set differs each time. */
    const json_t *said = request->action == DESK_SET_CLOCK ? NULL : request->body;
    json_t *asked_for = json_copy((json_t *)said); /* what the server has made of it is another each time */
    (void)json_object_del(asked_for, request->action == DESK_SIGN_DOCUMENT ? "file" : "");
    char *body = json_dumps(asked_for, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    json_decref(asked_for);
    buffer_print(&asked, "%d %" PRIu32 " %" PRIu32 " %.*s %s", (int)request->action, request->incident, request->item,
                 TEXT_PRINT(request->plan), body == NULL ? "" : body);
    uint64_t mark = text_hash(buffer_text(&asked));
    free(body);
    buffer_release(&asked);
    return mark;
}

static uint64_t find_mark(const struct desk_request *request) {
    struct text key = {0};
    uint64_t mark = 0;
    bool is_known = request->marked_key != NULL && fold_read_key(text_of(request->marked_key), &key, &mark);
    return is_known ? mark : mark_request(request);
}

static void answer_written(struct turn *turn, const struct fold_key *key, bool is_repeated) {
    json_t *body = json_pack("{s:I}", "sequence", (json_int_t)key->sequence);
    if (key->incident != 0) {
        (void)json_object_set_new(body, "incident", json_integer(key->incident));
    }
    if (key->call != 0) {
        (void)json_object_set_new(body, "call", json_integer(key->call));
    }
    if (is_repeated) {
        (void)json_object_set_new(body, "repeated", json_true());
    }
    turn->reply->outcome = DESK_CREATED;
    turn->reply->body = body;
}

bool desk_check_right(struct desk *desk, const struct desk_request *request, struct desk_reply *reply) {
    struct turn turn = {.desk = desk, .request = request, .reply = reply, .at = request->at};
    *reply = (struct desk_reply){.outcome = DESK_OK, .failure.chinese = request->chinese};
    return turn_may(&turn, NULL, PLAN_NONE, false);
}

static bool refuse_used_key(struct turn *turn) {
    (void)form_refuse_used_key(&turn->reply->failure);
    return turn_refuse_as_set(turn, DESK_KEY_USED);
}

/* True when the request has been taken before, or its key has: then it is answered. */
static bool answer_repeated(struct turn *turn, uint64_t mark) {
    const struct fold_key *found = fold_find_key(turn->desk->fold, turn->entry.actor, text_of(turn->request->key));
    if (found == NULL) {
        return false;
    }
    if (found->mark != mark) {
        (void)refuse_used_key(turn);
    } else {
        answer_written(turn, found, true);
    }
    return true;
}

int64_t desk_find_key(const struct desk *desk, const struct desk_request *request) {
    const struct fold_key *found = fold_find_key(desk->fold, text_of(request->account.name), text_of(request->key));
    return found == NULL ? 0 : found->sequence;
}

void desk_mark_key(const struct desk_request *request, char marked_key[DESK_MARKED_KEY_ROOM]) {
    fold_write_key(request->key, mark_request(request), marked_key);
}

bool desk_check_key(const struct desk *desk, const struct desk_request *request, char marked_key[DESK_MARKED_KEY_ROOM],
                    struct desk_reply *reply) {
    const uint64_t mark = mark_request(request);
    const struct fold_key *found = fold_find_key(desk->fold, text_of(request->account.name), text_of(request->key));
    struct turn turn = {.request = request, .reply = reply};
    *reply = (struct desk_reply){.outcome = DESK_OK, .failure.chinese = request->chinese};
    fold_write_key(request->key, mark, marked_key);
    return found == NULL || found->mark == mark || refuse_used_key(&turn);
}

/* The instant of the request: never before the log's last one. */
static bool find_instant(struct turn *turn) {
    int64_t last = fold_last_at(turn->desk->fold);
    turn->at = turn->request->at;
    if (turn->at >= last) {
        return true;
    }
    if (last - turn->at > CLOCK_SLACK_US) {
        char shown[CALENDAR_INSTANT_ROOM];
        calendar_print_instant(last, 0, shown);
        (void)failure_say(
            &turn->reply->failure,
            "the server's clock stands before the log's last event (%s); nothing is taken until it is right",
            "服务器时钟早于日志最后一条记录（%s），校准之前不受理任何登记", shown);
        return turn_refuse_as_set(turn, DESK_UNAVAILABLE);
    }
    turn->at = last;
    return true;
}

static void answer_write(struct turn *turn) {
    const struct desk_request *request = turn->request;
    uint64_t mark = find_mark(request);
    turn->entry = (struct event_entry){.actor = text_of(request->account.name)};
    if (request->key[0] == '\0') {
        (void)failure_say_field(&turn->reply->failure, "Idempotency-Key", "is missing", "缺少");
        (void)turn_refuse_as_set(turn, DESK_REFUSED);
        return;
    }
    if (answer_repeated(turn, mark)) {
        return;
    }
    fold_write_key(request->key, mark, turn->key);
    turn->entry.key = text_of(turn->key);
    if (!session_catch_up(turn->desk->session, turn->at, desk_note_change, turn->desk, &turn->reply->failure)) {
        (void)refuse_event(turn);
        return;
    }
    if (actions[request->action].answer(turn)) {
        const struct fold_key *taken = fold_find_key(turn->desk->fold, turn->entry.actor, text_of(request->key));
        if (taken == NULL) {
            (void)turn_refuse(turn, DESK_UNAVAILABLE, "memory is exhausted", "内存不足");
        } else {
            answer_written(turn, taken, false);
        }
    }
}

/* A clock that is wrong keeps nobody from reading. */
static void answer_read(struct turn *turn) {
    const struct desk_request *request = turn->request;
    struct desk_reply *reply = turn->reply;
    *reply = (struct desk_reply){.outcome = DESK_OK, .failure.chinese = request->chinese};
    desk_find_etag(turn->desk, request->action, request->incident, request->plan, request->at, reply->etag);
    if (personal_is_in(request->action) && !personal_sees_all(&request->account)) {
        bool is_page = request->action == DESK_SHOW_INCIDENT || request->action == DESK_LIST_DOCUMENTS;
        personal_mark_etag(reply->etag, is_page && personal_may_see(turn, request->incident));
    }
    if (turn_may(turn, NULL, PLAN_NONE, false) && request->if_match.length > 0 &&
        text_equals_string(request->if_match, reply->etag)) {
        reply->outcome = DESK_NOT_MODIFIED;
    } else if (reply->outcome == DESK_OK) {
        (void)actions[request->action].answer(turn);
        personal_hide(turn, reply->body);
    }
}

void desk_answer(struct desk *desk, const struct desk_request *request, struct desk_reply *reply) {
    struct turn turn = {.desk = desk, .engine = session_engine(desk->session), .request = request, .reply = reply};
    *reply = (struct desk_reply){.outcome = DESK_OK, .failure.chinese = request->chinese};
    if (!find_instant(&turn) && actions[request->action].writes) {
        return;
    }
    if (actions[request->action].writes) {
        answer_write(&turn);
    } else {
        answer_read(&turn);
    }
    if (reply->outcome == DESK_OK && reply->body == NULL) {
        (void)turn_refuse(&turn, DESK_UNAVAILABLE, "memory is exhausted", "内存不足");
    }
}

/* ---- the log as it is shown ------------------------------------------------------------------------------- */

#define SHOWN_BYTES 2000U /* of a value; a plan's whole text stands in the log too */

static json_t *describe_fields(const struct store_record *record) {
    static const char *const apart[] = {"kind", "at", "incident", "actor", "key", "pack"};
    json_t *fields = json_object();
    for (size_t i = 0; i < record->count; i++) {
        const struct store_field *field = &record->fields[i];
        bool is_shown = !field->masked;
        for (size_t k = 0; k < sizeof apart / sizeof apart[0] && is_shown; k++) {
            is_shown = !text_equals_string(field->name, apart[k]);
        }
        struct text value = text_cut(field->value, SHOWN_BYTES);
        if (is_shown) {
            (void)json_object_setn_new(fields, field->name.bytes, field->name.length,
                                       json_stringn(value.bytes == NULL ? "" : value.bytes, value.length));
        }
    }
    return fields;
}

static json_t *describe_field(const struct store_record *record, const char *name) {
    struct text value = fold_field(record->fields, record->count, name);
    return json_stringn(value.bytes == NULL ? "" : value.bytes, value.length);
}

json_t *desk_describe_record(const struct store_record *record) {
    json_t *incident = json_null();
    struct text number = fold_field(record->fields, record->count, "incident");
    if (number.length > 0 && number.length < 11) {
        char digits[12];
        (void)snprintf(digits, sizeof digits, "%.*s", TEXT_PRINT(number));
        incident = json_integer((json_int_t)strtoul(digits, NULL, 10));
    }
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o}", "sequence", (json_int_t)record->sequence, "kind",
                     describe_field(record, "kind"), "at", describe_field(record, "at"), "incident", incident, "actor",
                     describe_field(record, "actor"), "fields", describe_fields(record));
}

struct reading {
    desk_show_event *show;
    void *context;
};

static bool show_record(void *context, const struct store_record *record) {
    const struct reading *reading = context;
    json_t *event = desk_describe_record(record);
    if (event != NULL) {
        reading->show(reading->context, record->sequence, event);
    }
    json_decref(event);
    return true;
}

bool desk_read_events(struct desk *desk, int64_t from_sequence, desk_show_event *show, void *context,
                      struct failure *failure) {
    struct reading reading = {show, context};
    return session_read(desk->session, from_sequence, show_record, &reading, failure);
}
