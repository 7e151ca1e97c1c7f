#include "desk/access.h"

#include "desk/token.h"

/* What opens the door; one of them is enough. */
enum grounds {
    EVERYBODY = 1,  /* any account */
    DUTY_ROOM = 2,  /* the account has the desk right */
    ADMINISTER = 4, /* the administrator's right */
    OWN_PARTY = 8,  /* the account acts for the party that it is about */
    ANY_PARTY = 16, /* the account acts for some party */
    RECORDED = 32,  /* the desk right, for what somebody else has spoken by telephone */
    OWN_RIGHT = 64, /* the account acts for the party in its own right: what is delegated is not delegated on */
    PROVES = 128,   /* any account, for a file that stands in an incident */
    SENT = 256,     /* the account has sent the file */
    SPEAKS = 512    /* the account acts for the source of what it reports, or is the source itself */
};

static const unsigned int grounds_of[DESK_ACTIONS] = {
    [DESK_SHOW_DESK] = EVERYBODY,
    [DESK_SHOW_PLAN] = EVERYBODY,
    [DESK_SHOW_INCIDENT] = EVERYBODY,
    [DESK_SHOW_AUDIT] = EVERYBODY,
    [DESK_EXPORT_RECORD] = EVERYBODY,
    [DESK_LIST_MOMENTS] = EVERYBODY,
    [DESK_LIST_QUESTIONS] = EVERYBODY,
    [DESK_LIST_CALLS] = EVERYBODY,
    [DESK_SHOW_CALL] = EVERYBODY,
    [DESK_HEAR_TEXT] = EVERYBODY,
    [DESK_LIST_DOCUMENTS] = EVERYBODY,
    [DESK_DRAFT_DOCUMENT] = EVERYBODY,
    [DESK_PREPARE_DOCUMENT] = DUTY_ROOM | ANY_PARTY,
    [DESK_SIGN_DOCUMENT] = OWN_PARTY | RECORDED,
    [DESK_SUBMIT_TEXT] = DUTY_ROOM | OWN_PARTY,
    [DESK_RETURN_TEXT] = OWN_PARTY,
    [DESK_DISPATCH_DOCUMENT] = DUTY_ROOM | OWN_PARTY,
    [DESK_LIST_LIKELY] = EVERYBODY,
    [DESK_LIST_NOTICES] = EVERYBODY,
    [DESK_LIST_OPEN] = EVERYBODY,
    [DESK_SEARCH] = EVERYBODY,
    [DESK_LIST_DELEGATIONS] = EVERYBODY,
    [DESK_DELEGATE] = OWN_RIGHT,
    [DESK_CORRECT_PHONE] = DUTY_ROOM | ADMINISTER,
    [DESK_WITHDRAW_DELEGATION] = OWN_RIGHT | ADMINISTER,
    [DESK_LIST_SHIFTS] = EVERYBODY,
    [DESK_SHOW_HANDOVER] = EVERYBODY,
    [DESK_SET_SHIFT] = DUTY_ROOM | ADMINISTER,
    [DESK_WITHDRAW_SHIFT] = DUTY_ROOM | ADMINISTER,
    [DESK_NOTE_HANDOVER] = DUTY_ROOM,
    [DESK_ACCEPT_SHIFT] = DUTY_ROOM,
    [DESK_SHOW_OWN] = EVERYBODY,
    [DESK_SHOW_ATTACHMENT] = PROVES | SENT,
    [DESK_NOTE_ATTACHMENT] = DUTY_ROOM | ANY_PARTY,
    [DESK_NOTE_CONTACT] = DUTY_ROOM,
    [DESK_NOTE_ACCOUNT] = ADMINISTER,
    [DESK_NOTE_ACCOUNT_CHANGE] = ADMINISTER,
    [DESK_NOTE_TOKEN] = ADMINISTER,
    [DESK_NOTE_TOKEN_END] = ADMINISTER,
    [DESK_NOTE_FACTOR_RULE] = ADMINISTER,
    [DESK_SET_CLOCK] = DUTY_ROOM | ADMINISTER,
    [DESK_SAVE_CALL] = DUTY_ROOM,
    [DESK_LINK_CALL] = DUTY_ROOM,
    [DESK_OPEN_INCIDENT] = DUTY_ROOM,
    [DESK_REPORT_FACTS] = DUTY_ROOM | SPEAKS,
    [DESK_CORRECT_CLAIM] = DUTY_ROOM,
    [DESK_BIND_ROLE] = DUTY_ROOM,
    [DESK_SET_PLACE] = DUTY_ROOM,
    [DESK_NOTE_FORCE] = DUTY_ROOM | OWN_PARTY,
    [DESK_GIVE_ORDER] = OWN_PARTY | RECORDED,
    [DESK_CLOSE_INCIDENT] = DUTY_ROOM,
    [DESK_MERGE_INCIDENT] = DUTY_ROOM,
    [DESK_SPLIT_INCIDENT] = DUTY_ROOM,
    [DESK_REOPEN_INCIDENT] = DUTY_ROOM,
    [DESK_DECIDE_PROPOSAL] = OWN_PARTY | RECORDED,
    [DESK_SETTLE_ORDER] = OWN_PARTY,
    [DESK_ACKNOWLEDGE_DUTY] = DUTY_ROOM | OWN_PARTY,
    [DESK_COMPLETE_DUTY] = DUTY_ROOM | OWN_PARTY,
    [DESK_NOTE_EXERCISE] = DUTY_ROOM | ADMINISTER,
    [DESK_NOTE_EXERCISE_REMOVAL] = ADMINISTER,
};

static bool acts_for(const struct account *account, struct text party) {
    return party.length > 0 && account_has_party(account, party);
}

/* A machine may what its scope says, and facts only in the name of a party that it was made for. */
static bool machine_may(const struct account *machine, enum desk_action action, const struct access_case *about) {
    unsigned int scope = (grounds_of[action] & EVERYBODY) != 0 ? TOKEN_MAY_READ
                         : action == DESK_REPORT_FACTS         ? TOKEN_MAY_FACTS
                         : action == DESK_SAVE_CALL            ? TOKEN_MAY_CALLS
                                                               : 0;
    return (machine->scope & scope) != 0 &&
           (action != DESK_REPORT_FACTS || acts_for(machine, about->party) || acts_for(machine, about->also));
}

bool access_is_person(const struct account *account) {
    return account->scope == 0;
}

const struct delegation *access_find_delegation(const struct account *account, const struct access_case *about) {
    const struct text parties[] = {about->party, about->also};
    const struct delegation *found = NULL;
    if (acts_for(account, about->party) || acts_for(account, about->also)) {
        return NULL;
    }
    for (size_t i = 0; i < 2 && found == NULL; i++) {
        if (parties[i].length > 0) {
            found = delegations_find_acting(about->delegations, text_of(account->name), parties[i], about->at);
        }
    }
    return found;
}

/* By which the account acts for whatever party. */
static const struct delegation *find_any_delegation(const struct account *account, const struct access_case *about) {
    return delegations_find_acting(about->delegations, text_of(account->name), (struct text){0}, about->at);
}

/* In his own name, which is no party's: that of one he does not act for would be another's word. */
static bool is_source(const struct account *account, const struct access_case *about) {
    return !about->is_party && (text_equals_string(about->source, account->display_name) ||
                                text_equals_string(about->source, account->name));
}

const struct delegation *access_find_power(const struct account *account, enum desk_action action,
                                           const struct access_case *about) {
    bool is_for_any =
        ((grounds_of[action] & ANY_PARTY) != 0 || ((grounds_of[action] & SPEAKS) != 0 && is_source(account, about))) &&
        account->parties[0] == '\0' && !((grounds_of[action] & DUTY_ROOM) != 0 && account->desk);
    if (about->spoken || !access_is_person(account)) {
        return NULL;
    }
    return is_for_any ? find_any_delegation(account, about) : access_find_delegation(account, about);
}

/* Whether a person may say this in the source's name: he acts for it, or for some party and is the source himself. */
static bool speaks(const struct account *account, const struct access_case *about) {
    return acts_for(account, about->party) || acts_for(account, about->also) ||
           access_find_delegation(account, about) != NULL ||
           (is_source(account, about) && (account->parties[0] != '\0' || find_any_delegation(account, about) != NULL));
}

bool access_may(const struct account *account, enum desk_action action, const struct access_case *about) {
    if (!access_is_person(account)) {
        return machine_may(account, action, about);
    }
    unsigned int grounds = grounds_of[action];
    bool is_own_right = acts_for(account, about->party) || acts_for(account, about->also);
    return (grounds & EVERYBODY) != 0 || ((grounds & DUTY_ROOM) != 0 && account->desk) ||
           ((grounds & ADMINISTER) != 0 && account->administrator) ||
           ((grounds & OWN_PARTY) != 0 && (is_own_right || access_find_delegation(account, about) != NULL)) ||
           ((grounds & OWN_RIGHT) != 0 && is_own_right) ||
           ((grounds & ANY_PARTY) != 0 &&
            (account->parties[0] != '\0' || find_any_delegation(account, about) != NULL)) ||
           ((grounds & RECORDED) != 0 && account->desk && about->spoken) ||
           ((grounds & SPEAKS) != 0 && speaks(account, about)) || ((grounds & PROVES) != 0 && about->proves) ||
           ((grounds & SENT) != 0 && about->is_own);
}
