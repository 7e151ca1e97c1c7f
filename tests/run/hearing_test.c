/* Proves: what callers say is offered as the plan's facts, word by word and figure by figure, and what is no figure of a
 * fact (dates, telephones, house numbers, questions) is offered as nothing. Each row is a sentence and all that is offered
 * of it, as FACT=VALUE, with "?" behind it where it is uncertain. Seen from 2022-08-20 15:50. */
#include "run/hearing.h"

#include "base/buffer.h"
#include "run/fact_value.h"

#include "check.h"

#include <stdio.h>
#include <string.h>

struct row {
    const char *text, *offers;
};

static const struct row chinese[] = {
    {"起火约20分钟，过火三四亩，一人被困，威胁居民点",
     "起火时间=2022-08-20T15:25:00+08:00..2022-08-20T15:35:00+08:00; 过火面积=3..4 亩; 被困=1; 直接威胁居民区=yes"},
    {"凤凰镇皂桷树村山上起火，烧了二十来分钟，有个老人没下来",
     "起火时间=2022-08-20T15:25:00+08:00..2022-08-20T15:35:00+08:00; 被困=>= 1"},
    /* number forms */
    {"过火3-4亩", "过火面积=3..4 亩"},
    {"过火３～４亩", "过火面积=3..4 亩"},
    {"过火三到四亩", "过火面积=3..4 亩"},
    {"过火两亩到三亩", "过火面积=2..3 亩"},
    {"过火十二亩", "过火面积=12 亩"},
    {"过火两三亩", "过火面积=2..3 亩"},
    {"过火半亩", "过火面积=0.5 亩"},
    {"过火一亩半", "过火面积=1.5 亩"},
    {"过火3亩多", "过火面积=3..4 亩"},
    {"过火2.5公顷", "过火面积=2.5 公顷"},
    {"过火两点五公顷", "过火面积=2.5 公顷"},
    {"过火一百二十亩", "过火面积=120 亩"},
    {"过火一百二亩", "过火面积=120 亩"},
    {"过火1,200亩", "过火面积=1200 亩"},
    {"过火二十多亩", "过火面积=21..29 亩"},
    {"过火20余亩", "过火面积=21..29 亩"},
    {"过火二三十亩", "过火面积=20..30 亩"},
    {"过火三四百亩", "过火面积=300..400 亩"},
    {"过火近20亩", "过火面积=15..20 亩"},
    {"过火不到20亩", "过火面积=< 20 亩"},
    {"过火超过20亩", "过火面积=> 20 亩"},
    {"过火至少20亩", "过火面积=>= 20 亩"},
    {"过火最多20亩", "过火面积=<= 20 亩"},
    {"过火大概20亩左右", "过火面积=15..25 亩"},
    {"过火面积：3亩", "过火面积=3 亩"},
    {"过火 3 亩", "过火面积=3 亩"},
    {"过火面积已达三公顷", "过火面积=3 公顷"},
    /* counts */
    {"十几人被困", "被困=11..19"},
    {"几个人被困", "被困=2..9"},
    {"被困五人，以上情况属实", "被困=5"},
    {"三四个人被困", "被困=3..4"},
    {"3名村民被困", "被困=3"},
    {"三位老人被困", "被困=3"},
    {"被困二十多人", "被困=21..29"},
    {"至少两人被困", "被困=>= 2"},
    {"有人被困", "被困=>= 1"},
    {"多人被困", "被困=>= 2"},
    {"没有人被困", "被困=0"},
    {"没人被困，无人死亡", "被困=0; 死亡=0"},
    {"约三人被困", "被困=2..4"},
    {"约一人被困", "被困=1..2"},
    {"3人死亡15人被困", "死亡=3; 被困=15"},
    {"死亡3人被困5人", "死亡=3; 被困=5"},
    {"另有2人重伤，1人轻伤", "重伤=2; 轻伤=1"},
    {"120人被困", "被困=120"},
    {"被困一百零二人", "被困=102"},
    /* times */
    {"烧了两个半小时", "起火时间=2022-08-20T13:20:00+08:00"},
    {"烧了半个小时", "起火时间=2022-08-20T15:20:00+08:00"},
    {"烧了一刻钟", "起火时间=2022-08-20T15:35:00+08:00"},
    {"烧了2小时30分", "起火时间=2022-08-20T13:20:00+08:00"},
    {"20分钟前起火", "起火时间=2022-08-20T15:30:00+08:00"},
    {"三点半起火", "起火时间=2022-08-20T15:30:00+08:00?"},
    {"下午三点半起火", "起火时间=2022-08-20T15:30:00+08:00?"},
    {"3:20起火", "起火时间=2022-08-20T15:20:00+08:00?"},
    {"03:20起火", "起火时间=2022-08-20T03:20:00+08:00?"},
    {"今天03:20起火", "起火时间=2022-08-20T03:20:00+08:00"},
    {"昨晚11点20分起火", "起火时间=2022-08-19T23:20:00+08:00"},
    {"今天下午3点左右起火", "起火时间=2022-08-20T14:45:00+08:00..2022-08-20T15:15:00+08:00"},
    {"烧了不到20分钟", "起火时间=>= 2022-08-20T15:30:00.000001+08:00"},
    /* flags, choices, denials */
    {"没有威胁居民点", "直接威胁居民区=no"},
    {"尚未威胁到民房", "直接威胁居民区=no"},
    {"不会威胁村庄", "直接威胁居民区=no"},
    {"可能威胁村庄", "直接威胁居民区=yes?"},
    {"听说一人被困", "被困=1?"},
    {"火势失控", "火势失控=yes"},
    {"火势已得到控制", "火势失控=no"},
    {"明火已全部扑灭", "明火扑灭=yes"},
    {"明火还没扑灭", "明火扑灭=no"},
    {"有人烧垃圾", "火情性质=火警"},
    {"是误报", "火情性质=误报"},
    {"不是误报", ""},
    /* the same figure twice is one offer; another figure is another */
    {"一人被困，就是一人被困", "被困=1"},
    {"一人被困，后来说两人被困", "被困=1; 被困=2"},
    /* what is nothing */
    {"", ""},
    {"打120了，火警119，电话13912345678", ""},
    {"三号楼起火", ""},
    {"电话13912345678人被困", ""},
    {"被困3号楼", ""},
    {"第三人被困", ""},
    {"5月1日起火", ""},
    {"2022年8月20日起火", ""},
    {"有没有人被困", ""},
    {"有人被困吗", ""},
    {"威胁居民点？", ""},
    {"不知道是否威胁居民点", ""},
    {"过火一三九亩", ""},
    {"过火九千九百九十九亿亩", ""},
    {"过火三小时", ""},
    {"过火", ""},
    {"没有过火三亩", ""},
    {"起火", ""},
};

/* A range where the text says a range, wherever its words stand; nothing where it asks or denies. */
static const struct row ranges[] = {
    /* what a reader of the page typed and was not heard */
    {"起火一个多小时", "起火时间=2022-08-20T13:50:00+08:00..2022-08-20T14:50:00+08:00"},
    {"烧了半个多小时", "起火时间=2022-08-20T14:50:00+08:00..2022-08-20T15:20:00+08:00"},
    {"烧了快一个小时", "起火时间=2022-08-20T14:50:00+08:00..2022-08-20T15:05:00+08:00"},
    {"火着了20分钟", "起火时间=2022-08-20T15:30:00+08:00"},
    {"死了3个", "死亡=3"},
    {"烧死3人", "死亡=3"},
    {"被困的有3个人", "被困=3"},
    {"3人以上被困", "被困=>= 3"},
    {"被困十二、三人", "被困=12..13"},
    {"被困十二三人", "被困=12..13"},
    {"无人员伤亡", "死亡=0; 重伤=0; 轻伤=0"},
    /* words about a figure that stand outside the phrase */
    {"被困3人以上", "被困=>= 3"},
    {"死亡3人以下", "死亡=<= 3"},
    {"被困五人左右", "被困=3..7"},
    {"大概被困五人", "被困=3..7"},
    {"至少被困五人", "被困=>= 5"},
    {"不到5个人被困", "被困=< 5"},
    {"3名村民以上被困", "被困=>= 3"},
    {"过火三亩以上", "过火面积=>= 3 亩"},
    {"过火三亩以内", "过火面积=<= 3 亩"},
    {"过火三亩开外", "过火面积=>= 3 亩"},
    {"过火3亩不到", "过火面积=< 3 亩"},
    {"过火20亩上下", "过火面积=15..25 亩"},
    {"大概烧了20亩", "过火面积=15..25 亩"},
    {"烧了大概有20亩", "过火面积=15..25 亩"},
    {"至少已经烧了20亩", "过火面积=>= 20 亩"},
    {"大概有5个人被困", "被困=3..7"},
    {"大概在半山腰有5个人被困", "被困=3..7"},
    {"至少目前有5个人被困", "被困=>= 5"},
    {"最多在里面有5个人被困", ""},
    {"大概20分钟前起火，5人被困", "起火时间=2022-08-20T15:25:00+08:00..2022-08-20T15:35:00+08:00; 被困=5"},
    {"大概20亩有5人被困", "被困=5"},
    {"至少五人以下被困", ""},
    {"大概5人以上被困", "被困=>= 3"},
    {"附近5人被困", "被困=5"},
    {"附近有5人被困", "被困=5"},
    {"火很快烧了20亩", "过火面积=20 亩"},
    /* as callers in Chongqing say it */
    {"遭困了3个人到山上", "被困=3"},
    {"有3个老乡遭困到山上了", "被困=3"},
    {"困了3个在上头", "被困=3"},
    {"被困了3个了", "被困=3"},
    {"上头困了好几个人", "被困=3..9"},
    {"有好些人下不来", "被困=>= 2"},
    {"没得人被困", "被困=0"},
    {"没得人员伤亡", "死亡=0; 重伤=0; 轻伤=0"},
    {"目前暂无人员伤亡，没得人遭困", "死亡=0; 重伤=0; 轻伤=0; 被困=0"},
    {"没有人受伤", "重伤=0; 轻伤=0"},
    {"火没有造成人员伤亡", "死亡=0; 重伤=0; 轻伤=0"},
    {"燃了半个钟头的样子", "起火时间=2022-08-20T15:12:30+08:00..2022-08-20T15:27:30+08:00"},
    {"燃起来有个把小时了", "起火时间=2022-08-20T14:35:00+08:00..2022-08-20T15:05:00+08:00"},
    {"火烧起来差不多二十分钟了", "起火时间=2022-08-20T15:25:00+08:00..2022-08-20T15:35:00+08:00"},
    {"少说烧了一个钟头", "起火时间=<= 2022-08-20T14:50:00+08:00"},
    {"烧了一个钟头不到", "起火时间=>= 2022-08-20T14:50:00.000001+08:00"},
    {"烧了一个小时以上", "起火时间=<= 2022-08-20T14:50:00+08:00"},
    {"烧了两个多小时", "起火时间=2022-08-20T12:50:00+08:00..2022-08-20T13:50:00+08:00"},
    {"烧了百把亩", "过火面积=75..125 亩"},
    {"烧了怕有三四十亩", "过火面积=22.5..50 亩?"},
    {"烧脱了上百亩", "过火面积=100..999 亩"},
    {"三四亩林子遭烧了", "过火面积=3..4 亩"},
    {"过火面积有二、三十亩", "过火面积=20..30 亩"},
    {"过火3、4亩", "过火面积=3..4 亩"},
    {"烧死了1个老头", "死亡=1"},
    {"遭烧死两个", "死亡=2"},
    {"有两个人遭烧死了", "死亡=2"},
    {"牺牲了一名扑火队员", "死亡=1"},
    {"重伤2个，轻伤五六个", "重伤=2; 轻伤=5..6"},
    {"有2个护林员受了重伤", "重伤=2"},
    {"3个人跑不出来", "被困=3"},
    {"不止3个人被困", "被困=> 3"},
    {"撑死烧了两亩", "过火面积=<= 2 亩"},
    {"过火不到一亩", "过火面积=< 1 亩"},
    {"被困的没有", "被困=0"},
    {"被困人员已全部救出", "被困=0"},
    {"有两个老人家困在上面的", "被困=2"},
    {"被困人数大概在5人左右", "被困=3..7"},
    {"有5名左右的群众被困", "被困=3..7"},
    {"百多号人被困", "被困=101..199"},
    {"死亡人数3人", "死亡=3"},
    {"没得死人", "死亡=0"},
    {"人员零伤亡", "死亡=0; 重伤=0; 轻伤=0"},
    {"起火刚刚10分钟", "起火时间=2022-08-20T15:40:00+08:00"},
    {"烧了个多钟头", "起火时间=2022-08-20T13:50:00+08:00..2022-08-20T14:50:00+08:00"},
    {"起火时间大概在今天下午三点钟左右", "起火时间=2022-08-20T14:45:00+08:00..2022-08-20T15:15:00+08:00"},
    {"从今天中午十二点烧起", "起火时间=2022-08-20T12:00:00+08:00"},
    {"30亩左右的林子遭烧了", "过火面积=22.5..37.5 亩"},
    {"火离居民点不到200米，有5人被困", "被困=5"},
    {"过火面积初步估计在50亩以上", "过火面积=>= 37.5 亩?"},
    {"怕是烧了两个小时了", "起火时间=2022-08-20T13:20:00+08:00..2022-08-20T14:20:00+08:00?"},
    {"被困游客二十余名", "被困=21..29"},
    {"还有三个人没撤出来", "被困=3"},
    {"被困大概三四十号人", "被困=22..50"},
    {"死了不止一个", "死亡=> 1"},
    {"已经有1名村民死亡、2名村民重伤", "死亡=1; 重伤=2"},
    /* asked or denied */
    {"有没得人困在里头哦", ""},
    {"差点烧死3个人", ""},
    {"烧了一天一夜", ""},
    {"没有人被困", "被困=0"},
    {"是否有人被困", ""},
    {"有人被困没有", ""},
    {"有人被困没得", ""},
    {"有不有人被困", ""},
    {"晓不得有没有人被困", ""},
    {"不晓得有几个人被困", ""},
    {"有无人员伤亡", ""},
    {"有没有人员伤亡", ""},
    {"人员伤亡情况不详", ""},
    {"有人员伤亡", ""},
    {"被困几人不详", ""},
    {"没有发现有人被困", ""},
    {"未见有人被困", ""},
    {"没听说死了3个人", ""},
    {"没有3个人被困", ""},
    {"不是3个人被困", ""},
    {"没有造成3人死亡", ""},
    {"没发现威胁居民点", ""},
    /* other things than people, other figures */
    {"羊死了3只", ""},
    {"死了3头牛", ""},
    {"死了3户", ""},
    {"困了3个小时", ""},
    {"被困3号楼", ""},
    {"晚上3个人被困", "被困=3"},
    {"山上3个人被困", "被困=3"},
    {"山上十个人被困", "被困=10"},
    {"晚上十个人被困", "被困=10"},
    {"11点差5分起火", ""},
    {"还差两个人没找到，3个人被困", "被困=3"},
    {"路上百人被困", ""},
    {"有上百人被困", "被困=100..999"},
    {"被困上百人", "被困=100..999"},
    {"过火面积上千亩", "过火面积=1000..9999 亩"},
    {"上十个人被困", "被困=10..19"},
    {"起火了，上百人被困", "被困=100..999"},
    {"十二、三号楼被困一人", "被困=1"},
    {"一、二人被困", "被困=1..2"},
};

/* What is said to be over is not offered; what is still so is, and what was only hoped, asked or denied to be over. */
static const struct row over[] = {
    {"一人被困，现已救出", ""},
    {"一人被困。现已救出。", ""},
    {"被困三个已经救出来了", ""},
    {"5人被困，已救出3人", ""},
    {"5人被困，3人已安全脱险", ""},
    {"5人被困，3名村民获救", ""},
    {"5人被困，已救出3人，还有2人被困", "被困=2"},
    {"还有2人被困，已救出3人", "被困=2"},
    {"还有2人被困，3人已救出", "被困=2"},
    {"还有2人被困已救出3人", "被困=2"},
    {"还有一人被困，现已救出", ""},
    {"还有一人被困现已救出", ""},
    {"已救出3名被困群众", ""},
    {"救出了一名被困群众", ""},
    {"已救出3名被困群众，还有2人被困", "被困=2"},
    {"两人被困，后来自己跑出来了", ""},
    {"两人被困，人都下来了", ""},
    {"5人被困，被困人员已全部救出", "被困=0"},
    {"1人死亡，2人被困，均已救出", "死亡=1"},
    {"一人被困，已救出，后来又有两人被困", "被困=2"},
    {"一人被困，可能已救出", "被困=1?"},
    {"一人被困，还没有救出来", "被困=1"},
    {"一人被困，没有被救出", "被困=1"},
    {"一人被困，正在设法救出", "被困=1"},
    {"正在设法救出3名被困人员", "被困=3"},
    {"一人被困，救出来了没有", "被困=1"},
    {"一人被困，已救出吗？", "被困=1"},
    {"一人被困，火下来了", "被困=1"},
    {"一人被困，其他人都下来了", "被困=1"},
    {"一人被困，另外两人已救出", "被困=1"},
    {"里面还有2人被困，我们撤出来了", "被困=2"},
    {"屋里两人被困，我先跑出来了", "被困=2"},
    {"屋里两人被困，我们都已经撤下来了", "被困=2"},
    {"两人被困，我们把他们救出来了", ""},
    {"两人被困，我看到他们都下来了，人已救出", ""},
    {"被困3人获救", ""},
    {"被困的3名村民获救", ""},
    {"被困村民3人脱险", ""},
    {"3人被困获救", ""},
    {"3名被困村民获救", ""},
    {"被困3人，没有人获救", "被困=3"},
    {"3人被困，无人获救", "被困=3"},
    {"3人被困，没有人获救了", "被困=3"},
    {"已救出", ""},
};

static const struct row over_in_english[] = {
    {"12 people in zone 1, all have been brought out", ""},
    {"12 people in zone 1. Everybody is out now.", ""},
    {"12 people in zone 1 and 3 people in zone 2, all of them are safe now", ""},
    {"3 people are still in zone 1, two have been brought out", "In Zone 1=3"},
    {"12 people in zone 1, they have not been brought out", "In Zone 1=12"},
    {"12 people in zone 1, maybe they have been brought out", "In Zone 1=12?"},
    {"12 people in zone 1, the others have been brought out", "In Zone 1=12"},
    {"everybody is out, no, 2 people are in zone 1", "In Zone 1=2"},
    {"3 people in zone 2. They are now safe.", ""},
    {"3 people in zone 2. The telephones are now out.", "In Zone 2=3"},
    {"3 people in zone 2 and the power is now out", "In Zone 2=3"},
};

static const struct row english[] = {
    {"Water level is at 153.5 metres, about 3 or four people still in zone 1, the face is sliding",
     "Water level=153.5 m; In Zone 1=2..5; Sliding=yes"},
    {"water stands at 153.5 m", "Water level=153.5 m"},
    {"the gauge reads about 154 m", "Water level=153.9..154.1 m"},
    {"the water has risen to at least 155 m", "Water level=>= 155 m"},
    {"risen half a metre in the last hour", "Hourly rise=0.5 m"},
    {"a 5 mm crack", "Crack=5 mm"},
    {"crack in the crest is five millimetres wide", "Crack=5 mm"},
    {"no people still in zone 1", "In Zone 1=0"},
    {"nobody in zone 2", "In Zone 2=0"},
    {"twenty-five people in zone 1", "In Zone 1=25"},
    {"one hundred and twenty people in Zone One", "In Zone 1=120"},
    {"a dozen people in zone 1", "In Zone 1=12"},
    {"more than 20 people in zone 1", "In Zone 1=> 20"},
    {"three or four people in zone 1", "In Zone 1=3..4"},
    {"the dam is not sliding", "Sliding=no"},
    {"the dam isn't sliding", "Sliding=no"},
    {"maybe the dam is sliding", "Sliding=yes?"},
    {"is the dam sliding?", ""},
    {"gate is stuck shut", "Gates=Stuck shut"},
    {"both gates work", "Gates=Working"},
    {"gates are stuck", "Gates=Stuck shut|Stuck open"},
    {"the gate is jammed", "Gates=Stuck shut|Stuck open"},
    {"gates do not work", "Gates=Stuck shut|Stuck open"},
    {"the gates won't move", "Gates=Stuck shut|Stuck open"},
    {"gates are stuck shut", "Gates=Stuck shut"},
    {"the gates are both jammed open", "Gates=Stuck open"},
    {"the gates will not open", "Gates=Stuck shut"},
    {"neither gate works", "Gates=Stuck shut|Stuck open"},
    {"both gates are working", "Gates=Working"},
    {"the gates are not stuck", ""},
    {"at least 20 people are still in zone 1", "In Zone 1=>= 20"},
    {"nobody is in zone 1", "In Zone 1=0"},
    {"water is over 155 m", "Water level=> 155 m"},
    {"inflow is about 40 m3/s", "Inflow=32..48 m3/s"},
    {"a 5 mm crack or so", "Crack=4..6 mm"},
    {"do the gates work?", ""},
    {"are the gates stuck", ""},
    {"about 20 people or more in zone 1", "In Zone 1=>= 16"},
    {"roughly there are 20 people in zone 1", "In Zone 1=16..24"},
    {"20 people or fewer in zone 1", "In Zone 1=<= 20"},
    {"20 or so people in zone 1", "In Zone 1=16..24"},
    {"the water is at 153 m or so", "Water level=152.9..153.1 m"},
    {"how many people are still in zone 1", ""},
    {"two miles from here there are 20 people in zone 1", "In Zone 1=20"},
    {"over there 20 people in zone 1", "In Zone 1=20"},
    {"both gates worked", ""},
    {"water stands at 200 m", ""},
    {"call 0791 555 0120, zone 1", ""},
    {"inflow is 12 m3/s", "Inflow=12 m3/s"},
    {"inflow is 12 cubic metres a second", "Inflow=12 m3/s"},
    {"below the limit for an hour and a half", "Below since=2022-08-20T06:20:00+00:00"},
    {"below the limit since 6:30", "Below since=2022-08-20T06:30:00+00:00?"},
    {"below the limit since half past six am", "Below since=2022-08-20T06:30:00+00:00?"},
};

static struct plan *compile(const char *path) {
    struct buffer source = {0};
    struct failure failure = {0};
    struct plan_messages messages = {0};
    assert_true(buffer_read_file(&source, path, 8U << 20, &failure));
    struct plan *plan = plan_compile(text_of(path), buffer_text(&source), &messages);
    assert_non_null(plan);
    plan_messages_release(&messages);
    buffer_release(&source);
    return plan;
}

static void check_row(const struct plan *plan, const struct row *row, int64_t now, struct hearing *hearing) {
    struct buffer found = {0};
    buffer_append_string(&found, "");
    hearing_find(plan, 0, now, text_of(row->text), hearing);
    for (size_t i = 0; i < hearing->count; i++) {
        const struct hearing_offer *offer = &hearing->offers[i];
        buffer_print(&found, "%s%.*s=%s%s", i == 0 ? "" : "; ", TEXT_PRINT(plan->facts[offer->fact].name), offer->value,
                     offer->is_uncertain ? "?" : "");
    }
    if (!text_equals_string(buffer_text(&found), row->offers)) {
        print_error("%s\n  expected %s\n  found    %s\n", row->text, row->offers,
                    found.bytes == NULL ? "" : found.bytes);
        buffer_release(&found);
        hearing->is_exhausted = true;
        return;
    }
    buffer_release(&found);
}

static void check_rows(const char *path, const struct row *rows, size_t count) {
    struct plan *plan = compile(path);
    struct hearing *hearing = calloc(1, sizeof *hearing);
    int64_t now = 0;
    unsigned wrong = 0;
    assert_non_null(hearing);
    assert_true(calendar_parse_instant(TEXT("2022-08-20T07:50:20Z"), 0, &now, NULL));
    for (size_t i = 0; i < count; i++) {
        check_row(plan, &rows[i], now, hearing);
        wrong += hearing->is_exhausted ? 1 : 0;
    }
    free(hearing);
    plan_destroy(plan);
    assert_int_equal(wrong, 0);
}

static void test_chinese(void **state) {
    (void)state;
    check_rows("plans/forest-fire.plan.md", chinese, sizeof chinese / sizeof chinese[0]);
}

static void test_ranges(void **state) {
    (void)state;
    check_rows("plans/forest-fire.plan.md", ranges, sizeof ranges / sizeof ranges[0]);
}

static void test_english(void **state) {
    (void)state;
    check_rows("plans/reservoir-flood.plan.md", english, sizeof english / sizeof english[0]);
}

static void test_over(void **state) {
    (void)state;
    check_rows("plans/forest-fire.plan.md", over, sizeof over / sizeof over[0]);
    check_rows("plans/reservoir-flood.plan.md", over_in_english, sizeof over_in_english / sizeof over_in_english[0]);
}

/* The words of an offer are where it says, and denials are marked. */
static void test_places(void **state) {
    (void)state;
    struct plan *plan = compile("plans/forest-fire.plan.md");
    struct hearing *hearing = calloc(1, sizeof *hearing);
    struct text text = TEXT("在山上，约三四个人被困，没有威胁居民点。");
    assert_non_null(hearing);
    hearing_find(plan, 0, 0, text, hearing);
    assert_int_equal(hearing->count, 2);
    struct text first = {text.bytes + hearing->offers[0].from, hearing->offers[0].to - hearing->offers[0].from};
    struct text second = {text.bytes + hearing->offers[1].from, hearing->offers[1].to - hearing->offers[1].from};
    assert_true(text_equals_string(first, "约三四个人被困"));
    assert_true(text_equals_string(second, "威胁居民点"));
    assert_false(hearing->offers[0].is_negated);
    assert_true(hearing->offers[1].is_negated);
    free(hearing);
    plan_destroy(plan);
}

/* What is typed as a value is read by the same grammar, with the plan's own spread. */
static void test_typed(void **state) {
    (void)state;
    struct plan *plan = compile("plans/forest-fire.plan.md");
    struct plan *flood = compile("plans/reservoir-flood.plan.md");
    int64_t low = 0;
    int64_t high = 0;
    struct failure failure = {0};
    assert_true(fact_value_parse(plan, plan_find_fact(plan, TEXT("被困")), TEXT("约3人"), &low, &high, &failure));
    assert_int_equal(low, 2);
    assert_int_equal(high, 4);
    assert_true(fact_value_parse(flood, plan_find_fact(flood, TEXT("Water level")), TEXT("about 150 m"), &low, &high,
                                 &failure));
    assert_int_equal(low, INT64_C(149900000));
    assert_int_equal(high, INT64_C(150100000));
    plan_destroy(plan);
    plan_destroy(flood);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chinese), cmocka_unit_test(test_ranges), cmocka_unit_test(test_english),
        cmocka_unit_test(test_over),    cmocka_unit_test(test_places), cmocka_unit_test(test_typed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
