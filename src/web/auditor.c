/* The auditor: the thread that answers with an incident as it was, from the log itself and from what the writer has said of
 * which events tell it. The writer waits for nothing of this. */
#include "web/exchange.h"

#define WAIT_US INT64_C(60000000) /* it has nothing to do by itself */

static void tell(struct audit *audit, struct exchange *exchange) {
    struct desk_reply reply;
    exchange->question.incident = exchange->route.incident;
    exchange->question.part = exchange->json;
    exchange->question.now = exchange->request.at;
    exchange->question.chinese = exchange->request.chinese;
    if (exchange->route.kind == ROUTE_SHOW_AUDIT) {
        audit_show(audit, &exchange->question, &reply);
    } else {
        audit_list_moments(audit, &exchange->question, &reply);
    }
    exchange_take_reply(exchange, &reply);
}

/* The log is there by the time of the first question; whatever keeps it from being opened may pass. */
static void tell_or_refuse(struct audit **audit, struct exchange *exchange) {
    struct failure failure = {.chinese = exchange->request.chinese};
    if (*audit == NULL) {
        *audit = audit_open(exchange->server->directory, &failure);
    }
    if (*audit != NULL) {
        tell(*audit, exchange);
    } else {
        exchange_fail(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_READ, &failure);
    }
}

/* The real desk's log stays open; that of an exercise is short, and opened for each question. */
static void answer(struct audit **house, struct exchange *exchange) {
    struct audit *own = NULL;
    if (exchange->server->exercise == NULL) {
        tell_or_refuse(house, exchange);
    } else {
        tell_or_refuse(&own, exchange);
        audit_close(own);
    }
}

void *auditor_run(void *context) {
    struct web_server *server = context;
    struct audit *audit = NULL;
    bool is_closed = false;
    while (!is_closed) {
        struct mail *mail = mailbox_take_all(&server->to_auditor, WAIT_US, &is_closed);
        while (mail != NULL) {
            struct exchange *exchange = (struct exchange *)(void *)mail;
            mail = mail->next; /* the exchange is no longer ours once it is answered */
            answer(&audit, exchange);
            exchange_finish(exchange);
        }
    }
    audit_close(audit);
    return NULL;
}
