/* The timeline of a record, to be read: as a text, and the same paragraphs set on paper. It says nothing that does not follow
 * from the record's own log. */
#include "desk/dossier_part.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* So much goes on one set of sheets, by a cautious count of rows; what is more, on another. */
#define ROWS_MOST ((size_t)SHEET_ROWS * (SHEET_PAGES_MOST - 20U))

static void write_head(const struct dossier *dossier, struct buffer *out) {
    char shown[STORE_HEAD_ROOM];
    store_print_head(&dossier->head, shown);
    buffer_append_string(out, shown);
}

/* What stands on each page of an exercise's record, and below the title of its text. */
static struct text exercise_mark(bool chinese) {
    return chinese ? TEXT("演练记录，不是真实事件") : TEXT("EXERCISE: no real incident");
}

/* The timeline's title in its language, with the mark of an exercise. */
static void write_title(const struct dossier *dossier, bool chinese, struct buffer *out) {
    if (dossier->is_exercise) {
        buffer_append_string(out, chinese ? "【演练】" : "[EXERCISE] ");
    }
    buffer_print(out, chinese ? "第%" PRIu32 "号事件全程记录" : "Record of incident %" PRIu32, dossier->incident);
}

/* ---- as a text -------------------------------------------------------------------------------------------- */

struct writing {
    const struct dossier *dossier;
    archive_take *take;
    void *context;
    bool has_begun;
};

static bool give(struct writing *writing, const struct buffer *text) {
    return !text->failed && writing->take(writing->context, text->bytes, text->length);
}

/* A dossier_take_line. */
static bool write_line(void *context, const struct dossier_line *line) {
    struct writing *writing = context;
    struct buffer text = {0};
    if (!writing->has_begun) {
        write_title(writing->dossier, line->chinese, &text);
        buffer_append_string(&text, line->chinese ? "\n日志首部 " : "\nHead of the log ");
        write_head(writing->dossier, &text);
        if (writing->dossier->is_exercise) {
            buffer_append_string(&text, "\n");
            buffer_append_text(&text, exercise_mark(line->chinese));
        }
        buffer_append_string(&text, "\n\n");
        writing->has_begun = true;
    }
    buffer_append_text(&text, line->text);
    buffer_append_string(&text, "\n");
    bool is_given = give(writing, &text);
    buffer_release(&text);
    return is_given;
}

bool dossier_write_timeline(struct store *copy, const struct dossier *dossier, archive_take *take, void *context,
                            struct failure *failure) {
    struct writing writing = {.dossier = dossier, .take = take, .context = context};
    return dossier_tell(copy, dossier, write_line, &writing, failure);
}

/* ---- on paper --------------------------------------------------------------------------------------------- */

struct setting {
    const struct dossier *dossier;
    struct press *press;
    dossier_take_sheet *take;
    void *context;
    struct failure *failure;
    struct buffer body;
    size_t rows;
    unsigned int part;
    int64_t at; /* of the last event */
    bool chinese;
};

/* Sets what has been told so far. */
static bool give_sheets(struct setting *setting) {
    char name[32];
    struct buffer head = {0};
    struct buffer title = {0};
    struct sheet_printed printed = {0};
    bool is_exercise = setting->dossier->is_exercise;
    write_head(setting->dossier, &head);
    write_title(setting->dossier, setting->chinese, &title);
    setting->part++;
    (void)(setting->part == 1 ? snprintf(name, sizeof name, "timeline.pdf")
                              : snprintf(name, sizeof name, "timeline-%u.pdf", setting->part));
    const struct sheet sheet = {.title = buffer_text(&title),
                                .body = buffer_text(&setting->body),
                                .head = buffer_text(&head),
                                .draft = is_exercise ? exercise_mark(setting->chinese) : TEXT(""),
                                .chinese = setting->chinese,
                                .ragged = true,
                                .at = setting->at};
    bool is_whole = !head.failed && !title.failed && !setting->body.failed;
    bool done = is_whole ? press_set(setting->press, &sheet, &printed, setting->failure) &&
                               setting->take(setting->context, name, &printed.pdf, setting->failure)
                         : failure_say(setting->failure, "memory is exhausted", "内存不足");
    buffer_clear(&setting->body);
    setting->rows = 0;
    buffer_release(&head);
    buffer_release(&title);
    sheet_release_printed(&printed);
    return done;
}

/* A dossier_take_line. */
static bool set_line(void *context, const struct dossier_line *line) {
    struct setting *setting = context;
    setting->at = line->at;
    setting->chinese = line->chinese;
    buffer_append_text(&setting->body, line->text);
    buffer_append_string(&setting->body, "\n");
    setting->rows += 2 + text_count_code_points(line->text) / (SHEET_COLUMNS - 4);
    return setting->rows < ROWS_MOST || give_sheets(setting);
}

/* Each file of letters once. */
static bool is_listed(const json_t *fonts, const char *hash) {
    size_t index = 0;
    json_t *font = NULL;
    json_array_foreach(fonts, index, font) {
        const char *listed = json_string_value(json_object_get(font, "sha256"));
        if (listed != NULL && strcmp(listed, hash) == 0) {
            return true;
        }
    }
    return false;
}

static json_t *list_fonts(const struct press *press) {
    json_t *fonts = json_array();
    for (uint32_t i = 0; i < press_count_fonts(press); i++) {
        struct sheet_used_font font;
        char hash[DOSSIER_HASH_DIGITS + 1];
        press_describe_font(press, i, &font);
        dossier_hash_bytes(font.file, font.length, hash);
        if (!is_listed(fonts, hash)) {
            (void)json_array_append_new(
                fonts, json_pack("{s:s, s:s, s:s}", "name", font.name, "version", font.version, "sha256", hash));
        }
    }
    return fonts;
}

/* All on which it depends how the same text looks. */
static json_t *describe_setting(const struct press *press, const struct sheet_fonts *fonts) {
    struct buffer libraries = {0};
    sheet_describe_libraries(&libraries);
    json_t *json =
        json_pack("{s:{s:s, s:s, s:s}, s:o, s:s}", "families", "body", fonts->body, "title", fonts->title, "heading",
                  fonts->heading, "fonts", list_fonts(press), "libraries", libraries.failed ? "" : libraries.bytes);
    buffer_release(&libraries);
    return json;
}

bool dossier_set_timeline(struct store *copy, const struct dossier *dossier, const struct sheet_fonts *fonts,
                          dossier_take_sheet *take, void *context, json_t **described, struct failure *failure) {
    struct sheet_fonts found;
    struct setting setting = {.dossier = dossier, .take = take, .context = context, .failure = failure};
    *described = NULL;
    if (fonts == NULL && !sheet_find_fonts((struct text){0}, (struct text){0}, &found, failure)) {
        return false;
    }
    setting.press = press_open(fonts == NULL ? &found : fonts);
    bool done = setting.press != NULL || failure_say(failure, "memory is exhausted", "内存不足");
    done = done && dossier_tell(copy, dossier, set_line, &setting, failure) &&
           (setting.body.length == 0 || give_sheets(&setting));
    if (done) {
        *described = describe_setting(setting.press, fonts == NULL ? &found : fonts);
        done = *described != NULL || failure_say(failure, "memory is exhausted", "内存不足");
    }
    press_close(setting.press);
    buffer_release(&setting.body);
    return done;
}
