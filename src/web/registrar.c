/* The registrar: the thread that computes passwords' hashes and writes to accounts.db, so that neither the writer nor the
 * reading of requests waits for it. It signs people in, keeps drafts and makes accounts. Of an account or a token
 * the writer looks at the request's key first; then it is made here, with a note for the log in the same step, and goes on
 * to the writer again, to be logged at once. */
#include "web/exchange.h"
#include "web/exercises.h"
#include "web/replay.h"

#include "base/calendar.h"
#include "desk/device.h"
#include "desk/draft.h"
#include "desk/form.h"

#include <stdio.h>
#include <string.h>

#define COOKIE_SECONDS (12 * 3600)
#define DEVICE_COOKIE_SECONDS (400 * 24 * 3600) /* browsers keep none for longer (RFC 6265bis) */
#define USES_US INT64_C(5000000)                /* between looks for uses of sessions to be written */

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

/* What is slowed down is not tried, and not recorded either: it is bounded by the waiting. */
static void record(const struct exchange *exchange, struct text name, enum account_sign_in result) {
    if (result == ACCOUNT_SIGNED_IN || result == ACCOUNT_WRONG || result == ACCOUNT_SHUT ||
        result == ACCOUNT_CODE_NEEDED || result == ACCOUNT_CODE_WRONG) {
        exchange_record_sign_in(exchange, name,
                                result == ACCOUNT_SIGNED_IN     ? SIGN_IN_RIGHT
                                : result == ACCOUNT_WRONG       ? SIGN_IN_PASSWORD_WRONG
                                : result == ACCOUNT_SHUT        ? SIGN_IN_SHUT
                                : result == ACCOUNT_CODE_NEEDED ? SIGN_IN_CODE_ASKED
                                                                : SIGN_IN_CODE_WRONG);
    }
}

static void give_session(struct exchange *exchange, int64_t now) {
    char shown[CALENDAR_INSTANT_ROOM];
    calendar_print_instant(now, 0, shown);
    exchange_answer_session(exchange, MHD_HTTP_CREATED, shown);
    (void)snprintf(exchange->cookie, sizeof exchange->cookie,
                   "pinyue_session=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%d%s", exchange->session.token,
                   COOKIE_SECONDS, exchange->server->is_secure ? "; Secure" : "");
}

/* What the browser has brought for an account; empty where there is none. The connection sleeps: its headers stay. */
static struct text find_device(const struct exchange *exchange, struct text account) {
    char name[ACCOUNT_DEVICE_NAME_ROOM];
    return account_book_name_device(exchange->server->accounts, account, name)
               ? text_of(MHD_lookup_connection_value(exchange->connection, MHD_COOKIE_KIND, name))
               : (struct text){0};
}

/* For who signs in by a browser that has done so before his own count, whatever others try from the same address. */
static struct text find_origin(const struct exchange *exchange, struct text account) {
    struct text device = find_device(exchange, account);
    return account_book_knows_device(exchange->server->accounts, account, device) ? device : text_of(exchange->address);
}

/* Where it cannot be kept there is none: the session has begun all the same. */
static void give_device(struct exchange *exchange) {
    char device[ACCOUNT_TOKEN_ROOM];
    char name[ACCOUNT_DEVICE_NAME_ROOM];
    struct account_book *accounts = exchange->server->accounts;
    struct text account = text_of(exchange->session.account.name);
    if (account_book_name_device(accounts, account, name) &&
        account_book_keep_device(accounts, &exchange->session, find_device(exchange, account), device)) {
        (void)snprintf(exchange->device_cookie, sizeof exchange->device_cookie,
                       "%s=%s; Path=/api/v1/sessions; HttpOnly; SameSite=Strict; Max-Age=%d%s", name, device,
                       DEVICE_COOKIE_SECONDS, exchange->server->is_secure ? "; Secure" : "");
    }
}

static void sign_in(struct exchange *exchange) {
    struct failure failure = {.chinese = exchange->request.chinese};
    struct form form;
    uint32_t wait_seconds = 0;
    form_begin(&form, exchange->json, &failure);
    struct text name = form_text(&form, "name", true, ACCOUNT_NAME_ROOM);
    struct text password = form_text(&form, "password", true, ACCOUNT_PASSWORD_LENGTH_MOST);
    struct text code = form_text(&form, "code", false, ACCOUNT_PASSWORD_LENGTH_MOST);
    if (!form_end(&form)) {
        exchange_fail(exchange, MHD_HTTP_UNPROCESSABLE_CONTENT, TITLE_NOT_TAKEN, &failure);
        return;
    }
    bool was_signed_in = exchange->is_signed_in && !exchange->is_machine;
    char before[ACCOUNT_TOKEN_ROOM]; /* of whoever sat here until now */
    char before_name[ACCOUNT_NAME_ROOM];
    memcpy(before, exchange->session.token, sizeof before);
    memcpy(before_name, exchange->session.account.name, sizeof before_name);
    int64_t now = exchange_read_wall(); /* sessions go by the wall clock: the desk's may stand still */
    enum account_sign_in result =
        account_book_sign_in(exchange->server->accounts, name, password, code, find_origin(exchange, name), now,
                             &exchange->session, &wait_seconds);
    record(exchange, name, result);
    if (result != ACCOUNT_SIGNED_IN) {
        registrar_refuse_sign_in(exchange, result, wait_seconds);
        return;
    }
    if (was_signed_in && account_book_sign_out(exchange->server->accounts, text_of(before))) {
        exchange_record_sign_in(exchange, text_of(before_name), SIGN_IN_OUT);
    }
    give_session(exchange, now);
    give_device(exchange);
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

/* ---- said again ------------------------------------------------------------------------------------------- */

/* Who says it: who is signed in, or as whom somebody signs in; each kind of thing apart. */
static void name_sayer(const struct exchange *exchange, struct buffer *who) {
    const char *typed = json_string_value(json_object_get(exchange->json, "name"));
    bool is_sign_in = exchange->route.kind == ROUTE_SIGN_IN;
    buffer_print(who, "%d %s", (int)exchange->route.kind,
                 !is_sign_in     ? exchange->session.account.name
                 : typed == NULL ? ""
                                 : typed);
}

/* Of a session the token was kept: where it goes on it is given again. */
static bool give_again(struct exchange *exchange, struct text kept) {
    if (exchange->route.kind != ROUTE_SIGN_IN) {
        exchange_answer_text(exchange, MHD_HTTP_CREATED, "application/json", kept);
        return true;
    }
    int64_t now = exchange_read_wall();
    struct account_session session;
    if (!account_book_find_session(exchange->server->accounts, kept, now, &session)) {
        return false;
    }
    exchange->session = session;
    give_session(exchange, now);
    give_device(exchange); /* another one, where the first was lost: the oldest goes */
    return true;
}

/* True when it is answered: the same was said before under its key, or something else was. */
static bool answer_again(struct replays *replays, struct exchange *exchange, struct text who) {
    struct text kept = {0};
    enum replay_found found = replays_find(replays, who, text_of(exchange->request.key), buffer_text(&exchange->body),
                                           exchange_read_boot(), &kept);
    if (found == REPLAY_OTHER) {
        exchange_problem(exchange, MHD_HTTP_CONFLICT, TITLE_SETTLED, "",
                         "this Idempotency-Key has been used for something else; take a new one",
                         "这个 Idempotency-Key 已用于别的请求，请换一个");
    }
    return found == REPLAY_OTHER || (found == REPLAY_SAME && give_again(exchange, kept));
}

/* What stands in no log, and is said again over a bad line, is done once all the same. */
static void answer_once(struct replays *replays, struct exchange *exchange) {
    struct buffer who = {0};
    bool is_sign_in = exchange->route.kind == ROUTE_SIGN_IN;
    bool has_key = replays != NULL && exchange->request.key[0] != '\0';
    name_sayer(exchange, &who);
    has_key = has_key && !who.failed;
    if (!has_key || !answer_again(replays, exchange, buffer_text(&who))) {
        if (is_sign_in) {
            sign_in(exchange);
        } else {
            registrar_change_own(exchange);
        }
        if (has_key && exchange->status == MHD_HTTP_CREATED) {
            replays_keep(replays, buffer_text(&who), text_of(exchange->request.key), buffer_text(&exchange->body),
                         exchange_read_boot(),
                         is_sign_in ? text_of(exchange->session.token)
                                    : (struct text){exchange->text, exchange->text_length});
        }
    }
    buffer_release(&who);
}

static bool is_said_once(enum route_kind kind) {
    return kind == ROUTE_SIGN_IN || kind == ROUTE_CHANGE_PASSWORD || kind == ROUTE_BEGIN_FACTOR ||
           kind == ROUTE_CONFIRM_FACTOR || kind == ROUTE_REMOVE_FACTOR;
}

static void answer(struct replays *replays, struct exchange *exchange) {
    if (is_said_once(exchange->route.kind)) {
        answer_once(replays, exchange);
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
