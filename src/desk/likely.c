#include "desk/likely.h"

#include "base/calendar.h"

#include <string.h>

#define PHONE_DIGITS_LEAST 5
#define NEAR_US (INT64_C(2) * CALENDAR_US_PER_HOUR)
#define SIGNS_LEAST 2
#define LATIN_LEAST 4
#define TEXT_SIGNS_LEAST 3 /* of what was said: two signs, such as the plan's own subject, stand in every call */

struct signs {
    uint32_t codes[LIKELY_SIGNS_MAX];
    size_t starts[LIKELY_SIGNS_MAX + 1]; /* bytes */
    size_t count;
};

static uint32_t fold_sign(uint32_t sign) {
    return sign >= 'A' && sign <= 'Z' ? sign - 'A' + 'a' : sign;
}

static void read_signs(struct text text, struct signs *signs) {
    size_t at = 0;
    signs->count = 0;
    while (at < text.length && signs->count < LIKELY_SIGNS_MAX) {
        size_t size = 0;
        signs->codes[signs->count] = fold_sign(text_read_code_point(text, at, &size));
        signs->starts[signs->count++] = at;
        at += size;
    }
    signs->starts[signs->count] = at;
}

/* Neither blanks nor marks: they end a run. */
static bool is_wordly(uint32_t sign) {
    bool is_ascii = sign < 0x80U;
    bool is_letter = (sign >= 'a' && sign <= 'z') || (sign >= '0' && sign <= '9');
    bool is_mark = (sign >= 0x3000U && sign <= 0x303FU) || (sign >= 0xFF00U && sign <= 0xFF0FU) ||
                   (sign >= 0xFF1AU && sign <= 0xFF20U) || (sign >= 0x2000U && sign <= 0x206FU);
    return is_ascii ? is_letter : !is_mark;
}

static bool is_long_enough(const struct signs *signs, size_t from, size_t count) {
    bool is_latin = true;
    for (size_t i = from; i < from + count; i++) {
        is_latin = is_latin && signs->codes[i] < 0x250U;
    }
    return count >= (is_latin ? LATIN_LEAST : SIGNS_LEAST);
}

struct text likely_find_run(struct text one, struct text other) {
    struct signs left;
    struct signs right;
    uint16_t runs[LIKELY_SIGNS_MAX + 1] = {0}; /* by sign of the other: how long the run is that ends there */
    size_t longest = 0;
    size_t end = 0;
    read_signs(one, &left);
    read_signs(other, &right);
    for (size_t i = 0; i < left.count; i++) {
        for (size_t k = right.count; k > 0; k--) {
            bool is_same = left.codes[i] == right.codes[k - 1] && is_wordly(left.codes[i]);
            runs[k] = is_same ? (uint16_t)(runs[k - 1] + 1) : 0;
            if (runs[k] > longest) {
                longest = runs[k];
                end = i + 1;
            }
        }
    }
    if (longest == 0 || !is_long_enough(&left, end - longest, longest)) {
        return (struct text){0};
    }
    return (struct text){one.bytes + left.starts[end - longest], left.starts[end] - left.starts[end - longest]};
}

static size_t read_digits(struct text phone, char digits[32]) {
    size_t count = 0;
    for (size_t i = 0; i < phone.length && count < 32; i++) {
        if (phone.bytes[i] >= '0' && phone.bytes[i] <= '9') {
            digits[count++] = phone.bytes[i];
        }
    }
    return count;
}

static bool is_same_phone(struct text one, struct text other) {
    char left[32];
    char right[32];
    size_t count = read_digits(one, left);
    return count >= PHONE_DIGITS_LEAST && count == read_digits(other, right) && memcmp(left, right, count) == 0;
}

void likely_compare(const struct likely_said *one, const struct likely_said *other, struct likely_match *match) {
    *match = (struct likely_match){.apart_us = one->at > other->at ? one->at - other->at : other->at - one->at};
    match->same_phone = is_same_phone(one->phone, other->phone);
    match->place = likely_find_run(one->place, other->place);
    struct text text = likely_find_run(one->text, other->text);
    match->text = text_count_code_points(text) >= TEXT_SIGNS_LEAST ? text : (struct text){0};
    match->weight = (match->same_phone ? 60U : 0U) + 20U * (uint32_t)text_count_code_points(match->place) +
                    4U * (uint32_t)text_count_code_points(match->text);
    match->weight += match->weight > 0 && match->apart_us <= NEAR_US ? 10U : 0U;
}

/* ---- units ------------------------------------------------------------------------------------------------ */

/* Where a text has a name, or its beginning. How many signs; 0 where it has not. */
static size_t find_name(struct text text, struct text name, struct text *named) {
    struct signs in;
    struct signs wanted;
    size_t best = 0;
    read_signs(text, &in);
    read_signs(name, &wanted);
    for (size_t from = 0; from < in.count; from++) {
        size_t common = 0;
        while (common < wanted.count && from + common < in.count && in.codes[from + common] == wanted.codes[common]) {
            common++;
        }
        bool is_good = common == wanted.count ||
                       (common >= SIGNS_LEAST && wanted.codes[0] >= 0x250U); /* a Latin word has no meaning cut short */
        if (is_good && common > best) {
            best = common;
            *named = (struct text){text.bytes + in.starts[from], in.starts[from + common] - in.starts[from]};
        }
    }
    return best;
}

struct choice {
    uint16_t unit;
    size_t signs;
    bool is_tied;
    struct text named;
};

static void try_name(struct choice *choice, uint16_t unit, struct text text, struct text name) {
    struct text named = {0};
    size_t signs = find_name(text, name, &named);
    if (signs > choice->signs) {
        *choice = (struct choice){unit, signs, false, named};
    } else if (signs > 0 && signs == choice->signs && unit != choice->unit) {
        choice->is_tied = true;
    }
}

uint16_t likely_find_unit(const struct plan *plan, uint16_t group, struct text text, struct text *named) {
    struct choice choice = {.unit = PLAN_NONE};
    for (uint32_t i = 0; i < plan->party_count; i++) {
        const struct plan_party *party = &plan->parties[i];
        if (party->kind != PLAN_UNIT || !plan_party_includes(plan, group, (uint16_t)i)) {
            continue;
        }
        try_name(&choice, (uint16_t)i, text, party->name);
        for (uint16_t k = 0; k < party->alias_count; k++) {
            try_name(&choice, (uint16_t)i, text, party->aliases[k]);
        }
    }
    *named = choice.named;
    return choice.is_tied ? PLAN_NONE : choice.unit;
}
