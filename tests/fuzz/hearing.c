/* Fuzz target: whatever is said, what is heard of it lies in the fact's range, is spelt as `decide` reads it, and stands in
 * the text where it says, in order and without overlapping (but for words that say the same of several facts). The first byte chooses the plan. */
#include "run/hearing.h"
#include "run/fact_value.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#define PLAN(language, words)                                                                                          \
    "```plan\nplan P { version \"1\" zone +08:00 language " language " }\n"                                            \
    "about = 25 percent, 15 min because \"Nobody says.\"\n" words "```\n"

static const char english[] =
    PLAN("en", "incident Fire {\n"
               "  fact Lit: time, heard as \"(burning/lit) [for/at] #\", \"# ago\"\n"
               "  fact Hurt: count, from 0 to 5000, heard as \"# [people] hurt\", \"hurt #\"\n"
               "  fact Area: area, heard as \"burnt #\"\n"
               "  fact Level: length, from 140 m to 165 m, about 0.10 m, heard as \"water at #\"\n"
               "  fact Lasting: duration, heard as \"lasts #\"\n"
               "  fact Flow: flow, heard as \"inflow #\"\n"
               "  fact Out: flag, heard as \"fire is out\", heard as no \"still burning\"\n"
               "  fact Dead: count, heard as 0 \"nobody hurt\", \"all safe\"\n"
               "  fact Missing: count, heard as 0 \"all safe\"\n"
               "  fact Kind: one of Grass, Wood, heard as Grass \"grass\", heard as Wood \"wood\",\n"
               "    heard as Grass or Wood \"something burns\"\n}\n");
static const char chinese[] = PLAN("zh", "incident Fire {\n"
                                         "  fact Lit: time, heard as \"(烧了/起火)#\", \"#起火\"\n"
                                         "  fact Hurt: count, heard as \"#[人]受伤\", \"受伤#[人]\"\n"
                                         "  fact Dead: count, heard as 0 \"无伤亡\"\n"
                                         "  fact Missing: count, heard as 0 \"无伤亡\"\n"
                                         "  fact Area: area, heard as \"过火#\", \"烧了#\"\n"
                                         "  fact Lasting: duration, heard as \"停电#\"\n"
                                         "  fact Out: flag, heard as \"明火扑灭\", heard as no \"复燃\"\n}\n");

static void require(bool condition) {
    if (!condition) {
        abort();
    }
}

static const struct plan *find_plan(size_t which) {
    static struct plan *plans[2];
    if (plans[which] == NULL) {
        struct plan_messages messages = {0};
        plans[which] = plan_compile(TEXT("fuzz"), text_of(which == 0 ? english : chinese), &messages);
        plan_messages_release(&messages);
        require(plans[which] != NULL);
    }
    return plans[which];
}

static void check_offer(const struct plan *plan, struct text text, const struct hearing_offer *offer) {
    int64_t low = 0;
    int64_t high = 0;
    require(offer->from < offer->to && offer->to <= text.length);
    struct text heard = {text.bytes + offer->from, offer->to - offer->from};
    require(text_find_invalid_utf8(heard) == -1);
    require(fact_value_parse(plan, offer->fact, text_of(offer->value), &low, &high, NULL));
    require(low == offer->low && high == offer->high);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    static struct hearing hearing;
    if (size < 1) {
        return 0;
    }
    const struct plan *plan = find_plan(bytes[0] % 2);
    struct text text = {(const char *)bytes + 1, size - 1};
    if (text_find_invalid_utf8(text) >= 0) {
        return 0;
    }
    hearing_find(plan, 0, INT64_C(1660981820000000), text, &hearing);
    require(hearing.count <= HEARING_OFFERS_MAX);
    for (size_t i = 0; i < hearing.count; i++) {
        check_offer(plan, text, &hearing.offers[i]);
        const struct hearing_offer *before = i == 0 ? NULL : &hearing.offers[i - 1];
        require(before == NULL || before->to <= hearing.offers[i].from ||
                (before->from == hearing.offers[i].from && before->to == hearing.offers[i].to));
    }
    return 0;
}
