#include "run/hearing.h"

#include "base/buffer.h"
#include "run/fact_value.h"
#include "run/figure.h"
#include "run/number_word.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define SCAN_BYTES 240U             /* how far a clause is looked at, before and behind the words */
#define MATCHES_MAX ((size_t)20000) /* in one text */

/* A place where words of a fact stand. */
struct match {
    uint32_t from, to;
    uint16_t fact;
    uint16_t phrase;
    struct figure figure;
};

struct listening {
    const struct plan *plan;
    int64_t now;
    struct text text;
    struct figure readings[FIGURE_READINGS]; /* of the figure at read_at, for read_fact: its phrases ask one by one */
    size_t reading_count, read_at;
    uint16_t read_fact;
    struct match *matches;
    size_t count, room;
    bool is_exhausted;
};

/* ---- signs ------------------------------------------------------------------------------------------------ */

static uint32_t fold(uint32_t sign) {
    if (sign >= 'A' && sign <= 'Z') {
        return sign - 'A' + 'a';
    }
    return sign >= 0xFF10 && sign <= 0xFF19 ? sign - 0xFF10 + '0' : sign;
}

static bool is_latin(uint32_t sign) {
    return (sign >= 'a' && sign <= 'z') || (sign >= 'A' && sign <= 'Z') || (sign >= '0' && sign <= '9');
}

static bool is_one_of(struct text text, size_t at, const char *const *words, size_t count) {
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(words[i]);
        if (text.length - at >= length && memcmp(text.bytes + at, words[i], length) == 0) {
            return true;
        }
    }
    return false;
}

/* A number may begin here: it is not the rest of another one, of a date, of an ordinal. */
static bool may_begin_figure(struct text text, size_t at) {
    static const char *const before[] = {"第", "年", "月", "日", "号", ".", "-", "/", ":", "：", "几", "数", "每"};
    static const char *const numerals[] = {"零", "〇", "一", "二", "两", "三", "四", "五", "六",
                                           "七", "八", "九", "十", "百", "千", "万", "亿", "半"};
    if (at >= text.length) {
        return false;
    }
    size_t from = at;
    while (from > 0 && at - from < 4 && ((unsigned char)text.bytes[from - 1] & 0xC0U) == 0x80U) {
        from--;
    }
    from -= from > 0 ? 1 : 0;
    if (from == at) {
        return true;
    }
    size_t size = 0;
    uint32_t sign = fold(text_read_code_point(text, from, &size));
    struct text one = {text.bytes + from, at - from};
    bool goes_on = is_latin(sign) && is_latin((unsigned char)text.bytes[at]);
    return !goes_on && !(sign >= '0' && sign <= '9') && !is_one_of(one, 0, before, COUNT_OF(before)) &&
           !is_one_of(one, 0, numerals, COUNT_OF(numerals));
}

/* Behind a figure at the end of the words nothing may stand that it could belong to: 被困3号楼. */
static bool may_end_figure(struct text text, const struct plan_fact *fact, const struct figure *figure) {
    size_t size = 0;
    uint32_t sign = text_read_code_point(text, figure->end, &size);
    bool is_bare = fact->type == PLAN_QUANTITY && fact->dimension == QUANTITY_COUNT;
    if (is_latin(sign) || sign == '%') {
        return false;
    }
    return !is_bare || size < 3 || (sign >= 0x2000 && sign <= 0x303F) || sign >= 0xFF00;
}

/* ---- words against the text ------------------------------------------------------------------------------- */

/* Blanks may stand wherever no two Latin letters would be joined; a colon before a figure. */
static size_t skip_gap(struct text text, size_t at, bool before_figure) {
    at = number_word_skip_blanks(text, at);
    size_t size = 0;
    uint32_t sign = text_read_code_point(text, at, &size);
    return before_figure && (sign == ':' || sign == 0xFF1A) ? number_word_skip_blanks(text, at + size) : at;
}

/* Matches plain words from an offset of the phrase up to its end, or to the #. Returns false when they do not stand there. */
static bool match_words(struct text words, size_t *word_at, struct text text, size_t *text_at) {
    while (*word_at < words.length && words.bytes[*word_at] != '#') {
        size_t word_size = 0;
        size_t text_size = 0;
        uint32_t wanted = fold(text_read_code_point(words, *word_at, &word_size));
        size_t skipped = number_word_skip_blanks(text, *text_at);
        if (wanted == ' ') {
            size_t next = 0;
            bool needs_blank = is_latin(text_read_code_point(words, *word_at + 1, &next)) && *word_at > 0 &&
                               is_latin((unsigned char)words.bytes[*word_at - 1]);
            if (needs_blank && skipped == *text_at) {
                return false;
            }
        } else {
            /* no blanks within a Latin word */
            bool is_inside = *word_at > 0 && is_latin(wanted) && is_latin((unsigned char)words.bytes[*word_at - 1]);
            size_t from = is_inside ? *text_at : skipped;
            if (fold(text_read_code_point(text, from, &text_size)) != wanted || text_size == 0) {
                return false;
            }
            *text_at = from + text_size;
        }
        *word_at += word_size;
    }
    return true;
}

static bool is_cut_word(struct text text, size_t from, size_t to) {
    bool at_start =
        from > 0 && is_latin((unsigned char)text.bytes[from]) && is_latin((unsigned char)text.bytes[from - 1]);
    bool at_end = to < text.length && to > 0 && is_latin((unsigned char)text.bytes[to]) &&
                  is_latin((unsigned char)text.bytes[to - 1]);
    return at_start || at_end;
}

static void add_match(struct listening *work, struct match match) {
    if (work->count == work->room) {
        size_t room = work->room == 0 ? 64 : work->room * 2;
        struct match *matches = room > MATCHES_MAX * 2 ? NULL : realloc(work->matches, room * sizeof *matches);
        if (matches == NULL) {
            work->is_exhausted = true;
            return;
        }
        work->matches = matches;
        work->room = room;
    }
    work->matches[work->count++] = match;
}

static void read_figure(struct listening *work, uint16_t index, size_t at) {
    const struct plan_fact *fact = &work->plan->facts[index];
    if (work->read_fact == index && work->read_at == at) {
        return;
    }
    const struct figure_setting setting = figure_find_setting(work->plan, index);
    work->read_fact = index;
    work->read_at = at;
    work->reading_count = fact->type == PLAN_TIME
                              ? figure_read_time(&setting, work->now, work->text, at, work->readings)
                              : figure_read_quantity(&setting, fact->dimension, work->text, at, work->readings);
}

static bool ends_with(struct text text, const char *word) {
    size_t length = strlen(word);
    return text.length >= length && memcmp(text.bytes + text.length - length, word, length) == 0;
}

/* Whether words about the figure stand outside the phrase: 被困3人以上, 大概被困3人. What they make of it is not guessed, and
 * without them it would say another thing: nothing is offered. */
static bool is_qualified(struct text text, size_t from, size_t to, bool is_inside) {
    static const char *const behind[] = {"以上", "以下",    "以内",  "以外",    "开外",     "左右",    "上下",
                                         "不到", "or more", "or so", "or less", "or fewer", "roughly", "approximately"};
    static const char *const before[] = {
        "大概",   "大约",   "约",       "差不多",  "将近",      "至少",          "最少",     "起码",  "最多",
        "至多",   "不到",   "不足",     "超过",    "不少于",    "不超过",        "不止",     "about", "roughly",
        "nearly", "almost", "at least", "at most", "more than", "approximately", "less than"};
    size_t next = number_word_skip_blanks(text, to);
    struct text ahead = text_trim((struct text){text.bytes, from});
    if (is_one_of(text, next, behind, COUNT_OF(behind))) {
        return true;
    }
    for (size_t i = 0; is_inside && i < COUNT_OF(before); i++) {
        if (ends_with(ahead, before[i])) {
            return true;
        }
    }
    return false;
}

/* What stands at the # of a phrase: each reading behind which the rest of the words stand. */
static void match_figure(struct listening *work, struct match match, struct text words, size_t word_at,
                         size_t text_at) {
    const struct plan_fact *fact = &work->plan->facts[match.fact];
    size_t figure_at = word_at == 0 ? text_at : skip_gap(work->text, text_at, true);
    if (!may_begin_figure(work->text, figure_at) && figure_at == text_at && word_at == 0) {
        return;
    }
    read_figure(work, match.fact, figure_at);
    const struct figure *readings = work->readings;
    for (size_t i = 0; i < work->reading_count; i++) {
        size_t rest = word_at + 1;
        size_t end = readings[i].end;
        if (!match_words(words, &rest, work->text, &end) || rest != words.length ||
            is_cut_word(work->text, match.from, end) || is_qualified(work->text, match.from, end, word_at > 0) ||
            (word_at + 1 == words.length && !may_end_figure(work->text, fact, &readings[i]))) {
            continue;
        }
        match.to = (uint32_t)end;
        match.figure = readings[i];
        add_match(work, match);
    }
}

static void match_phrase(struct listening *work, uint16_t fact, uint16_t index, size_t at) {
    struct text words = work->plan->facts[fact].phrases[index].words;
    struct match match = {.from = (uint32_t)at, .fact = fact, .phrase = index};
    size_t word_at = 0;
    size_t end = at;
    if (!match_words(words, &word_at, work->text, &end)) {
        return;
    }
    if (word_at < words.length) {
        match_figure(work, match, words, word_at, end);
    } else if (!is_cut_word(work->text, at, end)) {
        match.to = (uint32_t)end;
        add_match(work, match);
    }
}

/* Whether a phrase can begin with the sign at an offset: the first letter decides, so that most are passed by at once. */
static bool may_begin(struct text words, uint32_t sign) {
    size_t size = 0;
    return words.bytes[0] == '#' || fold(text_read_code_point(words, 0, &size)) == sign;
}

static bool is_blank(uint32_t sign) {
    return sign == ' ' || sign == '\n' || sign == '\r' || sign == '\t' || sign == 0x3000;
}

static void find_matches(struct listening *work, uint16_t subject) {
    const struct plan_subject *declared = &work->plan->subjects[subject];
    size_t size = 0;
    for (size_t at = 0; at < work->text.length && !work->is_exhausted; at += size) {
        uint32_t sign = fold(text_read_code_point(work->text, at, &size));
        if (is_blank(sign)) {
            continue;
        }
        for (uint16_t i = 0; i < declared->fact_count; i++) {
            const struct plan_fact *fact = &work->plan->facts[declared->facts[i]];
            for (uint16_t k = 0; k < fact->phrase_count; k++) {
                if (may_begin(fact->phrases[k].words, sign)) {
                    match_phrase(work, declared->facts[i], k, at);
                }
            }
        }
    }
}

/* ---- which of those that overlap stand -------------------------------------------------------------------- */

static int compare_matches(const void *left, const void *right) {
    const struct match *one = left;
    const struct match *other = right;
    if (one->to != other->to) {
        return one->to < other->to ? -1 : 1;
    }
    if (one->from != other->from) {
        return one->from < other->from ? -1 : 1;
    }
    if (one->fact != other->fact) {
        return one->fact < other->fact ? -1 : 1;
    }
    return one->phrase < other->phrase ? -1 : one->phrase > other->phrase;
}

/* The best set of matches that do not overlap, by the end of the text before each offset. Leaves the chosen ones at the
 * beginning of the list, in the order of the text. */
static void choose_matches(struct listening *work) {
    size_t length = work->text.length;
    int64_t *best = calloc(length + 1, sizeof *best);
    int32_t *chosen = calloc(length + 1, sizeof *chosen); /* the match that ends there, plus one; 0: none */
    if (best == NULL || chosen == NULL) {
        work->is_exhausted = true;
        free(best);
        free(chosen);
        return;
    }
    qsort(work->matches, work->count, sizeof *work->matches, compare_matches);
    size_t next = 0;
    for (size_t at = 1; at <= length; at++) {
        best[at] = best[at - 1];
        for (; next < work->count && work->matches[next].to == at; next++) {
            const struct match *match = &work->matches[next];
            int64_t score = best[match->from] + (int64_t)(match->to - match->from) * 1024 - 1;
            if (score > best[at]) {
                best[at] = score;
                chosen[at] = (int32_t)next + 1;
            }
        }
    }
    size_t count = 0;
    for (size_t at = length; at > 0;) {
        size_t found = (size_t)chosen[at];
        if (found == 0) {
            at--;
            continue;
        }
        at = work->matches[found - 1].from;
        best[count++] = (int64_t)found; /* the scores have served */
    }
    struct match *kept = calloc(count + 1, sizeof *kept);
    for (size_t i = 0; kept != NULL && i < count; i++) {
        kept[i] = work->matches[best[count - 1 - i] - 1];
    }
    free(best);
    free(chosen);
    free(work->matches);
    work->matches = kept;
    work->is_exhausted = kept == NULL;
    work->count = kept == NULL ? 0 : count;
    work->room = work->count;
}

/* ---- what stands around it -------------------------------------------------------------------------------- */

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

/* The clause before a match, and the one from its beginning to its end, with the sign that ends it. */
static void find_clause(struct text text, const struct match *match, struct text *before, struct text *whole,
                        uint32_t *end_sign) {
    size_t from = match->from;
    size_t to = match->to;
    size_t size = 0;
    while (from > 0 && match->from - from < SCAN_BYTES) {
        size_t previous = from - 1;
        while (previous > 0 && ((unsigned char)text.bytes[previous] & 0xC0U) == 0x80U) {
            previous--;
        }
        if (ends_clause(text_read_code_point(text, previous, &size))) {
            break;
        }
        from = previous;
    }
    *end_sign = text_read_code_point(text, to, &size);
    while (to < text.length && to - match->to < SCAN_BYTES && !ends_clause(*end_sign)) {
        to += size;
        *end_sign = text_read_code_point(text, to, &size);
    }
    *before = (struct text){text.bytes + from, match->from - from};
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

/* A question says nothing. */
static bool is_question(struct text whole, uint32_t end_sign) {
    static const struct text words[] = {
        TEXT_INITIAL("是不是"),  TEXT_INITIAL("是否"),         TEXT_INITIAL("有没有"),       TEXT_INITIAL("有无"),
        TEXT_INITIAL("会不会"),  TEXT_INITIAL("不知道"),       TEXT_INITIAL("不知"),         TEXT_INITIAL("不清楚"),
        TEXT_INITIAL("不确定"),  TEXT_INITIAL("不明"),         TEXT_INITIAL("吗"),           TEXT_INITIAL("whether"),
        TEXT_INITIAL("unknown"), TEXT_INITIAL("don't know"),   TEXT_INITIAL("not sure"),     TEXT_INITIAL("not known"),
        TEXT_INITIAL("if any"),  TEXT_INITIAL("is there any"), TEXT_INITIAL("are there any")};
    return end_sign == '?' || end_sign == 0xFF1F || holds_word(whole, words, COUNT_OF(words));
}

static bool is_doubtful(struct text whole) {
    static const struct text words[] = {
        TEXT_INITIAL("可能"),  TEXT_INITIAL("也许"),     TEXT_INITIAL("好像"),     TEXT_INITIAL("似乎"),
        TEXT_INITIAL("听说"),  TEXT_INITIAL("据说"),     TEXT_INITIAL("疑似"),     TEXT_INITIAL("估计"),
        TEXT_INITIAL("预计"),  TEXT_INITIAL("预判"),     TEXT_INITIAL("怕是"),     TEXT_INITIAL("恐怕"),
        TEXT_INITIAL("应该"),  TEXT_INITIAL("如果"),     TEXT_INITIAL("要是"),     TEXT_INITIAL("万一"),
        TEXT_INITIAL("maybe"), TEXT_INITIAL("perhaps"),  TEXT_INITIAL("possibly"), TEXT_INITIAL("probably"),
        TEXT_INITIAL("might"), TEXT_INITIAL("may"),      TEXT_INITIAL("could"),    TEXT_INITIAL("i think"),
        TEXT_INITIAL("seems"), TEXT_INITIAL("expected"), TEXT_INITIAL("forecast"), TEXT_INITIAL("if")};
    return holds_word(whole, words, COUNT_OF(words));
}

/* Words right before that deny what follows. */
static bool is_denied(struct text before) {
    static const char *const right_before[] = {"没有", "没",   "未",   "无",     "不",     "不会",
                                               "未曾", "不曾", "不再", "不可能", "还没有", "不是"};
    static const struct text words[] = {TEXT_INITIAL("not"),     TEXT_INITIAL("no"),     TEXT_INITIAL("never"),
                                        TEXT_INITIAL("without"), TEXT_INITIAL("cannot"), TEXT_INITIAL("n't")};
    struct text trimmed = text_trim(before);
    for (size_t i = 0; i < COUNT_OF(right_before); i++) {
        if (ends_with(trimmed, right_before[i])) {
            return true;
        }
    }
    /* In English up to three words may stand between: no longer, not yet really. */
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

/* ---- offers ----------------------------------------------------------------------------------------------- */

/* Thousandths of a unit as decimal digits; false when it has more decimals. */
static bool print_decimal(int64_t value, int64_t factor, char *out, size_t room) {
    if (value < 0 || factor <= 0 || value > INT64_MAX / 1000 || value * 1000 % factor != 0) {
        return false;
    }
    int64_t thousandths = value * 1000 / factor;
    int length = snprintf(out, room, "%" PRId64 ".%03" PRId64, thousandths / 1000, thousandths % 1000);
    while (length > 0 && out[length - 1] == '0') {
        out[--length] = '\0';
    }
    if (length > 0 && out[length - 1] == '.') {
        out[length - 1] = '\0';
    }
    return true;
}

/* As it was said: "3..4 亩"; false when that does not read back as the same. */
static bool spell_as_said(const struct plan *plan, struct hearing_offer *offer, const struct figure *figure) {
    static const char *const signs[] = {[FIGURE_WITHIN] = "",
                                        [FIGURE_AT_LEAST] = ">= ",
                                        [FIGURE_AT_MOST] = "<= ",
                                        [FIGURE_MORE] = "> ",
                                        [FIGURE_LESS] = "< "};
    const struct plan_fact *fact = &plan->facts[offer->fact];
    char low[32];
    char high[32];
    int64_t again_low = 0;
    int64_t again_high = 0;
    bool has_unit = fact->dimension != QUANTITY_COUNT;
    int64_t shown_low = figure->comparison == FIGURE_WITHIN ? offer->low : figure->low;
    int64_t shown_high = figure->comparison == FIGURE_WITHIN ? offer->high : figure->low;
    if (fact->type != PLAN_QUANTITY || (has_unit && figure->unit.length == 0) || figure->unit.length > 40 ||
        !print_decimal(shown_low, figure->factor, low, sizeof low) ||
        !print_decimal(shown_high, figure->factor, high, sizeof high)) {
        return false;
    }
    (void)snprintf(offer->value, sizeof offer->value, "%s%s%s%s%s%.*s", signs[figure->comparison], low,
                   shown_low == shown_high ? "" : "..", shown_low == shown_high ? "" : high, has_unit ? " " : "",
                   has_unit ? (int)figure->unit.length : 0, figure->unit.bytes);
    return fact_value_parse(plan, offer->fact, text_of(offer->value), &again_low, &again_high, NULL) &&
           again_low == offer->low && again_high == offer->high;
}

static bool spell(const struct plan *plan, struct hearing_offer *offer, const struct figure *figure) {
    struct buffer written = {0};
    int64_t low = 0;
    int64_t high = 0;
    if (figure != NULL && spell_as_said(plan, offer, figure)) {
        return true;
    }
    fact_value_write(plan, offer->fact, offer->low, offer->high, &written);
    bool is_good = !written.failed && written.length < sizeof offer->value &&
                   fact_value_parse(plan, offer->fact, buffer_text(&written), &low, &high, NULL) && low == offer->low &&
                   high == offer->high;
    if (is_good) {
        memcpy(offer->value, written.bytes, written.length + 1);
    }
    buffer_release(&written);
    return is_good;
}

/* The range of a figure within the declared one; false when nothing of it is left, or no range can be given. */
static bool apply_figure(const struct plan_fact *fact, const struct figure *figure, int64_t *low, int64_t *high) {
    bool is_inside = figure->low >= fact->low && figure->high <= fact->high;
    if (figure->is_undeclared || (!is_inside && !figure->is_about)) {
        return false;
    }
    *low = figure->low < fact->low ? fact->low : figure->low;
    *high = figure->high > fact->high ? fact->high : figure->high;
    switch (figure->comparison) {
    case FIGURE_WITHIN:
        break;
    case FIGURE_AT_LEAST:
        *high = fact->high;
        break;
    case FIGURE_AT_MOST:
        *low = fact->low;
        break;
    case FIGURE_MORE:
        *low += 1;
        *high = fact->high;
        break;
    case FIGURE_LESS:
        *high -= 1;
        *low = fact->low;
        break;
    }
    return *low <= *high;
}

static bool is_offered(const struct hearing *hearing, const struct hearing_offer *offer) {
    for (size_t i = 0; i < hearing->count; i++) {
        const struct hearing_offer *other = &hearing->offers[i];
        if (other->fact == offer->fact && other->low == offer->low && other->high == offer->high) {
            return true;
        }
    }
    return false;
}

/* What a match says, with what stands around it; false where it says nothing that could be offered. */
static bool make_offer(const struct listening *work, const struct match *match, struct hearing_offer *offer) {
    const struct plan_fact *fact = &work->plan->facts[match->fact];
    const struct plan_phrase *phrase = &fact->phrases[match->phrase];
    struct text before;
    struct text whole;
    uint32_t end_sign = 0;
    find_clause(work->text, match, &before, &whole, &end_sign);
    if (is_question(whole, end_sign)) {
        return false;
    }
    bool is_denied_here = is_denied(before);
    bool has_figure = phrase->value == PLAN_FIGURE;
    *offer = (struct hearing_offer){.fact = match->fact, .from = match->from, .to = match->to};
    offer->is_uncertain = is_doubtful(whole) || (has_figure && match->figure.is_guess);
    if (has_figure) {
        offer->is_negated =
            match->figure.comparison == FIGURE_WITHIN && match->figure.low == 0 && match->figure.high == 0;
        return !is_denied_here && apply_figure(fact, &match->figure, &offer->low, &offer->high) &&
               spell(work->plan, offer, &match->figure);
    }
    if (fact->type == PLAN_CHOICE) {
        offer->low = INT64_C(1) << phrase->value;
        return !is_denied_here && spell(work->plan, offer, NULL);
    }
    if (is_denied_here && phrase->value == 0) {
        return false; /* two denials: whoever listens must say what that is */
    }
    offer->low = is_denied_here ? 0 : phrase->value;
    offer->high = offer->low;
    offer->is_negated = offer->low == 0;
    return spell(work->plan, offer, NULL);
}

void hearing_find(const struct plan *plan, uint16_t subject, int64_t now, struct text text, struct hearing *hearing) {
    struct listening work = {.plan = plan, .now = now, .text = text, .read_fact = PLAN_NONE};
    hearing->count = 0;
    hearing->is_exhausted = false;
    if (text.length > HEARING_TEXT_MAX) {
        return;
    }
    find_matches(&work, subject);
    if (work.count > 0 && !work.is_exhausted) {
        choose_matches(&work);
    }
    for (size_t i = 0; i < work.count && !work.is_exhausted && hearing->count < HEARING_OFFERS_MAX; i++) {
        struct hearing_offer offer;
        if (make_offer(&work, &work.matches[i], &offer) && !is_offered(hearing, &offer)) {
            hearing->offers[hearing->count++] = offer;
        }
    }
    hearing->is_exhausted = work.is_exhausted;
    free(work.matches);
}
