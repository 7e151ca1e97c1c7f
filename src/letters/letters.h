/* letters — the fonts of this machine, set up once for all that is drawn; and a PDF's letters, every one of which is there.
 *
 * What it is for: texts are measured in points as they are drawn, without a screen's rounding. cairo loses letters of some
 * fonts on their way into a PDF; these are not lost, and they are still letters to whoever searches or copies the text.
 * Used by whatever draws pages (chart, paper).
 * Owns Pango's fonts, and those that it has made. Must never: depend on the time, or on what was drawn before.
 */
#ifndef PINYUE_LETTERS_LETTERS_H
#define PINYUE_LETTERS_LETTERS_H

#include <cairo.h>
#include <hb.h>
#include <pango/pangocairo.h>
#include <stdint.h>

struct letters;

/* The fonts of one PDF after another; NULL when memory is exhausted. Belongs to one thread at a time. */
struct letters *letters_create(void);
void letters_destroy(struct letters *letters);

/* In which layouts are made: 72 dots an inch, so that a size is one in points. Owned by the letters; its language may be set. */
PangoContext *letters_get_context(const struct letters *letters);

/* The fonts of which letters have been drawn, as they came, by index from 0; borrowed. One that was drawn in two weights comes
 * twice. */
uint32_t letters_count_fonts(const struct letters *letters);
hb_face_t *letters_get_font(const struct letters *letters, uint32_t index);

/* Draws a run of a layout's line on a PDF, in cairo's colour, its baseline beginning at x, y. `text` is the layout's. */
void letters_draw_run(struct letters *letters, cairo_t *cairo, PangoGlyphItem *run, const char *text, double x,
                      double y);

#endif
