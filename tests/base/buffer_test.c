/* Proves: what is appended stands there, ended by NUL; a buffer that ran out of memory says so once and for all; files
 * are read whole or not at all, with a message that names them. */
#include "base/buffer.h"

#include "check.h"
#include "failing_memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static void test_append(void **state) {
    (void)state;
    struct buffer buffer = {0};
    assert_true(text_equals_string(buffer_text(&buffer), ""));
    assert_non_null(buffer_text(&buffer).bytes);
    buffer_append(&buffer, "ab", 2);
    buffer_append(&buffer, NULL, 0);
    buffer_append_string(&buffer, "品");
    buffer_append_string(&buffer, NULL);
    buffer_append_text(&buffer, TEXT("约"));
    buffer_print(&buffer, " %d%s", 7, "!");
    buffer_print(&buffer, "%s", "");
    assert_string_equal(buffer.bytes, "ab品约 7!");
    assert_int_equal(buffer.length, strlen("ab品约 7!"));
    assert_false(buffer.failed);
    buffer_release(&buffer);
    assert_null(buffer.bytes);
    assert_int_equal(buffer.length, 0);
    buffer_release(&buffer);
}

static void test_bytes_may_be_anything(void **state) {
    (void)state;
    struct buffer buffer = {0};
    buffer_append(&buffer, "a\0b", 3);
    buffer_append(&buffer, "\xFF", 1);
    assert_true(text_equal(buffer_text(&buffer), TEXT("a\0b\xFF")));
    buffer_release(&buffer);
}

static void test_growing_keeps_the_bytes(void **state) {
    (void)state;
    struct buffer buffer = {0};
    for (size_t i = 0; i < 100000; i++) {
        buffer_append(&buffer, &(char){(char)('a' + i % 26)}, 1);
        assert_int_equal(buffer.bytes[buffer.length], '\0');
    }
    assert_int_equal(buffer.length, 100000);
    for (size_t i = 0; i < 100000; i++) {
        assert_int_equal(buffer.bytes[i], 'a' + i % 26);
    }
    buffer_release(&buffer);
}

static void test_print_longer_than_the_room(void **state) {
    (void)state;
    struct buffer buffer = {0};
    buffer_append_string(&buffer, "x");
    buffer_print(&buffer, "%*d", 5000, 1);
    assert_int_equal(buffer.length, 5001);
    assert_int_equal(buffer.bytes[5000], '1');
    buffer_release(&buffer);
}

static void test_clear_keeps_the_memory(void **state) {
    (void)state;
    struct buffer buffer = {0};
    buffer_clear(&buffer);
    buffer_append_string(&buffer, "abc");
    const char *bytes = buffer.bytes;
    buffer_clear(&buffer);
    assert_ptr_equal(buffer.bytes, bytes);
    assert_string_equal(buffer.bytes, "");
    buffer_append_string(&buffer, "d");
    assert_string_equal(buffer.bytes, "d");
    buffer_release(&buffer);
}

static void test_failure_is_remembered(void **state) {
    (void)state;
    struct buffer buffer = {0};
    failing_memory_allow(0);
    buffer_append_string(&buffer, "abc");
    failing_memory_stop();
    assert_true(buffer.failed);
    buffer_append_string(&buffer, "def"); /* memory is back, the gap would not be */
    buffer_print(&buffer, "%d", 1);
    assert_int_equal(buffer.length, 0);
    buffer_clear(&buffer);
    buffer_append_string(&buffer, "ghi");
    assert_string_equal(buffer.bytes, "ghi");

    failing_memory_allow(0);
    buffer_print(&buffer, "%*d", 5000, 1);
    failing_memory_stop();
    assert_true(buffer.failed);
    assert_string_equal(buffer.bytes, "ghi"); /* what was there is still whole */
    buffer_release(&buffer);
}

static void test_impossible_length_is_refused(void **state) {
    (void)state;
    static const size_t lengths[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX / 2, SIZE_MAX / 2 - 3};
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        struct buffer buffer = {0};
        buffer_append_string(&buffer, "abc");
        buffer_append(&buffer, "x", lengths[i]);
        check(buffer.failed && buffer.length == 3, "row %zu", i);
        buffer_release(&buffer);
    }
}

/* ---- files ---- */

static char folder[] = "/tmp/pinyue-buffer-test-XXXXXX";
static char path[128];

static int make_folder(void **state) {
    (void)state;
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state) {
    (void)state;
    return rmdir(folder);
}

static void write_file(const char *name, const char *bytes, size_t length) {
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, length, stream), length);
    assert_int_equal(fclose(stream), 0);
}

static void test_read_file(void **state) {
    (void)state;
    static const size_t lengths[] = {0, 1, 65535, 65536, 65537, 200000};
    char *bytes = malloc(200000);
    assert_non_null(bytes);
    for (size_t i = 0; i < 200000; i++) {
        bytes[i] = (char)(i * 31 % 256);
    }
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        write_file("some", bytes, lengths[i]);
        struct buffer buffer = {0};
        struct failure failure = {0};
        buffer_append_string(&buffer, "head ");
        check(buffer_read_file(&buffer, path, lengths[i], &failure), "length %zu: %s", lengths[i], failure.message);
        check(buffer.length == 5 + lengths[i], "length %zu", lengths[i]);
        assert_memory_equal(buffer.bytes, "head ", 5);
        check(lengths[i] == 0 || memcmp(buffer.bytes + 5, bytes, lengths[i]) == 0, "length %zu", lengths[i]);
        buffer_release(&buffer);
        if (lengths[i] > 0) {
            buffer_append_string(&buffer, "head ");
            check(!buffer_read_file(&buffer, path, lengths[i] - 1, &failure), "length %zu", lengths[i]);
            assert_string_equal(buffer.bytes, "head "); /* nothing of a file that is too large */
            assert_non_null(strstr(failure.message, "larger"));
            assert_string_equal(failure.file, path);
            buffer_release(&buffer);
        }
        assert_int_equal(unlink(path), 0);
    }
    free(bytes);
}

static void expect_refusal(const char *name, const char *reason) {
    struct buffer buffer = {0};
    struct failure failure = {0};
    assert_false(buffer_read_file(&buffer, name, 1000, &failure));
    assert_true(failure.set);
    assert_string_equal(failure.file, name);
    check(strstr(failure.message, reason) != NULL, "%s: %s", name, failure.message);
    assert_int_equal(buffer.length, 0);
    buffer_release(&buffer);
}

static void test_refused_paths(void **state) {
    (void)state;
    expect_refusal("/nonexistent/some.plan.md", "No such file");
    expect_refusal("", "No such file");
    expect_refusal(folder, "is a folder");
    expect_refusal("/dev/zero", "larger than the 1000 bytes"); /* endless, but bounded */
}

static void test_device_without_bytes_is_empty(void **state) {
    (void)state;
    struct buffer buffer = {0};
    struct failure failure = {0};
    assert_true(buffer_read_file(&buffer, "/dev/null", 0, &failure));
    assert_int_equal(buffer.length, 0);
    buffer_release(&buffer);
}

static void test_read_without_memory(void **state) {
    (void)state;
    write_file("some", "abc", 3);
    struct buffer buffer = {0};
    struct failure failure = {0};
    failing_memory_allow(0);
    assert_false(buffer_read_file(&buffer, path, 1000, &failure));
    failing_memory_stop();
    assert_true(buffer.failed);
    assert_non_null(strstr(failure.message, "memory"));
    buffer_release(&buffer);
    assert_int_equal(unlink(path), 0);
}

static void test_read_standard_input(void **state) {
    (void)state;
    write_file("input", "from 标准输入", strlen("from 标准输入"));
    assert_non_null(freopen(path, "rb", stdin));
    struct buffer buffer = {0};
    struct failure failure = {0};
    assert_true(buffer_read_file(&buffer, "-", 100, &failure));
    assert_string_equal(buffer.bytes, "from 标准输入");
    buffer_clear(&buffer);
    assert_non_null(freopen(path, "rb", stdin));
    assert_false(buffer_read_file(&buffer, "-", 3, &failure));
    assert_string_equal(failure.file, "standard input");
    buffer_release(&buffer);
    assert_int_equal(unlink(path), 0);
}

static void test_read_from_a_pipe(void **state) {
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "piped", 5), 5);
    assert_int_equal(close(ends[1]), 0);
    char name[64];
    (void)snprintf(name, sizeof name, "/proc/self/fd/%d", ends[0]);
    struct buffer buffer = {0};
    struct failure failure = {0};
    check(buffer_read_file(&buffer, name, 5, &failure), "%s", failure.message);
    assert_string_equal(buffer.bytes, "piped");
    buffer_release(&buffer);
    assert_int_equal(close(ends[0]), 0);
}

static void test_socket_is_refused(void **state) {
    (void)state;
    (void)snprintf(path, sizeof path, "%s/socket", folder);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, path, strlen(path) + 1);
    int socket_end = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_true(socket_end >= 0);
    assert_int_equal(bind(socket_end, (const struct sockaddr *)&address, sizeof address), 0);
    expect_refusal(path, "cannot be read");
    assert_int_equal(close(socket_end), 0);
    assert_int_equal(unlink(path), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_append),
        cmocka_unit_test(test_bytes_may_be_anything),
        cmocka_unit_test(test_growing_keeps_the_bytes),
        cmocka_unit_test(test_print_longer_than_the_room),
        cmocka_unit_test(test_clear_keeps_the_memory),
        cmocka_unit_test(test_failure_is_remembered),
        cmocka_unit_test(test_impossible_length_is_refused),
        cmocka_unit_test(test_read_file),
        cmocka_unit_test(test_refused_paths),
        cmocka_unit_test(test_device_without_bytes_is_empty),
        cmocka_unit_test(test_read_without_memory),
        cmocka_unit_test(test_read_standard_input),
        cmocka_unit_test(test_read_from_a_pipe),
        cmocka_unit_test(test_socket_is_refused),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
