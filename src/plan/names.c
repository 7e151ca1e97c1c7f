/* Names of a pack: found by hash, and the nearest ones to a misspelt name. */
#include "plan/compile.h"

#define SLOTS_FIRST 64U

struct say name_kind_words(enum name_kind kind) {
    switch (kind) {
    case NAME_PARTY:
        return SAY("a party", "单位、职务或队伍");
    case NAME_FACT:
        return SAY("a fact", "事实");
    case NAME_CONDITION:
        return SAY("a condition", "条件");
    case NAME_SCALE:
        return SAY("a scale", "等级");
    case NAME_SUBJECT:
        return SAY("an incident type or standing subject", "事件或常设对象");
    case NAME_DUTY:
        return SAY("an action", "一项行动");
    case NAME_SETTING:
        return SAY("a local setting", "本地设定");
    case NAME_CHAIN:
        return SAY("a chain", "上报链");
    case NAME_CALLING:
        return SAY("a calling order", "调动顺序");
    case NAME_HANDLING:
        return SAY("a handling", "处置流程");
    case NAME_FORM:
        return SAY("a form", "文书");
    }
    return SAY("a name", "名称");
}

/* The slot in which a name stands, or the empty one in which it would. */
static uint32_t find_slot(const struct name_table *table, struct text name) {
    uint32_t slot = (uint32_t)text_hash(name) & (table->slot_count - 1);
    while (table->slots[slot] != 0 && !text_equal(table->entries.items[table->slots[slot] - 1].name, name)) {
        slot = (slot + 1) & (table->slot_count - 1);
    }
    return slot;
}

/* Doubles the slots once half of them are taken. */
static bool grow_slots(struct compiler *compiler, struct name_table *table) {
    if (table->entries.count * 2 < table->slot_count) {
        return true;
    }
    uint32_t count = table->slot_count == 0 ? SLOTS_FIRST : table->slot_count * 2;
    uint32_t *slots = compiler_allocate(compiler, sizeof *slots * count);
    if (slots == NULL) {
        return false;
    }
    table->slots = slots;
    table->slot_count = count;
    for (uint32_t i = 0; i < table->entries.count; i++) {
        slots[find_slot(table, table->entries.items[i].name)] = i + 1;
    }
    return true;
}

/* Enters a name that the table does not have yet. */
static bool enter_name(struct compiler *compiler, struct name_table *table, struct name_entry entry) {
    if (!grow_slots(compiler, table)) {
        return false;
    }
    uint32_t slot = find_slot(table, entry.name);
    uint32_t before = table->entries.count;
    VECTOR_PUSH(compiler, &table->entries, entry);
    if (table->entries.count == before) {
        return false;
    }
    table->slots[slot] = table->entries.count;
    return true;
}

void names_lose(struct compiler *compiler, struct text name) {
    if (names_find(&compiler->lost_names, name) == NULL) {
        enter_name(compiler, &compiler->lost_names, (struct name_entry){.name = name});
    }
}

bool names_add(struct compiler *compiler, struct name_table *table, struct text name, enum name_kind kind,
               uint32_t index, struct plan_place place) {
    const struct name_entry *there = names_find(table, name);
    if (there != NULL) {
        return report(compiler, place, "the name %.*s is taken: it is %s, declared in line %u",
                      "名称“%.*s”已被占用：它是%s，在第 %u 行", TEXT_PRINT(clip(name)),
                      said(compiler, name_kind_words(there->kind)), (unsigned)there->place.line);
    }
    return enter_name(compiler, table, (struct name_entry){name, kind, index, place});
}

const struct name_entry *names_find(const struct name_table *table, struct text name) {
    if (table->slot_count == 0) {
        return NULL;
    }
    uint32_t slot = find_slot(table, name);
    return table->slots[slot] == 0 ? NULL : &table->entries.items[table->slots[slot] - 1];
}

void names_suggest(const struct compiler *compiler, const struct name_table *table, struct suggestion *suggestion) {
    for (uint32_t i = 0; i < table->entries.count && !messages_are_full(compiler); i++) {
        suggestion_consider(suggestion, table->entries.items[i].name);
    }
}
