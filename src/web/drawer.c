/* The drawer: the thread that answers with sheets of a plan's chart, from the pack's text that the writer has put into the
 * exchange. */
#include "web/exchange.h"
#include "web/sheets.h"

#include <string.h>

#define WAIT_US INT64_C(60000000) /* it has nothing to do by itself */

static void answer_sheet(struct exchange *exchange, const struct sheets_answer *answer) {
    bool is_list = exchange->route.kind == ROUTE_LIST_SHEETS;
    if (answer->text.length == 0) {
        exchange_problem(exchange, MHD_HTTP_NOT_FOUND, TITLE_NOT_FOUND, "", "the plan's chart has no such sheet",
                         "这个预案的图没有这一张");
        return;
    }
    memcpy(exchange->etag, answer->etag, sizeof exchange->etag);
    if (text_equals_string(exchange->request.if_match, answer->etag)) {
        exchange->status = MHD_HTTP_NOT_MODIFIED;
        return;
    }
    exchange_answer_text(exchange, MHD_HTTP_OK, is_list ? "application/json" : "image/svg+xml", answer->text);
}

static void answer(struct sheets *sheets, struct exchange *exchange) {
    struct failure failure = {.chinese = exchange->request.chinese};
    struct sheets_answer found;
    if (sheets != NULL && sheets_find(sheets, buffer_text(&exchange->pack), exchange->route.item, &found, &failure)) {
        answer_sheet(exchange, &found);
        return;
    }
    if (sheets == NULL) {
        (void)failure_say(&failure, "memory is exhausted", "内存不足");
    }
    exchange_fail(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_READ, &failure);
}

void *drawer_run(void *context) {
    struct web_server *server = context;
    struct sheets *sheets = sheets_create();
    bool is_closed = false;
    while (!is_closed) {
        struct mail *mail = mailbox_take_all(&server->to_drawer, WAIT_US, &is_closed);
        while (mail != NULL) {
            struct exchange *exchange = (struct exchange *)(void *)mail;
            mail = mail->next; /* the exchange is no longer ours once it is answered */
            answer(sheets, exchange);
            exchange_finish(exchange);
        }
    }
    sheets_destroy(sheets);
    return NULL;
}
