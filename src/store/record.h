/* record — an event as bytes: the body of a row, written and read.
 *
 * Owns nothing; a decoded view points into the body that it was decoded from. The encoding is in docs/log.md. Every
 * byte of a body matters: there is one way to write an event, and anything else is refused, so that no change of a
 * body leaves its hash as it was.
 */
#ifndef PINYUE_STORE_RECORD_H
#define PINYUE_STORE_RECORD_H

#include "base/buffer.h"
#include "store/digest.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECORD_SALT_BYTES 16

/* First byte of a body. */
#define RECORD_FORM_FIELDS 1
#define RECORD_FORM_WITHHELD 2

/* First byte of a field. An open field's bytes are what its hash is made of, so its kind is the domain byte. */
#define RECORD_KIND_OPEN 1
#define RECORD_KIND_MASKED 2

struct record_slice {
    const uint8_t *bytes;
    size_t length;
};

struct record_view {
    bool withheld;
    size_t count;
    size_t masked_count;
    struct store_field fields[STORE_FIELDS_MAX];
    struct record_slice raw[STORE_FIELDS_MAX]; /* the field as stored, from its kind byte on */
    const uint8_t *withheld_content;           /* 32 bytes, when withheld */
};

/* Decodes a body. NULL when it is one, otherwise what is wrong with it ("it ends in the middle of a field"). */
const char *record_decode(struct record_slice body, struct record_view *view);

/* As record_decode for a body that has been decoded before with success: does not look at the texts again. */
void record_decode_again(struct record_slice body, struct record_view *view);

/* The content hash of a decoded event. Hashes every open field. */
void record_hash_content(const struct record_view *view, uint8_t out[STORE_HASH_BYTES]);

/* Room for hashing several events at once; nothing in it needs to be set. */
#define RECORD_HASHED_TOGETHER 32
#define RECORD_CONTENT_BYTES (1 + STORE_FIELDS_MAX * (1 + STORE_NAME_MAX_BYTES + STORE_HASH_BYTES))

struct record_hashing {
    uint8_t contents[RECORD_HASHED_TOGETHER][RECORD_CONTENT_BYTES];
    struct digest_input fields[RECORD_HASHED_TOGETHER * STORE_FIELDS_MAX];
    struct digest_input events[RECORD_HASHED_TOGETHER];
};

/* As record_hash_content for up to RECORD_HASHED_TOGETHER events, quicker than one after the other; outs[i] gets the hash
 * of views[i]. */
void record_hash_many(struct record_hashing *room, const struct record_view *views, size_t count,
                      uint8_t *const outs[]);

/* Checks fields that are to be appended: number, lengths, UTF-8. */
bool record_check(const struct store_field *fields, size_t count, struct failure *failure);

/* Writes the body of an event with open fields; `salts` holds RECORD_SALT_BYTES for each. False when memory runs out. */
bool record_encode(const struct store_field *fields, size_t count, const uint8_t *salts, struct buffer *out);

/* Writes the body of a withheld event. False when memory runs out. */
bool record_encode_withheld(const uint8_t content[STORE_HASH_BYTES], struct buffer *out);

/* Writes a decoded event again with those open fields masked for which `mask` is set. False when memory runs out. */
bool record_encode_masked(const struct record_view *view, const bool mask[STORE_FIELDS_MAX], struct buffer *out);

#endif
