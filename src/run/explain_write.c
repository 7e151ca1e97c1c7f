/* Explanations as text: made of the JSON alone, so that both always say the same. */
#include "run/explain.h"

#include "run/show.h"

#include <string.h>

struct writer {
    bool is_chinese;
    struct buffer *out;
};

/* ---- pieces ----------------------------------------------------------------------------------------------- */

static const char *say(const struct writer *writer, const char *english, const char *chinese)
    __attribute__((format_arg(2), format_arg(3)));

static const char *say(const struct writer *writer, const char *english, const char *chinese) {
    return writer->is_chinese ? chinese : english;
}

static const char *get(const json_t *json, const char *key) {
    const char *value = json_string_value(json_object_get(json, key));
    return value == NULL ? "" : value;
}

static bool is_there(const json_t *json, const char *key) {
    const json_t *value = json_object_get(json, key);
    return value != NULL && !json_is_null(value);
}

static void indent(const struct writer *writer, int depth) {
    for (int i = 0; i < depth; i++) {
        buffer_append_string(writer->out, "  ");
    }
}

/* Words of the JSON that stand in the text as well. */
static const char *translate(const struct writer *writer, const char *word) {
    static const char *const words[][2] = {
        {"cause ended", "起因已消失"},
        {"replaced", "已被替代"},
        {"absorbed", "已并入别的事件"},
        {"incident ended", "事件已结束"},
        {"plan moved", "预案已换版"},
        {"role unbound", "角色未指定"},
        {"chain exhausted", "上报链已到头"},
        {"contradiction", "说法矛盾"},
        {"lost in the move", "换版遗失"},
        {"reading", "读法"},
        {"falls", "级别反降"},
        {"clash", "条款冲突"},
        {"gap", "缺口"},
        {"silent", "原文未写"},
        {"naming", "名称不一"},
        {"dead", "用不上的规则"},
        {"clock", "缺时限"},
        {"owner", "缺责任者"},
    };
    for (size_t i = 0; writer->is_chinese && i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i][0], word) == 0) {
            return words[i][1];
        }
    }
    return word;
}

static void put(const struct writer *writer, const char *english, const char *chinese) {
    buffer_append_string(writer->out, say(writer, english, chinese));
}

static void end_line(const struct writer *writer) {
    buffer_append_string(writer->out, "\n");
}

/* "2022-08-20T14:05:00+08:00" as "2022-08-20 14:05". */
static void put_instant(const struct writer *writer, const json_t *json, const char *key) {
    const char *value = get(json, key);
    size_t length = strlen(value);
    if (length < 19) {
        put(writer, "?", "？");
        return;
    }
    size_t shown = memcmp(value + 16, ":00+", 4) == 0 || memcmp(value + 16, ":00-", 4) == 0 ? 16 : 19;
    buffer_append(writer->out, value, 10);
    buffer_append_string(writer->out, " ");
    buffer_append(writer->out, value + 11, shown - 11);
}

static void put_clauses(const struct writer *writer, const json_t *json) {
    const json_t *clauses = json_object_get(json, "clauses");
    for (size_t i = 0; i < json_array_size(clauses); i++) {
        buffer_print(writer->out, "%s@%s", i == 0 ? "" : " ", json_string_value(json_array_get(clauses, i)));
    }
}

static void put_level(const struct writer *writer, const json_t *json, const char *key) {
    if (is_there(json, key)) {
        buffer_append_string(writer->out, get(json, key));
    } else {
        put(writer, "none", "无");
    }
}

static void put_heading(const struct writer *writer, int depth, const char *english, const char *chinese) {
    indent(writer, depth);
    put(writer, english, chinese);
    end_line(writer);
}

static void put_event(const struct writer *writer, const json_t *json) {
    if (is_there(json, "event")) {
        buffer_print(writer->out, say(writer, " (event %lld)", "（日志第 %lld 条）"),
                     (long long)json_integer_value(json_object_get(json, "event")));
    }
}

/* ---- facts ------------------------------------------------------------------------------------------------ */

static void put_claim(const struct writer *writer, const json_t *claim, int depth) {
    indent(writer, depth);
    buffer_print(writer->out, say(writer, "claim %lld: %s", "第 %lld 条说法：%s"),
                 (long long)json_integer_value(json_object_get(claim, "claim")), get(claim, "value"));
    if (is_there(claim, "day")) {
        buffer_print(writer->out, say(writer, " for %s", "（%s）"), get(claim, "day"));
    }
    const char *basis = get(claim, "basis");
    if (strcmp(basis, "observed") == 0) {
        put(writer, ", observed", "，实测");
    } else if (strcmp(basis, "predicted") == 0) {
        put(writer, ", predicted", "，预判");
    }
    put(writer, ", said by ", "，");
    if (is_there(claim, "source")) {
        buffer_append_string(writer->out, get(claim, "source"));
    } else {
        put(writer, "(not noted)", "（未记来源）");
    }
    put(writer, "; so at ", " 说；情况截至 ");
    put_instant(writer, claim, "as_of");
    put(writer, ", heard at ", "，听到于 ");
    put_instant(writer, claim, "heard_at");
    put_event(writer, claim);
    const char *status = get(claim, "status");
    if (strcmp(status, "corrected") == 0) {
        put(writer, ", struck out: corrected", "，已更正作废");
    } else if (strcmp(status, "withdrawn") == 0) {
        put(writer, ", struck out: withdrawn", "，已撤回作废");
    }
    if (is_there(claim, "corrects")) {
        buffer_print(writer->out, say(writer, ", corrects claim %lld", "，更正第 %lld 条"),
                     (long long)json_integer_value(json_object_get(claim, "corrects")));
    }
    if (is_there(claim, "from_incident")) {
        buffer_print(writer->out, say(writer, ", from incident %lld", "，来自事件 %lld"),
                     (long long)json_integer_value(json_object_get(claim, "from_incident")));
    }
    end_line(writer);
}

/* That a time is believed to be no later than the first report, and whose word that is. */
static void put_cut(const struct writer *writer, const json_t *cut, int depth) {
    indent(writer, depth);
    put(writer, "cut off at the first report: not after ", "以首报为限：不晚于 ");
    put_instant(writer, cut, "at");
    if (is_there(cut, "claim")) {
        buffer_print(writer->out, say(writer, " (claim %lld)", "（第 %lld 条说法）"),
                     (long long)json_integer_value(json_object_get(cut, "claim")));
    }
    end_line(writer);
}

static void put_fact(const struct writer *writer, const json_t *fact, int depth, bool with_claims) {
    const json_t *claims = json_object_get(fact, "claims");
    const json_t *sources = json_object_get(fact, "derived_from");
    indent(writer, depth);
    buffer_append_string(writer->out, get(fact, "fact"));
    if (is_there(fact, "value")) {
        buffer_print(writer->out, " = %s", get(fact, "value"));
    }
    if (sources != NULL) {
        put(writer, " (derived)", "（推算）");
    } else if (with_claims && json_array_size(claims) == 0) {
        put(writer, " (nobody has said anything)", "（没有人说过）");
    }
    end_line(writer);
    if (with_claims && is_there(fact, "cut_off")) {
        put_cut(writer, json_object_get(fact, "cut_off"), depth + 1);
    }
    for (size_t i = 0; with_claims && i < json_array_size(claims); i++) {
        put_claim(writer, json_array_get(claims, i), depth + 1);
    }
    for (size_t i = 0; with_claims && i < json_array_size(sources); i++) {
        put_fact(writer, json_array_get(sources, i), depth + 1, with_claims);
    }
}

static void put_facts(const struct writer *writer, const json_t *facts, int depth, bool with_claims) {
    for (size_t i = 0; i < json_array_size(facts); i++) {
        put_fact(writer, json_array_get(facts, i), depth, with_claims);
    }
}

static void put_notes(const struct writer *writer, const json_t *notes, int depth) {
    for (size_t i = 0; i < json_array_size(notes); i++) {
        const json_t *note = json_array_get(notes, i);
        indent(writer, depth);
        buffer_print(writer->out, say(writer, "accepted %s: %s", "已接受（%s）：%s"),
                     translate(writer, get(note, "kind")), get(note, "reason"));
        end_line(writer);
    }
}

/* ---- rules and scales ------------------------------------------------------------------------------------- */

static void put_rule(const struct writer *writer, const json_t *rule, int depth, bool in_full) {
    const char *truth = get(rule, "truth");
    indent(writer, depth);
    put_clauses(writer, rule);
    buffer_append_string(writer->out, " ");
    put_level(writer, rule, "level");
    buffer_print(writer->out, say(writer, ": %s", "：%s"), get(rule, "condition"));
    if (strcmp(truth, "false") == 0) {
        put(writer, " — does not hold", " —— 不成立");
    } else if (strcmp(truth, "open") == 0) {
        const json_t *unknown = json_object_get(rule, "unknown");
        put(writer, " — open; not exactly known: ", " —— 未定；还不确切知道：");
        for (size_t i = 0; i < json_array_size(unknown); i++) {
            buffer_print(writer->out, "%s%s", i == 0 ? "" : say(writer, ", ", "、"),
                         json_string_value(json_array_get(unknown, i)));
        }
    }
    end_line(writer);
    put_facts(writer, json_object_get(rule, "facts"), depth + 1, in_full);
    if (in_full && is_there(rule, "literal")) {
        indent(writer, depth + 1);
        buffer_print(writer->out, say(writer, "literally the clause says: %s", "条款字面：%s"), get(rule, "literal"));
        end_line(writer);
    }
    put_notes(writer, json_object_get(rule, "notes"), depth + 1);
}

static void put_rules(const struct writer *writer, const json_t *rules, int depth, bool in_full, const char *english,
                      const char *chinese) {
    if (json_array_size(rules) == 0) {
        return;
    }
    put_heading(writer, depth, english, chinese);
    for (size_t i = 0; i < json_array_size(rules); i++) {
        put_rule(writer, json_array_get(rules, i), depth + 1, in_full);
    }
}

static void put_condition(const struct writer *writer, const json_t *condition, int depth, const char *english,
                          const char *chinese) {
    const char *truth = get(condition, "truth");
    if (condition == NULL || json_is_null(condition)) {
        return;
    }
    indent(writer, depth);
    put(writer, english, chinese);
    buffer_print(writer->out, "%s ", get(condition, "condition"));
    put_clauses(writer, condition);
    if (strcmp(truth, "holds") == 0) {
        put(writer, " — holds", " —— 成立");
    } else if (strcmp(truth, "open") == 0) {
        put(writer, " — open", " —— 未定");
    } else {
        put(writer, " — does not hold", " —— 不成立");
    }
    end_line(writer);
    if (strcmp(truth, "holds") == 0) {
        put_facts(writer, json_object_get(condition, "facts"), depth + 1, true);
    }
}

static void put_order(const struct writer *writer, const json_t *order, int depth) {
    indent(writer, depth);
    put_instant(writer, order, "at");
    buffer_append_string(writer->out, " ");
    if (is_there(order, "order")) {
        buffer_append_string(writer->out, get(order, "order"));
    } else {
        put(writer, "ended", "终止");
    }
    if (json_is_true(json_object_get(order, "automatic"))) {
        put(writer, ", by the plan itself", "，按预案自动执行");
    } else {
        buffer_print(writer->out, say(writer, ", by %s", "，%s 决定"), get(order, "by"));
    }
    if (is_there(order, "source") && strcmp(get(order, "source"), get(order, "by")) != 0) {
        buffer_print(writer->out, say(writer, " (%s)", "（%s）"), get(order, "source"));
    }
    put(writer, "; the facts then gave ", "；当时事实给出 ");
    put_level(writer, order, "facts_level");
    put(writer, ", possibly ", "，可能 ");
    put_level(writer, order, "facts_may");
    if (json_is_true(json_object_get(order, "override"))) {
        put(writer, "; AGAINST the facts", "；与事实不同的决定");
    }
    if (is_there(order, "reason")) {
        buffer_print(writer->out, say(writer, ", reason: %s", "，理由：%s"), get(order, "reason"));
    }
    put_event(writer, order);
    end_line(writer);
}

static void put_proposal(const struct writer *writer, const json_t *proposal, int depth) {
    static const char *const kinds[][3] = {
        {"raise", "raise to ", "提级至 "}, {"lower", "lower to ", "降级至 "}, {"end", "end", "终止"}};
    static const char *const statuses[][3] = {{"open", "open", "待决"},
                                              {"accepted", "accepted", "已同意"},
                                              {"refused", "refused", "已驳回"},
                                              {"superseded", "superseded", "已被新情况取代"},
                                              {"lapsed", "lapsed", "已失效"}};
    indent(writer, depth);
    buffer_print(writer->out, say(writer, "proposal %lld: ", "建议 %lld："),
                 (long long)json_integer_value(json_object_get(proposal, "proposal")));
    for (size_t i = 0; i < 3; i++) {
        if (strcmp(get(proposal, "kind"), kinds[i][0]) == 0) {
            buffer_append_string(writer->out, kinds[i][writer->is_chinese ? 2 : 1]);
        }
    }
    buffer_append_string(writer->out, is_there(proposal, "to") ? get(proposal, "to") : "");
    if (json_array_size(json_object_get(proposal, "clauses")) > 0) {
        buffer_append_string(writer->out, " ");
        put_clauses(writer, proposal);
    }
    put(writer, ", raised at ", "，提出于 ");
    put_instant(writer, proposal, "raised_at");
    if (is_there(proposal, "due_at")) {
        put(writer, ", to be decided by ", "，限 ");
        put_instant(writer, proposal, "due_at");
        if (is_there(proposal, "local_setting")) {
            buffer_print(writer->out, say(writer, " (local setting %s)", "（本地设定·%s）"),
                         get(proposal, "local_setting"));
        }
    }
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        if (strcmp(get(proposal, "status"), statuses[i][0]) == 0) {
            buffer_print(writer->out, say(writer, ", %s", "，%s"), statuses[i][writer->is_chinese ? 2 : 1]);
        }
    }
    if (is_there(proposal, "ended_at")) {
        put(writer, " at ", "于 ");
        put_instant(writer, proposal, "ended_at");
    }
    if (is_there(proposal, "by")) {
        buffer_print(writer->out, say(writer, " by %s", "，%s"), get(proposal, "by"));
    }
    if (is_there(proposal, "reason")) {
        buffer_print(writer->out, say(writer, ", reason: %s", "，理由：%s"), get(proposal, "reason"));
    }
    put_event(writer, proposal);
    end_line(writer);
}

static void put_scale(const struct writer *writer, const json_t *json, int depth) {
    indent(writer, depth);
    buffer_print(writer->out, say(writer, "%s: level ", "%s：级别 "), get(json, "scale"));
    put_level(writer, json, "level");
    put(writer, ", may come to ", "，可能达到 ");
    put_level(writer, json, "may");
    if (json_is_true(json_object_get(json, "ordered"))) {
        put(writer, ", order in force ", "，现行命令 ");
        put_level(writer, json, "order");
    }
    end_line(writer);
    put_rules(writer, json_object_get(json, "because"), depth, true, "decided by", "依据");
    put_condition(writer, json_object_get(json, "given"), depth, "given: ", "前提：");
    put_rules(writer, json_object_get(json, "lower"), depth, false, "lower rules that hold too", "同时成立的较低条款");
    put_rules(writer, json_object_get(json, "not_deciding"), depth, false, "rules of this level that do not decide",
              "同级而未起作用的条款");
    put_rules(writer, json_object_get(json, "higher"), depth, false, "higher rules, and why not",
              "更高的条款，为何不是");
    put_condition(writer, json_object_get(json, "ends_when"), depth, "ends when: ", "终止条件：");
    const json_t *proposal = json_object_get(json, "open_proposal");
    if (json_is_object(proposal)) {
        put_proposal(writer, proposal, depth);
    }
    const json_t *orders = json_object_get(json, "orders");
    if (json_array_size(orders) > 0) {
        put_heading(writer, depth, "orders, the last first", "命令（新的在前）");
    }
    for (size_t i = 0; i < json_array_size(orders); i++) {
        put_order(writer, json_array_get(orders, i), depth + 1);
    }
}

/* ---- duties ----------------------------------------------------------------------------------------------- */

static void put_holder(const struct writer *writer, const json_t *duty, const char *key, const char *role_key) {
    if (is_there(duty, key)) {
        buffer_append_string(writer->out, get(duty, key));
        if (is_there(duty, role_key)) {
            buffer_print(writer->out, say(writer, " (%s)", "（%s）"), get(duty, role_key));
        }
    } else if (is_there(duty, role_key)) {
        buffer_print(writer->out, say(writer, "%s (unbound)", "%s（未指定）"), get(duty, role_key));
    }
}

static void put_status(const struct writer *writer, const json_t *duty) {
    /* Nothing is to be done for what is forbidden or only to be known. */
    bool is_standing = strcmp(get(duty, "kind"), "forbid") == 0 || strcmp(get(duty, "kind"), "notice") == 0;
    static const char *const statuses[][2] = {{"owed", "待办"},          {"overdue", "已逾期"},  {"done", "已办结"},
                                              {"done late", "逾期办结"}, {"declined", "已谢绝"}, {"lapsed", "已失效"}};
    const char *status = get(duty, "status");
    if (is_standing && strcmp(status, "owed") == 0) {
        put(writer, "in force", "有效");
        return;
    }
    if (strcmp(get(duty, "kind"), "option") == 0 && strcmp(status, "owed") == 0) {
        put(writer, "open", "可用");
        return;
    }
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        if (strcmp(status, statuses[i][0]) == 0) {
            buffer_append_string(writer->out, writer->is_chinese ? statuses[i][1] : status);
        }
    }
    if (is_there(duty, "lapse")) {
        buffer_print(writer->out, say(writer, " (%s)", "（%s）"), translate(writer, get(duty, "lapse")));
    }
}

static void put_times(const struct writer *writer, const json_t *duty) {
    static const char *const times[][3] = {
        {"notified_at", ", notified at ", "，送达 "},
        {"acknowledged_at", ", acknowledged at ", "，签收 "},
        {"done_at", ", done at ", "，办结 "},
    };
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        if (is_there(duty, times[i][0])) {
            buffer_append_string(writer->out, times[i][writer->is_chinese ? 2 : 1]);
            put_instant(writer, duty, times[i][0]);
            if (i == 1 && is_there(duty, "acknowledged_by")) {
                buffer_print(writer->out, say(writer, " by %s", "（%s）"), get(duty, "acknowledged_by"));
            }
        }
    }
}

static const char *name_kind(const struct writer *writer, const json_t *duty) {
    static const char *const kinds[][2] = {
        {"duty", "职责"}, {"option", "可选"}, {"forbid", "禁止"}, {"notice", "提示"}, {"decision", "待决"},
    };
    const char *kind = get(duty, "kind");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i][0], kind) == 0) {
            return writer->is_chinese ? kinds[i][1] : kinds[i][0];
        }
    }
    return say(writer, "duty", "职责");
}

static void put_duty(const struct writer *writer, const json_t *duty, int depth, bool is_brief) {
    indent(writer, depth);
    buffer_print(writer->out, "%s %lld %s%s", name_kind(writer, duty),
                 (long long)json_integer_value(json_object_get(duty, "duty")), get(duty, "name"),
                 say(writer, ": ", "："));
    bool has_bearer = is_there(duty, "bearer") || is_there(duty, "bearer_role");
    put_holder(writer, duty, "bearer", "bearer_role");
    if (is_there(duty, "recipient") || is_there(duty, "recipient_role")) {
        buffer_append_string(writer->out, " → ");
        put_holder(writer, duty, "recipient", "recipient_role");
    }
    buffer_append_string(writer->out, has_bearer ? say(writer, ", ", "，") : "");
    put_status(writer, duty);
    if (is_there(duty, "due_at")) {
        put(writer, ", due ", "，限 ");
        put_instant(writer, duty, "due_at");
    }
    buffer_append_string(writer->out, " ");
    put_clauses(writer, duty);
    end_line(writer);
    if (is_brief) {
        return;
    }
    indent(writer, depth + 1);
    buffer_append_string(writer->out, get(duty, "action"));
    end_line(writer);
    indent(writer, depth + 1);
    put(writer, "raised at ", "起于 ");
    put_instant(writer, duty, "since");
    put_event(writer, duty);
    put_times(writer, duty);
    if (is_there(duty, "source")) {
        buffer_print(writer->out, say(writer, " by %s", "，%s"), get(duty, "source"));
    }
    if (is_there(duty, "proof")) {
        buffer_print(writer->out, say(writer, ", proof: %s", "，佐证：%s"), get(duty, "proof"));
    }
    end_line(writer);
}

static void put_cause(const struct writer *writer, const json_t *cause) {
    const char *kind = get(cause, "kind");
    if (strcmp(kind, "opening") == 0) {
        put(writer, "because the incident was opened at ", "因为立案于 ");
        put_instant(writer, cause, "opened_at");
        put_event(writer, cause);
        end_line(writer);
    } else if (strcmp(kind, "done") == 0) {
        buffer_print(writer->out, say(writer, "because this was done: %s\n", "因为这一项已办结：%s\n"),
                     get(cause, "of"));
        if (json_is_object(json_object_get(cause, "parent"))) {
            put_duty(writer, json_object_get(cause, "parent"), 1, false);
        }
    } else {
        put(writer, "because ", "因为 ");
        buffer_append_string(writer->out, get(cause, "condition"));
        end_line(writer);
        put_facts(writer, json_object_get(cause, "facts"), 1, true);
        const json_t *scales = json_object_get(cause, "scales");
        for (size_t i = 0; i < json_array_size(scales); i++) {
            put_scale(writer, json_array_get(scales, i), 1);
        }
    }
}

static void put_local(const struct writer *writer, const json_t *json) {
    const json_t *setting = json_object_get(json, "local_setting");
    const json_t *chain = json_object_get(json, "chain");
    if (json_is_object(setting)) {
        buffer_print(
            writer->out,
            say(writer, "local setting %s = %s, no clause gives it: %s\n", "本地设定 %s = %s，条款没有规定：%s\n"),
            get(setting, "name"), get(setting, "value"), get(setting, "reason"));
    }
    if (json_is_object(chain)) {
        const json_t *steps = json_object_get(chain, "steps");
        buffer_print(writer->out, say(writer, "local chain %s: ", "本地上报链 %s："), get(chain, "name"));
        for (size_t i = 0; i < json_array_size(steps); i++) {
            buffer_print(writer->out, "%s%s", i == 0 ? "" : " → ", json_string_value(json_array_get(steps, i)));
        }
        buffer_print(writer->out, say(writer, "; %s\n", "；%s\n"), get(chain, "reason"));
    }
}

/* ---- whole explanations ----------------------------------------------------------------------------------- */

static void put_head(const struct writer *writer, const json_t *json) {
    const json_t *plan = json_object_get(json, "plan");
    buffer_print(writer->out,
                 say(writer, "Incident %lld %s (%s), plan %s version %s%s%s, as of ",
                     "事件 %lld %s（%s），预案 %s 版本 %s%s%s，时点 "),
                 (long long)json_integer_value(json_object_get(json, "incident")), get(json, "title"),
                 get(json, "subject"), get(plan, "name"), get(plan, "version"), is_there(plan, "document") ? " " : "",
                 get(plan, "document"));
    put_instant(writer, json, "at");
    end_line(writer);
}

static void put_positions(const struct writer *writer, const json_t *positions) {
    for (size_t i = 0; i < json_array_size(positions); i++) {
        const json_t *position = json_array_get(positions, i);
        const json_t *holders = json_object_get(position, "holders");
        bool is_choice = json_is_true(json_object_get(position, "one_serves"));
        buffer_print(writer->out, say(writer, "%s, %s: ", "%s %s："), get(position, "command"),
                     get(position, "position"));
        for (size_t k = 0; k < json_array_size(holders); k++) {
            bool is_other = is_choice && k + 1 == json_array_size(holders);
            const char *between = is_other ? say(writer, " or ", "或") : say(writer, ", ", "、");
            buffer_print(writer->out, "%s%s", k == 0 ? "" : between, json_string_value(json_array_get(holders, k)));
        }
        buffer_append_string(writer->out, json_array_size(holders) == 0 ? get(position, "held_by") : "");
        buffer_append_string(writer->out, " ");
        put_clauses(writer, position);
        end_line(writer);
    }
}

static void write_overview(const struct writer *writer, const json_t *json) {
    const json_t *list = json_object_get(json, "scales");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *scale = json_array_get(list, i);
        buffer_print(writer->out, say(writer, "%s: level ", "%s：级别 "), get(scale, "scale"));
        put_level(writer, scale, "level");
        put(writer, ", may come to ", "，可能达到 ");
        put_level(writer, scale, "may");
        if (json_object_get(scale, "order") != NULL) {
            put(writer, ", order in force ", "，现行命令 ");
            put_level(writer, scale, "order");
        }
        const json_t *because = json_object_get(scale, "because");
        for (size_t k = 0; k < json_array_size(because); k++) {
            buffer_print(writer->out, " @%s", json_string_value(json_array_get(because, k)));
        }
        end_line(writer);
    }
    put_heading(writer, 0, "facts", "事实");
    put_facts(writer, json_object_get(json, "facts"), 1, true);
    list = json_object_get(json, "roles");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *role = json_array_get(list, i);
        buffer_print(writer->out, say(writer, "role %s: %s\n", "角色 %s：%s\n"), get(role, "role"), get(role, "unit"));
    }
    put_positions(writer, json_object_get(json, "positions"));
    list = json_object_get(json, "proposals");
    for (size_t i = 0; i < json_array_size(list); i++) {
        put_proposal(writer, json_array_get(list, i), 0);
    }
    list = json_object_get(json, "duties");
    for (size_t i = 0; i < json_array_size(list); i++) {
        put_duty(writer, json_array_get(list, i), 0, true);
    }
    list = json_object_get(json, "findings");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *finding = json_array_get(list, i);
        buffer_print(writer->out, say(writer, "finding %lld: %s %s", "发现 %lld：%s %s"),
                     (long long)json_integer_value(json_object_get(finding, "finding")),
                     translate(writer, get(finding, "kind")), get(finding, "party"));
        if (is_there(finding, "closed_at")) {
            put(writer, ", settled at ", "，消除于 ");
            put_instant(writer, finding, "closed_at");
        } else {
            buffer_print(writer->out, say(writer, ", to be settled by %s", "，由 %s 处理"), get(finding, "owner"));
        }
        end_line(writer);
    }
}

void explain_write(const json_t *explanation, bool is_chinese, struct buffer *out) {
    const struct writer writer = {is_chinese, out};
    const char *kind = get(explanation, "explains");
    put_head(&writer, explanation);
    if (strcmp(kind, "level") == 0) {
        put_scale(&writer, explanation, 0);
    } else if (strcmp(kind, "duty") == 0) {
        put_duty(&writer, json_object_get(explanation, "raised"), 0, false);
        put_cause(&writer, json_object_get(explanation, "cause"));
        put_local(&writer, explanation);
        put_notes(&writer, json_object_get(explanation, "notes"), 0);
        put_heading(&writer, 0, "what became of it", "后来");
        put_duty(&writer, json_object_get(explanation, "became"), 1, false);
    } else if (strcmp(kind, "proposal") == 0) {
        put_proposal(&writer, json_object_get(explanation, "raised"), 0);
        put_scale(&writer, json_object_get(explanation, "reasons"), 0);
        put_local(&writer, explanation);
        put_heading(&writer, 0, "what became of it", "后来");
        put_proposal(&writer, json_object_get(explanation, "became"), 1);
    } else {
        write_overview(&writer, explanation);
    }
}
