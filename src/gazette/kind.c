/* What a table is about and what its columns hold, by the words in its header. */
#include "gazette/reader.h"

static bool has_any(struct text header, const char *const *terms, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (glyph_has_term(header, terms[i])) {
            return true;
        }
    }
    return false;
}

#define HAS_ANY(header, terms) has_any((header), (terms), sizeof(terms) / sizeof(terms)[0])

static const char *const phone_terms[] = {"电话",  "传真",      "手机", "联系方式", "号码",
                                          "phone", "telephone", "fax",  "tel",      "mobile"};
static const char *const strength_terms[] = {"人数", "strength", "headcount"};
static const char *const team_terms[] = {"队伍", "救援队", "应急队", "team", "brigade", "crew"};
static const char *const indicator_terms[] = {"指标", "目标值", "indicator", "target"};
static const char *const task_terms[] = {"任务",     "工作内容", "工作要求", "工作措施",   "责任单位",
                                         "牵头单位", "责任部门", "牵头部门", "任务分工",   "整改措施",
                                         "task",     "lead",     "measure",  "responsible"};
static const char *const supply_terms[] = {"物资", "装备", "规格", "型号", "储备", "quantity", "equipment", "stock"};
static const char *const number_terms[] = {"序号", "编号", "no.", "no", "number", "#"};
static const char *const name_terms[] = {"名称", "姓名", "name"};
static const char *const subject_terms[] = {"任务", "指标",      "单位", "部门", "项目", "队伍", "物资",
                                            "task", "indicator", "unit", "item", "team", "group"};
static const char *const list_terms[] = {"单位",      "部门", "电话", "传真", "手机",    "人员",    "牵头",
                                         "配合",      "责任", "成员", "地点", "负责人",  "联系人",  "phone",
                                         "telephone", "fax",  "unit", "lead", "partner", "members", "responsible"};
static const char *const never_list_terms[] = {"名称", "任务", "内容", "要求", "职责", "措施", "指标", "name"};

static uint32_t count_columns(const struct gazette_table *table, const char *const *terms, size_t count) {
    uint32_t found = 0;
    for (uint32_t i = 0; i < table->column_count; i++) {
        found += has_any(table->columns[i], terms, count) ? 1 : 0;
    }
    return found;
}

#define COUNT_COLUMNS(table, terms) count_columns((table), (terms), sizeof(terms) / sizeof(terms)[0])

static uint32_t find_column(const struct gazette_table *table, const char *const *terms, size_t count) {
    for (uint32_t i = 0; i < table->column_count; i++) {
        if (has_any(table->columns[i], terms, count)) {
            return i;
        }
    }
    return GAZETTE_NONE;
}

#define FIND_COLUMN(table, terms) find_column((table), (terms), sizeof(terms) / sizeof(terms)[0])

bool column_is_list(struct text header) {
    return HAS_ANY(header, list_terms) && !HAS_ANY(header, never_list_terms);
}

static enum gazette_table_kind find_kind(const struct gazette_table *table) {
    uint32_t phones = COUNT_COLUMNS(table, phone_terms);
    uint32_t teams = COUNT_COLUMNS(table, team_terms);
    if (teams > 0 && (phones > 0 || COUNT_COLUMNS(table, strength_terms) > 0)) {
        return GAZETTE_TABLE_TEAM;
    }
    if (COUNT_COLUMNS(table, task_terms) > 0 && phones == 0) {
        return GAZETTE_TABLE_TASK;
    }
    if (COUNT_COLUMNS(table, indicator_terms) > 0) {
        return GAZETTE_TABLE_INDICATOR;
    }
    if (phones > 0) {
        return GAZETTE_TABLE_CONTACT;
    }
    return COUNT_COLUMNS(table, supply_terms) > 0 ? GAZETTE_TABLE_SUPPLY : GAZETTE_TABLE_OTHER;
}

/* The first column that says what a row is about; else the first that is no number. */
static uint32_t find_name_column(const struct gazette_table *table) {
    uint32_t column = FIND_COLUMN(table, name_terms);
    if (column == GAZETTE_NONE) {
        column = FIND_COLUMN(table, subject_terms);
    }
    for (uint32_t i = 0; column == GAZETTE_NONE && i < table->column_count; i++) {
        if (i != table->number_column) {
            column = i;
        }
    }
    return column;
}

void table_classify(struct gazette_table *table) {
    table->number_column = FIND_COLUMN(table, number_terms);
    if (table->number_column != GAZETTE_NONE && table->number_column > 0) {
        table->number_column = GAZETTE_NONE; /* a number further to the right is one of something else */
    }
    table->kind = find_kind(table);
    table->name_column = find_name_column(table);
}

const char *gazette_table_kind_name(enum gazette_table_kind kind) {
    static const char *const names[GAZETTE_TABLE_KINDS] = {"other", "task", "indicator", "contact", "team", "supply"};
    return names[kind];
}

bool cell_is_phone(struct text cell) {
    uint32_t digits = 0;
    size_t size = 0;
    for (size_t at = 0; at < cell.length; at += size) {
        uint32_t code_point = glyph_fold(text_read_code_point(cell, at, &size));
        if (code_point >= '0' && code_point <= '9') {
            digits++;
        } else if (code_point != '-' && code_point != ' ' && code_point != '+' && code_point != 0x3001 &&
                   code_point != '/' && code_point != '(' && code_point != ')' && code_point != '\n' &&
                   code_point != ',') {
            return false;
        }
    }
    return digits >= 5;
}
