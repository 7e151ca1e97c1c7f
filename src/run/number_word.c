#include "run/number_word.h"

#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define SIGNS_MAX 24                    /* characters of a number that are looked at */
#define LARGEST INT64_C(10000000000000) /* thousandths; anything larger is no figure that a call is about */

static char lower(char byte) {
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

static bool is_latin(char byte) {
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

/* ---- words ------------------------------------------------------------------------------------------------ */

static bool is_word_at(struct text text, size_t at, struct text word) {
    if (text.length - at < word.length) {
        return false;
    }
    for (size_t i = 0; i < word.length; i++) {
        if (lower(text.bytes[at + i]) != word.bytes[i]) {
            return false;
        }
    }
    size_t end = at + word.length;
    bool is_cut = is_latin(word.bytes[word.length - 1]) && end < text.length && is_latin(text.bytes[end]);
    return !is_cut;
}

int number_word_find(struct text text, size_t at, const struct text *words, size_t count, size_t *end) {
    int found = -1;
    size_t longest = 0;
    for (size_t i = 0; i < count && at < text.length; i++) {
        if (words[i].length > longest && lower(text.bytes[at]) == words[i].bytes[0] && is_word_at(text, at, words[i])) {
            found = (int)i;
            longest = words[i].length;
        }
    }
    *end = at + longest;
    return found;
}

size_t number_word_skip_blanks(struct text text, size_t at) {
    for (int i = 0; i < 8 && at < text.length; i++) {
        size_t size = 0;
        uint32_t sign = text_read_code_point(text, at, &size);
        if (sign != ' ' && sign != '\t' && sign != '\n' && sign != '\r' && sign != 0x3000) {
            break;
        }
        at += size;
    }
    return at;
}

/* ---- digits ----------------------------------------------------------------------------------------------- */

/* A digit, full-width ones too, or -1. */
static int read_digit(struct text text, size_t at, size_t *size) {
    uint32_t sign = text_read_code_point(text, at, size);
    if (sign >= '0' && sign <= '9') {
        return (int)(sign - '0');
    }
    return sign >= 0xFF10 && sign <= 0xFF19 ? (int)(sign - 0xFF10) : -1;
}

/* Three digits behind a comma and no fourth: 1,200. */
static bool is_group(struct text text, size_t at) {
    size_t size = 0;
    for (int i = 0; i < 3; i++) {
        if (read_digit(text, at, &size) < 0) {
            return false;
        }
        at += size;
    }
    return read_digit(text, at, &size) < 0;
}

/* The largest of 10, 100, 1000 … that divides a whole number, itself in thousandths; 0 where there is none. */
static int64_t find_step(int64_t thousandths) {
    int64_t step = 0;
    for (int64_t ten = 10 * NUMBER_ONE; thousandths >= ten && thousandths % ten == 0; ten *= 10) {
        step = ten;
    }
    return step;
}

static size_t read_fraction(struct text text, size_t at, int64_t *thousandths) {
    int64_t place = NUMBER_ONE / 10;
    size_t size = 0;
    for (int digit = read_digit(text, at, &size); digit >= 0; digit = read_digit(text, at, &size)) {
        if (place == 0) {
            return 0; /* finer than anybody says */
        }
        *thousandths += digit * place;
        place /= 10;
        at += size;
    }
    return at;
}

static size_t read_digits(struct text text, size_t from, struct number *number) {
    size_t at = from;
    size_t size = 0;
    int64_t value = 0;
    bool is_whole = true;
    for (int i = 0; i < SIGNS_MAX; i++) {
        int digit = read_digit(text, at, &size);
        if (digit < 0 && at > from && at < text.length && text.bytes[at] == ',' && is_group(text, at + 1)) {
            at++;
            continue;
        }
        if (digit < 0) {
            break;
        }
        value = value * 10 + digit * NUMBER_ONE;
        at += size;
        if (value > LARGEST) {
            return from;
        }
    }
    if (at == from || read_digit(text, at, &size) >= 0) {
        return from;
    }
    size_t behind = at + 1;
    bool has_point = at < text.length && text.bytes[at] == '.';
    if (!has_point && text_read_code_point(text, at, &size) == 0xFF0E) {
        has_point = true;
        behind = at + size;
    }
    if (has_point && read_digit(text, behind, &size) >= 0) {
        at = read_fraction(text, behind, &value);
        is_whole = false;
        if (at == 0) {
            return from;
        }
    }
    *number = (struct number){.low = value, .high = value, .step = is_whole ? find_step(value) : 0};
    return at;
}

/* ---- Chinese numerals ------------------------------------------------------------------------------------- */

static int find_numeral(uint32_t sign) {
    static const uint32_t numerals[][3] = {{0x96F6, 0x3007, 0x25CB}, {0x4E00, 0x58F9, 0x5E7A}, {0x4E8C, 0x8D30, 0x4E24},
                                           {0x4E09, 0x53C1, 0},      {0x56DB, 0x8086, 0},      {0x4E94, 0x4F0D, 0},
                                           {0x516D, 0x9646, 0},      {0x4E03, 0x67D2, 0},      {0x516B, 0x634C, 0},
                                           {0x4E5D, 0x7396, 0}};
    for (int i = 0; i < 10; i++) {
        for (int k = 0; k < 3; k++) {
            if (sign == numerals[i][k] && sign != 0) {
                return i;
            }
        }
    }
    return -1;
}

/* 十 百 千, 万 亿; 0 for anything else. */
static int64_t find_place(uint32_t sign) {
    switch (sign) {
    case 0x5341:
    case 0x62FE:
        return 10;
    case 0x767E:
    case 0x4F70:
        return 100;
    case 0x5343:
    case 0x4EDF:
        return 1000;
    case 0x4E07:
        return 10000;
    case 0x4EBF:
        return 100000000;
    default:
        return 0;
    }
}

#define SIGN_SEVERAL 0x51E0U /* 几 */
#define SIGN_NUMBER 0x6570U  /* 数, of 数十 */

/* A Chinese number on its way: whole 万 and 亿, the part behind them, and the digit that waits for its place. */
struct numerals {
    int64_t total_low, total_high;
    int64_t part_low, part_high;
    int digit_low, digit_high; /* -1: none waits */
    int64_t place;             /* of the last digit that was placed */
    bool is_range;             /* 三四, 十几 */
    bool is_several;           /* the waiting digit is 几 */
    bool has_zero;             /* 零 before the waiting digit: 一百零二 */
    bool has_any;
};

static bool take_numeral(struct numerals *made, int digit) {
    if (made->digit_low < 0) {
        if (digit == 0) {
            made->has_zero = true;
        } else {
            made->digit_low = digit;
            made->digit_high = digit;
        }
        return true;
    }
    bool is_next = digit == made->digit_low + 1 || (made->digit_low == 3 && digit == 5);
    if (made->is_range || !is_next || digit == 0) {
        return false; /* digits read out one by one are no number that one says: a telephone, a year */
    }
    made->digit_high = digit;
    made->is_range = true;
    return true;
}

static bool take_several(struct numerals *made) {
    if (made->digit_low >= 0 || made->is_range) {
        return false;
    }
    made->digit_low = made->has_any ? 1 : 2;
    made->digit_high = 9;
    made->is_range = true;
    made->is_several = true;
    return true;
}

static bool take_place(struct numerals *made, int64_t place) {
    if (place >= 10000) {
        int64_t low = made->part_low + (made->digit_low > 0 ? made->digit_low : 0);
        int64_t high = made->part_high + (made->digit_high > 0 ? made->digit_high : 0);
        if (low == 0 || made->total_high + high > LARGEST / place) {
            return false;
        }
        made->total_low = (made->total_low + low) * place;
        made->total_high = (made->total_high + high) * place + (made->is_several ? place - 1 : 0);
        made->part_low = 0;
        made->part_high = 0;
    } else {
        bool is_bare_ten = made->digit_low < 0 && place == 10 && (!made->has_any || made->has_zero || made->place > 10);
        if ((made->digit_low < 0 && !is_bare_ten) ||
            (made->place != 0 && made->place <= place && made->place < 10000)) {
            return false;
        }
        made->part_low += (made->digit_low < 0 ? 1 : made->digit_low) * place;
        made->part_high += (made->digit_low < 0 ? 1 : made->digit_high) * place + (made->is_several ? place - 1 : 0);
    }
    made->digit_low = -1;
    made->digit_high = -1;
    made->place = place;
    made->is_several = false;
    made->has_zero = false;
    return made->total_high <= LARGEST && made->part_high <= LARGEST;
}

/* Takes one sign. False where the number ends before it; *is_good false where there is none at all. */
static bool take_sign(struct numerals *made, struct text text, size_t at, size_t size, uint32_t sign, bool *is_good) {
    int digit = find_numeral(sign);
    int64_t place = find_place(sign);
    if (digit >= 0) {
        *is_good = take_numeral(made, digit);
    } else if (place > 0) {
        *is_good = take_place(made, place);
    } else if (sign == SIGN_SEVERAL) {
        *is_good = take_several(made);
    } else if (sign == SIGN_NUMBER && !made->has_any) {
        size_t next = 0;
        if (find_place(text_read_code_point(text, at + size, &next)) == 0) {
            return false;
        }
        *is_good = take_several(made);
    } else {
        return false;
    }
    made->has_any = true;
    return *is_good;
}

/* 一百二 is 120, 一万二 12000: the digit behind a hundred stands in the next place. */
static int64_t find_last_place(const struct numerals *made) {
    return made->place >= 100 && !made->has_zero && !made->is_range ? made->place / 10 : 1;
}

/* The offset behind the 、 of 十二、三 and 二、三十, of which the second digit goes on where the first stops; else `at`. */
static size_t skip_pause(const struct numerals *made, struct text text, size_t at) {
    static const struct text pauses[] = {TEXT_INITIAL("、")};
    size_t end = 0;
    size_t size = 0;
    bool may_stand = made->digit_low > 0 && !made->is_range && number_word_find(text, at, pauses, 1, &end) >= 0;
    int digit = may_stand ? find_numeral(text_read_code_point(text, end, &size)) : -1;
    return may_stand && digit == made->digit_low + 1 ? end : at;
}

static size_t read_numerals(struct text text, size_t from, struct number *number) {
    struct numerals made = {.digit_low = -1, .digit_high = -1};
    size_t at = from;
    bool is_good = true;
    for (int i = 0; i < SIGNS_MAX; i++) {
        size_t size = 0;
        at = skip_pause(&made, text, at);
        uint32_t sign = text_read_code_point(text, at, &size);
        if (!take_sign(&made, text, at, size, sign, &is_good)) {
            break;
        }
        at += size;
    }
    if (!is_good || !made.has_any) {
        return from;
    }
    bool has_last = made.digit_low >= 0;
    int64_t last_place = find_last_place(&made);
    int64_t low = made.total_low + made.part_low + (has_last ? made.digit_low * last_place : 0);
    int64_t high = made.total_high + made.part_high + (has_last ? made.digit_high * last_place : 0);
    *number = (struct number){.low = low * NUMBER_ONE,
                              .high = high * NUMBER_ONE,
                              .step = has_last || made.place < 10 || made.is_range ? 0 : made.place * NUMBER_ONE,
                              .is_spoken = true};
    return at;
}

/* Behind these 上 is of the number, as in 有上百人, 过火面积上千亩; behind any other Chinese character it ends a word of its own,
 * as in 山上十个人, 晚上十个人. */
static bool may_rise_behind(struct text text, size_t at) {
    static const struct text before[] = {
        TEXT_INITIAL("了"), TEXT_INITIAL("有"), TEXT_INITIAL("脱"), TEXT_INITIAL("达"), TEXT_INITIAL("约"),
        TEXT_INITIAL("近"), TEXT_INITIAL("过"), TEXT_INITIAL("到"), TEXT_INITIAL("是"), TEXT_INITIAL("怕"),
        TEXT_INITIAL("计"), TEXT_INITIAL("及"), TEXT_INITIAL("少"), TEXT_INITIAL("概"), TEXT_INITIAL("能"),
        TEXT_INITIAL("经"), TEXT_INITIAL("乎"), TEXT_INITIAL("困"), TEXT_INITIAL("亡"), TEXT_INITIAL("死"),
        TEXT_INITIAL("伤"), TEXT_INITIAL("烧"), TEXT_INITIAL("火"), TEXT_INITIAL("积"), TEXT_INITIAL("数"),
        TEXT_INITIAL("员"), TEXT_INITIAL("众"), TEXT_INITIAL("民"), TEXT_INITIAL("散"), TEXT_INITIAL("移"),
        TEXT_INITIAL("出"), TEXT_INITIAL("动"), TEXT_INITIAL("胁"), TEXT_INITIAL("着"), TEXT_INITIAL("共")};
    size_t from = text_step_back(text, at);
    size_t end = 0;
    uint32_t sign = from == at ? 0 : text_read_code_point(text, from, &end);
    bool is_chinese = sign >= 0x4E00 && sign <= 0x9FFF;
    return !is_chinese || number_word_find(text, from, before, COUNT_OF(before), &end) >= 0;
}

/* 个把, 百把, 上百, 好几, 个多: words that are a number of their own. */
static size_t read_idiom(struct text text, size_t from, struct number *number) {
    static const struct text words[] = {
        TEXT_INITIAL("个把"), TEXT_INITIAL("十把"), TEXT_INITIAL("百把"), TEXT_INITIAL("千把"), TEXT_INITIAL("万把"),
        TEXT_INITIAL("上十"), TEXT_INITIAL("上百"), TEXT_INITIAL("上千"), TEXT_INITIAL("上万"), TEXT_INITIAL("好几"),
        TEXT_INITIAL("个多"), TEXT_INITIAL("百多"), TEXT_INITIAL("千多")};
    enum { FIRST_RISING = 5, LAST_RISING = 8 };
    static const int64_t low[] = {1, 10, 100, 1000, 10000, 10, 100, 1000, 10000, 3, 1, 101, 1001};
    static const int64_t high[] = {1, 10, 100, 1000, 10000, 19, 999, 9999, 99999, 9, 2, 199, 1999};
    size_t end = 0;
    size_t size = 0;
    int found = number_word_find(text, from, words, COUNT_OF(words), &end);
    uint32_t next = found < 0 ? 0 : text_read_code_point(text, end, &size);
    if (found < 0 || find_numeral(next) >= 0 || find_place(next) > 0 || next == SIGN_SEVERAL) {
        return from; /* 好几十, 上十万: those are read as numerals */
    }
    if (found >= FIRST_RISING && found <= LAST_RISING && !may_rise_behind(text, from)) {
        return from;
    }
    *number = (struct number){
        .low = low[found] * NUMBER_ONE, .high = high[found] * NUMBER_ONE, .is_rough = found < 5, .is_spoken = true};
    return end;
}

/* 3、4 of digits: the second is one more than the first, and no digit follows. */
static size_t read_next_digit(struct text text, size_t at, struct number *number) {
    static const struct text pauses[] = {TEXT_INITIAL("、")};
    size_t end = 0;
    size_t size = 0;
    size_t next_size = 0;
    bool is_digit = number->low == number->high && number->low > 0 && number->low < 9 * NUMBER_ONE &&
                    number->low % NUMBER_ONE == 0 && !number->is_spoken;
    if (!is_digit || number_word_find(text, at, pauses, 1, &end) < 0 ||
        read_digit(text, end, &size) != number->low / NUMBER_ONE + 1 || read_digit(text, end + size, &next_size) >= 0) {
        return at;
    }
    number->high += NUMBER_ONE;
    return end + size;
}

/* 二十多, 三百余, 20来, 3万多, and 三点五. */
static size_t read_tail(struct text text, size_t at, struct number *number) {
    static const struct text more[] = {TEXT_INITIAL("多"), TEXT_INITIAL("余"), TEXT_INITIAL("好几"),
                                       TEXT_INITIAL("几")};
    static const struct text rough[] = {TEXT_INITIAL("来")};
    size_t end = 0;
    size_t size = 0;
    int64_t place = find_place(text_read_code_point(text, at, &size));
    if (!number->is_spoken && place > 0 && number->high <= LARGEST / place) {
        number->low *= place;
        number->high *= place;
        number->step = place * NUMBER_ONE;
        at += size;
    }
    if (number->low != number->high || number->step == 0) {
        return at;
    }
    if (number_word_find(text, at, more, COUNT_OF(more), &end) >= 0) {
        number->low += NUMBER_ONE;
        number->high += number->step - NUMBER_ONE;
        return end;
    }
    if (number_word_find(text, at, rough, COUNT_OF(rough), &end) >= 0) {
        number->is_rough = true;
        return end;
    }
    return at;
}

/* 三点五: a point and digits behind a whole number in words. */
static size_t read_spoken_fraction(struct text text, size_t at, struct number *number) {
    size_t size = 0;
    int64_t place = NUMBER_ONE / 10;
    if (!number->is_spoken || number->low != number->high || text_read_code_point(text, at, &size) != 0x70B9) {
        return at;
    }
    size_t end = at + size;
    int64_t fraction = 0;
    for (int digit = find_numeral(text_read_code_point(text, end, &size)); digit >= 0 && place > 0;
         digit = find_numeral(text_read_code_point(text, end, &size))) {
        fraction += digit * place;
        place /= 10;
        end += size;
    }
    if (place == NUMBER_ONE / 10) {
        return at;
    }
    number->low += fraction;
    number->high += fraction;
    number->step = 0;
    return end;
}

/* ---- English ---------------------------------------------------------------------------------------------- */

struct english {
    struct text word;
    int64_t low, high;
};

static const struct english english[] = {
    {TEXT_INITIAL("zero"), 0, 0},       {TEXT_INITIAL("one"), 1, 1},        {TEXT_INITIAL("two"), 2, 2},
    {TEXT_INITIAL("three"), 3, 3},      {TEXT_INITIAL("four"), 4, 4},       {TEXT_INITIAL("five"), 5, 5},
    {TEXT_INITIAL("six"), 6, 6},        {TEXT_INITIAL("seven"), 7, 7},      {TEXT_INITIAL("eight"), 8, 8},
    {TEXT_INITIAL("nine"), 9, 9},       {TEXT_INITIAL("ten"), 10, 10},      {TEXT_INITIAL("eleven"), 11, 11},
    {TEXT_INITIAL("twelve"), 12, 12},   {TEXT_INITIAL("thirteen"), 13, 13}, {TEXT_INITIAL("fourteen"), 14, 14},
    {TEXT_INITIAL("fifteen"), 15, 15},  {TEXT_INITIAL("sixteen"), 16, 16},  {TEXT_INITIAL("seventeen"), 17, 17},
    {TEXT_INITIAL("eighteen"), 18, 18}, {TEXT_INITIAL("nineteen"), 19, 19}, {TEXT_INITIAL("twenty"), 20, 20},
    {TEXT_INITIAL("thirty"), 30, 30},   {TEXT_INITIAL("forty"), 40, 40},    {TEXT_INITIAL("fifty"), 50, 50},
    {TEXT_INITIAL("sixty"), 60, 60},    {TEXT_INITIAL("seventy"), 70, 70},  {TEXT_INITIAL("eighty"), 80, 80},
    {TEXT_INITIAL("ninety"), 90, 90},   {TEXT_INITIAL("a"), 1, 1},          {TEXT_INITIAL("an"), 1, 1},
    {TEXT_INITIAL("several"), 2, 9},    {TEXT_INITIAL("a few"), 2, 9},      {TEXT_INITIAL("a couple of"), 2, 2},
    {TEXT_INITIAL("a dozen"), 12, 12},
};

static int find_english(struct text text, size_t at, size_t *end) {
    int found = -1;
    size_t behind = 0;
    *end = at;
    for (size_t i = 0; i < COUNT_OF(english); i++) {
        if (number_word_find(text, at, &english[i].word, 1, &behind) >= 0 && behind > *end) {
            found = (int)i;
            *end = behind;
        }
    }
    return found;
}

/* "-" or a blank, and a digit behind twenty, thirty … */
static size_t read_english_ones(struct text text, size_t at, struct number *number) {
    size_t next = at < text.length && text.bytes[at] == '-' ? at + 1 : number_word_skip_blanks(text, at);
    size_t end = 0;
    int ones = next == at ? -1 : find_english(text, next, &end);
    bool is_ten = number->low >= 20 && number->low % 10 == 0 && number->low == number->high;
    if (!is_ten || ones < 1 || ones > 9) {
        return at;
    }
    number->low += english[ones].low;
    number->high += english[ones].low;
    return end;
}

static size_t read_english(struct text text, size_t from, struct number *number) {
    static const struct text places[] = {TEXT_INITIAL("hundred"), TEXT_INITIAL("thousand")};
    static const struct text joints[] = {TEXT_INITIAL("and")};
    size_t end = 0;
    int first = from < text.length && is_latin(text.bytes[from]) ? find_english(text, from, &end) : -1;
    if (first < 0) {
        return from;
    }
    *number = (struct number){.low = english[first].low, .high = english[first].high, .is_spoken = true};
    size_t at = read_english_ones(text, end, number);
    int place = number_word_find(text, number_word_skip_blanks(text, at), places, 2, &end);
    if (place >= 0) {
        number->low *= place == 0 ? 100 : 1000;
        number->high *= place == 0 ? 100 : 1000;
        at = end;
        struct number rest = {0};
        size_t next = number_word_skip_blanks(text, at);
        size_t joint = 0;
        next = number_word_find(text, next, joints, 1, &joint) >= 0 ? number_word_skip_blanks(text, joint) : next;
        int more = find_english(text, next, &end);
        if (more >= 1 && english[more].low == english[more].high && english[more].low >= 1 && english[more].low <= 90 &&
            more < 28) {
            rest = (struct number){.low = english[more].low, .high = english[more].low};
            at = read_english_ones(text, end, &rest);
            number->low += rest.low;
            number->high += rest.low;
        }
    }
    number->low *= NUMBER_ONE;
    number->high *= NUMBER_ONE;
    return at;
}

/* ---- all -------------------------------------------------------------------------------------------------- */

static size_t read_half(struct text text, size_t at, struct number *number) {
    static const struct text halves[] = {TEXT_INITIAL("半"), TEXT_INITIAL("half an"), TEXT_INITIAL("half a"),
                                         TEXT_INITIAL("half")};
    size_t end = 0;
    if (number_word_find(text, at, halves, COUNT_OF(halves), &end) < 0) {
        return at;
    }
    *number = (struct number){.low = NUMBER_ONE / 2, .high = NUMBER_ONE / 2, .is_half = true, .is_spoken = true};
    return end;
}

size_t number_word_read(struct text text, size_t at, struct number *number) {
    if (at >= text.length) {
        return at;
    }
    size_t end = read_idiom(text, at, number);
    if (end != at) {
        return end;
    }
    end = read_digits(text, at, number);
    end = end == at ? read_numerals(text, at, number) : read_next_digit(text, end, number);
    if (end != at) {
        size_t behind = read_spoken_fraction(text, end, number);
        return read_tail(text, behind, number);
    }
    end = read_half(text, at, number);
    return end == at ? read_english(text, at, number) : end;
}

size_t number_word_skip(struct text text, size_t at, const char *const *words, size_t count) {
    for (size_t i = 0; i < count; i++) {
        size_t end = 0;
        struct text word = text_of(words[i]);
        if (number_word_find(text, at, &word, 1, &end) >= 0) {
            return end;
        }
    }
    return at;
}
