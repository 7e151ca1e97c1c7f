#include "web/web.h"

#include "base/calendar.h"
#include "desk/access.h"
#include "desk/draft.h"
#include "desk/kind.h"
#include "desk/personal.h"
#include "desk/second_factor.h"
#include "desk/sign_in_record.h"
#include "desk/token.h"
#include "engine/engine.h"
#include "web/crew.h"
#include "web/exchange.h"
#include "web/exercises.h"
#include "web/pages.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define THREADS 2U
#define CONNECTIONS_WANTED 8192U
#define IDLE_SECONDS 75U

/* ---- files of the pages ----------------------------------------------------------------------------------- */

/* An exercise has the same two pages as the real desk: /exercise/NUMBER and /exercise/NUMBER/unit. */
static const struct page_file *find_file(const char *path) {
    bool is_exercise = strncmp(path, "/exercise/", 10) == 0;
    const char *last = strrchr(path, '/');
    const char *wanted = strcmp(path, "/") == 0                                                        ? "/index.html"
                         : last != NULL && strcmp(last, "/unit") == 0 && (is_exercise || last == path) ? "/unit.html"
                         : is_exercise                                                                 ? "/index.html"
                                                                                                       : path;
    for (size_t i = 0; i < page_file_count; i++) {
        if (strcmp(page_files[i].path, wanted) == 0) {
            return &page_files[i];
        }
    }
    return NULL;
}

static bool takes_gzip(struct MHD_Connection *connection) {
    const char *accepted = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT_ENCODING);
    return accepted != NULL && strstr(accepted, "gzip") != NULL;
}

static bool has_file(struct MHD_Connection *connection, const char *quoted_etag) {
    const char *known = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_IF_NONE_MATCH);
    return known != NULL && strcmp(known, quoted_etag) == 0;
}

static enum MHD_Result send_file(struct web_server *server, struct MHD_Connection *connection,
                                 const struct page_file *file) {
    char etag[64];
    (void)snprintf(etag, sizeof etag, "\"%s\"", file->etag);
    bool is_known = has_file(connection, etag);
    bool is_packed = !is_known && file->gzip != NULL && takes_gzip(connection);
    const unsigned char *bytes = is_packed ? file->gzip : file->plain;
    const unsigned char *end = is_packed ? file->gzip_end : file->plain_end;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(is_known ? 0 : (size_t)(end - bytes), (void *)bytes, MHD_RESPMEM_PERSISTENT);
    if (response == NULL) {
        return MHD_NO;
    }
    exchange_add_headers(response, server->is_secure);
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, file->type);
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, etag);
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_VARY, "Accept-Encoding");
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL,
                                  file->is_hashed ? "public, max-age=31536000, immutable" : "no-cache");
    if (is_packed) {
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
    }
    enum MHD_Result queued = MHD_queue_response(connection, is_known ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return queued;
}

/* ---- what the server says of itself ----------------------------------------------------------------------- */

static void answer_health(struct exchange *exchange) {
    struct buffer text = {0};
    bool is_writable = atomic_load(&exchange->server->is_writable);
    bool is_good = is_writable && atomic_load(&exchange->server->has_all_notices);
    buffer_append_string(&text, is_good       ? "ok\n"
                                : is_writable ? "the to-call list has lost a row: start anew\n"
                                              : "the log cannot be written\n");
    exchange_answer_text(exchange, is_good ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE, "text/plain; charset=utf-8",
                         buffer_text(&text));
    buffer_release(&text);
}

static void add_metric(struct buffer *out, const char *name, const char *type, const char *help, uint64_t value) {
    buffer_print(out, "# HELP pinyue_%s %s\n# TYPE pinyue_%s %s\npinyue_%s %" PRIu64 "\n", name, help, name, type, name,
                 value);
}

static void answer_metrics(struct exchange *exchange) {
    struct web_server *server = exchange->server;
    struct buffer text = {0};
    add_metric(&text, "requests_total", "counter", "Requests that have come in.", atomic_load(&server->requests));
    add_metric(&text, "refused_total", "counter", "Requests answered with a problem.", atomic_load(&server->refused));
    add_metric(&text, "batches_total", "counter", "Batches of the writer.", atomic_load(&server->batches));
    add_metric(&text, "events_written_total", "counter", "Events made durable since the start.",
               atomic_load(&server->written));
    add_metric(&text, "log_writable", "gauge", "1 when the last batch could be made durable.",
               atomic_load(&server->is_writable));
    add_metric(&text, "to_call_whole", "gauge", "0 when a row of the to-call list could not be kept.",
               atomic_load(&server->has_all_notices));
    add_metric(&text, "live_pages", "gauge", "Open event streams.", stream_count_pages(server->stream));
    exchange_answer_text(exchange, MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8", buffer_text(&text));
    buffer_release(&text);
}

/* ---- who asks --------------------------------------------------------------------------------------------- */

static const char *find_header(const struct exchange *exchange, const char *name) {
    return MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, name);
}

/* Whether Chinese is the language that the asker wants first. */
static bool wants_chinese(const struct exchange *exchange) {
    const char *wanted = find_header(exchange, MHD_HTTP_HEADER_ACCEPT_LANGUAGE);
    return wanted != NULL && strncmp(wanted, "zh", 2) == 0;
}

/* An MHD_KeyValueIterator: the last of the headers, where a proxy has added one of its own to what came. */
static enum MHD_Result keep_forwarded(void *context, enum MHD_ValueKind kind, const char *name, const char *value) {
    const char **last = context;
    if (kind == MHD_HEADER_KIND && strcasecmp(name, "X-Forwarded-For") == 0) {
        *last = value;
    }
    return MHD_YES;
}

/* Behind a proxy the other side is the proxy; whom it speaks for it has put last into its header. All before that anybody can
 * have made up: it is not looked at. False where no address stands there. */
static bool find_forwarded(struct exchange *exchange) {
    const char *all = NULL;
    unsigned char bytes[sizeof(struct in6_addr)];
    (void)MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, keep_forwarded, &all);
    const char *comma = all == NULL ? NULL : strrchr(all, ',');
    struct text last = text_trim(text_of(comma == NULL ? all : comma + 1));
    char written[sizeof exchange->address];
    if (last.length >= sizeof written) {
        return false;
    }
    (void)snprintf(written, sizeof written, "%.*s", TEXT_PRINT(last));
    int family = strchr(written, ':') == NULL ? AF_INET : AF_INET6;
    return inet_pton(family, written, bytes) == 1 &&
           inet_ntop(family, bytes, exchange->address, sizeof exchange->address) != NULL;
}

static void find_address(struct exchange *exchange) {
    const struct web_server *house = exchange->server->house;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (info == NULL || info->client_addr == NULL) {
        return;
    }
    if (house->is_behind_proxy && proxies_trust(&house->proxies, info->client_addr) && find_forwarded(exchange)) {
        return;
    }
    socklen_t length =
        info->client_addr->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    (void)getnameinfo(info->client_addr, length, exchange->address, sizeof exchange->address, NULL, 0, NI_NUMERICHOST);
}

/* A person by the cookie, a machine by its token. */
static void find_session(struct exchange *exchange) {
    static const char bearer[] = "Bearer ";
    struct account_book *accounts = exchange->server->accounts;
    const char *authorization = find_header(exchange, MHD_HTTP_HEADER_AUTHORIZATION);
    const char *token = MHD_lookup_connection_value(exchange->connection, MHD_COOKIE_KIND, "pinyue_session");
    exchange->is_machine = authorization != NULL && strncmp(authorization, bearer, sizeof bearer - 1) == 0;
    if (exchange->is_machine) {
        exchange->is_signed_in = account_book_find_token(accounts, text_of(authorization + sizeof bearer - 1),
                                                         exchange_read_wall(), &exchange->session);
    } else {
        exchange->is_signed_in = token != NULL && account_book_find_session(accounts, text_of(token),
                                                                            exchange_read_wall(), &exchange->session);
    }
}

/* Compares without telling by its time where two texts differ. */
static bool is_same_secret(const char *left, const char *right) {
    size_t length = strlen(left);
    unsigned int differing = length != strlen(right);
    for (size_t i = 0; i < length && differing == 0; i++) {
        differing |= (unsigned int)(left[i] ^ right[i]);
    }
    return differing == 0;
}

/* What a session may that is limited to setting up a second factor. */
static bool is_of_own_account(enum route_kind kind) {
    return kind == ROUTE_SHOW_SESSION || kind == ROUTE_SIGN_OUT || kind == ROUTE_CHANGE_PASSWORD ||
           kind == ROUTE_SHOW_FACTOR || kind == ROUTE_BEGIN_FACTOR || kind == ROUTE_CONFIRM_FACTOR;
}

bool exchange_check_signed_in(struct exchange *exchange) {
    if (exchange->is_signed_in && (!exchange->session.is_limited || is_of_own_account(exchange->route.kind))) {
        return true;
    }
    if (exchange->is_signed_in) {
        exchange_problem(exchange, MHD_HTTP_FORBIDDEN, TITLE_NOT_ALLOWED, "second_factor",
                         "this account must have a second factor: set one up first", "这个账号须先启用两步验证");
        return false;
    }
    exchange_problem(exchange, MHD_HTTP_UNAUTHORIZED, TITLE_NOT_SIGNED_IN, "", "sign in first, or again",
                     "请先登录，或重新登录");
    return false;
}

/* Drafts, passwords and sessions are persons' own. */
static bool check_person(struct exchange *exchange) {
    if (!exchange_check_signed_in(exchange)) {
        return false;
    }
    if (access_is_person(&exchange->session.account)) {
        return true;
    }
    exchange_problem(exchange, MHD_HTTP_FORBIDDEN, TITLE_NOT_ALLOWED, "",
                     "this is for persons, not for a machine's token", "这是人员账号的功能，令牌不能使用");
    return false;
}

/* A write must carry the session's CSRF token: another site's page cannot know it. A browser sends no machine's token. */
bool exchange_check_csrf(struct exchange *exchange) {
    const char *given = find_header(exchange, "X-CSRF-Token");
    if (exchange->is_machine) {
        return true;
    }
    if (given != NULL && is_same_secret(exchange->session.csrf_token, given)) {
        return true;
    }
    exchange_problem(exchange, MHD_HTTP_FORBIDDEN, TITLE_NOT_ALLOWED, "X-CSRF-Token",
                     "the header X-CSRF-Token must hold the session's csrf_token",
                     "请求头 X-CSRF-Token 须与本次登录的 csrf_token 一致");
    return false;
}

static bool read_key(struct exchange *exchange) {
    const char *key = find_header(exchange, "Idempotency-Key");
    size_t length = key == NULL ? 0 : strlen(key);
    bool is_good = length >= KEY_LENGTH_LEAST && length < DESK_KEY_ROOM;
    for (size_t i = 0; i < length && is_good; i++) {
        is_good = (key[i] >= 'a' && key[i] <= 'z') || (key[i] >= 'A' && key[i] <= 'Z') ||
                  (key[i] >= '0' && key[i] <= '9') || key[i] == '-' || key[i] == '_';
    }
    if (!is_good) {
        exchange_problem(exchange, MHD_HTTP_UNPROCESSABLE_CONTENT, TITLE_NOT_TAKEN, "Idempotency-Key",
                         "the header Idempotency-Key must hold 8 to 64 letters, digits, - or _",
                         "请求头 Idempotency-Key 须为 8 至 64 个字母、数字、- 或 _");
        return false;
    }
    memcpy(exchange->request.key, key, length + 1);
    return true;
}

/* Where one may do without. */
static bool read_some_key(struct exchange *exchange) {
    return find_header(exchange, "Idempotency-Key") == NULL || read_key(exchange);
}

static bool read_json(struct exchange *exchange) {
    json_error_t error;
    const char *type = find_header(exchange, MHD_HTTP_HEADER_CONTENT_TYPE);
    if (type == NULL || strncmp(type, "application/json", strlen("application/json")) != 0) {
        exchange_problem(exchange, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, TITLE_NOT_TAKEN, "Content-Type",
                         "the body must be application/json", "请求内容须为 application/json");
        return false;
    }
    exchange->json = json_loadb(exchange->body.bytes == NULL ? "" : exchange->body.bytes, exchange->body.length,
                                JSON_REJECT_DUPLICATES, &error);
    if (exchange->json == NULL) {
        struct failure failure = {.chinese = exchange->request.chinese};
        if (text_find_invalid_utf8(text_of(error.text)) < 0) {
            (void)failure_say(&failure, "the body is no valid JSON: line %d, column %d: %s",
                              "请求内容不是有效的 JSON：第 %d 行第 %d 列：%s", error.line, error.column, error.text);
        } else {
            (void)failure_say(&failure, "the body is no valid JSON", "请求内容不是有效的 JSON");
        }
        exchange_fail(exchange, MHD_HTTP_BAD_REQUEST, TITLE_NOT_READ, &failure);
        return false;
    }
    return true;
}

/* A copy of If-Match or If-None-Match without its quotes. */
static bool read_etag(struct exchange *exchange, const char *header) {
    const char *value = find_header(exchange, header);
    if (value == NULL) {
        return true;
    }
    value += strncmp(value, "W/", 2) == 0 ? 2 : 0;
    size_t length = strlen(value);
    bool is_quoted = length >= 2 && value[0] == '"' && value[length - 1] == '"';
    exchange->if_match = is_quoted ? strndup(value + 1, length - 2) : strdup(value);
    exchange->request.if_match = text_of(exchange->if_match);
    return exchange->if_match != NULL;
}

/* ---- dispatching ------------------------------------------------------------------------------------------ */

/* Sends the exchange to a worker; its connection sleeps until it is answered. */
static enum MHD_Result hand_over(struct exchange *exchange, struct mailbox *mailbox) {
    exchange->stage = EXCHANGE_WAITING;
    MHD_suspend_connection(exchange->connection);
    if (mailbox_send(mailbox, &exchange->mail)) {
        return MHD_YES;
    }
    exchange_problem(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_SAVED, "", "the server is stopping",
                     "服务器正在停止");
    exchange_finish(exchange);
    return MHD_YES;
}

/* Answers from what has been rendered before, where that still holds and the account may see it. */
static bool find_view(struct exchange *exchange) {
    struct views_key key = exchange_find_key(exchange);
    if (!access_may(&exchange->session.account, exchange->route.action, &(struct access_case){0}) ||
        !exchange_is_for_all(exchange)) {
        return false; /* the desk says so, or says it to this one alone */
    }
    struct views_text *text = views_take(exchange->server->views, &key, exchange_read_boot());
    if (text == NULL) {
        return false;
    }
    exchange_share(exchange, text);
    if (exchange->if_match != NULL && strcmp(exchange->if_match, text->etag) == 0) {
        exchange->status = MHD_HTTP_NOT_MODIFIED;
        exchange->shared = NULL;
        views_give_back(text);
    }
    return true;
}

static const char *find_argument(const struct exchange *exchange, const char *name) {
    return MHD_lookup_connection_value(exchange->connection, MHD_GET_ARGUMENT_KIND, name);
}

/* The moment of an audit: an instant, or an event's number; now where neither is given. */
static bool read_moment(struct exchange *exchange) {
    const char *at = find_argument(exchange, "at");
    const char *sequence = find_argument(exchange, "sequence");
    char *end = NULL;
    exchange->question.sequence = sequence == NULL ? 0 : strtoll(sequence, &end, 10);
    exchange->question.has_at = at != NULL;
    if (at != NULL && (sequence != NULL || !calendar_parse_instant(text_of(at), 0, &exchange->question.at, NULL))) {
        exchange_problem(
            exchange, MHD_HTTP_UNPROCESSABLE_CONTENT, TITLE_NOT_READ, "at",
            "must be an instant, like 2022-08-20T14:05:00Z (a + is written %2B), and not together with sequence",
            "须为时刻，如 2022-08-20T14:05:00Z（加号写作 %2B），且不能与 sequence 同时给出");
        return false;
    }
    if (sequence != NULL && (exchange->question.sequence < 1 || *end != '\0')) {
        exchange_problem(exchange, MHD_HTTP_UNPROCESSABLE_CONTENT, TITLE_NOT_READ, "sequence",
                         "must be the number of an event", "须为记录的编号");
        return false;
    }
    return true;
}

static enum MHD_Result ask_desk(struct exchange *exchange) {
    bool is_read = exchange->route.kind == ROUTE_DESK_READ || exchange->route.kind == ROUTE_SHOW_CLOCK ||
                   exchange->route.kind == ROUTE_OWN_READ || exchange->route.kind == ROUTE_SHOW_ATTACHMENT ||
                   exchange_is_for_auditor(exchange);
    is_read = is_read || exchange->route.kind == ROUTE_SHOW_EXERCISE || exchange->route.kind == ROUTE_SHOW_PART ||
              exchange->route.kind == ROUTE_SHOW_JUDGEMENT;
    bool is_question = exchange->route.kind == ROUTE_DESK_ASK || exchange->route.kind == ROUTE_PREVIEW_DOCUMENT;
    if (exchange->route.exercise != 0 && !check_person(exchange)) { /* machines play no part */
        return exchange_send(exchange);
    }
    if (!exchange_check_signed_in(exchange) ||
        (!is_read &&
         (!exchange_check_csrf(exchange) || (!is_question && !read_key(exchange)) || !read_json(exchange))) ||
        !read_etag(exchange, is_read ? MHD_HTTP_HEADER_IF_NONE_MATCH : MHD_HTTP_HEADER_IF_MATCH) ||
        (exchange_is_for_auditor(exchange) && !read_moment(exchange))) {
        return exchange_send(exchange);
    }
    if (exchange->route.kind == ROUTE_DESK_READ && find_view(exchange)) {
        return exchange_send(exchange);
    }
    exchange->request.action = exchange->route.action;
    exchange->request.account = exchange->session.account;
    exchange->request.incident = exchange->route.incident;
    exchange->request.item = exchange->route.item;
    exchange->request.plan = text_of(exchange->route.name);
    exchange->request.query = text_of(find_argument(exchange, "q"));
    if (exchange_is_for_auditor(exchange)) {
        const char *sequence = find_argument(exchange, "sequence");
        exchange->request.query = text_of(sequence != NULL ? sequence : find_argument(exchange, "at"));
    }
    if (exchange->route.kind == ROUTE_EXPORT_RECORD) {
        exchange->request.query = text_of(find_argument(exchange, "personal")); /* masked, or as much as may be seen */
    }
    exchange->request.attachment = text_of(exchange->route.name);
    exchange->request.body = exchange->json;
    exchange->request.accounts = exchange->server->accounts;
    return hand_over(exchange, &exchange->server->to_writer);
}

/* Whoever may see the plan may see its chart. The writer says which version is in force, the drawer draws. */
static enum MHD_Result ask_drawer(struct exchange *exchange) {
    if (!exchange_check_signed_in(exchange) || (exchange->route.exercise != 0 && !check_person(exchange)) ||
        !read_etag(exchange, MHD_HTTP_HEADER_IF_NONE_MATCH)) {
        return exchange_send(exchange);
    }
    if (!access_may(&exchange->session.account, DESK_SHOW_PLAN, &(struct access_case){0})) {
        exchange_problem(exchange, MHD_HTTP_FORBIDDEN, TITLE_NOT_ALLOWED, "", "this account does not see plans",
                         "这个账号不能查看预案");
        return exchange_send(exchange);
    }
    return hand_over(exchange, &exchange->server->to_writer);
}

static enum MHD_Result sign_in(struct exchange *exchange) {
    find_address(exchange);
    return read_some_key(exchange) && read_json(exchange) ? hand_over(exchange, &exchange->server->to_registrar)
                                                          : exchange_send(exchange);
}

static bool check_administrator(struct exchange *exchange) {
    if (!exchange_check_signed_in(exchange)) {
        return false;
    }
    if (access_may(&exchange->session.account, exchange->route.action, &(struct access_case){0})) {
        return true;
    }
    exchange_problem(exchange, MHD_HTTP_FORBIDDEN, TITLE_NOT_ALLOWED, "",
                     "only administrators see and make accounts and tokens", "只有管理员可以查看和建立账号、令牌");
    return false;
}

/* What the registrar does in accounts.db, after the writer has looked at its key and before the writer logs it: an
 * administrator's. */
static enum MHD_Result register_change(struct exchange *exchange) {
    if (!check_administrator(exchange) || !exchange_check_csrf(exchange) || !read_key(exchange) ||
        !read_etag(exchange, MHD_HTTP_HEADER_IF_MATCH) || !read_json(exchange)) {
        return exchange_send(exchange);
    }
    exchange->request.action = exchange->route.action;
    exchange->request.account = exchange->session.account;
    exchange->request.body = exchange->json;
    return hand_over(exchange, &exchange->server->to_writer);
}

/* Answers with what has been read in accounts.db, and takes it over. */
static void answer_read(struct exchange *exchange, json_t *body) {
    if (body == NULL) {
        exchange_problem(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_READ, "", "accounts.db cannot be read",
                         "账号库 accounts.db 无法读取");
        return;
    }
    exchange_answer(exchange, MHD_HTTP_OK, body);
    json_decref(body);
}

/* The same with one list. */
static void answer_list(struct exchange *exchange, const char *name, json_t *list) {
    answer_read(exchange, json_pack("{s:o}", name, list));
}

/* Each with the mark by which a change says what was before whoever asks for it. */
static json_t *list_tagged(struct account_book *accounts) {
    json_t *list = account_book_list(accounts);
    size_t index = 0;
    json_t *account = NULL;
    json_array_foreach(list, index, account) {
        char tag[ACCOUNT_TAG_ROOM];
        account_make_tag(account, tag);
        (void)json_object_set_new(account, "tag", json_string(tag));
    }
    return list;
}

static void list_accounts(struct exchange *exchange) {
    struct account_book *accounts = exchange->server->accounts;
    if (check_administrator(exchange)) {
        json_t *body = json_pack("{s:o, s:o, s:o}", "accounts", list_tagged(accounts), "second_factors",
                                 account_book_list_factors(accounts), "second_factor_required",
                                 account_book_describe_requirements(accounts));
        answer_read(exchange, body);
    }
}

/* How those are called who stand in the log by the names of their accounts. */
static void list_people(struct exchange *exchange) {
    if (check_person(exchange)) {
        answer_list(exchange, "people", account_book_list_people(exchange->server->accounts));
    }
}

/* A person's own password and second factor: the registrar does it, and notes it for the log. */
static enum MHD_Result change_own(struct exchange *exchange) {
    find_address(exchange);
    if (!check_person(exchange) || !exchange_check_csrf(exchange) || !read_some_key(exchange) || !read_json(exchange)) {
        return exchange_send(exchange);
    }
    return hand_over(exchange, &exchange->server->to_registrar);
}

static void show_factor(struct exchange *exchange) {
    int left = 0;
    if (check_person(exchange)) {
        bool has = account_book_has_factor(exchange->server->accounts, text_of(exchange->session.account.name), &left);
        answer_read(exchange, json_pack("{s:b, s:i}", "enrolled", has, "recovery_codes_left", left));
    }
}

static void list_tokens(struct exchange *exchange) {
    if (check_administrator(exchange)) {
        answer_list(exchange, "tokens", account_book_list_tokens(exchange->server->accounts));
    }
}

static void list_sign_ins(struct exchange *exchange) {
    const char *account = MHD_lookup_connection_value(exchange->connection, MHD_GET_ARGUMENT_KIND, "account");
    if (check_administrator(exchange)) {
        answer_list(exchange, "sign_ins", account_book_list_sign_ins(exchange->server->accounts, text_of(account)));
    }
}

static void list_drafts(struct exchange *exchange) {
    if (check_person(exchange)) {
        answer_list(exchange, "drafts",
                    account_book_list_drafts(exchange->server->accounts, text_of(exchange->session.account.name)));
    }
}

/* Keeping and dropping write to the disk: the registrar does it. */
static enum MHD_Result change_draft(struct exchange *exchange) {
    if (!check_person(exchange) || !exchange_check_csrf(exchange) ||
        (exchange->route.kind == ROUTE_KEEP_DRAFT && !read_json(exchange))) {
        return exchange_send(exchange);
    }
    if (!draft_is_name(text_of(exchange->route.name))) {
        exchange_problem(exchange, MHD_HTTP_UNPROCESSABLE_CONTENT, TITLE_NOT_TAKEN, "name",
                         "a draft's name has 1 to 128 letters, digits, points, _ or -",
                         "草稿名须为 1 至 128 个字母、数字、点、_ 或 -");
        return exchange_send(exchange);
    }
    return hand_over(exchange, &exchange->server->to_registrar);
}

static enum MHD_Result begin_upload(struct exchange *exchange) {
    if (!exchange_check_signed_in(exchange) || (exchange->route.exercise != 0 && !check_person(exchange)) ||
        !exchange_check_csrf(exchange) || !read_key(exchange) || !read_json(exchange)) {
        return exchange_send(exchange);
    }
    exchange->request.action = exchange->route.action;
    exchange->request.account = exchange->session.account;
    return hand_over(exchange, &exchange->server->to_writer); /* who knows for whom one acts by delegation */
}

static enum MHD_Result append_upload(struct exchange *exchange) {
    return uploads_end_part(exchange) ? hand_over(exchange, &exchange->server->house->to_archivist)
                                      : exchange_send(exchange);
}

static enum MHD_Result drop_upload(struct exchange *exchange) {
    if (!exchange_check_signed_in(exchange) || !exchange_check_csrf(exchange)) {
        return exchange_send(exchange);
    }
    return hand_over(exchange, &exchange->server->house->to_archivist);
}

static enum MHD_Result start_exercise(struct exchange *exchange) {
    if (!check_person(exchange) || !exchange_check_csrf(exchange)) {
        return exchange_send(exchange);
    }
    if (!access_may(&exchange->session.account, exchange->route.action, &(struct access_case){0})) {
        exchange_problem(exchange, MHD_HTTP_FORBIDDEN, TITLE_NOT_ALLOWED, "",
                         "only the duty room and administrators begin an exercise", "只有值班室和管理员可以开始演练");
        return exchange_send(exchange);
    }
    if (!read_key(exchange) || !read_json(exchange)) {
        return exchange_send(exchange);
    }
    exchange->request.action = exchange->route.action;
    exchange->request.body = exchange->json;
    return hand_over(exchange, &exchange->server->to_registrar);
}

static void list_exercises(struct exchange *exchange) {
    if (!check_person(exchange)) {
        return;
    }
    if (exchange->route.kind == ROUTE_LIST_DRILLS) {
        exercises_list_drills(exchange);
    } else {
        exercises_list(exchange);
    }
}

static void show_session(struct exchange *exchange) {
    char shown[CALENDAR_INSTANT_ROOM];
    if (!check_person(exchange)) {
        return;
    }
    calendar_print_instant(exchange_read_time(exchange->server), 0, shown);
    exchange_answer_session(exchange, MHD_HTTP_OK, shown);
}

static void sign_out(struct exchange *exchange) {
    if (!check_person(exchange) || !exchange_check_csrf(exchange)) {
        return;
    }
    if (!account_book_sign_out(exchange->server->accounts, text_of(exchange->session.token))) {
        exchange_problem(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_SAVED, "", "accounts.db cannot be written",
                         "账号库 accounts.db 无法写入");
        return;
    }
    find_address(exchange);
    exchange_record_sign_in(exchange, text_of(exchange->session.account.name), SIGN_IN_OUT);
    (void)snprintf(exchange->cookie, sizeof exchange->cookie,
                   "pinyue_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    exchange_answer(exchange, MHD_HTTP_NO_CONTENT, NULL);
}

static enum MHD_Result open_stream(struct exchange *exchange) {
    if (!exchange_check_signed_in(exchange) || (exchange->route.exercise != 0 && !check_person(exchange))) {
        return exchange_send(exchange);
    }
    if (!access_may(&exchange->session.account, DESK_SHOW_DESK, &(struct access_case){0})) {
        exchange_problem(exchange, MHD_HTTP_FORBIDDEN, TITLE_NOT_ALLOWED, "", "this token is not for reading",
                         "这个令牌没有查看的权限");
        return exchange_send(exchange);
    }
    const char *last = find_header(exchange, "Last-Event-ID");
    char *end = NULL;
    long long after = last == NULL || *last == '\0' ? -1 : strtoll(last, &end, 10);
    if (end != NULL && (*end != '\0' || after < 0)) {
        exchange_problem(exchange, MHD_HTTP_UNPROCESSABLE_CONTENT, TITLE_NOT_TAKEN, "Last-Event-ID",
                         "must be the number of an event", "须为记录的编号");
        return exchange_send(exchange);
    }
    struct MHD_Response *response =
        stream_open_page(exchange->server->stream, exchange->connection, &exchange->session, after);
    if (response == NULL) {
        exchange_problem(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_NOW, "", "the server is stopping",
                         "服务器正在停止");
        return exchange_send(exchange);
    }
    exchange_add_headers(response, exchange->server->is_secure);
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/event-stream");
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    (void)MHD_add_response_header(response, "X-Accel-Buffering", "no");
    enum MHD_Result queued = MHD_queue_response(exchange->connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result send_page(struct exchange *exchange, const char *path) {
    const struct page_file *file = find_file(path);
    if (file != NULL) {
        return send_file(exchange->server, exchange->connection, file);
    }
    exchange_problem(exchange, MHD_HTTP_NOT_FOUND, TITLE_NOT_FOUND, "", "there is no such page", "没有这个页面");
    return exchange_send(exchange);
}

static enum MHD_Result dispatch(struct exchange *exchange) {
    switch (exchange->route.kind) {
    case ROUTE_DESK_READ:
    case ROUTE_DESK_ASK:
    case ROUTE_DESK_WRITE:
    case ROUTE_PREVIEW_DOCUMENT:
    case ROUTE_SIGN_DOCUMENT:
    case ROUTE_SHOW_CLOCK:
    case ROUTE_SET_CLOCK:
    case ROUTE_OWN_READ:
    case ROUTE_SHOW_ATTACHMENT:
    case ROUTE_SHOW_EXERCISE:
    case ROUTE_SHOW_PART:
    case ROUTE_SHOW_JUDGEMENT:
    case ROUTE_SET_PACE:
    case ROUTE_GIVE_SEAT:
    case ROUTE_PLAY_OFFER:
    case ROUTE_END_EXERCISE:
    case ROUTE_REMOVE_EXERCISE:
    case ROUTE_SHOW_AUDIT:
    case ROUTE_LIST_MOMENTS:
    case ROUTE_EXPORT_RECORD:
        return ask_desk(exchange);
    case ROUTE_START_EXERCISE:
        return start_exercise(exchange);
    case ROUTE_BEGIN_UPLOAD:
        return begin_upload(exchange);
    case ROUTE_APPEND_UPLOAD:
        return append_upload(exchange);
    case ROUTE_DROP_UPLOAD:
        return drop_upload(exchange);
    case ROUTE_SIGN_IN:
        return sign_in(exchange);
    case ROUTE_CHANGE_PASSWORD:
    case ROUTE_BEGIN_FACTOR:
    case ROUTE_CONFIRM_FACTOR:
    case ROUTE_REMOVE_FACTOR:
        return change_own(exchange);
    case ROUTE_ADD_ACCOUNT:
    case ROUTE_CHANGE_ACCOUNT:
    case ROUTE_ADD_TOKEN:
    case ROUTE_END_TOKEN:
    case ROUTE_REQUIRE_FACTOR:
        return register_change(exchange);
    case ROUTE_KEEP_DRAFT:
    case ROUTE_DROP_DRAFT:
        return change_draft(exchange);
    case ROUTE_LIST_SHEETS:
    case ROUTE_SHOW_SHEET:
        return ask_drawer(exchange);
    case ROUTE_EVENTS:
        return open_stream(exchange);
    case ROUTE_OPENAPI:
        return send_page(exchange, "/api/v1/openapi.json");
    case ROUTE_PAGE:
        return send_page(exchange, exchange->route.name);
    case ROUTE_SIGN_OUT:
        sign_out(exchange);
        break;
    case ROUTE_SHOW_SESSION:
        show_session(exchange);
        break;
    case ROUTE_LIST_ACCOUNTS:
        list_accounts(exchange);
        break;
    case ROUTE_LIST_PEOPLE:
        list_people(exchange);
        break;
    case ROUTE_SHOW_FACTOR:
        show_factor(exchange);
        break;
    case ROUTE_LIST_SIGN_INS:
        list_sign_ins(exchange);
        break;
    case ROUTE_LIST_TOKENS:
        list_tokens(exchange);
        break;
    case ROUTE_SHOW_UPLOAD:
        uploads_show(exchange);
        break;
    case ROUTE_LIST_DRAFTS:
        list_drafts(exchange);
        break;
    case ROUTE_LIST_DRILLS:
    case ROUTE_LIST_EXERCISES:
        list_exercises(exchange);
        break;
    case ROUTE_HEALTH:
        answer_health(exchange);
        break;
    case ROUTE_METRICS:
        answer_metrics(exchange);
        break;
    case ROUTE_NO_METHOD:
        exchange_problem(exchange, MHD_HTTP_METHOD_NOT_ALLOWED, TITLE_NOT_SO, "", "this path takes other methods",
                         "这个地址不支持这种请求方法");
        break;
    case ROUTE_NONE:
        exchange_problem(exchange, MHD_HTTP_NOT_FOUND, TITLE_NOT_FOUND, "", "the API has no such path",
                         "接口没有这个地址");
        break;
    }
    return exchange_send(exchange);
}

/* ---- libmicrohttpd ---------------------------------------------------------------------------------------- */

static struct exchange *begin_exchange(struct web_server *server, struct MHD_Connection *connection, const char *url,
                                       const char *method) {
    struct exchange *exchange = calloc(1, sizeof *exchange);
    if (exchange == NULL) {
        return NULL;
    }
    exchange->server = server;
    exchange->connection = connection;
    exchange->path = strdup(url);
    if (exchange->path == NULL) {
        free(exchange);
        return NULL;
    }
    bool is_text = text_find_invalid_utf8(text_of(exchange->path)) < 0;
    route_find(method, is_text ? exchange->path : "/api/v1/", &exchange->route);
    find_session(exchange);
    if (exchange->route.exercise != 0) {
        struct web_server *found = exercises_find(server->exercises, exchange->route.exercise);
        exchange->server = found == NULL ? server : found;
        /* That one has been removed can be asked for again: the real log knows. */
        bool is_known = found != NULL || exchange->route.kind == ROUTE_REMOVE_EXERCISE;
        exchange->route.kind = is_known ? exchange->route.kind : ROUTE_NONE;
    }
    exchange->request.chinese = wants_chinese(exchange);
    atomic_fetch_add(&server->requests, 1);
    return exchange;
}

/* Takes a part of a body. Nobody who is not signed in may send a long one. */
static void take_part(struct exchange *exchange, const char *bytes, size_t length) {
    if (exchange->route.kind == ROUTE_APPEND_UPLOAD) {
        uploads_take_part(exchange, bytes, length);
        return;
    }
    size_t most = exchange->is_signed_in ? BODY_BYTES_MAX : 4096;
    exchange->is_too_long = exchange->is_too_long || exchange->body.length + length > most;
    if (!exchange->is_too_long) {
        buffer_append(&exchange->body, bytes, length);
    }
}

/* An MHD_AccessHandlerCallback: called once when the headers have come, then for each part of a body, then at its end,
 * and again when a worker has answered. */
static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *upload, size_t *upload_size, void **state) {
    struct exchange *exchange = *state;
    (void)version;
    if (exchange == NULL) {
        *state = begin_exchange(context, connection, url, method);
        return *state == NULL ? MHD_NO : MHD_YES;
    }
    if (*upload_size > 0) {
        take_part(exchange, upload, *upload_size);
        *upload_size = 0;
        return MHD_YES;
    }
    if (exchange->stage == EXCHANGE_ANSWERED) {
        return exchange_send(exchange);
    }
    if (exchange->is_too_long || exchange->body.failed) {
        exchange_problem(exchange, MHD_HTTP_CONTENT_TOO_LARGE, TITLE_TOO_LONG, "", "the body is too long",
                         "提交的内容过长");
        return exchange_send(exchange);
    }
    return dispatch(exchange);
}

static void end_exchange(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code) {
    struct exchange *exchange = *state;
    (void)context;
    (void)connection;
    (void)code;
    if (exchange != NULL) {
        buffer_release(&exchange->body);
        json_decref(exchange->json);
        json_decref(exchange->sheet);
        json_decref(exchange->secrets);
        free(exchange->text);
        views_give_back(exchange->shared);
        uploads_close(exchange);
        if (exchange->has_sent_file) {
            (void)close(exchange->sent_file);
        }
        buffer_release(&exchange->disposition);
        free(exchange->path);
        free(exchange->if_match);
        buffer_release(&exchange->pack);
        free(exchange);
        *state = NULL;
    }
}

/* Each live page holds a connection, and so an open file: as many as the system lets us have. */
static unsigned int raise_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return 256;
    }
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    (void)getrlimit(RLIMIT_NOFILE, &limit);
    rlim_t most = limit.rlim_cur > 64 ? limit.rlim_cur - 64 : 1;
    return most < CONNECTIONS_WANTED ? (unsigned int)most : CONNECTIONS_WANTED;
}

static bool read_address(const struct web_options *options, struct sockaddr_storage *address, struct failure *failure) {
    struct sockaddr_in *four = (struct sockaddr_in *)(void *)address;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)(void *)address;
    memset(address, 0, sizeof *address);
    if (inet_pton(AF_INET, options->address, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons(options->port);
        return true;
    }
    if (inet_pton(AF_INET6, options->address, &six->sin6_addr) == 1) {
        six->sin6_family = AF_INET6;
        six->sin6_port = htons(options->port);
        return true;
    }
    return failure_set(failure, "\"%s\" is no numeric address, like 127.0.0.1 or ::1", options->address);
}

/* An MHD_AcceptPolicyCallback. (MHD_quiesce_daemon would say the same, but with epoll it may end the process: its threads and
 * whoever calls it take the listening socket out of their sets, and one of them finds it gone.) */
static enum MHD_Result admit(void *context, const struct sockaddr *peer, socklen_t length) {
    const struct web_server *server = context;
    (void)peer;
    (void)length;
    return atomic_load(&server->is_stopping) ? MHD_NO : MHD_YES;
}

static bool listen_on(struct web_server *server, const struct web_options *options, struct web_start *start,
                      struct failure *failure) {
    struct sockaddr_storage address;
    if (!read_address(options, &address, failure)) {
        return false;
    }
    unsigned int flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC |
                         (address.ss_family == AF_INET6 ? MHD_USE_IPv6 : 0U) |
                         (options->certificate != NULL ? MHD_USE_TLS : 0U);
    const struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)options->certificate},
                                         {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)options->key},
                                         {MHD_OPTION_END, 0, NULL}};
    const struct MHD_OptionItem plain[] = {{MHD_OPTION_END, 0, NULL}};
    server->daemon = MHD_start_daemon(flags, 0, admit, server, handle, server, MHD_OPTION_SOCK_ADDR,
                                      (struct sockaddr *)&address, MHD_OPTION_NOTIFY_COMPLETED, end_exchange, NULL,
                                      MHD_OPTION_THREAD_POOL_SIZE, THREADS, MHD_OPTION_CONNECTION_LIMIT, raise_limit(),
                                      MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, MHD_OPTION_LISTENING_ADDRESS_REUSE,
                                      1U, MHD_OPTION_ARRAY, options->certificate != NULL ? tls : plain, MHD_OPTION_END);
    if (server->daemon == NULL) {
        return failure_set(failure,
                           "cannot listen on %s port %u: the port is taken, or the address is not this "
                           "machine's, or the TLS files do not fit",
                           options->address, options->port);
    }
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    start->port = info == NULL ? options->port : info->port;
    return true;
}

/* ---- life ------------------------------------------------------------------------------------------------- */

static bool make_administrator(struct web_server *server, struct web_start *start, struct failure *failure) {
    struct account account = {
        .name = "admin", .display_name = "管理员 Administrator", .administrator = true, .desk = true};
    if (!account_book_is_empty(server->accounts)) {
        return true;
    }
    account_make_password(start->first_password);
    return account_book_add(server->accounts, &account, text_of(start->first_password), TEXT(""), TEXT(""),
                            exchange_read_wall(), failure) == ACCOUNT_DONE;
}

/* Whether the writer will find the time in doubt: then putting a pack in force would let things come due. */
static bool is_time_in_doubt(const struct web_server *server) {
    struct clock clock;
    clock_begin(&clock, exchange_read_wall(), exchange_read_boot(), desk_last_instant(server->desk),
                desk_next_instant(server->desk) != ENGINE_NEVER);
    return clock.state != CLOCK_GOOD;
}

static bool adopt_packs(struct web_server *server, const struct web_options *options, struct web_start *start,
                        struct failure *failure) {
    start->is_time_in_doubt = is_time_in_doubt(server);
    for (size_t i = 0; i < options->pack_count && !start->is_time_in_doubt; i++) {
        bool differs = false;
        if (!desk_adopt(server->desk, exchange_read_wall(), TEXT(DESK_OWN_NAME), options->packs[i].file,
                        options->packs[i].text, options->replace_packs, &differs, failure)) {
            return false;
        }
        start->differing += differs && !options->replace_packs;
    }
    return true;
}

/* Packs are put in force before the first request and not afterwards: who may order is the same as long as it runs. */
static bool tell_orderers(struct web_server *server) {
    struct buffer names = {0};
    desk_list_orderers(server->desk, &names);
    bool done = !names.failed && account_book_set_orderers(server->accounts, buffer_text(&names));
    buffer_release(&names);
    return done;
}

static bool start_workers(struct web_server *server, struct failure *failure) {
    server->has_writer = pthread_create(&server->writer, NULL, writer_run, server) == 0;
    server->has_registrar = pthread_create(&server->registrar, NULL, registrar_run, server) == 0;
    server->has_drawer = pthread_create(&server->drawer, NULL, drawer_run, server) == 0;
    server->has_archivist = pthread_create(&server->archivist, NULL, archivist_run, server) == 0;
    server->has_auditor = pthread_create(&server->auditor, NULL, auditor_run, server) == 0;
    return (server->has_writer && server->has_registrar && server->has_drawer && server->has_archivist &&
            server->has_auditor) ||
           failure_set(failure, "the system gives no threads");
}

/* Official documents in whatever font there is are nothing to find out when the first one is due. */
static bool find_fonts(struct web_server *server, const struct web_options *options, struct failure *failure) {
    struct sheet_fonts *fonts = &server->fonts;
    struct text body = options->body_font == NULL ? (struct text){0} : text_of(options->body_font);
    struct text title = options->title_font == NULL ? (struct text){0} : text_of(options->title_font);
    if (!sheet_find_fonts(body, title, fonts, failure)) {
        return false;
    }
    return fonts->lacking == NULL || options->accept_substitute_fonts ||
           failure_say(failure,
                       "no %s for official documents is installed, and \"%s\" would be printed in its place; "
                       "tools/install-dependencies.sh build installs what is needed (docs/dependencies.md: FandolFang "
                       "and Noto CJK), --body-font and --title-font take others, --accept-substitute-fonts starts "
                       "without",
                       "没有安装公文用的%s，会用“%s”顶替；请用 tools/install-dependencies.sh build 安装，"
                       "或用 --body-font、--title-font 指定别的字体，或加 --accept-substitute-fonts 照样启动",
                       fonts->lacking, fonts->stand_in);
}

static bool set_up(struct web_server *server, const struct web_options *options, struct web_start *start,
                   struct failure *failure) {
    if (!proxies_read(&server->proxies, text_of(options->trusted_proxies), failure)) {
        return false;
    }
    server->directory = strdup(options->directory);
    if (server->directory == NULL || !mailbox_open(&server->to_writer) || !mailbox_open(&server->to_registrar) ||
        !mailbox_open(&server->to_drawer) || !mailbox_open(&server->to_archivist) ||
        !mailbox_open(&server->to_auditor)) {
        return failure_say(failure, "memory is exhausted", "内存不足");
    }
    if (!find_fonts(server, options, failure)) {
        return false;
    }
    /* Asked first: what is not opened is not changed. */
    server->desk = account_need_format(options->directory, failure) ? desk_open(options->directory, failure) : NULL;
    if (server->desk == NULL || !adopt_packs(server, options, start, failure)) {
        return false;
    }
    server->kinds = upload_prepare(options->directory, failure) ? kind_finder_open(failure) : NULL;
    if (server->kinds == NULL) {
        return false;
    }
    server->accounts = account_book_open(options->directory, failure);
    if (server->accounts == NULL || !make_administrator(server, start, failure)) {
        return false;
    }
    server->views = views_create();
    if (server->views == NULL || !tell_orderers(server)) {
        return failure_say(failure, "memory is exhausted", "内存不足");
    }
    server->typesetters = typeset_start(server, failure);
    server->exporters = server->typesetters == NULL ? NULL : exporter_start(server, failure);
    server->doorkeeper = server->exporters == NULL ? NULL : doorkeeper_start(failure);
    if (server->doorkeeper == NULL) {
        return false;
    }
    server->stream = stream_create(options->directory, desk_event_count(server->desk), server->accounts, failure);
    start->lacking_font = server->fonts.lacking;
    start->stand_in_font = server->fonts.stand_in;
    server->exercises = exercises_create(server, options->drills, options->drill_count, failure);
    return server->stream != NULL && server->exercises != NULL && listen_on(server, options, start, failure) &&
           start_workers(server, failure);
}

struct web_server *web_server_start(const struct web_options *options, struct web_start *start,
                                    struct failure *failure) {
    struct web_server *server = calloc(1, sizeof *server);
    *start = (struct web_start){0};
    if (server == NULL) {
        (void)failure_say(failure, "memory is exhausted", "内存不足");
        return NULL;
    }
    server->is_behind_proxy = options->behind_proxy;
    server->house = server;
    server->is_secure = options->certificate != NULL || options->behind_proxy;
    atomic_store(&server->is_writable, true);
    atomic_store(&server->has_all_notices, true);
    if (!set_up(server, options, start, failure)) {
        web_server_stop(server);
        return NULL;
    }
    return server;
}

void web_server_stop(struct web_server *server) {
    if (server == NULL) {
        return;
    }
    atomic_store(&server->is_stopping, true);
    if (server->has_registrar) { /* before the writer: what it still does goes on to that */
        mailbox_close(&server->to_registrar);
        (void)pthread_join(server->registrar, NULL);
    }
    crew_stop(server->doorkeeper); /* after the registrar, who sends on to it */
    if (server->has_archivist) {   /* before the writer as well */
        mailbox_close(&server->to_archivist);
        (void)pthread_join(server->archivist, NULL);
    }
    exercises_stop(server->exercises); /* the same */
    if (server->has_writer) {
        mailbox_close(&server->to_writer);
        (void)pthread_join(server->writer, NULL);
    }
    if (server->has_drawer) { /* after the writer, who sends on to it */
        mailbox_close(&server->to_drawer);
        (void)pthread_join(server->drawer, NULL);
    }
    if (server->has_auditor) { /* the same */
        mailbox_close(&server->to_auditor);
        (void)pthread_join(server->auditor, NULL);
    }
    crew_stop(server->typesetters); /* the same */
    crew_stop(server->exporters);
    if (server->stream != NULL) {
        stream_end(server->stream);
    }
    if (server->daemon != NULL) {
        MHD_stop_daemon(server->daemon);
    }
    exercises_destroy(server->exercises);
    stream_destroy(server->stream);
    views_destroy(server->views);
    account_book_close(server->accounts);
    desk_close(server->desk);
    mailbox_destroy(&server->to_writer);
    mailbox_destroy(&server->to_registrar);
    mailbox_destroy(&server->to_drawer);
    mailbox_destroy(&server->to_archivist);
    mailbox_destroy(&server->to_auditor);
    kind_finder_close(server->kinds);
    free(server->directory);
    free(server);
}
