#include "desk/dossier_words.h"

#include "desk/dossier_part.h"

#include <stddef.h>

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
    {"reconsider", "what was refused is proposed again", "原来不采纳的建议重新提出"},
    {"acknowledge", "acknowledged", "签收"},
    {"done", "duty done", "职责完成"},
    {"decline", "duty declined", "职责不执行"},
    {"breach", "duty breached", "违反职责"},
    {"notify", "notified", "通知"},
    {"bind", "role filled", "确定担任者"},
    {"unbind", "role given up", "不再担任"},
    {"merge", "merged", "并入事件"},
    {"split", "told apart again", "拆分事件"},
    {"move", "moved to the version in force", "改用现行版本"},
    {"close", "incident closed", "事件办结"},
    {"reopen", "incident reopened", "事件重新打开"},
    {"desk.call", "call taken", "接报来电"},
    {"desk.call-incident", "call assigned", "来电归入事件"},
    {"desk.contact", "called", "电话联系"},
    {"desk.place", "where it is", "事件地点"},
    {"desk.submission", "text handed over to be signed", "送签"},
    {"desk.submission-return", "text sent back", "退回送签稿"},
    {"desk.document", "document signed", "签发文书"},
    {"desk.dispatch", "document sent", "文书送达"},
    {"desk.attachment", "file received", "收到文件"},
    {"desk.force", "force", "队伍力量"},
    {"desk.settlement", "what was spoken is answered for", "电话指令（签发）本人答复"},
    {DOSSIER_EXERCISE_KIND, "exercise begun", "演练开始"},
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
    {"call", "call", "来电编号"},
    {"scale", "scale", "等级"},
    {"level", "level", "级别"},
    {"reason", "reason", "理由"},
    {"party", "unit", "单位"},
    {"spoken_with", "spoken with", "通话人"},
    {"spoken_by", "spoken by", "口述人"},
    {"spoken_from", "spoken from", "口述电话"},
    {"role", "role", "职务"},
    {"unit", "unit", "单位"},
    {"basis", "basis", "依据"},
    {"day", "day", "日期"},
    {"claim", "report", "报告编号"},
    {"as_of", "as of", "截至"},
    {"delegated_by", "delegated by", "授权人"},
    {"delegation", "delegation", "授权编号"},
    {"way", "way", "方式"},
    {"addressees", "to", "主送"},
    {"office", "office", "机关"},
    {"signer", "signed by", "签发人"},
    {"submitter", "handed over by", "送签人"},
    {"returner", "sent back by", "退回人"},
    {"submission", "text handed over", "送签稿编号"},
    {"events", "as of event", "截至记录"},
    {"document", "document", "文书编号"},
    {"replaces", "in the place of", "取代文书"},
    {"head", "head of the log", "日志首部"},
    {"pages", "pages", "页数"},
    {"missing", "characters without a letter", "无字形的字符"},
    {"duty", "duty", "职责编号"},
    {"item", "item", "项目"},
    {"number", "number", "编号"},
    {"answer", "answer", "接听"},
    {"outcome", "outcome", "答复"},
    {"order", "of event no.", "所指事件编号"},
    {"corrects", "corrects", "更正记录"},
    {"note", "note", "备注"},
    {"other", "other incident", "另一事件"},
    {"name", "name", "名称"},
    {"bytes", "bytes", "字节"},
    {"type", "kind", "类型"},
    {"sha256", "SHA-256", "SHA-256"},
    {"attachments", "files", "文件"},
    {"people", "people", "人数"},
    {"form", "form", "格式"},
    {"body", "text", "正文"},
    {"called_at", "called at", "来电时间"},
    {"notice", "to-call row", "叫应编号"},
    {"step", "step", "步骤"},
    {"drill", "drill", "演练脚本"},
    {"path", "file", "脚本文件"},
    {"speed", "speed", "倍速"},
    {"began_at", "begun in truth at", "实际开始时间"},
    {"saw_order", "order at the time", "当时命令"},
    {"saw_level", "level at the time", "当时等级"},
    {"saw_may", "possibly", "可能等级"},
    {"saw_because", "because of", "依据条款"},
};

/* By field: the same word can mean another thing in another one. */
static const struct {
    const char *field;
    struct word word;
} value_words[] = {
    {"way", {"phone", "telephone", "电话"}},
    {"way", {"print", "printed", "打印"}},
    {"way", {"fax", "fax", "传真"}},
    {"way", {"scan", "stamped scan", "盖章扫描件"}},
    {"way", {"receipt", "receipt", "回执"}},
    {"answer", {"reached", "reached", "打通"}},
    {"answer", {"no-answer", "no answer", "没人接"}},
    {"answer", {"refused", "refused", "对方不接受"}},
    {"basis", {"observed", "observed", "实测"}},
    {"basis", {"predicted", "predicted", "预判"}},
    {"item", {"duty", "duty", "职责"}},
    {"item", {"proposal", "proposal", "建议"}},
    {"item", {"finding", "finding", "待处理问题"}},
    {"outcome", {"confirmed", "confirmed", "属实"}},
    {"outcome", {"disputed", "disputed", "有异议"}},
    {"step", {"called", "called", "呼叫"}},
    {"step", {"no-answer", "no answer", "没人接"}},
    {"step", {"declined", "cannot come", "来不了"}},
    {"step", {"coming", "coming", "能来"}},
    {"step", {"set-out", "set out", "出发"}},
    {"step", {"arrived", "arrived", "到场"}},
    {"step", {"released", "released", "归队"}},
    {"step", {"withdrawn", "never was so", "没有这回事"}},
};

static void write_word(const struct word *words, size_t count, struct text name, bool chinese, struct buffer *out) {
    for (size_t i = 0; i < count; i++) {
        if (text_equals_string(name, words[i].name)) {
            buffer_append_string(out, chinese ? words[i].chinese : words[i].english);
            return;
        }
    }
    dossier_write_flat(name, out);
}

void dossier_write_kind(struct text kind, bool chinese, struct buffer *out) {
    write_word(kind_words, sizeof kind_words / sizeof kind_words[0], kind, chinese, out);
}

void dossier_write_field(struct text field, bool chinese, struct buffer *out) {
    write_word(field_words, sizeof field_words / sizeof field_words[0], field, chinese, out);
}

bool dossier_write_value_word(struct text field, struct text value, bool chinese, struct buffer *out) {
    for (size_t i = 0; i < sizeof value_words / sizeof value_words[0]; i++) {
        const struct word *word = &value_words[i].word;
        if (text_equals_string(field, value_words[i].field) && text_equals_string(value, word->name)) {
            buffer_append_string(out, chinese ? word->chinese : word->english);
            return true;
        }
    }
    return false;
}

void dossier_write_flat(struct text text, struct buffer *out) {
    for (size_t i = 0; i < text.length; i++) {
        bool is_control = (unsigned char)text.bytes[i] < ' ';
        buffer_append(out, is_control ? " " : text.bytes + i, 1);
    }
}
