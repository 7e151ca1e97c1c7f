/* SHA256_Transform and its siblings are marked deprecated since OpenSSL 3.0, in favour of EVP. They are still there, and
 * digest.h says what they save. A build with an OpenSSL that has dropped them fails to link, and does nothing wrong. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "store/digest.h"

#include "store/lanes.h"

#include <endian.h>
#include <openssl/sha.h>
#include <string.h>

#define BLOCK_BYTES ((size_t)64)
#define STREAM_BYTES (64 * BLOCK_BYTES) /* from here on the bookkeeping of SHA256_Update is no loss */
#define PADDING_MIN_BYTES 9             /* the bit and the length */
#define BATCH LANES_COUNT
#define LANES_WORTH 8 /* fewer inputs are hashed more quickly by turns than side by side with empty lanes */
#define BLOCKS_TOGETHER_MAX ((size_t)16) /* longer inputs are hashed apart: a batch takes as long as its longest */
#define SOME_MAX ((size_t)512)           /* inputs that are put in order together */

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

/* ---- many at once ---- */

/* An input as blocks: whole ones where they lie, the rest with its padding in a copy. */
struct laid_out {
    SHA256_CTX context;
    const uint8_t *bytes;
    size_t whole, blocks;
    uint8_t last[2 * BLOCK_BYTES];
};

static void lay_out(const struct digest_input *input, struct laid_out *out) {
    out->bytes = input->bytes;
    out->whole = input->length / BLOCK_BYTES;
    out->blocks = padded_length(input->length) / BLOCK_BYTES;
    size_t rest = input->length - out->whole * BLOCK_BYTES;
    memcpy(out->last, input->bytes + out->whole * BLOCK_BYTES, rest);
    pad(out->last, rest, input->length);
    start(&out->context);
}

static void transform_block(struct laid_out *input, size_t block) {
    SHA256_Transform(&input->context, block < input->whole ? input->bytes + block * BLOCK_BYTES
                                                           : input->last + (block - input->whole) * BLOCK_BYTES);
}

/* Each block of a hash waits for the one before; two hashes by turns keep the processor busy meanwhile. All blocks are
 * laid out first, so that it need not wait for the bytes just written either. */
static void make_by_turns(const struct digest_input *const inputs[BATCH], size_t count) {
    struct laid_out laid[BATCH];
    for (size_t i = 0; i < count; i++) {
        lay_out(inputs[i], &laid[i]);
    }
    for (size_t i = 0; i < count; i += 2) {
        struct laid_out *two = i + 1 < count ? &laid[i + 1] : NULL;
        for (size_t block = 0; block < laid[i].blocks || (two != NULL && block < two->blocks); block++) {
            if (block < laid[i].blocks) {
                transform_block(&laid[i], block);
            }
            if (two != NULL && block < two->blocks) {
                transform_block(two, block);
            }
        }
    }
    for (size_t i = 0; i < count; i++) {
        write_state(&laid[i].context, inputs[i]->out);
    }
}

static void make_batch(const struct digest_input *const inputs[BATCH], size_t count, bool side_by_side) {
    if (side_by_side && count >= LANES_WORTH) {
        lanes_hash(inputs, count);
    } else {
        make_by_turns(inputs, count);
    }
}

/* The inputs by their number of blocks, so that those of a batch end together; the longest apart. */
static void make_some(const struct digest_input *inputs, size_t count, bool side_by_side) {
    const struct digest_input *ordered[SOME_MAX];
    uint16_t starts[BLOCKS_TOGETHER_MAX + 2] = {0}; /* by number of blocks + 1: how many have fewer */
    for (size_t i = 0; i < count; i++) {
        size_t blocks = padded_length(inputs[i].length) / BLOCK_BYTES;
        if (blocks <= BLOCKS_TOGETHER_MAX) {
            starts[blocks + 1]++;
        } else {
            digest_make(inputs[i].bytes, inputs[i].length, inputs[i].out);
        }
    }
    for (size_t i = 1; i < BLOCKS_TOGETHER_MAX + 2; i++) {
        starts[i] = (uint16_t)(starts[i] + starts[i - 1]);
    }
    size_t together = starts[BLOCKS_TOGETHER_MAX + 1];
    for (size_t i = 0; i < count; i++) {
        size_t blocks = padded_length(inputs[i].length) / BLOCK_BYTES;
        if (blocks <= BLOCKS_TOGETHER_MAX) {
            ordered[starts[blocks]++] = &inputs[i];
        }
    }
    for (size_t i = 0; i < together; i += BATCH) {
        make_batch(ordered + i, together - i < BATCH ? together - i : BATCH, side_by_side);
    }
}

static void make_many(const struct digest_input *inputs, size_t count, bool side_by_side) {
    for (size_t i = 0; i < count; i += SOME_MAX) {
        make_some(inputs + i, count - i < SOME_MAX ? count - i : SOME_MAX, side_by_side);
    }
}

void digest_make_many(const struct digest_input *inputs, size_t count) {
    make_many(inputs, count, lanes_are_there());
}

void digest_make_many_by_turns(const struct digest_input *inputs, size_t count) {
    make_many(inputs, count, false);
}

/* ---- the log's hashes ---- */

void digest_lay_out_chain(const uint8_t previous[STORE_HASH_BYTES], int64_t sequence,
                          const uint8_t content[STORE_HASH_BYTES], uint8_t input[DIGEST_CHAIN_BYTES]) {
    uint64_t number = htobe64((uint64_t)sequence);
    input[0] = DIGEST_DOMAIN_CHAIN;
    memcpy(input + 1, previous, STORE_HASH_BYTES);
    memcpy(input + 1 + STORE_HASH_BYTES, &number, sizeof number);
    memcpy(input + 1 + STORE_HASH_BYTES + sizeof number, content, STORE_HASH_BYTES);
}

void digest_make_chain(const uint8_t previous[STORE_HASH_BYTES], int64_t sequence,
                       const uint8_t content[STORE_HASH_BYTES], uint8_t out[STORE_HASH_BYTES]) {
    uint8_t input[DIGEST_CHAIN_BYTES + DIGEST_PADDING];
    digest_lay_out_chain(previous, sequence, content, input);
    digest_make_in_place(input, DIGEST_CHAIN_BYTES, out);
}

void digest_make_origin(const uint8_t identity[STORE_HASH_BYTES], uint8_t out[STORE_HASH_BYTES]) {
    uint8_t input[1 + STORE_HASH_BYTES + DIGEST_PADDING];
    input[0] = DIGEST_DOMAIN_ORIGIN;
    memcpy(input + 1, identity, STORE_HASH_BYTES);
    digest_make_in_place(input, 1 + STORE_HASH_BYTES, out);
}
