/* The archivist: the thread that takes files in, so that neither the writer nor the reading of requests waits while one is
 * hashed, looked at and made durable. That a file is there goes on to the writer, to be logged. It also clears away what
 * nobody goes on with. */
#include "web/exchange.h"

#include "base/log.h"
#include "desk/form.h"
#include "desk/kind.h"

#include <string.h>

#define CLEAR_US INT64_C(3600000000) /* between clearings */

static void begin_upload(struct exchange *exchange) {
    struct failure failure = {.chinese = exchange->request.chinese};
    struct upload upload;
    struct form form;
    form_begin(&form, exchange->json, &failure);
    struct text name = form_text(&form, "name", true, 1024);
    const json_t *bytes = form_any(&form, "bytes", true);
    struct text announced = form_text(&form, "sha256", false, UPLOAD_HASH_ROOM);
    if (!form_end(&form)) {
        exchange_fail(exchange, MHD_HTTP_UNPROCESSABLE_CONTENT, TITLE_NOT_TAKEN, &failure);
        return;
    }
    enum upload_result result =
        upload_begin(exchange->server->directory, text_of(exchange->session.account.name),
                     text_of(exchange->request.key), name, json_integer_value(bytes), announced, &upload, &failure);
    if (result == UPLOAD_DONE) {
        uploads_answer(exchange, MHD_HTTP_CREATED, &upload);
    } else {
        uploads_refuse(exchange, result, &failure);
    }
}

/* True when the file is there and can be logged. What was logged already is answered as it was: its id is its key. */
static bool take_in(struct exchange *exchange, struct kind_finder *finder) {
    struct failure failure = {.chinese = exchange->request.chinese};
    struct upload *upload = &exchange->upload;
    uploads_close(exchange);
    enum upload_result result = upload_finish(exchange->server->directory, finder, upload, &failure);
    if (result != UPLOAD_DONE) {
        uploads_refuse(exchange, result, &failure);
        return false;
    }
    json_decref(exchange->json);
    exchange->json = json_pack("{s:s, s:I, s:s, s:s}", "sha256", upload->hash, "bytes", (json_int_t)upload->size,
                               "type", upload->type, "name", upload->name);
    memcpy(exchange->request.key, upload->id, sizeof upload->id);
    exchange->request.action = DESK_NOTE_ATTACHMENT;
    exchange->request.account = exchange->session.account;
    exchange->request.body = exchange->json;
    return true;
}

static void drop_upload(struct exchange *exchange) {
    struct failure failure = {.chinese = exchange->request.chinese};
    struct upload upload;
    const char *directory = exchange->server->directory;
    enum upload_result result = upload_find(directory, text_of(exchange->session.account.name),
                                            text_of(exchange->route.name), &upload, &failure);
    result = result == UPLOAD_DONE ? upload_drop(directory, &upload, &failure) : result;
    if (result == UPLOAD_DONE) {
        exchange_answer(exchange, MHD_HTTP_NO_CONTENT, NULL);
    } else {
        uploads_refuse(exchange, result, &failure);
    }
}

static void answer(struct exchange *exchange, struct kind_finder *finder) {
    if (exchange->route.kind == ROUTE_BEGIN_UPLOAD) {
        begin_upload(exchange);
    } else if (exchange->route.kind == ROUTE_DROP_UPLOAD) {
        drop_upload(exchange);
    } else if (take_in(exchange, finder)) {
        if (mailbox_send(&exchange->server->to_writer, &exchange->mail)) {
            return;
        }
        exchange_problem(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_SAVED, "", "the server is stopping",
                         "服务器正在停止");
    }
    exchange_finish(exchange);
}

void *archivist_run(void *context) {
    struct web_server *server = context;
    bool is_closed = false;
    int64_t cleared_at = INT64_MIN;
    while (!is_closed) {
        int64_t boot = exchange_read_boot();
        if (cleared_at == INT64_MIN || boot - cleared_at >= CLEAR_US) {
            upload_clear(server->directory, exchange_read_wall());
            cleared_at = boot;
        }
        struct mail *mail = mailbox_take_all(&server->to_archivist, CLEAR_US, &is_closed);
        while (mail != NULL) {
            struct exchange *exchange = (struct exchange *)(void *)mail;
            mail = mail->next; /* the exchange is no longer ours once it is answered */
            answer(exchange, server->kinds);
        }
    }
    return NULL;
}
