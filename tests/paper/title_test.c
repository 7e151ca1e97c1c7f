/* Proves: a long title is broken into lines of like length, where no word is torn if there is such a place; no line has fewer
 * than four letters. */
#include "paper/title.h"

#include "base/text.h"
#include "check.h"

#include <stdio.h>
#include <string.h>

#define LINE 20.0 /* as many Chinese letters */

/* Chinese letters are 1 wide, others half; a line may end behind a Chinese letter and behind a blank. */
static size_t measure(struct text title, struct text body, struct title_letter *letters, size_t *offsets) {
    size_t count = 0, size = 0;
    for (size_t at = 0; at < title.length; at += size, count++) {
        uint32_t code = text_read_code_point(title, at, &size);
        letters[count] = (struct title_letter){code < 0x2E80 ? 0.5 : 1.0, code, code == ' ' || code >= 0x2E80, false};
        if (count > 0 && code >= 0x2E80) {
            letters[count - 1].may_break = true;
        }
        offsets[count] = at + size;
    }
    title_find_words(title, body, letters, count);
    return count;
}

static void check_broken(const char *title, const char *body, const char *expected) {
    struct title_letter letters[TITLE_LETTERS_MOST];
    size_t offsets[TITLE_LETTERS_MOST], ends[TITLE_LINES_MOST];
    char broken[1000];
    size_t length = 0;
    size_t count = measure(text_of(title), text_of(body), letters, offsets);
    size_t lines = title_break(letters, count, LINE, ends);
    for (size_t line = 0, begin = 0; line < lines; line++) {
        size_t end = offsets[ends[line] - 1];
        length += (size_t)snprintf(broken + length, sizeof broken - length, "%s%.*s", line == 0 ? "" : "/",
                                   (int)(end - begin), title + begin);
        begin = end;
    }
    check(lines > 0 && strcmp(broken, expected) == 0, "%s", broken);
}

static void test_places(void **state) {
    (void)state;
    check_broken("关于歌乐山火灾的报告", "", "关于歌乐山火灾的报告");
    check_broken("北碚区人民政府关于歌乐山森林火灾扑救情况的报告", "",
                 "北碚区人民政府/关于歌乐山森林火灾扑救情况的报告");
    check_broken("某某区森林防灭火指挥部2022年8月20日森林火灾首报", "",
                 "某某区森林防灭火指挥部/2022年8月20日森林火灾首报");
    check_broken("关于启动《某某区森林火灾应急预案》二级响应的命令", "",
                 "关于启动《某某区森林火灾应急预案》/二级响应的命令");
    check_broken("Written report on the flood of the Upper Reservoir of 20 August", "",
                 "Written report on the flood of /the Upper Reservoir of 20 August");
}

static void test_last_line(void **state) {
    static const char letter[] = "火";
    (void)state;
    for (size_t count = 21; count <= 133; count++) {
        struct title_letter letters[TITLE_LETTERS_MOST];
        size_t ends[TITLE_LINES_MOST] = {0}, size = 0;
        for (size_t i = 0; i < count; i++) {
            letters[i] = (struct title_letter){1, text_read_code_point(TEXT(letter), 0, &size), true, false};
        }
        size_t lines = title_break(letters, count, LINE, ends);
        assert_int_equal(lines, (count + 19) / 20);
        for (size_t line = 0; line < lines; line++) {
            size_t here = ends[line] - (line == 0 ? 0 : ends[line - 1]);
            check(here <= 20 && here >= count / lines && here <= (count + lines - 1) / lines, "%zu of %zu", here,
                  count);
        }
        assert_int_equal(ends[lines - 1], count);
    }
}

/* Letters that the text has together as well are one word, more likely than not. */
static void test_words(void **state) {
    static const char title[] = "关于缙云山国家级自然保护区森林火灾处置情况的续报";
    (void)state;
    check_broken(title, "", "关于缙云山国家级自然保护/区森林火灾处置情况的续报");
    check_broken(title, "地点：缙云山国家级自然保护区\n火灾情况", "关于缙云山国家级自然保护区/森林火灾处置情况的续报");
    check_broken("歌乐山森林火灾扑救力量调动情况和处置进展的续报", "力量已调动。处置进展顺利。各方情况：",
                 "歌乐山森林火灾扑救力量/调动情况和处置进展的续报");
}

/* What cannot be broken, and what is too long, is left to whoever asks. */
static void test_no_way(void **state) {
    struct title_letter letters[TITLE_LETTERS_MOST + 1];
    size_t ends[TITLE_LINES_MOST];
    (void)state;
    for (size_t i = 0; i <= TITLE_LETTERS_MOST; i++) {
        letters[i] = (struct title_letter){0.5, 'a', false, false};
    }
    assert_int_equal(title_break(letters, 41, LINE, ends), 0);
    assert_int_equal(title_break(letters, 40, LINE, ends), 1);
    assert_int_equal(title_break(letters, 0, LINE, ends), 0);
    assert_int_equal(title_break(letters, TITLE_LETTERS_MOST + 1, 1000, ends), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_last_line),
        cmocka_unit_test(test_no_way),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
