/* A box being written: paragraphs one below the other, each as high as its lines. */
#include "chart/maker.h"

#define PADDING_X 5.0
#define PADDING_Y 3.5

static const struct {
    double size, gap; /* gap: above it, where something stands above */
    enum chart_align align;
    bool bold;
} styles[CARD_STYLES] = {
    [CARD_TITLE] = {13.0, 2.0, CHART_CENTRE, true},      [CARD_NAME] = {9.0, 1.0, CHART_LEFT, true},
    [CARD_CENTRED] = {9.0, 1.0, CHART_CENTRE, true},     [CARD_BODY] = {8.5, 1.0, CHART_LEFT, false},
    [CARD_CLOCK] = {8.0, 1.0, CHART_LEFT, true},         [CARD_DETAIL] = {8.0, 1.0, CHART_LEFT, false},
    [CARD_SMALL_CLOCK] = {8.0, 1.0, CHART_CENTRE, true}, [CARD_SMALL] = {8.0, 1.0, CHART_CENTRE, false},
    [CARD_CLAUSE] = {8.0, 1.0, CHART_RIGHT, false},
};

struct card card_make(enum chart_shape shape, double width) {
    return (struct card){.shape = shape, .width = width, .height = 2 * PADDING_Y};
}

/* What the shape takes from the width at each side besides the padding. */
static double find_inset(enum chart_shape shape) {
    return shape == CHART_CAUSE ? 5.0 : shape == CHART_FORBID || shape == CHART_DECIDE ? 3.0 : 0.0;
}

void card_write(struct maker *maker, struct card *card, enum card_style style, struct text words) {
    if (words.length == 0) {
        return;
    }
    struct chart_text *text = maker_grow(maker, &card->texts, &card->text_count, sizeof *text);
    if (text == NULL) {
        return;
    }
    double inset = PADDING_X + find_inset(card->shape);
    *text = (struct chart_text){.string = words,
                                .x = inset,
                                .width = card->width - 2 * inset,
                                .size = styles[style].size,
                                .scale = 1,
                                .align = styles[style].align,
                                .bold = styles[style].bold,
                                .reversed = card->shape == CHART_HEAD};
    (void)type_measure(maker->type, text, NULL, maker->failure);
    double gap = card->text_count > 1 ? styles[style].gap : 0.0;
    text->y = card->height - PADDING_Y + gap;
    card->height += gap + text->height;
}

static void add_meaning(struct maker *maker, struct card *card, struct chart_meaning meaning) {
    struct chart_meaning *added = maker_grow(maker, &card->meanings, &card->meaning_count, sizeof *added);
    if (added != NULL) {
        *added = meaning;
    }
}

void card_mean(struct maker *maker, struct card *card, enum chart_meaning_kind kind, uint32_t index) {
    add_meaning(maker, card, (struct chart_meaning){.kind = kind, .index = index});
}

void card_mean_level(struct maker *maker, struct card *card, uint16_t scale, uint8_t level) {
    add_meaning(maker, card, (struct chart_meaning){CHART_MEANS_LEVEL, scale, level});
}

void card_mean_parties(struct maker *maker, struct card *card, struct plan_list parties) {
    for (uint16_t i = 0; i < parties.count; i++) {
        uint16_t party = maker->plan->lists[parties.first + i];
        if (party < maker->plan->party_count) {
            card_mean(maker, card, CHART_MEANS_PARTY, party);
        }
    }
}

void card_shrink(struct maker *maker, struct card *card, double least) {
    double widest = 0.0;
    double inset = PADDING_X + find_inset(card->shape);
    for (uint32_t i = 0; i < card->text_count; i++) {
        double used = 0.0;
        (void)type_measure(maker->type, &card->texts[i], &used, maker->failure);
        widest = used > widest ? used : widest;
    }
    double width = widest + 2 * inset + 0.5; /* a hair more than the line, or it would be broken anew */
    width = width < least ? least : width;
    if (width < card->width) {
        card->width = width;
        for (uint32_t i = 0; i < card->text_count; i++) {
            card->texts[i].width = width - 2 * inset;
        }
    }
}
