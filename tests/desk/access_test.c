/* Proves: the matrix of docs/desk.md, cell by cell: both as access_may says it and as the desk answers, where whoever may
 * not is told so and nothing is logged. */
#include "desk/access.h"
#include "desk/token.h"

#include "room.h"

#include <string.h>

#define FILE_HASH "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

#define HELD_EXERCISE                                                                                                  \
    "{'exercise': '1', 'title': 't', 'plan': 'p', 'drill': 'd', 'started_by': 'w', 'began_at': 'b', "                  \
    "'from': 'f', 'until': 'u', 'met': '3', 'late': '1', 'missed': '0', 'log': '1:0'}"
#define REMOVED_EXERCISE                                                                                               \
    "{'exercise': '1', 'title': 't', 'plan': 'p', 'drill': 'd', 'started_by': 'w', 'began_at': 'b', "                  \
    "'log': '1:0', 'bytes': '9', 'reason': 'r'}"
#define FILE_NOTE "{'sha256': '" FILE_HASH "', 'bytes': 9, 'type': 'image/png', 'name': '现场.png'}"

/* A document, as a preview and signed off; what was made of it stands in `file`. */
#define DOCUMENT "'form': '书面首报', 'title': '报告', 'body': '火', 'addressees': ['区委']"
#define FILE_MADE "{'sha256': '" FILE_HASH "', 'bytes': 9, 'pages': 1, 'head': '1:ab', 'missing': '', 'fonts': ''}"
#define PREVIEWED "{" DOCUMENT "}"
#define SIGNED "{" DOCUMENT ", 'by': '办公室主任', 'file': " FILE_MADE "}"
#define SIGNED_BY_VOICE                                                                                                \
    "{" DOCUMENT ", 'by': '办公室主任', 'file': " FILE_MADE ", 'spoken': {'who': '主任', 'from': '138'}}"

/* Who asks. */
struct who {
    const char *name, *parties;
    char letter;
    bool administrator, desk;
    unsigned int scope; /* of a machine's token */
};

static const struct who everybody[] = {
    {"nobody", "", 'N', false, false, 0},
    {"desk", "", 'D', false, true, 0},
    {"administrator", "", 'A', true, false, 0},
    {"own", "区委\n区森防指\n区森防办\n办公室主任\n", 'O', false, false, 0}, /* acts for the party that it is about */
    {"other", "区委\n区森\n区森防指x\n", 'T', false, false, 0},              /* acts for another one */
    {"token:reader", "", 'R', false, false, TOKEN_MAY_READ},
    {"token:watcher", "街道\n", 'F', false, false, TOKEN_MAY_FACTS},          /* made for whom facts are reported by */
    {"token:stranger", "区森防指\n街\n", 'G', false, false, TOKEN_MAY_FACTS}, /* made for others */
    {"token:exchange", "", 'C', false, false, TOKEN_MAY_CALLS},
    {"token:wrong", "区森防指\n街道\n", 'X', true, true, 8}, /* whatever else stands in it: its scope alone counts */
};

/* Who may, and who may when it was spoken by telephone and is only recorded. */
struct rule {
    enum desk_action action;
    const char *may, *may_spoken;
};

static const struct rule matrix[] = {
    {DESK_SHOW_DESK, "NDAOTR", "NDAOTR"},
    {DESK_SHOW_PLAN, "NDAOTR", "NDAOTR"},
    {DESK_SHOW_INCIDENT, "NDAOTR", "NDAOTR"},
    {DESK_SHOW_AUDIT, "NDAOTR", "NDAOTR"},
    {DESK_LIST_MOMENTS, "NDAOTR", "NDAOTR"},
    {DESK_EXPORT_RECORD, "NDAOTR", "NDAOTR"},
    {DESK_LIST_QUESTIONS, "NDAOTR", "NDAOTR"},
    {DESK_LIST_CALLS, "NDAOTR", "NDAOTR"},
    {DESK_SHOW_CALL, "NDAOTR", "NDAOTR"},
    {DESK_LIST_OPEN, "NDAOTR", "NDAOTR"},
    {DESK_HEAR_TEXT, "NDAOTR", "NDAOTR"},
    {DESK_LIST_DOCUMENTS, "NDAOTR", "NDAOTR"},
    {DESK_DRAFT_DOCUMENT, "NDAOTR", "NDAOTR"},
    {DESK_PREPARE_DOCUMENT, "DOT", "DOT"},
    {DESK_SIGN_DOCUMENT, "O", "DO"},
    {DESK_SUBMIT_TEXT, "DO", "DO"},
    {DESK_RETURN_TEXT, "O", "O"},
    {DESK_DISPATCH_DOCUMENT, "DO", "DO"},
    {DESK_LIST_LIKELY, "NDAOTR", "NDAOTR"},
    {DESK_LIST_NOTICES, "NDAOTR", "NDAOTR"},
    {DESK_LIST_OPEN, "NDAOTR", "NDAOTR"},
    {DESK_SEARCH, "NDAOTR", "NDAOTR"},
    {DESK_LIST_SHIFTS, "NDAOTR", "NDAOTR"},
    {DESK_SHOW_HANDOVER, "NDAOTR", "NDAOTR"},
    {DESK_LIST_DELEGATIONS, "NDAOTR", "NDAOTR"},
    {DESK_DELEGATE, "O", "O"},
    {DESK_CORRECT_PHONE, "DA", "DA"},
    {DESK_WITHDRAW_DELEGATION, "AO", "AO"},
    {DESK_SET_SHIFT, "DA", "DA"},
    {DESK_WITHDRAW_SHIFT, "DA", "DA"},
    {DESK_NOTE_HANDOVER, "D", "D"},
    {DESK_ACCEPT_SHIFT, "D", "D"},
    {DESK_SHOW_OWN, "NDAOTR", "NDAOTR"},
    {DESK_SHOW_ATTACHMENT, "", ""}, /* of a file that there is: test_files */
    {DESK_NOTE_ATTACHMENT, "DOT", "DOT"},
    {DESK_NOTE_CONTACT, "D", "D"},
    {DESK_MERGE_INCIDENT, "D", "D"},
    {DESK_NOTE_EXERCISE, "DA", "DA"},
    {DESK_NOTE_EXERCISE_REMOVAL, "A", "A"},
    {DESK_SPLIT_INCIDENT, "D", "D"},
    {DESK_REOPEN_INCIDENT, "D", "D"},
    {DESK_SETTLE_ORDER, "O", "O"},
    {DESK_SET_CLOCK, "DA", "DA"},
    {DESK_NOTE_ACCOUNT, "A", "A"},
    {DESK_NOTE_ACCOUNT_CHANGE, "A", "A"},
    {DESK_NOTE_TOKEN, "A", "A"},
    {DESK_NOTE_TOKEN_END, "A", "A"},
    {DESK_NOTE_FACTOR_RULE, "A", "A"},
    {DESK_SAVE_CALL, "DC", "DC"},
    {DESK_LINK_CALL, "D", "D"},
    {DESK_OPEN_INCIDENT, "D", "D"},
    {DESK_REPORT_FACTS, "DF", "DF"},
    {DESK_CORRECT_CLAIM, "D", "D"},
    {DESK_BIND_ROLE, "D", "D"},
    {DESK_SET_PLACE, "D", "D"},
    {DESK_NOTE_FORCE, "DO", "DO"},
    {DESK_GIVE_ORDER, "O", "DO"},
    {DESK_CLOSE_INCIDENT, "D", "D"},
    {DESK_DECIDE_PROPOSAL, "O", "DO"},
    {DESK_ACKNOWLEDGE_DUTY, "DO", "DO"},
    {DESK_COMPLETE_DUTY, "DO", "DO"},
};

static struct account make_account(const struct who *who) {
    struct account account = room_account(who->name, who->administrator, who->desk, who->parties);
    account.scope = who->scope;
    return account;
}

static void test_whole(void **state) {
    bool seen[DESK_ACTIONS] = {false};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(matrix); i++) {
        seen[matrix[i].action] = true;
    }
    for (int i = 0; i < DESK_ACTIONS; i++) {
        check(seen[i], "action %d has no row", i);
    }
}

static void test_may(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(matrix); i++) {
        for (size_t k = 0; k < COUNT_OF(everybody); k++) {
            for (int spoken = 0; spoken < 2; spoken++) {
                struct account account = make_account(&everybody[k]);
                /* Facts are about who says them. */
                struct text party = matrix[i].action == DESK_REPORT_FACTS ? TEXT("街道") : TEXT("区森防指");
                const struct access_case about = {.party = party, .spoken = spoken == 1, .source = TEXT("街道")};
                const struct access_case also = {
                    .party = TEXT("队伍"), .also = party, .spoken = spoken == 1, .source = TEXT("街道")};
                bool may = strchr(spoken == 1 ? matrix[i].may_spoken : matrix[i].may, everybody[k].letter) != NULL;
                check(access_may(&account, matrix[i].action, &about) == may, "action %d, %s, spoken %d",
                      matrix[i].action, everybody[k].name, spoken);
                check(access_may(&account, matrix[i].action, &also) == may, "action %d, %s, spoken %d, also",
                      matrix[i].action, everybody[k].name, spoken);
            }
        }
    }
}

/* Where there is no party nobody acts for it, not even an account whose parties have an empty line. */
static void test_no_party(void **state) {
    static const char *const parties[] = {"", "\n", "区森防指\n\n", "区森防指\n"};
    static const enum desk_action actions[] = {DESK_GIVE_ORDER, DESK_DECIDE_PROPOSAL, DESK_ACKNOWLEDGE_DUTY,
                                               DESK_COMPLETE_DUTY};
    static const struct access_case none = {0};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(parties); i++) {
        for (size_t k = 0; k < COUNT_OF(actions); k++) {
            struct account account = room_account("own", true, false, parties[i]);
            check(!access_may(&account, actions[k], &none), "\"%s\", action %d", parties[i], actions[k]);
        }
    }
}

/* ---- as the desk answers ---------------------------------------------------------------------------------- */

/* A call, a forest fire that is to be ordered to Ⅳ级 by 区森防指 (proposal 2.1), and a duty of 区森防办. */
static void begin(struct room *room) {
    room_open(room, NULL);
    room_adopt(room, ROOM_FOREST);
    (void)room_expect(room, DESK_CREATED,
                      &(struct room_request){.action = DESK_SAVE_CALL, .body = "{'text': '山上有烟'}"});
    (void)room_expect(room, DESK_CREATED,
                      &(struct room_request){.action = DESK_OPEN_INCIDENT,
                                             .body = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '歌乐山'}"});
    (void)room_expect(room, DESK_CREATED,
                      &(struct room_request){.action = DESK_REPORT_FACTS,
                                             .incident = 2,
                                             .body = "{'source': '街道', 'facts': {'火情性质': '森林火灾', '发生地': "
                                                     "'本区', '火势失控': true}}"});
}

/* A request of each kind that is taken from whoever may. */
static struct room_request make_request(enum desk_action action, bool spoken, uint32_t duty) {
    static const char *const bodies[DESK_ACTIONS] = {
        [DESK_SET_CLOCK] = "{'state': 'stepped', 'wall': '2022-08-20T07:00:00Z', 'time': '2022-08-20T06:00:00Z'}",
        [DESK_CORRECT_PHONE] = "{'plan': '森林火灾', 'party': '区委', 'number': '65000001'}",
        [DESK_DELEGATE] = "{'party': '区森防指', 'to': 'sun', 'until': '2022-08-21T06:00:00Z', 'reason': '出差'}",
        [DESK_WITHDRAW_DELEGATION] = "{'reason': '回来了'}",
        [DESK_SET_SHIFT] = "{'from': '2022-08-21T06:00:00Z', 'until': '2022-08-21T14:00:00Z', 'main': {'name': '周'}}",
        [DESK_WITHDRAW_SHIFT] = "{'reason': '换班'}",
        [DESK_NOTE_HANDOVER] = "{'notes': '看着水位'}",
        [DESK_ACCEPT_SHIFT] = "{'seen': 1}",
        [DESK_HEAR_TEXT] = "{'text': '一人被困'}",
        [DESK_NOTE_CONTACT] = "{'answer': 'reached', 'spoken_with': '小李'}",
        [DESK_NOTE_ATTACHMENT] = (FILE_NOTE),
        [DESK_NOTE_ACCOUNT] = "{'name': 'li', 'display_name': '李', 'desk': true, 'parties': ['区委']}",
        [DESK_NOTE_ACCOUNT_CHANGE] = "{'name': 'li', 'display_name': '李', 'desk': false, 'closed': true}",
        [DESK_NOTE_TOKEN] = "{'name': 'camera', 'display_name': '瞭望', 'scope': ['facts'], 'parties': ['街道']}",
        [DESK_NOTE_TOKEN_END] = "{'name': 'camera'}",
        [DESK_NOTE_FACTOR_RULE] = "{'account': 'li', 'required': true}",
        [DESK_NOTE_EXERCISE] = (HELD_EXERCISE),
        [DESK_NOTE_EXERCISE_REMOVAL] = (REMOVED_EXERCISE),
        [DESK_SAVE_CALL] = "{'text': '又一个电话'}",
        [DESK_LINK_CALL] = "{'incident': 2}",
        [DESK_OPEN_INCIDENT] = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '又一处', 'call': 1}",
        [DESK_REPORT_FACTS] = "{'source': '街道', 'facts': {'死亡': 0, '被困': 1}}",
        [DESK_CORRECT_CLAIM] = "{'source': '街道', 'value': '误报'}",
        [DESK_BIND_ROLE] = "{'role': '属地镇街', 'unit': '歌乐山街道'}",
        [DESK_SET_PLACE] = "{'place': '歌乐山三百梯'}",
        [DESK_NOTE_FORCE] = "{'party': '区森防指', 'step': 'coming', 'people': 12}",
        [DESK_GIVE_ORDER] = "{'scale': '响应', 'level': 'Ⅳ级', 'by': '区森防指'}",
        [DESK_SETTLE_ORDER] = "{'outcome': 'confirmed'}",
        [DESK_PREPARE_DOCUMENT] = (PREVIEWED),
        [DESK_SIGN_DOCUMENT] = (SIGNED),
        [DESK_SUBMIT_TEXT] = (PREVIEWED),
        [DESK_RETURN_TEXT] = "{'by': '办公室主任', 'reason': '过火面积再核'}",
        [DESK_DISPATCH_DOCUMENT] = "{'form': '首报电话稿', 'party': '区委', 'way': 'phone', 'spoken_with': '委办'}",
        [DESK_MERGE_INCIDENT] = "{'into': 3, 'reason': '同一场火'}",
        [DESK_SPLIT_INCIDENT] = "{'reason': '不是同一场火'}",
        [DESK_REOPEN_INCIDENT] = "{'reason': '复燃'}",
        [DESK_CLOSE_INCIDENT] = "{'reason': '练习', 'lapse': true}",
        [DESK_DECIDE_PROPOSAL] = "{'decision': 'accept', 'by': '区森防指'}",
        [DESK_ACKNOWLEDGE_DUTY] = "{'spoken': {'who': '小李', 'from': '138'}}",
        [DESK_COMPLETE_DUTY] = "{'outcome': 'done', 'proof': '电话记录'}",
    };
    static const char *const spoken_bodies[DESK_ACTIONS] = {
        [DESK_SIGN_DOCUMENT] = (SIGNED_BY_VOICE),
        [DESK_GIVE_ORDER] =
            "{'scale': '响应', 'level': 'Ⅳ级', 'by': '区森防指', 'spoken': {'who': '指挥', 'from': '138'}}",
        [DESK_DECIDE_PROPOSAL] = "{'decision': 'accept', 'by': '区森防指', 'spoken': {'who': '指挥', 'from': '138'}}",
    };
    struct room_request request = {.action = action, .incident = 2, .item = 1, .plan = "森林火灾", .query = "歌"};
    request.plan = action == DESK_LIST_OPEN ? "calls" : request.plan;
    request.item = action == DESK_ACKNOWLEDGE_DUTY || action == DESK_COMPLETE_DUTY ? duty
                   : action == DESK_WITHDRAW_SHIFT || action == DESK_ACCEPT_SHIFT  ? 2
                   : action == DESK_SET_SHIFT                                      ? 0
                                                                                   : 1;
    request.plan = action == DESK_DRAFT_DOCUMENT ? "书面首报" : action == DESK_LIST_OPEN ? "calls" : request.plan;
    request.body = spoken && spoken_bodies[action] != NULL ? spoken_bodies[action] : bodies[action];
    return request;
}

/* 区森防指 lets the account sun act for it from 07:00Z to 09:00Z. */
static void delegate(struct room *room) {
    room->account = room_account("head", false, false, "区森防指\n");
    (void)room_expect(room, DESK_CREATED,
                      &(struct room_request){.action = DESK_DELEGATE,
                                             .body =
                                                 "{'party': '区森防指', 'to': 'sun', 'from': '2022-08-20T07:00:00Z', "
                                                 "'until': '2022-08-20T09:00:00Z', 'reason': '出差'}"});
}

/* Two shifts: the first is on duty and has written what it leaves. */
static void set_roster(struct room *room) {
    static const char *const shifts[] = {
        "{'from': '2022-08-20T00:00:00Z', 'until': '2022-08-20T08:00:00Z', 'main': {'name': '王'}}",
        "{'from': '2022-08-20T08:00:00Z', 'until': '2022-08-20T16:00:00Z', 'main': {'name': '李'}}"};
    room->account = room_account("desk", false, true, "");
    for (size_t i = 0; i < COUNT_OF(shifts); i++) {
        (void)room_expect(room, DESK_CREATED, &(struct room_request){.action = DESK_SET_SHIFT, .body = shifts[i]});
    }
    (void)room_expect(room, DESK_CREATED,
                      &(struct room_request){.action = DESK_NOTE_HANDOVER, .item = 1, .body = "{'notes': '一切正常'}"});
}

/* All that must be there before the action can be asked for; returns the request for it. */
static struct room_request prepare(struct room *room, const struct rule *rule, bool spoken) {
    begin(room);
    const json_t *duties = json_object_get(room_show(room, 2), "duties");
    const json_t *duty = room_find(duties, "name", "电话报告");
    assert_non_null(duty);
    assert_string_equal(room_text(duty, "bearer"), "区森防办");
    struct room_request request = make_request(rule->action, spoken, room_item(duty));
    if (rule->action == DESK_MERGE_INCIDENT ||
        rule->action == DESK_SPLIT_INCIDENT) { /* there must be another incident */
        struct room_request other = make_request(DESK_OPEN_INCIDENT, false, 0);
        struct room_request merge = make_request(DESK_MERGE_INCIDENT, false, 0);
        room->account = room_account("desk", false, true, "");
        (void)room_expect(room, DESK_CREATED, &other);
        if (rule->action == DESK_SPLIT_INCIDENT) {
            (void)room_expect(room, DESK_CREATED, &merge);
        }
    }
    if (rule->action == DESK_REOPEN_INCIDENT) {
        struct room_request close = make_request(DESK_CLOSE_INCIDENT, false, 0);
        room->account = room_account("desk", false, true, "");
        (void)room_expect(room, DESK_CREATED, &close);
    }
    if (rule->action == DESK_WITHDRAW_DELEGATION) {
        delegate(room);
    }
    if (rule->action == DESK_WITHDRAW_SHIFT || rule->action == DESK_NOTE_HANDOVER ||
        rule->action == DESK_ACCEPT_SHIFT) {
        set_roster(room);
    }
    if (rule->action == DESK_RETURN_TEXT) { /* a text must have been handed over */
        struct room_request text = make_request(DESK_SUBMIT_TEXT, false, 0);
        room->account = room_account("desk", false, true, "");
        request.item =
            (uint32_t)json_integer_value(json_object_get(room_expect(room, DESK_CREATED, &text), "sequence"));
    }
    if (rule->action == DESK_SETTLE_ORDER) { /* there must be a spoken order first */
        struct room_request order = make_request(DESK_GIVE_ORDER, true, 0);
        room->account = room_account("desk", false, true, "");
        request.item =
            (uint32_t)json_integer_value(json_object_get(room_expect(room, DESK_CREATED, &order), "sequence"));
    }
    return request;
}

#define NOTED "DO"

/* Tells whether the request was taken, so that the room is no longer as it was prepared. */
static bool check_cell(struct room *room, const struct room_request *request, const struct rule *rule,
                       const struct who *who, bool spoken) {
    bool may = strchr(spoken ? rule->may_spoken : rule->may, who->letter) != NULL;
    int64_t count = desk_event_count(room->desk);
    room->account = make_account(who);
    enum desk_outcome outcome = room_ask(room, request);
    bool is_read = request->body == NULL || rule->action == DESK_HEAR_TEXT || rule->action == DESK_PREPARE_DOCUMENT;
    enum desk_outcome expected = !may ? DESK_FORBIDDEN : is_read ? DESK_OK : DESK_CREATED;
    check(outcome == expected, "action %d, %s, spoken %d: outcome %d: %s: %s", rule->action, who->name, spoken, outcome,
          room->reply.failure.field, room->reply.failure.message);
    assert_int_equal(room->reply.failure.set, !may);
    assert_int_equal(room->reply.body != NULL, may);
    /* Who looks back at what is personal is noted: the duty room, and who owes a duty there. */
    bool is_noted =
        (rule->action == DESK_SHOW_AUDIT || rule->action == DESK_EXPORT_RECORD) && strchr(NOTED, who->letter) != NULL;
    check((desk_event_count(room->desk) > count) == ((may && !is_read) || is_noted), "action %d, %s, spoken %d",
          rule->action, who->name, spoken);
    return (may && !is_read) || is_noted;
}

/* A room serves until a request is taken in it: what is refused changes nothing, which check_cell proves. */
static void check_row(const struct rule *rule, bool spoken) {
    struct room room;
    struct room_request request;
    bool is_used = true;
    for (size_t k = 0; k < COUNT_OF(everybody); k++) {
        if (is_used) {
            request = prepare(&room, rule, spoken);
        }
        is_used = check_cell(&room, &request, rule, &everybody[k], spoken);
        if (is_used) {
            room_close(&room);
        }
    }
    if (!is_used) {
        room_close(&room);
    }
}

static void test_answered(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(matrix); i++) {
        check_row(&matrix[i], false);
        check_row(&matrix[i], true);
    }
}

/* A party has several names; whoever acts for it under one of them acts for it. */
static void test_other_names(void **state) {
    struct room room;
    (void)state;
    begin(&room);
    const json_t *duties = json_object_get(room_show(&room, 2), "duties");
    struct room_request request =
        make_request(DESK_ACKNOWLEDGE_DUTY, false, room_item(room_find(duties, "name", "电话报告")));
    room.account = room_account("office", false, false, "区森林防灭火指挥部\n");
    (void)room_expect(&room, DESK_FORBIDDEN, &request);
    room.account = room_account("office", false, false, "区森林防灭火指挥部办公室\n");
    (void)room_expect(&room, DESK_CREATED, &request);
    request = make_request(DESK_DECIDE_PROPOSAL, false, 0);
    (void)room_expect(&room, DESK_FORBIDDEN, &request);
    room.account = room_account("command", false, false, "区森林防灭火指挥部\n");
    (void)room_expect(&room, DESK_CREATED, &request);
    room_close(&room);
}

/* Facts are reported in the name of a party that one acts for, under whichever of its names, or in one's own; by the duty
 * room in whosever. */
static void test_sources(void **state) {
    static const struct {
        const char *source;
        enum desk_outcome by_office, by_stranger, by_room;
    } cases[] = {
        {"区森防办", DESK_CREATED, DESK_FORBIDDEN, DESK_CREATED},
        {"区森林防灭火指挥部办公室", DESK_CREATED, DESK_FORBIDDEN, DESK_CREATED},
        {"office", DESK_CREATED, DESK_FORBIDDEN, DESK_CREATED},
        {"区森防指", DESK_FORBIDDEN, DESK_FORBIDDEN, DESK_CREATED},
        {"村民", DESK_FORBIDDEN, DESK_FORBIDDEN, DESK_CREATED},
        {"stranger", DESK_FORBIDDEN, DESK_FORBIDDEN, DESK_CREATED},
    };
    struct room room;
    (void)state;
    begin(&room);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char body[200];
        (void)snprintf(body, sizeof body, "{'source': '%s', 'facts': {'死亡': 0}}", cases[i].source);
        const struct room_request request = {.action = DESK_REPORT_FACTS, .incident = 2, .body = body};
        room.account = room_account("office", false, false, "区森林防灭火指挥部办公室\n");
        (void)room_expect(&room, cases[i].by_office, &request);
        room.account = room_account("stranger", false, false, "");
        (void)room_expect(&room, cases[i].by_stranger, &request);
        room.account = room_account("room", false, true, "");
        (void)room_expect(&room, cases[i].by_room, &request);
    }
    room_close(&room);
}

/* Acting for an office gives no right to order what the plan does not let it order. */
static void test_plan_decides(void **state) {
    struct room room;
    (void)state;
    begin(&room);
    int64_t count = desk_event_count(room.desk);
    room.account = room_account("office", false, true, "区森防办\n");
    (void)room_expect(&room, DESK_REFUSED,
                      &(struct room_request){.action = DESK_DECIDE_PROPOSAL,
                                             .incident = 2,
                                             .item = 1,
                                             .body = "{'decision': 'accept', 'by': '区森防办'}"});
    (void)room_expect(&room, DESK_REFUSED,
                      &(struct room_request){.action = DESK_GIVE_ORDER,
                                             .incident = 2,
                                             .body = "{'scale': '响应', 'level': 'Ⅳ级', 'by': '区森防办'}"});
    assert_int_equal(desk_event_count(room.desk), count);
    room_close(&room);
}

/* Each cell of the column "acts for the party" holds by delegation too, while it is in force: but what is delegated is not
 * delegated on. The duty room's own rights do not come with it. */
static void check_delegated(struct room *room, int64_t at, bool is_in_force) {
    for (size_t i = 0; i < COUNT_OF(matrix); i++) {
        bool is_own_right = matrix[i].action == DESK_DELEGATE || matrix[i].action == DESK_WITHDRAW_DELEGATION;
        bool is_open = strchr(matrix[i].may, 'N') != NULL;
        bool may = is_open || (is_in_force && !is_own_right && strchr(matrix[i].may, 'O') != NULL);
        bool is_asked = !is_open && !is_own_right && matrix[i].action != DESK_SETTLE_ORDER &&
                        matrix[i].action != DESK_ACKNOWLEDGE_DUTY && matrix[i].action != DESK_COMPLETE_DUTY &&
                        matrix[i].action != DESK_SIGN_DOCUMENT && matrix[i].action != DESK_DISPATCH_DOCUMENT &&
                        matrix[i].action != DESK_SUBMIT_TEXT && matrix[i].action != DESK_RETURN_TEXT;
        struct room_request request = make_request(matrix[i].action, false, 1);
        room->at = at;
        room->account = room_account("sun", false, false, "");
        if (is_asked) { /* the first of the matrix that is taken changes what the others meet; refused is refused */
            check((room_ask(room, &request) != DESK_FORBIDDEN) == may, "action %d at %+d minutes", matrix[i].action,
                  (int)((at - ROOM_START) / ROOM_MINUTE));
        }
    }
}

static void test_delegated(void **state) {
    struct room room;
    (void)state;
    begin(&room);
    delegate(&room);
    check_delegated(&room, ROOM_START + 60 * ROOM_MINUTE - 1, false);
    check_delegated(&room, ROOM_START + 60 * ROOM_MINUTE, true);
    check_delegated(&room, ROOM_START + 180 * ROOM_MINUTE - 1, true);
    check_delegated(&room, ROOM_START + 180 * ROOM_MINUTE, false);
    room_close(&room);
}

/* Withdrawn it ends at once; nobody delegates what is not his, nor backwards in time. (What the log says of it: tests/serve/shifts.) */
static void test_delegation(void **state) {
    struct room room;
    (void)state;
    begin(&room);
    static const struct {
        const char *body, *field;
    } bad[] = {
        {"{'party': '区森防指', 'to': 'head', 'until': '2022-08-20T09:00:00Z', 'reason': 'x'}", "to"},
        {"{'party': '区森防指', 'to': 'sun', 'until': '2022-08-20T05:00:00Z', 'reason': 'x'}", "until"},
        {"{'party': '区森防指', 'to': 'sun', 'until': '2023-09-20T05:00:00Z', 'reason': 'x'}", "until"},
        {"{'party': '区森防指', 'to': 'sun', 'from': '2022-08-20T05:00:00Z', 'until': '2022-08-20T09:00:00Z', "
         "'reason': 'x'}",
         "from"},
        {"{'party': '区森防指', 'to': 'sun', 'until': '2022-08-20T09:00:00Z'}", "reason"},
    };
    room.account = room_account("head", false, false, "区森防指\n");
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        (void)room_expect(&room, DESK_REFUSED, &(struct room_request){.action = DESK_DELEGATE, .body = bad[i].body});
        assert_string_equal(room.reply.failure.field, bad[i].field);
    }
    (void)room_expect(&room, DESK_FORBIDDEN,
                      &(struct room_request){.action = DESK_DELEGATE,
                                             .body = "{'party': '区委', 'to': 'sun', 'until': "
                                                     "'2022-08-20T09:00:00Z', 'reason': 'x'}"});
    delegate(&room);
    room.at += 90 * ROOM_MINUTE;
    room.account = room_account("sun", false, false, "");
    struct room_request decide = make_request(DESK_DECIDE_PROPOSAL, false, 0);
    (void)room_expect(&room, DESK_CREATED, &decide);
    (void)room_expect(&room, DESK_FORBIDDEN,
                      &(struct room_request){.action = DESK_DELEGATE,
                                             .body = "{'party': '区森防指', 'to': 'zhou', 'until': "
                                                     "'2022-08-20T09:00:00Z', 'reason': 'x'}"});
    struct room_request withdraw = make_request(DESK_WITHDRAW_DELEGATION, false, 0);
    (void)room_expect(&room, DESK_FORBIDDEN, &withdraw);
    room.account = room_account("head", false, false, "区森防指\n");
    (void)room_expect(&room, DESK_CREATED, &withdraw);
    (void)room_expect(&room, DESK_CONFLICT, &withdraw);
    room.account = room_account("sun", false, false, "");
    struct room_request raise = make_request(DESK_GIVE_ORDER, false, 0);
    (void)room_expect(&room, DESK_FORBIDDEN, &raise);
    room_close(&room);
}

static enum desk_outcome look_at_file(struct room *room, const struct who *who) {
    room->account = make_account(who);
    return room_ask(room, &(struct room_request){.action = DESK_SHOW_ATTACHMENT, .plan = FILE_HASH});
}

/* A file is its sender's until it proves something; from then on all may see it who may see the incident. Nobody else names
 * it as his proof before. */
static void test_files(void **state) {
    static const char naming[] = "{'outcome': 'done', 'attachments': ['" FILE_HASH "']}";
    struct room room;
    (void)state;
    begin(&room);
    uint32_t duty = room_item(room_find(json_object_get(room_show(&room, 2), "duties"), "name", "电话报告"));
    const struct room_request complete = {.action = DESK_COMPLETE_DUTY, .incident = 2, .item = duty, .body = naming};
    const struct room_request note = make_request(DESK_NOTE_ATTACHMENT, false, 0);
    room.account = make_account(&everybody[3]);
    (void)room_expect(&room, DESK_REFUSED, &complete);
    assert_string_equal(room.reply.failure.field, "attachments");
    (void)room_write(&room, &note);
    for (size_t i = 0; i < COUNT_OF(everybody); i++) {
        assert_int_equal(look_at_file(&room, &everybody[i]), everybody[i].letter == 'O' ? DESK_OK : DESK_FORBIDDEN);
    }
    room.account = make_account(&everybody[1]);
    (void)room_expect(&room, DESK_REFUSED, &complete);
    room.account = make_account(&everybody[3]);
    (void)room_write(&room, &complete);
    for (size_t i = 0; i < COUNT_OF(everybody); i++) {
        assert_int_equal(look_at_file(&room, &everybody[i]), everybody[i].scope == 0 ? DESK_OK : DESK_FORBIDDEN);
    }
    room_close(&room);
}

/* What the plan wants proof of is not done without a word and without a file; what it says nothing of is. */
static void test_proof(void **state) {
    struct room room;
    (void)state;
    begin(&room);
    uint32_t duty = room_item(room_find(json_object_get(room_show(&room, 2), "duties"), "name", "电话报告"));
    struct room_request request = {
        .action = DESK_COMPLETE_DUTY, .incident = 2, .item = duty, .body = "{'outcome': 'done'}"};
    (void)room_expect(&room, DESK_REFUSED, &request);
    assert_string_equal(room.reply.failure.field, "proof");
    request.body = "{'outcome': 'done', 'proof': ' 　', 'attachments': []}";
    (void)room_expect(&room, DESK_REFUSED, &request);
    request.body = "{'outcome': 'done', 'proof': '电话记录'}";
    (void)room_write(&room, &request);
    room_close(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),        cmocka_unit_test(test_may),         cmocka_unit_test(test_no_party),
        cmocka_unit_test(test_answered),     cmocka_unit_test(test_other_names), cmocka_unit_test(test_sources),
        cmocka_unit_test(test_plan_decides), cmocka_unit_test(test_delegated),   cmocka_unit_test(test_delegation),
        cmocka_unit_test(test_files),        cmocka_unit_test(test_proof),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
