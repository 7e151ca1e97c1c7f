/* route — which path and method mean what. Owns nothing. */
#ifndef PINYUE_WEB_ROUTE_H
#define PINYUE_WEB_ROUTE_H

#include "desk/desk.h"

#include <stdbool.h>
#include <stdint.h>

enum route_kind {
    ROUTE_NONE,       /* no such path */
    ROUTE_NO_METHOD,  /* the path is there, with other methods */
    ROUTE_DESK_READ,  /* the desk answers: action */
    ROUTE_DESK_ASK,   /* the desk answers what the body asks, and writes nothing: action */
    ROUTE_DESK_WRITE, /* the desk takes it: action */
    ROUTE_SHOW_CLOCK, /* the writer answers it, and takes the next */
    ROUTE_SET_CLOCK,
    ROUTE_LIST_SHEETS,      /* of a plan's chart; name: the plan */
    ROUTE_SHOW_SHEET,       /* item: its number */
    ROUTE_PREVIEW_DOCUMENT, /* the desk says what is to be set, the drawer sets it */
    ROUTE_SIGN_DOCUMENT,    /* the same, and then the desk takes it */
    ROUTE_SIGN_IN,
    ROUTE_SIGN_OUT,
    ROUTE_SHOW_SESSION,
    ROUTE_LIST_ACCOUNTS,
    ROUTE_LIST_PEOPLE, /* how accounts and machines are called */
    ROUTE_ADD_ACCOUNT,
    ROUTE_CHANGE_ACCOUNT,
    ROUTE_CHANGE_PASSWORD, /* of whoever asks, as the next four */
    ROUTE_SHOW_FACTOR,
    ROUTE_BEGIN_FACTOR,
    ROUTE_CONFIRM_FACTOR,
    ROUTE_REMOVE_FACTOR,
    ROUTE_REQUIRE_FACTOR, /* an administrator's */
    ROUTE_LIST_SIGN_INS,
    ROUTE_LIST_TOKENS,
    ROUTE_ADD_TOKEN,
    ROUTE_END_TOKEN,
    ROUTE_OWN_READ, /* the desk answers: action; each account has an answer of its own */
    ROUTE_BEGIN_UPLOAD,
    ROUTE_SHOW_UPLOAD,
    ROUTE_APPEND_UPLOAD,
    ROUTE_DROP_UPLOAD,
    ROUTE_SHOW_ATTACHMENT,
    ROUTE_SHOW_AUDIT, /* of an incident at a moment: the desk says which events tell it, the auditor answers; action */
    ROUTE_LIST_MOMENTS,  /* the same */
    ROUTE_EXPORT_RECORD, /* of an incident, as a ZIP: the desk says whether what is personal may be in it; the same */
    ROUTE_LIST_DRAFTS,
    ROUTE_KEEP_DRAFT,
    ROUTE_DROP_DRAFT,
    ROUTE_LIST_DRILLS,
    ROUTE_LIST_EXERCISES,
    ROUTE_START_EXERCISE,
    ROUTE_SHOW_EXERCISE, /* of an exercise, as the next seven */
    ROUTE_SHOW_PART,     /* who asks, as what his seats let him be */
    ROUTE_SHOW_JUDGEMENT,
    ROUTE_SET_PACE,
    ROUTE_GIVE_SEAT,
    ROUTE_PLAY_OFFER, /* item: its number */
    ROUTE_END_EXERCISE,
    ROUTE_REMOVE_EXERCISE, /* item: its number, for it may be gone already when this is asked for again */
    ROUTE_EVENTS,
    ROUTE_OPENAPI,
    ROUTE_HEALTH,
    ROUTE_METRICS,
    ROUTE_PAGE /* a file of the pages, or none */
};

struct route {
    enum route_kind kind;
    enum desk_action action;
    uint32_t exercise;       /* whose desk it is about; 0: the real one */
    uint32_t incident, item; /* numbers in the path */
    const char *name;        /* the plan's, the draft's, the upload's, the attachment's, or the page's path */
    char allowed[32];        /* NO_METHOD: what is allowed, as in the header Allow */
};

/* Finds what a request is for. `path` is as decoded by libmicrohttpd; route->name points into it. */
void route_find(const char *method, const char *path, struct route *route);

#endif
