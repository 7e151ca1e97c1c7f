#include "base/pinyin.h"

#include "base/pinyin_table.h"

const char *pinyin_find(uint32_t code_point) {
    if (code_point < PINYIN_FIRST || code_point > PINYIN_LAST) {
        return "";
    }
    return pinyin_reading_sets[pinyin_readings_of[code_point - PINYIN_FIRST]];
}

uint32_t pinyin_find_initials(uint32_t code_point) {
    if (code_point < PINYIN_FIRST || code_point > PINYIN_LAST) {
        return 0;
    }
    return pinyin_set_initials[pinyin_readings_of[code_point - PINYIN_FIRST]];
}
