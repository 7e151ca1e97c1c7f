/* Proves: codes are those of RFC 6238 (appendix B, SHA-1) and RFC 4226 (appendix D). */
#include "desk/second_factor.h"

#include "room.h"

static const unsigned char secret[] = "12345678901234567890";

static void test_time(void **state) {
    static const struct {
        uint64_t seconds;
        uint32_t code;
    } vectors[] = {{59, 94287082},         {1111111109, 7081804},  {1111111111, 14050471},
                   {1234567890, 89005924}, {2000000000, 69279037}, {20000000000, 65353130}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        assert_int_equal(second_factor_compute(secret, 20, vectors[i].seconds / 30, 8), vectors[i].code);
    }
}

static void test_counter(void **state) {
    static const uint32_t codes[] = {755224, 287082, 359152, 969429, 338314, 254676, 287922, 162583, 399871, 520489};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        assert_int_equal(second_factor_compute(secret, 20, i, 6), codes[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_time), cmocka_unit_test(test_counter)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
