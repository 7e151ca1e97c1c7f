/* A person's own password and second factor, as the registrar changes them. What it changes is noted in accounts.db with the
 * change itself, and the writer takes the note into the log. */
#include "web/exchange.h"

#include "desk/form.h"
#include "desk/second_factor.h"

#include <stdio.h>

/* The password, again: a page that was left open is not enough. Wrong ones are counted for the session, not for the address:
 * that whoever guesses may share. The answer is set when it returns false. */
static bool check_password(struct exchange *exchange, struct text password, int64_t now) {
    uint32_t wait_seconds = 0;
    enum account_sign_in result =
        account_book_check_password(exchange->server->accounts, text_of(exchange->session.account.name), password,
                                    text_of(exchange->session.token), now, &wait_seconds);
    if (result == ACCOUNT_WRONG) { /* not 401: the session holds */
        exchange_record_sign_in(exchange, text_of(exchange->session.account.name), SIGN_IN_PASSWORD_WRONG);
        exchange_problem(exchange, MHD_HTTP_UNPROCESSABLE_CONTENT, TITLE_NOT_TAKEN, "password",
                         "this is not the account's password", "密码不对");
    } else if (result != ACCOUNT_SIGNED_IN) {
        registrar_refuse_sign_in(exchange, result, wait_seconds);
    }
    return result == ACCOUNT_SIGNED_IN;
}

/* Takes the body over. */
static void finish(struct exchange *exchange, enum account_result result, const struct failure *failure, json_t *body) {
    if (result == ACCOUNT_DONE) {
        exchange_answer(exchange, MHD_HTTP_CREATED, body);
    } else {
        registrar_refuse(exchange, result, failure);
    }
    json_decref(body);
}

static void begin_factor(struct exchange *exchange, struct failure *failure) {
    char secret[SECOND_FACTOR_TEXT_ROOM];
    char uri[256];
    const char *name = exchange->session.account.name;
    enum account_result result = account_book_begin_factor(exchange->server->accounts, text_of(name), secret, failure);
    (void)snprintf(uri, sizeof uri, "otpauth://totp/Pinyue:%s?secret=%s&issuer=Pinyue", name, secret);
    finish(exchange, result, failure, json_pack("{s:s, s:s}", "secret", secret, "uri", uri));
}

static void confirm_factor(struct exchange *exchange, struct text code, int64_t now, struct failure *failure) {
    char codes[SECOND_FACTOR_RECOVERY_CODES][ACCOUNT_MADE_PASSWORD_ROOM] = {{0}};
    json_t *list = json_array();
    enum account_result result = account_book_confirm_factor(
        exchange->server->accounts, text_of(exchange->session.account.name), code, now, codes, failure);
    for (size_t i = 0; i < SECOND_FACTOR_RECOVERY_CODES; i++) {
        (void)json_array_append_new(list, json_string(codes[i]));
    }
    finish(exchange, result, failure, json_pack("{s:o}", "recovery_codes", list));
}

void registrar_change_own(struct exchange *exchange) {
    struct failure failure = {.chinese = exchange->request.chinese};
    struct account_book *accounts = exchange->server->accounts;
    struct form form;
    bool is_code = exchange->route.kind == ROUTE_CONFIRM_FACTOR;
    int64_t now = exchange_read_wall(); /* as signing in: telephones go by it */
    form_begin(&form, exchange->json, &failure);
    struct text given = form_text(&form, is_code ? "code" : "password", true, ACCOUNT_PASSWORD_LENGTH_MOST);
    struct text wanted = exchange->route.kind == ROUTE_CHANGE_PASSWORD
                             ? form_text(&form, "new_password", true, ACCOUNT_PASSWORD_LENGTH_MOST)
                             : (struct text){0};
    if (!form_end(&form)) {
        registrar_refuse(exchange, ACCOUNT_INVALID, &failure);
    } else if (is_code) {
        confirm_factor(exchange, given, now, &failure);
    } else if (!check_password(exchange, given, now)) {
        return; /* it is answered */
    } else if (exchange->route.kind == ROUTE_BEGIN_FACTOR) {
        begin_factor(exchange, &failure);
    } else if (exchange->route.kind == ROUTE_REMOVE_FACTOR) {
        finish(exchange, account_book_remove_factor(accounts, text_of(exchange->session.account.name), now, &failure),
               &failure, json_object());
    } else {
        finish(exchange, account_book_change_password(accounts, &exchange->session, wanted, now, &failure), &failure,
               json_object());
    }
}

bool registrar_require_factor(struct exchange *exchange) {
    struct failure failure = {.chinese = exchange->request.chinese};
    struct form form;
    enum account_result result = ACCOUNT_INVALID;
    form_begin(&form, exchange->json, &failure);
    struct text name = form_text(&form, "account", false, ACCOUNT_NAME_ROOM);
    (void)form_any(&form, "required", true);
    bool is_required = form_flag(&form, "required");
    if (form_end(&form)) {
        result = account_book_require_factor(exchange->server->accounts, name, is_required,
                                             text_of(exchange->session.account.name), text_of(exchange->marked_key),
                                             exchange_read_time(exchange->server), &failure);
    }
    if (result != ACCOUNT_DONE) {
        registrar_refuse(exchange, result, &failure);
    }
    return result == ACCOUNT_DONE;
}
