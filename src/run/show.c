#include "run/show.h"

#include <stdlib.h>
#include <string.h>

bool show_is_chinese(const struct plan *plan) {
    return text_starts_with(plan->language, TEXT("zh"));
}

/* Ranges of Unicode 15 East Asian Width W and F, joined where only unassigned characters lie between. */
static bool is_wide(uint32_t code_point) {
    static const uint32_t ranges[][2] = {
        {0x1100, 0x115F},   {0x231A, 0x231B},   {0x23E9, 0x23EC},   {0x2614, 0x2615},   {0x2E80, 0x303E},
        {0x3041, 0x33FF},   {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xAC00, 0xD7A3},
        {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF01, 0xFF60},   {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F},
        {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x2FFFD}, {0x30000, 0x3FFFD},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (code_point >= ranges[i][0] && code_point <= ranges[i][1]) {
            return true;
        }
    }
    return false;
}

static bool is_combining(uint32_t code_point) {
    return (code_point >= 0x0300 && code_point <= 0x036F) || code_point == 0x200B || code_point == 0x200D ||
           (code_point >= 0xFE00 && code_point <= 0xFE0F) || code_point == 0xFEFF;
}

uint32_t show_measure(struct text text) {
    uint32_t columns = 0;
    size_t offset = 0;
    while (offset < text.length) {
        size_t size = 0;
        uint32_t code_point = text_read_code_point(text, offset, &size);
        columns += is_wide(code_point) ? 2 : is_combining(code_point) ? 0 : 1;
        offset += size;
    }
    return columns;
}

void show_column(struct text text, uint32_t columns, struct buffer *out) {
    uint32_t taken = show_measure(text);
    buffer_append_text(out, text);
    if (columns > 0 && taken >= columns) {
        buffer_append_string(out, "  ");
    }
    for (; taken < columns; taken++) {
        buffer_append_string(out, " ");
    }
}

void show_clauses(const struct plan *plan, struct plan_span cites, struct buffer *out) {
    for (uint16_t i = 0; i < cites.count; i++) {
        buffer_print(out, "%s@%.*s", i == 0 ? "" : " ", TEXT_PRINT(plan->cites[cites.first + i]));
    }
}

/* Cuts "2022-08-20T14:05:00+08:00" into its day and its time without zone and without seconds that are 0. */
static struct text find_time_of_day(const char *shown) {
    const char *time = strchr(shown, 'T');
    if (time == NULL) {
        return text_of(shown);
    }
    struct text found = {time + 1, strcspn(time + 1, "+-")};
    if (found.length == 8 && memcmp(found.bytes + 5, ":00", 3) == 0) {
        found.length = 5;
    }
    return found;
}

void show_time_of_day(int64_t instant, int32_t zone_minutes, struct buffer *out) {
    char shown[CALENDAR_INSTANT_ROOM];
    calendar_print_instant(instant, zone_minutes, shown);
    buffer_append_text(out, find_time_of_day(shown));
}

void show_instant(int64_t instant, int32_t zone_minutes, struct buffer *out) {
    char date[CALENDAR_DATE_ROOM];
    calendar_print_date(calendar_find_day(instant, zone_minutes), date);
    buffer_print(out, "%s ", date);
    show_time_of_day(instant, zone_minutes, out);
}

void show_offset(int64_t us, struct buffer *out) {
    int64_t seconds = us / CALENDAR_US_PER_SECOND;
    bool is_negative = us < 0;
    seconds = is_negative ? -seconds : seconds;
    buffer_print(out, "%s%lld:%02d", is_negative ? "-" : "+", (long long)(seconds / 3600), (int)(seconds / 60 % 60));
    if (seconds % 60 != 0) {
        buffer_print(out, ":%02d", (int)(seconds % 60));
    }
}

void show_party(const struct plan *plan, uint16_t party, uint16_t role, struct buffer *out) {
    bool is_chinese = show_is_chinese(plan);
    if (party < plan->party_count) {
        buffer_append_text(out, plan->parties[party].name);
        if (role < plan->party_count && role != party) {
            buffer_print(out, is_chinese ? "（%.*s）" : " (%.*s)", TEXT_PRINT(plan->parties[role].name));
        }
        return;
    }
    if (role < plan->party_count) {
        buffer_print(out, is_chinese ? "%.*s（未指定）" : "%.*s (unbound)", TEXT_PRINT(plan->parties[role].name));
        return;
    }
    buffer_append_string(out, is_chinese ? "（未指定）" : "(nobody)");
}

struct text show_level(const struct plan *plan, const struct plan_scale *scale, uint8_t level) {
    if (level == 0) {
        return show_is_chinese(plan) ? TEXT("无") : TEXT("none");
    }
    return scale->levels[level];
}

bool show_rests_on_end(const struct engine *engine, uint32_t incident, const struct plan_scale *scale,
                       const struct engine_proposal_view *proposal) {
    bool certain = false;
    bool possible = false;
    if (proposal->kind != ENGINE_END || scale->ends_when == PLAN_NO_NODE) {
        return false;
    }
    /* while the facts give a level, only the end's own condition ends it; where they give none, it may hold or not */
    return proposal->level > 0 ||
           (engine_view_condition(engine, incident, scale->ends_when, &certain, &possible) && certain);
}

struct plan_span show_end_cites(const struct engine *engine, uint32_t incident, const struct plan_scale *scale,
                                const struct engine_proposal_view *proposal) {
    return show_rests_on_end(engine, incident, scale, proposal) ? scale->ends_cites : (struct plan_span){0};
}
