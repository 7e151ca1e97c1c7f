/* The numbers that lead lines: 一、 （一） 1. 1、 （1） 1） ① (a) 6.2.2.1 第三章 第十条 专栏4 附件2 Chapter 3 Annex A. */
#include "gazette/reader.h"

#include <stdio.h>
#include <string.h>

/* What has been read of a line. */
struct cursor {
    struct text line;
    size_t at;
};

static uint32_t peek(const struct cursor *cursor) {
    size_t size = 0;
    return glyph_fold(text_read_code_point(cursor->line, cursor->at, &size));
}

static void step(struct cursor *cursor) {
    size_t size = 0;
    (void)text_read_code_point(cursor->line, cursor->at, &size);
    cursor->at += size;
}

/* How many blanks were passed. */
static uint32_t skip_blanks(struct cursor *cursor) {
    uint32_t count = 0;
    while (cursor->at < cursor->line.length && peek(cursor) == ' ') {
        step(cursor);
        count++;
    }
    return count;
}

static bool take(struct cursor *cursor, const char *mark) {
    size_t length = strlen(mark);
    if (cursor->line.length - cursor->at < length || memcmp(cursor->line.bytes + cursor->at, mark, length) != 0) {
        return false;
    }
    cursor->at += length;
    return true;
}

static bool starts_with_any(struct text text, const char *const *starts, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (text_starts_with(text, text_of(starts[i]))) {
            return true;
        }
    }
    return false;
}

/* Ends a number that has been read: blanks behind it belong to it. */
static bool finish(struct cursor *cursor, struct number *number, enum number_form form, uint32_t value) {
    number->is_spaced = skip_blanks(cursor) > 0;
    number->form = form;
    number->value = value;
    if (form != FORM_DECIMAL) {
        number->parts[0] = value;
        number->depth = 1;
    }
    number->length = cursor->at;
    return true;
}

/* The name of a number that is spelt as in the text, blanks left out and marks folded. */
static void spell(struct number *number, const char *before, struct text spelt, const char *after) {
    char body[64];
    size_t length = 0;
    size_t size = 0;
    for (size_t at = 0; at < spelt.length && length + 4 < sizeof body; at += size) {
        uint32_t code_point = text_read_code_point(spelt, at, &size);
        uint32_t folded = glyph_fold(code_point);
        if (folded != ' ') {
            length += text_write_code_point(folded, body + length);
        }
    }
    body[length] = '\0';
    (void)snprintf(number->name, sizeof number->name, "%s%s%s", before, body, after);
}

static struct text taken(const struct cursor *cursor, size_t from) {
    return (struct text){cursor->line.bytes + from, cursor->at - from};
}

static bool read_value(struct cursor *cursor, uint32_t *value) {
    return glyph_read_digits(cursor->line, &cursor->at, 3, value) ||
           glyph_read_han_number(cursor->line, &cursor->at, value);
}

/* ---- 第三章 ------------------------------------------------------------------------------------------------- */

/* "第三条规定的" speaks of a clause, it does not begin one. */
static bool is_reference(struct text rest) {
    static const char *const words[] = {"规定", "的", "所", "、", "和", "至", "，", "及", "中", "或", "课", "之"};
    return starts_with_any(rest, words, sizeof words / sizeof words[0]);
}

static bool read_ordinal(struct text line, struct number *number) {
    static const struct {
        const char *unit;
        enum number_form form;
    } units[] = {
        {"编", FORM_PART},    {"篇", FORM_PART},    {"部分", FORM_PART},
        {"章", FORM_CHAPTER}, {"节", FORM_SECTION}, {"条", FORM_ARTICLE},
    };
    struct cursor cursor = {line, 0};
    uint32_t value = 0;
    if (!take(&cursor, "第")) {
        return false;
    }
    (void)skip_blanks(&cursor);
    if (!read_value(&cursor, &value)) {
        return false;
    }
    (void)skip_blanks(&cursor);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (take(&cursor, units[i].unit)) {
            spell(number, "", taken(&cursor, 0), "");
            if (is_reference(glyph_skip(line, cursor.at))) {
                return false;
            }
            (void)skip_blanks(&cursor);
            (void)(take(&cursor, "：") || take(&cursor, "、"));
            return finish(&cursor, number, units[i].form, value);
        }
    }
    return false;
}

/* ---- Chapter 3 -------------------------------------------------------------------------------------------- */

static bool read_roman(struct cursor *cursor, uint32_t *value) {
    static const char letters[] = "IVXLC";
    static const uint32_t values[] = {1, 5, 10, 50, 100};
    uint32_t sum = 0;
    uint32_t last = 0;
    size_t start = cursor->at;
    while (cursor->at < cursor->line.length && cursor->at - start < 8) {
        const char *letter = strchr(letters, cursor->line.bytes[cursor->at]);
        if (letter == NULL || *letter == '\0') {
            break;
        }
        uint32_t now = values[letter - letters];
        sum += now;
        sum -= last < now ? 2 * last : 0;
        last = now;
        cursor->at++;
    }
    *value = sum;
    return cursor->at > start;
}

static bool starts_small(struct text rest) {
    return rest.length > 0 && rest.bytes[0] >= 'a' && rest.bytes[0] <= 'z';
}

static bool read_english(struct text line, struct number *number) {
    static const struct {
        const char *word, *capitals;
        enum number_form form;
    } words[] = {
        {"Part ", "PART ", FORM_PART},
        {"Chapter ", "CHAPTER ", FORM_CHAPTER},
        {"Section ", "SECTION ", FORM_SECTION},
        {"Article ", "ARTICLE ", FORM_ARTICLE},
        {"Box ", "BOX ", FORM_BOX},
        {"Table ", "TABLE ", FORM_BOX},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct cursor cursor = {line, 0};
        uint32_t value = 0;
        if (!take(&cursor, words[i].word) && !take(&cursor, words[i].capitals)) {
            continue;
        }
        size_t digits = cursor.at;
        if (!glyph_read_digits(line, &cursor.at, 3, &value) && !read_roman(&cursor, &value)) {
            return false;
        }
        spell(number, words[i].word, taken(&cursor, digits), "");
        uint32_t next = peek(&cursor);
        bool is_marked = next == '.' || next == ':';
        if (is_marked) {
            step(&cursor);
        }
        if (glyph_is_word(peek(&cursor))) {
            return false;
        }
        (void)skip_blanks(&cursor);
        /* "Section 3 applies" is a sentence: a title is spaced by a mark, or the line is none and goes on in capitals. */
        if (!is_marked && (line_is_sentence(line) || starts_small(glyph_skip(line, cursor.at)))) {
            return false;
        }
        return finish(&cursor, number, words[i].form, value);
    }
    return false;
}

/* ---- boxes ------------------------------------------------------------------------------------------------ */

static bool read_box(struct text line, struct number *number) {
    struct cursor cursor = {line, 0};
    uint32_t value = 0;
    bool is_table = false;
    if (!take(&cursor, "专栏")) {
        is_table = take(&cursor, "表");
        if (!is_table) {
            return false;
        }
    }
    (void)skip_blanks(&cursor);
    if (!read_value(&cursor, &value) || (is_table && line_is_sentence(line))) {
        return false;
    }
    spell(number, "", taken(&cursor, 0), "");
    (void)(take(&cursor, "：") || take(&cursor, "．") || take(&cursor, "."));
    uint32_t next = peek(&cursor);
    if (is_table && next != ' ' && next != 0 && line.bytes[cursor.at - 1] != ':') {
        return false;
    }
    return finish(&cursor, number, FORM_BOX, value);
}

/* ---- brackets --------------------------------------------------------------------------------------------- */

static bool read_bracket(struct text line, struct number *number) {
    struct cursor cursor = {line, 0};
    uint32_t value = 0;
    enum number_form form = FORM_NONE;
    if (peek(&cursor) != '(') {
        return false;
    }
    step(&cursor);
    (void)skip_blanks(&cursor);
    size_t from = cursor.at;
    uint32_t letter = peek(&cursor);
    if (glyph_read_digits(line, &cursor.at, 3, &value)) {
        form = FORM_BRACKET;
    } else if (glyph_read_han_number(line, &cursor.at, &value)) {
        form = FORM_HAN_BRACKET;
    } else if (letter >= 'a' && letter <= 'z') {
        step(&cursor);
        value = letter - 'a' + 1;
        form = FORM_LETTER;
    } else {
        return false;
    }
    spell(number, "(", taken(&cursor, from), ")");
    (void)skip_blanks(&cursor);
    if (peek(&cursor) != ')') {
        return false;
    }
    step(&cursor);
    (void)take(&cursor, "、");
    return finish(&cursor, number, form, value);
}

static bool read_circle(struct text line, struct number *number) {
    struct cursor cursor = {line, 0};
    uint32_t code_point = peek(&cursor);
    if (code_point < 0x2460 || code_point > 0x2473) {
        return false;
    }
    step(&cursor);
    spell(number, "", taken(&cursor, 0), "");
    return finish(&cursor, number, FORM_CIRCLE, code_point - 0x2460 + 1);
}

/* ---- 一、 --------------------------------------------------------------------------------------------------- */

static bool read_han(struct text line, struct number *number) {
    struct cursor cursor = {line, 0};
    uint32_t value = 0;
    if (!glyph_read_han_number(line, &cursor.at, &value)) {
        return false;
    }
    spell(number, "", taken(&cursor, 0), "");
    bool is_marked = take(&cursor, "、") || take(&cursor, "．") || take(&cursor, ".");
    if (!is_marked && (peek(&cursor) != ' ' || line_is_sentence(line) || glyph_columns(line) > 60)) {
        return false;
    }
    /* "一、二级响应由…" counts levels. */
    size_t next = cursor.at;
    uint32_t other = 0;
    if (glyph_read_han_number(line, &next, &other)) {
        static const char *const words[] = {"级", "类", "等", "、", "期", "档"};
        if (starts_with_any(glyph_skip(line, next), words, sizeof words / sizeof words[0])) {
            return false;
        }
    }
    return finish(&cursor, number, FORM_HAN, value);
}

/* ---- 1. and 6.2.2.1 --------------------------------------------------------------------------------------- */

/* Reads 6.2.2.1; leaves the cursor behind the last digit. */
static bool read_parts(struct cursor *cursor, struct number *number) {
    number->depth = 0;
    while (number->depth < NUMBER_DEPTH_MAX) {
        size_t before = cursor->at;
        if (number->depth > 0) {
            if (peek(cursor) != '.') {
                return true;
            }
            step(cursor);
        }
        if (!glyph_read_digits(cursor->line, &cursor->at, 3, &number->parts[number->depth])) {
            cursor->at = before;
            return number->depth > 0;
        }
        number->depth++;
    }
    return peek(cursor) != '.';
}

bool number_is_quantity(struct text rest) {
    static const char *const units[] = {
        "年", "月", "日", "时", "分", "秒", "个",   "人", "名", "项", "次", "级", "位", "支",
        "家", "处", "台", "辆", "公", "千", "百",   "万", "亿", "元", "米", "吨", "%",  "％",
        "岁", "至", "到", "—",  "-",  "～", "小时", "起", "批", "条", "款", "张", "天", "周",
        "倍", "种", "份", "号", "楼", "层", "度",   "座", "所", "，", "。", "/",  "+",  "·",
    };
    return starts_with_any(rest, units, sizeof units / sizeof units[0]);
}

static bool read_arabic(struct text line, struct number *number) {
    struct cursor cursor = {line, 0};
    if (!read_parts(&cursor, number) || number->parts[0] == 0) {
        return false;
    }
    uint32_t value = number->parts[number->depth - 1];
    uint32_t next = peek(&cursor);
    spell(number, "", taken(&cursor, 0), "");
    if (number->depth == 1 && (next == '.' || take(&cursor, "、"))) {
        if (next == '.') {
            step(&cursor);
        }
        return finish(&cursor, number, FORM_POINT, value);
    }
    if (number->depth == 1 && next == ')') {
        spell(number, "(", taken(&cursor, 0), ")");
        step(&cursor);
        return finish(&cursor, number, FORM_HALF, value);
    }
    if (value == 0) {
        return false;
    }
    /* "2.5 m of water": a clause begins with a capital */
    struct text words = glyph_trim(glyph_skip(line, cursor.at));
    if (starts_small(words)) {
        return false;
    }
    bool is_marked = number->depth > 1 && (take(&cursor, "、") || take(&cursor, "．") || take(&cursor, "."));
    if (!is_marked &&
        (number_is_quantity(glyph_skip(line, cursor.at)) || next == 0 || (next < 0x80 && next != ' ' && next != '('))) {
        return false;
    }
    return finish(&cursor, number, FORM_DECIMAL, value);
}

bool number_read(struct text line, struct number *number) {
    typedef bool number_reader(struct text line, struct number * number);
    static number_reader *const readers[] = {read_ordinal, read_bracket, read_arabic, read_han,
                                             read_box,     read_circle,  read_english};
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        *number = (struct number){0};
        if (readers[i](line, number)) {
            return true;
        }
    }
    *number = (struct number){0};
    return false;
}

/* ---- annexes ---------------------------------------------------------------------------------------------- */

/* The number of an annex: digits, Chinese numerals, or a capital letter. */
static bool read_annex_number(struct cursor *cursor, char out[96]) {
    size_t from = cursor->at;
    uint32_t value = 0;
    struct number number = {0};
    if (!read_value(cursor, &value)) {
        uint32_t letter = peek(cursor);
        if (letter < 'A' || letter > 'Z') {
            return false;
        }
        step(cursor);
        uint32_t next = peek(cursor);
        if (next < 0x250 && glyph_is_word(next)) {
            return false;
        }
    }
    spell(&number, "", taken(cursor, from), "");
    memcpy(out, number.name, sizeof number.name);
    return true;
}

bool number_read_annex(struct text line, struct text *rest, char name[96]) {
    static const struct {
        const char *word, *printed;
        bool is_latin;
    } words[] = {
        {"附件", "附件", false},         {"附录", "附录", false},         {"附表", "附表", false},
        {"附图", "附图", false},         {"Annex", "Annex ", true},       {"ANNEX", "Annex ", true},
        {"Appendix", "Appendix ", true}, {"APPENDIX", "Appendix ", true}, {"Attachment", "Attachment ", true},
        {"Schedule", "Schedule ", true},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct cursor cursor = {line, 0};
        char number[96] = "";
        if (!take(&cursor, words[i].word)) {
            continue;
        }
        uint32_t blanks = skip_blanks(&cursor);
        bool is_numbered = (!words[i].is_latin || blanks > 0) && read_annex_number(&cursor, number);
        (void)snprintf(name, 96, "%s%.64s", words[i].printed, number);
        if (!is_numbered && words[i].is_latin) {
            name[strlen(words[i].word)] = '\0';
        }
        blanks = is_numbered ? skip_blanks(&cursor) : blanks;
        bool is_marked = take(&cursor, "：") || take(&cursor, ":") || take(&cursor, ".") || take(&cursor, "—") ||
                         take(&cursor, "、") || take(&cursor, "-");
        *rest = glyph_trim(glyph_skip(line, cursor.at));
        return rest->length == 0 || is_marked || (is_numbered && blanks > 0 && !line_is_sentence(line));
    }
    return false;
}
