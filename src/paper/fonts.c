/* Which fonts this machine has, asked of fontconfig, which else would take another one and say nothing. */
#include "paper/sheet.h"

#include <fontconfig/fontconfig.h>
#include <stdio.h>
#include <string.h>

/* The best first; the last ones are there wherever the program's own needs are. */
static const char *const body_fonts[] = {"FangSong_GB2312", "FangSong",   "STFangsong",
                                         "FZFangSong-Z02",  "FandolFang", NULL};
static const char *const title_fonts[] = {"FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "STZhongsong",
                                          "Noto Serif CJK SC",   "FandolSong",         NULL};
static const char *const heading_fonts[] = {"SimHei", "STHeiti", "Noto Sans CJK SC", "FandolHei", NULL};
static const char *const plain_fonts[] = {"Noto Serif CJK SC", "SimSun", "FandolSong", NULL};

/* What fontconfig gives for a family; NULL where that is another one. Whoever calls destroys it. */
static FcPattern *find_family(const char *family) {
    FcPattern *wanted = FcPatternCreate();
    FcResult result = FcResultNoMatch;
    bool found = false;
    if (wanted == NULL || !FcPatternAddString(wanted, FC_FAMILY, (const FcChar8 *)family)) {
        return NULL;
    }
    (void)FcConfigSubstitute(NULL, wanted, FcMatchPattern);
    FcDefaultSubstitute(wanted);
    FcPattern *given = FcFontMatch(NULL, wanted, &result);
    FcChar8 *name = NULL;
    for (int i = 0; given != NULL && FcPatternGetString(given, FC_FAMILY, i, &name) == FcResultMatch; i++) {
        found = found || FcStrCmpIgnoreCase(name, (const FcChar8 *)family) == 0;
    }
    FcPatternDestroy(wanted);
    if (given != NULL && !found) {
        FcPatternDestroy(given);
    }
    return found ? given : NULL;
}

static bool is_there(const char *family) {
    FcPattern *given = find_family(family);
    if (given != NULL) {
        FcPatternDestroy(given);
    }
    return given != NULL;
}

/* True when the family has the letters that any Chinese text has: 的一是不了, and a few of what is reported. */
static bool has_chinese(const char *family) {
    static const FcChar32 letters[] = {L'的', L'一', L'是', L'不', L'了', L'关', L'于', L'报', L'告', L'火', L'，'};
    FcPattern *given = find_family(family);
    FcCharSet *held = NULL;
    bool has_all = given != NULL && FcPatternGetCharSet(given, FC_CHARSET, 0, &held) == FcResultMatch;
    for (size_t i = 0; has_all && i < sizeof letters / sizeof letters[0]; i++) {
        has_all = FcCharSetHasChar(held, letters[i]);
    }
    if (given != NULL) {
        FcPatternDestroy(given);
    }
    return has_all;
}

static const char *find_first(const char *const *families) {
    for (; *families != NULL; families++) {
        if (is_there(*families)) {
            return *families;
        }
    }
    return NULL;
}

/* The family that was asked for, when it is there. */
static bool take_asked(struct text asked, char out[SHEET_FONT_ROOM], struct failure *failure) {
    if (text_trim(asked).length == 0 || asked.length >= SHEET_FONT_ROOM ||
        memchr(asked.bytes, ',', asked.length) != NULL) {
        return failure_say(failure, "\"%.*s\" is no family of fonts", "“%.*s”不是字体名称", TEXT_PRINT(asked));
    }
    (void)snprintf(out, SHEET_FONT_ROOM, "%.*s", TEXT_PRINT(asked));
    if (!is_there(out)) {
        return failure_say(failure,
                           "this machine has no font \"%s\", and another one would be printed in its place; install "
                           "it, or ask for one "
                           "that is there (fc-list : family)",
                           "这台服务器没有字体“%s”，会被别的字体顶替；请安装，或改用已有的字体（fc-list : family）",
                           out);
    }
    return has_chinese(out) ||
           failure_say(failure,
                       "the font \"%s\" has no Chinese letters, and another one would be printed in its place; ask for "
                       "one that has them (fc-list :lang=zh-cn family)",
                       "字体“%s”没有汉字，会被别的字体顶替；请改用有汉字的字体（fc-list :lang=zh-cn family）", out);
}

/* What suits best, or what stands in for it. */
static void take_first(const char *kind, const char *const *families, const char *stand_in, struct sheet_fonts *fonts,
                       char out[SHEET_FONT_ROOM]) {
    const char *found = find_first(families);
    (void)snprintf(out, SHEET_FONT_ROOM, "%s", found == NULL ? stand_in : found);
    if (found == NULL && fonts->lacking == NULL) {
        fonts->lacking = kind;
        fonts->stand_in = stand_in;
    }
}

bool sheet_find_fonts(struct text body, struct text title, struct sheet_fonts *fonts, struct failure *failure) {
    *fonts = (struct sheet_fonts){.lacking = NULL};
    const char *plain = find_first(plain_fonts);
    plain = plain == NULL ? "serif" : plain;
    if (body.bytes == NULL) {
        take_first("仿宋", body_fonts, plain, fonts, fonts->body);
    } else if (!take_asked(body, fonts->body, failure)) {
        return false;
    }
    if (title.bytes == NULL) {
        take_first("宋体", title_fonts, plain, fonts, fonts->title);
    } else if (!take_asked(title, fonts->title, failure)) {
        return false;
    }
    take_first("黑体", heading_fonts, "sans-serif", fonts, fonts->heading);
    return true;
}
