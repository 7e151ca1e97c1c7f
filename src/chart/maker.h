/* maker — what the files of src/chart share while they lay out a chart. No other layer includes this. */
#ifndef PINYUE_CHART_MAKER_H
#define PINYUE_CHART_MAKER_H

#include "chart/chart.h"
#include "chart/type.h"

#define MAKER_SHEETS_MAX 200U

struct maker {
    const struct plan *plan;
    struct chart *chart;
    struct arena *arena;
    struct chart_type *type;
    struct failure *failure;
    struct GVC_s *graphviz; /* one for all graphs: each one that is opened reads Graphviz's configuration */
    bool chinese;
};

/* Makes room for one more item of an array in the arena, whose length is a power of two or less; returns the new item,
 * zeroed, or NULL when memory is exhausted. */
void *maker_grow(struct maker *maker, void *items_pointer, uint32_t *count, size_t size);

/* ---- words.c: what is said, in the plan's language --------------------------------------------------------- */

/* One of two wordings. */
const char *say(const struct maker *maker, const char *english, const char *chinese);

/* Copies a buffer into the arena and releases it. */
struct text words_keep(struct maker *maker, struct buffer *words);

/* Formats into the arena. */
struct text words_print(struct maker *maker, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* At most that many wide characters, or twice as many Latin letters, with an ellipsis where there were more: no text of a
 * plan makes a box too large. */
struct text words_cut(struct maker *maker, struct text words, size_t most);

#define WORDS_ANY 10000U

/* A list of names within a room of so many wide characters: what has no room is left out by whole names and counted. */
struct word_list {
    uint32_t most;    /* names at most */
    size_t room;      /* wide characters at most */
    const char *unit; /* in Chinese, of what is counted */
    bool is_choice;   /* one of them: "or" stands before the last */
    bool is_last;     /* the name that comes next */
    struct buffer out;
    size_t halves;
    uint32_t shown, count;
};

void words_list_add(struct maker *maker, struct word_list *list, struct text name);

/* Ends the list and releases it. */
struct text words_list_end(struct maker *maker, struct word_list *list);

/* "to: words", "向：words"; empty where there are no words. */
struct text words_label(struct maker *maker, const char *english, const char *chinese, struct text words);

void words_quantity(const struct maker *maker, enum quantity_dimension dimension, int64_t value, struct buffer *out);

/* "30 min", "30 分钟". */
void words_time(const struct maker *maker, int64_t us, struct buffer *out);

/* "within 30 min", "限 30 分钟（本地）"; empty where the duty has no clock at all. */
struct text words_deadline(struct maker *maker, const struct plan_duty *duty);

/* The clock of its acknowledgement, or empty. */
struct text words_acknowledge(struct maker *maker, const struct plan_duty *duty);

/* The clauses without their sentences, each once, at most `most` of them. */
struct text words_clauses(struct maker *maker, struct plan_span cites, uint16_t most);

/* Parties by name, `most` of them and `room` wide characters at most; of the others, how many. */
struct text words_parties(struct maker *maker, struct plan_list parties, uint16_t most, size_t room);

/* The same where one of them is meant: "A, B or C". */
struct text words_one_of(struct maker *maker, struct plan_list parties, uint16_t most, size_t room);

/* Who holds a position. */
struct text words_holders(struct maker *maker, const struct plan_position *position, uint16_t most, size_t room);

/* Levels by name; empty where it is all of them and the end. */
struct text words_levels(struct maker *maker, const struct plan_scale *scale, uint8_t low, uint8_t high);

/* Who may order, `most` of them at most, and to which levels where not to all. */
struct text words_orderer(struct maker *maker, const struct plan_scale *scale, const struct plan_orderer *orderer,
                          uint16_t most);

/* How a clause is read, by the first note that says so; else empty. */
struct text words_reading(struct maker *maker, struct plan_span notes);

/* By which ways. */
struct text words_means(struct maker *maker, const struct plan_duty *duty);

/* ---- condition.c: conditions in words, and which of them follow from which ---------------------------------- */

/* A condition in words, by the names of named conditions where it uses them. */
struct text words_condition(struct maker *maker, uint32_t node);

/* What a named condition stands for; empty where no rule uses it. */
struct text words_definition(struct maker *maker, uint32_t condition);

/* True when `left` cannot hold without `right`, as far as their shapes show it. */
bool condition_implies(const struct plan *plan, uint32_t left, uint32_t right);

/* True when `left`, once it holds, gives the fact a value that `right` asks for; not where the fact has it already while
 * `held` holds. */
bool condition_brings(const struct plan *plan, uint32_t held, uint32_t left, uint32_t right, uint16_t fact);

/* The lowest level of a scale with which a condition can hold: 0 where it can without any. */
uint8_t condition_least_level(const struct plan *plan, uint32_t node, uint16_t scale);

/* True when the condition speaks of that fact. */
bool condition_asks(const struct plan *plan, uint32_t node, uint16_t fact);

/* ---- card.c: a box being written, before it has its place -------------------------------------------------- */

enum card_style {
    CARD_TITLE,   /* large, in the middle */
    CARD_NAME,    /* bold */
    CARD_CENTRED, /* bold, in the middle */
    CARD_BODY,
    CARD_CLOCK,       /* smallest, bold */
    CARD_DETAIL,      /* smallest */
    CARD_SMALL,       /* smallest, in the middle */
    CARD_SMALL_CLOCK, /* smallest, bold, in the middle */
    CARD_CLAUSE,      /* smallest, at the right */
    CARD_STYLES
};

struct card {
    enum chart_shape shape;
    double width, height;
    struct chart_text *texts; /* from the card's upper left corner */
    uint32_t text_count;
    struct chart_meaning *meanings;
    uint32_t meaning_count;
};

/* A card of that width, without text. */
struct card card_make(enum chart_shape shape, double width);

/* Adds a paragraph below what stands there; an empty text adds nothing. */
void card_write(struct maker *maker, struct card *card, enum card_style style, struct text words);

/* Says what of the plan the card stands for: one thing more. */
void card_mean(struct maker *maker, struct card *card, enum chart_meaning_kind kind, uint32_t index);
void card_mean_level(struct maker *maker, struct card *card, uint16_t scale, uint8_t level);

/* All parties of a list. */
void card_mean_parties(struct maker *maker, struct card *card, struct plan_list parties);

/* Makes the card no wider than its longest line needs, and no narrower than `least`. */
void card_shrink(struct maker *maker, struct card *card, double least);

/* ---- sheet.c ----------------------------------------------------------------------------------------------- */

struct area {
    double x, y, width, height;
};

/* The area of a sheet between its head and its foot. */
struct area sheet_area(bool landscape);

/* A new sheet, the last of the chart. NULL when memory is exhausted or there are too many. The pointer holds until the
 * next one is made. */
struct chart_sheet *sheet_add(struct maker *maker, struct text title, bool landscape);

void sheet_place(struct maker *maker, struct chart_sheet *sheet, const struct card *card, double x, double y);

/* A line through `point_count` points; they are copied. */
void sheet_draw(struct maker *maker, struct chart_sheet *sheet, struct chart_line line);

/* The title of the nth sheet of a series: from the second on it says so. */
struct text sheet_continue(struct maker *maker, struct text title, uint32_t part);

/* Writes heads, feet and legends, once all sheets are there. */
void sheet_finish(struct maker *maker);

/* ---- graph.c: boxes and arrows, laid out by Graphviz ------------------------------------------------------- */

struct graph_node {
    struct card card;
    double x, y; /* of the upper left corner, once it has been laid out */
};

struct graph_edge {
    uint32_t from, to;
    bool dashed, plain; /* plain: without an arrow */
    double *points;     /* once it has been laid out */
    uint32_t point_count;
};

struct graph {
    struct graph_node *nodes;
    uint32_t node_count;
    struct graph_edge *edges;
    uint32_t edge_count;
    bool sideways; /* from left to right, else from top to bottom */
    double width, height;
};

/* Opens Graphviz, and closes it. */
bool graph_open(struct maker *maker);
void graph_close(struct maker *maker);

/* Adds a node and gives its number. */
uint32_t graph_add(struct maker *maker, struct graph *graph, struct card card);
void graph_join(struct maker *maker, struct graph *graph, uint32_t from, uint32_t to, bool dashed);

/* Lays it out. False with a failure when Graphviz cannot. */
bool graph_lay_out(struct maker *maker, struct graph *graph);

/* Lays it out so that it fits on a sheet, and says which; false when none will do (then no failure is set) or with a
 * failure. */
bool graph_fit(struct maker *maker, struct graph *graph, bool *landscape);

/* Draws it in the middle of a sheet. */
void graph_place(struct maker *maker, const struct graph *graph, struct chart_sheet *sheet, bool landscape);

/* ---- board.c: cards in columns ------------------------------------------------------------------------------ */

enum board_rank {
    BOARD_HEAD,    /* begins a part; stays whole on a sheet where it can */
    BOARD_SECTION, /* its cards hang below it */
    BOARD_CARD,    /* hangs on what stands above it */
    BOARD_ALONE    /* hangs on nothing */
};

struct board_item {
    enum board_rank rank;
    struct card card;
    struct text name; /* head and section: what is written where it goes on in another column */
};

struct board {
    struct text title;
    struct board_item *items;
    uint32_t item_count;
};

/* How wide a card of that rank has to be. */
double board_width(enum board_rank rank);

void board_add(struct maker *maker, struct board *board, enum board_rank rank, struct card card, struct text name);

/* Adds as many sheets as the items need. */
bool board_build(struct maker *maker, const struct board *board);

/* ---- duty.c ------------------------------------------------------------------------------------------------ */

/* The shape that shows what kind of duty it is. */
enum chart_shape duty_shape(const struct plan_duty *duty);

/* A notice's own name, or what is written for it. */
struct text duty_name(struct maker *maker, const struct plan_duty *duty);

/* All of a duty: what, who, to whom, with whom, by when, clause. */
struct card duty_card(struct maker *maker, const struct plan_duty *duty, double width);

/* What raises a trigger's duties, in words. */
struct text duty_cause(struct maker *maker, const struct plan_trigger *trigger);

/* The first trigger that has the same cause: the one that stands for all of them. */
uint32_t duty_first_of_cause(const struct plan *plan, uint32_t trigger);

/* Adds to a board the duties of all triggers that have the same cause as this one, if it is the first of them, and then
 * what the doing of these duties raises. `skip` names triggers that stand elsewhere. */
typedef bool skip_trigger(const struct plan *plan, uint32_t trigger);
void duty_add_cause(struct maker *maker, struct board *board, uint32_t trigger, skip_trigger *skip);

/* ---- what there is to draw --------------------------------------------------------------------------------- */

/* Each adds its sheets; false with a failure. */
bool flow_build(struct maker *maker);    /* how one thing leads to another */
bool report_build(struct maker *maker);  /* who reports to whom within what time */
bool ladder_build(struct maker *maker);  /* what leads from one level to the next */
bool measure_build(struct maker *maker); /* what each level adds, and what else there is to do */
bool command_build(struct maker *maker); /* command structures, offices, teams */
bool terms_build(struct maker *maker);   /* named conditions and local settings */

/* The level that a trigger needs, and of which scale; 0 where it needs none. */
uint8_t measure_find_level(const struct plan *plan, uint32_t trigger, uint16_t *scale);

/* True for the trigger that raises the duties of a command's work groups. */
bool measure_is_of_command(const struct plan *plan, uint32_t trigger);

#endif
