/* What is logged of accounts and of machines' tokens: who made them, and what they may. Secrets are in none of it. */
#include "desk/state.h"

#include "base/buffer.h"
#include "desk/form.h"
#include "desk/token.h"

#include <stdio.h>
#include <string.h>

/* Names, each on a line. */
static bool join_names(const json_t *names, const char *field, struct buffer *out, struct failure *failure) {
    size_t index = 0;
    json_t *name = NULL;
    bool is_good = names == NULL || json_is_array(names);
    json_array_foreach((json_t *)names, index, name) {
        is_good = is_good && json_is_string(name);
        buffer_print(out, "%s%s", index == 0 ? "" : "\n", json_is_string(name) ? json_string_value(name) : "");
    }
    return is_good || failure_say_field(failure, field, "must be a list of names", "须为名称列表");
}

/* That an account was made, or as what it was changed to; then `closed` says whether it is. */
static bool note_account(struct turn *turn, const char *kind, bool is_change) {
    struct form form;
    struct note note;
    char rights[32];
    if (!turn_may(turn, NULL, PLAN_NONE, false)) {
        return false;
    }
    form_begin(&form, turn->request->body, &turn->reply->failure);
    struct text name = form_text(&form, "name", true, FORM_TEXT_BYTES);
    struct text display_name = form_text(&form, "display_name", true, FORM_TEXT_BYTES);
    bool is_administrator = form_flag(&form, "administrator");
    bool is_desk = form_flag(&form, "desk");
    bool is_auditor = form_flag(&form, "auditor");
    bool is_closed = is_change && form_flag(&form, "closed");
    const json_t *parties = form_any(&form, "parties", false);
    struct buffer joined = {0};
    if (!form_end(&form) || !join_names(parties, "parties", &joined, &turn->reply->failure)) {
        buffer_release(&joined);
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    (void)snprintf(rights, sizeof rights, "%s%s%s%s%s", is_administrator ? "administrator" : "",
                   is_administrator && is_desk ? " " : "", is_desk ? "desk" : "",
                   (is_administrator || is_desk) && is_auditor ? " " : "", is_auditor ? "auditor" : "");
    note_begin(&note, turn, kind);
    note_add(&note, "name", name);
    note_add(&note, "display_name", display_name);
    note_add(&note, "rights", text_of(rights));
    note_add(&note, "parties", buffer_text(&joined));
    note_add(&note, "closed", !is_change ? (struct text){0} : is_closed ? TEXT("yes") : TEXT("no"));
    bool done = turn_log(turn, &note);
    buffer_release(&joined);
    return done;
}

bool desk_note_account(struct turn *turn) {
    return note_account(turn, "desk.account", false);
}

bool desk_note_account_change(struct turn *turn) {
    return note_account(turn, "desk.account-change", true);
}

/* A token was made; who may see the log sees what it may. */
bool desk_note_token(struct turn *turn) {
    struct form form;
    struct note note;
    struct buffer scope = {0};
    struct buffer parties = {0};
    if (!turn_may(turn, NULL, PLAN_NONE, false)) {
        return false;
    }
    form_begin(&form, turn->request->body, &turn->reply->failure);
    struct text name = form_text(&form, "name", true, FORM_TEXT_BYTES);
    struct text display_name = form_text(&form, "display_name", true, FORM_TEXT_BYTES);
    const json_t *words = form_any(&form, "scope", true);
    const json_t *names = form_any(&form, "parties", false);
    bool done = (form_end(&form) && join_names(words, "scope", &scope, &turn->reply->failure) &&
                 join_names(names, "parties", &parties, &turn->reply->failure)) ||
                turn_refuse_as_set(turn, DESK_REFUSED);
    if (done) {
        note_begin(&note, turn, "desk.token");
        note_add(&note, "name", name);
        note_add(&note, "display_name", display_name);
        note_add(&note, "scope", buffer_text(&scope));
        note_add(&note, "parties", buffer_text(&parties));
        done = turn_log(turn, &note);
    }
    buffer_release(&scope);
    buffer_release(&parties);
    return done;
}

bool desk_note_token_end(struct turn *turn) {
    struct form form;
    struct note note;
    if (!turn_may(turn, NULL, PLAN_NONE, false)) {
        return false;
    }
    form_begin(&form, turn->request->body, &turn->reply->failure);
    struct text name = form_text(&form, "name", true, FORM_TEXT_BYTES);
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    note_begin(&note, turn, "desk.token-end");
    note_add(&note, "name", name);
    return turn_log(turn, &note);
}

/* A note that has the texts of the body as they are. */
static bool note_texts(struct turn *turn, const char *kind, const char *const *texts, size_t count) {
    struct form form;
    struct note note;
    if (!turn_may(turn, NULL, PLAN_NONE, false)) {
        return false;
    }
    form_begin(&form, turn->request->body, &turn->reply->failure);
    note_begin(&note, turn, kind);
    for (size_t i = 0; i < count; i++) {
        note_add(&note, texts[i], form_text(&form, texts[i], true, FORM_TEXT_BYTES));
    }
    return form_end(&form) ? turn_log(turn, &note) : turn_refuse_as_set(turn, DESK_REFUSED);
}

/* That an exercise was held, for the yearly duty to hold one: which, when, what came of it, and the head of its log, by which its
 * judgement is proved. */
bool desk_note_exercise(struct turn *turn) {
    static const char *const texts[] = {"exercise", "title", "plan", "drill", "started_by", "began_at",
                                        "from",     "until", "met",  "late",  "missed",     "log"};
    return note_texts(turn, "desk.exercise-held", texts, sizeof texts / sizeof texts[0]);
}

/* That the folder of one is removed: what it was, the head of its log, how much, and why. */
bool desk_note_exercise_removal(struct turn *turn) {
    static const char *const texts[] = {"exercise", "title", "plan",  "drill", "started_by",
                                        "began_at", "log",   "bytes", "reason"};
    return note_texts(turn, "desk.exercise-removed", texts, sizeof texts / sizeof texts[0]);
}

bool desk_note_factor_rule(struct turn *turn) {
    struct form form;
    struct note note;
    if (!turn_may(turn, NULL, PLAN_NONE, false)) {
        return false;
    }
    form_begin(&form, turn->request->body, &turn->reply->failure);
    struct text name = form_text(&form, "account", false, FORM_TEXT_BYTES);
    (void)form_any(&form, "required", true);
    bool is_required = form_flag(&form, "required");
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    note_begin(&note, turn, "desk.second-factor-rule");
    note_add(&note, "name", name);
    note_add(&note, "required", is_required ? TEXT("yes") : TEXT("no"));
    return turn_log(turn, &note);
}

/* ---- from a note ------------------------------------------------------------------------------------------- */

/* What an administrator does in accounts.db, by the note's kind. */
static const struct {
    const char *kind;
    enum desk_action action;
} registered[] = {
    {"account", DESK_NOTE_ACCOUNT},     {"account-change", DESK_NOTE_ACCOUNT_CHANGE},
    {"token", DESK_NOTE_TOKEN},         {"token-end", DESK_NOTE_TOKEN_END},
    {"rule-on", DESK_NOTE_FACTOR_RULE}, {"rule-off", DESK_NOTE_FACTOR_RULE},
};

/* DESK_ACTIONS: it is of something else. */
static enum desk_action find_registered(const struct account_note *note) {
    for (size_t i = 0; i < sizeof registered / sizeof registered[0]; i++) {
        if (strcmp(note->kind, registered[i].kind) == 0) {
            return registered[i].action;
        }
    }
    return DESK_ACTIONS;
}

bool desk_is_registered(const struct account_note *note) {
    return find_registered(note) != DESK_ACTIONS;
}

/* What the request said of it. Taken over by the caller. */
static json_t *describe_registered(const struct account_note *note, enum desk_action action) {
    if (action == DESK_NOTE_TOKEN_END) {
        return json_pack("{s:s}", "name", note->name);
    }
    if (action == DESK_NOTE_FACTOR_RULE) {
        json_t *rule = json_pack("{s:b}", "required", strcmp(note->kind, "rule-on") == 0);
        (void)json_object_set_new(rule, "account", note->name[0] == '\0' ? NULL : json_string(note->name));
        return rule;
    }
    json_t *body = account_describe(&note->about);
    if (action == DESK_NOTE_TOKEN) {
        (void)json_object_del(body, "administrator");
        (void)json_object_del(body, "desk");
        (void)json_object_set_new(body, "scope", token_list_scope(note->about.scope));
    }
    return body;
}

bool desk_note_registered(struct desk *desk, int64_t at, const struct account_note *note, int64_t *sequence,
                          struct failure *failure) {
    struct desk_reply reply;
    struct text key = {0};
    uint64_t mark = 0;
    struct desk_request request = {
        .action = find_registered(note),
        .account = {.administrator = true},
        .at = at,
        .marked_key = note->key,
    };
    if (!fold_read_key(text_of(note->key), &key, &mark)) {
        return failure_say(failure, "a note in accounts.db has no key", "账号库中的一条记录没有编号");
    }
    (void)snprintf(request.account.name, sizeof request.account.name, "%s", note->actor);
    (void)snprintf(request.key, sizeof request.key, "%.*s", TEXT_PRINT(key));
    json_t *body = describe_registered(note, request.action);
    request.body = body;
    desk_answer(desk, &request, &reply);
    if (reply.outcome == DESK_KEY_USED) {
        /* Something else has taken its key at the same moment: whoever asked was told so, and it is there all the same. */
        (void)snprintf(request.key, sizeof request.key, "%.48s-registered", note->key);
        json_decref(reply.body);
        desk_answer(desk, &request, &reply);
    }
    json_decref(body);
    bool done = reply.outcome == DESK_CREATED;
    *sequence = json_integer_value(json_object_get(reply.body, "sequence"));
    json_decref(reply.body);
    return done || failure_say(failure, "%s", "%s", reply.failure.message);
}
