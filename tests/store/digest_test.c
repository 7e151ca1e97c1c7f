/* Our way of calling SHA-256 gives what OpenSSL's EVP gives, and a log's hashes are those of the formulas in
 * docs/log.md, computed here once more from the bytes by other code. */
#include "scratch.h"

#include "store/digest.h"

#include <openssl/evp.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH_MAX 9000
#define MANY 64

static void reference(const uint8_t *bytes, size_t length, uint8_t out[STORE_HASH_BYTES]) {
    assert_int_equal(EVP_Digest(bytes, length, out, NULL, EVP_sha256(), NULL), 1);
}

static void fill(uint8_t *bytes, size_t length) {
    for (size_t i = 0; i < length; i++) {
        bytes[i] = (uint8_t)(i * 131 + i / 251);
    }
}

static void every_length_is_hashed_as_by_evp(void **state) {
    static uint8_t bytes[LENGTH_MAX + DIGEST_PADDING];
    uint8_t wanted[STORE_HASH_BYTES];
    uint8_t got[STORE_HASH_BYTES];
    (void)state;
    for (size_t length = 0; length <= LENGTH_MAX; length += length < 600 || length > 4000 ? 1 : 37) {
        fill(bytes, sizeof bytes);
        reference(bytes, length, wanted);
        digest_make(bytes, length, got);
        assert_memory_equal(got, wanted, STORE_HASH_BYTES);
        digest_make_in_place(bytes, length, got);
        assert_memory_equal(got, wanted, STORE_HASH_BYTES);
    }
}

typedef void make_many(const struct digest_input *inputs, size_t count);

/* Counts that fill no lane, some, all of them and more than are put in order together; lengths of all sorts, on both
 * sides of where a block is full. The bytes of each input end where its allocation does, so that the address sanitizer
 * sees a read behind them. */
static void hash_many(make_many *make, size_t count, size_t step, size_t longest) {
    uint8_t(*outs)[STORE_HASH_BYTES] = calloc(count + 1, sizeof *outs);
    struct digest_input *inputs = calloc(count + 1, sizeof *inputs);
    uint8_t **allocated = calloc(count + 1, sizeof *allocated);
    uint8_t wanted[STORE_HASH_BYTES];
    assert_non_null(outs);
    assert_non_null(inputs);
    assert_non_null(allocated);
    for (size_t i = 0; i < count; i++) {
        size_t length = i * step % (longest + 1);
        allocated[i] = malloc(length + 1);
        assert_non_null(allocated[i]);
        fill(allocated[i], length + 1);
        allocated[i][length] = (uint8_t)i;
        inputs[i] = (struct digest_input){allocated[i] + 1, length, outs[i]};
    }
    make(inputs, count);
    for (size_t i = 0; i < count; i++) {
        reference(inputs[i].bytes, inputs[i].length, wanted);
        assert_memory_equal(outs[i], wanted, STORE_HASH_BYTES);
        free(allocated[i]);
    }
    free(allocated);
    free(inputs);
    free(outs);
}

static void hash_many_in_all_ways(make_many *make) {
    for (size_t count = 0; count <= MANY; count++) {
        hash_many(make, count, 7, 130);
        hash_many(make, count, 1, 64 + count);
        hash_many(make, count, 311, 2500);
    }
    hash_many(make, 1300, 1, 1299);
}

static void many_at_once_are_hashed_as_one_by_one(void **state) {
    (void)state;
    hash_many_in_all_ways(digest_make_many);
}

static void many_by_turns_are_hashed_as_one_by_one(void **state) {
    (void)state;
    hash_many_in_all_ways(digest_make_many_by_turns);
}

/* An auditor's reading of docs/log.md. */
static size_t read_number(const uint8_t *bytes) {
    return ((size_t)bytes[0] << 24) | ((size_t)bytes[1] << 16) | ((size_t)bytes[2] << 8) | bytes[3];
}

static void recompute_content(const uint8_t *body, size_t length, uint8_t out[STORE_HASH_BYTES]) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const uint8_t domain = 2;
    size_t offset = 2;
    assert_non_null(context);
    assert_int_equal(body[0], 1);
    assert_int_equal(EVP_DigestInit_ex(context, EVP_sha256(), NULL), 1);
    assert_int_equal(EVP_DigestUpdate(context, &domain, 1), 1);
    for (size_t field = 0; field < body[1]; field++) {
        uint8_t hash[STORE_HASH_BYTES];
        size_t size = read_number(body + offset);
        const uint8_t *start = body + offset + 4;
        assert_int_equal(start[0], 1);
        reference(start, size, hash);
        assert_int_equal(EVP_DigestUpdate(context, start + 17, (size_t)1 + start[17]), 1);
        assert_int_equal(EVP_DigestUpdate(context, hash, sizeof hash), 1);
        offset += 4 + size;
    }
    assert_int_equal(offset, length);
    assert_int_equal(EVP_DigestFinal_ex(context, out, NULL), 1);
    EVP_MD_CTX_free(context);
}

static void recompute_chain(int64_t sequence, const uint8_t content[STORE_HASH_BYTES],
                            uint8_t chain[STORE_HASH_BYTES]) {
    uint8_t input[73] = {3};
    memcpy(input + 1, chain, STORE_HASH_BYTES);
    for (int i = 0; i < 8; i++) {
        input[33 + i] = (uint8_t)((uint64_t)sequence >> (56 - 8 * i));
    }
    memcpy(input + 41, content, STORE_HASH_BYTES);
    reference(input, sizeof input, chain);
}

static void recompute_origin(sqlite3 *database, uint8_t chain[STORE_HASH_BYTES]) {
    sqlite3_stmt *statement = NULL;
    struct store_hash identity;
    uint8_t input[33] = {4};
    assert_int_equal(sqlite3_prepare_v2(database, "SELECT value FROM meta WHERE name='identity'", -1, &statement, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_true(store_parse_hash(text_of((const char *)sqlite3_column_text(statement, 0)), &identity));
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    memcpy(input + 1, identity.bytes, STORE_HASH_BYTES);
    reference(input, sizeof input, chain);
}

static void a_log_has_the_hashes_that_the_document_says(void **state) {
    char path[SCRATCH_PATH_ROOM];
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    uint8_t chain[STORE_HASH_BYTES];
    int64_t sequence = 0;
    scratch_make_log(*state, 40);
    assert_int_equal(sqlite3_open(scratch_join(*state, "log.db", path), &database), SQLITE_OK);
    recompute_origin(database, chain);
    assert_int_equal(
        sqlite3_prepare_v2(database, "SELECT sequence,body,chain FROM event ORDER BY sequence", -1, &statement, NULL),
        SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        uint8_t content[STORE_HASH_BYTES];
        sequence++;
        assert_int_equal(sqlite3_column_int64(statement, 0), sequence);
        recompute_content(sqlite3_column_blob(statement, 1), (size_t)sqlite3_column_bytes(statement, 1), content);
        recompute_chain(sequence, content, chain);
        assert_int_equal(sqlite3_column_bytes(statement, 2), STORE_HASH_BYTES);
        assert_memory_equal(sqlite3_column_blob(statement, 2), chain, STORE_HASH_BYTES);
    }
    assert_int_equal(sequence, 40);
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_length_is_hashed_as_by_evp),
        cmocka_unit_test(many_at_once_are_hashed_as_one_by_one),
        cmocka_unit_test(many_by_turns_are_hashed_as_one_by_one),
        cmocka_unit_test_setup_teardown(a_log_has_the_hashes_that_the_document_says, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
