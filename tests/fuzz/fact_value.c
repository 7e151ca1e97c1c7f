/* Fuzz target: what people write about facts. The first byte chooses the fact, the second whether the rest is a text or
 * JSON. What is taken must lie in the declared range and read back from what the log writes. */
#include "run/fact_value.h"
#include "../run/small_pack.h"

#include "fuzz.h"

#include <stdlib.h>

static void require(bool condition) {
    if (!condition) {
        abort();
    }
}

static const struct plan *find_plan(void) {
    static struct plan *plan;
    if (plan == NULL) {
        struct plan_messages messages = {0};
        plan = plan_compile(TEXT("small"), TEXT(SMALL_PACK), &messages);
        plan_messages_release(&messages);
        require(plan != NULL);
    }
    return plan;
}

static void check_range(const struct plan *plan, uint16_t index, int64_t low, int64_t high) {
    const struct plan_fact *fact = &plan->facts[index];
    int64_t again_low = 0;
    int64_t again_high = 0;
    struct failure failure = {0};
    struct buffer written = {0};
    if (fact->type == PLAN_CHOICE) {
        require(low > 0 && low < INT64_C(1) << fact->choice_count && high == 0);
    } else if (fact->type == PLAN_SERIES) {
        require(low >= 0 && low <= high && high < fact->choice_count);
    } else {
        require(low <= high && low >= fact->low && high <= fact->high);
    }
    fact_value_write(plan, index, low, high, &written);
    require(fact_value_parse(plan, index, buffer_text(&written), &again_low, &again_high, &failure));
    require(again_low == low && again_high == high);
    buffer_release(&written);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    const struct plan *plan = find_plan();
    if (size < 2) {
        return 0;
    }
    uint16_t index = (uint16_t)(bytes[0] % plan->fact_count);
    int64_t low = 0;
    int64_t high = 0;
    struct failure failure = {0};
    bool good = false;
    if (bytes[1] % 2 == 0) {
        good = fact_value_parse(plan, index, (struct text){(const char *)bytes + 2, size - 2}, &low, &high, &failure);
    } else {
        json_t *value = json_loadb((const char *)bytes + 2, size - 2, JSON_DECODE_ANY, NULL);
        if (value == NULL) {
            return 0;
        }
        good = fact_value_from_json(plan, index, value, &low, &high, &failure);
        json_decref(value);
    }
    require(good != failure.set);
    if (good) {
        check_range(plan, index, low, high);
    } else {
        require(failure.field[0] != '\0' && text_find_invalid_utf8(text_of(failure.message)) == -1);
    }
    return 0;
}
