#include "run/hearing.h"

#include "base/buffer.h"
#include "run/clause.h"
#include "run/fact_value.h"
#include "run/figure.h"
#include "run/number_word.h"
#include "run/over.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define MATCHES_MAX ((size_t)20000) /* in one text */

/* A place where words of a fact stand. */
struct match {
    uint32_t from, to;
    uint16_t fact;
    uint16_t phrase;
    uint32_t figure_at; /* where the figure begins */
    struct figure figure;
    struct figure_manner behind; /* what words about the figure behind what is counted say: 3名村民以上被困 */
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
    struct buffer overs; /* of over_note */
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

static const char *const numerals[] = {"零", "〇", "一", "二", "两", "三", "四", "五", "六",
                                       "七", "八", "九", "十", "百", "千", "万", "亿", "半"};

/* A number may begin here: it is not the rest of another one, of a date, of an ordinal. */
static bool may_begin_figure(struct text text, size_t at) {
    static const char *const before[] = {"第", "年", "月", "日", "号", ".", "-", "/", ":", "：", "几", "数", "每"};
    if (at >= text.length) {
        return false;
    }
    size_t from = text_step_back(text, at);
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

/* Words that go on without belonging to a number: 困了3个在山上, 死了3个了. */
static bool goes_on(struct text text, size_t at) {
    static const char *const words[] = {"了", "啊", "哦", "呢", "嘛", "咯", "喽", "哟", "噻",
                                        "呀", "哈", "嘞", "在", "还", "都", "被", "遭", "已"};
    return is_one_of(text, at, words, COUNT_OF(words));
}

/* Behind a figure at the end of the words nothing may stand that it could belong to: 被困3号楼. */
static bool may_end_figure(struct text text, const struct plan_fact *fact, size_t end) {
    size_t size = 0;
    uint32_t sign = text_read_code_point(text, end, &size);
    bool is_bare = fact->type == PLAN_QUANTITY && fact->dimension == QUANTITY_COUNT;
    if (is_latin(sign) || sign == '%' || is_one_of(text, end, numerals, COUNT_OF(numerals))) {
        return false; /* 一天一夜 */
    }
    return !is_bare || size < 3 || (sign >= 0x2000 && sign <= 0x303F) || sign >= 0xFF00 || goes_on(text, end);
}

/* ---- words against the text ------------------------------------------------------------------------------- */

/* Blanks may stand wherever no two Latin letters would be joined; a colon before a figure. */
static size_t skip_gap(struct text text, size_t at, bool before_figure) {
    at = number_word_skip_blanks(text, at);
    size_t size = 0;
    uint32_t sign = text_read_code_point(text, at, &size);
    return before_figure && (sign == ':' || sign == 0xFF1A) ? number_word_skip_blanks(text, at + size) : at;
}

/* 以上 and its like, and the 的 behind them or behind the figure: 三亩左右的林子. */
static size_t skip_behind(struct text text, size_t at, struct figure_manner *behind) {
    static const char *const joints[] = {"的"};
    return number_word_skip(text, figure_manner_read_behind(text, at, behind), joints, 1);
}

/* Matches plain words from an offset of the phrase up to its end, or to the #. Behind a figure (`behind` is given) words about it
 * may stand anywhere between them, and behind them. Returns false when they do not stand there. */
static bool match_words(struct text words, size_t *word_at, struct text text, size_t *text_at,
                        struct figure_manner *behind) {
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
                size_t next = behind == NULL || is_inside ? from : skip_behind(text, from, behind);
                if (next == from) {
                    return false;
                }
                *text_at = next;
                continue;
            }
            *text_at = from + text_size;
        }
        *word_at += word_size;
    }
    *text_at = behind == NULL ? *text_at : figure_manner_read_behind(text, *text_at, behind);
    return true;
}

static bool is_cut_word(struct text text, size_t from, size_t to) {
    bool at_start =
        from > 0 && is_latin((unsigned char)text.bytes[from]) && is_latin((unsigned char)text.bytes[from - 1]);
    bool at_end = to < text.length && to > 0 && is_latin((unsigned char)text.bytes[to]) &&
                  is_latin((unsigned char)text.bytes[to - 1]);
    return at_start || at_end;
}

/* Words with a figure that is none: 没有人获救. */
static bool is_of_none(const struct match *match, struct text words) {
    return memchr(words.bytes, '#', words.length) != NULL && match->figure.comparison == FIGURE_WITHIN &&
           match->figure.high == 0;
}

/* Words that say that a fact is over give nothing, and stand beside whatever overlaps them: 被困人员已全部救出. */
static void add_match(struct listening *work, struct match match) {
    const struct plan_phrase *phrase = &work->plan->facts[match.fact].phrases[match.phrase];
    if (phrase->value == PLAN_OVER) {
        over_note(&work->overs, match.fact, work->text, match.from, match.to, is_of_none(&match, phrase->words));
        work->is_exhausted = work->is_exhausted || work->overs.failed;
        return;
    }
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

/* Reads the figure of a fact at an offset, as words that stand apart from it have it meant. */
static size_t read_figure(const struct listening *work, uint16_t index, size_t at, struct figure_manner outside,
                          struct figure readings[FIGURE_READINGS]) {
    const struct plan_fact *fact = &work->plan->facts[index];
    struct figure_setting setting = figure_find_setting(work->plan, index);
    setting.outside = outside;
    return fact->type == PLAN_TIME ? figure_read_time(&setting, work->now, work->text, at, readings)
                                   : figure_read_quantity(&setting, fact->dimension, work->text, at, readings);
}

/* The same without such words, kept for the phrases that ask for it one by one. */
static void keep_readings(struct listening *work, uint16_t index, size_t at) {
    if (work->read_fact != index || work->read_at != at) {
        work->read_fact = index;
        work->read_at = at;
        work->reading_count = read_figure(work, index, at, (struct figure_manner){0}, work->readings);
    }
}

/* What stands at the # of a phrase: each reading behind which the rest of the words stand. What is counted stands in the words
 * alone: three sheep are no three people. */
static void match_figure(struct listening *work, struct match match, struct text words, size_t word_at,
                         size_t text_at) {
    const struct plan_fact *fact = &work->plan->facts[match.fact];
    size_t figure_at = word_at == 0 ? text_at : skip_gap(work->text, text_at, true);
    bool is_count = fact->type == PLAN_QUANTITY && fact->dimension == QUANTITY_COUNT;
    if (!may_begin_figure(work->text, figure_at) && figure_at == text_at && word_at == 0) {
        return;
    }
    keep_readings(work, match.fact, figure_at);
    const struct figure *readings = work->readings;
    for (size_t i = 0; i < work->reading_count; i++) {
        size_t rest = word_at + 1;
        size_t end = readings[i].end;
        match.behind = (struct figure_manner){0};
        if ((is_count && readings[i].unit.length > 0) || !match_words(words, &rest, work->text, &end, &match.behind) ||
            rest != words.length || is_cut_word(work->text, match.from, end) ||
            (word_at + 1 == words.length && !may_end_figure(work->text, fact, end))) {
            continue;
        }
        match.to = (uint32_t)end;
        match.figure_at = (uint32_t)figure_at;
        match.figure = readings[i];
        add_match(work, match);
    }
}

static void match_phrase(struct listening *work, uint16_t fact, uint16_t index, size_t at) {
    struct text words = work->plan->facts[fact].phrases[index].words;
    struct match match = {.from = (uint32_t)at, .fact = fact, .phrase = index};
    size_t word_at = 0;
    size_t end = at;
    if (!match_words(words, &word_at, work->text, &end, NULL)) {
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

/* Words that give a quantity without a figure: 无人员伤亡. */
static bool is_said_outright(const struct listening *work, const struct match *match) {
    const struct plan_fact *fact = &work->plan->facts[match->fact];
    return fact->type == PLAN_QUANTITY && fact->phrases[match->phrase].value != PLAN_FIGURE;
}

/* The matches behind one (in the order of compare_matches) that are the same words, said of further facts. */
static size_t count_twins(const struct listening *work, size_t first) {
    size_t count = 0;
    const struct match *match = &work->matches[first];
    while (is_said_outright(work, match) && first + count + 1 < work->count && match[count + 1].to == match->to &&
           match[count + 1].from == match->from && match[count + 1].fact != match[count].fact &&
           is_said_outright(work, &match[count + 1])) {
        count++;
    }
    return count;
}

/* Leaves the chosen matches, numbered from 1 by the offset at which they end, and their twins, in the order of the text. */
static void keep_chosen(struct listening *work, const uint32_t *chosen) {
    size_t room = 0;
    for (size_t at = work->text.length; at > 0;) {
        room += chosen[at] == 0 ? 0 : 1 + count_twins(work, chosen[at] - 1);
        at = chosen[at] == 0 ? at - 1 : work->matches[chosen[at] - 1].from;
    }
    struct match *kept = calloc(room + 1, sizeof *kept);
    work->is_exhausted = kept == NULL;
    size_t left = kept == NULL ? 0 : room;
    for (size_t at = work->text.length; left > 0 && at > 0;) {
        if (chosen[at] == 0) {
            at--;
            continue;
        }
        size_t count = 1 + count_twins(work, chosen[at] - 1);
        left -= count;
        memcpy(kept + left, work->matches + chosen[at] - 1, count * sizeof *kept);
        at = work->matches[chosen[at] - 1].from;
    }
    free(work->matches);
    work->matches = kept;
    work->count = kept == NULL ? 0 : room;
    work->room = work->count;
}

/* The best set of matches that do not overlap, by the end of the text before each offset. Leaves the chosen ones alone. */
static void choose_matches(struct listening *work) {
    size_t length = work->text.length;
    int64_t *best = calloc(length + 1, sizeof *best);
    uint32_t *chosen = calloc(length + 1, sizeof *chosen); /* the match that ends there, plus one; 0: none */
    work->is_exhausted = best == NULL || chosen == NULL;
    if (!work->is_exhausted) {
        qsort(work->matches, work->count, sizeof *work->matches, compare_matches);
        size_t next = 0;
        for (size_t at = 1; at <= length; at++) {
            best[at] = best[at - 1];
            for (; next < work->count && work->matches[next].to == at; next++) {
                const struct match *match = &work->matches[next];
                int64_t score = best[match->from] + (int64_t)(match->to - match->from) * 1024 - 1;
                if (score > best[at]) {
                    best[at] = score;
                    chosen[at] = (uint32_t)next + 1;
                }
            }
        }
        keep_chosen(work, chosen);
    }
    free(best);
    free(chosen);
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

/* The figure of a match as the words apart from it have it meant; false where they leave it open what they make of it. They
 * become part of the offer's words. `from`: where the clause, or what follows the match before, begins. */
static bool read_meant(const struct listening *work, const struct match *match, size_t from, struct figure *figure,
                       struct hearing_offer *offer) {
    struct figure_manner manner = {0};
    struct figure readings[FIGURE_READINGS];
    size_t begin = match->from;
    if (!figure_manner_find(work->text, from, &begin, &manner) || !figure_manner_join(&manner, &match->behind)) {
        return false;
    }
    offer->from = begin;
    size_t count = read_figure(work, match->fact, match->figure_at, manner, readings);
    for (size_t i = 0; i < count; i++) {
        if (readings[i].end == match->figure.end) {
            *figure = readings[i];
            return true;
        }
    }
    return false;
}

/* What a match of words with a figure says. */
static bool offer_figure(const struct listening *work, const struct match *match, size_t from,
                         struct hearing_offer *offer) {
    const struct plan_fact *fact = &work->plan->facts[match->fact];
    struct figure figure;
    if (!read_meant(work, match, from, &figure, offer)) {
        return false;
    }
    offer->is_uncertain = offer->is_uncertain || figure.is_guess;
    offer->is_negated = figure.comparison == FIGURE_WITHIN && figure.low == 0 && figure.high == 0;
    return apply_figure(fact, &figure, &offer->low, &offer->high) && spell(work->plan, offer, &figure);
}

/* What a match of words that have their value says. */
static bool offer_value(const struct listening *work, const struct match *match, enum clause_denial denial,
                        struct hearing_offer *offer) {
    const struct plan_fact *fact = &work->plan->facts[match->fact];
    int64_t value = fact->phrases[match->phrase].value;
    bool is_flag = fact->type == PLAN_FLAG;
    if (denial != CLAUSE_ASSERTS && (!is_flag || value == 0 || denial == CLAUSE_HAS_NOT_HEARD)) {
        return false; /* of two denials whoever listens must say what that is */
    }
    offer->low = denial == CLAUSE_ASSERTS ? value : 0;
    offer->high = fact->type == PLAN_CHOICE ? 0 : offer->low;
    offer->is_negated = fact->type != PLAN_CHOICE && offer->low == 0;
    return spell(work->plan, offer, NULL);
}

/* What a match says, with what stands around it; false where it says nothing that could be offered. `floor`: where the match
 * before ends. */
static bool make_offer(const struct listening *work, const struct match *match, size_t floor,
                       struct hearing_offer *offer) {
    struct clause clause;
    clause_read(work->text, match->from, match->to, &clause);
    *offer = (struct hearing_offer){.fact = match->fact, .from = match->from, .to = match->to};
    enum over_state over = over_find(&work->overs, match->fact, match->from, match->to, &clause);
    offer->is_uncertain = clause.is_doubtful || over == OVER_PERHAPS;
    if (clause.is_question || over == OVER_CERTAINLY) {
        return false;
    }
    if (work->plan->facts[match->fact].phrases[match->phrase].value == PLAN_FIGURE) {
        return clause.denial == CLAUSE_ASSERTS &&
               offer_figure(work, match, clause.from > floor ? clause.from : floor, offer);
    }
    return offer_value(work, match, clause.denial, offer);
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
    size_t floor = 0;
    for (size_t i = 0; i < work.count && !work.is_exhausted && hearing->count < HEARING_OFFERS_MAX; i++) {
        struct hearing_offer offer;
        if (make_offer(&work, &work.matches[i], floor, &offer) && !is_offered(hearing, &offer)) {
            hearing->offers[hearing->count++] = offer;
        }
        floor = i + 1 < work.count && work.matches[i + 1].from == work.matches[i].from ? floor : work.matches[i].to;
    }
    hearing->is_exhausted = work.is_exhausted;
    free(work.matches);
    buffer_release(&work.overs);
}
