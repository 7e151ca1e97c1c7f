/* The registrar: the thread that writes to accounts.db for those who are signed in, so that neither the writer nor the reading
 * of requests waits for it. It keeps drafts, makes accounts, and sees who comes to the doorkeeper. Of an account or a token
 * the writer looks at the request's key first; then it is made here, with a note for the log in the same step, and goes on
 * to the writer again, to be logged at once. */
#include "web/exchange.h"
#include "web/exercises.h"
#include "web/once.h"

#include "desk/draft.h"
#include "desk/form.h"

#include <stdio.h>
#include <string.h>

#define USES_US INT64_C(5000000) /* between looks for uses of sessions to be written */

void registrar_refuse_sign_in(struct exchange *exchange, enum account_sign_in result, uint32_t wait_seconds) {
    switch (result) {
    case ACCOUNT_TOO_SOON:
        exchange->retry_after = wait_seconds;
        exchange_problem(exchange, MHD_HTTP_TOO_MANY_REQUESTS, TITLE_TOO_SOON, "",
                         "several wrong passwords or codes in a row; wait a little and try again",
                         "密码或验证码连续输错，请稍候再试");
        break;
    case ACCOUNT_UNAVAILABLE:
        exchange_problem(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_SAVED, "", "accounts.db cannot be written",
                         "账号库 accounts.db 无法写入");
        break;
    case ACCOUNT_SHUT:
        exchange_problem(exchange, MHD_HTTP_FORBIDDEN, TITLE_NOT_ALLOWED, "",
                         "this account has been closed; an administrator can open it again",
                         "这个账号已停用，可由管理员重新启用");
        break;
    case ACCOUNT_CODE_NEEDED:
        exchange_problem(exchange, MHD_HTTP_UNAUTHORIZED, TITLE_NOT_SIGNED_IN, "code",
                         "a code of the authenticator app, or a recovery code, is needed as well",
                         "还须输入验证器应用上的验证码，或一个恢复码");
        break;
    case ACCOUNT_CODE_WRONG:
        exchange_problem(exchange, MHD_HTTP_UNAUTHORIZED, TITLE_NOT_SIGNED_IN, "code",
                         "this code does not fit, or has been used; the app shows another each half minute",
                         "验证码不对或已经用过；应用每半分钟换一个");
        break;
    default:
        exchange_problem(exchange, MHD_HTTP_UNAUTHORIZED, TITLE_NOT_SIGNED_IN, "", "this name and password do not fit",
                         "账号或密码不对");
        break;
    }
}

bool registrar_join_parties(const json_t *parties, struct account *account) {
    size_t length = 0;
    size_t index = 0;
    json_t *party = NULL;
    if (parties != NULL && !json_is_array(parties)) {
        return false;
    }
    json_array_foreach((json_t *)parties, index, party) {
        const char *name = json_string_value(party);
        if (name == NULL || name[0] == '\0' || strchr(name, '\n') != NULL ||
            length + strlen(name) + 2 > sizeof account->parties) {
            return false;
        }
        length += (size_t)snprintf(account->parties + length, sizeof account->parties - length, "%s\n", name);
    }
    return true;
}

bool registrar_read_account(struct exchange *exchange, struct account *account, struct text *password) {
    struct failure failure = {.chinese = exchange->request.chinese};
    struct form form;
    form_begin(&form, exchange->json, &failure);
    struct text name = form_text(&form, "name", true, sizeof account->name - 1);
    struct text display_name = form_text(&form, "display_name", true, sizeof account->display_name - 1);
    *password = form_text(&form, "password", true, ACCOUNT_PASSWORD_LENGTH_MOST);
    *account = (struct account){.administrator = form_flag(&form, "administrator"),
                                .desk = form_flag(&form, "desk"),
                                .auditor = form_flag(&form, "auditor")};
    const json_t *parties = form_any(&form, "parties", false);
    (void)snprintf(account->name, sizeof account->name, "%.*s", TEXT_PRINT(name));
    (void)snprintf(account->display_name, sizeof account->display_name, "%.*s", TEXT_PRINT(display_name));
    if (form_end(&form) && !registrar_join_parties(parties, account)) {
        (void)failure_say_field(&failure, "parties", "must be a list of names of at most 4096 bytes together",
                                "须为名称列表，合计不超过 4096 个字节");
    }
    if (failure.set) {
        exchange_fail(exchange, MHD_HTTP_UNPROCESSABLE_CONTENT, TITLE_NOT_TAKEN, &failure);
    }
    return !failure.set;
}

void registrar_refuse(struct exchange *exchange, enum account_result result, const struct failure *failure) {
    unsigned int status = result == ACCOUNT_EXISTS    ? MHD_HTTP_CONFLICT
                          : result == ACCOUNT_CHANGED ? MHD_HTTP_PRECONDITION_FAILED
                          : result == ACCOUNT_INVALID ? MHD_HTTP_UNPROCESSABLE_CONTENT
                                                      : MHD_HTTP_SERVICE_UNAVAILABLE;
    exchange_fail(exchange, status, result == ACCOUNT_CHANGED ? TITLE_CHANGED : TITLE_NOT_TAKEN, failure);
}

/* True when the account is there and can be logged. */
static bool add_account(struct exchange *exchange) {
    struct failure failure = {.chinese = exchange->request.chinese};
    struct account account;
    struct text password;
    if (!registrar_read_account(exchange, &account, &password)) {
        return false;
    }
    enum account_result result =
        account_book_add(exchange->server->accounts, &account, password, text_of(exchange->marked_key),
                         text_of(exchange->session.account.name), exchange_read_time(exchange->server), &failure);
    if (result == ACCOUNT_DONE) {
        return true;
    }
    registrar_refuse(exchange, result, &failure);
    return false;
}

static void change_draft(struct exchange *exchange) {
    struct failure failure = {.chinese = exchange->request.chinese};
    struct account_book *accounts = exchange->server->accounts;
    struct text account = text_of(exchange->session.account.name);
    struct text name = text_of(exchange->route.name);
    bool done = exchange->route.kind == ROUTE_DROP_DRAFT
                    ? account_book_drop_draft(accounts, account, name, &failure)
                    : account_book_keep_draft(accounts, account, name, buffer_text(&exchange->body),
                                              exchange_read_time(exchange->server), &failure);
    if (done) {
        exchange_answer(exchange, MHD_HTTP_NO_CONTENT, NULL);
    } else {
        exchange_fail(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_SAVED, &failure);
    }
}

/* Does in accounts.db what is then logged; false when it was refused, and the answer set. */
static bool do_registered(struct exchange *exchange) {
    exchange->is_repeated =
        exchange->is_repeated || account_book_has_note(exchange->server->accounts, text_of(exchange->marked_key));
    switch (exchange->route.kind) {
    case ROUTE_ADD_TOKEN:
        return registrar_add_token(exchange);
    case ROUTE_END_TOKEN:
        return registrar_end_token(exchange);
    case ROUTE_REQUIRE_FACTOR:
        return registrar_require_factor(exchange);
    case ROUTE_CHANGE_ACCOUNT:
        return registrar_change_account(exchange);
    default:
        return add_account(exchange);
    }
}

/* ---- a person's own --------------------------------------------------------------------------------------- */

static struct text keep_answer(const struct exchange *exchange) {
    return (struct text){exchange->text, exchange->text_length};
}

static bool answer_again(struct exchange *exchange, struct text kept) {
    exchange_answer_text(exchange, MHD_HTTP_CREATED, "application/json", kept);
    return true;
}

static bool is_own(enum route_kind kind) {
    return kind == ROUTE_CHANGE_PASSWORD || kind == ROUTE_BEGIN_FACTOR || kind == ROUTE_CONFIRM_FACTOR ||
           kind == ROUTE_REMOVE_FACTOR;
}

static void answer(struct replays *replays, struct exchange *exchange) {
    static const struct once own = {.act = registrar_change_own, .keep = keep_answer, .again = answer_again};
    if (is_own(exchange->route.kind)) {
        once_answer(replays, exchange, text_of(exchange->session.account.name), &own);
    } else if (exchange->route.kind == ROUTE_SIGN_IN) {
        if (doorkeeper_take(exchange)) {
            return;
        }
    } else if (exchange->route.kind == ROUTE_START_EXERCISE) {
        exercises_start(exchange);
    } else if (exchange->route.kind == ROUTE_REMOVE_EXERCISE && exchange->status == MHD_HTTP_CREATED) {
        exercises_remove(exchange);
    } else if (exchange->route.kind == ROUTE_REMOVE_EXERCISE) {
        if (exercises_open_to_remove(exchange)) {
            return;
        }
    } else if (exchange->route.kind == ROUTE_KEEP_DRAFT || exchange->route.kind == ROUTE_DROP_DRAFT) {
        change_draft(exchange);
    } else if (do_registered(exchange)) {
        (void)json_object_del(exchange->json, "password");
        if (mailbox_send(&exchange->server->to_writer, &exchange->mail)) {
            return;
        }
        exchange_problem(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_SAVED, "", "the server is stopping",
                         "服务器正在停止");
    }
    exchange_finish(exchange);
}

void *registrar_run(void *context) {
    struct web_server *server = context;
    struct replays *replays = replays_create();
    bool is_closed = false;
    while (!is_closed) {
        struct mail *mail = mailbox_take_all(&server->to_registrar, USES_US, &is_closed);
        while (mail != NULL) {
            struct exchange *exchange = (struct exchange *)(void *)mail;
            mail = mail->next; /* the exchange is no longer ours once it is answered */
            answer(replays, exchange);
        }
        account_book_write_uses(server->accounts);
    }
    replays_destroy(replays);
    return NULL;
}
