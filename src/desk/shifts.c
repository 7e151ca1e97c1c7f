/* The roster, and the hand-over from one shift to the next: set, noted, accepted, shown. */
#include "desk/open.h"
#include "desk/roster.h"
#include "desk/view.h"

#include "base/calendar.h"

#include <inttypes.h>
#include <stdio.h>

#define SHIFT_TAG 's'
#define NOTES_TAG 'n'
#define SHIFTS_LISTED 200U
#define HANDOVERS_LISTED 100U
#define NUMBERS_LISTED 500U                        /* of a kind, of each of them: the log has all */
#define SHIFT_LONGEST_US (7 * CALENDAR_US_PER_DAY) /* longer is a slip of the pen */

/* ---- shown ------------------------------------------------------------------------------------------------ */

static json_t *describe_person(const struct roster_person *person) {
    return person->name.length == 0 ? json_null()
                                    : json_pack("{s:o, s:o, s:o}", "name", view_text(person->name), "phone",
                                                view_text(person->phone), "account", view_some_text(person->account));
}

static json_t *make_tag(char kind, int64_t sequence) {
    char tag[TURN_TAG_ROOM];
    turn_make_tag(kind, sequence, tag);
    return json_string(tag);
}

static json_t *describe_shift(const struct roster_shift *shift) {
    if (shift == NULL) {
        return json_null();
    }
    json_t *json = json_object();
    view_set(json, "number", json_integer(shift->number));
    view_set(json, "from", view_instant(shift->from));
    view_set(json, "until", view_instant(shift->until));
    for (int post = 0; post < ROSTER_POSTS; post++) {
        view_set(json, roster_post_names[post], describe_person(&shift->posts[post]));
    }
    view_set(json, "set_by", view_text(shift->set_by));
    view_set(json, "set_at", view_instant(shift->set_at));
    view_set(json, "withdrawn", json_boolean(shift->is_withdrawn));
    view_set(json, "taken_at", shift->is_taken ? view_instant(shift->taken_at) : json_null());
    view_set(json, "taken_by", view_some_text(shift->taken_by));
    view_set(json, "notes", view_text(shift->notes));
    view_set(json, "notes_by", view_some_text(shift->notes_by));
    view_set(json, "notes_at", shift->notes_by.length == 0 ? json_null() : view_instant(shift->notes_at));
    view_set(json, "tag", make_tag(SHIFT_TAG, shift->set_sequence));
    view_set(json, "notes_tag", make_tag(NOTES_TAG, shift->notes_sequence));
    return json;
}

/* The shift that is to accept: the one on duty, else the next that has not ended. NULL where the roster has none. */
static const struct roster_shift *find_incoming(const struct roster *roster, int64_t at) {
    const struct roster_shift *next = roster_responsible(roster, at);
    if (next == NULL) {
        return NULL;
    }
    do {
        next = roster_next(roster, next);
    } while (next != NULL && next->until <= at);
    return next;
}

json_t *desk_describe_duty_room(const struct desk *desk, int64_t at) {
    const struct roster *roster = desk->roster;
    int64_t change = roster_next_change(roster, at);
    int64_t lapse = delegations_next_change(desk->delegations, at);
    json_t *json = json_object();
    view_set(json, "on_duty", describe_shift(roster_on_duty(roster, at)));
    view_set(json, "responsible", describe_shift(roster_responsible(roster, at)));
    view_set(json, "incoming", describe_shift(find_incoming(roster, at)));
    view_set(json, "overdue_since", view_some_instant(roster_overdue_since(roster, at)));
    view_set(json, "empty_since", view_some_instant(roster_empty_since(roster, at)));
    view_set(json, "changes_at", view_some_instant(change < lapse ? change : lapse));
    return json;
}

#define HANDED (1U << OPEN_INCIDENTS | 1U << OPEN_CLOCKS | 1U << OPEN_CALLS | 1U << OPEN_NOTICES | 1U << OPEN_SPOKEN)

bool desk_show_handover(struct turn *turn) {
    struct open_matters open;
    if (!open_gather(turn, HANDED, OPEN_HANDED, &open)) {
        open_release(&open);
        return turn_refuse(turn, DESK_UNAVAILABLE, "memory is exhausted", "内存不足");
    }
    json_t *body = json_object();
    view_set(body, "sequence", json_integer((json_int_t)session_event_count(turn->desk->session)));
    view_set(body, "duty_room", desk_describe_duty_room(turn->desk, turn->request->at));
    open_set(turn, &open, HANDED, body);
    open_release(&open);
    turn->reply->body = body;
    return body != NULL;
}

/* Sets what was handed over of a kind, by its numbers, which stand between blanks: the first ones, and how many there are. */
static void set_numbers(json_t *handover, json_t *totals, const char *kind, struct text joined) {
    json_t *list = json_array();
    json_int_t count = 0;
    size_t from = 0;
    for (size_t i = 0; i <= joined.length; i++) {
        if (i == joined.length || joined.bytes[i] == ' ') {
            count += i > from;
            if (i > from && count <= (json_int_t)NUMBERS_LISTED) {
                view_add(list, view_text((struct text){joined.bytes + from, i - from}));
            }
            from = i + 1;
        }
    }
    view_set(handover, kind, list);
    view_set(totals, kind, json_integer(count));
}

static json_t *describe_handover(const struct roster *roster, const struct roster_handover *handover) {
    json_t *json = json_object();
    view_set(json, "sequence", json_integer((json_int_t)handover->sequence));
    view_set(json, "at", view_instant(handover->at));
    view_set(json, "from", describe_shift(roster_find(roster, handover->from)));
    view_set(json, "to", describe_shift(roster_find(roster, handover->to)));
    view_set(json, "accepted_by", view_text(handover->by));
    view_set(json, "notes", view_text(handover->notes));
    view_set(json, "notes_by", view_some_text(handover->notes_by));
    json_t *totals = json_object();
    set_numbers(json, totals, "incidents", handover->incidents);
    set_numbers(json, totals, "clocks", handover->clocks);
    set_numbers(json, totals, "calls", handover->calls);
    set_numbers(json, totals, "notices", handover->notices);
    set_numbers(json, totals, "spoken", handover->spoken);
    view_set(json, "totals", totals);
    return json;
}

bool desk_list_shifts(struct turn *turn) {
    const struct roster *roster = turn->desk->roster;
    json_t *shifts = json_array();
    json_t *handovers = json_array();
    for (uint32_t number = roster_count(roster); number >= 1 && json_array_size(shifts) < SHIFTS_LISTED; number--) {
        view_add(shifts, describe_shift(roster_find(roster, number)));
    }
    for (size_t i = roster_handover_count(roster); i >= 1 && json_array_size(handovers) < HANDOVERS_LISTED; i--) {
        view_add(handovers, describe_handover(roster, roster_find_handover(roster, i - 1)));
    }
    turn->reply->body = json_pack("{s:o, s:o}", "shifts", shifts, "handovers", handovers);
    return turn->reply->body != NULL;
}

/* ---- the roster is set ------------------------------------------------------------------------------------ */

/* An account that is named must be there: with a name that nobody signs in under nobody could accept. */
bool turn_find_account(struct turn *turn, const char *field, struct text name) {
    struct account_book *accounts = turn->request->accounts;
    if (name.length == 0 || accounts == NULL || account_book_has_account(accounts, name)) {
        return true;
    }
    (void)failure_say_field(&turn->reply->failure, field, "there is no account \"%.*s\"", "没有“%.*s”这个账号",
                            TEXT_PRINT(text_cut(name, 100)));
    return turn_refuse_as_set(turn, DESK_REFUSED);
}

static bool read_person(struct turn *turn, const json_t *body, const char *post, struct roster_person *person) {
    struct form form;
    struct failure inner = {.chinese = turn->request->chinese};
    char field[32];
    if (body == NULL || json_is_null(body)) {
        return true;
    }
    form_begin(&form, body, &inner);
    person->name = form_text(&form, "name", true, 200);
    person->phone = form_text(&form, "phone", false, 100);
    person->account = form_text(&form, "account", false, ACCOUNT_NAME_ROOM);
    (void)snprintf(field, sizeof field, "%s.account", post);
    if (form_end(&form)) {
        return turn_find_account(turn, field, person->account);
    }
    (void)snprintf(field, sizeof field, "%s%s%.16s", post, inner.field[0] == '\0' ? "" : ".", inner.field);
    (void)failure_say_field(&turn->reply->failure, field, "%s", "%s", inner.message);
    return turn_refuse_as_set(turn, DESK_REFUSED);
}

static bool check_period(struct turn *turn, int64_t from, int64_t until) {
    struct failure *failure = &turn->reply->failure;
    const struct roster_shift *other = roster_find_overlap(turn->desk->roster, from, until, turn->request->item);
    if (until <= from || until - from > SHIFT_LONGEST_US) {
        (void)failure_say_field(failure, "until", "must lie behind the shift's beginning, by at most seven days",
                                "须晚于开始时间，一班不超过七天");
    } else if (other != NULL) {
        (void)failure_say_field(failure, "from", "shift %" PRIu32 " has part of this time already",
                                "这段时间已排有第 %" PRIu32 " 班", other->number);
    } else if (turn->request->item == 0 && until <= turn->at) {
        (void)failure_say_field(failure, "until", "is past already", "已经过去");
    }
    return !failure->set || turn_refuse_as_set(turn, DESK_REFUSED);
}

static bool find_shift(struct turn *turn, const struct roster_shift **shift) {
    *shift = roster_find(turn->desk->roster, turn->request->item);
    if (*shift == NULL || (*shift)->is_withdrawn) {
        return turn_refuse(turn, DESK_NOT_FOUND, "there is no such shift", "没有这一班");
    }
    return true;
}

static void add_person(struct note *note, enum roster_post post, const struct roster_person *person) {
    static const char *const fields[ROSTER_POSTS][3] = {
        [ROSTER_LEADER] = {"leader", "leader_phone", "leader_account"},
        [ROSTER_MAIN] = {"main", "main_phone", "main_account"},
        [ROSTER_SECOND] = {"second", "second_phone", "second_account"},
    };
    note_add(note, fields[post][0], person->name);
    note_add(note, fields[post][1], person->phone);
    note_add(note, fields[post][2], person->account);
}

bool desk_set_shift(struct turn *turn) {
    struct form form;
    struct note note;
    struct roster_person posts[ROSTER_POSTS] = {0};
    const json_t *given[ROSTER_POSTS];
    const struct roster_shift *corrected = NULL;
    char number[16];
    char from_text[CALENDAR_INSTANT_ROOM];
    char until_text[CALENDAR_INSTANT_ROOM];
    form_begin(&form, turn->request->body, &turn->reply->failure);
    int64_t from = form_needed_instant(&form, "from");
    int64_t until = form_needed_instant(&form, "until");
    for (int post = 0; post < ROSTER_POSTS; post++) {
        given[post] = form_any(&form, roster_post_names[post], post == ROSTER_MAIN);
    }
    if (!turn_may(turn, NULL, PLAN_NONE, false)) {
        return false;
    }
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    if (json_is_null(given[ROSTER_MAIN])) {
        (void)failure_say_field(&turn->reply->failure, "main", "is missing", "没有填写");
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    for (int post = 0; post < ROSTER_POSTS; post++) {
        if (!read_person(turn, given[post], roster_post_names[post], &posts[post])) {
            return false;
        }
    }
    if ((turn->request->item != 0 &&
         (!find_shift(turn, &corrected) || !turn_is_as_seen(turn, SHIFT_TAG, corrected->set_sequence))) ||
        !check_period(turn, from, until)) {
        return false;
    }
    (void)snprintf(number, sizeof number, "%" PRIu32, turn->request->item);
    calendar_print_instant(from, 0, from_text);
    calendar_print_instant(until, 0, until_text);
    note_begin(&note, turn, "desk.shift");
    note_add(&note, "shift", corrected == NULL ? (struct text){0} : text_of(number));
    note_add(&note, "from", text_of(from_text));
    note_add(&note, "until", text_of(until_text));
    for (int post = 0; post < ROSTER_POSTS; post++) {
        add_person(&note, (enum roster_post)post, &posts[post]);
    }
    return turn_log(turn, &note);
}

/* The shift that something is said of in words; NULL when it was refused. */
static const struct roster_shift *read_saying(struct turn *turn, const char *field, struct text *text) {
    const struct roster_shift *shift = NULL;
    struct form form;
    form_begin(&form, turn->request->body, &turn->reply->failure);
    *text = form_text(&form, field, true, FORM_TEXT_BYTES);
    if (!turn_may(turn, NULL, PLAN_NONE, false)) {
        return NULL;
    }
    if (!form_end(&form)) {
        (void)turn_refuse_as_set(turn, DESK_REFUSED);
        return NULL;
    }
    return find_shift(turn, &shift) ? shift : NULL;
}

static bool log_saying(struct turn *turn, const char *kind, const struct roster_shift *shift, const char *field,
                       struct text text) {
    struct note note;
    char number[16];
    (void)snprintf(number, sizeof number, "%" PRIu32, shift->number);
    note_begin(&note, turn, kind);
    note_add(&note, "shift", text_of(number));
    note_add(&note, field, text);
    return turn_log(turn, &note);
}

bool desk_withdraw_shift(struct turn *turn) {
    struct text reason = {0};
    const struct roster_shift *shift = read_saying(turn, "reason", &reason);
    if (shift == NULL) {
        return false;
    }
    if (shift->is_taken || shift == roster_responsible(turn->desk->roster, turn->at)) {
        return turn_refuse(turn, DESK_CONFLICT,
                           "this shift has taken over; it ends when the next one accepts, and can be corrected",
                           "这一班已经接班，只能更正；下一班接班时它才结束");
    }
    return turn_is_as_seen(turn, SHIFT_TAG, shift->set_sequence) &&
           log_saying(turn, "desk.shift-withdrawal", shift, "reason", reason);
}

/* ---- the hand-over ---------------------------------------------------------------------------------------- */

bool desk_note_handover(struct turn *turn) {
    struct text notes = {0};
    const struct roster_shift *shift = read_saying(turn, "notes", &notes);
    if (shift == NULL) {
        return false;
    }
    if (shift != roster_responsible(turn->desk->roster, turn->at)) {
        return turn_refuse(turn, DESK_CONFLICT,
                           "this shift does not answer for what is open; look at the hand-over again",
                           "现在负责的不是这一班，请重新查看交接班");
    }
    return turn_is_as_seen(turn, NOTES_TAG, shift->notes_sequence) &&
           log_saying(turn, "desk.handover-notes", shift, "notes", notes);
}

/* Whether this account may accept for this shift now; refuses when not. */
static bool check_acceptance(struct turn *turn, const struct roster_shift *shift, const struct roster_shift *holder) {
    struct text account = text_of(turn->request->account.name);
    if (shift == holder || shift->is_taken) {
        return turn_refuse(turn, DESK_CONFLICT, "this shift has taken over already", "这一班已经接班");
    }
    if (shift != find_incoming(turn->desk->roster, turn->at)) {
        return turn_refuse(turn, DESK_CONFLICT, "it is not this shift's turn; look at the hand-over again",
                           "还轮不到这一班接班，请重新查看交接班");
    }
    if (holder->until > turn->at && holder->notes_by.length == 0) {
        return turn_refuse(turn, DESK_CONFLICT,
                           "the shift before has not ended, and has not written what it hands over",
                           "上一班还没到点，也还没写交班说明");
    }
    bool is_named = roster_has_account(shift, account);
    if (!is_named && (roster_names_account(shift) || roster_has_account(holder, account))) {
        return turn_refuse(turn, DESK_FORBIDDEN, "whoever accepts must be named in the shift that takes over",
                           "接班人须是接班这一班排定的人，请由本人登录接班");
    }
    return true;
}

/* All that is open, by its reference numbers: whoever accepts answers for all of it. */
static bool list_open(struct turn *turn, struct buffer listed[OPEN_KINDS]) {
    struct open_matters open;
    bool is_whole = open_gather(turn, HANDED, OPEN_ALL, &open);
    for (unsigned int kind = 0; kind < OPEN_KINDS && is_whole; kind++) {
        if ((HANDED & 1U << kind) != 0) {
            open_print(turn, &open, (enum open_kind)kind, &listed[kind]);
            is_whole = !listed[kind].failed;
        }
    }
    open_release(&open);
    return is_whole || turn_refuse(turn, DESK_UNAVAILABLE, "memory is exhausted", "内存不足");
}

static bool log_acceptance(struct turn *turn, const struct roster_shift *shift, const struct roster_shift *holder,
                           uint32_t seen, const struct buffer listed[OPEN_KINDS]) {
    struct note note;
    char numbers[3][16];
    const uint32_t values[3] = {shift->number, holder->number, seen};
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(numbers[i], sizeof numbers[i], "%" PRIu32, values[i]);
    }
    note_begin(&note, turn, "desk.acceptance");
    note_add(&note, "shift", text_of(numbers[0]));
    note_add(&note, "from_shift", text_of(numbers[1]));
    note_add(&note, "seen", text_of(numbers[2]));
    for (unsigned int kind = 0; kind < OPEN_KINDS; kind++) { /* a kind that is not handed over is empty, and left out */
        note_add(&note, open_name_kind((enum open_kind)kind), buffer_text(&listed[kind]));
    }
    return turn_log(turn, &note);
}

bool desk_accept_shift(struct turn *turn) {
    struct form form;
    struct buffer listed[OPEN_KINDS] = {0};
    const struct roster_shift *shift = NULL;
    form_begin(&form, turn->request->body, &turn->reply->failure);
    uint32_t seen = form_number(&form, "seen", true);
    if (!turn_may(turn, NULL, PLAN_NONE, false)) {
        return false;
    }
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    if (!find_shift(turn, &shift)) {
        return false;
    }
    const struct roster_shift *holder = roster_responsible(turn->desk->roster, turn->at);
    if (holder == NULL) {
        return turn_refuse(turn, DESK_CONFLICT, "the first shift takes up its duty by itself when it begins",
                           "第一班到点自动上岗，不用接班");
    }
    bool done = check_acceptance(turn, shift, holder) && list_open(turn, listed) &&
                log_acceptance(turn, shift, holder, seen, listed);
    for (int kind = 0; kind < OPEN_KINDS; kind++) {
        buffer_release(&listed[kind]);
    }
    return done;
}
