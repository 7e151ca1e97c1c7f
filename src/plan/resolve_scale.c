/* Scales: levels, orderers, conditions, rules. */
#include "plan/resolve.h"

#include <string.h>

/* ---- names ------------------------------------------------------------------------------------------------ */

/* Enters a scale among its subject's. */
static void enter_scale(struct compiler *compiler, const struct scale_draft *draft, struct plan_scale *scale) {
    uint32_t position = 0;
    for (uint32_t i = 0; i < compiler->built_scales.count; i++) {
        position += compiler->built_scales.items[i].subject == scale->subject ? 1 : 0;
    }
    if (scale->subject != PLAN_NONE && position >= PLAN_SCALES_MAX) {
        report(compiler, draft->name.place, "%.*s has more than %u scales", "“%.*s”的等级超过 %u 个",
               TEXT_PRINT(clip(draft->subject.text)), (unsigned)PLAN_SCALES_MAX);
        position = 0;
    }
    scale->position = (uint8_t)(scale->subject == PLAN_NONE ? 0 : position);
}

static void keep_levels(struct compiler *compiler, const struct scale_draft *draft, struct plan_scale *scale) {
    for (uint32_t i = 0; i < draft->levels.count; i++) {
        struct word level = draft->levels.items[i];
        if (i == PLAN_LEVELS_MAX) {
            report(compiler, level.place, "%.*s has more than %u levels", "“%.*s”的级别超过 %u 个",
                   TEXT_PRINT(clip(draft->name.text)), (unsigned)PLAN_LEVELS_MAX);
            return;
        }
        for (uint32_t earlier = 0; earlier < i; earlier++) {
            if (text_equal(draft->levels.items[earlier].text, level.text)) {
                report(compiler, level.place, "the level %.*s stands here twice", "级别“%.*s”在这里出现了两次",
                       TEXT_PRINT(clip(level.text)));
            }
        }
        scale->levels[i + 1] = level.text;
        scale->level_count = (uint8_t)(i + 1);
    }
}

void declare_scales(struct compiler *compiler) {
    for (uint32_t i = 0; i < compiler->scales.count && !compiler_is_exhausted(compiler); i++) {
        struct scale_draft *draft = compiler->scales.items[i];
        struct plan_scale scale = {.name = draft->name.text, .place = draft->name.place};
        draft->index = (uint16_t)i;
        names_add(compiler, &compiler->value_names, draft->name.text, NAME_SCALE, i, draft->name.place);
        scale.subject = resolve_subject(compiler, draft->subject);
        enter_scale(compiler, draft, &scale);
        keep_levels(compiler, draft, &scale);
        VECTOR_PUSH(compiler, &compiler->built_scales, scale);
    }
}

/* ---- levels ----------------------------------------------------------------------------------------------- */

/* The number of a level, 0 for none where the word is that keyword, -1 after a message. A faulty scale may have lost its
 * levels: then there is none. */
static int find_level(struct compiler *compiler, const struct scale_draft *draft, const struct plan_scale *scale,
                      struct word name) {
    if (name.keyword == KEYWORD_NONE_LEVEL) {
        return 0;
    }
    uint8_t level = plan_find_level(scale, name.text);
    if (level > 0 || draft->broken) {
        return level > 0 ? level : -1;
    }
    struct suggestion suggestion = suggestion_begin(name.text);
    for (uint32_t i = 1; i <= scale->level_count; i++) {
        suggestion_consider(&suggestion, scale->levels[i]);
    }
    char room[ASKING_ROOM];
    report(compiler, name.place, "%.*s has no level %.*s%s", "“%.*s”没有级别“%.*s”%s", TEXT_PRINT(clip(scale->name)),
           TEXT_PRINT(clip(name.text)), ask_whether(compiler, &suggestion, room));
    return -1;
}

/* A set of levels, bit 0 for the end. */
static uint32_t find_level_set(struct compiler *compiler, const struct scale_draft *draft,
                               const struct plan_scale *scale, const words *names) {
    uint32_t set = 0;
    for (uint32_t i = 0; i < names->count; i++) {
        int level = find_level(compiler, draft, scale, names->items[i]);
        if (level < 0) {
            continue;
        }
        if ((set & (1U << (unsigned)level)) != 0) {
            report(compiler, names->items[i].place, "%.*s stands twice in this list", "“%.*s”在这一列里出现了两次",
                   TEXT_PRINT(clip(names->items[i].text)));
        }
        set |= 1U << (unsigned)level;
    }
    return set;
}

/* ---- orderers --------------------------------------------------------------------------------------------- */

typedef VECTOR(struct plan_orderer) orderer_list;

/* One orderer for each run of levels. */
static void add_orderers(struct compiler *compiler, orderer_list *list, struct plan_orderer orderer, uint32_t set) {
    uint8_t level = 0;
    while (level <= PLAN_LEVELS_MAX) {
        if ((set & (1U << level)) == 0) {
            level++;
            continue;
        }
        orderer.low = level;
        while (level < PLAN_LEVELS_MAX && (set & (1U << (level + 1U))) != 0) {
            level++;
        }
        orderer.high = level;
        VECTOR_PUSH(compiler, list, orderer);
        level++;
    }
}

static void resolve_orderers(struct compiler *compiler, const struct scale_draft *draft, struct plan_scale *scale) {
    orderer_list list = {NULL, 0, 0};
    uint32_t every = (2U << scale->level_count) - 1;
    for (uint32_t i = 0; i < draft->orderers.count; i++) {
        const struct orderer_draft *from = &draft->orderers.items[i];
        struct plan_orderer orderer = {.raise_only = from->raise_only, .place = from->place};
        orderer.parties = resolve_parties(compiler, &from->parties, false);
        orderer.cites = add_cites(compiler, &from->tail.clauses);
        uint32_t set = from->levels.count > 0 ? find_level_set(compiler, draft, scale, &from->levels) : every;
        add_orderers(compiler, &list, orderer, from->raise_only ? set & ~1U : set);
        scale->ordered = scale->ordered || !from->raise_only;
    }
    if (list.count > UINT16_MAX) {
        report(compiler, draft->name.place, "this scale has too many orderers", "这个等级的决定者太多");
        return;
    }
    scale->orderers = arena_allocate_array(compiler->kept, list.count, sizeof(struct plan_orderer));
    for (uint32_t i = 0; i < list.count && scale->orderers != NULL; i++) {
        scale->orderers[i] = list.items[i];
        scale->orderer_count++;
    }
}

/* What only makes sense where somebody orders. */
static void check_unordered(struct compiler *compiler, const struct scale_draft *draft,
                            const struct plan_scale *scale) {
    if (scale->ordered) {
        return;
    }
    const struct {
        bool given;
        struct plan_place place;
        struct say what;
    } parts[] = {{draft->proposed_by.text.length > 0, draft->proposed_place, SAY("proposed by", "提请者")},
                 {draft->orderers.count > 0,
                  draft->orderers.count > 0 ? draft->orderers.items[0].place : draft->name.place,
                  SAY("raised by", "可提级者")},
                 {draft->automatic.count > 0, draft->automatic_place, SAY("automatic for", "自动执行")},
                 {draft->decide.given, draft->decide_place, SAY("decide within", "决定限时")},
                 {draft->ends != NULL, draft->ends_place, SAY("ends when", "终止于")},
                 {draft->reopens != NULL, draft->reopens_place, SAY("reopens when", "重启于")}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].given) {
            report(compiler, parts[i].place,
                   "%s needs somebody who decides: add ordered by PARTY, or leave it out of a "
                   "scale that is only assessed",
                   "%s要有人决定：加上 决定者 某方；只作评定的等级就不要写它", said(compiler, parts[i].what));
        }
    }
}

static void resolve_automatic(struct compiler *compiler, const struct scale_draft *draft, struct plan_scale *scale) {
    uint32_t set = find_level_set(compiler, draft, scale, &draft->automatic);
    if (set == 0) {
        return;
    }
    uint8_t low = 0;
    while ((set & (1U << low)) == 0) {
        low++;
    }
    uint8_t high = low;
    while (high < PLAN_LEVELS_MAX && (set & (1U << (high + 1U))) != 0) {
        high++;
    }
    if (set >> (high + 1U) != 0) {
        report(compiler, draft->automatic_place, "automatic for needs levels that follow one another without a gap",
               "自动执行 的级别要前后相连，中间不能空");
    }
    scale->automatic_low = low;
    scale->automatic_high = high;
}

/* ---- rules ------------------------------------------------------------------------------------------------ */

static uint32_t resolve_in_scale(struct compiler *compiler, const struct plan_scale *scale,
                                 const struct expression *condition) {
    struct scope scope = {.subject = scale->subject, .scales_allowed = false};
    return resolve_condition(compiler, &scope, condition);
}

/* In a scale that is only assessed every level needs a rule; one that is ordered may have levels of its orderers' own. */
static void check_reached(struct compiler *compiler, const struct scale_draft *draft, const struct plan_scale *scale,
                          uint32_t reached) {
    if (draft->rules.count == 0) {
        report(compiler, draft->name.place, "the scale %.*s has no rules: add LEVEL when CONDITION @CLAUSE",
               "等级“%.*s”没有规则：加上 级别 当 条件 @条款", TEXT_PRINT(clip(scale->name)));
        return;
    }
    for (uint32_t level = 1; level <= scale->level_count; level++) {
        if ((reached & (1U << level)) == 0) {
            report(compiler, draft->levels.items[level - 1].place,
                   "the level %.*s can never be reached: no rule %.*s when … gives it, and nobody orders it",
                   "级别“%.*s”永远达不到：没有规则 %.*s 当 …，也没有人决定", TEXT_PRINT(clip(scale->levels[level])),
                   TEXT_PRINT(clip(scale->levels[level])));
        }
    }
}

static void resolve_rules(struct compiler *compiler, const struct scale_draft *draft, struct plan_scale *scale) {
    uint32_t reached = 0;
    bool sound = !draft->broken && !scale->ordered;
    scale->first_rule = compiler->built_rules.count;
    for (uint32_t i = 0; i < draft->rules.count && !compiler_is_exhausted(compiler); i++) {
        const struct rule_draft *from = &draft->rules.items[i];
        int level = find_level(compiler, draft, scale, from->level);
        struct plan_rule rule = {.level = (uint8_t)(level > 0 ? level : 0), .place = from->place};
        sound = sound && level > 0;
        rule.condition = resolve_in_scale(compiler, scale, from->condition);
        rule.literal = resolve_in_scale(compiler, scale, from->literal);
        rule.cites = add_cites(compiler, &from->tail.clauses);
        rule.notes = add_notes(compiler, &from->tail);
        reached |= 1U << rule.level;
        VECTOR_PUSH(compiler, &compiler->built_rules, rule);
    }
    if (draft->rules.count > UINT16_MAX) {
        report(compiler, draft->name.place, "this scale has too many rules", "这个等级的规则太多");
    }
    scale->rule_count = (uint16_t)(compiler->built_rules.count - scale->first_rule);
    if (sound) {
        check_reached(compiler, draft, scale, reached);
    }
}

/* ---- scales ----------------------------------------------------------------------------------------------- */

static void resolve_conditions(struct compiler *compiler, const struct scale_draft *draft, struct plan_scale *scale) {
    scale->given = resolve_in_scale(compiler, scale, draft->given);
    scale->ends_when = resolve_in_scale(compiler, scale, draft->ends);
    scale->reopens_when = resolve_in_scale(compiler, scale, draft->reopens);
    scale->given_cites = add_cites(compiler, &draft->given_tail.clauses);
    scale->ends_cites = add_cites(compiler, &draft->ends_tail.clauses);
    scale->reopens_cites = add_cites(compiler, &draft->reopens_tail.clauses);
    scale->proposed_cites = add_cites(compiler, &draft->proposed_tail.clauses);
    scale->automatic_cites = add_cites(compiler, &draft->automatic_tail.clauses);
}

static void resolve_one_scale(struct compiler *compiler, const struct scale_draft *draft, struct plan_scale *scale) {
    if (scale->level_count == 0 && !draft->broken) {
        report(compiler, draft->name.place, "the scale %.*s has no levels: add levels LOWEST < HIGHEST @CLAUSE",
               "等级“%.*s”没有级别：加上 级别 最低 < 最高 @条款", TEXT_PRINT(clip(draft->name.text)));
    }
    scale->proposed_by = resolve_party(compiler, draft->proposed_by);
    resolve_orderers(compiler, draft, scale);
    if (!draft->broken) {
        check_unordered(compiler, draft, scale);
    }
    resolve_automatic(compiler, draft, scale);
    scale->decide_within_us = resolve_time(compiler, &draft->decide, 0, &scale->decide_setting);
    scale->chain = resolve_chain(compiler, draft->chain);
    if (scale->subject != PLAN_NONE && scale->level_count > 0) {
        resolve_conditions(compiler, draft, scale);
        resolve_rules(compiler, draft, scale);
    }
    words clauses = {NULL, 0, 0};
    const words *sources[] = {&draft->levels_tail.clauses, &draft->block_clauses, &draft->tail.clauses};
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        for (uint32_t at = 0; at < sources[i]->count; at++) {
            VECTOR_PUSH(compiler, &clauses, sources[i]->items[at]);
        }
    }
    scale->cites = add_cites(compiler, &clauses);
    scale->notes = add_notes(compiler, &draft->tail);
}

static void enter_in_subject(struct compiler *compiler, const struct plan_scale *scale, uint16_t index) {
    if (scale->subject < compiler->built_subjects.count) {
        struct plan_subject *subject = &compiler->built_subjects.items[scale->subject];
        if (subject->scale_count < PLAN_SCALES_MAX) {
            subject->scales[subject->scale_count++] = index;
        }
    }
}

void resolve_scales(struct compiler *compiler) {
    for (uint32_t i = 0; i < compiler->built_scales.count && !compiler_is_exhausted(compiler); i++) {
        resolve_one_scale(compiler, compiler->scales.items[i], &compiler->built_scales.items[i]);
        enter_in_subject(compiler, &compiler->built_scales.items[i], (uint16_t)i);
    }
}
