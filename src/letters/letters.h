/* letters — a PDF's letters, drawn so that every one of them is there.
 *
 * What it is for: cairo loses letters of some fonts on their way into a PDF; these are not lost, and they are still letters
 * to whoever searches or copies the text. Used by whatever makes a PDF (chart, paper).
 * Owns the fonts that it has made. Must never: depend on the time, or on what was drawn before.
 */
#ifndef PINYUE_LETTERS_LETTERS_H
#define PINYUE_LETTERS_LETTERS_H

#include <cairo.h>
#include <hb.h>
#include <pango/pangocairo.h>
#include <stdint.h>

struct letters;

/* The fonts of one PDF after another; NULL when memory is exhausted. */
struct letters *letters_create(void);
void letters_destroy(struct letters *letters);

/* The fonts of which letters have been drawn, as they came, by index from 0; borrowed. One that was drawn in two weights comes
 * twice. */
uint32_t letters_count_fonts(const struct letters *letters);
hb_face_t *letters_get_font(const struct letters *letters, uint32_t index);

/* Draws a run of a layout's line on a PDF, in cairo's colour, its baseline beginning at x, y. `text` is the layout's. */
void letters_draw_run(struct letters *letters, cairo_t *cairo, PangoGlyphItem *run, const char *text, double x,
                      double y);

#endif
