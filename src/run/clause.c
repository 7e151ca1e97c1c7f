#include "run/clause.h"

#include "run/number_word.h"

#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define SCAN_BYTES 240U /* how far a clause is looked at, before and behind the words */

static bool is_latin(unsigned char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
}

static bool ends_clause(uint32_t sign) {
    switch (sign) {
    case ',':
    case ';':
    case '.':
    case '!':
    case '?':
    case '\n':
    case 0xFF0C: /* ， */
    case 0x3002: /* 。 */
    case 0xFF1B: /* ； */
    case 0xFF01: /* ！ */
    case 0xFF1F: /* ？ */
    case 0x3001: /* 、 */
        return true;
    default:
        return false;
    }
}

/* The text before some words and all of their clause, with the sign that ends it. */
static void find_clause(struct text text, size_t words_from, size_t words_to, struct text *before, struct text *whole,
                        uint32_t *end_sign) {
    size_t from = words_from;
    size_t to = words_to;
    size_t size = 0;
    while (from > 0 && words_from - from < SCAN_BYTES) {
        size_t previous = text_step_back(text, from);
        if (ends_clause(text_read_code_point(text, previous, &size))) {
            break;
        }
        from = previous;
    }
    *end_sign = text_read_code_point(text, to, &size);
    while (to < text.length && to - words_to < SCAN_BYTES && !ends_clause(*end_sign)) {
        to += size;
        *end_sign = text_read_code_point(text, to, &size);
    }
    *before = (struct text){text.bytes + from, words_from - from};
    *whole = (struct text){text.bytes + from, to - from};
}

/* Whether one of some words stands anywhere; Latin ones as whole words. */
static bool holds_word(struct text clause, const struct text *words, size_t count) {
    size_t size = 0;
    size_t end = 0;
    for (size_t at = 0; at < clause.length; at += size) {
        (void)text_read_code_point(clause, at, &size);
        bool is_inside =
            at > 0 && is_latin((unsigned char)clause.bytes[at]) && is_latin((unsigned char)clause.bytes[at - 1]);
        if (!is_inside && number_word_find(clause, at, words, count, &end) >= 0) {
            return true;
        }
    }
    return false;
}

/* 有人被困没有: what stands at the end of the clause, behind the match, asks. */
static bool asks_behind(struct text behind) {
    static const char *const words[] = {"没有", "没得", "没", "不", "否", "么"};
    struct text trimmed = text_trim(behind);
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (text_ends_with(trimmed, text_of(words[i]))) {
            return true;
        }
    }
    return false;
}

/* In English a question begins with its verb: are the gates stuck. */
static bool starts_question(struct text whole) {
    static const struct text words[] = {TEXT_INITIAL("is"),   TEXT_INITIAL("are"), TEXT_INITIAL("do"),
                                        TEXT_INITIAL("does"), TEXT_INITIAL("did"), TEXT_INITIAL("has"),
                                        TEXT_INITIAL("have"), TEXT_INITIAL("can"), TEXT_INITIAL("will")};
    size_t end = 0;
    return number_word_find(text_trim(whole), 0, words, COUNT_OF(words), &end) >= 0;
}

/* A question says nothing. */
static bool is_question(struct text whole, struct text behind, uint32_t end_sign) {
    static const struct text words[] = {
        TEXT_INITIAL("是不是"),     TEXT_INITIAL("是否"),         TEXT_INITIAL("有没有"),
        TEXT_INITIAL("有无"),       TEXT_INITIAL("会不会"),       TEXT_INITIAL("不知道"),
        TEXT_INITIAL("不知"),       TEXT_INITIAL("不清楚"),       TEXT_INITIAL("不确定"),
        TEXT_INITIAL("不明"),       TEXT_INITIAL("吗"),           TEXT_INITIAL("whether"),
        TEXT_INITIAL("有不有"),     TEXT_INITIAL("有没得"),       TEXT_INITIAL("不晓得"),
        TEXT_INITIAL("晓不得"),     TEXT_INITIAL("晓不到"),       TEXT_INITIAL("不太清楚"),
        TEXT_INITIAL("说不清"),     TEXT_INITIAL("说不准"),       TEXT_INITIAL("搞不清"),
        TEXT_INITIAL("看不清"),     TEXT_INITIAL("没看清"),       TEXT_INITIAL("没搞清"),
        TEXT_INITIAL("没弄清"),     TEXT_INITIAL("不好说"),       TEXT_INITIAL("不详"),
        TEXT_INITIAL("多少"),       TEXT_INITIAL("how many"),     TEXT_INITIAL("unknown"),
        TEXT_INITIAL("don't know"), TEXT_INITIAL("not sure"),     TEXT_INITIAL("not known"),
        TEXT_INITIAL("if any"),     TEXT_INITIAL("is there any"), TEXT_INITIAL("are there any")};
    return end_sign == '?' || end_sign == 0xFF1F || asks_behind(behind) || starts_question(whole) ||
           holds_word(whole, words, COUNT_OF(words));
}

static bool is_doubtful(struct text whole) {
    static const struct text words[] = {
        TEXT_INITIAL("可能"),     TEXT_INITIAL("也许"),  TEXT_INITIAL("好像"),     TEXT_INITIAL("似乎"),
        TEXT_INITIAL("听说"),     TEXT_INITIAL("据说"),  TEXT_INITIAL("疑似"),     TEXT_INITIAL("估计"),
        TEXT_INITIAL("预计"),     TEXT_INITIAL("预判"),  TEXT_INITIAL("怕是"),     TEXT_INITIAL("恐怕"),
        TEXT_INITIAL("怕有"),     TEXT_INITIAL("应该"),  TEXT_INITIAL("如果"),     TEXT_INITIAL("要是"),
        TEXT_INITIAL("万一"),     TEXT_INITIAL("maybe"), TEXT_INITIAL("perhaps"),  TEXT_INITIAL("possibly"),
        TEXT_INITIAL("probably"), TEXT_INITIAL("might"), TEXT_INITIAL("may"),      TEXT_INITIAL("could"),
        TEXT_INITIAL("i think"),  TEXT_INITIAL("seems"), TEXT_INITIAL("expected"), TEXT_INITIAL("forecast"),
        TEXT_INITIAL("if")};
    return holds_word(whole, words, COUNT_OF(words));
}

/* What is said to be so even now. */
static bool is_still(struct text before_and_words) {
    static const struct text words[] = {TEXT_INITIAL("还有"),   TEXT_INITIAL("还剩"),     TEXT_INITIAL("还在"),
                                        TEXT_INITIAL("还被"),   TEXT_INITIAL("还没"),     TEXT_INITIAL("仍"),
                                        TEXT_INITIAL("尚有"),   TEXT_INITIAL("尚在"),     TEXT_INITIAL("尚未"),
                                        TEXT_INITIAL("剩"),     TEXT_INITIAL("still"),    TEXT_INITIAL("left"),
                                        TEXT_INITIAL("remain"), TEXT_INITIAL("remaining")};
    return holds_word(before_and_words, words, COUNT_OF(words));
}

/* What is said of those who have not been spoken of. */
static bool is_of_others(struct text before_and_words) {
    static const struct text words[] = {TEXT_INITIAL("其他"), TEXT_INITIAL("其它"),  TEXT_INITIAL("其余"),
                                        TEXT_INITIAL("别的"), TEXT_INITIAL("另外"),  TEXT_INITIAL("另有"),
                                        TEXT_INITIAL("余下"), TEXT_INITIAL("other"), TEXT_INITIAL("others"),
                                        TEXT_INITIAL("rest")};
    return holds_word(before_and_words, words, COUNT_OF(words));
}

/* In English up to three words may stand between: no longer, not yet really. */
static bool is_denied_in_english(struct text trimmed) {
    static const struct text words[] = {TEXT_INITIAL("not"),     TEXT_INITIAL("no"),     TEXT_INITIAL("never"),
                                        TEXT_INITIAL("without"), TEXT_INITIAL("cannot"), TEXT_INITIAL("n't")};
    size_t from = trimmed.length;
    for (int blanks = 0; from > 0 && blanks < 3; from--) {
        blanks += trimmed.bytes[from - 1] == ' ' ? 1 : 0;
        if ((unsigned char)trimmed.bytes[from - 1] >= 128) {
            break;
        }
    }
    struct text last = {trimmed.bytes + from, trimmed.length - from};
    bool is_short = false;
    for (size_t i = 0; i + 3 <= last.length; i++) {
        is_short = is_short || memcmp(last.bytes + i, "n't", 3) == 0;
    }
    return is_short || holds_word(last, words, COUNT_OF(words));
}

static bool ends_with_denial(struct text before) {
    static const char *const words[] = {"没有", "没",   "未",   "无",     "不",     "不会", "没得", "未曾",
                                        "不曾", "不再", "没能", "不可能", "还没有", "不是", "差点", "险些"};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (text_ends_with(before, text_of(words[i]))) {
            return true;
        }
    }
    return false;
}

/* Takes up to three of some words off the end. */
static struct text strip_words(struct text before, const char *const *words, size_t count) {
    for (int times = 0; times < 3; times++) {
        struct text trimmed = text_trim(before);
        for (size_t i = 0; i < count; i++) {
            if (text_ends_with(trimmed, text_of(words[i]))) {
                trimmed.length -= strlen(words[i]);
                break;
            }
        }
        before = trimmed;
    }
    return text_trim(before);
}

/* Words behind which what is denied follows: 没有发现, 没听说有, 未造成. */
static struct text strip_verb(struct text before) {
    static const char *const verbs[] = {"发现", "看到", "看见", "见到", "见", "听说", "听到", "接到", "收到", "报告",
                                        "出现", "造成", "导致", "说",   "讲", "有",   "到",   "了",   "任何"};
    return strip_words(before, verbs, COUNT_OF(verbs));
}

/* What the speaker says of himself: 我们都已经(撤出来了). */
static bool is_of_speaker(struct text before) {
    static const char *const adverbs[] = {"已经", "已", "都", "全部", "全", "也", "先", "刚刚", "刚", "才", "自己"};
    static const char *const speakers[] = {"我们", "咱们", "我"};
    struct text stripped = strip_words(before, adverbs, COUNT_OF(adverbs));
    for (size_t i = 0; i < COUNT_OF(speakers); i++) {
        if (text_ends_with(stripped, text_of(speakers[i]))) {
            return true;
        }
    }
    return false;
}

/* Words right before that deny what follows, or that say that somebody has not heard of it. */
static enum clause_denial find_denial(struct text before) {
    struct text trimmed = text_trim(before);
    if (text_ends_with(trimmed, TEXT("差"))) { /* 11点差5分起火: the number says what is lacking */
        return CLAUSE_HAS_NOT_HEARD;
    }
    if (ends_with_denial(trimmed)) {
        return text_ends_with(trimmed, TEXT("差点")) || text_ends_with(trimmed, TEXT("险些")) ? CLAUSE_HAS_NOT_HEARD
                                                                                              : CLAUSE_DENIES;
    }
    if (ends_with_denial(strip_verb(trimmed))) {
        return CLAUSE_HAS_NOT_HEARD;
    }
    return is_denied_in_english(trimmed) ? CLAUSE_DENIES : CLAUSE_ASSERTS;
}

void clause_read(struct text text, size_t from, size_t to, struct clause *clause) {
    struct text before;
    struct text whole;
    uint32_t end_sign = 0;
    find_clause(text, from, to, &before, &whole, &end_sign);
    size_t begin = from - before.length;
    struct text behind = {text.bytes + to, whole.length - (to - begin)};
    struct text before_and_words = {whole.bytes, to - begin};
    *clause = (struct clause){.from = begin,
                              .to = begin + whole.length,
                              .is_question = is_question(whole, behind, end_sign),
                              .is_doubtful = is_doubtful(whole),
                              .is_still = is_still(before_and_words),
                              .is_of_others = is_of_others(before_and_words),
                              .is_of_speaker = is_of_speaker(before),
                              .denial = find_denial(before)};
}
