/* proxies — whose word is taken for whom a request comes from.
 *
 * What it is for: behind a proxy the header X-Forwarded-For says for whom it speaks, and wrong passwords are slowed down by
 * that. Whoever reaches the port without the proxy could write the header himself and choose an address anew for each guess:
 * so it is believed from this machine's own addresses, and from those that whoever starts the server has named.
 * Owns nothing: a plain value.
 */
#ifndef PINYUE_WEB_PROXIES_H
#define PINYUE_WEB_PROXIES_H

#include "base/failure.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#define PROXIES_MOST 32U /* more than a place has; what is beyond is refused */

/* A network; of a single address all bits count. IPv4 stands in it as IPv6 has it (::ffff:a.b.c.d). */
struct proxy {
    unsigned char address[16];
    unsigned int bits;
};

struct proxies {
    struct proxy list[PROXIES_MOST];
    size_t count;
};

/* Reads "ADDRESS[/BITS],…" (numeric, IPv4 or IPv6); this machine's own addresses are in it unasked, and alone where the list is
 * empty. False with a failure of the field --trusted-proxy. */
bool proxies_read(struct proxies *proxies, struct text list, struct failure *failure);

/* Whether what the other end of a connection says of others is believed. NULL, and what is no internet address: no. */
bool proxies_trust(const struct proxies *proxies, const struct sockaddr *peer);

#endif
