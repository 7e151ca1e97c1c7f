/* Forms: whom they serve, and what takes the place of each {name} in their texts. */
#include "plan/resolve.h"

#include <string.h>

void declare_forms(struct compiler *compiler) {
    for (uint32_t i = 0; i < compiler->forms.count; i++) {
        const struct form_draft *draft = compiler->forms.items[i];
        names_add(compiler, &compiler->form_names, draft->name.text, NAME_FORM, i, draft->name.place);
    }
}

/* A fact of the form's subject that has one value and not one a day; PLAN_NONE after a message. */
static uint16_t resolve_form_fact(struct compiler *compiler, struct word name, uint16_t subject) {
    uint16_t fact = resolve_fact_name(compiler, name, SAY("a fact", "事实"));
    if (fact == PLAN_NONE || subject == PLAN_NONE) {
        return PLAN_NONE;
    }
    const struct fact_draft *draft = compiler->facts.items[fact];
    if (draft->fact.subject != subject) {
        report_elsewhere(compiler, name);
        return PLAN_NONE;
    }
    if (draft->fact.type == PLAN_SERIES) {
        report(compiler, name.place, "%.*s has a value for each day: a form cannot say it in one",
               "“%.*s”逐日有值：文书里写不成一个值", TEXT_PRINT(clip(name.text)));
        return PLAN_NONE;
    }
    return fact;
}

static struct plan_list resolve_form_facts(struct compiler *compiler, const words *names, uint16_t subject) {
    struct plan_list list = {compiler->lists.count, 0};
    for (uint32_t i = 0; i < names->count && i < UINT16_MAX; i++) {
        uint16_t fact = resolve_form_fact(compiler, names->items[i], subject);
        if (fact != PLAN_NONE) {
            VECTOR_PUSH(compiler, &compiler->lists, fact);
        }
    }
    list.count = (uint16_t)(compiler->lists.count - list.first);
    return list;
}

/* ---- texts with names in them ----------------------------------------------------------------------------- */

/* What a form may ask for that no pack declares. A name that is one of these is quoted, as elsewhere. */
static const struct {
    const char *english, *chinese;
    enum plan_piece_kind kind;
} own_words[] = {
    {"now", "现在", PLAN_PIECE_NOW},           {"opened", "接报时间", PLAN_PIECE_OPENED},
    {"place", "地点", PLAN_PIECE_PLACE},       {"incident", "事件", PLAN_PIECE_INCIDENT},
    {"plan", "预案", PLAN_PIECE_PLAN},         {"document", "文号", PLAN_PIECE_DOCUMENT},
    {"issuer", "发文机关", PLAN_PIECE_ISSUER},
};

static bool find_own_word(struct text name, struct plan_piece *piece) {
    for (size_t i = 0; i < sizeof own_words / sizeof own_words[0]; i++) {
        if (text_equal(name, text_of(own_words[i].english)) || text_equal(name, text_of(own_words[i].chinese))) {
            *piece = (struct plan_piece){.kind = own_words[i].kind, .index = PLAN_NONE};
            return true;
        }
    }
    return false;
}

/* The colon between a command and one of its positions, with its size; NULL where there is none. */
static const char *find_colon(struct text name, size_t *size) {
    for (size_t at = 0; at < name.length; at += *size) {
        uint32_t code = text_read_code_point(name, at, size);
        if (code == ':' || code == 0xFF1A) {
            return name.bytes + at;
        }
    }
    return NULL;
}

/* The command of this name; the count of all where there is none. */
static uint32_t find_command(const struct compiler *compiler, struct text name) {
    uint32_t index = 0;
    while (index < compiler->commands.count && !text_equal(compiler->commands.items[index]->party->party.name, name)) {
        index++;
    }
    return index;
}

/* {COMMAND: POSITION} */
static bool resolve_position(struct compiler *compiler, struct text command, struct word position,
                             struct plan_piece *piece) {
    uint32_t index = find_command(compiler, command);
    if (index == compiler->commands.count) {
        return report(compiler, position.place, "there is no command %.*s", "没有指挥机构“%.*s”",
                      TEXT_PRINT(clip(command)));
    }
    const struct command_draft *draft = compiler->commands.items[index];
    for (uint32_t k = 0; k < draft->positions.count; k++) {
        if (text_equal(draft->positions.items[k].name.text, position.text)) {
            *piece = (struct plan_piece){PLAN_PIECE_POSITION, (uint16_t)index, draft->positions.items[k].name.text};
            return true;
        }
    }
    return report(compiler, position.place, "%.*s has no position %.*s", "“%.*s”没有职位“%.*s”",
                  TEXT_PRINT(clip(command)), TEXT_PRINT(clip(position.text)));
}

/* {FLAG: since}. False where the name is no fact's, or a command's besides; then nothing is said of it. */
static bool find_since_piece(struct compiler *compiler, struct word name, struct word asked, uint16_t subject,
                             struct plan_piece *piece) {
    const struct name_entry *entry = names_find(&compiler->value_names, name.text);
    if (entry == NULL || entry->kind != NAME_FACT || find_command(compiler, name.text) < compiler->commands.count) {
        return false;
    }
    bool is_since = text_equals_string(asked.text, "since") || text_equals_string(asked.text, "始于");
    *piece = (struct plan_piece){.kind = PLAN_PIECE_SINCE};
    piece->index = resolve_form_fact(compiler, name, subject);
    if (!is_since) {
        report(compiler, asked.place, "of a fact a form says since when it is so (since), not %.*s",
               "事实后面只能写“始于”，没有“%.*s”", TEXT_PRINT(clip(asked.text)));
    } else if (piece->index != PLAN_NONE && compiler->facts.items[piece->index]->fact.type != PLAN_FLAG) {
        report(compiler, name.place, "%.*s is no flag: only of those a form says since when they are yes",
               "“%.*s”不是“是否”：只有“是否”能写“始于”", TEXT_PRINT(clip(name.text)));
    }
    return true;
}

/* {SCALE: proposed} and {SCALE: grounds}. False where the name is no scale's; then nothing is said of it. */
static bool find_proposal_piece(struct compiler *compiler, struct text scale, struct word asked, uint16_t subject,
                                struct plan_piece *piece) {
    static const struct {
        const char *english, *chinese;
        enum plan_piece_kind kind;
    } asks[] = {{"proposed", "提请", PLAN_PIECE_PROPOSED}, {"grounds", "依据", PLAN_PIECE_GROUNDS}};
    const struct name_entry *entry = names_find(&compiler->value_names, scale);
    if (entry == NULL || entry->kind != NAME_SCALE) {
        return false;
    }
    const struct plan_scale *found = &compiler->built_scales.items[entry->index];
    for (size_t i = 0; i < sizeof asks / sizeof asks[0]; i++) {
        if (text_equal(asked.text, text_of(asks[i].english)) || text_equal(asked.text, text_of(asks[i].chinese))) {
            *piece = (struct plan_piece){.kind = asks[i].kind, .index = (uint16_t)entry->index};
        }
    }
    if (piece->kind == PLAN_PIECE_WORDS) {
        report(compiler, asked.place, "of a scale a form says the level that is proposed or its grounds, not %.*s",
               "等级后面只能写“提请”或“依据”，没有“%.*s”", TEXT_PRINT(clip(asked.text)));
    } else if (!found->ordered) {
        report(compiler, asked.place, "%.*s has no orders, and so no proposals", "“%.*s”没有决定者，也就没有提请",
               TEXT_PRINT(clip(scale)));
    } else if (subject != PLAN_NONE && found->subject != subject) {
        report_elsewhere(compiler, (struct word){.text = scale, .place = asked.place});
    }
    return true;
}

/* A fact, a scale or a party by its name. */
static bool resolve_piece_name(struct compiler *compiler, struct word name, uint16_t subject,
                               struct plan_piece *piece) {
    const struct name_entry *entry = names_find(&compiler->value_names, name.text);
    if (entry != NULL && entry->kind == NAME_SCALE) {
        *piece = (struct plan_piece){.kind = PLAN_PIECE_SCALE, .index = (uint16_t)entry->index};
        bool elsewhere = subject != PLAN_NONE && entry->index < compiler->built_scales.count &&
                         compiler->built_scales.items[entry->index].subject != subject;
        return !elsewhere || report_elsewhere(compiler, name);
    }
    if (entry != NULL) {
        *piece = (struct plan_piece){.kind = PLAN_PIECE_FACT};
        piece->index = resolve_form_fact(compiler, name, subject);
        return piece->index != PLAN_NONE;
    }
    entry = names_find(&compiler->party_names, name.text);
    if (entry != NULL) {
        *piece = (struct plan_piece){.kind = PLAN_PIECE_PARTY, .index = (uint16_t)entry->index};
        return true;
    }
    return report_unknown(compiler, name, SAY("fact, scale or party", "事实、等级、单位、职务或角色"),
                          &compiler->value_names);
}

/* A name without its single quotes; *quoted says whether it had any. */
static struct text take_quotes(struct text name, bool *quoted) {
    *quoted = name.length > 2 && name.bytes[0] == '\'' && name.bytes[name.length - 1] == '\'';
    return *quoted ? (struct text){name.bytes + 1, name.length - 2} : name;
}

/* What stands between braces. */
static bool resolve_piece(struct compiler *compiler, struct text inside, struct plan_place place, uint16_t subject,
                          struct plan_piece *piece) {
    size_t size = 0;
    struct word name = {.text = text_trim(inside), .place = place};
    if (name.text.length == 0) {
        return report(compiler, place, "between { and } stands the name of what is to be put there; write {{ for a {",
                      "{ 和 } 之间要写名称；要写大括号本身的，写 {{");
    }
    if (find_own_word(name.text, piece)) {
        return true;
    }
    bool quoted;
    const char *colon = find_colon(name.text, &size);
    struct text plain = take_quotes(name.text, &quoted);
    if (colon != NULL && (!quoted || memchr(plain.bytes, '\'', plain.length) != NULL)) {
        size_t before = (size_t)(colon - name.text.bytes);
        struct word of = {.text = text_trim((struct text){name.text.bytes, before}), .place = place};
        of.text = take_quotes(of.text, &quoted);
        name.text = text_trim((struct text){colon + size, name.text.length - before - size});
        name.text = take_quotes(name.text, &quoted);
        return find_proposal_piece(compiler, of.text, name, subject, piece) ||
               find_since_piece(compiler, of, name, subject, piece) || resolve_position(compiler, of.text, name, piece);
    }
    name.text = plain;
    return resolve_piece_name(compiler, name, subject, piece);
}

static void add_words(struct compiler *compiler, struct buffer *run) {
    if (run->length > 0) {
        struct plan_piece piece = {.kind = PLAN_PIECE_WORDS, .index = PLAN_NONE};
        piece.words = compiler_keep_text(compiler, buffer_text(run));
        VECTOR_PUSH(compiler, &compiler->built_pieces, piece);
    }
    compiler->exhausted = compiler->exhausted || run->failed;
    buffer_clear(run);
}

/* Cuts a text at its braces. Stops at the first thing that is wrong. */
static void cut_text(struct compiler *compiler, const struct drafted_text *draft, uint16_t subject,
                     struct buffer *run) {
    struct text text = draft->text;
    size_t at = 0;
    while (at < text.length) {
        char byte = text.bytes[at];
        bool doubled = at + 1 < text.length && text.bytes[at + 1] == byte && (byte == '{' || byte == '}');
        const char *end = byte == '{' && !doubled ? memchr(text.bytes + at, '}', text.length - at) : NULL;
        if (doubled || (byte != '{' && byte != '}')) {
            buffer_append(run, &byte, 1);
            at += doubled ? 2 : 1;
            continue;
        }
        if (end == NULL) {
            report(compiler, draft->place,
                   "a %c stands alone in this text: names stand in {…}; write {{ or }} for a brace",
                   "这段文字里的 %c 不成对：名称写在 {…} 里；要写大括号本身的，写 {{ 或 }}", byte);
            return;
        }
        struct plan_piece piece = {.kind = PLAN_PIECE_WORDS};
        struct text inside = {text.bytes + at + 1, (size_t)(end - text.bytes) - at - 1};
        add_words(compiler, run);
        if (!resolve_piece(compiler, inside, draft->place, subject, &piece)) {
            return;
        }
        VECTOR_PUSH(compiler, &compiler->built_pieces, piece);
        at = (size_t)(end - text.bytes) + 1;
    }
    add_words(compiler, run);
}

static struct plan_span resolve_text(struct compiler *compiler, const struct drafted_text *draft, uint16_t subject) {
    struct plan_span span = {compiler->built_pieces.count, 0};
    struct buffer run = {0};
    cut_text(compiler, draft, subject, &run);
    buffer_release(&run);
    uint32_t count = compiler->built_pieces.count - span.first;
    if (count > UINT16_MAX) {
        report(compiler, draft->place, "this text has too many names in it", "这段文字里的名称太多");
    }
    span.count = (uint16_t)count;
    return span;
}

/* ---- whom it serves --------------------------------------------------------------------------------------- */

static void check_served_once(struct compiler *compiler, const struct form_draft *draft, struct word name,
                              uint16_t duty) {
    for (uint32_t i = 0; i < compiler->built_forms.count; i++) {
        const struct plan_form *other = &compiler->built_forms.items[i];
        for (uint16_t k = 0; k < other->duties.count; k++) {
            if (other->spoken == draft->spoken && compiler->lists.items[other->duties.first + k] == duty) {
                report(compiler, name.place, "%.*s has a form of this kind already: %.*s (line %u)",
                       "“%.*s”已经有这样的文书：“%.*s”（第 %u 行）", TEXT_PRINT(clip(name.text)),
                       TEXT_PRINT(clip(other->name)), (unsigned)other->place.line);
                return;
            }
        }
    }
}

static void add_served_duty(struct compiler *compiler, const struct form_draft *draft, struct word name,
                            uint16_t subject) {
    uint16_t duty = resolve_duty_name(compiler, name);
    if (duty == PLAN_NONE) {
        return;
    }
    enum plan_duty_kind kind = compiler->duties.items[duty]->duty.kind;
    uint16_t of = compiler->duty_triggers.items[duty]->trigger.subject;
    if (of != PLAN_NONE && subject != PLAN_NONE && of != subject) {
        report_elsewhere(compiler, name);
    } else if (kind == PLAN_FORBID || kind == PLAN_NOTICE) {
        report(compiler, name.place, "%.*s is never done: a form serves duties, options and decisions",
               "“%.*s”没有办完的时候：文书只用于职责、可选和待决", TEXT_PRINT(clip(name.text)));
    }
    check_served_once(compiler, draft, name, duty);
    VECTOR_PUSH(compiler, &compiler->lists, duty);
}

static void resolve_serves(struct compiler *compiler, const struct form_draft *draft, struct plan_form *form) {
    form->duties = (struct plan_list){compiler->lists.count, 0};
    form->scale = PLAN_NONE;
    for (uint32_t i = 0; i < draft->serves.count && i < UINT16_MAX; i++) {
        struct word name = draft->serves.items[i];
        const struct name_entry *entry = names_find(&compiler->value_names, name.text);
        if (entry == NULL || entry->kind != NAME_SCALE || names_find(&compiler->duty_names, name.text) != NULL) {
            add_served_duty(compiler, draft, name, form->subject);
            continue;
        }
        const struct plan_scale *scale = &compiler->built_scales.items[entry->index];
        if (form->scale != PLAN_NONE) {
            report(compiler, name.place, "a form serves the proposals of one scale", "一份文书只用于一个等级的提请");
        } else if (form->subject != PLAN_NONE && scale->subject != form->subject) {
            report_elsewhere(compiler, name);
        } else if (!scale->ordered) {
            report(compiler, name.place, "%.*s has no orders, and so no proposals", "“%.*s”没有决定者，也就没有提请",
                   TEXT_PRINT(clip(name.text)));
        }
        form->scale = (uint16_t)entry->index;
    }
    form->duties.count = (uint16_t)(compiler->lists.count - form->duties.first);
    if (draft->serves.count == 0 && !draft->broken) {
        report(compiler, draft->name.place, "the form %.*s serves nothing: name its duties (for DUTY, …)",
               "文书“%.*s”没有写用于哪项职责（用于 职责、…）", TEXT_PRINT(clip(draft->name.text)));
    }
}

static void resolve_signers(struct compiler *compiler, const struct form_draft *draft, struct plan_form *form) {
    form->signers = resolve_parties(compiler, &draft->signers, false);
    for (uint16_t i = 0; i < form->signers.count && i < draft->signers.count; i++) {
        uint16_t party = compiler->lists.items[form->signers.first + i];
        if (party < compiler->built_parties.count && compiler->built_parties.items[party].kind != PLAN_OFFICE) {
            report(compiler, draft->signers.items[i].place,
                   "%.*s is no office: a document is signed by a person in one", "“%.*s”不是职务：文书由任职的人签发",
                   TEXT_PRINT(clip(draft->signers.items[i].text)));
        }
    }
    if (draft->spoken && draft->signers.count > 0) {
        report(compiler, draft->signers.items[0].place, "what is spoken is not signed", "口述的不用签发");
    } else if (!draft->spoken && draft->signers.count == 0 && !draft->broken) {
        report(compiler, draft->name.place,
               "nobody signs the form %.*s: say who does (signed by OFFICE), or that it is spoken",
               "文书“%.*s”没有签发者：写明 签发者 职务，口述的写 口述", TEXT_PRINT(clip(draft->name.text)));
    }
}

/* ---- forms ------------------------------------------------------------------------------------------------ */

static void add_item(struct compiler *compiler, const struct form_item_draft *draft, uint16_t subject) {
    struct scope scope = {.subject = subject, .scales_allowed = true};
    struct plan_form_item item = {.kind = draft->kind, .place = draft->place};
    item.condition = resolve_condition(compiler, &scope, draft->condition);
    item.known = resolve_form_facts(compiler, &draft->known, subject);
    item.facts = resolve_form_facts(compiler, &draft->facts, subject);
    item.pieces = resolve_text(compiler, &draft->text, subject);
    item.cites = add_cites(compiler, &draft->tail.clauses);
    VECTOR_PUSH(compiler, &compiler->built_form_items, item);
}

static void resolve_items(struct compiler *compiler, const struct form_draft *draft, struct plan_form *form) {
    form->first_item = compiler->built_form_items.count;
    if (draft->items.count > PLAN_FORM_ITEMS_MAX) {
        report(compiler, draft->name.place, "this form has more than %u paragraphs, headings and lists",
               "这份文书超过 %u 项", PLAN_FORM_ITEMS_MAX);
    }
    for (uint32_t k = 0; k < draft->items.count && k < PLAN_FORM_ITEMS_MAX; k++) {
        add_item(compiler, &draft->items.items[k], form->subject);
    }
    form->item_count = (uint16_t)(compiler->built_form_items.count - form->first_item);
    if (draft->items.count == 0 && !draft->broken) {
        report(compiler, draft->name.place, "the form %.*s says nothing", "文书“%.*s”没有内容",
               TEXT_PRINT(clip(draft->name.text)));
    }
}

void resolve_forms(struct compiler *compiler) {
    for (uint32_t i = 0; i < compiler->forms.count && !compiler_is_exhausted(compiler); i++) {
        const struct form_draft *draft = compiler->forms.items[i];
        struct plan_form form = {.name = draft->name.text, .spoken = draft->spoken, .place = draft->name.place};
        form.subject = resolve_subject(compiler, draft->subject);
        resolve_serves(compiler, draft, &form);
        form.recipients = resolve_parties(compiler, &draft->recipients, false);
        resolve_signers(compiler, draft, &form);
        if (!draft->title.given && !draft->broken) {
            report(compiler, draft->name.place, "the form %.*s has no title", "文书“%.*s”没有标题",
                   TEXT_PRINT(clip(draft->name.text)));
        }
        form.title = resolve_text(compiler, &draft->title, form.subject);
        resolve_items(compiler, draft, &form);
        form.cites = add_cites(compiler, &draft->tail.clauses);
        form.notes = add_notes(compiler, &draft->tail);
        VECTOR_PUSH(compiler, &compiler->built_forms, form);
    }
}
