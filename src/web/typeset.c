/* The typesetters: what the writer has found of a document is set as a PDF. A preview is answered; one that is to be signed is
 * kept as a file and goes back to the writer, who takes the signature. What has a clock or is signed off goes before all
 * else, and a thread is kept free for it. */
#include "web/crew.h"
#include "web/exchange.h"

#include "desk/form.h"
#include "paper/sheet.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define THREADS 3U
#define WAITING_MOST 64U
#define WAITING_EACH 8U

static struct text find_text(const json_t *json, const char *field) {
    const json_t *value = json_object_get(json, field);
    return (struct text){json_string_value(value) == NULL ? "" : json_string_value(value), json_string_length(value)};
}

static struct sheet read_sheet(const json_t *json) {
    return (struct sheet){.sender = find_text(json, "sender"),
                          .title = find_text(json, "title"),
                          .addressees = find_text(json, "addressees"),
                          .body = find_text(json, "body"),
                          .signer = find_text(json, "signer"),
                          .date = find_text(json, "date"),
                          .remark = find_text(json, "remark"),
                          .head = find_text(json, "head"),
                          .draft = find_text(json, "draft"),
                          .chinese = json_is_true(json_object_get(json, "chinese")),
                          .at = (int64_t)json_integer_value(json_object_get(json, "at"))};
}

/* The fonts that are used, as they are told and logged. */
static json_t *describe_fonts(const struct sheet_fonts *fonts) {
    return json_pack("{s:s, s:s, s:s, s:s?}", "body", fonts->body, "title", fonts->title, "heading", fonts->heading,
                     "lacking", fonts->lacking);
}

static json_t *list_words(const struct buffer *words) {
    json_t *list = json_array();
    for (char *at = words->length > 0 ? words->bytes : NULL; at != NULL;) {
        size_t length = strcspn(at, " ");
        (void)json_array_append_new(list, json_stringn(at, length));
        at = at[length] == ' ' ? at + length + 1 : NULL;
    }
    return list;
}

static void answer_preview(struct exchange *exchange, const struct sheet_printed *printed) {
    const struct buffer *pdf = &printed->pdf;
    size_t room = sodium_base64_encoded_len(pdf->length, sodium_base64_VARIANT_ORIGINAL);
    char *text = malloc(room);
    json_t *body = NULL;
    if (text != NULL) {
        (void)sodium_bin2base64(text, room, (const unsigned char *)pdf->bytes, pdf->length,
                                sodium_base64_VARIANT_ORIGINAL);
        body = json_pack("{s:s, s:I, s:o, s:o, s:o}", "pdf", text, "pages", (json_int_t)printed->pages, "missing",
                         list_words(&printed->missing), "borrowed", list_words(&printed->borrowed), "fonts",
                         describe_fonts(&exchange->server->fonts));
    }
    if (body == NULL) {
        exchange_problem(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_READ, "", "memory is exhausted", "内存不足");
    } else {
        exchange_answer(exchange, MHD_HTTP_OK, body);
    }
    json_decref(body);
    free(text);
}

/* A character that cannot be printed stops a document that can wait; one with a clock goes out with it written out. */
static bool check_missing(struct exchange *exchange, const struct buffer *missing) {
    struct failure failure = {.chinese = exchange->request.chinese};
    if (missing->length == 0 || json_is_true(json_object_get(exchange->sheet, "urgent"))) {
        return true;
    }
    (void)failure_say_field(
        &failure, "body",
        "these characters cannot be printed: %s; no font on this server has them, or nobody would "
        "see them on paper; delete them, write them in other words, or install a font",
        "这些字符印不出来：%s；服务器上没有字体能印，或印在纸上看不见；请删去、换一种写法，或安装字体", missing->bytes);
    exchange_fail(exchange, MHD_HTTP_UNPROCESSABLE_CONTENT, TITLE_NOT_TAKEN, &failure);
    return false;
}

/* True when the file is kept and the signature can be taken. */
static bool keep(struct exchange *exchange, const struct sheet_printed *printed) {
    const struct buffer *missing = &printed->missing;
    struct failure failure = {.chinese = exchange->request.chinese};
    char hash[UPLOAD_HASH_ROOM];
    enum upload_result result = upload_keep(exchange->server->directory, &printed->pdf, hash, &failure);
    if (result != UPLOAD_DONE) {
        uploads_refuse(exchange, result, &failure);
        return false;
    }
    json_t *head = json_object_get(exchange->sheet, "head");
    json_t *file = json_pack("{s:s, s:I, s:I, s:O, s:s, s:s}", "sha256", hash, "bytes", (json_int_t)printed->pdf.length,
                             "pages", (json_int_t)printed->pages, "head", head, "missing",
                             missing->length > 0 ? missing->bytes : "", "fonts", exchange->server->fonts.body);
    if (file == NULL || json_object_set_new(exchange->json, "file", file) != 0) {
        exchange_problem(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_SAVED, "", "memory is exhausted",
                         "内存不足");
        return false;
    }
    exchange->request.action = DESK_SIGN_DOCUMENT;
    return true;
}

/* True when it has been kept and the writer must take the signature; else the answer is set. `press` may be NULL: memory was
 * exhausted. */
static bool answer(struct press *press, struct exchange *exchange) {
    struct failure failure = {.chinese = exchange->request.chinese};
    struct sheet_printed printed = {0};
    bool is_kept = false;
    const struct sheet sheet = read_sheet(exchange->sheet);
    if (press == NULL || !press_set(press, &sheet, &printed, &failure)) {
        if (press == NULL) {
            (void)failure_say(&failure, "memory is exhausted", "内存不足");
        }
        exchange_fail(exchange,
                      failure.field[0] != '\0' ? MHD_HTTP_UNPROCESSABLE_CONTENT : MHD_HTTP_SERVICE_UNAVAILABLE,
                      TITLE_NOT_TAKEN, &failure);
    } else if (exchange->route.kind == ROUTE_PREVIEW_DOCUMENT) {
        answer_preview(exchange, &printed);
    } else {
        is_kept = check_missing(exchange, &printed.missing) && keep(exchange, &printed);
    }
    sheet_release_printed(&printed);
    return is_kept;
}

/* ---- threads ---------------------------------------------------------------------------------------------- */

static void *begin(void *context) {
    const struct web_server *server = context;
    return press_open(&server->fonts);
}

static void work(void *context, void *tools, struct mail *mail) {
    struct exchange *exchange = (struct exchange *)(void *)mail;
    (void)context;
    if (answer(tools, exchange)) {
        if (mailbox_send(&exchange->server->to_writer, mail)) { /* an exercise has a writer of its own */
            return;
        }
        exchange_problem(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_SAVED, "", "the server is stopping",
                         "服务器正在停止");
    }
    exchange_finish(exchange);
}

static void end(void *tools) {
    press_close(tools);
}

struct crew *typeset_start(struct web_server *server, struct failure *failure) {
    const struct crew_rules rules = {.threads = THREADS,
                                     .kept_free = 1,
                                     .waiting_most = WAITING_MOST,
                                     .waiting_each = WAITING_EACH,
                                     .context = server,
                                     .begin = begin,
                                     .work = work,
                                     .drop = exchange_drop,
                                     .end = end};
    return crew_start(&rules, failure);
}
