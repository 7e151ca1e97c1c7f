/* The timeline of a record, to be read on paper: each event that is not withheld, as a paragraph, in the words of the plan's
 * language. It says nothing that the record's own log does not. */
#include "desk/dossier_part.h"

#include "base/calendar.h"
#include "desk/fold.h"
#include "run/editions.h"
#include "run/show.h"

#include <inttypes.h>
#include <stdio.h>

/* So much goes on one set of sheets, by a cautious count of rows; what is more, on another. */
#define ROWS_MOST ((size_t)SHEET_ROWS * (SHEET_PAGES_MOST - 20U))

struct word {
    const char *name, *english, *chinese;
};

static const struct word kind_words[] = {
    {"adopt", "plan put in force", "预案启用"},
    {"open", "incident opened", "开设事件"},
    {"report", "fact reported", "报告事实"},
    {"correct", "report corrected", "更正报告"},
    {"order", "order given", "下达命令"},
    {"withdraw", "report withdrawn", "撤回报告"},
    {"refuse", "proposal refused", "不采纳建议"},
    {"acknowledge", "acknowledged", "签收"},
    {"done", "duty done", "职责完成"},
    {"decline", "duty declined", "职责不执行"},
    {"breach", "duty breached", "违反职责"},
    {"notify", "notified", "通知"},
    {"bind", "role filled", "确定担任者"},
    {"unbind", "role given up", "不再担任"},
    {"merge", "merged", "并入事件"},
    {"split", "told apart again", "拆分事件"},
    {"close", "incident closed", "事件办结"},
    {"reopen", "incident reopened", "事件重新打开"},
    {"desk.call", "call taken", "接报来电"},
    {"desk.call-incident", "call assigned", "来电归入事件"},
    {"desk.contact", "called", "电话联系"},
    {"desk.submission", "text handed over to be signed", "送签"},
    {"desk.submission-return", "text sent back", "退回送签稿"},
    {"desk.document", "document signed", "签发文书"},
    {"desk.dispatch", "document sent", "文书送达"},
    {"desk.attachment", "file received", "收到文件"},
    {"desk.force", "force", "队伍力量"},
    {"desk.settlement", "what was spoken is answered for", "电话指令（签发）本人答复"},
    {DOSSIER_EXERCISE_KIND, "exercise begun", "演练开始"},
    {"desk.place", "where it is", "事件地点"},
};

static const struct word field_words[] = {
    {"source", "source", "来源"},
    {"actor", "entered by", "录入"},
    {"by", "by", "名义"},
    {"fact", "fact", "事实"},
    {"value", "value", "值"},
    {"plan", "plan", "预案"},
    {"version", "version", "版本"},
    {"subject", "subject", "事项"},
    {"title", "title", "标题"},
    {"text", "text", "内容"},
    {"place", "place", "地点"},
    {"caller", "caller", "来电人"},
    {"phone", "telephone", "电话"},
    {"call", "call", "来电"},
    {"scale", "scale", "等级"},
    {"level", "level", "级"},
    {"reason", "reason", "理由"},
    {"party", "unit", "单位"},
    {"spoken_with", "spoken with", "通话人"},
    {"spoken_by", "spoken by", "口述人"},
    {"spoken_from", "spoken from", "口述电话"},
    {"role", "role", "职务"},
    {"unit", "unit", "单位"},
    {"basis", "basis", "依据"},
    {"claim", "report", "报告编号"},
    {"as_of", "as of", "截至"},
    {"delegated_by", "delegated by", "授权人"},
    {"way", "way", "方式"},
    {"addressees", "to", "主送"},
    {"office", "office", "机关"},
    {"signer", "signed by", "签发人"},
    {"submitter", "handed over by", "送签人"},
    {"returner", "sent back by", "退回人"},
    {"submission", "text handed over", "送签稿"},
    {"document", "document", "文书"},
    {"item", "item", "项目"},
    {"number", "number", "编号"},
    {"answer", "answer", "接听"},
    {"note", "note", "备注"},
    {"other", "other incident", "另一事件"},
    {"name", "name", "名称"},
    {"bytes", "bytes", "字节"},
    {"type", "kind", "类型"},
    {"sha256", "SHA-256", "SHA-256"},
    {"attachments", "files", "文件"},
    {"people", "people", "人数"},
    {"form", "form", "格式"},
    {"order", "of event no.", "所指事件编号"},
    {"outcome", "outcome", "答复"},
    {"body", "text", "正文"},
    {"called_at", "called at", "来电时间"},
    {"notice", "to-call row", "叫应"},
    {"step", "step", "步骤"},
    {"drill", "drill", "演练脚本"},
    {"path", "file", "脚本文件"},
    {"speed", "speed", "倍速"},
    {"began_at", "begun in truth at", "实际开始时间"},
    {"saw_level", "level at the time", "当时等级"},
    {"saw_may", "possibly", "可能等级"},
    {"saw_because", "because of", "依据条款"},
};

/* Values of outcome, answer and way, which are words of the desk's own and nobody's text. */
static const struct word value_words[] = {
    {"confirmed", "confirmed", "属实"},
    {"disputed", "disputed", "有异议"},
    {"reached", "reached", "接通"},
    {"no-answer", "no answer", "无人接"},
    {"refused", "refused", "拒绝"},
    {"phone", "by telephone", "电话"},
    {"print", "printed", "打印"},
    {"fax", "by fax", "传真"},
    {"scan", "as a stamped scan", "盖章扫描件"},
    {"receipt", "with a receipt", "回执"},
};

struct telling {
    struct store *copy;
    const struct dossier *dossier;
    struct press *press;
    struct editions *editions;
    dossier_take_sheet *take;
    void *context;
    struct failure *failure;
    const struct plan *plan; /* the incident's, else the last one put in force; NULL before there is one */
    bool chinese;
    struct buffer body;
    size_t rows;
    unsigned int part;
    int64_t at; /* of the last event */
    bool has_failed;
};

static const char *say(const struct telling *telling, const char *english, const char *chinese) {
    return telling->chinese ? chinese : english;
}

static void add_word(struct telling *telling, const struct word *words, size_t count, struct text name) {
    for (size_t i = 0; i < count; i++) {
        if (text_equals_string(name, words[i].name)) {
            buffer_append_string(&telling->body, say(telling, words[i].english, words[i].chinese));
            return;
        }
    }
    buffer_append_text(&telling->body, name);
}

static bool has_value_words(struct text field) {
    return text_equals_string(field, "outcome") || text_equals_string(field, "answer") ||
           text_equals_string(field, "way");
}

/* A line's end in a value would make a paragraph of its own, or a heading. */
static void add_value(struct telling *telling, struct text value) {
    for (size_t i = 0; i < value.length; i++) {
        bool is_control = (unsigned char)value.bytes[i] < ' ';
        buffer_append(&telling->body, is_control ? " " : value.bytes + i, 1);
    }
}

/* Not what stands at the head of the paragraph already, nor what is for machines alone: of an exercise, its script. */
static bool is_told(struct text kind, struct text name) {
    static const char *const skipped[] = {"kind",     "at",    "key",         "pack",    "file",
                                          "incident", "fonts", "saw_version", "saw_open"};
    for (size_t i = 0; i < sizeof skipped / sizeof skipped[0]; i++) {
        if (text_equals_string(name, skipped[i])) {
            return false;
        }
    }
    return !text_equals_string(kind, DOSSIER_EXERCISE_KIND) || !text_equals_string(name, "source");
}

static void add_event(struct telling *telling, const struct store_record *record) {
    char at[CALENDAR_INSTANT_ROOM];
    size_t before = telling->body.length;
    calendar_print_instant(telling->at - telling->at % CALENDAR_US_PER_SECOND,
                           telling->plan == NULL ? 0 : telling->plan->zone_minutes, at);
    buffer_print(&telling->body, "%" PRId64 "  %s  ", record->sequence, at);
    struct text kind = fold_field(record->fields, record->count, "kind");
    add_word(telling, kind_words, sizeof kind_words / sizeof kind_words[0], kind);
    const char *between = say(telling, ": ", "：");
    for (size_t i = 0; i < record->count; i++) {
        const struct store_field *field = &record->fields[i];
        if (is_told(kind, field->name) && (field->masked || field->value.length > 0)) {
            buffer_append_string(&telling->body, between);
            add_word(telling, field_words, sizeof field_words / sizeof field_words[0], field->name);
            buffer_append_string(&telling->body, " ");
            if (!field->masked && has_value_words(field->name)) {
                add_word(telling, value_words, sizeof value_words / sizeof value_words[0], field->value);
            } else {
                add_value(telling, field->masked ? text_of(say(telling, "(hidden)", "（已隐去）")) : field->value);
            }
            between = say(telling, "; ", "；");
        }
    }
    buffer_append_string(&telling->body, "\n");
    struct text added = {telling->body.failed ? "" : telling->body.bytes + before,
                         telling->body.failed ? 0 : telling->body.length - before};
    telling->rows += 2 + text_count_code_points(added) / (SHEET_COLUMNS - 4);
}

/* Sets what has been told so far. */
static bool give_sheets(struct telling *telling) {
    char name[32];
    struct buffer head = {0};
    struct buffer title = {0};
    struct sheet_printed printed = {0};
    char hash[STORE_HASH_ROOM];
    store_print_hash(&telling->dossier->head.hash, hash);
    buffer_print(&head, "%" PRId64 ":%s", telling->dossier->head.sequence, hash);
    bool is_exercise = telling->dossier->is_exercise;
    buffer_append_string(&title, is_exercise ? say(telling, "[EXERCISE] ", "【演练】") : "");
    buffer_print(&title, telling->chinese ? "第%" PRIu32 "号事件全程记录" : "Record of incident %" PRIu32,
                 telling->dossier->incident);
    telling->part++;
    (void)(telling->part == 1 ? snprintf(name, sizeof name, "timeline.pdf")
                              : snprintf(name, sizeof name, "timeline-%u.pdf", telling->part));
    const struct sheet sheet = {
        .title = buffer_text(&title),
        .body = buffer_text(&telling->body),
        .head = buffer_text(&head),
        .draft = text_of(is_exercise ? say(telling, "EXERCISE: no real incident", "演练记录，不是真实事件") : ""),
        .chinese = telling->chinese,
        .at = telling->at};
    bool is_whole = !head.failed && !title.failed && !telling->body.failed;
    bool done = is_whole ? press_set(telling->press, &sheet, &printed, telling->failure) &&
                               telling->take(telling->context, name, &printed.pdf, telling->failure)
                         : failure_say(telling->failure, "memory is exhausted", "内存不足");
    buffer_clear(&telling->body);
    telling->rows = 0;
    buffer_release(&head);
    buffer_release(&title);
    sheet_release_printed(&printed);
    telling->has_failed = telling->has_failed || !done;
    return done;
}

/* The plan's language and zone are those of the timeline. */
static void take_plan(struct telling *telling, const struct store_record *record) {
    struct failure ignored = {0};
    const struct plan *plan = editions_find(telling->editions, fold_field(record->fields, record->count, "file"),
                                            fold_field(record->fields, record->count, "pack"), &ignored);
    struct text wanted = buffer_text(&telling->dossier->plan);
    if (plan != NULL && (telling->plan == NULL || wanted.length == 0 || text_equal(plan->name, wanted))) {
        telling->plan = plan;
        telling->chinese = show_is_chinese(plan);
    }
}

static bool visit_plans(void *context, const struct store_record *record) {
    if (text_equals_string(fold_field(record->fields, record->count, "kind"), "adopt")) {
        take_plan(context, record);
    }
    return true;
}

static bool visit(void *context, const struct store_record *record) {
    struct telling *telling = context;
    if (record->withheld) {
        return true;
    }
    (void)calendar_parse_instant(fold_field(record->fields, record->count, "at"), 0, &telling->at, NULL);
    add_event(telling, record);
    return telling->rows < ROWS_MOST || give_sheets(telling);
}

static bool tell(struct telling *telling) {
    struct store *copy = telling->copy;
    return store_read(copy, 1, false, visit_plans, telling, telling->failure) &&
           store_read(copy, 1, false, visit, telling, telling->failure) && !telling->has_failed &&
           (telling->body.length == 0 || give_sheets(telling));
}

bool dossier_set_timeline(struct store *copy, const struct dossier *dossier, const struct sheet_fonts *fonts,
                          dossier_take_sheet *take, void *context, struct failure *failure) {
    struct sheet_fonts found;
    struct telling telling = {.copy = copy, .dossier = dossier, .take = take, .context = context, .failure = failure};
    if (fonts == NULL && !sheet_find_fonts((struct text){0}, (struct text){0}, &found, failure)) {
        return false;
    }
    telling.press = press_open(fonts == NULL ? &found : fonts);
    telling.editions = editions_create();
    bool done = telling.press != NULL && telling.editions != NULL
                    ? tell(&telling)
                    : failure_say(failure, "memory is exhausted", "内存不足");
    press_close(telling.press);
    editions_destroy(telling.editions);
    buffer_release(&telling.body);
    return done;
}
