/* digest — SHA-256 over bytes that lie in one piece, and the four hashes of the log made of it.
 *
 * Owns nothing, never allocates, cannot fail. The formulas are in docs/log.md; tests hold them against OpenSSL's EVP.
 *
 * How OpenSSL is called was measured (EPYC with SHA-NI, OpenSSL 3.0.22, an event of 8 short fields: 10 hashes of 15
 * blocks in all): SHA256() 3,600 ns, because it fetches the algorithm at each call; EVP with a reused context and a
 * fetched algorithm 1,100 ns; SHA256_Init/Update/Final 850 ns; SHA256_Transform on blocks that are padded here 620 ns;
 * and 510 ns when two hashes go by turns. All run the same assembler; what differs is bookkeeping, and whether the
 * processor has a second, independent block to work on while it waits for the first. So inputs are padded here (FIPS
 * 180-4, 5.1.1: one bit, zeros, the length). Where the processor has AVX-512, many inputs are hashed sixteen side by
 * side instead (lanes.h): 230 ns for the same event.
 */
#ifndef PINYUE_STORE_DIGEST_H
#define PINYUE_STORE_DIGEST_H

#include "store/store.h"

#include <stddef.h>
#include <stdint.h>

/* First byte of everything that is hashed, so that a hash of one kind can never stand for one of another. */
#define DIGEST_DOMAIN_FIELD 1
#define DIGEST_DOMAIN_CONTENT 2
#define DIGEST_DOMAIN_CHAIN 3
#define DIGEST_DOMAIN_ORIGIN 4

/* Bytes that must be writable behind the input of digest_pad. */
#define DIGEST_PADDING 72

/* SHA-256 of `length` bytes. */
void digest_make(const uint8_t *bytes, size_t length, uint8_t out[STORE_HASH_BYTES]);

/* As digest_make, but pads in place instead of copying: overwrites up to DIGEST_PADDING bytes behind the input. */
void digest_make_in_place(uint8_t *bytes, size_t length, uint8_t out[STORE_HASH_BYTES]);

struct digest_input {
    const uint8_t *bytes;
    size_t length;
    uint8_t *out; /* STORE_HASH_BYTES */
};

/* As digest_make for each of several, quicker than one by one. `out` may lie in the bytes of a later call's input, not
 * in those of this one's. */
void digest_make_many(const struct digest_input *inputs, size_t count);

/* The same without lanes, as where the processor has none: for tests. */
void digest_make_many_by_turns(const struct digest_input *inputs, size_t count);

/* Bytes that a chain value is the hash of. */
#define DIGEST_CHAIN_BYTES (1 + STORE_HASH_BYTES + sizeof(uint64_t) + STORE_HASH_BYTES)

/* chain = SHA-256(3, previous chain hash, sequence as 8 bytes big-endian, content hash). */
void digest_make_chain(const uint8_t previous[STORE_HASH_BYTES], int64_t sequence,
                       const uint8_t content[STORE_HASH_BYTES], uint8_t out[STORE_HASH_BYTES]);

/* What that is the hash of: for many at once. */
void digest_lay_out_chain(const uint8_t previous[STORE_HASH_BYTES], int64_t sequence,
                          const uint8_t content[STORE_HASH_BYTES], uint8_t input[DIGEST_CHAIN_BYTES]);

/* origin = SHA-256(4, the log's 32 identity bytes): what the first event has as its previous chain hash. */
void digest_make_origin(const uint8_t identity[STORE_HASH_BYTES], uint8_t out[STORE_HASH_BYTES]);

#endif
