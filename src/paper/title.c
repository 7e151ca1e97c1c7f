/* Breaking a title: of all ways with the fewest lines the one whose lines are most alike and tear the fewest words. */
#include "paper/title.h"

#include <math.h>
#include <string.h>

/* Against the squares of how much each line is longer or shorter than the mean, as a part of it. */
#define COST_WORD 0.4   /* a word may be torn: as two lines of which one is two and a half times the other */
#define COST_JOINED 0.8 /* it is likely */
#define COST_NUMBER 1.0 /* a number is torn from what it counts */

/* The ways to break the first letters into so many lines: the best one's cost, and where its last line begins. */
struct ways {
    double cost[TITLE_LINES_MOST + 1][TITLE_LETTERS_MOST + 1];
    size_t from[TITLE_LINES_MOST + 1][TITLE_LETTERS_MOST + 1];
};

static bool is_digit(uint32_t code) {
    return code >= '0' && code <= '9';
}

static bool is_latin(uint32_t code) {
    return is_digit(code) || (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z');
}

static bool is_one_of(uint32_t code, const uint32_t *codes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (codes[i] == code) {
            return true;
        }
    }
    return false;
}

#define IS_ONE_OF(code, codes) is_one_of(code, codes, sizeof(codes) / sizeof(codes)[0])

/* What a break behind letter `at` costs. */
static double rate_break(const struct title_letter *letters, size_t count, size_t at) {
    static const uint32_t closing[] = {L'、', L'，', L'：', L'；', L'》', L'）', L'”', L'〕', L'的', L' ', L'　'};
    static const uint32_t opening[] = {L'《', L'（', L'“', L'〔'};
    static const uint32_t dating[] = {L'年', L'月', L'日', L'时', L'第'};
    uint32_t before = letters[at].code, after = letters[at + 1].code;
    if (IS_ONE_OF(before, closing) || IS_ONE_OF(after, opening) ||
        (after == L'关' && at + 2 < count && letters[at + 2].code == L'于')) {
        return 0;
    }
    if (is_digit(before) || (is_digit(after) && IS_ONE_OF(before, dating))) {
        return COST_NUMBER;
    }
    if (is_latin(before) != is_latin(after)) {
        return 0;
    }
    return letters[at].is_joined ? COST_JOINED : COST_WORD;
}

void title_find_words(struct text title, struct text body, struct title_letter *letters, size_t count) {
    size_t size = 0, next = 0;
    for (size_t i = 0, at = 0; i + 1 < count; i++, at += size) {
        (void)text_read_code_point(title, at, &size);
        (void)text_read_code_point(title, at + size, &next);
        letters[i].is_joined = text_contains(body, (struct text){title.bytes + at, size + next});
    }
}

/* Without the blanks at its end. */
static double measure_line(const struct title_letter *letters, size_t begin, size_t end) {
    double width = 0;
    while (end > begin && letters[end - 1].code == ' ') {
        end--;
    }
    for (; begin < end; begin++) {
        width += letters[begin].width;
    }
    return width;
}

/* The best ways with one line more, from those with `lines`. */
static void add_line(const struct title_letter *letters, size_t count, double width, double wanted, size_t lines,
                     struct ways *ways) {
    for (size_t end = 1; end <= count; end++) {
        ways->cost[lines + 1][end] = INFINITY;
        if (end < count && !letters[end - 1].may_break) {
            continue;
        }
        double here = end == count ? 0 : rate_break(letters, count, end - 1);
        for (size_t begin = end >= TITLE_LINE_LETTERS ? end - TITLE_LINE_LETTERS + 1 : 0; begin-- > 0;) {
            double line = measure_line(letters, begin, end);
            double apart = (line - wanted) / wanted;
            double cost = ways->cost[lines][begin] + apart * apart + here;
            if (line > width) {
                break;
            }
            if (cost < ways->cost[lines + 1][end]) {
                ways->cost[lines + 1][end] = cost;
                ways->from[lines + 1][end] = begin;
            }
        }
    }
    ways->cost[lines + 1][0] = INFINITY;
}

static bool break_into(const struct title_letter *letters, size_t count, double width, size_t lines,
                       size_t ends[TITLE_LINES_MOST]) {
    struct ways ways = {0};
    double wanted = measure_line(letters, 0, count) / (double)lines;
    for (size_t end = 0; end <= count; end++) {
        ways.cost[0][end] = end == 0 ? 0 : INFINITY;
    }
    for (size_t line = 0; line < lines; line++) {
        add_line(letters, count, width, wanted, line, &ways);
    }
    if (isinf(ways.cost[lines][count])) {
        return false;
    }
    for (size_t line = lines, end = count; line > 0; line--) {
        ends[line - 1] = end;
        end = ways.from[line][end];
    }
    return true;
}

size_t title_break(const struct title_letter *letters, size_t count, double width, size_t ends[TITLE_LINES_MOST]) {
    if (count == 0 || count > TITLE_LETTERS_MOST || measure_line(letters, 0, count) <= 0) {
        return 0;
    }
    if (measure_line(letters, 0, count) <= width) {
        ends[0] = count;
        return 1;
    }
    for (size_t lines = 2; lines <= TITLE_LINES_MOST; lines++) {
        if (break_into(letters, count, width, lines, ends)) {
            return lines;
        }
    }
    return 0;
}
