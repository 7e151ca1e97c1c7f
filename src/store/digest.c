/* SHA256_Transform and its siblings are marked deprecated since OpenSSL 3.0, in favour of EVP. They are still there, and
 * digest.h says what they save. A build with an OpenSSL that has dropped them fails to link, and does nothing wrong. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "store/digest.h"

#include <endian.h>
#include <openssl/sha.h>
#include <string.h>

#define BLOCK_BYTES ((size_t)64)
#define STREAM_BYTES (64 * BLOCK_BYTES) /* from here on the bookkeeping of SHA256_Update is no loss */
#define PADDING_MIN_BYTES 9             /* the bit and the length */
#define SINGLE_MAX_BYTES (BLOCK_BYTES - PADDING_MIN_BYTES)
#define BATCH 8

/* The context with the initial state alone: SHA256_Transform reads and writes nothing but `h`. */
static void start(SHA256_CTX *context) {
    static const SHA_LONG initial[8] = {0x6a09e667U, 0xbb67ae85U, 0x3c6ef372U, 0xa54ff53aU,
                                        0x510e527fU, 0x9b05688cU, 0x1f83d9abU, 0x5be0cd19U};
    memcpy(context->h, initial, sizeof initial);
}

static void write_state(const SHA256_CTX *context, uint8_t out[STORE_HASH_BYTES]) {
    for (size_t i = 0; i < 8; i++) {
        uint32_t word = htobe32(context->h[i]);
        memcpy(out + 4 * i, &word, sizeof word);
    }
}

/* Bytes of the padded input: the next multiple of 64 that has room for the padding. */
static size_t padded_length(size_t length) {
    return (length + PADDING_MIN_BYTES + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
}

/* Pads an input of `length` bytes that ends at bytes + rest. Zeroes a whole block's worth, which reaches at least to the
 * length: a constant size compiles to a few stores, clearing just what is needed to a loop that takes longer than
 * half a block's hash. */
static void pad(uint8_t *bytes, size_t rest, size_t length) {
    uint64_t bits = htobe64((uint64_t)length * 8);
    memset(bytes + rest, 0, BLOCK_BYTES);
    bytes[rest] = 0x80;
    memcpy(bytes + padded_length(rest) - sizeof bits, &bits, sizeof bits);
}

/* Whole blocks. With nothing buffered in the context SHA256_Update hashes them straight from where they are. */
static void transform(SHA256_CTX *context, const uint8_t *bytes, size_t length) {
    context->Nl = 0;
    context->Nh = 0;
    context->num = 0;
    (void)SHA256_Update(context, bytes, length); /* returns 1 always */
}

void digest_make_in_place(uint8_t *bytes, size_t length, uint8_t out[STORE_HASH_BYTES]) {
    SHA256_CTX context;
    start(&context);
    pad(bytes, length, length);
    transform(&context, bytes, padded_length(length));
    write_state(&context, out);
}

/* Each block of a hash waits for the one before; two hashes by turns keep the processor busy meanwhile. */
void digest_make_two_in_place(uint8_t *first, size_t first_length, uint8_t first_out[STORE_HASH_BYTES], uint8_t *second,
                              size_t second_length, uint8_t second_out[STORE_HASH_BYTES]) {
    SHA256_CTX one;
    SHA256_CTX two;
    size_t one_end = padded_length(first_length);
    size_t two_end = padded_length(second_length);
    size_t common = one_end < two_end ? one_end : two_end;
    start(&one);
    start(&two);
    pad(first, first_length, first_length);
    pad(second, second_length, second_length);
    for (size_t offset = 0; offset < common; offset += BLOCK_BYTES) {
        SHA256_Transform(&one, first + offset);
        SHA256_Transform(&two, second + offset);
    }
    transform(&one, first + common, one_end - common);
    transform(&two, second + common, two_end - common);
    write_state(&one, first_out);
    write_state(&two, second_out);
}

static void make_streamed(const uint8_t *bytes, size_t length, uint8_t out[STORE_HASH_BYTES]) {
    SHA256_CTX context;
    /* These return 1 always: there is nothing in them that can fail. */
    (void)SHA256_Init(&context);
    (void)SHA256_Update(&context, bytes, length);
    (void)SHA256_Final(out, &context);
}

/* Whole blocks straight from the input, the rest with its padding from a copy. */
static void make_blocks(const uint8_t *bytes, size_t length, uint8_t out[STORE_HASH_BYTES]) {
    SHA256_CTX context;
    uint8_t last[2 * BLOCK_BYTES];
    size_t whole = length / BLOCK_BYTES * BLOCK_BYTES;
    size_t rest = length - whole;
    start(&context);
    transform(&context, bytes, whole);
    memcpy(last, bytes + whole, rest);
    pad(last, rest, length);
    transform(&context, last, padded_length(rest));
    write_state(&context, out);
}

void digest_make(const uint8_t *bytes, size_t length, uint8_t out[STORE_HASH_BYTES]) {
    if (length >= STREAM_BYTES) {
        make_streamed(bytes, length, out);
    } else {
        make_blocks(bytes, length, out);
    }
}

/* First all blocks are laid out, then all are hashed: so the processor need not wait for the bytes just written, and
 * works on the next hash, which depends on nothing before, while the one before is not finished. */
static void make_singles(const struct digest_input *inputs, size_t count) {
    uint8_t blocks[BATCH][2 * BLOCK_BYTES];
    SHA256_CTX contexts[BATCH];
    for (size_t i = 0; i < count; i++) {
        memcpy(blocks[i], inputs[i].bytes, inputs[i].length);
        pad(blocks[i], inputs[i].length, inputs[i].length);
        start(&contexts[i]);
    }
    for (size_t i = 0; i < count; i++) {
        SHA256_Transform(&contexts[i], blocks[i]);
    }
    for (size_t i = 0; i < count; i++) {
        write_state(&contexts[i], inputs[i].out);
    }
}

void digest_make_many(const struct digest_input *inputs, size_t count) {
    struct digest_input batch[BATCH];
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (inputs[i].length > SINGLE_MAX_BYTES) {
            digest_make(inputs[i].bytes, inputs[i].length, inputs[i].out);
            continue;
        }
        batch[used++] = inputs[i];
        if (used == BATCH) {
            make_singles(batch, used);
            used = 0;
        }
    }
    make_singles(batch, used);
}

void digest_make_chain(const uint8_t previous[STORE_HASH_BYTES], int64_t sequence,
                       const uint8_t content[STORE_HASH_BYTES], uint8_t out[STORE_HASH_BYTES]) {
    uint8_t input[1 + STORE_HASH_BYTES + sizeof(uint64_t) + STORE_HASH_BYTES + DIGEST_PADDING];
    uint64_t number = htobe64((uint64_t)sequence);
    input[0] = DIGEST_DOMAIN_CHAIN;
    memcpy(input + 1, previous, STORE_HASH_BYTES);
    memcpy(input + 1 + STORE_HASH_BYTES, &number, sizeof number);
    memcpy(input + 1 + STORE_HASH_BYTES + sizeof number, content, STORE_HASH_BYTES);
    digest_make_in_place(input, 1 + STORE_HASH_BYTES + sizeof number + STORE_HASH_BYTES, out);
}

void digest_make_origin(const uint8_t identity[STORE_HASH_BYTES], uint8_t out[STORE_HASH_BYTES]) {
    uint8_t input[1 + STORE_HASH_BYTES + DIGEST_PADDING];
    input[0] = DIGEST_DOMAIN_ORIGIN;
    memcpy(input + 1, identity, STORE_HASH_BYTES);
    digest_make_in_place(input, 1 + STORE_HASH_BYTES, out);
}
