#include "run/fact_value.h"

#include "run/figure.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define INPUT_ROOM 512U    /* the longest value that a person may write, in bytes */
#define SHOWN_LENGTH 60U   /* of a bad value in a message */
#define CHOICES_SHOWN 400U /* of a list of names in a message */
#define MU_FACTOR INT64_C(2000000000)
#define MU_DECIMALS INT64_C(10000000000) /* one base unit of area is exactly 0.0000000005 mu */

enum comparison { EQUAL, AT_LEAST, AT_MOST, MORE_THAN, LESS_THAN };

struct comparison_word {
    struct text spelling;
    enum comparison comparison;
};

/* Where one spelling begins another, the longer one stands first. */
static const struct comparison_word comparison_words[] = {
    {TEXT_INITIAL(">="), AT_LEAST},
    {TEXT_INITIAL("<="), AT_MOST},
    {TEXT_INITIAL("≥"), AT_LEAST},
    {TEXT_INITIAL("≤"), AT_MOST},
    {TEXT_INITIAL("≧"), AT_LEAST},
    {TEXT_INITIAL("≦"), AT_MOST},
    {TEXT_INITIAL(">"), MORE_THAN},
    {TEXT_INITIAL("<"), LESS_THAN},
    {TEXT_INITIAL("="), EQUAL},
    {TEXT_INITIAL("至少"), AT_LEAST},
    {TEXT_INITIAL("最少"), AT_LEAST},
    {TEXT_INITIAL("不少于"), AT_LEAST},
    {TEXT_INITIAL("不小于"), AT_LEAST},
    {TEXT_INITIAL("不低于"), AT_LEAST},
    {TEXT_INITIAL("不早于"), AT_LEAST},
    {TEXT_INITIAL("至多"), AT_MOST},
    {TEXT_INITIAL("最多"), AT_MOST},
    {TEXT_INITIAL("不超过"), AT_MOST},
    {TEXT_INITIAL("不多于"), AT_MOST},
    {TEXT_INITIAL("不大于"), AT_MOST},
    {TEXT_INITIAL("不高于"), AT_MOST},
    {TEXT_INITIAL("不晚于"), AT_MOST},
    {TEXT_INITIAL("超过"), MORE_THAN},
    {TEXT_INITIAL("大于"), MORE_THAN},
    {TEXT_INITIAL("多于"), MORE_THAN},
    {TEXT_INITIAL("少于"), LESS_THAN},
    {TEXT_INITIAL("小于"), LESS_THAN},
    {TEXT_INITIAL("不足"), LESS_THAN},
    {TEXT_INITIAL("不到"), LESS_THAN},
    {TEXT_INITIAL("at least "), AT_LEAST},
    {TEXT_INITIAL("no less than "), AT_LEAST},
    {TEXT_INITIAL("not less than "), AT_LEAST},
    {TEXT_INITIAL("no earlier than "), AT_LEAST},
    {TEXT_INITIAL("at most "), AT_MOST},
    {TEXT_INITIAL("no more than "), AT_MOST},
    {TEXT_INITIAL("not more than "), AT_MOST},
    {TEXT_INITIAL("no later than "), AT_MOST},
    {TEXT_INITIAL("up to "), AT_MOST},
    {TEXT_INITIAL("more than "), MORE_THAN},
    {TEXT_INITIAL("less than "), LESS_THAN},
};

static const struct text range_words[] = {
    TEXT_INITIAL(".."), TEXT_INITIAL("~"), TEXT_INITIAL("至"), TEXT_INITIAL("到"), TEXT_INITIAL(" to "),
};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* What is being parsed: for messages and for the bounds' dimension. */
struct value_context {
    const struct plan *plan;
    const struct plan_fact *fact;
    struct text shown; /* the input, cut */
    struct failure *failure;
};

/* ---- messages --------------------------------------------------------------------------------------------- */

static bool is_chinese(const struct value_context *context) {
    return context->failure != NULL && context->failure->chinese;
}

#define FIELD_ROOM sizeof(((struct failure *)0)->field)

/* The fact's name, as a failure's field. */
static const char *name_field(const struct value_context *context, char room[FIELD_ROOM]) {
    (void)snprintf(room, FIELD_ROOM, "%.*s", TEXT_PRINT(text_cut(context->fact->name, FIELD_ROOM - 1)));
    return room;
}

static bool refuse(const struct value_context *context, const char *english, const char *chinese) {
    char field[FIELD_ROOM];
    return failure_say_field(context->failure, name_field(context, field), "%s", "%s",
                             is_chinese(context) ? chinese : english);
}

/* Refuses the whole input; both sentences begin with it. */
static bool refuse_shown(const struct value_context *context, const char *english, const char *chinese) {
    char field[FIELD_ROOM];
    return failure_say_field(context->failure, name_field(context, field), "\"%.*s\" %s", "“%.*s”%s",
                             TEXT_PRINT(context->shown), is_chinese(context) ? chinese : english);
}

/* Passes on what a lower parser said, under the fact's name. */
static bool refuse_as(const struct value_context *context, const struct failure *inner) {
    return refuse(context, inner->message, inner->message);
}

static struct text slice(struct text whole, size_t from, size_t to) {
    return (struct text){whole.bytes + from, to - from};
}

static void print_choices(const struct plan_fact *fact, const char *separator, char out[CHOICES_SHOWN]) {
    size_t length = 0;
    out[0] = '\0';
    for (uint16_t i = 0; i < fact->choice_count; i++) {
        struct text name = fact->choices[i];
        if (length + name.length + 8 > CHOICES_SHOWN) {
            (void)snprintf(out + length, CHOICES_SHOWN - length, " …");
            return;
        }
        length +=
            (size_t)snprintf(out + length, CHOICES_SHOWN - length, "%s%.*s", i == 0 ? "" : separator, TEXT_PRINT(name));
    }
}

static bool refuse_choice(const struct value_context *context, struct text name) {
    char choices[CHOICES_SHOWN];
    char field[FIELD_ROOM];
    print_choices(context->fact, is_chinese(context) ? "、" : ", ", choices);
    struct text nearest = {0};
    uint32_t best = 3;
    for (uint16_t i = 0; i < context->fact->choice_count; i++) {
        uint32_t distance = text_measure_distance(name, context->fact->choices[i], 2);
        if (distance < best && distance < text_count_code_points(name)) {
            best = distance;
            nearest = context->fact->choices[i];
        } else if (distance == best && distance < 3) {
            nearest = (struct text){0}; /* several are as near: all are listed */
        }
    }
    struct text shown = text_cut(name, SHOWN_LENGTH);
    (void)name_field(context, field);
    return nearest.length > 0
               ? failure_say_field(context->failure, field, "\"%.*s\" is none of its values; did you mean \"%.*s\"?",
                                   "没有“%.*s”这个取值，是不是“%.*s”？", TEXT_PRINT(shown), TEXT_PRINT(nearest))
               : failure_say_field(context->failure, field, "\"%.*s\" is none of its values; they are %s",
                                   "没有“%.*s”这个取值，可填：%s", TEXT_PRINT(shown), choices);
}

/* ---- spelling --------------------------------------------------------------------------------------------- */

/* The ASCII character for a full-width one, 0 for every other code point. */
static char find_narrow(uint32_t code_point) {
    if (code_point >= 0xFF10 && code_point <= 0xFF19) {
        return (char)('0' + (code_point - 0xFF10));
    }
    switch (code_point) {
    case 0xFF0E:
        return '.';
    case 0xFF1A:
        return ':';
    case 0xFF1C:
        return '<';
    case 0xFF1D:
        return '=';
    case 0xFF1E:
        return '>';
    case 0xFF0B:
        return '+';
    case 0xFF0D:
    case 0x2212:
        return '-';
    case 0xFF5E:
        return '~';
    case 0x3000:
        return ' ';
    default:
        return '\0';
    }
}

/* Copies the input with full-width digits and signs made narrow, blanks at both ends removed. */
static bool make_narrow(const struct value_context *context, struct text input, char out[INPUT_ROOM],
                        struct text *narrow) {
    size_t length = 0;
    size_t offset = 0;
    while (offset < input.length && (unsigned char)input.bytes[offset] < 128) {
        offset++;
    }
    if (offset == input.length && offset < INPUT_ROOM) { /* the log's spelling: nothing to narrow */
        *narrow = input;
        return true;
    }
    offset = 0;
    while (offset < input.length) {
        size_t size = 0;
        char single = find_narrow(text_read_code_point(input, offset, &size));
        size_t written = single != '\0' ? 1 : size;
        if (length + written >= INPUT_ROOM) {
            return refuse(context, "the value is too long", "填写的内容过长");
        }
        memcpy(out + length, single != '\0' ? &single : input.bytes + offset, written);
        length += written;
        offset += size;
    }
    *narrow = text_trim((struct text){out, length});
    return true;
}

static char lower(char byte) {
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

/* Equal but for the case of Latin letters. */
static bool is_word(struct text input, const char *word) {
    if (input.length != strlen(word)) {
        return false;
    }
    for (size_t i = 0; i < input.length; i++) {
        if (lower(input.bytes[i]) != word[i]) {
            return false;
        }
    }
    return true;
}

static bool is_unknown_word(const struct plan_fact *fact, struct text input) {
    if (fact->unknown_name.length > 0 && text_equal(input, fact->unknown_name)) {
        return true;
    }
    bool is_name = (fact->type == PLAN_CHOICE || fact->type == PLAN_SERIES) && plan_find_choice(fact, input) >= 0;
    return !is_name &&
           (is_word(input, "unknown") || text_equals_string(input, "不明") || text_equals_string(input, "未知"));
}

/* Takes a comparison from the start of *rest. */
static enum comparison take_comparison(struct text *rest) {
    char first = rest->length == 0 ? '0' : lower(rest->bytes[0]);
    for (size_t i = 0; i < COUNT_OF(comparison_words) && (first < '0' || first > '9'); i++) {
        struct text spelling = comparison_words[i].spelling;
        if (rest->length < spelling.length || first != spelling.bytes[0]) {
            continue;
        }
        size_t same = 0;
        while (same < spelling.length && lower(rest->bytes[same]) == spelling.bytes[same]) {
            same++;
        }
        if (same == spelling.length) {
            *rest = text_trim(slice(*rest, spelling.length, rest->length));
            return comparison_words[i].comparison;
        }
    }
    return EQUAL;
}

/* Splits "2..4". False when there is no range in it. A sign of range at the very start, or in quotes, is none. */
static bool split_range(struct text input, struct text *left, struct text *right) {
    bool is_quoted = input.length > 0 && input.bytes[0] == '\'';
    for (size_t at = 1; at < input.length; at++) {
        is_quoted = is_quoted != (input.bytes[at] == '\'');
        for (size_t i = 0; i < COUNT_OF(range_words) && !is_quoted; i++) {
            if (input.bytes[at] == range_words[i].bytes[0] &&
                text_starts_with(slice(input, at, input.length), range_words[i])) {
                *left = text_trim(slice(input, 0, at));
                *right = text_trim(slice(input, at + range_words[i].length, input.length));
                return true;
            }
        }
    }
    return false;
}

/* ---- bounds: quantities and times ------------------------------------------------------------------------- */

static bool is_bare_number(struct text input) {
    for (size_t i = 0; i < input.length; i++) {
        if ((input.bytes[i] < '0' || input.bytes[i] > '9') && input.bytes[i] != '.') {
            return false;
        }
    }
    return input.length > 0;
}

/* What follows the number of a quantity. */
static struct text find_unit(struct text input) {
    size_t at = 0;
    while (at < input.length && ((input.bytes[at] >= '0' && input.bytes[at] <= '9') || input.bytes[at] == '.')) {
        at++;
    }
    return text_trim(slice(input, at, input.length));
}

static bool is_quantity(const struct plan_fact *fact) {
    return fact->type == PLAN_QUANTITY;
}

/* 以上 and its like include the number in some documents and not in others. */
static bool refuse_vague_word(const struct value_context *context, struct text input) {
    static const struct text vague[] = {TEXT_INITIAL("以上"), TEXT_INITIAL("以下"), TEXT_INITIAL("以内")};
    for (size_t i = 0; i < COUNT_OF(vague); i++) {
        if (text_ends_with(input, vague[i])) {
            return refuse_shown(context,
                                "does not say whether the number is included; write 至少, 超过, 至多 or 少于 before it "
                                "(>=, >, <=, <)",
                                "没有说明是否含本数，请在数字前写至少、超过、至多或少于（>=、>、<=、<）");
        }
    }
    return true;
}

static bool is_in_calendar(int64_t instant, int32_t zone_minutes) {
    char shown[CALENDAR_INSTANT_ROOM];
    calendar_print_instant(instant, zone_minutes, shown);
    return shown[0] >= '0' && shown[0] <= '9';
}

/* The units in which the log spells quantities (quantity_print), so that replay need not search all spellings. */
static const struct plain_unit {
    struct text name;
    enum quantity_dimension dimension;
    int64_t factor;
} plain_units[] = {
    {TEXT_INITIAL(""), QUANTITY_COUNT, 1},
    {TEXT_INITIAL("min"), QUANTITY_DURATION, CALENDAR_US_PER_MINUTE},
    {TEXT_INITIAL("h"), QUANTITY_DURATION, CALENDAR_US_PER_HOUR},
    {TEXT_INITIAL("s"), QUANTITY_DURATION, CALENDAR_US_PER_SECOND},
    {TEXT_INITIAL("d"), QUANTITY_DURATION, CALENDAR_US_PER_DAY},
    {TEXT_INITIAL("ha"), QUANTITY_AREA, 15 * MU_FACTOR},
    {TEXT_INITIAL("m2"), QUANTITY_AREA, INT64_C(3000000)},
    {TEXT_INITIAL("亩"), QUANTITY_AREA, MU_FACTOR},
    {TEXT_INITIAL("m"), QUANTITY_LENGTH, INT64_C(1000000)},
    {TEXT_INITIAL("m3"), QUANTITY_VOLUME, INT64_C(1000000)},
    {TEXT_INITIAL("m3/s"), QUANTITY_FLOW, INT64_C(1000000)},
};

/* Multiplies digits by 1 / 10^decimals and a factor. False when that is not exact, or large. */
static bool scale_plain(int64_t digits, int decimals, int64_t factor, int64_t *value) {
    int64_t divisor = 1;
    for (int i = 0; i < decimals; i++) {
        divisor *= 10;
    }
    if (digits > INT64_MAX / factor || digits * factor % divisor != 0) {
        return false;
    }
    *value = digits * factor / divisor;
    return true;
}

/* Reads "2 h", "0.5 ha", "3" quickly. False, and nothing is wrong yet, for any other spelling. */
static bool parse_plain(const struct plan_fact *fact, struct text input, int64_t *value) {
    int64_t digits = 0;
    int decimals = -1;
    size_t at = 0;
    for (; at < input.length && at < 16; at++) {
        char byte = input.bytes[at];
        if (byte == '.' && decimals < 0 && at > 0) {
            decimals = 0;
        } else if (byte >= '0' && byte <= '9') {
            digits = digits * 10 + (byte - '0');
            decimals += decimals >= 0 ? 1 : 0;
        } else {
            break;
        }
    }
    if (at == 0 || decimals == 0 || (at < input.length && input.bytes[at] != ' ')) {
        return false;
    }
    struct text unit = at < input.length ? slice(input, at + 1, input.length) : slice(input, at, at);
    for (size_t i = 0; i < COUNT_OF(plain_units); i++) {
        const struct plain_unit *plain = &plain_units[i];
        if (plain->dimension == fact->dimension && plain->name.length == unit.length &&
            memcmp(plain->name.bytes, unit.bytes, unit.length) == 0) {
            return scale_plain(digits, decimals < 0 ? 0 : decimals, plain->factor, value) &&
                   *value <= quantity_largest(fact->dimension);
        }
    }
    return false;
}

static bool parse_bound(const struct value_context *context, struct text input, int64_t *value) {
    if (input.length == 0) {
        return refuse(context, "a number is missing", "缺少数字");
    }
    if (is_quantity(context->fact) && parse_plain(context->fact, input, value)) {
        return true;
    }
    struct failure inner = {.chinese = is_chinese(context)};
    if (!is_quantity(context->fact)) {
        return calendar_parse_instant(input, context->plan->zone_minutes, value, &inner) || refuse_as(context, &inner);
    }
    if (!refuse_vague_word(context, input)) {
        return false;
    }
    return quantity_parse(input, context->fact->dimension, value, &inner) || refuse_as(context, &inner);
}

/* The left end of "0.3..0.6 ha" has the unit of the right one. */
static bool parse_left_bound(const struct value_context *context, struct text left, struct text right, int64_t *value) {
    struct text unit = find_unit(right);
    if (!is_quantity(context->fact) || !is_bare_number(left) || unit.length == 0) {
        return parse_bound(context, left, value);
    }
    char whole[INPUT_ROOM * 2];
    int length = snprintf(whole, sizeof whole, "%.*s %.*s", TEXT_PRINT(left), TEXT_PRINT(unit));
    return parse_bound(context, (struct text){whole, (size_t)length}, value);
}

static bool refuse_empty(const struct value_context *context) {
    return refuse_shown(context, "is an empty range: no value lies in it", "是空的范围，没有任何取值");
}

/* Holds the ends against the declared range. */
static bool check_range(const struct value_context *context, int64_t low, int64_t high) {
    const struct plan_fact *fact = context->fact;
    if (low > high) {
        return refuse_empty(context);
    }
    if (low >= fact->low && high <= fact->high) {
        return true;
    }
    char field[FIELD_ROOM];
    char least[QUANTITY_ROOM];
    char most[QUANTITY_ROOM];
    quantity_print(fact->dimension, fact->low, least);
    quantity_print(fact->dimension, fact->high, most);
    return failure_say_field(context->failure, name_field(context, field),
                             "\"%.*s\" is out of range; it goes from %s to %s", "“%.*s”超出范围，应在 %s 至 %s 之间",
                             TEXT_PRINT(context->shown), least, most);
}

/* Turns a comparison with a number into a range. */
static bool apply_comparison(const struct value_context *context, enum comparison comparison, int64_t value,
                             int64_t *low, int64_t *high) {
    const struct plan_fact *fact = context->fact;
    if (!check_range(context, value, value)) {
        return false;
    }
    *low = fact->low;
    *high = fact->high;
    switch (comparison) {
    case EQUAL:
        *low = value;
        *high = value;
        break;
    case AT_LEAST:
        *low = value;
        break;
    case AT_MOST:
        *high = value;
        break;
    case MORE_THAN:
        *low = value + 1; /* value is far from INT64_MAX: within a declared range or the calendar */
        break;
    case LESS_THAN:
        *high = value - 1;
        break;
    }
    return *low <= *high || refuse_empty(context);
}

static bool check_calendar(const struct value_context *context, int64_t low, int64_t high) {
    if (is_quantity(context->fact)) {
        return true;
    }
    int32_t zone = context->plan->zone_minutes;
    bool is_low_good = low == INT64_MIN || is_in_calendar(low, zone);
    bool is_high_good = high == INT64_MAX || is_in_calendar(high, zone);
    return (is_low_good && is_high_good) ||
           refuse(context, "it lies beyond the calendar (years 1 to 9999)", "超出日历范围（公元 1 至 9999 年）");
}

/* A range that the words of a figure give (约3亩, 三四个), held against the declared one. */
static bool take_figure(const struct value_context *context, const struct figure *figure, int64_t *low, int64_t *high) {
    static const enum comparison comparisons[] = {[FIGURE_WITHIN] = EQUAL,
                                                  [FIGURE_AT_LEAST] = AT_LEAST,
                                                  [FIGURE_AT_MOST] = AT_MOST,
                                                  [FIGURE_MORE] = MORE_THAN,
                                                  [FIGURE_LESS] = LESS_THAN};
    const struct plan_fact *fact = context->fact;
    if (figure->is_undeclared) {
        return refuse_shown(context,
                            "says about, and the plan does not say how far off that may be; write both ends, such as "
                            "2..4",
                            "说的是约数，预案没有规定约数的上下范围，请写明两端，如 2..4");
    }
    if (figure->comparison != FIGURE_WITHIN) {
        return apply_comparison(context, comparisons[figure->comparison], figure->low, low, high);
    }
    *low = figure->low;
    *high = figure->high;
    if (figure->is_about && *low <= fact->high && *high >= fact->low) { /* the spread ends where the values do */
        *low = *low < fact->low ? fact->low : *low;
        *high = *high > fact->high ? fact->high : *high;
    }
    return check_range(context, *low, *high);
}

/* As people say it. False, and nothing is wrong yet, when all of the input is no such figure. */
static bool find_figure(const struct value_context *context, struct text input, struct figure *figure) {
    struct figure readings[FIGURE_READINGS];
    char room[INPUT_ROOM];
    struct text narrow = {0};
    if (!is_quantity(context->fact) || input.length >= INPUT_ROOM || !make_narrow(context, input, room, &narrow)) {
        return false;
    }
    const struct figure_setting setting =
        figure_find_setting(context->plan, (uint16_t)(context->fact - context->plan->facts));
    size_t count = figure_read_quantity(&setting, context->fact->dimension, narrow, 0, readings);
    for (size_t i = 0; i < count; i++) {
        if (readings[i].end == narrow.length && !readings[i].is_vague) {
            *figure = readings[i];
            return true;
        }
    }
    return false;
}

/* Quantities and times, as the log and `decide` spell them. */
static bool parse_spelt_range(const struct value_context *context, struct text input, int64_t *low, int64_t *high) {
    char room[INPUT_ROOM];
    struct text rest = {0};
    if (!make_narrow(context, input, room, &rest)) {
        return false;
    }
    enum comparison comparison = take_comparison(&rest);
    struct text left = {0};
    struct text right = {0};
    if (comparison == EQUAL && split_range(rest, &left, &right)) {
        return parse_left_bound(context, left, right, low) && parse_bound(context, right, high) &&
               check_range(context, *low, *high) && check_calendar(context, *low, *high);
    }
    int64_t value = 0;
    return parse_bound(context, rest, &value) && apply_comparison(context, comparison, value, low, high) &&
           check_calendar(context, *low, *high);
}

/* Quantities and times; what is not spelt so may be a figure as people say it. */
static bool parse_range(const struct value_context *context, struct text input, int64_t *low, int64_t *high) {
    struct failure inner = {.chinese = is_chinese(context)};
    struct value_context spelt = *context;
    struct figure figure;
    spelt.failure = &inner;
    if (parse_spelt_range(&spelt, input, low, high)) {
        return true;
    }
    if (find_figure(context, input, &figure)) {
        return take_figure(context, &figure, low, high);
    }
    if (context->failure != NULL && !context->failure->set) {
        *context->failure = inner;
    }
    return false;
}

/* ---- flags, choices, series ------------------------------------------------------------------------------- */

static bool parse_flag(const struct value_context *context, struct text input, int64_t *low, int64_t *high) {
    bool is_yes = is_word(input, "yes") || is_word(input, "true") || text_equals_string(input, "是");
    bool is_no = is_word(input, "no") || is_word(input, "false") || text_equals_string(input, "否");
    if (!is_yes && !is_no) {
        return refuse_shown(context, "is neither yes nor no; write yes, no or unknown (是, 否, 不明)",
                            "既不是“是”也不是“否”，请填是、否或不明");
    }
    *low = is_yes ? 1 : 0;
    *high = *low;
    return true;
}

/* Length of the sign that joins two names ("|", "｜", "或") at an offset, 0 when there is none. */
static size_t measure_joint(struct text input, size_t at) {
    static const struct text joints[] = {TEXT_INITIAL("|"), TEXT_INITIAL("｜"), TEXT_INITIAL("或")};
    for (size_t i = 0; i < COUNT_OF(joints); i++) {
        if (text_starts_with(slice(input, at, input.length), joints[i])) {
            return joints[i].length;
        }
    }
    return 0;
}

/* True when a name that ends here is followed by a joint or by nothing. */
static bool is_name_end(struct text input, size_t at) {
    struct text rest = text_trim(slice(input, at, input.length));
    return rest.length == 0 || measure_joint(rest, 0) > 0;
}

/* Takes the longest known name, or a name in single quotes, from the start of *rest. */
static bool take_choice(const struct value_context *context, struct text *rest, int *choice) {
    const struct plan_fact *fact = context->fact;
    size_t taken = 0;
    *choice = -1;
    if (rest->length > 1 && rest->bytes[0] == '\'') {
        const char *end = memchr(rest->bytes + 1, '\'', rest->length - 1);
        if (end != NULL) {
            *choice = plan_find_choice(fact, slice(*rest, 1, (size_t)(end - rest->bytes)));
            taken = (size_t)(end - rest->bytes) + 1;
        }
    }
    for (uint16_t i = 0; *choice < 0 && i < fact->choice_count; i++) {
        struct text name = fact->choices[i];
        if (name.length > taken && text_starts_with(*rest, name) && is_name_end(*rest, name.length)) {
            taken = name.length;
        }
    }
    if (*choice < 0 && taken > 0) {
        *choice = plan_find_choice(fact, slice(*rest, 0, taken));
    }
    if (*choice < 0) {
        size_t end = 0;
        while (end < rest->length && measure_joint(*rest, end) == 0) {
            end++;
        }
        return refuse_choice(context, text_trim(slice(*rest, 0, end)));
    }
    *rest = text_trim(slice(*rest, taken, rest->length));
    return true;
}

static bool parse_choices(const struct value_context *context, struct text input, int64_t *low, int64_t *high) {
    struct text rest = input;
    *low = 0;
    *high = 0;
    for (;;) {
        int choice = -1;
        if (!take_choice(context, &rest, &choice)) {
            return false;
        }
        *low |= INT64_C(1) << ((unsigned)choice % PLAN_CHOICES_MAX);
        if (rest.length == 0) {
            return true;
        }
        size_t joint = measure_joint(rest, 0);
        if (joint == 0) {
            return refuse_choice(context, rest);
        }
        rest = text_trim(slice(rest, joint, rest.length));
    }
}

static bool parse_day_value(const struct value_context *context, struct text name, int64_t *value) {
    struct text bare = name;
    if (bare.length > 1 && bare.bytes[0] == '\'' && bare.bytes[bare.length - 1] == '\'') {
        bare = slice(bare, 1, bare.length - 1);
    }
    int found = plan_find_choice(context->fact, bare);
    if (found < 0) {
        return refuse_choice(context, name);
    }
    *value = found;
    return true;
}

static bool parse_day_values(const struct value_context *context, struct text input, int64_t *low, int64_t *high) {
    struct text rest = input;
    struct text left = {0};
    struct text right = {0};
    int64_t value = plan_find_choice(context->fact, input);
    if (value < 0) {
        enum comparison comparison = take_comparison(&rest);
        if (comparison == EQUAL && split_range(rest, &left, &right) && plan_find_choice(context->fact, rest) < 0) {
            return parse_day_value(context, left, low) && parse_day_value(context, right, high) &&
                   (*low <= *high || refuse_empty(context));
        }
        if (!parse_day_value(context, rest, &value)) {
            return false;
        }
        *low = comparison == EQUAL || comparison == AT_LEAST ? value : comparison == MORE_THAN ? value + 1 : 0;
        *high = comparison == EQUAL || comparison == AT_MOST ? value
                : comparison == LESS_THAN                    ? value - 1
                                                             : context->fact->choice_count - 1;
        return *low <= *high || refuse_empty(context);
    }
    *low = value;
    *high = value;
    return true;
}

/* ---- interface -------------------------------------------------------------------------------------------- */

static void find_unknown(const struct plan_fact *fact, int64_t *low, int64_t *high) {
    *low = fact->low;
    *high = fact->high;
    if (fact->type == PLAN_CHOICE) {
        *low = (int64_t)((UINT64_C(1) << fact->choice_count) - 1);
        *high = 0;
    } else if (fact->type == PLAN_SERIES) {
        *low = 0;
        *high = fact->choice_count - 1;
    } else if (fact->type == PLAN_FLAG) {
        *low = 0;
        *high = 1;
    }
}

bool fact_value_parse(const struct plan *plan, uint16_t fact, struct text input, int64_t *low, int64_t *high,
                      struct failure *failure) {
    const struct plan_fact *declared = &plan->facts[fact];
    struct text trimmed = text_trim(input);
    const struct value_context context = {plan, declared, text_cut(trimmed, SHOWN_LENGTH), failure};
    int64_t found_low = 0;
    int64_t found_high = 0;
    bool is_good = false;
    if (text_find_invalid_utf8(trimmed) >= 0) {
        return refuse(&context, "the value is no valid UTF-8", "填写的内容不是有效的 UTF-8 文本");
    }
    if (trimmed.length == 0) {
        return refuse(&context, "the value is empty; write \"unknown\" (不明) for what is not known",
                      "没有填写；不清楚的请填“不明”");
    }
    if (is_unknown_word(declared, trimmed)) {
        find_unknown(declared, low, high);
        return true;
    }
    switch (declared->type) {
    case PLAN_QUANTITY:
    case PLAN_TIME:
        is_good = parse_range(&context, trimmed, &found_low, &found_high);
        break;
    case PLAN_FLAG:
        is_good = parse_flag(&context, trimmed, &found_low, &found_high);
        break;
    case PLAN_CHOICE:
        is_good = parse_choices(&context, trimmed, &found_low, &found_high);
        break;
    case PLAN_SERIES:
        is_good = parse_day_values(&context, trimmed, &found_low, &found_high);
        break;
    }
    if (is_good) {
        *low = found_low;
        *high = found_high;
    }
    return is_good;
}

static bool parse_json_names(const struct value_context *context, const json_t *value, int64_t *low, int64_t *high) {
    if (context->fact->type != PLAN_CHOICE) {
        return refuse(context, "a list is no value for it", "这一项不能填列表");
    }
    if (json_array_size(value) == 0) {
        return refuse(context, "the list is empty: no value lies in it", "列表是空的，没有任何取值");
    }
    int64_t set = 0;
    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *item = json_array_get(value, i);
        if (!json_is_string(item)) {
            return refuse(context, "the list must hold names of its values, as texts",
                          "列表里须是取值的名称，用文本写");
        }
        struct text name = {json_string_value(item), json_string_length(item)};
        int choice = plan_find_choice(context->fact, name);
        if (choice < 0) {
            return refuse_choice(context, name);
        }
        set |= INT64_C(1) << (unsigned)choice;
    }
    *low = set;
    *high = 0;
    return true;
}

static const char *describe_wanted(const struct value_context *context) {
    bool chinese = is_chinese(context);
    switch (context->fact->type) {
    case PLAN_QUANTITY:
        if (context->fact->dimension == QUANTITY_COUNT) {
            return chinese ? "请填整数（如 3），或文本（如“至少 2”）"
                           : "write a whole number such as 3, or a text such as \">= 2\"";
        }
        return chinese ? "请填带单位的数字，用文本写" : "write a text with number and unit";
    case PLAN_FLAG:
        return chinese ? "请填 true、false 或 null" : "write true, false or null";
    case PLAN_TIME:
        return chinese ? "请填文本，如“2022-02-25T14:05”" : "write a text such as \"2022-02-25T14:05\"";
    case PLAN_CHOICE:
        return chinese ? "请填一个取值的名称，用文本写" : "write the name of one of its values, as a text";
    case PLAN_SERIES:
        break;
    }
    return chinese ? "请填当天取值的名称，用文本写" : "write the name of one of its values for a day, as a text";
}

bool fact_value_from_json(const struct plan *plan, uint16_t fact, const json_t *value, int64_t *low, int64_t *high,
                          struct failure *failure) {
    const struct plan_fact *declared = &plan->facts[fact];
    struct value_context context = {plan, declared, {0}, failure};
    if (json_is_null(value)) {
        find_unknown(declared, low, high);
        return true;
    }
    if (json_is_string(value)) {
        struct text input = {json_string_value(value), json_string_length(value)};
        return fact_value_parse(plan, fact, input, low, high, failure);
    }
    if (json_is_array(value)) {
        return parse_json_names(&context, value, low, high);
    }
    if (json_is_boolean(value) && declared->type == PLAN_FLAG) {
        *low = json_is_true(value) ? 1 : 0;
        *high = *low;
        return true;
    }
    if (json_is_real(value) && declared->type == PLAN_QUANTITY && declared->dimension == QUANTITY_COUNT) {
        return refuse(&context, "a count is a whole number, written without a point or an exponent, such as 3",
                      "个数须为整数，不带小数点，也不用指数，如 3"); /* 2.99…9 has been made 3 by the JSON decoder */
    }
    char written[64];
    char field[FIELD_ROOM];
    (void)snprintf(written, sizeof written, "%s", is_chinese(&context) ? "对象" : "an object");
    if (json_is_number(value)) {
        if (json_is_integer(value)) {
            (void)snprintf(written, sizeof written, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        } else {
            (void)snprintf(written, sizeof written, "%.17g", json_real_value(value));
        }
        if (declared->type == PLAN_QUANTITY) {
            return fact_value_parse(plan, fact, text_of(written), low, high, failure);
        }
    } else if (json_is_boolean(value)) {
        (void)snprintf(written, sizeof written, "%s", json_is_true(value) ? "true" : "false");
    }
    return failure_say_field(failure, name_field(&context, field), "%s is no value for it; %s",
                             "%s 不能作为它的取值；%s", written, describe_wanted(&context));
}

/* ---- writing ---------------------------------------------------------------------------------------------- */

/* A value in digits and unit that parses back as itself. Areas count in thirds of a mm2, which only the mu can spell. */
static void write_quantity(const struct plan_fact *fact, int64_t value, struct buffer *out) {
    char shown[QUANTITY_ROOM];
    quantity_print(fact->dimension, value, shown);
    if (text_starts_with(text_of(shown), TEXT("≈"))) {
        int64_t rest = value % MU_FACTOR * (MU_DECIMALS / MU_FACTOR);
        buffer_print(out, "%" PRId64 ".%010" PRId64 " 亩", value / MU_FACTOR, rest);
        return;
    }
    buffer_append_string(out, shown);
}

static void write_bound(const struct plan *plan, const struct plan_fact *fact, int64_t value, struct buffer *out) {
    if (fact->type == PLAN_TIME) {
        char shown[CALENDAR_INSTANT_ROOM];
        calendar_print_instant(value, plan->zone_minutes, shown);
        buffer_append_string(out, shown);
        return;
    }
    write_quantity(fact, value, out);
}

/* A name that could be taken for something else stands in single quotes. */
static void write_name(const struct plan_fact *fact, struct text name, struct buffer *out) {
    bool is_odd = is_unknown_word(fact, name);
    struct text rest = name;
    struct text left = {0};
    struct text right = {0};
    (void)take_comparison(&rest);
    is_odd = is_odd || rest.length != name.length || split_range(name, &left, &right);
    for (size_t i = 0; i < name.length && !is_odd; i++) {
        is_odd = measure_joint(name, i) > 0;
    }
    buffer_print(out, is_odd ? "'%.*s'" : "%.*s", TEXT_PRINT(name));
}

static void write_choices(const struct plan_fact *fact, int64_t set, struct buffer *out) {
    bool is_first = true;
    for (uint16_t i = 0; i < fact->choice_count; i++) {
        if ((set & INT64_C(1) << i) != 0) {
            buffer_append_string(out, is_first ? "" : "|");
            write_name(fact, fact->choices[i], out);
            is_first = false;
        }
    }
}

void fact_value_write(const struct plan *plan, uint16_t fact, int64_t low, int64_t high, struct buffer *out) {
    const struct plan_fact *declared = &plan->facts[fact];
    int64_t whole_low = 0;
    int64_t whole_high = 0;
    find_unknown(declared, &whole_low, &whole_high);
    if (low == whole_low && high == whole_high && is_unknown_word(declared, TEXT("unknown"))) {
        buffer_append_string(out, "unknown");
    } else if (declared->type == PLAN_CHOICE) {
        write_choices(declared, low, out);
    } else if (declared->type == PLAN_FLAG) {
        buffer_append_string(out, low == 1 ? "yes" : "no");
    } else if (declared->type == PLAN_SERIES) {
        write_name(declared, declared->choices[low], out);
        if (high != low) {
            buffer_append_string(out, "..");
            write_name(declared, declared->choices[high], out);
        }
    } else if (low == high) {
        write_bound(plan, declared, low, out);
    } else if (high == whole_high) {
        buffer_append_string(out, ">= ");
        write_bound(plan, declared, low, out);
    } else if (low == whole_low) {
        buffer_append_string(out, "<= ");
        write_bound(plan, declared, high, out);
    } else {
        write_bound(plan, declared, low, out);
        buffer_append_string(out, "..");
        write_bound(plan, declared, high, out);
    }
}

/* ---- times ------------------------------------------------------------------------------------------------ */

enum fact_time fact_value_judge_time(const struct plan_fact *fact, int64_t low, int64_t high, int64_t now,
                                     int64_t first_report_at) {
    if (fact->type != PLAN_TIME) {
        return FACT_TIME_FINE;
    }
    if (low > now || (high > now && high != fact->high)) {
        return FACT_TIME_FUTURE;
    }
    return fact->not_after_first && low > first_report_at ? FACT_TIME_AFTER_REPORT : FACT_TIME_FINE;
}
