/* Subjects: facts, their attributes against their types, derived facts, named conditions. */
#include "plan/resolve.h"

/* ---- names ------------------------------------------------------------------------------------------------ */

static void declare_facts(struct compiler *compiler, struct subject_draft *subject) {
    for (uint32_t i = 0; i < subject->facts.count; i++) {
        struct fact_draft *draft = subject->facts.items[i];
        if (i == PLAN_FACTS_MAX) {
            report(compiler, draft->fact.place,
                   "%.*s has more than %u facts; an incident type may have so many, derived "
                   "ones included",
                   "“%.*s”的事实超过 %u 个；一个事件最多这么多，推算的也算在内", TEXT_PRINT(clip(subject->name.text)),
                   (unsigned)PLAN_FACTS_MAX);
        }
        draft->index = (uint16_t)compiler->facts.count;
        draft->fact.subject = subject->index;
        draft->fact.slot = (uint8_t)(i < PLAN_FACTS_MAX ? i : 0);
        names_add(compiler, &compiler->value_names, draft->fact.name, NAME_FACT, draft->index, draft->fact.place);
        VECTOR_PUSH(compiler, &compiler->facts, draft);
    }
}

static void declare_conditions(struct compiler *compiler, struct subject_draft *subject) {
    for (uint32_t i = 0; i < subject->conditions.count; i++) {
        struct named_condition *named = subject->conditions.items[i];
        named->subject = subject->index;
        names_add(compiler, &compiler->value_names, named->name.text, NAME_CONDITION, compiler->conditions.count,
                  named->name.place);
        VECTOR_PUSH(compiler, &compiler->conditions, named);
    }
}

void declare_subjects(struct compiler *compiler) {
    for (uint32_t i = 0; i < compiler->subjects.count && !compiler_is_exhausted(compiler); i++) {
        struct subject_draft *subject = compiler->subjects.items[i];
        subject->index = (uint16_t)i;
        names_add(compiler, &compiler->subject_names, subject->name.text, NAME_SUBJECT, i, subject->name.place);
        declare_facts(compiler, subject);
        declare_conditions(compiler, subject);
    }
}

/* ---- facts ------------------------------------------------------------------------------------------------ */

static int find_value(const words *values, uint32_t count, struct text name) {
    for (uint32_t i = 0; i < count; i++) {
        if (text_equal(values->items[i].text, name)) {
            return (int)i;
        }
    }
    return -1;
}

/* Values of one of …, series of …: at most 32, each once, none the word for "not known". */
static void keep_choices(struct compiler *compiler, struct fact_draft *draft) {
    struct plan_fact *fact = &draft->fact;
    const words *values = &draft->choices;
    if (values->count == 0) {
        return;
    }
    if (values->count > PLAN_CHOICES_MAX) {
        report(compiler, values->items[PLAN_CHOICES_MAX].place, "%.*s has more than %u values", "“%.*s”的值超过 %u 个",
               TEXT_PRINT(clip(fact->name)), (unsigned)PLAN_CHOICES_MAX);
        return;
    }
    fact->choices = arena_allocate_array(compiler->kept, values->count, sizeof(struct text));
    for (uint32_t i = 0; i < values->count && fact->choices != NULL; i++) {
        struct word value = values->items[i];
        if (find_value(values, i, value.text) >= 0) {
            report(compiler, value.place, "the value %.*s stands here twice", "值“%.*s”在这里出现了两次",
                   TEXT_PRINT(clip(value.text)));
        }
        if (fact->unknown_name.length > 0 && text_equal(fact->unknown_name, value.text)) {
            report(compiler, value.place, "%.*s is the word for not known (unknown as): it cannot be a value as well",
                   "“%.*s”已用作不明（不明作）：不能又是一个值", TEXT_PRINT(clip(value.text)));
        }
        fact->choices[i] = value.text;
        fact->choice_count++;
    }
    if (fact->type == PLAN_CHOICE) {
        fact->low = (int64_t)((UINT64_C(1) << values->count) - 1);
        fact->high = 0;
    } else {
        fact->low = 0;
        fact->high = (int64_t)values->count - 1;
    }
}

static void check_worse(struct compiler *compiler, const struct fact_draft *draft) {
    const struct plan_fact *fact = &draft->fact;
    if (fact->worse == 0 && (fact->predictable || fact->never_falls)) {
        report(
            compiler, draft->worse_place,
            "%s needs to know which direction is worse: add more is worse, less is worse, yes is worse or no is worse",
            "%s要知道哪个方向更严重：加上 越多越重、越少越重、是为重 或 否为重",
            said(compiler,
                 fact->never_falls ? SAY("never falls", "只增不减") : SAY("observed or predicted", "含预判")));
    }
    if (fact->type == PLAN_SERIES && (fact->predictable || fact->never_falls)) {
        report(compiler, draft->worse_place,
               "a series has a value for each day, observed and forecast apart: "
               "%s is not for series",
               "逐日的事实每天一个值，实况与预报分开：%s不能用于逐日",
               said(compiler,
                    fact->never_falls ? SAY("never falls", "只增不减") : SAY("observed or predicted", "含预判")));
    }
}

static bool report_presumed(struct compiler *compiler, const struct fact_draft *draft, struct say wanted) {
    return report(compiler, draft->presumed.place, "%.*s cannot be presumed to be this: expected %s",
                  "“%.*s”的默认值不能是这个：应为%s", TEXT_PRINT(clip(draft->fact.name)), said(compiler, wanted));
}

static void resolve_presumed(struct compiler *compiler, struct fact_draft *draft) {
    struct plan_fact *fact = &draft->fact;
    const struct value *value = &draft->presumed;
    if (!fact->presumed) {
        return;
    }
    if (fact->type == PLAN_FLAG) {
        if (value->kind != VALUE_YES && value->kind != VALUE_NO) {
            report_presumed(compiler, draft, SAY("yes or no", "是或否"));
        }
        fact->presumed_value = value->kind == VALUE_YES;
    } else if (fact->type == PLAN_QUANTITY) {
        if (value->kind != VALUE_NUMBER || value->dimension != fact->dimension) {
            report_presumed(compiler, draft,
                            fact->dimension == QUANTITY_COUNT
                                ? SAY("a number", "数字")
                                : SAY("a number with a unit of its kind", "带同类单位的数字"));
        } else if (value->number < fact->low || value->number > fact->high) {
            report_presumed(compiler, draft, SAY("a value within its range", "范围内的值"));
        }
        fact->presumed_value = value->number;
    } else if (fact->type == PLAN_CHOICE) {
        int index =
            value->kind == VALUE_NAME ? find_value(&draft->choices, draft->choices.count, value->name.text) : -1;
        if (index < 0) {
            report_presumed(compiler, draft, SAY("one of its values", "它的某个值"));
        }
        fact->presumed_value = index;
    } else {
        report(
            compiler, value->place, "%s cannot be presumed", "%s不能有默认值",
            said(compiler, fact->type == PLAN_TIME ? SAY("a time", "时刻") : SAY("a value for each day", "逐日的值")));
    }
}

uint16_t resolve_fact_name(struct compiler *compiler, struct word name, struct say what) {
    const struct name_entry *entry = names_find(&compiler->value_names, name.text);
    if (entry == NULL) {
        report_unknown(compiler, name, SAY("fact", "事实"), &compiler->value_names);
        return PLAN_NONE;
    }
    if (entry->kind != NAME_FACT) {
        report(compiler, name.place, "%.*s is %s, where %s is needed", "“%.*s”是%s，这里要的是%s",
               TEXT_PRINT(clip(name.text)), said(compiler, name_kind_words(entry->kind)), said(compiler, what));
        return PLAN_NONE;
    }
    return (uint16_t)entry->index;
}

/* A fact named in a derived one: of the same subject and the right type. */
static uint16_t resolve_base_fact(struct compiler *compiler, const struct fact_draft *derived, struct word name,
                                  enum plan_fact_type type, struct say what) {
    uint16_t fact = resolve_fact_name(compiler, name, what);
    if (fact == PLAN_NONE) {
        return PLAN_NONE;
    }
    const struct fact_draft *base = compiler->facts.items[fact];
    if (base->fact.subject != derived->fact.subject) {
        report(compiler, name.place, "%.*s belongs to another incident type", "“%.*s”属于另一个事件",
               TEXT_PRINT(clip(name.text)));
    } else if (!base->broken && base->fact.type != type) {
        report(compiler, name.place, "%.*s is not %s", "“%.*s”不是%s", TEXT_PRINT(clip(name.text)),
               said(compiler, what));
    }
    return fact;
}

static void resolve_fact(struct compiler *compiler, struct fact_draft *draft) {
    struct plan_fact *fact = &draft->fact;
    if (draft->from.text.length > 0) {
        fact->from = resolve_base_fact(compiler, draft, draft->from, PLAN_TIME, SAY("a time fact", "时刻型事实"));
    }
    if (draft->until.text.length > 0) {
        fact->until = resolve_base_fact(compiler, draft, draft->until, PLAN_FLAG, SAY("a flag", "“是否”型事实"));
    }
    keep_choices(compiler, draft);
    check_worse(compiler, draft);
    resolve_presumed(compiler, draft);
    if (draft->tail != NULL) {
        fact->question = draft->tail->text;
        fact->cites = add_cites(compiler, &draft->tail->clauses);
        fact->notes = add_notes(compiler, draft->tail);
    }
}

/* ---- subjects --------------------------------------------------------------------------------------------- */

static void resolve_one_subject(struct compiler *compiler, struct subject_draft *draft) {
    struct plan_subject subject = {.name = draft->name.text, .standing = draft->standing, .place = draft->name.place};
    for (uint32_t i = 0; i < draft->facts.count && i < PLAN_FACTS_MAX; i++) {
        subject.facts[i] = draft->facts.items[i]->index;
        subject.fact_count++;
    }
    subject.cites = add_cites(compiler, &draft->tail.clauses);
    VECTOR_PUSH(compiler, &compiler->built_subjects, subject);
}

void resolve_subjects(struct compiler *compiler) {
    for (uint32_t i = 0; i < compiler->subjects.count; i++) {
        resolve_one_subject(compiler, compiler->subjects.items[i]);
    }
    for (uint32_t i = 0; i < compiler->facts.count && !compiler_is_exhausted(compiler); i++) {
        struct fact_draft *draft = compiler->facts.items[i];
        if (!draft->broken) {
            resolve_fact(compiler, draft);
        }
        VECTOR_PUSH(compiler, &compiler->built_facts, draft->fact);
    }
    resolve_phrases(compiler);
    for (uint32_t i = 0; i < compiler->conditions.count && !compiler_is_exhausted(compiler); i++) {
        struct named_condition *named = compiler->conditions.items[i];
        check_named_condition(compiler, named, 0);
        struct plan_condition built = {.name = named->name.text,
                                       .subject = named->subject,
                                       .root = named->root,
                                       .place = named->name.place,
                                       .cites = add_cites(compiler, &named->tail.clauses)};
        VECTOR_PUSH(compiler, &compiler->built_conditions, built);
    }
}
