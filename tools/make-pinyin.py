#!/usr/bin/env python3
"""Makes the table behind src/base/pinyin_table.h: the readings of each Chinese character, without tones, most usual one first.
usage: make-pinyin.py DICTIONARY OUTPUT

The dictionary is that of Debian's golang-github-mozillazg-go-pinyin-dev (pinyin_dict.go), which is made from Unicode's
Unihan database: lines `0x91CD: "zhòng,chóng,tóng",`. Characters beyond the Basic Multilingual Plane are left out."""
import re, sys, unicodedata

FIRST, LAST = 0x3400, 0x9FFF  # as src/base/pinyin_table.h has them


def plain(syllable):
    """zhòng: zhong; lǜ: lv, as it is typed."""
    parts = unicodedata.normalize("NFD", syllable)
    parts = parts.replace("u\u0308", "v").replace("ɡ", "g")
    return "".join(letter for letter in parts if "a" <= letter <= "z")


readings = {}
for line in open(sys.argv[1], encoding="utf-8"):
    found = re.match(r'\s*0x([0-9A-Fa-f]+):\s*"([^"]+)"', line)
    if found and FIRST <= int(found.group(1), 16) <= LAST:
        syllables = [plain(one) for one in found.group(2).split(",")]
        readings[int(found.group(1), 16)] = ",".join(dict.fromkeys(one for one in syllables if one))
assert len(readings) > 20000 and readings[0x91CD].startswith("zhong,chong"), "this is not the dictionary"



def initials(text):
    """The letters with which its readings begin: bit 0 is a."""
    mask = 0
    for one in text.split(","):
        mask |= 1 << (ord(one[0]) - ord("a")) if one else 0
    return mask


sets = [""] + sorted(set(readings.values()) - {""})
number = {text: index for index, text in enumerate(sets)}
with open(sys.argv[2], "w", encoding="ascii") as out:
    out.write("/* Made by tools/make-pinyin.py. */\n#include \"base/pinyin_table.h\"\n\nconst char *const pinyin_reading_sets[] = {\n")
    out.writelines(f'    "{text}",\n' for text in sets)
    out.write("};\n\nconst uint32_t pinyin_set_initials[] = {\n")
    out.writelines(f"    0x{initials(text):x},\n" for text in sets)
    out.write("};\n\nconst uint16_t pinyin_readings_of[] = {\n")
    for code in range(FIRST, LAST + 1, 16):
        out.write("    " + " ".join(f"{number[readings.get(one, '')]}," for one in range(code, code + 16)) + "\n")
    out.write("};\n")
