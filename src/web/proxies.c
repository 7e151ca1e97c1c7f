#include "web/proxies.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#define BITS_ALL 128U
#define BITS_BEFORE_FOUR 96U /* of an IPv4 address written as IPv6 */

static const unsigned char before_four[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static void take_four(const void *four, unsigned char address[16]) {
    memcpy(address, before_four, sizeof before_four);
    memcpy(address + sizeof before_four, four, 4);
}

/* How many bits count, which stand behind the stroke; 0: that is none. A network of all addresses would be no proxy's. */
static unsigned int read_bits(struct text digits, unsigned int most) {
    unsigned int bits = 0;
    for (size_t i = 0; i < digits.length; i++) {
        if (digits.bytes[i] < '0' || digits.bytes[i] > '9' || bits > most) {
            return 0;
        }
        bits = bits * 10 + (unsigned int)(digits.bytes[i] - '0');
    }
    return bits > most ? 0 : bits;
}

static bool read_one(struct text one, struct proxy *proxy) {
    char written[INET6_ADDRSTRLEN];
    const char *stroke = one.length == 0 ? NULL : memchr(one.bytes, '/', one.length);
    size_t length = stroke == NULL ? one.length : (size_t)(stroke - one.bytes);
    unsigned char four[4];
    if (length >= sizeof written) {
        return false;
    }
    (void)snprintf(written, sizeof written, "%.*s", (int)length, one.bytes);
    bool is_four = inet_pton(AF_INET, written, four) == 1;
    if (is_four) {
        take_four(four, proxy->address);
    } else if (inet_pton(AF_INET6, written, proxy->address) != 1) {
        return false;
    }
    unsigned int before = is_four ? BITS_BEFORE_FOUR : 0;
    unsigned int bits = stroke == NULL
                            ? BITS_ALL - before
                            : read_bits((struct text){stroke + 1, one.length - length - 1}, BITS_ALL - before);
    proxy->bits = before + bits;
    return bits > 0;
}

bool proxies_read(struct proxies *proxies, struct text list, struct failure *failure) {
    *proxies = (struct proxies){.list = {{.address = {[10] = 0xff, [11] = 0xff, [12] = 127}, .bits = 104},
                                         {.address = {[15] = 1}, .bits = BITS_ALL}},
                                .count = 2};
    bool is_more = list.length > 0;
    while (is_more) {
        const char *comma = memchr(list.bytes, ',', list.length);
        size_t length = comma == NULL ? list.length : (size_t)(comma - list.bytes);
        struct text one = text_trim((struct text){list.bytes, length});
        if (proxies->count == PROXIES_MOST || !read_one(one, &proxies->list[proxies->count])) {
            return failure_say_field(
                failure, "--trusted-proxy",
                "\"%.*s\" is no numeric address or network, like 10.0.0.7 or 172.18.0.0/16, or one "
                "too many",
                "“%.*s”不是数字地址或网段（如 10.0.0.7 或 172.18.0.0/16），或者列得太多", TEXT_PRINT(one));
        }
        proxies->count++;
        is_more = comma != NULL;
        list = is_more ? (struct text){comma + 1, list.length - length - 1} : list;
    }
    return true;
}

static bool is_inside(const struct proxy *proxy, const unsigned char address[16]) {
    unsigned int whole = proxy->bits / 8;
    unsigned int rest = proxy->bits % 8;
    return memcmp(proxy->address, address, whole) == 0 &&
           (rest == 0 || (proxy->address[whole] ^ address[whole]) >> (8 - rest) == 0);
}

bool proxies_trust(const struct proxies *proxies, const struct sockaddr *peer) {
    unsigned char address[16];
    if (peer != NULL && peer->sa_family == AF_INET) {
        take_four(&((const struct sockaddr_in *)(const void *)peer)->sin_addr, address);
    } else if (peer != NULL && peer->sa_family == AF_INET6) {
        memcpy(address, &((const struct sockaddr_in6 *)(const void *)peer)->sin6_addr, sizeof address);
    } else {
        return false;
    }
    for (size_t i = 0; i < proxies->count; i++) {
        if (is_inside(&proxies->list[i], address)) {
            return true;
        }
    }
    return false;
}
