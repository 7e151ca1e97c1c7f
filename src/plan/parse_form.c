/* Forms: what a document says that is drafted from the log, item by item. What stands in {braces} in their texts is
 * looked up later (resolve_form.c). */
#include "plan/parse.h"

static const enum keyword item_keywords[] = {KEYWORD_PARAGRAPH, KEYWORD_HEADING, KEYWORD_LIST, KEYWORD_NONE};
static const enum keyword part_keywords[] = {KEYWORD_SPOKEN,    KEYWORD_FOR,   KEYWORD_TO,
                                             KEYWORD_SIGNED_BY, KEYWORD_TITLE, KEYWORD_NONE};
static const enum keyword condition_keywords[] = {KEYWORD_WHEN, KEYWORD_KNOWN, KEYWORD_NONE};

static bool read_drafted(struct compiler *compiler, struct drafted_text *text, struct say what) {
    text->place = peek_token(compiler)->place;
    text->given = true;
    return read_text(compiler, &text->text, what);
}

static bool report_twice(struct compiler *compiler, enum keyword keyword, struct say where) {
    return report(compiler, peek_token(compiler)->place, "%s stands twice in %s", "“%s”在%s里写了两次",
                  keyword_words(compiler, keyword), said(compiler, where));
}

/* ---- items ------------------------------------------------------------------------------------------------ */

static bool parse_list(struct compiler *compiler, struct form_item_draft *item) {
    static const struct {
        enum keyword keyword;
        enum plan_form_item_kind kind;
    } lists[] = {
        {KEYWORD_FORCES, PLAN_ITEM_FORCES}, {KEYWORD_TIMELINE, PLAN_ITEM_TIMELINE}, {KEYWORD_DUTIES, PLAN_ITEM_DUTIES}};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (take_keyword(compiler, lists[i].keyword)) {
            item->kind = lists[i].kind;
            return true;
        }
    }
    item->kind = PLAN_ITEM_FACTS;
    return read_names(compiler, &item->facts,
                      SAY("what is listed: forces, timeline, duties, or names of facts",
                          "列出什么：各方力量、处置经过、各项职责，或者事实的名称"),
                      KEYWORD_NONE);
}

static bool parse_item_start(struct compiler *compiler, struct form_item_draft *item) {
    item->place = peek_token(compiler)->place;
    if (take_keyword(compiler, KEYWORD_PARAGRAPH)) {
        item->kind = PLAN_ITEM_PARAGRAPH;
        return true;
    }
    if (take_keyword(compiler, KEYWORD_HEADING)) {
        item->kind = PLAN_ITEM_HEADING;
        return true;
    }
    if (take_keyword(compiler, KEYWORD_LIST)) {
        return parse_list(compiler, item);
    }
    return report_no_item(compiler, SAY("paragraph, heading or list", "段落、小标题或列出"), item_keywords);
}

/* Whether it is drafted at all; *found is false when nothing about that stands here. */
static bool parse_item_part(struct compiler *compiler, struct form_item_draft *item, bool *found) {
    struct say where = SAY("this part of a form", "文书的这一项");
    *found = true;
    if (at_keyword(compiler, KEYWORD_WHEN) && item->condition != NULL) {
        return report_twice(compiler, KEYWORD_WHEN, where);
    }
    if (at_keyword(compiler, KEYWORD_KNOWN) && item->known.count > 0) {
        return report_twice(compiler, KEYWORD_KNOWN, where);
    }
    if (take_keyword(compiler, KEYWORD_WHEN)) {
        item->condition = parse_condition(compiler);
        return item->condition != NULL;
    }
    if (take_keyword(compiler, KEYWORD_KNOWN)) {
        return read_names(compiler, &item->known, SAY("the name of a fact", "事实的名称"), KEYWORD_NONE);
    }
    *found = false;
    return true;
}

static bool parse_item(struct compiler *compiler, struct form_draft *form) {
    struct form_item_draft item = {.condition = NULL};
    bool found = true;
    if (!parse_item_start(compiler, &item)) {
        return false;
    }
    while (found) {
        if (!parse_item_part(compiler, &item, &found)) {
            return false;
        }
    }
    bool has_words = item.kind == PLAN_ITEM_PARAGRAPH || item.kind == PLAN_ITEM_HEADING;
    if (peek_token(compiler)->kind == TOKEN_TEXT || has_words) {
        if (peek_token(compiler)->kind != TOKEN_TEXT) {
            return report_expected(compiler, SAY("a text in double quotes", "双引号里的文字"), condition_keywords);
        }
        if (!read_drafted(compiler, &item.text, SAY("a text", "文字"))) {
            return false;
        }
    }
    if (!read_tail(compiler, &item.tail, 0, SAY("a part of a form", "文书的一项"))) {
        return false;
    }
    VECTOR_PUSH(compiler, &form->items, item);
    return true;
}

/* ---- the form --------------------------------------------------------------------------------------------- */

static bool has_part(const struct form_draft *form, enum keyword keyword) {
    return (keyword == KEYWORD_SPOKEN && form->spoken) || (keyword == KEYWORD_FOR && form->serves.count > 0) ||
           (keyword == KEYWORD_TO && form->recipients.count > 0) ||
           (keyword == KEYWORD_SIGNED_BY && form->signers.count > 0) || (keyword == KEYWORD_TITLE && form->title.given);
}

/* One part of what stands before the brace; *found is false when none begins here. */
static bool parse_part(struct compiler *compiler, struct form_draft *form, bool *found) {
    *found = true;
    for (size_t i = 0; part_keywords[i] != KEYWORD_NONE; i++) {
        if (at_keyword(compiler, part_keywords[i]) && has_part(form, part_keywords[i])) {
            return report_twice(compiler, part_keywords[i], SAY("this form", "这份文书"));
        }
    }
    if (take_keyword(compiler, KEYWORD_SPOKEN)) {
        form->spoken = true;
        return true;
    }
    if (take_keyword(compiler, KEYWORD_FOR)) {
        return read_names(
            compiler, &form->serves,
            SAY("the name of a duty, or of a scale for its proposals", "职责的名称；用于提请决定的，写等级的名称"),
            KEYWORD_NONE);
    }
    if (take_keyword(compiler, KEYWORD_TO)) {
        return read_names(compiler, &form->recipients, SAY("the name of a recipient", "接收者的名称"), KEYWORD_NONE);
    }
    if (take_keyword(compiler, KEYWORD_SIGNED_BY)) {
        return read_names(compiler, &form->signers, SAY("the name of an office", "职务的名称"), KEYWORD_NONE);
    }
    if (take_keyword(compiler, KEYWORD_TITLE)) {
        return read_drafted(compiler, &form->title, SAY("the title, in double quotes", "双引号里的标题"));
    }
    *found = false;
    return true;
}

static bool parse_form_head(struct compiler *compiler, struct form_draft *form) {
    bool found = true;
    if (!read_keyword(compiler, KEYWORD_OF) ||
        !read_name(compiler, &form->subject,
                   SAY("the name of an incident type or standing subject", "事件或常设对象的名称"))) {
        return false;
    }
    while (found) {
        if (!parse_part(compiler, form, &found)) {
            return false;
        }
    }
    return true;
}

bool parse_form(struct compiler *compiler) {
    struct form_draft *form = compiler_allocate(compiler, sizeof *form);
    take_keyword(compiler, KEYWORD_FORM);
    if (form == NULL || !read_name(compiler, &form->name, SAY("the form's name", "文书的名称"))) {
        return false;
    }
    form->broken = true;
    VECTOR_PUSH(compiler, &compiler->forms, form);
    if (!parse_form_head(compiler, form)) {
        return false;
    }
    struct plan_place opened = peek_token(compiler)->place;
    if (!read_mark(compiler, MARK_OPEN_BRACE, SAY("{ and what the form says", "{ 和文书的内容"))) {
        return false;
    }
    bool sound = true;
    while (block_goes_on(compiler, opened, item_keywords)) {
        uint32_t before = compiler->at;
        if (!parse_item(compiler, form)) {
            sound = false;
            block_recover(compiler, before, item_keywords);
        }
    }
    if (!read_tail(compiler, &form->tail, TAIL_NOTES, SAY("a form", "文书"))) {
        return false;
    }
    check_clauses(compiler, &form->tail, SAY("a form", "文书"), part_keywords);
    form->broken = !sound;
    return true;
}
