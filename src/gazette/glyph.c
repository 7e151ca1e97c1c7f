/* Characters: what is a blank, a bracket, a numeral, the end of a sentence. */
#include "gazette/reader.h"

#include <string.h>

static const struct {
    uint32_t from, to;
} foldings[] = {
    {0x3014, '('}, {0x3015, ')'}, {0xFE5D, '('}, {0xFE5E, ')'}, {'[', '('},    {']', ')'},
    {0x3010, '('}, {0x3011, ')'}, {0xFF3B, '('}, {0xFF3D, ')'}, {0x3000, ' '}, {0x00A0, ' '},
};

uint32_t glyph_fold(uint32_t code_point) {
    for (size_t i = 0; i < sizeof foldings / sizeof foldings[0]; i++) {
        if (foldings[i].from == code_point) {
            return foldings[i].to;
        }
    }
    if (code_point >= 0xFF01 && code_point <= 0xFF5E) {
        return code_point - 0xFF01 + '!';
    }
    return glyph_is_space(code_point) ? ' ' : code_point;
}

bool glyph_is_space(uint32_t code_point) {
    return code_point == ' ' || (code_point >= '\t' && code_point <= '\r') || code_point == 0xA0 ||
           code_point == 0x3000 || (code_point >= 0x2000 && code_point <= 0x200B) || code_point == 0xFEFF;
}

bool glyph_is_han(uint32_t code_point) {
    return (code_point >= 0x4E00 && code_point <= 0x9FFF) || (code_point >= 0x3400 && code_point <= 0x4DBF) ||
           (code_point >= 0x20000 && code_point <= 0x3FFFF) || code_point == 0x3007;
}

bool glyph_is_wide(uint32_t code_point) {
    return glyph_is_han(code_point) || (code_point >= 0x2E80 && code_point <= 0xA4CF) ||
           (code_point >= 0xFE30 && code_point <= 0xFE6F) || (code_point >= 0xFF00 && code_point <= 0xFF60) ||
           (code_point >= 0x2014 && code_point <= 0x2026) || (code_point >= 0x2160 && code_point <= 0x2473);
}

bool glyph_is_word(uint32_t code_point) {
    uint32_t folded = glyph_fold(code_point);
    return (folded >= '0' && folded <= '9') || (folded >= 'a' && folded <= 'z') || (folded >= 'A' && folded <= 'Z') ||
           glyph_is_han(code_point) || (code_point >= 0xC0 && code_point < 0x2000) ||
           (code_point >= 0x2160 && code_point <= 0x249B) || (code_point >= 0x3040 && code_point <= 0x318F);
}

bool glyph_ends_sentence(uint32_t code_point, uint32_t next) {
    switch (code_point) {
    case 0x3002: /* 。 */
    case 0xFF1B: /* ； */
    case 0xFF01: /* ！ */
    case 0xFF1F: /* ？ */
        return true;
    case '.':
    case ';':
    case '!':
    case '?':
        return next == 0 || glyph_is_space(next);
    default:
        return false;
    }
}

uint32_t glyph_first(struct text whole) {
    size_t size = 0;
    return text_read_code_point(whole, 0, &size);
}

uint32_t glyph_last(struct text whole) {
    size_t size = 0;
    return text_read_code_point(whole, text_step_back(whole, whole.length), &size);
}

uint32_t glyph_columns(struct text whole) {
    uint32_t columns = 0;
    size_t size = 0;
    for (size_t at = 0; at < whole.length; at += size) {
        columns += glyph_is_wide(text_read_code_point(whole, at, &size)) ? 2 : 1;
    }
    return columns;
}

struct text glyph_skip(struct text whole, size_t bytes) {
    return (struct text){whole.bytes + bytes, whole.length - bytes};
}

struct text glyph_trim(struct text whole) {
    size_t size = 0;
    while (whole.length > 0 && glyph_is_space(text_read_code_point(whole, 0, &size))) {
        whole = glyph_skip(whole, size);
    }
    while (whole.length > 0 && glyph_is_space(glyph_last(whole))) {
        whole.length = text_step_back(whole, whole.length);
    }
    return whole;
}

bool glyph_contains(struct text whole, const char *part) {
    return text_contains(whole, text_of(part));
}

bool glyph_ends_with(struct text whole, const char *end) {
    return text_ends_with(whole, text_of(end));
}

bool glyph_has_word(struct text whole) {
    size_t size = 0;
    for (size_t at = 0; at < whole.length; at += size) {
        if (glyph_is_word(text_read_code_point(whole, at, &size))) {
            return true;
        }
    }
    return false;
}

static bool is_latin_letter(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static char lower(char byte) {
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

/* A Latin word of any case, also with an "s" behind it. */
static bool has_latin_word(struct text whole, struct text term) {
    for (size_t at = 0; at + term.length <= whole.length; at++) {
        size_t matched = 0;
        while (matched < term.length && lower(whole.bytes[at + matched]) == term.bytes[matched]) {
            matched++;
        }
        size_t end = at + matched;
        if (end < whole.length && lower(whole.bytes[end]) == 's') {
            end++;
        }
        if (matched == term.length && (at == 0 || !is_latin_letter(whole.bytes[at - 1])) &&
            (end == whole.length || !is_latin_letter(whole.bytes[end]))) {
            return true;
        }
    }
    return false;
}

bool glyph_has_term(struct text whole, const char *term) {
    return is_latin_letter(term[0]) ? has_latin_word(whole, text_of(term)) : glyph_contains(whole, term);
}

/* ---- numerals --------------------------------------------------------------------------------------------- */

bool glyph_read_digits(struct text whole, size_t *at, uint32_t digits_max, uint32_t *value) {
    size_t end = *at;
    uint32_t sum = 0;
    uint32_t count = 0;
    size_t size = 0;
    for (;;) {
        uint32_t digit = glyph_fold(text_read_code_point(whole, end, &size));
        if (size == 0 || digit < '0' || digit > '9') {
            break;
        }
        if (++count > digits_max) {
            return false;
        }
        sum = sum * 10 + (digit - '0');
        end += size;
    }
    if (count == 0) {
        return false;
    }
    *at = end;
    *value = sum;
    return true;
}

/* 0 to 9, 10 十, 100 百, or -1. Zero comes as 零, 〇, ○, and as a letter O. */
static int read_han_digit(uint32_t code_point) {
    static const uint32_t digits[] = {0x96F6, 0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D};
    for (int i = 0; i < 10; i++) {
        if (digits[i] == code_point) {
            return i;
        }
    }
    switch (code_point) {
    case 0x3007: /* 〇 */
    case 0x25CB: /* ○ */
    case 0x25EF: /* ◯ */
    case 'O':
    case 'o':
    case 0xFF2F:
        return 0;
    case 0x4E24: /* 两 */
        return 2;
    case 0x5341:
        return 10;
    case 0x767E:
        return 100;
    default:
        return -1;
    }
}

bool glyph_read_han_number(struct text whole, size_t *at, uint32_t *value) {
    size_t end = *at;
    size_t size = 0;
    uint32_t sum = 0;   /* of what stands before the last 十 or 百 */
    uint32_t digit = 0; /* what stands behind it; digits in a row are one decimal number: 二○○九 */
    uint32_t count = 0;
    bool is_digit_first = false;
    for (; count < 8; count++, end += size) {
        uint32_t code_point = text_read_code_point(whole, end, &size);
        int read = read_han_digit(code_point);
        if (read < 0 || (count == 0 && code_point < 0x80)) {
            break;
        }
        if (read >= 10) {
            sum += (digit == 0 && !is_digit_first ? 1 : digit) * (uint32_t)read;
            digit = 0;
        } else {
            digit = digit * 10 + (uint32_t)read;
            is_digit_first = true;
        }
    }
    if (count == 0) {
        return false;
    }
    *at = end;
    *value = sum + digit;
    return true;
}
