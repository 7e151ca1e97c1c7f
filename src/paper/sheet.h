/* sheet — a document on paper: A4 by GB/T 9704-2012, as a PDF.
 *
 * What it is for: what people have drafted and signed, as it is printed, faxed and filed. 22 lines of 28 characters on each
 * page, 156 mm wide and 225 mm high, 37 mm from the top and 28 mm from the left; title 22 pt, text 16 pt.
 * Owns the fonts that it has opened. Must never: read a clock (same sheet, same fonts, same program: same bytes), print a box
 * in the place of a character, or say nothing of a font that is not the one that was asked for.
 *
 * A press belongs to one thread at a time.
 */
#ifndef PINYUE_PAPER_SHEET_H
#define PINYUE_PAPER_SHEET_H

#include "base/buffer.h"
#include "base/failure.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

#define SHEET_FONT_ROOM 128
#define SHEET_ROWS 22    /* on each page */
#define SHEET_COLUMNS 28 /* full-width characters on each row */
#define SHEET_PAGES_MOST 200U

/* Families of fonts, and whether one of them only stands in for what official documents are printed in. */
struct sheet_fonts {
    char body[SHEET_FONT_ROOM];    /* 仿宋 */
    char title[SHEET_FONT_ROOM];   /* 小标宋, or 宋 */
    char heading[SHEET_FONT_ROOM]; /* 黑体 */
    const char *lacking; /* the kind of which no font is installed, "仿宋"; NULL: none. Lives as long as the program */
    const char *stand_in; /* the family that is printed in its place; likewise */
};

/* Finds the fonts on this machine. A family that is asked for (a text without bytes: whatever suits) must be there and have
 * Chinese letters: false with a failure that names it where another one would be taken for it. */
bool sheet_find_fonts(struct text body, struct text title, struct sheet_fonts *fonts, struct failure *failure);

/* What is printed; texts are borrowed. */
struct sheet {
    struct text sender;     /* in whose name, in red above the title; empty: nobody's */
    struct text title;      /* one line, broken where it is too long */
    struct text addressees; /* "区委、区政府"; may be empty */
    struct text body;       /* lines; PAPER_HEADING begins a heading */
    struct text signer;     /* the line above the date; empty on a draft */
    struct text date;
    struct text remark; /* behind the date, in brackets; may be empty */
    struct text head;   /* the log's head, on each page; empty on a draft */
    struct text draft;  /* printed on each page of a draft; else empty */
    bool chinese;
    bool ragged; /* lines are as long as they are: for texts full of numbers and hashes, which would be stretched */
    int64_t at;  /* the instant that the file says it was made, us */
};

struct press;

/* NULL when memory is exhausted. */
struct press *press_open(const struct sheet_fonts *fonts);
void press_close(struct press *press);

/* A sheet as a file. Both lists are of characters as "U+20BB7", with blanks between. */
struct sheet_printed {
    struct buffer pdf;
    struct buffer missing;  /* what cannot be printed */
    struct buffer borrowed; /* what the font of its line does not have, and another one has */
    uint32_t pages;
};

/* Sets a sheet. What cannot be printed is written out by its number, as 〔U+20BB7〕, and told in `missing`: characters that no
 * font of this machine has; those that nobody sees (controls, changes of direction, blanks of no width); a letter's marks from
 * the seventh on. A tab is a blank, and so is an end of a line where there is one line only. False with a failure when it has too many pages or memory is exhausted.
 * Whoever calls releases what is printed in any case. */
bool press_set(struct press *press, const struct sheet *sheet, struct sheet_printed *printed, struct failure *failure);

/* Frees what is printed holds. */
void sheet_release_printed(struct sheet_printed *printed);

/* A font whose letters stand in what a press has set so far. */
struct sheet_used_font {
    char name[SHEET_FONT_ROOM];    /* in full, as its file says */
    char version[SHEET_FONT_ROOM]; /* the same */
    const char *file;              /* its bytes, until the press is closed */
    size_t length;
};

/* How many there are, and each by its index from 0. The same file can come twice. */
uint32_t press_count_fonts(const struct press *press);
void press_describe_font(const struct press *press, uint32_t index, struct sheet_used_font *font);

/* The libraries that set and draw, with their versions, as one line: other ones can set the same text otherwise. */
void sheet_describe_libraries(struct buffer *out);

#endif
