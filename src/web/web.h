/* web — the duty desk over HTTP: JSON under /api/v1, live events, the pages.
 *
 * What it is for: `pinyue serve`. Requests come in on the threads of libmicrohttpd; each becomes a message to one of
 * the workers: the writer, who alone has the desk (log, engine), the registrar, who writes to accounts.db, the doorkeeper, who signs people in, the
 * drawer, who draws plans, the typesetters, who set documents, the archivist, who keeps files, the auditor, who tells
 * incidents as they were, and the exporters, who write their records. The connection sleeps meanwhile. The writer takes all that waits as one batch, makes it durable by one commit, and only then answers and
 * publishes it to the live pages.
 * Owns: the listening socket, its threads, the desk, the account book. Must never: answer a write that is not durable,
 * decide a right itself (src/desk/access.h does), write a secret to the log or the terminal (but for the first
 * password, once), or know a name of any plan.
 *
 * src/web/openapi.json describes the API and is served as it is; docs/desk.md is for people.
 */
#ifndef PINYUE_WEB_WEB_H
#define PINYUE_WEB_WEB_H

#include "base/failure.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct web_server;

/* A pack to be put in force at the start, where no plan of its name is in force. */
struct web_pack {
    struct text file; /* for messages */
    struct text text;
};

struct web_options {
    const char *directory;              /* of the data; made when there is none */
    const char *address;                /* numeric, IPv4 or IPv6 */
    uint16_t port;                      /* 0: any free one */
    const char *certificate, *key;      /* PEM texts for TLS, or NULL */
    bool behind_proxy;                  /* a proxy does TLS (cookies are for TLS) and says for whom */
    const char *trusted_proxies;        /* that is believed from these besides this machine: proxies.h; NULL: none */
    const char *body_font, *title_font; /* families for documents; NULL: whatever suits */
    bool accept_substitute_fonts;       /* start also where nothing that suits is installed */
    const struct web_pack *packs;
    size_t pack_count;
    const struct web_pack *drills; /* that can be played as exercises; borrowed until the server has stopped */
    size_t drill_count;
    bool replace_packs; /* also put packs in force that differ from the version in force */
};

#define WEB_PASSWORD_ROOM 20

/* What the caller may want to tell whoever started it. */
struct web_start {
    uint16_t port;
    char first_password[WEB_PASSWORD_ROOM]; /* of the account "admin" that has just been made, else "" */
    bool is_time_in_doubt;     /* nothing comes due, and no pack was put in force, until somebody accepts the time */
    const char *lacking_font;  /* a kind of font that documents should be printed in and is not installed; NULL: none */
    const char *stand_in_font; /* the family that is printed in its place */
    size_t differing;          /* packs that are in force in another text and were left so */
};

/* Opens the data, puts the packs in force, listens, and returns. NULL with a failure when anything of that cannot be
 * done; then nothing goes on. */
struct web_server *web_server_start(const struct web_options *options, struct web_start *start,
                                    struct failure *failure);

/* Stops gracefully: takes no new connections, answers what has come in, ends the live streams, closes the log. */
void web_server_stop(struct web_server *server);

#endif
