/* Proves: pieces are zeroed, aligned and apart; the limit holds to the byte; running out of memory at any allocation
 * leaves the arena usable and frees everything. */
#include "base/arena.h"

#include "check.h"
#include "failing_memory.h"

#include <string.h>

#define ROOMY ((size_t)64 << 20U)

static void test_pieces_are_zeroed_aligned_and_apart(void **state) {
    (void)state;
    static const size_t sizes[] = {0, 1, 15, 16, 17, 100, 2047, 2048, 2049, 4096, 5000, 65536, 300000, 3, 2000, 1};
    struct arena *arena = arena_create(ROOMY);
    unsigned char *pieces[COUNT_OF(sizes) * 20];
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        size_t size = sizes[i % COUNT_OF(sizes)];
        pieces[i] = arena_allocate(arena, size);
        assert_non_null(pieces[i]);
        check((uintptr_t)pieces[i] % 16 == 0, "piece %zu of %zu bytes", i, size);
        for (size_t k = 0; k < size; k++) {
            check(pieces[i][k] == 0, "byte %zu of piece %zu", k, i);
        }
        memset(pieces[i], (int)(i % 255 + 1), size);
    }
    for (size_t i = 0; i < COUNT_OF(pieces); i++) { /* nobody has written into another one's bytes */
        size_t size = sizes[i % COUNT_OF(sizes)];
        for (size_t k = 0; k < size; k++) {
            check(pieces[i][k] == i % 255 + 1, "byte %zu of piece %zu", k, i);
        }
    }
    assert_false(arena_is_exhausted(arena));
    arena_destroy(arena);
}

static void test_size_zero_gives_unique_pointers(void **state) {
    (void)state;
    struct arena *arena = arena_create(ROOMY);
    void *first = arena_allocate(arena, 0);
    void *second = arena_allocate(arena, 0);
    void *third = arena_allocate_array(arena, 0, 8);
    void *fourth = arena_allocate_array(arena, 8, 0);
    assert_non_null(first);
    assert_non_null(fourth);
    assert_ptr_not_equal(first, second);
    assert_ptr_not_equal(second, third);
    assert_ptr_not_equal(third, fourth);
    assert_int_equal(arena_used_bytes(arena), 64);
    arena_destroy(arena);
}

struct limit_case {
    size_t limit;
    size_t first;
    size_t second;
    bool first_fits;
    bool second_fits;
    size_t used;
};

static void test_limit(void **state) {
    (void)state;
    static const struct limit_case cases[] = {
        {0, 0, 0, false, false, 0},
        {15, 1, 0, false, false, 0}, /* counts as 16 */
        {16, 1, 1, true, false, 16},
        {16, 16, 0, true, false, 16},
        {16, 17, 16, false, true, 16}, /* a refusal takes nothing */
        {32, 16, 16, true, true, 32},
        {32, 17, 1, true, false, 32},
        {100000, 99984, 16, true, true, 100000},
        {100000, 100000, 1, true, false, 100000},
        {100000, 100001, 100000, false, true, 100000},
        {100000, SIZE_MAX, SIZE_MAX - 1, false, false, 0},
        {SIZE_MAX, SIZE_MAX, SIZE_MAX - 15, false, false, 0},
        {SIZE_MAX, SIZE_MAX / 2, 1, false, true, 16},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena *arena = arena_create(cases[i].limit);
        bool first = arena_allocate(arena, cases[i].first) != NULL;
        check(arena_is_exhausted(arena) == !first, "row %zu", i);
        bool second = arena_allocate(arena, cases[i].second) != NULL;
        check(first == cases[i].first_fits && second == cases[i].second_fits, "row %zu", i);
        check(arena_used_bytes(arena) == cases[i].used, "row %zu: %zu", i, arena_used_bytes(arena));
        check(arena_is_exhausted(arena) == (!first || !second), "row %zu", i);
        arena_destroy(arena);
    }
}

static void test_array_refuses_a_product_that_overflows(void **state) {
    (void)state;
    struct arena *arena = arena_create(ROOMY);
    uint32_t *numbers = arena_allocate_array(arena, 3, sizeof *numbers);
    assert_non_null(numbers);
    assert_false(arena_is_exhausted(arena));
    assert_null(arena_allocate_array(arena, SIZE_MAX / 2, 3));
    assert_true(arena_is_exhausted(arena));
    assert_null(arena_allocate_array(arena, 3, SIZE_MAX / 2));
    assert_null(arena_allocate_array(arena, SIZE_MAX, SIZE_MAX));
    assert_int_equal(arena_used_bytes(arena), 16);
    arena_destroy(arena);
}

static void test_copy_text(void **state) {
    (void)state;
    struct arena *arena = arena_create(ROOMY);
    assert_string_equal(arena_copy_text(arena, "品约 and more", strlen("品约")), "品约");
    assert_string_equal(arena_copy_text(arena, NULL, 0), "");
    char *copy = arena_copy_text(arena, "a\0b", 3);
    assert_memory_equal(copy, "a\0b\0", 4);
    assert_null(arena_copy_text(arena, "x", SIZE_MAX));
    assert_true(arena_is_exhausted(arena));
    arena_destroy(arena);
}

static void test_keep_text(void **state) {
    (void)state;
    char bytes[] = "品约 and more";
    struct arena *arena = arena_create(32);
    struct text kept = arena_keep_text(arena, (struct text){bytes, strlen("品约")});
    memset(bytes, 'x', sizeof bytes);
    assert_true(text_equals_string(kept, "品约"));
    assert_int_equal(kept.bytes[kept.length], '\0');
    size_t used = arena_used_bytes(arena);
    struct text none = arena_keep_text(arena, (struct text){NULL, 0});
    assert_true(none.length == 0 && none.bytes != NULL);
    assert_int_equal(arena_used_bytes(arena), used);
    assert_false(arena_is_exhausted(arena));
    struct text refused = arena_keep_text(arena, TEXT("more than there is room for in it"));
    assert_true(refused.length == 0 && refused.bytes != NULL);
    assert_true(arena_is_exhausted(arena));
    arena_destroy(arena);
}

static void test_out_of_memory_at_every_allocation(void **state) {
    (void)state;
    bool succeeded = false;
    size_t allowed = 0;
    for (; !succeeded && allowed < 100; allowed++) {
        failing_memory_allow(allowed);
        struct arena *arena = arena_create(ROOMY);
        succeeded = arena != NULL;
        for (size_t i = 0; i < 20 && arena != NULL; i++) {
            size_t before = arena_used_bytes(arena);
            bool done = arena_allocate(arena, 1000) != NULL && arena_allocate(arena, 100000) != NULL;
            check(done || arena_is_exhausted(arena), "allowed %zu, step %zu", allowed, i);
            check(!done || arena_used_bytes(arena) == before + 1008 + 100000, "allowed %zu, step %zu", allowed, i);
            succeeded = succeeded && done;
        }
        arena_destroy(arena);
        failing_memory_stop();
    }
    assert_true(succeeded);
    assert_true(allowed > 20); /* the loop has met more than the first allocation */
}

static void test_destroy_null(void **state) {
    (void)state;
    arena_destroy(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces_are_zeroed_aligned_and_apart),
        cmocka_unit_test(test_size_zero_gives_unique_pointers),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_array_refuses_a_product_that_overflows),
        cmocka_unit_test(test_copy_text),
        cmocka_unit_test(test_keep_text),
        cmocka_unit_test(test_out_of_memory_at_every_allocation),
        cmocka_unit_test(test_destroy_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
