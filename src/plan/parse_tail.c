/* The end of a rule, a duty or a declaration: its clauses, its accepted findings, its text. */
#include "plan/parse.h"

#include <stdio.h>
#include <string.h>

/* ---- clauses ---------------------------------------------------------------------------------------------- */

void set_relative(struct compiler *compiler, const words *clauses) {
    compiler->relative_count = clauses == NULL ? 0 : clauses->count;
    compiler->relative_to = compiler->relative_count > 0 ? clauses->items[0].text : (struct text){NULL, 0};
}

/* Writes full-width brackets around digits, and a full-width #, as their ASCII likes: 6.2（3） is 6.2(3). */
static void write_clause(struct text name, struct buffer *out) {
    size_t at = 0;
    bool is_open = false;
    while (at < name.length) {
        size_t size;
        uint32_t code = text_read_code_point(name, at, &size);
        struct text rest = {name.bytes + at + size, name.length - at - size};
        size_t digits = 0;
        while (digits < rest.length && rest.bytes[digits] >= '0' && rest.bytes[digits] <= '9') {
            digits++;
        }
        struct text behind = {rest.bytes + digits, rest.length - digits};
        if (code == 0xFF08 && digits > 0 && text_starts_with(behind, TEXT("）"))) {
            buffer_append_string(out, "(");
            is_open = true;
        } else if (code == 0xFF09 && is_open) {
            buffer_append_string(out, ")");
            is_open = false;
        } else if (code == 0xFF03) {
            buffer_append_string(out, "#");
        } else {
            buffer_append(out, name.bytes + at, size);
        }
        at += size;
    }
}

/* The clause that a relative one continues is put before it. False after a message. */
static bool write_base(struct compiler *compiler, const struct token *token, struct buffer *out) {
    char first = token->text.length > 0 ? token->text.bytes[0] : '\0';
    bool is_wide = text_starts_with(token->text, TEXT("（")) || text_starts_with(token->text, TEXT("＃"));
    if (first != '(' && first != '#' && !is_wide) {
        return true;
    }
    struct text shown = clip(token->text);
    if (compiler->relative_count == 0) {
        return report(compiler, token->place,
                      "@%.*s continues the clause before a brace, and there is none: write the whole clause, such as "
                      "@12.4%.*s",
                      "@%.*s 要接在大括号前的条款后面，而那里没有条款：写出完整条款，如 @12.4%.*s", TEXT_PRINT(shown),
                      TEXT_PRINT(shown));
    }
    if (compiler->relative_count > 1) {
        return report(compiler, token->place,
                      "@%.*s continues the clause before the brace, and there are several: write the whole clause",
                      "@%.*s 要接在大括号前的条款后面，而那里有几个：写出完整条款", TEXT_PRINT(shown));
    }
    if (memchr(compiler->relative_to.bytes, '#', compiler->relative_to.length) != NULL) {
        return report(compiler, token->place, "@%.*s cannot continue a sentence (%.*s): write the whole clause",
                      "@%.*s 不能接在某一句（%.*s）后面：写出完整条款", TEXT_PRINT(shown),
                      TEXT_PRINT(clip(compiler->relative_to)));
    }
    buffer_append_text(out, compiler->relative_to);
    return true;
}

/* Reads decimal digits, at most four. False when there are none, or more. */
static bool read_sentence_number(struct text digits, uint32_t *number) {
    *number = 0;
    for (size_t i = 0; i < digits.length; i++) {
        if (digits.bytes[i] < '0' || digits.bytes[i] > '9' || digits.length > 4) {
            return false;
        }
        *number = *number * 10 + (uint32_t)(digits.bytes[i] - '0');
    }
    return digits.length > 0;
}

static void add_clause(struct compiler *compiler, words *clauses, struct text name, struct plan_place place) {
    struct text kept = compiler_keep_text(compiler, name);
    VECTOR_PUSH(compiler, clauses, (struct word){kept, place, KEYWORD_NONE});
}

/* Adds #2, #3, #4 for #2..4. */
static void add_sentences(struct compiler *compiler, words *clauses, struct text name, size_t mark,
                          struct plan_place place) {
    struct text numbers = {name.bytes + mark + 1, name.length - mark - 1};
    const char *dots = numbers.length >= 2 ? memchr(numbers.bytes, '.', numbers.length) : NULL;
    size_t length = dots == NULL ? numbers.length : (size_t)(dots - numbers.bytes);
    uint32_t first;
    uint32_t last;
    bool is_sound = read_sentence_number((struct text){numbers.bytes, length}, &first) && first > 0;
    last = first;
    if (is_sound && dots != NULL) {
        struct text behind = {dots + 1, numbers.length - length - 1};
        is_sound = behind.length > 1 && behind.bytes[0] == '.' &&
                   read_sentence_number((struct text){behind.bytes + 1, behind.length - 1}, &last) && last >= first;
    }
    if (!is_sound || last - first >= CLAUSE_SENTENCES_MAX) {
        report(compiler, place, "a sentence of a clause is # and its number from 1 on, or #2..4 for several of them",
               "条款的某一句写 # 加从 1 起的序号，几句写 #2..4");
        add_clause(compiler, clauses, name, place);
        return;
    }
    for (uint32_t number = first; number <= last; number++) {
        struct buffer one = {0};
        buffer_append(&one, name.bytes, mark);
        buffer_print(&one, "#%u", (unsigned)number);
        add_clause(compiler, clauses, buffer_text(&one), place);
        buffer_release(&one);
    }
}

static void take_clause(struct compiler *compiler, words *clauses) {
    const struct token *token = peek_token(compiler);
    struct buffer name = {0};
    skip_token(compiler);
    if (token->text.length > 0 && write_base(compiler, token, &name)) {
        write_clause(token->text, &name);
        struct text text = buffer_text(&name);
        const char *mark = text.length > 0 ? memchr(text.bytes, '#', text.length) : NULL;
        if (mark == NULL) {
            add_clause(compiler, clauses, text, token->place);
        } else {
            add_sentences(compiler, clauses, text, (size_t)(mark - text.bytes), token->place);
        }
    } else {
        /* Faulty, and said so: what follows must not complain that a clause is missing as well. */
        add_clause(compiler, clauses, TEXT("?"), token->place);
    }
    compiler->exhausted = compiler->exhausted || name.failed;
    buffer_release(&name);
}

void take_clauses(struct compiler *compiler, words *clauses) {
    while (peek_token(compiler)->kind == TOKEN_CLAUSE) {
        take_clause(compiler, clauses);
        if (at_mark(compiler, MARK_COMMA) && compiler->at + 1 < compiler->tokens.count &&
            compiler->tokens.items[compiler->at + 1].kind == TOKEN_CLAUSE) {
            skip_token(compiler);
        }
    }
}

/* ---- accepted findings ------------------------------------------------------------------------------------ */

/* The kind of a finding: any word, a keyword too. */
static bool read_kind(struct compiler *compiler, struct text *kind) {
    const struct token *token = peek_token(compiler);
    if (token->kind != TOKEN_NAME && token->kind != TOKEN_QUOTED) {
        return report_expected(compiler,
                               SAY("a word for the kind of finding, such as reading, clash, gap or silent",
                                   "问题种类的词，如 reading、clash、gap 或 silent"),
                               NULL);
    }
    *kind = token->text;
    skip_token(compiler);
    return true;
}

static bool read_note(struct compiler *compiler, struct note_draft *note) {
    note->place = peek_token(compiler)->place;
    if (!read_keyword(compiler, KEYWORD_ACCEPT) || !read_kind(compiler, &note->kind)) {
        return false;
    }
    if (take_keyword(compiler, KEYWORD_WITH)) {
        take_clauses(compiler, &note->with);
        if (note->with.count == 0) {
            return report_expected(
                compiler, SAY("the clauses that it collides with, such as @13.1(4)", "与之冲突的条款，如 @13.1(4)"),
                NULL);
        }
    }
    return read_text(compiler, &note->reason,
                     SAY("a text that says why it is accepted", "带引号的文字，写明为什么接受"));
}

static const enum keyword no_keywords[] = {KEYWORD_NONE};

/* ---- tails ------------------------------------------------------------------------------------------------ */

static bool take_tail_text(struct compiler *compiler, struct tail *tail) {
    struct plan_place place = peek_token(compiler)->place;
    if (tail->has_text) {
        skip_token(compiler);
        return report(compiler, place, "a second text stands here: texts that belong together follow one another",
                      "这里又有一段文字：同属一处的文字要连着写");
    }
    tail->has_text = true;
    return read_text(compiler, &tail->text, SAY("a text", "文字"));
}

bool take_tail_piece(struct compiler *compiler, struct tail *tail, unsigned options, bool *failed) {
    const struct token *token = peek_token(compiler);
    if (token->kind == TOKEN_CLAUSE) {
        take_clauses(compiler, &tail->clauses);
    } else if (token->kind == TOKEN_BARE_CLAUSE) {
        report(compiler, token->place, "a clause is written with @: @%.*s", "条款前要写 @：@%.*s",
               TEXT_PRINT(clip(token->text)));
        skip_token(compiler);
        add_clause(compiler, &tail->clauses, token->text, token->place);
    } else if (token->kind == TOKEN_TEXT && (options & TAIL_TEXT) != 0) {
        *failed = !take_tail_text(compiler, tail) || *failed;
    } else if (at_keyword(compiler, KEYWORD_ACCEPT) && (options & TAIL_NOTES) != 0) {
        struct note_draft note = {.place = {0, 0}};
        if (read_note(compiler, &note)) {
            VECTOR_PUSH(compiler, &tail->notes, note);
        } else {
            *failed = true;
        }
    } else {
        return false;
    }
    tail->end = last_end(compiler);
    return true;
}

/* True when the last word taken was faulty, and may have swallowed what seems to be missing. */
static bool is_after_faulty(const struct compiler *compiler) {
    return compiler->at > 0 && compiler->tokens.items[compiler->at - 1].faulty;
}

void check_clauses(struct compiler *compiler, const struct tail *tail, struct say what, const enum keyword *wanted) {
    char expected[128];
    if (tail->clauses.count > 0 || is_after_faulty(compiler)) {
        return;
    }
    const struct token *token = peek_token(compiler);
    if (token->kind == TOKEN_NUMBER && !token->starts_line && token->unit.length == 0) {
        report(compiler, token->place, "%s must end in the clause that it rests on: did you mean @%.*s?",
               "%s末尾要写所依据的条款：是不是 @%.*s？", said(compiler, what), TEXT_PRINT(clip(token->text)));
        skip_token(compiler);
        return;
    }
    if (token->kind == TOKEN_NAME && token->keyword == KEYWORD_NONE && !token->starts_line) {
        (void)snprintf(expected, sizeof expected, "%s%s%s", said(compiler, SAY("the clause that ", "")),
                       said(compiler, what),
                       said(compiler, SAY(" rests on, such as @12.4(3)", "所依据的条款，如 @12.4(3)")));
        report_expected(compiler, (struct say){expected, expected}, wanted);
        return;
    }
    report(compiler, missing_place(compiler), "%s must end in the clause that it rests on, such as @12.4(3)",
           "%s末尾要写所依据的条款，如 @12.4(3)", said(compiler, what));
}

bool read_tail(struct compiler *compiler, struct tail *tail, unsigned options, struct say what) {
    bool failed = false;
    tail->end = last_end(compiler);
    while (!failed && take_tail_piece(compiler, tail, options, &failed)) {
    }
    if (!failed && (options & TAIL_NEEDS_CLAUSE) != 0) {
        check_clauses(compiler, tail, what, no_keywords);
    }
    return !failed;
}
