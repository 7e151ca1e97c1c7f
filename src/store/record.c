#include "store/record.h"

#include <endian.h>
#include <string.h>

#define LENGTH_BYTES 4                              /* in front of each field, big-endian */
#define OPEN_HEAD_BYTES (1 + RECORD_SALT_BYTES + 1) /* kind, salt, length of the name */
#define MASKED_HEAD_BYTES 2                         /* kind, length of the name */

static struct text make_text(const uint8_t *bytes, size_t length) {
    return (struct text){(const char *)bytes, length};
}

/* Most names and many values are plain ASCII; eight bytes at a time are quicker than asking about each. */
static bool is_ascii(struct text whole) {
    size_t offset = 0;
    uint64_t eight;
    for (; offset + sizeof eight <= whole.length; offset += sizeof eight) {
        memcpy(&eight, whole.bytes + offset, sizeof eight);
        if ((eight & UINT64_C(0x8080808080808080)) != 0) {
            return false;
        }
    }
    for (; offset < whole.length; offset++) {
        if (((unsigned char)whole.bytes[offset] & 0x80U) != 0) {
            return false;
        }
    }
    return true;
}

static bool is_utf8(struct text whole) {
    return is_ascii(whole) || text_find_invalid_utf8(whole) < 0;
}

static const char *decode_open(struct record_slice raw, struct store_field *field) {
    if (raw.length < OPEN_HEAD_BYTES) {
        return "a field is too short for its salt";
    }
    size_t name_length = raw.bytes[OPEN_HEAD_BYTES - 1];
    if (name_length == 0 || name_length > STORE_NAME_MAX_BYTES || name_length > raw.length - OPEN_HEAD_BYTES) {
        return "a field's name has an impossible length";
    }
    const uint8_t *name = raw.bytes + OPEN_HEAD_BYTES;
    size_t value_length = raw.length - OPEN_HEAD_BYTES - name_length;
    if (value_length > STORE_VALUE_MAX_BYTES) {
        return "a field's value is longer than the limit";
    }
    field->name = make_text(name, name_length);
    field->value = make_text(name + name_length, value_length);
    field->masked = false;
    return NULL;
}

static const char *decode_masked(struct record_slice raw, struct store_field *field) {
    if (raw.length < MASKED_HEAD_BYTES) {
        return "a masked field is too short for its name";
    }
    size_t name_length = raw.bytes[1];
    if (name_length == 0 || name_length > STORE_NAME_MAX_BYTES ||
        raw.length != MASKED_HEAD_BYTES + name_length + STORE_HASH_BYTES) {
        return "a masked field has an impossible length";
    }
    field->name = make_text(raw.bytes + MASKED_HEAD_BYTES, name_length);
    field->value = (struct text){"", 0};
    field->masked = true;
    return NULL;
}

static const char *decode_field(struct record_slice raw, struct store_field *field) {
    if (raw.length == 0) {
        return "a field is empty";
    }
    switch (raw.bytes[0]) {
    case RECORD_KIND_OPEN:
        return decode_open(raw, field);
    case RECORD_KIND_MASKED:
        return decode_masked(raw, field);
    default:
        return "a field is of an unknown kind";
    }
}

static const char *decode_fields(struct record_slice rest, struct record_view *view) {
    for (size_t i = 0; i < view->count; i++) {
        uint32_t length;
        if (rest.length < LENGTH_BYTES) {
            return "it ends before its last field";
        }
        memcpy(&length, rest.bytes, LENGTH_BYTES);
        length = be32toh(length);
        rest.bytes += LENGTH_BYTES;
        rest.length -= LENGTH_BYTES;
        if (length > rest.length) {
            return "it ends in the middle of a field";
        }
        view->raw[i] = (struct record_slice){rest.bytes, length};
        const char *wrong = decode_field(view->raw[i], &view->fields[i]);
        if (wrong != NULL) {
            return wrong;
        }
        view->masked_count += view->fields[i].masked ? 1 : 0;
        rest.bytes += length;
        rest.length -= length;
    }
    return rest.length == 0 ? NULL : "something follows its last field";
}

static const char *decode_withheld(struct record_slice body, struct record_view *view) {
    if (body.length != 1 + STORE_HASH_BYTES) {
        return "a withheld event has an impossible length";
    }
    view->withheld = true;
    view->withheld_content = body.bytes + 1;
    return NULL;
}

/* Everything but the texts. */
static const char *split_body(struct record_slice body, struct record_view *view) {
    view->withheld = false;
    view->withheld_content = NULL;
    view->count = 0;
    view->masked_count = 0;
    if (body.length < 2) {
        return "it is too short";
    }
    if (body.bytes[0] == RECORD_FORM_WITHHELD) {
        return decode_withheld(body, view);
    }
    if (body.bytes[0] != RECORD_FORM_FIELDS) {
        return "it is of an unknown form";
    }
    if (body.bytes[1] == 0 || body.bytes[1] > STORE_FIELDS_MAX) {
        return "it has an impossible number of fields";
    }
    view->count = body.bytes[1];
    return decode_fields((struct record_slice){body.bytes + 2, body.length - 2}, view);
}

const char *record_decode(struct record_slice body, struct record_view *view) {
    const char *wrong = split_body(body, view);
    for (size_t i = 0; wrong == NULL && i < view->count; i++) {
        if (!is_utf8(view->fields[i].name) || !is_utf8(view->fields[i].value)) {
            wrong = "a field is not valid UTF-8";
        }
    }
    return wrong;
}

void record_decode_again(struct record_slice body, struct record_view *view) {
    (void)split_body(body, view);
}

/* What the content hash of an event is made of, with places for the field hashes that are still to be computed: those
 * are noted in `hashes`. Returns the length of what was laid out. */
static size_t lay_out_content(const struct record_view *view, uint8_t *input, struct digest_input *hashes,
                              size_t *hash_count) {
    size_t used = 1;
    input[0] = DIGEST_DOMAIN_CONTENT;
    for (size_t i = 0; i < view->count; i++) {
        struct text name = view->fields[i].name;
        struct record_slice raw = view->raw[i];
        input[used++] = (uint8_t)name.length;
        memcpy(input + used, name.bytes, name.length);
        used += name.length;
        if (view->fields[i].masked) {
            memcpy(input + used, raw.bytes + raw.length - STORE_HASH_BYTES, STORE_HASH_BYTES);
        } else {
            hashes[(*hash_count)++] = (struct digest_input){raw.bytes, raw.length, input + used};
        }
        used += STORE_HASH_BYTES;
    }
    return used;
}

void record_hash_content(const struct record_view *view, uint8_t out[STORE_HASH_BYTES]) {
    uint8_t input[RECORD_CONTENT_BYTES + DIGEST_PADDING];
    struct digest_input hashes[STORE_FIELDS_MAX];
    size_t hash_count = 0;
    if (view->withheld) {
        memcpy(out, view->withheld_content, STORE_HASH_BYTES);
        return;
    }
    size_t length = lay_out_content(view, input, hashes, &hash_count);
    digest_make_many(hashes, hash_count);
    digest_make_in_place(input, length, out);
}

void record_hash_many(struct record_hashing *room, const struct record_view *views, size_t count,
                      uint8_t *const outs[]) {
    size_t fields = 0;
    size_t events = 0;
    for (size_t i = 0; i < count; i++) {
        if (views[i].withheld) {
            memcpy(outs[i], views[i].withheld_content, STORE_HASH_BYTES);
            continue;
        }
        size_t length = lay_out_content(&views[i], room->contents[i], room->fields, &fields);
        room->events[events++] = (struct digest_input){room->contents[i], length, outs[i]};
    }
    digest_make_many(room->fields, fields);
    digest_make_many(room->events, events);
}

static bool check_field(const struct store_field *field, size_t number, struct failure *failure) {
    if (field->masked) {
        return failure_set(failure, "Field %zu is marked as masked; only a copy can hold masked fields.", number);
    }
    if (field->name.length == 0 || field->name.length > STORE_NAME_MAX_BYTES) {
        return failure_set(failure, "The name of field %zu has %zu bytes; a name has 1 to %d bytes.", number,
                           field->name.length, STORE_NAME_MAX_BYTES);
    }
    if (!is_utf8(field->name)) {
        return failure_set(failure, "The name of field %zu is not valid UTF-8.", number);
    }
    if (field->value.length > STORE_VALUE_MAX_BYTES) {
        return failure_set(failure, "The value of field %zu (%.*s) has %zu bytes; at most %zu are allowed.", number,
                           (int)field->name.length, field->name.bytes, field->value.length, STORE_VALUE_MAX_BYTES);
    }
    if (!is_utf8(field->value)) {
        return failure_set(failure, "The value of field %zu (%.*s) is not valid UTF-8.", number,
                           (int)field->name.length, field->name.bytes);
    }
    return true;
}

bool record_check(const struct store_field *fields, size_t count, struct failure *failure) {
    size_t total = 2;
    if (count == 0 || count > STORE_FIELDS_MAX) {
        return failure_set(failure, "The event has %zu fields; an event has 1 to %d.", count, STORE_FIELDS_MAX);
    }
    for (size_t i = 0; i < count; i++) {
        if (!check_field(&fields[i], i + 1, failure)) {
            return false;
        }
        total += LENGTH_BYTES + OPEN_HEAD_BYTES + fields[i].name.length + fields[i].value.length;
    }
    if (total > STORE_EVENT_MAX_BYTES) {
        return failure_set(failure, "The event has %zu bytes in all; at most %zu are allowed.", total,
                           STORE_EVENT_MAX_BYTES);
    }
    return true;
}

static void append_length(struct buffer *out, size_t length) {
    uint32_t stored = htobe32((uint32_t)length);
    buffer_append(out, &stored, LENGTH_BYTES);
}

static void append_byte(struct buffer *out, size_t value) {
    uint8_t byte = (uint8_t)value;
    buffer_append(out, &byte, 1);
}

bool record_encode(const struct store_field *fields, size_t count, const uint8_t *salts, struct buffer *out) {
    append_byte(out, RECORD_FORM_FIELDS);
    append_byte(out, count);
    for (size_t i = 0; i < count; i++) {
        append_length(out, OPEN_HEAD_BYTES + fields[i].name.length + fields[i].value.length);
        append_byte(out, RECORD_KIND_OPEN);
        buffer_append(out, salts + i * RECORD_SALT_BYTES, RECORD_SALT_BYTES);
        append_byte(out, fields[i].name.length);
        buffer_append_text(out, fields[i].name);
        buffer_append_text(out, fields[i].value);
    }
    return !out->failed;
}

bool record_encode_withheld(const uint8_t content[STORE_HASH_BYTES], struct buffer *out) {
    append_byte(out, RECORD_FORM_WITHHELD);
    buffer_append(out, content, STORE_HASH_BYTES);
    return !out->failed;
}

bool record_encode_masked(const struct record_view *view, const bool mask[STORE_FIELDS_MAX], struct buffer *out) {
    append_byte(out, RECORD_FORM_FIELDS);
    append_byte(out, view->count);
    for (size_t i = 0; i < view->count; i++) {
        struct text name = view->fields[i].name;
        uint8_t hash[STORE_HASH_BYTES];
        if (view->fields[i].masked || !mask[i]) {
            append_length(out, view->raw[i].length);
            buffer_append(out, view->raw[i].bytes, view->raw[i].length);
            continue;
        }
        digest_make(view->raw[i].bytes, view->raw[i].length, hash);
        append_length(out, MASKED_HEAD_BYTES + name.length + STORE_HASH_BYTES);
        append_byte(out, RECORD_KIND_MASKED);
        append_byte(out, name.length);
        buffer_append_text(out, name);
        buffer_append(out, hash, STORE_HASH_BYTES);
    }
    return !out->failed;
}
