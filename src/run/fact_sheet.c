#include "run/fact_sheet.h"

#include "base/arena.h"
#include "run/fact_value.h"

#include <stdio.h>
#include <string.h>

#define SHEET_BYTES_MAX ((size_t)64 << 20)
#define SHOWN_LENGTH 60U

struct fact_sheet {
    struct arena *arena;
    const struct plan *plan;
    struct decide_box *boxes; /* by subject */
    bool *given;              /* by fact: stated, be it as unknown */
    bool has_now;
    int64_t now;
};

/* ---- the JSON text ---------------------------------------------------------------------------------------- */

/* The last string before an offset of a JSON text, and the last one that a colon follows: where a decoder stopped. */
struct json_trace {
    struct text last_string;
    struct text last_key;
};

static struct json_trace trace_json(struct text json, size_t end) {
    struct json_trace trace = {0};
    size_t at = 0;
    while (at < json.length && at < end) {
        if (json.bytes[at] == ':') {
            trace.last_key = trace.last_string;
        }
        if (json.bytes[at] != '"') {
            at++;
            continue;
        }
        size_t from = ++at;
        while (at < json.length && json.bytes[at] != '"') {
            at += json.bytes[at] == '\\' ? 2 : 1;
        }
        if (at < json.length) {
            trace.last_string = (struct text){json.bytes + from, at - from};
        }
        at++;
    }
    return trace;
}

/* Passes on what the JSON decoder says; where a number or a key is at fault, with the name of the field. */
static bool refuse_json(struct text json, const json_error_t *error, struct failure *failure) {
    enum json_error_code code = json_error_code(error);
    struct json_trace trace = trace_json(json, error->position < 0 ? 0 : (size_t)error->position);
    struct text name = {0};
    const char *english = error->text;
    const char *chinese = error->text;
    if (code == json_error_duplicate_key) {
        name = trace.last_string;
        english = "is given twice";
        chinese = "写了两次";
    } else if (code == json_error_numeric_overflow) {
        name = trace.last_key;
        english = "the number is out of all reason";
        chinese = "这个数大得不合情理";
    }
    if (name.length > 0 && text_find_invalid_utf8(name) < 0) {
        char field[sizeof failure->field];
        (void)snprintf(field, sizeof field, "%.*s", TEXT_PRINT(text_cut(name, sizeof field - 1)));
        return failure_say_field(failure, field, "%s", "%s", failure->chinese ? chinese : english);
    }
    uint32_t line = error->line < 0 ? 0 : (uint32_t)error->line;
    uint32_t column = error->column < 0 ? 0 : (uint32_t)error->column;
    return failure_set_place(failure, "facts", line, column,
                             failure->chinese ? "这不是有效的 JSON：%s" : "this is no valid JSON: %s", error->text);
}

/* ---- single facts ----------------------------------------------------------------------------------------- */

#define FIELD_ROOM sizeof(((struct failure *)0)->field)

/* The fact's name, as a failure's field. */
static const char *name_field(const struct plan_fact *fact, char room[FIELD_ROOM]) {
    (void)snprintf(room, FIELD_ROOM, "%.*s", TEXT_PRINT(text_cut(fact->name, FIELD_ROOM - 1)));
    return room;
}

static bool refuse_fact(const struct plan_fact *fact, struct failure *failure, const char *english,
                        const char *chinese) {
    char field[FIELD_ROOM];
    return failure_say_field(failure, name_field(fact, field), "%s", "%s", failure->chinese ? chinese : english);
}

static bool refuse_unknown_name(const struct plan *plan, const char *name, struct failure *failure) {
    struct suggestion suggestion = suggestion_begin(text_of(name));
    plan_suggest_fact(plan, &suggestion);
    if (suggestion.count > 0) {
        char room[SUGGESTION_ROOM];
        return failure_say_field(failure, name, "the plan knows no such fact; did you mean %s?",
                                 "预案没有这样的事实；是不是%s？",
                                 suggestion_print(&suggestion, suggestion_style_of(failure->chinese), room));
    }
    return failure_say_field(failure, name, "the plan knows no such fact", "预案没有这样的事实");
}

static bool parse_now(struct fact_sheet *sheet, const json_t *value, struct failure *failure) {
    struct failure inner = {.chinese = failure->chinese};
    if (sheet->has_now) {
        return failure_say_field(failure, "now", "is given twice", "写了两次");
    }
    if (!json_is_string(value)) {
        return failure_say_field(failure, "now", "write the instant as a text such as \"2022-08-20T14:05\"",
                                 "时刻写作文字，如 \"2022-08-20T14:05\"");
    }
    struct text input = {json_string_value(value), json_string_length(value)};
    if (!calendar_parse_instant(text_trim(input), sheet->plan->zone_minutes, &sheet->now, &inner)) {
        return failure_say_field(failure, "now", "%s", "%s", inner.message);
    }
    sheet->has_now = true;
    return true;
}

/* {"observed": …, "predicted": …}: belief is the worse of the two; what is left out is unknown. */
static bool parse_two_bases(struct fact_sheet *sheet, uint16_t index, const json_t *value, int64_t *low, int64_t *high,
                            struct failure *failure) {
    const struct plan_fact *fact = &sheet->plan->facts[index];
    int64_t lows[2] = {fact->low, fact->low};
    int64_t highs[2] = {fact->high, fact->high};
    const char *key = NULL;
    json_t *part = NULL;
    json_object_foreach((json_t *)value, key, part) {
        int which = strcmp(key, "observed") == 0 ? 0 : strcmp(key, "predicted") == 0 ? 1 : -1;
        if (which < 0) {
            return refuse_fact(fact, failure, "it has the parts \"observed\" and \"predicted\" and no others",
                               "只有 \"observed\"（实测）和 \"predicted\"（预判）两部分");
        }
        if (!fact_value_from_json(sheet->plan, index, part, &lows[which], &highs[which], failure)) {
            return false;
        }
    }
    if (json_object_size(value) == 0) {
        return refuse_fact(fact, failure, "give \"observed\", \"predicted\" or both",
                           "请写 \"observed\"（实测）、\"predicted\"（预判）或两者");
    }
    bool more = fact->worse >= 0;
    *low = (lows[0] > lows[1]) == more ? lows[0] : lows[1];
    *high = (highs[0] > highs[1]) == more ? highs[0] : highs[1];
    return true;
}

/* ---- series ----------------------------------------------------------------------------------------------- */

struct series_entry {
    int32_t day;
    bool forecast;
    int64_t low, high;
};

static bool parse_entry(const struct fact_sheet *sheet, uint16_t index, const json_t *item, struct series_entry *entry,
                        struct failure *failure) {
    const struct plan_fact *fact = &sheet->plan->facts[index];
    const char *key = NULL;
    json_t *value = NULL;
    bool has_date = false;
    bool has_class = false;
    if (!json_is_object(item)) {
        return refuse_fact(fact, failure,
                           "each day is an object with \"date\", \"class\" and, for a forecast, "
                           "\"forecast\": true",
                           "每天是一个对象，有 \"date\"、\"class\"，预报的另加 \"forecast\": true");
    }
    json_object_foreach((json_t *)item, key, value) {
        if (strcmp(key, "date") == 0) {
            struct failure inner = {.chinese = failure->chinese};
            if (!json_is_string(value) ||
                !calendar_parse_date(text_of(json_string_value(value)), &entry->day, &inner)) {
                return inner.set ? refuse_fact(fact, failure, inner.message, inner.message)
                                 : refuse_fact(fact, failure, "a date is a text such as \"2022-08-20\"",
                                               "日期写作文字，如 \"2022-08-20\"");
            }
            has_date = true;
        } else if (strcmp(key, "class") == 0) {
            if (!fact_value_from_json(sheet->plan, index, value, &entry->low, &entry->high, failure)) {
                return false;
            }
            has_class = true;
        } else if (strcmp(key, "forecast") == 0 && json_is_boolean(value)) {
            entry->forecast = json_is_true(value);
        } else {
            return strcmp(key, "forecast") == 0
                       ? refuse_fact(fact, failure, "\"forecast\" is true or false",
                                     "\"forecast\" 只能是 true 或 false")
                       : refuse_fact(fact, failure, "a day has \"date\", \"class\" and \"forecast\" and nothing else",
                                     "一天只有 \"date\"、\"class\" 和 \"forecast\"");
        }
    }
    return (has_date && has_class) ||
           refuse_fact(fact, failure, "each day needs \"date\" and \"class\"", "每天都要有 \"date\" 和 \"class\"");
}

/* The day that windows look back from: the latest one observed; with "now" given, as the engine has it, only if that is
 * today or yesterday, else today. Nothing observed: the day before the first forecast. */
static int32_t find_anchor(const struct fact_sheet *sheet, const struct series_entry *entries, size_t count) {
    int32_t today = sheet->has_now ? calendar_find_day(sheet->now, sheet->plan->zone_minutes) : INT32_MAX;
    int32_t latest = INT32_MIN;
    int32_t earliest_forecast = INT32_MAX;
    for (size_t i = 0; i < count; i++) {
        if (!entries[i].forecast && entries[i].day <= today) {
            latest = entries[i].day > latest ? entries[i].day : latest;
        } else if (entries[i].forecast && entries[i].day < earliest_forecast) {
            earliest_forecast = entries[i].day;
        }
    }
    if (sheet->has_now) {
        return latest >= today - 1 ? latest : today;
    }
    return latest != INT32_MIN ? latest : earliest_forecast - 1;
}

static void place_entry(struct decide_series *series, const struct series_entry *entry, int32_t anchor) {
    int64_t back = (int64_t)anchor - entry->day;
    if (!entry->forecast && back >= 0 && back < DECIDE_DAYS) {
        series->past_low[back] = (uint8_t)entry->low;
        series->past_high[back] = (uint8_t)entry->high;
    } else if (entry->forecast && back < 0 && -back <= DECIDE_DAYS) {
        series->future_low[-back - 1] = (uint8_t)entry->low;
        series->future_high[-back - 1] = (uint8_t)entry->high;
    }
}

static struct decide_series *make_series(struct fact_sheet *sheet, const struct plan_fact *fact) {
    struct decide_series *series = arena_allocate(sheet->arena, sizeof *series);
    if (series != NULL) {
        memset(series->past_high, fact->choice_count - 1, sizeof series->past_high);
        memset(series->future_high, fact->choice_count - 1, sizeof series->future_high);
    }
    return series;
}

static bool parse_series(struct fact_sheet *sheet, uint16_t index, const json_t *value, struct failure *failure) {
    const struct plan_fact *fact = &sheet->plan->facts[index];
    if (json_is_null(value)) {
        return true;
    }
    if (!json_is_array(value)) {
        return refuse_fact(fact, failure, "it is a list of days, [{\"date\": …, \"class\": …, \"forecast\": …}, …]",
                           "写作逐日的列表：[{\"date\": …, \"class\": …, \"forecast\": …}, …]");
    }
    size_t count = json_array_size(value);
    struct series_entry *entries = arena_allocate_array(sheet->arena, count, sizeof *entries);
    struct decide_series *series = make_series(sheet, fact);
    if (entries == NULL || series == NULL) {
        return failure_say(failure, "memory is exhausted", "内存不足");
    }
    for (size_t i = 0; i < count; i++) {
        if (!parse_entry(sheet, index, json_array_get(value, i), &entries[i], failure)) {
            return false;
        }
        for (size_t k = 0; k < i; k++) {
            if (entries[k].day == entries[i].day && entries[k].forecast == entries[i].forecast) {
                return refuse_fact(fact, failure, "a day is given twice", "同一天写了两次");
            }
        }
    }
    int32_t anchor = count == 0 ? 0 : find_anchor(sheet, entries, count);
    for (size_t i = 0; i < count; i++) {
        place_entry(series, &entries[i], anchor);
    }
    sheet->boxes[fact->subject].series[fact->slot] = series;
    return true;
}

/* ---- all facts -------------------------------------------------------------------------------------------- */

static bool parse_fact(struct fact_sheet *sheet, const char *name, const json_t *value, struct failure *failure) {
    const struct plan *plan = sheet->plan;
    uint16_t index = plan_find_fact(plan, text_of(name));
    if (index == PLAN_NONE) {
        return strcmp(name, "now") == 0 || refuse_unknown_name(plan, name, failure);
    }
    const struct plan_fact *fact = &plan->facts[index];
    struct decide_box *box = &sheet->boxes[fact->subject];
    sheet->given[index] = true;
    if (fact->type == PLAN_SERIES) {
        return parse_series(sheet, index, value, failure);
    }
    if (fact->predictable && json_is_object(value)) {
        return parse_two_bases(sheet, index, value, &box->low[fact->slot], &box->high[fact->slot], failure);
    }
    return fact_value_from_json(plan, index, value, &box->low[fact->slot], &box->high[fact->slot], failure);
}

static void presume(struct fact_sheet *sheet) {
    for (uint32_t i = 0; i < sheet->plan->fact_count; i++) {
        const struct plan_fact *fact = &sheet->plan->facts[i];
        if (fact->presumed && !sheet->given[i] && fact->type != PLAN_SERIES) {
            struct decide_box *box = &sheet->boxes[fact->subject];
            bool is_choice = fact->type == PLAN_CHOICE;
            box->low[fact->slot] = is_choice ? INT64_C(1) << fact->presumed_value : fact->presumed_value;
            box->high[fact->slot] = is_choice ? 0 : fact->presumed_value;
        }
    }
}

/* The duration that follows from a beginning in low … high, as of now. */
static bool find_duration(const struct fact_sheet *sheet, const struct plan_fact *derived,
                          const struct plan_fact *beginning, int64_t *low, int64_t *high, struct failure *failure) {
    const struct decide_box *box = &sheet->boxes[derived->subject];
    int64_t first = box->low[beginning->slot];
    int64_t last = box->high[beginning->slot];
    if (first > sheet->now) {
        return refuse_fact(beginning, failure, "it lies after \"now\"", "晚于 \"now\"");
    }
    last = last > sheet->now ? sheet->now : last;
    /* Instants of the calendar differ by less than int64 holds; what is not stated at all may be any length ago. */
    *high = first == INT64_MIN || sheet->now - first > derived->high ? derived->high : sheet->now - first;
    *low = last == INT64_MIN ? derived->high : sheet->now - last;
    if (*low > derived->high) {
        return refuse_fact(beginning, failure, "it lies so long before \"now\" that it is out of all reason",
                           "比 \"now\" 早得不合情理");
    }
    if (derived->until != PLAN_NONE && box->low[sheet->plan->facts[derived->until].slot] == 1) {
        *low = 0; /* it stood still at some moment since, and nobody has said at which */
    }
    return true;
}

static bool derive(struct fact_sheet *sheet, uint16_t index, struct failure *failure) {
    const struct plan_fact *derived = &sheet->plan->facts[index];
    const struct plan_fact *beginning = &sheet->plan->facts[derived->from];
    struct decide_box *box = &sheet->boxes[derived->subject];
    bool is_known = box->low[beginning->slot] != beginning->low || box->high[beginning->slot] != beginning->high;
    int64_t low = 0;
    int64_t high = 0;
    char field[FIELD_ROOM];
    if (!is_known) {
        return true;
    }
    if (!sheet->has_now) {
        return sheet->given[index] ||
               failure_say_field(failure, name_field(beginning, field),
                                 "\"%.*s\" can only be told from it when \"now\" is given too",
                                 "要由它推算“%.*s”，须另给 \"now\"", TEXT_PRINT(text_cut(derived->name, SHOWN_LENGTH)));
    }
    if (!find_duration(sheet, derived, beginning, &low, &high, failure)) {
        return false;
    }
    box->low[derived->slot] = low > box->low[derived->slot] ? low : box->low[derived->slot];
    box->high[derived->slot] = high < box->high[derived->slot] ? high : box->high[derived->slot];
    if (box->low[derived->slot] > box->high[derived->slot]) {
        return failure_say_field(failure, name_field(derived, field), "it contradicts \"%.*s\" and \"now\"",
                                 "与“%.*s”和 \"now\" 矛盾", TEXT_PRINT(text_cut(beginning->name, SHOWN_LENGTH)));
    }
    return true;
}

static bool derive_all(struct fact_sheet *sheet, struct failure *failure) {
    for (uint32_t i = 0; i < sheet->plan->fact_count; i++) {
        if (sheet->plan->facts[i].from != PLAN_NONE && !derive(sheet, (uint16_t)i, failure)) {
            return false;
        }
    }
    return true;
}

/* "now" stands beside the facts or among them (unless the plan has a fact of that name). */
static bool find_now(struct fact_sheet *sheet, const json_t *root, const json_t *facts, struct failure *failure) {
    const json_t *beside = json_object_get(root, "now");
    const json_t *among = plan_find_fact(sheet->plan, TEXT("now")) == PLAN_NONE ? json_object_get(facts, "now") : NULL;
    return (beside == NULL || parse_now(sheet, beside, failure)) && (among == NULL || parse_now(sheet, among, failure));
}

static bool parse_root(struct fact_sheet *sheet, json_t *root, struct failure *failure) {
    const char *key = NULL;
    json_t *value = NULL;
    json_t *facts = json_object_get(root, "facts");
    if (!json_is_object(root)) {
        return failure_say_field(failure, "facts", "write an object, {\"facts\": {…}}", "请写成对象：{\"facts\": {…}}");
    }
    json_object_foreach(root, key, value) {
        if (strcmp(key, "now") != 0 && strcmp(key, "facts") != 0) {
            return failure_say_field(failure, key, "is no key here; there are \"facts\" and \"now\"",
                                     "这里没有这个键；只有 \"facts\" 和 \"now\"");
        }
    }
    if (!json_is_object(facts)) {
        return failure_say_field(failure, "facts", "write the facts as an object, {\"facts\": {…}}",
                                 "事实请写成对象：{\"facts\": {…}}");
    }
    if (!find_now(sheet, root, facts, failure)) {
        return false;
    }
    json_object_foreach(facts, key, value) {
        if (!parse_fact(sheet, key, value, failure)) {
            return false;
        }
    }
    presume(sheet);
    return derive_all(sheet, failure);
}

static struct fact_sheet *make_sheet(const struct plan *plan, struct failure *failure) {
    struct arena *arena = arena_create(SHEET_BYTES_MAX);
    struct fact_sheet *sheet = arena == NULL ? NULL : arena_allocate(arena, sizeof *sheet);
    if (sheet != NULL) {
        sheet->arena = arena;
        sheet->plan = plan;
        sheet->boxes = arena_allocate_array(arena, plan->subject_count, sizeof *sheet->boxes);
        sheet->given = arena_allocate_array(arena, plan->fact_count, sizeof *sheet->given);
    }
    if (sheet == NULL || arena_is_exhausted(arena)) {
        (void)failure_say(failure, "memory is exhausted", "内存不足");
        arena_destroy(arena);
        return NULL;
    }
    for (uint32_t i = 0; i < plan->subject_count; i++) {
        decide_box_clear(&sheet->boxes[i], plan, (uint16_t)i);
    }
    return sheet;
}

struct fact_sheet *fact_sheet_parse(const struct plan *plan, struct text json, struct failure *failure) {
    json_error_t error;
    if (json.length >= 3 && memcmp(json.bytes, "\xEF\xBB\xBF", 3) == 0) { /* editors on Windows begin files so */
        json = (struct text){json.bytes + 3, json.length - 3};
    }
    json_t *root = json_loadb(json.bytes == NULL ? "" : json.bytes, json.length, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) {
        (void)refuse_json(json, &error, failure);
        return NULL;
    }
    struct fact_sheet *sheet = make_sheet(plan, failure);
    if (sheet != NULL && !parse_root(sheet, root, failure)) {
        fact_sheet_destroy(sheet);
        sheet = NULL;
    }
    json_decref(root);
    return sheet;
}

void fact_sheet_destroy(struct fact_sheet *sheet) {
    if (sheet != NULL) {
        arena_destroy(sheet->arena);
    }
}

const struct decide_box *fact_sheet_box(const struct fact_sheet *sheet, uint16_t subject) {
    return &sheet->boxes[subject];
}

/* ---- what follows ----------------------------------------------------------------------------------------- */

static json_t *make_name(struct text name) {
    return name.length == 0 ? json_null() : json_stringn(name.bytes, name.length);
}

/* The clauses of a set of rules, in order, each once. */
static json_t *list_clauses(const struct plan *plan, const struct plan_scale *scale, uint64_t rules) {
    json_t *list = json_array();
    for (uint16_t i = 0; i < scale->rule_count; i++) {
        struct plan_span cites = plan->rules[scale->first_rule + i].cites;
        for (uint16_t k = 0; (rules & UINT64_C(1) << i) != 0 && k < cites.count; k++) {
            struct text clause = plan->cites[cites.first + k];
            bool is_new = true;
            for (size_t m = 0; m < json_array_size(list) && is_new; m++) {
                is_new = !text_equal(clause, text_of(json_string_value(json_array_get(list, m))));
            }
            if (is_new) {
                (void)json_array_append_new(list, make_name(clause));
            }
        }
    }
    return list;
}

static json_t *list_questions(const struct fact_sheet *sheet, const struct decide_program *program, uint16_t index,
                              const struct decide_level *level) {
    const struct plan *plan = sheet->plan;
    uint16_t subject = plan->scales[index].subject;
    uint8_t slots[PLAN_FACTS_MAX];
    uint32_t count = decide_ask(program, index, &sheet->boxes[subject], level, slots);
    json_t *list = json_array();
    for (uint32_t i = 0; i < count; i++) {
        (void)json_array_append_new(list, make_name(plan->facts[plan->subjects[subject].facts[slots[i]]].name));
    }
    return list;
}

static json_t *decide_one(const struct fact_sheet *sheet, const struct decide_program *program, uint16_t index) {
    const struct plan *plan = sheet->plan;
    const struct plan_scale *scale = &plan->scales[index];
    struct decide_level level;
    decide_scale(program, index, &sheet->boxes[scale->subject], &level);
    json_t *result = json_object();
    (void)json_object_set_new(result, "level", make_name(scale->levels[level.level]));
    (void)json_object_set_new(result, "may", make_name(scale->levels[level.may]));
    (void)json_object_set_new(result, "because", list_clauses(plan, scale, level.because));
    (void)json_object_set_new(result, "open", list_clauses(plan, scale, level.open));
    (void)json_object_set_new(result, "ask", list_questions(sheet, program, index, &level));
    return result;
}

/* True when all that should be there is there: jansson answers a failed allocation by leaving out. */
static bool is_complete(const json_t *scales, uint32_t count) {
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach((json_t *)scales, key, value) {
        if (json_object_size(value) != 5) {
            return false;
        }
    }
    return json_object_size(scales) == count;
}

json_t *fact_sheet_decide(const struct fact_sheet *sheet, const struct decide_program *program) {
    json_t *result = json_object();
    json_t *scales = json_object();
    for (uint32_t i = 0; i < sheet->plan->scale_count; i++) {
        struct text name = sheet->plan->scales[i].name;
        (void)json_object_setn_new(scales, name.bytes, name.length, decide_one(sheet, program, (uint16_t)i));
    }
    bool good = is_complete(scales, sheet->plan->scale_count);
    if (json_object_set_new(result, "scales", scales) != 0 || !good) {
        json_decref(result);
        return NULL;
    }
    return result;
}
