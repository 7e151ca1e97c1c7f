/* The writer: the one thread that has the desk. It takes all requests that wait as one batch, makes what they write
 * durable by one commit, and only then lets them be answered and shown to the live pages. */
#include "web/exchange.h"

#include "base/calendar.h"
#include "base/log.h"
#include "desk/access.h"
#include "desk/form.h"
#include "desk/personal.h"
#include "engine/engine.h"
#include "web/exercises.h"

#include <stdlib.h>
#include <string.h>

#define RETRY_US INT64_C(1000000) /* between tries to write to a log that cannot be written */
#define NOTES_US INT64_C(1000000) /* between looks for notes in accounts.db */

/* What waits longest for the writer's clock: the beat of the streams. */
struct writing {
    struct web_server *server;
    struct clock clock;
    struct clock clock_before; /* as it was before this batch has set it, where it has */
    bool has_set_clock;
    int64_t published;        /* events that the live pages have been given */
    int64_t beat_at;          /* by the time since boot */
    bool has_changed_account; /* the live pages ask at once whether they still may see what they are shown */
    int64_t notes_at;         /* when accounts.db is next asked for notes, by the same */
    bool has_note;            /* this one is in the batch, as event note_sequence */
    struct account_note note;
    int64_t note_sequence;
};

struct answered {
    struct exchange *exchange;
    struct desk_reply reply;
    struct mailbox *forward; /* it goes on to another worker: whoever draws, the registrar, the archivist; or NULL */
    struct crew *crew;       /* it goes on to a crew, or NULL */
    bool is_urgent;          /* and is urgent there */
    bool is_answered;        /* the exchange has its answer already */
};

/* The time now, and for the other threads what it is ahead of the wall clock. */
static int64_t tell_time(struct writing *writing) {
    if (writing->server->exercise != NULL) {
        return exercise_desk_tell(writing->server->exercise);
    }
    int64_t wall = exchange_read_wall();
    int64_t now = clock_tell(&writing->clock, wall, exchange_read_boot());
    atomic_store(&writing->server->clock_offset, now - wall);
    return now;
}

static void publish(void *context, int64_t sequence, const json_t *event) {
    struct writing *writing = context;
    json_t *hidden = json_deep_copy(event);
    bool is_personal = hidden != NULL && personal_hide_event(hidden);
    char *text = hidden == NULL ? NULL : json_dumps(event, JSON_COMPACT);
    char *other = is_personal ? json_dumps(hidden, JSON_COMPACT) : NULL;
    if (text != NULL && (other != NULL || !is_personal)) {
        stream_publish(writing->server->stream, sequence, text, other);
    }
    writing->published = sequence;
    json_decref(hidden);
    free(other);
    free(text);
}

static void publish_new(struct writing *writing) {
    struct failure failure = {0};
    if (desk_event_count(writing->server->desk) <= writing->published) {
        return;
    }
    if (!desk_read_events(writing->server->desk, writing->published + 1, publish, writing, &failure)) {
        log_write(LOG_LEVEL_ERROR, "the live pages could not be told: %s", failure.message);
    }
    stream_wake(writing->server->stream);
}

/* That a person is shown what is personal is logged: so it can only be shown when something can be. */
static bool is_logged_read(const struct exchange *exchange) {
    bool may_show =
        exchange->route.kind == ROUTE_SHOW_AUDIT ||
        (exchange->route.kind == ROUTE_EXPORT_RECORD && !text_equals_string(exchange->request.query, "masked"));
    return may_show && access_is_person(&exchange->session.account);
}

static bool is_write(const struct exchange *exchange) {
    return exchange->route.kind == ROUTE_DESK_WRITE || exchange->route.kind == ROUTE_SET_CLOCK ||
           exchange->route.kind == ROUTE_APPEND_UPLOAD || exchange->request.action == DESK_SIGN_DOCUMENT ||
           exchange_is_registered(exchange) || is_logged_read(exchange) || exercise_desk_is_write(exchange->route.kind);
}

static bool open_anew(struct web_server *server) {
    struct failure failure = {0};
    if (server->desk == NULL) {
        server->desk = desk_open(server->directory, &failure);
        if (server->desk != NULL && server->exercise != NULL &&
            !exercise_desk_resume(server->exercise, server->desk, &failure)) {
            desk_close(server->desk);
            server->desk = NULL;
        }
    }
    if (server->desk == NULL) {
        log_write(LOG_LEVEL_ERROR, "the log cannot be opened: %s", failure.message);
    }
    return server->desk != NULL;
}

/* What the registrar has done stands in accounts.db with its note. */
static void tell_noted(struct failure *failure) {
    struct failure said = {.chinese = failure->chinese};
    (void)failure_say(&said,
                      "it is done, and the log takes it as soon as it can be written (%s); ask again with the same "
                      "Idempotency-Key",
                      "已经办妥，日志恢复写入后会补记（%s）；请用同一个 Idempotency-Key 再查一次", failure->message);
    *failure = said;
}

/* Whether it is a read that has been answered by what the batch has made of the desk. */
static bool has_looked(const struct answered *answered) {
    enum route_kind kind = answered->exchange->route.kind;
    return !answered->is_answered && (kind == ROUTE_DESK_READ || kind == ROUTE_DESK_ASK || kind == ROUTE_OWN_READ ||
                                      kind == ROUTE_SHOW_ATTACHMENT);
}

/* Answers a read of a batch that could not be written by what the log has. */
static void look_again(const struct web_server *server, struct answered *answered) {
    json_decref(answered->reply.body);
    answered->reply = (struct desk_reply){.outcome = DESK_UNAVAILABLE};
    answered->reply.failure.chinese = answered->exchange->request.chinese;
    if (server->desk != NULL) {
        desk_answer(server->desk, &answered->exchange->request, &answered->reply);
    } else {
        (void)failure_say(&answered->reply.failure, "the log cannot be opened; the server goes on trying",
                          "日志无法打开，服务器正在重试");
    }
}

/* The log could not take a batch: nothing of it has happened. The engine is rebuilt from what the log has. */
static void begin_anew(struct writing *writing, struct answered *answered, size_t count,
                       const struct failure *failure) {
    struct web_server *server = writing->server;
    log_write(LOG_LEVEL_ERROR, "a batch could not be written: %s", failure->message);
    for (size_t i = 0; i < count; i++) {
        /* An audit may have been told of events that are not there now. */
        bool is_lost = is_write(answered[i].exchange) || exchange_is_for_auditor(answered[i].exchange);
        if (is_lost && !answered[i].is_answered) {
            json_decref(answered[i].reply.body);
            answered[i].reply = (struct desk_reply){.outcome = DESK_UNAVAILABLE, .failure = *failure};
            answered[i].reply.failure.chinese = answered[i].exchange->request.chinese;
            if (exchange_is_registered(answered[i].exchange) && answered[i].exchange->marked_key[0] != '\0') {
                tell_noted(&answered[i].reply.failure);
            } else {
                desk_tell_unwritten(&answered[i].reply.failure);
            }
        }
    }
    exercise_desk_leave(server->exercise);
    desk_close(server->desk);
    server->desk = NULL;
    (void)open_anew(server);
    for (size_t i = 0; i < count; i++) {
        if (has_looked(&answered[i])) {
            look_again(server, &answered[i]);
        }
    }
}

static void answer_without_desk(struct answered *answered, size_t count) {
    for (size_t i = 0; i < count; i++) {
        exchange_problem(answered[i].exchange, MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_SAVED, "",
                         "the log cannot be opened; the server goes on trying", "日志无法打开，服务器正在重试");
    }
}

/* Sends an exchange on to another worker, and one that has ended an exercise to the real desk, whose log has a note of it;
 * false when it is answered here and now. */
static bool send_on(const struct answered *answered) {
    struct mailbox *forward = answered->forward;
    struct web_server *server = answered->exchange->server;
    if (exercise_desk_goes_on(answered->exchange)) {
        if (!exercise_desk_prove(server->exercise, answered->exchange)) {
            return false;
        }
        answered->exchange->server = server->house;
        forward = &server->house->to_writer;
    } else if (answered->exchange->route.kind == ROUTE_REMOVE_EXERCISE &&
               answered->exchange->status == MHD_HTTP_CREATED) {
        forward = &server->to_registrar; /* it is noted: now its folder goes */
    }
    if (answered->crew != NULL) {
        return exchange_hand_to(answered->exchange, answered->crew, text_of(answered->exchange->session.account.name),
                                answered->is_urgent);
    }
    if (forward == NULL) {
        return false;
    }
    if (mailbox_send(forward, &answered->exchange->mail)) {
        return true;
    }
    exchange_refuse_stopping(answered->exchange);
    return false;
}

static void give_back(const struct answered *answered, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!send_on(&answered[i])) {
            exchange_finish(answered[i].exchange);
        }
    }
}

/* ---- the clock -------------------------------------------------------------------------------------------- */

static json_t *describe_clock(struct writing *writing) {
    char wall[CALENDAR_INSTANT_ROOM];
    char time[CALENDAR_INSTANT_ROOM];
    calendar_print_instant(exchange_read_wall(), 0, wall);
    calendar_print_instant(tell_time(writing), 0, time);
    return json_pack("{s:s, s:s, s:s}", "state", clock_state_name(writing->clock.state), "wall", wall, "time", time);
}

/* What a person says that the time is: the wall clock's, or another. Replaces the request's body by what is logged. */
static bool set_clock(struct writing *writing, struct exchange *exchange) {
    struct failure failure = {.chinese = exchange->request.chinese};
    struct form form;
    int64_t wall = exchange_read_wall();
    if (!access_may(&exchange->request.account, DESK_SET_CLOCK, &(struct access_case){0})) {
        return true; /* the desk says so */
    }
    if (!clock_may_be_set(&writing->clock)) {
        if (desk_find_key(writing->server->desk, &exchange->request) != 0) {
            return true; /* and what it has taken already it says again */
        }
        exchange_problem(exchange, MHD_HTTP_CONFLICT, TITLE_SETTLED, "",
                         "the time is not in doubt and is the wall clock's: there is nothing to accept or to correct",
                         "服务器时间没有疑问，与系统时钟一致，无须确认或校正");
        return false;
    }
    form_begin(&form, exchange->json, &failure);
    int64_t right = form_instant(&form, "time", wall, INT64_MAX);
    if (!form_end(&form)) {
        exchange_fail(exchange, MHD_HTTP_UNPROCESSABLE_CONTENT, TITLE_NOT_TAKEN, &failure);
        return false;
    }
    json_t *logged = describe_clock(writing);
    clock_set(&writing->clock, right, wall, exchange_read_boot());
    char said[CALENDAR_INSTANT_ROOM];
    calendar_print_instant(right, 0, said);
    (void)json_object_set_new(logged, "time", json_string(said));
    json_decref(exchange->json);
    exchange->json = logged;
    exchange->request.body = logged;
    return true;
}

/* ---- batches ---------------------------------------------------------------------------------------------- */

/* Gives the exchange the text of the pack whose sheets are asked for; the drawer goes on with it. */
static void find_pack(const struct writing *writing, struct exchange *exchange) {
    struct text pack = desk_find_pack(writing->server->desk, text_of(exchange->route.name));
    if (pack.length == 0) {
        exchange_problem(exchange, MHD_HTTP_NOT_FOUND, TITLE_NOT_FOUND, "", "there is no such plan in force",
                         "没有这个施行中的预案");
        return;
    }
    buffer_append_text(&exchange->pack, pack);
    if (exchange->pack.failed) {
        buffer_release(&exchange->pack);
        exchange_problem(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_READ, "", "memory is exhausted", "内存不足");
    }
}

/* Looks at the key of what the registrar is to do: nothing is done in accounts.db under one that has been used. */
static void check_key(const struct writing *writing, struct answered *answered) {
    struct exchange *exchange = answered->exchange;
    struct desk_request request = exchange->request;
    json_t *said = json_copy(exchange->json); /* the password has no part in the log's mark */
    (void)json_object_del(said, "password");
    request.body = said;
    const struct desk *desk = writing->server->desk;
    exchange->is_repeated = desk_find_key(desk, &request) != 0;
    if (desk_check_key(desk, &request, exchange->marked_key, &answered->reply) &&
        (exchange->is_repeated || desk_check_parties(desk, &request, &answered->reply))) {
        answered->forward = &writing->server->house->to_registrar;
        answered->is_answered = true;
    }
    exchange->request.marked_key = exchange->marked_key;
    json_decref(said);
}

/* What the registrar has done may have been logged by its note before the request came back: it is repeated only where it
 * had been done before. */
static void mark_repeated(const struct exchange *exchange, const struct desk_reply *reply) {
    if (reply->outcome == DESK_CREATED && exchange->is_repeated) {
        (void)json_object_set_new(reply->body, "repeated", json_true());
    } else if (reply->outcome == DESK_CREATED) {
        (void)json_object_del(reply->body, "repeated");
    }
}

/* A clock that was set as of a request that is refused, or said once more, is not set; and one that was is not either, when
 * the batch cannot be made durable. */
static void note_clock(struct writing *writing, const struct clock *before, bool is_new) {
    if (!is_new) {
        writing->clock = *before;
    } else if (!writing->has_set_clock) {
        writing->clock_before = *before;
        writing->has_set_clock = true;
    }
}

/* Whether who asks may send a file at all: the archivist goes on with it. */
static void check_sender(struct writing *writing, struct answered *answered) {
    answered->exchange->request.at = tell_time(writing);
    if (desk_check_right(writing->server->desk, &answered->exchange->request, &answered->reply)) {
        answered->forward = &writing->server->house->to_archivist;
        answered->is_answered = true;
    }
}

/* A document of an exercise cannot be taken for a real one: its title and every page say what it is. */
static void mark_exercise(json_t *sheet) {
    bool is_chinese = json_is_true(json_object_get(sheet, "chinese"));
    const char *title = json_string_value(json_object_get(sheet, "title"));
    (void)json_object_set_new(
        sheet, "title", json_sprintf("%s%s", is_chinese ? "【演练】" : "[EXERCISE] ", title == NULL ? "" : title));
    (void)json_object_set_new(sheet, "draft",
                              json_string(is_chinese ? "演练文稿，不作公文使用" : "EXERCISE: of no effect"));
}

/* What is to be set of a document; the typesetters go on with it. One that was signed already under this key is answered by the
 * signature at once. */
static void prepare_document(struct writing *writing, struct answered *answered) {
    struct exchange *exchange = answered->exchange;
    exchange->request.at = tell_time(writing);
    desk_answer(writing->server->desk, &exchange->request, &answered->reply);
    if (answered->reply.outcome != DESK_OK) {
        return;
    }
    if (json_object_size(answered->reply.body) == 0) {
        json_decref(answered->reply.body);
        exchange->request.action = DESK_SIGN_DOCUMENT;
        desk_answer(writing->server->desk, &exchange->request, &answered->reply);
        return;
    }
    answered->crew = writing->server->house->typesetters;
    exchange->sheet = answered->reply.body;
    /* Whoever signs has looked at it, and somebody waits for the paper. */
    answered->is_urgent =
        exchange->route.kind != ROUTE_PREVIEW_DOCUMENT || json_is_true(json_object_get(exchange->sheet, "urgent"));
    if (writing->server->exercise != NULL) {
        answered->is_urgent = false; /* its clocks wait for no real report */
        mark_exercise(exchange->sheet);
    }
    answered->reply.body = NULL;
    answered->is_answered = true;
}

/* Whether it is there after all, not opened at the start, and whoever asks may remove it. */
static bool is_still_to_open(const struct writing *writing, const struct exchange *exchange) {
    return access_may(&exchange->session.account, DESK_NOTE_EXERCISE_REMOVAL, &(struct access_case){0}) &&
           exercises_is_unopened(writing->server->exercises, exchange->route.exercise);
}

/* Whether under the request's key, by which the log has noted a removal, another exercise of that number was removed; then, and
 * where the log cannot be read, it is answered. */
static bool is_of_another(const struct writing *writing, struct exchange *exchange, int64_t noted) {
    struct failure failure = {.chinese = exchange->request.chinese};
    bool is_other = false;
    const char *began_at = json_string_value(json_object_get(exchange->json, "began_at"));
    if (began_at == NULL) {
        return false;
    }
    if (!exercise_find_note(writing->server->directory, noted, text_of(began_at), &is_other, &failure)) {
        exchange_fail(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_SAVED, &failure);
        return true;
    }
    if (is_other) {
        exchange_problem(exchange, MHD_HTTP_CONFLICT, TITLE_KEY_USED, "Idempotency-Key",
                         "under this Idempotency-Key another exercise of this number was removed; take a new one",
                         "这个 Idempotency-Key 已用于清除同号的另一场演练，请换一个");
    }
    return is_other;
}

/* The removal of an exercise, so far as the log of the real desk does not answer it: of one that is not there, or whose key has
 * been used for another. False for everything else. */
static bool answer_removal(const struct writing *writing, struct answered *answered) {
    struct exchange *exchange = answered->exchange;
    if (exchange->route.kind != ROUTE_REMOVE_EXERCISE) {
        return false;
    }
    int64_t noted = desk_find_key(writing->server->desk, &exchange->request);
    if (exchange->request.marked_key != NULL) { /* its own desk has sent it on, to be noted */
        answered->is_answered = noted != 0 && is_of_another(writing, exchange, noted);
    } else if (noted == 0) {
        answered->is_answered = true;
        if (is_still_to_open(writing, exchange)) {
            answered->forward = &writing->server->house->to_registrar;
        } else {
            exchange_problem(exchange, MHD_HTTP_NOT_FOUND, TITLE_NOT_FOUND, "", "there is no such exercise",
                             "没有这场演练");
        }
    }
    return answered->is_answered;
}

/* Answers one request of a batch: by the desk, into `answered`, or at once. */
static void answer_one(struct writing *writing, struct answered *answered) {
    struct exchange *exchange = answered->exchange;
    if (exchange->route.kind == ROUTE_SHOW_CLOCK) {
        answered->reply = (struct desk_reply){.outcome = DESK_OK, .body = describe_clock(writing)};
        return;
    }
    if (exchange_is_for_drawer(exchange)) {
        find_pack(writing, exchange);
        answered->forward = exchange->pack.length > 0 ? &writing->server->house->to_drawer : NULL;
        answered->is_answered = true;
        return;
    }
    if (writing->server->exercise != NULL &&
        exercise_desk_answer(writing->server->exercise, exchange, &answered->reply)) {
        return;
    }
    if (answer_removal(writing, answered)) {
        return;
    }
    if (exchange->route.kind == ROUTE_BEGIN_UPLOAD) {
        check_sender(writing, answered);
        return;
    }
    if (exchange_is_for_typesetting(exchange)) {
        prepare_document(writing, answered);
        return;
    }
    const struct clock before = writing->clock;
    answered->is_answered = exchange->route.kind == ROUTE_SET_CLOCK && !set_clock(writing, exchange);
    exchange->request.at = tell_time(writing);
    if (!answered->is_answered && writing->clock.state != CLOCK_GOOD && is_write(exchange)) {
        exchange_problem(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_SAVED, "clock",
                         "the time is in doubt; the duty room must first accept or correct it",
                         "服务器时间存疑，须先由值班室确认或校正");
        answered->is_answered = true;
    }
    if (!answered->is_answered && exchange_is_registered(exchange) && exchange->marked_key[0] == '\0') {
        check_key(writing, answered);
    } else if (!answered->is_answered) {
        desk_answer(writing->server->desk, &exchange->request, &answered->reply);
        if (exchange_is_registered(exchange)) {
            mark_repeated(exchange, &answered->reply);
        }
    }
    bool is_new =
        answered->reply.outcome == DESK_CREATED && !json_is_true(json_object_get(answered->reply.body, "repeated"));
    writing->has_changed_account = writing->has_changed_account || exchange->route.kind == ROUTE_CHANGE_ACCOUNT;
    if (exchange->route.kind == ROUTE_SET_CLOCK && !answered->is_answered) {
        note_clock(writing, &before, is_new);
    }
}

/* A views_find_etag; the context is the writing. */
static void find_etag(void *context, const struct views_key *key, char etag[DESK_ETAG_ROOM]) {
    struct writing *writing = context;
    desk_find_etag(writing->server->desk, key->action, key->incident, key->plan, tell_time(writing), etag);
    if (key->is_hidden) {
        personal_mark_etag(etag, false);
    }
}

/* Passwords are reset by another process (`pinyue user reset`), which leaves a note; so does whatever else is done in
 * accounts.db, should its own request not come to be logged: once a second one is taken into the log. A note that cannot be logged fails the batch, as whatever else is in it. */
static void take_note(struct writing *writing, int64_t now) {
    struct web_server *server = writing->server;
    struct failure failure = {0};
    int64_t boot = exchange_read_boot();
    writing->has_note = false;
    if (boot < writing->notes_at) {
        return;
    }
    writing->notes_at = boot + NOTES_US;
    if (account_book_find_note(server->accounts, &writing->note)) {
        writing->notes_at = boot; /* there may be more */
        writing->has_note = desk_note_reset(server->desk, now, &writing->note, &writing->note_sequence, &failure);
    }
}

/* For /healthz and /metrics. */
static void tell_notices(struct web_server *server) {
    bool has_all = desk_has_all_notices(server->desk);
    if (!has_all && atomic_load(&server->has_all_notices)) {
        log_write(LOG_LEVEL_ERROR, "memory is exhausted: a row of the to-call list is lost until a new start");
    }
    atomic_store(&server->has_all_notices, has_all);
}

/* Which events tell an audit goes on to the auditor, or to whoever writes records; all else is the answer. */
static void take_reply(struct web_server *house, struct answered *answered) {
    struct exchange *exchange = answered->exchange;
    if (exchange_is_for_auditor(exchange) && answered->reply.outcome == DESK_OK) {
        exchange->json = answered->reply.body;
        bool is_record = exchange->route.kind == ROUTE_EXPORT_RECORD;
        answered->crew = is_record ? house->exporters : NULL;
        answered->forward = is_record ? NULL : &house->to_auditor;
    } else {
        exchange_take_reply(exchange, &answered->reply);
    }
}

/* Before the views are refreshed: what was read in the batch before something was written in it holds no longer. */
static void take_replies(struct web_server *house, struct answered *answered, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!answered[i].is_answered) {
            take_reply(house, &answered[i]);
        }
    }
}

static void answer_batch(struct writing *writing, struct answered *answered, size_t count) {
    struct web_server *server = writing->server;
    struct failure failure = {0};
    if (!open_anew(server)) {
        answer_without_desk(answered, count);
        give_back(answered, count);
        return;
    }
    desk_hold(server->desk);
    writing->has_set_clock = false;
    int64_t held_from = desk_event_count(server->desk);
    int64_t now = tell_time(writing);
    if (server->exercise != NULL) {
        exercise_desk_pass(server->exercise, now);
    } else if (writing->clock.state == CLOCK_GOOD) {
        (void)desk_pass_time(server->desk, now, NULL);
        take_note(writing, now);
    }
    for (size_t i = 0; i < count; i++) {
        answer_one(writing, &answered[i]);
    }
    int64_t before = writing->published;
    bool has_written = desk_event_count(server->desk) > held_from; /* reading alone says nothing about the disk */
    bool is_durable = desk_release(server->desk, &failure);
    if (!is_durable) {
        writing->clock = writing->has_set_clock ? writing->clock_before : writing->clock;
        begin_anew(writing, answered, count, &failure);
    }
    if (is_durable && writing->has_note) {
        account_book_mark_note(server->accounts, &writing->note, writing->note_sequence);
    }
    writing->has_note = false;
    if (has_written) {
        atomic_store(&server->is_writable, is_durable);
    }
    take_replies(server->house, answered, count);
    if (server->desk != NULL) {
        tell_notices(server);
        views_refresh(server->views, find_etag, writing);
        publish_new(writing);
    }
    atomic_fetch_add(&server->batches, 1);
    atomic_fetch_add(&server->written, (uint_fast64_t)(writing->published - before));
    give_back(answered, count);
}

#define BATCH_MOST 256

/* While the last batch could not be written, each request is a batch of its own: what can be written is, what only reads
 * is answered. */
static void answer_all(struct writing *writing, struct mail *mail) {
    struct answered answered[BATCH_MOST];
    while (mail != NULL) {
        size_t most = atomic_load(&writing->server->is_writable) ? BATCH_MOST : 1;
        size_t count = 0;
        for (; mail != NULL && count < most; mail = mail->next) {
            answered[count] = (struct answered){.exchange = (struct exchange *)(void *)mail};
            count++;
        }
        answer_batch(writing, answered, count);
    }
}

/* How long there is nothing to do by itself. At most a second: a step of the wall clock is to be noticed. */
static int64_t find_wait(struct writing *writing) {
    if (writing->server->desk == NULL || !atomic_load(&writing->server->is_writable) ||
        writing->clock.state != CLOCK_GOOD) {
        return RETRY_US;
    }
    if (writing->server->exercise != NULL) {
        return exercise_desk_find_wait(writing->server->exercise, RETRY_US);
    }
    int64_t left = desk_next_instant(writing->server->desk) - tell_time(writing);
    return left <= 0 ? 0 : left < RETRY_US ? left : RETRY_US;
}

/* Every fifteen seconds, and at once when the time has come into doubt or out of it. */
static void beat(struct writing *writing, enum clock_state before) {
    int64_t boot = exchange_read_boot();
    if (writing->has_changed_account) {
        exercises_look(writing->server->exercises); /* accounts are changed at the real desk alone */
    }
    bool is_new_pace = exercise_desk_take_change(writing->server->exercise);
    if (boot >= writing->beat_at || before != writing->clock.state || is_new_pace || writing->has_changed_account) {
        writing->has_changed_account = false;
        writing->beat_at = boot + STREAM_BEAT_US;
        stream_beat(writing->server->stream, clock_state_name(writing->clock.state),
                    atomic_load(&writing->server->clock_offset));
    }
}

void *writer_run(void *context) {
    struct web_server *server = context;
    struct writing writing = {.server = server, .published = desk_event_count(server->desk)};
    bool is_closed = false;
    if (server->exercise == NULL) { /* an exercise's time is its own, and never in doubt */
        clock_begin(&writing.clock, exchange_read_wall(), exchange_read_boot(), desk_last_instant(server->desk),
                    desk_next_instant(server->desk) != ENGINE_NEVER);
    }
    while (!is_closed) {
        enum clock_state before = writing.clock.state;
        struct mail *mail = mailbox_take_all(&server->to_writer, find_wait(&writing), &is_closed);
        if (mail != NULL) {
            answer_all(&writing, mail);
        } else {
            answer_batch(&writing, NULL, 0);
        }
        beat(&writing, before);
    }
    return NULL;
}
