/* Proves: the forms of published texts are read as docs/gazette.md says: numbers and how they lead to names, what belongs
 * under what, headings, sentences, dates, document numbers, annexes, entries, tables, glossary. */
#include "reading.h"

#include "base/calendar.h"

#include "check.h"

#include <string.h>

/* ---- names ------------------------------------------------------------------------------------------------ */

/* A text of one document, and all names in it with their numbers of sentences. */
static void test_names(void **state) {
    (void)state;
    static const struct {
        const char *text, *names;
    } cases[] = {
        /* decimals, with and without blanks */
        {"甲计划\n\n1 总则\n1.1 目的\n甲。\n1.2 依据\n乙。丙。\n2 附则\n丁。\n", "1 1.1#1 1.2#2 2#1"},
        {"甲计划\n\n1总则\n1.1编制目的\n甲。\n2组织体系\n2.1指挥部\n乙。\n", "1 1.1#1 2 2.1#1"},
        {"甲计划\n\n１　总则\n１．１　目的\n甲。\n", "1 1.1#1"},
        {"甲计划\n\n1. 总则\n1.1. 目的\n甲。\n2. 附则\n2.1. 解释\n乙。\n", "1 1.1#1 2 2.1#1"},
        {"甲计划\n\n1 总则\n1.1.1 甲\n乙。\n1.1.2 丙\n丁。\n", "1 1.1.1#1 1.1.2#1"},
        /* items within decimals are always led by them */
        {"甲计划\n\n1 总则\n1.1 条件\n（1）甲。\n（2）乙；丙。\n1.2 措施\n(1)丁。\n",
         "1 1.1 1.1(1)#1 1.1(2)#2 1.2 1.2(1)#1"},
        {"甲计划\n\n1 总则\n1.1 条件：\n1）甲；\n2）乙。\n", "1 1.1 1.1(1)#1 1.1(2)#1"},
        {"甲计划\n\n1 总则\n1.1 条件\n(一)甲；\n①乙；\n②丙。\n", "1 1.1 1.1(一)#1 1.1(一)①#1 1.1(一)②#1"},
        /* a number that is unique stands alone, one that comes again is led by its parents */
        {"甲计划\n\n一、总则\n甲。\n二、任务\n（一）乙\n丙。\n（二）丁\n戊。\n", "一#1 二 (一)#1 (二)#1"},
        {"甲计划\n\n一、总则\n（一）甲\n乙。\n二、任务\n（一）丙\n丁。\n", "一 一(一)#1 二 二(一)#1"},
        {"甲计划\n\n一、总则\n1.甲。乙。\n2、丙。\n二、任务\n3．丁。\n", "一 1#2 2#1 二 3#1"},
        {"甲计划\n\n一、总则\n1.甲。\n二、任务\n1.乙。\n（1）丙。\n", "一 一/1#1 二 二/1#1 二/1(1)#1"},
        {"甲计划\n\n第一章 甲\n第一节 乙\n丙。\n第二章 丁\n第一节 戊\n己。\n",
         "第一章 第一章第一节#1 第二章 第二章第一节#1"},
        {"甲条例\n\n第一章 总则\n第一条 甲。\n第二章 罚则\n第二条 乙：\n（一）丙；\n（二）丁。\n",
         "第一章 第一条#1 第二章 第二条 第二条(一)#1 第二条(二)#1"},
        {"甲条例\n\n第 一 章　总　则\n第一条　甲。乙。\n第十一条 丙。\n", "第一章 第一条#2 第十一条#1"},
        /* what is before the first number */
        {"甲计划\n\n为了甲，制定本计划。\n一、总则\n乙。\n", "引言#1 一#1"},
        {"A plan\n\nThis is before.\n\n1 Purpose\nNothing. Nothing at all!\n", "Preamble#1 1#2"},
        {"A plan\n\nChapter 1 Purpose\nArticle 1. It binds all.\n(a) one;\n(b) two.\nArticle 2. Section 3 applies.\n",
         "Chapter 1 Article 1#1 Article 1(a)#1 Article 1(b)#1 Article 2#1"},
        /* boxes end where their table ends */
        {"甲计划\n\n一、总则\n甲。\n\t专栏1 项目\n\n\t1．乙。丙。\n2．丁。\n\n\n戊。\n",
         "一#2 专栏1 专栏1/1#2 专栏1/2#1"},
        {"甲计划\n\n一、总则\n甲。\n专栏1 指标\n\t指标\n\t目标值\n\n\t乙\n\t5\n\n丙。\n", "一#2 专栏1"},
        /* what only looks like a number */
        {"甲计划\n\n一、总则\n2022年甲。\n30分钟内乙。\n0.5公顷以上的丙。\n5%的丁。\n", "一#4"},
        {"甲计划\n\n1 总则\n1.1 目的\n3人以上的甲。\n第三条规定的乙。\n一、二级响应由丙。\n", "1 1.1#3"},
        /* a leaf without text is a sentence: nothing is lost */
        {"甲计划\n\n1 总则\n（1）甲\n（2）乙\n", "1 1(1)#1 1(2)#1"},
        /* items parted by semicolons end with the full stop; then the clause around them goes on */
        {"甲计划\n\n1 总则\n甲：\n（1）乙；\n（2）丙。\n丁。\n", "1#2 1(1)#1 1(2)#1"},
        {"甲计划\n\n1 总则\n（1）乙。\n丙。\n（2）丁。\n", "1 1(1)#2 1(2)#1"},
        /* bare numbers before sentences */
        {"甲预案\n2020年5月6日\n1 区防办负责日常工作。\n2 各镇每日巡查。\n2.1 发现险情立即报告。\n3 "
         "本预案自印发之日起施行。\n",
         "1#1 2#1 2.1#1 3#1"},
        {"甲预案\n\n1 各镇巡查。报告。\n2 人民政府值班；公安局警戒。\n3 级别由区里定。\n", "1#2 2#2 3#1"},
        {"甲预案\n\n1各镇巡查。\n2区里值班。\n", "1#1 2#1"},
        {"甲预案\n\n1 总则\n1.1 目的\n甲。\n2 本预案自印发之日起施行。\n", "1 1.1#1 2#1"},
        {"A plan\n6 May 2020\n1 The Health Office runs this plan.\n2 Each parish looks. It tells.\n2.1 At once.\n"
         "3 This plan holds.\n",
         "1#1 2#2 2.1#1 3#1"},
        /* but a number that counts, or comes out of turn, or alone */
        {"甲预案\n\n1 总则\n1.1 目的\n2 人以上的甲。\n1.2 依据\n3 队到场的乙。\n", "1 1.1#1 1.2#1"},
        {"A plan\n\nIt is short.\n1 The end of it.\n", "Preamble#2"},
        {"A plan\n\n1 Purpose\nIt helps.\n7 Boats wait.\n", "1#2"},
        /* a chapter right below a remark in brackets, who speaks, or a title */
        {"甲预案\n（2020年5月6日区政府第3次常务会议通过）\n第一章 总则\n第一条 乙。\n", "第一章 第一条#1"},
        {"甲报告\n——2022年1月7日在大会上\n县长 张某\n一、回顾\n乙。\n", "一#1"},
        {"甲预案\n（甲府发〔2015〕8号 2015年3月4日）\n第一章 总则\n第一条 乙。\n", "第一章 第一条#1"},
        {"甲政〔2011〕7号\n甲区人民政府关于印发乙预案的通知\n第一章 总则\n第一条 乙。\n", "第一章 第一条#1"},
        /* one number twice */
        {"甲计划\n\n一、甲\n乙。\n一、丙\n丁。\n", "一#1 一·2#1"},
    };
    struct buffer names = {0};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct reading reading = read_string(cases[i].text);
        check(reading.gazette->document_count == 1, "%s: %u documents", cases[i].text, reading.gazette->document_count);
        list_names(&reading.gazette->documents[0], &names);
        check(strcmp(names.bytes, cases[i].names) == 0, "%s\nfound %s\nwanted %s", cases[i].text, names.bytes,
              cases[i].names);
        reading_end(&reading);
    }
    buffer_release(&names);
}

/* A clause is found under its name, its whole path and the end of its path, in any brackets; not where two have it. */
static void test_finding(void **state) {
    (void)state;
    struct reading reading =
        read_string("甲计划\n\n一、总则\n（一）甲\n1.乙。\n二、任务\n（一）丙\n2.丁。\n（1）戊。\n（二）己\n庚。\n");
    const struct gazette_document *document = &reading.gazette->documents[0];
    static const struct {
        const char *cited, *found; /* NULL: not found */
    } cases[] = {
        {"一(一)", "一(一)"}, {"一（一）", "一(一)"}, {"一〔一〕", "一(一)"}, {"1", "1"},      {"一(一)1", "1"},
        {"(二)", "二(二)"},   {"2(1)", "2(1)"},       {"２（１）", "2(1)"},   {"(1)", "2(1)"}, {"二(一)2(1)", "2(1)"},
        {"(一)", NULL},       {"三", NULL},           {"2(2)", NULL},         {"", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct gazette_part part;
        bool is_found = gazette_find(document, text_of(cases[i].cited), &part);
        check(is_found == (cases[i].found != NULL), "%s", cases[i].cited);
        check(!is_found || text_equals_string(document->clauses[part.clause].name, cases[i].found), "%s",
              cases[i].cited);
    }
    reading_end(&reading);
}

static void test_parents(void **state) {
    (void)state;
    struct reading reading =
        read_string("甲计划\n\n1 总则\n1.1 目的\n1.1.1 甲\n（1）乙。\n2 丙\n附件1\n丁\n1.戊。\n（1）己。\n");
    const struct gazette_document *document = &reading.gazette->documents[0];
    static const char *const pairs[][2] = {
        {"1", NULL}, {"1.1", "1"},    {"1.1.1", "1.1"},     {"1.1.1(1)", "1.1.1"},
        {"2", NULL}, {"附件1", NULL}, {"附件1/1", "附件1"}, {"附件1/1(1)", "附件1/1"}};
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        uint32_t parent = find_clause(document, pairs[i][0])->parent;
        bool is_right = pairs[i][1] == NULL
                            ? parent == GAZETTE_NONE
                            : parent != GAZETTE_NONE && text_equals_string(document->clauses[parent].name, pairs[i][1]);
        check(is_right, "%s", pairs[i][0]);
    }
    reading_end(&reading);
}

/* ---- sentences -------------------------------------------------------------------------------------------- */

/* The sentences of clause 1, parted by "|". */
static void test_sentences(void **state) {
    (void)state;
    static const struct {
        const char *text, *heading, *sentences;
    } cases[] = {
        {"1 总则\n甲。乙；丙！丁？戊", "总则", "甲。|乙；|丙！|丁？|戊"},
        {"1 总则\n他说“甲。”乙。", "总则", "他说“甲。”|乙。"},
        {"1 总则\n甲（乙。）丙。", "总则", "甲（乙。）|丙。"},
        {"1 总则\n甲……乙。。。丙。", "总则", "甲……乙。。。|丙。"},
        {"1 总则\n甲：\n乙：丙。", "总则", "甲：|乙：丙。"},
        {"1 Purpose\nOne. Two; three! Four? It is 1.5 m. No.5 is fine.", "Purpose",
         "One.|Two;|three!|Four?|It is 1.5 m.|No.5 is fine."},
        {"1 Purpose\nHe said \"Go.\" They went.", "Purpose", "He said \"Go.\" They went."},
        {"1. 甲。乙，丙。", "", "甲。|乙，丙。"},
        {"1 总则（符合下列条件之一）\n甲。", "总则（符合下列条件之一）", "甲。"},
        {"1 启动条件：\n甲。", "启动条件：", "甲。"},
        {"1. 有下列情形的，为甲：\n乙。", "", "有下列情形的，为甲：|乙。"},
        {"1 总则\n——\n甲。\n***", "总则", "甲。"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buffer text = {0};
        struct buffer found = {0};
        buffer_print(&text, "甲计划\n\n%s\n", cases[i].text);
        struct reading reading = read_string(text.bytes);
        const struct gazette_clause *clause = find_clause(&reading.gazette->documents[0], "1");
        for (uint32_t k = 0; k < clause->sentence_count; k++) {
            struct text sentence = clause->sentences[k].text;
            buffer_print(&found, "%s%.*s", k == 0 ? "" : "|", TEXT_PRINT(sentence));
            assert_memory_equal(sentence.bytes, clause->text.bytes + clause->sentences[k].offset, sentence.length);
        }
        check(text_equals_string(buffer_text(&found), cases[i].sentences), "%s: %s", cases[i].text,
              found.length == 0 ? "" : found.bytes);
        check(text_equals_string(clause->heading, cases[i].heading), "%s: %.*s", cases[i].text,
              TEXT_PRINT(clause->heading));
        reading_end(&reading);
        buffer_release(&text);
        buffer_release(&found);
    }
}

/* ---- heads ------------------------------------------------------------------------------------------------ */

static void test_heads(void **state) {
    (void)state;
    static const struct {
        const char *text, *number, *title, *issuer, *issued;
    } cases[] = {
        {"甲县人民政府\n关于印发乙\n办法的通知\n\n甲府发〔2022〕8号\n\n各单位：\n请执行。\n\n甲县人民政府\n2022年2月28"
         "日\n\n乙办法\n\n第一条 丙。\n",
         "甲府发〔2022〕8号", "甲县人民政府关于印发乙办法的通知", "甲县人民政府", "2022-02-28"},
        {"甲县人民政府文件\n甲府发[2009]15号    "
         "签发人：张某\n\n甲县人民政府关于乙的意见\n\n各单位：\n一、丙。\n甲县人民政府\n二○○九年十一月十八日\n",
         "甲府发[2009]15号", "甲县人民政府关于乙的意见", "甲县人民政府", "2009-11-18"},
        {"甲县人民政府关于乙的通知\n（甲府办﹝2019﹞3号）\n一、丙。\n二〇一九年一月二日\n", "甲府办﹝2019﹞3号",
         "甲县人民政府关于乙的通知", "甲县人民政府", "2019-01-02"},
        {"甲县人民政府关于乙的通知\n甲府办（２０１９）３号\n一、丙。\n甲县人民政府\n2019 年 1 月 2 日\n",
         "甲府办（２０１９）３号", "甲县人民政府关于乙的通知", "甲县人民政府", "2019-01-02"},
        {"甲县人民政府令\n第12号\n\n甲县乙办法\n\n2020-05-06\n第一条 丙。\n", "第12号", "甲县乙办法", "", "2020-05-06"},
        {"甲县人民政府工作报告\n——2022年1月7日在大会上\n县长 张某\n\n各位代表：\n一、回顾\n乙。\n", "",
         "甲县人民政府工作报告", "甲县人民政府", "2022-01-07"},
        {"甲市防汛应急预案\n（2015年6月1日甲市人民政府发布）\n1 总则\n乙。\n", "", "甲市防汛应急预案", "",
         "2015-06-01"},
        {"甲市防汛应急预案\n1 总则\n乙。\n甲市人民政府\nＯ一五\n二Ｏ一五年六月一日\n", "", "甲市防汛应急预案", "",
         "2015-06-01"},
        {"甲区防汛预案\n（甲府发〔2015〕8号 2015年3月4日）\n第一章 总则\n第一条 乙。\n", "甲府发〔2015〕8号",
         "甲区防汛预案", "", "2015-03-04"},
        {"甲政〔2011〕7号\n甲区人民政府关于印发乙预案的通知\n第一章 总则\n第一条 丙。\n甲区人民政府\n2011年2月3日\n",
         "甲政〔2011〕7号", "甲区人民政府关于印发乙预案的通知", "甲区人民政府", "2011-02-03"},
        {"甲区防汛预案\n（2020年5月6日区政府第3次常务会议通过）\n第一章 总则\n第一条 乙。\n", "", "甲区防汛预案", "",
         "2020-05-06"},
        {"甲区防汛预案\n1 总则\n乙。\n\t队伍\t人数\n\t三队\t5\n甲区人民政府\n2010年1月5日\n", "", "甲区防汛预案",
         "甲区人民政府", "2010-01-05"},
        {"甲区防汛预案\n1 总则\n乙。\n\t队伍\n\t人数\n\n\t三队\n\t5\n甲区人民政府\n2010年1月5日\n", "", "甲区防汛预案",
         "甲区人民政府", "2010-01-05"},
        {"甲区防汛预案\n1 总则\n乙。\n甲区防汛办\n2010年1月5日\n", "", "甲区防汛预案", "甲区防汛办", "2010-01-05"},
        {"甲区防汛预案\n1 总则\n乙。\n附件：1. 丙\n2. 丁\n甲区防汛办\n2010年1月5日\n附件1\n丙\n戊。\n附件2\n丁\n己。\n",
         "", "甲区防汛预案", "甲区防汛办", "2010-01-05"},
        {"Millbrook Town Council\nFlood plan\nDocument No. MB 4/2026\nIssued on 12 January 2026\n\n1 Purpose\nIt "
         "helps.\n",
         "MB 4/2026", "Millbrook Town Council Flood plan", "Millbrook Town Council", "2026-01-12"},
        {"Flood plan\nJanuary 2nd, 2026\n1 Purpose\nIt helps.\n", "", "Flood plan", "", "2026-01-02"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct reading reading = read_string(cases[i].text);
        const struct gazette_document *document = &reading.gazette->documents[0];
        char date[CALENDAR_DATE_ROOM] = "";
        check(reading.gazette->document_count == 1, "%s: %u", cases[i].title, reading.gazette->document_count);
        check(text_equals_string(document->number, cases[i].number), "%s: %.*s", cases[i].title,
              TEXT_PRINT(document->number));
        check(text_equals_string(document->title, cases[i].title), "%s: %.*s", cases[i].title,
              TEXT_PRINT(document->title));
        check(text_equals_string(document->issuer, cases[i].issuer), "%s: %.*s", cases[i].title,
              TEXT_PRINT(document->issuer));
        assert_true(document->has_issued);
        calendar_print_date(document->issued_day, date);
        check(strcmp(date, cases[i].issued) == 0, "%s: %s", cases[i].title, date);
        reading_end(&reading);
    }
}

/* Who signs and the date, right behind a table that has a line for each cell, belong to no cell; a date that the table may
 * want does. What a number or an annex has of its own is no signature. */
static void test_signatures(void **state) {
    (void)state;
    static const struct {
        const char *text, *issuer, *issued, *clause, *last; /* last: the last cell of the table */
    } cases[] = {
        {"\t单位\n\t电话\n\n\t水务局\n\t11101\n\n\t应急局\n\t11102\n2020年5月6日\n", "", "2020-05-06", "表", "11102"},
        {"\t单位\n\t电话\n\n\t水务局\n\t11101\n\n\t应急局\n\t11102\n甲区防汛办\n2020年5月6日\n", "甲区防汛办",
         "2020-05-06", "表", "11102"},
        {"\t单位\n\t电话\n\n\t水务局\n\t11101\n\n\t应急局\n\t11102\n\n甲区卫健委\n二○二○年五月六日\n", "甲区卫健委",
         "2020-05-06", "表", "11102"},
        {"\t单位\t电话\n\t应急局\t11102\n甲区防汛办\n2020年5月6日\n", "甲区防汛办", "2020-05-06", "表", "11102"},
        {"\t任务\n\t完成时限\n\n\t值守\n\t第一次\n2020年5月6日\n", "", "", "表", "第一次2020年5月6日"},
        {"\t任务\n\t备注\n\n\t巡查\n\t2020年4月1日起\n\n\t值守\n\t第一次\n2020年5月6日\n", "", "", "表",
         "第一次2020年5月6日"},
        {"\t任务\n\t备注\n\n\t巡查\n\t甲\n2020年4月1日\n\n\t值守\n\t乙\n", "", "", "表", "乙"},
        {"\t任务\n\t单位\n\n\t巡查\n\t公安局\n应急局\n2020年4月1日\n\n\t值守\n\t乙\n", "", "", "表", "乙"},
        {"（1）甲区水务局\n2020年5月6日\n", "", "2020-05-06", "表", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buffer text = {0};
        char date[CALENDAR_DATE_ROOM] = "";
        buffer_print(&text, "甲预案\n\n1 总则\n乙。\n附件1\n表\n%s", cases[i].text);
        struct reading reading = read_string(text.bytes);
        const struct gazette_document *document = &reading.gazette->documents[0];
        check(text_equals_string(document->issuer, cases[i].issuer), "%s: %.*s", cases[i].text,
              TEXT_PRINT(document->issuer));
        if (document->has_issued) {
            calendar_print_date(document->issued_day, date);
        }
        check(strcmp(date, cases[i].issued) == 0, "%s: %s", cases[i].text, date);
        check(text_equals_string(find_clause(document, "附件1")->text, cases[i].clause), "%s", cases[i].text);
        check(cases[i].last != NULL || text_equals_string(find_clause(document, "附件1/(1)")->text, "甲区水务局"), "%s",
              cases[i].text);
        if (cases[i].last != NULL) {
            const struct gazette_table *table = &document->tables[document->table_count - 1];
            struct text last = table->rows[table->row_count - 1].cells[table->column_count - 1];
            check(document->table_count == 1 && text_equals_string(last, cases[i].last), "%s: %.*s", cases[i].text,
                  TEXT_PRINT(last));
        }
        reading_end(&reading);
        buffer_release(&text);
    }
}

static void test_same_number(void **state) {
    (void)state;
    assert_true(gazette_same_number(TEXT("甲府发〔2022〕8号"), TEXT("甲府发[2022] 8号")));
    assert_true(gazette_same_number(TEXT("甲府发（２０２２）８号"), TEXT("甲府发﹝2022﹞8号")));
    assert_false(gazette_same_number(TEXT("甲府发〔2022〕8号"), TEXT("甲府办发〔2022〕8号")));
    assert_false(gazette_same_number(TEXT("甲府发〔2022〕8号"), TEXT("甲府发〔2022〕18号")));
}

/* The notice is no clause; what it issues is. */
static void test_notice(void **state) {
    (void)state;
    struct reading reading = read_string(
        "甲县人民政府\n关于印发乙办法的通知\n甲府发〔2022〕8号\n各单位：\n现印发给你们，请执行。\n甲县人民政府办公室\n"
        "2022年2月28日\n（此件公开发布）\n\n乙\n办法\n\n为了丙，制定本办法。\n第一条 "
        "丁。\n抄送：戊。\n甲县人民政府办公室 2022年3月1日印发\n");
    const struct gazette_document *document = &reading.gazette->documents[0];
    struct buffer names = {0};
    list_names(document, &names);
    assert_string_equal(names.bytes, "引言#1 第一条#1");
    assert_true(text_equals_string(document->notice, "现印发给你们，请执行。"));
    assert_true(text_equals_string(document->subject, "乙办法"));
    require_warning(reading.gazette, 7, "signs here");
    buffer_release(&names);
    reading_end(&reading);
}

/* ---- annexes ---------------------------------------------------------------------------------------------- */

static void test_annexes(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint32_t announced, present;
        const char *names;
    } cases[] = {
        {"甲计划\n\n1 总则\n乙。\n附件：1. 丙\n      2. 丁\n\n附件1\n丙\n\n戊。\n附件2\n\n丁\n己。\n", 2, 2,
         "1#1 附件1#1 附件2#1"},
        {"甲计划\n\n1 总则\n乙。\n附件1：丙\n附件2：丁\n\n附件1：丙\n戊。\n附件2：丁\n己。\n", 2, 2,
         "1#1 附件1#1 附件2#1"},
        {"甲计划\n\n1 总则\n乙。\n附件：丙\n\n附件\n丙\n戊。\n", 1, 1, "1#1 附件#1"},
        {"甲计划\n\n1 总则\n乙。\n附件：\n1.丙\n2.丁长\n长的名字\n\n附件1\n丙\n戊。\n", 2, 1, "1#1 附件1#1"},
        {"甲计划\n\n1 总则\n乙。\n\n附录A 丙\n戊。\n附表1 丁\n己。\n", 0, 2, "1#1 附录A#1 附表1#1"},
        {"A plan\n\n1 Purpose\nIt helps.\nAnnexes: A. Names\nB. Maps\n\nAnnex A: Names\nAll of them.\nAnnex "
         "B\nMaps\n(1) one;\n",
         2, 2, "1#1 Annex A#1 Annex B Annex B/(1)#1"},
        /* entries led by a name and a colon, between a preface and a paragraph that is none */
        {"甲计划\n\n1 "
         "总则\n乙。\n附件1\n职责\n\n各单位职责如下：\n教委：负责丙。丁；戊。\n林业局（园林局）：负责己。\n其他单位做好"
         "庚。\n",
         0, 1, "1#1 附件1#2 附件1/教委#3 附件1/林业局（园林局）#1"},
        /* but not within numbered items */
        {"甲计划\n\n1 "
         "总则\n乙。\n附件1\n分组\n1.综合组。由丙牵头。\n主要职责：丁。\n2.抢险组。由戊牵头。\n主要职责：己。\n",
         0, 1, "1#1 附件1 附件1/1#3 附件1/2#3"},
    };
    struct buffer names = {0};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct reading reading = read_string(cases[i].text);
        const struct gazette_document *document = &reading.gazette->documents[0];
        list_names(document, &names);
        check(strcmp(names.bytes, cases[i].names) == 0, "%s\n%s", cases[i].text, names.bytes);
        check(document->announced_count == cases[i].announced, "%s: %u", cases[i].text, document->announced_count);
        check(document->annex_count == cases[i].present, "%s: %u", cases[i].text, document->annex_count);
        reading_end(&reading);
    }
    buffer_release(&names);
}

static void test_annex_warnings(void **state) {
    (void)state;
    struct reading reading =
        read_string("甲计划\n\n1 总则\n乙。\n附件：1. 丙\n2. 丁\n\n附件1\n丙\n\n附件3\n戊\n己。\n附件4\n庚\n辛。\n");
    require_warning(reading.gazette, 5, "2 annexes are announced here, 3 stand there");
    require_warning(reading.gazette, 6, "附件2 is announced here and does not stand there");
    require_warning(reading.gazette, 8, "附件1 has a title and no text");
    reading_end(&reading);
}

/* ---- tables ----------------------------------------------------------------------------------------------- */

#define PLAN "甲计划\n\n1 总则\n乙。\n附件1\n表\n"

static void test_table_kinds(void **state) {
    (void)state;
    static const struct {
        const char *header;
        enum gazette_table_kind kind;
        uint32_t name_column;
    } cases[] = {
        {"\t序号\n\t重点任务\n\t牵头单位\n\t责任单位\n", GAZETTE_TABLE_TASK, 1},
        {"\t工作内容\n\t责任部门\n\t完成时限\n", GAZETTE_TABLE_TASK, 1},
        {"\t序号\n\t指标\n\t目标值\n\t属性\n", GAZETTE_TABLE_INDICATOR, 1},
        {"\t单位名称\n\t办公电话\n\t传真\n", GAZETTE_TABLE_CONTACT, 0},
        {"\t队伍名称\n\t人数\n\t值班电话\n", GAZETTE_TABLE_TEAM, 0},
        {"\t类别\n\t物资名称\n\t数量\n", GAZETTE_TABLE_SUPPLY, 1},
        {"\t级别\n\t颜色\n", GAZETTE_TABLE_OTHER, 0},
        {"\tOffice\n\tDuty phone\n", GAZETTE_TABLE_CONTACT, 0},
        {"\tNo.\n\tTask\n\tLead\n", GAZETTE_TABLE_TASK, 1},
        {"\tTeam\n\tStrength\n\tPhone\n", GAZETTE_TABLE_TEAM, 0},
        {"\tGroup\n\tTask\n\tLead\n\tMembers\n", GAZETTE_TABLE_TASK, 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buffer text = {0};
        buffer_print(&text, PLAN "%s\n\t甲\n\t乙\n\n", cases[i].header);
        struct reading reading = read_string(text.bytes);
        const struct gazette_table *table = find_table(&reading.gazette->documents[0], "附件1");
        check(table->kind == cases[i].kind, "%s: %s", cases[i].header, gazette_table_kind_name(table->kind));
        check(table->name_column == cases[i].name_column, "%s: %u", cases[i].header, table->name_column);
        reading_end(&reading);
        buffer_release(&text);
    }
}

/* Lines of one cell in Latin script: a list of bodies takes commas, other cells a blank. */
static void test_latin_cells(void **state) {
    (void)state;
    struct reading reading = read_string(PLAN "\tGroup\n\tTask\n\tLead\n\tMembers\n\n"
                                              "\tWorks\n\tFills\nsandbags\n\tStation\n\tWater Bureau\nFire "
                                              "Brigade\n\n");
    const struct gazette_table *table = find_table(&reading.gazette->documents[0], "附件1");
    static const char *const cells[] = {"Works", "Fills sandbags", "Station", "Water Bureau, Fire Brigade"};
    assert_int_equal(table->row_count, 1);
    for (uint32_t i = 0; i < COUNT_OF(cells); i++) {
        check(text_equals_string(table->rows[0].cells[i], cells[i]), "column %u: %.*s", i,
              TEXT_PRINT(table->rows[0].cells[i]));
    }
    reading_end(&reading);
}

/* Merged cells are carried down on the left, empty cells on the right stay; lines within a cell are joined; a line
 * across the table groups what follows; a header that comes again is no row. */
static void test_table_cells(void **state) {
    (void)state;
    struct reading reading = read_string(PLAN "\t序号\n\t任务\n\t牵头\n单位\n\t备注\n\n"
                                              "\t一、平时（2项）\n\n"
                                              "\t1\n\t巡查\n堤防\n\t水务局 \n 应急局\n\t甲，\n乙\n\n"
                                              "\t\n\t\n\t公安局\n\t\n\n"
                                              "\t序号\n\t任务\n\t牵头\n单位\n\t备注\n\n"
                                              "\t2\n\t值班\n\t\n\t（1）丙。\n（2）丁。\n\n"
                                              "\t二、战时（3项）\n\n"
                                              "\t3\n\t抢险\n\t全体\n\t\n\n完。\n");
    const struct gazette_document *document = &reading.gazette->documents[0];
    const struct gazette_table *table = find_table(document, "附件1");
    static const char *const cells[][4] = {{"1", "巡查堤防", "水务局、应急局", "甲，乙"},
                                           {"1", "巡查堤防", "公安局", ""},
                                           {"2", "值班", "", "（1）丙。\n（2）丁。"},
                                           {"3", "抢险", "全体", ""}};
    assert_int_equal(table->column_count, 4);
    assert_true(text_equals_string(table->columns[2], "牵头单位"));
    assert_int_equal(table->row_count, COUNT_OF(cells));
    for (uint32_t row = 0; row < COUNT_OF(cells); row++) {
        for (uint32_t i = 0; i < 4; i++) {
            check(text_equals_string(table->rows[row].cells[i], cells[row][i]), "row %u column %u: %.*s", row, i,
                  TEXT_PRINT(table->rows[row].cells[i]));
        }
    }
    assert_int_equal(table->rows[1].ordinal, 2);
    assert_true(text_equals_string(table->rows[3].group, "二、战时（3项）"));
    assert_true(text_equals_string(find_clause(document, "附件1/二")->text, "战时（3项）"));
    require_warning(reading.gazette, 40, "announces 3 items, 1 stand there");
    struct gazette_part part;
    assert_true(gazette_find(document, TEXT("附件1/值班"), &part));
    assert_true(part.clause == GAZETTE_NONE && part.table == 0 && part.row == 2);
    assert_true(gazette_find(document, TEXT("附件1/3"), &part) && part.row == 3);
    reading_end(&reading);
}

/* A merged cell that the text repeats without its tab, and whose number it has lost. */
static void test_table_merged(void **state) {
    (void)state;
    struct reading reading =
        read_string(PLAN "\t序号\n\t任务\n\t要求\n\t单位\n\n"
                         "\t1\n\t巡查\n\t甲\n\t水务局\n 抢险\n\n\n\n抢险\n\n\n抢险\n"
                         "\t乙\n\t应急局\n\n\t\n\t\n\t丙\n\t公安局\n\n\t3\n\t值班\n\t丁\n\t全体\n");
    const struct gazette_table *table = find_table(&reading.gazette->documents[0], "附件1");
    assert_int_equal(table->row_count, 4);
    assert_true(text_equals_string(find_cell(table, 0, "单位"), "水务局"));
    assert_true(text_equals_string(find_cell(table, 1, "序号"), "2"));
    assert_true(text_equals_string(find_cell(table, 1, "任务"), "抢险"));
    assert_true(text_equals_string(find_cell(table, 1, "要求"), "乙"));
    assert_true(text_equals_string(find_cell(table, 2, "任务"), "抢险"));
    assert_true(text_equals_string(find_cell(table, 2, "序号"), "2"));
    assert_true(text_equals_string(find_cell(table, 3, "任务"), "值班"));
    reading_end(&reading);
}

/* A row a line, its cells parted by tabs; a blank line within a cell; a table without header; no table at all. */
static void test_table_forms(void **state) {
    (void)state;
    struct reading reading =
        read_string(PLAN "单位\t电话\t传真\n水务局\t3311001\t\n应急局\t3311002、3311003\t3311004\n"
                         "\n丙。\n附件2\n表\n\t1\n\t水务局\n\t3311001\n\n\t2\n\t应急局\n\t3311002\n\n"
                         "附件3\n文\n\t首行缩进的甲。\n\t首行缩进的乙。\n");
    const struct gazette_document *document = &reading.gazette->documents[0];
    const struct gazette_table *table = find_table(document, "附件1");
    assert_int_equal(table->row_count, 2);
    assert_true(text_equals_string(find_cell(table, 1, "电话"), "3311002、3311003"));
    assert_true(text_equals_string(find_cell(table, 0, "传真"), ""));
    table = find_table(document, "附件2");
    assert_int_equal(table->row_count, 2);
    assert_true(text_equals_string(find_cell(table, 1, "column 2"), "应急局"));
    assert_int_equal(find_clause(document, "附件3")->sentence_count, 2);
    assert_int_equal(document->table_count, 2);
    reading_end(&reading);
}

/* In a table of which each row is a line, a row may begin with empty cells, or have but one that is not. */
static void test_table_gaps(void **state) {
    (void)state;
    static const struct {
        const char *rows, *cells; /* what has been read, cells parted by | and rows by / */
    } cases[] = {
        {"\t单位\t电话\n\t甲局\t111\n\t\t65361796\n\t乙局\t113\n", "甲局|111/甲局|65361796/乙局|113"},
        {"单位\t电话\n甲局\t111\n\t65361796\n乙局\t113\n", "甲局|111/甲局|65361796/乙局|113"},
        {"\t单位\t电话\n\t甲局\t111\n\t丙局\t\n\t乙局\t113\n", "甲局|111/丙局|/乙局|113"},
        {"\t单位\t电话\t传真\n\t甲局\t11101\t11102\n\t\t\t11103\n\t\t11104\t\n",
         "甲局|11101|11102/甲局|11101|11103/甲局|11104|"},
        {"单位\t电话\t传真\n甲局\t11101\t11102\n\t\t11103\n\t11104\t\n",
         "甲局|11101|11102/甲局|11101|11103/甲局|11104|"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buffer text = {0}, found = {0};
        buffer_print(&text, PLAN "%s", cases[i].rows);
        struct reading reading = read_string(text.bytes);
        const struct gazette_table *table = find_table(&reading.gazette->documents[0], "附件1");
        for (uint32_t row = 0; row < table->row_count; row++) {
            for (uint32_t k = 0; k < table->column_count; k++) {
                buffer_print(&found, "%s%.*s", k > 0 ? "|" : row > 0 ? "/" : "", TEXT_PRINT(table->rows[row].cells[k]));
            }
        }
        check(text_equals_string(buffer_text(&found), cases[i].cells), "%s: %s", cases[i].rows, found.bytes);
        reading_end(&reading);
        buffer_release(&text);
        buffer_release(&found);
    }
}

/* Rows of two cells, one tab a line: at least two such lines, and no table of contents. */
static void test_table_pairs(void **state) {
    (void)state;
    struct reading reading = read_string(
        "甲计划\n目录\n1 总则\t1\n2 附则\t2\n\n1 总则\n级别\t面积\n一级\t1公顷\n二级\t20\n乙。\n2 附则\n丙\t丁。\n");
    const struct gazette_document *document = &reading.gazette->documents[0];
    const struct gazette_table *table = find_table(document, "1");
    assert_int_equal(table->row_count, 2);
    assert_true(text_equals_string(find_cell(table, 1, "面积"), "20"));
    assert_int_equal(find_clause(document, "2")->sentence_count, 1);
    reading_end(&reading);
}

/* ---- glossary, contents, pages ------------------------------------------------------------------------------ */

static void test_glossary(void **state) {
    (void)state;
    struct reading reading =
        read_string("甲报告\n\n一、总则\n乙。\n附件\n名词解释\n\n1. “丙”：丁。戊：己。\n2. 庚：辛。\n");
    assert_int_equal(reading.gazette->term_count, 2);
    assert_true(text_equals_string(reading.gazette->glossary[0].term, "“丙”"));
    assert_true(text_equals_string(reading.gazette->glossary[0].text, "丁。戊：己。"));
    reading_end(&reading);
    reading =
        read_string("A plan\n\n1 Purpose\nIt helps.\n2 Definitions\n2.1 Weir\nA low dam.\n2.2 Fuse\nA weak part.\n");
    assert_int_equal(reading.gazette->term_count, 2);
    assert_true(text_equals_string(reading.gazette->glossary[1].term, "Fuse"));
    reading_end(&reading);
}

static void test_left_out(void **state) {
    (void)state;
    struct reading reading =
        read_string("甲计划\n目  录\n1 总则………………1\n1.1 目的.......... 2\n2 附则 ······ 3\n\n- 1 -\n1 总则\n"
                    "[bookmark: _Toc1]1.1 [bookmark: a]目的\n甲。\n第 2 页 共 9 页\n乙。\n3/9\n— 4 —\n"
                    "Page 5 of 9\n12\n2 附则\n丙[bookmark]丁[x: y z]。\n");
    struct buffer names = {0};
    list_names(&reading.gazette->documents[0], &names);
    assert_string_equal(names.bytes, "1 1.1#2 2#1");
    assert_true(
        text_equals_string(find_clause(&reading.gazette->documents[0], "2")->text, "附则\n丙[bookmark]丁[x: y z]。"));
    buffer_release(&names);
    reading_end(&reading);
    /* contents with dashes before the page, or with a tab, in other digits than below */
    static const char *const contents[] = {
        "甲计划\n目录\n1 总则------1\n1.1 目的 ------ 1\n2 附则－－－－2\n\n1 总则\n1.1 目的\n甲。\n2 附则\n乙。\n",
        "甲计划\n1 总则————1\n1.1 目的――――1\n2 附则- - - -2\n\n1 总则\n1.1 目的\n甲。\n2 附则\n乙。\n",
        "甲计划\n目录\n1 总则\t1\n1.1 目的\t1\n2 附则\t2\n\n１ 总则\n１．１ 目的\n甲。\n２ 附则\n乙。\n",
        /* page numbers in full width, in brackets */
        "甲计划\n目录\n1 总则……１\n1.1 目的..........１２\n2 附则　　　３\n\n1 总则\n1.1 目的\n甲。\n2 附则\n乙。\n",
        "甲计划\n1 总则------１\n1.1 目的······（１）\n2 附则……(3)\n\n1 总则\n1.1 目的\n甲。\n2 附则\n乙。\n",
        "甲计划\n目录\n1 总则\t１\n1.1 目的\t１\n2 附则\t２\n\n1 总则\n1.1 目的\n甲。\n2 附则\n乙。\n",
    };
    for (size_t i = 0; i < COUNT_OF(contents); i++) {
        reading = read_string(contents[i]);
        list_names(&reading.gazette->documents[0], &names);
        check(strcmp(names.bytes, "1 1.1#1 2#1") == 0, "%s: %s", contents[i], names.bytes);
        buffer_release(&names);
        reading_end(&reading);
    }
    /* contents without dot leaders: what stands again below */
    reading = read_string("甲计划\n目录\n1 总则\n1.1 目的\n2 附则 7\n\n1 总则\n1.1 目的\n甲。\n2 附则\n乙。\n");
    list_names(&reading.gazette->documents[0], &names);
    assert_string_equal(names.bytes, "1 1.1#1 2#1");
    buffer_release(&names);
    reading_end(&reading);
}

/* Paragraphs broken at a fixed width, across a page too, are whole again; headings and lists are left alone. */
static void test_broken_lines(void **state) {
    (void)state;
    struct reading reading =
        read_string("Flood plan\n\n1 Purpose\nThis plan says what is done when the reservoir at "
                    "Millbrook\nrises above its full level of 92.5 m, or is about to rise above\n"
                    "92.5 m of water, and whom the warden calls within the following\n30 minutes. It "
                    "binds\nall.\n(1) one, and\nmore;\n(2) two.\n");
    const struct gazette_document *document = &reading.gazette->documents[0];
    assert_int_equal(find_clause(document, "1")->sentence_count, 2);
    assert_true(text_equals_string(find_clause(document, "1(1)")->text, "one, and more;"));
    reading_end(&reading);
    reading = read_string(
        "甲市防汛应急预案\n1 总则\n"
        "  为了做好全市防汛抗旱工作，提高应急处置能力，最大限度减少人员伤亡和财产损\n"
        "失，维护社会稳定，根据有关法律法规和上级预案，结合本市的实际情况，制定本预\n"
        "\n- 1 -\n\n案。本预案适用于本市行政区域内发生的洪涝灾害、干旱灾害以及由洪水引发的各\n类次生灾害。\n"
        "2 组织\n甲。\n");
    document = &reading.gazette->documents[0];
    assert_int_equal(find_clause(document, "1")->sentence_count, 2);
    assert_true(memchr(find_clause(document, "1")->text.bytes + 7, 10, find_clause(document, "1")->text.length - 7) ==
                NULL);
    reading_end(&reading);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),          cmocka_unit_test(test_finding),      cmocka_unit_test(test_parents),
        cmocka_unit_test(test_sentences),      cmocka_unit_test(test_heads),        cmocka_unit_test(test_signatures),
        cmocka_unit_test(test_same_number),    cmocka_unit_test(test_notice),       cmocka_unit_test(test_annexes),
        cmocka_unit_test(test_annex_warnings), cmocka_unit_test(test_table_kinds),  cmocka_unit_test(test_latin_cells),
        cmocka_unit_test(test_table_cells),    cmocka_unit_test(test_table_merged), cmocka_unit_test(test_table_forms),
        cmocka_unit_test(test_table_pairs),    cmocka_unit_test(test_table_gaps),   cmocka_unit_test(test_glossary),
        cmocka_unit_test(test_left_out),       cmocka_unit_test(test_broken_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
