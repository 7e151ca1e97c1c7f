/* Proves: whom a request comes from is believed from this machine itself and from proxies that were named, by address or by
 * network, and from nobody else; and a list that is none is refused. */
#include "web/proxies.h"

#include "base/buffer.h"
#include "check.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static bool trusts(const char *list, const char *peer) {
    struct proxies proxies;
    struct failure failure = {0};
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    assert_true(proxies_read(&proxies, text_of(list), &failure));
    if (inet_pton(AF_INET, peer, &four.sin_addr) == 1) {
        return proxies_trust(&proxies, (const struct sockaddr *)(const void *)&four);
    }
    assert_int_equal(inet_pton(AF_INET6, peer, &six.sin6_addr), 1);
    return proxies_trust(&proxies, (const struct sockaddr *)(const void *)&six);
}

static void test_own(void **state) {
    (void)state;
    assert_true(trusts("", "127.0.0.1"));
    assert_true(trusts("", "127.9.9.9"));
    assert_true(trusts("", "::1"));
    assert_true(trusts("", "::ffff:127.0.0.1"));
    assert_false(trusts("", "10.0.0.1")); /* a private address is anybody's on that net */
    assert_false(trusts("", "192.168.1.1"));
    assert_false(trusts("", "203.0.113.5"));
    assert_false(trusts("", "::2"));
    assert_false(trusts("", "fe80::1"));
    assert_false(trusts("", "::"));
    assert_false(trusts("", "0.0.0.0"));
}

static void test_named(void **state) {
    (void)state;
    assert_true(trusts("10.0.0.7", "10.0.0.7"));
    assert_true(trusts("10.0.0.7", "::ffff:10.0.0.7"));
    assert_true(trusts("10.0.0.7", "127.0.0.1"));
    assert_false(trusts("10.0.0.7", "10.0.0.8"));
    assert_true(trusts(" 192.0.2.1 , 10.0.0.7 ", "10.0.0.7"));
    assert_true(trusts("172.18.0.0/16", "172.18.255.3"));
    assert_false(trusts("172.18.0.0/16", "172.19.0.3"));
    assert_true(trusts("172.18.0.0/15", "172.19.0.3"));
    assert_true(trusts("10.0.0.4/31", "10.0.0.5"));
    assert_false(trusts("10.0.0.4/31", "10.0.0.6"));
    assert_true(trusts("2001:db8::7", "2001:db8::7"));
    assert_false(trusts("2001:db8::7", "2001:db8::8"));
    assert_true(trusts("2001:db8::/32", "2001:db8:9::8"));
    assert_false(trusts("2001:db8::/32", "2001:db9::8"));
}

static void test_no_address(void **state) {
    struct proxies proxies;
    struct failure failure = {0};
    struct sockaddr local = {.sa_family = AF_UNIX};
    (void)state;
    assert_true(proxies_read(&proxies, TEXT(""), &failure));
    assert_false(proxies_trust(&proxies, NULL));
    assert_false(proxies_trust(&proxies, &local));
}

static void test_refused(void **state) {
    static const char *const lists[] = {
        "proxy.example",      "10.0.0.7:80", "10.0.0.7/33", "10.0.0.7/", "10.0.0.7/x", "::1/129",       "10.0.0.7,",
        "10.0.0.7,,10.0.0.8", "10.0.0.7/-1", "10.0.0.0/0",  "::/0",      "[::1]",      "10.0.0.7/24 x", "10.0.0/24"};
    (void)state;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        struct proxies proxies;
        struct failure failure = {0};
        assert_false(proxies_read(&proxies, text_of(lists[i]), &failure));
        assert_string_equal(failure.field, "--trusted-proxy");
    }
    struct buffer many = {0};
    for (size_t i = 0; i < PROXIES_MOST; i++) {
        buffer_append_string(&many, i == 0 ? "10.0.0.7" : ",10.0.0.7");
    }
    struct proxies proxies;
    struct failure failure = {0};
    assert_false(proxies_read(&proxies, buffer_text(&many), &failure));
    buffer_release(&many);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_own), cmocka_unit_test(test_named),
                                       cmocka_unit_test(test_no_address), cmocka_unit_test(test_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
