/* Proves: each path of the API is found with its method and its numbers; other methods, misspelt paths and odd numbers
 * are not; what is no path of the API is a page. */
#include "web/route.h"

#include "check.h"

#include <stdio.h>
#include <string.h>

struct expected {
    const char *method, *path;
    enum route_kind kind;
    enum desk_action action;
    uint32_t incident, item;
    const char *name;
};

static void check_route(const struct expected *expected, const char *method) {
    struct route route;
    memset(&route, 0x5a, sizeof route); /* nothing of what stood there before may be left */
    route_find(method, expected->path, &route);
    check(route.kind == expected->kind, "%s %s: %d", method, expected->path, route.kind);
    check(route.action == expected->action, "%s %s: action %d", method, expected->path, route.action);
    check(route.incident == expected->incident, "%s %s: incident %u", method, expected->path, route.incident);
    check(route.item == expected->item, "%s %s: item %u", method, expected->path, route.item);
    if (expected->name == NULL) {
        check(route.name == NULL, "%s %s: name %s", method, expected->path, route.name);
    } else {
        check(route.name != NULL && strcmp(route.name, expected->name) == 0, "%s %s", method, expected->path);
    }
}

static const struct expected all[] = {
    {"GET", "/api/v1/drills", ROUTE_LIST_DRILLS, 0, 0, 0, NULL},
    {"GET", "/api/v1/exercises", ROUTE_LIST_EXERCISES, 0, 0, 0, NULL},
    {"POST", "/api/v1/exercises", ROUTE_START_EXERCISE, DESK_NOTE_EXERCISE, 0, 0, NULL},
    {"GET", "/api/v1/exercises/12", ROUTE_SHOW_EXERCISE, 0, 0, 0, NULL},
    {"GET", "/api/v1/exercises/12/sessions/current", ROUTE_SHOW_PART, 0, 0, 0, NULL},
    {"GET", "/api/v1/exercises/12/judgement", ROUTE_SHOW_JUDGEMENT, 0, 0, 0, NULL},
    {"POST", "/api/v1/exercises/12/pace", ROUTE_SET_PACE, 0, 0, 0, NULL},
    {"POST", "/api/v1/exercises/12/seats", ROUTE_GIVE_SEAT, 0, 0, 0, NULL},
    {"POST", "/api/v1/exercises/12/offers/3/playing", ROUTE_PLAY_OFFER, 0, 0, 3, NULL},
    {"POST", "/api/v1/exercises/12/ending", ROUTE_END_EXERCISE, DESK_NOTE_EXERCISE, 0, 0, NULL},
    {"POST", "/api/v1/exercises/12/removal", ROUTE_REMOVE_EXERCISE, DESK_NOTE_EXERCISE_REMOVAL, 0, 12, NULL},
    {"POST", "/api/v1/exercises/12/uploads", ROUTE_BEGIN_UPLOAD, DESK_NOTE_ATTACHMENT, 0, 0, NULL},
    {"GET", "/api/v1/exercises/12/audit/incidents/7", ROUTE_SHOW_AUDIT, DESK_SHOW_AUDIT, 7, 0, NULL},
    {"GET", "/api/v1/exercises/12/audit/incidents/7/record.zip", ROUTE_EXPORT_RECORD, DESK_EXPORT_RECORD, 7, 0, NULL},
    {"GET", "/api/v1/exercises/12/desk", ROUTE_DESK_READ, DESK_SHOW_DESK, 0, 0, NULL},
    {"POST", "/api/v1/exercises/12/incidents/7/facts", ROUTE_DESK_WRITE, DESK_REPORT_FACTS, 7, 0, NULL},
    {"GET", "/api/v1/exercises/12/events", ROUTE_EVENTS, 0, 0, 0, NULL},
    {"POST", "/api/v1/sessions", ROUTE_SIGN_IN, 0, 0, 0, NULL},
    {"GET", "/api/v1/sessions/current", ROUTE_SHOW_SESSION, 0, 0, 0, NULL},
    {"DELETE", "/api/v1/sessions/current", ROUTE_SIGN_OUT, 0, 0, 0, NULL},
    {"GET", "/api/v1/accounts", ROUTE_LIST_ACCOUNTS, DESK_NOTE_ACCOUNT, 0, 0, NULL},
    {"POST", "/api/v1/accounts/change", ROUTE_CHANGE_ACCOUNT, DESK_NOTE_ACCOUNT_CHANGE, 0, 0, NULL},
    {"POST", "/api/v1/incidents/7/reopening", ROUTE_DESK_WRITE, DESK_REOPEN_INCIDENT, 7, 0, NULL},
    {"POST", "/api/v1/accounts", ROUTE_ADD_ACCOUNT, DESK_NOTE_ACCOUNT, 0, 0, NULL},
    {"POST", "/api/v1/password", ROUTE_CHANGE_PASSWORD, 0, 0, 0, NULL},
    {"GET", "/api/v1/second-factor", ROUTE_SHOW_FACTOR, 0, 0, 0, NULL},
    {"POST", "/api/v1/second-factor", ROUTE_BEGIN_FACTOR, 0, 0, 0, NULL},
    {"POST", "/api/v1/second-factor/confirmation", ROUTE_CONFIRM_FACTOR, 0, 0, 0, NULL},
    {"POST", "/api/v1/second-factor/removal", ROUTE_REMOVE_FACTOR, 0, 0, 0, NULL},
    {"POST", "/api/v1/second-factor/requirement", ROUTE_REQUIRE_FACTOR, DESK_NOTE_FACTOR_RULE, 0, 0, NULL},
    {"GET", "/api/v1/sign-ins", ROUTE_LIST_SIGN_INS, DESK_NOTE_ACCOUNT, 0, 0, NULL},
    {"GET", "/api/v1/tokens", ROUTE_LIST_TOKENS, DESK_NOTE_TOKEN, 0, 0, NULL},
    {"POST", "/api/v1/tokens", ROUTE_ADD_TOKEN, DESK_NOTE_TOKEN, 0, 0, NULL},
    {"POST", "/api/v1/tokens/ending", ROUTE_END_TOKEN, DESK_NOTE_TOKEN_END, 0, 0, NULL},
    {"GET", "/api/v1/clock", ROUTE_SHOW_CLOCK, 0, 0, 0, NULL},
    {"POST", "/api/v1/clock", ROUTE_SET_CLOCK, DESK_SET_CLOCK, 0, 0, NULL},
    {"GET", "/api/v1/desk", ROUTE_DESK_READ, DESK_SHOW_DESK, 0, 0, NULL},
    {"GET", "/api/v1/plans/森林火灾", ROUTE_DESK_READ, DESK_SHOW_PLAN, 0, 0, "森林火灾"},
    {"GET", "/api/v1/plans/Reservoir flood", ROUTE_DESK_READ, DESK_SHOW_PLAN, 0, 0, "Reservoir flood"},
    {"GET", "/api/v1/charts/森林火灾", ROUTE_LIST_SHEETS, 0, 0, 0, "森林火灾"},
    {"GET", "/api/v1/sheets/29/a/b", ROUTE_SHOW_SHEET, 0, 0, 29, "a/b"},
    {"GET", "/api/v1/calls", ROUTE_DESK_READ, DESK_LIST_CALLS, 0, 0, NULL},
    {"GET", "/api/v1/calls/12", ROUTE_DESK_READ, DESK_SHOW_CALL, 0, 12, NULL},
    {"GET", "/api/v1/open/2/calls", ROUTE_DESK_READ, DESK_LIST_OPEN, 0, 2, "calls"},
    {"GET", "/api/v1/incidents/7/notices", ROUTE_DESK_READ, DESK_LIST_NOTICES, 7, 0, NULL},
    {"POST", "/api/v1/calls", ROUTE_DESK_WRITE, DESK_SAVE_CALL, 0, 0, NULL},
    {"POST", "/api/v1/calls/12/incident", ROUTE_DESK_WRITE, DESK_LINK_CALL, 0, 12, NULL},
    {"POST", "/api/v1/incidents", ROUTE_DESK_WRITE, DESK_OPEN_INCIDENT, 0, 0, NULL},
    {"GET", "/api/v1/incidents/7", ROUTE_DESK_READ, DESK_SHOW_INCIDENT, 7, 0, NULL},
    {"GET", "/api/v1/incidents/7/questions", ROUTE_DESK_READ, DESK_LIST_QUESTIONS, 7, 0, NULL},
    {"GET", "/api/v1/incidents/4294967295", ROUTE_DESK_READ, DESK_SHOW_INCIDENT, UINT32_MAX, 0, NULL},
    {"POST", "/api/v1/incidents/7/facts", ROUTE_DESK_WRITE, DESK_REPORT_FACTS, 7, 0, NULL},
    {"POST", "/api/v1/incidents/7/claims/34/correction", ROUTE_DESK_WRITE, DESK_CORRECT_CLAIM, 7, 34, NULL},
    {"POST", "/api/v1/incidents/10/bindings", ROUTE_DESK_WRITE, DESK_BIND_ROLE, 10, 0, NULL},
    {"POST", "/api/v1/incidents/7/orders", ROUTE_DESK_WRITE, DESK_GIVE_ORDER, 7, 0, NULL},
    {"POST", "/api/v1/incidents/7/closing", ROUTE_DESK_WRITE, DESK_CLOSE_INCIDENT, 7, 0, NULL},
    {"POST", "/api/v1/proposals/7.12/decision", ROUTE_DESK_WRITE, DESK_DECIDE_PROPOSAL, 7, 12, NULL},
    {"POST", "/api/v1/duties/7.120/acknowledgement", ROUTE_DESK_WRITE, DESK_ACKNOWLEDGE_DUTY, 7, 120, NULL},
    {"POST", "/api/v1/duties/1.1/completion", ROUTE_DESK_WRITE, DESK_COMPLETE_DUTY, 1, 1, NULL},
    {"GET", "/api/v1/events", ROUTE_EVENTS, 0, 0, 0, NULL},
    {"GET", "/api/v1/openapi.json", ROUTE_OPENAPI, 0, 0, 0, NULL},
    {"GET", "/api/v1/plans/a/b", ROUTE_DESK_READ, DESK_SHOW_PLAN, 0, 0, "a/b"},
    {"GET", "/api/v1/clock", ROUTE_SHOW_CLOCK, 0, 0, 0, NULL},
    {"POST", "/api/v1/clock", ROUTE_SET_CLOCK, DESK_SET_CLOCK, 0, 0, NULL},
    {"GET", "/api/v1/calls/3/likely", ROUTE_DESK_READ, DESK_LIST_LIKELY, 0, 3, NULL},
    {"GET", "/api/v1/search", ROUTE_DESK_READ, DESK_SEARCH, 0, 0, NULL},
    {"POST", "/api/v1/hearings", ROUTE_DESK_ASK, DESK_HEAR_TEXT, 0, 0, NULL},
    {"GET", "/api/v1/notices", ROUTE_DESK_READ, DESK_LIST_NOTICES, 0, 0, NULL},
    {"POST", "/api/v1/notices/7.12/contact", ROUTE_DESK_WRITE, DESK_NOTE_CONTACT, 7, 12, NULL},
    {"POST", "/api/v1/spoken-orders/9/settlement", ROUTE_DESK_WRITE, DESK_SETTLE_ORDER, 0, 9, NULL},
    {"POST", "/api/v1/incidents/7/merging", ROUTE_DESK_WRITE, DESK_MERGE_INCIDENT, 7, 0, NULL},
    {"POST", "/api/v1/incidents/7/splitting", ROUTE_DESK_WRITE, DESK_SPLIT_INCIDENT, 7, 0, NULL},
    {"GET", "/api/v1/own", ROUTE_OWN_READ, DESK_SHOW_OWN, 0, 0, NULL},
    {"POST", "/api/v1/uploads", ROUTE_BEGIN_UPLOAD, DESK_NOTE_ATTACHMENT, 0, 0, NULL},
    {"GET", "/api/v1/uploads/ab01", ROUTE_SHOW_UPLOAD, 0, 0, 0, "ab01"},
    {"PATCH", "/api/v1/uploads/ab01", ROUTE_APPEND_UPLOAD, DESK_NOTE_ATTACHMENT, 0, 0, "ab01"},
    {"DELETE", "/api/v1/uploads/ab01", ROUTE_DROP_UPLOAD, 0, 0, 0, "ab01"},
    {"GET", "/api/v1/attachments/ab01", ROUTE_SHOW_ATTACHMENT, DESK_SHOW_ATTACHMENT, 0, 0, "ab01"},
    {"GET", "/api/v1/drafts", ROUTE_LIST_DRAFTS, 0, 0, 0, NULL},
    {"PUT", "/api/v1/drafts/call", ROUTE_KEEP_DRAFT, 0, 0, 0, "call"},
    {"DELETE", "/api/v1/drafts/call", ROUTE_DROP_DRAFT, 0, 0, 0, "call"},
    {"GET", "/healthz", ROUTE_HEALTH, 0, 0, 0, NULL},
    {"GET", "/metrics", ROUTE_METRICS, 0, 0, 0, NULL},
    {"GET", "/", ROUTE_PAGE, 0, 0, 0, "/"},
    {"GET", "/assets/index.js", ROUTE_PAGE, 0, 0, 0, "/assets/index.js"},
    {"GET", "/api/v10/desk", ROUTE_PAGE, 0, 0, 0, "/api/v10/desk"},
    {"GET", "", ROUTE_PAGE, 0, 0, 0, ""},
};

static void test_each(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        check_route(&all[i], all[i].method);
        if (strcmp(all[i].method, "GET") == 0) {
            check_route(&all[i], "HEAD");
        }
    }
}

/* Whether some row of the table has this path with this method. */
static bool is_known(const char *method, const char *path) {
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        if (strcmp(all[i].path, path) == 0 && strcmp(all[i].method, method) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether each of the methods of a list "GET, POST" is known, and there is one. */
static bool are_known(const char *methods, const char *path) {
    char copy[sizeof((struct route *)NULL)->allowed];
    (void)snprintf(copy, sizeof copy, "%s", methods);
    char *rest = NULL;
    for (char *method = strtok_r(copy, ", ", &rest); method != NULL; method = strtok_r(NULL, ", ", &rest)) {
        if (!is_known(method, path)) {
            return false;
        }
    }
    return methods[0] != '\0';
}

static void test_other_methods(void **state) {
    static const char *const methods[] = {"GET",   "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS",
                                          "TRACE", "post", "get",  "",    "GETS",  "CONNECT"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        for (size_t k = 0; k < COUNT_OF(methods); k++) {
            struct route route;
            const char *same = strcmp(methods[k], "HEAD") == 0 ? "GET" : methods[k];
            route_find(methods[k], all[i].path, &route);
            bool is_none = route.kind == ROUTE_NO_METHOD;
            check(is_none == !is_known(same, all[i].path), "%s %s: %d", methods[k], all[i].path, route.kind);
            /* What is said to be allowed is. */
            check(!is_none || are_known(route.allowed, all[i].path), "%s %s", methods[k], all[i].path);
        }
    }
}

/* Whose desk it is about stands in front. */
static void test_exercises(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        struct route route;
        route_find(all[i].method, all[i].path, &route);
        uint32_t expected = strstr(all[i].path, "/exercises/12") != NULL ? 12 : 0;
        check(route.exercise == expected, "%s: %u", all[i].path, route.exercise);
    }
}

/* Whether a list "GET, POST" has a method, and has it once. */
static bool has_once(const char *methods, const char *method) {
    size_t length = strlen(method);
    int count = 0;
    for (const char *rest = methods; rest != NULL; rest = strstr(rest, ", ")) {
        rest += strncmp(rest, ", ", 2) == 0 ? 2 : 0;
        count += strncmp(rest, method, length) == 0 && (rest[length] == '\0' || rest[length] == ',');
    }
    return count == 1;
}

/* A path that takes other methods says all that it takes, each once. */
static void test_allowed(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        struct route route;
        route_find("OPTIONS", all[i].path, &route);
        assert_int_equal(route.kind, ROUTE_NO_METHOD);
        check(has_once(route.allowed, all[i].method), "%s: \"%s\" without %s", all[i].path, route.allowed,
              all[i].method);
    }
    static const char *const several[][2] = {
        {"/api/v1/calls", "GET, POST"},
        {"/api/v1/clock", "GET, POST"},
        {"/api/v1/drafts/call", "PUT, DELETE"},
        {"/api/v1/sessions/current", "GET, DELETE"},
        {"/api/v1/desk", "GET"},
        {"/healthz", "GET"},
    };
    for (size_t i = 0; i < COUNT_OF(several); i++) {
        struct route route;
        route_find("OPTIONS", several[i][0], &route);
        assert_string_equal(route.allowed, several[i][1]);
    }
}

static void test_no_such_path(void **state) {
    static const char *const paths[] = {
        "/api/v1",
        "/api/v1/",
        "/api/v1/nothing",
        "/api/v1/desks",
        "/api/v1/des",
        "/api/v1/desk/",
        "/api/v1//desk",
        "/api/v1/Desk",
        "/api/v1/plans",
        "/api/v1/plans/",
        "/api/v1/sessions/",
        "/api/v1/sessions/other",
        "/api/v1/incidents/",
        "/api/v1/incidents/7/",
        "/api/v1/incidents/7/fact",
        "/api/v1/incidents/7/facts/",
        "/api/v1/incidents/7/facts/1",
        "/api/v1/incidents//facts",
        "/api/v1/incidents/7/claims/correction",
        "/api/v1/incidents/7/claims//correction",
        "/api/v1/calls/incident",
        "/api/v1/calls/1.2/incident",
        "/api/v1/proposals/7/decision",
        "/api/v1/proposals/7./decision",
        "/api/v1/proposals/.7/decision",
        "/api/v1/proposals/7.1.2/decision",
        "/api/v1/proposals/7,1/decision",
        "/api/v1/proposals/7/1/decision",
        "/api/v1/proposals/7.1",
        "/api/v1/duties/7.1/completion/",
        "/api/v1/openapi.jsonx",
        /* an exercise has what is its own, and of the desk's what is no file, no draft, no account and no clock */
        "/api/v1/exercises/",
        "/api/v1/exercises/12/",
        "/api/v1/exercises/x/desk",
        "/api/v1/exercises/12/accounts",
        "/api/v1/exercises/12/tokens",
        "/api/v1/exercises/12/drafts",
        "/api/v1/exercises/12/clock",
        "/api/v1/exercises/12/exercises",
        "/api/v1/exercises/12/exercises/1",
        "/api/v1/exercises/12/exercises/1/desk",
        "/api/v1/exercises/12/offers/playing",
    };
    static const char *const methods[] = {"GET", "POST", "DELETE"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        for (size_t k = 0; k < COUNT_OF(methods); k++) {
            const struct expected none = {methods[k], paths[i], ROUTE_NONE, 0, 0, 0, NULL};
            check_route(&none, methods[k]);
        }
    }
}

/* What is no whole number from 1 to 2^32 - 1 in plain digits is no number, wherever one stands. */
static void test_odd_numbers(void **state) {
    static const char *const numbers[] = {
        "0",
        "00",
        "01",
        "007",
        "-1",
        "+1",
        " 1",
        "1 ",
        "1x",
        "x1",
        "0x1",
        "1e1",
        "1.",
        "1,0",
        "１",
        "一",
        "%31",
        "#",
        "4294967296",
        "4294967297",
        "9999999999",
        "10000000000",
        "99999999999999999999999999",
        "18446744073709551617",
    };
    static const char *const forms[] = {
        "/api/v1/incidents/%s",
        "/api/v1/incidents/%s/facts",
        "/api/v1/incidents/%s/claims/1/correction",
        "/api/v1/incidents/1/claims/%s/correction",
        "/api/v1/calls/%s/incident",
        "/api/v1/proposals/%s.1/decision",
        "/api/v1/proposals/1.%s/decision",
        "/api/v1/duties/%s.1/acknowledgement",
        "/api/v1/duties/1.%s/completion",
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        for (size_t k = 0; k < COUNT_OF(numbers); k++) {
            char path[128];
            const char *mark = strstr(forms[i], "%s");
            (void)snprintf(path, sizeof path, "%.*s%s%s", (int)(mark - forms[i]), forms[i], numbers[k], mark + 2);
            const struct expected none = {"", path, ROUTE_NONE, 0, 0, 0, NULL};
            check_route(&none, i == 0 ? "GET" : "POST");
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each),      cmocka_unit_test(test_other_methods), cmocka_unit_test(test_allowed),
        cmocka_unit_test(test_exercises), cmocka_unit_test(test_no_such_path),  cmocka_unit_test(test_odd_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
