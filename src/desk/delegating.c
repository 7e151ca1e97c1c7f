/* An office's or unit's powers are lent to another account for a period, and taken back. */
#include "desk/delegation.h"
#include "desk/state.h"
#include "desk/view.h"

#include "base/calendar.h"

#include <inttypes.h>
#include <stdio.h>

#define LISTED_MOST 200U
#define LONGEST_US (366 * CALENDAR_US_PER_DAY) /* longer is no period, but another office-holder */

static json_t *describe(const struct delegation *delegation) {
    bool is_withdrawn = delegation->withdrawn_at != INT64_MAX;
    json_t *json = json_object();
    view_set(json, "number", json_integer(delegation->number));
    view_set(json, "party", view_text(delegation->party));
    view_set(json, "by", view_text(delegation->from_account));
    view_set(json, "to", view_text(delegation->to_account));
    view_set(json, "from", view_instant(delegation->from));
    view_set(json, "until", view_instant(delegation->until));
    view_set(json, "reason", view_text(delegation->reason));
    view_set(json, "made_at", view_instant(delegation->made_at));
    view_set(json, "withdrawn_at", is_withdrawn ? view_instant(delegation->withdrawn_at) : json_null());
    view_set(json, "withdrawn_by", view_some_text(delegation->withdrawn_by));
    return json;
}

json_t *desk_list_standing_delegations(const struct delegations *delegations, int64_t at) {
    json_t *list = json_array();
    for (uint32_t number = 1; number <= delegations_count(delegations); number++) {
        const struct delegation *delegation = delegations_find(delegations, number);
        if (delegation->until > at && delegation->withdrawn_at > at) {
            view_add(list, describe(delegation));
        }
    }
    return list;
}

bool desk_list_delegations(struct turn *turn) {
    const struct delegations *delegations = turn->desk->delegations;
    json_t *list = json_array();
    for (uint32_t number = delegations_count(delegations); number >= 1 && json_array_size(list) < LISTED_MOST;
         number--) {
        view_add(list, describe(delegations_find(delegations, number)));
    }
    turn->reply->body = json_pack("{s:o}", "delegations", list);
    return turn->reply->body != NULL;
}

static bool check_delegation(struct turn *turn, struct text to, int64_t from, int64_t until) {
    struct failure *failure = &turn->reply->failure;
    if (text_equals_string(to, turn->request->account.name)) {
        (void)failure_say_field(failure, "to", "must be another account", "须为别的账号");
    } else if (until <= from || until - from > LONGEST_US) {
        (void)failure_say_field(failure, "until", "must lie behind the beginning, by at most 366 days",
                                "须晚于开始时间，最长 366 天");
    } else if (until <= turn->at) {
        (void)failure_say_field(failure, "until", "is past already", "已经过去");
    } else if (from < turn->at - CALENDAR_US_PER_MINUTE) {
        (void)failure_say_field(failure, "from", "lies in the past: what was done then was done without it",
                                "不能早于现在：以前办的事不能补授权");
    }
    return failure->set ? turn_refuse_as_set(turn, DESK_REFUSED) : turn_find_account(turn, "to", to);
}

bool desk_delegate(struct turn *turn) {
    struct form form;
    struct note note;
    char from_text[CALENDAR_INSTANT_ROOM];
    char until_text[CALENDAR_INSTANT_ROOM];
    form_begin(&form, turn->request->body, &turn->reply->failure);
    struct text party = form_text(&form, "party", true, FORM_TEXT_BYTES);
    struct text to = form_text(&form, "to", true, FORM_TEXT_BYTES);
    int64_t from = form_instant(&form, "from", turn->at, INT64_MAX);
    int64_t until = form_needed_instant(&form, "until");
    struct text reason = form_text(&form, "reason", true, FORM_TEXT_BYTES);
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    if (!turn_may_for(turn, party) || !check_delegation(turn, to, from, until)) {
        return false;
    }
    calendar_print_instant(from, 0, from_text);
    calendar_print_instant(until, 0, until_text);
    note_begin(&note, turn, "desk.delegation");
    note_add(&note, "party", party);
    note_add(&note, "to", to);
    note_add(&note, "from", text_of(from_text));
    note_add(&note, "until", text_of(until_text));
    note_add(&note, "reason", reason);
    return turn_log(turn, &note);
}

bool desk_withdraw_delegation(struct turn *turn) {
    struct form form;
    struct note note;
    char number[16];
    const struct delegation *delegation = delegations_find(turn->desk->delegations, turn->request->item);
    form_begin(&form, turn->request->body, &turn->reply->failure);
    struct text reason = form_text(&form, "reason", false, FORM_TEXT_BYTES);
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    if (delegation == NULL) {
        return turn_refuse(turn, DESK_NOT_FOUND, "there is no such delegation", "没有这项授权");
    }
    if (!turn_may_for(turn, delegation->party)) {
        return false;
    }
    if (delegation->until <= turn->at || delegation->withdrawn_at <= turn->at) {
        return turn_refuse(turn, DESK_CONFLICT, "this delegation has ended already", "这项授权已经终止");
    }
    (void)snprintf(number, sizeof number, "%" PRIu32, delegation->number);
    note_begin(&note, turn, "desk.delegation-withdrawal");
    note_add(&note, "delegation", text_of(number));
    note_add(&note, "party", delegation->party);
    note_add(&note, "reason", reason);
    return turn_log(turn, &note);
}
