#include "plan/keyword.h"

#include <string.h>

struct spelling {
    enum keyword keyword;
    const char *text; /* words with one blank between them */
};

/* The first spelling of a keyword in each language is the one that messages use. */
static const struct spelling spellings[] = {
    {KEYWORD_PLAN, "plan"},
    {KEYWORD_PLAN, "预案"},
    {KEYWORD_VERSION, "version"},
    {KEYWORD_VERSION, "版本"},
    {KEYWORD_DOCUMENT, "document"},
    {KEYWORD_DOCUMENT, "文号"},
    {KEYWORD_TITLE, "title"},
    {KEYWORD_TITLE, "标题"},
    {KEYWORD_ISSUER, "issuer"},
    {KEYWORD_ISSUER, "发文机关"},
    {KEYWORD_ISSUED, "issued"},
    {KEYWORD_ISSUED, "印发"},
    {KEYWORD_ZONE, "zone"},
    {KEYWORD_ZONE, "时区"},
    {KEYWORD_LANGUAGE, "language"},
    {KEYWORD_LANGUAGE, "语言"},
    {KEYWORD_UNIT, "unit"},
    {KEYWORD_UNIT, "单位"},
    {KEYWORD_CONTACT, "contact"},
    {KEYWORD_CONTACT, "电话簿"},
    {KEYWORD_OFFICE, "office"},
    {KEYWORD_OFFICE, "职务"},
    {KEYWORD_TEAM, "team"},
    {KEYWORD_TEAM, "队伍"},
    {KEYWORD_GROUP, "group"},
    {KEYWORD_GROUP, "单位组"},
    {KEYWORD_ROLE, "role"},
    {KEYWORD_ROLE, "角色"},
    {KEYWORD_ALIAS, "alias"},
    {KEYWORD_ALIAS, "又称"},
    {KEYWORD_HELD_BY, "held by"},
    {KEYWORD_HELD_BY, "由任"},
    {KEYWORD_MANY, "many"},
    {KEYWORD_MANY, "可多个"},
    {KEYWORD_BY_PLACE_AMONG, "by place among"},
    {KEYWORD_BY_PLACE_AMONG, "按地点取自"},
    {KEYWORD_BOUND_BY, "bound by"},
    {KEYWORD_BOUND_BY, "指定者"},
    {KEYWORD_KIND, "kind"},
    {KEYWORD_KIND, "类别"},
    {KEYWORD_STRENGTH, "strength"},
    {KEYWORD_STRENGTH, "人数"},
    {KEYWORD_OFFICE_PHONE, "office-phone"},
    {KEYWORD_OFFICE_PHONE, "办公电话"},
    {KEYWORD_DUTY_PHONE, "duty-phone"},
    {KEYWORD_DUTY_PHONE, "值班电话"},
    {KEYWORD_FAX, "fax"},
    {KEYWORD_FAX, "传真"},
    {KEYWORD_PHONE, "phone"},
    {KEYWORD_PHONE, "电话号码"},
    {KEYWORD_PART, "part"},
    {KEYWORD_PART, "分部"},
    {KEYWORD_SETTING, "setting"},
    {KEYWORD_SETTING, "本地设定"},
    {KEYWORD_BECAUSE, "because"},
    {KEYWORD_BECAUSE, "因为"},
    {KEYWORD_ABOUT, "about"},
    {KEYWORD_ABOUT, "约指"},
    {KEYWORD_PERCENT, "percent"},
    {KEYWORD_PERCENT, "百分点"},
    {KEYWORD_CHAIN, "chain"},
    {KEYWORD_CHAIN, "上报链"},
    {KEYWORD_EVERY, "every"},
    {KEYWORD_EVERY, "每"},
    {KEYWORD_INCIDENT, "incident"},
    {KEYWORD_INCIDENT, "事件"},
    {KEYWORD_STANDING, "standing"},
    {KEYWORD_STANDING, "常设"},
    {KEYWORD_SCALE, "scale"},
    {KEYWORD_SCALE, "等级"},
    {KEYWORD_LEVELS, "levels"},
    {KEYWORD_LEVELS, "级别"},
    {KEYWORD_GIVEN, "given"},
    {KEYWORD_GIVEN, "前提"},
    {KEYWORD_PROPOSED_BY, "proposed by"},
    {KEYWORD_PROPOSED_BY, "提请者"},
    {KEYWORD_ORDERED_BY, "ordered by"},
    {KEYWORD_ORDERED_BY, "决定者"},
    {KEYWORD_RAISED_BY, "raised by"},
    {KEYWORD_RAISED_BY, "可提级者"},
    {KEYWORD_AUTOMATIC_FOR, "automatic for"},
    {KEYWORD_AUTOMATIC_FOR, "自动执行"},
    {KEYWORD_FOR, "for"},
    {KEYWORD_FOR, "用于"},
    {KEYWORD_DECIDE_WITHIN, "decide within"},
    {KEYWORD_DECIDE_WITHIN, "决定限时"},
    {KEYWORD_ENDS_WHEN, "ends when"},
    {KEYWORD_ENDS_WHEN, "终止于"},
    {KEYWORD_REOPENS_WHEN, "reopens when"},
    {KEYWORD_REOPENS_WHEN, "重启于"},
    {KEYWORD_WHEN, "when"},
    {KEYWORD_WHEN, "at"},
    {KEYWORD_WHEN, "当"},
    {KEYWORD_LITERAL, "literal"},
    {KEYWORD_LITERAL, "字面"},
    {KEYWORD_ACCEPT, "accept"},
    {KEYWORD_ACCEPT, "接受"},
    {KEYWORD_WITH, "with"},
    {KEYWORD_WITH, "会同"},
    {KEYWORD_ON_OPEN_OF, "on open of"},
    {KEYWORD_ON_OPEN_OF, "启动于"},
    {KEYWORD_ON_DONE_OF, "on done of"},
    {KEYWORD_ON_DONE_OF, "完成后"},
    {KEYWORD_COMMAND, "command"},
    {KEYWORD_COMMAND, "指挥机构"},
    {KEYWORD_POSITION, "position"},
    {KEYWORD_POSITION, "职位"},
    {KEYWORD_WORK_GROUP, "work-group"},
    {KEYWORD_WORK_GROUP, "工作组"},
    {KEYWORD_LED_BY, "led by"},
    {KEYWORD_LED_BY, "牵头"},
    {KEYWORD_CALLING, "calling"},
    {KEYWORD_CALLING, "调动顺序"},
    {KEYWORD_HANDLING, "handling"},
    {KEYWORD_HANDLING, "处置流程"},
    {KEYWORD_STEP, "step"},
    {KEYWORD_STEP, "步骤"},
    {KEYWORD_ASKS, "asks"},
    {KEYWORD_ASKS, "询问"},
    {KEYWORD_THROUGH, "through"},
    {KEYWORD_THROUGH, "办理"},
    {KEYWORD_DONE_WHEN, "done when"},
    {KEYWORD_DONE_WHEN, "完成于"},
    {KEYWORD_FORM, "form"},
    {KEYWORD_FORM, "文书"},
    {KEYWORD_SPOKEN, "spoken"},
    {KEYWORD_SPOKEN, "口述"},
    {KEYWORD_SIGNED_BY, "signed by"},
    {KEYWORD_SIGNED_BY, "签发者"},
    {KEYWORD_PARAGRAPH, "paragraph"},
    {KEYWORD_PARAGRAPH, "段落"},
    {KEYWORD_HEADING, "heading"},
    {KEYWORD_HEADING, "小标题"},
    {KEYWORD_LIST, "list"},
    {KEYWORD_LIST, "列出"},
    {KEYWORD_FORCES, "forces"},
    {KEYWORD_FORCES, "各方力量"},
    {KEYWORD_TIMELINE, "timeline"},
    {KEYWORD_TIMELINE, "处置经过"},
    {KEYWORD_DUTIES, "duties"},
    {KEYWORD_DUTIES, "各项职责"},
    {KEYWORD_KNOWN, "known"},
    {KEYWORD_KNOWN, "已知"},
    {KEYWORD_PROSE, "prose"},
    {KEYWORD_PROSE, "说明"},
    {KEYWORD_FINDING, "finding"},
    {KEYWORD_FINDING, "发现"},
    {KEYWORD_FACT, "fact"},
    {KEYWORD_FACT, "事实"},
    {KEYWORD_DERIVED, "derived"},
    {KEYWORD_DERIVED, "推算"},
    {KEYWORD_CONDITION, "condition"},
    {KEYWORD_CONDITION, "条件"},
    {KEYWORD_COUNT, "count"},
    {KEYWORD_COUNT, "数量"},
    {KEYWORD_DURATION, "duration"},
    {KEYWORD_DURATION, "时长"},
    {KEYWORD_AREA, "area"},
    {KEYWORD_AREA, "面积"},
    {KEYWORD_LENGTH, "length"},
    {KEYWORD_LENGTH, "长度"},
    {KEYWORD_VOLUME, "volume"},
    {KEYWORD_VOLUME, "体积"},
    {KEYWORD_FLOW, "flow"},
    {KEYWORD_FLOW, "流量"},
    {KEYWORD_TIME, "time"},
    {KEYWORD_TIME, "时刻"},
    {KEYWORD_FLAG, "flag"},
    {KEYWORD_FLAG, "是否"},
    {KEYWORD_ONE_OF, "one of"},
    {KEYWORD_ONE_OF, "取值"},
    {KEYWORD_SERIES_OF, "series of"},
    {KEYWORD_SERIES_OF, "逐日"},
    {KEYWORD_MORE_IS_WORSE, "more is worse"},
    {KEYWORD_MORE_IS_WORSE, "越多越重"},
    {KEYWORD_LESS_IS_WORSE, "less is worse"},
    {KEYWORD_LESS_IS_WORSE, "越少越重"},
    {KEYWORD_YES_IS_WORSE, "yes is worse"},
    {KEYWORD_YES_IS_WORSE, "是为重"},
    {KEYWORD_NO_IS_WORSE, "no is worse"},
    {KEYWORD_NO_IS_WORSE, "否为重"},
    {KEYWORD_OBSERVED_OR_PREDICTED, "observed or predicted"},
    {KEYWORD_OBSERVED_OR_PREDICTED, "含预判"},
    {KEYWORD_NEVER_FALLS, "never falls"},
    {KEYWORD_NEVER_FALLS, "只增不减"},
    {KEYWORD_NEVER_AFTER_FIRST_REPORT, "never after first report"},
    {KEYWORD_NEVER_AFTER_FIRST_REPORT, "不晚于首报"},
    {KEYWORD_UNKNOWN_AS, "unknown as"},
    {KEYWORD_UNKNOWN_AS, "不明作"},
    {KEYWORD_PRESUMED, "presumed"},
    {KEYWORD_PRESUMED, "默认"},
    {KEYWORD_HEARD_AS, "heard as"},
    {KEYWORD_HEARD_AS, "听作"},
    {KEYWORD_FROM, "from"},
    {KEYWORD_FROM, "自"},
    {KEYWORD_NOW, "now"},
    {KEYWORD_NOW, "现在"},
    {KEYWORD_UNTIL, "until"},
    {KEYWORD_UNTIL, "直至"},
    {KEYWORD_AND, "and"},
    {KEYWORD_AND, "且"},
    {KEYWORD_OR, "or"},
    {KEYWORD_OR, "或"},
    {KEYWORD_NOT, "not"},
    {KEYWORD_NOT, "非"},
    {KEYWORD_ANY, "any"},
    {KEYWORD_ANY, "任一"},
    {KEYWORD_ALL, "all"},
    {KEYWORD_ALL, "全部"},
    {KEYWORD_IN, "in"},
    {KEYWORD_IN, "属于"},
    {KEYWORD_YES, "yes"},
    {KEYWORD_YES, "是"},
    {KEYWORD_NO, "no"},
    {KEYWORD_NO, "否"},
    {KEYWORD_LAST, "last"},
    {KEYWORD_LAST, "最近"},
    {KEYWORD_NEXT, "next"},
    {KEYWORD_NEXT, "未来"},
    {KEYWORD_DAYS, "days"},
    {KEYWORD_DAYS, "天"},
    {KEYWORD_NONE_LEVEL, "none"},
    {KEYWORD_NONE_LEVEL, "无"},
    {KEYWORD_DUTY, "duty"},
    {KEYWORD_DUTY, "职责"},
    {KEYWORD_OPTION, "option"},
    {KEYWORD_OPTION, "可选"},
    {KEYWORD_DECISION, "decision"},
    {KEYWORD_DECISION, "待决"},
    {KEYWORD_FORBID, "forbid"},
    {KEYWORD_FORBID, "禁止"},
    {KEYWORD_NOTICE, "notice"},
    {KEYWORD_NOTICE, "提示"},
    {KEYWORD_RECIPIENT, "recipient"},
    {KEYWORD_RECIPIENT, "接收者"},
    {KEYWORD_OF, "of"},
    {KEYWORD_OF, "由"},
    {KEYWORD_TO, "to"},
    {KEYWORD_TO, "向"},
    {KEYWORD_TO, "至"},
    {KEYWORD_VIA, "via"},
    {KEYWORD_VIA, "经"},
    {KEYWORD_WRITTEN, "written"},
    {KEYWORD_WRITTEN, "书面"},
    {KEYWORD_WITHIN, "within"},
    {KEYWORD_WITHIN, "限"},
    {KEYWORD_BY, "by"},
    {KEYWORD_BY, "截至"},
    {KEYWORD_ACKNOWLEDGE_WITHIN, "acknowledge within"},
    {KEYWORD_ACKNOWLEDGE_WITHIN, "签收限"},
    {KEYWORD_CONTINUES, "continues"},
    {KEYWORD_CONTINUES, "持续"},
    {KEYWORD_MET_BY_FIRST_REPORT, "met by first report"},
    {KEYWORD_MET_BY_FIRST_REPORT, "首报即办"},
    {KEYWORD_REPLACES, "replaces"},
    {KEYWORD_REPLACES, "取代"},
    {KEYWORD_PROOF, "proof"},
    {KEYWORD_PROOF, "佐证"},
    {KEYWORD_TEAMS_OF, "teams of"},
    {KEYWORD_TEAMS_OF, "所属队伍"},
    {KEYWORD_REQUEST, "request"},
    {KEYWORD_REQUEST, "请求"},
    {KEYWORD_DAY, "day"},
    {KEYWORD_DAY, "日"},
    {KEYWORD_MONTH, "month"},
    {KEYWORD_MONTH, "月"},
    {KEYWORD_QUARTER, "quarter"},
    {KEYWORD_QUARTER, "季度"},
    {KEYWORD_HALF_YEAR, "half-year"},
    {KEYWORD_HALF_YEAR, "半年"},
    {KEYWORD_YEAR, "year"},
    {KEYWORD_YEAR, "年"},
    {KEYWORD_AT_LEAST, "不少于"},
    {KEYWORD_AT_MOST, "不超过"},
    {KEYWORD_MORE_THAN, "超过"},
    {KEYWORD_LESS_THAN, "少于"},
    {KEYWORD_EQUALS, "等于"},
    {KEYWORD_DIFFERS, "不等于"},
};
#define SPELLING_COUNT (sizeof spellings / sizeof spellings[0])

/* How many of the words the phrase takes, 0 when they do not spell it. */
static uint8_t match_phrase(const char *phrase, const struct text *words, uint32_t count) {
    uint8_t taken = 0;
    while (true) {
        const char *blank = strchr(phrase, ' ');
        size_t length = blank != NULL ? (size_t)(blank - phrase) : strlen(phrase);
        if (taken >= count || words[taken].length != length || memcmp(words[taken].bytes, phrase, length) != 0) {
            return 0;
        }
        taken++;
        if (blank == NULL) {
            return taken;
        }
        phrase = blank + 1;
    }
}

enum keyword keyword_match(const struct text *words, uint32_t count, uint8_t *taken) {
    enum keyword longest = KEYWORD_NONE;
    *taken = 0;
    for (size_t i = 0; i < SPELLING_COUNT && count > 0; i++) {
        if (words[0].length == 0 || spellings[i].text[0] != words[0].bytes[0]) {
            continue;
        }
        uint8_t length = match_phrase(spellings[i].text, words, count);
        if (length > *taken) {
            *taken = length;
            longest = spellings[i].keyword;
        }
    }
    return longest;
}

bool keyword_is_reserved(struct text word) {
    for (size_t i = 0; i < SPELLING_COUNT && word.length > 0; i++) {
        if (spellings[i].text[0] != word.bytes[0]) {
            continue;
        }
        size_t length = strcspn(spellings[i].text, " ");
        if (word.length == length && memcmp(word.bytes, spellings[i].text, length) == 0) {
            return true;
        }
    }
    return false;
}

size_t keyword_chinese_start(struct text text) {
    size_t longest = 0;
    for (size_t i = 0; i < SPELLING_COUNT; i++) {
        struct text spelling = text_of(spellings[i].text);
        bool is_chinese = ((unsigned char)spelling.bytes[0] & 0x80U) != 0;
        if (is_chinese && spelling.length > longest && text_starts_with(text, spelling)) {
            longest = spelling.length;
        }
    }
    return longest;
}

const char *keyword_name(enum keyword keyword) {
    for (size_t i = 0; i < SPELLING_COUNT; i++) {
        if (spellings[i].keyword == keyword) {
            return spellings[i].text;
        }
    }
    return "";
}

static bool is_wanted(enum keyword keyword, const enum keyword *wanted) {
    if (wanted == NULL) {
        return true;
    }
    while (*wanted != KEYWORD_NONE && *wanted != keyword) {
        wanted++;
    }
    return *wanted == keyword;
}

/* The word with ASCII capitals made small, cut to the room. */
static struct text lower(struct text word, char *room, size_t size) {
    size_t length = word.length < size ? word.length : size;
    for (size_t i = 0; i < length; i++) {
        char byte = word.bytes[i];
        room[i] = byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
    }
    return (struct text){room, length};
}

/* Of two words equally near, the one that ends as the misspelt one does is the likelier: withn is within, not with. */
static bool ends_alike(struct text left, struct text right) {
    return left.length > 0 && right.length > 0 && left.bytes[left.length - 1] == right.bytes[right.length - 1];
}

/* Words that authors write for a keyword, and that no misspelling leads to. */
static const struct {
    const char *word;
    enum keyword keyword;
    const char *text;
} strangers[] = {
    {"义务", KEYWORD_DUTY, "职责"},  {"任务", KEYWORD_DUTY, "职责"},     {"责任", KEYWORD_DUTY, "职责"},
    {"task", KEYWORD_DUTY, "duty"},  {"部门", KEYWORD_UNIT, "单位"},     {"岗位", KEYWORD_OFFICE, "职务"},
    {"规则", KEYWORD_SCALE, "等级"}, {"如果", KEYWORD_WHEN, "当"},       {"if", KEYWORD_WHEN, "when"},
    {"以及", KEYWORD_AND, "且"},     {"并且", KEYWORD_AND, "且"},        {"或者", KEYWORD_OR, "或"},
    {"布尔", KEYWORD_FLAG, "是否"},  {"number", KEYWORD_COUNT, "count"}, {"数字", KEYWORD_COUNT, "数量"},
    {"时间", KEYWORD_TIME, "时刻"},  {"建议", KEYWORD_OPTION, "可选"},   {"通知", KEYWORD_NOTICE, "提示"},
    {"时限", KEYWORD_WITHIN, "限"},  {"通过", KEYWORD_VIA, "经"},
};

static struct text suggest_for_stranger(struct text word, const enum keyword *wanted) {
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
        if (is_wanted(strangers[i].keyword, wanted) && text_equals_string(word, strangers[i].word)) {
            return text_of(strangers[i].text);
        }
    }
    return (struct text){NULL, 0};
}

static uint32_t count_words(const char *spelling) {
    uint32_t count = 1;
    for (; *spelling != '\0'; spelling++) {
        count += *spelling == ' ' ? 1 : 0;
    }
    return count;
}

struct text keyword_suggest_phrase(struct text phrase, uint32_t words, const enum keyword *wanted) {
    char room[96];
    struct text small = lower(phrase, room, sizeof room);
    uint32_t limit = 3;
    struct text found = {NULL, 0};
    for (size_t i = 0; i < SPELLING_COUNT; i++) {
        if (!is_wanted(spellings[i].keyword, wanted) || count_words(spellings[i].text) != words) {
            continue;
        }
        uint32_t distance = text_measure_distance(small, text_of(spellings[i].text), limit);
        if (distance < limit) {
            limit = distance;
            found = text_of(spellings[i].text);
        }
    }
    return found;
}

static bool is_chinese(const char *spelling) {
    return ((unsigned char)spelling[0] & 0x80U) != 0;
}

const char *keyword_chinese_name(enum keyword keyword) {
    for (size_t i = 0; i < SPELLING_COUNT; i++) {
        if (spellings[i].keyword == keyword && is_chinese(spellings[i].text)) {
            return spellings[i].text;
        }
    }
    return keyword_name(keyword);
}

struct text keyword_glued(struct text word, const enum keyword *wanted) {
    struct text longest = {NULL, 0};
    for (size_t i = 0; i < SPELLING_COUNT; i++) {
        struct text spelling = text_of(spellings[i].text);
        if (is_wanted(spellings[i].keyword, wanted) && is_chinese(spelling.bytes) && spelling.length > longest.length &&
            spelling.length < word.length && text_starts_with(word, spelling)) {
            longest = spelling;
        }
    }
    return longest;
}

struct text keyword_character(enum keyword keyword) {
    for (size_t i = 0; i < SPELLING_COUNT; i++) {
        struct text spelling = text_of(spellings[i].text);
        if (spellings[i].keyword == keyword && is_chinese(spelling.bytes) && text_count_code_points(spelling) == 1) {
            return spelling;
        }
    }
    return (struct text){NULL, 0};
}

struct text keyword_suggest(struct text word, const enum keyword *wanted) {
    char room[64];
    struct text small = lower(word, room, sizeof room);
    size_t characters = text_count_code_points(word);
    uint32_t limit = characters <= 1 ? 0 : characters <= 5 ? 1 : 2;
    struct text found = {NULL, 0};
    for (size_t i = 0; i < SPELLING_COUNT; i++) {
        struct text whole = text_of(spellings[i].text);
        struct text first = {whole.bytes, strcspn(whole.bytes, " ")};
        if (!is_wanted(spellings[i].keyword, wanted)) {
            continue;
        }
        uint32_t distance = text_measure_distance(small, whole, limit);
        uint32_t first_distance = text_measure_distance(small, first, limit);
        distance = first_distance < distance ? first_distance : distance;
        bool is_nearer = distance < limit || (found.length == 0 && distance == limit);
        bool is_likelier = distance == limit && ends_alike(small, whole) && !ends_alike(small, found);
        if (is_nearer || is_likelier) {
            limit = distance;
            found = whole;
        }
    }
    return found.length > 0 ? found : suggest_for_stranger(word, wanted);
}
