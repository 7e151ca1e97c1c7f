/* Files that come in and go out, on the threads of libmicrohttpd: what arrives goes to the disk as it comes, never whole
 * into memory; who may send it the writer has said before the first byte is written. What takes its time (hashing, making durable)
 * is the archivist's. */
#include "web/exchange.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void uploads_refuse(struct exchange *exchange, enum upload_result result, const struct failure *failure) {
    static const struct {
        unsigned int status;
        enum exchange_title title;
    } answers[] = {
        [UPLOAD_DONE] = {MHD_HTTP_OK, TITLE_NONE},
        [UPLOAD_INVALID] = {MHD_HTTP_UNPROCESSABLE_CONTENT, TITLE_NOT_TAKEN},
        [UPLOAD_TOO_LONG] = {MHD_HTTP_CONTENT_TOO_LARGE, TITLE_TOO_LONG},
        [UPLOAD_TAKEN] = {MHD_HTTP_CONFLICT, TITLE_KEY_USED},
        [UPLOAD_TOO_MANY] = {MHD_HTTP_TOO_MANY_REQUESTS, TITLE_NOT_NOW},
        [UPLOAD_NONE] = {MHD_HTTP_NOT_FOUND, TITLE_NOT_FOUND},
        [UPLOAD_MISPLACED] = {MHD_HTTP_CONFLICT, TITLE_CHANGED},
        [UPLOAD_UNFIT] = {MHD_HTTP_UNPROCESSABLE_CONTENT, TITLE_NOT_TAKEN},
        [UPLOAD_NO_ROOM] = {MHD_HTTP_INSUFFICIENT_STORAGE, TITLE_NOT_SAVED},
        [UPLOAD_FAILED] = {MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_SAVED},
    };
    exchange_fail(exchange, answers[result].status, answers[result].title, failure);
}

json_t *uploads_describe(const struct upload *upload) {
    return json_pack("{s:s, s:s, s:I, s:I}", "id", upload->id, "name", upload->name, "bytes", (json_int_t)upload->size,
                     "offset", (json_int_t)upload->offset);
}

void uploads_answer(struct exchange *exchange, unsigned int status, const struct upload *upload) {
    json_t *body = uploads_describe(upload);
    exchange_answer(exchange, status, body);
    (void)snprintf(exchange->upload_offset, sizeof exchange->upload_offset, "%" PRId64, upload->offset);
    json_decref(body);
}

/* ---- what comes in ----------------------------------------------------------------------------------------- */

static bool refuse(struct exchange *exchange, enum upload_result result, const struct failure *failure) {
    uploads_refuse(exchange, result, failure);
    return false;
}

static bool read_offset(struct exchange *exchange, int64_t *offset) {
    const char *header = MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, "Upload-Offset");
    char *end = NULL;
    *offset = header == NULL || *header < '0' || *header > '9' || strlen(header) > 10 ? -1 : strtoll(header, &end, 10);
    if (*offset < 0 || *end != '\0') {
        exchange_problem(exchange, MHD_HTTP_UNPROCESSABLE_CONTENT, TITLE_NOT_TAKEN, "Upload-Offset",
                         "the header Upload-Offset must say from which byte on this goes on",
                         "请求头 Upload-Offset 须写明从第几个字节继续");
        return false;
    }
    return true;
}

static bool check_type(struct exchange *exchange) {
    const char *type = MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_TYPE);
    if (type != NULL && strcmp(type, "application/offset+octet-stream") == 0) {
        return true;
    }
    exchange_problem(exchange, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, TITLE_NOT_TAKEN, "Content-Type",
                     "the body must be application/offset+octet-stream",
                     "请求内容须为 application/offset+octet-stream");
    return false;
}

/* Before the first byte: who asks, which file, from where on. The answer is set where that is refused. */
static bool begin(struct exchange *exchange) {
    struct failure failure = {.chinese = exchange->request.chinese};
    int64_t offset = 0;
    exchange->upload_file = -1;
    if (!exchange_check_signed_in(exchange) || !exchange_check_csrf(exchange) || !check_type(exchange) ||
        !read_offset(exchange, &offset)) {
        return false;
    }
    const char *directory = exchange->server->directory;
    enum upload_result result = upload_find(directory, text_of(exchange->session.account.name),
                                            text_of(exchange->route.name), &exchange->upload, &failure);
    if (result == UPLOAD_DONE) {
        result = upload_open(directory, &exchange->upload, offset, &exchange->upload_file, &failure);
    }
    return result == UPLOAD_DONE || refuse(exchange, result, &failure);
}

static bool is_going_on(struct exchange *exchange) {
    if (!exchange->has_upload_begun) {
        exchange->has_upload_begun = true;
        exchange->is_upload_refused = !begin(exchange);
    }
    return !exchange->is_upload_refused;
}

void uploads_take_part(struct exchange *exchange, const char *bytes, size_t length) {
    struct failure failure = {.chinese = exchange->request.chinese};
    if (!is_going_on(exchange)) {
        return; /* what still comes is passed over; the answer is set */
    }
    enum upload_result result =
        upload_add(&exchange->upload, exchange->upload_file, &exchange->upload.offset, bytes, length, &failure);
    if (result != UPLOAD_DONE) {
        exchange->is_upload_refused = true;
        uploads_refuse(exchange, result, &failure);
    }
}

bool uploads_end_part(struct exchange *exchange) {
    if (!is_going_on(exchange)) {
        return false;
    }
    if (exchange->upload.offset < exchange->upload.size) {
        uploads_answer(exchange, MHD_HTTP_OK, &exchange->upload);
        return false;
    }
    return true;
}

void uploads_close(struct exchange *exchange) {
    if (exchange->has_upload_begun && exchange->upload_file >= 0) {
        (void)close(exchange->upload_file);
        exchange->upload_file = -1;
    }
}

void uploads_show(struct exchange *exchange) {
    struct failure failure = {.chinese = exchange->request.chinese};
    struct upload upload;
    if (!exchange_check_signed_in(exchange)) {
        return;
    }
    enum upload_result result = upload_find(exchange->server->directory, text_of(exchange->session.account.name),
                                            text_of(exchange->route.name), &upload, &failure);
    if (result == UPLOAD_DONE) {
        uploads_answer(exchange, MHD_HTTP_OK, &upload);
    } else {
        uploads_refuse(exchange, result, &failure);
    }
}

/* ---- what goes out ----------------------------------------------------------------------------------------- */

/* The name as RFC 6266 writes it: for old programs in ASCII, and whole in UTF-8. */
static void write_disposition(const char *name, struct buffer *out) {
    buffer_append_string(out, "attachment; filename=\"");
    for (const char *at = name; *at != '\0'; at++) {
        bool is_plain = *at >= ' ' && *at <= '~' && *at != '"' && *at != '\\' && *at != '%';
        char shown = is_plain ? *at : '_';
        if (((unsigned char)*at & 0xc0U) != 0x80) {
            buffer_append(out, &shown, 1);
        }
    }
    buffer_append_string(out, "\"; filename*=UTF-8''");
    for (const char *at = name; *at != '\0'; at++) {
        bool is_plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9') ||
                        *at == '.' || *at == '-' || *at == '_';
        buffer_print(out, is_plain ? "%c" : "%%%02X", (unsigned int)(unsigned char)*at);
    }
}

void uploads_take_attachment(struct exchange *exchange, struct desk_reply *reply) {
    const char *name = json_string_value(json_object_get(reply->body, "name"));
    const char *type = json_string_value(json_object_get(reply->body, "type"));
    if (name == NULL || type == NULL ||
        !upload_open_attachment(exchange->server->directory, exchange->request.attachment, &exchange->sent_file,
                                &exchange->sent_bytes)) {
        exchange_problem(exchange, MHD_HTTP_NOT_FOUND, TITLE_NOT_FOUND, "",
                         "the log knows this file, and it is not on the disk: restore it from a backup",
                         "日志里有这个文件，磁盘上没有：请从备份恢复");
        return;
    }
    exchange->has_sent_file = true;
    exchange->status = MHD_HTTP_OK;
    bool is_text = strncmp(type, "text/", 5) == 0; /* no program of ours need know which */
    (void)snprintf(exchange->sent_type, sizeof exchange->sent_type, "%s", is_text ? "text/plain" : type);
    bool is_exercise = exchange->server->exercise != NULL;
    struct buffer marked = {0};
    buffer_print(&marked, "%s%s", is_exercise ? "【演练】" : "", name);
    write_disposition(marked.failed ? "" : marked.bytes, &exchange->disposition);
    buffer_release(&marked);
}

void uploads_take_record(struct exchange *exchange, int file, int64_t bytes) {
    char name[80];
    char exercise[32] = "";
    if (exchange->server->exercise != NULL) {
        (void)snprintf(exercise, sizeof exercise, "exercise-%" PRIu32 "-", exchange->route.exercise);
    }
    (void)snprintf(name, sizeof name, "%sincident-%" PRIu32 "-record.zip", exercise, exchange->route.incident);
    exchange->has_sent_file = true;
    exchange->status = MHD_HTTP_OK;
    exchange->sent_file = file;
    exchange->sent_bytes = bytes;
    (void)snprintf(exchange->sent_type, sizeof exchange->sent_type, "application/zip");
    write_disposition(name, &exchange->disposition);
}

enum MHD_Result uploads_send_attachment(struct exchange *exchange) {
    struct MHD_Response *response = MHD_create_response_from_fd((size_t)exchange->sent_bytes, exchange->sent_file);
    exchange->has_sent_file = false; /* the response's now */
    if (response == NULL) {
        (void)close(exchange->sent_file);
        return MHD_NO;
    }
    exchange_add_headers(response, exchange->server->is_secure);
    (void)MHD_add_response_header(response, "Content-Security-Policy", "sandbox; default-src 'none'");
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, exchange->sent_type);
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_DISPOSITION,
                                  exchange->disposition.failed ? "attachment" : exchange->disposition.bytes);
    bool is_record = exchange->route.kind == ROUTE_EXPORT_RECORD; /* tomorrow it is another */
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL,
                                  is_record ? "no-store" : "private, max-age=31536000, immutable");
    enum MHD_Result queued = MHD_queue_response(exchange->connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return queued;
}
