#include "base/text.h"

#include <string.h>

#define DISTANCE_LENGTH_LARGEST 64U

struct text text_of(const char *string) {
    return string == NULL ? (struct text){"", 0} : (struct text){string, strlen(string)};
}

bool text_equal(struct text left, struct text right) {
    return left.length == right.length && (left.length == 0 || memcmp(left.bytes, right.bytes, left.length) == 0);
}

bool text_equals_string(struct text left, const char *right) {
    return text_equal(left, text_of(right));
}

bool text_starts_with(struct text whole, struct text start) {
    return whole.length >= start.length && (start.length == 0 || memcmp(whole.bytes, start.bytes, start.length) == 0);
}

bool text_ends_with(struct text whole, struct text end) {
    return whole.length >= end.length &&
           text_equal((struct text){whole.bytes + whole.length - end.length, end.length}, end);
}

bool text_contains(struct text whole, struct text part) {
    while (part.length > 0 && whole.length >= part.length) {
        const char *at = memchr(whole.bytes, part.bytes[0], whole.length - part.length + 1);
        if (at == NULL) {
            return false;
        }
        if (memcmp(at, part.bytes, part.length) == 0) {
            return true;
        }
        whole = (struct text){at + 1, whole.length - (size_t)(at + 1 - whole.bytes)};
    }
    return part.length == 0;
}

int text_compare(struct text left, struct text right) {
    size_t shared = left.length < right.length ? left.length : right.length;
    int order = shared == 0 ? 0 : memcmp(left.bytes, right.bytes, shared);
    if (order != 0) {
        return order;
    }
    return (left.length > right.length) - (left.length < right.length);
}

static bool is_continuation(unsigned char byte) {
    return (byte & 0xC0U) == 0x80U;
}

/* Length in bytes of the valid character at the start of `bytes`, 0 when there is none. The second byte is checked
 * more tightly after E0 (overlong), ED (surrogates), F0 (overlong) and F4 (past U+10FFFF): RFC 3629, section 4. */
static size_t measure_character(const unsigned char *bytes, size_t length) {
    unsigned char lead = bytes[0];
    if (lead < 0x80) {
        return 1;
    }
    size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || size > length) {
        return 0;
    }
    unsigned char second_least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char second_largest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (bytes[1] < second_least || bytes[1] > second_largest) {
        return 0;
    }
    for (size_t i = 2; i < size; i++) {
        if (!is_continuation(bytes[i])) {
            return 0;
        }
    }
    return size;
}

int64_t text_find_invalid_utf8(struct text whole) {
    size_t offset = 0;
    while (offset < whole.length) {
        size_t size = measure_character((const unsigned char *)whole.bytes + offset, whole.length - offset);
        if (size == 0) {
            return (int64_t)offset;
        }
        offset += size;
    }
    return -1;
}

uint32_t text_read_code_point(struct text whole, size_t offset, size_t *size) {
    *size = 0;
    if (offset >= whole.length) {
        return 0;
    }
    const unsigned char *bytes = (const unsigned char *)whole.bytes + offset;
    *size = measure_character(bytes, whole.length - offset);
    switch (*size) {
    case 1:
        return bytes[0];
    case 2:
        return ((bytes[0] & 0x1FU) << 6U) | (bytes[1] & 0x3FU);
    case 3:
        return ((bytes[0] & 0x0FU) << 12U) | ((bytes[1] & 0x3FU) << 6U) | (bytes[2] & 0x3FU);
    case 4:
        return ((bytes[0] & 0x07U) << 18U) | ((bytes[1] & 0x3FU) << 12U) | ((bytes[2] & 0x3FU) << 6U) |
               (bytes[3] & 0x3FU);
    default: /* text that nobody has checked: step over one byte, so that every caller's loop still ends */
        *size = 1;
        return TEXT_REPLACEMENT;
    }
}

size_t text_step_back(struct text whole, size_t offset) {
    while (offset > 0 && is_continuation((unsigned char)whole.bytes[--offset])) {
    }
    return offset;
}

size_t text_write_code_point(uint32_t code_point, char out[4]) {
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) {
        return 0;
    }
    size_t size = code_point < 0x80 ? 1 : code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    static const unsigned char lead_marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
    uint32_t rest = code_point;
    for (size_t i = size - 1; i > 0; i--) {
        out[i] = (char)(unsigned char)(0x80U | (rest & 0x3FU));
        rest >>= 6U;
    }
    out[0] = (char)(unsigned char)(lead_marks[size] | rest);
    return size;
}

size_t text_count_code_points(struct text whole) {
    size_t count = 0;
    for (size_t i = 0; i < whole.length; i++) {
        if (!is_continuation((unsigned char)whole.bytes[i])) {
            count++;
        }
    }
    return count;
}

struct text text_cut(struct text whole, size_t length_largest) {
    if (whole.length <= length_largest) {
        return whole;
    }
    size_t length = length_largest;
    while (length > 0 && is_continuation((unsigned char)whole.bytes[length])) {
        length--;
    }
    return (struct text){whole.bytes, length};
}

static bool is_ascii_space(char byte) {
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

#define IDEOGRAPHIC_SPACE TEXT("\xE3\x80\x80") /* U+3000, what a Chinese input method types for a space */

/* Bytes of white space at the start, 0 when there is none. */
static size_t measure_space_at_start(struct text whole) {
    if (whole.length > 0 && is_ascii_space(whole.bytes[0])) {
        return 1;
    }
    return text_starts_with(whole, IDEOGRAPHIC_SPACE) ? IDEOGRAPHIC_SPACE.length : 0;
}

static size_t measure_space_at_end(struct text whole) {
    if (whole.length > 0 && is_ascii_space(whole.bytes[whole.length - 1])) {
        return 1;
    }
    size_t size = IDEOGRAPHIC_SPACE.length;
    return whole.length >= size && memcmp(whole.bytes + whole.length - size, IDEOGRAPHIC_SPACE.bytes, size) == 0 ? size
                                                                                                                 : 0;
}

struct text text_trim(struct text whole) {
    size_t space = 0;
    while ((space = measure_space_at_start(whole)) > 0) {
        whole.bytes += space;
        whole.length -= space;
    }
    while ((space = measure_space_at_end(whole)) > 0) {
        whole.length -= space;
    }
    return whole;
}

struct text text_take_line(struct text *rest) {
    const char *end = rest->length == 0 ? NULL : memchr(rest->bytes, '\n', rest->length);
    size_t length = end == NULL ? rest->length : (size_t)(end - rest->bytes);
    size_t taken = length + (end == NULL ? 0 : 1);
    struct text line = {rest->bytes, length};
    *rest = (struct text){rest->bytes + taken, rest->length - taken};
    return line;
}

/* Spreads a text into code points. False when it has more than DISTANCE_LENGTH_LARGEST. */
static bool spread(struct text whole, uint32_t code_points[DISTANCE_LENGTH_LARGEST], uint32_t *count) {
    size_t offset = 0;
    *count = 0;
    while (offset < whole.length) {
        if (*count == DISTANCE_LENGTH_LARGEST) {
            return false;
        }
        size_t size = 0;
        code_points[(*count)++] = text_read_code_point(whole, offset, &size);
        offset += size;
    }
    return true;
}

static uint32_t least(uint32_t left, uint32_t right) {
    return left < right ? left : right;
}

/* One row of the distance table: row[j] is the distance between the first i of `left` and the first j of `right`;
 * `above` and `higher` are the rows of i-1 and i-2. */
static void fill_row(uint32_t *row, const uint32_t *above, const uint32_t *higher, const uint32_t *left, uint32_t i,
                     const uint32_t *right, uint32_t right_count) {
    row[0] = i;
    for (uint32_t j = 1; j <= right_count; j++) {
        uint32_t replaced = above[j - 1] + (left[i - 1] == right[j - 1] ? 0U : 1U);
        row[j] = least(replaced, least(above[j], row[j - 1]) + 1);
        if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
            row[j] = least(row[j], higher[j - 2] + 1);
        }
    }
}

uint32_t text_measure_distance(struct text left, struct text right, uint32_t limit) {
    uint32_t beyond = limit == UINT32_MAX ? UINT32_MAX : limit + 1;
    uint32_t left_points[DISTANCE_LENGTH_LARGEST];
    uint32_t right_points[DISTANCE_LENGTH_LARGEST];
    uint32_t left_count = 0;
    uint32_t right_count = 0;
    if (!spread(left, left_points, &left_count) || !spread(right, right_points, &right_count)) {
        return beyond;
    }
    uint32_t rows[3][DISTANCE_LENGTH_LARGEST + 1] = {{0}};
    for (uint32_t j = 0; j <= right_count; j++) {
        rows[0][j] = j;
    }
    for (uint32_t i = 1; i <= left_count; i++) {
        fill_row(rows[i % 3], rows[(i + 2) % 3], rows[(i + 1) % 3], left_points, i, right_points, right_count);
    }
    uint32_t distance = rows[left_count % 3][right_count];
    return distance > limit ? beyond : distance;
}

uint64_t text_hash(struct text whole) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < whole.length; i++) {
        hash ^= (unsigned char)whole.bytes[i];
        hash *= UINT64_C(0x100000001b3);
    }
    return hash;
}
