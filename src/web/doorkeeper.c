/* The doorkeeper: the thread that signs people in. A password's hash takes it a tenth of a second, and anybody may try, so that
 * others would wait for whoever tries without end: who comes in a browser that is known goes before all who do not, among the
 * others the turn goes round by address, and of each address no more wait than are done in two seconds. One thread, for a
 * hash takes 64 MiB, and what is said again must find what was answered. */
#include "web/crew.h"
#include "web/exchange.h"
#include "web/once.h"

#include "base/calendar.h"
#include "desk/device.h"
#include "desk/form.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#define COOKIE_SECONDS (12 * 3600)
#define DEVICE_COOKIE_SECONDS (400 * 24 * 3600) /* browsers keep none for longer (RFC 6265bis) */
#define WAITING_MOST 128U
#define WAITING_EACH 16U
#define NETWORK_BYTES 8U /* of an IPv6 address: what a network has in common (RFC 4291, 2.5.4) */

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

/* Where somebody comes from. Whoever has one IPv6 address has all of its network, 2^64 of them: there it is the network. */
static struct text find_place(const struct exchange *exchange, char room[INET6_ADDRSTRLEN]) {
    struct in6_addr address;
    if (inet_pton(AF_INET6, exchange->address, &address) != 1 || IN6_IS_ADDR_V4MAPPED(&address)) {
        return text_of(exchange->address);
    }
    memset(&address.s6_addr[NETWORK_BYTES], 0, sizeof address.s6_addr - NETWORK_BYTES);
    return text_of(inet_ntop(AF_INET6, &address, room, INET6_ADDRSTRLEN));
}

/* For who signs in by a browser that has done so before his own count, whatever others try from the same place. */
static struct text find_origin(const struct exchange *exchange, struct text account, char room[INET6_ADDRSTRLEN]) {
    struct text device = find_device(exchange, account);
    return account_book_knows_device(exchange->server->accounts, account, device) ? device : find_place(exchange, room);
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
    char place[INET6_ADDRSTRLEN];
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
        account_book_sign_in(exchange->server->accounts, name, password, code, find_origin(exchange, name, place), now,
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

/* ---- said again ------------------------------------------------------------------------------------------- */

/* As whom somebody signs in; empty where he does not say. */
static struct text find_typed(const struct exchange *exchange) {
    return text_of(json_string_value(json_object_get(exchange->json, "name")));
}

static struct text keep_token(const struct exchange *exchange) {
    return text_of(exchange->session.token);
}

/* Where the session goes on it is given again. */
static bool give_again(struct exchange *exchange, struct text token) {
    int64_t now = exchange_read_wall();
    struct account_session session;
    if (!account_book_find_session(exchange->server->accounts, token, now, &session)) {
        return false;
    }
    exchange->session = session;
    give_session(exchange, now);
    give_device(exchange); /* another one, where the first was lost: the oldest goes */
    return true;
}

/* ---- the thread ------------------------------------------------------------------------------------------- */

static void *begin(void *context) {
    (void)context;
    return replays_create();
}

static void work(void *context, void *tools, struct mail *mail) {
    static const struct once signing_in = {.act = sign_in, .keep = keep_token, .again = give_again};
    struct exchange *exchange = (struct exchange *)(void *)mail;
    (void)context;
    once_answer(tools, exchange, find_typed(exchange), &signing_in);
    exchange_finish(exchange);
}

static void end(void *tools) {
    replays_destroy(tools);
}

struct crew *doorkeeper_start(struct failure *failure) {
    const struct crew_rules rules = {.threads = 1,
                                     .waiting_most = WAITING_MOST,
                                     .waiting_each = WAITING_EACH,
                                     .begin = begin,
                                     .work = work,
                                     .drop = exchange_drop,
                                     .end = end};
    return crew_start(&rules, failure);
}

bool doorkeeper_take(struct exchange *exchange) {
    struct text name = find_typed(exchange);
    char place[INET6_ADDRSTRLEN];
    bool is_known = account_book_knows_device(exchange->server->accounts, name, find_device(exchange, name));
    return exchange_hand_to(exchange, exchange->server->doorkeeper, is_known ? name : find_place(exchange, place),
                            is_known);
}
