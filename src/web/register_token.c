/* Machines' tokens, as the registrar makes and ends them. */
#include "web/exchange.h"

#include "desk/form.h"
#include "desk/token.h"

#include <stdio.h>
#include <string.h>

/* Words of a scope, as bits; 0 when one is none. */
static unsigned int read_scope(const json_t *words) {
    unsigned int scope = 0;
    size_t index = 0;
    json_t *word = NULL;
    json_array_foreach((json_t *)words, index, word) {
        size_t found = 0;
        while (token_scope_words[found] != NULL &&
               (!json_is_string(word) || strcmp(token_scope_words[found], json_string_value(word)) != 0)) {
            found++;
        }
        if (token_scope_words[found] == NULL) {
            return 0;
        }
        scope |= 1U << found;
    }
    return scope;
}

static bool read_machine(struct exchange *exchange, struct account *machine, struct failure *failure) {
    struct form form;
    form_begin(&form, exchange->json, failure);
    struct text name = form_text(&form, "name", true, TOKEN_NAME_LENGTH_MOST);
    struct text display_name = form_text(&form, "display_name", true, sizeof machine->display_name - 1);
    const json_t *scope = form_any(&form, "scope", true);
    const json_t *parties = form_any(&form, "parties", false);
    *machine = (struct account){.scope = read_scope(scope)};
    (void)snprintf(machine->name, sizeof machine->name, "%.*s", TEXT_PRINT(name));
    (void)snprintf(machine->display_name, sizeof machine->display_name, "%.*s", TEXT_PRINT(display_name));
    if (form_end(&form) && !registrar_join_parties(parties, machine)) {
        (void)failure_say_field(failure, "parties", "must be a list of names of at most 4096 bytes together",
                                "须为名称列表，合计不超过 4096 个字节");
    }
    return !failure->set;
}

bool registrar_add_token(struct exchange *exchange) {
    struct failure failure = {.chinese = exchange->request.chinese};
    struct account machine;
    char token[ACCOUNT_TOKEN_ROOM];
    enum account_result result = ACCOUNT_INVALID;
    if (read_machine(exchange, &machine, &failure)) {
        result = account_book_add_token(exchange->server->accounts, &machine, text_of(exchange->session.account.name),
                                        text_of(exchange->marked_key), exchange_read_time(exchange->server), token,
                                        &failure);
    }
    if (result != ACCOUNT_DONE) {
        registrar_refuse(exchange, result, &failure);
        return false;
    }
    exchange->secrets = json_pack("{s:s}", "token", token);
    return true;
}

bool registrar_end_token(struct exchange *exchange) {
    struct failure failure = {.chinese = exchange->request.chinese};
    struct form form;
    enum account_result result = ACCOUNT_INVALID;
    form_begin(&form, exchange->json, &failure);
    struct text name = form_text(&form, "name", true, TOKEN_NAME_LENGTH_MOST);
    if (form_end(&form)) {
        result = account_book_end_token(exchange->server->accounts, name, text_of(exchange->session.account.name),
                                        text_of(exchange->marked_key), exchange_read_time(exchange->server), &failure);
    }
    if (result != ACCOUNT_DONE) {
        registrar_refuse(exchange, result, &failure);
    }
    return result == ACCOUNT_DONE;
}
