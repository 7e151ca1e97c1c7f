#include "web/route.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* A path of the API behind /api/v1. In it `#` stands for an incident, `=` for another number, `*` for
 * INCIDENT.NUMBER, `?` for the rest, a name, in which there may be slashes. */
struct pattern {
    const char *method, *path;
    enum route_kind kind;
    enum desk_action action;
};

static const struct pattern patterns[] = {
    {"POST", "/sessions", ROUTE_SIGN_IN, 0},
    {"GET", "/sessions/current", ROUTE_SHOW_SESSION, 0},
    {"DELETE", "/sessions/current", ROUTE_SIGN_OUT, 0},
    {"GET", "/accounts", ROUTE_LIST_ACCOUNTS, DESK_NOTE_ACCOUNT},
    {"GET", "/people", ROUTE_LIST_PEOPLE, 0},
    {"POST", "/accounts", ROUTE_ADD_ACCOUNT, DESK_NOTE_ACCOUNT},
    {"POST", "/accounts/change", ROUTE_CHANGE_ACCOUNT, DESK_NOTE_ACCOUNT_CHANGE},
    {"POST", "/password", ROUTE_CHANGE_PASSWORD, 0},
    {"GET", "/second-factor", ROUTE_SHOW_FACTOR, 0},
    {"POST", "/second-factor", ROUTE_BEGIN_FACTOR, 0},
    {"POST", "/second-factor/confirmation", ROUTE_CONFIRM_FACTOR, 0},
    {"POST", "/second-factor/removal", ROUTE_REMOVE_FACTOR, 0},
    {"POST", "/second-factor/requirement", ROUTE_REQUIRE_FACTOR, DESK_NOTE_FACTOR_RULE},
    {"GET", "/sign-ins", ROUTE_LIST_SIGN_INS, DESK_NOTE_ACCOUNT},
    {"GET", "/tokens", ROUTE_LIST_TOKENS, DESK_NOTE_TOKEN},
    {"POST", "/tokens", ROUTE_ADD_TOKEN, DESK_NOTE_TOKEN},
    {"POST", "/tokens/ending", ROUTE_END_TOKEN, DESK_NOTE_TOKEN_END},
    {"GET", "/clock", ROUTE_SHOW_CLOCK, 0},
    {"POST", "/clock", ROUTE_SET_CLOCK, DESK_SET_CLOCK},
    {"GET", "/desk", ROUTE_DESK_READ, DESK_SHOW_DESK},
    {"GET", "/plans/?", ROUTE_DESK_READ, DESK_SHOW_PLAN},
    {"GET", "/charts/?", ROUTE_LIST_SHEETS, 0},
    {"GET", "/sheets/=/?", ROUTE_SHOW_SHEET, 0},
    {"GET", "/calls", ROUTE_DESK_READ, DESK_LIST_CALLS},
    {"GET", "/calls/=", ROUTE_DESK_READ, DESK_SHOW_CALL},
    {"POST", "/calls", ROUTE_DESK_WRITE, DESK_SAVE_CALL},
    {"POST", "/hearings", ROUTE_DESK_ASK, DESK_HEAR_TEXT},
    {"GET", "/search", ROUTE_DESK_READ, DESK_SEARCH},
    {"GET", "/open/=/?", ROUTE_DESK_READ, DESK_LIST_OPEN},
    {"GET", "/audit/incidents/#", ROUTE_SHOW_AUDIT, DESK_SHOW_AUDIT},
    {"GET", "/audit/incidents/#/moments", ROUTE_LIST_MOMENTS, DESK_LIST_MOMENTS},
    {"GET", "/audit/incidents/#/record.zip", ROUTE_EXPORT_RECORD, DESK_EXPORT_RECORD},
    {"GET", "/notices", ROUTE_DESK_READ, DESK_LIST_NOTICES},
    {"GET", "/incidents/#/notices", ROUTE_DESK_READ, DESK_LIST_NOTICES},
    {"POST", "/notices/*/contact", ROUTE_DESK_WRITE, DESK_NOTE_CONTACT},
    {"GET", "/delegations", ROUTE_DESK_READ, DESK_LIST_DELEGATIONS},
    {"POST", "/delegations", ROUTE_DESK_WRITE, DESK_DELEGATE},
    {"POST", "/phones", ROUTE_DESK_WRITE, DESK_CORRECT_PHONE},
    {"POST", "/delegations/=/withdrawal", ROUTE_DESK_WRITE, DESK_WITHDRAW_DELEGATION},
    {"GET", "/shifts", ROUTE_DESK_READ, DESK_LIST_SHIFTS},
    {"POST", "/shifts", ROUTE_DESK_WRITE, DESK_SET_SHIFT},
    {"POST", "/shifts/=/correction", ROUTE_DESK_WRITE, DESK_SET_SHIFT},
    {"POST", "/shifts/=/withdrawal", ROUTE_DESK_WRITE, DESK_WITHDRAW_SHIFT},
    {"POST", "/shifts/=/notes", ROUTE_DESK_WRITE, DESK_NOTE_HANDOVER},
    {"POST", "/shifts/=/acceptance", ROUTE_DESK_WRITE, DESK_ACCEPT_SHIFT},
    {"GET", "/handover", ROUTE_DESK_READ, DESK_SHOW_HANDOVER},
    {"GET", "/calls/=/likely", ROUTE_DESK_READ, DESK_LIST_LIKELY},
    {"POST", "/calls/=/incident", ROUTE_DESK_WRITE, DESK_LINK_CALL},
    {"POST", "/incidents", ROUTE_DESK_WRITE, DESK_OPEN_INCIDENT},
    {"GET", "/incidents/#", ROUTE_DESK_READ, DESK_SHOW_INCIDENT},
    {"GET", "/incidents/#/questions", ROUTE_DESK_READ, DESK_LIST_QUESTIONS},
    {"POST", "/incidents/#/facts", ROUTE_DESK_WRITE, DESK_REPORT_FACTS},
    {"POST", "/incidents/#/claims/=/correction", ROUTE_DESK_WRITE, DESK_CORRECT_CLAIM},
    {"POST", "/incidents/#/bindings", ROUTE_DESK_WRITE, DESK_BIND_ROLE},
    {"POST", "/incidents/#/place", ROUTE_DESK_WRITE, DESK_SET_PLACE},
    {"POST", "/incidents/#/forces", ROUTE_DESK_WRITE, DESK_NOTE_FORCE},
    {"GET", "/incidents/#/documents", ROUTE_DESK_READ, DESK_LIST_DOCUMENTS},
    {"POST", "/incidents/#/documents", ROUTE_SIGN_DOCUMENT, DESK_PREPARE_DOCUMENT},
    {"POST", "/incidents/#/previews", ROUTE_PREVIEW_DOCUMENT, DESK_PREPARE_DOCUMENT},
    {"POST", "/incidents/#/submissions", ROUTE_DESK_WRITE, DESK_SUBMIT_TEXT},
    {"POST", "/incidents/#/submissions/=/return", ROUTE_DESK_WRITE, DESK_RETURN_TEXT},
    {"POST", "/incidents/#/dispatches", ROUTE_DESK_WRITE, DESK_DISPATCH_DOCUMENT},
    {"GET", "/incidents/#/documents/?", ROUTE_DESK_READ, DESK_DRAFT_DOCUMENT},
    {"POST", "/incidents/#/orders", ROUTE_DESK_WRITE, DESK_GIVE_ORDER},
    {"POST", "/incidents/#/closing", ROUTE_DESK_WRITE, DESK_CLOSE_INCIDENT},
    {"POST", "/incidents/#/reopening", ROUTE_DESK_WRITE, DESK_REOPEN_INCIDENT},
    {"POST", "/incidents/#/merging", ROUTE_DESK_WRITE, DESK_MERGE_INCIDENT},
    {"POST", "/incidents/#/splitting", ROUTE_DESK_WRITE, DESK_SPLIT_INCIDENT},
    {"POST", "/proposals/*/decision", ROUTE_DESK_WRITE, DESK_DECIDE_PROPOSAL},
    {"POST", "/spoken-orders/=/settlement", ROUTE_DESK_WRITE, DESK_SETTLE_ORDER},
    {"POST", "/duties/*/acknowledgement", ROUTE_DESK_WRITE, DESK_ACKNOWLEDGE_DUTY},
    {"POST", "/duties/*/completion", ROUTE_DESK_WRITE, DESK_COMPLETE_DUTY},
    {"GET", "/own", ROUTE_OWN_READ, DESK_SHOW_OWN},
    {"POST", "/uploads", ROUTE_BEGIN_UPLOAD, DESK_NOTE_ATTACHMENT},
    {"GET", "/uploads/?", ROUTE_SHOW_UPLOAD, 0},
    {"PATCH", "/uploads/?", ROUTE_APPEND_UPLOAD, DESK_NOTE_ATTACHMENT},
    {"DELETE", "/uploads/?", ROUTE_DROP_UPLOAD, 0},
    {"GET", "/attachments/?", ROUTE_SHOW_ATTACHMENT, DESK_SHOW_ATTACHMENT},
    {"GET", "/drafts", ROUTE_LIST_DRAFTS, 0},
    {"PUT", "/drafts/?", ROUTE_KEEP_DRAFT, 0},
    {"DELETE", "/drafts/?", ROUTE_DROP_DRAFT, 0},
    {"GET", "/drills", ROUTE_LIST_DRILLS, 0},
    {"GET", "/exercises", ROUTE_LIST_EXERCISES, 0},
    {"POST", "/exercises", ROUTE_START_EXERCISE, DESK_NOTE_EXERCISE},
    {"GET", "/events", ROUTE_EVENTS, 0},
    {"GET", "/openapi.json", ROUTE_OPENAPI, 0},
};

/* What an exercise has besides: paths behind /exercises/{number}. */
static const struct pattern exercise_patterns[] = {
    {"GET", "", ROUTE_SHOW_EXERCISE, 0},
    {"GET", "/sessions/current", ROUTE_SHOW_PART, 0},
    {"GET", "/judgement", ROUTE_SHOW_JUDGEMENT, 0},
    {"POST", "/pace", ROUTE_SET_PACE, 0},
    {"POST", "/seats", ROUTE_GIVE_SEAT, 0},
    {"POST", "/offers/=/playing", ROUTE_PLAY_OFFER, 0},
    {"POST", "/ending", ROUTE_END_EXERCISE, DESK_NOTE_EXERCISE},
    {"POST", "/removal", ROUTE_REMOVE_EXERCISE, DESK_NOTE_EXERCISE_REMOVAL},
};

/* What is the same on the desk of an exercise. Accounts, passwords, the clock and drafts are the server's own; files that are
 * sent and documents that are signed lie beside the exercise's log. */
static bool is_shared(enum route_kind kind) {
    return kind == ROUTE_DESK_READ || kind == ROUTE_DESK_ASK || kind == ROUTE_DESK_WRITE || kind == ROUTE_OWN_READ ||
           kind == ROUTE_LIST_SHEETS || kind == ROUTE_SHOW_SHEET || kind == ROUTE_EVENTS ||
           kind == ROUTE_PREVIEW_DOCUMENT || kind == ROUTE_SIGN_DOCUMENT || kind == ROUTE_SHOW_ATTACHMENT ||
           kind == ROUTE_BEGIN_UPLOAD || kind == ROUTE_SHOW_UPLOAD || kind == ROUTE_APPEND_UPLOAD ||
           kind == ROUTE_DROP_UPLOAD || kind == ROUTE_SHOW_AUDIT || kind == ROUTE_LIST_MOMENTS ||
           kind == ROUTE_EXPORT_RECORD;
}

/* Reads a number from 1 on that ends before `end`; false for anything else. */
static bool read_number(const char **at, char end, uint32_t *number) {
    uint64_t sum = 0;
    const char *from = *at;
    if (**at < '1' || **at > '9') {
        return false;
    }
    for (; **at >= '0' && **at <= '9' && *at - from < 10; (*at)++) {
        sum = sum * 10 + (uint64_t)(**at - '0');
    }
    *number = (uint32_t)sum;
    return sum <= UINT32_MAX && (**at == end || (end == '/' && **at == '\0'));
}

/* Matches one sign of a pattern that stands for something; moves *path behind it. */
static bool match_sign(char sign, const char **path, struct route *route) {
    if (sign == '#') {
        return read_number(path, '/', &route->incident);
    }
    if (sign == '=') {
        return read_number(path, '/', &route->item);
    }
    if (sign == '*') {
        if (!read_number(path, '.', &route->incident)) {
            return false;
        }
        (*path)++;
        return read_number(path, '/', &route->item);
    }
    route->name = *path;
    *path += strlen(*path);
    return *route->name != '\0';
}

static bool match(const char *pattern, const char *path, struct route *route) {
    while (*pattern != '\0') {
        if (strchr("#=*?", *pattern) != NULL) {
            if (!match_sign(*pattern, &path, route)) {
                return false;
            }
            pattern++;
        } else if (*pattern++ != *path++) {
            return false;
        }
    }
    return *path == '\0';
}

static void add_method(struct route *route, const char *method) {
    size_t length = strlen(route->allowed);
    (void)snprintf(route->allowed + length, sizeof route->allowed - length, "%s%s", length > 0 ? ", " : "", method);
}

static void find_among(const struct pattern *among, size_t count, bool shared_alone, const char *method,
                       const char *path, struct route *route) {
    route->kind = ROUTE_NONE;
    for (size_t i = 0; i < count; i++) {
        struct route found = {.kind = among[i].kind, .action = among[i].action};
        if ((shared_alone && !is_shared(among[i].kind)) || !match(among[i].path, path, &found)) {
            continue;
        }
        if (strcmp(method, among[i].method) == 0) {
            *route = found;
            return;
        }
        route->kind = ROUTE_NO_METHOD;
        add_method(route, among[i].method);
    }
}

static void find_in_exercise(const char *method, const char *path, struct route *route) {
    find_among(exercise_patterns, sizeof exercise_patterns / sizeof exercise_patterns[0], false, method, path, route);
    if (route->kind == ROUTE_NONE) {
        find_among(patterns, sizeof patterns / sizeof patterns[0], true, method, path, route);
    }
}

static void find_in_api(const char *method, const char *path, struct route *route) {
    static const char exercises[] = "/exercises/";
    uint32_t exercise = 0;
    if (strncmp(path, exercises, sizeof exercises - 1) == 0) {
        const char *rest = path + sizeof exercises - 1;
        if (read_number(&rest, '/', &exercise)) {
            find_in_exercise(method, rest, route);
            route->exercise = exercise;
            route->item = route->kind == ROUTE_REMOVE_EXERCISE ? exercise : route->item;
            return;
        }
    }
    find_among(patterns, sizeof patterns / sizeof patterns[0], false, method, path, route);
}

void route_find(const char *method, const char *path, struct route *route) {
    static const char api[] = "/api/v1";
    *route = (struct route){.kind = ROUTE_NONE};
    bool is_get = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    if (strncmp(path, api, sizeof api - 1) == 0 && (path[sizeof api - 1] == '/' || path[sizeof api - 1] == '\0')) {
        find_in_api(strcmp(method, "HEAD") == 0 ? "GET" : method, path + sizeof api - 1, route);
    } else if (!is_get) {
        *route = (struct route){.kind = ROUTE_NO_METHOD};
        add_method(route, "GET");
    } else if (strcmp(path, "/healthz") == 0) {
        route->kind = ROUTE_HEALTH;
    } else if (strcmp(path, "/metrics") == 0) {
        route->kind = ROUTE_METRICS;
    } else {
        *route = (struct route){.kind = ROUTE_PAGE, .name = path};
    }
}
