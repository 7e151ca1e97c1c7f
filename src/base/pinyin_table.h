/* pinyin_table — the table that tools/make-pinyin.py makes for pinyin.c. For pinyin.c alone. */
#ifndef PINYUE_BASE_PINYIN_TABLE_H
#define PINYUE_BASE_PINYIN_TABLE_H

#include <stdint.h>

#define PINYIN_FIRST 0x3400U
#define PINYIN_LAST 0x9FFFU

extern const char *const pinyin_reading_sets[]; /* "zhong,chong,tong"; [0] is "" */
extern const uint32_t pinyin_set_initials[];    /* the letters with which they begin; bit 0 is a */
extern const uint16_t pinyin_readings_of[];     /* by code point - PINYIN_FIRST: which of them */

#endif
