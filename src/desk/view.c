#include "desk/view.h"

#include "base/calendar.h"

#include <inttypes.h>
#include <stdio.h>

json_t *view_text(struct text text) {
    return json_stringn(text.bytes == NULL ? "" : text.bytes, text.length);
}

json_t *view_some_text(struct text text) {
    return text.length == 0 ? json_null() : view_text(text);
}

json_t *view_some_number(int64_t number) {
    return number == 0 ? json_null() : json_integer((json_int_t)number);
}

struct text view_read_text(const json_t *object, const char *name) {
    const json_t *value = json_object_get(object, name);
    return (struct text){json_string_value(value), json_string_length(value)};
}

json_t *view_instant(int64_t instant) {
    char shown[CALENDAR_INSTANT_ROOM];
    calendar_print_instant(instant, 0, shown);
    return json_string(shown);
}

json_t *view_some_instant(int64_t instant) {
    return instant == ENGINE_NEVER ? json_null() : view_instant(instant);
}

json_t *view_party(const struct plan *plan, uint16_t party) {
    return party >= plan->party_count ? json_null() : view_text(plan->parties[party].name);
}

json_t *view_parties(const struct plan *plan, struct plan_list parties) {
    json_t *list = json_array();
    for (uint16_t i = 0; i < parties.count; i++) {
        uint16_t party = plan->lists[parties.first + i];
        if (party < plan->party_count) {
            view_add(list, view_text(plan->parties[party].name));
        }
    }
    return list;
}

json_t *view_clauses(const struct plan *plan, struct plan_span cites) {
    json_t *list = json_array();
    for (uint16_t i = 0; i < cites.count; i++) {
        view_add(list, view_text(plan->cites[cites.first + i]));
    }
    return list;
}

json_t *view_level(const struct plan_scale *scale, uint8_t level) {
    return view_some_text(scale->levels[level]);
}

json_t *view_item(uint32_t incident, uint32_t number) {
    char shown[32];
    (void)snprintf(shown, sizeof shown, "%" PRIu32 ".%" PRIu32, incident, number);
    return json_string(shown);
}

const char *view_item_kind(enum engine_item_kind kind) {
    static const char *const kinds[] = {
        [ENGINE_ITEM_DUTY] = "duty", [ENGINE_ITEM_PROPOSAL] = "proposal", [ENGINE_ITEM_FINDING] = "finding"};
    return kinds[kind];
}

const char *view_fact_type(const struct plan_fact *fact) {
    static const char *const types[] = {
        [PLAN_QUANTITY] = "quantity", [PLAN_FLAG] = "flag",     [PLAN_TIME] = "time",
        [PLAN_CHOICE] = "choice",     [PLAN_SERIES] = "series",
    };
    return types[fact->type];
}

const char *view_fact_unit(const struct plan_fact *fact) {
    return fact->type == PLAN_QUANTITY ? quantity_dimension_name(fact->dimension) : "";
}

void view_set(json_t *object, const char *key, json_t *value) {
    (void)json_object_set_new(object, key, value);
}

void view_add(json_t *array, json_t *value) {
    (void)json_array_append_new(array, value);
}

const char *view_fact_state(const struct plan_fact *fact, int64_t low, int64_t high) {
    if (fact->type == PLAN_CHOICE) {
        return (low & (low - 1)) == 0 ? "known" : low == fact->low ? "unknown" : "range";
    }
    if (fact->type == PLAN_SERIES || (low == fact->low && high == fact->high)) {
        return "unknown";
    }
    return low == high ? "known" : "range";
}

json_t *view_zone(const struct plan *plan) {
    char zone[16];
    int32_t minutes = plan->zone_minutes < 0 ? -plan->zone_minutes : plan->zone_minutes;
    (void)snprintf(zone, sizeof zone, "%c%02" PRId32 ":%02" PRId32, plan->zone_minutes < 0 ? '-' : '+', minutes / 60,
                   minutes % 60);
    return json_string(zone);
}
