#include "desk/match.h"

#include "base/pinyin.h"

#include <stdio.h>
#include <string.h>

#define SYLLABLE_LETTERS 7 /* zhuang, and one more */
#define STEPS_MOST 400     /* from one place in a text */
#define SPELLINGS_MOST 16

/* ---- signs ------------------------------------------------------------------------------------------------ */

/* Capital letters and full-width forms are as good as small and narrow ones. */
static uint32_t fold_sign(uint32_t sign) {
    sign = sign >= 0xFF01U && sign <= 0xFF5EU ? sign - 0xFF01U + '!' : sign == 0x3000U ? ' ' : sign;
    return sign >= 'A' && sign <= 'Z' ? sign - 'A' + 'a' : sign;
}

static bool is_digit(uint32_t sign) {
    return sign >= '0' && sign <= '9';
}

static bool is_letter(uint32_t sign) {
    return sign >= 'a' && sign <= 'z';
}

static bool is_blank(uint32_t sign) {
    return sign == ' ' || sign == '\t' || sign == '\n' || sign == '\r';
}

/* What stands between the figures of a number and is not always typed: 023-6822 1234. */
static bool is_between_figures(uint32_t sign) {
    return sign == '-' || sign == ' ' || sign == '(' || sign == ')';
}

static void mark_sign(struct match_mark *mark, uint32_t sign) {
    uint32_t bit = (sign * UINT32_C(2654435761)) >> 25U;
    mark->signs[bit / 64] |= UINT64_C(1) << (bit % 64);
}

static uint32_t initials_of(uint32_t sign) {
    return is_letter(sign) ? UINT32_C(1) << (sign - 'a') : pinyin_find_initials(sign);
}

void match_mark_text(struct text text, struct match_mark *mark) {
    *mark = (struct match_mark){0};
    for (size_t at = 0, size = 0; at < text.length; at += size) {
        uint32_t sign = fold_sign(text_read_code_point(text, at, &size));
        mark_sign(mark, sign);
        mark->initials |= initials_of(sign);
    }
}

/* ---- queries ---------------------------------------------------------------------------------------------- */

/* Between figures what is not always typed is left away, for the text may have it or not. */
static bool is_left_away(const struct match_word *word, uint32_t sign) {
    return sign == '-' && word->count > 0 && is_digit(word->letters[word->count - 1]);
}

static void add_letter(struct match_word *word, uint32_t sign) {
    if (word->count == MATCH_LETTERS_MAX || is_left_away(word, sign)) {
        return;
    }
    word->letters[word->count++] = sign;
    if (!is_letter(sign)) {
        mark_sign(&word->needs, sign);
    } else if (word->count == 1) {
        word->needs.initials = initials_of(sign); /* the others may stand within a syllable */
    }
}

bool match_read_query(struct text typed, struct match_query *query) {
    bool is_open = false;
    *query = (struct match_query){0};
    for (size_t at = 0, size = 0; at < typed.length; at += size) {
        uint32_t sign = fold_sign(text_read_code_point(typed, at, &size));
        if (is_blank(sign)) {
            is_open = false;
        } else if (is_open || query->count < MATCH_WORDS_MAX) {
            query->count += !is_open;
            is_open = true;
            add_letter(&query->words[query->count - 1], sign);
        } else {
            break;
        }
    }
    return query->count > 0;
}

bool match_may_fit(const struct match_query *query, const struct match_mark *mark) {
    for (size_t i = 0; i < query->count; i++) {
        const struct match_mark *needs = &query->words[i].needs;
        if ((needs->signs[0] & ~mark->signs[0]) != 0 || (needs->signs[1] & ~mark->signs[1]) != 0 ||
            (needs->initials & ~mark->initials) != 0) {
            return false;
        }
    }
    return true;
}

/* ---- one word at one place -------------------------------------------------------------------------------- */

struct trial {
    const struct match_word *word;
    struct text text;
    unsigned int steps;
    bool is_read; /* some of it by how it is read */
};

static size_t match_here(struct trial *trial, size_t at, size_t letter);

/* How many letters from here on are the reading's, or the start of it. */
static size_t count_common(const struct match_word *word, size_t letter, const char *reading, size_t length) {
    size_t common = 0;
    while (common < length && letter + common < word->count &&
           word->letters[letter + common] == (uint32_t)reading[common]) {
        common++;
    }
    return common;
}

/* The letters from here on as one reading of the character that ends before `next`: the whole syllable, or its first sound,
 * or, where the word ends, any part from its start. */
static size_t match_reading(struct trial *trial, size_t next, size_t letter, const char *reading, size_t length,
                            uint32_t *tried) {
    const struct match_word *word = trial->word;
    size_t common = count_common(word, letter, reading, length);
    size_t sound = length >= 2 && reading[1] == 'h' ? 2 : 1;
    for (size_t taken = common; taken >= 1; taken--) {
        bool is_good = taken == length || taken <= sound || letter + taken == word->count;
        if (is_good && taken < 32 && (*tried >> taken & 1U) == 0) {
            *tried |= UINT32_C(1) << taken;
            size_t end = match_here(trial, next, letter + taken);
            if (end != 0) {
                trial->is_read = true;
                return end;
            }
        }
    }
    return 0;
}

static size_t match_read(struct trial *trial, uint32_t sign, size_t next, size_t letter) {
    uint32_t tried = 0;
    const char *reading = pinyin_find(sign);
    while (*reading != '\0') {
        size_t length = strcspn(reading, ",");
        size_t end = match_reading(trial, next, letter, reading, length, &tried);
        if (end != 0) {
            return end;
        }
        reading += length + (reading[length] == ',' ? 1 : 0);
    }
    return 0;
}

/* Where the word ends whose letters from `letter` on stand from `at` on; 0 when they do not. */
static size_t match_here(struct trial *trial, size_t at, size_t letter) {
    const struct match_word *word = trial->word;
    size_t size = 0;
    if (letter == word->count) {
        return at;
    }
    if (at >= trial->text.length || trial->steps++ == STEPS_MOST) {
        return 0;
    }
    uint32_t sign = fold_sign(text_read_code_point(trial->text, at, &size));
    uint32_t wanted = word->letters[letter];
    if (sign == wanted) {
        return match_here(trial, at + size, letter + 1);
    }
    if (letter > 0 && is_digit(wanted) && is_digit(word->letters[letter - 1]) && is_between_figures(sign)) {
        return match_here(trial, at + size, letter);
    }
    return is_letter(wanted) && !is_letter(sign) ? match_read(trial, sign, at + size, letter) : 0;
}

/* ---- words in texts --------------------------------------------------------------------------------------- */

static size_t find_line_start(struct text text, size_t at) {
    while (at > 0 && text.bytes[at - 1] != '\n') {
        at--;
    }
    return at;
}

static size_t find_line_end(struct text text, size_t at) {
    const char *end = memchr(text.bytes + at, '\n', text.length - at);
    return end == NULL ? text.length : (size_t)(end - text.bytes);
}

static enum match_fit judge(struct text text, size_t start, size_t end, bool is_read) {
    bool is_start = start == 0 || text.bytes[start - 1] == '\n';
    bool is_end = end == text.length || text.bytes[end] == '\n';
    if (is_read) {
        return is_start ? MATCH_READ_START : MATCH_READ_INSIDE;
    }
    return is_start && is_end ? MATCH_LINE : is_start ? MATCH_START : MATCH_INSIDE;
}

/* The best place of a word; MATCH_NOT when it has none. */
static enum match_fit find_word(const struct match_word *word, struct text text, uint64_t *budget, size_t *start,
                                size_t *end) {
    enum match_fit best = MATCH_NOT;
    uint32_t first = word->letters[0];
    uint32_t initial = is_letter(first) ? initials_of(first) : 0;
    for (size_t at = 0, size = 0; at<text.length && * budget> 0 && best != MATCH_LINE; at += size) {
        uint32_t sign = fold_sign(text_read_code_point(text, at, &size));
        --*budget;
        if (sign != first && (initial & initials_of(sign)) == 0) {
            continue;
        }
        struct trial trial = {.word = word, .text = text};
        size_t stop = match_here(&trial, at, 0);
        enum match_fit fit = stop == 0 ? MATCH_NOT : judge(text, at, stop, trial.is_read);
        *budget -= trial.steps < *budget ? trial.steps : *budget;
        if (fit < best) {
            best = fit;
            *start = at;
            *end = stop;
        }
    }
    return best;
}

bool match_find(const struct match_query *query, struct text text, uint64_t *budget, struct match_found *found) {
    *found = (struct match_found){0};
    for (size_t i = 0; i < query->count; i++) {
        size_t start = 0;
        size_t end = 0;
        enum match_fit fit = find_word(&query->words[i], text, budget, &start, &end);
        if (fit == MATCH_NOT) {
            return false;
        }
        found->fit += fit;
        found->start = i == 0 ? start : found->start;
        found->end = i == 0 ? end : found->end;
    }
    found->line_start = find_line_start(text, found->start);
    found->line_end = find_line_end(text, found->end);
    for (size_t at = 0; at < found->line_start; at++) {
        found->line += text.bytes[at] == '\n';
    }
    return true;
}

/* ---- initials --------------------------------------------------------------------------------------------- */

struct spellings {
    char texts[SPELLINGS_MOST][MATCH_LETTERS_MAX + 1];
    size_t lengths[SPELLINGS_MOST];
    size_t count;
};

/* The spellings so far, of which there are `before`, go on with a letter; as further ones, but for the first letter. */
static void go_on(struct spellings *spellings, size_t before, char letter, bool is_first) {
    for (size_t i = 0; i < before && (is_first || spellings->count < SPELLINGS_MOST); i++) {
        size_t to = is_first ? i : spellings->count++;
        size_t length = spellings->lengths[i] - (is_first ? 0U : 1U);
        memmove(spellings->texts[to], spellings->texts[i], length);
        spellings->texts[to][length] = letter;
        spellings->lengths[to] = length + 1;
    }
}

/* The most usual reading comes first: it is in the spellings that there are, whatever has no room. */
static void add_sign(struct spellings *spellings, uint32_t sign) {
    const char own[] = {is_letter(sign) || is_digit(sign) ? (char)sign : '\0', '\0'};
    const char *reading = own[0] != '\0' ? own : pinyin_find(sign);
    size_t before = spellings->count;
    uint32_t given = 0;
    while (*reading != '\0') {
        uint32_t bit = is_digit((uint32_t)*reading) ? 0 : UINT32_C(1) << (*reading - 'a');
        if ((given & bit) == 0) {
            go_on(spellings, before, *reading, reading == own || given == 0);
            given |= bit;
        }
        reading += strcspn(reading, ",");
        reading += *reading == ',' ? 1 : 0;
    }
}

size_t match_write_initials(struct text name, char *out, size_t room) {
    struct spellings spellings = {.count = 1};
    size_t length = 0;
    size_t signs = 0;
    if (room == 0) {
        return 0;
    }
    out[0] = '\0';
    for (size_t at = 0, size = 0; at < name.length && signs < MATCH_LETTERS_MAX; at += size, signs++) {
        add_sign(&spellings, fold_sign(text_read_code_point(name, at, &size)));
    }
    for (size_t i = 0; i < spellings.count && spellings.lengths[0] > 0; i++) {
        int more = snprintf(out + length, room - length, "%s%.*s", length == 0 ? "" : " ", (int)spellings.lengths[i],
                            spellings.texts[i]);
        if (more < 0 || (size_t)more >= room - length) {
            out[length] = '\0';
            return length;
        }
        length += (size_t)more;
    }
    return length;
}
