/* The exporters: threads that write incidents' records, made of the log as it is then. They stand back for whoever else wants
 * a core: a record can wait, and nothing waits for it. */
#include "web/crew.h"
#include "web/exchange.h"

#include "desk/dossier.h"

#define THREADS 2U
#define WAITING_MOST 16U
#define WAITING_EACH 2U
#define NICENESS 10

static void answer(struct exchange *exchange) {
    struct failure failure = {.chinese = exchange->request.chinese};
    struct dossier made = {0};
    const struct dossier_order order = {.data = exchange->server->directory,
                                        .incident = exchange->route.incident,
                                        .masked = !json_is_true(json_object_get(exchange->json, "personal")),
                                        .fonts = &exchange->server->fonts,
                                        .is_known = true};
    int file = -1;
    int64_t bytes = 0;
    if (dossier_open(&order, &made, &file, &bytes, &failure)) {
        uploads_take_record(exchange, file, bytes);
    } else {
        exchange_fail(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_READ, &failure);
    }
    dossier_release(&made);
}

static void work(void *context, void *tools, struct mail *mail) {
    struct exchange *exchange = (struct exchange *)(void *)mail;
    (void)context;
    (void)tools;
    answer(exchange);
    exchange_finish(exchange);
}

struct crew *exporter_start(struct web_server *server, struct failure *failure) {
    const struct crew_rules rules = {.threads = THREADS,
                                     .waiting_most = WAITING_MOST,
                                     .waiting_each = WAITING_EACH,
                                     .niceness = NICENESS,
                                     .context = server,
                                     .work = work,
                                     .drop = exchange_drop};
    return crew_start(&rules, failure);
}
