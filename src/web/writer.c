/* The writer: the one thread that has the desk. It takes all requests that wait as one batch, makes what they write
 * durable by one commit, and only then lets them be answered and shown to the live pages. */
#include "web/exchange.h"

#include "base/log.h"
#include "engine/engine.h"

#include <stdlib.h>
#include <string.h>

#define RETRY_US INT64_C(1000000) /* between tries to write to a log that cannot be written */

/* What waits longest for the writer's clock: the beat of the streams. */
struct writing {
    struct web_server *server;
    int64_t published; /* events that the live pages have been given */
    int64_t beat_at;
};

struct answered {
    struct exchange *exchange;
    struct desk_reply reply;
};

static void publish(void *context, int64_t sequence, const json_t *event) {
    struct writing *writing = context;
    char *text = json_dumps(event, JSON_COMPACT);
    if (text != NULL) {
        stream_publish(writing->server->stream, sequence, text);
    }
    writing->published = sequence;
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

static bool is_write(const struct exchange *exchange) {
    return exchange->route.kind == ROUTE_DESK_WRITE || exchange->route.kind == ROUTE_ADD_ACCOUNT;
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
        if (is_write(answered[i].exchange)) {
            json_decref(answered[i].reply.body);
            answered[i].reply = (struct desk_reply){.outcome = DESK_UNAVAILABLE, .failure = *failure};
        }
    }
    desk_close(server->desk);
    server->desk = NULL;
    (void)open_anew(server);
}

static void answer_without_desk(struct answered *answered, size_t count) {
    for (size_t i = 0; i < count; i++) {
        exchange_problem(answered[i].exchange, MHD_HTTP_SERVICE_UNAVAILABLE, "Not saved", "",
                         "the log cannot be opened; the server goes on trying");
    }
}

static void give_back(const struct answered *answered, size_t count) {
    for (size_t i = 0; i < count; i++) {
        answered[i].exchange->stage = EXCHANGE_ANSWERED;
        MHD_resume_connection(answered[i].exchange->connection);
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
    (void)desk_pass_time(server->desk, exchange_read_clock(), NULL);
    for (size_t i = 0; i < count; i++) {
        answered[i].exchange->request.at = exchange_read_clock();
        desk_answer(server->desk, &answered[i].exchange->request, &answered[i].reply);
    }
    int64_t before = writing->published;
    bool is_durable = desk_release(server->desk, &failure);
    if (!is_durable) {
        begin_anew(writing, answered, count, &failure);
    }
    atomic_store(&server->is_writable, is_durable);
    if (server->desk != NULL) {
        publish_new(writing);
    }
    atomic_fetch_add(&server->batches, 1);
    atomic_fetch_add(&server->written, (uint_fast64_t)(writing->published - before));
    for (size_t i = 0; i < count; i++) {
        exchange_take_reply(answered[i].exchange, &answered[i].reply);
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

/* How long there is nothing to do by itself. */
static int64_t find_wait(const struct writing *writing) {
    int64_t now = exchange_read_clock();
    if (writing->server->desk == NULL || !atomic_load(&writing->server->is_writable)) {
        return RETRY_US;
    }
    int64_t next = desk_next_instant(writing->server->desk);
    next = next < writing->beat_at ? next : writing->beat_at;
    return next <= now ? 0 : next - now;
}

static void beat(struct writing *writing) {
    int64_t now = exchange_read_clock();
    if (now >= writing->beat_at || writing->beat_at - now > STREAM_BEAT_US) {
        writing->beat_at = now + STREAM_BEAT_US;
        stream_beat(writing->server->stream);
    }
}

void *writer_run(void *context) {
    struct web_server *server = context;
    struct writing writing = {.server = server, .published = desk_event_count(server->desk)};
    bool is_closed = false;
    while (!is_closed) {
        struct mail *mail = mailbox_take_all(&server->to_writer, find_wait(&writing), &is_closed);
        if (mail != NULL) {
            answer_all(&writing, mail);
        } else {
            answer_batch(&writing, NULL, 0);
        }
        beat(&writing);
    }
    return NULL;
}
