/* pinyin — how a Chinese character is read, in Latin letters without tones.
 *
 * What it is for: finding what has Chinese names by what one types quickest. Knows every reading that the Unihan database
 * has for a character, not which one is meant where: whoever searches by it takes any.
 * Owns nothing: the table is part of the program, made by tools/make-pinyin.py when that is built.
 */
#ifndef PINYUE_BASE_PINYIN_H
#define PINYUE_BASE_PINYIN_H

#include <stdint.h>

/* The readings of a code point, the most usual one first, joined by commas: "zhong,chong,tong". ü is v, as it is typed.
 * Empty for what is no Chinese character of the Basic Multilingual Plane or has no known reading. */
const char *pinyin_find(uint32_t code_point);

/* The letters with which its readings begin: bit 0 is a, bit 25 is z. 0 where pinyin_find gives nothing. */
uint32_t pinyin_find_initials(uint32_t code_point);

#endif
