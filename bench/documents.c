/* How long a sixty-minute report takes from the log's state to its pages: drafted by the plan's form, and set. One line for
 * each; the budget is a second for both. With a path as its argument it also leaves the PDF there, to be looked at. */
#include "paper/paper.h"
#include "paper/sheet.h"

#include "story.h"

#include <stdio.h>

#define ROUNDS 20U
#define START INT64_C(1660975200000000) /* 2022-08-20T14:00+08:00 */

static bool set(struct press *press, const struct paper_draft *draft, struct sheet_printed *printed,
                struct failure *failure) {
    const struct sheet sheet = {.sender = TEXT("重庆市沙坪坝区森林防灭火指挥部办公室"),
                                .title = buffer_text(&draft->title),
                                .addressees = TEXT("区委、区政府、市森防办"),
                                .body = buffer_text(&draft->body),
                                .signer = TEXT("签发：办公室主任　张某某"),
                                .date = TEXT("2022年8月20日14时55分"),
                                .remark = TEXT("（电话签发，值班员李某记录）"),
                                .head = TEXT("123:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"),
                                .chinese = true,
                                .at = START};
    return press_set(press, &sheet, printed, failure);
}

static bool measure(const struct engine *engine, const char *path, struct failure *failure) {
    struct sheet_fonts fonts;
    const struct paper_surroundings around = {.place = TEXT("歌乐山三百梯")};
    uint32_t incident = engine_next_incident(engine) - 1;
    struct sheet_printed printed = {0};
    double spent[2] = {0, 0};
    double first = story_seconds();
    if (!sheet_find_fonts((struct text){0}, (struct text){0}, &fonts, failure)) {
        return false;
    }
    struct press *press = press_open(&fonts);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct paper_draft draft = {0};
        sheet_release_printed(&printed);
        double from = story_seconds();
        bool good = paper_write_draft(engine, incident, 1, engine_now(engine), &around, &draft);
        double between = story_seconds();
        good = good && set(press, &draft, &printed, failure);
        double until = story_seconds();
        paper_release_draft(&draft);
        if (!good) {
            press_close(press);
            return false;
        }
        if (round == 0) {
            (void)printf("the first, with the fonts   %8.1f ms\n", (until - first) * 1000);
        }
        spent[0] += between - from;
        spent[1] += until - between;
    }
    press_close(press);
    (void)printf("drafted                     %8.3f ms\nset, %zu kB of PDF           %8.1f ms\n",
                 spent[0] * 1000 / ROUNDS, printed.pdf.length / 1000, spent[1] * 1000 / ROUNDS);
    FILE *file = path == NULL ? NULL : fopen(path, "wb");
    if (file != NULL) {
        (void)fwrite(printed.pdf.bytes, 1, printed.pdf.length, file);
        (void)fclose(file);
    }
    sheet_release_printed(&printed);
    return true;
}

int main(int argc, char **argv) {
    struct failure failure = {0};
    struct buffer source = {0};
    struct story story = {0};
    struct plan *plan = story_read_plan("plans/forest-fire.plan.md", &source);
    struct engine *engine = engine_create();
    bool good = plan != NULL && engine != NULL && story_make(&story, plan, 1, 100) &&
                engine_step_many(engine, story.events, story.count, NULL, NULL, &failure) == story.count &&
                measure(engine, argc > 1 ? argv[1] : NULL, &failure);
    if (!good) {
        (void)fprintf(stderr, "%s\n", failure.message);
    }
    engine_destroy(engine);
    story_release(&story);
    plan_destroy(plan);
    buffer_release(&source);
    return good ? 0 : 1;
}
