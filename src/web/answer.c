/* Answers: what the desk says as HTTP, and problems by RFC 9457. */
#include "web/crew.h"
#include "web/exchange.h"

#include "base/calendar.h"
#include "desk/form.h"
#include "desk/personal.h"
#include "web/exercises.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RETRY_SOON_SECONDS 2U
#define RETRY_RECORD_SECONDS 10U

static int64_t read_clock(clockid_t clock) {
    struct timespec now;
    (void)clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * CALENDAR_US_PER_SECOND + now.tv_nsec / 1000;
}

int64_t exchange_read_wall(void) {
    return read_clock(CLOCK_REALTIME);
}

int64_t exchange_read_boot(void) {
    return read_clock(CLOCK_BOOTTIME);
}

int64_t exchange_read_time(const struct web_server *server) {
    return server->exercise != NULL ? exercise_desk_tell(server->exercise)
                                    : exchange_read_wall() + atomic_load(&server->clock_offset);
}

void exchange_answer(struct exchange *exchange, unsigned int status, const json_t *body) {
    free(exchange->text);
    exchange->status = status;
    exchange->type = "application/json";
    exchange->text = body == NULL ? NULL : json_dumps(body, JSON_COMPACT);
    exchange->text_length = exchange->text == NULL ? 0 : strlen(exchange->text);
    if (body != NULL && exchange->text == NULL) {
        exchange->status = MHD_HTTP_SERVICE_UNAVAILABLE;
    }
}

void exchange_answer_text(struct exchange *exchange, unsigned int status, const char *type, struct text text) {
    free(exchange->text);
    exchange->text = malloc(text.length + 1);
    exchange->status = exchange->text == NULL ? MHD_HTTP_SERVICE_UNAVAILABLE : status;
    exchange->type = type;
    exchange->text_length = exchange->text == NULL ? 0 : text.length;
    if (exchange->text != NULL && text.length > 0) {
        memcpy(exchange->text, text.bytes, text.length);
    }
}

bool exchange_is_for_drawer(const struct exchange *exchange) {
    return exchange->route.kind == ROUTE_LIST_SHEETS || exchange->route.kind == ROUTE_SHOW_SHEET;
}

bool exchange_is_for_typesetting(const struct exchange *exchange) {
    return (exchange->route.kind == ROUTE_PREVIEW_DOCUMENT || exchange->route.kind == ROUTE_SIGN_DOCUMENT) &&
           exchange->request.action == DESK_PREPARE_DOCUMENT;
}

bool exchange_is_for_auditor(const struct exchange *exchange) {
    return exchange->route.kind == ROUTE_SHOW_AUDIT || exchange->route.kind == ROUTE_LIST_MOMENTS ||
           exchange->route.kind == ROUTE_EXPORT_RECORD;
}

void exchange_refuse_stopping(struct exchange *exchange) {
    exchange_problem(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_NOW, "", "the server is stopping",
                     "服务器正在停止");
}

/* That too much waits where it was to go, and when to ask again. */
static void refuse_crowded(struct exchange *exchange) {
    bool is_record = exchange->route.kind == ROUTE_EXPORT_RECORD;
    bool is_sign_in = exchange->route.kind == ROUTE_SIGN_IN;
    exchange_problem(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_NOW, "",
                     is_record    ? "too many records are being written just now; ask again a little later"
                     : is_sign_in ? "too many are signing in just now; try again in a moment"
                                  : "too many documents are being set just now; ask again in a moment",
                     is_record    ? "正在导出的案卷太多，请稍后再试"
                     : is_sign_in ? "正在登录的人太多，请稍后再试"
                                  : "正在排版的文书太多，请稍后再试");
    exchange->retry_after = is_record ? RETRY_RECORD_SECONDS : RETRY_SOON_SECONDS;
}

bool exchange_hand_to(struct exchange *exchange, struct crew *crew, struct text person, bool is_urgent) {
    enum crew_answer answer = crew_send(crew, &exchange->mail, person, is_urgent);
    if (answer == CREW_TAKEN) {
        return true; /* and no longer ours */
    }
    if (answer == CREW_STOPPED) {
        exchange_refuse_stopping(exchange);
    } else {
        refuse_crowded(exchange);
    }
    return false;
}

void exchange_finish(struct exchange *exchange) {
    exchange->stage = EXCHANGE_ANSWERED;
    MHD_resume_connection(exchange->connection);
}

void exchange_drop(void *context, struct mail *mail) {
    struct exchange *exchange = (struct exchange *)(void *)mail;
    (void)context;
    exchange_refuse_stopping(exchange);
    exchange_finish(exchange);
}

void exchange_problem(struct exchange *exchange, unsigned int status, enum exchange_title title, const char *field,
                      const char *english, const char *chinese) {
    static const struct {
        const char *english, *chinese;
    } titles[] = {
        [TITLE_NONE] = {"", ""},
        [TITLE_NOT_SIGNED_IN] = {"Not signed in", "没有登录"},
        [TITLE_NOT_ALLOWED] = {"Not allowed", "没有权限"},
        [TITLE_NOT_FOUND] = {"Not found", "没有找到"},
        [TITLE_NOT_SO] = {"Not so", "方法不对"},
        [TITLE_NOT_READ] = {"Cannot be read", "无法读取"},
        [TITLE_NOT_TAKEN] = {"Cannot be taken", "不能登记"},
        [TITLE_NOT_SAVED] = {"Not saved", "没有保存"},
        [TITLE_NOT_NOW] = {"Not now", "暂时不行"},
        [TITLE_TOO_LONG] = {"Too long", "内容过长"},
        [TITLE_TOO_SOON] = {"Too soon", "请稍候"},
        [TITLE_SETTLED] = {"In conflict with how things stand", "与现在的情况冲突"},
        [TITLE_KEY_USED] = {"Key of another request", "请求键已用过"},
        [TITLE_CHANGED] = {"Changed since", "已有变化"},
    };
    bool is_chinese = exchange->request.chinese;
    json_t *body = json_pack("{s:s, s:s, s:i, s:s}", "type", "about:blank", "title",
                             is_chinese ? titles[title].chinese : titles[title].english, "status", (int)status,
                             "detail", is_chinese ? chinese : english);
    if (field[0] != '\0') {
        (void)json_object_set_new(body, "field", json_string(field));
    }
    exchange_answer(exchange, status, body);
    exchange->type = "application/problem+json";
    json_decref(body);
    atomic_fetch_add(&exchange->server->refused, 1);
}

void exchange_fail(struct exchange *exchange, unsigned int status, enum exchange_title title,
                   const struct failure *failure) {
    exchange_problem(exchange, status, title, failure->field, failure->message, failure->message);
}

void exchange_refuse_used_key(struct exchange *exchange) {
    struct failure failure = {.chinese = exchange->request.chinese};
    (void)form_refuse_used_key(&failure);
    exchange_fail(exchange, MHD_HTTP_CONFLICT, TITLE_KEY_USED, &failure);
}

void exchange_record_sign_in(const struct exchange *exchange, struct text name, enum sign_in_kind kind) {
    account_book_record_sign_in(exchange->server->accounts, name, kind, text_of(exchange->address),
                                exchange_read_wall());
}

void exchange_answer_session(struct exchange *exchange, unsigned int status, const char *server_time) {
    const struct account_session *session = &exchange->session;
    json_t *body = json_pack("{s:o, s:s, s:b, s:s}", "account", account_describe(&session->account), "csrf_token",
                             session->csrf_token, "second_factor_due", session->is_limited, "server_time", server_time);
    exchange_answer(exchange, status, body);
    json_decref(body);
}

bool exchange_is_registered(const struct exchange *exchange) {
    return exchange->route.kind == ROUTE_ADD_ACCOUNT || exchange->route.kind == ROUTE_ADD_TOKEN ||
           exchange->route.kind == ROUTE_END_TOKEN || exchange->route.kind == ROUTE_CHANGE_ACCOUNT ||
           exchange->route.kind == ROUTE_REQUIRE_FACTOR;
}

void exchange_share(struct exchange *exchange, struct views_text *text) {
    exchange->status = MHD_HTTP_OK;
    exchange->type = "application/json";
    exchange->shared = text;
    memcpy(exchange->etag, text->etag, sizeof exchange->etag);
}

struct views_key exchange_find_key(const struct exchange *exchange) {
    return (struct views_key){.action = exchange->route.action,
                              .is_hidden = personal_is_list(exchange->route.action) &&
                                           !personal_sees_all(&exchange->session.account),
                              .incident = exchange->route.incident,
                              .plan = text_of(exchange->route.name)};
}

/* In an exercise rights go by seats, which the writer alone knows: there everybody is given his own. */
bool exchange_is_for_all(const struct exchange *exchange) {
    return exchange->server->exercise == NULL &&
           (!personal_is_in(exchange->route.action) || personal_is_list(exchange->route.action) ||
            personal_sees_all(&exchange->session.account));
}

/* Whether the answer tells the server's time. */
static bool tells_time(const struct exchange *exchange) {
    return exchange->route.action == DESK_SHOW_DESK || exchange->route.action == DESK_SHOW_INCIDENT;
}

/* What this asker alone is given: the time goes in here. */
static void answer_alone(struct exchange *exchange, const struct desk_reply *reply) {
    char shown[CALENDAR_INSTANT_ROOM];
    if (tells_time(exchange)) {
        calendar_print_instant(exchange_read_time(exchange->server), 0, shown);
        (void)json_object_set_new(reply->body, "server_time", json_string(shown));
    }
    exchange_answer(exchange, MHD_HTTP_OK, reply->body);
}

/* Keeps what has been read for others; the exchange is the first to share it. What is too long to be kept is its own. */
static void keep_view(struct exchange *exchange, const struct desk_reply *reply) {
    struct views *views = exchange->server->views;
    struct views_key key = exchange_find_key(exchange);
    int64_t boot = exchange_read_boot();
    char *text = json_dumps(reply->body, JSON_COMPACT);
    if (text != NULL) {
        views_keep(views, &key, reply->etag, text_of(text), boot);
        free(text);
    }
    struct views_text *shared = text == NULL ? NULL : views_take(views, &key, boot);
    if (shared == NULL) {
        exchange_answer(exchange, MHD_HTTP_OK, reply->body);
    } else {
        exchange_share(exchange, shared);
    }
}

void exchange_take_reply(struct exchange *exchange, struct desk_reply *reply) {
    static const struct {
        unsigned int status;
        enum exchange_title title;
    } outcomes[] = {
        [DESK_OK] = {MHD_HTTP_OK, TITLE_NONE},
        [DESK_CREATED] = {MHD_HTTP_CREATED, TITLE_NONE},
        [DESK_NOT_MODIFIED] = {MHD_HTTP_NOT_MODIFIED, TITLE_NONE},
        [DESK_FORBIDDEN] = {MHD_HTTP_FORBIDDEN, TITLE_NOT_ALLOWED},
        [DESK_NOT_FOUND] = {MHD_HTTP_NOT_FOUND, TITLE_NOT_FOUND},
        [DESK_CONFLICT] = {MHD_HTTP_CONFLICT, TITLE_SETTLED},
        [DESK_KEY_USED] = {MHD_HTTP_CONFLICT, TITLE_KEY_USED},
        [DESK_CHANGED] = {MHD_HTTP_PRECONDITION_FAILED, TITLE_CHANGED},
        [DESK_REFUSED] = {MHD_HTTP_UNPROCESSABLE_CONTENT, TITLE_NOT_TAKEN},
        [DESK_UNAVAILABLE] = {MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_SAVED},
    };
    unsigned int status = outcomes[reply->outcome].status;
    if (reply->outcome == DESK_CREATED && exchange->route.kind == ROUTE_APPEND_UPLOAD) {
        /* What is told of the file beside what is told of its event. */
        json_t *described = uploads_describe(&exchange->upload);
        (void)json_object_update(reply->body, described);
        (void)json_object_set_new(reply->body, "sha256", json_string(exchange->upload.hash));
        (void)json_object_set_new(reply->body, "type", json_string(exchange->upload.type));
        json_decref(described);
    }
    memcpy(exchange->etag, reply->etag, sizeof exchange->etag);
    if (reply->outcome == DESK_OK && exchange->route.kind == ROUTE_DESK_READ && reply->etag[0] != '\0') {
        if (exchange_is_for_all(exchange)) {
            keep_view(exchange, reply);
        } else {
            answer_alone(exchange, reply);
        }
    } else if (reply->outcome == DESK_OK && exchange->route.kind == ROUTE_SHOW_ATTACHMENT) {
        uploads_take_attachment(exchange, reply);
    } else if (reply->outcome <= DESK_NOT_MODIFIED) { /* what has no ETag is another each time */
        if (reply->outcome == DESK_CREATED && exchange->secrets != NULL) {
            (void)json_object_update(reply->body, exchange->secrets);
        }
        exchange_answer(exchange, status, reply->body);
    } else {
        exchange_fail(exchange, status, outcomes[reply->outcome].title, &reply->failure);
    }
    json_decref(reply->body);
    reply->body = NULL;
}

void exchange_add_headers(struct MHD_Response *response, bool is_secure) {
    static const char *const headers[][2] = {
        {"Content-Security-Policy", "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
                                    "form-action 'self'; frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
    };
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        (void)MHD_add_response_header(response, headers[i][0], headers[i][1]);
    }
    if (is_secure) {
        (void)MHD_add_response_header(response, "Strict-Transport-Security", "max-age=31536000");
    }
}

static void add_own_headers(const struct exchange *exchange, struct MHD_Response *response, bool has_body) {
    char value[DESK_ETAG_ROOM + 2];
    if (has_body) {
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, exchange->type);
    }
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    if (exchange->etag[0] != '\0') {
        (void)snprintf(value, sizeof value, "\"%s\"", exchange->etag);
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, value);
    }
    if (exchange->cookie[0] != '\0') {
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_SET_COOKIE, exchange->cookie);
    }
    if (exchange->device_cookie[0] != '\0') {
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_SET_COOKIE, exchange->device_cookie);
    }
    if (exchange->retry_after > 0) {
        (void)snprintf(value, sizeof value, "%u", exchange->retry_after);
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, value);
    }
    if (exchange->upload_offset[0] != '\0') {
        (void)MHD_add_response_header(response, "Upload-Offset", exchange->upload_offset);
    }
    if (exchange->route.allowed[0] != '\0') {
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, exchange->route.allowed);
    }
}

static struct MHD_Response *send_own(struct exchange *exchange) {
    struct MHD_Response *response =
        MHD_create_response_from_buffer(exchange->text_length, exchange->text == NULL ? "" : exchange->text,
                                        exchange->text == NULL ? MHD_RESPMEM_PERSISTENT : MHD_RESPMEM_MUST_FREE);
    if (response != NULL) {
        exchange->text = NULL; /* the response's now */
    }
    return response;
}

/* The shared body begins with "{"; the server's time, which is another each time, goes in behind that. It is copied, so
 * that headers and body go out in one call to the system. */
static struct MHD_Response *send_shared(struct exchange *exchange) {
    char time[96] = "{";
    struct views_text *shared = exchange->shared;
    if (tells_time(exchange)) {
        char shown[CALENDAR_INSTANT_ROOM];
        calendar_print_instant(exchange_read_time(exchange->server), 0, shown);
        (void)snprintf(time, sizeof time, "{\"server_time\":\"%s\",", shown);
    }
    size_t head = strlen(time);
    char *text = malloc(head + shared->length);
    if (text != NULL) {
        memcpy(text, time, head);
        memcpy(text + head, shared->bytes + 1, shared->length - 1);
        exchange->text = text;
        exchange->text_length = head + shared->length - 1;
    }
    exchange->shared = NULL;
    views_give_back(shared);
    return text == NULL ? NULL : send_own(exchange);
}

enum MHD_Result exchange_send(struct exchange *exchange) {
    if (exchange->has_sent_file) {
        return uploads_send_attachment(exchange);
    }
    bool has_body = exchange->text != NULL || exchange->shared != NULL;
    struct MHD_Response *response = exchange->shared != NULL ? send_shared(exchange) : send_own(exchange);
    if (response == NULL) {
        return MHD_NO;
    }
    exchange_add_headers(response, exchange->server->is_secure);
    add_own_headers(exchange, response, has_body);
    enum MHD_Result queued = MHD_queue_response(exchange->connection, exchange->status, response);
    MHD_destroy_response(response);
    return queued;
}
