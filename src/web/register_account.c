/* Accounts that an administrator changes, closes and opens again, as the registrar does it. */
#include "web/exchange.h"

#include "desk/form.h"

#include <stdio.h>
#include <string.h>

/* A right that may be left as it is. */
static void read_right(struct form *form, const json_t *body, const char *name, enum account_field field, bool *right,
                       struct account_change *change) {
    *right = form_flag(form, name);
    change->fields |= json_object_get(body, name) == NULL ? 0 : (unsigned int)field;
}

static bool read_change(struct exchange *exchange, struct account_change *change, struct failure *failure) {
    struct account *wanted = &change->wanted;
    const json_t *body = exchange->json;
    struct form form;
    form_begin(&form, body, failure);
    struct text name = form_text(&form, "name", true, sizeof wanted->name - 1);
    struct text display_name = form_text(&form, "display_name", false, sizeof wanted->display_name - 1);
    read_right(&form, body, "administrator", ACCOUNT_ADMINISTRATOR, &wanted->administrator, change);
    read_right(&form, body, "desk", ACCOUNT_DESK, &wanted->desk, change);
    read_right(&form, body, "auditor", ACCOUNT_AUDITOR, &wanted->auditor, change);
    read_right(&form, body, "closed", ACCOUNT_CLOSING, &wanted->closed, change);
    const json_t *parties = form_any(&form, "parties", false);
    (void)snprintf(wanted->name, sizeof wanted->name, "%.*s", TEXT_PRINT(name));
    (void)snprintf(wanted->display_name, sizeof wanted->display_name, "%.*s", TEXT_PRINT(display_name));
    change->fields |= json_object_get(body, "display_name") == NULL ? 0 : ACCOUNT_DISPLAY_NAME;
    change->fields |= parties == NULL ? 0 : ACCOUNT_PARTIES;
    change->tag = exchange->request.if_match;
    if (form_end(&form) && !registrar_join_parties(parties, wanted)) {
        (void)failure_say_field(failure, "parties", "must be a list of names of at most 4096 bytes together",
                                "须为名称列表，合计不超过 4096 个字节");
    }
    return !failure->set;
}

bool registrar_change_account(struct exchange *exchange) {
    struct failure failure = {.chinese = exchange->request.chinese};
    struct account_change change = {0};
    struct account changed;
    enum account_result result = ACCOUNT_INVALID;
    if (read_change(exchange, &change, &failure)) {
        result = account_book_change(exchange->server->accounts, &change, text_of(exchange->session.account.name),
                                     text_of(exchange->marked_key), exchange_read_time(exchange->server), &changed,
                                     &failure);
    }
    if (result != ACCOUNT_DONE) {
        registrar_refuse(exchange, result, &failure);
        return false;
    }
    /* The log is told what has become of it, not what was asked for. */
    json_decref(exchange->json);
    exchange->json = account_describe(&changed);
    exchange->request.body = exchange->json;
    exchange->request.if_match = (struct text){0};
    return true;
}
