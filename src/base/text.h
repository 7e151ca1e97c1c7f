/* text — slices of UTF-8 and the few questions that we ask of them.
 *
 * Owns nothing: a slice points into memory of somebody else, need not end in NUL, and is valid UTF-8 once it has
 * passed text_find_invalid_utf8 at the border. Never allocates.
 */
#ifndef PINYUE_BASE_TEXT_H
#define PINYUE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    const char *bytes;
    size_t length; /* in bytes */
};

/* A slice over a string literal. */
#define TEXT(literal) ((struct text){(literal), sizeof(literal) - 1})

/* The same as the initial value of a static table's member, where C wants a constant. */
#define TEXT_INITIAL(literal)                                                                                          \
    { (literal), sizeof(literal) - 1 }

/* The two arguments of a "%.*s" that prints a slice. */
#define TEXT_PRINT(slice) (int)(slice).length, (slice).bytes

#define TEXT_REPLACEMENT 0xFFFDU /* U+FFFD, stands for what is no character */

/* A slice over a NUL-terminated string (NULL gives the empty slice). */
struct text text_of(const char *string);

/* The same bytes, or a start or an end of the same bytes; no folding of case or of Unicode forms. */
bool text_equal(struct text left, struct text right);
bool text_equals_string(struct text left, const char *right);
bool text_starts_with(struct text whole, struct text start);
bool text_ends_with(struct text whole, struct text end);

/* Whether a part stands anywhere in it, byte for byte; the empty one stands everywhere. */
bool text_contains(struct text whole, struct text part);

/* Byte order; less than zero, zero, or greater, as memcmp. A shorter text that is a prefix comes first. */
int text_compare(struct text left, struct text right);

/* Offset of the first byte that is no valid UTF-8 (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF), or
 * -1 when all of it is valid. */
int64_t text_find_invalid_utf8(struct text whole);

/* Reads the code point at `offset` of valid UTF-8, stores its length in bytes in *size (1 to 4), and returns it. At or
 * past the end returns 0 with *size 0. A byte that is no valid UTF-8 reads as TEXT_REPLACEMENT with *size 1. */
uint32_t text_read_code_point(struct text whole, size_t offset, size_t *size);

/* Where the character begins that ends before `offset` (a character's beginning, or the end of the text); 0 at the beginning. */
size_t text_step_back(struct text whole, size_t offset);

/* Writes a code point as UTF-8 into out (4 bytes of room) and returns how many bytes it took, 0 when it is none. */
size_t text_write_code_point(uint32_t code_point, char out[4]);

/* Number of code points of valid UTF-8. */
size_t text_count_code_points(struct text whole);

/* The longest start of valid UTF-8 that has at most `length_largest` bytes and ends in a whole character. */
struct text text_cut(struct text whole, size_t length_largest);

/* Removes white space (ASCII, and U+3000 ideographic space) at both ends. */
struct text text_trim(struct text whole);

/* Takes the first line off a text and returns it without its end; the last line may have none. */
struct text text_take_line(struct text *rest);

/* Edit distance in code points (insert, delete, replace, swap of neighbours each count 1), or `limit` + 1 when it is
 * more than `limit`. Texts longer than 64 code points count as farther than any limit. */
uint32_t text_measure_distance(struct text left, struct text right, uint32_t limit);

/* A 64-bit hash (FNV-1a), the same on every machine; for tables inside the program, no security in it. */
uint64_t text_hash(struct text whole);

#endif
