#include "run/over.h"

#include "run/number_word.h"

/* Such words in a text. */
struct over {
    size_t from, to, clause_from;
    size_t last_figure; /* in their clause: where it begins */
    bool has_figure;
    bool counts; /* neither asked nor denied, and said of whom was spoken of: not of others, nobody, the speaker */
    bool is_doubtful;
    uint16_t fact;
};

static bool is_latin(char byte) {
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

/* Finds the last figure of the clause. */
static void find_last_figure(struct text text, const struct clause *clause, struct over *over) {
    size_t size = 0;
    for (size_t at = clause->from; at < clause->to; at += size) {
        struct number number;
        bool is_inside = at > clause->from && is_latin(text.bytes[at]) && is_latin(text.bytes[at - 1]); /* everyone */
        (void)text_read_code_point(text, at, &size);
        if (!is_inside && number_word_read(text, at, &number) != at) {
            over->last_figure = at;
            over->has_figure = true;
        }
    }
}

static size_t count_overs(const struct buffer *overs) {
    return overs->length / sizeof(struct over);
}

static const struct over *over_at(const struct buffer *overs, size_t index) {
    return (const struct over *)(const void *)overs->bytes + index;
}

void over_note(struct buffer *overs, uint16_t fact, struct text text, size_t from, size_t to, bool is_of_none) {
    struct clause clause;
    for (size_t i = count_overs(overs); i > 0; i--) {
        if (over_at(overs, i - 1)->fact == fact) {
            if (from < over_at(overs, i - 1)->to) {
                return;
            }
            break;
        }
    }
    clause_read(text, from, to, &clause);
    struct over over = {.from = from, .to = to, .clause_from = clause.from, .fact = fact};
    over.counts = !is_of_none && !clause.is_question && clause.denial == CLAUSE_ASSERTS && !clause.is_of_others &&
                  !clause.is_of_speaker;
    over.is_doubtful = clause.is_doubtful;
    find_last_figure(text, &clause, &over);
    buffer_append(overs, &over, sizeof over);
}

/* Whether the words take back what stands from an offset up to another one. Those that go on behind it may begin within: 被困3人获救. */
static bool takes_back(const struct over *over, size_t from, size_t to, const struct clause *clause) {
    if (!over->counts) {
        return false;
    }
    if (over->from >= from && over->to > to) {
        bool has_own_figure = over->has_figure && over->last_figure >= to;
        return !clause->is_still || !has_own_figure;
    }
    return over->to <= from && over->clause_from == clause->from && !clause->is_still;
}

enum over_state over_find(const struct buffer *overs, uint16_t fact, size_t from, size_t to,
                          const struct clause *clause) {
    enum over_state state = OVER_NOT;
    for (size_t i = 0; i < count_overs(overs); i++) {
        const struct over *over = over_at(overs, i);
        if (over->fact == fact && takes_back(over, from, to, clause)) {
            state = !over->is_doubtful || state == OVER_CERTAINLY ? OVER_CERTAINLY : OVER_PERHAPS;
        }
    }
    return state;
}
