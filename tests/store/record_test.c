/* Bodies: what is written is read back, every other arrangement of bytes is refused, and none is read past its end. */
#include "scratch.h"

#include "store/record.h"

#include <stdlib.h>
#include <string.h>

#define MUTATIONS 200000

/* Two fields as they must look: form, number of fields; each length, kind, salt, name length, name, value. */
#define SALT "ssssssssssssssss"
#define GOOD                                                                                                           \
    "\x01\x02"                                                                                                         \
    "\0\0\0\x15"                                                                                                       \
    "\x01" SALT "\x02"                                                                                                 \
    "ab"                                                                                                               \
    "c"                                                                                                                \
    "\0\0\0\x13"                                                                                                       \
    "\x01" SALT "\x01"                                                                                                 \
    "n"
#define HASH "hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh"

#define BODY(literal)                                                                                                  \
    { (const uint8_t *)(literal), sizeof(literal) - 1 }

static const struct {
    const char *name;
    struct record_slice body;
} wrong_bodies[] = {
    {"empty", BODY("")},
    {"one byte", BODY("\x01")},
    {"unknown form", BODY("\x03\x01"
                          "\0\0\0\x13"
                          "\x01" SALT "\x01"
                          "n")},
    {"no field", BODY("\x01\x00")},
    {"65 fields", BODY("\x01\x41")},
    {"fewer fields than said", BODY("\x01\x02"
                                    "\0\0\0\x13"
                                    "\x01" SALT "\x01"
                                    "n")},
    {"half a length", BODY("\x01\x01"
                           "\0\0")},
    {"field longer than the body", BODY("\x01\x01"
                                        "\0\0\0\x14"
                                        "\x01" SALT "\x01"
                                        "n")},
    {"field longer than any", BODY("\x01\x01"
                                   "\xff\xff\xff\xff"
                                   "\x01" SALT "\x01"
                                   "n")},
    {"something behind", BODY(GOOD "x")},
    {"empty field", BODY("\x01\x01"
                         "\0\0\0\0")},
    {"unknown kind", BODY("\x01\x01"
                          "\0\0\0\x13"
                          "\x03" SALT "\x01"
                          "n")},
    {"no room for a salt", BODY("\x01\x01"
                                "\0\0\0\x11"
                                "\x01" SALT)},
    {"no name", BODY("\x01\x01"
                     "\0\0\0\x13"
                     "\x01" SALT "\x00"
                     "n")},
    {"name longer than the field", BODY("\x01\x01"
                                        "\0\0\0\x13"
                                        "\x01" SALT "\x02"
                                        "n")},
    {"name longer than allowed", BODY("\x01\x01"
                                      "\0\0\0\x53"
                                      "\x01" SALT "\x41" HASH HASH "n")},
    {"name no UTF-8", BODY("\x01\x01"
                           "\0\0\0\x13"
                           "\x01" SALT "\x01"
                           "\xff")},
    {"value no UTF-8", BODY("\x01\x01"
                            "\0\0\0\x15"
                            "\x01" SALT "\x01"
                            "n"
                            "\xe6\xad")},
    {"long value no UTF-8", BODY("\x01\x01"
                                 "\0\0\0\x1c"
                                 "\x01" SALT "\x01"
                                 "n"
                                 "12345678\x80")},
    {"masked without name", BODY("\x01\x01"
                                 "\0\0\0\x01"
                                 "\x02")},
    {"masked with a short hash", BODY("\x01\x01"
                                      "\0\0\0\x22"
                                      "\x02\x01"
                                      "n"
                                      "hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh")},
    {"masked with a long hash", BODY("\x01\x01"
                                     "\0\0\0\x24"
                                     "\x02\x01"
                                     "n" HASH "h")},
    {"masked name no UTF-8", BODY("\x01\x01"
                                  "\0\0\0\x23"
                                  "\x02\x01"
                                  "\xff" HASH)},
    {"withheld too short", BODY("\x02"
                                "hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh")},
    {"withheld too long", BODY("\x02" HASH "h")},
};

static void what_is_no_body_is_refused(void **state) {
    struct record_view view;
    (void)state;
    for (size_t i = 0; i < sizeof wrong_bodies / sizeof wrong_bodies[0]; i++) {
        if (record_decode(wrong_bodies[i].body, &view) == NULL) {
            fail_msg("taken for an event: %s", wrong_bodies[i].name);
        }
    }
}

static void what_is_a_body_is_decoded(void **state) {
    static const struct record_slice good = BODY(GOOD);
    static const struct record_slice masked = BODY("\x01\x01"
                                                   "\0\0\0\x23"
                                                   "\x02\x01"
                                                   "n" HASH);
    static const struct record_slice withheld = BODY("\x02" HASH);
    struct record_view view;
    (void)state;
    assert_null(record_decode(good, &view));
    assert_int_equal(view.count, 2);
    assert_true(text_equals_string(view.fields[0].name, "ab"));
    assert_true(text_equals_string(view.fields[0].value, "c"));
    assert_true(text_equals_string(view.fields[1].name, "n"));
    assert_int_equal(view.fields[1].value.length, 0);
    assert_null(record_decode(masked, &view));
    assert_true(view.fields[0].masked);
    assert_int_equal(view.masked_count, 1);
    assert_null(record_decode(withheld, &view));
    assert_true(view.withheld);
    assert_int_equal(view.count, 0);
}

static void what_is_encoded_is_these_bytes(void **state) {
    static const struct record_slice good = BODY(GOOD);
    const struct store_field fields[] = {{TEXT("ab"), TEXT("c"), false}, {TEXT("n"), {NULL, 0}, false}};
    struct buffer out = {0};
    (void)state;
    assert_true(record_encode(fields, 2, (const uint8_t *)SALT SALT, &out));
    assert_int_equal(out.length, good.length);
    assert_memory_equal(out.bytes, good.bytes, good.length);
    buffer_release(&out);
}

static uint64_t draw(uint64_t *random, uint64_t below) {
    *random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*random >> 33) % below;
}

/* In memory of just its size, so that the address sanitizer sees every step past the end. Whatever is still taken for an
 * event is what an encoder would write: it has a hash, and its slices lie within it. */
static void mutated_bodies_are_never_read_past_their_end(void **state) {
    static const struct record_slice seeds[] = {
        BODY(GOOD),
        BODY("\x01\x01"
             "\0\0\0\x23"
             "\x02\x01"
             "n" HASH),
        BODY("\x02" HASH),
    };
    uint64_t random = 7;
    size_t taken = 0;
    (void)state;
    for (int i = 0; i < MUTATIONS; i++) {
        struct record_slice seed = seeds[draw(&random, 3)];
        size_t length = draw(&random, 4) == 0 ? draw(&random, seed.length + 1) : seed.length;
        uint8_t *bytes = malloc(length + 1);
        struct record_view view;
        uint8_t hash[STORE_HASH_BYTES];
        assert_non_null(bytes);
        uint8_t *body = bytes + 1; /* ends where the allocation ends */
        memcpy(body, seed.bytes, length);
        for (uint64_t changes = draw(&random, 4); length > 0 && changes > 0; changes--) {
            body[draw(&random, length)] = (uint8_t)draw(&random, draw(&random, 2) == 0 ? 256 : 40);
        }
        if (record_decode((struct record_slice){body, length}, &view) == NULL) {
            record_hash_content(&view, hash);
            taken++;
        }
        free(bytes);
    }
    assert_in_range(taken, MUTATIONS / 100, MUTATIONS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_body_is_refused),
        cmocka_unit_test(what_is_a_body_is_decoded),
        cmocka_unit_test(what_is_encoded_is_these_bytes),
        cmocka_unit_test(mutated_bodies_are_never_read_past_their_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
