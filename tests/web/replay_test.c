/* Proves: what was answered is found again by who said it, his key and his words, and by nothing else; for ten minutes, of the
 * last ones alone. */
#include "web/replay.h"

#include "check.h"

#include <stdio.h>

#define NOW INT64_C(1660975200000000)

static enum replay_found look(struct replays *replays, const char *who, const char *key, const char *said, int64_t now,
                              const char *expected) {
    struct text answer = {0};
    enum replay_found found = replays_find(replays, text_of(who), text_of(key), text_of(said), now, &answer);
    check(found != REPLAY_SAME || text_equals_string(answer, expected), "%.*s", TEXT_PRINT(answer));
    return found;
}

static void test_found(void **state) {
    struct replays *replays = replays_create();
    (void)state;
    assert_non_null(replays);
    assert_int_equal(look(replays, "li", "key-0001", "a", NOW, ""), REPLAY_NONE);
    replays_keep(replays, TEXT("li"), TEXT("key-0001"), TEXT("a"), NOW, TEXT("codes"));
    assert_int_equal(look(replays, "li", "key-0001", "a", NOW + 1, "codes"), REPLAY_SAME);
    assert_int_equal(look(replays, "li", "key-0001", "b", NOW + 1, ""), REPLAY_OTHER);
    assert_int_equal(look(replays, "li", "key-0002", "a", NOW + 1, ""), REPLAY_NONE);
    assert_int_equal(look(replays, "wang", "key-0001", "a", NOW + 1, ""), REPLAY_NONE);
    /* One and the other are not run together. */
    replays_keep(replays, TEXT("lik"), TEXT("ey-0001"), TEXT("a"), NOW, TEXT("others"));
    assert_int_equal(look(replays, "li", "key-0001", "a", NOW + 1, "codes"), REPLAY_SAME);
    replays_keep(replays, TEXT("li"), TEXT("key-0001"), TEXT("b"), NOW, TEXT("more"));
    assert_int_equal(look(replays, "li", "key-0001", "b", NOW + REPLAY_US, "more"), REPLAY_SAME);
    assert_int_equal(look(replays, "li", "key-0001", "b", NOW + REPLAY_US + 1, ""), REPLAY_NONE);
    assert_int_equal(look(replays, "li", "key-0001", "b", NOW, ""), REPLAY_NONE); /* it was let go */
    replays_destroy(replays);
}

static void test_room(void **state) {
    struct replays *replays = replays_create();
    char key[32];
    (void)state;
    for (unsigned int i = 0; i <= REPLAY_ROOM; i++) {
        (void)snprintf(key, sizeof key, "key-%04u", i);
        replays_keep(replays, TEXT("li"), text_of(key), TEXT("a"), NOW, text_of(key));
    }
    assert_int_equal(look(replays, "li", "key-0000", "a", NOW, ""), REPLAY_NONE);
    assert_int_equal(look(replays, "li", "key-0001", "a", NOW, "key-0001"), REPLAY_SAME);
    assert_int_equal(look(replays, "li", key, "a", NOW, key), REPLAY_SAME);
    replays_destroy(replays);
    replays_destroy(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_found),
        cmocka_unit_test(test_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
