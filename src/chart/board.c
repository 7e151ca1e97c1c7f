/* Cards in columns, from top to bottom and from left to right; what belongs together hangs on one line. */
#include "chart/maker.h"

#define COLUMNS 4
#define COLUMNS_LEAST 2
#define COLUMN_GAP 12.0
#define CARD_GAP 4.0
#define PART_GAP 9.0 /* above a head or a section */
#define NAME_MOST 20 /* wide characters of a name that is written once more */
#define INDENT 9.0   /* of cards, for the line that they hang on */
#define TRIES 14     /* halvings, until columns are of even length */

static double column_width(void) {
    return (sheet_area(true).width - (COLUMNS - 1) * COLUMN_GAP) / COLUMNS;
}

double board_width(enum board_rank rank) {
    return rank == BOARD_CARD ? column_width() - INDENT : column_width();
}

void board_add(struct maker *maker, struct board *board, enum board_rank rank, struct card card, struct text name) {
    struct board_item *item = maker_grow(maker, &board->items, &board->item_count, sizeof *item);
    if (item != NULL) {
        *item = (struct board_item){rank, card, name};
    }
}

/* ---- where each item goes ---------------------------------------------------------------------------------- */

/* A place in the columns of a sheet. */
struct cursor {
    uint32_t column;
    double y;         /* from the top of the columns */
    bool column_used; /* something stands in this column */
};

struct place {
    uint32_t column;
    double y;
    bool goes_on; /* the name of what it hangs on stands above it once more */
};

struct filling {
    const struct board *board;
    uint32_t columns;     /* at most */
    double limit;         /* height of the columns */
    double name_height;   /* of a name that is written once more */
    struct place *places; /* by item, or NULL: only asked */
    bool strict;          /* what must stay together does, or the sheet is full */
};

static double gap_above(const struct filling *filling, uint32_t item) {
    return filling->board->items[item].rank >= BOARD_CARD ? CARD_GAP : PART_GAP;
}

/* The height of what must stay together from this item on: heads and sections with the first card after them. */
static double measure_knot(const struct filling *filling, uint32_t item) {
    const struct board *board = filling->board;
    double height = board->items[item].card.height;
    while (board->items[item].rank < BOARD_CARD && item + 1 < board->item_count) {
        item++;
        height += gap_above(filling, item) + board->items[item].card.height;
    }
    return height;
}

/* Places one item; false when the sheet is full. */
static bool take(const struct filling *filling, uint32_t item, struct cursor *cursor) {
    const struct board_item *taken = &filling->board->items[item];
    double gap = cursor->column_used ? gap_above(filling, item) : 0;
    if (cursor->column_used && cursor->y + gap + measure_knot(filling, item) > filling->limit) {
        if (++cursor->column == filling->columns) {
            return false;
        }
        cursor->y = gap = 0;
        cursor->column_used = false;
    }
    if (filling->strict && !cursor->column_used && measure_knot(filling, item) > filling->limit) {
        return false;
    }
    bool goes_on = !cursor->column_used && taken->rank == BOARD_CARD && item > 0;
    if (goes_on) {
        gap = filling->name_height + CARD_GAP;
    }
    if (cursor->y + gap + taken->card.height > filling->limit + 0.01) {
        return false;
    }
    if (filling->places != NULL) {
        filling->places[item] = (struct place){cursor->column, cursor->y + gap, goes_on};
    }
    cursor->y += gap + taken->card.height;
    cursor->column_used = true;
    return true;
}

/* True when the part that begins at a head fits from here to the end of the sheet. */
static bool part_fits(const struct filling *filling, uint32_t head, struct cursor cursor) {
    struct filling trial = *filling;
    trial.places = NULL;
    uint32_t item = head;
    do {
        if (!take(&trial, item, &cursor)) {
            return false;
        }
        item++;
    } while (item < filling->board->item_count && filling->board->items[item].rank != BOARD_HEAD);
    return true;
}

/* Fills one sheet from `first` on; returns the first item that has no place on it. */
static uint32_t fill(const struct filling *filling, uint32_t first) {
    struct cursor cursor = {0, 0, false};
    uint32_t item = first;
    while (item < filling->board->item_count) {
        bool is_head = filling->board->items[item].rank == BOARD_HEAD;
        if ((is_head && item > first && !part_fits(filling, item, cursor)) || !take(filling, item, &cursor)) {
            break;
        }
        item++;
    }
    return item;
}

/* The height that so many columns may have if they are enlarged to the width of the sheet. */
static double limit_height(uint32_t columns) {
    double width = columns * column_width() + (columns - 1) * COLUMN_GAP;
    return sheet_area(true).height * width / sheet_area(true).width;
}

/* Where fewer columns will do, the sheet is enlarged to its width. */
static void use_fewer(struct filling *filling, uint32_t first, uint32_t next) {
    struct filling trial = *filling;
    trial.places = NULL;
    trial.strict = true;
    for (trial.columns = COLUMNS_LEAST; trial.columns < filling->columns; trial.columns++) {
        trial.limit = limit_height(trial.columns);
        if (fill(&trial, first) >= next) {
            filling->columns = trial.columns;
            filling->limit = trial.limit;
            return;
        }
    }
}

/* Makes the columns of a sheet that holds items `first` to `next` as short as they can be. */
static void even_out(struct filling *filling, uint32_t first, uint32_t next) {
    double low = 0, high = filling->limit;
    struct place *places = filling->places;
    filling->places = NULL;
    filling->strict = fill(filling, first) >= next; /* which it is but for a knot higher than the sheet */
    for (int i = 0; i < TRIES; i++) {
        filling->limit = (low + high) / 2;
        if (fill(filling, first) >= next) {
            high = filling->limit;
        } else {
            low = filling->limit;
        }
    }
    filling->limit = high;
    filling->places = places;
    (void)fill(filling, first);
    filling->strict = false;
}

/* ---- drawing ----------------------------------------------------------------------------------------------- */

/* On one line, however much has to be left out. */
static struct card make_name(struct maker *maker, struct text name, double height) {
    struct card card = card_make(CHART_BARE, column_width());
    for (size_t most = NAME_MOST; most > 0; most--) {
        card = card_make(CHART_BARE, column_width());
        card_write(
            maker, &card, CARD_DETAIL,
            words_print(maker, "%.*s%s", TEXT_PRINT(words_cut(maker, name, most)), say(maker, " (cont.)", "（续）")));
        if (card.height <= height + 0.01) {
            break;
        }
    }
    return card;
}

static void draw_segment(struct maker *maker, struct chart_sheet *sheet, double x1, double y1, double x2, double y2) {
    double points[] = {x1, y1, x2, y2};
    sheet_draw(maker, sheet, (struct chart_line){.points = points, .point_count = 2});
}

/* What one column hangs on while it is drawn. */
struct hanger {
    struct text name;
    double bottom; /* of the head, section or name above; the line begins there */
    double name_height;
};

static void draw_item(struct maker *maker, struct chart_sheet *sheet, const struct board_item *item,
                      const struct place *place, struct hanger *hanger) {
    struct area area = sheet_area(true);
    double left = area.x + place->column * (column_width() + COLUMN_GAP), y = area.y + place->y;
    if (place->goes_on) {
        struct card name = make_name(maker, hanger->name, hanger->name_height);
        sheet_place(maker, sheet, &name, left, area.y);
        hanger->bottom = area.y + name.height;
    }
    if (item->rank == BOARD_ALONE) {
        sheet_place(maker, sheet, &item->card, left, y);
        return;
    }
    if (item->rank != BOARD_CARD) {
        sheet_place(maker, sheet, &item->card, left, y);
        hanger->name = item->name;
        hanger->bottom = y + item->card.height;
        return;
    }
    double middle = y + item->card.height / 2;
    draw_segment(maker, sheet, left + INDENT / 2, hanger->bottom, left + INDENT / 2, middle);
    draw_segment(maker, sheet, left + INDENT / 2, middle, left + INDENT, middle);
    sheet_place(maker, sheet, &item->card, left + INDENT, y);
    hanger->bottom = middle;
}

static bool draw(struct maker *maker, const struct filling *filling, uint32_t first, uint32_t next, struct text title,
                 struct hanger *hanger) {
    struct chart_sheet *sheet = sheet_add(maker, title, true);
    if (sheet == NULL) {
        return false;
    }
    for (uint32_t i = first; i < next; i++) {
        draw_item(maker, sheet, &filling->board->items[i], &filling->places[i], hanger);
    }
    return !maker->failure->set;
}

bool board_build(struct maker *maker, const struct board *board) {
    struct filling filling = {board, COLUMNS, 0, make_name(maker, TEXT("X"), sheet_area(true).height).height,
                              NULL,  false};
    struct hanger hanger = {TEXT(""), 0, filling.name_height};
    uint32_t part = 0;
    filling.places = arena_allocate_array(maker->arena, board->item_count + 1U, sizeof *filling.places);
    if (filling.places == NULL) {
        return failure_set(maker->failure, "memory is exhausted");
    }
    for (uint32_t first = 0; first < board->item_count;) {
        filling.columns = COLUMNS;
        filling.limit = sheet_area(true).height;
        uint32_t next = fill(&filling, first);
        if (next == first) {
            return failure_set(maker->failure, "one box of the sheet \"%.*s\" is larger than the sheet",
                               TEXT_PRINT(board->title));
        }
        use_fewer(&filling, first, next);
        even_out(&filling, first, next);
        part++;
        if (!draw(maker, &filling, first, next, sheet_continue(maker, board->title, part), &hanger)) {
            return false;
        }
        first = next;
    }
    return !maker->failure->set;
}
