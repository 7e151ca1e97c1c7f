/* Proves: pieces of JSON that say "nothing" say it as null, and what is read of an object that lacks it is empty. */
#include "desk/view.h"

#include "check.h"

static void test_some_number(void **state) {
    (void)state;
    json_t *none = view_some_number(0);
    json_t *some = view_some_number(INT64_C(9007199254740991));
    assert_true(json_is_null(none));
    assert_true(json_integer_value(some) == INT64_C(9007199254740991));
    json_decref(some);
    json_decref(none);
}

static void test_read_text(void **state) {
    (void)state;
    json_t *object = json_pack("{s:s, s:s, s:i, s:n}", "name", "王", "empty", "", "number", 7, "none");
    assert_non_null(object);
    assert_true(text_equals_string(view_read_text(object, "name"), "王"));
    assert_int_equal(view_read_text(object, "empty").length, 0);
    assert_int_equal(view_read_text(object, "number").length, 0);
    assert_int_equal(view_read_text(object, "none").length, 0);
    assert_int_equal(view_read_text(object, "other").length, 0);
    assert_int_equal(view_read_text(NULL, "name").length, 0);
    json_decref(object);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_some_number), cmocka_unit_test(test_read_text)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
