/* Gives all names of a pack their meaning, kind by kind, and builds the plan's arrays. */
#include "plan/resolve.h"

#include <string.h>

/* ---- clauses and notes ------------------------------------------------------------------------------------ */

static struct plan_span begin_span(uint32_t first) {
    return (struct plan_span){first, 0};
}

/* A span counts in 16 bits; so many clauses on one thing are a mistake. */
static uint16_t span_count(struct compiler *compiler, uint32_t first, uint32_t end, struct plan_place place) {
    if (end - first > UINT16_MAX) {
        report(compiler, place, "there are more than %u of these on one declaration", "一处声明里这样的内容超过 %u 个",
               (unsigned)UINT16_MAX);
        return 0;
    }
    return (uint16_t)(end - first);
}

struct plan_span add_cites(struct compiler *compiler, const words *clauses) {
    struct plan_span span = begin_span(compiler->cites.count);
    for (uint32_t i = 0; i < clauses->count; i++) {
        VECTOR_PUSH(compiler, &compiler->cites, clauses->items[i].text);
    }
    if (clauses->count > 0) {
        span.count = span_count(compiler, span.first, compiler->cites.count, clauses->items[0].place);
    }
    return span;
}

struct plan_span add_notes(struct compiler *compiler, const struct tail *tail) {
    struct plan_span span = begin_span(compiler->built_notes.count);
    for (uint32_t i = 0; i < tail->notes.count; i++) {
        const struct note_draft *draft = &tail->notes.items[i];
        struct plan_note note = {draft->kind, add_cites(compiler, &draft->with), draft->reason, draft->place};
        VECTOR_PUSH(compiler, &compiler->built_notes, note);
    }
    if (tail->notes.count > 0) {
        span.count = span_count(compiler, span.first, compiler->built_notes.count, tail->notes.items[0].place);
    }
    return span;
}

/* ---- names ------------------------------------------------------------------------------------------------ */

/* What bears this name in another name space, or NULL. */
static const struct name_entry *find_elsewhere(const struct compiler *compiler, struct text name) {
    const struct name_table *tables[] = {&compiler->party_names,   &compiler->value_names,    &compiler->subject_names,
                                         &compiler->duty_names,    &compiler->setting_names,  &compiler->chain_names,
                                         &compiler->calling_names, &compiler->handling_names, &compiler->form_names};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        const struct name_entry *entry = names_find(tables[i], name);
        if (entry != NULL) {
            return entry;
        }
    }
    return NULL;
}

/* 火势失控或敏感时间: a known name with a Chinese keyword glued to it. Returns the name's length, 0 where it is not so. */
static size_t find_glued_name(const struct name_table *table, struct text name) {
    size_t size = 0;
    for (size_t at = 0; at < name.length; at += size) {
        (void)text_read_code_point(name, at, &size);
        struct text rest = {name.bytes + at, name.length - at};
        if (at > 0 && keyword_chinese_start(rest) > 0 && names_find(table, (struct text){name.bytes, at}) != NULL) {
            return at;
        }
    }
    return 0;
}

bool report_unknown(struct compiler *compiler, struct word name, struct say what, const struct name_table *table) {
    if (names_find(&compiler->lost_names, name.text) != NULL) {
        return false; /* what is wrong where it stands has been said */
    }
    size_t glued = find_glued_name(table, name.text);
    if (glued > 0) {
        struct text rest = {name.text.bytes + glued, name.text.length - glued};
        struct text keyword = {rest.bytes, keyword_chinese_start(rest)};
        return report(compiler, name.place, "unknown %s %.*s: are blanks missing around %.*s?",
                      "没有这样的%s：“%.*s”。“%.*s”前后是不是缺空格？", said(compiler, what),
                      TEXT_PRINT(clip(name.text)), TEXT_PRINT(keyword));
    }
    struct suggestion suggestion = suggestion_begin(name.text);
    names_suggest(compiler, table, &suggestion);
    if (suggestion.count > 0) {
        char room[SUGGESTION_ROOM];
        return report(compiler, name.place, "unknown %s %.*s: did you mean %s?", "没有这样的%s：“%.*s”。是不是%s？",
                      said(compiler, what), TEXT_PRINT(clip(name.text)), offer_names(compiler, &suggestion, room));
    }
    const struct name_entry *entry = find_elsewhere(compiler, name.text);
    if (entry != NULL) {
        return report(compiler, name.place, "%.*s is %s (line %u), where a %s is needed",
                      "“%.*s”是%s（第 %u 行），这里要的是%s", TEXT_PRINT(clip(name.text)),
                      said(compiler, name_kind_words(entry->kind)), (unsigned)entry->place.line, said(compiler, what));
    }
    return report(compiler, name.place, "unknown %s %.*s: it is declared nowhere in the pack",
                  "没有这样的%s：“%.*s”，整个方案里都没有声明", said(compiler, what), TEXT_PRINT(clip(name.text)));
}

bool report_elsewhere(struct compiler *compiler, struct word name) {
    return report(compiler, name.place, "%.*s belongs to another incident type", "“%.*s”属于另一个事件",
                  TEXT_PRINT(clip(name.text)));
}

static uint16_t resolve_name(struct compiler *compiler, struct word name, struct say what,
                             const struct name_table *table) {
    if (name.text.length == 0) {
        return PLAN_NONE;
    }
    const struct name_entry *entry = names_find(table, name.text);
    if (entry == NULL) {
        report_unknown(compiler, name, what, table);
        return PLAN_NONE;
    }
    return (uint16_t)entry->index;
}

uint16_t resolve_party(struct compiler *compiler, struct word name) {
    return resolve_name(compiler, name, SAY("party", "单位、职务或队伍"), &compiler->party_names);
}

uint16_t resolve_subject(struct compiler *compiler, struct word name) {
    return resolve_name(compiler, name, SAY("incident type", "事件"), &compiler->subject_names);
}

uint16_t resolve_chain(struct compiler *compiler, struct word name) {
    return resolve_name(compiler, name, SAY("chain", "上报链"), &compiler->chain_names);
}

uint16_t resolve_calling(struct compiler *compiler, struct word name) {
    return resolve_name(compiler, name, SAY("calling order", "调动顺序"), &compiler->calling_names);
}

/* True when a party stands in the list that is being built, from `first` on. */
static bool is_listed(const struct compiler *compiler, uint32_t first, uint16_t party) {
    for (uint32_t i = first; i < compiler->lists.count; i++) {
        if (compiler->lists.items[i] == party) {
            return true;
        }
    }
    return false;
}

#define PARTY_LIST_MAX 1000U /* parties in one list; checking for doubles costs its square */

struct plan_list resolve_parties(struct compiler *compiler, const words *names, bool recipient_allowed) {
    struct plan_list list = {compiler->lists.count, 0};
    if (names->count > PARTY_LIST_MAX) {
        report(compiler, names->items[0].place, "this list has more than %u parties", "这一列超过 %u 方",
               PARTY_LIST_MAX);
        return list;
    }
    for (uint32_t i = 0; i < names->count; i++) {
        struct word name = names->items[i];
        uint16_t party = PLAN_BEARER_RECIPIENT;
        if (name.keyword != KEYWORD_RECIPIENT) {
            party = resolve_party(compiler, name);
        } else if (!recipient_allowed) {
            report(compiler, name.place,
                   "recipient means the recipient of the duty whose doing raised this: it may stand only in "
                   "on done of DUTY { … }, where that duty has recipients",
                   "接收者指引起这一条的职责的接收者：只能写在 完成后 职责 { … } 里，而且那条职责要有接收者");
        }
        if (party != PLAN_NONE && is_listed(compiler, list.first, party)) {
            report(compiler, name.place, "%.*s stands twice in this list", "“%.*s”在这一列里出现了两次",
                   TEXT_PRINT(clip(name.text)));
        }
        if (party != PLAN_NONE) {
            VECTOR_PUSH(compiler, &compiler->lists, party);
        }
    }
    list.count = (uint16_t)(compiler->lists.count - list.first);
    return list;
}

int64_t resolve_time(struct compiler *compiler, const struct amount *amount, int64_t missing, struct text *setting) {
    if (!amount->given) {
        return missing;
    }
    if (amount->setting.text.length == 0) {
        return amount->value;
    }
    const struct name_entry *entry = names_find(&compiler->setting_names, amount->setting.text);
    if (entry == NULL) {
        report_unknown(compiler, amount->setting, SAY("local setting", "本地设定"), &compiler->setting_names);
        return missing;
    }
    *setting = amount->setting.text;
    return compiler->settings.items[entry->index]->value.value;
}

/* ---- prose and findings ----------------------------------------------------------------------------------- */

static void resolve_prose(struct compiler *compiler) {
    for (uint32_t i = 0; i < compiler->prose.count; i++) {
        const struct prose_draft *draft = &compiler->prose.items[i];
        struct plan_prose prose = {add_cites(compiler, &draft->tail.clauses), draft->tail.text, draft->place};
        VECTOR_PUSH(compiler, &compiler->built_prose, prose);
    }
}

static void resolve_findings(struct compiler *compiler) {
    for (uint32_t i = 0; i < compiler->findings.count; i++) {
        const struct finding_draft *draft = &compiler->findings.items[i];
        struct plan_finding finding = {draft->kind, draft->tail.text, draft->reason,
                                       add_cites(compiler, &draft->tail.clauses), draft->place};
        VECTOR_PUSH(compiler, &compiler->built_findings, finding);
    }
}

/* ---- bounds ----------------------------------------------------------------------------------------------- */

/* Indexes have 16 bits: a pack with more of a kind is refused before any is given. */
static bool check_counts(struct compiler *compiler) {
    uint32_t facts = 0;
    for (uint32_t i = 0; i < compiler->subjects.count; i++) {
        facts += compiler->subjects.items[i]->facts.count + compiler->subjects.items[i]->conditions.count;
    }
    const struct {
        struct say what;
        uint32_t count;
    } kinds[] = {{SAY("parties", "单位、职务、队伍等"), compiler->parties.count},
                 {SAY("facts and conditions", "事实和条件"), facts},
                 {SAY("incident types", "事件"), compiler->subjects.count},
                 {SAY("scales", "等级"), compiler->scales.count},
                 {SAY("actions", "行动"), compiler->duties.count + compiler->parties.count},
                 {SAY("chains", "上报链"), compiler->chains.count},
                 {SAY("local settings", "本地设定"), compiler->settings.count},
                 {SAY("calling orders", "调动顺序"), compiler->callings.count},
                 {SAY("handlings", "处置流程"), compiler->handlings.count},
                 {SAY("forms", "文书"), compiler->forms.count},
                 {SAY("commands", "指挥机构"), compiler->commands.count}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (kinds[i].count > PACK_ITEMS_MAX) {
            return report(compiler, compiler->plan->place, "the pack has too many %s: at most %u",
                          "方案里的%s太多：最多 %u 个", said(compiler, kinds[i].what), PACK_ITEMS_MAX);
        }
    }
    return true;
}

void resolve_pack(struct compiler *compiler) {
    if (!check_counts(compiler)) {
        return;
    }
    declare_parties(compiler);
    resolve_settings(compiler);
    declare_chains(compiler);
    declare_subjects(compiler);
    declare_scales(compiler);
    declare_callings(compiler);
    declare_handlings(compiler);
    declare_forms(compiler);
    declare_duties(compiler);
    resolve_all_parties(compiler);
    resolve_chains(compiler);
    resolve_subjects(compiler);
    resolve_scales(compiler);
    resolve_callings(compiler);
    resolve_triggers(compiler);
    resolve_commands(compiler);
    resolve_handlings(compiler);
    resolve_forms(compiler);
    resolve_prose(compiler);
    resolve_findings(compiler);
}
