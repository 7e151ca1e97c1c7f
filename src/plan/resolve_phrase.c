/* The words by which facts are recognised in speech: what is written with brackets becomes plain variants, and no two facts
 * of one subject are recognised by the same words. */
#include "plan/resolve.h"

#include <string.h>

#define VARIANTS_MAX 256U    /* of one text */
#define PHRASE_BYTES_MAX 96U /* of one variant */
#define BUCKETS 4096U        /* a plan has some thousand variants */

/* One text that is being spelt out. */
struct spelling_out {
    struct compiler *compiler;
    struct fact_draft *draft;
    struct plan_place place;
    int64_t value;
    uint32_t made;
    bool sound;
};

static bool fail(struct spelling_out *work, struct say what) {
    if (work->sound) {
        report(work->compiler, work->place, "%s", "%s", said(work->compiler, what));
    }
    work->sound = false;
    return false;
}

/* ---- one variant ------------------------------------------------------------------------------------------ */

static bool is_letter(unsigned char byte) {
    return byte >= 128 || (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

/* Blanks become one, and none at the ends. */
static struct text tidy(struct text raw, char out[PHRASE_BYTES_MAX]) {
    size_t length = 0;
    for (size_t i = 0; i < raw.length; i++) {
        bool is_blank = raw.bytes[i] == ' ';
        if (!is_blank || (length > 0 && out[length - 1] != ' ')) {
            out[length++] = raw.bytes[i];
        }
    }
    return text_trim((struct text){out, length});
}

static bool check_variant(struct spelling_out *work, struct text variant) {
    const struct plan_fact *fact = &work->draft->fact;
    unsigned figures = 0;
    unsigned letters = 0;
    for (size_t i = 0; i < variant.length; i++) {
        figures += variant.bytes[i] == '#' ? 1 : 0;
        letters += is_letter((unsigned char)variant.bytes[i]) ? 1 : 0;
    }
    bool wants_figure = work->value == PLAN_FIGURE && (fact->type == PLAN_QUANTITY || fact->type == PLAN_TIME);
    if (letters == 0) {
        return fail(work, SAY("a figure alone would be heard everywhere: words must stand before or behind the #",
                              "光有数字处处都会听到：# 前后要有词"));
    }
    if (figures > 1) {
        return fail(work, SAY("the figure (#) stands here more than once", "这里不止一个数字（#）"));
    }
    if (wants_figure && figures == 0) {
        return fail(work, SAY("where does the figure stand? Write # in its place", "数字在哪里？在它的位置写 #"));
    }
    return wants_figure || figures == 0 || work->value == PLAN_OVER ||
           fail(work, SAY("there is no figure in what is yes, no, a name or a value: # stands for none here",
                          "是、否和取值自己说明了值：这里不能写 #"));
}

static bool add_variant(struct spelling_out *work, struct text raw) {
    char room[PHRASE_BYTES_MAX];
    struct text variant = tidy(raw, room);
    if (!check_variant(work, variant)) {
        return false;
    }
    if (++work->made > VARIANTS_MAX) {
        return fail(
            work, SAY("the brackets make too many variants: write several texts", "括号展开的说法太多：分成几条来写"));
    }
    struct plan_phrase phrase = {compiler_keep_text(work->compiler, variant), work->value, work->place};
    VECTOR_PUSH(work->compiler, &work->compiler->built_phrases, phrase);
    return true;
}

/* ---- brackets --------------------------------------------------------------------------------------------- */

static size_t find_sign(struct text rest, const char *signs) {
    size_t at = 0;
    while (at < rest.length && strchr(signs, rest.bytes[at]) == NULL) {
        at++;
    }
    return at;
}

static bool spell_out(struct spelling_out *work, char *made, size_t length, struct text rest);

/* Goes on with each of the alternatives that stand between the brackets, and behind them. */
static bool spell_alternatives(struct spelling_out *work, char *made, size_t length, struct text inside,
                               struct text behind) {
    while (true) {
        size_t end = find_sign(inside, "/");
        if (end == 0) {
            return fail(work, SAY("an alternative between brackets is empty", "括号里有一项是空的"));
        }
        if (length + end >= PHRASE_BYTES_MAX) {
            return fail(work, SAY("these words are too long", "这个说法太长"));
        }
        memcpy(made + length, inside.bytes, end);
        if (!spell_out(work, made, length + end, behind)) {
            return false;
        }
        if (end == inside.length) {
            return true;
        }
        inside = (struct text){inside.bytes + end + 1, inside.length - end - 1};
    }
}

/* Appends the words up to the next bracket, then goes on with each way to read it. */
static bool spell_out(struct spelling_out *work, char *made, size_t length, struct text rest) {
    size_t plain = find_sign(rest, "[]()/");
    if (length + plain >= PHRASE_BYTES_MAX) {
        return fail(work, SAY("these words are too long", "这个说法太长"));
    }
    memcpy(made + length, rest.bytes, plain);
    length += plain;
    if (plain == rest.length) {
        return add_variant(work, (struct text){made, length});
    }
    bool is_optional = rest.bytes[plain] == '[';
    struct text inside = {rest.bytes + plain + 1, rest.length - plain - 1};
    size_t end = find_sign(inside, "[]()");
    if (!is_optional && rest.bytes[plain] != '(') {
        return fail(work, SAY("this sign stands outside of brackets: [a/b] may be left out, (a/b) is one of them",
                              "括号外不能有这个符号：[甲/乙] 可有可无，(甲/乙) 取其一"));
    }
    if (end == inside.length || inside.bytes[end] != (is_optional ? ']' : ')')) {
        return fail(work, SAY("the bracket is not closed; brackets do not stand within one another",
                              "括号没有结束；括号里不能再有括号"));
    }
    struct text behind = {inside.bytes + end + 1, inside.length - end - 1};
    inside.length = end;
    return (!is_optional || spell_out(work, made, length, behind)) &&
           spell_alternatives(work, made, length, inside, behind);
}

/* ---- the facts -------------------------------------------------------------------------------------------- */

static bool find_flag(struct spelling_out *work, const struct value *value) {
    work->value = value->kind == VALUE_YES ? 1 : 0;
    return value->kind == VALUE_YES || value->kind == VALUE_NO ||
           fail(work, SAY("a flag is heard as yes or no", "“是否”型事实听作是或否"));
}

/* That what was said is over: two were trapped, they have been rescued. */
static bool is_over(const struct plan_fact *fact, const struct value *value) {
    return fact->type == PLAN_QUANTITY && value->kind == VALUE_NAME &&
           (text_equals_string(value->name.text, "over") || text_equals_string(value->name.text, "解除"));
}

/* Words that give a number without a figure: none of them was hurt. */
static bool find_number(struct spelling_out *work, const struct value *value) {
    const struct plan_fact *fact = &work->draft->fact;
    if (is_over(fact, value)) {
        work->value = PLAN_OVER;
        return true;
    }
    if (fact->type != PLAN_QUANTITY || value->kind != VALUE_NUMBER || value->dimension != fact->dimension) {
        return fail(work, SAY("what is heard of a figure stands in the words, as #; a value before them is one of the "
                              "fact's own kind, for words without a figure",
                              "数字在说法里写作 #；前面写的取值要与该事实同类，用于没有数字的说法"));
    }
    work->value = value->number;
    return (value->number >= fact->low && value->number <= fact->high) ||
           fail(work, SAY("the value lies outside the fact's range", "取值超出该事实的范围"));
}

/* Adds one of the names that the words stand for. */
static bool add_choice(struct spelling_out *work, const struct value *value) {
    const struct plan_fact *fact = &work->draft->fact;
    for (uint16_t i = 0; i < fact->choice_count; i++) {
        if (value->kind == VALUE_NAME && text_equal(fact->choices[i], value->name.text)) {
            work->value |= INT64_C(1) << i;
            return true;
        }
    }
    return fail(work, SAY("the fact has no such value", "该事实没有这个取值"));
}

static bool find_value(struct spelling_out *work, const struct heard_draft *heard) {
    const struct plan_fact *fact = &work->draft->fact;
    work->value = fact->type == PLAN_FLAG ? 1 : PLAN_FIGURE;
    if (fact->type == PLAN_SERIES) {
        return fail(work, SAY("a series has a value for each day and is not recognised in speech",
                              "逐日的事实每天一个值，不从话里听取"));
    }
    if (heard->values.count == 0) {
        return fact->type != PLAN_CHOICE || fail(work, SAY("which of its values do these words stand for? Write it "
                                                           "before them",
                                                           "这些说法指哪个取值？写在它们前面"));
    }
    if (heard->values.count > 1 && fact->type != PLAN_CHOICE) {
        return fail(work, SAY("only one of several names can be left open: here stands one value",
                              "只有取值型事实的说法可以指几个取值之一：这里写一个值"));
    }
    if (fact->type != PLAN_CHOICE) {
        return fact->type == PLAN_FLAG ? find_flag(work, &heard->values.items[0])
                                       : find_number(work, &heard->values.items[0]);
    }
    work->value = 0;
    bool is_good = true;
    for (uint32_t i = 0; is_good && i < heard->values.count; i++) {
        is_good = add_choice(work, &heard->values.items[i]);
    }
    return is_good;
}

/* Words without a figure may say the same of several quantities: nobody was hurt, nobody died. */
static bool may_share(const struct plan_fact *mine, const struct plan_phrase *phrase, const struct plan_fact *other,
                      const struct plan_phrase *same) {
    return mine != other && mine->type == PLAN_QUANTITY && other->type == PLAN_QUANTITY &&
           phrase->value != PLAN_FIGURE && same->value != PLAN_FIGURE;
}

/* A variant of a fact, in the list of those whose words have the same hash in their last bits. */
struct phrase_entry {
    uint16_t fact, index;
    uint32_t next; /* number of an earlier one, 0 none */
};

/* The variants of all facts so far, found by their words. */
struct phrase_table {
    uint32_t latest[BUCKETS]; /* number of the entry, 0 none */
    VECTOR(struct phrase_entry) entries;
};

static const struct plan_phrase *phrase_of(const struct compiler *compiler, const struct phrase_entry *entry) {
    return &compiler->built_facts.items[entry->fact].phrases[entry->index];
}

/* Whether both facts may be meant where their words are heard. */
static bool is_confused(const struct plan_fact *mine, const struct plan_fact *other) {
    bool is_other_kind =
        mine->type == PLAN_QUANTITY && other->type == PLAN_QUANTITY && mine->dimension != other->dimension;
    return other->subject == mine->subject && (mine->type == PLAN_TIME) == (other->type == PLAN_TIME) && !is_other_kind;
}

/* The earliest variant in a list that cannot be told from this one; NULL where there is none. */
static const struct phrase_entry *find_same(const struct compiler *compiler, const struct phrase_table *table,
                                            uint32_t number, uint16_t fact, const struct plan_phrase *phrase) {
    const struct plan_fact *mine = &compiler->built_facts.items[fact];
    const struct phrase_entry *found = NULL;
    for (; number != 0; number = table->entries.items[number - 1].next) {
        const struct phrase_entry *entry = &table->entries.items[number - 1];
        const struct plan_fact *other = &compiler->built_facts.items[entry->fact];
        const struct plan_phrase *same = phrase_of(compiler, entry);
        if (text_equal(phrase->words, same->words) && is_confused(mine, other) &&
            !may_share(mine, phrase, other, same)) {
            found = entry;
        }
    }
    return found;
}

/* The same words for two facts of one subject would be heard as either. */
static void check_same(struct compiler *compiler, struct phrase_table *table, uint16_t fact) {
    const struct plan_fact *mine = &compiler->built_facts.items[fact];
    bool is_sound = true;
    for (uint16_t i = 0; i < mine->phrase_count; i++) {
        const struct plan_phrase *phrase = &mine->phrases[i];
        uint32_t *latest = &table->latest[text_hash(phrase->words) % BUCKETS];
        const struct phrase_entry *found =
            is_sound ? find_same(compiler, table, *latest, fact, phrase) : NULL; /* one message a fact is enough */
        if (found != NULL) {
            is_sound = false;
            report(compiler, phrase->place, "“%.*s” is heard as %.*s already, in line %u",
                   "“%.*s”已经听作“%.*s”（第 %u 行）", TEXT_PRINT(clip(phrase->words)),
                   TEXT_PRINT(clip(compiler->built_facts.items[found->fact].name)),
                   (unsigned)phrase_of(compiler, found)->place.line);
        }
        struct phrase_entry entry = {fact, i, *latest};
        VECTOR_PUSH(compiler, &table->entries, entry);
        *latest = table->entries.count;
    }
}

static void resolve_heard(struct compiler *compiler, struct fact_draft *draft) {
    compiler->built_phrases.count = 0;
    for (uint32_t i = 0; i < draft->heard.count; i++) {
        const struct heard_draft *heard = &draft->heard.items[i];
        struct spelling_out work = {.compiler = compiler, .draft = draft, .place = heard->place, .sound = true};
        char made[PHRASE_BYTES_MAX];
        if (find_value(&work, heard)) {
            (void)spell_out(&work, made, 0, heard->words);
        }
    }
}

static void keep_phrases(struct compiler *compiler, struct plan_fact *fact) {
    uint32_t count = compiler->built_phrases.count;
    if (count == 0) {
        return;
    }
    if (count > UINT16_MAX) {
        report(compiler, fact->place, "%.*s is heard as more variants than there may be", "“%.*s”的说法太多",
               TEXT_PRINT(clip(fact->name)));
        return;
    }
    fact->phrases = arena_allocate_array(compiler->kept, count, sizeof *fact->phrases);
    if (fact->phrases != NULL) {
        memcpy(fact->phrases, compiler->built_phrases.items, count * sizeof *fact->phrases);
        fact->phrase_count = (uint16_t)count;
    }
}

void resolve_phrases(struct compiler *compiler) {
    struct phrase_table *table = compiler_allocate(compiler, sizeof *table);
    for (uint32_t i = 0; i < compiler->built_facts.count && !compiler_is_exhausted(compiler); i++) {
        struct fact_draft *draft = compiler->facts.items[i];
        if (!draft->broken && draft->heard.count > 0) {
            resolve_heard(compiler, draft);
            keep_phrases(compiler, &compiler->built_facts.items[i]);
            check_same(compiler, table, (uint16_t)i);
        }
    }
}
