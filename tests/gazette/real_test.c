/* Proves: the gazette for which all this was written is read whole: its documents, annexes, tables row by row, glossary.
 * Skips cleanly where that text is not there. */
#include "reading.h"

#include "base/calendar.h"

#include "check.h"

#include <stdio.h>
#include <string.h>

#define REAL "../shared/gazette/gazette-2022.txt"

static struct reading real;

static int read_real(void **state) {
    (void)state;
    struct buffer bytes = {0};
    if (read_file(REAL, &bytes)) {
        real = read_bytes(bytes.bytes, bytes.length);
    }
    buffer_release(&bytes);
    return 0;
}

static int end_real(void **state) {
    (void)state;
    reading_end(&real);
    return 0;
}

static void need_real(void) {
    if (real.gazette == NULL) {
        skip();
    }
}

static const struct gazette_document *find_document(const char *number) {
    for (uint32_t i = 0; i < real.gazette->document_count; i++) {
        if (gazette_same_number(real.gazette->documents[i].number, text_of(number))) {
            return &real.gazette->documents[i];
        }
    }
    check(false, "there is no document %s", number);
    return NULL;
}

#define SAFETY "沙府发〔2022〕8号"
#define WELFARE "沙府发〔2022〕21号"
#define FITNESS "沙府办发〔2022〕10号"
#define FIRE "沙府办发〔2022〕16号"
#define SERVICES "沙府办发〔2022〕55号"

static void test_documents(void **state) {
    (void)state;
    static const struct {
        const char *number, *title, *issuer, *issued;
    } documents[] = {
        {"", "重庆市沙坪坝区人民政府工作报告", "重庆市沙坪坝区人民政府", "2022-01-07"},
        {SAFETY, "重庆市沙坪坝区人民政府关于印发2022年沙坪坝区安全生产与自然灾害防治工作要点的通知",
         "重庆市沙坪坝区人民政府", "2022-02-28"},
        {WELFARE, "重庆市沙坪坝区人民政府关于印发重庆市沙坪坝区“十四五”残疾人保障和发展规划（2021—2025）的通知",
         "重庆市沙坪坝区人民政府", "2022-05-23"},
        {FITNESS, "重庆市沙坪坝区人民政府办公室关于印发重庆市沙坪坝区全民健身实施计划（2021—2025年）的通知",
         "重庆市沙坪坝区人民政府办公室", "2022-01-24"},
        {FIRE, "重庆市沙坪坝区人民政府办公室关于印发《重庆市沙坪坝区森林火灾应急预案》的通知",
         "重庆市沙坪坝区人民政府办公室", "2022-02-25"},
        {SERVICES, "重庆市沙坪坝区人民政府办公室关于印发2022年沙坪坝区政务服务工作要点的通知",
         "重庆市沙坪坝区人民政府办公室", "2022-05-16"},
    };
    need_real();
    assert_int_equal(real.gazette->document_count, COUNT_OF(documents));
    for (uint32_t i = 0; i < COUNT_OF(documents); i++) {
        const struct gazette_document *document = &real.gazette->documents[i];
        char date[CALENDAR_DATE_ROOM];
        check(text_equals_string(document->number, documents[i].number), "%.*s", TEXT_PRINT(document->number));
        check(text_equals_string(document->title, documents[i].title), "%.*s", TEXT_PRINT(document->title));
        check(text_equals_string(document->issuer, documents[i].issuer), "%.*s", TEXT_PRINT(document->issuer));
        assert_true(document->has_issued);
        calendar_print_date(document->issued_day, date);
        assert_string_equal(date, documents[i].issued);
    }
    assert_true(text_equals_string(find_document(FIRE)->section, "【区政府办公室文件】"));
    assert_true(text_equals_string(find_document(SAFETY)->section, "【区政府发文】"));
    assert_true(text_equals_string(find_document(FIRE)->subject, "重庆市沙坪坝区森林火灾应急预案"));
}

static void test_clauses(void **state) {
    (void)state;
    static const struct {
        const char *document, *name, *text;
        uint32_t sentences;
    } clauses[] = {
        {FIRE, "6.2.2.1", "启动条件", 0},
        {FIRE, "6.2.2.1(1)", "燃烧时间2小时以上的森林火灾。", 1},
        {FIRE, "6.2.3.2", "响应方案\n在Ⅲ级响应基础上，加强以下应急措施：", 1},
        {FIRE, "6.2.1.1", "启动条件（符合下列条件之一）", 0},
        {FIRE, "5.3", "信息报告\n", 7},
        {FIRE, "5.2.3", "预警响应措施\n", 14},
        {FIRE, "3.1", "森林防灭火指挥机构\n", 10},
        {FIRE, "9.1", "灾害分级标准\n一般森林火灾：", 4},
        {FIRE, "6.4(7)", "火场清理看守。", 4},
        {FIRE, "附件1", "区森林防灭火指挥部成员单位防灭火工作职责\n", 3},
        {FIRE, "附件1/区教委", "负责指导全区中小学生", 2},
        {FIRE, "附件1/区规划自然资源局（林业局）", "负责将森林防火基础设施", 6},
        {FIRE, "附件4/2", "扑救指挥组。", 3},
        {FIRE, "附件4/11", "宣传报道组。", 3},
        {SAFETY, "一", "总体要求\n以习近平", 1},
        {SAFETY, "二(三)", "压实各方责任，形成齐抓共管格局", 0},
        {SAFETY, "3", "抓严重点行业领域安全专项整治。", 0},
        {SAFETY, "23", "加强紧急避险和应急联动。", 0},
        {SAFETY, "三(二)", "强化技术支撑。", 2},
        {WELFARE, "第三章第二节", "大力促进残疾人及其家庭就业创业增收\n", 31},
        {WELFARE, "专栏4", "残疾人就业服务重点项目", 0},
        {WELFARE, "专栏4/8", "残疾人公益性岗位项目。", 2},
        {FITNESS, "二(六)", "促进全民健身全面融合\n", 11},
        {SERVICES, "十二", "规范网上办事服务。", 0},
        {SERVICES, "二十一", "加强宣传引导。", 2},
    };
    need_real();
    for (size_t i = 0; i < COUNT_OF(clauses); i++) {
        const struct gazette_clause *clause = find_clause(find_document(clauses[i].document), clauses[i].name);
        check(text_equals_string(clause->name, clauses[i].name), "%s: %.*s", clauses[i].name, TEXT_PRINT(clause->name));
        check(text_starts_with(clause->text, text_of(clauses[i].text)), "%s: %.60s", clauses[i].name,
              clause->text.bytes);
        check(clauses[i].sentences == 0 || clause->sentence_count == clauses[i].sentences, "%s: %u", clauses[i].name,
              clause->sentence_count);
    }
    assert_int_equal(find_clause(find_document(FIRE), "6.2.2.1")->sentence_count, 0);
    assert_true(text_equals_string(
        find_clause(find_document(FIRE), "5.2.1")->sentences[2].text,
        "四级（蓝色）预警：连续3天出现三级及以上森林火险气象等级，低度危险，存在发生森林火灾可能。"));
    assert_true(text_equals_string(find_clause(find_document(FIRE), "6.2")->sentences[5].text,
                                   "属地镇街及时向区森防办报送信息。"));
}

static void test_annexes(void **state) {
    (void)state;
    need_real();
    const struct gazette_document *fire = find_document(FIRE);
    assert_int_equal(fire->announced_count, 4);
    assert_int_equal(fire->annex_count, 5);
    assert_true(text_equals_string(fire->announced[3].title, "扑火前指工作组组成及职责分工"));
    uint32_t entries = 0;
    uint32_t groups = 0;
    for (uint32_t i = 0; i < fire->clause_count; i++) {
        entries += fire->clauses[i].kind == GAZETTE_ENTRY ? 1 : 0;
        groups += fire->clauses[i].parent != GAZETTE_NONE &&
                          text_equals_string(fire->clauses[fire->clauses[i].parent].name, "附件4")
                      ? 1
                      : 0;
    }
    assert_int_equal(entries, 21);
    assert_int_equal(groups, 11);
    require_warning(real.gazette, 1256, "4 annexes are announced here, 5 stand there");
    require_warning(real.gazette, 1434, "附件3 has a title and no text");
}

static void check_row(const struct gazette_table *table, uint32_t row, const char *const *cells) {
    for (uint32_t i = 0; i < table->column_count; i++) {
        check(text_equals_string(table->rows[row].cells[i], cells[i]), "row %u column %u: %.*s", row, i,
              TEXT_PRINT(table->rows[row].cells[i]));
    }
}

static uint32_t count_numbers(const struct gazette_table *table) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < table->row_count; i++) {
        count += i == 0 || !text_equal(table->rows[i].number, table->rows[i - 1].number) ? 1 : 0;
    }
    return count;
}

/* 23 tasks in 44 rows; the merged cells of task 3, whose number the text has lost, carried down over nine rows. */
static void test_safety_tasks(void **state) {
    (void)state;
    need_real();
    const struct gazette_table *table = find_table(find_document(SAFETY), "附件");
    assert_int_equal(table->kind, GAZETTE_TABLE_TASK);
    assert_int_equal(table->row_count, 44);
    assert_int_equal(count_numbers(table), 23);
    static const char *const seventh[] = {"3", "抓严重点行业领域安全专项整治", "（7）完成磁器口古镇消防安全提档升级。",
                                          "旭辰集团公司", "磁器口街道、区消防救援支队"};
    static const char *const empty[] = {"10", "强化党政领导示范履职",
                                        "（2）各级政府和行业部门落实每半年听取1次班子成员安全生产履职情况报告要求。",
                                        "", "负有安全生产监管职责的部门和各镇街、管委会"};
    assert_true(text_equals_string(find_cell(table, 1, "重点任务"), "抓深安全生产专项整治三年行动"));
    assert_true(text_equals_string(find_cell(table, 1, "责任单位"), "相关部门和各镇街"));
    check_row(table, 8, seventh);
    for (uint32_t row = 2; row < 11; row++) {
        assert_true(text_equals_string(find_cell(table, row, "序号"), "3"));
        assert_true(text_equals_string(find_cell(table, row, "重点任务"), "抓严重点行业领域安全专项整治"));
        assert_int_equal(table->rows[row].ordinal, row - 1);
    }
    for (uint32_t row = 0; row < table->row_count; row++) {
        if (text_starts_with(find_cell(table, row, "工作要求"), TEXT("（2）各级政府"))) {
            check_row(table, row, empty);
        }
    }
    assert_true(text_equals_string(table->rows[0].group, "一、坚持以防为主，夯实安全基础条件（6项）"));
    assert_true(text_equals_string(table->rows[43].group, "六、提高处突能力，全面做好应急准备（4项）"));
    require_warning(real.gazette, 222, "this row has no number; by the row before it is 3");
}

static void test_welfare_tables(void **state) {
    (void)state;
    need_real();
    const struct gazette_table *tasks = find_table(find_document(WELFARE), "附件");
    assert_int_equal(tasks->kind, GAZETTE_TABLE_TASK);
    assert_int_equal(tasks->row_count, 33);
    static const char *const eighth[] = {"8", "加强突发公共事件中对残疾人的保护。",
                                         "区公安分局、区卫生健康委、区民政局、区应急管理局", "各镇（街道）、区残联"};
    static const char *const third[] = {"3", "继续实施“阳光家园计划”项目。", "区残联", ""};
    check_row(tasks, 7, eighth);
    check_row(tasks, 2, third);
    const struct gazette_table *indicators = find_table(find_document(WELFARE), "专栏1");
    assert_int_equal(indicators->kind, GAZETTE_TABLE_INDICATOR);
    assert_int_equal(indicators->row_count, 11);
    assert_true(text_equals_string(indicators->columns[3], "指标属性"));
    static const char *const sixth[] = {"6", "残疾人城乡居民基本养老保险参保率（%）", "＞90", "预期性"};
    check_row(indicators, 5, sixth);
}

static void test_services_table(void **state) {
    (void)state;
    need_real();
    const struct gazette_table *table = find_table(find_document(SERVICES), "附件");
    assert_int_equal(table->kind, GAZETTE_TABLE_TASK);
    assert_int_equal(table->row_count, 83);
    for (uint32_t row = 0; row < table->row_count; row++) {
        check(find_cell(table, row, "完成时限").length > 0, "row %u", row);
        check(find_cell(table, row, "重点任务").length > 0, "row %u", row);
        check(find_cell(table, row, "牵头单位").length > 0, "row %u", row);
    }
    assert_true(text_equals_string(find_cell(table, 4, "完成时限"), "2022年8月前完成并持续推进"));
    assert_true(text_equals_string(find_cell(table, 4, "重点任务"), "二、深化“全渝通办”"));
    assert_true(text_equals_string(find_cell(table, 82, "重点任务"), "二十一、加强宣传引导"));
    assert_true(text_equals_string(find_cell(table, 82, "完成时限"), "持续推进"));
}

static void test_telephones(void **state) {
    (void)state;
    need_real();
    const struct gazette_table *table = find_table(find_document(FIRE), "附件2");
    assert_int_equal(table->kind, GAZETTE_TABLE_CONTACT);
    assert_int_equal(table->row_count, 21);
    static const char *const rows[][5] = {{"1", "区委宣传部", "65368632", "65368632", "65361796"},
                                          {"15", "区应急局", "65912318", "65465906", "65401463"},
                                          {"18", "区规划自然资源局（林业局）", "65368776", "65368752", "65368778"},
                                          {"21", "国网市区供电分公司", "63875988", "63875988", ""}};
    check_row(table, 0, rows[0]);
    check_row(table, 14, rows[1]);
    check_row(table, 17, rows[2]);
    check_row(table, 20, rows[3]);
    struct gazette_part part;
    assert_true(gazette_find(find_document(FIRE), TEXT("附件2/区应急局"), &part));
    assert_true(part.clause == GAZETTE_NONE && part.row == 14);
    assert_false(gazette_find(find_document(FIRE), TEXT("附件2/区水务局"), &part));
}

static void test_teams(void **state) {
    (void)state;
    need_real();
    const struct gazette_table *table = find_table(find_document(FIRE), "附件5");
    assert_int_equal(table->kind, GAZETTE_TABLE_TEAM);
    assert_int_equal(table->row_count, 20);
    static const char *const rows[][4] = {
        {"常备队伍", "沙坪坝区消防救援支队", "262人", "65636119"},
        {"常备队伍", "中梁镇综合应急救援队", "30人", "65540955、65540915"},
        {"保障队伍", "电力设备抢险救援队", "25人", "东部：65543661、西部：63037030"},
        {"保障队伍", "燃气抢险救援队", "40人",
         "沙燃分公司：65307377、中梁山渝能公司：65264397、凯源（利民）公司：65662555"},
        {"群众队伍", "涉林村、社区应急救援队", "10人/队", ""},
    };
    check_row(table, 0, rows[0]);
    check_row(table, 7, rows[1]);
    check_row(table, 15, rows[2]);
    check_row(table, 16, rows[3]);
    check_row(table, 19, rows[4]);
}

static void test_glossary(void **state) {
    (void)state;
    need_real();
    assert_int_equal(real.gazette->term_count, 34);
    static const struct {
        uint32_t index;
        const char *term, *text;
    } terms[] = {{0, "八项行动计划", "以大数据智能化为引领"},
                 {3, "“两不愁三保障”", "“两不愁”即不愁吃、不愁穿"},
                 {5, "打好“四张牌”、干好“四件事”", "2021年1月，"},
                 {33, "以案四改", "以案改治理、"}};
    for (size_t i = 0; i < COUNT_OF(terms); i++) {
        const struct gazette_term *term = &real.gazette->glossary[terms[i].index];
        check(text_equals_string(term->term, terms[i].term), "%.*s", TEXT_PRINT(term->term));
        check(text_starts_with(term->text, text_of(terms[i].text)), "%.*s", TEXT_PRINT(term->text));
    }
}

/* What is odd in this gazette, and nothing else. */
static void test_warnings(void **state) {
    (void)state;
    need_real();
    assert_int_equal(real.gazette->warning_count, 4);
    require_warning(real.gazette, 516, "signs here");
}

/* Every sentence and cell stands in the file: nothing is made up. And nothing of size is lost: of all Chinese characters
 * in the file nearly all are in some clause, table, title or notice. */
static void test_nothing_lost(void **state) {
    (void)state;
    need_real();
    struct buffer bytes = {0};
    assert_true(read_file(REAL, &bytes));
    size_t kept = 0;
    for (uint32_t i = 0; i < real.gazette->document_count; i++) {
        const struct gazette_document *document = &real.gazette->documents[i];
        kept += document->notice.length + document->title.length + document->subject.length;
        for (uint32_t k = 0; k < document->clause_count; k++) {
            kept += document->clauses[k].text.length;
        }
        for (uint32_t k = 0; k < document->table_count; k++) {
            const struct gazette_table *table = &document->tables[k];
            for (uint32_t row = 0; row < table->row_count; row++) {
                for (uint32_t column = 0; column < table->column_count; column++) {
                    bool is_carried =
                        row > 0 && table->rows[row].cells[column].bytes == table->rows[row - 1].cells[column].bytes;
                    kept += is_carried ? 0 : table->rows[row].cells[column].length;
                }
            }
        }
    }
    size_t marks = 0;
    for (const char *at = bytes.bytes; (at = strstr(at, "[bookmark: ")) != NULL; at++) {
        marks += (size_t)(strchr(at, ']') - at) + 1;
    }
    size_t whole = bytes.length - marks;
    check(kept * 100 > whole * 96, "%zu of %zu bytes", kept, whole);
    buffer_release(&bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_documents),      cmocka_unit_test(test_clauses),
        cmocka_unit_test(test_annexes),        cmocka_unit_test(test_safety_tasks),
        cmocka_unit_test(test_welfare_tables), cmocka_unit_test(test_services_table),
        cmocka_unit_test(test_telephones),     cmocka_unit_test(test_teams),
        cmocka_unit_test(test_glossary),       cmocka_unit_test(test_warnings),
        cmocka_unit_test(test_nothing_lost),
    };
    return cmocka_run_group_tests(tests, read_real, end_real);
}
