/* From bytes to valid UTF-8: byte-order marks, GB18030 and UTF-16, damaged bytes. */
#include "gazette/reader.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD"
#define DAMAGE_WARNINGS_MAX 20

/* How many bytes above ASCII there are, and how many of them are no UTF-8. */
static void count_damage(struct text bytes, size_t *high, size_t *damaged) {
    size_t size = 0;
    *high = 0;
    *damaged = 0;
    for (size_t at = 0; at < bytes.length; at += size) {
        if ((unsigned char)bytes.bytes[at] < 0x80) {
            size = 1;
            continue;
        }
        uint32_t code_point = text_read_code_point(bytes, at, &size);
        *high += size;
        *damaged += code_point == TEXT_REPLACEMENT && size == 1 ? 1 : 0;
    }
}

static void append_damaged(struct reader *reader, struct buffer *out, uint32_t line, uint32_t *warned) {
    buffer_append_string(out, REPLACEMENT);
    if ((*warned)++ < DAMAGE_WARNINGS_MAX) {
        reader_warn(reader, line, "a byte here is no character; it is read as \"" REPLACEMENT "\"");
    }
}

/* Copies UTF-8; a run of bytes that are no UTF-8 becomes one replacement character. */
static struct text repair(struct reader *reader, struct text bytes) {
    struct buffer out = {0};
    uint32_t line = 1;
    uint32_t warned = 0;
    size_t size = 0;
    bool in_damage = false;
    for (size_t at = 0; at < bytes.length && !out.failed; at += size) {
        uint32_t code_point = text_read_code_point(bytes, at, &size);
        bool is_damaged = (code_point == TEXT_REPLACEMENT && size == 1) || code_point == 0;
        if (is_damaged && !in_damage) {
            append_damaged(reader, &out, line, &warned);
        } else if (!is_damaged) {
            buffer_append(&out, bytes.bytes + at, size);
        }
        line += code_point == '\n' ? 1 : 0;
        in_damage = is_damaged;
    }
    if (warned > DAMAGE_WARNINGS_MAX) {
        reader_warn(reader, 0, "%u more places hold bytes that are no characters", warned - DAMAGE_WARNINGS_MAX);
    }
    return reader_keep(reader, &out);
}

/* Converts; bytes that the encoding does not know become replacement characters. *damaged counts them. */
static bool convert(struct text bytes, const char *encoding, struct buffer *out, size_t *damaged) {
    iconv_t converter = iconv_open("UTF-8", encoding);
    if ((intptr_t)converter == -1) {
        return false;
    }
    char *in = NULL; /* iconv does not write to what it reads, though its interface would let it */
    memcpy(&in, &bytes.bytes, sizeof in);
    size_t left = bytes.length;
    char piece[4096];
    *damaged = 0;
    while (left > 0 && !out->failed) {
        char *end = piece;
        size_t room = sizeof piece;
        size_t result = iconv(converter, &in, &left, &end, &room);
        buffer_append(out, piece, (size_t)(end - piece));
        if (result == (size_t)-1 && errno != E2BIG && left > 0) {
            buffer_append_string(out, REPLACEMENT);
            (*damaged)++;
            in++;
            left--;
            (void)iconv(converter, NULL, NULL, NULL, NULL);
        }
    }
    (void)iconv_close(converter);
    return true;
}

/* Line of the n-th replacement character, for the first few warnings. */
static void warn_replaced(struct reader *reader, struct text whole) {
    uint32_t line = 1;
    uint32_t warned = 0;
    for (size_t at = 0; at < whole.length && warned < DAMAGE_WARNINGS_MAX; at++) {
        line += whole.bytes[at] == '\n' ? 1 : 0;
        if (whole.bytes[at] == REPLACEMENT[0] && whole.length - at >= 3 &&
            memcmp(whole.bytes + at, REPLACEMENT, 3) == 0) {
            reader_warn(reader, line, "a byte here is no character; it is read as \"" REPLACEMENT "\"");
            warned++;
        }
    }
}

/* NULL bytes when the encoding is not to be had, or when the result is no better than what was there. */
static struct text try_encoding(struct reader *reader, struct text bytes, const char *encoding, size_t damaged_most) {
    struct buffer out = {0};
    size_t damaged = 0;
    if (!convert(bytes, encoding, &out, &damaged) || damaged > damaged_most) {
        buffer_release(&out);
        return (struct text){NULL, 0};
    }
    reader_warn(reader, 0, "the text is not UTF-8 but %s; it has been converted", encoding);
    struct text kept = reader_keep(reader, &out);
    if (damaged > 0) {
        warn_replaced(reader, kept);
    }
    return repair(reader, kept);
}

static struct text skip_mark(struct text bytes) {
    return text_starts_with(bytes, TEXT("\xEF\xBB\xBF")) ? glyph_skip(bytes, 3) : bytes;
}

struct text decode_bytes(struct reader *reader, struct text bytes) {
    size_t high = 0;
    size_t damaged = 0;
    struct text decoded = {NULL, 0};
    if (text_starts_with(bytes, TEXT("\xFF\xFE"))) {
        decoded = try_encoding(reader, glyph_skip(bytes, 2), "UTF-16LE", bytes.length);
    } else if (text_starts_with(bytes, TEXT("\xFE\xFF"))) {
        decoded = try_encoding(reader, glyph_skip(bytes, 2), "UTF-16BE", bytes.length);
    } else {
        count_damage(bytes, &high, &damaged);
        /* In GB18030 most characters are two bytes that UTF-8 does not allow; a damaged UTF-8 text has few such. */
        if (damaged > 0 && damaged * 4 > high) {
            decoded = try_encoding(reader, bytes, "GB18030", damaged / 8);
        }
    }
    return skip_mark(decoded.bytes != NULL ? decoded : repair(reader, skip_mark(bytes)));
}
