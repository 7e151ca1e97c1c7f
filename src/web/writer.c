/* The writer: the one thread that has the desk. It takes all requests that wait as one batch, makes what they write
 * durable by one commit, and only then lets them be answered and shown to the live pages. */
#include "web/exchange.h"

#include "base/calendar.h"
#include "base/log.h"
#include "desk/access.h"
#include "desk/form.h"
#include "desk/personal.h"
#include "engine/engine.h"

#include <stdlib.h>
#include <string.h>

#define RETRY_US INT64_C(1000000) /* between tries to write to a log that cannot be written */
#define NOTES_US INT64_C(1000000) /* between looks for notes in accounts.db */

/* What waits longest for the writer's clock: the beat of the streams. */
struct writing {
    struct web_server *server;
    struct clock clock;
    int64_t published; /* events that the live pages have been given */
    int64_t beat_at;   /* by the time since boot */
    int64_t notes_at;  /* when accounts.db is next asked for notes, by the same */
    bool has_note;     /* this one is in the batch, as event note_sequence */
    struct account_note note;
    int64_t note_sequence;
};

struct answered {
    struct exchange *exchange;
    struct desk_reply reply;
    bool is_answered; /* the exchange has its answer already */
};

/* The time now, and for the other threads what it is ahead of the wall clock. */
static int64_t tell_time(struct writing *writing) {
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

/* What an auditor is shown is logged: so it can only be shown when something can be. */
static bool is_logged_read(const struct exchange *exchange) {
    return exchange->route.kind == ROUTE_SHOW_AUDIT && personal_is_auditor(&exchange->session.account) &&
           !personal_sees_all(&exchange->session.account);
}

static bool is_write(const struct exchange *exchange) {
    return exchange->route.kind == ROUTE_DESK_WRITE || exchange->route.kind == ROUTE_SET_CLOCK ||
           exchange->route.kind == ROUTE_APPEND_UPLOAD || exchange_is_registered(exchange) || is_logged_read(exchange);
}

static bool open_anew(struct web_server *server) {
    struct failure failure = {0};
    if (server->desk == NULL) {
        server->desk = desk_open(server->directory, &failure);
    }
    if (server->desk == NULL) {
        log_write(LOG_LEVEL_ERROR, "the log cannot be opened: %s", failure.message);
    }
    return server->desk != NULL;
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
            desk_tell_unwritten(&answered[i].reply.failure);
        }
    }
    desk_close(server->desk);
    server->desk = NULL;
    (void)open_anew(server);
}

static void answer_without_desk(struct answered *answered, size_t count) {
    for (size_t i = 0; i < count; i++) {
        exchange_problem(answered[i].exchange, MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_SAVED, "",
                         "the log cannot be opened; the server goes on trying", "日志无法打开，服务器正在重试");
    }
}

/* Sends an exchange that has a pack on to the drawer, one that has its part of the log to the auditor; false when it is
 * answered here and now. */
static bool send_on(struct exchange *exchange) {
    bool is_audit = exchange_is_for_auditor(exchange) && exchange->json != NULL;
    if (exchange->pack.length == 0 && !is_audit) {
        return false;
    }
    struct web_server *server = exchange->server;
    if (mailbox_send(is_audit ? &server->to_auditor : &server->to_drawer, &exchange->mail)) {
        return true;
    }
    exchange_problem(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_NOW, "", "the server is stopping",
                     "服务器正在停止");
    return false;
}

static void give_back(const struct answered *answered, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!send_on(answered[i].exchange)) {
            answered[i].exchange->stage = EXCHANGE_ANSWERED;
            MHD_resume_connection(answered[i].exchange->connection);
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

/* Answers one request of a batch: by the desk, into `answered`, or at once. */
static void answer_one(struct writing *writing, struct answered *answered) {
    struct exchange *exchange = answered->exchange;
    if (exchange->route.kind == ROUTE_SHOW_CLOCK) {
        answered->reply = (struct desk_reply){.outcome = DESK_OK, .body = describe_clock(writing)};
        return;
    }
    if (exchange_is_for_drawer(exchange)) {
        find_pack(writing, exchange);
        answered->is_answered = true;
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
    if (!answered->is_answered) {
        desk_answer(writing->server->desk, &exchange->request, &answered->reply);
    }
    bool is_new =
        answered->reply.outcome == DESK_CREATED && !json_is_true(json_object_get(answered->reply.body, "repeated"));
    if (exchange->route.kind == ROUTE_SET_CLOCK && !answered->is_answered && !is_new) {
        writing->clock = before; /* refused, or said once more: it is not set again */
    }
}

/* A views_find_etag; the context is the writing. */
static void find_etag(void *context, const struct views_key *key, char etag[DESK_ETAG_ROOM]) {
    struct writing *writing = context;
    desk_find_etag(writing->server->desk, key->action, key->incident, key->plan, tell_time(writing), etag);
    if (key->is_hidden) {
        personal_mark_etag(etag);
    }
}

/* Passwords are reset by another process (`pinyue user reset`), which leaves a note: once a second one is taken into the
 * log. A note that cannot be logged fails the batch, as whatever else is in it. */
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
        writing->has_note = desk_note_reset(server->desk, now, &writing->note, &writing->note_sequence, &failure);
    }
}

/* Which events tell an audit goes on to the auditor; all else is the answer. */
static void take_reply(struct answered *answered) {
    struct exchange *exchange = answered->exchange;
    if (exchange_is_for_auditor(exchange) && answered->reply.outcome == DESK_OK) {
        exchange->json = answered->reply.body;
    } else {
        exchange_take_reply(exchange, &answered->reply);
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
    int64_t held_from = desk_event_count(server->desk);
    int64_t now = tell_time(writing);
    if (writing->clock.state == CLOCK_GOOD) {
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
        begin_anew(writing, answered, count, &failure);
    }
    if (is_durable && writing->has_note) {
        account_book_mark_note(server->accounts, &writing->note, writing->note_sequence);
    }
    writing->has_note = false;
    if (has_written) {
        atomic_store(&server->is_writable, is_durable);
    }
    if (server->desk != NULL) {
        views_refresh(server->views, find_etag, writing);
        publish_new(writing);
    }
    atomic_fetch_add(&server->batches, 1);
    atomic_fetch_add(&server->written, (uint_fast64_t)(writing->published - before));
    for (size_t i = 0; i < count; i++) {
        if (!answered[i].is_answered) {
            take_reply(&answered[i]);
        }
    }
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
    int64_t left = desk_next_instant(writing->server->desk) - tell_time(writing);
    return left <= 0 ? 0 : left < RETRY_US ? left : RETRY_US;
}

/* Every fifteen seconds, and at once when the time has come into doubt or out of it. */
static void beat(struct writing *writing, enum clock_state before) {
    int64_t boot = exchange_read_boot();
    if (boot >= writing->beat_at || before != writing->clock.state) {
        writing->beat_at = boot + STREAM_BEAT_US;
        stream_beat(writing->server->stream, clock_state_name(writing->clock.state),
                    atomic_load(&writing->server->clock_offset));
    }
}

void *writer_run(void *context) {
    struct web_server *server = context;
    struct writing writing = {.server = server, .published = desk_event_count(server->desk)};
    bool is_closed = false;
    clock_begin(&writing.clock, exchange_read_wall(), exchange_read_boot(), desk_last_instant(server->desk),
                desk_next_instant(server->desk) != ENGINE_NEVER);
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
