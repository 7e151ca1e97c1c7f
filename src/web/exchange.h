/* exchange — one HTTP request and its answer, and the server that the files of src/web share. For src/web alone.
 *
 * An exchange belongs to one thread at a time: to that of libmicrohttpd which reads it, then, while its connection is
 * suspended, to the worker that it has been sent to (who may send it on to another), then to libmicrohttpd's again.
 */
#ifndef PINYUE_WEB_EXCHANGE_H
#define PINYUE_WEB_EXCHANGE_H

#include "base/buffer.h"
#include "desk/account.h"
#include "desk/audit.h"
#include "desk/desk.h"
#include "desk/sign_in_record.h"
#include "desk/upload.h"
#include "paper/sheet.h"
#include "web/clock.h"
#include "web/mailbox.h"
#include "web/proxies.h"
#include "web/route.h"
#include "web/stream.h"
#include "web/views.h"
#include "web/web.h"

#include <jansson.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#define BODY_BYTES_MAX ((size_t)1 << 20)
#define KEY_LENGTH_LEAST 8U

struct crew;
struct exercises;
struct exercise_desk;

/* The real desk's, which listens; and for each exercise one that has a desk, a writer and live pages of its own and for all
 * else leans on the house. */
struct web_server {
    struct web_server *house;       /* that listens and has the other workers; of the house itself: itself */
    struct exercises *exercises;    /* of the house; NULL: an exercise's */
    struct exercise_desk *exercise; /* whose desk this is; NULL: the real one's */
    struct web_server *next_gone;   /* an exercise's that has been removed */
    struct MHD_Daemon *daemon;
    struct desk *desk; /* the writer's alone, once it runs */
    struct account_book *accounts;
    struct stream *stream;
    struct views *views;
    struct kind_finder *kinds; /* the archivist's alone */
    struct sheet_fonts fonts;  /* of documents; never changed */
    struct mailbox to_writer, to_registrar, to_drawer, to_archivist, to_auditor;
    struct crew *typesetters, *exporters, *doorkeeper; /* the house's */
    pthread_t writer, registrar, drawer, archivist, auditor;
    bool has_writer, has_registrar, has_drawer, has_archivist, has_auditor;
    bool is_behind_proxy;
    struct proxies proxies; /* who is believed for whom a request comes from, behind one; never changed */
    bool is_secure;         /* cookies are for TLS alone */
    char *directory;
    atomic_int_fast64_t clock_offset;                         /* what the writer's time is ahead of the wall clock */
    atomic_bool is_stopping;                                  /* nobody new is let in */
    atomic_bool is_writable;                                  /* the last batch could be made durable */
    atomic_bool has_all_notices;                              /* no row of the to-call list has been lost */
    atomic_uint_fast64_t requests, refused, batches, written; /* for /metrics */
};

enum exchange_stage {
    EXCHANGE_READING, /* its body is coming in */
    EXCHANGE_WAITING, /* a worker has it */
    EXCHANGE_ANSWERED /* its answer stands in it, or has been given */
};

struct exchange {
    struct mail mail; /* first: that is what lies in a mailbox */
    struct web_server *server;
    struct MHD_Connection *connection;
    enum exchange_stage stage;
    struct route route;
    struct buffer body;

    struct account_session session;
    bool is_too_long; /* the body */
    bool is_repeated; /* of what the registrar does: it had been done under its key before this request did it */
    bool is_signed_in;
    bool is_machine;                /* by a token in the header Authorization: it needs no CSRF token */
    char address[64];               /* of the other side, or for whom the proxy speaks: wrong passwords go by it */
    char *path;                     /* a copy; route.name points into it */
    char *if_match;                 /* a copy, without quotes */
    struct buffer pack;             /* of the plan whose sheets are asked for: from the writer to the drawer */
    json_t *json;                   /* the body; of an audit, from the writer to the auditor, which events tell it */
    struct audit_question question; /* an audit's: the moment that is asked for */
    json_t *sheet;                  /* of a document that is to be set: from the writer to the typesetters; else NULL */
    struct desk_request request;
    char marked_key
        [DESK_MARKED_KEY_ROOM]; /* of what the registrar does, once the writer has looked at the key; else "" */

    struct upload upload; /* a file that comes in; its offset moves on */
    int upload_file;
    bool has_upload_begun, is_upload_refused;

    /* the answer */
    json_t *secrets; /* what is told this once, with an answer that it was taken: members of its body; or NULL */
    unsigned int status;
    char *text; /* malloc'ed body, or NULL */
    size_t text_length;
    struct views_text *shared; /* a body that others are given too, or NULL; given back when it has been sent */
    const char *type;
    char etag[DESK_ETAG_ROOM];
    char cookie[160];
    char device_cookie[192];  /* or "" */
    unsigned int retry_after; /* seconds; 0: none */
    char upload_offset[24];   /* the header Upload-Offset, or "" */
    bool has_sent_file;       /* the body is a file */
    int sent_file;
    int64_t sent_bytes;
    char sent_type[UPLOAD_TYPE_ROOM];
    struct buffer disposition;
};

/* What kind of problem it is, in few words. */
enum exchange_title {
    TITLE_NONE,
    TITLE_NOT_SIGNED_IN,
    TITLE_NOT_ALLOWED,
    TITLE_NOT_FOUND,
    TITLE_NOT_SO,
    TITLE_NOT_READ,
    TITLE_NOT_TAKEN,
    TITLE_NOT_SAVED,
    TITLE_NOT_NOW,
    TITLE_TOO_LONG,
    TITLE_TOO_SOON,
    TITLE_SETTLED,
    TITLE_KEY_USED,
    TITLE_CHANGED
};

/* Microseconds since 1970 by the wall clock; since the machine's boot; and what the writer takes the time to be. */
int64_t exchange_read_wall(void);
int64_t exchange_read_boot(void);
int64_t exchange_read_time(const struct web_server *server);

/* Sets the answer. `exchange_problem` writes an RFC 9457 body in the language that the asker wants; `field` may be "". */
void exchange_answer(struct exchange *exchange, unsigned int status, const json_t *body);
void exchange_problem(struct exchange *exchange, unsigned int status, enum exchange_title title, const char *field,
                      const char *english, const char *chinese);
void exchange_fail(struct exchange *exchange, unsigned int status, enum exchange_title title,
                   const struct failure *failure);

/* Answers that the request's key has been used for something else. */
void exchange_refuse_used_key(struct exchange *exchange);

/* Keeps in accounts.db that somebody signed in or out from the exchange's address, or tried. */
void exchange_record_sign_in(const struct exchange *exchange, struct text name, enum sign_in_kind kind);

/* Answers with the exchange's session as a Session of openapi.json. */
void exchange_answer_session(struct exchange *exchange, unsigned int status, const char *server_time);

/* Whether it is a write that the registrar does in accounts.db, and the writer then logs. */
bool exchange_is_registered(const struct exchange *exchange);

/* The same with a text that is no JSON value of ours to be written; it is copied. */
void exchange_answer_text(struct exchange *exchange, unsigned int status, const char *type, struct text text);

/* Whether what it reads is the same for all who have the key of exchange_find_key. */
bool exchange_is_for_all(const struct exchange *exchange);

/* Sets a body that others are given too; takes it over. */
void exchange_share(struct exchange *exchange, struct views_text *text);

/* What the exchange reads, as a key of the views. */
struct views_key exchange_find_key(const struct exchange *exchange);

/* Turns what the desk says into the answer; frees the reply's body. What has been read is kept for others. */
void exchange_take_reply(struct exchange *exchange, struct desk_reply *reply);

/* Queues the answer on the connection. */
enum MHD_Result exchange_send(struct exchange *exchange);

/* The headers that every response carries. */
void exchange_add_headers(struct MHD_Response *response, bool is_secure);

/* Whether sheets of a plan's chart are asked for: the writer finds the pack, the drawer answers. */
bool exchange_is_for_drawer(const struct exchange *exchange);

/* Whether it is about a document that is to be set, and has not been yet. */
bool exchange_is_for_typesetting(const struct exchange *exchange);

/* Crews of the house: one sets documents (what has a clock is urgent), one writes incidents' records. NULL with a failure. */
struct crew *typeset_start(struct web_server *server, struct failure *failure);
struct crew *exporter_start(struct web_server *server, struct failure *failure);

/* Signs people in. NULL with a failure. */
struct crew *doorkeeper_start(struct failure *failure);

/* Hands a sign-in to the doorkeeper, on the registrar's thread; the answer is set when it returns false. */
bool doorkeeper_take(struct exchange *exchange);

/* Hands an exchange to a crew, in the name of a person, or an address; the answer is set when it returns false: too much waits
 * there. */
bool exchange_hand_to(struct exchange *exchange, struct crew *crew, struct text person, bool is_urgent);

/* Gives an exchange whose answer stands in it back to its connection: it is no longer the caller's. From any worker. */
void exchange_finish(struct exchange *exchange);

/* Sets as the answer that the server is stopping. */
void exchange_refuse_stopping(struct exchange *exchange);

/* A crew's `drop`: answers so. */
void exchange_drop(void *context, struct mail *mail);

/* Whether it is an audit, or an incident's record: the writer finds what may be shown and which events tell it, the auditor or
 * the exporters answer. */
bool exchange_is_for_auditor(const struct exchange *exchange);

/* Whether somebody is signed in, and whether the write is his own page's: the answer is set when it returns false. */
bool exchange_check_signed_in(struct exchange *exchange);
bool exchange_check_csrf(struct exchange *exchange);

/* Files that come in. `uploads_take_part` takes what has arrived of one; `uploads_end_part`, at the end of the request, is true
 * when all of the file is there and the archivist is to have it, else the answer is set. */
void uploads_take_part(struct exchange *exchange, const char *bytes, size_t length);
bool uploads_end_part(struct exchange *exchange);
void uploads_close(struct exchange *exchange);
void uploads_show(struct exchange *exchange);

/* Sets the answer: how far it has come, or why it is refused. */
void uploads_answer(struct exchange *exchange, unsigned int status, const struct upload *upload);
void uploads_refuse(struct exchange *exchange, enum upload_result result, const struct failure *failure);
json_t *uploads_describe(const struct upload *upload);

/* Files that go out: opens what the desk has shown, and queues it. */
void uploads_take_attachment(struct exchange *exchange, struct desk_reply *reply);
/* The same of an incident's record, which has been made; takes the file over. */
void uploads_take_record(struct exchange *exchange, int file, int64_t bytes);
enum MHD_Result uploads_send_attachment(struct exchange *exchange);

/* The threads of the workers; the argument is the server. */
void *writer_run(void *context);
void *registrar_run(void *context);
void *drawer_run(void *context);
void *archivist_run(void *context);
void *auditor_run(void *context);

/* Reads a POST /accounts body into an account; the answer is set when it returns false. */
bool registrar_read_account(struct exchange *exchange, struct account *account, struct text *password);

/* Changes an account, closes it or opens it again; true when that can be logged, else the answer is set. */
bool registrar_change_account(struct exchange *exchange);

/* Makes or ends a machine's token; true when that can be logged, else the answer is set. */
bool registrar_add_token(struct exchange *exchange);
bool registrar_end_token(struct exchange *exchange);

/* Requires a second factor, or no longer; true when that can be logged, else the answer is set. */
bool registrar_require_factor(struct exchange *exchange);

/* Changes a person's own password or second factor, and answers. */
void registrar_change_own(struct exchange *exchange);

/* Answers why a password or a code was not taken. */
void registrar_refuse_sign_in(struct exchange *exchange, enum account_sign_in result, uint32_t wait_seconds);

/* Answers what an account book has refused. */
void registrar_refuse(struct exchange *exchange, enum account_result result, const struct failure *failure);

/* Names, each with a line's end, from a list; false when it is none, or too long. NULL is an empty list. */
bool registrar_join_parties(const json_t *parties, struct account *account);

#endif
