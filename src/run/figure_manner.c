#include "run/figure_manner.h"

#include "run/number_word.h"

#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define WORDS_BEFORE_MAX 3
#define CARRIERS_MAX 4

/* ---- the words -------------------------------------------------------------------------------------------- */

enum bearing { ABOUT, NEARLY, AT_LEAST, AT_MOST, MORE, LESS, BEARINGS };

#define WORDS_MAX 20

/* What words before a number make of it; what is not said whether it includes the number is taken to include it. */
static const struct text words_before[BEARINGS][WORDS_MAX] = {
    [ABOUT] = {TEXT_INITIAL("约"), TEXT_INITIAL("大约"), TEXT_INITIAL("大概"), TEXT_INITIAL("大致"),
               TEXT_INITIAL("差不多"), TEXT_INITIAL("约莫"), TEXT_INITIAL("估计"), TEXT_INITIAL("估摸"),
               TEXT_INITIAL("怕有"), TEXT_INITIAL("怕是"), TEXT_INITIAL("初步估计"), TEXT_INITIAL("目测"),
               TEXT_INITIAL("about"), TEXT_INITIAL("around"), TEXT_INITIAL("approximately"), TEXT_INITIAL("roughly")},
    [NEARLY] = {TEXT_INITIAL("近"), TEXT_INITIAL("将近"), TEXT_INITIAL("接近"), TEXT_INITIAL("快"),
                TEXT_INITIAL("快要"), TEXT_INITIAL("快到"), TEXT_INITIAL("nearly"), TEXT_INITIAL("almost"),
                TEXT_INITIAL("close to")},
    [AT_LEAST] = {TEXT_INITIAL("至少"), TEXT_INITIAL("最少"), TEXT_INITIAL("起码"), TEXT_INITIAL("少说"),
                  TEXT_INITIAL("不少于"), TEXT_INITIAL("不低于"), TEXT_INITIAL("不下"), TEXT_INITIAL("不下于"),
                  TEXT_INITIAL("at least"), TEXT_INITIAL("no less than"), TEXT_INITIAL("no fewer than"),
                  TEXT_INITIAL("not less than")},
    [AT_MOST] = {TEXT_INITIAL("至多"), TEXT_INITIAL("最多"), TEXT_INITIAL("顶多"), TEXT_INITIAL("撑死"),
                 TEXT_INITIAL("不超过"), TEXT_INITIAL("不多于"), TEXT_INITIAL("at most"), TEXT_INITIAL("up to"),
                 TEXT_INITIAL("no more than"), TEXT_INITIAL("not more than")},
    [MORE] = {TEXT_INITIAL("超过"), TEXT_INITIAL("多于"), TEXT_INITIAL("超"), TEXT_INITIAL("不止"),
              TEXT_INITIAL("more than"), TEXT_INITIAL("over")},
    [LESS] = {TEXT_INITIAL("不到"), TEXT_INITIAL("不足"), TEXT_INITIAL("不满"), TEXT_INITIAL("少于"),
              TEXT_INITIAL("less than"), TEXT_INITIAL("fewer than"), TEXT_INITIAL("under")},
};

/* The same behind it. */
static const struct text words_behind[BEARINGS][WORDS_MAX] = {
    [ABOUT] = {TEXT_INITIAL("左右"), TEXT_INITIAL("上下"), TEXT_INITIAL("的样子"), TEXT_INITIAL("样子"),
               TEXT_INITIAL("光景"), TEXT_INITIAL("or so"), TEXT_INITIAL("roughly"), TEXT_INITIAL("approximately")},
    [AT_LEAST] = {TEXT_INITIAL("以上"), TEXT_INITIAL("以外"), TEXT_INITIAL("开外"), TEXT_INITIAL("往上"),
                  TEXT_INITIAL("出头"), TEXT_INITIAL("or more"), TEXT_INITIAL("at least")},
    [AT_MOST] = {TEXT_INITIAL("以下"), TEXT_INITIAL("以内"), TEXT_INITIAL("之内"), TEXT_INITIAL("or less"),
                 TEXT_INITIAL("or fewer"), TEXT_INITIAL("at most")},
    [LESS] = {TEXT_INITIAL("不到"), TEXT_INITIAL("还不到")},
};

/* Those that do not say whether the number itself is included, and documents differ on it. */
static const struct text vague_words[] = {TEXT_INITIAL("以上"), TEXT_INITIAL("以外"), TEXT_INITIAL("开外"),
                                          TEXT_INITIAL("往上"), TEXT_INITIAL("出头"), TEXT_INITIAL("以下"),
                                          TEXT_INITIAL("以内"), TEXT_INITIAL("之内")};

/* The longest of such words at an offset; BEARINGS where there are none. *end is behind it. */
static enum bearing find_bearing(const struct text words[BEARINGS][WORDS_MAX], struct text text, size_t at,
                                 size_t *end) {
    enum bearing found = BEARINGS;
    *end = at;
    for (int i = 0; i < BEARINGS; i++) {
        size_t count = 0;
        size_t behind = 0;
        while (count < WORDS_MAX && words[i][count].length > 0) {
            count++;
        }
        if (number_word_find(text, at, words[i], count, &behind) >= 0 && behind > *end) {
            found = (enum bearing)i;
            *end = behind;
        }
    }
    return found;
}

bool figure_manner_is_least(enum figure_comparison comparison) {
    return comparison == FIGURE_AT_LEAST || comparison == FIGURE_MORE;
}

/* Both hold: of two bounds in one direction the wider one stands. False where they contradict one another. */
static bool join_comparison(enum figure_comparison *comparison, enum figure_comparison other) {
    if (*comparison == FIGURE_WITHIN || other == FIGURE_WITHIN) {
        *comparison = other == FIGURE_WITHIN ? *comparison : other;
        return true;
    }
    if (figure_manner_is_least(*comparison) != figure_manner_is_least(other)) {
        return false;
    }
    *comparison = *comparison == other ? other : figure_manner_is_least(other) ? FIGURE_AT_LEAST : FIGURE_AT_MOST;
    return true;
}

/* Adds what one more word says. */
static bool join_bearing(struct figure_manner *manner, enum bearing bearing) {
    static const enum figure_comparison comparisons[BEARINGS] = {
        [AT_LEAST] = FIGURE_AT_LEAST, [AT_MOST] = FIGURE_AT_MOST, [MORE] = FIGURE_MORE, [LESS] = FIGURE_LESS};
    manner->is_about = manner->is_about || bearing == ABOUT;
    manner->is_nearly = manner->is_nearly || bearing == NEARLY;
    return join_comparison(&manner->comparison, comparisons[bearing]);
}

bool figure_manner_join(struct figure_manner *manner, const struct figure_manner *other) {
    manner->is_about = manner->is_about || other->is_about;
    manner->is_nearly = manner->is_nearly || other->is_nearly;
    manner->is_vague = manner->is_vague || other->is_vague;
    return join_comparison(&manner->comparison, other->comparison);
}

/* Words that may stand between such words and the number: 大概有, 至少也有, 快到. */
static size_t skip_carriers(struct text text, size_t at) {
    static const struct text carriers[] = {TEXT_INITIAL("也有"), TEXT_INITIAL("都有"), TEXT_INITIAL("得有"),
                                           TEXT_INITIAL("有"), TEXT_INITIAL("是")};
    size_t end = 0;
    size_t next = number_word_skip_blanks(text, at);
    return number_word_find(text, next, carriers, COUNT_OF(carriers), &end) >= 0 ? number_word_skip_blanks(text, end)
                                                                                 : next;
}

bool figure_manner_read_before(struct text text, size_t *at, struct figure_manner *manner) {
    static const char *const places[] = {"在"};
    *manner = (struct figure_manner){.comparison = FIGURE_WITHIN};
    for (int i = 0; i < WORDS_BEFORE_MAX; i++) {
        size_t end = 0;
        enum bearing bearing = find_bearing(words_before, text, *at, &end);
        if (bearing == BEARINGS || figure_manner_is_other_word(text, *at)) {
            break;
        }
        if (!join_bearing(manner, bearing)) {
            return false;
        }
        *at = number_word_skip(text, skip_carriers(text, end), places, COUNT_OF(places));
    }
    return true;
}

size_t figure_manner_read_behind(struct text text, size_t at, struct figure_manner *manner) {
    size_t next = number_word_skip_blanks(text, at);
    size_t end = 0;
    enum bearing bearing = find_bearing(words_behind, text, next, &end);
    if (bearing == BEARINGS || !join_bearing(manner, bearing)) {
        return at;
    }
    size_t behind = 0;
    manner->is_vague =
        manner->is_vague || number_word_find(text, next, vague_words, COUNT_OF(vague_words), &behind) >= 0;
    return end;
}

/* ---- apart from the number -------------------------------------------------------------------------------- */

static bool is_latin(char byte) {
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

/* Whether text[..at] ends with a word, no part of a longer one; Latin letters without case. */
static bool ends_with(struct text text, size_t from, size_t at, struct text word) {
    size_t end = 0;
    if (word.length == 0 || at - from < word.length) {
        return false;
    }
    size_t begin = at - word.length;
    bool is_cut = begin > from && is_latin(word.bytes[0]) && is_latin(text.bytes[begin - 1]);
    struct text head = {text.bytes, at};
    return !is_cut && number_word_find(head, begin, &word, 1, &end) >= 0;
}

bool figure_manner_is_other_word(struct text text, size_t at) {
    static const struct text longer[][12] = {
        {TEXT_INITIAL("附近"), TEXT_INITIAL("最近"), TEXT_INITIAL("靠近"), TEXT_INITIAL("临近"), TEXT_INITIAL("邻近"),
         TEXT_INITIAL("就近"), TEXT_INITIAL("远近"), TEXT_INITIAL("逼近"), TEXT_INITIAL("将近"), TEXT_INITIAL("接近")},
        {TEXT_INITIAL("很快"), TEXT_INITIAL("赶快"), TEXT_INITIAL("尽快"), TEXT_INITIAL("飞快"), TEXT_INITIAL("太快"),
         TEXT_INITIAL("较快"), TEXT_INITIAL("更快"), TEXT_INITIAL("加快"), TEXT_INITIAL("好快"), TEXT_INITIAL("多快"),
         TEXT_INITIAL("这么快"), TEXT_INITIAL("越快")},
        {TEXT_INITIAL("节约"), TEXT_INITIAL("预约"), TEXT_INITIAL("大约"), TEXT_INITIAL("条约"), TEXT_INITIAL("合约")},
    };
    static const struct text signs[] = {TEXT_INITIAL("近"), TEXT_INITIAL("快"), TEXT_INITIAL("约")};
    size_t end = 0;
    int sign = number_word_find(text, at, signs, COUNT_OF(signs), &end);
    for (size_t i = 0; sign >= 0 && i < COUNT_OF(longer[0]); i++) {
        if (ends_with(text, 0, end, longer[sign][i])) {
            return true;
        }
    }
    return false;
}

/* The offset of the end of a text without the words that may stand between: 大概已经, 至少目前有, roughly there are. */
static size_t strip_carriers(struct text text, size_t from, size_t at) {
    static const struct text carriers[] = {
        TEXT_INITIAL("有"),        TEXT_INITIAL("是"),       TEXT_INITIAL("已"),      TEXT_INITIAL("已经"),
        TEXT_INITIAL("都"),        TEXT_INITIAL("也"),       TEXT_INITIAL("还"),      TEXT_INITIAL("又"),
        TEXT_INITIAL("就"),        TEXT_INITIAL("共"),       TEXT_INITIAL("一共"),    TEXT_INITIAL("总共"),
        TEXT_INITIAL("现在"),      TEXT_INITIAL("目前"),     TEXT_INITIAL("火"),      TEXT_INITIAL("可能"),
        TEXT_INITIAL("there are"), TEXT_INITIAL("there is"), TEXT_INITIAL("we have"), TEXT_INITIAL("has"),
        TEXT_INITIAL("the"),       TEXT_INITIAL("is"),       TEXT_INITIAL("are")};
    for (int i = 0; i < CARRIERS_MAX; i++) {
        size_t before = at;
        while (at > from && (text.bytes[at - 1] == ' ' || text.bytes[at - 1] == '\t')) {
            at--;
        }
        for (size_t k = 0; k < COUNT_OF(carriers); k++) {
            if (ends_with(text, from, at, carriers[k])) {
                at -= carriers[k].length;
                break;
            }
        }
        if (at == before) {
            break;
        }
    }
    return at;
}

/* Words that end at an offset; returns where they begin, or the offset where there are none. */
static size_t find_close(struct text text, size_t from, size_t at, enum bearing *bearing) {
    size_t begin = at;
    for (int i = 0; i < BEARINGS; i++) {
        for (size_t k = 0; k < WORDS_MAX && words_before[i][k].length > 0; k++) {
            struct text word = words_before[i][k];
            if (at - begin < word.length && ends_with(text, from, at, word) &&
                !figure_manner_is_other_word(text, at - word.length)) {
                begin = at - word.length;
                *bearing = (enum bearing)i;
            }
        }
    }
    return begin;
}

/* Further off only words count that are hardly said of anything but a figure, and no number of their own follows. False where
 * they would bound it from above: who knows what they were about. */
static bool join_distant(struct text text, size_t from, size_t at, struct figure_manner *manner) {
    static const struct text words[BEARINGS][WORDS_MAX] = {
        [ABOUT] = {TEXT_INITIAL("大约"), TEXT_INITIAL("大概"), TEXT_INITIAL("差不多"), TEXT_INITIAL("约莫"),
                   TEXT_INITIAL("估计"), TEXT_INITIAL("估摸"), TEXT_INITIAL("目测"), TEXT_INITIAL("roughly"),
                   TEXT_INITIAL("approximately")},
        [AT_LEAST] = {TEXT_INITIAL("至少"), TEXT_INITIAL("最少"), TEXT_INITIAL("起码"), TEXT_INITIAL("少说"),
                      TEXT_INITIAL("at least")},
        [AT_MOST] = {TEXT_INITIAL("至多"), TEXT_INITIAL("最多"), TEXT_INITIAL("顶多"), TEXT_INITIAL("at most")},
    };
    size_t size = 0;
    for (size_t next = from; next < at; next += size) {
        size_t end = 0;
        struct number number;
        bool is_inside = next > from && is_latin(text.bytes[next]) && is_latin(text.bytes[next - 1]);
        enum bearing bearing = is_inside ? BEARINGS : find_bearing(words, text, next, &end);
        (void)text_read_code_point(text, next, &size);
        if (bearing == BEARINGS || end > at) {
            continue;
        }
        size_t figure_at = skip_carriers(text, end);
        if (number_word_read(text, figure_at, &number) == figure_at &&
            (bearing == AT_MOST || !join_bearing(manner, bearing))) {
            return false;
        }
        size = end - next;
    }
    return true;
}

bool figure_manner_find(struct text text, size_t from, size_t *at, struct figure_manner *manner) {
    enum bearing bearing = BEARINGS;
    size_t end = *at;
    size_t begin = find_close(text, from, end, &bearing);
    if (begin == end) { /* 怕是 ends like what may stand between */
        end = strip_carriers(text, from, end);
        begin = find_close(text, from, end, &bearing);
    }
    if (begin != end) {
        *at = begin;
        return join_bearing(manner, bearing);
    }
    return join_distant(text, from, end, manner);
}
